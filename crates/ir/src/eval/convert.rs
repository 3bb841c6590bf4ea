//! Conversions (PTX ISA 9.7.9 cvt). `.ftz` touches single-precision operands and results only.

use super::float::{flush, ftz_of, integral};
use super::format::{
    ap_round, canonical_nan, from_f64, infinity, is_nan, power_of_two, sign_bit, to_f64, to_u64,
};
use crate::ops::Fp8;
use crate::{FpMode, Rounding, Type};
use rustc_apfloat::Float;
use rustc_apfloat::ieee::{BFloat, Double, Half, Single};

/// Flushes where the conversion's `.ftz` applies: to F32.
fn flush_single(mode: FpMode, ty: Type, a: u64) -> u64 {
    if ty == Type::F32 { flush(ftz_of(mode), ty, a) } else { a }
}

/// Rounds to an integer and clamps it to `range`.
pub(super) fn float_to_int(from: Type, ty: Type, mode: FpMode, range: (i128, i128), a: u64) -> u64 {
    let value = to_f64(from, flush_single(mode, from, a));
    if value.is_nan() {
        // PTX ISA 9.7.9 cvt: zero unless the source is .f64 or the destination 64 bits wide; then the top bit alone.
        let zero = from != Type::F64 && ty != Type::I64;
        return if zero { 0 } else { 1 << (ty.bits() - 1) };
    }
    (integral(mode.rounding, value) as i128).clamp(range.0, range.1) as u64
}

pub(super) fn int_to_float(value: i128, ty: Type, rounding: Rounding) -> u64 {
    let round = ap_round(rounding);
    match ty {
        Type::F32 if rounding == Rounding::Nearest => (value as f32).to_bits() as u64,
        Type::F64 if rounding == Rounding::Nearest => (value as f64).to_bits(),
        Type::F16 => to_u64(Half::from_i128_r(value, round).value),
        Type::BF16 => to_u64(BFloat::from_i128_r(value, round).value),
        Type::F32 => to_u64(Single::from_i128_r(value, round).value),
        Type::F64 => to_u64(Double::from_i128_r(value, round).value),
        Type::I1 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => 0,
    }
}

pub(super) fn float_to_float(from: Type, ty: Type, mode: FpMode, a: u64) -> u64 {
    if (from, ty) == (Type::F64, Type::F32) && is_nan(from, a) {
        // A GPU hands on the sign and the top of the payload.
        return (a >> 32 & 0x8000_0000) | 0x7fc0_0000 | (a >> 29 & 0x3f_ffff);
    }
    let value = to_f64(from, flush_single(mode, from, a));
    flush_single(mode, ty, from_f64(ty, value, mode.rounding))
}

/// The 13 low mantissa bits of F32 are rounded off; a carry into the exponent is as it should be.
pub(super) fn tf32(rounding: Rounding, a: u64) -> u64 {
    const LOW: u64 = (1 << 13) - 1;
    if is_nan(Type::F32, a) {
        return canonical_nan(Type::F32);
    }
    let negative = a & sign_bit(Type::F32) != 0;
    let magnitude = a & !sign_bit(Type::F32);
    let up = match rounding {
        Rounding::Nearest => (LOW >> 1) + ((magnitude >> 13) & 1),
        Rounding::NearestAway => (LOW >> 1) + 1,
        Rounding::Zero => 0,
        Rounding::Down => {
            if negative {
                LOW
            } else {
                0
            }
        }
        Rounding::Up => {
            if negative {
                0
            } else {
                LOW
            }
        }
    };
    // Infinity has zeros there and stays.
    ((magnitude + up) & !LOW) | (a & sign_bit(Type::F32))
}

struct Fp8Format {
    mantissa_bits: i32,
    bias: i32,
    /// Code of the largest finite value.
    max: u64,
    max_value: f64,
}

const fn fp8(format: Fp8) -> Fp8Format {
    match format {
        Fp8::E4m3 => Fp8Format { mantissa_bits: 3, bias: 7, max: 0x7e, max_value: 448.0 },
        Fp8::E5m2 => Fp8Format { mantissa_bits: 2, bias: 15, max: 0x7b, max_value: 57344.0 },
    }
}

/// Nearest even; beyond the largest finite value, and infinity, give that (`.satfinite`); NaN gives `0x7f`.
pub(super) fn to_fp8(format: Fp8, from: Type, a: u64) -> u64 {
    let Fp8Format { mantissa_bits, bias, max, max_value } = fp8(format);
    let value = to_f64(from, a);
    if value.is_nan() {
        return 0x7f;
    }
    let sign = if value.is_sign_negative() { 0x80 } else { 0 };
    let magnitude = value.abs();
    if magnitude >= max_value {
        return sign | max;
    }
    // Exponent of the binade, no lower than the subnormals'. A double's exponent field is good enough: its own
    // subnormals are far below.
    let exponent = (((magnitude.to_bits() >> 52) as i32) - 1023).max(1 - bias);
    let steps = (magnitude / power_of_two(exponent - mantissa_bits)).round_ties_even() as u64;
    // steps has the implicit bit where the number is normal: adding it to the exponent field carries as it should.
    let code = steps + (((exponent + bias - 1) as u64) << mantissa_bits);
    sign | code.min(max)
}

pub(super) fn from_fp8(format: Fp8, ty: Type, a: u64) -> u64 {
    let Fp8Format { mantissa_bits, bias, max, .. } = fp8(format);
    let code = a & 0x7f;
    let sign = if a & 0x80 != 0 { sign_bit(ty) } else { 0 };
    if code > max {
        // E5M2 has infinities one above its largest number; everything else up there is NaN.
        let infinite = format == Fp8::E5m2 && code == max + 1;
        return if infinite { infinity(ty) | sign } else { canonical_nan(ty) };
    }
    let mantissa = code & ((1 << mantissa_bits) - 1);
    let value = match (code >> mantissa_bits) as i32 {
        0 => mantissa as f64 * power_of_two(1 - bias - mantissa_bits),
        field => (mantissa + (1 << mantissa_bits)) as f64 * power_of_two(field - bias - mantissa_bits),
    };
    from_f64(ty, value, Rounding::Nearest) | sign
}
