//! Gives generic accesses the state space that their address visibly comes from.
//!
//! Code that is not optimised takes the generic address of its whole frame and works through that. An access through
//! `ToGeneric(space)` plus an offset is one to that space: an offset cannot lead from one space's window into another.

use crate::Changed;
use analysis::places::{self, Place, Places};
use ir::{Function, Inst, InstId, Type, Value, ValueDef};
use rustc_hash::FxHashMap;

/// Computes each such address in its own space, beside the generic one, which goes when nothing else uses it.
pub fn run(func: &mut Function) -> Changed {
    let cfg = analysis::cfg::compute(func);
    let places = places::compute(func, &cfg);
    let mut accesses: Vec<InstId> = Vec::new();
    let mut changed = false;
    for &block in &cfg.rpo {
        for i in 0..func.block(block).insts.len() {
            let inst = func.block(block).insts[i];
            let data = func.inst(inst);
            let Some(place) = data.args.first().and_then(|&a| generic(&places, a)) else { continue };
            match data.inst {
                Inst::Load { space: ir::Space::Generic, .. }
                | Inst::Store { space: ir::Space::Generic, .. }
                | Inst::Atomic { space: ir::Space::Generic, .. } => accesses.push(inst),
                Inst::IsSpace(space) => {
                    let bits = u64::from(space == place.space);
                    let data = func.inst_mut(inst);
                    data.inst = Inst::Const { ty: Type::I1, bits };
                    data.args.clear();
                    changed = true;
                }
                _ => {}
            }
        }
    }
    if accesses.is_empty() {
        return Changed::from_bool(changed);
    }
    let own = localise(func, &places, accesses.iter().map(|&i| func.inst(i).args[0]).collect());
    for inst in accesses {
        let data = func.inst_mut(inst);
        let Some(place) = generic(&places, data.args[0]) else { continue };
        data.args[0] = own[&data.args[0]];
        if let Inst::Load { space, .. } | Inst::Store { space, .. } | Inst::Atomic { space, .. } =
            &mut data.inst
        {
            *space = place.space;
        }
    }
    Changed::Yes
}

fn generic(places: &Places, value: Value) -> Option<Place> {
    places.of(value).filter(|p| p.generic)
}

/// For generic addresses and all that they are computed from: the same addresses in their own space.
fn localise(func: &mut Function, places: &Places, mut work: Vec<Value>) -> FxHashMap<Value, Value> {
    let mut own: FxHashMap<Value, Value> = FxHashMap::default();
    let mut insts: FxHashMap<InstId, InstId> = FxHashMap::default();
    let mut params: Vec<(Value, ir::Block, u32)> = Vec::new();
    while let Some(value) = work.pop() {
        if own.contains_key(&value) {
            continue;
        }
        match func.def(value) {
            ValueDef::Param(block, k) => {
                own.insert(value, func.add_block_param(block, Type::I64));
                params.push((value, block, k));
                for data in &func.blocks {
                    for call in data.term.successors().filter(|c| c.block == block) {
                        work.extend(Some(call.args[k as usize]).filter(|&a| generic(places, a).is_some()));
                    }
                }
            }
            ValueDef::Result(inst, _) => {
                let data = func.inst(inst).clone();
                if let Inst::ToGeneric(_) = data.inst {
                    own.insert(value, data.args[0]);
                    continue;
                }
                work.extend(data.args.iter().filter(|&&a| generic(places, a).is_some()));
                let new = func.add_inst(data.inst, &data.args, &[Type::I64], data.loc);
                own.insert(value, func.inst(new).results[0]);
                insts.insert(inst, new);
            }
        }
    }
    for &new in insts.values() {
        for arg in &mut func.inst_mut(new).args {
            *arg = own.get(arg).copied().unwrap_or(*arg);
        }
    }
    for block in func.block_ids() {
        let data = func.block_mut(block);
        for (_, target, k) in &params {
            for call in data.term.successors_mut().filter(|c| c.block == *target) {
                let arg = call.args[*k as usize];
                call.args.push(own.get(&arg).copied().unwrap_or(arg));
            }
        }
        if data.insts.iter().any(|i| insts.contains_key(i)) {
            data.insts =
                data.insts.iter().flat_map(|i| [Some(*i), insts.get(i).copied()]).flatten().collect();
        }
    }
    own
}
