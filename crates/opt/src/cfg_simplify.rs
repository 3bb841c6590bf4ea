//! Control-flow clean-up: branches on constants, straight-line blocks, parameters that always get the same argument.

use crate::{Changed, dce};
use ir::{Block, Function, Inst, Terminator, Value};

pub fn run(func: &mut Function) -> Changed {
    let mut changed = fold_branches(func);
    changed |= clear_unreachable(func);
    changed |= drop_trivial_params(func);
    changed |= thread_empty_blocks(func);
    changed |= merge_chains(func);
    Changed::from_bool(changed)
}

fn fold_branches(func: &mut Function) -> bool {
    let mut changed = false;
    for block in func.block_ids() {
        let new = match &func.block(block).term {
            Terminator::Branch { cond, then, els } => match func.as_const(*cond) {
                Some(c) => Some(if c & 1 != 0 { then.clone() } else { els.clone() }),
                None if then == els => Some(then.clone()),
                None => None,
            },
            Terminator::Switch { index, targets, default } => {
                func.as_const(*index).map(|c| targets.get(c as usize).unwrap_or(default).clone())
            }
            _ => None,
        };
        if let Some(to) = new {
            func.block_mut(block).term = Terminator::Jump(to);
            changed = true;
        }
    }
    changed
}

/// Empties blocks that nothing reaches, so that they name no values.
fn clear_unreachable(func: &mut Function) -> bool {
    let cfg = analysis::cfg::compute(func);
    let mut changed = false;
    for block in func.block_ids() {
        let data = func.block_mut(block);
        if !cfg.reachable(block) && (!data.insts.is_empty() || data.term != Terminator::Unreachable) {
            data.insts.clear();
            data.params.clear();
            data.term = Terminator::Unreachable;
            changed = true;
        }
    }
    changed
}

/// A parameter whose arguments are all one value (or itself) is that value; one whose arguments are all the same constant,
/// wherever they come from, is that constant.
fn drop_trivial_params(func: &mut Function) -> bool {
    let cfg = analysis::cfg::compute(func);
    let mut replace: Vec<Option<Value>> = vec![None; func.values.len()];
    let resolve = |replace: &[Option<Value>], mut v: Value| {
        while let Some(to) = replace[v.index()] {
            v = to;
        }
        v
    };
    let mut changed = false;
    loop {
        let mut again = false;
        for &block in cfg.rpo.iter().skip(1) {
            for k in 0..func.block(block).params.len() {
                let param = func.block(block).params[k];
                if replace[param.index()].is_some() {
                    continue;
                }
                let mut only = None;
                let (mut trivial, mut copies) = (true, false);
                for &p in &cfg.preds[block.index()] {
                    for call in func.block(p).term.successors().filter(|c| c.block == block) {
                        let arg = resolve(&replace, call.args[k]);
                        if arg == param {
                            continue;
                        }
                        match only {
                            None => only = Some(arg),
                            Some(o) if o == arg => {}
                            Some(o)
                                if func.as_const(o).is_some() && func.as_const(o) == func.as_const(arg) =>
                            {
                                copies = true;
                            }
                            Some(_) => trivial = false,
                        }
                    }
                }
                if let (true, Some(value)) = (trivial, only) {
                    let value = if copies { constant_in(func, block, value) } else { value };
                    replace.resize(func.values.len(), None);
                    replace[param.index()] = Some(value);
                    again = true;
                }
            }
        }
        if !again {
            break;
        }
        changed = true;
    }
    if !changed {
        return false;
    }
    for &block in cfg.rpo.iter().skip(1) {
        let keep: Vec<bool> = func.block(block).params.iter().map(|p| replace[p.index()].is_none()).collect();
        if keep.iter().any(|k| !k) {
            dce::remove_params(func, block, &cfg.preds[block.index()], &keep);
        }
    }
    replace_uses(func, |v| resolve(&replace, v));
    true
}

/// A constant again, at the beginning of a block.
fn constant_in(func: &mut Function, block: Block, constant: Value) -> Value {
    let Some(bits) = func.as_const(constant) else { return constant };
    let ty = func.ty(constant);
    let inst = func.add_inst(Inst::Const { ty, bits }, &[], &[ty], Default::default());
    func.block_mut(block).insts.insert(0, inst);
    func.inst(inst).results[0]
}

/// Applies `map` to every use of every value.
pub(crate) fn replace_uses(func: &mut Function, map: impl Fn(Value) -> Value) {
    for block in func.block_ids() {
        for i in 0..func.block(block).insts.len() {
            let inst = func.block(block).insts[i];
            for arg in &mut func.inst_mut(inst).args {
                *arg = map(*arg);
            }
        }
        func.block_mut(block).term.map_uses(&map);
    }
}

/// Sends edges to an empty block without parameters, which only jumps on, straight to its target.
fn thread_empty_blocks(func: &mut Function) -> bool {
    let mut changed = false;
    for block in func.block_ids() {
        let mut term = func.block(block).term.clone();
        let mut here = false;
        for call in term.successors_mut() {
            let mut hops = 0;
            loop {
                let data = func.block(call.block);
                let Terminator::Jump(next) = &data.term else { break };
                if !data.insts.is_empty() || !data.params.is_empty() || next.block == call.block || hops > 8 {
                    break;
                }
                *call = next.clone();
                hops += 1;
                here = true;
            }
        }
        if here {
            func.block_mut(block).term = term;
            changed = true;
        }
    }
    changed
}

/// Appends a block to its only predecessor when that jumps to nothing else.
fn merge_chains(func: &mut Function) -> bool {
    let cfg = analysis::cfg::compute(func);
    let mut changed = false;
    let mut gone = vec![false; func.blocks.len()];
    for &block in &cfg.rpo {
        if gone[block.index()] {
            continue;
        }
        while let Terminator::Jump(to) = &func.block(block).term {
            let (next, args) = (to.block, to.args.clone());
            if next == block || next == Function::ENTRY || cfg.preds[next.index()].len() != 1 {
                break;
            }
            let params = std::mem::take(&mut func.block_mut(next).params);
            let insts = std::mem::take(&mut func.block_mut(next).insts);
            let term = std::mem::replace(&mut func.block_mut(next).term, Terminator::Unreachable);
            let term_loc = func.block(next).term_loc;
            let data = func.block_mut(block);
            data.insts.extend(insts);
            data.term = term;
            data.term_loc = term_loc;
            gone[next.index()] = true;
            changed = true;
            if !params.is_empty() {
                let table: rustc_hash::FxHashMap<Value, Value> = params.into_iter().zip(args).collect();
                replace_uses(func, |v| table.get(&v).copied().unwrap_or(v));
            }
        }
    }
    changed
}

/// Splits `block` before instruction number `at`; returns the block with the rest.
pub fn split_block(func: &mut Function, block: Block, at: usize) -> Block {
    let rest = func.add_block();
    let data = func.block_mut(block);
    let insts = data.insts.split_off(at);
    let term = std::mem::replace(&mut data.term, Terminator::Jump(ir::BlockCall::new(rest)));
    let loc = data.term_loc;
    let new = func.block_mut(rest);
    new.insts = insts;
    new.term = term;
    new.term_loc = loc;
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::{BlockCall, Builder, Type};

    #[test]
    fn a_parameter_that_gets_one_constant_from_everywhere_is_that_constant() {
        let mut func = Function::new("f", Default::default());
        let [left, right, end] = [0; 3].map(|_| func.add_block());
        let p = func.add_block_param(end, Type::I32);
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let tid = b.sreg(ir::Sreg::TidX);
        let zero = b.i32(0);
        let test = b.icmp(ir::IntCc::Eq, tid, zero);
        b.branch(test, BlockCall::new(left), BlockCall::new(right));
        for from in [left, right] {
            let mut b = Builder::new(&mut func, from);
            let c = b.i32(128);
            let wide = b.i64(64);
            b.store(ir::Space::Global, wide, tid);
            b.jump(end, &[c]);
        }
        let mut b = Builder::new(&mut func, end);
        let address = b.i64(64);
        b.store(ir::Space::Global, address, p);
        b.ret(&[]);
        assert_eq!(run(&mut func), Changed::Yes);
        ir::verify(&func, None).unwrap();
        let stored = func.inst(*func.block(end).insts.last().unwrap()).args[1];
        assert_eq!(func.as_const(stored), Some(128));
    }
}
