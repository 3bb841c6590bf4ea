//! Accesses that no analysis knows to be regular and that often are: an index times a stride that turns out to be 1,
//! or `i ^ j`, the partner in a butterfly, which stays within a row of lanes.
//!
//! Invariant: a guess is checked, on the exact indices of all lanes, where it is used; a wrong one costs a test.

use super::gather::Places;
use super::memory::Access;
use super::{Emitter, Exec, Repr, scalar_type};
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

/// What a guess says.
struct Expected {
    /// Whether it holds for all chunks, as an i1.
    ok: String,
    /// By chunk.
    rows: Vec<Row>,
}

/// Where a chunk's lanes are, if its guess holds.
struct Row {
    /// A pointer to the lowest element.
    start: String,
    /// For a permuted row: lane `l` accesses element `l ^ turn` (i32).
    turn: Option<String>,
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

    /// The rows that all chunks access if they are as guessed.
    fn expect(&mut self, guess: Guess, addr: Value, space: Space, places: &Places) -> Expected {
        if guess == Guess::Permuted
            && let Some(found) = self.expect_partners(addr, space, places)
        {
            return found;
        }
        let n = self.lanes();
        let lane = self.lane_constant(Type::I64, u64::from);
        let op = match guess {
            Guess::Row => "add",
            Guess::Permuted => "xor",
        };
        let (mut all, mut rows): (Option<String>, Vec<Row>) = (None, Vec::new());
        for c in 0..self.chunks() {
            let index = places.indices()[c].clone();
            let first = self.ins(format!("extractelement <{n} x i64> {index}, i64 0"));
            let spread = self.splat(Type::I64, &first);
            let expected = self.ins(format!("{op} <{n} x i64> {spread}, {lane}"));
            let same = self.ins(format!("icmp eq <{n} x i64> {index}, {expected}"));
            all = Some(match all {
                None => same,
                Some(before) => self.ins(format!("and <{n} x i1> {before}, {same}")),
            });
            rows.push(match guess {
                Guess::Row => Row { start: self.place_one(space, places, c, &first), turn: None },
                Guess::Permuted => {
                    let start = self.ins(format!("and i64 {first}, -{n}"));
                    let turn = self.ins(format!("trunc i64 {first} to i32"));
                    let turn = self.ins(format!("and i32 {turn}, {}", n - 1));
                    Row { start: self.place_one(space, places, c, &start), turn: Some(turn) }
                }
            });
        }
        let bits = self.mask_bits(&all.unwrap_or_else(|| "splat (i1 true)".into()));
        Expected { ok: self.ins(format!("icmp eq i{n} {bits}, -1")), rows }
    }

    /// The same by scalars, where the index is `number ^ turn` for numbers that count the lanes: if a chunk's first is a
    /// multiple of its lanes, the others fill what is below, and no widening wraps between them.
    fn expect_partners(&mut self, addr: Value, space: Space, places: &Places) -> Option<Expected> {
        let (_, index, _) = self.take_apart(addr);
        let here = |v: Value| self.func.def_inst(v).filter(|_| self.uni.def_block(v) == Some(self.block));
        let (xor, widen) = match here(index)?.inst {
            Inst::Pure { op: Op::SExt(Type::I32), .. } => (self.func.def_inst(index)?.args[0], Some("sext")),
            Inst::Pure { op: Op::ZExt(Type::I32), .. } => (self.func.def_inst(index)?.args[0], Some("zext")),
            _ => (index, None),
        };
        let data = here(xor)?;
        let Inst::Pure { op: Op::Xor, ty: ty @ (Type::I32 | Type::I64) } = data.inst else { return None };
        let shape = |v: Value| self.uni.shape_at(v, self.block);
        let counts = |v: Value| matches!(shape(v), Shape::Affine { stride: 1, .. } | Shape::Chunked(1));
        let exact = data.args.iter().all(|&a| self.uni.origin(a).is_none());
        let (number, turn) = match *data.args.as_slice() {
            [a, b] if exact && counts(a) && shape(b).is_chunk_uniform() => (a, b),
            [a, b] if exact && counts(b) && shape(a).is_chunk_uniform() => (b, a),
            _ => return None,
        };
        let (t, n) = (scalar_type(ty), self.lanes());
        let (numbers, turns) = (self.bases(number), self.bases(turn));
        let mut any: Option<String> = None;
        let mut rows = Vec::new();
        for (c, (first, turn)) in numbers.iter().zip(&turns).enumerate() {
            any = Some(match any {
                None => first.clone(),
                Some(before) => self.ins(format!("or {t} {before}, {first}")),
            });
            let row = self.ins(format!("xor {t} {first}, {turn}"));
            let row = self.ins(format!("and {t} {row}, -{n}"));
            let row = match widen {
                Some(widen) => self.ins(format!("{widen} i32 {row} to i64")),
                None => row,
            };
            let turn = match ty {
                Type::I64 => self.ins(format!("trunc i64 {turn} to i32")),
                _ => turn.clone(),
            };
            let turn = self.ins(format!("and i32 {turn}, {}", n - 1));
            rows.push(Row { start: self.place_one(space, places, c, &row), turn: Some(turn) });
        }
        let low = self.ins(format!("and {t} {}, {}", any?, n - 1));
        Some(Expected { ok: self.ins(format!("icmp eq {t} {low}, 0")), rows })
    }

    /// For a permuted row the lane's partner for each lane (i32).
    fn partners(&mut self, row: &Row) -> Option<String> {
        let n = self.lanes();
        let turn = self.splat(Type::I32, row.turn.as_ref()?);
        let lane = self.lane_constant(Type::I32, u64::from);
        Some(self.ins(format!("xor <{n} x i32> {lane}, {turn}")))
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
    pub(super) fn load_guessed(
        &mut self,
        addr: Value,
        access: &Access,
        guess: Guess,
        places: &Places,
    ) -> Vec<Repr> {
        let Expected { ok, rows } = self.expect(guess, addr, access.space, places);
        let rows = |e: &mut Self| {
            let columns = (rows.iter().enumerate())
                .map(|(c, row)| {
                    let partner = e.partners(row);
                    let mask = e.row_mask(c, partner.as_ref());
                    let row = e.masked_load(access.ty, e.lanes(), &row.start, access.align, &mask);
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
        addr: Value,
        access: &Access,
        (guess, places): (Guess, &Places),
        columns: &[Vec<String>],
    ) {
        let Expected { ok, rows } = self.expect(guess, addr, access.space, places);
        let (fast, slow, done) = (self.new_label("row"), self.new_label("scatter"), self.new_label("stored"));
        self.stmt(format!("br i1 {ok}, label %{fast}, label %{slow}"));
        self.place(&fast);
        for (c, row) in rows.iter().enumerate() {
            let partner = self.partners(row);
            let mask = self.row_mask(c, partner.as_ref());
            let moved = match &partner {
                Some(partner) => self.permute(access.ty, &columns[0][c], partner),
                None => columns[0][c].clone(),
            };
            self.masked_store(access.ty, self.lanes(), &moved, &row.start, access.align, &mask);
        }
        self.jump(&done);
        self.place(&slow);
        self.scatter(access, places, columns);
        self.jump(&done);
        self.place(&done);
    }
}
