//! Decides comparisons by the ranges of what they compare: in a block of 16, `tid.x < 22` holds.

use crate::Changed;
use analysis::range::{self, Range};
use ir::{Function, Inst, IntCc, Op, Type};

/// Replaces decided comparisons by constants, in a kernel whose blocks have this shape.
pub fn run(func: &mut Function, block_shape: [u32; 3]) -> Changed {
    let ranges = range::compute(func, &analysis::cfg::compute(func), block_shape);
    let mut changed = Changed::No;
    for block in func.block_ids() {
        for at in 0..func.block(block).insts.len() {
            let inst = func.block(block).insts[at];
            let data = func.inst(inst);
            let Inst::Pure { op: Op::ICmp(cc), .. } = data.inst else { continue };
            let (Some(a), Some(b)) = (ranges.of(data.args[0]), ranges.of(data.args[1])) else { continue };
            let Some(holds) = decide(cc, a, b) else { continue };
            let data = func.inst_mut(inst);
            data.inst = Inst::Const { ty: Type::I1, bits: u64::from(holds) };
            data.args.clear();
            changed = Changed::Yes;
        }
    }
    changed
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
    use ir::{Builder, Sreg};

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
}
