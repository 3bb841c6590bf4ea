// SPDX-License-Identifier: MIT OR Apache-2.0
// __half and __half2 in kernels: mathematical functions, warp shuffles, cached loads and stores, atomics.
#ifndef ANYWARP_FP16_DEVICE_H
#define ANYWARP_FP16_DEVICE_H
#include "fp16_compare.h"

#if defined(__CUDA__) && defined(__clang__)
#define __ANYWARP_D static __inline__ __device__ __attribute__((always_inline, unused))

// Computed in float, whose error is far below half a unit of the result.
#define __ANYWARP_MATH(name, expr)                                                         \
  __ANYWARP_D __half h##name(__half a) {                                                 \
    float x = __half2float(a);                                                           \
    return __float2half_rn(expr);                                                       \
  }                                                                                        \
  __ANYWARP_D __half2 h2##name(__half2 a) { return __half2(h##name(a.x), h##name(a.y)); }
__ANYWARP_MATH(ceil, ::ceilf(x))
__ANYWARP_MATH(floor, ::floorf(x))
__ANYWARP_MATH(trunc, ::truncf(x))
__ANYWARP_MATH(rint, ::rintf(x))
__ANYWARP_MATH(sqrt, ::__fsqrt_rn(x))
__ANYWARP_MATH(rsqrt, ::rsqrtf(x))
__ANYWARP_MATH(rcp, ::__frcp_rn(x))
__ANYWARP_MATH(sin, __nv_sinf(x))
__ANYWARP_MATH(cos, __nv_cosf(x))
__ANYWARP_MATH(exp, __nv_expf(x))
__ANYWARP_MATH(exp2, __nv_exp2f(x))
__ANYWARP_MATH(exp10, __nv_exp10f(x))
__ANYWARP_MATH(log, __nv_logf(x))
__ANYWARP_MATH(log2, __nv_log2f(x))
__ANYWARP_MATH(log10, __nv_log10f(x))
__ANYWARP_MATH(tanh, __nv_tanhf(x))
#undef __ANYWARP_MATH
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 750
__ANYWARP_D __half htanh_approx(__half a) {
  unsigned short u;
  asm("tanh.approx.f16 %0, %1;" : "=h"(u) : "h"(__half_as_ushort(a)));
  return __ushort_as_half(u);
}
__ANYWARP_D __half2 h2tanh_approx(__half2 a) { return __half2(htanh_approx(a.x), htanh_approx(a.y)); }
#endif

namespace __anywarp_fp16 {
__ANYWARP_D unsigned int bits(__half2 a) {
  unsigned int u;
  __builtin_memcpy(&u, (const void *)&a, 4);
  return u;
}
__ANYWARP_D __half2 pair(unsigned int u) {
  __half2 a;
  __builtin_memcpy((void *)&a, &u, 4);
  return a;
}
}  // namespace __anywarp_fp16

#define __ANYWARP_SHFL(name, type)                                                                              \
  __ANYWARP_D __half name(unsigned int mask, __half v, type lane, int width = 32) {                            \
    return __ushort_as_half((unsigned short)name(mask, (unsigned int)__half_as_ushort(v), lane, width));          \
  }                                                                                                             \
  __ANYWARP_D __half2 name(unsigned int mask, __half2 v, type lane, int width = 32) {                          \
    return __anywarp_fp16::pair(name(mask, __anywarp_fp16::bits(v), lane, width));                              \
  }
__ANYWARP_SHFL(__shfl_sync, int)
__ANYWARP_SHFL(__shfl_up_sync, unsigned int)
__ANYWARP_SHFL(__shfl_down_sync, unsigned int)
__ANYWARP_SHFL(__shfl_xor_sync, int)
#undef __ANYWARP_SHFL

#define __ANYWARP_LOAD(name)                                                                                            \
  __ANYWARP_D __half name(const __half *p) { return __ushort_as_half(name((const unsigned short *)p)); }                 \
  __ANYWARP_D __half2 name(const __half2 *p) { return __anywarp_fp16::pair(name((const unsigned int *)p)); }
#define __ANYWARP_STORE(name)                                                                                           \
  __ANYWARP_D void name(__half *p, __half v) { name((unsigned short *)p, __half_as_ushort(v)); }                         \
  __ANYWARP_D void name(__half2 *p, __half2 v) { name((unsigned int *)p, __anywarp_fp16::bits(v)); }
__ANYWARP_LOAD(__ldg)
__ANYWARP_LOAD(__ldcg)
__ANYWARP_LOAD(__ldca)
__ANYWARP_LOAD(__ldcs)
__ANYWARP_LOAD(__ldlu)
__ANYWARP_LOAD(__ldcv)
__ANYWARP_STORE(__stwb)
__ANYWARP_STORE(__stcg)
__ANYWARP_STORE(__stcs)
__ANYWARP_STORE(__stwt)
#undef __ANYWARP_LOAD
#undef __ANYWARP_STORE

// Where PTX has no such atom for the architecture, a compare-and-swap of the word around it.
__ANYWARP_D __half2 atomicAdd(__half2 *p, __half2 v) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 600
  unsigned int old;
  asm volatile("atom.add.noftz.f16x2 %0, [%1], %2;" : "=r"(old) : "l"(p), "r"(__anywarp_fp16::bits(v)) : "memory");
  return __anywarp_fp16::pair(old);
#else
  unsigned int *word = (unsigned int *)p, old = *word, seen;
  do {
    seen = old;
    old = atomicCAS(word, seen, __anywarp_fp16::bits(__hadd2(__anywarp_fp16::pair(seen), v)));
  } while (old != seen);
  return __anywarp_fp16::pair(old);
#endif
}
__ANYWARP_D __half atomicAdd(__half *p, __half v) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 700
  unsigned short old;
  asm volatile("atom.add.noftz.f16 %0, [%1], %2;" : "=h"(old) : "l"(p), "h"(__half_as_ushort(v)) : "memory");
  return __ushort_as_half(old);
#else
  unsigned int *word = (unsigned int *)((size_t)p & ~(size_t)3), shift = ((size_t)p & 2) * 8, old = *word, seen;
  do {
    seen = old;
    unsigned int sum = __half_as_ushort(__hadd(__ushort_as_half((unsigned short)(seen >> shift)), v));
    old = atomicCAS(word, seen, (seen & ~(0xffffu << shift)) | (sum << shift));
  } while (old != seen);
  return __ushort_as_half((unsigned short)(old >> shift));
#endif
}
#undef __ANYWARP_D
#endif
#endif
