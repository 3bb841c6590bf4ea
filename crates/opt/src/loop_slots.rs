//! Slots that a loop accesses at constant offsets only, and code outside of it at others: the loop gets a slot of its own,
//! which `promote` turns into values, and what it holds is copied before and behind the loop.
//!
//! `float sums[64]` is indexed by constants where a kernel adds and by a counter where it writes its results.
//!
//! Invariant: outside of the loop nothing is read from the new slot, and inside nothing from the old one.

use crate::pieces::{Access, access};
use crate::{Changed, promote};
use analysis::natural::{self, NaturalLoop};
use analysis::places::{self, Places};
use analysis::{Cfg, cfg, dom};
use ir::{Block, BlockCall, Function, Inst, InstId, MemSem, Op, Slot, Space, Terminator, Type, Value};
use std::collections::BTreeMap;

/// Most elements that are copied.
const ELEMENTS: usize = 256;

/// The parts of a slot that a loop accesses: offset and type.
type Elements = BTreeMap<i64, Type>;

pub fn run(func: &mut Function) -> Changed {
    let mut changed = Changed::No;
    while split_one(func) == Changed::Yes {
        changed = Changed::Yes;
    }
    if changed == Changed::Yes {
        promote::run(func);
    }
    changed
}

fn split_one(func: &mut Function) -> Changed {
    if func.slots.is_empty() {
        return Changed::No;
    }
    let graph = cfg::compute(func);
    let places = places::compute(func, &graph);
    let list = accesses(func, &graph, &places);
    let moves = |slot: Slot| list.iter().any(|(_, _, a)| a.slot == slot && a.offset.is_none());
    let loops = natural::compute(&graph, &dom::compute(&graph));
    // What an outer loop repeats would be copied as often.
    let outermost = |l: &&NaturalLoop| loops.iter().all(|o| o.head == l.head || !o.blocks.contains(&l.head));
    for l in loops.iter().filter(outermost) {
        for slot in (0..func.slots.len() as u32).map(Slot) {
            if places.escapes(slot) || !moves(slot) {
                continue;
            }
            let inside: Vec<&(Block, InstId, Access)> =
                list.iter().filter(|(b, _, a)| a.slot == slot && l.blocks.contains(b)).collect();
            let stores =
                |(_, i, _): &&(Block, InstId, Access)| matches!(func.inst(*i).inst, Inst::Store { .. });
            if !inside.iter().any(stores) {
                continue;
            }
            if let Some(elements) = elements(func, &inside) {
                let inside: Vec<(Block, InstId, i64)> =
                    inside.iter().filter_map(|(b, i, a)| Some((*b, *i, a.offset?))).collect();
                split(func, l, slot, &elements, &inside);
                return Changed::Yes;
            }
        }
    }
    Changed::No
}

fn accesses(func: &Function, graph: &Cfg, places: &Places) -> Vec<(Block, InstId, Access)> {
    let all = graph.rpo.iter().flat_map(|&b| func.block(b).insts.iter().map(move |&i| (b, i)));
    all.filter_map(|(b, i)| access(func, places, i).map(|a| (b, i, a))).collect()
}

/// What the accesses of a loop take, if all of it is known, within the slot, and apart.
fn elements(func: &Function, inside: &[&(Block, InstId, Access)]) -> Option<Elements> {
    let mut out = Elements::new();
    for (_, _, a) in inside {
        let bytes = i64::from(a.ty.bytes());
        for k in 0..i64::from(a.count) {
            let at = a.offset?.checked_add(k * bytes)?;
            let within = at >= 0 && at + bytes <= func.slots[a.slot.index()].size as i64;
            if !within || a.ty == Type::I1 || out.get(&at).is_some_and(|t| t.bytes() != a.ty.bytes()) {
                return None;
            }
            out.entry(at).or_insert(a.ty);
        }
    }
    let apart =
        out.iter().zip(out.keys().skip(1)).all(|((at, ty), next)| at + i64::from(ty.bytes()) <= *next);
    (apart && out.len() <= ELEMENTS).then_some(out)
}

fn split(
    func: &mut Function,
    l: &NaturalLoop,
    slot: Slot,
    elements: &Elements,
    inside: &[(Block, InstId, i64)],
) {
    let data = func.slots[slot.index()];
    let own = func.add_slot(data.size, data.align);
    for &(block, inst, offset) in inside {
        let mut before = Vec::new();
        let address = address(func, own, offset, &mut before);
        func.inst_mut(inst).args[0] = address;
        let insts = &mut func.block_mut(block).insts;
        let at = insts.iter().position(|&i| i == inst).expect("an access stands in its block");
        insts.splice(at..at, before);
    }
    for block in func.block_ids() {
        let within = l.blocks.contains(&block);
        let mut term = func.block(block).term.clone();
        for call in term.successors_mut() {
            let enters = !within && call.block == l.head;
            let leaves = within && !l.blocks.contains(&call.block);
            if enters || leaves {
                let (from, to) = if enters { (slot, own) } else { (own, slot) };
                let between = copy(func, from, to, elements, call.clone());
                *call = BlockCall::new(between);
            }
        }
        func.block_mut(block).term = term;
    }
}

/// A block that copies elements and goes on.
fn copy(func: &mut Function, from: Slot, to: Slot, elements: &Elements, next: BlockCall) -> Block {
    let mut insts = Vec::new();
    for (&offset, &ty) in elements {
        let align = func.slots[from.index()].align.min(ty.bytes()).min(1 << offset.trailing_zeros().min(3));
        let (space, count, sem) = (Space::Local, 1, MemSem::WEAK);
        let source = address(func, from, offset, &mut insts);
        let load =
            func.add_inst(Inst::Load { space, ty, count, align, sem }, &[source], &[ty], Default::default());
        insts.push(load);
        let value = func.inst(load).results[0];
        let target = address(func, to, offset, &mut insts);
        let store = func.add_inst(
            Inst::Store { space, ty, count, align, sem },
            &[target, value],
            &[],
            Default::default(),
        );
        insts.push(store);
    }
    let block = func.add_block();
    let data = func.block_mut(block);
    data.insts = insts;
    data.term = Terminator::Jump(next);
    block
}

/// An address in a slot.
fn address(func: &mut Function, slot: Slot, offset: i64, insts: &mut Vec<InstId>) -> Value {
    let mut add = |func: &mut Function, inst: Inst, args: &[Value]| {
        let inst = func.add_inst(inst, args, &[Type::I64], Default::default());
        insts.push(inst);
        func.inst(inst).results[0]
    };
    let base = add(func, Inst::SlotAddr(slot), &[]);
    let by = add(func, Inst::Const { ty: Type::I64, bits: offset as u64 }, &[]);
    add(func, Inst::Pure { op: Op::IAdd, ty: Type::I64 }, &[base, by])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::{Builder, IntCc};

    /// A loop that adds to `slot[0]`, before one that reads `slot[4i]`.
    fn kernel() -> Function {
        let mut func = Function::new("f", Default::default());
        let slot = func.add_slot(16, 4);
        let [sums, results, end] = [func.add_block(), func.add_block(), func.add_block()];
        let i = func.add_block_param(sums, Type::I32);
        let k = func.add_block_param(results, Type::I32);
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let n = b.sreg(ir::Sreg::TidX);
        let zero = b.i32(0);
        let base = b.slot_addr(slot);
        b.jump(sums, &[zero]);
        b.switch_to(sums);
        let old = b.load(Space::Local, Type::I32, base);
        let new = b.iadd(old, n);
        b.store(Space::Local, base, new);
        let one = b.i32(1);
        let next = b.iadd(i, one);
        let more = b.icmp(IntCc::LtU, next, n);
        b.branch(more, BlockCall::with(sums, &[next]), BlockCall::with(results, &[zero]));
        b.switch_to(results);
        let wide = b.op(Op::ZExt(Type::I32), Type::I64, &[k]);
        let address = b.iadd(base, wide);
        let value = b.load(Space::Local, Type::I32, address);
        b.store(Space::Global, wide, value);
        let four = b.i32(4);
        let next = b.iadd(k, four);
        let more = b.icmp(IntCc::LtU, next, n);
        b.branch(more, BlockCall::with(results, &[next]), BlockCall::new(end));
        b.switch_to(end);
        b.ret(&[]);
        func
    }

    #[test]
    fn a_loop_with_constant_offsets_has_no_slot() {
        let mut func = kernel();
        ir::verify(&func, None).unwrap();
        assert_eq!(run(&mut func), Changed::Yes);
        ir::verify(&func, None).unwrap();
        let graph = cfg::compute(&func);
        let loops = natural::compute(&graph, &dom::compute(&graph));
        let local = |l: &NaturalLoop| {
            let insts = l.blocks.iter().flat_map(|&b| &func.block(b).insts);
            insts
                .filter(|&&i| {
                    matches!(
                        func.inst(i).inst,
                        Inst::Load { space: Space::Local, .. } | Inst::Store { space: Space::Local, .. }
                    )
                })
                .count()
        };
        assert_eq!(loops.iter().map(local).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(run(&mut func), Changed::No);
    }
}
