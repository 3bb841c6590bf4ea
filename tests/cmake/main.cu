// A kernel here, a device function there.
#include <cstdio>
extern __device__ int twice(int);
int run();
__global__ void one(int *p) { *p = twice(21); }
int main() {
  int *p, h = 0;
  cudaMalloc(&p, sizeof h);
  one<<<1, 1>>>(p);
  cudaMemcpy(&h, p, sizeof h, cudaMemcpyDeviceToHost);
  printf("%d %d\n", h, run());
  return !(h == 42 && run() == 992);
}
