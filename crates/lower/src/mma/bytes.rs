//! Products of bytes, as machines have them: one factor without a sign, the other with one.
//!
//! Where both have signs those of A go up by 128, where neither has those of B go down; what that changes depends on one
//! row or column only and is taken back at the end. Invariant: sums are exact modulo 2^32.

use super::{Element, Mma};
use ir::ops::Sign;
use ir::{Builder, Op, Type, Value};

/// Which factors are changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shifted {
    Nothing,
    /// 128 is added to A's.
    A,
    /// 128 is taken from B's.
    B,
}

impl Mma {
    pub(super) fn shifted(&self) -> Shifted {
        match (self.a, self.b) {
            (Element::Byte(Sign::Signed), Element::Byte(Sign::Signed)) => Shifted::A,
            (Element::Byte(Sign::Unsigned), Element::Byte(Sign::Unsigned)) => Shifted::B,
            _ => Shifted::Nothing,
        }
    }
}

/// Adds 128 to each byte, modulo 256.
pub(super) fn flip(b: &mut Builder<'_>, word: Value) -> Value {
    let tops = b.iconst(Type::I32, 0x8080_8080);
    b.bin(Op::Xor, word, tops)
}

/// What the sums have too much: of each column if A was changed, too little: of each eight rows if B was.
pub(super) struct Excess {
    shifted: Shifted,
    sums: Vec<Value>,
}

impl Excess {
    pub fn new(b: &mut Builder<'_>, product: &Mma) -> Excess {
        let shifted = product.shifted();
        let count = match shifted {
            Shifted::Nothing => 0,
            Shifted::A => 2 * product.columns,
            Shifted::B => product.halves,
        };
        Excess { shifted, sums: (0..count).map(|_| b.i32(0)).collect() }
    }

    pub fn add_rows(&mut self, b: &mut Builder<'_>, rows: &[Vec<Value>]) {
        if self.shifted == Shifted::B {
            let half = b.iconst(Type::I32, 0x4040_4040);
            for (row, sum) in rows.iter().zip(&mut self.sums) {
                *sum = dot(b, row[0], half, *sum);
            }
        }
    }

    pub fn add_column(&mut self, b: &mut Builder<'_>, n: usize, column: &[Value]) {
        if self.shifted == Shifted::A {
            let tops = b.iconst(Type::I32, 0x8080_8080);
            self.sums[n] = dot(b, tops, column[0], self.sums[n]);
        }
    }

    /// `sums`: by eight rows, then columns.
    pub fn take_away(&self, b: &mut Builder<'_>, columns: usize, sums: &mut [Value]) {
        let one = b.i32(1);
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum = match self.shifted {
                Shifted::Nothing => *sum,
                Shifted::A => b.bin(Op::ISub, *sum, self.sums[i % columns]),
                Shifted::B => {
                    let twice = b.bin(Op::Shl, self.sums[i / columns], one);
                    b.iadd(*sum, twice)
                }
            };
        }
    }
}

fn dot(b: &mut Builder<'_>, x: Value, y: Value, sum: Value) -> Value {
    b.op(Op::Dp4a(Sign::Unsigned, Sign::Signed), Type::I32, &[x, y, sum])
}
