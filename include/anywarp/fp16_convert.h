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

namespace __anywarp_fp16 {
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
}  // namespace __anywarp_fp16

// Integers
__ANYWARP_HD int __half2int_rn(__half h) {
  float f = __builtin_rintf(__half2float(h));
  return f != f ? 0 : f >= (float)0x7fffffff ? (int)0x7fffffff : f <= (float)(-0x7fffffff - 1) ? (int)(-0x7fffffff - 1) : (int)f;
}
__ANYWARP_HD int __half2int_rz(__half h) {
  float f = __builtin_truncf(__half2float(h));
  return f != f ? 0 : f >= (float)0x7fffffff ? (int)0x7fffffff : f <= (float)(-0x7fffffff - 1) ? (int)(-0x7fffffff - 1) : (int)f;
}
__ANYWARP_HD int __half2int_rd(__half h) {
  float f = __builtin_floorf(__half2float(h));
  return f != f ? 0 : f >= (float)0x7fffffff ? (int)0x7fffffff : f <= (float)(-0x7fffffff - 1) ? (int)(-0x7fffffff - 1) : (int)f;
}
__ANYWARP_HD int __half2int_ru(__half h) {
  float f = __builtin_ceilf(__half2float(h));
  return f != f ? 0 : f >= (float)0x7fffffff ? (int)0x7fffffff : f <= (float)(-0x7fffffff - 1) ? (int)(-0x7fffffff - 1) : (int)f;
}
__ANYWARP_HD __half __int2half_rn(int i) { return __float2half_rn(__anywarp_fp16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __half __int2half_rz(int i) { return __float2half_rz(__anywarp_fp16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __half __int2half_rd(int i) { return __float2half_rd(__anywarp_fp16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __half __int2half_ru(int i) { return __float2half_ru(__anywarp_fp16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD unsigned int __half2uint_rn(__half h) {
  float f = __builtin_rintf(__half2float(h));
  return f != f ? 0 : f >= (float)0xffffffffu ? (unsigned int)0xffffffffu : f <= (float)0u ? (unsigned int)0u : (unsigned int)f;
}
__ANYWARP_HD unsigned int __half2uint_rz(__half h) {
  float f = __builtin_truncf(__half2float(h));
  return f != f ? 0 : f >= (float)0xffffffffu ? (unsigned int)0xffffffffu : f <= (float)0u ? (unsigned int)0u : (unsigned int)f;
}
__ANYWARP_HD unsigned int __half2uint_rd(__half h) {
  float f = __builtin_floorf(__half2float(h));
  return f != f ? 0 : f >= (float)0xffffffffu ? (unsigned int)0xffffffffu : f <= (float)0u ? (unsigned int)0u : (unsigned int)f;
}
__ANYWARP_HD unsigned int __half2uint_ru(__half h) {
  float f = __builtin_ceilf(__half2float(h));
  return f != f ? 0 : f >= (float)0xffffffffu ? (unsigned int)0xffffffffu : f <= (float)0u ? (unsigned int)0u : (unsigned int)f;
}
__ANYWARP_HD __half __uint2half_rn(unsigned int i) { return __float2half_rn(__anywarp_fp16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __half __uint2half_rz(unsigned int i) { return __float2half_rz(__anywarp_fp16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __half __uint2half_rd(unsigned int i) { return __float2half_rd(__anywarp_fp16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __half __uint2half_ru(unsigned int i) { return __float2half_ru(__anywarp_fp16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD short __half2short_rn(__half h) {
  float f = __builtin_rintf(__half2float(h));
  return f != f ? 0 : f >= (float)0x7fff ? (short)0x7fff : f <= (float)(-0x8000) ? (short)(-0x8000) : (short)f;
}
__ANYWARP_HD short __half2short_rz(__half h) {
  float f = __builtin_truncf(__half2float(h));
  return f != f ? 0 : f >= (float)0x7fff ? (short)0x7fff : f <= (float)(-0x8000) ? (short)(-0x8000) : (short)f;
}
__ANYWARP_HD short __half2short_rd(__half h) {
  float f = __builtin_floorf(__half2float(h));
  return f != f ? 0 : f >= (float)0x7fff ? (short)0x7fff : f <= (float)(-0x8000) ? (short)(-0x8000) : (short)f;
}
__ANYWARP_HD short __half2short_ru(__half h) {
  float f = __builtin_ceilf(__half2float(h));
  return f != f ? 0 : f >= (float)0x7fff ? (short)0x7fff : f <= (float)(-0x8000) ? (short)(-0x8000) : (short)f;
}
__ANYWARP_HD __half __short2half_rn(short i) { return __float2half_rn(__anywarp_fp16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __half __short2half_rz(short i) { return __float2half_rz(__anywarp_fp16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __half __short2half_rd(short i) { return __float2half_rd(__anywarp_fp16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __half __short2half_ru(short i) { return __float2half_ru(__anywarp_fp16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD unsigned short __half2ushort_rn(__half h) {
  float f = __builtin_rintf(__half2float(h));
  return f != f ? 0 : f >= (float)0xffff ? (unsigned short)0xffff : f <= (float)0 ? (unsigned short)0 : (unsigned short)f;
}
__ANYWARP_HD unsigned short __half2ushort_rz(__half h) {
  float f = __builtin_truncf(__half2float(h));
  return f != f ? 0 : f >= (float)0xffff ? (unsigned short)0xffff : f <= (float)0 ? (unsigned short)0 : (unsigned short)f;
}
__ANYWARP_HD unsigned short __half2ushort_rd(__half h) {
  float f = __builtin_floorf(__half2float(h));
  return f != f ? 0 : f >= (float)0xffff ? (unsigned short)0xffff : f <= (float)0 ? (unsigned short)0 : (unsigned short)f;
}
__ANYWARP_HD unsigned short __half2ushort_ru(__half h) {
  float f = __builtin_ceilf(__half2float(h));
  return f != f ? 0 : f >= (float)0xffff ? (unsigned short)0xffff : f <= (float)0 ? (unsigned short)0 : (unsigned short)f;
}
__ANYWARP_HD __half __ushort2half_rn(unsigned short i) { return __float2half_rn(__anywarp_fp16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __half __ushort2half_rz(unsigned short i) { return __float2half_rz(__anywarp_fp16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __half __ushort2half_rd(unsigned short i) { return __float2half_rd(__anywarp_fp16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __half __ushort2half_ru(unsigned short i) { return __float2half_ru(__anywarp_fp16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD long long __half2ll_rn(__half h) {
  float f = __builtin_rintf(__half2float(h));
  return f != f ? (long long)0x8000000000000000ull : f >= (float)0x7fffffffffffffffll ? (long long)0x7fffffffffffffffll : f <= (float)(-0x7fffffffffffffffll - 1) ? (long long)(-0x7fffffffffffffffll - 1) : (long long)f;
}
__ANYWARP_HD long long __half2ll_rz(__half h) {
  float f = __builtin_truncf(__half2float(h));
  return f != f ? (long long)0x8000000000000000ull : f >= (float)0x7fffffffffffffffll ? (long long)0x7fffffffffffffffll : f <= (float)(-0x7fffffffffffffffll - 1) ? (long long)(-0x7fffffffffffffffll - 1) : (long long)f;
}
__ANYWARP_HD long long __half2ll_rd(__half h) {
  float f = __builtin_floorf(__half2float(h));
  return f != f ? (long long)0x8000000000000000ull : f >= (float)0x7fffffffffffffffll ? (long long)0x7fffffffffffffffll : f <= (float)(-0x7fffffffffffffffll - 1) ? (long long)(-0x7fffffffffffffffll - 1) : (long long)f;
}
__ANYWARP_HD long long __half2ll_ru(__half h) {
  float f = __builtin_ceilf(__half2float(h));
  return f != f ? (long long)0x8000000000000000ull : f >= (float)0x7fffffffffffffffll ? (long long)0x7fffffffffffffffll : f <= (float)(-0x7fffffffffffffffll - 1) ? (long long)(-0x7fffffffffffffffll - 1) : (long long)f;
}
__ANYWARP_HD __half __ll2half_rn(long long i) { return __float2half_rn(__anywarp_fp16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __half __ll2half_rz(long long i) { return __float2half_rz(__anywarp_fp16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __half __ll2half_rd(long long i) { return __float2half_rd(__anywarp_fp16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __half __ll2half_ru(long long i) { return __float2half_ru(__anywarp_fp16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD unsigned long long __half2ull_rn(__half h) {
  float f = __builtin_rintf(__half2float(h));
  return f != f ? 0x8000000000000000ull : f >= (float)0xffffffffffffffffull ? (unsigned long long)0xffffffffffffffffull : f <= (float)0ull ? (unsigned long long)0ull : (unsigned long long)f;
}
__ANYWARP_HD unsigned long long __half2ull_rz(__half h) {
  float f = __builtin_truncf(__half2float(h));
  return f != f ? 0x8000000000000000ull : f >= (float)0xffffffffffffffffull ? (unsigned long long)0xffffffffffffffffull : f <= (float)0ull ? (unsigned long long)0ull : (unsigned long long)f;
}
__ANYWARP_HD unsigned long long __half2ull_rd(__half h) {
  float f = __builtin_floorf(__half2float(h));
  return f != f ? 0x8000000000000000ull : f >= (float)0xffffffffffffffffull ? (unsigned long long)0xffffffffffffffffull : f <= (float)0ull ? (unsigned long long)0ull : (unsigned long long)f;
}
__ANYWARP_HD unsigned long long __half2ull_ru(__half h) {
  float f = __builtin_ceilf(__half2float(h));
  return f != f ? 0x8000000000000000ull : f >= (float)0xffffffffffffffffull ? (unsigned long long)0xffffffffffffffffull : f <= (float)0ull ? (unsigned long long)0ull : (unsigned long long)f;
}
__ANYWARP_HD __half __ull2half_rn(unsigned long long i) { return __float2half_rn(__anywarp_fp16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __half __ull2half_rz(unsigned long long i) { return __float2half_rz(__anywarp_fp16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __half __ull2half_rd(unsigned long long i) { return __float2half_rd(__anywarp_fp16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __half __ull2half_ru(unsigned long long i) { return __float2half_ru(__anywarp_fp16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD signed char __half2char_rz(__half h) {
  float f = __builtin_truncf(__half2float(h));
  return f != f ? 0 : f >= 127.0f ? 127 : f <= -128.0f ? (signed char)-128 : (signed char)f;
}
__ANYWARP_HD unsigned char __half2uchar_rz(__half h) {
  float f = __builtin_truncf(__half2float(h));
  return f != f ? 0 : f >= 255.0f ? 255 : f <= 0.0f ? (unsigned char)0 : (unsigned char)f;
}

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
