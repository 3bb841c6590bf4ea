//! Integer arithmetic, with and without carry, and bit operations (PTX ISA 9.7.1, 9.7.2).

use super::Ins;
use crate::cx::{Cx, Signed};
use crate::error::{Lowered, fail};
use ir::ops::{HalfSel, Sign};
use ir::{IntCc, Op, Type, Value};
use ptx::{Clamp, Flag, MulMode, ScalarType};

/// `add sub mul mad mul24 mad24 sad div rem abs neg min max` and the carry forms.
pub(super) fn arithmetic(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    if matches!(ty, ScalarType::U16x2 | ScalarType::S16x2) {
        return packed(cx, ins, ty);
    }
    let signed = ty.is_signed();
    let form = ins.form;
    let pick = |yes: Op, no: Op| if signed { yes } else { no };
    let value = match form.op {
        ptx::Op::Add | ptx::Op::Addc | ptx::Op::Sub | ptx::Op::Subc => return sum(cx, ins, ty),
        ptx::Op::Mul | ptx::Op::Mad | ptx::Op::Madc => return product(cx, ins, ty),
        ptx::Op::Mul24 | ptx::Op::Mad24 => return product24(cx, ins, ty),
        ptx::Op::Sad => {
            let (a, b, c) = (cx.arg(ins, 1, ty)?, cx.arg(ins, 2, ty)?, cx.arg(ins, 3, ty)?);
            cx.op_like(pick(Op::SadS, Op::SadU), &[a, b, c])
        }
        ptx::Op::Abs | ptx::Op::Neg => {
            let a = cx.arg(ins, 1, ty)?;
            cx.op_like(if form.op == ptx::Op::Abs { Op::IAbs } else { Op::INeg }, &[a])
        }
        op => {
            let (a, b) = (cx.arg(ins, 1, ty)?, cx.arg(ins, 2, ty)?);
            let op = match op {
                ptx::Op::Div => pick(Op::DivS, Op::DivU),
                ptx::Op::Rem => pick(Op::RemS, Op::RemU),
                ptx::Op::Min => pick(Op::MinS, Op::MinU),
                ptx::Op::Max => pick(Op::MaxS, Op::MaxU),
                _ => return fail("no integer operation"),
            };
            let value = cx.bin(op, a, b);
            relu(cx, ins, value)
        }
    };
    cx.result(ins, ty, value)
}

/// `.relu` of integer min and max: negative results become zero.
fn relu(cx: &mut Cx<'_>, ins: Ins<'_>, value: Value) -> Value {
    if !ins.form.has(Flag::Relu) {
        return value;
    }
    let zero = cx.const_like(value, 0);
    cx.bin(Op::MaxS, value, zero)
}

/// `add sub addc subc`, with `.sat` and `.cc` (PTX ISA 9.7.2: subtraction sets the flag on borrow).
fn sum(cx: &mut Cx<'_>, ins: Ins<'_>, ty: ScalarType) -> Lowered<()> {
    let (a, b) = (cx.arg(ins, 1, ty)?, cx.arg(ins, 2, ty)?);
    let adds = matches!(ins.form.op, ptx::Op::Add | ptx::Op::Addc);
    if ins.form.sat() {
        let value = cx.bin(if adds { Op::AddSatS } else { Op::SubSatS }, a, b);
        return cx.result(ins, ty, value);
    }
    let carries = matches!(ins.form.op, ptx::Op::Addc | ptx::Op::Subc);
    let carry_in = if carries { Some(cx.read_var(cx.carry)) } else { None };
    let value = add_with_carry(cx, adds, a, b, carry_in, ins.form.has(Flag::Cc));
    cx.result(ins, ty, value)
}

/// `a ± b ± carry`; sets the carry flag if asked to.
fn add_with_carry(
    cx: &mut Cx<'_>,
    adds: bool,
    a: Value,
    b: Value,
    carry: Option<Value>,
    sets: bool,
) -> Value {
    let op = if adds { Op::IAdd } else { Op::ISub };
    let mut value = cx.bin(op, a, b);
    if let Some(carry) = carry {
        let ty = cx.ty(value);
        let unit = cx.op(Op::ZExt(Type::I1), ty, &[carry]);
        value = cx.bin(op, value, unit);
    }
    if sets {
        let carry = match carry {
            Some(carry) => carry,
            None => cx.b().bool(false),
        };
        let ty = cx.ty(a);
        let flag = cx.op(if adds { Op::CarryAdd } else { Op::BorrowSub }, ty, &[a, b, carry]);
        cx.write_var(cx.carry, flag);
    }
    value
}

/// `mul mad madc` with `.lo .hi .wide`.
fn product(cx: &mut Cx<'_>, ins: Ins<'_>, ty: ScalarType) -> Lowered<()> {
    let signed = Signed::of(ty);
    let (a, b) = (cx.arg(ins, 1, ty)?, cx.arg(ins, 2, ty)?);
    let (product, out) = match ins.form.mul {
        Some(MulMode::Wide) => {
            let out = match ty {
                ScalarType::U16 => ScalarType::U32,
                ScalarType::S16 => ScalarType::S32,
                ScalarType::U32 => ScalarType::U64,
                ScalarType::S32 => ScalarType::S64,
                _ => return fail(format!("no wide product of .{ty}")),
            };
            let wide = crate::operand::ir_type(out);
            let (a, b) = (cx.extend(signed, wide, a), cx.extend(signed, wide, b));
            (cx.bin(Op::IMul, a, b), out)
        }
        Some(MulMode::Hi) => (cx.bin(if signed == Signed::Yes { Op::MulHiS } else { Op::MulHiU }, a, b), ty),
        Some(MulMode::Lo) | None => (cx.bin(Op::IMul, a, b), ty),
    };
    let value = match ins.form.op {
        ptx::Op::Mul => product,
        op => {
            let c = cx.arg(ins, 3, out)?;
            if ins.form.sat() {
                cx.bin(Op::AddSatS, product, c)
            } else {
                let carry = if op == ptx::Op::Madc { Some(cx.read_var(cx.carry)) } else { None };
                add_with_carry(cx, true, product, c, carry, ins.form.has(Flag::Cc))
            }
        }
    };
    cx.result(ins, out, value)
}

/// `mul24 mad24`: the 48-bit product of 24-bit operands, its low or its high (bits 16 to 47) 32 bits.
fn product24(cx: &mut Cx<'_>, ins: Ins<'_>, ty: ScalarType) -> Lowered<()> {
    let signed = Signed::of(ty);
    let (a, b) = (cx.arg(ins, 1, ty)?, cx.arg(ins, 2, ty)?);
    let narrow = |cx: &mut Cx<'_>, value| {
        let up = cx.shift(Op::Shl, value, 8);
        cx.shift(if signed == Signed::Yes { Op::ShrS } else { Op::ShrU }, up, 8)
    };
    let (a, b) = (narrow(cx, a), narrow(cx, b));
    let mut value = match ins.form.mul {
        Some(MulMode::Hi) => {
            let (a, b) = (cx.extend(signed, Type::I64, a), cx.extend(signed, Type::I64, b));
            let wide = cx.bin(Op::IMul, a, b);
            let high = cx.shift(Op::ShrU, wide, 16);
            cx.zext(Type::I32, high)
        }
        _ => cx.bin(Op::IMul, a, b),
    };
    if ins.form.op == ptx::Op::Mad24 {
        let c = cx.arg(ins, 3, ty)?;
        value = cx.bin(if ins.form.sat() { Op::AddSatS } else { Op::IAdd }, value, c);
    }
    cx.result(ins, ty, value)
}

/// `add min max` on two 16-bit halves.
fn packed(cx: &mut Cx<'_>, ins: Ins<'_>, ty: ScalarType) -> Lowered<()> {
    let signed = ty == ScalarType::S16x2;
    let op = match (ins.form.op, signed) {
        (ptx::Op::Add, _) => Op::IAdd,
        (ptx::Op::Min, true) => Op::MinS,
        (ptx::Op::Min, false) => Op::MinU,
        (ptx::Op::Max, true) => Op::MaxS,
        (ptx::Op::Max, false) => Op::MaxU,
        _ => return fail("no operation on two halves"),
    };
    let (a, b) = (cx.arg(ins, 1, ty)?, cx.arg(ins, 2, ty)?);
    let ((a0, a1), (b0, b1)) = (cx.split(a), cx.split(b));
    let lo = cx.bin(op, a0, b0);
    let hi = cx.bin(op, a1, b1);
    let (lo, hi) = (relu(cx, ins, lo), relu(cx, ins, hi));
    let value = cx.join(lo, hi);
    cx.result(ins, ty, value)
}

/// `bfe bfi bfind bmsk brev clz popc fns szext`.
pub(super) fn bits(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    let u32_ = ScalarType::U32;
    let signed = ty.is_signed();
    let a = cx.arg(ins, 1, ty)?;
    let (value, out) = match ins.form.op {
        ptx::Op::Popc => (cx.op_like(Op::Popc, &[a]), u32_),
        ptx::Op::Clz => (cx.op_like(Op::Clz, &[a]), u32_),
        ptx::Op::Brev => (cx.op_like(Op::Brev, &[a]), ty),
        ptx::Op::Bfind => {
            let found = cx.op_like(if signed { Op::BfindS } else { Op::BfindU }, &[a]);
            let value = if ins.form.has(Flag::Shiftamt) {
                // PTX ISA 9.7.1 bfind: .shiftamt gives the left shift that brings the bit to the top.
                let top = cx.i32(ty.bits() as i32 - 1);
                let amount = cx.bin(Op::ISub, top, found);
                let none = cx.i32(-1);
                let missing = cx.icmp(IntCc::Eq, found, none);
                cx.select(missing, none, amount)
            } else {
                found
            };
            (value, u32_)
        }
        ptx::Op::Bfe => {
            let (pos, len) = (cx.arg(ins, 2, u32_)?, cx.arg(ins, 3, u32_)?);
            (cx.op_like(if signed { Op::BfeS } else { Op::BfeU }, &[a, pos, len]), ty)
        }
        ptx::Op::Bfi => {
            let b = cx.arg(ins, 2, ty)?;
            let (pos, len) = (cx.arg(ins, 3, u32_)?, cx.arg(ins, 4, u32_)?);
            (cx.op_like(Op::Bfi, &[a, b, pos, len]), ty)
        }
        ptx::Op::Bmsk => {
            let b = cx.arg(ins, 2, ty)?;
            (cx.bin(if wraps(ins) { Op::BmskWrap } else { Op::BmskClamp }, a, b), ty)
        }
        ptx::Op::Fns => {
            let (base, offset) = (cx.arg(ins, 2, ScalarType::B32)?, cx.arg(ins, 3, ScalarType::S32)?);
            (cx.op_like(Op::Fns, &[a, base, offset]), u32_)
        }
        ptx::Op::Szext => {
            // PTX ISA 9.7.1 szext: the low N bits of a, extended; N is clamped at 32 or taken modulo 32.
            let mut n = cx.arg(ins, 2, u32_)?;
            if wraps(ins) {
                let mask = cx.i32(31);
                n = cx.bin(Op::And, n, mask);
            }
            let full = cx.i32(32);
            let n = cx.bin(Op::MinU, n, full);
            let shift = cx.bin(Op::ISub, full, n);
            let up = cx.op_like(Op::Shl, &[a, shift]);
            // N of zero shifts everything out: zero, in both signs.
            (cx.op_like(if signed { Op::ShrS } else { Op::ShrU }, &[up, shift]), ty)
        }
        _ => return fail("no bit operation"),
    };
    cx.result(ins, out, value)
}

fn wraps(ins: Ins<'_>) -> bool {
    ins.form.clamp == Some(Clamp::Wrap)
}

/// `dp4a dp2a`.
pub(super) fn dot(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let sign = |ty: ScalarType| if ty.is_signed() { Sign::Signed } else { Sign::Unsigned };
    let (sa, sb) = (sign(ins.ty(0)?), sign(ins.ty(1)?));
    let b32 = ScalarType::B32;
    let args = [cx.arg(ins, 1, b32)?, cx.arg(ins, 2, b32)?, cx.arg(ins, 3, b32)?];
    let op = match (ins.form.op, ins.form.mul) {
        (ptx::Op::Dp4a, _) => Op::Dp4a(sa, sb),
        (_, Some(MulMode::Hi)) => Op::Dp2a(sa, sb, HalfSel::Hi),
        _ => Op::Dp2a(sa, sb, HalfSel::Lo),
    };
    let value = cx.op(op, Type::I32, &args);
    cx.result(ins, b32, value)
}

impl Cx<'_> {
    /// The low and high 16 bits of an I32.
    pub fn split(&mut self, a: Value) -> (Value, Value) {
        let lo = self.zext(Type::I16, a);
        let up = self.shift(Op::ShrU, a, 16);
        (lo, self.zext(Type::I16, up))
    }

    /// Two 16-bit integers as an I32.
    pub fn join(&mut self, lo: Value, hi: Value) -> Value {
        let (lo, hi) = (self.zext(Type::I32, lo), self.zext(Type::I32, hi));
        let hi = self.shift(Op::Shl, hi, 16);
        self.bin(Op::Or, lo, hi)
    }
}
