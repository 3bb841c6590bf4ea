//! Contexts: primary and created ones, each thread's stack of current ones.
//!
//! Invariant: a destroyed context is never used again: every entry checks `alive` before it touches anything, and the
//! context's fault before it starts work.

use crate::device::{self, DeviceState};
use crate::handle::Table;
use crate::lasting::Lasting;
use crate::stream::Stream;
use crate::{Result, capture, require};
use ::device as core;
use abi::*;
use engine::FaultKind;
use parking_lot::Mutex;
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// A context of the driver API.
pub struct Context {
    pub handle: CUcontext,
    pub device: &'static DeviceState,
    pub core: Arc<core::Context>,
    pub flags: AtomicU32,
    pub primary: bool,
    alive: AtomicBool,
    pub cache_config: AtomicU32,
    pub shared_config: AtomicU32,
    /// Values of limits that have no effect here.
    other_limits: Mutex<[usize; 10]>,
    legacy: OnceLock<Arc<Stream>>,
    /// Captures in progress in this context that forbid implicit work on the legacy stream.
    pub(crate) captures: AtomicUsize,
    peers: Mutex<Vec<CUcontext>>,
}

/// A device's primary context.
#[derive(Default)]
pub struct Primary {
    context: Option<Arc<Context>>,
    handle: usize,
    references: u32,
    flags: u32,
}

static CONTEXTS: Table<Context> = Table::new(0x41);

thread_local! {
    static LOCAL: RefCell<Vec<Arc<Context>>> = const { RefCell::new(Vec::new()) };
}
static STACK: Lasting<Arc<Context>> = Lasting::new(&LOCAL);

impl Context {
    fn new(handle: usize, device: &'static DeviceState, flags: u32, primary: bool) -> Arc<Context> {
        let mut other_limits = [0; 10];
        other_limits[CU_LIMIT_DEV_RUNTIME_SYNC_DEPTH.0 as usize] = 2;
        other_limits[CU_LIMIT_DEV_RUNTIME_PENDING_LAUNCH_COUNT.0 as usize] = 2048;
        other_limits[CU_LIMIT_MAX_L2_FETCH_GRANULARITY.0 as usize] = 64;
        Arc::new(Context {
            handle: CUcontext::from_addr(handle),
            device,
            core: core::Context::new(&device.core),
            flags: AtomicU32::new(flags),
            primary,
            alive: AtomicBool::new(true),
            cache_config: AtomicU32::new(0),
            shared_config: AtomicU32::new(0),
            other_limits: Mutex::new(other_limits),
            legacy: OnceLock::new(),
            captures: AtomicUsize::new(0),
            peers: Mutex::new(Vec::new()),
        })
    }

    pub fn is_alive(&self) -> bool {
        self.alive.load(Ordering::Acquire)
    }

    /// The legacy default stream.
    pub fn legacy(self: &Arc<Context>) -> &Arc<Stream> {
        self.legacy.get_or_init(|| Stream::of_default(self, self.core.legacy().clone(), CUstream::LEGACY))
    }

    /// The context's sticky error, if a kernel faulted.
    pub fn check(&self) -> Result<()> {
        if !self.core.has_fault() {
            return Ok(());
        }
        Err(self.core.fault().map_or(CUDA_ERROR_LAUNCH_FAILED, |fault| fault_code(fault.kind)))
    }

    /// Waits for all work, then reports the sticky error.
    pub fn synchronize(&self) -> Result<()> {
        self.core.synchronize();
        self.check()
    }

    fn destroy(&self) {
        if self.alive.swap(false, Ordering::AcqRel) {
            self.core.synchronize();
            crate::module::unload_all(self);
            crate::stream::destroy_all(self);
            crate::event::destroy_all(self);
            crate::texture::forget_all(self);
            self.core.destroy();
        }
    }
}

/// The result that a kernel's fault becomes.
pub fn fault_code(kind: FaultKind) -> CUresult {
    match kind {
        FaultKind::IllegalAddress => CUDA_ERROR_ILLEGAL_ADDRESS,
        FaultKind::MisalignedAddress => CUDA_ERROR_MISALIGNED_ADDRESS,
        FaultKind::InvalidAddressSpace => CUDA_ERROR_INVALID_ADDRESS_SPACE,
        FaultKind::InvalidPc => CUDA_ERROR_INVALID_PC,
        FaultKind::StackOverflow => CUDA_ERROR_HARDWARE_STACK_ERROR,
        FaultKind::IllegalInstruction => CUDA_ERROR_ILLEGAL_INSTRUCTION,
        FaultKind::Trap | FaultKind::Internal => CUDA_ERROR_LAUNCH_FAILED,
        FaultKind::Assert => CUDA_ERROR_ASSERT,
        FaultKind::Deadlock => CUDA_ERROR_LAUNCH_TIMEOUT,
    }
}

/// The calling thread's context, alive, whatever its fault.
pub fn current() -> Result<Arc<Context>> {
    device::devices()?;
    let top = STACK.with(|stack| stack.last().cloned()).ok_or(CUDA_ERROR_INVALID_CONTEXT)?;
    if top.is_alive() {
        return Ok(top);
    }
    // A primary context that was reset lives again under its old handle once somebody retains it.
    let again =
        if top.primary { CONTEXTS.get(top.handle.addr()).filter(|context| context.is_alive()) } else { None };
    let context = again.ok_or(CUDA_ERROR_CONTEXT_IS_DESTROYED)?;
    STACK.with(|stack| {
        if let Some(top) = stack.last_mut() {
            *top = context.clone();
        }
    });
    Ok(context)
}

/// The calling thread's context for work: alive, without fault, not inside a stream's callback.
pub fn usable() -> Result<Arc<Context>> {
    let context = current()?;
    if core::context::in_callback() {
        return Err(CUDA_ERROR_NOT_PERMITTED);
    }
    context.check()?;
    Ok(context)
}

/// The live context of a handle. `CUDA_ERROR_INVALID_CONTEXT` if it is none.
pub fn get(handle: CUcontext) -> Result<Arc<Context>> {
    device::devices()?;
    let context = CONTEXTS.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_CONTEXT)?;
    if context.is_alive() { Ok(context) } else { Err(CUDA_ERROR_CONTEXT_IS_DESTROYED) }
}

/// The live context with an internal number.
pub fn by_id(id: u64) -> Option<Arc<Context>> {
    CONTEXTS.all().into_iter().find(|context| context.core.id == id && context.is_alive())
}

/// `cuCtxCreate`: makes a context and pushes it.
pub fn create(flags: u32, device: CUdevice) -> Result<CUcontext> {
    let device = device::get(device)?;
    require(valid_flags(flags))?;
    let (handle, context) = CONTEXTS.insert(|handle| Context::new(handle, device, flags, false));
    STACK.with(|stack| stack.push(context));
    Ok(CUcontext::from_addr(handle))
}

fn valid_flags(flags: u32) -> bool {
    let schedule = flags & CU_CTX_SCHED_MASK;
    flags & !CU_CTX_FLAGS_MASK == 0
        && [CU_CTX_SCHED_AUTO, CU_CTX_SCHED_SPIN, CU_CTX_SCHED_YIELD, CU_CTX_SCHED_BLOCKING_SYNC]
            .contains(&schedule)
}

/// `cuCtxDestroy`
pub fn destroy(handle: CUcontext) -> Result<()> {
    require(!handle.is_null())?;
    let context = get(handle)?;
    if context.primary {
        return Err(CUDA_ERROR_INVALID_CONTEXT);
    }
    context.destroy();
    CONTEXTS.remove(handle.addr());
    // A context that is current to the caller is popped.
    STACK.with(|stack| {
        if stack.last().is_some_and(|top| Arc::ptr_eq(top, &context)) {
            stack.pop();
        }
    });
    Ok(())
}

/// `cuCtxPushCurrent`
pub fn push(handle: CUcontext) -> Result<()> {
    require(!handle.is_null())?;
    let context = get(handle)?;
    STACK.with(|stack| stack.push(context));
    Ok(())
}

/// `cuCtxPopCurrent`
pub fn pop() -> Result<CUcontext> {
    device::devices()?;
    let top = STACK.with(Vec::pop).ok_or(CUDA_ERROR_INVALID_CONTEXT)?;
    Ok(top.handle)
}

/// `cuCtxSetCurrent`: replaces the top of the stack; null pops it.
pub fn set_current(handle: CUcontext) -> Result<()> {
    device::devices()?;
    let context = if handle.is_null() { None } else { Some(get(handle)?) };
    STACK.with(|stack| {
        stack.pop();
        stack.extend(context);
    });
    Ok(())
}

/// `cuCtxGetCurrent`: null if there is none.
pub fn get_current() -> Result<CUcontext> {
    device::devices()?;
    Ok(STACK.with(|stack| stack.last().map_or(CUcontext::NULL, |top| top.handle)))
}

/// The context of a handle, or the current one for null.
pub fn get_or_current(handle: CUcontext) -> Result<Arc<Context>> {
    if handle.is_null() { current() } else { get(handle) }
}

/// `cuCtxGetLimit`
pub fn limit(limit: CUlimit) -> Result<usize> {
    let context = current()?;
    let limits = &context.core.limits;
    match limit {
        CU_LIMIT_STACK_SIZE => Ok(limits.stack() as usize),
        CU_LIMIT_PRINTF_FIFO_SIZE => Ok(limits.printf_fifo() as usize),
        CU_LIMIT_MALLOC_HEAP_SIZE => Ok(limits.heap() as usize),
        CU_LIMIT_DEV_RUNTIME_SYNC_DEPTH
        | CU_LIMIT_DEV_RUNTIME_PENDING_LAUNCH_COUNT
        | CU_LIMIT_MAX_L2_FETCH_GRANULARITY
        | CU_LIMIT_PERSISTING_L2_CACHE_SIZE => Ok(context.other_limits.lock()[limit.0 as usize]),
        CU_LIMIT_SHMEM_SIZE | CU_LIMIT_CIG_ENABLED | CU_LIMIT_CIG_SHMEM_FALLBACK_ENABLED => {
            Err(CUDA_ERROR_UNSUPPORTED_LIMIT)
        }
        _ => Err(CUDA_ERROR_INVALID_VALUE),
    }
}

/// Largest stack per thread that can be asked for: 512 KiB, as on CUDA's devices.
const MAX_STACK: usize = 512 << 10;

/// `cuCtxSetLimit`
pub fn set_limit(limit: CUlimit, value: usize) -> Result<()> {
    let context = current()?;
    let limits = &context.core.limits;
    capture::check_call()?;
    match limit {
        CU_LIMIT_STACK_SIZE => {
            require(value <= MAX_STACK)?;
            limits.set_stack(value.next_multiple_of(16).max(1024) as u32);
        }
        CU_LIMIT_PRINTF_FIFO_SIZE => limits.set_printf_fifo(value as u64),
        CU_LIMIT_MALLOC_HEAP_SIZE => {
            // CUDA C++ Programming Guide 10.34.1: fixed once a kernel has been launched that uses it.
            require(!context.core.heap.in_use())?;
            limits.set_heap((value as u64).max(1 << 20));
        }
        CU_LIMIT_MAX_L2_FETCH_GRANULARITY => {
            // CUDA Driver API, `cuCtxSetLimit`: bytes, from 0 to 128.
            require(value <= 128)?;
            context.other_limits.lock()[limit.0 as usize] = value;
        }
        CU_LIMIT_DEV_RUNTIME_SYNC_DEPTH
        | CU_LIMIT_DEV_RUNTIME_PENDING_LAUNCH_COUNT
        | CU_LIMIT_PERSISTING_L2_CACHE_SIZE => context.other_limits.lock()[limit.0 as usize] = value,
        CU_LIMIT_SHMEM_SIZE | CU_LIMIT_CIG_ENABLED | CU_LIMIT_CIG_SHMEM_FALLBACK_ENABLED => {
            return Err(CUDA_ERROR_UNSUPPORTED_LIMIT);
        }
        _ => return Err(CUDA_ERROR_INVALID_VALUE),
    }
    Ok(())
}

/// `cuCtxGetFlags`
pub fn flags() -> Result<u32> {
    Ok(current()?.flags.load(Ordering::Relaxed))
}

/// `cuCtxSetFlags`
pub fn set_flags(flags: u32) -> Result<()> {
    require(valid_flags(flags))?;
    current()?.flags.store(flags, Ordering::Relaxed);
    Ok(())
}

/// `cuCtxEnablePeerAccess`
pub fn enable_peer(peer: CUcontext, flags: u32) -> Result<()> {
    let context = current()?;
    require(flags == 0)?;
    let peer = get(peer)?;
    if peer.device.ordinal == context.device.ordinal {
        return Err(CUDA_ERROR_INVALID_DEVICE);
    }
    let mut peers = context.peers.lock();
    if peers.contains(&peer.handle) {
        return Err(CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED);
    }
    peers.push(peer.handle);
    Ok(())
}

/// `cuCtxDisablePeerAccess`
pub fn disable_peer(peer: CUcontext) -> Result<()> {
    let context = current()?;
    let peer = get(peer)?;
    let mut peers = context.peers.lock();
    let at =
        peers.iter().position(|known| *known == peer.handle).ok_or(CUDA_ERROR_PEER_ACCESS_NOT_ENABLED)?;
    peers.remove(at);
    Ok(())
}

/// `cuDevicePrimaryCtxRetain`
pub fn retain_primary(device: CUdevice) -> Result<CUcontext> {
    let device = device::get(device)?;
    let mut primary = device.primary.lock();
    if primary.context.is_none() {
        let flags = primary.flags;
        if primary.handle == 0 {
            let (handle, context) = CONTEXTS.insert(|handle| Context::new(handle, device, flags, true));
            primary.handle = handle;
            primary.context = Some(context);
        } else {
            let context = Context::new(primary.handle, device, flags, true);
            CONTEXTS.replace(primary.handle, context.clone());
            primary.context = Some(context);
        }
    }
    primary.references += 1;
    Ok(CUcontext::from_addr(primary.handle))
}

/// `cuDevicePrimaryCtxRelease`
pub fn release_primary(device: CUdevice) -> Result<()> {
    let device = device::get(device)?;
    let context = {
        let mut primary = device.primary.lock();
        if primary.references == 0 {
            return Err(CUDA_ERROR_INVALID_CONTEXT);
        }
        primary.references -= 1;
        if primary.references > 0 {
            return Ok(());
        }
        primary.context.take()
    };
    if let Some(context) = context {
        context.destroy();
    }
    Ok(())
}

/// `cuDevicePrimaryCtxReset`
pub fn reset_primary(device: CUdevice) -> Result<()> {
    let device = device::get(device)?;
    let context = {
        let mut primary = device.primary.lock();
        primary.references = 0;
        primary.context.take()
    };
    if let Some(context) = context {
        context.destroy();
    }
    Ok(())
}

/// `cuDevicePrimaryCtxSetFlags`
pub fn set_primary_flags(device: CUdevice, flags: u32) -> Result<()> {
    let device = device::get(device)?;
    require(valid_flags(flags))?;
    let mut primary = device.primary.lock();
    primary.flags = flags;
    if let Some(context) = &primary.context {
        context.flags.store(flags, Ordering::Relaxed);
    }
    Ok(())
}

/// `cuDevicePrimaryCtxGetState`: flags, and whether the context is active.
pub fn primary_state(device: CUdevice) -> Result<(u32, bool)> {
    let primary = device::get(device)?.primary.lock();
    Ok((primary.flags, primary.context.is_some()))
}
