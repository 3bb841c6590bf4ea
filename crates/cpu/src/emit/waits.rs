//! Waiting in the middle of code, on a gang's own stack (see [`crate::cta`]): polls, barriers that part of the gangs reach,
//! warp operations among gangs of one thread.

use super::{Emitter, Repr, scalar_type};
use crate::abi::{call, wait_code};
use analysis::Shape;
use analysis::region::FragmentId;
use interp::warp::WarpOp;
use ir::{BarrierKind, Inst, InstId, SrcLoc, Type};

/// A place as runtime calls take it.
fn place(loc: SrcLoc) -> u64 {
    u64::from(loc.file) << 32 | u64::from(loc.line)
}

impl Emitter<'_> {
    /// Tells the scheduler that the gang waits for memory. Without fibers nobody wants to know.
    pub fn emit_poll(&mut self, kind: u32, loc: SrcLoc) {
        if !self.unit.fibers {
            return;
        }
        let f = self.runtime_call(call::POLL);
        self.stmt(format!("call void {f}(ptr %ctx, i32 %gang, i64 {}, i32 {kind})", place(loc)));
    }

    /// Masks of all chunks as the bits of an i64.
    fn gang_bits(&mut self, masks: &[String]) -> String {
        let n = self.lanes();
        let mut all = "0".to_string();
        for (c, mask) in masks.iter().enumerate() {
            let bits = self.mask_bits(mask);
            let wide = if n == 64 { bits } else { self.ins(format!("zext i{n} {bits} to i64")) };
            let up = self.ins(format!("shl i64 {wide}, {}", c as u32 * n));
            all = self.ins(format!("or i64 {all}, {up}"));
        }
        all
    }

    /// A barrier at which the gang stays until it is complete.
    pub fn emit_waiting_barrier(&mut self, inst: InstId, kind: BarrierKind, counted: bool) {
        let data = self.func.inst(inst);
        let wide = self.unit.layout.width() > 1;
        if wide && (self.is_function || self.uni.regions.fragment(self.block) != FragmentId::ROOT) {
            self.refuse("a barrier that not all threads of a gang reach together");
            return;
        }
        let uniform = |e: &Self, v| e.uni.shape_at(v, e.block) == Shape::Uniform;
        if !uniform(self, data.args[0]) || counted && !uniform(self, data.args[1]) {
            self.refuse("a barrier number that varies within a gang");
            return;
        }
        let id = self.scalar(data.args[0]);
        let count = if counted { self.scalar(data.args[1]) } else { "0".into() };
        let masks: Vec<String> = (0..self.chunks()).map(|c| self.exec_mask(c)).collect();
        let lanes = self.gang_bits(&masks);
        let yes = match kind {
            BarrierKind::Sync | BarrierKind::Arrive => "0".to_string(),
            BarrierKind::RedPopc | BarrierKind::RedAnd | BarrierKind::RedOr => {
                let preds = self.vectors(data.args[data.args.len() - 1]);
                self.gang_bits(&preds)
            }
        };
        let number = wait_code::KINDS.iter().position(|k| *k == kind).unwrap_or(0);
        let f = self.runtime_call(call::BARRIER);
        let result = self.ins(format!(
            "call i32 {f}(ptr %ctx, i32 %gang, i64 {}, i32 {id}, i32 {number}, i32 {count}, i64 {lanes}, i64 {yes})",
            place(data.loc)
        ));
        let Some(&value) = data.results.first() else { return };
        let result = match self.func.ty(value) {
            Type::I1 => self.ins(format!("trunc i32 {result} to i1")),
            _ => result,
        };
        self.define(value, Repr::Scalar(result));
    }

    /// A warp operation of a gang of one thread: it meets the others of its warp. Whether `inst` is one.
    pub fn emit_meeting(&mut self, inst: InstId) -> bool {
        let data = self.func.inst(inst);
        let (number, operands, mask) = match (WarpOp::of(data.inst), data.inst) {
            (Some(op), _) => {
                let number = WarpOp::ALL.iter().position(|o| *o == op).unwrap_or(WarpOp::ALL.len());
                let (mask, rest) = data.args.split_last().expect("a warp operation has a member mask");
                (number, rest, self.scalar(*mask))
            }
            (None, Inst::ActiveMask) => (WarpOp::ALL.len() + inst.index(), [].as_slice(), "0".to_string()),
            (None, _) => return false,
        };
        let array = self.alloca("[3 x i64]");
        for k in 0..3 {
            let value = match operands.get(k) {
                None => "0".to_string(),
                Some(&v) => {
                    let s = self.scalar(v);
                    match self.func.ty(v) {
                        Type::I64 => s,
                        ty => self.ins(format!("zext {} {s} to i64", scalar_type(ty))),
                    }
                }
            };
            let p = self.ins(format!("getelementptr i64, ptr {array}, i64 {k}"));
            self.stmt(format!("store i64 {value}, ptr {p}, align 8"));
        }
        let f = self.runtime_call(call::MEET);
        self.stmt(format!(
            "call void {f}(ptr %ctx, i32 %gang, i64 {}, i32 {number}, i32 {mask}, ptr {array})",
            place(data.loc)
        ));
        for (k, &result) in data.results.iter().enumerate() {
            let p = self.ins(format!("getelementptr i64, ptr {array}, i64 {k}"));
            let v = self.ins(format!("load i64, ptr {p}, align 8"));
            let v = match self.func.ty(result) {
                Type::I64 => v,
                ty => self.ins(format!("trunc i64 {v} to {}", scalar_type(ty))),
            };
            self.define(result, Repr::Scalar(v));
        }
        true
    }
}
