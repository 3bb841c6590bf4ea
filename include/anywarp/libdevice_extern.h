// SPDX-License-Identifier: MIT OR Apache-2.0
// The libdevice functions that stay symbolic: external functions in the PTX, which the device's code generator turns
// into operations of its own. Invariant: everything declared const here has no effect but its result.
#ifndef ANYWARP_LIBDEVICE_EXTERN_H
#define ANYWARP_LIBDEVICE_EXTERN_H

#define __ANYWARP_PURE extern "C" __device__ __attribute__((const, nothrow))
#define __ANYWARP_LIB extern "C" __device__ __attribute__((nothrow))

__ANYWARP_PURE double __nv_acos(double);
__ANYWARP_PURE float __nv_acosf(float);
__ANYWARP_PURE double __nv_acosh(double);
__ANYWARP_PURE float __nv_acoshf(float);
__ANYWARP_PURE double __nv_asin(double);
__ANYWARP_PURE float __nv_asinf(float);
__ANYWARP_PURE double __nv_asinh(double);
__ANYWARP_PURE float __nv_asinhf(float);
__ANYWARP_PURE double __nv_atan(double);
__ANYWARP_PURE float __nv_atanf(float);
__ANYWARP_PURE double __nv_atanh(double);
__ANYWARP_PURE float __nv_atanhf(float);
__ANYWARP_PURE double __nv_cbrt(double);
__ANYWARP_PURE float __nv_cbrtf(float);
__ANYWARP_PURE double __nv_cos(double);
__ANYWARP_PURE float __nv_cosf(float);
__ANYWARP_PURE double __nv_cosh(double);
__ANYWARP_PURE float __nv_coshf(float);
__ANYWARP_PURE double __nv_cospi(double);
__ANYWARP_PURE float __nv_cospif(float);
__ANYWARP_PURE double __nv_cyl_bessel_i0(double);
__ANYWARP_PURE float __nv_cyl_bessel_i0f(float);
__ANYWARP_PURE double __nv_cyl_bessel_i1(double);
__ANYWARP_PURE float __nv_cyl_bessel_i1f(float);
__ANYWARP_PURE double __nv_erf(double);
__ANYWARP_PURE float __nv_erff(float);
__ANYWARP_PURE double __nv_erfc(double);
__ANYWARP_PURE float __nv_erfcf(float);
__ANYWARP_PURE double __nv_erfcinv(double);
__ANYWARP_PURE float __nv_erfcinvf(float);
__ANYWARP_PURE double __nv_erfcx(double);
__ANYWARP_PURE float __nv_erfcxf(float);
__ANYWARP_PURE double __nv_erfinv(double);
__ANYWARP_PURE float __nv_erfinvf(float);
__ANYWARP_PURE double __nv_exp(double);
__ANYWARP_PURE float __nv_expf(float);
__ANYWARP_PURE double __nv_exp10(double);
__ANYWARP_PURE float __nv_exp10f(float);
__ANYWARP_PURE double __nv_exp2(double);
__ANYWARP_PURE float __nv_exp2f(float);
__ANYWARP_PURE double __nv_expm1(double);
__ANYWARP_PURE float __nv_expm1f(float);
__ANYWARP_PURE double __nv_j0(double);
__ANYWARP_PURE float __nv_j0f(float);
__ANYWARP_PURE double __nv_j1(double);
__ANYWARP_PURE float __nv_j1f(float);
__ANYWARP_PURE double __nv_lgamma(double);
__ANYWARP_PURE float __nv_lgammaf(float);
__ANYWARP_PURE double __nv_log(double);
__ANYWARP_PURE float __nv_logf(float);
__ANYWARP_PURE double __nv_log10(double);
__ANYWARP_PURE float __nv_log10f(float);
__ANYWARP_PURE double __nv_log1p(double);
__ANYWARP_PURE float __nv_log1pf(float);
__ANYWARP_PURE double __nv_log2(double);
__ANYWARP_PURE float __nv_log2f(float);
__ANYWARP_PURE double __nv_logb(double);
__ANYWARP_PURE float __nv_logbf(float);
__ANYWARP_PURE double __nv_normcdf(double);
__ANYWARP_PURE float __nv_normcdff(float);
__ANYWARP_PURE double __nv_normcdfinv(double);
__ANYWARP_PURE float __nv_normcdfinvf(float);
__ANYWARP_PURE double __nv_rcbrt(double);
__ANYWARP_PURE float __nv_rcbrtf(float);
__ANYWARP_PURE double __nv_sin(double);
__ANYWARP_PURE float __nv_sinf(float);
__ANYWARP_PURE double __nv_sinh(double);
__ANYWARP_PURE float __nv_sinhf(float);
__ANYWARP_PURE double __nv_sinpi(double);
__ANYWARP_PURE float __nv_sinpif(float);
__ANYWARP_PURE double __nv_tan(double);
__ANYWARP_PURE float __nv_tanf(float);
__ANYWARP_PURE double __nv_tanh(double);
__ANYWARP_PURE float __nv_tanhf(float);
__ANYWARP_PURE double __nv_tgamma(double);
__ANYWARP_PURE float __nv_tgammaf(float);
__ANYWARP_PURE double __nv_y0(double);
__ANYWARP_PURE float __nv_y0f(float);
__ANYWARP_PURE double __nv_y1(double);
__ANYWARP_PURE float __nv_y1f(float);
__ANYWARP_PURE double __nv_rsqrt(double);
__ANYWARP_PURE double __nv_atan2(double, double);
__ANYWARP_PURE float __nv_atan2f(float, float);
__ANYWARP_PURE double __nv_fmod(double, double);
__ANYWARP_PURE float __nv_fmodf(float, float);
__ANYWARP_PURE double __nv_hypot(double, double);
__ANYWARP_PURE float __nv_hypotf(float, float);
__ANYWARP_PURE double __nv_nextafter(double, double);
__ANYWARP_PURE float __nv_nextafterf(float, float);
__ANYWARP_PURE double __nv_pow(double, double);
__ANYWARP_PURE float __nv_powf(float, float);
__ANYWARP_PURE double __nv_remainder(double, double);
__ANYWARP_PURE float __nv_remainderf(float, float);
__ANYWARP_PURE double __nv_rhypot(double, double);
__ANYWARP_PURE float __nv_rhypotf(float, float);
__ANYWARP_PURE double __nv_norm3d(double, double, double);
__ANYWARP_PURE float __nv_norm3df(float, float, float);
__ANYWARP_PURE double __nv_norm4d(double, double, double, double);
__ANYWARP_PURE float __nv_norm4df(float, float, float, float);
__ANYWARP_PURE double __nv_rnorm3d(double, double, double);
__ANYWARP_PURE float __nv_rnorm3df(float, float, float);
__ANYWARP_PURE double __nv_rnorm4d(double, double, double, double);
__ANYWARP_PURE float __nv_rnorm4df(float, float, float, float);
__ANYWARP_PURE int __nv_ilogb(double);
__ANYWARP_PURE int __nv_ilogbf(float);
__ANYWARP_PURE double __nv_jn(int, double);
__ANYWARP_PURE float __nv_jnf(int, float);
__ANYWARP_PURE double __nv_yn(int, double);
__ANYWARP_PURE float __nv_ynf(int, float);
__ANYWARP_PURE double __nv_ldexp(double, int);
__ANYWARP_PURE float __nv_ldexpf(float, int);
__ANYWARP_PURE double __nv_scalbn(double, int);
__ANYWARP_PURE float __nv_scalbnf(float, int);
__ANYWARP_PURE float __nv_frsqrt_rn(float);
__ANYWARP_PURE long long __nv_llround(double);
__ANYWARP_PURE long long __nv_llroundf(float);

// These write through a pointer or read an array.
__ANYWARP_LIB double __nv_frexp(double, int *);
__ANYWARP_LIB float __nv_frexpf(float, int *);
__ANYWARP_LIB double __nv_modf(double, double *);
__ANYWARP_LIB float __nv_modff(float, float *);
__ANYWARP_LIB double __nv_remquo(double, double, int *);
__ANYWARP_LIB float __nv_remquof(float, float, int *);
__ANYWARP_LIB void __nv_sincos(double, double *, double *);
__ANYWARP_LIB void __nv_sincosf(float, float *, float *);
__ANYWARP_LIB void __nv_sincospi(double, double *, double *);
__ANYWARP_LIB void __nv_sincospif(float, float *, float *);
__ANYWARP_LIB double __nv_norm(int, const double *);
__ANYWARP_LIB float __nv_normf(int, const float *);
__ANYWARP_LIB double __nv_rnorm(int, const double *);
__ANYWARP_LIB float __nv_rnormf(int, const float *);
__ANYWARP_LIB double __nv_nan(const signed char *);
__ANYWARP_LIB float __nv_nanf(const signed char *);

#undef __ANYWARP_PURE
#undef __ANYWARP_LIB
#endif
