//! Neighbouring accesses under guards of their own: `if (i < n) a[i] = x; if (i + 1 < n) a[i + 1] = y;`.
//!
//! Threads for which both guards hold, nearly all of them, get code with both accesses in one block, where the vector code
//! makes rows of memory of them. For the others everything stays as it was: nothing is read or written that was not, and
//! in the same order; only pure arithmetic is done ahead.

use crate::{Changed, copies, dce};
use analysis::{Cfg, cfg};
use ir::{Block, BlockCall, Function, Inst, InstId, MemOrder, Op, Space, Terminator, Type, Value, ValueDef};
use rustc_hash::{FxHashMap, FxHashSet};

/// Most instructions of all that is copied.
const LIMIT: usize = 48;

/// What a guard lets through: `from` branches to `inside` or past it, to `after`.
#[derive(Clone, Copy)]
struct Guard {
    from: Block,
    cond: Value,
    /// Whether the predicate holds for threads that are let through.
    holds: bool,
    inside: Block,
    after: Block,
}

pub fn run(func: &mut Function) -> Changed {
    let graph = cfg::compute(func);
    let mut changed = Changed::No;
    let mut used: FxHashSet<Block> = FxHashSet::default();
    for &block in &graph.rpo {
        let Some((first, second)) = pair(func, &graph, block) else { continue };
        let blocks = [first.from, first.inside, second.from, second.inside, second.after];
        if blocks.iter().any(|b| used.contains(b)) {
            continue;
        }
        if join(func, &graph, first, second) == Changed::Yes {
            used.extend(blocks);
            changed = Changed::Yes;
        }
    }
    if changed == Changed::Yes {
        dce::run(func);
    }
    changed
}

/// Two guards one behind the other that let neighbouring accesses through.
fn pair(func: &Function, graph: &Cfg, block: Block) -> Option<(Guard, Guard)> {
    let first = guard(func, graph, block)?;
    let second = guard(func, graph, first.after)?;
    let order = |b: Block| graph.number[b.index()];
    let forward = order(block) < order(first.after) && order(first.after) < order(second.after);
    let own = graph.preds[first.after.index()].iter().all(|&p| p == block || p == first.inside);
    let copied = [first.inside, first.after, second.inside];
    let insts = || copied.iter().flat_map(|b| &func.block(*b).insts);
    let plain = |&i: &InstId| match func.inst(i).inst {
        Inst::Load { sem, .. } | Inst::Store { sem, .. } => sem.order == MemOrder::Weak,
        ref other => other.is_pure(),
    };
    let fits = insts().count() <= LIMIT && insts().all(plain);
    let beside = accesses(func, first.inside).iter().any(|a| {
        let next =
            |b: &Access| a.root == b.root && a.kind == b.kind && (a.offset - b.offset).abs() == a.bytes;
        accesses(func, second.inside).iter().any(next)
    });
    (forward && own && fits && beside).then_some((first, second))
}

fn guard(func: &Function, graph: &Cfg, from: Block) -> Option<Guard> {
    let Terminator::Branch { cond, ref then, ref els } = func.block(from).term else { return None };
    let is_order = matches!(func.def_inst(cond)?.inst, Inst::Pure { op: Op::ICmp(_), .. });
    let through = |inside: &BlockCall, past: &BlockCall| match &func.block(inside.block).term {
        Terminator::Jump(to) => {
            to.block == past.block && inside.args.is_empty() && graph.preds[inside.block.index()] == [from]
        }
        _ => false,
    };
    let holds = match (through(then, els), through(els, then)) {
        (true, false) => true,
        (false, true) => false,
        _ => return None,
    };
    let (inside, past) = if holds { (then, els) } else { (els, then) };
    is_order.then_some(Guard { from, cond, holds, inside: inside.block, after: past.block })
}

/// An access to global memory.
struct Access {
    kind: (bool, Space, Type),
    root: Value,
    offset: i64,
    bytes: i64,
}

fn accesses(func: &Function, block: Block) -> Vec<Access> {
    let list = func.block(block).insts.iter().filter_map(|&i| {
        let data = func.inst(i);
        let (store, space, ty) = match data.inst {
            Inst::Load { space, ty, count: 1, .. } => (false, space, ty),
            Inst::Store { space, ty, count: 1, .. } => (true, space, ty),
            _ => return None,
        };
        if !matches!(space, Space::Global | Space::Generic) {
            return None;
        }
        let (root, offset) = func.root_of(data.args[0], |_| true);
        Some(Access { kind: (store, space, ty), root, offset, bytes: i64::from(ty.bytes()) })
    });
    list.collect()
}

/// Gives threads that both guards let through code of their own.
fn join(func: &mut Function, graph: &Cfg, first: Guard, second: Guard) -> Changed {
    let middle = second.from;
    let (ahead, rest) = split(func, middle);
    let defined = |v: Value| match func.def(v) {
        ValueDef::Param(block, _) => block == middle,
        ValueDef::Result(inst, _) => rest.contains(&inst),
    };
    if defined(second.cond) {
        return Changed::No;
    }
    // What the middle defines and code behind uses comes from two places then.
    let escaping = escaping(func, graph, &defined, [middle, second.inside]);
    let shared = graph.preds[second.after.index()].iter().any(|&p| p != middle && p != second.inside);
    if shared && !escaping.is_empty() {
        return Changed::No;
    }
    func.block_mut(middle).insts = rest;
    func.block_mut(first.from).insts.extend(ahead);

    let both = func.add_block();
    let mut values: FxHashMap<Value, Value> = FxHashMap::default();
    copies::append(func, first.inside, both, &mut values);
    if let Terminator::Jump(to) = func.block(first.inside).term.clone() {
        let params = func.block(middle).params.clone();
        for (param, arg) in params.into_iter().zip(to.args) {
            let arg = values.get(&arg).copied().unwrap_or(arg);
            values.insert(param, arg);
        }
    }
    copies::append(func, middle, both, &mut values);
    copies::append(func, second.inside, both, &mut values);
    copies::map_operands(func, both, |v| values.get(&v).copied().unwrap_or(v));
    merge(func, &escaping, [middle, second.inside], second.after);
    let mut term = func.block(second.inside).term.clone();
    term.map_uses(|v| values.get(&v).copied().unwrap_or(v));
    func.block_mut(both).term = term;
    func.block_mut(both).term_loc = func.block(second.inside).term_loc;

    let apart = func.add_block();
    let old = std::mem::replace(&mut func.block_mut(first.from).term, Terminator::Unreachable);
    func.block_mut(apart).term = old;
    func.block_mut(apart).term_loc = func.block(first.from).term_loc;
    // Each branch has a comparison of its own, so that none has to be kept.
    for (block, guard) in [(apart, first), (middle, second)] {
        let own = repeat(func, block, guard.cond);
        if let Terminator::Branch { cond, .. } = &mut func.block_mut(block).term {
            *cond = own;
        }
    }
    let stops = [first, second].map(|guard| {
        let own = repeat(func, first.from, guard.cond);
        match guard.holds {
            true => {
                let one = append(func, first.from, Inst::Const { ty: Type::I1, bits: 1 }, &[]);
                append(func, first.from, Inst::Pure { op: Op::Xor, ty: Type::I1 }, &[own, one])
            }
            false => own,
        }
    });
    let cond = append(func, first.from, Inst::Pure { op: Op::Or, ty: Type::I1 }, &stops);
    func.block_mut(first.from).term =
        Terminator::Branch { cond, then: BlockCall::new(apart), els: BlockCall::new(both) };
    Changed::Yes
}

/// Appends a copy of the comparison that defines a predicate.
fn repeat(func: &mut Function, block: Block, cond: Value) -> Value {
    match func.def_inst(cond).cloned() {
        Some(data) => append(func, block, data.inst, &data.args),
        None => cond,
    }
}

/// Appends an instruction that gives a predicate.
fn append(func: &mut Function, block: Block, inst: Inst, args: &[Value]) -> Value {
    let id = func.add_inst(inst, args, &[Type::I1], func.block(block).term_loc);
    func.block_mut(block).insts.push(id);
    func.inst(id).results[0]
}

/// A block's instructions that need nothing else of it and may be done ahead, and the others.
fn split(func: &Function, block: Block) -> (Vec<InstId>, Vec<InstId>) {
    let mut stays: FxHashSet<Value> = func.block(block).params.iter().copied().collect();
    let (mut ahead, mut rest) = (Vec::new(), Vec::new());
    for &inst in &func.block(block).insts {
        let data = func.inst(inst);
        if data.inst.is_pure() && !data.args.iter().any(|a| stays.contains(a)) {
            ahead.push(inst);
        } else {
            stays.extend(data.results.iter().copied());
            rest.push(inst);
        }
    }
    (ahead, rest)
}

/// Values that `defined` names and that blocks other than `own` use.
fn escaping(func: &Function, graph: &Cfg, defined: &dyn Fn(Value) -> bool, own: [Block; 2]) -> Vec<Value> {
    let mut out = Vec::new();
    for &block in graph.rpo.iter().filter(|b| !own.contains(b)) {
        let data = func.block(block);
        out.extend(data.insts.iter().flat_map(|&i| func.inst(i).args.iter().copied()));
        data.term.for_each_use(|v| out.push(v));
    }
    out.retain(|&v| defined(v));
    out.sort_unstable();
    out.dedup();
    out
}

/// Brings values to a block as parameters, from the blocks that go there, for all that is behind.
fn merge(func: &mut Function, values: &[Value], from: [Block; 2], to: Block) {
    let params: FxHashMap<Value, Value> = values
        .iter()
        .map(|&v| {
            let ty = func.ty(v);
            (v, func.add_block_param(to, ty))
        })
        .collect();
    let map = |v: Value| params.get(&v).copied().unwrap_or(v);
    for block in func.block_ids() {
        if from.contains(&block) {
            let calls = func.block_mut(block).term.successors_mut();
            calls.filter(|c| c.block == to).for_each(|c| c.args.extend(values.iter().copied()));
            continue;
        }
        copies::map_operands(func, block, map);
        func.block_mut(block).term.map_uses(map);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::{Builder, IntCc};

    /// `x = i < n ? a[i] : 0; b = x; y = i + 1 < n ? a[i + gap] : 0; return x + y`.
    fn loads(gap: u64, middle: Option<MemOrder>) -> (Function, Changed) {
        let params = vec![Type::I64, Type::I32, Type::I32, Type::I64];
        let mut func = Function::new("f", ir::function::Signature { params, results: vec![Type::I32] });
        let [a, i, n, b_at] = func.block(Function::ENTRY).params[..] else { panic!("four parameters") };
        let [first, after, second, end] = [0; 4].map(|_| func.add_block());
        let x = func.add_block_param(after, Type::I32);
        let y = func.add_block_param(end, Type::I32);
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let zero = b.i32(0);
        let more = b.icmp(IntCc::LtS, i, n);
        b.branch(more, BlockCall::new(first), BlockCall::with(after, &[zero]));
        let mut b = Builder::new(&mut func, first);
        let value = b.load(Space::Global, Type::I32, a);
        b.jump(after, &[value]);
        let mut b = Builder::new(&mut func, after);
        if let Some(order) = middle {
            b.store(Space::Global, b_at, x);
            let Some(&store) = b.func.block(after).insts.last() else { panic!("a store") };
            if let Inst::Store { sem, .. } = &mut b.func.inst_mut(store).inst {
                sem.order = order;
            }
        }
        let mut b = Builder::new(&mut func, after);
        let one = b.i32(1);
        let next = b.iadd(i, one);
        let stop = b.icmp(IntCc::GeS, next, n);
        b.branch(stop, BlockCall::with(end, &[zero]), BlockCall::new(second));
        let mut b = Builder::new(&mut func, second);
        let gap = b.iconst(Type::I64, gap);
        let at = b.iadd(a, gap);
        let value = b.load(Space::Global, Type::I32, at);
        b.jump(end, &[value]);
        let mut b = Builder::new(&mut func, end);
        let sum = b.iadd(x, y);
        b.ret(&[sum]);
        let changed = run(&mut func);
        ir::verify(&func, None).unwrap();
        (func, changed)
    }

    #[test]
    fn neighbours_come_into_one_block() {
        for middle in [None, Some(MemOrder::Weak)] {
            let (func, changed) = loads(4, middle);
            assert_eq!(changed, Changed::Yes);
            let load = |i: &&InstId| matches!(func.inst(**i).inst, Inst::Load { .. });
            let most = func.blocks.iter().map(|b| b.insts.iter().filter(load).count()).max();
            assert_eq!(most, Some(2));
        }
    }

    #[test]
    fn what_is_no_neighbour_or_ordered_stays() {
        assert_eq!(loads(8, None).1, Changed::No);
        assert_eq!(loads(4, Some(MemOrder::Volatile)).1, Changed::No);
        assert_eq!(loads(4, Some(MemOrder::Release)).1, Changed::No);
    }
}
