// Memory spaces: a filter in __constant__ memory, a __device__ counter, __managed__ data that both sides touch.
// Usage: constant_and_managed

#include <cmath>
#include <vector>

#include "common/check.h"

constexpr int RADIUS = 4;
__constant__ float weights[2 * RADIUS + 1];
__device__ unsigned long long touched;
__managed__ int largest_at;

__global__ void blur(const float *in, float *out, int n) {
    extern __shared__ float row[];
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    for (int j = threadIdx.x; j < blockDim.x + 2 * RADIUS; j += blockDim.x) {
        int at = int(blockIdx.x * blockDim.x) + j - RADIUS;
        row[j] = at >= 0 && at < n ? in[at] : 0.0f;
    }
    __syncthreads();
    if (i >= n) return;
    float sum = 0.0f;
    for (int k = 0; k <= 2 * RADIUS; k++) sum += weights[k] * row[threadIdx.x + k];
    out[i] = sum;
    atomicAdd(&touched, 1ull);
}

__global__ void find_largest(const float *data, int n) {
    if (blockIdx.x != 0 || threadIdx.x != 0) return;
    int at = 0;
    for (int i = 1; i < n; i++)
        if (data[i] > data[at]) at = i;
    largest_at = at;
}

int main() {
    const int n = 100000;
    float host_weights[2 * RADIUS + 1];
    for (int k = 0; k <= 2 * RADIUS; k++) host_weights[k] = expf(-0.2f * (k - RADIUS) * (k - RADIUS));
    CUDA_CHECK(cudaMemcpyToSymbol(weights, host_weights, sizeof host_weights));
    unsigned long long zero = 0, count = 0;
    CUDA_CHECK(cudaMemcpyToSymbol(touched, &zero, sizeof zero));

    float *in, *out;
    CUDA_CHECK(cudaMallocManaged(&in, n * sizeof(float)));
    CUDA_CHECK(cudaMallocManaged(&out, n * sizeof(float)));
    for (int i = 0; i < n; i++) in[i] = sinf(i * 0.01f) + (i == 54321 ? 10.0f : 0.0f);

    const int block = 192;
    blur<<<(n + block - 1) / block, block, (block + 2 * RADIUS) * sizeof(float)>>>(in, out, n);
    find_largest<<<1, 32>>>(out, n);
    CUDA_CHECK(cudaGetLastError());
    CUDA_CHECK(cudaDeviceSynchronize());
    CUDA_CHECK(cudaMemcpyFromSymbol(&count, touched, sizeof count));

    double worst = 0.0;
    for (int i = 0; i < n; i++) {
        double sum = 0.0;
        for (int k = -RADIUS; k <= RADIUS; k++)
            if (i + k >= 0 && i + k < n) sum += double(host_weights[k + RADIUS]) * in[i + k];
        worst = fmax(worst, fabs(sum - out[i]));
    }
    printf("largest error %.2e, %llu of %d elements counted, largest at %d\n", worst, count, n, largest_at);
    bool ok = worst < 1e-4 && count == n && largest_at == 54321;
    CUDA_CHECK(cudaFree(in));
    CUDA_CHECK(cudaFree(out));
    return verdict(ok);
}
