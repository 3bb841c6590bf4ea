//! Hooks: what tools (profiler, tracer) listen on.
//!
//! Invariant: while nobody listens, an event costs one relaxed load.

use parking_lot::RwLock;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Something that happened on a device, with times from [`crate::event::now_ns`].
#[derive(Clone, Copy, Debug)]
pub enum Activity<'a> {
    Kernel { name: &'a str, grid: [u32; 3], block: [u32; 3], stream: u64, begin_ns: u64, end_ns: u64 },
    Copy { bytes: u64, stream: u64, begin_ns: u64, end_ns: u64 },
    Fill { bytes: u64, stream: u64, begin_ns: u64, end_ns: u64 },
}

/// A tool. Called from worker threads; must not call back into the library.
pub trait Listener: Send + Sync {
    fn activity(&self, activity: Activity<'_>);
}

static ANY: AtomicBool = AtomicBool::new(false);
static LISTENERS: RwLock<Vec<Arc<dyn Listener>>> = RwLock::new(Vec::new());

/// Adds a listener for the rest of the process.
pub fn listen(listener: Arc<dyn Listener>) {
    LISTENERS.write().push(listener);
    ANY.store(true, Ordering::Release);
}

/// Whether anybody listens.
pub fn active() -> bool {
    ANY.load(Ordering::Relaxed)
}

pub(crate) fn tell(activity: Activity<'_>) {
    for listener in LISTENERS.read().iter() {
        listener.activity(activity);
    }
}
