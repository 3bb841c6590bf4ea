//! Scalar video instructions (PTX ISA 9.7.17): bytes, half-words or words, combined in more bits than 32, then
//! saturated, combined with a third operand or merged into it.

use super::Ins;
use super::compare::compare;
use super::convert::clamp;
use crate::cx::{Cx, Signed};
use crate::error::{Lowered, fail};
use ir::ops::Ftz;
use ir::{IntCc, Op, Type, Value};
use ptx::{AtomOp, Clamp, Flag, Operand, ScalarType, Selector};

/// Position and width of what a selector picks of a register.
fn field(selector: Selector) -> (i32, u32) {
    let width = if selector.half { 16 } else { 8 };
    (i32::from(selector.digits[0]) * width as i32, width)
}

/// An operand's selected part, extended to 64 bits by its type.
fn part(cx: &mut Cx<'_>, ins: Ins<'_>, n: usize, ty: ScalarType) -> Lowered<Value> {
    let signed = Signed::of(ty);
    let Operand::Select(sym, selector) = *ins.operand(n)? else {
        let value = cx.arg(ins, n, ty)?;
        return Ok(cx.extend(signed, Type::I64, value));
    };
    let value = cx.read(&Operand::Reg(sym), ty)?;
    let (at, width) = field(selector);
    let up = cx.shift(Op::ShrU, value, at);
    let narrow = cx.zext(if width == 16 { Type::I16 } else { Type::I8 }, up);
    Ok(cx.extend(signed, Type::I64, narrow))
}

/// `vadd vsub vabsdiff vmin vmax vshl vshr vmad vset`.
pub(super) fn lower(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    use ptx::Op as P;
    let form = ins.form;
    if form.op == P::Vmad {
        return vmad(cx, ins);
    }
    if form.op == P::Vset {
        let (aty, bty) = (ins.ty(0)?, ins.ty(1)?);
        let (a, b) = (part(cx, ins, 1, aty)?, part(cx, ins, 2, bty)?);
        let Some(cmp) = form.cmp else { return fail("vset without its comparison") };
        // Both are extended to 64 bits, so a signed comparison is exact.
        let holds = compare(cx, cmp, ScalarType::S64, Ftz::No, a, b)?;
        let value = cx.op(Op::ZExt(Type::I1), Type::I64, &[holds]);
        return finish(cx, ins, ScalarType::U32, value);
    }
    let (dty, aty, bty) = (ins.ty(0)?, ins.ty(1)?, ins.ty(2)?);
    let (a, b) = (part(cx, ins, 1, aty)?, part(cx, ins, 2, bty)?);
    let value = match form.op {
        P::Vadd => cx.bin(Op::IAdd, a, b),
        P::Vsub => cx.bin(Op::ISub, a, b),
        P::Vabsdiff => {
            let difference = cx.bin(Op::ISub, a, b);
            cx.op_like(Op::IAbs, &[difference])
        }
        P::Vmin => cx.bin(Op::MinS, a, b),
        P::Vmax => cx.bin(Op::MaxS, a, b),
        P::Vshl | P::Vshr => shift(cx, ins, a, b),
        _ => return fail("no video operation"),
    };
    finish(cx, ins, dty, value)
}

/// Shifts by up to 32, or by the amount modulo 32.
fn shift(cx: &mut Cx<'_>, ins: Ins<'_>, a: Value, b: Value) -> Value {
    let amount = cx.zext(Type::I32, b);
    let amount = if ins.form.clamp == Some(Clamp::Wrap) {
        let mask = cx.i32(31);
        cx.bin(Op::And, amount, mask)
    } else {
        let most = cx.i32(32);
        cx.bin(Op::MinU, amount, most)
    };
    if ins.form.op == ptx::Op::Vshr {
        return cx.op_like(Op::ShrS, &[a, amount]);
    }
    // The last of 32 steps may leave 64 bits: it saturates there if the instruction does.
    let last = cx.i32(31);
    let most = cx.bin(Op::MinU, amount, last);
    let shifted = cx.op_like(Op::Shl, &[a, most]);
    let doubled = cx.bin(if ins.form.sat() { Op::AddSatS } else { Op::IAdd }, shifted, shifted);
    let more = cx.icmp(IntCc::GtU, amount, last);
    cx.select(more, doubled, shifted)
}

/// `vmad`: `a * b + c`, `+ 1` with `.po`, shifted right and saturated.
fn vmad(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let (dty, aty, bty) = (ins.ty(0)?, ins.ty(1)?, ins.ty(2)?);
    let signed = if aty.is_signed() || bty.is_signed() { Signed::Yes } else { Signed::No };
    let (a, b) = (part(cx, ins, 1, aty)?, part(cx, ins, 2, bty)?);
    let c = cx.arg(ins, 3, dty)?;
    let c = cx.extend(signed, Type::I64, c);
    let product = cx.bin(Op::IMul, a, b);
    let mut value = cx.bin(Op::IAdd, product, c);
    if ins.form.has(Flag::Po) {
        value = cx.add_imm(value, 1);
    }
    let scale = if ins.form.has_word("shr7") {
        7
    } else if ins.form.has_word("shr15") {
        15
    } else {
        0
    };
    if scale > 0 {
        value = cx.shift(if signed == Signed::Yes { Op::ShrS } else { Op::ShrU }, value, scale);
    }
    if ins.form.sat() {
        value = clamp(cx, 32, signed, signed, Type::I64, value);
    }
    let value = cx.zext(Type::I32, value);
    cx.result(ins, dty, value)
}

/// Saturation, then the secondary operation or the merge into the third operand.
fn finish(cx: &mut Cx<'_>, ins: Ins<'_>, dty: ScalarType, mut value: Value) -> Lowered<()> {
    let signed = Signed::of(dty);
    let (dest, select) = match *ins.operand(0)? {
        Operand::Select(sym, selector) => (Operand::Reg(sym), Some(field(selector))),
        other => (other, None),
    };
    if ins.form.sat() {
        let width = select.map_or(32, |(_, width)| width);
        value = clamp(cx, width, signed, Signed::Yes, Type::I64, value);
    }
    let mut out = cx.zext(Type::I32, value);
    if let Some(op) = ins.form.atom {
        let c = cx.arg(ins, 3, dty)?;
        let op = match (op, signed) {
            (AtomOp::Add, _) => Op::IAdd,
            (AtomOp::Min, Signed::Yes) => Op::MinS,
            (AtomOp::Min, Signed::No) => Op::MinU,
            (AtomOp::Max, Signed::Yes) => Op::MaxS,
            (AtomOp::Max, Signed::No) => Op::MaxU,
            _ => return fail("no such secondary operation"),
        };
        out = cx.bin(op, out, c);
    } else if let Some((at, width)) = select {
        let c = if ins.operands.len() > 3 { cx.arg(ins, 3, dty)? } else { cx.i32(0) };
        let mask = ((1u64 << width) - 1) << at;
        let (inside, outside) = (cx.iconst(Type::I32, mask), cx.iconst(Type::I32, !mask));
        let up = cx.shift(Op::Shl, out, at);
        let up = cx.bin(Op::And, up, inside);
        let rest = cx.bin(Op::And, c, outside);
        out = cx.bin(Op::Or, up, rest);
    }
    cx.write(&dest, dty, out)
}
