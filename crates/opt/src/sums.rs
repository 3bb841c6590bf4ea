//! Loops that carry more sums than there are registers: several iterations become one. Otherwise each multiply-add would
//! read its sum from memory and write it back.
//!
//! Invariant: only loops of one block whose number of iterations is known are touched, so that the copies follow each other
//! without a test.

use crate::{Changed, clean_up, copies, unroll};
use analysis::range;
use ir::{Block, Function, Inst, Op, Value};
use rustc_hash::FxHashMap;

/// Fewest sums of a loop that is written out.
const SUMS: usize = 24;
/// Most instructions that a loop may become if it is to go away.
const WHOLE: usize = 1200;
/// Most instructions of all iterations that are looked at.
const LONGEST: usize = 20_000;
/// Iterations that become one where all would be too many: any of these that divides their number.
const SOME: [usize; 3] = [4, 3, 2];

pub fn run(func: &mut Function, block: [u32; 3]) -> Changed {
    let mut changed = Changed::No;
    while write_out_one(func, block) == Changed::Yes {
        clean_up(func);
        changed = Changed::Yes;
    }
    changed
}

fn write_out_one(func: &mut Function, block: [u32; 3]) -> Changed {
    let ranges = range::compute(func, &analysis::cfg::compute(func), block);
    for l in unroll::loops(func) {
        if l.blocks.len() != 1 || sums(func, l.head) < SUMS {
            continue;
        }
        let Some(iterations) = unroll::follow(func, &l, &ranges, LONGEST) else { continue };
        if iterations.len() * unroll::work(func, l.head) <= WHOLE {
            unroll::write_out(func, &l, &iterations);
            return Changed::Yes;
        }
        if let Some(&times) = SOME.iter().find(|&&t| iterations.len().is_multiple_of(t)) {
            repeat(func, l.head, times);
            return Changed::Yes;
        }
    }
    Changed::No
}

/// Values that an iteration adds one product to for the next one.
fn sums(func: &Function, block: Block) -> usize {
    let back = func.block(block).term.successors().filter(|c| c.block == block);
    let adds = |(param, arg): (&Value, &Value)| {
        func.def_inst(*arg).is_some_and(|data| {
            matches!(data.inst, Inst::Pure { op: Op::FFma(_), .. }) && data.args[2] == *param
        })
    };
    back.map(|c| func.block(block).params.iter().zip(&c.args).filter(|&(p, a)| adds((p, a))).count())
        .max()
        .unwrap_or(0)
}

/// Makes `times` iterations of a loop of one block into one. Their number is a multiple of that.
fn repeat(func: &mut Function, block: Block, times: usize) {
    let once = func.block(block).clone();
    let Some(back) = once.term.successors().find(|c| c.block == block) else { return };
    // What stands for each value of the loop in the last copy.
    let mut last: FxHashMap<Value, Value> = FxHashMap::default();
    for _ in 1..times {
        let arrives = back.args.iter().map(|a| *last.get(a).unwrap_or(a));
        last = once.params.iter().copied().zip(arrives).collect();
        copies::repeat(func, &once.insts, block, &mut last);
    }
    let map = |v: Value| *last.get(&v).unwrap_or(&v);
    for other in func.block_ids().filter(|&b| b != block) {
        copies::map_operands(func, other, map);
        func.block_mut(other).term.map_uses(map);
    }
    func.block_mut(block).term.map_uses(map);
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::{BlockCall, Builder, FpMode, IntCc, Type};

    /// `for (i = 0; i < n; i++) for (k..) sums[k] += left * right`, of which `sums` are returned.
    fn kernel(n: u64, count: usize) -> Function {
        let sig = ir::function::Signature { params: vec![Type::F32; 2], results: vec![Type::F32; count] };
        let mut func = Function::new("f", sig);
        let [left, right] = func.block(Function::ENTRY).params[..] else { panic!("two arguments") };
        let [body, done] = [func.add_block(), func.add_block()];
        let i = func.add_block_param(body, Type::I32);
        let sums: Vec<Value> = (0..count).map(|_| func.add_block_param(body, Type::F32)).collect();
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let start = b.iconst(Type::I32, 0);
        let mut args = vec![start];
        args.extend(vec![left; count]);
        b.jump(body, &args);
        let mut b = Builder::new(&mut func, body);
        let fma = Op::FFma(FpMode { rounding: ir::Rounding::Nearest, ftz: false });
        let next: Vec<Value> = sums.iter().map(|&s| b.op(fma, Type::F32, &[left, right, s])).collect();
        let one = b.iconst(Type::I32, 1);
        let i_next = b.iadd(i, one);
        let end = b.iconst(Type::I32, n);
        let more = b.icmp(IntCc::LtU, i_next, end);
        let mut args = vec![i_next];
        args.extend(&next);
        b.branch(more, BlockCall::with(body, &args), BlockCall::new(done));
        Builder::new(&mut func, done).ret(&next);
        func
    }

    #[test]
    fn loops_with_many_sums_are_written_out() {
        let check = |n, count, times: Option<usize>| {
            let mut func = kernel(n, count);
            assert_eq!(run(&mut func, [64, 1, 1]), Changed::from_bool(times != Some(1)), "{n} {count}");
            ir::verify(&func, None).unwrap();
            let insts = func.blocks.iter().flat_map(|b| &b.insts);
            let adds = insts.filter(|i| matches!(func.inst(**i).inst, Inst::Pure { op: Op::FFma(_), .. }));
            assert_eq!(adds.count(), count * times.unwrap_or(n as usize));
            assert_eq!(unroll::loops(&func).is_empty(), times.is_none());
        };
        check(8, 16, Some(1));
        check(8, 64, None);
        check(16, 128, Some(4));
        check(18, 128, Some(3));
        check(17, 128, Some(1));
    }
}
