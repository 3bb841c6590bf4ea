// SPDX-License-Identifier: MIT OR Apache-2.0
// The libdevice functions that are one PTX instruction or a few: written with compiler built-ins, so that the optimiser
// sees through them. Included by anywarp/device.h before clang's wrapper headers, which call these names.
#ifndef ANYWARP_LIBDEVICE_INLINE_H
#define ANYWARP_LIBDEVICE_INLINE_H

#define __ANYWARP_D static __inline__ __device__ __attribute__((always_inline, nothrow, unused))
// Directed-rounding built-ins come in a flushing and a plain form; -ftz=true selects the first.
#if defined(__ANYWARP_FTZ)
#define __ANYWARP_R(op, mode) __nvvm_##op##_##mode##_ftz_f
#define __ANYWARP_A(op) __nvvm_##op##_approx_ftz_f
#else
#define __ANYWARP_R(op, mode) __nvvm_##op##_##mode##_f
#define __ANYWARP_A(op) __nvvm_##op##_approx_f
#endif

// Bits
__ANYWARP_D int __nv_abs(int a) { return a < 0 ? (int)(0u - (unsigned)a) : a; }
__ANYWARP_D long long __nv_llabs(long long a) { return a < 0 ? (long long)(0ull - (unsigned long long)a) : a; }
__ANYWARP_D int __nv_brev(int a) { return (int)__builtin_bitreverse32((unsigned)a); }
__ANYWARP_D long long __nv_brevll(long long a) { return (long long)__builtin_bitreverse64((unsigned long long)a); }
__ANYWARP_D int __nv_byte_perm(int a, int b, int s) { return (int)__nvvm_prmt((unsigned)a, (unsigned)b, (unsigned)s & 0x7777u); }
__ANYWARP_D int __nv_clz(int a) { return a == 0 ? 32 : __builtin_clz((unsigned)a); }
__ANYWARP_D int __nv_clzll(long long a) { return a == 0 ? 64 : __builtin_clzll((unsigned long long)a); }
__ANYWARP_D int __nv_ffs(int a) {
  unsigned low = (unsigned)a & (0u - (unsigned)a);
  return 32 - (low == 0 ? 32 : __builtin_clz(low));
}
__ANYWARP_D int __nv_ffsll(long long a) {
  unsigned long long low = (unsigned long long)a & (0ull - (unsigned long long)a);
  return 64 - (low == 0 ? 64 : __builtin_clzll(low));
}
__ANYWARP_D int __nv_popc(int a) { return __builtin_popcount((unsigned)a); }
__ANYWARP_D int __nv_popcll(long long a) { return __builtin_popcountll((unsigned long long)a); }

// Integer arithmetic
__ANYWARP_D int __nv_min(int a, int b) { return a < b ? a : b; }
__ANYWARP_D int __nv_max(int a, int b) { return a > b ? a : b; }
__ANYWARP_D unsigned __nv_umin(unsigned a, unsigned b) { return a < b ? a : b; }
__ANYWARP_D unsigned __nv_umax(unsigned a, unsigned b) { return a > b ? a : b; }
__ANYWARP_D long long __nv_llmin(long long a, long long b) { return a < b ? a : b; }
__ANYWARP_D long long __nv_llmax(long long a, long long b) { return a > b ? a : b; }
__ANYWARP_D unsigned long long __nv_ullmin(unsigned long long a, unsigned long long b) { return a < b ? a : b; }
__ANYWARP_D unsigned long long __nv_ullmax(unsigned long long a, unsigned long long b) { return a > b ? a : b; }
__ANYWARP_D int __nv_mul24(int a, int b) { return __nvvm_mul24_i(a, b); }
__ANYWARP_D unsigned __nv_umul24(unsigned a, unsigned b) { return __nvvm_mul24_ui(a, b); }
__ANYWARP_D int __nv_mulhi(int a, int b) { return __nvvm_mulhi_i(a, b); }
__ANYWARP_D unsigned __nv_umulhi(unsigned a, unsigned b) { return __nvvm_mulhi_ui(a, b); }
__ANYWARP_D long long __nv_mul64hi(long long a, long long b) { return __nvvm_mulhi_ll(a, b); }
__ANYWARP_D unsigned long long __nv_umul64hi(unsigned long long a, unsigned long long b) { return __nvvm_mulhi_ull(a, b); }
__ANYWARP_D int __nv_hadd(int a, int b) { return (a & b) + ((a ^ b) >> 1); }
__ANYWARP_D int __nv_rhadd(int a, int b) { return (a | b) - ((a ^ b) >> 1); }
__ANYWARP_D unsigned __nv_uhadd(unsigned a, unsigned b) { return (a & b) + ((a ^ b) >> 1); }
__ANYWARP_D unsigned __nv_urhadd(unsigned a, unsigned b) { return (a | b) - ((a ^ b) >> 1); }
__ANYWARP_D unsigned __nv_sad(int a, int b, unsigned c) { return c + (a < b ? (unsigned)b - (unsigned)a : (unsigned)a - (unsigned)b); }
__ANYWARP_D unsigned __nv_usad(unsigned a, unsigned b, unsigned c) { return c + (a < b ? b - a : a - b); }

// Bit casts
__ANYWARP_D int __nv_float_as_int(float a) { return __builtin_bit_cast(int, a); }
__ANYWARP_D unsigned __nv_float_as_uint(float a) { return __builtin_bit_cast(unsigned, a); }
__ANYWARP_D float __nv_int_as_float(int a) { return __builtin_bit_cast(float, a); }
__ANYWARP_D float __nv_uint_as_float(unsigned a) { return __builtin_bit_cast(float, a); }
__ANYWARP_D long long __nv_double_as_longlong(double a) { return __builtin_bit_cast(long long, a); }
__ANYWARP_D double __nv_longlong_as_double(long long a) { return __builtin_bit_cast(double, a); }
__ANYWARP_D int __nv_double2hiint(double a) { return (int)(__builtin_bit_cast(unsigned long long, a) >> 32); }
__ANYWARP_D int __nv_double2loint(double a) { return (int)__builtin_bit_cast(unsigned long long, a); }
__ANYWARP_D double __nv_hiloint2double(int hi, int lo) {
  return __builtin_bit_cast(double, ((unsigned long long)(unsigned)hi << 32) | (unsigned)lo);
}

// Classification
__ANYWARP_D int __nv_isnanf(float a) { return __builtin_isnan(a); }
__ANYWARP_D int __nv_isnand(double a) { return __builtin_isnan(a); }
__ANYWARP_D int __nv_isinff(float a) { return __builtin_isinf(a); }
__ANYWARP_D int __nv_isinfd(double a) { return __builtin_isinf(a); }
__ANYWARP_D int __nv_finitef(float a) { return __builtin_isfinite(a); }
__ANYWARP_D int __nv_isfinited(double a) { return __builtin_isfinite(a); }
__ANYWARP_D int __nv_signbitf(float a) { return (int)(__builtin_bit_cast(unsigned, a) >> 31); }
__ANYWARP_D int __nv_signbitd(double a) { return (int)(__builtin_bit_cast(unsigned long long, a) >> 63); }

// Exact floating point
__ANYWARP_D float __nv_fabsf(float a) { return __builtin_fabsf(a); }
__ANYWARP_D double __nv_fabs(double a) { return __builtin_fabs(a); }
__ANYWARP_D float __nv_floorf(float a) { return __builtin_floorf(a); }
__ANYWARP_D double __nv_floor(double a) { return __builtin_floor(a); }
__ANYWARP_D float __nv_ceilf(float a) { return __builtin_ceilf(a); }
__ANYWARP_D double __nv_ceil(double a) { return __builtin_ceil(a); }
__ANYWARP_D float __nv_truncf(float a) { return __builtin_truncf(a); }
__ANYWARP_D double __nv_trunc(double a) { return __builtin_trunc(a); }
__ANYWARP_D float __nv_rintf(float a) { return __builtin_rintf(a); }
__ANYWARP_D double __nv_rint(double a) { return __builtin_rint(a); }
__ANYWARP_D float __nv_nearbyintf(float a) { return __builtin_nearbyintf(a); }
__ANYWARP_D double __nv_nearbyint(double a) { return __builtin_nearbyint(a); }
__ANYWARP_D float __nv_roundf(float a) {
  float t = __builtin_truncf(a);
  return __builtin_copysignf(__builtin_fabsf(t) + (__builtin_fabsf(a - t) >= 0.5f ? 1.0f : 0.0f), a);
}
__ANYWARP_D double __nv_round(double a) {
  double t = __builtin_trunc(a);
  return __builtin_copysign(__builtin_fabs(t) + (__builtin_fabs(a - t) >= 0.5 ? 1.0 : 0.0), a);
}
__ANYWARP_D float __nv_copysignf(float a, float b) { return __builtin_copysignf(a, b); }
__ANYWARP_D double __nv_copysign(double a, double b) { return __builtin_copysign(a, b); }
__ANYWARP_D float __nv_fmaxf(float a, float b) { return __builtin_fmaxf(a, b); }
__ANYWARP_D double __nv_fmax(double a, double b) { return __builtin_fmax(a, b); }
__ANYWARP_D float __nv_fminf(float a, float b) { return __builtin_fminf(a, b); }
__ANYWARP_D double __nv_fmin(double a, double b) { return __builtin_fmin(a, b); }
__ANYWARP_D float __nv_fdimf(float a, float b) { return a <= b ? 0.0f : a - b; }
__ANYWARP_D double __nv_fdim(double a, double b) { return a <= b ? 0.0 : a - b; }
__ANYWARP_D float __nv_fmaf(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
__ANYWARP_D double __nv_fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
__ANYWARP_D float __nv_sqrtf(float a) { return __builtin_sqrtf(a); }
__ANYWARP_D double __nv_sqrt(double a) { return __builtin_sqrt(a); }
__ANYWARP_D float __nv_saturatef(float a) { return __nvvm_saturate_f(a); }
// CUDA computes pow(x, int) as pow(x, (double)int), never by repeated multiplication.
__ANYWARP_D double __nv_powi(double a, int b) { return __nv_pow(a, (double)b); }
__ANYWARP_D float __nv_powif(float a, int b) { return (float)__nv_pow((double)a, (double)b); }

// Directed rounding
__ANYWARP_D float __nv_fadd_rn(float a, float b) { return __ANYWARP_R(add, rn)(a, b); }
__ANYWARP_D float __nv_fsub_rn(float a, float b) { return __ANYWARP_R(add, rn)(a, -b); }
__ANYWARP_D float __nv_fmul_rn(float a, float b) { return __ANYWARP_R(mul, rn)(a, b); }
__ANYWARP_D float __nv_fdiv_rn(float a, float b) { return __ANYWARP_R(div, rn)(a, b); }
__ANYWARP_D float __nv_frcp_rn(float a) { return __ANYWARP_R(rcp, rn)(a); }
__ANYWARP_D float __nv_fsqrt_rn(float a) { return __ANYWARP_R(sqrt, rn)(a); }
__ANYWARP_D float __nv_fmaf_rn(float a, float b, float c) { return __ANYWARP_R(fma, rn)(a, b, c); }
__ANYWARP_D float __nv_fmaf_ieee_rn(float a, float b, float c) { return __nvvm_fma_rn_f(a, b, c); }
__ANYWARP_D double __nv_dadd_rn(double a, double b) { return __nvvm_add_rn_d(a, b); }
__ANYWARP_D double __nv_dsub_rn(double a, double b) { return __nvvm_add_rn_d(a, -b); }
__ANYWARP_D double __nv_dmul_rn(double a, double b) { return __nvvm_mul_rn_d(a, b); }
__ANYWARP_D double __nv_ddiv_rn(double a, double b) { return __nvvm_div_rn_d(a, b); }
__ANYWARP_D double __nv_drcp_rn(double a) { return __nvvm_rcp_rn_d(a); }
__ANYWARP_D double __nv_dsqrt_rn(double a) { return __nvvm_sqrt_rn_d(a); }
__ANYWARP_D double __nv_fma_rn(double a, double b, double c) { return __nvvm_fma_rn_d(a, b, c); }
__ANYWARP_D float __nv_fadd_rz(float a, float b) { return __ANYWARP_R(add, rz)(a, b); }
__ANYWARP_D float __nv_fsub_rz(float a, float b) { return __ANYWARP_R(add, rz)(a, -b); }
__ANYWARP_D float __nv_fmul_rz(float a, float b) { return __ANYWARP_R(mul, rz)(a, b); }
__ANYWARP_D float __nv_fdiv_rz(float a, float b) { return __ANYWARP_R(div, rz)(a, b); }
__ANYWARP_D float __nv_frcp_rz(float a) { return __ANYWARP_R(rcp, rz)(a); }
__ANYWARP_D float __nv_fsqrt_rz(float a) { return __ANYWARP_R(sqrt, rz)(a); }
__ANYWARP_D float __nv_fmaf_rz(float a, float b, float c) { return __ANYWARP_R(fma, rz)(a, b, c); }
__ANYWARP_D float __nv_fmaf_ieee_rz(float a, float b, float c) { return __nvvm_fma_rz_f(a, b, c); }
__ANYWARP_D double __nv_dadd_rz(double a, double b) { return __nvvm_add_rz_d(a, b); }
__ANYWARP_D double __nv_dsub_rz(double a, double b) { return __nvvm_add_rz_d(a, -b); }
__ANYWARP_D double __nv_dmul_rz(double a, double b) { return __nvvm_mul_rz_d(a, b); }
__ANYWARP_D double __nv_ddiv_rz(double a, double b) { return __nvvm_div_rz_d(a, b); }
__ANYWARP_D double __nv_drcp_rz(double a) { return __nvvm_rcp_rz_d(a); }
__ANYWARP_D double __nv_dsqrt_rz(double a) { return __nvvm_sqrt_rz_d(a); }
__ANYWARP_D double __nv_fma_rz(double a, double b, double c) { return __nvvm_fma_rz_d(a, b, c); }
__ANYWARP_D float __nv_fadd_rd(float a, float b) { return __ANYWARP_R(add, rm)(a, b); }
__ANYWARP_D float __nv_fsub_rd(float a, float b) { return __ANYWARP_R(add, rm)(a, -b); }
__ANYWARP_D float __nv_fmul_rd(float a, float b) { return __ANYWARP_R(mul, rm)(a, b); }
__ANYWARP_D float __nv_fdiv_rd(float a, float b) { return __ANYWARP_R(div, rm)(a, b); }
__ANYWARP_D float __nv_frcp_rd(float a) { return __ANYWARP_R(rcp, rm)(a); }
__ANYWARP_D float __nv_fsqrt_rd(float a) { return __ANYWARP_R(sqrt, rm)(a); }
__ANYWARP_D float __nv_fmaf_rd(float a, float b, float c) { return __ANYWARP_R(fma, rm)(a, b, c); }
__ANYWARP_D float __nv_fmaf_ieee_rd(float a, float b, float c) { return __nvvm_fma_rm_f(a, b, c); }
__ANYWARP_D double __nv_dadd_rd(double a, double b) { return __nvvm_add_rm_d(a, b); }
__ANYWARP_D double __nv_dsub_rd(double a, double b) { return __nvvm_add_rm_d(a, -b); }
__ANYWARP_D double __nv_dmul_rd(double a, double b) { return __nvvm_mul_rm_d(a, b); }
__ANYWARP_D double __nv_ddiv_rd(double a, double b) { return __nvvm_div_rm_d(a, b); }
__ANYWARP_D double __nv_drcp_rd(double a) { return __nvvm_rcp_rm_d(a); }
__ANYWARP_D double __nv_dsqrt_rd(double a) { return __nvvm_sqrt_rm_d(a); }
__ANYWARP_D double __nv_fma_rd(double a, double b, double c) { return __nvvm_fma_rm_d(a, b, c); }
__ANYWARP_D float __nv_fadd_ru(float a, float b) { return __ANYWARP_R(add, rp)(a, b); }
__ANYWARP_D float __nv_fsub_ru(float a, float b) { return __ANYWARP_R(add, rp)(a, -b); }
__ANYWARP_D float __nv_fmul_ru(float a, float b) { return __ANYWARP_R(mul, rp)(a, b); }
__ANYWARP_D float __nv_fdiv_ru(float a, float b) { return __ANYWARP_R(div, rp)(a, b); }
__ANYWARP_D float __nv_frcp_ru(float a) { return __ANYWARP_R(rcp, rp)(a); }
__ANYWARP_D float __nv_fsqrt_ru(float a) { return __ANYWARP_R(sqrt, rp)(a); }
__ANYWARP_D float __nv_fmaf_ru(float a, float b, float c) { return __ANYWARP_R(fma, rp)(a, b, c); }
__ANYWARP_D float __nv_fmaf_ieee_ru(float a, float b, float c) { return __nvvm_fma_rp_f(a, b, c); }
__ANYWARP_D double __nv_dadd_ru(double a, double b) { return __nvvm_add_rp_d(a, b); }
__ANYWARP_D double __nv_dsub_ru(double a, double b) { return __nvvm_add_rp_d(a, -b); }
__ANYWARP_D double __nv_dmul_ru(double a, double b) { return __nvvm_mul_rp_d(a, b); }
__ANYWARP_D double __nv_ddiv_ru(double a, double b) { return __nvvm_div_rp_d(a, b); }
__ANYWARP_D double __nv_drcp_ru(double a) { return __nvvm_rcp_rp_d(a); }
__ANYWARP_D double __nv_dsqrt_ru(double a) { return __nvvm_sqrt_rp_d(a); }
__ANYWARP_D double __nv_fma_ru(double a, double b, double c) { return __nvvm_fma_rp_d(a, b, c); }

// Conversions
__ANYWARP_D int __nv_float2int_rn(float a) { return __nvvm_f2i_rn(a); }
__ANYWARP_D int __nv_double2int_rn(double a) { return __nvvm_d2i_rn(a); }
__ANYWARP_D float __nv_int2float_rn(int a) { return __nvvm_i2f_rn(a); }
__ANYWARP_D double __nv_int2double_rn(int a) { return __nvvm_i2d_rn(a); }
__ANYWARP_D unsigned __nv_float2uint_rn(float a) { return __nvvm_f2ui_rn(a); }
__ANYWARP_D unsigned __nv_double2uint_rn(double a) { return __nvvm_d2ui_rn(a); }
__ANYWARP_D float __nv_uint2float_rn(unsigned a) { return __nvvm_ui2f_rn(a); }
__ANYWARP_D double __nv_uint2double_rn(unsigned a) { return __nvvm_ui2d_rn(a); }
__ANYWARP_D long long __nv_float2ll_rn(float a) { return __nvvm_f2ll_rn(a); }
__ANYWARP_D long long __nv_double2ll_rn(double a) { return __nvvm_d2ll_rn(a); }
__ANYWARP_D float __nv_ll2float_rn(long long a) { return __nvvm_ll2f_rn(a); }
__ANYWARP_D double __nv_ll2double_rn(long long a) { return __nvvm_ll2d_rn(a); }
__ANYWARP_D unsigned long long __nv_float2ull_rn(float a) { return __nvvm_f2ull_rn(a); }
__ANYWARP_D unsigned long long __nv_double2ull_rn(double a) { return __nvvm_d2ull_rn(a); }
__ANYWARP_D float __nv_ull2float_rn(unsigned long long a) { return __nvvm_ull2f_rn(a); }
__ANYWARP_D double __nv_ull2double_rn(unsigned long long a) { return __nvvm_ull2d_rn(a); }
__ANYWARP_D float __nv_double2float_rn(double a) { return __nvvm_d2f_rn(a); }
__ANYWARP_D int __nv_float2int_rz(float a) { return __nvvm_f2i_rz(a); }
__ANYWARP_D int __nv_double2int_rz(double a) { return __nvvm_d2i_rz(a); }
// LLVM 19 turns the rz conversions of integers into ones that round to nearest: inline PTX keeps them.
__ANYWARP_D float __nv_int2float_rz(int a) {
  float r;
  asm("cvt.rz.f32.s32 %0, %1;" : "=f"(r) : "r"(a));
  return r;
}
__ANYWARP_D unsigned __nv_float2uint_rz(float a) { return __nvvm_f2ui_rz(a); }
__ANYWARP_D unsigned __nv_double2uint_rz(double a) { return __nvvm_d2ui_rz(a); }
__ANYWARP_D float __nv_uint2float_rz(unsigned a) {
  float r;
  asm("cvt.rz.f32.u32 %0, %1;" : "=f"(r) : "r"(a));
  return r;
}
__ANYWARP_D long long __nv_float2ll_rz(float a) { return __nvvm_f2ll_rz(a); }
__ANYWARP_D long long __nv_double2ll_rz(double a) { return __nvvm_d2ll_rz(a); }
__ANYWARP_D float __nv_ll2float_rz(long long a) {
  float r;
  asm("cvt.rz.f32.s64 %0, %1;" : "=f"(r) : "l"(a));
  return r;
}
__ANYWARP_D double __nv_ll2double_rz(long long a) {
  double r;
  asm("cvt.rz.f64.s64 %0, %1;" : "=d"(r) : "l"(a));
  return r;
}
__ANYWARP_D unsigned long long __nv_float2ull_rz(float a) { return __nvvm_f2ull_rz(a); }
__ANYWARP_D unsigned long long __nv_double2ull_rz(double a) { return __nvvm_d2ull_rz(a); }
__ANYWARP_D float __nv_ull2float_rz(unsigned long long a) {
  float r;
  asm("cvt.rz.f32.u64 %0, %1;" : "=f"(r) : "l"(a));
  return r;
}
__ANYWARP_D double __nv_ull2double_rz(unsigned long long a) {
  double r;
  asm("cvt.rz.f64.u64 %0, %1;" : "=d"(r) : "l"(a));
  return r;
}
__ANYWARP_D float __nv_double2float_rz(double a) { return __nvvm_d2f_rz(a); }
__ANYWARP_D int __nv_float2int_rd(float a) { return __nvvm_f2i_rm(a); }
__ANYWARP_D int __nv_double2int_rd(double a) { return __nvvm_d2i_rm(a); }
__ANYWARP_D float __nv_int2float_rd(int a) { return __nvvm_i2f_rm(a); }
__ANYWARP_D unsigned __nv_float2uint_rd(float a) { return __nvvm_f2ui_rm(a); }
__ANYWARP_D unsigned __nv_double2uint_rd(double a) { return __nvvm_d2ui_rm(a); }
__ANYWARP_D float __nv_uint2float_rd(unsigned a) { return __nvvm_ui2f_rm(a); }
__ANYWARP_D long long __nv_float2ll_rd(float a) { return __nvvm_f2ll_rm(a); }
__ANYWARP_D long long __nv_double2ll_rd(double a) { return __nvvm_d2ll_rm(a); }
__ANYWARP_D float __nv_ll2float_rd(long long a) { return __nvvm_ll2f_rm(a); }
__ANYWARP_D double __nv_ll2double_rd(long long a) { return __nvvm_ll2d_rm(a); }
__ANYWARP_D unsigned long long __nv_float2ull_rd(float a) { return __nvvm_f2ull_rm(a); }
__ANYWARP_D unsigned long long __nv_double2ull_rd(double a) { return __nvvm_d2ull_rm(a); }
__ANYWARP_D float __nv_ull2float_rd(unsigned long long a) { return __nvvm_ull2f_rm(a); }
__ANYWARP_D double __nv_ull2double_rd(unsigned long long a) { return __nvvm_ull2d_rm(a); }
__ANYWARP_D float __nv_double2float_rd(double a) { return __nvvm_d2f_rm(a); }
__ANYWARP_D int __nv_float2int_ru(float a) { return __nvvm_f2i_rp(a); }
__ANYWARP_D int __nv_double2int_ru(double a) { return __nvvm_d2i_rp(a); }
__ANYWARP_D float __nv_int2float_ru(int a) { return __nvvm_i2f_rp(a); }
__ANYWARP_D unsigned __nv_float2uint_ru(float a) { return __nvvm_f2ui_rp(a); }
__ANYWARP_D unsigned __nv_double2uint_ru(double a) { return __nvvm_d2ui_rp(a); }
__ANYWARP_D float __nv_uint2float_ru(unsigned a) { return __nvvm_ui2f_rp(a); }
__ANYWARP_D long long __nv_float2ll_ru(float a) { return __nvvm_f2ll_rp(a); }
__ANYWARP_D long long __nv_double2ll_ru(double a) { return __nvvm_d2ll_rp(a); }
__ANYWARP_D float __nv_ll2float_ru(long long a) { return __nvvm_ll2f_rp(a); }
__ANYWARP_D double __nv_ll2double_ru(long long a) { return __nvvm_ll2d_rp(a); }
__ANYWARP_D unsigned long long __nv_float2ull_ru(float a) { return __nvvm_f2ull_rp(a); }
__ANYWARP_D unsigned long long __nv_double2ull_ru(double a) { return __nvvm_d2ull_rp(a); }
__ANYWARP_D float __nv_ull2float_ru(unsigned long long a) { return __nvvm_ull2f_rp(a); }
__ANYWARP_D double __nv_ull2double_ru(unsigned long long a) { return __nvvm_ull2d_rp(a); }
__ANYWARP_D float __nv_double2float_ru(double a) { return __nvvm_d2f_rp(a); }
__ANYWARP_D long long __nv_llrint(double a) { return __nvvm_d2ll_rn(a); }
__ANYWARP_D long long __nv_llrintf(float a) { return __nvvm_f2ll_rn(a); }
__ANYWARP_D float __nv_half2float(short a) { return (float)__builtin_bit_cast(_Float16, a); }
__ANYWARP_D short __nv_float2half_rn(float a) { return __builtin_bit_cast(short, (_Float16)a); }

// Approximations: one or two approximate PTX instructions, with the error that the Programming Guide documents.
__ANYWARP_D float __nv_rsqrtf(float a) { return __ANYWARP_A(rsqrt)(a); }
__ANYWARP_D float __nv_fast_sinf(float a) { return __ANYWARP_A(sin)(a); }
__ANYWARP_D float __nv_fast_cosf(float a) { return __ANYWARP_A(cos)(a); }
__ANYWARP_D void __nv_fast_sincosf(float a, float *s, float *c) { *s = __ANYWARP_A(sin)(a), *c = __ANYWARP_A(cos)(a); }
__ANYWARP_D float __nv_fast_fdividef(float a, float b) { return __ANYWARP_A(div)(a, b); }
__ANYWARP_D float __nv_fast_tanf(float a) { return __ANYWARP_A(div)(__ANYWARP_A(sin)(a), __ANYWARP_A(cos)(a)); }
__ANYWARP_D float __nv_fast_log2f(float a) { return __ANYWARP_A(lg2)(a); }
__ANYWARP_D float __nv_fast_logf(float a) { return __ANYWARP_A(lg2)(a) * 0x1.62e430p-1f; }
__ANYWARP_D float __nv_fast_log10f(float a) { return __ANYWARP_A(lg2)(a) * 0x1.344136p-2f; }
__ANYWARP_D float __nv_fast_expf(float a) { return __ANYWARP_A(ex2)(a * 0x1.715476p+0f); }
__ANYWARP_D float __nv_fast_exp10f(float a) { return __ANYWARP_A(ex2)(a * 0x1.a934f0p+1f); }
__ANYWARP_D float __nv_fast_powf(float a, float b) { return __ANYWARP_A(ex2)(b * __ANYWARP_A(lg2)(a)); }

#undef __ANYWARP_R
#undef __ANYWARP_A
#undef __ANYWARP_D
#endif
