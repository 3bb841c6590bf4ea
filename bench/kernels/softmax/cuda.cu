#include <cfloat>

#include "cuda.h"
#include "data.h"

__global__ void softmax(const float *in, float *out, int cols) {
    __shared__ float cache[256];
    const float *row = in + (size_t)blockIdx.x * cols;
    float *result = out + (size_t)blockIdx.x * cols;
    int t = threadIdx.x;

    float largest = -FLT_MAX;
    for (int i = t; i < cols; i += blockDim.x) largest = fmaxf(largest, row[i]);
    cache[t] = largest;
    __syncthreads();
    for (int s = blockDim.x / 2; s > 0; s >>= 1) {
        if (t < s) cache[t] = fmaxf(cache[t], cache[t + s]);
        __syncthreads();
    }
    largest = cache[0];
    __syncthreads();

    float sum = 0.0f;
    for (int i = t; i < cols; i += blockDim.x) {
        float e = expf(row[i] - largest);
        result[i] = e;
        sum += e;
    }
    cache[t] = sum;
    __syncthreads();
    for (int s = blockDim.x / 2; s > 0; s >>= 1) {
        if (t < s) cache[t] += cache[t + s];
        __syncthreads();
    }
    float scale = 1.0f / cache[0];
    for (int i = t; i < cols; i += blockDim.x) result[i] *= scale;
}

static float *d_in, *d_out;
static void run() {
    softmax<<<ROWS, 256>>>(d_in, d_out, COLS);
    finish();
}
static double checksum() {
    to_host(out, d_out, (size_t)ROWS * COLS);
    return weigh();
}
int main() {
    make_data();
    d_in = device_copy(in, (size_t)ROWS * COLS);
    d_out = device_array<float>((size_t)ROWS * COLS);
    return bench_drive(run, checksum);
}
