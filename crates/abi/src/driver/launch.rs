//! Extended launches.

use super::{
    CUaccessPolicyWindow, CUevent, CUfunction, CUgraphDeviceNode, CUstream, CUsynchronizationPolicy,
};
use core::ffi::{c_char, c_int, c_void};

/// Ends the `extra` array of a launch.
pub const CU_LAUNCH_PARAM_END: *mut c_void = core::ptr::null_mut();
/// The next entry of `extra` points to the packed parameters.
pub const CU_LAUNCH_PARAM_BUFFER_POINTER: *mut c_void = core::ptr::without_provenance_mut(1);
/// The next entry of `extra` points to a `size_t`: the packed parameters' size.
pub const CU_LAUNCH_PARAM_BUFFER_SIZE: *mut c_void = core::ptr::without_provenance_mut(2);

c_enum! {
    /// Attributes of `cuLaunchKernelEx`, of streams and of kernel nodes.
    CUlaunchAttributeID {
        CU_LAUNCH_ATTRIBUTE_IGNORE = 0,
        CU_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW = 1,
        CU_LAUNCH_ATTRIBUTE_COOPERATIVE = 2,
        CU_LAUNCH_ATTRIBUTE_SYNCHRONIZATION_POLICY = 3,
        CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION = 4,
        CU_LAUNCH_ATTRIBUTE_CLUSTER_SCHEDULING_POLICY_PREFERENCE = 5,
        CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION = 6,
        CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_EVENT = 7,
        CU_LAUNCH_ATTRIBUTE_PRIORITY = 8,
        CU_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN_MAP = 9,
        CU_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN = 10,
        CU_LAUNCH_ATTRIBUTE_PREFERRED_CLUSTER_DIMENSION = 11,
        CU_LAUNCH_ATTRIBUTE_LAUNCH_COMPLETION_EVENT = 12,
        CU_LAUNCH_ATTRIBUTE_DEVICE_UPDATABLE_KERNEL_NODE = 13,
        CU_LAUNCH_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT = 14,
    }
}

c_enum! {
    CUclusterSchedulingPolicy {
        CU_CLUSTER_SCHEDULING_POLICY_DEFAULT = 0,
        CU_CLUSTER_SCHEDULING_POLICY_SPREAD = 1,
        CU_CLUSTER_SCHEDULING_POLICY_LOAD_BALANCING = 2,
    }
}

c_structs! {
    pub struct CUlaunchClusterDim { pub x: u32, pub y: u32, pub z: u32 }
    pub struct CUlaunchProgrammaticEvent { pub event: CUevent, pub flags: c_int, pub triggerAtBlockStart: c_int }
    pub struct CUlaunchCompletionEvent { pub event: CUevent, pub flags: c_int }
    pub struct CUlaunchMemSyncDomainMap { pub default_: u8, pub remote: u8 }
    pub struct CUlaunchDeviceUpdatableKernelNode { pub deviceUpdatable: c_int, pub devNode: CUgraphDeviceNode }
    pub struct CUlaunchAttribute {
        pub id: CUlaunchAttributeID,
        pub pad: [c_char; 4],
        pub value: CUlaunchAttributeValue,
    }
    pub struct CUlaunchConfig {
        pub gridDimX: u32,
        pub gridDimY: u32,
        pub gridDimZ: u32,
        pub blockDimX: u32,
        pub blockDimY: u32,
        pub blockDimZ: u32,
        pub sharedMemBytes: u32,
        pub hStream: CUstream,
        pub attrs: *mut CUlaunchAttribute,
        pub numAttrs: u32,
    }
    /// One device's part of `cuLaunchCooperativeKernelMultiDevice`.
    pub struct CUDA_LAUNCH_PARAMS {
        pub function: CUfunction,
        pub gridDimX: u32,
        pub gridDimY: u32,
        pub gridDimZ: u32,
        pub blockDimX: u32,
        pub blockDimY: u32,
        pub blockDimZ: u32,
        pub sharedMemBytes: u32,
        pub hStream: CUstream,
        pub kernelParams: *mut *mut c_void,
    }
}

c_unions! {
    pub union CUlaunchAttributeValue {
        pub pad: [c_char; 64],
        pub accessPolicyWindow: CUaccessPolicyWindow,
        pub cooperative: c_int,
        pub syncPolicy: CUsynchronizationPolicy,
        pub clusterDim: CUlaunchClusterDim,
        pub clusterSchedulingPolicyPreference: CUclusterSchedulingPolicy,
        pub programmaticStreamSerializationAllowed: c_int,
        pub programmaticEvent: CUlaunchProgrammaticEvent,
        pub launchCompletionEvent: CUlaunchCompletionEvent,
        pub priority: c_int,
        pub memSyncDomainMap: CUlaunchMemSyncDomainMap,
        pub memSyncDomain: u32,
        pub preferredClusterDim: CUlaunchClusterDim,
        pub deviceUpdatableKernelNode: CUlaunchDeviceUpdatableKernelNode,
        pub sharedMemCarveout: u32,
    }
}

const _: () = assert!(size_of::<CUlaunchAttribute>() == 72);
const _: () = assert!(size_of::<CUlaunchConfig>() == 56);
