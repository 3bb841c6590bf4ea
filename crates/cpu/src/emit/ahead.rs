//! Prefetches of what the next block of the grid will read: a block that loads its part, works on it for longer than
//! the processor looks ahead, and stores, leaves the memory idle while it works. The rows of a tile lie on pages of
//! their own, where the machine's prefetchers see nothing coming.
//!
//! Invariant: a prefetch changes nothing and never faults, so the next block may be another, or none.

use super::memory::Access;
use super::{Emitter, Exec, Repr, Unit};
use crate::order::Columns;
use analysis::{Cfg, Uniformity};
use ir::{Function, Inst, Space, Value};

/// Cycles of a block's work, below which the processor reaches the next block by itself.
const LONG: usize = 400;
/// Bytes of a cache line.
const LINE: i64 = 64;
/// How often a loop is taken to run.
const TURNS: usize = 8;

/// How far it is to what the next block reads, for kernels whose blocks work long enough.
pub(super) fn find(unit: &Unit<'_>, func: &Function, cfg: &Cfg, uni: &Uniformity) -> Option<Columns> {
    let mut count = 0;
    for &block in &cfg.rpo {
        let times = if uni.regions.loop_head(block).is_some() { TURNS } else { 1 };
        let insts = func.block(block).insts.iter();
        count += times * insts.filter(|&&i| !matches!(func.inst(i).inst, Inst::Const { .. })).count();
    }
    let vectors = (unit.layout.chunks * unit.layout.gangs()) as usize;
    (!unit.fibers && unit.layout.lanes > 1 && count * vectors / 3 >= LONG).then(|| Columns::of(func, cfg))
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
        let Some(step) = self.columns.and_then(|c| c.step(self.func, addr)) else { return };
        // Rows that follow on each other are a stream, which the machine sees by itself.
        let Repr::Bases(_, stride) = repr else { return };
        let row = (stride * i64::from(self.lanes())).max(0);
        let (root, offset) = self.root(addr);
        // Loads a few words apart share lines.
        if step.abs() < LINE || row == 0 || !self.ahead.insert((root, offset.div_euclid(row))) {
            return;
        }
        for pointer in pointers {
            for at in (0..row).step_by(LINE as usize) {
                let p = self.ins(format!("getelementptr i8, ptr {pointer}, i64 {}", step + at));
                self.prefetch(&p);
            }
        }
    }
}
