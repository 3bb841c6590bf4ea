//! Shuffles: each lane takes the value of another.
//!
//! Invariant: the sources are those of `ir::eval::shfl_source`. Known permutations are left to LLVM; one lane's value
//! for all, and permutations known only when the code runs, come from a table in memory.

use super::{Emitter, Known};
use ir::{InstData, ShflMode, Type, Value};
use std::fmt::Write;

impl Emitter<'_> {
    pub fn emit_shfl(&mut self, mode: ShflMode, data: &InstData) {
        if !self.check_warps() {
            return;
        }
        let (out, ok) = match self.known_sources(mode, data) {
            Some(sources) => self.shuffle_known(data.args[0], &sources),
            None => match self.shared_source(mode, data) {
                Some(done) => done,
                None => self.shuffle_anywhere(mode, data),
            },
        };
        let repr = self.narrow(data.results[0], out);
        self.define(data.results[0], repr);
        let repr = self.narrow(data.results[1], ok);
        self.define(data.results[1], repr);
    }

    /// The lane of the warp that each lane of the gang reads, and whether it is in range, if that follows from the lanes'
    /// numbers.
    pub(super) fn known_sources(&self, mode: ShflMode, data: &InstData) -> Option<Vec<(u32, bool)>> {
        let (b, c) = (self.known_lanes(data.args[1])?, self.known_lanes(data.args[2])?);
        let source = |i: usize| ir::eval::shfl_source(mode, i as u32 % 32, b[i] as u32, c[i] as u32);
        Some((0..b.len()).map(source).collect())
    }

    /// The bits of a value for each lane of the gang.
    pub(super) fn known_lanes(&self, value: Value) -> Option<Vec<u64>> {
        let count = self.chunks() * self.lanes() as usize;
        if let Some(bits) = self.func.as_const(value) {
            return Some(vec![bits; count]);
        }
        if let Some(known) = self.known {
            return known.value(value).map(|list| list.to_vec());
        }
        let list = Known::of_warp(self.func, self.unit.layout).value(value)?;
        Some((0..count).map(|i| list[i % 32]).collect())
    }

    /// Known source lanes: LLVM picks the permutation. Another lane's value for all, or those of four for each four, are
    /// cheaper from memory: the load may be part of the instruction that uses it, and the unit that permutes also multiplies.
    fn shuffle_known(&mut self, value: Value, sources: &[(u32, bool)]) -> (Vec<String>, Vec<String>) {
        let lanes = self.lanes();
        let (per_warp, warps) = self.warps();
        let width = per_warp * lanes as usize;
        let vectors = self.vectors(value);
        let (mut out, mut ok) = (Vec::new(), Vec::new());
        for w in 0..warps {
            let list = &vectors[w * per_warp..(w + 1) * per_warp];
            let mut all: Option<String> = None;
            for k in 0..per_warp {
                let first = k as u32 * lanes;
                let of_chunk = &sources[w * width + first as usize..][..lanes as usize];
                let flags: Vec<String> = of_chunk.iter().map(|(_, valid)| format!("i1 {valid}")).collect();
                ok.push(format!("<{}>", flags.join(", ")));
                let from: Vec<u32> = (first..)
                    .zip(of_chunk)
                    .map(|(lane, &(source, _))| if (source as usize) < width { source } else { lane })
                    .collect();
                let one = from.iter().all(|&s| s == from[0]).then_some(from[0]);
                if let Some(source) = one.filter(|s| s % lanes != 0 && lanes >= 8) {
                    let index = w * width + source as usize;
                    out.push(self.table_lane(value, &index.to_string()));
                    continue;
                }
                let four = from[0].is_multiple_of(4) && (0..).zip(&from).all(|(l, &s)| s == from[0] + l % 4);
                if four && lanes >= 8 {
                    out.push(self.table_four(value, w * width + from[0] as usize));
                    continue;
                }
                let all = match &all {
                    Some(all) => all.clone(),
                    None => all.insert(self.concat(list)).clone(),
                };
                let picks: Vec<String> = from.iter().map(|s| format!("i32 {s}")).collect();
                out.push(self.ins(format!(
                    "shufflevector <{width} x i32> {all}, <{width} x i32> poison, <{lanes} x i32> <{}>",
                    picks.join(", ")
                )));
            }
        }
        (out, ok)
    }

    /// `shfl.idx` of a whole warp where the lanes of each chunk name one source.
    fn shared_source(&mut self, mode: ShflMode, data: &InstData) -> Option<(Vec<String>, Vec<String>)> {
        let whole = self.func.as_const(data.args[2]) == Some(31) && mode == ShflMode::Idx;
        let (per_warp, _) = self.warps();
        let width = per_warp * self.lanes() as usize;
        if !whole || !self.is_chunk_uniform(data.args[1]) || width != 32 {
            return None;
        }
        let sources = self.bases(data.args[1]);
        let out = (0..self.chunks())
            .map(|c| {
                let lane = self.ins(format!("and i32 {}, 31", sources[c]));
                let index = self.ins(format!("add i32 {lane}, {}", c / per_warp * width));
                let index = self.ins(format!("zext i32 {index} to i64"));
                self.table_lane(data.args[0], &index)
            })
            .collect();
        Some((out, vec!["splat (i1 true)".to_string(); self.chunks()]))
    }

    /// Sources that only the lanes know: gathers from a table.
    fn shuffle_anywhere(&mut self, mode: ShflMode, data: &InstData) -> (Vec<String>, Vec<String>) {
        let lanes = self.lanes();
        let (per_warp, _) = self.warps();
        let width = per_warp * lanes as usize;
        let vt = self.vector_type(Type::I32);
        let b = self.vectors(data.args[1]);
        let c = self.vectors(data.args[2]);
        let table = self.table(data.args[0]);
        let (mut out, mut ok) = (Vec::new(), Vec::new());
        for k in 0..self.chunks() {
            let first = (k % per_warp) as u32 * lanes;
            let lane = self.lane_constant(Type::I32, |l| (first + l) as u64);
            let (source, valid) = self.shfl_source_vector(mode, &lane, &b[k], &c[k]);
            let base = (k / per_warp) * width;
            let last = self.ins(format!("and {vt} {source}, splat (i32 {})", width - 1));
            let index = self.ins(format!("add {vt} {last}, splat (i32 {base})"));
            let ps = self.ins(format!("getelementptr i32, ptr {table}, {vt} {index}"));
            let suffix = format!("v{lanes}i32");
            self.declare(format!(
                "declare {vt} @llvm.masked.gather.{suffix}.v{lanes}p0(<{lanes} x ptr>, i32, <{lanes} x i1>, {vt})"
            ));
            out.push(self.ins(format!(
                "call {vt} @llvm.masked.gather.{suffix}.v{lanes}p0(<{lanes} x ptr> {ps}, i32 4, <{lanes} x i1> splat (i1 true), {vt} zeroinitializer)"
            )));
            ok.push(valid);
        }
        (out, ok)
    }

    /// The lanes' values of the gang in memory, written once a block. LLVM does not see that what is read through the
    /// pointer is what was written: it would go back to permutations.
    fn table(&mut self, value: Value) -> String {
        if let Some(table) = self.tables.get(&value) {
            return table.clone();
        }
        let lanes = self.lanes() as usize;
        let vt = self.vector_type(Type::I32);
        let own = self.alloca(&format!("[{} x i32]", self.chunks() * lanes));
        let table = format!("{own}.t");
        let _ = writeln!(self.init, "  {table} = call ptr asm \"\", \"=r,0\"(ptr {own})");
        let vectors = self.vectors(value);
        for (k, v) in vectors.iter().enumerate() {
            let p = self.ins(format!("getelementptr i32, ptr {own}, i64 {}", k * lanes));
            self.stmt(format!("store {vt} {v}, ptr {p}, align {}", 4 * lanes));
        }
        self.tables.insert(value, table.clone());
        table
    }

    /// One of the gang's values for all lanes.
    fn table_lane(&mut self, value: Value, index: &str) -> String {
        let one = self.table_element(value, index);
        self.splat(Type::I32, &one)
    }

    /// One of the gang's values.
    pub(super) fn table_element(&mut self, value: Value, index: impl std::fmt::Display) -> String {
        let table = self.table(value);
        let p = self.ins(format!("getelementptr i32, ptr {table}, i64 {index}"));
        self.ins(format!("load i32, ptr {p}, align 4"))
    }

    /// Four of the gang's values, from a multiple of four on, for each four lanes.
    fn table_four(&mut self, value: Value, first: usize) -> String {
        let table = self.table(value);
        let lanes = self.lanes();
        let p = self.ins(format!("getelementptr i32, ptr {table}, i64 {first}"));
        let four = self.ins(format!("load <4 x i32>, ptr {p}, align 16"));
        let picks: Vec<String> = (0..lanes).map(|l| format!("i32 {}", l % 4)).collect();
        self.ins(format!(
            "shufflevector <4 x i32> {four}, <4 x i32> poison, <{lanes} x i32> <{}>",
            picks.join(", ")
        ))
    }

    /// PTX ISA 9.7.9 shfl: the pseudo-code, on vectors.
    fn shfl_source_vector(&mut self, mode: ShflMode, lane: &str, b: &str, c: &str) -> (String, String) {
        let vt = self.vector_type(Type::I32);
        let bval = self.ins(format!("and {vt} {b}, splat (i32 31)"));
        let cval = self.ins(format!("and {vt} {c}, splat (i32 31)"));
        let up = self.ins(format!("lshr {vt} {c}, splat (i32 8)"));
        let mask = self.ins(format!("and {vt} {up}, splat (i32 31)"));
        let not = self.ins(format!("xor {vt} {mask}, splat (i32 -1)"));
        let low = self.ins(format!("and {vt} {lane}, {mask}"));
        let clamp = self.ins(format!("and {vt} {cval}, {not}"));
        let max = self.ins(format!("or {vt} {low}, {clamp}"));
        let j = match mode {
            ShflMode::Up => self.ins(format!("sub {vt} {lane}, {bval}")),
            ShflMode::Down => self.ins(format!("add {vt} {lane}, {bval}")),
            ShflMode::Bfly => self.ins(format!("xor {vt} {lane}, {bval}")),
            ShflMode::Idx => {
                let own = self.ins(format!("and {vt} {bval}, {not}"));
                self.ins(format!("or {vt} {low}, {own}"))
            }
        };
        let pred = if mode == ShflMode::Up { "sge" } else { "sle" };
        let ok = self.ins(format!("icmp {pred} {vt} {j}, {max}"));
        let n = self.lanes();
        let source = self.ins(format!("select <{n} x i1> {ok}, {vt} {j}, {vt} {lane}"));
        (source, ok)
    }

    /// Chunks side by side as one vector.
    fn concat(&mut self, list: &[String]) -> String {
        let mut parts = list.to_vec();
        let mut width = self.lanes() as usize;
        while parts.len() > 1 {
            let picks: Vec<String> = (0..2 * width).map(|i| format!("i32 {i}")).collect();
            parts = parts
                .chunks(2)
                .map(|p| {
                    self.ins(format!(
                        "shufflevector <{width} x i32> {}, <{width} x i32> {}, <{} x i32> <{}>",
                        p[0],
                        p[1],
                        2 * width,
                        picks.join(", ")
                    ))
                })
                .collect();
            width *= 2;
        }
        parts.remove(0)
    }
}
