#include "cuda.h"
#include "data.h"

/* Four bytes along k a word; `words` of them a row of A and a column of B. */
__global__ void gemm_int8(const int *A, const int *B, int *C, int n, int words) {
    __shared__ int As[TILE][TILE], Bs[TILE][TILE + 1];
    int row = blockIdx.y * TILE + threadIdx.y, col = blockIdx.x * TILE + threadIdx.x;
    int sum = 0;
    for (int start = 0; start < words; start += TILE) {
        As[threadIdx.y][threadIdx.x] = A[row * words + start + threadIdx.x];
        Bs[threadIdx.x][threadIdx.y] = B[(blockIdx.x * TILE + threadIdx.y) * words + start + threadIdx.x];
        __syncthreads();
        for (int k = 0; k < TILE; k++) sum = __dp4a(As[threadIdx.y][k], Bs[k][threadIdx.x], sum);
        __syncthreads();
    }
    C[row * n + col] = sum;
}

static int *d_a, *d_b, *d_c;
static void run() {
    gemm_int8<<<dim3(N / TILE, N / TILE), dim3(TILE, TILE)>>>(d_a, d_b, d_c, N, N / 4);
    finish();
}
static double checksum() {
    to_host(c, d_c, N * N);
    return weigh();
}
int main() {
    make_data();
    d_a = device_copy((int *)a, N * N / 4);
    d_b = device_copy((int *)b, N * N / 4);
    d_c = device_array<int>(N * N);
    return bench_drive(run, checksum);
}
