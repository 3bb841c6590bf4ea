//! Inverse trigonometric functions of floats and doubles. Invariant: straight-line; one polynomial each for asin on
//! [0, 1/2] and atan on [0, 1]. Bounds: asinf, acosf, atanf 2, atan2f 3 ulp; doubles 2 ulp.
#pragma once
#include "core.h"

namespace aw {

/// asin(t) = t + t z A(z), z = t^2 <= 1/4.
AW_IN float asin_tail(float z) { return poly(z, 0x1.1a258cp-5f, 0x1.10abf6p-6f, 0x1.ff9494p-6f, 0x1.6d4032p-5f,
    0x1.3334c8p-4f, 0x1.555554p-3f); }
AW_IN double asin_tail(double z) {
  return poly(z, 0x1.da67239f14f3ap-6, -0x1.f07d5fd5a019ep-7, 0x1.205de9dd93e76p-6, 0x1.60a48f452a3bap-8,
      0x1.52df0b147f2b1p-7, 0x1.780cd84af576dp-7, 0x1.c9d1cec712db8p-7, 0x1.1c4d1bfa15f92p-6, 0x1.6e8bb2fe20801p-6,
      0x1.f1c71c14da185p-6, 0x1.6db6db6e4397bp-5, 0x1.3333333332dcdp-4, 0x1.5555555555556p-3);
}
/// atan(t) = t + t z A(z), z = t^2 <= 1.
AW_IN float atan_tail(float z) {
  return poly(z, -0x1.3b6c6ap-9f, 0x1.bd14p-7f, -0x1.26cceep-5f, 0x1.005ebp-4f, -0x1.62baf8p-4f, 0x1.c3f7fep-4f,
      -0x1.246ce4p-3f, 0x1.999832p-3f, -0x1.555554p-2f);
}
AW_IN double atan_tail(double z) {
  return poly(z, 0x1.35880dbb27338p-16, -0x1.ab24896831a8cp-13, 0x1.177371274b8ebp-10, -0x1.d005ee4833ad7p-9,
      0x1.14e9bfdc84443p-7, -0x1.0051252bc1967p-6, 0x1.860884c0e15eap-6, -0x1.00e6e7965240ep-5, 0x1.338e2db12798dp-5,
      -0x1.5d30122354e5cp-5, 0x1.842dbdf2b43f9p-5, -0x1.aebfe78809c45p-5, 0x1.e1d0f960dba56p-5, -0x1.11100edfe9ac8p-4,
      0x1.3b139b6a79b51p-4, -0x1.745d160a7d46p-4, 0x1.c71c71bc39494p-4, -0x1.2492492478f87p-3, 0x1.99999999996c1p-3,
      -0x1.5555555555555p-2);
}
template <class T> struct PiParts;
template <> struct PiParts<float> {
  static constexpr float HI = 0x1.921fb6p1f, LO = -0x1.777a5cp-24f;
};
template <> struct PiParts<double> {
  static constexpr double HI = 0x1.921fb54442d18p1, LO = 0x1.1a62633145c07p-53;
};

template <class T> AW_IN T asin(T x) {
  typedef PiParts<T> Pi;
  T a = abs(x);
  bool big = a > T(0.5);
  // asin(a) = pi/2 - 2 asin(sqrt((1 - a)/2))
  T z = big ? fma(a, T(-0.5), T(0.5)) : a * a;
  T s = sqrt(z);
  T t = big ? s : a;
  T tail = t * z * asin_tail(z);
  // The rounding error of the root counts twice in the large case.
  T err = fma(-s, s, z) / (s + s);
  err = z > 0 ? err : T(0);
  T large = fma(T(-2), s, Pi::HI * T(0.5)) + fma(T(-2), tail + err, Pi::LO * T(0.5));
  T r = big ? large : t + tail;
  return copysign(r, x);
}
template <class T> AW_IN T acos(T x) {
  typedef PiParts<T> Pi;
  T a = abs(x);
  bool big = a > T(0.5);
  T z = big ? fma(a, T(-0.5), T(0.5)) : a * a;
  T s = sqrt(z);
  T t = big ? s : a;
  T tail = t * z * asin_tail(z);
  T err = fma(-s, s, z) / (s + s);
  err = z > 0 ? err : T(0);
  bool neg = x < 0;
  // |x| > 1/2: 2 asin(s), or pi - that; otherwise pi/2 - asin(x).
  T near = T(2) * (s + (tail + err));
  T far = fma(T(-2), s, Pi::HI) + fma(T(-2), tail + err, Pi::LO);
  T v = copysign(a, x), vt = copysign(tail, x);
  T mid = (Pi::HI * T(0.5) - v) + (Pi::LO * T(0.5) - vt);
  // The subtraction pi/2 - v rounds: bring its error back.
  T h = Pi::HI * T(0.5) - v;
  mid = h + (((Pi::HI * T(0.5) - h) - v) + (Pi::LO * T(0.5) - vt));
  far = neg ? far : near;
  return big ? far : mid;
}

/// atan(num / den) for 0 <= num <= den, and pi/2 minus it where `swap`.
template <class T> AW_IN T atan_ratio(T num, T den, bool swap) {
  typedef PiParts<T> Pi;
  T q = num / den;
  T z = q * q;
  T tail = q * z * atan_tail(z);
  T h = Pi::HI * T(0.5) - q;
  T l = ((Pi::HI * T(0.5) - h) - q) + (Pi::LO * T(0.5) - tail);
  T turned = h + l, straight = q + tail;
  return swap ? turned : straight;
}
template <class T> AW_IN T atan(T x) {
  T a = abs(x);
  bool swap = a > T(1);
  T r = atan_ratio(swap ? T(1) : a, swap ? a : T(1), swap);
  return copysign(r, x);
}
template <class T> AW_IN T atan2(T y, T x) {
  typedef PiParts<T> Pi;
  T ay = abs(y), ax = abs(x);
  bool swap = ay > ax;
  T num = swap ? ax : ay, den = swap ? ay : ax;
  // 0/0 is 0 and inf/inf is 1.
  T fixed = den == 0 ? T(0) : T(1);
  bool fix = (den == 0) | (num == den);
  num = fix ? fixed : num;
  den = fix ? T(1) : den;
  T r = atan_ratio(num, den, swap);
  // The left half plane: pi minus the angle.
  T left = Pi::HI - r;
  left = left + (((Pi::HI - left) - r) + Pi::LO);
  r = bits(x) < 0 ? left : r;
  T sum = x + y;
  bool nan = (x != x) | (y != y);
  r = nan ? sum : r;
  return copysign(r, y);
}

}  // namespace aw

AW_API float __nv_asinf(float x) { return aw::asin(x); }
AW_API float __nv_acosf(float x) { return aw::acos(x); }
AW_API float __nv_atanf(float x) { return aw::atan(x); }
AW_API float __nv_atan2f(float y, float x) { return aw::atan2(y, x); }
AW_API double __nv_asin(double x) { return aw::asin(x); }
AW_API double __nv_acos(double x) { return aw::acos(x); }
AW_API double __nv_atan(double x) { return aw::atan(x); }
AW_API double __nv_atan2(double y, double x) { return aw::atan2(y, x); }
