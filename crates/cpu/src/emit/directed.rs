//! Arithmetic that rounds towards zero, down or up: instructions of AVX-512 that carry their rounding.
//!
//! Invariant: the same bits as `ir::eval`; `None` where the processor has no such instruction for the form.

use super::Emitter;
use super::pure::Form;
use ir::{Rounding, Type};

/// Bytes of the vectors that such instructions exist for.
const VECTOR_BYTES: u32 = 64;
/// Bit of the immediate that says that the lowest two are the rounding.
const NO_EXCEPTIONS: u32 = 8;

impl Emitter<'_> {
    /// An operation on F32 or F64.
    pub(super) fn arith_directed(
        &mut self,
        form: Form,
        opcode: &str,
        rounding: Rounding,
        ty: Type,
        a: &[String],
    ) -> Option<String> {
        let mode = NO_EXCEPTIONS
            + match rounding {
                Rounding::Down => 1,
                Rounding::Up => 2,
                Rounding::Zero => 3,
                Rounding::Nearest | Rounding::NearestAway => return None,
            };
        let (scalar, suffix) = match ty {
            Type::F32 => ("float", "ps"),
            Type::F64 => ("double", "pd"),
            Type::F16 | Type::BF16 | Type::I1 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => return None,
        };
        let name = match opcode {
            "fadd" => "add",
            "fsub" => "sub",
            "fmul" => "mul",
            "fdiv" => "div",
            "fma" => "vfmadd",
            "sqrt" => "sqrt",
            _ => return None,
        };
        let each = VECTOR_BYTES / ty.bytes();
        let lanes = self.lanes();
        if form == Form::Scalar || !self.unit.target.has("avx512f") || !lanes.is_multiple_of(each) {
            return None;
        }
        let operands = if name == "sqrt" { &a[..1] } else { a };
        let vector = format!("<{each} x {scalar}>");
        let function = format!("@llvm.x86.avx512.{name}.{suffix}.512");
        self.declare(format!(
            "declare {vector} {function}({}i32)",
            format!("{vector}, ").repeat(operands.len())
        ));
        let whole = self.form_type(form, ty);
        let mut parts = Vec::new();
        for part in 0..lanes / each {
            let mut list = String::new();
            for operand in operands {
                let x = if lanes == each {
                    operand.clone()
                } else {
                    let picks: Vec<String> =
                        (part * each..(part + 1) * each).map(|i| format!("i32 {i}")).collect();
                    let picks = picks.join(", ");
                    self.ins(format!(
                        "shufflevector {whole} {operand}, {whole} poison, <{each} x i32> <{picks}>"
                    ))
                };
                list += &format!("{vector} {x}, ");
            }
            parts.push(self.ins(format!("call {vector} {function}({list}i32 {mode})")));
        }
        match parts.as_slice() {
            [one] => Some(one.clone()),
            [first, second] => {
                let picks: Vec<String> = (0..lanes).map(|i| format!("i32 {i}")).collect();
                let picks = picks.join(", ");
                Some(self.ins(format!(
                    "shufflevector {vector} {first}, {vector} {second}, <{lanes} x i32> <{picks}>"
                )))
            }
            _ => None,
        }
    }
}
