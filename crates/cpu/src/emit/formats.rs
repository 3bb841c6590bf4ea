//! Floats of 16 and 8 bits, through the formats that hold them exactly.
//!
//! Invariant: a result is the exact one rounded once. Where a wider format must round on the way, it rounds *to odd*
//! (an inexact value becomes that neighbour whose last bit is one): with two bits more than the target it leaves what
//! lies on which side of a tie to be seen (Boldo, Melquiond: Emulation of FMA and correctly rounded sums, 2008).

use super::Emitter;
use super::pure::Form;
use ir::ops::Fp8;
use ir::{Rounding, Type};

impl Emitter<'_> {
    /// The value in F32, if the format is narrower; exact.
    pub(super) fn widen(&mut self, form: Form, ty: Type, a: &str) -> String {
        match ty {
            Type::F16 => self.cast(form, "fpext", ty, a, Type::F32),
            Type::BF16 => self.bf16_to_f32(form, a),
            Type::F32 | Type::F64 | Type::I1 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => a.to_string(),
        }
    }

    /// The type that [`Self::widen`] leads to.
    pub(super) fn widened(ty: Type) -> Type {
        match ty {
            Type::F16 | Type::BF16 => Type::F32,
            Type::F32 | Type::F64 | Type::I1 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => ty,
        }
    }

    /// F32 rounded to nearest even in `ty`.
    pub(super) fn narrow_f32(&mut self, form: Form, ty: Type, a: &str) -> String {
        match ty {
            Type::F16 => self.cast(form, "fptrunc", Type::F32, a, ty),
            Type::BF16 => self.f32_to_bf16(form, a),
            Type::F32 | Type::F64 | Type::I1 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => a.to_string(),
        }
    }

    /// As [`Self::narrow_f32`]; a NaN becomes the canonical one, which it does as BF16 anyway.
    pub(super) fn narrow_clean(&mut self, form: Form, ty: Type, a: &str) -> String {
        let near = self.narrow_f32(form, ty, a);
        if ty == Type::F16 { self.clean(form, ty, &near) } else { near }
    }

    /// The value, or the canonical NaN (PTX ISA 9.7.3).
    pub(super) fn clean(&mut self, form: Form, ty: Type, a: &str) -> String {
        let (compared, x) = self.comparable(form, ty, &[a.to_string()]);
        let nan = self.cmp(form, "uno", compared, &x[0], &x[0]);
        let canonical = self.lit(form, ty, ir::eval::canonical_nan(ty));
        self.sel(form, &nan, ty, &canonical, a)
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

    /// `a * b + c`, rounded once. The product is exact in F32 for F16, in F64 for BF16, whose exponents are F32's.
    pub(super) fn fma_narrow(&mut self, form: Form, ty: Type, a: &[String]) -> String {
        let mut x: Vec<String> = a.iter().map(|v| self.widen(form, ty, v)).collect();
        let mut wide = Type::F32;
        if ty == Type::BF16 {
            wide = Type::F64;
            x = x.iter().map(|v| self.cast(form, "fpext", Type::F32, v, wide)).collect();
        }
        let product = self.bin(form, "fmul", wide, &x[0], &x[1]);
        let sum = self.sum_to_odd(form, wide, &product, &x[2]);
        self.narrow_odd(form, wide, ty, &sum)
    }

    /// The sum rounded to odd. Knuth's two-sum gives the error of the nearest sum, exactly, where nothing overflows;
    /// infinities and NaNs compare as if there were none.
    fn sum_to_odd(&mut self, form: Form, ty: Type, a: &str, b: &str) -> String {
        let sum = self.bin(form, "fadd", ty, a, b);
        let b_part = self.bin(form, "fsub", ty, &sum, a);
        let a_part = self.bin(form, "fsub", ty, &sum, &b_part);
        let b_error = self.bin(form, "fsub", ty, b, &b_part);
        let a_error = self.bin(form, "fsub", ty, a, &a_part);
        let error = self.bin(form, "fadd", ty, &a_error, &b_error);
        let zero = self.lit(form, ty, 0);
        let above = self.cmp(form, "ogt", ty, &error, &zero);
        let below = self.cmp(form, "olt", ty, &error, &zero);
        self.made_odd(form, ty, &sum, &above, &below)
    }

    /// `r`, moved by one unit towards the exact value if that lies `above` or `below` and the last bit of `r` is zero.
    fn made_odd(&mut self, form: Form, ty: Type, r: &str, above: &str, below: &str) -> String {
        let int = ty.to_int();
        let bits = self.cast(form, "bitcast", ty, r, int);
        let (one, zero) = (self.lit(form, int, 1), self.lit(form, int, 0));
        let moved = self.step(form, ty, &bits, above);
        let last = self.bin(form, "and", int, &bits, &one);
        let even = self.cmp(form, "eq", int, &last, &zero);
        let inexact = self.bin(form, "or", Type::I1, above, below);
        let moves = self.bin(form, "and", Type::I1, &inexact, &even);
        let odd = self.sel(form, &moves, int, &moved, &bits);
        self.cast(form, "bitcast", int, &odd, ty)
    }

    /// The bits of the next float, up where `up`, otherwise down; away from zero without a change of sign.
    fn step(&mut self, form: Form, ty: Type, bits: &str, up: &str) -> String {
        let int = ty.to_int();
        let (one, zero) = (self.lit(form, int, 1), self.lit(form, int, 0));
        let negative = self.cmp(form, "slt", int, bits, &zero);
        let away = self.bin(form, "xor", Type::I1, &negative, up);
        let (more, less) = (self.bin(form, "add", int, bits, &one), self.bin(form, "sub", int, bits, &one));
        self.sel(form, &away, int, &more, &less)
    }

    /// A value rounded to odd in `wide`, F32 or F64, rounded to nearest even in a 16-bit format.
    fn narrow_odd(&mut self, form: Form, wide: Type, ty: Type, a: &str) -> String {
        let single = if wide == Type::F64 { self.f64_to_f32_odd(form, a) } else { a.to_string() };
        self.narrow_clean(form, ty, &single)
    }

    /// F64 rounded to odd in F32. What overflows is the greatest number there, which is odd and beyond all of 16 bits.
    fn f64_to_f32_odd(&mut self, form: Form, a: &str) -> String {
        let near = self.cast(form, "fptrunc", Type::F64, a, Type::F32);
        let back = self.cast(form, "fpext", Type::F32, &near, Type::F64);
        let above = self.cmp(form, "ogt", Type::F64, a, &back);
        let below = self.cmp(form, "olt", Type::F64, a, &back);
        self.made_odd(form, Type::F32, &near, &above, &below)
    }

    /// A float in another format, nearest even: every pair of formats except those from and to the same.
    pub(super) fn convert_nearest(&mut self, form: Form, from: Type, ty: Type, a: &str) -> String {
        match (from, ty) {
            (Type::F64, Type::F16 | Type::BF16) => self.narrow_odd(form, from, ty, a),
            (Type::F64, _) => self.cast(form, "fptrunc", from, a, ty),
            (_, Type::F64) => {
                let single = self.widen(form, from, a);
                self.cast(form, "fpext", Type::F32, &single, ty)
            }
            (Type::F32, _) => self.narrow_f32(form, ty, a),
            _ => {
                let single = self.widen(form, from, a);
                self.narrow_clean(form, ty, &single)
            }
        }
    }

    /// `near`, which is `a` of the wider float type `from` rounded to nearest in `ty`, as another rounding has it.
    pub(super) fn redirect(
        &mut self,
        form: Form,
        rounding: Rounding,
        (from, a): (Type, &str),
        (ty, near): (Type, &str),
    ) -> String {
        let back = self.widen(form, ty, near);
        let back_type = Self::widened(ty);
        let wide = Self::widened(from);
        let a = self.widen(form, from, a);
        let back = if wide == back_type { back } else { self.cast(form, "fpext", back_type, &back, wide) };
        let above = self.cmp(form, "ogt", wide, &back, &a);
        let below = self.cmp(form, "olt", wide, &back, &a);
        let wrong = match rounding {
            Rounding::Nearest | Rounding::NearestAway => return near.to_string(),
            Rounding::Down => above.clone(),
            Rounding::Up => below.clone(),
            Rounding::Zero => {
                let zero = self.lit(form, wide, 0);
                let negative = self.cmp(form, "olt", wide, &a, &zero);
                self.sel(form, &negative, Type::I1, &below, &above)
            }
        };
        let bits = self.cast(form, "bitcast", ty, near, ty.to_int());
        let moved = self.step(form, ty, &bits, &below);
        let r = self.sel(form, &wrong, ty.to_int(), &moved, &bits);
        let r = self.cast(form, "bitcast", ty.to_int(), &r, ty);
        if ty == Type::F16 { self.clean(form, ty, &r) } else { r }
    }

    /// An integer in a 16-bit format, nearest even.
    pub(super) fn int_to_narrow(
        &mut self,
        form: Form,
        opcode: &str,
        from: Type,
        ty: Type,
        a: &str,
    ) -> String {
        let signed = opcode == "sitofp";
        if ty == Type::F16 && from.bits() > 16 {
            // All of 2^20 and more are infinite in F16; what is less F32 holds exactly.
            let (min, max) = if signed { ("smin", "smax") } else { ("umin", "umax") };
            let most = self.lit(form, from, 1 << 20);
            let mut x = self.intrinsic(form, min, from, &[a, &most], "");
            if signed {
                let least = self.lit(form, from, (-(1i64 << 20)) as u64);
                x = self.intrinsic(form, max, from, &[&x, &least], "");
            }
            let single = self.cast(form, opcode, from, &x, Type::F32);
            return self.narrow_f32(form, ty, &single);
        }
        if from.bits() <= 16 {
            let single = self.cast(form, opcode, from, a, Type::F32);
            return self.narrow_f32(form, ty, &single);
        }
        let mut x = a.to_string();
        if from == Type::I64 {
            // Rounded to odd at bit 11 where a double could not hold all: 53 bits are left, BF16 wants 8.
            let low = self.lit(form, from, 0x7ff);
            let (bit, zero) = (self.lit(form, from, 0x800), self.lit(form, from, 0));
            let rest = self.bin(form, "and", from, a, &low);
            let top = self.bin(form, "xor", from, a, &rest);
            let inexact = self.cmp(form, "ne", from, &rest, &zero);
            let sticky = self.sel(form, &inexact, from, &bit, &zero);
            let odd = self.bin(form, "or", from, &top, &sticky);
            let up = self.lit(form, from, 1 << 52);
            let shifted = self.bin(form, "add", from, a, &up);
            let range = self.lit(form, from, if signed { 1 << 53 } else { 1 << 52 });
            let small = match signed {
                true => self.cmp(form, "ult", from, &shifted, &range),
                false => self.cmp(form, "ult", from, a, &range),
            };
            x = self.sel(form, &small, from, a, &odd);
        }
        let double = self.cast(form, opcode, from, &x, Type::F64);
        self.narrow_odd(form, Type::F64, ty, &double)
    }

    /// PTX ISA 9.7.9 cvt to `.tf32`: the 13 low bits of the mantissa are rounded off; a carry goes where it should.
    pub(super) fn tf32_of(&mut self, form: Form, rounding: Rounding, a: &str) -> Option<String> {
        let ty = Type::I32;
        let bits = self.cast(form, "bitcast", Type::F32, a, ty);
        let raised = match rounding {
            Rounding::Zero => bits,
            Rounding::NearestAway => {
                let half = self.lit(form, ty, 0x1000);
                self.bin(form, "add", ty, &bits, &half)
            }
            Rounding::Nearest => {
                let odd = self.shift_const(form, "lshr", ty, &bits, 13);
                let (one, half) = (self.lit(form, ty, 1), self.lit(form, ty, 0xfff));
                let odd = self.bin(form, "and", ty, &odd, &one);
                let up = self.bin(form, "add", ty, &odd, &half);
                self.bin(form, "add", ty, &bits, &up)
            }
            Rounding::Down | Rounding::Up => return None,
        };
        let high = self.lit(form, ty, 0xffff_e000);
        let r = self.bin(form, "and", ty, &raised, &high);
        let nan = self.cmp(form, "uno", Type::F32, a, a);
        let quiet = self.lit(form, ty, ir::eval::canonical_nan(Type::F32));
        let r = self.sel(form, &nan, ty, &quiet, &r);
        Some(self.cast(form, "bitcast", ty, &r, Type::F32))
    }

    /// PTX ISA 9.7.9 cvt to `.e4m3` and `.e5m2`, with `.satfinite`: the code in the low byte.
    pub(super) fn fp8_of(&mut self, form: Form, format: Fp8, from: Type, a: &str) -> String {
        let (mantissa, bias, most) = match format {
            Fp8::E4m3 => (3, 7, 448f32),
            Fp8::E5m2 => (2, 15, 57344f32),
        };
        let int = Type::I32;
        let single = self.widen(form, from, a);
        let bits = self.cast(form, "bitcast", Type::F32, &single, int);
        let positive = self.lit(form, int, 0x7fff_ffff);
        let magnitude = self.bin(form, "and", int, &bits, &positive);
        // Floats without a sign are in the order of their bits: NaNs, which go another way in the end, are last.
        let greatest = self.lit(form, int, u64::from(most.to_bits()));
        let magnitude = self.intrinsic(form, "umin", int, &[&magnitude, &greatest], "");
        // The exponent of the binade, no lower than that of the subnormals.
        let field = self.shift_const(form, "lshr", int, &magnitude, 23);
        let least = self.lit(form, int, 128 - bias);
        let field = self.intrinsic(form, "umax", int, &[&field, &least], "");
        // One over a step of that binade: 2^(mantissa - exponent), where exponent = field - 127.
        let top = self.lit(form, int, 254 + mantissa);
        let inverse = self.bin(form, "sub", int, &top, &field);
        let inverse = self.shift_const(form, "shl", int, &inverse, 23);
        let inverse = self.cast(form, "bitcast", int, &inverse, Type::F32);
        let number = self.cast(form, "bitcast", int, &magnitude, Type::F32);
        let steps = self.bin(form, "fmul", Type::F32, &number, &inverse);
        let steps = self.intrinsic(form, "roundeven", Type::F32, &[&steps], "");
        let steps = self.cast(form, "fptosi", Type::F32, &steps, int);
        // Steps have the implicit bit where the number is normal: on the exponent field it carries as it should.
        let exponent = self.bin(form, "sub", int, &field, &least);
        let exponent = self.shift_const(form, "shl", int, &exponent, mantissa as u32);
        let code = self.bin(form, "add", int, &exponent, &steps);
        let sign = self.shift_const(form, "lshr", int, &bits, 24);
        let sign_bit = self.lit(form, int, 0x80);
        let sign = self.bin(form, "and", int, &sign, &sign_bit);
        let code = self.bin(form, "or", int, &code, &sign);
        let nan = self.cmp(form, "uno", Type::F32, &single, &single);
        let quiet = self.lit(form, int, 0x7f);
        let code = self.sel(form, &nan, int, &quiet, &code);
        self.cast(form, "trunc", int, &code, Type::I16)
    }

    /// F16 of the code in the low byte; exact.
    pub(super) fn of_fp8(&mut self, form: Form, format: Fp8, a: &str) -> String {
        let int = Type::I16;
        let (sign_bit, low, canonical) =
            (self.lit(form, int, 0x80), self.lit(form, int, 0x7f), self.lit(form, int, 0x7fff));
        let sign = self.bin(form, "and", int, a, &sign_bit);
        let sign = self.shift_const(form, "shl", int, &sign, 8);
        let code = self.bin(form, "and", int, a, &low);
        let (number, most) = match format {
            // The upper byte of an F16.
            Fp8::E5m2 => (self.shift_const(form, "shl", int, &code, 8), 0x7c),
            // As a float whose exponent is too small by 127 - 7, subnormals too.
            Fp8::E4m3 => {
                let wide = self.cast(form, "zext", int, &code, Type::I32);
                let bits = self.shift_const(form, "shl", Type::I32, &wide, 20);
                let small = self.cast(form, "bitcast", Type::I32, &bits, Type::F32);
                let up = self.lit(form, Type::F32, (127 + 120) << 23);
                let single = self.bin(form, "fmul", Type::F32, &small, &up);
                let half = self.narrow_f32(form, Type::F16, &single);
                (self.cast(form, "bitcast", Type::F16, &half, int), 0x7e)
            }
        };
        let r = self.bin(form, "or", int, &number, &sign);
        let most = self.lit(form, int, most);
        let nan = self.cmp(form, "ugt", int, &code, &most);
        let r = self.sel(form, &nan, int, &canonical, &r);
        self.cast(form, "bitcast", int, &r, Type::F16)
    }
}
