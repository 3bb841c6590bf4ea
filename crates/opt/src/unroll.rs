//! Writes out loops whose number of iterations follows from constants, as that of a tree over `blockDim.x` does once
//! the block's shape is known. What depends on the counter is then a constant: strides, offsets, the threads that take
//! part.
//!
//! Invariant: a loop is only touched if its own constants decide every branch that may leave it or repeat it, so that the
//! copies follow each other without a test.

use crate::{Changed, clean_up, copies};
use analysis::natural::{self, NaturalLoop as Loop};
use ir::{Block, BlockCall, Function, Inst, Terminator, Value, eval};
use std::collections::HashMap;

/// Most iterations of a loop that is written out.
const ITERATIONS: usize = 64;
/// Most instructions that a loop may become.
const SIZE: usize = 400;
/// The same for a loop inside another one whose counter chooses what is accessed in a slot: values then, not memory.
const INDEXED: usize = 1200;
/// Most instructions of a function that loops are still written out in.
const FUNCTION: usize = 4000;

/// Writes out loops, those inside first, until none is left that may be.
pub fn run(func: &mut Function) -> Changed {
    let mut changed = Changed::No;
    while unroll_one(func) == Changed::Yes {
        clean_up(func);
        changed = Changed::Yes;
    }
    changed
}

pub(crate) fn loops(func: &Function) -> Vec<Loop> {
    let cfg = analysis::cfg::compute(func);
    let mut out = natural::compute(&cfg, &analysis::dom::compute(&cfg));
    // Inner loops are smaller than those around them.
    out.sort_by_key(|l| l.blocks.len());
    out
}

fn unroll_one(func: &mut Function) -> Changed {
    let size: usize = func.blocks.iter().map(|b| b.insts.len()).sum();
    if size > FUNCTION {
        return Changed::No;
    }
    for l in loops(func) {
        let most = if !func.slots.is_empty() && indexes_slots(func, &l) { INDEXED } else { SIZE };
        if let Some(iterations) = follow(func, &l, most) {
            write_out(func, &l, &iterations);
            return Changed::Yes;
        }
    }
    Changed::No
}

/// Whether a loop is inside another one and accesses a slot at offsets that are not constant.
fn indexes_slots(func: &Function, l: &Loop) -> bool {
    let cfg = analysis::cfg::compute(func);
    let places = analysis::places::compute(func, &cfg);
    let inside = loops(func).iter().any(|o| o.head != l.head && o.blocks.contains(&l.head));
    let mut insts = l.blocks.iter().flat_map(|&b| &func.block(b).insts);
    inside && insts.any(|&i| crate::pieces::access(func, &places, i).is_some_and(|a| a.offset.is_none()))
}

/// What is known of values during an iteration.
type Known = HashMap<Value, u64>;

/// The targets that a block of an iteration may go on to, by number; `None`: the iteration does not reach it.
pub(crate) type Iteration = HashMap<Block, Vec<usize>>;

/// Follows the loop's constants from its entry to its end. `None` if they do not decide its end, or if that is far: more
/// than `most` instructions.
pub(crate) fn follow(func: &Function, l: &Loop, most: usize) -> Option<Vec<Iteration>> {
    let inside = |b: Block| l.blocks.contains(&b);
    let mut entries = Vec::new();
    for b in func.block_ids().filter(|&b| !inside(b)) {
        entries.extend(func.block(b).term.successors().filter(|c| c.block == l.head));
    }
    let constants =
        |call: &&BlockCall| -> Vec<Option<u64>> { call.args.iter().map(|&a| func.as_const(a)).collect() };
    let mut start = agree(entries.iter().map(constants));
    if start.iter().all(Option::is_none) {
        return None;
    }
    let mut iterations = Vec::new();
    let mut size = 0;
    loop {
        let (iteration, next) = follow_once(func, l, &start)?;
        size += iteration.keys().map(|&b| work(func, b)).sum::<usize>();
        iterations.push(iteration);
        if iterations.len() > ITERATIONS || size > most {
            return None;
        }
        match next {
            Some(next) => start = next,
            None => return Some(iterations),
        }
    }
}

/// Instructions of a block that become code.
pub(crate) fn work(func: &Function, block: Block) -> usize {
    let insts = func.block(block).insts.iter();
    insts.filter(|&&i| !matches!(func.inst(i).inst, Inst::Const { .. })).count()
}

/// Position by position what all lists agree on.
fn agree(lists: impl Iterator<Item = Vec<Option<u64>>>) -> Vec<Option<u64>> {
    lists
        .reduce(|a, b| a.into_iter().zip(b).map(|(x, y)| if x == y { x } else { None }).collect())
        .unwrap_or_default()
}

/// One iteration from what is known of the head's parameters: what it may reach, and what it brings the next one.
#[allow(clippy::type_complexity)]
fn follow_once(
    func: &Function,
    l: &Loop,
    start: &[Option<u64>],
) -> Option<(Iteration, Option<Vec<Option<u64>>>)> {
    let inside = |b: Block| l.blocks.contains(&b);
    let mut known = Known::new();
    let mut iteration = Iteration::new();
    // Arguments by target.
    let mut brought: HashMap<Block, Vec<Vec<Option<u64>>>> = HashMap::new();
    let mut leaves = false;
    for (at, &block) in l.blocks.iter().enumerate() {
        let params = if block == l.head {
            start.to_vec()
        } else {
            let Some(lists) = brought.get(&block) else { continue };
            // An inner loop's head gets arguments that have not been looked at.
            let mut later = l.blocks[at..].iter().flat_map(|&b| func.block(b).term.successors());
            match later.any(|c| c.block == block) {
                true => vec![None; func.block(block).params.len()],
                false => agree(lists.iter().cloned()),
            }
        };
        for (&p, bits) in func.block(block).params.iter().zip(params) {
            known.extend(bits.map(|b| (p, b)));
        }
        for &inst in &func.block(block).insts {
            let data = func.inst(inst);
            let Inst::Pure { op, ty } = data.inst else { continue };
            let args: Option<Vec<u64>> = data.args.iter().map(|&a| value(func, &known, a)).collect();
            if let Some(args) = args {
                known.insert(data.results[0], eval::eval(op, ty, &args));
            }
        }
        let calls: Vec<&BlockCall> = func.block(block).term.successors().collect();
        let taken = targets(func, &known, block);
        let out = |k: &usize| !inside(calls[*k].block);
        if taken.iter().any(out) {
            if taken.len() > 1 {
                return None;
            }
            leaves = true;
        }
        for &k in &taken {
            let args = calls[k].args.iter().map(|&a| value(func, &known, a)).collect();
            brought.entry(calls[k].block).or_default().push(args);
        }
        iteration.insert(block, taken);
    }
    let next = brought.remove(&l.head).map(|lists| agree(lists.into_iter()));
    // Of an iteration that some threads end the loop with, no other may go on.
    if leaves == next.is_some() { None } else { Some((iteration, next)) }
}

fn value(func: &Function, known: &Known, v: Value) -> Option<u64> {
    func.as_const(v).or_else(|| known.get(&v).copied())
}

/// The successors of a block that what is known leaves possible, in the order of [`Terminator::successors`].
fn targets(func: &Function, known: &Known, block: Block) -> Vec<usize> {
    let term = &func.block(block).term;
    let all = || (0..term.successors().count()).collect();
    match term {
        Terminator::Branch { cond, .. } => match value(func, known, *cond) {
            Some(c) => vec![usize::from(c & 1 == 0)],
            None => all(),
        },
        // The default comes first.
        Terminator::Switch { index, targets, .. } => match value(func, known, *index) {
            Some(i) if (i as usize) < targets.len() => vec![i as usize + 1],
            Some(_) => vec![0],
            None => all(),
        },
        Terminator::Jump(_)
        | Terminator::Ret(_)
        | Terminator::Exit
        | Terminator::Trap
        | Terminator::Unreachable => all(),
    }
}

/// Replaces a loop by one copy of its blocks for each iteration.
pub(crate) fn write_out(func: &mut Function, l: &Loop, iterations: &[Iteration]) {
    let mut rounds: Vec<HashMap<Block, Block>> = Vec::new();
    for iteration in iterations {
        let reached = l.blocks.iter().filter(|b| iteration.contains_key(b));
        rounds.push(reached.map(|&b| (b, func.add_block())).collect());
    }
    let mut values: HashMap<Value, Value> = HashMap::new();
    for (at, iteration) in iterations.iter().enumerate() {
        values.clear();
        for &block in l.blocks.iter().filter(|b| iteration.contains_key(b)) {
            let copy = rounds[at][&block];
            for p in func.block(block).params.clone() {
                values.insert(p, func.add_block_param(copy, func.ty(p)));
            }
            copies::append(func, block, copy, &mut values);
        }
        let map = |v: Value| values.get(&v).copied().unwrap_or(v);
        for &block in l.blocks.iter().filter(|b| iteration.contains_key(b)) {
            let copy = rounds[at][&block];
            copies::map_operands(func, copy, map);
            let mut term = func.block(block).term.clone();
            let taken = &iteration[&block];
            let only = if let [only] = taken[..] { term.successors().nth(only).cloned() } else { None };
            if let Some(call) = only {
                term = Terminator::Jump(call);
            }
            term.map_uses(map);
            for call in term.successors_mut() {
                let round = if call.block == l.head { at + 1 } else { at };
                if let Some(&to) = rounds.get(round).and_then(|c| c.get(&call.block)) {
                    call.block = to;
                }
            }
            let loc = func.block(block).term_loc;
            let data = func.block_mut(copy);
            data.term = term;
            data.term_loc = loc;
        }
    }
    // The last iteration alone leaves: what is used behind the loop is what it computed.
    let mine: Vec<Block> = rounds.iter().flat_map(|c| c.values().copied()).collect();
    for block in func.block_ids().filter(|b| !mine.contains(b) && !l.blocks.contains(b)) {
        let map = |v: Value| values.get(&v).copied().unwrap_or(v);
        copies::map_operands(func, block, map);
        let first = rounds[0][&l.head];
        let term = &mut func.block_mut(block).term;
        term.map_uses(map);
        term.successors_mut().filter(|c| c.block == l.head).for_each(|c| c.block = first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::{Builder, IntCc, Op, Type};

    /// `for (i = start; i < end; i += step) sum += i * n`, then `sum` is returned. `end` may be the argument.
    fn sum(start: u64, step: u64, end: Option<u64>) -> Function {
        let sig = ir::function::Signature { params: vec![Type::I32], results: vec![Type::I32] };
        let mut func = Function::new("f", sig);
        let n = func.block(Function::ENTRY).params[0];
        let [head, body, done] = [func.add_block(), func.add_block(), func.add_block()];
        let i = func.add_block_param(head, Type::I32);
        let sum = func.add_block_param(head, Type::I32);
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let start = b.iconst(Type::I32, start);
        let zero = b.iconst(Type::I32, 0);
        b.jump(head, &[start, zero]);
        let mut b = Builder::new(&mut func, head);
        let end = end.map_or(n, |e| b.iconst(Type::I32, e));
        let more = b.icmp(IntCc::LtU, i, end);
        b.branch(more, BlockCall::new(body), BlockCall::new(done));
        let mut b = Builder::new(&mut func, body);
        let term = b.op(Op::IMul, Type::I32, &[i, n]);
        let sum_next = b.iadd(sum, term);
        let step = b.iconst(Type::I32, step);
        let i_next = b.iadd(i, step);
        b.jump(head, &[i_next, sum_next]);
        Builder::new(&mut func, done).ret(&[sum]);
        func
    }

    #[test]
    fn counted_loops_are_written_out() {
        let check = |start, step, end, unrolled: bool| {
            let mut func = sum(start, step, end);
            assert_eq!(run(&mut func), Changed::from_bool(unrolled), "{start} {step} {end:?}");
            ir::verify(&func, None).unwrap();
            assert_eq!(loops(&func).is_empty(), unrolled);
        };
        check(0, 1, Some(5), true);
        check(3, 7, Some(40), true);
        // No iteration at all.
        check(9, 1, Some(5), true);
        check(0, 1, Some(1000), false);
        check(0, 1, None, false);
        // Never ends.
        check(0, 0, Some(5), false);
    }

    #[test]
    fn what_was_computed_last_is_used_behind_the_loop() {
        let mut func = sum(1, 2, Some(6));
        run(&mut func);
        assert_eq!(analysis::cfg::compute(&func).rpo.len(), 1);
        let entry = func.block(Function::ENTRY);
        let Terminator::Ret(values) = &entry.term else { panic!("the loop is gone") };
        // 1n + 3n + 5n
        let n = entry.params[0];
        let mut known = Known::from([(n, 11)]);
        for &inst in &entry.insts {
            let data = func.inst(inst);
            let Inst::Pure { op, ty } = data.inst else { continue };
            let args: Vec<u64> =
                data.args.iter().map(|&a| super::value(&func, &known, a).expect("known")).collect();
            known.insert(data.results[0], eval::eval(op, ty, &args));
        }
        assert_eq!(super::value(&func, &known, values[0]), Some(99));
    }
}
