//! The scalar meaning of each pure op: the definition that every engine is measured by.
//!
//! Bits in, bits out: an operand is the value's bits in the low end of a `u64`. [`eval`] is total: it never panics,
//! whatever the bits, and its result is zero above the width of the result's type.

mod atomic;
mod convert;
mod float;
mod format;
mod int;
#[cfg(test)]
mod tests;

pub use atomic::{atomic, redux, shfl_source};
pub use format::{canonical_nan, classify, from_f64, is_nan, to_f64};

use crate::{Op, Type};

/// The result of `op` at instruction type `ty` on `args`, one for each operand of [`Op::row`]. Bits of an argument
/// above its operand's width are ignored.
pub fn eval(op: Op, ty: Type, args: &[u64]) -> u64 {
    let mut clean = [0; 4];
    for ((slot, operand), &arg) in clean.iter_mut().zip(op.row().operands).zip(args) {
        *slot = arg & operand.resolve(ty).mask();
    }
    eval_clean(op, ty, clean)
}

/// The same for operands that are zero above their widths already.
pub fn eval_clean(op: Op, ty: Type, [a, b, c, d]: [u64; 4]) -> u64 {
    let result = match op {
        Op::IAdd => a.wrapping_add(b),
        Op::ISub => a.wrapping_sub(b),
        Op::IMul => a.wrapping_mul(b),
        Op::MulHiS => int::mul_hi_s(ty, a, b),
        Op::MulHiU => int::mul_hi_u(ty, a, b),
        Op::DivS => int::div_s(ty, a, b),
        Op::DivU => a.checked_div(b).unwrap_or(u64::MAX),
        Op::RemS => int::rem_s(ty, a, b),
        Op::RemU => a.checked_rem(b).unwrap_or(a),
        Op::MinS => int::min_s(ty, a, b),
        Op::MinU => a.min(b),
        Op::MaxS => int::max_s(ty, a, b),
        Op::MaxU => a.max(b),
        Op::INeg => a.wrapping_neg(),
        Op::IAbs => int::signed(ty, a).wrapping_abs() as u64,
        Op::AddSatS => int::saturate_s(ty, int::wide(ty, a) + int::wide(ty, b)),
        Op::SubSatS => int::saturate_s(ty, int::wide(ty, a) - int::wide(ty, b)),
        Op::CarryAdd => int::carry_add(ty, a, b, c),
        Op::BorrowSub => int::borrow_sub(a, b, c),
        Op::SadS => int::sad_s(ty, a, b, c),
        Op::SadU => a.abs_diff(b).wrapping_add(c),
        Op::And => a & b,
        Op::Or => a | b,
        Op::Xor => a ^ b,
        Op::Not => !a,
        Op::Shl => int::shl(ty, a, b),
        Op::ShrS => int::shr_s(ty, a, b),
        Op::ShrU => int::shr_u(ty, a, b),
        Op::Popc => a.count_ones() as u64,
        Op::Clz => (a.leading_zeros() - (64 - ty.bits())) as u64,
        Op::BfindS => int::bfind_s(ty, a),
        Op::BfindU => int::bfind_u(a),
        Op::Brev => a.reverse_bits() >> (64 - ty.bits()),
        Op::BfeS => int::bfe_s(ty, a, b, c),
        Op::BfeU => int::bfe_u(ty, a, b, c),
        Op::Bfi => int::bfi(ty, a, b, c, d),
        Op::ShfLClamp => int::shf_l(a, b, c.min(32)),
        Op::ShfLWrap => int::shf_l(a, b, c & 31),
        Op::ShfRClamp => int::shf_r(a, b, c.min(32)),
        Op::ShfRWrap => int::shf_r(a, b, c & 31),
        Op::Prmt(mode) => int::prmt(mode, a, b, c),
        Op::Fns => int::fns(a, b, c),
        Op::BmskClamp => int::bmsk_clamp(a, b),
        Op::BmskWrap => int::bmsk_wrap(a, b),
        Op::Dp4a(sa, sb) => int::dp4a(sa, sb, a, b, c),
        Op::Dp2a(sa, sb, half) => int::dp2a(sa, sb, half, a, b, c),
        Op::ICmp(cc) => int::icmp(cc, ty, a, b) as u64,
        Op::FCmp(cc, ftz) => float::fcmp(cc, ftz, ty, a, b) as u64,
        Op::FClass(class) => format::classify(ty, a, class) as u64,
        Op::Select => {
            if a != 0 {
                b
            } else {
                c
            }
        }
        Op::FAdd(mode) => float::arith(float::Arith::Add, ty, mode, a, b),
        Op::FSub(mode) => float::arith(float::Arith::Sub, ty, mode, a, b),
        Op::FMul(mode) => float::arith(float::Arith::Mul, ty, mode, a, b),
        Op::FDiv(mode) => float::arith(float::Arith::Div, ty, mode, a, b),
        Op::FFma(mode) => float::fma(ty, mode, a, b, c),
        Op::FSqrt(mode) => float::sqrt(ty, mode, a),
        Op::FRsqrt => float::rsqrt(a),
        Op::FMin(nan, ftz) => float::min(nan, ftz, ty, a, b),
        Op::FMax(nan, ftz) => float::max(nan, ftz, ty, a, b),
        Op::FNeg(ftz) => float::flush(ftz, ty, a) ^ format::sign_bit(ty),
        Op::FAbs(ftz) => float::flush(ftz, ty, a) & !format::sign_bit(ty),
        Op::FCopysign => (b & !format::sign_bit(ty)) | (a & format::sign_bit(ty)),
        Op::FSat => float::sat(ty, a),
        Op::FRoundInt(rounding, ftz) => float::round_int(rounding, ftz, ty, a),
        Op::Trunc(_) | Op::ZExt(_) => a,
        Op::SExt(from) => int::signed(from, a) as u64,
        Op::FToS(from, mode) => convert::float_to_int(from, ty, mode, int::range_s(ty), a),
        Op::FToU(from, mode) => convert::float_to_int(from, ty, mode, (0, ty.mask() as i128), a),
        Op::SToF(from, rounding) => convert::int_to_float(int::wide(from, a), ty, rounding),
        Op::UToF(_, rounding) => convert::int_to_float(a as i128, ty, rounding),
        Op::FToF(from, mode) => convert::float_to_float(from, ty, mode, a),
        Op::FToTf32(rounding) => convert::tf32(rounding, a),
        Op::FToFp8(format, from) => convert::to_fp8(format, from, a),
        Op::Fp8ToF(format) => convert::from_fp8(format, ty, a),
        Op::Bitcast(_) | Op::Settle => a,
    };
    // A result whose type is not `ty` fits any of the op's types.
    result & ty.mask()
}
