//! Ranges: between which integers a value lies, from what registers and operations allow.
//!
//! Branches are not looked at, so that a range also holds for what a lane that is switched off would compute. The
//! invariant: a value with a range has been computed without wrapping from values that have one; without a range it
//! may be anything of its type.

use crate::Cfg;
use ir::{Block, Function, GridSize, Inst, Op, Sreg, Type, Value};

/// Inclusive bounds of the value as a signed number of its type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    pub low: i64,
    pub high: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Unknown,
    Known(Range),
    Any,
}

/// Ranges by value.
pub struct Ranges {
    states: Vec<State>,
}

/// Times that a block parameter may grow before it may be anything.
const PATIENCE: u32 = 3;

impl Ranges {
    pub fn of(&self, value: Value) -> Option<Range> {
        match self.states[value.index()] {
            State::Known(range) => Some(range),
            State::Unknown | State::Any => None,
        }
    }

    /// Whether the lanes of a 32-bit value differ by as much as their steps say, none of which wraps, so that its
    /// extension has the same steps.
    pub fn extends(&self, value: Value, signed: bool) -> bool {
        // Two numbers less than 2^31 apart differ by what their difference is modulo 2^32.
        self.of(value).is_some_and(|r| r.high - r.low < 1 << 31 && (signed || r.low >= 0))
    }
}

/// The ranges of a kernel's values in blocks of this shape.
pub fn compute(func: &Function, cfg: &Cfg, block_shape: [u32; 3]) -> Ranges {
    let mut out = Ranges { states: vec![State::Unknown; func.values.len()] };
    let mut grown = vec![0u32; func.values.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for &block in &cfg.rpo {
            for (k, &param) in func.block(block).params.iter().enumerate() {
                let old = out.states[param.index()];
                let mut new = join_arguments(func, cfg, &out, block, k);
                if new != old {
                    grown[param.index()] += 1;
                    if grown[param.index()] > PATIENCE {
                        new = State::Any;
                    }
                    changed |= new != old;
                    out.states[param.index()] = new;
                }
            }
            for &inst in &func.block(block).insts {
                let data = func.inst(inst);
                for (k, &result) in data.results.iter().enumerate() {
                    let new = if k == 0 {
                        transfer(func, &out, &data.inst, &data.args, block_shape)
                    } else {
                        State::Any
                    };
                    changed |= new != out.states[result.index()];
                    out.states[result.index()] = new;
                }
            }
        }
    }
    out
}

fn join_arguments(func: &Function, cfg: &Cfg, ranges: &Ranges, block: Block, k: usize) -> State {
    if block == Function::ENTRY {
        return State::Any;
    }
    let mut joined = State::Unknown;
    for &pred in &cfg.preds[block.index()] {
        for call in func.block(pred).term.successors().filter(|c| c.block == block) {
            joined = match (joined, ranges.states[call.args[k].index()]) {
                (State::Unknown, s) | (s, State::Unknown) => s,
                (State::Known(a), State::Known(b)) => {
                    State::Known(Range { low: a.low.min(b.low), high: a.high.max(b.high) })
                }
                (State::Any, _) | (_, State::Any) => State::Any,
            };
        }
    }
    joined
}

/// The numbers of a type.
fn whole(ty: Type) -> (i128, i128) {
    let top = 1i128 << (ty.bits() - 1);
    (-top, top - 1)
}

fn between(low: i128, high: i128, ty: Type) -> State {
    let (least, most) = whole(ty);
    if low < least || high > most {
        return State::Any;
    }
    State::Known(Range { low: low as i64, high: high as i64 })
}

fn transfer(func: &Function, ranges: &Ranges, inst: &Inst, args: &[Value], shape: [u32; 3]) -> State {
    match inst {
        Inst::Const { ty, bits } if !ty.is_float() && *ty != Type::I1 => {
            let value = crate::shape::sext(*bits, *ty);
            State::Known(Range { low: value, high: value })
        }
        Inst::Sreg(reg) => {
            let grid = func.kernel.as_ref().map_or(GridSize::Any, |k| k.grid);
            register(*reg, shape, grid)
        }
        Inst::Pure { op, ty } => pure(func, ranges, *op, *ty, args),
        _ => State::Any,
    }
}

fn register(reg: Sreg, [x, y, z]: [u32; 3], grid: GridSize) -> State {
    let below = |n: u32| State::Known(Range { low: 0, high: i64::from(n.max(1)) - 1 });
    let blocks = match grid {
        GridSize::Usual | GridSize::Rows => 0x7fff_ffff / x.max(1),
        GridSize::Any => 0x7fff_ffff,
    };
    match reg {
        Sreg::TidX => below(x),
        Sreg::TidY => below(y),
        Sreg::TidZ => below(z),
        Sreg::LaneId => below(32),
        Sreg::WarpId => below((x * y * z).div_ceil(32)),
        // Limits of grids (CUDA C++ Programming Guide, compute capabilities).
        Sreg::CtaidX => below(blocks),
        Sreg::NctaidX => State::Known(Range { low: 1, high: i64::from(blocks) }),
        Sreg::CtaidY | Sreg::CtaidZ => below(0xffff),
        _ => State::Any,
    }
}

fn pure(func: &Function, ranges: &Ranges, op: Op, ty: Type, args: &[Value]) -> State {
    let state = |k: usize| ranges.states[args[k].index()];
    if args.iter().any(|a| ranges.states[a.index()] == State::Unknown) {
        return State::Unknown;
    }
    let known = |k: usize| match state(k) {
        State::Known(r) => Some((i128::from(r.low), i128::from(r.high))),
        State::Unknown | State::Any => None,
    };
    let natural = |k: usize| known(k).filter(|r| r.0 >= 0);
    let constant = |k: usize| func.as_const(args[k]);
    let found = match op {
        Op::IAdd => known(0).zip(known(1)).map(|(a, b)| (a.0 + b.0, a.1 + b.1)),
        Op::ISub => known(0).zip(known(1)).map(|(a, b)| (a.0 - b.1, a.1 - b.0)),
        Op::INeg => known(0).map(|a| (-a.1, -a.0)),
        Op::IMul => known(0).zip(known(1)).map(|(a, b)| {
            let corners = [a.0 * b.0, a.0 * b.1, a.1 * b.0, a.1 * b.1];
            (corners.into_iter().min().unwrap_or(0), corners.into_iter().max().unwrap_or(0))
        }),
        Op::Shl => match constant(1) {
            Some(by) if by < u64::from(ty.bits()) => known(0).map(|a| (a.0 << by, a.1 << by)),
            Some(_) | None => None,
        },
        Op::ShrU => match constant(1) {
            Some(by) if by < u64::from(ty.bits()) => natural(0).map(|a| (a.0 >> by, a.1 >> by)),
            Some(_) | None => None,
        },
        Op::ShrS => match constant(1) {
            Some(by) if by < u64::from(ty.bits()) => known(0).map(|a| (a.0 >> by, a.1 >> by)),
            Some(_) | None => None,
        },
        Op::And => match (natural(0), natural(1)) {
            (Some(a), Some(b)) => Some((0, a.1.min(b.1))),
            (Some(a), None) | (None, Some(a)) => Some((0, a.1)),
            (None, None) => None,
        },
        Op::Or | Op::Xor => natural(0).zip(natural(1)).map(|(a, b)| {
            let bits = 128 - (a.1.max(b.1)).leading_zeros();
            let low = if op == Op::Or { a.0.max(b.0) } else { 0 };
            (low, (1i128 << bits) - 1)
        }),
        Op::MinS => known(0).zip(known(1)).map(|(a, b)| (a.0.min(b.0), a.1.min(b.1))),
        Op::MaxS => known(0).zip(known(1)).map(|(a, b)| (a.0.max(b.0), a.1.max(b.1))),
        Op::DivU | Op::DivS => match (natural(0), constant(1)) {
            (Some(a), Some(by)) if by > 0 && by < 1 << 31 => {
                Some((a.0 / i128::from(by), a.1 / i128::from(by)))
            }
            _ => None,
        },
        Op::RemU => match constant(1) {
            Some(by) if by > 0 && by < 1 << 31 => Some((0, i128::from(by) - 1)),
            Some(_) | None => None,
        },
        Op::Select => known(1).zip(known(2)).map(|(a, b)| (a.0.min(b.0), a.1.max(b.1))),
        Op::SExt(from) if from != Type::I1 => Some(known(0).unwrap_or(whole(from))),
        Op::ZExt(from) => Some(natural(0).unwrap_or((0, (1i128 << from.bits()) - 1))),
        Op::Trunc(_) => known(0),
        _ => None,
    };
    found.map_or(State::Any, |(low, high)| between(low, high, ty))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_stay_within_the_type() {
        assert_eq!(
            between(0, i128::from(i32::MAX), Type::I32),
            State::Known(Range { low: 0, high: 0x7fff_ffff })
        );
        assert_eq!(between(0, 1 << 31, Type::I32), State::Any);
        assert_eq!(
            register(Sreg::TidX, [256, 1, 1], GridSize::Any),
            State::Known(Range { low: 0, high: 255 })
        );
    }

    #[test]
    fn extension_needs_natural_numbers_or_a_sign() {
        let ranges = |low, high| Ranges { states: vec![State::Known(Range { low, high })] };
        let check = |low, high, signed, want| assert_eq!(ranges(low, high).extends(Value(0), signed), want);
        check(0, 511, false, true);
        check(-1, 510, false, false);
        check(-1, 510, true, true);
        check(-(1 << 31), (1 << 31) - 1, true, false);
    }
}
