// C = A B with 16 x 16 tiles in shared memory; sizes need not be multiples of the tile.
// Usage: matmul_tiled [m n k]

#include <cmath>
#include <vector>

#include "common/check.h"

constexpr int TILE = 16;

__global__ void matmul(const float *A, const float *B, float *C, int m, int n, int k) {
    __shared__ float As[TILE][TILE];
    __shared__ float Bs[TILE][TILE];
    const int row = blockIdx.y * TILE + threadIdx.y;
    const int col = blockIdx.x * TILE + threadIdx.x;

    float sum = 0.0f;
    for (int t = 0; t < k; t += TILE) {
        int a_col = t + threadIdx.x;
        int b_row = t + threadIdx.y;
        As[threadIdx.y][threadIdx.x] = row < m && a_col < k ? A[row * k + a_col] : 0.0f;
        Bs[threadIdx.y][threadIdx.x] = b_row < k && col < n ? B[b_row * n + col] : 0.0f;
        __syncthreads();
#pragma unroll
        for (int i = 0; i < TILE; i++) sum += As[threadIdx.y][i] * Bs[i][threadIdx.x];
        __syncthreads();
    }
    if (row < m && col < n) C[row * n + col] = sum;
}

int main(int argc, char **argv) {
    const int m = argc > 3 ? atoi(argv[1]) : 500;
    const int n = argc > 3 ? atoi(argv[2]) : 700;
    const int k = argc > 3 ? atoi(argv[3]) : 600;

    std::vector<float> A(m * k), B(k * n), C(m * n);
    for (int i = 0; i < m * k; i++) A[i] = (i * 37 % 101 - 50) / 50.0f;
    for (int i = 0; i < k * n; i++) B[i] = (i * 53 % 97 - 48) / 48.0f;

    float *d_A, *d_B, *d_C;
    CUDA_CHECK(cudaMalloc(&d_A, A.size() * sizeof(float)));
    CUDA_CHECK(cudaMalloc(&d_B, B.size() * sizeof(float)));
    CUDA_CHECK(cudaMalloc(&d_C, C.size() * sizeof(float)));
    CUDA_CHECK(cudaMemcpy(d_A, A.data(), A.size() * sizeof(float), cudaMemcpyHostToDevice));
    CUDA_CHECK(cudaMemcpy(d_B, B.data(), B.size() * sizeof(float), cudaMemcpyHostToDevice));

    dim3 block(TILE, TILE);
    dim3 grid((n + TILE - 1) / TILE, (m + TILE - 1) / TILE);
    matmul<<<grid, block>>>(d_A, d_B, d_C, m, n, k);
    CUDA_CHECK(cudaGetLastError());
    Timer timer;
    timer.start();
    matmul<<<grid, block>>>(d_A, d_B, d_C, m, n, k);
    float ms = timer.stop();
    CUDA_CHECK(cudaMemcpy(C.data(), d_C, C.size() * sizeof(float), cudaMemcpyDeviceToHost));

    double worst = 0.0;
    for (int row = 0; row < m; row += 7) {
        for (int col = 0; col < n; col++) {
            double sum = 0.0;
            for (int i = 0; i < k; i++) sum += double(A[row * k + i]) * B[i * n + col];
            worst = fmax(worst, fabs(sum - C[row * n + col]));
        }
    }
    printf("%d x %d x %d in %.3f ms (%.1f GFLOP/s), largest error %.2e\n", m, n, k, ms, 2e-6 * m * n * k / ms, worst);

    CUDA_CHECK(cudaFree(d_A));
    CUDA_CHECK(cudaFree(d_B));
    CUDA_CHECK(cudaFree(d_C));
    return verdict(worst < 1e-3);
}
