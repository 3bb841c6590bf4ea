// Grid synchronisation: every block of a cooperative launch waits for all others, several times.
#include <cooperative_groups.h>
#include "check.h"

namespace cg = cooperative_groups;

// Each round, every block adds its neighbour's last value: wrong unless the grid waits between rounds.
__global__ void across(int *values, int rounds) {
  cg::grid_group grid = cg::this_grid();
  int blocks = gridDim.x, next = (blockIdx.x + 1) % blocks;
  for (int r = 0; r < rounds; ++r) {
    int seen = values[(r & 1) * blocks + next];
    if (threadIdx.x == 0) values[((r + 1) & 1) * blocks + blockIdx.x] = seen + 1;
    grid.sync();
  }
}

int main() {
  int *d;
  CUDA(cudaMalloc(&d, 1024));
  CUDA(cudaMemset(d, 0, 1024));
  const int blocks = 4, rounds = 10;
  int n = rounds, h[blocks];
  void *args[] = {&d, &n};
  CUDA(cudaLaunchCooperativeKernel(across, blocks, 64, args, 0, 0));
  CUDA(cudaMemcpy(h, d + (rounds & 1) * blocks, sizeof h, cudaMemcpyDeviceToHost));
  for (int i = 0; i < blocks; ++i) CHECK(h[i] == rounds, "%d: %d", i, h[i]);
  return pass();
}
