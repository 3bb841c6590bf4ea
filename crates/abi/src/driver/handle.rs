//! Handles, device ordinals and device addresses.

use core::ffi::{c_char, c_int};

/// A device ordinal.
pub type CUdevice = c_int;
pub const CU_DEVICE_CPU: CUdevice = -1;
pub const CU_DEVICE_INVALID: CUdevice = -2;

/// A device address. Here it is a host address too.
pub type CUdeviceptr = u64;
/// `CUdeviceptr` of the functions without `_v2`: the low 32 bits.
pub type CUdeviceptr_v1 = u32;
/// A texture object's token.
pub type CUtexObject = u64;
/// A surface object's token.
pub type CUsurfObject = u64;
/// A physical allocation's token (`cuMemCreate`).
pub type CUmemGenericAllocationHandle = u64;
/// A conditional handle's token (`cuGraphConditionalHandleCreate`).
pub type CUgraphConditionalHandle = u64;
pub type cuuint32_t = u32;
pub type cuuint64_t = u64;

handles! {
    CUcontext,
    CUmodule,
    CUfunction,
    CUarray,
    CUmipmappedArray,
    CUtexref,
    CUsurfref,
    CUevent,
    CUstream,
    CUgraphicsResource,
    CUexternalMemory,
    CUexternalSemaphore,
    CUgraph,
    CUgraphNode,
    CUgraphExec,
    CUgraphDeviceNode,
    CUmemoryPool,
    CUuserObject,
    CUlinkState,
    CUlibrary,
    CUkernel,
    CUgreenCtx,
    CUdevResourceDesc,
    CUasyncCallbackHandle,
    CUcoredumpCallbackHandle,
}

impl CUstream {
    /// `CU_STREAM_LEGACY`: the legacy default stream, named explicitly.
    pub const LEGACY: CUstream = CUstream(core::ptr::without_provenance_mut(1));
    /// `CU_STREAM_PER_THREAD`: the calling thread's default stream.
    pub const PER_THREAD: CUstream = CUstream(core::ptr::without_provenance_mut(2));
}

/// Sixteen bytes that identify a device or an export table.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct CUuuid {
    pub bytes: [c_char; 16],
}

/// The legacy property block of `cuDeviceGetProperties`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct CUdevprop {
    pub maxThreadsPerBlock: c_int,
    pub maxThreadsDim: [c_int; 3],
    pub maxGridSize: [c_int; 3],
    pub sharedMemPerBlock: c_int,
    pub totalConstantMemory: c_int,
    pub SIMDWidth: c_int,
    pub memPitch: c_int,
    pub regsPerBlock: c_int,
    pub clockRate: c_int,
    pub textureAlign: c_int,
}

c_structs! {
    /// An opaque IPC token for an event.
    pub struct CUipcEventHandle { pub reserved: [c_char; 64] }
    /// An opaque IPC token for a device allocation.
    pub struct CUipcMemHandle { pub reserved: [c_char; 64] }
}
