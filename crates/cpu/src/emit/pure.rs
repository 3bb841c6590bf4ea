//! Pure ops as LLVM instructions, scalar or vector alike; those without vector code go through [`crate::fallback`].

use super::values::constant;
use super::{Emitter, Repr, scalar_type};
use analysis::Shape;
use ir::ops::Sign;
use ir::{Inst, IntCc, Op, Type, Value};

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
                if self.uni.in_run(result) {
                    let parts = self.in_run(op, ty, &columns);
                    return self.define(result, Repr::Bases(parts, stride));
                }
                if let Some(parts) = self.of_run(op, ty, args) {
                    return self.define(result, Repr::Bases(parts, stride));
                }
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
                if op == Op::FRsqrt {
                    let roots = self.rsqrt(Form::Vector, &columns[0]);
                    return self.define(result, Repr::Vectors(roots));
                }
                if let Some(parts) = self.by_one_divisor(op, ty, args, &columns) {
                    return self.define(result, Repr::Vectors(parts));
                }
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

    pub(super) fn form_type(&self, form: Form, ty: Type) -> String {
        match form {
            Form::Scalar => scalar_type(ty).to_string(),
            Form::Vector => self.vector_type(ty),
        }
    }

    pub(super) fn lit(&self, form: Form, ty: Type, bits: u64) -> String {
        let c = constant(ty, bits & ty.mask());
        match form {
            Form::Scalar => c,
            Form::Vector => format!("splat ({} {c})", scalar_type(ty)),
        }
    }

    /// Suffix of an overloaded intrinsic.
    pub(super) fn suffix(&self, form: Form, ty: Type) -> String {
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

    pub(super) fn bin(&mut self, form: Form, opcode: &str, ty: Type, a: &str, b: &str) -> String {
        let t = self.form_type(form, ty);
        self.ins(format!("{opcode} {t} {a}, {b}"))
    }

    pub(super) fn cmp(&mut self, form: Form, pred: &str, ty: Type, a: &str, b: &str) -> String {
        let t = self.form_type(form, ty);
        let opcode = if ty.is_float() && ty != Type::BF16 { "fcmp" } else { "icmp" };
        self.ins(format!("{opcode} {pred} {t} {a}, {b}"))
    }

    pub(super) fn sel(&mut self, form: Form, cond: &str, ty: Type, a: &str, b: &str) -> String {
        let t = self.form_type(form, ty);
        let ct = self.form_type(form, Type::I1);
        self.ins(format!("select {ct} {cond}, {t} {a}, {t} {b}"))
    }

    pub(super) fn cast(&mut self, form: Form, opcode: &str, from: Type, a: &str, to: Type) -> String {
        let (f, t) = (self.form_type(form, from), self.form_type(form, to));
        if f == t && matches!(opcode, "bitcast" | "zext" | "sext" | "trunc") {
            return a.to_string();
        }
        self.ins(format!("{opcode} {f} {a} to {t}"))
    }

    /// Zero-extends or truncates between integer types.
    pub(super) fn resize(&mut self, form: Form, from: Type, a: &str, to: Type) -> String {
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
            Op::BmskClamp | Op::BmskWrap => self.bmsk(form, op, a),
            Op::Dp4a(x, y) => self.dp4a(form, a, x, y),
            Op::Dp2a(x, y, half) => self.dp2a(form, a, half, x, y),
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
            Op::FRsqrt => self.rsqrt(form, &a[..1]).remove(0),
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
            Op::FToF(from, m) => self.float_to_float(form, from, m, ty, a),
            Op::FToTf32(rounding) => {
                self.tf32_of(form, rounding, &a[0]).unwrap_or_else(|| self.fallback(form, op, ty, a))
            }
            Op::FToFp8(format, from) => self.fp8_of(form, format, from, &a[0]),
            Op::Fp8ToF(format) => self.of_fp8(form, format, &a[0]),
            Op::Bitcast(from) => self.cast(form, "bitcast", from, &a[0], ty),
            Op::Settle => self.settle(form, ty, &a[0]),
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
