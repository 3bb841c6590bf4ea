//! Barriers among gangs that arrive as a whole: counts, and a CTA that runs region by region where gangs stop at
//! different ones (PTX ISA 9.7.13 bar).
//!
//! Invariant: a gang is a whole number of warps or the only one that is not full, so that counts are those of warps.

use crate::abi::{CtaContext, DONE};
use crate::fault;
use crate::run::Code;
use analysis::GangLayout;
use engine::{Fault, FaultKind};

/// Barriers per CTA.
pub const BARRIERS: usize = 16;

/// One of a CTA's barriers.
#[derive(Clone, Copy, Default)]
pub struct GangBarrier {
    /// Threads that have arrived; a warp that is not full counts as full.
    pub arrived: u32,
    /// Threads to wait for; 0: all.
    pub count: u32,
    /// Threads that hold the predicate, and those that brought one.
    pub yes: u32,
    pub all: u32,
    pub gangs_waiting: u32,
}

impl GangBarrier {
    /// Notes that `gang` has arrived.
    pub fn arrive(&mut self, layout: &GangLayout, gang: u32, count: u32) {
        let width = layout.width();
        let whole = layout.threads().next_multiple_of(32);
        // The last gang stands for those that its warp lacks.
        self.arrived += if gang + 1 == layout.gangs() { whole - gang * width } else { width };
        self.count = self.count.max(count);
    }

    /// Whether those that wait may go on, where `alive` gangs are left.
    pub fn complete(&self, layout: &GangLayout, alive: u32) -> bool {
        // A count of the whole block is met by all that are left of it, too.
        let whole = layout.threads().next_multiple_of(32);
        let all_wait = self.gangs_waiting == alive;
        let met = if self.count > 0 {
            self.arrived >= self.count || self.count == whole && all_wait
        } else {
            all_wait
        };
        self.arrived > 0 && met
    }
}

/// Where a gang stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Ready,
    Waits,
    Done,
}

impl Code {
    /// Runs a CTA whose gangs meet at different barriers: each goes on when its own is complete.
    pub fn run_with_barriers(&self, context: &CtaContext, gangs: u32, frames: *mut u8, states: &mut [u32]) {
        let mut status = vec![Status::Ready; gangs as usize];
        let mut barriers = [GangBarrier::default(); BARRIERS];
        let step = self.frame_bytes as usize;
        loop {
            let mut ran = false;
            for gang in 0..gangs as usize {
                if status[gang] != Status::Ready {
                    continue;
                }
                ran = true;
                // SAFETY: as in `run_cta`.
                let next = unsafe {
                    self.regions[states[gang] as usize].call(context, gang as u32, frames.add(gang * step))
                };
                states[gang] = next;
                if next == DONE {
                    status[gang] = Status::Done;
                    continue;
                }
                // SAFETY: the table has a row per gang.
                let request = unsafe { *context.requests.add(gang) };
                let Some(barrier) = barriers.get_mut(request.id as usize) else {
                    let text = format!("barrier number {} is above 15", request.id);
                    fault::throw(Fault::new(FaultKind::IllegalInstruction, text));
                };
                barrier.arrive(&self.layout, gang as u32, request.count);
                barrier.yes += request.yes;
                barrier.all += request.all;
                if request.kind == 0 {
                    status[gang] = Status::Waits;
                    barrier.gangs_waiting += 1;
                }
            }
            let alive = status.iter().filter(|s| **s != Status::Done).count() as u32;
            if alive == 0 {
                return;
            }
            let mut released = false;
            for id in 0..BARRIERS {
                let b = barriers[id];
                if !b.complete(&self.layout, alive) {
                    continue;
                }
                for gang in 0..gangs as usize {
                    // SAFETY: as above; the gang does not run.
                    let request = unsafe { &mut *context.requests.add(gang) };
                    if status[gang] == Status::Waits && request.id as usize == id {
                        status[gang] = Status::Ready;
                        (request.yes, request.all) = (b.yes, b.all);
                    }
                }
                barriers[id] = GangBarrier::default();
                released = true;
            }
            if !ran && !released {
                let waiting: Vec<String> = (0..BARRIERS)
                    .filter(|&id| barriers[id].arrived > 0)
                    .map(|id| {
                        format!("barrier {id} ({} threads of {})", barriers[id].arrived, barriers[id].count)
                    })
                    .collect();
                let text = format!("no thread can go on: waiting at {}", waiting.join(", "));
                drop(waiting);
                fault::throw(Fault::new(FaultKind::Deadlock, text));
            }
        }
    }
}
