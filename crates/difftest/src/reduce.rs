//! Makes a failing program smaller: branches become jumps, values become zero, stores and barriers go.

use engine::program::InMemory;
use ir::{Function, Inst, InstId, Terminator};
use std::collections::BTreeSet;

/// The smallest program found for which `fails` still holds, after at most `tries` trials. Every candidate is
/// verified first.
pub fn reduce(program: InMemory, mut tries: usize, mut fails: impl FnMut(&InMemory) -> bool) -> InMemory {
    let mut best = program;
    loop {
        let mut smaller = false;
        for f in 0..best.module.funcs.len() {
            for change in changes(body(&best, f)) {
                if tries == 0 {
                    return best;
                }
                tries -= 1;
                let mut candidate = InMemory { module: best.module.clone() };
                let func = candidate.module.funcs[f].body.as_mut().expect("programs of tests have bodies");
                apply(func, change);
                sweep(func);
                if ir::verify(func, Some(&best.module)).is_ok() && fails(&candidate) {
                    best = candidate;
                    smaller = true;
                }
            }
        }
        if !smaller {
            return best;
        }
    }
}

fn body(program: &InMemory, index: usize) -> &Function {
    program.module.funcs[index].body.as_ref().expect("programs of tests have bodies")
}

#[derive(Clone, Copy)]
enum Change {
    /// The terminator of a block becomes a jump to its n-th successor.
    Jump(usize, usize),
    /// The instruction goes; its results become zero.
    Remove(usize, InstId),
}

fn changes(func: &Function) -> Vec<Change> {
    let mut list = Vec::new();
    for (b, block) in func.blocks.iter().enumerate() {
        let successors = block.term.successors().count();
        if successors > 1 {
            list.extend((0..successors).map(|n| Change::Jump(b, n)));
        }
    }
    // The entry stays: it gives each thread its own memory.
    for (b, block) in func.blocks.iter().enumerate().skip(1).rev() {
        let worth = |id: &&InstId| !matches!(func.inst(**id).inst, Inst::Const { bits: 0, .. });
        list.extend(block.insts.iter().rev().filter(worth).map(|&id| Change::Remove(b, id)));
    }
    list
}

fn apply(func: &mut Function, change: Change) {
    match change {
        Change::Jump(b, n) => {
            let to = func.blocks[b].term.successors().nth(n).cloned();
            if let Some(to) = to {
                func.blocks[b].term = Terminator::Jump(to);
            }
        }
        Change::Remove(b, id) => {
            let results = func.inst(id).results.clone();
            match results[..] {
                [] => func.blocks[b].insts.retain(|&i| i != id),
                [value] => {
                    let ty = func.ty(value);
                    let data = func.inst_mut(id);
                    data.inst = Inst::Const { ty, bits: 0 };
                    data.args.clear();
                }
                _ => {}
            }
        }
    }
}

/// Removes what nothing uses, and empties blocks that nothing reaches.
fn sweep(func: &mut Function) {
    let mut reached = vec![false; func.blocks.len()];
    let mut work = vec![Function::ENTRY];
    while let Some(block) = work.pop() {
        if !std::mem::replace(&mut reached[block.index()], true) {
            work.extend(func.block(block).term.successors().map(|to| to.block));
        }
    }
    for (block, reached) in func.blocks.iter_mut().zip(&reached) {
        if !reached {
            block.insts.clear();
            block.term = Terminator::Unreachable;
        }
    }
    loop {
        let mut used = BTreeSet::new();
        for block in &func.blocks {
            block.term.for_each_use(|v| {
                used.insert(v);
            });
            used.extend(block.insts.iter().flat_map(|&id| func.insts[id.index()].args.iter().copied()));
        }
        let insts = &func.insts;
        let dead = |id: &InstId| {
            let data = &insts[id.index()];
            data.inst.is_removable() && !data.results.iter().any(|v| used.contains(v))
        };
        let before: usize = func.blocks.iter().map(|b| b.insts.len()).sum();
        func.blocks.iter_mut().for_each(|b| b.insts.retain(|id| !dead(id)));
        if func.blocks.iter().map(|b| b.insts.len()).sum::<usize>() == before {
            return;
        }
    }
}
