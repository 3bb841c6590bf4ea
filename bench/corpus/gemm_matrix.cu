/* Matrix products by the units for them: mma.sync with ldmatrix and cp.async, and wmma. */
#include "corpus.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <mma.h>

using namespace nvcuda;

namespace reference {
void gemm_small_integers(const float *a, const float *b, float *c, int n);
}

__device__ static unsigned shared_address(const void *p) { return (unsigned)__cvta_generic_to_shared(p); }
__device__ static void copy_16(void *to, const void *from) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(shared_address(to)), "l"(from));
}

/* Blocks of BM x BN, warps of WM x WN, two tiles in turn. */
template <int BM, int BN, int BK, int WM, int WN>
__global__ void __launch_bounds__(BM / WM * BN / WN * 32) mma(const half *a, const half *b, float *c, int n) {
    const int THREADS = BM / WM * BN / WN * 32, PAD = 8;
    __shared__ __align__(16) half as[2][BM][BK + PAD], bs[2][BK][BN + PAD];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32, top = warp / (BN / WN) * WM, left = warp % (BN / WN) * WN;
    a += blockIdx.y * BM * n;
    b += blockIdx.x * BN;
    float sums[WM / 16][WN / 8][4] = {};
    auto fetch = [&](int stage, int k) {
        for (int i = threadIdx.x; i < BM * BK / 8; i += THREADS)
            copy_16(&as[stage][i / (BK / 8)][i % (BK / 8) * 8], a + i / (BK / 8) * n + k + i % (BK / 8) * 8);
        for (int i = threadIdx.x; i < BN * BK / 8; i += THREADS)
            copy_16(&bs[stage][i / (BN / 8)][i % (BN / 8) * 8], b + (k + i / (BN / 8)) * n + i % (BN / 8) * 8);
        asm volatile("cp.async.commit_group;");
    };
    fetch(0, 0);
    for (int k = 0, stage = 0; k < n; k += BK, stage ^= 1) {
        if (k + BK < n) {
            fetch(stage ^ 1, k + BK);
            asm volatile("cp.async.wait_group 1;");
        } else {
            asm volatile("cp.async.wait_group 0;");
        }
        __syncthreads();
#pragma unroll
        for (int step = 0; step < BK; step += 16) {
            unsigned rows[WM / 16][4], columns[WN / 8][2];
#pragma unroll
            for (int i = 0; i < WM / 16; i++)
                asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                             : "=r"(rows[i][0]), "=r"(rows[i][1]), "=r"(rows[i][2]), "=r"(rows[i][3])
                             : "r"(shared_address(&as[stage][top + i * 16 + lane % 16][step + lane / 16 * 8])));
#pragma unroll
            for (int j = 0; j < WN / 8; j += 2)
                asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                             : "=r"(columns[j][0]), "=r"(columns[j][1]), "=r"(columns[j + 1][0]),
                               "=r"(columns[j + 1][1])
                             : "r"(shared_address(&bs[stage][step + lane % 16][left + j * 8 + lane / 16 * 8])));
#pragma unroll
            for (int i = 0; i < WM / 16; i++)
#pragma unroll
                for (int j = 0; j < WN / 8; j++)
                    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, "
                                 "{%8,%9}, {%0,%1,%2,%3};"
                                 : "+f"(sums[i][j][0]), "+f"(sums[i][j][1]), "+f"(sums[i][j][2]), "+f"(sums[i][j][3])
                                 : "r"(rows[i][0]), "r"(rows[i][1]), "r"(rows[i][2]), "r"(rows[i][3]),
                                   "r"(columns[j][0]), "r"(columns[j][1]));
        }
        __syncthreads();
    }
    for (int i = 0; i < WM / 16; i++)
        for (int j = 0; j < WN / 8; j++)
            for (int e = 0; e < 2; e++) {
                int row = blockIdx.y * BM + top + i * 16 + lane / 4 + e * 8;
                int column = blockIdx.x * BN + left + j * 8 + lane % 4 * 2;
                *(float2 *)&c[row * n + column] = make_float2(sums[i][j][2 * e], sums[i][j][2 * e + 1]);
            }
}

/* A warp's products: A and B by columns of K, so that both fragments are loaded alike. */
__device__ static void multiply(float (&c)[4], const unsigned *a, const unsigned *b, half) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
__device__ static void multiply(unsigned (&c)[2], const unsigned *a, const unsigned *b, half) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16 {%0,%1}, {%2,%3,%4,%5}, {%6,%7}, {%0,%1};"
                 : "+r"(c[0]), "+r"(c[1])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
__device__ static void multiply(int (&c)[4], const unsigned *a, const unsigned *b, signed char) {
    asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
__device__ static float2 pair(const float (&c)[4], int e) { return make_float2(c[2 * e], c[2 * e + 1]); }
__device__ static float2 pair(const int (&c)[4], int e) { return make_float2(c[2 * e], c[2 * e + 1]); }
__device__ static float2 pair(const unsigned (&c)[2], int e) { return __half22float2(*(const half2 *)&c[e]); }

/* C = A * B^T; blocks of 128 x 128, warps of 64 x 32, rows of 64 bytes in shared memory whose quarters are exchanged. */
template <typename T, typename Sum, int REGISTERS> __global__ void by_columns(const T *a, const T *b, float *c, int n) {
    const int BM = 128, BN = 128, BYTES = 64, BK = BYTES / sizeof(T), THREADS = 256;
    __shared__ __align__(16) char as[BM][BYTES], bs[BN][BYTES];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32, top = warp / 4 * 64, left = warp % 4 * 32;
    auto place = [](int row, int quarter) { return (quarter ^ row / 2 % 4) * 16; };
    const char *from_a = (const char *)(a + blockIdx.y * BM * n), *from_b = (const char *)(b + blockIdx.x * BN * n);
    Sum sums[4][4][REGISTERS] = {};
    for (int k = 0; k < n; k += BK) {
        for (int i = threadIdx.x; i < BM * 4; i += THREADS)
            copy_16(&as[i / 4][place(i / 4, i % 4)], from_a + (i / 4 * n + k) * sizeof(T) + i % 4 * 16);
        for (int i = threadIdx.x; i < BN * 4; i += THREADS)
            copy_16(&bs[i / 4][place(i / 4, i % 4)], from_b + (i / 4 * n + k) * sizeof(T) + i % 4 * 16);
        asm volatile("cp.async.wait_all;");
        __syncthreads();
#pragma unroll
        for (int step = 0; step < 4; step += 2) {
            unsigned rows[4][4], columns[4][2];
#pragma unroll
            for (int i = 0; i < 4; i++) {
                int row = top + i * 16 + lane % 16;
                asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                             : "=r"(rows[i][0]), "=r"(rows[i][1]), "=r"(rows[i][2]), "=r"(rows[i][3])
                             : "r"(shared_address(&as[row][place(row, step + lane / 16)])));
            }
#pragma unroll
            for (int j = 0; j < 4; j += 2) {
                int row = left + j * 8 + lane % 8 + lane / 16 * 8;
                asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                             : "=r"(columns[j][0]), "=r"(columns[j][1]), "=r"(columns[j + 1][0]),
                               "=r"(columns[j + 1][1])
                             : "r"(shared_address(&bs[row][place(row, step + lane / 8 % 2)])));
            }
#pragma unroll
            for (int i = 0; i < 4; i++)
#pragma unroll
                for (int j = 0; j < 4; j++) multiply(sums[i][j], rows[i], columns[j], T());
        }
        __syncthreads();
    }
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            for (int e = 0; e < 2; e++) {
                int row = blockIdx.y * BM + top + i * 16 + lane / 4 + e * 8;
                int column = blockIdx.x * BN + left + j * 8 + lane % 4 * 2;
                *(float2 *)&c[row * n + column] = pair(sums[i][j], e);
            }
}

/* Fragments from shared tiles; warps of 64 x 32 in blocks of 128 x 128. */
template <typename T> __global__ void fragments(const T *a, const T *b, float *c, int n) {
    const int BM = 128, BN = 128, BK = 32, WM = 64, WN = 32, PAD = 8, THREADS = 256;
    __shared__ __align__(32) T as[BM][BK + PAD], bs[BK][BN + PAD];
    int warp = threadIdx.x / 32, top = warp / (BN / WN) * WM, left = warp % (BN / WN) * WN;
    a += blockIdx.y * BM * n;
    b += blockIdx.x * BN;
    wmma::fragment<wmma::accumulator, 16, 16, 16, float> sums[WM / 16][WN / 16];
    for (int i = 0; i < WM / 16; i++)
        for (int j = 0; j < WN / 16; j++) wmma::fill_fragment(sums[i][j], 0.0f);
    for (int k = 0; k < n; k += BK) {
        for (int i = threadIdx.x; i < BM * BK / 8; i += THREADS)
            *(int4 *)&as[i / (BK / 8)][i % (BK / 8) * 8] = *(const int4 *)(a + i / (BK / 8) * n + k + i % (BK / 8) * 8);
        for (int i = threadIdx.x; i < BN * BK / 8; i += THREADS)
            *(int4 *)&bs[i / (BN / 8)][i % (BN / 8) * 8] =
                *(const int4 *)(b + (k + i / (BN / 8)) * n + i % (BN / 8) * 8);
        __syncthreads();
#pragma unroll
        for (int step = 0; step < BK; step += 16) {
            wmma::fragment<wmma::matrix_a, 16, 16, 16, T, wmma::row_major> rows[WM / 16];
            wmma::fragment<wmma::matrix_b, 16, 16, 16, T, wmma::row_major> columns[WN / 16];
            for (int i = 0; i < WM / 16; i++) wmma::load_matrix_sync(rows[i], &as[top + i * 16][step], BK + PAD);
            for (int j = 0; j < WN / 16; j++) wmma::load_matrix_sync(columns[j], &bs[step][left + j * 16], BN + PAD);
            for (int i = 0; i < WM / 16; i++)
                for (int j = 0; j < WN / 16; j++) wmma::mma_sync(sums[i][j], rows[i], columns[j], sums[i][j]);
        }
        __syncthreads();
    }
    for (int i = 0; i < WM / 16; i++)
        for (int j = 0; j < WN / 16; j++)
            wmma::store_matrix_sync(c + (blockIdx.y * BM + top + i * 16) * n + blockIdx.x * BN + left + j * 16,
                                    sums[i][j], n, wmma::mem_row_major);
}

/* A warp a tile of 16 x 16, straight from global memory; A by columns. */
__global__ void fragments_plain(const half *a, const half *b, float *c, int n) {
    int warp = (blockIdx.x * blockDim.x + threadIdx.x) / 32, row = warp / (n / 16) * 16, column = warp % (n / 16) * 16;
    wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> rows;
    wmma::fragment<wmma::matrix_b, 16, 16, 16, half, wmma::row_major> columns;
    wmma::fragment<wmma::accumulator, 16, 16, 16, float> sums;
    wmma::fill_fragment(sums, 0.0f);
    for (int k = 0; k < n; k += 16) {
        wmma::load_matrix_sync(rows, a + row * n + k, n);
        wmma::load_matrix_sync(columns, b + k * n + column, n);
        wmma::mma_sync(sums, rows, columns, sums);
    }
    wmma::store_matrix_sync(c + row * n + column, sums, n, wmma::mem_row_major);
}

/* How B lies in memory. */
enum class By { Rows, Columns };

/* Products of small integers, which every format and order sums exactly; `launch(a, b, c, n)`. `span`: how many there are. */
template <typename T, typename F> static corpus::Work product(F launch, By by = By::Rows, int span = 19) {
    int n = corpus::size(256, 1024);
    auto number = [=](size_t i, bool left) {
        return (float)((left ? i * 7 % 23 : i * 5 % 19) % span) - (span > 9 ? 9 : span / 2);
    };
    auto numbers = [=](bool left, auto one, By by) {
        return corpus::array<decltype(one)>(n * n, [=](decltype(one) *host) {
            for (int i = 0; i < n * n; i++)
                host[by == By::Rows ? i : i % n * n + i / n] = decltype(one)(number(i, left));
        });
    };
    auto a = numbers(true, T(1.0f), By::Rows), b = numbers(false, T(1.0f), by);
    auto a_float = numbers(true, 1.0f, By::Rows), b_float = numbers(false, 1.0f, By::Rows);
    auto c = corpus::result<float>(n * n);
    return {[=] { launch(a, b, c, n); },
            [=] { reference::gemm_small_integers(a_float.host, b_float.host, c.host, n); }};
}

template <int BM, int BN, int BK, int WM, int WN> static corpus::Work by_mma() {
    return product<half>([](auto a, auto b, auto c, int n) {
        mma<BM, BN, BK, WM, WN><<<dim3(n / BN, n / BM), BM / WM * BN / WN * 32>>>(a, b, c, n);
    });
}
CASE(mma_128x128_64x32, 0) { return by_mma<128, 128, 32, 64, 32>(); }
CASE(mma_128x128_64x64, 0) { return by_mma<128, 128, 32, 64, 64>(); }
CASE(mma_64x64_32x32, 0) { return by_mma<64, 64, 32, 32, 32>(); }

template <typename T, typename Sum, int REGISTERS> static corpus::Work columns(int span) {
    auto launch = [](auto a, auto b, auto c, int n) {
        by_columns<T, Sum, REGISTERS><<<dim3(n / 128, n / 128), 256>>>(a, b, c, n);
    };
    return product<T>(launch, By::Columns, span);
}
CASE(mma_by_columns, 0) { return columns<half, float, 4>(19); }
CASE(mma_half_sums, 0) { return columns<half, unsigned, 2>(3); }
CASE(mma_bytes, 0) { return columns<signed char, int, 4>(19); }

template <typename T> static corpus::Work by_fragments() {
    return product<T>([](auto a, auto b, auto c, int n) { fragments<T><<<dim3(n / 128, n / 128), 256>>>(a, b, c, n); });
}
CASE(wmma_128x128_half, 0) { return by_fragments<half>(); }
CASE(wmma_128x128_bfloat16, 0) { return by_fragments<__nv_bfloat16>(); }
CASE(wmma_plain, 0) {
    return product<half>(
        [](auto a, auto b, auto c, int n) { fragments_plain<<<n / 16 * (n / 16) / 4, 128>>>(a, b, c, n); });
}
