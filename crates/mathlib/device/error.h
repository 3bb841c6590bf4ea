//! Error functions and the normal distribution, floats and doubles. Invariant: straight-line; erfc, erfcx and normcdf share
//! one polynomial for (1 + 2a) erfcx(a) over all a >= 0. Bounds in ulp: erff 2, erfcf 4, erfcxf 4, normcdff 5, erfinvf 2,
//! erfcinvf 4, normcdfinvf 5; erf 2, erfc 5, erfcx 4, normcdf 5, erfinv 5, erfcinv 6, normcdfinv 8.
#pragma once
#include "f32_exp.h"
#include "f32_log.h"
#include "f64_exp.h"
#include "f64_log.h"

namespace aw {

/// (a - k) / (a + k) with one rounding's error: near -1 and 1 both sums would add theirs.
template <class T> AW_IN T mobius(T a, T k) {
  T r = T(1) / (a + k);
  T q = (a - k) * r;
  T e = fma(-q, a, fma(q + T(1), -k, a));
  return fma(r, e, q);
}

/// erfcx(a) = e^(a^2) erfc(a), a >= 0.
AW_IN float erfcx_core(float a) {
  float c = at_most(a, 0x1p60f);
  float q = mobius(c, 3.0f);
  float p = poly(q, 0x1.032a1p-18f, 0x1.44433ep-14f, -0x1.b4c18p-14f, -0x1.7cdef6p-11f, 0x1.eef51cp-10f,
      0x1.479072p-9f, -0x1.857402p-6f, 0x1.17d31ep-4f, -0x1.e88b88p-4f, 0x1.0982dap-3f, -0x1.85a15cp-5f,
      -0x1.15c08p-3f, 0x1.40c522p0f);
  return p * 0.5f / (a + 0.5f);
}
AW_IN double erfcx_core(double a) {
  double c = at_most(a, 0x1p500);
  double q = mobius(c, 4.0);
  double p = poly(q, -0x1.246d1358219cep-32, 0x1.ffeb28f5c6a5fp-31, 0x1.b39ff84a26a7fp-29, -0x1.a83c2ea78427fp-27,
      -0x1.613ab11120be1p-26, 0x1.c8b87aa01d50ep-24, 0x1.4cbb15f59d352p-24, -0x1.b8d249727c6bp-21,
      0x1.3981051e248c5p-22, 0x1.7ef6b7a31ee17p-18, -0x1.78861f18f35b6p-17, -0x1.995385e20c5e9p-16,
      0x1.3be04bf52bd73p-13, -0x1.a1df5db3b79cdp-13, -0x1.8d4a9b00c79bdp-11, 0x1.49c672e0029c1p-8,
      -0x1.0962388397d97p-6, 0x1.3079edf51fc68p-5, -0x1.0fb06dfe5229fp-4, 0x1.7fee004e1e9dcp-4, -0x1.9ddb23c3e8a22p-4,
      0x1.16ecefcfa4d42p-4, 0x1.f7f5df66fd6c2p-7, -0x1.1df1ad154a287p-3, 0x1.3ba5916e9fd7fp0);
  return p * 0.5 / (a + 0.5);
}

/// e^-(h + l) * y, with a result that may be denormal.
AW_IN float exp_neg_times(float h, float l, float y) {
  ExpReduced r = exp_reduce(-h);
  return scale2(exp_poly(r.f - l) * y, r.n);
}
AW_IN double exp_neg_times(double h, double l, double y) {
  ExpReducedD r = exp_reduce(-h);
  return scale2((1.0 + expm1_core(r.f - l, 0.0)) * y, r.n);
}
template <class T> struct TailEnd;  // past it erfc is zero
template <> struct TailEnd<float> { static constexpr float AT = 10.5f, CDF = 15.0f, EXP = 88.9f; };
template <> struct TailEnd<double> { static constexpr double AT = 27.5, CDF = 39.0, EXP = 709.9; };

/// erf(a) / a - 1, s = a^2 <= 1.
AW_IN float erf_tail(float s) { return poly(s, 0x1.4a9dacp-14f, -0x1.a46b4p-11f, 0x1.541636p-8f, -0x1.b7fb38p-6f,
    0x1.ce2d18p-4f, -0x1.81273ep-2f, 0x1.06eba8p-3f); }
AW_IN double erf_tail(double s) {
  return poly(s, -0x1.29cd9cfb6be5fp-38, 0x1.7f0f204500b63p-34, -0x1.4e61eb4124ecbp-30, 0x1.fc43a356a068dp-27,
      -0x1.5f6d978de772fp-23, 0x1.b9e65114fcc87p-20, -0x1.f4d2562282ff2p-17, 0x1.f9a326c2864b4p-14,
      -0x1.c02db3feedba8p-11, 0x1.565bcd0e650e1p-8, -0x1.b82ce312889bep-6, 0x1.ce2f21a042bdep-4,
      -0x1.812746b0379e7p-2, 0x1.06eba8214db69p-3);
}

template <class T> AW_IN T erfc(T x) {
  T a = at_most(abs(x), TailEnd<T>::AT);
  Two<T> s = two_prod(a, a);
  T r = exp_neg_times(s.hi, s.lo, erfcx_core(a));
  r = x < 0 ? T(2) - r : r;
  T near = T(1) - fma(x, erf_tail(s.hi), x);
  r = a < T(0.5) ? near : r;
  return r;
}
template <class T> AW_IN T erfcx(T x) {
  T a = abs(x);
  T r = erfcx_core(a);
  // Negative: 2 e^(x^2) - erfcx(-x).
  T c = at_most(a, sqrt(TailEnd<T>::EXP));
  Two<T> s = two_prod(c, c);
  T e = exp_neg_times(-s.hi, -s.lo, T(1));
  T n = fma(T(2), e, -r);
  r = x < 0 ? n : r;
  T end = x * x;
  end = x > 0 ? T(0) : end;
  return a < infinity<T>() ? r : end;
}
template <class T> AW_IN T normcdf(T x) {
  T a = at_most(abs(x), TailEnd<T>::CDF);
  Two<T> s = two_prod(a, a);
  T r = T(0.5) * exp_neg_times(T(0.5) * s.hi, T(0.5) * s.lo, erfcx_core(a * T(0x1.6a09e667f3bcdp-1)));
  r = x > 0 ? T(1) - r : r;
  T h = x * T(0x1.6a09e667f3bcdp-1);
  T near = T(0.5) + T(0.5) * fma(h, erf_tail(h * h), h);
  r = a < T(0.5) ? near : r;
  return r;
}

AW_IN float erf(float x) {
  float a = at_most(abs(x), 4.0f);
  float s = a * a;
  float small = fma(a, erf_tail(s), a);
  // log2(erfc(a)) / a on [1, 4].
  float g = a * poly(a, 0x1.5cbadep-20f, -0x1.82fc7ep-15f, 0x1.6cde88p-11f, -0x1.914c6ep-8f, 0x1.27ab8p-5f,
      -0x1.3e41ap-3f, -0x1.d47b82p-1f, -0x1.a0ee22p0f);
  float j = g + MAGIC_F;
  i32 n = bits(j) - MAGIC_F_BITS;
  float big = fma(-exp2_poly(g - (j - MAGIC_F)), pow2i(n), 1.0f);
  float r = a < 1.0f ? small : big;
  r = copysign(r, x);
  return r;
}
AW_IN double erf(double x) {
  double a = at_most(abs(x), 6.0);
  double s = a * a;
  double small = fma(a, erf_tail(s), a);
  double l = fma(a, a, -s);
  double big = 1.0 - exp_neg_times(s, l, erfcx_core(a));
  double r = a < 1.0 ? small : big;
  r = copysign(r, x);
  return r;
}

/// erfinv(x) / x as a function of w = -log(1 - x^2), for 1 - |x| above `TAIL`.
AW_IN float erfinv_central(float w) { return poly(w - 1.5f, 0x1.cacb5ap-24f, -0x1.9fd7b4p-24f, -0x1.6724e6p-18f,
    0x1.8790b6p-16f, 0x1.749072p-13f, -0x1.123feap-9f, 0x1.cd40a8p-11f, 0x1.005f04p-2f, 0x1.408742p0f); }
AW_IN double erfinv_central(double w) {
  return poly(w - 2.5, 0x1.76f05e70d8d39p-59, -0x1.87f2930955ffdp-56, -0x1.d3e4f6b3b030cp-54, 0x1.060960ed76a77p-49,
      -0x1.c9b77535fad8p-49, -0x1.540fee0eaef96p-44, 0x1.2e666bcda3022p-41, 0x1.ff7cf2d9ed6fcp-41,
      -0x1.11a0d2749084dp-35, 0x1.0709dc6d45883p-33, 0x1.f2cd30d744d59p-31, -0x1.7530013f262dcp-27,
      0x1.ccff52e5829aap-27, 0x1.01037eead99cep-21, -0x1.ca9227b0f67d9p-19, -0x1.4f47fe8111ba9p-18,
      0x1.c9b437ed0129p-13, -0x1.4863cdfb5d5ddp-10, -0x1.11c3c302dfbp-8, 0x1.f91e8993f0d09p-3, 0x1.805c5cfcedef5p0);
}
/// erfcinv(p) / t - 1 as a function of (t - 5) / (t + 5), t = sqrt(-log(p)).
AW_IN float erfinv_tail(float q) {
  return poly(q, 0x1.ebd74ep-4f, 0x1.99ad54p-9f, -0x1.401a04p-4f, 0x1.707ba2p-4f, -0x1.04dabcp-3f, 0x1.5710acp-3f,
      -0x1.919a0ep-3f, 0x1.aa9ecep-3f, -0x1.95198ep-3f, 0x1.199304p-3f, -0x1.6974b6p-5f);
}
AW_IN double erfinv_tail(double q) {
  return poly(q, -0x1.981bf2ddcb3f6p-9, 0x1.e8aa9f2f5c1a4p-7, -0x1.fccd171c25382p-6, 0x1.2687c0e5115bfp-5,
      -0x1.81133bb12cd91p-6, 0x1.0fa527d4ba6fep-8, 0x1.97508084454f6p-7, -0x1.b014bc3a6af0dp-6, 0x1.45fe78d10feacp-5,
      -0x1.a5678ea0138c7p-5, 0x1.e10da3786a96fp-5, -0x1.ea4b286af42c5p-5, 0x1.b772442bd99dfp-5, -0x1.42e2a6e0c25cep-5,
      0x1.15abe97160be2p-6, 0x1.ad9becc851e73p-7, -0x1.95033fdf2dfb5p-5, 0x1.6eea832d2988p-4, -0x1.0b280f6e168efp-3,
      0x1.570237bc2e663p-3, -0x1.9150f446c57ebp-3, 0x1.aa9f8e8d2a754p-3, -0x1.951abaffb2a39p-3, 0x1.199302762f69ep-3,
      -0x1.6974b26de6ffbp-5);
}
template <class T> struct InverseTail;
template <> struct InverseTail<float> { static constexpr float AT = 0.0257f; };
template <> struct InverseTail<double> { static constexpr double AT = 0.00345; };

/// erfinv(x) where p = 1 - |x| is known to full precision.
template <class T> AW_IN T erfinv_core(T x, T p) {
  bool tail = p < InverseTail<T>::AT;
  // 1 - x^2, from whichever of x and p is exact.
  T w = p > T(0.5) ? fma(-x, x, T(1)) : p * (T(2) - p);
  T l = -log(tail ? p : w);
  T t = sqrt(tail ? l : T(9));
  T big = copysign(fma(t, erfinv_tail(mobius(t, T(5))), t), x);
  T small = x * erfinv_central(l);
  return tail ? big : small;
}
template <class T> AW_IN T erfinv(T x) {
  T a = abs(x);
  T r = erfinv_core(x, T(1) - a);
  r = a == T(1) ? copysign(infinity<T>(), x) : r;
  return a <= T(1) ? r : nan_like(x);
}
template <class T> AW_IN T erfcinv(T y) {
  T p = y > T(1) ? T(2) - y : y;
  T r = erfinv_core(T(1) - y, p);
  r = y == 0 ? infinity<T>() : r;
  r = y == T(2) ? -infinity<T>() : r;
  return y >= 0 && y <= T(2) ? r : nan_like(y);
}
template <class T> AW_IN T normcdfinv(T x) {
  // -sqrt(2) erfcinv(2 x) is sqrt(2) erfinv(2 x - 1); 1/2 gives +0.
  T y = x + x;
  T p = y > T(1) ? T(2) - y : y;
  T r = T(0x1.6a09e667f3bcdp0) * erfinv_core(y - T(1), p);
  r = x == 0 ? -infinity<T>() : r;
  r = x == T(1) ? infinity<T>() : r;
  return x >= 0 && x <= T(1) ? r : nan_like(x);
}

}  // namespace aw

#define AW_ERROR(S, T)                                              \
  AW_API T __nv_erf##S(T x) { return aw::erf(x); }                  \
  AW_API T __nv_erfc##S(T x) { return aw::erfc(x); }                \
  AW_API T __nv_erfcx##S(T x) { return aw::erfcx(x); }              \
  AW_API T __nv_normcdf##S(T x) { return aw::normcdf(x); }          \
  AW_API T __nv_erfinv##S(T x) { return aw::erfinv(x); }            \
  AW_API T __nv_erfcinv##S(T x) { return aw::erfcinv(x); }          \
  AW_API T __nv_normcdfinv##S(T x) { return aw::normcdfinv(x); }
AW_ERROR(f, float)
AW_ERROR(, double)
