// C++ in kernels: virtual calls, recursion, lambdas, variadic templates, new and delete, placement new, function
// pointers, std:: helpers, constexpr.
#include <algorithm>
#include <limits>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>
#include "check.h"

struct Shape {
  __device__ virtual ~Shape() {}
  __device__ virtual float area() const = 0;
};
struct Square : Shape {
  float side;
  __device__ Square(float s) : side(s) {}
  __device__ float area() const override { return side * side; }
};
struct Circle : Shape {
  float radius;
  __device__ Circle(float r) : radius(r) {}
  __device__ float area() const override { return 3.0f * radius * radius; }
};

__device__ int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

template <class... T>
__device__ auto sum(T... v) {
  return (v + ... + 0);
}
__host__ __device__ constexpr int square(int x) { return x * x; }
__device__ int twice(int x) { return 2 * x; }
__device__ int thrice(int x) { return 3 * x; }
template <class F>
__global__ void apply(F f, int *out) {
  out[threadIdx.x] = f(threadIdx.x);
}
template <int N, class T = int>
struct Stack {
  T items[N];
  int top = 0;
  __device__ void push(const T &v) { items[top++] = v; }
  __device__ T pop() { return items[--top]; }
};

__global__ void run(float *out) {
  if (threadIdx.x != 0) return;
  Shape *shapes[2] = {new Square(3), new Circle(2)};
  out[0] = shapes[0]->area() + shapes[1]->area();
  delete shapes[0];
  delete shapes[1];
  out[1] = fibonacci(12);
  out[2] = sum(1, 2, 3, 4.5f);
  auto add = [&](float x) { return x + out[2]; };
  out[3] = add(1);
  int (*f[2])(int) = {twice, thrice};
  out[4] = f[(int)out[1] & 1](7) + f[1 - ((int)out[1] & 1)](7);
  Stack<square(3)> s;
  s.push(4), s.push(5);
  out[5] = s.pop() * 10 + s.pop();
  out[6] = std::max(3, 7) + std::min(2.5f, 1.5f) + std::numeric_limits<int>::max() % 10;
  alignas(8) char room[sizeof(Square)];
  Shape *placed = new (room) Square(5);
  out[7] = placed->area();
  auto t = std::make_tuple(1, 2.5f);
  out[8] = std::get<0>(t) + std::get<1>(t);
  int *heap = (int *)malloc(10 * sizeof(int));
  for (int i = 0; i < 10; ++i) heap[i] = i;
  out[9] = heap[9];
  free(heap);
  out[10] = std::is_same<decltype(sum(1.0, 1)), double>::value;
  std::pair<int, int> p{3, 4};
  out[11] = p.first * p.second;
}

int main() {
  float *d, h[12];
  CUDA(cudaMalloc(&d, sizeof h));
  run<<<1, 32>>>(d);
  CUDA(cudaMemcpy(h, d, sizeof h, cudaMemcpyDeviceToHost));
  const float want[12] = {21, 144, 10.5, 11.5, 35, 54, 15.5, 25, 3.5, 9, 1, 12};
  for (int i = 0; i < 12; ++i) CHECK(h[i] == want[i], "%d: %f, not %f", i, h[i], want[i]);
  int *o, r[8], k = 5;
  CUDA(cudaMalloc(&o, sizeof r));
  apply<<<1, 8>>>([=] __device__(int i) { return i * k; }, o);
  CUDA(cudaMemcpy(r, o, sizeof r, cudaMemcpyDeviceToHost));
  for (int i = 0; i < 8; ++i) CHECK(r[i] == 5 * i, "%d", r[i]);
  return pass();
}
