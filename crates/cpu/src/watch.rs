//! What the steps of a compilation cost, for the log.
//!
//! Invariant: times are the calling thread's own processor time, so that they say the same on a busy machine.

use engine::Tier;
use std::time::Duration;

/// Processor time of the calling thread so far.
pub fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the structure is writable. The clock exists on every Linux.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// How large a kernel is at the stages of its way.
pub struct Size {
    /// Of our representation as it was lowered, without constants: about those of PTX.
    pub lowered: usize,
    /// Specialised and optimised.
    pub optimised: usize,
    pub lanes: u32,
    pub chunks: u32,
    /// Of LLVM's text.
    pub lines: usize,
    /// Of the object.
    pub bytes: usize,
    pub tier: Tier,
}

pub struct Watch {
    last: Duration,
    laps: Vec<(&'static str, Duration)>,
}

impl Watch {
    pub fn start() -> Watch {
        Watch { last: thread_time(), laps: Vec::new() }
    }

    /// Ends a step, or a further part of one.
    pub fn lap(&mut self, step: &'static str) {
        let now = thread_time();
        self.count(step, now - self.last);
        self.last = now;
    }

    fn count(&mut self, step: &'static str, time: Duration) {
        match self.laps.iter_mut().find(|l| l.0 == step) {
            Some(lap) => lap.1 += time,
            None => self.laps.push((step, time)),
        }
    }

    /// Adds steps that were measured elsewhere, up to now.
    pub fn add(&mut self, laps: impl IntoIterator<Item = (&'static str, Duration)>) {
        laps.into_iter().for_each(|(step, time)| self.count(step, time));
        self.last = thread_time();
    }

    /// Writes a line to the log, with what was compiled.
    pub fn report(&self, kernel: &str, size: Option<Size>) {
        let total: Duration = self.laps.iter().map(|l| l.1).sum();
        match size {
            Some(Size { lowered, optimised, lanes, chunks, lines, bytes, tier }) => {
                let steps = &self.laps;
                tracing::debug!(
                    kernel,
                    ?total,
                    ?steps,
                    lowered,
                    optimised,
                    lanes,
                    chunks,
                    lines,
                    bytes,
                    ?tier,
                    "compiled"
                );
            }
            None => tracing::debug!(kernel, ?total, steps = ?self.laps, "loaded from the cache"),
        }
    }

    /// Writes a line about what seldom runs of a kernel.
    pub fn report_masked(&self, kernel: &str) {
        let total: Duration = self.laps.iter().map(|l| l.1).sum();
        tracing::debug!(kernel, ?total, steps = ?self.laps, "compiled what seldom runs");
    }
}
