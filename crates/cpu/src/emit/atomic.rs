//! Atomics: each lane's read-modify-write, in thread order.
//!
//! Invariant: memory and results are what they are when the running threads take their turns one after the other. Lanes
//! that all hit one address are combined first and reach memory once; shared and local memory belong to the thread of
//! the operating system that runs the block, so nothing is locked there.

use super::lanes::{Body, Operand};
use super::{Emitter, Exec, Repr, scalar_type};
use crate::abi::call;
use crate::emit::pure::Form;
use crate::red;
use analysis::Shape;
use ir::{AtomOp, InstData, MemOrder, MemSem, Op, Space, Type, Value};

/// What an atomic instruction does, apart from its operands.
#[derive(Clone, Copy)]
pub(super) struct Atomic {
    pub space: Space,
    pub op: AtomOp,
    pub ty: Type,
    pub sem: MemSem,
}

impl Atomic {
    /// Whether no other thread of the operating system sees the memory.
    pub fn is_private(&self) -> bool {
        matches!(self.space, Space::Shared | Space::Local)
    }

    /// Whether the ordering asks for nothing but atomicity.
    pub fn is_relaxed(&self) -> bool {
        match self.sem.order {
            MemOrder::Weak | MemOrder::Volatile | MemOrder::Relaxed => true,
            MemOrder::Acquire | MemOrder::Release | MemOrder::AcqRel | MemOrder::SeqCst => false,
        }
    }

    /// How much code one lane needs.
    pub fn body(&self) -> Body {
        let short = match self.op {
            AtomOp::Add | AtomOp::Exch => true,
            AtomOp::FAddF16x2
            | AtomOp::FAddBf16x2
            | AtomOp::FMinF16x2
            | AtomOp::FMinBf16x2
            | AtomOp::FMaxF16x2
            | AtomOp::FMaxBf16x2 => false,
            _ => self.is_private(),
        };
        let native = !matches!(self.ty, Type::F16 | Type::BF16);
        if short && native { Body::Short } else { Body::Long }
    }
}

impl Emitter<'_> {
    pub fn emit_atomic(&mut self, data: &InstData, space: Space, op: AtomOp, ty: Type, sem: MemSem) {
        let atomic = Atomic { space, op, ty, sem };
        let result = self.is_used(data.results[0]).then_some(data.results[0]);
        let old = if self.unit.layout.width() == 1 {
            let operands: Vec<String> = data.args.iter().map(|&a| self.scalar(a)).collect();
            self.fence_before(sem);
            let p = self.pointer(space, &operands[0]);
            Some(Repr::Scalar(self.atomic_one(atomic, &p, &operands[1..])))
        } else if self.uni.shape_at(data.args[0], self.block) == Shape::Uniform && space != Space::Local {
            let address = self.scalar(data.args[0]);
            let values = self.lane_operands(&data.args[1..]);
            self.fence_before(sem);
            let p = self.pointer(space, &address);
            match (atomic.op.reduction(atomic.ty), op) {
                (Some((combine, neutral)), _) => {
                    self.combine_at(atomic, combine, neutral, &p, &values[0], result.is_some())
                }
                // A lock that a lane takes is a lock that the lanes behind it do not get.
                (None, AtomOp::Cas) => {
                    self.atomic_lanes(atomic, Operand::Same(address), values, result.is_some())
                }
                (None, _) => self.in_turn_at(atomic, &p, &values, result.is_some()),
            }
        } else if let Some(table) = self.table_at(atomic, data.args[0]) {
            let values = self.lane_operands(&data.args[1..]);
            self.fence_before(sem);
            self.atomic_table(atomic, &table, values, result.is_some())
        } else {
            let address = match space {
                // A thread's own memory: its window's address is added per lane.
                Space::Local => self.local_addresses(data.args[0]),
                _ => self.vectors(data.args[0]),
            };
            let values = self.lane_operands(&data.args[1..]);
            self.fence_before(sem);
            match red::number(op, ty) {
                Some(number) if result.is_none() && self.worth_combining(atomic) => {
                    self.combine_lanes(number, ty, &address, values);
                    None
                }
                _ => self.atomic_lanes(atomic, Operand::Each(address, Type::I64), values, result.is_some()),
            }
        };
        self.fence_after(sem);
        if let (Some(result), Some(old)) = (result, old) {
            self.define(result, old);
        }
    }

    /// Whether an instruction or a branch reads a value.
    fn is_used(&self, value: Value) -> bool {
        self.func.insts.iter().any(|i| i.args.contains(&value))
            || self.func.blocks.iter().any(|b| {
                let mut found = false;
                b.term.for_each_use(|v| found |= v == value);
                found
            })
    }

    fn lane_operands(&mut self, values: &[Value]) -> Vec<Operand> {
        values
            .iter()
            .map(|&v| match self.uni.shape_at(v, self.block) {
                Shape::Uniform => Operand::Same(self.scalar(v)),
                _ => Operand::Each(self.vectors(v), self.func.ty(v)),
            })
            .collect()
    }

    fn operand_vectors(&mut self, ty: Type, value: &Operand) -> Vec<String> {
        match value {
            Operand::Same(s) => vec![self.splat(ty, s); self.chunks()],
            Operand::Each(v, _) => v.clone(),
            Operand::PerChunk(_) => panic!("a value is no pointer of a chunk"),
        }
    }

    /// One lane after the other.
    fn atomic_lanes(
        &mut self,
        atomic: Atomic,
        address: Operand,
        values: Vec<Operand>,
        used: bool,
    ) -> Option<Repr> {
        let mut inputs = vec![address];
        inputs.extend(values);
        let results: &[Type] = if used { &[atomic.ty] } else { &[] };
        let out = self.each_lane(&inputs, results, atomic.body(), &mut |e, _, operands| {
            let p = e.pointer(atomic.space, &operands[0]);
            vec![e.atomic_one(atomic, &p, &operands[1..])]
        });
        out.into_iter().next().map(Repr::Vectors)
    }

    /// All lanes hit one address with an op that may be regrouped: one read-modify-write of what they bring together.
    /// What a lane gets back is what was there, combined with what the lanes before it bring.
    fn combine_at(
        &mut self,
        atomic: Atomic,
        op: Op,
        neutral: u64,
        p: &str,
        value: &Operand,
        used: bool,
    ) -> Option<Repr> {
        let (n, ty) = (self.lanes(), atomic.ty);
        let vt = self.vector_type(ty);
        let t = scalar_type(ty);
        let neutral = super::values::constant(ty, neutral);
        let vectors = self.operand_vectors(ty, value);
        let vectors: Vec<String> = match self.exec.clone() {
            Exec::All => vectors,
            Exec::Masks(m) => (0..self.chunks())
                .map(|c| {
                    let (m, v) = (&m[c], &vectors[c]);
                    self.ins(format!("select <{n} x i1> {m}, {vt} {v}, {vt} splat ({t} {neutral})"))
                })
                .collect(),
        };
        if !used {
            let mut all = vectors[0].clone();
            for v in &vectors[1..] {
                all = self.op(Form::Vector, op, ty, &[all, v.clone()]);
            }
            let total = self.reduce_vector(op, ty, &all);
            self.atomic_one(atomic, p, &[total]);
            return None;
        }
        // Inclusive scans of the chunks, then what lies before each chunk.
        let mut before = Vec::new();
        let mut scans = Vec::new();
        let mut total: Option<String> = None;
        for v in &vectors {
            let mut sum = v.clone();
            let mut step = 1;
            while step < n {
                let moved = self.shift_lanes(ty, &sum, step, &neutral);
                sum = self.op(Form::Vector, op, ty, &[moved, sum]);
                step *= 2;
            }
            let last = self.ins(format!("extractelement {vt} {sum}, i64 {}", n - 1));
            scans.push(self.shift_lanes(ty, &sum, 1, &neutral));
            before.push(total.clone());
            total = Some(match total {
                None => last,
                Some(t) => self.op(Form::Scalar, op, ty, &[t, last]),
            });
        }
        let total = total.expect("a gang has chunks");
        let old = self.atomic_one(atomic, p, &[total]);
        let out = (0..self.chunks())
            .map(|c| {
                let start = match &before[c] {
                    None => old.clone(),
                    Some(b) => self.op(Form::Scalar, op, ty, &[old.clone(), b.clone()]),
                };
                let start = self.splat(ty, &start);
                self.op(Form::Vector, op, ty, &[start, scans[c].clone()])
            })
            .collect();
        Some(Repr::Vectors(out))
    }

    /// Moves lanes up by `step`; `fill` comes in below.
    fn shift_lanes(&mut self, ty: Type, v: &str, step: u32, fill: &str) -> String {
        let n = self.lanes();
        let vt = self.vector_type(ty);
        let picks: Vec<String> =
            (0..n).map(|l| format!("i32 {}", if l < step { n } else { l - step })).collect();
        self.ins(format!(
            "shufflevector {vt} {v}, {vt} splat ({} {fill}), <{n} x i32> <{}>",
            scalar_type(ty),
            picks.join(", ")
        ))
    }

    /// All lanes of a vector combined by an associative integer op.
    pub fn reduce_vector(&mut self, op: Op, ty: Type, v: &str) -> String {
        let name = match op {
            Op::IAdd => "add",
            Op::And => "and",
            Op::Or => "or",
            Op::Xor => "xor",
            Op::MinS => "smin",
            Op::MinU => "umin",
            Op::MaxS => "smax",
            Op::MaxU => "umax",
            other => panic!("{other:?} is no reduction"),
        };
        let (n, t, vt) = (self.lanes(), scalar_type(ty), self.vector_type(ty));
        self.declare(format!("declare {t} @llvm.vector.reduce.{name}.v{n}{t}({vt})"));
        self.ins(format!("call {t} @llvm.vector.reduce.{name}.v{n}{t}({vt} {v})"))
    }

    /// All lanes hit one address with an op whose order matters: they take their turns in a register, and memory gets
    /// the outcome, if it is still what they started from.
    fn in_turn_at(&mut self, atomic: Atomic, p: &str, values: &[Operand], used: bool) -> Option<Repr> {
        let ty = atomic.ty;
        let t = scalar_type(ty);
        let it = scalar_type(ty.to_int());
        let bytes = ty.bytes();
        let (first, now) = (self.alloca(it), self.alloca(t));
        let (head, done) = (self.new_label("turns"), self.new_label("held"));
        let kind = if atomic.is_private() { "" } else { "atomic " };
        let order = if atomic.is_private() { "" } else { " monotonic" };
        let start = self.ins(format!("load {kind}{it}, ptr {p}{order}, align {bytes}"));
        self.stmt(format!("store {it} {start}, ptr {first}, align 8"));
        self.jump(&head);
        self.place(&head);
        let expected = self.ins(format!("load {it}, ptr {first}, align 8"));
        let value = self.as_float(ty, &expected);
        self.stmt(format!("store {t} {value}, ptr {now}, align 8"));
        let results: &[Type] = if used { &[ty] } else { &[] };
        let slot = now.clone();
        let private = Atomic { space: Space::Shared, ..atomic };
        let out = self.each_lane(values, results, private.body(), &mut |e, _, operands| {
            let old = e.ins(format!("load {t}, ptr {slot}, align 8"));
            let new = e.modify(atomic.op, ty, &old, operands);
            e.stmt(format!("store {t} {new}, ptr {slot}, align 8"));
            vec![old]
        });
        let outcome = self.ins(format!("load {t}, ptr {now}, align 8"));
        let outcome = self.as_int(ty, &outcome);
        if atomic.is_private() {
            self.stmt(format!("store {it} {outcome}, ptr {p}, align {bytes}"));
            self.jump(&done);
        } else {
            let again = self.new_label("again");
            let pair = self.ins(format!(
                "cmpxchg ptr {p}, {it} {expected}, {it} {outcome} seq_cst monotonic, align {bytes}"
            ));
            let seen = self.ins(format!("extractvalue {{ {it}, i1 }} {pair}, 0"));
            let ok = self.ins(format!("extractvalue {{ {it}, i1 }} {pair}, 1"));
            self.stmt(format!("br i1 {ok}, label %{done}, label %{again}"));
            self.place(&again);
            self.stmt(format!("store {it} {seen}, ptr {first}, align 8"));
            self.jump(&head);
        }
        self.place(&done);
        out.into_iter().next().map(Repr::Vectors)
    }

    /// Whether lanes that hit the same word of global memory should be combined before the words are locked: where
    /// there are enough of them, and nothing but atomicity is asked for.
    fn worth_combining(&self, atomic: Atomic) -> bool {
        let least = if atomic.op == AtomOp::FAdd { 16 } else { 64 };
        !atomic.is_private() && atomic.is_relaxed() && self.unit.layout.width() >= least
    }

    /// Hands all lanes to the runtime, which combines those of one address: see `crate::red`.
    fn combine_lanes(&mut self, number: u32, ty: Type, address: &[String], values: Vec<Operand>) {
        let (n, width) = (self.lanes(), self.unit.layout.width());
        let lt = self.vector_type(Type::I64);
        let masked: Vec<String> = match self.exec.clone() {
            Exec::All => address.to_vec(),
            Exec::Masks(m) => (0..self.chunks())
                .map(|c| {
                    let (m, a) = (&m[c], &address[c]);
                    self.ins(format!("select <{n} x i1> {m}, {lt} {a}, {lt} splat (i64 -1)"))
                })
                .collect(),
        };
        let addresses = self.spill(&masked, Type::I64);
        let values = self.operand_vectors(ty, &values[0]);
        let array = self.spill(&values, ty);
        let f = self.runtime_call(if ty.bytes() == 8 { call::RED64 } else { call::RED32 });
        let lanes = match self.exec {
            Exec::All => width as i32,
            Exec::Masks(_) => (width | red::SOME_OFF) as i32,
        };
        self.stmt(format!(
            "call void {f}(ptr %ctx, i32 {number}, i32 {lanes}, ptr {addresses}, ptr {array})"
        ));
    }

    fn local_addresses(&mut self, addr: Value) -> Vec<String> {
        let vt = self.vector_type(Type::I64);
        let window = self.unit.layout.local_bytes as i64;
        let v = self.vectors(addr);
        (0..self.chunks())
            .map(|c| {
                let base = self.window_base(c);
                let own = self.affine_vector(Type::I64, &base, window);
                self.ins(format!("add {vt} {}, {own}", v[c]))
            })
            .collect()
    }
}
