//! Where gangs meet: barriers, warp operations of gangs of one thread, `activemask`.
//!
//! Runs on the scheduler's stack only, while no gang runs.

use super::{FiberCta, State};
use crate::barriers::{BARRIERS, GangBarrier};
use engine::{Fault, FaultKind};
use interp::barrier::Arrival;
use interp::warp::{Lane, WarpOp, results};
use ir::BarrierKind;

impl FiberCta {
    /// The threads of a gang are gone.
    pub(super) fn exit(&mut self, gang: u32) {
        self.progress = true;
        self.gangs_alive -= 1;
        for thread in self.threads_of(gang) {
            self.alive[thread as usize] = false;
            self.live -= 1;
        }
        if self.code.layout.width() > 1 {
            (0..BARRIERS as u32).for_each(|id| self.complete_gangs(id));
            return;
        }
        self.barriers.iter_mut().for_each(|b| b.exit(gang));
        (0..BARRIERS as u32).for_each(|id| self.complete(id));
        for other in self.warp(gang) {
            if let State::Warp { op, mask, .. } = self.gangs[other as usize].state {
                self.meet(other, op, mask);
            }
        }
    }

    pub(super) fn arrive(
        &mut self,
        index: u32,
        id: u32,
        kind: BarrierKind,
        count: u32,
        lanes: u64,
        yes: u64,
    ) -> Result<(), Fault> {
        if id > 15 {
            let text = format!("barrier number {id} is above 15");
            return Err(Fault::new(FaultKind::IllegalInstruction, text));
        }
        if self.code.layout.width() > 1 {
            let barrier = &mut self.gang_barriers[id as usize];
            barrier.arrive(&self.code.layout, index, count);
            match kind {
                BarrierKind::Arrive => self.release(index, [0; 2]),
                BarrierKind::Sync | BarrierKind::RedPopc | BarrierKind::RedAnd | BarrierKind::RedOr => {
                    barrier.yes += (yes & lanes).count_ones();
                    barrier.all += lanes.count_ones();
                    barrier.gangs_waiting += 1;
                }
            }
            self.complete_gangs(id);
            return Ok(());
        }
        let threads = self.alive.len() as u32;
        let expected = (count > 0).then_some(count);
        let arrival = Arrival { id, kind, expected, predicate: yes & 1 != 0 };
        if let Err(earlier) = self.barriers[id as usize].arrive(index, threads, arrival) {
            let name = |count: Option<u32>| count.map_or("all".to_string(), |n| n.to_string());
            let text = format!(
                "barrier {id} for {} threads, where others wait at it for {}",
                name(expected),
                name(earlier)
            );
            return Err(Fault::new(FaultKind::IllegalInstruction, text));
        }
        if kind == BarrierKind::Arrive {
            self.release(index, [0; 2]);
        }
        self.complete(id);
        Ok(())
    }

    fn complete(&mut self, id: u32) {
        let alive = &self.alive;
        let live = |t: u32| alive[t as usize];
        let Some(done) = self.barriers[id as usize].complete(self.live, live) else { return };
        for &thread in &done.threads {
            if let State::Barrier { kind, .. } = self.gangs[thread as usize].state {
                self.release(thread, [done.result(kind), 0]);
            }
        }
    }

    fn complete_gangs(&mut self, id: u32) {
        let b = self.gang_barriers[id as usize];
        if !b.complete(&self.code.layout, self.gangs_alive) {
            return;
        }
        self.gang_barriers[id as usize] = GangBarrier::default();
        for gang in 0..self.gangs.len() as u32 {
            match self.gangs[gang as usize].state {
                State::Barrier { id: at, kind, .. } if at == id => {
                    let result = match kind {
                        BarrierKind::Sync | BarrierKind::Arrive => 0,
                        BarrierKind::RedPopc => b.yes,
                        BarrierKind::RedAnd => u32::from(b.yes == b.all),
                        BarrierKind::RedOr => u32::from(b.yes != 0),
                    };
                    self.release(gang, [u64::from(result), 0]);
                }
                _ => {}
            }
        }
    }

    /// Gangs of one thread that make up a warp.
    fn warp(&self, gang: u32) -> std::ops::Range<u32> {
        let first = gang / 32 * 32;
        first..(first + 32).min(self.gangs.len() as u32)
    }

    /// Executes a warp operation if all lanes that it names are there or have exited.
    pub(super) fn meet(&mut self, index: u32, op: WarpOp, mask: u32) {
        let (mut lanes, mut here) = (Vec::new(), Vec::new());
        for other in self.warp(index) {
            let lane = other % 32;
            // A lane outside its own mask (undefined by the manual) meets nobody but itself.
            let named = if mask >> (index % 32) & 1 != 0 { mask >> lane & 1 != 0 } else { other == index };
            if !named {
                continue;
            }
            match self.gangs[other as usize].state {
                State::Done => {}
                State::Warp { op: its, mask: theirs, args } if its == op && theirs == mask => {
                    lanes.push(Lane { lane, args });
                    here.push(other);
                }
                State::Ready
                | State::Polls
                | State::ActiveMask
                | State::Barrier { .. }
                | State::Warp { .. } => return,
            }
        }
        for (other, results) in here.into_iter().zip(results(op, &lanes)) {
            self.release(other, results);
        }
    }

    /// Answers `activemask` in warps of which no lane can run: lanes at the same place are active together.
    pub(super) fn settle(&mut self) -> bool {
        let asking: Vec<u32> = (0..self.gangs.len() as u32)
            .filter(|&g| self.gangs[g as usize].state == State::ActiveMask)
            .collect();
        let mut any = false;
        for first in asking {
            let warp = self.warp(first);
            let busy = |g: u32| matches!(self.gangs[g as usize].state, State::Ready | State::Polls);
            if self.gangs[first as usize].state != State::ActiveMask || warp.clone().any(busy) {
                continue;
            }
            let site = self.gangs[first as usize].site;
            let same = |g: &u32| {
                let gang = &self.gangs[*g as usize];
                gang.state == State::ActiveMask && gang.site == site
            };
            let group: Vec<u32> = warp.filter(same).collect();
            let mask: u64 = group.iter().map(|g| 1u64 << (g % 32)).sum();
            group.into_iter().for_each(|g| self.release(g, [mask, 0]));
            any = true;
        }
        any
    }

    /// Answers every `activemask` alone, because the lanes that still run wait for those that ask.
    pub(super) fn release_active(&mut self) -> bool {
        let mut any = false;
        for gang in 0..self.gangs.len() as u32 {
            if self.gangs[gang as usize].state == State::ActiveMask {
                self.release(gang, [1 << (gang % 32), 0]);
                any = true;
            }
        }
        any
    }
}
