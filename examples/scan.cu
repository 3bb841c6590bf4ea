// Exclusive prefix sum of any length: Blelloch's scan of each block in shared memory, then a scan of the block sums.
// Usage: scan [n]

#include <vector>

#include "common/check.h"

constexpr int BLOCK = 256;
constexpr int PER_BLOCK = 2 * BLOCK;

// Each block scans PER_BLOCK elements and leaves its total in `sums`.
__global__ void scan_blocks(const int *in, int *out, int *sums, int n) {
    __shared__ int temp[PER_BLOCK];
    const int tid = threadIdx.x;
    const int base = blockIdx.x * PER_BLOCK;
    temp[2 * tid] = base + 2 * tid < n ? in[base + 2 * tid] : 0;
    temp[2 * tid + 1] = base + 2 * tid + 1 < n ? in[base + 2 * tid + 1] : 0;

    int offset = 1;
    for (int d = PER_BLOCK >> 1; d > 0; d >>= 1) { // up: sums of pairs, of fours, ...
        __syncthreads();
        if (tid < d) temp[offset * (2 * tid + 2) - 1] += temp[offset * (2 * tid + 1) - 1];
        offset *= 2;
    }
    if (tid == 0) {
        sums[blockIdx.x] = temp[PER_BLOCK - 1];
        temp[PER_BLOCK - 1] = 0;
    }
    for (int d = 1; d < PER_BLOCK; d *= 2) { // down: hand the prefix to both halves
        offset >>= 1;
        __syncthreads();
        if (tid < d) {
            int left = offset * (2 * tid + 1) - 1;
            int right = offset * (2 * tid + 2) - 1;
            int t = temp[left];
            temp[left] = temp[right];
            temp[right] += t;
        }
    }
    __syncthreads();
    if (base + 2 * tid < n) out[base + 2 * tid] = temp[2 * tid];
    if (base + 2 * tid + 1 < n) out[base + 2 * tid + 1] = temp[2 * tid + 1];
}

__global__ void add_offsets(int *out, const int *offsets, int n) {
    int i = blockIdx.x * PER_BLOCK + threadIdx.x;
    if (i < n) out[i] += offsets[blockIdx.x];
    if (i + BLOCK < n) out[i + BLOCK] += offsets[blockIdx.x];
}

// Scans `in` into `out`; recurses over the block sums until one block holds them.
static void exclusive_scan(const int *d_in, int *d_out, int n) {
    const int blocks = (n + PER_BLOCK - 1) / PER_BLOCK;
    int *d_sums;
    CUDA_CHECK(cudaMalloc(&d_sums, 2 * blocks * sizeof(int)));
    int *d_offsets = d_sums + blocks;
    scan_blocks<<<blocks, BLOCK>>>(d_in, d_out, d_sums, n);
    CUDA_CHECK(cudaGetLastError());
    if (blocks > 1) {
        exclusive_scan(d_sums, d_offsets, blocks);
        add_offsets<<<blocks, BLOCK>>>(d_out, d_offsets, n);
        CUDA_CHECK(cudaGetLastError());
    }
    CUDA_CHECK(cudaFree(d_sums));
}

int main(int argc, char **argv) {
    const int n = argc > 1 ? atoi(argv[1]) : 5000003;
    std::vector<int> in(n), out(n);
    for (int i = 0; i < n; i++) in[i] = (i * 7919) % 23 - 8;

    int *d_in, *d_out;
    CUDA_CHECK(cudaMalloc(&d_in, n * sizeof(int)));
    CUDA_CHECK(cudaMalloc(&d_out, n * sizeof(int)));
    CUDA_CHECK(cudaMemcpy(d_in, in.data(), n * sizeof(int), cudaMemcpyHostToDevice));
    Timer timer;
    timer.start();
    exclusive_scan(d_in, d_out, n);
    float ms = timer.stop();
    CUDA_CHECK(cudaMemcpy(out.data(), d_out, n * sizeof(int), cudaMemcpyDeviceToHost));

    int wrong = 0;
    int sum = 0;
    for (int i = 0; i < n; i++) {
        wrong += out[i] != sum;
        sum += in[i];
    }
    printf("exclusive scan of %d integers in %.3f ms, %d wrong\n", n, ms, wrong);
    CUDA_CHECK(cudaFree(d_in));
    CUDA_CHECK(cudaFree(d_out));
    return verdict(wrong == 0);
}
