//! Operations of streams.
//!
//! Invariant: an operation owns or keeps alive all that it needs when it runs, which may be long after it was queued.

use crate::copy::{BoxCopy, Fill};
use crate::event::Signal;
use crate::grid::{Held, KernelLaunch};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// What a stream can do.
pub enum Op {
    Kernel(Held),
    Copy(BoxCopy),
    /// A copy out of a staging buffer: the program's memory was read when the copy was queued.
    CopyStaged(u64, Box<[u8]>),
    Fill(Fill),
    /// Completes an event's moment.
    Record(Arc<Signal>),
    /// Waits for a moment of another stream.
    Wait(Arc<Signal>),
    /// A function of the host program: runs on the library's callback thread, the stream waits for it.
    Host(Box<dyn FnOnce() + Send>),
    /// A short action of the library itself.
    Internal(Box<dyn FnOnce() + Send>),
    WriteValue(MemoryWrite),
    WaitValue(MemoryWait),
    /// A graph: its operations in topological order, run one after the other from the cursor on.
    Graph(Arc<[GraphOp]>, usize),
}

impl Op {
    /// Nanoseconds that it will take as far as is known; `u64::MAX` where that may be long.
    pub(crate) fn expected_ns(&self) -> u64 {
        match self {
            Op::Kernel(launch) => launch.expected_ns(),
            Op::Copy(copy) => moved_ns(copy.bytes()),
            Op::CopyStaged(_, bytes) => moved_ns(bytes.len() as u64),
            Op::Fill(fill) => moved_ns(fill.bytes()),
            Op::Record(_) | Op::Wait(_) | Op::Internal(_) | Op::WriteValue(_) => LITTLE_NS,
            Op::Host(_) | Op::WaitValue(_) => u64::MAX,
            Op::Graph(ops, cursor) => {
                let rest = ops[*cursor..].iter().map(GraphOp::expected_ns);
                rest.fold(0, u64::saturating_add)
            }
        }
    }
}

/// What operations take that do next to nothing.
const LITTLE_NS: u64 = 100;

fn moved_ns(bytes: u64) -> u64 {
    LITTLE_NS + bytes / 8
}

/// An operation that can run many times.
#[derive(Clone)]
pub enum GraphOp {
    Kernel(Arc<KernelLaunch>),
    Copy(BoxCopy),
    Fill(Fill),
    Record(Arc<dyn RecordsEvent>),
    Wait(Arc<dyn RecordsEvent>),
    Host(Arc<dyn Fn() + Send + Sync>),
    Internal(Arc<dyn Fn() + Send + Sync>),
    WriteValue(MemoryWrite),
    WaitValue(MemoryWait),
}

impl GraphOp {
    fn expected_ns(&self) -> u64 {
        match self {
            GraphOp::Kernel(launch) => launch.expected_ns(),
            GraphOp::Copy(copy) => moved_ns(copy.bytes()),
            GraphOp::Fill(fill) => moved_ns(fill.bytes()),
            GraphOp::Record(_) | GraphOp::Wait(_) | GraphOp::Internal(_) | GraphOp::WriteValue(_) => {
                LITTLE_NS
            }
            GraphOp::Host(_) | GraphOp::WaitValue(_) => u64::MAX,
        }
    }
}

/// An event as graph nodes see it: each run of the node makes or reads its latest moment.
pub trait RecordsEvent: Send + Sync {
    /// A new moment of the event, to be completed at once.
    fn record(&self, stream: &Arc<crate::Stream>) -> Arc<Signal>;
    /// The latest moment, if it was ever recorded.
    fn latest(&self) -> Option<Arc<Signal>>;
}

/// `cuStreamWriteValue32/64`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemoryWrite {
    pub at: u64,
    pub value: u64,
    /// 4 or 8 bytes.
    pub bytes: u8,
}

/// Comparison of `cuStreamWaitValue32/64`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Condition {
    /// `(signed)(*at - value) >= 0`
    GreaterOrEqual,
    Equal,
    /// `(*at & value) != 0`
    And,
    /// `~(*at | value) != 0`
    Nor,
}

/// `cuStreamWaitValue32/64`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemoryWait {
    pub at: u64,
    pub value: u64,
    /// 4 or 8 bytes.
    pub bytes: u8,
    pub condition: Condition,
}

impl MemoryWrite {
    /// # Safety
    /// `at` is mapped, writable and aligned to `bytes`.
    pub unsafe fn run(&self) {
        // SAFETY: the caller's promise; atomic because kernels and the host may poll the place.
        unsafe {
            match self.bytes {
                4 => (*(self.at as *const AtomicU32)).store(self.value as u32, Ordering::SeqCst),
                _ => (*(self.at as *const AtomicU64)).store(self.value, Ordering::SeqCst),
            }
        }
    }
}

impl MemoryWait {
    /// # Safety
    /// `at` is mapped, readable and aligned to `bytes`.
    pub unsafe fn satisfied(&self) -> bool {
        // SAFETY: the caller's promise; atomic because others write the place.
        let found = unsafe {
            match self.bytes {
                4 => u64::from((*(self.at as *const AtomicU32)).load(Ordering::SeqCst)),
                _ => (*(self.at as *const AtomicU64)).load(Ordering::SeqCst),
            }
        };
        let narrow = self.bytes == 4;
        match self.condition {
            Condition::GreaterOrEqual if narrow => (found as u32).wrapping_sub(self.value as u32) as i32 >= 0,
            Condition::GreaterOrEqual => found.wrapping_sub(self.value) as i64 >= 0,
            Condition::Equal if narrow => found as u32 == self.value as u32,
            Condition::Equal => found == self.value,
            Condition::And if narrow => found as u32 & self.value as u32 != 0,
            Condition::And => found & self.value != 0,
            Condition::Nor if narrow => !(found as u32 | self.value as u32) != 0,
            Condition::Nor => !(found | self.value) != 0,
        }
    }
}
