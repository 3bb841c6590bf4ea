//! Finds kernels whose warps hand values on through shared memory without a barrier, as code does that relies on a warp's
//! threads moving together (`if (t < 32) s[t] += s[t + 16]`). Their gangs must be whole warps.
//!
//! Invariant: never misses such a kernel; a thread that only reads where it wrote itself is not taken for one if the
//! address is the same value.

use analysis::Cfg;
use ir::{BarrierKind, Function, Inst, Space, Value};

/// Most addresses that are told apart.
const FEW: usize = 8;

/// Where shared memory may have been written since the last barrier.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Written {
    At(Vec<Value>),
    Anywhere,
}

impl Written {
    fn add(&mut self, address: Value) {
        let Written::At(list) = self else { return };
        if list.contains(&address) {
            return;
        }
        if list.len() == FEW {
            *self = Written::Anywhere;
        } else {
            list.push(address);
        }
    }

    fn join(&mut self, other: &Written) {
        match other {
            Written::Anywhere => *self = Written::Anywhere,
            Written::At(list) => list.iter().for_each(|&a| self.add(a)),
        }
    }

    /// Whether a load there may see what another thread wrote.
    fn seen_at(&self, address: Value) -> bool {
        match self {
            Written::Anywhere => true,
            Written::At(list) => list.iter().any(|&a| a != address),
        }
    }
}

/// Whether a value that a thread stores in shared memory may be loaded before a barrier, at another address.
pub fn within_warps(func: &Function, cfg: &Cfg) -> bool {
    let insts = || cfg.rpo.iter().flat_map(|&b| &func.block(b).insts).map(|&i| func.inst(i));
    let has_shared = insts().any(|i| match i.inst {
        Inst::Load { space, .. } | Inst::Store { space, .. } | Inst::Atomic { space, .. } => {
            space == Space::Shared
        }
        Inst::ToGeneric(space) => space == Space::Shared,
        _ => false,
    });
    if !has_shared {
        return false;
    }
    let mut at_end: Vec<Option<Written>> = vec![None; func.blocks.len()];
    loop {
        let mut changed = false;
        for &b in &cfg.rpo {
            let mut written = Written::At(Vec::new());
            cfg.preds[b.index()]
                .iter()
                .filter_map(|p| at_end[p.index()].as_ref())
                .for_each(|w| written.join(w));
            for &i in &func.block(b).insts {
                let data = func.inst(i);
                match data.inst {
                    Inst::Barrier { kind: BarrierKind::Arrive, .. } => {}
                    Inst::Barrier { .. } => written = Written::At(Vec::new()),
                    Inst::Store { space: Space::Shared | Space::Generic, .. }
                    | Inst::Atomic { space: Space::Shared | Space::Generic, .. } => written.add(data.args[0]),
                    Inst::Load { space: Space::Shared | Space::Generic, .. }
                        if written.seen_at(data.args[0]) =>
                    {
                        return true;
                    }
                    _ => {}
                }
            }
            if at_end[b.index()].as_ref() != Some(&written) {
                at_end[b.index()] = Some(written);
                changed = true;
            }
        }
        if !changed {
            return false;
        }
    }
}
