// The sum of an array in two ways: a tree in shared memory, and shuffles inside each warp.
// Usage: reduction [n]

#include <cmath>
#include <vector>

#include "common/check.h"

__global__ void sum_shared_tree(const int *in, long long *out, int n) {
    extern __shared__ long long partial[];
    long long sum = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) sum += in[i];
    partial[threadIdx.x] = sum;
    __syncthreads();
    for (int half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) partial[threadIdx.x] += partial[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x == 0) out[blockIdx.x] = partial[0];
}

__inline__ __device__ long long warp_sum(long long value) {
    for (int offset = warpSize / 2; offset > 0; offset /= 2) value += __shfl_down_sync(0xffffffff, value, offset);
    return value;
}

__global__ void sum_shuffles(const int *in, unsigned long long *total, int n) {
    __shared__ long long warp_sums[32];
    long long sum = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) sum += in[i];

    const int lane = threadIdx.x % warpSize;
    const int warp = threadIdx.x / warpSize;
    sum = warp_sum(sum);
    if (lane == 0) warp_sums[warp] = sum;
    __syncthreads();
    if (warp == 0) {
        sum = lane < blockDim.x / warpSize ? warp_sums[lane] : 0;
        sum = warp_sum(sum);
        if (lane == 0) atomicAdd(total, (unsigned long long)sum);
    }
}

int main(int argc, char **argv) {
    const int n = argc > 1 ? atoi(argv[1]) : 16000001;
    std::vector<int> in(n);
    long long expected = 0;
    unsigned state = 12345;
    for (int i = 0; i < n; i++) {
        state = state * 1664525u + 1013904223u;
        in[i] = int(state >> 8) - (1 << 23);
        expected += in[i];
    }

    const int block = 256, grid = 240;
    int *d_in;
    long long *d_partial;
    unsigned long long *d_total;
    CUDA_CHECK(cudaMalloc(&d_in, n * sizeof(int)));
    CUDA_CHECK(cudaMalloc(&d_partial, grid * sizeof(long long)));
    CUDA_CHECK(cudaMalloc(&d_total, sizeof(unsigned long long)));
    CUDA_CHECK(cudaMemcpy(d_in, in.data(), n * sizeof(int), cudaMemcpyHostToDevice));

    Timer timer;
    timer.start();
    sum_shared_tree<<<grid, block, block * sizeof(long long)>>>(d_in, d_partial, n);
    CUDA_CHECK(cudaGetLastError());
    float tree_ms = timer.stop();
    std::vector<long long> partial(grid);
    CUDA_CHECK(cudaMemcpy(partial.data(), d_partial, grid * sizeof(long long), cudaMemcpyDeviceToHost));
    long long tree = 0;
    for (long long p : partial) tree += p;

    CUDA_CHECK(cudaMemset(d_total, 0, sizeof(unsigned long long)));
    timer.start();
    sum_shuffles<<<grid, block>>>(d_in, d_total, n);
    CUDA_CHECK(cudaGetLastError());
    float shuffle_ms = timer.stop();
    long long shuffled;
    CUDA_CHECK(cudaMemcpy(&shuffled, d_total, sizeof shuffled, cudaMemcpyDeviceToHost));

    printf("sum of %d integers: expected %lld\n", n, expected);
    printf("  shared tree %lld in %.3f ms\n  shuffles    %lld in %.3f ms\n", tree, tree_ms, shuffled, shuffle_ms);

    CUDA_CHECK(cudaFree(d_in));
    CUDA_CHECK(cudaFree(d_partial));
    CUDA_CHECK(cudaFree(d_total));
    return verdict(tree == expected && shuffled == expected);
}
