//! Accuracy of the library on the host: the same sources, compared with MPFR. Arguments: functions.tsv [name part].
//! AW_DENSITY=n multiplies the points; AW_WORST=1 prints the worst argument of each function.
#include "harness.h"
#include "refs.h"

#include "../../device/mathlib.cu"

static void read_bounds(const char *path) {
  FILE *f = fopen(path, "r");
  if (!f) exit(2);
  char line[512], family[64], name[64], res[64], args[64], ulp[64];
  while (fgets(line, sizeof line, f))
    if (sscanf(line, "%63[^\t]\t%63[^\t]\t%63[^\t]\t%63[^\t]\t%63[^\n]", family, name, res, args, ulp) == 5 && ulp[0] != '-')
      bounds()[name] = atof(ulp);
  fclose(f);
}

static float sincos_s(float x) { float s, c; __nv_sincosf(x, &s, &c); return s; }
static float sincos_c(float x) { float s, c; __nv_sincosf(x, &s, &c); return c; }
static double q_rsqrt(double x) { return 1 / sqrt(x); }
static double q_exp10(double x) { return (double)powl(10, x); }
static double q_rcbrt(double x) { return 1 / cbrt(x); }

static void f32_functions() {
  const u64 N = 3000 * density();
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
  };
  for (auto &c : table) check1(c, N);
  const Range unit{0, 1}, near{0.9, 1.1};
  const Fn2<float> table2[] = {
      {"__nv_powf", __nv_powf, mpfr_pow, {{{0, 2}, {-150, 150}}, {near, {-1500, 1500}}, {{0, 1e4}, {-10, 10}}, {{0.999, 1.001}, {-80000, 80000}}, {{-10, 0}, {-3, 3}}}},
      {"__nv_hypotf", __nv_hypotf, mpfr_hypot, {{unit, unit}}},
      {"__nv_rhypotf", __nv_rhypotf, ref_rhypot, {{unit, unit}}},
  };
  for (auto &c : table2) check2(c, 10 * N);
}

int main(int argc, char **argv) {
  read_bounds(argv[1]);
  if (argc > 2) only() = argv[2];
  if (getenv("AW_DENSITY")) density() = strtoull(getenv("AW_DENSITY"), nullptr, 10);
  f32_functions();
  printf("%d functions out of bounds\n", failures());
  return failures() != 0;
}
