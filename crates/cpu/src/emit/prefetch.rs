//! Prefetches of what a loop reads some iterations later: grid-stride loops, loops over tiles or planes leap from page
//! to page, which the machine's own prefetchers do not follow; those that read on see them stop at each page's end. And of what the next threads will read, where each
//! thread walks through its own part of an array, as through a row of a sparse matrix: a gang's parts are short and
//! many, so that the machine sees no stream.
//!
//! Invariant: a prefetch changes nothing and never faults.

use super::gather::Places;
use super::memory::Access;
use super::{Emitter, Exec, Repr};
use crate::abi::field;
use analysis::Shape;
use ir::{Block, Inst, Op, Space, Type, Value};

/// Cycles that a line takes from memory, roughly.
const LATENCY: usize = 500;

/// Cycles of work that the processor looks ahead by itself: iterations this short overlap anyway.
const LOOKS_AHEAD: usize = 100;

/// Leaps that are known and shorter than this are left to the machine.
const PAGES: u64 = 2048;

/// Bytes that a machine's prefetchers follow a stream, to the end of a page at most.
pub(super) const PAGE: i64 = 4096;
/// Fewest bytes that an iteration reads in order for its loop to be taken for a stream.
const STEP: i64 = 512;
/// Bytes of a cache line.
pub(super) const LINE: i64 = 64;

/// Most lines that a chunk prefetches in an iteration.
const LINES: i64 = 8;

/// Bytes from a chunk's first walk to its last one, above which they are not taken for neighbours.
const NEIGHBOURS: i64 = 1 << 16;

/// What a line is wanted for.
#[derive(PartialEq, Eq)]
pub(super) enum Why {
    Read,
    /// To write, unless this i1 says otherwise.
    Write {
        unless: Option<String>,
    },
}

/// A number that grows by `factor * step`, times a number that stays, with each iteration of a loop.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Growth {
    step: Value,
    times: Option<Value>,
    factor: i64,
}

impl Emitter<'_> {
    /// Prefetches the rows that the chunks load from `pointers` a few iterations on, if the loop around this block
    /// leaps by a uniform distance that it knows when it runs.
    pub(super) fn prefetch_rows(
        &mut self,
        (addr, repr): (Value, &Repr),
        access: &Access,
        pointers: &[String],
        why: &Why,
    ) {
        let global = matches!(access.space, Space::Global | Space::Generic);
        if !matches!(self.exec, Exec::All) || self.window.is_some() || !global {
            return;
        }
        // Where each chunk's row begins behind a common start; `None`: nobody knows.
        let starts = match repr {
            Repr::Affine { deltas, .. } => Some(deltas.0),
            Repr::Bases(..) => None,
            Repr::Scalar(_) | Repr::Vectors(_) => return,
        };
        let Some(Some(growth)) = self.growth(addr, 0) else { return };
        let parts: Vec<Value> = std::iter::once(growth.step).chain(growth.times).collect();
        let constants: Option<Vec<u64>> = parts.iter().map(|&v| self.func.as_const(v)).collect();
        let leap = constants
            .map(|list| list.iter().fold(growth.factor, |leap, &c| leap.wrapping_mul(c as i32 as i64)));
        if let (Some(leap), Repr::Affine { deltas, .. }) = (leap, repr) {
            let row = i64::from(self.lanes()) * access.count as i64 * i64::from(access.ty.bytes());
            if *why == Why::Read && self.reads_on(leap, &deltas.0[..self.chunks()], row) {
                return self.prefetch_behind(PAGE, row, pointers);
            }
        }
        let short = leap.is_some_and(|leap| leap.unsigned_abs() < PAGES);
        let known = |v: &Value| {
            self.func.as_const(*v).is_some() || self.current.contains_key(v) || self.storage.contains_key(v)
        };
        if short || !parts.iter().all(known) {
            return;
        }
        let cycles = self.iteration_cycles();
        if cycles < LOOKS_AHEAD {
            return;
        }
        // Blocks that run abreast are in memory's order, and in the caches when their next turn comes.
        let abreast = self.turns.iter().any(|t| t.blocks.contains(&self.block));
        let ahead = match why {
            _ if !abreast => (LATENCY / cycles) as i64 + 1,
            Why::Read => (LATENCY / cycles).max(1) as i64,
            Why::Write { .. } => return,
        };
        let mut leap = growth.factor.wrapping_mul(ahead).to_string();
        for part in parts {
            let ty = self.func.ty(part);
            let number = self.scalar(part);
            let number = if ty == Type::I64 { number } else { self.ins(format!("sext i32 {number} to i64")) };
            leap = self.ins(format!("mul i64 {number}, {leap}"));
        }
        let row = i64::from(self.lanes()) * access.count as i64 * i64::from(access.ty.bytes());
        let mut reached = i64::MIN;
        for c in 0..self.chunks() {
            let first = starts.map_or(0, |s| s[c]);
            let mut at = if starts.is_some() && c > 0 { first.max(reached) } else { first };
            while at < first + row {
                let p = self.ins(format!("getelementptr i8, ptr {}, i64 {leap}", pointers[c]));
                let p = self.ins(format!("getelementptr i8, ptr {p}, i64 {}", at - first));
                self.prefetch_for(why, &p);
                at += 64;
                reached = at;
            }
        }
    }

    /// Prefetches the lines that the chunks store to a few iterations on, as [`Emitter::prefetch_rows`] does, if the loop reads
    /// nothing from there: a store that waits for its line holds up all behind it. What goes past the caches waits for none.
    pub(super) fn prefetch_stores(
        &mut self,
        (addr, repr): (Value, &Repr),
        access: &Access,
        pointers: &[String],
    ) {
        let root = self.root(addr).0;
        let reads = |i: &ir::InstId| {
            let data = self.func.inst(*i);
            matches!(data.inst, Inst::Load { .. }) && self.root(data.args[0]).0 == root
        };
        let r = &self.uni.regions;
        let mut blocks = self.func.block_ids().filter(|b| r.shares_loop(self.block, *b));
        if r.loop_head(self.block).is_none() || blocks.any(|b| self.func.block(b).insts.iter().any(reads)) {
            return;
        }
        let unless = self.streams.is_some_and(|s| s.may_pass(addr)).then(|| {
            let streams = self.context_field(field::STREAMS, "i64");
            self.ins(format!("icmp ne i64 {streams}, 0"))
        });
        self.prefetch_rows((addr, repr), access, pointers, &Why::Write { unless });
    }

    /// Whether a loop that leaps so far reads on where its last iteration ended, in steps that are worth a prefetch.
    fn reads_on(&self, leap: i64, starts: &[i64], row: i64) -> bool {
        let extent = row * starts.len() as i64;
        let in_order = starts.windows(2).all(|pair| pair[1] == pair[0] + row);
        in_order && extent >= STEP && (extent..=PAGE).contains(&leap)
    }

    /// Prefetches the lines of rows so many bytes behind those at `pointers`.
    pub(super) fn prefetch_behind(&mut self, distance: i64, row: i64, pointers: &[String]) {
        for pointer in pointers {
            for at in (0..row).step_by(LINE as usize) {
                let p = self.ins(format!("getelementptr i8, ptr {pointer}, i64 {}", distance + at));
                self.prefetch(&p);
            }
        }
    }

    /// Prefetches behind a chunk's last lane as much as its lanes read in an iteration, where they walk from `places` in
    /// steps that all share. If the next threads' parts follow on these ones, that is what they begin with.
    pub(super) fn prefetch_walk(&mut self, addr: Value, space: Space, places: &Places) {
        let (Space::Global | Space::Generic, Some(counter)) = (space, self.walk(addr)) else { return };
        let Some(Some(Growth { step, times: None, factor: 1 })) = self.growth(counter, 0) else { return };
        let Some(step) = self.func.as_const(step).map(|s| s as i64) else { return };
        let lanes = i64::from(self.lanes());
        let lines = (lanes * step + 63) / 64;
        if !(1..=LINES).contains(&lines) || !self.walks.insert(self.root(addr).0) {
            return;
        }
        let done = self.scalar(counter);
        let done = self.ins(format!("mul i64 {done}, {lanes}"));
        for c in 0..self.chunks() {
            let [first, last] = [0, self.lanes() - 1].map(|lane| self.place_of_lane(space, places, c, lane));
            let [from, to] = [&first, &last].map(|p| self.ins(format!("ptrtoint ptr {p} to i64")));
            let extent = self.ins(format!("sub i64 {to}, {from}"));
            let near = self.ins(format!("icmp ult i64 {extent}, {NEIGHBOURS}"));
            let inside = self.ins(format!("icmp ult i64 {done}, {extent}"));
            let ok = self.ins(format!("and i1 {near}, {inside}"));
            // The other chunks of the gang lie between.
            let skip = self.ins(format!("mul i64 {extent}, {}", self.unit.layout.chunks));
            let by = self.ins(format!("add i64 {skip}, {done}"));
            let by = self.ins(format!("select i1 {ok}, i64 {by}, i64 0"));
            let next = self.ins(format!("getelementptr i8, ptr {last}, i64 {by}"));
            for line in 0..lines {
                let p = self.ins(format!("getelementptr i8, ptr {next}, i64 {}", 64 * line));
                self.prefetch(&p);
            }
        }
    }

    /// The counter of an address that differs between lanes and grows alike for all: the sum of what stays in the loop
    /// and a parameter of its head that starts at zero.
    fn walk(&self, addr: Value) -> Option<Value> {
        let head = self.uni.regions.loop_head(self.block)?;
        let inside = |b: Block| self.uni.regions.shares_loop(self.block, b);
        let (terms, index, _) = self.take_apart(addr);
        let stays = |v: Value| self.func.as_const(v).is_some() || matches!(self.growth(v, 0), Some(None));
        let mut counter = None;
        for &term in terms.iter().filter(|&&t| !stays(t)) {
            let ir::ValueDef::Param(block, k) = self.func.def(term) else { return None };
            let entries = self.func.block_ids().filter(|&b| !inside(b));
            let mut from =
                entries.flat_map(|b| self.func.block(b).term.successors()).filter(|c| c.block == head);
            let at_zero = from.all(|c| self.func.as_const(c.args[k as usize]) == Some(0));
            if block != head || !at_zero || counter.replace(term).is_some() {
                return None;
            }
        }
        counter.filter(|_| stays(index) && self.uni.shape_at(index, self.block) == Shape::Varying)
    }

    pub(super) fn prefetch(&mut self, pointer: &str) {
        self.prefetch_for(&Why::Read, pointer);
    }

    fn prefetch_for(&mut self, why: &Why, pointer: &str) {
        let (kind, pointer) = match why {
            Why::Read => (0, pointer.to_string()),
            Why::Write { unless: None } => (1, pointer.to_string()),
            // The context is at hand, and prefetching it changes nothing.
            Why::Write { unless: Some(unless) } => {
                (1, self.ins(format!("select i1 {unless}, ptr %ctx, ptr {pointer}")))
            }
        };
        self.declare("declare void @llvm.prefetch.p0(ptr, i32, i32, i32)".into());
        self.stmt(format!("call void @llvm.prefetch.p0(ptr {pointer}, i32 {kind}, i32 3, i32 1)"));
    }

    /// An iteration's length in cycles, guessed from the instructions of the innermost loop.
    fn iteration_cycles(&self) -> usize {
        let lanes = self.lanes() as usize;
        let cost = |i: &ir::InstId| match self.func.inst(*i).inst {
            Inst::Atomic { .. } => 2 * lanes,
            Inst::Const { .. } => 0,
            _ => 1,
        };
        let r = &self.uni.regions;
        let blocks = self.func.block_ids().filter(|b| r.shares_loop(self.block, *b));
        let insts = blocks.flat_map(|b| &self.func.block(b).insts);
        (insts.map(cost).sum::<usize>() * self.chunks() / 3).max(1)
    }

    /// How a value grows in the innermost loop around this block: `Some(None)` if it does not.
    fn growth(&self, value: Value, depth: u32) -> Option<Option<Growth>> {
        let r = &self.uni.regions;
        let inside = |b: Option<Block>| b.is_some_and(|b| r.shares_loop(self.block, b));
        let def = self.uni.def_block(value);
        if !inside(def) {
            return r.loop_head(self.block).map(|_| None);
        }
        if depth > 8 {
            return None;
        }
        match self.func.def(value) {
            ir::ValueDef::Param(block, k) => {
                if r.loop_head(self.block) != Some(block) {
                    return None;
                }
                // All edges back bring the parameter and one step, which is the same in all iterations.
                let mut step = None;
                for b in self.func.block_ids().filter(|b| inside(Some(*b))) {
                    for call in self.func.block(b).term.successors().filter(|c| c.block == block) {
                        let by = self.func.added_to(value, call.args[k as usize])?;
                        let uniform = self.uni.shape_at(by, self.block) == Shape::Uniform;
                        let moves = self.func.as_const(by).is_none() && inside(self.uni.def_block(by));
                        if !uniform || moves || step.is_some_and(|s| s != by) {
                            return None;
                        }
                        step = Some(by);
                    }
                }
                step.map(|step| Some(Growth { step, times: None, factor: 1 }))
            }
            ir::ValueDef::Result(..) => {
                let data = self.func.def_inst(value)?;
                let Inst::Pure { op, .. } = data.inst else { return None };
                let of = |i: usize| self.growth(data.args[i], depth + 1);
                let scaled =
                    |g: Option<Growth>, by: i64| g.map(|g| Growth { factor: g.factor.wrapping_mul(by), ..g });
                let constant = |i: usize| self.func.as_const(data.args[i]).map(|c| c as i64);
                match op {
                    Op::IAdd => match (of(0)?, of(1)?) {
                        (a, None) | (None, a) => Some(a),
                        (Some(a), Some(b)) if (a.step, a.times) == (b.step, b.times) => {
                            Some(Some(Growth { factor: a.factor.wrapping_add(b.factor), ..a }))
                        }
                        (Some(_), Some(_)) => None,
                    },
                    Op::ISub => match (of(0)?, of(1)?) {
                        (a, None) => Some(a),
                        (None, b) => Some(scaled(b, -1)),
                        (Some(_), Some(_)) => None,
                    },
                    Op::IMul => match (constant(0), constant(1)) {
                        (_, Some(c)) => Some(scaled(of(0)?, c)),
                        (Some(c), None) => Some(scaled(of(1)?, c)),
                        // By a number that stays: the length of a row.
                        (None, None) => {
                            let times = |g: Growth, by: usize| {
                                let by = data.args[by];
                                let uniform = self.uni.shape_at(by, self.block) == Shape::Uniform;
                                (g.times.is_none() && uniform).then_some(Growth { times: Some(by), ..g })
                            };
                            match (of(0)?, of(1)?) {
                                (None, None) => Some(None),
                                (Some(g), None) => times(g, 1).map(Some),
                                (None, Some(g)) => times(g, 0).map(Some),
                                (Some(_), Some(_)) => None,
                            }
                        }
                    },
                    Op::Shl => {
                        constant(1).filter(|c| (0..32).contains(c)).and_then(|c| Some(scaled(of(0)?, 1 << c)))
                    }
                    Op::SExt(_) | Op::ZExt(_) => of(0),
                    _ => None,
                }
            }
        }
    }
}
