//! Sums of matrix products that stay in the frame. Where a region does nothing with a value that the frame keeps but
//! multiply into it, the value is read where that is done, and what comes of it is kept at once. Otherwise a region would begin
//! and end with all sums of a warp on their way from the frame to the stack and back.
//!
//! Invariant: a place of the frame is written only when nobody reads any more what rested there.

use super::frame::{self, Saved};
use super::{Emitter, StorageKind};
use analysis::Uniformity;
use ir::{Block, Function, Inst, InstId, Type, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What rests in the frame while a region runs.
#[derive(Default)]
pub(crate) struct Resting {
    /// Where a value is, and the products that read it.
    values: BTreeMap<Value, (u32, Vec<InstId>)>,
    /// What the block being written leaves in the frame: places of results of its products.
    leaving: BTreeMap<Value, u32>,
    /// What it has left already.
    left: BTreeSet<Value>,
}

impl Resting {
    /// Whether a value is read where it rests.
    pub(super) fn contains(&self, s: &Saved) -> bool {
        !s.blended && self.values.contains_key(&s.value)
    }

    /// Whether a value has been kept where it was made.
    pub(super) fn has_left(&self, s: &Saved) -> bool {
        !s.blended && self.left.contains(&s.value)
    }
}

/// Lets values rest that only products of the region read. `saved`: what it finds in the frame; `kept`: what it keeps.
pub(super) fn rest(
    e: &mut Emitter<'_>,
    uni: &Uniformity,
    saved: &[Saved],
    kept: &[(Block, Value)],
    reachable: &[bool],
) {
    if !e.multiplies() {
        return;
    }
    let func = e.func;
    let (products, others) = readers(func, reachable);
    for s in saved {
        let here = uni.def_block(s.value).is_none_or(|b| reachable[b.index()]);
        let elsewhere = others.contains(&s.value) || kept.iter().any(|(_, v)| *v == s.value);
        let plain = is_plain(func, s) && saved.iter().all(|o| o.value != s.value || !o.blended);
        let Some(readers) = products.get(&s.value) else { continue };
        if here || elsewhere || !plain {
            continue;
        }
        let bytes = e.unit.layout.lanes * func.ty(s.value).bytes();
        let Some(storage) = e.storage.get_mut(&s.value) else { continue };
        for (i, pointer) in storage.pointers.iter_mut().enumerate() {
            let at = s.offset + i as u32 * bytes;
            *pointer = format!("%rest.{at}");
            let _ = writeln!(e.init, "  {pointer} = getelementptr i8, ptr %frame, i64 {at}");
        }
        e.resting.values.insert(s.value, (s.offset, readers.clone()));
    }
}

fn is_plain(func: &Function, s: &Saved) -> bool {
    !s.blended && s.kind == StorageKind::Vectors && func.ty(s.value) != Type::I1
}

/// Products that read each value, and values that something else reads.
fn readers(func: &Function, reachable: &[bool]) -> (BTreeMap<Value, Vec<InstId>>, BTreeSet<Value>) {
    let (mut products, mut others) = (BTreeMap::<Value, Vec<InstId>>::new(), BTreeSet::new());
    for block in func.block_ids().filter(|b| reachable[b.index()]) {
        for &inst in &func.block(block).insts {
            let data = func.inst(inst);
            match data.inst {
                Inst::Product { .. } => {
                    data.args.iter().for_each(|&v| products.entry(v).or_default().push(inst))
                }
                _ => others.extend(&data.args),
            }
        }
        func.block(block).term.for_each_use(|v| {
            others.insert(v);
        });
    }
    (products, others)
}

impl Emitter<'_> {
    /// Begins a block, which keeps `saved` at its end if it ends in a barrier.
    pub(super) fn begin_resting(&mut self, saved: Option<&[Saved]>) {
        self.resting.left.clear();
        self.resting.leaving.clear();
        if self.resting.values.is_empty() {
            return;
        }
        let func = self.func;
        let made = |v: Value| {
            let product = func.def_inst(v).is_some_and(|d| matches!(d.inst, Inst::Product { .. }));
            product && self.uni.def_block(v) == Some(self.block) && !self.uni.blended(v, self.block)
        };
        let leaving = saved.into_iter().flatten().filter(|s| is_plain(func, s) && made(s.value));
        self.resting.leaving = leaving.map(|s| (s.value, s.offset)).collect();
    }

    /// Keeps a result of a product if the block leaves it and its place is free.
    pub(super) fn leave(&mut self, result: Value) {
        let Some(&at) = self.resting.leaving.get(&result) else { return };
        let has_read = |&inst: &InstId| {
            let first = self.func.inst(inst).results[0];
            self.uni.def_block(first) == Some(self.block) && self.current.contains_key(&first)
        };
        let mut there = self.resting.values.values().filter(|(place, _)| *place == at);
        if !there.all(|(_, readers)| readers.iter().all(has_read)) {
            return;
        }
        let s = Saved { value: result, offset: at, kind: StorageKind::Vectors, blended: false };
        for (i, part) in self.vectors(result).iter().enumerate() {
            frame::keep(self, &s, i, part);
        }
        self.resting.left.insert(result);
    }
}
