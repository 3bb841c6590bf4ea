// C++ on the device: objects made there and called through virtual functions, function pointers, recursion, templates
// and lambdas.
// Usage: virtual_calls

#include <cmath>
#include <vector>

#include "common/check.h"

struct Shape {
    __device__ virtual float area() const = 0;
    __device__ virtual ~Shape() {}
};
struct Circle : Shape {
    float r;
    __device__ explicit Circle(float r) : r(r) {}
    __device__ float area() const override { return 3.14159265f * r * r; }
};
struct Box : Shape {
    float w, h;
    __device__ Box(float w, float h) : w(w), h(h) {}
    __device__ float area() const override { return w * h; }
};
struct Square : Box {
    __device__ explicit Square(float a) : Box(a, a) {}
};

__global__ void make_shapes(Shape **shapes, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    switch (i % 3) {
    case 0: shapes[i] = new Circle(i * 0.01f); break;
    case 1: shapes[i] = new Box(i * 0.01f, 2.0f); break;
    default: shapes[i] = new Square(i * 0.02f); break;
    }
}

// Neighbouring threads call different functions: the call diverges inside a warp.
__global__ void measure(Shape **shapes, float *areas, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) areas[i] = shapes[i]->area();
}

__global__ void drop_shapes(Shape **shapes, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) delete shapes[i];
}

using Unary = int (*)(int);
__device__ int add_one(int x) { return x + 1; }
__device__ int square(int x) { return x * x; }
__device__ int negate(int x) { return -x; }
__device__ Unary table[] = {add_one, square, negate};

__device__ unsigned fibonacci(unsigned n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

__global__ void call_table(int *out) {
    int i = threadIdx.x;
    out[i] = table[i % 3](i) + int(fibonacci(i % 12));
}

template <typename F> __global__ void transform(int *data, int n, F f) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) data[i] = f(data[i], i);
}

static bool shapes_have_areas() {
    const int n = 3000;
    Shape **d_shapes;
    float *d_areas;
    CUDA_CHECK(cudaMalloc(&d_shapes, n * sizeof(Shape *)));
    CUDA_CHECK(cudaMalloc(&d_areas, n * sizeof(float)));
    make_shapes<<<(n + 127) / 128, 128>>>(d_shapes, n);
    measure<<<(n + 127) / 128, 128>>>(d_shapes, d_areas, n);
    drop_shapes<<<(n + 127) / 128, 128>>>(d_shapes, n);
    CUDA_CHECK(cudaGetLastError());
    std::vector<float> areas(n);
    CUDA_CHECK(cudaMemcpy(areas.data(), d_areas, n * sizeof(float), cudaMemcpyDeviceToHost));
    int wrong = 0;
    for (int i = 0; i < n; i++) {
        double want = i % 3 == 0 ? 3.14159265 * i * i * 1e-4 : i % 3 == 1 ? i * 0.02 : i * i * 4e-4;
        wrong += !(fabs(areas[i] - want) <= 1e-5 * want);
    }
    CUDA_CHECK(cudaFree(d_shapes));
    CUDA_CHECK(cudaFree(d_areas));
    printf("virtual calls on %d objects made on the device: %d wrong\n", n, wrong);
    return wrong == 0;
}

static bool pointers_and_recursion() {
    const int n = 96;
    int *d_out, out[n];
    CUDA_CHECK(cudaMalloc(&d_out, sizeof out));
    call_table<<<1, n>>>(d_out);
    CUDA_CHECK(cudaGetLastError());
    CUDA_CHECK(cudaMemcpy(out, d_out, sizeof out, cudaMemcpyDeviceToHost));
    const int fib[] = {0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89};
    int wrong = 0;
    for (int i = 0; i < n; i++) wrong += out[i] != (i % 3 == 0 ? i + 1 : i % 3 == 1 ? i * i : -i) + fib[i % 12];
    CUDA_CHECK(cudaFree(d_out));
    printf("function pointers and recursion: %d wrong\n", wrong);
    return wrong == 0;
}

static bool lambdas() {
    const int n = 1000;
    std::vector<int> data(n, 5);
    int *d_data;
    CUDA_CHECK(cudaMalloc(&d_data, n * sizeof(int)));
    CUDA_CHECK(cudaMemcpy(d_data, data.data(), n * sizeof(int), cudaMemcpyHostToDevice));
    const int factor = 3;
    transform<<<(n + 255) / 256, 256>>>(d_data, n, [=] __device__(int value, int i) { return value * factor + i; });
    CUDA_CHECK(cudaGetLastError());
    CUDA_CHECK(cudaMemcpy(data.data(), d_data, n * sizeof(int), cudaMemcpyDeviceToHost));
    int wrong = 0;
    for (int i = 0; i < n; i++) wrong += data[i] != 15 + i;
    CUDA_CHECK(cudaFree(d_data));
    printf("a lambda with a captured value: %d wrong\n", wrong);
    return wrong == 0;
}

int main() {
    bool shapes = shapes_have_areas();
    bool pointers = pointers_and_recursion();
    bool lambda = lambdas();
    return verdict(shapes && pointers && lambda);
}
