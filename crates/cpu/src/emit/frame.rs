//! A gang's frame: what it keeps across a barrier, or while others take their turns, each value in its shape.
//!
//! Invariant: `save`, `spill` and `restore` agree, part by part, on offsets and types.

use super::{Emitter, Repr, StorageKind, scalar_type};
use ir::{Type, Value};

/// A value that lives across a barrier, and where its gang keeps it.
pub(super) struct Saved {
    pub value: Value,
    pub offset: u32,
    pub kind: StorageKind,
    pub blended: bool,
}

/// Masks are bytes in the frame.
pub(super) fn load_mask(e: &mut Emitter<'_>, offset: u32) -> String {
    let n = e.lanes();
    let p = e.ins(format!("getelementptr i8, ptr %frame, i64 {offset}"));
    let b = e.ins(format!("load <{n} x i8>, ptr {p}, align 1"));
    e.ins(format!("trunc <{n} x i8> {b} to <{n} x i1>"))
}

pub(super) fn store_mask(e: &mut Emitter<'_>, mask: &str, offset: u32) {
    let n = e.lanes();
    let b = e.ins(format!("zext <{n} x i1> {mask} to <{n} x i8>"));
    let p = e.ins(format!("getelementptr i8, ptr %frame, i64 {offset}"));
    e.stmt(format!("store <{n} x i8> {b}, ptr {p}, align 1"));
}

/// Loads what the frame keeps into storage.
pub(super) fn restore(e: &mut Emitter<'_>, saved: &[Saved]) {
    for s in saved {
        if e.resting.contains(s) {
            continue;
        }
        let lty = part_type(e, s);
        for (i, pointer) in stored(e, s).into_iter().flatten().enumerate() {
            let at = place(e, s, i);
            if is_mask(e, s) {
                let m = load_mask(e, at);
                e.stmt(format!("store {lty} {m}, ptr {pointer}, align 8"));
                continue;
            }
            let p = e.ins(format!("getelementptr i8, ptr %frame, i64 {at}"));
            let v = e.ins(format!("load {lty}, ptr {p}, align {}", e.func.ty(s.value).bytes()));
            e.stmt(format!("store {lty} {v}, ptr {pointer}, align 64"));
        }
    }
}

/// Where a value's parts are between blocks; `None`: nobody reads it.
fn stored(e: &Emitter<'_>, s: &Saved) -> Option<Vec<String>> {
    if s.blended {
        e.blended.get(&s.value).cloned()
    } else {
        e.storage.get(&s.value).map(|s| s.pointers.clone())
    }
}

/// LLVM's type of each part of a value.
fn part_type(e: &Emitter<'_>, s: &Saved) -> String {
    let ty = e.func.ty(s.value);
    if s.kind == StorageKind::Vectors { e.vector_type(ty) } else { scalar_type(ty).to_string() }
}

/// Masks are kept a byte a lane.
fn is_mask(e: &Emitter<'_>, s: &Saved) -> bool {
    s.kind == StorageKind::Vectors && e.func.ty(s.value) == Type::I1
}

/// Where in the frame part `i` of a value is.
fn place(e: &Emitter<'_>, s: &Saved, i: usize) -> u32 {
    let lanes = if s.kind == StorageKind::Vectors { e.lanes() } else { 1 };
    s.offset + i as u32 * e.func.ty(s.value).bytes() * lanes
}

/// Keeps part `i` of a value.
pub(super) fn keep(e: &mut Emitter<'_>, s: &Saved, i: usize, part: &str) {
    let at = place(e, s, i);
    if is_mask(e, s) {
        return store_mask(e, part, at);
    }
    let lty = part_type(e, s);
    let p = e.ins(format!("getelementptr i8, ptr %frame, i64 {at}"));
    e.stmt(format!("store {lty} {part}, ptr {p}, align {}", e.func.ty(s.value).bytes()));
}

/// Keeps what is in storage, at the end of a block.
pub(super) fn spill(e: &mut Emitter<'_>, saved: &[Saved]) {
    for s in saved {
        let lty = part_type(e, s);
        for (i, pointer) in stored(e, s).into_iter().flatten().enumerate() {
            let part = e.ins(format!("load {lty}, ptr {pointer}, align 8"));
            keep(e, s, i, &part);
        }
    }
}

/// Keeps what the next region needs.
pub(super) fn save(e: &mut Emitter<'_>, saved: &[Saved]) {
    for s in saved {
        // Lanes that have lost the common copy use their own ones from here on.
        if !s.blended && e.uni.blended(s.value, e.block) || e.resting.has_left(s) {
            continue;
        }
        let ty = e.func.ty(s.value);
        let parts: Vec<String> = if s.blended {
            let Some(pointers) = e.blended.get(&s.value).cloned() else { continue };
            let vt = e.vector_type(ty);
            pointers.iter().map(|p| e.ins(format!("load {vt}, ptr {p}, align 64"))).collect()
        } else {
            match (s.kind, e.get(s.value)) {
                (StorageKind::Scalar, Repr::Scalar(x)) => vec![x],
                (StorageKind::Scalar | StorageKind::Affine { .. }, Repr::Affine { base, .. }) => vec![base],
                (StorageKind::Bases(_), r) => e.repr_bases(&r, ty),
                (_, r) => e.repr_vectors(&r, ty),
            }
        };
        for (i, part) in parts.iter().enumerate() {
            keep(e, s, i, part);
        }
    }
}
