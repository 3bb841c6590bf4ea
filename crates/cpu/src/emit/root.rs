//! `rsqrt`: a guess from the bits and two corrections, for which the machine needs a fraction of the time that a root
//! and a quotient take.
//!
//! Invariant: the same operations in the same order as `ir::eval`; zero, subnormal and negative numbers, infinity and
//! NaN go the long way, which is a branch that is rarely taken.

use super::Emitter;
use super::pure::Form;
use ir::Type;

impl Emitter<'_> {
    /// For each operand, with one branch for all of them.
    pub(super) fn rsqrt(&mut self, form: Form, operands: &[String]) -> Vec<String> {
        let quick: Vec<String> = operands.iter().map(|x| self.quick_rsqrt(form, x)).collect();
        let odd: Vec<String> = operands.iter().map(|x| self.is_odd(form, x)).collect();
        let none = match form {
            Form::Scalar => self.ins(format!("xor i1 {}, true", odd[0])),
            Form::Vector => {
                let any = self.any(&odd);
                self.ins(format!("xor i1 {any}, true"))
            }
        };
        let (long, done, here) = (self.new_label("odd"), self.new_label("root"), self.label.clone());
        self.stmt(format!("br i1 {none}, label %{done}, label %{long}, !prof !1"));
        self.place(&long);
        let one = self.lit(form, Type::F32, u64::from(1f32.to_bits()));
        let mixed: Vec<String> = operands
            .iter()
            .zip(&quick)
            .zip(&odd)
            .map(|((x, quick), odd)| {
                let root = self.intrinsic(form, "sqrt", Type::F32, &[x], "");
                let exact = self.bin(form, "fdiv", Type::F32, &one, &root);
                self.sel(form, odd, Type::F32, &exact, quick)
            })
            .collect();
        self.jump(&done);
        self.place(&done);
        let t = self.form_type(form, Type::F32);
        quick
            .iter()
            .zip(&mixed)
            .map(|(quick, mixed)| self.ins(format!("phi {t} [ {quick}, %{here} ], [ {mixed}, %{long} ]")))
            .collect()
    }

    /// Right for positive normal numbers.
    fn quick_rsqrt(&mut self, form: Form, x: &str) -> String {
        let (float, int) = (Type::F32, Type::I32);
        let number = |e: &Self, value: f32| e.lit(form, float, u64::from(value.to_bits()));
        let bits = self.cast(form, "bitcast", float, x, int);
        let half = self.shift_const(form, "lshr", int, &bits, 1);
        let magic = self.lit(form, int, 0x5f37_6908);
        let guess = self.bin(form, "sub", int, &magic, &half);
        let y = self.cast(form, "bitcast", int, &guess, float);
        let halved = self.bin(form, "fmul", float, &number(self, 0.5), x);
        let product = self.bin(form, "fmul", float, &halved, &y);
        let factor = self.negated_fma(form, &product, &y, &number(self, 1.500_878_9));
        let y = self.bin(form, "fmul", float, &y, &factor);
        let product = self.bin(form, "fmul", float, x, &y);
        let rest = self.negated_fma(form, &product, &y, &number(self, 1.0));
        let scaled = self.bin(form, "fmul", float, &y, &rest);
        let (a, b) = (number(self, 0.375), number(self, 0.5));
        let series = self.intrinsic(form, "fma", float, &[&rest, &a, &b], "");
        self.intrinsic(form, "fma", float, &[&scaled, &series, &y], "")
    }

    /// Whether a number is not positive and normal.
    fn is_odd(&mut self, form: Form, x: &str) -> String {
        if form == Form::Vector && self.lanes() == 16 && self.unit.target.has("avx512dq") {
            let name = "llvm.x86.avx512.fpclass.ps.512";
            self.declare(format!("declare <16 x i1> @{name}(<16 x float>, i32)"));
            // All classes that the instruction knows.
            return self.ins(format!("call <16 x i1> @{name}(<16 x float> {x}, i32 255)"));
        }
        let bits = self.cast(form, "bitcast", Type::F32, x, Type::I32);
        let least = self.lit(form, Type::I32, 0x0080_0000);
        let above = self.bin(form, "sub", Type::I32, &bits, &least);
        let range = self.lit(form, Type::I32, 0x7f00_0000);
        self.cmp(form, "uge", Type::I32, &above, &range)
    }

    /// `c - a * b`, rounded once.
    fn negated_fma(&mut self, form: Form, a: &str, b: &str, c: &str) -> String {
        let t = self.form_type(form, Type::F32);
        let negative = self.ins(format!("fneg {t} {a}"));
        self.intrinsic(form, "fma", Type::F32, &[&negative, b, c], "")
    }
}
