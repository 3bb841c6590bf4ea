//! Stores of several words a lane (`st.v2`, `st.v4`) whose lanes lie anywhere: a store a lane, or one for four lanes that
//! turn out to lie side by side, as in a fragment of a matrix. A scatter would write word by word.
//!
//! Invariant: all lanes run, and later lanes win where places overlap.

use super::gather::Places;
use super::memory::Access;
use super::product::vector;
use super::{Emitter, Exec};
use ir::{Inst, Type};

impl Emitter<'_> {
    /// Whether the columns were stored here.
    pub(super) fn scatter_wide(&mut self, access: &Access, places: &Places, columns: &[Vec<String>]) -> bool {
        let fits = matches!(access.ty, Type::I32 | Type::F32)
            && matches!(self.lanes(), 8 | 16)
            && matches!(self.exec, Exec::All);
        match access.count {
            4 if fits => {
                for chunk in 0..self.chunks() {
                    let of_chunk: Vec<String> = columns.iter().map(|column| column[chunk].clone()).collect();
                    let lanes = self.lanes_of_columns(access.ty, of_chunk);
                    let at = self.places_by_lane(access.space, places, chunk);
                    for (lane, p) in lanes.iter().zip(at) {
                        let ty = if lane.0 { vector(4, Type::I32) } else { vector(4, access.ty) };
                        self.stmt(format!("store {ty} {}, ptr {p}, align {}", lane.1, access.align));
                    }
                }
                true
            }
            2 if fits && self.multiplies() && 8 % places.scale() == 0 => {
                self.scatter_pairs(access, places, columns);
                true
            }
            _ => false,
        }
    }

    /// Whether the function has matrix products.
    pub(super) fn multiplies(&self) -> bool {
        self.func.insts.iter().any(|data| matches!(data.inst, Inst::Product { .. }))
    }

    /// Four words of each lane, and whether they are integers as they were loaded.
    fn lanes_of_columns(&mut self, ty: Type, columns: Vec<String>) -> Vec<(bool, String)> {
        if let Some(lanes) = self.whole_lanes.get(&columns) {
            return lanes.iter().map(|lane| (true, lane.clone())).collect();
        }
        let n = self.lanes() as usize;
        if let Some(parts) = self.whole_parts.get(&columns).cloned() {
            let part = vector(16, Type::I32);
            let lane = |(part_of, lane): (&String, usize)| {
                let picks: Vec<String> = (4 * lane..4 * lane + 4).map(|i| format!("i32 {i}")).collect();
                let picks = picks.join(", ");
                (
                    true,
                    self.ins(format!("shufflevector {part} {part_of}, {part} poison, <4 x i32> <{picks}>")),
                )
            };
            return parts.iter().flat_map(|part| (0..4).map(move |lane| (part, lane))).map(lane).collect();
        }
        let rows = self.transposed_quads(ty, &columns);
        let wide = vector(n, ty);
        (0..n)
            .map(|lane| {
                let picks: Vec<String> = (0..4).map(|i| format!("i32 {}", lane / 4 * 4 + i)).collect();
                let four = format!(
                    "shufflevector {wide} {}, {wide} poison, <4 x i32> <{}>",
                    rows[lane % 4],
                    picks.join(", ")
                );
                (false, self.ins(four))
            })
            .collect()
    }

    /// Two words a lane. Where every four lanes lie side by side it takes a store for each four.
    fn scatter_pairs(&mut self, access: &Access, places: &Places, columns: &[Vec<String>]) {
        let n = self.lanes() as usize;
        let Some(ok) = self.groups_hold(places, 4, 8) else {
            return self.scatter_words(access, places, columns);
        };
        let (fours, anywhere, done) =
            (self.new_label("fours"), self.new_label("anywhere"), self.new_label("stored"));
        self.stmt(format!("br i1 {ok}, label %{fours}, label %{anywhere}, !prof !1"));
        self.place(&fours);
        let (t, four) = (vector(n, access.ty), vector(8, access.ty));
        for chunk in 0..self.chunks() {
            let (low, high) = (columns[0][chunk].clone(), columns[1][chunk].clone());
            for quad in 0..n / 4 {
                let picks: Vec<String> =
                    (0..8).map(|i| format!("i32 {}", 4 * quad + i / 2 + i % 2 * n)).collect();
                let words = self
                    .ins(format!("shufflevector {t} {low}, {t} {high}, <8 x i32> <{}>", picks.join(", ")));
                let p = self.place_of_lane(access.space, places, chunk, 4 * quad as u32);
                self.stmt(format!("store {four} {words}, ptr {p}, align {}", access.align));
            }
        }
        self.jump(&done);
        self.place(&anywhere);
        self.scatter_words(access, places, columns);
        self.jump(&done);
        self.place(&done);
    }

    /// 4 x 4 matrices of each four lanes of four vectors, transposed.
    pub(super) fn transposed_quads(&mut self, ty: Type, rows: &[String]) -> Vec<String> {
        let n = self.lanes() as usize;
        let t = vector(n, ty);
        let mut mix = |a: &str, b: &str, picks: [usize; 4]| {
            // Below 4: of the block of `a`; from 4 on: of that of `b`.
            let list: Vec<String> = (0..n)
                .map(|i| {
                    let (block, pick) = (i / 4 * 4, picks[i % 4]);
                    format!("i32 {}", if pick < 4 { block + pick } else { n + block + pick - 4 })
                })
                .collect();
            self.ins(format!("shufflevector {t} {a}, {t} {b}, <{n} x i32> <{}>", list.join(", ")))
        };
        let (low, high) = ([0, 4, 1, 5], [2, 6, 3, 7]);
        let (a, b) = (mix(&rows[0], &rows[1], low), mix(&rows[2], &rows[3], low));
        let (c, d) = (mix(&rows[0], &rows[1], high), mix(&rows[2], &rows[3], high));
        let (even, odd) = ([0, 1, 4, 5], [2, 3, 6, 7]);
        vec![mix(&a, &b, even), mix(&a, &b, odd), mix(&c, &d, even), mix(&c, &d, odd)]
    }
}
