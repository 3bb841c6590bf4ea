//! Floating-point ops: arithmetic with the manual's rounding, flushing and NaNs, comparisons, conversions.
//! Invariant: the same bits as `ir::eval`; what vectors cannot round so goes through the fallback.

use super::Emitter;
use super::pure::Form;
use ir::ops::{FloatClass, Ftz, MinMaxNan, Sign};
use ir::{FloatCc, FpMode, Op, Rounding, Type};

impl Emitter<'_> {
    /// The value with subnormals replaced by zeros of the same sign.
    pub(super) fn flush(&mut self, form: Form, ftz: Ftz, ty: Type, a: &str) -> String {
        if ftz == Ftz::No || !matches!(ty, Type::F32 | Type::F16) {
            return a.to_string();
        }
        let int = ty.to_int();
        let (exponent, sign) = match ty {
            Type::F16 => (0x7c00, 0x8000),
            _ => (0x7f80_0000, 0x8000_0000),
        };
        let bits = self.cast(form, "bitcast", ty, a, int);
        let (em, sm, zero) =
            (self.lit(form, int, exponent), self.lit(form, int, sign), self.lit(form, int, 0));
        let e = self.bin(form, "and", int, &bits, &em);
        let small = self.cmp(form, "eq", int, &e, &zero);
        let s = self.bin(form, "and", int, &bits, &sm);
        let r = self.sel(form, &small, int, &s, &bits);
        self.cast(form, "bitcast", int, &r, ty)
    }

    pub(super) fn arith(
        &mut self,
        form: Form,
        op: Op,
        opcode: &str,
        m: FpMode,
        ty: Type,
        a: &[String],
    ) -> String {
        if ty == Type::BF16 {
            return self.arith_bf16(form, opcode, a);
        }
        let ftz = if m.ftz { Ftz::Yes } else { Ftz::No };
        let x: Vec<String> = a.iter().map(|v| self.flush(form, ftz, ty, v)).collect();
        if m.rounding != Rounding::Nearest {
            return match self.arith_directed(form, opcode, m.rounding, ty, &x) {
                Some(r) => {
                    let r = self.clean(form, ty, &r);
                    self.flush(form, ftz, ty, &r)
                }
                None => self.fallback(form, op, ty, a),
            };
        }
        if ty == Type::F16 && opcode == "fma" && !self.unit.target.has_half_arithmetic() {
            let r = self.fma_narrow(form, ty, &x);
            return self.flush(form, ftz, ty, &r);
        }
        let r = match opcode {
            "fma" => self.intrinsic(form, "fma", ty, &[&x[0], &x[1], &x[2]], ""),
            "sqrt" => self.intrinsic(form, "sqrt", ty, &[&x[0]], ""),
            _ => self.bin(form, opcode, ty, &x[0], &x[1]),
        };
        self.flush(form, ftz, ty, &r)
    }

    /// In F32, then rounded: one operation on 8-bit significands is exact enough in 24 bits that rounding twice is
    /// rounding once (Figueroa: When is Double Rounding Innocuous? 1995), except for the fused one.
    fn arith_bf16(&mut self, form: Form, opcode: &str, a: &[String]) -> String {
        if opcode == "fma" {
            return self.fma_narrow(form, Type::BF16, a);
        }
        let x: Vec<String> = a.iter().map(|v| self.widen(form, Type::BF16, v)).collect();
        let r = match opcode {
            "sqrt" => self.intrinsic(form, "sqrt", Type::F32, &[&x[0]], ""),
            _ => self.bin(form, opcode, Type::F32, &x[0], &x[1]),
        };
        self.narrow_f32(form, Type::BF16, &r)
    }

    /// The operands in a type that the processor compares.
    pub(super) fn comparable(&mut self, form: Form, ty: Type, a: &[String]) -> (Type, Vec<String>) {
        if ty == Type::F16 && self.unit.target.has_half_arithmetic() {
            return (ty, a.to_vec());
        }
        (Self::widened(ty), a.iter().map(|v| self.widen(form, ty, v)).collect())
    }

    pub(super) fn fcmp(&mut self, form: Form, cc: FloatCc, ftz: Ftz, ty: Type, a: &[String]) -> String {
        let x: Vec<String> = a.iter().map(|v| self.flush(form, ftz, ty, v)).collect();
        let (ty, x) = self.comparable(form, ty, &x);
        self.cmp(form, float_predicate(cc), ty, &x[0], &x[1])
    }

    pub(super) fn fclass(&mut self, form: Form, class: FloatClass, ty: Type, a: &str) -> String {
        let int = ty.to_int();
        let (exponent, mantissa) = match ty {
            Type::F16 => (0x7c00u64, 0x3ffu64),
            Type::BF16 => (0x7f80, 0x7f),
            Type::F32 => (0x7f80_0000, 0x7f_ffff),
            _ => (0x7ff0_0000_0000_0000, 0xf_ffff_ffff_ffff),
        };
        let bits = self.cast(form, "bitcast", ty, a, int);
        let magnitude_mask = self.lit(form, int, exponent | mantissa);
        let m = self.bin(form, "and", int, &bits, &magnitude_mask);
        let inf = self.lit(form, int, exponent);
        let least = self.lit(form, int, mantissa + 1);
        let zero = self.lit(form, int, 0);
        match class {
            FloatClass::Finite => self.cmp(form, "ult", int, &m, &inf),
            FloatClass::Infinite => self.cmp(form, "eq", int, &m, &inf),
            FloatClass::Number => self.cmp(form, "ule", int, &m, &inf),
            FloatClass::NotANumber => self.cmp(form, "ugt", int, &m, &inf),
            FloatClass::Normal => {
                // PTX ISA 9.7.3 testp: zero is a normal number.
                let big = self.cmp(form, "uge", int, &m, &least);
                let none = self.cmp(form, "eq", int, &m, &zero);
                let usual = self.bin(form, "or", Type::I1, &big, &none);
                let finite = self.cmp(form, "ult", int, &m, &inf);
                self.bin(form, "and", Type::I1, &usual, &finite)
            }
            FloatClass::Subnormal => {
                let small = self.cmp(form, "ult", int, &m, &least);
                let nonzero = self.cmp(form, "ne", int, &m, &zero);
                self.bin(form, "and", Type::I1, &small, &nonzero)
            }
        }
    }

    /// PTX ISA 9.7.3 min, max: a number beats NaN, or NaN beats all; -0 is below +0.
    pub(super) fn min_max(
        &mut self,
        form: Form,
        op: Op,
        nan: MinMaxNan,
        ftz: Ftz,
        ty: Type,
        a: &[String],
    ) -> String {
        let x: Vec<String> = a.iter().map(|v| self.flush(form, ftz, ty, v)).collect();
        let is_min = matches!(op, Op::FMin(..));
        let int = ty.to_int();
        let (xb, yb) =
            (self.cast(form, "bitcast", ty, &x[0], int), self.cast(form, "bitcast", ty, &x[1], int));
        // Equal operands differ at most in the sign of zero: `or` takes -0 for min, `and` +0 for max.
        let merged = self.bin(form, if is_min { "or" } else { "and" }, int, &xb, &yb);
        let (wide, w) = self.comparable(form, ty, &x);
        let equal = self.cmp(form, "oeq", wide, &w[0], &w[1]);
        let before = self.cmp(form, if is_min { "olt" } else { "ogt" }, wide, &w[0], &w[1]);
        let y_nan = self.cmp(form, "uno", wide, &w[1], &w[1]);
        let take_x = self.bin(form, "or", Type::I1, &before, &y_nan);
        let r = self.sel(form, &take_x, int, &xb, &yb);
        let r = self.sel(form, &equal, int, &merged, &r);
        let canonical = self.lit(form, int, ir::eval::canonical_nan(ty));
        let no_number = match nan {
            MinMaxNan::Number => {
                let x_nan = self.cmp(form, "uno", wide, &w[0], &w[0]);
                self.bin(form, "and", Type::I1, &x_nan, &y_nan)
            }
            MinMaxNan::Propagate => self.cmp(form, "uno", wide, &w[0], &w[1]),
        };
        let r = self.sel(form, &no_number, int, &canonical, &r);
        self.cast(form, "bitcast", int, &r, ty)
    }

    fn canonical_nan(&self, form: Form, ty: Type) -> String {
        self.lit(form, ty, ir::eval::canonical_nan(ty))
    }

    pub(super) fn saturate(&mut self, form: Form, ty: Type, a: &str) -> String {
        let int = ty.to_int();
        let one = ir::eval::from_f64(ty, 1.0, Rounding::Nearest);
        // Positive numbers and infinity are in the order of their bits; NaN and what is negative becomes zero.
        let bits = self.cast(form, "bitcast", ty, a, int);
        let (zero, one) = (self.lit(form, int, 0), self.lit(form, int, one));
        let infinity = self.lit(form, int, ir::eval::from_f64(ty, f64::INFINITY, Rounding::Nearest));
        let number = self.cmp(form, "ule", int, &bits, &infinity);
        let x = self.sel(form, &number, int, &bits, &zero);
        let r = self.intrinsic(form, "umin", int, &[&x, &one], "");
        self.cast(form, "bitcast", int, &r, ty)
    }

    pub(super) fn round_int(
        &mut self,
        form: Form,
        op: Op,
        rounding: Rounding,
        ftz: Ftz,
        ty: Type,
        a: &str,
    ) -> String {
        let x = self.flush(form, ftz, ty, a);
        // An integral value next to a float of the format is in the format: the way back is exact.
        let wide = Self::widened(ty);
        let x = self.widen(form, ty, &x);
        match rounding_intrinsic(rounding) {
            Some(name) => {
                let r = self.intrinsic(form, name, wide, &[&x], "");
                self.narrow_clean(form, ty, &r)
            }
            None => self.fallback(form, op, ty, &[a.to_string()]),
        }
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn float_to_int(
        &mut self,
        form: Form,
        op: Op,
        from: Type,
        m: FpMode,
        ty: Type,
        a: &[String],
        sign: Sign,
    ) -> String {
        let Some(name) = rounding_intrinsic(m.rounding) else { return self.fallback(form, op, ty, a) };
        // `.ftz` of a conversion concerns single-precision operands and results.
        let x = match m.ftz && from == Type::F32 {
            true => self.flush(form, Ftz::Yes, from, &a[0]),
            false => self.widen(form, from, &a[0]),
        };
        let from = Self::widened(from);
        let x = if name == "trunc" { x } else { self.intrinsic(form, name, from, &[&x], "") };
        let r = self.saturating_cast(form, from, ty, sign, &x);
        // PTX ISA 9.7.9 cvt: NaN gives zero, unless the source is F64 or the result I64: then the top bit alone.
        let of_nan = if from != Type::F64 && ty != Type::I64 { 0 } else { 1 << (ty.bits() - 1) };
        let number = self.cmp(form, "ord", from, &x, &x);
        let of_nan = self.lit(form, ty, of_nan);
        self.sel(form, &number, ty, &r, &of_nan)
    }

    /// F32 or F64 cut to an integer and clamped to those of `ty`; of NaN anything. LLVM 19 would take its own
    /// saturating conversion apart, lane by lane.
    fn saturating_cast(&mut self, form: Form, from: Type, ty: Type, sign: Sign, x: &str) -> String {
        let magnitude_bits = if sign == Sign::Signed { ty.bits() - 1 } else { ty.bits() };
        let greatest = u64::MAX >> (64 - magnitude_bits);
        let least = if sign == Sign::Signed { -((1u64 << magnitude_bits) as f64) } else { 0.0 };
        // The greatest number of the format that is no greater than the greatest integer.
        let precision = if from == Type::F32 { f32::MANTISSA_DIGITS } else { f64::MANTISSA_DIGITS };
        let spare = magnitude_bits.saturating_sub(precision);
        let most = (greatest >> spare << spare) as f64;
        let literal =
            |e: &Self, value: f64| e.lit(form, from, ir::eval::from_f64(from, value, Rounding::Nearest));
        let (low, high) = (literal(self, least), literal(self, most));
        // A NaN compares as if it were too small.
        let above = self.cmp(form, "ogt", from, x, &low);
        let clamped = self.sel(form, &above, from, x, &low);
        let below = self.cmp(form, "olt", from, &clamped, &high);
        let clamped = self.sel(form, &below, from, &clamped, &high);
        let (opcode, wide) = match sign {
            _ if ty.bits() < 32 => ("fptosi", Type::I32),
            Sign::Signed => ("fptosi", ty),
            Sign::Unsigned => ("fptoui", ty),
        };
        let r = self.cast(form, opcode, from, &clamped, wide);
        let r = self.resize(form, wide, &r, ty);
        if spare == 0 {
            return r;
        }
        let beyond = self.cmp(form, "ogt", from, x, &high);
        let all = self.lit(form, ty, greatest);
        self.sel(form, &beyond, ty, &all, &r)
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn int_to_float(
        &mut self,
        form: Form,
        op: Op,
        opcode: &str,
        from: Type,
        r: Rounding,
        ty: Type,
        a: &[String],
    ) -> String {
        let exact = (ty == Type::F32 && from.bits() <= 16) || (ty == Type::F64 && from.bits() <= 32);
        let narrow = matches!(ty, Type::F16 | Type::BF16);
        if r == Rounding::Nearest && narrow {
            return self.int_to_narrow(form, opcode, from, ty, &a[0]);
        }
        if r == Rounding::Nearest || exact {
            return self.cast(form, opcode, from, &a[0], ty);
        }
        if from.bits() > 32 || narrow {
            return self.fallback(form, op, ty, a);
        }
        // F32 of 32 bits: F64 holds them.
        let double = self.cast(form, opcode, from, &a[0], Type::F64);
        let near = self.cast(form, "fptrunc", Type::F64, &double, ty);
        self.redirect(form, r, (Type::F64, &double), (ty, &near))
    }

    pub(super) fn float_to_float(
        &mut self,
        form: Form,
        from: Type,
        m: FpMode,
        ty: Type,
        a: &[String],
    ) -> String {
        // `.ftz` of a conversion concerns single-precision operands and results.
        let ftz = |t: Type| if m.ftz && t == Type::F32 { Ftz::Yes } else { Ftz::No };
        let x = self.flush(form, ftz(from), from, &a[0]);
        if from == ty {
            return x;
        }
        let near = self.convert_nearest(form, from, ty, &x);
        let exact = ty.bits() > from.bits();
        let r = match m.rounding {
            Rounding::Nearest => near,
            _ if exact => near,
            rounding => self.redirect(form, rounding, (from, &x), (ty, &near)),
        };
        if ty == Type::F64 {
            // PTX ISA 9.7.3: a NaN is the canonical one, whatever the operand's payload was.
            let nan = self.cmp(form, "uno", ty, &r, &r);
            let canonical = self.canonical_nan(form, ty);
            return self.sel(form, &nan, ty, &canonical, &r);
        }
        self.flush(form, ftz(ty), ty, &r)
    }
}

fn rounding_intrinsic(rounding: Rounding) -> Option<&'static str> {
    match rounding {
        Rounding::Nearest => Some("roundeven"),
        Rounding::Zero => Some("trunc"),
        Rounding::Down => Some("floor"),
        Rounding::Up => Some("ceil"),
        Rounding::NearestAway => None,
    }
}

fn float_predicate(cc: FloatCc) -> &'static str {
    match cc {
        FloatCc::Eq => "oeq",
        FloatCc::Ne => "one",
        FloatCc::Lt => "olt",
        FloatCc::Le => "ole",
        FloatCc::Gt => "ogt",
        FloatCc::Ge => "oge",
        FloatCc::EqU => "ueq",
        FloatCc::NeU => "une",
        FloatCc::LtU => "ult",
        FloatCc::LeU => "ule",
        FloatCc::GtU => "ugt",
        FloatCc::GeU => "uge",
        FloatCc::Num => "ord",
        FloatCc::Nan => "uno",
    }
}
