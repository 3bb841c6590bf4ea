// SPDX-License-Identifier: MIT OR Apache-2.0
// Conversions of __half and __half2 (CUDA Math API, "Half Precision Conversion and Data Movement").
#ifndef ANYWARP_FP16_CONVERT_H
#define ANYWARP_FP16_CONVERT_H
#include "fp16_types.h"

__ANYWARP_HD __half __ushort_as_half(unsigned short i) {
  __half_raw r;
  r.x = i;
  return __half(r);
}
__ANYWARP_HD __half __short_as_half(short i) { return __ushort_as_half((unsigned short)i); }
__ANYWARP_HD unsigned short __half_as_ushort(__half h) { return __half_raw(h).x; }
__ANYWARP_HD short __half_as_short(__half h) { return (short)__half_raw(h).x; }

__ANYWARP_HD float __half2float(__half h) {
#if defined(__CUDA_ARCH__)
  return (float)h.__native();
#else
  return __anywarp_fp16::widen(__half_as_ushort(h));
#endif
}
__ANYWARP_HD __half __float2half(float f) {
#if defined(__CUDA_ARCH__)
  return __half::__from((_Float16)f);
#else
  return __ushort_as_half(__anywarp_fp16::narrow(f, 0));
#endif
}
__ANYWARP_HD __half __float2half_rn(float f) {
#if defined(__CUDA_ARCH__)
  return __half::__from((_Float16)f);
#else
  return __ushort_as_half(__anywarp_fp16::narrow(f, 0));
#endif
}
__ANYWARP_HD __half __float2half_rz(float f) {
#if defined(__CUDA_ARCH__)
  unsigned short u;
  asm("cvt.rz.f16.f32 %0, %1;" : "=h"(u) : "f"(f));
  return __ushort_as_half(u);
#else
  return __ushort_as_half(__anywarp_fp16::narrow(f, 1));
#endif
}
__ANYWARP_HD __half __float2half_rd(float f) {
#if defined(__CUDA_ARCH__)
  unsigned short u;
  asm("cvt.rm.f16.f32 %0, %1;" : "=h"(u) : "f"(f));
  return __ushort_as_half(u);
#else
  return __ushort_as_half(__anywarp_fp16::narrow(f, 2));
#endif
}
__ANYWARP_HD __half __float2half_ru(float f) {
#if defined(__CUDA_ARCH__)
  unsigned short u;
  asm("cvt.rp.f16.f32 %0, %1;" : "=h"(u) : "f"(f));
  return __ushort_as_half(u);
#else
  return __ushort_as_half(__anywarp_fp16::narrow(f, 3));
#endif
}
__ANYWARP_HD __half __double2half(double d) { return __half(d); }

// Integers
#define __ANYWARP_T __half
#define __ANYWARP_FLOAT __half2float
#define __ANYWARP_TO(integer, mode) __half2##integer##_##mode
#define __ANYWARP_FROM(integer, mode) __##integer##2half_##mode
#define __ANYWARP_ROUNDED(mode) __float2half_##mode
#include "short_floats_integers.inc"

// Pairs
__ANYWARP_HD __half2 __halves2half2(__half a, __half b) { return __half2(a, b); }
__ANYWARP_HD __half2 make_half2(__half a, __half b) { return __half2(a, b); }
__ANYWARP_HD __half2 __half2half2(__half a) { return __half2(a, a); }
__ANYWARP_HD __half __low2half(__half2 a) { return a.x; }
__ANYWARP_HD __half __high2half(__half2 a) { return a.y; }
__ANYWARP_HD __half2 __low2half2(__half2 a) { return __half2(a.x, a.x); }
__ANYWARP_HD __half2 __high2half2(__half2 a) { return __half2(a.y, a.y); }
__ANYWARP_HD __half2 __lows2half2(__half2 a, __half2 b) { return __half2(a.x, b.x); }
__ANYWARP_HD __half2 __highs2half2(__half2 a, __half2 b) { return __half2(a.y, b.y); }
__ANYWARP_HD __half2 __lowhigh2highlow(__half2 a) { return __half2(a.y, a.x); }
__ANYWARP_HD float __low2float(__half2 a) { return __half2float(a.x); }
__ANYWARP_HD float __high2float(__half2 a) { return __half2float(a.y); }
__ANYWARP_HD __half2 __float2half2_rn(float f) { return __half2half2(__float2half_rn(f)); }
__ANYWARP_HD __half2 __floats2half2_rn(float a, float b) { return __half2(__float2half_rn(a), __float2half_rn(b)); }
__ANYWARP_HD __half2 __float22half2_rn(float2 f) { return __floats2half2_rn(f.x, f.y); }
__ANYWARP_HD float2 __half22float2(__half2 a) { return make_float2(__half2float(a.x), __half2float(a.y)); }
#endif
