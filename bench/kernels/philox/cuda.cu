#include "cuda.h"
#include "data.h"
#include "draw.h"

__global__ void price(float *sums) {
    __shared__ float cache[BLOCK];
    int t = threadIdx.x, id = blockIdx.x * blockDim.x + t;
    float sum = 0.0f;
    for (int i = 0; i < DRAWS; i++) {
        Four r = philox(i, id);
        sum += pay(r.x, r.y) + pay(r.z, r.w);
    }
    cache[t] = sum;
    __syncthreads();
    for (int s = blockDim.x / 2; s > 0; s >>= 1) {
        if (t < s) cache[t] += cache[t + s];
        __syncthreads();
    }
    if (t == 0) sums[blockIdx.x] = cache[0];
}

static float *d_sums;
static void run() {
    price<<<GRID, BLOCK>>>(d_sums);
    finish();
}
static double checksum() {
    to_host(sums, d_sums, GRID);
    return total();
}
int main() {
    make_data();
    d_sums = device_array<float>(GRID);
    return bench_drive(run, checksum);
}
