//! Streams, capture, batched memory operations, host callbacks.

use super::{CUaccessPolicyWindow, CUdeviceptr, CUresult, CUstream};
use core::ffi::{c_char, c_int, c_void};

/// `cuStreamAddCallback`'s function.
pub type CUstreamCallback =
    Option<unsafe extern "C" fn(stream: CUstream, status: CUresult, user_data: *mut c_void)>;
/// `cuLaunchHostFunc`'s function.
pub type CUhostFn = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

c_enum! {
    CUstreamCaptureMode {
        CU_STREAM_CAPTURE_MODE_GLOBAL = 0,
        CU_STREAM_CAPTURE_MODE_THREAD_LOCAL = 1,
        CU_STREAM_CAPTURE_MODE_RELAXED = 2,
    }
}

c_enum! {
    CUstreamCaptureStatus {
        CU_STREAM_CAPTURE_STATUS_NONE = 0,
        CU_STREAM_CAPTURE_STATUS_ACTIVE = 1,
        CU_STREAM_CAPTURE_STATUS_INVALIDATED = 2,
    }
}

c_enum! {
    CUsynchronizationPolicy {
        CU_SYNC_POLICY_AUTO = 1,
        CU_SYNC_POLICY_SPIN = 2,
        CU_SYNC_POLICY_YIELD = 3,
        CU_SYNC_POLICY_BLOCKING_SYNC = 4,
    }
}

c_enum! {
    CUstreamBatchMemOpType {
        CU_STREAM_MEM_OP_WAIT_VALUE_32 = 1,
        CU_STREAM_MEM_OP_WRITE_VALUE_32 = 2,
        CU_STREAM_MEM_OP_WAIT_VALUE_64 = 4,
        CU_STREAM_MEM_OP_WRITE_VALUE_64 = 5,
        CU_STREAM_MEM_OP_BARRIER = 6,
        CU_STREAM_MEM_OP_FLUSH_REMOTE_WRITES = 3,
    }
}

c_unions! {
    pub union CUstreamMemOpValue { pub value: u32, pub value64: u64 }
    pub union CUstreamBatchMemOpParams {
        pub operation: CUstreamBatchMemOpType,
        pub waitValue: CUstreamMemOpValueParams,
        pub writeValue: CUstreamMemOpValueParams,
        pub flushRemoteWrites: CUstreamMemOpFlushRemoteWritesParams,
        pub memoryBarrier: CUstreamMemOpFlushRemoteWritesParams,
        pub pad: [u64; 6],
    }
    /// `CUstreamAttrValue`, which is `CUlaunchAttributeValue`: 64 bytes.
    pub union CUstreamAttrValue {
        pub accessPolicyWindow: CUaccessPolicyWindow,
        pub syncPolicy: CUsynchronizationPolicy,
        pub priority: c_int,
        pub pad: [c_char; 64],
    }
}

c_structs! {
    /// Wait and write share their layout.
    pub struct CUstreamMemOpValueParams {
        pub operation: CUstreamBatchMemOpType,
        pub address: CUdeviceptr,
        pub value: CUstreamMemOpValue,
        pub flags: u32,
        pub alias: CUdeviceptr,
    }
    pub struct CUstreamMemOpFlushRemoteWritesParams { pub operation: CUstreamBatchMemOpType, pub flags: u32 }
}

const _: () = assert!(size_of::<CUstreamBatchMemOpParams>() == 48);
