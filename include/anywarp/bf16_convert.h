// SPDX-License-Identifier: MIT OR Apache-2.0
// Conversions of __nv_bfloat16 and __nv_bfloat162 (CUDA Math API, "Bfloat16 Precision Conversion and Data Movement").
#ifndef ANYWARP_BF16_CONVERT_H
#define ANYWARP_BF16_CONVERT_H
#include "bf16_types.h"

__ANYWARP_HD __nv_bfloat16 __ushort_as_bfloat16(unsigned short i) {
  __nv_bfloat16_raw r;
  r.x = i;
  return __nv_bfloat16(r);
}
__ANYWARP_HD __nv_bfloat16 __short_as_bfloat16(short i) { return __ushort_as_bfloat16((unsigned short)i); }
__ANYWARP_HD unsigned short __bfloat16_as_ushort(__nv_bfloat16 h) { return __nv_bfloat16_raw(h).x; }
__ANYWARP_HD short __bfloat16_as_short(__nv_bfloat16 h) { return (short)__nv_bfloat16_raw(h).x; }

__ANYWARP_HD float __bfloat162float(__nv_bfloat16 h) {
  return __anywarp_bf16::widen(__bfloat16_as_ushort(h));
}
__ANYWARP_HD __nv_bfloat16 __float2bfloat16(float f) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned short u;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(u) : "f"(f));
  return __ushort_as_bfloat16(u);
#else
  return __ushort_as_bfloat16(__anywarp_bf16::narrow(f, 0));
#endif
}
__ANYWARP_HD __nv_bfloat16 __float2bfloat16_rn(float f) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned short u;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(u) : "f"(f));
  return __ushort_as_bfloat16(u);
#else
  return __ushort_as_bfloat16(__anywarp_bf16::narrow(f, 0));
#endif
}
__ANYWARP_HD __nv_bfloat16 __float2bfloat16_rz(float f) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned short u;
  asm("cvt.rz.bf16.f32 %0, %1;" : "=h"(u) : "f"(f));
  return __ushort_as_bfloat16(u);
#else
  return __ushort_as_bfloat16(__anywarp_bf16::narrow(f, 1));
#endif
}
__ANYWARP_HD __nv_bfloat16 __float2bfloat16_rd(float f) {
  return __ushort_as_bfloat16(__anywarp_bf16::narrow(f, 2));
}
__ANYWARP_HD __nv_bfloat16 __float2bfloat16_ru(float f) {
  return __ushort_as_bfloat16(__anywarp_bf16::narrow(f, 3));
}
__ANYWARP_HD __nv_bfloat16 __double2bfloat16(double d) { return __nv_bfloat16(d); }

// Integers
#define __ANYWARP_T __nv_bfloat16
#define __ANYWARP_FLOAT __bfloat162float
#define __ANYWARP_TO(integer, mode) __bfloat162##integer##_##mode
#define __ANYWARP_FROM(integer, mode) __##integer##2bfloat16_##mode
#define __ANYWARP_ROUNDED(mode) __float2bfloat16_##mode
#include "short_floats_integers.inc"

// Pairs
__ANYWARP_HD __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) { return __nv_bfloat162(a, b); }
__ANYWARP_HD __nv_bfloat162 make_bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) { return __nv_bfloat162(a, b); }
__ANYWARP_HD __nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16 a) { return __nv_bfloat162(a, a); }
__ANYWARP_HD __nv_bfloat16 __low2bfloat16(__nv_bfloat162 a) { return a.x; }
__ANYWARP_HD __nv_bfloat16 __high2bfloat16(__nv_bfloat162 a) { return a.y; }
__ANYWARP_HD __nv_bfloat162 __low2bfloat162(__nv_bfloat162 a) { return __nv_bfloat162(a.x, a.x); }
__ANYWARP_HD __nv_bfloat162 __high2bfloat162(__nv_bfloat162 a) { return __nv_bfloat162(a.y, a.y); }
__ANYWARP_HD __nv_bfloat162 __lows2bfloat162(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(a.x, b.x); }
__ANYWARP_HD __nv_bfloat162 __highs2bfloat162(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(a.y, b.y); }
__ANYWARP_HD __nv_bfloat162 __lowhigh2highlow(__nv_bfloat162 a) { return __nv_bfloat162(a.y, a.x); }
__ANYWARP_HD float __low2float(__nv_bfloat162 a) { return __bfloat162float(a.x); }
__ANYWARP_HD float __high2float(__nv_bfloat162 a) { return __bfloat162float(a.y); }
__ANYWARP_HD __nv_bfloat162 __float2bfloat162_rn(float f) { return __bfloat162bfloat162(__float2bfloat16_rn(f)); }
__ANYWARP_HD __nv_bfloat162 __floats2bfloat162_rn(float a, float b) { return __nv_bfloat162(__float2bfloat16_rn(a), __float2bfloat16_rn(b)); }
__ANYWARP_HD __nv_bfloat162 __float22bfloat162_rn(float2 f) { return __floats2bfloat162_rn(f.x, f.y); }
__ANYWARP_HD float2 __bfloat1622float2(__nv_bfloat162 a) { return make_float2(__bfloat162float(a.x), __bfloat162float(a.y)); }
#endif
