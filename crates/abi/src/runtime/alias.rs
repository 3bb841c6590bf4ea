//! Runtime types that are the driver's under another name, and the runtime's own enumerators for plain integers.

use crate::driver::*;
use core::ffi::{c_int, c_void};

pub type cudaStream_t = CUstream;
pub type cudaEvent_t = CUevent;
pub type cudaGraph_t = CUgraph;
pub type cudaGraphNode_t = CUgraphNode;
pub type cudaGraphExec_t = CUgraphExec;
pub type cudaMemPool_t = CUmemoryPool;
pub type cudaUserObject_t = CUuserObject;
pub type cudaFunction_t = CUfunction;
pub type cudaKernel_t = CUkernel;
pub type cudaLibrary_t = CUlibrary;
pub type cudaArray_t = CUarray;
pub type cudaMipmappedArray_t = CUmipmappedArray;
pub type cudaGraphicsResource_t = CUgraphicsResource;
pub type cudaExternalMemory_t = CUexternalMemory;
pub type cudaExternalSemaphore_t = CUexternalSemaphore;
pub type cudaTextureObject_t = CUtexObject;
pub type cudaSurfaceObject_t = CUsurfObject;
pub type cudaGraphConditionalHandle = CUgraphConditionalHandle;

pub type cudaUUID_t = CUuuid;
pub type cudaIpcEventHandle_t = CUipcEventHandle;
pub type cudaIpcMemHandle_t = CUipcMemHandle;
pub type cudaMemLocation = CUmemLocation;
pub type cudaMemAccessDesc = CUmemAccessDesc;
pub type cudaMemPoolProps = CUmemPoolProps;
pub type cudaMemPoolPtrExportData = CUmemPoolPtrExportData;
pub type cudaHostNodeParams = CUDA_HOST_NODE_PARAMS;
pub type cudaMemAllocNodeParams = CUDA_MEM_ALLOC_NODE_PARAMS;
pub type cudaGraphEdgeData = CUgraphEdgeData;
pub type cudaGraphInstantiateParams = CUDA_GRAPH_INSTANTIATE_PARAMS;
pub type cudaGraphExecUpdateResultInfo = CUgraphExecUpdateResultInfo;
pub type cudaLaunchAttribute = CUlaunchAttribute;
pub type cudaLaunchAttributeValue = CUlaunchAttributeValue;
pub type cudaLaunchAttributeID = CUlaunchAttributeID;
pub type cudaExternalMemoryHandleDesc = CUDA_EXTERNAL_MEMORY_HANDLE_DESC;
pub type cudaExternalMemoryBufferDesc = CUDA_EXTERNAL_MEMORY_BUFFER_DESC;
pub type cudaExternalSemaphoreHandleDesc = CUDA_EXTERNAL_SEMAPHORE_HANDLE_DESC;
pub type cudaExternalSemaphoreSignalParams = CUDA_EXTERNAL_SEMAPHORE_SIGNAL_PARAMS;
pub type cudaExternalSemaphoreWaitParams = CUDA_EXTERNAL_SEMAPHORE_WAIT_PARAMS;

/// Numbered as the driver's attributes are.
pub type cudaDeviceAttr = CUdevice_attribute;
pub type cudaDeviceP2PAttr = CUdevice_P2PAttribute;
pub type cudaFuncCache = CUfunc_cache;
pub type cudaSharedMemConfig = CUsharedconfig;
pub type cudaLimit = CUlimit;
pub type cudaMemoryAdvise = CUmem_advise;
pub type cudaMemRangeAttribute = CUmem_range_attribute;
pub type cudaMemPoolAttr = CUmemPool_attribute;
pub type cudaMemAllocationHandleType = CUmemAllocationHandleType;
pub type cudaMemAccessFlags = CUmemAccess_flags;
pub type cudaGraphMemAttributeType = CUgraphMem_attribute;
pub type cudaGraphNodeType = CUgraphNodeType;
pub type cudaGraphExecUpdateResult = CUgraphExecUpdateResult;
pub type cudaStreamCaptureMode = CUstreamCaptureMode;
pub type cudaStreamCaptureStatus = CUstreamCaptureStatus;
pub type cudaDriverEntryPointQueryResult = CUdriverProcAddressQueryResult;
pub type cudaJitOption = CUjit_option;
pub type cudaLibraryOption = CUlibraryOption;

pub type cudaStreamCallback_t =
    Option<unsafe extern "C" fn(stream: cudaStream_t, status: crate::cudaError_t, user_data: *mut c_void)>;
pub type cudaHostFn_t = CUhostFn;

/// The location "no device".
pub const cudaInvalidDeviceId: c_int = -2;
/// The location "the host".
pub const cudaCpuDeviceId: c_int = -1;

/// `cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags`.
pub const cudaOccupancyDisableCachingOverride: u32 = 1;

// cudaSetDeviceFlags
pub const cudaDeviceScheduleAuto: u32 = 0x00;
pub const cudaDeviceScheduleSpin: u32 = 0x01;
pub const cudaDeviceScheduleYield: u32 = 0x02;
pub const cudaDeviceScheduleBlockingSync: u32 = 0x04;
pub const cudaDeviceScheduleMask: u32 = 0x07;
pub const cudaDeviceMapHost: u32 = 0x08;
pub const cudaDeviceLmemResizeToMax: u32 = 0x10;
pub const cudaDeviceSyncMemops: u32 = 0x80;
pub const cudaDeviceMask: u32 = 0xff;
/// `cudaInitDevice`: the flags argument is valid.
pub const cudaInitDeviceFlagsAreValid: u32 = 1;

// cudaMallocArray, cudaMalloc3DArray
pub const cudaArrayDefault: u32 = 0x00;
pub const cudaArrayLayered: u32 = 0x01;
pub const cudaArraySurfaceLoadStore: u32 = 0x02;
pub const cudaArrayCubemap: u32 = 0x04;
pub const cudaArrayTextureGather: u32 = 0x08;
pub const cudaArraySparse: u32 = 0x40;

c_enum! {
    /// The direction of a copy.
    cudaMemcpyKind {
        cudaMemcpyHostToHost = 0,
        cudaMemcpyHostToDevice = 1,
        cudaMemcpyDeviceToHost = 2,
        cudaMemcpyDeviceToDevice = 3,
        cudaMemcpyDefault = 4,
    }
}

c_enum! {
    /// Where an address lives: the runtime's numbers differ from the driver's.
    cudaMemoryType {
        cudaMemoryTypeUnregistered = 0,
        cudaMemoryTypeHost = 1,
        cudaMemoryTypeDevice = 2,
        cudaMemoryTypeManaged = 3,
    }
}

c_enum! {
    /// `cudaFuncSetAttribute`.
    cudaFuncAttribute {
        cudaFuncAttributeMaxDynamicSharedMemorySize = 8,
        cudaFuncAttributePreferredSharedMemoryCarveout = 9,
        cudaFuncAttributeClusterDimMustBeSet = 10,
        cudaFuncAttributeRequiredClusterWidth = 11,
        cudaFuncAttributeRequiredClusterHeight = 12,
        cudaFuncAttributeRequiredClusterDepth = 13,
        cudaFuncAttributeNonPortableClusterSizeAllowed = 14,
        cudaFuncAttributeClusterSchedulingPolicyPreference = 15,
    }
}

c_enum! {
    cudaComputeMode {
        cudaComputeModeDefault = 0,
        cudaComputeModeExclusive = 1,
        cudaComputeModeProhibited = 2,
        cudaComputeModeExclusiveProcess = 3,
    }
}
