//! What the threads of a warp do together: shuffles, votes, matches, reductions (PTX ISA 9.7.9, 9.7.13).

use super::Ins;
use crate::cx::Cx;
use crate::error::{Lowered, fail};
use crate::operand::ir_type;
use ir::{Inst, MatchKind, ReduxOp, ShflMode, Value, VoteKind};
use ptx::{AtomOp, Operand, ScalarType, VoteMode};

/// `shfl vote match redux activemask elect`, with member masks or, in the old forms, among the active threads.
pub(super) fn lower(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    use ptx::Op as P;
    let (b32, u32_, pred) = (ScalarType::B32, ScalarType::U32, ScalarType::Pred);
    match ins.form.op {
        P::Activemask => {
            let value = cx.push1(Inst::ActiveMask, &[]);
            cx.result(ins, b32, value)
        }
        P::Shfl | P::ShflSync => {
            let mode = match ins.form.shfl {
                Some(ptx::ShflMode::Up) => ShflMode::Up,
                Some(ptx::ShflMode::Down) => ShflMode::Down,
                Some(ptx::ShflMode::Bfly) => ShflMode::Bfly,
                Some(ptx::ShflMode::Idx) => ShflMode::Idx,
                None => return fail("shfl without its mode"),
            };
            let (a, b, c) = (cx.arg(ins, 1, b32)?, cx.arg(ins, 2, b32)?, cx.arg(ins, 3, b32)?);
            let mask = members(cx, ins, ins.form.op == P::ShflSync, 4)?;
            let results = cx.push(Inst::Shfl(mode), &[a, b, c, mask]);
            let (d, p) = cx.pair(ins.operand(0)?);
            pair(cx, (d, b32), p, &results)
        }
        P::Vote | P::VoteSync => {
            let a = cx.arg(ins, 1, pred)?;
            let mask = members(cx, ins, ins.form.op == P::VoteSync, 2)?;
            let (kind, out) = match ins.form.vote {
                Some(VoteMode::All) => (VoteKind::All, pred),
                Some(VoteMode::Any) => (VoteKind::Any, pred),
                Some(VoteMode::Uni) => (VoteKind::Uni, pred),
                Some(VoteMode::Ballot) => (VoteKind::Ballot, b32),
                None => return fail("vote without its mode"),
            };
            let value = cx.push1(Inst::Vote(kind), &[a, mask]);
            cx.result(ins, out, value)
        }
        P::Match => {
            let ty = ins.ty(0)?;
            let a = cx.arg(ins, 1, ty)?;
            let mask = cx.arg(ins, 2, u32_)?;
            let kind = if ins.form.vote == Some(VoteMode::All) { MatchKind::All } else { MatchKind::Any };
            let results = cx.push(Inst::Match { kind, ty: ir_type(ty) }, &[a, mask]);
            let (d, p) = cx.pair(ins.operand(0)?);
            pair(cx, (d, b32), p, &results)
        }
        P::Redux => {
            let ty = ins.ty(0)?;
            let signed = ty.is_signed();
            let op = match (ins.form.atom, signed) {
                (Some(AtomOp::Add), _) => ReduxOp::Add,
                (Some(AtomOp::Min), true) => ReduxOp::MinS,
                (Some(AtomOp::Min), false) => ReduxOp::MinU,
                (Some(AtomOp::Max), true) => ReduxOp::MaxS,
                (Some(AtomOp::Max), false) => ReduxOp::MaxU,
                (Some(AtomOp::And), _) => ReduxOp::And,
                (Some(AtomOp::Or), _) => ReduxOp::Or,
                (Some(AtomOp::Xor), _) => ReduxOp::Xor,
                _ => return fail("no such reduction"),
            };
            let (a, mask) = (cx.arg(ins, 1, ty)?, cx.arg(ins, 2, u32_)?);
            let value = cx.push1(Inst::Redux(op), &[a, mask]);
            cx.result(ins, ty, value)
        }
        P::Elect => {
            let mask = cx.arg(ins, 1, u32_)?;
            let results = cx.push(Inst::Elect, &[mask]);
            let (d, p) = cx.pair(ins.operand(0)?);
            pair(cx, (d, b32), p, &results)
        }
        _ => fail("no warp operation"),
    }
}

/// The member mask: the operand of a `.sync` form, else the threads that are here.
fn members(cx: &mut Cx<'_>, ins: Ins<'_>, sync: bool, n: usize) -> Lowered<Value> {
    if sync { cx.arg(ins, n, ScalarType::U32) } else { Ok(cx.push1(Inst::ActiveMask, &[])) }
}

/// Writes a value and, where a second destination is given, a predicate.
fn pair(cx: &mut Cx<'_>, d: (Operand, ScalarType), p: Option<Operand>, results: &[Value]) -> Lowered<()> {
    cx.write(&d.0, d.1, results[0])?;
    match (p, results.get(1)) {
        (Some(p), Some(value)) => cx.write(&p, ScalarType::Pred, *value),
        (Some(_), None) => fail("a predicate destination too many"),
        (None, _) => Ok(()),
    }
}
