// SPDX-License-Identifier: MIT OR Apache-2.0
// Complex numbers of the CUDA libraries, single (cuFloatComplex) and double (cuDoubleComplex) precision.
#ifndef CU_COMPLEX_H_
#define CU_COMPLEX_H_
#include <math.h>
#include "vector_functions.h"

#define __ANYWARP_C static __inline__ __host__ __device__
typedef float2 cuFloatComplex;
typedef double2 cuDoubleComplex;
typedef cuFloatComplex cuComplex;

#define __ANYWARP_COMPLEX(__F, __R, __C, __S, ABS, SQRT)                                                    \
  __ANYWARP_C __R cuCreal##__S(__C x) { return x.x; }                                                     \
  __ANYWARP_C __R cuCimag##__S(__C x) { return x.y; }                                                     \
  __ANYWARP_C __C make_cu##__F##Complex(__R r, __R i) {                                                     \
    __C z;                                                                                            \
    z.x = r;                                                                                        \
    z.y = i;                                                                                        \
    return z;                                                                                       \
  }                                                                                                 \
  __ANYWARP_C __C cuConj##__S(__C x) { return make_cu##__F##Complex(x.x, -x.y); }                           \
  __ANYWARP_C __C cuCadd##__S(__C x, __C y) { return make_cu##__F##Complex(x.x + y.x, x.y + y.y); }           \
  __ANYWARP_C __C cuCsub##__S(__C x, __C y) { return make_cu##__F##Complex(x.x - y.x, x.y - y.y); }           \
  __ANYWARP_C __C cuCmul##__S(__C x, __C y) {                                                               \
    return make_cu##__F##Complex(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x);                       \
  }                                                                                                 \
  /* Scaled by |re| + |im| of the divisor against overflow and underflow of the squares. */        \
  __ANYWARP_C __C cuCdiv##__S(__C x, __C y) {                                                               \
    __R s = ABS(y.x) + ABS(y.y), o = 1 / s;                                                           \
    __R ar = x.x * o, ai = x.y * o, br = y.x * o, bi = y.y * o;                                       \
    __R d = 1 / (br * br + bi * bi);                                                                  \
    return make_cu##__F##Complex((ar * br + ai * bi) * d, (ai * br - ar * bi) * d);                   \
  }                                                                                                 \
  __ANYWARP_C __R cuCabs##__S(__C x) {                                                                    \
    __R a = ABS(x.x), b = ABS(x.y), v = a > b ? a : b, w = a > b ? b : a, t = w / v;                  \
    if (v == 0 || a - a != 0 || b - b != 0) return a + b;                                           \
    return v * SQRT(1 + t * t);                                                                     \
  }                                                                                                 \
  __ANYWARP_C __C cuCfma##__S(__C x, __C y, __C d) {                                                          \
    __R r = x.x * y.x + d.x, i = x.x * y.y + d.y;                                                     \
    return make_cu##__F##Complex(-(x.y * y.y) + r, x.y * y.x + i);                                    \
  }
__ANYWARP_COMPLEX(Float, float, cuFloatComplex, f, fabsf, sqrtf)
__ANYWARP_COMPLEX(Double, double, cuDoubleComplex, , fabs, sqrt)
#undef __ANYWARP_COMPLEX

__ANYWARP_C cuComplex make_cuComplex(float x, float y) { return make_cuFloatComplex(x, y); }
__ANYWARP_C cuDoubleComplex cuComplexFloatToDouble(cuFloatComplex c) { return make_cuDoubleComplex(c.x, c.y); }
__ANYWARP_C cuFloatComplex cuComplexDoubleToFloat(cuDoubleComplex c) {
  return make_cuFloatComplex((float)c.x, (float)c.y);
}
#undef __ANYWARP_C
#endif
