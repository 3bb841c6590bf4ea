//! Conversions: `cvt` between all scalar types and the packed forms, `cvt.pack` (PTX ISA 9.7.9.21, 9.7.9.22).

use super::Ins;
use super::float::rounding;
use crate::cx::{Cx, Signed};
use crate::error::{Lowered, fail};
use crate::operand::ir_type;
use ir::ops::{Fp8, Ftz, MinMaxNan};
use ir::{FpMode, Op, Rounding, Type, Value};
use ptx::{Flag, Form, ScalarType};

/// `cvt`.
pub(super) fn cvt(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    use ScalarType as S;
    let (to, from) = (ins.ty(0)?, ins.ty(1)?);
    let form = ins.form;
    let a = cx.arg(ins, 1, from)?;
    let value = match (to, from) {
        (S::F16x2 | S::Bf16x2, S::F32) => {
            // PTX ISA 9.7.9.21: a becomes the upper half, b the lower.
            let b = cx.arg(ins, 2, from)?;
            let each = if to == S::F16x2 { S::F16 } else { S::Bf16 };
            let hi = narrow(cx, form, each, a);
            let lo = narrow(cx, form, each, b);
            let (lo, hi) = (cx.bits(lo), cx.bits(hi));
            cx.join(lo, hi)
        }
        (S::E4m3x2 | S::E5m2x2, S::F32) => {
            let b = cx.arg(ins, 2, from)?;
            let (lo, hi) = (to_fp8(cx, form, to, b), to_fp8(cx, form, to, a));
            join_bytes(cx, lo, hi)
        }
        (S::E4m3x2 | S::E5m2x2, S::F16x2) => {
            let (lo, hi) = cx.split(a);
            let (lo, hi) = (cx.bitcast(Type::F16, lo), cx.bitcast(Type::F16, hi));
            let (lo, hi) = (to_fp8(cx, form, to, lo), to_fp8(cx, form, to, hi));
            join_bytes(cx, lo, hi)
        }
        (S::F16x2, S::E4m3x2 | S::E5m2x2) => {
            let high = cx.shift(Op::ShrU, a, 8);
            let (lo, hi) = (from_fp8(cx, form, from, a), from_fp8(cx, form, from, high));
            cx.join(lo, hi)
        }
        (S::Tf32, S::F32) => {
            let mut value = cx.op(Op::FToTf32(rounding(form.rounding)), Type::F32, &[a]);
            if form.has(Flag::Satfinite) {
                value = saturate_finite(cx, value, 0x7f7f_e000);
            }
            if form.has(Flag::Relu) {
                value = cx.relu(value);
            }
            cx.bits(value)
        }
        _ if from.is_float() && to.is_float() => float_to_float(cx, form, to, from, a),
        _ if from.is_float() => {
            let mode = FpMode::new(rounding(form.rounding), form.ftz());
            let op =
                if to.is_signed() { Op::FToS(ir_type(from), mode) } else { Op::FToU(ir_type(from), mode) };
            cx.op(op, ir_type(to), &[a])
        }
        _ if to.is_float() => {
            let round = rounding(form.rounding);
            let op = if from.is_signed() {
                Op::SToF(ir_type(from), round)
            } else {
                Op::UToF(ir_type(from), round)
            };
            let value = cx.op(op, ir_type(to), &[a]);
            if form.sat() { cx.op_like(Op::FSat, &[value]) } else { value }
        }
        _ => int_to_int(cx, form.sat(), to, from, a),
    };
    cx.result(ins, to, value)
}

fn int_to_int(cx: &mut Cx<'_>, sat: bool, to: ScalarType, from: ScalarType, a: Value) -> Value {
    let out = ir_type(to);
    if !sat {
        return cx.extend(Signed::of(from), out, a);
    }
    clamp(cx, to.bits(), Signed::of(to), Signed::of(from), out, a)
}

/// Clamps an integer to the range of `bits` bits and brings it to type `out`.
pub(super) fn clamp(cx: &mut Cx<'_>, bits: u32, to: Signed, from: Signed, out: Type, a: Value) -> Value {
    let have = cx.ty(a);
    // The bounds, where the source's type can exceed them.
    let (low, high): (i128, i128) = match to {
        Signed::Yes => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
        Signed::No => (0, (1 << bits) - 1),
    };
    let (least, most): (i128, i128) = match from {
        Signed::Yes => (-(1 << (have.bits() - 1)), (1 << (have.bits() - 1)) - 1),
        Signed::No => (0, (1 << have.bits()) - 1),
    };
    let mut value = a;
    if least < low {
        let bound = cx.const_like(value, low as i64);
        value = cx.bin(Op::MaxS, value, bound);
    }
    if most > high {
        let bound = cx.const_like(value, high as i64);
        value = cx.bin(if from == Signed::Yes { Op::MinS } else { Op::MinU }, value, bound);
    }
    cx.extend(from, out, value)
}

fn float_to_float(cx: &mut Cx<'_>, form: &Form, to: ScalarType, from: ScalarType, a: Value) -> Value {
    use ptx::Rounding as R;
    let (out, source) = (ir_type(to), ir_type(from));
    let ftz = if form.ftz() { Ftz::Yes } else { Ftz::No };
    let integral = matches!(form.rounding, Some(R::Rni | R::Rzi | R::Rmi | R::Rpi));
    let mut value = if integral && out == source {
        cx.op(Op::FRoundInt(rounding(form.rounding), ftz), out, &[a])
    } else if out == source {
        if form.ftz() { cx.op(Op::FToF(source, FpMode::new(Rounding::Nearest, true)), out, &[a]) } else { a }
    } else {
        let mode = FpMode::new(rounding(form.rounding), form.ftz());
        cx.op(Op::FToF(source, mode), out, &[a])
    };
    if form.has(Flag::Satfinite) {
        let largest = if out == Type::F16 { 0x7bff } else { 0x7f7f };
        value = saturate_finite(cx, value, largest);
    }
    if form.sat() {
        value = cx.op_like(Op::FSat, &[value]);
    }
    if form.has(Flag::Relu) {
        value = cx.relu(value);
    }
    value
}

/// `f32` to a half format with `.relu` and `.satfinite`.
fn narrow(cx: &mut Cx<'_>, form: &Form, to: ScalarType, a: Value) -> Value {
    float_to_float(cx, form, to, ScalarType::F32, a)
}

/// `.satfinite`: infinities become the largest finite number of their sign; NaN stays NaN.
fn saturate_finite(cx: &mut Cx<'_>, value: Value, largest: u64) -> Value {
    let ty = cx.ty(value);
    let bound = cx.iconst(ty, largest);
    let magnitude = cx.op_like(Op::FAbs(Ftz::No), &[value]);
    let clamped = cx.bin(Op::FMin(MinMaxNan::Propagate, Ftz::No), magnitude, bound);
    cx.bin(Op::FCopysign, value, clamped)
}

fn fp8(ty: ScalarType) -> Fp8 {
    if ty == ScalarType::E4m3x2 { Fp8::E4m3 } else { Fp8::E5m2 }
}

fn to_fp8(cx: &mut Cx<'_>, form: &Form, to: ScalarType, value: Value) -> Value {
    let value = if form.has(Flag::Relu) { cx.relu(value) } else { value };
    let from = cx.ty(value);
    cx.op(Op::FToFp8(fp8(to), from), Type::I16, &[value])
}

/// The half, as bits, of the low byte.
fn from_fp8(cx: &mut Cx<'_>, form: &Form, from: ScalarType, byte: Value) -> Value {
    let value = cx.op(Op::Fp8ToF(fp8(from)), Type::F16, &[byte]);
    let value = if form.has(Flag::Relu) { cx.relu(value) } else { value };
    cx.bits(value)
}

fn join_bytes(cx: &mut Cx<'_>, lo: Value, hi: Value) -> Value {
    let hi = cx.shift(Op::Shl, hi, 8);
    cx.bin(Op::Or, lo, hi)
}

/// `cvt.pack.sat.convertType.s32{.b32} d, a, b{, c}`: both operands clamped and packed, above the low bits of c.
pub(super) fn pack(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let to = ins.ty(0)?;
    let bits = to.bits();
    if bits != 8 && bits != 16 {
        return fail(format!("cvt.pack to .{to}"));
    }
    let each = |cx: &mut Cx<'_>, n| -> Lowered<Value> {
        let value = cx.arg(ins, n, ScalarType::S32)?;
        let clamped = clamp(cx, bits, Signed::of(to), Signed::Yes, Type::I32, value);
        let mask = cx.iconst(Type::I32, (1 << bits) - 1);
        Ok(cx.bin(Op::And, clamped, mask))
    };
    // PTX ISA 9.7.9.22: b is the lowest element, a the next; c, shifted up, fills the rest.
    let (a, b) = (each(cx, 1)?, each(cx, 2)?);
    let a = cx.shift(Op::Shl, a, bits as i32);
    let mut value = cx.bin(Op::Or, a, b);
    if bits == 8 {
        let c = cx.arg(ins, 3, ScalarType::B32)?;
        let c = cx.shift(Op::Shl, c, 16);
        value = cx.bin(Op::Or, value, c);
    }
    cx.result(ins, ScalarType::B32, value)
}
