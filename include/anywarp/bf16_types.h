// SPDX-License-Identifier: MIT OR Apache-2.0
// __nv_bfloat16 and __nv_bfloat162: the types, their conversions and operators. Host and device; the host computes in float, which rounds
// to the same result for every single operation.
#ifndef ANYWARP_BF16_TYPES_H
#define ANYWARP_BF16_TYPES_H
#include "../vector_functions.h"
#include "short_floats.h"

typedef struct {
  unsigned short x;
} __nv_bfloat16_raw;
typedef struct __align__(4) {
  unsigned short x, y;
} __nv_bfloat162_raw;

#if defined(__cplusplus)
namespace __anywarp_bf16 {
// Software conversions for the host.
__ANYWARP_HD float widen(unsigned short h) {
  unsigned u = (unsigned)h << 16;
  float f;
  __builtin_memcpy(&f, &u, 4);
  return f;
}
// mode: 0 nearest even, 1 toward zero, 2 down, 3 up.
__ANYWARP_HD unsigned short narrow(float f, int mode = 0) {
  unsigned u;
  __builtin_memcpy(&u, &f, 4);
  if ((u & 0x7fffffffu) > 0x7f800000u) return 0x7fff;
  unsigned rest = u & 0xffff, up;
  if (mode == 0) up = rest > 0x8000 || (rest == 0x8000 && (u & 0x10000));
  else up = rest != 0 && ((mode == 2 && (u >> 31)) || (mode == 3 && !(u >> 31)));
  return (unsigned short)((u >> 16) + up);
}
}  // namespace __anywarp_bf16

struct __half;
struct __nv_bfloat16;
__ANYWARP_HD __nv_bfloat16 __float2bfloat16(float f);
__ANYWARP_HD float __bfloat162float(__nv_bfloat16 h);

// Programs that turn implicit conversions off keep the explicit ones.
#if defined(__CUDA_NO_BFLOAT16_CONVERSIONS__)
#define __ANYWARP_BF16_CONVERSION explicit
#else
#define __ANYWARP_BF16_CONVERSION
#endif

struct __align__(2) __nv_bfloat16 {
 protected:
  unsigned short __x;

 public:
  __nv_bfloat16() = default;
  __ANYWARP_HDM __nv_bfloat16(const __nv_bfloat16_raw &r) : __x(r.x) {}
  __ANYWARP_HDM __nv_bfloat16 &operator=(const __nv_bfloat16_raw &r) {
    __x = r.x;
    return *this;
  }
  __ANYWARP_HDM operator __nv_bfloat16_raw() const {
    __nv_bfloat16_raw r;
    r.x = __x;
    return r;
  }
#if defined(__CUDA__) && defined(__clang__)
  // The native type of the device's arithmetic.
  static __ANYWARP_HDM __nv_bfloat16 __from(__bf16 v) {
    __nv_bfloat16 r;
    r.__x = __builtin_bit_cast(unsigned short, v);
    return r;
  }
  __ANYWARP_HDM __bf16 __native() const { return __builtin_bit_cast(__bf16, __x); }
#endif
  // Defined where both headers are included.
  explicit __ANYWARP_HDM __nv_bfloat16(const __half &f);
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM __nv_bfloat16(float f) { *this = __float2bfloat16(f); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM __nv_bfloat16(double f) { *this = __double2bfloat16_rounded(f); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM __nv_bfloat16(short v) { *this = __double2bfloat16_rounded((double)v); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM __nv_bfloat16(unsigned short v) { *this = __double2bfloat16_rounded((double)v); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM __nv_bfloat16(int v) { *this = __double2bfloat16_rounded((double)v); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM __nv_bfloat16(unsigned int v) { *this = __double2bfloat16_rounded((double)v); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM __nv_bfloat16(long v) { *this = __float2bfloat16((float)v); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM __nv_bfloat16(unsigned long v) { *this = __float2bfloat16((float)v); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM __nv_bfloat16(long long v) { *this = __float2bfloat16((float)v); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM __nv_bfloat16(unsigned long long v) { *this = __float2bfloat16((float)v); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator float() const { return __bfloat162float(*this); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator char() const { return (char)__bfloat162float(*this); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator signed char() const { return (signed char)__bfloat162float(*this); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator unsigned char() const { return (unsigned char)__bfloat162float(*this); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator short() const { return (short)__bfloat162float(*this); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator unsigned short() const { return (unsigned short)__bfloat162float(*this); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator int() const { return (int)__bfloat162float(*this); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator unsigned int() const { return (unsigned int)__bfloat162float(*this); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator long() const { return (long)__bfloat162float(*this); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator unsigned long() const { return (unsigned long)__bfloat162float(*this); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator long long() const { return (long long)__bfloat162float(*this); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator unsigned long long() const { return (unsigned long long)__bfloat162float(*this); }
  __ANYWARP_BF16_CONVERSION __ANYWARP_HDM operator bool() const { return (__x & 0x7fff) != 0; }
  __ANYWARP_HDM __nv_bfloat16 &operator=(float v) { return *this = __nv_bfloat16(v); }
  __ANYWARP_HDM __nv_bfloat16 &operator=(double v) { return *this = __nv_bfloat16(v); }
  __ANYWARP_HDM __nv_bfloat16 &operator=(short v) { return *this = __nv_bfloat16(v); }
  __ANYWARP_HDM __nv_bfloat16 &operator=(unsigned short v) { return *this = __nv_bfloat16(v); }
  __ANYWARP_HDM __nv_bfloat16 &operator=(int v) { return *this = __nv_bfloat16(v); }
  __ANYWARP_HDM __nv_bfloat16 &operator=(unsigned int v) { return *this = __nv_bfloat16(v); }
  __ANYWARP_HDM __nv_bfloat16 &operator=(long v) { return *this = __nv_bfloat16(v); }
  __ANYWARP_HDM __nv_bfloat16 &operator=(unsigned long v) { return *this = __nv_bfloat16(v); }
  __ANYWARP_HDM __nv_bfloat16 &operator=(long long v) { return *this = __nv_bfloat16(v); }
  __ANYWARP_HDM __nv_bfloat16 &operator=(unsigned long long v) { return *this = __nv_bfloat16(v); }

 private:
  // double to bfloat16 with one rounding: to float toward odd first.
  static __ANYWARP_HDM __nv_bfloat16 __double2bfloat16_rounded(double d) {
    float f = (float)d;
    if ((double)f != d && f - f == 0.0f) {
      unsigned u;
      __builtin_memcpy(&u, &f, 4);
      bool past = (d < 0 ? -(double)f : (double)f) > (d < 0 ? -d : d);
      if (past) u -= 1;
      u |= 1;
      __builtin_memcpy(&f, &u, 4);
    }
    return __float2bfloat16(f);
  }
};

struct __align__(4) __nv_bfloat162 {
  __nv_bfloat16 x, y;
  __nv_bfloat162() = default;
  __ANYWARP_HDM __nv_bfloat162(const __nv_bfloat16 &a, const __nv_bfloat16 &b) : x(a), y(b) {}
  __ANYWARP_HDM __nv_bfloat162(const __nv_bfloat162_raw &r) { __builtin_memcpy((void *)this, &r, 4); }
  __ANYWARP_HDM __nv_bfloat162 &operator=(const __nv_bfloat162_raw &r) {
    __builtin_memcpy((void *)this, &r, 4);
    return *this;
  }
  __ANYWARP_HDM operator __nv_bfloat162_raw() const {
    __nv_bfloat162_raw r;
    __builtin_memcpy(&r, (const void *)this, 4);
    return r;
  }
#if defined(__CUDA__) && defined(__clang__)
  typedef __bf16 __native_t __attribute__((ext_vector_type(2)));
  __ANYWARP_HDM __native_t __native() const { return __native_t{x.__native(), y.__native()}; }
  static __ANYWARP_HDM __nv_bfloat162 __from(__native_t v) { return __nv_bfloat162(__nv_bfloat16::__from(v.x), __nv_bfloat16::__from(v.y)); }
#endif
};

typedef __nv_bfloat16 nv_bfloat16;
typedef __nv_bfloat162 nv_bfloat162;
typedef __nv_bfloat16_raw nv_bfloat16_raw;
typedef __nv_bfloat162_raw nv_bfloat162_raw;
#endif
#endif
