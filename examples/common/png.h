// Writes an RGB picture as a PNG: one file, no library. Rows are filtered against the row above and compressed with
// matches of the deflate format (RFC 1951, fixed codes), so that pictures stay small enough to send around.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace png {

// CRC-32 of PNG (ISO 3309), continued from `crc`.
inline uint32_t crc32(const uint8_t *data, size_t size, uint32_t crc) {
    static uint32_t table[256];
    if (table[1] == 0) {
        for (uint32_t n = 0; n < 256; n++) {
            uint32_t c = n;
            for (int bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
            table[n] = c;
        }
    }
    crc = ~crc;
    for (size_t i = 0; i < size; i++) crc = table[(crc ^ data[i]) & 255] ^ (crc >> 8);
    return ~crc;
}

inline uint32_t adler32(const std::vector<uint8_t> &data) {
    uint32_t a = 1, b = 0;
    for (uint8_t byte : data) {
        a = (a + byte) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

// Bits, least significant first, as deflate packs them.
struct BitWriter {
    std::vector<uint8_t> bytes;
    uint64_t held = 0;
    int count = 0;

    void put(uint32_t value, int bits) {
        held |= uint64_t(value) << count;
        for (count += bits; count >= 8; count -= 8, held >>= 8) bytes.push_back(uint8_t(held));
    }
    // Huffman codes go in most significant bit first.
    void code(uint32_t value, int bits) {
        uint32_t reversed = 0;
        for (int i = 0; i < bits; i++) reversed |= (value >> i & 1) << (bits - 1 - i);
        put(reversed, bits);
    }
    void flush() {
        if (count > 0) put(0, 8 - count);
    }
};

// A literal, length or end symbol in the fixed code (RFC 1951, 3.2.6).
inline void put_symbol(BitWriter &out, int symbol) {
    if (symbol < 144) out.code(0x30 + symbol, 8);
    else if (symbol < 256) out.code(0x190 + symbol - 144, 9);
    else if (symbol < 280) out.code(symbol - 256, 7);
    else out.code(0xc0 + symbol - 280, 8);
}

inline void put_match(BitWriter &out, int length, int distance) {
    static const int length_base[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                      31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const int length_extra[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    static const int distance_base[] = {1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
                                        193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    int l = 28, d = 29;
    while (length_base[l] > length) l--;
    while (distance_base[d] > distance) d--;
    put_symbol(out, 257 + l);
    out.put(length - length_base[l], length_extra[l]);
    out.code(d, 5);
    out.put(distance - distance_base[d], d < 4 ? 0 : d / 2 - 1);
}

// A zlib stream (RFC 1950) of one block: greedy matches found through a table of the last place of each three bytes.
inline std::vector<uint8_t> zlib(const std::vector<uint8_t> &data) {
    BitWriter out;
    out.bytes = {0x78, 0x01};
    out.put(1, 1);
    out.put(1, 2);
    std::vector<int> last(1 << 15, -1);
    const int size = int(data.size());
    for (int at = 0; at < size;) {
        int length = 0, from = -1;
        if (at + 3 <= size) {
            uint32_t hash = (data[at] | data[at + 1] << 8 | data[at + 2] << 16) * 2654435761u >> 17;
            from = last[hash];
            last[hash] = at;
            if (from >= 0 && at - from <= 32768) {
                while (length < 258 && at + length < size && data[from + length] == data[at + length]) length++;
            }
        }
        if (length >= 4) {
            put_match(out, length, at - from);
            at += length;
        } else {
            put_symbol(out, data[at++]);
        }
    }
    put_symbol(out, 256);
    out.flush();
    uint32_t sum = adler32(data);
    for (int shift = 24; shift >= 0; shift -= 8) out.bytes.push_back(uint8_t(sum >> shift));
    return out.bytes;
}

inline void put_chunk(FILE *file, const char *kind, const std::vector<uint8_t> &body) {
    auto put_u32 = [&](uint32_t v) {
        for (int shift = 24; shift >= 0; shift -= 8) fputc(int(v >> shift & 255), file);
    };
    put_u32(uint32_t(body.size()));
    fwrite(kind, 1, 4, file);
    fwrite(body.data(), 1, body.size(), file);
    put_u32(crc32(body.data(), body.size(), crc32(reinterpret_cast<const uint8_t *>(kind), 4, 0)));
}

// `rgb` holds height rows of width pixels of 3 bytes. False when the file cannot be written.
inline bool write(const std::string &path, int width, int height, const uint8_t *rgb) {
    FILE *file = fopen(path.c_str(), "wb");
    if (!file) return false;
    const size_t row = size_t(width) * 3;
    std::vector<uint8_t> filtered;
    filtered.reserve((row + 1) * height);
    for (int y = 0; y < height; y++) {
        const uint8_t *now = rgb + y * row;
        filtered.push_back(y == 0 ? 0 : 2); // filter: none for the first row, then "up"
        for (size_t x = 0; x < row; x++) filtered.push_back(y == 0 ? now[x] : uint8_t(now[x] - now[x - row]));
    }
    std::vector<uint8_t> header;
    for (uint32_t v : {uint32_t(width), uint32_t(height)})
        for (int shift = 24; shift >= 0; shift -= 8) header.push_back(uint8_t(v >> shift));
    for (uint8_t v : {8, 2, 0, 0, 0}) header.push_back(v); // 8 bits a channel, RGB, no interlace
    fwrite("\x89PNG\r\n\x1a\n", 1, 8, file);
    put_chunk(file, "IHDR", header);
    put_chunk(file, "IDAT", zlib(filtered));
    put_chunk(file, "IEND", {});
    return fclose(file) == 0;
}

} // namespace png
