//! Accesses across rows: threads side by side are far apart in memory, and those in the next row of the block beside
//! them, as where a matrix is transposed without shared memory (`out[x * height + y]`). Each lane's words in consecutive
//! chunks are one piece of memory; the square of lanes and chunks is turned in registers.
//!
//! Invariant: whether the chunks' places are next to each other is checked, on the exact indices of all lanes.

use super::gather::Places;
use super::memory::Access;
use super::{Emitter, Exec, Repr, scalar_type};
use analysis::Shape;
use ir::{Inst, Op, Space, Type, Value};
use std::collections::BTreeMap;

/// Steps of arithmetic that are looked at, from the index back.
const DEPTH: u32 = 6;
/// Fewest chunks that are worth being turned.
const LEAST: usize = 4;

/// How an index differs from chunk to chunk: what is added alike for all lanes, and what decides the rest.
#[derive(Clone, PartialEq, Eq)]
struct Form {
    added: Vec<i64>,
    rest: Vec<Vec<i64>>,
}

impl Emitter<'_> {
    /// Chunks whose lanes are expected to access consecutive elements, chunk by chunk, in groups of one size.
    pub(super) fn turned(&self, addr: Value, access: &Access, places: &Places) -> Option<Vec<Vec<usize>>> {
        let fits = access.count == 1
            && access.ty.bytes() == 4
            && places.scale() == 4
            && access.space != Space::Local
            && matches!(self.exec, Exec::All)
            && self.window.is_none()
            && matches!(self.lanes(), 8 | 16)
            && places.share_a_base();
        if !fits || self.uni.shape_at(addr, self.block) != Shape::Varying {
            return None;
        }
        let (_, index, _) = self.take_apart(addr);
        let form = self.form(index, DEPTH)?;
        let mut groups: BTreeMap<Vec<i64>, Vec<(i64, usize)>> = BTreeMap::new();
        for c in 0..self.chunks() {
            let key = form.rest.iter().map(|deltas| deltas[c]).collect();
            groups.entry(key).or_default().push((form.added[c], c));
        }
        let size = groups.values().map(Vec::len).min()?;
        let size = (1 << size.ilog2()).min(self.lanes() as usize);
        let mut out = Vec::new();
        for mut list in groups.into_values() {
            list.sort_unstable();
            if list.len() % size != 0 {
                return None;
            }
            for part in list.chunks(size) {
                if part.windows(2).any(|w| w[1].0 != w[0].0 + 1) {
                    return None;
                }
                out.push(part.iter().map(|&(_, c)| c).collect());
            }
        }
        (size >= LEAST).then_some(out)
    }

    fn form(&self, value: Value, depth: u32) -> Option<Form> {
        let depth = depth.checked_sub(1)?;
        let chunks = self.chunks();
        let shape = self.uni.shape_at(value, self.block);
        match shape {
            Shape::Unknown | Shape::Uniform => return Some(Form { added: vec![0; chunks], rest: vec![] }),
            Shape::Affine { stride: 0, deltas } => {
                return Some(Form { added: deltas.0[..chunks].to_vec(), rest: vec![] });
            }
            Shape::Affine { deltas, .. } => {
                return Some(Form { added: vec![0; chunks], rest: vec![deltas.0[..chunks].to_vec()] });
            }
            Shape::Chunked(_) => return None,
            Shape::Varying => {}
        }
        let data = self.func.def_inst(value)?;
        let Inst::Pure { op, .. } = data.inst else { return None };
        match op {
            Op::SExt(_) | Op::ZExt(_) => self.form(data.args[0], depth),
            Op::IAdd => {
                let (a, b) = (self.form(data.args[0], depth)?, self.form(data.args[1], depth)?);
                let added = a.added.iter().zip(&b.added).map(|(a, b)| a.wrapping_add(*b)).collect();
                Some(Form { added, rest: [a.rest, b.rest].concat() })
            }
            // A product moves by steps that nobody knows.
            Op::IMul | Op::Shl => {
                let (a, b) = (self.form(data.args[0], depth)?, self.form(data.args[1], depth)?);
                let still = |f: &Form| f.added.iter().all(|d| *d == f.added[0]);
                (still(&a) && still(&b))
                    .then(|| Form { added: vec![0; chunks], rest: [a.rest, b.rest].concat() })
            }
            _ => None,
        }
    }

    /// Whether all places are as expected, as an i1.
    fn is_turned(&mut self, groups: &[Vec<usize>], places: &Places) -> String {
        let n = self.lanes();
        let mut all = Vec::new();
        for group in groups {
            let first = places.indices()[group[0]].clone();
            for (k, &c) in group.iter().enumerate().skip(1) {
                let expected = self.ins(format!("add <{n} x i64> {first}, splat (i64 {k})"));
                all.push(self.ins(format!("icmp eq <{n} x i64> {}, {expected}", places.indices()[c])));
            }
        }
        self.all_hold(&all)
    }

    /// Whether the lanes' pieces of a group lie at regular distances that leave room for them, as an i1: else the order
    /// of stores to one place would change.
    fn is_apart(&mut self, group: &[usize], places: &Places) -> String {
        let n = self.lanes();
        let index = places.indices()[group[0]].clone();
        let first = self.ins(format!("extractelement <{n} x i64> {index}, i64 0"));
        let second = self.ins(format!("extractelement <{n} x i64> {index}, i64 1"));
        let step = self.ins(format!("sub i64 {second}, {first}"));
        let (from, by) = (self.splat(Type::I64, &first), self.splat(Type::I64, &step));
        let lane = self.lane_constant(Type::I64, u64::from);
        let steps = self.ins(format!("mul <{n} x i64> {by}, {lane}"));
        let expected = self.ins(format!("add <{n} x i64> {from}, {steps}"));
        let same = self.ins(format!("icmp eq <{n} x i64> {index}, {expected}"));
        let regular = self.all_hold(&[same]);
        // Steps of less than the pieces, either way.
        let size = group.len() as i64;
        let moved = self.ins(format!("add i64 {step}, {}", size - 1));
        let far = self.ins(format!("icmp ugt i64 {moved}, {}", 2 * (size - 1)));
        self.ins(format!("and i1 {regular}, {far}"))
    }

    fn all_hold(&mut self, tests: &[String]) -> String {
        let n = self.lanes();
        let mut all = "splat (i1 true)".to_string();
        for test in tests {
            all = self.ins(format!("and <{n} x i1> {all}, {test}"));
        }
        let bits = self.mask_bits(&all);
        self.ins(format!("icmp eq i{n} {bits}, -1"))
    }

    /// The numbers of vector and element, written one behind the other, turned left by a bit: the upper half of the
    /// vectors is laced into the lower one.
    fn lace(&mut self, ty: Type, vectors: &[String]) -> Vec<String> {
        let (n, t) = (self.lanes() as usize, self.vector_type(ty));
        let half = vectors.len() / 2;
        let mut out = Vec::new();
        for (a, b) in vectors[..half].iter().zip(&vectors[half..]) {
            for upper in [0, n / 2] {
                let picks: Vec<String> =
                    (0..n).map(|i| format!("i32 {}", upper + i / 2 + i % 2 * n)).collect();
                out.push(
                    self.ins(format!("shufflevector {t} {a}, {t} {b}, <{n} x i32> <{}>", picks.join(", "))),
                );
            }
        }
        out
    }

    /// A store whose lanes' words lie side by side from chunk to chunk.
    pub(super) fn store_turned(
        &mut self,
        access: &Access,
        (groups, places): (&[Vec<usize>], &Places),
        column: &[String],
        other: impl FnOnce(&mut Self),
    ) {
        let mut ok = self.is_turned(groups, places);
        for group in groups {
            let apart = self.is_apart(group, places);
            ok = self.ins(format!("and i1 {ok}, {apart}"));
        }
        let (fast, slow, done) =
            (self.new_label("turned"), self.new_label("scatter"), self.new_label("stored"));
        self.stmt(format!("br i1 {ok}, label %{fast}, label %{slow}, !prof !1"));
        self.place(&fast);
        let (n, t) = (self.lanes() as usize, self.vector_type(access.ty));
        for group in groups {
            let size = group.len();
            let mut vectors: Vec<String> = group.iter().map(|&c| column[c].clone()).collect();
            for _ in 0..size.ilog2() {
                vectors = self.lace(access.ty, &vectors);
            }
            for lane in 0..n {
                let (vector, first) = (&vectors[lane * size / n], lane * size % n);
                let piece = match size == n {
                    true => vector.clone(),
                    false => {
                        let picks: Vec<String> = (first..first + size).map(|i| format!("i32 {i}")).collect();
                        let picks = picks.join(", ");
                        self.ins(format!("shufflevector {t} {vector}, {t} poison, <{size} x i32> <{picks}>"))
                    }
                };
                let p = self.place_of_lane(access.space, places, group[0], lane as u32);
                let pt = format!("<{size} x {}>", scalar_type(access.ty));
                self.stmt(format!("store {pt} {piece}, ptr {p}, align {}", access.align));
            }
        }
        self.jump(&done);
        self.place(&slow);
        other(self);
        self.jump(&done);
        self.place(&done);
    }

    /// A load whose lanes' words lie side by side from chunk to chunk.
    pub(super) fn load_turned(
        &mut self,
        access: &Access,
        (groups, places): (&[Vec<usize>], &Places),
        other: impl FnOnce(&mut Self) -> Vec<Repr>,
    ) -> Vec<Repr> {
        let ok = self.is_turned(groups, places);
        let turned = |e: &mut Self| {
            let n = e.lanes() as usize;
            let mut column = vec![String::new(); e.chunks()];
            for group in groups {
                let size = group.len();
                let pt = format!("<{size} x {}>", scalar_type(access.ty));
                let mut pieces: Vec<String> = (0..n)
                    .map(|lane| {
                        let p = e.place_of_lane(access.space, places, group[0], lane as u32);
                        let invariant = Self::invariant(access.space);
                        e.ins(format!("load {pt}, ptr {p}, align {}{invariant}", access.align))
                    })
                    .collect();
                let mut width = size;
                while width < n {
                    let picks: Vec<String> = (0..2 * width).map(|i| format!("i32 {i}")).collect();
                    let (picks, t) = (picks.join(", "), format!("<{width} x {}>", scalar_type(access.ty)));
                    let join = |pair: &[String]| {
                        e.ins(format!(
                            "shufflevector {t} {}, {t} {}, <{} x i32> <{picks}>",
                            pair[0],
                            pair[1],
                            2 * width
                        ))
                    };
                    pieces = pieces.chunks(2).map(join).collect();
                    width *= 2;
                }
                for _ in 0..n.ilog2() {
                    pieces = e.lace(access.ty, &pieces);
                }
                for (&c, piece) in group.iter().zip(pieces) {
                    column[c] = piece;
                }
            }
            vec![Repr::Vectors(column)]
        };
        self.either(&ok, access.ty, 1, turned, other)
    }
}
