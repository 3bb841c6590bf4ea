//! Arithmetic with an explicit rounding mode and conversions: each function is one PTX instruction, written as such, since
//! C++ has no word for them. Device only. CUDA's suffixes rn, rz, ru, rd are PTX's rn, rz, rp, rm.
#pragma once
#include "core.h"

#if AW_DEVICE

#define AW_OP1(name, T, c, op) \
  AW_API T name(T a) { T r; __asm__(op " %0, %1;" : "=" c(r) : c(a)); return r; }
#define AW_OP2(name, T, c, op) \
  AW_API T name(T a, T b) { T r; __asm__(op " %0, %1, %2;" : "=" c(r) : c(a), c(b)); return r; }
#define AW_OP3(name, T, c, op) \
  AW_API T name(T a, T b, T d) { T r; __asm__(op " %0, %1, %2, %3;" : "=" c(r) : c(a), c(b), c(d)); return r; }
#define AW_MODES(M, name, T, c, op, type) \
  M(name##_rn, T, c, op ".rn." type)      \
  M(name##_rz, T, c, op ".rz." type)      \
  M(name##_ru, T, c, op ".rp." type)      \
  M(name##_rd, T, c, op ".rm." type)

AW_MODES(AW_OP2, __nv_fadd, float, "f", "add", "f32")
AW_MODES(AW_OP2, __nv_fsub, float, "f", "sub", "f32")
AW_MODES(AW_OP2, __nv_fmul, float, "f", "mul", "f32")
AW_MODES(AW_OP2, __nv_fdiv, float, "f", "div", "f32")
AW_MODES(AW_OP1, __nv_frcp, float, "f", "rcp", "f32")
AW_MODES(AW_OP1, __nv_fsqrt, float, "f", "sqrt", "f32")
AW_MODES(AW_OP3, __nv_fmaf, float, "f", "fma", "f32")
AW_MODES(AW_OP3, __nv_fmaf_ieee, float, "f", "fma", "f32")
AW_MODES(AW_OP2, __nv_dadd, double, "d", "add", "f64")
AW_MODES(AW_OP2, __nv_dsub, double, "d", "sub", "f64")
AW_MODES(AW_OP2, __nv_dmul, double, "d", "mul", "f64")
AW_MODES(AW_OP2, __nv_ddiv, double, "d", "div", "f64")
AW_MODES(AW_OP1, __nv_drcp, double, "d", "rcp", "f64")
AW_MODES(AW_OP1, __nv_dsqrt, double, "d", "sqrt", "f64")
AW_MODES(AW_OP3, __nv_fma, double, "d", "fma", "f64")

#define AW_CVT(name, R, rc, T, tc, op) \
  AW_API R name(T a) { R r; __asm__(op " %0, %1;" : "=" rc(r) : tc(a)); return r; }
#define AW_CVT_TO_INT(name, R, rc, T, tc, types) \
  AW_CVT(name##_rn, R, rc, T, tc, "cvt.rni." types) \
  AW_CVT(name##_rz, R, rc, T, tc, "cvt.rzi." types) \
  AW_CVT(name##_ru, R, rc, T, tc, "cvt.rpi." types) \
  AW_CVT(name##_rd, R, rc, T, tc, "cvt.rmi." types)
#define AW_CVT_FROM(name, R, rc, T, tc, types) \
  AW_CVT(name##_rn, R, rc, T, tc, "cvt.rn." types) \
  AW_CVT(name##_rz, R, rc, T, tc, "cvt.rz." types) \
  AW_CVT(name##_ru, R, rc, T, tc, "cvt.rp." types) \
  AW_CVT(name##_rd, R, rc, T, tc, "cvt.rm." types)

AW_CVT_TO_INT(__nv_float2int, i32, "r", float, "f", "s32.f32")
AW_CVT_TO_INT(__nv_float2uint, u32, "r", float, "f", "u32.f32")
AW_CVT_TO_INT(__nv_float2ll, i64, "l", float, "f", "s64.f32")
AW_CVT_TO_INT(__nv_float2ull, u64, "l", float, "f", "u64.f32")
AW_CVT_TO_INT(__nv_double2int, i32, "r", double, "d", "s32.f64")
AW_CVT_TO_INT(__nv_double2uint, u32, "r", double, "d", "u32.f64")
AW_CVT_TO_INT(__nv_double2ll, i64, "l", double, "d", "s64.f64")
AW_CVT_TO_INT(__nv_double2ull, u64, "l", double, "d", "u64.f64")
AW_CVT_FROM(__nv_int2float, float, "f", i32, "r", "f32.s32")
AW_CVT_FROM(__nv_uint2float, float, "f", u32, "r", "f32.u32")
AW_CVT_FROM(__nv_ll2float, float, "f", i64, "l", "f32.s64")
AW_CVT_FROM(__nv_ull2float, float, "f", u64, "l", "f32.u64")
AW_CVT_FROM(__nv_ll2double, double, "d", i64, "l", "f64.s64")
AW_CVT_FROM(__nv_ull2double, double, "d", u64, "l", "f64.u64")
AW_CVT_FROM(__nv_double2float, float, "f", double, "d", "f32.f64")
AW_CVT(__nv_int2double_rn, double, "d", i32, "r", "cvt.rn.f64.s32")
AW_CVT(__nv_uint2double_rn, double, "d", u32, "r", "cvt.rn.f64.u32")
AW_CVT(__nv_half2float, float, "f", unsigned short, "h", "cvt.f32.f16")
AW_CVT(__nv_float2half_rn, unsigned short, "h", float, "f", "cvt.rn.f16.f32")
AW_CVT(__nv_llrintf, i64, "l", float, "f", "cvt.rni.s64.f32")
AW_CVT(__nv_llrint, i64, "l", double, "d", "cvt.rni.s64.f64")

#else
// The host has the same operations in the one rounding mode that its test needs.
AW_API i64 __nv_llrintf(float x) { return (i64)aw::rint(x); }
AW_API i64 __nv_llrint(double x) { return (i64)aw::rint(x); }
#endif

AW_API i32 __nv_float_as_int(float x) { return aw::bits(x); }
AW_API u32 __nv_float_as_uint(float x) { return aw::ubits(x); }
AW_API float __nv_int_as_float(i32 x) { return aw::as_f32(x); }
AW_API float __nv_uint_as_float(u32 x) { return aw::as_f32(x); }
AW_API u64 __nv_double_as_longlong(double x) { return aw::ubits(x); }
AW_API double __nv_longlong_as_double(i64 x) { return aw::as_f64(x); }
AW_API i32 __nv_double2hiint(double x) { return (i32)(aw::ubits(x) >> 32); }
AW_API i32 __nv_double2loint(double x) { return (i32)aw::ubits(x); }
AW_API double __nv_hiloint2double(i32 hi, i32 lo) { return aw::as_f64((u64)(u32)hi << 32 | (u32)lo); }
/// Correctly rounded: checked for all 2^24 mantissas in exact arithmetic.
AW_API float __nv_frsqrt_rn(float x) { return (float)(1.0 / aw::sqrt((double)x)); }
AW_API double __nv_rcp64h(double x) {
  double r = 1.0 / aw::as_f64(aw::ubits(x) & 0xffffffff00000000ull);
  return aw::as_f64(aw::ubits(r) & 0xffffffff00000000ull);
}
