// SPDX-License-Identifier: MIT OR Apache-2.0
// Arithmetic of __half and __half2 (CUDA Math API, "Half Arithmetic Functions" and operators).
#ifndef ANYWARP_FP16_ARITH_H
#define ANYWARP_FP16_ARITH_H
#include "fp16_convert.h"

__ANYWARP_HD __half __hadd(__half a, __half b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530
  return __half::__from(a.__native() + b.__native());
#else
  return __float2half_rn(__half2float(a) + __half2float(b));
#endif
}
__ANYWARP_HD __half __hadd_rn(__half a, __half b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530
  unsigned short u;
  asm("add.rn.f16 %0, %1, %2;" : "=h"(u) : "h"(__half_as_ushort(a)), "h"(__half_as_ushort(b)));
  return __ushort_as_half(u);
#else
  return __float2half_rn(__half2float(a) + __half2float(b));
#endif
}
__ANYWARP_HD __half __hsub(__half a, __half b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530
  return __half::__from(a.__native() - b.__native());
#else
  return __float2half_rn(__half2float(a) - __half2float(b));
#endif
}
__ANYWARP_HD __half __hsub_rn(__half a, __half b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530
  unsigned short u;
  asm("sub.rn.f16 %0, %1, %2;" : "=h"(u) : "h"(__half_as_ushort(a)), "h"(__half_as_ushort(b)));
  return __ushort_as_half(u);
#else
  return __float2half_rn(__half2float(a) - __half2float(b));
#endif
}
__ANYWARP_HD __half __hmul(__half a, __half b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530
  return __half::__from(a.__native() * b.__native());
#else
  return __float2half_rn(__half2float(a) * __half2float(b));
#endif
}
__ANYWARP_HD __half __hmul_rn(__half a, __half b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530
  unsigned short u;
  asm("mul.rn.f16 %0, %1, %2;" : "=h"(u) : "h"(__half_as_ushort(a)), "h"(__half_as_ushort(b)));
  return __ushort_as_half(u);
#else
  return __float2half_rn(__half2float(a) * __half2float(b));
#endif
}
__ANYWARP_HD __half __hdiv(__half a, __half b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530
  return __half::__from(a.__native() / b.__native());
#else
  return __float2half_rn(__half2float(a) / __half2float(b));
#endif
}
__ANYWARP_HD __half __hfma(__half a, __half b, __half c) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530
  unsigned short u;
  asm("fma.rn.f16 %0, %1, %2, %3;"
      : "=h"(u)
      : "h"(__half_as_ushort(a)), "h"(__half_as_ushort(b)), "h"(__half_as_ushort(c)));
  return __ushort_as_half(u);
#else
  return __half((double)__half2float(a) * (double)__half2float(b) + (double)__half2float(c));
#endif
}
__ANYWARP_HD __half __hneg(__half a) { return __ushort_as_half(__half_as_ushort(a) ^ 0x8000); }
__ANYWARP_HD __half __habs(__half a) { return __ushort_as_half(__half_as_ushort(a) & 0x7fff); }
namespace __anywarp_fp16 {
__ANYWARP_HD __half saturate(__half a) {
  float f = __half2float(a);
  return f >= 1.0f ? __float2half_rn(1.0f) : f > 0.0f ? a : __float2half_rn(0.0f);
}
__ANYWARP_HD __half relu(__half a) {
  float f = __half2float(a);
  return f > 0.0f || f != f ? (f != f ? __ushort_as_half(0x7fff) : a) : __float2half_rn(0.0f);
}
}  // namespace __anywarp_fp16
__ANYWARP_HD __half __hadd_sat(__half a, __half b) { return __anywarp_fp16::saturate(__hadd(a, b)); }
__ANYWARP_HD __half __hsub_sat(__half a, __half b) { return __anywarp_fp16::saturate(__hsub(a, b)); }
__ANYWARP_HD __half __hmul_sat(__half a, __half b) { return __anywarp_fp16::saturate(__hmul(a, b)); }
__ANYWARP_HD __half __hfma_sat(__half a, __half b, __half c) { return __anywarp_fp16::saturate(__hfma(a, b, c)); }
__ANYWARP_HD __half __hfma_relu(__half a, __half b, __half c) { return __anywarp_fp16::relu(__hfma(a, b, c)); }

__ANYWARP_HD __half2 __hadd2(__half2 a, __half2 b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530
  return __half2::__from(a.__native() + b.__native());
#else
  return __half2(__hadd(a.x, b.x), __hadd(a.y, b.y));
#endif
}
__ANYWARP_HD __half2 __hadd2_rn(__half2 a, __half2 b) {
  return __half2(__hadd_rn(a.x, b.x), __hadd_rn(a.y, b.y));
}
__ANYWARP_HD __half2 __hadd2_sat(__half2 a, __half2 b) { return __half2(__hadd_sat(a.x, b.x), __hadd_sat(a.y, b.y)); }
__ANYWARP_HD __half2 __hsub2(__half2 a, __half2 b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530
  return __half2::__from(a.__native() - b.__native());
#else
  return __half2(__hsub(a.x, b.x), __hsub(a.y, b.y));
#endif
}
__ANYWARP_HD __half2 __hsub2_rn(__half2 a, __half2 b) {
  return __half2(__hsub_rn(a.x, b.x), __hsub_rn(a.y, b.y));
}
__ANYWARP_HD __half2 __hsub2_sat(__half2 a, __half2 b) { return __half2(__hsub_sat(a.x, b.x), __hsub_sat(a.y, b.y)); }
__ANYWARP_HD __half2 __hmul2(__half2 a, __half2 b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530
  return __half2::__from(a.__native() * b.__native());
#else
  return __half2(__hmul(a.x, b.x), __hmul(a.y, b.y));
#endif
}
__ANYWARP_HD __half2 __hmul2_rn(__half2 a, __half2 b) {
  return __half2(__hmul_rn(a.x, b.x), __hmul_rn(a.y, b.y));
}
__ANYWARP_HD __half2 __hmul2_sat(__half2 a, __half2 b) { return __half2(__hmul_sat(a.x, b.x), __hmul_sat(a.y, b.y)); }
__ANYWARP_HD __half2 __h2div(__half2 a, __half2 b) { return __half2(__hdiv(a.x, b.x), __hdiv(a.y, b.y)); }
__ANYWARP_HD __half2 __hfma2(__half2 a, __half2 b, __half2 c) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530
  unsigned int u, p, q, s;
  __builtin_memcpy(&p, (const void *)&a, 4), __builtin_memcpy(&q, (const void *)&b, 4), __builtin_memcpy(&s, (const void *)&c, 4);
  asm("fma.rn.f16x2 %0, %1, %2, %3;" : "=r"(u) : "r"(p), "r"(q), "r"(s));
  __half2 d;
  __builtin_memcpy((void *)&d, &u, 4);
  return d;
#else
  return __half2(__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y));
#endif
}
__ANYWARP_HD __half2 __hfma2_sat(__half2 a, __half2 b, __half2 c) { return __half2(__hfma_sat(a.x, b.x, c.x), __hfma_sat(a.y, b.y, c.y)); }
__ANYWARP_HD __half2 __hfma2_relu(__half2 a, __half2 b, __half2 c) {
  return __half2(__hfma_relu(a.x, b.x, c.x), __hfma_relu(a.y, b.y, c.y));
}
__ANYWARP_HD __half2 __hneg2(__half2 a) { return __half2(__hneg(a.x), __hneg(a.y)); }
__ANYWARP_HD __half2 __habs2(__half2 a) { return __half2(__habs(a.x), __habs(a.y)); }
// a * b + c of complex numbers (x real, y imaginary).
__ANYWARP_HD __half2 __hcmadd(__half2 a, __half2 b, __half2 c) {
  __half re = __hfma(__hneg(a.y), b.y, __hfma(a.x, b.x, c.x));
  __half im = __hfma(a.y, b.x, __hfma(a.x, b.y, c.y));
  return __half2(re, im);
}

#if !defined(__CUDA_NO_HALF_OPERATORS__)
__ANYWARP_HD __half operator+(const __half &a, const __half &b) { return __hadd(a, b); }
__ANYWARP_HD __half &operator+=(__half &a, const __half &b) { return a = __hadd(a, b); }
__ANYWARP_HD __half operator-(const __half &a, const __half &b) { return __hsub(a, b); }
__ANYWARP_HD __half &operator-=(__half &a, const __half &b) { return a = __hsub(a, b); }
__ANYWARP_HD __half operator*(const __half &a, const __half &b) { return __hmul(a, b); }
__ANYWARP_HD __half &operator*=(__half &a, const __half &b) { return a = __hmul(a, b); }
__ANYWARP_HD __half operator/(const __half &a, const __half &b) { return __hdiv(a, b); }
__ANYWARP_HD __half &operator/=(__half &a, const __half &b) { return a = __hdiv(a, b); }
__ANYWARP_HD __half operator+(const __half &a) { return a; }
__ANYWARP_HD __half operator-(const __half &a) { return __hneg(a); }
__ANYWARP_HD __half &operator++(__half &a) { return a = __hadd(a, __float2half_rn(1.0f)); }
__ANYWARP_HD __half &operator--(__half &a) { return a = __hsub(a, __float2half_rn(1.0f)); }
__ANYWARP_HD __half operator++(__half &a, int) {
  __half old = a;
  ++a;
  return old;
}
__ANYWARP_HD __half operator--(__half &a, int) {
  __half old = a;
  --a;
  return old;
}
#endif
#if !defined(__CUDA_NO_HALF2_OPERATORS__)
__ANYWARP_HD __half2 operator+(const __half2 &a, const __half2 &b) { return __hadd2(a, b); }
__ANYWARP_HD __half2 &operator+=(__half2 &a, const __half2 &b) { return a = __hadd2(a, b); }
__ANYWARP_HD __half2 operator-(const __half2 &a, const __half2 &b) { return __hsub2(a, b); }
__ANYWARP_HD __half2 &operator-=(__half2 &a, const __half2 &b) { return a = __hsub2(a, b); }
__ANYWARP_HD __half2 operator*(const __half2 &a, const __half2 &b) { return __hmul2(a, b); }
__ANYWARP_HD __half2 &operator*=(__half2 &a, const __half2 &b) { return a = __hmul2(a, b); }
__ANYWARP_HD __half2 operator/(const __half2 &a, const __half2 &b) { return __h2div(a, b); }
__ANYWARP_HD __half2 &operator/=(__half2 &a, const __half2 &b) { return a = __h2div(a, b); }
__ANYWARP_HD __half2 operator+(const __half2 &a) { return a; }
__ANYWARP_HD __half2 operator-(const __half2 &a) { return __hneg2(a); }
__ANYWARP_HD __half2 &operator++(__half2 &a) { return a = __hadd2(a, __float2half2_rn(1.0f)); }
__ANYWARP_HD __half2 &operator--(__half2 &a) { return a = __hsub2(a, __float2half2_rn(1.0f)); }
__ANYWARP_HD __half2 operator++(__half2 &a, int) {
  __half2 old = a;
  ++a;
  return old;
}
__ANYWARP_HD __half2 operator--(__half2 &a, int) {
  __half2 old = a;
  --a;
  return old;
}
#endif
#endif
