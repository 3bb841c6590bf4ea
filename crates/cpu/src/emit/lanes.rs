//! Work that is done one lane after the other: atomics and runtime calls.
//!
//! The lanes' operands are spilled to arrays and a loop over the set bits of the mask takes them in thread order, so
//! that code size does not depend on the gang's width.

use super::{Emitter, Exec, Repr, scalar_type};
use crate::emit::pure::Form;
use ir::ops::{Ftz, MinMaxNan};
use ir::{AtomOp, FpMode, InstData, MemOrder, MemSem, Op, Space, Type, Value};

impl Emitter<'_> {
    /// The mask as numbers in an array `[chunks x i<lanes>]` that the loop reads.
    fn spill_masks(&mut self) -> String {
        let n = self.lanes();
        let array = self.alloca(&format!("[{} x i{n}]", self.chunks()));
        for c in 0..self.chunks() {
            let bits = match self.exec.clone() {
                Exec::All => "-1".to_string(),
                Exec::Masks(m) => self.mask_bits(&m[c]),
            };
            let p = self.ins(format!("getelementptr i{n}, ptr {array}, i64 {c}"));
            self.stmt(format!("store i{n} {bits}, ptr {p}, align 1"));
        }
        array
    }

    /// Spills a vector per chunk; predicates as bytes.
    fn spill(&mut self, vectors: &[String], ty: Type) -> String {
        let n = self.lanes();
        let (lty, list): (&str, Vec<String>) = if ty == Type::I1 {
            let list =
                vectors.iter().map(|v| self.ins(format!("zext <{n} x i1> {v} to <{n} x i8>"))).collect();
            ("i8", list)
        } else {
            (scalar_type(ty), vectors.to_vec())
        };
        let array = self.alloca(&format!("[{} x {lty}]", n as usize * self.chunks()));
        for (c, v) in list.iter().enumerate() {
            let p = self.ins(format!("getelementptr {lty}, ptr {array}, i64 {}", c * n as usize));
            self.stmt(format!("store <{n} x {lty}> {v}, ptr {p}, align 1"));
        }
        array
    }

    fn unspill(&mut self, array: &str, ty: Type) -> Vec<String> {
        let n = self.lanes();
        let lty = if ty == Type::I1 { "i8" } else { scalar_type(ty) };
        (0..self.chunks())
            .map(|c| {
                let p = self.ins(format!("getelementptr {lty}, ptr {array}, i64 {}", c * n as usize));
                let v = self.ins(format!("load <{n} x {lty}>, ptr {p}, align 1"));
                if ty == Type::I1 { self.ins(format!("trunc <{n} x i8> {v} to <{n} x i1>")) } else { v }
            })
            .collect()
    }

    /// Runs `body` for each running lane in thread order. It gets the lane's number within the gang (i64) and its
    /// operands as scalars, and returns its results.
    pub fn lane_loop(
        &mut self,
        inputs: &[(Vec<String>, Type)],
        results: &[Type],
        body: &mut dyn FnMut(&mut Self, &str, &[String]) -> Vec<String>,
    ) -> Vec<Vec<String>> {
        let n = self.lanes();
        let masks = self.spill_masks();
        let arrays: Vec<String> = inputs.iter().map(|(v, ty)| self.spill(v, *ty)).collect();
        let outs: Vec<String> = results
            .iter()
            .map(|ty| {
                let zero = vec!["zeroinitializer".to_string(); self.chunks()];
                self.spill(&zero, *ty)
            })
            .collect();
        let (outer, inner, run, next, done) = (
            self.new_label("chunk"),
            self.new_label("lane"),
            self.new_label("run"),
            self.new_label("next"),
            self.new_label("done"),
        );
        let chunk_slot = self.alloca("i64");
        let mask_slot = self.alloca(&format!("i{n}"));
        self.stmt(format!("store i64 0, ptr {chunk_slot}, align 8"));
        self.jump(&outer);
        self.place(&outer);
        let chunk = self.ins(format!("load i64, ptr {chunk_slot}, align 8"));
        let p = self.ins(format!("getelementptr i{n}, ptr {masks}, i64 {chunk}"));
        let bits = self.ins(format!("load i{n}, ptr {p}, align 1"));
        self.stmt(format!("store i{n} {bits}, ptr {mask_slot}, align 8"));
        self.jump(&inner);
        self.place(&inner);
        let rest = self.ins(format!("load i{n}, ptr {mask_slot}, align 8"));
        let empty = self.ins(format!("icmp eq i{n} {rest}, 0"));
        self.stmt(format!("br i1 {empty}, label %{next}, label %{run}"));
        self.place(&run);
        self.declare(format!("declare i{n} @llvm.cttz.i{n}(i{n}, i1)"));
        let bit = self.ins(format!("call i{n} @llvm.cttz.i{n}(i{n} {rest}, i1 true)"));
        let less = self.ins(format!("sub i{n} {rest}, 1"));
        let cleared = self.ins(format!("and i{n} {rest}, {less}"));
        self.stmt(format!("store i{n} {cleared}, ptr {mask_slot}, align 8"));
        let bit = if n == 64 { bit } else { self.ins(format!("zext i{n} {bit} to i64")) };
        let first = self.ins(format!("mul i64 {chunk}, {n}"));
        let lane = self.ins(format!("add i64 {first}, {bit}"));
        let operands: Vec<String> =
            arrays.iter().zip(inputs).map(|(a, (_, ty))| self.element(a, &lane, *ty)).collect();
        let values = body(self, &lane, &operands);
        for ((array, value), ty) in outs.iter().zip(values).zip(results) {
            self.set_element(array, &lane, &value, *ty);
        }
        self.jump(&inner);
        self.place(&next);
        let following = self.ins(format!("add i64 {chunk}, 1"));
        self.stmt(format!("store i64 {following}, ptr {chunk_slot}, align 8"));
        let more = self.ins(format!("icmp ult i64 {following}, {}", self.chunks()));
        self.stmt(format!("br i1 {more}, label %{outer}, label %{done}"));
        self.place(&done);
        outs.iter().zip(results).map(|(o, ty)| self.unspill(o, *ty)).collect()
    }

    fn element(&mut self, array: &str, lane: &str, ty: Type) -> String {
        let lty = if ty == Type::I1 { "i8" } else { scalar_type(ty) };
        let p = self.ins(format!("getelementptr {lty}, ptr {array}, i64 {lane}"));
        let v = self.ins(format!("load {lty}, ptr {p}, align 1"));
        if ty == Type::I1 { self.ins(format!("trunc i8 {v} to i1")) } else { v }
    }

    fn set_element(&mut self, array: &str, lane: &str, value: &str, ty: Type) {
        let (lty, value) = if ty == Type::I1 {
            ("i8", self.ins(format!("zext i1 {value} to i8")))
        } else {
            (scalar_type(ty), value.to_string())
        };
        let p = self.ins(format!("getelementptr {lty}, ptr {array}, i64 {lane}"));
        self.stmt(format!("store {lty} {value}, ptr {p}, align 1"));
    }

    pub fn emit_atomic(&mut self, data: &InstData, space: Space, op: AtomOp, ty: Type, sem: MemSem) {
        let inputs: Vec<(Vec<String>, Type)> = if space == Space::Local {
            // A thread's own memory: its window's address is added per lane.
            let addr = self.local_addresses(data.args[0]);
            let mut list = vec![(addr, Type::I64)];
            list.extend(data.args[1..].iter().map(|&a| (self.vectors(a), self.func.ty(a))));
            list
        } else {
            data.args.iter().map(|&a| (self.vectors(a), self.func.ty(a))).collect()
        };
        self.fence_before(sem);
        if self.unit.layout.width() == 1 {
            let operands: Vec<String> = data.args.iter().map(|&a| self.scalar(a)).collect();
            let p = self.pointer(space, &operands[0]);
            let old = self.atomic_one(space, op, ty, sem, &p, &operands[1..]);
            self.fence_after(sem);
            self.define(data.results[0], Repr::Scalar(old));
            return;
        }
        let mut out = self.lane_loop(&inputs, &[ty], &mut |e, _, operands| {
            let p = e.pointer(space, &operands[0]);
            vec![e.atomic_one(space, op, ty, sem, &p, &operands[1..])]
        });
        self.fence_after(sem);
        self.define(data.results[0], Repr::Vectors(out.remove(0)));
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

    /// One lane's read-modify-write. Shared and local memory belong to this OS thread: no lock is needed there.
    fn atomic_one(
        &mut self,
        space: Space,
        op: AtomOp,
        ty: Type,
        sem: MemSem,
        p: &str,
        v: &[String],
    ) -> String {
        let t = scalar_type(ty);
        if matches!(space, Space::Shared | Space::Local) {
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

    fn as_int(&mut self, ty: Type, v: &str) -> String {
        if scalar_type(ty) == scalar_type(ty.to_int()) {
            return v.to_string();
        }
        self.ins(format!("bitcast {} {v} to {}", scalar_type(ty), scalar_type(ty.to_int())))
    }

    fn as_float(&mut self, ty: Type, v: &str) -> String {
        if scalar_type(ty) == scalar_type(ty.to_int()) {
            return v.to_string();
        }
        self.ins(format!("bitcast {} {v} to {}", scalar_type(ty.to_int()), scalar_type(ty)))
    }

    /// The new value of a read-modify-write, as scalars.
    fn modify(&mut self, op: AtomOp, ty: Type, old: &str, v: &[String]) -> String {
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
