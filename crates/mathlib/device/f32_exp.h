//! Exponentials and hyperbolic functions of floats. Invariant: straight-line, NaN flows through the arithmetic, results
//! below 2^-126 are rounded once. Bounds: CUDA C++ Programming Guide, Mathematical Functions, single precision:
//! exp 2, exp2 2, exp10 2, expm1 1, sinh 3, cosh 2, tanh 2 ulp.
#pragma once
#include "core.h"

namespace aw {

/// e^f on |f| <= ln(2)/2.
AW_IN float exp_poly(float f) {
  return poly(f, 0x1.6a6316p-10f, 0x1.123c5ep-7f, 0x1.5558a0p-5f, 0x1.55548ep-3f, 0x1.fffffcp-2f, 1.0f, 1.0f);
}
/// x as n ln(2) + f.
struct ExpReduced {
  float f;
  i32 n;
};
AW_IN ExpReduced exp_reduce(float x) {
  float j = fma(x, 0x1.715476p0f, MAGIC_F);
  i32 n = bits(j) - MAGIC_F_BITS;
  j = j - MAGIC_F;
  float f = fma(j, -0x1.62e430p-1f, x);
  return {fma(j, 0x1.05c610p-29f, f), n};
}

AW_IN float exp(float x) {
  ExpReduced r = exp_reduce(at_most(at_least(x, -176.0f), 90.0f));
  return scale2(exp_poly(r.f), r.n);
}

AW_IN float exp2_poly(float f) {
  return poly(f, 0x1.3fa206p-13f, 0x1.5f0b82p-10f, 0x1.3b30a0p-7f, 0x1.c6af76p-5f, 0x1.ebfbd8p-3f, 0x1.62e430p-1f, 1.0f);
}
AW_IN float exp2(float x) {
  x = at_most(at_least(x, -254.0f), 129.0f);
  float j = x + MAGIC_F;
  i32 n = bits(j) - MAGIC_F_BITS;
  return scale2(exp2_poly(x - (j - MAGIC_F)), n);
}

AW_IN float exp10(float x) {
  x = at_most(at_least(x, -76.4f), 39.0f);
  float j = fma(x, 0x1.a934f0p1f, MAGIC_F);
  i32 n = bits(j) - MAGIC_F_BITS;
  j = j - MAGIC_F;
  float f = fma(j, -0x1.344136p-2f, x);
  f = fma(j, 0x1.ec10c0p-27f, f);
  float p = poly(f, 0x1.a4aac2p-3f, 0x1.156d96p-1f, 0x1.2bdbd0p0f, 0x1.046f98p1f, 0x1.535248p1f, 0x1.26bb1cp1f, 1.0f);
  return scale2(p, n);
}

AW_IN float expm1(float x) {
  float c = at_most(at_least(x, -18.0f), 89.0f);
  ExpReduced r = exp_reduce(c);
  float f = r.f;
  float t = poly(f, 0x1.a262a4p-13f, 0x1.6d310ap-10f, 0x1.110ff4p-7f, 0x1.5555p-5f, 0x1.555556p-3f, 0.5f);
  float q = f * f * t;
  // 2^n (1 + f + q) - 1 with the one large rounding error kept. 2^128 does not exist: half of everything.
  float s = pow2i(r.n - 1);
  Two<float> h = two_sum(s - 0.5f, s * f);
  float e = (h.hi + fma(s, q, h.lo)) * 2.0f;
  t = f + q;
  // n is 0 for a tiny x, where s - 0.5 is an exact 0 that would lose the sign of -0 and half a denormal.
  t = x == 0.0f ? x : t;
  return r.n == 0 ? t : e;
}

AW_IN float sinh(float x) {
  float a = at_most(abs(x), 90.0f);
  ExpReduced r = exp_reduce(a);
  float q = exp_poly(r.f) * pow2i(r.n - 2);  // e^a / 4
  float big = fma(q, 2.0f, -0.125f / q);
  float s = a * a;
  float p = poly(s, 0x1.76771ep-19f, 0x1.a01c22p-13f, 0x1.1110eap-7f, 0x1.555556p-3f);
  float small = fma(s * a, p, a);
  float v = a < 1.0f ? small : big;
  v = copysign(v, x);
  return v;
}

AW_IN float cosh(float x) {
  ExpReduced r = exp_reduce(at_most(abs(x), 90.0f));
  float q = exp_poly(r.f) * pow2i(r.n - 2);
  float v = fma(q, 2.0f, 0.125f / q);
  return v;
}

AW_IN float tanh(float x) {
  float a = abs(x);
  float c = at_most(a, 10.0f);
  ExpReduced r = exp_reduce(c + c);
  float e = exp_poly(r.f) * pow2i(r.n);
  float big = fma(-2.0f, 1.0f / (e + 1.0f), 1.0f);
  float s = a * a;
  float p = poly(s, -0x1.828776p-8f, 0x1.54c3c2p-6f, -0x1.b89abap-5f, 0x1.1109bep-3f, -0x1.55553ep-2f);
  float small = fma(p * s, a, a);
  float v = a < 0.6f ? small : big;
  v = copysign(v, x);
  return v;
}

}  // namespace aw

AW_API float __nv_expf(float x) { return aw::exp(x); }
AW_API float __nv_exp2f(float x) { return aw::exp2(x); }
AW_API float __nv_exp10f(float x) { return aw::exp10(x); }
AW_API float __nv_expm1f(float x) { return aw::expm1(x); }
AW_API float __nv_sinhf(float x) { return aw::sinh(x); }
AW_API float __nv_coshf(float x) { return aw::cosh(x); }
AW_API float __nv_tanhf(float x) { return aw::tanh(x); }
