// SPDX-License-Identifier: MIT OR Apache-2.0
// __nv_bfloat16 and __nv_bfloat162 in kernels: mathematical functions, warp shuffles, cached loads and stores, atomics.
#ifndef ANYWARP_BF16_DEVICE_H
#define ANYWARP_BF16_DEVICE_H
#include "bf16_compare.h"

#if defined(__CUDA__) && defined(__clang__)
#define __ANYWARP_D static __inline__ __device__ __attribute__((always_inline, unused))

// Computed in float, whose error is far below half a unit of the result.
#define __ANYWARP_MATH(name, expr)                                                         \
  __ANYWARP_D __nv_bfloat16 h##name(__nv_bfloat16 a) {                                                 \
    float x = __bfloat162float(a);                                                           \
    return __float2bfloat16_rn(expr);                                                       \
  }                                                                                        \
  __ANYWARP_D __nv_bfloat162 h2##name(__nv_bfloat162 a) { return __nv_bfloat162(h##name(a.x), h##name(a.y)); }
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
__ANYWARP_D __nv_bfloat16 htanh_approx(__nv_bfloat16 a) { return htanh(a); }
__ANYWARP_D __nv_bfloat162 h2tanh_approx(__nv_bfloat162 a) { return h2tanh(a); }

namespace __anywarp_bf16 {
__ANYWARP_D unsigned int bits(__nv_bfloat162 a) {
  unsigned int u;
  __builtin_memcpy(&u, (const void *)&a, 4);
  return u;
}
__ANYWARP_D __nv_bfloat162 pair(unsigned int u) {
  __nv_bfloat162 a;
  __builtin_memcpy((void *)&a, &u, 4);
  return a;
}
}  // namespace __anywarp_bf16

#define __ANYWARP_SHFL(name, type)                                                                              \
  __ANYWARP_D __nv_bfloat16 name(unsigned int mask, __nv_bfloat16 v, type lane, int width = 32) {                            \
    return __ushort_as_bfloat16((unsigned short)name(mask, (unsigned int)__bfloat16_as_ushort(v), lane, width));          \
  }                                                                                                             \
  __ANYWARP_D __nv_bfloat162 name(unsigned int mask, __nv_bfloat162 v, type lane, int width = 32) {                          \
    return __anywarp_bf16::pair(name(mask, __anywarp_bf16::bits(v), lane, width));                              \
  }
__ANYWARP_SHFL(__shfl_sync, int)
__ANYWARP_SHFL(__shfl_up_sync, unsigned int)
__ANYWARP_SHFL(__shfl_down_sync, unsigned int)
__ANYWARP_SHFL(__shfl_xor_sync, int)
#undef __ANYWARP_SHFL

#define __ANYWARP_LOAD(name)                                                                                            \
  __ANYWARP_D __nv_bfloat16 name(const __nv_bfloat16 *p) { return __ushort_as_bfloat16(name((const unsigned short *)p)); }                 \
  __ANYWARP_D __nv_bfloat162 name(const __nv_bfloat162 *p) { return __anywarp_bf16::pair(name((const unsigned int *)p)); }
#define __ANYWARP_STORE(name)                                                                                           \
  __ANYWARP_D void name(__nv_bfloat16 *p, __nv_bfloat16 v) { name((unsigned short *)p, __bfloat16_as_ushort(v)); }                         \
  __ANYWARP_D void name(__nv_bfloat162 *p, __nv_bfloat162 v) { name((unsigned int *)p, __anywarp_bf16::bits(v)); }
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
__ANYWARP_D __nv_bfloat162 atomicAdd(__nv_bfloat162 *p, __nv_bfloat162 v) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  unsigned int old;
  asm volatile("atom.add.noftz.bf16x2 %0, [%1], %2;" : "=r"(old) : "l"(p), "r"(__anywarp_bf16::bits(v)) : "memory");
  return __anywarp_bf16::pair(old);
#else
  unsigned int *word = (unsigned int *)p, old = *word, seen;
  do {
    seen = old;
    old = atomicCAS(word, seen, __anywarp_bf16::bits(__hadd2(__anywarp_bf16::pair(seen), v)));
  } while (old != seen);
  return __anywarp_bf16::pair(old);
#endif
}
__ANYWARP_D __nv_bfloat16 atomicAdd(__nv_bfloat16 *p, __nv_bfloat16 v) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  unsigned short old;
  asm volatile("atom.add.noftz.bf16 %0, [%1], %2;" : "=h"(old) : "l"(p), "h"(__bfloat16_as_ushort(v)) : "memory");
  return __ushort_as_bfloat16(old);
#else
  unsigned int *word = (unsigned int *)((size_t)p & ~(size_t)3), shift = ((size_t)p & 2) * 8, old = *word, seen;
  do {
    seen = old;
    unsigned int sum = __bfloat16_as_ushort(__hadd(__ushort_as_bfloat16((unsigned short)(seen >> shift)), v));
    old = atomicCAS(word, seen, (seen & ~(0xffffu << shift)) | (sum << shift));
  } while (old != seen);
  return __ushort_as_bfloat16((unsigned short)(old >> shift));
#endif
}
#undef __ANYWARP_D
#endif
#endif
