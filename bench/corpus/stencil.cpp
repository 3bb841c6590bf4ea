/* What the kernels of stencil.cu compute. */
#include <stddef.h>
#include <string.h>
#include <vector>

namespace reference {

void jacobi_7(const float *__restrict in, float *__restrict out, int n, int m, int d) {
    ptrdiff_t plane = (ptrdiff_t)n * m;
#pragma omp parallel for schedule(static)
    for (int z = 1; z < d - 1; z++)
        for (int y = 1; y < m - 1; y++) {
            ptrdiff_t row = z * plane + (ptrdiff_t)y * n;
#pragma omp simd
            for (ptrdiff_t i = row + 1; i < row + n - 1; i++)
                out[i] = 0.4f * in[i] +
                         0.1f * (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] + in[i - plane] + in[i + plane]);
        }
}

void box_27(const float *__restrict in, float *__restrict out, int n, int m, int d) {
    ptrdiff_t plane = (ptrdiff_t)n * m;
#pragma omp parallel for schedule(static)
    for (int z = 1; z < d - 1; z++)
        for (int y = 1; y < m - 1; y++) {
            ptrdiff_t row = z * plane + (ptrdiff_t)y * n;
#pragma omp simd
            for (ptrdiff_t i = row + 1; i < row + n - 1; i++) {
                float sum = 0;
                for (int a = -1; a <= 1; a++)
                    for (int b = -1; b <= 1; b++)
                        for (int c = -1; c <= 1; c++) sum += in[i + a * plane + b * n + c];
                out[i] = sum * (1.0f / 27);
            }
        }
}

void star_25(const float *__restrict in, float *__restrict out, int n, int m, int d, const float *c) {
    ptrdiff_t plane = (ptrdiff_t)n * m;
    float c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3], c4 = c[4];
#pragma omp parallel for schedule(static)
    for (int z = 4; z < d - 4; z++)
        for (int y = 4; y < m - 4; y++) {
            ptrdiff_t row = z * plane + (ptrdiff_t)y * n;
            auto ring = [=](ptrdiff_t i, ptrdiff_t r) {
                return in[i - r] + in[i + r] + in[i - r * n] + in[i + r * n] + in[i - r * plane] + in[i + r * plane];
            };
#pragma omp simd
            for (ptrdiff_t i = row + 4; i < row + n - 4; i++)
                out[i] = c0 * in[i] + c1 * ring(i, 1) + c2 * ring(i, 2) + c3 * ring(i, 3) + c4 * ring(i, 4);
        }
}

void diffuse(const float *__restrict in, float *__restrict out, int w, int h) {
#pragma omp parallel for schedule(static)
    for (int y = 0; y < h; y++) {
        const float *a = in + (size_t)y * w, *up = y > 0 ? a - w : a, *down = y < h - 1 ? a + w : a;
        float *o = out + (size_t)y * w;
        o[0] = a[0] + 0.1f * (a[0] + a[1] + up[0] + down[0] - 4 * a[0]);
#pragma omp simd
        for (int x = 1; x < w - 1; x++) o[x] = a[x] + 0.1f * (a[x - 1] + a[x + 1] + up[x] + down[x] - 4 * a[x]);
        o[w - 1] = a[w - 1] + 0.1f * (a[w - 2] + a[w - 1] + up[w - 1] + down[w - 1] - 4 * a[w - 1]);
    }
}

void wave(const float *__restrict before, const float *__restrict now, float *__restrict next, int w, int h) {
#pragma omp parallel for schedule(static)
    for (int y = 1; y < h - 1; y++) {
        ptrdiff_t row = (ptrdiff_t)y * w;
#pragma omp simd
        for (ptrdiff_t i = row + 1; i < row + w - 1; i++)
            next[i] = 2 * now[i] - before[i] + 0.25f * (now[i - 1] + now[i + 1] + now[i - w] + now[i + w] - 4 * now[i]);
    }
}

void fdtd(float *__restrict ex, float *__restrict ey, float *__restrict hz, int w, int h) {
#pragma omp parallel for schedule(static)
    for (int y = 1; y < h; y++) {
        size_t r = (size_t)y * w;
#pragma omp simd
        for (int x = 0; x < w; x++) ex[r + x] -= 0.5f * (hz[r + x] - hz[r - w + x]);
    }
#pragma omp parallel for schedule(static)
    for (int y = 0; y < h; y++) {
        size_t r = (size_t)y * w;
#pragma omp simd
        for (int x = 1; x < w; x++) ey[r + x] -= 0.5f * (hz[r + x] - hz[r + x - 1]);
    }
#pragma omp parallel for schedule(static)
    for (int y = 0; y < h - 1; y++) {
        size_t r = (size_t)y * w;
#pragma omp simd
        for (int x = 0; x < w - 1; x++) hz[r + x] -= 0.7f * (ex[r + w + x] - ex[r + x] + ey[r + x + 1] - ey[r + x]);
    }
}

void jacobi_residual(const float *__restrict in, const float *__restrict f, float *__restrict out, float *residual,
                     int w, int h) {
    float sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(static)
    for (int y = 1; y < h - 1; y++) {
        size_t r = (size_t)y * w;
#pragma omp simd reduction(+ : sum)
        for (int x = 1; x < w - 1; x++) {
            size_t i = r + x;
            float value = 0.25f * (in[i - 1] + in[i + 1] + in[i - w] + in[i + w] - f[i]);
            float change = value - in[i];
            out[i] = value;
            sum += change * change;
        }
    }
    *residual = sum;
}

void line_7(const float *__restrict in, float *__restrict out, int n) {
    for (int i = 0; i < n; i == 2 ? i = n - 3 : i++) {
        float sum = 0;
        for (int o = -3; o <= 3; o++)
            if (i + o >= 0 && i + o < n) sum += in[i + o];
        out[i] = sum;
    }
#pragma omp parallel for simd schedule(static)
    for (int i = 3; i < n - 3; i++)
        out[i] = in[i - 3] + in[i - 2] + in[i - 1] + in[i] + in[i + 1] + in[i + 2] + in[i + 3];
}

void red_black(float *__restrict u, const float *__restrict f, int w, int h) {
    for (int parity = 0; parity < 2; parity++) {
#pragma omp parallel for schedule(static)
        for (int y = 1; y < h - 1; y++) {
            ptrdiff_t row = (ptrdiff_t)y * w;
#pragma omp simd
            for (int x = 1 + (y + parity) % 2; x < w - 1; x += 2) {
                ptrdiff_t i = row + x;
                u[i] = 0.25f * (u[i - 1] + u[i + 1] + u[i - w] + u[i + w] + f[i]);
            }
        }
    }
}

void plates(float *all, int side, int steps, int count) {
#pragma omp parallel for schedule(static)
    for (int p = 0; p < count; p++) {
        float *t = all + (size_t)p * side * side;
        std::vector<float> now(t, t + side * side);
        for (int s = 0; s < steps; s++) {
            for (int y = 1; y < side - 1; y++)
#pragma omp simd
                for (int x = 1; x < side - 1; x++) {
                    int i = y * side + x;
                    t[i] = 0.25f * (now[i - 1] + now[i + 1] + now[i - side] + now[i + side]);
                }
            memcpy(now.data(), t, side * side * sizeof(float));
        }
    }
}

} // namespace reference
