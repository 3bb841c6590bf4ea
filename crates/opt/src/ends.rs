//! What leaves a loop: for passes that let it end in several of its iterations.
//!
//! Invariant: afterwards blocks behind the loop use what it hands to its end, and nothing else that it computes.

use crate::copies;
use analysis::Cfg;
use analysis::natural::NaturalLoop as Loop;
use ir::{Block, Function, Value};

/// Hands what a loop computes and what is used behind it to its end as arguments, whichever iteration it is left from. False:
/// it ends in several places.
pub(crate) fn bring_out(func: &mut Function, l: &Loop) -> bool {
    let cfg = analysis::cfg::compute(func);
    let inside = |b: &Block| l.blocks.contains(b);
    let used = used_behind(func, &cfg, l);
    if used.is_empty() {
        return true;
    }
    let mut ends: Vec<Block> = l.blocks.iter().flat_map(|b| cfg.succs[b.index()].clone()).collect();
    ends.retain(|b| !inside(b));
    ends.sort_unstable();
    ends.dedup();
    let &[end] = ends.as_slice() else { return false };
    for v in used {
        let param = func.add_block_param(end, func.ty(v));
        // What else goes to the end comes from behind it, as it may be the head of the next loop.
        for &b in &cfg.rpo {
            let calls = func.block_mut(b).term.successors_mut();
            calls.filter(|c| c.block == end).for_each(|c| c.args.push(v));
        }
        let map = |used: Value| if used == v { param } else { used };
        for &b in cfg.rpo.iter().filter(|b| !inside(b)) {
            copies::map_operands(func, b, map);
            func.block_mut(b).term.map_uses(map);
        }
    }
    true
}

/// What a loop computes and blocks behind it use.
fn used_behind(func: &Function, cfg: &Cfg, l: &Loop) -> Vec<Value> {
    let mut computed: Vec<Value> = Vec::new();
    for &b in &l.blocks {
        computed.extend(&func.block(b).params);
        computed.extend(func.block(b).insts.iter().flat_map(|&i| func.inst(i).results.iter()));
    }
    let mut used = vec![false; func.values.len()];
    for &b in cfg.rpo.iter().filter(|b| !l.blocks.contains(b)) {
        let operands = func.block(b).insts.iter().flat_map(|&i| func.inst(i).args.iter());
        operands.for_each(|a| used[a.index()] = true);
        func.block(b).term.for_each_use(|a| used[a.index()] = true);
    }
    computed.retain(|v| used[v.index()]);
    computed
}
