//! Which launches write past the caches: those that write more than stays in them until it is read.
//!
//! Invariant: what a worker wrote past the caches is seen by all before the worker says that its blocks are done.

use crate::abi::CtaContext;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of results from which on they go past the caches; as for copies.
const LARGE: u64 = 32 << 20;

/// What a block of a kernel wrote by stores that may go past the caches, as measured last.
#[derive(Default)]
pub struct Stored {
    per_cta: AtomicU64,
}

impl Stored {
    /// Whether a launch of this grid writes past the caches.
    pub fn streams(&self, grid: [u32; 3]) -> bool {
        let ctas = grid.iter().map(|&n| u64::from(n)).product::<u64>();
        self.per_cta.load(Ordering::Relaxed).saturating_mul(ctas) >= LARGE
    }

    /// So many blocks ran with this context.
    pub fn learn(&self, context: &CtaContext, ctas: u64) {
        let now = context.stored.get() / ctas.max(1);
        if self.per_cta.load(Ordering::Relaxed) != now {
            self.per_cta.store(now, Ordering::Relaxed);
        }
        if context.streams != 0 {
            settle();
        }
    }
}

/// What was written past the caches is seen before anything that follows.
#[cfg(target_arch = "x86_64")]
fn settle() {
    // SAFETY: every x86-64 processor has this instruction, and it touches no memory.
    unsafe { std::arch::x86_64::_mm_sfence() };
}

/// Only x86-64 code writes past the caches (see `crate::emit`).
#[cfg(not(target_arch = "x86_64"))]
fn settle() {}
