//! Order that LLVM keeps: it would do what many chains of multiply-adds have in common together, with the sums of all of
//! them in memory meanwhile.
//!
//! Invariant: the value is the operand's.

use super::Emitter;
use super::pure::Form;
use ir::Type;

impl Emitter<'_> {
    /// The operand, computed before any access to memory that stands behind.
    pub(super) fn settle(&mut self, form: Form, ty: Type, value: &str) -> String {
        let target = &self.unit.target;
        let register = if target.has("avx512f") {
            512
        } else if target.has("avx2") {
            256
        } else {
            return value.to_string();
        };
        if form == Form::Scalar || self.lanes() * ty.bits() != register {
            return value.to_string();
        }
        let vt = self.vector_type(ty);
        self.ins(format!("call {vt} asm sideeffect \"\", \"=v,0,~{{memory}}\"({vt} {value})"))
    }
}
