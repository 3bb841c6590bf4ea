//! Floating-point arithmetic in every format, scalar and packed (PTX ISA 9.7.3 to 9.7.5).

use super::Ins;
use crate::cx::Cx;
use crate::error::{Lowered, fail};
use crate::intrinsics;
use crate::operand::ir_type;
use ir::ops::{FloatClass, Ftz, MinMaxNan};
use ir::{FpMode, Op, Rounding, Type, Value};
use ptx::{Flag, Form, ScalarType, TestpOp};
use smallvec::SmallVec;

/// The type of one lane of a packed type, and the number of lanes.
fn lane(ty: ScalarType) -> (ScalarType, u32) {
    match ty {
        ScalarType::F16x2 => (ScalarType::F16, 2),
        ScalarType::Bf16x2 => (ScalarType::Bf16, 2),
        ScalarType::F32x2 => (ScalarType::F32, 2),
        _ => (ty, 1),
    }
}

pub(super) fn rounding(rounding: Option<ptx::Rounding>) -> Rounding {
    match rounding {
        None | Some(ptx::Rounding::Rn | ptx::Rounding::Rni | ptx::Rounding::Rs) => Rounding::Nearest,
        Some(ptx::Rounding::Rz | ptx::Rounding::Rzi) => Rounding::Zero,
        Some(ptx::Rounding::Rm | ptx::Rounding::Rmi) => Rounding::Down,
        Some(ptx::Rounding::Rp | ptx::Rounding::Rpi) => Rounding::Up,
        Some(ptx::Rounding::Rna) => Rounding::NearestAway,
    }
}

pub(super) fn flush(form: &Form) -> Ftz {
    if form.ftz() { Ftz::Yes } else { Ftz::No }
}

impl Cx<'_> {
    /// Applies `f` to each lane of packed operands.
    pub fn lanes(
        &mut self,
        ty: ScalarType,
        args: &[Value],
        mut f: impl FnMut(&mut Self, &[Value]) -> Lowered<Value>,
    ) -> Lowered<Value> {
        let (each, count) = lane(ty);
        if count == 1 {
            return f(self, args);
        }
        let lane_type = ir_type(each);
        let half = lane_type.to_int();
        let whole = ir_type(ty);
        let mut out: Option<Value> = None;
        for i in 0..2 {
            let lanes: SmallVec<[Value; 4]> = (args.iter())
                .map(|arg| {
                    let shifted = if i == 0 { *arg } else { self.shift(Op::ShrU, *arg, half.bits() as i32) };
                    let bits = self.zext(half, shifted);
                    self.bitcast(lane_type, bits)
                })
                .collect();
            let value = f(self, &lanes)?;
            let bits = self.bits(value);
            let wide = self.zext(whole, bits);
            out = Some(match out {
                None => wide,
                Some(low) => {
                    let high = self.shift(Op::Shl, wide, half.bits() as i32);
                    self.bin(Op::Or, low, high)
                }
            });
        }
        match out {
            Some(value) => Ok(value),
            None => fail("a packed type without lanes"),
        }
    }

    /// `.relu`: negative results become +0, NaN the canonical NaN.
    pub fn relu(&mut self, value: Value) -> Value {
        let zero = self.const_like(value, 0);
        self.op_like(Op::FMax(MinMaxNan::Propagate, Ftz::No), &[value, zero])
    }
}

/// `.sat` and `.relu`.
fn finish(cx: &mut Cx<'_>, form: &Form, mut value: Value) -> Value {
    if form.sat() {
        value = cx.op_like(Op::FSat, &[value]);
    }
    if form.has(Flag::Relu) {
        value = cx.relu(value);
    }
    value
}

/// `add sub mul fma mad div abs neg min max copysign testp`.
pub(super) fn arithmetic(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let form = ins.form;
    let ty = ins.ty(0)?;
    if form.op == ptx::Op::Testp {
        let a = cx.arg(ins, 1, ty)?;
        let value = cx.op_like(Op::FClass(class(form)?), &[a]);
        return cx.result(ins, ScalarType::Pred, value);
    }
    if form.types.len() == 2 {
        return mixed(cx, ins, ty, ins.ty(1)?);
    }
    if let Some(name) = intrinsics::callee(form) {
        let (a, b) = (cx.arg(ins, 1, ty)?, cx.arg(ins, 2, ty)?);
        let value = cx.math(name, Type::F32, &[a, b])?;
        return cx.result(ins, ty, value);
    }
    let mut args: SmallVec<[Value; 4]> = SmallVec::new();
    for n in 1..ins.operands.len() {
        args.push(cx.arg(ins, n, ty)?);
    }
    let mode = FpMode::new(rounding(form.rounding), form.ftz());
    let value = cx.lanes(ty, &args, |cx, args| {
        let value = match (form.op, args) {
            (ptx::Op::Add, &[a, b]) => cx.bin(Op::FAdd(mode), a, b),
            (ptx::Op::Sub, &[a, b]) => cx.bin(Op::FSub(mode), a, b),
            (ptx::Op::Mul, &[a, b]) => cx.bin(Op::FMul(mode), a, b),
            (ptx::Op::Div, &[a, b]) => cx.bin(Op::FDiv(mode), a, b),
            (ptx::Op::Fma | ptx::Op::Mad, &[a, b, c]) => {
                let value = cx.op_like(Op::FFma(mode), &[a, b, c]);
                if form.has(Flag::Oob) { out_of_bounds(cx, value, a, b) } else { value }
            }
            (ptx::Op::Abs, &[a]) => cx.op_like(Op::FAbs(flush(form)), &[a]),
            (ptx::Op::Neg, &[a]) => cx.op_like(Op::FNeg(flush(form)), &[a]),
            (ptx::Op::Copysign, &[a, b]) => cx.bin(Op::FCopysign, a, b),
            (ptx::Op::Min | ptx::Op::Max, args) => extremum(cx, form, args)?,
            _ => return fail("no floating-point operation with these operands"),
        };
        Ok(finish(cx, form, value))
    })?;
    cx.result(ins, ty, value)
}

/// `fma.oob`: zero where an operand is the out-of-bounds NaN pattern (PTX ISA 9.7.4 fma: all exponent and mantissa bits).
fn out_of_bounds(cx: &mut Cx<'_>, value: Value, a: Value, b: Value) -> Value {
    let zero = cx.const_like(value, 0);
    let mut out = value;
    for operand in [a, b] {
        let bits = cx.bits(operand);
        let pattern = cx.const_like(bits, 0xffff);
        let hit = cx.icmp(ir::IntCc::Eq, bits, pattern);
        out = cx.select(hit, zero, out);
    }
    out
}

/// `min max` of two or three operands with `.NaN`, `.abs`, `.xorsign.abs`.
fn extremum(cx: &mut Cx<'_>, form: &Form, args: &[Value]) -> Lowered<Value> {
    let ftz = flush(form);
    let nan = if form.has(Flag::Nan) { MinMaxNan::Propagate } else { MinMaxNan::Number };
    let op = if form.op == ptx::Op::Min { Op::FMin(nan, ftz) } else { Op::FMax(nan, ftz) };
    let Some((&first, rest)) = args.split_first() else { return fail("min or max of nothing") };
    let xorsign = form.has(Flag::XorsignAbs);
    let magnitude = xorsign || form.has(Flag::Abs);
    let each = |cx: &mut Cx<'_>, v| if magnitude { cx.op_like(Op::FAbs(ftz), &[v]) } else { v };
    let mut value = each(cx, first);
    for &arg in rest {
        let arg = each(cx, arg);
        value = cx.bin(op, value, arg);
    }
    if xorsign && let [a, b] = *args {
        // The sign of the result is the exclusive or of the operands' signs.
        let (a, b) = (cx.bits(a), cx.bits(b));
        let mixed = cx.bin(Op::Xor, a, b);
        let ty = cx.ty(value);
        let sign = cx.bitcast(ty, mixed);
        value = cx.bin(Op::FCopysign, sign, value);
    }
    Ok(value)
}

/// `add.f32.f16` and the like: one rounding, in f32, of operands widened exactly.
fn mixed(cx: &mut Cx<'_>, ins: Ins<'_>, ty: ScalarType, narrow: ScalarType) -> Lowered<()> {
    let mode = FpMode::new(rounding(ins.form.rounding), ins.form.ftz());
    let widen = |cx: &mut Cx<'_>, n| -> Lowered<Value> {
        let value = cx.arg(ins, n, narrow)?;
        Ok(cx.op(Op::FToF(ir_type(narrow), FpMode::RN), Type::F32, &[value]))
    };
    let a = widen(cx, 1)?;
    let value = match ins.form.op {
        ptx::Op::Fma => {
            let (b, c) = (widen(cx, 2)?, cx.arg(ins, 3, ty)?);
            cx.op_like(Op::FFma(mode), &[a, b, c])
        }
        op => {
            let c = cx.arg(ins, 2, ty)?;
            cx.bin(if op == ptx::Op::Add { Op::FAdd(mode) } else { Op::FSub(mode) }, a, c)
        }
    };
    let value = finish(cx, ins.form, value);
    cx.result(ins, ty, value)
}

fn class(form: &Form) -> Lowered<FloatClass> {
    Ok(match form.testp {
        Some(TestpOp::Finite) => FloatClass::Finite,
        Some(TestpOp::Infinite) => FloatClass::Infinite,
        Some(TestpOp::Number) => FloatClass::Number,
        Some(TestpOp::NotANumber) => FloatClass::NotANumber,
        Some(TestpOp::Normal) => FloatClass::Normal,
        Some(TestpOp::Subnormal) => FloatClass::Subnormal,
        None => return fail("testp without its property"),
    })
}

/// `rcp sqrt rsqrt sin cos lg2 ex2 tanh`.
pub(super) fn unary_math(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let form = ins.form;
    let ty = ins.ty(0)?;
    let a = cx.arg(ins, 1, ty)?;
    if let Some(name) = intrinsics::callee(form) {
        let value = match ty {
            ScalarType::F32 => cx.math(name, Type::F32, &[a])?,
            ScalarType::F64 => cx.math(name, Type::F64, &[a])?,
            _ => cx.lanes(ty, &[a], |cx, args| {
                let narrow = cx.ty(args[0]);
                let wide = cx.op(Op::FToF(narrow, FpMode::RN), Type::F32, args);
                let wide = cx.math(name, Type::F32, &[wide])?;
                Ok(cx.op(Op::FToF(Type::F32, FpMode::RN), narrow, &[wide]))
            })?,
        };
        return cx.result(ins, ty, value);
    }
    let mode = FpMode::new(rounding(form.rounding), form.ftz());
    let value = match form.op {
        ptx::Op::Rcp => {
            let one = if ty == ScalarType::F64 { cx.b().f64(1.0) } else { cx.b().f32(1.0) };
            cx.bin(Op::FDiv(mode), one, a)
        }
        ptx::Op::Sqrt => cx.op_like(Op::FSqrt(mode), &[a]),
        ptx::Op::Rsqrt => cx.op_like(Op::FRsqrt, &[a]),
        _ => return fail("no such function"),
    };
    cx.result(ins, ty, value)
}
