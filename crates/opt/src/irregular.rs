//! Which values come from memory or from other threads, or name a partner in a butterfly (`tid ^ n`), so that no
//! arithmetic on them is regular from lane to lane.
//!
//! A hint for passes that trade instructions for regularity: right or wrong, what they do keeps its meaning.

use analysis::Cfg;
use ir::sreg::SregScope;
use ir::{Function, Inst, InstData, Op, Space, Type, Value};

/// By value.
pub(crate) struct Irregular(Vec<bool>);

impl Irregular {
    /// False for values that came into being later.
    pub fn is(&self, value: Value) -> bool {
        self.0.get(value.index()).copied().unwrap_or(false)
    }
}

pub(crate) fn compute(func: &Function, cfg: &Cfg) -> Irregular {
    let own = spread(func, cfg, &|data| match data.inst {
        Inst::Sreg(reg) => reg.scope() == SregScope::Thread,
        _ => false,
    });
    Irregular(spread(func, cfg, &|data| match data.inst {
        Inst::Load { space, .. } => !matches!(space, Space::Param | Space::Const | Space::Local),
        Inst::Atomic { .. } | Inst::Shfl(_) | Inst::Product { .. } | Inst::Arrange { .. } => true,
        // With a constant it may be regular, as far as a chunk goes.
        Inst::Pure { op: Op::Xor, ty: Type::I32 | Type::I64 } => {
            data.args.iter().any(|a| own[a.index()]) && data.args.iter().all(|&a| func.as_const(a).is_none())
        }
        _ => false,
    }))
}

/// What comes from a source by arithmetic.
fn spread(func: &Function, cfg: &Cfg, source: &dyn Fn(&InstData) -> bool) -> Vec<bool> {
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
                let follows = || data.inst.is_pure() && data.args.iter().any(|a| found[a.index()]);
                if source(data) || follows() {
                    for result in &data.results {
                        changed |= !std::mem::replace(&mut found[result.index()], true);
                    }
                }
            }
        }
        if !changed {
            return found;
        }
    }
}
