//! Values that stay in the frame while a region runs. One that the region finds there and does not define is there still when it
//! stops, and is not kept again; so is one that merely gets another name. One that a region reads in one block only, once, is
//! read where it is needed. What the block before a barrier keeps, or what such a value becomes on its way there, is kept as soon as
//! it is known. Otherwise a region would begin and end with all sums of a warp on their way from the frame to the stack and back.
//!
//! Invariant: a place of the frame is written only when nobody reads any more what rested there.

use super::frame::{self, Saved};
use super::{Emitter, StorageKind};
use analysis::Uniformity;
use ir::{Block, BlockCall, Function, Inst, InstId, Type, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What rests in the frame while a region runs.
#[derive(Default)]
pub(crate) struct Resting {
    /// Where a value is, and the instructions that read it.
    values: BTreeMap<Value, (u32, Vec<InstId>)>,
    /// What the block being written leaves in the frame: places of its results.
    leaving: BTreeMap<Value, u32>,
    /// What it has left already.
    left: BTreeSet<Value>,
    /// What is in its place when a block that keeps it begins.
    passing: BTreeMap<Value, u32>,
    /// Places of what results become on their way out of the region, which are free when they are known.
    becoming: BTreeMap<Value, Vec<u32>>,
}

impl Resting {
    /// Whether a value is read where it rests.
    pub(super) fn contains(&self, s: &Saved) -> bool {
        !s.blended && self.values.contains_key(&s.value)
    }

    /// Whether a value has been kept where it was made, or has been in its place all the time.
    pub(super) fn has_left(&self, s: &Saved) -> bool {
        !s.blended && (self.left.contains(&s.value) || self.passing.contains_key(&s.value))
    }
}

/// What a region does with the frame.
pub(super) struct Traffic<'a> {
    /// What it finds there.
    pub saved: &'a [Saved],
    /// What it keeps, by block.
    pub kept: Vec<(Block, &'a Saved)>,
    pub reachable: &'a [bool],
    /// Whether a block may run again before the gang stops.
    pub repeats: &'a dyn Fn(Block) -> bool,
}

/// Finds what stays in the frame.
pub(super) fn find(e: &mut Emitter<'_>, uni: &Uniformity, traffic: &Traffic<'_>) {
    let edges = edges(e.func, traffic.reachable);
    pass(e, uni, traffic, &edges);
    rest(e, uni, traffic);
    become_kept(e, uni, traffic, &edges);
}

type Edges<'a> = BTreeMap<Block, Vec<&'a BlockCall>>;

/// By block: how the region enters it.
fn edges<'a>(func: &'a Function, reachable: &[bool]) -> Edges<'a> {
    let mut edges = Edges::new();
    for block in func.block_ids().filter(|b| reachable[b.index()]) {
        func.block(block).term.successors().for_each(|c| edges.entry(c.block).or_default().push(c));
    }
    edges
}

/// Lets values pass that the region finds in the frame and does not define, and block parameters that only such values of the
/// same place become.
fn pass(e: &mut Emitter<'_>, uni: &Uniformity, traffic: &Traffic<'_>, edges: &Edges<'_>) {
    let plain = |s: &&Saved| !s.blended;
    let defined = |v: Value| uni.def_block(v).is_none_or(|b| traffic.reachable[b.index()]);
    let there = traffic.saved.iter().filter(plain).filter(|s| !defined(s.value));
    let mut places: BTreeMap<Value, u32> = there.map(|s| (s.value, s.offset)).collect();
    let kept = traffic.kept.iter().map(|(_, s)| *s).filter(plain);
    let kept: BTreeMap<Value, u32> = kept.map(|s| (s.value, s.offset)).collect();
    loop {
        let before = places.len();
        for (&block, calls) in edges {
            for (k, param) in e.func.block(block).params.iter().enumerate() {
                let Some(&at) = kept.get(param) else { continue };
                if calls.iter().all(|c| places.get(&c.args[k]) == Some(&at)) {
                    places.insert(*param, at);
                }
            }
        }
        if places.len() == before {
            break;
        }
    }
    e.resting.passing = places;
}

/// Lets values rest that only matrix products read, or one block once.
fn rest(e: &mut Emitter<'_>, uni: &Uniformity, traffic: &Traffic<'_>) {
    let func = e.func;
    let &Traffic { saved, reachable, .. } = traffic;
    let (readers, others) = readers(func, traffic);
    for s in saved {
        let here = uni.def_block(s.value).is_none_or(|b| reachable[b.index()]);
        let elsewhere =
            others.contains(&s.value) || traffic.kept.iter().any(|(_, kept)| kept.value == s.value);
        let plain = is_plain(func, s) && saved.iter().all(|o| o.value != s.value || !o.blended);
        let Some((_, readers)) = readers.get(&s.value) else { continue };
        if here || elsewhere || !plain {
            continue;
        }
        let bytes = e.unit.layout.lanes * func.ty(s.value).bytes();
        let Some(storage) = e.storage.get_mut(&s.value) else { continue };
        for (i, pointer) in storage.pointers.iter_mut().enumerate() {
            let at = s.offset + i as u32 * bytes;
            *pointer = format!("%rest.{at}");
            let _ = writeln!(e.init, "  {pointer} = getelementptr i8, ptr %frame, i64 {at}");
        }
        e.resting.passing.remove(&s.value);
        e.resting.values.insert(s.value, (s.offset, readers.clone()));
    }
}

/// Block parameters that are kept and that one result alone becomes: it is kept at once, if nobody needs by then what was in
/// their place.
fn become_kept(e: &mut Emitter<'_>, uni: &Uniformity, traffic: &Traffic<'_>, edges: &Edges<'_>) {
    let func = e.func;
    let mut writers: BTreeMap<u32, Value> = BTreeMap::new();
    for &(_, s) in &traffic.kept {
        let ir::ValueDef::Param(block, k) = func.def(s.value) else { continue };
        let blended = |v: Value| e.blended.contains_key(&v);
        let found = traffic.saved.iter().any(|o| o.value == s.value);
        let calls = edges.get(&block).map(Vec::as_slice).unwrap_or_default();
        let Some(result) = calls.first().map(|c| c.args[k as usize]) else { continue };
        let alone = calls.iter().all(|c| c.args[k as usize] == result);
        let (ir::ValueDef::Result(inst, _), Some(home)) = (func.def(result), uni.def_block(result)) else {
            continue;
        };
        if found
            || !alone
            || !is_plain(func, s)
            || func.as_const(result).is_some()
            || blended(s.value)
            || blended(result)
            || !traffic.reachable[home.index()]
            || (traffic.repeats)(home)
            || e.in_place.contains(home)
        {
            continue;
        }
        let order = |i: InstId| func.block(home).insts.iter().position(|&o| o == i);
        let now = order(inst);
        let mut there = e.resting.values.values().filter(|(at, _)| *at == s.offset);
        let read = there.all(|(_, readers)| readers.iter().all(|&r| order(r).is_some_and(|r| Some(r) < now)));
        let needed = e.resting.passing.values().any(|at| *at == s.offset);
        if read && !needed && *writers.entry(s.offset).or_insert(result) == result {
            let places = e.resting.becoming.entry(result).or_default();
            if !places.contains(&s.offset) {
                places.push(s.offset);
            }
            e.resting.passing.insert(s.value, s.offset);
        }
    }
}

fn is_plain(func: &Function, s: &Saved) -> bool {
    !s.blended && s.kind == StorageKind::Vectors && func.ty(s.value) != Type::I1
}

/// The block that alone reads a value, and once, or matrix products that do, and the instructions that do; and values that
/// others read, or instructions without results.
#[allow(clippy::type_complexity)]
fn readers(
    func: &Function,
    traffic: &Traffic<'_>,
) -> (BTreeMap<Value, (Block, Vec<InstId>)>, BTreeSet<Value>) {
    let (mut readers, mut others) = (BTreeMap::<Value, (Block, Vec<InstId>)>::new(), BTreeSet::new());
    for block in func.block_ids().filter(|b| traffic.reachable[b.index()]) {
        let repeats = (traffic.repeats)(block);
        for &inst in &func.block(block).insts {
            let data = func.inst(inst);
            let product = matches!(data.inst, Inst::Product { .. });
            if !product && (data.results.is_empty() || repeats) {
                others.extend(&data.args);
                continue;
            }
            for &arg in &data.args {
                let (first, list) = readers.entry(arg).or_insert((block, Vec::new()));
                if product || *first == block {
                    list.push(inst);
                } else {
                    others.insert(arg);
                }
            }
        }
        func.block(block).term.for_each_use(|v| {
            others.insert(v);
        });
    }
    (readers, others)
}

impl Emitter<'_> {
    /// Begins a block, which keeps `saved` at its end if it ends in a barrier.
    pub(super) fn begin_resting(&mut self, saved: Option<&[Saved]>) {
        self.resting.left.clear();
        self.resting.leaving.clear();
        if !self.turns.is_empty() {
            return;
        }
        let func = self.func;
        let made = |v: Value| {
            func.def_inst(v).is_some()
                && self.uni.def_block(v) == Some(self.block)
                && !self.uni.blended(v, self.block)
        };
        let leaving = saved.into_iter().flatten().filter(|s| is_plain(func, s) && made(s.value));
        self.resting.leaving = leaving.map(|s| (s.value, s.offset)).collect();
    }

    /// Keeps a result if the block leaves it and its place is free, and where it is what it becomes.
    pub(super) fn leave(&mut self, result: Value) {
        for at in self.resting.becoming.get(&result).cloned().unwrap_or_default() {
            self.keep_vectors(result, at);
        }
        let Some(&at) = self.resting.leaving.get(&result).filter(|_| !self.resting.left.contains(&result))
        else {
            return;
        };
        let has_read = |&inst: &InstId| {
            let first = self.func.inst(inst).results[0];
            self.uni.def_block(first) == Some(self.block) && self.current.contains_key(&first)
        };
        let mut there = self.resting.values.values().filter(|(place, _)| *place == at);
        if !there.all(|(_, readers)| readers.iter().all(has_read)) {
            return;
        }
        self.keep_vectors(result, at);
        self.resting.left.insert(result);
    }

    fn keep_vectors(&mut self, value: Value, offset: u32) {
        let s = Saved { value, offset, kind: StorageKind::Vectors, blended: false };
        for (i, part) in self.vectors(value).iter().enumerate() {
            frame::keep(self, &s, i, part);
        }
    }
}
