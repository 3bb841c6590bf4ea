//! Events.

use crate::shell::*;
use ::driver::event;
use abi::*;
use std::ffi::c_uint;

api! {
    fn cuEventCreate(to: *mut CUevent, flags: c_uint) {
        give(to, || event::create(flags))
    }

    fn cuEventDestroy_v2(handle: CUevent) {
        event::destroy(handle)
    }

    fn cuEventQuery(handle: CUevent) {
        event::query(handle)
    }

    fn cuEventSynchronize(handle: CUevent) {
        event::synchronize(handle)
    }

    fn cuEventElapsedTime(milliseconds: *mut f32, start: CUevent, end: CUevent) {
        give(milliseconds, || event::elapsed(start, end))
    }

    fn cuEventElapsedTime_v2(milliseconds: *mut f32, start: CUevent, end: CUevent) {
        give(milliseconds, || event::elapsed(start, end))
    }
}

stream_api! {
    fn cuEventRecord / cuEventRecord_ptsz(default; handle: CUevent, stream: CUstream) {
        event::record(handle, pick(default, stream), CU_EVENT_RECORD_DEFAULT)
    }

    fn cuEventRecordWithFlags / cuEventRecordWithFlags_ptsz(
        default;
        handle: CUevent,
        stream: CUstream,
        flags: c_uint,
    ) {
        event::record(handle, pick(default, stream), flags)
    }

    fn cuStreamWaitEvent / cuStreamWaitEvent_ptsz(default; stream: CUstream, handle: CUevent, flags: c_uint) {
        event::stream_wait(pick(default, stream), handle, flags)
    }
}
