// SPDX-License-Identifier: MIT OR Apache-2.0
// Distributions of cuRAND's device API over the outputs of any generator. Uniform numbers lie in (0, 1].
#ifndef ANYWARP_CURAND_DISTRIBUTIONS_H
#define ANYWARP_CURAND_DISTRIBUTIONS_H
#include "states.h"

#define CURAND_2POW32 (4294967296.f)
#define CURAND_2POW32_DOUBLE (4294967296.)
#define CURAND_2POW32_INV (2.3283064e-10f)
#define CURAND_2POW32_INV_DOUBLE (2.3283064365386963e-10)
#define CURAND_2POW53_INV_DOUBLE (1.1102230246251565e-16)
#define CURAND_2PI (6.2831855f)
#define CURAND_2POW32_INV_2PI (2.3283064e-10f * 6.2831855f)
#define CURAND_PI_DOUBLE (3.1415926535897932)

namespace __anywarp_curand {
__ANYWARP_CURAND float unit(unsigned int x) { return x * CURAND_2POW32_INV + (CURAND_2POW32_INV / 2.0f); }
__ANYWARP_CURAND double unit(unsigned int x, unsigned int y) {
  unsigned long long z = (unsigned long long)x ^ (unsigned long long)y << 21;
  return z * CURAND_2POW53_INV_DOUBLE + (CURAND_2POW53_INV_DOUBLE / 2.0);
}
// Two normal numbers of two outputs (Box and Muller, 1958).
__ANYWARP_CURAND float2 normals(unsigned int x, unsigned int y) {
  float angle = y * CURAND_2POW32_INV_2PI + (CURAND_2POW32_INV_2PI / 2.0f);
  float radius = sqrtf(-2.0f * logf(unit(x))), sine, cosine;
  sincosf(angle, &sine, &cosine);
  return make_float2(sine * radius, cosine * radius);
}
__ANYWARP_CURAND double2 normals(unsigned int x0, unsigned int x1, unsigned int y0, unsigned int y1) {
  double radius = sqrt(-2.0 * log(unit(x0, x1))), sine, cosine;
  sincospi(2.0 * unit(y0, y1), &sine, &cosine);
  return make_double2(sine * radius, cosine * radius);
}
// Poisson numbers: by products of uniforms for small means, by Hoermann's transformed rejection (PTRS, 1993) for large.
template <class State>
__device__ unsigned int poisson(State *s, double lambda);
}  // namespace __anywarp_curand

#define __ANYWARP_STATE(__STATE)                                                                               \
  __ANYWARP_CURAND float curand_uniform(__STATE *s) { return __anywarp_curand::unit(curand(s)); }              \
  __ANYWARP_CURAND double curand_uniform_double(__STATE *s) {                                                  \
    unsigned int x = curand(s), y = curand(s);                                                               \
    return __anywarp_curand::unit(x, y);                                                                     \
  }                                                                                                          \
  __ANYWARP_CURAND float2 curand_normal2(__STATE *s) {                                                         \
    unsigned int x = curand(s), y = curand(s);                                                               \
    return __anywarp_curand::normals(x, y);                                                                  \
  }                                                                                                          \
  __ANYWARP_CURAND double2 curand_normal2_double(__STATE *s) {                                                 \
    unsigned int x0 = curand(s), x1 = curand(s), y0 = curand(s), y1 = curand(s);                             \
    return __anywarp_curand::normals(x0, x1, y0, y1);                                                        \
  }                                                                                                          \
  __ANYWARP_CURAND float curand_normal(__STATE *s) {                                                           \
    if (s->boxmuller_flag) {                                                                                 \
      s->boxmuller_flag = 0;                                                                                 \
      return s->boxmuller_extra;                                                                             \
    }                                                                                                        \
    float2 pair = curand_normal2(s);                                                                         \
    s->boxmuller_flag = 1;                                                                                   \
    s->boxmuller_extra = pair.y;                                                                             \
    return pair.x;                                                                                           \
  }                                                                                                          \
  __ANYWARP_CURAND double curand_normal_double(__STATE *s) {                                                   \
    if (s->boxmuller_flag_double) {                                                                          \
      s->boxmuller_flag_double = 0;                                                                          \
      return s->boxmuller_extra_double;                                                                      \
    }                                                                                                        \
    double2 pair = curand_normal2_double(s);                                                                 \
    s->boxmuller_flag_double = 1;                                                                            \
    s->boxmuller_extra_double = pair.y;                                                                      \
    return pair.x;                                                                                           \
  }                                                                                                          \
  __ANYWARP_CURAND float curand_log_normal(__STATE *s, float mean, float stddev) {                             \
    return expf(mean + stddev * curand_normal(s));                                                           \
  }                                                                                                          \
  __ANYWARP_CURAND float2 curand_log_normal2(__STATE *s, float mean, float stddev) {                           \
    float2 n = curand_normal2(s);                                                                            \
    return make_float2(expf(mean + stddev * n.x), expf(mean + stddev * n.y));                                \
  }                                                                                                          \
  __ANYWARP_CURAND double curand_log_normal_double(__STATE *s, double mean, double stddev) {                   \
    return exp(mean + stddev * curand_normal_double(s));                                                     \
  }                                                                                                          \
  __ANYWARP_CURAND double2 curand_log_normal2_double(__STATE *s, double mean, double stddev) {                 \
    double2 n = curand_normal2_double(s);                                                                    \
    return make_double2(exp(mean + stddev * n.x), exp(mean + stddev * n.y));                                 \
  }                                                                                                          \
  __ANYWARP_CURAND unsigned int curand_poisson(__STATE *s, double lambda) {                                    \
    return __anywarp_curand::poisson(s, lambda);                                                             \
  }
__ANYWARP_STATE(curandStateXORWOW)
__ANYWARP_STATE(curandStatePhilox4_32_10)
__ANYWARP_STATE(curandStateMRG32k3a)
#undef __ANYWARP_STATE

namespace __anywarp_curand {
template <class State>
__device__ unsigned int poisson(State *s, double lambda) {
  if (lambda <= 0) return 0;
  if (lambda < 16) {
    const double end = exp(-lambda);
    double product = curand_uniform_double(s);
    unsigned int k = 0;
    for (; product > end; ++k) product *= curand_uniform_double(s);
    return k;
  }
  const double root = sqrt(lambda), b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
  const double alpha = 1.1239 + 1.1328 / (b - 3.4), v = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    double u = curand_uniform_double(s) - 0.5, w = curand_uniform_double(s), us = 0.5 - fabs(u);
    double k = floor((2 * a / us + b) * u + lambda + 0.43);
    if (us >= 0.07 && w <= v) return (unsigned int)k;
    if (k < 0 || (us < 0.013 && w > us)) continue;
    if (log(w) + log(alpha) - log(a / (us * us) + b) <= -lambda + k * log(lambda) - lgamma(k + 1)) return (unsigned int)k;
  }
}
}  // namespace __anywarp_curand

// Four at a time, of Philox.
__ANYWARP_CURAND float4 curand_uniform4(curandStatePhilox4_32_10 *s) {
  uint4 x = curand4(s);
  return make_float4(__anywarp_curand::unit(x.x), __anywarp_curand::unit(x.y), __anywarp_curand::unit(x.z),
                     __anywarp_curand::unit(x.w));
}
__ANYWARP_CURAND double2 curand_uniform2_double(curandStatePhilox4_32_10 *s) {
  uint4 x = curand4(s);
  return make_double2(__anywarp_curand::unit(x.x, x.y), __anywarp_curand::unit(x.z, x.w));
}
__ANYWARP_CURAND double4 curand_uniform4_double(curandStatePhilox4_32_10 *s) {
  double2 a = curand_uniform2_double(s), b = curand_uniform2_double(s);
  return make_double4(a.x, a.y, b.x, b.y);
}
__ANYWARP_CURAND float4 curand_normal4(curandStatePhilox4_32_10 *s) {
  uint4 x = curand4(s);
  float2 a = __anywarp_curand::normals(x.x, x.y), b = __anywarp_curand::normals(x.z, x.w);
  return make_float4(a.x, a.y, b.x, b.y);
}
__ANYWARP_CURAND double4 curand_normal4_double(curandStatePhilox4_32_10 *s) {
  double2 a = curand_normal2_double(s), b = curand_normal2_double(s);
  return make_double4(a.x, a.y, b.x, b.y);
}
__ANYWARP_CURAND float4 curand_log_normal4(curandStatePhilox4_32_10 *s, float mean, float stddev) {
  float4 n = curand_normal4(s);
  return make_float4(expf(mean + stddev * n.x), expf(mean + stddev * n.y), expf(mean + stddev * n.z),
                     expf(mean + stddev * n.w));
}
__ANYWARP_CURAND uint4 curand_poisson4(curandStatePhilox4_32_10 *s, double lambda) {
  unsigned int x = curand_poisson(s, lambda), y = curand_poisson(s, lambda), z = curand_poisson(s, lambda);
  return make_uint4(x, y, z, curand_poisson(s, lambda));
}
#endif
