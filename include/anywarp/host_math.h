// SPDX-License-Identifier: MIT OR Apache-2.0
// The CUDA math functions that the host's C library does not have, for host code in .cu files.
#ifndef ANYWARP_HOST_MATH_H
#define ANYWARP_HOST_MATH_H
#include <math.h>

// enable_if: a program's own function of the same signature stays legal.
#define __ANYWARP_H static __inline__ __host__ __attribute__((unused, enable_if(true, "")))
__ANYWARP_H double rsqrt(double x) { return 1.0 / ::sqrt(x); }
__ANYWARP_H float rsqrtf(float x) { return 1.0f / ::sqrtf(x); }
__ANYWARP_H float rsqrt(float x) { return 1.0f / ::sqrtf(x); }
__ANYWARP_H double rcbrt(double x) { return 1.0 / ::cbrt(x); }
__ANYWARP_H float rcbrtf(float x) { return 1.0f / ::cbrtf(x); }
__ANYWARP_H double rhypot(double x, double y) { return 1.0 / ::hypot(x, y); }
__ANYWARP_H float rhypotf(float x, float y) { return 1.0f / ::hypotf(x, y); }
__ANYWARP_H double norm3d(double a, double b, double c) { return ::hypot(::hypot(a, b), c); }
__ANYWARP_H float norm3df(float a, float b, float c) { return (float)norm3d(a, b, c); }
__ANYWARP_H double norm4d(double a, double b, double c, double d) { return ::hypot(::hypot(a, b), ::hypot(c, d)); }
__ANYWARP_H float norm4df(float a, float b, float c, float d) { return (float)norm4d(a, b, c, d); }
__ANYWARP_H double rnorm3d(double a, double b, double c) { return 1.0 / norm3d(a, b, c); }
__ANYWARP_H float rnorm3df(float a, float b, float c) { return (float)rnorm3d(a, b, c); }
__ANYWARP_H double fdivide(double x, double y) { return x / y; }
__ANYWARP_H float fdividef(float x, float y) { return x / y; }
__ANYWARP_H double sinpi(double x) {
  double r = ::fmod(x, 2.0);
  return r == ::trunc(r) ? ::copysign(0.0, x) : ::sin(r * 3.14159265358979323846);
}
__ANYWARP_H float sinpif(float x) { return (float)sinpi((double)x); }
__ANYWARP_H double cospi(double x) {
  double r = ::fmod(::fabs(x), 2.0);
  return r == 0.5 || r == 1.5 ? 0.0 : ::cos(r * 3.14159265358979323846);
}
__ANYWARP_H float cospif(float x) { return (float)cospi((double)x); }
__ANYWARP_H void sincospi(double x, double *s, double *c) { *s = sinpi(x), *c = cospi(x); }
__ANYWARP_H void sincospif(float x, float *s, float *c) { *s = sinpif(x), *c = cospif(x); }
__ANYWARP_H double normcdf(double x) { return 0.5 * ::erfc(-x * 0.70710678118654752440); }
__ANYWARP_H float normcdff(float x) { return (float)normcdf((double)x); }
__ANYWARP_H double erfcx(double x) { return ::exp(x * x) * ::erfc(x); }
__ANYWARP_H float erfcxf(float x) { return (float)erfcx((double)x); }

#define __ANYWARP_MINMAX(__T, __A, __B)                                        \
  __ANYWARP_H __T min(__A a, __B b) { return (__T)a < (__T)b ? (__T)a : (__T)b; }      \
  __ANYWARP_H __T max(__A a, __B b) { return (__T)a > (__T)b ? (__T)a : (__T)b; }
__ANYWARP_MINMAX(int, int, int)
__ANYWARP_MINMAX(unsigned int, unsigned int, unsigned int)
__ANYWARP_MINMAX(unsigned int, int, unsigned int)
__ANYWARP_MINMAX(unsigned int, unsigned int, int)
__ANYWARP_MINMAX(long, long, long)
__ANYWARP_MINMAX(unsigned long, unsigned long, unsigned long)
__ANYWARP_MINMAX(unsigned long, long, unsigned long)
__ANYWARP_MINMAX(unsigned long, unsigned long, long)
__ANYWARP_MINMAX(long long, long long, long long)
__ANYWARP_MINMAX(unsigned long long, unsigned long long, unsigned long long)
__ANYWARP_MINMAX(unsigned long long, long long, unsigned long long)
__ANYWARP_MINMAX(unsigned long long, unsigned long long, long long)
#undef __ANYWARP_MINMAX
#define __ANYWARP_FMINMAX(__T, __F, __A, __B)                               \
  __ANYWARP_H __T min(__A a, __B b) { return __builtin_fmin##__F(a, b); }   \
  __ANYWARP_H __T max(__A a, __B b) { return __builtin_fmax##__F(a, b); }
__ANYWARP_FMINMAX(float, f, float, float)
__ANYWARP_FMINMAX(double, , double, double)
__ANYWARP_FMINMAX(double, , float, double)
__ANYWARP_FMINMAX(double, , double, float)
#undef __ANYWARP_FMINMAX
#undef __ANYWARP_H
#endif
