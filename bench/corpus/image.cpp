/* What the kernels of image.cu compute. */
#include <math.h>
#include <stddef.h>

typedef unsigned char byte;

namespace reference {

static int clamp(int v, int low, int high) { return v < low ? low : v > high ? high : v; }

/* Sums over `taps` neighbours that lie in the picture; the middle of the picture has all of them. */
void convolve_7x7(const float *__restrict in, float *__restrict out, int w, int h, const float *weights) {
    float f[49];
    for (int i = 0; i < 49; i++) f[i] = weights[i];
    auto guarded = [=](int x, int y) {
        float sum = 0;
        for (int j = -3; j <= 3; j++)
            for (int i = -3; i <= 3; i++)
                if (y + j >= 0 && y + j < h && x + i >= 0 && x + i < w)
                    sum += f[(j + 3) * 7 + i + 3] * in[(size_t)(y + j) * w + x + i];
        return sum;
    };
#pragma omp parallel for schedule(static)
    for (int y = 0; y < h; y++) {
        float *o = out + (size_t)y * w;
        bool inner = y >= 3 && y < h - 3;
        for (int x = 0; x < (inner ? 3 : w); x++) o[x] = guarded(x, y);
        if (!inner) continue;
#pragma omp simd
        for (int x = 3; x < w - 3; x++) {
            float sum = 0;
            for (int j = 0; j < 7; j++)
                for (int i = 0; i < 7; i++) sum += f[j * 7 + i] * in[(size_t)(y + j - 3) * w + x + i - 3];
            o[x] = sum;
        }
        for (int x = w - 3; x < w; x++) o[x] = guarded(x, y);
    }
}

void convolve_rows(const float *__restrict in, float *__restrict out, int w, int h, const float *weights) {
    float f[17];
    for (int i = 0; i < 17; i++) f[i] = weights[i];
#pragma omp parallel for schedule(static)
    for (int y = 0; y < h; y++) {
        const float *a = in + (size_t)y * w;
        float *o = out + (size_t)y * w;
        auto guarded = [&](int x) {
            float sum = 0;
            for (int j = -8; j <= 8; j++)
                if (x + j >= 0 && x + j < w) sum += f[8 - j] * a[x + j];
            return sum;
        };
        for (int x = 0; x < 8; x++) o[x] = guarded(x);
#pragma omp simd
        for (int x = 8; x < w - 8; x++) {
            float sum = 0;
            for (int j = -8; j <= 8; j++) sum += f[8 - j] * a[x + j];
            o[x] = sum;
        }
        for (int x = w - 8; x < w; x++) o[x] = guarded(x);
    }
}

void convolve_columns(const float *__restrict in, float *__restrict out, int w, int h, const float *weights) {
    float f[17];
    for (int i = 0; i < 17; i++) f[i] = weights[i];
#pragma omp parallel for schedule(static)
    for (int y = 0; y < h; y++) {
        float *o = out + (size_t)y * w;
        int first = y < 8 ? -y : -8, last = y + 8 < h ? 8 : h - 1 - y;
        if (last - first == 16) {
#pragma omp simd
            for (int x = 0; x < w; x++) {
                float sum = 0;
                for (int j = -8; j <= 8; j++) sum += f[8 - j] * in[(size_t)(y + j) * w + x];
                o[x] = sum;
            }
        } else {
            for (int x = 0; x < w; x++) {
                float sum = 0;
                for (int j = first; j <= last; j++) sum += f[8 - j] * in[(size_t)(y + j) * w + x];
                o[x] = sum;
            }
        }
    }
}

void sobel(const byte *__restrict in, byte *__restrict out, int w, int h) {
#pragma omp parallel for schedule(static)
    for (int y = 1; y < h - 1; y++) {
        const byte *a = in + (size_t)(y - 1) * w, *b = a + w, *c = b + w;
        byte *o = out + (size_t)y * w;
#pragma omp simd
        for (int x = 1; x < w - 1; x++) {
            int gx = -a[x - 1] + a[x + 1] - 2 * b[x - 1] + 2 * b[x + 1] - c[x - 1] + c[x + 1];
            int gy = -a[x - 1] - 2 * a[x] - a[x + 1] + c[x - 1] + 2 * c[x] + c[x + 1];
            int v = (int)sqrtf((float)(gx * gx + gy * gy));
            o[x] = v > 255 ? 255 : v;
        }
    }
}

void box_5x5(const byte *__restrict in, byte *__restrict out, int w, int h) {
#pragma omp parallel for schedule(static)
    for (int y = 0; y < h; y++) {
        const byte *rows[5];
        for (int j = 0; j < 5; j++) rows[j] = in + (size_t)clamp(y + j - 2, 0, h - 1) * w;
        byte *o = out + (size_t)y * w;
        auto clamped = [&](int x) {
            int sum = 0;
            for (int j = 0; j < 5; j++)
                for (int i = -2; i <= 2; i++) sum += rows[j][clamp(x + i, 0, w - 1)];
            return (byte)(sum / 25);
        };
        for (int x = 0; x < 2; x++) o[x] = clamped(x);
#pragma omp simd
        for (int x = 2; x < w - 2; x++) {
            int sum = 0;
            for (int j = 0; j < 5; j++)
                for (int i = -2; i <= 2; i++) sum += rows[j][x + i];
            o[x] = sum / 25;
        }
        for (int x = w - 2; x < w; x++) o[x] = clamped(x);
    }
}

void erode(const byte *__restrict in, byte *__restrict out, int w, int h) {
#pragma omp parallel for schedule(static)
    for (int y = 1; y < h - 1; y++) {
        const byte *a = in + (size_t)(y - 1) * w;
        byte *o = out + (size_t)y * w;
#pragma omp simd
        for (int x = 1; x < w - 1; x++) {
            byte least = 255;
            for (int j = 0; j < 3; j++)
                for (int i = -1; i <= 1; i++) least = a[j * w + x + i] < least ? a[j * w + x + i] : least;
            o[x] = least;
        }
    }
}

void bilateral(const float *__restrict in, float *__restrict out, int w, int h, float space, float range) {
#pragma omp parallel for schedule(static)
    for (int y = 0; y < h; y++) {
#pragma omp simd
        for (int x = 0; x < w; x++) {
            float here = in[(size_t)y * w + x], sum = 0, weights = 0;
            for (int j = -3; j <= 3; j++)
                for (int i = -3; i <= 3; i++) {
                    float v = in[(size_t)clamp(y + j, 0, h - 1) * w + clamp(x + i, 0, w - 1)];
                    float weight = expf(-(i * i + j * j) * space - (v - here) * (v - here) * range);
                    sum += weight * v;
                    weights += weight;
                }
            out[(size_t)y * w + x] = sum / weights;
        }
    }
}

#define SORT(a, b)                                                                                                     \
    {                                                                                                                  \
        float least = fminf(a, b);                                                                                     \
        b = fmaxf(a, b);                                                                                               \
        a = least;                                                                                                     \
    }

void median_3x3(const float *__restrict in, float *__restrict out, int w, int h) {
#pragma omp parallel for schedule(static)
    for (int y = 1; y < h - 1; y++) {
        const float *a = in + (size_t)(y - 1) * w, *b = a + w, *c = b + w;
        float *o = out + (size_t)y * w;
#pragma omp simd
        for (int x = 1; x < w - 1; x++) {
            float p0 = a[x - 1], p1 = a[x], p2 = a[x + 1], p3 = b[x - 1], p4 = b[x], p5 = b[x + 1];
            float p6 = c[x - 1], p7 = c[x], p8 = c[x + 1];
            SORT(p1, p2)
            SORT(p4, p5) SORT(p7, p8) SORT(p0, p1) SORT(p3, p4) SORT(p6, p7) SORT(p1, p2) SORT(p4, p5) SORT(p7, p8)
                SORT(p0, p3) SORT(p5, p8) SORT(p4, p7) SORT(p3, p6) SORT(p1, p4) SORT(p2, p5) SORT(p4, p7) SORT(p4, p2)
                    SORT(p6, p4) SORT(p4, p2) o[x] = p4;
        }
    }
}

/* The sum of eight neighbours, in numbers as wide as the cells. */
template <typename T> static void generation(const T *__restrict in, T *__restrict out, int w, int h) {
#pragma omp parallel for schedule(static)
    for (int y = 0; y < h; y++) {
        const T *a = in + (size_t)((y + h - 1) % h) * w, *b = in + (size_t)y * w, *c = in + (size_t)((y + 1) % h) * w;
        T *o = out + (size_t)y * w;
        for (int x = 0; x < w; x += w - 1) {
            int l = (x + w - 1) % w, r = (x + 1) % w;
            int n = a[l] + a[x] + a[r] + b[l] + b[r] + c[l] + c[x] + c[r];
            o[x] = n == 3 || (n == 2 && b[x]);
        }
#pragma omp simd
        for (int x = 1; x < w - 1; x++) {
            T n = a[x - 1] + a[x] + a[x + 1] + b[x - 1] + b[x + 1] + c[x - 1] + c[x] + c[x + 1];
            o[x] = (n == 3) | ((n == 2) & b[x]);
        }
    }
}
void life(const byte *in, byte *out, int w, int h) { generation(in, out, w, h); }
void life(const int *in, int *out, int w, int h) { generation(in, out, w, h); }

void life_bits(const unsigned *__restrict in, unsigned *__restrict out, int words, int h) {
#pragma omp parallel for schedule(static)
    for (int y = 0; y < h; y++) {
        const unsigned *rows[3] = {in + (size_t)((y + h - 1) % h) * words, in + (size_t)y * words,
                                   in + (size_t)((y + 1) % h) * words};
        for (int x = 0; x < words; x++) {
            int l = x ? x - 1 : words - 1, r = x < words - 1 ? x + 1 : 0;
            unsigned ones = 0, twos = 0, fours = 0;
            for (int j = 0; j < 3; j++) {
                unsigned m = rows[j][x];
                unsigned sides[3] = {(m << 1) | (rows[j][l] >> 31), (m >> 1) | (rows[j][r] << 31), j != 1 ? m : 0};
                for (unsigned cells : sides) {
                    unsigned carry = ones & cells, second = twos & carry;
                    ones ^= cells;
                    twos ^= carry;
                    fours |= second;
                }
            }
            out[(size_t)y * words + x] = ~fours & twos & (ones | rows[1][x]);
        }
    }
}

void resize(const byte *__restrict in, byte *__restrict out, int w, int h, int out_w, int out_h) {
    float sx = (float)w / out_w, sy = (float)h / out_h;
#pragma omp parallel for schedule(static)
    for (int y = 0; y < out_h; y++) {
        float fy = (y + 0.5f) * sy - 0.5f;
        int y0 = (int)floorf(fy);
        float wy = fy - y0;
        int y1 = clamp(y0 + 1, 0, h - 1);
        y0 = clamp(y0, 0, h - 1);
#pragma omp simd
        for (int x = 0; x < out_w; x++) {
            float fx = (x + 0.5f) * sx - 0.5f;
            int x0 = (int)floorf(fx);
            float wx = fx - x0;
            int x1 = clamp(x0 + 1, 0, w - 1);
            x0 = clamp(x0, 0, w - 1);
            float a = in[(size_t)y0 * w + x0], b = in[(size_t)y0 * w + x1];
            float c = in[(size_t)y1 * w + x0], d = in[(size_t)y1 * w + x1];
            float top = a + (b - a) * wx, bottom = c + (d - c) * wx;
            out[(size_t)y * out_w + x] = (byte)(top + (bottom - top) * wy + 0.5f);
        }
    }
}

void luma(const byte *__restrict in, byte *__restrict out, int n) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) out[i] = (byte)(0.299f * in[3 * i] + 0.587f * in[3 * i + 1] + 0.114f * in[3 * i + 2]);
}

void luma_fixed(const byte *__restrict in, byte *__restrict out, int n) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) out[i] = (in[4 * i] * 77 + in[4 * i + 1] * 150 + in[4 * i + 2] * 29) >> 8;
}

void luma_in_place(const byte *__restrict in, byte *__restrict out, int n) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        byte grey = (byte)(0.299f * in[4 * i] + 0.587f * in[4 * i + 1] + 0.114f * in[4 * i + 2]);
        out[4 * i] = out[4 * i + 1] = out[4 * i + 2] = grey;
        out[4 * i + 3] = in[4 * i + 3];
    }
}

void threshold_bits(const byte *__restrict in, unsigned *__restrict out, int words) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < words; i++) {
        unsigned bits = 0;
        for (int b = 0; b < 32; b++) bits |= (unsigned)(in[(size_t)i * 32 + b] > 128) << b;
        out[i] = bits;
    }
}

} // namespace reference
