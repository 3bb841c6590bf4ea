//! The sixteen barriers of a CTA (PTX ISA 9.7.13.1 bar, barrier).
//!
//! Threads arrive one by one (sm_70 and later). A warp whose live lanes have all arrived counts as 32 threads, whatever
//! its size; a warp that is only partly there counts its lanes.

use ir::BarrierKind;

/// One arrival.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arrival {
    pub id: u32,
    pub kind: BarrierKind,
    /// `None`: all threads of the CTA that have not exited.
    pub expected: Option<u32>,
    pub predicate: bool,
}

/// A barrier between two completions.
#[derive(Default)]
pub struct Barrier {
    /// Arrivals by thread; empty when the barrier is unused.
    arrived: Vec<u32>,
    /// Live threads that have arrived.
    distinct: u32,
    expected: Option<u32>,
    /// Threads to restart, in order of arrival.
    waiting: Vec<u32>,
    reduced: u32,
    yes: u32,
}

/// What the threads of a completed barrier get.
pub struct Completion {
    pub threads: Vec<u32>,
    /// Threads whose predicate was true, and threads that brought one.
    yes: u32,
    reduced: u32,
}

impl Completion {
    pub fn result(&self, kind: BarrierKind) -> u64 {
        match kind {
            BarrierKind::Sync | BarrierKind::Arrive => 0,
            BarrierKind::RedPopc => self.yes.into(),
            BarrierKind::RedAnd => (self.yes == self.reduced).into(),
            BarrierKind::RedOr => (self.yes != 0).into(),
        }
    }
}

impl Barrier {
    /// Notes an arrival. `Err`: the thread count differs from that of earlier arrivals, which is then returned.
    pub fn arrive(&mut self, thread: u32, threads: u32, arrival: Arrival) -> Result<(), Option<u32>> {
        if self.arrived.is_empty() {
            self.arrived.resize(threads as usize, 0);
            self.expected = arrival.expected;
        } else if self.expected != arrival.expected {
            return Err(self.expected);
        }
        let count = &mut self.arrived[thread as usize];
        self.distinct += u32::from(*count == 0);
        *count += 1;
        match arrival.kind {
            BarrierKind::Arrive => return Ok(()),
            BarrierKind::Sync => {}
            BarrierKind::RedPopc | BarrierKind::RedAnd | BarrierKind::RedOr => {
                self.reduced += 1;
                self.yes += u32::from(arrival.predicate);
            }
        }
        self.waiting.push(thread);
        Ok(())
    }

    /// Notes that a thread has exited.
    pub fn exit(&mut self, thread: u32) {
        if self.arrived.get(thread as usize).is_some_and(|&n| n > 0) {
            self.distinct -= 1;
        }
    }

    /// Completes and resets the barrier if its threads are there. `live` tells which threads have not exited, of
    /// which there are `live_count`.
    pub fn complete(&mut self, live_count: u32, live: impl Fn(u32) -> bool) -> Option<Completion> {
        if self.arrived.is_empty() {
            return None;
        }
        let done = match self.expected {
            None => self.distinct == live_count,
            Some(expected) => self.count(live) >= expected,
        };
        if !done {
            return None;
        }
        let this = std::mem::take(self);
        Some(Completion { threads: this.waiting, yes: this.yes, reduced: this.reduced })
    }

    fn count(&self, live: impl Fn(u32) -> bool) -> u32 {
        let mut count = 0;
        for (w, warp) in self.arrived.chunks(32).enumerate() {
            let sum: u32 = warp.iter().sum();
            if sum == 0 {
                continue;
            }
            let lanes = (0..warp.len()).filter(|&l| live((w * 32 + l) as u32));
            // Whole rounds of the warp; with no live lane left, what arrived before is one.
            let rounds = lanes.map(|l| warp[l]).min().unwrap_or(1);
            let rest: u32 = warp.iter().map(|&n| n.saturating_sub(rounds)).sum();
            count += 32 * rounds + rest;
        }
        count
    }
}
