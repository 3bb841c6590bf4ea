//! Sixteen bytes a lane (`ld.v4`, `st.v4`, `cp.async`) where two or four lanes lie side by side each (`analysis::groups`), as
//! where a tile's rows are filled: a load or store for each group. What goes from one to the other is never taken apart.
//!
//! Invariant: that the lanes lie so is checked, on the exact places of all of them; later lanes win where places overlap.

use super::gather::Places;
use super::memory::Access;
use super::product::vector;
use super::{Emitter, Exec, Repr, scalar_type};
use analysis::groups::{self, Groups};
use ir::{MemOrder, Type, Value};
use std::rc::Rc;

/// Lanes and words of a part: what is loaded from one place at most.
const LANES: usize = 4;
const WORDS: usize = 16;
/// Bytes of a lane.
const BYTES: i64 = 16;

/// What is known of groups of four and of two, once an access has asked.
pub(crate) type Known = [Option<Rc<Groups>>; 2];

impl Emitter<'_> {
    /// How many lanes are expected to lie side by side each.
    fn group(&mut self, addr: Value, access: &Access) -> Option<usize> {
        let fits = access.count == 4
            && matches!(access.ty, Type::I32 | Type::F32)
            && access.sem.order == MemOrder::Weak
            && access.space != ir::Space::Local
            && matches!(self.exec, Exec::All)
            && self.window.is_none()
            && self.lanes() == 16;
        if !fits {
            return None;
        }
        [4, 2].into_iter().enumerate().find_map(|(at, size)| {
            if self.groups[at].is_none() {
                let cfg = analysis::cfg::compute(self.func);
                let found = groups::compute(self.func, &cfg, self.uni, &self.unit.layout, size);
                self.groups[at] = Some(Rc::new(found));
            }
            self.groups[at].as_ref().is_some_and(|g| g.rises(addr, BYTES)).then_some(size)
        })
    }

    /// Whether each `size` lanes of all chunks lie side by side, `bytes` apart, as an i1; `None`: no index says so.
    pub(super) fn groups_hold(&mut self, places: &Places, size: usize, bytes: u64) -> Option<String> {
        let n = self.lanes() as usize;
        let wide = vector(n, Type::I64);
        let scale = u64::from(places.scale());
        let step = bytes.is_multiple_of(scale).then_some(bytes / scale)?;
        let steps = self.lane_constant(Type::I64, |lane| u64::from(lane) % size as u64 * step);
        let mut all: Option<String> = None;
        for index in places.indices().to_vec() {
            let first: Vec<String> = (0..n).map(|lane| format!("i32 {}", lane / size * size)).collect();
            let first = self.ins(format!(
                "shufflevector {wide} {index}, {wide} poison, <{n} x i32> <{}>",
                first.join(", ")
            ));
            let expected = self.ins(format!("add {wide} {first}, {steps}"));
            let same = self.ins(format!("icmp eq {wide} {index}, {expected}"));
            all = Some(match all {
                None => same,
                Some(before) => self.ins(format!("and <{n} x i1> {before}, {same}")),
            });
        }
        let bits = self.mask_bits(&all?);
        Some(self.ins(format!("icmp eq i{n} {bits}, -1")))
    }

    /// The columns of a load.
    pub(super) fn load_groups(&mut self, access: &Access, addr: Value, places: &Places) -> Option<Vec<Repr>> {
        let size = self.group(addr, access)?;
        let ok = self.groups_hold(places, size, BYTES as u64)?;
        let n = self.lanes() as usize;
        let slots: Vec<String> =
            (0..self.chunks()).map(|_| self.alloca(&format!("[{} x i32]", 4 * n))).collect();
        let (fast, slow, done) =
            (self.new_label("groups"), self.new_label("lanes"), self.new_label("loaded"));
        self.stmt(format!("br i1 {ok}, label %{fast}, label %{slow}, !prof !1"));
        let invariant = Self::invariant(access.space);
        let part = vector(4 * size, Type::I32);
        self.place(&fast);
        for (chunk, slot) in slots.iter().enumerate() {
            for lane in (0..n).step_by(size) {
                let p = self.place_of_lane(access.space, places, chunk, lane as u32);
                let words = self.ins(format!("load {part}, ptr {p}, align {}{invariant}", access.align));
                let to = self.offset(slot, lane * BYTES as usize);
                self.stmt(format!("store {part} {words}, ptr {to}, align 16"));
            }
        }
        self.jump(&done);
        self.place(&slow);
        for (chunk, slot) in slots.iter().enumerate() {
            let at = self.places_by_lane(access.space, places, chunk);
            for (lane, p) in at.iter().enumerate() {
                let words = self.ins(format!("load <4 x i32>, ptr {p}, align {}{invariant}", access.align));
                let to = self.offset(slot, lane * BYTES as usize);
                self.stmt(format!("store <4 x i32> {words}, ptr {to}, align 16"));
            }
        }
        self.jump(&done);
        self.place(&done);
        let mut columns = vec![Vec::new(); access.count];
        let (words, column_type) = (vector(WORDS, Type::I32), scalar_type(access.ty));
        for slot in &slots {
            let parts: Vec<String> = (0..n / LANES)
                .map(|part| {
                    let p = self.offset(slot, part * LANES * BYTES as usize);
                    self.ins(format!("load {words}, ptr {p}, align 16"))
                })
                .collect();
            let of_chunk: Vec<String> = self
                .columns_of_parts(&words, &parts)
                .into_iter()
                .map(|column| self.ins(format!("bitcast {words} {column} to <{n} x {column_type}>")))
                .collect();
            columns.iter_mut().zip(&of_chunk).for_each(|(column, part)| column.push(part.clone()));
            self.whole_parts.insert(of_chunk, parts);
        }
        Some(columns.into_iter().map(Repr::Vectors).collect())
    }

    /// Whether the columns were stored here.
    pub(super) fn store_in_groups(
        &mut self,
        access: &Access,
        addr: Value,
        places: &Places,
        columns: &[Vec<String>],
    ) -> bool {
        let Some(size) = self.group(addr, access) else { return false };
        let Some(ok) = self.groups_hold(places, size, BYTES as u64) else { return false };
        let n = self.lanes() as usize;
        let (fast, slow, done) =
            (self.new_label("groups"), self.new_label("lanes"), self.new_label("stored"));
        self.stmt(format!("br i1 {ok}, label %{fast}, label %{slow}, !prof !1"));
        self.place(&fast);
        let (words, part) = (vector(WORDS, Type::I32), vector(4 * size, Type::I32));
        for chunk in 0..self.chunks() {
            let of_chunk: Vec<String> = columns.iter().map(|column| column[chunk].clone()).collect();
            let parts = self.parts_of_chunk(access.ty, of_chunk);
            for lane in (0..n).step_by(size) {
                let whole = &parts[lane / LANES];
                let first = lane % LANES * 4;
                let picks: Vec<String> = (first..first + 4 * size).map(|i| format!("i32 {i}")).collect();
                let own = match size {
                    LANES => whole.clone(),
                    _ => self.ins(format!(
                        "shufflevector {words} {whole}, {words} poison, <{} x i32> <{}>",
                        4 * size,
                        picks.join(", ")
                    )),
                };
                let p = self.place_of_lane(access.space, places, chunk, lane as u32);
                self.stmt(format!("store {part} {own}, ptr {p}, align {}", access.align));
            }
        }
        self.jump(&done);
        self.place(&slow);
        self.scatter(access, places, columns);
        self.jump(&done);
        self.place(&done);
        true
    }

    /// Four lanes' words each, as they go to memory.
    pub(super) fn parts_of_chunk(&mut self, ty: Type, columns: Vec<String>) -> Vec<String> {
        if let Some(parts) = self.whole_parts.get(&columns) {
            return parts.clone();
        }
        let (t, words) = (vector(WORDS, ty), vector(WORDS, Type::I32));
        let parts = self.parts_of_columns(&t, &columns);
        parts.into_iter().map(|part| self.ins(format!("bitcast {t} {part} to {words}"))).collect()
    }
}
