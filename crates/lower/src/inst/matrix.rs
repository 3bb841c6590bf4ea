//! Matrix instructions of a warp: `mma ldmatrix stmatrix movmatrix` (PTX ISA 9.7.14.5).

use super::Ins;
use crate::cx::Cx;
use crate::error::{Lowered, fail};
use crate::mma;
use crate::operand::ir_type;
use ir::{Op, Space, Sreg, Type, Value};
use ptx::{Flag, ScalarType};

/// `mma d, a, b, c`.
pub(super) fn mma(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let name = mma::name(ins.form);
    let Some(&(product, body)) = cx.linked.matrix.get(&name) else {
        return fail(format!("no function {name}"));
    };
    let sig = product.signature();
    let mut args = Vec::new();
    for n in 1..4 {
        for operand in cx.elements(ins.operand(n)?) {
            let Some(ty) = sig.params.get(args.len()) else { return fail("too many fragment registers") };
            args.push(cx.read(&operand, register_type(*ty))?);
        }
    }
    if args.len() != sig.params.len() {
        return fail("too few fragment registers");
    }
    let results = cx.b().push(ir::Inst::Product { product, body }, &args).to_vec();
    let to = cx.elements(ins.operand(0)?);
    if to.len() != results.len() {
        return fail("as many destinations as the fragment has registers are needed");
    }
    to.iter().zip(results).try_for_each(|(operand, value)| {
        let ty = register_type(cx.ty(value));
        cx.write(operand, ty, value)
    })
}

fn register_type(ty: Type) -> ScalarType {
    match ty {
        Type::F32 => ScalarType::F32,
        Type::F64 => ScalarType::F64,
        _ => ScalarType::B32,
    }
}

/// The lane's row g = lane / 4 and column pair t = lane % 4 of an 8x8 matrix.
fn coordinates(cx: &mut Cx<'_>) -> (Value, Value) {
    let lane = cx.b().sreg(Sreg::LaneId);
    let mask = cx.i32(3);
    (cx.shift(Op::ShrU, lane, 2), cx.bin(Op::And, lane, mask))
}

/// Address of row `row` of matrix `n`, which lane `8n + row` has.
fn row_address(cx: &mut Cx<'_>, (addr, space): (Value, Space), n: i32, row: Value) -> Value {
    let first = cx.i32(8 * n);
    let from = cx.bin(Op::IAdd, row, first);
    if space != Space::Shared {
        return mma::exchange(&mut cx.b(), addr, from, mma::WARP);
    }
    // Addresses of shared memory have 32 bits.
    let low = cx.b().zext_or_trunc(Type::I32, addr);
    let there = mma::exchange(&mut cx.b(), low, from, mma::WARP);
    cx.zext(Type::I64, there)
}

/// `ldmatrix`: each lane gets, of each matrix, elements 2t and 2t + 1 of row g; transposed, of column g.
pub(super) fn ldmatrix(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let (addr, space) = cx.address(ins.operand(1)?, ins.form.space())?;
    let to = cx.elements(ins.operand(0)?);
    let (g, t) = coordinates(cx);
    for (n, operand) in (0..).zip(&to) {
        let at = plain(cx, (addr, space), n, g, t);
        let mut value = cx.b().load(space, Type::I32, at);
        if ins.form.has(Flag::Trans) {
            value = transpose(cx, value, g, t);
        }
        cx.write(operand, ScalarType::B32, value)?;
    }
    Ok(())
}

/// `stmatrix`: the inverse of `ldmatrix`.
pub(super) fn stmatrix(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let (addr, space) = cx.address(ins.operand(0)?, ins.form.space())?;
    let from = cx.elements(ins.operand(1)?);
    let (g, t) = coordinates(cx);
    for (n, operand) in (0..).zip(&from) {
        let value = cx.read(operand, ScalarType::B32)?;
        if ins.form.has(Flag::Trans) {
            let (lo, hi) = cx.split(value);
            for (at, half) in transposed(cx, (addr, space), n, g, t)?.into_iter().zip([lo, hi]) {
                cx.b().store(space, at, half);
            }
        } else {
            let at = plain(cx, (addr, space), n, g, t);
            cx.b().store(space, at, value);
        }
    }
    Ok(())
}

/// Address of elements 2t and 2t + 1 of row g of matrix `n`.
fn plain(cx: &mut Cx<'_>, addr: (Value, Space), n: i32, g: Value, t: Value) -> Value {
    let row = row_address(cx, addr, n, g);
    let offset = cx.shift(Op::Shl, t, 2);
    let offset = cx.zext(Type::I64, offset);
    cx.bin(Op::IAdd, row, offset)
}

/// Addresses of element g of rows 2t and 2t + 1 of matrix `n`.
fn transposed(cx: &mut Cx<'_>, addr: (Value, Space), n: i32, g: Value, t: Value) -> Lowered<[Value; 2]> {
    let first = cx.shift(Op::Shl, t, 1);
    let one = cx.i32(1);
    let second = cx.bin(Op::IAdd, first, one);
    let offset = cx.shift(Op::Shl, g, 1);
    let offset = cx.zext(Type::I64, offset);
    Ok([first, second].map(|row| {
        let row = row_address(cx, addr, n, row);
        cx.bin(Op::IAdd, row, offset)
    }))
}

/// `movmatrix.trans`: element g of rows 2t and 2t + 1.
pub(super) fn movmatrix(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let value = cx.arg(ins, 1, ScalarType::B32)?;
    let (g, t) = coordinates(cx);
    let out = transpose(cx, value, g, t);
    cx.result(ins, ScalarType::B32, out)
}

fn transpose(cx: &mut Cx<'_>, value: Value, g: Value, t: Value) -> Value {
    // Row r, column g is in lane 4r + g / 2, half g % 2.
    let column = cx.shift(Op::ShrU, g, 1);
    let one = cx.i32(1);
    let odd = cx.bin(Op::And, g, one);
    let amount = cx.shift(Op::Shl, odd, 4);
    let first = cx.shift(Op::Shl, t, 3);
    let halves = [0, 4].map(|offset| {
        let offset = cx.i32(offset);
        let row = cx.bin(Op::IAdd, first, offset);
        let from = cx.bin(Op::IAdd, row, column);
        let word = mma::exchange(&mut cx.b(), value, from, mma::WARP);
        let word = cx.bin(Op::ShrU, word, amount);
        cx.zext(ir_type(ScalarType::B16), word)
    });
    cx.join(halves[0], halves[1])
}
