//! Which device a thread uses and the primary contexts behind it.
//!
//! Invariant: a primary context is retained at most once by this library, on the first use of its device, and released
//! only by `cudaDeviceReset`. A context that the program made current through the driver API is used as it is
//! (CUDA Runtime API, "Interactions with the CUDA Driver API").

use crate::api::Result;
use crate::driver::{self as cu};
use crate::{error, registry};
use abi::*;
use core::ffi::{c_int, c_void};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock};

thread_local! {
    static DEVICE: Cell<CUdevice> = const { Cell::new(0) };
}

/// The devices of the process.
struct Process {
    primaries: Vec<AtomicPtr<c_void>>,
}

/// Contexts that a reset destroyed and that another thread may still have current.
static DEAD: Mutex<Vec<CUcontext>> = Mutex::new(Vec::new());
static ANY_DEAD: AtomicBool = AtomicBool::new(false);
static RETAIN: Mutex<()> = Mutex::new(());

fn process() -> Result<&'static Process> {
    static PROCESS: OnceLock<Result<Process>> = OnceLock::new();
    PROCESS.get_or_init(start).as_ref().map_err(|code| *code)
}

fn start() -> Result<Process> {
    let mut count: c_int = 0;
    // SAFETY: `count` is writable.
    unsafe {
        cu::cuInit(0)?;
        cu::cuDeviceGetCount(&mut count)?;
    }
    if count <= 0 {
        return Err(cudaErrorNoDevice);
    }
    Ok(Process { primaries: (0..count).map(|_| AtomicPtr::new(core::ptr::null_mut())).collect() })
}

fn lock<T>(mutex: &'static Mutex<T>) -> MutexGuard<'static, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// How many devices there are. Errors: no driver library, no device.
pub fn device_count() -> Result<c_int> {
    Ok(process()?.primaries.len() as c_int)
}

/// Starts the driver without touching a device.
pub fn init() -> Result {
    process().map(|_| ())
}

/// The device if it exists.
pub fn check_device(device: c_int) -> Result<CUdevice> {
    if (0..device_count()?).contains(&device) { Ok(device) } else { Err(cudaErrorInvalidDevice) }
}

/// The device that this thread uses.
pub fn current_device() -> Result<CUdevice> {
    init()?;
    let Some(_) = current() else { return Ok(DEVICE.get()) };
    let mut device = 0;
    // SAFETY: `device` is writable.
    unsafe { cu::cuCtxGetDevice(&mut device)? };
    Ok(device)
}

/// Makes `device` this thread's and its primary context current.
pub fn set_device(device: c_int) -> Result {
    check_device(device)?;
    DEVICE.set(device);
    bind(device).map(|_| ())
}

/// Makes `device` this thread's without starting its context.
pub fn choose_device(device: c_int) {
    DEVICE.set(device);
}

/// The context that this thread's calls work in; starts the device's primary context at the first call.
pub fn ensure() -> Result<CUcontext> {
    init()?;
    match current() {
        Some(context) => Ok(context),
        None => bind(DEVICE.get()),
    }
}

/// The primary context of `device`, started if needed, without making it current.
pub fn primary(device: c_int) -> Result<CUcontext> {
    check_device(device)?;
    let slot = &process()?.primaries[device as usize];
    let context = slot.load(Ordering::Acquire);
    if !context.is_null() {
        return Ok(CUcontext(context));
    }
    let _one_at_a_time = lock(&RETAIN);
    let context = slot.load(Ordering::Acquire);
    if !context.is_null() {
        return Ok(CUcontext(context));
    }
    let mut context = CUcontext::NULL;
    // SAFETY: `context` is writable and the device exists.
    unsafe { cu::cuDevicePrimaryCtxRetain(&mut context, device)? };
    lock(&DEAD).retain(|dead| *dead != context);
    slot.store(context.0, Ordering::Release);
    Ok(context)
}

/// Whether the primary context of `device` is active in this process.
pub fn is_started(device: c_int) -> Result<bool> {
    check_device(device)?;
    Ok(!process()?.primaries[device as usize].load(Ordering::Acquire).is_null())
}

/// Destroys the primary context of this thread's device and all that lives in it.
pub fn reset() -> Result {
    let device = current_device()?;
    let _one_at_a_time = lock(&RETAIN);
    let slot = &process()?.primaries[device as usize];
    let context = CUcontext(slot.swap(core::ptr::null_mut(), Ordering::AcqRel));
    registry::forget_context(context);
    error::clear();
    DEVICE.set(device);
    // SAFETY: the device exists; releasing what `primary` retained, then resetting whatever others hold.
    unsafe {
        if !context.is_null() {
            lock(&DEAD).push(context);
            ANY_DEAD.store(true, Ordering::Release);
            let _ = cu::cuCtxSetCurrent(CUcontext::NULL);
            let _ = cu::cuDevicePrimaryCtxRelease(device);
        }
        cu::cuDevicePrimaryCtxReset(device)
    }
}

/// This thread's current context, if it has a living one.
fn current() -> Option<CUcontext> {
    let mut context = CUcontext::NULL;
    // SAFETY: `context` is writable.
    unsafe { cu::cuCtxGetCurrent(&mut context).ok()? };
    if context.is_null() || (ANY_DEAD.load(Ordering::Acquire) && lock(&DEAD).contains(&context)) {
        return None;
    }
    Some(context)
}

fn bind(device: CUdevice) -> Result<CUcontext> {
    let context = primary(device)?;
    // SAFETY: the context was just retained.
    unsafe { cu::cuCtxSetCurrent(context)? };
    Ok(context)
}
