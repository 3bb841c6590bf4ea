/* What the kernels of norm.cu compute. */
#include <math.h>
#include <stddef.h>

namespace reference {

void layer_norm(const float *__restrict x, const float *__restrict gain, const float *__restrict bias,
                float *__restrict y, int rows, int n) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < rows; r++) {
        const float *p = x + (size_t)r * n;
        float *o = y + (size_t)r * n, sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum)
        for (int i = 0; i < n; i++) sum += p[i];
        float mean = sum / n;
#pragma omp simd reduction(+ : squares)
        for (int i = 0; i < n; i++) squares += (p[i] - mean) * (p[i] - mean);
        float scale = 1.0f / sqrtf(squares / n + 1e-5f);
#pragma omp simd
        for (int i = 0; i < n; i++) o[i] = (p[i] - mean) * scale * gain[i] + bias[i];
    }
}

void rms_norm(const float *__restrict x, const float *__restrict gain, float *__restrict y, int rows, int n) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < rows; r++) {
        const float *p = x + (size_t)r * n;
        float *o = y + (size_t)r * n, squares = 0;
#pragma omp simd reduction(+ : squares)
        for (int i = 0; i < n; i++) squares += p[i] * p[i];
        float scale = 1.0f / sqrtf(squares / n + 1e-6f);
#pragma omp simd
        for (int i = 0; i < n; i++) o[i] = p[i] * scale * gain[i];
    }
}

void quantise(const float *__restrict x, signed char *__restrict q, float *__restrict scales, int rows, int n) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < rows; r++) {
        const float *p = x + (size_t)r * n;
        float m = 0;
#pragma omp simd reduction(max : m)
        for (int i = 0; i < n; i++) m = fabsf(p[i]) > m ? fabsf(p[i]) : m;
        scales[r] = m / 127.f;
        float inverse = 127.f / m;
#pragma omp simd
        for (int i = 0; i < n; i++) q[(size_t)r * n + i] = (signed char)rintf(p[i] * inverse);
    }
}

} // namespace reference
