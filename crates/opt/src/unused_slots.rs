//! Takes the bytes of slots that nothing addresses, so that frames hold only what is left in memory.

use crate::Changed;
use ir::{Function, Inst};

/// The slots stay, as slots of no bytes: their numbers are names.
pub fn run(func: &mut Function) -> Changed {
    let mut used = vec![false; func.slots.len()];
    for block in &func.blocks {
        for &inst in &block.insts {
            if let Inst::SlotAddr(slot) = func.inst(inst).inst {
                used[slot.index()] = true;
            }
        }
    }
    let mut changed = false;
    for (slot, used) in func.slots.iter_mut().zip(used) {
        if !used && slot.size > 0 {
            (slot.size, slot.align) = (0, 1);
            changed = true;
        }
    }
    Changed::from_bool(changed)
}
