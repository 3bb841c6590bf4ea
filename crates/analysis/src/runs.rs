//! Quotients and remainders within a run: behind a branch that has asked whether the threads side by side share the quotient
//! ([`Inst::SameQuotient`]), so that the quotient is one number for them and the remainder counts on as they do.
//!
//! Invariant: every path to such a quotient takes the branch's true side, with these values.

use crate::shape::{Info, stride};
use crate::{Cfg, DomTree, Shape};
use ir::ops::Sign;
use ir::{Block, Function, Inst, Op, Terminator, Type, Value};
use rustc_hash::FxHashSet;

/// The quotients and remainders of a function that are within runs.
#[derive(Clone, Default)]
pub struct Runs(FxHashSet<Value>);

impl Runs {
    pub fn contains(&self, value: Value) -> bool {
        self.0.contains(&value)
    }
}

/// An answer that is true in a block and in all that it dominates.
struct Fact<'a> {
    inside: Block,
    ty: Type,
    sign: Sign,
    args: &'a [Value],
}

pub fn compute(func: &Function, cfg: &Cfg, dom: &DomTree) -> Runs {
    let mut facts = Vec::new();
    for &b in &cfg.rpo {
        let Terminator::Branch { cond, then, els } = &func.block(b).term else { continue };
        let Some(data) = func.def_inst(*cond) else { continue };
        if let Inst::SameQuotient { ty, sign } = data.inst
            && then.block != els.block
            && cfg.preds[then.block.index()] == [b]
        {
            facts.push(Fact { inside: then.block, ty, sign, args: &data.args });
        }
    }
    let mut runs = Runs::default();
    if facts.is_empty() {
        return runs;
    }
    for &b in &cfg.rpo {
        for &inst in &func.block(b).insts {
            let data = func.inst(inst);
            let Inst::Pure { op, ty } = data.inst else { continue };
            // Numbers that have no sign as signed ones are the same without.
            let signed = match op {
                Op::DivS | Op::RemS => true,
                Op::DivU | Op::RemU => false,
                _ => continue,
            };
            let holds = |f: &Fact<'_>| {
                let same = f.ty == ty && f.args == data.args.as_slice();
                same && (f.sign == Sign::Signed || !signed) && dom.dominates(f.inside, b)
            };
            if facts.iter().any(holds) {
                runs.0.insert(data.results[0]);
            }
        }
    }
    runs
}

/// A quotient or remainder by a divisor that no chunk's numbers reach a multiple of, from one lane to the next.
pub(crate) fn shape(op: Op, infos: &[Info]) -> Info {
    match (stride(infos[0].shape), op) {
        _ if infos[0].origin.is_some() || infos[1].shape != Shape::Uniform => Info::VARYING,
        (Some(_), Op::DivS | Op::DivU) => Info::chunked(0, 0),
        (Some(steps), _) => Info::chunked(steps, 0),
        (None, _) => Info::VARYING,
    }
}
