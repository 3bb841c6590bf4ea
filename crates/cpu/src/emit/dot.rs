//! `dp4a` and `dp2a`: products of bytes and halves, by the machine's own instructions for them.
//!
//! Invariant: sums are exact modulo 2^32, in whatever order the machine adds.

use super::Emitter;
use super::pure::Form;
use ir::Type;
use ir::ops::{HalfSel, Sign};

/// The highest bit of each byte.
const TOPS: &str = "splat (i32 -2139062144)";

impl Emitter<'_> {
    /// Four bytes of `a[0]` times four of `a[1]`, added to `a[2]`.
    pub(super) fn dp4a(&mut self, form: Form, a: &[String], x: Sign, y: Sign) -> String {
        if form == Form::Scalar || !matches!(self.lanes(), 4 | 8 | 16) {
            return self.dot_by_fields(form, a, &[(0, 0, 8), (8, 8, 8), (16, 16, 8), (24, 24, 8)], x, y);
        }
        if !self.has_byte_dot() {
            return match self.has_pair_dot() {
                true => self.dp4a_by_pairs(a, x, y),
                false => self.dot_by_fields(form, a, &[(0, 0, 8), (8, 8, 8), (16, 16, 8), (24, 24, 8)], x, y),
            };
        }
        let n = self.lanes();
        let flip = |e: &mut Self, v: &str| e.ins(format!("xor <{n} x i32> {v}, {TOPS}"));
        let zero = "zeroinitializer";
        match (x, y) {
            (Sign::Unsigned, Sign::Signed) => self.byte_dot(&a[2], &a[0], &a[1]),
            (Sign::Signed, Sign::Unsigned) => self.byte_dot(&a[2], &a[1], &a[0]),
            // x = (x + 128) - 128, where the first is a byte without sign.
            (Sign::Signed, Sign::Signed) => {
                let lifted = flip(self, &a[0]);
                let sum = self.byte_dot(&a[2], &lifted, &a[1]);
                let excess = self.byte_dot(zero, TOPS, &a[1]);
                self.ins(format!("sub <{n} x i32> {sum}, {excess}"))
            }
            // y = (y - 128) + 128, where the first is a byte with sign.
            (Sign::Unsigned, Sign::Unsigned) => {
                let lowered = flip(self, &a[1]);
                let sum = self.byte_dot(&a[2], &a[0], &lowered);
                let halves = self.byte_dot(zero, &a[0], "splat (i32 1077952576)");
                let lack = self.ins(format!("shl <{n} x i32> {halves}, splat (i32 1)"));
                self.ins(format!("add <{n} x i32> {sum}, {lack}"))
            }
        }
    }

    /// Two halves of `a[0]` times two bytes of a half of `a[1]`, added to `a[2]`.
    pub(super) fn dp2a(&mut self, form: Form, a: &[String], half: HalfSel, x: Sign, y: Sign) -> String {
        let at = if half == HalfSel::Lo { 0 } else { 16 };
        let vector = form == Form::Vector && matches!(self.lanes(), 4 | 8 | 16) && self.has_pair_dot();
        if !vector || x == Sign::Unsigned {
            return self.dot_by_fields(form, a, &[(0, at, 16), (16, at + 8, 16)], x, y);
        }
        let n = self.lanes();
        // The two bytes, each at the top of a half.
        let (low, high) = match half {
            HalfSel::Lo => (self.ins(format!("shl <{n} x i32> {}, splat (i32 8)", a[1])), 16),
            HalfSel::Hi => (self.ins(format!("lshr <{n} x i32> {}, splat (i32 8)", a[1])), 0),
        };
        let low = self.ins(format!("and <{n} x i32> {low}, splat (i32 65280)"));
        let high = match high {
            0 => a[1].clone(),
            by => self.ins(format!("shl <{n} x i32> {}, splat (i32 {by})", a[1])),
        };
        let high = self.ins(format!("and <{n} x i32> {high}, splat (i32 -16777216)"));
        let bytes = self.ins(format!("or <{n} x i32> {low}, {high}"));
        let bytes = self.as_halves(&bytes);
        let down = if y == Sign::Signed { "ashr" } else { "lshr" };
        let bytes = self.ins(format!("{down} <{} x i16> {bytes}, splat (i16 8)", 2 * n));
        let wide = self.as_halves(&a[0]);
        let sum = self.pair_dot(&wide, &bytes);
        self.ins(format!("add <{n} x i32> {}, {sum}", a[2]))
    }

    /// Even bytes, then odd ones, as pairs of halves.
    fn dp4a_by_pairs(&mut self, a: &[String], x: Sign, y: Sign) -> String {
        let n = self.lanes();
        let wide = 2 * n;
        let split = |e: &mut Self, v: &str, sign: Sign| {
            let v = e.as_halves(v);
            let up = e.ins(format!("shl <{wide} x i16> {v}, splat (i16 8)"));
            let down = if sign == Sign::Signed { "ashr" } else { "lshr" };
            [up, v].map(|v| e.ins(format!("{down} <{wide} x i16> {v}, splat (i16 8)")))
        };
        let (p, q) = (split(self, &a[0], x), split(self, &a[1], y));
        p.iter().zip(&q).fold(a[2].clone(), |sum, (p, q)| {
            let dot = self.pair_dot(p, q);
            self.ins(format!("add <{n} x i32> {sum}, {dot}"))
        })
    }

    fn as_halves(&mut self, v: &str) -> String {
        let n = self.lanes();
        self.ins(format!("bitcast <{n} x i32> {v} to <{} x i16>", 2 * n))
    }

    /// Whether the machine multiplies four bytes at once (VNNI).
    fn has_byte_dot(&self) -> bool {
        let target = self.unit.target;
        let wide = target.has("avx512vnni");
        if self.lanes() == 16 { wide } else { target.has("avxvnni") || wide && target.has("avx512vl") }
    }

    /// Whether the machine multiplies pairs of halves.
    fn has_pair_dot(&self) -> bool {
        match self.lanes() {
            16 => self.unit.target.has("avx512bw"),
            8 => self.unit.target.has("avx2"),
            _ => self.unit.target.has("sse2"),
        }
    }

    /// `sum + Σ a[i] * b[i]` over four bytes, those of `a` without sign and those of `b` with one.
    fn byte_dot(&mut self, sum: &str, a: &str, b: &str) -> String {
        let n = self.lanes();
        let name = format!("llvm.x86.avx512.vpdpbusd.{}", 32 * n);
        let t = format!("<{n} x i32>");
        self.declare(format!("declare {t} @{name}({t}, {t}, {t})"));
        self.ins(format!("call {t} @{name}({t} {sum}, {t} {a}, {t} {b})"))
    }

    /// `Σ a[i] * b[i]` over two halves with sign.
    fn pair_dot(&mut self, a: &str, b: &str) -> String {
        let n = self.lanes();
        let name = match n {
            16 => "llvm.x86.avx512.pmaddw.d.512",
            8 => "llvm.x86.avx2.pmadd.wd",
            _ => "llvm.x86.sse2.pmadd.wd",
        };
        let (t, h) = (format!("<{n} x i32>"), format!("<{} x i16>", 2 * n));
        self.declare(format!("declare {t} @{name}({h}, {h})"));
        self.ins(format!("call {t} @{name}({h} {a}, {h} {b})"))
    }

    /// Field by field; each is a place in `a[0]`, one in `a[1]`, and the first one's width. The second has 8 bits.
    fn dot_by_fields(
        &mut self,
        form: Form,
        a: &[String],
        fields: &[(u32, u32, u32)],
        x: Sign,
        y: Sign,
    ) -> String {
        fields.iter().fold(a[2].clone(), |sum, &(i, j, bits)| {
            let p = self.field(form, &a[0], i, bits, x);
            let q = self.field(form, &a[1], j, 8, y);
            let m = self.bin(form, "mul", Type::I32, &p, &q);
            self.bin(form, "add", Type::I32, &sum, &m)
        })
    }

    fn field(&mut self, form: Form, word: &str, at: u32, bits: u32, sign: Sign) -> String {
        let up = self.shift_const(form, "shl", Type::I32, word, 32 - at - bits);
        let opcode = if sign == Sign::Signed { "ashr" } else { "lshr" };
        self.shift_const(form, opcode, Type::I32, &up, 32 - bits)
    }
}
