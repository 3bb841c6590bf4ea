//! Checks that an address is as aligned as its access asks (PTX ISA 6.4.1: else the behaviour is undefined; CUDA
//! reports `cudaErrorMisalignedAddress`, which is sticky).
//!
//! [`analysis::alignment`] finds the accesses that need one. A check looks at one scalar of the gang where the lanes'
//! addresses differ by multiples of the alignment, and leads to one cold block for each function.

use super::{Emitter, Exec, Repr, scalar_type};
use crate::abi::{call, fault_code};
use analysis::alignment::{Check, parameter};
use ir::{InstId, SrcLoc, Type, Value};
use std::fmt::Write;

/// A thread that is not known.
pub(crate) const NO_THREAD: i32 = -1;

impl Emitter<'_> {
    /// Checks the address of `inst` if that is needed.
    pub fn check_alignment(&mut self, inst: InstId) {
        let Some(&check) = self.checks.and_then(|c| c.get(&inst)) else { return };
        let data = self.func.inst(inst);
        let (value, offset) = self.looked_at(check, data.args[0]);
        let ty = self.func.ty(value);
        let mask = u64::from(check.mask);
        let regular = |n: i64| n as u64 & mask == 0;
        let repr = self.get(value);
        let aligned = match repr {
            Repr::Scalar(s) => self.aligned(ty, &s, offset, check.mask),
            Repr::Affine { base, stride, deltas }
                if regular(stride) && deltas.0[..self.chunks()].iter().all(|d| regular(*d)) =>
            {
                self.aligned(ty, &base, offset, check.mask)
            }
            _ => self.lanes_aligned(value, ty, offset, check.mask),
        };
        self.branch_unless(&aligned, data.loc);
    }

    /// The root of a check if it is at hand: a value of this block, or a parameter, which is loaded again. Else the
    /// address.
    fn looked_at(&mut self, check: Check, addr: Value) -> (Value, u32) {
        if check.root == addr || self.current.contains_key(&check.root) {
            return (check.root, check.offset);
        }
        let Some(at) = parameter(self.func, check.root) else { return (addr, 0) };
        let ty = self.func.ty(check.root);
        let p = self.pointer(ir::Space::Param, &at.to_string());
        let v =
            self.ins(format!("load {}, ptr {p}, align {}, !invariant.load !0", scalar_type(ty), ty.bytes()));
        self.current.insert(check.root, Repr::Scalar(v));
        (check.root, check.offset)
    }

    fn aligned(&mut self, ty: Type, value: &str, offset: u32, mask: u32) -> String {
        let t = scalar_type(ty);
        let value =
            if offset == 0 { value.to_string() } else { self.ins(format!("add {t} {value}, {offset}")) };
        let low = self.ins(format!("and {t} {value}, {mask}"));
        self.ins(format!("icmp eq {t} {low}, 0"))
    }

    /// Whether the addresses of all running lanes are aligned.
    fn lanes_aligned(&mut self, value: Value, ty: Type, offset: u32, mask: u32) -> String {
        let vt = self.vector_type(ty);
        let t = scalar_type(ty);
        let n = self.lanes();
        let mut bad = Vec::new();
        let vectors = self.vectors(value);
        for (c, v) in vectors.iter().enumerate() {
            let v =
                if offset == 0 { v.clone() } else { self.ins(format!("add {vt} {v}, splat ({t} {offset})")) };
            let low = self.ins(format!("and {vt} {v}, splat ({t} {mask})"));
            let here = self.ins(format!("icmp ne {vt} {low}, zeroinitializer"));
            bad.push(match self.exec.clone() {
                Exec::All => here,
                Exec::Masks(m) => self.ins(format!("and <{n} x i1> {here}, {}", m[c])),
            });
        }
        let any = self.any(&bad);
        self.ins(format!("xor i1 {any}, true"))
    }

    fn branch_unless(&mut self, aligned: &str, loc: SrcLoc) {
        let next = self.new_label("aligned");
        self.misaligned.push((self.label.clone(), loc));
        self.stmt(format!("br i1 {aligned}, label %{next}, label %misaligned, !prof !1"));
        self.place(&next);
    }

    /// The block that all failed checks of a function lead to; the last one of the function.
    pub fn emit_misaligned(&mut self) {
        let from = std::mem::take(&mut self.misaligned);
        if from.is_empty() {
            return;
        }
        self.place("misaligned");
        let list = |pick: &dyn Fn(&SrcLoc) -> u32| {
            let mut text = String::new();
            for (k, (label, loc)) in from.iter().enumerate() {
                let comma = if k > 0 { ", " } else { "" };
                let _ = write!(text, "{comma}[ {}, %{label} ]", pick(loc));
            }
            text
        };
        let file = self.ins(format!("phi i32 {}", list(&|l| l.file)));
        let line = self.ins(format!("phi i32 {}", list(&|l| l.line)));
        let f = self.runtime_call(call::FAULT);
        self.stmt(format!(
            "call void {f}(ptr %ctx, i32 {}, i32 {NO_THREAD}, i32 {file}, i32 {line})",
            fault_code::MISALIGNED
        ));
        self.stmt("unreachable");
    }
}
