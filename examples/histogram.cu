// How often each byte occurs: with global atomics, and with a histogram of each block in shared memory.
// Usage: histogram [bytes]

#include <vector>

#include "common/check.h"

constexpr int BINS = 256;

__global__ void histogram_global(const unsigned char *data, int n, unsigned *bins) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) atomicAdd(&bins[data[i]], 1u);
}

__global__ void histogram_shared(const unsigned char *data, int n, unsigned *bins) {
    __shared__ unsigned local[BINS];
    for (int b = threadIdx.x; b < BINS; b += blockDim.x) local[b] = 0;
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) atomicAdd(&local[data[i]], 1u);
    __syncthreads();
    for (int b = threadIdx.x; b < BINS; b += blockDim.x) atomicAdd(&bins[b], local[b]);
}

int main(int argc, char **argv) {
    const int n = argc > 1 ? atoi(argv[1]) : 1 << 24;
    std::vector<unsigned char> data(n);
    std::vector<unsigned> expected(BINS), global(BINS), shared(BINS);
    unsigned state = 1;
    for (int i = 0; i < n; i++) {
        state = state * 1103515245u + 12345u;
        // The product of two uniform numbers: low bins are crowded, so that atomics collide.
        data[i] = (unsigned char)(((state >> 24) * (state >> 16 & 255)) >> 8);
        expected[data[i]]++;
    }

    unsigned char *d_data;
    unsigned *d_bins;
    CUDA_CHECK(cudaMalloc(&d_data, n));
    CUDA_CHECK(cudaMalloc(&d_bins, BINS * sizeof(unsigned)));
    CUDA_CHECK(cudaMemcpy(d_data, data.data(), n, cudaMemcpyHostToDevice));

    Timer timer;
    CUDA_CHECK(cudaMemset(d_bins, 0, BINS * sizeof(unsigned)));
    timer.start();
    histogram_global<<<120, 256>>>(d_data, n, d_bins);
    CUDA_CHECK(cudaGetLastError());
    float global_ms = timer.stop();
    CUDA_CHECK(cudaMemcpy(global.data(), d_bins, BINS * sizeof(unsigned), cudaMemcpyDeviceToHost));

    CUDA_CHECK(cudaMemset(d_bins, 0, BINS * sizeof(unsigned)));
    timer.start();
    histogram_shared<<<120, 256>>>(d_data, n, d_bins);
    CUDA_CHECK(cudaGetLastError());
    float shared_ms = timer.stop();
    CUDA_CHECK(cudaMemcpy(shared.data(), d_bins, BINS * sizeof(unsigned), cudaMemcpyDeviceToHost));

    printf("%d bytes: global atomics %.3f ms, shared atomics %.3f ms; bin 0 holds %u of %u\n", n, global_ms, shared_ms,
           shared[0], expected[0]);
    CUDA_CHECK(cudaFree(d_data));
    CUDA_CHECK(cudaFree(d_bins));
    return verdict(global == expected && shared == expected);
}
