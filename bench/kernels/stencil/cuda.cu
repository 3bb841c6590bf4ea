#include "cuda.h"
#include "data.h"

__global__ void stencil(const float *in, float *out, int n) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < 1 || y < 1 || x >= n - 1 || y >= n - 1) return;
    out[y * n + x] = 0.2f * (in[y * n + x] + in[y * n + x - 1] + in[y * n + x + 1] + in[(y - 1) * n + x] + in[(y + 1) * n + x]);
}

static float *d_a, *d_b;
static void run() {
    dim3 block(32, 8), grid(N / 32, N / 8);
    for (int step = 0; step < STEPS; step += 2) {
        stencil<<<grid, block>>>(d_a, d_b, N);
        stencil<<<grid, block>>>(d_b, d_a, N);
    }
    finish();
}
static double checksum() {
    to_host(grid_a, d_a, (size_t)N * N);
    return sum_grid();
}
int main() {
    make_data();
    d_a = device_copy(grid_a, (size_t)N * N);
    d_b = device_copy(grid_b, (size_t)N * N);
    return bench_drive(run, checksum);
}
