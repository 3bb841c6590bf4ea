/* Matrix products whose threads keep a tile of sums in registers. */
#include "corpus.h"

namespace reference {
void sgemm(const float *a, const float *b, float *c, int n, float alpha, float beta);
}

/* Sums of 8 x 8 elements that lie side by side; tiles as flat arrays. */
template <int BM, int BN, int BK, int TM, int TN>
__global__ void __launch_bounds__((BM * BN) / (TM * TN), 1)
    flat(int m, int n, int k, float alpha, const float *a, const float *b, float beta, float *c) {
    const unsigned threads = BM * BN / (TM * TN);
    const int column = threadIdx.x % (BN / TN), row = threadIdx.x / (BN / TN);
    __shared__ float as[BM * BK];
    __shared__ float bs[BK * BN];
    a += blockIdx.y * BM * k;
    b += blockIdx.x * BN;
    c += blockIdx.y * BM * n + blockIdx.x * BN;
    const unsigned row_a = threadIdx.x / BK, column_a = threadIdx.x % BK, stride_a = threads / BK;
    const unsigned row_b = threadIdx.x / BN, column_b = threadIdx.x % BN, stride_b = threads / BN;
    float sums[TM * TN] = {0.0}, rows[TM] = {0.0}, columns[TN] = {0.0};
    for (unsigned block = 0; block < k; block += BK) {
        for (unsigned o = 0; o < BM; o += stride_a) as[(row_a + o) * BK + column_a] = a[(row_a + o) * k + column_a];
        for (unsigned o = 0; o < BK; o += stride_b) bs[(row_b + o) * BN + column_b] = b[(row_b + o) * n + column_b];
        __syncthreads();
        a += BK;
        b += BK * n;
        for (unsigned d = 0; d < BK; ++d) {
            for (unsigned i = 0; i < TM; ++i) rows[i] = as[(row * TM + i) * BK + d];
            for (unsigned i = 0; i < TN; ++i) columns[i] = bs[d * BN + column * TN + i];
            for (unsigned i = 0; i < TM; ++i)
                for (unsigned j = 0; j < TN; ++j) sums[i * TN + j] += rows[i] * columns[j];
        }
        __syncthreads();
    }
    for (unsigned i = 0; i < TM; ++i)
        for (unsigned j = 0; j < TN; ++j) {
            float *at = &c[(row * TM + i) * n + column * TN + j];
            *at = alpha * sums[i * TN + j] + beta * *at;
        }
}

/* alpha * sums + beta * *at, four at a time. */
__device__ static void update4(float *at, float alpha, const float *sums, float beta) {
    float4 t = reinterpret_cast<float4 *>(at)[0];
    t.x = alpha * sums[0] + beta * t.x;
    t.y = alpha * sums[1] + beta * t.y;
    t.z = alpha * sums[2] + beta * t.z;
    t.w = alpha * sums[3] + beta * t.w;
    reinterpret_cast<float4 *>(at)[0] = t;
}

/* float4 from global memory, A's tile turned. */
template <int BM, int BN, int BK, int TM, int TN>
__global__ void float4_turned(int m, int n, int k, float alpha, float *a, float *b, float beta, float *c) {
    const int column = threadIdx.x % (BN / TN), row = threadIdx.x / (BN / TN);
    __shared__ float as[BM * BK];
    __shared__ float bs[BK * BN];
    a += blockIdx.y * BM * k;
    b += blockIdx.x * BN;
    c += blockIdx.y * BM * n + blockIdx.x * BN;
    const unsigned row_a = threadIdx.x / (BK / 4), column_a = threadIdx.x % (BK / 4);
    const unsigned row_b = threadIdx.x / (BN / 4), column_b = threadIdx.x % (BN / 4);
    float sums[TM * TN] = {0.0}, rows[TM] = {0.0}, columns[TN] = {0.0};
    for (unsigned block = 0; block < k; block += BK) {
        float4 t = reinterpret_cast<float4 *>(&a[row_a * k + column_a * 4])[0];
        as[(column_a * 4 + 0) * BM + row_a] = t.x;
        as[(column_a * 4 + 1) * BM + row_a] = t.y;
        as[(column_a * 4 + 2) * BM + row_a] = t.z;
        as[(column_a * 4 + 3) * BM + row_a] = t.w;
        reinterpret_cast<float4 *>(&bs[row_b * BN + column_b * 4])[0] =
            reinterpret_cast<float4 *>(&b[row_b * n + column_b * 4])[0];
        __syncthreads();
        a += BK;
        b += BK * n;
        for (unsigned d = 0; d < BK; ++d) {
            for (unsigned i = 0; i < TM; ++i) rows[i] = as[d * BM + row * TM + i];
            for (unsigned i = 0; i < TN; ++i) columns[i] = bs[d * BN + column * TN + i];
            for (unsigned i = 0; i < TM; ++i)
                for (unsigned j = 0; j < TN; ++j) sums[i * TN + j] += rows[i] * columns[j];
        }
        __syncthreads();
    }
    for (unsigned i = 0; i < TM; i += 1)
        for (unsigned j = 0; j < TN; j += 4)
            update4(&c[(row * TM + i) * n + column * TN + j], alpha, &sums[i * TN + j], beta);
}

/* Tiles of warps between those of blocks and threads. */
template <int BM, int BN, int BK, int WM, int WN, int WNITER, int TM, int TN, int THREADS>
__global__ void __launch_bounds__(THREADS)
    warps(int m, int n, int k, float alpha, float *a, float *b, float beta, float *c) {
    const unsigned warp = threadIdx.x / 32, warp_column = warp % (BN / WN), warp_row = warp / (BN / WN);
    constexpr unsigned WMITER = (WM * WN) / (32 * TM * TN * WNITER);
    constexpr unsigned WSUBM = WM / WMITER, WSUBN = WN / WNITER;
    const unsigned lane = threadIdx.x % 32, lane_column = lane % (WSUBN / TN), lane_row = lane / (WSUBN / TN);
    __shared__ float as[BM * BK];
    __shared__ float bs[BK * BN];
    a += blockIdx.y * BM * k;
    b += blockIdx.x * BN;
    c += (blockIdx.y * BM + warp_row * WM) * n + blockIdx.x * BN + warp_column * WN;
    const unsigned row_a = threadIdx.x / (BK / 4), column_a = threadIdx.x % (BK / 4);
    constexpr unsigned stride_a = (THREADS * 4) / BK;
    const unsigned row_b = threadIdx.x / (BN / 4), column_b = threadIdx.x % (BN / 4);
    constexpr unsigned stride_b = THREADS / (BN / 4);
    float sums[WMITER * TM * WNITER * TN] = {0.0}, rows[WMITER * TM] = {0.0}, columns[WNITER * TN] = {0.0};
    for (unsigned block = 0; block < k; block += BK) {
        for (unsigned o = 0; o + stride_a <= BM; o += stride_a) {
            const float4 t = reinterpret_cast<const float4 *>(&a[(row_a + o) * k + column_a * 4])[0];
            as[(column_a * 4 + 0) * BM + row_a + o] = t.x;
            as[(column_a * 4 + 1) * BM + row_a + o] = t.y;
            as[(column_a * 4 + 2) * BM + row_a + o] = t.z;
            as[(column_a * 4 + 3) * BM + row_a + o] = t.w;
        }
        for (unsigned o = 0; o + stride_b <= BK; o += stride_b)
            reinterpret_cast<float4 *>(&bs[(row_b + o) * BN + column_b * 4])[0] =
                reinterpret_cast<const float4 *>(&b[(row_b + o) * n + column_b * 4])[0];
        __syncthreads();
        for (unsigned d = 0; d < BK; ++d) {
            for (unsigned s = 0; s < WMITER; ++s)
                for (unsigned i = 0; i < TM; ++i)
                    rows[s * TM + i] = as[d * BM + warp_row * WM + s * WSUBM + lane_row * TM + i];
            for (unsigned s = 0; s < WNITER; ++s)
                for (unsigned i = 0; i < TN; ++i)
                    columns[s * TN + i] = bs[d * BN + warp_column * WN + s * WSUBN + lane_column * TN + i];
            for (unsigned s = 0; s < WMITER; ++s)
                for (unsigned t = 0; t < WNITER; ++t)
                    for (unsigned i = 0; i < TM; ++i)
                        for (unsigned j = 0; j < TN; ++j)
                            sums[(s * TM + i) * (WNITER * TN) + t * TN + j] += rows[s * TM + i] * columns[t * TN + j];
        }
        a += BK;
        b += BK * n;
        __syncthreads();
    }
    for (unsigned s = 0; s < WMITER; ++s)
        for (unsigned t = 0; t < WNITER; ++t) {
            float *part = c + (s * WSUBM) * n + t * WSUBN;
            for (unsigned i = 0; i < TM; i += 1)
                for (unsigned j = 0; j < TN; j += 4)
                    update4(&part[(lane_row * TM + i) * n + lane_column * TN + j], alpha,
                            &sums[(s * TM + i) * (WNITER * TN) + t * TN + j], beta);
        }
}

#define FLOAT4(at) (reinterpret_cast<float4 *>(&(at))[0])

/* Two tiles in shared memory and two fragments in registers: one is filled while the other is used. */
template <int BM, int BN, int BK, int TM, int TN>
__global__ void two_buffers(int m, int n, int k, float alpha, float *a, float *b, float beta, float *c) {
    const int bx = blockIdx.x, by = blockIdx.y, tx = threadIdx.x, ty = threadIdx.y;
    const int THREADS = BN / TN * (BM / TM), thread = ty * (BN / TN) + tx;
    __shared__ float as[2][BK][BM];
    __shared__ float bs[2][BK][BN];
    float sums[TM][TN] = {0}, rows[2][TM], columns[2][TN];
    float next_a[4 * (BM * BK / (THREADS * 4))], next_b[4 * (BK * BN / (THREADS * 4))];
    const int row_a = thread / (BK / 4), column_a = thread % (BK / 4) * 4, stride_a = THREADS / (BK / 4);
    const int row_b = thread / (BN / 4), column_b = thread % (BN / 4) * 4, stride_b = THREADS / (BN / 4);
    a = &a[BM * by * k];
    b = &b[BN * bx];
    auto load_a = [&](int i, int from) {
        FLOAT4(next_a[i / stride_a * 4]) = FLOAT4(a[(row_a + i) * k + column_a + from]);
    };
    auto store_a = [&](int i, int stage) {
        for (int e = 0; e < 4; e++) as[stage][column_a + e][row_a + i] = next_a[i / stride_a * 4 + e];
    };
#pragma unroll
    for (int i = 0; i < BM; i += stride_a) {
        load_a(i, 0);
        store_a(i, 0);
    }
#pragma unroll
    for (int i = 0; i < BK; i += stride_b) FLOAT4(bs[0][row_b + i][column_b]) = FLOAT4(b[(row_b + i) * n + column_b]);
    __syncthreads();
    auto fragment = [&](int into, int stage, int d) {
#pragma unroll
        for (int i = 0; i < TM; i += 4) FLOAT4(rows[into][i]) = FLOAT4(as[stage][d][TM * ty + i]);
#pragma unroll
        for (int j = 0; j < TN; j += 4) FLOAT4(columns[into][j]) = FLOAT4(bs[stage][d][TN * tx + j]);
    };
    auto add = [&](int from) {
#pragma unroll
        for (int i = 0; i < TM; ++i)
#pragma unroll
            for (int j = 0; j < TN; ++j) sums[i][j] += rows[from][i] * columns[from][j];
    };
    fragment(0, 0, 0);
    int write = 1, t = 0;
    do {
        t += BK;
        if (t < k) {
#pragma unroll
            for (int i = 0; i < BM; i += stride_a) load_a(i, t);
#pragma unroll
            for (int i = 0; i < BK; i += stride_b)
                FLOAT4(next_b[i / stride_b * 4]) = FLOAT4(b[(t + row_b + i) * n + column_b]);
        }
        int read = write ^ 1;
#pragma unroll
        for (int d = 0; d < BK - 1; ++d) {
            fragment((d + 1) % 2, read, d + 1);
            add(d % 2);
        }
        if (t < k) {
#pragma unroll
            for (int i = 0; i < BM; i += stride_a) store_a(i, write);
#pragma unroll
            for (int i = 0; i < BK; i += stride_b)
                FLOAT4(bs[write][row_b + i][column_b]) = FLOAT4(next_b[i / stride_b * 4]);
            __syncthreads();
            write ^= 1;
        }
        fragment(0, read ^ 1, 0);
        add(1);
    } while (t < k);
#pragma unroll
    for (int i = 0; i < TM; ++i)
#pragma unroll
        for (int j = 0; j < TN; j += 4)
            update4(&c[(BM * by + ty * TM + i) * n + BN * bx + tx * TN + j], alpha, &sums[i][j], beta);
}

/* Any shape: tiles are filled up with zeros. */
template <int BM, int BN, int BK, int TM, int TN>
__global__ void guarded(int m, int n, int k, float alpha, const float *__restrict__ a, const float *__restrict__ b,
                        float beta, float *__restrict__ c) {
    __shared__ float as[BM][BK];
    __shared__ float bs[BK][BN];
    const int tx = threadIdx.x, ty = threadIdx.y, thread = ty * blockDim.x + tx, threads = blockDim.x * blockDim.y;
    const int top = blockIdx.y * BM, left = blockIdx.x * BN;
    float sums[TM][TN];
    for (int i = 0; i < TM; i++)
        for (int j = 0; j < TN; j++) sums[i][j] = 0.0f;
    for (int t = 0; t < k; t += BK) {
        for (int e = thread; e < BM * BK; e += threads) {
            int i = e / BK, j = e % BK;
            as[i][j] = (top + i < m && t + j < k) ? a[(top + i) * k + t + j] : 0.0f;
        }
        for (int e = thread; e < BK * BN; e += threads) {
            int i = e / BN, j = e % BN;
            bs[i][j] = (t + i < k && left + j < n) ? b[(t + i) * n + left + j] : 0.0f;
        }
        __syncthreads();
#pragma unroll
        for (int d = 0; d < BK; d++) {
            float rows[TM], columns[TN];
#pragma unroll
            for (int i = 0; i < TM; i++) rows[i] = as[ty * TM + i][d];
#pragma unroll
            for (int j = 0; j < TN; j++) columns[j] = bs[d][tx * TN + j];
#pragma unroll
            for (int i = 0; i < TM; i++)
#pragma unroll
                for (int j = 0; j < TN; j++) sums[i][j] += rows[i] * columns[j];
        }
        __syncthreads();
    }
    for (int i = 0; i < TM; i++) {
        int row = top + ty * TM + i;
        if (row < m)
            for (int j = 0; j < TN; j++) {
                int column = left + tx * TN + j;
                if (column < n) c[row * n + column] = alpha * sums[i][j] + beta * c[row * n + column];
            }
    }
}

/* A thread's rows are ty + 16 i, its columns tx + 16 j. */
template <int BM, int BN, int BK>
__global__ void strided(int m, int n, int k, float alpha, const float *__restrict__ a, const float *__restrict__ b,
                        float beta, float *__restrict__ c) {
    constexpr int TM = BM / 16, TN = BN / 16;
    __shared__ float as[BK][BM + 1];
    __shared__ float bs[BK][BN];
    const int tx = threadIdx.x, ty = threadIdx.y, thread = ty * 16 + tx;
    float sums[TM][TN] = {};
    const float *a0 = a + blockIdx.y * BM * k, *b0 = b + blockIdx.x * BN;
    for (int t = 0; t < k; t += BK) {
        for (int e = thread; e < BM * BK; e += 256) as[e % BK][e / BK] = a0[(e / BK) * k + t + e % BK];
        for (int e = thread; e < BK * BN; e += 256) bs[e / BN][e % BN] = b0[(t + e / BN) * n + e % BN];
        __syncthreads();
#pragma unroll
        for (int d = 0; d < BK; d++) {
            float rows[TM], columns[TN];
#pragma unroll
            for (int i = 0; i < TM; i++) rows[i] = as[d][ty + 16 * i];
#pragma unroll
            for (int j = 0; j < TN; j++) columns[j] = bs[d][tx + 16 * j];
#pragma unroll
            for (int i = 0; i < TM; i++)
#pragma unroll
                for (int j = 0; j < TN; j++) sums[i][j] = fmaf(rows[i], columns[j], sums[i][j]);
        }
        __syncthreads();
    }
#pragma unroll
    for (int i = 0; i < TM; i++)
#pragma unroll
        for (int j = 0; j < TN; j++) {
            float *at = &c[(blockIdx.y * BM + ty + 16 * i) * n + blockIdx.x * BN + tx + 16 * j];
            *at = alpha * sums[i][j] + beta * *at;
        }
}

/* Fragments in two halves of four along each axis, as shared memory's banks like it. */
__global__ void __launch_bounds__(256)
    halves(int m, int n, int k, float alpha, const float *a, const float *b, float beta, float *c) {
    __shared__ __align__(16) float as[8][128];
    __shared__ __align__(16) float bs[8][128];
    const int thread = threadIdx.x, tx = thread % 16, ty = thread / 16;
    a += blockIdx.y * 128 * k + (thread / 2) * k + (thread % 2) * 4;
    b += blockIdx.x * 128 + (thread / 32) * n + (thread % 32) * 4;
    float sums[8][8] = {};
    for (int t = 0; t < k; t += 8) {
        float4 x = *(const float4 *)a, y = *(const float4 *)b;
        a += 8;
        b += 8 * n;
        __syncthreads();
        int row = thread / 2, quad = (thread % 2) * 4;
        as[quad][row] = x.x;
        as[quad + 1][row] = x.y;
        as[quad + 2][row] = x.z;
        as[quad + 3][row] = x.w;
        *(float4 *)&bs[thread / 32][(thread % 32) * 4] = y;
        __syncthreads();
#pragma unroll
        for (int d = 0; d < 8; d++) {
            float rows[8], columns[8];
            *(float4 *)&rows[0] = *(float4 *)&as[d][ty * 4];
            *(float4 *)&rows[4] = *(float4 *)&as[d][64 + ty * 4];
            *(float4 *)&columns[0] = *(float4 *)&bs[d][tx * 4];
            *(float4 *)&columns[4] = *(float4 *)&bs[d][64 + tx * 4];
#pragma unroll
            for (int i = 0; i < 8; i++)
#pragma unroll
                for (int j = 0; j < 8; j++) sums[i][j] += rows[i] * columns[j];
        }
    }
#pragma unroll
    for (int i = 0; i < 8; i++) {
        int row = blockIdx.y * 128 + (i / 4) * 64 + ty * 4 + i % 4;
#pragma unroll
        for (int half = 0; half < 2; half++)
            update4(&c[row * n + blockIdx.x * 128 + half * 64 + tx * 4], alpha, &sums[i][half * 4], beta);
    }
}

/* Shared arrays and sums of float4. */
__global__ void quads(int m, int n, int k, float alpha, const float *a, const float *b, float beta, float *c) {
    __shared__ float4 as[16][16];
    __shared__ float4 bs[16][16];
    int tx = threadIdx.x, ty = threadIdx.y, thread = ty * 16 + tx;
    float4 sums[4] = {};
    for (int t = 0; t < k; t += 16) {
        float4 x = *(const float4 *)&a[(blockIdx.y * 64 + thread / 4) * k + t + (thread % 4) * 4];
        float *flat = (float *)as;
        int quad = (thread % 4) * 4, row = thread / 4;
        flat[quad * 64 + row] = x.x;
        flat[(quad + 1) * 64 + row] = x.y;
        flat[(quad + 2) * 64 + row] = x.z;
        flat[(quad + 3) * 64 + row] = x.w;
        bs[ty][tx] = *(const float4 *)&b[(t + ty) * n + blockIdx.x * 64 + tx * 4];
        __syncthreads();
        for (int d = 0; d < 16; d++) {
            float4 r = as[d][ty], s = bs[d][tx];
            float rows[4] = {r.x, r.y, r.z, r.w};
            for (int i = 0; i < 4; i++) {
                sums[i].x += rows[i] * s.x;
                sums[i].y += rows[i] * s.y;
                sums[i].z += rows[i] * s.z;
                sums[i].w += rows[i] * s.w;
            }
        }
        __syncthreads();
    }
    for (int i = 0; i < 4; i++)
        update4(&c[(blockIdx.y * 64 + ty * 4 + i) * n + blockIdx.x * 64 + tx * 4], alpha, &sums[i].x, beta);
}

/* `launch(n, alpha, a, b, beta, c)`. */
template <typename F> static corpus::Work product(F launch) {
    int n = corpus::size(256, 1024);
    auto a = corpus::random<float>(n * n, -0.5, 0.5), b = corpus::random<float>(n * n, -0.5, 0.5);
    auto c = corpus::checked(corpus::random<float>(n * n));
    float alpha = 0.75f, beta = -0.5f;
    return {[=] { launch(n, alpha, a, b, beta, c); },
            [=] { reference::sgemm(a.host, b.host, c.host, n, alpha, beta); }};
}

/* A kernel whose blocks compute SIDE x SIDE elements with so many threads. */
#define PRODUCT(SIDE, THREADS, ...)                                                                                    \
    product([](int n, float alpha, auto a, auto b, float beta, auto c) {                                               \
        __VA_ARGS__<<<dim3(n / SIDE, n / SIDE), THREADS>>>(n, n, n, alpha, a, b, beta, c);                             \
    })

CASE(flat_64_8x8, 1e-4) { return PRODUCT(64, 64, flat<64, 64, 8, 8, 8>); }
CASE(flat_128_8x8, 1e-4) { return PRODUCT(128, 256, flat<128, 128, 8, 8, 8>); }
CASE(flat_64_4x4, 1e-4) { return PRODUCT(64, 256, flat<64, 64, 16, 4, 4>); }
CASE(float4_128_8x8, 1e-4) { return PRODUCT(128, 256, float4_turned<128, 128, 8, 8, 8>); }
CASE(float4_64_4x4, 1e-4) { return PRODUCT(64, 256, float4_turned<64, 64, 16, 4, 4>); }
CASE(warps_128, 1e-4) { return PRODUCT(128, 128, warps<128, 128, 16, 64, 64, 4, 8, 4, 128>); }
CASE(warps_64, 1e-4) { return PRODUCT(64, 128, warps<64, 64, 8, 32, 32, 2, 4, 4, 128>); }
CASE(two_buffers_128_8x8, 1e-4) { return PRODUCT(128, dim3(16, 16), two_buffers<128, 128, 8, 8, 8>); }
CASE(two_buffers_64_4x4, 1e-4) { return PRODUCT(64, dim3(16, 16), two_buffers<64, 64, 16, 4, 4>); }
CASE(guarded_64_4x4, 1e-4) { return PRODUCT(64, dim3(16, 16), guarded<64, 64, 16, 4, 4>); }
CASE(guarded_128_8x8, 1e-4) { return PRODUCT(128, dim3(16, 16), guarded<128, 128, 8, 8, 8>); }
CASE(strided_64, 1e-4) { return PRODUCT(64, dim3(16, 16), strided<64, 64, 16>); }
CASE(strided_128, 1e-4) { return PRODUCT(128, dim3(16, 16), strided<128, 128, 8>); }
CASE(halves_128, 1e-4) { return PRODUCT(128, 256, halves); }
CASE(quads_64, 1e-4) { return PRODUCT(64, dim3(16, 16), quads); }
