//! Finds loops in which threads wait for others through memory: lock loops and spins on flags.
//!
//! In a vector, lanes that got through wait at the end of the loop for those that have not: if these wait for what the
//! first would do next, nobody moves. Such kernels run one thread per gang, or on the reference engine.

use analysis::{Cfg, scc};
use ir::{AtomOp, Block, Function, Inst, InstId, MemOrder, Op, Space, Terminator, Value, ValueDef};
use rustc_hash::FxHashSet;

/// How threads of a kernel wait for each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Waits {
    #[default]
    Never,
    /// Only for locks, whose holder runs on: a thread at a time gets through.
    Locks,
    /// For what any other thread may have to do first.
    Flags,
}

/// A loop in which threads wait, with all its blocks.
pub struct WaitLoop {
    pub blocks: Vec<u32>,
    pub kind: Waits,
}

/// The loops whose exit depends on memory that another thread must change.
pub fn loops(func: &Function, cfg: &Cfg) -> Vec<WaitLoop> {
    let nodes: Vec<u32> = cfg.rpo.iter().map(|b| b.0).collect();
    let succs = |b: u32| -> Vec<u32> { cfg.succs[b as usize].iter().map(|s| s.0).collect() };
    let nest = scc::nest(func.blocks.len(), &nodes, &succs, &|b| cfg.number[b as usize]);
    let mut components: Vec<Vec<u32>> = Vec::new();
    collect_loops(&nest, &mut components);
    let defs = analysis::liveness::def_blocks(func);
    let mut out = Vec::new();
    for blocks in components {
        let kind = kind_of(func, cfg, &defs, &blocks);
        if kind != Waits::Never {
            out.push(WaitLoop { blocks, kind });
        }
    }
    out
}

/// How the threads in a loop wait: a volatile or ordered load, or an atomic whose operands stay the same (a retry loop
/// computes a new operand from what it saw, and always gets on).
fn kind_of(func: &Function, cfg: &Cfg, defs: &[Option<Block>], component: &[u32]) -> Waits {
    let mut worst = Waits::Never;
    let inside: FxHashSet<u32> = component.iter().copied().collect();
    let mut seen = FxHashSet::default();
    let mut work: Vec<Value> = Vec::new();
    // A branch inside the loop may decide what a branch out of it looks at later.
    for &b in component {
        match &func.block(Block(b)).term {
            Terminator::Branch { cond, .. } => work.push(*cond),
            Terminator::Switch { index, .. } => work.push(*index),
            _ => {}
        }
    }
    let in_loop = |v: Value| defs[v.index()].is_some_and(|b| inside.contains(&b.0));
    let (mut through_memory, mut through_variable) = (false, false);
    while let Some(v) = work.pop() {
        if !in_loop(v) || !seen.insert(v) {
            continue;
        }
        match func.def(v) {
            ValueDef::Result(inst, _) => {
                let data = func.inst(inst);
                let memory = matches!(data.inst, Inst::Load { .. } | Inst::Atomic { .. });
                if memory && varies(func, &in_loop, data.args[0], 0) {
                    continue; // Goes on to other places: a search, not a wait.
                }
                match data.inst {
                    Inst::Load { space: ir::Space::Local, .. } => through_memory = true,
                    _ if only_reads(func, data) => return Waits::Flags,
                    Inst::Atomic { op: AtomOp::Cas, .. }
                        if !in_loop(data.args[1]) || constant(func, data.args[1]) =>
                    {
                        worst = worst.max(Waits::Locks);
                    }
                    Inst::Atomic { op: AtomOp::Exch, .. }
                        if !in_loop(data.args[1]) || constant(func, data.args[1]) =>
                    {
                        worst = worst.max(Waits::Locks);
                    }
                    // One thread may have looked for all and left word here.
                    Inst::Load {
                        space: ir::Space::Shared | ir::Space::Global | ir::Space::Generic, ..
                    } => {
                        through_variable = true;
                    }
                    Inst::Atomic { .. } => {}
                    _ => work.extend_from_slice(&data.args),
                }
            }
            ValueDef::Param(block, k) => {
                for &p in &cfg.preds[block.index()] {
                    for call in func.block(p).term.successors().filter(|c| c.block == block) {
                        work.push(call.args[k as usize]);
                    }
                }
            }
        }
    }
    if through_variable {
        let insts = component.iter().flat_map(|&b| &func.block(Block(b)).insts);
        let looks = insts
            .map(|&i| func.inst(i))
            .any(|data| only_reads(func, data) && !varies(func, &in_loop, data.args[0], 0));
        if looks {
            return Waits::Flags;
        }
    }
    // Code that is not optimised keeps what it saw in local memory: there any look at shared state counts.
    if through_memory {
        for &b in component {
            for &inst in &func.block(Block(b)).insts {
                worst = worst.max(match func.inst(inst).inst {
                    Inst::Load { .. } if only_reads(func, func.inst(inst)) => Waits::Flags,
                    Inst::Atomic { op: AtomOp::Cas | AtomOp::Exch, .. } => Waits::Locks,
                    // It changes what it looks at: threads that come back to it get on.
                    Inst::Atomic { op: AtomOp::Add, .. } if adds_something(func, Block(b), inst) => {
                        Waits::Never
                    }
                    // What an atomic returned is looked at: it may be a way to read.
                    Inst::Atomic { .. } if used(func, component, func.inst(inst).results[0]) => Waits::Flags,
                    _ => Waits::Never,
                });
            }
        }
    }
    worst
}

/// Whether an atomic of `block` adds what is known not to be zero, be it through a variable in local memory.
fn adds_something(func: &Function, block: Block, atomic: InstId) -> bool {
    let mut added = func.inst(atomic).args[1];
    while let Some(data) = func.def_inst(added) {
        added = match data.inst {
            Inst::Const { .. } => return func.as_const(added) != Some(0),
            Inst::Pure { op: Op::INeg, .. } => data.args[0],
            Inst::Load { space: Space::Local, count: 1, .. } => match stored_before(func, block, data) {
                Some(value) => value,
                None => return false,
            },
            _ => return false,
        };
    }
    false
}

/// What the nearest store before a load of local memory put at its address, in `block`.
fn stored_before(func: &Function, block: Block, load: &ir::InstData) -> Option<Value> {
    let insts = &func.block(block).insts;
    let at = insts.iter().position(|&i| func.inst(i).results == load.results)?;
    let before = insts[..at].iter().rev().map(|&i| func.inst(i));
    let store = before.into_iter().find(|data| {
        matches!(
            data.inst,
            Inst::Store { space: Space::Local | Space::Generic, .. }
                | Inst::Call(_)
                | Inst::CallIndirect { .. }
        )
    })?;
    let Inst::Store { space: Space::Local, ty, count: 1, .. } = store.inst else { return None };
    let Inst::Load { ty: wanted, .. } = load.inst else { return None };
    (store.args[0] == load.args[0] && ty == wanted).then(|| store.args[1])
}

/// The blocks of every loop, inner ones too: an inner one may wait where the outer one goes on.
fn collect_loops(nest: &[scc::Nest], out: &mut Vec<Vec<u32>>) {
    for item in nest {
        if let scc::Nest::Loop(inner) = item {
            out.push(scc::Nest::nodes(inner));
            collect_loops(inner, out);
        }
    }
}

/// Whether an instruction looks at what other threads may change, and changes nothing.
fn only_reads(func: &Function, data: &ir::InstData) -> bool {
    match data.inst {
        Inst::Load { space, sem, .. } => space != ir::Space::Local && sem.order != MemOrder::Weak,
        Inst::Atomic { op: AtomOp::Cas, .. } => {
            let [compare, value] = [1, 2].map(|k| func.as_const(data.args[k]));
            compare.is_some() && compare == value
        }
        Inst::Atomic { op: AtomOp::Add | AtomOp::Or | AtomOp::MaxU | AtomOp::MaxS, .. } => {
            func.as_const(data.args[1]) == Some(0)
        }
        _ => false,
    }
}

/// Whether a value may differ from one iteration to the next. What comes from local memory counts as the same: code
/// that is not optimised keeps its addresses there.
fn varies(func: &Function, in_loop: &dyn Fn(Value) -> bool, value: Value, depth: u32) -> bool {
    if !in_loop(value) {
        return false;
    }
    match func.def_inst(value) {
        None => true,
        Some(data) => match data.inst {
            Inst::Load { space: ir::Space::Local | ir::Space::Param, .. } => false,
            Inst::Load { .. } | Inst::Atomic { .. } => true,
            _ => depth > 64 || data.args.iter().any(|&a| varies(func, in_loop, a, depth + 1)),
        },
    }
}

/// Whether an instruction of these blocks uses `value`.
fn used(func: &Function, blocks: &[u32], value: Value) -> bool {
    blocks.iter().flat_map(|&b| &func.block(Block(b)).insts).any(|&i| func.inst(i).args.contains(&value))
}

/// Whether a value is the same wherever it is computed: constants and addresses of variables.
fn constant(func: &Function, value: Value) -> bool {
    func.def_inst(value).is_some_and(|data| match data.inst {
        Inst::Const { .. } | Inst::GlobalAddr { .. } | Inst::SlotAddr(_) | Inst::FuncAddr(_) => true,
        Inst::Load { space: ir::Space::Param, .. }
        | Inst::Pure { .. }
        | Inst::ToGeneric(_)
        | Inst::FromGeneric(_) => data.args.iter().all(|&a| constant(func, a)),
        _ => false,
    })
}
