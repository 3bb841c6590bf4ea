//! Gives the arguments of `vprintf` a slot of their own.
//!
//! Compilers put the block of arguments into the same frame as a thread's arrays. Its address goes to the runtime, and
//! with it would escape all that lies in the frame. The bytes that are written for it are copied to a slot that holds
//! nothing else, just before the call; the runtime reads no others.

use crate::Changed;
use crate::pieces::{Assembler, access};
use analysis::places::{self, Place, Places};
use ir::{Block, Function, Inst, InstId, MemSem, Op, Slot, Space, SysCall, Type, Value};

/// Bytes of the longest block that is copied.
const LONGEST: i64 = 512;

/// Leaves blocks that lie alone in their slot.
pub fn run(func: &mut Function) -> Changed {
    if func.slots.is_empty() {
        return Changed::No;
    }
    let cfg = analysis::cfg::compute(func);
    let places = places::compute(func, &cfg);
    let calls: Vec<(Block, InstId)> = cfg
        .rpo
        .iter()
        .flat_map(|&b| func.block(b).insts.iter().map(move |&i| (b, i)))
        .filter(|&(_, i)| matches!(func.inst(i).inst, Inst::Sys(SysCall::Vprintf)))
        .collect();
    let found: Vec<_> = calls
        .into_iter()
        .filter_map(|(block, call)| {
            let place = places.of(func.inst(call).args[1]).filter(|p| p.generic)?;
            let Place { slot: Some((slot, Some(from))), .. } = place else { return None };
            Some((block, call, slot, from, elements(func, &cfg.rpo, &places, slot, from)?))
        })
        .collect();
    let changed = !found.is_empty();
    for (block, call, slot, from, elements) in found {
        copy(func, block, call, slot, from, &elements);
    }
    Changed::from_bool(changed)
}

/// What is written at constant offsets from `from` on, without a gap that alignment does not explain: offsets and types.
/// `None` if nothing else is in the slot.
fn elements(
    func: &Function,
    blocks: &[Block],
    places: &Places,
    slot: Slot,
    from: i64,
) -> Option<Vec<(i64, Type)>> {
    let mut stores: Vec<(i64, Type)> = Vec::new();
    let mut others = false;
    for &inst in blocks.iter().flat_map(|&b| &func.block(b).insts) {
        let Some(access) = access(func, places, inst).filter(|a| a.slot == slot) else { continue };
        let Some(at) = access.offset.filter(|&at| at >= from) else {
            others = true;
            continue;
        };
        if let Inst::Store { .. } = func.inst(inst).inst {
            let bytes = i64::from(access.ty.bytes());
            stores.extend((0..i64::from(access.count)).map(|k| (at + k * bytes, access.ty)));
        }
    }
    // Several calls may share a block: at each offset the longest counts.
    stores.sort_unstable_by_key(|&(at, ty)| (at, std::cmp::Reverse(ty.bytes())));
    let mut end = from;
    let mut block = Vec::new();
    for (at, ty) in stores {
        if at < end {
            continue;
        }
        if at > (end + 7) & !7 || at - from > LONGEST {
            others = true;
            break;
        }
        end = at + i64::from(ty.bytes());
        block.push((at, ty));
    }
    (others && !block.is_empty()).then_some(block)
}

/// Copies elements of `slot` to a new one before `call`, and passes its address.
fn copy(func: &mut Function, block: Block, call: InstId, slot: Slot, from: i64, elements: &[(i64, Type)]) {
    let end = elements.iter().map(|(at, ty)| at + i64::from(ty.bytes())).max().unwrap_or(from);
    let own = func.add_slot(((end - from) as u64).next_multiple_of(8), 8);
    let loc = func.inst(call).loc;
    let mut asm = Assembler { func, out: Vec::new(), loc };
    for &(at, ty) in elements {
        let (space, count, align, sem) = (Space::Local, 1, ty.bytes(), MemSem::WEAK);
        let source = address(&mut asm, slot, at);
        let value = asm.push(Inst::Load { space, ty, count, align, sem }, &[source]);
        let target = address(&mut asm, own, at - from);
        asm.effect(Inst::Store { space, ty, count, align, sem }, &[target, value]);
    }
    let local = asm.push(Inst::SlotAddr(own), &[]);
    let generic = asm.push(Inst::ToGeneric(Space::Local), &[local]);
    let new = asm.out;
    func.inst_mut(call).args[1] = generic;
    let insts = &mut func.block_mut(block).insts;
    let at = insts.iter().position(|&i| i == call).unwrap_or(0);
    insts.splice(at..at, new);
}

fn address(asm: &mut Assembler<'_>, slot: Slot, at: i64) -> Value {
    let base = asm.push(Inst::SlotAddr(slot), &[]);
    let offset = asm.push(Inst::Const { ty: Type::I64, bits: at as u64 }, &[]);
    asm.push(Inst::Pure { op: Op::IAdd, ty: Type::I64 }, &[base, offset])
}
