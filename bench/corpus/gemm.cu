/* Matrix products without registers' tiles: a thread computes an element, or a few of a column. */
#include "corpus.h"

using corpus::random;

namespace reference {
void gemm(const float *a, const float *b, float *c, int m, int k, int n);
void gemm(const double *a, const double *b, double *c, int m, int k, int n);
void gemm(const int *a, const int *b, int *c, int m, int k, int n);
void gemm_by_rows(const float *a, const float *b, float *c, int n);
} // namespace reference

__global__ void naive(const float *a, const float *b, float *c, int n) {
    int row = blockIdx.y * blockDim.y + threadIdx.y, column = blockIdx.x * blockDim.x + threadIdx.x;
    if (row < n && column < n) {
        float sum = 0;
        for (int k = 0; k < n; k++) sum += a[row * n + k] * b[k * n + column];
        c[row * n + column] = sum;
    }
}

/* The first mistake of everybody: neighbours in x take neighbouring rows. */
__global__ void uncoalesced(const float *a, const float *b, float *c, int n) {
    int row = blockIdx.x * blockDim.x + threadIdx.x, column = blockIdx.y * blockDim.y + threadIdx.y;
    if (row < n && column < n) {
        float sum = 0;
        for (int k = 0; k < n; k++) sum += a[row * n + k] * b[k * n + column];
        c[row * n + column] = sum;
    }
}

__global__ void coalesced(const float *a, const float *b, float *c, int n) {
    int row = blockIdx.x * 32 + threadIdx.x / 32, column = blockIdx.y * 32 + threadIdx.x % 32;
    float sum = 0;
    for (int k = 0; k < n; ++k) sum += a[row * n + k] * b[k * n + column];
    c[row * n + column] = sum;
}

template <typename T, int TILE> __global__ void tiled(const T *a, const T *b, T *c, int n) {
    __shared__ T as[TILE][TILE], bs[TILE][TILE];
    int tx = threadIdx.x, ty = threadIdx.y;
    int row = blockIdx.y * TILE + ty, column = blockIdx.x * TILE + tx;
    T sum = 0;
    for (int t = 0; t < n / TILE; ++t) {
        as[ty][tx] = a[row * n + t * TILE + tx];
        bs[ty][tx] = b[(t * TILE + ty) * n + column];
        __syncthreads();
        for (int k = 0; k < TILE; ++k) sum += as[ty][k] * bs[k][tx];
        __syncthreads();
    }
    c[row * n + column] = sum;
}

/* Pointers of the block's tiles that walk, as in a vendor's sample. */
template <int TILE> __global__ void walking(float *c, const float *a, const float *b, int width_a, int width_b) {
    int bx = blockIdx.x, by = blockIdx.y, tx = threadIdx.x, ty = threadIdx.y;
    int begin_a = width_a * TILE * by, end_a = begin_a + width_a - 1, step_a = TILE;
    int begin_b = TILE * bx, step_b = TILE * width_b;
    float sum = 0;
    for (int i = begin_a, j = begin_b; i <= end_a; i += step_a, j += step_b) {
        __shared__ float as[TILE][TILE];
        __shared__ float bs[TILE][TILE];
        as[ty][tx] = a[i + width_a * ty + tx];
        bs[ty][tx] = b[j + width_b * ty + tx];
        __syncthreads();
#pragma unroll
        for (int k = 0; k < TILE; ++k) sum += as[ty][k] * bs[k][tx];
        __syncthreads();
    }
    c[width_b * TILE * by + TILE * bx + width_b * ty + tx] = sum;
}

/* Any shape: tiles are filled up with zeros. */
template <int TILE, int PAD>
__global__ void guarded(const float *__restrict__ a, const float *__restrict__ b, float *__restrict__ c, int m, int k,
                        int n) {
    __shared__ float as[TILE][TILE + PAD], bs[TILE][TILE + PAD];
    int tx = threadIdx.x, ty = threadIdx.y, row = blockIdx.y * TILE + ty, column = blockIdx.x * TILE + tx;
    float sum = 0;
    for (int t = 0; t < (k + TILE - 1) / TILE; t++) {
        as[ty][tx] = (row < m && t * TILE + tx < k) ? a[row * k + t * TILE + tx] : 0.f;
        bs[ty][tx] = (t * TILE + ty < k && column < n) ? b[(t * TILE + ty) * n + column] : 0.f;
        __syncthreads();
#pragma unroll
        for (int i = 0; i < TILE; i++) sum += as[ty][i] * bs[i][tx];
        __syncthreads();
    }
    if (row < m && column < n) c[row * n + column] = sum;
}

__global__ void by_rows_naive(const float *a, const float *b, float *c, int n) {
    int row = blockIdx.y * 16 + threadIdx.y, column = blockIdx.x * 16 + threadIdx.x;
    float sum = 0;
    for (int k = 0; k < n; k++) sum += a[row * n + k] * b[column * n + k];
    c[row * n + column] = sum;
}

__global__ void by_rows_tiled(const float *a, const float *b, float *c, int n) {
    __shared__ float as[16][17], bs[16][17];
    int tx = threadIdx.x, ty = threadIdx.y, row = blockIdx.y * 16 + ty;
    float sum = 0;
    for (int t = 0; t < n; t += 16) {
        as[ty][tx] = a[row * n + t + tx];
        bs[ty][tx] = b[(blockIdx.x * 16 + ty) * n + t + tx];
        __syncthreads();
        for (int k = 0; k < 16; k++) sum += as[ty][k] * bs[tx][k];
        __syncthreads();
    }
    c[row * n + blockIdx.x * 16 + tx] = sum;
}

/* A tile of 64 x 64, eight rows of a column for each of 512 threads. */
__global__ void __launch_bounds__(512) columns(const float *a, const float *b, float *c, int n) {
    const int BM = 64, BN = 64, BK = 8, TM = 8;
    __shared__ float as[BM * BK], bs[BK * BN];
    int column = threadIdx.x % BN, row = threadIdx.x / BN;
    a += blockIdx.y * BM * n;
    b += blockIdx.x * BN;
    c += blockIdx.y * BM * n + blockIdx.x * BN;
    int column_a = threadIdx.x % BK, row_a = threadIdx.x / BK, column_b = threadIdx.x % BN, row_b = threadIdx.x / BN;
    float sums[TM] = {0};
    for (int k = 0; k < n; k += BK) {
        as[row_a * BK + column_a] = a[row_a * n + column_a];
        bs[row_b * BN + column_b] = b[row_b * n + column_b];
        __syncthreads();
        a += BK;
        b += BK * n;
        for (int d = 0; d < BK; ++d) {
            float x = bs[d * BN + column];
            for (int i = 0; i < TM; i++) sums[i] += as[(row * TM + i) * BK + d] * x;
        }
        __syncthreads();
    }
    for (int i = 0; i < TM; i++) c[(row * TM + i) * n + column] = sums[i];
}

/* A square product; `launch(a, b, c, n)`. */
template <typename T, typename F> static corpus::Work square(F launch) {
    int n = corpus::size(128, 1024);
    auto a = random<T>(n * n, 0, 9), b = random<T>(n * n, 0, 9);
    auto c = corpus::result<T>(n * n);
    return {[=] { launch(a, b, c, n); }, [=] { reference::gemm(a.host, b.host, c.host, n, n, n); }};
}

template <typename F> static corpus::Work square_by_rows(F launch) {
    int n = corpus::size(128, 1024);
    auto a = random<float>(n * n), b = random<float>(n * n);
    auto c = corpus::result<float>(n * n);
    return {[=] { launch(a, b, c, n); }, [=] { reference::gemm_by_rows(a.host, b.host, c.host, n); }};
}

/* Sizes that no tile divides. */
template <int TILE, int PAD> static corpus::Work any_shape() {
    int m = corpus::size(100, 1000), k = corpus::size(70, 900), n = corpus::size(90, 1100);
    auto a = random<float>(m * k), b = random<float>(k * n);
    auto c = corpus::result<float>(m * n);
    dim3 grid((n + TILE - 1) / TILE, (m + TILE - 1) / TILE);
    return {[=] { guarded<TILE, PAD><<<grid, dim3(TILE, TILE)>>>(a, b, c, m, k, n); },
            [=] { reference::gemm(a.host, b.host, c.host, m, k, n); }};
}

template <typename T, int TILE> static corpus::Work tiles() {
    return square<T>([](auto a, auto b, auto c, int n) {
        tiled<T, TILE><<<dim3(n / TILE, n / TILE), dim3(TILE, TILE)>>>(a, b, c, n);
    });
}

static corpus::Work naive_in_blocks(int x, int y) {
    return square<float>([=](auto a, auto b, auto c, int n) { naive<<<dim3(n / x, n / y), dim3(x, y)>>>(a, b, c, n); });
}

CASE(naive_16x16, 1e-5) { return naive_in_blocks(16, 16); }
CASE(naive_32x32, 1e-5) { return naive_in_blocks(32, 32); }
CASE(naive_32x8, 1e-5) { return naive_in_blocks(32, 8); }
CASE(uncoalesced, 1e-5) {
    return square<float>(
        [](auto a, auto b, auto c, int n) { uncoalesced<<<dim3(n / 32, n / 32), dim3(32, 32)>>>(a, b, c, n); });
}
CASE(coalesced, 1e-5) {
    return square<float>([](auto a, auto b, auto c, int n) { coalesced<<<dim3(n / 32, n / 32), 1024>>>(a, b, c, n); });
}
CASE(tile_8, 1e-5) { return tiles<float, 8>(); }
CASE(tile_16, 1e-5) { return tiles<float, 16>(); }
CASE(tile_32, 1e-5) { return tiles<float, 32>(); }
CASE(double_tile_16, 1e-12) { return tiles<double, 16>(); }
CASE(double_tile_32, 1e-12) { return tiles<double, 32>(); }
CASE(int_tile_16, 0) { return tiles<int, 16>(); }
CASE(walking_32, 1e-5) {
    return square<float>(
        [](auto a, auto b, auto c, int n) { walking<32><<<dim3(n / 32, n / 32), dim3(32, 32)>>>(c, a, b, n, n); });
}
CASE(guarded_16, 1e-5) { return any_shape<16, 1>(); }
CASE(guarded_32, 1e-5) { return any_shape<32, 0>(); }
CASE(columns, 1e-5) {
    return square<float>([](auto a, auto b, auto c, int n) { columns<<<dim3(n / 64, n / 64), 512>>>(a, b, c, n); });
}
CASE(by_rows_naive, 1e-5) {
    return square_by_rows(
        [](auto a, auto b, auto c, int n) { by_rows_naive<<<dim3(n / 16, n / 16), dim3(16, 16)>>>(a, b, c, n); });
}
CASE(by_rows_tile_16, 1e-5) {
    return square_by_rows(
        [](auto a, auto b, auto c, int n) { by_rows_tiled<<<dim3(n / 16, n / 16), dim3(16, 16)>>>(a, b, c, n); });
}
