//! Barriers, fences and pauses (PTX ISA 9.7.13, 9.7.19).

use super::Ins;
use super::memory::semantics;
use crate::cx::Cx;
use crate::error::Lowered;
use ir::{BarrierKind, Inst, MemOrder, MemSem, Scope, SysCall, Value};
use ptx::{BoolOp, Flag, ScalarType};
use smallvec::SmallVec;

/// `bar` and `barrier` in all forms. `bar` is `barrier.aligned`.
pub(super) fn cta(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    use ptx::Op as P;
    let u32_ = ScalarType::U32;
    let aligned = matches!(ins.form.op, P::BarSync | P::BarArrive | P::BarRed) || ins.form.has(Flag::Aligned);
    let reduces = matches!(ins.form.op, P::BarRed | P::BarrierRed);
    // `red d, a{, b}, c`; `sync a{, b}`; `arrive a, b`.
    let (first, last) =
        if reduces { (1, ins.operands.len().saturating_sub(1)) } else { (0, ins.operands.len()) };
    let kind = match (ins.form.op, ins.form.bool_op) {
        (P::BarArrive | P::BarrierArrive, _) => BarrierKind::Arrive,
        (P::BarRed | P::BarrierRed, Some(BoolOp::And)) => BarrierKind::RedAnd,
        (P::BarRed | P::BarrierRed, Some(BoolOp::Or)) => BarrierKind::RedOr,
        (P::BarRed | P::BarrierRed, _) => BarrierKind::RedPopc,
        _ => BarrierKind::Sync,
    };
    let mut args: SmallVec<[Value; 3]> = SmallVec::new();
    for n in first..last {
        args.push(cx.arg(ins, n, u32_)?);
    }
    let counted = args.len() > 1;
    if reduces {
        args.push(cx.arg(ins, last, ScalarType::Pred)?);
    }
    let results = cx.push(Inst::Barrier { kind, counted, aligned }, &args);
    match results.first() {
        Some(&value) => {
            let ty = if kind == BarrierKind::RedPopc { u32_ } else { ScalarType::Pred };
            cx.result(ins, ty, value)
        }
        None => Ok(()),
    }
}

/// `bar.warp.sync`.
pub(super) fn warp(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let mask = cx.arg(ins, 0, ScalarType::U32)?;
    cx.push(Inst::WarpSync, &[mask]);
    Ok(())
}

/// `membar fence fence.proxy`.
pub(super) fn fence(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let sem = match ins.form.op {
        // PTX ISA 9.7.13 membar: a synonym of fence.sc.
        ptx::Op::Membar => semantics(ins.form, MemSem { order: MemOrder::SeqCst, scope: Scope::Sys }),
        // There are no proxies here: all accesses go one way.
        ptx::Op::FenceProxy => MemSem { order: MemOrder::AcqRel, scope: Scope::Gpu },
        _ if ins.form.text.starts_with("membar.proxy") => {
            MemSem { order: MemOrder::AcqRel, scope: Scope::Gpu }
        }
        _ => semantics(ins.form, MemSem { order: MemOrder::AcqRel, scope: Scope::Cluster }),
    };
    cx.push(Inst::Fence(sem), &[]);
    Ok(())
}

/// `nanosleep`.
pub(super) fn nanosleep(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let time = cx.arg(ins, 0, ScalarType::U32)?;
    cx.push(Inst::Sys(SysCall::Nanosleep), &[time]);
    Ok(())
}

/// `brkpt`.
pub(super) fn breakpoint(cx: &mut Cx<'_>) -> Lowered<()> {
    cx.push(Inst::Sys(SysCall::Breakpoint), &[]);
    Ok(())
}
