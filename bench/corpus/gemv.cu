/* Products of a matrix and a vector: a warp, a block or a thread a row; down the columns; in floats, doubles and halves. */
#include "corpus.h"

#include <cuda_fp16.h>

using corpus::random;

namespace reference {
void rows(const float *a, const float *x, float *y, int n);
void rows(const double *a, const double *x, double *y, int n);
void rows_of_halves(const uint16_t *a, const uint16_t *x, float *y, int n);
void columns(const float *a, const float *x, float *y, int n);
} // namespace reference

__inline__ __device__ float warp_sum(float v) {
    for (int o = 16; o > 0; o >>= 1) v += __shfl_down_sync(0xffffffffu, v, o);
    return v;
}

__global__ void warp_a_row(const float *__restrict__ a, const float *__restrict__ x, float *y, int n) {
    int row = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32, lane = threadIdx.x % 32;
    float sum = 0;
    for (int j = lane; j < n; j += 32) sum += a[row * n + j] * x[j];
    sum = warp_sum(sum);
    if (!lane) y[row] = sum;
}

__global__ void block_a_row(const float *a, const float *x, float *y, int n) {
    __shared__ float p[128];
    float sum = 0;
    for (int j = threadIdx.x; j < n; j += blockDim.x) sum += a[(long long)blockIdx.x * n + j] * x[j];
    p[threadIdx.x] = sum;
    __syncthreads();
    for (int k = blockDim.x / 2; k > 0; k >>= 1) {
        if (threadIdx.x < k) p[threadIdx.x] += p[threadIdx.x + k];
        __syncthreads();
    }
    if (threadIdx.x == 0) y[blockIdx.x] = p[0];
}

__global__ void thread_a_row(const float *a, const float *x, float *y, int n) {
    int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= n) return;
    float sum = 0;
    for (int j = 0; j < n; j++) sum += a[row * n + j] * x[j];
    y[row] = sum;
}

__global__ void quads(const float4 *a, const float4 *x, float *y, int n4) {
    int row = blockIdx.x * blockDim.y + threadIdx.y;
    float sum = 0;
    for (int j = threadIdx.x; j < n4; j += 32) {
        float4 p = a[row * n4 + j], q = x[j];
        sum += p.x * q.x + p.y * q.y + p.z * q.z + p.w * q.w;
    }
    sum = warp_sum(sum);
    if (threadIdx.x == 0) y[row] = sum;
}

__global__ void thread_a_column(const float *a, const float *x, float *y, int n) {
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    if (column >= n) return;
    float sum = 0;
    for (int j = 0; j < n; j++) sum += a[j * n + column] * x[j];
    y[column] = sum;
}

/* Parts of a column in blocks of their own. */
__global__ void columns_atomic(const float *a, const float *x, float *y, int n) {
    int column = blockIdx.x * blockDim.x + threadIdx.x, first = blockIdx.y * 64;
    float sum = 0;
    for (int j = first; j < first + 64; j++) sum += a[(size_t)j * n + column] * x[j];
    atomicAdd(&y[column], sum);
}

/* The vector's part in shared memory. */
__global__ void columns_shared(const float *a, const float *x, float *y, int n) {
    __shared__ float xs[256];
    int column = blockIdx.x * 256 + threadIdx.x;
    float sum = 0;
    for (int t = 0; t < n; t += 256) {
        xs[threadIdx.x] = x[t + threadIdx.x];
        __syncthreads();
#pragma unroll 8
        for (int j = 0; j < 256; j++) sum += a[(t + j) * n + column] * xs[j];
        __syncthreads();
    }
    y[column] = sum;
}

__global__ void doubles(const double *a, const double *x, double *y, int n) {
    int warp = threadIdx.x >> 5, lane = threadIdx.x & 31, row = blockIdx.x * 8 + warp;
    double sum = 0;
#pragma unroll 4
    for (int j = lane; j < n; j += 32) sum = fma(a[row * n + j], x[j], sum);
    for (int m = 16; m; m >>= 1) sum += __shfl_xor_sync(0xffffffff, sum, m);
    if (lane == 0) y[row] = sum;
}

__global__ void halves(const __half *a, const __half *x, float *y, int n) {
    int row = blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5), lane = threadIdx.x & 31;
    float sum = 0;
    for (int j = lane; j < n; j += 32) sum += __half2float(a[row * n + j]) * __half2float(x[j]);
    sum = warp_sum(sum);
    if (!lane) y[row] = sum;
}

/* Eight halves a load. */
__global__ void halves_by_8(const uint4 *a, const uint4 *x, float *y, int n8) {
    int row = blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5), lane = threadIdx.x & 31;
    float sum = 0;
    for (int j = lane; j < n8; j += 32) {
        uint4 p = a[row * n8 + j], q = x[j];
        const __half2 *ph = (const __half2 *)&p, *qh = (const __half2 *)&q;
#pragma unroll
        for (int k = 0; k < 4; k++) {
            float2 u = __half22float2(ph[k]), v = __half22float2(qh[k]);
            sum += u.x * v.x + u.y * v.y;
        }
    }
    sum = warp_sum(sum);
    if (!lane) y[row] = sum;
}

__global__ void halves_block(const __half2 *__restrict__ a, const __half2 *__restrict__ x, float *y, int n2) {
    extern __shared__ float partial[];
    float sum = 0;
    for (int j = threadIdx.x; j < n2; j += blockDim.x) {
        float2 p = __half22float2(a[(size_t)blockIdx.x * n2 + j]), q = __half22float2(x[j]);
        sum = fmaf(p.x, q.x, sum);
        sum = fmaf(p.y, q.y, sum);
    }
    partial[threadIdx.x] = sum;
    __syncthreads();
    for (int k = blockDim.x >> 1; k; k >>= 1) {
        if (threadIdx.x < k) partial[threadIdx.x] += partial[threadIdx.x + k];
        __syncthreads();
    }
    if (!threadIdx.x) y[blockIdx.x] = partial[0];
}

/* A square matrix; `launch(a, x, y, n)`. */
template <typename T, typename F, typename G> static corpus::Work square(F launch, G reference) {
    int n = corpus::size(256, sizeof(T) == 8 ? 2048 : 4096);
    auto a = random<T>(n * n), x = random<T>(n);
    auto y = corpus::result<T>(n);
    return {[=] { launch(a, x, y, n); }, [=] { reference(a.host, x.host, y.host, n); }};
}

template <typename F> static corpus::Work rows(F launch) {
    return square<float>(launch, [](const float *a, const float *x, float *y, int n) { reference::rows(a, x, y, n); });
}
template <typename F> static corpus::Work columns(F launch) { return square<float>(launch, reference::columns); }

CASE(warp_a_row_128, 1e-5) {
    return rows([](auto a, auto x, auto y, int n) { warp_a_row<<<n / 4, 128>>>(a, x, y, n); });
}
CASE(warp_a_row_1024, 1e-5) {
    return rows([](auto a, auto x, auto y, int n) { warp_a_row<<<n / 32, 1024>>>(a, x, y, n); });
}
CASE(block_a_row_128, 1e-5) {
    return rows([](auto a, auto x, auto y, int n) { block_a_row<<<n, 128>>>(a, x, y, n); });
}
CASE(thread_a_row_64, 1e-4) {
    return rows([](auto a, auto x, auto y, int n) { thread_a_row<<<n / 64, 64>>>(a, x, y, n); });
}
CASE(float4_32x8, 1e-5) {
    return rows([](auto a, auto x, auto y, int n) {
        quads<<<n / 8, dim3(32, 8)>>>((float4 *)a.device, (float4 *)x.device, y, n / 4);
    });
}
CASE(thread_a_column_256, 1e-4) {
    return columns([](auto a, auto x, auto y, int n) { thread_a_column<<<n / 256, 256>>>(a, x, y, n); });
}
CASE(columns_atomic_128, 1e-4) {
    return columns([](auto a, auto x, auto y, int n) {
        CHECK(cudaMemsetAsync(y, 0, n * sizeof(float)));
        columns_atomic<<<dim3(n / 128, n / 64), 128>>>(a, x, y, n);
    });
}
CASE(columns_shared_256, 1e-4) {
    return columns([](auto a, auto x, auto y, int n) { columns_shared<<<n / 256, 256>>>(a, x, y, n); });
}
CASE(doubles_256, 1e-12) {
    return square<double>([](auto a, auto x, auto y, int n) { doubles<<<n / 8, 256>>>(a, x, y, n); },
                          [](const double *a, const double *x, double *y, int n) { reference::rows(a, x, y, n); });
}

/* Halves, whose bits the reference takes for its own type. */
template <typename F> static corpus::Work of_halves(F launch) {
    int n = corpus::size(256, 4096);
    auto numbers = [&](size_t count) {
        return corpus::array<__half>(count, [=](__half *host) {
            uint32_t state = (uint32_t)count;
            for (size_t i = 0; i < count; i++) host[i] = __float2half(bench_random(&state));
        });
    };
    auto a = numbers(n * n), x = numbers(n);
    auto y = corpus::result<float>(n);
    return {[=] { launch(a, x, y, n); },
            [=] { reference::rows_of_halves((uint16_t *)a.host, (uint16_t *)x.host, y.host, n); }};
}
CASE(halves_256, 1e-4) {
    return of_halves([](auto a, auto x, auto y, int n) { halves<<<n / 8, 256>>>(a, x, y, n); });
}
CASE(halves_by_8_128, 1e-4) {
    return of_halves([](auto a, auto x, auto y, int n) {
        halves_by_8<<<n / 4, 128>>>((uint4 *)a.device, (uint4 *)x.device, y, n / 8);
    });
}
CASE(halves_block_256, 1e-4) {
    return of_halves([](auto a, auto x, auto y, int n) {
        halves_block<<<n, 256, 256 * sizeof(float)>>>((__half2 *)a.device, (__half2 *)x.device, y, n / 2);
    });
}
