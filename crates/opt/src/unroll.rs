//! Writes out loops whose number of iterations follows from constants, as that of a tree over `blockDim.x` does once
//! the block's shape is known. What depends on the counter is then a constant: strides, offsets, the threads that take
//! part. A counter that starts at a thread number goes on for the same number of iterations for all threads, if it does for the
//! lowest and the highest: `for (i = threadIdx.x; i < 1024; i += blockDim.x)`. If some threads have an iteration more, as
//! where a tile with its rim is filled by fewer threads than it has elements, the copies are parted by a test.
//!
//! Invariant: a loop is only touched if its own constants decide how it goes on, so that the copies follow each other
//! without a test, but for [`PARTIAL`] tests of thread numbers against constants.

use crate::ends::bring_out;
use crate::{Changed, clean_up, copies};
use analysis::natural::{self, NaturalLoop as Loop};
use analysis::range::{self, Ranges};
use ir::{Block, BlockCall, Function, Inst, IntCc, Op, Terminator, Type, Value, eval};
use rustc_hash::FxHashMap;

/// Most iterations of a loop that is written out.
const ITERATIONS: usize = 64;
/// Most instructions that a loop may become.
const SIZE: usize = 400;
/// The same for a loop inside another one whose counter chooses what is accessed in a slot: values then, not memory.
const INDEXED: usize = 1200;
/// Most iterations that only some threads go on from; the last ones of their loop.
const PARTIAL: usize = 2;
/// Most iterations of a loop that has such, and most instructions that it may become.
const RIM: (usize, usize) = (8, 240);
/// Most instructions of a function that loops are still written out in.
const FUNCTION: usize = 4000;

/// Writes out loops, those inside first, until none is left that may be.
pub fn run(func: &mut Function, block: [u32; 3]) -> Changed {
    let mut changed = Changed::No;
    while unroll_one(func, block) == Changed::Yes {
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

fn unroll_one(func: &mut Function, block: [u32; 3]) -> Changed {
    let size: usize = func.blocks.iter().map(|b| b.insts.len()).sum();
    if size > FUNCTION {
        return Changed::No;
    }
    let ranges = range::compute(func, &analysis::cfg::compute(func), block);
    for l in loops(func) {
        let most = if !func.slots.is_empty() && indexes_slots(func, &l) { INDEXED } else { SIZE };
        let found = follow(func, &l, &ranges, most).or_else(|| {
            let found = follow_tests(func, &l, &ranges, RIM.1, PARTIAL)?;
            (found.len() <= RIM.0 && bring_out(func, &l)).then_some(found)
        });
        if let Some(iterations) = found {
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

/// What is known of a value during an iteration.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    Constant(u64),
    /// So much more than a value from before the loop as its range has it, modulo the type's width.
    Above(Value, u64),
}

impl Number {
    fn constant(self) -> Option<u64> {
        match self {
            Number::Constant(bits) => Some(bits),
            Number::Above(..) => None,
        }
    }
}

type Known = FxHashMap<Value, Number>;

/// The targets that a block of an iteration may go on to, by number; `None`: the iteration does not reach it.
pub(crate) type Iteration = FxHashMap<Block, Vec<usize>>;

/// Follows the loop's constants from its entry to its end. `None` if they do not decide its end, or if that is far: more
/// than `most` instructions.
pub(crate) fn follow(func: &Function, l: &Loop, ranges: &Ranges, most: usize) -> Option<Vec<Iteration>> {
    follow_tests(func, l, ranges, most, 0)
}

/// The same where so many iterations may be followed by the next for some threads only.
fn follow_tests(
    func: &Function,
    l: &Loop,
    ranges: &Ranges,
    most: usize,
    mut tests: usize,
) -> Option<Vec<Iteration>> {
    let inside = |b: Block| l.blocks.contains(&b);
    let mut entries = Vec::new();
    for b in func.block_ids().filter(|&b| !inside(b)) {
        entries.extend(func.block(b).term.successors().filter(|c| c.block == l.head));
    }
    let number = |&a: &Value| match func.as_const(a) {
        Some(bits) => Some(Number::Constant(bits)),
        None => ranges.of(a).map(|_| Number::Above(a, 0)),
    };
    let numbers = |call: &&BlockCall| -> Vec<Option<Number>> { call.args.iter().map(number).collect() };
    let mut start = agree(entries.iter().map(numbers));
    if start.iter().all(Option::is_none) {
        return None;
    }
    let mut iterations = Vec::new();
    let mut size = 0;
    loop {
        let Followed { iteration, next, leaves } = follow_once(func, l, ranges, &start)?;
        match leaves {
            Leaves::Some => tests = tests.checked_sub(1)?,
            // Of an iteration that some threads end the loop with, no other may go on.
            Leaves::All if next.is_some() => return None,
            Leaves::None if next.is_none() => return None,
            Leaves::All | Leaves::None => {}
        }
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
fn agree(lists: impl Iterator<Item = Vec<Option<Number>>>) -> Vec<Option<Number>> {
    lists
        .reduce(|a, b| a.into_iter().zip(b).map(|(x, y)| if x == y { x } else { None }).collect())
        .unwrap_or_default()
}

/// Which threads leave the loop in an iteration.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaves {
    None,
    /// Those for which a thread's number lies beyond a constant.
    Some,
    All,
}

struct Followed {
    iteration: Iteration,
    /// What is known of the head's parameters in the next iteration, if there is one.
    next: Option<Vec<Option<Number>>>,
    leaves: Leaves,
}

/// One iteration from what is known of the head's parameters.
fn follow_once(func: &Function, l: &Loop, ranges: &Ranges, start: &[Option<Number>]) -> Option<Followed> {
    let inside = |b: Block| l.blocks.contains(&b);
    let mut known = Known::default();
    let mut iteration = Iteration::default();
    // Arguments by target.
    let mut brought: FxHashMap<Block, Vec<Vec<Option<Number>>>> = FxHashMap::default();
    let mut leaves = Leaves::None;
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
            let args: Option<Vec<Number>> = data.args.iter().map(|&a| value(func, &known, a)).collect();
            if let Some(number) = args.and_then(|args| compute(op, ty, &args, ranges)) {
                known.insert(data.results[0], number);
            }
        }
        let calls: Vec<&BlockCall> = func.block(block).term.successors().collect();
        let taken = targets(func, &known, block);
        let out = |k: &usize| !inside(calls[*k].block);
        if taken.iter().any(out) {
            leaves = match taken.len() {
                1 if leaves != Leaves::Some => Leaves::All,
                2 if leaves == Leaves::None && tests_number(func, &known, block) => Leaves::Some,
                _ => return None,
            };
        }
        for &k in &taken {
            let args = calls[k].args.iter().map(|&a| value(func, &known, a)).collect();
            brought.entry(calls[k].block).or_default().push(args);
        }
        iteration.insert(block, taken);
    }
    let next = brought.remove(&l.head).map(|lists| agree(lists.into_iter()));
    Some(Followed { iteration, next, leaves })
}

/// Whether a block's branch compares a thread's number, or what lies a constant above it, with a constant.
fn tests_number(func: &Function, known: &Known, block: Block) -> bool {
    let Terminator::Branch { cond, .. } = func.block(block).term else { return false };
    let Some(data) = func.def_inst(cond) else { return false };
    let Inst::Pure { op: Op::ICmp(_), .. } = data.inst else { return false };
    let numbers: Vec<_> = data.args.iter().map(|&a| value(func, known, a)).collect();
    matches!(numbers[..], [Some(Number::Above(..)), Some(Number::Constant(_))])
}

fn value(func: &Function, known: &Known, v: Value) -> Option<Number> {
    func.as_const(v).map(Number::Constant).or_else(|| known.get(&v).copied())
}

/// What an operation gives.
fn compute(op: Op, ty: Type, args: &[Number], ranges: &Ranges) -> Option<Number> {
    let constants: Option<Vec<u64>> = args.iter().map(|a| a.constant()).collect();
    if let Some(constants) = constants {
        return Some(Number::Constant(eval::eval(op, ty, &constants)));
    }
    match (op, args) {
        (Op::IAdd, &[Number::Above(v, by), Number::Constant(c)])
        | (Op::IAdd, &[Number::Constant(c), Number::Above(v, by)]) => {
            Some(Number::Above(v, by.wrapping_add(c) & ty.mask()))
        }
        // What it is modulo the wider type, it is modulo the narrower one.
        (Op::Trunc(_), &[Number::Above(v, by)]) => Some(Number::Above(v, by & ty.mask())),
        (Op::ZExt(from) | Op::SExt(from), &[Number::Above(v, by)]) if from != Type::I1 => {
            let unused = 64 - from.bits();
            let by = ((by << unused) as i64) >> unused;
            let range = ranges.of(v)?;
            let (low, high) = (range.low.checked_add(by)?, range.high.checked_add(by)?);
            let least = if matches!(op, Op::ZExt(_)) { 0 } else { -1 << (from.bits() - 1) };
            let fits = low >= least && high < 1 << (from.bits() - 1);
            fits.then_some(Number::Above(v, by as u64 & ty.mask()))
        }
        (Op::ISub, &[Number::Above(v, by), Number::Constant(c)]) => {
            Some(Number::Above(v, by.wrapping_sub(c) & ty.mask()))
        }
        (Op::ICmp(cc), &[Number::Above(v, by), Number::Constant(c)]) => {
            // Neither end wraps, nor does what lies between them change its sign.
            let unused = 64 - ty.bits();
            let by = ((by << unused) as i64) >> unused;
            let range = ranges.of(v)?;
            let ends = [range.low.checked_add(by)?, range.high.checked_add(by)?];
            let fits = |end: i64| ((end << unused) >> unused) == end;
            let sign = (ends[0] < 0) == (ends[1] < 0);
            let answers = ends.map(|end| eval::eval(op, ty, &[end as u64 & ty.mask(), c]));
            let ordered = !matches!(cc, IntCc::Eq | IntCc::Ne);
            let decided = ordered && sign && answers[0] == answers[1] && ends.into_iter().all(fits);
            decided.then_some(Number::Constant(answers[0]))
        }
        _ => None,
    }
}

/// The successors of a block that what is known leaves possible, in the order of [`Terminator::successors`].
fn targets(func: &Function, known: &Known, block: Block) -> Vec<usize> {
    let term = &func.block(block).term;
    let all = || (0..term.successors().count()).collect();
    match term {
        Terminator::Branch { cond, .. } => match value(func, known, *cond).and_then(Number::constant) {
            Some(c) => vec![usize::from(c & 1 == 0)],
            None => all(),
        },
        // The default comes first.
        Terminator::Switch { index, targets, .. } => {
            match value(func, known, *index).and_then(Number::constant) {
                Some(i) if (i as usize) < targets.len() => vec![i as usize + 1],
                Some(_) => vec![0],
                None => all(),
            }
        }
        Terminator::Jump(_)
        | Terminator::Ret(_)
        | Terminator::Exit
        | Terminator::Trap
        | Terminator::Unreachable => all(),
    }
}

/// Replaces a loop by one copy of its blocks for each iteration.
pub(crate) fn write_out(func: &mut Function, l: &Loop, iterations: &[Iteration]) {
    let mut rounds: Vec<FxHashMap<Block, Block>> = Vec::new();
    for iteration in iterations {
        let reached = l.blocks.iter().filter(|b| iteration.contains_key(b));
        rounds.push(reached.map(|&b| (b, func.add_block())).collect());
    }
    let mut values: FxHashMap<Value, Value> = FxHashMap::default();
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
    use ir::{Builder, Sreg};

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
            assert_eq!(run(&mut func, [64, 1, 1]), Changed::from_bool(unrolled), "{start} {step} {end:?}");
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
        run(&mut func, [64, 1, 1]);
        assert_eq!(analysis::cfg::compute(&func).rpo.len(), 1);
        let entry = func.block(Function::ENTRY);
        let Terminator::Ret(values) = &entry.term else { panic!("the loop is gone") };
        // 1n + 3n + 5n
        let n = entry.params[0];
        let mut known = Known::from_iter([(n, Number::Constant(11))]);
        for &inst in &entry.insts {
            let data = func.inst(inst);
            let Inst::Pure { op, ty } = data.inst else { continue };
            let number = |&a: &Value| super::value(&func, &known, a).and_then(Number::constant);
            let args: Vec<u64> = data.args.iter().map(|a| number(a).expect("known")).collect();
            known.insert(data.results[0], Number::Constant(eval::eval(op, ty, &args)));
        }
        assert_eq!(super::value(&func, &known, values[0]).and_then(Number::constant), Some(99));
    }

    /// `for (i = threadIdx.x; i < end; i += step) {}` in a block of 64 threads.
    fn strided(end: u64, step: u64) -> Function {
        let mut func = Function::new("f", Default::default());
        let [head, body, done] = [func.add_block(), func.add_block(), func.add_block()];
        let i = func.add_block_param(head, Type::I32);
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let tid = b.sreg(Sreg::TidX);
        b.jump(head, &[tid]);
        let mut b = Builder::new(&mut func, head);
        let end = b.iconst(Type::I32, end);
        let more = b.icmp(IntCc::LtU, i, end);
        b.branch(more, BlockCall::new(body), BlockCall::new(done));
        let mut b = Builder::new(&mut func, body);
        let step = b.iconst(Type::I32, step);
        let next = b.iadd(i, step);
        b.jump(head, &[next]);
        Builder::new(&mut func, done).ret(&[]);
        func
    }

    #[test]
    fn counters_that_start_at_a_thread_number() {
        let check = |end, step, unrolled: bool| {
            let mut func = strided(end, step);
            assert_eq!(run(&mut func, [64, 1, 1]), Changed::from_bool(unrolled), "{end} {step}");
            ir::verify(&func, None).unwrap();
        };
        check(256, 64, true);
        check(64, 64, true);
        // Some threads have one iteration more.
        check(250, 64, true);
        check(256, 60, true);
        check(32, 64, true);
        // Some have three more.
        check(256, 20, false);
        // Too long for what threads do differently.
        check(1000, 64, false);
    }

    #[test]
    fn what_some_threads_computed_last_is_brought_out() {
        let mut func = strided(100, 64);
        // What the loop's counter is behind it is used there.
        let [head, done] = [Block(1), Block(3)];
        let i = func.block(head).params[0];
        let mut b = Builder::new(&mut func, done);
        let address = b.op(Op::ZExt(Type::I32), Type::I64, &[i]);
        b.store(ir::Space::Global, address, i);
        b.ret(&[]);
        assert_eq!(run(&mut func, [64, 1, 1]), Changed::Yes);
        ir::verify(&func, None).unwrap();
        assert!(loops(&func).is_empty());

        // The end is the head of another loop.
        let mut func = strided(100, 64);
        let i = func.block(head).params[0];
        let last = func.add_block();
        let mut b = Builder::new(&mut func, done);
        let address = b.op(Op::ZExt(Type::I32), Type::I64, &[i]);
        let read = b.load(ir::Space::Global, Type::I32, address);
        let again = b.icmp(IntCc::Ne, read, i);
        b.branch(again, BlockCall::new(done), BlockCall::new(last));
        Builder::new(&mut func, last).ret(&[]);
        assert_eq!(run(&mut func, [64, 1, 1]), Changed::Yes);
        ir::verify(&func, None).unwrap();
        assert_eq!(loops(&func).len(), 1);
    }
}
