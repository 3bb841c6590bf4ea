// The transpose of a matrix: naively, and through a padded tile in shared memory so that reads and writes are both
// in order.
// Usage: transpose [rows columns]

#include <vector>

#include "common/check.h"

constexpr int TILE = 32;
constexpr int ROWS = 8;

__global__ void transpose_naive(const float *in, float *out, int rows, int cols) {
    int x = blockIdx.x * TILE + threadIdx.x;
    for (int j = threadIdx.y; j < TILE; j += ROWS) {
        int y = blockIdx.y * TILE + j;
        if (x < cols && y < rows) out[x * rows + y] = in[y * cols + x];
    }
}

__global__ void transpose_tiled(const float *in, float *out, int rows, int cols) {
    __shared__ float tile[TILE][TILE + 1];
    int x = blockIdx.x * TILE + threadIdx.x;
    int y = blockIdx.y * TILE + threadIdx.y;
    for (int j = 0; j < TILE; j += ROWS)
        if (x < cols && y + j < rows) tile[threadIdx.y + j][threadIdx.x] = in[(y + j) * cols + x];
    __syncthreads();
    x = blockIdx.y * TILE + threadIdx.x;
    y = blockIdx.x * TILE + threadIdx.y;
    for (int j = 0; j < TILE; j += ROWS)
        if (x < rows && y + j < cols) out[(y + j) * rows + x] = tile[threadIdx.x][threadIdx.y + j];
}

int main(int argc, char **argv) {
    const int rows = argc > 2 ? atoi(argv[1]) : 2000;
    const int cols = argc > 2 ? atoi(argv[2]) : 1500;
    const size_t bytes = size_t(rows) * cols * sizeof(float);
    std::vector<float> in(size_t(rows) * cols), naive(in.size()), tiled(in.size());
    for (size_t i = 0; i < in.size(); i++) in[i] = float(i % 8388607);

    float *d_in, *d_out;
    CUDA_CHECK(cudaMalloc(&d_in, bytes));
    CUDA_CHECK(cudaMalloc(&d_out, bytes));
    CUDA_CHECK(cudaMemcpy(d_in, in.data(), bytes, cudaMemcpyHostToDevice));

    dim3 block(TILE, ROWS), grid((cols + TILE - 1) / TILE, (rows + TILE - 1) / TILE);
    Timer timer;
    timer.start();
    transpose_naive<<<grid, block>>>(d_in, d_out, rows, cols);
    CUDA_CHECK(cudaGetLastError());
    float naive_ms = timer.stop();
    CUDA_CHECK(cudaMemcpy(naive.data(), d_out, bytes, cudaMemcpyDeviceToHost));

    CUDA_CHECK(cudaMemset(d_out, 0, bytes));
    timer.start();
    transpose_tiled<<<grid, block>>>(d_in, d_out, rows, cols);
    CUDA_CHECK(cudaGetLastError());
    float tiled_ms = timer.stop();
    CUDA_CHECK(cudaMemcpy(tiled.data(), d_out, bytes, cudaMemcpyDeviceToHost));

    size_t wrong = 0;
    for (int y = 0; y < rows; y++) {
        for (int x = 0; x < cols; x++) {
            float want = in[size_t(y) * cols + x];
            size_t at = size_t(x) * rows + y;
            wrong += naive[at] != want;
            wrong += tiled[at] != want;
        }
    }
    printf("%d x %d: naive %.3f ms, tiled %.3f ms, %zu wrong\n", rows, cols, naive_ms, tiled_ms, wrong);
    CUDA_CHECK(cudaFree(d_in));
    CUDA_CHECK(cudaFree(d_out));
    return verdict(wrong == 0);
}
