//! Logic, shifts and byte permutation (PTX ISA 9.7.8, 9.7.9 prmt).

use super::Ins;
use super::lut::{Gate, gate};
use crate::cx::Cx;
use crate::error::{Lowered, fail};
use crate::operand::ir_type;
use ir::ops::PrmtMode;
use ir::{IntCc, Op, Type, Value};
use ptx::{BoolOp, Clamp, Operand, ScalarType, ShiftDir};

/// `and or xor not cnot shl shr shf lop3 prmt`.
pub(super) fn lower(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    let u32_ = ScalarType::U32;
    let a = cx.arg(ins, 1, ty)?;
    let value = match ins.form.op {
        ptx::Op::Not => cx.not(a),
        ptx::Op::Cnot => {
            let zero = cx.const_like(a, 0);
            let is_zero = cx.icmp(IntCc::Eq, a, zero);
            cx.op(Op::ZExt(Type::I1), ir_type(ty), &[is_zero])
        }
        ptx::Op::Shl | ptx::Op::Shr => {
            let amount = cx.arg(ins, 2, u32_)?;
            let op = match (ins.form.op, ty.is_signed()) {
                (ptx::Op::Shl, _) => Op::Shl,
                (_, true) => Op::ShrS,
                (_, false) => Op::ShrU,
            };
            cx.op_like(op, &[a, amount])
        }
        ptx::Op::Shf => {
            let (b, amount) = (cx.arg(ins, 2, ty)?, cx.arg(ins, 3, u32_)?);
            let op = match (ins.form.dir, ins.form.clamp) {
                (Some(ShiftDir::Left), Some(Clamp::Wrap)) => Op::ShfLWrap,
                (Some(ShiftDir::Left), _) => Op::ShfLClamp,
                (_, Some(Clamp::Wrap)) => Op::ShfRWrap,
                (_, _) => Op::ShfRClamp,
            };
            cx.op_like(op, &[a, b, amount])
        }
        ptx::Op::Prmt => {
            let (b, selector) = (cx.arg(ins, 2, ty)?, cx.arg(ins, 3, ty)?);
            let mode = match ins.form.prmt {
                None => PrmtMode::Generic,
                Some(ptx::PrmtMode::F4e) => PrmtMode::F4e,
                Some(ptx::PrmtMode::B4e) => PrmtMode::B4e,
                Some(ptx::PrmtMode::Rc8) => PrmtMode::Rc8,
                Some(ptx::PrmtMode::Ecl) => PrmtMode::Ecl,
                Some(ptx::PrmtMode::Ecr) => PrmtMode::Ecr,
                Some(ptx::PrmtMode::Rc16) => PrmtMode::Rc16,
            };
            cx.op_like(Op::Prmt(mode), &[a, b, selector])
        }
        ptx::Op::Lop3 => return lop3(cx, ins, a),
        op => {
            let b = cx.arg(ins, 2, ty)?;
            let op = match op {
                ptx::Op::And => Op::And,
                ptx::Op::Or => Op::Or,
                ptx::Op::Xor => Op::Xor,
                _ => return fail("no logic operation"),
            };
            cx.bin(op, a, b)
        }
    };
    cx.result(ins, ty, value)
}

/// `lop3{.and .or}.b32 d{|p}, a, b, c, immLut{, q}`: `p` is whether `d` is not zero, combined with `q`.
fn lop3(cx: &mut Cx<'_>, ins: Ins<'_>, a: Value) -> Lowered<()> {
    let ty = ScalarType::B32;
    let (b, c) = (cx.arg(ins, 2, ty)?, cx.arg(ins, 3, ty)?);
    let Operand::Int(table) = *ins.operand(4)? else { return fail("lop3 needs a constant table") };
    let mut made = Vec::new();
    let value = emit(cx, table as u8, &[a, b, c], &mut made);
    let (d, p) = cx.pair(ins.operand(0)?);
    cx.write(&d, ty, value)?;
    if let (Some(p), Some(op)) = (p, ins.form.bool_op) {
        let q = cx.arg(ins, 5, ScalarType::Pred)?;
        let zero = cx.i32(0);
        let some = cx.icmp(IntCc::Ne, value, zero);
        let value = cx.combine(op, some, q)?;
        cx.write(&p, ScalarType::Pred, value)?;
    }
    Ok(())
}

/// Emits the network of a table; tables used twice are emitted once.
fn emit(cx: &mut Cx<'_>, table: u8, inputs: &[Value; 3], made: &mut Vec<(u8, Value)>) -> Value {
    if let Some((_, value)) = made.iter().find(|(t, _)| *t == table) {
        return *value;
    }
    let value = match gate(table) {
        Gate::Input(i) => return inputs[i as usize],
        Gate::Zero => cx.i32(0),
        Gate::Ones => cx.i32(-1),
        Gate::Not(a) => {
            let a = emit(cx, a, inputs, made);
            cx.not(a)
        }
        Gate::And(a, b) | Gate::Or(a, b) | Gate::Xor(a, b) => {
            let (x, y) = (emit(cx, a, inputs, made), emit(cx, b, inputs, made));
            let op = match gate(table) {
                Gate::And(..) => Op::And,
                Gate::Or(..) => Op::Or,
                _ => Op::Xor,
            };
            cx.bin(op, x, y)
        }
    };
    made.push((table, value));
    value
}

impl Cx<'_> {
    /// Two predicates combined.
    pub fn combine(&mut self, op: BoolOp, a: Value, b: Value) -> Lowered<Value> {
        let op = match op {
            BoolOp::And => Op::And,
            BoolOp::Or => Op::Or,
            BoolOp::Xor => Op::Xor,
            BoolOp::Popc => return fail("popc does not combine predicates"),
        };
        Ok(self.bin(op, a, b))
    }
}
