//! Reference functions that MPFR does not have under the name CUDA gives them. Invariant: at least 80 correct bits.
#pragma once
#include <mpfr.h>

#define TMP(v) mpfr_t v; mpfr_init2(v, 160)

static int ref_rsqrt(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  // CUDA: rsqrt(-0) is -inf, as 1/sqrt(-0).
  if (mpfr_zero_p(x)) return mpfr_set_inf(y, mpfr_signbit(x) ? -1 : 1), 0;
  return mpfr_rec_sqrt(y, x, r);
}
static int ref_rcbrt(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  TMP(t);
  mpfr_cbrt(t, x, r);
  mpfr_ui_div(y, 1, t, r);
  mpfr_clear(t);
  return 0;
}
static int ref_sinpi(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  mpfr_sinu(y, x, 2, r);
  return 0;
}
static int ref_cospi(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) { return mpfr_cosu(y, x, 2, r); }
static int ref_lgamma(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  int sign;
  return mpfr_lgamma(y, &sign, x, r);
}
/// C99 gives an infinity at a pole where MPFR gives NaN; CUDA gives NaN for negative integers, as MPFR does.
static int ref_tgamma(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) { return mpfr_gamma(y, x, r); }
static int ref_rhypot(mpfr_ptr y, mpfr_srcptr a, mpfr_srcptr b, mpfr_rnd_t r) {
  TMP(t);
  mpfr_hypot(t, a, b, r);
  mpfr_ui_div(y, 1, t, r);
  mpfr_clear(t);
  return 0;
}
static int ref_erfcx(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  // exp(x^2) erfc(x); for large x the asymptotic series, where erfc underflows even in MPFR's range of interest.
  if (mpfr_cmp_d(x, 1e4) > 0 && !mpfr_inf_p(x)) {
    TMP(t); TMP(u);
    mpfr_sqr(t, x, r), mpfr_mul_ui(t, t, 2, r), mpfr_ui_div(t, 1, t, r);
    // 1 - t + 3 t^2 - 15 t^3 + 105 t^4
    mpfr_mul_si(u, t, 105, r), mpfr_sub_ui(u, u, 15, r), mpfr_mul(u, u, t, r), mpfr_add_ui(u, u, 3, r), mpfr_mul(u, u, t, r);
    mpfr_sub_ui(u, u, 1, r), mpfr_mul(u, u, t, r), mpfr_add_ui(u, u, 1, r);
    mpfr_div(u, u, x, r), mpfr_const_pi(t, r), mpfr_sqrt(t, t, r), mpfr_div(y, u, t, r);
    mpfr_clear(t), mpfr_clear(u);
    return 0;
  }
  if (mpfr_inf_p(x)) {
    if (mpfr_sgn(x) > 0) mpfr_set_zero(y, 1); else mpfr_set_inf(y, 1);
    return 0;
  }
  TMP(t); TMP(u);
  mpfr_set_prec(t, 300), mpfr_set_prec(u, 300);
  mpfr_sqr(t, x, r), mpfr_exp(t, t, r), mpfr_erfc(u, x, r), mpfr_mul(y, t, u, r);
  mpfr_clear(t), mpfr_clear(u);
  return 0;
}
static int ref_normcdf(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  TMP(t); TMP(u);
  mpfr_set_prec(t, 300);
  mpfr_sqrt_ui(u, 2, r), mpfr_set_prec(u, 300), mpfr_sqrt_ui(u, 2, r);
  mpfr_div(t, x, u, r), mpfr_neg(t, t, r), mpfr_erfc(t, t, r), mpfr_div_ui(y, t, 2, r);
  mpfr_clear(t), mpfr_clear(u);
  return 0;
}
/// Solves erfc(y) = x by Newton's method in logarithms from a double start.
static void inverse_erfc(mpfr_t y, const mpfr_t x) {
  TMP(e); TMP(d); TMP(k);
  double xd = mpfr_get_d(x, MPFR_RNDN);
  double s;  // start for the smaller tail
  long le;
  double lm = mpfr_get_d_2exp(&le, x, MPFR_RNDN);
  double lnx = __builtin_log(lm) + le * 0.6931471805599453;
  if (xd > 0.5) s = (1 - xd) * 0.886;
  else {
    double w = -lnx;
    s = __builtin_sqrt(w);
    for (int i = 0; i < 20; i++) s = __builtin_sqrt(w - __builtin_log(1.7724538509 * (s < 0.3 ? 0.3 : s)) > 0.01 ? w - __builtin_log(1.7724538509 * (s < 0.3 ? 0.3 : s)) : 0.01);
  }
  mpfr_set_d(y, s, MPFR_RNDN);
  for (int i = 0; i < 9; i++) {
    // y += (erfc(y) - x) / x' scaled: with f = log erfc
    mpfr_erfc(e, y, MPFR_RNDN);
    mpfr_sqr(d, y, MPFR_RNDN), mpfr_exp(d, d, MPFR_RNDN);
    mpfr_const_pi(k, MPFR_RNDN), mpfr_sqrt(k, k, MPFR_RNDN), mpfr_mul(d, d, k, MPFR_RNDN), mpfr_div_ui(d, d, 2, MPFR_RNDN);
    if (xd > 0.5) {
      mpfr_sub(e, e, x, MPFR_RNDN), mpfr_mul(e, e, d, MPFR_RNDN);
    } else {
      mpfr_mul(d, d, e, MPFR_RNDN);
      mpfr_div(e, e, x, MPFR_RNDN), mpfr_log(e, e, MPFR_RNDN), mpfr_mul(e, e, d, MPFR_RNDN);
    }
    mpfr_add(y, y, e, MPFR_RNDN);
    if (mpfr_zero_p(e) || mpfr_zero_p(y) || mpfr_get_exp(e) < mpfr_get_exp(y) - 60) break;
  }
  mpfr_clear(e), mpfr_clear(d), mpfr_clear(k);
}
static int ref_erfcinv(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  if (mpfr_nan_p(x) || mpfr_sgn(x) < 0 || mpfr_cmp_ui(x, 2) > 0) return mpfr_set_nan(y), 0;
  if (mpfr_zero_p(x)) return mpfr_set_inf(y, 1), 0;
  if (mpfr_cmp_ui(x, 2) == 0) return mpfr_set_inf(y, -1), 0;
  if (mpfr_cmp_ui(x, 1) == 0) return mpfr_set_zero(y, 1), 0;
  TMP(t); TMP(q);
  mpfr_set_prec(t, 1300);
  bool upper = mpfr_cmp_ui(x, 1) > 0;
  if (upper) mpfr_ui_sub(t, 2, x, r); else mpfr_set(t, x, r);
  inverse_erfc(q, t);
  if (upper) mpfr_neg(q, q, r);
  mpfr_set(y, q, r);
  mpfr_clear(t), mpfr_clear(q);
  return 0;
}
static int ref_erfinv(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  if (mpfr_zero_p(x)) return mpfr_set(y, x, r), 0;
  if (mpfr_nan_p(x) || mpfr_cmpabs_ui(x, 1) > 0) return mpfr_set_nan(y), 0;
  if (mpfr_cmpabs_ui(x, 1) == 0) return mpfr_set_inf(y, mpfr_sgn(x)), 0;
  TMP(q); TMP(e); TMP(d);
  if (mpfr_cmpabs_ui(x, 0) && mpfr_get_exp(x) < -1) {
    // Newton on erf near zero, relative accuracy
    mpfr_const_pi(d, r), mpfr_sqrt(d, d, r), mpfr_div_ui(d, d, 2, r), mpfr_mul(q, x, d, r);
    for (int i = 0; i < 8; i++) {
      mpfr_t s;
      mpfr_init2(s, 160);
      mpfr_erf(e, q, r), mpfr_sub(e, x, e, r), mpfr_sqr(s, q, r), mpfr_exp(s, s, r), mpfr_mul(s, s, d, r), mpfr_mul(e, e, s, r);
      mpfr_add(q, q, e, r);
      mpfr_clear(s);
      if (mpfr_zero_p(e) || mpfr_get_exp(e) < mpfr_get_exp(q) - 75) break;
    }
  } else {
    mpfr_t t;
    mpfr_init2(t, 200);
    mpfr_abs(t, x, r), mpfr_ui_sub(t, 1, t, r);
    inverse_erfc(q, t);
    if (mpfr_sgn(x) < 0) mpfr_neg(q, q, r);
    mpfr_clear(t);
  }
  mpfr_set(y, q, r);
  mpfr_clear(q), mpfr_clear(e), mpfr_clear(d);
  return 0;
}
static int ref_normcdfinv(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  TMP(t); TMP(k);
  mpfr_mul_ui(t, x, 2, r);
  ref_erfcinv(k, t, r);
  mpfr_sqrt_ui(t, 2, r), mpfr_mul(k, k, t, r), mpfr_neg(y, k, r);
  if (mpfr_zero_p(y)) mpfr_set_zero(y, 1);
  mpfr_clear(t), mpfr_clear(k);
  return 0;
}
/// Modified Bessel functions by their power series (all terms positive).
static int bessel_i(mpfr_ptr y, mpfr_srcptr x, int order, mpfr_rnd_t r) {
  if (mpfr_nan_p(x)) return mpfr_set_nan(y), 0;
  if (mpfr_cmpabs_ui(x, 2000) > 0) return mpfr_set_inf(y, order && mpfr_sgn(x) < 0 ? -1 : 1), 0;
  if (mpfr_zero_p(x)) {
    if (order) mpfr_set(y, x, r); else mpfr_set_ui(y, 1, r);
    return 0;
  }
  TMP(q); TMP(t); TMP(s);
  mpfr_sqr(q, x, r), mpfr_div_ui(q, q, 4, r);
  mpfr_set_ui(t, 1, r), mpfr_set_ui(s, 1, r);
  for (unsigned k = 1; k < 4000; k++) {
    mpfr_mul(t, t, q, r), mpfr_div_ui(t, t, k, r), mpfr_div_ui(t, t, k + order, r), mpfr_add(s, s, t, r);
    if (mpfr_zero_p(t) || mpfr_get_exp(t) < mpfr_get_exp(s) - 120) break;
  }
  if (order) mpfr_mul(s, s, x, r), mpfr_div_ui(s, s, 2, r);
  mpfr_set(y, s, r);
  mpfr_clear(q), mpfr_clear(t), mpfr_clear(s);
  return 0;
}
static int ref_i0(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) { return bessel_i(y, x, 0, r); }
static int ref_i1(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) { return bessel_i(y, x, 1, r); }
