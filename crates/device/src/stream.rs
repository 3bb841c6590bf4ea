//! Streams: queues of operations that run in order, apart from each other.
//!
//! Invariant: an operation runs when all before it in its stream are complete and all its dependencies are met; at
//! most one thread holds the right to run a stream (`running`). `completed` counts operations in order.

use crate::context::Context;
use crate::event::{Signal, now_ns};
use crate::grid::{self, Grid, Helped};
use crate::hooks::{self, Activity};
use crate::op::{GraphOp, Op};
use crate::sched::{self, Slot};
use parking_lot::{Condvar, Mutex};
use smallvec::SmallVec;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
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
    issued: AtomicU64,
    completed: AtomicU64,
    /// The last operation that was an event's record and has completed the event: nothing of it is left to be seen.
    recorded: AtomicU64,
    queue: Mutex<Queue>,
    /// Operations that come before those in `queue`: whoever runs the stream takes them in lots, so that it seldom
    /// meets the program, which queues more. Locked by who holds the right to run, or under the queue's lock.
    lot: Mutex<VecDeque<Entry>>,
    /// Whether the running operation is the last part of what was queued, and so counts in `completed`.
    counts: AtomicBool,
    wake: Condvar,
    /// Somebody sleeps on `wake`.
    sleepers: AtomicU64,
    /// Length of `Queue::waiters`.
    waiting: AtomicUsize,
    /// The scheduler has it on its list.
    pub(crate) listed: AtomicBool,
    destroyed: AtomicBool,
}

#[derive(Default)]
struct Queue {
    ops: VecDeque<Entry>,
    running: bool,
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
/// How long a host thread looks before it sleeps.
const HOST_SPIN: Duration = Duration::from_micros(50);

impl Stream {
    /// A stream of `context`; blocking ones are registered with it.
    pub fn new(context: &Arc<Context>, kind: StreamKind, priority: i32) -> Arc<Stream> {
        let stream = Arc::new(Stream {
            id: NEXT_STREAM.fetch_add(1, Ordering::Relaxed),
            kind,
            priority,
            context: context.clone(),
            issued: AtomicU64::new(0),
            completed: AtomicU64::new(0),
            recorded: AtomicU64::new(0),
            queue: Mutex::new(Queue::default()),
            lot: Mutex::new(VecDeque::new()),
            counts: AtomicBool::new(false),
            wake: Condvar::new(),
            sleepers: AtomicU64::new(0),
            waiting: AtomicUsize::new(0),
            listed: AtomicBool::new(false),
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
        self.completed.load(Ordering::Acquire) >= self.issued.load(Ordering::Acquire)
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
        let mut after = SmallVec::new();
        match self.kind {
            StreamKind::Legacy => self.context.for_each_blocking(|other| push_dependency(&mut after, other)),
            StreamKind::Blocking => {
                if let Some(legacy) = self.context.legacy_if_made() {
                    push_dependency(&mut after, legacy);
                }
            }
            StreamKind::NonBlocking => {}
        }
        let kick = {
            let mut queue = self.queue.lock();
            // If older operations are left, something that makes the stream ready is under way already.
            self.issued.fetch_add(1, Ordering::Release);
            queue.ops.push_back(Entry { op, after, counts: true });
            !queue.running && queue.ops.len() == 1
        };
        if kick {
            sched::ready(self.clone());
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

    /// Runs the stream's work on this thread until `done`, then spins, then sleeps.
    pub(crate) fn help_until(self: &Arc<Stream>, done: &dyn Fn() -> bool) {
        // Since when there was nothing to do: clocks cost as much as a short kernel.
        let mut idle_since: Option<Instant> = None;
        let mut without_slot = 0;
        loop {
            if done() {
                return;
            }
            let slot = sched::acquire();
            without_slot = if slot.is_some() { 0 } else { without_slot + 1 };
            let relief = || if without_slot > ROUNDS_WITHOUT_SLOT { sched::acquire_relief() } else { None };
            if let Some(slot) = slot.or_else(relief) {
                let mut waits = 0;
                while !done() {
                    match self.help(&slot, 4) {
                        Helped::Progress => {
                            waits = 0;
                            idle_since = None;
                        }
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
            }
            if done() {
                return;
            }
            let start = *idle_since.get_or_insert_with(Instant::now);
            while !done() && start.elapsed() < HOST_SPIN {
                for _ in 0..20 {
                    std::hint::spin_loop();
                }
            }
            self.sleep(done);
            idle_since = None;
        }
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

    /// Runs what the stream has, or the grid that it has in flight, or what it waits for, `depth` streams deep.
    fn help(self: &Arc<Stream>, slot: &Slot, depth: u32) -> Helped {
        let (progress, blocked) = self.pump(slot);
        if progress {
            sched::host_was_faster();
            return Helped::Progress;
        }
        let current = self.queue.lock().current.clone();
        if let Some(grid) = current {
            return grid.help(slot);
        }
        let source = match blocked {
            Some(Blocked::OnStream(stream)) => Some(stream),
            Some(Blocked::OnSignal(signal)) => signal.source(),
            None => None,
        };
        match source {
            Some(source) if depth > 0 && !Arc::ptr_eq(&source, self) => source.help(slot, depth - 1),
            _ => Helped::Nothing,
        }
    }

    /// Runs operations until the stream is empty, blocked, or runs elsewhere. First: whether anything ran.
    pub(crate) fn pump(self: &Arc<Stream>, slot: &Slot) -> (bool, Option<Blocked>) {
        let mut progress = false;
        let mut next = self.next();
        loop {
            match next {
                Next::Nothing => return (progress, None),
                Next::Blocked(on) => return (progress, Some(on)),
                Next::Run(op) => {
                    progress = true;
                    if !self.execute(op, slot) {
                        return (progress, None);
                    }
                    next = self.finish_and_next();
                }
            }
        }
    }

    /// `finish_op` and `next` in one where nobody has to be told and nothing is in the way.
    fn finish_and_next(self: &Arc<Stream>) -> Next {
        if self.waiting.load(Ordering::SeqCst) > 0 || self.sleepers.load(Ordering::SeqCst) > 0 {
            self.finish_op();
            return self.next();
        }
        if self.counts.load(Ordering::Relaxed) {
            self.completed.fetch_add(1, Ordering::SeqCst);
            // Somebody may have begun to wait without seeing that.
            if self.waiting.load(Ordering::SeqCst) > 0 || self.sleepers.load(Ordering::SeqCst) > 0 {
                self.tell_waiters(&mut self.queue.lock());
            }
        }
        if let Some(op) = self.take_free() {
            return Next::Run(op);
        }
        {
            let mut queue = self.queue.lock();
            self.refill(&mut queue);
            if let Some(op) = self.take_free() {
                return Next::Run(op);
            }
            queue.running = false;
            if self.lot.lock().is_empty() {
                return Next::Nothing;
            }
        }
        self.next()
    }

    /// The front operation, if nothing can be in its way. For whoever runs the stream.
    fn take_free(&self) -> Option<Op> {
        let mut lot = self.lot.lock();
        let free =
            lot.front().is_some_and(|front| front.after.is_empty() && !matches!(front.op, Op::Wait(_)));
        let entry = if free { lot.pop_front() } else { None }?;
        self.counts.store(entry.counts, Ordering::Relaxed);
        Some(entry.op)
    }

    /// Takes over what was queued if there is nothing older.
    fn refill(&self, queue: &mut Queue) {
        let mut lot = self.lot.lock();
        if lot.is_empty() {
            std::mem::swap(&mut *lot, &mut queue.ops);
        }
    }

    /// Takes the front operation if it may run; otherwise leaves word where it waits.
    fn next(self: &Arc<Stream>) -> Next {
        loop {
            let blocked = {
                let mut queue = self.queue.lock();
                if queue.running {
                    return Next::Nothing;
                }
                self.refill(&mut queue);
                let mut lot = self.lot.lock();
                let Some(front) = lot.front() else { return Next::Nothing };
                let unmet = front.after.iter().find(|dep| !dep.is_met()).cloned();
                match (unmet, &front.op) {
                    (Some(dep), _) => Err(dep),
                    (None, Op::Wait(signal)) if !signal.is_done() => Ok(signal.clone()),
                    (None, _) => {
                        queue.running = true;
                        let entry = lot.pop_front().expect("the front is there");
                        self.counts.store(entry.counts, Ordering::Relaxed);
                        return Next::Run(entry.op);
                    }
                }
            };
            let registered = match &blocked {
                Ok(signal) => signal.register(self),
                Err(dep) => dep.stream.register(dep.sequence, self),
            };
            if registered {
                return Next::Blocked(match blocked {
                    Ok(signal) => Blocked::OnSignal(signal),
                    Err(dep) => Blocked::OnStream(dep.stream),
                });
            }
        }
    }

    /// Has `stream` made ready when `completed` reaches `sequence`. False if it has.
    fn register(&self, sequence: u64, stream: &Arc<Stream>) -> bool {
        let mut queue = self.queue.lock();
        let known = queue.waiters.iter().any(|(n, s)| *n == sequence && Arc::ptr_eq(s, stream));
        if !known {
            queue.waiters.push((sequence, stream.clone()));
            self.waiting.store(queue.waiters.len(), Ordering::SeqCst);
        }
        // Looked at after it can be seen that somebody waits: whoever completes does it the other way round.
        if self.completed.load(Ordering::SeqCst) < sequence {
            return true;
        }
        queue.waiters.retain(|(n, s)| *n != sequence || !Arc::ptr_eq(s, stream));
        self.waiting.store(queue.waiters.len(), Ordering::SeqCst);
        false
    }

    /// For the scheduler: whether it holds operations that nobody runs, and how many are complete.
    pub(crate) fn unattended(&self) -> Option<u64> {
        let queue = self.queue.lock();
        let idle = queue.running || queue.ops.is_empty() && self.lot.lock().is_empty();
        if idle { None } else { Some(self.completed.load(Ordering::SeqCst)) }
    }

    pub(crate) fn set_current(&self, grid: Option<Arc<Grid>>) {
        self.queue.lock().current = grid;
    }

    /// Counts the running operation as complete and makes the stream's waiters ready. The caller pumps on.
    pub(crate) fn finish_op(self: &Arc<Stream>) {
        let mut queue = self.queue.lock();
        queue.running = false;
        if self.counts.load(Ordering::Relaxed) {
            self.completed.fetch_add(1, Ordering::SeqCst);
            self.tell_waiters(&mut queue);
        }
    }

    /// Wakes those who wait for what is complete by now.
    fn tell_waiters(&self, queue: &mut Queue) {
        let completed = self.completed.load(Ordering::SeqCst);
        queue.waiters.retain(|(sequence, stream)| {
            let met = *sequence <= completed;
            if met {
                sched::ready(stream.clone());
            }
            !met
        });
        self.waiting.store(queue.waiters.len(), Ordering::SeqCst);
        if self.sleepers.load(Ordering::SeqCst) > 0 {
            self.wake.notify_all();
        }
    }

    /// Runs an operation. False if it goes on elsewhere: whoever ends it calls `finish_op` and pumps.
    fn execute(self: &Arc<Stream>, op: Op, slot: &Slot) -> bool {
        let failed = self.context.has_fault();
        match op {
            // After a fault nothing runs, but everything completes: waiters get the context's error.
            Op::Record(signal) => {
                if self.counts.load(Ordering::Relaxed) {
                    self.recorded.store(self.completed.load(Ordering::Acquire) + 1, Ordering::Release);
                }
                signal.complete();
                true
            }
            Op::Wait(_) => true,
            Op::Internal(action) => {
                action();
                true
            }
            Op::Host(action) => {
                crate::context::on_host_thread(self.clone(), action);
                false
            }
            _ if failed => true,
            Op::Kernel(launch) => grid::start(launch, self, slot),
            Op::Copy(copy) => {
                self.timed(
                    copy.bytes(),
                    |bytes, stream, begin_ns, end_ns| Activity::Copy { bytes, stream, begin_ns, end_ns },
                    || {
                        // SAFETY: whoever queued the copy checked both sides.
                        unsafe { copy.run() }
                    },
                );
                true
            }
            Op::CopyStaged(dst, bytes) => {
                // SAFETY: whoever queued the copy checked the destination.
                unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), dst as *mut u8, bytes.len()) };
                true
            }
            Op::Fill(fill) => {
                self.timed(
                    fill.bytes(),
                    |bytes, stream, begin_ns, end_ns| Activity::Fill { bytes, stream, begin_ns, end_ns },
                    || {
                        // SAFETY: whoever queued the fill checked the destination.
                        unsafe { fill.run() }
                    },
                );
                true
            }
            Op::WriteValue(write) => {
                // SAFETY: whoever queued the write checked the address.
                unsafe { write.run() };
                true
            }
            Op::WaitValue(wait) => self.poll(wait),
            Op::Graph(ops, cursor) => self.execute_graph(ops, cursor, slot),
        }
    }

    fn timed(&self, bytes: u64, make: impl Fn(u64, u64, u64, u64) -> Activity<'static>, run: impl FnOnce()) {
        if !hooks::active() {
            return run();
        }
        let begin = now_ns();
        run();
        hooks::tell(make(bytes, self.id, begin, now_ns()));
    }

    /// Looks once; if the value is not there yet, the stream comes back to it later.
    fn poll(self: &Arc<Stream>, wait: crate::op::MemoryWait) -> bool {
        // SAFETY: whoever queued the wait checked the address.
        if unsafe { wait.satisfied() } {
            return true;
        }
        let stream = self.clone();
        crate::context::poll_later(Box::new(move || {
            // SAFETY: as above.
            let met = unsafe { wait.satisfied() } || stream.context.has_fault();
            if met {
                stream.finish_op();
                sched::ready(stream.clone());
            }
            met
        }));
        false
    }

    /// Runs a graph's operations from `cursor` on. What cannot be done on this thread at once goes on later from the
    /// operation behind it.
    fn execute_graph(self: &Arc<Stream>, ops: Arc<[GraphOp]>, mut cursor: usize, slot: &Slot) -> bool {
        while let Some(op) = ops.get(cursor) {
            cursor += 1;
            let single = match op {
                GraphOp::Kernel(launch) => Op::Kernel(launch.clone()),
                GraphOp::Copy(copy) => Op::Copy(*copy),
                GraphOp::Fill(fill) => Op::Fill(*fill),
                GraphOp::WriteValue(write) => Op::WriteValue(*write),
                GraphOp::WaitValue(wait) => Op::WaitValue(*wait),
                GraphOp::Record(event) => Op::Record(event.record(self)),
                GraphOp::Host(action) => {
                    let action = action.clone();
                    Op::Host(Box::new(move || action()))
                }
                GraphOp::Internal(action) => {
                    action();
                    continue;
                }
                GraphOp::Wait(event) => match event.latest() {
                    Some(signal) if !signal.is_done() => {
                        self.go_on_with([Op::Wait(signal), Op::Graph(ops, cursor)]);
                        return true;
                    }
                    _ => continue,
                },
            };
            // The rest must be queued before an operation that may end on another thread.
            let elsewhere = matches!(single, Op::Kernel(_) | Op::Host(_) | Op::WaitValue(_));
            if !elsewhere {
                self.execute(single, slot);
                continue;
            }
            let more = cursor < ops.len();
            if more {
                self.go_on_with([Op::Graph(ops.clone(), cursor)]);
            }
            if !self.execute(single, slot) {
                return false;
            }
            if more {
                return true;
            }
        }
        true
    }

    /// Queues parts of the running operation to run right after what runs now: the last of them counts for all.
    fn go_on_with<const N: usize>(&self, parts: [Op; N]) {
        let mut lot = self.lot.lock();
        let all = self.counts.swap(false, Ordering::Relaxed);
        for (n, op) in parts.into_iter().enumerate().rev() {
            lot.push_front(Entry { op, after: SmallVec::new(), counts: all && n + 1 == N });
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
