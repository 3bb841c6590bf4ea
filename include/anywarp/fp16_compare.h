// SPDX-License-Identifier: MIT OR Apache-2.0
// Comparisons of __half and __half2 (CUDA Math API, "Half Comparison Functions").
#ifndef ANYWARP_FP16_COMPARE_H
#define ANYWARP_FP16_COMPARE_H
#include "fp16_arith.h"

__ANYWARP_HD bool __heq(__half a, __half b) { return __half2float(a) == __half2float(b); }
__ANYWARP_HD bool __hequ(__half a, __half b) { return !(__half2float(a) < __half2float(b) || __half2float(a) > __half2float(b)); }
__ANYWARP_HD __half2 __heq2(__half2 a, __half2 b) {
  return __half2(__float2half_rn(__heq(a.x, b.x) ? 1.0f : 0.0f), __float2half_rn(__heq(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbeq2(__half2 a, __half2 b) { return __heq(a.x, b.x) && __heq(a.y, b.y); }
__ANYWARP_HD unsigned int __heq2_mask(__half2 a, __half2 b) {
  return (__heq(a.x, b.x) ? 0xffffu : 0u) | (__heq(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD __half2 __hequ2(__half2 a, __half2 b) {
  return __half2(__float2half_rn(__hequ(a.x, b.x) ? 1.0f : 0.0f), __float2half_rn(__hequ(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbequ2(__half2 a, __half2 b) { return __hequ(a.x, b.x) && __hequ(a.y, b.y); }
__ANYWARP_HD unsigned int __hequ2_mask(__half2 a, __half2 b) {
  return (__hequ(a.x, b.x) ? 0xffffu : 0u) | (__hequ(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD bool __hne(__half a, __half b) { return __half2float(a) < __half2float(b) || __half2float(a) > __half2float(b); }
__ANYWARP_HD bool __hneu(__half a, __half b) { return __half2float(a) != __half2float(b); }
__ANYWARP_HD __half2 __hne2(__half2 a, __half2 b) {
  return __half2(__float2half_rn(__hne(a.x, b.x) ? 1.0f : 0.0f), __float2half_rn(__hne(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbne2(__half2 a, __half2 b) { return __hne(a.x, b.x) && __hne(a.y, b.y); }
__ANYWARP_HD unsigned int __hne2_mask(__half2 a, __half2 b) {
  return (__hne(a.x, b.x) ? 0xffffu : 0u) | (__hne(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD __half2 __hneu2(__half2 a, __half2 b) {
  return __half2(__float2half_rn(__hneu(a.x, b.x) ? 1.0f : 0.0f), __float2half_rn(__hneu(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbneu2(__half2 a, __half2 b) { return __hneu(a.x, b.x) && __hneu(a.y, b.y); }
__ANYWARP_HD unsigned int __hneu2_mask(__half2 a, __half2 b) {
  return (__hneu(a.x, b.x) ? 0xffffu : 0u) | (__hneu(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD bool __hle(__half a, __half b) { return __half2float(a) <= __half2float(b); }
__ANYWARP_HD bool __hleu(__half a, __half b) { return !(__half2float(a) > __half2float(b)); }
__ANYWARP_HD __half2 __hle2(__half2 a, __half2 b) {
  return __half2(__float2half_rn(__hle(a.x, b.x) ? 1.0f : 0.0f), __float2half_rn(__hle(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hble2(__half2 a, __half2 b) { return __hle(a.x, b.x) && __hle(a.y, b.y); }
__ANYWARP_HD unsigned int __hle2_mask(__half2 a, __half2 b) {
  return (__hle(a.x, b.x) ? 0xffffu : 0u) | (__hle(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD __half2 __hleu2(__half2 a, __half2 b) {
  return __half2(__float2half_rn(__hleu(a.x, b.x) ? 1.0f : 0.0f), __float2half_rn(__hleu(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbleu2(__half2 a, __half2 b) { return __hleu(a.x, b.x) && __hleu(a.y, b.y); }
__ANYWARP_HD unsigned int __hleu2_mask(__half2 a, __half2 b) {
  return (__hleu(a.x, b.x) ? 0xffffu : 0u) | (__hleu(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD bool __hge(__half a, __half b) { return __half2float(a) >= __half2float(b); }
__ANYWARP_HD bool __hgeu(__half a, __half b) { return !(__half2float(a) < __half2float(b)); }
__ANYWARP_HD __half2 __hge2(__half2 a, __half2 b) {
  return __half2(__float2half_rn(__hge(a.x, b.x) ? 1.0f : 0.0f), __float2half_rn(__hge(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbge2(__half2 a, __half2 b) { return __hge(a.x, b.x) && __hge(a.y, b.y); }
__ANYWARP_HD unsigned int __hge2_mask(__half2 a, __half2 b) {
  return (__hge(a.x, b.x) ? 0xffffu : 0u) | (__hge(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD __half2 __hgeu2(__half2 a, __half2 b) {
  return __half2(__float2half_rn(__hgeu(a.x, b.x) ? 1.0f : 0.0f), __float2half_rn(__hgeu(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbgeu2(__half2 a, __half2 b) { return __hgeu(a.x, b.x) && __hgeu(a.y, b.y); }
__ANYWARP_HD unsigned int __hgeu2_mask(__half2 a, __half2 b) {
  return (__hgeu(a.x, b.x) ? 0xffffu : 0u) | (__hgeu(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD bool __hlt(__half a, __half b) { return __half2float(a) < __half2float(b); }
__ANYWARP_HD bool __hltu(__half a, __half b) { return !(__half2float(a) >= __half2float(b)); }
__ANYWARP_HD __half2 __hlt2(__half2 a, __half2 b) {
  return __half2(__float2half_rn(__hlt(a.x, b.x) ? 1.0f : 0.0f), __float2half_rn(__hlt(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hblt2(__half2 a, __half2 b) { return __hlt(a.x, b.x) && __hlt(a.y, b.y); }
__ANYWARP_HD unsigned int __hlt2_mask(__half2 a, __half2 b) {
  return (__hlt(a.x, b.x) ? 0xffffu : 0u) | (__hlt(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD __half2 __hltu2(__half2 a, __half2 b) {
  return __half2(__float2half_rn(__hltu(a.x, b.x) ? 1.0f : 0.0f), __float2half_rn(__hltu(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbltu2(__half2 a, __half2 b) { return __hltu(a.x, b.x) && __hltu(a.y, b.y); }
__ANYWARP_HD unsigned int __hltu2_mask(__half2 a, __half2 b) {
  return (__hltu(a.x, b.x) ? 0xffffu : 0u) | (__hltu(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD bool __hgt(__half a, __half b) { return __half2float(a) > __half2float(b); }
__ANYWARP_HD bool __hgtu(__half a, __half b) { return !(__half2float(a) <= __half2float(b)); }
__ANYWARP_HD __half2 __hgt2(__half2 a, __half2 b) {
  return __half2(__float2half_rn(__hgt(a.x, b.x) ? 1.0f : 0.0f), __float2half_rn(__hgt(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbgt2(__half2 a, __half2 b) { return __hgt(a.x, b.x) && __hgt(a.y, b.y); }
__ANYWARP_HD unsigned int __hgt2_mask(__half2 a, __half2 b) {
  return (__hgt(a.x, b.x) ? 0xffffu : 0u) | (__hgt(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD __half2 __hgtu2(__half2 a, __half2 b) {
  return __half2(__float2half_rn(__hgtu(a.x, b.x) ? 1.0f : 0.0f), __float2half_rn(__hgtu(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbgtu2(__half2 a, __half2 b) { return __hgtu(a.x, b.x) && __hgtu(a.y, b.y); }
__ANYWARP_HD unsigned int __hgtu2_mask(__half2 a, __half2 b) {
  return (__hgtu(a.x, b.x) ? 0xffffu : 0u) | (__hgtu(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD bool __hisnan(__half a) { return (__half_as_ushort(a) & 0x7fff) > 0x7c00; }
__ANYWARP_HD int __hisinf(__half a) {
  return (__half_as_ushort(a) & 0x7fff) != 0x7c00 ? 0 : __half_as_ushort(a) >> 15 ? -1 : 1;
}
__ANYWARP_HD __half2 __hisnan2(__half2 a) {
  return __half2(__float2half_rn(__hisnan(a.x) ? 1.0f : 0.0f), __float2half_rn(__hisnan(a.y) ? 1.0f : 0.0f));
}
// The number where one operand is a NaN; -0 < +0.
__ANYWARP_HD __half __hmax(__half a, __half b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned short u;
  asm("max.f16 %0, %1, %2;" : "=h"(u) : "h"(__half_as_ushort(a)), "h"(__half_as_ushort(b)));
  return __ushort_as_half(u);
#else
  if (__hisnan(a)) return __hisnan(b) ? __ushort_as_half(0x7fff) : b;
  if (__hisnan(b)) return a;
  if (__half2float(a) == __half2float(b)) return __half_as_ushort(a) >> 15 ? b : a;
  return __half2float(a) > __half2float(b) ? a : b;
#endif
}
__ANYWARP_HD __half __hmin(__half a, __half b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned short u;
  asm("min.f16 %0, %1, %2;" : "=h"(u) : "h"(__half_as_ushort(a)), "h"(__half_as_ushort(b)));
  return __ushort_as_half(u);
#else
  if (__hisnan(a)) return __hisnan(b) ? __ushort_as_half(0x7fff) : b;
  if (__hisnan(b)) return a;
  if (__half2float(a) == __half2float(b)) return __half_as_ushort(a) >> 15 ? a : b;
  return __half2float(a) < __half2float(b) ? a : b;
#endif
}
__ANYWARP_HD __half __hmax_nan(__half a, __half b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned short u;
  asm("max.NaN.f16 %0, %1, %2;" : "=h"(u) : "h"(__half_as_ushort(a)), "h"(__half_as_ushort(b)));
  return __ushort_as_half(u);
#else
  return __hisnan(a) || __hisnan(b) ? __ushort_as_half(0x7fff) : __hmax(a, b);
#endif
}
__ANYWARP_HD __half __hmin_nan(__half a, __half b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned short u;
  asm("min.NaN.f16 %0, %1, %2;" : "=h"(u) : "h"(__half_as_ushort(a)), "h"(__half_as_ushort(b)));
  return __ushort_as_half(u);
#else
  return __hisnan(a) || __hisnan(b) ? __ushort_as_half(0x7fff) : __hmin(a, b);
#endif
}
__ANYWARP_HD __half2 __hmax2(__half2 a, __half2 b) { return __half2(__hmax(a.x, b.x), __hmax(a.y, b.y)); }
__ANYWARP_HD __half2 __hmax2_nan(__half2 a, __half2 b) { return __half2(__hmax_nan(a.x, b.x), __hmax_nan(a.y, b.y)); }
__ANYWARP_HD __half2 __hmin2(__half2 a, __half2 b) { return __half2(__hmin(a.x, b.x), __hmin(a.y, b.y)); }
__ANYWARP_HD __half2 __hmin2_nan(__half2 a, __half2 b) { return __half2(__hmin_nan(a.x, b.x), __hmin_nan(a.y, b.y)); }

#if !defined(__CUDA_NO_HALF_OPERATORS__)
__ANYWARP_HD bool operator==(const __half &a, const __half &b) { return __heq(a, b); }
__ANYWARP_HD bool operator!=(const __half &a, const __half &b) { return __hneu(a, b); }
__ANYWARP_HD bool operator<=(const __half &a, const __half &b) { return __hle(a, b); }
__ANYWARP_HD bool operator>=(const __half &a, const __half &b) { return __hge(a, b); }
__ANYWARP_HD bool operator<(const __half &a, const __half &b) { return __hlt(a, b); }
__ANYWARP_HD bool operator>(const __half &a, const __half &b) { return __hgt(a, b); }
#endif
#if !defined(__CUDA_NO_HALF2_OPERATORS__)
__ANYWARP_HD bool operator==(const __half2 &a, const __half2 &b) { return __hbeq2(a, b); }
__ANYWARP_HD bool operator!=(const __half2 &a, const __half2 &b) { return __hbneu2(a, b); }
__ANYWARP_HD bool operator<=(const __half2 &a, const __half2 &b) { return __hble2(a, b); }
__ANYWARP_HD bool operator>=(const __half2 &a, const __half2 &b) { return __hbge2(a, b); }
__ANYWARP_HD bool operator<(const __half2 &a, const __half2 &b) { return __hblt2(a, b); }
__ANYWARP_HD bool operator>(const __half2 &a, const __half2 &b) { return __hbgt2(a, b); }
#endif
#endif
