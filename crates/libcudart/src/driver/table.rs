//! The driver functions that the runtime calls, graphs aside: a Rust name, the symbol's spelling, and its parameters.
//!
//! Where two ABI versions of a function are both needed, the Rust name of the later one says what it adds.

use abi::*;
use core::ffi::{c_char, c_int, c_uchar, c_uint, c_ulonglong, c_void};

driver_functions! {
    Core in core;
    // initialization, devices
    cuInit = "cuInit"(flags: c_uint);
    cuDriverGetVersion = "cuDriverGetVersion"(version: *mut c_int);
    cuGetProcAddress = "cuGetProcAddress_v2"(
        symbol: *const c_char, function: *mut *mut c_void, version: c_int, flags: cuuint64_t, status: *mut
        CUdriverProcAddressQueryResult,
    );
    cuDeviceGetCount = "cuDeviceGetCount"(count: *mut c_int);
    cuDeviceGetName = "cuDeviceGetName"(name: *mut c_char, length: c_int, device: CUdevice);
    cuDeviceGetUuid = "cuDeviceGetUuid_v2"(uuid: *mut CUuuid, device: CUdevice);
    cuDeviceGetLuid = "cuDeviceGetLuid"(luid: *mut c_char, mask: *mut c_uint, device: CUdevice);
    cuDeviceTotalMem = "cuDeviceTotalMem_v2"(bytes: *mut usize, device: CUdevice);
    cuDeviceGetAttribute = "cuDeviceGetAttribute"(value: *mut c_int, attribute: CUdevice_attribute, device: CUdevice);
    cuDeviceGetP2PAttribute = "cuDeviceGetP2PAttribute"(
        value: *mut c_int, attribute: CUdevice_P2PAttribute, from: CUdevice, to: CUdevice,
    );
    cuDeviceCanAccessPeer = "cuDeviceCanAccessPeer"(answer: *mut c_int, device: CUdevice, peer: CUdevice);
    cuDeviceGetByPCIBusId = "cuDeviceGetByPCIBusId"(device: *mut CUdevice, id: *const c_char);
    cuDeviceGetPCIBusId = "cuDeviceGetPCIBusId"(id: *mut c_char, length: c_int, device: CUdevice);
    cuDeviceGetTexture1DLinearMaxWidth = "cuDeviceGetTexture1DLinearMaxWidth"(
        width: *mut usize, format: CUarray_format, channels: c_uint, device: CUdevice,
    );
    cuDeviceGetNvSciSyncAttributes = "cuDeviceGetNvSciSyncAttributes"(
        list: *mut c_void, device: CUdevice, flags: c_int,
    );
    cuFlushGPUDirectRDMAWrites = "cuFlushGPUDirectRDMAWrites"(
        target: CUflushGPUDirectRDMAWritesTarget, scope: CUflushGPUDirectRDMAWritesScope,
    );
    cuDeviceRegisterAsyncNotification = "cuDeviceRegisterAsyncNotification"(
        device: CUdevice, function: *mut c_void, data: *mut c_void, handle: *mut CUasyncCallbackHandle,
    );
    cuDeviceUnregisterAsyncNotification = "cuDeviceUnregisterAsyncNotification"(
        device: CUdevice, handle: CUasyncCallbackHandle,
    );
    // contexts
    cuDevicePrimaryCtxRetain = "cuDevicePrimaryCtxRetain"(context: *mut CUcontext, device: CUdevice);
    cuDevicePrimaryCtxRelease = "cuDevicePrimaryCtxRelease_v2"(device: CUdevice);
    cuDevicePrimaryCtxReset = "cuDevicePrimaryCtxReset_v2"(device: CUdevice);
    cuDevicePrimaryCtxSetFlags = "cuDevicePrimaryCtxSetFlags_v2"(device: CUdevice, flags: c_uint);
    cuDevicePrimaryCtxGetState = "cuDevicePrimaryCtxGetState"(device: CUdevice, flags: *mut c_uint, active: *mut c_int);
    cuCtxGetCurrent = "cuCtxGetCurrent"(context: *mut CUcontext);
    cuCtxSetCurrent = "cuCtxSetCurrent"(context: CUcontext);
    cuCtxPushCurrent = "cuCtxPushCurrent_v2"(context: CUcontext);
    cuCtxPopCurrent = "cuCtxPopCurrent_v2"(context: *mut CUcontext);
    cuCtxGetDevice = "cuCtxGetDevice"(device: *mut CUdevice);
    cuCtxSynchronize = "cuCtxSynchronize"();
    cuCtxSetLimit = "cuCtxSetLimit"(limit: CUlimit, value: usize);
    cuCtxGetLimit = "cuCtxGetLimit"(value: *mut usize, limit: CUlimit);
    cuCtxGetCacheConfig = "cuCtxGetCacheConfig"(config: *mut CUfunc_cache);
    cuCtxSetCacheConfig = "cuCtxSetCacheConfig"(config: CUfunc_cache);
    cuCtxGetSharedMemConfig = "cuCtxGetSharedMemConfig"(config: *mut CUsharedconfig);
    cuCtxSetSharedMemConfig = "cuCtxSetSharedMemConfig"(config: CUsharedconfig);
    cuCtxGetStreamPriorityRange = "cuCtxGetStreamPriorityRange"(least: *mut c_int, greatest: *mut c_int);
    cuCtxResetPersistingL2Cache = "cuCtxResetPersistingL2Cache"();
    cuCtxEnablePeerAccess = "cuCtxEnablePeerAccess"(peer: CUcontext, flags: c_uint);
    cuCtxDisablePeerAccess = "cuCtxDisablePeerAccess"(peer: CUcontext);
    // modules, libraries, linking
    cuModuleLoadDataEx = "cuModuleLoadDataEx"(
        module: *mut CUmodule, image: *const c_void, count: c_uint, options: *mut CUjit_option, values: *mut
        *mut c_void,
    );
    cuModuleUnload = "cuModuleUnload"(module: CUmodule);
    cuModuleGetFunction = "cuModuleGetFunction"(function: *mut CUfunction, module: CUmodule, name: *const c_char);
    cuModuleGetGlobal = "cuModuleGetGlobal_v2"(
        address: *mut CUdeviceptr, bytes: *mut usize, module: CUmodule, name: *const c_char,
    );
    cuModuleGetTexRef = "cuModuleGetTexRef"(reference: *mut CUtexref, module: CUmodule, name: *const c_char);
    cuModuleGetSurfRef = "cuModuleGetSurfRef"(reference: *mut CUsurfref, module: CUmodule, name: *const c_char);
    cuLinkCreate = "cuLinkCreate_v2"(
        count: c_uint, options: *mut CUjit_option, values: *mut *mut c_void, state: *mut CUlinkState,
    );
    cuLinkAddData = "cuLinkAddData_v2"(
        state: CUlinkState, kind: CUjitInputType, data: *mut c_void, size: usize, name: *const c_char, count:
        c_uint, options: *mut CUjit_option, values: *mut *mut c_void,
    );
    cuLinkComplete = "cuLinkComplete"(state: CUlinkState, image: *mut *mut c_void, size: *mut usize);
    cuLinkDestroy = "cuLinkDestroy"(state: CUlinkState);
    cuLibraryLoadData = "cuLibraryLoadData"(
        library: *mut CUlibrary, code: *const c_void, jit_options: *mut CUjit_option, jit_values: *mut *mut
        c_void, jit_count: c_uint, options: *mut CUlibraryOption, values: *mut *mut c_void, count: c_uint,
    );
    cuLibraryLoadFromFile = "cuLibraryLoadFromFile"(
        library: *mut CUlibrary, file: *const c_char, jit_options: *mut CUjit_option, jit_values: *mut *mut
        c_void, jit_count: c_uint, options: *mut CUlibraryOption, values: *mut *mut c_void, count: c_uint,
    );
    cuLibraryUnload = "cuLibraryUnload"(library: CUlibrary);
    cuLibraryGetKernel = "cuLibraryGetKernel"(kernel: *mut CUkernel, library: CUlibrary, name: *const c_char);
    cuLibraryGetKernelCount = "cuLibraryGetKernelCount"(count: *mut c_uint, library: CUlibrary);
    cuLibraryEnumerateKernels = "cuLibraryEnumerateKernels"(kernels: *mut CUkernel, count: c_uint, library: CUlibrary);
    cuLibraryGetGlobal = "cuLibraryGetGlobal"(
        address: *mut CUdeviceptr, bytes: *mut usize, library: CUlibrary, name: *const c_char,
    );
    cuLibraryGetManaged = "cuLibraryGetManaged"(
        address: *mut CUdeviceptr, bytes: *mut usize, library: CUlibrary, name: *const c_char,
    );
    cuLibraryGetUnifiedFunction = "cuLibraryGetUnifiedFunction"(
        address: *mut *mut c_void, library: CUlibrary, symbol: *const c_char,
    );
    cuKernelGetFunction = "cuKernelGetFunction"(function: *mut CUfunction, kernel: CUkernel);
    cuKernelSetAttribute = "cuKernelSetAttribute"(
        attribute: CUfunction_attribute, value: c_int, kernel: CUkernel, device: CUdevice,
    );
    // memory
    cuMemGetInfo = "cuMemGetInfo_v2"(free: *mut usize, total: *mut usize);
    cuMemAlloc = "cuMemAlloc_v2"(address: *mut CUdeviceptr, bytes: usize);
    cuMemAllocPitch = "cuMemAllocPitch_v2"(
        address: *mut CUdeviceptr, pitch: *mut usize, width: usize, height: usize, element: c_uint,
    );
    cuMemFree = "cuMemFree_v2"(address: CUdeviceptr);
    cuMemHostAlloc = "cuMemHostAlloc"(pointer: *mut *mut c_void, bytes: usize, flags: c_uint);
    cuMemFreeHost = "cuMemFreeHost"(pointer: *mut c_void);
    cuMemHostGetDevicePointer = "cuMemHostGetDevicePointer_v2"(
        address: *mut CUdeviceptr, pointer: *mut c_void, flags: c_uint,
    );
    cuMemHostGetFlags = "cuMemHostGetFlags"(flags: *mut c_uint, pointer: *mut c_void);
    cuMemHostRegister = "cuMemHostRegister_v2"(pointer: *mut c_void, bytes: usize, flags: c_uint);
    cuMemHostUnregister = "cuMemHostUnregister"(pointer: *mut c_void);
    cuMemAllocManaged = "cuMemAllocManaged"(address: *mut CUdeviceptr, bytes: usize, flags: c_uint);
    cuMemAdvise = "cuMemAdvise"(address: CUdeviceptr, bytes: usize, advice: CUmem_advise, device: CUdevice);
    cuMemAdviseLocation = "cuMemAdvise_v2"(
        address: CUdeviceptr, bytes: usize, advice: CUmem_advise, location: CUmemLocation,
    );
    cuMemPrefetchAsync = "cuMemPrefetchAsync"(address: CUdeviceptr, bytes: usize, device: CUdevice, stream: CUstream);
    cuMemPrefetchLocationAsync = "cuMemPrefetchAsync_v2"(
        address: CUdeviceptr, bytes: usize, location: CUmemLocation, flags: c_uint, stream: CUstream,
    );
    cuMemRangeGetAttribute = "cuMemRangeGetAttribute"(
        data: *mut c_void, size: usize, attribute: CUmem_range_attribute, address: CUdeviceptr, bytes: usize,
    );
    cuMemRangeGetAttributes = "cuMemRangeGetAttributes"(
        data: *mut *mut c_void, sizes: *mut usize, attributes: *mut CUmem_range_attribute, count: usize,
        address: CUdeviceptr, bytes: usize,
    );
    cuPointerGetAttributes = "cuPointerGetAttributes"(
        count: c_uint, attributes: *mut CUpointer_attribute, data: *mut *mut c_void, address: CUdeviceptr,
    );
    // copies and fills
    cuMemcpy = "cuMemcpy"(dst: CUdeviceptr, src: CUdeviceptr, bytes: usize);
    cuMemcpyAsync = "cuMemcpyAsync"(dst: CUdeviceptr, src: CUdeviceptr, bytes: usize, stream: CUstream);
    cuMemcpyHtoD = "cuMemcpyHtoD_v2"(dst: CUdeviceptr, src: *const c_void, bytes: usize);
    cuMemcpyDtoH = "cuMemcpyDtoH_v2"(dst: *mut c_void, src: CUdeviceptr, bytes: usize);
    cuMemcpyDtoD = "cuMemcpyDtoD_v2"(dst: CUdeviceptr, src: CUdeviceptr, bytes: usize);
    cuMemcpyHtoDAsync = "cuMemcpyHtoDAsync_v2"(dst: CUdeviceptr, src: *const c_void, bytes: usize, stream: CUstream);
    cuMemcpyDtoHAsync = "cuMemcpyDtoHAsync_v2"(dst: *mut c_void, src: CUdeviceptr, bytes: usize, stream: CUstream);
    cuMemcpyDtoDAsync = "cuMemcpyDtoDAsync_v2"(dst: CUdeviceptr, src: CUdeviceptr, bytes: usize, stream: CUstream);
    cuMemcpyPeer = "cuMemcpyPeer"(
        dst: CUdeviceptr, dst_context: CUcontext, src: CUdeviceptr, src_context: CUcontext, bytes: usize,
    );
    cuMemcpyPeerAsync = "cuMemcpyPeerAsync"(
        dst: CUdeviceptr, dst_context: CUcontext, src: CUdeviceptr, src_context: CUcontext, bytes: usize,
        stream: CUstream,
    );
    cuMemcpy2DUnaligned = "cuMemcpy2DUnaligned_v2"(copy: *const CUDA_MEMCPY2D);
    cuMemcpy2DAsync = "cuMemcpy2DAsync_v2"(copy: *const CUDA_MEMCPY2D, stream: CUstream);
    cuMemcpy3D = "cuMemcpy3D_v2"(copy: *const CUDA_MEMCPY3D);
    cuMemcpy3DAsync = "cuMemcpy3DAsync_v2"(copy: *const CUDA_MEMCPY3D, stream: CUstream);
    cuMemcpy3DPeer = "cuMemcpy3DPeer"(copy: *const CUDA_MEMCPY3D_PEER);
    cuMemcpy3DPeerAsync = "cuMemcpy3DPeerAsync"(copy: *const CUDA_MEMCPY3D_PEER, stream: CUstream);
    cuMemsetD8 = "cuMemsetD8_v2"(dst: CUdeviceptr, value: c_uchar, count: usize);
    cuMemsetD8Async = "cuMemsetD8Async"(dst: CUdeviceptr, value: c_uchar, count: usize, stream: CUstream);
    cuMemsetD2D8 = "cuMemsetD2D8_v2"(dst: CUdeviceptr, pitch: usize, value: c_uchar, width: usize, height: usize);
    cuMemsetD2D8Async = "cuMemsetD2D8Async"(
        dst: CUdeviceptr, pitch: usize, value: c_uchar, width: usize, height: usize, stream: CUstream,
    );
    // arrays, textures, surfaces
    cuArray3DCreate = "cuArray3DCreate_v2"(array: *mut CUarray, descriptor: *const CUDA_ARRAY3D_DESCRIPTOR);
    cuArray3DGetDescriptor = "cuArray3DGetDescriptor_v2"(descriptor: *mut CUDA_ARRAY3D_DESCRIPTOR, array: CUarray);
    cuArrayDestroy = "cuArrayDestroy"(array: CUarray);
    cuArrayGetPlane = "cuArrayGetPlane"(plane: *mut CUarray, array: CUarray, index: c_uint);
    cuArrayGetMemoryRequirements = "cuArrayGetMemoryRequirements"(
        requirements: *mut CUDA_ARRAY_MEMORY_REQUIREMENTS, array: CUarray, device: CUdevice,
    );
    cuArrayGetSparseProperties = "cuArrayGetSparseProperties"(
        properties: *mut CUDA_ARRAY_SPARSE_PROPERTIES, array: CUarray,
    );
    cuMipmappedArrayCreate = "cuMipmappedArrayCreate"(
        array: *mut CUmipmappedArray, descriptor: *const CUDA_ARRAY3D_DESCRIPTOR, levels: c_uint,
    );
    cuMipmappedArrayDestroy = "cuMipmappedArrayDestroy"(array: CUmipmappedArray);
    cuMipmappedArrayGetLevel = "cuMipmappedArrayGetLevel"(
        array: *mut CUarray, mipmapped: CUmipmappedArray, level: c_uint,
    );
    cuMipmappedArrayGetMemoryRequirements = "cuMipmappedArrayGetMemoryRequirements"(
        requirements: *mut CUDA_ARRAY_MEMORY_REQUIREMENTS, array: CUmipmappedArray, device: CUdevice,
    );
    cuMipmappedArrayGetSparseProperties = "cuMipmappedArrayGetSparseProperties"(
        properties: *mut CUDA_ARRAY_SPARSE_PROPERTIES, array: CUmipmappedArray,
    );
    cuTexObjectCreate = "cuTexObjectCreate"(
        texture: *mut CUtexObject, resource: *const CUDA_RESOURCE_DESC, description: *const CUDA_TEXTURE_DESC,
        view: *const CUDA_RESOURCE_VIEW_DESC,
    );
    cuTexObjectDestroy = "cuTexObjectDestroy"(texture: CUtexObject);
    cuTexObjectGetResourceDesc = "cuTexObjectGetResourceDesc"(resource: *mut CUDA_RESOURCE_DESC, texture: CUtexObject);
    cuTexObjectGetTextureDesc = "cuTexObjectGetTextureDesc"(description: *mut CUDA_TEXTURE_DESC, texture: CUtexObject);
    cuTexObjectGetResourceViewDesc = "cuTexObjectGetResourceViewDesc"(
        view: *mut CUDA_RESOURCE_VIEW_DESC, texture: CUtexObject,
    );
    cuSurfObjectCreate = "cuSurfObjectCreate"(surface: *mut CUsurfObject, resource: *const CUDA_RESOURCE_DESC);
    cuSurfObjectDestroy = "cuSurfObjectDestroy"(surface: CUsurfObject);
    cuSurfObjectGetResourceDesc = "cuSurfObjectGetResourceDesc"(
        resource: *mut CUDA_RESOURCE_DESC, surface: CUsurfObject,
    );
    cuTexRefSetAddress = "cuTexRefSetAddress_v2"(
        offset: *mut usize, reference: CUtexref, address: CUdeviceptr, bytes: usize,
    );
    cuTexRefSetAddress2D = "cuTexRefSetAddress2D_v3"(
        reference: CUtexref, descriptor: *const CUDA_ARRAY_DESCRIPTOR, address: CUdeviceptr, pitch: usize,
    );
    cuTexRefSetArray = "cuTexRefSetArray"(reference: CUtexref, array: CUarray, flags: c_uint);
    cuTexRefSetFormat = "cuTexRefSetFormat"(reference: CUtexref, format: CUarray_format, channels: c_int);
    cuTexRefSetAddressMode = "cuTexRefSetAddressMode"(reference: CUtexref, dimension: c_int, mode: CUaddress_mode);
    cuTexRefSetFilterMode = "cuTexRefSetFilterMode"(reference: CUtexref, mode: CUfilter_mode);
    cuTexRefSetFlags = "cuTexRefSetFlags"(reference: CUtexref, flags: c_uint);
    cuSurfRefSetArray = "cuSurfRefSetArray"(reference: CUsurfref, array: CUarray, flags: c_uint);
    // streams and events
    cuStreamCreate = "cuStreamCreate"(stream: *mut CUstream, flags: c_uint);
    cuStreamCreateWithPriority = "cuStreamCreateWithPriority"(stream: *mut CUstream, flags: c_uint, priority: c_int);
    cuStreamDestroy = "cuStreamDestroy_v2"(stream: CUstream);
    cuStreamQuery = "cuStreamQuery"(stream: CUstream);
    cuStreamSynchronize = "cuStreamSynchronize"(stream: CUstream);
    cuStreamWaitEvent = "cuStreamWaitEvent"(stream: CUstream, event: CUevent, flags: c_uint);
    cuStreamGetFlags = "cuStreamGetFlags"(stream: CUstream, flags: *mut c_uint);
    cuStreamGetPriority = "cuStreamGetPriority"(stream: CUstream, priority: *mut c_int);
    cuStreamGetId = "cuStreamGetId"(stream: CUstream, id: *mut c_ulonglong);
    cuStreamGetDevice = "cuStreamGetDevice"(stream: CUstream, device: *mut CUdevice);
    cuStreamAddCallback = "cuStreamAddCallback"(
        stream: CUstream, callback: CUstreamCallback, data: *mut c_void, flags: c_uint,
    );
    cuLaunchHostFunc = "cuLaunchHostFunc"(stream: CUstream, function: CUhostFn, data: *mut c_void);
    cuStreamAttachMemAsync = "cuStreamAttachMemAsync"(
        stream: CUstream, address: CUdeviceptr, bytes: usize, flags: c_uint,
    );
    cuStreamGetAttribute = "cuStreamGetAttribute"(
        stream: CUstream, attribute: CUlaunchAttributeID, value: *mut CUlaunchAttributeValue,
    );
    cuStreamSetAttribute = "cuStreamSetAttribute"(
        stream: CUstream, attribute: CUlaunchAttributeID, value: *const CUlaunchAttributeValue,
    );
    cuStreamCopyAttributes = "cuStreamCopyAttributes"(dst: CUstream, src: CUstream);
    cuStreamBeginCapture = "cuStreamBeginCapture_v2"(stream: CUstream, mode: CUstreamCaptureMode);
    cuStreamBeginCaptureToGraph = "cuStreamBeginCaptureToGraph"(
        stream: CUstream, graph: CUgraph, dependencies: *const CUgraphNode, edges: *const CUgraphEdgeData,
        count: usize, mode: CUstreamCaptureMode,
    );
    cuStreamEndCapture = "cuStreamEndCapture"(stream: CUstream, graph: *mut CUgraph);
    cuStreamIsCapturing = "cuStreamIsCapturing"(stream: CUstream, status: *mut CUstreamCaptureStatus);
    cuStreamGetCaptureInfo = "cuStreamGetCaptureInfo_v2"(
        stream: CUstream, status: *mut CUstreamCaptureStatus, id: *mut cuuint64_t, graph: *mut CUgraph,
        dependencies: *mut *const CUgraphNode, count: *mut usize,
    );
    cuStreamGetCaptureInfoEdges = "cuStreamGetCaptureInfo_v3"(
        stream: CUstream, status: *mut CUstreamCaptureStatus, id: *mut cuuint64_t, graph: *mut CUgraph,
        dependencies: *mut *const CUgraphNode, edges: *mut *const CUgraphEdgeData, count: *mut usize,
    );
    cuStreamUpdateCaptureDependencies = "cuStreamUpdateCaptureDependencies"(
        stream: CUstream, dependencies: *mut CUgraphNode, count: usize, flags: c_uint,
    );
    cuStreamUpdateCaptureDependenciesEdges = "cuStreamUpdateCaptureDependencies_v2"(
        stream: CUstream, dependencies: *mut CUgraphNode, edges: *const CUgraphEdgeData, count: usize, flags:
        c_uint,
    );
    cuThreadExchangeStreamCaptureMode = "cuThreadExchangeStreamCaptureMode"(mode: *mut CUstreamCaptureMode);
    cuEventCreate = "cuEventCreate"(event: *mut CUevent, flags: c_uint);
    cuEventDestroy = "cuEventDestroy_v2"(event: CUevent);
    cuEventRecord = "cuEventRecord"(event: CUevent, stream: CUstream);
    cuEventRecordWithFlags = "cuEventRecordWithFlags"(event: CUevent, stream: CUstream, flags: c_uint);
    cuEventQuery = "cuEventQuery"(event: CUevent);
    cuEventSynchronize = "cuEventSynchronize"(event: CUevent);
    cuEventElapsedTime = "cuEventElapsedTime"(milliseconds: *mut f32, start: CUevent, end: CUevent);
    // kernels
    cuLaunchKernel = "cuLaunchKernel"(
        function: CUfunction, grid_x: c_uint, grid_y: c_uint, grid_z: c_uint, block_x: c_uint, block_y: c_uint,
        block_z: c_uint, shared: c_uint, stream: CUstream, params: *mut *mut c_void, extra: *mut *mut c_void,
    );
    cuLaunchKernelEx = "cuLaunchKernelEx"(
        config: *const CUlaunchConfig, function: CUfunction, params: *mut *mut c_void, extra: *mut *mut c_void,
    );
    cuLaunchCooperativeKernel = "cuLaunchCooperativeKernel"(
        function: CUfunction, grid_x: c_uint, grid_y: c_uint, grid_z: c_uint, block_x: c_uint, block_y: c_uint,
        block_z: c_uint, shared: c_uint, stream: CUstream, params: *mut *mut c_void,
    );
    cuLaunchCooperativeKernelMultiDevice = "cuLaunchCooperativeKernelMultiDevice"(
        launches: *mut CUDA_LAUNCH_PARAMS, count: c_uint, flags: c_uint,
    );
    cuFuncGetAttribute = "cuFuncGetAttribute"(value: *mut c_int, attribute: CUfunction_attribute, function: CUfunction);
    cuFuncSetAttribute = "cuFuncSetAttribute"(function: CUfunction, attribute: CUfunction_attribute, value: c_int);
    cuFuncSetCacheConfig = "cuFuncSetCacheConfig"(function: CUfunction, config: CUfunc_cache);
    cuFuncSetSharedMemConfig = "cuFuncSetSharedMemConfig"(function: CUfunction, config: CUsharedconfig);
    cuFuncGetName = "cuFuncGetName"(name: *mut *const c_char, function: CUfunction);
    cuFuncGetParamInfo = "cuFuncGetParamInfo"(function: CUfunction, index: usize, offset: *mut usize, size: *mut usize);
    cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags = "cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags"(
        blocks: *mut c_int, function: CUfunction, block_size: c_int, shared: usize, flags: c_uint,
    );
    cuOccupancyAvailableDynamicSMemPerBlock = "cuOccupancyAvailableDynamicSMemPerBlock"(
        shared: *mut usize, function: CUfunction, blocks: c_int, block_size: c_int,
    );
    cuOccupancyMaxPotentialClusterSize = "cuOccupancyMaxPotentialClusterSize"(
        size: *mut c_int, function: CUfunction, config: *const CUlaunchConfig,
    );
    cuOccupancyMaxActiveClusters = "cuOccupancyMaxActiveClusters"(
        clusters: *mut c_int, function: CUfunction, config: *const CUlaunchConfig,
    );
    // pools
    cuDeviceGetDefaultMemPool = "cuDeviceGetDefaultMemPool"(pool: *mut CUmemoryPool, device: CUdevice);
    cuDeviceGetMemPool = "cuDeviceGetMemPool"(pool: *mut CUmemoryPool, device: CUdevice);
    cuDeviceSetMemPool = "cuDeviceSetMemPool"(device: CUdevice, pool: CUmemoryPool);
    cuMemAllocAsync = "cuMemAllocAsync"(address: *mut CUdeviceptr, bytes: usize, stream: CUstream);
    cuMemAllocFromPoolAsync = "cuMemAllocFromPoolAsync"(
        address: *mut CUdeviceptr, bytes: usize, pool: CUmemoryPool, stream: CUstream,
    );
    cuMemFreeAsync = "cuMemFreeAsync"(address: CUdeviceptr, stream: CUstream);
    cuMemPoolCreate = "cuMemPoolCreate"(pool: *mut CUmemoryPool, properties: *const CUmemPoolProps);
    cuMemPoolDestroy = "cuMemPoolDestroy"(pool: CUmemoryPool);
    cuMemPoolTrimTo = "cuMemPoolTrimTo"(pool: CUmemoryPool, keep: usize);
    cuMemPoolSetAttribute = "cuMemPoolSetAttribute"(
        pool: CUmemoryPool, attribute: CUmemPool_attribute, value: *mut c_void,
    );
    cuMemPoolGetAttribute = "cuMemPoolGetAttribute"(
        pool: CUmemoryPool, attribute: CUmemPool_attribute, value: *mut c_void,
    );
    cuMemPoolSetAccess = "cuMemPoolSetAccess"(pool: CUmemoryPool, map: *const CUmemAccessDesc, count: usize);
    cuMemPoolGetAccess = "cuMemPoolGetAccess"(
        flags: *mut CUmemAccess_flags, pool: CUmemoryPool, location: *mut CUmemLocation,
    );
    cuMemPoolExportToShareableHandle = "cuMemPoolExportToShareableHandle"(
        handle: *mut c_void, pool: CUmemoryPool, kind: CUmemAllocationHandleType, flags: c_ulonglong,
    );
    cuMemPoolImportFromShareableHandle = "cuMemPoolImportFromShareableHandle"(
        pool: *mut CUmemoryPool, handle: *mut c_void, kind: CUmemAllocationHandleType, flags: c_ulonglong,
    );
    cuMemPoolExportPointer = "cuMemPoolExportPointer"(data: *mut CUmemPoolPtrExportData, address: CUdeviceptr);
    cuMemPoolImportPointer = "cuMemPoolImportPointer"(
        address: *mut CUdeviceptr, pool: CUmemoryPool, data: *mut CUmemPoolPtrExportData,
    );
    // other processes and other APIs
    cuIpcGetEventHandle = "cuIpcGetEventHandle"(handle: *mut CUipcEventHandle, event: CUevent);
    cuIpcOpenEventHandle = "cuIpcOpenEventHandle"(event: *mut CUevent, handle: CUipcEventHandle);
    cuIpcGetMemHandle = "cuIpcGetMemHandle"(handle: *mut CUipcMemHandle, address: CUdeviceptr);
    cuIpcOpenMemHandle = "cuIpcOpenMemHandle_v2"(address: *mut CUdeviceptr, handle: CUipcMemHandle, flags: c_uint);
    cuIpcCloseMemHandle = "cuIpcCloseMemHandle"(address: CUdeviceptr);
    cuImportExternalMemory = "cuImportExternalMemory"(
        memory: *mut CUexternalMemory, description: *const CUDA_EXTERNAL_MEMORY_HANDLE_DESC,
    );
    cuExternalMemoryGetMappedBuffer = "cuExternalMemoryGetMappedBuffer"(
        address: *mut CUdeviceptr, memory: CUexternalMemory, description: *const
        CUDA_EXTERNAL_MEMORY_BUFFER_DESC,
    );
    cuExternalMemoryGetMappedMipmappedArray = "cuExternalMemoryGetMappedMipmappedArray"(
        array: *mut CUmipmappedArray, memory: CUexternalMemory, description: *const
        CUDA_EXTERNAL_MEMORY_MIPMAPPED_ARRAY_DESC,
    );
    cuDestroyExternalMemory = "cuDestroyExternalMemory"(memory: CUexternalMemory);
    cuImportExternalSemaphore = "cuImportExternalSemaphore"(
        semaphore: *mut CUexternalSemaphore, description: *const CUDA_EXTERNAL_SEMAPHORE_HANDLE_DESC,
    );
    cuDestroyExternalSemaphore = "cuDestroyExternalSemaphore"(semaphore: CUexternalSemaphore);
    cuSignalExternalSemaphoresAsync = "cuSignalExternalSemaphoresAsync"(
        semaphores: *const CUexternalSemaphore, params: *const CUDA_EXTERNAL_SEMAPHORE_SIGNAL_PARAMS, count:
        c_uint, stream: CUstream,
    );
    cuWaitExternalSemaphoresAsync = "cuWaitExternalSemaphoresAsync"(
        semaphores: *const CUexternalSemaphore, params: *const CUDA_EXTERNAL_SEMAPHORE_WAIT_PARAMS, count:
        c_uint, stream: CUstream,
    );
    cuProfilerStart = "cuProfilerStart"();
    cuProfilerStop = "cuProfilerStop"();
}
