//! Branches that part the lanes in a way known when the code is written: which threads of a block that is one gang are
//! below a constant. So are, in part, branches like `threadIdx.x == 0 && x > 0`. The blocks up to where the lanes meet can be
//! written in place, each under its mask (`in_place`), and so can the few instructions behind a branch that asks for data.
//!
//! Invariant: blocks written in place are entered from their branch alone, run no loop and no barrier, and have no other
//! version.

use super::Emitter;
use super::known::Known;
use super::setup::{exits_early, leaves_root};
use analysis::region::{ChainId, FragmentId};
use analysis::{Cfg, Uniformity};
use ir::{Block, Function, Inst, MemOrder, Op, Space, Terminator, Type, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// Most blocks between a branch and where its lanes meet.
const BLOCKS: usize = 12;

/// Most instructions between a branch that asks for data and where its lanes meet.
const FEW: usize = 32;

/// Steps of a predicate that are looked at.
const DEPTH: u32 = 4;

/// Most values that are looked at for whether a predicate hangs on what was read.
const DATA: usize = 64;

/// The blocks between a branch and where its lanes meet, in the order in which they are written.
#[derive(Debug)]
pub(crate) struct InPlace {
    pub blocks: Vec<Block>,
    /// Where the lanes meet; `None`: all of them end.
    pub meet: Option<Block>,
}

/// Branches whose blocks are written in place.
#[derive(Default)]
pub(crate) struct Plan {
    branches: FxHashMap<Block, InPlace>,
    /// The lanes that may run a block that is written in place.
    lanes: FxHashMap<Block, Vec<bool>>,
    /// Predicates that nothing but a branch asks for.
    tests: FxHashSet<Value>,
    /// Blocks of which nobody knows before which lanes run them.
    open: FxHashSet<Block>,
}

impl Plan {
    /// Whether a value needs no code, as only a branch whose outcome is known asks for it.
    pub fn is_test(&self, value: Value) -> bool {
        self.tests.contains(&value)
    }

    /// Whether a block is written where its branch is.
    pub fn contains(&self, block: Block) -> bool {
        self.lanes.contains_key(&block)
    }

    /// Whether the lanes that run a block in place are not known before.
    pub fn is_open(&self, block: Block) -> bool {
        self.open.contains(&block)
    }

    pub fn is_branch(&self, block: Block) -> bool {
        self.branches.contains_key(&block)
    }

    pub fn at(&self, branch: Block) -> Option<&InPlace> {
        self.branches.get(&branch)
    }

    /// The blocks that are written where their branch is, and where their lanes meet, if they do.
    pub fn written_at(&self, branch: Block) -> Option<(&[Block], Option<Block>)> {
        self.branches.get(&branch).map(|p| (p.blocks.as_slice(), p.meet))
    }

    /// The threads that may run a block; `None`: all.
    pub fn lanes(&self, block: Block) -> Option<&[bool]> {
        self.lanes.get(&block).map(Vec::as_slice)
    }

    /// Chunks in which a block has code.
    pub fn chunks(&self, block: Block, (lanes, chunks): (u32, usize)) -> usize {
        match self.lanes.get(&block) {
            Some(list) => list.chunks(lanes as usize).filter(|c| c.contains(&true)).count(),
            None => chunks,
        }
    }

    /// Whether all branches on the way to a block, from the branch that it is written for, are known.
    pub(super) fn surely(&self, e: &Emitter<'_>, block: Block) -> bool {
        let found = self.branches.iter().find(|(_, p)| p.blocks.contains(&block));
        let Some((branch, in_place)) = found else { return false };
        let on_the_way = |b: &&Block| match e.func.block(**b).term {
            Terminator::Branch { cond, .. } => e.known_value(cond).is_none(),
            _ => false,
        };
        // Blocks lie in order: what is not known later does not matter.
        let before = in_place.blocks.iter().take_while(|b| **b != block);
        !before.chain([branch]).any(|b| on_the_way(&b))
    }
}

/// What branches are judged by.
struct Search<'a> {
    func: &'a Function,
    cfg: &'a Cfg,
    uni: &'a Uniformity,
    known: Option<&'a Known<'a>>,
    /// Threads of a gang.
    width: usize,
}

/// Finds the branches. Those at which some lanes end are only written in place if no lane is ever off elsewhere.
/// `width`: threads of a gang.
pub(super) fn choose<'a>(
    func: &'a Function,
    cfg: &'a Cfg,
    uni: &'a Uniformity,
    known: Option<&'a Known<'a>>,
    width: u32,
) -> Plan {
    let search = Search { func, cfg, uni, known, width: width as usize };
    let all = search.plan(true);
    let r = &uni.regions;
    let waits = |b: &Block| {
        let f = r.fragment(*b);
        !all.contains(*b) && f != FragmentId::ROOT && r.fragments[f.index()].chain == ChainId::ROOT
    };
    let off = exits_early(func, cfg, uni, &all) || leaves_root(cfg, uni, &all) || cfg.rpo.iter().any(waits);
    match off {
        true => search.plan(false),
        false => all,
    }
}

impl Search<'_> {
    /// Finds the branches. `ends`: also those where some lanes end, which leaves no lane off for others.
    fn plan(&self, ends: bool) -> Plan {
        let Search { func, cfg, uni, .. } = *self;
        let mut plan = Plan::default();
        let uses = uses(func, cfg);
        for &block in &cfg.rpo {
            if plan.contains(block) || !uni.regions.is_divergent(block) {
                continue;
            }
            let Terminator::Branch { cond, .. } = func.block(block).term else { continue };
            let known = self.known.is_some_and(|k| k.value(cond).is_some());
            if !known && !self.asks_data(cond) && !self.is_known_in_part(cond) {
                continue;
            }
            let meet = uni.regions.reconvergence(block);
            let home = uni.regions.fragment(block);
            let found = match meet {
                Some(meet)
                    if uni.regions.fragment(meet) == home
                        && cfg.number[meet.index()] > cfg.number[block.index()] =>
                {
                    between(func, cfg, block, Some(meet)).filter(|blocks| known || self.are_few(blocks))
                }
                Some(_) | None => None,
            };
            // Of several returns one counts as the end, where lanes would meet.
            let (blocks, meet) = match found {
                Some(blocks) => (blocks, meet),
                None if known && ends && home == FragmentId::ROOT => match between(func, cfg, block, None) {
                    Some(blocks) => (blocks, None),
                    None => continue,
                },
                None => continue,
            };
            let lanes = self.lanes_of(block, &blocks);
            plan.lanes.extend(blocks.iter().copied().zip(lanes));
            if !known {
                plan.open.extend(&blocks);
            }
            plan.branches.insert(block, InPlace { blocks, meet });
            if known && uses[cond.index()] == 1 {
                plan.tests.insert(cond);
            }
        }
        plan
    }

    /// Whether blocks hold a few instructions, each of which does as well under any mask.
    fn are_few(&self, blocks: &[Block]) -> bool {
        let insts =
            || blocks.iter().flat_map(|b| &self.func.block(*b).insts).map(|&i| &self.func.inst(i).inst);
        let plain = |inst: &Inst| match inst {
            Inst::Load { sem, .. } | Inst::Store { sem, .. } => sem.order == MemOrder::Weak,
            other => other.is_pure(),
        };
        insts().all(plain) && insts().filter(|i| !matches!(i, Inst::Const { .. })).count() <= FEW
    }

    /// Whether a predicate hangs on what was read: others mostly hold for all lanes of a gang or for none.
    fn asks_data(&self, cond: Value) -> bool {
        let (mut seen, mut work) = (FxHashSet::default(), vec![cond]);
        while let Some(data) = work.pop().map(|v| self.func.def_inst(v)) {
            match data.map(|d| (&d.inst, &d.args)) {
                Some((Inst::Load { space, .. }, _)) if !matches!(space, Space::Param | Space::Const) => {
                    return true;
                }
                Some((Inst::Pure { .. }, args)) if seen.len() < DATA => {
                    work.extend(args.iter().copied().filter(|a| seen.insert(*a)));
                }
                Some(_) | None => {}
            }
        }
        false
    }

    /// Whether some threads are known to go one way, whatever the others do.
    fn is_known_in_part(&self, cond: Value) -> bool {
        let some_off = |want| self.may(cond, want, 0).is_some_and(|lanes| lanes.contains(&false));
        some_off(true) || some_off(false)
    }

    /// The threads for which a predicate may be what is wanted; `None`: nothing is known.
    fn may(&self, cond: Value, want: bool, depth: u32) -> Option<Vec<bool>> {
        if let Some(lanes) = self.known?.value(cond) {
            return Some(lanes.iter().map(|bits| (bits & 1 == 1) == want).collect());
        }
        let data = self.func.def_inst(cond)?;
        let of = |i: usize, want| self.may(data.args[i], want, depth + 1);
        let joined = |a: Vec<bool>, b: Vec<bool>, f: fn(bool, bool) -> bool| {
            a.into_iter().zip(b).map(|(a, b)| f(a, b)).collect()
        };
        match data.inst {
            Inst::Pure { op: op @ (Op::And | Op::Or), ty: Type::I1 } if depth < DEPTH => {
                match (of(0, want), of(1, want), (op == Op::And) == want) {
                    (Some(a), Some(b), true) => Some(joined(a, b, |a, b| a && b)),
                    (Some(a), None, true) | (None, Some(a), true) => Some(a),
                    (Some(a), Some(b), false) => Some(joined(a, b, |a, b| a || b)),
                    (None, None, true) | (None, _, false) | (_, None, false) => None,
                }
            }
            Inst::Pure { op: Op::Not, ty: Type::I1 } if depth < DEPTH => of(0, !want),
            Inst::Pure { op: Op::Xor, ty: Type::I1 }
                if depth < DEPTH && self.func.as_const(data.args[1]) == Some(1) =>
            {
                of(0, !want)
            }
            _ => None,
        }
    }

    /// The threads that may run each of the blocks.
    fn lanes_of(&self, from: Block, blocks: &[Block]) -> Vec<Vec<bool>> {
        let mut lanes: FxHashMap<Block, Vec<bool>> = FxHashMap::default();
        let mut out = Vec::new();
        for &b in [from].iter().chain(blocks) {
            let here = lanes.get(&b).cloned();
            if b != from {
                out.push(here.clone().unwrap_or_default());
            }
            let term = &self.func.block(b).term;
            for (k, call) in term.successors().enumerate() {
                let takes = match term {
                    Terminator::Branch { cond, .. } => self.may(*cond, k == 0, 0),
                    _ => None,
                };
                let list = lanes.entry(call.block).or_insert_with(|| vec![false; self.width]);
                for (t, on) in list.iter_mut().enumerate() {
                    *on |= here.as_ref().is_none_or(|h| h[t]) && takes.as_ref().is_none_or(|l| l[t]);
                }
            }
        }
        out
    }
}

/// How often each value is used.
fn uses(func: &Function, cfg: &Cfg) -> Vec<u32> {
    let mut uses = vec![0; func.values.len()];
    for &block in &cfg.rpo {
        let args = func.block(block).insts.iter().flat_map(|&i| &func.inst(i).args);
        args.for_each(|a| uses[a.index()] += 1);
        func.block(block).term.for_each_use(|v| uses[v.index()] += 1);
    }
    uses
}

/// The blocks between a branch and where its lanes meet, if they can be written in place.
fn between(func: &Function, cfg: &Cfg, from: Block, meet: Option<Block>) -> Option<Vec<Block>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut work: Vec<Block> = cfg.succs[from.index()].clone();
    while let Some(b) = work.pop() {
        if Some(b) == meet || blocks.contains(&b) {
            continue;
        }
        let insts = &func.block(b).insts;
        let stops = |inst: &Inst| {
            matches!(inst, Inst::Barrier { .. } | Inst::Call(_) | Inst::CallIndirect { .. } | Inst::Sys(_))
        };
        let back = cfg.succs[b.index()].iter().any(|s| cfg.number[s.index()] <= cfg.number[b.index()]);
        let goes_on = match func.block(b).term {
            Terminator::Jump(_) | Terminator::Branch { .. } => true,
            Terminator::Ret(_) | Terminator::Exit => meet.is_none(),
            Terminator::Switch { .. } | Terminator::Trap | Terminator::Unreachable => false,
        };
        if back || !goes_on || b == from || insts.iter().any(|&i| stops(&func.inst(i).inst)) {
            return None;
        }
        blocks.push(b);
        if blocks.len() > BLOCKS {
            return None;
        }
        work.extend_from_slice(&cfg.succs[b.index()]);
    }
    let own = |p: &Block| *p == from || blocks.contains(p);
    if !blocks.iter().all(|b| cfg.preds[b.index()].iter().all(own)) {
        return None;
    }
    blocks.sort_by_key(|b| cfg.number[b.index()]);
    Some(blocks)
}
