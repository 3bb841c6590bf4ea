// SPDX-License-Identifier: MIT OR Apache-2.0
// Comparisons of __nv_bfloat16 and __nv_bfloat162 (CUDA Math API, "Bfloat16 Comparison Functions").
#ifndef ANYWARP_BF16_COMPARE_H
#define ANYWARP_BF16_COMPARE_H
#include "bf16_arith.h"

__ANYWARP_HD bool __heq(__nv_bfloat16 a, __nv_bfloat16 b) { return __bfloat162float(a) == __bfloat162float(b); }
__ANYWARP_HD bool __hequ(__nv_bfloat16 a, __nv_bfloat16 b) { return !(__bfloat162float(a) < __bfloat162float(b) || __bfloat162float(a) > __bfloat162float(b)); }
__ANYWARP_HD __nv_bfloat162 __heq2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__float2bfloat16_rn(__heq(a.x, b.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__heq(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbeq2(__nv_bfloat162 a, __nv_bfloat162 b) { return __heq(a.x, b.x) && __heq(a.y, b.y); }
__ANYWARP_HD unsigned int __heq2_mask(__nv_bfloat162 a, __nv_bfloat162 b) {
  return (__heq(a.x, b.x) ? 0xffffu : 0u) | (__heq(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD __nv_bfloat162 __hequ2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__float2bfloat16_rn(__hequ(a.x, b.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__hequ(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbequ2(__nv_bfloat162 a, __nv_bfloat162 b) { return __hequ(a.x, b.x) && __hequ(a.y, b.y); }
__ANYWARP_HD unsigned int __hequ2_mask(__nv_bfloat162 a, __nv_bfloat162 b) {
  return (__hequ(a.x, b.x) ? 0xffffu : 0u) | (__hequ(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD bool __hne(__nv_bfloat16 a, __nv_bfloat16 b) { return __bfloat162float(a) < __bfloat162float(b) || __bfloat162float(a) > __bfloat162float(b); }
__ANYWARP_HD bool __hneu(__nv_bfloat16 a, __nv_bfloat16 b) { return __bfloat162float(a) != __bfloat162float(b); }
__ANYWARP_HD __nv_bfloat162 __hne2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__float2bfloat16_rn(__hne(a.x, b.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__hne(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbne2(__nv_bfloat162 a, __nv_bfloat162 b) { return __hne(a.x, b.x) && __hne(a.y, b.y); }
__ANYWARP_HD unsigned int __hne2_mask(__nv_bfloat162 a, __nv_bfloat162 b) {
  return (__hne(a.x, b.x) ? 0xffffu : 0u) | (__hne(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD __nv_bfloat162 __hneu2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__float2bfloat16_rn(__hneu(a.x, b.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__hneu(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbneu2(__nv_bfloat162 a, __nv_bfloat162 b) { return __hneu(a.x, b.x) && __hneu(a.y, b.y); }
__ANYWARP_HD unsigned int __hneu2_mask(__nv_bfloat162 a, __nv_bfloat162 b) {
  return (__hneu(a.x, b.x) ? 0xffffu : 0u) | (__hneu(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD bool __hle(__nv_bfloat16 a, __nv_bfloat16 b) { return __bfloat162float(a) <= __bfloat162float(b); }
__ANYWARP_HD bool __hleu(__nv_bfloat16 a, __nv_bfloat16 b) { return !(__bfloat162float(a) > __bfloat162float(b)); }
__ANYWARP_HD __nv_bfloat162 __hle2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__float2bfloat16_rn(__hle(a.x, b.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__hle(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hble2(__nv_bfloat162 a, __nv_bfloat162 b) { return __hle(a.x, b.x) && __hle(a.y, b.y); }
__ANYWARP_HD unsigned int __hle2_mask(__nv_bfloat162 a, __nv_bfloat162 b) {
  return (__hle(a.x, b.x) ? 0xffffu : 0u) | (__hle(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD __nv_bfloat162 __hleu2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__float2bfloat16_rn(__hleu(a.x, b.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__hleu(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbleu2(__nv_bfloat162 a, __nv_bfloat162 b) { return __hleu(a.x, b.x) && __hleu(a.y, b.y); }
__ANYWARP_HD unsigned int __hleu2_mask(__nv_bfloat162 a, __nv_bfloat162 b) {
  return (__hleu(a.x, b.x) ? 0xffffu : 0u) | (__hleu(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD bool __hge(__nv_bfloat16 a, __nv_bfloat16 b) { return __bfloat162float(a) >= __bfloat162float(b); }
__ANYWARP_HD bool __hgeu(__nv_bfloat16 a, __nv_bfloat16 b) { return !(__bfloat162float(a) < __bfloat162float(b)); }
__ANYWARP_HD __nv_bfloat162 __hge2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__float2bfloat16_rn(__hge(a.x, b.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__hge(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbge2(__nv_bfloat162 a, __nv_bfloat162 b) { return __hge(a.x, b.x) && __hge(a.y, b.y); }
__ANYWARP_HD unsigned int __hge2_mask(__nv_bfloat162 a, __nv_bfloat162 b) {
  return (__hge(a.x, b.x) ? 0xffffu : 0u) | (__hge(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD __nv_bfloat162 __hgeu2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__float2bfloat16_rn(__hgeu(a.x, b.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__hgeu(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbgeu2(__nv_bfloat162 a, __nv_bfloat162 b) { return __hgeu(a.x, b.x) && __hgeu(a.y, b.y); }
__ANYWARP_HD unsigned int __hgeu2_mask(__nv_bfloat162 a, __nv_bfloat162 b) {
  return (__hgeu(a.x, b.x) ? 0xffffu : 0u) | (__hgeu(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD bool __hlt(__nv_bfloat16 a, __nv_bfloat16 b) { return __bfloat162float(a) < __bfloat162float(b); }
__ANYWARP_HD bool __hltu(__nv_bfloat16 a, __nv_bfloat16 b) { return !(__bfloat162float(a) >= __bfloat162float(b)); }
__ANYWARP_HD __nv_bfloat162 __hlt2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__float2bfloat16_rn(__hlt(a.x, b.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__hlt(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hblt2(__nv_bfloat162 a, __nv_bfloat162 b) { return __hlt(a.x, b.x) && __hlt(a.y, b.y); }
__ANYWARP_HD unsigned int __hlt2_mask(__nv_bfloat162 a, __nv_bfloat162 b) {
  return (__hlt(a.x, b.x) ? 0xffffu : 0u) | (__hlt(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD __nv_bfloat162 __hltu2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__float2bfloat16_rn(__hltu(a.x, b.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__hltu(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbltu2(__nv_bfloat162 a, __nv_bfloat162 b) { return __hltu(a.x, b.x) && __hltu(a.y, b.y); }
__ANYWARP_HD unsigned int __hltu2_mask(__nv_bfloat162 a, __nv_bfloat162 b) {
  return (__hltu(a.x, b.x) ? 0xffffu : 0u) | (__hltu(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD bool __hgt(__nv_bfloat16 a, __nv_bfloat16 b) { return __bfloat162float(a) > __bfloat162float(b); }
__ANYWARP_HD bool __hgtu(__nv_bfloat16 a, __nv_bfloat16 b) { return !(__bfloat162float(a) <= __bfloat162float(b)); }
__ANYWARP_HD __nv_bfloat162 __hgt2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__float2bfloat16_rn(__hgt(a.x, b.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__hgt(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbgt2(__nv_bfloat162 a, __nv_bfloat162 b) { return __hgt(a.x, b.x) && __hgt(a.y, b.y); }
__ANYWARP_HD unsigned int __hgt2_mask(__nv_bfloat162 a, __nv_bfloat162 b) {
  return (__hgt(a.x, b.x) ? 0xffffu : 0u) | (__hgt(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD __nv_bfloat162 __hgtu2(__nv_bfloat162 a, __nv_bfloat162 b) {
  return __nv_bfloat162(__float2bfloat16_rn(__hgtu(a.x, b.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__hgtu(a.y, b.y) ? 1.0f : 0.0f));
}
__ANYWARP_HD bool __hbgtu2(__nv_bfloat162 a, __nv_bfloat162 b) { return __hgtu(a.x, b.x) && __hgtu(a.y, b.y); }
__ANYWARP_HD unsigned int __hgtu2_mask(__nv_bfloat162 a, __nv_bfloat162 b) {
  return (__hgtu(a.x, b.x) ? 0xffffu : 0u) | (__hgtu(a.y, b.y) ? 0xffff0000u : 0u);
}
__ANYWARP_HD bool __hisnan(__nv_bfloat16 a) { return (__bfloat16_as_ushort(a) & 0x7fff) > 0x7f80; }
__ANYWARP_HD int __hisinf(__nv_bfloat16 a) {
  return (__bfloat16_as_ushort(a) & 0x7fff) != 0x7f80 ? 0 : __bfloat16_as_ushort(a) >> 15 ? -1 : 1;
}
__ANYWARP_HD __nv_bfloat162 __hisnan2(__nv_bfloat162 a) {
  return __nv_bfloat162(__float2bfloat16_rn(__hisnan(a.x) ? 1.0f : 0.0f), __float2bfloat16_rn(__hisnan(a.y) ? 1.0f : 0.0f));
}
// The number where one operand is a NaN; -0 < +0.
__ANYWARP_HD __nv_bfloat16 __hmax(__nv_bfloat16 a, __nv_bfloat16 b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned short u;
  asm("max.bf16 %0, %1, %2;" : "=h"(u) : "h"(__bfloat16_as_ushort(a)), "h"(__bfloat16_as_ushort(b)));
  return __ushort_as_bfloat16(u);
#else
  if (__hisnan(a)) return __hisnan(b) ? __ushort_as_bfloat16(0x7fff) : b;
  if (__hisnan(b)) return a;
  if (__bfloat162float(a) == __bfloat162float(b)) return __bfloat16_as_ushort(a) >> 15 ? b : a;
  return __bfloat162float(a) > __bfloat162float(b) ? a : b;
#endif
}
__ANYWARP_HD __nv_bfloat16 __hmin(__nv_bfloat16 a, __nv_bfloat16 b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned short u;
  asm("min.bf16 %0, %1, %2;" : "=h"(u) : "h"(__bfloat16_as_ushort(a)), "h"(__bfloat16_as_ushort(b)));
  return __ushort_as_bfloat16(u);
#else
  if (__hisnan(a)) return __hisnan(b) ? __ushort_as_bfloat16(0x7fff) : b;
  if (__hisnan(b)) return a;
  if (__bfloat162float(a) == __bfloat162float(b)) return __bfloat16_as_ushort(a) >> 15 ? a : b;
  return __bfloat162float(a) < __bfloat162float(b) ? a : b;
#endif
}
__ANYWARP_HD __nv_bfloat16 __hmax_nan(__nv_bfloat16 a, __nv_bfloat16 b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned short u;
  asm("max.NaN.bf16 %0, %1, %2;" : "=h"(u) : "h"(__bfloat16_as_ushort(a)), "h"(__bfloat16_as_ushort(b)));
  return __ushort_as_bfloat16(u);
#else
  return __hisnan(a) || __hisnan(b) ? __ushort_as_bfloat16(0x7fff) : __hmax(a, b);
#endif
}
__ANYWARP_HD __nv_bfloat16 __hmin_nan(__nv_bfloat16 a, __nv_bfloat16 b) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned short u;
  asm("min.NaN.bf16 %0, %1, %2;" : "=h"(u) : "h"(__bfloat16_as_ushort(a)), "h"(__bfloat16_as_ushort(b)));
  return __ushort_as_bfloat16(u);
#else
  return __hisnan(a) || __hisnan(b) ? __ushort_as_bfloat16(0x7fff) : __hmin(a, b);
#endif
}
__ANYWARP_HD __nv_bfloat162 __hmax2(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(__hmax(a.x, b.x), __hmax(a.y, b.y)); }
__ANYWARP_HD __nv_bfloat162 __hmax2_nan(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(__hmax_nan(a.x, b.x), __hmax_nan(a.y, b.y)); }
__ANYWARP_HD __nv_bfloat162 __hmin2(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(__hmin(a.x, b.x), __hmin(a.y, b.y)); }
__ANYWARP_HD __nv_bfloat162 __hmin2_nan(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(__hmin_nan(a.x, b.x), __hmin_nan(a.y, b.y)); }

#if !defined(__CUDA_NO_BFLOAT16_OPERATORS__)
__ANYWARP_HD bool operator==(const __nv_bfloat16 &a, const __nv_bfloat16 &b) { return __heq(a, b); }
__ANYWARP_HD bool operator!=(const __nv_bfloat16 &a, const __nv_bfloat16 &b) { return __hneu(a, b); }
__ANYWARP_HD bool operator<=(const __nv_bfloat16 &a, const __nv_bfloat16 &b) { return __hle(a, b); }
__ANYWARP_HD bool operator>=(const __nv_bfloat16 &a, const __nv_bfloat16 &b) { return __hge(a, b); }
__ANYWARP_HD bool operator<(const __nv_bfloat16 &a, const __nv_bfloat16 &b) { return __hlt(a, b); }
__ANYWARP_HD bool operator>(const __nv_bfloat16 &a, const __nv_bfloat16 &b) { return __hgt(a, b); }
#endif
#if !defined(__CUDA_NO_BFLOAT162_OPERATORS__)
__ANYWARP_HD bool operator==(const __nv_bfloat162 &a, const __nv_bfloat162 &b) { return __hbeq2(a, b); }
__ANYWARP_HD bool operator!=(const __nv_bfloat162 &a, const __nv_bfloat162 &b) { return __hbneu2(a, b); }
__ANYWARP_HD bool operator<=(const __nv_bfloat162 &a, const __nv_bfloat162 &b) { return __hble2(a, b); }
__ANYWARP_HD bool operator>=(const __nv_bfloat162 &a, const __nv_bfloat162 &b) { return __hbge2(a, b); }
__ANYWARP_HD bool operator<(const __nv_bfloat162 &a, const __nv_bfloat162 &b) { return __hblt2(a, b); }
__ANYWARP_HD bool operator>(const __nv_bfloat162 &a, const __nv_bfloat162 &b) { return __hbgt2(a, b); }
#endif
#endif
