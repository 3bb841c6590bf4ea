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

#define __ANYWARP_COMPLEX(F, R, C, S, ABS, SQRT)                                                    \
  __ANYWARP_C R cuCreal##S(C x) { return x.x; }                                                     \
  __ANYWARP_C R cuCimag##S(C x) { return x.y; }                                                     \
  __ANYWARP_C C make_cu##F##Complex(R r, R i) {                                                     \
    C z;                                                                                            \
    z.x = r;                                                                                        \
    z.y = i;                                                                                        \
    return z;                                                                                       \
  }                                                                                                 \
  __ANYWARP_C C cuConj##S(C x) { return make_cu##F##Complex(x.x, -x.y); }                           \
  __ANYWARP_C C cuCadd##S(C x, C y) { return make_cu##F##Complex(x.x + y.x, x.y + y.y); }           \
  __ANYWARP_C C cuCsub##S(C x, C y) { return make_cu##F##Complex(x.x - y.x, x.y - y.y); }           \
  __ANYWARP_C C cuCmul##S(C x, C y) {                                                               \
    return make_cu##F##Complex(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x);                       \
  }                                                                                                 \
  /* Scaled by |re| + |im| of the divisor against overflow and underflow of the squares. */        \
  __ANYWARP_C C cuCdiv##S(C x, C y) {                                                               \
    R s = ABS(y.x) + ABS(y.y), o = 1 / s;                                                           \
    R ar = x.x * o, ai = x.y * o, br = y.x * o, bi = y.y * o;                                       \
    R d = 1 / (br * br + bi * bi);                                                                  \
    return make_cu##F##Complex((ar * br + ai * bi) * d, (ai * br - ar * bi) * d);                   \
  }                                                                                                 \
  __ANYWARP_C R cuCabs##S(C x) {                                                                    \
    R a = ABS(x.x), b = ABS(x.y), v = a > b ? a : b, w = a > b ? b : a, t = w / v;                  \
    if (v == 0 || a - a != 0 || b - b != 0) return a + b;                                           \
    return v * SQRT(1 + t * t);                                                                     \
  }                                                                                                 \
  __ANYWARP_C C cuCfma##S(C x, C y, C d) {                                                          \
    R r = x.x * y.x + d.x, i = x.x * y.y + d.y;                                                     \
    return make_cu##F##Complex(-(x.y * y.y) + r, x.y * y.x + i);                                    \
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
