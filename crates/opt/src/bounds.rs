//! Decides comparisons by the ranges of what they compare: in a block of 16, `tid.x < 22` holds. What can only be one
//! number is a constant, and numbers that are never negative have no sign: `t / 16` is a shift.

use crate::Changed;
use analysis::range::{self, Range};
use ir::{Function, Inst, IntCc, Op, Type};

/// Replaces what is decided by constants, and signed operations by unsigned ones, in a kernel whose blocks have this shape.
pub fn run(func: &mut Function, block_shape: [u32; 3]) -> Changed {
    let ranges = range::compute(func, &analysis::cfg::compute(func), block_shape);
    let mut changed = Changed::No;
    for block in func.block_ids() {
        for at in 0..func.block(block).insts.len() {
            let inst = func.block(block).insts[at];
            let data = func.inst(inst);
            let Inst::Pure { op, ty } = data.inst else { continue };
            let found = match op {
                Op::ICmp(cc) => {
                    let pair = ranges.of(data.args[0]).zip(ranges.of(data.args[1]));
                    let holds = pair.and_then(|(a, b)| decide(cc, a, b));
                    holds.map(|holds| Inst::Const { ty: Type::I1, bits: u64::from(holds) })
                }
                _ => match ranges.of(data.results[0]) {
                    Some(r) if r.low == r.high => Some(Inst::Const { ty, bits: r.low as u64 & mask(ty) }),
                    Some(_) | None => {
                        let least = |k: usize| ranges.of(data.args[k]).map_or(i64::MIN, |r| r.low);
                        let found = unsigned(op).filter(|_| least(0) >= 0 && least(1) > 0);
                        found.map(|op| Inst::Pure { op, ty })
                    }
                },
            };
            let Some(found) = found else { continue };
            let data = func.inst_mut(inst);
            if matches!(found, Inst::Const { .. }) {
                data.args.clear();
            }
            data.inst = found;
            changed = Changed::Yes;
        }
    }
    changed
}

/// What does the same to numbers that are not negative.
fn unsigned(op: Op) -> Option<Op> {
    match op {
        Op::ShrS => Some(Op::ShrU),
        Op::DivS => Some(Op::DivU),
        Op::RemS => Some(Op::RemU),
        _ => None,
    }
}

/// The bits of a type's numbers.
fn mask(ty: Type) -> u64 {
    u64::MAX >> (64 - ty.bits())
}

fn decide(cc: IntCc, a: Range, b: Range) -> Option<bool> {
    let less = |a: Range, b: Range| match () {
        () if a.high < b.low => Some(true),
        () if a.low >= b.high => Some(false),
        () => None,
    };
    let equal = match () {
        () if a.high < b.low || b.high < a.low => Some(false),
        () if a.low == a.high && b.low == b.high => Some(true),
        () => None,
    };
    match cc {
        IntCc::Eq => equal,
        IntCc::Ne => equal.map(|e| !e),
        // Ranges are signed; numbers that are not negative compare alike.
        IntCc::LtU | IntCc::GtU | IntCc::LeU | IntCc::GeU if a.low < 0 || b.low < 0 => None,
        IntCc::LtU | IntCc::LtS => less(a, b),
        IntCc::GtU | IntCc::GtS => less(b, a),
        IntCc::LeU | IntCc::LeS => less(b, a).map(|l| !l),
        IntCc::GeU | IntCc::GeS => less(a, b).map(|l| !l),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::{Builder, GridSize, Sreg};

    #[test]
    fn comparisons_that_the_block_decides() {
        let check = |scale: u64, add: u64, cc, bound: u64, expected: Option<bool>| {
            let mut func = Function::new("f", Default::default());
            let mut b = Builder::new(&mut func, Function::ENTRY);
            let tid = b.sreg(Sreg::TidX);
            let scale = b.iconst(Type::I32, scale);
            let scaled = b.op(Op::IMul, Type::I32, &[tid, scale]);
            let add = b.iconst(Type::I32, add);
            let sum = b.iadd(scaled, add);
            let bound = b.iconst(Type::I32, bound);
            let value = b.icmp(cc, sum, bound);
            b.ret(&[]);
            let changed = run(&mut func, [16, 1, 1]);
            assert_eq!(func.as_const(value), expected.map(u64::from), "{scale} {add} {cc:?} {bound}");
            assert_eq!(changed, Changed::from_bool(expected.is_some()));
        };
        check(1, 0, IntCc::LtU, 22, Some(true));
        check(1, 0, IntCc::LtS, 16, Some(true));
        check(1, 0, IntCc::LtS, 15, None);
        check(1, 16, IntCc::LtU, 22, None);
        check(1, 0, IntCc::GtU, 21, Some(false));
        check(2, 1, IntCc::LeU, 31, Some(true));
        check(2, 1, IntCc::GeS, 32, Some(false));
        check(1, 1, IntCc::Eq, 0, Some(false));
        check(1, 1, IntCc::Ne, 0, Some(true));
        // Negative numbers are large unsigned ones.
        check(1, 0xffff_fffd, IntCc::LtU, 22, None);
        check(1, 0xffff_fffd, IntCc::LtS, 22, Some(true));
        check(1, 0, IntCc::LtU, 0xffff_ffff, None);
    }

    #[test]
    fn a_threads_number_has_no_sign() {
        // `t / 16` as compilers write it, for `int t = blockIdx.x * blockDim.x + threadIdx.x`.
        let check = |grid: GridSize, expected: Op| {
            let mut func = Function::new("f", Default::default());
            func.kernel.get_or_insert_with(Default::default).grid = grid;
            let mut b = Builder::new(&mut func, Function::ENTRY);
            let [block, thirty_one, twenty_eight, four] = [128, 31, 28, 4].map(|n| b.iconst(Type::I32, n));
            let cta = b.sreg(Sreg::CtaidX);
            let first = b.op(Op::IMul, Type::I32, &[cta, block]);
            let tid = b.sreg(Sreg::TidX);
            let number = b.iadd(first, tid);
            let sign = b.op(Op::ShrS, Type::I32, &[number, thirty_one]);
            let bias = b.op(Op::ShrU, Type::I32, &[sign, twenty_eight]);
            let sum = b.iadd(number, bias);
            let row = b.op(Op::ShrS, Type::I32, &[sum, four]);
            b.ret(&[]);
            run(&mut func, [128, 1, 1]);
            assert_eq!(func.as_const(bias), (expected == Op::ShrU).then_some(0));
            let data = func.def_inst(row).expect("a shift");
            assert_eq!(data.inst, Inst::Pure { op: expected, ty: Type::I32 }, "{grid:?}");
        };
        check(GridSize::Usual, Op::ShrU);
        check(GridSize::Any, Op::ShrS);
    }
}
