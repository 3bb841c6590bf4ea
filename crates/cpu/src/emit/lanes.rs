//! Work that is done one lane after the other: atomics and runtime calls.
//!
//! The lanes' operands are spilled to arrays and a loop over the set bits of the mask takes them in thread order, so
//! that code size does not depend on the gang's width.

use super::known::constant_mask;
use super::{Emitter, Exec, scalar_type};
use ir::Type;

/// An operand of work that is done lane by lane.
#[derive(Clone)]
pub(crate) enum Operand {
    /// A scalar that all lanes share.
    Same(String),
    /// A pointer for each chunk, which its lanes share.
    PerChunk(Vec<String>),
    /// A vector for each chunk.
    Each(Vec<String>, Type),
}

/// How much code the work of a lane is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    Short,
    Long,
}

/// Bits that are taken from a word of several narrow elements at a time.
const PART: u32 = 16;

/// Where a lane finds an operand.
enum Array {
    Same(String),
    PerChunk(String),
    At(String, Type),
}

/// A chunk's part of an operand.
enum Vector {
    Same(String),
    Of(String, Type),
    /// Words of so many bits, of which the lowest [`PART`] are some lanes' elements.
    Parts(Vec<String>, u32, Type),
}

impl Emitter<'_> {
    /// The mask as numbers in an array `[chunks x i<lanes>]` that the loop reads.
    fn spill_masks(&mut self) -> String {
        let n = self.lanes();
        let array = self.alloca(&format!("[{} x i{n}]", self.chunks()));
        for c in 0..self.chunks() {
            let bits = match self.exec.clone() {
                Exec::All => "-1".to_string(),
                Exec::Masks(m) => self.mask_bits(&m[c]),
            };
            let p = self.ins(format!("getelementptr i{n}, ptr {array}, i64 {c}"));
            self.stmt(format!("store i{n} {bits}, ptr {p}, align 1"));
        }
        array
    }

    /// Spills a vector per chunk; predicates as bytes.
    pub fn spill(&mut self, vectors: &[String], ty: Type) -> String {
        let n = self.lanes();
        let (lty, list): (&str, Vec<String>) = if ty == Type::I1 {
            let list =
                vectors.iter().map(|v| self.ins(format!("zext <{n} x i1> {v} to <{n} x i8>"))).collect();
            ("i8", list)
        } else {
            (scalar_type(ty), vectors.to_vec())
        };
        let array = self.alloca(&format!("[{} x {lty}]", n as usize * self.chunks()));
        for (c, v) in list.iter().enumerate() {
            let p = self.ins(format!("getelementptr {lty}, ptr {array}, i64 {}", c * n as usize));
            self.stmt(format!("store <{n} x {lty}> {v}, ptr {p}, align 1"));
        }
        array
    }

    fn spill_pointers(&mut self, pointers: &[String]) -> Array {
        if pointers.iter().all(|p| *p == pointers[0]) {
            return Array::Same(pointers[0].clone());
        }
        let array = self.alloca(&format!("[{} x ptr]", pointers.len()));
        for (c, pointer) in pointers.iter().enumerate() {
            let p = self.ins(format!("getelementptr ptr, ptr {array}, i64 {c}"));
            self.stmt(format!("store ptr {pointer}, ptr {p}, align 8"));
        }
        Array::PerChunk(array)
    }

    /// What a chunk's lanes share is read once.
    fn at_chunk(&mut self, array: Array, chunk: &str) -> Array {
        match array {
            Array::PerChunk(array) => {
                let p = self.ins(format!("getelementptr ptr, ptr {array}, i64 {chunk}"));
                Array::Same(self.ins(format!("load ptr, ptr {p}, align 8")))
            }
            array @ (Array::Same(_) | Array::At(..)) => array,
        }
    }

    /// Narrow integers of a chunk, from lane `first` on: words are loaded and shifted along, for which a machine has more
    /// room than for taking elements out of a vector.
    fn words_of(&mut self, at: &str, first: &str, ty: Type) -> Option<Vector> {
        let all = self.lanes() * 8 * ty.bytes();
        let bits = all.min(64);
        if !matches!(ty, Type::I8 | Type::I16) || bits < 32 {
            return None;
        }
        let p = self.ins(format!("getelementptr {}, ptr {at}, i64 {first}", scalar_type(ty)));
        let mut parts = Vec::new();
        for k in 0..all / bits {
            let p = self.ins(format!("getelementptr i{bits}, ptr {p}, i64 {k}"));
            let mut word = self.ins(format!("load i{bits}, ptr {p}, align 1"));
            for part in 0..bits / PART {
                if part > 0 {
                    word = self.ins(format!("lshr i{bits} {word}, {PART}"));
                }
                // LLVM would take the elements out of memory or a vector again, or shift each of them from the start.
                word = self.ins(format!("call i{bits} asm \"\", \"=r,0\"(i{bits} {word})"));
                parts.push(word.clone());
            }
        }
        Some(Vector::Parts(parts, bits, ty))
    }

    fn unspill(&mut self, array: &str, ty: Type) -> Vec<String> {
        let n = self.lanes();
        let lty = if ty == Type::I1 { "i8" } else { scalar_type(ty) };
        (0..self.chunks())
            .map(|c| {
                let p = self.ins(format!("getelementptr {lty}, ptr {array}, i64 {}", c * n as usize));
                let v = self.ins(format!("load <{n} x {lty}>, ptr {p}, align 1"));
                if ty == Type::I1 { self.ins(format!("trunc <{n} x i8> {v} to <{n} x i1>")) } else { v }
            })
            .collect()
    }

    /// Runs `body` for each running lane in thread order. It gets the lane's number within the gang (i64) and its
    /// operands as scalars, and returns its results.
    pub fn lane_loop(
        &mut self,
        inputs: &[(Vec<String>, Type)],
        results: &[Type],
        body: &mut dyn FnMut(&mut Self, &str, &[String]) -> Vec<String>,
    ) -> Vec<Vec<String>> {
        let inputs: Vec<Operand> = inputs.iter().map(|(v, ty)| Operand::Each(v.clone(), *ty)).collect();
        self.each_lane(&inputs, results, Body::Long, body)
    }

    /// As [`Self::lane_loop`]; a short body is written out for all lanes of a chunk, to be used where all of them run.
    pub fn each_lane(
        &mut self,
        inputs: &[Operand],
        results: &[Type],
        length: Body,
        body: &mut dyn FnMut(&mut Self, &str, &[String]) -> Vec<String>,
    ) -> Vec<Vec<String>> {
        let n = self.lanes();
        if let Some(lanes) = self.few_lanes(length) {
            return self.written_out(&lanes, inputs, results, body);
        }
        let masked = matches!(self.exec, Exec::Masks(_));
        let unrolled = length == Body::Short;
        let masks = if masked || !unrolled { self.spill_masks() } else { String::new() };
        let arrays: Vec<Array> = inputs
            .iter()
            .map(|o| match o {
                Operand::Same(s) => Array::Same(s.clone()),
                Operand::PerChunk(pointers) => self.spill_pointers(pointers),
                Operand::Each(v, ty) => Array::At(self.spill(v, *ty), *ty),
            })
            .collect();
        let outs: Vec<(String, Type)> = results
            .iter()
            .map(|ty| {
                let zero = vec!["zeroinitializer".to_string(); self.chunks()];
                (self.spill(&zero, *ty), *ty)
            })
            .collect();
        let (outer, next, done) = (self.new_label("chunk"), self.new_label("next"), self.new_label("done"));
        let chunk_slot = self.alloca("i64");
        self.stmt(format!("store i64 0, ptr {chunk_slot}, align 8"));
        self.jump(&outer);
        self.place(&outer);
        let chunk = self.ins(format!("load i64, ptr {chunk_slot}, align 8"));
        let first = self.ins(format!("mul i64 {chunk}, {n}"));
        let arrays: Vec<Array> = arrays.into_iter().map(|a| self.at_chunk(a, &chunk)).collect();
        if masked || !unrolled {
            let p = self.ins(format!("getelementptr i{n}, ptr {masks}, i64 {chunk}"));
            let bits = self.ins(format!("load i{n}, ptr {p}, align 1"));
            if unrolled {
                let (whole, part) = (self.new_label("whole"), self.new_label("part"));
                let all = self.ins(format!("icmp eq i{n} {bits}, -1"));
                self.stmt(format!("br i1 {all}, label %{whole}, label %{part}"));
                self.place(&part);
                self.set_bits(&bits, &first, &arrays, &outs, &next, body);
                self.place(&whole);
            } else {
                self.set_bits(&bits, &first, &arrays, &outs, &next, body);
            }
        }
        if unrolled {
            // Taken out of a vector: loads of single elements would wait for the stores of this very loop.
            let vectors: Vec<Vector> = arrays.iter().map(|a| self.whole(a, &first)).collect();
            for l in 0..n {
                let lane = if l == 0 { first.clone() } else { self.ins(format!("add i64 {first}, {l}")) };
                let operands: Vec<String> = vectors.iter().map(|v| self.element_of(v, l)).collect();
                self.lane_results(&lane, &operands, &outs, body);
            }
            self.jump(&next);
        }
        self.place(&next);
        let following = self.ins(format!("add i64 {chunk}, 1"));
        self.stmt(format!("store i64 {following}, ptr {chunk_slot}, align 8"));
        let more = self.ins(format!("icmp ult i64 {following}, {}", self.chunks()));
        self.stmt(format!("br i1 {more}, label %{outer}, label %{done}"));
        self.place(&done);
        outs.iter().map(|(o, ty)| self.unspill(o, *ty)).collect()
    }

    /// The lanes that run, by chunk, if that is known and they are few.
    fn few_lanes(&self, length: Body) -> Option<Vec<(usize, u32)>> {
        let Exec::Masks(masks) = &self.exec else { return None };
        let mut on = Vec::new();
        for (c, mask) in masks.iter().enumerate() {
            let lanes = constant_mask(mask, self.lanes())?;
            on.extend((0..self.lanes()).filter(|&l| lanes[l as usize]).map(|l| (c, l)));
        }
        let most = match length {
            Body::Short => 4,
            Body::Long => 1,
        };
        (on.len() <= most).then_some(on)
    }

    /// Runs `body` for these lanes, one behind the other.
    fn written_out(
        &mut self,
        lanes: &[(usize, u32)],
        inputs: &[Operand],
        results: &[Type],
        body: &mut dyn FnMut(&mut Self, &str, &[String]) -> Vec<String>,
    ) -> Vec<Vec<String>> {
        let n = self.lanes();
        let mut outs = vec![vec!["zeroinitializer".to_string(); self.chunks()]; results.len()];
        for &(c, l) in lanes {
            let operands: Vec<String> = inputs
                .iter()
                .map(|o| match o {
                    Operand::Same(s) => s.clone(),
                    Operand::PerChunk(pointers) => pointers[c].clone(),
                    Operand::Each(v, ty) => {
                        self.ins(format!("extractelement <{n} x {}> {}, i64 {l}", scalar_type(*ty), v[c]))
                    }
                })
                .collect();
            let lane = (c as u32 * n + l).to_string();
            let values = body(self, &lane, &operands);
            for ((out, ty), value) in outs.iter_mut().zip(results).zip(values) {
                let (vt, t) = (self.vector_type(*ty), scalar_type(*ty));
                out[c] = self.ins(format!("insertelement {vt} {}, {t} {value}, i64 {l}", out[c]));
            }
        }
        outs
    }

    /// Runs `body` for the lanes of a chunk whose bits are set, from lane `first` on, and goes to `next`.
    fn set_bits(
        &mut self,
        bits: &str,
        first: &str,
        arrays: &[Array],
        outs: &[(String, Type)],
        next: &str,
        body: &mut dyn FnMut(&mut Self, &str, &[String]) -> Vec<String>,
    ) {
        let n = self.lanes();
        let (inner, run) = (self.new_label("lane"), self.new_label("run"));
        let mask_slot = self.alloca(&format!("i{n}"));
        self.stmt(format!("store i{n} {bits}, ptr {mask_slot}, align 8"));
        self.jump(&inner);
        self.place(&inner);
        let rest = self.ins(format!("load i{n}, ptr {mask_slot}, align 8"));
        let empty = self.ins(format!("icmp eq i{n} {rest}, 0"));
        self.stmt(format!("br i1 {empty}, label %{next}, label %{run}"));
        self.place(&run);
        self.declare(format!("declare i{n} @llvm.cttz.i{n}(i{n}, i1)"));
        let bit = self.ins(format!("call i{n} @llvm.cttz.i{n}(i{n} {rest}, i1 true)"));
        let less = self.ins(format!("sub i{n} {rest}, 1"));
        let cleared = self.ins(format!("and i{n} {rest}, {less}"));
        self.stmt(format!("store i{n} {cleared}, ptr {mask_slot}, align 8"));
        let bit = if n == 64 { bit } else { self.ins(format!("zext i{n} {bit} to i64")) };
        let lane = self.ins(format!("add i64 {first}, {bit}"));
        self.one_lane(&lane, arrays, outs, body);
        self.jump(&inner);
    }

    fn one_lane(
        &mut self,
        lane: &str,
        arrays: &[Array],
        outs: &[(String, Type)],
        body: &mut dyn FnMut(&mut Self, &str, &[String]) -> Vec<String>,
    ) {
        let operands: Vec<String> = arrays
            .iter()
            .map(|a| match a {
                Array::Same(s) | Array::PerChunk(s) => s.clone(),
                Array::At(at, ty) => self.element(at, lane, *ty),
            })
            .collect();
        self.lane_results(lane, &operands, outs, body);
    }

    fn lane_results(
        &mut self,
        lane: &str,
        operands: &[String],
        outs: &[(String, Type)],
        body: &mut dyn FnMut(&mut Self, &str, &[String]) -> Vec<String>,
    ) {
        let values = body(self, lane, operands);
        for ((array, ty), value) in outs.iter().zip(values) {
            self.set_element(array, lane, &value, *ty);
        }
    }

    /// A chunk's part of an operand, from lane `first` on.
    fn whole(&mut self, array: &Array, first: &str) -> Vector {
        let (at, ty) = match array {
            Array::Same(s) | Array::PerChunk(s) => return Vector::Same(s.clone()),
            Array::At(at, ty) => (at, ty),
        };
        if let Some(words) = self.words_of(at, first, *ty) {
            return words;
        }
        let lty = if *ty == Type::I1 { "i8" } else { scalar_type(*ty) };
        let p = self.ins(format!("getelementptr {lty}, ptr {at}, i64 {first}"));
        Vector::Of(self.ins(format!("load <{} x {lty}>, ptr {p}, align 1", self.lanes())), *ty)
    }

    fn element_of(&mut self, vector: &Vector, lane: u32) -> String {
        match vector {
            Vector::Same(s) => s.clone(),
            Vector::Of(v, ty) => {
                let lty = if *ty == Type::I1 { "i8" } else { scalar_type(*ty) };
                let one = self.ins(format!("extractelement <{} x {lty}> {v}, i64 {lane}", self.lanes()));
                if *ty == Type::I1 { self.ins(format!("trunc i8 {one} to i1")) } else { one }
            }
            Vector::Parts(parts, bits, ty) => {
                let each = PART / (8 * ty.bytes());
                let (part, shift) = (&parts[(lane / each) as usize], lane % each * 8 * ty.bytes());
                let down = self.ins(format!("lshr i{bits} {part}, {shift}"));
                self.ins(format!("trunc i{bits} {down} to {}", scalar_type(*ty)))
            }
        }
    }

    fn element(&mut self, array: &str, lane: &str, ty: Type) -> String {
        let lty = if ty == Type::I1 { "i8" } else { scalar_type(ty) };
        let p = self.ins(format!("getelementptr {lty}, ptr {array}, i64 {lane}"));
        let v = self.ins(format!("load {lty}, ptr {p}, align 1"));
        if ty == Type::I1 { self.ins(format!("trunc i8 {v} to i1")) } else { v }
    }

    fn set_element(&mut self, array: &str, lane: &str, value: &str, ty: Type) {
        let (lty, value) = if ty == Type::I1 {
            ("i8", self.ins(format!("zext i1 {value} to i8")))
        } else {
            (scalar_type(ty), value.to_string())
        };
        let p = self.ins(format!("getelementptr {lty}, ptr {array}, i64 {lane}"));
        self.stmt(format!("store {lty} {value}, ptr {p}, align 1"));
    }
}
