//! Loads by which every four lanes read consecutive elements, each four from somewhere else: rows of fragments.
//!
//! Invariant: the addresses within four lanes differ exactly as found; all lanes run.

use super::memory::Access;
use super::{Emitter, Exec, Repr};
use analysis::Shape;
use ir::{Inst, MemOrder, Op, Space, Type, Value};

/// Steps of arithmetic that are looked at, from the address back.
const DEPTH: u32 = 12;

impl Emitter<'_> {
    /// An element of each lane, if the lanes lie so.
    pub(super) fn load_fours(&mut self, access: &Access, addr: Value, result: Value) -> Option<Vec<Repr>> {
        let lanes = self.lanes();
        let known = matches!(self.exec, Exec::All)
            && self.window.is_none()
            && lanes.is_multiple_of(4)
            && self.unit.layout.full()
            && self.unit.layout.width().is_multiple_of(32)
            && access.space != Space::Local
            && access.sem.order == MemOrder::Weak
            && access.count == 1
            && matches!(access.ty, Type::I32 | Type::F32);
        let step = i64::from(access.ty.bytes());
        if !known || self.steps_in_quad(addr, DEPTH)? != [0, step, 2 * step, 3 * step] {
            return None;
        }
        let ty = super::scalar_type(access.ty);
        let rows = self.rows_of_fragments(result);
        let mut chunks = Vec::new();
        for c in 0..self.chunks() {
            let mut parts = Vec::new();
            for quad in 0..lanes / 4 {
                let first = self.lane_scalar(addr, c as u32 * lanes + 4 * quad, DEPTH);
                let p = self.pointer(access.space, &first);
                let invariant = Self::invariant(access.space);
                for row in &rows {
                    self.fill_directly(row, (c, quad as usize), &p, access.align);
                }
                parts.push(self.ins(format!("load <4 x {ty}>, ptr {p}, align {}{invariant}", access.align)));
            }
            let mut width = 4;
            while parts.len() > 1 {
                let picks: Vec<String> = (0..2 * width).map(|i| format!("i32 {i}")).collect();
                let picks = picks.join(", ");
                let join = |p: &[String]| {
                    let (a, b) = (&p[0], &p[1]);
                    format!(
                        "shufflevector <{width} x {ty}> {a}, <{width} x {ty}> {b}, <{} x i32> <{picks}>",
                        2 * width
                    )
                };
                let joined: Vec<String> = parts.chunks(2).map(join).collect();
                parts = joined.into_iter().map(|text| self.ins(text)).collect();
                width *= 2;
            }
            // LLVM would keep the parts beside each other until a product's part is called; what is in tables is mostly
            // needed nowhere else.
            let whole = parts.pop();
            let pin = rows.is_empty();
            chunks.extend(whole.map(|whole| if pin { self.pin_whole(access.ty, whole) } else { whole }));
        }
        Some(vec![Repr::Vectors(chunks)])
    }

    /// How much the lanes of any four are beyond the first of them, modulo the type's width.
    fn steps_in_quad(&self, value: Value, depth: u32) -> Option<[i64; 4]> {
        let depth = depth.checked_sub(1)?;
        let ty = self.func.ty(value);
        if self.uni.shape_at(value, self.block).is_chunk_uniform() && self.plain(value) {
            return Some([0; 4]);
        }
        if let Shape::Affine { stride, .. } | Shape::Chunked(stride) = self.uni.shape_at(value, self.block)
            && self.plain(value)
        {
            return Some([0, stride, stride.wrapping_mul(2), stride.wrapping_mul(3)]);
        }
        if let Some(list) = self.known_lanes(value) {
            let of = |quad: &[u64]| std::array::from_fn(|i| quad[i].wrapping_sub(quad[0]) as i64);
            let steps: [i64; 4] = of(&list[..4]);
            return list.chunks(4).all(|quad| of(quad) == steps).then_some(steps);
        }
        let data = self.func.def_inst(value)?;
        match data.inst {
            Inst::Shfl(mode) if self.uni.def_block(value) == Some(self.block) => {
                let sources = self.known_sources(mode, data)?;
                sources.chunks(4).all(|quad| quad.iter().all(|s| s == &quad[0])).then_some([0; 4])
            }
            Inst::Pure { op, .. } => {
                let steps: Option<Vec<[i64; 4]>> =
                    data.args.iter().map(|&a| self.steps_in_quad(a, depth)).collect();
                let steps = steps?;
                match op {
                    Op::IAdd if ty == Type::I64 => {
                        Some(std::array::from_fn(|i| steps[0][i].wrapping_add(steps[1][i])))
                    }
                    _ => steps.iter().all(|s| *s == [0; 4]).then_some([0; 4]),
                }
            }
            _ => None,
        }
    }

    /// A lane's integer. What was exchanged comes from the table of the lanes, not out of a vector.
    fn lane_scalar(&mut self, value: Value, lane: u32, depth: u32) -> String {
        let ty = self.func.ty(value);
        if let Some(list) = self.known_lanes(value) {
            return (list[lane as usize] as i64).to_string();
        }
        let args = self.func.def_inst(value).map(|d| d.args.to_vec()).unwrap_or_default();
        let inst = self.func.def_inst(value).map(|d| d.inst);
        let shape = self.uni.shape_at(value, self.block);
        match inst {
            _ if shape.is_chunk_uniform() && self.plain(value) => {
                let repr = self.get(value);
                self.repr_bases(&repr, ty)[(lane / self.lanes()) as usize].clone()
            }
            Some(Inst::Pure { op: Op::IAdd, ty: Type::I64 }) if depth > 0 => {
                let a = self.lane_scalar(args[0], lane, depth - 1);
                let b = self.lane_scalar(args[1], lane, depth - 1);
                self.ins(format!("add i64 {a}, {b}"))
            }
            Some(Inst::Pure { op: Op::ZExt(Type::I32), ty: Type::I64 }) if depth > 0 => {
                let a = self.lane_scalar(args[0], lane, depth - 1);
                self.ins(format!("zext i32 {a} to i64"))
            }
            Some(Inst::Shfl(mode)) if self.uni.def_block(value) == Some(self.block) => {
                let data = self.func.def_inst(value).expect("an instruction, as above");
                match self.known_sources(mode, data) {
                    Some(sources) => self.table_element(args[0], lane / 32 * 32 + sources[lane as usize].0),
                    None => self.lane_of_vector(value, lane),
                }
            }
            _ => self.lane_of_vector(value, lane),
        }
    }

    fn lane_of_vector(&mut self, value: Value, lane: u32) -> String {
        let n = self.lanes();
        let vt = self.vector_type(self.func.ty(value));
        let chunk = self.vectors(value)[(lane / n) as usize].clone();
        self.ins(format!("extractelement {vt} {chunk}, i64 {}", lane % n))
    }
}
