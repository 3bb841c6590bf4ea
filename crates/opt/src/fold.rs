//! Constant folding by the op table's own meaning, and the algebra that needs no more than local facts.

use crate::Changed;
use crate::cfg_simplify::replace_uses;
use ir::{Function, Inst, InstId, IntCc, Op, Type, Value, eval};

/// Folds in reverse post-order, so that constants flow through straight-line code in one run.
pub fn run(func: &mut Function) -> Changed {
    let rpo = analysis::cfg::compute(func).rpo;
    let mut replace: Vec<Option<Value>> = vec![None; func.values.len()];
    let mut changed = false;
    let mut replaced = false;
    for &block in &rpo {
        for i in 0..func.block(block).insts.len() {
            let inst = func.block(block).insts[i];
            let args = func.inst(inst).args.clone();
            for (slot, arg) in func.inst_mut(inst).args.iter_mut().zip(args) {
                *slot = resolve(&replace, arg);
            }
            if let Some(same) = cast_back(func, inst) {
                replace[func.inst(inst).results[0].index()] = Some(same);
                replaced = true;
                continue;
            }
            let Inst::Pure { op, ty } = func.inst(inst).inst else { continue };
            let args = func.inst(inst).args.clone();
            let constants: Option<Vec<u64>> = args.iter().map(|&a| func.as_const(a)).collect();
            if let Some(bits) = constants {
                let result = eval::eval(op, ty, &bits);
                func.inst_mut(inst).inst = Inst::Const { ty: op.result(ty), bits: result };
                func.inst_mut(inst).args.clear();
                changed = true;
                continue;
            }
            if let Some(same) = identity(func, op, ty, &args) {
                replace[func.inst(inst).results[0].index()] = Some(same);
                replaced = true;
                continue;
            }
            changed |= strengthen(func, inst, op, ty, &args);
        }
    }
    if replaced {
        // What an identity replaced has no more uses, so that this ends.
        changed |= uses_any(func, &replace);
        replace_uses(func, |v| resolve(&replace, v));
    }
    Changed::from_bool(changed)
}

/// What was cast to a generic address, when that is cast back.
fn cast_back(func: &Function, inst: InstId) -> Option<Value> {
    let Inst::FromGeneric(space) = func.inst(inst).inst else { return None };
    let inner = func.def_inst(func.inst(inst).args[0])?;
    matches!(inner.inst, Inst::ToGeneric(s) if s == space).then(|| inner.args[0])
}

fn uses_any(func: &Function, replace: &[Option<Value>]) -> bool {
    let mut used = false;
    for block in func.block_ids() {
        for &inst in &func.block(block).insts {
            used |= func.inst(inst).args.iter().any(|a| replace[a.index()].is_some());
        }
        func.block(block).term.for_each_use(|v| used |= replace[v.index()].is_some());
    }
    used
}

fn resolve(replace: &[Option<Value>], mut v: Value) -> Value {
    while let Some(to) = replace[v.index()] {
        v = to;
    }
    v
}

/// An operand that the result equals.
fn identity(func: &Function, op: Op, ty: Type, args: &[Value]) -> Option<Value> {
    let c = |i: usize| func.as_const(args[i]);
    match op {
        Op::IAdd | Op::Or | Op::Xor if c(1) == Some(0) => Some(args[0]),
        Op::IAdd | Op::Or | Op::Xor if c(0) == Some(0) => Some(args[1]),
        Op::ISub | Op::Shl | Op::ShrS | Op::ShrU if c(1) == Some(0) => Some(args[0]),
        Op::IMul | Op::DivS | Op::DivU if c(1) == Some(1) => Some(args[0]),
        Op::IMul if c(0) == Some(1) => Some(args[1]),
        Op::And if c(1) == Some(ty.mask()) => Some(args[0]),
        Op::And if c(0) == Some(ty.mask()) => Some(args[1]),
        Op::And | Op::Or if args[0] == args[1] => Some(args[0]),
        Op::MinS | Op::MinU | Op::MaxS | Op::MaxU if args[0] == args[1] => Some(args[0]),
        Op::Select if args[1] == args[2] => Some(args[1]),
        Op::Select => c(0).map(|c| if c & 1 != 0 { args[1] } else { args[2] }),
        Op::Bitcast(from) if from == ty => Some(args[0]),
        Op::Bitcast(_) => {
            let inner = func.def_inst(args[0])?;
            match inner.inst {
                Inst::Pure { op: Op::Bitcast(first), .. } if first == ty => Some(inner.args[0]),
                _ => None,
            }
        }
        Op::Not => undo(func, Op::Not, args[0]),
        Op::INeg => undo(func, Op::INeg, args[0]),
        Op::Trunc(_) => {
            let inner = func.def_inst(args[0])?;
            match inner.inst {
                Inst::Pure { op: Op::ZExt(first) | Op::SExt(first), .. } if first == ty => {
                    Some(inner.args[0])
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn undo(func: &Function, op: Op, value: Value) -> Option<Value> {
    let inner = func.def_inst(value)?;
    matches!(inner.inst, Inst::Pure { op: o, .. } if o == op).then(|| inner.args[0])
}

/// Rewrites in place to a cheaper or more canonical op. Returns whether it did.
fn strengthen(func: &mut Function, inst: InstId, op: Op, ty: Type, args: &[Value]) -> bool {
    let c = |i: usize| func.as_const(args[i]);
    let new: Option<(Inst, Vec<Value>)> = match op {
        Op::IMul | Op::And if c(1) == Some(0) || c(0) == Some(0) => {
            Some((Inst::Const { ty, bits: 0 }, vec![]))
        }
        Op::ISub | Op::Xor if args[0] == args[1] => Some((Inst::Const { ty, bits: 0 }, vec![])),
        // Constants on the right.
        Op::IAdd | Op::IMul | Op::And | Op::Or | Op::Xor if c(0).is_some() && c(1).is_none() => {
            Some((Inst::Pure { op, ty }, vec![args[1], args[0]]))
        }
        Op::RemU | Op::RemS if c(1) == Some(1) => Some((Inst::Const { ty, bits: 0 }, vec![])),
        Op::ICmp(cc) if args[0] == args[1] => {
            let bits = match cc {
                IntCc::Eq | IntCc::LeS | IntCc::GeS | IntCc::LeU | IntCc::GeU => 1,
                IntCc::Ne | IntCc::LtS | IntCc::GtS | IntCc::LtU | IntCc::GtU => 0,
            };
            Some((Inst::Const { ty: Type::I1, bits }, vec![]))
        }
        // Nothing is below zero.
        Op::ICmp(IntCc::LtU) if c(1) == Some(0) => Some((Inst::Const { ty: Type::I1, bits: 0 }, vec![])),
        Op::ICmp(IntCc::GeU) if c(1) == Some(0) => Some((Inst::Const { ty: Type::I1, bits: 1 }, vec![])),
        _ => None,
    };
    let Some((inst_new, args_new)) = new else { return false };
    let data = func.inst_mut(inst);
    data.inst = inst_new;
    data.args = args_new.into();
    true
}
