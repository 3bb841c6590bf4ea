//! Blocks written chunk by chunk: where lanes are off by whole chunks, as in a tree over `threadIdx.x < n`, a chunk
//! without running lanes costs a test and not the block.
//!
//! Invariant: inside a window every list of parts has one element, the part of the window's chunk; what leaves the
//! block goes through storage.

use super::block::{emit_inst, keep_params};
use super::known::constant_mask;
use super::{Emitter, Exec, Unit};
use analysis::Uniformity;
use analysis::region::FragmentId;
use analysis::shape::{Deltas, Shape};
use ir::{Block, Function, Inst, MemOrder, Space, Value};

/// Whether a block is written chunk by chunk: lanes are off there, it touches memory, and nothing in it looks beyond
/// its own thread.
pub(super) fn windowed(unit: &Unit<'_>, func: &Function, uni: &Uniformity, block: Block) -> bool {
    if unit.layout.chunks < 2 || uni.regions.fragment(block) == FragmentId::ROOT {
        return false;
    }
    let mut memory = false;
    for &inst in &func.block(block).insts {
        let data = func.inst(inst);
        match data.inst {
            Inst::Load { space: Space::Param, .. } => {}
            Inst::Load { sem, .. } => {
                // One value for several chunks must be read once.
                let shared = data
                    .results
                    .iter()
                    .any(|&r| matches!(uni.shape(r), Shape::Unknown | Shape::Uniform | Shape::Affine { .. }));
                if sem.order != MemOrder::Weak || shared {
                    return false;
                }
                memory = true;
            }
            Inst::Store { sem, .. } => {
                if sem.order != MemOrder::Weak {
                    return false;
                }
                memory = true;
            }
            ref inst if inst.is_pure() => {}
            _ => return false,
        }
    }
    memory
}

/// Emits the instructions of a block once for each chunk that has running lanes.
pub(super) fn emit_windows(e: &mut Emitter<'_>, block: Block) {
    let whole = e.exec.clone();
    let masks = match &whole {
        Exec::All => vec!["splat (i1 true)".to_string(); e.chunks()],
        Exec::Masks(masks) => masks.clone(),
    };
    let straight = masks.iter().all(|m| constant_mask(m, e.lanes()).is_some());
    if !straight {
        e.settle_held();
    }
    let skipped = e.deferred.skip(!straight || e.deferred.skips());
    for (chunk, mask) in masks.iter().enumerate() {
        if mask == "zeroinitializer" {
            continue;
        }
        let known = constant_mask(mask, e.lanes());
        let (run, next) = (e.new_label("chunk"), e.new_label("next"));
        if known.is_none() {
            let any = e.any(std::slice::from_ref(mask));
            e.stmt(format!("br i1 {any}, label %{run}, label %{next}"));
            e.place(&run);
        }
        e.window = Some(chunk);
        e.exec = match &known {
            Some(lanes) if lanes.iter().all(|&on| on) => Exec::All,
            Some(_) | None => Exec::Masks(vec![mask.clone()]),
        };
        e.current.clear();
        e.vectors.clear();
        e.walks.clear();
        keep_params(e, block);
        for &inst in &e.func.block(block).insts {
            emit_inst(e, inst);
        }
        e.window = None;
        if known.is_none() {
            e.jump(&next);
            e.place(&next);
        }
    }
    e.deferred.skip(skipped);
    e.exec = whole;
    e.current.clear();
    e.vectors.clear();
}

impl Emitter<'_> {
    /// The parts that code is being written for.
    pub(super) fn in_window(&self, parts: &[String]) -> Vec<String> {
        match self.window {
            Some(chunk) => vec![parts[chunk].clone()],
            None => parts.to_vec(),
        }
    }

    pub(super) fn deltas_in_window(&self, deltas: Deltas) -> Deltas {
        let Some(chunk) = self.window else { return deltas };
        let mut out = Deltas::ZERO;
        out.0[0] = deltas.0[chunk];
        out
    }

    /// The shape of a value as the window sees it.
    pub(super) fn shape(&self, value: Value) -> Shape {
        match self.uni.shape(value) {
            Shape::Affine { stride, deltas } => {
                Shape::Affine { stride, deltas: self.deltas_in_window(deltas) }
            }
            other => other,
        }
    }
}
