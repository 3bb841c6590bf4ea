//! Loads of neighbouring elements before stores that stand between them, as `y[j] = f(x[j])` makes when its loop is written out
//! four or eight times: a thread's elements are then fetched together, and stored together. Where the two may be one memory, a
//! test of the pointers, which the threads that run side by side make together, chooses between the block as it was and one
//! whose stores come last.
//!
//! Invariant: no load passes a store of its own thread to the same bytes; what other threads store is ordered by nothing here.

use crate::{Changed, cfg_simplify, copies};
use analysis::{Cfg, cfg};
use ir::{
    Block, BlockCall, Function, Inst, InstId, IntCc, MemOrder, Op, Space, Terminator, Type, Value, ValueDef,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Bytes of an element.
const ELEMENT: i64 = 4;
/// Loads side by side that are worth it.
const RUN: usize = 4;
/// Most instructions of a block that is written twice.
const SIZE: usize = 500;
/// Terms of an address that are looked at.
const TERMS: usize = 12;

/// Reorders the blocks of a kernel.
pub fn run(func: &mut Function) -> Changed {
    let mut changed = Changed::No;
    for block in cfg::compute(func).rpo {
        let Some(accesses) = accesses(func, block) else { continue };
        if !mixes(&accesses) {
            continue;
        }
        let mut block = block;
        let graph = cfg::compute(func);
        let mut found = tests(func, &graph, block, &accesses);
        if found.is_none() && !graph.preds[block.index()].contains(&block) {
            // What the block computes before its first access is there for a test behind that.
            block = split_before_accesses(func, block);
            found = tests(func, &cfg::compute(func), block, &accesses);
        }
        let Some(tests) = found else { continue };
        if tests.is_empty() {
            put_stores_last(func, block);
        } else if func.block(block).insts.len() > SIZE || is_used_elsewhere(func, block) {
            continue;
        } else {
            write_twice(func, block, &tests);
        }
        changed = Changed::Yes;
    }
    changed
}

/// A load or store of a word of global memory.
struct Access {
    stores: bool,
    root: Value,
    offset: i64,
}

/// A block's accesses in their order; `None` if it does anything that must stay where it is.
fn accesses(func: &Function, block: Block) -> Option<Vec<Access>> {
    let mut list = Vec::new();
    for &inst in &func.block(block).insts {
        let data = func.inst(inst);
        let (stores, space, ty, count, sem) = match data.inst {
            Inst::Load { space: Space::Param | Space::Const, .. } => continue,
            Inst::Load { space, ty, count, sem, .. } => (false, space, ty, count, sem),
            Inst::Store { space, ty, count, sem, .. } => (true, space, ty, count, sem),
            ref other if other.is_pure() => continue,
            _ => return None,
        };
        let global = matches!(space, Space::Global | Space::Generic);
        if !global || i64::from(ty.bytes()) > ELEMENT || count != 1 || sem.order != MemOrder::Weak {
            return None;
        }
        let (root, offset) = func.root_of(data.args[0], |_| true);
        list.push(Access { stores, root, offset });
    }
    Some(list)
}

/// Whether stores stand between loads of neighbouring elements.
fn mixes(list: &[Access]) -> bool {
    // The first and the last load of each element.
    let mut loads: BTreeMap<Value, BTreeMap<i64, (usize, usize)>> = BTreeMap::new();
    for (at, access) in list.iter().enumerate().filter(|(_, a)| !a.stores) {
        loads.entry(access.root).or_default().entry(access.offset).or_insert((at, at)).1 = at;
    }
    loads.values().any(|offsets| {
        let offsets: Vec<(i64, (usize, usize))> = offsets.iter().map(|(&o, &at)| (o, at)).collect();
        offsets.windows(RUN).any(|run| {
            let close = run.windows(2).all(|w| w[1].0 - w[0].0 == ELEMENT);
            let (first, last) = (run.iter().map(|r| r.1.0).min(), run.iter().map(|r| r.1.1).max());
            let between = first.zip(last).map(|(a, b)| &list[a..b]);
            close && between.is_some_and(|b| b.iter().any(|a| a.stores))
        })
    })
}

/// `stored - loaded` must be at least `high`, or at most `low`, or, if `same`, zero.
struct Test {
    /// Terms that remain of the difference, and their signs.
    terms: Vec<(Value, bool)>,
    /// What the launch says is computed again; other terms are there before the block.
    shared: bool,
    constant: i64,
    high: i64,
    low: i64,
    same: bool,
}

/// What must hold for the loads to pass the stores before them; `None` if that cannot be asked for.
fn tests(func: &Function, graph: &Cfg, block: Block, list: &[Access]) -> Option<Vec<Test>> {
    // By roots: the distances between a load and a store before it, from the load's root to the store's.
    let mut pairs: BTreeMap<(Value, Value), Vec<i64>> = BTreeMap::new();
    for (at, load) in list.iter().enumerate().filter(|(_, a)| !a.stores) {
        for store in list[..at].iter().filter(|a| a.stores) {
            pairs.entry((load.root, store.root)).or_default().push(load.offset - store.offset);
        }
    }
    let mut out = Vec::new();
    for ((load, store), distances) in pairs {
        let same = distances.iter().all(|d| d.abs() >= ELEMENT);
        if load == store {
            if !same {
                return None;
            }
            continue;
        }
        let (load, store) = at_entry(func, graph, block, load, store)?;
        let (terms, constant) = difference(func, store, load)?;
        let shared = terms.iter().all(|&(v, _)| is_shared(func, v));
        if !shared && terms.iter().any(|&(v, _)| !is_shared(func, v) && is_of(func, block, v)) {
            return None;
        }
        let high = distances.iter().max()? + ELEMENT;
        let low = distances.iter().min()? - ELEMENT;
        if terms.is_empty() {
            let apart = constant >= high || constant <= low || same && constant == 0;
            if !apart {
                return None;
            }
            continue;
        }
        out.push(Test { terms, shared, constant, high, low, same });
    }
    Some(out)
}

/// Two addresses as they are when the block, or the loop that it is, is entered; they keep their distance.
fn at_entry(func: &Function, graph: &Cfg, block: Block, a: Value, b: Value) -> Option<(Value, Value)> {
    let param = |v: Value| match func.def(v) {
        ValueDef::Param(home, k) if home == block => Some(k as usize),
        ValueDef::Param(..) | ValueDef::Result(..) => None,
    };
    let repeats = graph.preds[block.index()].contains(&block);
    match (param(a), param(b)) {
        (None, None) => Some((a, b)),
        (Some(i), Some(j)) if repeats => {
            let mut entry = None;
            for &p in &graph.preds[block.index()] {
                for call in func.block(p).term.successors().filter(|c| c.block == block) {
                    if p != block {
                        let both = (call.args[i], call.args[j]);
                        if entry.replace(both).is_some_and(|e| e != both) {
                            return None;
                        }
                        continue;
                    }
                    let step = |param: Value, arg: Value| {
                        let (root, by) = func.root_of(arg, |v| v != param);
                        (root == param).then_some(by)
                    };
                    if step(a, call.args[i])? != step(b, call.args[j])? {
                        return None;
                    }
                }
            }
            entry
        }
        _ => None,
    }
}

/// `a - b` as terms and a constant.
#[allow(clippy::type_complexity)]
fn difference(func: &Function, a: Value, b: Value) -> Option<(Vec<(Value, bool)>, i64)> {
    let mut constant = 0i64;
    let mut terms: Vec<(Value, bool)> = Vec::new();
    for (sum, plus) in [(a, true), (b, false)] {
        let mut work = vec![sum];
        while let Some(v) = work.pop() {
            if let Some(c) = func.as_const(v) {
                constant =
                    if plus { constant.wrapping_add(c as i64) } else { constant.wrapping_sub(c as i64) };
                continue;
            }
            match func.def_inst(v) {
                Some(data) if matches!(data.inst, Inst::Pure { op: Op::IAdd, ty: Type::I64 }) => {
                    work.extend(&data.args);
                }
                _ => match terms.iter().position(|&(t, sign)| t == v && sign != plus) {
                    Some(at) => {
                        terms.swap_remove(at);
                    }
                    None => terms.push((v, plus)),
                },
            }
            if terms.len() + work.len() > TERMS {
                return None;
            }
        }
    }
    Some((terms, constant))
}

/// The part of a block that begins with its first access.
fn split_before_accesses(func: &mut Function, block: Block) -> Block {
    let accesses = |&i: &InstId| match func.inst(i).inst {
        Inst::Load { space, .. } => !matches!(space, Space::Param | Space::Const),
        ref other => matches!(other, Inst::Store { .. }),
    };
    let at = func.block(block).insts.iter().position(accesses).unwrap_or(0);
    cfg_simplify::split_block(func, block, at)
}

/// Whether a block computes a value, or is handed it.
fn is_of(func: &Function, block: Block, value: Value) -> bool {
    match func.def(value) {
        ValueDef::Param(home, _) => home == block,
        ValueDef::Result(inst, _) => func.block(block).insts.contains(&inst),
    }
}

/// Whether a value is a pointer that the launch says.
fn is_shared(func: &Function, value: Value) -> bool {
    let Some(data) = func.def_inst(value) else { return false };
    match data.inst {
        Inst::FromGeneric(_) | Inst::ToGeneric(_) => is_shared(func, data.args[0]),
        Inst::Load { space: Space::Param, .. } => func.as_const(data.args[0]).is_some(),
        Inst::GlobalAddr { .. } => true,
        _ => false,
    }
}

/// Whether other blocks use what this one computes, other than as arguments of its branch.
fn is_used_elsewhere(func: &Function, block: Block) -> bool {
    let data = func.block(block);
    let mut own: FxHashSet<Value> = data.params.iter().copied().collect();
    own.extend(data.insts.iter().flat_map(|&i| &func.inst(i).results));
    func.block_ids().filter(|&b| b != block).any(|b| {
        let mut found =
            func.block(b).insts.iter().any(|&i| func.inst(i).args.iter().any(|a| own.contains(a)));
        func.block(b).term.for_each_use(|v| found |= own.contains(&v));
        found
    })
}

fn is_store(func: &Function, inst: InstId) -> bool {
    matches!(func.inst(inst).inst, Inst::Store { .. })
}

fn put_stores_last(func: &mut Function, block: Block) {
    let insts = func.block(block).insts.clone();
    func.block_mut(block).insts = stores_last(func, &insts);
}

fn stores_last(func: &Function, insts: &[InstId]) -> Vec<InstId> {
    let (stores, mut list): (Vec<InstId>, Vec<InstId>) = insts.iter().partition(|&&i| is_store(func, i));
    list.extend(stores);
    list
}

/// Adds a block like this one whose stores come last, and one before both that chooses.
fn write_twice(func: &mut Function, block: Block, tests: &[Test]) {
    let block = match block {
        Function::ENTRY => cfg_simplify::split_block(func, block, 0),
        _ => block,
    };
    let (choose, copy) = (func.add_block(), func.add_block());
    let params = func.block(block).params.clone();
    let [asked, mine] = [choose, copy].map(|b| -> Vec<Value> {
        params
            .iter()
            .map(|&p| func.ty(p))
            .collect::<Vec<_>>()
            .into_iter()
            .map(|ty| func.add_block_param(b, ty))
            .collect()
    });
    for b in func.block_ids().filter(|&b| b != block && b != choose) {
        let calls = func.block_mut(b).term.successors_mut();
        calls.filter(|c| c.block == block).for_each(|c| c.block = choose);
    }
    let cond = condition(func, choose, tests);
    let loc = func.block(block).term_loc;
    let data = func.block_mut(choose);
    let (then, els) = (BlockCall::with(copy, &asked), BlockCall::with(block, &asked));
    (data.term, data.term_loc) = (Terminator::Branch { cond, then, els }, loc);
    let mut values: FxHashMap<Value, Value> = params.into_iter().zip(mine).collect();
    let mut loaded: FxHashMap<(Space, Value, i64, Type), Value> = FxHashMap::default();
    for inst in stores_last(func, &func.block(block).insts.clone()) {
        let data = func.inst(inst);
        if let (Inst::Load { space, ty, .. }, &[result]) = (data.inst, data.results.as_slice()) {
            let (root, offset) = func.root_of(data.args[0], |_| true);
            // What was loaded again behind a store is still what it was.
            if let Some(&before) = loaded.get(&(space, root, offset, ty)) {
                values.insert(result, values[&before]);
                continue;
            }
            loaded.insert((space, root, offset, ty), result);
        }
        copies::repeat(func, &[inst], copy, &mut values);
    }
    let mut term = func.block(block).term.clone();
    term.map_uses(|v| values.get(&v).copied().unwrap_or(v));
    term.successors_mut().filter(|c| c.block == block).for_each(|c| c.block = copy);
    let data = func.block_mut(copy);
    (data.term, data.term_loc) = (term, loc);
}

/// Computes what all threads share again, where it may not be computed yet.
fn again(func: &mut Function, block: Block, value: Value) -> Value {
    let Some(mut data) = func.def_inst(value).cloned() else { return value };
    data.args.iter_mut().for_each(|a| *a = again(func, block, *a));
    let ty = func.ty(value);
    let inst = func.add_inst(data.inst, &data.args, &[ty], data.loc);
    func.block_mut(block).insts.push(inst);
    func.inst(inst).results[0]
}

/// Whether all tests hold.
fn condition(func: &mut Function, block: Block, tests: &[Test]) -> Value {
    let terms: Vec<Vec<(Value, bool)>> = tests
        .iter()
        .map(|t| {
            let here = |func: &mut Function, v| if is_shared(func, v) { again(func, block, v) } else { v };
            t.terms.iter().map(|&(v, plus)| (here(func, v), plus)).collect()
        })
        .collect();
    let mut push = |inst: Inst, args: &[Value]| {
        let types = Function::result_types(&inst);
        let inst = func.add_inst(inst, args, &types, Default::default());
        func.block_mut(block).insts.push(inst);
        func.inst(inst).results[0]
    };
    let wide = |op: Op| Inst::Pure { op, ty: Type::I64 };
    let truth = |op: Op| Inst::Pure { op, ty: Type::I1 };
    let number = |bits: i64| Inst::Const { ty: Type::I64, bits: bits as u64 };
    let mut all = None;
    for (test, terms) in tests.iter().zip(terms) {
        let mut distance = push(number(test.constant), &[]);
        for (term, plus) in terms {
            distance = push(wide(if plus { Op::IAdd } else { Op::ISub }), &[distance, term]);
        }
        let (high, low) = (push(number(test.high), &[]), push(number(test.low), &[]));
        let above = push(wide(Op::ICmp(IntCc::GeS)), &[distance, high]);
        let below = push(wide(Op::ICmp(IntCc::LeS)), &[distance, low]);
        let mut apart = push(truth(Op::Or), &[above, below]);
        if test.same {
            let zero = push(number(0), &[]);
            let same = push(wide(Op::ICmp(IntCc::Eq)), &[distance, zero]);
            apart = push(truth(Op::Or), &[apart, same]);
        }
        // Distances of each thread's own: threads that go on side by side are to stay together.
        if !test.shared {
            apart = push(Inst::Every, &[apart]);
        }
        all = Some(match all {
            None => apart,
            Some(before) => push(truth(Op::And), &[before, apart]),
        });
    }
    all.unwrap_or_else(|| push(Inst::Const { ty: Type::I1, bits: 1 }, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::Builder;

    /// `for (;;) { y[k] = x[k], k < 4; x += 4, y += 4 }` with `y` so many bytes behind `x` if it is the same parameter.
    fn copies(apart: Option<i64>) -> Function {
        let mut func = Function::new("f", Default::default());
        func.kernel = Some(Default::default());
        let [head, done] = [func.add_block(), func.add_block()];
        let [x, y] = [0; 2].map(|_| func.add_block_param(head, Type::I64));
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let zero = b.i64(0);
        let from = b.load(Space::Param, Type::I64, zero);
        let to = match apart {
            Some(bytes) => {
                let by = b.i64(bytes);
                b.iadd(from, by)
            }
            None => {
                let eight = b.i64(8);
                b.load(Space::Param, Type::I64, eight)
            }
        };
        b.jump(head, &[from, to]);
        let mut b = Builder::new(&mut func, head);
        for k in 0..4 {
            let at = b.i64(4 * k);
            let (p, q) = (b.iadd(x, at), b.iadd(y, at));
            let v = b.load(Space::Global, Type::I32, p);
            b.store(Space::Global, q, v);
        }
        let step = b.i64(16);
        let (p, q) = (b.iadd(x, step), b.iadd(y, step));
        let end = b.i64(4096);
        let more = b.icmp(IntCc::LtU, p, end);
        b.branch(more, BlockCall::with(head, &[p, q]), BlockCall::new(done));
        Builder::new(&mut func, done).ret(&[]);
        func
    }

    #[test]
    fn loads_pass_stores_to_other_memory() {
        let stores_last = |func: &Function, block: Block| {
            let list = &func.block(block).insts;
            let first = list.iter().position(|&i| is_store(func, i)).unwrap_or(list.len());
            list[first..].iter().all(|&i| is_store(func, i))
        };
        let check = |apart, last: usize, loops: usize| {
            let mut func = copies(apart);
            run(&mut func);
            crate::clean_up(&mut func);
            ir::verify(&func, None).unwrap();
            let graph = cfg::compute(&func);
            let heads = graph.rpo.iter().filter(|b| graph.preds[b.index()].contains(b));
            let (found, all) =
                heads.fold((0, 0), |(f, a), &b| (f + usize::from(stores_last(&func, b)), a + 1));
            assert_eq!((found, all), (last, loops), "{apart:?}");
        };
        // A test is needed, and both blocks.
        check(None, 1, 2);
        // The distance is known.
        check(Some(0), 1, 1);
        check(Some(64), 1, 1);
        check(Some(8), 0, 1);
    }
}
