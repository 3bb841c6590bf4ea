// SPDX-License-Identifier: MIT OR Apache-2.0
// 8-bit floating point: conversions, and the types __nv_fp8_e4m3 and __nv_fp8_e5m2 alone, in pairs and in fours. The types'
// own conversions saturate to the largest finite number.
#ifndef __CUDA_FP8_H__
#define __CUDA_FP8_H__
#include "cuda_fp16.h"
#include "cuda_bf16.h"
#if defined(__cplusplus)
#include "anywarp/fp8_convert.h"

#define __ANYWARP_FP8_FROM(TYPE, __KIND, __T) \
  explicit __ANYWARP_HDM TYPE(const __T v) : __x(__nv_cvt_float_to_fp8((float)v, __NV_SATFINITE, __KIND)) {}
#define __ANYWARP_FP8_FROM_WIDE(TYPE, __KIND, __T) \
  explicit __ANYWARP_HDM TYPE(const __T v) : __x(__nv_cvt_double_to_fp8((double)v, __NV_SATFINITE, __KIND)) {}
#define __ANYWARP_FP8_TO(__T) \
  explicit __ANYWARP_HDM operator __T() const { return (__T)(float)*this; }

#define __ANYWARP_FP8(TYPE, __KIND)                                                                                   \
  struct __align__(1) TYPE {                                                                                        \
    __nv_fp8_storage_t __x;                                                                                         \
    TYPE() = default;                                                                                               \
    __ANYWARP_FP8_FROM(TYPE, __KIND, float)                                                                           \
    __ANYWARP_FP8_FROM(TYPE, __KIND, __half)                                                                          \
    __ANYWARP_FP8_FROM(TYPE, __KIND, __nv_bfloat16)                                                                   \
    __ANYWARP_FP8_FROM_WIDE(TYPE, __KIND, double)                                                                     \
    __ANYWARP_FP8_FROM_WIDE(TYPE, __KIND, short)                                                                      \
    __ANYWARP_FP8_FROM_WIDE(TYPE, __KIND, unsigned short)                                                             \
    __ANYWARP_FP8_FROM_WIDE(TYPE, __KIND, int)                                                                        \
    __ANYWARP_FP8_FROM_WIDE(TYPE, __KIND, unsigned int)                                                               \
    __ANYWARP_FP8_FROM_WIDE(TYPE, __KIND, long)                                                                       \
    __ANYWARP_FP8_FROM_WIDE(TYPE, __KIND, unsigned long)                                                              \
    __ANYWARP_FP8_FROM_WIDE(TYPE, __KIND, long long)                                                                  \
    __ANYWARP_FP8_FROM_WIDE(TYPE, __KIND, unsigned long long)                                                         \
    explicit __ANYWARP_HDM operator __half() const { return __half(__nv_cvt_fp8_to_halfraw(__x, __KIND)); }           \
    explicit __ANYWARP_HDM operator float() const { return __half2float((__half)*this); }                           \
    explicit __ANYWARP_HDM operator double() const { return (double)(float)*this; }                                 \
    explicit __ANYWARP_HDM operator __nv_bfloat16() const { return __float2bfloat16_rz((float)*this); }             \
    explicit __ANYWARP_HDM operator bool() const { return (__x & 0x7f) != 0; }                                      \
    __ANYWARP_FP8_TO(char)                                                                                          \
    __ANYWARP_FP8_TO(signed char)                                                                                   \
    __ANYWARP_FP8_TO(unsigned char)                                                                                 \
    __ANYWARP_FP8_TO(short)                                                                                         \
    __ANYWARP_FP8_TO(unsigned short)                                                                                \
    __ANYWARP_FP8_TO(int)                                                                                           \
    __ANYWARP_FP8_TO(unsigned int)                                                                                  \
    __ANYWARP_FP8_TO(long)                                                                                          \
    __ANYWARP_FP8_TO(unsigned long)                                                                                 \
    __ANYWARP_FP8_TO(long long)                                                                                     \
    __ANYWARP_FP8_TO(unsigned long long)                                                                            \
  };
__ANYWARP_FP8(__nv_fp8_e4m3, __NV_E4M3)
__ANYWARP_FP8(__nv_fp8_e5m2, __NV_E5M2)

#define __ANYWARP_FP8X2(TYPE, __KIND)                                                                                     \
  struct __align__(2) TYPE {                                                                                            \
    __nv_fp8x2_storage_t __x;                                                                                           \
    TYPE() = default;                                                                                                   \
    explicit __ANYWARP_HDM TYPE(const __half2 v) : __x(__nv_cvt_halfraw2_to_fp8x2(v, __NV_SATFINITE, __KIND)) {}          \
    explicit __ANYWARP_HDM TYPE(const __nv_bfloat162 v) : __x(__nv_cvt_bfloat16raw2_to_fp8x2(v, __NV_SATFINITE, __KIND)) {} \
    explicit __ANYWARP_HDM TYPE(const float2 v) : __x(__nv_cvt_float2_to_fp8x2(v, __NV_SATFINITE, __KIND)) {}             \
    explicit __ANYWARP_HDM TYPE(const double2 v) : __x(__nv_cvt_double2_to_fp8x2(v, __NV_SATFINITE, __KIND)) {}           \
    explicit __ANYWARP_HDM operator __half2() const { return __half2(__nv_cvt_fp8x2_to_halfraw2(__x, __KIND)); }          \
    explicit __ANYWARP_HDM operator float2() const {                                                                    \
      const __half2 h = (__half2)*this;                                                                                 \
      return make_float2(__half2float(h.x), __half2float(h.y));                                                         \
    }                                                                                                                   \
  };
__ANYWARP_FP8X2(__nv_fp8x2_e4m3, __NV_E4M3)
__ANYWARP_FP8X2(__nv_fp8x2_e5m2, __NV_E5M2)

#define __ANYWARP_FP8X4(TYPE, __PAIR, __KIND)                                                                               \
  struct __align__(4) TYPE {                                                                                            \
    __nv_fp8x4_storage_t __x;                                                                                           \
    TYPE() = default;                                                                                                   \
    explicit __ANYWARP_HDM TYPE(const __half2 low, const __half2 high)                                                  \
        : __x(__PAIR(low).__x | (__nv_fp8x4_storage_t)__PAIR(high).__x << 16) {}                                            \
    explicit __ANYWARP_HDM TYPE(const __nv_bfloat162 low, const __nv_bfloat162 high)                                    \
        : __x(__PAIR(low).__x | (__nv_fp8x4_storage_t)__PAIR(high).__x << 16) {}                                            \
    explicit __ANYWARP_HDM TYPE(const float4 v)                                                                         \
        : __x(__PAIR(make_float2(v.x, v.y)).__x | (__nv_fp8x4_storage_t)__PAIR(make_float2(v.z, v.w)).__x << 16) {}         \
    explicit __ANYWARP_HDM TYPE(const double4 v)                                                                        \
        : __x(__PAIR(make_double2(v.x, v.y)).__x | (__nv_fp8x4_storage_t)__PAIR(make_double2(v.z, v.w)).__x << 16) {}       \
    explicit __ANYWARP_HDM operator float4() const {                                                                    \
      __PAIR low, high;                                                                                                   \
      low.__x = (__nv_fp8x2_storage_t)__x, high.__x = (__nv_fp8x2_storage_t)(__x >> 16);                                \
      const float2 a = (float2)low, b = (float2)high;                                                                   \
      return make_float4(a.x, a.y, b.x, b.y);                                                                           \
    }                                                                                                                   \
  };
__ANYWARP_FP8X4(__nv_fp8x4_e4m3, __nv_fp8x2_e4m3, __NV_E4M3)
__ANYWARP_FP8X4(__nv_fp8x4_e5m2, __nv_fp8x2_e5m2, __NV_E5M2)
#undef __ANYWARP_FP8
#undef __ANYWARP_FP8X2
#undef __ANYWARP_FP8X4
#undef __ANYWARP_FP8_FROM
#undef __ANYWARP_FP8_FROM_WIDE
#undef __ANYWARP_FP8_TO
#endif
#endif
