//! Quotients and remainders of numbers that count from lane to lane, by one divisor: one division for each chunk where none
//! of its lanes reaches the next multiple, and products with the divisor's inverse elsewhere.
//!
//! Invariant: that has been asked, of the numbers of all lanes, before a chunk's first quotient stands for the others.

use super::pure::Form;
use super::values::constant;
use super::{Emitter, Exec, Repr, scalar_type};
use analysis::Shape;
use ir::ops::Sign;
use ir::{InstData, Op, Type, Value};

impl Emitter<'_> {
    /// Whether no chunk's lanes reach a multiple of the divisor, and all are natural numbers that do not wrap.
    pub(super) fn emit_same_quotient(&mut self, ty: Type, sign: Sign, data: &InstData) {
        let uniform = |value| self.uni.shape_at(value, self.block) == Shape::Uniform;
        let answer = match self.steps(data.args[0]) {
            _ if !uniform(data.args[1]) => "false".to_string(),
            // So is the quotient, which takes the usual way.
            _ if uniform(data.args[0]) => "true".to_string(),
            Some(step) if step >= 0 => self.stays_in_run((ty, sign), data, step),
            Some(_) | None => "false".to_string(),
        };
        self.define(data.results[0], Repr::Scalar(answer));
    }

    /// Whether a predicate holds for all lanes that are on.
    pub(super) fn emit_every(&mut self, data: &InstData) {
        let holds = data.args[0];
        let answer = if self.uni.shape_at(holds, self.block) == Shape::Uniform {
            self.scalar(holds)
        } else {
            let n = self.lanes();
            let holds = self.vectors(holds);
            let mut fails: Vec<String> =
                holds.iter().map(|h| self.ins(format!("xor <{n} x i1> {h}, splat (i1 true)"))).collect();
            if let Exec::Masks(on) = self.exec.clone() {
                for (f, on) in fails.iter_mut().zip(on) {
                    *f = self.ins(format!("and <{n} x i1> {f}, {on}"));
                }
            }
            let any = self.any(&fails);
            self.ins(format!("xor i1 {any}, true"))
        };
        self.define(data.results[0], Repr::Scalar(answer));
    }

    /// What a number counts by from lane to lane; `None` if it is not regular.
    fn steps(&self, number: Value) -> Option<i64> {
        match self.uni.shape_at(number, self.block) {
            _ if self.uni.origin(number).is_some() => None,
            Shape::Affine { stride, .. } | Shape::Chunked(stride) => Some(stride),
            Shape::Unknown | Shape::Uniform | Shape::Varying => None,
        }
    }

    fn stays_in_run(&mut self, (ty, sign): (Type, Sign), data: &InstData, step: i64) -> String {
        let bits = ty.bits() - u32::from(sign == Sign::Signed);
        let most = u64::MAX >> (64 - bits);
        let reach = (step as u64).saturating_mul(u64::from(self.lanes() - 1));
        if reach > most {
            return "false".into();
        }
        let t = scalar_type(ty);
        let divisor = self.scalar(data.args[1]);
        // The first lane's remainder is to stay below this.
        let below = self.intrinsic(Form::Scalar, "usub.sat", ty, &[&divisor, &constant(ty, reach)], "");
        let mut all = match sign {
            Sign::Signed => self.ins(format!("icmp sgt {t} {divisor}, 0")),
            Sign::Unsigned => "true".to_string(),
        };
        let numbers = self.bases(data.args[0]);
        let divisors = vec![divisor; numbers.len()];
        let rests = self.in_run(Op::RemU, ty, &[numbers.clone(), divisors]);
        for (number, rest) in numbers.iter().zip(&rests) {
            let stays = self.ins(format!("icmp ult {t} {rest}, {below}"));
            let whole = self.ins(format!("icmp ule {t} {number}, {}", constant(ty, most - reach)));
            let both = self.ins(format!("and i1 {stays}, {whole}"));
            all = self.ins(format!("and i1 {all}, {both}"));
        }
        all
    }

    /// The quotient or remainder of each chunk's first number: natural numbers, and divisors that are positive.
    pub(super) fn in_run(&mut self, op: Op, ty: Type, columns: &[Vec<String>]) -> Vec<String> {
        let t = scalar_type(ty);
        let mut out: Vec<String> = Vec::new();
        for (c, (number, divisor)) in columns[0].iter().zip(&columns[1]).enumerate() {
            if c > 0 && columns.iter().all(|col| col[c] == col[c - 1]) {
                out.push(out[c - 1].clone());
                continue;
            }
            // Code that does not run must not fault, wherever LLVM puts it.
            let divisor = self.intrinsic(Form::Scalar, "umax", ty, &[divisor, "1"], "");
            let quotient = match ty {
                Type::I32 if divisor.starts_with('%') => self.times_inverse(number, &divisor),
                _ => self.ins(format!("udiv {t} {number}, {divisor}")),
            };
            out.push(match op {
                Op::RemS | Op::RemU => {
                    let whole = self.ins(format!("mul {t} {quotient}, {divisor}"));
                    self.ins(format!("sub {t} {number}, {whole}"))
                }
                _ => quotient,
            });
        }
        out
    }

    /// A quotient of 32-bit numbers by a divisor other than 1, which no chunk counts by: the upper half of a product with
    /// 2^64 / divisor, rounded up, is exact (Lemire, Kaser, Kurz: Faster remainder by direct computation). LLVM computes one
    /// inverse for all chunks.
    fn times_inverse(&mut self, number: &str, divisor: &str) -> String {
        let wide = self.ins(format!("zext i32 {divisor} to i64"));
        let inverse = self.ins(format!("udiv i64 -1, {wide}"));
        let inverse = self.ins(format!("add i64 {inverse}, 1"));
        let inverse = self.ins(format!("zext i64 {inverse} to i128"));
        let number = self.ins(format!("zext i32 {number} to i128"));
        let product = self.ins(format!("mul i128 {number}, {inverse}"));
        let upper = self.ins(format!("lshr i128 {product}, 64"));
        self.ins(format!("trunc i128 {upper} to i32"))
    }

    /// A remainder or quotient, by a divisor that all lanes share, of a quotient within a run: one natural number for each
    /// chunk. `None`: it is something else.
    pub(super) fn of_run(&mut self, op: Op, ty: Type, args: &[Value]) -> Option<Vec<String>> {
        let rest = match op {
            Op::DivS | Op::DivU => false,
            Op::RemS | Op::RemU => true,
            _ => return None,
        };
        let divisor =
            self.func.as_const(args[1]).is_none() && self.uni.shape_at(args[1], self.block) == Shape::Uniform;
        if ty != Type::I32 || !divisor || !self.uni.in_run(args[0]) {
            return None;
        }
        let numbers = self.bases(args[0]);
        let divisor = self.scalar(args[1]);
        let signed = matches!(op, Op::DivS | Op::RemS);
        let size = match signed {
            true => self.intrinsic(Form::Scalar, "abs", Type::I32, &[&divisor], "false"),
            false => divisor.clone(),
        };
        let by_one = self.ins(format!("icmp ule i32 {size}, 1"));
        let by_zero = self.ins(format!("icmp eq i32 {size}, 0"));
        let positive = self.intrinsic(Form::Scalar, "umax", Type::I32, &[&size, "2"], "");
        let negative = signed.then(|| self.ins(format!("icmp slt i32 {divisor}, 0")));
        let mut out: Vec<String> = Vec::new();
        for (c, number) in numbers.iter().enumerate() {
            if c > 0 && *number == numbers[c - 1] {
                out.push(out[c - 1].clone());
                continue;
            }
            let quotient = self.times_inverse(number, &positive);
            let found = match rest {
                true => {
                    let whole = self.ins(format!("mul i32 {quotient}, {positive}"));
                    let left = self.ins(format!("sub i32 {number}, {whole}"));
                    let whole = self.ins(format!("select i1 {by_zero}, i32 {number}, i32 0"));
                    self.ins(format!("select i1 {by_one}, i32 {whole}, i32 {left}"))
                }
                false => {
                    let quotient = self.ins(format!("select i1 {by_one}, i32 {number}, i32 {quotient}"));
                    let quotient = match &negative {
                        Some(negative) => {
                            let turned = self.ins(format!("sub i32 0, {quotient}"));
                            self.ins(format!("select i1 {negative}, i32 {turned}, i32 {quotient}"))
                        }
                        None => quotient,
                    };
                    self.ins(format!("select i1 {by_zero}, i32 -1, i32 {quotient}"))
                }
            };
            out.push(found);
        }
        Some(out)
    }

    /// Quotients or remainders of 32-bit numbers by a divisor that all lanes share and only the run knows: products with its
    /// inverse in 64-bit floats. They are exact: half a unit is added to the number, which takes the quotient at least
    /// half a divisor's part away from the next integer, and that is more than rounding takes back.
    pub(super) fn by_one_divisor(
        &mut self,
        op: Op,
        ty: Type,
        args: &[Value],
        columns: &[Vec<String>],
    ) -> Option<Vec<String>> {
        let (sign, rest) = match op {
            Op::DivS => (Sign::Signed, false),
            Op::RemS => (Sign::Signed, true),
            Op::DivU => (Sign::Unsigned, false),
            Op::RemU => (Sign::Unsigned, true),
            _ => return None,
        };
        let shared = self.uni.shape_at(args[1], self.block) == Shape::Uniform;
        if ty != Type::I32 || !shared || self.func.as_const(args[1]).is_some() {
            return None;
        }
        let divisor = self.scalar(args[1]);
        let (to, back) = match sign {
            Sign::Signed => ("sitofp", "fptosi"),
            Sign::Unsigned => ("uitofp", "fptoui"),
        };
        let by_zero = self.ins(format!("icmp eq i32 {divisor}, 0"));
        let positive = self.ins(format!("select i1 {by_zero}, i32 1, i32 {divisor}"));
        let wide = self.ins(format!("{to} i32 {positive} to double"));
        let inverse = self.ins(format!("fdiv double 1.0, {wide}"));
        let inverse = self.splat(Type::F64, &inverse);
        let divisors = self.splat(Type::I32, &positive);
        // Of all quotients only that of the least number by -1 does not fit.
        let negates = (sign == Sign::Signed).then(|| self.ins(format!("icmp eq i32 {divisor}, -1")));
        let vt = self.vector_type(Type::I32);
        let half = self.lit(Form::Vector, Type::F64, 0.5f64.to_bits());
        let mut out: Vec<String> = Vec::new();
        for (c, number) in columns[0].iter().enumerate() {
            if c > 0 && *number == columns[0][c - 1] {
                out.push(out[c - 1].clone());
                continue;
            }
            let x = self.cast(Form::Vector, to, Type::I32, number, Type::F64);
            let more = match sign {
                Sign::Signed => self.intrinsic(Form::Vector, "copysign", Type::F64, &[&half, &x], ""),
                Sign::Unsigned => half.clone(),
            };
            let x = self.bin(Form::Vector, "fadd", Type::F64, &x, &more);
            let x = self.bin(Form::Vector, "fmul", Type::F64, &x, &inverse);
            let mut quotient = self.cast(Form::Vector, back, Type::F64, &x, Type::I32);
            if let Some(negates) = &negates {
                let negated = self.ins(format!("sub {vt} zeroinitializer, {number}"));
                quotient = self.ins(format!("select i1 {negates}, {vt} {negated}, {vt} {quotient}"));
            }
            let (found, otherwise) = match rest {
                true => {
                    let whole = self.ins(format!("mul {vt} {quotient}, {divisors}"));
                    (self.ins(format!("sub {vt} {number}, {whole}")), number.clone())
                }
                false => (quotient, "splat (i32 -1)".to_string()),
            };
            out.push(self.ins(format!("select i1 {by_zero}, {vt} {otherwise}, {vt} {found}")));
        }
        Some(out)
    }
}
