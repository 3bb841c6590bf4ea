//! Groups of lanes that lie side by side: how far each lane's value probably is from that of the first of its two or four.
//! Quotients of thread numbers are the same in a group, whatever they are multiplied by; so are sums that a loop goes on
//! with, if all their parts are.
//!
//! What is found is a guess: neither the wrapping of narrow numbers nor lanes that came another way are looked at. Who
//! uses it asks the run.

use crate::{Cfg, GangLayout, Shape, Uniformity, pattern, shape};
use ir::{Function, Inst, Op, Type, Value, ValueDef};

/// Most lanes of a group.
const MOST: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Nothing known yet.
    Unknown,
    /// By lane of a group, from the first one's value.
    Steps([i64; MOST]),
    Other,
}

/// The steps of a function's values.
pub struct Groups {
    states: Vec<State>,
    size: usize,
}

impl Groups {
    /// Whether the lanes of each group are `step` apart, one from the next.
    pub fn rises(&self, value: Value, step: i64) -> bool {
        self.states[value.index()] == State::Steps(rising(step, self.size))
    }
}

fn rising(step: i64, size: usize) -> [i64; MOST] {
    std::array::from_fn(|i| if i < size { step.wrapping_mul(i as i64) } else { 0 })
}

/// For groups of `size` lanes, 2 or 4.
pub fn compute(func: &Function, cfg: &Cfg, uni: &Uniformity, layout: &GangLayout, size: usize) -> Groups {
    let mut finder = Finder { func, uni, layout, size, states: vec![State::Unknown; func.values.len()] };
    for &param in &func.block(Function::ENTRY).params {
        finder.states[param.index()] = finder.by_shape(param).unwrap_or(State::Other);
    }
    let mut changed = true;
    while changed {
        changed = false;
        for &block in &cfg.rpo {
            for &inst in &func.block(block).insts {
                for &result in &func.inst(inst).results {
                    if finder.states[result.index()] != State::Other {
                        let new = finder.by_shape(result).unwrap_or_else(|| finder.computed(result));
                        changed |= finder.lower(result, new);
                    }
                }
            }
            for call in func.block(block).term.successors() {
                for (&param, &arg) in func.block(call.block).params.iter().zip(&call.args) {
                    let new = finder.by_shape(param).unwrap_or(finder.states[arg.index()]);
                    changed |= finder.lower(param, new);
                }
            }
        }
    }
    Groups { states: finder.states, size }
}

struct Finder<'a> {
    func: &'a Function,
    uni: &'a Uniformity,
    layout: &'a GangLayout,
    size: usize,
    states: Vec<State>,
}

impl Finder<'_> {
    /// Takes what is new into account; whether that changed anything.
    fn lower(&mut self, value: Value, new: State) -> bool {
        let state = &mut self.states[value.index()];
        let met = match (*state, new) {
            (State::Unknown, s) | (s, State::Unknown) => s,
            (a, b) if a == b => a,
            _ => State::Other,
        };
        std::mem::replace(state, met) != met
    }

    /// Of values that have a stride.
    fn by_shape(&self, value: Value) -> Option<State> {
        match self.uni.shape(value) {
            Shape::Unknown | Shape::Uniform => Some(State::Steps([0; MOST])),
            Shape::Affine { stride, .. } | Shape::Chunked(stride) => {
                Some(State::Steps(rising(stride, self.size)))
            }
            Shape::Varying => None,
        }
    }

    fn computed(&self, value: Value) -> State {
        let ValueDef::Result(inst, _) = self.func.def(value) else { return State::Other };
        let data = self.func.inst(inst);
        let ty = self.func.ty(value);
        let arg = |i: usize| self.states[data.args[i].index()];
        let op = match data.inst {
            Inst::ToGeneric(_) | Inst::FromGeneric(_) => return arg(0),
            Inst::Pure { op, .. } => op,
            _ => return State::Other,
        };
        let number = |i: usize| self.func.as_const(data.args[i]);
        let by = |state: State, by: u64| match state {
            State::Steps(s) => State::Steps(s.map(|s| narrow(s.wrapping_mul(by as i64), ty))),
            other => other,
        };
        match op {
            Op::IAdd => both(arg(0), arg(1), |a, b| narrow(a.wrapping_add(b), ty)),
            Op::ISub => both(arg(0), arg(1), |a, b| narrow(a.wrapping_sub(b), ty)),
            Op::IMul if number(1).is_some() => by(arg(0), number(1).unwrap_or(0)),
            Op::IMul if number(0).is_some() => by(arg(1), number(0).unwrap_or(0)),
            Op::Shl if number(1).is_some() => by(arg(0), 1u64.wrapping_shl(number(1).unwrap_or(0) as u32)),
            Op::SExt(_) | Op::ZExt(_) => arg(0),
            Op::And | Op::Or | Op::Xor | Op::ShrU => {
                self.by_pattern(value).unwrap_or_else(|| self.alike(inst))
            }
            _ => self.alike(inst),
        }
    }

    /// Of values that the lanes' numbers alone decide.
    fn by_pattern(&self, value: Value) -> Option<State> {
        let block = self.uni.def_block(value)?;
        let steps = pattern::of(self.func, self.uni, self.layout, value, block)?;
        let of = |group: &[i64]| -> [i64; MOST] {
            std::array::from_fn(|i| group.get(i).map_or(0, |s| s.wrapping_sub(group[0])))
        };
        let mut groups = steps.chunks(self.size).map(of);
        let first = groups.next()?;
        groups.all(|group| group == first).then_some(State::Steps(first))
    }

    /// Whatever is computed of equal numbers is equal.
    fn alike(&self, inst: ir::InstId) -> State {
        let args = self.func.inst(inst).args.iter().map(|a| self.states[a.index()]);
        args.fold(State::Steps([0; MOST]), |all, arg| match (all, arg) {
            (State::Other, _) | (_, State::Other) => State::Other,
            (State::Unknown, _) | (_, State::Unknown) => State::Unknown,
            (State::Steps(_), State::Steps(steps)) if steps == [0; MOST] => all,
            (State::Steps(_), State::Steps(_)) => State::Other,
        })
    }
}

fn both(a: State, b: State, of: impl Fn(i64, i64) -> i64) -> State {
    match (a, b) {
        (State::Other, _) | (_, State::Other) => State::Other,
        (State::Unknown, _) | (_, State::Unknown) => State::Unknown,
        (State::Steps(a), State::Steps(b)) => State::Steps(std::array::from_fn(|i| of(a[i], b[i]))),
    }
}

fn narrow(x: i64, ty: Type) -> i64 {
    shape::sext(x as u64, ty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cfg, uniformity};
    use ir::{Builder, Space};

    #[test]
    fn rows_at_a_distance_that_the_run_knows() {
        let mut func = Function::new("f", Default::default());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let tid = b.sreg(ir::Sreg::TidX);
        let zero = b.i64(0);
        let pitch = b.load(Space::Param, Type::I32, zero);
        let op = |b: &mut Builder<'_>, op: Op, x: Value, y: i32| {
            let y = b.i32(y);
            b.op(op, Type::I32, &[x, y])
        };
        let (row, column) = (op(&mut b, Op::ShrU, tid, 2), op(&mut b, Op::And, tid, 3));
        let row = b.op(Op::IMul, Type::I32, &[row, pitch]);
        let column = op(&mut b, Op::Shl, column, 2);
        let index = b.op(Op::IAdd, Type::I32, &[row, column]);
        let wide = b.op(Op::SExt(Type::I32), Type::I64, &[index]);
        let four = b.i64(4);
        let place = b.op(Op::IMul, Type::I64, &[wide, four]);
        b.ret(&[]);
        let layout = GangLayout { lanes: 16, chunks: 2, block: [32, 1, 1], local_bytes: 0 };
        let graph = cfg::compute(&func);
        let uni = uniformity(&func, &graph, &layout);
        let of = |size| compute(&func, &graph, &uni, &layout, size);
        assert!(of(4).rises(place, 16));
        assert!(of(2).rises(place, 16));
        assert!(of(4).rises(row, 0));
        assert!(!of(4).rises(place, 4));
    }
}
