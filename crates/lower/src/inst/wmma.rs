//! `wmma.load` and `wmma.store` (PTX ISA 9.7.14.4): whole matrices between memory and fragments.
//!
//! Which lane holds which element of a fragment is unspecified; here it is as in `mma` (see [`crate::mma`]), in tiles of
//! eight rows (of A and C) or columns (of B and C), or with a lane for each column (see [`crate::mma::is_by_columns`]). The eight registers of an f16 fragment of A or B hold each element
//! once or more: register `i` is register `i` modulo the number that are needed.

use super::Ins;
use crate::cx::Cx;
use crate::error::{Lowered, fail};
use crate::mma;
use crate::operand::ir_type;
use ir::{Op, Space, Sreg, Type, Value};
use ptx::{Layout, ScalarType};

/// Where the elements of one register lie: the first at `row`, `col`, the others after it along `k`.
struct Piece {
    row: Value,
    col: Value,
}

/// A fragment's matrix in memory.
struct Matrix {
    pieces: Vec<Piece>,
    /// Elements in a register.
    count: u32,
    /// Whether the elements of a register follow each other along the row.
    along_row: bool,
    bits: u32,
    /// Columns, or rows if column-major: the least stride.
    stride: i32,
}

/// `wmma.load`: the fragment's registers from memory.
pub(super) fn load(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let matrix = matrix(cx, ins)?;
    let (addr, space) = cx.address(ins.operand(1)?, ins.form.space())?;
    let stride = stride(cx, ins, 2, &matrix)?;
    let mut values = Vec::new();
    for piece in &matrix.pieces {
        values.push(load_piece(cx, ins, &matrix, piece, (addr, space), stride)?);
    }
    let to = cx.elements(ins.operand(0)?);
    for (i, operand) in to.iter().enumerate() {
        let value = values[i % values.len()];
        let ty = register_type(cx.ty(value));
        cx.write(operand, ty, value)?;
    }
    Ok(())
}

/// `wmma.store`: the registers of D to memory.
pub(super) fn store(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let matrix = matrix(cx, ins)?;
    let (addr, space) = cx.address(ins.operand(0)?, ins.form.space())?;
    let stride = stride(cx, ins, 2, &matrix)?;
    let from = cx.elements(ins.operand(1)?);
    for (piece, operand) in matrix.pieces.iter().zip(&from) {
        let at = offset(cx, ins, &matrix, piece, 0, stride)?;
        let at = cx.bin(Op::IAdd, addr, at);
        if matrix.count == 1 {
            let ty = register_type(memory_type(matrix.bits));
            let value = cx.read(operand, ty)?;
            cx.b().store(space, at, value);
            continue;
        }
        let word = cx.read(operand, ScalarType::B32)?;
        let (lo, hi) = cx.split(word);
        cx.b().store(space, at, lo);
        let at = offset(cx, ins, &matrix, piece, 1, stride)?;
        let at = cx.bin(Op::IAdd, addr, at);
        cx.b().store(space, at, hi);
    }
    Ok(())
}

fn register_type(ty: Type) -> ScalarType {
    if ty.bits() == 64 { ScalarType::B64 } else { ScalarType::B32 }
}

fn memory_type(bits: u32) -> Type {
    if bits == 64 { Type::I64 } else { Type::I32 }
}

/// The pieces of the form's fragment, in register order.
fn matrix(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<Matrix> {
    let form = ins.form;
    let Some([m, n, k]) = form.shape.map(|s| s.map(u32::from)) else { return fail("wmma without its shape") };
    let bits = ins.ty(0)?.bits();
    let (is_a, is_b) = (form.has_word("a"), form.has_word("b"));
    if mma::is_by_columns(form) {
        return Ok(by_columns(cx, ins, bits));
    }
    let lane = cx.b().sreg(Sreg::LaneId);
    let mask = cx.i32(3);
    let g = cx.shift(Op::ShrU, lane, 2);
    let t = cx.bin(Op::And, lane, mask);
    let plus = |cx: &mut Cx<'_>, value, n: u32| cx.add_imm(value, i64::from(n));
    let mut pieces = Vec::new();
    let row_major = form.layouts.first() == Some(&Layout::Row);
    let per_register = if bits == 64 { 1 } else { 32 / bits };
    if is_a || is_b {
        let count = cx.i32(per_register as i32);
        let first = cx.bin(Op::IMul, t, count);
        let depth = k / (4 * per_register);
        let tiles = if is_a { m / 8 } else { n / 8 };
        // A: blocks of k, then row tiles; B: column tiles, then blocks of k.
        let order: Vec<(u32, u32)> = if is_a {
            (0..depth).flat_map(|block| (0..tiles).map(move |tile| (block, tile))).collect()
        } else {
            (0..tiles).flat_map(|tile| (0..depth).map(move |block| (block, tile))).collect()
        };
        for (block, tile) in order {
            let along = plus(cx, first, block * 4 * per_register);
            let across = plus(cx, g, tile * 8);
            pieces.push(if is_a {
                Piece { row: across, col: along }
            } else {
                Piece { row: along, col: across }
            });
        }
        let stride = match (is_a, row_major) {
            (true, true) | (false, false) => k,
            (true, false) => m,
            (false, true) => n,
        };
        return Ok(Matrix { pieces, count: per_register, along_row: is_a, bits, stride: stride as i32 });
    }
    let pair = cx.shift(Op::Shl, t, 1);
    for row_tile in 0..m / 8 {
        for col_tile in 0..n / 8 {
            for j in (0..2).step_by(per_register as usize) {
                let row = plus(cx, g, row_tile * 8);
                let col = plus(cx, pair, col_tile * 8 + j);
                pieces.push(Piece { row, col });
            }
        }
    }
    let stride = if row_major { n } else { m };
    Ok(Matrix { pieces, count: per_register, along_row: true, bits, stride: stride as i32 })
}

/// The pieces of a fragment that has a lane for each column of C: see `mma::columns`.
fn by_columns(cx: &mut Cx<'_>, ins: Ins<'_>, bits: u32) -> Matrix {
    let lane = cx.b().sreg(Sreg::LaneId);
    let mask = cx.i32(15);
    let col = cx.bin(Op::And, lane, mask);
    let half = cx.shift(Op::ShrU, lane, 4);
    let start = cx.shift(Op::Shl, half, 3);
    let count = 32 / bits;
    let rows: Vec<Value> = match (ins.form.has_word("b"), ins.ty(0)) {
        // The whole column where there are registers for it; else the half of it that the lane's half has.
        (true, Ok(ScalarType::F16)) => (0..16).step_by(2).map(|k| cx.i32(k)).collect(),
        _ => (0..8).step_by(count as usize).map(|row| cx.add_imm(start, row)).collect(),
    };
    let pieces = rows.into_iter().map(|row| Piece { row, col }).collect();
    Matrix { pieces, count, along_row: false, bits, stride: 16 }
}

fn stride(cx: &mut Cx<'_>, ins: Ins<'_>, n: usize, matrix: &Matrix) -> Lowered<Value> {
    match ins.operands.get(n) {
        Some(operand) => cx.read(operand, ScalarType::U32),
        None => Ok(cx.i32(matrix.stride)),
    }
}

/// Bytes from the matrix's start to element `e` of a piece.
fn offset(
    cx: &mut Cx<'_>,
    ins: Ins<'_>,
    matrix: &Matrix,
    piece: &Piece,
    e: u32,
    stride: Value,
) -> Lowered<Value> {
    let (mut row, mut col) = (piece.row, piece.col);
    if matrix.along_row {
        col = cx.add_imm(col, i64::from(e));
    } else {
        row = cx.add_imm(row, i64::from(e));
    }
    let row_major = ins.form.layouts.first() == Some(&Layout::Row);
    let (line, place) = if row_major { (row, col) } else { (col, row) };
    let (line, stride) = (cx.zext(Type::I64, line), cx.zext(Type::I64, stride));
    let place = cx.zext(Type::I64, place);
    let start = cx.bin(Op::IMul, line, stride);
    let index = cx.bin(Op::IAdd, start, place);
    Ok(match matrix.bits {
        bits @ 8.. => {
            let bytes = cx.b().i64(i64::from(bits / 8));
            cx.bin(Op::IMul, index, bytes)
        }
        bits => cx.shift(Op::ShrU, index, (8 / bits).ilog2() as i32),
    })
}

fn load_piece(
    cx: &mut Cx<'_>,
    ins: Ins<'_>,
    matrix: &Matrix,
    piece: &Piece,
    (addr, space): (Value, Space),
    stride: Value,
) -> Lowered<Value> {
    let row_major = ins.form.layouts.first() == Some(&Layout::Row);
    if matrix.count == 1 || matrix.along_row == row_major {
        // The register's elements are neighbours in memory.
        let at = offset(cx, ins, matrix, piece, 0, stride)?;
        let at = cx.bin(Op::IAdd, addr, at);
        return Ok(cx.b().load(space, memory_type(matrix.bits), at));
    }
    if matrix.bits < 8 {
        return fail("elements of less than a byte across lines");
    }
    let each = ir_type(if matrix.bits == 8 { ScalarType::B8 } else { ScalarType::B16 });
    let mut word: Option<Value> = None;
    for e in 0..matrix.count {
        let at = offset(cx, ins, matrix, piece, e, stride)?;
        let at = cx.bin(Op::IAdd, addr, at);
        let value = cx.b().load(space, each, at);
        let wide = cx.zext(Type::I32, value);
        word = Some(match word {
            None => wide,
            Some(low) => {
                let up = cx.shift(Op::Shl, wide, (e * matrix.bits) as i32);
                cx.bin(Op::Or, low, up)
            }
        });
    }
    match word {
        Some(word) => Ok(word),
        None => fail("a register without elements"),
    }
}

/// Whether a fragment of this form can be loaded and stored.
pub(super) fn unsupported(form: &ptx::Form) -> Option<&'static str> {
    use ScalarType as S;
    let Some(&ty) = form.types.first() else { return Some("wmma without a type is not implemented") };
    let small = matches!(ty, S::U4 | S::S4 | S::B1);
    let row_major = form.layouts.first() == Some(&Layout::Row);
    let known = small || matches!(ty, S::F16 | S::Bf16 | S::Tf32 | S::F64 | S::U8 | S::S8 | S::F32 | S::S32);
    let [m, n, k] = form.shape.unwrap_or([0; 3]);
    let operand = form.has_word("a") || form.has_word("b");
    let per_register = if ty.bits() == 64 { 1 } else { 32 / ty.bits().max(1) };
    if !known || m % 8 != 0 || n % 8 != 0 || (operand && !u32::from(k).is_multiple_of(4 * per_register)) {
        return Some("this wmma type or shape is not implemented yet");
    }
    (small && form.has_word("a") != row_major).then_some("small elements across lines are not implemented")
}
