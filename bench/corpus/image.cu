/* Filters on pictures: of bytes and of floats, plain and through tiles, clamped, guarded, wrapped around. */
#include "corpus.h"

using corpus::random;
typedef unsigned char byte;

namespace reference {
void convolve_7x7(const float *in, float *out, int w, int h, const float *weights);
void convolve_rows(const float *in, float *out, int w, int h, const float *weights);
void convolve_columns(const float *in, float *out, int w, int h, const float *weights);
void sobel(const byte *in, byte *out, int w, int h);
void box_5x5(const byte *in, byte *out, int w, int h);
void erode(const byte *in, byte *out, int w, int h);
void bilateral(const float *in, float *out, int w, int h, float space, float range);
void median_3x3(const float *in, float *out, int w, int h);
void life(const byte *in, byte *out, int w, int h);
void life(const int *in, int *out, int w, int h);
void life_bits(const unsigned *in, unsigned *out, int words, int h);
void resize(const byte *in, byte *out, int w, int h, int out_w, int out_h);
void luma(const byte *rgb, byte *out, int n);
void luma_fixed(const byte *rgba, byte *out, int n);
void luma_in_place(const byte *rgba, byte *out, int n);
void threshold_bits(const byte *in, unsigned *out, int words);
} // namespace reference

const int RADIUS = 8;
__constant__ float square_weights[49];
__constant__ float line_weights[2 * RADIUS + 1];

/* A tile with its rim, filled by strided loops, zero outside the picture. */
__global__ void convolve_tile(const float *in, float *out, int width, int height) {
    const int TILE = 16;
    __shared__ float tile[TILE + 6][TILE + 6];
    int left = blockIdx.x * TILE - 3, top = blockIdx.y * TILE - 3;
    for (int y = threadIdx.y; y < TILE + 6; y += TILE) {
        for (int x = threadIdx.x; x < TILE + 6; x += TILE) {
            int gx = left + x, gy = top + y;
            bool inside = gx >= 0 && gx < width && gy >= 0 && gy < height;
            tile[y][x] = inside ? in[gy * width + gx] : 0.0f;
        }
    }
    __syncthreads();
    float sum = 0.0f;
    for (int dy = 0; dy < 7; dy++)
        for (int dx = 0; dx < 7; dx++) sum += square_weights[dy * 7 + dx] * tile[threadIdx.y + dy][threadIdx.x + dx];
    int x = blockIdx.x * TILE + threadIdx.x, y = blockIdx.y * TILE + threadIdx.y;
    if (x < width && y < height) out[y * width + x] = sum;
}

/* Eight results a thread, with what lies left and right of them in the tile. */
template <int BX, int BY, int STEPS> __global__ void rows_in_steps(const float *in, float *out, int w, int pitch) {
    __shared__ float s[BY][(STEPS + 2) * BX];
    int x = (blockIdx.x * STEPS - 1) * BX + threadIdx.x, y = blockIdx.y * BY + threadIdx.y;
    in += y * pitch + x;
    out += y * pitch + x;
#pragma unroll
    for (int i = 1; i < 1 + STEPS; i++) s[threadIdx.y][threadIdx.x + i * BX] = in[i * BX];
    s[threadIdx.y][threadIdx.x] = (x >= 0) ? in[0] : 0;
    s[threadIdx.y][threadIdx.x + (STEPS + 1) * BX] = (w - x > (STEPS + 1) * BX) ? in[(STEPS + 1) * BX] : 0;
    __syncthreads();
#pragma unroll
    for (int i = 1; i < 1 + STEPS; i++) {
        float sum = 0;
#pragma unroll
        for (int j = -RADIUS; j <= RADIUS; j++)
            sum += line_weights[RADIUS - j] * s[threadIdx.y][threadIdx.x + i * BX + j];
        out[i * BX] = sum;
    }
}

template <int BX, int BY, int STEPS> __global__ void columns_in_steps(const float *in, float *out, int h, int pitch) {
    __shared__ float s[BX][(STEPS + 2) * BY + 1];
    int x = blockIdx.x * BX + threadIdx.x, y = (blockIdx.y * STEPS - 1) * BY + threadIdx.y;
    in += y * pitch + x;
    out += y * pitch + x;
#pragma unroll
    for (int i = 1; i < 1 + STEPS; i++) s[threadIdx.x][threadIdx.y + i * BY] = in[i * BY * pitch];
    s[threadIdx.x][threadIdx.y] = (y >= 0) ? in[0] : 0;
    s[threadIdx.x][threadIdx.y + (STEPS + 1) * BY] = (h - y > (STEPS + 1) * BY) ? in[(STEPS + 1) * BY * pitch] : 0;
    __syncthreads();
#pragma unroll
    for (int i = 1; i < 1 + STEPS; i++) {
        float sum = 0;
#pragma unroll
        for (int j = -RADIUS; j <= RADIUS; j++)
            sum += line_weights[RADIUS - j] * s[threadIdx.x][threadIdx.y + i * BY + j];
        out[i * BY * pitch] = sum;
    }
}

__global__ void rows_guarded(const float *in, float *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= w || y >= h) return;
    float sum = 0;
    for (int j = -RADIUS; j <= RADIUS; j++) {
        int xx = x + j;
        if (xx >= 0 && xx < w) sum += line_weights[RADIUS - j] * in[y * w + xx];
    }
    out[y * w + x] = sum;
}

__global__ void columns_guarded(const float *in, float *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= w || y >= h) return;
    float sum = 0;
    for (int j = -RADIUS; j <= RADIUS; j++) {
        int yy = y + j;
        if (yy >= 0 && yy < h) sum += line_weights[RADIUS - j] * in[yy * w + x];
    }
    out[y * w + x] = sum;
}

__global__ void sobel_plain(const byte *in, byte *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < 1 || y < 1 || x >= w - 1 || y >= h - 1) return;
    const byte *up = in + (y - 1) * w + x, *here = up + w, *down = here + w;
    int gx = -up[-1] + up[1] - 2 * here[-1] + 2 * here[1] - down[-1] + down[1];
    int gy = -up[-1] - 2 * up[0] - up[1] + down[-1] + 2 * down[0] + down[1];
    int v = (int)sqrtf((float)(gx * gx + gy * gy));
    out[y * w + x] = v > 255 ? 255 : v;
}

template <int TILE> __global__ void sobel_tile(const byte *in, byte *out, int w, int h) {
    __shared__ byte t[TILE + 2][TILE + 2];
    int left = blockIdx.x * TILE, top = blockIdx.y * TILE;
    for (int j = threadIdx.y; j < TILE + 2; j += TILE)
        for (int i = threadIdx.x; i < TILE + 2; i += TILE) {
            int gx = left + i - 1, gy = top + j - 1;
            t[j][i] = (gx >= 0 && gy >= 0 && gx < w && gy < h) ? in[gy * w + gx] : 0;
        }
    __syncthreads();
    int x = left + threadIdx.x, y = top + threadIdx.y, i = threadIdx.x + 1, j = threadIdx.y + 1;
    if (x < 1 || y < 1 || x >= w - 1 || y >= h - 1) return;
    int gx = -t[j - 1][i - 1] + t[j - 1][i + 1] - 2 * t[j][i - 1] + 2 * t[j][i + 1] - t[j + 1][i - 1] + t[j + 1][i + 1];
    int gy = -t[j - 1][i - 1] - 2 * t[j - 1][i] - t[j - 1][i + 1] + t[j + 1][i - 1] + 2 * t[j + 1][i] + t[j + 1][i + 1];
    int v = (int)sqrtf((float)(gx * gx + gy * gy));
    out[y * w + x] = v > 255 ? 255 : v;
}

__global__ void box_clamped(const byte *in, byte *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= w || y >= h) return;
    int sum = 0;
    for (int j = -2; j <= 2; j++)
        for (int i = -2; i <= 2; i++) sum += in[min(max(y + j, 0), h - 1) * w + min(max(x + i, 0), w - 1)];
    out[y * w + x] = sum / 25;
}

/* A flat loop over the tile's elements. */
template <int TILE> __global__ void box_tile(const byte *in, byte *out, int w, int h) {
    const int SIDE = TILE + 4;
    __shared__ byte t[SIDE][SIDE];
    for (int e = threadIdx.y * TILE + threadIdx.x; e < SIDE * SIDE; e += TILE * TILE) {
        int y = e / SIDE, x = e % SIDE;
        int gx = min(max((int)(blockIdx.x * TILE) + x - 2, 0), w - 1);
        int gy = min(max((int)(blockIdx.y * TILE) + y - 2, 0), h - 1);
        t[y][x] = in[gy * w + gx];
    }
    __syncthreads();
    int x = blockIdx.x * TILE + threadIdx.x, y = blockIdx.y * TILE + threadIdx.y;
    if (x >= w || y >= h) return;
    int sum = 0;
    for (int j = 0; j <= 4; j++)
        for (int i = 0; i <= 4; i++) sum += t[threadIdx.y + j][threadIdx.x + i];
    out[y * w + x] = sum / 25;
}

__global__ void erode_plain(const byte *in, byte *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < 1 || y < 1 || x >= w - 1 || y >= h - 1) return;
    byte least = 255;
    for (int j = -1; j <= 1; j++)
        for (int i = -1; i <= 1; i++) {
            byte v = in[(y + j) * w + x + i];
            least = v < least ? v : least;
        }
    out[y * w + x] = least;
}

__global__ void bilateral_plain(const float *in, float *out, int w, int h, float space, float range) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= w || y >= h) return;
    float here = in[y * w + x], sum = 0, weights = 0;
    for (int j = -3; j <= 3; j++)
        for (int i = -3; i <= 3; i++) {
            int yy = min(max(y + j, 0), h - 1), xx = min(max(x + i, 0), w - 1);
            float v = in[yy * w + xx];
            float weight = expf(-(i * i + j * j) * space - (v - here) * (v - here) * range);
            sum += weight * v;
            weights += weight;
        }
    out[y * w + x] = sum / weights;
}

__device__ static void sort2(float &a, float &b) {
    float least = fminf(a, b);
    b = fmaxf(a, b);
    a = least;
}

__global__ void median_network(const float *in, float *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < 1 || y < 1 || x >= w - 1 || y >= h - 1) return;
    float p[9];
    for (int j = 0; j < 3; j++)
        for (int i = 0; i < 3; i++) p[j * 3 + i] = in[(y + j - 1) * w + x + i - 1];
    const int pairs[19][2] = {{1, 2}, {4, 5}, {7, 8}, {0, 1}, {3, 4}, {6, 7}, {1, 2}, {4, 5}, {7, 8}, {0, 3},
                              {5, 8}, {4, 7}, {3, 6}, {1, 4}, {2, 5}, {4, 7}, {4, 2}, {6, 4}, {4, 2}};
#pragma unroll
    for (int k = 0; k < 19; k++) sort2(p[pairs[k][0]], p[pairs[k][1]]);
    out[y * w + x] = p[4];
}

/* The rim by those who stand at it, corners by those who stand at two; half a bubble sort. */
template <int TILE> __global__ void median_tile(const float *in, float *out, int w, int h) {
    __shared__ float t[TILE + 2][TILE + 2];
    int x = blockIdx.x * TILE + threadIdx.x, y = blockIdx.y * TILE + threadIdx.y, tx = threadIdx.x, ty = threadIdx.y;
    bool left = tx == 0, right = tx == TILE - 1, top = ty == 0, bottom = ty == TILE - 1;
    if (left) t[ty + 1][0] = 0;
    if (right) t[ty + 1][TILE + 1] = 0;
    if (top) {
        t[0][tx + 1] = 0;
        if (left) t[0][0] = 0;
        if (right) t[0][TILE + 1] = 0;
    }
    if (bottom) {
        t[TILE + 1][tx + 1] = 0;
        if (left) t[TILE + 1][0] = 0;
        if (right) t[TILE + 1][TILE + 1] = 0;
    }
    t[ty + 1][tx + 1] = in[y * w + x];
    if (left && x > 0) t[ty + 1][0] = in[y * w + x - 1];
    if (right && x < w - 1) t[ty + 1][TILE + 1] = in[y * w + x + 1];
    if (top && y > 0) {
        t[0][tx + 1] = in[(y - 1) * w + x];
        if (left && x > 0) t[0][0] = in[(y - 1) * w + x - 1];
        if (right && x < w - 1) t[0][TILE + 1] = in[(y - 1) * w + x + 1];
    }
    if (bottom && y < h - 1) {
        t[TILE + 1][tx + 1] = in[(y + 1) * w + x];
        if (left && x > 0) t[TILE + 1][0] = in[(y + 1) * w + x - 1];
        if (right && x < w - 1) t[TILE + 1][TILE + 1] = in[(y + 1) * w + x + 1];
    }
    __syncthreads();
    float p[9];
    for (int j = 0; j < 3; j++)
        for (int i = 0; i < 3; i++) p[j * 3 + i] = t[ty + j][tx + i];
#pragma unroll
    for (int i = 0; i < 5; i++)
#pragma unroll
        for (int j = i + 1; j < 9; j++)
            if (p[i] > p[j]) {
                float q = p[i];
                p[i] = p[j];
                p[j] = q;
            }
    if (x > 0 && y > 0 && x < w - 1 && y < h - 1) out[y * w + x] = p[4];
}

__global__ void life_bytes(const byte *in, byte *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= w || y >= h) return;
    int l = (x + w - 1) % w, r = (x + 1) % w, u = (y + h - 1) % h, d = (y + 1) % h;
    int n = in[u * w + l] + in[u * w + x] + in[u * w + r] + in[y * w + l] + in[y * w + r] + in[d * w + l] +
            in[d * w + x] + in[d * w + r];
    out[y * w + x] = n == 3 || (n == 2 && in[y * w + x]);
}

__global__ void life_ints(const int *in, int *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= w || y >= h) return;
    int n = 0;
    for (int j = -1; j <= 1; j++)
        for (int i = -1; i <= 1; i++) {
            if (i == 0 && j == 0) continue;
            n += in[((y + j + h) % h) * w + (x + i + w) % w];
        }
    out[y * w + x] = n == 3 || (n == 2 && in[y * w + x]);
}

/* 32 cells a word: neighbours are counted in three bit planes. */
__global__ void life_words(const unsigned *in, unsigned *out, int words, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= words || y >= h) return;
    int l = x ? x - 1 : words - 1, r = x < words - 1 ? x + 1 : 0;
    int rows[3] = {y ? y - 1 : h - 1, y, y < h - 1 ? y + 1 : 0};
    unsigned ones = 0, twos = 0, fours = 0, me = 0;
    auto count = [&](unsigned cells) {
        unsigned carry = ones & cells, second = twos & carry;
        ones ^= cells;
        twos ^= carry;
        fours |= second;
    };
#pragma unroll
    for (int j = 0; j < 3; j++) {
        unsigned cells = in[rows[j] * words + x];
        count((cells << 1) | (in[rows[j] * words + l] >> 31));
        count((cells >> 1) | (in[rows[j] * words + r] << 31));
        if (j != 1)
            count(cells);
        else
            me = cells;
    }
    out[y * words + x] = ~fours & twos & (ones | me);
}

__global__ void resize_bilinear(const byte *in, byte *out, int w, int h, int out_w, int out_h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= out_w || y >= out_h) return;
    float fx = (x + 0.5f) * ((float)w / out_w) - 0.5f, fy = (y + 0.5f) * ((float)h / out_h) - 0.5f;
    int x0 = (int)floorf(fx), y0 = (int)floorf(fy);
    float wx = fx - x0, wy = fy - y0;
    int x1 = min(max(x0 + 1, 0), w - 1), y1 = min(max(y0 + 1, 0), h - 1);
    x0 = min(max(x0, 0), w - 1);
    y0 = min(max(y0, 0), h - 1);
    float a = in[y0 * w + x0], b = in[y0 * w + x1], c = in[y1 * w + x0], d = in[y1 * w + x1];
    float top = a + (b - a) * wx, bottom = c + (d - c) * wx;
    out[y * out_w + x] = (byte)(top + (bottom - top) * wy + 0.5f);
}

__global__ void luma_uchar3(const uchar3 *in, byte *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < w && y < h) {
        uchar3 p = in[y * w + x];
        out[y * w + x] = (byte)(0.299f * p.x + 0.587f * p.y + 0.114f * p.z);
    }
}

__global__ void luma_bytes(const byte *in, byte *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] = (byte)(0.299f * in[3 * i] + 0.587f * in[3 * i + 1] + 0.114f * in[3 * i + 2]);
}

__global__ void luma_uchar4(const uchar4 *in, byte *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        uchar4 p = in[i];
        out[i] = (p.x * 77 + p.y * 150 + p.z * 29) >> 8;
    }
}

__global__ void luma_keep_alpha(const uchar4 *in, uchar4 *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        uchar4 p = in[i];
        byte grey = (byte)(0.299f * p.x + 0.587f * p.y + 0.114f * p.z);
        out[i] = make_uchar4(grey, grey, grey, p.w);
    }
}

__global__ void bits_by_ballot(const byte *in, unsigned *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    unsigned bits = __ballot_sync(~0u, in[i] > 128);
    if ((threadIdx.x & 31) == 0) out[i >> 5] = bits;
}

__global__ void bits_by_loop(const byte *in, unsigned *out, int words) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= words) return;
    unsigned bits = 0;
    for (int b = 0; b < 32; b++) bits |= (unsigned)(in[i * 32 + b] > 128) << b;
    out[i] = bits;
}

static dim3 grid(int w, int h, dim3 block) { return dim3((w + block.x - 1) / block.x, (h + block.y - 1) / block.y); }

/* A filter of pictures of `T` from `low` to `high`; `launch(in, out, w, h)`, and `reference` likewise. */
template <typename T, typename F, typename G>
static corpus::Work filter(int w, int h, double low, double high, F launch, G reference) {
    auto in = random<T>((size_t)w * h, low, high);
    auto out = corpus::result<T>((size_t)w * h);
    return {[=] { launch(in, out, w, h); }, [=] { reference(in.host, out.host, w, h); }};
}

/* A kernel in blocks of X x Y. ODD: the picture is so much smaller than whole blocks. */
#define FILTER(T, HIGH, X, Y, ODD, REFERENCE, ...)                                                                     \
    filter<T>(                                                                                                         \
        corpus::size(128, 2048) - ODD, corpus::size(64, 2048) - ODD, 0, HIGH,                                          \
        [](auto in, auto out, int w, int h) { __VA_ARGS__<<<grid(w, h, dim3(X, Y)), dim3(X, Y)>>>(in, out, w, h); },   \
        [](const T *in, T *out, int w, int h) { reference::REFERENCE(in, out, w, h); })

struct Square {
    float weights[49];
};
struct Line {
    float weights[2 * RADIUS + 1];
};

static Line line_of_weights() {
    Line line;
    for (int i = 0; i <= 2 * RADIUS; i++) line.weights[i] = 1.0f / (3 + abs(i - RADIUS));
    corpus::constant(line_weights, line.weights);
    return line;
}

CASE(convolve_7x7_tile, 1e-5) {
    Square square;
    for (int i = 0; i < 49; i++) square.weights[i] = 1.0f / (i + 7);
    corpus::constant(square_weights, square.weights);
    return filter<float>(
        corpus::size(125, 2040), corpus::size(60, 2040), 0, 1,
        [](auto in, auto out, int w, int h) { convolve_tile<<<grid(w, h, 16), dim3(16, 16)>>>(in, out, w, h); },
        [=](const float *in, float *out, int w, int h) { reference::convolve_7x7(in, out, w, h, square.weights); });
}

/* A filter of rows or of columns. */
template <typename F, typename G> static corpus::Work along_a_line(int odd, F launch, G reference) {
    Line line = line_of_weights();
    return filter<float>(corpus::size(256, 2048) - odd, corpus::size(128, 2048) - odd, 0, 1, launch,
                         [=](const float *in, float *out, int w, int h) { reference(in, out, w, h, line.weights); });
}
CASE(convolve_rows_steps, 1e-5) {
    return along_a_line(
        0,
        [](auto in, auto out, int w, int h) {
            rows_in_steps<16, 4, 8><<<dim3(w / (8 * 16), h / 4), dim3(16, 4)>>>(in, out, w, w);
        },
        reference::convolve_rows);
}
CASE(convolve_columns_steps, 1e-5) {
    return along_a_line(
        0,
        [](auto in, auto out, int w, int h) {
            columns_in_steps<16, 8, 8><<<dim3(w / 16, h / (8 * 8)), dim3(16, 8)>>>(in, out, h, w);
        },
        reference::convolve_columns);
}
CASE(convolve_rows_guarded, 1e-5) {
    return along_a_line(
        5,
        [](auto in, auto out, int w, int h) {
            rows_guarded<<<grid(w, h, dim3(16, 16)), dim3(16, 16)>>>(in, out, w, h);
        },
        reference::convolve_rows);
}
CASE(convolve_columns_guarded, 1e-5) {
    return along_a_line(
        5,
        [](auto in, auto out, int w, int h) {
            columns_guarded<<<grid(w, h, dim3(32, 8)), dim3(32, 8)>>>(in, out, w, h);
        },
        reference::convolve_columns);
}

CASE(sobel_16x16, 0) { return FILTER(byte, 256, 16, 16, 3, sobel, sobel_plain); }
CASE(sobel_tile_16, 0) { return FILTER(byte, 256, 16, 16, 3, sobel, sobel_tile<16>); }
CASE(sobel_tile_32, 0) { return FILTER(byte, 256, 32, 32, 0, sobel, sobel_tile<32>); }
CASE(box_16x16, 0) { return FILTER(byte, 256, 16, 16, 3, box_5x5, box_clamped); }
CASE(box_tile_8, 0) { return FILTER(byte, 256, 8, 8, 3, box_5x5, box_tile<8>); }
CASE(box_tile_16, 0) { return FILTER(byte, 256, 16, 16, 0, box_5x5, box_tile<16>); }
CASE(erode_32x8, 0) { return FILTER(byte, 256, 32, 8, 1, erode, erode_plain); }
CASE(median_16x16, 0) { return FILTER(float, 1, 16, 16, 3, median_3x3, median_network); }
CASE(median_tile_16, 0) { return FILTER(float, 1, 16, 16, 0, median_3x3, median_tile<16>); }
CASE(life_bytes_32x8, 0) { return FILTER(byte, 2, 32, 8, 3, life, life_bytes); }
CASE(life_ints_16x16, 0) { return FILTER(int, 2, 16, 16, 3, life, life_ints); }
CASE(bilateral_16x16, 1e-5) {
    return filter<float>(
        corpus::size(61, 2048), corpus::size(45, 2048), 0, 1,
        [](auto in, auto out, int w, int h) {
            bilateral_plain<<<grid(w, h, dim3(16, 16)), dim3(16, 16)>>>(in, out, w, h, 0.1f, 10.f);
        },
        [](const float *in, float *out, int w, int h) { reference::bilateral(in, out, w, h, 0.1f, 10.f); });
}

CASE(life_words_32x8, 0) {
    int words = corpus::size(50, 256), h = corpus::size(30, 8192);
    auto in = random<unsigned>(words * h, 0, 4294967295.0), out = corpus::result<unsigned>(words * h);
    return {[=] { life_words<<<grid(words, h, dim3(32, 8)), dim3(32, 8)>>>(in, out, words, h); },
            [=] { reference::life_bits(in.host, out.host, words, h); }};
}

CASE(resize_16x16, 0.01) {
    int w = corpus::size(100, 2048), h = corpus::size(60, 2048), out_w = w * 5 / 4, out_h = h * 7 / 10;
    auto in = random<byte>(w * h, 0, 256), out = corpus::result<byte>(out_w * out_h);
    return {[=] { resize_bilinear<<<grid(out_w, out_h, dim3(16, 16)), dim3(16, 16)>>>(in, out, w, h, out_w, out_h); },
            [=] { reference::resize(in.host, out.host, w, h, out_w, out_h); }};
}

/* A picture of `channels` bytes a pixel; `launch(in, out, w, h)`, `reference(in, out, pixels)`. */
template <typename F, typename G> static corpus::Work grey(int channels, int channels_out, F launch, G reference) {
    int w = corpus::size(101, 4096), h = corpus::size(33, 4096);
    auto in = random<byte>((size_t)channels * w * h, 0, 256), out = corpus::result<byte>((size_t)channels_out * w * h);
    return {[=] { launch(in, out, w, h); }, [=] { reference(in.host, out.host, w * h); }};
}
CASE(luma_uchar3_32x8, 0.02, 1e-3) {
    return grey(
        3, 1,
        [](auto in, auto out, int w, int h) {
            luma_uchar3<<<grid(w, h, dim3(32, 8)), dim3(32, 8)>>>((uchar3 *)in.device, out, w, h);
        },
        reference::luma);
}
CASE(luma_bytes_256, 0.02, 1e-3) {
    return grey(
        3, 1, [](auto in, auto out, int w, int h) { luma_bytes<<<(w * h + 255) / 256, 256>>>(in, out, w * h); },
        reference::luma);
}
CASE(luma_uchar4_256, 0) {
    return grey(
        4, 1,
        [](auto in, auto out, int w, int h) {
            luma_uchar4<<<(w * h + 255) / 256, 256>>>((uchar4 *)in.device, out, w * h);
        },
        reference::luma_fixed);
}
CASE(luma_keep_alpha_512, 0.02, 1e-3) {
    return grey(
        4, 4,
        [](auto in, auto out, int w, int h) {
            luma_keep_alpha<<<(w * h + 511) / 512, 512>>>((uchar4 *)in.device, (uchar4 *)out.device, w * h);
        },
        reference::luma_in_place);
}

/* Bits of what is brighter than half; `launch(in, out, words)`. */
template <typename F> static corpus::Work threshold(F launch) {
    int words = corpus::size(512, 1 << 19);
    auto in = random<byte>(words * 32, 0, 256);
    auto out = corpus::result<unsigned>(words);
    return {[=] { launch(in, out, words); }, [=] { reference::threshold_bits(in.host, out.host, words); }};
}
CASE(threshold_ballot, 0) {
    return threshold([](auto in, auto out, int words) { bits_by_ballot<<<words / 8, 256>>>(in, out, words * 32); });
}
CASE(threshold_loop, 0) {
    return threshold([](auto in, auto out, int words) { bits_by_loop<<<(words + 255) / 256, 256>>>(in, out, words); });
}
