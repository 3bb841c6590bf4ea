// SPDX-License-Identifier: MIT OR Apache-2.0
// Groups within a warp. Invariant: a group is a lane mask, and its ranks count the mask's lanes from the lowest.
#ifndef ANYWARP_CG_WARP_H
#define ANYWARP_CG_WARP_H

#define __ANYWARP_G __device__ __attribute__((always_inline)) inline

namespace cooperative_groups {

namespace details {
__ANYWARP_G unsigned int lane_id() { return __nvvm_read_ptx_sreg_laneid(); }
__ANYWARP_G unsigned int lanes_below() {
  unsigned int m;
  asm("mov.u32 %0, %%lanemask_lt;" : "=r"(m));
  return m;
}
// The lane of a rank: the position of the (rank + 1)th set bit.
__ANYWARP_G unsigned int lane_of_rank(unsigned int mask, unsigned int rank) {
  if (mask == 0xffffffffu) return rank;
  for (unsigned int i = 0; i < rank; ++i) mask &= mask - 1;
  return mask == 0 ? 32 : __builtin_ctz(mask);
}
__ANYWARP_G unsigned int block_rank() {
  return (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
}
__ANYWARP_G unsigned int block_size() { return blockDim.x * blockDim.y * blockDim.z; }

// Any trivially copyable value, moved in 32-bit words from lane `from`.
template <class __T>
__ANYWARP_G __T shuffle(unsigned int mask, const __T &value, unsigned int from) {
  constexpr int words = (sizeof(__T) + 3) / 4;
  unsigned int in[words] = {};
  unsigned int out[words];
  __builtin_memcpy(in, (const void *)&value, sizeof(__T));
#pragma unroll
  for (int i = 0; i < words; ++i) out[i] = __shfl_sync(mask, in[i], from);
  __T result;
  __builtin_memcpy((void *)&result, out, sizeof(__T));
  return result;
}
}  // namespace details

// The threads of a warp that were active together.
class coalesced_group {
 protected:
  unsigned int mask_;
  unsigned int meta_rank_, meta_size_;

 public:
  __ANYWARP_G explicit coalesced_group(unsigned int mask, unsigned int meta_rank = 0, unsigned int meta_size = 1)
      : mask_(mask), meta_rank_(meta_rank), meta_size_(meta_size) {}
  __ANYWARP_G unsigned long long num_threads() const { return __builtin_popcount(mask_); }
  __ANYWARP_G unsigned long long size() const { return num_threads(); }
  __ANYWARP_G unsigned long long thread_rank() const {
    return __builtin_popcount(mask_ & details::lanes_below());
  }
  __ANYWARP_G unsigned int meta_group_rank() const { return meta_rank_; }
  __ANYWARP_G unsigned int meta_group_size() const { return meta_size_; }
  __ANYWARP_G void sync() const { __syncwarp(mask_); }
  __ANYWARP_G unsigned int __mask() const { return mask_; }

  template <class __T>
  __ANYWARP_G __T shfl(const __T &v, int rank) const {
    unsigned int n = num_threads();
    return details::shuffle(mask_, v, details::lane_of_rank(mask_, (unsigned int)rank % n));
  }
  template <class __T>
  __ANYWARP_G __T shfl_down(const __T &v, unsigned int delta) const {
    unsigned int to = thread_rank() + delta;
    return details::shuffle(mask_, v, to < num_threads() ? details::lane_of_rank(mask_, to) : details::lane_id());
  }
  template <class __T>
  __ANYWARP_G __T shfl_up(const __T &v, unsigned int delta) const {
    unsigned int rank = thread_rank();
    return details::shuffle(mask_, v, rank >= delta ? details::lane_of_rank(mask_, rank - delta) : details::lane_id());
  }
  __ANYWARP_G int any(int p) const { return __any_sync(mask_, p); }
  __ANYWARP_G int all(int p) const { return __all_sync(mask_, p); }
  // Bit i of the result is the rank i's predicate.
  __ANYWARP_G unsigned int ballot(int p) const { return pack(__ballot_sync(mask_, p)); }
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
  template <class __T>
  __ANYWARP_G unsigned int match_any(__T v) const {
    return pack(__match_any_sync(mask_, v));
  }
  template <class __T>
  __ANYWARP_G unsigned int match_all(__T v, int &pred) const {
    return pack(__match_all_sync(mask_, v, &pred));
  }
#endif

 private:
  // From lane positions to rank positions.
  __ANYWARP_G unsigned int pack(unsigned int lanes) const {
    if (mask_ == 0xffffffffu) return lanes;
    unsigned int out = 0, rank = 0;
    for (unsigned int rest = mask_; rest != 0; rest &= rest - 1, ++rank)
      out |= ((lanes >> __builtin_ctz(rest)) & 1u) << rank;
    return out;
  }
};

__ANYWARP_G coalesced_group coalesced_threads() { return coalesced_group(__activemask()); }

// `Size` consecutive threads of a warp; Size is a power of two up to 32. warps.h has those of 64 to 512 threads.
template <unsigned int Size, class Parent = void>
class thread_block_tile {
  static_assert(Size >= 1 && Size <= 32 && (Size & (Size - 1)) == 0,
                "thread_block_tile: the size must be a power of two up to 512");
  unsigned int meta_rank_, meta_size_;

 public:
  __ANYWARP_G thread_block_tile(unsigned int meta_rank, unsigned int meta_size)
      : meta_rank_(meta_rank), meta_size_(meta_size) {}
  template <class Other>
  __ANYWARP_G thread_block_tile(const thread_block_tile<Size, Other> &o)
      : meta_rank_(o.meta_group_rank()), meta_size_(o.meta_group_size()) {}

  __ANYWARP_G static constexpr unsigned int num_threads() { return Size; }
  __ANYWARP_G static constexpr unsigned int size() { return Size; }
  __ANYWARP_G static unsigned int thread_rank() { return details::lane_id() & (Size - 1); }
  __ANYWARP_G unsigned int meta_group_rank() const { return meta_rank_; }
  __ANYWARP_G unsigned int meta_group_size() const { return meta_size_; }
  __ANYWARP_G static unsigned int __mask() {
    return Size == 32 ? 0xffffffffu : ((1u << (Size & 31)) - 1) << (details::lane_id() & ~(Size - 1));
  }
  __ANYWARP_G void sync() const { __syncwarp(__mask()); }

  template <class __T>
  __ANYWARP_G __T shfl(const __T &v, int rank) const {
    return details::shuffle(__mask(), v, base() + ((unsigned int)rank & (Size - 1)));
  }
  template <class __T>
  __ANYWARP_G __T shfl_down(const __T &v, unsigned int delta) const {
    unsigned int to = thread_rank() + delta;
    return details::shuffle(__mask(), v, to < Size ? base() + to : details::lane_id());
  }
  template <class __T>
  __ANYWARP_G __T shfl_up(const __T &v, unsigned int delta) const {
    unsigned int rank = thread_rank();
    return details::shuffle(__mask(), v, rank >= delta ? base() + rank - delta : details::lane_id());
  }
  template <class __T>
  __ANYWARP_G __T shfl_xor(const __T &v, unsigned int lanes) const {
    unsigned int to = thread_rank() ^ lanes;
    return details::shuffle(__mask(), v, to < Size ? base() + to : details::lane_id());
  }
  template <class __T, class Op>
  __ANYWARP_G __T __reduce(__T value, Op &&op) const {
#pragma unroll
    for (unsigned int step = Size / 2; step > 0; step /= 2) value = op(value, shfl_xor(value, step));
    return value;
  }
  __ANYWARP_G int any(int p) const { return (__ballot_sync(__mask(), p) & __mask()) != 0; }
  __ANYWARP_G int all(int p) const { return __all_sync(__mask(), p); }
  __ANYWARP_G unsigned int ballot(int p) const { return (__ballot_sync(__mask(), p) & __mask()) >> base(); }
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
  template <class __T>
  __ANYWARP_G unsigned int match_any(__T v) const {
    return __match_any_sync(__mask(), v) >> base();
  }
  template <class __T>
  __ANYWARP_G unsigned int match_all(__T v, int &pred) const {
    return __match_all_sync(__mask(), v, &pred) >> base();
  }
#endif

 private:
  __ANYWARP_G static unsigned int base() { return details::lane_id() & ~(Size - 1); }
};

}  // namespace cooperative_groups
#endif
