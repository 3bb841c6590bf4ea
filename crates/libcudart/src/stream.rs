//! Streams.

use crate::api::{Result, require};
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_int, c_uint, c_ulonglong, c_void};

api! {
    fn cudaStreamCreate(stream: *mut cudaStream_t) {
        require(stream)?;
        context::ensure()?;
        cu::cuStreamCreate(stream, CU_STREAM_DEFAULT)
    }

    fn cudaStreamCreateWithFlags(stream: *mut cudaStream_t, flags: c_uint) {
        require(stream)?;
        check_flags(flags)?;
        context::ensure()?;
        cu::cuStreamCreate(stream, flags)
    }

    fn cudaStreamCreateWithPriority(stream: *mut cudaStream_t, flags: c_uint, priority: c_int) {
        require(stream)?;
        check_flags(flags)?;
        context::ensure()?;
        cu::cuStreamCreateWithPriority(stream, flags, priority)
    }

    /// Destroys a stream once its work is done. The default streams cannot be destroyed.
    fn cudaStreamDestroy(stream: cudaStream_t) {
        context::ensure()?;
        if stream.is_null() || stream == CUstream::LEGACY || stream == CUstream::PER_THREAD {
            return Err(cudaErrorInvalidResourceHandle);
        }
        cu::cuStreamDestroy(stream)
    }
}

stream_api! {
    /// Whether all of the stream's work is done: success or `cudaErrorNotReady`.
    fn cudaStreamQuery, cudaStreamQuery_ptsz(default; stream: cudaStream_t) {
        context::ensure()?;
        cu::cuStreamQuery(default.stream(stream))
    }

    fn cudaStreamSynchronize, cudaStreamSynchronize_ptsz(default; stream: cudaStream_t) {
        context::ensure()?;
        cu::cuStreamSynchronize(default.stream(stream))
    }

    fn cudaStreamWaitEvent, cudaStreamWaitEvent_ptsz(
        default; stream: cudaStream_t, event: cudaEvent_t, flags: c_uint,
    ) {
        context::ensure()?;
        if event.is_null() {
            return Err(cudaErrorInvalidResourceHandle);
        }
        cu::cuStreamWaitEvent(default.stream(stream), event, flags)
    }

    fn cudaStreamGetFlags, cudaStreamGetFlags_ptsz(default; stream: cudaStream_t, flags: *mut c_uint) {
        require(flags)?;
        context::ensure()?;
        cu::cuStreamGetFlags(default.stream(stream), flags)
    }

    fn cudaStreamGetPriority, cudaStreamGetPriority_ptsz(default; stream: cudaStream_t, priority: *mut c_int) {
        require(priority)?;
        context::ensure()?;
        cu::cuStreamGetPriority(default.stream(stream), priority)
    }

    fn cudaStreamGetId, cudaStreamGetId_ptsz(default; stream: cudaStream_t, id: *mut c_ulonglong) {
        require(id)?;
        context::ensure()?;
        cu::cuStreamGetId(default.stream(stream), id)
    }

    fn cudaStreamGetDevice, cudaStreamGetDevice_ptsz(default; stream: cudaStream_t, device: *mut c_int) {
        require(device)?;
        context::ensure()?;
        cu::cuStreamGetDevice(default.stream(stream), device)
    }

    /// Calls a host function in stream order with the stream's status.
    fn cudaStreamAddCallback, cudaStreamAddCallback_ptsz(
        default; stream: cudaStream_t, callback: cudaStreamCallback_t, data: *mut c_void, flags: c_uint,
    ) {
        let Some(callback) = callback else { return Err(cudaErrorInvalidValue) };
        if flags != 0 {
            return Err(cudaErrorInvalidValue);
        }
        context::ensure()?;
        let call = Box::into_raw(Box::new(Callback { stream, function: callback, data }));
        let added = cu::cuStreamAddCallback(default.stream(stream), Some(run_callback), call.cast(), flags);
        if added.is_err() {
            // SAFETY: the driver did not take the callback, so this is the box's only owner.
            drop(Box::from_raw(call));
        }
        added
    }
}

/// A runtime callback on its way through the driver, whose callbacks have another status type.
struct Callback {
    stream: cudaStream_t,
    function: unsafe extern "C" fn(cudaStream_t, cudaError_t, *mut c_void),
    data: *mut c_void,
}

unsafe extern "C" fn run_callback(_stream: CUstream, status: CUresult, call: *mut c_void) {
    // SAFETY: `call` is the box that `cudaStreamAddCallback` made, and the driver runs it once.
    let call = unsafe { Box::from_raw(call.cast::<Callback>()) };
    // SAFETY: the function and its data are the C caller's.
    unsafe { (call.function)(call.stream, status.into(), call.data) }
}

fn check_flags(flags: c_uint) -> Result {
    if flags & !CU_STREAM_NON_BLOCKING != 0 { Err(cudaErrorInvalidValue) } else { Ok(()) }
}
