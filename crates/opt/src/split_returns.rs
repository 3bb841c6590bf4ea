//! Gives every predecessor its own copy of a block that only returns.
//!
//! Lanes that take such an edge are gone at once, and the others need not be merged with them: the guard
//! `if (i >= n) return;` then costs a mask, not a divergent region around the rest of the kernel.

use crate::Changed;
use ir::{BlockCall, Function, Terminator};

/// Kernels only: a device function has one place where its lanes meet again.
pub fn run(func: &mut Function) -> Changed {
    if func.kernel.is_none() {
        return Changed::No;
    }
    let cfg = analysis::cfg::compute(func);
    let mut changed = false;
    for &block in &cfg.rpo {
        let data = func.block(block);
        let only_returns =
            data.insts.is_empty() && matches!(data.term, Terminator::Ret(_) | Terminator::Exit);
        if !only_returns || cfg.preds[block.index()].len() < 2 {
            continue;
        }
        let mut first = true;
        for &p in &cfg.preds[block.index()] {
            let mut term = func.block(p).term.clone();
            for call in term.successors_mut().filter(|c| c.block == block) {
                if std::mem::take(&mut first) {
                    continue;
                }
                let copy = func.add_block();
                func.block_mut(copy).term = Terminator::Ret(Default::default());
                func.block_mut(copy).term_loc = func.block(block).term_loc;
                *call = BlockCall::new(copy);
                changed = true;
            }
            func.block_mut(p).term = term;
        }
    }
    Changed::from_bool(changed)
}
