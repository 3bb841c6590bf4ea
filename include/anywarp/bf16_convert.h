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

namespace __anywarp_bf16 {
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
}  // namespace __anywarp_bf16

// Integers
__ANYWARP_HD int __bfloat162int_rn(__nv_bfloat16 h) {
  float f = __builtin_rintf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0x7fffffff ? (int)0x7fffffff : f <= (float)(-0x7fffffff - 1) ? (int)(-0x7fffffff - 1) : (int)f;
}
__ANYWARP_HD int __bfloat162int_rz(__nv_bfloat16 h) {
  float f = __builtin_truncf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0x7fffffff ? (int)0x7fffffff : f <= (float)(-0x7fffffff - 1) ? (int)(-0x7fffffff - 1) : (int)f;
}
__ANYWARP_HD int __bfloat162int_rd(__nv_bfloat16 h) {
  float f = __builtin_floorf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0x7fffffff ? (int)0x7fffffff : f <= (float)(-0x7fffffff - 1) ? (int)(-0x7fffffff - 1) : (int)f;
}
__ANYWARP_HD int __bfloat162int_ru(__nv_bfloat16 h) {
  float f = __builtin_ceilf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0x7fffffff ? (int)0x7fffffff : f <= (float)(-0x7fffffff - 1) ? (int)(-0x7fffffff - 1) : (int)f;
}
__ANYWARP_HD __nv_bfloat16 __int2bfloat16_rn(int i) { return __float2bfloat16_rn(__anywarp_bf16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __int2bfloat16_rz(int i) { return __float2bfloat16_rz(__anywarp_bf16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __int2bfloat16_rd(int i) { return __float2bfloat16_rd(__anywarp_bf16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __int2bfloat16_ru(int i) { return __float2bfloat16_ru(__anywarp_bf16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD unsigned int __bfloat162uint_rn(__nv_bfloat16 h) {
  float f = __builtin_rintf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0xffffffffu ? (unsigned int)0xffffffffu : f <= (float)0u ? (unsigned int)0u : (unsigned int)f;
}
__ANYWARP_HD unsigned int __bfloat162uint_rz(__nv_bfloat16 h) {
  float f = __builtin_truncf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0xffffffffu ? (unsigned int)0xffffffffu : f <= (float)0u ? (unsigned int)0u : (unsigned int)f;
}
__ANYWARP_HD unsigned int __bfloat162uint_rd(__nv_bfloat16 h) {
  float f = __builtin_floorf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0xffffffffu ? (unsigned int)0xffffffffu : f <= (float)0u ? (unsigned int)0u : (unsigned int)f;
}
__ANYWARP_HD unsigned int __bfloat162uint_ru(__nv_bfloat16 h) {
  float f = __builtin_ceilf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0xffffffffu ? (unsigned int)0xffffffffu : f <= (float)0u ? (unsigned int)0u : (unsigned int)f;
}
__ANYWARP_HD __nv_bfloat16 __uint2bfloat16_rn(unsigned int i) { return __float2bfloat16_rn(__anywarp_bf16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __uint2bfloat16_rz(unsigned int i) { return __float2bfloat16_rz(__anywarp_bf16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __uint2bfloat16_rd(unsigned int i) { return __float2bfloat16_rd(__anywarp_bf16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __uint2bfloat16_ru(unsigned int i) { return __float2bfloat16_ru(__anywarp_bf16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD short __bfloat162short_rn(__nv_bfloat16 h) {
  float f = __builtin_rintf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0x7fff ? (short)0x7fff : f <= (float)(-0x8000) ? (short)(-0x8000) : (short)f;
}
__ANYWARP_HD short __bfloat162short_rz(__nv_bfloat16 h) {
  float f = __builtin_truncf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0x7fff ? (short)0x7fff : f <= (float)(-0x8000) ? (short)(-0x8000) : (short)f;
}
__ANYWARP_HD short __bfloat162short_rd(__nv_bfloat16 h) {
  float f = __builtin_floorf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0x7fff ? (short)0x7fff : f <= (float)(-0x8000) ? (short)(-0x8000) : (short)f;
}
__ANYWARP_HD short __bfloat162short_ru(__nv_bfloat16 h) {
  float f = __builtin_ceilf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0x7fff ? (short)0x7fff : f <= (float)(-0x8000) ? (short)(-0x8000) : (short)f;
}
__ANYWARP_HD __nv_bfloat16 __short2bfloat16_rn(short i) { return __float2bfloat16_rn(__anywarp_bf16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __short2bfloat16_rz(short i) { return __float2bfloat16_rz(__anywarp_bf16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __short2bfloat16_rd(short i) { return __float2bfloat16_rd(__anywarp_bf16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __short2bfloat16_ru(short i) { return __float2bfloat16_ru(__anywarp_bf16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD unsigned short __bfloat162ushort_rn(__nv_bfloat16 h) {
  float f = __builtin_rintf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0xffff ? (unsigned short)0xffff : f <= (float)0 ? (unsigned short)0 : (unsigned short)f;
}
__ANYWARP_HD unsigned short __bfloat162ushort_rz(__nv_bfloat16 h) {
  float f = __builtin_truncf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0xffff ? (unsigned short)0xffff : f <= (float)0 ? (unsigned short)0 : (unsigned short)f;
}
__ANYWARP_HD unsigned short __bfloat162ushort_rd(__nv_bfloat16 h) {
  float f = __builtin_floorf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0xffff ? (unsigned short)0xffff : f <= (float)0 ? (unsigned short)0 : (unsigned short)f;
}
__ANYWARP_HD unsigned short __bfloat162ushort_ru(__nv_bfloat16 h) {
  float f = __builtin_ceilf(__bfloat162float(h));
  return f != f ? 0 : f >= (float)0xffff ? (unsigned short)0xffff : f <= (float)0 ? (unsigned short)0 : (unsigned short)f;
}
__ANYWARP_HD __nv_bfloat16 __ushort2bfloat16_rn(unsigned short i) { return __float2bfloat16_rn(__anywarp_bf16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __ushort2bfloat16_rz(unsigned short i) { return __float2bfloat16_rz(__anywarp_bf16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __ushort2bfloat16_rd(unsigned short i) { return __float2bfloat16_rd(__anywarp_bf16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __ushort2bfloat16_ru(unsigned short i) { return __float2bfloat16_ru(__anywarp_bf16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD long long __bfloat162ll_rn(__nv_bfloat16 h) {
  float f = __builtin_rintf(__bfloat162float(h));
  return f != f ? (long long)0x8000000000000000ull : f >= (float)0x7fffffffffffffffll ? (long long)0x7fffffffffffffffll : f <= (float)(-0x7fffffffffffffffll - 1) ? (long long)(-0x7fffffffffffffffll - 1) : (long long)f;
}
__ANYWARP_HD long long __bfloat162ll_rz(__nv_bfloat16 h) {
  float f = __builtin_truncf(__bfloat162float(h));
  return f != f ? (long long)0x8000000000000000ull : f >= (float)0x7fffffffffffffffll ? (long long)0x7fffffffffffffffll : f <= (float)(-0x7fffffffffffffffll - 1) ? (long long)(-0x7fffffffffffffffll - 1) : (long long)f;
}
__ANYWARP_HD long long __bfloat162ll_rd(__nv_bfloat16 h) {
  float f = __builtin_floorf(__bfloat162float(h));
  return f != f ? (long long)0x8000000000000000ull : f >= (float)0x7fffffffffffffffll ? (long long)0x7fffffffffffffffll : f <= (float)(-0x7fffffffffffffffll - 1) ? (long long)(-0x7fffffffffffffffll - 1) : (long long)f;
}
__ANYWARP_HD long long __bfloat162ll_ru(__nv_bfloat16 h) {
  float f = __builtin_ceilf(__bfloat162float(h));
  return f != f ? (long long)0x8000000000000000ull : f >= (float)0x7fffffffffffffffll ? (long long)0x7fffffffffffffffll : f <= (float)(-0x7fffffffffffffffll - 1) ? (long long)(-0x7fffffffffffffffll - 1) : (long long)f;
}
__ANYWARP_HD __nv_bfloat16 __ll2bfloat16_rn(long long i) { return __float2bfloat16_rn(__anywarp_bf16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __ll2bfloat16_rz(long long i) { return __float2bfloat16_rz(__anywarp_bf16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __ll2bfloat16_rd(long long i) { return __float2bfloat16_rd(__anywarp_bf16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __ll2bfloat16_ru(long long i) { return __float2bfloat16_ru(__anywarp_bf16::odd_float(i < 0, (unsigned long long)(i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i))); }
__ANYWARP_HD unsigned long long __bfloat162ull_rn(__nv_bfloat16 h) {
  float f = __builtin_rintf(__bfloat162float(h));
  return f != f ? 0x8000000000000000ull : f >= (float)0xffffffffffffffffull ? (unsigned long long)0xffffffffffffffffull : f <= (float)0ull ? (unsigned long long)0ull : (unsigned long long)f;
}
__ANYWARP_HD unsigned long long __bfloat162ull_rz(__nv_bfloat16 h) {
  float f = __builtin_truncf(__bfloat162float(h));
  return f != f ? 0x8000000000000000ull : f >= (float)0xffffffffffffffffull ? (unsigned long long)0xffffffffffffffffull : f <= (float)0ull ? (unsigned long long)0ull : (unsigned long long)f;
}
__ANYWARP_HD unsigned long long __bfloat162ull_rd(__nv_bfloat16 h) {
  float f = __builtin_floorf(__bfloat162float(h));
  return f != f ? 0x8000000000000000ull : f >= (float)0xffffffffffffffffull ? (unsigned long long)0xffffffffffffffffull : f <= (float)0ull ? (unsigned long long)0ull : (unsigned long long)f;
}
__ANYWARP_HD unsigned long long __bfloat162ull_ru(__nv_bfloat16 h) {
  float f = __builtin_ceilf(__bfloat162float(h));
  return f != f ? 0x8000000000000000ull : f >= (float)0xffffffffffffffffull ? (unsigned long long)0xffffffffffffffffull : f <= (float)0ull ? (unsigned long long)0ull : (unsigned long long)f;
}
__ANYWARP_HD __nv_bfloat16 __ull2bfloat16_rn(unsigned long long i) { return __float2bfloat16_rn(__anywarp_bf16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __ull2bfloat16_rz(unsigned long long i) { return __float2bfloat16_rz(__anywarp_bf16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __ull2bfloat16_rd(unsigned long long i) { return __float2bfloat16_rd(__anywarp_bf16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD __nv_bfloat16 __ull2bfloat16_ru(unsigned long long i) { return __float2bfloat16_ru(__anywarp_bf16::odd_float(false, (unsigned long long)((unsigned long long)i))); }
__ANYWARP_HD signed char __bfloat162char_rz(__nv_bfloat16 h) {
  float f = __builtin_truncf(__bfloat162float(h));
  return f != f ? 0 : f >= 127.0f ? 127 : f <= -128.0f ? (signed char)-128 : (signed char)f;
}
__ANYWARP_HD unsigned char __bfloat162uchar_rz(__nv_bfloat16 h) {
  float f = __builtin_truncf(__bfloat162float(h));
  return f != f ? 0 : f >= 255.0f ? 255 : f <= 0.0f ? (unsigned char)0 : (unsigned char)f;
}

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
