//! Prefetches of what a grid-stride loop reads some iterations later: it leaps from page to page, which the machine's
//! own prefetchers do not follow.
//!
//! Invariant: a prefetch changes nothing and never faults; only dense code has them.

use super::dense::Version;
use super::memory::Access;
use super::{Emitter, Repr};
use analysis::Shape;
use ir::{Block, Inst, Op, Sreg, Type, Value};

/// Cycles that a line takes from memory, roughly.
const LATENCY: usize = 500;

/// Cycles of work that the processor looks ahead by itself: iterations this short overlap anyway.
const LOOKS_AHEAD: usize = 100;

/// A number that grows by `factor * step` with each iteration of a loop.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Growth {
    step: Value,
    factor: i64,
}

impl Emitter<'_> {
    /// Prefetches the rows that the chunks load from `pointers` a few iterations on, if the loop around this block
    /// leaps by a uniform distance that it knows when it runs.
    pub(super) fn prefetch_rows(&mut self, addr: Value, repr: &Repr, access: &Access, pointers: &[String]) {
        if self.version != Version::Dense || !matches!(access.space, ir::Space::Global | ir::Space::Generic) {
            return;
        }
        let Repr::Affine { deltas, .. } = repr else { return };
        let Some(Some(growth)) = self.growth(addr, 0) else { return };
        let known = self.current.contains_key(&growth.step) || self.storage.contains_key(&growth.step);
        if !known || !self.grows_with_grid(growth.step, 0) {
            return;
        }
        let cycles = self.iteration_cycles();
        if cycles < LOOKS_AHEAD {
            return;
        }
        let ahead = (LATENCY / cycles).max(1) as i64;
        let ty = self.func.ty(growth.step);
        let step = self.scalar(growth.step);
        let step = if ty == Type::I64 { step } else { self.ins(format!("sext i32 {step} to i64")) };
        let leap = self.ins(format!("mul i64 {step}, {}", growth.factor.wrapping_mul(ahead)));
        self.declare("declare void @llvm.prefetch.p0(ptr, i32, i32, i32)".into());
        let row = i64::from(self.lanes()) * access.count as i64 * i64::from(access.ty.bytes());
        let mut reached = i64::MIN;
        for c in 0..self.chunks() {
            let first = deltas.0[c];
            let mut at = if c > 0 { first.max(reached) } else { first };
            while at < first + row {
                let p = self.ins(format!("getelementptr i8, ptr {}, i64 {leap}", pointers[c]));
                let p = self.ins(format!("getelementptr i8, ptr {p}, i64 {}", at - first));
                self.stmt(format!("call void @llvm.prefetch.p0(ptr {p}, i32 0, i32 3, i32 1)"));
                at += 64;
                reached = at;
            }
        }
    }

    /// Whether a number is made of the grid's size: the step of a grid-stride loop.
    fn grows_with_grid(&self, value: Value, depth: u32) -> bool {
        let Some(data) = self.func.def_inst(value) else { return false };
        match data.inst {
            Inst::Sreg(Sreg::NctaidX | Sreg::NctaidY | Sreg::NctaidZ) => true,
            Inst::Pure { .. } if depth < 8 => data.args.iter().any(|&a| self.grows_with_grid(a, depth + 1)),
            _ => false,
        }
    }

    /// An iteration's length in cycles, guessed from the instructions of the block.
    fn iteration_cycles(&self) -> usize {
        let insts = &self.func.block(self.block).insts;
        let lanes = self.lanes() as usize;
        let cost = |i: &ir::InstId| match self.func.inst(*i).inst {
            Inst::Atomic { .. } => 2 * lanes,
            _ => 1,
        };
        (insts.iter().map(cost).sum::<usize>() * self.chunks() / 3).max(1)
    }

    /// How a value grows in the innermost loop around this block: `Some(None)` if it does not.
    fn growth(&self, value: Value, depth: u32) -> Option<Option<Growth>> {
        let r = &self.uni.regions;
        let inside = |b: Option<Block>| b.is_some_and(|b| r.shares_loop(self.block, b));
        let def = self.uni.def_block(value);
        if !inside(def) {
            return r.loop_head(self.block).map(|_| None);
        }
        if depth > 8 {
            return None;
        }
        match self.func.def(value) {
            ir::ValueDef::Param(block, k) => {
                if r.loop_head(self.block) != Some(block) {
                    return None;
                }
                // All edges back bring the parameter and one step, which is the same in all iterations.
                let mut step = None;
                for b in self.func.block_ids().filter(|b| inside(Some(*b))) {
                    for call in self.func.block(b).term.successors().filter(|c| c.block == block) {
                        let data = self.func.def_inst(call.args[k as usize])?;
                        let Inst::Pure { op: Op::IAdd, .. } = data.inst else { return None };
                        let by = match (data.args[0] == value, data.args[1] == value) {
                            (true, false) => data.args[1],
                            (false, true) => data.args[0],
                            (true, true) | (false, false) => return None,
                        };
                        let uniform = self.uni.shape_at(by, self.block) == Shape::Uniform;
                        if !uniform || step.is_some_and(|s| s != by) || inside(self.uni.def_block(by)) {
                            return None;
                        }
                        step = Some(by);
                    }
                }
                step.map(|step| Some(Growth { step, factor: 1 }))
            }
            ir::ValueDef::Result(..) => {
                let data = self.func.def_inst(value)?;
                let Inst::Pure { op, .. } = data.inst else { return None };
                let of = |i: usize| self.growth(data.args[i], depth + 1);
                let scaled =
                    |g: Option<Growth>, by: i64| g.map(|g| Growth { factor: g.factor.wrapping_mul(by), ..g });
                let constant = |i: usize| self.func.as_const(data.args[i]).map(|c| c as i64);
                match op {
                    Op::IAdd => match (of(0)?, of(1)?) {
                        (a, None) | (None, a) => Some(a),
                        (Some(a), Some(b)) if a.step == b.step => {
                            Some(Some(Growth { factor: a.factor.wrapping_add(b.factor), ..a }))
                        }
                        (Some(_), Some(_)) => None,
                    },
                    Op::ISub => match (of(0)?, of(1)?) {
                        (a, None) => Some(a),
                        (None, b) => Some(scaled(b, -1)),
                        (Some(_), Some(_)) => None,
                    },
                    Op::IMul => match (constant(0), constant(1)) {
                        (_, Some(c)) => Some(scaled(of(0)?, c)),
                        (Some(c), None) => Some(scaled(of(1)?, c)),
                        (None, None) => None,
                    },
                    Op::Shl => {
                        constant(1).filter(|c| (0..32).contains(c)).and_then(|c| Some(scaled(of(0)?, 1 << c)))
                    }
                    Op::SExt(_) | Op::ZExt(_) => of(0),
                    _ => None,
                }
            }
        }
    }
}
