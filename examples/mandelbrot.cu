// The Mandelbrot set with smooth colours, written as a PNG.
// Usage: mandelbrot [file.png [width height]]

#include <cmath>
#include <cstring>
#include <vector>

#include "common/check.h"
#include "common/png.h"

constexpr int MAX_ITERATIONS = 1000;

struct View {
    float center_x, center_y, width; // in the complex plane
};

// Iterations until |z| > 16 (2 would do, but further out the count interpolates smoothly), and |z|^2 there.
__host__ __device__ int escape(float cx, float cy, float *size2) {
    float x = 0.0f, y = 0.0f;
    int i = 0;
    while (i < MAX_ITERATIONS && x * x + y * y <= 256.0f) {
        float t = x * x - y * y + cx;
        y = 2.0f * x * y + cy;
        x = t;
        i++;
    }
    *size2 = x * x + y * y;
    return i;
}

// A wave of colour along `t`, phase by channel.
__device__ unsigned char wave(float t, float phase) {
    return (unsigned char)(255.0f * (0.5f - 0.5f * cosf(6.2831853f * (t + phase))));
}

__global__ void mandelbrot(View view, int width, int height, int *iterations, uchar3 *image) {
    int px = blockIdx.x * blockDim.x + threadIdx.x;
    int py = blockIdx.y * blockDim.y + threadIdx.y;
    if (px >= width || py >= height) return;

    float scale = view.width / width;
    float cx = view.center_x + (px - 0.5f * width) * scale;
    float cy = view.center_y + (py - 0.5f * height) * scale;
    float size2;
    int n = escape(cx, cy, &size2);

    uchar3 color = make_uchar3(0, 0, 0);
    if (n < MAX_ITERATIONS) {
        // The iteration count made continuous: no bands.
        float smooth = n + 1 - log2f(0.5f * log2f(size2));
        float t = 0.25f * log2f(smooth < 1.0f ? 1.0f : smooth);
        color = make_uchar3(wave(t, 0.55f), wave(t, 0.65f), wave(t, 0.8f));
    }
    iterations[py * width + px] = n;
    image[py * width + px] = color;
}

int main(int argc, char **argv) {
    const char *path = argc > 1 ? argv[1] : "mandelbrot.png";
    const int width = argc > 3 ? atoi(argv[2]) : 1200;
    const int height = argc > 3 ? atoi(argv[3]) : 800;
    const View view = {-0.7f, 0.0f, 3.6f};
    const size_t pixels = size_t(width) * height;

    int *d_iterations;
    uchar3 *d_image;
    CUDA_CHECK(cudaMalloc(&d_iterations, pixels * sizeof(int)));
    CUDA_CHECK(cudaMalloc(&d_image, pixels * sizeof(uchar3)));

    dim3 block(16, 16);
    dim3 grid((width + 15) / 16, (height + 15) / 16);
    Timer timer;
    timer.start();
    mandelbrot<<<grid, block>>>(view, width, height, d_iterations, d_image);
    CUDA_CHECK(cudaGetLastError());
    float ms = timer.stop();

    std::vector<int> iterations(pixels);
    std::vector<uchar3> image(pixels);
    CUDA_CHECK(cudaMemcpy(iterations.data(), d_iterations, pixels * sizeof(int), cudaMemcpyDeviceToHost));
    CUDA_CHECK(cudaMemcpy(image.data(), d_image, pixels * sizeof(uchar3), cudaMemcpyDeviceToHost));
    CUDA_CHECK(cudaFree(d_iterations));
    CUDA_CHECK(cudaFree(d_image));

    // Rounding (a fused multiply-add or not) moves pixels at the very border, so a few may differ from the host's.
    size_t checked = 0, differ = 0;
    float scale = view.width / width;
    for (int py = 0; py < height; py += 16) {
        for (int px = 0; px < width; px++) {
            float size2;
            int n = escape(view.center_x + (px - 0.5f * width) * scale, view.center_y + (py - 0.5f * height) * scale, &size2);
            checked++;
            differ += n != iterations[size_t(py) * width + px];
        }
    }
    if (!png::write(path, width, height, reinterpret_cast<const uint8_t *>(image.data()))) {
        perror(path);
        return 1;
    }
    printf("%d x %d pixels in %.1f ms (first launch, compiling included), written to %s\n", width, height, ms, path);
    printf("%zu of %zu checked pixels differ from the host's\n", differ, checked);
    return verdict(differ * 50 < checked);
}
