#include "cuda.h"
#include "data.h"

__global__ void mandelbrot(int *image) {
    int px = blockIdx.x * blockDim.x + threadIdx.x, py = blockIdx.y * blockDim.y + threadIdx.y;
    float cx = -2.0f + px * (3.0f / SIZE), cy = -1.5f + py * (3.0f / SIZE);
    float x = 0.0f, y = 0.0f;
    int n = 0;
    while (n < LIMIT && x * x + y * y <= 4.0f) {
        float t = x * x - y * y + cx;
        y = 2.0f * x * y + cy;
        x = t;
        n++;
    }
    image[py * SIZE + px] = n;
}

static int *d_image;
static void run() {
    mandelbrot<<<dim3(SIZE / 16, SIZE / 16), dim3(16, 16)>>>(d_image);
    finish();
}
static double checksum() {
    to_host(image, d_image, SIZE * SIZE);
    return sum_image();
}
int main() {
    make_data();
    d_image = device_array<int>(SIZE * SIZE);
    return bench_drive(run, checksum);
}
