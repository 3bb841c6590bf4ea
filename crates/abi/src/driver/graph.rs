//! Execution graphs: node kinds and their parameters.

use super::{
    CUDA_EXT_SEM_SIGNAL_NODE_PARAMS, CUDA_EXT_SEM_WAIT_NODE_PARAMS, CUDA_MEMCPY3D, CUcontext, CUdeviceptr,
    CUevent, CUfunction, CUgraph, CUgraphConditionalHandle, CUgraphNode, CUhostFn, CUkernel, CUmemAccessDesc,
    CUmemPoolProps, CUstream, CUstreamBatchMemOpParams,
};
use core::ffi::{c_char, c_int, c_longlong, c_uchar, c_uint, c_ulonglong, c_void};

c_enum! {
    CUgraphNodeType {
        CU_GRAPH_NODE_TYPE_KERNEL = 0,
        CU_GRAPH_NODE_TYPE_MEMCPY = 1,
        CU_GRAPH_NODE_TYPE_MEMSET = 2,
        CU_GRAPH_NODE_TYPE_HOST = 3,
        CU_GRAPH_NODE_TYPE_GRAPH = 4,
        CU_GRAPH_NODE_TYPE_EMPTY = 5,
        CU_GRAPH_NODE_TYPE_WAIT_EVENT = 6,
        CU_GRAPH_NODE_TYPE_EVENT_RECORD = 7,
        CU_GRAPH_NODE_TYPE_EXT_SEMAS_SIGNAL = 8,
        CU_GRAPH_NODE_TYPE_EXT_SEMAS_WAIT = 9,
        CU_GRAPH_NODE_TYPE_MEM_ALLOC = 10,
        CU_GRAPH_NODE_TYPE_MEM_FREE = 11,
        CU_GRAPH_NODE_TYPE_BATCH_MEM_OP = 12,
        CU_GRAPH_NODE_TYPE_CONDITIONAL = 13,
    }
}

c_enum! {
    CUgraphDependencyType {
        CU_GRAPH_DEPENDENCY_TYPE_DEFAULT = 0,
        CU_GRAPH_DEPENDENCY_TYPE_PROGRAMMATIC = 1,
    }
}

c_enum! {
    CUgraphConditionalNodeType {
        CU_GRAPH_COND_TYPE_IF = 0,
        CU_GRAPH_COND_TYPE_WHILE = 1,
        CU_GRAPH_COND_TYPE_SWITCH = 2,
    }
}

/// `cuGraphConditionalHandleCreate`: apply the default at each launch.
pub const CU_GRAPH_COND_ASSIGN_DEFAULT: u32 = 1;

c_enum! {
    CUgraphExecUpdateResult {
        CU_GRAPH_EXEC_UPDATE_SUCCESS = 0,
        CU_GRAPH_EXEC_UPDATE_ERROR = 1,
        CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED = 2,
        CU_GRAPH_EXEC_UPDATE_ERROR_NODE_TYPE_CHANGED = 3,
        CU_GRAPH_EXEC_UPDATE_ERROR_FUNCTION_CHANGED = 4,
        CU_GRAPH_EXEC_UPDATE_ERROR_PARAMETERS_CHANGED = 5,
        CU_GRAPH_EXEC_UPDATE_ERROR_NOT_SUPPORTED = 6,
        CU_GRAPH_EXEC_UPDATE_ERROR_UNSUPPORTED_FUNCTION_CHANGE = 7,
        CU_GRAPH_EXEC_UPDATE_ERROR_ATTRIBUTES_CHANGED = 8,
    }
}

c_enum! {
    CUgraphInstantiateResult {
        CUDA_GRAPH_INSTANTIATE_SUCCESS = 0,
        CUDA_GRAPH_INSTANTIATE_ERROR = 1,
        CUDA_GRAPH_INSTANTIATE_INVALID_STRUCTURE = 2,
        CUDA_GRAPH_INSTANTIATE_NODE_OPERATION_NOT_SUPPORTED = 3,
        CUDA_GRAPH_INSTANTIATE_MULTIPLE_CTXS_NOT_SUPPORTED = 4,
        CUDA_GRAPH_INSTANTIATE_CONDITIONAL_HANDLE_UNUSED = 5,
    }
}

c_structs! {
    pub struct CUDA_KERNEL_NODE_PARAMS_v1 {
        pub func: CUfunction,
        pub gridDimX: c_uint,
        pub gridDimY: c_uint,
        pub gridDimZ: c_uint,
        pub blockDimX: c_uint,
        pub blockDimY: c_uint,
        pub blockDimZ: c_uint,
        pub sharedMemBytes: c_uint,
        pub kernelParams: *mut *mut c_void,
        pub extra: *mut *mut c_void,
    }
    /// What `cuda.h` of CUDA 12 calls `CUDA_KERNEL_NODE_PARAMS`.
    pub struct CUDA_KERNEL_NODE_PARAMS_v2 {
        pub func: CUfunction,
        pub gridDimX: c_uint,
        pub gridDimY: c_uint,
        pub gridDimZ: c_uint,
        pub blockDimX: c_uint,
        pub blockDimY: c_uint,
        pub blockDimZ: c_uint,
        pub sharedMemBytes: c_uint,
        pub kernelParams: *mut *mut c_void,
        pub extra: *mut *mut c_void,
        pub kern: CUkernel,
        pub ctx: CUcontext,
    }
    /// `CUDA_MEMSET_NODE_PARAMS`.
    pub struct CUDA_MEMSET_NODE_PARAMS_v1 {
        pub dst: CUdeviceptr,
        pub pitch: usize,
        pub value: c_uint,
        pub elementSize: c_uint,
        pub width: usize,
        pub height: usize,
    }
    pub struct CUDA_MEMSET_NODE_PARAMS_v2 {
        pub dst: CUdeviceptr,
        pub pitch: usize,
        pub value: c_uint,
        pub elementSize: c_uint,
        pub width: usize,
        pub height: usize,
        pub ctx: CUcontext,
    }
    pub struct CUDA_HOST_NODE_PARAMS { pub r#fn: CUhostFn, pub userData: *mut c_void }
    pub struct CUDA_MEMCPY_NODE_PARAMS {
        pub flags: c_int,
        pub reserved: c_int,
        pub copyCtx: CUcontext,
        pub copyParams: CUDA_MEMCPY3D,
    }
    pub struct CUDA_BATCH_MEM_OP_NODE_PARAMS {
        pub ctx: CUcontext,
        pub count: c_uint,
        pub paramArray: *mut CUstreamBatchMemOpParams,
        pub flags: c_uint,
    }
    pub struct CUDA_CHILD_GRAPH_NODE_PARAMS { pub graph: CUgraph }
    pub struct CUDA_EVENT_RECORD_NODE_PARAMS { pub event: CUevent }
    pub struct CUDA_EVENT_WAIT_NODE_PARAMS { pub event: CUevent }
    /// `CUDA_MEM_ALLOC_NODE_PARAMS`: v1 and v2 share their layout.
    pub struct CUDA_MEM_ALLOC_NODE_PARAMS {
        pub poolProps: CUmemPoolProps,
        pub accessDescs: *const CUmemAccessDesc,
        pub accessDescCount: usize,
        pub bytesize: usize,
        pub dptr: CUdeviceptr,
    }
    pub struct CUDA_MEM_FREE_NODE_PARAMS { pub dptr: CUdeviceptr }
    pub struct CUDA_CONDITIONAL_NODE_PARAMS {
        pub handle: CUgraphConditionalHandle,
        pub r#type: CUgraphConditionalNodeType,
        pub size: c_uint,
        pub phGraph_out: *mut CUgraph,
        pub ctx: CUcontext,
    }
    /// The general node of `cuGraphAddNode`.
    pub struct CUgraphNodeParams {
        pub r#type: CUgraphNodeType,
        pub reserved0: [c_int; 3],
        pub params: CUgraphNodeParamsUnion,
        pub reserved2: c_longlong,
    }
    pub struct CUgraphEdgeData {
        pub from_port: c_uchar,
        pub to_port: c_uchar,
        pub r#type: c_uchar,
        pub reserved: [c_uchar; 5],
    }
    pub struct CUgraphExecUpdateResultInfo {
        pub result: CUgraphExecUpdateResult,
        pub errorNode: CUgraphNode,
        pub errorFromNode: CUgraphNode,
    }
    pub struct CUDA_GRAPH_INSTANTIATE_PARAMS {
        pub flags: c_ulonglong,
        pub hUploadStream: CUstream,
        pub hErrNode_out: CUgraphNode,
        pub result_out: CUgraphInstantiateResult,
    }
}

c_unions! {
    pub union CUgraphNodeParamsUnion {
        pub reserved1: [c_longlong; 29],
        pub kernel: CUDA_KERNEL_NODE_PARAMS_v2,
        pub memcpy: CUDA_MEMCPY_NODE_PARAMS,
        pub memset: CUDA_MEMSET_NODE_PARAMS_v2,
        pub host: CUDA_HOST_NODE_PARAMS,
        pub graph: CUDA_CHILD_GRAPH_NODE_PARAMS,
        pub eventWait: CUDA_EVENT_WAIT_NODE_PARAMS,
        pub eventRecord: CUDA_EVENT_RECORD_NODE_PARAMS,
        pub extSemSignal: CUDA_EXT_SEM_SIGNAL_NODE_PARAMS,
        pub extSemWait: CUDA_EXT_SEM_WAIT_NODE_PARAMS,
        pub alloc: CUDA_MEM_ALLOC_NODE_PARAMS,
        pub free: CUDA_MEM_FREE_NODE_PARAMS,
        pub memOp: CUDA_BATCH_MEM_OP_NODE_PARAMS,
        pub conditional: CUDA_CONDITIONAL_NODE_PARAMS,
    }
    /// A kernel node's attribute value: `CUlaunchAttributeValue`, 64 bytes.
    pub union CUkernelNodeAttrValue { pub value: super::CUlaunchAttributeValue, pub pad: [c_char; 64] }
}

const _: () = assert!(size_of::<CUDA_KERNEL_NODE_PARAMS_v1>() == 56);
const _: () = assert!(size_of::<CUDA_KERNEL_NODE_PARAMS_v2>() == 72);
const _: () = assert!(size_of::<CUDA_MEMSET_NODE_PARAMS_v1>() == 40);
const _: () = assert!(size_of::<CUgraphNodeParams>() == 256);
const _: () = assert!(size_of::<CUgraphEdgeData>() == 8);
