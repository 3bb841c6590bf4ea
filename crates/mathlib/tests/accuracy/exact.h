//! Functions with exact results against an independent reference: libm for the parts of numbers, lane-by-lane integer
//! arithmetic for the rest. Included after the library.
#pragma once
#include <limits.h>
#include <stdint.h>

#include "harness.h"

struct Exact {
  const char *name;
  u64 points = 0, wrong = 0;
  explicit Exact(const char *n) : name(n) {}
  template <class T> void same(T got, T want, double a, double b = 0) {
    points++;
    bool ok = got == want || (got != got && want != want);
    ok = ok && (got != 0 || sizeof(T) < 4 || signbit((double)got) == signbit((double)want));
    if (!ok && wrong++ < 3) printf("%-24s (%a, %a) gave %.17g, not %.17g\n", name, a, b, (double)got, (double)want);
  }
  void finish() {
    printf("%-24s %9llu points  exact  %s\n", name, points, wrong ? "FAIL" : "ok");
    failures() += wrong != 0;
  }
};
static bool chosen(const char *name) { return !only() || strstr(name, only()); }

template <class T> static std::vector<T> sample(size_t n) {
  std::vector<T> v = edges<T>();
  for (size_t i = 0; i < n; i++) v.push_back(from_bits<T>((typename Float<T>::Bits)next_random()));
  for (size_t i = 0; i < n; i++) v.push_back((T)((unit() - 0.5) * 4096));
  return v;
}

#define EXACT1(T, f, ref)                                     \
  if (chosen(#f)) {                                           \
    Exact e(#f);                                              \
    for (T x : xs) e.same(f(x), ref, x);                      \
    e.finish();                                               \
  }
#define EXACT2(T, f, ref)                                     \
  if (chosen(#f)) {                                           \
    Exact e(#f);                                              \
    for (T x : xs) {                                          \
      T y = pick();                                           \
      e.same(f(x, y), ref, x, y);                             \
    }                                                         \
    e.finish();                                               \
  }
#define EXACT_PARTS(S, T, FMA)                                                                                     \
  static void parts_##T() {                                                                                        \
    std::vector<T> xs = sample<T>(20000);                                                                          \
    auto pick = [&] { return xs[next_random() % xs.size()]; };                                                     \
    EXACT1(T, __nv_floor##S, floor##S(x))                                                                          \
    EXACT1(T, __nv_ceil##S, ceil##S(x))                                                                            \
    EXACT1(T, __nv_trunc##S, trunc##S(x))                                                                          \
    EXACT1(T, __nv_rint##S, rint##S(x))                                                                            \
    EXACT1(T, __nv_round##S, round##S(x))                                                                          \
    EXACT1(T, __nv_fabs##S, fabs##S(x))                                                                            \
    EXACT1(T, __nv_logb##S, logb##S(x))                                                                            \
    EXACT1(T, __nv_ilogb##S, x != x || x == 0 ? INT_MIN : isinf(x) ? INT_MAX : ilogb##S(x))                        \
    EXACT2(T, __nv_copysign##S, copysign##S(x, y))                                                                 \
    EXACT2(T, __nv_nextafter##S, nextafter##S(x, y))                                                               \
    EXACT2(T, __nv_fmod##S, fmod##S(x, y))                                                                         \
    EXACT2(T, __nv_remainder##S, remainder##S(x, y))                                                               \
    if (chosen("__nv_remquo" #S)) {                                                                                \
      Exact e("__nv_remquo" #S);                                                                                   \
      for (T x : xs) {                                                                                             \
        T y = pick();                                                                                              \
        if (next_random() & 1) y = x * (T)(unit() + 0.01);                                                         \
        int q = 0, w = 0;                                                                                          \
        T g = __nv_remquo##S(x, y, &q), r = remquo##S(x, y, &w);                                                   \
        e.same(g, r, x, y);                                                                                        \
        if (r == r && !isinf(y)) e.same(q & 7, w & 7, x, y);                                                       \
      }                                                                                                            \
      e.finish();                                                                                                  \
    }                                                                                                              \
    if (chosen("__nv_frexp" #S)) {                                                                                 \
      Exact e("__nv_frexp" #S), m("__nv_modf" #S), l("__nv_ldexp" #S);                                             \
      for (T x : xs) {                                                                                             \
        int q = 0, w = 0;                                                                                          \
        T a, b, g = __nv_frexp##S(x, &q), r = frexp##S(x, &w);                                                     \
        e.same(g, r, x);                                                                                           \
        if (r == r && !isinf(r)) e.same(q, w, x);                                                                  \
        g = __nv_modf##S(x, &a), r = modf##S(x, &b);                                                               \
        m.same(g, r, x), m.same(a, b, x);                                                                          \
        for (int n : {0, 1, -1, 30, -30, 300, -300, 2100, -2100, INT_MAX, INT_MIN, -140, -149, -1060})             \
          l.same(__nv_ldexp##S(x, n), ldexp##S(x, n), x, n);                                                       \
        int n = (int)(next_random() % 600) - 300;                                                                  \
        l.same(__nv_scalbn##S(x, n), ldexp##S(x, n), x, n);                                                        \
      }                                                                                                            \
      e.finish(), m.finish(), l.finish();                                                                          \
    }                                                                                                              \
    if (chosen("__nv_llround" #S)) {                                                                               \
      Exact e("__nv_llround" #S);                                                                                  \
      for (T x : xs)                                                                                               \
        if (fabs(x) < 9e18) e.same(__nv_llround##S(x), llround##S(x), x);                                          \
      e.finish();                                                                                                  \
    }                                                                                                              \
  }
EXACT_PARTS(f, float, fmaf)
EXACT_PARTS(, double, fma)

/// Norms of three and four numbers against long double (64 bits: no more than 1/2000 ulp off).
template <class T> static void norms(const char *name, T (*f3)(T, T, T), T (*f4)(T, T, T, T), bool reciprocal) {
  if (!chosen(name)) return;
  Row row(name);
  for (int i = 0; i < 60000; i++) {
    T v[4];
    double spread = (int)(next_random() % (sizeof(T) == 4 ? 240 : 1900)) - (sizeof(T) == 4 ? 125 : 1000);
    for (T &x : v) x = (T)ldexp(unit() - 0.5, (int)(spread + 8 * unit()));
    if (!f4) v[3] = 0;
    long double s = sqrtl((long double)v[0] * v[0] + (long double)v[1] * v[1] + (long double)v[2] * v[2] + (long double)v[3] * v[3]);
    long double w = reciprocal ? 1 / s : s;
    T g = f4 ? f4(v[0], v[1], v[2], v[3]) : f3(v[0], v[1], v[2]);
    double args[4] = {v[0], v[1], v[2], v[3]};
    row.add(error_ulps(g, w), args, 4, g, w);
  }
  row.finish();
}

template <int W, bool SIGNED> static long lane(u32 a, int i) {
  u32 v = a >> (W * i) & ((1u << W) - 1);
  if (SIGNED && v >> (W - 1)) return (long)v - (1l << W);
  return v;
}
/// A two-argument SIMD function against the same operation on one lane at a time.
template <int W, bool SIGNED> static void video(const char *name, int (*f)(int, int), long (*op)(long, long)) {
  if (!chosen(name)) return;
  Exact e(name);
  for (int i = 0; i < 3000; i++) {
    u32 a = (u32)next_random(), b = (u32)next_random(), want = 0;
    if (i % 3 == 0) b = a ^ (b & 0x00ff0001);
    if (i % 7 == 0) a = 0x80007f80u, b = (u32)next_random() & 0x8000ff01u;
    for (int k = 0; k < 32 / W; k++)
      want |= ((u32)op(lane<W, SIGNED>(a, k), lane<W, SIGNED>(b, k)) & ((1u << W) - 1)) << (W * k);
    e.same((u32)f((int)a, (int)b), want, a, b);
  }
  e.finish();
}
template <int W> static long sat_s(long x) { return x > (1 << (W - 1)) - 1 ? (1 << (W - 1)) - 1 : x < -(1 << (W - 1)) ? -(1 << (W - 1)) : x; }
template <int W> static long sat_u(long x) { return x < 0 ? 0 : x > (1 << W) - 1 ? (1 << W) - 1 : x; }
#define VIDEO(name, sign, expr)                                                                    \
  video<16, sign>("__nv_" #name "2", __nv_##name##2, [](long x, long y) -> long { constexpr int W = 16; (void)W, (void)y; return expr; }); \
  video<8, sign>("__nv_" #name "4", __nv_##name##4, [](long x, long y) -> long { constexpr int W = 8; (void)W, (void)y; return expr; });
#define VIDEO1(name, expr)                                                                         \
  video<16, true>("__nv_" #name "2", [](int a, int) { return __nv_##name##2(a); }, [](long x, long) -> long { constexpr int W = 16; (void)W; return expr; }); \
  video<8, true>("__nv_" #name "4", [](int a, int) { return __nv_##name##4(a); }, [](long x, long) -> long { constexpr int W = 8; (void)W; return expr; });

static void video_functions() {
  VIDEO(vadd, false, x + y) VIDEO(vsub, false, x - y) VIDEO(vaddss, true, sat_s<W>(x + y)) VIDEO(vaddus, false, sat_u<W>(x + y))
  VIDEO(vsubss, true, sat_s<W>(x - y)) VIDEO(vsubus, false, sat_u<W>(x - y)) VIDEO(vabsdiffs, true, labs(x - y))
  VIDEO(vabsdiffu, false, labs(x - y)) VIDEO(vavgu, false, (x + y + 1) / 2) VIDEO(vhaddu, false, (x + y) / 2)
  VIDEO(vavgs, true, (long)floor((x + y + (x + y >= 0)) / 2.0)) VIDEO(vmaxs, true, x > y ? x : y) VIDEO(vmaxu, false, x > y ? x : y)
  VIDEO(vmins, true, x < y ? x : y) VIDEO(vminu, false, x < y ? x : y) VIDEO(vcmpeq, false, -(x == y)) VIDEO(vcmpne, false, -(x != y))
  VIDEO(vcmpges, true, -(x >= y)) VIDEO(vcmpgeu, false, -(x >= y)) VIDEO(vcmpgts, true, -(x > y)) VIDEO(vcmpgtu, false, -(x > y))
  VIDEO(vcmples, true, -(x <= y)) VIDEO(vcmpleu, false, -(x <= y)) VIDEO(vcmplts, true, -(x < y)) VIDEO(vcmpltu, false, -(x < y))
  VIDEO(vseteq, false, x == y) VIDEO(vsetne, false, x != y) VIDEO(vsetges, true, x >= y) VIDEO(vsetgeu, false, x >= y)
  VIDEO(vsetgts, true, x > y) VIDEO(vsetgtu, false, x > y) VIDEO(vsetles, true, x <= y) VIDEO(vsetleu, false, x <= y)
  VIDEO(vsetlts, true, x < y) VIDEO(vsetltu, false, x < y)
  VIDEO1(vabs, labs(x)) VIDEO1(vabsss, sat_s<W>(labs(x))) VIDEO1(vneg, -x) VIDEO1(vnegss, sat_s<W>(-x))
}

static void integer_functions() {
  if (!chosen("integer")) return;
  Exact e("integer functions");
  for (int i = 0; i < 100000; i++) {
    u64 a = next_random(), b = next_random();
    if (i % 4 == 0) a >>= next_random() % 64, b >>= next_random() % 64;
    if (i % 97 == 0) a = 0;
    if (i % 89 == 0) a = 1ull << 63 | 1ull << 31;
    int x = (int)a, y = (int)b;
    u32 ux = (u32)a, uy = (u32)b;
    e.same(__nv_clz(x), x ? __builtin_clz(x) : 32, x), e.same(__nv_clzll((long long)a), a ? __builtin_clzll(a) : 64, (double)a);
    e.same(__nv_ffs(x), __builtin_ffs(x), x), e.same(__nv_ffsll((long long)a), __builtin_ffsll((long long)a), (double)a);
    e.same(__nv_popc(x), __builtin_popcount(ux), x), e.same(__nv_popcll((long long)a), __builtin_popcountll(a), (double)a);
    u32 r = 0;
    for (int k = 0; k < 32; k++) r |= (ux >> k & 1) << (31 - k);
    e.same((u32)__nv_brev(x), r, x);
    e.same((u64)__nv_brevll((long long)a), (u64)(u32)__nv_brev((int)ux) << 32 | (u32)__nv_brev((int)(a >> 32)), (double)a);
    e.same((long)__nv_hadd(x, y), ((long)x + y) >> 1, x, y), e.same((long)__nv_rhadd(x, y), ((long)x + y + 1) >> 1, x, y);
    e.same((u64)__nv_uhadd(ux, uy), ((u64)ux + uy) >> 1, ux, uy), e.same((u64)__nv_urhadd(ux, uy), ((u64)ux + uy + 1) >> 1, ux, uy);
    e.same((u32)__nv_sad(x, y, 7), (u32)(labs((long)x - y) + 7), x, y), e.same(__nv_usad(ux, uy, 7), (u32)(labs((long)ux - (long)uy) + 7), ux, uy);
    long sx = (long)(int)(ux << 8) >> 8, sy = (long)(int)(uy << 8) >> 8;
    e.same((u32)__nv_mul24(x, y), (u32)(sx * sy), x, y), e.same(__nv_umul24(ux, uy), (u32)((u64)(ux & 0xffffff) * (uy & 0xffffff)), ux, uy);
    e.same(__nv_mulhi(x, y), (int)(((long)x * y) >> 32), x, y), e.same(__nv_umulhi(ux, uy), (u32)(((u64)ux * uy) >> 32), ux, uy);
    unsigned char in[8];
    memcpy(in, &ux, 4), memcpy(in + 4, &uy, 4);
    u32 sel = (u32)next_random() & 0x7777, want = 0;
    for (int k = 0; k < 4; k++) want |= (u32)in[sel >> (4 * k) & 7] << (8 * k);
    e.same((u32)__nv_byte_perm(x, y, (int)sel), want, x, sel);
    u32 sads = 0, sadu = 0;
    for (int k = 0; k < 4; k++) sads += (u32)labs(lane<8, true>(ux, k) - lane<8, true>(uy, k)), sadu += (u32)labs(lane<8, false>(ux, k) - lane<8, false>(uy, k));
    e.same((u32)__nv_vsads4(x, y), sads, x, y), e.same((u32)__nv_vsadu4(x, y), sadu, x, y);
  }
  e.finish();
}

static void exact_functions() {
  parts_float(), parts_double();
  norms<float>("__nv_norm3df", __nv_norm3df, nullptr, false), norms<float>("__nv_rnorm3df", __nv_rnorm3df, nullptr, true);
  norms<float>("__nv_norm4df", nullptr, __nv_norm4df, false), norms<float>("__nv_rnorm4df", nullptr, __nv_rnorm4df, true);
  norms<double>("__nv_norm3d", __nv_norm3d, nullptr, false), norms<double>("__nv_rnorm3d", __nv_rnorm3d, nullptr, true);
  norms<double>("__nv_norm4d", nullptr, __nv_norm4d, false), norms<double>("__nv_rnorm4d", nullptr, __nv_rnorm4d, true);
  video_functions();
  integer_functions();
}
