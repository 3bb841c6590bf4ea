//! Matrix products of a warp, `mma` and `wmma.mma` (PTX ISA 9.7.14): each form becomes a library function whose body exchanges fragments by
//! shuffles and multiplies; an engine may know the name and do better.
//!
//! Fragments of `mma` (PTX ISA 9.7.14.5): a register of A or B holds the P elements of one row or column that fit its
//! width, consecutive along k. With g = lane / 4 and t = lane % 4, register `b * H + h` of A holds row `g + 8h`, from
//! `k = (4b + t) * P` on (H = 2 for m16, 1 for m8); register `b` of B holds column g from the same k on. The
//! accumulator's pair `h` holds row `g + 8h`, columns `2t` and `2t + 1`. Invariant: integer results are exact; float
//! results are chains of fused multiply-adds along k in f32 (f64 for f64), rounded once for f16.

mod bytes;
mod columns;
mod quads;

use bytes::{Excess, Shifted};
use ir::function::Signature;
use ir::ops::{Fp8, Sign};
use ir::{Builder, FpMode, Function, Inst, Op, Rounding, ShflMode, Type, Value};
use ptx::{Flag, Form, Layout, ScalarType};
use quads::{lanes_of_quads, quad, quad_lane};

pub(crate) use quads::{WARP, exchange};

/// Element type of A or B.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Element {
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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Accumulator {
    F16,
    F32,
    S32,
    F64,
}

/// What is done with a pair of one-bit registers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum BitOp {
    Xor,
    And,
}

/// A form of `mma`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Mma {
    /// Rows in units of 8.
    halves: u32,
    /// Columns in units of 8: 1 but for `wmma`.
    columns: u32,
    /// Registers of A for each eight rows, and of B for each eight columns.
    depth: u32,
    /// Registers of A and B that the form has, if more than it needs (f16 in `wmma`).
    padded: Option<u32>,
    a: Element,
    b: Element,
    c: Accumulator,
    d: Accumulator,
    bit_op: BitOp,
    saturates: bool,
    rounding: Rounding,
    /// Whether fragments lie as [`columns`] says.
    by_columns: bool,
}

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
pub(crate) fn read(form: &Form) -> Option<Mma> {
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
    let product = Mma {
        halves: m / 8,
        columns: n / 8,
        depth,
        padded: (form.op == ptx::Op::WmmaMma && a == Element::F16).then_some(8),
        a,
        b,
        c: accumulator(c)?,
        d: accumulator(d)?,
        bit_op: if form.has_word("and") { BitOp::And } else { BitOp::Xor },
        saturates: form.has(Flag::Satfinite) && accumulator(d) == Some(Accumulator::S32),
        rounding,
        by_columns: is_by_columns(form),
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

impl Mma {
    fn operand_type(&self) -> Type {
        if self.a == Element::F64 { Type::F64 } else { Type::I32 }
    }

    fn a_registers(&self) -> usize {
        self.padded.unwrap_or(self.halves * self.depth) as usize
    }

    fn b_registers(&self) -> usize {
        self.padded.unwrap_or(self.columns * self.depth) as usize
    }

    fn accumulator_types(&self, acc: Accumulator) -> Vec<Type> {
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

    /// The function that computes it.
    pub fn body(&self, name: &str) -> Function {
        let sig = self.signature();
        let mut func = Function::new(name, sig);
        let params = func.block(Function::ENTRY).params.clone();
        let (a, rest) = params.split_at(self.a_registers());
        let (b_registers, c) = rest.split_at(self.b_registers());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        if self.by_columns {
            let sums = self.start(&mut b, c);
            let sums = self.sums_by_columns(&mut b, a, b_registers, sums);
            let sums: Vec<Value> = sums.into_iter().map(|sum| settled(&mut b, sum)).collect();
            let results = self.finish(&mut b, &sums, c);
            b.ret(&results);
            return func;
        }
        let from = lanes_of_quads(&mut b);
        let mut rows: Vec<Vec<Value>> = Vec::new();
        for &register in a {
            let whole = if self.shifted() == Shifted::A { bytes::flip(&mut b, register) } else { register };
            rows.push(self.unpack(&mut b, self.a, whole));
        }
        let columns: Vec<Vec<Value>> = b_registers
            .iter()
            .map(|&register| {
                let whole = match self.shifted() {
                    Shifted::B => bytes::flip(&mut b, register),
                    Shifted::A | Shifted::Nothing => register,
                };
                let factors = self.unpack(&mut b, self.b, whole);
                factors.into_iter().map(|f| exchange(&mut b, f, from, WARP)).collect()
            })
            .collect();
        let mut sums = self.start(&mut b, c);
        let mut excess = Excess::new(&mut b, self);
        for block in 0..self.depth {
            for step in 0..4 {
                let rows: Vec<Vec<Value>> = (0..self.halves)
                    .map(|h| quad_lane(&mut b, &rows[(block * self.halves + h) as usize], step))
                    .collect();
                excess.add_rows(&mut b, &rows);
                for tile in 0..self.columns {
                    for j in 0..2 {
                        let register = &columns[(tile * self.depth + block) as usize];
                        let column = quad(&mut b, register, 2 * step + j);
                        excess.add_column(&mut b, (2 * tile + j) as usize, &column);
                        for (h, row) in rows.iter().enumerate() {
                            let sum = &mut sums[2 * (h * self.columns as usize + tile as usize) + j as usize];
                            *sum = self.dot(&mut b, row, &column, *sum);
                        }
                    }
                }
            }
        }
        let mut sums: Vec<Value> = sums.into_iter().map(|sum| settled(&mut b, sum)).collect();
        excess.take_away(&mut b, 2 * self.columns as usize, &mut sums);
        let results = self.finish(&mut b, &sums, c);
        b.ret(&results);
        func
    }

    /// The sums before the first product.
    fn start(&self, b: &mut Builder<'_>, c: &[Value]) -> Vec<Value> {
        match self.c {
            Accumulator::F32 | Accumulator::F64 => c.to_vec(),
            // Integers are added at the end, where they may saturate.
            Accumulator::S32 => c.iter().map(|_| b.i32(0)).collect(),
            Accumulator::F16 => c.iter().flat_map(|pair| halves(b, *pair, Type::F16)).collect(),
        }
    }

    fn finish(&self, b: &mut Builder<'_>, sums: &[Value], c: &[Value]) -> Vec<Value> {
        match self.d {
            Accumulator::F32 | Accumulator::F64 => sums.to_vec(),
            Accumulator::S32 => {
                let op = if self.saturates { Op::AddSatS } else { Op::IAdd };
                sums.iter().zip(c).map(|(sum, c)| b.bin(op, *sum, *c)).collect()
            }
            Accumulator::F16 => {
                let pack = |b: &mut Builder<'_>, pair: &[Value]| {
                    let half = |b: &mut Builder<'_>, value| {
                        let half = b.op(Op::FToF(Type::F32, FpMode::RN), Type::F16, &[value]);
                        let bits = b.bitcast(Type::I16, half);
                        b.zext_or_trunc(Type::I32, bits)
                    };
                    let (lo, hi) = (half(b, pair[0]), half(b, pair[1]));
                    let sixteen = b.i32(16);
                    let hi = b.bin(Op::Shl, hi, sixteen);
                    b.bin(Op::Or, lo, hi)
                };
                sums.chunks(2).map(|pair| pack(b, pair)).collect()
            }
        }
    }

    /// The factors in a register: one float each, or integer words for the dot-product ops.
    fn unpack(&self, b: &mut Builder<'_>, element: Element, value: Value) -> Vec<Value> {
        match element {
            Element::F16 => halves(b, value, Type::F16).into(),
            Element::Bf16 => halves(b, value, Type::BF16).into(),
            Element::Tf32 => {
                // The low 13 bits are not part of the number.
                let mask = b.iconst(Type::I32, 0xffff_e000);
                let bits = b.bin(Op::And, value, mask);
                vec![b.bitcast(Type::F32, bits)]
            }
            Element::F64 | Element::Byte(_) | Element::Bit => vec![value],
            Element::Nibble(_) => {
                // Each nibble times 16, in the top of a byte: the low ones, then the high ones.
                let (mask, four) = (b.iconst(Type::I32, 0xf0f0_f0f0), b.i32(4));
                let low = b.bin(Op::Shl, value, four);
                vec![b.bin(Op::And, low, mask), b.bin(Op::And, value, mask)]
            }
            Element::Fp8(format) => (0..4)
                .map(|i| {
                    let amount = b.i32(8 * i);
                    let up = b.bin(Op::ShrU, value, amount);
                    let byte = b.zext_or_trunc(Type::I16, up);
                    let half = b.op(Op::Fp8ToF(format), Type::F16, &[byte]);
                    b.op(Op::FToF(Type::F16, FpMode::RN), Type::F32, &[half])
                })
                .collect(),
        }
    }

    fn dot(&self, b: &mut Builder<'_>, row: &[Value], column: &[Value], sum: Value) -> Value {
        let sign = |element| match element {
            Element::Byte(sign) | Element::Nibble(sign) => sign,
            _ => Sign::Unsigned,
        };
        match self.a {
            Element::Byte(_) => {
                let (x, y) = match self.shifted() {
                    Shifted::Nothing => (sign(self.a), sign(self.b)),
                    Shifted::A | Shifted::B => (Sign::Unsigned, Sign::Signed),
                };
                b.op(Op::Dp4a(x, y), Type::I32, &[row[0], column[0], sum])
            }
            Element::Nibble(_) => {
                let mut scaled = b.i32(0);
                for (x, y) in row.iter().zip(column) {
                    scaled = b.op(Op::Dp4a(sign(self.a), sign(self.b)), Type::I32, &[*x, *y, scaled]);
                }
                let eight = b.i32(8);
                let exact = b.bin(Op::ShrS, scaled, eight);
                b.iadd(sum, exact)
            }
            Element::Bit => {
                let both =
                    b.bin(if self.bit_op == BitOp::Xor { Op::Xor } else { Op::And }, row[0], column[0]);
                let count = b.op(Op::Popc, Type::I32, &[both]);
                b.iadd(sum, count)
            }
            Element::F16 | Element::Bf16 | Element::Tf32 | Element::F64 | Element::Fp8(_) => {
                let ty = b.func.ty(sum);
                let mode = FpMode::new(self.rounding, false);
                row.iter().zip(column).fold(sum, |sum, (x, y)| b.op(Op::FFma(mode), ty, &[*x, *y, sum]))
            }
        }
    }
}

/// A sum of one product, which comes before those of the next.
fn settled(b: &mut Builder<'_>, sum: Value) -> Value {
    let ty = b.func.ty(sum);
    b.op(Op::Settle, ty, &[sum])
}

/// The two halves of a register as f32.
fn halves(b: &mut Builder<'_>, value: Value, format: Type) -> [Value; 2] {
    let sixteen = b.i32(16);
    let up = b.bin(Op::ShrU, value, sixteen);
    [value, up].map(|bits| {
        let bits = b.zext_or_trunc(Type::I16, bits);
        let half = b.bitcast(format, bits);
        b.op(Op::FToF(format, FpMode::RN), Type::F32, &[half])
    })
}

fn shuffle(b: &mut Builder<'_>, value: Value, from: Value, among: i32) -> Value {
    let (among, all) = (b.i32(among), b.i32(-1));
    b.push(Inst::Shfl(ShflMode::Idx), &[value, from, among, all])[0]
}
