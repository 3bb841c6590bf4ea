//! Exponentials and hyperbolic functions of doubles. Invariant: straight-line, NaN flows through the arithmetic, denormal
//! results are rounded once. Bounds: exp, exp2, exp10, expm1, cosh, tanh 1, sinh 2 ulp.
#pragma once
#include "core.h"

namespace aw {

/// (e^p - 1 - p) / p^2 on |p| <= ln(2)/2.
AW_IN double expm1_tail(double p) {
  return poly(p, 0x1.1f332fa351ec8p-29, 0x1.af4f1b79c0fc2p-26, 0x1.27e500ced335ap-22, 0x1.71de018a576b5p-19,
      0x1.a01a0197bce7bp-16, 0x1.a01a01ac26ef3p-13, 0x1.6c16c16c1893bp-10, 0x1.1111111110046p-7, 0x1.5555555555552p-5,
      0x1.5555555555557p-3, 0x1p-1);
}
/// e^(p + lo) - 1.
AW_IN double expm1_core(double p, double lo) { return p + fma(p * p, expm1_tail(p), lo); }

struct ExpReducedD {
  double f;
  i64 n;
};
/// x as n ln(2) + f.
AW_IN ExpReducedD exp_reduce(double x) {
  double j = fma(x, 0x1.71547652b82fep0, MAGIC_D);
  i64 n = bits(j) - MAGIC_D_BITS;
  j -= MAGIC_D;
  double f = fma(j, -0x1.62e42fefa39efp-1, x);
  return {fma(j, -0x1.abc9e3b39803fp-56, f), n};
}

AW_IN double exp(double x) {
  ExpReducedD r = exp_reduce(at_most(at_least(x, -1418.0), 710.0));
  return scale2(1.0 + expm1_core(r.f, 0.0), r.n);
}
AW_IN double exp2(double x) {
  x = at_most(at_least(x, -2046.0), 1025.0);
  double j = x + MAGIC_D;
  i64 n = bits(j) - MAGIC_D_BITS;
  double f = x - (j - MAGIC_D);
  double p = f * 0x1.62e42fefa39efp-1;
  double lo = fma(f, 0x1.abc9e3b39803fp-56, fma(f, 0x1.62e42fefa39efp-1, -p));
  return scale2(1.0 + expm1_core(p, lo), n);
}
AW_IN double exp10(double x) {
  x = at_most(at_least(x, -615.8), 309.0);
  double j = fma(x, 0x1.a934f0979a371p1, MAGIC_D);
  i64 n = bits(j) - MAGIC_D_BITS;
  j -= MAGIC_D;
  double f = fma(j, -0x1.34413509f79ffp-2, x);
  f = fma(j, 0x1.9dc1da994fd21p-59, f);
  double p = f * 0x1.26bb1bbb55516p1;
  double lo = fma(f, -0x1.f48ad494ea3e9p-53, fma(f, 0x1.26bb1bbb55516p1, -p));
  return scale2(1.0 + expm1_core(p, lo), n);
}
AW_IN double expm1(double x) {
  ExpReducedD r = exp_reduce(at_most(at_least(x, -40.0), 709.9));
  double q = r.f * r.f * expm1_tail(r.f);
  // 2^n (1 + f + q) - 1 with the one large rounding error kept. 2^1024 does not exist: half of everything.
  double s = pow2i(r.n - 1);
  Two<double> h = two_sum(s - 0.5, s * r.f);
  double e = (h.hi + fma(s, q, h.lo)) * 2.0;
  double t = r.f + q;
  t = x == 0.0 ? x : t;
  return r.n == 0 ? t : e;
}

AW_IN double sinh(double x) {
  double a = at_most(abs(x), 711.0);
  ExpReducedD r = exp_reduce(a);
  double q = (1.0 + expm1_core(r.f, 0.0)) * pow2i(r.n - 2);  // e^a / 4
  double big = fma(q, 2.0, -0.125 / q);
  double s = a * a;
  double small = fma(s * a, poly(s, 0x1.d9ba54a74b4c5p-47, 0x1.98c01cbde6f3ap-41, 0x1.6144eac70497cp-33,
      0x1.ae6424ea2ee69p-26, 0x1.71de3a7de0352p-19, 0x1.a01a019ff8236p-13, 0x1.11111111111d9p-7,
      0x1.5555555555555p-3), a);
  double v = a < 1.0 ? small : big;
  v = copysign(v, x);
  return v;
}
AW_IN double cosh(double x) {
  ExpReducedD r = exp_reduce(at_most(abs(x), 711.0));
  double q = (1.0 + expm1_core(r.f, 0.0)) * pow2i(r.n - 2);
  double v = fma(q, 2.0, 0.125 / q);
  return v;
}
AW_IN double tanh(double x) {
  double a = abs(x);
  double c = at_most(a, 20.0);
  ExpReducedD r = exp_reduce(c + c);
  double e = (1.0 + expm1_core(r.f, 0.0)) * pow2i(r.n);
  double big = fma(-2.0, 1.0 / (e + 1.0), 1.0);
  double s = a * a;
  double small = fma(poly(s, 0x1.a266293418552p-18, -0x1.02e3c4f72af46p-15, 0x1.837c4c5f15506p-14,
      -0x1.f225fd252656p-13, 0x1.35259956d9115p-11, -0x1.7d9f579001927p-10, 0x1.d6d3990e24737p-9,
      -0x1.226e34631cd27p-7, 0x1.664f487d49cedp-6, -0x1.ba1ba1ba0a91ap-5, 0x1.111111111104bp-3, -0x1.5555555555555p-2)
      * s, a, a);
  double v = a < 0.55 ? small : big;
  v = copysign(v, x);
  return v;
}

}  // namespace aw

AW_API double __nv_exp(double x) { return aw::exp(x); }
AW_API double __nv_exp2(double x) { return aw::exp2(x); }
AW_API double __nv_exp10(double x) { return aw::exp10(x); }
AW_API double __nv_expm1(double x) { return aw::expm1(x); }
AW_API double __nv_sinh(double x) { return aw::sinh(x); }
AW_API double __nv_cosh(double x) { return aw::cosh(x); }
AW_API double __nv_tanh(double x) { return aw::tanh(x); }
