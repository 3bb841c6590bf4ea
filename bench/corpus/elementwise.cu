/* A thread an element: mathematics, structures of numbers, small tables of machine learning, integers. */
#include "corpus.h"

using corpus::random;
typedef unsigned char byte;

namespace reference {
void options(const float *s, const float *x, const float *t, float *call, float *put, int n);
void options(const double *s, const double *x, const double *t, double *call, double *put, int n);
void options_erfc(const float *s, const float *x, const float *t, float *call, float *put, int n);
void options_structures(const float *options, float *results, int n);
void gelu_tanh(const float *x, float *y, int n);
void gelu_erf(const float *x, float *y, int n);
void silu(const float *x, float *y, int n);
void sine_power(const float *x, float *y, int n);
void sigmoid_sine(const double *x, double *y, int n);
void haversine(const float *points, float *distances, int n);
void gated(const float *gate, const float *up, float *y, int n);
void bias_relu(const float *x, const float *bias, float *y, int rows, int n);
void embed(const int *tokens, const float *table, float *out, int count, int width);
void rotate_pairs(const float *x, float *y, int tokens, int heads, int width);
void adam(float *w, float *m, float *v, const float *g, int n);
void move(float *particles, int n, float dt);
void fall(float *particles, int n, float dt);
void add(const float *a, const float *b, float *c, int n);
void scale(const double *x, double *y, int n, double a);
void matrix_vectors(const float *m, const float *v, float *out, int n);
void multiply_complex(const float *a, const float *b, float *c, int n);
void xorshift(unsigned *out, int n, int steps);
void congruential(unsigned *out, int n, int steps);
void crc32(const byte *data, unsigned *out, int n, int length);
void collatz(int *out, int n);
} // namespace reference

__device__ static int index() { return blockIdx.x * blockDim.x + threadIdx.x; }

/* Black-Scholes in the type's own functions. */
template <typename T> __device__ T cumulative(T d) {
    const T A1 = 0.31938153, A2 = -0.356563782, A3 = 1.781477937, A4 = -1.821255978, A5 = 1.330274429;
    const T K = T(1.0) / (T(1.0) + T(0.2316419) * fabs(d));
    T c = T(0.39894228040143267793994605993438) * exp(T(-0.5) * d * d) *
          (K * (A1 + K * (A2 + K * (A3 + K * (A4 + K * A5)))));
    if (d > 0) c = T(1.0) - c;
    return c;
}
template <typename T> __global__ void options_plain(const T *s, const T *x, const T *t, T *call, T *put, int n) {
    const T r = 0.02, v = 0.3;
    int i = index();
    if (i < n) {
        T root = sqrt(t[i]), d1 = (log(s[i] / x[i]) + (r + T(0.5) * v * v) * t[i]) / (v * root), d2 = d1 - v * root;
        T c1 = cumulative(d1), c2 = cumulative(d2), discount = exp(-r * t[i]);
        call[i] = s[i] * c1 - x[i] * discount * c2;
        put[i] = x[i] * discount * (T(1.0) - c2) - s[i] * (T(1.0) - c1);
    }
}

__global__ void options_erfc(const float *s, const float *x, const float *t, float *call, float *put, int n) {
    const float r = 0.02f, v = 0.3f;
    for (int i = index(); i < n; i += gridDim.x * blockDim.x) {
        float q = v * sqrtf(t[i]), d1 = (logf(s[i] / x[i]) + (r + 0.5f * v * v) * t[i]) / q, d2 = d1 - q;
        float c1 = 0.5f * erfcf(-d1 * 0.70710678f), c2 = 0.5f * erfcf(-d2 * 0.70710678f), e = expf(-r * t[i]);
        call[i] = s[i] * c1 - x[i] * e * c2;
        put[i] = x[i] * e * (1 - c2) - s[i] * (1 - c1);
    }
}

/* With the fast functions. */
__device__ static float cumulative_fast(float d) {
    const float A1 = 0.31938153f, A2 = -0.356563782f, A3 = 1.781477937f, A4 = -1.821255978f, A5 = 1.330274429f;
    float k = __fdividef(1.0f, (1.0f + 0.2316419f * fabsf(d)));
    float c = 0.39894228040143f * __expf(-0.5f * d * d) * (k * (A1 + k * (A2 + k * (A3 + k * (A4 + k * A5)))));
    return d > 0 ? 1.0f - c : c;
}
__device__ static void option(float &call, float &put, float s, float x, float t) {
    const float r = 0.02f, v = 0.3f;
    float root = __fdividef(1.0f, rsqrtf(t)), d1 = __fdividef(__logf(s / x) + (r + 0.5f * v * v) * t, v * root);
    float d2 = d1 - v * root, c1 = cumulative_fast(d1), c2 = cumulative_fast(d2), e = __expf(-r * t);
    call = s * c1 - x * e * c2;
    put = x * e * (1.0f - c2) - s * (1.0f - c1);
}
__global__ void __launch_bounds__(128)
    options_float2(const float2 *__restrict s, const float2 *__restrict x, const float2 *__restrict t,
                   float2 *__restrict call, float2 *__restrict put, int n2) {
    const int i = index();
    if (i < n2) {
        float c1, c2, p1, p2;
        option(c1, p1, s[i].x, x[i].x, t[i].x);
        option(c2, p2, s[i].y, x[i].y, t[i].y);
        call[i] = make_float2(c1, c2);
        put[i] = make_float2(p1, p2);
    }
}

struct Option {
    float s, x, t;
};
struct Prices {
    float call, put;
};
__global__ void options_structures(const Option *options, Prices *prices, int n) {
    int i = index();
    if (i >= n) return;
    Option o = options[i];
    Prices p;
    option(p.call, p.put, o.s, o.x, o.t);
    prices[i] = p;
}

__global__ void gelu_tanh(const float *x, float *y, int n) {
    int i = index();
    if (i < n) {
        float v = x[i];
        y[i] = 0.5f * v * (1.0f + tanhf(0.7978845608f * (v + 0.044715f * v * v * v)));
    }
}
__global__ void gelu_erf(const float *x, float *y, int n) {
    int i = index();
    if (i < n) y[i] = x[i] * 0.5f * (1.0f + erff(x[i] * 0.70710678f));
}
__global__ void silu(const float *x, float *y, int n) {
    int i = index();
    if (i < n) y[i] = x[i] / (1.0f + expf(-x[i]));
}
__global__ void silu_float4(const float4 *x, float4 *y, int n4) {
    int i = index();
    if (i < n4) {
        float4 v = x[i];
        v.x = v.x / (1.0f + __expf(-v.x));
        v.y = v.y / (1.0f + __expf(-v.y));
        v.z = v.z / (1.0f + __expf(-v.z));
        v.w = v.w / (1.0f + __expf(-v.w));
        y[i] = v;
    }
}
__global__ void sine_power(const float *x, float *y, int n) {
    int i = index();
    if (i < n) y[i] = sinf(x[i]) * cosf(x[i] * 1.5f) + powf(fabsf(x[i]) + 0.1f, 1.7f);
}
__global__ void sigmoid_sine(const double *x, double *y, int n) {
    int i = index();
    if (i < n) y[i] = 1.0 / (1.0 + exp(-x[i])) + sin(x[i]);
}
__global__ void haversine(const float4 *p, float *d, int n) {
    int i = index();
    if (i < n) {
        float4 q = p[i];
        float dl = (q.z - q.x) * 0.5f, dm = (q.w - q.y) * 0.5f;
        float a = sinf(dl) * sinf(dl) + cosf(q.x) * cosf(q.z) * sinf(dm) * sinf(dm);
        d[i] = 2.f * 6371.f * atan2f(sqrtf(a), sqrtf(1.f - a));
    }
}
__global__ void gated(const float *gate, const float *up, float *y, int n) {
    int i = index();
    if (i < n) y[i] = gate[i] / (1.f + __expf(-gate[i])) * up[i];
}
__global__ void bias_relu_flat(const float *x, const float *bias, float *y, int count, int n) {
    int i = index();
    if (i < count) {
        float v = x[i] + bias[i % n];
        y[i] = v > 0 ? v : 0;
    }
}
__global__ void bias_relu_rows(const float *x, const float *bias, float *y, int n) {
    int c = index(), r = blockIdx.y;
    if (c < n) y[r * n + c] = fmaxf(x[r * n + c] + bias[c], 0.f);
}
__global__ void embed_blocks(const int *tokens, const float *table, float *out, int width) {
    int t = blockIdx.x;
    for (int c = threadIdx.x; c < width; c += blockDim.x) out[t * width + c] = table[(size_t)tokens[t] * width + c];
}
__global__ void embed_float4(const int *tokens, const float4 *table, float4 *out, int width4, int n) {
    int i = index();
    if (i < n) out[i] = table[(size_t)tokens[i / width4] * width4 + i % width4];
}
__global__ void rotate_pairs(const float *x, float *y, int heads, int width) {
    int t = blockIdx.x, h = threadIdx.y, i = threadIdx.x;
    float angle = t * powf(10000.f, -2.f * i / width), c = cosf(angle), s = sinf(angle);
    const float *p = x + ((size_t)t * heads + h) * width;
    float *q = y + ((size_t)t * heads + h) * width, u = p[2 * i], v = p[2 * i + 1];
    q[2 * i] = u * c - v * s;
    q[2 * i + 1] = u * s + v * c;
}
__global__ void adam(float *w, float *m, float *v, const float *g, int n, float rate, float b1, float b2, float e) {
    for (int i = index(); i < n; i += gridDim.x * blockDim.x) {
        m[i] = b1 * m[i] + (1 - b1) * g[i];
        v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
        w[i] -= rate * m[i] / (sqrtf(v[i]) + e);
    }
}

/* Structures whose fields are read and written one by one, or as a whole. */
struct Particle {
    float x, y, z, vx, vy, vz;
};
__global__ void move_fields(Particle *p, int n, float dt) {
    int i = index();
    if (i >= n) return;
    p[i].x += p[i].vx * dt;
    p[i].y += p[i].vy * dt;
    p[i].z += p[i].vz * dt;
    if (p[i].x < 0 || p[i].x > 1) p[i].vx = -p[i].vx;
    if (p[i].y < 0 || p[i].y > 1) p[i].vy = -p[i].vy;
}
struct Heavy {
    float m, x, y, z, vx, vy, vz;
    int id;
};
__global__ void fall_whole(Heavy *p, int n, float dt) {
    int i = index();
    if (i < n) {
        Heavy q = p[i];
        q.vy -= q.m * dt;
        q.x += q.vx * dt;
        q.y += q.vy * dt;
        q.z += q.vz * dt;
        p[i] = q;
    }
}
__global__ void add_float4(const float4 *a, const float4 *b, float4 *c, int n4) {
    int i = index();
    if (i < n4) {
        float4 x = a[i], y = b[i];
        c[i] = make_float4(x.x + y.x, x.y + y.y, x.z + y.z, x.w + y.w);
    }
}
__global__ void scale_strided(double a, const double *x, double *y, size_t n) {
    for (size_t i = index(); i < n; i += (size_t)gridDim.x * blockDim.x) y[i] = a * x[i] + 0.5;
}
__global__ void matrix_float3(const float *m, const float3 *v, float3 *out, int n) {
    int i = index();
    if (i < n) {
        float3 a = v[i];
        out[i] = make_float3(m[0] * a.x + m[1] * a.y + m[2] * a.z, m[3] * a.x + m[4] * a.y + m[5] * a.z,
                             m[6] * a.x + m[7] * a.y + m[8] * a.z);
    }
}
__global__ void complex_float2(const float2 *a, const float2 *b, float2 *c, int n) {
    int i = index();
    if (i < n) {
        float2 x = a[i], y = b[i];
        c[i] = make_float2(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x);
    }
}

__global__ void xorshift(unsigned *out, int steps) {
    unsigned i = index(), s = i * 2654435761u + 1, sum = 0;
    for (int k = 0; k < steps; k++) {
        s ^= s << 13;
        s ^= s >> 17;
        s ^= s << 5;
        sum += s;
    }
    out[i] = sum;
}
__global__ void congruential(unsigned *out, int steps) {
    unsigned i = index(), sum = 0;
    unsigned long long s = i + 88172645463325252ull;
    for (int k = 0; k < steps; k++) {
        s = s * 6364136223846793005ull + 1442695040888963407ull;
        sum += (unsigned)(s >> 33);
    }
    out[i] = sum;
}
/* By a table in shared memory that the block makes. */
__global__ void crc_table(const byte *data, unsigned *out, int n, int length) {
    __shared__ unsigned table[256];
    unsigned c = threadIdx.x;
    for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
    if (threadIdx.x < 256) table[threadIdx.x] = c;
    __syncthreads();
    int i = index();
    if (i >= n) return;
    c = ~0u;
    for (int k = 0; k < length; k++) c = table[(c ^ data[(size_t)i * length + k]) & 255] ^ (c >> 8);
    out[i] = ~c;
}
__global__ void crc_bits(const byte *data, unsigned *out, int n, int length) {
    int i = index();
    if (i >= n) return;
    unsigned c = ~0u;
    for (int k = 0; k < length; k++) {
        c ^= data[(size_t)i * length + k];
        for (int j = 0; j < 8; j++) c = (c >> 1) ^ (0xedb88320u & -(c & 1));
    }
    out[i] = ~c;
}
__global__ void collatz(int *out, int n) {
    int i = index();
    if (i >= n) return;
    unsigned long long v = i + 1;
    int steps = 0;
    while (v != 1) {
        v = (v & 1) ? 3 * v + 1 : v >> 1;
        steps++;
    }
    out[i] = steps;
}

static int blocks(int n, int block) { return (n + block - 1) / block; }

/* `launch(s, x, t, call, put, n)`, an even number of options. */
template <typename T, typename F, typename G> static corpus::Work options(F launch, G reference) {
    int n = corpus::size(3000, 4 << 20) / (sizeof(T) / 4);
    auto s = random<T>(n, 5, 30), x = random<T>(n, 1, 100), t = random<T>(n, 0.25, 10);
    auto call = corpus::result<T>(n), put = corpus::result<T>(n);
    return {[=] { launch(s, x, t, call, put, n); }, [=] { reference(s.host, x.host, t.host, call.host, put.host, n); }};
}
#define OPTIONS(T, REFERENCE, ...)                                                                                     \
    options<T>([](auto s, auto x, auto t, auto call, auto put, int n) { __VA_ARGS__; },                                \
               [](const T *s, const T *x, const T *t, T *call, T *put, int n) {                                        \
                   reference::REFERENCE(s, x, t, call, put, n);                                                        \
               })
CASE(options_double_128, 1e-6) {
    return OPTIONS(double, options, options_plain<double><<<blocks(n, 128), 128>>>(s, x, t, call, put, n));
}
CASE(options_float_192, 1e-4) {
    return OPTIONS(float, options, options_plain<float><<<blocks(n, 192), 192>>>(s, x, t, call, put, n));
}
CASE(options_erfc_strided, 1e-4) {
    return OPTIONS(float, options_erfc, options_erfc<<<48, 128>>>(s, x, t, call, put, n));
}
CASE(options_float2_128, 1e-4) {
    return OPTIONS(float, options,
                   options_float2<<<blocks(n / 2, 128), 128>>>((float2 *)s.device, (float2 *)x.device,
                                                               (float2 *)t.device, (float2 *)call.device,
                                                               (float2 *)put.device, n / 2));
}
CASE(options_structures_256, 1e-4) {
    int n = corpus::size(3000, 4 << 20);
    auto o = random<float>(3 * n, 1, 20), prices = corpus::result<float>(2 * n);
    return {[=] { options_structures<<<blocks(n, 256), 256>>>((Option *)o.device, (Prices *)prices.device, n); },
            [=] { reference::options_structures(o.host, prices.host, n); }};
}

/* y = f(x); `launch(x, y, n)`. */
template <typename T, typename F, typename G> static corpus::Work map(double low, double high, F launch, G reference) {
    int n = corpus::size(3000, 8 << 20);
    auto x = random<T>(n, low, high), y = corpus::result<T>(n);
    return {[=] { launch(x, y, n); }, [=] { reference(x.host, y.host, n); }};
}
#define MAP(T, LOW, HIGH, BLOCK, KERNEL)                                                                               \
    map<T>(LOW, HIGH, [](auto x, auto y, int n) { KERNEL<<<blocks(n, BLOCK), BLOCK>>>(x, y, n); }, reference::KERNEL)
CASE(gelu_tanh_256, 1e-5) { return MAP(float, -4, 4, 256, gelu_tanh); }
CASE(gelu_erf_256, 1e-5) { return MAP(float, -4, 4, 256, gelu_erf); }
CASE(silu_256, 1e-5) { return MAP(float, -4, 4, 256, silu); }
CASE(silu_float4_256, 1e-5) {
    return map<float>(
        -4, 4,
        [](auto x, auto y, int n) {
            silu_float4<<<blocks(n / 4, 256), 256>>>((float4 *)x.device, (float4 *)y.device, n / 4);
        },
        reference::silu);
}
CASE(sine_power_512, 1e-5) { return MAP(float, -3, 3, 512, sine_power); }
CASE(sigmoid_sine_256, 1e-12) { return MAP(double, -3, 3, 256, sigmoid_sine); }
CASE(haversine_256, 1e-4) {
    int n = corpus::size(3000, 2 << 20);
    auto p = random<float>(4 * n, -1.5, 1.5), d = corpus::result<float>(n);
    return {[=] { haversine<<<blocks(n, 256), 256>>>((float4 *)p.device, d, n); },
            [=] { reference::haversine(p.host, d.host, n); }};
}
CASE(gated_256, 1e-5) {
    int n = corpus::size(3000, 4 << 20);
    auto gate = random<float>(n, -3, 3), up = random<float>(n, -3, 3), y = corpus::result<float>(n);
    return {[=] { gated<<<blocks(n, 256), 256>>>(gate, up, y, n); },
            [=] { reference::gated(gate.host, up.host, y.host, n); }};
}

/* `launch(x, bias, y, rows, n)`. */
template <typename F> static corpus::Work bias_relu(F launch) {
    int rows = corpus::size(20, 4096), n = corpus::size(100, 1024);
    auto x = random<float>(rows * n, -3, 3), bias = random<float>(n, -1, 1), y = corpus::result<float>(rows * n);
    return {[=] { launch(x, bias, y, rows, n); }, [=] { reference::bias_relu(x.host, bias.host, y.host, rows, n); }};
}
CASE(bias_relu_flat_256, 0) {
    return bias_relu([](auto x, auto bias, auto y, int rows, int n) {
        bias_relu_flat<<<blocks(rows * n, 256), 256>>>(x, bias, y, rows * n, n);
    });
}
CASE(bias_relu_rows_256, 0) {
    return bias_relu([](auto x, auto bias, auto y, int rows, int n) {
        bias_relu_rows<<<dim3(blocks(n, 256), rows), 256>>>(x, bias, y, n);
    });
}

/* `launch(tokens, table, out, count, width)`. */
template <typename F> static corpus::Work embedding(F launch) {
    int count = corpus::size(40, 16384), words = corpus::size(100, 32000), width = 256;
    auto tokens = random<int>(count, 0, words);
    auto table = random<float>((size_t)words * width), out = corpus::result<float>((size_t)count * width);
    return {[=] { launch(tokens, table, out, count, width); },
            [=] { reference::embed(tokens.host, table.host, out.host, count, width); }};
}
CASE(embed_blocks_256, 0) {
    return embedding([](auto tokens, auto table, auto out, int count, int width) {
        embed_blocks<<<count, 256>>>(tokens, table, out, width);
    });
}
CASE(embed_float4_256, 0) {
    return embedding([](auto tokens, auto table, auto out, int count, int width) {
        int n = count * width / 4;
        embed_float4<<<blocks(n, 256), 256>>>(tokens, (float4 *)table.device, (float4 *)out.device, width / 4, n);
    });
}
CASE(rotate_pairs_32x8, 1e-3) {
    int tokens = corpus::size(20, 2048), heads = 8, width = 64;
    auto x = random<float>(tokens * heads * width, -3, 3), y = corpus::result<float>(tokens * heads * width);
    return {[=] { rotate_pairs<<<tokens, dim3(width / 2, heads)>>>(x, y, heads, width); },
            [=] { reference::rotate_pairs(x.host, y.host, tokens, heads, width); }};
}
CASE(adam_strided, 1e-4) {
    int n = corpus::size(70000, 4 << 20);
    auto state = [=] { return corpus::checked(random<float>(n)); };
    auto w = state(), m = state(), v = state(), g = random<float>(n);
    return {[=] { adam<<<256, 256>>>(w, m, v, g, n, 1e-3f, .9f, .999f, 1e-8f); },
            [=] { reference::adam(w.host, m.host, v.host, g.host, n); }};
}

CASE(move_fields_256, 1e-5) {
    int n = corpus::size(1000, 4 << 20);
    auto p = corpus::checked(random<float>(6 * n));
    return {[=] { move_fields<<<blocks(n, 256), 256>>>((Particle *)p.device, n, 0.001f); },
            [=] { reference::move(p.host, n, 0.001f); }};
}
CASE(fall_whole_128, 1e-5) {
    int n = corpus::size(1000, 4 << 20);
    auto p = corpus::checked(random<float>(8 * n));
    return {[=] { fall_whole<<<blocks(n, 128), 128>>>((Heavy *)p.device, n, 0.001f); },
            [=] { reference::fall(p.host, n, 0.001f); }};
}
CASE(add_float4_256, 0) {
    int n = corpus::size(4000, 1 << 24);
    auto a = random<float>(n), b = random<float>(n), c = corpus::result<float>(n);
    return {[=] {
                add_float4<<<blocks(n / 4, 256), 256>>>((float4 *)a.device, (float4 *)b.device, (float4 *)c.device,
                                                        n / 4);
            },
            [=] { reference::add(a.host, b.host, c.host, n); }};
}
CASE(scale_double_strided, 1e-15) {
    int n = corpus::size(300000, 1 << 23);
    auto x = random<double>(n), y = corpus::result<double>(n);
    return {[=] { scale_strided<<<1024, 256>>>(2.5, x, y, n); }, [=] { reference::scale(x.host, y.host, n, 2.5); }};
}
CASE(matrix_float3_256, 1e-5) {
    int n = corpus::size(1000, 4 << 20);
    auto m = random<float>(9), v = random<float>(3 * n), out = corpus::result<float>(3 * n);
    return {[=] { matrix_float3<<<blocks(n, 256), 256>>>(m, (float3 *)v.device, (float3 *)out.device, n); },
            [=] { reference::matrix_vectors(m.host, v.host, out.host, n); }};
}
CASE(complex_float2_256, 1e-4) {
    int n = corpus::size(1000, 8 << 20);
    auto a = random<float>(2 * n), b = random<float>(2 * n), c = corpus::result<float>(2 * n);
    return {
        [=] { complex_float2<<<blocks(n, 256), 256>>>((float2 *)a.device, (float2 *)b.device, (float2 *)c.device, n); },
        [=] { reference::multiply_complex(a.host, b.host, c.host, n); }};
}

/* So many numbers a thread; `launch(out, n, steps)`, whole blocks of 256. */
template <typename F, typename G> static corpus::Work generator(F launch, G reference) {
    int n = corpus::size(512, 65536), steps = corpus::size(20, 1024);
    auto out = corpus::result<unsigned>(n);
    return {[=] { launch(out, n, steps); }, [=] { reference(out.host, n, steps); }};
}
CASE(xorshift_256, 0) {
    return generator([](auto out, int n, int steps) { xorshift<<<n / 256, 256>>>(out, steps); }, reference::xorshift);
}
CASE(congruential_256, 0) {
    return generator([](auto out, int n, int steps) { congruential<<<n / 256, 256>>>(out, steps); },
                     reference::congruential);
}

/* `launch(data, out, n, length)`. */
template <typename F> static corpus::Work crc(F launch) {
    int n = corpus::size(700, 1 << 18), length = corpus::size(13, 64);
    auto data = random<byte>(n * length, 0, 256);
    auto out = corpus::result<unsigned>(n);
    return {[=] { launch(data, out, n, length); }, [=] { reference::crc32(data.host, out.host, n, length); }};
}
CASE(crc_table_256, 0) {
    return crc(
        [](auto data, auto out, int n, int length) { crc_table<<<blocks(n, 256), 256>>>(data, out, n, length); });
}
CASE(crc_bits_256, 0) {
    return crc([](auto data, auto out, int n, int length) { crc_bits<<<blocks(n, 256), 256>>>(data, out, n, length); });
}
CASE(collatz_256, 0) {
    int n = corpus::size(700, 1 << 20);
    auto out = corpus::result<int>(n);
    return {[=] { collatz<<<blocks(n, 256), 256>>>(out, n); }, [=] { reference::collatz(out.host, n); }};
}
