//! Four words a thread, in rows of memory: 16 lanes' elements lie in four vectors, and come out as four columns, by
//! eight permutations of two vectors. LLVM, left to itself, makes twelve.
//!
//! Invariant: element `k` of lane `l` is word `4l + k` of the row.

use super::memory::Access;
use super::product::vector;
use super::streamed::Caches;
use super::{Emitter, Exec};
use ir::Type;

/// Lanes, and words of a vector.
const LANES: usize = 16;
/// Words a thread, and vectors of a row.
const WORDS: usize = 4;

impl Emitter<'_> {
    /// Whether an access that takes `pitch` elements a thread is done here.
    pub(super) fn is_quad(&self, access: &Access, pitch: usize) -> bool {
        pitch == WORDS
            && access.ty.bytes() == 4
            && self.lanes() as usize == LANES
            && self.unit.target.has("avx512f")
    }

    /// The columns of a chunk's row, the first `access.count` of four.
    pub(super) fn load_quads(&mut self, access: &Access, pointer: &str, chunk: usize) -> Vec<String> {
        let t = self.memory_vector(access.ty, LANES as u32);
        let parts: Vec<String> = (0..WORDS)
            .map(|part| {
                let p = self.ins(format!("getelementptr i8, ptr {pointer}, i64 {}", 4 * LANES * part));
                match self.part_mask(chunk, part, access.count) {
                    Some(mask) => self.masked_load(access.ty, LANES as u32, &p, access.align, &mask),
                    None => {
                        let invariant = Self::invariant(access.space);
                        self.ins(format!("load {t}, ptr {p}, align {}{invariant}", access.align))
                    }
                }
            })
            .collect();
        let mut columns = self.columns_of_parts(&t, &parts);
        if access.count == WORDS && matches!(self.exec, Exec::All) {
            let words = vector(LANES, Type::I32);
            let parts = parts.iter().map(|part| self.ins(format!("bitcast {t} {part} to {words}"))).collect();
            self.whole_parts.insert(columns.clone(), parts);
        }
        columns.truncate(access.count);
        columns
    }

    /// The columns of 16 lanes, of which each part has four.
    pub(super) fn columns_of_parts(&mut self, t: &str, parts: &[String]) -> Vec<String> {
        let mut half = |a: usize, b: usize, k: usize| {
            // Columns k and k + 1 of the eight lanes of two parts.
            let pick = |i: usize| WORDS * (i % 8) + k + i / 8;
            self.pick(t, &parts[a], &parts[b], pick)
        };
        let pairs = [[half(0, 1, 0), half(2, 3, 0)], [half(0, 1, 2), half(2, 3, 2)]];
        let mut columns = Vec::new();
        for pair in pairs {
            columns.push(self.pick(t, &pair[0], &pair[1], |i| i % 8 + i / 8 * LANES));
            columns.push(self.pick(t, &pair[0], &pair[1], |i| 8 + i % 8 + i / 8 * LANES));
        }
        columns
    }

    /// Parts of four lanes each, of the columns of 16.
    pub(super) fn parts_of_columns(&mut self, t: &str, columns: &[String]) -> Vec<String> {
        let column = |k: usize| columns.get(k).map_or("poison", |c| c).to_string();
        let mut parts = Vec::new();
        for upper in 0..2 {
            // Eight lanes of two columns each, then four lanes of all.
            let mut both =
                |k: usize| self.pick(t, &column(k), &column(k + 1), |i| 8 * upper + i % 8 + i / 8 * LANES);
            let (low, high) = (both(0), both(2));
            for quarter in 0..2 {
                let pick = |i: usize| {
                    let (lane, k) = (4 * quarter + i / WORDS, i % WORDS);
                    k / 2 * LANES + k % 2 * 8 + lane
                };
                parts.push(self.pick(t, &low, &high, pick));
            }
        }
        parts
    }

    /// Stores columns as a chunk's row.
    pub(super) fn store_quads(
        &mut self,
        access: &Access,
        pointer: &str,
        chunk: usize,
        columns: &[String],
        caches: Caches,
    ) {
        let t = self.memory_vector(access.ty, LANES as u32);
        let parts = match self.whole_parts.get(columns) {
            Some(parts) => {
                let (parts, words) = (parts.clone(), vector(LANES, Type::I32));
                parts.iter().map(|part| self.ins(format!("bitcast {words} {part} to {t}"))).collect()
            }
            None => self.parts_of_columns(&t, columns),
        };
        for (part, words) in parts.iter().enumerate() {
            let p = self.ins(format!("getelementptr i8, ptr {pointer}, i64 {}", 4 * LANES * part));
            match self.part_mask(chunk, part, access.count) {
                Some(mask) => self.masked_store(access.ty, LANES as u32, words, &p, access.align, &mask),
                None => {
                    let how = caches.suffix(access.align, 4 * LANES as u32);
                    self.stmt(format!("store {t} {words}, ptr {p}, align {how}"));
                }
            }
        }
    }

    /// The words of a part of a row that running lanes access; `None`: all.
    fn part_mask(&mut self, chunk: usize, part: usize, count: usize) -> Option<String> {
        let used = |i: usize| i % WORDS < count;
        match self.exec.clone() {
            Exec::All if count == WORDS => None,
            Exec::All => {
                let bits: Vec<String> = (0..LANES).map(|i| format!("i1 {}", used(i))).collect();
                Some(format!("<{}>", bits.join(", ")))
            }
            Exec::Masks(m) => {
                let zeros = "zeroinitializer";
                let pick = |i: usize| if used(i) { WORDS * part + i / WORDS } else { LANES };
                Some(self.pick(&format!("<{LANES} x i1>"), &m[chunk], zeros, pick))
            }
        }
    }

    /// A vector whose element `i` is element `pick(i)` of two vectors of this type, side by side.
    fn pick(&mut self, t: &str, a: &str, b: &str, pick: impl Fn(usize) -> usize) -> String {
        let list: Vec<String> = (0..LANES).map(|i| format!("i32 {}", pick(i))).collect();
        self.ins(format!("shufflevector {t} {a}, {t} {b}, <{LANES} x i32> <{}>", list.join(", ")))
    }
}
