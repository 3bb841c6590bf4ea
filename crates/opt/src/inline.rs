//! Inlines direct calls, so that the vectoriser sees whole kernels.

use crate::cfg_simplify::split_block;
use ir::{Block, BlockCall, FuncId, Function, Inst, InstId, Slot, Terminator, Value};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What stands in the way of inlining a call: the callee stays a function of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keep {
    /// It calls itself, directly or through others.
    Recursive,
    /// The caller would grow beyond the limit.
    TooLarge,
}

/// Inlines every direct call whose body `body` gives, except calls into a cycle of calls, until the function has
/// `limit` instructions. Returns the callees that stay. `body` fails with the caller's error type.
pub fn run<E>(
    func: &mut Function,
    limit: usize,
    body: &mut dyn FnMut(FuncId) -> Result<Option<Arc<Function>>, E>,
) -> Result<Vec<(FuncId, Keep)>, E> {
    let mut kept: Vec<(FuncId, Keep)> = Vec::new();
    // Calls still to look at, each with the chain of callees that it came from.
    let mut work: Vec<(Block, Vec<FuncId>)> = func.block_ids().map(|b| (b, Vec::new())).collect();
    let mut recursive: FxHashMap<FuncId, bool> = FxHashMap::default();
    while let Some((block, chain)) = work.pop() {
        let call =
            func.block(block).insts.iter().enumerate().find_map(|(i, &inst)| match func.inst(inst).inst {
                Inst::Call(callee) if !kept.iter().any(|(k, _)| *k == callee) => Some((i, inst, callee)),
                _ => None,
            });
        let Some((at, inst, callee)) = call else { continue };
        let reason = if is_recursive(callee, &mut recursive, body)? {
            Some(Keep::Recursive)
        } else if func.insts.len() > limit {
            Some(Keep::TooLarge)
        } else {
            None
        };
        let callee_body = body(callee)?;
        let (None, Some(callee_body)) = (reason, callee_body) else {
            kept.push((callee, reason.unwrap_or(Keep::TooLarge)));
            work.push((block, chain));
            continue;
        };
        let first_new = func.blocks.len() as u32;
        let rest = inline_call(func, block, at, inst, &callee_body);
        let mut deeper = chain.clone();
        deeper.push(callee);
        for b in first_new..func.blocks.len() as u32 {
            if Block(b) != rest {
                work.push((Block(b), deeper.clone()));
            }
        }
        work.push((rest, chain.clone()));
        work.push((block, chain));
    }
    Ok(kept)
}

/// Whether `func` can reach itself by direct calls.
fn is_recursive<E>(
    func: FuncId,
    memo: &mut FxHashMap<FuncId, bool>,
    body: &mut dyn FnMut(FuncId) -> Result<Option<Arc<Function>>, E>,
) -> Result<bool, E> {
    if let Some(&known) = memo.get(&func) {
        return Ok(known);
    }
    let mut seen = vec![func];
    let mut next = 0;
    let mut found = false;
    while next < seen.len() {
        let f = seen[next];
        next += 1;
        let Some(b) = body(f)? else { continue };
        for block in &b.blocks {
            for &inst in &block.insts {
                if let Inst::Call(callee) = b.inst(inst).inst {
                    found |= callee == func;
                    if !seen.contains(&callee) {
                        seen.push(callee);
                    }
                }
            }
        }
    }
    memo.insert(func, found);
    Ok(found)
}

/// Puts the body in place of the call; returns the block with what followed it.
fn inline_call(func: &mut Function, block: Block, at: usize, call: InstId, callee: &Function) -> Block {
    let rest = split_block(func, block, at);
    func.block_mut(rest).insts.remove(0);
    let results: Vec<Value> = func.inst(call).results.to_vec();
    let args: Vec<Value> = func.inst(call).args.to_vec();
    // The call's results become parameters of the continuation.
    for (k, &r) in results.iter().enumerate() {
        func.values[r.index()].def = ir::ValueDef::Param(rest, k as u32);
        func.block_mut(rest).params.push(r);
    }
    let slots: Vec<Slot> = callee.slots.iter().map(|s| func.add_slot(s.size, s.align)).collect();
    let sigs: Vec<ir::inst::SigId> = callee.sigs.iter().map(|s| func.add_sig(s.clone())).collect();
    let blocks: Vec<Block> = callee.block_ids().map(|_| func.add_block()).collect();
    let mut values: Vec<Option<Value>> = vec![None; callee.values.len()];
    for b in callee.block_ids() {
        for &p in &callee.block(b).params {
            values[p.index()] = Some(func.add_block_param(blocks[b.index()], callee.ty(p)));
        }
        for &i in &callee.block(b).insts {
            let data = callee.inst(i);
            let inst = match data.inst {
                Inst::SlotAddr(slot) => Inst::SlotAddr(slots[slot.index()]),
                Inst::CallIndirect { sig } => Inst::CallIndirect { sig: sigs[sig.0 as usize] },
                other => other,
            };
            let types: Vec<ir::Type> = data.results.iter().map(|&r| callee.ty(r)).collect();
            let new = func.add_inst(inst, &[], &types, data.loc);
            for (&old, &fresh) in data.results.iter().zip(&func.inst(new).results.clone()) {
                values[old.index()] = Some(fresh);
            }
            func.block_mut(blocks[b.index()]).insts.push(new);
        }
    }
    let map = |v: Value| values[v.index()].expect("every value of a reachable block was copied");
    let cfg = analysis::cfg::compute(callee);
    for b in callee.block_ids() {
        let new = blocks[b.index()];
        if !cfg.reachable(b) {
            func.block_mut(new).insts.clear();
            continue;
        }
        let copies = func.block(new).insts.clone();
        for (&old, fresh) in callee.block(b).insts.iter().zip(copies) {
            func.inst_mut(fresh).args = callee.inst(old).args.iter().map(|&a| map(a)).collect();
        }
        let mut term = callee.block(b).term.clone();
        match &term {
            Terminator::Ret(out) => {
                let out: Vec<Value> = out.iter().map(|&v| map(v)).collect();
                term = Terminator::Jump(BlockCall::with(rest, &out));
            }
            _ => {
                term.map_uses(map);
                term.successors_mut().for_each(|c| c.block = blocks[c.block.index()]);
            }
        }
        let data = func.block_mut(new);
        data.term = term;
        data.term_loc = callee.block(b).term_loc;
    }
    func.block_mut(block).term = Terminator::Jump(BlockCall::with(blocks[0], &args));
    rest
}
