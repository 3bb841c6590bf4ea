/* What the kernels of compute.cu compute. */
#include "sha256.h"

#include <math.h>
#include <stddef.h>

typedef unsigned char byte;

namespace reference {

void attract(const float *__restrict x, const float *__restrict y, const float *__restrict z, const float *__restrict m,
             float *__restrict ax, float *__restrict ay, float *__restrict az, int n) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < n; i++) {
        float xi = x[i], yi = y[i], zi = z[i], a = 0, b = 0, c = 0;
#pragma omp simd reduction(+ : a, b, c)
        for (int j = 0; j < n; j++) {
            float dx = x[j] - xi, dy = y[j] - yi, dz = z[j] - zi,
                  inverse = 1.0f / sqrtf(dx * dx + dy * dy + dz * dz + 1e-3f);
            float f = m[j] * inverse * inverse * inverse;
            a += dx * f;
            b += dy * f;
            c += dz * f;
        }
        ax[i] = a;
        ay[i] = b;
        az[i] = c;
    }
}

void attract(const float *__restrict p, float *__restrict out, int n) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < n; i++) {
        float xi = p[4 * i], yi = p[4 * i + 1], zi = p[4 * i + 2], a = 0, b = 0, c = 0;
#pragma omp simd reduction(+ : a, b, c)
        for (int j = 0; j < n; j++) {
            float dx = p[4 * j] - xi, dy = p[4 * j + 1] - yi, dz = p[4 * j + 2] - zi;
            float inverse = 1.0f / sqrtf(dx * dx + dy * dy + dz * dz + 1e-3f);
            float f = p[4 * j + 3] * inverse * inverse * inverse;
            a += dx * f;
            b += dy * f;
            c += dz * f;
        }
        out[4 * i] = a;
        out[4 * i + 1] = b;
        out[4 * i + 2] = c;
        out[4 * i + 3] = 0;
    }
}

void attract_in_place(float *p, int n, float dt) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < n; i++) {
        float xi = p[6 * i], yi = p[6 * i + 1], zi = p[6 * i + 2], a = 0, b = 0, c = 0;
#pragma omp simd reduction(+ : a, b, c)
        for (int j = 0; j < n; j++) {
            float dx = p[6 * j] - xi, dy = p[6 * j + 1] - yi, dz = p[6 * j + 2] - zi;
            float inverse = 1.0f / sqrtf(dx * dx + dy * dy + dz * dz + 1e-3f), cube = inverse * inverse * inverse;
            a += dx * cube;
            b += dy * cube;
            c += dz * cube;
        }
        p[6 * i + 3] = dt * a;
        p[6 * i + 4] = dt * b;
        p[6 * i + 5] = dt * c;
    }
}

void attract(const double *__restrict x, const double *__restrict y, const double *__restrict z, double *__restrict out,
             int n) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < n; i++) {
        double xi = x[i], yi = y[i], zi = z[i], sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int j = 0; j < n; j++) {
            double dx = x[j] - xi, dy = y[j] - yi, dz = z[j] - zi;
            double inverse = 1.0 / sqrt(dx * dx + dy * dy + dz * dz + 1e-3);
            sum += (dx + dy + dz) * (inverse * inverse * inverse);
        }
        out[i] = sum;
    }
}

void mandelbrot(int *out, int w, int h, int most) {
#pragma omp parallel for schedule(dynamic, 16)
    for (int py = 0; py < h; py++)
        for (int px = 0; px < w; px++) {
            double cx = -2.0 + px * (3.0 / w), cy = -1.5 + py * (3.0 / h), x = 0, y = 0;
            int i = 0;
            while (x * x + y * y <= 4.0 && i < most) {
                double t = x * x - y * y + cx;
                y = 2.0 * x * y + cy;
                x = t;
                i++;
            }
            out[py * w + px] = i;
        }
}

void mandelbrot_smooth(byte *out, int w, int h, int most) {
#pragma omp parallel for schedule(dynamic, 16)
    for (int py = 0; py < h; py++)
        for (int px = 0; px < w; px++) {
            float cx = -2.f + px * (3.f / w), cy = -1.5f + py * (3.f / h), x = 0, y = 0, x2 = 0, y2 = 0;
            int i;
            for (i = 0; i < most; i++) {
                y = 2 * x * y + cy;
                x = x2 - y2 + cx;
                x2 = x * x;
                y2 = y * y;
                if (x2 + y2 > 16.f) break;
            }
            byte *c = out + 4 * (py * w + px);
            int q = i == most ? 0 : (int)((i + 1 - log2f(0.5f * log2f(x2 + y2))) * 8.f);
            c[0] = q & 255;
            c[1] = (q >> 2) & 255;
            c[2] = (q >> 4) & 255;
            c[3] = 255;
        }
}

void mandelbrot_narrow(unsigned short *out, int w, int h, int most) {
#pragma omp parallel for schedule(dynamic, 16)
    for (int py = 0; py < h; py++)
        for (int px = 0; px < w; px++) {
            float cr = (px - w * 0.75f) / (w / 3.f), ci = (py - w * 0.5f) / (w / 3.f), zr = cr, zi = ci;
            int k = 0;
            do {
                float a = zr * zr, b = zi * zi;
                if (a + b > 4.f) break;
                zi = 2.f * zr * zi + ci;
                zr = a - b + cr;
            } while (++k < most);
            out[py * w + px] = k;
        }
}

void julia(byte *out, int w, int h) {
#pragma omp parallel for schedule(dynamic, 16)
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            float r = 1.5f * (float)(w / 2 - x) / (w / 2), m = 1.5f * (float)(h / 2 - y) / (h / 2);
            int inside = 1;
            for (int i = 0; i < 200; i++) {
                float t = r * r - m * m - 0.8f;
                m = m * r + r * m + 0.156f;
                r = t;
                if (r * r + m * m > 1000) {
                    inside = 0;
                    break;
                }
            }
            byte *c = out + 4 * (y * w + x);
            c[0] = 255 * inside;
            c[1] = c[2] = 0;
            c[3] = 255;
        }
}

void spheres(const float *s, int count, byte *out, int w, int h) {
#pragma omp parallel for schedule(static)
    for (int y = 0; y < h; y++)
#pragma omp simd
        for (int x = 0; x < w; x++) {
            float ox = x - w / 2, oy = y - h / 2, r = 0, g = 0, b = 0, nearest = -2e10f;
            for (int i = 0; i < count; i++) {
                const float *q = s + 7 * i;
                float dx = ox - q[0], dy = oy - q[1], n = 0, t = -2e10f;
                if (dx * dx + dy * dy < q[3] * q[3]) {
                    float dz = sqrtf(q[3] * q[3] - dx * dx - dy * dy);
                    n = dz / sqrtf(q[3] * q[3]);
                    t = dz + q[2];
                }
                if (t > nearest) {
                    r = q[4] * n;
                    g = q[5] * n;
                    b = q[6] * n;
                    nearest = t;
                }
            }
            byte *c = out + 4 * (y * w + x);
            c[0] = (int)(r * 255);
            c[1] = (int)(g * 255);
            c[2] = (int)(b * 255);
            c[3] = 255;
        }
}

void monte_carlo(unsigned *out, int n, int steps) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        unsigned s = i + 1;
        int hits = 0;
        for (int k = 0; k < steps; k++) {
            s ^= s << 13;
            s ^= s >> 17;
            s ^= s << 5;
            float a = (s >> 8) * (1.f / 16777216);
            s ^= s << 13;
            s ^= s >> 17;
            s ^= s << 5;
            float b = (s >> 8) * (1.f / 16777216);
            if (a * a + b * b <= 1.f) hits++;
        }
        out[i] = hits;
    }
}

void binomial(const float *s, const float *x, const float *t, float *out, int count) {
    const int n = 255;
#pragma omp parallel for schedule(static)
    for (int o = 0; o < count; o++) {
        float c[n + 1], dt = t[o] / n, v = 0.3f * sqrtf(dt), r = expf(0.02f * dt), u = expf(v), d = 1 / u;
        float up = (r - d) / (u - d) / r, down = 1 / r - up;
        for (int k = 0; k <= n; k++) {
            float price = s[o] * expf(v * (2.0f * k - n)) - x[o];
            c[k] = price > 0 ? price : 0;
        }
        for (int i = n; i > 0; i--)
            for (int k = 0; k < i; k++) c[k] = up * c[k + 1] + down * c[k];
        out[o] = c[0];
    }
}

static const unsigned ROUNDS[64] = SHA256_ROUNDS;

static inline unsigned turn(unsigned x, int n) { return (x >> n) | (x << (32 - n)); }

void sha256(unsigned *__restrict out, int n, unsigned base) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        unsigned w[64] = {base, (unsigned)i, 0x80000000u};
        w[15] = 64;
        for (int k = 16; k < 64; k++) {
            unsigned s0 = turn(w[k - 15], 7) ^ turn(w[k - 15], 18) ^ (w[k - 15] >> 3);
            unsigned s1 = turn(w[k - 2], 17) ^ turn(w[k - 2], 19) ^ (w[k - 2] >> 10);
            w[k] = w[k - 16] + s0 + w[k - 7] + s1;
        }
        unsigned a = 0x6a09e667, b = 0xbb67ae85, c = 0x3c6ef372, d = 0xa54ff53a;
        unsigned e = 0x510e527f, f = 0x9b05688c, g = 0x1f83d9ab, h = 0x5be0cd19;
        for (int k = 0; k < 64; k++) {
            unsigned t1 = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[k] + w[k];
            unsigned t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        out[i] = a + 0x6a09e667;
    }
}

} // namespace reference
