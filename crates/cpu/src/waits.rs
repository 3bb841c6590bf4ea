//! Finds loops in which threads wait for others through memory: lock loops and spins on flags.
//!
//! In a vector, lanes that got through wait at the end of the loop for those that have not: if these wait for what the
//! first would do next, nobody moves. Such kernels run one thread per gang, or on the reference engine.

use analysis::{Cfg, scc};
use ir::{AtomOp, Block, Function, Inst, MemOrder, Terminator, Value, ValueDef};
use std::collections::HashSet;

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

/// The worst loop whose exit depends on memory that another thread must change: a volatile or ordered load, or an
/// atomic whose operands stay the same (a retry loop computes a new operand from what it saw, and always gets on).
pub fn wait_loops(func: &Function, cfg: &Cfg) -> Waits {
    let mut worst = Waits::Never;
    let n = func.blocks.len();
    let nodes: Vec<u32> = cfg.rpo.iter().map(|b| b.0).collect();
    let succs = |b: u32| -> Vec<u32> { cfg.succs[b as usize].iter().map(|s| s.0).collect() };
    for component in scc::components(n, &nodes, &succs) {
        let inside: HashSet<u32> = component.iter().copied().collect();
        let cyclic = component.len() > 1 || succs(component[0]).contains(&component[0]);
        if !cyclic {
            continue;
        }
        let mut seen = HashSet::new();
        let mut work: Vec<Value> = Vec::new();
        for &b in &component {
            let leaves = succs(b).iter().any(|s| !inside.contains(s));
            match &func.block(Block(b)).term {
                Terminator::Branch { cond, .. } if leaves => work.push(*cond),
                Terminator::Switch { index, .. } if leaves => work.push(*index),
                _ => {}
            }
        }
        let defs = analysis::liveness::def_blocks(func);
        let in_loop = |v: Value| defs[v.index()].is_some_and(|b| inside.contains(&b.0));
        while let Some(v) = work.pop() {
            if !in_loop(v) || !seen.insert(v) {
                continue;
            }
            match func.def(v) {
                ValueDef::Result(inst, _) => {
                    let data = func.inst(inst);
                    match data.inst {
                        Inst::Load { sem, .. } if sem.order != MemOrder::Weak => return Waits::Flags,
                        Inst::Atomic { op: AtomOp::Cas, .. } if !in_loop(data.args[1]) => {
                            // Compare and value the same: only looks.
                            let looks = func.as_const(data.args[1]) == func.as_const(data.args[2]);
                            worst = worst.max(if looks { Waits::Flags } else { Waits::Locks });
                        }
                        Inst::Atomic { op: AtomOp::Exch, .. } if !in_loop(data.args[1]) => {
                            worst = worst.max(Waits::Locks);
                        }
                        Inst::Atomic { op: AtomOp::Add | AtomOp::Or | AtomOp::MaxU | AtomOp::MaxS, .. }
                            if func.as_const(data.args[1]) == Some(0) =>
                        {
                            return Waits::Flags;
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
    }
    worst
}
