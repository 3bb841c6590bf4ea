//! Matrix products of a warp, `mma` and `wmma.mma` (PTX ISA 9.7.14): what the forms are, and what is computed in a lane
//! that has the factors. How factors come to lanes is left to who computes: `lower` exchanges them by shuffles, an
//! engine that runs whole warps puts them where they are needed.
//!
//! Fragments of `mma` (PTX ISA 9.7.14.5): a register of A or B holds the P elements of one row or column that fit its
//! width, consecutive along k. With g = lane / 4 and t = lane % 4, register `b * H + h` of A holds row `g + 8h`, from
//! `k = (4b + t) * P` on (H = 2 for m16, 1 for m8); register `b` of B holds column g from the same k on. The
//! accumulator's pair `h` holds row `g + 8h`, columns `2t` and `2t + 1`. [`Layout::Columns`] is another way.
//!
//! Invariant: integer results are exact; float results are chains of fused multiply-adds along k in f32 (f64 for f64),
//! rounded once for f16.

mod bytes;
mod steps;

pub use bytes::{Excess, Shifted};
pub use steps::Steps;

use crate::function::Signature;
use crate::ops::{Fp8, Sign};
use crate::{Rounding, Type};

/// Element type of A or B.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Element {
    F16,
    Bf16,
    Tf32,
    F64,
    Byte(Sign),
    Nibble(Sign),
    Bit,
    Fp8(Fp8),
}

/// Type of C or D.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Accumulator {
    F16,
    F32,
    S32,
    F64,
}

impl Accumulator {
    /// What a lane has of 16 rows and columns.
    pub fn sixteen(self) -> &'static [Type] {
        match self {
            Accumulator::F16 => &[Type::I32; 4],
            Accumulator::F32 => &[Type::F32; 8],
            Accumulator::S32 => &[Type::I32; 8],
            Accumulator::F64 => &[Type::F64; 8],
        }
    }
}

/// What is done with a pair of one-bit registers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BitOp {
    Xor,
    And,
}

/// Which lane has which element.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Layout {
    /// As `mma` prescribes: a row or column in each four lanes.
    Quads,
    /// `wmma` of 16x16x16 with elements of 16 bits: a lane for each column of C. With h = lane / 16 and c = lane % 16, a
    /// lane holds rows 8h to 8h + 7 of column c of C; rows 8h to 8h + 7 of column c of A, two in a register; and column
    /// c of B: all of it in the eight registers that f16 has, rows 8h to 8h + 7 in the four of bf16. So a row of B is a
    /// vector as it stands, and each element of A goes to all lanes of its half.
    Columns,
}

/// What happens to sums that do not fit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Overflow {
    Wraps,
    Saturates,
}

/// A form of `mma`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Product {
    /// Rows in units of 8.
    pub halves: u32,
    /// Columns in units of 8: 1 but for `wmma`.
    pub columns: u32,
    /// Registers of A for each eight rows, and of B for each eight columns.
    pub depth: u32,
    /// Registers of A and B that the form has, if more than it needs (f16 in `wmma`).
    pub padded: Option<u32>,
    pub a: Element,
    pub b: Element,
    pub c: Accumulator,
    pub d: Accumulator,
    pub bit_op: BitOp,
    /// Of integers.
    pub overflow: Overflow,
    pub rounding: Rounding,
    /// Of A and B.
    pub layout: Layout,
    /// Of C and D.
    pub sums: Layout,
}

impl Product {
    /// Type of the registers of A and B.
    pub fn operand_type(&self) -> Type {
        if self.a == Element::F64 { Type::F64 } else { Type::I32 }
    }

    /// Type of the sums, before they are rounded.
    pub fn sum_type(&self) -> Type {
        match self.d {
            Accumulator::F16 | Accumulator::F32 => Type::F32,
            Accumulator::S32 => Type::I32,
            Accumulator::F64 => Type::F64,
        }
    }

    /// Factors that a register of A or B is unpacked to.
    pub fn factors(&self) -> u32 {
        match self.a {
            Element::Tf32 | Element::F64 | Element::Byte(_) | Element::Bit => 1,
            Element::F16 | Element::Bf16 | Element::Nibble(_) => 2,
            Element::Fp8(_) => 4,
        }
    }

    pub fn a_registers(&self) -> usize {
        self.padded.unwrap_or(self.halves * self.depth) as usize
    }

    pub fn b_registers(&self) -> usize {
        self.padded.unwrap_or(self.columns * self.depth) as usize
    }

    pub fn accumulator_types(&self, acc: Accumulator) -> Vec<Type> {
        let pairs = (self.halves * self.columns) as usize;
        match acc {
            Accumulator::F16 => vec![Type::I32; pairs],
            Accumulator::F32 => vec![Type::F32; 2 * pairs],
            Accumulator::S32 => vec![Type::I32; 2 * pairs],
            Accumulator::F64 => vec![Type::F64; 2 * pairs],
        }
    }

    /// Registers of A, B and C, to those of D.
    pub fn signature(&self) -> Signature {
        let mut params = vec![self.operand_type(); self.a_registers() + self.b_registers()];
        params.extend(self.accumulator_types(self.c));
        Signature { params, results: self.accumulator_types(self.d) }
    }
}
