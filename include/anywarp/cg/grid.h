// SPDX-License-Identifier: MIT OR Apache-2.0
// The grid as a group. Its barrier is counted in device memory: a launch whose grid synchronises has all its blocks
// resident (cudaLaunchCooperativeKernel checks it), so that a block may wait for the others.
#ifndef ANYWARP_CG_GRID_H
#define ANYWARP_CG_GRID_H
#include "block.h"

namespace cooperative_groups {

namespace details {
// One counter for each of the grids that may run at a time; the top bit flips when all blocks of a grid have arrived.
static __device__ unsigned int grid_arrivals[64];

__ANYWARP_G unsigned long long grid_id() {
  unsigned long long id;
  asm volatile("mov.u64 %0, %%gridid;" : "=l"(id));
  return id;
}
__ANYWARP_G unsigned int *grid_counter() { return &grid_arrivals[grid_id() & 63]; }
__ANYWARP_G unsigned int grid_blocks() { return gridDim.x * gridDim.y * gridDim.z; }
__ANYWARP_G unsigned int grid_block_rank() { return (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x; }

// One thread of each block calls these. The first block adds what the others leave of half the counter's range.
__ANYWARP_G unsigned int grid_arrive() {
  __threadfence();
  return atomicAdd(grid_counter(), grid_block_rank() == 0 ? 0x80000000u - (grid_blocks() - 1) : 1u);
}
__ANYWARP_G void grid_wait(unsigned int before) {
  volatile unsigned int *counter = grid_counter();
  while (((before ^ *counter) & 0x80000000u) == 0) {
  }
  __threadfence();
}
}  // namespace details

class grid_group {
 public:
  struct arrival_token {
    unsigned int before;
  };
  // The top bit says that the launch is cooperative.
  __ANYWARP_G static bool is_valid() { return details::grid_id() >> 63; }
  __ANYWARP_G static void sync() {
    __syncthreads();
    if (details::block_rank() == 0) details::grid_wait(details::grid_arrive());
    __syncthreads();
  }
  __ANYWARP_G static arrival_token barrier_arrive() {
    arrival_token token = {0};
    __syncthreads();
    if (details::block_rank() == 0) token.before = details::grid_arrive();
    return token;
  }
  __ANYWARP_G static void barrier_wait(arrival_token &&token) {
    if (details::block_rank() == 0) details::grid_wait(token.before);
    __syncthreads();
  }
  __ANYWARP_G static unsigned long long num_threads() {
    return (unsigned long long)details::grid_blocks() * details::block_size();
  }
  __ANYWARP_G static unsigned long long size() { return num_threads(); }
  __ANYWARP_G static unsigned long long thread_rank() {
    return (unsigned long long)details::grid_block_rank() * details::block_size() + details::block_rank();
  }
  __ANYWARP_G static dim3 group_dim() { return dim3(gridDim.x, gridDim.y, gridDim.z); }
  __ANYWARP_G static dim3 dim_blocks() { return group_dim(); }
  __ANYWARP_G static unsigned long long num_blocks() { return details::grid_blocks(); }
  __ANYWARP_G static dim3 block_index() { return dim3(blockIdx.x, blockIdx.y, blockIdx.z); }
  __ANYWARP_G static unsigned long long block_rank() { return details::grid_block_rank(); }
};

__ANYWARP_G grid_group this_grid() { return grid_group(); }


}  // namespace cooperative_groups
#endif
