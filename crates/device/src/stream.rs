//! Streams: queues of operations that run in order, apart from each other.
//!
//! Invariant: an operation runs when all before it in its stream are complete and all its dependencies are met; at
//! most one thread holds the right to run a stream (`running`). `completed` counts operations in order.

mod active;
mod pump;

pub(crate) use active::Active;

use crate::context::Context;
use crate::event::Signal;
use crate::grid::{Grid, Helped};
use crate::op::Op;
use crate::sched::{self, Slot, Urgency};
use crossbeam_utils::CachePadded;
use parking_lot::{Condvar, Mutex};
use smallvec::SmallVec;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How a stream relates to the legacy default stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StreamKind {
    /// The legacy default stream itself.
    Legacy,
    /// Synchronises with the legacy default stream.
    Blocking,
    NonBlocking,
}

/// A stream of a context.
pub struct Stream {
    /// Unique in the process.
    pub id: u64,
    pub kind: StreamKind,
    pub priority: i32,
    context: Arc<Context>,
    /// Written by whoever queues.
    issued: CachePadded<AtomicU64>,
    /// Written by whoever runs the stream, like `lot` and `counts`: apart from what the program writes meanwhile.
    completed: CachePadded<AtomicU64>,
    /// The last operation that was an event's record and has completed the event: nothing of it is left to be seen.
    recorded: AtomicU64,
    queue: CachePadded<Mutex<Queue>>,
    /// Operations that come before those in `queue`: whoever runs the stream takes them in lots, so that it seldom
    /// meets the program, which queues more. Locked by who holds the right to run, or under the queue's lock.
    lot: CachePadded<Mutex<VecDeque<Entry>>>,
    /// Whether the running operation is the last part of what was queued, and so counts in `completed`.
    counts: CachePadded<AtomicBool>,
    wake: Condvar,
    /// Somebody sleeps on `wake`.
    sleepers: AtomicU64,
    /// Host threads that wait and look for work of the stream.
    pub(crate) looking: AtomicU32,
    /// Length of `Queue::waiters`.
    waiting: AtomicUsize,
    /// Whether the scheduler has it on its list: see [`sched`].
    pub(crate) listed: AtomicU8,
    /// Whether its context has it on a list of streams with work.
    active: AtomicBool,
    destroyed: AtomicBool,
}

#[derive(Default)]
struct Queue {
    ops: VecDeque<Entry>,
    running: bool,
    /// Nanoseconds that what was queued since somebody last ran the stream will take, as far as is known.
    unattended_ns: u64,
    /// Streams that wait until `completed` reaches a number.
    waiters: Vec<(u64, Arc<Stream>)>,
    /// The grid in flight, if it is open to helpers.
    current: Option<Arc<Grid>>,
}

struct Entry {
    op: Op,
    after: SmallVec<[Dependency; 1]>,
    counts: bool,
}

/// Operations of another stream up to a number.
#[derive(Clone)]
struct Dependency {
    stream: Arc<Stream>,
    sequence: u64,
}

/// What kept a stream from running.
pub(crate) enum Blocked {
    OnStream(Arc<Stream>),
    OnSignal(Arc<Signal>),
}

enum Next {
    Run(Op),
    Nothing,
    Blocked(Blocked),
}

static NEXT_STREAM: AtomicU64 = AtomicU64::new(1);

/// Rounds of a millisecond or less that a host thread waits for a slot before it runs without one of the processors'.
const ROUNDS_WITHOUT_SLOT: u32 = 10;
/// Work that one thread does in less does not wake another: that costs the launching thread 30 to 70 us.
const WORTH_WAKING_NS: u64 = 100_000;
/// How long a host thread looks before it sleeps, and how long if it has no slot.
const HOST_SPIN: Duration = Duration::from_micros(50);
const BUSY_SPIN: Duration = Duration::from_micros(5);
/// Pauses of the processor between two looks for work.
const LOOK: u32 = 10;

impl Stream {
    /// A stream of `context`; blocking ones are registered with it.
    pub fn new(context: &Arc<Context>, kind: StreamKind, priority: i32) -> Arc<Stream> {
        let stream = Arc::new(Stream {
            id: NEXT_STREAM.fetch_add(1, Ordering::Relaxed),
            kind,
            priority,
            context: context.clone(),
            issued: CachePadded::new(AtomicU64::new(0)),
            completed: CachePadded::new(AtomicU64::new(0)),
            recorded: AtomicU64::new(0),
            queue: CachePadded::new(Mutex::new(Queue::default())),
            lot: CachePadded::new(Mutex::new(VecDeque::new())),
            counts: CachePadded::new(AtomicBool::new(false)),
            wake: Condvar::new(),
            sleepers: AtomicU64::new(0),
            looking: AtomicU32::new(0),
            waiting: AtomicUsize::new(0),
            listed: AtomicU8::new(0),
            active: AtomicBool::new(false),
            destroyed: AtomicBool::new(false),
        });
        context.add_stream(&stream);
        stream
    }

    pub fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// Whether everything queued so far is complete.
    pub fn is_idle(&self) -> bool {
        self.completed.load(Ordering::SeqCst) >= self.issued.load(Ordering::SeqCst)
    }

    /// Whether everything queued so far, and what it implies for the legacy default stream, is complete.
    pub fn query(&self) -> bool {
        if self.kind == StreamKind::Legacy {
            return self.is_idle() && self.context.blocking_idle();
        }
        // Who has seen the last event complete must not be told that the stream is busy.
        self.is_idle() || self.recorded.load(Ordering::Acquire) >= self.issued.load(Ordering::Acquire)
    }

    /// Whether an operation queued now would run at once: nothing is in flight that it must come after.
    pub fn is_clear(&self) -> bool {
        match self.kind {
            StreamKind::Legacy => self.query(),
            StreamKind::Blocking => {
                self.is_idle() && self.context.legacy_if_made().is_none_or(|legacy| legacy.is_idle())
            }
            StreamKind::NonBlocking => self.is_idle(),
        }
    }

    /// Forgets the stream; what is queued still runs.
    pub fn destroy(self: &Arc<Stream>) {
        if !self.destroyed.swap(true, Ordering::AcqRel) {
            self.context.remove_stream(self);
        }
    }

    /// Queues an operation.
    pub fn submit(self: &Arc<Stream>, op: Op) {
        let cost_ns = op.expected_ns();
        let mut after = SmallVec::new();
        match self.kind {
            StreamKind::Legacy => {
                let busy = self.context.busy_blocking_streams();
                busy.iter().for_each(|other| push_dependency(&mut after, other));
            }
            StreamKind::Blocking => {
                if let Some(legacy) = self.context.legacy_if_made() {
                    push_dependency(&mut after, legacy);
                }
            }
            StreamKind::NonBlocking => {}
        }
        let kick = {
            let mut queue = self.queue.lock();
            self.issued.fetch_add(1, Ordering::SeqCst);
            queue.ops.push_back(Entry { op, after, counts: true });
            let before = queue.unattended_ns;
            // Whoever runs the stream will find it. If older operations are left, something that makes the stream
            // ready is under way already, or their run was left to whoever looks next until they are worth a wake.
            if queue.running {
                None
            } else {
                queue.unattended_ns = before.saturating_add(cost_ns);
                let worth = queue.unattended_ns >= WORTH_WAKING_NS;
                let urgency = if worth { Urgency::Now } else { Urgency::Later };
                (queue.ops.len() == 1 || worth && before < WORTH_WAKING_NS).then_some(urgency)
            }
        };
        if !self.active.load(Ordering::SeqCst) {
            self.context.note_active(self);
        }
        if let Some(urgency) = kick {
            sched::ready(self.clone(), urgency);
        }
    }

    /// Has what nobody attends to begun: for a program that looks instead of waiting.
    pub fn nudge(self: &Arc<Stream>) {
        let waiting = {
            let queue = self.queue.lock();
            let nothing = queue.ops.is_empty() && self.lot.lock().is_empty();
            !queue.running && !nothing
        };
        if waiting {
            sched::ready(self.clone(), Urgency::Now);
        }
    }

    /// Records a moment: complete at once if the stream is idle.
    pub fn record(self: &Arc<Stream>) -> Arc<Signal> {
        let signal = Signal::new(self);
        if self.query() {
            signal.complete();
        } else {
            self.submit(Op::Record(signal.clone()));
        }
        signal
    }

    /// Lets later operations wait for `signal`.
    pub fn wait(self: &Arc<Stream>, signal: &Arc<Signal>) {
        if !signal.is_done() {
            self.submit(Op::Wait(signal.clone()));
        }
    }

    /// Blocks until all that is queued now is complete; for the legacy stream also what blocking streams hold.
    pub fn synchronize(self: &Arc<Stream>) {
        if self.kind == StreamKind::Legacy {
            for other in self.context.busy_blocking_streams() {
                other.synchronize_own();
            }
        }
        self.synchronize_own();
    }

    fn synchronize_own(self: &Arc<Stream>) {
        let target = self.issued.load(Ordering::Acquire);
        self.help_until(&|| self.completed.load(Ordering::Acquire) >= target);
    }

    /// Runs the stream's work on this thread until `done`. Where there is nothing to do it looks for a while, then sleeps.
    pub(crate) fn help_until(self: &Arc<Stream>, done: &dyn Fn() -> bool) {
        // Since when there was nothing to do: clocks cost as much as a short kernel.
        let mut idle_since: Option<Instant> = None;
        let mut sleeps_without_slot = 0;
        // Whether nobody else was told of the slot that this thread had last.
        let mut lent = false;
        while !done() {
            let own = sched::acquire();
            if own.is_some() {
                sleeps_without_slot = 0;
            }
            let relief =
                || if sleeps_without_slot > ROUNDS_WITHOUT_SLOT { sched::acquire_relief() } else { None };
            let slot = own.or_else(relief);
            if slot.as_ref().is_some_and(|slot| self.help_with(slot, done)) {
                idle_since = None;
            }
            if done() {
                break;
            }
            // Without a slot all processors are at work: looking takes time from them.
            let limit = if slot.is_some() { HOST_SPIN } else { BUSY_SPIN };
            let start = *idle_since.get_or_insert_with(Instant::now);
            if start.elapsed() < limit {
                lent |= slot.is_some();
                self.look(slot, done);
                continue;
            }
            sleeps_without_slot += u32::from(slot.is_none());
            drop(slot);
            if std::mem::take(&mut lent) {
                sched::hear();
            }
            self.sleep(done);
            idle_since = None;
        }
        if lent {
            sched::hear();
        }
    }

    /// Runs what the stream has until there is nothing for this thread. Whether anything progressed.
    fn help_with(self: &Arc<Stream>, slot: &Slot, done: &dyn Fn() -> bool) -> bool {
        let (mut progress, mut waits) = (false, 0);
        while !done() {
            match self.help(slot, 4) {
                Helped::Progress => (progress, waits) = (true, 0),
                Helped::Nothing => break,
                Helped::Waiting => {
                    waits += 1;
                    if waits > 64 {
                        break;
                    }
                    sched::back_off(waits);
                }
            }
        }
        progress
    }

    /// A short pause without the slot, during which whoever opens a grid of the stream knows that this thread will see it.
    fn look(&self, slot: Option<Slot>, done: &dyn Fn() -> bool) {
        self.looking.fetch_add(1, Ordering::SeqCst);
        slot.into_iter().for_each(Slot::lend);
        for _ in 0..LOOK {
            std::hint::spin_loop();
            if done() {
                break;
            }
        }
        self.looking.fetch_sub(1, Ordering::SeqCst);
    }

    fn sleep(&self, done: &dyn Fn() -> bool) {
        let mut queue = self.queue.lock();
        self.sleepers.fetch_add(1, Ordering::SeqCst);
        if !done() {
            // The limit covers moments that are completed without this stream's lock.
            self.wake.wait_for(&mut queue, Duration::from_millis(1));
        }
        self.sleepers.fetch_sub(1, Ordering::SeqCst);
    }

    pub(crate) fn wake_sleepers(&self) {
        if self.sleepers.load(Ordering::SeqCst) > 0 {
            let _queue = self.queue.lock();
            self.wake.notify_all();
        }
    }
}

impl Dependency {
    fn is_met(&self) -> bool {
        self.stream.completed.load(Ordering::Acquire) >= self.sequence
    }
}

fn push_dependency(list: &mut SmallVec<[Dependency; 1]>, stream: &Arc<Stream>) {
    if !stream.is_idle() {
        let sequence = stream.issued.load(Ordering::Acquire);
        list.push(Dependency { stream: stream.clone(), sequence });
    }
}
