//! What every family builds on: how a function is declared for the device and for the host test, bit casts, and the
//! exact operations. Invariant: nothing here rounds more than once, and nothing depends on `.ftz`.
#pragma once

#if defined(__CUDA_ARCH__)
#define AW_DEVICE 1
#define AW_D __attribute__((device))
#define AW_TABLE static __attribute__((device)) __attribute__((constant)) const
#else
#define AW_DEVICE 0
#define AW_D
#define AW_TABLE static const
#endif

/// A function of the library: one `.visible .func` of the PTX.
#define AW_API extern "C" AW_D
/// A helper: always inlined, so that every library function is self-contained.
#define AW_IN static AW_D inline __attribute__((always_inline))

typedef int i32;
typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;

namespace aw {

AW_IN i32 bits(float x) { return __builtin_bit_cast(i32, x); }
AW_IN i64 bits(double x) { return __builtin_bit_cast(i64, x); }
AW_IN u32 ubits(float x) { return __builtin_bit_cast(u32, x); }
AW_IN u64 ubits(double x) { return __builtin_bit_cast(u64, x); }
AW_IN float as_f32(i32 x) { return __builtin_bit_cast(float, x); }
AW_IN float as_f32(u32 x) { return __builtin_bit_cast(float, x); }
AW_IN double as_f64(i64 x) { return __builtin_bit_cast(double, x); }
AW_IN double as_f64(u64 x) { return __builtin_bit_cast(double, x); }

constexpr float INF_F = __builtin_inff();
constexpr double INF_D = __builtin_inf();
/// The NaN that CUDA's functions return (Programming Guide, "Mathematical Functions").
AW_IN float nan_f() { return as_f32(0x7fffffffu); }
AW_IN double nan_d() { return as_f64(0xfff8000000000000ull); }
template <class T> AW_IN T infinity() { return (T)INF_F; }
AW_IN float nan_like(float) { return nan_f(); }
AW_IN double nan_like(double) { return nan_d(); }

AW_IN float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
AW_IN double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
AW_IN float abs(float x) { return as_f32(ubits(x) & 0x7fffffffu); }
AW_IN double abs(double x) { return as_f64(ubits(x) & 0x7fffffffffffffffull); }
AW_IN float sqrt(float x) { return __builtin_sqrtf(x); }
AW_IN double sqrt(double x) { return __builtin_sqrt(x); }
/// One over the root: the engines' own operation (`ir::Op::FRsqrt`).
AW_IN float rsqrt_approx(float x) {
#if AW_DEVICE
  return __nvvm_rsqrt_approx_f(x);
#else
  if (ubits(x) - 0x00800000u >= 0x7f000000u) return 1.0f / sqrt(x);
  float y = as_f32(0x5f376908u - (ubits(x) >> 1));
  y = y * fma(-(0.5f * x * y), y, 1.50087896f);
  float rest = fma(-(x * y), y, 1.0f);
  return fma(y * rest, fma(rest, 0.375f, 0.5f), y);
#endif
}
AW_IN float rint(float x) { return __builtin_rintf(x); }
AW_IN double rint(double x) { return __builtin_rint(x); }
AW_IN float trunc(float x) { return __builtin_truncf(x); }
AW_IN double trunc(double x) { return __builtin_trunc(x); }
AW_IN float floor(float x) { return __builtin_floorf(x); }
AW_IN double floor(double x) { return __builtin_floor(x); }
AW_IN float ceil(float x) { return __builtin_ceilf(x); }
AW_IN double ceil(double x) { return __builtin_ceil(x); }

AW_IN float copysign(float m, float s) { return as_f32((ubits(m) & 0x7fffffffu) | (ubits(s) & 0x80000000u)); }
AW_IN double copysign(double m, double s) {
  return as_f64((ubits(m) & 0x7fffffffffffffffull) | (ubits(s) & 0x8000000000000000ull));
}
/// `x` with its sign flipped where `s` is negative.
AW_IN float xorsign(float x, float s) { return as_f32(ubits(x) ^ (ubits(s) & 0x80000000u)); }
AW_IN double xorsign(double x, double s) { return as_f64(ubits(x) ^ (ubits(s) & 0x8000000000000000ull)); }

/// Clamps that let a NaN through (`min`/`max` would drop it): one vector instruction each.
AW_IN float at_least(float x, float lo) { return x < lo ? lo : x; }
AW_IN float at_most(float x, float hi) { return x > hi ? hi : x; }
AW_IN double at_least(double x, double lo) { return x < lo ? lo : x; }
AW_IN double at_most(double x, double hi) { return x > hi ? hi : x; }

/// 2^n for a normal result.
AW_IN float pow2i(i32 n) { return as_f32((n << 23) + 0x3f800000); }
AW_IN double pow2i(i64 n) { return as_f64((i64)((u64)(n + 1023) << 52)); }
/// x * 2^n rounded once, |n| <= 252 (float) and 2044 (double), right for denormal and overflowing results. Where n is less by
/// one or two the half is zero, and so is the result, exactly: exponentials of -inf must not underflow, which takes a
/// processor a hundred times as long.
AW_IN float scale2(float x, i32 n) {
  i32 h = n >> 1;
  return x * pow2i(h) * pow2i(n - h);
}
AW_IN double scale2(double x, i64 n) {
  i64 h = n >> 1;
  return x * pow2i(h) * pow2i(n - h);
}

/// Adding it rounds to an integer and leaves that integer in the low bits.
constexpr float MAGIC_F = 12582912.0f;
constexpr i32 MAGIC_F_BITS = 0x4b400000;
constexpr double MAGIC_D = 6755399441055744.0;
constexpr i64 MAGIC_D_BITS = 0x4338000000000000ll;

/// Horner's rule, highest coefficient first.
template <class T> AW_IN T poly(T, T c) { return c; }
template <class T, class... R> AW_IN T poly_step(T, T acc) { return acc; }
template <class T, class... R> AW_IN T poly_step(T x, T acc, T c, R... r) { return poly_step<T>(x, fma(acc, x, c), r...); }
template <class T, class... R> AW_IN T poly(T x, T c, T d, R... r) { return poly_step<T>(x, fma(c, x, d), r...); }

/// An unevaluated sum hi + lo.
template <class T> struct Two {
  T hi, lo;
};
template <class T> AW_IN Two<T> two_sum(T a, T b) {
  T s = a + b, bb = s - a;
  return {s, (a - (s - bb)) + (b - bb)};
}
/// |a| >= |b| or a == 0.
template <class T> AW_IN Two<T> fast_two_sum(T a, T b) {
  T s = a + b;
  return {s, b - (s - a)};
}
template <class T> AW_IN Two<T> two_prod(T a, T b) {
  T p = a * b;
  return {p, fma(a, b, -p)};
}
template <class T> AW_IN Two<T> operator+(Two<T> a, Two<T> b) {
  Two<T> s = two_sum(a.hi, b.hi);
  return fast_two_sum(s.hi, s.lo + (a.lo + b.lo));
}
template <class T> AW_IN Two<T> operator*(Two<T> a, Two<T> b) {
  Two<T> p = two_prod(a.hi, b.hi);
  return fast_two_sum(p.hi, p.lo + fma(a.hi, b.lo, a.lo * b.hi));
}
template <class T> AW_IN Two<T> operator*(Two<T> a, T b) {
  Two<T> p = two_prod(a.hi, b);
  return fast_two_sum(p.hi, fma(a.lo, b, p.lo));
}
/// a / b, with one division.
template <class T> AW_IN Two<T> divide(Two<T> a, Two<T> b) {
  T i = T(1) / b.hi;
  T q = a.hi * i;
  T r = fma(-q, b.hi, a.hi) + fma(-q, b.lo, a.lo);
  return fast_two_sum(q, r * i);
}

}  // namespace aw
