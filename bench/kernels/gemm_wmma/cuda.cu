#include <cuda_fp16.h>
#include <mma.h>

#include "cuda.h"
#include "data.h"

using namespace nvcuda;

/* A warp a tile of C. */
__global__ void gemm(const half *A, const half *B, float *C, int n) {
    int row = blockIdx.y * TILE, col = (blockIdx.x * WARPS + threadIdx.x / 32) * TILE;
    wmma::fragment<wmma::matrix_a, TILE, TILE, TILE, half, wmma::row_major> left;
    wmma::fragment<wmma::matrix_b, TILE, TILE, TILE, half, wmma::row_major> right;
    wmma::fragment<wmma::accumulator, TILE, TILE, TILE, float> sum;
    wmma::fill_fragment(sum, 0.0f);
    for (int k = 0; k < n; k += TILE) {
        wmma::load_matrix_sync(left, A + row * n + k, n);
        wmma::load_matrix_sync(right, B + k * n + col, n);
        wmma::mma_sync(sum, left, right, sum);
    }
    wmma::store_matrix_sync(C + row * n + col, sum, n, wmma::mem_row_major);
}

static half *d_a, *d_b;
static float *d_c;
static void run() {
    gemm<<<dim3(N / (TILE * WARPS), N / TILE), 32 * WARPS>>>(d_a, d_b, d_c, N);
    finish();
}
static double checksum() {
    to_host(c, d_c, N * N);
    return weigh();
}
int main() {
    make_data();
    d_a = device_copy((half *)a, N * N);
    d_b = device_copy((half *)b, N * N);
    d_c = device_array<float>(N * N);
    return bench_drive(run, checksum);
}
