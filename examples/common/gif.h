// Writes an animated GIF of two colours (GIF89a). Frames are LZW-compressed as the format asks.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

class GifWriter {
public:
    // `delay` is in hundredths of a second a frame.
    GifWriter(const std::string &path, int width, int height, int delay)
        : file_(fopen(path.c_str(), "wb")), width_(width), height_(height), delay_(delay) {
        if (!file_) return;
        fwrite("GIF89a", 1, 6, file_);
        put_u16(width);
        put_u16(height);
        const uint8_t palette[] = {0x80, 0, 0, 12, 16, 28, 118, 185, 80};
        fwrite(palette, 1, sizeof palette, file_);
        const uint8_t forever[] = {0x21, 0xff, 11, 'N', 'E', 'T', 'S', 'C', 'A', 'P', 'E', '2', '.', '0', 3, 1, 0, 0, 0};
        fwrite(forever, 1, sizeof forever, file_);
    }
    GifWriter(const GifWriter &) = delete;
    ~GifWriter() { close(); }

    bool good() const { return file_ != nullptr; }

    // `cells` holds height rows of width bytes, each 0 or 1.
    void frame(const uint8_t *cells) {
        const uint8_t control[] = {0x21, 0xf9, 4, 4, uint8_t(delay_), uint8_t(delay_ >> 8), 0, 0};
        fwrite(control, 1, sizeof control, file_);
        fputc(0x2c, file_);
        put_u16(0);
        put_u16(0);
        put_u16(width_);
        put_u16(height_);
        fputc(0, file_);
        put_pixels(cells, size_t(width_) * height_);
    }

    bool close() {
        if (!file_) return false;
        fputc(0x3b, file_);
        bool ok = fclose(file_) == 0;
        file_ = nullptr;
        return ok;
    }

private:
    void put_u16(int v) {
        fputc(v & 255, file_);
        fputc(v >> 8 & 255, file_);
    }

    void put_pixels(const uint8_t *cells, size_t count) {
        const int least = 2, clear = 1 << least, end = clear + 1;
        std::vector<uint8_t> bytes;
        uint32_t held = 0;
        int held_bits = 0, width = least + 1, next = end + 1;
        auto emit = [&](int code) {
            held |= uint32_t(code) << held_bits;
            for (held_bits += width; held_bits >= 8; held_bits -= 8, held >>= 8) bytes.push_back(uint8_t(held));
        };
        std::map<std::pair<int, int>, int> codes;
        emit(clear);
        int prefix = cells[0];
        for (size_t i = 1; i < count; i++) {
            auto found = codes.find({prefix, cells[i]});
            if (found != codes.end()) {
                prefix = found->second;
                continue;
            }
            emit(prefix);
            if (next == 4096) {
                emit(clear);
                codes.clear();
                width = least + 1;
                next = end + 1;
            } else {
                if (next == 1 << width) width++;
                codes[{prefix, cells[i]}] = next++;
            }
            prefix = cells[i];
        }
        emit(prefix);
        emit(end);
        if (held_bits > 0) bytes.push_back(uint8_t(held));
        fputc(least, file_);
        for (size_t at = 0; at < bytes.size(); at += 255) {
            size_t part = bytes.size() - at < 255 ? bytes.size() - at : 255;
            fputc(int(part), file_);
            fwrite(bytes.data() + at, 1, part, file_);
        }
        fputc(0, file_);
    }

    FILE *file_;
    int width_, height_, delay_;
};
