//! Reductions over the members of a warp (PTX ISA 9.7.13 redux.sync).
//!
//! Invariant: lanes that are named and do not run bring nothing.

use super::pure::Form;
use super::{Emitter, Repr};
use analysis::Shape;
use ir::{InstData, Op, ReduxOp, Type, Value};

impl Emitter<'_> {
    pub fn emit_redux(&mut self, op: ReduxOp, data: &InstData) {
        if !self.check_warps() {
            return;
        }
        let (value, member, result) = (data.args[0], data.args[1], data.results[0]);
        if !self.is_chunk_uniform(member) || self.lanes() == 1 {
            return self.redux_by_lane(op, data);
        }
        let members = self.bases(member);
        let values = self.vectors(value);
        let active = self.active();
        let (per_warp, _) = self.warps();
        let mut out: Vec<String> = Vec::new();
        for c in 0..self.chunks() {
            // Chunks of a warp that name the same members have the same outcome.
            let same = c % per_warp > 0 && members[c] == members[c - 1];
            let r = match same {
                true => out[c - 1].clone(),
                false => {
                    let warp = c / per_warp;
                    let list = &values[warp * per_warp..(warp + 1) * per_warp];
                    self.redux_of(op, list, &members[c], &active[warp])
                }
            };
            out.push(r);
        }
        self.per_chunk(result, out);
    }

    /// The lanes of a warp, a vector for each of its chunks, that are both named and there.
    fn redux_of(&mut self, op: ReduxOp, values: &[String], members: &str, active: &str) -> String {
        let (n, vt) = (self.lanes(), self.vector_type(Type::I32));
        let (op, neutral) = match op {
            ReduxOp::Add => (Op::IAdd, 0),
            ReduxOp::And => (Op::And, -1),
            ReduxOp::Or => (Op::Or, 0),
            ReduxOp::Xor => (Op::Xor, 0),
            ReduxOp::MinS => (Op::MinS, i32::MAX),
            ReduxOp::MaxS => (Op::MaxS, i32::MIN),
            ReduxOp::MinU => (Op::MinU, -1),
            ReduxOp::MaxU => (Op::MaxU, 0),
        };
        let taken = self.ins(format!("and i32 {members}, {active}"));
        let mut all: Option<String> = None;
        for (k, v) in values.iter().enumerate() {
            let bits = match k {
                0 => taken.clone(),
                k => self.ins(format!("lshr i32 {taken}, {}", k as u32 * n)),
            };
            let bits = if n == 32 { bits } else { self.ins(format!("trunc i32 {bits} to i{n}")) };
            let mask = self.ins(format!("bitcast i{n} {bits} to <{n} x i1>"));
            let v = self.ins(format!("select <{n} x i1> {mask}, {vt} {v}, {vt} splat (i32 {neutral})"));
            all = Some(match all {
                None => v,
                Some(a) => self.op(Form::Vector, op, Type::I32, &[a, v]),
            });
        }
        self.reduce_vector(op, Type::I32, &all.expect("a warp has chunks"))
    }

    /// Members differ from lane to lane.
    fn redux_by_lane(&mut self, op: ReduxOp, data: &InstData) {
        let (opcode, start) = match op {
            ReduxOp::Add => ("add", 0),
            ReduxOp::And => ("and", -1),
            ReduxOp::Or => ("or", 0),
            ReduxOp::Xor => ("xor", 0),
            ReduxOp::MinS => ("smin", i32::MAX),
            ReduxOp::MaxS => ("smax", i32::MIN),
            ReduxOp::MinU => ("umin", -1),
            ReduxOp::MaxU => ("umax", 0),
        };
        let mut out = self.over_members(data, &[Type::I32], &mut |e, members, base, _, acc| {
            e.stmt(format!("store i32 {start}, ptr {acc}, align 4"));
            let base = base.to_string();
            let acc = acc.to_string();
            e.each_bit(members, &mut |e, bit| {
                let p = e.ins(format!("getelementptr i32, ptr {base}, i64 {bit}"));
                let v = e.ins(format!("load i32, ptr {p}, align 4"));
                let a = e.ins(format!("load i32, ptr {acc}, align 4"));
                let r = if opcode.len() == 4 {
                    e.declare(format!("declare i32 @llvm.{opcode}.i32(i32, i32)"));
                    e.ins(format!("call i32 @llvm.{opcode}.i32(i32 {a}, i32 {v})"))
                } else {
                    e.ins(format!("{opcode} i32 {a}, {v}"))
                };
                e.stmt(format!("store i32 {r}, ptr {acc}, align 4"));
            });
            vec![e.ins(format!("load i32, ptr {acc}, align 4"))]
        });
        let result = data.results[0];
        let v = out.remove(0);
        let repr = self.narrow_active(result, v);
        self.define(result, repr);
    }

    /// As [`Self::narrow`], reading a lane that runs.
    fn narrow_active(&mut self, result: Value, v: Vec<String>) -> Repr {
        if self.uni.shape(result) == Shape::Varying {
            return Repr::Vectors(v);
        }
        // Lanes that are off hold zero; all others of a chunk agree: `or` them together.
        let vt = self.vector_type(self.func.ty(result));
        let n = self.lanes();
        self.declare(format!("declare i32 @llvm.vector.reduce.or.v{n}i32({vt})"));
        let per_chunk: Vec<String> = v
            .iter()
            .map(|x| self.ins(format!("call i32 @llvm.vector.reduce.or.v{n}i32({vt} {x})")))
            .collect();
        match self.uni.shape(result) {
            Shape::Uniform | Shape::Unknown => {
                let mut all = per_chunk[0].clone();
                for x in &per_chunk[1..] {
                    all = self.ins(format!("or i32 {all}, {x}"));
                }
                Repr::Scalar(all)
            }
            Shape::Affine { .. } | Shape::Chunked(_) | Shape::Varying => Repr::Bases(per_chunk, 0),
        }
    }
}
