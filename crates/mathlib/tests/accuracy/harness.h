//! Measures a function against a reference: the largest error in ulps over edge values, a stride through the whole
//! argument space and hard ranges. Invariant: an error is counted against the exact value, and a special result (NaN,
//! infinity, the sign of a zero) must be the reference's own.
#pragma once
#include <math.h>
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <string>
#include <unordered_map>
#include <vector>

typedef unsigned int u32;
typedef unsigned long long u64;
typedef int (*Mp1)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
typedef int (*Mp2)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);

template <class T> struct Float;
template <> struct Float<float> {
  typedef u32 Bits;
  static constexpr int P = 24, EMIN = -149, SIGN = 31;
};
template <> struct Float<double> {
  typedef u64 Bits;
  static constexpr int P = 53, EMIN = -1074, SIGN = 63;
};
template <class T> T from_bits(typename Float<T>::Bits b) {
  T r;
  memcpy(&r, &b, sizeof r);
  return r;
}
template <class T> typename Float<T>::Bits to_bits(T x) {
  typename Float<T>::Bits b;
  memcpy(&b, &x, sizeof b);
  return b;
}

/// The size of a unit in the last place of a result near `r`.
template <class T> long double ulp_of(long double r) {
  int e;
  frexpl(r, &e);
  e -= Float<T>::P;
  return ldexpl(1.0L, e < Float<T>::EMIN ? Float<T>::EMIN : e);
}

/// Error of `got` in ulps against the value `want` (given to at least 11 bits more than T); -1 stands for a wrong special.
template <class T> double error_ulps(T got, long double want) {
  T w = (T)want;
  if (want != want) return got != got ? 0 : -1;
  if (got != got) return -1;
  if (isinf(want)) return (long double)got == want ? 0 : -1;
  if (isinf(got) || isinf(w)) {
    // Overflow: infinity and the largest finite number are neighbours.
    long double top = ldexpl(1.0L, sizeof(T) == 4 ? 128 : 1024), ulp = ldexpl(top, -Float<T>::P);
    if (signbit(got) != signbit(want)) return -1;
    long double g = isinf(got) ? top : fabsl((long double)got), v = fabsl(want) > top ? top : fabsl(want);
    long double e = fabsl(g - v) / ulp;
    return e > 1e6 ? -1 : (double)e;
  }
  if (want == 0) {
    if (got == 0) return signbit(got) == signbit(want) ? 0 : -1;
    return (double)(fabsl((long double)got) / ulp_of<T>(0));
  }
  if (got == 0 && signbit(got) != signbit(want)) return -1;
  return (double)(fabsl((long double)got - want) / ulp_of<T>(want));
}

inline std::unordered_map<std::string, double> &bounds() {
  static std::unordered_map<std::string, double> map;
  return map;
}
inline int &failures() {
  static int n = 0;
  return n;
}
inline const char *&only() {
  static const char *s = nullptr;
  return s;
}
inline u64 &density() {
  static u64 n = 1;
  return n;
}

/// The running maximum of one function, printed and judged when it ends.
struct Row {
  const char *name;
  double max = 0, at[4] = {0, 0, 0, 0}, got = 0;
  long double want = 0;
  u64 points = 0, wrong = 0;
  int arity = 1;
  explicit Row(const char *n) : name(n) {}
  void add(double err, const double *args, int n, double g, long double w) {
    points++;
    arity = n;
    if (err < 0) wrong++;
    if (wrong ? (err < 0 && wrong == 1) : err > max) {
      max = err < 0 ? max : err;
      for (int i = 0; i < n; i++) at[i] = args[i];
      got = g, want = w;
    }
  }
  void finish() {
    auto it = bounds().find(name);
    bool exact = it == bounds().end();  // no bound in the table: the correctly rounded result
    double bound = exact ? 0 : it->second;
    // The guide counts from the correctly rounded result: half an ulp more than from the exact value.
    bool bad = wrong || max > bound + 0.5;
    printf("%-24s %9llu points  max %8.4f ulp  bound %5.3g  %s", name, points, max, bound, bad ? "FAIL" : "ok");
    if (bad || getenv("AW_WORST")) {
      printf("  [%llu wrong] at", wrong);
      for (int i = 0; i < arity; i++) printf(" %a (%.9g)", at[i], at[i]);
      printf(" got %a want %La", got, want);
    }
    printf("\n");
    fflush(stdout);
    failures() += bad;
  }
};

inline u64 next_random() {
  static u64 s = 0x9e3779b97f4a7c15ull;
  s ^= s << 13, s ^= s >> 7, s ^= s << 17;
  return s;
}
inline double unit() { return (double)(next_random() >> 11) * 0x1p-53; }

template <class T> void push_around(std::vector<T> &v, T x) {
  T up = x, down = x;
  for (int i = 0; i < 4; i++) {
    v.push_back(up), v.push_back(down), v.push_back(-up), v.push_back(-down);
    up = nextafter(up, (T)INFINITY), down = nextafter(down, -(T)INFINITY);
  }
}

/// Values at which functions change: zeros, powers of two, integers, multiples of pi/2, thresholds of overflow.
template <class T> const std::vector<T> &edges() {
  static std::vector<T> v;
  if (!v.empty()) return v;
  for (T x : {(T)0, (T)INFINITY, (T)NAN}) v.push_back(x), v.push_back(-x);
  int lo = sizeof(T) == 4 ? -149 : -1074, hi = sizeof(T) == 4 ? 127 : 1023;
  for (int e = lo; e <= hi; e += (sizeof(T) == 4 || (e > -160 && e < 140)) ? 1 : 7) push_around(v, (T)ldexp(1.0, e));
  push_around(v, sizeof(T) == 4 ? (T)0x1.fffffep127 : (T)0x1.fffffffffffffp1023);
  for (int k = 1; k <= 64; k++) push_around(v, (T)(k * 0.5));
  for (int k = 1; k <= 400; k++) push_around(v, (T)(k * M_PI_2));
  for (int i = 0; i < 200; i++) push_around(v, (T)(floor(ldexp(unit(), 20)) * M_PI_2));
  for (double x : {0.33333333, 0.66666667, 0.70710678, 1.41421356, 0.34657359, 0.69314718, 87.33654, 88.722839, 88.72284, 103.27893,
                   103.97208, 89.41598, 38.53184, 37.92978, 44.85347, 45.1545, 708.3964, 709.782712893384, 745.13321910194,
                   710.4758600739439, 307.6526, 308.2547155599167, 323.6, 170.6243769563027, 171.6243769, 34.0, 35.04,
                   9.194549, 10.05, 26.54, 27.226, 13.0, 14.17, 37.5, 38.5})
    push_around(v, (T)x);
  return v;
}

inline void to_mpfr(mpfr_t m, double x) { mpfr_set_d(m, x, MPFR_RNDN); }

/// The value of an MPFR computation as a long double, keeping the sign of zero.
inline long double from_mpfr(mpfr_t m) { return mpfr_get_ld(m, MPFR_RNDN); }

struct Range {
  double lo, hi;
};

template <class T> struct Fn1 {
  const char *name;
  T (*f)(T);
  double (*quick)(double);  // a double-precision reference for dense runs of float functions, or null
  Mp1 exact;
  std::vector<Range> hard;  // ranges that get extra points
  u64 thin = 1;             // divides the number of points
  double abs_from = INFINITY, abs_error = 0;  // from |x| = abs_from on the guide bounds the absolute error instead
  Range skip{0, 0};         // an open interval where the guide gives no bound
};

template <class T> void check1(const Fn1<T> &c, u64 mp_points) {
  if (only() && !strstr(c.name, only())) return;
  Row row(c.name);
  mp_points /= c.thin;
  mpfr_t x, y;
  mpfr_init2(x, 53), mpfr_init2(y, 80);
  auto exact = [&](T a) {
    if (a > c.skip.lo && a < c.skip.hi) return;
    double d = a;
    to_mpfr(x, d);
    c.exact(y, x, MPFR_RNDN);
    long double w = from_mpfr(y);
    T g = c.f(a);
    bool close = fabs(d) >= c.abs_from && fabsl((long double)g - w) <= c.abs_error;
    row.add(close ? 0 : error_ulps(g, w), &d, 1, g, w);
  };
  auto quick = [&](T a) {
    if (a > c.skip.lo && a < c.skip.hi) return;
    double d = a;
    long double w = c.quick(d);
    T g = c.f(a);
    row.add(error_ulps(g, w), &d, 1, g, w);
  };
  for (size_t i = 0; i < edges<T>().size(); i += i < 300 ? 1 : c.thin) exact(edges<T>()[i]);
  for (u64 i = 0; i < mp_points; i++) exact(from_bits<T>((typename Float<T>::Bits)next_random()));
  for (const Range &r : c.hard)
    for (u64 i = 0; i < mp_points; i++) exact((T)(r.lo + (r.hi - r.lo) * unit()));
  if (sizeof(T) == 4 && c.quick) {
    u64 step = 8191 / density() | 1;
    for (u64 b = 0; b < (1ull << 32); b += step) quick(from_bits<T>((typename Float<T>::Bits)b));
    for (const Range &r : c.hard)
      for (u64 i = 0; i < 200000 * density(); i++) quick((T)(r.lo + (r.hi - r.lo) * unit()));
  }
  mpfr_clear(x), mpfr_clear(y);
  row.finish();
}

template <class T> struct Fn2 {
  const char *name;
  T (*f)(T, T);
  Mp2 exact;
  std::vector<std::pair<Range, Range>> hard;
};

template <class T> void check2(const Fn2<T> &c, u64 mp_points) {
  if (only() && !strstr(c.name, only())) return;
  Row row(c.name);
  mpfr_t x, z, y;
  mpfr_init2(x, 53), mpfr_init2(z, 53), mpfr_init2(y, 80);
  auto exact = [&](T a, T b) {
    double d[2] = {a, b};
    to_mpfr(x, a), to_mpfr(z, b);
    c.exact(y, x, z, MPFR_RNDN);
    long double w = from_mpfr(y);
    T g = c.f(a, b);
    row.add(error_ulps(g, w), d, 2, g, w);
  };
  std::vector<T> few;
  for (double v : {0.0, 1.0, 0.5, 2.0, 3.0, 4.0, 0.75, 1.5, 2.5, 5.0, 1e-3, 1e10, 16777215.0, 16777216.0, 33554432.0, 1e-30, 1e30, 8388607.5,
                   0.33333333, 0.1, 100.0, 1e-45, 1e-40, 1.1754944e-38, 3.4028235e38, (double)INFINITY, (double)NAN,
                   9007199254740991.0, 9007199254740992.0, 4503599627370495.5, 1e308, 5e-324, 2.2e-308, 0.99999, 1.00001})
    few.push_back((T)v), few.push_back(-(T)v), few.push_back(nextafter((T)v, (T)1));
  for (T a : few)
    for (T b : few) exact(a, b);
  for (u64 i = 0; i < mp_points; i++) {
    typedef typename Float<T>::Bits B;
    exact(from_bits<T>((B)next_random()), from_bits<T>((B)next_random()));
    T a = from_bits<T>((B)next_random());
    exact(a, (T)(a * (T)(unit() * 4)));
  }
  for (auto &r : c.hard)
    for (u64 i = 0; i < mp_points; i++)
      exact((T)(r.first.lo + (r.first.hi - r.first.lo) * unit()), (T)(r.second.lo + (r.second.hi - r.second.lo) * unit()));
  mpfr_clear(x), mpfr_clear(y), mpfr_clear(z);
  row.finish();
}
