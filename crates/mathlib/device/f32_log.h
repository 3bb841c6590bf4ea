//! Logarithms of floats and the inverse hyperbolic functions built on them. Invariant: straight-line; a denormal is scaled
//! by a select. Bounds: log 1, log2 1, log10 2, log1p 1, asinh 3, acosh 4, atanh 3 ulp.
#pragma once
#include "core.h"

namespace aw {

/// x = 2^e (1 + f), 1 + f in [sqrt(1/2), sqrt(2)); zero, negative, infinite and NaN arguments give something finite.
struct LogReduced {
  float f, e;
};
AW_IN LogReduced log_reduce(float x) {
  bool tiny = x < 0x1p-126f;
  x = tiny ? x * 0x1p23f : x;
  float bias = tiny ? -23.0f : 0.0f;
  i32 k = (bits(x) - 0x3f3504f3) & 0xff800000;
  return {as_f32(bits(x) - k) - 1.0f, fma((float)k, 0x1p-23f, bias)};
}
/// The C99 cases around a logarithm `r` of a positive finite x.
AW_IN float log_edges(float x, float r) {
  r = x < INF_F ? r : x;
  float z = x == 0.0f ? -INF_F : nan_f();
  return x > 0.0f ? r : z;
}
/// (log(1+f) - f) / f^2.
AW_IN float log1p_tail(float f) {
  return poly(f, -0x1.3e62a0p-4f, 0x1.05e654p-3f, -0x1.0cbbf2p-3f, 0x1.22b604p-3f, -0x1.547fccp-3f, 0x1.99a25ap-3f,
              -0x1.00022ep-2f, 0x1.555550p-2f, -0x1.fffffep-2f);
}

AW_IN float log(float x) {
  LogReduced r = log_reduce(x);
  float t = fma(r.f * r.f, log1p_tail(r.f), r.f);
  return log_edges(x, fma(r.e, 0x1.62e430p-1f, t));
}

AW_IN float log2(float x) {
  LogReduced r = log_reduce(x);
  float f = r.f;
  float q = poly(f, -0x1.caecacp-4f, 0x1.78370cp-3f, -0x1.82efecp-3f, 0x1.a39faep-3f, -0x1.eb5ca8p-3f, 0x1.277c1ap-2f,
                 -0x1.7156dcp-2f, 0x1.ec7098p-2f, -0x1.715476p-1f);
  float lo = f * fma(f, q, 0x1.4ae0c0p-26f);
  return log_edges(x, r.e + fma(f, 0x1.715476p0f, lo));
}

AW_IN float log10(float x) {
  LogReduced r = log_reduce(x);
  float f = r.f;
  float q = poly(f, -0x1.146a2cp-5f, 0x1.c65644p-5f, -0x1.d290a6p-5f, 0x1.f91a0ap-5f, -0x1.27c6e0p-4f, 0x1.63cd5cp-4f,
                 -0x1.bcbb34p-4f, 0x1.287a72p-3f, -0x1.bcb7b0p-3f);
  float lo = f * fma(f, q, -0x1.5b235ep-27f);
  lo = fma(r.e, -0x1.ec10c0p-27f, lo);
  return log_edges(x, fma(r.e, 0x1.344136p-2f, fma(f, 0x1.bcb7b2p-2f, lo)));
}

/// log(1 + x) for x in (-1, inf), finite.
AW_IN float log1p_core(float x) {
  float u = x + 1.0f;
  i32 k = (bits(u) - 0x3f3504f3) & 0xff800000;
  // f = (1 + x) 2^-e - 1 without the rounding of 1 + x; 4 * 2^-e exists for every e.
  float s4 = as_f32(0x40800000 - k);
  float xs = as_f32(bits(x) - k);
  Two<float> f = fast_two_sum(fma(0.25f, s4, -1.0f), xs);  // where |xs| is the larger, the sum is exact
  float e = (float)k * 0x1p-23f;
  float t = f.hi + fma(f.hi * f.hi, log1p_tail(f.hi), f.lo);
  return fma(e, 0x1.62e430p-1f, t);
}
AW_IN float log1p(float x) {
  float r = log1p_core(x);
  r = x < INF_F ? r : x;
  float z = x == -1.0f ? -INF_F : nan_f();
  r = x > -1.0f ? r : z;
  return x == 0.0f ? x : r;
}

AW_IN float asinh(float x) {
  float a = abs(x);
  bool huge = a > 0x1p30f;
  float s = huge ? 1.0f : a;
  float t = s + s * s / (1.0f + sqrt(fma(s, s, 1.0f)));
  float r = log1p_core(huge ? a : t);
  auto plus = r + 0x1.62e430p-1f;
  r = huge ? plus : r;
  r = a < INF_F ? r : a;
  r = copysign(r, x);
  return a < 0x1p-12f ? x : r;
}

AW_IN float acosh(float x) {
  bool huge = x > 0x1p30f;
  float t = huge ? 1.0f : x - 1.0f;
  float w = t + sqrt(fma(t, t, t + t));
  float r = log1p_core(huge ? x : w);
  auto plus = r + 0x1.62e430p-1f;
  r = huge ? plus : r;
  r = x < INF_F ? r : x;
  return x >= 1.0f ? r : nan_f();
}

AW_IN float atanh(float x) {
  float a = abs(x);
  float r = 0.5f * log1p_core(2.0f * a / (1.0f - a));
  r = a == 1.0f ? INF_F : r;
  r = a <= 1.0f ? r : nan_f();
  r = copysign(r, x);
  return a < 0x1p-12f ? x : r;
}

}  // namespace aw

AW_API float __nv_logf(float x) { return aw::log(x); }
AW_API float __nv_log2f(float x) { return aw::log2(x); }
AW_API float __nv_log10f(float x) { return aw::log10(x); }
AW_API float __nv_log1pf(float x) { return aw::log1p(x); }
AW_API float __nv_asinhf(float x) { return aw::asinh(x); }
AW_API float __nv_acoshf(float x) { return aw::acosh(x); }
AW_API float __nv_atanhf(float x) { return aw::atanh(x); }
