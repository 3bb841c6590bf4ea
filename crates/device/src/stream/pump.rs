//! Running what streams hold: taking operations in order, doing them, helping along what they wait for.
//!
//! Invariant: whoever takes an operation off a stream holds the right to run it until `finish_op`, which may happen on
//! another thread; the stream's own part of the work takes its locks only where operations meet new ones.

use super::{Blocked, Entry, Next, Queue, Stream};
use crate::bulk;
use crate::event::now_ns;
use crate::grid::{self, Grid, Held, Helped};
use crate::hooks::{self, Activity};
use crate::op::{GraphOp, Op};
use crate::sched::{self, Slot, Urgency};
use smallvec::SmallVec;
use std::sync::Arc;
use std::sync::atomic::Ordering;

impl Stream {
    /// Runs what the stream has, or the grid that it has in flight, or what it waits for, `depth` streams deep.
    pub(super) fn help(self: &Arc<Stream>, slot: &Slot, depth: u32) -> Helped {
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
                        queue.unattended_ns = 0;
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
                sched::ready(stream.clone(), Urgency::Now);
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
                if let Some(launch) = bulk::of_copy(&copy) {
                    return grid::start(Held::Own(launch), self, slot);
                }
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
                if let Some(launch) = bulk::of_fill(&fill) {
                    return grid::start(Held::Own(launch), self, slot);
                }
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
                sched::ready(stream.clone(), Urgency::Now);
            }
            met
        }));
        false
    }

    /// Runs a graph's operations from `cursor` on. What cannot be done on this thread at once goes on later from the
    /// operation behind it; until then a node takes no lock and counts no reference.
    fn execute_graph(self: &Arc<Stream>, ops: Arc<[GraphOp]>, mut cursor: usize, slot: &Slot) -> bool {
        while let Some(op) = ops.get(cursor) {
            cursor += 1;
            let single = match op {
                GraphOp::Kernel(launch) => {
                    if self.context.has_fault() {
                        continue;
                    }
                    let Some(rest) = grid::attempt(launch, self, slot) else { continue };
                    let more = self.leave_rest(&ops, cursor);
                    let complete = rest.run(Held::Shared(launch.clone()), self, slot);
                    if more || !complete {
                        return complete;
                    }
                    continue;
                }
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
            let elsewhere = match &single {
                Op::Host(_) | Op::WaitValue(_) => true,
                Op::Copy(copy) => bulk::is_large(copy.bytes()),
                Op::Fill(fill) => bulk::is_large(fill.bytes()),
                _ => false,
            };
            if !elsewhere {
                self.execute(single, slot);
                continue;
            }
            let more = self.leave_rest(&ops, cursor);
            let complete = self.execute(single, slot);
            if more || !complete {
                return complete;
            }
        }
        true
    }

    /// Queues the rest of a graph before an operation of it that may end on another thread. False if there is none.
    fn leave_rest(&self, ops: &Arc<[GraphOp]>, cursor: usize) -> bool {
        let more = cursor < ops.len();
        if more {
            self.go_on_with([Op::Graph(ops.clone(), cursor)]);
        }
        more
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
