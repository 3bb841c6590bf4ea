//! Trigonometric functions of doubles. Invariant: the reduced argument carries a low part; |x| > 2^30 takes the one branch,
//! an exact reduction with 192 bits of 2/pi. Bounds: sin, cos, tan, sinpi, cospi 2 ulp.
#pragma once
#include "core.h"

namespace aw {

/// Bits of 2/pi, after one word of zeros.
AW_TABLE u64 aw_two_over_pi_f64[20] = {
    0x0000000000000000ull, 0xa2f9836e4e441529ull, 0xfc2757d1f534ddc0ull, 0xdb6295993c439041ull, 0xfe5163abdebbc561ull,
    0xb7246e3a424dd2e0ull, 0x06492eea09d1921cull, 0xfe1deb1cb129a73eull, 0xe88235f52ebb4484ull, 0xe99c7026b45f7e41ull,
    0x3991d639835339f4ull, 0x9c845f8bbdf9283bull, 0x1ff897ffde05980full, 0xef2f118b5a0a6d1full, 0x6d367ecf27cb09b7ull,
    0x4f463f669e5fea2dull, 0x7527bac7ebe5f17bull, 0x3d0739f78a5292eaull, 0x6bfb5fb11f8d5d08ull, 0x56033046fc7b6babull};

/// x = n pi/2 + f + lo, |f| <= pi/4.
struct TrigReducedD {
  double f, lo;
  u32 n;  // only the low two bits count
};

/// Payne and Hanek's reduction for |x| >= 2^30 (infinite x gives a finite garbage f).
AW_IN TrigReducedD reduce_huge(double x) {
  u64 ix = ubits(x);
  u32 s = (u32)(ix >> 52 & 0x7ff) - 1013;
  u64 m = (ix & 0xfffffffffffffull) | 0x10000000000000ull;
  u32 i = s >> 6, sh = s & 63;
  i = i > 16 ? 16 : i;
  u64 w0 = aw_two_over_pi_f64[i], w1 = aw_two_over_pi_f64[i + 1], w2 = aw_two_over_pi_f64[i + 2],
      w3 = aw_two_over_pi_f64[i + 3];
  // Three words of the bit string from bit s on; a shift by 64 is two shifts.
  u32 up = 63 - sh;
  u64 a = (w0 << sh) | (w1 >> 1 >> up), b = (w1 << sh) | (w2 >> 1 >> up), c = (w2 << sh) | (w3 >> 1 >> up);
  unsigned __int128 mb = (unsigned __int128)m * b;
  u64 mid = (u64)mb + (u64)(((unsigned __int128)m * c) >> 64);
  u64 hi = m * a + (u64)(mb >> 64) + (mid < (u64)mb ? 1 : 0);
  // x/(pi/2) modulo 4, 2 integer bits
  bool neg = ix >> 63;
  u64 carry = mid == 0 ? 1 : 0;
  hi = neg ? ~hi + carry : hi;
  mid = neg ? 0 - mid : mid;
  u32 n = (u32)((hi + 0x2000000000000000ull) >> 62);
  i64 top = (i64)(hi << 2 | mid >> 62);
  mid <<= 2;
  // 53 bits of the signed fraction exactly, then the next ones.
  double fh = (double)(top & ~0x7ffll) * 0x1p-64;
  double fl = (double)(i64)((u64)(top & 0x7ff) << 52 | mid >> 12) * 0x1p-116;
  Two<double> f = fast_two_sum(fh, fl) * Two<double>{0x1.921fb54442d18p0, 0x1.1a62633145c07p-54};
  return {f.hi, f.lo, n};
}

AW_IN TrigReducedD reduce_quarter(double x) {
  double j = fma(x, 0x1.45f306dc9c883p-1, MAGIC_D);
  u32 n = (u32)bits(j);
  j -= MAGIC_D;
  double f0 = fma(j, -0x1.921fb54442d18p0, x);
  Two<double> p = two_prod(j, 0x1.1a62633145c07p-54);
  Two<double> f = two_sum(f0, -p.hi);
  f.lo = (f.lo - p.lo) + j * 0x1.f1976b7ed8fbcp-110;
  f = fast_two_sum(f.hi, f.lo);
  double fh = f.hi, fl = f.lo;
  if (abs(x) > 0x1p30) {
    TrigReducedD r = reduce_huge(x);
    fh = abs(x) < INF_D ? r.f : nan_d();
    fl = r.lo;
    n = r.n;
  }
  return {fh, fl, n};
}
AW_IN double sin_quarter(double f, double lo) {
  double s = f * f;
  double t = poly(s, 0x1.5e0fab601ca3bp-33, -0x1.ae601b9a3c247p-26, 0x1.71de37ac75bd1p-19, -0x1.a01a019e9d0d5p-13,
      0x1.1111111110c73p-7, -0x1.5555555555555p-3);
  return f + fma(s * f, t, lo);
}
AW_IN double cos_quarter(double f, double lo) {
  double s = f * f;
  double t = poly(s, -0x1.9072870c56ff4p-37, 0x1.1eeb567bd5715p-29, -0x1.27e4fa01a8b84p-22, 0x1.a01a019f37594p-16,
      -0x1.6c16c16c168c7p-10, 0x1.5555555555555p-5);
  double h = 0.5 * s;
  double w = 1.0 - h;
  return w + (((1.0 - w) - h) + fma(s * s, t, -f * lo));
}
AW_IN double flip(double v, u32 quadrants) { return as_f64(ubits(v) ^ ((u64)(quadrants & 2) << 62)); }

AW_IN double sin(double x) {
  TrigReducedD r = reduce_quarter(x);
  double a = sin_quarter(r.f, r.lo), b = cos_quarter(r.f, r.lo);
  double v = (r.n & 1) ? b : a;
  v = flip(v, r.n);
  return x == 0.0 ? x : v;
}
AW_IN double cos(double x) {
  TrigReducedD r = reduce_quarter(x);
  double a = sin_quarter(r.f, r.lo), b = cos_quarter(r.f, r.lo);
  double v = (r.n & 1) ? a : b;
  return flip(v, r.n + 1);
}
AW_IN void rotate(u32 n, double s, double c, double *ps, double *pc) {
  bool odd = n & 1;
  *ps = flip(odd ? c : s, n);
  *pc = flip(odd ? s : c, n + 1);
}
AW_IN void sincos(double x, double *ps, double *pc) {
  TrigReducedD r = reduce_quarter(x);
  double s, c;
  rotate(r.n, sin_quarter(r.f, r.lo), cos_quarter(r.f, r.lo), &s, &c);
  *ps = x == 0.0 ? x : s;
  *pc = c;
}
AW_IN double tan(double x) {
  TrigReducedD r = reduce_quarter(x);
  double s = r.f * r.f;
  double t = poly(s, 0x1.32fae18d865a3p-16, -0x1.1d59b16232113p-15, 0x1.2151cbfb01d0ap-14, -0x1.f3be662888c3bp-19,
      0x1.f80d8fdc85253p-14, 0x1.e34845f63df1bp-13, 0x1.3687421261b68p-11, 0x1.7d881f15fbb89p-10,
      0x1.d6d578f9dc092p-9, 0x1.226e2d0dc6c44p-7, 0x1.664f48b4a6a54p-6, 0x1.ba1ba1b97f568p-5, 0x1.1111111111723p-3,
      0x1.5555555555554p-2);
  double w = fma(s * r.f, t, r.f);
  double v = r.f + fma(s * r.f, t, r.lo * fma(w, w, 1.0));
  v = (r.n & 1) ? -1.0 / v : v;
  return x == 0.0 ? x : v;
}

/// x = n/2 + f, |f| <= 1/4, exactly. A double from 2^53 on is an even integer.
AW_IN TrigReducedD reduce_pi(double x) {
  x = abs(x) < 0x1p53 ? x : x * 0.0;
  // n only matters modulo 4: leave the whole double turns out.
  double y = fma(trunc(x * 0.5), -2.0, x);
  double j = rint(y + y);
  return {fma(j, -0.5, y), 0.0, (u32)(i32)j};
}
AW_IN double sinpi_quarter(double f) {
  double s = f * f;
  double t = poly(s, -0x1.80af2f3856a42p-16, 0x1.e9310191730bfp-12, -0x1.e3079e4022175p-8, 0x1.507834b7b884dp-4,
      -0x1.32d2cce648044p-1, 0x1.466bc6775abc5p1, -0x1.4abbce625be53p2);
  double p = f * 0x1.921fb54442d18p1;
  double lo = fma(f, 0x1.1a62633145c07p-53, fma(f, 0x1.921fb54442d18p1, -p));
  return p + fma(f * s, t, lo);
}
AW_IN double cospi_quarter(double f) {
  double s = f * f;
  return fma(s, poly(s, -0x1.ac2eafddcbddep-14, 0x1.f9b8188b3999p-10, -0x1.a6d1d35595ab3p-6, 0x1.e1f506654c60bp-3,
      -0x1.55d3c7e3b7b01p0, 0x1.03c1f081b5a24p2, -0x1.3bd3cc9be45dep2), 1.0);
}
AW_IN void sincospi(double x, double *ps, double *pc) {
  TrigReducedD r = reduce_pi(x);
  double s, c;
  rotate(r.n, sinpi_quarter(r.f), cospi_quarter(r.f), &s, &c);
  // C23 F.10.1: sinpi(+-integer) is +-0 with the sign of x, cospi(n + 1/2) is +0.
  *ps = r.f == 0.0 && !(r.n & 1) ? copysign(0.0, x) : s;
  *pc = c == 0.0 ? 0.0 : c;
}

}  // namespace aw

AW_API double __nv_sin(double x) { return aw::sin(x); }
AW_API double __nv_cos(double x) { return aw::cos(x); }
AW_API double __nv_tan(double x) { return aw::tan(x); }
AW_API void __nv_sincos(double x, double *s, double *c) { aw::sincos(x, s, c); }
AW_API void __nv_sincospi(double x, double *s, double *c) { aw::sincospi(x, s, c); }
AW_API double __nv_sinpi(double x) {
  double s, c;
  aw::sincospi(x, &s, &c);
  return s;
}
AW_API double __nv_cospi(double x) {
  double s, c;
  aw::sincospi(x, &s, &c);
  return c;
}
