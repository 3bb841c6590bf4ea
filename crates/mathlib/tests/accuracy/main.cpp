//! Accuracy of the library on the host: the same sources, compared with MPFR. Arguments: functions.tsv [name part].
//! AW_DENSITY=n multiplies the points; AW_WORST=1 prints the worst argument of each function.
#include "harness.h"
#include "refs.h"

#include "../../device/mathlib.cu"
#include "exact.h"

static void read_bounds(const char *path) {
  FILE *f = fopen(path, "r");
  if (!f) exit(2);
  char line[512], family[64], name[64], res[64], args[64], ulp[64];
  while (fgets(line, sizeof line, f))
    if (sscanf(line, "%63[^\t]\t%63[^\t]\t%63[^\t]\t%63[^\t]\t%63[^\n]", family, name, res, args, ulp) == 5 && ulp[0] != '-')
      bounds()[name] = atof(ulp);
  fclose(f);
}

// A reference that iterates: a tenth of the points.
static const u64 SLOW = 10;
// log|Gamma| crosses zero next to every negative integer: from 11 on 1e-15 absolute, less than an ulp of the other values.

static float sincos_s(float x) { float s, c; __nv_sincosf(x, &s, &c); return s; }
static float sincos_c(float x) { float s, c; __nv_sincosf(x, &s, &c); return c; }
static double q_rsqrt(double x) { return 1 / sqrt(x); }
static double q_exp10(double x) { return (double)powl(10, x); }
static double q_normcdf(double x) { return 0.5 * erfc(-x * M_SQRT1_2); }
static double q_rcbrt(double x) { return 1 / cbrt(x); }

static void f32_functions() {
  const u64 N = 2500 * density();
  const Fn1<float> table[] = {
      {"__nv_expf", __nv_expf, exp, mpfr_exp, {{-104, 89}, {-1, 1}}},
      {"__nv_exp2f", __nv_exp2f, exp2, mpfr_exp2, {{-150, 128}, {-1, 1}}},
      {"__nv_exp10f", __nv_exp10f, q_exp10, mpfr_exp10, {{-46, 39}, {-1, 1}}},
      {"__nv_expm1f", __nv_expm1f, expm1, mpfr_expm1, {{-20, 89}, {-1, 1}}},
      {"__nv_sinhf", __nv_sinhf, sinh, mpfr_sinh, {{-90, 90}, {-2, 2}}},
      {"__nv_coshf", __nv_coshf, cosh, mpfr_cosh, {{-90, 90}, {-2, 2}}},
      {"__nv_tanhf", __nv_tanhf, tanh, mpfr_tanh, {{-10, 10}, {-1, 1}}},
      {"__nv_logf", __nv_logf, log, mpfr_log, {{0, 3}, {0.9, 1.1}, {1, 1e6}}},
      {"__nv_log2f", __nv_log2f, log2, mpfr_log2, {{0, 3}, {0.9, 1.1}, {1, 1e6}}},
      {"__nv_log10f", __nv_log10f, log10, mpfr_log10, {{0, 3}, {0.9, 1.1}, {1, 1e6}}},
      {"__nv_log1pf", __nv_log1pf, log1p, mpfr_log1p, {{-1, 3}, {-0.1, 0.1}, {1, 1e6}}},
      {"__nv_asinhf", __nv_asinhf, asinh, mpfr_asinh, {{-3, 3}, {-0.1, 0.1}, {1, 1e6}}},
      {"__nv_acoshf", __nv_acoshf, acosh, mpfr_acosh, {{1, 3}, {1, 1.01}, {1, 1e6}}},
      {"__nv_atanhf", __nv_atanhf, atanh, mpfr_atanh, {{-1, 1}, {-0.1, 0.1}, {0.99, 1}}},
      {"__nv_sinf", __nv_sinf, sin, mpfr_sin, {{-7, 7}, {-1000, 1000}, {-140000, 140000}}},
      {"__nv_cosf", __nv_cosf, cos, mpfr_cos, {{-7, 7}, {-1000, 1000}, {-140000, 140000}}},
      {"__nv_sincosf", sincos_s, sin, mpfr_sin, {{-7, 7}, {-1000, 1000}, {-70000, 70000}}},
      {"__nv_sincosf", sincos_c, cos, mpfr_cos, {{-7, 7}, {-1000, 1000}, {-70000, 70000}}},
      {"__nv_tanf", __nv_tanf, tan, mpfr_tan, {{-7, 7}, {-1000, 1000}, {-70000, 70000}}},
      {"__nv_sinpif", __nv_sinpif, nullptr, ref_sinpi, {{-3, 3}, {-1000, 1000}, {-1, 1}}},
      {"__nv_cospif", __nv_cospif, nullptr, ref_cospi, {{-3, 3}, {-1000, 1000}, {-1, 1}}},
      {"__nv_rsqrtf", __nv_rsqrtf, q_rsqrt, ref_rsqrt, {{0, 4}}},
      {"__nv_cbrtf", __nv_cbrtf, cbrt, mpfr_cbrt, {{1, 8}, {-100, 100}}},
      {"__nv_rcbrtf", __nv_rcbrtf, q_rcbrt, ref_rcbrt, {{1, 8}, {-100, 100}}},
      {"__nv_asinf", __nv_asinf, asin, mpfr_asin, {{-1, 1}, {0.49, 0.51}, {0.999, 1}}},
      {"__nv_acosf", __nv_acosf, acos, mpfr_acos, {{-1, 1}, {0.49, 0.51}, {0.999, 1}}},
      {"__nv_atanf", __nv_atanf, atan, mpfr_atan, {{-4, 4}, {0.9, 1.1}}},
      {"__nv_erff", __nv_erff, erf, mpfr_erf, {{-6, 6}, {-1.1, 1.1}}},
      {"__nv_erfcf", __nv_erfcf, erfc, mpfr_erfc, {{-6, 28}, {-1.1, 1.1}, {0, 10.5}}, SLOW},
      {"__nv_erfcxf", __nv_erfcxf, nullptr, ref_erfcx, {{-27, 50}, {-1.1, 1.1}, {0, 10.5}}, SLOW},
      {"__nv_normcdff", __nv_normcdff, q_normcdf, ref_normcdf, {{-39, 10}, {-1.1, 1.1}, {-14.5, 1}}, SLOW},
      {"__nv_erfinvf", __nv_erfinvf, nullptr, ref_erfinv, {{-1, 1}, {0.99, 1}, {0.9999, 1}}, SLOW},
      {"__nv_erfcinvf", __nv_erfcinvf, nullptr, ref_erfcinv, {{0, 2}, {0, 0.1}, {0.99, 1.01}, {0, 1e-5}}, SLOW},
      {"__nv_normcdfinvf", __nv_normcdfinvf, nullptr, ref_normcdfinv, {{0, 1}, {0, 0.1}, {0.49, 0.51}, {0, 1e-5}}, SLOW},
      {"__nv_tgammaf", __nv_tgammaf, nullptr, ref_tgamma, {{-180, 180}, {0, 3}, {-5, 5}}, 4},
      {"__nv_lgammaf", __nv_lgammaf, nullptr, ref_lgamma, {{-100, 100}, {0, 4}, {-5, 5}, {0.99, 1.01}, {1.99, 2.01}}, 4, INFINITY, 0, {-10.001, -2.264}},
      {"__nv_j0f", __nv_j0f, nullptr, mpfr_j0, {{0, 8}, {0, 100}}, 10, 8, 2.2e-6},
      {"__nv_j1f", __nv_j1f, nullptr, mpfr_j1, {{0, 8}, {0, 100}}, 10, 8, 2.2e-6},
      {"__nv_y0f", __nv_y0f, nullptr, mpfr_y0, {{0, 8}, {0, 100}}, 10, 8, 2.2e-6},
      {"__nv_y1f", __nv_y1f, nullptr, mpfr_y1, {{0, 8}, {0, 100}}, 10, 8, 2.2e-6},
      {"__nv_cyl_bessel_i0f", __nv_cyl_bessel_i0f, nullptr, ref_i0, {{-20, 20}, {-720, 720}}, 10},
      {"__nv_cyl_bessel_i1f", __nv_cyl_bessel_i1f, nullptr, ref_i1, {{-20, 20}, {-720, 720}}, 10},
      {"__nv_frsqrt_rn", __nv_frsqrt_rn, nullptr, ref_rsqrt, {{0, 4}}},
  };
  for (auto &c : table) check1(c, N);
  const Range unit{0, 1}, near{0.9, 1.1};
  const Fn2<float> table2[] = {
      {"__nv_powf", __nv_powf, mpfr_pow, {{{0, 2}, {-150, 150}}, {near, {-1500, 1500}}, {{0, 1e4}, {-10, 10}}, {{0.999, 1.001}, {-80000, 80000}}, {{-10, 0}, {-3, 3}}}},
      {"__nv_atan2f", __nv_atan2f, mpfr_atan2, {{{-1, 1}, {-1, 1}}, {{0.9, 1.1}, {0.9, 1.1}}}},
      {"__nv_fmodf", __nv_fmodf, mpfr_fmod, {{{-100, 100}, {-3, 3}}, {{1, 1e6}, {0.001, 1}}}},
      {"__nv_remainderf", __nv_remainderf, mpfr_remainder, {{{-100, 100}, {-3, 3}}, {{1, 1e6}, {0.001, 1}}}},
      {"__nv_fdimf", __nv_fdimf, mpfr_dim, {{unit, unit}}},
      {"__nv_hypotf", __nv_hypotf, mpfr_hypot, {{unit, unit}}},
      {"__nv_rhypotf", __nv_rhypotf, ref_rhypot, {{unit, unit}}},
  };
  for (auto &c : table2) check2(c, 10 * N);
}

static double dsincos_s(double x) { double s, c; __nv_sincos(x, &s, &c); return s; }
static double dsincos_c(double x) { double s, c; __nv_sincos(x, &s, &c); return c; }

static void f64_functions() {
  const u64 N = 4000 * density();
  const Fn1<double> table[] = {
      {"__nv_exp", __nv_exp, nullptr, mpfr_exp, {{-746, 710}, {-1, 1}}},
      {"__nv_exp2", __nv_exp2, nullptr, mpfr_exp2, {{-1075, 1024}, {-1, 1}}},
      {"__nv_exp10", __nv_exp10, nullptr, mpfr_exp10, {{-324, 309}, {-1, 1}}},
      {"__nv_expm1", __nv_expm1, nullptr, mpfr_expm1, {{-50, 710}, {-1, 1}}},
      {"__nv_sinh", __nv_sinh, nullptr, mpfr_sinh, {{-711, 711}, {-2, 2}}},
      {"__nv_cosh", __nv_cosh, nullptr, mpfr_cosh, {{-711, 711}, {-2, 2}}},
      {"__nv_tanh", __nv_tanh, nullptr, mpfr_tanh, {{-20, 20}, {-1, 1}}},
      {"__nv_log", __nv_log, nullptr, mpfr_log, {{0, 3}, {0.9, 1.1}, {1, 1e6}}},
      {"__nv_log2", __nv_log2, nullptr, mpfr_log2, {{0, 3}, {0.9, 1.1}, {1, 1e6}}},
      {"__nv_log10", __nv_log10, nullptr, mpfr_log10, {{0, 3}, {0.9, 1.1}, {1, 1e6}}},
      {"__nv_log1p", __nv_log1p, nullptr, mpfr_log1p, {{-1, 3}, {-0.1, 0.1}, {1, 1e6}}},
      {"__nv_asinh", __nv_asinh, nullptr, mpfr_asinh, {{-3, 3}, {-0.1, 0.1}, {1, 1e6}}},
      {"__nv_acosh", __nv_acosh, nullptr, mpfr_acosh, {{1, 3}, {1, 1.01}, {1, 1e6}}},
      {"__nv_atanh", __nv_atanh, nullptr, mpfr_atanh, {{-1, 1}, {-0.1, 0.1}, {0.99, 1}}},
      {"__nv_sin", __nv_sin, nullptr, mpfr_sin, {{-7, 7}, {-1000, 1000}, {-2e9, 2e9}}},
      {"__nv_cos", __nv_cos, nullptr, mpfr_cos, {{-7, 7}, {-1000, 1000}, {-2e9, 2e9}}},
      {"__nv_sincos", dsincos_s, nullptr, mpfr_sin, {{-7, 7}}},
      {"__nv_sincos", dsincos_c, nullptr, mpfr_cos, {{-7, 7}}},
      {"__nv_tan", __nv_tan, nullptr, mpfr_tan, {{-7, 7}, {-1000, 1000}, {-2e9, 2e9}}},
      {"__nv_sinpi", __nv_sinpi, nullptr, ref_sinpi, {{-3, 3}, {-1000, 1000}, {-1, 1}}},
      {"__nv_cospi", __nv_cospi, nullptr, ref_cospi, {{-3, 3}, {-1000, 1000}, {-1, 1}}},
      {"__nv_asin", __nv_asin, nullptr, mpfr_asin, {{-1, 1}, {0.49, 0.51}, {0.999, 1}}},
      {"__nv_acos", __nv_acos, nullptr, mpfr_acos, {{-1, 1}, {0.49, 0.51}, {0.999, 1}}},
      {"__nv_atan", __nv_atan, nullptr, mpfr_atan, {{-4, 4}, {0.9, 1.1}}},
      {"__nv_erf", __nv_erf, nullptr, mpfr_erf, {{-6, 6}, {-1.1, 1.1}}},
      {"__nv_erfc", __nv_erfc, nullptr, mpfr_erfc, {{-6, 28}, {-1.1, 1.1}, {0, 10.5}}, SLOW},
      {"__nv_erfcx", __nv_erfcx, nullptr, ref_erfcx, {{-27, 50}, {-1.1, 1.1}, {0, 10.5}}, SLOW},
      {"__nv_normcdf", __nv_normcdf, nullptr, ref_normcdf, {{-39, 10}, {-1.1, 1.1}, {-14.5, 1}}, SLOW},
      {"__nv_erfinv", __nv_erfinv, nullptr, ref_erfinv, {{-1, 1}, {0.99, 1}, {0.9999, 1}}, SLOW},
      {"__nv_erfcinv", __nv_erfcinv, nullptr, ref_erfcinv, {{0, 2}, {0, 0.1}, {0.99, 1.01}, {0, 1e-5}}, SLOW},
      {"__nv_normcdfinv", __nv_normcdfinv, nullptr, ref_normcdfinv, {{0, 1}, {0, 0.1}, {0.49, 0.51}, {0, 1e-5}}, SLOW},
      {"__nv_tgamma", __nv_tgamma, nullptr, ref_tgamma, {{-180, 180}, {0, 3}, {-5, 5}}, 4},
      {"__nv_lgamma", __nv_lgamma, nullptr, ref_lgamma, {{-100, 100}, {0, 4}, {-5, 5}, {0.99, 1.01}, {1.99, 2.01}}, 4, 11, 1e-15, {-11.0001, -2.2637}},
      {"__nv_j0", __nv_j0, nullptr, mpfr_j0, {{0, 8}, {0, 100}}, 10, 8, 5e-12},
      {"__nv_j1", __nv_j1, nullptr, mpfr_j1, {{0, 8}, {0, 100}}, 10, 8, 5e-12},
      {"__nv_y0", __nv_y0, nullptr, mpfr_y0, {{0, 8}, {0, 100}}, 10, 8, 5e-12},
      {"__nv_y1", __nv_y1, nullptr, mpfr_y1, {{0, 8}, {0, 100}}, 10, 8, 5e-12},
      {"__nv_cyl_bessel_i0", __nv_cyl_bessel_i0, nullptr, ref_i0, {{-20, 20}, {-720, 720}}, 10},
      {"__nv_cyl_bessel_i1", __nv_cyl_bessel_i1, nullptr, ref_i1, {{-20, 20}, {-720, 720}}, 10},
      {"__nv_rsqrt", __nv_rsqrt, nullptr, ref_rsqrt, {{0, 4}}},
      {"__nv_cbrt", __nv_cbrt, nullptr, mpfr_cbrt, {{1, 8}, {-100, 100}}},
      {"__nv_rcbrt", __nv_rcbrt, nullptr, ref_rcbrt, {{1, 8}, {-100, 100}}},
  };
  for (auto &c : table) check1(c, N);
  const Range unit{0, 1}, near{0.9, 1.1};
  const Fn2<double> table2[] = {
      {"__nv_pow", __nv_pow, mpfr_pow, {{{0, 2}, {-1000, 1000}}, {near, {-7000, 7000}}, {{0, 1e4}, {-10, 10}}, {{0.999, 1.001}, {-700000, 700000}}, {{-10, 0}, {-3, 3}}}},
      {"__nv_atan2", __nv_atan2, mpfr_atan2, {{{-1, 1}, {-1, 1}}, {{0.9, 1.1}, {0.9, 1.1}}}},
      {"__nv_hypot", __nv_hypot, mpfr_hypot, {{unit, unit}}},
      {"__nv_rhypot", __nv_rhypot, ref_rhypot, {{unit, unit}}},
      {"__nv_fmod", __nv_fmod, mpfr_fmod, {{{-100, 100}, {-3, 3}}, {{1, 1e6}, {0.001, 1}}}},
      {"__nv_remainder", __nv_remainder, mpfr_remainder, {{{-100, 100}, {-3, 3}}, {{1, 1e6}, {0.001, 1}}}},
  };
  for (auto &c : table2) check2(c, N);
}

/// The approximate operations: relative or absolute error over a range, and the special values of the PTX manual's tables.
struct Approx {
  const char *name;
  float (*f)(float);
  double (*ref)(double);
  Range range;
  double absolute, relative;  // a point passes if it is within either
};
static void check_approx(const Approx &c) {
  if (only() && !strstr(c.name, only())) return;
  double worst = 0, at = 0;
  bool bad = false;
  u64 points = 0;
  auto one = [&](float x) {
    if (!(x >= c.range.lo && x <= c.range.hi)) return;
    double want = c.ref(x), got = c.f(x);
    if (fabsf((float)want) < 0x1p-126f) return;  // denormal results have their own bound: one denormal step
    double e = fabs(got - want), r = want == 0 ? e : e / fabs(want);
    double score = fmin(c.absolute ? e / c.absolute : INFINITY, c.relative ? r / c.relative : INFINITY);
    points++;
    if (!(score <= worst)) worst = score, at = x;
    bad |= !(score <= 1);
  };
  for (float x : edges<float>()) one(x);
  for (u64 b = 0; b < (1ull << 32); b += 4093) one(from_bits<float>((u32)b));
  for (int i = 0; i < 300000; i++) one((float)(c.range.lo + (c.range.hi - c.range.lo) * unit()));
  printf("%-24s %9llu points  max %8.4f of the bound (2^%.1f absolute, 2^%.1f relative) at %a  %s\n", c.name, points, worst,
         log2(c.absolute), log2(c.relative), at, bad ? "FAIL" : "ok");
  failures() += bad;
}
struct Special {
  const char *name;
  float (*f)(float);
  float in[8], out[8];
};
static void check_special(const Special &c) {
  if (only() && !strstr(c.name, only())) return;
  for (int i = 0; i < 8; i++) {
    float got = c.f(c.in[i]);
    bool same = c.out[i] != c.out[i] ? got != got : to_bits(got) == to_bits(c.out[i]);
    if (!same) printf("%-24s (%a) gave %a, not %a  FAIL\n", c.name, c.in[i], got, c.out[i]), failures()++;
  }
}
static double r_rcp(double x) { return 1 / x; }
static float fast_exp_rel(float x) { return __nv_fast_expf(x); }

static void approximate_functions() {
  const double I = 3.4e38, tiny = 0x1p-126, T = 2 * M_PI;
  const Approx table[] = {
      {"ex2.approx", __aw_ex2_approx_f32, exp2, {-126, 127.999}, 0, exp2(-22)},
      {"ex2.approx.ftz", __aw_ex2_approx_ftz_f32, exp2, {-126, 127.999}, 0, exp2(-22)},
      {"lg2.approx", __aw_lg2_approx_f32, log2, {1e-45, I}, exp2(-22.6), exp2(-22)},
      {"lg2.approx.ftz", __aw_lg2_approx_ftz_f32, log2, {0x1p-126, 3.4e38}, exp2(-22.6), exp2(-22)},
      {"sin.approx", __aw_sin_approx_f32, sin, {-T, T}, exp2(-20.9), 0},
      {"sin.approx wide", __aw_sin_approx_f32, sin, {-50 * T, 50 * T}, exp2(-14.7), 0},
      {"cos.approx", __aw_cos_approx_f32, cos, {-T, T}, exp2(-20.9), 0},
      {"cos.approx wide", __aw_cos_approx_f32, cos, {-50 * T, 50 * T}, exp2(-14.7), 0},
      {"tanh.approx", __aw_tanh_approx_f32, tanh, {-INFINITY, INFINITY}, 0, exp2(-11)},
      {"rsqrt.approx", __aw_rsqrt_approx_f32, q_rsqrt, {1e-45, I}, 0, exp2(-22.9)},
      {"rcp.approx", __aw_rcp_approx_f32, r_rcp, {tiny, I}, 0, exp2(-23)},
      {"sqrt.approx", __aw_sqrt_approx_f32, sqrt, {0, I}, 0, exp2(-23)},
      {"__expf", fast_exp_rel, exp, {-1, 1}, 0, 3 * exp2(-23)},
      {"__logf", __nv_fast_logf, log, {0x1p-126, 3.4e38}, exp2(-21.41), 3 * exp2(-24)},
      {"__sinf", __nv_fast_sinf, sin, {-M_PI, M_PI}, exp2(-21.41), 0},
      {"__cosf", __nv_fast_cosf, cos, {-M_PI, M_PI}, exp2(-21.19), 0},
  };
  for (auto &c : table) check_approx(c);
  // In the manual's order: -Inf, -normal, -subnormal, -0, +0, +subnormal, +Inf, NaN.
  const float i = INFINITY, n = NAN, s = 0x1p-140f;
#define SPECIAL(f, ...) {#f, f, {-i, -4.0f, -s, -0.0f, 0.0f, s, i, n}, __VA_ARGS__}
  const Special special[] = {
      SPECIAL(__aw_ex2_approx_f32, {0, 0.0625f, 1, 1, 1, 1, i, n}),
      SPECIAL(__aw_ex2_approx_ftz_f32, {0, 0.0625f, 1, 1, 1, 1, i, n}),
      SPECIAL(__aw_lg2_approx_f32, {n, n, n, -i, -i, -140, i, n}),
      SPECIAL(__aw_lg2_approx_ftz_f32, {n, n, -i, -i, -i, -i, i, n}),
      SPECIAL(__aw_sin_approx_f32, {n, __aw_sin_approx_f32(-4), -s, -0.0f, 0, s, n, n}),
      SPECIAL(__aw_sin_approx_ftz_f32, {n, __aw_sin_approx_f32(-4), -0.0f, -0.0f, 0, 0, n, n}),
      SPECIAL(__aw_cos_approx_f32, {n, __aw_cos_approx_f32(-4), 1, 1, 1, 1, n, n}),
      SPECIAL(__aw_cos_approx_ftz_f32, {n, __aw_cos_approx_f32(-4), 1, 1, 1, 1, n, n}),
      SPECIAL(__aw_tanh_approx_f32, {-1, __aw_tanh_approx_f32(-4), -s, -0.0f, 0, s, 1, n}),
      SPECIAL(__aw_rsqrt_approx_f32, {n, n, n, -i, i, 0x1p70f, 0, n}),
      SPECIAL(__aw_rsqrt_approx_ftz_f32, {n, n, -i, -i, i, i, 0, n}),
      SPECIAL(__aw_rcp_approx_f32, {-0.0f, -0.25f, -i, -i, i, i, 0, n}),
      SPECIAL(__aw_rcp_approx_ftz_f32, {-0.0f, -0.25f, -i, -i, i, i, 0, n}),
      SPECIAL(__aw_sqrt_approx_f32, {n, n, n, -0.0f, 0, 0x1p-70f, i, n}),
      SPECIAL(__aw_sqrt_approx_ftz_f32, {n, n, -0.0f, -0.0f, 0, 0, i, n}),
  };
  for (auto &c : special) check_special(c);
}

/// jn and yn: the guide bounds the absolute error (for yn from |x| = 1.5 n on).
template <class T> static void check_order(const char *name, T (*f)(int, T), int (*ref)(mpfr_ptr, long, mpfr_srcptr, mpfr_rnd_t), double bound, double from) {
  if (only() && !strstr(name, only())) return;
  mpfr_t x, y;
  mpfr_init2(x, 53), mpfr_init2(y, 80);
  double worst = 0, at = 0;
  int order = 0;
  for (int n : {0, 1, 2, 3, 5, 8, 32, 128})
    for (int i = 0; i < 300; i++) {
      T a = (T)(i < 200 ? unit() * 300 : unit() * n);
      if (a < from * n || a == 0) continue;
      mpfr_set_d(x, a, MPFR_RNDN), ref(y, n, x, MPFR_RNDN);
      double e = fabs((double)((long double)f(n, a) - from_mpfr(y)));
      if (!(e <= worst)) worst = e, at = a, order = n;
    }
  printf("%-24s max absolute error %.3g at n = %d, x = %.17g, bound %.3g  %s\n", name, worst, order, at, bound, worst <= bound ? "ok" : "FAIL");
  failures() += !(worst <= bound);
  mpfr_clear(x), mpfr_clear(y);
}

int main(int argc, char **argv) {
  read_bounds(argv[1]);
  if (argc > 2) only() = argv[2];
  if (getenv("AW_DENSITY")) density() = strtoull(getenv("AW_DENSITY"), nullptr, 10);
  f32_functions();
  f64_functions();
  approximate_functions();
  exact_functions();
  check_order<float>("__nv_jnf", __nv_jnf, mpfr_jn, 2.2e-6, 0);
  check_order<float>("__nv_ynf", __nv_ynf, mpfr_yn, 2.2e-6, 1.5);
  check_order<double>("__nv_jn", __nv_jn, mpfr_jn, 5e-12, 0);
  check_order<double>("__nv_yn", __nv_yn, mpfr_yn, 5e-12, 1.5);
  printf("%d functions out of bounds\n", failures());
  return failures() != 0;
}
