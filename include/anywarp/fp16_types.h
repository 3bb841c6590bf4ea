// SPDX-License-Identifier: MIT OR Apache-2.0
// __half and __half2: the types, their conversions and operators. Host and device; the host computes in float, which rounds
// to the same result for every single operation.
#ifndef ANYWARP_FP16_TYPES_H
#define ANYWARP_FP16_TYPES_H
#include "../vector_functions.h"
#include "short_floats.h"

typedef struct {
  unsigned short x;
} __half_raw;
typedef struct __align__(4) {
  unsigned short x, y;
} __half2_raw;

#if defined(__cplusplus)
namespace __anywarp_fp16 {
// Software conversions for the host.
__ANYWARP_HD float widen(unsigned short h) {
  unsigned sign = (unsigned)(h & 0x8000) << 16, e = (h >> 10) & 31, m = h & 0x3ff, u;
  if (e == 31) u = sign | 0x7f800000u | (m << 13);
  else if (e != 0) u = sign | ((e + 112) << 23) | (m << 13);
  else if (m == 0) u = sign;
  else {
    int shift = __builtin_clz(m) - 21;
    u = sign | ((unsigned)(113 - shift) << 23) | (((m << shift) & 0x3ff) << 13);
  }
  float f;
  __builtin_memcpy(&f, &u, 4);
  return f;
}
// mode: 0 nearest even, 1 toward zero, 2 down, 3 up.
__ANYWARP_HD unsigned short narrow(float f, int mode = 0) {
  unsigned u;
  __builtin_memcpy(&u, &f, 4);
  unsigned sign = (u >> 16) & 0x8000, a = u & 0x7fffffffu;
  if (a > 0x7f800000u) return 0x7fff;
  if (a == 0x7f800000u) return (unsigned short)(sign | 0x7c00);
  bool away = (mode == 2 && sign) || (mode == 3 && !sign);
  if (a >= 0x47800000u) return (unsigned short)(sign | (mode == 0 || away ? 0x7c00 : 0x7bff));
  unsigned result, rest, half;
  if (a >= 0x38800000u) {
    result = (a - 0x38000000u) >> 13, rest = a & 0x1fff, half = 0x1000;
  } else {
    int shift = 126 - (int)(a >> 23);
    if (a == 0) return (unsigned short)sign;
    if (shift > 31) {
      result = 0, rest = 1, half = 2;
    } else {
      unsigned m = (a & 0x7fffff) | 0x800000;
      result = shift > 31 ? 0 : m >> shift, rest = m & ((1u << shift) - 1), half = 1u << (shift - 1);
      if (shift > 24) result = 0;
    }
  }
  bool up = mode == 0 ? rest > half || (rest == half && (result & 1)) : away && rest != 0;
  return (unsigned short)(sign | (result + up));
}
}  // namespace __anywarp_fp16

struct __half;
struct __nv_bfloat16;
__ANYWARP_HD __half __float2half(float f);
__ANYWARP_HD float __half2float(__half h);

// Programs that turn implicit conversions off keep the explicit ones.
#if defined(__CUDA_NO_HALF_CONVERSIONS__)
#define __ANYWARP_HALF_CONVERSION explicit
#else
#define __ANYWARP_HALF_CONVERSION
#endif

struct __align__(2) __half {
 protected:
  unsigned short __x;

 public:
  __half() = default;
  __ANYWARP_HDM __half(const __half_raw &r) : __x(r.x) {}
  __ANYWARP_HDM __half &operator=(const __half_raw &r) {
    __x = r.x;
    return *this;
  }
  __ANYWARP_HDM operator __half_raw() const {
    __half_raw r;
    r.x = __x;
    return r;
  }
#if defined(__CUDA__) && defined(__clang__)
  // The native type of the device's arithmetic.
  static __ANYWARP_HDM __half __from(_Float16 v) {
    __half r;
    r.__x = __builtin_bit_cast(unsigned short, v);
    return r;
  }
  __ANYWARP_HDM _Float16 __native() const { return __builtin_bit_cast(_Float16, __x); }
#endif
  // Defined where both headers are included.
  explicit __ANYWARP_HDM __half(const __nv_bfloat16 &f);
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM __half(float f) { *this = __float2half(f); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM __half(double f) { *this = __double2half_rounded(f); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM __half(short v) { *this = __double2half_rounded((double)v); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM __half(unsigned short v) { *this = __double2half_rounded((double)v); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM __half(int v) { *this = __double2half_rounded((double)v); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM __half(unsigned int v) { *this = __double2half_rounded((double)v); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM __half(long v) { *this = __float2half((float)v); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM __half(unsigned long v) { *this = __float2half((float)v); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM __half(long long v) { *this = __float2half((float)v); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM __half(unsigned long long v) { *this = __float2half((float)v); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator float() const { return __half2float(*this); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator char() const { return (char)__half2float(*this); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator signed char() const { return (signed char)__half2float(*this); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator unsigned char() const { return (unsigned char)__half2float(*this); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator short() const { return (short)__half2float(*this); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator unsigned short() const { return (unsigned short)__half2float(*this); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator int() const { return (int)__half2float(*this); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator unsigned int() const { return (unsigned int)__half2float(*this); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator long() const { return (long)__half2float(*this); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator unsigned long() const { return (unsigned long)__half2float(*this); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator long long() const { return (long long)__half2float(*this); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator unsigned long long() const { return (unsigned long long)__half2float(*this); }
  __ANYWARP_HALF_CONVERSION __ANYWARP_HDM operator bool() const { return (__x & 0x7fff) != 0; }
  __ANYWARP_HDM __half &operator=(float v) { return *this = __half(v); }
  __ANYWARP_HDM __half &operator=(double v) { return *this = __half(v); }
  __ANYWARP_HDM __half &operator=(short v) { return *this = __half(v); }
  __ANYWARP_HDM __half &operator=(unsigned short v) { return *this = __half(v); }
  __ANYWARP_HDM __half &operator=(int v) { return *this = __half(v); }
  __ANYWARP_HDM __half &operator=(unsigned int v) { return *this = __half(v); }
  __ANYWARP_HDM __half &operator=(long v) { return *this = __half(v); }
  __ANYWARP_HDM __half &operator=(unsigned long v) { return *this = __half(v); }
  __ANYWARP_HDM __half &operator=(long long v) { return *this = __half(v); }
  __ANYWARP_HDM __half &operator=(unsigned long long v) { return *this = __half(v); }

 private:
  // double to half with one rounding: to float toward odd first.
  static __ANYWARP_HDM __half __double2half_rounded(double d) {
    float f = (float)d;
    if ((double)f != d && f - f == 0.0f) {
      unsigned u;
      __builtin_memcpy(&u, &f, 4);
      bool past = (d < 0 ? -(double)f : (double)f) > (d < 0 ? -d : d);
      if (past) u -= 1;
      u |= 1;
      __builtin_memcpy(&f, &u, 4);
    }
    return __float2half(f);
  }
};

struct __align__(4) __half2 {
  __half x, y;
  __half2() = default;
  __ANYWARP_HDM __half2(const __half &a, const __half &b) : x(a), y(b) {}
  __ANYWARP_HDM __half2(const __half2_raw &r) { __builtin_memcpy((void *)this, &r, 4); }
  __ANYWARP_HDM __half2 &operator=(const __half2_raw &r) {
    __builtin_memcpy((void *)this, &r, 4);
    return *this;
  }
  __ANYWARP_HDM operator __half2_raw() const {
    __half2_raw r;
    __builtin_memcpy(&r, (const void *)this, 4);
    return r;
  }
#if defined(__CUDA__) && defined(__clang__)
  typedef _Float16 __native_t __attribute__((ext_vector_type(2)));
  __ANYWARP_HDM __native_t __native() const { return __native_t{x.__native(), y.__native()}; }
  static __ANYWARP_HDM __half2 __from(__native_t v) { return __half2(__half::__from(v.x), __half::__from(v.y)); }
#endif
};

typedef __half half;
typedef __half2 half2;
typedef __half nv_half;
typedef __half2 nv_half2;
typedef __half __nv_half;
typedef __half2 __nv_half2;
typedef __half_raw __nv_half_raw;
typedef __half2_raw __nv_half2_raw;
#endif
#endif
