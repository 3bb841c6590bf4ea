//! Integer ops that take more than one LLVM instruction.
//! Invariant: amounts, divisors and fields out of range do what the PTX manual says, on lanes that are off too.

use super::Emitter;
use super::pure::Form;
use ir::ops::{PrmtMode, Sign};
use ir::{Op, Type};

impl Emitter<'_> {
    pub(super) fn mul_hi(&mut self, form: Form, ty: Type, a: &[String], sign: Sign) -> String {
        let extend = if sign == Sign::Signed { "sext" } else { "zext" };
        if ty != Type::I64 {
            let wide = Type::int(ty.bits() * 2).expect("8, 16 and 32 bits double");
            let x = self.cast(form, extend, ty, &a[0], wide);
            let y = self.cast(form, extend, ty, &a[1], wide);
            let p = self.bin(form, "mul", wide, &x, &y);
            let p = self.shift_const(form, "lshr", wide, &p, ty.bits());
            return self.cast(form, "trunc", wide, &p, ty);
        }
        if form == Form::Scalar {
            let x = self.ins(format!("{extend} i64 {} to i128", a[0]));
            let y = self.ins(format!("{extend} i64 {} to i128", a[1]));
            let p = self.ins(format!("mul i128 {x}, {y}"));
            let p = self.ins(format!("lshr i128 {p}, 64"));
            return self.ins(format!("trunc i128 {p} to i64"));
        }
        // Schoolbook on 32-bit halves: vectors have no 64 x 64 -> 128 multiplication.
        let low = self.lit(form, ty, 0xffff_ffff);
        let (xl, yl) = (self.bin(form, "and", ty, &a[0], &low), self.bin(form, "and", ty, &a[1], &low));
        let (xh, yh) =
            (self.shift_const(form, "lshr", ty, &a[0], 32), self.shift_const(form, "lshr", ty, &a[1], 32));
        let ll = self.bin(form, "mul", ty, &xl, &yl);
        let lh = self.bin(form, "mul", ty, &xl, &yh);
        let hl = self.bin(form, "mul", ty, &xh, &yl);
        let hh = self.bin(form, "mul", ty, &xh, &yh);
        let carry = self.shift_const(form, "lshr", ty, &ll, 32);
        let mid = self.bin(form, "add", ty, &hl, &carry);
        let mid_low = self.bin(form, "and", ty, &mid, &low);
        let mid2 = self.bin(form, "add", ty, &lh, &mid_low);
        let up1 = self.shift_const(form, "lshr", ty, &mid, 32);
        let up2 = self.shift_const(form, "lshr", ty, &mid2, 32);
        let hi = self.bin(form, "add", ty, &hh, &up1);
        let hi = self.bin(form, "add", ty, &hi, &up2);
        if sign == Sign::Unsigned {
            return hi;
        }
        // signed high = unsigned high - (x < 0 ? y : 0) - (y < 0 ? x : 0)
        let sx = self.shift_const(form, "ashr", ty, &a[0], 63);
        let sy = self.shift_const(form, "ashr", ty, &a[1], 63);
        let cx = self.bin(form, "and", ty, &sx, &a[1]);
        let cy = self.bin(form, "and", ty, &sy, &a[0]);
        let hi = self.bin(form, "sub", ty, &hi, &cx);
        self.bin(form, "sub", ty, &hi, &cy)
    }

    /// Quotient and remainder. Divisors that would trap are replaced, so that lanes which are off cannot fault.
    pub(super) fn divide(&mut self, form: Form, ty: Type, a: &[String], sign: Sign) -> (String, String) {
        let zero = self.lit(form, ty, 0);
        let one = self.lit(form, ty, 1);
        let ones = self.lit(form, ty, u64::MAX);
        let by_zero = self.cmp(form, "eq", ty, &a[1], &zero);
        let mut unsafe_divisor = by_zero.clone();
        if sign == Sign::Signed {
            let min = self.lit(form, ty, 1 << (ty.bits() - 1));
            let is_min = self.cmp(form, "eq", ty, &a[0], &min);
            let is_minus = self.cmp(form, "eq", ty, &a[1], &ones);
            let overflow = self.bin(form, "and", Type::I1, &is_min, &is_minus);
            unsafe_divisor = self.bin(form, "or", Type::I1, &by_zero, &overflow);
        }
        // Overflow: MIN / 1 = MIN, as wrapping division has it.
        let d = self.sel(form, &unsafe_divisor, ty, &one, &a[1]);
        let literal = !a[1].contains('%');
        let q = if form == Form::Vector && ty.bits() <= 32 && !literal {
            // Exact: a double holds every 32-bit integer, a float every 16-bit one, and a quotient of two that is not
            // whole is further from the next integer than the rounding error.
            let wide = if ty.bits() <= 16 { Type::F32 } else { Type::F64 };
            let (to, back) = match sign {
                Sign::Signed => ("sitofp", "fptosi"),
                Sign::Unsigned => ("uitofp", "fptoui"),
            };
            let x = self.cast(form, to, ty, &a[0], wide);
            let y = self.cast(form, to, ty, &d, wide);
            let q = self.bin(form, "fdiv", wide, &x, &y);
            self.cast(form, back, wide, &q, ty)
        } else {
            let opcode = if sign == Sign::Signed { "sdiv" } else { "udiv" };
            self.bin(form, opcode, ty, &a[0], &d)
        };
        let p = self.bin(form, "mul", ty, &q, &d);
        let r = self.bin(form, "sub", ty, &a[0], &p);
        let q = self.sel(form, &by_zero, ty, &ones, &q);
        let r = self.sel(form, &by_zero, ty, &a[0], &r);
        (q, r)
    }

    pub(super) fn shift_const(&mut self, form: Form, opcode: &str, ty: Type, a: &str, by: u32) -> String {
        let amount = self.lit(form, ty, by as u64);
        self.bin(form, opcode, ty, a, &amount)
    }

    /// A shift by an I32 amount that clamps at the width (PTX ISA 9.7.8).
    pub(super) fn shift(&mut self, form: Form, opcode: &str, ty: Type, a: &str, amount: &str) -> String {
        let width = self.lit(form, Type::I32, ty.bits() as u64);
        if opcode == "ashr" {
            let most = self.lit(form, Type::I32, ty.bits() as u64 - 1);
            let by = self.intrinsic(form, "umin", Type::I32, &[amount, &most], "");
            let by = self.resize(form, Type::I32, &by, ty);
            return self.bin(form, opcode, ty, a, &by);
        }
        let fits = self.cmp(form, "ult", Type::I32, amount, &width);
        let by = self.resize(form, Type::I32, amount, ty);
        let shifted = self.bin(form, opcode, ty, a, &by);
        let zero = self.lit(form, ty, 0);
        self.sel(form, &fits, ty, &shifted, &zero)
    }

    pub(super) fn bfind(&mut self, form: Form, ty: Type, a: &str) -> String {
        let lz = self.intrinsic(form, "ctlz", ty, &[a], "false");
        let lz = self.resize(form, ty, &lz, Type::I32);
        let top = self.lit(form, Type::I32, ty.bits() as u64 - 1);
        // For zero: (bits - 1) - bits = -1, as the manual has it.
        self.bin(form, "sub", Type::I32, &top, &lz)
    }

    fn low_byte(&mut self, form: Form, a: &str) -> String {
        let mask = self.lit(form, Type::I32, 0xff);
        self.bin(form, "and", Type::I32, a, &mask)
    }

    /// A mask of the low `len` bits; all ones from the width on.
    fn low_mask(&mut self, form: Form, ty: Type, len: &str) -> String {
        let ones = self.lit(form, ty, u64::MAX);
        let above = self.shift(form, "shl", ty, &ones, len);
        self.bin(form, "xor", ty, &above, &ones)
    }

    pub(super) fn bfe_u(&mut self, form: Form, ty: Type, a: &[String]) -> String {
        let (pos, len) = (self.low_byte(form, &a[1]), self.low_byte(form, &a[2]));
        let field = self.shift(form, "lshr", ty, &a[0], &pos);
        let mask = self.low_mask(form, ty, &len);
        self.bin(form, "and", ty, &field, &mask)
    }

    pub(super) fn bfe_s(&mut self, form: Form, ty: Type, a: &[String]) -> String {
        let (pos, len) = (self.low_byte(form, &a[1]), self.low_byte(form, &a[2]));
        let width = self.lit(form, Type::I32, ty.bits() as u64);
        let zero = self.lit(form, Type::I32, 0);
        let end = self.bin(form, "add", Type::I32, &pos, &len);
        let top = self.intrinsic(form, "umin", Type::I32, &[&end, &width], "");
        let up = self.bin(form, "sub", Type::I32, &width, &top);
        let down = self.bin(form, "add", Type::I32, &up, &pos);
        let x = self.shift(form, "shl", ty, &a[0], &up);
        let x = self.shift(form, "ashr", ty, &x, &down);
        let empty = self.cmp(form, "eq", Type::I32, &len, &zero);
        let none = self.lit(form, ty, 0);
        self.sel(form, &empty, ty, &none, &x)
    }

    pub(super) fn bfi(&mut self, form: Form, ty: Type, a: &[String]) -> String {
        let (pos, len) = (self.low_byte(form, &a[2]), self.low_byte(form, &a[3]));
        let mask = self.low_mask(form, ty, &len);
        let mask = self.shift(form, "shl", ty, &mask, &pos);
        let x = self.shift(form, "shl", ty, &a[0], &pos);
        let x = self.bin(form, "and", ty, &x, &mask);
        let ones = self.lit(form, ty, u64::MAX);
        let keep = self.bin(form, "xor", ty, &mask, &ones);
        let y = self.bin(form, "and", ty, &a[1], &keep);
        self.bin(form, "or", ty, &x, &y)
    }

    pub(super) fn funnel(&mut self, form: Form, op: Op, a: &[String]) -> String {
        let ty = Type::I32;
        let (lo, hi) = (&a[0], &a[1]);
        let left = matches!(op, Op::ShfLClamp | Op::ShfLWrap);
        let name = if left { "fshl" } else { "fshr" };
        let wrapped = self.intrinsic(form, name, ty, &[hi, lo, &a[2]], "");
        if matches!(op, Op::ShfLWrap | Op::ShfRWrap) {
            return wrapped;
        }
        // Clamp: 32 and more give the other word whole.
        let most = self.lit(form, ty, 31);
        let far = self.cmp(form, "ugt", ty, &a[2], &most);
        self.sel(form, &far, ty, if left { lo } else { hi }, &wrapped)
    }

    pub(super) fn prmt(&mut self, form: Form, mode: PrmtMode, ty: Type, a: &[String]) -> String {
        let selector = literal_of(&a[2]).filter(|_| mode == PrmtMode::Generic);
        let Some(selector) = selector else { return self.prmt_any(form, mode, a) };
        // A constant selector is a byte shuffle, or shifts and masks where a sign is replicated.
        let mut parts: Option<String> = None;
        for d in 0..4u32 {
            let nibble = (selector >> (4 * d)) as u32 & 15;
            let (byte, sign) = (nibble & 7, nibble & 8 != 0);
            let word = if byte < 4 { &a[0] } else { &a[1] };
            let at = (byte & 3) * 8;
            let x = if sign {
                let up = self.shift_const(form, "shl", ty, word, 24 - at);
                self.shift_const(form, "ashr", ty, &up, 31)
            } else {
                self.shift_const(form, "lshr", ty, word, at)
            };
            let mask = self.lit(form, ty, 0xff);
            let x = self.bin(form, "and", ty, &x, &mask);
            let x = self.shift_const(form, "shl", ty, &x, d * 8);
            parts = Some(match parts {
                None => x,
                Some(p) => self.bin(form, "or", ty, &p, &x),
            });
        }
        parts.expect("four bytes")
    }

    /// Any selector: each byte is shifted down from the eight (PTX ISA 9.7.9 prmt).
    fn prmt_any(&mut self, form: Form, mode: PrmtMode, a: &[String]) -> String {
        let (ty, wide) = (Type::I32, Type::I64);
        let (low, high) =
            (self.cast(form, "zext", ty, &a[0], wide), self.cast(form, "zext", ty, &a[1], wide));
        let high = self.shift_const(form, "shl", wide, &high, 32);
        let bytes = self.bin(form, "or", wide, &low, &high);
        let (three, seven, eight) = (self.lit(form, ty, 3), self.lit(form, ty, 7), self.lit(form, ty, 8));
        let (one, zero, byte_mask) = (self.lit(form, ty, 1), self.lit(form, ty, 0), self.lit(form, ty, 0xff));
        let n = self.bin(form, "and", ty, &a[2], &three);
        let mut result = zero.clone();
        for d in 0..4 {
            let place = self.lit(form, ty, u64::from(d));
            let which = match mode {
                PrmtMode::Generic => self.shift_const(form, "lshr", ty, &a[2], 4 * d),
                PrmtMode::F4e => self.bin(form, "add", ty, &n, &place),
                PrmtMode::B4e => self.bin(form, "sub", ty, &n, &place),
                PrmtMode::Rc8 => n.clone(),
                PrmtMode::Ecl => self.intrinsic(form, "umax", ty, &[&n, &place], ""),
                PrmtMode::Ecr => self.intrinsic(form, "umin", ty, &[&n, &place], ""),
                PrmtMode::Rc16 => {
                    let half = self.bin(form, "and", ty, &n, &one);
                    let half = self.shift_const(form, "shl", ty, &half, 1);
                    let within = self.lit(form, ty, u64::from(d & 1));
                    self.bin(form, "or", ty, &half, &within)
                }
            };
            let byte = self.bin(form, "and", ty, &which, &seven);
            let down = self.shift_const(form, "shl", ty, &byte, 3);
            let down = self.cast(form, "zext", ty, &down, wide);
            let x = self.bin(form, "lshr", wide, &bytes, &down);
            let x = self.cast(form, "trunc", wide, &x, ty);
            let mut x = self.bin(form, "and", ty, &x, &byte_mask);
            if mode == PrmtMode::Generic {
                let up = self.shift_const(form, "shl", ty, &x, 24);
                let sign = self.shift_const(form, "ashr", ty, &up, 31);
                let sign = self.bin(form, "and", ty, &sign, &byte_mask);
                let replicate = self.bin(form, "and", ty, &which, &eight);
                let replicates = self.cmp(form, "ne", ty, &replicate, &zero);
                x = self.sel(form, &replicates, ty, &sign, &x);
            }
            let x = self.shift_const(form, "shl", ty, &x, d * 8);
            result = self.bin(form, "or", ty, &result, &x);
        }
        result
    }

    /// PTX ISA 9.7.1 bmsk: ones from a position on, as many as the width says.
    pub(super) fn bmsk(&mut self, form: Form, op: Op, a: &[String]) -> String {
        let ty = Type::I32;
        let (mut position, mut width) = (a[0].clone(), a[1].clone());
        let (ones, zero, most) =
            (self.lit(form, ty, u64::MAX), self.lit(form, ty, 0), self.lit(form, ty, 31));
        if op == Op::BmskWrap {
            position = self.bin(form, "and", ty, &position, &most);
            width = self.bin(form, "and", ty, &width, &most);
        }
        let within = self.bin(form, "and", ty, &width, &most);
        let below = self.bin(form, "shl", ty, &ones, &within);
        let count = self.bin(form, "xor", ty, &below, &ones);
        let whole = self.cmp(form, "ugt", ty, &width, &most);
        let count = self.sel(form, &whole, ty, &ones, &count);
        let at = self.bin(form, "and", ty, &position, &most);
        let mask = self.bin(form, "shl", ty, &count, &at);
        let outside = self.cmp(form, "ugt", ty, &position, &most);
        self.sel(form, &outside, ty, &zero, &mask)
    }
}

/// The number in an operand that is a literal, scalar or splat.
fn literal_of(operand: &str) -> Option<u64> {
    let text = operand.strip_prefix("splat (i32 ").and_then(|t| t.strip_suffix(')')).unwrap_or(operand);
    text.parse::<i64>().ok().map(|v| v as u32 as u64)
}
