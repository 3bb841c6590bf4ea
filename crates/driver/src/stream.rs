//! Streams.
//!
//! Invariant: everything that enters a stream goes through `Stream::enqueue`, which sends it to the graph of a capture
//! instead where one is in progress.

use crate::capture::{self, Capturing, Fork};
use crate::handle::Table;
use crate::lasting::Lasting;
use crate::task::{HostCall, Task};
use crate::{Context, Result, context, require};
use ::device::StreamKind;
use abi::*;
use parking_lot::Mutex;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A stream of the driver API.
pub struct Stream {
    pub handle: CUstream,
    pub context: Arc<Context>,
    pub core: Arc<::device::Stream>,
    pub flags: u32,
    pub(crate) capturing: AtomicBool,
    pub(crate) capture: Mutex<Option<Capturing>>,
    attributes: Mutex<Attributes>,
}

/// Stream attributes that are kept but change nothing here.
#[derive(Clone, Copy)]
struct Attributes {
    window: CUaccessPolicyWindow,
    policy: CUsynchronizationPolicy,
}

// SAFETY: the window's pointer is data that is handed back, never followed.
unsafe impl Send for Attributes {}

static STREAMS: Table<Stream> = Table::new(0x42);

thread_local! {
    /// This thread's default stream in each context, by the context's number.
    static LOCAL: RefCell<Vec<(u64, Arc<Stream>)>> = const { RefCell::new(Vec::new()) };
}
static PER_THREAD: Lasting<(u64, Arc<Stream>)> = Lasting::new(&LOCAL);

impl Stream {
    fn new(handle: CUstream, context: &Arc<Context>, core: Arc<::device::Stream>, flags: u32) -> Arc<Stream> {
        Arc::new(Stream {
            handle,
            context: context.clone(),
            core,
            flags,
            capturing: AtomicBool::new(false),
            capture: Mutex::new(None),
            attributes: Mutex::new(Attributes {
                window: CUaccessPolicyWindow::zeroed(),
                policy: CU_SYNC_POLICY_AUTO,
            }),
        })
    }

    pub(crate) fn of_default(
        context: &Arc<Context>,
        core: Arc<::device::Stream>,
        handle: CUstream,
    ) -> Arc<Stream> {
        Stream::new(handle, context, core, CU_STREAM_DEFAULT)
    }

    /// Whether operations go into a graph.
    pub fn is_capturing(&self) -> bool {
        self.capturing.load(Ordering::Acquire)
    }

    /// Puts a task into the stream, or into the graph that it captures.
    pub fn enqueue(self: &Arc<Stream>, task: Task) -> Result<()> {
        if self.is_capturing() {
            return self.capture_task(task);
        }
        capture::check_implicit(self)?;
        task.submit(self)
    }

    /// The place in the capture that the stream is at, if it captures.
    pub(crate) fn fork(&self) -> Result<Option<Fork>> {
        if !self.is_capturing() {
            return Ok(None);
        }
        capture::fork(self)
    }
}

impl Drop for Stream {
    /// A thread's default stream ends with its thread; what is queued still runs.
    fn drop(&mut self) {
        self.core.destroy();
    }
}

/// The stream of a handle. Null is the legacy default stream; shells of the per-thread variants pass
/// [`CUstream::PER_THREAD`] for null.
pub fn resolve(context: &Arc<Context>, stream: CUstream) -> Result<Arc<Stream>> {
    match stream {
        CUstream::NULL | CUstream::LEGACY => Ok(context.legacy().clone()),
        CUstream::PER_THREAD => Ok(per_thread(context)),
        _ => STREAMS.get(stream.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE),
    }
}

fn per_thread(context: &Arc<Context>) -> Arc<Stream> {
    PER_THREAD.with(|list| {
        if let Some((_, stream)) = list.iter().find(|(id, _)| *id == context.core.id) {
            return stream.clone();
        }
        let core = ::device::Stream::new(&context.core, StreamKind::Blocking, 0);
        let stream = Stream::of_default(context, core, CUstream::PER_THREAD);
        list.push((context.core.id, stream.clone()));
        stream
    })
}

/// Highest and lowest priority: numerically, higher priorities are lower.
pub const PRIORITY_LEAST: i32 = 0;
pub const PRIORITY_GREATEST: i32 = -5;

/// `cuStreamCreateWithPriority`
pub fn create(flags: u32, priority: i32) -> Result<CUstream> {
    let context = context::usable()?;
    require(flags & !CU_STREAM_NON_BLOCKING == 0)?;
    let kind =
        if flags & CU_STREAM_NON_BLOCKING != 0 { StreamKind::NonBlocking } else { StreamKind::Blocking };
    let core = ::device::Stream::new(&context.core, kind, priority.clamp(PRIORITY_GREATEST, PRIORITY_LEAST));
    let (handle, _) =
        STREAMS.insert(|handle| Stream::new(CUstream::from_addr(handle), &context, core, flags));
    Ok(CUstream::from_addr(handle))
}

/// `cuStreamDestroy`: what is queued still runs.
pub fn destroy(stream: CUstream) -> Result<()> {
    context::current()?;
    let stream = STREAMS.remove(stream.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE)?;
    capture::abandon(&stream);
    stream.core.destroy();
    Ok(())
}

pub(crate) fn destroy_all(context: &Context) {
    for stream in STREAMS.all() {
        if stream.context.core.id == context.core.id {
            STREAMS.remove(stream.handle.addr());
        }
    }
}

/// The current context and a stream of it that is about to be used.
pub fn of_current(stream: CUstream) -> Result<Arc<Stream>> {
    let context = context::usable()?;
    resolve(&context, stream)
}

/// `cuStreamSynchronize`
pub fn synchronize(stream: CUstream) -> Result<()> {
    let stream = of_current(stream)?;
    capture::forbid(&stream)?;
    stream.core.synchronize();
    stream.context.core.flush_output();
    stream.context.check()
}

/// `cuStreamQuery`
pub fn query(stream: CUstream) -> Result<()> {
    let stream = of_current(stream)?;
    capture::forbid(&stream)?;
    if !stream.core.query() {
        stream.core.nudge();
        return Err(CUDA_ERROR_NOT_READY);
    }
    stream.context.core.flush_output();
    stream.context.check()
}

/// `cuLaunchHostFunc`
pub fn launch_host(stream: CUstream, function: CUhostFn, data: usize) -> Result<()> {
    let stream = of_current(stream)?;
    require(function.is_some())?;
    stream.enqueue(Task::Host(HostCall { function, data }))
}

/// `cuStreamAttachMemAsync`: all of a managed allocation; an error for other memory, and in a capture.
pub fn attach(stream: CUstream, at: CUdeviceptr, len: usize, flags: u32) -> Result<()> {
    let stream = of_current(stream)?;
    require(flags != CU_MEM_ATTACH_SINGLE || stream.core.kind != StreamKind::Legacy)?;
    if stream.is_capturing() {
        return Err(capture::unsupported(&stream));
    }
    let block = ::device::memory::find(at).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    require(block.tag.kind == ::device::MemoryKind::Managed)?;
    require(block.base == at && (len == 0 || len as u64 == block.size))
}

/// `cuStreamAddCallback`: called with the stream's handle and its status.
pub fn add_callback(stream: CUstream, callback: CUstreamCallback, data: usize, flags: u32) -> Result<()> {
    let handle = stream;
    let stream = of_current(stream)?;
    require(flags == 0)?;
    let callback = callback.ok_or(CUDA_ERROR_INVALID_VALUE)?;
    if stream.is_capturing() {
        return Err(capture::unsupported(&stream));
    }
    let context = stream.context.clone();
    let call = move || {
        let status = context.check().err().unwrap_or(CUDA_SUCCESS);
        // SAFETY: the program gave this function to be called with this argument.
        unsafe { callback(handle, status, data as *mut _) };
    };
    stream.core.submit(::device::Op::Host(Box::new(call)));
    Ok(())
}

/// `cuStreamGetFlags`
pub fn flags(stream: CUstream) -> Result<u32> {
    let context = context::current()?;
    Ok(resolve(&context, stream)?.flags)
}

/// `cuStreamGetPriority`
pub fn priority(stream: CUstream) -> Result<i32> {
    let context = context::current()?;
    Ok(resolve(&context, stream)?.core.priority)
}

/// `cuStreamGetId`
pub fn id(stream: CUstream) -> Result<u64> {
    let context = context::current()?;
    Ok(resolve(&context, stream)?.core.id)
}

/// `cuStreamGetCtx`
pub fn context_of(stream: CUstream) -> Result<CUcontext> {
    let context = context::current()?;
    Ok(resolve(&context, stream)?.context.handle)
}

/// `cuStreamGetAttribute`
pub fn attribute(stream: CUstream, attribute: CUlaunchAttributeID) -> Result<CUlaunchAttributeValue> {
    let context = context::current()?;
    let stream = resolve(&context, stream)?;
    let mut value = CUlaunchAttributeValue::zeroed();
    let kept = *stream.attributes.lock();
    match attribute {
        CU_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW => value.accessPolicyWindow = kept.window,
        CU_LAUNCH_ATTRIBUTE_SYNCHRONIZATION_POLICY => value.syncPolicy = kept.policy,
        CU_LAUNCH_ATTRIBUTE_PRIORITY => value.priority = stream.core.priority,
        CU_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN => value.memSyncDomain = 0,
        CU_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN_MAP => {
            value.memSyncDomainMap = CUlaunchMemSyncDomainMap { default_: 0, remote: 0 };
        }
        _ => return Err(CUDA_ERROR_INVALID_VALUE),
    }
    Ok(value)
}

/// `cuStreamSetAttribute`
pub fn set_attribute(
    stream: CUstream,
    attribute: CUlaunchAttributeID,
    value: &CUlaunchAttributeValue,
) -> Result<()> {
    let context = context::current()?;
    let stream = resolve(&context, stream)?;
    let mut kept = stream.attributes.lock();
    // SAFETY: every member of the union is plain data, valid for any bytes.
    unsafe {
        match attribute {
            CU_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW => kept.window = value.accessPolicyWindow,
            CU_LAUNCH_ATTRIBUTE_SYNCHRONIZATION_POLICY => {
                require(value.syncPolicy.is_known())?;
                kept.policy = value.syncPolicy;
            }
            CU_LAUNCH_ATTRIBUTE_PRIORITY
            | CU_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN
            | CU_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN_MAP => {}
            _ => return Err(CUDA_ERROR_INVALID_VALUE),
        }
    }
    Ok(())
}

/// `cuStreamCopyAttributes`
pub fn copy_attributes(to: CUstream, from: CUstream) -> Result<()> {
    let context = context::current()?;
    let (to, from) = (resolve(&context, to)?, resolve(&context, from)?);
    let kept = *from.attributes.lock();
    *to.attributes.lock() = kept;
    Ok(())
}
