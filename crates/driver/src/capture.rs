//! Stream capture: tasks become nodes of a graph instead of running.
//!
//! Invariant: a capture is one origin stream and those that joined it through events; it ends where it began, with all
//! joined streams merged back. What would break that invalidates the capture (CUDA Programming Guide, stream capture).

use crate::graph::{self, Graph};
use crate::stream::{self, Stream};
use crate::task::Task;
use crate::{Context, Result, context, require};
use ::device::StreamKind;
use abi::*;
use parking_lot::Mutex;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::thread::ThreadId;

/// A capture in progress.
pub struct Capture {
    pub id: u64,
    pub graph: Arc<Graph>,
    mode: CUstreamCaptureMode,
    thread: ThreadId,
    invalid: AtomicBool,
    ended: AtomicBool,
    streams: Mutex<Vec<Weak<Stream>>>,
    /// Nodes that the graph had before, when capture adds to a graph.
    before: usize,
}

impl Capture {
    /// Whether a stream takes part that the legacy stream of the context would wait for.
    fn holds_up_legacy(&self, context: u64) -> bool {
        let members = self.streams.lock();
        members.iter().filter_map(Weak::upgrade).any(|member| {
            member.context.core.id == context
                && member.core.kind == StreamKind::Blocking
                && member.is_capturing()
        })
    }
}

/// A stream's part in a capture.
pub struct Capturing {
    capture: Arc<Capture>,
    /// Nodes that the stream's next node depends on.
    deps: Vec<usize>,
    origin: bool,
}

/// A place in a capture.
#[derive(Clone)]
pub struct Fork {
    capture: Arc<Capture>,
    deps: Vec<usize>,
}

impl Fork {
    /// Whether the capture is still in progress.
    pub fn is_active(&self) -> bool {
        !self.capture.ended.load(Ordering::Acquire)
    }

    pub(crate) fn invalidate(&self) {
        self.capture.invalid.store(true, Ordering::Release);
    }
}

/// Captures in progress, in all threads.
static ACTIVE: Mutex<Vec<Weak<Capture>>> = Mutex::new(Vec::new());
/// How many there are: nothing is locked while there are none.
static ACTIVE_COUNT: AtomicUsize = AtomicUsize::new(0);
static NEXT_CAPTURE: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static MODE: Cell<CUstreamCaptureMode> = const { Cell::new(CU_STREAM_CAPTURE_MODE_GLOBAL) };
}

/// `cuThreadExchangeStreamCaptureMode`
pub fn exchange_mode(mode: CUstreamCaptureMode) -> Result<CUstreamCaptureMode> {
    crate::device::devices()?;
    require(mode.is_known())?;
    Ok(MODE.replace(mode))
}

impl Stream {
    pub(crate) fn capture_task(self: &Arc<Stream>, task: Task) -> Result<()> {
        let mut state = self.capture.lock();
        let capturing = state.as_mut().ok_or(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED)?;
        if capturing.capture.invalid.load(Ordering::Acquire) {
            return Err(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
        }
        let node = capturing.capture.graph.add(task, &capturing.deps);
        capturing.deps = vec![node];
        Ok(())
    }

    /// Makes the stream wait for a place in a capture, joining it if need be.
    pub(crate) fn join(self: &Arc<Stream>, fork: &Fork) -> Result<()> {
        if self.handle == CUstream::LEGACY {
            fork.capture.invalid.store(true, Ordering::Release);
            return Err(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
        }
        let mut state = self.capture.lock();
        match state.as_mut() {
            None => {
                *state =
                    Some(Capturing { capture: fork.capture.clone(), deps: fork.deps.clone(), origin: false });
                fork.capture.streams.lock().push(Arc::downgrade(self));
                self.capturing.store(true, Ordering::Release);
                count(self, 1);
            }
            Some(capturing) if Arc::ptr_eq(&capturing.capture, &fork.capture) => {
                for &dep in &fork.deps {
                    if !capturing.deps.contains(&dep) {
                        capturing.deps.push(dep);
                    }
                }
            }
            Some(capturing) => {
                capturing.capture.invalid.store(true, Ordering::Release);
                fork.capture.invalid.store(true, Ordering::Release);
                return Err(CUDA_ERROR_STREAM_CAPTURE_MERGE);
            }
        }
        Ok(())
    }
}

/// Counts streams of a context that capture and that the legacy stream would wait for.
fn count(stream: &Stream, change: isize) {
    if stream.core.kind == StreamKind::Blocking {
        stream.context.captures.fetch_add(change as usize, Ordering::AcqRel);
    }
}

pub(crate) fn fork(stream: &Stream) -> Result<Option<Fork>> {
    let state = stream.capture.lock();
    let Some(capturing) = state.as_ref() else { return Ok(None) };
    if capturing.capture.invalid.load(Ordering::Acquire) {
        return Err(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
    }
    Ok(Some(Fork { capture: capturing.capture.clone(), deps: capturing.deps.clone() }))
}

/// Work on the legacy stream would wait for a stream that captures: an error that ends the capture.
pub(crate) fn check_implicit(stream: &Stream) -> Result<()> {
    if stream.core.kind != StreamKind::Legacy || stream.context.captures.load(Ordering::Acquire) == 0 {
        return Ok(());
    }
    invalidate_active(|capture| capture.holds_up_legacy(stream.context.core.id));
    Err(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT)
}

/// Waiting for the whole context is an error while streams capture that the legacy stream waits for; it ends their captures.
pub fn check_context(context: &Context) -> Result<()> {
    if context.captures.load(Ordering::Acquire) == 0 {
        return Ok(());
    }
    invalidate_active(|capture| capture.holds_up_legacy(context.core.id));
    Err(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED)
}

/// Calls that may wait for other streams are errors while a capture forbids them, and end it (CUDA Driver API,
/// `cuThreadExchangeStreamCaptureMode`): one of this thread unless it is relaxed, and a global one of any thread.
pub(crate) fn check_call() -> Result<()> {
    if ACTIVE_COUNT.load(Ordering::Acquire) == 0 {
        return Ok(());
    }
    let (mode, here) = (MODE.get(), std::thread::current().id());
    let forbidden = invalidate_active(|capture| match mode {
        CU_STREAM_CAPTURE_MODE_RELAXED => false,
        _ if capture.mode == CU_STREAM_CAPTURE_MODE_RELAXED => false,
        CU_STREAM_CAPTURE_MODE_GLOBAL if capture.mode == CU_STREAM_CAPTURE_MODE_GLOBAL => true,
        _ => capture.thread == here,
    });
    if forbidden { Err(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED) } else { Ok(()) }
}

/// Ends the active captures that `which` names; whether there was one.
fn invalidate_active(which: impl Fn(&Capture) -> bool) -> bool {
    let active: Vec<_> = ACTIVE.lock().iter().filter_map(Weak::upgrade).collect();
    let hit: Vec<_> = active.into_iter().filter(|capture| which(capture)).collect();
    hit.iter().for_each(|capture| capture.invalid.store(true, Ordering::Release));
    !hit.is_empty()
}

/// Synchronising with a stream that captures is an error that ends the capture, and so is doing it with another one
/// while a capture forbids such calls.
pub(crate) fn forbid(stream: &Stream) -> Result<()> {
    if stream.is_capturing() {
        return Err(unsupported(stream));
    }
    check_implicit(stream)?;
    check_call()
}

/// The error of an operation that cannot be captured; ends the capture.
pub(crate) fn unsupported(stream: &Stream) -> CUresult {
    invalidate(stream);
    CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED
}

/// Ends the capture that the stream takes part in, if it does.
pub(crate) fn invalidate(stream: &Stream) {
    if let Some(capturing) = stream.capture.lock().as_ref() {
        capturing.capture.invalid.store(true, Ordering::Release);
    }
}

/// A capture is over.
fn close(capture: &Arc<Capture>) {
    capture.ended.store(true, Ordering::Release);
    let mut active = ACTIVE.lock();
    active.retain(|other| other.upgrade().is_some_and(|other| !Arc::ptr_eq(&other, capture)));
    ACTIVE_COUNT.store(active.len(), Ordering::Release);
}

/// Ends the capture of a stream that is destroyed.
pub(crate) fn abandon(stream: &Arc<Stream>) {
    let capturing = stream.capture.lock().take();
    if let Some(capturing) = capturing {
        capturing.capture.invalid.store(true, Ordering::Release);
        if capturing.origin {
            close(&capturing.capture);
        }
        stream.capturing.store(false, Ordering::Release);
        count(stream, -1);
    }
}

/// `cuStreamBeginCapture`
pub fn begin(stream: CUstream, mode: CUstreamCaptureMode) -> Result<()> {
    start(stream, mode, graph::new(), &[])
}

/// `cuStreamBeginCaptureToGraph`
pub fn begin_to_graph(
    stream: CUstream,
    into: CUgraph,
    deps: &[CUgraphNode],
    mode: CUstreamCaptureMode,
) -> Result<()> {
    let graph = graph::get(into)?;
    let deps = graph.indices(deps)?;
    start(stream, mode, graph, &deps)
}

fn start(stream: CUstream, mode: CUstreamCaptureMode, graph: Arc<Graph>, deps: &[usize]) -> Result<()> {
    let stream = stream::of_current(stream)?;
    require(mode.is_known())?;
    if stream.core.kind == StreamKind::Legacy {
        return Err(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    }
    let mut state = stream.capture.lock();
    if state.is_some() {
        return Err(CUDA_ERROR_ILLEGAL_STATE);
    }
    let capture = Arc::new(Capture {
        id: NEXT_CAPTURE.fetch_add(1, Ordering::Relaxed),
        before: graph.node_slots(),
        graph,
        mode,
        thread: std::thread::current().id(),
        invalid: AtomicBool::new(false),
        ended: AtomicBool::new(false),
        streams: Mutex::new(vec![Arc::downgrade(&stream)]),
    });
    {
        let mut active = ACTIVE.lock();
        active.retain(|old| old.strong_count() > 0);
        active.push(Arc::downgrade(&capture));
        ACTIVE_COUNT.store(active.len(), Ordering::Release);
    }
    *state = Some(Capturing { capture, deps: deps.to_vec(), origin: true });
    stream.capturing.store(true, Ordering::Release);
    count(&stream, 1);
    Ok(())
}

/// `cuStreamEndCapture`
pub fn end(stream: CUstream) -> Result<CUgraph> {
    let stream = stream::of_current(stream)?;
    let (capture, deps) = {
        let state = stream.capture.lock();
        let capturing = state.as_ref().ok_or(CUDA_ERROR_ILLEGAL_STATE)?;
        if !capturing.origin {
            capturing.capture.invalid.store(true, Ordering::Release);
            return Err(CUDA_ERROR_STREAM_CAPTURE_UNMATCHED);
        }
        let relaxed = capturing.capture.mode == CU_STREAM_CAPTURE_MODE_RELAXED;
        if !relaxed && capturing.capture.thread != std::thread::current().id() {
            return Err(CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD);
        }
        (capturing.capture.clone(), capturing.deps.clone())
    };
    close(&capture);
    for member in capture.streams.lock().iter().filter_map(Weak::upgrade) {
        if member.capture.lock().take().is_some() {
            member.capturing.store(false, Ordering::Release);
            count(&member, -1);
        }
    }
    if capture.invalid.load(Ordering::Acquire) {
        return Err(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
    }
    // Every captured node must lead to where the origin stream is.
    if capture.graph.leaves().into_iter().any(|leaf| leaf >= capture.before && !deps.contains(&leaf)) {
        return Err(CUDA_ERROR_STREAM_CAPTURE_UNJOINED);
    }
    Ok(capture.graph.handle)
}

/// What `cuStreamGetCaptureInfo` tells.
pub struct Info {
    pub status: CUstreamCaptureStatus,
    pub id: u64,
    pub graph: CUgraph,
    pub deps: Vec<CUgraphNode>,
}

/// `cuStreamIsCapturing` and `cuStreamGetCaptureInfo`.
pub fn info(stream: CUstream) -> Result<Info> {
    let context = context::current()?;
    let stream = stream::resolve(&context, stream)?;
    // Asking is an error here too, but ends no capture.
    if stream.core.kind == StreamKind::Legacy && context.captures.load(Ordering::Acquire) > 0 {
        return Err(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
    }
    let state = stream.capture.lock();
    let none = Info { status: CU_STREAM_CAPTURE_STATUS_NONE, id: 0, graph: CUgraph::NULL, deps: Vec::new() };
    let Some(capturing) = state.as_ref() else { return Ok(none) };
    if capturing.capture.invalid.load(Ordering::Acquire) {
        return Ok(Info { status: CU_STREAM_CAPTURE_STATUS_INVALIDATED, ..none });
    }
    Ok(Info {
        status: CU_STREAM_CAPTURE_STATUS_ACTIVE,
        id: capturing.capture.id,
        graph: capturing.capture.graph.handle,
        deps: capturing.capture.graph.handles(&capturing.deps),
    })
}

/// `cuStreamUpdateCaptureDependencies`
pub fn update_dependencies(stream: CUstream, deps: &[CUgraphNode], flags: u32) -> Result<()> {
    let stream = stream::of_current(stream)?;
    require(flags == CU_STREAM_ADD_CAPTURE_DEPENDENCIES || flags == CU_STREAM_SET_CAPTURE_DEPENDENCIES)?;
    let mut state = stream.capture.lock();
    let capturing = state.as_mut().ok_or(CUDA_ERROR_ILLEGAL_STATE)?;
    let new = capturing.capture.graph.indices(deps)?;
    if flags == CU_STREAM_SET_CAPTURE_DEPENDENCIES {
        capturing.deps.clear();
    }
    for dep in new {
        if !capturing.deps.contains(&dep) {
            capturing.deps.push(dep);
        }
    }
    Ok(())
}
