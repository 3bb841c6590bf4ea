//! Barriers: those that the only gang of a CTA passes, and those at which a gang stops and its region ends.
//!
//! Invariant: where barriers differ, a gang that stops has said at which one in its row of the table of requests.

use super::control::Control;
use super::frame::{Saved, save, store_mask};
use super::{Emitter, Repr};
use crate::abi::{field, request};
use analysis::Shape;
use analysis::region::FragmentId;
use ir::{BarrierKind, Inst, Value};

/// The only gang of a CTA passes a barrier: memory is ordered, and reductions are its own.
pub(super) fn emit_lone_barrier(e: &mut Emitter<'_>, inst: ir::InstId, kind: BarrierKind) {
    let data = e.func.inst(inst);
    if e.uni.regions.fragment(e.block) != FragmentId::ROOT && e.unit.layout.width() > 1 {
        e.refuse("a barrier that not all threads of a gang reach together");
        return;
    }
    if kind == BarrierKind::Arrive {
        e.refuse("bar.arrive");
        return;
    }
    e.stmt("call void asm sideeffect \"\", \"~{memory}\"()");
    if let Some(&pred) = data.args.last()
        && !data.results.is_empty()
    {
        let (yes, all) = count_predicate(e, pred);
        let r = reduce(e, kind, &yes, &all);
        e.define(data.results[0], Repr::Scalar(r));
    }
}

/// How many running lanes hold the predicate, and how many run, as i32.
fn count_predicate(e: &mut Emitter<'_>, pred: Value) -> (String, String) {
    let n = e.lanes();
    let v = e.vectors(pred);
    let (mut yes, mut all) = ("0".to_string(), "0".to_string());
    e.declare(format!("declare i{n} @llvm.ctpop.i{n}(i{n})"));
    for (c, v) in v.iter().enumerate() {
        let mask = e.exec_mask(c);
        let both = e.ins(format!("and <{n} x i1> {v}, {mask}"));
        for (m, sum) in [(both, &mut yes), (mask, &mut all)] {
            let bits = e.mask_bits(&m);
            let count = e.ins(format!("call i{n} @llvm.ctpop.i{n}(i{n} {bits})"));
            let wide = if n == 32 { count } else { e.ins(format!("zext i{n} {count} to i32")) };
            *sum = e.ins(format!("add i32 {sum}, {wide}"));
        }
    }
    (yes, all)
}

fn reduce(e: &mut Emitter<'_>, kind: BarrierKind, yes: &str, all: &str) -> String {
    match kind {
        BarrierKind::RedPopc => yes.to_string(),
        BarrierKind::RedAnd => e.ins(format!("icmp eq i32 {yes}, {all}")),
        BarrierKind::RedOr => e.ins(format!("icmp ne i32 {yes}, 0")),
        BarrierKind::Sync | BarrierKind::Arrive => "0".into(),
    }
}

/// Ends the region at a barrier: the gang's values go to its frame, the next region's number is returned.
#[allow(clippy::too_many_arguments)]
pub(super) fn suspend(
    e: &mut Emitter<'_>,
    cx: &Control,
    saved: &[Saved],
    live_offset: u32,
    inst: ir::InstId,
    kind: BarrierKind,
    counted: bool,
    next: u32,
) {
    if e.unit.barriers_differ {
        request(e, inst, kind, counted);
    }
    save(e, saved);
    if cx.live.is_some() {
        for c in 0..e.chunks() {
            let mask = e.exec_mask(c);
            store_mask(e, &mask, live_offset + c as u32 * e.lanes());
        }
    }
    e.stmt(format!("ret i32 {next}"));
}

/// The gang's entry in the table of requests.
fn request_slot(e: &mut Emitter<'_>) -> String {
    let table = e.context_field(field::REQUESTS, "ptr");
    let at = e.ins(format!("mul i32 %gang, {}", request::BYTES));
    e.ins(format!("getelementptr i8, ptr {table}, i32 {at}"))
}

/// Says which barrier the gang stops at, for the scheduler in `crate::run`.
fn request(e: &mut Emitter<'_>, inst: ir::InstId, kind: BarrierKind, counted: bool) {
    let data = e.func.inst(inst);
    let uniform = |e: &Emitter<'_>, v: Value| e.uni.shape_at(v, e.block) == Shape::Uniform;
    if !uniform(e, data.args[0]) || counted && !uniform(e, data.args[1]) {
        e.refuse("a barrier number that varies within a gang");
        return;
    }
    let id = e.scalar(data.args[0]);
    let count = if counted { e.scalar(data.args[1]) } else { "0".into() };
    let (yes, all) = match kind {
        BarrierKind::Sync | BarrierKind::Arrive => ("0".to_string(), "0".to_string()),
        BarrierKind::RedPopc | BarrierKind::RedAnd | BarrierKind::RedOr => {
            count_predicate(e, data.args[data.args.len() - 1])
        }
    };
    let kind = (kind == BarrierKind::Arrive) as u32;
    let slot = request_slot(e);
    for (at, value) in [
        (0, kind.to_string()),
        (request::ID, id),
        (request::COUNT, count),
        (request::YES, yes),
        (request::ALL, all),
    ] {
        let p = e.ins(format!("getelementptr i8, ptr {slot}, i64 {at}"));
        e.stmt(format!("store i32 {value}, ptr {p}, align 4"));
    }
}

/// The outcome of the barrier that a region starts behind.
pub(super) fn barrier_result(e: &mut Emitter<'_>, inst: ir::InstId) {
    let data = e.func.inst(inst);
    let Inst::Barrier { kind, .. } = data.inst else { return };
    let Some(&result) = data.results.first() else { return };
    let slot = request_slot(e);
    let [yes, all] = [request::YES, request::ALL].map(|at| {
        let p = e.ins(format!("getelementptr i8, ptr {slot}, i64 {at}"));
        e.ins(format!("load i32, ptr {p}, align 4"))
    });
    let r = reduce(e, kind, &yes, &all);
    e.define(result, Repr::Scalar(r));
}
