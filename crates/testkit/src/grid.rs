//! Runs a whole grid on the calling thread.

use engine::{CtaRange, Fault, FaultKind, Kernel, Launch, Step, SuspendedCta};
use std::sync::atomic::Ordering;

/// Rounds in which every suspended CTA waits, after which the launch counts as stuck.
const PATIENCE: u32 = 2_000;

/// Runs every CTA of the launch in order, resuming those that wait until all are done.
pub fn run(kernel: &dyn Kernel, launch: &Launch<'_>) -> Result<(), Fault> {
    let count = launch.grid.iter().map(|&n| u64::from(n)).product();
    let mut waiting: Vec<Box<dyn SuspendedCta>> = Vec::new();
    kernel.run(launch, CtaRange { first: 0, count, worker: 0 }, &mut |cta| waiting.push(cta))?;
    let mut stuck = 0;
    while !waiting.is_empty() {
        if launch.cancelled.load(Ordering::Relaxed) {
            return Err(Fault::new(FaultKind::Deadlock, "cancelled"));
        }
        let mut moved = false;
        let mut still = Vec::new();
        for mut cta in waiting {
            match cta.resume(launch, 0)? {
                Step::Done => moved = true,
                Step::Progress => {
                    moved = true;
                    still.push(cta);
                }
                Step::Waiting => still.push(cta),
            }
        }
        waiting = still;
        stuck = if moved { 0 } else { stuck + 1 };
        if stuck > PATIENCE {
            let places: Vec<String> = waiting.iter().map(|cta| cta.waits_at()).collect();
            return Err(Fault::new(FaultKind::Deadlock, format!("nothing goes on: {}", places.join("; "))));
        }
    }
    Ok(())
}
