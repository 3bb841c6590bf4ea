//! Branches that part the lanes in a way known when the code is written: which threads of a block that is one gang are
//! below a constant. The blocks up to where the lanes meet are written in place, each under its mask, and without a test:
//! chunks that are off have no code, those that are on as a whole have no mask.
//!
//! Invariant: blocks written in place are entered from their branch alone, run no loop and no barrier, and have no other
//! version. Where a mask inside is not known, the block is skipped unless some lane runs it, as it would be in a chain.

use super::block::{emit_inst, keep_params};
use super::control::Control;
use super::dense::Version;
use super::known::{Known, constant_mask, mask_constant};
use super::setup::{exits_early, leaves_root};
use super::window::{emit_windows, windowed};
use super::{Emitter, Exec};
use crate::abi::DONE;
use analysis::region::{ChainId, FragmentId};
use analysis::{Cfg, Uniformity};
use ir::{Block, BlockCall, Function, Inst, Terminator, Type, Value};
use std::collections::{HashMap, HashSet};

/// Most blocks between a branch and where its lanes meet.
const BLOCKS: usize = 12;

/// The blocks between a branch and where its lanes meet, in the order in which they are written.
#[derive(Debug)]
pub(crate) struct InPlace {
    blocks: Vec<Block>,
    /// Where the lanes meet; `None`: all of them end.
    meet: Option<Block>,
}

/// Branches whose blocks are written in place.
#[derive(Default)]
pub(crate) struct Plan {
    branches: HashMap<Block, InPlace>,
    /// The lanes that may run a block that is written in place.
    lanes: HashMap<Block, Vec<bool>>,
    /// Predicates that nothing but a branch asks for.
    tests: HashSet<Value>,
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

    pub fn is_branch(&self, block: Block) -> bool {
        self.branches.contains_key(&block)
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
}

/// Finds the branches. Those at which some lanes end are only written in place if no lane is ever off elsewhere.
pub(super) fn choose(func: &Function, cfg: &Cfg, uni: &Uniformity, known: &Known<'_>) -> Plan {
    let all = plan(func, cfg, uni, known, true);
    let r = &uni.regions;
    let waits = |b: &Block| {
        let f = r.fragment(*b);
        !all.contains(*b) && f != FragmentId::ROOT && r.fragments[f.index()].chain == ChainId::ROOT
    };
    let off = exits_early(func, cfg, uni, &all) || leaves_root(cfg, uni, &all) || cfg.rpo.iter().any(waits);
    match off {
        true => plan(func, cfg, uni, known, false),
        false => all,
    }
}

/// Finds the branches. `ends`: also those where some lanes end, which leaves no lane off for others.
fn plan(func: &Function, cfg: &Cfg, uni: &Uniformity, known: &Known<'_>, ends: bool) -> Plan {
    let mut plan = Plan::default();
    let uses = uses(func, cfg);
    for &block in &cfg.rpo {
        if plan.contains(block) || !uni.regions.is_divergent(block) {
            continue;
        }
        let Terminator::Branch { cond, .. } = func.block(block).term else { continue };
        if known.value(cond).is_none() {
            continue;
        }
        let meet = uni.regions.reconvergence(block);
        let home = uni.regions.fragment(block);
        let found = match meet {
            Some(meet)
                if uni.regions.fragment(meet) == home
                    && cfg.number[meet.index()] > cfg.number[block.index()] =>
            {
                between(func, cfg, block, Some(meet))
            }
            Some(_) | None => None,
        };
        // Of several returns one counts as the end, where lanes would meet.
        let (blocks, meet) = match found {
            Some(blocks) => (blocks, meet),
            None if ends && home == FragmentId::ROOT => match between(func, cfg, block, None) {
                Some(blocks) => (blocks, None),
                None => continue,
            },
            None => continue,
        };
        let lanes = lanes_of(func, known, block, &blocks);
        plan.lanes.extend(blocks.iter().copied().zip(lanes));
        plan.branches.insert(block, InPlace { blocks, meet });
        if uses[cond.index()] == 1 {
            plan.tests.insert(cond);
        }
    }
    plan
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

/// The threads that may run each of the blocks.
fn lanes_of(func: &Function, known: &Known<'_>, from: Block, blocks: &[Block]) -> Vec<Vec<bool>> {
    let mut lanes: HashMap<Block, Vec<bool>> = HashMap::new();
    let mut out = Vec::new();
    for &b in [from].iter().chain(blocks) {
        let here = lanes.get(&b).cloned();
        if b != from {
            out.push(here.clone().unwrap_or_default());
        }
        let term = &func.block(b).term;
        let cond = match term {
            Terminator::Branch { cond, .. } => known.value(*cond),
            _ => None,
        };
        for (k, call) in term.successors().enumerate() {
            let threads = here.as_ref().map(Vec::len).or(cond.as_ref().map(|c| c.len())).unwrap_or_default();
            let takes = |t: usize| {
                let on = here.as_ref().is_none_or(|h| h[t]);
                on && cond.as_ref().is_none_or(|c| (c[t] & 1 == 0) == (k == 1))
            };
            let list = lanes.entry(call.block).or_insert_with(|| vec![false; threads]);
            list.iter_mut().enumerate().for_each(|(t, on)| *on |= takes(t));
        }
    }
    out
}

/// Lanes that arrive at a block, a mask for each chunk.
enum Arriving {
    /// Constants.
    Known(Vec<String>),
    /// In memory, as some paths to the block may be skipped.
    Stored(Vec<String>),
}

impl Emitter<'_> {
    /// Writes what follows the current block's branch in place, if that is planned.
    pub(super) fn emit_in_place(&mut self, cx: &Control) -> bool {
        let branch = self.block;
        let Some(plan) = cx.in_place.branches.get(&branch) else { return false };
        let (version, exec) = (self.version, self.exec.clone());
        self.version = Version::Masked;
        let mut arriving: HashMap<Block, Arriving> = HashMap::new();
        for &b in &plan.blocks {
            let known = match &exec {
                // Lanes that are off here are off there.
                Exec::All => self.known_mask(cx, b),
                Exec::Masks(_) => None,
            };
            let masks = match known {
                Some(masks) => Arriving::Known(masks),
                None => Arriving::Stored(self.empty_masks()),
            };
            arriving.insert(b, masks);
        }
        let straight = arriving.values().all(|a| matches!(a, Arriving::Known(_)));
        if !straight {
            self.settle_held();
        }
        let skipped = self.deferred.skip(!straight || self.deferred.skips());
        self.send(branch, &arriving);
        for &b in &plan.blocks {
            let masks = match &arriving[&b] {
                Arriving::Known(masks) if masks.iter().all(|m| m == "zeroinitializer") => continue,
                Arriving::Known(masks) => masks.clone(),
                Arriving::Stored(pointers) => {
                    let vt = self.vector_type(Type::I1);
                    let pointers = pointers.clone();
                    pointers.iter().map(|p| self.ins(format!("load {vt}, ptr {p}, align 8"))).collect()
                }
            };
            let skip = match &arriving[&b] {
                Arriving::Known(_) => None,
                Arriving::Stored(_) => {
                    let (run, skip) = (self.new_label("run"), self.new_label("skip"));
                    let any = self.any(&masks);
                    self.stmt(format!("br i1 {any}, label %{run}, label %{skip}"));
                    self.place(&run);
                    Some(skip)
                }
            };
            self.block = b;
            self.exec = match masks.iter().all(|m| m == "splat (i1 true)") {
                true => Exec::All,
                false => Exec::Masks(masks),
            };
            self.emit_masked_block(b);
            self.send(b, &arriving);
            if let Some(skip) = skip {
                self.jump(&skip);
                self.place(&skip);
            }
        }
        self.deferred.skip(skipped);
        (self.block, self.version, self.exec) = (branch, version, exec);
        self.current.clear();
        self.vectors.clear();
        match plan.meet {
            Some(meet) => {
                let label = self.label_of(cx, meet);
                self.jump(&label);
            }
            None => {
                if let Exec::Masks(_) = self.exec {
                    self.refuse("internal: all lanes end, but some are off");
                }
                self.stmt(format!("ret i32 {}", DONE as i32));
            }
        }
        true
    }

    /// A block's instructions under the current mask.
    fn emit_masked_block(&mut self, block: Block) {
        self.current.clear();
        self.vectors.clear();
        self.assumed.clear();
        self.find_adjacent(block);
        if windowed(self.unit, self.func, self.uni, block) {
            emit_windows(self, block);
            return;
        }
        keep_params(self, block);
        for &inst in &self.func.block(block).insts {
            emit_inst(self, inst);
        }
    }

    /// A block's mask when its branch runs with all lanes and the way to it is known.
    fn known_mask(&self, cx: &Control, block: Block) -> Option<Vec<String>> {
        cx.in_place.surely(self, block).then(|| {
            let lanes = &cx.in_place.lanes[&block];
            lanes.chunks(self.lanes() as usize).map(mask_constant).collect()
        })
    }

    fn empty_masks(&mut self) -> Vec<String> {
        let vt = self.vector_type(Type::I1);
        (0..self.chunks())
            .map(|_| {
                let p = self.alloca(&vt);
                self.stmt(format!("store {vt} zeroinitializer, ptr {p}, align 8"));
                p
            })
            .collect()
    }

    /// Moves the arguments of a block's edges, and adds its lanes to those that arrive at their targets.
    fn send(&mut self, block: Block, arriving: &HashMap<Block, Arriving>) {
        let edges: Vec<(BlockCall, Exec)> = match self.func.block(block).term.clone() {
            Terminator::Jump(to) => vec![(to, self.exec.clone())],
            term @ Terminator::Branch { .. } => self.edges(&term),
            Terminator::Ret(_)
            | Terminator::Exit
            | Terminator::Switch { .. }
            | Terminator::Trap
            | Terminator::Unreachable => Vec::new(),
        };
        let vt = self.vector_type(Type::I1);
        for (call, exec) in edges {
            if let Exec::Masks(masks) = &exec
                && masks.iter().all(|m| m == "zeroinitializer")
            {
                continue;
            }
            self.move_args(&call, &exec, false);
            let Some(Arriving::Stored(pointers)) = arriving.get(&call.block) else { continue };
            let masks = self.masks_of(&exec);
            for (p, m) in pointers.clone().iter().zip(masks) {
                let old = self.ins(format!("load {vt}, ptr {p}, align 8"));
                let new = self.ins(format!("or {vt} {old}, {m}"));
                self.stmt(format!("store {vt} {new}, ptr {p}, align 8"));
            }
        }
    }

    /// The running lanes for which a known predicate holds, and the others.
    pub(super) fn split_known(&mut self, lanes: &[u64], exec: &Exec) -> (Exec, Exec) {
        let n = self.lanes() as usize;
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (c, chunk) in lanes.chunks(n).enumerate() {
            for (out, on) in [(&mut yes, 1), (&mut no, 0)] {
                let bits: Vec<bool> = chunk.iter().map(|&b| b & 1 == on).collect();
                let mask = match exec {
                    Exec::All => mask_constant(&bits),
                    Exec::Masks(m) => self.and_constant(&m[c], &bits),
                };
                out.push(mask);
            }
        }
        (Exec::Masks(yes), Exec::Masks(no))
    }

    fn and_constant(&mut self, mask: &str, bits: &[bool]) -> String {
        let n = self.lanes();
        if let Some(old) = constant_mask(mask, n) {
            let both: Vec<bool> = old.iter().zip(bits).map(|(&a, &b)| a && b).collect();
            return mask_constant(&both);
        }
        match mask_constant(bits).as_str() {
            "splat (i1 true)" => mask.to_string(),
            "zeroinitializer" => "zeroinitializer".into(),
            some => self.ins(format!("and <{n} x i1> {mask}, {some}")),
        }
    }
}

impl Plan {
    /// Whether all branches on the way to a block, from the branch that it is written for, are known.
    fn surely(&self, e: &Emitter<'_>, block: Block) -> bool {
        let Some(in_place) = self.branches.values().find(|p| p.blocks.contains(&block)) else { return false };
        let on_the_way = |b: &&Block| match e.func.block(**b).term {
            Terminator::Branch { cond, .. } => e.known_value(cond).is_none(),
            _ => false,
        };
        // Blocks lie in order: what is not known later does not matter.
        !in_place.blocks.iter().take_while(|b| **b != block).any(|b| on_the_way(&b))
    }
}
