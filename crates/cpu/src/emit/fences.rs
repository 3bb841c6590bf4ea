//! Fences for LLVM's scheduler: empty assembly that accesses do not cross, and from which the sums of [`crate::chains`] come in
//! registers. Multiply-adds that are written before one stay before it, because it takes their results.
//!
//! Invariant: a fence has no instruction, and orders no memory.

use super::{Emitter, Repr, scalar_type};
use ir::{Type, Value};

impl Emitter<'_> {
    /// Keeps LLVM's scheduler from moving memory accesses across.
    pub(super) fn schedule_fence(&mut self) {
        self.stmt("call void asm sideeffect \"\", \"\"() memory(inaccessiblemem: readwrite)");
    }

    /// A fence with values in registers.
    pub(super) fn pin(&mut self, values: &[Value]) {
        let (letter, register) = self.register_class();
        let fits = |&v: &Value| match self.func.ty(v) {
            Type::F32 | Type::F64 => self.lanes() * self.func.ty(v).bytes() == register,
            Type::I1 | Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::F16 | Type::BF16 => false,
        };
        if values.is_empty() || !values.iter().all(fits) {
            return self.schedule_fence();
        }
        let mut operands: Vec<(String, String)> = Vec::new();
        for &v in values {
            let ty = format!("<{} x {}>", self.lanes(), scalar_type(self.func.ty(v)));
            operands.extend(self.vectors(v).into_iter().map(|x| (ty.clone(), x)));
        }
        let types: Vec<&str> = operands.iter().map(|(ty, _)| ty.as_str()).collect();
        let list: Vec<String> = operands.iter().map(|(ty, x)| format!("{ty} {x}")).collect();
        let outputs = vec![format!("={letter}"); list.len()];
        let inputs: Vec<String> = (0..list.len()).map(|i| i.to_string()).collect();
        let all = match types[..] {
            [one] => one.to_string(),
            _ => format!("{{{}}}", types.join(", ")),
        };
        let pinned = self.ins(format!(
            "call {all} asm sideeffect \"\", \"{},{}\"({}) memory(inaccessiblemem: readwrite)",
            outputs.join(","),
            inputs.join(","),
            list.join(", ")
        ));
        let mut parts: Vec<String> = match types.len() {
            1 => vec![pinned],
            n => (0..n).map(|i| self.ins(format!("extractvalue {all} {pinned}, {i}"))).collect(),
        };
        for &v in values {
            let rest = parts.split_off(self.chunks());
            self.vectors.insert(v, parts.clone());
            self.define(v, Repr::Vectors(parts));
            parts = rest;
        }
    }

    /// A vector that is put together here and not where it is used, with its parts in registers until then.
    pub(super) fn pin_whole(&mut self, ty: Type, vector: String) -> String {
        let (letter, register) = self.register_class();
        if self.lanes() * ty.bytes() != register {
            return vector;
        }
        let vt = self.vector_type(ty);
        self.ins(format!(
            "call {vt} asm sideeffect \"\", \"={letter},0\"({vt} {vector}) memory(inaccessiblemem: readwrite)"
        ))
    }

    /// How assembly names a vector register, and its bytes.
    fn register_class(&self) -> (&'static str, u32) {
        let target = self.unit.target;
        if target.has("avx512f") {
            ("v", 64)
        } else if target.has("avx") {
            ("x", 32)
        } else if target.has("neon") {
            ("w", 16)
        } else {
            ("x", 16)
        }
    }
}
