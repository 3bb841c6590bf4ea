//! Signals: moments in a stream that others wait for. A CUDA event holds its latest one.
//!
//! Invariant: a signal goes from pending to done once, and wakes every stream that waits for it then.

use crate::sched::{self, Urgency};
use crate::stream::Stream;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::Instant;

/// Nanoseconds since the library was first used.
pub fn now_ns() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

/// A moment in a stream.
#[derive(Default)]
pub struct Signal {
    done: AtomicBool,
    time_ns: AtomicU64,
    /// The stream that will complete it: who waits may help it along.
    source: Weak<Stream>,
    waiters: Mutex<Vec<Arc<Stream>>>,
}

impl Signal {
    pub fn new(source: &Arc<Stream>) -> Arc<Signal> {
        Arc::new(Signal { source: Arc::downgrade(source), ..Signal::default() })
    }

    pub fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }

    /// For a program that looks instead of waiting: whether it is done. If not, its stream's work begins.
    pub fn query(&self) -> bool {
        if !self.is_done()
            && let Some(source) = self.source.upgrade()
        {
            source.nudge();
        }
        self.is_done()
    }

    /// When it was done; meaningless before.
    pub fn time_ns(&self) -> u64 {
        self.time_ns.load(Ordering::Relaxed)
    }

    /// Completes it and makes its waiters ready.
    pub fn complete(&self) {
        self.time_ns.store(now_ns(), Ordering::Relaxed);
        let waiters = {
            let mut waiters = self.waiters.lock();
            self.done.store(true, Ordering::Release);
            std::mem::take(&mut *waiters)
        };
        for stream in waiters {
            sched::ready(stream, Urgency::Now);
        }
        if let Some(source) = self.source.upgrade() {
            source.wake_sleepers();
        }
    }

    /// Has `stream` made ready when the signal is done. False if it is done already.
    pub(crate) fn register(&self, stream: &Arc<Stream>) -> bool {
        let mut waiters = self.waiters.lock();
        if self.is_done() {
            return false;
        }
        waiters.push(stream.clone());
        true
    }

    /// Blocks until it is done, helping its stream along.
    pub fn wait(&self) {
        if self.is_done() {
            return;
        }
        match self.source.upgrade() {
            Some(source) => source.help_until(&|| self.is_done()),
            None => {
                while !self.is_done() {
                    std::thread::sleep(std::time::Duration::from_micros(50));
                }
            }
        }
    }

    pub(crate) fn source(&self) -> Option<Arc<Stream>> {
        self.source.upgrade()
    }
}
