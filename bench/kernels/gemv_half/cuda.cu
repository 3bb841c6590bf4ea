#include <cuda_fp16.h>

#include "cuda.h"
#include "data.h"

__global__ void gemv(const __half2 *matrix, const __half2 *vector, float *y, int n) {
    __shared__ float warps[BLOCK / 32];
    const __half2 *row = matrix + (size_t)blockIdx.x * (n / 2);
    float sum = 0.0f;
    for (int i = threadIdx.x; i < n / 2; i += blockDim.x) {
        float2 a = __half22float2(row[i]), b = __half22float2(vector[i]);
        sum += a.x * b.x + a.y * b.y;
    }
    for (int offset = 16; offset > 0; offset /= 2) sum += __shfl_down_sync(0xffffffffu, sum, offset);
    if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = sum;
    __syncthreads();
    if (threadIdx.x == 0) {
        float total = 0.0f;
        for (int w = 0; w < BLOCK / 32; w++) total += warps[w];
        y[blockIdx.x] = total;
    }
}

static __half2 *d_matrix, *d_vector;
static float *d_y;
static void run() {
    gemv<<<N, BLOCK>>>(d_matrix, d_vector, d_y, N);
    finish();
}
static double checksum() {
    to_host(y, d_y, N);
    return weigh();
}
int main() {
    make_data();
    d_matrix = device_copy((__half2 *)matrix, (size_t)N * N / 2);
    d_vector = device_copy((__half2 *)vector, N / 2);
    d_y = device_array<float>(N);
    return bench_drive(run, checksum);
}
