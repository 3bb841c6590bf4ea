//! Trigonometric functions of floats. Invariant: straight-line after a three-term reduction by pi/2; |x| > 2^16
//! takes the one branch, an exact reduction with 96 bits of 2/pi. Bounds: sin, cos, sincos 2, tan 4,
//! sinpi, cospi, sincospi 1 ulp.
#pragma once
#include "core.h"

namespace aw {

/// Bits of 2/pi, after two words of zeros: a reduction starts its window up to 62 bits early.
AW_TABLE u32 aw_two_over_pi_f32[9] = {0,          0,          0xa2f9836eu, 0x4e441529u, 0xfc2757d1u,
                                      0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu};

constexpr float PI_1 = 0x1.921fb6p1f, PI_2 = -0x1.777a5cp-24f, PI_3 = -0x1.ee59dap-49f;
constexpr double PI_D = 0x1.921fb54442d18p1;

/// x = n * unit + f with |f| <= unit/2.
struct TrigReduced {
  float f;
  u32 n;  // only the low bits count
};

/// Payne and Hanek's reduction by pi/2 for |x| >= 2^16 (infinite x gives a finite garbage f).
AW_IN TrigReduced reduce_huge(float x) {
  u32 ix = ubits(x);
  u32 e = (ix >> 23) & 0xff;
  u64 m = (ix & 0x7fffffu) | 0x800000u;
  u32 s = e - 88;
  u32 i = s >> 5, sh = s & 31;
  u64 w01 = (u64)aw_two_over_pi_f32[i] << 32 | aw_two_over_pi_f32[i + 1];
  u64 w23 = (u64)aw_two_over_pi_f32[i + 2] << 32 | aw_two_over_pi_f32[i + 3];
  // Three words of the bit string from bit s on.
  u32 a = (u32)((w01 << sh) >> 32);
  u32 b = (u32)((((w01 << 32) | (w23 >> 32)) << sh) >> 32);
  u32 c = (u32)((w23 << sh) >> 32);
  u64 lo = m * c;
  u64 mid = m * b + (lo >> 32);
  u32 hi = (u32)(m * a + (mid >> 32));
  u64 r = (u64)hi << 32 | (u32)mid;  // x/(pi/2) modulo 4, 2 integer bits
  r = (ix >> 31) ? 0 - r : r;
  u32 n = (u32)((r + 0x2000000000000000ull) >> 62);
  i64 frac = (i64)(r << 2);
  return {(float)((double)frac * (PI_D * 0x1p-65)), n};
}

/// x = n pi/2 + f, |f| <= pi/4.
AW_IN TrigReduced reduce_quarter(float x) {
  float j = fma(x, 0x1.45f306p-1f, MAGIC_F);
  u32 n = ubits(j);
  j -= MAGIC_F;
  float f = fma(j, -0.5f * PI_1, x);
  f = fma(j, -0.5f * PI_2, f);
  f = fma(j, -0.5f * PI_3, f);
  if (abs(x) > 0x1p16f) {
    TrigReduced r = reduce_huge(x);
    f = abs(x) < INF_F ? r.f : nan_f();
    n = r.n;
  }
  return {f, n};
}
AW_IN float sin_quarter(float f) {
  float s = f * f;
  return fma(s * f, poly(s, 0x1.77de10p-19f, -0x1.a0485ep-13f, 0x1.111164p-7f, -0x1.555556p-3f), f);
}
AW_IN float cos_quarter(float f) {
  float s = f * f;
  return poly(s, 0x1.99e81ep-16f, -0x1.6c0c28p-10f, 0x1.55554ap-5f, -0.5f, 1.0f);
}
/// Puts sine and cosine of n quarter turns plus an angle together.
AW_IN void rotate(u32 n, float s, float c, float *ps, float *pc) {
  bool odd = n & 1;
  float a = odd ? c : s, b = odd ? s : c;
  *ps = as_f32(ubits(a) ^ ((n & 2) << 30));
  *pc = as_f32(ubits(b) ^ (((n + 1) & 2) << 30));
}
AW_IN void sincos(float x, float *ps, float *pc) {
  TrigReduced r = reduce_quarter(x);
  float s, c;
  rotate(r.n, sin_quarter(r.f), cos_quarter(r.f), &s, &c);
  *ps = x == 0.0f ? x : s;
  *pc = c;
}

AW_IN float sin(float x) {
  TrigReduced r = reduce_quarter(x);
  float a = sin_quarter(r.f), b = cos_quarter(r.f);
  float v = (r.n & 1) ? b : a;
  v = as_f32(ubits(v) ^ ((r.n & 2) << 30));
  return x == 0.0f ? x : v;
}
AW_IN float cos(float x) {
  TrigReduced r = reduce_quarter(x);
  float a = sin_quarter(r.f), b = cos_quarter(r.f);
  float v = (r.n & 1) ? a : b;
  return as_f32(ubits(v) ^ (((r.n + 1) & 2) << 30));
}

AW_IN float tan(float x) {
  TrigReduced r = reduce_quarter(x);
  float s = r.f * r.f;
  float p = poly(s, 0x1.340164p-7f, 0x1.95e686p-9f, 0x1.907d6ap-6f, 0x1.b583e6p-5f, 0x1.112df0p-3f, 0x1.5554dep-2f);
  float t = fma(s * r.f, p, r.f);
  float v = (r.n & 1) ? -1.0f / t : t;
  return x == 0.0f ? x : v;
}

/// x = n/2 + f, |f| <= 1/4, exactly. A float from 2^24 on is an even integer.
AW_IN TrigReduced reduce_pi(float x) {
  x = abs(x) < 0x1p24f ? x : x * 0.0f;
  float j = rint(x + x);
  return {fma(j, -0.5f, x), (u32)(i32)j};
}
AW_IN float sinpi_quarter(float f) {
  float s = f * f;
  // pi = 0x1.921fb6p1 - 0x1.777a5cp-24: the low part joins the tail.
  float p = poly(s, 0x1.3efdeap-4f, -0x1.329df4p-1f, 0x1.466b62p1f, -0x1.4abbcep2f);
  float t = fma(f * s, p, f * PI_2);
  return fma(f, PI_1, t);
}
AW_IN float cospi_quarter(float f) {
  float s = f * f;
  return poly(s, 0x1.d684aap-3f, -0x1.55b7cep0f, 0x1.03c1b8p2f, -0x1.3bd3ccp2f, 1.0f);
}
AW_IN void sincospi(float x, float *ps, float *pc) {
  TrigReduced r = reduce_pi(x);
  float s, c;
  rotate(r.n, sinpi_quarter(r.f), cospi_quarter(r.f), &s, &c);
  // C23 F.10.1: sinpi(+-integer) is +-0 with the sign of x, cospi(n + 1/2) is +0.
  *ps = r.f == 0.0f && !(r.n & 1) ? copysign(0.0f, x) : s;
  *pc = c == 0.0f ? 0.0f : c;
}
AW_IN float sinpi(float x) {
  float s, c;
  sincospi(x, &s, &c);
  return s;
}
AW_IN float cospi(float x) {
  float s, c;
  sincospi(x, &s, &c);
  return c;
}

}  // namespace aw

AW_API float __nv_sinf(float x) { return aw::sin(x); }
AW_API float __nv_cosf(float x) { return aw::cos(x); }
AW_API float __nv_tanf(float x) { return aw::tan(x); }
AW_API void __nv_sincosf(float x, float *s, float *c) { aw::sincos(x, s, c); }
AW_API float __nv_sinpif(float x) { return aw::sinpi(x); }
AW_API float __nv_cospif(float x) { return aw::cospi(x); }
AW_API void __nv_sincospif(float x, float *s, float *c) { aw::sincospi(x, s, c); }
