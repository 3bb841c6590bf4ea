//! Branches that seldom part the lanes: guards of an array's end, and exits of loops that share an array out.
//!
//! Only the last blocks of a grid, or the last turn of a loop, meet them; where they do, lanes go to code that is not
//! compiled before it is needed (see [`super::outline`]). Invariant: a wrong guess costs time only.

use super::{Emitter, Unit};
use analysis::{Cfg, Shape, Uniformity};
use ir::sreg::Sreg;
use ir::{BlockCall, Function, Inst, Op, Space, Terminator, Type, Value};
use rustc_hash::FxHashSet;

/// Most parts of a condition that are looked at.
const DEPTH: u32 = 6;

/// What code that seldom runs is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outline {
    /// Nothing: there is one function.
    Never,
    /// What branches lead to that seldom part the lanes.
    Seldom,
    /// All that lanes leave dense code for: for tests.
    Always,
}

/// Numbers that tell where in the grid, or in a loop's turns, a thread is.
#[derive(Default)]
pub(crate) struct Places {
    /// By the block's number.
    grid: FxHashSet<Value>,
    /// By a number that a loop steps and that differs between lanes.
    turns: FxHashSet<Value>,
    /// What either is compared with.
    bounds: FxHashSet<Value>,
}

impl Places {
    pub fn of(unit: &Unit<'_>, func: &Function, cfg: &Cfg, uni: &Uniformity) -> Places {
        let mut places = Places::default();
        if unit.outline != Outline::Seldom {
            return places;
        }
        loop {
            let before = places.grid.len() + places.turns.len();
            for &block in &cfg.rpo {
                for &inst in &func.block(block).insts {
                    places.follow(func, inst);
                }
                let mut edge = |call: &BlockCall| {
                    let params = &func.block(call.block).params;
                    params.iter().zip(&call.args).for_each(|(&p, &a)| places.pass(uni, p, a));
                };
                match &func.block(block).term {
                    Terminator::Jump(to) => edge(to),
                    Terminator::Branch { then, els, .. } => [then, els].into_iter().for_each(edge),
                    Terminator::Switch { targets, default, .. } => {
                        targets.iter().chain([default]).for_each(edge)
                    }
                    Terminator::Ret(_) | Terminator::Exit | Terminator::Trap | Terminator::Unreachable => {}
                }
            }
            if places.grid.len() + places.turns.len() == before {
                places.find_bounds(func, cfg);
                return places;
            }
        }
    }

    fn find_bounds(&mut self, func: &Function, cfg: &Cfg) {
        for &inst in cfg.rpo.iter().flat_map(|b| &func.block(*b).insts) {
            let data = func.inst(inst);
            if let (Inst::Pure { op: Op::ICmp(_), .. }, &[a, b]) = (data.inst, data.args.as_slice()) {
                for (place, bound) in [(a, b), (b, a)] {
                    let placed = self.grid.contains(&place) || self.turns.contains(&place);
                    if placed && func.as_const(bound).is_none() {
                        self.bounds.insert(bound);
                    }
                }
            }
        }
    }

    fn follow(&mut self, func: &Function, inst: ir::InstId) {
        let data = func.inst(inst);
        match data.inst {
            Inst::Sreg(Sreg::CtaidX | Sreg::CtaidY | Sreg::CtaidZ) => {
                self.grid.insert(data.results[0]);
            }
            Inst::Pure { .. } => {
                for set in [&mut self.grid, &mut self.turns] {
                    if data.args.iter().any(|a| set.contains(a)) {
                        set.insert(data.results[0]);
                    }
                }
            }
            _ => {}
        }
    }

    fn pass(&mut self, uni: &Uniformity, param: Value, arg: Value) {
        if self.grid.contains(&arg) {
            self.grid.insert(param);
        }
        if matches!(uni.shape(param), Shape::Affine { .. } | Shape::Chunked(_)) {
            self.turns.insert(param);
        }
    }
}

impl Emitter<'_> {
    /// Whether a branch on `cond`, which may part the lanes, seldom does.
    pub(super) fn seldom_parts(&self, cond: Value) -> bool {
        match self.unit.outline {
            Outline::Never => false,
            Outline::Always => true,
            Outline::Seldom => self.seldom(cond, 0),
        }
    }

    fn seldom(&self, cond: Value, depth: u32) -> bool {
        if self.uni.shape_at(cond, self.block) == Shape::Uniform {
            return true;
        }
        let Some(data) = self.func.def_inst(cond) else { return false };
        if depth > DEPTH {
            return false;
        }
        match (data.inst, data.args.as_slice()) {
            (Inst::Pure { op: Op::And | Op::Or | Op::Xor | Op::Not, ty: Type::I1 }, args) => {
                args.iter().all(|&a| self.func.as_const(a).is_some() || self.seldom(a, depth + 1))
            }
            (Inst::Pure { op: Op::ICmp(_), .. }, &[a, b]) => self.is_end(a, b) || self.is_end(b, a),
            _ => false,
        }
    }

    /// Whether a regular number that says where in the grid or in a loop a thread is, is compared with one number; or
    /// any with a bound of such numbers, as before a loop.
    fn is_end(&self, regular: Value, bound: Value) -> bool {
        let affine = matches!(self.uni.shape(regular), Shape::Affine { .. } | Shape::Chunked(_));
        // Every grid has a first row, which is compared with a constant; its last block is mostly a whole one.
        let constant = self.func.as_const(bound).is_some();
        affine
            && !constant
            && self.is_given(bound, 0)
            && self.uni.shape_at(bound, self.block) == Shape::Uniform
            && self.places.is_some_and(|places| {
                places.grid.contains(&regular)
                    || places.turns.contains(&regular)
                    || places.bounds.contains(&bound)
            })
    }

    /// Whether a bound is made of what the launch was given: one that was read from memory, such as a matrix row's end, may
    /// end every gang's loop in the midst of its lanes.
    fn is_given(&self, bound: Value, depth: u32) -> bool {
        let Some(data) = self.func.def_inst(bound) else { return true };
        match data.inst {
            Inst::Load { space, .. } => matches!(space, Space::Param | Space::Const),
            Inst::Pure { .. } => depth < DEPTH && data.args.iter().all(|&a| self.is_given(a, depth + 1)),
            Inst::Const { .. } | Inst::Sreg(_) => true,
            _ => false,
        }
    }
}
