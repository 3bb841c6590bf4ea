// Blocks that march through a volume with a plane's tile in shared memory, in grids that are large enough for neighbours to
// take turns: a tile that is filled anew each time, and one that carries sums from plane to plane.
#include "testing.h"

template <int X, int Y> __global__ void heat(const float *in, float *out, int n, int m, int d) {
    __shared__ float plane[Y + 2][X + 2];
    int x = blockIdx.x * X + threadIdx.x, y = blockIdx.y * Y + threadIdx.y, tx = threadIdx.x + 1, ty = threadIdx.y + 1;
    int at = y * n + x, step = n * m;
    bool inner = x > 0 && x < n - 1 && y > 0 && y < m - 1;
    float below = in[at], here = in[at + step];
    for (int z = 1; z < d - 1; z++) {
        int i = at + z * step;
        float above = in[i + step];
        plane[ty][tx] = here;
        if (threadIdx.x == 0 && x > 0) plane[ty][0] = in[i - 1];
        if (threadIdx.x == X - 1 && x < n - 1) plane[ty][X + 1] = in[i + 1];
        if (threadIdx.y == 0 && y > 0) plane[0][tx] = in[i - n];
        if (threadIdx.y == Y - 1 && y < m - 1) plane[Y + 1][tx] = in[i + n];
        __syncthreads();
        if (inner)
            out[i] = 8 * here + plane[ty][tx - 1] + plane[ty][tx + 1] + plane[ty - 1][tx] + plane[ty + 1][tx] + below + above;
        __syncthreads();
        below = here;
        here = above;
    }
}

template <int X, int Y> __global__ void pile(const float *in, float *out, int n, int m, int d) {
    __shared__ float sums[Y][X];
    int x = blockIdx.x * X + threadIdx.x, y = blockIdx.y * Y + threadIdx.y;
    sums[threadIdx.y][threadIdx.x] = 0;
    for (int z = 0; z < d; z++) {
        int i = (z * m + y) * n + x;
        sums[threadIdx.y][threadIdx.x] += in[i];
        __syncthreads();
        out[i] = sums[threadIdx.y][X - 1 - threadIdx.x];
        __syncthreads();
    }
}

template <int X, int Y> void check(int n, int m, int d, const char *what) {
    size_t plane = size_t(n) * m, all = plane * d;
    Managed<float> in(all), out(all);
    for (size_t i = 0; i < all; i++) in[i] = float(i * 37 % 1001), out[i] = -1;
    heat<X, Y><<<dim3(n / X, m / Y), dim3(X, Y)>>>(in.data, out.data, n, m, d);
    finish();
    for (int z = 0; z < d; z++)
        for (int y = 0; y < m; y++)
            for (int x = 0; x < n; x++) {
                size_t i = z * plane + size_t(y) * n + x;
                bool inner = x > 0 && x < n - 1 && y > 0 && y < m - 1 && z > 0 && z < d - 1;
                float sum = inner ? 8 * in[i] + in[i - 1] + in[i + 1] + in[i - n] + in[i + n] + in[i - plane] + in[i + plane] : -1;
                expect(out[i], sum, what, i);
            }
    pile<X, Y><<<dim3(n / X, m / Y), dim3(X, Y)>>>(in.data, out.data, n, m, d);
    finish();
    for (int y = 0; y < m; y++)
        for (int x = 0; x < n; x++) {
            float sum = 0;
            for (int z = 0; z < d; z++) {
                size_t row = z * plane + size_t(y) * n;
                int other = x / X * X + X - 1 - x % X;
                sum += in[row + other];
                expect(out[row + x], sum, what, row + x);
            }
        }
}

int main() {
    check<32, 8>(128, 64, 320, "32 x 8");
    check<16, 16>(128, 64, 320, "16 x 16");
    check<32, 8>(32, 8, 20, "32 x 8, one block");
    check<16, 4>(48, 12, 9, "16 x 4");
    return result();
}
