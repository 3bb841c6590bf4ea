//! Numbers that depend on the block by one term and on the thread by another: `blockIdx.x * 16 + threadIdx.x - 1`.
//!
//! Invariant: for every thread of a block, `value = base + constant + steps[thread]` modulo 2^32, where `base` is
//! computed by instructions that depend on nothing but the launch and the block.

use analysis::shape::sext;
use ir::{Function, Inst, InstId, MemOrder, Op, Space, SrcLoc, Sreg, Type, Value, eval};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Steps of arithmetic that are followed back from a value.
const DEPTH: u32 = 24;

/// What a number depends on beside the thread.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    Constant,
    /// The launch: a parameter, the grid's size.
    Launch,
    /// Which block it is.
    Position,
}

/// A number of 32 bits, by its parts.
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    pub base: Option<Value>,
    pub constant: i64,
    /// By thread; zero for the first.
    pub steps: Rc<Vec<i64>>,
    pub kind: Kind,
}

impl Linear {
    /// Whether all threads of a block have one value.
    pub fn is_uniform(&self) -> bool {
        self.steps.iter().all(|&s| s == 0)
    }

    /// The least that is added to the base.
    pub fn low(&self) -> i64 {
        self.constant + self.steps.iter().min().copied().unwrap_or(0)
    }

    /// The most that is added to the base.
    pub fn high(&self) -> i64 {
        self.constant + self.steps.iter().max().copied().unwrap_or(0)
    }
}

/// Instructions that compute bases; each stands there once.
#[derive(Default)]
pub(crate) struct Header {
    pub insts: Vec<InstId>,
    seen: FxHashMap<(Inst, Vec<Value>), Value>,
}

impl Header {
    pub fn emit(&mut self, func: &mut Function, inst: Inst, args: &[Value]) -> Value {
        let mut key = args.to_vec();
        if let Inst::Pure { op: Op::IAdd | Op::IMul, .. } = inst {
            key.sort_unstable_by_key(|v| v.0);
        }
        if let Some(&v) = self.seen.get(&(inst, key.clone())) {
            return v;
        }
        let types = Function::result_types(&inst);
        let id = func.add_inst(inst, &key, &types, SrcLoc::default());
        self.insts.push(id);
        let v = func.inst(id).results[0];
        self.seen.insert((inst, key), v);
        v
    }

    pub fn constant(&mut self, func: &mut Function, ty: Type, value: i64) -> Value {
        self.emit(func, Inst::Const { ty, bits: value as u64 & ty.mask() }, &[])
    }

    fn op(&mut self, func: &mut Function, op: Op, args: &[Value]) -> Value {
        self.emit(func, Inst::Pure { op, ty: Type::I32 }, args)
    }
}

/// The parts of values, found when they are asked for.
pub(crate) struct Linears {
    pub header: Header,
    block: [u32; 3],
    found: FxHashMap<Value, Option<Linear>>,
    bits: FxHashMap<Value, Option<Rc<Vec<u64>>>>,
}

fn narrow(x: i64) -> i64 {
    sext(x as u64, Type::I32)
}

impl Linears {
    pub fn new(block: [u32; 3]) -> Linears {
        Linears { header: Header::default(), block, found: FxHashMap::default(), bits: FxHashMap::default() }
    }

    pub fn of(&mut self, func: &mut Function, value: Value) -> Option<Linear> {
        self.find(func, value, DEPTH)
    }

    /// From now on, `value` is what `form` says.
    pub fn assume(&mut self, value: Value, form: Linear) {
        self.found.insert(value, Some(form));
    }

    fn find(&mut self, func: &mut Function, value: Value, depth: u32) -> Option<Linear> {
        if let Some(found) = self.found.get(&value) {
            return found.clone();
        }
        let found = depth.checked_sub(1).and_then(|depth| self.compute(func, value, depth));
        self.found.insert(value, found.clone());
        found
    }

    fn threads(&self) -> u32 {
        self.block.iter().product()
    }

    pub fn known(&self, values: impl Fn(u32) -> i64) -> Linear {
        let first = values(0);
        let steps = (0..self.threads()).map(|t| narrow(values(t).wrapping_sub(first))).collect();
        Linear { base: None, constant: narrow(first), steps: Rc::new(steps), kind: Kind::Constant }
    }

    fn uniform(&self, base: Value, kind: Kind) -> Linear {
        Linear { base: Some(base), constant: 0, steps: Rc::new(vec![0; self.threads() as usize]), kind }
    }

    fn compute(&mut self, func: &mut Function, value: Value, depth: u32) -> Option<Linear> {
        if func.ty(value) != Type::I32 {
            return None;
        }
        let data = func.def_inst(value)?.clone();
        match data.inst {
            Inst::Const { bits, .. } => Some(self.known(|_| bits as i64)),
            Inst::Sreg(reg) => self.register(func, reg),
            Inst::Load { space: Space::Param, count: 1, sem, .. } if sem.order == MemOrder::Weak => {
                let at = func.as_const(data.args[0])?;
                let at = self.header.constant(func, func.ty(data.args[0]), at as i64);
                let load = self.header.emit(func, data.inst, &[at]);
                Some(self.uniform(load, Kind::Launch))
            }
            Inst::Pure { op: Op::ZExt(_) | Op::SExt(_) | Op::Trunc(_), .. } => {
                let list = self.by_thread(func, value, depth)?;
                Some(self.known(|t| list[t as usize] as i64))
            }
            Inst::Pure { op, ty: Type::I32 } => {
                let args: Option<Vec<Linear>> =
                    data.args.iter().map(|&a| self.find(func, a, depth)).collect();
                self.pure(func, op, &args?)
            }
            _ => None,
        }
    }

    /// The bits of an integer of any type that depends on nothing but the thread's number.
    fn by_thread(&mut self, func: &Function, value: Value, depth: u32) -> Option<Rc<Vec<u64>>> {
        if let Some(found) = self.bits.get(&value) {
            return found.clone();
        }
        let found = depth.checked_sub(1).and_then(|depth| self.compute_bits(func, value, depth));
        self.bits.insert(value, found.clone());
        found
    }

    fn compute_bits(&mut self, func: &Function, value: Value, depth: u32) -> Option<Rc<Vec<u64>>> {
        let data = func.def_inst(value)?;
        let [x, y, _] = self.block;
        let all = 0..self.threads();
        let list: Vec<u64> = match data.inst {
            Inst::Const { bits, .. } => all.map(|_| bits).collect(),
            Inst::Sreg(Sreg::TidX) => all.map(|t| u64::from(t % x)).collect(),
            Inst::Sreg(Sreg::TidY) => all.map(|t| u64::from(t / x % y)).collect(),
            Inst::Sreg(Sreg::TidZ) => all.map(|t| u64::from(t / (x * y))).collect(),
            Inst::Pure { op, ty } if !ty.is_float() => {
                let args: Option<Vec<_>> =
                    data.args.iter().map(|&a| self.by_thread(func, a, depth)).collect();
                let args = args?;
                let of = |t: u32| -> Vec<u64> { args.iter().map(|a| a[t as usize]).collect() };
                all.map(|t| eval::eval(op, ty, &of(t))).collect()
            }
            _ => return None,
        };
        Some(Rc::new(list))
    }

    fn register(&mut self, func: &mut Function, reg: Sreg) -> Option<Linear> {
        let [x, y, _] = self.block;
        match reg {
            Sreg::TidX => Some(self.known(|t| i64::from(t % x))),
            Sreg::TidY => Some(self.known(|t| i64::from(t / x % y))),
            Sreg::TidZ => Some(self.known(|t| i64::from(t / (x * y)))),
            Sreg::CtaidX | Sreg::CtaidY | Sreg::CtaidZ => {
                let v = self.header.emit(func, Inst::Sreg(reg), &[]);
                Some(self.uniform(v, Kind::Position))
            }
            Sreg::NctaidX | Sreg::NctaidY | Sreg::NctaidZ => {
                let v = self.header.emit(func, Inst::Sreg(reg), &[]);
                Some(self.uniform(v, Kind::Launch))
            }
            _ => None,
        }
    }

    fn pure(&mut self, func: &mut Function, op: Op, args: &[Linear]) -> Option<Linear> {
        let constant =
            |k: usize| (args[k].base.is_none() && args[k].is_uniform()).then_some(args[k].constant);
        match op {
            Op::IAdd => return Some(self.add(func, &args[0], &args[1])),
            Op::ISub => return Some(self.subtract(func, &args[0], &args[1])),
            Op::INeg => return Some(self.scale(func, &args[0], -1)),
            Op::IMul => {
                if let Some(by) = constant(1) {
                    return Some(self.scale(func, &args[0], by));
                }
                if let Some(by) = constant(0) {
                    return Some(self.scale(func, &args[1], by));
                }
            }
            Op::Shl => {
                if let Some(by) = constant(1).filter(|by| (0..32).contains(by)) {
                    return Some(self.scale(func, &args[0], 1 << by));
                }
            }
            _ => {}
        }
        if args.iter().all(|a| a.base.is_none()) {
            let bits = |a: &Linear, t: usize| (a.constant + a.steps[t]) as u64 & Type::I32.mask();
            return Some(self.known(|t| {
                let operands: Vec<u64> = args.iter().map(|a| bits(a, t as usize)).collect();
                eval::eval(op, Type::I32, &operands) as i64
            }));
        }
        if args.iter().all(Linear::is_uniform) {
            let values: Vec<Value> = args.iter().map(|a| self.value(func, a)).collect();
            let result = self.header.op(func, op, &values);
            let kind = args.iter().map(|a| a.kind).max()?;
            return Some(self.uniform(result, kind));
        }
        None
    }

    /// A uniform number as a value.
    fn value(&mut self, func: &mut Function, form: &Linear) -> Value {
        let constant = self.header.constant(func, Type::I32, form.constant);
        match form.base {
            Some(base) if form.constant == 0 => base,
            Some(base) => self.header.op(func, Op::IAdd, &[base, constant]),
            None => constant,
        }
    }

    pub fn add(&mut self, func: &mut Function, a: &Linear, b: &Linear) -> Linear {
        let base = match (a.base, b.base) {
            (Some(x), Some(y)) => Some(self.header.op(func, Op::IAdd, &[x, y])),
            (one, None) | (None, one) => one,
        };
        let steps = a.steps.iter().zip(b.steps.iter()).map(|(x, y)| narrow(x + y)).collect();
        let constant = narrow(a.constant + b.constant);
        Linear { base, constant, steps: Rc::new(steps), kind: a.kind.max(b.kind) }
    }

    pub fn subtract(&mut self, func: &mut Function, a: &Linear, b: &Linear) -> Linear {
        // What was added is taken away again.
        if let (Some(sum), Some(term)) = (a.base, b.base)
            && let Some(rest) = without(func, sum, term)
        {
            let a = Linear { base: rest, ..a.clone() };
            let b = Linear { base: None, ..b.clone() };
            return self.subtract(func, &a, &b);
        }
        let b = self.scale(func, b, -1);
        self.add(func, a, &b)
    }

    fn scale(&mut self, func: &mut Function, a: &Linear, by: i64) -> Linear {
        let base = a.base.map(|base| {
            let factor = self.header.constant(func, Type::I32, by);
            self.header.op(func, Op::IMul, &[base, factor])
        });
        let steps = a.steps.iter().map(|x| narrow(x.wrapping_mul(by))).collect();
        Linear { base, constant: narrow(a.constant.wrapping_mul(by)), steps: Rc::new(steps), kind: a.kind }
    }
}

/// A sum without one of its terms: `Some(None)` if nothing remains; `None` if that is no term of it.
pub(crate) fn without(func: &Function, sum: Value, term: Value) -> Option<Option<Value>> {
    if sum == term {
        return Some(None);
    }
    let data = func.def_inst(sum)?;
    if !matches!(data.inst, Inst::Pure { op: Op::IAdd, .. }) {
        return None;
    }
    match (data.args[0] == term, data.args[1] == term) {
        (true, _) => Some(Some(data.args[1])),
        (_, true) => Some(Some(data.args[0])),
        (false, false) => None,
    }
}
