//! Entries that are other entries under an older or newer name.
//!
//! Invariant: both have the same C signature on 64-bit systems. The first versions of the memory functions took 32-bit
//! addresses; no 64-bit program was ever built against them, but loaders look their names up and mean the second.

alias! {
    cuArray3DCreate = crate::array::cuArray3DCreate_v2;
    cuArray3DGetDescriptor = crate::array::cuArray3DGetDescriptor_v2;
    cuArrayCreate = crate::array::cuArrayCreate_v2;
    cuArrayGetDescriptor = crate::array::cuArrayGetDescriptor_v2;
    cuCtxCreate = crate::context::cuCtxCreate_v2;
    cuCtxDestroy = crate::context::cuCtxDestroy_v2;
    cuCtxPopCurrent = crate::context::cuCtxPopCurrent_v2;
    cuCtxPushCurrent = crate::context::cuCtxPushCurrent_v2;
    cuDeviceGetUuid_v2 = crate::device::cuDeviceGetUuid;
    cuDevicePrimaryCtxRelease = crate::device::cuDevicePrimaryCtxRelease_v2;
    cuDevicePrimaryCtxReset = crate::device::cuDevicePrimaryCtxReset_v2;
    cuDevicePrimaryCtxSetFlags = crate::device::cuDevicePrimaryCtxSetFlags_v2;
    cuDeviceTotalMem = crate::device::cuDeviceTotalMem_v2;
    cuEventDestroy = crate::event::cuEventDestroy_v2;
    cuGraphInstantiate = crate::graph::cuGraphInstantiate_v2;
    cuLinkAddData = crate::link::cuLinkAddData_v2;
    cuLinkAddFile = crate::link::cuLinkAddFile_v2;
    cuLinkCreate = crate::link::cuLinkCreate_v2;
    cuMemAlloc = crate::memory::cuMemAlloc_v2;
    cuMemAllocHost = crate::memory::cuMemAllocHost_v2;
    cuMemAllocPitch = crate::memory::cuMemAllocPitch_v2;
    cuMemFree = crate::memory::cuMemFree_v2;
    cuMemGetAddressRange = crate::memory::cuMemGetAddressRange_v2;
    cuMemGetInfo = crate::memory::cuMemGetInfo_v2;
    cuMemHostGetDevicePointer = crate::memory::cuMemHostGetDevicePointer_v2;
    cuMemHostRegister = crate::memory::cuMemHostRegister_v2;
    cuMemcpy2D = crate::copy::cuMemcpy2D_v2;
    cuMemcpy2DAsync = crate::copy::cuMemcpy2DAsync_v2;
    cuMemcpy2DUnaligned = crate::copy::cuMemcpy2DUnaligned_v2;
    cuMemcpy3D = crate::copy::cuMemcpy3D_v2;
    cuMemcpy3DAsync = crate::copy::cuMemcpy3DAsync_v2;
    cuMemcpyAtoA = crate::copy::cuMemcpyAtoA_v2;
    cuMemcpyAtoD = crate::copy::cuMemcpyAtoD_v2;
    cuMemcpyAtoH = crate::copy::cuMemcpyAtoH_v2;
    cuMemcpyAtoHAsync = crate::copy::cuMemcpyAtoHAsync_v2;
    cuMemcpyDtoA = crate::copy::cuMemcpyDtoA_v2;
    cuMemcpyDtoD = crate::copy::cuMemcpyDtoD_v2;
    cuMemcpyDtoDAsync = crate::copy::cuMemcpyDtoDAsync_v2;
    cuMemcpyDtoH = crate::copy::cuMemcpyDtoH_v2;
    cuMemcpyDtoHAsync = crate::copy::cuMemcpyDtoHAsync_v2;
    cuMemcpyHtoA = crate::copy::cuMemcpyHtoA_v2;
    cuMemcpyHtoAAsync = crate::copy::cuMemcpyHtoAAsync_v2;
    cuMemcpyHtoD = crate::copy::cuMemcpyHtoD_v2;
    cuMemcpyHtoDAsync = crate::copy::cuMemcpyHtoDAsync_v2;
    cuMemsetD16 = crate::fill::cuMemsetD16_v2;
    cuMemsetD2D16 = crate::fill::cuMemsetD2D16_v2;
    cuMemsetD2D32 = crate::fill::cuMemsetD2D32_v2;
    cuMemsetD2D8 = crate::fill::cuMemsetD2D8_v2;
    cuMemsetD32 = crate::fill::cuMemsetD32_v2;
    cuMemsetD8 = crate::fill::cuMemsetD8_v2;
    cuModuleGetGlobal = crate::module::cuModuleGetGlobal_v2;
    cuStreamBatchMemOp = crate::stream::cuStreamBatchMemOp_v2;
    cuStreamBatchMemOp_ptsz = crate::stream::cuStreamBatchMemOp_v2_ptsz;
    cuStreamBeginCapture = crate::stream::cuStreamBeginCapture_v2;
    cuStreamBeginCapture_ptsz = crate::stream::cuStreamBeginCapture_v2_ptsz;
    cuStreamDestroy = crate::stream::cuStreamDestroy_v2;
    cuStreamWaitValue32 = crate::stream::cuStreamWaitValue32_v2;
    cuStreamWaitValue32_ptsz = crate::stream::cuStreamWaitValue32_v2_ptsz;
    cuStreamWaitValue64 = crate::stream::cuStreamWaitValue64_v2;
    cuStreamWaitValue64_ptsz = crate::stream::cuStreamWaitValue64_v2_ptsz;
    cuStreamWriteValue32 = crate::stream::cuStreamWriteValue32_v2;
    cuStreamWriteValue32_ptsz = crate::stream::cuStreamWriteValue32_v2_ptsz;
    cuStreamWriteValue64 = crate::stream::cuStreamWriteValue64_v2;
    cuStreamWriteValue64_ptsz = crate::stream::cuStreamWriteValue64_v2_ptsz;
}
