//! Logarithms of doubles, the inverse hyperbolic functions and pow, which are built on them. Invariant: `log2_two` has a
//! relative error below 2^-64, which is what pow needs. Bounds: log, log2, log10, log1p 1, asinh, acosh 3, atanh 2, pow 2 ulp.
#pragma once
#include "f64_exp.h"

namespace aw {

/// x = 2^e m, m in [sqrt(1/2), sqrt(2)); zero, negative, infinite and NaN arguments give something finite.
struct LogReducedD {
  double m, e;
};
AW_IN LogReducedD log_reduce(double x) {
  bool tiny = x < 0x1p-1022;
  x = tiny ? x * 0x1p54 : x;
  double bias = tiny ? -54.0 : 0.0;
  i64 k = (bits(x) - 0x3fe6a09e667f3bcdll) >> 52;
  return {as_f64(bits(x) - (i64)((u64)k << 52)), (double)(i32)k + bias};
}
AW_IN double log_edges(double x, double r) {
  r = x < INF_D ? r : x;
  double z = x == 0.0 ? -INF_D : nan_d();
  return x > 0.0 ? r : z;
}
/// (atanh(s) - s) / s^3, z = s^2, |s| <= 0.172.
AW_IN double atanh_tail(double z) {
  return poly(z, 0x1.1022ab65b4411p-4, 0x1.0f4a2d372b539p-4, 0x1.3b2158648f0c7p-4, 0x1.745cdb786a98dp-4,
      0x1.c71c725c58c1bp-4, 0x1.249249242ee3cp-3, 0x1.9999999999d59p-3, 0x1.5555555555555p-2);
}
/// log(1 + f) - f.
AW_IN double log1p_minus(double f) {
  double s = f / (2.0 + f);
  double z = s * s;
  double h = 0.5 * f * f;
  // log(1+f) = 2 atanh(s) and 2 s = f - s f, s f = f^2/2 - s f^2/2.
  return fma(s, fma(z, 2.0 * atanh_tail(z), h), -h);
}
AW_IN double log(double x) {
  LogReducedD r = log_reduce(x);
  double f = r.m - 1.0;
  // e times the 42-bit high part of ln(2) is exact.
  Two<double> s = fast_two_sum(r.e * 0x1.62e42fefa3800p-1, f);
  double t = fma(r.e, 0x1.ef35793c76730p-45, log1p_minus(f));
  return log_edges(x, s.hi + (s.lo + t));
}

constexpr Two<double> LN_2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
constexpr Two<double> LOG10_2 = {0x1.34413509f79ffp-2, -0x1.9dc1da994fd21p-59};

/// log2(x) as hi + lo for a positive finite x. Each product is kept in two doubles, none is normalised before the end.
AW_IN Two<double> log2_two(double x) {
  LogReducedD r = log_reduce(x);
  double u = r.m - 1.0, d = r.m + 1.0;
  double dl = r.m - (d - 1.0);
  double i = 1.0 / d;
  double q = u * i;
  double ql = i * fma(-q, dl, fma(-q, d, u));
  double z = q * q;
  double zl = fma(q + q, ql, fma(q, q, -z));
  // log2(m) = C q + q z w, C = 2/log(2), w = C/3 + z (C/5 + z (C/7 + ...))
  double t = z * poly(z, 0x1.6041501299083p-3, 0x1.593a75df8e84bp-3, 0x1.8a062728fea6cp-3, 0x1.c68f04d416a93p-3,
      0x1.0c9a8500473dap-2, 0x1.484b13d7358cbp-2, 0x1.a61762a7ae42p-2, 0x1.2776c50ef9bfep-1);
  double w = 0x1.ec709dc3a03fdp-1 + t;
  double wl = (t - (w - 0x1.ec709dc3a03fdp-1)) + 0x1.d27f05548af0cp-55;
  double c = q * z;
  double cl = fma(q, zl, fma(q, z, -c));
  cl = fma(ql, z, cl);
  double p = c * w;
  double pl = fma(c, wl, fma(c, w, -p));
  pl = fma(cl, w, pl);
  double h = q * 0x1.71547652b82fep1;
  double hl = fma(q, 0x1.71547652b82fep1, -h);
  hl = fma(q, 0x1.777d0ffda0d24p-55, hl);
  hl = fma(ql, 0x1.71547652b82fep1, hl);
  Two<double> s = fast_two_sum(h, p);
  Two<double> e = fast_two_sum(r.e, s.hi);
  return fast_two_sum(e.hi, e.lo + (s.lo + (hl + pl)));
}
AW_IN double log2(double x) {
  Two<double> l = log2_two(x);
  return log_edges(x, l.hi + l.lo);
}
AW_IN double log10(double x) {
  Two<double> l = log2_two(x) * LOG10_2;
  return log_edges(x, l.hi + l.lo);
}

/// log(1 + x + lo) for x in (-1, inf), finite.
AW_IN double log1p_core(double x, double lo) {
  double u = x + 1.0;
  i64 k = (bits(u) - 0x3fe6a09e667f3bcdll) >> 52;
  i64 shift = (i64)((u64)k << 52);
  // f = (1 + x) 2^-e - 1 without the rounding of 1 + x; 4 * 2^-e exists for every e.
  double s4 = as_f64(0x4010000000000000ll - shift);
  Two<double> f = two_sum(fma(0.25, s4, -1.0), as_f64(bits(x) - shift));
  f.lo = fma(0.25 * s4, lo, f.lo);
  double e = (double)(i32)k;
  double t = log1p_minus(f.hi);
  t = fma(e, 0x1.ef35793c76730p-45, t) + f.lo / (1.0 + f.hi);
  Two<double> s = fast_two_sum(e * 0x1.62e42fefa3800p-1, f.hi);
  return s.hi + (s.lo + t);
}
AW_IN double log1p(double x) {
  double r = log1p_core(x, 0.0);
  r = x < INF_D ? r : x;
  double z = x == -1.0 ? -INF_D : nan_d();
  r = x > -1.0 ? r : z;
  return abs(x) < 0x1p-54 ? x : r;
}
AW_IN double asinh(double x) {
  double a = abs(x);
  bool huge = a > 0x1p60;
  double s = huge ? 1.0 : a;
  double t = s + s * s / (1.0 + sqrt(fma(s, s, 1.0)));
  double r = log1p_core(huge ? a : t, 0.0);
  auto plus = r + 0x1.62e42fefa39efp-1;
  r = huge ? plus : r;
  r = a < INF_D ? r : a;
  r = copysign(r, x);
  return a < 0x1p-28 ? x : r;
}
AW_IN double acosh(double x) {
  bool huge = x > 0x1p60;
  double t = huge ? 1.0 : x - 1.0;
  double w = t + sqrt(fma(t, t, t + t));
  double r = log1p_core(huge ? x : w, 0.0);
  auto plus = r + 0x1.62e42fefa39efp-1;
  r = huge ? plus : r;
  r = x < INF_D ? r : x;
  return x >= 1.0 ? r : nan_d();
}
AW_IN double atanh(double x) {
  double a = abs(x);
  Two<double> q = divide(Two<double>{2.0 * a, 0.0}, two_sum(1.0, -a));
  double r = 0.5 * log1p_core(q.hi, q.lo);
  r = a == 1.0 ? INF_D : r;
  r = a <= 1.0 ? r : nan_d();
  r = copysign(r, x);
  return a < 0x1p-28 ? x : r;
}

/// C99 F.9.4.4 around r = |a|^b.
AW_IN double pow_edges(double a, double b, double r) {
  double x = abs(a), y = abs(b);
  bool whole = trunc(b) == b;  // true for infinities
  double half = y * 0.5;
  bool odd = whole & (trunc(half) != half);  // false from 2^53 on and for infinities
  // |a| is 0 or infinite: 0 or infinity, by the sign of b.
  bool edge = (x == 0.0) | (x == INF_D);
  double er = (x == 0.0) == (b < 0.0) ? INF_D : 0.0;
  r = edge ? er : r;
  // |b| is infinite.
  double br = (x < 1.0) == (b < 0.0) ? INF_D : 0.0;
  br = x == 1.0 ? 1.0 : br;
  r = y == INF_D ? br : r;
  bool neg = bits(a) < 0;
  double minus = -r;
  r = (neg & odd) ? minus : r;
  r = (neg & !whole & !edge) ? nan_d() : r;
  double sum = a + b;
  r = ((x != x) | (y != y)) ? sum : r;
  return ((a == 1.0) | (b == 0.0)) ? 1.0 : r;
}
AW_IN double pow(double a, double b) {
  double x = abs(a), y = abs(b);
  Two<double> l = log2_two(x);
  double p = b * l.hi;
  double pl = fma(b, l.lo, fma(b, l.hi, -p));
  // Past the clamp (overflow, underflow, infinite b) the low part means nothing.
  pl = abs(p) < 1100.0 ? pl : 0.0;
  p = at_most(at_least(p, -1100.0), 1100.0);
  double j = p + MAGIC_D;
  i64 n = bits(j) - MAGIC_D_BITS;
  double f = p - (j - MAGIC_D);
  double g = f * 0x1.62e42fefa39efp-1;
  double lo = fma(f, 0x1.62e42fefa39efp-1, -g);
  lo = fma(pl, 0x1.62e42fefa39efp-1, fma(f, 0x1.abc9e3b39803fp-56, lo));
  Two<double> e = fast_two_sum(g, lo);
  double r = scale2(1.0 + expm1_core(e.hi, e.lo), n);

  // Everything else is away from the usual path: a negative, zero, infinite or NaN base, an infinite or NaN exponent.
  bool usual = (ubits(a) - 1ull < 0x7fefffffffffffffull) & (ubits(y) < 0x7ff0000000000000ull);
  if (!usual) r = pow_edges(a, b, r);
  return r;
}

}  // namespace aw

AW_API double __nv_log(double x) { return aw::log(x); }
AW_API double __nv_log2(double x) { return aw::log2(x); }
AW_API double __nv_log10(double x) { return aw::log10(x); }
AW_API double __nv_log1p(double x) { return aw::log1p(x); }
AW_API double __nv_asinh(double x) { return aw::asinh(x); }
AW_API double __nv_acosh(double x) { return aw::acosh(x); }
AW_API double __nv_atanh(double x) { return aw::atanh(x); }
AW_API double __nv_pow(double a, double b) { return aw::pow(a, b); }
