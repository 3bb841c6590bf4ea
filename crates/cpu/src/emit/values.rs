//! Values: constants, materialisation from one representation to another, and storage across blocks.

use super::block::emit_inst;
use super::pure::Form;
use super::window::Access;
use super::{Emitter, Exec, Repr, Storage, StorageKind, scalar_type};
use analysis::Shape;
use ir::{Inst, Type, Value, ValueDef};

/// A constant as an LLVM operand of the scalar type.
pub(crate) fn constant(ty: Type, bits: u64) -> String {
    match ty {
        Type::I1 => (if bits & 1 != 0 { "true" } else { "false" }).to_string(),
        Type::I8 => (bits as u8 as i8).to_string(),
        Type::I16 | Type::BF16 => (bits as u16 as i16).to_string(),
        Type::I32 => (bits as u32 as i32).to_string(),
        Type::I64 => (bits as i64).to_string(),
        Type::F16 => format!("0xH{:04X}", bits as u16),
        // LLVM writes floats as doubles; NaNs keep their payload through this conversion.
        Type::F32 => format!("0x{:016X}", f32_as_f64_bits(bits as u32)),
        Type::F64 => format!("0x{bits:016X}"),
    }
}

fn f32_as_f64_bits(bits: u32) -> u64 {
    let value = f32::from_bits(bits);
    if value.is_nan() {
        let sign = (bits as u64 >> 31) << 63;
        return sign | 0x7ff0_0000_0000_0000 | ((bits as u64 & 0x7f_ffff) << 29);
    }
    (value as f64).to_bits()
}

impl Emitter<'_> {
    /// How `value` is held, loaded from its storage if another block defined it.
    pub fn get(&mut self, value: Value) -> Repr {
        if let Some(repr) = self.current.get(&value) {
            return repr.clone();
        }
        if let ValueDef::Result(inst, _) = self.func.def(value)
            && self.late.remove(&inst)
        {
            emit_inst(self, inst);
            return self.current.get(&value).cloned().unwrap_or_else(|| self.lost(value));
        }
        if let Some(bits) = self.func.as_const(value) {
            return Repr::Scalar(constant(self.func.ty(value), bits));
        }
        let ty = self.func.ty(value);
        let repr = if let Some(repr) = self.of_gang(value) {
            match repr {
                Repr::Affine { base, stride, deltas } => self.affine_in_window(ty, base, stride, deltas),
                other => other,
            }
        } else if self.uni.blended(value, self.block) {
            let Some(pointers) = self.blended.get(&value).cloned() else {
                return self.lost(value);
            };
            let vt = self.vector_type(ty);
            let pointers = self.in_window(&pointers, (Form::Vector, ty), Access::Read);
            Repr::Vectors(self.load_all(&pointers, &vt))
        } else {
            let Some(storage) = self.storage.get(&value).cloned() else {
                return self.lost(value);
            };
            match storage.kind {
                StorageKind::Scalar => {
                    Repr::Scalar(self.load_all(&storage.pointers, scalar_type(ty)).remove(0))
                }
                StorageKind::Affine { stride, deltas } => {
                    let base = self.load_all(&storage.pointers, scalar_type(ty)).remove(0);
                    self.affine_in_window(ty, base, stride, deltas)
                }
                StorageKind::Bases(s) => {
                    let pointers = self.in_window(&storage.pointers, (Form::Scalar, ty), Access::Read);
                    Repr::Bases(self.load_all(&pointers, scalar_type(ty)), s)
                }
                StorageKind::Vectors => {
                    let vt = self.vector_type(ty);
                    let pointers = self.in_window(&storage.pointers, (Form::Vector, ty), Access::Read);
                    Repr::Vectors(self.load_all(&pointers, &vt))
                }
            }
        };
        self.current.insert(value, repr.clone());
        repr
    }

    /// An invariant is broken: refuse the function instead of emitting nonsense.
    fn lost(&mut self, value: Value) -> Repr {
        let name = self.func.name.clone();
        self.refuse(format!("internal: {value} of {name} is not available in {}", self.block));
        Repr::Scalar("poison".into())
    }

    fn load_all(&mut self, pointers: &[String], ty: &str) -> Vec<String> {
        pointers.iter().map(|p| self.ins(format!("load {ty}, ptr {p}, align 64"))).collect()
    }

    /// The scalar of a uniform value.
    pub fn scalar(&mut self, value: Value) -> String {
        match self.get(value) {
            Repr::Scalar(s) => s,
            // The difference of two affine values is uniform: that of their bases.
            Repr::Affine { base, .. } => base,
            Repr::Bases(..) | Repr::Vectors(_) => {
                self.refuse(format!("internal: {value} is not uniform"));
                "poison".into()
            }
        }
    }

    /// A scalar per chunk: the value of a uniform one, the base of an affine one.
    pub fn bases(&mut self, value: Value) -> Vec<String> {
        match self.get(value) {
            Repr::Vectors(_) => {
                self.refuse(format!("internal: {value} is not affine"));
                vec!["poison".into(); self.chunks()]
            }
            repr => self.repr_bases(&repr, self.func.ty(value)),
        }
    }

    /// A representation other than vectors as a scalar per chunk.
    pub fn repr_bases(&mut self, repr: &Repr, ty: Type) -> Vec<String> {
        match repr {
            Repr::Scalar(s) => vec![s.clone(); self.chunks()],
            Repr::Bases(b, _) => b.clone(),
            Repr::Affine { base, deltas, .. } => (0..self.chunks())
                .map(|c| match deltas.0[c] {
                    0 => base.clone(),
                    d => self.ins(format!("add {} {base}, {}", scalar_type(ty), constant(ty, d as u64))),
                })
                .collect(),
            Repr::Vectors(v) => v.clone(),
        }
    }

    /// A vector per chunk, whatever the value's shape.
    pub fn vectors(&mut self, value: Value) -> Vec<String> {
        if let Some(v) = self.vectors.get(&value) {
            return v.clone();
        }
        let ty = self.func.ty(value);
        let repr = self.get(value);
        let vectors = self.exact_vectors(value, &repr, ty);
        self.vectors.insert(value, vectors.clone());
        vectors
    }

    /// Vectors of a value whose affine shape may rest on a conversion: exact even where that wraps.
    fn exact_vectors(&mut self, value: Value, repr: &Repr, ty: Type) -> Vec<String> {
        let vectors = self.repr_vectors(repr, ty);
        let (Repr::Affine { .. } | Repr::Bases(..), Some(origin)) = (repr, self.uni.origin(value)) else {
            return vectors;
        };
        let vt = self.vector_type(Type::I64);
        let exact = self.conversion(origin.ext);
        let ext_repr = self.get(origin.ext);
        if origin.ext == value {
            return exact;
        }
        let assumed = self.repr_vectors(&ext_repr, Type::I64);
        (0..self.chunks())
            .map(|c| {
                let error = self.ins(format!("sub {vt} {}, {}", exact[c], assumed[c]));
                let error = self.ins(format!("mul {vt} {error}, splat (i64 {})", origin.mult));
                self.ins(format!("add {vt} {}, {error}", vectors[c]))
            })
            .collect()
    }

    /// A widening conversion lane by lane.
    fn conversion(&mut self, ext: Value) -> Vec<String> {
        let n = self.lanes();
        let Some(data) = self.func.def_inst(ext) else { return vec!["poison".into(); self.chunks()] };
        let opcode = match data.inst {
            Inst::Pure { op: ir::Op::SExt(_), .. } => "sext",
            _ => "zext",
        };
        let narrow = self.vectors(data.args[0]);
        narrow.iter().map(|v| self.ins(format!("{opcode} <{n} x i32> {v} to <{n} x i64>"))).collect()
    }

    /// Whether a conversion's operand wraps within no chunk, so that what rests on it is affine; as an i1.
    pub fn holds(&mut self, ext: Value) -> String {
        let Some(data) = self.func.def_inst(ext) else { return "false".into() };
        let signed = matches!(data.inst, Inst::Pure { op: ir::Op::SExt(_), .. });
        // The operand's lowest and highest lane of each base.
        let mut ends: Vec<(String, i64)> = Vec::new();
        let lanes = self.lanes() as i64;
        match (self.shape(ext), self.get(ext)) {
            (Shape::Affine { stride, deltas }, Repr::Affine { base, .. }) => {
                let used = &deltas.0[..self.chunks()];
                let offsets = used.iter().flat_map(|d| [*d, d.wrapping_add(stride.wrapping_mul(lanes - 1))]);
                let (low, high) = offsets.fold((i64::MAX, i64::MIN), |(l, h), o| (l.min(o), h.max(o)));
                ends.push((base.clone(), low));
                ends.push((base, high));
            }
            (Shape::Chunked(stride), Repr::Bases(bases, _)) => {
                let reach = stride.wrapping_mul(lanes - 1);
                ends.extend(bases.into_iter().map(|b| (b, reach)));
            }
            _ => return "false".into(),
        }
        let mut all: Option<String> = None;
        for (base, reach) in ends {
            let last = self.ins(format!("add i64 {base}, {reach}"));
            let ok = if signed {
                let narrow = self.ins(format!("trunc i64 {last} to i32"));
                let wide = self.ins(format!("sext i32 {narrow} to i64"));
                self.ins(format!("icmp eq i64 {wide}, {last}"))
            } else {
                self.ins(format!("icmp ult i64 {last}, 4294967296"))
            };
            all = Some(match all {
                None => ok,
                Some(a) => self.ins(format!("and i1 {a}, {ok}")),
            });
        }
        all.unwrap_or_else(|| "true".into())
    }

    /// A representation as vectors.
    pub fn repr_vectors(&mut self, repr: &Repr, ty: Type) -> Vec<String> {
        match repr {
            Repr::Scalar(s) => {
                let v = self.splat(ty, s);
                vec![v; self.chunks()]
            }
            Repr::Affine { base, stride, deltas } => {
                let base = self.splat(ty, base);
                let vt = self.vector_type(ty);
                (0..self.chunks())
                    .map(|c| {
                        let steps = self.lane_constant(ty, |lane| {
                            (deltas.0[c] as u64).wrapping_add((*stride as u64).wrapping_mul(lane as u64))
                        });
                        self.ins(format!("add {vt} {base}, {steps}"))
                    })
                    .collect()
            }
            Repr::Bases(bases, stride) => {
                bases.clone().iter().map(|b| self.affine_vector(ty, b, *stride)).collect()
            }
            Repr::Vectors(v) => v.clone(),
        }
    }

    /// A scalar in all lanes.
    pub fn splat(&mut self, ty: Type, scalar: &str) -> String {
        self.splat_n(self.lanes(), scalar_type(ty), scalar)
    }

    pub fn splat_n(&mut self, n: u32, ty: &str, scalar: &str) -> String {
        if !scalar.starts_with('%') {
            return format!("splat ({ty} {scalar})");
        }
        let one = self.ins(format!("insertelement <{n} x {ty}> poison, {ty} {scalar}, i64 0"));
        self.ins(format!(
            "shufflevector <{n} x {ty}> {one}, <{n} x {ty}> poison, <{n} x i32> zeroinitializer"
        ))
    }

    /// `base + stride * lane` as a vector.
    pub fn affine_vector(&mut self, ty: Type, base: &str, stride: i64) -> String {
        let base = self.splat(ty, base);
        if stride == 0 {
            return base;
        }
        let steps = self.lane_constant(ty, |lane| (stride as u64).wrapping_mul(lane as u64));
        let vt = self.vector_type(ty);
        self.ins(format!("add {vt} {base}, {steps}"))
    }

    /// A constant vector.
    pub fn lane_constant(&self, ty: Type, f: impl Fn(u32) -> u64) -> String {
        let list: Vec<String> = (0..self.lanes())
            .map(|l| format!("{} {}", scalar_type(ty), constant(ty, f(l) & ty.mask())))
            .collect();
        format!("<{}>", list.join(", "))
    }

    /// Makes `value` known in this block and stores it for the others.
    pub fn define(&mut self, value: Value, repr: Repr) {
        let repr = self.fit(value, repr);
        if let Some(storage) = self.storage.get(&value).cloned() {
            self.store_repr(value, &storage, &repr);
        }
        if let Some(pointers) = self.blended.get(&value).cloned() {
            let ty = self.func.ty(value);
            self.current.insert(value, repr.clone());
            let vectors = self.exact_vectors(value, &repr, ty);
            let exec = self.exec.clone();
            let pointers = self.in_window(&pointers, (Form::Vector, ty), Access::Write);
            self.blend_store(&pointers, &vectors, ty, &exec);
        }
        self.current.insert(value, repr);
    }

    /// Brings a representation to what the value's shape says, so that all users agree. More regular is made less
    /// regular, never the other way round.
    fn fit(&mut self, value: Value, repr: Repr) -> Repr {
        let ty = self.func.ty(value);
        let vt = self.vector_type(ty);
        match (self.uni.shape(value), repr) {
            // One thread per gang: everything is a scalar, however it was computed.
            (Shape::Uniform, Repr::Vectors(v)) if self.unit.layout.width() == 1 => {
                Repr::Scalar(self.ins(format!("extractelement {vt} {}, i64 0", v[0])))
            }
            (Shape::Uniform, Repr::Bases(b, _)) if self.unit.layout.width() == 1 => {
                Repr::Scalar(b[0].clone())
            }
            (Shape::Uniform, Repr::Affine { base, .. }) => Repr::Scalar(base),
            (Shape::Varying, r @ (Repr::Scalar(_) | Repr::Affine { .. } | Repr::Bases(..))) => {
                Repr::Vectors(self.repr_vectors(&r, ty))
            }
            (Shape::Chunked(s), r @ (Repr::Scalar(_) | Repr::Affine { .. })) => {
                Repr::Bases(self.repr_bases(&r, ty), s)
            }
            (_, r) => r,
        }
    }

    /// Stores into plain storage, converting to its kind.
    pub fn store_repr(&mut self, value: Value, storage: &Storage, repr: &Repr) {
        let ty = self.func.ty(value);
        let (lty, parts) = match (storage.kind, repr) {
            (StorageKind::Scalar, Repr::Scalar(s)) => (scalar_type(ty).to_string(), vec![s.clone()]),
            (StorageKind::Affine { .. }, Repr::Affine { base, .. }) => {
                (scalar_type(ty).to_string(), vec![base.clone()])
            }
            (StorageKind::Bases(_), r @ (Repr::Scalar(_) | Repr::Affine { .. } | Repr::Bases(..))) => {
                (scalar_type(ty).to_string(), self.repr_bases(r, ty))
            }
            (StorageKind::Vectors, r) => (self.vector_type(ty), self.repr_vectors(&r.clone(), ty)),
            (StorageKind::Scalar, Repr::Affine { base, .. }) => {
                (scalar_type(ty).to_string(), vec![base.clone()])
            }
            (StorageKind::Scalar | StorageKind::Affine { .. } | StorageKind::Bases(_), _) => {
                self.refuse(format!("internal: {value} does not fit its storage"));
                return;
            }
        };
        let pointers = match storage.kind {
            StorageKind::Scalar | StorageKind::Affine { .. } => storage.pointers.clone(),
            StorageKind::Bases(_) => self.in_window(&storage.pointers, (Form::Scalar, ty), Access::Write),
            StorageKind::Vectors => self.in_window(&storage.pointers, (Form::Vector, ty), Access::Write),
        };
        for (p, v) in pointers.iter().zip(parts) {
            self.stmt(format!("store {lty} {v}, ptr {p}, align 64"));
        }
    }

    /// Stores `vectors` in the lanes of `mask`, keeping the others.
    pub fn blend_store(&mut self, pointers: &[String], vectors: &[String], ty: Type, mask: &Exec) {
        let vt = self.vector_type(ty);
        let lanes = self.lanes();
        for (c, p) in pointers.iter().enumerate() {
            let new = match mask {
                Exec::All => vectors[c].clone(),
                Exec::Masks(m) => {
                    let old = self.ins(format!("load {vt}, ptr {p}, align 64"));
                    self.ins(format!("select <{lanes} x i1> {}, {vt} {}, {vt} {old}", m[c], vectors[c]))
                }
            };
            self.stmt(format!("store {vt} {new}, ptr {p}, align 64"));
        }
    }

    /// Allocates storage for a value that crosses blocks.
    pub fn add_storage(&mut self, value: Value, shape: Shape) {
        let ty = self.func.ty(value);
        let (kind, lty, n) = match shape {
            Shape::Uniform | Shape::Unknown => (StorageKind::Scalar, scalar_type(ty).to_string(), 1),
            Shape::Affine { stride, deltas } => {
                (StorageKind::Affine { stride, deltas }, scalar_type(ty).to_string(), 1)
            }
            Shape::Chunked(s) => (StorageKind::Bases(s), scalar_type(ty).to_string(), self.chunks()),
            Shape::Varying => (StorageKind::Vectors, self.vector_type(ty), self.chunks()),
        };
        let pointers = (0..n).map(|_| self.zeroed_alloca(&lty)).collect();
        self.storage.insert(value, Storage { kind, pointers });
    }

    pub fn add_blended(&mut self, value: Value) {
        let lty = self.vector_type(self.func.ty(value));
        let pointers = (0..self.chunks()).map(|_| self.zeroed_alloca(&lty)).collect();
        self.blended.insert(value, pointers);
    }

    /// Whether a value is a constant, which needs no storage.
    pub fn is_constant(&self, value: Value) -> bool {
        matches!(self.func.def(value), ValueDef::Result(i, _) if matches!(self.func.inst(i).inst, Inst::Const { .. }))
    }

    /// The execution mask of a chunk as an operand.
    pub fn exec_mask(&mut self, chunk: usize) -> String {
        match &self.exec {
            Exec::All => "splat (i1 true)".into(),
            Exec::Masks(m) => m[chunk].clone(),
        }
    }

    /// A mask as an integer of `lanes` bits.
    pub fn mask_bits(&mut self, mask: &str) -> String {
        let n = self.lanes();
        self.ins(format!("bitcast <{n} x i1> {mask} to i{n}"))
    }

    /// Whether any lane of any chunk is on, as an i1.
    pub fn any(&mut self, masks: &[String]) -> String {
        let n = self.lanes();
        let mut all = masks[0].clone();
        for m in &masks[1..] {
            all = self.ins(format!("or <{n} x i1> {all}, {m}"));
        }
        let bits = self.mask_bits(&all);
        self.ins(format!("icmp ne i{n} {bits}, 0"))
    }
}
