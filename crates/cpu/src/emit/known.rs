//! What is known of each thread before a block runs: in a block that is one gang, thread numbers and all that follows
//! from them are constants.
//!
//! Invariant: a list has the value's bits for every thread of the block, wherever it is used.

use analysis::GangLayout;
use ir::{Function, GlobalId, Inst, Op, Sreg, Value, eval};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// Steps of arithmetic that are followed back from a value.
const DEPTH: u32 = 24;

type List = Rc<Vec<u64>>;

/// Whose threads a list is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scope {
    /// The block's.
    Block,
    /// Any warp's: what is the same in each. `Along`: whether its lanes follow each other along x.
    Warp { along: Along },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Along {
    X,
    Several,
}

/// Values by thread, computed when they are asked for.
pub(crate) struct Known<'a> {
    func: &'a Function,
    layout: GangLayout,
    scope: Scope,
    found: RefCell<FxHashMap<Value, Option<List>>>,
}

/// A place in a variable for each thread, in bytes from its start.
pub(crate) type Offsets = Rc<Vec<i64>>;

impl<'a> Known<'a> {
    /// `None` unless the block is one gang of more than one lane, all of whose lanes exist.
    pub fn of(func: &'a Function, layout: GangLayout) -> Option<Known<'a>> {
        let alone = layout.gangs() == 1 && layout.full() && layout.lanes > 1;
        alone.then(|| Known { func, layout, scope: Scope::Block, found: RefCell::default() })
    }

    /// What is the same in each warp of a block: a list of 32.
    pub fn of_warp(func: &'a Function, layout: GangLayout) -> Known<'a> {
        let [x, y, z] = layout.block;
        let along = if x.is_multiple_of(32) || y * z == 1 { Along::X } else { Along::Several };
        let layout = GangLayout { block: [32, 1, 1], ..layout };
        Known { func, layout, scope: Scope::Warp { along }, found: RefCell::default() }
    }

    /// The bits of `value` for each thread.
    pub fn value(&self, value: Value) -> Option<List> {
        self.find(value, DEPTH)
    }

    fn find(&self, value: Value, depth: u32) -> Option<List> {
        if let Some(found) = self.found.borrow().get(&value) {
            return found.clone();
        }
        let found = depth.checked_sub(1).and_then(|depth| self.compute(value, depth));
        self.found.borrow_mut().insert(value, found.clone());
        found
    }

    fn compute(&self, value: Value, depth: u32) -> Option<List> {
        let data = self.func.def_inst(value)?;
        let threads = self.layout.threads();
        match data.inst {
            Inst::Const { bits, .. } => Some(Rc::new(vec![bits; threads as usize])),
            Inst::Sreg(reg) => {
                let of = self.register(reg)?;
                Some(Rc::new((0..threads).map(of).collect()))
            }
            Inst::Pure { op: Op::And, .. } if self.is_lane(data.args[0], data.args[1]) => {
                let mask = self.func.as_const(data.args[1])?;
                Some(Rc::new((0..u64::from(threads)).map(|t| t & mask).collect()))
            }
            Inst::Pure { op, ty } => {
                let args: Option<Vec<List>> = data.args.iter().map(|&a| self.find(a, depth)).collect();
                let args = args?;
                let mut operands = vec![0; args.len()];
                let of = |t: usize| {
                    operands.iter_mut().zip(&args).for_each(|(o, a)| *o = a[t]);
                    eval::eval(op, ty, &operands)
                };
                Some(Rc::new((0..threads as usize).map(of).collect()))
            }
            _ => None,
        }
    }

    /// Whether the masked bits of a value are those of the lane's number in its warp.
    fn is_lane(&self, value: Value, mask: Value) -> bool {
        let x = self.func.def_inst(value).is_some_and(|d| matches!(d.inst, Inst::Sreg(Sreg::TidX)));
        let low = self.func.as_const(mask).is_some_and(|m| m < 32);
        x && low && self.scope == Scope::Warp { along: Along::X }
    }

    /// What a register is for a thread.
    fn register(&self, reg: Sreg) -> Option<Box<dyn Fn(u32) -> u64>> {
        let [x, y, _] = self.layout.block;
        if self.scope != Scope::Block && reg != Sreg::LaneId {
            return None;
        }
        match reg {
            Sreg::TidX => Some(Box::new(move |t| u64::from(t % x))),
            Sreg::TidY => Some(Box::new(move |t| u64::from(t / x % y))),
            Sreg::TidZ => Some(Box::new(move |t| u64::from(t / (x * y)))),
            Sreg::LaneId => Some(Box::new(|t| u64::from(t % 32))),
            Sreg::WarpId => Some(Box::new(|t| u64::from(t / 32))),
            _ => None,
        }
    }

    /// The variable that an address lies in, and where in it, for each thread.
    pub fn place(&self, addr: Value) -> Option<(GlobalId, Offsets)> {
        let data = self.func.def_inst(addr)?;
        match data.inst {
            Inst::GlobalAddr { global, offset } => {
                Some((global, Rc::new(vec![offset; self.layout.threads() as usize])))
            }
            Inst::Pure { op: Op::IAdd, .. } => {
                let (a, b) = (data.args[0], data.args[1]);
                let ((global, base), by) = match self.place(a) {
                    Some(base) => (base, self.value(b)?),
                    None => (self.place(b)?, self.value(a)?),
                };
                let sums = base.iter().zip(by.iter()).map(|(o, &by)| o.wrapping_add(by as i64));
                Some((global, Rc::new(sums.collect())))
            }
            _ => None,
        }
    }
}

/// A mask as an LLVM constant.
pub(crate) fn mask_constant(lanes: &[bool]) -> String {
    if lanes.iter().all(|&on| on) {
        return "splat (i1 true)".into();
    }
    if lanes.iter().all(|&on| !on) {
        return "zeroinitializer".into();
    }
    let list: Vec<String> = lanes.iter().map(|on| format!("i1 {on}")).collect();
    format!("<{}>", list.join(", "))
}

/// The lanes of a mask that is a constant.
pub(crate) fn constant_mask(text: &str, lanes: u32) -> Option<Vec<bool>> {
    match text {
        "splat (i1 true)" => Some(vec![true; lanes as usize]),
        "zeroinitializer" => Some(vec![false; lanes as usize]),
        _ => {
            let list = text.strip_prefix('<')?.strip_suffix('>')?;
            Some(list.split(", ").map(|bit| bit == "i1 true").collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_read_as_they_are_written() {
        for lanes in [[true; 4], [false; 4], [true, false, false, true]] {
            assert_eq!(constant_mask(&mask_constant(&lanes), 4), Some(lanes.to_vec()));
        }
        assert_eq!(constant_mask("%t3", 4), None);
    }
}
