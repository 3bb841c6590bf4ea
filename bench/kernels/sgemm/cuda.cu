#include "cuda.h"
#include "data.h"

__global__ void sgemm(const float *A, const float *B, float *C, int n) {
    __shared__ float As[TILE][TILE], Bs[TILE][TILE];
    int row = blockIdx.y * TILE + threadIdx.y, col = blockIdx.x * TILE + threadIdx.x;
    float sum = 0.0f;
    for (int t = 0; t < n / TILE; t++) {
        As[threadIdx.y][threadIdx.x] = A[row * n + t * TILE + threadIdx.x];
        Bs[threadIdx.y][threadIdx.x] = B[(t * TILE + threadIdx.y) * n + col];
        __syncthreads();
        for (int k = 0; k < TILE; k++) sum += As[threadIdx.y][k] * Bs[k][threadIdx.x];
        __syncthreads();
    }
    C[row * n + col] = sum;
}

static float *d_a, *d_b, *d_c;
static void run() {
    sgemm<<<dim3(N / TILE, N / TILE), dim3(TILE, TILE)>>>(d_a, d_b, d_c, N);
    finish();
}
static double checksum() {
    to_host(c, d_c, N * N);
    return weigh();
}
int main() {
    make_data();
    d_a = device_copy(a, N * N);
    d_b = device_copy(b, N * N);
    d_c = device_array<float>(N * N);
    return bench_drive(run, checksum);
}
