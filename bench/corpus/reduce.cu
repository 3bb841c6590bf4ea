/* Sums and extremes of an array, of its rows and of its columns. */
#include "corpus.h"

#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>

namespace cg = cooperative_groups;
using corpus::random;

namespace reference {
void sum(const float *x, float *out, size_t n);
void sum(const double *x, double *out, size_t n);
void sum(const long long *x, long long *out, size_t n);
void sum(const int *x, int *out, size_t n);
void dot(const float *x, const float *y, float *out, size_t n);
void largest(const int *x, int *out, size_t n);
void where_largest(const float *x, int *out, size_t n);
void sum_rows(const float *a, float *out, int rows, int columns);
void sum_columns(const float *a, float *out, int rows, int columns);
} // namespace reference

const unsigned ALL = 0xffffffff;

__global__ void tree(const float *x, float *out, size_t n) {
    __shared__ float s[512];
    size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x;
    s[threadIdx.x] = i < n ? x[i] : 0.f;
    __syncthreads();
    for (unsigned k = blockDim.x / 2; k > 0; k >>= 1) {
        if (threadIdx.x < k) s[threadIdx.x] += s[threadIdx.x + k];
        __syncthreads();
    }
    if (threadIdx.x == 0) atomicAdd(out, s[0]);
}

/* The last steps of a tree by one warp, without barriers: as was right before warps had threads of their own. */
template <unsigned BLOCK> __device__ void last_warp(volatile float *s, unsigned t) {
    if (BLOCK >= 64) s[t] += s[t + 32];
    if (BLOCK >= 32) s[t] += s[t + 16];
    s[t] += s[t + 8];
    s[t] += s[t + 4];
    s[t] += s[t + 2];
    s[t] += s[t + 1];
}

template <unsigned BLOCK> __global__ void volatile_tree(const float *x, float *out, unsigned n) {
    extern __shared__ float partial[];
    float *s = partial;
    unsigned t = threadIdx.x, i = blockIdx.x * (BLOCK * 2) + t, step = BLOCK * 2 * gridDim.x;
    float sum = 0;
    while (i < n) {
        sum += x[i];
        if (i + BLOCK < n) sum += x[i + BLOCK];
        i += step;
    }
    s[t] = sum;
    __syncthreads();
    if (BLOCK >= 512) {
        if (t < 256) s[t] += s[t + 256];
        __syncthreads();
    }
    if (BLOCK >= 256) {
        if (t < 128) s[t] += s[t + 128];
        __syncthreads();
    }
    if (BLOCK >= 128) {
        if (t < 64) s[t] += s[t + 64];
        __syncthreads();
    }
    if (t < 32) last_warp<BLOCK>(s, t);
    if (t == 0) out[blockIdx.x] = s[0];
}

__inline__ __device__ float warp_sum(float v) {
    for (int o = warpSize / 2; o > 0; o /= 2) v += __shfl_down_sync(ALL, v, o);
    return v;
}

__inline__ __device__ float block_sum(float v) {
    static __shared__ float warps[32];
    int lane = threadIdx.x % warpSize, warp = threadIdx.x / warpSize;
    v = warp_sum(v);
    if (lane == 0) warps[warp] = v;
    __syncthreads();
    v = (threadIdx.x < blockDim.x / warpSize) ? warps[lane] : 0;
    if (warp == 0) v = warp_sum(v);
    return v;
}

__global__ void shuffles(const float *x, float *out, int n) {
    float sum = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) sum += x[i];
    sum = block_sum(sum);
    if (threadIdx.x == 0) out[blockIdx.x] = sum;
}

__global__ void shuffles_atomic(const float *__restrict__ x, float *out, size_t n) {
    float sum = 0;
    for (size_t i = blockIdx.x * (size_t)blockDim.x + threadIdx.x; i < n; i += (size_t)blockDim.x * gridDim.x)
        sum += __ldg(x + i);
    sum = warp_sum(sum);
    if ((threadIdx.x & 31) == 0) atomicAdd(out, sum);
}

__global__ void quads(const float4 *x, float *out, int n4) {
    float sum = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n4; i += blockDim.x * gridDim.x) {
        float4 v = x[i];
        sum += v.x + v.y + v.z + v.w;
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) atomicAdd(out, sum);
}

__global__ void groups(const float *x, float *out, int n) {
    auto block = cg::this_thread_block();
    auto warp = cg::tiled_partition<32>(block);
    float sum = 0;
    for (int i = cg::this_grid().thread_rank(); i < n; i += cg::this_grid().size()) sum += x[i];
    sum = cg::reduce(warp, sum, cg::plus<float>());
    if (warp.thread_rank() == 0) atomicAdd(out, sum);
}

__global__ void dot_product(const float *x, const float *y, float *out, int n) {
    __shared__ float s[256];
    float sum = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) sum += x[i] * y[i];
    s[threadIdx.x] = sum;
    __syncthreads();
    for (int k = blockDim.x / 2; k != 0; k /= 2) {
        if (threadIdx.x < k) s[threadIdx.x] += s[threadIdx.x + k];
        __syncthreads();
    }
    if (threadIdx.x == 0) atomicAdd(out, s[0]);
}

/* The first version of every course: neighbours, chosen by a remainder. */
__global__ void neighbours(const float *x, float *out) {
    __shared__ float s[256];
    unsigned t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
    s[t] = x[i];
    __syncthreads();
    for (unsigned k = 1; k < blockDim.x; k *= 2) {
        if (t % (2 * k) == 0) s[t] += s[t + k];
        __syncthreads();
    }
    if (t == 0) atomicAdd(out, s[0]);
}

/* The second: neighbours, by a product. */
__global__ void strided(const float *x, float *out) {
    __shared__ float s[128];
    unsigned t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
    s[t] = x[i];
    __syncthreads();
    for (unsigned k = 1; k < blockDim.x; k *= 2) {
        int j = 2 * k * t;
        if (j < blockDim.x) s[j] += s[j + k];
        __syncthreads();
    }
    if (t == 0) atomicAdd(out, s[0]);
}

template <typename T, int BLOCK> __global__ void any_type(const T *__restrict__ x, T *__restrict__ out, long long n) {
    __shared__ T s[BLOCK];
    T sum = 0;
    for (long long i = threadIdx.x + (long long)blockIdx.x * BLOCK; i < n; i += (long long)gridDim.x * BLOCK)
        sum += x[i];
    s[threadIdx.x] = sum;
    __syncthreads();
#pragma unroll
    for (int k = BLOCK / 2; k >= 1; k >>= 1) {
        if (threadIdx.x < k) s[threadIdx.x] += s[threadIdx.x + k];
        __syncthreads();
    }
    if (threadIdx.x == 0) out[blockIdx.x] = s[0];
}

/* An addition on the way from memory, a tree down to a warp, shuffles for the rest; any type. */
template <typename T> __global__ void add_on_load(const T *__restrict__ x, T *__restrict__ out, int n) {
    extern __shared__ int shared[];
    T *s = (T *)shared;
    int t = threadIdx.x, i = blockIdx.x * (blockDim.x * 2) + threadIdx.x;
    T sum = (i < n) ? x[i] : 0;
    if (i + blockDim.x < n) sum += x[i + blockDim.x];
    s[t] = sum;
    __syncthreads();
    for (int k = blockDim.x / 2; k > 32; k >>= 1) {
        if (t < k) s[t] = sum = sum + s[t + k];
        __syncthreads();
    }
    if (t < 32) {
        sum += s[t + 32];
        for (int o = 16; o > 0; o /= 2) sum += __shfl_down_sync(ALL, sum, o);
    }
    if (t == 0) out[blockIdx.x] = sum;
}

__global__ void maximum(const int *x, int *out, int n) {
    int best = -2147483647 - 1;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) best = max(best, x[i]);
    for (int o = 16; o; o >>= 1) best = max(best, __shfl_xor_sync(ALL, best, o));
    if (threadIdx.x % 32 == 0) atomicMax(out, best);
}

/* Values and places together; ties go to the first. The second launch has one block. */
__global__ void argmax(const float *x, const int *from, float *values, int *places, int n) {
    __shared__ float sv[256];
    __shared__ int si[256];
    int t = threadIdx.x, at = -1;
    float best = -1e30f;
    for (int i = blockIdx.x * 256 + t; i < n; i += gridDim.x * 256)
        if (x[i] > best) {
            best = x[i];
            at = from ? from[i] : i;
        }
    sv[t] = best;
    si[t] = at;
    __syncthreads();
    for (int k = 128; k; k /= 2) {
        if (t < k && (sv[t + k] > sv[t] || (sv[t + k] == sv[t] && si[t + k] < si[t]))) {
            sv[t] = sv[t + k];
            si[t] = si[t + k];
        }
        __syncthreads();
    }
    if (t == 0) {
        values[blockIdx.x] = sv[0];
        places[blockIdx.x] = si[0];
    }
}

__global__ void rows_by_warps(const float *a, float *out, int rows, int columns) {
    int row = (blockIdx.x * blockDim.x + threadIdx.x) / 32, lane = threadIdx.x & 31;
    if (row >= rows) return;
    float sum = 0;
    for (int j = lane; j < columns; j += 32) sum += a[(size_t)row * columns + j];
    sum = warp_sum(sum);
    if (lane == 0) out[row] = sum;
}

__global__ void rows_by_threads(const float *a, float *out, int rows, int columns) {
    int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) return;
    float sum = 0;
    for (int j = 0; j < columns; j++) sum += a[(size_t)row * columns + j];
    out[row] = sum;
}

__global__ void columns_by_threads(const float *a, float *out, int rows, int columns) {
    int j = blockIdx.x * blockDim.x + threadIdx.x;
    if (j >= columns) return;
    float sum = 0;
    for (int i = 0; i < rows; i++) sum += a[i * columns + j];
    out[j] = sum;
}

__global__ void columns_by_tiles(const float *a, float *out, int rows, int columns) {
    __shared__ float t[32][33];
    int j = blockIdx.x * 32 + threadIdx.x;
    float sum = 0;
    for (int i = threadIdx.y; i < rows; i += 32) sum += a[i * columns + j];
    t[threadIdx.y][threadIdx.x] = sum;
    __syncthreads();
    sum = t[threadIdx.x][threadIdx.y];
    for (int o = 16; o; o >>= 1) sum += __shfl_xor_sync(ALL, sum, o);
    if (threadIdx.x == 0) out[blockIdx.x * 32 + threadIdx.y] = sum;
}

/* A sum; `launch(x, partial, out, n)`, with room for 4096 partial sums, and `out` zero. */
template <typename T, typename F> static corpus::Work sum_of(int n, double high, F launch) {
    auto x = random<T>(n, 0, high), partial = random<T>(4096);
    auto out = corpus::result<T>(1);
    return {[=] {
                CHECK(cudaMemsetAsync(out, 0, sizeof(T)));
                launch(x, partial, out, n);
            },
            [=] { reference::sum(x.host, out.host, n); }};
}

static int length() { return corpus::size(1 << 16, 1 << 25); }
static int odd_length() { return corpus::size(70001, 30000001); }

CASE(tree_512, 1e-4) {
    return sum_of<float>(odd_length(), 1,
                         [](auto x, auto, auto out, int n) { tree<<<(n + 511) / 512, 512>>>(x, out, n); });
}
CASE(volatile_256, 1e-4) {
    return corpus::warp_synchronous(sum_of<float>(odd_length(), 1, [](auto x, auto partial, auto out, int n) {
        volatile_tree<256><<<64, 256, 256 * 4>>>(x, partial, n);
        volatile_tree<64><<<1, 64, 64 * 4>>>(partial, out, 64);
    }));
}
CASE(volatile_128, 1e-4) {
    return corpus::warp_synchronous(sum_of<float>(odd_length(), 1, [](auto x, auto partial, auto out, int n) {
        volatile_tree<128><<<4096, 128, 128 * 4>>>(x, partial, n);
        volatile_tree<512><<<1, 512, 512 * 4>>>(partial, out, 4096);
    }));
}
CASE(shuffles_512, 1e-4) {
    return sum_of<float>(odd_length(), 1, [](auto x, auto partial, auto out, int n) {
        shuffles<<<1024, 512>>>(x, partial, n);
        shuffles<<<1, 1024>>>(partial, out, 1024);
    });
}
CASE(shuffles_atomic_192, 1e-4) {
    return sum_of<float>(odd_length(), 1,
                         [](auto x, auto, auto out, int n) { shuffles_atomic<<<432, 192>>>(x, out, n); });
}
CASE(float4_256, 1e-4) {
    return sum_of<float>(length(), 1,
                         [](auto x, auto, auto out, int n) { quads<<<256, 256>>>((float4 *)x.device, out, n / 4); });
}
CASE(groups_1024, 1e-4) {
    return sum_of<float>(odd_length(), 1, [](auto x, auto, auto out, int n) { groups<<<128, 1024>>>(x, out, n); });
}
CASE(neighbours_256, 1e-4) {
    return sum_of<float>(length(), 1, [](auto x, auto, auto out, int n) { neighbours<<<n / 256, 256>>>(x, out); });
}
CASE(strided_128, 1e-4) {
    return sum_of<float>(length(), 1, [](auto x, auto, auto out, int n) { strided<<<n / 128, 128>>>(x, out); });
}
CASE(double_512, 1e-10) {
    return sum_of<double>(odd_length() / 2, 1, [](auto x, auto partial, auto out, int n) {
        any_type<double, 512><<<128, 512>>>(x, partial, n);
        any_type<double, 128><<<1, 128>>>(partial, out, 128);
    });
}
CASE(long_64, 0) {
    return sum_of<long long>(odd_length() / 2, 1e6, [](auto x, auto partial, auto out, int n) {
        any_type<long long, 64><<<256, 64>>>(x, partial, n);
        any_type<long long, 256><<<1, 256>>>(partial, out, 256);
    });
}
template <typename T> static corpus::Work adding_on_load(double high) {
    return sum_of<T>(corpus::size(1 << 16, 1 << 22), high, [](auto x, auto partial, auto out, int n) {
        int blocks = n / 2048;
        add_on_load<T><<<blocks, 1024, 1024 * sizeof(T)>>>(x, partial, n);
        add_on_load<T><<<1, 1024, 1024 * sizeof(T)>>>(partial, out, blocks);
    });
}
CASE(add_on_load_int, 0) { return adding_on_load<int>(100); }
CASE(add_on_load_float, 1e-4) { return adding_on_load<float>(1); }
CASE(add_on_load_double, 1e-10) { return adding_on_load<double>(1); }

CASE(dot_256, 1e-4) {
    int n = odd_length();
    auto x = random<float>(n), y = random<float>(n), out = corpus::result<float>(1);
    return {[=] {
                CHECK(cudaMemsetAsync(out, 0, sizeof(float)));
                dot_product<<<128, 256>>>(x, y, out, n);
            },
            [=] { reference::dot(x.host, y.host, out.host, n); }};
}

CASE(maximum_256, 0) {
    int n = odd_length();
    auto x = random<int>(n, -1e6, 1e9);
    auto out = corpus::result<int>(1);
    return {[=] {
                CHECK(cudaMemsetAsync(out, 0x80, sizeof(int)));
                maximum<<<160, 256>>>(x, out, n);
            },
            [=] { reference::largest(x.host, out.host, n); }};
}

CASE(argmax_256, 0) {
    int n = odd_length();
    auto x = corpus::array<float>(n, [=](float *host) {
        uint32_t state = 3;
        // Few values, so that there are ties.
        for (int i = 0; i < n; i++) host[i] = (float)(int)(1000 * bench_random(&state));
    });
    auto values = random<float>(65);
    auto places = random<int>(64), out = corpus::result<int>(1);
    return {[=] {
                argmax<<<64, 256>>>(x, nullptr, values, places, n);
                argmax<<<1, 256>>>(values, places, values + 64, out, 64);
            },
            [=] { reference::where_largest(x.host, out.host, n); }};
}

/* `launch(a, out, rows, columns)`. */
template <typename F, typename G> static corpus::Work matrix(bool by_columns, F launch, G reference) {
    int rows = corpus::size(96, 8192), columns = corpus::size(160, 4096);
    auto a = random<float>((size_t)rows * columns);
    auto out = corpus::result<float>(by_columns ? columns : rows);
    return {[=] { launch(a, out, rows, columns); }, [=] { reference(a.host, out.host, rows, columns); }};
}
CASE(rows_by_warps, 1e-5) {
    return matrix(
        false, [](auto a, auto o, int r, int c) { rows_by_warps<<<r / 4, 128>>>(a, o, r, c); }, reference::sum_rows);
}
CASE(rows_by_threads, 1e-4) {
    return matrix(
        false, [](auto a, auto o, int r, int c) { rows_by_threads<<<(r + 127) / 128, 128>>>(a, o, r, c); },
        reference::sum_rows);
}
CASE(columns_by_threads, 1e-4) {
    return matrix(
        true, [](auto a, auto o, int r, int c) { columns_by_threads<<<(c + 255) / 256, 256>>>(a, o, r, c); },
        reference::sum_columns);
}
CASE(columns_by_tiles, 1e-4) {
    return matrix(
        true, [](auto a, auto o, int r, int c) { columns_by_tiles<<<c / 32, dim3(32, 32)>>>(a, o, r, c); },
        reference::sum_columns);
}
