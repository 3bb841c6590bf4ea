//! Events.
//!
//! Invariant: an event holds the latest moment that was recorded; an event that never was counts as complete.

use crate::capture::{self, Fork};
use crate::handle::Table;
use crate::stream::{self, Stream};
use crate::task::Task;
use crate::{Context, Result, context, require};
use ::device::Signal;
use abi::*;
use parking_lot::Mutex;
use std::sync::Arc;

/// An event of the driver API.
pub struct Event {
    pub handle: CUevent,
    pub context: Arc<Context>,
    pub flags: u32,
    latest: Mutex<Option<Arc<Signal>>>,
    /// Where in a capture it was recorded, if its latest record was captured.
    pub(crate) captured: Mutex<Option<Fork>>,
}

static EVENTS: Table<Event> = Table::new(0x43);

impl Event {
    pub(crate) fn latest(&self) -> Option<Arc<Signal>> {
        self.latest.lock().clone()
    }

    pub(crate) fn set_latest(&self, signal: Arc<Signal>) {
        *self.latest.lock() = Some(signal);
        *self.captured.lock() = None;
    }
}

/// The event of a handle.
pub fn get(handle: CUevent) -> Result<Arc<Event>> {
    EVENTS.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE)
}

/// `cuEventCreate`
pub fn create(flags: u32) -> Result<CUevent> {
    let context = context::usable()?;
    let known = CU_EVENT_BLOCKING_SYNC | CU_EVENT_DISABLE_TIMING | CU_EVENT_INTERPROCESS;
    require(flags & !known == 0)?;
    // CUDA Driver API, cuEventCreate: interprocess events need timing disabled.
    require(flags & CU_EVENT_INTERPROCESS == 0 || flags & CU_EVENT_DISABLE_TIMING != 0)?;
    let (handle, _) = EVENTS.insert(|handle| {
        Arc::new(Event {
            handle: CUevent::from_addr(handle),
            context,
            flags,
            latest: Mutex::new(None),
            captured: Mutex::new(None),
        })
    });
    Ok(CUevent::from_addr(handle))
}

/// `cuEventDestroy`: work that waits for it still does.
pub fn destroy(event: CUevent) -> Result<()> {
    context::current()?;
    EVENTS.remove(event.addr()).map(|_| ()).ok_or(CUDA_ERROR_INVALID_HANDLE)
}

pub(crate) fn destroy_all(context: &Context) {
    for event in EVENTS.all() {
        if event.context.core.id == context.core.id {
            EVENTS.remove(event.handle.addr());
        }
    }
}

/// `cuEventRecordWithFlags`
pub fn record(event: CUevent, stream: CUstream, flags: u32) -> Result<()> {
    let context = context::usable()?;
    require(flags & !CU_EVENT_RECORD_EXTERNAL == 0)?;
    let event = get(event)?;
    let stream = stream::resolve(&context, stream)?;
    if event.context.core.id != stream.context.core.id {
        return Err(CUDA_ERROR_INVALID_HANDLE);
    }
    record_on(&event, &stream, flags)
}

fn record_on(event: &Arc<Event>, stream: &Arc<Stream>, flags: u32) -> Result<()> {
    if let Some(fork) = stream.fork()? {
        if flags & CU_EVENT_RECORD_EXTERNAL != 0 {
            return stream.enqueue(Task::Record(event.clone()));
        }
        *event.captured.lock() = Some(fork);
        return Ok(());
    }
    stream.enqueue(Task::Record(event.clone()))
}

/// `cuEventQuery`
pub fn query(event: CUevent) -> Result<()> {
    context::current()?;
    let event = get(event)?;
    event.context.check()?;
    ready_for_host(&event)?;
    match event.latest() {
        Some(signal) if !signal.query() => Err(CUDA_ERROR_NOT_READY),
        _ => Ok(()),
    }
}

/// An event whose latest record was captured says nothing about work: neither while the capture goes on nor after it.
fn not_captured(event: &Event) -> Result<()> {
    match event.captured.lock().as_ref() {
        None => Ok(()),
        Some(fork) if fork.is_active() => Err(CUDA_ERROR_CAPTURED_EVENT),
        Some(_) => Err(CUDA_ERROR_INVALID_VALUE),
    }
}

/// What asking for an event, or waiting for it, needs; asking for a captured one ends its capture.
fn ready_for_host(event: &Event) -> Result<()> {
    not_captured(event).inspect_err(|_| {
        if let Some(fork) = event.captured.lock().as_ref() {
            fork.invalidate();
        }
    })?;
    capture::check_call()
}

/// `cuEventSynchronize`
pub fn synchronize(event: CUevent) -> Result<()> {
    context::current()?;
    let event = get(event)?;
    ready_for_host(&event)?;
    if let Some(signal) = event.latest() {
        signal.wait();
    }
    event.context.core.flush_output();
    event.context.check()
}

/// `cuEventElapsedTime`: milliseconds.
pub fn elapsed(start: CUevent, end: CUevent) -> Result<f32> {
    context::current()?;
    let (start, end) = (get(start)?, get(end)?);
    if start.context.core.id != end.context.core.id {
        return Err(CUDA_ERROR_INVALID_HANDLE);
    }
    start.context.check()?;
    not_captured(&start)?;
    not_captured(&end)?;
    if (start.flags | end.flags) & CU_EVENT_DISABLE_TIMING != 0 {
        return Err(CUDA_ERROR_INVALID_HANDLE);
    }
    let (Some(from), Some(to)) = (start.latest(), end.latest()) else {
        return Err(CUDA_ERROR_INVALID_HANDLE);
    };
    if !from.is_done() || !to.is_done() {
        return Err(CUDA_ERROR_NOT_READY);
    }
    Ok((to.time_ns() as f64 - from.time_ns() as f64) as f32 / 1e6)
}

/// `cuStreamWaitEvent`
pub fn stream_wait(stream: CUstream, event: CUevent, flags: u32) -> Result<()> {
    let context = context::usable()?;
    require(flags & !CU_EVENT_WAIT_EXTERNAL == 0)?;
    let stream = stream::resolve(&context, stream)?;
    let event = get(event)?;
    let fork = event.captured.lock().clone().filter(Fork::is_active);
    if let Some(fork) = fork {
        return stream.join(&fork);
    }
    if stream.fork()?.is_some() && flags & CU_EVENT_WAIT_EXTERNAL == 0 {
        // CUDA Driver API, stream capture: waiting inside a capture for an event outside of it.
        capture::invalidate(&stream);
        not_captured(&event)?;
        return Err(CUDA_ERROR_STREAM_CAPTURE_ISOLATION);
    }
    stream.enqueue(Task::Wait(event))
}
