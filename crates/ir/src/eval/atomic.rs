//! What an atomic operation leaves in memory, and which lane a shuffle reads: pure parts of impure instructions.

use super::eval;
use crate::inst::{AtomOp, ReduxOp, ShflMode};
use crate::ops::{Ftz, MinMaxNan};
use crate::{FpMode, Op, Type};

/// The value that memory has after the operation (PTX ISA 9.7.13 atom). `a` is the operand, or for `Cas` the compare
/// value with `b` the new one; `b` is ignored otherwise.
pub fn atomic(op: AtomOp, ty: Type, old: u64, a: u64, b: u64) -> u64 {
    let pure = |op: Op| eval(op, ty, &[old, a]);
    let min = Op::FMin(MinMaxNan::Number, Ftz::No);
    let max = Op::FMax(MinMaxNan::Number, Ftz::No);
    match op {
        AtomOp::Add => pure(Op::IAdd),
        AtomOp::And => old & a,
        AtomOp::Or => old | a,
        AtomOp::Xor => old ^ a,
        AtomOp::Exch => a,
        AtomOp::MinS => pure(Op::MinS),
        AtomOp::MinU => old.min(a),
        AtomOp::MaxS => pure(Op::MaxS),
        AtomOp::MaxU => old.max(a),
        AtomOp::Inc => {
            if old >= a {
                0
            } else {
                old + 1
            }
        }
        AtomOp::Dec => {
            if old == 0 || old > a {
                a
            } else {
                old - 1
            }
        }
        AtomOp::Cas => {
            if old == a {
                b
            } else {
                old
            }
        }
        AtomOp::FAdd => pure(Op::FAdd(FpMode::RN)),
        AtomOp::FMin => pure(min),
        AtomOp::FMax => pure(max),
        AtomOp::FAddF16x2 => halves(Op::FAdd(FpMode::RN), Type::F16, old, a),
        AtomOp::FAddBf16x2 => halves(Op::FAdd(FpMode::RN), Type::BF16, old, a),
        AtomOp::FMinF16x2 => halves(min, Type::F16, old, a),
        AtomOp::FMinBf16x2 => halves(min, Type::BF16, old, a),
        AtomOp::FMaxF16x2 => halves(max, Type::F16, old, a),
        AtomOp::FMaxBf16x2 => halves(max, Type::BF16, old, a),
    }
}

fn halves(op: Op, ty: Type, a: u64, b: u64) -> u64 {
    eval(op, ty, &[a, b]) | (eval(op, ty, &[a >> 16, b >> 16]) << 16)
}

/// One step of a reduction over a warp's lanes.
pub fn redux(op: ReduxOp, a: u64, b: u64) -> u64 {
    let pure = |op: Op| eval(op, Type::I32, &[a, b]);
    match op {
        ReduxOp::Add => pure(Op::IAdd),
        ReduxOp::MinS => pure(Op::MinS),
        ReduxOp::MinU => pure(Op::MinU),
        ReduxOp::MaxS => pure(Op::MaxS),
        ReduxOp::MaxU => pure(Op::MaxU),
        ReduxOp::And => a & b,
        ReduxOp::Or => a | b,
        ReduxOp::Xor => a ^ b,
    }
}

/// The lane that `lane` reads, and whether it was in range; out of range a lane reads itself (PTX ISA 9.7.9 shfl.sync).
pub fn shfl_source(mode: ShflMode, lane: u32, b: u32, c: u32) -> (u32, bool) {
    let (b, clamp, segment) = (b & 31, c & 31, (c >> 8) & 31);
    let first = lane & segment;
    let last = first | (clamp & !segment);
    let (source, in_range) = match mode {
        ShflMode::Up => (lane.wrapping_sub(b), lane as i32 - b as i32 >= last as i32),
        ShflMode::Down => (lane + b, lane + b <= last),
        ShflMode::Bfly => (lane ^ b, lane ^ b <= last),
        ShflMode::Idx => {
            let source = first | (b & !segment);
            (source, source <= last)
        }
    };
    if in_range { (source & 31, true) } else { (lane, false) }
}
