//! `atom` and `red` (PTX ISA 9.7.13).

use super::Ins;
use super::memory::semantics;
use crate::cx::Cx;
use crate::error::{Lowered, fail};
use crate::operand::ir_type;
use ir::{AtomOp, Inst, MemOrder, MemSem, Scope, Value};
use ptx::{Operand, ScalarType};
use smallvec::SmallVec;

pub(super) fn lower(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    // PTX ISA 9.7.13: without .sem relaxed, without .scope the whole device.
    let sem = semantics(ins.form, MemSem { order: MemOrder::Relaxed, scope: Scope::Gpu });
    let returns = ins.form.op == ptx::Op::Atom;
    let first = usize::from(returns);
    let op = operation(ins, ty)?;
    let (addr, space) = cx.address(ins.operand(first)?, ins.form.space())?;
    if ins.form.vector > 1 {
        // Each element on its own: the access as a whole is not atomic.
        let from = cx.elements(ins.operand(first + 1)?);
        let to = if returns { cx.elements(ins.operand(0)?) } else { SmallVec::new() };
        let mut old: SmallVec<[Value; 8]> = SmallVec::new();
        for (i, operand) in (0i64..).zip(&from) {
            let at = cx.add_imm(addr, i * i64::from(ty.bytes()));
            let value = cx.read(operand, ty)?;
            old.push(cx.push1(Inst::Atomic { space, op, ty: ir_type(ty), sem }, &[at, value]));
        }
        return to.iter().zip(old).try_for_each(|(operand, value)| cx.write(operand, ty, value));
    }
    let mut args: SmallVec<[Value; 3]> = SmallVec::from_slice(&[addr]);
    args.push(cx.arg(ins, first + 1, ty)?);
    if op == AtomOp::Cas {
        args.push(cx.arg(ins, first + 2, ty)?);
    }
    let old = cx.push1(Inst::Atomic { space, op, ty: ir_type(ty), sem }, &args);
    match ins.operand(0)? {
        dest if returns && *dest != Operand::Sink => cx.write(dest, ty, old),
        _ => Ok(()),
    }
}

fn operation(ins: Ins<'_>, ty: ScalarType) -> Lowered<AtomOp> {
    use ScalarType as S;
    let signed = ty.is_signed();
    Ok(match ins.form.atom {
        Some(ptx::AtomOp::Add) => match ty {
            S::F16x2 => AtomOp::FAddF16x2,
            S::Bf16x2 => AtomOp::FAddBf16x2,
            S::F16 | S::Bf16 | S::F32 | S::F64 => AtomOp::FAdd,
            _ => AtomOp::Add,
        },
        Some(ptx::AtomOp::Min) => match ty {
            S::F16x2 => AtomOp::FMinF16x2,
            S::Bf16x2 => AtomOp::FMinBf16x2,
            _ if ty.is_float() => AtomOp::FMin,
            _ if signed => AtomOp::MinS,
            _ => AtomOp::MinU,
        },
        Some(ptx::AtomOp::Max) => match ty {
            S::F16x2 => AtomOp::FMaxF16x2,
            S::Bf16x2 => AtomOp::FMaxBf16x2,
            _ if ty.is_float() => AtomOp::FMax,
            _ if signed => AtomOp::MaxS,
            _ => AtomOp::MaxU,
        },
        Some(ptx::AtomOp::Inc) => AtomOp::Inc,
        Some(ptx::AtomOp::Dec) => AtomOp::Dec,
        Some(ptx::AtomOp::And) => AtomOp::And,
        Some(ptx::AtomOp::Or) => AtomOp::Or,
        Some(ptx::AtomOp::Xor) => AtomOp::Xor,
        Some(ptx::AtomOp::Exch) => AtomOp::Exch,
        Some(ptx::AtomOp::Cas) => AtomOp::Cas,
        None => return fail("an atomic without its operation"),
    })
}
