//! A version of the kernel for blocks away from the edges of what the grid covers: where every thread's `x - 1` is at
//! least 0 and `x + 1` below the width, `max(x - 1, 0)` is `x - 1` and `(x + 1) % w` is `x + 1`. What remains is regular:
//! rows of memory instead of gathers. One test at the kernel's start decides for the whole block.
//!
//! Invariant: the test implies, for every thread of the block, all that the version takes for granted; other blocks run
//! the kernel as it was.

use crate::linear::{Kind, Linear, Linears, without};
use crate::{clean_up, copies};
use analysis::{Cfg, region};
use ir::{Block, BlockCall, Function, Inst, InstId, IntCc, Op, Space, Terminator, Type, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Most instructions of a kernel that gets a second version.
const SIZE: usize = 500;
/// Most inequalities that a block may have to be tested for.
const TESTS: usize = 28;
/// Guards that a test for the whole block is cheaper than: each takes a test of its own for every gang.
const GUARDS: usize = 10;
/// Branches between a store and the kernel's start that are looked at.
const DEPTH: usize = 8;

/// What an instruction is in the interior.
#[derive(Clone, Copy, Debug)]
enum Assumed {
    Value(Value),
    Difference(Value, Value),
    Truth(bool),
}

/// `low + d <= high`, for numbers that are widened first; `None` is zero.
type Tests = BTreeMap<Sides, i64>;
type Sides = (Option<Value>, Option<Value>);

/// A kernel in two versions that are not joined yet.
pub struct Versions {
    /// As it was.
    pub original: Function,
    pub interior: Function,
    /// The test of the block, and the instructions of the original that compute it and are in no block so far.
    cond: Value,
    header: Vec<InstId>,
}

/// The versions of a kernel whose blocks have this shape, if a second one pays.
pub fn find(func: &Function, block: [u32; 3]) -> Option<Versions> {
    let cfg = analysis::cfg::compute(func);
    let size: usize = cfg.rpo.iter().map(|b| func.block(*b).insts.len()).sum();
    let starts_once = cfg.preds[Function::ENTRY.index()].is_empty();
    let insts = || cfg.rpo.iter().flat_map(|b| &func.block(*b).insts).map(|i| &func.inst(*i).inst);
    let is_bound = |i: &&Inst| {
        let ops = [Op::MinS, Op::MinU, Op::MaxS, Op::MaxU, Op::RemS, Op::RemU];
        matches!(i, Inst::Pure { op, ty: Type::I32 } if ops.contains(op))
    };
    let is_guard = |i: &&Inst| matches!(i, Inst::Pure { op: Op::ICmp(_), ty: Type::I32 });
    let shares = insts().any(|i| matches!(i, Inst::Barrier { .. }));
    if !insts().any(|i| is_bound(&i)) && !shares && insts().filter(is_guard).count() < GUARDS {
        return None;
    }
    if size > SIZE || !starts_once || block.iter().product::<u32>() == 1 {
        return None;
    }
    let mut original = func.clone();
    let mut search =
        Search { linears: Linears::new(block), tests: Tests::new(), assumed: FxHashMap::default() };
    for &b in &cfg.rpo {
        for &inst in &func.block(b).insts {
            search.look_at(&mut original, inst);
        }
    }
    let pays = search.pays() || shares && search.guards_rim(&mut original, &cfg);
    if search.tests.len() > TESTS || !pays {
        return None;
    }
    let mut interior = func.clone();
    apply(&mut interior, &search.assumed);
    clean_up(&mut interior);
    let cond = search.condition(&mut original);
    Some(Versions { original, interior, cond, header: search.linears.header.insts })
}

impl Versions {
    /// Both, behind the test. They share the return that most of each comes to, where lanes meet.
    pub fn join(self) -> Function {
        let Versions { original: mut func, interior, cond, mut header } = self;
        let ends = [&func, &interior].map(|f| region::main_return(f, &analysis::cfg::compute(f)));
        let slow = func.add_block();
        let (first, blocks) = copy(&mut func, &interior);
        let entry = func.block_mut(Function::ENTRY);
        let insts = std::mem::take(&mut entry.insts);
        let (then, els) = (BlockCall::new(first), BlockCall::new(slow));
        let term = std::mem::replace(&mut entry.term, Terminator::Branch { cond, then, els });
        entry.insts.append(&mut header);
        let loc = entry.term_loc;
        let data = func.block_mut(slow);
        (data.insts, data.term, data.term_loc) = (insts, term, loc);
        if let [Some(one), Some(two)] = ends {
            let one = if one == Function::ENTRY { slow } else { one };
            let end = func.add_block();
            // A block that only returns would be there once for each that goes to it.
            let mark = Inst::Const { ty: Type::I1, bits: 0 };
            let mark = func.add_inst(mark, &[], &[Type::I1], loc);
            func.block_mut(end).insts.push(mark);
            func.block_mut(end).term = Terminator::Ret(Default::default());
            for last in [one, blocks[&two]] {
                func.block_mut(last).term = Terminator::Jump(BlockCall::new(end));
            }
        }
        func
    }
}

struct Search {
    linears: Linears,
    tests: Tests,
    assumed: FxHashMap<InstId, Assumed>,
}

/// Which side of a bound the interior is on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Above,
    Below,
}

impl Search {
    fn look_at(&mut self, func: &mut Function, inst: InstId) {
        let data = func.inst(inst).clone();
        let Inst::Pure { op, .. } = data.inst else { return };
        let (Some(&a), Some(&b)) = (data.args.first(), data.args.get(1)) else { return };
        let result = data.results[0];
        match op {
            Op::MinS | Op::MinU | Op::MaxS | Op::MaxU => {
                let (Some(x), Some(y)) = (self.linears.of(func, a), self.linears.of(func, b)) else { return };
                let (value, position, bound) = match (x.kind, y.kind) {
                    (Kind::Position, Kind::Constant | Kind::Launch) => (a, x, y),
                    (Kind::Constant | Kind::Launch, Kind::Position) => (b, y, x),
                    _ => return,
                };
                let mut tests = match op {
                    Op::MinS | Op::MinU => vec![(&position, &bound, 0)],
                    _ => vec![(&bound, &position, 0)],
                };
                let zero = self.linears.known(|_| 0);
                if matches!(op, Op::MinU | Op::MaxU) {
                    tests.extend([(&zero, &position, 0), (&zero, &bound, 0)]);
                }
                if self.require(&tests) {
                    self.linears.assume(result, position.clone());
                    self.assumed.insert(inst, Assumed::Value(value));
                }
            }
            Op::RemS | Op::RemU => {
                let (Some(x), Some(y)) = (self.linears.of(func, a), self.linears.of(func, b)) else { return };
                if x.kind != Kind::Position || y.kind == Kind::Position {
                    return;
                }
                let zero = self.linears.known(|_| 0);
                // `(x + w - 1) % w`
                let turn = match (x.base, y.base) {
                    (Some(sum), Some(term)) => without(func, sum, term).is_some(),
                    _ => false,
                };
                let rest = if turn { self.linears.subtract(func, &x, &y) } else { x.clone() };
                if self.require(&[(&zero, &x, 0), (&zero, &rest, 0), (&rest, &y, 1)]) {
                    self.linears.assume(result, rest);
                    let found = if turn { Assumed::Difference(a, b) } else { Assumed::Value(a) };
                    self.assumed.insert(inst, found);
                }
            }
            Op::ICmp(cc) if func.ty(a) == Type::I32 => self.compare(func, inst, (cc, a, b)),
            _ => {}
        }
    }

    /// A comparison of a position with a bound.
    fn compare(&mut self, func: &mut Function, inst: InstId, (cc, a, b): (IntCc, Value, Value)) {
        let (x, y) = (self.positions(func, a), self.positions(func, b));
        let is_bound = |l: &[Linear]| matches!(l, [one] if one.kind != Kind::Position);
        let (positions, bound, cc, op) = match (x, y) {
            (Some((op, x)), Some((_, y))) if !is_bound(&x) && is_bound(&y) => (x, y, cc, op),
            (Some((_, x)), Some((op, y))) if is_bound(&x) && !is_bound(&y) => (y, x, cc.swapped(), op),
            _ => return,
        };
        let bound = &bound[0];
        let side = if bound.kind == Kind::Constant { Side::Above } else { Side::Below };
        // The largest of several is below if all are, the smallest above.
        if matches!((side, op), (Side::Above, Some(Op::MaxS)) | (Side::Below, Some(Op::MinS))) {
            return;
        }
        let (truth, strict) = match (cc, side) {
            (IntCc::Eq, _) => (false, 1),
            (IntCc::Ne, _) => (true, 1),
            (IntCc::LtS | IntCc::LtU, Side::Below) => (true, 1),
            (IntCc::LtS | IntCc::LtU, Side::Above) => (false, 0),
            (IntCc::LeS | IntCc::LeU, Side::Below) => (true, 0),
            (IntCc::LeS | IntCc::LeU, Side::Above) => (false, 1),
            (IntCc::GtS | IntCc::GtU, Side::Above) => (true, 1),
            (IntCc::GtS | IntCc::GtU, Side::Below) => (false, 0),
            (IntCc::GeS | IntCc::GeU, Side::Above) => (true, 0),
            (IntCc::GeS | IntCc::GeU, Side::Below) => (false, 1),
        };
        let zero = self.linears.known(|_| 0);
        let unsigned = matches!(cc, IntCc::LtU | IntCc::LeU | IntCc::GtU | IntCc::GeU);
        let mut tests = Vec::new();
        for position in &positions {
            tests.push(match side {
                Side::Below => (position, bound, strict),
                Side::Above => (bound, position, strict),
            });
            if unsigned {
                tests.extend([(&zero, position, 0), (&zero, bound, 0)]);
            }
        }
        if self.require(&tests) {
            self.assumed.insert(inst, Assumed::Truth(truth));
        }
    }

    /// A number, or the largest or smallest of two positions.
    fn positions(&mut self, func: &mut Function, v: Value) -> Option<(Option<Op>, Vec<Linear>)> {
        if let Some(form) = self.linears.of(func, v) {
            return Some((None, vec![form]));
        }
        let data = func.def_inst(v)?.clone();
        let Inst::Pure { op: op @ (Op::MinS | Op::MaxS), .. } = data.inst else { return None };
        let forms: Option<Vec<Linear>> = data.args.iter().map(|&a| self.linears.of(func, a)).collect();
        let forms = forms?;
        forms.iter().all(|f| f.kind == Kind::Position).then_some((Some(op), forms))
    }

    /// Adds `a + d <= b` for all threads, for each of a list; false and nothing if one never holds.
    fn require(&mut self, list: &[(&Linear, &Linear, i64)]) -> bool {
        let mut found: Vec<(Sides, i64)> = Vec::new();
        for &(a, b, d) in list {
            found.push(((a.base, b.base), a.high() + d - b.low()));
            for x in [a, b] {
                // No thread's number wraps.
                found.push(((x.base, None), x.high() - i64::from(i32::MAX)));
                found.push(((None, x.base), i64::from(i32::MIN) - x.low()));
            }
        }
        if found.iter().any(|((a, b), d)| a == b && *d > 0) {
            return false;
        }
        for (key, d) in found.into_iter().filter(|((a, b), _)| a != b) {
            let least = self.tests.entry(key).or_insert(d);
            *least = d.max(*least);
        }
        true
    }

    /// Whether the interior is much more regular: bounded or wrapped coordinates are lanes side by side. A few guards alone
    /// are decided as well by a test of each gang.
    fn pays(&self) -> bool {
        let regular = self.assumed.values().any(|a| !matches!(a, Assumed::Truth(_)));
        regular || self.assumed.len() >= GUARDS
    }

    /// Whether a store to shared memory is guarded by its thread's number, and a bound guards it or what is on its way:
    /// without the bound it is known which threads fill which part of a tile.
    fn guards_rim(&mut self, func: &mut Function, cfg: &Cfg) -> bool {
        let dom = analysis::dom::compute(cfg);
        let stores = |b: &Block| {
            let mut insts = func.block(*b).insts.iter().map(|&i| &func.inst(i).inst);
            insts.any(|i| matches!(i, Inst::Store { space: Space::Shared, .. }))
        };
        for store in cfg.rpo.iter().copied().filter(stores).collect::<Vec<_>>() {
            let (mut thread, mut bound, mut at) = (false, false, store);
            for _ in 0..DEPTH {
                let Some(up) = dom.idom(at) else { break };
                if let Terminator::Branch { cond, .. } = func.block(up).term {
                    let (t, b) = self.asks(func, cond, DEPTH);
                    thread |= t && cfg.preds[at.index()] == [up];
                    bound |= b;
                }
                at = up;
            }
            if thread && bound {
                return true;
            }
        }
        false
    }

    /// Whether a predicate asks for the thread's number alone, and for what is decided in the interior.
    fn asks(&mut self, func: &mut Function, value: Value, depth: usize) -> (bool, bool) {
        let (Some(depth), ir::ValueDef::Result(inst, _)) = (depth.checked_sub(1), func.def(value)) else {
            return (false, false);
        };
        let data = func.inst(inst).clone();
        let known = |f: Linear| f.kind == Kind::Constant;
        match data.inst {
            _ if self.assumed.contains_key(&inst) => (false, true),
            Inst::Pure { op: Op::ICmp(_), ty: Type::I32 } => {
                let known = data.args.iter().all(|&a| self.linears.of(func, a).is_some_and(known));
                (known, false)
            }
            Inst::Pure { ty: Type::I1, .. } => {
                let all = data.args.iter().map(|&a| self.asks(func, a, depth));
                all.fold((false, false), |x, y| (x.0 | y.0, x.1 | y.1))
            }
            _ => (false, false),
        }
    }

    /// Whether a block is in the interior, computed by the header.
    fn condition(&mut self, func: &mut Function) -> Value {
        let header = &mut self.linears.header;
        let wide = |op: Op| Inst::Pure { op, ty: Type::I64 };
        let mut all: Option<Value> = None;
        for (&(low, high), &d) in &self.tests {
            let [low, high] = [low, high].map(|v| match v {
                Some(v) => header.emit(func, wide(Op::SExt(Type::I32)), &[v]),
                None => header.constant(func, Type::I64, 0),
            });
            let d = header.constant(func, Type::I64, d);
            let low = header.emit(func, wide(Op::IAdd), &[low, d]);
            let holds = header.emit(func, wide(Op::ICmp(IntCc::LeS)), &[low, high]);
            all = Some(match all {
                None => holds,
                Some(a) => header.emit(func, Inst::Pure { op: Op::And, ty: Type::I1 }, &[a, holds]),
            });
        }
        all.unwrap_or_else(|| header.constant(func, Type::I1, 1))
    }
}

/// Puts in what is assumed.
fn apply(func: &mut Function, assumed: &FxHashMap<InstId, Assumed>) {
    let mut same: FxHashMap<Value, Value> = FxHashMap::default();
    for (&inst, &what) in assumed {
        let data = func.inst_mut(inst);
        match what {
            Assumed::Value(v) => {
                same.insert(data.results[0], v);
            }
            Assumed::Difference(a, b) => {
                data.inst = Inst::Pure { op: Op::ISub, ty: Type::I32 };
                data.args = [a, b].into_iter().collect();
            }
            Assumed::Truth(truth) => {
                data.inst = Inst::Const { ty: Type::I1, bits: u64::from(truth) };
                data.args.clear();
            }
        }
    }
    let last = |mut v: Value| {
        while let Some(&next) = same.get(&v) {
            v = next;
        }
        v
    };
    for data in &mut func.insts {
        data.args.iter_mut().for_each(|a| *a = last(*a));
    }
    for block in func.block_ids() {
        func.block_mut(block).term.map_uses(last);
    }
}

/// Copies what `from` reaches into `func`, of which it is a version; where it begins, and where each block is.
fn copy(func: &mut Function, from: &Function) -> (Block, FxHashMap<Block, Block>) {
    let cfg = analysis::cfg::compute(from);
    let blocks: FxHashMap<Block, Block> = cfg.rpo.iter().map(|&b| (b, func.add_block())).collect();
    let mut values: FxHashMap<Value, Value> = FxHashMap::default();
    for b in &cfg.rpo {
        for &p in &from.block(*b).params {
            values.insert(p, func.add_block_param(blocks[b], from.ty(p)));
        }
        copies::import(func, from, (*b, blocks[b]), &mut values);
    }
    let map = |v: Value| values.get(&v).copied().unwrap_or(v);
    for (b, to) in &blocks {
        copies::map_operands(func, *to, map);
        let mut term = from.block(*b).term.clone();
        term.map_uses(map);
        for call in term.successors_mut() {
            call.block = blocks[&call.block];
        }
        let data = func.block_mut(*to);
        (data.term, data.term_loc) = (term, from.block(*b).term_loc);
    }
    (blocks[&Function::ENTRY], blocks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::{Builder, Sreg, eval};

    const LANES: u32 = 16;
    /// The parameter at byte 0.
    const WIDTH: u64 = 64;

    /// A kernel that stores what `with` makes of a thread's position and the width.
    fn kernel(with: impl Fn(&mut Builder<'_>, Value, Value) -> Value) -> Function {
        let mut func = Function::new("f", Default::default());
        func.kernel = Some(Default::default());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let (tid, cta, lanes) = (b.sreg(Sreg::TidX), b.sreg(Sreg::CtaidX), b.i32(LANES as i32));
        let first = b.bin(Op::IMul, cta, lanes);
        let x = b.iadd(first, tid);
        let at = b.i64(0);
        let width = b.load(Space::Param, Type::I32, at);
        let found = with(&mut b, x, width);
        let to = b.op(Op::ZExt(Type::I32), Type::I64, &[x]);
        b.store(Space::Global, to, found);
        b.ret(&[]);
        func
    }

    /// What a value is for a thread of a block.
    fn value_for(func: &Function, value: Value, cta: u64, tid: u64) -> u64 {
        let data = func.def_inst(value).unwrap();
        match data.inst {
            Inst::Const { bits, .. } => bits,
            Inst::Sreg(Sreg::TidX) => tid,
            Inst::Sreg(_) => cta,
            Inst::Load { .. } => WIDTH,
            Inst::Pure { op, ty } => {
                let args: Vec<u64> = data.args.iter().map(|&a| value_for(func, a, cta, tid)).collect();
                eval::eval(op, ty, &args)
            }
            _ => unreachable!("only these are built"),
        }
    }

    /// What a function stores, in the block that stores.
    fn stored(func: &Function) -> Value {
        let all = func.blocks.iter().flat_map(|b| &b.insts);
        let store = all.copied().find(|&i| matches!(func.inst(i).inst, Inst::Store { .. })).unwrap();
        func.inst(store).args[1]
    }

    /// The blocks that are found to be in the interior; all of whose threads agree on what is stored there.
    fn inside(func: &Function) -> Option<Vec<u64>> {
        let versions = find(func, [LANES, 1, 1])?;
        let (was, is) = (stored(&versions.original), stored(&versions.interior));
        let is_inside = |&cta: &u64| value_for(&versions.original, versions.cond, cta, 0) == 1;
        let list: Vec<u64> = (0..6).filter(is_inside).collect();
        for &cta in &list {
            for tid in 0..u64::from(LANES) {
                let old = value_for(&versions.original, was, cta, tid);
                assert_eq!(old, value_for(&versions.interior, is, cta, tid), "block {cta}, thread {tid}");
            }
        }
        ir::verify(&versions.join(), None).unwrap();
        Some(list)
    }

    #[test]
    fn blocks_away_from_the_edges_are_the_interior() {
        let check = |expected: &[u64], with: &dyn Fn(&mut Builder<'_>, Value, Value) -> Value| {
            assert_eq!(inside(&kernel(with)), Some(expected.to_vec()));
        };
        check(&[1, 2, 3, 4, 5], &|b, x, _| {
            let (less, zero) = (b.i32(-1), b.i32(0));
            let left = b.iadd(x, less);
            b.bin(Op::MaxS, left, zero)
        });
        check(&[1, 2], &|b, x, width| {
            let (less, one, zero) = (b.i32(-1), b.i32(1), b.i32(0));
            let (left, right, last) = (b.iadd(x, less), b.iadd(x, one), b.iadd(width, less));
            let left = b.bin(Op::MaxS, left, zero);
            let right = b.bin(Op::MinS, right, last);
            b.iadd(left, right)
        });
        check(&[1, 2, 3], &|b, x, width| {
            let less = b.i32(-1);
            let left = b.iadd(width, less);
            let left = b.iadd(left, x);
            b.bin(Op::RemS, left, width)
        });
        check(&[0, 1, 2], &|b, x, width| {
            let one = b.i32(1);
            let right = b.iadd(x, one);
            b.bin(Op::RemU, right, width)
        });
    }

    #[test]
    fn a_guard_alone_is_not_worth_two_versions() {
        let guard = kernel(|b, x, width| {
            let below = b.icmp(IntCc::LtS, x, width);
            b.select(below, x, width)
        });
        assert!(find(&guard, [LANES, 1, 1]).is_none());
    }
}
