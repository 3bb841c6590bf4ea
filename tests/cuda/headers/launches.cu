// Ways to launch: all four arguments, cudaLaunchKernel, cudaLaunchKernelEx, function pointers, templates, dim3 shapes;
// occupancy queries and function attributes.
#include "check.h"

extern __shared__ int dynamic[];
__global__ void where(int *out, int n) {
  int block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  int thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  int i = block * (blockDim.x * blockDim.y * blockDim.z) + thread;
  dynamic[thread] = i;
  __syncthreads();
  if (i < n) out[i] = dynamic[thread];
}
template <class T, int Scale>
__global__ void __launch_bounds__(128, 2) scaled(T *out, const __grid_constant__ T by) {
  out[threadIdx.x] = (T)threadIdx.x * by * Scale;
}

void expect(int *d, int n, int factor) {
  static int h[4096];
  CUDA(cudaDeviceSynchronize());
  CUDA(cudaMemcpy(h, d, n * sizeof(int), cudaMemcpyDeviceToHost));
  for (int i = 0; i < n; ++i) CHECK(h[i] == factor * i, "%d: %d", i, h[i]);
  CUDA(cudaMemset(d, 0xff, n * sizeof(int)));
}

int main() {
  const int n = 3 * 2 * 2 * 4 * 3 * 2;
  int *d, total = n;
  CUDA(cudaMalloc(&d, 4096 * sizeof(int)));
  dim3 grid(3, 2, 2), block(4, 3, 2);
  cudaStream_t stream;
  CUDA(cudaStreamCreate(&stream));
  where<<<grid, block, 24 * sizeof(int), stream>>>(d, n);
  expect(d, n, 1);
  void *args[] = {&d, &total};
  CUDA(cudaLaunchKernel((void *)where, grid, block, args, 24 * sizeof(int), stream));
  expect(d, n, 1);
  CUDA(cudaLaunchKernel(where, dim3(n), dim3(1), args, sizeof(int), 0));
  expect(d, n, 1);
  cudaLaunchConfig_t config = {};
  config.gridDim = grid, config.blockDim = block, config.dynamicSmemBytes = 24 * sizeof(int), config.stream = stream;
  CUDA(cudaLaunchKernelEx(&config, where, d, n));
  expect(d, n, 1);
  void (*pointer)(int *, int) = where;
  pointer<<<grid, block, 24 * sizeof(int)>>>(d, n);
  expect(d, n, 1);
  scaled<int, 3><<<1, 100>>>(d, 2);
  expect(d, 100, 6);
  cudaFuncAttributes attr;
  CUDA(cudaFuncGetAttributes(&attr, scaled<int, 3>));
  CHECK(attr.maxThreadsPerBlock >= 128, "%d", attr.maxThreadsPerBlock);
  CUDA(cudaFuncSetAttribute(where, cudaFuncAttributeMaxDynamicSharedMemorySize, 40000));
  int blocks = 0, size = 0, min_grid = 0;
  CUDA(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, where, 128, 0));
  CHECK(blocks > 0, "%d", blocks);
  CUDA(cudaOccupancyMaxPotentialBlockSize(&min_grid, &size, where, 0, 0));
  CHECK(size >= 32 && size <= 1024 && min_grid > 0, "%d %d", size, min_grid);
  where<<<1, 2048>>>(d, n);
  CHECK(cudaGetLastError() == cudaErrorInvalidConfiguration, "a block of 2048 threads was taken");
  CHECK(cudaGetLastError() == cudaSuccess, "the error was not cleared");
  return pass();
}
