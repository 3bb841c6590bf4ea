//! Gamma functions. Invariant: tgamma keeps exponents in two doubles, so its error does not grow with the argument. The
//! float functions are the double ones, rounded: rare in kernels, and exact to half an ulp. Bounds: tgammaf 5, lgammaf 6
//! (outside -10.001 ... -2.264), tgamma 10, lgamma 4 ulp (outside -11.0001 ... -2.2637).
#pragma once
#include "error.h"
#include "f64_trig.h"

namespace aw {

constexpr double PI_VALUE = 0x1.921fb54442d18p1;

/// |sin(pi a)|, a >= 0 finite.
AW_IN double abs_sinpi(double a) {
  TrigReducedD r = reduce_pi(a);
  double s = sinpi_quarter(r.f), c = cospi_quarter(r.f);
  return abs((r.n & 1) ? c : s);
}

/// Gamma(y + lo) = m 2^n for 1 <= y <= 200, by y^(y - 1/2) e^-y times a polynomial for the rest of Stirling's formula.
struct GammaParts {
  double m;
  i64 n;
};
AW_IN GammaParts gamma_core(double y, double lo) {
  Two<double> l = log2_two(y);
  Two<double> e = l * (y - 0.5) + Two<double>{0x1.71547652b82fep0, 0x1.777d0ffda0d24p-56} * -y;
  e.lo = fma(lo, l.hi, e.lo);
  double j = e.hi + MAGIC_D;
  i64 n = bits(j) - MAGIC_D_BITS;
  double f = e.hi - (j - MAGIC_D);
  double g = f * 0x1.62e42fefa39efp-1;
  double gl = fma(f, 0x1.62e42fefa39efp-1, -g);
  gl = fma(e.lo, 0x1.62e42fefa39efp-1, fma(f, 0x1.abc9e3b39803fp-56, gl));
  Two<double> h = fast_two_sum(g, gl);
  double q = mobius(y, 1.0);
  double p = poly(q, 0x1.3d0503387ea35p-14, -0x1.c763cd4c76d94p-11, 0x1.365278c0784a4p-8, -0x1.0c3f0c79ded89p-6,
      0x1.4ca157d9151a4p-5, -0x1.3e5ba2ad3149ap-4, 0x1.f0acc0f657a56p-4, -0x1.4b1cfdec2ccc7p-3, 0x1.8a97d49fe69dp-3,
      -0x1.b612e2cce8e02p-3, 0x1.d4b9edb715b74p-3, -0x1.ee93c1b1cf9dcp-3, 0x1.0483c7c362f17p-2, -0x1.138c24ba139b8p-2,
      0x1.2563228ba41aep-2, -0x1.3b248bd15a47ap-2, 0x1.566c275d9109p-2, -0x1.77e51c2619e6p-2, 0x1.9a2eeb02be116p-2,
      -0x1.addcdf954f8eap-2, 0x1.5bf0a8b145769p1);
  return {p * (1.0 + expm1_core(h.hi, h.lo)), n};
}
AW_IN double tgamma(double x) {
  double a = abs(x);
  // Below 1: Gamma(x) = Gamma(1 + x) / x, and below 0 pi / (sin(pi x) Gamma(1 - x)).
  Two<double> s = two_sum(1.0, a);
  bool direct = x >= 1.0;
  double y = direct ? x : s.hi;
  GammaParts g = gamma_core(at_most(y, 190.0), direct || !(a < 190.0) ? 0.0 : s.lo);
  double up = scale2(g.m, g.n);
  double divided = up / x;
  up = direct ? up : divided;
  up = y > 180.0 ? INF_D : up;
  double sp = abs_sinpi(at_most(a, 0x1p60));
  double down = scale2(PI_VALUE / (sp * g.m), -g.n);
  // The sign alternates between the poles; floor(x) is odd in (-1, 0).
  double fl = floor(x);
  bool odd = floor(fl * 0.5) * 2.0 != fl;
  down = odd ? -down : down;
  down = y > 190.0 ? (odd ? -0.0 : 0.0) : down;
  double r = x > 0.0 ? up : down;
  double inverse = 1.0 / x;
  r = a < 0x1p-60 ? inverse : r;
  r = x < 0.0 && fl == x ? nan_d() : r;
  return x != x ? x : r;
}

/// log(a) as hi + lo, a positive and finite.
AW_IN Two<double> log_full(double a) { return log2_two(a) * LN_2; }
/// log(Gamma(a)) for a >= 3: (a - 1/2) log(a) - a + log(2 pi)/2 + S(1/a^2)/a.
AW_IN Two<double> lgamma_large(double a) {
  Two<double> l = log_full(a);
  double i = 1.0 / a;
  double s = i * poly(i * i, 0x1.b5e3c20317c15p2, -0x1.7675eef32d71bp2, 0x1.315a53d210a9cp1, -0x1.482705d80244ap-1,
      0x1.1806ac885263fp-3, -0x1.c5045f7b91baep-6, 0x1.a00c51883c3e3p-8, -0x1.f64c7c5198cep-10, 0x1.b94f0acea9426p-11,
      -0x1.38137a957fb64p-11, 0x1.a01a0197f373bp-11, -0x1.6c16c16c15c34p-9, 0x1.5555555555555p-4);
  Two<double> t = l * (a - 0.5) + Two<double>{-a, 0.0};
  t = t + Two<double>{0x1.d67f1c864beb5p-1, -0x1.65b5a1b7ff5dfp-55};
  Two<double> v = fast_two_sum(t.hi, t.lo + s);
  // Past 2^60 the corrections vanish, and the products would overflow before the result does.
  double w = a * (l.hi - 1.0);
  bool in = a < 0x1p60;
  return {in ? v.hi : w, in ? v.lo : 0.0};
}
/// log(Gamma(a)) for 0 < a < 3.
AW_IN double lgamma_small(double a) {
  // Gamma(a) = Gamma(1 + a) / a below 1: both factors of (b - 1)(b - 2) stay exact.
  bool low = a < 1.0;
  double b1 = low ? a : a - 1.0;
  double b2 = b1 - 1.0;
  double p = poly(b2, 0x1.b2ce2b26c6f85p-30, -0x1.a467c71e3093cp-29, -0x1.2b89eb1f0ac7bp-28, 0x1.0642d9e4aa02fp-27,
      0x1.18802b664e582p-26, -0x1.010d18aeca4dbp-25, 0x1.86ed56211357bp-28, -0x1.42aee4bfe7802p-26,
      0x1.c0942204e1816p-24, -0x1.c7398fa46b50bp-23, 0x1.a8e6e7568fbdap-22, -0x1.c3cb333d27421p-21,
      0x1.e643bfc1afa9ep-20, -0x1.027c7c402ebd3p-18, 0x1.13db9d2fb229bp-17, -0x1.284b53a38e904p-16,
      0x1.402f7b7217fbdp-15, -0x1.5c86edc83538fp-14, 0x1.7ed730477c42fp-13, -0x1.a96a3e92e6287p-12,
      0x1.dfebcf9ef9f67p-11, -0x1.145121fc8065ap-9, 0x1.479748539543dp-8, -0x1.95ce223a978a6p-7, 0x1.0e0c9df2935d7p-5,
      -0x1.9ae6509ea10b5p-4, 0x1.b0ee6072093cep-2);
  double v = b1 * b2 * p;
  double l = log(low ? a : 1.0);
  return (v - l) + 0.0;  // log(Gamma(1)) is +0
}
AW_IN double lgamma(double x) {
  double a = abs(x);
  Two<double> g;
  if (a < 3.0) {
    g = {lgamma_small(a), 0.0};
  } else {
    g = lgamma_large(a);
  }
  double v = g.hi + g.lo;
  if (x < 0.0) {
    // Both logarithms in two doubles: log|Gamma| crosses zero next to every pole.
    Two<double> l = log_full(PI_VALUE / (a * abs_sinpi(a))) + Two<double>{-g.hi, -g.lo};
    v = a < 0x1p-60 ? v : l.hi + l.lo;
    v = trunc(x) == x ? INF_D : v;
  }
  v = a < INF_D ? v : a;
  return x == 0.0 ? INF_D : v;
}

}  // namespace aw

AW_API double __nv_tgamma(double x) { return aw::tgamma(x); }
AW_API double __nv_lgamma(double x) { return aw::lgamma(x); }
AW_API float __nv_tgammaf(float x) { return (float)aw::tgamma((double)x); }
AW_API float __nv_lgammaf(float x) { return (float)aw::lgamma((double)x); }
