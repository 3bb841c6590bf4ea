//! Which values come from memory or from other threads, so that no arithmetic on them is regular from lane to lane.
//!
//! A hint for passes that trade instructions for regularity: right or wrong, what they do keeps its meaning.

use analysis::Cfg;
use ir::{Function, Inst, Space, Value};

/// By value.
pub(crate) struct Irregular(Vec<bool>);

impl Irregular {
    /// False for values that came into being later.
    pub fn is(&self, value: Value) -> bool {
        self.0.get(value.index()).copied().unwrap_or(false)
    }
}

pub(crate) fn compute(func: &Function, cfg: &Cfg) -> Irregular {
    let mut found = vec![false; func.values.len()];
    loop {
        let mut changed = false;
        for &block in &cfg.rpo {
            for call in func.block(block).term.successors() {
                for (&param, arg) in func.block(call.block).params.iter().zip(&call.args) {
                    changed |= found[arg.index()] && !std::mem::replace(&mut found[param.index()], true);
                }
            }
            for &inst in &func.block(block).insts {
                let data = func.inst(inst);
                let source = match data.inst {
                    Inst::Load { space, .. } => !matches!(space, Space::Param | Space::Const | Space::Local),
                    Inst::Atomic { .. } | Inst::Shfl(_) => true,
                    ref other => other.is_pure() && data.args.iter().any(|a| found[a.index()]),
                };
                if source {
                    for result in &data.results {
                        changed |= !std::mem::replace(&mut found[result.index()], true);
                    }
                }
            }
        }
        if !changed {
            return Irregular(found);
        }
    }
}
