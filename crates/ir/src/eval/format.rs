//! The float formats as bits: fields, classes, and exact passage to and from `f64`, which holds every narrower one.

use crate::ops::FloatClass;
use crate::{Rounding, Type};
use rustc_apfloat::ieee::{BFloat, Double, Half, Single};
use rustc_apfloat::{Float, FloatConvert, Round};

/// Explicit mantissa bits; zero for the types that are no floats.
pub(super) const fn mantissa_bits(ty: Type) -> u32 {
    match ty {
        Type::F16 => 10,
        Type::BF16 => 7,
        Type::F32 => 23,
        Type::F64 => 52,
        Type::I1 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => 0,
    }
}

pub(super) const fn sign_bit(ty: Type) -> u64 {
    1 << (ty.bits() - 1)
}

/// Bits of +infinity: the exponent field, all ones.
pub(super) const fn infinity(ty: Type) -> u64 {
    (sign_bit(ty) - 1) & !((1 << mantissa_bits(ty)) - 1)
}

pub(super) const fn magnitude(ty: Type, a: u64) -> u64 {
    a & (sign_bit(ty) - 1)
}

/// The quiet NaN that [`super::eval`] gives: `0x7fffffff` as PTX ISA 9.7.3 names it for .f32, `0x7fff` for the 16-bit
/// formats, and the positive quiet NaN without payload for .f64.
pub const fn canonical_nan(ty: Type) -> u64 {
    match ty {
        Type::F64 => 0x7ff8_0000_0000_0000,
        _ => sign_bit(ty) - 1,
    }
}

/// Whether `a` is a NaN of the float type `ty`.
pub const fn is_nan(ty: Type, a: u64) -> bool {
    ty.is_float() && magnitude(ty, a) > infinity(ty)
}

pub(super) const fn is_subnormal(ty: Type, a: u64) -> bool {
    let magnitude = magnitude(ty, a);
    magnitude != 0 && magnitude < (1 << mantissa_bits(ty))
}

/// The answer of `testp`. Zero counts as normal (PTX ISA 9.7.3 testp).
pub const fn classify(ty: Type, a: u64, class: FloatClass) -> bool {
    let magnitude = magnitude(ty, a);
    match class {
        FloatClass::Finite => magnitude < infinity(ty),
        FloatClass::Infinite => magnitude == infinity(ty),
        FloatClass::Number => magnitude <= infinity(ty),
        FloatClass::NotANumber => magnitude > infinity(ty),
        FloatClass::Normal => magnitude < infinity(ty) && !is_subnormal(ty, a),
        FloatClass::Subnormal => is_subnormal(ty, a),
    }
}

/// The exact value of a float of any format; a NaN stays one.
pub fn to_f64(ty: Type, a: u64) -> f64 {
    match ty {
        Type::F64 => f64::from_bits(a),
        Type::F32 => f32::from_bits(a as u32) as f64,
        Type::BF16 => f32::from_bits((a as u32) << 16) as f64,
        Type::F16 => half_to_f64(a),
        Type::I1 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => a as f64,
    }
}

fn half_to_f64(a: u64) -> f64 {
    let mantissa = (a & 0x3ff) as f64;
    let value = match (a >> 10) & 0x1f {
        0 => mantissa * power_of_two(-24),
        31 if a & 0x3ff != 0 => return f64::NAN,
        31 => f64::INFINITY,
        exponent => (mantissa + 1024.0) * power_of_two(exponent as i32 - 25),
    };
    if a & 0x8000 != 0 { -value } else { value }
}

/// Exact; the exponent is one of a normal double.
pub(super) fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

pub(super) fn ap_round(rounding: Rounding) -> Round {
    match rounding {
        Rounding::Nearest => Round::NearestTiesToEven,
        Rounding::Zero => Round::TowardZero,
        Rounding::Down => Round::TowardNegative,
        Rounding::Up => Round::TowardPositive,
        Rounding::NearestAway => Round::NearestTiesToAway,
    }
}

/// `value` rounded once to the float type `ty`; a NaN becomes the canonical one.
pub fn from_f64(ty: Type, value: f64, rounding: Rounding) -> u64 {
    if value.is_nan() {
        return canonical_nan(ty);
    }
    let round = ap_round(rounding);
    let double = Double::from_bits(value.to_bits() as u128);
    let mut inexact = false;
    match ty {
        Type::F64 => value.to_bits(),
        Type::F32 if rounding == Rounding::Nearest => (value as f32).to_bits() as u64,
        Type::F32 => to_u64::<Single>(double.convert_r(round, &mut inexact).value),
        Type::F16 => to_u64::<Half>(double.convert_r(round, &mut inexact).value),
        Type::BF16 => to_u64::<BFloat>(double.convert_r(round, &mut inexact).value),
        Type::I1 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => 0,
    }
}

pub(super) fn to_u64<F: Float>(value: F) -> u64 {
    value.to_bits() as u64
}

/// The bits of a native result, with any NaN made canonical.
pub(super) fn clean(ty: Type, bits: u64) -> u64 {
    if is_nan(ty, bits) { canonical_nan(ty) } else { bits }
}
