//! Gives every predecessor its own copy of a block that only returns.
//!
//! Lanes that take such an edge are gone at once, and the others need not be merged with them: the guard
//! `if (i >= n) return;` then costs a mask, not a divergent region around the rest of the kernel. Behind a kernel's last
//! barrier there is no rest worth it: lanes that end there meet, and none is off before. Nor is there behind a branch that asks
//! for data and a few instructions: `if (sum < least[i]) least[i] = sum;` at the end.

use crate::{Changed, irregular};
use analysis::Cfg;
use ir::{Block, Function, Inst, InstId, Terminator};

/// Kernels only: a device function has one place where its lanes meet again.
pub fn run(func: &mut Function) -> Changed {
    if func.kernel.is_none() {
        return Changed::No;
    }
    let cfg = analysis::cfg::compute(func);
    let waits = reach_barriers(func, &cfg);
    let returns: Vec<Block> = cfg.rpo.iter().copied().filter(|&b| only_returns(func, b)).collect();
    // Where lanes meet that end behind the last barrier.
    let mut shared = None;
    let mut changed = false;
    for block in returns {
        let mut own = true;
        for &p in &cfg.preds[block.index()] {
            let mut term = func.block(p).term.clone();
            for call in term.successors_mut().filter(|c| c.block == block) {
                let late = waits.as_ref().is_some_and(|w| !w[p.index()]);
                // A block is its first user's.
                let to = match shared.filter(|_| late) {
                    Some(to) => to,
                    None if std::mem::take(&mut own) => block,
                    None => copy(func, block),
                };
                if late {
                    shared = Some(to);
                }
                changed |= to != block;
                call.block = to;
            }
            func.block_mut(p).term = term;
        }
    }
    Changed::from_bool(changed | meet_behind_data(func))
}

/// Most instructions behind a branch that asks for data, up to the end.
const FEW: usize = 16;

/// Lets lanes meet that a branch on data parts for a few instructions before the end.
fn meet_behind_data(func: &mut Function) -> bool {
    let cfg = analysis::cfg::compute(func);
    let irregular = irregular::compute(func, &cfg);
    let mut changed = false;
    for &block in &cfg.rpo {
        let Terminator::Branch { cond, then, els } = &func.block(block).term else { continue };
        if !irregular.is(*cond) || then.block == els.block {
            continue;
        }
        // Where each side ends, and the block on its way.
        let way = |side: Block| match &func.block(side).term {
            _ if only_returns(func, side) => Some((side, block)),
            Terminator::Jump(next)
                if cfg.preds[side.index()] == [block]
                    && func.block(side).insts.len() <= FEW
                    && only_returns(func, next.block) =>
            {
                Some((next.block, side))
            }
            _ => None,
        };
        let (Some((end, _)), Some((other, last))) = (way(then.block), way(els.block)) else { continue };
        if end == other || func.block(end).term != func.block(other).term {
            continue;
        }
        let calls = func.block_mut(last).term.successors_mut();
        calls.filter(|c| c.block == other).for_each(|c| c.block = end);
        changed = true;
    }
    changed
}

fn copy(func: &mut Function, block: Block) -> Block {
    let copy = func.add_block();
    func.block_mut(copy).term = Terminator::Ret(Default::default());
    func.block_mut(copy).term_loc = func.block(block).term_loc;
    copy
}

fn only_returns(func: &Function, block: Block) -> bool {
    let data = func.block(block);
    data.params.is_empty()
        && data.insts.is_empty()
        && matches!(data.term, Terminator::Ret(_) | Terminator::Exit)
}

/// From the ends of which blocks a barrier may be reached; `None` without barriers.
fn reach_barriers(func: &Function, cfg: &Cfg) -> Option<Vec<bool>> {
    let mut found = vec![false; func.blocks.len()];
    let barrier = |&i: &InstId| matches!(func.inst(i).inst, Inst::Barrier { .. });
    let waits = |b: &&Block| func.block(**b).insts.iter().any(barrier);
    let first: Vec<Block> = cfg.rpo.iter().filter(waits).copied().collect();
    let mut stack: Vec<Block> = first.iter().flat_map(|b| cfg.preds[b.index()].iter().copied()).collect();
    while let Some(b) = stack.pop() {
        if !std::mem::replace(&mut found[b.index()], true) {
            stack.extend_from_slice(&cfg.preds[b.index()]);
        }
    }
    (!first.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::{BarrierKind, BlockCall, Builder, Type};

    /// `if (a) return; [barrier]; if (a) return; return;`, and how many blocks return.
    fn returns(barrier: bool) -> usize {
        let mut func = Function::new("f", Default::default());
        func.kernel = Some(Default::default());
        let [early, go_on, late, end] = [0; 4].map(|_| func.add_block());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let tid = b.sreg(ir::Sreg::TidX);
        let one = b.iconst(Type::I32, 1);
        let a = b.icmp(ir::IntCc::Eq, tid, one);
        b.branch(a, BlockCall::new(early), BlockCall::new(go_on));
        let mut b = Builder::new(&mut func, go_on);
        if barrier {
            let zero = b.iconst(Type::I32, 0);
            b.push(Inst::Barrier { kind: BarrierKind::Sync, counted: false, aligned: true }, &[zero]);
        }
        b.branch(a, BlockCall::new(late), BlockCall::new(end));
        for block in [early, late, end] {
            Builder::new(&mut func, block).ret(&[]);
        }
        run(&mut func);
        ir::verify(&func, None).unwrap();
        let cfg = analysis::cfg::compute(&func);
        cfg.rpo.iter().filter(|b| matches!(func.block(**b).term, Terminator::Ret(_))).count()
    }

    #[test]
    fn lanes_that_end_behind_the_last_barrier_meet() {
        assert_eq!(returns(false), 3);
        assert_eq!(returns(true), 2);
    }

    /// `if (a) { barrier; }`, where both ways lead to one block that returns.
    #[test]
    fn a_guard_around_a_barrier_has_an_end_of_its_own() {
        let mut func = Function::new("f", Default::default());
        func.kernel = Some(Default::default());
        let [waits, end] = [0; 2].map(|_| func.add_block());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let tid = b.sreg(ir::Sreg::TidX);
        let one = b.iconst(Type::I32, 1);
        let a = b.icmp(ir::IntCc::LtU, tid, one);
        b.branch(a, BlockCall::new(end), BlockCall::new(waits));
        let mut b = Builder::new(&mut func, waits);
        let zero = b.iconst(Type::I32, 0);
        b.push(Inst::Barrier { kind: BarrierKind::Sync, counted: false, aligned: true }, &[zero]);
        b.jump(end, &[]);
        Builder::new(&mut func, end).ret(&[]);
        run(&mut func);
        ir::verify(&func, None).unwrap();
        let ends = |b: Block| func.block(b).term.successors().map(|c| c.block).find(|t| *t != waits);
        assert_ne!(ends(Function::ENTRY), ends(waits));
    }

    /// `if (a) x[0] = 1;`, where `a` is read from memory or is a thread's number.
    #[test]
    fn lanes_meet_behind_a_branch_on_data() {
        for (data, ends) in [(true, 1), (false, 2)] {
            let mut func = Function::new("f", Default::default());
            func.kernel = Some(Default::default());
            let [stores, end] = [0; 2].map(|_| func.add_block());
            let mut b = Builder::new(&mut func, Function::ENTRY);
            let (at, one) = (b.i64(64), b.iconst(Type::I32, 1));
            let number = match data {
                true => b.load(ir::Space::Global, Type::I32, at),
                false => b.sreg(ir::Sreg::TidX),
            };
            let a = b.icmp(ir::IntCc::LtU, number, one);
            b.branch(a, BlockCall::new(end), BlockCall::new(stores));
            let mut b = Builder::new(&mut func, stores);
            b.store(ir::Space::Global, at, one);
            b.jump(end, &[]);
            Builder::new(&mut func, end).ret(&[]);
            run(&mut func);
            ir::verify(&func, None).unwrap();
            let cfg = analysis::cfg::compute(&func);
            let returns = |b: &&Block| matches!(func.block(**b).term, Terminator::Ret(_));
            assert_eq!(cfg.rpo.iter().filter(returns).count(), ends);
        }
    }
}
