// __device__, __constant__ and __managed__ variables, by value, by symbol and by address.
#include "check.h"

__constant__ float coefficients[4];
__constant__ int scale = 3;
__device__ int counter = 5;
__device__ float table[8];
__managed__ int shared_total = 7;
__managed__ float shared_array[16];
static __device__ int hidden;
namespace ns {
__device__ double inside = 2.5;
}

__global__ void use(float *out) {
  int i = threadIdx.x;
  out[i] = coefficients[i % 4] * scale + table[i % 8] + (float)ns::inside;
  atomicAdd(&counter, 1);
  atomicAdd(&shared_total, 2);
  shared_array[i % 16] = i;
  hidden = 11;
}

int main() {
  const int n = 16;
  float c[4] = {1, 2, 3, 4}, t[8], out[n], *d;
  for (int i = 0; i < 8; ++i) t[i] = 10 * i;
  CHECK(shared_total == 7, "%d", shared_total);
  CUDA(cudaMemcpyToSymbol(coefficients, c, sizeof c));
  CUDA(cudaMemcpyToSymbol(table, t, sizeof t));
  CUDA(cudaMalloc(&d, sizeof out));
  use<<<1, n>>>(d);
  CUDA(cudaMemcpy(out, d, sizeof out, cudaMemcpyDeviceToHost));
  for (int i = 0; i < n; ++i) CHECK(out[i] == c[i % 4] * 3 + t[i % 8] + 2.5f, "%d: %f", i, out[i]);
  int value;
  CUDA(cudaMemcpyFromSymbol(&value, counter, sizeof value));
  CHECK(value == 5 + n, "%d", value);
  CHECK(shared_total == 7 + 2 * n, "%d", shared_total);
  CHECK(shared_array[5] == 5, "%f", shared_array[5]);
  CUDA(cudaMemcpyFromSymbol(&value, hidden, sizeof value));
  CHECK(value == 11, "%d", value);
  void *address;
  size_t size;
  CUDA(cudaGetSymbolAddress(&address, table));
  CUDA(cudaGetSymbolSize(&size, table));
  CHECK(size == sizeof t, "%zu", size);
  float third;
  CUDA(cudaMemcpy(&third, (float *)address + 3, sizeof third, cudaMemcpyDeviceToHost));
  CHECK(third == 30, "%f", third);
  shared_total = 100;
  use<<<1, n>>>(d);
  CUDA(cudaDeviceSynchronize());
  CHECK(shared_total == 100 + 2 * n, "%d", shared_total);
  return pass();
}
