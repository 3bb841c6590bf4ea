//! Copies of blocks, for passes that write code several times.
//!
//! Invariant: a copy's operands are the original's until [`map_operands`] is told what stands for each.

use ir::{Block, Function, InstData, InstId, Type, Value};
use rustc_hash::FxHashMap;

/// Appends copies of a block's instructions to another one; `values` learns what stands for each result.
pub(crate) fn append(func: &mut Function, block: Block, to: Block, values: &mut FxHashMap<Value, Value>) {
    for (original, types) in instructions(func, block) {
        push(func, &original, &types, to, values);
    }
}

/// Appends copies of instructions to a block, each with what stands for its operands; `values` learns what stands for
/// its results.
pub(crate) fn repeat(func: &mut Function, insts: &[InstId], to: Block, values: &mut FxHashMap<Value, Value>) {
    for &inst in insts {
        let mut original = func.inst(inst).clone();
        original.args.iter_mut().for_each(|a| *a = *values.get(a).unwrap_or(a));
        let types: Vec<Type> = original.results.iter().map(|&r| func.ty(r)).collect();
        push(func, &original, &types, to, values);
    }
}

/// As [`append`], for a block of another function.
pub(crate) fn import(
    func: &mut Function,
    from: &Function,
    (block, to): (Block, Block),
    values: &mut FxHashMap<Value, Value>,
) {
    for (original, types) in instructions(from, block) {
        push(func, &original, &types, to, values);
    }
}

/// Replaces operands of a block's instructions.
pub(crate) fn map_operands(func: &mut Function, block: Block, map: impl Fn(Value) -> Value) {
    for k in 0..func.block(block).insts.len() {
        let inst = func.block(block).insts[k];
        func.inst_mut(inst).args.iter_mut().for_each(|a| *a = map(*a));
    }
}

/// A block's instructions, and the types of their results.
fn instructions(func: &Function, block: Block) -> Vec<(InstData, Vec<Type>)> {
    let all = func.block(block).insts.iter().map(|&i| func.inst(i));
    all.map(|data| (data.clone(), data.results.iter().map(|&r| func.ty(r)).collect())).collect()
}

fn push(
    func: &mut Function,
    original: &InstData,
    types: &[Type],
    to: Block,
    values: &mut FxHashMap<Value, Value>,
) {
    let fresh = func.add_inst(original.inst, &original.args, types, original.loc);
    values.extend(original.results.iter().copied().zip(func.inst(fresh).results.iter().copied()));
    func.block_mut(to).insts.push(fresh);
}
