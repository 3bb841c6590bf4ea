#include "cuda.h"
#include "data.h"

__constant__ float weights[WIDTH * WIDTH];

__global__ void conv2d(const float *in, float *out, int width, int height) {
    __shared__ float tile[TILE + 2 * RADIUS][TILE + 2 * RADIUS];
    int left = blockIdx.x * TILE - RADIUS, top = blockIdx.y * TILE - RADIUS;
    for (int y = threadIdx.y; y < TILE + 2 * RADIUS; y += TILE) {
        for (int x = threadIdx.x; x < TILE + 2 * RADIUS; x += TILE) {
            int gx = left + x, gy = top + y;
            bool inside = gx >= 0 && gx < width && gy >= 0 && gy < height;
            tile[y][x] = inside ? in[gy * width + gx] : 0.0f;
        }
    }
    __syncthreads();
    float sum = 0.0f;
    for (int dy = 0; dy < WIDTH; dy++)
        for (int dx = 0; dx < WIDTH; dx++)
            sum += weights[dy * WIDTH + dx] * tile[threadIdx.y + dy][threadIdx.x + dx];
    int x = blockIdx.x * TILE + threadIdx.x, y = blockIdx.y * TILE + threadIdx.y;
    if (x < width && y < height) out[y * width + x] = sum;
}

static float *d_in, *d_out;
static void run() {
    conv2d<<<dim3(N / TILE, N / TILE), dim3(TILE, TILE)>>>(d_in, d_out, N, N);
    finish();
}
static double checksum() {
    to_host(out, d_out, (size_t)N * N);
    return weigh();
}
int main() {
    make_data();
    CHECK(cudaMemcpyToSymbol(weights, filter, sizeof(filter)));
    d_in = device_copy(in, (size_t)N * N);
    d_out = device_array<float>((size_t)N * N);
    return bench_drive(run, checksum);
}
