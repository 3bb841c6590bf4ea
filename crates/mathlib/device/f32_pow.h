//! Powers and roots of floats. Invariant: log2|x| is kept to about 2^-31 relative, so that pow is within 2 ulp.
//! Bounds: pow 4, cbrt 1, rcbrt 1, rsqrt 2, hypot 3, rhypot 2, norm3d 3, norm4d 3, rnorm3d 2, rnorm4d 2 ulp.
#pragma once
#include "f32_exp.h"

namespace aw {

/// log2(a) for a positive finite a as hi + lo.
AW_IN Two<float> log2_two(float a) {
  bool tiny = a < 0x1p-126f;
  a = tiny ? a * 0x1p23f : a;
  float bias = tiny ? -23.0f : 0.0f;
  i32 k = (bits(a) - 0x3f3504f3) & 0xff800000;
  float m = as_f32(bits(a) - k);  // [sqrt(1/2), sqrt(2))
  float e = fma((float)k, 0x1p-23f, bias);
  float u = m - 1.0f, d = m + 1.0f;
  float dlo = m - (d - 1.0f);
  float rcp = 1.0f / d;
  float q = u * rcp;
  float qlo = rcp * fma(-q, dlo, fma(-q, d, u));
  // log2(m) = 2/ln(2) atanh(q)
  float h = q * 0x1.715476p1f;
  float l = fma(q, 0x1.715476p1f, -h);
  l = fma(q, 0x1.4ae0c0p-25f, l);
  l = fma(qlo, 0x1.715476p1f, l);
  float s = q * q;
  float p = poly(s, 0x1.558f74p-2f, 0x1.a5f29cp-2f, 0x1.2776b2p-1f, 0x1.ec709ep-1f);
  l = fma(s * q, p, l);
  Two<float> hl = fast_two_sum(e, h);
  return fast_two_sum(hl.hi, hl.lo + l);
}

/// 2^(hi + lo), hi within +-2^12.
AW_IN float exp2_two(float hi, float lo) {
  float j = hi + MAGIC_F;
  i32 n = bits(j) - MAGIC_F_BITS;
  float f = (hi - (j - MAGIC_F)) + lo;
  return scale2(exp2_poly(f), n);
}

/// C99 F.9.4.4 around r = |a|^b.
AW_IN float pow_edges(float a, float b, float r) {
  float x = abs(a), y = abs(b);
  bool whole = trunc(b) == b;  // true for infinities
  float half = y * 0.5f;
  bool odd = whole & (trunc(half) != half);  // false from 2^24 on and for infinities
  // |a| is 0 or infinite: 0 or infinity, by the sign of b.
  bool edge = (x == 0.0f) | (x == INF_F);
  float er = (x == 0.0f) == (b < 0.0f) ? INF_F : 0.0f;
  r = edge ? er : r;
  // |b| is infinite.
  float br = (x < 1.0f) == (b < 0.0f) ? INF_F : 0.0f;
  br = x == 1.0f ? 1.0f : br;
  r = y == INF_F ? br : r;
  bool neg = bits(a) < 0;
  float minus = -r;
  r = (neg & odd) ? minus : r;
  r = (neg & !whole & !edge) ? nan_f() : r;
  float sum = a + b;
  r = ((x != x) | (y != y)) ? sum : r;
  return ((a == 1.0f) | (b == 0.0f)) ? 1.0f : r;
}
AW_IN float pow(float a, float b) {
  float x = abs(a), y = abs(b);
  Two<float> l = log2_two(x);
  float p = b * l.hi;
  float pl = fma(b, l.hi, -p);
  pl = fma(b, l.lo, pl);
  // Past the clamp (overflow, underflow, infinite b) the low part means nothing.
  bool in = abs(p) < 160.0f;
  pl = in ? pl : 0.0f;
  p = at_most(at_least(p, -160.0f), 160.0f);
  float r = exp2_two(p, pl);

  // Everything else is away from the usual path: a negative, zero, infinite or NaN base, an infinite or NaN exponent.
  bool usual = (ubits(a) - 1u < 0x7f7fffffu) & (ubits(y) < 0x7f800000u);
  if (!usual) r = pow_edges(a, b, r);
  return r;
}

/// Repeated squaring, as the name says: the error grows with |n|.
template <class T> AW_IN T powi(T x, i32 n) {
  u32 k = n < 0 ? 0u - (u32)n : (u32)n;
  T r = 1;
  while (k != 0) {
    r = (k & 1) ? r * x : r;
    x = x * x;
    k >>= 1;
  }
  return n < 0 ? T(1) / r : r;
}

AW_IN float rsqrt(float x) { return rsqrt_approx(x); }

/// |x| = m 2^(3e) with m in [1, 8), in the shape cbrt needs it.
struct CbrtReduced {
  float m;
  i32 e;
};
AW_IN CbrtReduced cbrt_reduce(float a) {
  bool tiny = a < 0x1p-126f;
  a = tiny ? a * 0x1p24f : a;
  i32 b = bits(a) >> 23;            // 1..254
  i32 e = ((b + 2) * 0x5556 >> 16) - 43;  // floor((b - 127) / 3)
  return {as_f32(bits(a) - ((3 * e) << 23)), tiny ? e - 8 : e};
}
/// m^(-1/3) to 1 ulp, for m in [1, 8).
AW_IN float rcbrt_core(float m) {
  float y = as_f32(0x54a21d2a - (i32)((u32)bits(m) / 3u));
  float c = m * y;
  float t = fma(-c * y, y, 1.0f);
  y = fma(y * t, fma(t, 0x1.c71c72p-3f, 0x1.555556p-2f), y);
  c = m * y;
  t = fma(-c * y, y, 1.0f);
  return fma(y * t, fma(t, 0x1.c71c72p-3f, 0x1.555556p-2f), y);
}
AW_IN float cbrt(float x) {
  float a = abs(x);
  CbrtReduced r = cbrt_reduce(a);
  float y = rcbrt_core(r.m);
  float y2 = y * y;
  float c = r.m * y2;
  // One Newton step on c^3 = m with the residual in two floats.
  float c2 = c * c, c2l = fma(c, c, -c2);
  float d = fma(-c, c2, r.m) - c * c2l;
  c = fma(d * y2, 0x1.555556p-2f, c);
  float v = copysign(c * pow2i(r.e), x);
  return x == 0.0f || !(a < INF_F) ? x + x : v;
}
AW_IN float rcbrt(float x) {
  float a = abs(x);
  CbrtReduced r = cbrt_reduce(a);
  float y = rcbrt_core(r.m);
  float y2 = y * y, y2l = fma(y, y, -y2);
  float w = r.m * y, wl = fma(r.m, y, -w);
  float t = fma(-w, y2, 1.0f) - (wl * y2 + w * y2l);
  y = fma(y * t, 0x1.555556p-2f, y);
  float v = copysign(y * pow2i(-r.e), x);
  v = a == INF_F ? copysign(0.0f, x) : v;
  v = x == 0.0f ? copysign(INF_F, x) : v;
  return x != x ? x : v;
}

/// A power of two near 1/a that brings squares of a into range: 1 for most arguments.
AW_IN float range_scale(float a) {
  float s = a > 0x1p60f ? 0x1p-100f : 1.0f;
  return a < 0x1p-50f ? 0x1p90f : s;
}
AW_IN float largest(float a, float b) { return a > b ? a : b; }

struct Norm {
  float sum;    // of the scaled squares
  float scale;  // the power of two applied
  bool inf, nan;
};
AW_IN Norm norm_of(float a, float b, float c, float d) {
  a = abs(a), b = abs(b), c = abs(c), d = abs(d);
  float s = range_scale(largest(largest(a, b), largest(c, d)));
  bool inf = (a == INF_F) | (b == INF_F) | (c == INF_F) | (d == INF_F);
  bool nan = (a != a) | (b != b) | (c != c) | (d != d);
  a *= s, b *= s, c *= s, d *= s;
  return {fma(a, a, fma(b, b, fma(c, c, d * d))), s, inf, nan};
}
/// The power of two that undoes `range_scale`.
AW_IN float unscale(float s) { return as_f32(0x7f000000 - bits(s)); }
AW_IN float norm_value(Norm n) {
  float r = sqrt(n.sum) * unscale(n.scale);
  r = n.nan ? nan_f() : r;
  return n.inf ? INF_F : r;
}
AW_IN Norm norm_array(i32 n, const float *p) {
  // Two passes: the largest, then the sum in its scale.
  float m = 0.0f;
  bool inf = false, nan = false;
  for (i32 i = 0; i < n; i++) {
    float a = abs(p[i]);
    inf |= a == INF_F, nan |= a != a;
    m = largest(m, a);
  }
  float s = range_scale(m), sum = 0.0f;
  for (i32 i = 0; i < n; i++) {
    float a = p[i] * s;
    sum = fma(a, a, sum);
  }
  return {sum, s, inf, nan};
}
AW_IN float rnorm_value(Norm n) {
  float y = 1.0f / sqrt(n.sum);
  // One Newton step takes the two roundings back.
  float p = n.sum * y, pl = fma(n.sum, y, -p);
  float e = fma(-pl, y, fma(-p, y, 1.0f));
  float c = fma(0.5f * y, e, y);
  float r = (y < INF_F ? c : y) * n.scale;
  r = n.nan ? nan_f() : r;
  return n.inf ? 0.0f : r;
}

}  // namespace aw

AW_API float __nv_powf(float a, float b) { return aw::pow(a, b); }
AW_API float __nv_powif(float a, i32 n) { return aw::powi(a, n); }
AW_API float __nv_sqrtf(float x) { return aw::sqrt(x); }
AW_API float __nv_rsqrtf(float x) { return aw::rsqrt(x); }
AW_API float __nv_cbrtf(float x) { return aw::cbrt(x); }
AW_API float __nv_rcbrtf(float x) { return aw::rcbrt(x); }
AW_API float __nv_hypotf(float a, float b) { return aw::norm_value(aw::norm_of(a, b, 0, 0)); }
AW_API float __nv_rhypotf(float a, float b) { return aw::rnorm_value(aw::norm_of(a, b, 0, 0)); }
AW_API float __nv_norm3df(float a, float b, float c) { return aw::norm_value(aw::norm_of(a, b, c, 0)); }
AW_API float __nv_rnorm3df(float a, float b, float c) { return aw::rnorm_value(aw::norm_of(a, b, c, 0)); }
AW_API float __nv_norm4df(float a, float b, float c, float d) { return aw::norm_value(aw::norm_of(a, b, c, d)); }
AW_API float __nv_rnorm4df(float a, float b, float c, float d) { return aw::rnorm_value(aw::norm_of(a, b, c, d)); }
AW_API float __nv_normf(i32 n, const float *p) { return aw::norm_value(aw::norm_array(n, p)); }
AW_API float __nv_rnormf(i32 n, const float *p) { return aw::rnorm_value(aw::norm_array(n, p)); }
