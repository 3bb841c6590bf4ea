/* Softmax, largest numbers and losses of the rows of a matrix: a thread, a warp or a block a row. */
#include "corpus.h"

using corpus::random;

namespace reference {
void softmax(const float *x, float *y, int rows, int n);
void softmax_backward(const float *y, const float *dy, float *dx, int rows, int n);
void argmax(const float *x, int *out, int rows, int n);
void cross_entropy(const float *x, const int *labels, float *loss, int rows, int n);
void top_4(const float *x, float *out, int rows, int n);
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

__global__ void softmax_warp(const float *x, float *y, int rows, int n) {
    int row = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32, lane = threadIdx.x % 32;
    if (row >= rows) return;
    const float *p = x + (size_t)row * n;
    float m = -INFINITY, s = 0;
    for (int i = lane; i < n; i += 32) m = fmaxf(m, p[i]);
    m = warp_max(m);
    for (int i = lane; i < n; i += 32) s += expf(p[i] - m);
    float scale = 1.0f / warp_sum(s);
    for (int i = lane; i < n; i += 32) y[(size_t)row * n + i] = expf(p[i] - m) * scale;
}

/* Two trees in dynamic shared memory; exponentials are kept in the result. */
__global__ void softmax_tree(const float *x, float *y, int n) {
    extern __shared__ float shared[];
    int t = threadIdx.x;
    const float *p = x + (size_t)blockIdx.x * n;
    float *o = y + (size_t)blockIdx.x * n, m = -1e30f, s = 0;
    for (int i = t; i < n; i += blockDim.x) m = fmaxf(m, p[i]);
    shared[t] = m;
    __syncthreads();
    for (int k = blockDim.x / 2; k > 0; k >>= 1) {
        if (t < k) shared[t] = fmaxf(shared[t], shared[t + k]);
        __syncthreads();
    }
    m = shared[0];
    __syncthreads();
    for (int i = t; i < n; i += blockDim.x) {
        float e = __expf(p[i] - m);
        o[i] = e;
        s += e;
    }
    shared[t] = s;
    __syncthreads();
    for (int k = blockDim.x / 2; k > 0; k >>= 1) {
        if (t < k) shared[t] += shared[t + k];
        __syncthreads();
    }
    s = shared[0];
    for (int i = t; i < n; i += blockDim.x) o[i] /= s;
}

/* Maximum and sum in one pass, combined by shuffles and then by everybody. */
__global__ void softmax_online(const float *__restrict__ x, float *__restrict__ y, int n) {
    __shared__ float maxima[32], sums[32];
    const float *p = x + (size_t)blockIdx.x * n;
    float m = -INFINITY, s = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        float v = p[i], next = fmaxf(m, v);
        s = s * __expf(m - next) + __expf(v - next);
        m = next;
    }
    for (int o = 16; o; o >>= 1) {
        float m2 = __shfl_xor_sync(ALL, m, o), s2 = __shfl_xor_sync(ALL, s, o), next = fmaxf(m, m2);
        s = s * __expf(m - next) + s2 * __expf(m2 - next);
        m = next;
    }
    int warp = threadIdx.x / 32, warps = blockDim.x / 32;
    if (threadIdx.x % 32 == 0) {
        maxima[warp] = m;
        sums[warp] = s;
    }
    __syncthreads();
    m = maxima[0];
    s = sums[0];
    for (int i = 1; i < warps; i++) {
        float next = fmaxf(m, maxima[i]);
        s = s * __expf(m - next) + sums[i] * __expf(maxima[i] - next);
        m = next;
    }
    for (int i = threadIdx.x; i < n; i += blockDim.x) y[(size_t)blockIdx.x * n + i] = __expf(p[i] - m) / s;
}

__global__ void softmax_thread(const float *x, float *y, int rows, int n) {
    int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) return;
    const float *p = x + (size_t)row * n;
    float *o = y + (size_t)row * n, m = p[0], s = 0;
    for (int i = 1; i < n; i++)
        if (p[i] > m) m = p[i];
    for (int i = 0; i < n; i++) {
        o[i] = expf(p[i] - m);
        s += o[i];
    }
    for (int i = 0; i < n; i++) o[i] /= s;
}

__global__ void softmax_float4(const float4 *x, float4 *y, int n4) {
    __shared__ float maxima[8], sums[8];
    int t = threadIdx.x;
    const float4 v = x[(size_t)blockIdx.x * n4 + t];
    float m = warp_max(fmaxf(fmaxf(v.x, v.y), fmaxf(v.z, v.w)));
    if (t % 32 == 0) maxima[t / 32] = m;
    __syncthreads();
    m = maxima[0];
    for (int i = 1; i < 8; i++) m = fmaxf(m, maxima[i]);
    float4 e = make_float4(__expf(v.x - m), __expf(v.y - m), __expf(v.z - m), __expf(v.w - m));
    float s = warp_sum(e.x + e.y + e.z + e.w);
    if (t % 32 == 0) sums[t / 32] = s;
    __syncthreads();
    s = 0;
    for (int i = 0; i < 8; i++) s += sums[i];
    y[(size_t)blockIdx.x * n4 + t] = make_float4(e.x / s, e.y / s, e.z / s, e.w / s);
}

/* dx = y (dy - sum(y dy)) */
__global__ void softmax_back(const float *y, const float *dy, float *dx, int n) {
    int lane = threadIdx.x % 32, row = blockIdx.x * 4 + threadIdx.x / 32;
    size_t o = (size_t)row * n;
    float s = 0;
    for (int i = lane; i < n; i += 32) s += y[o + i] * dy[o + i];
    s = warp_sum(s);
    for (int i = lane; i < n; i += 32) dx[o + i] = y[o + i] * (dy[o + i] - s);
}

__global__ void argmax_warp(const float *x, int *out, int n) {
    int lane = threadIdx.x % 32, row = blockIdx.x * 8 + threadIdx.x / 32, at = 0;
    const float *p = x + (size_t)row * n;
    float best = -INFINITY;
    for (int i = lane; i < n; i += 32)
        if (p[i] > best) {
            best = p[i];
            at = i;
        }
    for (int o = 16; o > 0; o >>= 1) {
        float other = __shfl_down_sync(ALL, best, o);
        int place = __shfl_down_sync(ALL, at, o);
        if (other > best || (other == best && place < at)) {
            best = other;
            at = place;
        }
    }
    if (lane == 0) out[row] = at;
}

__global__ void argmax_tree(const float *x, int *out, int n) {
    __shared__ float values[256];
    __shared__ int places[256];
    int t = threadIdx.x, at = 0;
    const float *p = x + (size_t)blockIdx.x * n;
    float best = -INFINITY;
    for (int i = t; i < n; i += 256)
        if (p[i] > best) {
            best = p[i];
            at = i;
        }
    values[t] = best;
    places[t] = at;
    __syncthreads();
    for (int k = 128; k > 0; k >>= 1) {
        if (t < k) {
            if (values[t + k] > values[t] || (values[t + k] == values[t] && places[t + k] < places[t])) {
                values[t] = values[t + k];
                places[t] = places[t + k];
            }
        }
        __syncthreads();
    }
    if (t == 0) out[blockIdx.x] = places[0];
}

__global__ void argmax_thread(const float *x, int *out, int rows, int n) {
    int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) return;
    const float *p = x + (size_t)row * n;
    int at = 0;
    for (int i = 1; i < n; i++)
        if (p[i] > p[at]) at = i;
    out[row] = at;
}

__global__ void cross_entropy(const float *x, const int *labels, float *loss, int n) {
    __shared__ float parts[8];
    int t = threadIdx.x, lane = t % 32, warp = t / 32;
    const float *p = x + (size_t)blockIdx.x * n;
    float m = -INFINITY, s = 0;
    for (int i = t; i < n; i += 256) m = fmaxf(m, p[i]);
    m = warp_max(m);
    if (lane == 0) parts[warp] = m;
    __syncthreads();
    m = parts[0];
    for (int i = 1; i < 8; i++) m = fmaxf(m, parts[i]);
    __syncthreads();
    for (int i = t; i < n; i += 256) s += expf(p[i] - m);
    s = warp_sum(s);
    if (lane == 0) parts[warp] = s;
    __syncthreads();
    if (t == 0) {
        s = 0;
        for (int i = 0; i < 8; i++) s += parts[i];
        loss[blockIdx.x] = logf(s) + m - p[labels[blockIdx.x]];
    }
}

/* The four largest of 256, by four searches of a warp whose lanes keep eight numbers each. */
__global__ void top_by_warps(const float *x, float *out) {
    int lane = threadIdx.x % 32, row = blockIdx.x * 8 + threadIdx.x / 32;
    float v[8];
    for (int j = 0; j < 8; j++) v[j] = x[(size_t)row * 256 + lane + 32 * j];
    for (int k = 0; k < 4; k++) {
        float mine = -INFINITY;
        int place = 0;
        for (int j = 0; j < 8; j++)
            if (v[j] > mine) {
                mine = v[j];
                place = j;
            }
        float best = warp_max(mine);
        unsigned who = __ballot_sync(ALL, best == mine);
        if (lane == __ffs(who) - 1) {
            out[row * 4 + k] = best;
#pragma unroll
            for (int j = 0; j < 8; j++)
                if (j == place) v[j] = -INFINITY;
        }
    }
}

static int row_count() { return corpus::size(48, 4096); }
const int N = 1024;

/* `launch(x, y, rows, n)`. */
template <typename F> static corpus::Work softmax(int rows, int n, F launch) {
    auto x = random<float>((size_t)rows * n, -4, 4);
    auto y = corpus::result<float>((size_t)rows * n);
    return {[=] { launch(x, y, rows, n); }, [=] { reference::softmax(x.host, y.host, rows, n); }};
}
#define SOFTMAX(COLUMNS, ...)                                                                                          \
    softmax(corpus::size(40, 4096) * (COLUMNS < 100 ? 16 : 1), COLUMNS,                                                \
            [](auto x, auto y, int rows, int n) { __VA_ARGS__; })

CASE(softmax_warp_128, 1e-4) { return SOFTMAX(1000, softmax_warp<<<rows / 4, 128>>>(x, y, rows, n)); }
CASE(softmax_tree_256, 1e-4) { return SOFTMAX(1000, softmax_tree<<<rows, 256, 1024>>>(x, y, n)); }
CASE(softmax_tree_512, 1e-4) { return SOFTMAX(4096, softmax_tree<<<rows, 512, 2048>>>(x, y, n)); }
CASE(softmax_online_256, 1e-4) { return SOFTMAX(1000, softmax_online<<<rows, 256>>>(x, y, n)); }
CASE(softmax_online_1024, 1e-4) { return SOFTMAX(4096, softmax_online<<<rows, 1024>>>(x, y, n)); }
CASE(softmax_thread_128, 1e-4) { return SOFTMAX(1000, softmax_thread<<<(rows + 127) / 128, 128>>>(x, y, rows, n)); }
CASE(softmax_float4_256, 1e-4) {
    return SOFTMAX(1024, softmax_float4<<<rows, 256>>>((float4 *)x.device, (float4 *)y.device, n / 4));
}
CASE(softmax_short_thread, 1e-4) { return SOFTMAX(32, softmax_thread<<<rows / 128, 128>>>(x, y, rows, n)); }
CASE(softmax_short_warp, 1e-4) { return SOFTMAX(32, softmax_warp<<<rows / 8, 256>>>(x, y, rows, n)); }

CASE(softmax_backward_128, 1e-4) {
    int rows = row_count();
    auto y = random<float>((size_t)rows * N), dy = random<float>((size_t)rows * N, -1, 1);
    auto dx = corpus::result<float>((size_t)rows * N);
    return {[=] { softmax_back<<<rows / 4, 128>>>(y, dy, dx, N); },
            [=] { reference::softmax_backward(y.host, dy.host, dx.host, rows, N); }};
}

/* `launch(x, out, rows)`; few different numbers, so that there are ties. */
template <typename F> static corpus::Work argmax(F launch) {
    int rows = row_count();
    auto x = corpus::array<float>((size_t)rows * N, [=](float *host) {
        uint32_t state = 7;
        for (size_t i = 0; i < (size_t)rows * N; i++) host[i] = (float)(int)(500 * bench_random(&state));
    });
    auto out = corpus::result<int>(rows);
    return {[=] { launch(x, out, rows); }, [=] { reference::argmax(x.host, out.host, rows, N); }};
}
CASE(argmax_warp_256, 0) {
    return argmax([](auto x, auto out, int rows) { argmax_warp<<<rows / 8, 256>>>(x, out, N); });
}
CASE(argmax_tree_256, 0) {
    return argmax([](auto x, auto out, int rows) { argmax_tree<<<rows, 256>>>(x, out, N); });
}
CASE(argmax_thread_128, 0) {
    return argmax([](auto x, auto out, int rows) { argmax_thread<<<(rows + 127) / 128, 128>>>(x, out, rows, N); });
}

CASE(cross_entropy_256, 1e-4) {
    int rows = row_count();
    auto x = random<float>((size_t)rows * N, -2, 2);
    auto labels = random<int>(rows, 0, N);
    auto loss = corpus::result<float>(rows);
    return {[=] { cross_entropy<<<rows, 256>>>(x, labels, loss, N); },
            [=] { reference::cross_entropy(x.host, labels.host, loss.host, rows, N); }};
}

CASE(top_4_of_256, 0) {
    int rows = row_count() * 2;
    auto x = random<float>((size_t)rows * 256, -2, 2);
    auto out = corpus::result<float>(rows * 4);
    return {[=] { top_by_warps<<<rows / 8, 256>>>(x, out); }, [=] { reference::top_4(x.host, out.host, rows, 256); }};
}
