/* What the kernels of gemm_registers.cu compute. */
#include <stddef.h>

namespace reference {

/* C = alpha A B + beta C. */
void sgemm(const float *__restrict a, const float *__restrict b, float *__restrict c, int n, float alpha, float beta) {
#pragma omp parallel
    {
        float *row = new float[n];
#pragma omp for schedule(static)
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) row[j] = 0;
            for (int k = 0; k < n; k++) {
                float x = a[(size_t)i * n + k];
                for (int j = 0; j < n; j++) row[j] += x * b[(size_t)k * n + j];
            }
            for (int j = 0; j < n; j++) c[(size_t)i * n + j] = alpha * row[j] + beta * c[(size_t)i * n + j];
        }
        delete[] row;
    }
}

} // namespace reference
