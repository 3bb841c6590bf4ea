/* What the kernels of gemm.cu compute. */
#include <stddef.h>

namespace reference {

template <typename T>
static void product(const T *__restrict a, const T *__restrict b, T *__restrict c, int m, int k, int n) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < m; i++) {
        T *row = c + (size_t)i * n;
        for (int j = 0; j < n; j++) row[j] = 0;
        for (int l = 0; l < k; l++) {
            T x = a[(size_t)i * k + l];
            for (int j = 0; j < n; j++) row[j] += x * b[(size_t)l * n + j];
        }
    }
}

void gemm(const float *a, const float *b, float *c, int m, int k, int n) { product(a, b, c, m, k, n); }
void gemm(const double *a, const double *b, double *c, int m, int k, int n) { product(a, b, c, m, k, n); }
void gemm(const int *a, const int *b, int *c, int m, int k, int n) { product(a, b, c, m, k, n); }

void gemm_by_rows(const float *__restrict a, const float *__restrict b, float *__restrict c, int n) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            float sum = 0;
#pragma omp simd reduction(+ : sum)
            for (int k = 0; k < n; k++) sum += a[i * n + k] * b[j * n + k];
            c[i * n + j] = sum;
        }
    }
}

} // namespace reference
