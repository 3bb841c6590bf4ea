//! Code of the blocks behind a branch that is planned to be written in place (`predicate`): chunks that are off have no
//! code, those that are on as a whole have no mask.
//!
//! Invariant: where a mask inside is not known, a block that is not short is skipped unless some lane runs it, as it would
//! be in a chain.

use super::block::{emit_inst, keep_params};
use super::control::Control;
use super::dense::Version;
use super::known::{constant_mask, mask_constant};
use super::window::{emit_windows, windowed};
use super::{Emitter, Exec};
use crate::abi::DONE;
use ir::{Block, BlockCall, Inst, Terminator, Type, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Instructions that take no longer than asking whether some lane runs them.
const SHORT: usize = 8;

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
        let Some(plan) = cx.in_place.at(branch) else { return false };
        let (version, exec) = (self.version, self.exec.clone());
        let assumed = std::mem::take(&mut self.assumed);
        self.version = Version::Masked;
        let mut arriving: FxHashMap<Block, Arriving> = FxHashMap::default();
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
                    let (n, may) = (self.lanes() as usize, cx.in_place.lanes(b).expect("it is in place"));
                    let mut masks = Vec::new();
                    for (p, may) in pointers.clone().iter().zip(may.chunks(n)) {
                        masks.push(match may.contains(&true) {
                            true => {
                                let mask = self.ins(format!("load {vt}, ptr {p}, align 8"));
                                self.and_constant(&mask, may)
                            }
                            false => "zeroinitializer".into(),
                        });
                    }
                    masks
                }
            };
            let short = self.is_short(b);
            let skip = match &arriving[&b] {
                Arriving::Known(_) => None,
                Arriving::Stored(_) if short => None,
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
            self.emit_masked_block(b, short, &assumed);
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

    /// Whether a block takes no longer than asking whether some lane runs it.
    fn is_short(&self, block: Block) -> bool {
        let insts = self.func.block(block).insts.iter().map(|&i| &self.func.inst(i).inst);
        insts.filter(|i| !matches!(i, Inst::Const { .. })).count() <= SHORT
    }

    /// A block's instructions under the current mask. `assumed`: conversions that wrap for no lane.
    fn emit_masked_block(&mut self, block: Block, short: bool, assumed: &BTreeSet<Value>) {
        self.current.clear();
        self.vectors.clear();
        self.assumed.clone_from(assumed);
        self.find_adjacent(block);
        if !short && windowed(self.unit, self.func, self.uni, block) {
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
            let lanes = cx.in_place.lanes(block).expect("it is in place");
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
    fn send(&mut self, block: Block, arriving: &FxHashMap<Block, Arriving>) {
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
