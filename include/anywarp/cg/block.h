// SPDX-License-Identifier: MIT OR Apache-2.0
// The thread block as a group, and thread_group, which may be any group of a block.
#ifndef ANYWARP_CG_BLOCK_H
#define ANYWARP_CG_BLOCK_H
#include "warp.h"

namespace cooperative_groups {

class thread_block {
 public:
  struct arrival_token {};
  __ANYWARP_G static void sync() { __syncthreads(); }
  __ANYWARP_G static unsigned int num_threads() { return details::block_size(); }
  __ANYWARP_G static unsigned int size() { return details::block_size(); }
  __ANYWARP_G static unsigned int thread_rank() { return details::block_rank(); }
  __ANYWARP_G static dim3 group_index() { return dim3(blockIdx.x, blockIdx.y, blockIdx.z); }
  __ANYWARP_G static dim3 thread_index() { return dim3(threadIdx.x, threadIdx.y, threadIdx.z); }
  __ANYWARP_G static dim3 group_dim() { return dim3(blockDim.x, blockDim.y, blockDim.z); }
  __ANYWARP_G static dim3 dim_threads() { return group_dim(); }
  // Barrier 0 in two halves would let a thread pass other __syncthreads: the wait takes the whole barrier.
  __ANYWARP_G arrival_token barrier_arrive() const { return arrival_token(); }
  __ANYWARP_G void barrier_wait(arrival_token &&) const { __syncthreads(); }
};

__ANYWARP_G thread_block this_thread_block() { return thread_block(); }

// Any group within a block, known at run time.
class thread_group {
  bool block_;
  unsigned int mask_, meta_rank_, meta_size_;

 public:
  __ANYWARP_G thread_group(const thread_block &) : block_(true), mask_(0), meta_rank_(0), meta_size_(1) {}
  __ANYWARP_G thread_group(const coalesced_group &g)
      : block_(false), mask_(g.__mask()), meta_rank_(g.meta_group_rank()), meta_size_(g.meta_group_size()) {}
  template <unsigned int Size, class Parent>
  __ANYWARP_G thread_group(const thread_block_tile<Size, Parent> &g)
      : block_(false), mask_(g.__mask()), meta_rank_(g.meta_group_rank()), meta_size_(g.meta_group_size()) {}
  __ANYWARP_G unsigned long long num_threads() const {
    return block_ ? details::block_size() : __builtin_popcount(mask_);
  }
  __ANYWARP_G unsigned long long size() const { return num_threads(); }
  __ANYWARP_G unsigned long long thread_rank() const {
    return block_ ? details::block_rank() : __builtin_popcount(mask_ & details::lanes_below());
  }
  __ANYWARP_G unsigned int meta_group_rank() const { return meta_rank_; }
  __ANYWARP_G unsigned int meta_group_size() const { return meta_size_; }
  __ANYWARP_G bool is_valid() const { return true; }
  __ANYWARP_G bool __is_block() const { return block_; }
  __ANYWARP_G unsigned int __mask() const { return mask_; }
  __ANYWARP_G void sync() const {
    if (block_)
      __syncthreads();
    else
      __syncwarp(mask_);
  }
};

template <class Group>
__ANYWARP_G void sync(const Group &g) {
  g.sync();
}
template <class Group>
__ANYWARP_G auto thread_rank(const Group &g) -> decltype(g.thread_rank()) {
  return g.thread_rank();
}
template <class Group>
__ANYWARP_G auto group_size(const Group &g) -> decltype(g.size()) {
  return g.size();
}

// Runs f on one thread of the group.
template <class Group, class __F, class... Args>
__ANYWARP_G void invoke_one(const Group &g, __F &&f, Args &&...args) {
  if (g.thread_rank() == 0) f(static_cast<Args &&>(args)...);
}
template <class Group, class __F, class... Args>
__ANYWARP_G auto invoke_one_broadcast(const Group &g, __F &&f, Args &&...args) -> decltype(f(static_cast<Args &&>(args)...)) {
  decltype(f(static_cast<Args &&>(args)...)) result{};
  if (g.thread_rank() == 0) result = f(static_cast<Args &&>(args)...);
  return g.shfl(result, 0);
}

}  // namespace cooperative_groups
#endif
