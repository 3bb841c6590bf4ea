//! A block's code: its instructions one after the other, in the version that is being written.

use super::barrier::{emit_lone_barrier, suspend};
use super::control::{Control, block_label};
use super::dense::{Version, dense_label};
use super::frame::Saved;
use super::pure::Form;
use super::rolled::{emit_rolled, rolls};
use super::window::{Access, emit_windows, windowed};
use super::{Emitter, Exec};
use ir::{Block, Inst, Value};
use rustc_hash::FxHashMap;

/// Emits the definition of `value` and of what it needs, in the region's first block.
pub(super) fn recompute(e: &mut Emitter<'_>, value: Value) {
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
pub(super) fn compute_early(e: &mut Emitter<'_>, value: Value) {
    if e.current.contains_key(&value) || !e.is_own(value) {
        return;
    }
    let ir::ValueDef::Result(inst, _) = e.func.def(value) else { return };
    for &a in &e.func.inst(inst).args {
        compute_early(e, a);
    }
    emit_inst(e, inst);
}

/// Accesses of a block that LLVM's scheduler may compare with each other: its time is their square.
const ACCESSES: usize = 128;

/// Emits a block. `after`, `saved`, `live_offset`: see [`Cut`].
pub(super) fn emit_block(
    e: &mut Emitter<'_>,
    cx: &Control,
    after: &FxHashMap<Block, u32>,
    saved: &[Vec<Saved>],
    live_offset: u32,
    block: Block,
) {
    e.block = block;
    e.current.clear();
    e.vectors.clear();
    e.tables.clear();
    e.begin_products();
    e.whole_lanes.clear();
    e.whole_parts.clear();
    e.begin_resting(after.get(&block).map(|&next| saved[next as usize].as_slice()));
    e.assumed.clear();
    e.walks.clear();
    e.late.clear();
    e.take_deferred();
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
    if e.version == Version::Masked && rolls(e, cx, block) {
        e.find_adjacent(block);
        emit_rolled(e, block);
        leave_all(e, block);
        e.end_block(cx);
        return;
    }
    if e.version == Version::Masked && windowed(e.unit, e.func, e.uni, block) {
        e.find_adjacent(block);
        emit_windows(e, block);
        leave_all(e, block);
        e.end_block(cx);
        return;
    }
    keep_params(e, block);
    if e.version == Version::Dense {
        e.assume_regular(cx, &mut compute_early);
        e.find_late(block);
    }
    e.find_adjacent(block);
    let mut accesses = 0;
    for &inst in &e.func.block(block).insts {
        let data = e.func.inst(inst);
        let kind = data.inst;
        if let Inst::Load { .. } | Inst::Store { .. } = kind {
            accesses += e.chunks();
        }
        if let Some(sums) = e.unit.fences.get(&inst).filter(|_| !e.is_function) {
            e.pin(sums);
            accesses = 0;
        }
        if accesses > ACCESSES {
            e.schedule_fence();
            accesses = 0;
        }
        if e.late.contains(&inst) {
            continue;
        }
        let early = matches!(kind, Inst::Pure { .. } | Inst::Const { .. } | Inst::Sreg(_));
        if early && e.current.contains_key(&data.results[0]) {
            e.leave(data.results[0]);
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
        data.results.iter().for_each(|&r| e.leave(r));
    }
    e.end_block(cx);
}

/// Keeps what stays in the frame of a block that was written chunk by chunk.
fn leave_all(e: &mut Emitter<'_>, block: Block) {
    let insts = e.func.block(block).insts.iter().map(|&i| e.func.inst(i));
    insts.flat_map(|data| &data.results).for_each(|&r| e.leave(r));
}

/// Block parameters that leave a loop: each lane's last value.
pub(super) fn keep_params(e: &mut Emitter<'_>, block: Block) {
    for &p in &e.func.block(block).params {
        let Some(pointers) = e.blended.get(&p).cloned() else { continue };
        let ty = e.func.ty(p);
        let pointers = e.in_window(&pointers, (Form::Vector, ty), Access::Write);
        let repr = e.get(p);
        let vectors = e.repr_vectors(&repr, ty);
        let exec = e.exec.clone();
        e.blend_store(&pointers, &vectors, ty, &exec);
    }
}

/// Emits an instruction that is not a barrier.
pub(super) fn emit_inst(e: &mut Emitter<'_>, inst: ir::InstId) {
    let data = e.func.inst(inst);
    if data.results.first().is_some_and(|&r| e.in_place.is_test(r)) {
        return;
    }
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
        Inst::Store { space, ty, count, align, sem } => {
            if !e.emit_row_store(inst) {
                e.emit_store(data, space, ty, count, align, sem);
            }
        }
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
        // The lanes are together already.
        Inst::WarpSync => {
            if e.check_warps() {
                e.stmt("call void asm sideeffect \"\", \"~{memory}\"()");
            }
        }
        Inst::Shfl(mode) => e.emit_shfl(mode, data),
        Inst::Vote(kind) => e.emit_vote(kind, data),
        Inst::Match { kind, ty } => e.emit_match(kind, ty, data),
        Inst::Redux(op) => e.emit_redux(op, data),
        Inst::SameQuotient { ty, sign } => e.emit_same_quotient(ty, sign, data),
        Inst::Every => e.emit_every(data),
        Inst::ActiveMask => e.emit_active_mask(data),
        Inst::Elect => e.emit_elect(data),
        Inst::Product { product, .. } => e.emit_product(&product, inst),
        Inst::Arrange { to, sums } => e.emit_arrange(to, sums, data),
        Inst::Call(callee) => e.emit_call(callee, data),
        Inst::CallIndirect { sig } => e.emit_call_indirect(&e.func.sigs[sig.0 as usize], data, data.loc),
        Inst::Sys(call) => e.emit_sys(call, data),
    }
}
