//! Marches: loops in which each block leaps from plane to plane, or from row to row, through a column of memory that is
//! its own (`for (z = 1; z < nz - 1; z++) out[z * plane + y * nx + x] = ..`). Next to it lies what the block's neighbours
//! want. Side by side, a turn each, they read every plane in order (see [`crate::abreast`]).
//!
//! Invariant: as for [`crate::sweep`], what is found here decides when blocks run, never what they compute.

use crate::order::Columns;
use crate::sweep::{SHARE, Sweep};
use analysis::natural::{self, NaturalLoop};
use analysis::{Cfg, dom};
use ir::{Block, Function, Inst, Op, Space, Type, Value, ValueDef};
use std::collections::BTreeSet;

/// Bytes that are a leap: the machine's prefetchers follow shorter ones.
const LEAP: u64 = 2048;
/// Operations that a growth is looked for through.
const DEPTH: u32 = 16;
/// Loops of a kernel that are looked at.
const MOST: usize = 4;

/// How a number grows with each turn of a loop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Growth {
    By(i64),
    /// By a number that only the run knows.
    Leaps,
}

const STAYS: Growth = Growth::By(0);

/// The outermost loops whose blocks march. `block`: its shape.
pub fn find(func: &Function, cfg: &Cfg, block: [u32; 3]) -> Vec<Sweep> {
    let columns = Columns::of(func, cfg);
    let mut out: Vec<Sweep> = Vec::new();
    for NaturalLoop { head, latches, blocks } in natural::compute(cfg, &dom::compute(cfg)) {
        // Outer loops come first.
        if out.len() == MOST || out.iter().any(|s| s.blocks.contains(&head)) {
            continue;
        }
        let blocks = BTreeSet::from_iter(blocks);
        let march = March { func, head, latches: &latches, blocks: &blocks, columns: &columns };
        let share = march.share() * u64::from(block[1] * block[2]);
        if share > 0 {
            out.push(Sweep { head, share: share as u32, blocks });
        }
    }
    out
}

struct March<'a> {
    func: &'a Function,
    head: Block,
    latches: &'a [Block],
    blocks: &'a BTreeSet<Block>,
    columns: &'a Columns,
}

impl March<'_> {
    /// Bytes side by side that a row of the block's threads goes over in a turn; 0 if it does not march.
    fn share(&self) -> u64 {
        let mut found: BTreeSet<(Value, i64)> = BTreeSet::new();
        let (mut leaps, mut writes) = (false, false);
        for &inst in self.blocks.iter().flat_map(|b| &self.func.block(*b).insts) {
            let data = self.func.inst(inst);
            let space = match data.inst {
                Inst::Load { space, .. } | Inst::Store { space, .. } => space,
                Inst::Atomic { .. }
                | Inst::Fence(_)
                | Inst::Barrier { .. }
                | Inst::Call(_)
                | Inst::CallIndirect { .. }
                | Inst::Sys(_)
                | Inst::Product { .. }
                | Inst::Arrange { .. } => return 0,
                _ => continue,
            };
            match space {
                Space::Global | Space::Generic => {}
                Space::Const | Space::Param => continue,
                Space::Shared | Space::Local => return 0,
            }
            writes |= matches!(data.inst, Inst::Store { .. });
            let addr = data.args[0];
            // What all blocks of a row read is another matter: see `crate::order`.
            match self.columns.step(self.func, addr) {
                Some(step) if SHARE.contains(&step.unsigned_abs()) => {
                    match self.growth(addr, DEPTH) {
                        Some(Growth::Leaps) => leaps = true,
                        Some(Growth::By(by)) if by.unsigned_abs() >= LEAP => leaps = true,
                        Some(STAYS) => {}
                        Some(Growth::By(_)) | None => return 0,
                    }
                    found.insert((self.root(addr), step));
                }
                Some(_) | None => return 0,
            }
        }
        // What is only read is prefetched: see `crate::emit`. Stores wait for their lines.
        if leaps && writes { found.iter().map(|(_, step)| step.unsigned_abs()).sum() } else { 0 }
    }

    /// The pointer that an address is an offset to.
    fn root(&self, mut value: Value) -> Value {
        for _ in 0..DEPTH {
            let Some(data) = self.func.def_inst(value) else { break };
            match data.inst {
                Inst::ToGeneric(_) | Inst::FromGeneric(_) => value = data.args[0],
                Inst::Pure { op: Op::IAdd, .. } => {
                    let pointer = |v: &&Value| self.columns.step(self.func, **v) == Some(0);
                    let moves = |v: &&Value| !pointer(v);
                    let named = |v: &&Value| pointer(v) && self.func.as_const(**v).is_none();
                    match data.args.iter().find(named).or(data.args.iter().find(moves)) {
                        Some(&next) => value = next,
                        None => break,
                    }
                }
                _ => break,
            }
        }
        value
    }

    fn growth(&self, value: Value, depth: u32) -> Option<Growth> {
        let depth = depth.checked_sub(1)?;
        let constant = |v: Value| {
            let bits = self.func.as_const(v)?;
            Some(if self.func.ty(v) == Type::I32 { bits as i32 as i64 } else { bits as i64 })
        };
        let scaled = |g: Growth, by: i64| match g {
            Growth::By(g) => Growth::By(g.wrapping_mul(by)),
            Growth::Leaps => Growth::Leaps,
        };
        match self.func.def(value) {
            ValueDef::Param(block, k) if block == self.head => {
                let mut growth = None;
                for &latch in self.latches {
                    for call in self.func.block(latch).term.successors().filter(|c| c.block == block) {
                        let by = self.func.added_to(value, call.args[k as usize])?;
                        let step = match constant(by) {
                            Some(by) => Growth::By(by),
                            None if self.growth(by, depth)? == STAYS => Growth::Leaps,
                            None => return None,
                        };
                        if growth.is_some_and(|g| g != step) {
                            return None;
                        }
                        growth = Some(step);
                    }
                }
                growth
            }
            ValueDef::Param(block, _) => (!self.blocks.contains(&block)).then_some(STAYS),
            ValueDef::Result(inst, _) => {
                if !self.blocks.iter().any(|b| self.func.block(*b).insts.contains(&inst)) {
                    return Some(STAYS);
                }
                let data = self.func.inst(inst);
                let of = |i: usize| self.growth(data.args[i], depth);
                match data.inst {
                    Inst::Const { .. } | Inst::Sreg(_) | Inst::GlobalAddr { .. } => Some(STAYS),
                    Inst::ToGeneric(_) | Inst::FromGeneric(_) => of(0),
                    Inst::Load { space: Space::Param | Space::Const, .. } => of(0).filter(|g| *g == STAYS),
                    Inst::Pure { op: op @ (Op::IAdd | Op::ISub), .. } => match (of(0)?, of(1)?) {
                        (Growth::By(a), Growth::By(b)) => Some(Growth::By(if op == Op::IAdd {
                            a.wrapping_add(b)
                        } else {
                            a.wrapping_sub(b)
                        })),
                        (Growth::Leaps, _) | (_, Growth::Leaps) => Some(Growth::Leaps),
                    },
                    Inst::Pure { op: Op::IMul, .. } => match (of(0)?, of(1)?) {
                        (STAYS, STAYS) => Some(STAYS),
                        (g, STAYS) => Some(constant(data.args[1]).map_or(Growth::Leaps, |by| scaled(g, by))),
                        (STAYS, g) => Some(constant(data.args[0]).map_or(Growth::Leaps, |by| scaled(g, by))),
                        (_, _) => None,
                    },
                    Inst::Pure { op: Op::Shl, .. } => {
                        let by = constant(data.args[1]).filter(|by| (0..32).contains(by))?;
                        Some(scaled(of(0)?, 1 << by))
                    }
                    Inst::Pure { op: Op::SExt(_) | Op::ZExt(_) | Op::Trunc(_), .. } => of(0),
                    Inst::Pure { .. } => (0..data.args.len()).all(|i| of(i) == Some(STAYS)).then_some(STAYS),
                    _ => None,
                }
            }
        }
    }
}
