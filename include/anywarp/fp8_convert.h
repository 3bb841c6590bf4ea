// SPDX-License-Identifier: MIT OR Apache-2.0
// Conversions to and from the 8-bit floating-point formats (CUDA Math API, "FP8 Intrinsics"; Micikevicius et al., "FP8
// formats for deep learning", 2022): E4M3 has no infinities and one NaN, E5M2 is a short binary16. Integers only, so both
// sides agree.
#ifndef ANYWARP_FP8_CONVERT_H
#define ANYWARP_FP8_CONVERT_H
#include "../cuda_fp16.h"
#include "../cuda_bf16.h"

typedef unsigned char __nv_fp8_storage_t;
typedef unsigned short int __nv_fp8x2_storage_t;
typedef unsigned int __nv_fp8x4_storage_t;
typedef enum __nv_saturation_t { __NV_NOSAT, __NV_SATFINITE } __nv_saturation_t;
typedef enum __nv_fp8_interpretation_t { __NV_E4M3, __NV_E5M2 } __nv_fp8_interpretation_t;

namespace __anywarp_fp8 {
// A magnitude below 2^53 times 2^exponent with its sign, rounded to nearest even.
__ANYWARP_HD __nv_fp8_storage_t pack(bool negative, unsigned long long magnitude, int exponent, __nv_saturation_t saturate,
                                     __nv_fp8_interpretation_t kind) {
  const int fraction = kind == __NV_E4M3 ? 3 : 2, bias = kind == __NV_E4M3 ? 7 : 15;
  const unsigned char sign = negative ? 0x80 : 0;
  if (magnitude == 0) return sign;
  const int top = 63 - __builtin_clzll(magnitude);
  int scale = top + exponent;  // The value is 1.x times 2^scale.
  if (scale < 1 - bias) scale = 1 - bias;
  const int drop = scale - fraction - exponent;  // Bits below the last place.
  unsigned long long kept;
  if (drop <= 0) {
    kept = magnitude << -drop;
  } else if (drop > 54) {
    kept = 0;
  } else {
    const unsigned long long rest = magnitude & ((1ull << drop) - 1), half = 1ull << (drop - 1);
    kept = magnitude >> drop;
    kept += rest > half || (rest == half && (kept & 1));
  }
  // Exponent and fraction as one number: a carry out of the fraction raises the exponent.
  const unsigned int code = (unsigned int)kept + ((unsigned int)(scale + bias - 1) << fraction);
  const unsigned int most = kind == __NV_E4M3 ? 0x7e : 0x7b;
  if (code <= most) return (unsigned char)(sign | code);
  if (saturate == __NV_SATFINITE) return (unsigned char)(sign | most);
  return (unsigned char)(sign | (kind == __NV_E4M3 ? 0x7f : 0x7c));
}
__ANYWARP_HD __nv_fp8_storage_t infinite(bool negative, __nv_saturation_t saturate, __nv_fp8_interpretation_t kind) {
  const unsigned char sign = negative ? 0x80 : 0;
  if (saturate == __NV_SATFINITE) return (unsigned char)(sign | (kind == __NV_E4M3 ? 0x7e : 0x7b));
  return (unsigned char)(sign | (kind == __NV_E4M3 ? 0x7f : 0x7c));
}
// binary16 bits of an 8-bit number: exact.
__ANYWARP_HD unsigned short widen(__nv_fp8_storage_t x, __nv_fp8_interpretation_t kind) {
  if (kind == __NV_E5M2) {
    const unsigned short h = (unsigned short)(x << 8);
    return (h & 0x7fff) > 0x7c00 ? 0x7fff : h;
  }
  const unsigned short sign = (unsigned short)((x & 0x80) << 8);
  unsigned int exponent = x >> 3 & 15, fraction = x & 7;
  if ((x & 0x7f) == 0x7f) return 0x7fff;
  if (exponent == 0) {
    if (fraction == 0) return sign;
    const int shift = __builtin_clz(fraction) - 28;  // To make the leading one implicit.
    return (unsigned short)(sign | (unsigned int)(9 - shift) << 10 | (fraction << shift & 7) << 7);
  }
  return (unsigned short)(sign | (exponent + 8) << 10 | fraction << 7);
}
}  // namespace __anywarp_fp8

__ANYWARP_HD __nv_fp8_storage_t __nv_cvt_double_to_fp8(const double x, const __nv_saturation_t saturate,
                                                       const __nv_fp8_interpretation_t kind) {
  unsigned long long u;
  __builtin_memcpy(&u, &x, 8);
  const bool negative = u >> 63;
  const int exponent = (int)(u >> 52 & 0x7ff);
  unsigned long long magnitude = u & 0xfffffffffffffull;
  if (exponent == 0x7ff) {
    if (magnitude != 0) return 0x7f;
    return __anywarp_fp8::infinite(negative, saturate, kind);
  }
  if (exponent != 0) magnitude |= 1ull << 52;
  return __anywarp_fp8::pack(negative, magnitude, (exponent == 0 ? 1 : exponent) - 1075, saturate, kind);
}
// Widening to double is exact.
__ANYWARP_HD __nv_fp8_storage_t __nv_cvt_float_to_fp8(const float x, const __nv_saturation_t saturate,
                                                      const __nv_fp8_interpretation_t kind) {
  return __nv_cvt_double_to_fp8((double)x, saturate, kind);
}
__ANYWARP_HD __nv_fp8_storage_t __nv_cvt_halfraw_to_fp8(const __half_raw x, const __nv_saturation_t saturate,
                                                        const __nv_fp8_interpretation_t kind) {
  return __nv_cvt_float_to_fp8(__half2float(__half(x)), saturate, kind);
}
__ANYWARP_HD __nv_fp8_storage_t __nv_cvt_bfloat16raw_to_fp8(const __nv_bfloat16_raw x, const __nv_saturation_t saturate,
                                                            const __nv_fp8_interpretation_t kind) {
  return __nv_cvt_float_to_fp8(__bfloat162float(__nv_bfloat16(x)), saturate, kind);
}
__ANYWARP_HD __half_raw __nv_cvt_fp8_to_halfraw(const __nv_fp8_storage_t x, const __nv_fp8_interpretation_t kind) {
  __half_raw r;
  r.x = __anywarp_fp8::widen(x, kind);
  return r;
}

// Pairs: the first is the low byte.
#define __ANYWARP_PAIR(NAME, __T, SINGLE, FIRST, SECOND)                                                          \
  __ANYWARP_HD __nv_fp8x2_storage_t NAME(const __T v, const __nv_saturation_t saturate,                           \
                                         const __nv_fp8_interpretation_t kind) {                                \
    return (__nv_fp8x2_storage_t)(SINGLE(FIRST, saturate, kind) | SINGLE(SECOND, saturate, kind) << 8);         \
  }
namespace __anywarp_fp8 {
__ANYWARP_HD __half_raw half_raw(unsigned short x) {
  __half_raw r;
  r.x = x;
  return r;
}
__ANYWARP_HD __nv_bfloat16_raw bfloat_raw(unsigned short x) {
  __nv_bfloat16_raw r;
  r.x = x;
  return r;
}
}  // namespace __anywarp_fp8
__ANYWARP_PAIR(__nv_cvt_double2_to_fp8x2, double2, __nv_cvt_double_to_fp8, v.x, v.y)
__ANYWARP_PAIR(__nv_cvt_float2_to_fp8x2, float2, __nv_cvt_float_to_fp8, v.x, v.y)
__ANYWARP_PAIR(__nv_cvt_halfraw2_to_fp8x2, __half2_raw, __nv_cvt_halfraw_to_fp8, __anywarp_fp8::half_raw(v.x),
               __anywarp_fp8::half_raw(v.y))
__ANYWARP_PAIR(__nv_cvt_bfloat16raw2_to_fp8x2, __nv_bfloat162_raw, __nv_cvt_bfloat16raw_to_fp8,
               __anywarp_fp8::bfloat_raw(v.x), __anywarp_fp8::bfloat_raw(v.y))
#undef __ANYWARP_PAIR
__ANYWARP_HD __half2_raw __nv_cvt_fp8x2_to_halfraw2(const __nv_fp8x2_storage_t x, const __nv_fp8_interpretation_t kind) {
  __half2_raw r;
  r.x = __anywarp_fp8::widen((unsigned char)x, kind);
  r.y = __anywarp_fp8::widen((unsigned char)(x >> 8), kind);
  return r;
}
#endif
