//! `wmma` of 16x16x16 with elements of 16 bits, in fragments that suit vectors: a lane for each column of C.
//!
//! With h = lane / 16 and c = lane % 16, a lane holds rows 8h to 8h + 7 of column c of C; rows 8h to 8h + 7 of column c
//! of A, two in a register; and column c of B: all of it in the eight registers that f16 has, rows 8h to 8h + 7 in the
//! four of bf16. So a row of B is a vector as it stands, and each element of A goes to all lanes of its half.

use super::{Element, Mma, WARP, halves, shuffle};
use ir::{Builder, FpMode, Op, Sreg, Type, Value};

/// Rows that a lane has of C.
const ROWS: usize = 8;

/// `shfl.idx` within 16 lanes: segments in bits 8 to 12, the last lane in bits 0 to 4.
const HALF_WARP: i32 = 0x101f;

impl Mma {
    /// The sums, a row each, after chains of multiply-adds along k.
    pub(super) fn sums_by_columns(
        &self,
        b: &mut Builder<'_>,
        a: &[Value],
        b_registers: &[Value],
        mut sums: Vec<Value>,
    ) -> Vec<Value> {
        let format = if self.a == Element::F16 { Type::F16 } else { Type::BF16 };
        let rows: Vec<Value> = a[..ROWS / 2].iter().flat_map(|&pair| halves(b, pair, format)).collect();
        let rows: Vec<Value> = rows.into_iter().map(|row| b.bitcast(Type::I32, row)).collect();
        let columns: Vec<Value> = match b_registers.len() {
            8 => b_registers.to_vec(),
            _ => whole_columns(b, b_registers),
        };
        let columns: Vec<Value> = columns.iter().flat_map(|&pair| halves(b, pair, format)).collect();
        for (k, &column) in columns.iter().enumerate() {
            for (row, sum) in rows.iter().zip(&mut sums) {
                let element = in_half(b, *row, k as i32);
                *sum = b.op(Op::FFma(FpMode::RN), Type::F32, &[element, column, *sum]);
            }
        }
        sums
    }
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
