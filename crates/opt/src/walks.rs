//! Pointers that walk: one that starts anywhere and grows by a constant with each iteration becomes its start, which
//! stays, plus a counter, which all threads in the loop share.
//!
//! `for (i = starts[row]; i < starts[row + 1]; i++) sum += values[i]` keeps a pointer for each thread. Kept apart, the
//! start needs no arithmetic in the loop and the counter is one scalar for a whole gang.

use crate::irregular::{self, Irregular};
use crate::{Changed, dce};
use analysis::dom::DomTree;
use analysis::{Cfg, cfg, dom};
use ir::{Block, Function, Inst, Op, Type, Value};

pub fn run(func: &mut Function) -> Changed {
    let graph = cfg::compute(func);
    let tree = dom::compute(&graph);
    let irregular = irregular::compute(func, &graph);
    let mut changed = Changed::No;
    for &head in &graph.rpo {
        let Some(sides) = sides(&graph, &tree, head) else { continue };
        // A counter for each step.
        let mut counters: Vec<(u64, Value)> = Vec::new();
        for k in 0..func.block(head).params.len() {
            let Some((start, step)) = walk(func, &irregular, head, &sides, k) else { continue };
            let counter = match counters.iter().find(|(s, _)| *s == step) {
                Some(&(_, counter)) => counter,
                None => {
                    let counter = add_counter(func, head, &sides, step);
                    counters.push((step, counter));
                    counter
                }
            };
            let param = func.block(head).params[k];
            let sum = func.add_inst(
                Inst::Pure { op: Op::IAdd, ty: Type::I64 },
                &[start, counter],
                &[Type::I64],
                Default::default(),
            );
            let here = func.inst(sum).results[0];
            replace(func, param, here);
            func.block_mut(head).insts.insert(0, sum);
            changed = Changed::Yes;
        }
    }
    if changed == Changed::Yes {
        dce::run(func);
    }
    changed
}

/// The edges of a loop's head.
struct Sides {
    entry: Block,
    back: Vec<Block>,
}

/// `None` for blocks that head no loop, or that are entered in several places.
fn sides(graph: &Cfg, tree: &DomTree, head: Block) -> Option<Sides> {
    let (back, entries): (Vec<Block>, Vec<Block>) =
        graph.preds[head.index()].iter().partition(|&&p| tree.dominates(head, p));
    match entries[..] {
        [entry] if !back.is_empty() => Some(Sides { entry, back }),
        _ => None,
    }
}

/// Where parameter `k` starts and by how much it grows, if it is an address that is worth taking apart.
fn walk(
    func: &Function,
    irregular: &Irregular,
    head: Block,
    sides: &Sides,
    k: usize,
) -> Option<(Value, u64)> {
    let param = func.block(head).params[k];
    let arguments = |from: Block| {
        func.block(from).term.successors().filter(move |c| c.block == head).map(move |c| c.args[k])
    };
    let start = arguments(sides.entry).next()?;
    if func.ty(param) != Type::I64 || !irregular.is(start) || !addresses(func, param) {
        return None;
    }
    let mut step = None;
    for argument in sides.back.iter().flat_map(|&b| arguments(b)) {
        let by = distance(func, argument, param)?;
        if step.is_some_and(|s| s != by) {
            return None;
        }
        step = Some(by);
    }
    Some((start, step.filter(|&s| s != 0)?))
}

/// The constant that is added to `from` to get `value`.
fn distance(func: &Function, value: Value, from: Value) -> Option<u64> {
    let (mut at, mut sum) = (value, 0u64);
    while at != from {
        let data = func.def_inst(at)?;
        let Inst::Pure { op: Op::IAdd, ty: Type::I64 } = data.inst else { return None };
        sum = sum.wrapping_add(func.as_const(data.args[1])?);
        at = data.args[0];
    }
    Some(sum)
}

/// Whether memory is accessed a constant away from a value.
fn addresses(func: &Function, value: Value) -> bool {
    func.blocks.iter().flat_map(|b| &b.insts).any(|&inst| {
        let data = func.inst(inst);
        matches!(data.inst, Inst::Load { .. } | Inst::Store { .. } | Inst::Atomic { .. })
            && distance(func, data.args[0], value).is_some()
    })
}

/// A parameter of `head` that starts at zero and grows by `step`.
fn add_counter(func: &mut Function, head: Block, sides: &Sides, step: u64) -> Value {
    let counter = func.add_block_param(head, Type::I64);
    let constant = |func: &mut Function, bits| {
        func.add_inst(Inst::Const { ty: Type::I64, bits }, &[], &[Type::I64], Default::default())
    };
    let (zero, by) = (constant(func, 0), constant(func, step));
    let args = [counter, func.inst(by).results[0]];
    let add =
        func.add_inst(Inst::Pure { op: Op::IAdd, ty: Type::I64 }, &args, &[Type::I64], Default::default());
    let (first, next) = (func.inst(zero).results[0], func.inst(add).results[0]);
    func.block_mut(sides.entry).insts.insert(0, zero);
    func.block_mut(head).insts.splice(0..0, [by, add]);
    let mut edges: Vec<(Block, Value)> = sides.back.iter().map(|&b| (b, next)).collect();
    edges.push((sides.entry, first));
    // Both sides of a branch may be edges.
    edges.dedup_by_key(|(from, _)| *from);
    for (from, argument) in edges {
        for call in func.block_mut(from).term.successors_mut().filter(|c| c.block == head) {
            call.args.push(argument);
        }
    }
    counter
}

fn replace(func: &mut Function, old: Value, new: Value) {
    let of = |v: Value| if v == old { new } else { v };
    for block in &mut func.blocks {
        block.term.map_uses(of);
    }
    let new_inst = match func.def(new) {
        ir::ValueDef::Result(inst, _) => Some(inst),
        ir::ValueDef::Param(..) => None,
    };
    for (i, data) in func.insts.iter_mut().enumerate() {
        if new_inst.is_none_or(|n| n.index() != i) {
            data.args.iter_mut().for_each(|a| *a = of(*a));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::{GangLayout, Shape};
    use ir::{BlockCall, Builder, IntCc, Space, Sreg};

    /// Threads walk rows that start where memory says: `for (p = start; p != end; p += step) sum += *p`.
    fn rows(step: u64, from_memory: bool) -> (Function, Value) {
        let mut func = Function::new("rows", Default::default());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let tid = b.sreg(Sreg::TidX);
        let tid = b.op(Op::ZExt(Type::I32), Type::I64, &[tid]);
        let eight = b.i64(8);
        let own = b.op(Op::IMul, Type::I64, &[tid, eight]);
        let start = if from_memory { b.load(Space::Global, Type::I64, own) } else { own };
        let end = b.load(Space::Global, Type::I64, own);
        let (head, out) = (b.new_block(), b.new_block());
        b.jump(head, &[start]);
        b.switch_to(head);
        let at = b.func.add_block_param(head, Type::I64);
        let value = b.load(Space::Global, Type::I64, at);
        b.store(Space::Global, own, value);
        let step = b.i64(step as i64);
        let next = b.iadd(at, step);
        let done = b.icmp(IntCc::Eq, next, end);
        b.branch(done, BlockCall::new(out), BlockCall::with(head, &[next]));
        b.switch_to(out);
        b.ret(&[]);
        (func, value)
    }

    #[test]
    fn a_pointer_from_memory_becomes_a_start_and_a_counter() {
        let (mut func, value) = rows(4, true);
        assert_eq!(run(&mut func), Changed::Yes);
        ir::verify(&func, None).unwrap();
        let graph = cfg::compute(&func);
        let layout = GangLayout { lanes: 16, chunks: 1, block: [256, 1, 1], local_bytes: 0 };
        let uni = analysis::uniformity(&func, &graph, &layout);
        let load = func.def_inst(value).unwrap();
        let sum = func.def_inst(load.args[0]).unwrap();
        assert_eq!(uni.shape(sum.args[0]), Shape::Varying);
        assert_eq!(uni.shape(sum.args[1]), Shape::Uniform);
        let head = graph.rpo[1];
        assert_eq!(func.block(head).params.len(), 1);
        assert_eq!(run(&mut func), Changed::No);
    }

    #[test]
    fn regular_pointers_and_those_that_stay_are_left_alone() {
        for (step, from_memory) in [(4, false), (0, true)] {
            let (mut func, _) = rows(step, from_memory);
            assert_eq!(run(&mut func), Changed::No);
        }
    }
}
