//! Comparison and selection (PTX ISA 9.7.6, 9.7.7).

use super::Ins;
use super::float::flush;
use crate::cx::{Cx, Signed};
use crate::error::{Lowered, fail};
use crate::operand::ir_type;
use ir::ops::Ftz;
use ir::{FloatCc, IntCc, Op, Type, Value};
use ptx::{CmpOp, ScalarType, TypeClass};

/// `set setp selp slct`.
pub(super) fn lower(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    match ins.form.op {
        ptx::Op::Setp => setp(cx, ins),
        ptx::Op::Set => set(cx, ins),
        ptx::Op::Selp => {
            let ty = ins.ty(0)?;
            let (a, b) = (cx.arg(ins, 1, ty)?, cx.arg(ins, 2, ty)?);
            let c = cx.arg(ins, 3, ScalarType::Pred)?;
            let value = cx.select(c, a, b);
            cx.result(ins, ty, value)
        }
        _ => slct(cx, ins),
    }
}

/// `slct`: a if c >= 0, else b; NaN takes b and -0 takes a.
fn slct(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let (ty, test) = (ins.ty(0)?, ins.ty(1)?);
    let (a, b, c) = (cx.arg(ins, 1, ty)?, cx.arg(ins, 2, ty)?, cx.arg(ins, 3, test)?);
    let zero = cx.const_like(c, 0);
    let keep = match test {
        ScalarType::F32 => cx.bin(Op::FCmp(FloatCc::Ge, flush(ins.form)), c, zero),
        _ => cx.icmp(IntCc::GeS, c, zero),
    };
    let value = cx.select(keep, a, b);
    cx.result(ins, ty, value)
}

fn setp(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    let Some(cmp) = ins.form.cmp else { return fail("setp without its comparison") };
    let (p, q) = cx.pair(ins.operand(0)?);
    let (a, b) = (cx.arg(ins, 1, ty)?, cx.arg(ins, 2, ty)?);
    let ftz = flush(ins.form);
    let pred = ScalarType::Pred;
    if matches!(ty, ScalarType::F16x2 | ScalarType::Bf16x2) {
        // p compares the low halves, q the high ones.
        let lane = if ty == ScalarType::F16x2 { ScalarType::F16 } else { ScalarType::Bf16 };
        let ((a0, a1), (b0, b1)) = (cx.split(a), cx.split(b));
        let mut both = [a0, a0];
        for (out, (x, y)) in both.iter_mut().zip([(a0, b0), (a1, b1)]) {
            let (x, y) = (cx.bitcast(ir_type(lane), x), cx.bitcast(ir_type(lane), y));
            let value = compare(cx, cmp, lane, ftz, x, y)?;
            *out = combined(cx, ins, value)?;
        }
        cx.write(&p, pred, both[0])?;
        return match q {
            Some(q) => cx.write(&q, pred, both[1]),
            None => Ok(()),
        };
    }
    let holds = compare(cx, cmp, ty, ftz, a, b)?;
    let first = combined(cx, ins, holds)?;
    let second = match q {
        Some(_) => {
            let fails = cx.not(holds);
            Some(combined(cx, ins, fails)?)
        }
        None => None,
    };
    cx.write(&p, pred, first)?;
    if let (Some(q), Some(second)) = (q, second) {
        cx.write(&q, pred, second)?;
    }
    Ok(())
}

/// The comparison's result combined with the predicate operand, if there is one.
fn combined(cx: &mut Cx<'_>, ins: Ins<'_>, value: Value) -> Lowered<Value> {
    match ins.form.bool_op {
        None => Ok(value),
        Some(op) => {
            let c = cx.arg(ins, 3, ScalarType::Pred)?;
            cx.combine(op, value, c)
        }
    }
}

/// `set`: all ones, or 1.0 for a float result, where the comparison holds.
fn set(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let (out, ty) = (ins.ty(0)?, ins.ty(1)?);
    let Some(cmp) = ins.form.cmp else { return fail("set without its comparison") };
    let (a, b) = (cx.arg(ins, 1, ty)?, cx.arg(ins, 2, ty)?);
    let ftz = flush(ins.form);
    let lane = match ty {
        ScalarType::F16x2 => ScalarType::F16,
        ScalarType::Bf16x2 => ScalarType::Bf16,
        _ => {
            let holds = compare(cx, cmp, ty, ftz, a, b)?;
            let holds = combined(cx, ins, holds)?;
            let value = truth(cx, out, holds);
            return cx.result(ins, out, value);
        }
    };
    let each = if out.is_float() { lane } else { ScalarType::U16 };
    let ((a0, a1), (b0, b1)) = (cx.split(a), cx.split(b));
    let mut halves = [a0, a0];
    for (half, (x, y)) in halves.iter_mut().zip([(a0, b0), (a1, b1)]) {
        let (x, y) = (cx.bitcast(ir_type(lane), x), cx.bitcast(ir_type(lane), y));
        let holds = compare(cx, cmp, lane, ftz, x, y)?;
        let holds = combined(cx, ins, holds)?;
        let value = truth(cx, each, holds);
        *half = cx.bits(value);
    }
    let value = cx.join(halves[0], halves[1]);
    cx.result(ins, out, value)
}

/// True as a value of a type: 1.0 or all ones.
fn truth(cx: &mut Cx<'_>, ty: ScalarType, holds: Value) -> Value {
    let out = ir_type(ty);
    let yes = match out {
        Type::F16 => 0x3c00,
        Type::BF16 => 0x3f80,
        Type::F32 => u64::from(1.0f32.to_bits()),
        Type::F64 => 1.0f64.to_bits(),
        _ => u64::MAX,
    };
    let (yes, no) = (cx.iconst(out, yes), cx.iconst(out, 0));
    cx.select(holds, yes, no)
}

/// Compares two values of a type.
pub(super) fn compare(
    cx: &mut Cx<'_>,
    cmp: CmpOp,
    ty: ScalarType,
    ftz: Ftz,
    a: Value,
    b: Value,
) -> Lowered<Value> {
    if ty.class() == TypeClass::Float {
        let cc = match cmp {
            CmpOp::Eq => FloatCc::Eq,
            CmpOp::Ne => FloatCc::Ne,
            CmpOp::Lt | CmpOp::Lo => FloatCc::Lt,
            CmpOp::Le | CmpOp::Ls => FloatCc::Le,
            CmpOp::Gt | CmpOp::Hi => FloatCc::Gt,
            CmpOp::Ge | CmpOp::Hs => FloatCc::Ge,
            CmpOp::Equ => FloatCc::EqU,
            CmpOp::Neu => FloatCc::NeU,
            CmpOp::Ltu => FloatCc::LtU,
            CmpOp::Leu => FloatCc::LeU,
            CmpOp::Gtu => FloatCc::GtU,
            CmpOp::Geu => FloatCc::GeU,
            CmpOp::Num => FloatCc::Num,
            CmpOp::Nan => FloatCc::Nan,
        };
        return Ok(cx.bin(Op::FCmp(cc, ftz), a, b));
    }
    let signed = Signed::of(ty) == Signed::Yes;
    let pick = |yes, no| if signed { yes } else { no };
    let cc = match cmp {
        CmpOp::Eq => IntCc::Eq,
        CmpOp::Ne => IntCc::Ne,
        CmpOp::Lt => pick(IntCc::LtS, IntCc::LtU),
        CmpOp::Le => pick(IntCc::LeS, IntCc::LeU),
        CmpOp::Gt => pick(IntCc::GtS, IntCc::GtU),
        CmpOp::Ge => pick(IntCc::GeS, IntCc::GeU),
        CmpOp::Lo => IntCc::LtU,
        CmpOp::Ls => IntCc::LeU,
        CmpOp::Hi => IntCc::GtU,
        CmpOp::Hs => IntCc::GeU,
        CmpOp::Equ
        | CmpOp::Neu
        | CmpOp::Ltu
        | CmpOp::Leu
        | CmpOp::Gtu
        | CmpOp::Geu
        | CmpOp::Num
        | CmpOp::Nan => return fail(format!("comparison .{cmp} of integers")),
    };
    Ok(cx.icmp(cc, a, b))
}
