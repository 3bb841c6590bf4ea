//! Dead code elimination: instructions and block parameters whose results nobody needs.

use crate::Changed;
use ir::{Function, Value, ValueDef};

/// Marks from what has effects backwards; parameters live only if used by something live.
pub fn run(func: &mut Function) -> Changed {
    let mut live = vec![false; func.values.len()];
    let mut keep = vec![false; func.insts.len()];
    let mut work: Vec<Value> = Vec::new();
    let blocks: Vec<_> = analysis::cfg::compute(func).rpo;
    for &block in &blocks {
        for &inst in &func.block(block).insts {
            let data = func.inst(inst);
            if !data.inst.is_removable() {
                keep[inst.index()] = true;
                work.extend_from_slice(&data.args);
            }
        }
        match &func.block(block).term {
            ir::Terminator::Branch { cond, .. } => work.push(*cond),
            ir::Terminator::Switch { index, .. } => work.push(*index),
            ir::Terminator::Ret(values) => work.extend_from_slice(values),
            _ => {}
        }
    }
    let cfg = analysis::cfg::compute(func);
    while let Some(v) = work.pop() {
        if std::mem::replace(&mut live[v.index()], true) {
            continue;
        }
        match func.def(v) {
            ValueDef::Result(inst, _) => {
                if !std::mem::replace(&mut keep[inst.index()], true) {
                    work.extend_from_slice(&func.inst(inst).args);
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
    let mut changed = false;
    for &block in &blocks {
        let before = func.block(block).insts.len();
        func.block_mut(block).insts.retain(|i| keep[i.index()]);
        changed |= func.block(block).insts.len() != before;
    }
    for &block in &blocks {
        if block == Function::ENTRY {
            continue;
        }
        let flags: Vec<bool> = func.block(block).params.iter().map(|p| live[p.index()]).collect();
        if flags.iter().all(|&l| l) {
            continue;
        }
        changed = true;
        remove_params(func, block, &cfg.preds[block.index()], &flags);
    }
    Changed::from_bool(changed)
}

/// Removes the parameters of `block` whose flag is false, and their arguments at every predecessor.
pub(crate) fn remove_params(func: &mut Function, block: ir::Block, preds: &[ir::Block], keep: &[bool]) {
    let mut preds = preds.to_vec();
    preds.sort();
    preds.dedup();
    for p in preds {
        for call in func.block_mut(p).term.successors_mut().filter(|c| c.block == block) {
            let mut k = 0;
            call.args.retain(|_| {
                k += 1;
                keep[k - 1]
            });
        }
    }
    let mut k = 0;
    func.block_mut(block).params.retain(|_| {
        k += 1;
        keep[k - 1]
    });
    let params = func.block(block).params.clone();
    for (k, p) in params.into_iter().enumerate() {
        func.values[p.index()].def = ValueDef::Param(block, k as u32);
    }
}
