//! Products of bytes, as machines have them: one factor without a sign, the other with one.
//!
//! Where both have signs those of A go up by 128, where neither has those of B go down; what that changes depends on one
//! row or column only and is taken back at the end. Invariant: sums are exact modulo 2^32.

use super::{Element, Product, Steps};
use crate::ops::Sign;
use crate::{Op, Type};

/// Which factors are changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shifted {
    Nothing,
    /// 128 is added to A's.
    A,
    /// 128 is taken from B's.
    B,
}

impl Product {
    pub fn shifted(&self) -> Shifted {
        match (self.a, self.b) {
            (Element::Byte(Sign::Signed), Element::Byte(Sign::Signed)) => Shifted::A,
            (Element::Byte(Sign::Unsigned), Element::Byte(Sign::Unsigned)) => Shifted::B,
            _ => Shifted::Nothing,
        }
    }
}

/// Adds 128 to each byte, modulo 256.
pub(super) fn flip<S: Steps>(s: &mut S, word: &S::Value) -> S::Value {
    let tops = s.constant(Type::I32, 0x8080_8080);
    s.step(Op::Xor, Type::I32, &[word, &tops])
}

/// What the sums of a lane have too much: of each column if A was changed, too little: of each eight rows if B was.
pub struct Excess<V> {
    shifted: Shifted,
    sums: Vec<V>,
}

impl<V: Clone> Excess<V> {
    pub fn new<S: Steps<Value = V>>(s: &mut S, product: &Product) -> Excess<V> {
        let shifted = product.shifted();
        let count = match shifted {
            Shifted::Nothing => 0,
            Shifted::A => 2 * product.columns,
            Shifted::B => product.halves,
        };
        Excess { shifted, sums: (0..count).map(|_| s.constant(Type::I32, 0)).collect() }
    }

    /// `rows`: the factors of A, by eight rows.
    pub fn add_rows<S: Steps<Value = V>>(&mut self, s: &mut S, rows: &[Vec<V>]) {
        if self.shifted == Shifted::B {
            let half = s.constant(Type::I32, 0x4040_4040);
            for (row, sum) in rows.iter().zip(&mut self.sums) {
                *sum = dot(s, &row[0], &half, sum);
            }
        }
    }

    pub fn add_column<S: Steps<Value = V>>(&mut self, s: &mut S, n: usize, column: &[V]) {
        if self.shifted == Shifted::A {
            let tops = s.constant(Type::I32, 0x8080_8080);
            self.sums[n] = dot(s, &tops, &column[0], &self.sums[n]);
        }
    }

    /// `sums`: by eight rows, then columns.
    pub fn take_away<S: Steps<Value = V>>(&self, s: &mut S, columns: usize, sums: &mut [V]) {
        let one = s.constant(Type::I32, 1);
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum = match self.shifted {
                Shifted::Nothing => sum.clone(),
                Shifted::A => s.step(Op::ISub, Type::I32, &[sum, &self.sums[i % columns]]),
                Shifted::B => {
                    let twice = s.step(Op::Shl, Type::I32, &[&self.sums[i / columns], &one]);
                    s.step(Op::IAdd, Type::I32, &[sum, &twice])
                }
            };
        }
    }
}

fn dot<S: Steps>(s: &mut S, x: &S::Value, y: &S::Value, sum: &S::Value) -> S::Value {
    s.step(Op::Dp4a(Sign::Unsigned, Sign::Signed), Type::I32, &[x, y, sum])
}
