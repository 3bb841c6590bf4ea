//! Gives generic accesses the state space that their address visibly comes from.
//!
//! Code that is not optimised takes the generic address of its whole frame and works through that. An access through
//! `ToGeneric(space)` plus an offset is one to that space: an offset cannot lead from one space's window into another.

use crate::Changed;
use ir::{Function, Inst, Op, Space, Type, Value};

/// Adds a cast back in front of each such access; folding removes the pair where nothing else is left between.
pub fn run(func: &mut Function) -> Changed {
    let mut changed = false;
    for block in func.block_ids() {
        let mut at = 0;
        while at < func.block(block).insts.len() {
            let inst = func.block(block).insts[at];
            at += 1;
            let data = func.inst(inst);
            let (Inst::Load { space: Space::Generic, .. }
            | Inst::Store { space: Space::Generic, .. }
            | Inst::Atomic { space: Space::Generic, .. }) = data.inst
            else {
                continue;
            };
            let addr = data.args[0];
            let Some(found) = origin(func, addr) else { continue };
            let loc = data.loc;
            let cast = func.add_inst(Inst::FromGeneric(found), &[addr], &[Type::I64], loc);
            let own = func.inst(cast).results[0];
            func.block_mut(block).insts.insert(at - 1, cast);
            at += 1;
            let data = func.inst_mut(inst);
            data.args[0] = own;
            if let Inst::Load { space, .. } | Inst::Store { space, .. } | Inst::Atomic { space, .. } =
                &mut data.inst
            {
                *space = found;
            }
            changed = true;
        }
    }
    Changed::from_bool(changed)
}

/// The space of the window that an address is an offset into.
fn origin(func: &Function, mut addr: Value) -> Option<Space> {
    for _ in 0..32 {
        let data = func.def_inst(addr)?;
        match data.inst {
            Inst::ToGeneric(space @ (Space::Local | Space::Shared)) => return Some(space),
            Inst::Pure { op: Op::IAdd, .. } => {
                // The side that is an address; offsets are numbers.
                let is_address = |v: Value| {
                    func.def_inst(v).is_some_and(|d| {
                        matches!(d.inst, Inst::ToGeneric(_) | Inst::Pure { op: Op::IAdd, ty: Type::I64 })
                    })
                };
                let (a, b) = (data.args[0], data.args[1]);
                addr = match (is_address(a), is_address(b)) {
                    (true, false) => a,
                    (false, true) => b,
                    _ => return None,
                };
            }
            _ => return None,
        }
    }
    None
}
