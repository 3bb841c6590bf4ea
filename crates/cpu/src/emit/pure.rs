//! Pure ops as LLVM instructions, scalar or vector alike; those without vector code go through [`crate::fallback`].

use super::values::constant;
use super::{Emitter, Repr, scalar_type};
use analysis::Shape;
use ir::ops::{FloatClass, Ftz, MinMaxNan, PrmtMode, Sign};
use ir::{FloatCc, FpMode, Inst, IntCc, Op, Rounding, Type, Value};

/// Whether an operation works on one scalar or on a vector of all lanes of a chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    Scalar,
    Vector,
}

impl Emitter<'_> {
    /// Emits a pure instruction at the shape of its result.
    pub fn emit_pure(&mut self, op: Op, ty: Type, args: &[Value], result: Value) {
        let repr = match self.shape(result) {
            Shape::Unknown | Shape::Uniform => {
                let operands: Vec<String> = args.iter().map(|&a| self.scalar(a)).collect();
                Repr::Scalar(self.op(Form::Scalar, op, ty, &operands))
            }
            // Linear ops and the bit ops that keep a pattern act on the base alone.
            Shape::Affine { stride, deltas } => {
                let operands: Vec<String> = args.iter().map(|&a| self.scalar(a)).collect();
                Repr::Affine { base: self.op(Form::Scalar, op, ty, &operands), stride, deltas }
            }
            Shape::Chunked(stride) => {
                let columns: Vec<Vec<String>> = args.iter().map(|&a| self.bases(a)).collect();
                let mut out: Vec<String> = Vec::new();
                for c in 0..self.chunks() {
                    let operands: Vec<String> = columns.iter().map(|col| col[c].clone()).collect();
                    let same = c > 0 && columns.iter().all(|col| col[c] == col[c - 1]);
                    let v = if same { out[c - 1].clone() } else { self.op(Form::Scalar, op, ty, &operands) };
                    out.push(v);
                }
                Repr::Bases(out, stride)
            }
            Shape::Varying => {
                let columns: Vec<Vec<String>> = args.iter().map(|&a| self.vectors(a)).collect();
                // A constant shift amount lets LLVM use immediate forms; it sees through splats, so nothing to do.
                let out = (0..self.chunks())
                    .map(|c| {
                        let operands: Vec<String> = columns.iter().map(|col| col[c].clone()).collect();
                        self.op(Form::Vector, op, ty, &operands)
                    })
                    .collect();
                Repr::Vectors(out)
            }
        };
        self.define(result, repr);
    }

    fn form_type(&self, form: Form, ty: Type) -> String {
        match form {
            Form::Scalar => scalar_type(ty).to_string(),
            Form::Vector => self.vector_type(ty),
        }
    }

    fn lit(&self, form: Form, ty: Type, bits: u64) -> String {
        let c = constant(ty, bits & ty.mask());
        match form {
            Form::Scalar => c,
            Form::Vector => format!("splat ({} {c})", scalar_type(ty)),
        }
    }

    /// Suffix of an overloaded intrinsic.
    fn suffix(&self, form: Form, ty: Type) -> String {
        let base = match ty {
            Type::F16 => "f16".to_string(),
            Type::F32 => "f32".to_string(),
            Type::F64 => "f64".to_string(),
            int => format!("i{}", int.bits()),
        };
        match form {
            Form::Scalar => base,
            Form::Vector => format!("v{}{base}", self.lanes()),
        }
    }

    /// Calls `llvm.name.<suffix>` whose operands and result have type `ty`.
    pub fn intrinsic(&mut self, form: Form, name: &str, ty: Type, args: &[&str], extra: &str) -> String {
        let t = self.form_type(form, ty);
        let suffix = self.suffix(form, ty);
        let list: Vec<String> = args.iter().map(|a| format!("{t} {a}")).collect();
        let types = vec![t.clone(); args.len()].join(", ");
        let extra_ty = if extra.is_empty() { String::new() } else { ", i1".into() };
        self.declare(format!("declare {t} @llvm.{name}.{suffix}({types}{extra_ty})"));
        let extra = if extra.is_empty() { String::new() } else { format!(", i1 {extra}") };
        self.ins(format!("call {t} @llvm.{name}.{suffix}({}{extra})", list.join(", ")))
    }

    fn bin(&mut self, form: Form, opcode: &str, ty: Type, a: &str, b: &str) -> String {
        let t = self.form_type(form, ty);
        self.ins(format!("{opcode} {t} {a}, {b}"))
    }

    fn cmp(&mut self, form: Form, pred: &str, ty: Type, a: &str, b: &str) -> String {
        let t = self.form_type(form, ty);
        let opcode = if ty.is_float() && ty != Type::BF16 { "fcmp" } else { "icmp" };
        self.ins(format!("{opcode} {pred} {t} {a}, {b}"))
    }

    fn sel(&mut self, form: Form, cond: &str, ty: Type, a: &str, b: &str) -> String {
        let t = self.form_type(form, ty);
        let ct = self.form_type(form, Type::I1);
        self.ins(format!("select {ct} {cond}, {t} {a}, {t} {b}"))
    }

    fn cast(&mut self, form: Form, opcode: &str, from: Type, a: &str, to: Type) -> String {
        let (f, t) = (self.form_type(form, from), self.form_type(form, to));
        if f == t && matches!(opcode, "bitcast" | "zext" | "sext" | "trunc") {
            return a.to_string();
        }
        self.ins(format!("{opcode} {f} {a} to {t}"))
    }

    /// Zero-extends or truncates between integer types.
    fn resize(&mut self, form: Form, from: Type, a: &str, to: Type) -> String {
        match to.bits().cmp(&from.bits()) {
            std::cmp::Ordering::Equal => a.to_string(),
            std::cmp::Ordering::Less => self.cast(form, "trunc", from, a, to),
            std::cmp::Ordering::Greater => self.cast(form, "zext", from, a, to),
        }
    }

    /// One op. Operands have the types of the op's row.
    pub fn op(&mut self, form: Form, op: Op, ty: Type, a: &[String]) -> String {
        match op {
            Op::IAdd => self.bin(form, "add", ty, &a[0], &a[1]),
            Op::ISub => self.bin(form, "sub", ty, &a[0], &a[1]),
            Op::IMul => self.bin(form, "mul", ty, &a[0], &a[1]),
            Op::MulHiS => self.mul_hi(form, ty, a, Sign::Signed),
            Op::MulHiU => self.mul_hi(form, ty, a, Sign::Unsigned),
            Op::DivS => self.divide(form, ty, a, Sign::Signed).0,
            Op::DivU => self.divide(form, ty, a, Sign::Unsigned).0,
            Op::RemS => self.divide(form, ty, a, Sign::Signed).1,
            Op::RemU => self.divide(form, ty, a, Sign::Unsigned).1,
            Op::MinS => self.intrinsic(form, "smin", ty, &[&a[0], &a[1]], ""),
            Op::MinU => self.intrinsic(form, "umin", ty, &[&a[0], &a[1]], ""),
            Op::MaxS => self.intrinsic(form, "smax", ty, &[&a[0], &a[1]], ""),
            Op::MaxU => self.intrinsic(form, "umax", ty, &[&a[0], &a[1]], ""),
            Op::INeg => {
                let zero = self.lit(form, ty, 0);
                self.bin(form, "sub", ty, &zero, &a[0])
            }
            Op::IAbs => self.intrinsic(form, "abs", ty, &[&a[0]], "false"),
            Op::AddSatS => self.intrinsic(form, "sadd.sat", ty, &[&a[0], &a[1]], ""),
            Op::SubSatS => self.intrinsic(form, "ssub.sat", ty, &[&a[0], &a[1]], ""),
            Op::CarryAdd => {
                let sum = self.bin(form, "add", ty, &a[0], &a[1]);
                let first = self.cmp(form, "ult", ty, &sum, &a[0]);
                let c = self.cast(form, "zext", Type::I1, &a[2], ty);
                let all = self.bin(form, "add", ty, &sum, &c);
                let second = self.cmp(form, "ult", ty, &all, &sum);
                self.bin(form, "or", Type::I1, &first, &second)
            }
            Op::BorrowSub => {
                let first = self.cmp(form, "ult", ty, &a[0], &a[1]);
                let equal = self.cmp(form, "eq", ty, &a[0], &a[1]);
                let second = self.bin(form, "and", Type::I1, &equal, &a[2]);
                self.bin(form, "or", Type::I1, &first, &second)
            }
            Op::SadS | Op::SadU => {
                let pred = if op == Op::SadS { "sgt" } else { "ugt" };
                let greater = self.cmp(form, pred, ty, &a[0], &a[1]);
                let d1 = self.bin(form, "sub", ty, &a[0], &a[1]);
                let d2 = self.bin(form, "sub", ty, &a[1], &a[0]);
                let d = self.sel(form, &greater, ty, &d1, &d2);
                self.bin(form, "add", ty, &d, &a[2])
            }
            Op::And => self.bin(form, "and", ty, &a[0], &a[1]),
            Op::Or => self.bin(form, "or", ty, &a[0], &a[1]),
            Op::Xor => self.bin(form, "xor", ty, &a[0], &a[1]),
            Op::Not => {
                let ones = self.lit(form, ty, u64::MAX);
                self.bin(form, "xor", ty, &a[0], &ones)
            }
            Op::Shl => self.shift(form, "shl", ty, &a[0], &a[1]),
            Op::ShrU => self.shift(form, "lshr", ty, &a[0], &a[1]),
            Op::ShrS => self.shift(form, "ashr", ty, &a[0], &a[1]),
            Op::Popc => {
                let n = self.intrinsic(form, "ctpop", ty, &[&a[0]], "");
                self.resize(form, ty, &n, Type::I32)
            }
            Op::Clz => {
                let n = self.intrinsic(form, "ctlz", ty, &[&a[0]], "false");
                self.resize(form, ty, &n, Type::I32)
            }
            Op::BfindU => self.bfind(form, ty, &a[0]),
            Op::BfindS => {
                let sign = self.shift_const(form, "ashr", ty, &a[0], ty.bits() - 1);
                let folded = self.bin(form, "xor", ty, &a[0], &sign);
                self.bfind(form, ty, &folded)
            }
            Op::Brev => self.intrinsic(form, "bitreverse", ty, &[&a[0]], ""),
            Op::BfeU => self.bfe_u(form, ty, a),
            Op::BfeS => self.bfe_s(form, ty, a),
            Op::Bfi => self.bfi(form, ty, a),
            Op::ShfLClamp | Op::ShfLWrap | Op::ShfRClamp | Op::ShfRWrap => self.funnel(form, op, a),
            Op::Prmt(mode) => self.prmt(form, mode, ty, a),
            Op::Fns => self.fallback(form, op, ty, a),
            Op::BmskClamp | Op::BmskWrap => self.fallback(form, op, ty, a),
            Op::Dp4a(x, y) => self.dot(form, a, &[(0, 0), (8, 8), (16, 16), (24, 24)], 8, x, y),
            Op::Dp2a(x, y, half) => {
                let at = if half == ir::ops::HalfSel::Lo { 0 } else { 16 };
                self.dot2(form, a, at, x, y)
            }
            Op::ICmp(cc) => self.cmp(form, int_predicate(cc), ty, &a[0], &a[1]),
            Op::FCmp(cc, ftz) => self.fcmp(form, cc, ftz, ty, a),
            Op::FClass(class) => self.fclass(form, class, ty, &a[0]),
            Op::Select => self.sel(form, &a[0], ty, &a[1], &a[2]),
            Op::FAdd(m) => self.arith(form, op, "fadd", m, ty, a),
            Op::FSub(m) => self.arith(form, op, "fsub", m, ty, a),
            Op::FMul(m) => self.arith(form, op, "fmul", m, ty, a),
            Op::FDiv(m) => self.arith(form, op, "fdiv", m, ty, a),
            Op::FFma(m) => self.arith(form, op, "fma", m, ty, a),
            Op::FSqrt(m) => self.arith(form, op, "sqrt", m, ty, a),
            Op::FMin(nan, ftz) | Op::FMax(nan, ftz) => self.min_max(form, op, nan, ftz, ty, a),
            Op::FNeg(ftz) => {
                let x = self.flush(form, ftz, ty, &a[0]);
                let bits = self.cast(form, "bitcast", ty, &x, ty.to_int());
                let sign = self.lit(form, ty.to_int(), 1 << (ty.bits() - 1));
                let r = self.bin(form, "xor", ty.to_int(), &bits, &sign);
                self.cast(form, "bitcast", ty.to_int(), &r, ty)
            }
            Op::FAbs(ftz) => {
                let x = self.flush(form, ftz, ty, &a[0]);
                let bits = self.cast(form, "bitcast", ty, &x, ty.to_int());
                let mask = self.lit(form, ty.to_int(), (1 << (ty.bits() - 1)) - 1);
                let r = self.bin(form, "and", ty.to_int(), &bits, &mask);
                self.cast(form, "bitcast", ty.to_int(), &r, ty)
            }
            Op::FCopysign => {
                let int = ty.to_int();
                let sign_bits = 1u64 << (ty.bits() - 1);
                let s = self.cast(form, "bitcast", ty, &a[0], int);
                let m = self.cast(form, "bitcast", ty, &a[1], int);
                let (sm, mm) = (self.lit(form, int, sign_bits), self.lit(form, int, sign_bits - 1));
                let s = self.bin(form, "and", int, &s, &sm);
                let m = self.bin(form, "and", int, &m, &mm);
                let r = self.bin(form, "or", int, &s, &m);
                self.cast(form, "bitcast", int, &r, ty)
            }
            Op::FSat => self.saturate(form, ty, &a[0]),
            Op::FRoundInt(rounding, ftz) => self.round_int(form, op, rounding, ftz, ty, &a[0]),
            Op::Trunc(from) => self.cast(form, "trunc", from, &a[0], ty),
            Op::ZExt(from) => self.cast(form, "zext", from, &a[0], ty),
            Op::SExt(from) => self.cast(form, "sext", from, &a[0], ty),
            Op::FToS(from, m) => self.float_to_int(form, op, from, m, ty, a, Sign::Signed),
            Op::FToU(from, m) => self.float_to_int(form, op, from, m, ty, a, Sign::Unsigned),
            Op::SToF(from, r) => self.int_to_float(form, op, "sitofp", from, r, ty, a),
            Op::UToF(from, r) => self.int_to_float(form, op, "uitofp", from, r, ty, a),
            Op::FToF(from, m) => self.float_to_float(form, op, from, m, ty, a),
            Op::FToTf32(_) | Op::FToFp8(..) | Op::Fp8ToF(_) => self.fallback(form, op, ty, a),
            Op::Bitcast(from) => self.cast(form, "bitcast", from, &a[0], ty),
        }
    }

    fn mul_hi(&mut self, form: Form, ty: Type, a: &[String], sign: Sign) -> String {
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
    fn divide(&mut self, form: Form, ty: Type, a: &[String], sign: Sign) -> (String, String) {
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

    fn shift_const(&mut self, form: Form, opcode: &str, ty: Type, a: &str, by: u32) -> String {
        let amount = self.lit(form, ty, by as u64);
        self.bin(form, opcode, ty, a, &amount)
    }

    /// A shift by an I32 amount that clamps at the width (PTX ISA 9.7.8).
    fn shift(&mut self, form: Form, opcode: &str, ty: Type, a: &str, amount: &str) -> String {
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

    fn bfind(&mut self, form: Form, ty: Type, a: &str) -> String {
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

    fn bfe_u(&mut self, form: Form, ty: Type, a: &[String]) -> String {
        let (pos, len) = (self.low_byte(form, &a[1]), self.low_byte(form, &a[2]));
        let field = self.shift(form, "lshr", ty, &a[0], &pos);
        let mask = self.low_mask(form, ty, &len);
        self.bin(form, "and", ty, &field, &mask)
    }

    fn bfe_s(&mut self, form: Form, ty: Type, a: &[String]) -> String {
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

    fn bfi(&mut self, form: Form, ty: Type, a: &[String]) -> String {
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

    fn funnel(&mut self, form: Form, op: Op, a: &[String]) -> String {
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

    fn prmt(&mut self, form: Form, mode: PrmtMode, ty: Type, a: &[String]) -> String {
        let Some(selector) = literal_of(&a[2]) else { return self.fallback(form, Op::Prmt(mode), ty, a) };
        // A constant selector is a byte shuffle, or shifts and masks where a sign is replicated.
        let mut parts: Option<String> = None;
        for d in 0..4u32 {
            let Some((byte, sign)) = prmt_pick(mode, selector, d) else {
                return self.fallback(form, Op::Prmt(mode), ty, a);
            };
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

    /// `c + sum a[i] * b[i]` over fields of `bits` bits.
    fn dot(&mut self, form: Form, a: &[String], at: &[(u32, u32)], bits: u32, x: Sign, y: Sign) -> String {
        let mut sum = a[2].clone();
        for &(i, j) in at {
            let p = self.field(form, &a[0], i, bits, x);
            let q = self.field(form, &a[1], j, bits, y);
            let m = self.bin(form, "mul", Type::I32, &p, &q);
            sum = self.bin(form, "add", Type::I32, &sum, &m);
        }
        sum
    }

    fn dot2(&mut self, form: Form, a: &[String], at: u32, x: Sign, y: Sign) -> String {
        let mut sum = a[2].clone();
        for i in 0..2 {
            let p = self.field(form, &a[0], i * 16, 16, x);
            let q = self.field(form, &a[1], at + i * 8, 8, y);
            let m = self.bin(form, "mul", Type::I32, &p, &q);
            sum = self.bin(form, "add", Type::I32, &sum, &m);
        }
        sum
    }

    fn field(&mut self, form: Form, word: &str, at: u32, bits: u32, sign: Sign) -> String {
        let up = self.shift_const(form, "shl", Type::I32, word, 32 - at - bits);
        let opcode = if sign == Sign::Signed { "ashr" } else { "lshr" };
        self.shift_const(form, opcode, Type::I32, &up, 32 - bits)
    }

    /// The value with subnormals replaced by zeros of the same sign.
    fn flush(&mut self, form: Form, ftz: Ftz, ty: Type, a: &str) -> String {
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

    fn arith(&mut self, form: Form, op: Op, opcode: &str, m: FpMode, ty: Type, a: &[String]) -> String {
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

    fn fcmp(&mut self, form: Form, cc: FloatCc, ftz: Ftz, ty: Type, a: &[String]) -> String {
        let x: Vec<String> = a.iter().map(|v| self.flush(form, ftz, ty, v)).collect();
        let (ty, x) = self.widen_bf16(form, ty, &x);
        self.cmp(form, float_predicate(cc), ty, &x[0], &x[1])
    }

    fn fclass(&mut self, form: Form, class: FloatClass, ty: Type, a: &str) -> String {
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
    fn min_max(&mut self, form: Form, op: Op, nan: MinMaxNan, ftz: Ftz, ty: Type, a: &[String]) -> String {
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
        match ty {
            Type::F16 | Type::BF16 => self.lit(form, ty, 0x7fff),
            Type::F64 => self.lit(form, ty, 0x7fff_ffff_ffff_ffff),
            _ => self.lit(form, ty, 0x7fff_ffff),
        }
    }

    fn saturate(&mut self, form: Form, ty: Type, a: &str) -> String {
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

    fn round_int(&mut self, form: Form, op: Op, rounding: Rounding, ftz: Ftz, ty: Type, a: &str) -> String {
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
    fn float_to_int(
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
    fn int_to_float(
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

    fn float_to_float(
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
            (Type::F32, Type::F64) | (Type::F16, Type::F32) => self.cast(form, "fpext", from, &x, ty),
            (Type::F64, Type::F32) => {
                let r = self.cast(form, "fptrunc", from, &x, ty);
                self.flush(form, ftz(ty), ty, &r)
            }
            (Type::F32, Type::F16) => self.cast(form, "fptrunc", from, &x, ty),
            _ => self.fallback(form, op, ty, a),
        }
    }

    /// Evaluates lane by lane through the runtime.
    pub fn fallback(&mut self, form: Form, op: Op, ty: Type, a: &[String]) -> String {
        let Some(index) = crate::fallback::index(op, ty) else {
            self.refuse(format!("op {op:?} at {ty} has no code"));
            return "poison".into();
        };
        let lanes = if form == Form::Scalar { 1 } else { self.lanes() };
        let row = op.row();
        let operands = self.alloca(&format!("[{} x i64]", lanes as usize * a.len()));
        let out = self.alloca(&format!("[{lanes} x i64]"));
        let wide = if form == Form::Scalar { "i64".to_string() } else { format!("<{lanes} x i64>") };
        for (k, v) in a.iter().enumerate() {
            let t = row.operands[k].resolve(ty);
            let bits = self.cast(form, "bitcast", t, v, t.to_int());
            let bits = self.resize(form, t.to_int(), &bits, Type::I64);
            let p = self.ins(format!("getelementptr i64, ptr {operands}, i64 {}", k * lanes as usize));
            self.stmt(format!("store {wide} {bits}, ptr {p}, align 8"));
        }
        let f = self.runtime_call(crate::abi::call::EVAL);
        self.stmt(format!("call void {f}(ptr %ctx, i32 {index}, i32 {lanes}, ptr {operands}, ptr {out})"));
        let r = self.ins(format!("load {wide}, ptr {out}, align 8"));
        let result = op.result(ty);
        let r = self.resize(form, Type::I64, &r, result.to_int());
        self.cast(form, "bitcast", result.to_int(), &r, result)
    }

    /// One instruction of the pure kind that is not an op of the table.
    pub fn emit_const(&mut self, inst: &Inst, result: Value) {
        if let Inst::Const { ty, bits } = inst {
            self.current.insert(result, Repr::Scalar(constant(*ty, *bits)));
        }
    }
}

/// The number in an operand that is a literal, scalar or splat.
fn literal_of(operand: &str) -> Option<u64> {
    let text = operand.strip_prefix("splat (i32 ").and_then(|t| t.strip_suffix(')')).unwrap_or(operand);
    text.parse::<i64>().ok().map(|v| v as u32 as u64)
}

/// For byte `d` of the result: which of the eight bytes, and whether its sign is replicated (PTX ISA 9.7.9 prmt).
fn prmt_pick(mode: PrmtMode, selector: u64, d: u32) -> Option<(u32, bool)> {
    match mode {
        PrmtMode::Generic => {
            let nibble = (selector >> (4 * d)) as u32 & 15;
            Some((nibble & 7, nibble & 8 != 0))
        }
        PrmtMode::F4e | PrmtMode::B4e | PrmtMode::Rc8 | PrmtMode::Ecl | PrmtMode::Ecr | PrmtMode::Rc16 => {
            None
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

fn int_predicate(cc: IntCc) -> &'static str {
    match cc {
        IntCc::Eq => "eq",
        IntCc::Ne => "ne",
        IntCc::LtS => "slt",
        IntCc::LeS => "sle",
        IntCc::GtS => "sgt",
        IntCc::GeS => "sge",
        IntCc::LtU => "ult",
        IntCc::LeU => "ule",
        IntCc::GtU => "ugt",
        IntCc::GeU => "uge",
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
