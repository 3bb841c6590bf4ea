//! Products whose fragments have a lane for each column: see [`ir::product::Layout::Columns`].
//!
//! Invariant: each sum is a chain of multiply-adds along k.

use super::{WARP, shuffle};
use ir::product::Product;
use ir::{Builder, Op, Sreg, Type, Value};

/// Rows that a lane has of C.
const ROWS: usize = 8;

/// `shfl.idx` within 16 lanes: segments in bits 8 to 12, the last lane in bits 0 to 4.
const HALF_WARP: i32 = 0x101f;

/// The sums, a row each.
pub(super) fn sums(
    product: &Product,
    b: &mut Builder<'_>,
    a: &[Value],
    b_registers: &[Value],
    mut sums: Vec<Value>,
) -> Vec<Value> {
    let rows: Vec<Value> = a[..ROWS / 2].iter().flat_map(|pair| product.prepare_a(b, pair)).collect();
    let rows: Vec<Value> = rows.into_iter().map(|row| b.bitcast(Type::I32, row)).collect();
    let columns: Vec<Value> = match b_registers.len() {
        8 => b_registers.to_vec(),
        _ => whole_columns(b, b_registers),
    };
    let columns: Vec<Value> = columns.iter().flat_map(|pair| product.prepare_b(b, pair)).collect();
    for (k, &column) in columns.iter().enumerate() {
        for (row, sum) in rows.iter().zip(&mut sums) {
            let element = in_half(b, *row, k as i32);
            *sum = product.dot(b, &[element], &[column], sum);
        }
    }
    sums
}

/// The float of which lane `k` of each half of the warp has the bits.
fn in_half(b: &mut Builder<'_>, bits: Value, k: i32) -> Value {
    let from = b.i32(k);
    let there = shuffle(b, bits, from, HALF_WARP);
    b.bitcast(Type::F32, there)
}

/// Registers of the first half of the warp, then of the second, for all lanes of their column.
fn whole_columns(b: &mut Builder<'_>, registers: &[Value]) -> Vec<Value> {
    let lane = b.sreg(Sreg::LaneId);
    let mask = b.i32(15);
    let low = b.bin(Op::And, lane, mask);
    let sixteen = b.i32(16);
    let high = b.bin(Op::Or, low, sixteen);
    let both = [low, high];
    both.iter()
        .flat_map(|&from| registers.iter().map(move |&r| (r, from)))
        .map(|(r, from)| shuffle(b, r, from, WARP))
        .collect()
}
