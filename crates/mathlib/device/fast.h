//! The CUDA intrinsics (`__expf`, `__sinf`, …): one approximate operation and a multiplication, as the CUDA C++ Programming
//! Guide defines them ("Intrinsic Functions"). Bounds: expf 2 + floor(|1.173 x|) ulp, logf 2^-21.41 absolute on [0.5, 2]
//! and 3 ulp elsewhere, sinf and cosf 2^-21.41 absolute on [-pi, pi], fdividef 2 ulp.
#pragma once
#include "approx.h"

namespace aw {

AW_IN float fast_pow(float a, float b) { return ex2_approx(b * lg2_approx(a)); }

}  // namespace aw

AW_API float __nv_fast_expf(float x) { return aw::ex2_approx(x * 0x1.715476p0f); }
AW_API float __nv_fast_exp10f(float x) { return aw::ex2_approx(x * 0x1.a934f0p1f); }
AW_API float __nv_fast_logf(float x) { return aw::lg2_approx(x) * 0x1.62e430p-1f; }
AW_API float __nv_fast_log2f(float x) { return aw::lg2_approx(x); }
AW_API float __nv_fast_log10f(float x) { return aw::lg2_approx(x) * 0x1.344136p-2f; }
AW_API float __nv_fast_powf(float a, float b) { return aw::fast_pow(a, b); }
AW_API float __nv_fast_sinf(float x) { return aw::sin_approx(x); }
AW_API float __nv_fast_cosf(float x) { return aw::cos_approx(x); }
AW_API float __nv_fast_tanf(float x) { return aw::div_approx(aw::sin_approx(x), aw::cos_approx(x)); }
AW_API void __nv_fast_sincosf(float x, float *s, float *c) {
  *s = aw::sin_approx(x);
  *c = aw::cos_approx(x);
}
AW_API float __nv_fast_fdividef(float a, float b) { return aw::div_approx(a, b); }
AW_API float __nv_saturatef(float x) { return x > 0.0f ? (x < 1.0f ? x : 1.0f) : 0.0f; }
