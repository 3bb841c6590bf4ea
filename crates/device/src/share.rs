//! How the CTAs of a grid are handed out to those that run them.
//!
//! Invariant: every CTA is taken once, and CTAs start in the order of their numbers: programs let one wait for those before it
//! (decoupled look-back) and rely on their having started. Shares shrink towards the end, so that all finish together.

use std::sync::atomic::{AtomicU64, Ordering};

/// What is left of a grid.
pub(crate) struct Shares {
    next: AtomicU64,
    end: u64,
    workers: u64,
    /// CTAs are taken one by one: they wait for those before them.
    in_order: bool,
    /// CTAs that take so long together that taking them costs nothing beside.
    least: u64,
}

/// CTAs taken: the first and how many.
pub(crate) type Share = (u64, u64);

impl Shares {
    /// `total` CTAs for so many workers, `least` at a time where they do not have to be taken one by one.
    pub(crate) fn new(total: u64, workers: u32, in_order: bool, least: u64) -> Shares {
        Shares { next: AtomicU64::new(0), end: total, workers: workers.max(1).into(), in_order, least }
    }

    /// Nothing is left of it.
    pub(crate) fn none() -> Shares {
        Shares::new(0, 1, false, 1)
    }

    pub(crate) fn left(&self) -> u64 {
        self.end.saturating_sub(self.next.load(Ordering::Relaxed))
    }

    pub(crate) fn any_left(&self) -> bool {
        self.left() > 0
    }

    /// A share for the calling thread, of `most` CTAs if that is given.
    pub(crate) fn take(&self, most: Option<u64>) -> Option<Share> {
        let mut first = self.next.load(Ordering::Relaxed);
        loop {
            let left = self.end.checked_sub(first).filter(|&left| left > 0)?;
            let count = most.unwrap_or_else(|| self.share(left)).clamp(1, left);
            match self.next.compare_exchange_weak(first, first + count, Ordering::Relaxed, Ordering::Relaxed)
            {
                Ok(_) => return Some((first, count)),
                Err(now) => first = now,
            }
        }
    }

    /// How many of so many CTAs to take.
    fn share(&self, left: u64) -> u64 {
        if self.in_order { 1 } else { (left / (4 * self.workers)).max(self.least.min(left / self.workers)) }
    }
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
            let follow = |at, &(first, count): &Share| if first == at { at + count } else { u64::MAX };
            assert_eq!(all.iter().fold(0, follow), total);
            assert!(!shares.any_left());
        }
    }

    #[test]
    fn ctas_start_in_order() {
        for in_order in [true, false] {
            let shares = Shares::new(5, 4, in_order, 1);
            let taken: Vec<Share> = std::iter::from_fn(|| shares.take(None)).collect();
            assert_eq!(taken, [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)]);
        }
    }
}
