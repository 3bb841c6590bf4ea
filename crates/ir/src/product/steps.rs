//! What a product computes in one lane, step by step, whoever computes it.
//!
//! Invariant: nothing here knows of other lanes.

use super::{Accumulator, BitOp, Element, Overflow, Product, Shifted};
use crate::ops::Sign;
use crate::{Builder, FpMode, Inst, Op, Type, Value};

/// Who computes: a builder of IR, or an engine that writes code for many lanes at once.
pub trait Steps {
    type Value: Clone;
    fn constant(&mut self, ty: Type, bits: u64) -> Self::Value;
    /// A pure op at type `ty`.
    fn step(&mut self, op: Op, ty: Type, args: &[&Self::Value]) -> Self::Value;
}

impl Steps for Builder<'_> {
    type Value = Value;

    fn constant(&mut self, ty: Type, bits: u64) -> Value {
        self.push(Inst::Const { ty, bits }, &[])[0]
    }

    fn step(&mut self, op: Op, ty: Type, args: &[&Value]) -> Value {
        let args: Vec<Value> = args.iter().map(|&&a| a).collect();
        self.op(op, ty, &args)
    }
}

impl Product {
    /// The factors in a register of A or B: one float each, or integer words for the dot-product ops.
    pub fn unpack<S: Steps>(&self, s: &mut S, element: Element, value: &S::Value) -> Vec<S::Value> {
        match element {
            Element::F16 => halves(s, value, Type::F16).into(),
            Element::Bf16 => halves(s, value, Type::BF16).into(),
            Element::Tf32 => {
                // The low 13 bits are not part of the number.
                let mask = s.constant(Type::I32, 0xffff_e000);
                let bits = s.step(Op::And, Type::I32, &[value, &mask]);
                vec![s.step(Op::Bitcast(Type::I32), Type::F32, &[&bits])]
            }
            Element::F64 | Element::Byte(_) | Element::Bit => vec![value.clone()],
            Element::Nibble(_) => {
                // Each nibble times 16, in the top of a byte: the low ones, then the high ones.
                let (mask, four) = (s.constant(Type::I32, 0xf0f0_f0f0), s.constant(Type::I32, 4));
                let low = s.step(Op::Shl, Type::I32, &[value, &four]);
                [&low, value].map(|v| s.step(Op::And, Type::I32, &[v, &mask])).into()
            }
            Element::Fp8(format) => (0..4)
                .map(|i| {
                    let amount = s.constant(Type::I32, 8 * i);
                    let up = s.step(Op::ShrU, Type::I32, &[value, &amount]);
                    let byte = s.step(Op::Trunc(Type::I32), Type::I16, &[&up]);
                    let half = s.step(Op::Fp8ToF(format), Type::F16, &[&byte]);
                    s.step(Op::FToF(Type::F16, FpMode::RN), Type::F32, &[&half])
                })
                .collect(),
        }
    }

    /// A register of A as it is unpacked.
    pub fn prepare_a<S: Steps>(&self, s: &mut S, register: &S::Value) -> Vec<S::Value> {
        let whole =
            if self.shifted() == Shifted::A { super::bytes::flip(s, register) } else { register.clone() };
        self.unpack(s, self.a, &whole)
    }

    /// A register of B as it is unpacked.
    pub fn prepare_b<S: Steps>(&self, s: &mut S, register: &S::Value) -> Vec<S::Value> {
        let whole =
            if self.shifted() == Shifted::B { super::bytes::flip(s, register) } else { register.clone() };
        self.unpack(s, self.b, &whole)
    }

    /// The sums before the first product.
    pub fn start<S: Steps>(&self, s: &mut S, c: &[S::Value]) -> Vec<S::Value> {
        match self.c {
            Accumulator::F32 | Accumulator::F64 => c.to_vec(),
            // Integers are added at the end, where they may saturate.
            Accumulator::S32 => c.iter().map(|_| s.constant(Type::I32, 0)).collect(),
            Accumulator::F16 => c.iter().flat_map(|pair| halves(s, pair, Type::F16)).collect(),
        }
    }

    /// The sums as another product goes on with them, without their registers.
    pub fn go_on<S: Steps>(&self, s: &mut S, sums: Vec<S::Value>) -> Vec<S::Value> {
        match self.d {
            Accumulator::F32 | Accumulator::F64 | Accumulator::S32 => sums,
            Accumulator::F16 => {
                let mut rounded = |sum: &S::Value| {
                    let half = s.step(Op::FToF(Type::F32, FpMode::RN), Type::F16, &[sum]);
                    s.step(Op::FToF(Type::F16, FpMode::RN), Type::F32, &[&half])
                };
                sums.iter().map(&mut rounded).collect()
            }
        }
    }

    /// The registers of D.
    pub fn finish<S: Steps>(&self, s: &mut S, sums: &[S::Value], c: &[S::Value]) -> Vec<S::Value> {
        match self.d {
            Accumulator::F32 | Accumulator::F64 => sums.to_vec(),
            Accumulator::S32 => {
                let op = match self.overflow {
                    Overflow::Saturates => Op::AddSatS,
                    Overflow::Wraps => Op::IAdd,
                };
                sums.iter().zip(c).map(|(sum, c)| s.step(op, Type::I32, &[sum, c])).collect()
            }
            Accumulator::F16 => {
                let half = |s: &mut S, value: &S::Value| {
                    let half = s.step(Op::FToF(Type::F32, FpMode::RN), Type::F16, &[value]);
                    let bits = s.step(Op::Bitcast(Type::F16), Type::I16, &[&half]);
                    s.step(Op::ZExt(Type::I16), Type::I32, &[&bits])
                };
                let pack = |pair: &[S::Value]| {
                    let (lo, hi) = (half(s, &pair[0]), half(s, &pair[1]));
                    let sixteen = s.constant(Type::I32, 16);
                    let hi = s.step(Op::Shl, Type::I32, &[&hi, &sixteen]);
                    s.step(Op::Or, Type::I32, &[&lo, &hi])
                };
                sums.chunks(2).map(pack).collect()
            }
        }
    }

    /// The factors of a register of A and one of B, multiplied and added.
    pub fn dot<S: Steps>(
        &self,
        s: &mut S,
        row: &[S::Value],
        column: &[S::Value],
        sum: &S::Value,
    ) -> S::Value {
        let sign = |element| match element {
            Element::Byte(sign) | Element::Nibble(sign) => sign,
            Element::F16 | Element::Bf16 | Element::Tf32 | Element::F64 | Element::Bit | Element::Fp8(_) => {
                Sign::Unsigned
            }
        };
        match self.a {
            Element::Byte(_) => {
                let (x, y) = match self.shifted() {
                    Shifted::Nothing => (sign(self.a), sign(self.b)),
                    Shifted::A | Shifted::B => (Sign::Unsigned, Sign::Signed),
                };
                s.step(Op::Dp4a(x, y), Type::I32, &[&row[0], &column[0], sum])
            }
            Element::Nibble(_) => {
                let mut scaled = s.constant(Type::I32, 0);
                for (x, y) in row.iter().zip(column) {
                    scaled = s.step(Op::Dp4a(sign(self.a), sign(self.b)), Type::I32, &[x, y, &scaled]);
                }
                let eight = s.constant(Type::I32, 8);
                let exact = s.step(Op::ShrS, Type::I32, &[&scaled, &eight]);
                s.step(Op::IAdd, Type::I32, &[sum, &exact])
            }
            Element::Bit => {
                let op = if self.bit_op == BitOp::Xor { Op::Xor } else { Op::And };
                let both = s.step(op, Type::I32, &[&row[0], &column[0]]);
                let count = s.step(Op::Popc, Type::I32, &[&both]);
                s.step(Op::IAdd, Type::I32, &[sum, &count])
            }
            Element::F16 | Element::Bf16 | Element::Tf32 | Element::F64 | Element::Fp8(_) => {
                let op = Op::FFma(FpMode::new(self.rounding, false));
                let ty = self.sum_type();
                row.iter().zip(column).fold(sum.clone(), |sum, (x, y)| s.step(op, ty, &[x, y, &sum]))
            }
        }
    }
}

/// The two halves of a register as f32.
fn halves<S: Steps>(s: &mut S, value: &S::Value, format: Type) -> [S::Value; 2] {
    let sixteen = s.constant(Type::I32, 16);
    let up = s.step(Op::ShrU, Type::I32, &[value, &sixteen]);
    [value, &up].map(|bits| {
        let bits = s.step(Op::Trunc(Type::I32), Type::I16, &[bits]);
        let half = s.step(Op::Bitcast(Type::I16), format, &[&bits]);
        s.step(Op::FToF(format, FpMode::RN), Type::F32, &[&half])
    })
}
