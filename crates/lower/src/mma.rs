//! Matrix products of a warp, `mma` and `wmma.mma` (PTX ISA 9.7.14): each form becomes a library function whose body exchanges fragments by
//! shuffles and multiplies. Calls of it are [`ir::Inst::Product`], which says what the function computes: an engine may do better.
//!
//! Invariant: what a lane computes is what [`ir::product`] says.

mod columns;
mod quads;

use ir::ops::{Fp8, Sign};
use ir::product::{Accumulator, BitOp, Element, Excess, Layout as Fragments, Overflow, Product};
use ir::{Builder, Function, Inst, Op, Rounding, ShflMode, Value};
use ptx::{Flag, Form, Layout, ScalarType};
use quads::{lanes_of_quads, quad, quad_lane};

pub(crate) use quads::{WARP, exchange};

/// Whether the fragments of a `wmma` form have a lane for each column: 16x16x16 with elements of 16 bits.
pub(crate) fn is_by_columns(form: &Form) -> bool {
    use ScalarType as S;
    let operands = match form.op {
        ptx::Op::WmmaMma => form.types.len() == 2 || form.types.get(1) == Some(&S::Bf16),
        ptx::Op::WmmaLoad | ptx::Op::WmmaStore => {
            matches!(form.types.first(), Some(S::F16 | S::Bf16 | S::F32))
        }
        _ => false,
    };
    operands && form.shape.map(|s| s.map(u32::from)) == Some([16; 3])
}

/// The name of the library function for a form.
pub(crate) fn name(form: &Form) -> String {
    format!("__aw_{}", form.text.replace(['.', ':'], "_"))
}

/// Reads a form; `None` for those that are not implemented.
pub(crate) fn read(form: &Form) -> Option<Product> {
    let [m, n, k] = form.shape?.map(u32::from);
    let (d, a, b, c) = match (form.op, &*form.types) {
        // Types of A and B are only written where they are not f16.
        (ptx::Op::WmmaMma, &[d, c]) => (d, ScalarType::F16, ScalarType::F16, c),
        (ptx::Op::Mma | ptx::Op::WmmaMma, &[d, a, b, c]) => (d, a, b, c),
        _ => return None,
    };
    let (a, bits) = element(a)?;
    let (b, other) = element(b)?;
    if bits != other || m % 8 != 0 || n % 8 != 0 {
        return None;
    }
    // The one shape of `mma` whose fragments are laid out otherwise: four products in quarters of the warp.
    let plain = n == 8 && *form.layouts == [Layout::Row, Layout::Col] && !(m == 8 && bits == 16);
    if form.op == ptx::Op::Mma && !plain {
        return None;
    }
    let per_register = if a == Element::F64 { 1 } else { 32 / bits };
    let depth = k / (4 * per_register);
    let rounding = match form.rounding {
        Some(ptx::Rounding::Rz) => Rounding::Zero,
        Some(ptx::Rounding::Rm) => Rounding::Down,
        Some(ptx::Rounding::Rp) => Rounding::Up,
        _ => Rounding::Nearest,
    };
    let layout = if is_by_columns(form) { Fragments::Columns } else { Fragments::Quads };
    let saturates = form.has(Flag::Satfinite) && accumulator(d) == Some(Accumulator::S32);
    let product = Product {
        halves: m / 8,
        columns: n / 8,
        depth,
        padded: (form.op == ptx::Op::WmmaMma && a == Element::F16).then_some(8),
        a,
        b,
        c: accumulator(c)?,
        d: accumulator(d)?,
        bit_op: if form.has_word("and") { BitOp::And } else { BitOp::Xor },
        overflow: if saturates { Overflow::Saturates } else { Overflow::Wraps },
        rounding,
        layout,
        sums: layout,
    };
    (depth > 0).then_some(product)
}

/// The element type and its width in bits.
fn element(ty: ScalarType) -> Option<(Element, u32)> {
    Some(match ty {
        ScalarType::F16 => (Element::F16, 16),
        ScalarType::Bf16 => (Element::Bf16, 16),
        ScalarType::Tf32 => (Element::Tf32, 32),
        ScalarType::F64 => (Element::F64, 64),
        ScalarType::U8 => (Element::Byte(Sign::Unsigned), 8),
        ScalarType::S8 => (Element::Byte(Sign::Signed), 8),
        ScalarType::U4 => (Element::Nibble(Sign::Unsigned), 4),
        ScalarType::S4 => (Element::Nibble(Sign::Signed), 4),
        ScalarType::B1 => (Element::Bit, 1),
        ScalarType::E4m3 => (Element::Fp8(Fp8::E4m3), 8),
        ScalarType::E5m2 => (Element::Fp8(Fp8::E5m2), 8),
        _ => return None,
    })
}

fn accumulator(ty: ScalarType) -> Option<Accumulator> {
    Some(match ty {
        ScalarType::F16 => Accumulator::F16,
        ScalarType::F32 => Accumulator::F32,
        ScalarType::S32 => Accumulator::S32,
        ScalarType::F64 => Accumulator::F64,
        _ => return None,
    })
}

/// The function that computes a product.
pub(crate) fn body(product: &Product, name: &str) -> Function {
    let mut func = Function::new(name, product.signature());
    let params = func.block(Function::ENTRY).params.clone();
    let (a, rest) = params.split_at(product.a_registers());
    let (b_registers, c) = rest.split_at(product.b_registers());
    let mut b = Builder::new(&mut func, Function::ENTRY);
    let sums = product.start(&mut b, c);
    let sums = match product.layout {
        Fragments::Columns => {
            let sums = columns::sums(product, &mut b, a, b_registers, sums);
            sums.into_iter().map(|sum| settled(&mut b, sum)).collect()
        }
        Fragments::Quads => sums_in_quads(product, &mut b, a, b_registers, sums),
    };
    let results = product.finish(&mut b, &sums, c);
    b.ret(&results);
    func
}

/// The sums, by eight rows, then columns.
fn sums_in_quads(
    product: &Product,
    b: &mut Builder<'_>,
    a: &[Value],
    b_registers: &[Value],
    mut sums: Vec<Value>,
) -> Vec<Value> {
    let from = lanes_of_quads(b);
    let rows: Vec<Vec<Value>> = a.iter().map(|register| product.prepare_a(b, register)).collect();
    let columns: Vec<Vec<Value>> = b_registers
        .iter()
        .map(|register| {
            let factors = product.prepare_b(b, register);
            factors.into_iter().map(|f| exchange(b, f, from, WARP)).collect()
        })
        .collect();
    let mut excess = Excess::new(b, product);
    for block in 0..product.depth {
        for step in 0..4 {
            let rows: Vec<Vec<Value>> = (0..product.halves)
                .map(|h| quad_lane(b, &rows[(block * product.halves + h) as usize], step))
                .collect();
            excess.add_rows(b, &rows);
            for tile in 0..product.columns {
                for j in 0..2 {
                    let register = &columns[(tile * product.depth + block) as usize];
                    let column = quad(b, register, 2 * step + j);
                    excess.add_column(b, (2 * tile + j) as usize, &column);
                    for (h, row) in rows.iter().enumerate() {
                        let sum = &mut sums[2 * (h * product.columns as usize + tile as usize) + j as usize];
                        *sum = product.dot(b, row, &column, sum);
                    }
                }
            }
        }
    }
    let mut sums: Vec<Value> = sums.into_iter().map(|sum| settled(b, sum)).collect();
    excess.take_away(b, 2 * product.columns as usize, &mut sums);
    sums
}

/// A sum of one product, which comes before those of the next.
fn settled(b: &mut Builder<'_>, sum: Value) -> Value {
    let ty = b.func.ty(sum);
    b.op(Op::Settle, ty, &[sum])
}

fn shuffle(b: &mut Builder<'_>, value: Value, from: Value, among: i32) -> Value {
    let (among, all) = (b.i32(among), b.i32(-1));
    b.push(Inst::Shfl(ShflMode::Idx), &[value, from, among, all])[0]
}
