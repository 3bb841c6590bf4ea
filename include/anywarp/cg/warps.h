// SPDX-License-Identifier: MIT OR Apache-2.0
// Tiles of several warps: thread_block_tile<64> to <512>. Invariant: a value that crosses warps lies in its warp's word of
// `crossing` between two of the tile's barriers, so that the next call may write there.
#ifndef ANYWARP_CG_WARPS_H
#define ANYWARP_CG_WARPS_H
#include "block.h"

namespace cooperative_groups {

// Room for what the tiles of a block of up to `MaxBlockSize` threads exchange, as CUDA wants it below compute capability 8.0.
template <unsigned int MaxBlockSize = 1024>
struct block_tile_memory {
  unsigned long long __words[(MaxBlockSize + 31) / 32];
};
template <unsigned int MaxBlockSize>
__ANYWARP_G thread_block this_thread_block(block_tile_memory<MaxBlockSize> &) {
  return thread_block();
}

namespace details {

// A word for each warp of the block.
__ANYWARP_G unsigned long long *crossing() {
  static __shared__ unsigned long long words[32];
  return words;
}

// Barriers 1 to 15 are those of the first 15 tiles, 0 is __syncthreads'. The sixteenth tile, of two warps, counts arrivals.
__ANYWARP_G unsigned int *sixteenth() {
  static __shared__ unsigned int arrivals;
  return &arrivals;
}
__ANYWARP_G void sync_sixteenth() {
  __syncwarp();
  if (lane_id() == 0) {
    __threadfence_block();
    unsigned int both = (atomicAdd(sixteenth(), 1u) | 1u) + 1u;
    volatile unsigned int *arrived = sixteenth();
    while ((int)(*arrived - both) < 0) {
    }
    __threadfence_block();
  }
  __syncwarp();
}

template <unsigned int Size>
class tile_of_warps {
  unsigned int meta_rank_, meta_size_;
  static constexpr unsigned int warps = Size / 32;

  __ANYWARP_G static unsigned int warp() { return thread_rank() / 32; }
  template <class __T>
  __ANYWARP_G static void put(unsigned int word, const __T &value) {
    static_assert(sizeof(__T) <= 8, "tiles of several warps exchange values of up to 8 bytes");
    __builtin_memcpy((void *)&crossing()[word], (const void *)&value, sizeof(__T));
  }
  template <class __T>
  __ANYWARP_G static __T get(unsigned int word) {
    __T value;
    __builtin_memcpy((void *)&value, (const void *)&crossing()[word], sizeof(__T));
    return value;
  }
  __ANYWARP_G unsigned int first_word() const { return meta_rank_ * warps; }

 public:
  __ANYWARP_G tile_of_warps(unsigned int meta_rank, unsigned int meta_size) : meta_rank_(meta_rank), meta_size_(meta_size) {
    if (Size == 64 && block_size() > 960) {
      if (block_rank() == 0) *sixteenth() = 0;
      __syncthreads();
    }
  }
  __ANYWARP_G static constexpr unsigned int num_threads() { return Size; }
  __ANYWARP_G static constexpr unsigned int size() { return Size; }
  __ANYWARP_G static unsigned int thread_rank() { return block_rank() & (Size - 1); }
  __ANYWARP_G unsigned int meta_group_rank() const { return meta_rank_; }
  __ANYWARP_G unsigned int meta_group_size() const { return meta_size_; }
  __ANYWARP_G void sync() const {
    if (meta_rank_ == 15)
      sync_sixteenth();
    else
      asm volatile("barrier.sync %0, %1;" : : "r"(meta_rank_ + 1), "n"(Size) : "memory");
  }

  template <class __T>
  __ANYWARP_G __T shfl(const __T &v, int rank) const {
    if (thread_rank() == ((unsigned int)rank & (Size - 1))) put(first_word(), v);
    sync();
    __T result = get<__T>(first_word());
    sync();
    return result;
  }
  __ANYWARP_G int any(int p) const { return __reduce(__any_sync(0xffffffffu, p), [](int a, int b) { return a | b; }); }
  __ANYWARP_G int all(int p) const { return !any(!p); }

  template <class __T, class Op>
  __ANYWARP_G __T __reduce(__T value, Op &&op) const {
#pragma unroll
    for (unsigned int step = 16; step > 0; step /= 2) value = op(value, shuffle(0xffffffffu, value, lane_id() ^ step));
    if (lane_id() == 0) put(first_word() + warp(), value);
    sync();
    __T total = get<__T>(first_word());
#pragma unroll
    for (unsigned int w = 1; w < warps; ++w) total = op(total, get<__T>(first_word() + w));
    sync();
    return total;
  }
  // The scan with this thread's value; `before` gets the one without it, which the tile's first thread has none of.
  template <class __T, class Op>
  __ANYWARP_G __T __scan(__T value, __T &before, Op &&op) const {
    const unsigned int lane = lane_id();
#pragma unroll
    for (unsigned int step = 1; step < 32; step *= 2) {
      __T other = shuffle(0xffffffffu, value, lane >= step ? lane - step : lane);
      if (lane >= step) value = op(other, value);
    }
    __T lower = shuffle(0xffffffffu, value, lane == 0 ? 0 : lane - 1);
    if (lane == 31) put(first_word() + warp(), value);
    sync();
    if (warp() > 0) {
      __T prefix = get<__T>(first_word());
      for (unsigned int w = 1; w < warp(); ++w) prefix = op(prefix, get<__T>(first_word() + w));
      value = op(prefix, value);
      lower = lane == 0 ? prefix : op(prefix, lower);
    }
    sync();
    before = lower;
    return value;
  }
};

}  // namespace details

#define __ANYWARP_TILE_OF_WARPS(SIZE)                                                                                  \
  template <class Parent>                                                                                              \
  class thread_block_tile<SIZE, Parent> : public details::tile_of_warps<SIZE> {                                        \
   public:                                                                                                             \
    using details::tile_of_warps<SIZE>::tile_of_warps;                                                                 \
    template <class Other>                                                                                             \
    __ANYWARP_G thread_block_tile(const thread_block_tile<SIZE, Other> &o) : details::tile_of_warps<SIZE>(o) {}        \
  };
__ANYWARP_TILE_OF_WARPS(64)
__ANYWARP_TILE_OF_WARPS(128)
__ANYWARP_TILE_OF_WARPS(256)
__ANYWARP_TILE_OF_WARPS(512)
#undef __ANYWARP_TILE_OF_WARPS

}  // namespace cooperative_groups
#endif
