//! Loads and stores by the shape of their address: scalar, vector, or gather and scatter.

use super::gather::Places;
use super::prefetch::Why;
use super::{Emitter, Exec, Repr, scalar_type};
use analysis::Shape;
use ir::{InstData, MemOrder, MemSem, Space, Type, Value};

/// How an access may be carried out.
pub(super) struct Access {
    pub space: Space,
    pub ty: Type,
    pub count: usize,
    pub align: u32,
    pub sem: MemSem,
}

impl Emitter<'_> {
    /// `<n x T>` where T is the type in memory.
    pub(super) fn memory_vector(&self, ty: Type, n: u32) -> String {
        format!("<{n} x {}>", scalar_type(ty))
    }

    /// Keeps LLVM from moving memory accesses across: volatile and ordered accesses see memory as it is.
    pub fn compiler_fence(&mut self, sem: MemSem) {
        if sem.order != MemOrder::Weak {
            self.stmt("call void asm sideeffect \"\", \"~{memory}\"()");
        }
    }

    /// Orders memory as an access with this ordering must (PTX ISA 8.10): `release` before it, `acquire` after it.
    /// x86 loads acquire and stores release by themselves; LLVM turns these fences into nothing there.
    pub fn fence_before(&mut self, sem: MemSem) {
        match sem.order {
            MemOrder::Release | MemOrder::AcqRel => self.stmt("fence release"),
            MemOrder::SeqCst => self.stmt("fence seq_cst"),
            MemOrder::Weak | MemOrder::Volatile | MemOrder::Relaxed | MemOrder::Acquire => {}
        }
        self.compiler_fence(sem);
    }

    pub fn fence_after(&mut self, sem: MemSem) {
        self.compiler_fence(sem);
        match sem.order {
            MemOrder::Acquire | MemOrder::AcqRel | MemOrder::SeqCst => self.stmt("fence acquire"),
            MemOrder::Weak | MemOrder::Volatile | MemOrder::Relaxed | MemOrder::Release => {}
        }
    }

    /// A pointer from a scalar address in `space`. Not for `Local`, whose windows differ by thread.
    pub fn pointer(&mut self, space: Space, addr: &str) -> String {
        match space {
            Space::Generic | Space::Global | Space::Const => self.ins(format!("inttoptr i64 {addr} to ptr")),
            Space::Shared => self.ins(format!("getelementptr i8, ptr %shared, i64 {addr}")),
            Space::Param => {
                let base = self.context_field(crate::abi::field::PARAMS, "ptr");
                self.ins(format!("getelementptr i8, ptr {base}, i64 {addr}"))
            }
            Space::Local => self.ins(format!("getelementptr i8, ptr %local, i64 {addr}")),
        }
    }

    /// A vector of pointers from a vector of addresses.
    pub fn pointers(&mut self, space: Space, addr: &str) -> String {
        let n = self.lanes();
        match space {
            Space::Generic | Space::Global | Space::Const => {
                self.ins(format!("inttoptr <{n} x i64> {addr} to <{n} x ptr>"))
            }
            Space::Shared => self.ins(format!("getelementptr i8, ptr %shared, <{n} x i64> {addr}")),
            Space::Local => self.ins(format!("getelementptr i8, ptr %local, <{n} x i64> {addr}")),
            Space::Param => {
                let base = self.context_field(crate::abi::field::PARAMS, "ptr");
                self.ins(format!("getelementptr i8, ptr {base}, <{n} x i64> {addr}"))
            }
        }
    }

    /// The address of an access as a representation; for `Local` the offset of each thread's window is added.
    fn address(&mut self, space: Space, addr: Value) -> (Shape, Repr) {
        let shape = match self.uni.shape_at(addr, self.block) {
            Shape::Unknown => Shape::Uniform,
            s => s,
        };
        let repr = self.get(addr);
        if space != Space::Local {
            return (shape, repr);
        }
        let window = self.unit.layout.local_bytes as i64;
        match repr {
            Repr::Vectors(v) => {
                let vt = self.vector_type(Type::I64);
                let out = (0..self.chunks())
                    .map(|c| {
                        let base = self.window_base(c);
                        let own = self.affine_vector(Type::I64, &base, window);
                        self.ins(format!("add {vt} {}, {own}", v[c]))
                    })
                    .collect();
                (Shape::Varying, Repr::Vectors(out))
            }
            other => {
                let stride = match &other {
                    Repr::Bases(_, s) => *s,
                    Repr::Affine { stride, .. } => *stride,
                    Repr::Scalar(_) | Repr::Vectors(_) => 0,
                };
                let bases = self.repr_bases(&other, Type::I64);
                let out: Vec<String> = (0..self.chunks())
                    .map(|c| {
                        let base = self.window_base(c);
                        self.ins(format!("add i64 {}, {base}", bases[c]))
                    })
                    .collect();
                // A thread by itself has one address: LLVM 19 makes wrong code of gathers and scatters of one lane.
                if self.unit.layout.width() == 1 {
                    return (Shape::Uniform, Repr::Scalar(out.concat()));
                }
                let stride = stride.wrapping_add(window);
                (Shape::Chunked(stride), Repr::Bases(out, stride))
            }
        }
    }

    /// Offset of the local window of a chunk's first thread.
    pub fn window_base(&mut self, chunk: usize) -> String {
        let first = self.chunk_thread(chunk);
        let wide = self.ins(format!("zext i32 {first} to i64"));
        self.ins(format!("mul i64 {wide}, {}", self.unit.layout.local_bytes))
    }

    /// Memory attributes: what never changes during a launch may be loaded once.
    pub(super) fn invariant(space: Space) -> &'static str {
        if matches!(space, Space::Param | Space::Const) { ", !invariant.load !0" } else { "" }
    }

    pub fn emit_load(&mut self, data: &InstData, space: Space, ty: Type, count: u8, align: u32, sem: MemSem) {
        let access = Access { space, ty, count: count as usize, align: align.min(ty.bytes()).max(1), sem };
        self.fence_before_load(sem);
        if let Some(row) = self.rows.and_then(|r| r.of(space, data.args[0])) {
            let columns = self.load_row(data.args[0], &access, row);
            self.fence_after(sem);
            for (&r, column) in data.results.iter().zip(columns) {
                self.define(r, Repr::Vectors(column));
            }
            return;
        }
        if let Some(columns) = self.load_held(data.args[0], &access, &data.results) {
            self.fence_after(sem);
            for (&r, repr) in data.results.iter().zip(columns) {
                self.define(r, repr);
            }
            return;
        }
        let (shape, addr) = self.address(space, data.args[0]);
        let columns = match (shape, addr) {
            (Shape::Uniform, Repr::Scalar(a)) => {
                let p = self.pointer(space, &a);
                let list = self.load_scalars(&access, &p, None);
                list.into_iter().map(Repr::Scalar).collect()
            }
            (s, repr)
                if s.is_chunk_uniform()
                    && !matches!(repr, Repr::Vectors(_))
                    && self.doubt(data.args[0]).is_none() =>
            {
                let pointers = self.chunk_pointers(space, &repr);
                self.load_chunks(&access, &pointers)
            }
            (_, repr @ (Repr::Affine { .. } | Repr::Bases(..))) if self.row(&repr, &access).is_some() => {
                let row = self.row(&repr, &access).expect("the guard looked");
                let pointers = self.chunk_pointers(space, &repr);
                self.prefetch_rows((data.args[0], &repr), &access, &pointers, &Why::Read);
                self.prefetch_next_block(data.args[0], &repr, &access, &pointers);
                match self.doubt(data.args[0]) {
                    None => self.load_row_of_memory(&access, row, &pointers),
                    Some(ext) => {
                        let exact = self.places(space, data.args[0]);
                        let ok = self.holds(ext);
                        self.either(
                            &ok,
                            ty,
                            access.count,
                            |e| e.load_row_of_memory(&access, row, &pointers),
                            |e| e.gather(&access, &exact),
                        )
                    }
                }
            }
            (_, repr) => match self.load_fours(&access, data.args[0], data.results[0]) {
                Some(columns) => columns,
                None => {
                    let places = self.irregular(space, data.args[0], &repr);
                    let one_by_one = |e: &mut Self| {
                        if let Some(columns) = e.load_groups(&access, data.args[0], &places) {
                            return columns;
                        }
                        if let Some(columns) = e.load_pattern(data.args[0], &access, &places) {
                            return columns;
                        }
                        match e.guess(data.args[0], &places, &access) {
                            Some(guess) => e.load_guessed(data.args[0], &access, guess, &places),
                            None => {
                                e.prefetch_walk(data.args[0], space, &places);
                                e.gather(&access, &places)
                            }
                        }
                    };
                    match self.turned(data.args[0], &access, &places) {
                        Some(groups) => self.load_turned(&access, (&groups, &places), one_by_one),
                        None => one_by_one(self),
                    }
                }
            },
        };
        self.fence_after(sem);
        for (&r, repr) in data.results.iter().zip(columns) {
            self.define(r, repr);
        }
    }

    /// Whether a value's shape rests on no conversion that may wrap.
    pub(super) fn plain(&self, value: Value) -> bool {
        self.doubt(value).is_none()
    }

    /// The conversion that a value's shape rests on, if it is not known to hold.
    fn doubt(&self, value: Value) -> Option<Value> {
        self.uni.origin(value).map(|o| o.ext).filter(|ext| !self.assumed.contains(ext))
    }

    /// Whether the lanes of a chunk access consecutive elements of `step` bytes.
    pub(super) fn is_unit(&self, repr: &Repr, step: i64) -> bool {
        let stride = match repr {
            Repr::Affine { stride, .. } | Repr::Bases(_, stride) => *stride,
            Repr::Scalar(_) | Repr::Vectors(_) => return false,
        };
        stride == step && self.lanes() > 1
    }

    /// A pointer to what the first lane of each chunk accesses; those of an affine address differ by constants.
    pub(super) fn chunk_pointers(&mut self, space: Space, repr: &Repr) -> Vec<String> {
        match repr {
            Repr::Affine { base, deltas, .. } => {
                let first = self.pointer(space, base);
                (0..self.chunks())
                    .map(|c| match deltas.0[c] {
                        0 => first.clone(),
                        d => self.ins(format!("getelementptr i8, ptr {first}, i64 {d}")),
                    })
                    .collect()
            }
            Repr::Scalar(s) => {
                let p = self.pointer(space, s);
                vec![p; self.chunks()]
            }
            Repr::Bases(b, _) | Repr::Vectors(b) => {
                b.clone().iter().map(|a| self.pointer(space, a)).collect()
            }
        }
    }

    /// The places of an access that is no row. `repr`: the address, with its window for `Local`.
    pub(super) fn irregular(&mut self, space: Space, addr: Value, repr: &Repr) -> Places {
        match repr {
            Repr::Affine { stride, .. } | Repr::Bases(_, stride)
                if space == Space::Local || self.plain(addr) =>
            {
                let steps = self.lane_constant(Type::I64, |lane| (*stride as u64).wrapping_mul(lane as u64));
                Places::steps(self.chunk_pointers(space, repr), steps, *stride)
            }
            _ if space == Space::Local => Places::addresses(self.repr_vectors(repr, Type::I64)),
            _ => self.places(space, addr),
        }
    }

    /// A sequentially consistent load orders like its fence; others need nothing before.
    fn fence_before_load(&mut self, sem: MemSem) {
        match sem.order {
            MemOrder::SeqCst => self.fence_before(sem),
            _ => self.compiler_fence(sem),
        }
    }

    /// One scalar load per element. `guard`: an i1 that says whether the address may be touched.
    fn load_scalars(&mut self, access: &Access, p: &str, guard: Option<&str>) -> Vec<String> {
        let p = match guard {
            Some(g) => self.ins(format!("select i1 {g}, ptr {p}, ptr %ctx")),
            None => p.to_string(),
        };
        let t = scalar_type(access.ty);
        let volatile = if access.sem.order == MemOrder::Weak { "" } else { "volatile " };
        let invariant = Self::invariant(access.space);
        // Guarded loads may read the context, whose alignment is 8.
        (0..access.count)
            .map(|k| {
                let p = if k == 0 {
                    p.clone()
                } else {
                    self.ins(format!("getelementptr i8, ptr {p}, i64 {}", k as u32 * access.ty.bytes()))
                };
                self.ins(format!("load {volatile}{t}, ptr {p}, align {}{invariant}", access.align))
            })
            .collect()
    }

    /// A scalar load per chunk, where a chunk without running lanes touches nothing.
    fn load_chunks(&mut self, access: &Access, pointers: &[String]) -> Vec<Repr> {
        let mut columns = vec![Vec::new(); access.count];
        for c in 0..self.chunks() {
            let guard = self.chunk_guard(c);
            for (k, v) in self.load_scalars(access, &pointers[c], guard.as_deref()).into_iter().enumerate() {
                columns[k].push(v);
            }
        }
        columns.into_iter().map(|c| Repr::Bases(c, 0)).collect()
    }

    /// Whether a chunk has a running lane; `None` when it surely has.
    fn chunk_guard(&mut self, chunk: usize) -> Option<String> {
        match self.exec.clone() {
            Exec::All => None,
            Exec::Masks(m) => Some(self.any(&m[chunk..=chunk])),
        }
    }

    /// Two ways to load, by whether the address is as regular as it looks. The second is the rare one.
    pub(super) fn either(
        &mut self,
        ok: &str,
        ty: Type,
        count: usize,
        regular: impl FnOnce(&mut Self) -> Vec<Repr>,
        irregular: impl FnOnce(&mut Self) -> Vec<Repr>,
    ) -> Vec<Repr> {
        let vt = self.vector_type(ty);
        let slots: Vec<Vec<String>> =
            (0..count).map(|_| (0..self.chunks()).map(|_| self.alloca(&vt)).collect()).collect();
        let (fast, slow, done) = (self.new_label("unit"), self.new_label("wraps"), self.new_label("loaded"));
        self.stmt(format!("br i1 {ok}, label %{fast}, label %{slow}, !prof !1"));
        let keep = |e: &mut Self, columns: Vec<Repr>| {
            for (repr, pointers) in columns.iter().zip(&slots) {
                let vectors = e.repr_vectors(repr, ty);
                for (p, v) in pointers.iter().zip(vectors) {
                    e.stmt(format!("store {vt} {v}, ptr {p}, align 64"));
                }
            }
            e.jump(&done);
        };
        self.place(&fast);
        let columns = regular(self);
        keep(self, columns);
        self.place(&slow);
        let columns = irregular(self);
        keep(self, columns);
        self.place(&done);
        slots
            .iter()
            .map(|pointers| {
                Repr::Vectors(
                    pointers.iter().map(|p| self.ins(format!("load {vt}, ptr {p}, align 64"))).collect(),
                )
            })
            .collect()
    }

    pub(super) fn masked_load(&mut self, ty: Type, n: u32, p: &str, align: u32, mask: &str) -> String {
        let t = self.memory_vector(ty, n);
        let suffix = format!("v{n}{}", intrinsic_suffix(ty));
        self.declare(format!("declare {t} @llvm.masked.load.{suffix}.p0(ptr, i32, <{n} x i1>, {t})"));
        self.ins(format!(
            "call {t} @llvm.masked.load.{suffix}.p0(ptr {p}, i32 {align}, <{n} x i1> {mask}, {t} zeroinitializer)"
        ))
    }

    pub(super) fn masked_store(&mut self, ty: Type, n: u32, value: &str, p: &str, align: u32, mask: &str) {
        let t = self.memory_vector(ty, n);
        let suffix = format!("v{n}{}", intrinsic_suffix(ty));
        self.declare(format!("declare void @llvm.masked.store.{suffix}.p0({t}, ptr, i32, <{n} x i1>)"));
        self.stmt(format!(
            "call void @llvm.masked.store.{suffix}.p0({t} {value}, ptr {p}, i32 {align}, <{n} x i1> {mask})"
        ));
    }

    pub fn emit_store(
        &mut self,
        data: &InstData,
        space: Space,
        ty: Type,
        count: u8,
        align: u32,
        sem: MemSem,
    ) {
        let access = Access { space, ty, count: count as usize, align: align.min(ty.bytes()).max(1), sem };
        self.fence_before(sem);
        let values = &data.args[1..];
        if let Some(row) = self.rows.and_then(|r| r.of(space, data.args[0])) {
            let columns: Vec<Vec<String>> = values.iter().map(|&v| self.vectors(v)).collect();
            self.store_row(data.args[0], &access, row, &columns);
            return self.stored(sem);
        }
        if self.store_held(data.args[0], &access, values) {
            return self.stored(sem);
        }
        let (shape, addr) = self.address(space, data.args[0]);
        let all_uniform = values
            .iter()
            .all(|&v| matches!(self.uni.shape_at(v, self.block), Shape::Uniform | Shape::Unknown));
        match (shape, addr) {
            (Shape::Uniform, Repr::Scalar(a)) if all_uniform => {
                let p = self.pointer(space, &a);
                let list: Vec<String> = values.iter().map(|&v| self.scalar(v)).collect();
                self.store_scalars(&access, &p, &list);
            }
            (_, repr @ (Repr::Affine { .. } | Repr::Bases(..))) if self.row(&repr, &access).is_some() => {
                let pitch = self.row(&repr, &access).expect("the guard looked");
                let b = self.chunk_pointers(space, &repr);
                let columns: Vec<Vec<String>> = values.iter().map(|&v| self.vectors(v)).collect();
                let Some(ext) = self.doubt(data.args[0]) else {
                    self.prefetch_stores((data.args[0], &repr), &access, &b);
                    self.store_rows((data.args[0], &repr), &access, pitch, &b, &columns);
                    return self.stored(sem);
                };
                let exact = self.places(space, data.args[0]);
                let (fast, slow, done) =
                    (self.new_label("unit"), self.new_label("wraps"), self.new_label("stored"));
                let ok = self.holds(ext);
                self.stmt(format!("br i1 {ok}, label %{fast}, label %{slow}, !prof !1"));
                self.place(&fast);
                self.store_rows((data.args[0], &repr), &access, pitch, &b, &columns);
                self.jump(&done);
                self.place(&slow);
                self.scatter(&access, &exact, &columns);
                self.jump(&done);
                self.place(&done);
            }
            (_, repr @ (Repr::Scalar(_) | Repr::Affine { stride: 0, .. } | Repr::Bases(_, 0)))
                if space == Space::Local || self.plain(data.args[0]) =>
            {
                let b = self.chunk_pointers(space, &repr);
                let columns: Vec<Vec<String>> = values.iter().map(|&v| self.vectors(v)).collect();
                self.store_last(&access, &b, &columns);
            }
            (_, repr) => {
                let places = self.irregular(space, data.args[0], &repr);
                let columns: Vec<Vec<String>> = values.iter().map(|&v| self.vectors(v)).collect();
                let one_by_one = |e: &mut Self| {
                    if e.store_in_groups(&access, data.args[0], &places, &columns)
                        || e.store_pattern(data.args[0], &access, &places, &columns)
                    {
                        return;
                    }
                    match e.guess(data.args[0], &places, &access) {
                        Some(guess) => e.store_guessed(data.args[0], &access, (guess, &places), &columns),
                        None => e.scatter(&access, &places, &columns),
                    }
                };
                match self.turned(data.args[0], &access, &places) {
                    Some(groups) => self.store_turned(&access, (&groups, &places), &columns[0], one_by_one),
                    None => one_by_one(self),
                }
            }
        }
        self.stored(sem);
    }

    /// What follows a store of this ordering.
    fn stored(&mut self, sem: MemSem) {
        if sem.order == MemOrder::SeqCst {
            self.stmt("fence seq_cst");
        }
        self.compiler_fence(sem);
    }

    pub(super) fn store_scalars(&mut self, access: &Access, p: &str, values: &[String]) {
        let t = scalar_type(access.ty);
        let volatile = if access.sem.order == MemOrder::Weak { "" } else { "volatile " };
        for (k, v) in values.iter().enumerate() {
            let p = if k == 0 {
                p.to_string()
            } else {
                self.ins(format!("getelementptr i8, ptr {p}, i64 {}", k as u32 * access.ty.bytes()))
            };
            self.stmt(format!("store {volatile}{t} {v}, ptr {p}, align {}", access.align));
        }
    }
}

/// The type part of an overloaded intrinsic's name.
pub(crate) fn intrinsic_suffix(ty: Type) -> String {
    match ty {
        Type::F16 => "f16".into(),
        Type::F32 => "f32".into(),
        Type::F64 => "f64".into(),
        int => format!("i{}", int.bits()),
    }
}
