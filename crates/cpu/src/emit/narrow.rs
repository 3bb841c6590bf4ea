//! Gathers and scatters by indices of 32 bits, half of what LLVM would make of the widened ones.
//!
//! LLVM finds the narrow form only while the widening stands next to the access, and moves it out of loops; so the
//! machine's own operations are written. Invariant: `base + scale * sext(index)` is what the widened index says.

use super::{Emitter, scalar_type};
use analysis::Shape;
use ir::{Inst, Op, Type, Value};

/// What an index of 64 bits was widened from.
pub(super) struct Narrow {
    /// Added to the base: unsigned indices lie half of their range further.
    pub bias: i64,
    /// A vector of i32 for each chunk, signed.
    pub indices: Vec<String>,
}

impl Emitter<'_> {
    /// The narrow form of an irregular index that is widened in this block.
    pub(super) fn narrow_index(&mut self, index: Value, scale: u32) -> Option<Narrow> {
        let data = self.func.def_inst(index)?;
        let signed = match data.inst {
            Inst::Pure { op: Op::SExt(Type::I32), ty: Type::I64 } => true,
            Inst::Pure { op: Op::ZExt(Type::I32), ty: Type::I64 } => false,
            _ => return None,
        };
        let here = self.uni.def_block(index) == Some(self.block);
        let irregular = self.uni.shape_at(index, self.block) == Shape::Varying;
        if !here || !irregular || !matches!(self.lanes(), 8 | 16) || !self.unit.target.has("avx512vl") {
            return None;
        }
        let operand = data.args[0];
        let mut indices = self.vectors(operand);
        if signed || self.is_small(operand) {
            return Some(Narrow { bias: 0, indices });
        }
        let n = self.lanes();
        for v in &mut indices {
            *v = self.ins(format!("xor <{n} x i32> {v}, splat (i32 -2147483648)"));
        }
        Some(Narrow { bias: i64::from(scale) << 31, indices })
    }

    /// Whether a number is surely less than 2^31.
    fn is_small(&self, value: Value) -> bool {
        let Some(data) = self.func.def_inst(value) else { return false };
        let constant = |k: usize| data.args.get(k).and_then(|&a| self.func.as_const(a));
        match data.inst {
            Inst::Pure { op, .. } => match op {
                Op::And => constant(1).is_some_and(|c| c < 1 << 31),
                Op::ShrU => constant(1).is_some_and(|c| (1..32).contains(&c)),
                Op::BfeU => constant(2).is_some_and(|c| c < 32),
                Op::Popc | Op::ZExt(Type::I8 | Type::I16) => true,
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the machine gathers and scatters elements of this type by narrow indices.
    pub(super) fn takes_narrow(ty: Type) -> bool {
        match ty {
            Type::I32 | Type::F32 | Type::I64 | Type::F64 => true,
            Type::I1 | Type::I8 | Type::I16 | Type::F16 | Type::BF16 => false,
        }
    }

    /// The parts that the machine does at once, by first lane and number of lanes.
    fn parts(&self, ty: Type) -> (u32, u32) {
        let lanes = if ty.bytes() == 8 { 8 } else { self.lanes() };
        (self.lanes() / lanes, lanes)
    }

    /// Lanes `part * n ..` of a vector.
    fn part_of(&mut self, element: &str, vector: &str, part: u32, n: u32) -> String {
        let all = self.lanes();
        if n == all {
            return vector.to_string();
        }
        let picks: Vec<String> = (part * n..(part + 1) * n).map(|i| format!("i32 {i}")).collect();
        self.ins(format!(
            "shufflevector <{all} x {element}> {vector}, <{all} x {element}> poison, <{n} x i32> <{}>",
            picks.join(", ")
        ))
    }

    /// The machine's name of an operation on `n` elements.
    fn name(what: &str, ty: Type, n: u32) -> String {
        let float = ty.is_float();
        let wide = ty.bytes() == 8;
        match (wide, n) {
            (false, 16) => format!("mask.{what}.dp{}.512", if float { "s" } else { "i" }),
            (true, _) => format!("mask.{what}.dp{}.512", if float { "d" } else { "q" }),
            (false, _) => {
                let what = if what == "gather" { "gather3" } else { what };
                format!("mask.{what}siv8.s{}", if float { "f" } else { "i" })
            }
        }
    }

    /// The elements at `base + scale * index` of a chunk, zero where the mask is off.
    pub(super) fn gather_indexed(
        &mut self,
        ty: Type,
        base: &str,
        index: &str,
        scale: u32,
        mask: &str,
    ) -> String {
        let (parts, n) = self.parts(ty);
        let (t, st) = (format!("<{n} x {}>", scalar_type(ty)), scalar_type(ty));
        let name = Self::name("gather", ty, n);
        self.declare(format!("declare {t} @llvm.x86.avx512.{name}({t}, ptr, <{n} x i32>, <{n} x i1>, i32)"));
        let mut list: Vec<String> = Vec::new();
        for part in 0..parts {
            let index = self.part_of("i32", index, part, n);
            let mask = self.mask_part(mask, part, n);
            list.push(self.ins(format!(
                "call {t} @llvm.x86.avx512.{name}({t} zeroinitializer, ptr {base}, <{n} x i32> {index}, <{n} x i1> {mask}, i32 {scale})"
            )));
        }
        if parts == 1 {
            return list.swap_remove(0);
        }
        let picks: Vec<String> = (0..2 * n).map(|i| format!("i32 {i}")).collect();
        self.ins(format!(
            "shufflevector <{n} x {st}> {}, <{n} x {st}> {}, <{} x i32> <{}>",
            list[0],
            list[1],
            2 * n,
            picks.join(", ")
        ))
    }

    /// Stores a chunk's elements at `base + scale * index`, the lowest lane first.
    pub(super) fn scatter_indexed(
        &mut self,
        ty: Type,
        value: &str,
        base: &str,
        (index, scale): (&str, u32),
        mask: &str,
    ) {
        let (parts, n) = self.parts(ty);
        let st = scalar_type(ty);
        let t = format!("<{n} x {st}>");
        let name = Self::name("scatter", ty, n);
        self.declare(format!("declare void @llvm.x86.avx512.{name}(ptr, <{n} x i1>, <{n} x i32>, {t}, i32)"));
        for part in 0..parts {
            let index = self.part_of("i32", index, part, n);
            let value = self.part_of(st, value, part, n);
            let mask = self.mask_part(mask, part, n);
            self.stmt(format!(
                "call void @llvm.x86.avx512.{name}(ptr {base}, <{n} x i1> {mask}, <{n} x i32> {index}, {t} {value}, i32 {scale}) nounwind willreturn memory(write)"
            ));
        }
    }

    fn mask_part(&mut self, mask: &str, part: u32, n: u32) -> String {
        // Names and lists of bits have a length; `splat` and `zeroinitializer` fit any.
        if mask.starts_with(['%', '<']) { self.part_of("i1", mask, part, n) } else { mask.to_string() }
    }

    /// A pointer to what a lane accesses.
    pub(super) fn place_indexed(&mut self, base: &str, index: &str, lane: usize, scale: u32) -> String {
        let n = self.lanes();
        let one = self.ins(format!("extractelement <{n} x i32> {index}, i64 {lane}"));
        let wide = self.ins(format!("sext i32 {one} to i64"));
        self.ins(format!("getelementptr i{}, ptr {base}, i64 {wide}", 8 * scale))
    }
}
