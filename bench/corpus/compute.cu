/* Long loops a thread: bodies that attract each other, fractals, rays, random numbers, trees of prices, digests. */
#include "corpus.h"
#include "sha256.h"

using corpus::random;
typedef unsigned char byte;

namespace reference {
void attract(const float *x, const float *y, const float *z, const float *m, float *ax, float *ay, float *az, int n);
void attract(const float *bodies, float *out, int n);
void attract_in_place(float *bodies, int n, float dt);
void attract(const double *x, const double *y, const double *z, double *out, int n);
void mandelbrot(int *out, int w, int h, int most);
void mandelbrot_smooth(byte *out, int w, int h, int most);
void mandelbrot_narrow(unsigned short *out, int w, int h, int most);
void julia(byte *out, int w, int h);
void spheres(const float *spheres, int count, byte *out, int w, int h);
void monte_carlo(unsigned *out, int n, int steps);
void binomial(const float *s, const float *x, const float *t, float *out, int n);
void sha256(unsigned *out, int n, unsigned base);
} // namespace reference

__global__ void attract_arrays(const float *x, const float *y, const float *z, const float *m, float *ax, float *ay,
                               float *az, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    float xi = x[i], yi = y[i], zi = z[i], a = 0, b = 0, c = 0;
    for (int j = 0; j < n; j++) {
        float dx = x[j] - xi, dy = y[j] - yi, dz = z[j] - zi;
        float r2 = dx * dx + dy * dy + dz * dz + 1e-3f, inverse = 1.0f / sqrtf(r2);
        float f = m[j] * inverse * inverse * inverse;
        a += dx * f;
        b += dy * f;
        c += dz * f;
    }
    ax[i] = a;
    ay[i] = b;
    az[i] = c;
}

/* The whole loop under the bounds check, structures read through the pointer again and again. */
struct Body {
    float x, y, z, vx, vy, vz;
};
__global__ void attract_structures(Body *p, float dt, int n) {
    int i = blockDim.x * blockIdx.x + threadIdx.x;
    if (i < n) {
        float fx = 0, fy = 0, fz = 0;
        for (int tile = 0; tile < gridDim.x; tile++) {
            __shared__ float3 positions[256];
            Body b = p[tile * blockDim.x + threadIdx.x];
            positions[threadIdx.x] = make_float3(b.x, b.y, b.z);
            __syncthreads();
#pragma unroll
            for (int j = 0; j < 256; j++) {
                float dx = positions[j].x - p[i].x, dy = positions[j].y - p[i].y, dz = positions[j].z - p[i].z;
                float inverse = rsqrtf(dx * dx + dy * dy + dz * dz + 1e-3f), cube = inverse * inverse * inverse;
                fx += dx * cube;
                fy += dy * cube;
                fz += dz * cube;
            }
            __syncthreads();
        }
        p[i].vx = dt * fx;
        p[i].vy = dt * fy;
        p[i].vz = dt * fz;
    }
}

__device__ static float3 interaction(float3 a, float4 me, float4 other) {
    float3 r = {other.x - me.x, other.y - me.y, other.z - me.z};
    float inverse = rsqrtf(r.x * r.x + r.y * r.y + r.z * r.z + 1e-3f), s = other.w * inverse * inverse * inverse;
    return {a.x + r.x * s, a.y + r.y * s, a.z + r.z * s};
}
template <int BLOCK> __global__ void attract_tiles(const float4 *__restrict__ bodies, float4 *out, int n) {
    extern __shared__ float4 tile[];
    int i = blockIdx.x * BLOCK + threadIdx.x;
    float4 me = bodies[i];
    float3 a = {0, 0, 0};
    for (int t = 0; t < n / BLOCK; t++) {
        tile[threadIdx.x] = bodies[t * BLOCK + threadIdx.x];
        __syncthreads();
#pragma unroll 32
        for (int j = 0; j < BLOCK; j++) a = interaction(a, me, tile[j]);
        __syncthreads();
    }
    out[i] = make_float4(a.x, a.y, a.z, 0);
}

__global__ void attract_doubles(const double *x, const double *y, const double *z, double *out, int n) {
    __shared__ double sx[64], sy[64], sz[64];
    int i = blockIdx.x * 64 + threadIdx.x;
    double xi = x[i], yi = y[i], zi = z[i], sum = 0;
    for (int t = 0; t < n; t += 64) {
        sx[threadIdx.x] = x[t + threadIdx.x];
        sy[threadIdx.x] = y[t + threadIdx.x];
        sz[threadIdx.x] = z[t + threadIdx.x];
        __syncthreads();
        for (int j = 0; j < 64; j++) {
            double dx = sx[j] - xi, dy = sy[j] - yi, dz = sz[j] - zi;
            double inverse = rsqrt(dx * dx + dy * dy + dz * dz + 1e-3);
            sum += (dx + dy + dz) * (inverse * inverse * inverse);
        }
        __syncthreads();
    }
    out[i] = sum;
}

__global__ void mandelbrot_double(int *out, int w, int h, int most) {
    int px = blockIdx.x * blockDim.x + threadIdx.x, py = blockIdx.y * blockDim.y + threadIdx.y;
    if (px >= w || py >= h) return;
    double cx = -2.0 + px * (3.0 / w), cy = -1.5 + py * (3.0 / h), x = 0, y = 0;
    int i = 0;
    while (x * x + y * y <= 4.0 && i < most) {
        double t = x * x - y * y + cx;
        y = 2.0 * x * y + cy;
        x = t;
        i++;
    }
    out[py * w + px] = i;
}

__global__ void mandelbrot_smooth(uchar4 *out, int w, int h, int most) {
    int px = blockIdx.x * blockDim.x + threadIdx.x, py = blockIdx.y * blockDim.y + threadIdx.y, i;
    if (px >= w || py >= h) return;
    float cx = -2.f + px * (3.f / w), cy = -1.5f + py * (3.f / h), x = 0, y = 0, x2 = 0, y2 = 0;
    for (i = 0; i < most; i++) {
        y = 2 * x * y + cy;
        x = x2 - y2 + cx;
        x2 = x * x;
        y2 = y * y;
        if (x2 + y2 > 16.f) break;
    }
    uchar4 c = make_uchar4(0, 0, 0, 255);
    if (i != most) {
        int q = (int)((i + 1 - log2f(0.5f * log2f(x2 + y2))) * 8.f);
        c = make_uchar4(q & 255, (q >> 2) & 255, (q >> 4) & 255, 255);
    }
    out[py * w + px] = c;
}

__global__ void mandelbrot_strided(unsigned short *out, int w, int n, int most) {
    for (int t = blockIdx.x * blockDim.x + threadIdx.x; t < n; t += gridDim.x * blockDim.x) {
        int px = t % w, py = t / w, k = 0;
        float cr = (px - w * 0.75f) / (w / 3.f), ci = (py - w * 0.5f) / (w / 3.f), zr = cr, zi = ci;
        do {
            float a = zr * zr, b = zi * zi;
            if (a + b > 4.f) break;
            zi = 2.f * zr * zi + ci;
            zr = a - b + cr;
        } while (++k < most);
        out[t] = k;
    }
}

/* Complex numbers with operators. */
struct Complex {
    float r, i;
    __device__ Complex(float a, float b) : r(a), i(b) {}
    __device__ float square() { return r * r + i * i; }
    __device__ Complex operator*(const Complex &a) { return Complex(r * a.r - i * a.i, i * a.r + r * a.i); }
    __device__ Complex operator+(const Complex &a) { return Complex(r + a.r, i + a.i); }
};
__device__ static int in_julia(int x, int y, int w, int h) {
    Complex c(-0.8f, 0.156f), a(1.5f * (float)(w / 2 - x) / (w / 2), 1.5f * (float)(h / 2 - y) / (h / 2));
    for (int i = 0; i < 200; i++) {
        a = a * a + c;
        if (a.square() > 1000) return 0;
    }
    return 1;
}
__device__ static void paint(byte *p, int at, int value) {
    p[at * 4] = 255 * value;
    p[at * 4 + 1] = 0;
    p[at * 4 + 2] = 0;
    p[at * 4 + 3] = 255;
}
__global__ void julia_block_a_point(byte *p) {
    int x = blockIdx.x, y = blockIdx.y;
    paint(p, x + y * gridDim.x, in_julia(x, y, gridDim.x, gridDim.y));
}
__global__ void julia_blocks(byte *p, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < w && y < h) paint(p, x + y * w, in_julia(x, y, w, h));
}

const int SPHERES = 20;
struct Sphere {
    float x, y, z, radius, r, g, b;
};
struct Scene {
    Sphere all[SPHERES];
};
__constant__ Scene scene;
__global__ void spheres(uchar4 *out, int w, int h) {
    int x = threadIdx.x + blockIdx.x * blockDim.x, y = threadIdx.y + blockIdx.y * blockDim.y;
    if (x >= w || y >= h) return;
    float ox = x - w / 2, oy = y - h / 2, r = 0, g = 0, b = 0, nearest = -2e10f;
    for (int i = 0; i < SPHERES; i++) {
        const Sphere &s = scene.all[i];
        float dx = ox - s.x, dy = oy - s.y, n = 0, t = -2e10f;
        if (dx * dx + dy * dy < s.radius * s.radius) {
            float dz = sqrtf(s.radius * s.radius - dx * dx - dy * dy);
            n = dz / sqrtf(s.radius * s.radius);
            t = dz + s.z;
        }
        if (t > nearest) {
            r = s.r * n;
            g = s.g * n;
            b = s.b * n;
            nearest = t;
        }
    }
    out[x + y * w] = make_uchar4((int)(r * 255), (int)(g * 255), (int)(b * 255), 255);
}

__global__ void monte_carlo(unsigned *out, int steps) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x, s = i + 1;
    int hits = 0;
    for (int k = 0; k < steps; k++) {
        s ^= s << 13;
        s ^= s >> 17;
        s ^= s << 5;
        float a = (s >> 8) * (1.f / 16777216);
        s ^= s << 13;
        s ^= s >> 17;
        s ^= s << 5;
        float b = (s >> 8) * (1.f / 16777216);
        if (a * a + b * b <= 1.f) hits++;
    }
    out[i] = hits;
}

/* A step of the tree, a barrier. */
__global__ void binomial(const float *s, const float *x, const float *t, float *out) {
    __shared__ float c[256];
    const int n = 255;
    int k = threadIdx.x;
    float dt = t[blockIdx.x] / n, v = 0.3f * sqrtf(dt), r = expf(0.02f * dt), u = expf(v), d = 1 / u;
    float up = (r - d) / (u - d) / r, down = 1 / r - up;
    float price = s[blockIdx.x] * expf(v * (2.0f * k - n)) - x[blockIdx.x];
    c[k] = price > 0 ? price : 0;
    __syncthreads();
    for (int i = n; i > 0; i--) {
        float w = 0;
        if (k < i) w = up * c[k + 1] + down * c[k];
        __syncthreads();
        if (k < i) c[k] = w;
        __syncthreads();
    }
    if (k == 0) out[blockIdx.x] = c[0];
}

__constant__ unsigned rounds[64] = SHA256_ROUNDS;
__device__ static unsigned turn(unsigned x, int n) { return (x >> n) | (x << (32 - n)); }
__global__ void sha256(unsigned *out, unsigned base) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x, w[64] = {base, i, 0x80000000u};
    w[15] = 64;
    for (int k = 16; k < 64; k++) {
        unsigned s0 = turn(w[k - 15], 7) ^ turn(w[k - 15], 18) ^ (w[k - 15] >> 3);
        unsigned s1 = turn(w[k - 2], 17) ^ turn(w[k - 2], 19) ^ (w[k - 2] >> 10);
        w[k] = w[k - 16] + s0 + w[k - 7] + s1;
    }
    unsigned a = 0x6a09e667, b = 0xbb67ae85, c = 0x3c6ef372, d = 0xa54ff53a;
    unsigned e = 0x510e527f, f = 0x9b05688c, g = 0x1f83d9ab, h = 0x5be0cd19;
    for (int k = 0; k < 64; k++) {
        unsigned t1 = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + rounds[k] + w[k];
        unsigned t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
    }
    out[i] = a + 0x6a09e667;
}

static int bodies() { return corpus::size(512, 16384); }

CASE(attract_arrays_128, 1e-3) {
    int n = bodies();
    auto x = random<float>(n), y = random<float>(n), z = random<float>(n), m = random<float>(n);
    auto ax = corpus::result<float>(n), ay = corpus::result<float>(n), az = corpus::result<float>(n);
    return {[=] { attract_arrays<<<(n + 127) / 128, 128>>>(x, y, z, m, ax, ay, az, n); },
            [=] { reference::attract(x.host, y.host, z.host, m.host, ax.host, ay.host, az.host, n); }};
}
CASE(attract_structures_256, 1e-3) {
    int n = bodies();
    auto p = corpus::checked(random<float>(6 * n));
    return {[=] { attract_structures<<<n / 256, 256>>>((Body *)p.device, 0.01f, n); },
            [=] { reference::attract_in_place(p.host, n, 0.01f); }};
}
template <int BLOCK> static corpus::Work attracting_tiles() {
    int n = bodies();
    auto p = random<float>(4 * n), out = corpus::result<float>(4 * n);
    return {[=] {
                attract_tiles<BLOCK>
                    <<<n / BLOCK, BLOCK, BLOCK * sizeof(float4)>>>((float4 *)p.device, (float4 *)out.device, n);
            },
            [=] { reference::attract(p.host, out.host, n); }};
}
CASE(attract_tiles_128, 1e-3) { return attracting_tiles<128>(); }
CASE(attract_tiles_512, 1e-3) { return attracting_tiles<512>(); }
CASE(attract_doubles_64, 1e-9) {
    int n = bodies() / 2;
    auto x = random<double>(n), y = random<double>(n), z = random<double>(n), out = corpus::result<double>(n);
    return {[=] { attract_doubles<<<n / 64, 64>>>(x, y, z, out, n); },
            [=] { reference::attract(x.host, y.host, z.host, out.host, n); }};
}

static int side() { return corpus::size(70, 2048); }
static dim3 grid(int w, int h, dim3 block) { return dim3((w + block.x - 1) / block.x, (h + block.y - 1) / block.y); }

CASE(mandelbrot_double_16x16, 0, 1e-2) {
    int w = side(), h = side(), most = corpus::size(40, 256);
    auto out = corpus::result<int>(w * h);
    return {[=] { mandelbrot_double<<<grid(w, h, dim3(16, 16)), dim3(16, 16)>>>(out, w, h, most); },
            [=] { reference::mandelbrot(out.host, w, h, most); }};
}
CASE(mandelbrot_smooth_32x8, 0.02, 3e-2) {
    int w = side(), h = side(), most = corpus::size(40, 256);
    auto out = corpus::result<byte>(4 * w * h);
    return {[=] { mandelbrot_smooth<<<grid(w, h, dim3(32, 8)), dim3(32, 8)>>>((uchar4 *)out.device, w, h, most); },
            [=] { reference::mandelbrot_smooth(out.host, w, h, most); }};
}
CASE(mandelbrot_strided_256, 0, 1e-2) {
    int w = side(), most = corpus::size(40, 256);
    auto out = corpus::result<unsigned short>(w * w);
    return {[=] { mandelbrot_strided<<<corpus::size(5, 256), 256>>>(out, w, w * w, most); },
            [=] { reference::mandelbrot_narrow(out.host, w, w, most); }};
}
CASE(julia_block_a_point, 0, 1e-2) {
    int w = side();
    auto out = corpus::result<byte>(4 * w * w);
    return {[=] { julia_block_a_point<<<dim3(w, w), 1>>>(out); }, [=] { reference::julia(out.host, w, w); }};
}
CASE(julia_16x16, 0, 1e-2) {
    int w = side();
    auto out = corpus::result<byte>(4 * w * w);
    return {[=] { julia_blocks<<<grid(w, w, dim3(16, 16)), dim3(16, 16)>>>(out, w, w); },
            [=] { reference::julia(out.host, w, w); }};
}
CASE(spheres_16x16, 0.02, 1e-2) {
    int w = side();
    Scene balls;
    uint32_t state = 5;
    auto next = [&](float scale, float low) { return low + scale * bench_random(&state); };
    for (Sphere &s : balls.all)
        s = {next(2000, -1000), next(2000, -1000), next(2000, -1000), next(200, 50),
             next(1, 0),        next(1, 0),        next(1, 0)};
    corpus::constant(scene, balls);
    auto out = corpus::result<byte>(4 * w * w);
    return {[=] { spheres<<<grid(w, w, dim3(16, 16)), dim3(16, 16)>>>((uchar4 *)out.device, w, w); },
            [=] { reference::spheres((const float *)balls.all, SPHERES, out.host, w, w); }};
}

CASE(monte_carlo_256, 0, 1e-2) {
    int n = corpus::size(512, 65536), steps = corpus::size(20, 1024);
    auto out = corpus::result<unsigned>(n);
    return {[=] { monte_carlo<<<n / 256, 256>>>(out, steps); }, [=] { reference::monte_carlo(out.host, n, steps); }};
}
CASE(binomial_256, 1e-3) {
    int n = corpus::size(6, 2048);
    auto s = random<float>(n, 5, 30), x = random<float>(n, 1, 100), t = random<float>(n, 0.25, 10);
    auto out = corpus::result<float>(n);
    return {[=] { binomial<<<n, 256>>>(s, x, t, out); },
            [=] { reference::binomial(s.host, x.host, t.host, out.host, n); }};
}
CASE(sha256_256, 0) {
    int n = corpus::size(512, 1 << 18);
    auto out = corpus::result<unsigned>(n);
    return {[=] { sha256<<<n / 256, 256>>>(out, 77); }, [=] { reference::sha256(out.host, n, 77); }};
}
