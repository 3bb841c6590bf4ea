//! Loads that lie side by side in each thread: fields of a structure, steps of an unrolled loop. A gather for each would
//! fetch every lane's memory as often; they are done at once, 8 or 16 bytes a lane, and taken apart. Where the threads'
//! words lie side by side as well, as in an array of `float4`, the group is a row of memory (see [`super::strided`]).
//!
//! Invariant: a group's loads stand in one block with nothing between them that may change memory, and cover all the
//! bytes that are fetched, so that no lane touches what it would not have touched.

use super::gather::Places;
use super::guess::{DEPTH, Guess};
use super::memory::Access;
use super::{Emitter, Exec, Repr, scalar_type};
use analysis::Shape;
use ir::{Block, Inst, InstId, MemOrder, Space, Type, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Groups of the block being written: the first load to be reached fetches for all.
#[derive(Default)]
pub(crate) struct Adjacent {
    groups: Vec<Vec<InstId>>,
    of: FxHashMap<InstId, usize>,
    /// Words from a thread's to the next one's, for groups that are rows of memory.
    pitch: FxHashMap<usize, usize>,
    /// What has been fetched for loads that come later.
    fetched: FxHashMap<InstId, Vec<String>>,
}

/// Bytes of an element.
const ELEMENT: i64 = 4;
/// Regular steps from lane to lane up to this are better loaded as rows.
const ROW_STEP: i64 = 16;

impl Emitter<'_> {
    /// Finds the groups of a block.
    pub(super) fn find_adjacent(&mut self, block: Block) {
        self.adjacent = Adjacent::default();
        self.store_groups = Default::default();
        self.parts = Default::default();
        if !matches!(self.lanes(), 8 | 16) {
            return;
        }
        // By root of the address and space; in each, by offset.
        let mut open: BTreeMap<(Value, Space), BTreeMap<i64, InstId>> = BTreeMap::new();
        for &inst in &self.func.block(block).insts {
            let data = self.func.inst(inst);
            match data.inst {
                Inst::Load { space, ty: Type::I32 | Type::F32, count: 1, sem, .. }
                    if sem.order == MemOrder::Weak
                        && !self.held.is_some_and(|h| h.contains(data.args[0]))
                        && (self.scattered(space, data.args[0])
                            || self.pitch(space, data.args[0]).is_some()) =>
                {
                    let (root, offset) = self.root(data.args[0]);
                    open.entry((root, space)).or_default().entry(offset).or_insert(inst);
                }
                Inst::Load { sem, .. } if sem.order == MemOrder::Weak => {}
                // Shared memory is no part of global memory.
                Inst::Store { space: Space::Shared, sem, .. } if sem.order == MemOrder::Weak => {
                    let (global, others) = open.into_iter().partition(|((_, s), _)| *s == Space::Global);
                    open = others;
                    self.close_groups(&mut open);
                    open = global;
                }
                ref other if other.is_pure() => {}
                _ => self.close_groups(&mut open),
            }
        }
        self.close_groups(&mut open);
        self.find_parts(block);
        self.find_rows(block);
    }

    fn close_groups(&mut self, open: &mut BTreeMap<(Value, Space), BTreeMap<i64, InstId>>) {
        for loads in std::mem::take(open).into_values() {
            let list: Vec<(i64, InstId)> = loads.into_iter().collect();
            let mut at = 0;
            while at < list.len() {
                let run = list[at..].iter().zip(0..).take_while(|((o, _), k)| *o == list[at].0 + ELEMENT * k);
                let first = self.func.inst(list[at].1);
                let Inst::Load { space, .. } = first.inst else { return };
                let pitch = self.pitch(space, first.args[0]);
                let size = match (run.count(), pitch) {
                    (0 | 1, _) => 1,
                    (n, Some(pitch)) => n.min(pitch),
                    (2 | 3, None) => 2,
                    (_, None) => 4,
                };
                if size > 1 {
                    let members: Vec<InstId> = list[at..at + size].iter().map(|(_, inst)| *inst).collect();
                    let group = self.adjacent.groups.len();
                    self.adjacent.pitch.extend(pitch.map(|pitch| (group, pitch)));
                    self.adjacent.of.extend(members.iter().map(|&inst| (inst, group)));
                    self.adjacent.groups.push(members);
                }
                at += size;
            }
        }
    }

    /// Words from a thread's place to the next one's, if the threads leave room for a few words each.
    pub(super) fn pitch(&self, space: Space, addr: Value) -> Option<usize> {
        if !matches!(space, Space::Global | Space::Generic | Space::Shared) || !self.plain(addr) {
            return None;
        }
        match self.uni.shape_at(addr, self.block) {
            Shape::Affine { stride, .. } | Shape::Chunked(stride) => match stride {
                8 | 12 | 16 => Some(stride as usize / 4),
                _ => None,
            },
            Shape::Unknown | Shape::Uniform | Shape::Varying => None,
        }
    }

    /// Whether an address would be gathered from.
    pub(super) fn scattered(&self, space: Space, addr: Value) -> bool {
        if !matches!(space, Space::Global | Space::Generic | Space::Shared) {
            return false;
        }
        match self.uni.shape_at(addr, self.block) {
            Shape::Unknown | Shape::Uniform => false,
            Shape::Affine { stride, .. } | Shape::Chunked(stride) => !(0..=ROW_STEP).contains(&stride),
            // What may turn out to be a row is none where each thread reads several neighbours.
            Shape::Varying => self.guess_value(addr, DEPTH) != Some(Guess::Permuted),
        }
    }

    /// What an address is a constant away from.
    pub(super) fn root(&self, addr: Value) -> (Value, i64) {
        self.func.root_of(addr, |v| self.uni.def_block(v) == Some(self.block))
    }

    /// Emits a load that is part of a group. False if it is not.
    pub(super) fn emit_adjacent(&mut self, inst: InstId) -> bool {
        if let Some(column) = self.part_of_word(inst) {
            self.define(self.func.inst(inst).results[0], Repr::Vectors(column));
            return true;
        }
        let Some(&group) = self.adjacent.of.get(&inst) else { return false };
        let members = self.adjacent.groups[group].clone();
        let column = match self.adjacent.fetched.remove(&inst) {
            Some(column) => column,
            None => {
                let columns = match self.adjacent.pitch.get(&group) {
                    Some(&pitch) => self.fetch_row(&members, inst, pitch),
                    None => self.fetch(&members, inst),
                };
                self.adjacent.fetched.extend(members.iter().copied().zip(columns));
                self.adjacent.fetched.remove(&inst).unwrap_or_default()
            }
        };
        self.define(self.func.inst(inst).results[0], Repr::Vectors(column));
        true
    }

    /// The columns of a group that is a row of memory, each in the type of its load.
    fn fetch_row(&mut self, members: &[InstId], inst: InstId, pitch: usize) -> Vec<Vec<String>> {
        let data = self.func.inst(inst);
        let Inst::Load { space, align, sem, .. } = data.inst else { return Vec::new() };
        let back = members.iter().position(|&m| m == inst).unwrap_or(0) as i64 * ELEMENT;
        let repr = self.get(data.args[0]);
        let pointers: Vec<String> = self
            .chunk_pointers(space, &repr)
            .iter()
            .map(|p| {
                if back == 0 {
                    p.clone()
                } else {
                    self.ins(format!("getelementptr i8, ptr {p}, i64 -{back}"))
                }
            })
            .collect();
        let align = align.min(ELEMENT as u32);
        let access = Access { space, ty: Type::I32, count: members.len(), align, sem };
        let columns = self.load_row_of_memory(&access, pitch, &pointers);
        let lists = columns.iter().zip(members).map(|(column, &member)| {
            let ty = self.func.ty(self.func.inst(member).results[0]);
            let parts = self.repr_vectors(column, Type::I32);
            match ty {
                Type::F32 => {
                    let (n, vt) = (self.lanes(), self.vector_type(ty));
                    parts.iter().map(|part| self.ins(format!("bitcast <{n} x i32> {part} to {vt}"))).collect()
                }
                _ => parts,
            }
        });
        lists.collect()
    }

    /// The columns of a group, each in the type of its load. `inst`: the member that is reached first.
    fn fetch(&mut self, members: &[InstId], inst: InstId) -> Vec<Vec<String>> {
        let data = self.func.inst(inst);
        let Inst::Load { space, .. } = data.inst else { return Vec::new() };
        // The lowest address may be computed only further down.
        let back = members.iter().position(|&m| m == inst).unwrap_or(0) as i64 * ELEMENT;
        let repr = self.get(data.args[0]);
        let places = self.irregular(space, data.args[0], &repr);
        self.prefetch_walk(data.args[0], space, &places);
        let places = self.moved(places, -back);
        let mut columns = vec![Vec::new(); members.len()];
        for c in 0..self.chunks() {
            let parts = match members.len() {
                2 => self.fetch_pairs(space, &places, c),
                _ => self.fetch_quads(space, &places, c, ELEMENT as u32).0,
            };
            for ((column, part), &member) in columns.iter_mut().zip(parts).zip(members) {
                let ty = self.func.ty(self.func.inst(member).results[0]);
                let vt = self.vector_type(ty);
                let n = self.lanes();
                let part = match ty {
                    Type::F32 => self.ins(format!("bitcast <{n} x i32> {part} to {vt}")),
                    _ => part,
                };
                column.push(part);
            }
        }
        columns
    }

    /// Two elements of each lane, by a gather of both at once.
    fn fetch_pairs(&mut self, space: Space, places: &Places, chunk: usize) -> Vec<String> {
        let n = self.lanes();
        let mask = self.exec_mask(chunk);
        let both = match self.narrow_places(places, chunk, 0) {
            Some((base, index)) => self.gather_indexed(Type::I64, &base, &index, places.scale(), &mask),
            None => {
                let p = self.places_of_chunk(space, places, chunk, 0, Type::I64);
                self.gather_one(Type::I64, ELEMENT as u32, &p, &mask)
            }
        };
        let low = self.ins(format!("trunc <{n} x i64> {both} to <{n} x i32>"));
        let high = self.ins(format!("lshr <{n} x i64> {both}, splat (i64 32)"));
        let high = self.ins(format!("trunc <{n} x i64> {high} to <{n} x i32>"));
        vec![low, high]
    }

    /// Four elements of each lane: a load a lane, then 4 x 4 matrices are transposed. Gives what was loaded, too.
    fn fetch_quads(
        &mut self,
        space: Space,
        places: &Places,
        chunk: usize,
        align: u32,
    ) -> (Vec<String>, Vec<String>) {
        let n = self.lanes() as usize;
        let at: Vec<String> = match self.narrow_places(places, chunk, 0) {
            Some((base, index)) if matches!(self.exec, Exec::All) => {
                (0..n).map(|lane| self.place_indexed(&base, &index, lane, places.scale())).collect()
            }
            _ => self.places_by_lane(space, places, chunk),
        };
        let lanes: Vec<String> =
            at.iter().map(|at| self.ins(format!("load <4 x i32>, ptr {at}, align {align}"))).collect();
        // Row `r` holds lanes r, r + 4, r + 8, …: then columns come out in the order of lanes.
        let rows: Vec<String> = (0..4)
            .map(|r| {
                let list: Vec<String> = lanes.iter().skip(r).step_by(4).cloned().collect();
                self.concatenate(list)
            })
            .collect();
        (self.transposed_quads(Type::I32, &rows), lanes)
    }

    /// A pointer for each lane of a chunk; lanes that do not run read the context.
    pub(super) fn places_by_lane(&mut self, space: Space, places: &Places, chunk: usize) -> Vec<String> {
        let n = self.lanes() as usize;
        if let (Some((base, step)), Exec::All) = (places.regular(chunk), &self.exec) {
            let place = |lane: usize| format!("getelementptr i8, ptr {base}, i64 {}", lane as i64 * step);
            return (0..n).map(|lane| self.ins(place(lane))).collect();
        }
        let mut p = self.places_of_chunk(space, places, chunk, 0, Type::I32);
        if let Exec::Masks(m) = self.exec.clone() {
            let one = self.ins(format!("insertelement <{n} x ptr> poison, ptr %ctx, i64 0"));
            let safe = self.ins(format!(
                "shufflevector <{n} x ptr> {one}, <{n} x ptr> poison, <{n} x i32> zeroinitializer"
            ));
            p = self.ins(format!("select <{n} x i1> {}, <{n} x ptr> {p}, <{n} x ptr> {safe}", m[chunk]));
        }
        (0..n).map(|lane| self.ins(format!("extractelement <{n} x ptr> {p}, i64 {lane}"))).collect()
    }

    /// Vectors of four, one behind the other; their number is a power of two.
    fn concatenate(&mut self, mut parts: Vec<String>) -> String {
        let mut width = 4;
        while parts.len() > 1 {
            let picks: Vec<String> = (0..2 * width).map(|i| format!("i32 {i}")).collect();
            let picks = picks.join(", ");
            parts = parts
                .chunks(2)
                .map(|pair| {
                    self.ins(format!(
                        "shufflevector <{width} x i32> {}, <{width} x i32> {}, <{} x i32> <{picks}>",
                        pair[0],
                        pair[1],
                        2 * width
                    ))
                })
                .collect();
            width *= 2;
        }
        parts.swap_remove(0)
    }

    /// Gathers several elements a lane (`ld.v2`, `ld.v4`), if there is a better way than one by one.
    pub(super) fn gather_wide(&mut self, access: &Access, places: &Places) -> Option<Vec<Repr>> {
        let fits = matches!(access.ty, Type::I32 | Type::F32) && matches!(self.lanes(), 8 | 16);
        if !fits || !matches!(access.count, 2 | 4) {
            return None;
        }
        let mut columns = vec![Vec::new(); access.count];
        for c in 0..self.chunks() {
            let (parts, lanes) = match access.count {
                2 => (self.fetch_pairs(access.space, places, c), None),
                _ => {
                    let (parts, lanes) = self.fetch_quads(access.space, places, c, access.align);
                    (parts, Some(lanes))
                }
            };
            for (column, part) in columns.iter_mut().zip(parts) {
                let n = self.lanes();
                let part = match access.ty {
                    Type::F32 => {
                        self.ins(format!("bitcast <{n} x i32> {part} to <{n} x {}>", scalar_type(access.ty)))
                    }
                    _ => part,
                };
                column.push(part);
            }
            if let Some(lanes) = lanes {
                let key = columns.iter().map(|column| column[c].clone()).collect();
                self.whole_lanes.insert(key, lanes);
            }
        }
        Some(columns.into_iter().map(Repr::Vectors).collect())
    }
}
