//! The device heap: `malloc` and `free` in kernels.
//!
//! Invariant: the heap's one block is taken from the arena at the first `malloc`, with the size that the limit has then.

use crate::memory::{self, Arena, MemoryKind, ranges::Ranges};
use parking_lot::Mutex;
use std::sync::Arc;

/// The heap of one context.
pub struct Heap {
    arena: Arc<Arena>,
    owner: u64,
    state: Mutex<Option<State>>,
}

struct State {
    base: u64,
    ranges: Ranges<()>,
}

/// CUDA C++ Programming Guide 10.34: at least 16-byte aligned.
const ALIGN: u64 = 16;

impl Heap {
    pub fn new(arena: Arc<Arena>, owner: u64) -> Heap {
        Heap { arena, owner, state: Mutex::new(None) }
    }

    /// Whether the size can no longer change.
    pub fn in_use(&self) -> bool {
        self.state.lock().is_some()
    }

    /// 0 when the heap has no room.
    pub fn malloc(&self, size: u64, limit: u64) -> u64 {
        let mut state = self.state.lock();
        if state.is_none() {
            let limit = limit.next_multiple_of(memory::GRANULE);
            let Ok(base) = memory::allocate(&self.arena, limit, 1, MemoryKind::Internal, self.owner) else {
                return 0;
            };
            *state = Some(State { base, ranges: Ranges::new(base, limit, ALIGN) });
        }
        let state = state.as_mut().expect("the heap was made above");
        state.ranges.allocate(size, ALIGN, ()).unwrap_or(0)
    }

    /// False if no live block of the heap starts at `addr`.
    pub fn free(&self, addr: u64) -> bool {
        self.state.lock().as_mut().is_some_and(|state| state.ranges.free(addr).is_some())
    }

    /// Returns all memory, as a context's end does.
    pub fn clear(&self) {
        if let Some(state) = self.state.lock().take() {
            memory::free(state.base);
        }
    }
}
