//! The streams of a context that may have work: who looks for work need not look at all there are.
//!
//! Invariant: a stream with work is on the list, or whoever issued that work is about to put it there. Work is counted as issued
//! before `Stream::active` is looked at.

use super::Stream;
use parking_lot::Mutex;
use smallvec::SmallVec;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A list of streams with work.
#[derive(Default)]
pub(crate) struct Active {
    list: Mutex<Vec<Arc<Stream>>>,
    /// Its length, for those who find it empty most of the time.
    len: AtomicUsize,
}

/// Length from which the list is looked through when it has doubled.
const SWEEP: usize = 64;

impl Active {
    /// Puts a stream on the list unless it is there.
    pub fn add(&self, stream: &Arc<Stream>) {
        let mut list = self.list.lock();
        if stream.active.load(Ordering::SeqCst) {
            return;
        }
        // Where nobody ever looks for work, what has ended must not pile up.
        if list.len() >= SWEEP && list.len().is_power_of_two() {
            sweep(&mut list);
        }
        // Before `active`: who sees that the stream is on the list must not take the list to be empty.
        self.len.store(list.len() + 1, Ordering::SeqCst);
        stream.active.store(true, Ordering::SeqCst);
        list.push(stream.clone());
    }

    /// The streams that have work; the others leave the list.
    pub fn busy(&self) -> SmallVec<[Arc<Stream>; 4]> {
        if self.len.load(Ordering::SeqCst) == 0 {
            return SmallVec::new();
        }
        let mut list = self.list.lock();
        sweep(&mut list);
        self.len.store(list.len(), Ordering::SeqCst);
        list.iter().cloned().collect()
    }

    pub fn clear(&self) {
        self.list.lock().clear();
        self.len.store(0, Ordering::SeqCst);
    }
}

/// Takes streams without work off the list.
fn sweep(list: &mut Vec<Arc<Stream>>) {
    list.retain(|stream| {
        if !stream.is_idle() {
            return true;
        }
        // Whoever issues work counts it and then looks at `active`: it sees that the stream has left, or is seen here.
        stream.active.store(false, Ordering::SeqCst);
        let idle = stream.is_idle();
        if !idle {
            stream.active.store(true, Ordering::SeqCst);
        }
        !idle
    });
}
