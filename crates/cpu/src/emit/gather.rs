//! Gathers and scatters: accesses whose lanes lie anywhere.
//!
//! Machines address them as a scalar base plus a scaled index per lane, cheapest with indices of 32 bits. LLVM finds
//! that form only where it is written down, so the sum that makes an address is taken apart here. The invariant: base
//! plus scaled index is the exact address of every lane that runs, modulo 2^64.

use super::memory::{Access, intrinsic_suffix};
use super::narrow::Narrow;
use super::{Emitter, Repr, scalar_type};
use ir::{Inst, Op, Space, Type, Value};

/// Where the lanes of each chunk access memory.
pub(super) struct Places {
    /// A pointer for each chunk; `None`: the indices are addresses in the space.
    bases: Option<Vec<String>>,
    /// A vector of 64-bit numbers for each chunk.
    indices: Vec<String>,
    /// Bytes that an index counts.
    scale: u32,
    /// What the indices were widened from, beside bases.
    narrow: Option<Narrow>,
    /// Bytes from a lane's place to the next one's, beside bases, if that is the same for all.
    step: Option<i64>,
}

impl Places {
    /// Each lane's address in the space of the access.
    pub fn addresses(vectors: Vec<String>) -> Places {
        Places { bases: None, indices: vectors, scale: 1, narrow: None, step: None }
    }

    pub fn indices(&self) -> &[String] {
        &self.indices
    }

    pub fn scale(&self) -> u32 {
        self.scale
    }

    /// Whether the indices of all chunks count from one place.
    pub fn share_a_base(&self) -> bool {
        self.bases.as_ref().is_some_and(|b| b.iter().all(|base| *base == b[0]))
    }

    /// A pointer for each chunk's first lane, and how many bytes further each lane is: `step` from one to the next.
    pub fn steps(bases: Vec<String>, steps: String, step: i64) -> Places {
        let indices = vec![steps; bases.len()];
        Places { bases: Some(bases), indices, scale: 1, narrow: None, step: Some(step) }
    }

    /// The place of a chunk's first lane and the bytes from one lane to the next, if they are regular.
    pub fn regular(&self, chunk: usize) -> Option<(&str, i64)> {
        Some((self.bases.as_ref()?[chunk].as_str(), self.step?))
    }
}

/// Most terms of a sum that are looked at.
const TERMS: usize = 6;

impl Emitter<'_> {
    /// The places of an address in any space but `Local`, whose windows are added elsewhere.
    pub(super) fn places(&mut self, space: Space, addr: Value) -> Places {
        let (terms, index, scale) = self.take_apart(addr);
        let constant = terms.iter().all(|&t| self.func.as_const(t).is_some());
        // A base must be a pointer of some sort, or LLVM would take a small number for one.
        if terms.is_empty() || constant && space != Space::Shared {
            return Places::addresses(self.vectors(addr));
        }
        let bases = self.bases_of(space, &terms);
        let narrow = self.narrow_index(index, scale);
        Places { bases: Some(bases), indices: self.vectors(index), scale, narrow, step: None }
    }

    /// A pointer for each chunk: the sum of terms that its lanes share.
    pub(super) fn bases_of(&mut self, space: Space, terms: &[Value]) -> Vec<String> {
        let mut sums: Vec<String> = vec!["0".into(); self.chunks()];
        for (i, &term) in terms.iter().enumerate() {
            let repr = self.get(term);
            let parts = self.repr_bases(&repr, Type::I64);
            if i == 0 {
                sums = parts;
                continue;
            }
            let before = sums.clone();
            for c in 0..self.chunks() {
                let same = c > 0 && before[c] == before[c - 1] && parts[c] == parts[c - 1];
                sums[c] = match same {
                    true => sums[c - 1].clone(),
                    false => self.ins(format!("add i64 {}, {}", before[c], parts[c])),
                };
            }
        }
        let mut bases: Vec<String> = Vec::new();
        for c in 0..self.chunks() {
            let same = c > 0 && sums[c] == sums[c - 1];
            let base = if same { bases[c - 1].clone() } else { self.pointer(space, &sums[c]) };
            bases.push(base);
        }
        bases
    }

    /// The terms of an address that all lanes of a chunk share, and what remains, in units of a scale.
    pub(super) fn take_apart(&self, addr: Value) -> (Vec<Value>, Value, u32) {
        let here = |v: Value| {
            let data = self.func.def_inst(v)?;
            match data.inst {
                Inst::Pure { op, ty: Type::I64 } if self.uni.def_block(v) == Some(self.block) => {
                    Some((op, &data.args))
                }
                _ => None,
            }
        };
        let shared = |v: Value| self.uni.shape_at(v, self.block).is_chunk_uniform() && self.plain(v);
        let mut terms = Vec::new();
        let mut rest = addr;
        while let Some((Op::IAdd, args)) = here(rest)
            && terms.len() < TERMS
        {
            rest = match (shared(args[0]), shared(args[1])) {
                (true, false) => {
                    terms.push(args[0]);
                    args[1]
                }
                (false, true) => {
                    terms.push(args[1]);
                    args[0]
                }
                (true, true) | (false, false) => break,
            };
        }
        let scaled = here(rest).and_then(|(op, args)| {
            let by = self.func.as_const(*args.get(1)?)?;
            match (op, by) {
                (Op::Shl, 0..=3) => Some((args[0], 1 << by)),
                (Op::IMul, 1 | 2 | 4 | 8) => Some((args[0], by as u32)),
                _ => None,
            }
        });
        let (index, scale) = scaled.unwrap_or((rest, 1));
        (terms, index, scale)
    }

    /// Places some bytes away.
    pub(super) fn moved(&mut self, mut places: Places, by: i64) -> Places {
        if by == 0 {
            return places;
        }
        let n = self.lanes();
        match &mut places.bases {
            Some(bases) => {
                for base in bases {
                    *base = self.ins(format!("getelementptr i8, ptr {base}, i64 {by}"));
                }
            }
            None => {
                for index in &mut places.indices {
                    *index = self.ins(format!("add <{n} x i64> {index}, splat (i64 {by})"));
                }
            }
        }
        places
    }

    /// A pointer to the place of a single index (i64) of a chunk.
    pub(super) fn place_one(&mut self, space: Space, places: &Places, chunk: usize, index: &str) -> String {
        match &places.bases {
            Some(bases) => {
                let unit = 8 * places.scale;
                self.ins(format!("getelementptr i{unit}, ptr {}, i64 {index}", bases[chunk]))
            }
            None => self.pointer(space, index),
        }
    }

    /// A pointer to the place of one lane of a chunk.
    pub(super) fn place_of_lane(&mut self, space: Space, places: &Places, chunk: usize, lane: u32) -> String {
        if let Some((base, index)) = self.narrow_places(places, chunk, 0) {
            return self.place_indexed(&base, &index, lane as usize, places.scale);
        }
        let (n, index) = (self.lanes(), &places.indices[chunk]);
        let index = self.ins(format!("extractelement <{n} x i64> {index}, i64 {lane}"));
        self.place_one(space, places, chunk, &index)
    }

    /// Pointers to element `k` of each lane of a chunk.
    pub(super) fn places_of_chunk(
        &mut self,
        space: Space,
        places: &Places,
        chunk: usize,
        k: usize,
        ty: Type,
    ) -> String {
        let n = self.lanes();
        let offset = k as u32 * ty.bytes();
        match &places.bases {
            Some(bases) => {
                let base = match offset {
                    0 => bases[chunk].clone(),
                    _ => self.ins(format!("getelementptr i8, ptr {}, i64 {offset}", bases[chunk])),
                };
                let unit = 8 * places.scale;
                self.ins(format!("getelementptr i{unit}, ptr {base}, <{n} x i64> {}", places.indices[chunk]))
            }
            None => {
                let addr = places.indices[chunk].clone();
                let addr = match offset {
                    0 => addr,
                    _ => self.ins(format!("add <{n} x i64> {addr}, splat (i64 {offset})")),
                };
                self.pointers(space, &addr)
            }
        }
    }

    /// Where element `k` of each lane of a chunk lies, for machines that take narrow indices: the base and the indices.
    pub(super) fn narrow_places(
        &mut self,
        places: &Places,
        chunk: usize,
        offset: u32,
    ) -> Option<(String, String)> {
        let (Some(bases), Some(narrow)) = (&places.bases, &places.narrow) else { return None };
        let index = narrow.indices[chunk].clone();
        let base = bases[chunk].clone();
        match narrow.bias + i64::from(offset) {
            0 => Some((base, index)),
            by => Some((self.ins(format!("getelementptr i8, ptr {base}, i64 {by}")), index)),
        }
    }

    /// Element `k` of each lane of a chunk.
    fn gather_element(&mut self, access: &Access, places: &Places, chunk: usize, k: usize) -> String {
        let mask = self.exec_mask(chunk);
        if Self::takes_narrow(access.ty)
            && let Some((base, index)) = self.narrow_places(places, chunk, k as u32 * access.ty.bytes())
        {
            return self.gather_indexed(access.ty, &base, &index, places.scale, &mask);
        }
        let p = self.places_of_chunk(access.space, places, chunk, k, access.ty);
        match access.ty {
            Type::I8 | Type::I16 | Type::F16 | Type::BF16 => self.gather_narrow(access.ty, &p, &mask),
            Type::I1 | Type::I32 | Type::I64 | Type::F32 | Type::F64 => {
                self.gather_one(access.ty, access.align, &p, &mask)
            }
        }
    }

    pub(super) fn gather(&mut self, access: &Access, places: &Places) -> Vec<Repr> {
        if let Some(columns) = self.gather_wide(access, places) {
            return columns;
        }
        let mut columns = vec![Vec::new(); access.count];
        for c in 0..self.chunks() {
            for (k, column) in columns.iter_mut().enumerate() {
                let v = self.gather_element(access, places, c, k);
                column.push(v);
            }
        }
        columns.into_iter().map(Repr::Vectors).collect()
    }

    pub(super) fn gather_one(&mut self, ty: Type, align: u32, pointers: &str, mask: &str) -> String {
        let n = self.lanes();
        let t = self.vector_type(ty);
        let suffix = format!("v{n}{}", intrinsic_suffix(ty));
        self.declare(format!(
            "declare {t} @llvm.masked.gather.{suffix}.v{n}p0(<{n} x ptr>, i32, <{n} x i1>, {t})"
        ));
        self.ins(format!(
            "call {t} @llvm.masked.gather.{suffix}.v{n}p0(<{n} x ptr> {pointers}, i32 {align}, <{n} x i1> {mask}, {t} zeroinitializer)"
        ))
    }

    /// Machines gather words of 4 bytes and more: narrow elements are cut out of the aligned word around them, which
    /// lies in the same page.
    fn gather_narrow(&mut self, ty: Type, pointers: &str, mask: &str) -> String {
        let n = self.lanes();
        let absolute = self.ins(format!("ptrtoint <{n} x ptr> {pointers} to <{n} x i64>"));
        let word_addr = self.ins(format!("and <{n} x i64> {absolute}, splat (i64 -4)"));
        let words = self.pointers(Space::Generic, &word_addr);
        let word = self.gather_one(Type::I32, 4, &words, mask);
        let low = self.ins(format!("trunc <{n} x i64> {absolute} to <{n} x i32>"));
        let byte = self.ins(format!("and <{n} x i32> {low}, splat (i32 3)"));
        let shift = self.ins(format!("shl <{n} x i32> {byte}, splat (i32 3)"));
        let moved = self.ins(format!("lshr <{n} x i32> {word}, {shift}"));
        let int = ty.to_int();
        let narrow = self.ins(format!("trunc <{n} x i32> {moved} to <{n} x {}>", scalar_type(int)));
        if ty == Type::F16 {
            return self.ins(format!("bitcast <{n} x i16> {narrow} to <{n} x half>"));
        }
        narrow
    }

    pub(super) fn scatter(&mut self, access: &Access, places: &Places, columns: &[Vec<String>]) {
        if !self.scatter_wide(access, places, columns) {
            self.scatter_words(access, places, columns);
        }
    }

    /// A scatter for each word of the lanes.
    pub(super) fn scatter_words(&mut self, access: &Access, places: &Places, columns: &[Vec<String>]) {
        let n = self.lanes();
        let t = self.vector_type(access.ty);
        let suffix = format!("v{n}{}", intrinsic_suffix(access.ty));
        self.declare(format!(
            "declare void @llvm.masked.scatter.{suffix}.v{n}p0({t}, <{n} x ptr>, i32, <{n} x i1>)"
        ));
        for c in 0..self.chunks() {
            let mask = self.exec_mask(c);
            for (k, column) in columns.iter().enumerate() {
                if Self::takes_narrow(access.ty)
                    && let Some((base, index)) = self.narrow_places(places, c, k as u32 * access.ty.bytes())
                {
                    self.scatter_indexed(access.ty, &column[c], &base, (&index, places.scale), &mask);
                    continue;
                }
                let p = self.places_of_chunk(access.space, places, c, k, access.ty);
                self.stmt(format!(
                    "call void @llvm.masked.scatter.{suffix}.v{n}p0({t} {}, <{n} x ptr> {p}, i32 {}, <{n} x i1> {mask})",
                    column[c], access.align
                ));
            }
        }
    }
}
