//! How the CTAs of a grid are handed out to those that run them.
//!
//! Invariant: every CTA is taken once. Each processor begins with a part of the grid that is its own from launch to launch: what one
//! kernel left in a core's cache, the next finds there, as loops in OpenMP's static schedule do. Who is through with its own part takes
//! from others', and shares shrink towards the end, so that all finish together.

use nix::sched::{CpuSet, sched_getaffinity, sched_getcpu};
use nix::unistd::Pid;
use smallvec::SmallVec;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is left of a grid.
pub(crate) struct Shares {
    parts: SmallVec<[Part; 2]>,
    /// CTAs are taken one by one, in order: they may wait for those before them.
    in_order: bool,
    /// CTAs that take so long together that taking them costs nothing beside.
    least: u64,
}

/// Consecutive CTAs. What several threads write has its cache line for itself.
#[repr(align(64))]
struct Part {
    next: AtomicU64,
    end: u64,
}

/// So many least shares are a short time.
const SOON: u64 = 32;

/// CTAs taken: the first and how many.
pub(crate) type Share = (u64, u64);

impl Shares {
    /// `total` CTAs for so many workers, `least` at a time where they do not have to be taken one by one.
    pub(crate) fn new(total: u64, workers: u32, in_order: bool, least: u64) -> Shares {
        let count = if in_order { 1 } else { u64::from(workers).clamp(1, total.max(1)) };
        if count > 1 {
            // Made before anything is timed.
            ranks();
        }
        let bound = |part: u64| (u128::from(total) * u128::from(part) / u128::from(count)) as u64;
        let part = |k| Part { next: AtomicU64::new(bound(k)), end: bound(k + 1) };
        Shares { parts: (0..count).map(part).collect(), in_order, least }
    }

    /// Nothing is left of it.
    pub(crate) fn none() -> Shares {
        Shares { parts: SmallVec::new(), in_order: false, least: 1 }
    }

    pub(crate) fn left(&self) -> u64 {
        self.parts.iter().map(Part::left).sum()
    }

    pub(crate) fn any_left(&self) -> bool {
        self.parts.iter().any(|part| part.left() > 0)
    }

    /// A share for the calling thread, of `most` CTAs if that is given.
    pub(crate) fn take(&self, most: Option<u64>) -> Option<Share> {
        let count = self.parts.len();
        let home = if count > 1 { home(count) } else { 0 };
        (home..count).chain(0..home).find_map(|at| {
            let part = &self.parts[at];
            // Others' parts are finished by several.
            let sharers = if at == home { 1 } else { count as u64 };
            part.take(|left| most.unwrap_or_else(|| self.share(left, sharers)).clamp(1, left))
        })
    }

    /// How many CTAs to take of so many that are left to a number of threads.
    fn share(&self, left: u64, sharers: u64) -> u64 {
        if self.in_order {
            return 1;
        }
        // What is over soon may end unevenly: the caches' content is worth more.
        let soon = left < SOON.saturating_mul(self.least);
        (left / (if soon { 2 } else { 4 } * sharers)).max(self.least)
    }
}

impl Part {
    fn left(&self) -> u64 {
        self.end.saturating_sub(self.next.load(Ordering::Relaxed))
    }

    fn take(&self, share: impl Fn(u64) -> u64) -> Option<Share> {
        let mut first = self.next.load(Ordering::Relaxed);
        loop {
            let left = self.end.checked_sub(first).filter(|&left| left > 0)?;
            let count = share(left);
            match self.next.compare_exchange_weak(first, first + count, Ordering::Relaxed, Ordering::Relaxed)
            {
                Ok(_) => return Some((first, count)),
                Err(now) => first = now,
            }
        }
    }
}

/// The part, of so many, that belongs to the processor the calling thread runs on.
fn home(parts: usize) -> usize {
    let cpu = sched_getcpu().unwrap_or(0);
    let ranks = ranks();
    let (rank, count) = match ranks.get(cpu) {
        Some(&(rank, count)) => (rank as usize, count as usize),
        None => (cpu, cpu + 1),
    };
    (rank * parts / count).min(parts - 1)
}

/// By number, how many of the processors that this process may use come before each, and how many there are.
fn ranks() -> &'static [(u32, u32)] {
    static RANKS: OnceLock<Box<[(u32, u32)]>> = OnceLock::new();
    RANKS.get_or_init(|| {
        let all = sched_getaffinity(Pid::from_raw(0)).unwrap_or_default();
        let ours = |cpu: usize| all.is_set(cpu).unwrap_or(false);
        let count = (0..CpuSet::count()).filter(|&cpu| ours(cpu)).count().max(1) as u32;
        let mut before = 0;
        (0..CpuSet::count())
            .map(|cpu| {
                let rank = before;
                before = (before + u32::from(ours(cpu))).min(count - 1);
                (rank, count)
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cta_is_taken_once_by_several_threads() {
        for (total, workers) in [(1, 4), (3, 4), (1000, 1), (12_345, 2), (100_003, 7), (0, 3)] {
            let shares = Shares::new(total, workers, false, 3);
            assert_eq!(shares.left(), total);
            let mut all: Vec<Share> = std::thread::scope(|scope| {
                let taker = || std::iter::from_fn(|| shares.take(None)).collect::<Vec<Share>>();
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(taker)).collect();
                threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
            });
            all.sort_unstable();
            assert_eq!(
                all.iter().fold(0, |at, &(first, count)| if first == at { at + count } else { u64::MAX }),
                total
            );
            assert!(!shares.any_left());
        }
    }

    #[test]
    fn those_that_may_wait_start_in_order() {
        let shares = Shares::new(5, 4, true, 9);
        let taken: Vec<Share> = std::iter::from_fn(|| shares.take(None)).collect();
        assert_eq!(taken, [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)]);
    }

    #[test]
    fn grids_may_be_as_large_as_numbers() {
        let shares = Shares::new(u64::MAX, 3, false, 1);
        assert_eq!(shares.left(), u64::MAX);
        assert!(shares.take(Some(u64::MAX)).is_some());
    }
}
