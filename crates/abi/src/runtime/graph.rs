//! Graph node parameters that differ from the driver's: they name host functions and runtime structures.

use super::{cudaGraphNodeType, cudaMemAccessDesc, cudaMemPoolProps, cudaMemcpy3DParms, dim3};
use crate::driver::{
    CUDA_CHILD_GRAPH_NODE_PARAMS, CUDA_CONDITIONAL_NODE_PARAMS, CUDA_EVENT_RECORD_NODE_PARAMS,
    CUDA_EVENT_WAIT_NODE_PARAMS, CUDA_EXT_SEM_SIGNAL_NODE_PARAMS, CUDA_EXT_SEM_WAIT_NODE_PARAMS,
    CUDA_HOST_NODE_PARAMS, CUDA_MEM_ALLOC_NODE_PARAMS, CUDA_MEM_FREE_NODE_PARAMS,
};
use core::ffi::{c_int, c_longlong, c_uint, c_void};

c_structs! {
    pub struct cudaKernelNodeParams {
        pub func: *mut c_void,
        pub gridDim: dim3,
        pub blockDim: dim3,
        pub sharedMemBytes: c_uint,
        pub kernelParams: *mut *mut c_void,
        pub extra: *mut *mut c_void,
    }
    /// `cudaMemsetParams`; `cudaMemsetParamsV2` has the same layout.
    pub struct cudaMemsetParams {
        pub dst: *mut c_void,
        pub pitch: usize,
        pub value: c_uint,
        pub elementSize: c_uint,
        pub width: usize,
        pub height: usize,
    }
    pub struct cudaMemcpyNodeParams {
        pub flags: c_int,
        pub reserved: [c_int; 3],
        pub copyParams: cudaMemcpy3DParms,
    }
    /// The general node of `cudaGraphAddNode`.
    pub struct cudaGraphNodeParams {
        pub r#type: cudaGraphNodeType,
        pub reserved0: [c_int; 3],
        pub params: cudaGraphNodeParamsUnion,
        pub reserved2: c_longlong,
    }
}

c_unions! {
    pub union cudaGraphNodeParamsUnion {
        pub reserved1: [c_longlong; 29],
        pub kernel: cudaKernelNodeParams,
        pub memcpy: cudaMemcpyNodeParams,
        pub memset: cudaMemsetParams,
        pub host: CUDA_HOST_NODE_PARAMS,
        pub graph: CUDA_CHILD_GRAPH_NODE_PARAMS,
        pub eventWait: CUDA_EVENT_WAIT_NODE_PARAMS,
        pub eventRecord: CUDA_EVENT_RECORD_NODE_PARAMS,
        pub extSemSignal: CUDA_EXT_SEM_SIGNAL_NODE_PARAMS,
        pub extSemWait: CUDA_EXT_SEM_WAIT_NODE_PARAMS,
        pub alloc: CUDA_MEM_ALLOC_NODE_PARAMS,
        pub free: CUDA_MEM_FREE_NODE_PARAMS,
        pub conditional: CUDA_CONDITIONAL_NODE_PARAMS,
    }
}

const _: () = assert!(size_of::<cudaKernelNodeParams>() == 56);
const _: () = assert!(size_of::<cudaGraphNodeParams>() == 256);
const _: () = assert!(size_of::<cudaMemPoolProps>() == 88 && size_of::<cudaMemAccessDesc>() == 12);
