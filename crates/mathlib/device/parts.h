//! Exact functions on the parts of numbers: fmod, remainder, frexp, ldexp, rounding to integers, comparisons.
//! Invariant: every result is exact or rounded once. fmod and remainder loop only where the exponents differ by more than
//! the precision; one step then takes that many bits.
#pragma once
#include "core.h"

namespace aw {

template <class T> struct Ieee;
template <> struct Ieee<float> {
  typedef i32 Int;
  static constexpr i32 MANT = 23, BIAS = 127, STEP = 22;
  static constexpr i32 EXP_MASK = 255, MANT_MASK = 0x7fffff, ONE = 0x3f800000;
  static constexpr float TINY = 0x1p-126f, UP = 0x1p24f, WHOLE = 0x1p23f;
  static constexpr i32 UP_EXP = 24;
};
template <> struct Ieee<double> {
  typedef i64 Int;
  static constexpr i32 MANT = 52, BIAS = 1023, STEP = 51;
  static constexpr i64 EXP_MASK = 2047, MANT_MASK = 0xfffffffffffffll, ONE = 0x3ff0000000000000ll;
  static constexpr double TINY = 0x1p-1022, UP = 0x1p54, WHOLE = 0x1p52;
  static constexpr i32 UP_EXP = 54;
};
AW_IN float from_bits(i32 b) { return as_f32(b); }
AW_IN double from_bits(i64 b) { return as_f64(b); }

/// A finite non-zero |x| = m 2^e, m in [1, 2).
template <class T> struct Split {
  T m;
  i32 e;
};
template <class T> AW_IN Split<T> split(T a) {
  typedef Ieee<T> I;
  bool tiny = a < I::TINY;
  typename I::Int b = bits(tiny ? a * I::UP : a);
  i32 e = (i32)(b >> I::MANT) - I::BIAS;
  return {from_bits((typename I::Int)((b & I::MANT_MASK) | I::ONE)), tiny ? e - I::UP_EXP : e};
}

/// x * 2^n, rounded once.
template <class T> AW_IN T ldexp(T x, i32 n) {
  typedef Ieee<T> I;
  T a = abs(x);
  Split<T> s = split(a);
  i32 lim = 2 * I::BIAS + I::MANT + 8;
  n = n < -lim ? -lim : n > lim ? lim : n;
  i32 e = s.e + n;
  i32 top = I::BIAS + 2, low = -(I::BIAS + I::MANT + 2);
  e = e > top ? top : e < low ? low : e;
  T r = copysign(scale2(s.m, (typename I::Int)e), x);
  T same = x + x;
  bool edge = (x == 0) | !(a < infinity<T>());
  return edge ? same : r;
}

template <class T> AW_IN T frexp(T x, i32 *e) {
  T a = abs(x);
  Split<T> s = split(a);
  bool edge = (x == 0) | !(a < infinity<T>());
  *e = edge ? 0 : s.e + 1;
  T m = copysign(s.m * T(0.5), x), same = x + x;
  return edge ? same : m;
}
template <class T> AW_IN i32 ilogb(T x) {
  T a = abs(x);
  i32 e = split(a).e;
  e = a == infinity<T>() ? 0x7fffffff : e;
  return x == 0 || x != x ? (i32)0x80000000 : e;
}
template <class T> AW_IN T logb(T x) {
  T a = abs(x);
  T e = (T)split(a).e;
  e = x == 0 ? -infinity<T>() : e;
  return a < infinity<T>() ? e : a;
}
template <class T> AW_IN T modf(T x, T *whole) {
  T t = trunc(x);
  *whole = t;
  T f = abs(x) == infinity<T>() ? T(0) : x - t;
  f = copysign(f, x);
  return x != x ? x : f;
}
/// Halves away from zero.
template <class T> AW_IN T round(T x) {
  T t = trunc(x);
  T d = abs(x - t);
  return d >= T(0.5) ? t + copysign(T(1), x) : t;
}

AW_IN i64 to_i64(float x) {
#if AW_DEVICE
  i64 r;
  __asm__("cvt.rzi.s64.f32 %0, %1;" : "=l"(r) : "f"(x));
  return r;
#else
  return (i64)x;
#endif
}
AW_IN i64 to_i64(double x) {
#if AW_DEVICE
  i64 r;
  __asm__("cvt.rzi.s64.f64 %0, %1;" : "=l"(r) : "d"(x));
  return r;
#else
  return (i64)x;
#endif
}
template <class T> AW_IN T nextafter(T x, T y) {
  typedef typename Ieee<T>::Int Int;
  Int b = bits(x);
  // Away from zero adds one to the bits, towards zero takes one.
  Int up = (x < y) == (b >= 0) ? 1 : -1;
  T r = from_bits((Int)(b + up));
  r = x == 0 ? copysign(from_bits((Int)1), y) : r;
  r = x == y ? y : r;
  return x != x || y != y ? x + y : r;
}
template <class T> AW_IN T fdim(T a, T b) {
  T d = a > b ? a - b : T(0);
  return a != a || b != b ? a + b : d;
}

/// |x| mod |y| and the low bits of the quotient, for finite x and non-zero y.
template <class T> struct Modulo {
  T r;
  u32 q;
};
template <class T> AW_IN Modulo<T> modulo(T a, T b) {
  typedef Ieee<T> I;
  u32 q = 0;
  i32 eb = split(b).e;
  i32 k = split(a).e - eb;
  while (k > I::STEP && a != 0) {
    i32 s = k - I::STEP;
    T bs = scale2(b, (typename I::Int)s);  // exact: its exponent is STEP below that of a
    T t = trunc(a / bs);
    T r = fma(-t, bs, a);
    // The rounded quotient may have reached the next integer.
    bool over = r < 0;
    r = over ? r + bs : r;
    u32 ti = (u32)(i64)t - (over ? 1u : 0u);
    q += s < 32 ? ti << s : 0u;
    a = r;
    k = split(a).e - eb;
  }
  T t = trunc(a / b);
  t = a < b ? T(0) : t;
  T r = fma(-t, b, a);
  bool over = r < 0;
  r = over ? r + b : r;
  q += (u32)(i64)t - (over ? 1u : 0u);
  return {r, q};
}
template <class T> AW_IN T fmod(T x, T y) {
  T a = abs(x), b = abs(y);
  bool bad = !(a < infinity<T>()) || b == 0 || b != b;
  bool same = b == infinity<T>();
  bool skip = bad || same;
  T r = modulo<T>(skip ? T(0) : a, skip ? T(1) : b).r;
  r = copysign(r, x);
  r = same ? x : r;
  return bad ? nan_like(x) : r;
}
template <class T> AW_IN T remquo(T x, T y, i32 *quo) {
  T a = abs(x), b = abs(y);
  bool bad = !(a < infinity<T>()) || b == 0 || b != b;
  bool same = b == infinity<T>();
  bool skip = bad || same;
  Modulo<T> m = modulo<T>(skip ? T(0) : a, skip ? T(1) : b);
  T bb = skip ? T(1) : b;
  T left = bb - m.r;
  bool up = m.r > left || (m.r == left && (m.q & 1));
  T r = up ? m.r - bb : m.r;
  u32 q = (m.q + (up ? 1u : 0u)) & 0x7fffffffu;
  bool neg = (bits(x) < 0) != (bits(y) < 0);
  *quo = skip ? 0 : neg ? -(i32)q : (i32)q;
  // A zero result has the sign of x; others change sign with it.
  r = xorsign(r, x);
  r = same ? x : r;
  return bad ? nan_like(x) : r;
}

}  // namespace aw

#define AW_PARTS(S, T)                                                                 \
  AW_API T __nv_fabs##S(T x) { return aw::abs(x); }                                    \
  AW_API T __nv_floor##S(T x) { return aw::floor(x); }                                 \
  AW_API T __nv_ceil##S(T x) { return aw::ceil(x); }                                   \
  AW_API T __nv_trunc##S(T x) { return aw::trunc(x); }                                 \
  AW_API T __nv_rint##S(T x) { return aw::rint(x); }                                   \
  AW_API T __nv_nearbyint##S(T x) { return aw::rint(x); }                              \
  AW_API T __nv_round##S(T x) { return aw::round(x); }                                 \
  AW_API i64 __nv_llround##S(T x) { return aw::to_i64(aw::round(x)); }                 \
  AW_API T __nv_copysign##S(T x, T y) { return aw::copysign(x, y); }                   \
  AW_API T __nv_fdim##S(T x, T y) { return aw::fdim(x, y); }                           \
  AW_API T __nv_fma##S(T x, T y, T z) { return aw::fma(x, y, z); }                     \
  AW_API T __nv_fmax##S(T x, T y) { return __builtin_fmax##S(x, y); }                  \
  AW_API T __nv_fmin##S(T x, T y) { return __builtin_fmin##S(x, y); }                  \
  AW_API T __nv_fmod##S(T x, T y) { return aw::fmod(x, y); }                           \
  AW_API T __nv_remainder##S(T x, T y) { i32 q; return aw::remquo(x, y, &q); }         \
  AW_API T __nv_remquo##S(T x, T y, i32 *q) { return aw::remquo(x, y, q); }            \
  AW_API T __nv_frexp##S(T x, i32 *e) { return aw::frexp(x, e); }                      \
  AW_API T __nv_modf##S(T x, T *w) { return aw::modf(x, w); }                          \
  AW_API T __nv_ldexp##S(T x, i32 n) { return aw::ldexp(x, n); }                       \
  AW_API T __nv_scalbn##S(T x, i32 n) { return aw::ldexp(x, n); }                      \
  AW_API i32 __nv_ilogb##S(T x) { return aw::ilogb(x); }                               \
  AW_API T __nv_logb##S(T x) { return aw::logb(x); }                                   \
  AW_API T __nv_nextafter##S(T x, T y) { return aw::nextafter(x, y); }                 \
  AW_API T __nv_nan##S(const signed char *) { return aw::nan_like(T(0)); }
AW_PARTS(f, float)
AW_PARTS(, double)

AW_API i32 __nv_finitef(float x) { return aw::abs(x) < aw::INF_F; }
AW_API i32 __nv_isfinited(double x) { return aw::abs(x) < aw::INF_D; }
AW_API i32 __nv_isinff(float x) { return aw::abs(x) == aw::INF_F; }
AW_API i32 __nv_isinfd(double x) { return aw::abs(x) == aw::INF_D; }
AW_API i32 __nv_isnanf(float x) { return x != x; }
AW_API i32 __nv_isnand(double x) { return x != x; }
AW_API i32 __nv_signbitf(float x) { return aw::bits(x) < 0; }
AW_API i32 __nv_signbitd(double x) { return aw::bits(x) < 0; }
