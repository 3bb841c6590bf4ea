//! Bessel functions. Invariant: below 8 each polynomial is multiplied by its function's zeros, so that the relative error
//! stays small next to them; from 8 on by modulus and phase. The float functions are the double ones, rounded. Bounds: j0,
//! j1, y0, y1 7 ulp (floats 9) below 8, else 5e-12 (2.2e-6) absolute; jn, yn the same absolute errors; i0, i1 6 ulp.
#pragma once
#include "f64_trig.h"
#include "f64_log.h"

namespace aw {

/// a - zero, the zero in two doubles.
AW_IN double from_zero(double a, Two<double> z) { return (a - z.hi) - z.lo; }
/// (a - zero)(a + zero).
AW_IN double from_zeros(double a, Two<double> z) { return from_zero(a, z) * (a + z.hi); }

constexpr Two<double> J0_ZEROS[] = {{0x1.33d152e971b40p1, -0x1.0f539d7da258ep-53}, {0x1.6148f5b2c2e45p2,
    0x1.75054cd60a517p-54}};
constexpr Two<double> J1_ZEROS[] = {{0x1.ea75575af6f09p1, -0x1.60155a9d1b256p-53}, {0x1.c0ff5f3b47250p2,
    -0x1.b226d9d243827p-54}};
constexpr Two<double> Y0_ZEROS[] = {{0x1.c982eb8d417eap-1, 0x1.ea9d270347f83p-56}, {0x1.fa9534d98569cp1,
    -0x1.f06ae7804384ep-54}, {0x1.c581dc4e72103p2, -0x1.9774a495f56cfp-54}, {0x1.471d735a47d58p3,
    -0x1.cb49ff791c495p-51}};
constexpr Two<double> Y1_ZEROS[] = {{0x1.193bed4dff243p1, -0x1.bd1e50d219bfdp-55}, {0x1.5b7fe4e87b02ep2,
    0x1.dfe7bac228e8cp-52}, {0x1.13127ae6169b4p3, 0x1.479cc068d9046p-52}};

/// J0 and J1 on [0, 8], in 1 - a^2/64: all coefficients are positive, for no zero is left below 8.
AW_IN double j0_below_8(double a) {
  double p = poly(fma(a, a * -0.015625, 1.0), 0x1.cdf6a922f8623p-38, 0x1.ef46452cc5afdp-35, 0x1.e0929ded36419p-31,
      0x1.5065c80b119fbp-27, 0x1.9c37429bccd71p-24, 0x1.a7dc629205792p-21, 0x1.68933884cdcb6p-18,
      0x1.f0aff3a9bd13bp-16, 0x1.0d97876bbaf51p-13, 0x1.bd3c2ed6885a3p-12, 0x1.0a698d0a18394p-10,
      0x1.ae528ba679f8dp-10, 0x1.a1fee49614fd8p-10, 0x1.86c89ec148fc1p-11, 0x1.70d77f560145cp-14);
  return p * from_zeros(a, J0_ZEROS[0]) * from_zeros(a, J0_ZEROS[1]);
}
AW_IN double j1_below_8(double a) {
  double p = poly(fma(a, a * -0.015625, 1.0), 0x1.b3c4211c5653p-43, 0x1.043181710c25p-39, 0x1.0840131c994f1p-35,
      0x1.90010d1152bdfp-32, 0x1.094f59b3ed092p-28, 0x1.29bd05e7259e7p-25, 0x1.16e745169aef6p-22,
      0x1.abca72b8c8ba6p-20, 0x1.0641513355272p-17, 0x1.f27e2f165bd3p-16, 0x1.606db335e2401p-14,
      0x1.5dc281b8910c2p-13, 0x1.bdc39549724f4p-13, 0x1.3848b9914d387p-13, 0x1.517f30234baa5p-15);
  return p * from_zeros(a, J1_ZEROS[0]) * from_zeros(a, J1_ZEROS[1]) * a;
}

/// sqrt(2/(pi a)) modulus and the phase a - pi/4 - order pi/2 + theta, for a >= 8, as n pi/2 + f + lo.
struct BesselWave {
  double amplitude;
  TrigReducedD phase;
};
AW_IN BesselWave wave(double a, double modulus, double theta, u32 order) {
  TrigReducedD r = reduce_quarter(a);
  Two<double> t = two_sum(r.f, theta);
  Two<double> s = two_sum(t.hi, -0x1.921fb54442d18p-1);
  double lo = t.lo + s.lo + (r.lo - 0x1.1a62633145c07p-55);
  // Back into [-pi/4, pi/4].
  bool below = s.hi < -0x1.921fb54442d18p-1;
  Two<double> w = two_sum(s.hi, below ? 0x1.921fb54442d18p0 : 0.0);
  lo += w.lo + (below ? 0x1.1a62633145c07p-54 : 0.0);
  w = fast_two_sum(w.hi, lo);
  return {modulus * sqrt(0x1.45f306dc9c883p-1 / a), {w.hi, w.lo, r.n - (below ? 1u : 0u) - order}};
}
AW_IN BesselWave wave0(double a) {
  double i = 1.0 / a, z = i * i;
  double m = poly(z, 0x1.27e524f270c91p39, -0x1.16a6c3df7b20ep36, 0x1.ef04b67c1bf8ap31, -0x1.1c7c5fb98c9bep27,
      0x1.f87b1230b5bc8p21, -0x1.985f819f7c01ap16, 0x1.6c597ab12a203p11, -0x1.aae062e7849c5p6, 0x1.764b5c7e61708p2,
      -0x1.15eff1163694fp-1, 0x1.a7ffffeb84353p-4, -0x1.fffffffffd337p-5, 0x1.0p0);
  double t = poly(z, -0x1.67f054c6e77e9p53, 0x1.736564fab0c69p50, -0x1.64b4ee5260292p46, 0x1.acafa9b4c52acp41,
      -0x1.7176c7054bf88p36, 0x1.fa0f2bbec02bcp30, -0x1.339778be91babp25, 0x1.7c3aef46615cfp19, -0x1.14cd75789c9f9p14,
      0x1.0bae4639e4f2cp9, -0x1.77985e8c0bbd1p4, 0x1.a358425fc35a7p0, -0x1.ad33332c42d5dp-3, 0x1.0aaaaaaaa9f4cp-4,
      -0x1.0p-3);
  return wave(a, m, i * t, 0);
}
AW_IN BesselWave wave1(double a) {
  double i = 1.0 / a, z = i * i;
  double m = poly(z, -0x1.4f07c09fbe732p39, 0x1.3c02b2a6e4a17p36, -0x1.196876b092bbp32, 0x1.44d93943071d5p27,
      -0x1.22423d299fbf2p22, 0x1.dc83ed8f27ec2p16, -0x1.b372c3d04dcd3p11, 0x1.0925daa9aa87ap7, -0x1.ef54fa3bd1fd2p2,
      0x1.9c4fef440f5c4p-1, -0x1.8bfffff480b6ap-3, 0x1.7fffffffff36dp-3, 0x1.0p0);
  double t = poly(z, 0x1.924f3d5b3bdd5p53, -0x1.9f785cb40dc3ap50, 0x1.8f87e652cd78ep46, -0x1.e10e37a3b1883p41,
      0x1.9fdae57d55d57p36, -0x1.1e430b5e3c761p31, 0x1.5f16b2cf870b8p25, -0x1.b88ec0d09d5c4p19, 0x1.4874f5292f00fp14,
      -0x1.49701c3f48a45p9, 0x1.e9fa01d8c113bp4, -0x1.2f4869f5339d3p1, 0x1.7bccccc8f2a27p-2, -0x1.4fffffffff9bp-3,
      0x1.8p-2);
  return wave(a, m, i * t, 1);
}
AW_IN double wave_cos(BesselWave w) {
  TrigReducedD r = w.phase;
  double s = sin_quarter(r.f, r.lo), c = cos_quarter(r.f, r.lo);
  return w.amplitude * flip((r.n & 1) ? s : c, r.n + 1);
}
AW_IN double wave_sin(BesselWave w) {
  TrigReducedD r = w.phase;
  double s = sin_quarter(r.f, r.lo), c = cos_quarter(r.f, r.lo);
  return w.amplitude * flip((r.n & 1) ? c : s, r.n);
}

AW_IN double j0(double x) {
  double a = abs(x), r;
  if (a < 8.0) {
    r = j0_below_8(a);
  } else {
    r = wave_cos(wave0(a));
    r = a == INF_D ? 0.0 : r;
  }
  return r;
}
AW_IN double j1(double x) {
  double a = abs(x), r;
  if (a < 8.0) {
    r = j1_below_8(a);
  } else {
    r = wave_cos(wave1(a));
    r = a == INF_D ? 0.0 : r;
  }
  return xorsign(r, x);
}

/// log(x / zero), relatively accurate next to the zero.
AW_IN double log_from(double x, Two<double> z) {
  double q = x / z.hi;
  double e = fma(-q, z.hi, x) - q * z.lo;
  return log(q) + e / x;
}
AW_IN double y_edges(double x, double r) {
  r = x == INF_D ? 0.0 : r;
  r = x == 0.0 ? -INF_D : r;
  return x < 0.0 ? nan_d() : r;
}
AW_IN double y0(double x) {
  double r;
  if (x < 3.0) {
    double s = poly(x * x, 0x1.e9396c49637acp-91, -0x1.53ab852aeb9edp-81, 0x1.758630eb4274ap-72,
        -0x1.57256ce032ea7p-63, 0x1.037f94db6f7b4p-54, -0x1.3c55dc0097effp-46, 0x1.2eb3f46ce0b34p-38,
        -0x1.b797036d6f789p-31, 0x1.cf0413da6a19p-24, -0x1.4c030d99a8676p-17, 0x1.268a9aaaeb0c7p-11,
        -0x1.12583f4a4abcfp-6, 0x1.750811790a13cp-3);
    r = fma(0x1.45f306dc9c883p-1 * log_from(x, Y0_ZEROS[0]), j0_below_8(x), from_zeros(x, Y0_ZEROS[0]) * s);
    // 2/pi (log(x) + gamma - log(2))
    r = x < 0x1p-900 ? 0x1.45f306dc9c883p-1 * (log(x) - 0x1.dadb014541eb1p-4) : r;
  } else if (x < 8.0) {
    double v = (x - 5.5) * 0.4;
    double p = poly(v, -0x1.f5e90a325a79dp-41, 0x1.0e7491745ea82p-39, 0x1.911f2af5c0a42p-40, -0x1.6967b2dcde542p-39,
        -0x1.7e8b6513b07d8p-37, 0x1.94d5875c99173p-36, -0x1.b213f9440c8e1p-36, 0x1.06d835f30976fp-34,
        -0x1.71ed853094491p-33, 0x1.a3cb320940653p-32, -0x1.d33fea436d9d7p-31, 0x1.283613f30b8e3p-29,
        -0x1.79343c179f522p-28, 0x1.1a5749566dbcp-28, 0x1.d73f0ef48ba8ep-28, 0x1.4378d04daefe6p-22,
        -0x1.27f3cac793603p-20, -0x1.9ab7b15717323p-18, 0x1.4d8bdabd4c1dcp-16, 0x1.02d9a1adf46c9p-13,
        -0x1.39dd1e56cd30fp-12, -0x1.852efa621320fp-10, 0x1.3f96f6c222608p-9, 0x1.5742a7b268a77p-7,
        -0x1.2a473a53db415p-7, -0x1.e17cd109b3681p-6);
    r = p * from_zero(x, Y0_ZEROS[1]) * from_zero(x, Y0_ZEROS[2]) * (x - Y0_ZEROS[3].hi);
  } else {
    r = wave_sin(wave0(x));
  }
  return y_edges(x, r);
}
AW_IN double y1(double x) {
  double r;
  if (x < 3.0) {
    double s = poly(x * x, -0x1.1c8629ad0d8f3p-86, 0x1.6ae3a6c961589p-77, -0x1.693c8a76a099fp-68,
        0x1.2905b881a2babp-59, -0x1.8cada76240654p-51, 0x1.a3ab334aa8758p-43, -0x1.549cf8970c594p-35,
        0x1.96551dc3d6fe7p-28, -0x1.4f2940694cd17p-21, 0x1.5ba2f20a55ab6p-15, -0x1.7c2ca06d8e36p-10,
        0x1.069922dcaf0ep-6, 0x1.0e14beba09e96p-3);
    r = fma(0x1.45f306dc9c883p-1 * log_from(x, Y1_ZEROS[0]), j1_below_8(x), from_zeros(x, Y1_ZEROS[0]) * s / x);
    r = x < 0x1p-1000 ? -0x1.45f306dc9c883p-1 / x : r;
  } else if (x < 8.0) {
    double v = (x - 5.5) * 0.4;
    double p = poly(v, 0x1.0db63fc34c64ep-35, -0x1.18157a71633c3p-34, -0x1.053d3a8aa8b3cp-34, 0x1.d8fe93612a689p-34,
        0x1.71fd6b92fb282p-32, -0x1.735e4ea72b352p-31, 0x1.1fe89ff08669p-31, -0x1.5735c3f468d7ap-30,
        0x1.033f8fd57fbf4p-28, -0x1.164ff381d8933p-27, 0x1.1fadfc42a928dp-26, -0x1.557588cc5977fp-25,
        0x1.9f58c3aa4857cp-24, -0x1.5fe2232cb851ep-24, -0x1.1b79b677d63b9p-23, -0x1.0180ef4cc9ddp-18,
        0x1.037c1618a61bcp-16, 0x1.0c17b1618ba86p-14, -0x1.ff3725f56eb94p-13, -0x1.19cab9d7bafb3p-10,
        0x1.912ec6c9fc82cp-9, 0x1.5093b48eb399ep-7, -0x1.4c04490db5eb5p-6, -0x1.c1638349674e6p-5,
        0x1.d39c718eb68bdp-5, 0x1.befe038407c63p-4);
    r = p * from_zero(x, Y1_ZEROS[1]) * (x - Y1_ZEROS[2].hi);
  } else {
    r = wave_sin(wave1(x));
  }
  return y_edges(x, r);
}

/// J_n by recurrence: upwards while n <= x, else downwards from where J is negligible (Miller's algorithm).
AW_IN double jn(i32 n, double x) {
  double a = abs(x);
  if (n < 0) return nan_d();
  if (x != x) return x;
  if (n == 0) return j0(x);
  if (n == 1) return j1(x);
  double r;
  if (a == INF_D || a == 0.0) {
    r = 0.0;
  } else if ((double)n <= a) {
    double p = j0(a), i = 2.0 / a;
    r = j1(a);
    for (i32 k = 1; k < n; k++) {
      double t = fma(k * i, r, -p);
      p = r;
      r = t;
    }
  } else if (a * a < 0x1p-50) {
    // (a/2)^n / n!
    r = 1.0;
    for (i32 k = 1; k <= n && r != 0.0; k++) r *= 0.5 * a / k;
  } else {
    i32 m = 2 * ((n + (i32)sqrt(200.0 * n)) / 2);
    double i = 2.0 / a, up = 0.0, at = 1.0, sum = 0.0;
    r = 0.0;
    for (i32 k = m; k > 0; k--) {
      double down = fma(k * i, at, -up);
      up = at;
      at = down;
      if (abs(at) > 0x1p400) at *= 0x1p-400, up *= 0x1p-400, r *= 0x1p-400, sum *= 0x1p-400;
      sum += (k & 1) ? 2.0 * at : 0.0;  // at is now J_(k-1), an even order where k is odd
      r = k == n ? up : r;
    }
    // J0 + 2 (J2 + J4 + ...) = 1
    r = r / (sum - at);
  }
  return (n & 1) ? xorsign(r, x) : r;
}
AW_IN double yn(i32 n, double x) {
  if (n < 0 || x < 0.0) return nan_d();
  if (n == 0) return y0(x);
  double r = y1(x);
  if (n == 1 || x == 0.0 || x == INF_D) return r;
  double p = y0(x), i = 2.0 / x;
  for (i32 k = 1; k < n && r != -INF_D; k++) {
    double t = fma(k * i, r, -p);
    p = r;
    r = t;
  }
  return r;
}

/// e^a / sqrt(a) * p for a >= 16, without overflowing before the result does.
AW_IN double exp_over_root(double a, double p) {
  a = at_most(a, 720.0);
  ExpReducedD r = exp_reduce(a);
  return scale2((1.0 + expm1_core(r.f, 0.0)) * (p / sqrt(a)), r.n);
}
AW_IN double i0(double x) {
  double a = abs(x), r;
  if (a < 16.0) {
    double s = a * a;
    r = poly(s, 0x1.fda92c425f649p-194, -0x1.5fc3b09b4989dp-184, 0x1.1de0a85c60401p-172, 0x1.06d5709bc147bp-163,
        0x1.95b5b3f95d22ap-152, 0x1.ea0f6aaed76cbp-142, 0x1.42f6d154cbd8p-131, 0x1.6973240f9d98cp-121,
        0x1.6a0f99d469b25p-111, 0x1.3e1f67d8d14c2p-101, 0x1.e726274737a7bp-92, 0x1.41979470cebd4p-82,
        0x1.69ca9fee5b40ap-73, 0x1.560188015666fp-64, 0x1.0b313292b75e7p-55, 0x1.522a43f4fbc17p-47,
        0x1.522a43f67beefp-39, 0x1.02e85c089562p-31, 0x1.23456789ac347p-24, 0x1.c71c71c71c614p-18,
        0x1.c71c71c71c737p-12, 0x1.ffffffffffffdp-7, 0x1.0p-2, 0x1.0p0);
    // The rounding of a^2 grows to several ulps of the result.
    r = fma(r, fma(a, a, -s) * (0.5 / (a + 0.5)), r);
  } else {
    r = exp_over_root(a, poly(1.0 / a, 0x1.bc37ac0446fcp15, -0x1.fc5f4da5d57b7p13, 0x1.1ce6db1fca342p11,
        -0x1.503db459e3fcfp7, 0x1.7070c5434b9d2p3, 0x1.84d0332bc4ef6p-2, 0x1.e23d47d6b70bdp-3, 0x1.72ac1e90291bbp-4,
        0x1.6e895f96de707p-5, 0x1.debb0b4fb00ebp-6, 0x1.cb94dda997b3cp-6, 0x1.9884533d42b5dp-5,
        0x1.9884533d43651p-2));
  }
  return r;
}
AW_IN double i1(double x) {
  double a = abs(x), r;
  if (a < 16.0) {
    double s = a * a;
    r = a * poly(s, 0x1.42f0a1da87f16p-199, -0x1.869a8419cc2dcp-190, 0x1.7de41c03d5d33p-178, 0x1.ca794af81ab13p-169,
        0x1.3bf14aa53d00dp-157, 0x1.a07b44f42082p-147, 0x1.1e6ff540fcebdp-136, 0x1.545bb537ad311p-126,
        0x1.6a06668759ad6p-116, 0x1.5356427948116p-106, 0x1.165ebb38762e5p-96, 0x1.8bce4c9e4e523p-87,
        0x1.e2637dc24498fp-78, 0x1.f17697962fd64p-69, 0x1.ab81ea7b7a0d3p-60, 0x1.2c9758da8c603p-51,
        0x1.522a43f66093p-43, 0x1.27e4fb7788f1p-35, 0x1.845c8a0ce531fp-28, 0x1.6c16c16c16beep-21,
        0x1.c71c71c71c72p-15, 0x1.5555555555555p-9, 0x1.0p-4, 0x1.0p-1);
    r = fma(r, fma(a, a, -s) * (0.5 / (a + 1.5)), r);
  } else {
    r = exp_over_root(a, poly(1.0 / a, -0x1.d6b55c02a17f4p15, 0x1.0cd72149fbf23p14, -0x1.2da26beed16bbp11,
        0x1.6278ca5740181p7, -0x1.8b8dae13572cbp3, -0x1.df1c0969b6dd6p-2, -0x1.1c0fa4073367dp-2,
        -0x1.c51daa455f1a4p-4, -0x1.d7426b50ea5cep-5, -0x1.4f1c88fbdab3ap-5, -0x1.7efc0e0be7ebep-5,
        -0x1.32633e6df25d7p-3, 0x1.9884533d4365p-2));
  }
  r = copysign(r, x);
  return r;
}

}  // namespace aw

AW_API double __nv_j0(double x) { return aw::j0(x); }
AW_API double __nv_j1(double x) { return aw::j1(x); }
AW_API double __nv_jn(i32 n, double x) { return aw::jn(n, x); }
AW_API double __nv_y0(double x) { return aw::y0(x); }
AW_API double __nv_y1(double x) { return aw::y1(x); }
AW_API double __nv_yn(i32 n, double x) { return aw::yn(n, x); }
AW_API double __nv_cyl_bessel_i0(double x) { return aw::i0(x); }
AW_API double __nv_cyl_bessel_i1(double x) { return aw::i1(x); }
AW_API float __nv_j0f(float x) { return (float)aw::j0((double)x); }
AW_API float __nv_j1f(float x) { return (float)aw::j1((double)x); }
AW_API float __nv_jnf(i32 n, float x) { return (float)aw::jn(n, (double)x); }
AW_API float __nv_y0f(float x) { return (float)aw::y0((double)x); }
AW_API float __nv_y1f(float x) { return (float)aw::y1((double)x); }
AW_API float __nv_ynf(i32 n, float x) { return (float)aw::yn(n, (double)x); }
AW_API float __nv_cyl_bessel_i0f(float x) { return (float)aw::i0((double)x); }
AW_API float __nv_cyl_bessel_i1f(float x) { return (float)aw::i1((double)x); }
