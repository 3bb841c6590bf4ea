//! The PTX `.approx` instructions of f32 and f64: what lowering turns each of them into. Invariant: fewest operations
//! within the error that the PTX ISA manual gives (9.7.3 "Floating Point Instructions"), its special-value tables exactly.
//! `_ftz` variants flush denormal inputs and results to a zero of the same sign.
#pragma once
#include "f32_trig.h"

namespace aw {

AW_IN float flush(float x) {
  float z = copysign(0.0f, x);
  return abs(x) < 0x1p-126f ? z : x;
}

/// ex2: 2^-22.5 relative. -inf -> +0, +inf -> +inf, +-0 and denormals -> 1.
AW_IN float ex2_approx_poly(float f) {
  return poly(f, 0x1.5bfd58p-10f, 0x1.3ceaf8p-7f, 0x1.c6b69ap-5f, 0x1.ebf9bap-3f, 0x1.62e42ap-1f, 1.0f);
}
AW_IN float ex2_approx(float x) {
  x = at_most(at_least(x, -254.0f), 129.0f);
  float j = x + MAGIC_F;
  i32 n = bits(j) - MAGIC_F_BITS;
  return scale2(ex2_approx_poly(x - (j - MAGIC_F)), n);
}
AW_IN float ex2_approx_ftz(float x) {
  float j = x + MAGIC_F;
  float p = ex2_approx_poly(x - (j - MAGIC_F));
  // For every result that is kept the exponent stays in range: p < 1 where n is 128, p >= 1 where n is -126.
  float r = as_f32(bits(p) + (bits(j) << 23));
  float top = x + INF_F;  // NaN stays NaN
  r = x < 128.0f ? r : top;
  return x < -126.0f ? 0.0f : r;
}

/// lg2: 2^-22 absolute on [1/2, 2], 2^-22 relative elsewhere.
AW_IN float lg2_approx_finite(float x, float bias) {
  i32 k = (bits(x) - 0x3f3504f3) & 0xff800000;
  float f = as_f32(bits(x) - k) - 1.0f;
  float p = poly(f, -0x1.2d5ff2p-3f, 0x1.e0c364p-3f, -0x1.fd588ep-3f, 0x1.25dfd4p-2f, -0x1.70e424p-2f, 0x1.ec787ep-2f,
                 -0x1.715526p-1f, 0x1.715474p0f);
  return fma(f, p, fma((float)k, 0x1p-23f, bias));
}
AW_IN float lg2_approx(float x) {
  bool tiny = x < 0x1p-126f;
  float r = lg2_approx_finite(tiny ? x * 0x1p23f : x, tiny ? -23.0f : 0.0f);
  r = x < INF_F ? r : x;
  float z = x == 0.0f ? -INF_F : nan_f();
  return x > 0.0f ? r : z;
}
AW_IN float lg2_approx_ftz(float x) {
  float r = lg2_approx_finite(x, 0.0f);
  r = x < INF_F ? r : x;
  float z = x > -0x1p-126f ? -INF_F : nan_f();
  return x >= 0x1p-126f ? r : z;
}

/// sin, cos: 2^-20.5 absolute on [-2 pi, 2 pi], 2^-14.7 on [-100 pi, 100 pi]; beyond, something in [-1, 1].
AW_IN float sin_approx_poly(float f) {
  f = at_most(at_least(f, -1.58f), 1.58f);
  float s = f * f;
  return f * poly(s, 0x1.5da7f2p-19f, -0x1.9f6f20p-13f, 0x1.110ed4p-7f, -0x1.55554cp-3f, 1.0f);
}
// Both parts of pi are positive, so that -0 comes through.
constexpr float PI_HI = 0x1.921fb4p1f, PI_LO = 0x1.4442d2p-23f;
AW_IN float sin_approx(float x) {
  float j = fma(x, 0x1.45f306p-2f, MAGIC_F);
  u32 sign = ubits(j) << 31;
  j -= MAGIC_F;
  float f = fma(j, -PI_LO, fma(j, -PI_HI, x));
  return as_f32(ubits(sin_approx_poly(f)) ^ sign);
}
AW_IN float cos_approx(float x) {
  float j = fma(x, 0x1.45f306p-2f, 0.5f) + MAGIC_F;
  u32 sign = ubits(j) << 31;
  j = (j - MAGIC_F) - 0.5f;
  float f = fma(j, -PI_LO, fma(j, -PI_HI, x));
  return as_f32(ubits(sin_approx_poly(f)) ^ sign);
}

/// tanh: 2^-11 relative. +-0, denormals -> same; +-inf -> +-1. From 4.4 on 1 is near enough; below, tanh(x)/x as a
/// polynomial of x^2 shifted to [-1, 1]. A division would cost more.
AW_IN float tanh_approx(float x) {
  float u = fma(x, x * 0x1.a723f8p-4f, -1.0f);
  float p = poly(u, -0x1.d5c084p-3f, 0x1.fe12fep-3f, 0x1.8053bap-2f, -0x1.750f3ep-2f, -0x1.43ee72p-2f, 0x1.294408p-2f,
                 0x1.2abadep-5f, 0x1.4fc4eap-10f, -0x1.8bdcf8p-4f, 0x1.df6e6ap-4f, -0x1.3ee6a2p-3f, 0x1.47bb46p-2f);
  float v = x * p, one = copysign(1.0f, x);
  return abs(x) >= 4.4f ? one : v;
}

AW_IN float div_approx(float a, float b) {
  // 2^126 < |b|: the reciprocal is flushed, hence 0, or NaN for an infinite a.
  float zero = a * copysign(0.0f, b);
  float q = a / b;
  return abs(b) > 0x1p126f ? zero : q;
}

/// The f64 forms see and give the upper 32 bits only, denormals flushed.
AW_IN double upper(double x) {
  x = as_f64(ubits(x) & 0xffffffff00000000ull);
  double z = copysign(0.0, x);
  return abs(x) < 0x1p-1022 ? z : x;
}
AW_IN double upper_result(double r) {
  double t = as_f64((ubits(r) + 0x80000000ull) & 0xffffffff00000000ull);
  t = abs(r) < INF_D ? t : r;
  double z = copysign(0.0, r);
  return abs(r) < 0x1p-1022 ? z : t;
}

}  // namespace aw

AW_API float __aw_ex2_approx_f32(float x) { return aw::ex2_approx(x); }
AW_API float __aw_ex2_approx_ftz_f32(float x) { return aw::ex2_approx_ftz(x); }
AW_API float __aw_lg2_approx_f32(float x) { return aw::lg2_approx(x); }
AW_API float __aw_lg2_approx_ftz_f32(float x) { return aw::lg2_approx_ftz(x); }
AW_API float __aw_sin_approx_f32(float x) { return aw::sin_approx(x); }
AW_API float __aw_sin_approx_ftz_f32(float x) { return aw::sin_approx(aw::flush(x)); }
AW_API float __aw_cos_approx_f32(float x) { return aw::cos_approx(x); }
AW_API float __aw_cos_approx_ftz_f32(float x) { return aw::cos_approx(x); }
AW_API float __aw_tanh_approx_f32(float x) { return aw::tanh_approx(x); }
AW_API float __aw_rsqrt_approx_f32(float x) { return aw::rsqrt_approx(x); }
AW_API float __aw_rsqrt_approx_ftz_f32(float x) { return aw::rsqrt_approx(aw::flush(x)); }
AW_API float __aw_sqrt_approx_f32(float x) { return aw::sqrt(x); }
AW_API float __aw_sqrt_approx_ftz_f32(float x) { return aw::sqrt(aw::flush(x)); }
AW_API float __aw_rcp_approx_f32(float x) { return 1.0f / x; }
AW_API float __aw_rcp_approx_ftz_f32(float x) { return aw::flush(1.0f / aw::flush(x)); }
AW_API float __aw_div_approx_f32(float a, float b) { return aw::div_approx(a, b); }
AW_API float __aw_div_approx_ftz_f32(float a, float b) { return aw::flush(aw::div_approx(aw::flush(a), aw::flush(b))); }
AW_API float __aw_div_full_f32(float a, float b) { return a / b; }
AW_API float __aw_div_full_ftz_f32(float a, float b) { return aw::flush(aw::flush(a) / aw::flush(b)); }
AW_API double __aw_rsqrt_approx_f64(double x) { return 1.0 / aw::sqrt(x); }
AW_API double __aw_rsqrt_approx_ftz_f64(double x) { return aw::upper_result(1.0 / aw::sqrt(aw::upper(x))); }
AW_API double __aw_ex2_approx_f64(double x) { return aw::exp2(x); }
AW_API double __aw_lg2_approx_f64(double x) { return aw::log2(x); }
AW_API double __aw_sin_approx_f64(double x) { return aw::sin(x); }
AW_API double __aw_cos_approx_f64(double x) { return aw::cos(x); }
AW_API double __aw_rcp_approx_ftz_f64(double x) { return aw::upper_result(1.0 / aw::upper(x)); }
