//! Waits in code that can be suspended: where they are marked, and whether a gang of several threads may wait as one.
//!
//! Invariant of the marks: every turn of a waiting loop passes one, and entering the loop passes another, so that the
//! scheduler sees who only looks and who got on.

use crate::waits::{WaitLoop, Waits};
use analysis::region::{ChainId, FragmentId};
use analysis::{Cfg, GangLayout, Uniformity, dom};
use ir::eval::eval_clean;
use ir::{Block, BlockCall, Function, Inst, Op, Space, Sreg, SysCall, Terminator, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Puts the marks on the edges into waiting loops and back to their heads.
pub fn mark(func: &mut Function, cfg: &Cfg, loops: &[WaitLoop]) {
    let mut edges: BTreeMap<(u32, u32), SysCall> = BTreeMap::new();
    for l in loops {
        for &head in &heads(cfg, l) {
            for &from in &cfg.preds[head as usize] {
                let inside = l.blocks.contains(&from.0);
                let slot = edges.entry((from.0, head)).or_insert(SysCall::WaitBegins);
                if inside {
                    *slot = SysCall::WaitGoesOn;
                }
            }
        }
    }
    for ((from, to), call) in edges {
        let mut term = func.block(Block(from)).term.clone();
        let loc = func.block(Block(to)).term_loc;
        let mut made: Vec<(Block, BlockCall)> = Vec::new();
        for edge in term.successors_mut().filter(|c| c.block.0 == to) {
            let between = func.add_block();
            made.push((between, edge.clone()));
            *edge = BlockCall::new(between);
        }
        for (between, edge) in made {
            let inst = func.add_inst(Inst::Sys(call), &[], &[], loc);
            let block = func.block_mut(between);
            block.insts.push(inst);
            block.term = Terminator::Jump(edge);
            block.term_loc = loc;
        }
        func.block_mut(Block(from)).term = term;
    }
}

/// Blocks at which a loop is entered.
fn heads(cfg: &Cfg, l: &WaitLoop) -> Vec<u32> {
    let outside = |b: &u32| cfg.preds[*b as usize].iter().any(|p| !l.blocks.contains(&p.0));
    l.blocks.iter().copied().filter(outside).collect()
}

/// Whether the lanes of a gang may wait in lockstep: whatever they wait for, no other lane of the gang is kept from
/// writing it. So all that are in the loop leave it together, or one lane is alone in it; and those that took another way
/// have nothing to write before they meet again.
pub fn fits_gangs(
    func: &Function,
    cfg: &Cfg,
    uni: &Uniformity,
    layout: &GangLayout,
    loops: &[WaitLoop],
) -> bool {
    let dom = dom::compute(cfg);
    loops.iter().all(|l| {
        let [head] = heads(cfg, l)[..] else { return false };
        let head = Block(head);
        let alone = alone_from(func, cfg, &dom, layout, head);
        let together = || {
            l.kind != Waits::Locks
                && l.blocks.iter().all(|&b| {
                    let leaves = cfg.succs[b as usize].iter().any(|s| !l.blocks.contains(&s.0));
                    !leaves || !uni.regions.is_divergent(Block(b))
                })
        };
        if alone.is_none() && !together() {
            return false;
        }
        let Some(chain) = outermost_chain(uni, head) else { return true };
        cfg.rpo.iter().all(|&b| {
            let same_lanes = dom.dominates(b, head)
                || dom.dominates(head, b)
                || alone.is_some_and(|from| dom.dominates(from, b));
            same_lanes || !inside(uni, b, chain) || !writes(func, b)
        })
    })
}

/// The outermost chain in which the lanes of a block are apart from others; `None` if they are not.
fn outermost_chain(uni: &Uniformity, block: Block) -> Option<ChainId> {
    let r = &uni.regions;
    let mut fragment = r.fragment(block);
    let mut outermost = None;
    while fragment != FragmentId::ROOT {
        let chain = r.fragments[fragment.index()].chain;
        outermost = Some(chain);
        match r.chains[chain.index()].end {
            Some(end) => fragment = r.fragment(end),
            None => break,
        }
    }
    outermost
}

fn inside(uni: &Uniformity, block: Block, chain: ChainId) -> bool {
    let r = &uni.regions;
    let mut at = r.fragments[r.fragment(block).index()].chain;
    loop {
        if at == chain {
            return true;
        }
        match r.chains[at.index()].end {
            Some(end) => at = r.fragments[r.fragment(end).index()].chain,
            None => return false,
        }
    }
}

/// Whether others can see what a block does.
fn writes(func: &Function, block: Block) -> bool {
    func.block(block).insts.iter().any(|&i| match func.inst(i).inst {
        Inst::Store { space, .. } | Inst::Atomic { space, .. } => space != Space::Local,
        Inst::Call(_) | Inst::CallIndirect { .. } | Inst::Barrier { .. } => true,
        _ => false,
    })
}

/// The block from which on one lane of a gang at most is on its way to `block`.
fn alone_from(
    func: &Function,
    cfg: &Cfg,
    dom: &analysis::DomTree,
    layout: &GangLayout,
    block: Block,
) -> Option<Block> {
    let mut at = block;
    while let Some(up) = dom.idom(at) {
        if let Terminator::Branch { cond, then, els } = &func.block(up).term
            && then.block != els.block
        {
            for (target, taken) in [(then.block, 1), (els.block, 0)] {
                let only_way = cfg.preds[target.index()].len() == 1 && dom.dominates(target, block);
                if only_way && at_most_one(func, layout, *cond, taken) {
                    return Some(target);
                }
            }
        }
        at = up;
    }
    None
}

/// Whether a condition that depends on nothing but the thread's place is `taken` for one lane of each gang at most.
fn at_most_one(func: &Function, layout: &GangLayout, cond: Value, taken: u64) -> bool {
    let width = layout.width();
    (0..layout.gangs()).all(|gang| {
        let mut count = 0;
        for thread in (gang * width..(gang + 1) * width).take_while(|t| *t < layout.threads()) {
            match value_of(func, layout, cond, thread, &mut FxHashMap::default(), 0) {
                Some(bits) => count += u32::from(bits & 1 == taken),
                None => return false,
            }
        }
        count <= 1
    })
}

/// What a value is in a thread, if constants and the thread's place decide.
fn value_of(
    func: &Function,
    layout: &GangLayout,
    value: Value,
    thread: u32,
    seen: &mut FxHashMap<Value, Option<u64>>,
    depth: u32,
) -> Option<u64> {
    if let Some(&known) = seen.get(&value) {
        return known;
    }
    if depth > 32 {
        return None;
    }
    let [bx, by, _] = layout.block;
    let data = func.def_inst(value)?;
    let bits = match data.inst {
        Inst::Const { bits, .. } => Some(bits),
        Inst::Sreg(Sreg::TidX) => Some(u64::from(thread % bx)),
        Inst::Sreg(Sreg::TidY) => Some(u64::from(thread / bx % by)),
        Inst::Sreg(Sreg::TidZ) => Some(u64::from(thread / bx / by)),
        Inst::Sreg(Sreg::LaneId) => Some(u64::from(thread % 32)),
        Inst::Sreg(Sreg::WarpId) => Some(u64::from(thread / 32)),
        Inst::Pure { op, ty } => {
            let mut args = [Some(0); 4];
            for (slot, &arg) in args.iter_mut().zip(&data.args) {
                *slot = value_of(func, layout, arg, thread, seen, depth + 1);
            }
            match args {
                [Some(a), Some(b), Some(c), Some(d)] => Some(eval_clean(op, ty, [a, b, c, d])),
                // No, whatever else; yes, whatever else.
                [Some(0), None, ..] | [None, Some(0), ..] if op == Op::And => Some(0),
                [Some(1), None, ..] | [None, Some(1), ..] if op == Op::Or && ty == ir::Type::I1 => Some(1),
                _ => None,
            }
        }
        _ => None,
    };
    seen.insert(value, bits);
    bits
}
