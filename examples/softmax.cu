// Softmax of each row, one block a row: largest value, sum of exponentials, division. The reductions go through
// shuffles and shared memory.
// Usage: softmax [rows columns]

#include <cfloat>
#include <cmath>
#include <vector>

#include "common/check.h"

struct Max {
    __device__ float operator()(float a, float b) const { return fmaxf(a, b); }
    static constexpr float identity = -FLT_MAX;
};
struct Sum {
    __device__ float operator()(float a, float b) const { return a + b; }
    static constexpr float identity = 0.0f;
};

// Every thread gets the reduction of all threads' values.
template <typename Op> __device__ float block_reduce(float value, Op op) {
    __shared__ float warps[32];
    const unsigned lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
    for (int mask = 16; mask > 0; mask >>= 1) value = op(value, __shfl_xor_sync(0xffffffffu, value, mask));
    if (lane == 0) warps[warp] = value;
    __syncthreads();
    value = lane < (blockDim.x + 31) / 32 ? warps[lane] : Op::identity;
    for (int mask = 16; mask > 0; mask >>= 1) value = op(value, __shfl_xor_sync(0xffffffffu, value, mask));
    __syncthreads(); // `warps` is used again by the next reduction
    return value;
}

__global__ void softmax(const float *in, float *out, int cols) {
    const float *row = in + size_t(blockIdx.x) * cols;
    float *result = out + size_t(blockIdx.x) * cols;
    float largest = -FLT_MAX;
    for (int i = threadIdx.x; i < cols; i += blockDim.x) largest = fmaxf(largest, row[i]);
    largest = block_reduce(largest, Max());
    float sum = 0.0f;
    for (int i = threadIdx.x; i < cols; i += blockDim.x) sum += expf(row[i] - largest);
    sum = block_reduce(sum, Sum());
    const float scale = 1.0f / sum;
    for (int i = threadIdx.x; i < cols; i += blockDim.x) result[i] = expf(row[i] - largest) * scale;
}

int main(int argc, char **argv) {
    const int rows = argc > 2 ? atoi(argv[1]) : 1024;
    const int cols = argc > 2 ? atoi(argv[2]) : 1000;
    const size_t count = size_t(rows) * cols;
    std::vector<float> in(count), out(count);
    for (size_t i = 0; i < count; i++) in[i] = 12.0f * sinf(float(i % 7919)) + float(i / cols % 5);

    float *d_in, *d_out;
    CUDA_CHECK(cudaMalloc(&d_in, count * sizeof(float)));
    CUDA_CHECK(cudaMalloc(&d_out, count * sizeof(float)));
    CUDA_CHECK(cudaMemcpy(d_in, in.data(), count * sizeof(float), cudaMemcpyHostToDevice));
    softmax<<<rows, 256>>>(d_in, d_out, cols);
    CUDA_CHECK(cudaGetLastError());
    Timer timer;
    timer.start();
    softmax<<<rows, 256>>>(d_in, d_out, cols);
    float ms = timer.stop();
    CUDA_CHECK(cudaMemcpy(out.data(), d_out, count * sizeof(float), cudaMemcpyDeviceToHost));

    double worst = 0.0;
    for (int y = 0; y < rows; y++) {
        const float *row = &in[size_t(y) * cols];
        double largest = row[0], sum = 0.0;
        for (int x = 1; x < cols; x++) largest = fmax(largest, double(row[x]));
        for (int x = 0; x < cols; x++) sum += exp(row[x] - largest);
        for (int x = 0; x < cols; x++) {
            double want = exp(row[x] - largest) / sum;
            worst = fmax(worst, fabs(out[size_t(y) * cols + x] - want) / (want + 1e-9));
        }
    }
    printf("softmax of %d rows of %d in %.3f ms, largest relative error %.2e\n", rows, cols, ms, worst);
    CUDA_CHECK(cudaFree(d_in));
    CUDA_CHECK(cudaFree(d_out));
    return verdict(worst < 1e-4);
}
