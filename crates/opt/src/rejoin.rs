//! Copies that a compiler took apart, put together: a structure of 16 bytes that is assigned through a pointer of which
//! only its elements' alignment is known comes as four loads and stores of 4 bytes, or eight of 2.
//!
//! Invariant: what is copied lies in another state space than where it goes, nothing in between accesses memory but
//! other parts of such copies, and stores keep their order.

use crate::Changed;
use ir::{Block, Function, Inst, InstId, MemOrder, MemSem, Op, Space, SrcLoc, Type, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Bytes of a copy that is put together.
const WHOLE: [i64; 2] = [16, 8];

/// A load whose one use is a store: where both lead.
struct Part {
    load: InstId,
    store: InstId,
    ty: Type,
    from: Place,
    to: Place,
    /// Among the stores of the stretch.
    nth: usize,
}

/// An address: what it is a constant away from, in which space, and how aligned it is said to be.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    root: Value,
    offset: i64,
    space: Space,
    align: u32,
}

pub fn run(func: &mut Function) -> Changed {
    let uses = uses(func);
    let mut changed = Changed::No;
    for block in func.block_ids() {
        for stretch in stretches(func, block) {
            let parts = parts(func, &uses, &stretch);
            for whole in wholes(&parts) {
                join(func, block, &parts[whole]);
                changed = Changed::Yes;
            }
        }
    }
    changed
}

fn uses(func: &Function) -> Vec<u32> {
    let mut uses = vec![0; func.values.len()];
    for data in &func.blocks {
        let args = data.insts.iter().flat_map(|&i| &func.inst(i).args);
        args.for_each(|a| uses[a.index()] += 1);
        data.term.for_each_use(|v| uses[v.index()] += 1);
    }
    uses
}

/// Longest sequences of loads from one space and stores to another, with nothing between them that has to do with memory.
fn stretches(func: &Function, block: Block) -> Vec<Vec<InstId>> {
    let (mut out, mut now) = (Vec::new(), Vec::new());
    let (mut from, mut to) = (None, None);
    for &inst in &func.block(block).insts {
        let side = match func.inst(inst).inst {
            Inst::Load { space, sem, .. } if is_plain(space, sem) => Some((&mut from, space)),
            Inst::Store { space, sem, .. } if is_plain(space, sem) => Some((&mut to, space)),
            ref other if other.is_pure() => continue,
            _ => None,
        };
        let fits = side.is_some_and(|(known, space)| *known.get_or_insert(space) == space);
        if fits && from != to {
            now.push(inst);
            continue;
        }
        out.push(std::mem::take(&mut now));
        (from, to) = (None, None);
        match func.inst(inst).inst {
            Inst::Load { space, sem, .. } if is_plain(space, sem) => from = Some(space),
            Inst::Store { space, sem, .. } if is_plain(space, sem) => to = Some(space),
            _ => continue,
        }
        now.push(inst);
    }
    out.push(now);
    out
}

fn is_plain(space: Space, sem: MemSem) -> bool {
    matches!(space, Space::Global | Space::Shared) && sem.order == MemOrder::Weak
}

/// The parts of copies in a stretch, by where they go.
fn parts(func: &Function, uses: &[u32], stretch: &[InstId]) -> Vec<Part> {
    let mut loads: FxHashMap<Value, InstId> = FxHashMap::default();
    let (mut parts, mut nth) = (Vec::new(), 0);
    for &inst in stretch {
        let data = func.inst(inst);
        match data.inst {
            Inst::Load { count: 1, .. } => {
                loads.insert(data.results[0], inst);
            }
            Inst::Store { count, ty, .. } => {
                nth += 1;
                let load = loads.get(&data.args[1]).filter(|_| count == 1 && uses[data.args[1].index()] == 1);
                let Some(&load) = load else { continue };
                let (from, to) = (place(func, load), place(func, inst));
                parts.extend(from.zip(to).map(|(from, to)| Part {
                    load,
                    store: inst,
                    ty,
                    from,
                    to,
                    nth: nth - 1,
                }));
            }
            _ => {}
        }
    }
    parts.sort_by_key(|p| (p.from.root.index(), p.to.root.index(), p.to.offset));
    parts
}

fn place(func: &Function, inst: InstId) -> Option<Place> {
    let data = func.inst(inst);
    let (Inst::Load { space, align, .. } | Inst::Store { space, align, .. }) = data.inst else { return None };
    let (root, offset) = func.root_of(data.args[0], |_| true);
    Some(Place { root, offset, space, align })
}

/// Ranges of parts that are a whole, and whose stores follow one another.
fn wholes(parts: &[Part]) -> Vec<std::ops::Range<usize>> {
    let (mut out, mut at) = (Vec::new(), 0);
    while at < parts.len() {
        let first = &parts[at];
        let bytes = i64::from(first.ty.bytes());
        let follows = |(part, k): &(&Part, i64)| {
            let moved = |a: Place, b: Place| a == Place { offset: b.offset + k * bytes, ..b };
            part.ty == first.ty && moved(part.from, first.from) && moved(part.to, first.to)
        };
        let run = parts[at..].iter().zip(0..).take_while(follows).count();
        let fits = |whole: &i64| {
            let n = (whole / bytes) as usize;
            let nths: BTreeSet<usize> = parts[at..].iter().take(n).map(|p| p.nth).collect();
            let together = nths.last().zip(nths.first()).is_some_and(|(last, first)| last - first == n - 1);
            n > 1 && n <= run && together
        };
        let n = WHOLE.iter().find(|w| fits(w)).map_or(1, |whole| (whole / bytes) as usize);
        if n > 1 {
            out.push(at..at + n);
        }
        at += n;
    }
    out
}

/// One load where the first was, and one store where the last was.
fn join(func: &mut Function, block: Block, parts: &[Part]) {
    let first = &parts[0];
    let bytes = first.ty.bytes() * parts.len() as u32;
    let ty = if first.ty == Type::F32 { Type::F32 } else { Type::I32 };
    let count = (bytes / ty.bytes()) as u8;
    let sem = MemSem::WEAK;
    let insts = func.block(block).insts.clone();
    let of = |which: fn(&Part) -> InstId| parts.iter().map(which).collect::<Vec<InstId>>();
    let (loads, stores) = (of(|p| p.load), of(|p| p.store));
    let from = insts.iter().copied().find(|i| loads.contains(i));
    let to = insts.iter().copied().rfind(|i| stores.contains(i));
    let mut kept = Vec::with_capacity(insts.len());
    let mut values = Vec::new();
    for inst in insts {
        let loc = func.inst(inst).loc;
        if Some(inst) == from {
            let addr = address(func, &mut kept, first.from, loc);
            let load = Inst::Load { space: first.from.space, ty, count, align: first.from.align, sem };
            let id = func.add_inst(load, &[addr], &vec![ty; usize::from(count)], loc);
            values = func.inst(id).results.to_vec();
            kept.push(id);
        } else if Some(inst) == to {
            let mut args = vec![address(func, &mut kept, first.to, loc)];
            args.append(&mut values);
            let store = Inst::Store { space: first.to.space, ty, count, align: first.to.align, sem };
            kept.push(func.add_inst(store, &args, &[], loc));
        } else if !loads.contains(&inst) && !stores.contains(&inst) {
            kept.push(inst);
        }
    }
    func.block_mut(block).insts = kept;
}

/// The address of a place.
fn address(func: &mut Function, insts: &mut Vec<InstId>, place: Place, loc: SrcLoc) -> Value {
    if place.offset == 0 {
        return place.root;
    }
    let mut push = |inst: Inst, args: &[Value]| {
        let id = func.add_inst(inst, args, &[Type::I64], loc);
        insts.push(id);
        func.inst(id).results[0]
    };
    let by = push(Inst::Const { ty: Type::I64, bits: place.offset as u64 }, &[]);
    push(Inst::Pure { op: Op::IAdd, ty: Type::I64 }, &[place.root, by])
}
