//! Exchanges between the lanes of a warp that hold a matrix of eight rows of four registers, a row in a quad.
//!
//! Invariant: whatever depends on nothing but a fragment is done before it is exchanged, once for all products.

use super::shuffle;
use ir::{Builder, Op, Sreg, Type, Value};

/// `shfl.idx` among 32 lanes, in each four lanes, and among the lanes of equal place in their four (PTX ISA 9.7.9 shfl:
/// segments in bits 8 to 12, the last lane in bits 0 to 4).
pub(crate) const WARP: i32 = 0x1f;
const IN_QUAD: i32 = 0x1c1f;
const OF_QUAD: i32 = 0x031f;

/// The value that lane `from` holds: every lane of the warp takes part.
pub(crate) fn exchange(b: &mut Builder<'_>, value: Value, from: Value, among: i32) -> Value {
    let ty = b.func.ty(value);
    let bits = b.bitcast(ty.to_int(), value);
    if ty.bits() == 64 {
        let amount = b.i32(32);
        let low = b.zext_or_trunc(Type::I32, bits);
        let up = b.bin(Op::ShrU, bits, amount);
        let high = b.zext_or_trunc(Type::I32, up);
        let (low, high) = (shuffle(b, low, from, among), shuffle(b, high, from, among));
        let (low, high) = (b.zext_or_trunc(Type::I64, low), b.zext_or_trunc(Type::I64, high));
        let high = b.bin(Op::Shl, high, amount);
        let whole = b.bin(Op::Or, low, high);
        return b.bitcast(ty, whole);
    }
    let out = shuffle(b, bits, from, among);
    b.bitcast(ty, out)
}

/// Where registers of B go, whose column g is in quad g, so that quad `2s + j` has what columns `j`, `2 + j`, `4 + j` and
/// `6 + j` have in lane s of their quads: the factors of one step for the columns of one register of C.
pub(super) fn lanes_of_quads(b: &mut Builder<'_>) -> Value {
    let lane = b.sreg(Sreg::LaneId);
    let (three, four) = (b.i32(3), b.i32(4));
    let t = b.bin(Op::And, lane, three);
    let pair = b.bin(Op::Shl, t, three);
    let j = b.bin(Op::And, lane, four);
    let step = b.bin(Op::ShrU, lane, three);
    let column = b.bin(Op::Or, pair, j);
    b.bin(Op::Or, column, step)
}

/// What lane `step` of the own quad has.
pub(super) fn quad_lane(b: &mut Builder<'_>, values: &[Value], step: u32) -> Vec<Value> {
    let from = b.i32(step as i32);
    values.iter().map(|&v| exchange(b, v, from, IN_QUAD)).collect()
}

/// What the own place of quad `n` has.
pub(super) fn quad(b: &mut Builder<'_>, values: &[Value], n: u32) -> Vec<Value> {
    let from = b.i32(4 * n as i32);
    values.iter().map(|&v| exchange(b, v, from, OF_QUAD)).collect()
}
