//! Grid shapes, launch configurations and what is known of kernels and pointers.

use super::{cudaLaunchAttribute, cudaMemoryType, cudaStream_t};
use core::ffi::{c_int, c_uint, c_void};

/// A grid's or a block's shape. Passed by value, as C does.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct dim3 {
    pub x: c_uint,
    pub y: c_uint,
    pub z: c_uint,
}

impl Default for dim3 {
    fn default() -> dim3 {
        dim3 { x: 1, y: 1, z: 1 }
    }
}

c_structs! {
    pub struct cudaLaunchConfig_t {
        pub gridDim: dim3,
        pub blockDim: dim3,
        pub dynamicSmemBytes: usize,
        pub stream: cudaStream_t,
        pub attrs: *mut cudaLaunchAttribute,
        pub numAttrs: c_uint,
    }
    /// One device's part of `cudaLaunchCooperativeKernelMultiDevice`.
    pub struct cudaLaunchParams {
        pub func: *mut c_void,
        pub gridDim: dim3,
        pub blockDim: dim3,
        pub args: *mut *mut c_void,
        pub sharedMem: usize,
        pub stream: cudaStream_t,
    }
    pub struct cudaFuncAttributes {
        pub sharedSizeBytes: usize,
        pub constSizeBytes: usize,
        pub localSizeBytes: usize,
        pub maxThreadsPerBlock: c_int,
        pub numRegs: c_int,
        pub ptxVersion: c_int,
        pub binaryVersion: c_int,
        pub cacheModeCA: c_int,
        pub maxDynamicSharedSizeBytes: c_int,
        pub preferredShmemCarveout: c_int,
        pub clusterDimMustBeSet: c_int,
        pub requiredClusterWidth: c_int,
        pub requiredClusterHeight: c_int,
        pub requiredClusterDepth: c_int,
        pub clusterSchedulingPolicyPreference: c_int,
        pub nonPortableClusterSizeAllowed: c_int,
        pub reserved: [c_int; 16],
    }
    pub struct cudaPointerAttributes {
        pub r#type: cudaMemoryType,
        pub device: c_int,
        pub devicePointer: *mut c_void,
        pub hostPointer: *mut c_void,
    }
}

const _: () = assert!(size_of::<cudaLaunchConfig_t>() == 56);
const _: () = assert!(size_of::<cudaFuncAttributes>() == 144);
const _: () = assert!(size_of::<cudaPointerAttributes>() == 24);
