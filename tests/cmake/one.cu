// A whole unit.
__global__ void seven(int *p) { *p = 7; }
int run() {
  int *p, h = 0;
  cudaMalloc(&p, sizeof h);
  seven<<<1, 1>>>(p);
  cudaMemcpy(&h, p, sizeof h, cudaMemcpyDeviceToHost);
  return h;
}
