// Kernels that treat the edges of an image or a volume apart: clamped and periodic neighbours, tiles whose rim is loaded
// by the threads at the block's edges, guards of every kind. Sizes at which no block, some and most are away from the edges.
#include "testing.h"

#define T 16

__global__ void clamped(const float *in, float *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= w || y >= h) return;
    float sum = 0;
    for (int j = -1; j <= 1; j++)
        for (int i = -1; i <= 1; i++) sum += (i + 2 * j + 5) * in[min(max(y + j, 0), h - 1) * w + min(max(x + i, 0), w - 1)];
    out[y * w + x] = sum;
}

__global__ void periodic(const float *in, float *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= w || y >= h) return;
    float sum = 0;
    for (int j = -1; j <= 1; j++)
        for (int i = -1; i <= 1; i++) sum += (i + 2 * j + 5) * in[(y + j + h) % h * w + (x + i + w) % w];
    out[y * w + x] = sum;
}

// As unsigned numbers, with the last row and column chosen by a comparison.
__global__ void wrapped(const float *in, float *out, unsigned w, unsigned h) {
    unsigned x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= w || y >= h) return;
    unsigned l = x == 0 ? w - 1 : x - 1, r = x == w - 1 ? 0 : x + 1, u = (y + h - 1) % h, d = y + 1 == h ? 0 : y + 1;
    out[y * w + x] = 3 * in[u * w + l] + 4 * in[u * w + x] + 5 * in[u * w + r] + 5 * in[y * w + x] + 4 * in[y * w + l] +
                     6 * in[y * w + r] + 5 * in[d * w + l] + 6 * in[d * w + x] + 7 * in[d * w + r] +
                     (3 - 3) * in[y * w + x];
}

// The threads at the block's edges load the rim; outside of the image is 0.
__global__ void tiled(const float *in, float *out, int w, int h) {
    __shared__ float t[T + 2][T + 2];
    int x = blockIdx.x * T + threadIdx.x, y = blockIdx.y * T + threadIdx.y, i = threadIdx.x + 1, j = threadIdx.y + 1;
    bool inside = x < w && y < h;
    t[j][i] = inside ? in[y * w + x] : 0;
    if (threadIdx.x == 0) t[j][0] = x > 0 && y < h ? in[y * w + x - 1] : 0;
    if (threadIdx.x == T - 1) t[j][T + 1] = x < w - 1 && y < h ? in[y * w + x + 1] : 0;
    if (threadIdx.y == 0) t[0][i] = y > 0 && x < w ? in[(y - 1) * w + x] : 0;
    if (threadIdx.y == T - 1) t[T + 1][i] = y < h - 1 && x < w ? in[(y + 1) * w + x] : 0;
    __syncthreads();
    if (inside) out[y * w + x] = t[j][i] + 2 * t[j][i - 1] + 3 * t[j][i + 1] + 4 * t[j - 1][i] + 5 * t[j + 1][i];
}

// A plane in shared memory that moves through a volume; only loads within it.
__global__ void marching(const float *in, float *out, int n, int depth) {
    __shared__ float t[T + 2][T + 2];
    int x = blockIdx.x * T + threadIdx.x, y = blockIdx.y * T + threadIdx.y, i = threadIdx.x + 1, j = threadIdx.y + 1;
    bool inner = x > 0 && x < n - 1 && y > 0 && y < n - 1;
    int at = y * n + x;
    float below = in[at], here = in[at + n * n];
    for (int z = 1; z < depth - 1; z++) {
        int k = at + z * n * n;
        float above = in[k + n * n];
        t[j][i] = here;
        if (threadIdx.x == 0 && x > 0) t[j][0] = in[k - 1];
        if (threadIdx.x == T - 1 && x < n - 1) t[j][T + 1] = in[k + 1];
        if (threadIdx.y == 0 && y > 0) t[0][i] = in[k - n];
        if (threadIdx.y == T - 1 && y < n - 1) t[T + 1][i] = in[k + n];
        __syncthreads();
        if (inner) out[k] = here + 2 * t[j][i - 1] + 3 * t[j][i + 1] + 4 * t[j - 1][i] + 5 * t[j + 1][i] + 6 * below + 7 * above;
        __syncthreads();
        below = here;
        here = above;
    }
}

static float pixel(const float *in, int w, int h, int x, int y) { return x < 0 || y < 0 || x >= w || y >= h ? 0 : in[y * w + x]; }
static int within(int v, int n) { return v < 0 ? 0 : v >= n ? n - 1 : v; }

static void pictures(int w, int h, dim3 block) {
    Managed<float> in(w * h), out(w * h);
    for (int i = 0; i < w * h; i++) in.data[i] = i * 7 % 64;
    dim3 grid((w + block.x - 1) / block.x, (h + block.y - 1) / block.y);
    for (int kind = 0; kind < 4; kind++) {
        memset(out.data, 0, w * h * sizeof(float));
        if (kind == 0) clamped<<<grid, block>>>(in.data, out.data, w, h);
        if (kind == 1) periodic<<<grid, block>>>(in.data, out.data, w, h);
        if (kind == 2) wrapped<<<grid, block>>>(in.data, out.data, w, h);
        if (kind == 3) tiled<<<dim3((w + T - 1) / T, (h + T - 1) / T), dim3(T, T)>>>(in.data, out.data, w, h);
        CHECK(cudaDeviceSynchronize());
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++) {
                float sum = 0;
                for (int j = -1; j <= 1 && kind < 3; j++)
                    for (int i = -1; i <= 1; i++) {
                        int nx = kind == 0 ? within(x + i, w) : (x + i + w) % w, ny = kind == 0 ? within(y + j, h) : (y + j + h) % h;
                        float weight = kind == 2 ? (i == 0 && j == 0 ? 5 : i + j + 5) : i + 2 * j + 5;
                        sum += weight * in.data[ny * w + nx];
                    }
                if (kind == 3)
                    sum = pixel(in.data, w, h, x, y) + 2 * pixel(in.data, w, h, x - 1, y) + 3 * pixel(in.data, w, h, x + 1, y) +
                          4 * pixel(in.data, w, h, x, y - 1) + 5 * pixel(in.data, w, h, x, y + 1);
                expect(out.data[y * w + x], sum, kind == 0 ? "clamped" : kind == 1 ? "periodic" : kind == 2 ? "wrapped" : "tiled", y * w + x);
            }
    }
}

static void volume(int n, int depth) {
    Managed<float> in(n * n * depth), out(n * n * depth);
    for (int i = 0; i < n * n * depth; i++) in.data[i] = i * 7 % 64;
    marching<<<dim3(n / T, n / T), dim3(T, T)>>>(in.data, out.data, n, depth);
    CHECK(cudaDeviceSynchronize());
    for (int z = 0; z < depth; z++)
        for (int y = 0; y < n; y++)
            for (int x = 0; x < n; x++) {
                int k = (z * n + y) * n + x;
                bool inner = x > 0 && y > 0 && z > 0 && x < n - 1 && y < n - 1 && z < depth - 1;
                const float *p = in.data;
                float want = inner ? p[k] + 2 * p[k - 1] + 3 * p[k + 1] + 4 * p[k - n] + 5 * p[k + n] + 6 * p[k - n * n] + 7 * p[k + n * n] : 0;
                expect(out.data[k], want, "marching", k);
            }
}

int main() {
    pictures(64, 64, dim3(16, 16));
    pictures(100, 37, dim3(32, 8));
    pictures(5, 3, dim3(16, 4));
    pictures(70, 70, dim3(10, 6));
    pictures(257, 9, dim3(64, 1));
    pictures(40, 40, dim3(8, 8));
    volume(16, 3);
    volume(64, 6);
    return result();
}
