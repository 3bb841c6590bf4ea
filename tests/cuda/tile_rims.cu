// Stencils over a shared tile with a rim that the threads at its edges fetch, by conditions on their numbers and on
// where the image ends.
#include "testing.h"

template <int X, int Y> __global__ void blur(const float *in, float *out, int w, int h) {
    __shared__ float tile[Y + 2][X + 2];
    int x = blockIdx.x * X + threadIdx.x, y = blockIdx.y * Y + threadIdx.y, tx = threadIdx.x + 1, ty = threadIdx.y + 1;
    if (x < w && y < h) {
        tile[ty][tx] = in[y * w + x];
        if (threadIdx.x == 0) tile[ty][0] = in[y * w + (x > 0 ? x - 1 : 0)];
        if (threadIdx.x == blockDim.x - 1 || x == w - 1) tile[ty][tx + 1] = in[y * w + min(x + 1, w - 1)];
        if (threadIdx.y == 0) tile[0][tx] = in[max(y - 1, 0) * w + x];
        if (threadIdx.y == blockDim.y - 1 || y == h - 1) tile[ty + 1][tx] = in[min(y + 1, h - 1) * w + x];
    }
    __syncthreads();
    if (x < w && y < h) {
        float sum = tile[ty][tx - 1] + tile[ty][tx + 1] + tile[ty - 1][tx] + tile[ty + 1][tx];
        out[y * w + x] = 8 * tile[ty][tx] - sum;
    }
}

template <int X, int Y> void check(int w, int h, const char *what) {
    Managed<float> in(w * h), out(w * h);
    for (int i = 0; i < w * h; i++) in[i] = float(i * 37 % 1001), out[i] = -1;
    blur<X, Y><<<dim3((w + X - 1) / X, (h + Y - 1) / Y), dim3(X, Y)>>>(in.data, out.data, w, h);
    finish();
    auto at = [&](int x, int y) {
        return in[(y < 0 ? 0 : y < h ? y : h - 1) * w + (x < 0 ? 0 : x < w ? x : w - 1)];
    };
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
            float sum = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
            expect(out[y * w + x], 8 * at(x, y) - sum, what, y * w + x);
        }
    }
}

int main() {
    for (int w : {16, 64, 61, 1}) {
        check<16, 16>(w, 48, "16 x 16");
        check<16, 16>(w, 35, "16 x 16, lower");
        check<32, 8>(w, 33, "32 x 8");
        check<8, 8>(w, 20, "8 x 8");
        check<32, 4>(w, 9, "32 x 4");
    }
    return result();
}
