//! Events.

use crate::api::{Result, require};
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::c_uint;

api! {
    fn cudaEventCreate(event: *mut cudaEvent_t) {
        require(event)?;
        context::ensure()?;
        cu::cuEventCreate(event, CU_EVENT_DEFAULT)
    }

    /// Creates with `cudaEvent…` flags, which are the driver's. Events of several processes keep no time.
    fn cudaEventCreateWithFlags(event: *mut cudaEvent_t, flags: c_uint) {
        require(event)?;
        let known = CU_EVENT_BLOCKING_SYNC | CU_EVENT_DISABLE_TIMING | CU_EVENT_INTERPROCESS;
        let timed_interprocess = flags & CU_EVENT_INTERPROCESS != 0 && flags & CU_EVENT_DISABLE_TIMING == 0;
        if flags & !known != 0 || timed_interprocess {
            return Err(cudaErrorInvalidValue);
        }
        context::ensure()?;
        cu::cuEventCreate(event, flags)
    }

    fn cudaEventDestroy(event: cudaEvent_t) {
        context::ensure()?;
        cu::cuEventDestroy(handle(event)?)
    }

    /// Whether what the event recorded is done: success or `cudaErrorNotReady`.
    fn cudaEventQuery(event: cudaEvent_t) {
        context::ensure()?;
        cu::cuEventQuery(handle(event)?)
    }

    fn cudaEventSynchronize(event: cudaEvent_t) {
        context::ensure()?;
        cu::cuEventSynchronize(handle(event)?)
    }

    /// Milliseconds between two events that have happened.
    fn cudaEventElapsedTime(milliseconds: *mut f32, start: cudaEvent_t, end: cudaEvent_t) {
        require(milliseconds)?;
        context::ensure()?;
        cu::cuEventElapsedTime(milliseconds, handle(start)?, handle(end)?)
    }

    fn cudaEventElapsedTime_v2(milliseconds: *mut f32, start: cudaEvent_t, end: cudaEvent_t) {
        require(milliseconds)?;
        context::ensure()?;
        cu::cuEventElapsedTime(milliseconds, handle(start)?, handle(end)?)
    }
}

stream_api! {
    fn cudaEventRecord, cudaEventRecord_ptsz(default; event: cudaEvent_t, stream: cudaStream_t) {
        context::ensure()?;
        cu::cuEventRecord(handle(event)?, default.stream(stream))
    }

    fn cudaEventRecordWithFlags, cudaEventRecordWithFlags_ptsz(
        default; event: cudaEvent_t, stream: cudaStream_t, flags: c_uint,
    ) {
        context::ensure()?;
        cu::cuEventRecordWithFlags(handle(event)?, default.stream(stream), flags)
    }
}

fn handle(event: cudaEvent_t) -> Result<cudaEvent_t> {
    if event.is_null() { Err(cudaErrorInvalidResourceHandle) } else { Ok(event) }
}
