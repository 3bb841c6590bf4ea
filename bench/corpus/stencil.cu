/* Steps on grids of two and three dimensions: from memory, marching with registers, and through shared tiles. */
#include "corpus.h"

using corpus::random;

namespace reference {
void jacobi_7(const float *in, float *out, int n, int m, int d);
void box_27(const float *in, float *out, int n, int m, int d);
void star_25(const float *in, float *out, int n, int m, int d, const float *coefficients);
void diffuse(const float *in, float *out, int w, int h);
void wave(const float *before, const float *now, float *next, int w, int h);
void fdtd(float *ex, float *ey, float *hz, int w, int h);
void jacobi_residual(const float *in, const float *f, float *out, float *residual, int w, int h);
void line_7(const float *in, float *out, int n);
void red_black(float *u, const float *f, int w, int h);
void plates(float *t, int side, int steps, int count);
} // namespace reference

__global__ void jacobi(const float *in, float *out, int n, int m, int d) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    int z = blockIdx.z * blockDim.z + threadIdx.z;
    if (x > 0 && x < n - 1 && y > 0 && y < m - 1 && z > 0 && z < d - 1) {
        int i = (z * m + y) * n + x;
        out[i] = 0.4f * in[i] + 0.1f * (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] + in[i - n * m] + in[i + n * m]);
    }
}

/* Along z, with the planes above and below in registers. */
__global__ void jacobi_marching(const float *__restrict__ in, float *__restrict__ out, int n, int m, int d) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < 1 || y < 1 || x >= n - 1 || y >= m - 1) return;
    int plane = n * m, i = y * n + x;
    float below = in[i], here = in[i + plane];
    for (int z = 1; z < d - 1; z++) {
        i += plane;
        float above = in[i + plane];
        out[i] = 0.4f * here + 0.1f * (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] + below + above);
        below = here;
        here = above;
    }
}

/* The same with the plane in a tile, whose rim the outer threads fetch. */
template <int TX, int TY> __global__ void jacobi_tile(const float *in, float *out, int n, int m, int d) {
    __shared__ float plane[TY + 2][TX + 2];
    int x = blockIdx.x * TX + threadIdx.x, y = blockIdx.y * TY + threadIdx.y;
    int tx = threadIdx.x + 1, ty = threadIdx.y + 1, at = y * n + x, step = n * m;
    bool inner = x > 0 && x < n - 1 && y > 0 && y < m - 1;
    float below = in[at], here = in[at + step];
    for (int z = 1; z < d - 1; z++) {
        int i = at + z * step;
        float above = in[i + step];
        plane[ty][tx] = here;
        if (threadIdx.x == 0 && x > 0) plane[ty][0] = in[i - 1];
        if (threadIdx.x == TX - 1 && x < n - 1) plane[ty][TX + 1] = in[i + 1];
        if (threadIdx.y == 0 && y > 0) plane[0][tx] = in[i - n];
        if (threadIdx.y == TY - 1 && y < m - 1) plane[TY + 1][tx] = in[i + n];
        __syncthreads();
        if (inner)
            out[i] = 0.4f * here + 0.1f * (plane[ty][tx - 1] + plane[ty][tx + 1] + plane[ty - 1][tx] +
                                           plane[ty + 1][tx] + below + above);
        __syncthreads();
        below = here;
        here = above;
    }
}

/* A tile of three dimensions with its halo, filled by a loop over its elements. */
__global__ void jacobi_cube(const float *in, float *out, int n, int m, int d) {
    __shared__ float cube[6][6][18];
    int left = blockIdx.x * 16 - 1, top = blockIdx.y * 4 - 1, front = blockIdx.z * 4 - 1;
    int thread = (threadIdx.z * 4 + threadIdx.y) * 16 + threadIdx.x;
    for (int e = thread; e < 6 * 6 * 18; e += 256) {
        int x = left + e % 18, y = top + e / 18 % 6, z = front + e / 108;
        bool inside = x >= 0 && y >= 0 && z >= 0 && x < n && y < m && z < d;
        cube[e / 108][e / 18 % 6][e % 18] = inside ? in[(z * m + y) * n + x] : 0;
    }
    __syncthreads();
    int tx = threadIdx.x + 1, ty = threadIdx.y + 1, tz = threadIdx.z + 1, x = left + tx, y = top + ty, z = front + tz;
    if (x > 0 && x < n - 1 && y > 0 && y < m - 1 && z > 0 && z < d - 1)
        out[(z * m + y) * n + x] =
            0.4f * cube[tz][ty][tx] + 0.1f * (cube[tz][ty][tx - 1] + cube[tz][ty][tx + 1] + cube[tz][ty - 1][tx] +
                                              cube[tz][ty + 1][tx] + cube[tz - 1][ty][tx] + cube[tz + 1][ty][tx]);
}

__global__ void box(const float *in, float *out, int n, int m, int d) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    int z = blockIdx.z * blockDim.z + threadIdx.z;
    if (x < 1 || y < 1 || z < 1 || x >= n - 1 || y >= m - 1 || z >= d - 1) return;
    float sum = 0;
    for (int a = -1; a <= 1; a++)
        for (int b = -1; b <= 1; b++)
            for (int c = -1; c <= 1; c++) sum += in[((z + a) * m + y + b) * n + x + c];
    out[(z * m + y) * n + x] = sum * (1.0f / 27);
}

__constant__ float coefficients[5];

/* Radius 4: a tile of 32 x 16 with its rim, four planes behind and four before in registers. */
__global__ void star(const float *__restrict__ in, float *__restrict__ out, int n, int m, int d) {
    const int R = 4, TX = 32, TY = 16;
    __shared__ float tile[TY + 2 * R][TX + 2 * R];
    int x = blockIdx.x * TX + threadIdx.x + R, y = blockIdx.y * TY + threadIdx.y + R;
    int tx = threadIdx.x + R, ty = threadIdx.y + R, stride = n * m, next = y * n + x;
    bool inside = x < n - R && y < m - R;
    float before[R], behind[R], here;
    for (int k = R - 2; k >= 0; k--) {
        behind[k] = inside ? in[next] : 0;
        next += stride;
    }
    here = inside ? in[next] : 0;
    int at = next;
    next += stride;
    for (int k = 0; k < R; k++) {
        before[k] = inside ? in[next] : 0;
        next += stride;
    }
    for (int z = R; z < d - R; z++) {
        for (int k = R - 1; k > 0; k--) behind[k] = behind[k - 1];
        behind[0] = here;
        here = before[0];
        for (int k = 0; k < R - 1; k++) before[k] = before[k + 1];
        if (inside && z + R < d) before[R - 1] = in[next];
        at += stride;
        next += stride;
        __syncthreads();
        if (inside) {
            if (threadIdx.y < R) tile[threadIdx.y][tx] = in[at - R * n];
            if (threadIdx.y >= TY - R) tile[threadIdx.y + 2 * R][tx] = in[at + R * n];
            if (threadIdx.x < R) tile[ty][threadIdx.x] = in[at - R];
            if (threadIdx.x >= TX - R) tile[ty][threadIdx.x + 2 * R] = in[at + R];
        }
        tile[ty][tx] = here;
        __syncthreads();
        float value = coefficients[0] * here;
#pragma unroll
        for (int i = 1; i <= R; i++)
            value += coefficients[i] * (before[i - 1] + behind[i - 1] + tile[ty - i][tx] + tile[ty + i][tx] +
                                        tile[ty][tx - i] + tile[ty][tx + i]);
        if (inside) out[at] = value;
    }
}

/* The rim by the outer threads, clamped at the picture's ends. */
template <int TILE> __global__ void diffuse_rim(const float *in, float *out, int w, int h) {
    __shared__ float t[TILE + 2][TILE + 2];
    int x = blockIdx.x * TILE + threadIdx.x, y = blockIdx.y * TILE + threadIdx.y;
    int tx = threadIdx.x + 1, ty = threadIdx.y + 1;
    if (x < w && y < h) {
        t[ty][tx] = in[y * w + x];
        if (threadIdx.x == 0) t[ty][0] = in[y * w + (x > 0 ? x - 1 : 0)];
        if (threadIdx.x == blockDim.x - 1 || x == w - 1) t[ty][tx + 1] = in[y * w + min(x + 1, w - 1)];
        if (threadIdx.y == 0) t[0][tx] = in[max(y - 1, 0) * w + x];
        if (threadIdx.y == blockDim.y - 1 || y == h - 1) t[ty + 1][tx] = in[min(y + 1, h - 1) * w + x];
    }
    __syncthreads();
    if (x < w && y < h)
        out[y * w + x] =
            t[ty][tx] + 0.1f * (t[ty][tx - 1] + t[ty][tx + 1] + t[ty - 1][tx] + t[ty + 1][tx] - 4 * t[ty][tx]);
}

/* Every thread fetches one element of the tile; those of its rim compute nothing. */
template <int TILE> __global__ void diffuse_overlap(const float *in, float *out, int w, int h) {
    __shared__ float t[TILE][TILE];
    int tx = threadIdx.x, ty = threadIdx.y;
    int x = blockIdx.x * (TILE - 2) + tx - 1, y = blockIdx.y * (TILE - 2) + ty - 1;
    int cx = min(max(x, 0), w - 1), cy = min(max(y, 0), h - 1);
    t[ty][tx] = in[cy * w + cx];
    __syncthreads();
    if (tx > 0 && tx < TILE - 1 && ty > 0 && ty < TILE - 1 && x < w && y < h)
        out[y * w + x] =
            t[ty][tx] + 0.1f * (t[ty][tx - 1] + t[ty][tx + 1] + t[ty - 1][tx] + t[ty + 1][tx] - 4 * t[ty][tx]);
}

__global__ void diffuse_plain(const float *in, float *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= w || y >= h) return;
    int left = max(x - 1, 0), right = min(x + 1, w - 1), up = max(y - 1, 0), down = min(y + 1, h - 1);
    float here = in[y * w + x];
    out[y * w + x] =
        here + 0.1f * (in[y * w + left] + in[y * w + right] + in[up * w + x] + in[down * w + x] - 4 * here);
}

__global__ void wave_step(const float *before, const float *now, float *next, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x > 0 && y > 0 && x < w - 1 && y < h - 1) {
        int i = y * w + x;
        next[i] = 2 * now[i] - before[i] + 0.25f * (now[i - 1] + now[i + 1] + now[i - w] + now[i + w] - 4 * now[i]);
    }
}

__global__ void fdtd_ex(float *ex, const float *hz, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < w && y < h && y > 0) ex[y * w + x] -= 0.5f * (hz[y * w + x] - hz[(y - 1) * w + x]);
}
__global__ void fdtd_ey(float *ey, const float *hz, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < w && y < h && x > 0) ey[y * w + x] -= 0.5f * (hz[y * w + x] - hz[y * w + x - 1]);
}
__global__ void fdtd_hz(float *hz, const float *ex, const float *ey, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < w - 1 && y < h - 1)
        hz[y * w + x] -= 0.7f * (ex[(y + 1) * w + x] - ex[y * w + x] + ey[y * w + x + 1] - ey[y * w + x]);
}

/* A step, and the sum of its squared changes by a tree in each block. */
__global__ void jacobi_reduce(const float *in, const float *f, float *out, float *residual, int w, int h) {
    __shared__ float squares[256];
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    int thread = threadIdx.y * blockDim.x + threadIdx.x;
    float change = 0;
    if (x > 0 && y > 0 && x < w - 1 && y < h - 1) {
        int i = y * w + x;
        float value = 0.25f * (in[i - 1] + in[i + 1] + in[i - w] + in[i + w] - f[i]);
        change = value - in[i];
        out[i] = value;
    }
    squares[thread] = change * change;
    __syncthreads();
    for (int s = 128; s > 0; s >>= 1) {
        if (thread < s) squares[thread] += squares[thread + s];
        __syncthreads();
    }
    if (thread == 0) atomicAdd(residual, squares[0]);
}

/* A line with three neighbours on each side. */
__global__ void line(const float *in, float *out, int n) {
    const int R = 3, BLOCK = 256;
    __shared__ float t[BLOCK + 2 * R];
    int g = threadIdx.x + blockIdx.x * BLOCK, l = threadIdx.x + R;
    t[l] = g < n ? in[g] : 0;
    if (threadIdx.x < R) {
        t[l - R] = g >= R ? in[g - R] : 0;
        t[l + BLOCK] = g + BLOCK < n ? in[g + BLOCK] : 0;
    }
    __syncthreads();
    float sum = 0;
    for (int o = -R; o <= R; o++) sum += t[l + o];
    if (g < n) out[g] = sum;
}

/* Every second point of a row, then the others. */
__global__ void colour(float *u, const float *f, int w, int h, int parity) {
    int y = blockIdx.y * blockDim.y + threadIdx.y + 1;
    int x = 2 * (blockIdx.x * blockDim.x + threadIdx.x) + 1 + (y + parity) % 2;
    if (x < w - 1 && y < h - 1) {
        int i = y * w + x;
        u[i] = 0.25f * (u[i - 1] + u[i + 1] + u[i - w] + u[i + w] + f[i]);
    }
}

/* Several steps in one block, which has the whole of a small plate in two shared arrays. */
template <int SIDE> __global__ void plate(float *t, int steps) {
    __shared__ float now[SIDE][SIDE], next[SIDE][SIDE];
    int x = threadIdx.x, y = threadIdx.y;
    float *mine = t + blockIdx.x * SIDE * SIDE;
    now[y][x] = mine[y * SIDE + x];
    __syncthreads();
    for (int s = 0; s < steps; s++) {
        bool inner = x > 0 && y > 0 && x < SIDE - 1 && y < SIDE - 1;
        next[y][x] = inner ? 0.25f * (now[y][x - 1] + now[y][x + 1] + now[y - 1][x] + now[y + 1][x]) : now[y][x];
        __syncthreads();
        now[y][x] = next[y][x];
        __syncthreads();
    }
    mine[y * SIDE + x] = now[y][x];
}

/* `launch(in, out, n, m, d)` on a volume of whole blocks; `reference` likewise. */
template <typename F, typename G> static corpus::Work volume(int n, int m, int d, F launch, G reference) {
    auto in = random<float>((size_t)n * m * d);
    auto out = corpus::result<float>((size_t)n * m * d);
    return {[=] { launch(in, out, n, m, d); }, [=] { reference(in.host, out.host, n, m, d); }};
}

static int blocks(int n, int block) { return (n + block - 1) / block; }

/* A kernel of a thread a point, in blocks of x * y * z. */
#define IN_BLOCKS(KERNEL, REFERENCE, X, Y, Z, ODD)                                                                     \
    volume(                                                                                                            \
        corpus::size(64, 256) - ODD, corpus::size(32, 256) - ODD, corpus::size(16, 128) - ODD,                         \
        [](auto in, auto out, int n, int m, int d) {                                                                   \
            KERNEL<<<dim3(blocks(n, X), blocks(m, Y), blocks(d, Z)), dim3(X, Y, Z)>>>(in, out, n, m, d);               \
        },                                                                                                             \
        reference::REFERENCE)

/* A kernel that marches along z. */
#define MARCHING(X, Y, ODD, ...)                                                                                       \
    volume(                                                                                                            \
        corpus::size(64, 256) - ODD, corpus::size(32, 256) - ODD, corpus::size(16, 128),                               \
        [](auto in, auto out, int n, int m, int d) {                                                                   \
            __VA_ARGS__<<<dim3(blocks(n, X), blocks(m, Y)), dim3(X, Y)>>>(in, out, n, m, d);                           \
        },                                                                                                             \
        reference::jacobi_7)

CASE(jacobi_32x8, 1e-5) { return IN_BLOCKS(jacobi, jacobi_7, 32, 8, 1, 0); }
CASE(jacobi_8x8x4, 1e-5) { return IN_BLOCKS(jacobi, jacobi_7, 8, 8, 4, 0); }
CASE(jacobi_4x4x4, 1e-5) { return IN_BLOCKS(jacobi, jacobi_7, 4, 4, 4, 0); }
CASE(jacobi_16x4x4, 1e-5) { return IN_BLOCKS(jacobi, jacobi_7, 16, 4, 4, 0); }
CASE(jacobi_10x10x5, 1e-5) { return IN_BLOCKS(jacobi, jacobi_7, 10, 10, 5, 3); }
CASE(jacobi_marching_32x8, 1e-5) { return MARCHING(32, 8, 0, jacobi_marching); }
CASE(jacobi_marching_16x16, 1e-5) { return MARCHING(16, 16, 5, jacobi_marching); }
CASE(jacobi_tile_32x8, 1e-5) { return MARCHING(32, 8, 0, jacobi_tile<32, 8>); }
CASE(jacobi_tile_16x16, 1e-5) { return MARCHING(16, 16, 0, jacobi_tile<16, 16>); }
CASE(jacobi_cube, 1e-5) { return IN_BLOCKS(jacobi_cube, jacobi_7, 16, 4, 4, 3); }
CASE(box_32x4x2, 1e-5) { return IN_BLOCKS(box, box_27, 32, 4, 2, 0); }
CASE(box_8x8x4, 1e-5) { return IN_BLOCKS(box, box_27, 8, 8, 4, 1); }
CASE(star_radius_4, 1e-5) {
    struct Five {
        float c[5];
    } five = {{0.4f, 0.1f, 0.05f, 0.02f, 0.01f}};
    corpus::constant(coefficients, five.c);
    return volume(
        corpus::size(72, 232), corpus::size(40, 248), corpus::size(20, 128),
        [](auto in, auto out, int n, int m, int d) {
            star<<<dim3(blocks(n - 8, 32), blocks(m - 8, 16)), dim3(32, 16)>>>(in, out, n, m, d);
        },
        [=](const float *in, float *out, int n, int m, int d) { reference::star_25(in, out, n, m, d, five.c); });
}

/* `launch(in, out, w, h)` on a picture that no block divides. */
template <typename F> static corpus::Work diffusion(F launch) {
    int w = corpus::size(150, 2040), h = corpus::size(70, 2044);
    auto in = random<float>((size_t)w * h);
    auto out = corpus::result<float>((size_t)w * h);
    return {[=] { launch(in, out, w, h); }, [=] { reference::diffuse(in.host, out.host, w, h); }};
}

template <int TILE> static corpus::Work with_rim() {
    return diffusion([](auto in, auto out, int w, int h) {
        diffuse_rim<TILE><<<dim3(blocks(w, TILE), blocks(h, TILE)), dim3(TILE, TILE)>>>(in, out, w, h);
    });
}

template <int TILE> static corpus::Work with_overlap() {
    return diffusion([](auto in, auto out, int w, int h) {
        dim3 grid(blocks(w, TILE - 2), blocks(h, TILE - 2));
        diffuse_overlap<TILE><<<grid, dim3(TILE, TILE)>>>(in, out, w, h);
    });
}

CASE(diffuse_plain_32x8, 1e-5) {
    return diffusion([](auto in, auto out, int w, int h) {
        diffuse_plain<<<dim3(blocks(w, 32), blocks(h, 8)), dim3(32, 8)>>>(in, out, w, h);
    });
}
CASE(diffuse_rim_8, 1e-5) { return with_rim<8>(); }
CASE(diffuse_rim_16, 1e-5) { return with_rim<16>(); }
CASE(diffuse_rim_32, 1e-5) { return with_rim<32>(); }
CASE(diffuse_overlap_16, 1e-5) { return with_overlap<16>(); }
CASE(diffuse_overlap_32, 1e-5) { return with_overlap<32>(); }

CASE(wave, 1e-5) {
    int w = corpus::size(100, 2048), h = corpus::size(50, 2048);
    auto before = random<float>((size_t)w * h), now = random<float>((size_t)w * h);
    auto next = corpus::result<float>((size_t)w * h);
    return {[=] { wave_step<<<dim3(blocks(w, 32), blocks(h, 8)), dim3(32, 8)>>>(before, now, next, w, h); },
            [=] { reference::wave(before.host, now.host, next.host, w, h); }};
}

CASE(fdtd, 1e-5) {
    int w = corpus::size(100, 2048), h = corpus::size(50, 2048);
    auto field = [=] { return corpus::checked(random<float>((size_t)w * h)); };
    auto ex = field(), ey = field(), hz = field();
    dim3 grid(blocks(w, 32), blocks(h, 8)), block(32, 8);
    return {[=] {
                fdtd_ex<<<grid, block>>>(ex, hz, w, h);
                fdtd_ey<<<grid, block>>>(ey, hz, w, h);
                fdtd_hz<<<grid, block>>>(hz, ex, ey, w, h);
            },
            [=] { reference::fdtd(ex.host, ey.host, hz.host, w, h); }};
}

CASE(jacobi_residual, 1e-4) {
    int w = corpus::size(100, 2048), h = corpus::size(50, 2048);
    auto in = random<float>((size_t)w * h), f = random<float>((size_t)w * h);
    auto out = corpus::result<float>((size_t)w * h), residual = corpus::result<float>(1);
    return {[=] {
                CHECK(cudaMemsetAsync(residual, 0, sizeof(float)));
                jacobi_reduce<<<dim3(blocks(w, 16), blocks(h, 16)), dim3(16, 16)>>>(in, f, out, residual, w, h);
            },
            [=] { reference::jacobi_residual(in.host, f.host, out.host, residual.host, w, h); }};
}

CASE(line_radius_3, 1e-5) {
    int n = corpus::size(3000, 1 << 24);
    auto in = random<float>(n);
    auto out = corpus::result<float>(n);
    return {[=] { line<<<blocks(n, 256), 256>>>(in, out, n); }, [=] { reference::line_7(in.host, out.host, n); }};
}

CASE(red_black, 1e-5) {
    int w = corpus::size(99, 2048), h = corpus::size(50, 2048);
    auto u = corpus::checked(random<float>((size_t)w * h)), f = random<float>((size_t)w * h);
    dim3 grid(blocks(w / 2, 32), blocks(h, 8)), block(32, 8);
    return {[=] {
                colour<<<grid, block>>>(u, f, w, h, 0);
                colour<<<grid, block>>>(u, f, w, h, 1);
            },
            [=] { reference::red_black(u.host, f.host, w, h); }};
}

/* Plates of SIDE x SIDE, a block each. */
template <int SIDE> static corpus::Work plates() {
    int count = corpus::size(3, 256), steps = corpus::size(5, 100);
    auto t = corpus::checked(random<float>(count * SIDE * SIDE));
    return {[=] { plate<SIDE><<<count, dim3(SIDE, SIDE)>>>(t, steps); },
            [=] { reference::plates(t.host, SIDE, steps, count); }};
}
CASE(plates_16, 1e-5) { return plates<16>(); }
CASE(plates_32, 1e-5) { return plates<32>(); }
