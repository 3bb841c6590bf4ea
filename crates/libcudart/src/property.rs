//! `cudaDeviceProp`, filled from the driver's device attributes.

use crate::api::{Result, require};
use crate::context;
use crate::device::attribute;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_int, c_uint};

api! {
    /// The properties of a device, in CUDA 12's layout.
    fn cudaGetDeviceProperties_v2(properties: *mut cudaDeviceProp, device: c_int) {
        require(properties)?;
        properties.write(read(device)?);
        Ok(())
    }

    /// The properties in CUDA 11's layout, which is the beginning of CUDA 12's: programs built for 12 call `_v2`.
    fn cudaGetDeviceProperties(properties: *mut cudaDeviceProp, device: c_int) {
        require(properties)?;
        let all = read(device)?;
        let from = (&raw const all).cast::<u8>();
        core::ptr::copy_nonoverlapping(from, properties.cast(), CUDA_DEVICE_PROP_V1_BYTES);
        Ok(())
    }
}

fn read(device: c_int) -> Result<cudaDeviceProp> {
    let device = context::check_device(device)?;
    let mut out = cudaDeviceProp::zeroed();
    // SAFETY: every output is a field of `out`, of the size that is passed along.
    unsafe {
        cu::cuDeviceGetName(out.name.as_mut_ptr(), out.name.len() as c_int, device)?;
        cu::cuDeviceTotalMem(&mut out.totalGlobalMem, device)?;
        cu::cuDeviceGetUuid(&mut out.uuid, device)?;
        // A LUID exists on Windows only; its absence leaves zeros.
        let _ = cu::cuDeviceGetLuid(out.luid.as_mut_ptr(), &mut out.luidDeviceNodeMask, device);
    }
    for (place, which) in ints(&mut out) {
        *place = attribute(which, device)?;
    }
    for (place, which) in sizes(&mut out) {
        *place = attribute(which, device)? as usize;
    }
    out.gpuDirectRDMAFlushWritesOptions =
        attribute(CU_DEVICE_ATTRIBUTE_GPU_DIRECT_RDMA_FLUSH_WRITES_OPTIONS, device)? as c_uint;
    out.memoryPoolSupportedHandleTypes =
        attribute(CU_DEVICE_ATTRIBUTE_MEMPOOL_SUPPORTED_HANDLE_TYPES, device)? as c_uint;
    Ok(out)
}

/// The attributes that fill `size_t` fields.
fn sizes(p: &mut cudaDeviceProp) -> [(&mut usize, CUdevice_attribute); 9] {
    [
        (&mut p.sharedMemPerBlock, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK),
        (&mut p.memPitch, CU_DEVICE_ATTRIBUTE_MAX_PITCH),
        (&mut p.totalConstMem, CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY),
        (&mut p.textureAlignment, CU_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT),
        (&mut p.texturePitchAlignment, CU_DEVICE_ATTRIBUTE_TEXTURE_PITCH_ALIGNMENT),
        (&mut p.surfaceAlignment, CU_DEVICE_ATTRIBUTE_SURFACE_ALIGNMENT),
        (&mut p.sharedMemPerMultiprocessor, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR),
        (&mut p.sharedMemPerBlockOptin, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN),
        (&mut p.reservedSharedMemPerBlock, CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK),
    ]
}

/// The attributes that fill `int` fields.
fn ints(p: &mut cudaDeviceProp) -> Vec<(&mut c_int, CUdevice_attribute)> {
    let [threads_x, threads_y, threads_z] = &mut p.maxThreadsDim;
    let [grid_x, grid_y, grid_z] = &mut p.maxGridSize;
    let [tex2_w, tex2_h] = &mut p.maxTexture2D;
    let [mip2_w, mip2_h] = &mut p.maxTexture2DMipmap;
    let [lin2_w, lin2_h, lin2_pitch] = &mut p.maxTexture2DLinear;
    let [gather_w, gather_h] = &mut p.maxTexture2DGather;
    let [tex3_w, tex3_h, tex3_d] = &mut p.maxTexture3D;
    let [alt3_w, alt3_h, alt3_d] = &mut p.maxTexture3DAlt;
    let [lay1_w, lay1_n] = &mut p.maxTexture1DLayered;
    let [lay2_w, lay2_h, lay2_n] = &mut p.maxTexture2DLayered;
    let [cube_w, cube_n] = &mut p.maxTextureCubemapLayered;
    let [surf2_w, surf2_h] = &mut p.maxSurface2D;
    let [surf3_w, surf3_h, surf3_d] = &mut p.maxSurface3D;
    let [slay1_w, slay1_n] = &mut p.maxSurface1DLayered;
    let [slay2_w, slay2_h, slay2_n] = &mut p.maxSurface2DLayered;
    let [scube_w, scube_n] = &mut p.maxSurfaceCubemapLayered;
    vec![
        (&mut p.regsPerBlock, CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK),
        (&mut p.warpSize, CU_DEVICE_ATTRIBUTE_WARP_SIZE),
        (&mut p.maxThreadsPerBlock, CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK),
        (threads_x, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X),
        (threads_y, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y),
        (threads_z, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z),
        (grid_x, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X),
        (grid_y, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y),
        (grid_z, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z),
        (&mut p.clockRate, CU_DEVICE_ATTRIBUTE_CLOCK_RATE),
        (&mut p.major, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
        (&mut p.minor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
        (&mut p.deviceOverlap, CU_DEVICE_ATTRIBUTE_GPU_OVERLAP),
        (&mut p.multiProcessorCount, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
        (&mut p.kernelExecTimeoutEnabled, CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT),
        (&mut p.integrated, CU_DEVICE_ATTRIBUTE_INTEGRATED),
        (&mut p.canMapHostMemory, CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY),
        (&mut p.computeMode, CU_DEVICE_ATTRIBUTE_COMPUTE_MODE),
        (&mut p.maxTexture1D, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE1D_WIDTH),
        (&mut p.maxTexture1DMipmap, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE1D_MIPMAPPED_WIDTH),
        (&mut p.maxTexture1DLinear, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE1D_LINEAR_WIDTH),
        (tex2_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE2D_WIDTH),
        (tex2_h, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE2D_HEIGHT),
        (mip2_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE2D_MIPMAPPED_WIDTH),
        (mip2_h, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE2D_MIPMAPPED_HEIGHT),
        (lin2_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE2D_LINEAR_WIDTH),
        (lin2_h, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE2D_LINEAR_HEIGHT),
        (lin2_pitch, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE2D_LINEAR_PITCH),
        (gather_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE2D_GATHER_WIDTH),
        (gather_h, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE2D_GATHER_HEIGHT),
        (tex3_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE3D_WIDTH),
        (tex3_h, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE3D_HEIGHT),
        (tex3_d, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE3D_DEPTH),
        (alt3_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE3D_WIDTH_ALTERNATE),
        (alt3_h, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE3D_HEIGHT_ALTERNATE),
        (alt3_d, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE3D_DEPTH_ALTERNATE),
        (&mut p.maxTextureCubemap, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURECUBEMAP_WIDTH),
        (lay1_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE1D_LAYERED_WIDTH),
        (lay1_n, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE1D_LAYERED_LAYERS),
        (lay2_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE2D_LAYERED_WIDTH),
        (lay2_h, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE2D_LAYERED_HEIGHT),
        (lay2_n, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE2D_LAYERED_LAYERS),
        (cube_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURECUBEMAP_LAYERED_WIDTH),
        (cube_n, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURECUBEMAP_LAYERED_LAYERS),
        (&mut p.maxSurface1D, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACE1D_WIDTH),
        (surf2_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACE2D_WIDTH),
        (surf2_h, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACE2D_HEIGHT),
        (surf3_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACE3D_WIDTH),
        (surf3_h, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACE3D_HEIGHT),
        (surf3_d, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACE3D_DEPTH),
        (slay1_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACE1D_LAYERED_WIDTH),
        (slay1_n, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACE1D_LAYERED_LAYERS),
        (slay2_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACE2D_LAYERED_WIDTH),
        (slay2_h, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACE2D_LAYERED_HEIGHT),
        (slay2_n, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACE2D_LAYERED_LAYERS),
        (&mut p.maxSurfaceCubemap, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACECUBEMAP_WIDTH),
        (scube_w, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACECUBEMAP_LAYERED_WIDTH),
        (scube_n, CU_DEVICE_ATTRIBUTE_MAXIMUM_SURFACECUBEMAP_LAYERED_LAYERS),
        (&mut p.concurrentKernels, CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS),
        (&mut p.ECCEnabled, CU_DEVICE_ATTRIBUTE_ECC_ENABLED),
        (&mut p.pciBusID, CU_DEVICE_ATTRIBUTE_PCI_BUS_ID),
        (&mut p.pciDeviceID, CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID),
        (&mut p.pciDomainID, CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID),
        (&mut p.tccDriver, CU_DEVICE_ATTRIBUTE_TCC_DRIVER),
        (&mut p.asyncEngineCount, CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT),
        (&mut p.unifiedAddressing, CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING),
        (&mut p.memoryClockRate, CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE),
        (&mut p.memoryBusWidth, CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH),
        (&mut p.l2CacheSize, CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE),
        (&mut p.persistingL2CacheMaxSize, CU_DEVICE_ATTRIBUTE_MAX_PERSISTING_L2_CACHE_SIZE),
        (&mut p.maxThreadsPerMultiProcessor, CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR),
        (&mut p.streamPrioritiesSupported, CU_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED),
        (&mut p.globalL1CacheSupported, CU_DEVICE_ATTRIBUTE_GLOBAL_L1_CACHE_SUPPORTED),
        (&mut p.localL1CacheSupported, CU_DEVICE_ATTRIBUTE_LOCAL_L1_CACHE_SUPPORTED),
        (&mut p.regsPerMultiprocessor, CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR),
        (&mut p.managedMemory, CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY),
        (&mut p.isMultiGpuBoard, CU_DEVICE_ATTRIBUTE_MULTI_GPU_BOARD),
        (&mut p.multiGpuBoardGroupID, CU_DEVICE_ATTRIBUTE_MULTI_GPU_BOARD_GROUP_ID),
        (&mut p.hostNativeAtomicSupported, CU_DEVICE_ATTRIBUTE_HOST_NATIVE_ATOMIC_SUPPORTED),
        (&mut p.singleToDoublePrecisionPerfRatio, CU_DEVICE_ATTRIBUTE_SINGLE_TO_DOUBLE_PRECISION_PERF_RATIO),
        (&mut p.pageableMemoryAccess, CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS),
        (&mut p.concurrentManagedAccess, CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS),
        (&mut p.computePreemptionSupported, CU_DEVICE_ATTRIBUTE_COMPUTE_PREEMPTION_SUPPORTED),
        (
            &mut p.canUseHostPointerForRegisteredMem,
            CU_DEVICE_ATTRIBUTE_CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM,
        ),
        (&mut p.cooperativeLaunch, CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH),
        (&mut p.cooperativeMultiDeviceLaunch, CU_DEVICE_ATTRIBUTE_COOPERATIVE_MULTI_DEVICE_LAUNCH),
        (
            &mut p.pageableMemoryAccessUsesHostPageTables,
            CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS_USES_HOST_PAGE_TABLES,
        ),
        (&mut p.directManagedMemAccessFromHost, CU_DEVICE_ATTRIBUTE_DIRECT_MANAGED_MEM_ACCESS_FROM_HOST),
        (&mut p.maxBlocksPerMultiProcessor, CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR),
        (&mut p.accessPolicyMaxWindowSize, CU_DEVICE_ATTRIBUTE_MAX_ACCESS_POLICY_WINDOW_SIZE),
        (&mut p.hostRegisterSupported, CU_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED),
        (&mut p.sparseCudaArraySupported, CU_DEVICE_ATTRIBUTE_SPARSE_CUDA_ARRAY_SUPPORTED),
        (&mut p.hostRegisterReadOnlySupported, CU_DEVICE_ATTRIBUTE_READ_ONLY_HOST_REGISTER_SUPPORTED),
        (&mut p.timelineSemaphoreInteropSupported, CU_DEVICE_ATTRIBUTE_TIMELINE_SEMAPHORE_INTEROP_SUPPORTED),
        (&mut p.memoryPoolsSupported, CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED),
        (&mut p.gpuDirectRDMASupported, CU_DEVICE_ATTRIBUTE_GPU_DIRECT_RDMA_SUPPORTED),
        (&mut p.gpuDirectRDMAWritesOrdering, CU_DEVICE_ATTRIBUTE_GPU_DIRECT_RDMA_WRITES_ORDERING),
        (&mut p.deferredMappingCudaArraySupported, CU_DEVICE_ATTRIBUTE_DEFERRED_MAPPING_CUDA_ARRAY_SUPPORTED),
        (&mut p.ipcEventSupported, CU_DEVICE_ATTRIBUTE_IPC_EVENT_SUPPORTED),
        (&mut p.clusterLaunch, CU_DEVICE_ATTRIBUTE_CLUSTER_LAUNCH),
        (&mut p.unifiedFunctionPointers, CU_DEVICE_ATTRIBUTE_UNIFIED_FUNCTION_POINTERS),
    ]
}
