#include "cuda.h"
#include "data.h"

__global__ void dot(const float *x, const float *y, int n, float *partial) {
    __shared__ float cache[BLOCK];
    float sum = 0.0f;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) sum += x[i] * y[i];
    cache[threadIdx.x] = sum;
    __syncthreads();
    for (int half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) cache[threadIdx.x] += cache[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x == 0) partial[blockIdx.x] = cache[0];
}

static float *d_x, *d_y, *d_partial, partial[GRID];
static void run() {
    dot<<<GRID, BLOCK>>>(d_x, d_y, N, d_partial);
    finish();
}
static double checksum() {
    double sum = 0.0;
    to_host(partial, d_partial, GRID);
    for (float p : partial) sum += p;
    return sum;
}
int main() {
    make_data();
    d_x = device_copy(x, N);
    d_y = device_copy(y, N);
    d_partial = device_array<float>(GRID);
    return bench_drive(run, checksum);
}
