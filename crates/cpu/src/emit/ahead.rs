//! Prefetches of what the next block of the grid will read: a block that loads its part, works on it for longer than
//! the processor looks ahead, and stores, leaves the memory idle while it works. The rows of a tile lie on pages of
//! their own, where the machine's prefetchers see nothing coming; where blocks read on from each other, they see it up to
//! the end of a page.
//!
//! Invariant: a prefetch changes nothing and never faults, so the next block may be another, or none.

use super::memory::Access;
use super::prefetch::{LINE, PAGE};
use super::{Emitter, Exec, Repr, Unit};
use crate::order::Columns;
use analysis::{Cfg, Uniformity};
use ir::{Function, Inst, Space, Value};
use std::collections::BTreeSet;

/// Cycles of a block's work, below which the processor reaches the next block's tile by itself.
const LONG: usize = 400;
/// How often a loop is taken to run.
const TURNS: usize = 8;

/// What the next blocks read.
pub(crate) struct Next {
    columns: Columns,
    /// Blocks work for longer than the processor looks ahead on a tile.
    long: bool,
    /// What they read are a few streams.
    streams: bool,
}

/// Most streams that are prefetched; more are rows of something.
const STREAMS: usize = 4;

/// How far it is to what the next blocks read.
pub(super) fn find(unit: &Unit<'_>, func: &Function, cfg: &Cfg, uni: &Uniformity) -> Option<Next> {
    if unit.fibers || unit.layout.lanes == 1 {
        return None;
    }
    let mut count = 0;
    for &block in &cfg.rpo {
        let times = if uni.regions.loop_head(block).is_some() { TURNS } else { 1 };
        let insts = func.block(block).insts.iter();
        count += times * insts.filter(|&&i| !matches!(func.inst(i).inst, Inst::Const { .. })).count();
    }
    let vectors = (unit.layout.chunks * unit.layout.gangs()) as usize;
    let work = count * vectors / 3;
    let columns = Columns::of(func, cfg);
    let mut roots = BTreeSet::new();
    for &block in cfg.rpo.iter().filter(|&&b| uni.regions.loop_head(b).is_none()) {
        for &inst in &func.block(block).insts {
            let data = func.inst(inst);
            let global = matches!(data.inst, Inst::Load { space: Space::Global | Space::Generic, .. });
            if global && columns.step(func, data.args[0]).is_some_and(is_stream) {
                roots.insert(func.root_of(data.args[0], |_| true).0);
            }
        }
    }
    Some(Next { columns, long: work >= LONG, streams: roots.len() <= STREAMS })
}

/// Whether blocks so many bytes apart read on from each other.
fn is_stream(step: i64) -> bool {
    (1..=PAGE).contains(&step)
}

impl Emitter<'_> {
    /// Prefetches the rows that the next block will load where this one loads from `pointers`.
    pub(super) fn prefetch_next_block(
        &mut self,
        addr: Value,
        repr: &Repr,
        access: &Access,
        pointers: &[String],
    ) {
        let global = matches!(access.space, Space::Global | Space::Generic);
        let looped = self.uni.regions.loop_head(self.block).is_some();
        if !matches!(self.exec, Exec::All) || self.window.is_some() || !global || looped {
            return;
        }
        let Some(next) = self.following else { return };
        let Some(step) = next.columns.step(self.func, addr) else { return };
        let (stride, step) = match repr {
            Repr::Bases(_, stride) if next.long => (stride, step),
            // Each block of a stream reads on where the one before it ended.
            Repr::Affine { stride, .. } if next.streams && is_stream(step) => {
                (stride, (PAGE as u64).next_multiple_of(step as u64) as i64)
            }
            Repr::Affine { .. } | Repr::Bases(..) | Repr::Scalar(_) | Repr::Vectors(_) => return,
        };
        let row = (stride * i64::from(self.lanes())).max(0);
        let (root, offset) = self.root(addr);
        // Loads a few words apart share lines.
        if step.abs() < LINE || row == 0 || !self.ahead.insert((root, offset.div_euclid(row))) {
            return;
        }
        self.prefetch_behind(step, row, pointers);
    }
}
