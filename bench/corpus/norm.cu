/* Normalisations of the rows of a matrix, and their bytes: a thread, a warp or a block a row. */
#include "corpus.h"

#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>

namespace cg = cooperative_groups;
using corpus::random;

namespace reference {
void layer_norm(const float *x, const float *gain, const float *bias, float *y, int rows, int n);
void rms_norm(const float *x, const float *gain, float *y, int rows, int n);
void quantise(const float *x, signed char *q, float *scales, int rows, int n);
} // namespace reference

const unsigned ALL = 0xffffffff;

__device__ static float warp_sum(float v) {
    for (int o = 16; o > 0; o >>= 1) v += __shfl_xor_sync(ALL, v, o);
    return v;
}
__device__ static float warp_max(float v) {
    for (int o = 16; o > 0; o >>= 1) v = fmaxf(v, __shfl_xor_sync(ALL, v, o));
    return v;
}

__global__ void norm_warp(const float *__restrict__ x, float *__restrict__ y, const float *__restrict__ gain,
                          const float *__restrict__ bias, int rows, int n) {
    int row = (blockIdx.x * blockDim.x + threadIdx.x) / 32, lane = threadIdx.x % 32;
    if (row >= rows) return;
    const float *p = x + (size_t)row * n;
    float sum = 0, squares = 0;
    for (int i = lane; i < n; i += 32) sum += p[i];
    float mean = warp_sum(sum) / n;
    for (int i = lane; i < n; i += 32) squares += (p[i] - mean) * (p[i] - mean);
    float r = rsqrtf(warp_sum(squares) / n + 1e-5f);
    for (int i = lane; i < n; i += 32) y[(size_t)row * n + i] = (p[i] - mean) * r * gain[i] + bias[i];
}

/* Sum and sum of squares in one pass, four at a time. */
__global__ void norm_float4(const float4 *__restrict__ x, float4 *__restrict__ y, const float4 *__restrict__ gain,
                            const float4 *__restrict__ bias, int n4) {
    __shared__ float sums[8], squares[8];
    const float4 *p = x + (size_t)blockIdx.x * n4;
    float s = 0, q = 0;
    for (int i = threadIdx.x; i < n4; i += blockDim.x) {
        float4 v = p[i];
        s += v.x + v.y + v.z + v.w;
        q += v.x * v.x + v.y * v.y + v.z * v.z + v.w * v.w;
    }
    s = warp_sum(s);
    q = warp_sum(q);
    if (threadIdx.x % 32 == 0) {
        sums[threadIdx.x / 32] = s;
        squares[threadIdx.x / 32] = q;
    }
    __syncthreads();
    s = q = 0;
    for (int i = 0; i < 8; i++) {
        s += sums[i];
        q += squares[i];
    }
    float mean = s / (n4 * 4), r = rsqrtf(q / (n4 * 4) - mean * mean + 1e-5f);
    for (int i = threadIdx.x; i < n4; i += blockDim.x) {
        float4 v = p[i], g = gain[i], b = bias[i];
        v.x = (v.x - mean) * r * g.x + b.x;
        v.y = (v.y - mean) * r * g.y + b.y;
        v.z = (v.z - mean) * r * g.z + b.z;
        v.w = (v.w - mean) * r * g.w + b.w;
        y[(size_t)blockIdx.x * n4 + i] = v;
    }
}

__device__ static float tree_sum(float *shared, float v) {
    int t = threadIdx.x;
    shared[t] = v;
    __syncthreads();
    for (int k = 128; k > 0; k >>= 1) {
        if (t < k) shared[t] += shared[t + k];
        __syncthreads();
    }
    float sum = shared[0];
    __syncthreads();
    return sum;
}

__global__ void norm_tree(const float *x, float *y, const float *gain, const float *bias, int n) {
    __shared__ float shared[256];
    const float *p = x + (size_t)blockIdx.x * n;
    float s = 0;
    for (int i = threadIdx.x; i < n; i += 256) s += p[i];
    float mean = tree_sum(shared, s) / n;
    s = 0;
    for (int i = threadIdx.x; i < n; i += 256) s += (p[i] - mean) * (p[i] - mean);
    float r = rsqrtf(tree_sum(shared, s) / n + 1e-5f);
    for (int i = threadIdx.x; i < n; i += 256) y[(size_t)blockIdx.x * n + i] = (p[i] - mean) * r * gain[i] + bias[i];
}

__global__ void norm_groups(const float *__restrict__ x, float *__restrict__ y, const float *__restrict__ gain,
                            const float *__restrict__ bias, int rows, int n) {
    cg::thread_block block = cg::this_thread_block();
    cg::thread_block_tile<32> warp = cg::tiled_partition<32>(block);
    int row = blockIdx.x * warp.meta_group_size() + warp.meta_group_rank();
    if (row >= rows) return;
    const float *p = x + (size_t)row * n;
    float s = 0;
    for (int i = warp.thread_rank(); i < n; i += warp.size()) s += p[i];
    float mean = cg::reduce(warp, s, cg::plus<float>{}) / n;
    s = 0;
    for (int i = warp.thread_rank(); i < n; i += warp.size()) s += (p[i] - mean) * (p[i] - mean);
    float r = rsqrtf(cg::reduce(warp, s, cg::plus<float>{}) / n + 1e-5f);
    float *o = y + (size_t)row * n;
    for (int i = warp.thread_rank(); i < n; i += warp.size())
        __stcs(o + i, r * (__ldcs(p + i) - mean) * gain[i] + bias[i]);
}

__global__ void norm_thread(const float *x, float *y, const float *gain, const float *bias, int rows, int n) {
    int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) return;
    const float *p = x + (size_t)row * n;
    float mean = 0, square = 0;
    for (int i = 0; i < n; i++) mean += p[i];
    mean /= n;
    for (int i = 0; i < n; i++) square += (p[i] - mean) * (p[i] - mean);
    float r = 1.0f / sqrtf(square / n + 1e-5f);
    for (int i = 0; i < n; i++) y[(size_t)row * n + i] = (p[i] - mean) * r * gain[i] + bias[i];
}

struct Moments {
    float mean, squares, count;
};
__device__ static Moments join(Moments a, Moments b) {
    float count = a.count + b.count;
    if (count == 0) return a;
    float d = b.mean - a.mean;
    return {a.mean + d * (b.count / count), a.squares + b.squares + d * d * a.count * (b.count / count), count};
}

__global__ void norm_welford(const float *x, float *y, const float *gain, const float *bias, int n) {
    __shared__ Moments shared[8];
    const float *p = x + (size_t)blockIdx.x * n;
    Moments m = {0, 0, 0};
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        float v = p[i];
        m.count += 1;
        float d = v - m.mean;
        m.mean += d / m.count;
        m.squares += d * (v - m.mean);
    }
    for (int o = 16; o > 0; o >>= 1) {
        Moments other;
        other.mean = __shfl_down_sync(ALL, m.mean, o);
        other.squares = __shfl_down_sync(ALL, m.squares, o);
        other.count = __shfl_down_sync(ALL, m.count, o);
        m = join(m, other);
    }
    if (threadIdx.x % 32 == 0) shared[threadIdx.x / 32] = m;
    __syncthreads();
    if (threadIdx.x == 0) {
        for (int i = 1; i < 8; i++) m = join(m, shared[i]);
        shared[0] = m;
    }
    __syncthreads();
    float mean = shared[0].mean, r = rsqrtf(shared[0].squares / n + 1e-5f);
    for (int i = threadIdx.x; i < n; i += blockDim.x)
        y[(size_t)blockIdx.x * n + i] = (p[i] - mean) * r * gain[i] + bias[i];
}

/* A sum over a block of any size; `parts` has room for its warps. */
__device__ static float block_sum(float *parts, float v) {
    int lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
    v = warp_sum(v);
    if (lane == 0) parts[warp] = v;
    __syncthreads();
    if (warp == 0) {
        v = lane < (int)blockDim.x / 32 ? parts[lane] : 0;
        v = warp_sum(v);
        if (lane == 0) parts[0] = v;
    }
    __syncthreads();
    float sum = parts[0];
    __syncthreads();
    return sum;
}

/* The row in dynamic shared memory, so that it is read once. */
__global__ void norm_shared(const float *x, float *y, const float *gain, const float *bias, int n) {
    extern __shared__ float row[];
    __shared__ float parts[32];
    const float *p = x + (size_t)blockIdx.x * n;
    float s = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        row[i] = p[i];
        s += row[i];
    }
    float mean = block_sum(parts, s) / n;
    s = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) s += (row[i] - mean) * (row[i] - mean);
    float r = rsqrtf(block_sum(parts, s) / n + 1e-5f);
    for (int i = threadIdx.x; i < n; i += blockDim.x)
        y[(size_t)blockIdx.x * n + i] = (row[i] - mean) * r * gain[i] + bias[i];
}

__global__ void rms_block(const float *x, float *y, const float *gain, int n) {
    __shared__ float parts[32];
    const float *p = x + (size_t)blockIdx.x * n;
    float s = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) s += p[i] * p[i];
    float r = rsqrtf(block_sum(parts, s) / n + 1e-6f);
    for (int i = threadIdx.x; i < n; i += blockDim.x) y[(size_t)blockIdx.x * n + i] = p[i] * r * gain[i];
}

/* A row is a float4 a thread, and stays in registers. */
__global__ void rms_registers(const float4 *x, float4 *y, const float4 *gain, int n4) {
    __shared__ float parts[8];
    int t = threadIdx.x;
    float4 v = x[(size_t)blockIdx.x * n4 + t];
    float s = warp_sum(v.x * v.x + v.y * v.y + v.z * v.z + v.w * v.w);
    if ((t & 31) == 0) parts[t >> 5] = s;
    __syncthreads();
    s = 0;
#pragma unroll
    for (int i = 0; i < 8; i++) s += parts[i];
    float r = rsqrtf(s / (4 * n4) + 1e-6f);
    float4 g = gain[t];
    y[(size_t)blockIdx.x * n4 + t] = make_float4(v.x * r * g.x, v.y * r * g.y, v.z * r * g.z, v.w * r * g.w);
}

/* Bytes and a scale a row. */
__global__ void quantise(const float *x, signed char *q, float *scales, int n) {
    __shared__ float parts[8];
    int row = blockIdx.x;
    float m = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) m = fmaxf(m, fabsf(x[row * n + i]));
    m = warp_max(m);
    if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = m;
    __syncthreads();
    m = parts[0];
    for (int i = 1; i < 8; i++) m = fmaxf(m, parts[i]);
    if (threadIdx.x == 0) scales[row] = m / 127.f;
    float inverse = 127.f / m;
    for (int i = threadIdx.x; i < n; i += blockDim.x)
        q[row * n + i] = (signed char)__float2int_rn(x[row * n + i] * inverse);
}

static int row_count() { return corpus::size(48, 4096); }
const int N = 1024;

/* `launch(x, y, gain, bias, rows)` on rows of N. */
template <typename F> static corpus::Work layer_norm(F launch) {
    int rows = row_count();
    auto x = random<float>((size_t)rows * N, -2, 2), gain = random<float>(N, 0.5, 1.5), bias = random<float>(N, -1, 1);
    auto y = corpus::result<float>((size_t)rows * N);
    return {[=] { launch(x, y, gain, bias, rows); },
            [=] { reference::layer_norm(x.host, gain.host, bias.host, y.host, rows, N); }};
}
#define NORM(...) layer_norm([](auto x, auto y, auto gain, auto bias, int rows) { __VA_ARGS__; })

CASE(norm_warp_256, 1e-4) { return NORM(norm_warp<<<rows / 8, 256>>>(x, y, gain, bias, rows, N)); }
CASE(norm_float4_256, 1e-4) {
    return NORM(norm_float4<<<rows, 256>>>((float4 *)x.device, (float4 *)y.device, (float4 *)gain.device,
                                           (float4 *)bias.device, N / 4));
}
CASE(norm_tree_256, 1e-4) { return NORM(norm_tree<<<rows, 256>>>(x, y, gain, bias, N)); }
CASE(norm_groups_512, 1e-4) { return NORM(norm_groups<<<rows / 16, 512>>>(x, y, gain, bias, rows, N)); }
CASE(norm_thread_128, 1e-4) { return NORM(norm_thread<<<(rows + 127) / 128, 128>>>(x, y, gain, bias, rows, N)); }
CASE(norm_welford_256, 1e-4) { return NORM(norm_welford<<<rows, 256>>>(x, y, gain, bias, N)); }
CASE(norm_shared_128, 1e-4) { return NORM(norm_shared<<<rows, 128, N * 4>>>(x, y, gain, bias, N)); }
CASE(norm_shared_256, 1e-4) { return NORM(norm_shared<<<rows, 256, N * 4>>>(x, y, gain, bias, N)); }
CASE(norm_shared_1024, 1e-4) { return NORM(norm_shared<<<rows, 1024, N * 4>>>(x, y, gain, bias, N)); }

template <typename F> static corpus::Work rms_norm(F launch) {
    int rows = row_count();
    auto x = random<float>((size_t)rows * N, -2, 2), gain = random<float>(N, 0.5, 1.5);
    auto y = corpus::result<float>((size_t)rows * N);
    return {[=] { launch(x, y, gain, rows); }, [=] { reference::rms_norm(x.host, gain.host, y.host, rows, N); }};
}
CASE(rms_block_256, 1e-4) {
    return rms_norm([](auto x, auto y, auto gain, int rows) { rms_block<<<rows, 256>>>(x, y, gain, N); });
}
CASE(rms_registers_256, 1e-4) {
    return rms_norm([](auto x, auto y, auto gain, int rows) {
        rms_registers<<<rows, 256>>>((float4 *)x.device, (float4 *)y.device, (float4 *)gain.device, N / 4);
    });
}

CASE(quantise_256, 0.02, 1e-3) {
    int rows = row_count();
    auto x = random<float>((size_t)rows * N, -2, 2);
    auto q = corpus::result<signed char>((size_t)rows * N);
    auto scales = corpus::result<float>(rows);
    return {[=] { quantise<<<rows, 256>>>(x, q, scales, N); },
            [=] { reference::quantise(x.host, q.host, scales.host, rows, N); }};
}
