//! A second version of what divides a thread's number by a number that the launch decides, as code does that takes an index
//! into a tensor apart: `c = i / (h * w) % channels`. Threads side by side mostly share the quotient. Where all of a gang's do
//! ([`Inst::SameQuotient`]), quotients are scalars, remainders count on from thread to thread, and what they address are
//! rows of memory or single words.
//!
//! Invariant: both versions compute the same; the branch between them decides nothing but speed.

use crate::{Changed, cfg_simplify, copies};
use analysis::{Cfg, cfg, dom};
use ir::ops::Sign;
use ir::{Block, BlockCall, Function, Inst, InstId, Op, Space, Sreg, Terminator, Type, Value, ValueDef};
use rustc_hash::{FxHashMap, FxHashSet};

/// Most instructions that are written twice.
const SIZE: usize = 400;
/// Most questions.
const TESTS: usize = 8;
/// Divisors below this are reached within most vectors.
const LEAST: u64 = 32;

/// Adds the version, to a kernel whose blocks have this shape.
pub fn run(func: &mut Function, block_shape: [u32; 3]) -> Changed {
    let graph = cfg::compute(func);
    let tree = dom::compute(&graph);
    let mut search = Search { func, graph: &graph, block_shape, kinds: FxHashMap::default() };
    let divisions: Vec<(Block, InstId)> = graph
        .rpo
        .iter()
        .flat_map(|&b| func.block(b).insts.iter().map(move |&i| (b, i)))
        .filter(|&(_, i)| search.divides(i))
        .collect();
    let Some(&(block, first)) = divisions.first() else { return Changed::No };
    let inside: Vec<Block> = graph.rpo.iter().copied().filter(|&b| tree.dominates(block, b)).collect();
    if !may_be_twice(func, &inside) {
        return Changed::No;
    }
    let divisions: Vec<InstId> =
        divisions.into_iter().filter(|(b, _)| tree.dominates(block, *b)).map(|(_, i)| i).collect();
    let at = func.block(block).insts.iter().position(|&i| i == first).unwrap_or(0);
    let rest = cfg_simplify::split_block(func, block, at);
    let end = share_returns(func, rest);
    let graph = cfg::compute(func);
    let tree = dom::compute(&graph);
    let owned: Vec<Block> =
        graph.rpo.iter().copied().filter(|&b| tree.dominates(rest, b) && Some(b) != end).collect();
    bring_before(func, &owned, block);
    write_twice(func, &owned, (block, rest), &divisions);
    Changed::Yes
}

/// Whether a kernel takes its threads' numbers apart, rather than wrapping coordinates that seldom need it.
pub fn takes_apart(func: &Function, block_shape: [u32; 3]) -> bool {
    let graph = cfg::compute(func);
    let mut search = Search { func, graph: &graph, block_shape, kinds: FxHashMap::default() };
    let mut insts = graph.rpo.iter().flat_map(|&b| &func.block(b).insts);
    insts.any(|&i| {
        let data = func.inst(i);
        let wraps = matches!(data.inst, Inst::Pure { op: Op::RemS | Op::RemU, .. })
            && is_moved(func, data.args[0], data.args[1], 4);
        search.divides(i) && !wraps
    })
}

/// Whether a number is a sum with a constant or with the divisor: a neighbour's place.
fn is_moved(func: &Function, number: Value, divisor: Value, depth: u32) -> bool {
    match func.def_inst(number) {
        Some(data) if depth > 0 && matches!(data.inst, Inst::Pure { op: Op::IAdd | Op::ISub, .. }) => data
            .args
            .iter()
            .any(|&a| a == divisor || func.as_const(a).is_some() || is_moved(func, a, divisor, depth - 1)),
        _ => false,
    }
}

/// Whether blocks are few and may be there in two versions.
fn may_be_twice(func: &Function, blocks: &[Block]) -> bool {
    let mut insts = blocks.iter().flat_map(|&b| &func.block(b).insts);
    let size: usize = blocks.iter().map(|&b| func.block(b).insts.len()).sum();
    size <= SIZE && insts.all(|&i| !func.inst(i).inst.is_convergent())
}

/// What a number is from thread to thread.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Not known yet.
    Open,
    /// The same for threads side by side.
    Shared,
    /// Counts on from thread to thread.
    Counts,
    Other,
}

struct Search<'a> {
    func: &'a Function,
    graph: &'a Cfg,
    block_shape: [u32; 3],
    kinds: FxHashMap<Value, Kind>,
}

impl Search<'_> {
    /// Whether an instruction divides what counts from thread to thread by what may be large.
    fn divides(&mut self, inst: InstId) -> bool {
        let data = self.func.inst(inst);
        let Inst::Pure { op: Op::DivS | Op::DivU | Op::RemS | Op::RemU, ty: Type::I32 | Type::I64 } =
            data.inst
        else {
            return false;
        };
        let large = self.func.as_const(data.args[1]).is_none_or(|by| by >= LEAST);
        large && self.kind(data.args[0]) == Kind::Counts && self.kind(data.args[1]) == Kind::Shared
    }

    fn kind(&mut self, value: Value) -> Kind {
        if let Some(&kind) = self.kinds.get(&value) {
            return kind;
        }
        self.kinds.insert(value, Kind::Open);
        let kind = match self.func.def(value) {
            ValueDef::Param(block, k) => self.param(block, k as usize),
            ValueDef::Result(inst, _) => self.result(inst),
        };
        self.kinds.insert(value, kind);
        kind
    }

    fn param(&mut self, block: Block, k: usize) -> Kind {
        if block == Function::ENTRY {
            return Kind::Other;
        }
        let mut joined = Kind::Open;
        for &p in &self.graph.preds[block.index()] {
            let calls = self.func.block(p).term.successors().filter(|c| c.block == block);
            for arg in calls.map(|c| c.args[k]).collect::<Vec<_>>() {
                joined = match (joined, self.kind(arg)) {
                    (Kind::Open, kind) | (kind, Kind::Open) => kind,
                    (a, b) if a == b => a,
                    _ => Kind::Other,
                };
            }
        }
        joined
    }

    fn result(&mut self, inst: InstId) -> Kind {
        let data = self.func.inst(inst);
        let constant = data.args.get(1).is_some_and(|&a| self.func.as_const(a).is_some());
        let (op, list) = match data.inst {
            Inst::Const { .. } | Inst::GlobalAddr { .. } => return Kind::Shared,
            Inst::Load { space: Space::Param | Space::Const, .. } => return Kind::Shared,
            Inst::Sreg(Sreg::TidX | Sreg::LaneId) => return Kind::Counts,
            Inst::Sreg(Sreg::TidY | Sreg::TidZ) if !self.block_shape[0].is_multiple_of(16) => {
                return Kind::Other;
            }
            Inst::Sreg(_) => return Kind::Shared,
            Inst::Pure { op, .. } => (op, data.args.clone()),
            _ => return Kind::Other,
        };
        let kinds: Vec<Kind> = list.iter().map(|&a| self.kind(a)).collect();
        if kinds.contains(&Kind::Open) {
            return Kind::Open;
        }
        if kinds.iter().all(|&k| k == Kind::Shared) {
            return Kind::Shared;
        }
        let counts = kinds.iter().all(|&k| matches!(k, Kind::Shared | Kind::Counts));
        match op {
            Op::IAdd | Op::ISub | Op::SExt(_) | Op::ZExt(_) | Op::Trunc(_) if counts => Kind::Counts,
            Op::IMul | Op::Shl if counts && constant => Kind::Counts,
            Op::DivS | Op::DivU if counts && kinds[1] == Kind::Shared => Kind::Shared,
            Op::RemS | Op::RemU if counts && kinds[1] == Kind::Shared => Kind::Counts,
            _ => Kind::Other,
        }
    }
}

/// Lets what ends behind a block end in one place, where lanes meet, and says where.
fn share_returns(func: &mut Function, from: Block) -> Option<Block> {
    let graph = cfg::compute(func);
    let tree = dom::compute(&graph);
    let returns = |b: &Block| matches!(&func.block(*b).term, Terminator::Ret(list) if list.is_empty());
    let ends: Vec<Block> =
        graph.rpo.iter().copied().filter(|&b| tree.dominates(from, b)).filter(returns).collect();
    let &one = ends.first()?;
    let (end, loc) = (func.add_block(), func.block(one).term_loc);
    // A block that only returns would be there once for each that goes to it.
    let mark = func.add_inst(Inst::Const { ty: Type::I1, bits: 0 }, &[], &[Type::I1], loc);
    func.block_mut(end).insts.push(mark);
    func.block_mut(end).term = Terminator::Ret(Default::default());
    for b in ends {
        func.block_mut(b).term = Terminator::Jump(BlockCall::new(end));
    }
    Some(end)
}

/// Moves what both versions would bring alike to where they part, before them: a loop's counter then still has one step.
fn bring_before(func: &mut Function, owned: &[Block], before: Block) {
    let mut brought: Vec<Value> = Vec::new();
    for &b in owned {
        for call in func.block(b).term.successors().filter(|c| !owned.contains(&c.block)) {
            brought.extend(&call.args);
        }
    }
    let home: FxHashMap<InstId, Block> =
        owned.iter().flat_map(|&b| func.block(b).insts.iter().map(move |&i| (i, b))).collect();
    let params: FxHashSet<Value> = owned.iter().flat_map(|&b| func.block(b).params.iter().copied()).collect();
    for value in brought {
        let mut list = Vec::new();
        if !needs(func, &home, &params, value, &mut list) {
            continue;
        }
        for inst in list {
            if func.block(before).insts.contains(&inst) {
                continue;
            }
            func.block_mut(home[&inst]).insts.retain(|&i| i != inst);
            func.block_mut(before).insts.push(inst);
        }
    }
}

/// What of some blocks has to be computed for a value, in order; false if it is more than cheap arithmetic.
fn needs(
    func: &Function,
    home: &FxHashMap<InstId, Block>,
    params: &FxHashSet<Value>,
    value: Value,
    list: &mut Vec<InstId>,
) -> bool {
    let ValueDef::Result(inst, _) = func.def(value) else { return !params.contains(&value) };
    if !home.contains_key(&inst) || list.contains(&inst) {
        return true;
    }
    let data = func.inst(inst);
    let cheap = data.inst.is_pure() || matches!(data.inst, Inst::Load { space: Space::Param, .. });
    if !cheap || !data.args.iter().all(|&a| needs(func, home, params, a, list)) {
        return false;
    }
    list.push(inst);
    true
}

/// Writes the version behind its questions, each in a block of its own: a question may be about what an earlier one has made
/// regular.
fn write_twice(func: &mut Function, owned: &[Block], (before, rest): (Block, Block), divisions: &[InstId]) {
    let home: FxHashMap<InstId, Block> =
        owned.iter().flat_map(|&b| func.block(b).insts.iter().map(move |&i| (i, b))).collect();
    let params: FxHashSet<Value> = owned.iter().flat_map(|&b| func.block(b).params.iter().copied()).collect();
    let mut values: FxHashMap<Value, Value> = FxHashMap::default();
    let mut asked: Vec<(Inst, Vec<Value>)> = Vec::new();
    let mut here = before;
    for &division in divisions {
        let data = func.inst(division).clone();
        let Inst::Pure { op, ty } = data.inst else { continue };
        let mut list = Vec::new();
        if asked.len() == TESTS || !data.args.iter().all(|&a| needs(func, &home, &params, a, &mut list)) {
            continue;
        }
        list.retain(|&i| !values.contains_key(&func.inst(i).results[0]));
        copies::repeat(func, &list, here, &mut values);
        let args: Vec<Value> = data.args.iter().map(|a| values.get(a).copied().unwrap_or(*a)).collect();
        let sign = if matches!(op, Op::DivS | Op::RemS) { Sign::Signed } else { Sign::Unsigned };
        let question = Inst::SameQuotient { ty, sign };
        if asked.contains(&(question, args.clone())) {
            continue;
        }
        let inst = func.add_inst(question, &args, &[Type::I1], data.loc);
        asked.push((question, args));
        let cond = func.inst(inst).results[0];
        let next = func.add_block();
        let data = func.block_mut(here);
        data.insts.push(inst);
        data.term = Terminator::Branch { cond, then: BlockCall::new(next), els: BlockCall::new(rest) };
        here = next;
    }
    if here == before {
        return;
    }
    let copy_of: FxHashMap<Block, Block> =
        owned.iter().map(|&b| (b, if b == rest { here } else { func.add_block() })).collect();
    for &b in owned {
        for p in func.block(b).params.clone() {
            let copy = func.add_block_param(copy_of[&b], func.ty(p));
            values.insert(p, copy);
        }
    }
    for &b in owned {
        let known = |i: &InstId| func.inst(*i).results.first().is_some_and(|r| values.contains_key(r));
        let list: Vec<InstId> = func.block(b).insts.iter().copied().filter(|i| !known(i)).collect();
        copies::repeat(func, &list, copy_of[&b], &mut values);
        let mut term = func.block(b).term.clone();
        term.map_uses(|v| values.get(&v).copied().unwrap_or(v));
        for call in term.successors_mut() {
            call.block = copy_of.get(&call.block).copied().unwrap_or(call.block);
        }
        let loc = func.block(b).term_loc;
        let data = func.block_mut(copy_of[&b]);
        (data.term, data.term_loc) = (term, loc);
    }
}
