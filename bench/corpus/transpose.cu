/* Matrices turned and tensors permuted, through tiles and without. */
#include "corpus.h"

using corpus::random;
typedef unsigned char byte;

namespace reference {
void transpose(const float *in, float *out, int w, int h);
void transpose(const double *in, double *out, int w, int h);
void transpose(const byte *in, byte *out, int w, int h);
void channels_last(const float *in, float *out, int batch, int channels, int pixels);
void reverse(const float *in, float *out, int n);
} // namespace reference

/* 32 x 32 elements by 32 x 8 threads. */
template <typename T, int PAD> __global__ void tile_by_rows(const T *in, T *out, int w, int h) {
    __shared__ T tile[32][32 + PAD];
    int x = blockIdx.x * 32 + threadIdx.x, y = blockIdx.y * 32 + threadIdx.y;
    for (int j = 0; j < 32; j += 8) tile[threadIdx.y + j][threadIdx.x] = in[(y + j) * w + x];
    __syncthreads();
    x = blockIdx.y * 32 + threadIdx.x;
    y = blockIdx.x * 32 + threadIdx.y;
    for (int j = 0; j < 32; j += 8) out[(y + j) * h + x] = tile[threadIdx.x][threadIdx.y + j];
}

/* A thread an element, any size. */
template <typename T, int TILE> __global__ void tile_guarded(const T *in, T *out, int w, int h) {
    __shared__ T tile[TILE][TILE + 1];
    unsigned x = blockIdx.x * TILE + threadIdx.x, y = blockIdx.y * TILE + threadIdx.y;
    if (x < w && y < h) tile[threadIdx.y][threadIdx.x] = in[(size_t)y * w + x];
    __syncthreads();
    x = blockIdx.y * TILE + threadIdx.x;
    y = blockIdx.x * TILE + threadIdx.y;
    if (x < h && y < w) out[(size_t)y * h + x] = tile[threadIdx.x][threadIdx.y];
}

template <typename T> __global__ void plain(const T *in, T *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < w && y < h) out[x * h + y] = in[y * w + x];
}

/* batch x channels x pixels to batch x pixels x channels. */
__global__ void to_channels_last(const float *in, float *out, int batch, int channels, int pixels) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < batch * channels * pixels) {
        int pixel = i % pixels, channel = (i / pixels) % channels, image = i / (pixels * channels);
        out[(image * pixels + pixel) * channels + channel] = in[i];
    }
}

/* Blocks in reverse order, each reversed in shared memory. */
__global__ void reverse_blocks(const float *in, float *out, int n) {
    extern __shared__ float s[];
    int t = threadIdx.x;
    s[blockDim.x - 1 - t] = in[blockIdx.x * blockDim.x + t];
    __syncthreads();
    out[(gridDim.x - 1 - blockIdx.x) * blockDim.x + t] = s[t];
}

static int blocks(int n, int block) { return (n + block - 1) / block; }

/* `launch(in, out, w, h)` on a matrix that so many elements short of whole tiles. */
template <typename T, typename F> static corpus::Work matrix(int odd, F launch) {
    int w = corpus::size(128, 4096) - odd, h = corpus::size(96, 4096) - 2 * odd;
    auto in = random<T>((size_t)w * h, 0, 200);
    auto out = corpus::result<T>((size_t)w * h);
    return {[=] { launch(in, out, w, h); }, [=] { reference::transpose(in.host, out.host, w, h); }};
}

template <typename T, int PAD> static corpus::Work by_rows() {
    return matrix<T>(0, [](auto in, auto out, int w, int h) {
        tile_by_rows<T, PAD><<<dim3(w / 32, h / 32), dim3(32, 8)>>>(in, out, w, h);
    });
}
template <typename T, int TILE> static corpus::Work guarded() {
    return matrix<T>(5, [](auto in, auto out, int w, int h) {
        tile_guarded<T, TILE><<<dim3(blocks(w, TILE), blocks(h, TILE)), dim3(TILE, TILE)>>>(in, out, w, h);
    });
}
static corpus::Work plain_in_blocks(int x, int y) {
    return matrix<float>(5, [=](auto in, auto out, int w, int h) {
        plain<<<dim3(blocks(w, x), blocks(h, y)), dim3(x, y)>>>(in.device, out.device, w, h);
    });
}

CASE(tile_32x8_padded, 0) { return by_rows<float, 1>(); }
CASE(tile_32x8, 0) { return by_rows<float, 0>(); }
CASE(tile_32x8_double, 0) { return by_rows<double, 1>(); }
CASE(tile_32x8_bytes, 0) { return by_rows<byte, 4>(); }
CASE(tile_8x8_guarded, 0) { return guarded<float, 8>(); }
CASE(tile_16x16_guarded, 0) { return guarded<float, 16>(); }
CASE(tile_32x32_guarded, 0) { return guarded<float, 32>(); }
CASE(plain_16x16, 0) { return plain_in_blocks(16, 16); }
CASE(plain_32x8, 0) { return plain_in_blocks(32, 8); }
CASE(plain_32x32, 0) { return plain_in_blocks(32, 32); }

CASE(channels_last, 0) {
    int batch = corpus::size(2, 4), channels = corpus::size(12, 64), pixels = corpus::size(300, 65536);
    auto in = random<float>((size_t)batch * channels * pixels);
    auto out = corpus::result<float>((size_t)batch * channels * pixels);
    return {[=] {
                int n = batch * channels * pixels;
                to_channels_last<<<blocks(n, 256), 256>>>(in, out, batch, channels, pixels);
            },
            [=] { reference::channels_last(in.host, out.host, batch, channels, pixels); }};
}

CASE(reverse_256, 0) {
    int n = corpus::size(1 << 12, 1 << 24);
    auto in = random<float>(n);
    auto out = corpus::result<float>(n);
    return {[=] { reverse_blocks<<<n / 256, 256, 256 * sizeof(float)>>>(in, out, n); },
            [=] { reference::reverse(in.host, out.host, n); }};
}
