//! What a function needs before its first block: storage for values that cross blocks, and masks for fragments.

use super::Emitter;
use super::control::{Control, flatten};
use super::dense;
use super::frame::{Saved, load_mask};
use super::predicate::Plan;
use super::window::windowed;
use analysis::region::{ChainId, FragmentId};
use analysis::{Cfg, Uniformity};
use ir::{Block, Function, Terminator, Type, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Storage for block parameters and for values that other blocks use.
#[allow(clippy::too_many_arguments)]
pub(super) fn allocate_storage(
    e: &mut Emitter<'_>,
    func: &Function,
    cfg: &Cfg,
    uni: &Uniformity,
    reachable: &[bool],
    saved: &[&Saved],
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
    in_place: Rc<Plan>,
) -> Control {
    let r = &uni.regions;
    let emitted: Vec<bool> = (0..r.fragments.len())
        .map(|f| {
            let own = |b: &Block| reachable[b.index()] && !in_place.contains(*b);
            cfg.rpo.iter().any(|b| own(b) && r.fragment(*b).index() == f)
        })
        .collect();
    let mut cx = Control {
        pending: FxHashMap::default(),
        running: FxHashMap::default(),
        live: None,
        chains: Vec::new(),
        position: FxHashMap::default(),
        dense: false,
        in_place,
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
    let exits_early = exits_early(func, cfg, uni, &cx.in_place);
    let reentered = leaves_root(cfg, uni, &cx.in_place) || cx.chains[0].len() > 1;
    let root_masked = exits_early || reentered || !e.unit.layout.full() || e.is_function;
    cx.dense = dense::pays(e, func, &cx.reachable, &cx.in_place, root_masked);
    for (f, _) in emitted.iter().enumerate().filter(|(_, on)| **on) {
        let id = FragmentId(f as u32);
        if id == FragmentId::ROOT {
            if root_masked {
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

/// Whether lanes end while others wait in a chain.
pub(super) fn exits_early(func: &Function, cfg: &Cfg, uni: &Uniformity, in_place: &Plan) -> bool {
    let r = &uni.regions;
    cfg.rpo.iter().filter(|b| !in_place.contains(**b)).any(|&b| {
        matches!(func.block(b).term, Terminator::Ret(_) | Terminator::Exit)
            && r.fragments[r.fragment(b).index()].chain != ChainId::ROOT
    })
}

/// Whether lanes leave the root fragment and do not meet in it again.
pub(super) fn leaves_root(cfg: &Cfg, uni: &Uniformity, in_place: &Plan) -> bool {
    let r = &uni.regions;
    cfg.rpo.iter().any(|&b| {
        r.fragment(b) == FragmentId::ROOT
            && r.is_divergent(b)
            && !in_place.is_branch(b)
            && r.reconvergence(b).is_none_or(|p| r.fragment(p) != FragmentId::ROOT)
    })
}

/// The lanes that exist: in the last gang of a block some may not. Behind a barrier: those that have not exited.
pub(super) fn start_masks(e: &mut Emitter<'_>, cx: &Control, live_offset: u32, region: usize) {
    let Some(running) = cx.running.get(&FragmentId::ROOT).cloned() else { return };
    let vt = e.vector_type(Type::I1);
    let it = e.vector_type(Type::I32);
    for c in 0..e.chunks() {
        let mask = if region > 0 && cx.live.is_some() {
            load_mask(e, live_offset + c as u32 * e.lanes())
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
