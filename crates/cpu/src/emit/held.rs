//! Shared variables that are held in registers: in a block that is one gang, those of which every access is known, thread by
//! thread, before the block runs. A tree over shared memory is then a handful of vector operations, and its barriers
//! order nothing.
//!
//! Invariant: nothing but the loads and stores seen here reaches a held variable, all of them within it and in elements of
//! one size, and no two threads of a store write one element.

use super::known::{Known, Offsets, constant_mask};
use super::memory::Access;
use super::predicate::Plan;
use super::webs::{Variable, Webs};
use super::{Emitter, Exec, Repr, scalar_type};
use crate::abi::field;
use analysis::Shape;
use ir::{Block, Function, GlobalId, Inst, InstId, MemOrder, Module, Op, Space, Type, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Most vectors of all held variables together.
const VECTORS: usize = 64;

/// Most loads for each store. Loads of memory bring a lane's word to all lanes for nothing, those of registers do not: the
/// tiles of a matrix product, which are read over and over, stay in memory.
const LOADS_A_STORE: usize = 4;

/// Most different vectors that are loaded from a tile whose rows lie in registers, beyond that.
const LOADED: usize = 64;

/// A variable's elements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Array {
    /// Bytes of an element.
    element: u32,
    vectors: usize,
}

/// The held variables of a kernel, and the accesses that reach them.
#[derive(Default)]
pub(crate) struct Held {
    arrays: FxHashMap<Variable, Array>,
    places: FxHashMap<Value, (Variable, Offsets)>,
    /// The dynamic shared memory, if it is held, and how many bytes of it the kernel accesses.
    dynamic: Option<(GlobalId, u64)>,
}

/// Which element of which source a lane takes.
pub(super) type Pick = Option<(usize, usize)>;

/// Finds the variables that can be held. `lanes`: of a vector.
pub(crate) fn find(
    func: &Function,
    (module, webs): (&Module, &Webs),
    rpo: &[Block],
    known: &Known<'_>,
    plan: &Plan,
    lanes: u32,
) -> Held {
    let mut held = Held { dynamic: dynamic(func, module, rpo, known, plan), ..Held::default() };
    let mut refused: Vec<Variable> = Vec::new();
    let mut traffic: FxHashMap<Variable, Traffic> = FxHashMap::default();
    for &block in rpo {
        for &inst in &func.block(block).insts {
            let data = func.inst(inst);
            for (k, arg) in data.args.iter().enumerate() {
                let Some(variable) = webs.used(*arg, block) else { continue };
                let ok = match data.inst {
                    Inst::Pure { op: Op::IAdd, .. } => known.place(data.results[0]).is_some(),
                    Inst::Load { .. } | Inst::Store { .. } if k == 0 => {
                        let load = matches!(data.inst, Inst::Load { .. });
                        let active = plan.lanes(block);
                        traffic.entry(variable).or_default().add(func, inst, known, active, lanes);
                        // Memory takes part of a vector as readily as a whole one.
                        (load || !plan.is_open(block))
                            && hold(func, (module, variable), inst, known, active, lanes, &mut held)
                    }
                    _ => false,
                };
                if !ok {
                    refused.push(variable);
                }
            }
        }
        func.block(block).term.for_each_use(|v| refused.extend(webs.used(v, block)));
    }
    held.arrays.retain(|v, _| !refused.contains(v) && traffic.get(v).is_some_and(Traffic::pays));
    while held.arrays.values().map(|a| a.vectors).sum::<usize>() > VECTORS {
        let Some(largest) = held.arrays.iter().max_by_key(|(v, a)| (a.vectors, **v)).map(|(v, _)| *v) else {
            break;
        };
        held.arrays.remove(&largest);
    }
    held.places.retain(|_, (v, _)| held.arrays.contains_key(v));
    held.dynamic = held.dynamic.filter(|(g, _)| held.arrays.keys().any(|v| v.global == *g));
    held
}

/// How often a variable is accessed.
#[derive(Default)]
struct Traffic {
    loads: usize,
    stores: usize,
    /// What chunks load, vector by vector.
    vectors: BTreeSet<Vec<i64>>,
    /// Whether chunks load the same from it.
    alike: bool,
}

impl Traffic {
    fn add(&mut self, func: &Function, inst: InstId, known: &Known<'_>, active: Option<&[bool]>, lanes: u32) {
        let data = func.inst(inst);
        let Inst::Load { .. } = data.inst else {
            self.stores += 1;
            return;
        };
        self.loads += 1;
        let Some((_, offsets)) = known.place(data.args[0]) else { return };
        let of = |t: usize| if active.is_none_or(|on| on[t]) { offsets[t] } else { -1 };
        let all: Vec<i64> = (0..offsets.len()).map(of).collect();
        let chunks: BTreeSet<Vec<i64>> = all.chunks(lanes as usize).map(<[i64]>::to_vec).collect();
        self.alike |= chunks.len() < all.len().div_ceil(lanes as usize);
        if self.vectors.len() <= LOADED {
            self.vectors.extend(chunks);
        }
    }

    /// Whether registers are cheaper than memory: few loads for each store, or the neighbours in a tile, which are lanes of
    /// the same vectors row after row. In memory those wait for two stores each.
    fn pays(&self) -> bool {
        self.loads <= LOADS_A_STORE * self.stores || !self.alike && self.vectors.len() <= LOADED
    }
}

/// The dynamic shared memory and how far into it known accesses reach, if it has one name: others would be the same
/// memory.
fn dynamic(
    func: &Function,
    module: &Module,
    rpo: &[Block],
    known: &Known<'_>,
    plan: &Plan,
) -> Option<(GlobalId, u64)> {
    let mut only = None;
    let mut end = 0;
    for &block in rpo {
        for &inst in &func.block(block).insts {
            let data = func.inst(inst);
            match data.inst {
                Inst::GlobalAddr { global, .. }
                    if module.global(global).dynamic_shared && only.is_some_and(|o| o != global) =>
                {
                    return None;
                }
                Inst::GlobalAddr { global, .. } if module.global(global).dynamic_shared => {
                    only = Some(global)
                }
                Inst::Load { space: Space::Shared, ty, count, .. }
                | Inst::Store { space: Space::Shared, ty, count, .. } => {
                    let Some((global, offsets)) = known.place(data.args[0]) else { continue };
                    if !module.global(global).dynamic_shared {
                        continue;
                    }
                    let active = plan.lanes(block);
                    let runs = |t: usize| active.is_none_or(|on| on[t]);
                    let last = offsets.iter().enumerate().filter(|(t, _)| runs(*t)).map(|(_, o)| *o).max();
                    let bytes = i64::from(ty.bytes()) * i64::from(count);
                    end = end.max(last.map_or(0, |o| o + bytes));
                }
                _ => {}
            }
        }
    }
    Some((only?, u64::try_from(end).ok()?))
}

/// Looks at an access; whether its variable may be held for all that this one does.
fn hold(
    func: &Function,
    (module, variable): (&Module, Variable),
    inst: InstId,
    known: &Known<'_>,
    active: Option<&[bool]>,
    lanes: u32,
    held: &mut Held,
) -> bool {
    let data = func.inst(inst);
    let (space, ty, count, sem) = match data.inst {
        Inst::Load { space, ty, count, sem, .. } | Inst::Store { space, ty, count, sem, .. } => {
            (space, ty, count, sem)
        }
        _ => return false,
    };
    let weak = matches!(sem.order, MemOrder::Weak | MemOrder::Volatile);
    let Some((global, offsets)) = known.place(data.args[0]) else { return false };
    let element = ty.bytes();
    if !weak || space != Space::Shared || !matches!(element, 4 | 8) {
        return false;
    }
    let size = match held.dynamic {
        Some((g, bytes)) if g == global => bytes,
        Some(_) | None => module.global(global).size,
    };
    let elements = size / u64::from(element);
    let array = Array { element, vectors: elements.div_ceil(u64::from(lanes)) as usize };
    if size == 0 || array.vectors > VECTORS || held.arrays.get(&variable).is_some_and(|a| *a != array) {
        return false;
    }
    let mut written = vec![false; elements as usize];
    for (t, &offset) in offsets.iter().enumerate() {
        if active.is_some_and(|on| !on[t]) {
            continue;
        }
        let at = offset / i64::from(element);
        let last = at + i64::from(count) - 1;
        if offset < 0 || offset % i64::from(element) != 0 || last as u64 >= elements {
            return false;
        }
        if matches!(data.inst, Inst::Store { .. }) {
            for slot in &mut written[at as usize..=last as usize] {
                if std::mem::replace(slot, true) {
                    return false;
                }
            }
        }
    }
    held.arrays.insert(variable, array);
    held.places.insert(data.args[0], (variable, offsets));
    true
}

impl Held {
    /// Whether an address lies in a held variable.
    pub fn contains(&self, addr: Value) -> bool {
        self.places.contains_key(&addr)
    }
}

impl Emitter<'_> {
    /// Storage for the held variables; LLVM makes registers of it.
    pub(super) fn allocate_held(&mut self) {
        let Some(held) = self.held else { return };
        let mut arrays: Vec<(Variable, Array)> = held.arrays.iter().map(|(v, a)| (*v, *a)).collect();
        arrays.sort_by_key(|(v, _)| *v);
        for (variable, array) in arrays {
            let t = self.held_type(variable);
            let cells = (0..array.vectors).map(|_| self.zeroed_alloca(&t)).collect();
            self.held_cells.insert(variable, cells);
        }
    }

    /// Before the first block: a launch that gives less dynamic shared memory than is accessed faults as it would have.
    pub(super) fn check_held(&mut self) {
        let Some((global, bytes)) = self.held.and_then(|h| h.dynamic) else { return };
        let Some(at) = self.unit.shared.offset(global) else { return };
        let given = self.context_field(field::DYNAMIC_SHARED, "i32");
        let (enough, less) = (self.new_label("enough"), self.new_label("less"));
        let ok = self.ins(format!("icmp uge i32 {given}, {bytes}"));
        self.stmt(format!("br i1 {ok}, label %{enough}, label %{less}, !prof !1"));
        self.place(&less);
        let p = self.ins(format!("getelementptr i8, ptr %shared, i64 {}", at + bytes - 1));
        self.stmt(format!("store volatile i8 0, ptr {p}, align 1"));
        self.jump(&enough);
        self.place(&enough);
    }

    /// The type of a held variable's vectors.
    pub(super) fn held_type(&self, variable: Variable) -> String {
        let element = self.held.map_or(0, |h| h.arrays[&variable].element);
        format!("<{} x i{}>", self.lanes(), 8 * element)
    }

    /// Which element each lane of a chunk accesses, for element `k` of the access; `None` for lanes that are off for sure.
    fn held_elements(&self, offsets: &Offsets, element: u32, chunk: usize, k: usize) -> Vec<Option<usize>> {
        let n = self.lanes() as usize;
        let first = (self.first_chunk() + chunk) * n;
        let on = match &self.exec {
            Exec::All => None,
            Exec::Masks(masks) => constant_mask(&masks[chunk], self.lanes()),
        };
        let may = self.in_place.lanes(self.block);
        let at = |l: usize| {
            let offset = offsets[first + l] / i64::from(element) + k as i64;
            let runs = on.as_ref().is_none_or(|on| on[l]) && may.is_none_or(|may| may[first + l]);
            (runs && offset >= 0).then_some(offset as usize)
        };
        (0..n).map(at).collect()
    }

    /// A load from a held variable; `None` if the address is in none.
    pub(super) fn load_held(&mut self, addr: Value, access: &Access, results: &[Value]) -> Option<Vec<Repr>> {
        let (variable, offsets) = self.held?.places.get(&addr)?;
        let array = self.held?.arrays[variable];
        let (n, t) = (self.lanes() as usize, self.held_type(*variable));
        let mut out = Vec::new();
        for (k, &result) in results.iter().enumerate().take(access.count) {
            let picks: Vec<Vec<Option<usize>>> = (0..self.chunks())
                .map(|c| {
                    let elements = self.held_elements(offsets, array.element, c, k);
                    elements.into_iter().map(|e| e.filter(|e| e / n < array.vectors)).collect()
                })
                .collect();
            let shape = self.uni.shape_at(result, self.block);
            let repr = match shape {
                Shape::Unknown | Shape::Uniform => {
                    let any = picks.iter().flatten().flatten().next().copied();
                    Repr::Scalar(self.held_scalar(*variable, any, array, access.ty))
                }
                _ if shape.is_chunk_uniform() => {
                    let mut bases = Vec::new();
                    for chunk in &picks {
                        let any = chunk.iter().flatten().next().copied();
                        bases.push(self.held_scalar(*variable, any, array, access.ty));
                    }
                    Repr::Bases(bases, 0)
                }
                _ => {
                    let mut columns = Vec::new();
                    for chunk in &picks {
                        let (sources, chosen) = self.held_sources(*variable, &t, chunk);
                        let merged = self.merge(&t, &sources, &chosen);
                        let vt = self.vector_type(access.ty);
                        columns.push(match access.ty.is_float() {
                            true => self.ins(format!("bitcast {t} {merged} to {vt}")),
                            false => merged,
                        });
                    }
                    Repr::Vectors(columns)
                }
            };
            out.push(repr);
        }
        Some(out)
    }

    /// One element as a scalar; nothing in particular if no lane takes one.
    fn held_scalar(&mut self, variable: Variable, at: Option<usize>, array: Array, ty: Type) -> String {
        if at.is_none() {
            return "zeroinitializer".into();
        }
        let (t, bits) = (self.held_type(variable), 8 * array.element);
        let (sources, picks) = self.held_sources(variable, &t, &[at]);
        let Some((source, lane)) = picks[0] else { return "zeroinitializer".into() };
        let scalar = self.ins(format!("extractelement {t} {}, i64 {lane}", sources[source]));
        match ty.is_float() {
            true => self.ins(format!("bitcast i{bits} {scalar} to {}", scalar_type(ty))),
            false => scalar,
        }
    }

    /// A store to a held variable. False if the address is in none.
    pub(super) fn store_held(&mut self, addr: Value, access: &Access, values: &[Value]) -> bool {
        let Some((variable, offsets)) = self.held.and_then(|h| h.places.get(&addr)) else { return false };
        let Some(array) = self.held.map(|h| h.arrays[variable]) else { return false };
        let (n, t) = (self.lanes() as usize, self.held_type(*variable));
        let cells = self.held_cells[variable].clone();
        // Sources are the chunks of the first value, then those of the next.
        let mut sources = Vec::new();
        let mut picks: Vec<Vec<Pick>> = vec![vec![None; n]; cells.len()];
        for (k, &value) in values.iter().enumerate() {
            let columns = self.vectors(value);
            let vt = self.vector_type(access.ty);
            for (c, column) in columns.iter().enumerate() {
                let elements = self.held_elements(offsets, array.element, c, k);
                for (lane, e) in elements.into_iter().enumerate() {
                    let Some(e) = e.filter(|e| e / n < cells.len()) else { continue };
                    picks[e / n][e % n] = Some((sources.len(), lane));
                }
                sources.push(match access.ty.is_float() {
                    true => self.ins(format!("bitcast {vt} {column} to {t}")),
                    false => column.clone(),
                });
            }
        }
        if self.defers() {
            self.defer(*variable, &sources, &picks);
            return true;
        }
        self.settle_held();
        let masks: Option<Vec<String>> = match self.exec.clone() {
            Exec::All => None,
            Exec::Masks(masks) => {
                let open = masks.iter().any(|m| constant_mask(m, n as u32).is_none());
                open.then(|| masks.iter().cycle().take(sources.len()).cloned().collect())
            }
        };
        for (cell, chosen) in cells.iter().zip(&picks) {
            if chosen.iter().all(Option::is_none) {
                continue;
            }
            let mut new = self.merge(&t, &sources, chosen);
            if masks.is_some() || chosen.iter().any(Option::is_none) {
                let on = match &masks {
                    Some(masks) => {
                        let on = self.merge(&format!("<{n} x i1>"), masks, chosen);
                        let asked = chosen.iter().map(Option::is_some).collect::<Vec<bool>>();
                        let asked = super::known::mask_constant(&asked);
                        self.ins(format!(
                            "select <{n} x i1> {asked}, <{n} x i1> {on}, <{n} x i1> zeroinitializer"
                        ))
                    }
                    None => {
                        super::known::mask_constant(&chosen.iter().map(Option::is_some).collect::<Vec<_>>())
                    }
                };
                let old = self.ins(format!("load {t}, ptr {cell}, align 64"));
                new = self.ins(format!("select <{n} x i1> {on}, {t} {new}, {t} {old}"));
            }
            self.stmt(format!("store {t} {new}, ptr {cell}, align 64"));
        }
        true
    }

    /// A vector of elements of several. Lanes that take none hold anything.
    pub(super) fn merge(&mut self, t: &str, sources: &[String], picks: &[Pick]) -> String {
        let mut used: Vec<usize> = picks.iter().flatten().map(|p| p.0).collect();
        used.sort_unstable();
        used.dedup();
        let mut parts: Vec<(String, Vec<Pick>)> = Vec::new();
        for pair in used.chunks(2) {
            let own: Vec<Pick> = picks.iter().map(|p| p.filter(|(s, _)| pair.contains(s))).collect();
            parts.push((self.shuffle_pair(t, sources, pair, &own), own));
        }
        while parts.len() > 1 {
            let mut next = Vec::new();
            for pair in parts.chunks(2) {
                let [(a, x), (b, y)] = pair else {
                    next.extend_from_slice(pair);
                    continue;
                };
                let second: Vec<bool> = y.iter().map(Option::is_some).collect();
                let both = x.iter().zip(y).map(|(p, q)| p.or(*q)).collect();
                let second = super::known::mask_constant(&second);
                let n = picks.len();
                next.push((self.ins(format!("select <{n} x i1> {second}, {t} {b}, {t} {a}")), both));
            }
            parts = next;
        }
        parts.pop().map_or_else(|| "zeroinitializer".into(), |(v, _)| v)
    }

    /// Elements of one or two sources.
    fn shuffle_pair(&mut self, t: &str, sources: &[String], pair: &[usize], picks: &[Pick]) -> String {
        let n = picks.len();
        let first = &sources[pair[0]];
        let second = pair.get(1).map_or("poison", |&s| &sources[s]);
        let straight = |(l, p): (usize, &Pick)| p.is_none_or(|p| p == (pair[0], l));
        if picks.iter().enumerate().all(straight) {
            return first.clone();
        }
        let list: Vec<String> = picks
            .iter()
            .map(|p| match p {
                Some((s, e)) if *s == pair[0] => format!("i32 {e}"),
                Some((_, e)) => format!("i32 {}", n + e),
                None => "i32 poison".into(),
            })
            .collect();
        self.ins(format!("shufflevector {t} {first}, {t} {second}, <{n} x i32> <{}>", list.join(", ")))
    }
}
