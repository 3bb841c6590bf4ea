//! Blocks of the masked version as loops over chunks, where written-out ones would be large: they seldom run, or for
//! few chunks, and what LLVM takes grows with their text and with the branches in it.
//!
//! Invariant: uniform and affine values are computed before the loop, for the whole gang, as everywhere else; only
//! what differs from chunk to chunk is in it. It sees the vectors of all chunks as arrays, copied before and after, so
//! that outside of the loop they stay registers.

use super::block::{emit_inst, keep_params};
use super::control::Control;
use super::pure::Form;
use super::values::constant;
use super::window::{Access, Window, windowed};
use super::{Emitter, Exec, Repr, scalar_type};
use analysis::shape::{Deltas, Shape};
use ir::{Block, Function, Inst, Op, Terminator, Type, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Write;

/// Fewest chunks that are worth a loop.
const CHUNKS: usize = 8;

/// Steps of a predicate that are looked at.
const DEPTH: u32 = 6;

/// What loops over chunks keep.
#[derive(Default)]
pub(crate) struct Rolled {
    /// Number of the chunk, i64.
    index: String,
    /// Values of the gang that the block computes before the loop.
    gang: FxHashMap<Value, Repr>,
    /// Arrays of the block being written.
    arrays: Vec<Array>,
    /// All arrays of the function, by bytes of an element. No two loops use one at a time.
    pool: FxHashMap<u32, Vec<String>>,
}

struct Array {
    name: String,
    of: Parts,
    ty: String,
    /// Bytes of an element.
    stride: u32,
    written: bool,
}

/// What an array holds, by chunk.
enum Parts {
    /// What lies in places outside of the loop.
    Places(Vec<String>),
    Values(Vec<String>),
}

/// Whether a block is written as a loop.
pub(super) fn rolls(e: &Emitter<'_>, cx: &Control, block: Block) -> bool {
    let Exec::Masks(masks) = &e.exec else { return false };
    let masked = masks.iter().all(|m| m.starts_with('%'));
    if e.chunks() < CHUNKS || !masked || !windowed(e.unit, e.func, e.uni, block) {
        return false;
    }
    // Loops that have no dense version run here, and run long.
    if !cx.dense && repeats(e.func, block) {
        return false;
    }
    // Written out, chunks that thread numbers switch off have no code.
    let by_numbers = |b: Block| match &e.func.block(b).term {
        Terminator::Branch { cond, then, els } => {
            (then.block == block || els.block == block) && is_decided(e, *cond, 0)
        }
        _ => false,
    };
    if e.func.block_ids().any(by_numbers) {
        return false;
    }
    // Which chunk's these are must be known.
    let placed = |inst: &Inst, addr: Value| {
        let (Inst::Load { space, .. } | Inst::Store { space, .. }) = *inst else { return false };
        e.held.is_some_and(|h| h.contains(addr)) || e.rows.is_some_and(|r| r.of(space, addr).is_some())
    };
    let early = before(e, block);
    // Accesses are what is large; vectors that are copied into the loop or out of it cost as much as it saves.
    let (mut accesses, mut copied) = (0, FxHashSet::<Value>::default());
    for &inst in &e.func.block(block).insts {
        let data = e.func.inst(inst);
        if data.args.first().is_some_and(|&a| placed(&data.inst, a)) {
            return false;
        }
        let elsewhere = |a: &Value| e.uni.def_block(*a) != Some(block) || is_param(e.func, *a);
        if data.results.iter().any(|r| early.contains(r)) {
            if !data.args.iter().all(|a| elsewhere(a) || early.contains(a)) {
                return false;
            }
            continue;
        }
        accesses += usize::from(matches!(data.inst, Inst::Load { .. } | Inst::Store { .. }));
        let apart = |a: &&Value| {
            elsewhere(a) && matches!(e.uni.shape_at(**a, block), Shape::Chunked(_) | Shape::Varying)
        };
        copied.extend(data.args.iter().filter(apart).copied());
        let kept = |r: &&Value| e.storage.contains_key(*r) || e.blended.contains_key(*r);
        copied.extend(data.results.iter().filter(kept).copied());
    }
    accesses >= copied.len()
}

/// Whether a block lies in a loop.
fn repeats(func: &Function, block: Block) -> bool {
    let (mut seen, mut work) = (FxHashSet::default(), vec![block]);
    while let Some(b) = work.pop() {
        work.extend(func.block(b).term.successors().map(|call| call.block).filter(|&to| seen.insert(to)));
    }
    seen.contains(&block)
}

/// Whether thread numbers alone decide a predicate, or a part of it.
fn is_decided(e: &Emitter<'_>, cond: Value, depth: u32) -> bool {
    if e.known_value(cond).is_some() {
        return true;
    }
    match e.func.def_inst(cond) {
        Some(data) => match data.inst {
            Inst::Pure { op: Op::And | Op::Or | Op::Xor | Op::Not, ty: Type::I1 } if depth < DEPTH => {
                data.args.iter().any(|&a| e.func.as_const(a).is_none() && is_decided(e, a, depth + 1))
            }
            _ => false,
        },
        None => false,
    }
}

fn is_param(func: &Function, value: Value) -> bool {
    func.def_inst(value).is_none()
}

/// What a block computes for the whole gang at once.
fn before(e: &Emitter<'_>, block: Block) -> FxHashSet<Value> {
    let results = e.func.block(block).insts.iter().flat_map(|&i| &e.func.inst(i).results);
    results
        .copied()
        .filter(|&r| matches!(e.uni.shape(r), Shape::Unknown | Shape::Uniform | Shape::Affine { .. }))
        .collect()
}

/// Emits the instructions of a block: those of the gang, then a loop over the chunks that have running lanes.
pub(super) fn emit_rolled(e: &mut Emitter<'_>, block: Block) {
    let early = before(e, block);
    let of_gang = |e: &Emitter<'_>, inst: ir::InstId| {
        let results = &e.func.inst(inst).results;
        !results.is_empty() && results.iter().all(|r| early.contains(r))
    };
    for &inst in &e.func.block(block).insts {
        if of_gang(e, inst) {
            emit_inst(e, inst);
        }
    }
    let results = early.iter().filter_map(|v| Some((*v, e.current.get(v)?.clone())));
    e.rolled.gang = results.collect();
    let whole = e.exec.clone();
    let (start, head, run) = (e.new_label("roll"), e.new_label("each"), e.new_label("chunk"));
    let (next, done) = (e.new_label("next"), e.new_label("rolled"));
    e.jump(&start);
    e.place(&start);
    let before = std::mem::take(&mut e.body);
    e.window = Some(Window::Each);
    e.current.clear();
    e.vectors.clear();
    e.walks.clear();
    let (index, following) = (e.temp(), e.temp());
    e.rolled.index = index.clone();
    e.place(&head);
    e.stmt(format!("{index} = phi i64 [ 0, %{start} ], [ {following}, %{next} ]"));
    let masks = e.masks_of(&whole);
    let mask = e.mask_of_chunk(&masks);
    let any = e.any(std::slice::from_ref(&mask));
    e.stmt(format!("br i1 {any}, label %{run}, label %{next}"));
    e.exec = Exec::Masks(vec![mask]);
    e.place(&run);
    keep_params(e, block);
    for &inst in &e.func.block(block).insts {
        if !of_gang(e, inst) {
            emit_inst(e, inst);
        }
    }
    e.jump(&next);
    e.place(&next);
    let chunks = e.unit.layout.chunks;
    e.stmt(format!("{following} = add i64 {index}, 1"));
    let more = e.ins(format!("icmp ult i64 {following}, {chunks}"));
    e.stmt(format!("br i1 {more}, label %{head}, label %{done}"));
    let body = std::mem::replace(&mut e.body, before);
    e.window = None;
    let arrays = std::mem::take(&mut e.rolled.arrays);
    for array in &arrays {
        e.copy_in(array);
    }
    e.jump(&head);
    e.body.push_str(&body);
    e.place(&done);
    for array in arrays.iter().filter(|a| a.written) {
        e.copy_out(array);
    }
    e.exec = whole;
    e.current = std::mem::take(&mut e.rolled.gang);
    e.vectors.clear();
}

impl Emitter<'_> {
    /// What the block being written as a loop has computed for the gang.
    pub(super) fn of_gang(&self, value: Value) -> Option<Repr> {
        self.rolled.gang.get(&value).filter(|_| self.window == Some(Window::Each)).cloned()
    }

    /// Linear index of the first thread of the loop's chunk, i32.
    pub(super) fn thread_of_chunk(&mut self) -> String {
        let index = self.rolled.index.clone();
        let index = self.ins(format!("trunc i64 {index} to i32"));
        let at = self.ins(format!("mul i32 {index}, {}", self.lanes()));
        self.ins(format!("add i32 %first, {at}"))
    }

    /// The base of an affine value for the loop's chunk.
    pub(super) fn base_of_chunk(&mut self, ty: Type, base: &str, deltas: &Deltas) -> String {
        let chunks = self.unit.layout.chunks as usize;
        let deltas = &deltas.0[..chunks];
        if deltas.iter().all(|d| *d == 0) {
            return base.to_string();
        }
        let (t, index) = (scalar_type(ty), self.rolled.index.clone());
        let step = deltas[1].wrapping_sub(deltas[0]);
        let regular = deltas.windows(2).all(|w| w[1].wrapping_sub(w[0]) == step) && deltas[0] == 0;
        let delta = if regular {
            let wide = self.ins(format!("mul i64 {index}, {step}"));
            if ty == Type::I64 { wide } else { self.ins(format!("trunc i64 {wide} to {t}")) }
        } else {
            let list: Vec<String> = deltas.iter().map(|d| constant(ty, *d as u64)).collect();
            let name = format!("@deltas.{t}.{}", list.join("."));
            let mut table = format!("{name} = private unnamed_addr constant [{chunks} x {t}] [");
            for (k, d) in list.iter().enumerate() {
                let _ = write!(table, "{}{t} {d}", if k > 0 { ", " } else { "" });
            }
            table.push(']');
            self.declare(table);
            let p = self.ins(format!("getelementptr {t}, ptr {name}, i64 {index}"));
            self.ins(format!("load {t}, ptr {p}, align {}", ty.bytes()))
        };
        self.ins(format!("add {t} {base}, {delta}"))
    }

    /// The loop's chunk in the array that stands for the places of all chunks.
    pub(super) fn chunk_place(
        &mut self,
        places: &[String],
        (form, ty): (Form, Type),
        access: Access,
    ) -> String {
        let known = |a: &Array| matches!(&a.of, Parts::Places(own) if own == places);
        let at = match self.rolled.arrays.iter().position(known) {
            Some(at) => at,
            None => {
                let lanes = if form == Form::Vector { self.lanes() } else { 1 };
                let stride = (ty.bytes() * lanes).next_multiple_of(64);
                self.add_array(Parts::Places(places.to_vec()), self.form_type(form, ty), stride)
            }
        };
        self.rolled.arrays[at].written |= access == Access::Write;
        self.pointer_to_element(at)
    }

    /// The mask of the loop's chunk.
    fn mask_of_chunk(&mut self, masks: &[String]) -> String {
        let ty = self.vector_type(Type::I1);
        let at = self.add_array(Parts::Values(masks.to_vec()), ty.clone(), 8);
        let place = self.pointer_to_element(at);
        self.ins(format!("load {ty}, ptr {place}, align 8"))
    }

    fn pointer_to_element(&mut self, at: usize) -> String {
        let Array { name, stride, .. } = &self.rolled.arrays[at];
        let text = format!("getelementptr [{stride} x i8], ptr {name}, i64 {}", self.rolled.index);
        self.ins(text)
    }

    fn add_array(&mut self, of: Parts, ty: String, stride: u32) -> usize {
        let used = self.rolled.arrays.iter().filter(|a| a.stride == stride).count();
        let name = match self.rolled.pool.get(&stride).and_then(|list| list.get(used)) {
            Some(name) => name.clone(),
            None => {
                let name = self.alloca(&format!("[{} x i8]", self.unit.layout.chunks * stride));
                self.rolled.pool.entry(stride).or_default().push(name.clone());
                name
            }
        };
        self.rolled.arrays.push(Array { name, of, ty, stride, written: false });
        self.rolled.arrays.len() - 1
    }

    /// Copies all chunks into an array before the loop.
    fn copy_in(&mut self, Array { name, of, ty, stride, .. }: &Array) {
        let (Parts::Places(parts) | Parts::Values(parts)) = of;
        for (chunk, part) in (0u32..).zip(parts) {
            let value = match of {
                Parts::Places(_) => self.ins(format!("load {ty}, ptr {part}, align 64")),
                Parts::Values(_) => part.clone(),
            };
            let element = self.ins(format!("getelementptr i8, ptr {name}, i64 {}", chunk * stride));
            self.stmt(format!("store {ty} {value}, ptr {element}, align 8"));
        }
    }

    /// Copies what the loop has left to the places of the chunks.
    fn copy_out(&mut self, Array { name, of, ty, stride, .. }: &Array) {
        let Parts::Places(places) = of else { return };
        for (chunk, place) in (0u32..).zip(places) {
            let element = self.ins(format!("getelementptr i8, ptr {name}, i64 {}", chunk * stride));
            let value = self.ins(format!("load {ty}, ptr {element}, align 8"));
            self.stmt(format!("store {ty} {value}, ptr {place}, align 64"));
        }
    }
}
