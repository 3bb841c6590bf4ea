//! Kernels whose first code was made in a hurry: it runs until the optimised code is there.
//!
//! A kernel that is launched once, and is done soon, never gets better code. The others do as soon as the first launch takes
//! longer than [`WORTH`], or the second comes. That one waits for it if it would take longer than [`SHORT`], so that times of
//! a kernel are the same from its second launch on, and a first one of more than [`PATIENCE`], whose threads would only be in its way.
//! Invariant: both codes number the blocks of a grid alike, so that one goes on where the other stopped; threads do the same
//! in both, and nothing but time tells which one ran.

use crate::apart;
use crate::compile::{Wanted, compile};
use crate::diagnose::Again;
use crate::processor::Native;
use crate::run::{Code, CpuKernel};
use crate::watch::Watch;
use engine::{
    CompileOptions, CtaRange, Engine, Fault, Kernel, Launch, Program, Resources, SuspendedCta, Tier,
};
use ir::FuncId;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// A first launch that runs so long has a kernel that better code is worth being made for.
const WORTH: Duration = Duration::from_millis(1);
/// A first launch that would take so much processor time waits for it.
const PATIENCE: Duration = Duration::from_millis(50);
/// Later launches that are over sooner run what there is.
const SHORT: Duration = Duration::from_micros(20);
/// How long blocks run before somebody looks whether better code is there.
const LOOK: Duration = Duration::from_micros(500);

/// Better code, which may never be made.
pub struct Better {
    code: OnceLock<CpuKernel>,
    state: Mutex<State>,
    over: Condvar,
    program: Arc<dyn Program>,
    kernel: FuncId,
    options: CompileOptions,
    /// Finds the places of faults.
    fallback: Option<Arc<dyn Engine>>,
}

struct State {
    progress: Progress,
    /// The order of blocks in baseline code ([`crate::order::panel`]).
    panel: Option<u32>,
}

/// How far better code is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Progress {
    /// Nobody asked for it.
    None,
    Queued,
    Compiles,
    /// It is there, or there will be none.
    Over,
}

/// A kernel in two tiers.
pub struct Tiered {
    baseline: CpuKernel,
    better: Arc<Better>,
    /// The grid that came first; 0: none yet.
    first: AtomicU64,
    /// What baseline code has done.
    blocks: AtomicU64,
    nanoseconds: AtomicU64,
}

/// Code that nobody waits for yet; the thread that compiles it is there as long as there is some.
static QUEUE: Mutex<Queue> = Mutex::new(Queue { waiting: VecDeque::new(), served: false });

struct Queue {
    waiting: VecDeque<Arc<Better>>,
    served: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tiered {
    /// `baseline` has gangs that wait for nobody. Nothing but the better code if that is there already.
    pub fn kernel(mut baseline: Code, better: Arc<Better>) -> Arc<dyn Kernel> {
        baseline.again = better.again();
        {
            let mut state = lock(&better.state);
            match better.code.get() {
                Some(code) => return Arc::new(CpuKernel(code.0.clone())),
                None => state.panel = Some(baseline.panel),
            }
        }
        let baseline = CpuKernel(Arc::new(baseline));
        let (first, blocks, nanoseconds) = Default::default();
        Arc::new(Tiered { baseline, better, first, blocks, nanoseconds })
    }

    /// Runs blocks with baseline code as long as there is no better.
    fn begin(
        &self,
        launch: &Launch<'_>,
        range: CtaRange,
        suspended: &mut dyn FnMut(Box<dyn SuspendedCta>),
    ) -> Result<(), Fault> {
        let this = launch.grid_id;
        let first = self.first.compare_exchange(0, this, Ordering::Relaxed, Ordering::Relaxed);
        if first.is_err_and(|first| first != this) {
            match self.expected(launch) {
                Some(time) if time > SHORT => self.better.make(),
                _ => self.better.ask(),
            }
        }
        let (mut at, end) = (range.first, range.first + range.count);
        let mut step = 1;
        while at < end && !launch.cancelled.load(Ordering::Relaxed) {
            if let Some(code) = self.better.code.get() {
                return code.run(launch, CtaRange { first: at, count: end - at, ..range }, suspended);
            }
            let count = step.min(end - at);
            let start = Instant::now();
            self.baseline.run(launch, CtaRange { first: at, count, ..range }, suspended)?;
            let took = start.elapsed();
            if self.learn(count, took) > WORTH {
                match self.expected(launch) {
                    Some(time) if time > PATIENCE => self.better.make(),
                    _ => self.better.ask(),
                }
            }
            let fit = LOOK.as_nanos() as u64 * count / (took.as_nanos() as u64).max(1);
            step = fit.clamp(1, step * 8);
            at += count;
        }
        Ok(())
    }

    /// Notes what baseline code has done; how long that has run by now.
    fn learn(&self, blocks: u64, took: Duration) -> Duration {
        let took = took.as_nanos() as u64;
        self.blocks.fetch_add(blocks, Ordering::Relaxed);
        Duration::from_nanos(self.nanoseconds.fetch_add(took, Ordering::Relaxed) + took)
    }

    /// How long baseline code takes for a launch on one thread, if that is known.
    fn expected(&self, launch: &Launch<'_>) -> Option<Duration> {
        let blocks = self.blocks.load(Ordering::Relaxed);
        let all: u64 = launch.grid.iter().map(|&n| u64::from(n)).product();
        let time = u128::from(self.nanoseconds.load(Ordering::Relaxed)) * u128::from(all);
        Some(Duration::from_nanos(time.checked_div(blocks.into())?.try_into().unwrap_or(u64::MAX)))
    }
}

impl Kernel for Tiered {
    fn resources(&self) -> Resources {
        self.baseline.resources()
    }

    fn run(
        &self,
        launch: &Launch<'_>,
        range: CtaRange,
        suspended: &mut dyn FnMut(Box<dyn SuspendedCta>),
    ) -> Result<(), Fault> {
        match self.better.code.get() {
            Some(code) => code.run(launch, range, suspended),
            None => self.begin(launch, range, suspended),
        }
    }
}

impl Better {
    pub fn new(
        program: Arc<dyn Program>,
        kernel: FuncId,
        options: CompileOptions,
        fallback: Option<Arc<dyn Engine>>,
    ) -> Arc<Better> {
        let state = Mutex::new(State { progress: Progress::None, panel: None });
        let (code, over) = (OnceLock::new(), Condvar::new());
        Arc::new(Better { code, state, over, program, kernel, options, fallback })
    }

    fn again(&self) -> Option<Again> {
        Again::new(self.fallback.as_ref(), &self.program, self.kernel, &self.options)
    }

    /// Has it made beside what runs.
    pub fn ask(self: &Arc<Better>) {
        if !self.advance(Progress::None, Progress::Queued) {
            return;
        }
        let mut queue = lock(&QUEUE);
        queue.waiting.push_back(self.clone());
        // Without a thread, the launch that needs it makes it.
        queue.served = queue.served || apart::start(serve).is_ok();
    }

    /// Sees to it that it is there when this returns, if there will be any.
    fn make(&self) {
        let compiles = |from| self.advance(from, Progress::Compiles);
        if compiles(Progress::None) || compiles(Progress::Queued) {
            let made = apart::run(|| self.compiled());
            return self.end(made.and_then(|code| code));
        }
        let mut state = lock(&self.state);
        while state.progress != Progress::Over {
            state = self.over.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether progress was as far as `from`, and is on to the next step by this call.
    fn advance(&self, from: Progress, to: Progress) -> bool {
        let mut state = lock(&self.state);
        let advances = state.progress == from;
        if advances {
            state.progress = to;
        }
        advances
    }

    fn end(&self, made: Result<Code, String>) {
        let mut state = lock(&self.state);
        match made {
            Ok(mut code) => {
                // A launch in flight goes on in the order in which it began.
                code.panel = state.panel.unwrap_or(code.panel);
                let _ = self.code.set(CpuKernel(Arc::new(code)));
            }
            // The first code does all that this would.
            Err(why) => tracing::warn!(kernel = %self.name(), "no optimised code: {why}"),
        }
        state.progress = Progress::Over;
        self.over.notify_all();
    }

    fn name(&self) -> &str {
        &self.program.module().func(self.kernel).name
    }

    fn compiled(&self) -> Result<Code, String> {
        let Better { program, kernel, options, .. } = self;
        let (tier, most) = (Tier::Optimised, None);
        let wanted = Wanted { processor: &Native, program: &**program, kernel: *kernel, options, tier, most };
        let compiled = || compile(wanted, &mut Watch::start(), None);
        let compiled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(compiled));
        let mut code = match compiled {
            Ok(Ok(Ok(code))) => code,
            Ok(Ok(Err(why))) => return Err(why.to_string()),
            Ok(Err(error)) => return Err(error.to_string()),
            Err(_) => return Err("compilation panicked".into()),
        };
        if code.fibers {
            return Err("its gangs would wait for each other".into());
        }
        code.again = self.again();
        Ok(code)
    }
}

/// Compiles what is queued.
fn serve() {
    loop {
        let next = {
            let mut queue = lock(&QUEUE);
            let next = queue.waiting.pop_front();
            queue.served = next.is_some();
            next
        };
        let Some(better) = next else { return };
        if better.advance(Progress::Queued, Progress::Compiles) {
            better.end(better.compiled());
        }
    }
}
