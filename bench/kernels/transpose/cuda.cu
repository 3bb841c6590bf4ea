#include "cuda.h"
#include "data.h"

__global__ void transpose(const float *in, float *out, int n) {
    __shared__ float tile[TILE][TILE + 1];
    int x = blockIdx.x * TILE + threadIdx.x, y = blockIdx.y * TILE + threadIdx.y;
    for (int j = 0; j < TILE; j += ROWS) tile[threadIdx.y + j][threadIdx.x] = in[(y + j) * n + x];
    __syncthreads();
    x = blockIdx.y * TILE + threadIdx.x;
    y = blockIdx.x * TILE + threadIdx.y;
    for (int j = 0; j < TILE; j += ROWS) out[(y + j) * n + x] = tile[threadIdx.x][threadIdx.y + j];
}

static float *d_in, *d_out;
static void run() {
    transpose<<<dim3(N / TILE, N / TILE), dim3(TILE, ROWS)>>>(d_in, d_out, N);
    finish();
}
static double checksum() {
    to_host(out, d_out, (size_t)N * N);
    return weigh();
}
int main() {
    make_data();
    d_in = device_copy(in, (size_t)N * N);
    d_out = device_array<float>((size_t)N * N);
    return bench_drive(run, checksum);
}
