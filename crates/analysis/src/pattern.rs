//! Patterns: how far each lane's value is from the first lane's where that is the same in every chunk, though no stride says
//! it. `t / 8` and `t % 8` of a thread number are such, and addresses made of them.
//!
//! Invariant: in every chunk, `value(lane) = value(0) + steps[lane]` modulo the type's width.

use crate::shape::sext;
use crate::{GangLayout, Shape, Uniformity};
use ir::{Block, Function, Inst, Op, Sreg, Type, Value, ValueDef};

/// Steps of arithmetic that are looked at.
const DEPTH: u32 = 16;

/// The steps of a value as used in `block`, if it has a pattern.
pub fn of(
    func: &Function,
    uni: &Uniformity,
    layout: &GangLayout,
    value: Value,
    block: Block,
) -> Option<Vec<i64>> {
    Finder { func, uni, layout }.find(value, block, DEPTH).map(|p| p.steps)
}

struct Pattern {
    steps: Vec<i64>,
    /// Bits that may be set in the first lane's value.
    base: u64,
}

impl Pattern {
    /// The bits that differ between lanes, if adding a step to the first lane's value carries nowhere.
    fn disjoint(&self) -> Option<u64> {
        let bits = self.steps.iter().fold(0, |all, s| all | s);
        (bits >= 0 && self.base & bits as u64 == 0).then_some(bits as u64)
    }

    /// All bits that may be set in any lane.
    fn bits(&self) -> Option<u64> {
        Some(self.disjoint()? | self.base)
    }

    fn map(&self, step: impl Fn(i64) -> Option<i64>, base: u64) -> Option<Pattern> {
        let steps = self.steps.iter().map(|&s| step(s)).collect::<Option<Vec<i64>>>()?;
        Some(Pattern { steps, base })
    }
}

struct Finder<'a> {
    func: &'a Function,
    uni: &'a Uniformity,
    layout: &'a GangLayout,
}

impl Finder<'_> {
    fn find(&self, value: Value, block: Block, depth: u32) -> Option<Pattern> {
        let ty = self.func.ty(value);
        if !matches!(ty, Type::I16 | Type::I32 | Type::I64) || self.uni.blended(value, block) {
            return None;
        }
        let known = depth.checked_sub(1).and_then(|depth| self.computed(value, ty, depth));
        known.or_else(|| {
            let stride = match self.uni.shape(value) {
                _ if self.uni.origin(value).is_some() => return None,
                Shape::Unknown | Shape::Uniform => 0,
                Shape::Affine { stride, .. } | Shape::Chunked(stride) => stride,
                Shape::Varying => return None,
            };
            let steps = (0..i64::from(self.layout.lanes)).map(|l| l.wrapping_mul(stride)).collect();
            Some(Pattern { steps, base: ty.mask() })
        })
    }

    /// From the instruction that computes it.
    fn computed(&self, value: Value, ty: Type, depth: u32) -> Option<Pattern> {
        if let Some(bits) = self.func.as_const(value) {
            return Some(self.same(bits));
        }
        let ValueDef::Result(inst, _) = self.func.def(value) else { return None };
        let block = self.uni.def_block(value)?;
        let data = self.func.inst(inst);
        let arg = |i: usize| self.find(data.args[i], block, depth);
        let number = |i: usize| self.func.as_const(data.args[i]);
        let op = match data.inst {
            Inst::Sreg(reg) => return self.register(reg),
            Inst::ToGeneric(_) | Inst::FromGeneric(_) => return arg(0)?.map(Some, ty.mask()),
            Inst::Pure { op, .. } => op,
            _ => return None,
        };
        match op {
            Op::IAdd => add(&arg(0)?, &arg(1)?, ty),
            Op::Or | Op::Xor => {
                let (a, b) = (arg(0)?, arg(1)?);
                if a.bits()? & b.bits()? == 0 { add(&a, &b, ty) } else { None }
            }
            Op::ISub => {
                let (a, b) = (arg(0)?, arg(1)?);
                let steps: Vec<i64> = a.steps.iter().zip(&b.steps).map(|(a, b)| a.wrapping_sub(*b)).collect();
                Some(Pattern { steps, base: ty.mask() })
            }
            Op::IMul => match (number(0), number(1)) {
                (_, Some(by)) => times(&arg(0)?, by, ty),
                (Some(by), _) => times(&arg(1)?, by, ty),
                (None, None) => None,
            },
            Op::Shl => times(&arg(0)?, 1u64.checked_shl(number(1)? as u32)?, ty),
            Op::ShrU => {
                let (a, by) = (arg(0)?, number(1)?);
                a.disjoint()?;
                if by >= u64::from(ty.bits()) { None } else { a.map(|s| Some(s >> by), a.base >> by) }
            }
            Op::And => {
                let (a, mask) = match (number(0), number(1)) {
                    (_, Some(mask)) => (arg(0)?, mask),
                    (Some(mask), _) => (arg(1)?, mask),
                    (None, None) => return None,
                };
                a.disjoint()?;
                a.map(|s| Some(s & mask as i64), a.base & mask)
            }
            Op::Trunc(_) => {
                let a = arg(0)?;
                a.disjoint()?;
                a.map(|s| Some(s & ty.mask() as i64), a.base & ty.mask())
            }
            Op::ZExt(_) => {
                let a = arg(0)?;
                a.bits().and_then(|_| a.map(Some, a.base))
            }
            Op::SExt(from) => {
                let a = arg(0)?;
                let positive = a.bits()? >> (from.bits() - 1) == 0;
                if positive { a.map(Some, a.base) } else { None }
            }
            _ => None,
        }
    }

    fn same(&self, base: u64) -> Pattern {
        Pattern { steps: vec![0; self.layout.lanes as usize], base }
    }

    fn register(&self, reg: Sreg) -> Option<Pattern> {
        let [x, y, z] = self.layout.block;
        let lanes = u64::from(self.layout.lanes);
        let below = |n: u32| u64::from(n.next_power_of_two()) - 1;
        let whole = x.is_multiple_of(self.layout.lanes) && lanes.is_power_of_two();
        let rising = |most: u64| Pattern { steps: (0..lanes as i64).collect(), base: most & !(lanes - 1) };
        match reg {
            Sreg::TidX if whole => Some(rising(below(x))),
            Sreg::TidY if whole => Some(self.same(below(y))),
            Sreg::TidZ if whole => Some(self.same(below(z))),
            Sreg::LaneId if lanes <= 32 && lanes.is_power_of_two() => Some(rising(31)),
            _ => None,
        }
    }
}

/// Ones up to the highest that is set.
fn filled(bits: u64) -> u64 {
    u64::MAX.checked_shr(bits.leading_zeros()).unwrap_or(0)
}

fn add(a: &Pattern, b: &Pattern, ty: Type) -> Option<Pattern> {
    let steps: Vec<i64> = a.steps.iter().zip(&b.steps).map(|(a, b)| a.wrapping_add(*b)).collect();
    let low = (1u64 << a.base.trailing_zeros().min(b.base.trailing_zeros()).min(63)) - 1;
    let base = match a.base & b.base {
        0 => a.base | b.base,
        _ => filled(a.base.saturating_add(b.base)) & !low,
    };
    Some(Pattern { steps, base: if base > ty.mask() { ty.mask() & !low } else { base } })
}

fn times(a: &Pattern, by: u64, ty: Type) -> Option<Pattern> {
    let low = (1u64 << (a.base.trailing_zeros() + by.trailing_zeros()).min(63)) - 1;
    let base = match by.is_power_of_two() {
        true => a.base.wrapping_shl(by.trailing_zeros()) & ty.mask(),
        false => filled(a.base.saturating_mul(by)) & ty.mask() & !low,
    };
    let fits = u128::from(a.base) * u128::from(by) <= u128::from(ty.mask());
    let signed = sext(by, ty);
    a.map(|s| s.checked_mul(signed), if fits { base } else { ty.mask() & !low })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cfg, uniformity};
    use ir::Builder;

    /// The steps of `make` of `tid.x` in blocks of 32 threads, in gangs of 2 chunks of 8 lanes.
    fn steps(make: impl Fn(&mut Builder<'_>, Value) -> Value) -> Option<Vec<i64>> {
        let mut func = Function::new("f", Default::default());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let tid = b.sreg(Sreg::TidX);
        let value = make(&mut b, tid);
        b.ret(&[]);
        let layout = GangLayout { lanes: 8, chunks: 2, block: [32, 1, 1], local_bytes: 0 };
        let graph = cfg::compute(&func);
        of(&func, &uniformity(&func, &graph, &layout), &layout, value, Function::ENTRY)
    }

    #[test]
    fn quotients_and_remainders_of_thread_numbers() {
        let op = |b: &mut Builder<'_>, op: Op, a: Value, c: i32| {
            let c = b.i32(c);
            b.op(op, Type::I32, &[a, c])
        };
        assert_eq!(steps(|b, t| op(b, Op::ShrU, t, 1)), Some(vec![0, 0, 1, 1, 2, 2, 3, 3]));
        assert_eq!(steps(|b, t| op(b, Op::And, t, 3)), Some(vec![0, 1, 2, 3, 0, 1, 2, 3]));
        let address = |b: &mut Builder<'_>, t: Value| {
            let (row, column) = (op(b, Op::And, t, 1), op(b, Op::ShrU, t, 1));
            let row = op(b, Op::Shl, row, 8);
            let sum = b.op(Op::Or, Type::I32, &[row, column]);
            let wide = b.op(Op::ZExt(Type::I32), Type::I64, &[sum]);
            let four = b.i64(4);
            b.op(Op::IMul, Type::I64, &[wide, four])
        };
        assert_eq!(steps(address), Some(vec![0, 1024, 4, 1028, 8, 1032, 12, 1036]));
        let narrow = |b: &mut Builder<'_>, t: Value| {
            let half = b.op(Op::Trunc(Type::I32), Type::I16, &[t]);
            let three = b.push(Inst::Const { ty: Type::I16, bits: 3 }, &[])[0];
            let low = b.op(Op::And, Type::I16, &[half, three]);
            b.op(Op::ZExt(Type::I16), Type::I32, &[low])
        };
        assert_eq!(steps(narrow), Some(vec![0, 1, 2, 3, 0, 1, 2, 3]));
        // 5 is added to the first lane's 0, 8, 16 and 24: what carries is not the same everywhere.
        let shifted = |b: &mut Builder<'_>, t: Value| {
            let sum = op(b, Op::IAdd, t, 5);
            op(b, Op::ShrU, sum, 3)
        };
        assert_eq!(steps(shifted), None);
        assert_eq!(steps(|b, t| b.op(Op::IMul, Type::I32, &[t, t])), None);
    }
}
