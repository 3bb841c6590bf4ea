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
    let row = op.row();
    let arg = |i: usize| args[i] & row.operands[i].resolve(ty).mask();
    let result = match op {
        Op::IAdd => arg(0).wrapping_add(arg(1)),
        Op::ISub => arg(0).wrapping_sub(arg(1)),
        Op::IMul => arg(0).wrapping_mul(arg(1)),
        Op::MulHiS => int::mul_hi_s(ty, arg(0), arg(1)),
        Op::MulHiU => int::mul_hi_u(ty, arg(0), arg(1)),
        Op::DivS => int::div_s(ty, arg(0), arg(1)),
        Op::DivU => arg(0).checked_div(arg(1)).unwrap_or(u64::MAX),
        Op::RemS => int::rem_s(ty, arg(0), arg(1)),
        Op::RemU => arg(0).checked_rem(arg(1)).unwrap_or(arg(0)),
        Op::MinS => int::min_s(ty, arg(0), arg(1)),
        Op::MinU => arg(0).min(arg(1)),
        Op::MaxS => int::max_s(ty, arg(0), arg(1)),
        Op::MaxU => arg(0).max(arg(1)),
        Op::INeg => arg(0).wrapping_neg(),
        Op::IAbs => int::signed(ty, arg(0)).wrapping_abs() as u64,
        Op::AddSatS => int::saturate_s(ty, int::wide(ty, arg(0)) + int::wide(ty, arg(1))),
        Op::SubSatS => int::saturate_s(ty, int::wide(ty, arg(0)) - int::wide(ty, arg(1))),
        Op::CarryAdd => int::carry_add(ty, arg(0), arg(1), arg(2)),
        Op::BorrowSub => int::borrow_sub(arg(0), arg(1), arg(2)),
        Op::SadS => int::sad_s(ty, arg(0), arg(1), arg(2)),
        Op::SadU => arg(0).abs_diff(arg(1)).wrapping_add(arg(2)),
        Op::And => arg(0) & arg(1),
        Op::Or => arg(0) | arg(1),
        Op::Xor => arg(0) ^ arg(1),
        Op::Not => !arg(0),
        Op::Shl => int::shl(ty, arg(0), arg(1)),
        Op::ShrS => int::shr_s(ty, arg(0), arg(1)),
        Op::ShrU => int::shr_u(ty, arg(0), arg(1)),
        Op::Popc => arg(0).count_ones() as u64,
        Op::Clz => (arg(0).leading_zeros() - (64 - ty.bits())) as u64,
        Op::BfindS => int::bfind_s(ty, arg(0)),
        Op::BfindU => int::bfind_u(arg(0)),
        Op::Brev => arg(0).reverse_bits() >> (64 - ty.bits()),
        Op::BfeS => int::bfe_s(ty, arg(0), arg(1), arg(2)),
        Op::BfeU => int::bfe_u(ty, arg(0), arg(1), arg(2)),
        Op::Bfi => int::bfi(ty, arg(0), arg(1), arg(2), arg(3)),
        Op::ShfLClamp => int::shf_l(arg(0), arg(1), arg(2).min(32)),
        Op::ShfLWrap => int::shf_l(arg(0), arg(1), arg(2) & 31),
        Op::ShfRClamp => int::shf_r(arg(0), arg(1), arg(2).min(32)),
        Op::ShfRWrap => int::shf_r(arg(0), arg(1), arg(2) & 31),
        Op::Prmt(mode) => int::prmt(mode, arg(0), arg(1), arg(2)),
        Op::Fns => int::fns(arg(0), arg(1), arg(2)),
        Op::BmskClamp => int::bmsk_clamp(arg(0), arg(1)),
        Op::BmskWrap => int::bmsk_wrap(arg(0), arg(1)),
        Op::Dp4a(sa, sb) => int::dp4a(sa, sb, arg(0), arg(1), arg(2)),
        Op::Dp2a(sa, sb, half) => int::dp2a(sa, sb, half, arg(0), arg(1), arg(2)),
        Op::ICmp(cc) => int::icmp(cc, ty, arg(0), arg(1)) as u64,
        Op::FCmp(cc, ftz) => float::fcmp(cc, ftz, ty, arg(0), arg(1)) as u64,
        Op::FClass(class) => format::classify(ty, arg(0), class) as u64,
        Op::Select => {
            if arg(0) != 0 {
                arg(1)
            } else {
                arg(2)
            }
        }
        Op::FAdd(mode) => float::arith(float::Arith::Add, ty, mode, arg(0), arg(1)),
        Op::FSub(mode) => float::arith(float::Arith::Sub, ty, mode, arg(0), arg(1)),
        Op::FMul(mode) => float::arith(float::Arith::Mul, ty, mode, arg(0), arg(1)),
        Op::FDiv(mode) => float::arith(float::Arith::Div, ty, mode, arg(0), arg(1)),
        Op::FFma(mode) => float::fma(ty, mode, arg(0), arg(1), arg(2)),
        Op::FSqrt(mode) => float::sqrt(ty, mode, arg(0)),
        Op::FMin(nan, ftz) => float::min(nan, ftz, ty, arg(0), arg(1)),
        Op::FMax(nan, ftz) => float::max(nan, ftz, ty, arg(0), arg(1)),
        Op::FNeg(ftz) => float::flush(ftz, ty, arg(0)) ^ format::sign_bit(ty),
        Op::FAbs(ftz) => float::flush(ftz, ty, arg(0)) & !format::sign_bit(ty),
        Op::FCopysign => (arg(1) & !format::sign_bit(ty)) | (arg(0) & format::sign_bit(ty)),
        Op::FSat => float::sat(ty, arg(0)),
        Op::FRoundInt(rounding, ftz) => float::round_int(rounding, ftz, ty, arg(0)),
        Op::Trunc(_) | Op::ZExt(_) => arg(0),
        Op::SExt(from) => int::signed(from, arg(0)) as u64,
        Op::FToS(from, mode) => convert::float_to_int(from, ty, mode, int::range_s(ty), arg(0)),
        Op::FToU(from, mode) => convert::float_to_int(from, ty, mode, (0, ty.mask() as i128), arg(0)),
        Op::SToF(from, rounding) => convert::int_to_float(int::wide(from, arg(0)), ty, rounding),
        Op::UToF(_, rounding) => convert::int_to_float(arg(0) as i128, ty, rounding),
        Op::FToF(from, mode) => convert::float_to_float(from, ty, mode, arg(0)),
        Op::FToTf32(rounding) => convert::tf32(rounding, arg(0)),
        Op::FToFp8(format, from) => convert::to_fp8(format, from, arg(0)),
        Op::Fp8ToF(format) => convert::from_fp8(format, ty, arg(0)),
        Op::Bitcast(_) => arg(0),
    };
    result & row.result.resolve(ty).mask()
}
