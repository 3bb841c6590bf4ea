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
        if m.rounding != Rounding::Nearest
            || (ty == Type::F16 && opcode == "fma" && !self.unit.target.has("avx512fp16"))
        {
            return self.fallback(form, op, ty, a);
        }
        if ty == Type::BF16 {
            return self.arith_bf16(form, op, opcode, a);
        }
        let ftz = if m.ftz { Ftz::Yes } else { Ftz::No };
        let x: Vec<String> = a.iter().map(|v| self.flush(form, ftz, ty, v)).collect();
        let r = match opcode {
            "fma" => self.intrinsic(form, "fma", ty, &[&x[0], &x[1], &x[2]], ""),
            "sqrt" => self.intrinsic(form, "sqrt", ty, &[&x[0]], ""),
            _ => self.bin(form, opcode, ty, &x[0], &x[1]),
        };
        self.flush(form, ftz, ty, &r)
    }

    /// In F32, then rounded: one operation on 8-bit significands is exact enough in 24 bits that rounding twice is
    /// rounding once (Figueroa: When is Double Rounding Innocuous? 1995), except for the fused one.
    fn arith_bf16(&mut self, form: Form, op: Op, opcode: &str, a: &[String]) -> String {
        if opcode == "fma" {
            return self.fallback(form, op, Type::BF16, a);
        }
        let x: Vec<String> = a.iter().map(|v| self.bf16_to_f32(form, v)).collect();
        let r = match opcode {
            "sqrt" => self.intrinsic(form, "sqrt", Type::F32, &[&x[0]], ""),
            _ => self.bin(form, opcode, Type::F32, &x[0], &x[1]),
        };
        self.f32_to_bf16(form, &r)
    }

    fn bf16_to_f32(&mut self, form: Form, a: &str) -> String {
        let wide = self.cast(form, "zext", Type::I16, a, Type::I32);
        let up = self.shift_const(form, "shl", Type::I32, &wide, 16);
        self.cast(form, "bitcast", Type::I32, &up, Type::F32)
    }

    /// Round to nearest even; NaN becomes the canonical one.
    fn f32_to_bf16(&mut self, form: Form, a: &str) -> String {
        let bits = self.cast(form, "bitcast", Type::F32, a, Type::I32);
        let odd = self.shift_const(form, "lshr", Type::I32, &bits, 16);
        let one = self.lit(form, Type::I32, 1);
        let odd = self.bin(form, "and", Type::I32, &odd, &one);
        let half = self.lit(form, Type::I32, 0x7fff);
        let bias = self.bin(form, "add", Type::I32, &odd, &half);
        let sum = self.bin(form, "add", Type::I32, &bits, &bias);
        let top = self.shift_const(form, "lshr", Type::I32, &sum, 16);
        let nan = self.cmp(form, "uno", Type::F32, a, a);
        let quiet = self.lit(form, Type::I32, 0x7fff);
        let r = self.sel(form, &nan, Type::I32, &quiet, &top);
        self.cast(form, "trunc", Type::I32, &r, Type::I16)
    }

    fn widen_bf16(&mut self, form: Form, ty: Type, a: &[String]) -> (Type, Vec<String>) {
        if ty == Type::BF16 {
            (Type::F32, a.iter().map(|v| self.bf16_to_f32(form, v)).collect())
        } else {
            (ty, a.to_vec())
        }
    }

    pub(super) fn fcmp(&mut self, form: Form, cc: FloatCc, ftz: Ftz, ty: Type, a: &[String]) -> String {
        let x: Vec<String> = a.iter().map(|v| self.flush(form, ftz, ty, v)).collect();
        let (ty, x) = self.widen_bf16(form, ty, &x);
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
        if !matches!(ty, Type::F32 | Type::F64) {
            return self.fallback(form, op, ty, &x);
        }
        let int = ty.to_int();
        let (xb, yb) =
            (self.cast(form, "bitcast", ty, &x[0], int), self.cast(form, "bitcast", ty, &x[1], int));
        // Equal operands differ at most in the sign of zero: `or` takes -0 for min, `and` +0 for max.
        let merged = self.bin(form, if is_min { "or" } else { "and" }, int, &xb, &yb);
        let merged = self.cast(form, "bitcast", int, &merged, ty);
        let equal = self.cmp(form, "oeq", ty, &x[0], &x[1]);
        let before = self.cmp(form, if is_min { "olt" } else { "ogt" }, ty, &x[0], &x[1]);
        let y_nan = self.cmp(form, "uno", ty, &x[1], &x[1]);
        let take_x = self.bin(form, "or", Type::I1, &before, &y_nan);
        let r = self.sel(form, &take_x, ty, &x[0], &x[1]);
        let r = self.sel(form, &equal, ty, &merged, &r);
        let canonical = self.canonical_nan(form, ty);
        let any_nan = match nan {
            MinMaxNan::Number => self.cmp(form, "uno", ty, &r, &r),
            MinMaxNan::Propagate => self.cmp(form, "uno", ty, &x[0], &x[1]),
        };
        self.sel(form, &any_nan, ty, &canonical, &r)
    }

    fn canonical_nan(&self, form: Form, ty: Type) -> String {
        self.lit(form, ty, ir::eval::canonical_nan(ty))
    }

    pub(super) fn saturate(&mut self, form: Form, ty: Type, a: &str) -> String {
        if !matches!(ty, Type::F32 | Type::F64) {
            return self.fallback(form, Op::FSat, ty, &[a.to_string()]);
        }
        let one_bits = if ty == Type::F32 { 0x3f80_0000 } else { 0x3ff0_0000_0000_0000 };
        let (zero, one) = (self.lit(form, ty, 0), self.lit(form, ty, one_bits));
        let positive = self.cmp(form, "ogt", ty, a, &zero);
        let x = self.sel(form, &positive, ty, a, &zero);
        let below = self.cmp(form, "olt", ty, &x, &one);
        self.sel(form, &below, ty, &x, &one)
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
        if !matches!(ty, Type::F32 | Type::F64) {
            return self.fallback(form, op, ty, &[a.to_string()]);
        }
        let x = self.flush(form, ftz, ty, a);
        match rounding_intrinsic(rounding) {
            Some(name) => self.intrinsic(form, name, ty, &[&x], ""),
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
        let name = rounding_intrinsic(m.rounding);
        let (Some(name), Type::F32 | Type::F64) = (name, from) else { return self.fallback(form, op, ty, a) };
        let x = self.flush(form, if m.ftz { Ftz::Yes } else { Ftz::No }, from, &a[0]);
        let x = if name == "trunc" { x } else { self.intrinsic(form, name, from, &[&x], "") };
        let (f, t) = (self.form_type(form, from), self.form_type(form, ty));
        let which = if sign == Sign::Signed { "fptosi" } else { "fptoui" };
        let (fs, ts) = (self.suffix(form, from), self.suffix(form, ty));
        self.declare(format!("declare {t} @llvm.{which}.sat.{ts}.{fs}({f})"));
        let r = self.ins(format!("call {t} @llvm.{which}.sat.{ts}.{fs}({f} {x})"));
        // PTX ISA 9.7.9 cvt: NaN gives zero, unless the source is F64 or the result I64: then the top bit alone.
        if from != Type::F64 && ty != Type::I64 {
            return r;
        }
        let nan = self.cmp(form, "uno", from, &x, &x);
        let top = self.lit(form, ty, 1 << (ty.bits() - 1));
        self.sel(form, &nan, ty, &top, &r)
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
        if !matches!(ty, Type::F32 | Type::F64) || (r != Rounding::Nearest && !exact) {
            return self.fallback(form, op, ty, a);
        }
        self.cast(form, opcode, from, &a[0], ty)
    }

    pub(super) fn float_to_float(
        &mut self,
        form: Form,
        op: Op,
        from: Type,
        m: FpMode,
        ty: Type,
        a: &[String],
    ) -> String {
        let narrowing = ty.bits() < from.bits()
            || (ty == Type::BF16 && from == Type::F16)
            || (ty, from) == (Type::F16, Type::BF16);
        if narrowing && m.rounding != Rounding::Nearest {
            return self.fallback(form, op, ty, a);
        }
        // `.ftz` of a conversion concerns single-precision operands and results.
        let ftz = |t: Type| if m.ftz && t == Type::F32 { Ftz::Yes } else { Ftz::No };
        let x = self.flush(form, ftz(from), from, &a[0]);
        match (from, ty) {
            (Type::BF16, Type::F32) => {
                let r = self.bf16_to_f32(form, &x);
                self.flush(form, ftz(ty), ty, &r)
            }
            (Type::F32, Type::BF16) => self.f32_to_bf16(form, &x),
            (Type::F16, Type::F32) => self.cast(form, "fpext", from, &x, ty),
            // A NaN keeps its sign and the top of its payload, as on a GPU.
            (Type::F64, Type::F32) => {
                let r = self.cast(form, "fptrunc", from, &x, ty);
                self.flush(form, ftz(ty), ty, &r)
            }
            (Type::F32, Type::F64) => {
                let r = self.cast(form, "fpext", from, &x, ty);
                // PTX ISA 9.7.3: a NaN is the canonical one, whatever the operand's payload was.
                let nan = self.cmp(form, "uno", ty, &r, &r);
                let canonical = self.canonical_nan(form, ty);
                self.sel(form, &nan, ty, &canonical, &r)
            }
            (Type::F32, Type::F16) => self.cast(form, "fptrunc", from, &x, ty),
            _ => self.fallback(form, op, ty, a),
        }
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
