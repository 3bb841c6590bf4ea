// SPDX-License-Identifier: MIT OR Apache-2.0
// What __half and __nv_bfloat16 have in common.
#ifndef ANYWARP_SHORT_FLOATS_H
#define ANYWARP_SHORT_FLOATS_H

#if defined(__CUDA__) && defined(__clang__)
#define __ANYWARP_HD static __inline__ __host__ __device__ __attribute__((always_inline, unused))
#define __ANYWARP_HDM __host__ __device__ __attribute__((always_inline)) inline
#else
#define __ANYWARP_HD static __inline__ __attribute__((unused))
#define __ANYWARP_HDM inline
#endif

#if defined(__cplusplus)
namespace __anywarp_short_floats {
// An integer as a float, rounded to odd: rounding it again, in any direction, then gives the integer's own rounding.
__ANYWARP_HD float odd_float(bool negative, unsigned long long magnitude) {
  if (magnitude >> 24) {
    int drop = 40 - __builtin_clzll(magnitude);
    unsigned long long rest = magnitude & ((1ull << drop) - 1);
    magnitude = (magnitude - rest) | (rest ? 1ull << drop : 0);
  }
  float f = (float)magnitude;
  return negative ? -f : f;
}
}  // namespace __anywarp_short_floats
#endif
#endif
