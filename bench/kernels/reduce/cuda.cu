#include "cuda.h"
#include "data.h"

__global__ void reduce(const float *in, float *out, int n) {
    __shared__ float cache[BLOCK];
    unsigned t = threadIdx.x;
    unsigned i = blockIdx.x * (blockDim.x * 2) + t;
    float sum = i < n ? in[i] : 0.0f;
    if (i + blockDim.x < n) sum += in[i + blockDim.x];
    cache[t] = sum;
    __syncthreads();
    for (unsigned s = blockDim.x / 2; s > 0; s >>= 1) {
        if (t < s) cache[t] += cache[t + s];
        __syncthreads();
    }
    if (t == 0) out[blockIdx.x] = cache[0];
}

static float *d_x, *d_partial;
static void run() {
    reduce<<<GRID, BLOCK>>>(d_x, d_partial, N);
    finish();
}
static double checksum() {
    to_host(partial, d_partial, GRID);
    return sum_partial();
}
int main() {
    make_data();
    d_x = device_copy(x, N);
    d_partial = device_array<float>(GRID);
    return bench_drive(run, checksum);
}
