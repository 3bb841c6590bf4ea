//! Floating-point arithmetic: each result is the exact one, rounded once.
//!
//! Nearest-even on F32 and F64 is the host's; every other mode and format is `rustc_apfloat`'s. `.ftz` flushes operands
//! before and the rounded result after, on F32 and F16 only (PTX ISA 9.7.3, 9.7.4).

use super::format::{ap_round, canonical_nan, clean, from_f64, infinity, is_nan, is_subnormal, magnitude};
use super::format::{sign_bit, to_f64, to_u64};
use crate::ops::{Ftz, MinMaxNan};
use crate::{FloatCc, FpMode, Rounding, Type};
use rustc_apfloat::ieee::{BFloat, Double, Half, Single};
use rustc_apfloat::{Float, Round};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Arith {
    Add,
    Sub,
    Mul,
    Div,
}

/// Sign-preserving zero for a subnormal, where `ftz` has a meaning for the type.
pub(super) fn flush(ftz: Ftz, ty: Type, a: u64) -> u64 {
    let applies = ftz == Ftz::Yes && matches!(ty, Type::F32 | Type::F16);
    if applies && is_subnormal(ty, a) { a & sign_bit(ty) } else { a }
}

pub(super) fn ftz_of(mode: FpMode) -> Ftz {
    if mode.ftz { Ftz::Yes } else { Ftz::No }
}

pub(super) fn arith(op: Arith, ty: Type, mode: FpMode, a: u64, b: u64) -> u64 {
    let ftz = ftz_of(mode);
    let (a, b) = (flush(ftz, ty, a), flush(ftz, ty, b));
    let nearest = mode.rounding == Rounding::Nearest;
    let round = ap_round(mode.rounding);
    let result = match ty {
        Type::F32 if nearest => {
            let (x, y) = (f32::from_bits(a as u32), f32::from_bits(b as u32));
            let r = match op {
                Arith::Add => x + y,
                Arith::Sub => x - y,
                Arith::Mul => x * y,
                Arith::Div => x / y,
            };
            r.to_bits() as u64
        }
        Type::F64 if nearest => {
            let (x, y) = (f64::from_bits(a), f64::from_bits(b));
            let r = match op {
                Arith::Add => x + y,
                Arith::Sub => x - y,
                Arith::Mul => x * y,
                Arith::Div => x / y,
            };
            r.to_bits()
        }
        Type::F32 => exact::<Single>(op, round, a, b),
        Type::F64 => exact::<Double>(op, round, a, b),
        Type::F16 => exact::<Half>(op, round, a, b),
        Type::BF16 => exact::<BFloat>(op, round, a, b),
        Type::I1 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => 0,
    };
    flush(ftz, ty, clean(ty, result))
}

pub(super) fn exact<F: Float>(op: Arith, round: Round, a: u64, b: u64) -> u64 {
    let (x, y) = (F::from_bits(a as u128), F::from_bits(b as u128));
    let r = match op {
        Arith::Add => x.add_r(y, round),
        Arith::Sub => x.sub_r(y, round),
        Arith::Mul => x.mul_r(y, round),
        Arith::Div => x.div_r(y, round),
    };
    to_u64(r.value)
}

pub(super) fn fma(ty: Type, mode: FpMode, a: u64, b: u64, c: u64) -> u64 {
    let ftz = ftz_of(mode);
    let [a, b, c] = [a, b, c].map(|x| flush(ftz, ty, x));
    let nearest = mode.rounding == Rounding::Nearest;
    let round = ap_round(mode.rounding);
    let result = match ty {
        Type::F32 if nearest => f32::from_bits(a as u32)
            .mul_add(f32::from_bits(b as u32), f32::from_bits(c as u32))
            .to_bits() as u64,
        Type::F64 if nearest => f64::from_bits(a).mul_add(f64::from_bits(b), f64::from_bits(c)).to_bits(),
        Type::F32 => exact_fma::<Single>(round, a, b, c),
        Type::F64 => exact_fma::<Double>(round, a, b, c),
        Type::F16 => exact_fma::<Half>(round, a, b, c),
        Type::BF16 => exact_fma::<BFloat>(round, a, b, c),
        Type::I1 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => 0,
    };
    flush(ftz, ty, clean(ty, result))
}

pub(super) fn exact_fma<F: Float>(round: Round, a: u64, b: u64, c: u64) -> u64 {
    let [a, b, c] = [a, b, c].map(|x| F::from_bits(x as u128));
    to_u64(a.mul_add_r(b, c, round).value)
}

pub(super) fn sqrt(ty: Type, mode: FpMode, a: u64) -> u64 {
    // The root of a number is never subnormal: nothing to flush behind it.
    let a = flush(ftz_of(mode), ty, a);
    match ty {
        Type::F64 if mode.rounding != Rounding::Nearest => exact_sqrt(ap_round(mode.rounding), a),
        // A root of p bits that is not exact differs from every number of p + 1 bits by more than half a unit of
        // 2p + 2 bits: the double does not hide on which side it lies.
        _ => from_f64(ty, to_f64(ty, a).sqrt(), mode.rounding),
    }
}

/// From the bits of a positive normal number, a first guess at one over its root; two corrections, of first and of
/// third order, with constants for the first by Walczyk, Moroz and Cieśliński (2021). Others go the long way.
pub(super) fn rsqrt(a: u64) -> u64 {
    let bits = a as u32;
    if bits.wrapping_sub(0x0080_0000) >= 0x7f00_0000 {
        let root = sqrt(Type::F32, FpMode::RN, a);
        return arith(Arith::Div, Type::F32, FpMode::RN, u64::from(1f32.to_bits()), root);
    }
    let x = f32::from_bits(bits);
    let y = f32::from_bits(0x5f37_6908 - (bits >> 1));
    let y = y * (-(0.5 * x * y)).mul_add(y, 1.500_878_9);
    let rest = (-(x * y)).mul_add(y, 1.0);
    u64::from((y * rest).mul_add(rest.mul_add(0.375, 0.5), y).to_bits())
}

/// Square root of a double by integers: 63 bits of the root and a sticky one, rounded once.
pub(super) fn exact_sqrt(round: Round, a: u64) -> u64 {
    const TY: Type = Type::F64;
    if magnitude(TY, a) == 0 || a == infinity(TY) {
        return a;
    }
    if is_nan(TY, a) || a & sign_bit(TY) != 0 {
        return canonical_nan(TY);
    }
    let fraction = a & ((1 << 52) - 1);
    let (mut mantissa, mut exponent) = match (a >> 52) as i32 {
        0 => (fraction as u128, -1074),
        field => ((fraction | (1 << 52)) as u128, field - 1075),
    };
    // a = mantissa * 2^exponent, brought to an even exponent and a mantissa of 125 or 126 bits.
    let up = mantissa.leading_zeros() as i32 - 2;
    mantissa <<= up;
    exponent -= up;
    if exponent % 2 != 0 {
        mantissa >>= 1;
        exponent += 1;
    }
    let root = mantissa.isqrt();
    let sticky = u128::from(root * root != mantissa);
    to_u64(Double::from_u128_r((root << 1) | sticky, round).value.scalbn(exponent / 2 - 1))
}

/// Whether a precedes b, with -0 before +0. Neither is NaN.
fn precedes(ty: Type, a: u64, b: u64) -> bool {
    let order = |x: u64| if x & sign_bit(ty) != 0 { -(magnitude(ty, x) as i128) - 1 } else { x as i128 };
    order(a) < order(b)
}

enum Side {
    A,
    B,
    Nan,
}

/// What a NaN operand makes of min and max; `None`: both are numbers.
fn nan_side(nan: MinMaxNan, ty: Type, a: u64, b: u64) -> Option<Side> {
    match (is_nan(ty, a), is_nan(ty, b), nan) {
        (false, false, _) => None,
        (true, true, _) | (_, _, MinMaxNan::Propagate) => Some(Side::Nan),
        (true, false, MinMaxNan::Number) => Some(Side::B),
        (false, true, MinMaxNan::Number) => Some(Side::A),
    }
}

fn choose(side: Side, ty: Type, a: u64, b: u64) -> u64 {
    match side {
        Side::A => a,
        Side::B => b,
        Side::Nan => canonical_nan(ty),
    }
}

pub(super) fn min(nan: MinMaxNan, ftz: Ftz, ty: Type, a: u64, b: u64) -> u64 {
    let (a, b) = (flush(ftz, ty, a), flush(ftz, ty, b));
    let numbers = if precedes(ty, b, a) { Side::B } else { Side::A };
    choose(nan_side(nan, ty, a, b).unwrap_or(numbers), ty, a, b)
}

pub(super) fn max(nan: MinMaxNan, ftz: Ftz, ty: Type, a: u64, b: u64) -> u64 {
    let (a, b) = (flush(ftz, ty, a), flush(ftz, ty, b));
    let numbers = if precedes(ty, a, b) { Side::B } else { Side::A };
    choose(nan_side(nan, ty, a, b).unwrap_or(numbers), ty, a, b)
}

/// `.sat`: NaN and everything below zero, -0 with it, give +0.
pub(super) fn sat(ty: Type, a: u64) -> u64 {
    let one = from_f64(ty, 1.0, Rounding::Nearest);
    if is_nan(ty, a) || a & sign_bit(ty) != 0 { 0 } else { a.min(one) }
}

/// Rounds to an integral value, exactly.
pub(super) fn integral(rounding: Rounding, value: f64) -> f64 {
    match rounding {
        Rounding::Nearest => value.round_ties_even(),
        Rounding::Zero => value.trunc(),
        Rounding::Down => value.floor(),
        Rounding::Up => value.ceil(),
        Rounding::NearestAway => value.round(),
    }
}

pub(super) fn round_int(rounding: Rounding, ftz: Ftz, ty: Type, a: u64) -> u64 {
    // An integral value next to a float of the format is in the format: the way back is exact.
    from_f64(ty, integral(rounding, to_f64(ty, flush(ftz, ty, a))), Rounding::Nearest)
}

pub(super) fn fcmp(cc: FloatCc, ftz: Ftz, ty: Type, a: u64, b: u64) -> bool {
    let (x, y) = (to_f64(ty, flush(ftz, ty, a)), to_f64(ty, flush(ftz, ty, b)));
    let unordered = x.is_nan() || y.is_nan();
    match cc {
        FloatCc::Eq => x == y,
        FloatCc::Ne => !unordered && x != y,
        FloatCc::Lt => x < y,
        FloatCc::Le => x <= y,
        FloatCc::Gt => x > y,
        FloatCc::Ge => x >= y,
        FloatCc::EqU => unordered || x == y,
        FloatCc::NeU => unordered || x != y,
        FloatCc::LtU => unordered || x < y,
        FloatCc::LeU => unordered || x <= y,
        FloatCc::GtU => unordered || x > y,
        FloatCc::GeU => unordered || x >= y,
        FloatCc::Num => !unordered,
        FloatCc::Nan => unordered,
    }
}
