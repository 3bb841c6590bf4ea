//! Managed memory and hints about its use.

use crate::api::{known, require};
use crate::driver as cu;
use crate::{context, register};
use abi::*;
use core::ffi::{c_int, c_uint, c_void};

api! {
    /// Allocates memory that host and devices share.
    fn cudaMallocManaged(pointer: *mut *mut c_void, size: usize, flags: c_uint) {
        require(pointer)?;
        if !matches!(flags, CU_MEM_ATTACH_GLOBAL | CU_MEM_ATTACH_HOST) {
            return Err(cudaErrorInvalidValue);
        }
        context::ensure()?;
        let mut address = 0;
        if size != 0 {
            cu::cuMemAllocManaged(&mut address, size, flags)?;
        }
        pointer.write(address as *mut c_void);
        Ok(())
    }

    /// The device is an ordinal or `cudaCpuDeviceId`, which the driver calls the same.
    fn cudaMemAdvise(pointer: *const c_void, count: usize, advice: cudaMemoryAdvise, device: c_int) {
        require(pointer)?;
        known(advice.is_known())?;
        context::ensure()?;
        cu::cuMemAdvise(pointer as CUdeviceptr, count, advice, device)
    }

    fn cudaMemAdvise_v2(pointer: *const c_void, count: usize, advice: cudaMemoryAdvise, location: cudaMemLocation) {
        require(pointer)?;
        known(advice.is_known())?;
        context::ensure()?;
        cu::cuMemAdviseLocation(pointer as CUdeviceptr, count, advice, location)
    }

    fn cudaMemRangeGetAttribute(
        data: *mut c_void, size: usize, attribute: cudaMemRangeAttribute, pointer: *const c_void, count: usize,
    ) {
        require(data)?;
        require(pointer)?;
        known(attribute.is_known())?;
        context::ensure()?;
        cu::cuMemRangeGetAttribute(data, size, attribute, pointer as CUdeviceptr, count)
    }

    fn cudaMemRangeGetAttributes(
        data: *mut *mut c_void, sizes: *mut usize, attributes: *mut cudaMemRangeAttribute, attribute_count: usize,
        pointer: *const c_void, count: usize,
    ) {
        require(data)?;
        require(sizes)?;
        require(attributes)?;
        require(pointer)?;
        context::ensure()?;
        cu::cuMemRangeGetAttributes(data, sizes, attributes, attribute_count, pointer as CUdeviceptr, count)
    }
}

stream_api! {
    fn cudaMemPrefetchAsync, cudaMemPrefetchAsync_ptsz(
        default; pointer: *const c_void, count: usize, device: c_int, stream: cudaStream_t,
    ) {
        require(pointer)?;
        context::ensure()?;
        if device != cudaCpuDeviceId {
            context::check_device(device)?;
        }
        cu::cuMemPrefetchAsync(pointer as CUdeviceptr, count, device, default.stream(stream))
    }

    fn cudaMemPrefetchAsync_v2, cudaMemPrefetchAsync_v2_ptsz(
        default; pointer: *const c_void, count: usize, location: cudaMemLocation, flags: c_uint, stream: cudaStream_t,
    ) {
        require(pointer)?;
        context::ensure()?;
        cu::cuMemPrefetchLocationAsync(pointer as CUdeviceptr, count, location, flags, default.stream(stream))
    }

    fn cudaStreamAttachMemAsync, cudaStreamAttachMemAsync_ptsz(
        default; stream: cudaStream_t, pointer: *mut c_void, length: usize, flags: c_uint,
    ) {
        require(pointer)?;
        context::ensure()?;
        if register::is_managed(pointer as usize) {
            return known(matches!(flags, CU_MEM_ATTACH_GLOBAL | CU_MEM_ATTACH_HOST | CU_MEM_ATTACH_SINGLE));
        }
        cu::cuStreamAttachMemAsync(default.stream(stream), pointer as CUdeviceptr, length, flags)
    }
}
