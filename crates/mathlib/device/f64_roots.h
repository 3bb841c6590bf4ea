//! Roots and norms of doubles. Invariant: sums of squares are kept in two doubles, so that reciprocal norms are within
//! 1 ulp. Bounds: rsqrt, cbrt, rcbrt, rhypot, rnorm3d, rnorm4d 1, hypot, norm3d, norm4d 2 ulp.
#pragma once
#include "f32_pow.h"

namespace aw {

struct CbrtReducedD {
  double m;
  i64 e;
};
AW_IN CbrtReducedD cbrt_reduce(double a) {
  bool tiny = a < 0x1p-1022;
  a = tiny ? a * 0x1p54 : a;
  i32 b = (i32)(bits(a) >> 52);                     // 1..2046
  i32 e = (i32)((u32)(b + 1) * 0x5556u >> 16) - 341;  // floor((b - 1022) / 3)
  return {as_f64(bits(a) - ((i64)(3 * e) << 52)), tiny ? e - 18 : e};
}
/// m^(-1/3) to about 1 ulp, for m in [1/2, 8).
AW_IN double rcbrt_core(double m) {
  double y = (double)rcbrt_core((float)m);
  double t = fma(-(m * y * y), y, 1.0);
  return fma(y * t, fma(t, 0x1.c71c71c71c71cp-3, 0x1.5555555555555p-2), y);
}
AW_IN double cbrt(double x) {
  double a = abs(x);
  CbrtReducedD r = cbrt_reduce(a);
  double y = rcbrt_core(r.m);
  double y2 = y * y;
  double c = r.m * y2;
  double c2 = c * c, c2l = fma(c, c, -c2);
  double d = fma(-c, c2, r.m) - c * c2l;
  c = fma(d * y2, 0x1.5555555555555p-2, c);
  double v = copysign(c * pow2i(r.e), x);
  return x == 0.0 || !(a < INF_D) ? x + x : v;
}
AW_IN double rcbrt(double x) {
  double a = abs(x);
  CbrtReducedD r = cbrt_reduce(a);
  double y = rcbrt_core(r.m);
  double y2 = y * y, y2l = fma(y, y, -y2);
  double w = r.m * y, wl = fma(r.m, y, -w);
  double t = fma(-w, y2, 1.0) - (wl * y2 + w * y2l);
  y = fma(y * t, 0x1.5555555555555p-2, y);
  double v = copysign(y * pow2i(-r.e), x);
  v = a == INF_D ? copysign(0.0, x) : v;
  v = x == 0.0 ? copysign(INF_D, x) : v;
  return x != x ? x : v;
}

AW_IN double range_scale(double a) {
  double s = a > 0x1p500 ? 0x1p-600 : 1.0;
  return a < 0x1p-450 ? 0x1p620 : s;
}
AW_IN double largest(double a, double b) { return a > b ? a : b; }
AW_IN double unscale(double s) { return as_f64(0x7fe0000000000000ll - bits(s)); }

struct NormD {
  Two<double> sum;  // of the scaled squares
  double scale;
  bool inf, nan;
};
AW_IN Two<double> add_square(Two<double> s, double a) {
  Two<double> p = two_prod(a, a);
  Two<double> t = two_sum(s.hi, p.hi);
  return fast_two_sum(t.hi, t.lo + (s.lo + p.lo));
}
AW_IN NormD norm_of(double a, double b, double c, double d) {
  a = abs(a), b = abs(b), c = abs(c), d = abs(d);
  double s = range_scale(largest(largest(a, b), largest(c, d)));
  bool inf = (a == INF_D) | (b == INF_D) | (c == INF_D) | (d == INF_D);
  bool nan = (a != a) | (b != b) | (c != c) | (d != d);
  Two<double> sum = two_prod(a * s, a * s);
  sum = add_square(sum, b * s);
  sum = add_square(sum, c * s);
  sum = add_square(sum, d * s);
  return {sum, s, inf, nan};
}
AW_IN double norm_value(NormD n) {
  double r = sqrt(n.sum.hi);
  // One Newton step with the residual of the two-double sum.
  double e = (fma(-r, r, n.sum.hi) + n.sum.lo) / (r + r);
  e = r + e;
  bool ordinary = (r > 0.0) & (r < INF_D);
  r = ordinary ? e : r;
  r *= unscale(n.scale);
  r = n.nan ? nan_d() : r;
  return n.inf ? INF_D : r;
}
AW_IN double rnorm_value(NormD n) {
  double y = 1.0 / sqrt(n.sum.hi);
  double p = n.sum.hi * y, pl = fma(n.sum.hi, y, -p);
  double e = fma(-p, y, 1.0) - fma(n.sum.lo * y, y, pl * y);
  e = fma(y * 0.5, e, y);
  bool ordinary = (y < INF_D) & (y > 0.0);
  double r = ordinary ? e : y;
  r *= n.scale;
  r = n.nan ? nan_d() : r;
  return n.inf ? 0.0 : r;
}
AW_IN NormD norm_array(i32 n, const double *p) {
  // Two passes: the largest, then the sum in its scale.
  double m = 0;
  bool inf = false, nan = false;
  for (i32 i = 0; i < n; i++) {
    double a = abs(p[i]);
    inf |= a == INF_D, nan |= a != a;
    m = largest(m, a);
  }
  double s = range_scale(m);
  Two<double> sum = {0, 0};
  for (i32 i = 0; i < n; i++) sum = add_square(sum, p[i] * s);
  return {sum, s, inf, nan};
}

}  // namespace aw

AW_API double __nv_sqrt(double x) { return aw::sqrt(x); }
AW_API double __nv_rsqrt(double x) { return 1.0 / aw::sqrt(x); }
AW_API double __nv_powi(double a, i32 n) { return aw::powi(a, n); }
AW_API double __nv_cbrt(double x) { return aw::cbrt(x); }
AW_API double __nv_rcbrt(double x) { return aw::rcbrt(x); }
AW_API double __nv_hypot(double a, double b) { return aw::norm_value(aw::norm_of(a, b, 0, 0)); }
AW_API double __nv_rhypot(double a, double b) { return aw::rnorm_value(aw::norm_of(a, b, 0, 0)); }
AW_API double __nv_norm3d(double a, double b, double c) { return aw::norm_value(aw::norm_of(a, b, c, 0)); }
AW_API double __nv_rnorm3d(double a, double b, double c) { return aw::rnorm_value(aw::norm_of(a, b, c, 0)); }
AW_API double __nv_norm4d(double a, double b, double c, double d) { return aw::norm_value(aw::norm_of(a, b, c, d)); }
AW_API double __nv_rnorm4d(double a, double b, double c, double d) { return aw::rnorm_value(aw::norm_of(a, b, c, d)); }
AW_API double __nv_norm(i32 n, const double *p) { return aw::norm_value(aw::norm_array(n, p)); }
AW_API double __nv_rnorm(i32 n, const double *p) { return aw::rnorm_value(aw::norm_array(n, p)); }
