//! A kernel's LLVM module: one function per region between barriers, each run for one gang at a time.

use super::barrier::{barrier_result, emit_lone_barrier, suspend};
use super::control::{Control, block_label, flatten};
use super::dense::{self, Version, dense_label};
use super::frame::{Saved, load_mask, restore};
use super::window::{emit_windows, windowed};
use super::{Emitter, Exec, Refused, StorageKind, Unit};
use crate::abi::field;
use crate::rows::Rows;
use analysis::region::{ChainId, FragmentId};
use analysis::{Cfg, Shape, Uniformity, liveness};
use engine::layout::FrameLayout;
use ir::{Block, Function, Inst, Terminator, Type, Value};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

/// The text of a kernel's module and what is needed to run it.
pub struct KernelCode {
    pub text: String,
    /// Number of regions; their functions are `region0`, `region1`, …
    pub regions: u32,
    /// Bytes of the frame that a gang keeps across barriers.
    pub frame_bytes: u32,
    /// Bytes of the rows of a block.
    pub row_bytes: u64,
}

/// A device function with code of its own.
pub struct Callee {
    pub id: ir::FuncId,
    pub func: Function,
    pub cfg: Cfg,
    pub uni: Uniformity,
}

/// What the regions of a kernel share.
struct Cut {
    /// Accesses whose alignment must be checked.
    checks: analysis::alignment::Checks,
    /// Entry block of each region; region 0 starts at the function's entry.
    entries: Vec<Block>,
    /// Region that a block with a barrier goes on with.
    after: HashMap<Block, u32>,
    /// The barrier before each region.
    barrier: Vec<Option<ir::InstId>>,
    /// Values that each region needs from its frame, and those that it computes again.
    saved: Vec<Vec<Saved>>,
    again: Vec<Vec<Value>>,
    /// Offset of the mask of lanes that have not exited.
    live_offset: u32,
    frame_bytes: u32,
    fibers: bool,
}

/// Whether all gangs of a block use the same rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sharing {
    Gangs,
    Nobody,
}

impl Cut {
    /// Without barriers and waits a gang is done when the next one starts.
    fn sharing(&self) -> Sharing {
        if self.entries.len() == 1 && !self.fibers { Sharing::Gangs } else { Sharing::Nobody }
    }
}

/// Emits `func`, whose barriers end their blocks (see `crate::prepare`).
pub fn emit_kernel(
    unit: &Unit<'_>,
    func: &Function,
    cfg: &Cfg,
    uni: &Uniformity,
    (frame, rows): (&FrameLayout, Option<&Rows>),
    callees: &[Callee],
) -> Result<KernelCode, Refused> {
    let cut = cut(unit, func, cfg, uni)?;
    let mut text = String::new();
    let mut declares = BTreeSet::new();
    for region in 0..cut.entries.len() {
        text.push_str(&emit_region(unit, func, cfg, uni, (frame, rows), &cut, region, &mut declares)?);
    }
    for callee in callees {
        let frame = FrameLayout::of(&callee.func);
        text.push_str(&super::calls::emit_function(
            unit,
            callee.id,
            &callee.func,
            &callee.cfg,
            &callee.uni,
            &frame,
            &mut declares,
        )?);
    }
    for d in &declares {
        text.push_str(d);
        text.push('\n');
    }
    let width = if unit.target.has("avx512f") { 512 } else { 256 };
    let _ = writeln!(
        text,
        "attributes #0 = {{ nounwind \"prefer-vector-width\"=\"{width}\" \"min-legal-vector-width\"=\"{width}\" \"no-builtins\" null_pointer_is_valid }}\n!0 = !{{}}\n!1 = !{{!\"branch_weights\", i32 100000, i32 1}}"
    );
    let gangs = if cut.sharing() == Sharing::Gangs { 1 } else { unit.layout.gangs() };
    let row_bytes = rows.map_or(0, |r| u64::from(r.bytes) * u64::from(gangs * unit.layout.width()));
    Ok(KernelCode { text, regions: cut.entries.len() as u32, frame_bytes: cut.frame_bytes, row_bytes })
}

/// Whether a block ends in a barrier at which the gang must wait for others.
fn suspends(unit: &Unit<'_>, func: &Function, block: Block) -> bool {
    let last = func.block(block).insts.last();
    !unit.fibers
        && unit.layout.gangs() > 1
        && last.is_some_and(|&i| matches!(func.inst(i).inst, Inst::Barrier { .. }))
}

/// Bytes of a saved value in the frame.
fn saved_bytes(unit: &Unit<'_>, ty: Type, kind: StorageKind) -> u32 {
    let n = match kind {
        StorageKind::Scalar | StorageKind::Affine { .. } => 1,
        StorageKind::Bases(_) => unit.layout.chunks,
        StorageKind::Vectors => unit.layout.width(),
    };
    (n * ty.bytes()).next_multiple_of(64)
}

/// Whether a value is cheaper to compute again than to keep: constants, registers, addresses, and regular arithmetic
/// on such.
fn rematerialises(func: &Function, uni: &Uniformity, value: Value, depth: u32) -> bool {
    let Some(data) = func.def_inst(value) else { return false };
    if depth > 6 || uni.shape(value) == Shape::Varying && !matches!(data.inst, Inst::Sreg(_)) {
        return false;
    }
    let regular = match data.inst {
        Inst::Const { .. } | Inst::GlobalAddr { .. } | Inst::SlotAddr(_) | Inst::FuncAddr(_) => true,
        Inst::Sreg(reg) => reg.scope() != ir::sreg::SregScope::Clock,
        Inst::Pure { .. } | Inst::ToGeneric(_) | Inst::FromGeneric(_) => true,
        Inst::Load { space: ir::Space::Param, .. } => true,
        _ => false,
    };
    regular && data.args.iter().all(|&a| rematerialises(func, uni, a, depth + 1))
}

fn cut(unit: &Unit<'_>, func: &Function, cfg: &Cfg, uni: &Uniformity) -> Result<Cut, Refused> {
    let live = liveness::compute(func, cfg);
    let align = |g: ir::GlobalId| unit.module.global(g).align;
    let mut out = Cut {
        checks: analysis::alignment::checks(func, cfg, &align),
        entries: vec![Function::ENTRY],
        after: HashMap::new(),
        barrier: vec![None],
        saved: vec![Vec::new()],
        again: vec![Vec::new()],
        live_offset: 0,
        fibers: unit.fibers,
        frame_bytes: unit.layout.width().next_multiple_of(64),
    };
    let mut offsets: HashMap<(Value, bool), u32> = HashMap::new();
    for &block in &cfg.rpo {
        if !suspends(unit, func, block) {
            continue;
        }
        if uni.regions.fragment(block) != FragmentId::ROOT {
            return Err(Refused("a barrier that not all threads of a gang reach together".into()));
        }
        let Terminator::Jump(next) = &func.block(block).term else {
            return Err(Refused("internal: a barrier does not end its block".into()));
        };
        let region = match out.entries.iter().position(|&e| e == next.block) {
            Some(r) => r as u32,
            None => {
                out.entries.push(next.block);
                let (mut saved, mut again) = (Vec::new(), Vec::new());
                let barrier = func.block(block).insts.last().copied();
                let mut needed: BTreeSet<Value> = live.live_in(next.block).collect();
                for v in needed.clone() {
                    if let Some(origin) = uni.origin(v) {
                        needed.insert(origin.ext);
                        needed.extend(func.def_inst(origin.ext).iter().flat_map(|d| &d.args));
                    }
                }
                for v in needed {
                    if barrier.is_some_and(|b| func.inst(b).results.contains(&v)) {
                        continue; // Comes from the scheduler.
                    }
                    if rematerialises(func, uni, v, 0) {
                        again.push(v);
                        continue;
                    }
                    // Both the plain and the blended copy may be read behind the barrier.
                    let shape = uni.shape(v);
                    let kind = match shape {
                        Shape::Unknown | Shape::Uniform => StorageKind::Scalar,
                        Shape::Affine { stride, deltas } => StorageKind::Affine { stride, deltas },
                        Shape::Chunked(s) => StorageKind::Bases(s),
                        Shape::Varying => StorageKind::Vectors,
                    };
                    for (blended, kind) in [(false, kind), (true, StorageKind::Vectors)] {
                        if blended && !cfg.rpo.iter().any(|&b| uni.blended(v, b)) {
                            continue;
                        }
                        let offset = *offsets.entry((v, blended)).or_insert_with(|| {
                            let at = out.frame_bytes;
                            out.frame_bytes += saved_bytes(unit, func.ty(v), kind);
                            at
                        });
                        saved.push(Saved { value: v, offset, kind, blended });
                    }
                }
                out.barrier.push(barrier);
                out.saved.push(saved);
                out.again.push(again);
                out.entries.len() as u32 - 1
            }
        };
        out.after.insert(block, region);
    }
    Ok(out)
}

#[allow(clippy::too_many_arguments)]
fn emit_region(
    unit: &Unit<'_>,
    func: &Function,
    cfg: &Cfg,
    uni: &Uniformity,
    (frame, rows): (&FrameLayout, Option<&Rows>),
    cut: &Cut,
    region: usize,
    declares: &mut BTreeSet<String>,
) -> Result<String, Refused> {
    let entry = cut.entries[region];
    let reachable = reachable_from(cfg, entry, &cut.after);
    let mut e = Emitter::new(unit, func, uni, frame, std::mem::take(declares));
    e.checks = Some(&cut.checks);
    e.block = entry;
    e.rows = rows;
    let mut again = cut.again[region].clone();
    if let Some(barrier) = cut.barrier[region] {
        again.extend(&func.inst(barrier).results);
    }
    // What a barrier keeps is used by the block that it ends.
    let kept: Vec<(Block, Value)> = cut
        .after
        .iter()
        .filter(|(b, _)| reachable[b.index()])
        .flat_map(|(&b, &next)| cut.saved[next as usize].iter().map(move |s| (b, s.value)))
        .collect();
    allocate_storage(&mut e, func, cfg, uni, &reachable, &cut.saved[region], &again, &kept);
    let cx = make_control(&mut e, cfg, func, uni, reachable);
    e.place("start");
    start_masks(&mut e, &cx, cut, region);
    restore(&mut e, &cut.saved[region]);
    e.exec = e.load_exec(&cx, FragmentId::ROOT);
    if let Some(barrier) = cut.barrier[region] {
        barrier_result(&mut e, barrier);
    }
    for &v in &cut.again[region] {
        recompute(&mut e, v);
    }
    enter(&mut e, &cx, region, entry);
    let blocks = || cfg.rpo.iter().copied().filter(|b| cx.reachable[b.index()]);
    if cx.dense {
        e.version = Version::Dense;
        for block in blocks() {
            emit_block(&mut e, &cx, &cut.after, &cut.saved, cut.live_offset, block);
        }
    }
    for block in blocks() {
        e.version = if e.needs_masked(&cx, block) { Version::Masked } else { Version::Exact };
        if e.version == Version::Masked || e.exact.contains(&block) {
            emit_block(&mut e, &cx, &cut.after, &cut.saved, cut.live_offset, block);
        }
    }
    e.version = Version::Masked;
    for chain in 0..cx.chains.len() {
        if !cx.chains[chain].is_empty() {
            e.emit_chain(&cx, ChainId(chain as u32));
        }
    }
    e.emit_misaligned();
    *declares = std::mem::take(&mut e.declares);
    if let Some(why) = e.refused {
        return Err(Refused(why));
    }
    let mut text = String::new();
    let _ =
        writeln!(text, "define i32 @region{region}(ptr noalias %ctx, i32 %gang, ptr noalias %frame) #0 {{");
    text.push_str("entry:\n");
    text.push_str(&e.allocas);
    text.push_str(&e.init);
    text.push_str(&prologue(unit, rows.map(|r| (r, cut.sharing()))));
    text.push_str(&e.body);
    text.push_str("}\n\n");
    Ok(text)
}

/// From a region's start to its first block.
fn enter(e: &mut Emitter<'_>, cx: &Control, region: usize, entry: Block) {
    // Lanes that do not exist, or have exited before the barrier, are off.
    let some_off = !e.unit.layout.full() || region > 0 && cx.live.is_some();
    match some_off {
        true => e.resume(cx, entry),
        false if cx.dense => e.jump(&dense_label(entry)),
        false => e.jump(&block_label(entry)),
    }
}

/// What every function starts with: its first thread, and the windows.
pub(super) fn prologue(unit: &Unit<'_>, rows: Option<(&Rows, Sharing)>) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "  %first = mul i32 %gang, {}", unit.layout.width());
    for (name, at) in [("shared", field::SHARED), ("local", field::LOCAL)] {
        let _ = writeln!(text, "  %{name}.p = getelementptr i8, ptr %ctx, i64 {at}");
        let _ = writeln!(text, "  %{name} = load ptr, ptr %{name}.p, align 8, !invariant.load !0");
    }
    if let Some((rows, sharing)) = rows.filter(|(r, _)| r.bytes > 0) {
        let at = Rows::offset(&unit.layout);
        let _ = writeln!(text, "  %rows.0 = getelementptr i8, ptr %local, i64 {at}");
        let step = if sharing == Sharing::Gangs { 0 } else { rows.bytes * unit.layout.width() };
        let _ = writeln!(text, "  %rows.g = zext i32 %gang to i64\n  %rows.o = mul i64 %rows.g, {step}");
        text.push_str("  %rows = getelementptr i8, ptr %rows.0, i64 %rows.o\n");
    }
    text.push_str("  br label %start\n");
    text
}

/// Blocks that run before the next barrier.
fn reachable_from(cfg: &Cfg, entry: Block, after: &HashMap<Block, u32>) -> Vec<bool> {
    let mut seen = vec![false; cfg.succs.len()];
    let mut stack = vec![entry];
    while let Some(b) = stack.pop() {
        if std::mem::replace(&mut seen[b.index()], true) || after.contains_key(&b) {
            continue;
        }
        stack.extend_from_slice(&cfg.succs[b.index()]);
    }
    seen
}

/// Storage for block parameters and for values that other blocks use.
#[allow(clippy::too_many_arguments)]
pub(super) fn allocate_storage(
    e: &mut Emitter<'_>,
    func: &Function,
    cfg: &Cfg,
    uni: &Uniformity,
    reachable: &[bool],
    saved: &[Saved],
    again: &[Value],
    kept: &[(Block, Value)],
) {
    let mut plain = BTreeSet::new();
    let mut blended = BTreeSet::new();
    let mut used = BTreeSet::new();
    for &block in &cfg.rpo {
        if !reachable[block.index()] {
            continue;
        }
        let mut uses: Vec<Value> = Vec::new();
        for &inst in &func.block(block).insts {
            uses.extend_from_slice(&func.inst(inst).args);
        }
        func.block(block).term.for_each_use(|v| uses.push(v));
        uses.extend(kept.iter().filter(|(b, _)| *b == block).map(|(_, v)| *v));
        if windowed(e.unit, func, uni, block) {
            // The terminator reads what the chunks have left.
            func.block(block).term.for_each_use(|v| {
                plain.insert(v);
                if let Some(origin) = uni.origin(v) {
                    plain.insert(origin.ext);
                    plain.extend(func.def_inst(origin.ext).iter().flat_map(|d| &d.args));
                }
            });
        }
        for v in uses.clone() {
            // A value that rests on a conversion needs it, and its operand, wherever it is used.
            if let Some(origin) = uni.origin(v) {
                uses.push(origin.ext);
                uses.extend(func.def_inst(origin.ext).iter().flat_map(|d| &d.args));
            }
        }
        for v in uses {
            used.insert(v);
            if uni.blended(v, block) {
                blended.insert(v);
            } else if uni.def_block(v) != Some(block) {
                plain.insert(v);
            }
        }
    }
    for s in saved {
        if s.blended {
            blended.insert(s.value);
        } else {
            plain.insert(s.value);
        }
    }
    plain.extend(again.iter().copied());
    for &block in &cfg.rpo {
        if reachable[block.index()] {
            plain.extend(
                func.block(block).params.iter().copied().filter(|p| used.contains(p) || blended.contains(p)),
            );
        }
    }
    for v in plain {
        if !e.is_constant(v) {
            e.add_storage(v, uni.shape(v));
        }
    }
    for v in blended {
        e.add_blended(v);
    }
}

pub(super) fn make_control(
    e: &mut Emitter<'_>,
    cfg: &Cfg,
    func: &Function,
    uni: &Uniformity,
    reachable: Vec<bool>,
) -> Control {
    let r = &uni.regions;
    let emitted: Vec<bool> = (0..r.fragments.len())
        .map(|f| cfg.rpo.iter().any(|b| reachable[b.index()] && r.fragment(*b).index() == f))
        .collect();
    let mut cx = Control {
        pending: HashMap::new(),
        running: HashMap::new(),
        live: None,
        chains: Vec::new(),
        position: HashMap::new(),
        dense: dense::pays(e, func, &reachable),
        reachable,
    };
    for (c, chain) in r.chains.iter().enumerate() {
        let mut items = Vec::new();
        flatten(&chain.order, &|f| emitted[f.index()], &mut items);
        for (i, item) in items.iter().enumerate() {
            if let super::control::Item::Fragment(f) = item {
                cx.position.insert(*f, (ChainId(c as u32), i));
            }
        }
        cx.chains.push(items);
    }
    let vt = e.vector_type(Type::I1);
    let masks =
        |e: &mut Emitter<'_>| -> Vec<String> { (0..e.chunks()).map(|_| e.zeroed_alloca(&vt)).collect() };
    let exits_early = cfg.rpo.iter().any(|&b| {
        matches!(func.block(b).term, Terminator::Ret(_) | Terminator::Exit)
            && r.fragments[r.fragment(b).index()].chain != ChainId::ROOT
    });
    let leaves_root = cfg.rpo.iter().any(|&b| {
        r.fragment(b) == FragmentId::ROOT
            && r.is_divergent(b)
            && r.reconvergence(b).is_none_or(|p| r.fragment(p) != FragmentId::ROOT)
    });
    for (f, _) in emitted.iter().enumerate().filter(|(_, on)| **on) {
        let id = FragmentId(f as u32);
        if id == FragmentId::ROOT {
            let reentered = leaves_root || cx.chains[0].len() > 1;
            if exits_early || reentered || !e.unit.layout.full() || e.is_function {
                let m = masks(e);
                cx.running.insert(id, m);
            }
            if reentered {
                let m = masks(e);
                cx.pending.insert(id, m);
            }
            continue;
        }
        let m = masks(e);
        cx.running.insert(id, m);
        let m = masks(e);
        cx.pending.insert(id, m);
    }
    if exits_early {
        cx.live = Some(masks(e));
    }
    cx
}

/// The lanes that exist: in the last gang of a block some may not. Behind a barrier: those that have not exited.
fn start_masks(e: &mut Emitter<'_>, cx: &Control, cut: &Cut, region: usize) {
    let Some(running) = cx.running.get(&FragmentId::ROOT).cloned() else { return };
    let vt = e.vector_type(Type::I1);
    let it = e.vector_type(Type::I32);
    for c in 0..e.chunks() {
        let mask = if region > 0 && cx.live.is_some() {
            load_mask(e, cut.live_offset + c as u32 * e.lanes())
        } else if e.unit.layout.full() {
            "splat (i1 true)".to_string()
        } else {
            let t = e.chunk_thread(c);
            let t = e.affine_vector(Type::I32, &t, 1);
            e.ins(format!("icmp ult {it} {t}, splat (i32 {})", e.unit.layout.threads()))
        };
        e.stmt(format!("store {vt} {mask}, ptr {}, align 8", running[c]));
        if let Some(live) = &cx.live {
            let p = live[c].clone();
            e.stmt(format!("store {vt} {mask}, ptr {p}, align 8"));
        }
    }
}

/// Emits the definition of `value` and of what it needs, in the region's first block.
fn recompute(e: &mut Emitter<'_>, value: Value) {
    if e.current.contains_key(&value) {
        return;
    }
    let ir::ValueDef::Result(inst, _) = e.func.def(value) else { return };
    for &a in &e.func.inst(inst).args.clone() {
        recompute(e, a);
    }
    emit_inst(e, inst);
}

/// Emits a pure value of the block, and what it needs of the block, ahead of its turn.
fn compute_early(e: &mut Emitter<'_>, value: Value) {
    if e.current.contains_key(&value) || e.uni.def_block(value) != Some(e.block) {
        return;
    }
    let ir::ValueDef::Result(inst, _) = e.func.def(value) else { return };
    for &a in &e.func.inst(inst).args {
        compute_early(e, a);
    }
    emit_inst(e, inst);
}

/// Emits a block. `after`, `saved`, `live_offset`: see [`Cut`].
pub(super) fn emit_block(
    e: &mut Emitter<'_>,
    cx: &Control,
    after: &HashMap<Block, u32>,
    saved: &[Vec<Saved>],
    live_offset: u32,
    block: Block,
) {
    e.block = block;
    e.current.clear();
    e.vectors.clear();
    e.assumed.clear();
    match e.version {
        Version::Dense => {
            e.place(&dense_label(block));
            e.exec = Exec::All;
        }
        Version::Exact | Version::Masked => {
            e.place(&block_label(block));
            e.exec = e.load_exec(cx, e.uni.regions.fragment(block));
        }
    }
    e.find_adjacent(block);
    if e.version == Version::Masked && windowed(e.unit, e.func, e.uni, block) {
        emit_windows(e, block);
        e.emit_terminator(cx);
        return;
    }
    keep_params(e, block);
    if e.version == Version::Dense {
        e.assume_regular(cx, &mut compute_early);
    }
    for &inst in &e.func.block(block).insts {
        let data = e.func.inst(inst);
        let kind = data.inst;
        let early = matches!(kind, Inst::Pure { .. } | Inst::Const { .. } | Inst::Sreg(_));
        if early && e.current.contains_key(&data.results[0]) {
            continue; // Computed ahead of its turn.
        }
        if let Inst::Barrier { kind, counted, .. } = kind {
            if e.unit.fibers {
                e.emit_waiting_barrier(inst, kind, counted);
                continue;
            }
            if let Some(&next) = after.get(&block) {
                suspend(e, cx, &saved[next as usize], live_offset, inst, kind, counted, next);
                return;
            }
            if e.is_function {
                e.refuse("a barrier inside a function that is not inlined");
                return;
            }
            emit_lone_barrier(e, inst, kind);
            continue;
        }
        emit_inst(e, inst);
    }
    e.emit_terminator(cx);
}

/// Block parameters that leave a loop: each lane's last value.
pub(super) fn keep_params(e: &mut Emitter<'_>, block: Block) {
    for &p in &e.func.block(block).params {
        let Some(pointers) = e.blended.get(&p).map(|p| e.in_window(p)) else { continue };
        let repr = e.get(p);
        let ty = e.func.ty(p);
        let vectors = e.repr_vectors(&repr, ty);
        let exec = e.exec.clone();
        e.blend_store(&pointers, &vectors, ty, &exec);
    }
}

/// Emits an instruction that is not a barrier.
pub(super) fn emit_inst(e: &mut Emitter<'_>, inst: ir::InstId) {
    let data = e.func.inst(inst);
    e.check_alignment(inst);
    if e.unit.fibers && e.unit.layout.width() == 1 && e.emit_meeting(inst) {
        return;
    }
    match data.inst {
        Inst::Const { .. } => e.emit_const(&data.inst, data.results[0]),
        Inst::Pure { op, ty } => e.emit_pure(op, ty, &data.args, data.results[0]),
        Inst::Sreg(reg) => e.emit_sreg(reg, data.results[0]),
        Inst::GlobalAddr { global, offset } => e.emit_global_addr(global, offset, data.results[0]),
        Inst::FuncAddr(f) => e.emit_func_addr(f, data.results[0]),
        Inst::SlotAddr(slot) => e.emit_slot_addr(slot, data.results[0]),
        Inst::Alloca { .. } => e.refuse("alloca"),
        Inst::ToGeneric(space) => e.emit_space_cast(space, true, data.args[0], data.results[0]),
        Inst::FromGeneric(space) => e.emit_space_cast(space, false, data.args[0], data.results[0]),
        Inst::IsSpace(space) => e.emit_is_space(space, data.args[0], data.results[0]),
        Inst::Load { space, ty, count, align, sem } => {
            if !e.emit_adjacent(inst) {
                e.emit_load(data, space, ty, count, align, sem);
            }
        }
        Inst::Store { space, ty, count, align, sem } => e.emit_store(data, space, ty, count, align, sem),
        Inst::Atomic { space, op, ty, sem } => e.emit_atomic(data, space, op, ty, sem),
        Inst::Fence(sem) => {
            // CTA scope: the CTA runs on one thread.
            if sem.scope == ir::Scope::Cta {
                e.stmt("call void asm sideeffect \"\", \"~{memory}\"()");
            } else {
                e.stmt("fence seq_cst");
            }
        }
        Inst::Barrier { .. } => e.refuse("internal: a barrier in the middle of a block"),
        Inst::WarpSync => e.stmt("call void asm sideeffect \"\", \"~{memory}\"()"),
        Inst::Shfl(mode) => e.emit_shfl(mode, data),
        Inst::Vote(kind) => e.emit_vote(kind, data),
        Inst::Match { kind, ty } => e.emit_match(kind, ty, data),
        Inst::Redux(op) => e.emit_redux(op, data),
        Inst::ActiveMask => e.emit_active_mask(data),
        Inst::Elect => e.emit_elect(data),
        Inst::Call(callee) => e.emit_call(callee, data),
        Inst::CallIndirect { sig } => e.emit_call_indirect(&e.func.sigs[sig.0 as usize], data, data.loc),
        Inst::Sys(call) => e.emit_sys(call, data),
    }
}
