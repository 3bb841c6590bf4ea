//! Accesses that no analysis knows to be regular and that often are: an index times a stride that turns out to be 1,
//! or `i ^ j`, the partner in a butterfly, which stays within a row of lanes.
//!
//! Invariant: a guess is checked, on the exact indices of all lanes, where it is used; a wrong one costs a test.

use super::gather::Places;
use super::memory::Access;
use super::{Emitter, Exec, Repr};
use analysis::Shape;
use ir::{Inst, Op, Space, Type, Value};

/// What the lanes of a chunk are expected to access.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Guess {
    /// Consecutive elements, in order.
    Row,
    /// The elements of an aligned row, in the order `lane ^ something`.
    Permuted,
}

/// Steps of arithmetic that are looked at, from the address back.
pub(super) const DEPTH: u32 = 8;

impl Emitter<'_> {
    /// What to expect of an irregular address, from how it was computed.
    pub(super) fn guess(&self, addr: Value, places: &Places, access: &Access) -> Option<Guess> {
        if access.count != 1 || places.scale() != access.ty.bytes() || self.lanes() < 8 {
            return None;
        }
        let guess = self.guess_value(addr, DEPTH)?;
        // A permutation is one instruction for 32-bit elements.
        let lanes = if self.unit.target.has("avx512f") { 16 } else { 8 };
        let permutes = access.ty.bytes() == 4 && self.lanes() == lanes && self.unit.target.has("avx2");
        (guess == Guess::Row || permutes).then_some(guess)
    }

    pub(super) fn guess_value(&self, value: Value, depth: u32) -> Option<Guess> {
        let data = self.func.def_inst(value)?;
        let Inst::Pure { op, .. } = data.inst else { return None };
        let depth = depth.checked_sub(1)?;
        // Where it is defined: whether it has been blended since does not matter to a guess.
        let shared = |i: usize| self.uni.shape(data.args[i]).is_chunk_uniform();
        let regular = |i: usize| {
            matches!(self.uni.shape(data.args[i]), Shape::Affine { stride: 1, .. } | Shape::Chunked(1))
        };
        match op {
            Op::Xor if shared(0) && regular(1) || regular(0) && shared(1) => Some(Guess::Permuted),
            Op::IMul if shared(0) && regular(1) || regular(0) && shared(1) => Some(Guess::Row),
            Op::IMul | Op::Shl if self.func.as_const(data.args[1]).is_some() => {
                self.guess_value(data.args[0], depth)
            }
            Op::SExt(_) | Op::ZExt(_) => self.guess_value(data.args[0], depth),
            Op::IAdd | Op::ISub => {
                let of = |i: usize| if shared(i) { None } else { self.guess_value(data.args[i], depth) };
                of(0).or_else(|| of(1))
            }
            _ => None,
        }
    }

    /// Whether all chunks are as guessed, as an i1.
    fn check(&mut self, guess: Guess, places: &Places) -> String {
        let n = self.lanes();
        let lane = self.lane_constant(Type::I64, u64::from);
        let op = match guess {
            Guess::Row => "add",
            Guess::Permuted => "xor",
        };
        let mut all: Option<String> = None;
        for c in 0..self.chunks() {
            let index = places.indices()[c].clone();
            let first = self.ins(format!("extractelement <{n} x i64> {index}, i64 0"));
            let first = self.splat(Type::I64, &first);
            let expected = self.ins(format!("{op} <{n} x i64> {first}, {lane}"));
            let same = self.ins(format!("icmp eq <{n} x i64> {index}, {expected}"));
            all = Some(match all {
                None => same,
                Some(before) => self.ins(format!("and <{n} x i1> {before}, {same}")),
            });
        }
        let bits = self.mask_bits(&all.unwrap_or_else(|| "splat (i1 true)".into()));
        self.ins(format!("icmp eq i{n} {bits}, -1"))
    }

    /// The row that a chunk accesses, and, for a permuted one, the lane's partner for each lane (i32).
    fn row_of(
        &mut self,
        guess: Guess,
        space: Space,
        places: &Places,
        chunk: usize,
    ) -> (String, Option<String>) {
        let n = self.lanes();
        let first = self.ins(format!("extractelement <{n} x i64> {}, i64 0", places.indices()[chunk]));
        match guess {
            Guess::Row => (self.place_one(space, places, chunk, &first), None),
            Guess::Permuted => {
                let start = self.ins(format!("and i64 {first}, -{n}"));
                let turn = self.ins(format!("trunc i64 {first} to i32"));
                let turn = self.ins(format!("and i32 {turn}, {}", n - 1));
                let turn = self.splat(Type::I32, &turn);
                let lane = self.lane_constant(Type::I32, u64::from);
                let partner = self.ins(format!("xor <{n} x i32> {lane}, {turn}"));
                (self.place_one(space, places, chunk, &start), Some(partner))
            }
        }
    }

    /// `vector[partner[lane]]` for vectors of 32-bit elements.
    fn permute(&mut self, ty: Type, vector: &str, partner: &str) -> String {
        let n = self.lanes();
        let it = format!("<{n} x i32>");
        let vt = self.vector_type(ty);
        let bits = match ty {
            Type::F32 => self.ins(format!("bitcast {vt} {vector} to {it}")),
            _ => vector.to_string(),
        };
        let name = if n == 16 { "llvm.x86.avx512.permvar.si.512" } else { "llvm.x86.avx2.permd" };
        self.declare(format!("declare {it} @{name}({it}, {it})"));
        let moved = self.ins(format!("call {it} @{name}({it} {bits}, {it} {partner})"));
        match ty {
            Type::F32 => self.ins(format!("bitcast {it} {moved} to {vt}")),
            _ => moved,
        }
    }

    /// The mask of the elements that a chunk's lanes access.
    fn row_mask(&mut self, chunk: usize, partner: Option<&String>) -> String {
        let mask = self.exec_mask(chunk);
        let (Some(partner), Exec::Masks(_)) = (partner, &self.exec) else { return mask };
        let n = self.lanes();
        let wide = self.ins(format!("sext <{n} x i1> {mask} to <{n} x i32>"));
        let moved = self.permute(Type::I32, &wide, partner);
        self.ins(format!("icmp slt <{n} x i32> {moved}, zeroinitializer"))
    }

    /// A load that is checked against the guess.
    pub(super) fn load_guessed(&mut self, access: &Access, guess: Guess, places: &Places) -> Vec<Repr> {
        let ok = self.check(guess, places);
        let rows = |e: &mut Self| {
            let columns = (0..e.chunks())
                .map(|c| {
                    let (p, partner) = e.row_of(guess, access.space, places, c);
                    let mask = e.row_mask(c, partner.as_ref());
                    let row = e.masked_load(access.ty, e.lanes(), &p, access.align, &mask);
                    match partner {
                        Some(partner) => e.permute(access.ty, &row, &partner),
                        None => row,
                    }
                })
                .collect();
            vec![Repr::Vectors(columns)]
        };
        self.either(&ok, access.ty, 1, rows, |e| e.gather(access, places))
    }

    /// A store that is checked against the guess.
    pub(super) fn store_guessed(
        &mut self,
        access: &Access,
        guess: Guess,
        places: &Places,
        columns: &[Vec<String>],
    ) {
        let ok = self.check(guess, places);
        let (fast, slow, done) = (self.new_label("row"), self.new_label("scatter"), self.new_label("stored"));
        self.stmt(format!("br i1 {ok}, label %{fast}, label %{slow}"));
        self.place(&fast);
        for c in 0..self.chunks() {
            let (p, partner) = self.row_of(guess, access.space, places, c);
            let mask = self.row_mask(c, partner.as_ref());
            let row = match &partner {
                Some(partner) => self.permute(access.ty, &columns[0][c], partner),
                None => columns[0][c].clone(),
            };
            self.masked_store(access.ty, self.lanes(), &row, &p, access.align, &mask);
        }
        self.jump(&done);
        self.place(&slow);
        self.scatter(access, places, columns);
        self.jump(&done);
        self.place(&done);
    }
}
