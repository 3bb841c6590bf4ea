//! One lane's read-modify-write, as scalars.
//!
//! Invariant: `modify` is the meaning of the op; what the machine does at once, and what is tried until it holds, agree with it.

use super::atomic::Atomic;
use super::{Emitter, scalar_type};
use crate::emit::pure::Form;
use ir::ops::{Ftz, MinMaxNan};
use ir::{AtomOp, FpMode, MemOrder, Op, Type};

impl Emitter<'_> {
    /// One lane's read-modify-write. Shared and local memory belong to this OS thread: no lock is needed there.
    pub(super) fn atomic_one(&mut self, atomic: Atomic, p: &str, v: &[String]) -> String {
        let Atomic { op, ty, sem, .. } = atomic;
        let t = scalar_type(ty);
        if atomic.is_private() {
            let old = self.ins(format!("load {t}, ptr {p}, align {}", ty.bytes()));
            let new = self.modify(op, ty, &old, v);
            self.stmt(format!("store {t} {new}, ptr {p}, align {}", ty.bytes()));
            return old;
        }
        let order = match sem.order {
            MemOrder::Weak | MemOrder::Volatile | MemOrder::Relaxed => "monotonic",
            MemOrder::Acquire => "acquire",
            MemOrder::Release => "release",
            MemOrder::AcqRel => "acq_rel",
            MemOrder::SeqCst => "seq_cst",
        };
        let simple = match op {
            AtomOp::Add => Some("add"),
            AtomOp::And => Some("and"),
            AtomOp::Or => Some("or"),
            AtomOp::Xor => Some("xor"),
            AtomOp::Exch => Some("xchg"),
            AtomOp::MinS => Some("min"),
            AtomOp::MinU => Some("umin"),
            AtomOp::MaxS => Some("max"),
            AtomOp::MaxU => Some("umax"),
            AtomOp::FAdd if matches!(ty, Type::F32 | Type::F64) => Some("fadd"),
            _ => None,
        };
        if let (true, AtomOp::MinS | AtomOp::MinU | AtomOp::MaxS | AtomOp::MaxU) = (atomic.is_relaxed(), op) {
            return self.extreme(atomic, p, &v[0], simple.unwrap_or_default());
        }
        if let Some(name) = simple {
            return self.ins(format!("atomicrmw {name} ptr {p}, {t} {} {order}, align {}", v[0], ty.bytes()));
        }
        let int = ty.to_int();
        let it = scalar_type(int);
        if op == AtomOp::Cas {
            let c = self.as_int(ty, &v[0]);
            let n = self.as_int(ty, &v[1]);
            // A failed exchange is at most an acquire.
            let fail = if matches!(order, "monotonic" | "release") { "monotonic" } else { "acquire" };
            let pair =
                self.ins(format!("cmpxchg ptr {p}, {it} {c}, {it} {n} {order} {fail}, align {}", ty.bytes()));
            let old = self.ins(format!("extractvalue {{ {it}, i1 }} {pair}, 0"));
            return self.as_float(ty, &old);
        }
        // Everything else: compare and exchange until it holds.
        let (head, again, done) = (self.new_label("cas"), self.new_label("again"), self.new_label("held"));
        let first = self.ins(format!("load atomic {it}, ptr {p} monotonic, align {}", ty.bytes()));
        let slot = self.alloca(it);
        self.stmt(format!("store {it} {first}, ptr {slot}, align 8"));
        self.jump(&head);
        self.place(&head);
        let old_bits = self.ins(format!("load {it}, ptr {slot}, align 8"));
        let old = self.as_float(ty, &old_bits);
        let new = self.modify(op, ty, &old, v);
        let new = self.as_int(ty, &new);
        let pair = self.ins(format!(
            "cmpxchg ptr {p}, {it} {old_bits}, {it} {new} seq_cst monotonic, align {}",
            ty.bytes()
        ));
        let seen = self.ins(format!("extractvalue {{ {it}, i1 }} {pair}, 0"));
        let ok = self.ins(format!("extractvalue {{ {it}, i1 }} {pair}, 1"));
        self.stmt(format!("br i1 {ok}, label %{done}, label %{again}"));
        self.place(&again);
        self.stmt(format!("store {it} {seen}, ptr {slot}, align 8"));
        self.jump(&head);
        self.place(&done);
        old
    }

    /// Minimum or maximum: memory that is not to change is only read.
    fn extreme(&mut self, atomic: Atomic, p: &str, v: &str, name: &str) -> String {
        let Atomic { op, ty, .. } = atomic;
        let (t, bytes) = (scalar_type(ty), ty.bytes());
        let slot = self.alloca(t);
        let (change, done) = (self.new_label("change"), self.new_label("kept"));
        let seen = self.ins(format!("load atomic {t}, ptr {p} monotonic, align {bytes}"));
        self.stmt(format!("store {t} {seen}, ptr {slot}, align 8"));
        let new = self.modify(op, ty, &seen, &[v.to_string()]);
        let same = self.ins(format!("icmp eq {t} {new}, {seen}"));
        self.stmt(format!("br i1 {same}, label %{done}, label %{change}"));
        self.place(&change);
        let old = self.ins(format!("atomicrmw {name} ptr {p}, {t} {v} monotonic, align {bytes}"));
        self.stmt(format!("store {t} {old}, ptr {slot}, align 8"));
        self.jump(&done);
        self.place(&done);
        self.ins(format!("load {t}, ptr {slot}, align 8"))
    }

    pub(super) fn as_int(&mut self, ty: Type, v: &str) -> String {
        if scalar_type(ty) == scalar_type(ty.to_int()) {
            return v.to_string();
        }
        self.ins(format!("bitcast {} {v} to {}", scalar_type(ty), scalar_type(ty.to_int())))
    }

    pub(super) fn as_float(&mut self, ty: Type, v: &str) -> String {
        if scalar_type(ty) == scalar_type(ty.to_int()) {
            return v.to_string();
        }
        self.ins(format!("bitcast {} {v} to {}", scalar_type(ty.to_int()), scalar_type(ty)))
    }

    /// The new value of a read-modify-write, as scalars.
    pub(super) fn modify(&mut self, op: AtomOp, ty: Type, old: &str, v: &[String]) -> String {
        let two = |e: &mut Self, op: Op| e.op(Form::Scalar, op, ty, &[old.to_string(), v[0].clone()]);
        match op {
            AtomOp::Add => two(self, Op::IAdd),
            AtomOp::And => two(self, Op::And),
            AtomOp::Or => two(self, Op::Or),
            AtomOp::Xor => two(self, Op::Xor),
            AtomOp::Exch => v[0].clone(),
            AtomOp::MinS => two(self, Op::MinS),
            AtomOp::MinU => two(self, Op::MinU),
            AtomOp::MaxS => two(self, Op::MaxS),
            AtomOp::MaxU => two(self, Op::MaxU),
            AtomOp::FAdd => two(self, Op::FAdd(FpMode::RN)),
            AtomOp::FMin => two(self, Op::FMin(MinMaxNan::Number, Ftz::No)),
            AtomOp::FMax => two(self, Op::FMax(MinMaxNan::Number, Ftz::No)),
            AtomOp::Inc => {
                let t = scalar_type(ty);
                let wrap = self.ins(format!("icmp uge {t} {old}, {}", v[0]));
                let up = self.ins(format!("add {t} {old}, 1"));
                self.ins(format!("select i1 {wrap}, {t} 0, {t} {up}"))
            }
            AtomOp::Dec => {
                let t = scalar_type(ty);
                let zero = self.ins(format!("icmp eq {t} {old}, 0"));
                let above = self.ins(format!("icmp ugt {t} {old}, {}", v[0]));
                let wrap = self.ins(format!("or i1 {zero}, {above}"));
                let down = self.ins(format!("sub {t} {old}, 1"));
                self.ins(format!("select i1 {wrap}, {t} {}, {t} {down}", v[0]))
            }
            AtomOp::Cas => {
                let a = self.as_int(ty, old);
                let c = self.as_int(ty, &v[0]);
                let same = self.ins(format!("icmp eq {} {a}, {c}", scalar_type(ty.to_int())));
                let t = scalar_type(ty);
                self.ins(format!("select i1 {same}, {t} {}, {t} {old}", v[1]))
            }
            AtomOp::FAddF16x2 => self.packed(Type::F16, Op::FAdd(FpMode::RN), old, &v[0]),
            AtomOp::FAddBf16x2 => self.packed(Type::BF16, Op::FAdd(FpMode::RN), old, &v[0]),
            AtomOp::FMinF16x2 => self.packed(Type::F16, Op::FMin(MinMaxNan::Number, Ftz::No), old, &v[0]),
            AtomOp::FMinBf16x2 => self.packed(Type::BF16, Op::FMin(MinMaxNan::Number, Ftz::No), old, &v[0]),
            AtomOp::FMaxF16x2 => self.packed(Type::F16, Op::FMax(MinMaxNan::Number, Ftz::No), old, &v[0]),
            AtomOp::FMaxBf16x2 => self.packed(Type::BF16, Op::FMax(MinMaxNan::Number, Ftz::No), old, &v[0]),
        }
    }

    /// An op on the two halves of a word.
    fn packed(&mut self, half: Type, op: Op, a: &str, b: &str) -> String {
        let mut parts = Vec::new();
        for k in 0..2 {
            let mut operands = Vec::new();
            for w in [a, b] {
                let up = self.ins(format!("lshr i32 {w}, {}", 16 * k));
                let h = self.ins(format!("trunc i32 {up} to i16"));
                operands.push(self.as_float(half, &h));
            }
            let r = self.op(Form::Scalar, op, half, &operands);
            let r = self.as_int(half, &r);
            parts.push(self.ins(format!("zext i16 {r} to i32")));
        }
        let hi = self.ins(format!("shl i32 {}, 16", parts[1]));
        self.ins(format!("or i32 {}, {hi}", parts[0]))
    }
}
