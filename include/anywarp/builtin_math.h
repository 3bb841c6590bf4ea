// SPDX-License-Identifier: MIT OR Apache-2.0
// What clang's CUDA wrappers promise or assume but leave undefined: the float overloads that
// __clang_cuda_math_forward_declares.h declares and nobody defines (a call would become an undefined PTX function), the
// min and max families, and pow with CUDA's result types.
#ifndef ANYWARP_BUILTIN_MATH_H
#define ANYWARP_BUILTIN_MATH_H

#define __ANYWARP_D static __inline__ __device__ __attribute__((always_inline, unused))
// A signature that an earlier declaration also has, preferred over it.
#define __ANYWARP_PREFER static __inline__ __device__ __attribute__((always_inline, unused, enable_if(true, "")))

#define __ANYWARP_F1(name) __ANYWARP_D float name(float x) { return ::name##f(x); }
#define __ANYWARP_F2(name) __ANYWARP_D float name(float x, float y) { return ::name##f(x, y); }
__ANYWARP_F1(acosh)
__ANYWARP_F1(asinh)
__ANYWARP_F1(atanh)
__ANYWARP_F1(cbrt)
__ANYWARP_F1(erf)
__ANYWARP_F1(erfc)
__ANYWARP_F1(exp2)
__ANYWARP_F1(expm1)
__ANYWARP_F1(lgamma)
__ANYWARP_F1(log1p)
__ANYWARP_F1(log2)
__ANYWARP_F1(logb)
__ANYWARP_F1(nearbyint)
__ANYWARP_F1(rint)
__ANYWARP_F1(round)
__ANYWARP_F1(tgamma)
__ANYWARP_F1(trunc)
__ANYWARP_F2(copysign)
__ANYWARP_F2(fdim)
__ANYWARP_F2(fmax)
__ANYWARP_F2(fmin)
__ANYWARP_F2(hypot)
__ANYWARP_F2(nextafter)
__ANYWARP_F2(remainder)
__ANYWARP_D float fma(float x, float y, float z) { return ::fmaf(x, y, z); }
__ANYWARP_D int ilogb(float x) { return ::ilogbf(x); }
__ANYWARP_D long long llrint(float x) { return ::llrintf(x); }
__ANYWARP_D long long llround(float x) { return ::llroundf(x); }
__ANYWARP_D long lrint(float x) { return ::lrintf(x); }
__ANYWARP_D long lround(float x) { return ::lroundf(x); }
__ANYWARP_D float remquo(float x, float y, int *q) { return ::remquof(x, y, q); }
__ANYWARP_D float scalbln(float x, long n) { return ::scalblnf(x, n); }
__ANYWARP_D float scalbn(float x, int n) { return ::scalbnf(x, n); }
__ANYWARP_D double nan(const char *tag) { return __nv_nan((const signed char *)tag); }
__ANYWARP_D float nanf(const char *tag) { return __nv_nanf((const signed char *)tag); }

// Float overloads of the functions that only CUDA has.
#define __ANYWARP_P1(name) __ANYWARP_PREFER float name(float x) { return ::name##f(x); }
__ANYWARP_P1(rsqrt)
__ANYWARP_P1(rcbrt)
__ANYWARP_P1(sinpi)
__ANYWARP_P1(cospi)
__ANYWARP_P1(erfinv)
__ANYWARP_P1(erfcinv)
__ANYWARP_P1(erfcx)
__ANYWARP_P1(normcdf)
__ANYWARP_P1(normcdfinv)
__ANYWARP_P1(exp10)
__ANYWARP_P1(cyl_bessel_i0)
__ANYWARP_P1(cyl_bessel_i1)
__ANYWARP_PREFER float fdivide(float x, float y) { return ::fdividef(x, y); }
__ANYWARP_PREFER float rhypot(float x, float y) { return ::rhypotf(x, y); }
__ANYWARP_PREFER void sincos(float x, float *s, float *c) { ::sincosf(x, s, c); }
__ANYWARP_PREFER void sincospi(float x, float *s, float *c) { ::sincospif(x, s, c); }

// nvcc computes pow with an integer exponent in double (C++11, [cmath.syn]: the arguments are promoted to double).
__ANYWARP_PREFER double pow(float x, int n) { return __nv_pow((double)x, (double)n); }
__ANYWARP_PREFER double pow(double x, int n) { return __nv_pow(x, (double)n); }

// min and max for every pair of arithmetic types that CUDA names (CUDA Math API, "Integer Mathematical Functions").
#define __ANYWARP_MINMAX(__T, __A, __B)                                                                   \
  __ANYWARP_PREFER __T min(__A a, __B b) { return (__T)a < (__T)b ? (__T)a : (__T)b; }                            \
  __ANYWARP_PREFER __T max(__A a, __B b) { return (__T)a > (__T)b ? (__T)a : (__T)b; }
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
#define __ANYWARP_FMINMAX(__T, __F, __A, __B)                                    \
  __ANYWARP_PREFER __T min(__A a, __B b) { return __builtin_fmin##__F(a, b); }   \
  __ANYWARP_PREFER __T max(__A a, __B b) { return __builtin_fmax##__F(a, b); }
__ANYWARP_FMINMAX(float, f, float, float)
__ANYWARP_FMINMAX(double, , double, double)
__ANYWARP_FMINMAX(double, , float, double)
__ANYWARP_FMINMAX(double, , double, float)
#undef __ANYWARP_FMINMAX

#undef __ANYWARP_F1
#undef __ANYWARP_F2
#undef __ANYWARP_P1
#undef __ANYWARP_PREFER
#undef __ANYWARP_D

namespace std {
using ::pow;
}

#endif
