//! Blocks written chunk by chunk: where lanes are off by whole chunks, as in a tree over `threadIdx.x < n`, a chunk
//! without running lanes costs a test and not the block.
//!
//! Invariant: inside a window every list of parts has one element, the part of the window's chunk; what leaves the
//! block goes through storage.

use super::block::{emit_inst, keep_params};
use super::known::constant_mask;
use super::pure::Form;
use super::{Emitter, Exec, Repr, Unit};
use analysis::Uniformity;
use analysis::region::FragmentId;
use analysis::shape::{Deltas, Shape};
use ir::{Block, Function, Inst, MemOrder, Space, Type, Value};

/// What code is being written for, if not for the whole gang.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Window {
    Chunk(usize),
    /// One chunk after the other, in a loop: see [`super::rolled`].
    Each,
}

/// Whether a place is read, or written as well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    Read,
    Write,
}

/// Whether a block is written chunk by chunk: lanes are off there, it touches memory, and nothing in it looks beyond
/// its own thread.
pub(super) fn windowed(unit: &Unit<'_>, func: &Function, uni: &Uniformity, block: Block) -> bool {
    unit.layout.chunks >= 2 && uni.regions.fragment(block) != FragmentId::ROOT && separable(func, uni, block)
}

/// Whether a block touches memory, and may be run for one chunk after the other.
fn separable(func: &Function, uni: &Uniformity, block: Block) -> bool {
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
        e.window = Some(Window::Chunk(chunk));
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
    /// The chunk that is the first of the parts.
    pub(super) fn first_chunk(&self) -> usize {
        match self.window {
            Some(Window::Chunk(chunk)) => chunk,
            // Loops leave out what asks for a number that is known here.
            Some(Window::Each) | None => 0,
        }
    }

    /// Where the parts lie that code is being written for, of a value whose parts have this type.
    pub(super) fn in_window(
        &mut self,
        parts: &[String],
        (form, ty): (Form, Type),
        access: Access,
    ) -> Vec<String> {
        match self.window {
            Some(Window::Chunk(chunk)) => vec![parts[chunk].clone()],
            Some(Window::Each) => vec![self.chunk_place(parts, (form, ty), access)],
            None => parts.to_vec(),
        }
    }

    /// An affine value of the gang as the window sees it.
    pub(super) fn affine_in_window(&mut self, ty: Type, base: String, stride: i64, deltas: Deltas) -> Repr {
        let base = match self.window {
            Some(Window::Each) => self.base_of_chunk(ty, &base, &deltas),
            Some(Window::Chunk(_)) | None => base,
        };
        Repr::Affine { base, stride, deltas: self.deltas_in_window(deltas) }
    }

    /// Differences of a chunk's bases from the base of an affine value.
    fn deltas_in_window(&self, deltas: Deltas) -> Deltas {
        match self.window {
            None => deltas,
            Some(Window::Chunk(chunk)) => {
                let mut out = Deltas::ZERO;
                out.0[0] = deltas.0[chunk];
                out
            }
            // They are in the base.
            Some(Window::Each) => Deltas::ZERO,
        }
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
