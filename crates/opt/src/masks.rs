//! Moves constant masks before the shift to the right that they follow: `(x >> s) & c` becomes `(x & c << s) >> s`, and
//! `(x >> s) | c`, whose `c` hides bits as well, `((x & !c << s) >> s) | c`.
//!
//! Compilers write `tid / 16 * 4`, the row of a thread's tile, as `(tid >> 2) & !3`, and the row below it as
//! `(tid >> 2) | 1`. Of these the shift alone varies from lane to lane in no regular way; the mask first makes the value
//! what it is, the same for sixteen lanes.

use crate::Changed;
use ir::{Function, Inst, InstId, Op, Type, Value};

/// Rewrites where the constant hides bits at the low end, which are the ones that lanes differ in.
pub fn run(func: &mut Function) -> Changed {
    let mut changed = Changed::No;
    for block in func.block_ids() {
        let old = std::mem::take(&mut func.block_mut(block).insts);
        let mut insts = Vec::with_capacity(old.len());
        for inst in old {
            if let Some(found) = masked_shift(func, inst) {
                let loc = func.inst(inst).loc;
                let Masked { op, ty, x, amount, keep } = found;
                let mask = func.add_inst(Inst::Const { ty, bits: keep }, &[], &[ty], loc);
                let args = [x, func.inst(mask).results[0]];
                let masked = func.add_inst(Inst::Pure { op: Op::And, ty }, &args, &[ty], loc);
                let args = [func.inst(masked).results[0], amount];
                insts.extend([mask, masked]);
                let shift = Inst::Pure { op: Op::ShrU, ty };
                if op == Op::And {
                    let data = func.inst_mut(inst);
                    data.inst = shift;
                    data.args = args.into_iter().collect();
                } else {
                    let shifted = func.add_inst(shift, &args, &[ty], loc);
                    insts.push(shifted);
                    let first = func.inst(shifted).results[0];
                    func.inst_mut(inst).args[0] = first;
                }
                changed = Changed::Yes;
            }
            insts.push(inst);
        }
        func.block_mut(block).insts = insts;
    }
    changed
}

/// `op(x >> amount, c)`, of which only the bits `keep` of `x` are seen.
struct Masked {
    op: Op,
    ty: Type,
    x: Value,
    amount: Value,
    keep: u64,
}

fn masked_shift(func: &Function, inst: InstId) -> Option<Masked> {
    let data = func.inst(inst);
    let Inst::Pure { op: op @ (Op::And | Op::Or), ty } = data.inst else { return None };
    let c = func.as_const(data.args[1])?;
    let shift = func.def_inst(data.args[0])?;
    if !matches!(shift.inst, Inst::Pure { op: Op::ShrU, .. }) {
        return None;
    }
    let (x, amount) = (shift.args[0], shift.args[1]);
    let by = func.as_const(amount).filter(|&by| by > 0 && by < u64::from(ty.bits()))?;
    let keep = if op == Op::And { c } else { !c };
    if keep & 1 != 0 {
        return None;
    }
    let keep = keep << by & ty.mask();
    // What an earlier run has masked.
    let done = func.def_inst(x).is_some_and(|d| {
        matches!(d.inst, Inst::Pure { op: Op::And, .. })
            && func.as_const(d.args[1]).is_some_and(|m| m & !keep == 0)
    });
    (!done).then_some(Masked { op, ty, x, amount, keep })
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::GangLayout;
    use ir::{Builder, Sreg, eval};

    /// `op(tid.x >> by, bits)`, in a function of its own.
    fn function(op: Op, by: u64, bits: u64) -> (Function, Value) {
        let mut func = Function::new("f", Default::default());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let tid = b.sreg(Sreg::TidX);
        let by = b.iconst(Type::I32, by);
        let bits = b.iconst(Type::I32, bits);
        let shifted = b.op(Op::ShrU, Type::I32, &[tid, by]);
        let value = b.op(op, Type::I32, &[shifted, bits]);
        b.ret(&[]);
        (func, value)
    }

    /// What `value` is for a thread.
    fn value_for(func: &Function, value: Value, tid: u64) -> u64 {
        let data = func.def_inst(value).unwrap();
        match data.inst {
            Inst::Const { bits, .. } => bits,
            Inst::Sreg(_) => tid,
            Inst::Pure { op, ty } => {
                let args: Vec<u64> = data.args.iter().map(|&a| value_for(func, a, tid)).collect();
                eval::eval(op, ty, &args)
            }
            _ => unreachable!("only these are built"),
        }
    }

    #[test]
    fn rows_of_thread_tiles_are_the_same_for_all_lanes() {
        let check = |op, by, bits, expected| {
            let (mut func, value) = function(op, by, bits);
            let before: Vec<u64> = (0..1024).map(|t| value_for(&func, value, t)).collect();
            assert_eq!(run(&mut func), expected, "{op:?} {by} {bits:#x}");
            assert_eq!(run(&mut func), Changed::No);
            assert_eq!(before, (0..1024).map(|t| value_for(&func, value, t)).collect::<Vec<_>>());
            let layout = GangLayout { lanes: 16, chunks: 2, block: [256, 1, 1], local_bytes: 0 };
            let shapes = analysis::uniformity(&func, &analysis::cfg::compute(&func), &layout);
            let uniform = shapes.shape(value).is_chunk_uniform();
            assert_eq!(uniform, expected == Changed::Yes, "{op:?} {by} {bits:#x}");
        };
        check(Op::And, 2, 0xfc, Changed::Yes);
        check(Op::And, 2, 0xffff_fffc, Changed::Yes);
        check(Op::And, 1, 0x1f8, Changed::Yes);
        check(Op::Or, 2, 3, Changed::Yes);
        // Bits that differ from lane to lane are kept.
        check(Op::And, 2, 0xf, Changed::No);
    }
}
