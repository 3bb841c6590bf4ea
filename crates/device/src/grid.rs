//! Grids in flight: CTAs that run, CTAs that wait, and the end of a launch.
//!
//! Invariant: every CTA is counted in `done` exactly once, whether it ran, faulted or was cancelled, and so is the
//! thread that began the launch; whoever counts last completes it. CTAs start in order, and one that waits is resumed in turn while others start.

use crate::context::Context;
use crate::event::now_ns;
use crate::hooks::{self, Activity};
use crate::sched::{self, Slot};
use crate::share::{Share, Shares};
use crate::stream::Stream;
use engine::{CtaRange, Fault, FaultKind, Kernel, Launch, Step, SuspendedCta};
use parking_lot::Mutex;
use smallvec::SmallVec;
use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A compiled kernel in its module: what its launches have in common, so that a launch counts one reference. The count, which
/// launching and running threads write, has its cache line for itself.
#[repr(align(128))]
pub struct KernelCode {
    pub name: Arc<str>,
    pub kernel: Arc<dyn Kernel>,
    pub globals: Arc<[u64]>,
    pub func_base: u64,
    pub cost: CostModel,
    pub work: Work,
    /// Keeps the module alive until the launches are over.
    pub keep: Arc<dyn Any + Send + Sync>,
}

/// What tools hear about a grid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Work {
    /// A kernel of the program.
    Kernel,
    /// A copy or a fill of so many bytes as the last parameter, a `u64`, says.
    Copy,
    Fill,
}

/// A launch, ready to run.
pub struct KernelLaunch {
    pub code: Arc<KernelCode>,
    pub grid: [u32; 3],
    pub block: [u32; 3],
    pub dynamic_shared: u32,
    /// All blocks are resident at once: the top bit of `%gridid`, where `cooperative_groups` looks for it.
    pub cooperative: bool,
    pub params: SmallVec<[u8; 128]>,
}

impl KernelLaunch {
    fn ctas(&self) -> u64 {
        self.grid.iter().map(|&n| u64::from(n)).product()
    }

    /// Nanoseconds that one thread will need, `u64::MAX` if that is not known.
    pub(crate) fn expected_ns(&self) -> u64 {
        self.code.cost.estimate(self.ctas()).map_or(u64::MAX, |time| LEAST_NS + time.as_nanos() as u64)
    }
}

/// What a launch costs besides its CTAs.
const LEAST_NS: u64 = 50;

/// A launch as operations hold it: their own, so that a queued launch allocates nothing, or one of a graph.
pub enum Held {
    Own(KernelLaunch),
    Shared(Arc<KernelLaunch>),
}

impl Held {
    fn share(self) -> Arc<KernelLaunch> {
        match self {
            Held::Own(launch) => Arc::new(launch),
            Held::Shared(launch) => launch,
        }
    }
}

impl std::ops::Deref for Held {
    type Target = KernelLaunch;

    fn deref(&self) -> &KernelLaunch {
        match self {
            Held::Own(launch) => launch,
            Held::Shared(launch) => launch,
        }
    }
}

/// What a CTA of a kernel cost so far, to decide whether waking others pays.
#[derive(Default)]
pub struct CostModel {
    picoseconds: AtomicU64,
}

impl CostModel {
    fn estimate(&self, ctas: u64) -> Option<Duration> {
        match self.picoseconds.load(Ordering::Relaxed) {
            0 => None,
            cost => Some(Duration::from_nanos(cost.saturating_mul(ctas) / 1000)),
        }
    }

    /// How many CTAs take `time`; 1 if that is not known.
    fn ctas_in(&self, time: Duration) -> u64 {
        (time.as_nanos() as u64 * 1000)
            .checked_div(self.picoseconds.load(Ordering::Relaxed))
            .unwrap_or(1)
            .max(1)
    }

    fn learn(&self, ctas: u64, took: Duration) {
        let now = (took.as_nanos() as u64).saturating_mul(1000) / ctas.max(1);
        let old = self.picoseconds.load(Ordering::Relaxed);
        // What took longer may have been kept from running.
        let mixed = match old {
            0 => now,
            _ if now < old => old.midpoint(now),
            _ => (old * 3 + now) / 4,
        };
        self.picoseconds.store(mixed.max(1), Ordering::Relaxed);
    }
}

/// Work below this is done by one thread: waking another costs about as much.
const WORTH_WAKING: Duration = Duration::from_micros(20);

/// Shares are not smaller: taking one costs some 200 ns.
const SHARE: Duration = Duration::from_micros(2);

/// What helping did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Helped {
    /// There is nothing to do for this thread.
    Nothing,
    Progress,
    /// All CTAs that are left wait.
    Waiting,
}

/// A launch in flight.
pub(crate) struct Grid {
    launch: Arc<KernelLaunch>,
    context: Arc<Context>,
    stream: Arc<Stream>,
    id: u64,
    total: u64,
    shares: Shares,
    done: AtomicU64,
    suspended: Mutex<VecDeque<Box<dyn SuspendedCta>>>,
    cancelled: AtomicBool,
    fault: Mutex<Option<Fault>>,
    begin_ns: u64,
    /// When a CTA last progressed, for the deadlock report.
    progress_ns: AtomicU64,
    opened: AtomicBool,
}

static NEXT_GRID: AtomicU64 = AtomicU64::new(1);

/// Starts a launch on the calling thread. True if it is complete; otherwise whoever ends it goes on with the stream.
pub(crate) fn start(launch: Held, stream: &Arc<Stream>, slot: &Slot) -> bool {
    match attempt(&launch, stream, slot) {
        None => true,
        Some(rest) => rest.run(launch, stream, slot),
    }
}

/// Runs a launch whole on the calling thread if that is best. What is left otherwise: nothing of the stream has
/// changed yet.
pub(crate) fn attempt(launch: &KernelLaunch, stream: &Arc<Stream>, slot: &Slot) -> Option<Rest> {
    let total = launch.ctas();
    let expected = launch.code.cost.estimate(total);
    let alone = sched::workers() == 1 || total == 1 || expected.is_some_and(|time| time < WORTH_WAKING);
    let waiting =
        if alone { Some(run_alone(launch, stream, total, expected.is_none(), slot)?) } else { None };
    Some(Rest { waiting, total, unknown: expected.is_none() })
}

/// What [`attempt`] leaves to do.
pub(crate) struct Rest {
    waiting: Option<Waiting>,
    total: u64,
    /// Nobody knows what a CTA costs.
    unknown: bool,
}

impl Rest {
    /// Goes on with the launch, with others. True if it is complete; otherwise whoever ends it goes on with the stream.
    pub(crate) fn run(self, launch: Held, stream: &Arc<Stream>, slot: &Slot) -> bool {
        let begin_ns = now_ns();
        let mut grid = Grid {
            context: stream.context().clone(),
            stream: stream.clone(),
            id: NEXT_GRID.fetch_add(1, Ordering::Relaxed),
            total: self.total,
            shares: Shares::new(
                self.total,
                sched::workers(),
                launch.code.kernel.in_order(),
                launch.code.cost.ctas_in(SHARE),
            ),
            done: AtomicU64::new(0),
            suspended: Mutex::new(VecDeque::new()),
            cancelled: AtomicBool::new(false),
            fault: Mutex::new(None),
            begin_ns,
            progress_ns: AtomicU64::new(begin_ns),
            opened: AtomicBool::new(false),
            launch: launch.share(),
        };
        let Some(waiting) = self.waiting else {
            return Arc::new(grid).begin(self.unknown, slot);
        };
        grid.shares = Shares::none();
        grid.done = AtomicU64::new(self.total - waiting.ctas.len() as u64);
        grid.id = waiting.id;
        grid.begin_ns = waiting.begin_ns;
        grid.suspended = Mutex::new(waiting.ctas);
        Arc::new(grid).open(slot)
    }
}

/// What is left of a launch that one thread has run.
struct Waiting {
    ctas: VecDeque<Box<dyn SuspendedCta>>,
    id: u64,
    begin_ns: u64,
}

/// One launch in so many is timed, for its kernel's cost: two looks at the clock take as long as a short kernel.
const TIMED: u64 = 16;

/// Runs a whole launch on this thread, without anything that others would need. What is left if CTAs wait.
fn run_alone(
    launch: &KernelLaunch,
    stream: &Stream,
    total: u64,
    unknown: bool,
    slot: &Slot,
) -> Option<Waiting> {
    let context = stream.context();
    let id = NEXT_GRID.fetch_add(1, Ordering::Relaxed);
    let begin_ns = if hooks::active() { now_ns() } else { 0 };
    let cancelled = AtomicBool::new(false);
    let mut ctas: VecDeque<Box<dyn SuspendedCta>> = VecDeque::new();
    let start = (unknown || id.is_multiple_of(TIMED)).then(Instant::now);
    let range = CtaRange { first: 0, count: total, worker: slot.number() };
    let result = catch_unwind(AssertUnwindSafe(|| {
        let view = launch.view(id, context, &cancelled);
        launch.code.kernel.run(&view, range, &mut |cta| ctas.push_back(cta))
    }));
    if let Some(start) = start {
        launch.code.cost.learn(total, start.elapsed());
    }
    let fault = fault_of(result);
    if fault.is_none() && !ctas.is_empty() {
        return Some(Waiting { ctas, id, begin_ns });
    }
    launch.tell_end(stream, begin_ns, fault);
    None
}

impl KernelLaunch {
    /// The launch as engines see it.
    fn view<'a>(&'a self, id: u64, context: &'a Context, cancelled: &'a AtomicBool) -> Launch<'a> {
        Launch {
            grid: self.grid,
            block: self.block,
            dynamic_shared: self.dynamic_shared,
            params: &self.params,
            globals: &self.code.globals,
            func_base: self.code.func_base,
            grid_id: id | u64::from(self.cooperative) << 63,
            sm_count: context.sm_count(),
            stack_bytes: context.limits.stack(),
            cancelled,
            host: context,
        }
    }

    /// Reports what became of it to the context and to tools.
    fn tell_end(&self, stream: &Stream, begin_ns: u64, fault: Option<Fault>) {
        if let Some(mut fault) = fault {
            if fault.kernel.is_empty() {
                fault.kernel = self.code.name.to_string();
            }
            stream.context().set_fault(fault);
        }
        if hooks::active() {
            let (stream, end_ns) = (stream.id, now_ns());
            hooks::tell(match self.code.work {
                Work::Kernel => Activity::Kernel {
                    name: &self.code.name,
                    grid: self.grid,
                    block: self.block,
                    stream,
                    begin_ns,
                    end_ns,
                },
                Work::Copy => Activity::Copy { bytes: self.last_param(), stream, begin_ns, end_ns },
                Work::Fill => Activity::Fill { bytes: self.last_param(), stream, begin_ns, end_ns },
            });
        }
    }

    fn last_param(&self) -> u64 {
        self.params.last_chunk().map_or(0, |bytes| u64::from_ne_bytes(*bytes))
    }
}

/// The fault that running CTAs ended with; a panic is one, too.
fn fault_of(result: std::thread::Result<Result<(), Fault>>) -> Option<Fault> {
    match result {
        Ok(Ok(())) => None,
        Ok(Err(fault)) => Some(fault),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panic");
            Some(Fault::new(FaultKind::Internal, format!("internal error of the engine: {text}")))
        }
    }
}

impl Grid {
    /// Whether a worker would find something to do.
    pub(crate) fn has_work(&self) -> bool {
        self.shares.any_left() || !self.suspended.lock().is_empty()
    }

    /// Finds out what a CTA costs, if that is not known, then opens the grid to others and joins them.
    fn begin(self: &Arc<Grid>, unknown: bool, slot: &Slot) -> bool {
        if unknown {
            let start = Instant::now();
            let (mut chunk, mut ran) = (1, 0);
            while let Some(range) = self.take(Some(chunk), slot) {
                ran += range.count;
                self.run_range(range);
                if start.elapsed() > WORTH_WAKING / 2 {
                    break;
                }
                chunk *= 2;
            }
            self.launch.code.cost.learn(ran, start.elapsed());
            if !self.has_work() {
                return self.count(1) && self.end();
            }
        }
        self.open(slot)
    }

    /// Opens the grid to others and joins them.
    fn open(self: &Arc<Grid>, slot: &Slot) -> bool {
        self.opened.store(true, Ordering::SeqCst);
        self.stream.set_current(Some(self.clone()));
        let workers = u64::from(sched::workers());
        let left = self.shares.left();
        let helpers = left.min(workers).saturating_sub(1) as u32;
        let looking = self.stream.looking.load(Ordering::SeqCst);
        sched::open(self.clone(), helpers.saturating_sub(looking));
        let start = Instant::now();
        let mut helped = 0;
        while let Some(range) = self.take(None, slot) {
            helped += range.count;
            self.run_range(range);
            self.resume_round(slot);
        }
        if helped > 0 {
            self.launch.code.cost.learn(helped, start.elapsed());
        }
        self.count(1) && self.end()
    }

    /// Runs a share of the CTAs, or resumes those that wait. Ends the launch and goes on with its stream if these
    /// were the last.
    pub(crate) fn help(self: &Arc<Grid>, slot: &Slot) -> Helped {
        if let Some(range) = self.take(None, slot) {
            let last = self.run_range(range) || self.resume_round(slot).1;
            if last {
                self.end_and_go_on(slot);
            }
            return Helped::Progress;
        }
        let (step, last) = self.resume_round(slot);
        if last {
            self.end_and_go_on(slot);
            return Helped::Progress;
        }
        if step == Helped::Waiting && self.check_deadlock() {
            self.end_and_go_on(slot);
        }
        step
    }

    fn end_and_go_on(self: &Arc<Grid>, slot: &Slot) {
        self.end();
        self.stream.finish_op();
        self.stream.pump(slot);
    }

    /// CTAs for this thread.
    fn take(&self, most: Option<u64>, slot: &Slot) -> Option<CtaRange> {
        self.shares.take(most).map(|(first, count): Share| CtaRange { first, count, worker: slot.number() })
    }

    /// Runs CTAs; true if they were the last of the launch.
    fn run_range(&self, range: CtaRange) -> bool {
        let mut suspended = 0;
        if !self.cancelled.load(Ordering::Relaxed) {
            let result = catch_unwind(AssertUnwindSafe(|| {
                self.with_launch(|launch| {
                    self.launch.code.kernel.run(launch, range, &mut |cta| {
                        suspended += 1;
                        self.suspended.lock().push_back(cta);
                    })
                })
            }));
            self.note(result);
            self.progress_ns.store(now_ns(), Ordering::Relaxed);
        }
        self.count(range.count - suspended)
    }

    /// Resumes each CTA that waits once. Second: whether these were the last of the launch.
    fn resume_round(&self, slot: &Slot) -> (Helped, bool) {
        let waiting = self.suspended.lock().len();
        let mut result = if waiting == 0 { Helped::Nothing } else { Helped::Waiting };
        for _ in 0..waiting {
            let Some(mut cta) = self.suspended.lock().pop_front() else { break };
            if self.cancelled.load(Ordering::Relaxed) {
                drop(cta);
                result = Helped::Progress;
                if self.count(1) {
                    return (result, true);
                }
                continue;
            }
            let step = catch_unwind(AssertUnwindSafe(|| {
                self.with_launch(|launch| cta.resume(launch, slot.number()))
            }));
            match step {
                Ok(Ok(Step::Waiting)) => self.suspended.lock().push_back(cta),
                Ok(Ok(Step::Progress)) => {
                    result = Helped::Progress;
                    self.suspended.lock().push_back(cta);
                }
                ended => {
                    result = Helped::Progress;
                    self.note(ended.map(|step| step.map(|_| ())));
                    if self.count(1) {
                        return (result, true);
                    }
                }
            }
        }
        if result == Helped::Progress {
            self.progress_ns.store(now_ns(), Ordering::Relaxed);
        }
        (result, false)
    }

    fn with_launch<T>(&self, run: impl FnOnce(&Launch<'_>) -> T) -> T {
        run(&self.launch.view(self.id, &self.context, &self.cancelled))
    }

    /// Remembers the first fault and cancels what has not started.
    fn note(&self, result: std::thread::Result<Result<(), Fault>>) {
        if let Some(fault) = fault_of(result) {
            self.cancel(fault);
        }
    }

    fn cancel(&self, fault: Fault) {
        self.fault.lock().get_or_insert(fault);
        self.cancelled.store(true, Ordering::SeqCst);
    }

    /// Counts CTAs as done; true if all are. The thread in `begin` counts one more when it is through, so that
    /// nobody ends the launch before it is set up.
    fn count(&self, ctas: u64) -> bool {
        ctas > 0 && self.done.fetch_add(ctas, Ordering::AcqRel) + ctas == self.total + 1
    }

    /// A launch whose CTAs have all waited for long while nothing else ran can never end: it is cancelled.
    /// True if that ended it.
    fn check_deadlock(&self) -> bool {
        let idle = now_ns().saturating_sub(self.progress_ns.load(Ordering::Relaxed));
        if idle < self.context.limits.hang_ns() || sched::others_open() {
            return false;
        }
        let waiting: Vec<Box<dyn SuspendedCta>> = self.suspended.lock().drain(..).collect();
        let places: Vec<String> =
            waiting.iter().take(4).map(|cta| format!("block {} at {}", cta.cta(), cta.waits_at())).collect();
        let count = waiting.len() as u64;
        self.cancel(Fault::new(
            FaultKind::Deadlock,
            format!("no thread can make progress: {count} blocks wait for ever ({})", places.join("; ")),
        ));
        self.count(count)
    }

    /// Everything that follows the last CTA but the stream's next operation. Always true.
    fn end(self: &Arc<Grid>) -> bool {
        if self.opened.load(Ordering::SeqCst) {
            sched::close(self);
            self.stream.set_current(None);
        }
        let fault = self.fault.lock().take();
        self.launch.tell_end(&self.stream, self.begin_ns, fault);
        true
    }
}
