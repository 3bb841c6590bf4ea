// SPDX-License-Identifier: MIT OR Apache-2.0
// Arithmetic of __nv_bfloat16 and __nv_bfloat162 (CUDA Math API, "Bfloat16 Arithmetic Functions" and operators).
#ifndef ANYWARP_BF16_ARITH_H
#define ANYWARP_BF16_ARITH_H
#include "bf16_convert.h"

__ANYWARP_HD __nv_bfloat16 __hadd(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __float2bfloat16_rn(__bfloat162float(a) + __bfloat162float(b));
}
__ANYWARP_HD __nv_bfloat16 __hadd_rn(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __float2bfloat16_rn(__bfloat162float(a) + __bfloat162float(b));
}
__ANYWARP_HD __nv_bfloat16 __hsub(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __float2bfloat16_rn(__bfloat162float(a) - __bfloat162float(b));
}
__ANYWARP_HD __nv_bfloat16 __hsub_rn(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __float2bfloat16_rn(__bfloat162float(a) - __bfloat162float(b));
}
__ANYWARP_HD __nv_bfloat16 __hmul(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __float2bfloat16_rn(__bfloat162float(a) * __bfloat162float(b));
}
__ANYWARP_HD __nv_bfloat16 __hmul_rn(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __float2bfloat16_rn(__bfloat162float(a) * __bfloat162float(b));
}
__ANYWARP_HD __nv_bfloat16 __hdiv(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __float2bfloat16_rn(__bfloat162float(a) / __bfloat162float(b));
}
__ANYWARP_HD __nv_bfloat16 __hfma(__nv_bfloat16 a, __nv_bfloat16 b, __nv_bfloat16 c) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned short u;
  asm("fma.rn.bf16 %0, %1, %2, %3;"
      : "=h"(u)
      : "h"(__bfloat16_as_ushort(a)), "h"(__bfloat16_as_ushort(b)), "h"(__bfloat16_as_ushort(c)));
  return __ushort_as_bfloat16(u);
#else
  return __nv_bfloat16((double)__bfloat162float(a) * (double)__bfloat162float(b) + (double)__bfloat162float(c));
#endif
}
__ANYWARP_HD __nv_bfloat16 __hneg(__nv_bfloat16 a) { return __ushort_as_bfloat16(__bfloat16_as_ushort(a) ^ 0x8000); }
__ANYWARP_HD __nv_bfloat16 __habs(__nv_bfloat16 a) { return __ushort_as_bfloat16(__bfloat16_as_ushort(a) & 0x7fff); }
namespace __anywarp_bf16 {
__ANYWARP_HD __nv_bfloat16 saturate(__nv_bfloat16 a) {
  float f = __bfloat162float(a);
  return f >= 1.0f ? __float2bfloat16_rn(1.0f) : f > 0.0f ? a : __float2bfloat16_rn(0.0f);
}
__ANYWARP_HD __nv_bfloat16 relu(__nv_bfloat16 a) {
  float f = __bfloat162float(a);
  return f > 0.0f || f != f ? (f != f ? __ushort_as_bfloat16(0x7fff) : a) : __float2bfloat16_rn(0.0f);
}
}  // namespace __anywarp_bf16
__ANYWARP_HD __nv_bfloat16 __hadd_sat(__nv_bfloat16 a, __nv_bfloat16 b) { return __anywarp_bf16::saturate(__hadd(a, b)); }
__ANYWARP_HD __nv_bfloat16 __hsub_sat(__nv_bfloat16 a, __nv_bfloat16 b) { return __anywarp_bf16::saturate(__hsub(a, b)); }
__ANYWARP_HD __nv_bfloat16 __hmul_sat(__nv_bfloat16 a, __nv_bfloat16 b) { return __anywarp_bf16::saturate(__hmul(a, b)); }
__ANYWARP_HD __nv_bfloat16 __hfma_sat(__nv_bfloat16 a, __nv_bfloat16 b, __nv_bfloat16 c) { return __anywarp_bf16::saturate(__hfma(a, b, c)); }
__ANYWARP_HD __nv_bfloat16 __hfma_relu(__nv_bfloat16 a, __nv_bfloat16 b, __nv_bfloat16 c) { return __anywarp_bf16::relu(__hfma(a, b, c)); }

__ANYWARP_HD __nv_bfloat162 __hadd2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__hadd(a.x, b.x), __hadd(a.y, b.y));
}
__ANYWARP_HD __nv_bfloat162 __hadd2_rn(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__hadd_rn(a.x, b.x), __hadd_rn(a.y, b.y));
}
__ANYWARP_HD __nv_bfloat162 __hadd2_sat(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(__hadd_sat(a.x, b.x), __hadd_sat(a.y, b.y)); }
__ANYWARP_HD __nv_bfloat162 __hsub2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__hsub(a.x, b.x), __hsub(a.y, b.y));
}
__ANYWARP_HD __nv_bfloat162 __hsub2_rn(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__hsub_rn(a.x, b.x), __hsub_rn(a.y, b.y));
}
__ANYWARP_HD __nv_bfloat162 __hsub2_sat(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(__hsub_sat(a.x, b.x), __hsub_sat(a.y, b.y)); }
__ANYWARP_HD __nv_bfloat162 __hmul2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__hmul(a.x, b.x), __hmul(a.y, b.y));
}
__ANYWARP_HD __nv_bfloat162 __hmul2_rn(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__hmul_rn(a.x, b.x), __hmul_rn(a.y, b.y));
}
__ANYWARP_HD __nv_bfloat162 __hmul2_sat(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(__hmul_sat(a.x, b.x), __hmul_sat(a.y, b.y)); }
__ANYWARP_HD __nv_bfloat162 __h2div(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(__hdiv(a.x, b.x), __hdiv(a.y, b.y)); }
__ANYWARP_HD __nv_bfloat162 __hfma2(__nv_bfloat162 a, __nv_bfloat162 b, __nv_bfloat162 c) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned int u, p, q, s;
  __builtin_memcpy(&p, (const void *)&a, 4), __builtin_memcpy(&q, (const void *)&b, 4), __builtin_memcpy(&s, (const void *)&c, 4);
  asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(u) : "r"(p), "r"(q), "r"(s));
  __nv_bfloat162 d;
  __builtin_memcpy((void *)&d, &u, 4);
  return d;
#else
  return __nv_bfloat162(__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y));
#endif
}
__ANYWARP_HD __nv_bfloat162 __hfma2_sat(__nv_bfloat162 a, __nv_bfloat162 b, __nv_bfloat162 c) { return __nv_bfloat162(__hfma_sat(a.x, b.x, c.x), __hfma_sat(a.y, b.y, c.y)); }
__ANYWARP_HD __nv_bfloat162 __hfma2_relu(__nv_bfloat162 a, __nv_bfloat162 b, __nv_bfloat162 c) {
  return __nv_bfloat162(__hfma_relu(a.x, b.x, c.x), __hfma_relu(a.y, b.y, c.y));
}
__ANYWARP_HD __nv_bfloat162 __hneg2(__nv_bfloat162 a) { return __nv_bfloat162(__hneg(a.x), __hneg(a.y)); }
__ANYWARP_HD __nv_bfloat162 __habs2(__nv_bfloat162 a) { return __nv_bfloat162(__habs(a.x), __habs(a.y)); }
// a * b + c of complex numbers (x real, y imaginary).
__ANYWARP_HD __nv_bfloat162 __hcmadd(__nv_bfloat162 a, __nv_bfloat162 b, __nv_bfloat162 c) {
  __nv_bfloat16 re = __hfma(__hneg(a.y), b.y, __hfma(a.x, b.x, c.x));
  __nv_bfloat16 im = __hfma(a.y, b.x, __hfma(a.x, b.y, c.y));
  return __nv_bfloat162(re, im);
}

#if !defined(__CUDA_NO_BFLOAT16_OPERATORS__)
__ANYWARP_HD __nv_bfloat16 operator+(const __nv_bfloat16 &a, const __nv_bfloat16 &b) { return __hadd(a, b); }
__ANYWARP_HD __nv_bfloat16 &operator+=(__nv_bfloat16 &a, const __nv_bfloat16 &b) { return a = __hadd(a, b); }
__ANYWARP_HD __nv_bfloat16 operator-(const __nv_bfloat16 &a, const __nv_bfloat16 &b) { return __hsub(a, b); }
__ANYWARP_HD __nv_bfloat16 &operator-=(__nv_bfloat16 &a, const __nv_bfloat16 &b) { return a = __hsub(a, b); }
__ANYWARP_HD __nv_bfloat16 operator*(const __nv_bfloat16 &a, const __nv_bfloat16 &b) { return __hmul(a, b); }
__ANYWARP_HD __nv_bfloat16 &operator*=(__nv_bfloat16 &a, const __nv_bfloat16 &b) { return a = __hmul(a, b); }
__ANYWARP_HD __nv_bfloat16 operator/(const __nv_bfloat16 &a, const __nv_bfloat16 &b) { return __hdiv(a, b); }
__ANYWARP_HD __nv_bfloat16 &operator/=(__nv_bfloat16 &a, const __nv_bfloat16 &b) { return a = __hdiv(a, b); }
__ANYWARP_HD __nv_bfloat16 operator+(const __nv_bfloat16 &a) { return a; }
__ANYWARP_HD __nv_bfloat16 operator-(const __nv_bfloat16 &a) { return __hneg(a); }
__ANYWARP_HD __nv_bfloat16 &operator++(__nv_bfloat16 &a) { return a = __hadd(a, __float2bfloat16_rn(1.0f)); }
__ANYWARP_HD __nv_bfloat16 &operator--(__nv_bfloat16 &a) { return a = __hsub(a, __float2bfloat16_rn(1.0f)); }
__ANYWARP_HD __nv_bfloat16 operator++(__nv_bfloat16 &a, int) {
  __nv_bfloat16 old = a;
  ++a;
  return old;
}
__ANYWARP_HD __nv_bfloat16 operator--(__nv_bfloat16 &a, int) {
  __nv_bfloat16 old = a;
  --a;
  return old;
}
#endif
#if !defined(__CUDA_NO_BFLOAT162_OPERATORS__)
__ANYWARP_HD __nv_bfloat162 operator+(const __nv_bfloat162 &a, const __nv_bfloat162 &b) { return __hadd2(a, b); }
__ANYWARP_HD __nv_bfloat162 &operator+=(__nv_bfloat162 &a, const __nv_bfloat162 &b) { return a = __hadd2(a, b); }
__ANYWARP_HD __nv_bfloat162 operator-(const __nv_bfloat162 &a, const __nv_bfloat162 &b) { return __hsub2(a, b); }
__ANYWARP_HD __nv_bfloat162 &operator-=(__nv_bfloat162 &a, const __nv_bfloat162 &b) { return a = __hsub2(a, b); }
__ANYWARP_HD __nv_bfloat162 operator*(const __nv_bfloat162 &a, const __nv_bfloat162 &b) { return __hmul2(a, b); }
__ANYWARP_HD __nv_bfloat162 &operator*=(__nv_bfloat162 &a, const __nv_bfloat162 &b) { return a = __hmul2(a, b); }
__ANYWARP_HD __nv_bfloat162 operator/(const __nv_bfloat162 &a, const __nv_bfloat162 &b) { return __h2div(a, b); }
__ANYWARP_HD __nv_bfloat162 &operator/=(__nv_bfloat162 &a, const __nv_bfloat162 &b) { return a = __h2div(a, b); }
__ANYWARP_HD __nv_bfloat162 operator+(const __nv_bfloat162 &a) { return a; }
__ANYWARP_HD __nv_bfloat162 operator-(const __nv_bfloat162 &a) { return __hneg2(a); }
__ANYWARP_HD __nv_bfloat162 &operator++(__nv_bfloat162 &a) { return a = __hadd2(a, __float2bfloat162_rn(1.0f)); }
__ANYWARP_HD __nv_bfloat162 &operator--(__nv_bfloat162 &a) { return a = __hsub2(a, __float2bfloat162_rn(1.0f)); }
__ANYWARP_HD __nv_bfloat162 operator++(__nv_bfloat162 &a, int) {
  __nv_bfloat162 old = a;
  ++a;
  return old;
}
__ANYWARP_HD __nv_bfloat162 operator--(__nv_bfloat162 &a, int) {
  __nv_bfloat162 old = a;
  --a;
  return old;
}
#endif
#endif
