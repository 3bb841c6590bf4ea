#include "cuda.h"
#include "data.h"

__global__ void gemm(const float *A, const float *B, float *C, int n) {
    __shared__ float As[BK][BM], Bs[BK][BN];
    int row = threadIdx.x / (BN / TN) * TM, col = threadIdx.x % (BN / TN) * TN;
    A += blockIdx.y * BM * n;
    B += blockIdx.x * BN;
    C += blockIdx.y * BM * n + blockIdx.x * BN;
    float sums[TM][TN] = {};
    for (int start = 0; start < n; start += BK) {
        for (int i = threadIdx.x; i < BM * BK; i += blockDim.x) As[i % BK][i / BK] = A[i / BK * n + start + i % BK];
        for (int i = threadIdx.x; i < BK * BN; i += blockDim.x) Bs[i / BN][i % BN] = B[(start + i / BN) * n + i % BN];
        __syncthreads();
#pragma unroll
        for (int k = 0; k < BK; k++) {
            float left[TM], right[TN];
            for (int i = 0; i < TM; i++) left[i] = As[k][row + i];
            for (int j = 0; j < TN; j++) right[j] = Bs[k][col + j];
            for (int i = 0; i < TM; i++)
                for (int j = 0; j < TN; j++) sums[i][j] += left[i] * right[j];
        }
        __syncthreads();
    }
    for (int i = 0; i < TM; i++)
        for (int j = 0; j < TN; j++) C[(row + i) * n + col + j] = sums[i][j];
}

static float *d_a, *d_b, *d_c;
static void run() {
    gemm<<<dim3(N / BN, N / BM), BM * BN / (TM * TN)>>>(d_a, d_b, d_c, N);
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
