//! Finds a warp's barriers that its lanes reach in different branches: `__syncwarp()` on both sides of an `if`
//! (PTX ISA 9.7.13, `bar.warp.sync`: lanes wait for any with the same mask). Lanes of a vector walk one side after the other.
//!
//! Invariant: two barriers that lanes pass one behind the other are no such pair.

use analysis::region::FragmentId;
use analysis::{Cfg, Uniformity};
use ir::{Block, Function, Inst, Value};

/// Whether the lanes of a gang may wait for each other at different `bar.warp.sync`.
pub fn meet_apart(func: &Function, cfg: &Cfg, uni: &Uniformity) -> bool {
    let mut places: Vec<(Block, Value)> = Vec::new();
    for &block in &cfg.rpo {
        if uni.regions.fragment(block) == FragmentId::ROOT {
            continue;
        }
        for &i in &func.block(block).insts {
            let data = func.inst(i);
            if matches!(data.inst, Inst::WarpSync) {
                places.push((block, data.args[0]));
            }
        }
    }
    let same =
        |a: Value, b: Value| a == b || func.as_const(a).is_some() && func.as_const(a) == func.as_const(b);
    places.iter().enumerate().any(|(at, &(one, mask))| {
        places[at + 1..].iter().any(|&(other, others)| {
            uni.regions.fragment(one) != uni.regions.fragment(other)
                && same(mask, others)
                && !leads_to(cfg, one, other)
        })
    })
}

/// Whether `to`, which stands behind `from` in reverse post-order, is reached from there without going back.
fn leads_to(cfg: &Cfg, from: Block, to: Block) -> bool {
    let number = |b: Block| cfg.number[b.index()];
    let mut reached = vec![false; cfg.number.len()];
    let mut work = vec![from];
    while let Some(b) = work.pop() {
        if b == to {
            return true;
        }
        for &next in &cfg.succs[b.index()] {
            if number(next) > number(b) && number(next) <= number(to) && !reached[next.index()] {
                reached[next.index()] = true;
                work.push(next);
            }
        }
    }
    false
}
