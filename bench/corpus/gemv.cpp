/* What the kernels of gemv.cu compute. */
#include <stddef.h>
#include <stdint.h>

namespace reference {

template <typename T, typename S>
static void product(const T *__restrict a, const T *__restrict x, S *__restrict y, int n) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < n; i++) {
        S sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int j = 0; j < n; j++) sum += (S)a[(size_t)i * n + j] * (S)x[j];
        y[i] = sum;
    }
}

void rows(const float *a, const float *x, float *y, int n) { product(a, x, y, n); }
void rows(const double *a, const double *x, double *y, int n) { product(a, x, y, n); }
void rows_of_halves(const uint16_t *a, const uint16_t *x, float *y, int n) {
    product((const _Float16 *)a, (const _Float16 *)x, y, n);
}

void columns(const float *__restrict a, const float *__restrict x, float *__restrict y, int n) {
    const int PART = 512;
#pragma omp parallel for schedule(static)
    for (int first = 0; first < n; first += PART) {
        int end = first + PART < n ? first + PART : n;
        for (int j = first; j < end; j++) y[j] = 0;
        for (int i = 0; i < n; i++)
            for (int j = first; j < end; j++) y[j] += a[(size_t)i * n + j] * x[i];
    }
}

} // namespace reference
