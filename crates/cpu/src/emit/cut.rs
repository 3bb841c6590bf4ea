//! Where barriers and turns of loops cut a kernel into regions, and what passes from one to the next.
//!
//! Invariant: what a region reads and does not compute itself is in the frame, or is computed again at its start.

use super::frame::Saved;
use super::function::Ahead;
use super::turns::Turn;
use super::{Refused, StorageKind, Unit};
use analysis::region::FragmentId;
use analysis::{Cfg, Shape, Uniformity, liveness};
use ir::{Block, Function, Inst, Terminator, Type, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// What the regions of a kernel share.
pub(super) struct Cut {
    /// Accesses whose alignment must be checked.
    pub checks: analysis::alignment::Checks,
    /// Entry block of each region; region 0 starts at the function's entry.
    pub entries: Vec<Block>,
    /// Region that a block with a barrier goes on with.
    pub after: FxHashMap<Block, u32>,
    /// The barrier before each region.
    pub barrier: Vec<Option<ir::InstId>>,
    /// Values that each region needs from its frame, and those that it computes again.
    pub saved: Vec<Vec<Saved>>,
    pub again: Vec<Vec<Value>>,
    /// Offset of the mask of lanes that have not exited.
    pub live_offset: u32,
    pub frame_bytes: u32,
    pub fibers: bool,
    /// Loops behind whose turns gangs stop.
    pub turns: Vec<Turn>,
}

/// Whether all gangs of a block use the same rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sharing {
    Gangs,
    Nobody,
}

impl Cut {
    /// Without barriers, waits and turns a gang is done when the next one starts.
    pub fn sharing(&self) -> Sharing {
        if self.entries.len() == 1 && !self.fibers && self.turns.is_empty() {
            Sharing::Gangs
        } else {
            Sharing::Nobody
        }
    }
}

/// Whether a block ends in a barrier at which the gang must wait for others.
fn suspends(unit: &Unit<'_>, func: &Function, block: Block) -> bool {
    let last = func.block(block).insts.last();
    !unit.fibers
        && unit.layout.gangs() > 1
        && last.is_some_and(|&i| matches!(func.inst(i).inst, Inst::Barrier { .. }))
}

/// Bytes of a saved value in the frame.
fn saved_bytes(unit: &Unit<'_>, ty: Type, kind: StorageKind) -> u32 {
    let n = match kind {
        StorageKind::Scalar | StorageKind::Affine { .. } => 1,
        StorageKind::Bases(_) => unit.layout.chunks,
        StorageKind::Vectors => unit.layout.width(),
    };
    (n * ty.bytes()).next_multiple_of(64)
}

/// Whether a value is cheaper to compute again than to keep: constants, registers, addresses, regular arithmetic on such, and
/// masks that follow from it.
fn rematerialises(func: &Function, uni: &Uniformity, value: Value, depth: u32) -> bool {
    let Some(data) = func.def_inst(value) else { return false };
    let is_mask = func.ty(value) == Type::I1;
    if depth > 6 || uni.shape(value) == Shape::Varying && !is_mask && !matches!(data.inst, Inst::Sreg(_)) {
        return false;
    }
    let regular = match data.inst {
        Inst::Const { .. } | Inst::GlobalAddr { .. } | Inst::SlotAddr(_) | Inst::FuncAddr(_) => true,
        Inst::Sreg(reg) => reg.scope() != ir::sreg::SregScope::Clock,
        Inst::Pure { .. } | Inst::ToGeneric(_) | Inst::FromGeneric(_) => true,
        Inst::Load { space: ir::Space::Param, .. } => true,
        _ => false,
    };
    regular && data.args.iter().all(|&a| rematerialises(func, uni, a, depth + 1))
}

/// Cuts a kernel at its barriers. Errors: what only one thread a gang can do.
pub(super) fn cut(
    unit: &Unit<'_>,
    func: &Function,
    cfg: &Cfg,
    uni: &Uniformity,
    ahead: &Ahead<'_>,
) -> Result<Cut, Refused> {
    if unit.layout.width() > 1 && super::apart::meet_apart(func, cfg, uni) {
        return Err(Refused::Because("lanes of a warp that synchronise in different branches".into()));
    }
    let live = liveness::compute(func, cfg);
    let align = |g: ir::GlobalId| unit.module.global(g).align;
    let mut out = Cut {
        checks: analysis::alignment::checks(func, cfg, &align),
        entries: vec![Function::ENTRY],
        after: FxHashMap::default(),
        barrier: vec![None],
        saved: vec![Vec::new()],
        again: vec![Vec::new()],
        live_offset: 0,
        fibers: unit.fibers,
        turns: Vec::new(),
        frame_bytes: 0,
    };
    let frame = Keeping { func, cfg, uni };
    for &block in &cfg.rpo {
        if !suspends(unit, func, block) {
            continue;
        }
        if uni.regions.fragment(block) != FragmentId::ROOT {
            return Err(Refused::Because("a barrier that not all threads of a gang reach together".into()));
        }
        let Terminator::Jump(next) = &func.block(block).term else {
            return Err(Refused::Because("internal: a barrier does not end its block".into()));
        };
        let region = match out.entries.iter().position(|&e| e == next.block) {
            Some(r) => r as u32,
            None => {
                out.entries.push(next.block);
                let barrier = func.block(block).insts.last().copied();
                let results = barrier.map(|b| func.inst(b).results.as_slice()).unwrap_or_default();
                // What the barrier gives comes from the scheduler.
                let needed = live.live_in(next.block).filter(|v| !results.contains(v)).collect();
                let (saved, again) = frame.keep(needed);
                out.barrier.push(barrier);
                out.saved.push(saved);
                out.again.push(again);
                out.entries.len() as u32 - 1
            }
        };
        out.after.insert(block, region);
    }
    let used = used(func, cfg);
    for sweep in unit.sweeps.iter().filter(|s| !ahead.holds_before(func, cfg, s.head)) {
        let params = &func.block(sweep.head).params;
        let read = params.iter().copied().filter(|p| used.contains(p));
        let needed = live.live_in(sweep.head).chain(read).collect();
        let (mut saved, again) = frame.keep(needed);
        // The head keeps what leaves the loop itself.
        saved.retain(|s| !s.blended || !params.contains(&s.value));
        out.turns.push(Turn { head: sweep.head, blocks: sweep.blocks.clone(), saved, again });
    }
    let turns = out.turns.iter_mut().map(|t| &mut t.saved);
    let mut lists: Vec<&mut Vec<Saved>> = out.saved.iter_mut().chain(turns).collect();
    let bytes = |s: &Saved| saved_bytes(unit, func.ty(s.value), s.kind);
    let first = unit.layout.width().next_multiple_of(64);
    out.frame_bytes = super::places::assign(func, cfg, &mut lists, first, &bytes);
    Ok(out)
}

/// Values that something reads.
fn used(func: &Function, cfg: &Cfg) -> FxHashSet<Value> {
    let mut used = FxHashSet::default();
    for &block in &cfg.rpo {
        used.extend(func.block(block).insts.iter().flat_map(|&i| &func.inst(i).args));
        func.block(block).term.for_each_use(|v| {
            used.insert(v);
        });
    }
    used
}

/// What is kept in the frame, and how.
struct Keeping<'a> {
    func: &'a Function,
    cfg: &'a Cfg,
    uni: &'a Uniformity,
}

impl Keeping<'_> {
    /// How values are kept, and which are computed again instead.
    fn keep(&self, mut needed: BTreeSet<Value>) -> (Vec<Saved>, Vec<Value>) {
        let (mut saved, mut again) = (Vec::new(), Vec::new());
        for v in needed.clone() {
            if let Some(origin) = self.uni.origin(v) {
                needed.insert(origin.ext);
                needed.extend(self.func.def_inst(origin.ext).iter().flat_map(|d| &d.args));
            }
        }
        for v in needed {
            if rematerialises(self.func, self.uni, v, 0) {
                again.push(v);
                continue;
            }
            // Both the plain and the blended copy may be read behind.
            let kind = match self.uni.shape(v) {
                Shape::Unknown | Shape::Uniform => StorageKind::Scalar,
                Shape::Affine { stride, deltas } => StorageKind::Affine { stride, deltas },
                Shape::Chunked(s) => StorageKind::Bases(s),
                Shape::Varying => StorageKind::Vectors,
            };
            for (blended, kind) in [(false, kind), (true, StorageKind::Vectors)] {
                if blended && !self.cfg.rpo.iter().any(|&b| self.uni.blended(v, b)) {
                    continue;
                }
                saved.push(Saved { value: v, offset: 0, kind, blended });
            }
        }
        (saved, again)
    }
}
