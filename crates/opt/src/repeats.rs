//! Exchanges between lanes, and what they are made of, done once where a block does them several times: products of
//! matrices unpack and exchange their fragments, and mostly several products share one.
//!
//! Invariant: nothing lives across a barrier because of this, and only functions that exchange are changed.

use crate::Changed;
use crate::cfg_simplify::replace_uses;
use ir::{Function, Inst, ShflMode, Value};
use rustc_hash::FxHashMap;

pub fn run(func: &mut Function) -> Changed {
    let exchanges = |f: &Function| {
        f.blocks.iter().flat_map(|b| &b.insts).any(|&i| matches!(f.inst(i).inst, Inst::Shfl(_)))
    };
    if !exchanges(func) {
        return Changed::No;
    }
    let mut replace: Vec<Value> = (0..func.values.len()).map(|v| Value(v as u32)).collect();
    let mut changed = false;
    let mut seen: FxHashMap<(Inst, Vec<Value>), Vec<Value>> = FxHashMap::default();
    for block in analysis::cfg::compute(func).rpo {
        seen.clear();
        let mut kept = Vec::new();
        for inst in func.block(block).insts.clone() {
            let data = func.inst(inst);
            let args: Vec<Value> = data.args.iter().map(|a| replace[a.index()]).collect();
            let results = data.results.to_vec();
            match data.inst {
                Inst::Barrier { .. } | Inst::Call(_) | Inst::CallIndirect { .. } => seen.clear(),
                what if what.is_pure() || matches!(what, Inst::Shfl(_)) && !is_load(func, what, &args) => {
                    if let Some(before) = seen.get(&(what, args.clone())) {
                        results.iter().zip(before).for_each(|(r, b)| replace[r.index()] = *b);
                        changed = true;
                        continue;
                    }
                    seen.insert((what, args), results);
                }
                _ => {}
            }
            kept.push(inst);
        }
        func.block_mut(block).insts = kept;
    }
    if changed {
        replace_uses(func, |v| replace[v.index()]);
    }
    Changed::from_bool(changed)
}

/// Whether an exchange gives every four lanes those of one four: engines load that, which costs less than to keep it.
fn is_load(func: &Function, inst: Inst, args: &[Value]) -> bool {
    let of_fours = |segment: u64| segment >> 8 & 31 == 3;
    inst == Inst::Shfl(ShflMode::Idx) && func.as_const(args[2]).is_some_and(of_fours)
}
