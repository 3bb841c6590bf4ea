// SPDX-License-Identifier: MIT OR Apache-2.0
// Warp functions that clang's wrappers lack (Programming Guide, "Warp Match Functions", "Warp Vote Functions"), and
// the old ones without _sync, which PTX has for .target sm_6x and below only: they act on the active lanes.
#ifndef ANYWARP_WARP_H
#define ANYWARP_WARP_H

#define __ANYWARP_D static __inline__ __device__ __attribute__((always_inline, unused))

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
#define __ANYWARP_MATCH(__T, __N, __W)                                                                                \
  __ANYWARP_D unsigned int __match_any_sync(unsigned int mask, __T v) { return __match##__N##_any_sync(mask, (__W)v); } \
  __ANYWARP_D unsigned int __match_all_sync(unsigned int mask, __T v, int *pred) {                                \
    return __match##__N##_all_sync(mask, (__W)v, pred);                                                             \
  }
__ANYWARP_MATCH(int, 32, unsigned int)
__ANYWARP_MATCH(unsigned int, 32, unsigned int)
__ANYWARP_MATCH(long, 64, unsigned long long)
__ANYWARP_MATCH(unsigned long, 64, unsigned long long)
__ANYWARP_MATCH(long long, 64, unsigned long long)
__ANYWARP_MATCH(unsigned long long, 64, unsigned long long)
#undef __ANYWARP_MATCH
__ANYWARP_D unsigned int __match_any_sync(unsigned int mask, float v) {
  return __match32_any_sync(mask, __builtin_bit_cast(unsigned int, v));
}
__ANYWARP_D unsigned int __match_all_sync(unsigned int mask, float v, int *pred) {
  return __match32_all_sync(mask, __builtin_bit_cast(unsigned int, v), pred);
}
__ANYWARP_D unsigned int __match_any_sync(unsigned int mask, double v) {
  return __match64_any_sync(mask, __builtin_bit_cast(unsigned long long, v));
}
__ANYWARP_D unsigned int __match_all_sync(unsigned int mask, double v, int *pred) {
  return __match64_all_sync(mask, __builtin_bit_cast(unsigned long long, v), pred);
}
#endif

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
#define __ANYWARP_REDUCE(NAME, __T, BUILTIN) \
  __ANYWARP_D __T __reduce_##NAME##_sync(unsigned int mask, __T v) { return (__T)__nvvm_redux_sync_##BUILTIN((int)v, (int)mask); }
__ANYWARP_REDUCE(add, unsigned int, add)
__ANYWARP_REDUCE(add, int, add)
__ANYWARP_REDUCE(min, unsigned int, umin)
__ANYWARP_REDUCE(min, int, min)
__ANYWARP_REDUCE(max, unsigned int, umax)
__ANYWARP_REDUCE(max, int, max)
__ANYWARP_REDUCE(and, unsigned int, and)
__ANYWARP_REDUCE(or, unsigned int, or)
__ANYWARP_REDUCE(xor, unsigned int, xor)
#undef __ANYWARP_REDUCE
#endif

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
#define __ANYWARP_ASYNC_SHFL(__T)                                                                                      \
  __ANYWARP_D __T __shfl(__T v, int lane, int width = 32) { return __shfl_sync(__activemask(), v, lane, width); }        \
  __ANYWARP_D __T __shfl_up(__T v, unsigned int d, int width = 32) { return __shfl_up_sync(__activemask(), v, d, width); } \
  __ANYWARP_D __T __shfl_down(__T v, unsigned int d, int width = 32) {                                                   \
    return __shfl_down_sync(__activemask(), v, d, width);                                                            \
  }                                                                                                                  \
  __ANYWARP_D __T __shfl_xor(__T v, int m, int width = 32) { return __shfl_xor_sync(__activemask(), v, m, width); }
__ANYWARP_ASYNC_SHFL(int)
__ANYWARP_ASYNC_SHFL(unsigned int)
__ANYWARP_ASYNC_SHFL(long)
__ANYWARP_ASYNC_SHFL(unsigned long)
__ANYWARP_ASYNC_SHFL(long long)
__ANYWARP_ASYNC_SHFL(unsigned long long)
__ANYWARP_ASYNC_SHFL(float)
__ANYWARP_ASYNC_SHFL(double)
#undef __ANYWARP_ASYNC_SHFL
__ANYWARP_D int __all(int pred) { return __all_sync(__activemask(), pred); }
__ANYWARP_D int __any(int pred) { return __any_sync(__activemask(), pred); }
__ANYWARP_D unsigned int __ballot(int pred) { return __ballot_sync(__activemask(), pred); }
#endif

__ANYWARP_D unsigned int __lane_id() { return __nvvm_read_ptx_sreg_laneid(); }

#undef __ANYWARP_D
#endif
