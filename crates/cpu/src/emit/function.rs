//! A kernel's LLVM module: one function per region between barriers, each run for one gang at a time.

use super::ahead;
use super::barrier::barrier_result;
use super::block::{emit_block, recompute};
use super::control::{Control, block_label};
use super::cut::{Cut, Sharing, cut};
use super::deferred::Deferred;
use super::dense::{Version, dense_label};
use super::frame::{Saved, restore};
use super::held::{self, Held};
use super::known::Known;
use super::outline::{self, Pieces};
use super::predicate::{self, Plan};
use super::resting::{self, Traffic};
use super::seldom::{Outline, Places};
use super::setup::{allocate_storage, make_control, start_masks};
use super::streamed::{self, Streams};
use super::webs::Webs;
use super::{Emitter, Refused, Unit};
use crate::abi::{field, turn};
use crate::llvm::LARGE_FRAME;
use crate::rows::Rows;
use analysis::region::{ChainId, FragmentId};
use analysis::{Cfg, Uniformity};
use engine::layout::FrameLayout;
use ir::{Block, Function, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::rc::Rc;

/// The text of a kernel's module and what is needed to run it.
pub struct KernelCode {
    pub text: String,
    /// Text of another module, with what seldom runs of region N in `maskedN`; empty: there is none.
    pub masked: String,
    /// Number of regions; their functions are `region0`, `region1`, …
    pub regions: u32,
    /// Bytes of the frame that a gang keeps across barriers.
    pub frame_bytes: u32,
    /// Bytes of the rows of a block.
    pub row_bytes: u64,
    /// Bytes of memory that a block goes over in a turn of a loop that blocks run abreast; 0: there is none.
    pub share: u32,
}

/// A device function with code of its own.
pub struct Callee {
    pub id: ir::FuncId,
    pub func: Function,
    pub cfg: Cfg,
    pub uni: Uniformity,
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
    let ahead = Ahead::of(unit, func, cfg, uni);
    let cut = cut(unit, func, cfg, uni, &ahead)?;
    let (mut text, mut masked) = (String::new(), String::new());
    let mut declares = BTreeSet::new();
    for region in 0..cut.entries.len() {
        let (own, apart) =
            emit_region(unit, func, cfg, uni, (frame, rows), (&cut, &ahead), region, &mut declares)?;
        text.push_str(&own);
        masked.push_str(&apart);
        if unit.most.is_some_and(|most| text.len() > most) {
            return Err(Refused::Long);
        }
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
    if masked.is_empty() {
        for d in &declares {
            text.push_str(d);
            text.push('\n');
        }
    } else {
        outline::declare(&mut text, &declares);
        outline::declare(&mut masked, &declares);
        masked.push_str(&common(unit));
    }
    text.push_str(&common(unit));
    let gangs = if cut.sharing() == Sharing::Gangs { 1 } else { unit.layout.gangs() };
    let row_bytes = rows.map_or(0, |r| u64::from(r.bytes) * u64::from(gangs * unit.layout.width()));
    let share = cut.turns.iter().flat_map(|t| unit.sweeps.iter().filter(|s| s.head == t.head));
    Ok(KernelCode {
        text,
        masked,
        regions: cut.entries.len() as u32,
        frame_bytes: cut.frame_bytes,
        row_bytes,
        share: share.map(|s| s.share).max().unwrap_or(0),
    })
}

/// What ends every module.
fn common(unit: &Unit<'_>) -> String {
    let mut text = String::new();
    let width = if unit.target.has("avx512f") { 512 } else { 256 };
    let _ = writeln!(
        text,
        "attributes #0 = {{ nounwind \"prefer-vector-width\"=\"{width}\" \"min-legal-vector-width\"=\"{width}\" \"no-builtins\" \"warn-stack-size\"=\"{LARGE_FRAME}\" null_pointer_is_valid }}\n!0 = !{{}}\n!1 = !{{!\"branch_weights\", i32 100000, i32 1}}\n!2 = !{{i32 1}}"
    );
    // On x86 LLVM spills vectors to places of the stack's alignment, and does not raise it for them.
    if unit.target.triple.starts_with("x86_64") {
        let align = crate::processor::STACK_ALIGN;
        let _ = writeln!(
            text,
            "!llvm.module.flags = !{{!3}}\n!3 = !{{i32 1, !\"override-stack-alignment\", i32 {align}}}"
        );
    }
    text
}

/// What is known before the code of a kernel is written.
pub(super) struct Ahead<'a> {
    known: Option<Known<'a>>,
    in_place: Rc<Plan>,
    held: Held,
    streams: Option<Streams>,
    following: Option<ahead::Next>,
    places: Places,
}

impl<'a> Ahead<'a> {
    fn of(unit: &Unit<'_>, func: &'a Function, cfg: &Cfg, uni: &Uniformity) -> Ahead<'a> {
        let known = if unit.fibers { None } else { Known::of(func, unit.layout) };
        let streams = streamed::find(unit, func, cfg);
        let following = ahead::find(unit, func, cfg, uni);
        let places = Places::of(unit, func, cfg, uni);
        let in_place = match unit.fibers || unit.layout.lanes == 1 {
            true => Plan::default(),
            false => predicate::choose(func, cfg, uni, known.as_ref(), unit.layout.width()),
        };
        let Some(k) = &known else {
            let in_place = Rc::new(in_place);
            return Ahead { known, in_place, held: Held::default(), streams, following, places };
        };
        let webs = Webs::of(func, unit.module, cfg, uni);
        let held = held::find(func, (unit.module, &webs), &cfg.rpo, k, &in_place, unit.layout.lanes);
        Ahead { known, in_place: Rc::new(in_place), held, streams, following, places }
    }

    /// Whether shared variables that are held in registers may have been written when a block begins.
    pub fn holds_before(&self, func: &Function, cfg: &Cfg, block: Block) -> bool {
        let mut seen = BTreeSet::new();
        let mut work = cfg.preds[block.index()].clone();
        while let Some(b) = work.pop() {
            if seen.insert(b) {
                work.extend(&cfg.preds[b.index()]);
            }
        }
        let insts = seen.iter().flat_map(|b| &func.block(*b).insts).map(|&i| func.inst(i));
        insts.flat_map(|data| &data.args).any(|a| self.held.contains(*a))
    }
}

#[allow(clippy::too_many_arguments)]
fn emit_region(
    unit: &Unit<'_>,
    func: &Function,
    cfg: &Cfg,
    uni: &Uniformity,
    (frame, rows): (&FrameLayout, Option<&Rows>),
    (cut, ahead): (&Cut, &Ahead<'_>),
    region: usize,
    declares: &mut BTreeSet<String>,
) -> Result<(String, String), Refused> {
    let entry = cut.entries[region];
    let reachable = reachable_from(cfg, entry, &cut.after);
    let mut e = Emitter::new(unit, func, uni, frame, std::mem::take(declares));
    e.checks = Some(&cut.checks);
    e.turns = &cut.turns;
    e.region = region as u32;
    e.whole = cut.entries.len() == 1 && cut.turns.is_empty();
    e.block = entry;
    e.rows = rows;
    e.known = ahead.known.as_ref();
    e.in_place = ahead.in_place.clone();
    e.held = Some(&ahead.held);
    e.streams = ahead.streams.as_ref();
    e.following = ahead.following.as_ref();
    e.places = Some(&ahead.places);
    e.deferred = Deferred::of(func, cfg, &ahead.in_place);
    e.allocate_held();
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
    let turns = || cut.turns.iter().filter(|t| reachable[t.head.index()]);
    again.extend(turns().flat_map(|t| &t.again));
    let saved: Vec<&Saved> = cut.saved[region].iter().chain(turns().flat_map(|t| &t.saved)).collect();
    allocate_storage(&mut e, func, cfg, uni, &reachable, &saved, &again, &kept);
    if cut.turns.is_empty() {
        let after = cut.after.iter().filter(|(b, _)| reachable[b.index()]);
        let traffic = Traffic {
            saved: &cut.saved[region],
            kept: after
                .flat_map(|(&b, &next)| cut.saved[next as usize].iter().map(move |s| (b, s)))
                .collect(),
            reachable: &reachable,
            repeats: &|block| {
                let behind = |&s: &Block| reachable_from(cfg, s, &cut.after)[block.index()];
                !cut.after.contains_key(&block) && cfg.succs[block.index()].iter().any(behind)
            },
        };
        resting::find(&mut e, uni, &traffic);
    }
    let cx = make_control(&mut e, cfg, func, uni, reachable, ahead.in_place.clone());
    e.place("start");
    e.check_held();
    start_masks(&mut e, &cx, cut.live_offset, region);
    restore(&mut e, &cut.saved[region]);
    e.exec = e.load_exec(&cx, FragmentId::ROOT);
    if let Some(barrier) = cut.barrier[region] {
        barrier_result(&mut e, barrier);
    }
    for &v in &cut.again[region] {
        recompute(&mut e, v);
    }
    enter(&mut e, &cx, region, entry);
    let start = e.enter_turns(&cx);
    let blocks = || cfg.rpo.iter().copied().filter(|b| cx.reachable[b.index()] && !cx.in_place.contains(*b));
    if cx.dense {
        e.version = Version::Dense;
        for block in blocks() {
            emit_block(&mut e, &cx, &cut.after, &cut.saved, cut.live_offset, block);
            // What follows may be a module of its own.
            if unit.most.is_some_and(|most| e.body.len() > most) {
                return Err(Refused::Long);
            }
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
        return Err(Refused::Because(why));
    }
    let gang = if cut.turns.is_empty() { "%gang" } else { "%gang.turn" };
    let prologue = prologue(unit, rows.map(|r| (r, cut.sharing())));
    if unit.outline != Outline::Never && cx.dense {
        let split = outline::split(&Pieces {
            region,
            gang,
            allocas: &e.allocas,
            init: &e.init,
            prologue: &prologue,
            start: &start,
            body: &e.body,
            seldom: &e.seldom,
            empty: &cx.pending.values().flatten().cloned().collect::<Vec<_>>(),
            full: &cx.live.clone().unwrap_or_default(),
            outline: unit.outline,
            names: e.next as usize,
        });
        if let Some(split) = split {
            return Ok((split.region, split.masked));
        }
    }
    let mut text = String::new();
    let _ =
        writeln!(text, "define i32 @region{region}(ptr noalias %ctx, i32 {gang}, ptr noalias %frame) #0 {{");
    text.push_str("entry:\n");
    if !cut.turns.is_empty() {
        let _ = writeln!(text, "  %gang = and i32 {gang}, {}", turn::region(u32::MAX));
    }
    text.push_str(&e.allocas);
    text.push_str(&e.init);
    text.push_str(&prologue);
    text.push_str(&start);
    text.push_str(&e.body);
    text.push_str("}\n\n");
    Ok((text, String::new()))
}

/// From a region's start to its first block.
fn enter(e: &mut Emitter<'_>, cx: &Control, region: usize, entry: Block) {
    // Lanes that do not exist, or have exited before the barrier, are off.
    let some_off = !e.unit.layout.full() || region > 0 && cx.live.is_some();
    match some_off {
        true => e.enter(cx, entry),
        false if cx.dense => e.jump(&dense_label(entry)),
        false => e.jump(&block_label(entry)),
    }
}

/// What every function starts with: its first thread, and the windows.
pub(super) fn prologue(unit: &Unit<'_>, rows: Option<(&Rows, Sharing)>) -> String {
    let mut text = String::new();
    // The only gang of a block is gang 0.
    let step = if unit.layout.gangs() == 1 { 0 } else { unit.layout.width() };
    let _ = writeln!(text, "  %first = mul i32 %gang, {step}");
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
    text
}

/// Blocks that run before the next barrier.
fn reachable_from(cfg: &Cfg, entry: Block, after: &FxHashMap<Block, u32>) -> Vec<bool> {
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
