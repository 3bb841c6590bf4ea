//! Tasks: what can be put into a stream or into a graph, with all that is needed to run it or to describe it.
//!
//! Invariant: one type for streams, captures and graphs, so that what can be done in one can be done in the others.

use crate::event::Event;
use crate::graph::Graph;
use crate::launch::KernelCall;
use crate::{Result, Stream};
use ::device::copy::{BoxCopy, Fill};
use ::device::op::{GraphOp, MemoryWait, MemoryWrite, Op, RecordsEvent};
use ::device::{Held, Signal, memory};
use abi::*;
use std::sync::Arc;

/// A task.
#[derive(Clone)]
pub enum Task {
    Kernel(Arc<KernelCall>),
    /// A copy, with the description it came from.
    Copy(BoxCopy, Box<CopyParams>),
    Fill(Fill),
    Host(HostCall),
    Child(Arc<Graph>),
    Empty,
    Wait(Arc<Event>),
    Record(Arc<Event>),
    /// Memory with the graph's or the stream's life: the address is fixed when the task is made.
    Alloc(Box<AllocParams>),
    Free(u64),
    Memory(Arc<[MemoryOp]>),
}

/// The parameters that a copy was described by.
#[derive(Clone, Copy)]
pub struct CopyParams(pub CUDA_MEMCPY3D);

// SAFETY: the pointers inside are data that is handed back, never followed.
unsafe impl Send for CopyParams {}
// SAFETY: as above.
unsafe impl Sync for CopyParams {}

/// A function of the program with its argument.
#[derive(Clone, Copy)]
pub struct HostCall {
    pub function: CUhostFn,
    pub data: usize,
}

impl HostCall {
    pub fn call(&self) {
        if let Some(function) = self.function {
            // SAFETY: the program gave this function to be called with this argument.
            unsafe { function(self.data as *mut _) };
        }
    }
}

/// Parameters of a memory allocation node.
#[derive(Clone)]
pub struct AllocParams {
    pub props: CUmemPoolProps,
    pub size: usize,
    pub at: u64,
}

/// An element of `cuStreamBatchMemOp`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MemoryOp {
    Write(MemoryWrite),
    Wait(MemoryWait),
    Barrier,
}

// SAFETY: the union inside holds plain data; nothing in it is reached through the pointers.
unsafe impl Send for AllocParams {}
// SAFETY: as above.
unsafe impl Sync for AllocParams {}

/// An event in a graph.
struct EventNode(Arc<Event>);

impl RecordsEvent for EventNode {
    fn record(&self, stream: &Arc<::device::Stream>) -> Arc<Signal> {
        let signal = Signal::new(stream);
        self.0.set_latest(signal.clone());
        signal
    }

    fn latest(&self) -> Option<Arc<Signal>> {
        self.0.latest()
    }
}

impl Task {
    /// Puts the task into a stream that does not capture.
    pub fn submit(self, stream: &Stream) -> Result<()> {
        let core = &stream.core;
        match self {
            Task::Kernel(call) => core.submit(Op::Kernel(Held::Shared(call.ready()?))),
            Task::Copy(copy, _) => core.submit(Op::Copy(copy)),
            Task::Fill(fill) => core.submit(Op::Fill(fill)),
            Task::Host(call) => core.submit(Op::Host(Box::new(move || call.call()))),
            Task::Child(graph) => {
                let ops: Vec<GraphOp> = graph.flatten()?.into_iter().map(|(_, op)| op).collect();
                core.submit(Op::Graph(ops.into(), 0));
            }
            Task::Empty => {}
            Task::Wait(event) => {
                if let Some(signal) = event.latest() {
                    core.wait(&signal);
                }
            }
            Task::Record(event) => event.set_latest(core.record()),
            Task::Alloc(_) => {}
            Task::Free(at) => core.submit(Op::Internal(Box::new(move || free(at)))),
            Task::Memory(list) => {
                for op in list.iter() {
                    match *op {
                        MemoryOp::Write(write) => core.submit(Op::WriteValue(write)),
                        MemoryOp::Wait(wait) => core.submit(Op::WaitValue(wait)),
                        MemoryOp::Barrier => {}
                    }
                }
            }
        }
        Ok(())
    }

    /// The operations that the task is in a graph. Kernels are compiled here.
    pub fn graph_ops(&self) -> Result<Vec<GraphOp>> {
        Ok(match self {
            Task::Kernel(call) => vec![GraphOp::Kernel(call.ready()?)],
            Task::Copy(copy, _) => vec![GraphOp::Copy(*copy)],
            Task::Fill(fill) => vec![GraphOp::Fill(*fill)],
            Task::Host(call) => {
                let call = *call;
                vec![GraphOp::Host(Arc::new(move || call.call()))]
            }
            Task::Child(graph) => graph.flatten()?.into_iter().map(|(_, op)| op).collect(),
            Task::Empty | Task::Alloc(_) => Vec::new(),
            Task::Wait(event) => vec![GraphOp::Wait(Arc::new(EventNode(event.clone())))],
            Task::Record(event) => vec![GraphOp::Record(Arc::new(EventNode(event.clone())))],
            // The memory stays with the graph, so that every launch finds it at the same address.
            Task::Free(_) => Vec::new(),
            Task::Memory(list) => {
                let op = |op: &MemoryOp| match *op {
                    MemoryOp::Write(write) => Some(GraphOp::WriteValue(write)),
                    MemoryOp::Wait(wait) => Some(GraphOp::WaitValue(wait)),
                    MemoryOp::Barrier => None,
                };
                list.iter().filter_map(op).collect()
            }
        })
    }

    /// What kind of node the task is in a graph.
    pub fn node_type(&self) -> CUgraphNodeType {
        match self {
            Task::Kernel(_) => CU_GRAPH_NODE_TYPE_KERNEL,
            Task::Copy(..) => CU_GRAPH_NODE_TYPE_MEMCPY,
            Task::Fill(_) => CU_GRAPH_NODE_TYPE_MEMSET,
            Task::Host(_) => CU_GRAPH_NODE_TYPE_HOST,
            Task::Child(_) => CU_GRAPH_NODE_TYPE_GRAPH,
            Task::Empty => CU_GRAPH_NODE_TYPE_EMPTY,
            Task::Wait(_) => CU_GRAPH_NODE_TYPE_WAIT_EVENT,
            Task::Record(_) => CU_GRAPH_NODE_TYPE_EVENT_RECORD,
            Task::Alloc(_) => CU_GRAPH_NODE_TYPE_MEM_ALLOC,
            Task::Free(_) => CU_GRAPH_NODE_TYPE_MEM_FREE,
            Task::Memory(_) => CU_GRAPH_NODE_TYPE_BATCH_MEM_OP,
        }
    }
}

/// Frees stream-ordered memory when its turn comes.
fn free(at: u64) {
    if memory::free(at).is_none() {
        tracing::error!("stream-ordered free of {at:#x}: no allocation starts there");
    }
}

/// Checks the place of a memory operation.
fn check_place(at: u64, bytes: u8) -> Result<()> {
    crate::require(at != 0 && at.is_multiple_of(u64::from(bytes)))?;
    let block = memory::find(at).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    crate::require(u64::from(bytes) <= block.rest(at))
}

/// `cuStreamWaitValue32/64` as an operation.
pub fn wait_op(at: u64, value: u64, bytes: u8, flags: u32) -> Result<MemoryOp> {
    use ::device::op::Condition;
    check_place(at, bytes)?;
    let condition = match flags & !CU_STREAM_WAIT_VALUE_FLUSH {
        CU_STREAM_WAIT_VALUE_GEQ => Condition::GreaterOrEqual,
        CU_STREAM_WAIT_VALUE_EQ => Condition::Equal,
        CU_STREAM_WAIT_VALUE_AND => Condition::And,
        CU_STREAM_WAIT_VALUE_NOR => Condition::Nor,
        _ => return Err(CUDA_ERROR_INVALID_VALUE),
    };
    Ok(MemoryOp::Wait(MemoryWait { at, value, bytes, condition }))
}

/// `cuStreamWriteValue32/64` as an operation.
pub fn write_op(at: u64, value: u64, bytes: u8, flags: u32) -> Result<MemoryOp> {
    check_place(at, bytes)?;
    crate::require(flags & !CU_STREAM_WRITE_VALUE_NO_MEMORY_BARRIER == 0)?;
    Ok(MemoryOp::Write(MemoryWrite { at, value, bytes }))
}

/// The operations of `cuStreamBatchMemOp`.
pub fn batch(params: &[CUstreamBatchMemOpParams]) -> Result<Arc<[MemoryOp]>> {
    crate::require(!params.is_empty() && params.len() <= 256)?;
    let one = |params: &CUstreamBatchMemOpParams| {
        // SAFETY: every member of the union is plain data, valid for any bytes, and all begin with the operation.
        let (operation, wait, write) = unsafe { (params.operation, params.waitValue, params.writeValue) };
        // SAFETY: as above.
        let value = |value: CUstreamMemOpValue| unsafe { value.value64 };
        match operation {
            CU_STREAM_MEM_OP_WAIT_VALUE_32 => {
                wait_op(wait.address, value(wait.value) & 0xffff_ffff, 4, wait.flags)
            }
            CU_STREAM_MEM_OP_WAIT_VALUE_64 => wait_op(wait.address, value(wait.value), 8, wait.flags),
            CU_STREAM_MEM_OP_WRITE_VALUE_32 => {
                write_op(write.address, value(write.value) & 0xffff_ffff, 4, write.flags)
            }
            CU_STREAM_MEM_OP_WRITE_VALUE_64 => write_op(write.address, value(write.value), 8, write.flags),
            CU_STREAM_MEM_OP_BARRIER | CU_STREAM_MEM_OP_FLUSH_REMOTE_WRITES => Ok(MemoryOp::Barrier),
            _ => Err(CUDA_ERROR_INVALID_VALUE),
        }
    };
    params.iter().map(one).collect::<Result<Vec<_>>>().map(Into::into)
}
