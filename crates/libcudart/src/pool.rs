//! Allocation in stream order, and the pools behind it.

use crate::api::{known, require};
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_int, c_uint, c_void};

stream_api! {
    fn cudaMallocAsync, cudaMallocAsync_ptsz(
        default; pointer: *mut *mut c_void, size: usize, stream: cudaStream_t,
    ) {
        require(pointer)?;
        context::ensure()?;
        let mut address = 0;
        if size != 0 {
            cu::cuMemAllocAsync(&mut address, size, default.stream(stream))?;
        }
        pointer.write(address as *mut c_void);
        Ok(())
    }

    fn cudaMallocFromPoolAsync, cudaMallocFromPoolAsync_ptsz(
        default; pointer: *mut *mut c_void, size: usize, pool: cudaMemPool_t, stream: cudaStream_t,
    ) {
        require(pointer)?;
        context::ensure()?;
        let mut address = 0;
        if size != 0 {
            cu::cuMemAllocFromPoolAsync(&mut address, size, pool, default.stream(stream))?;
        }
        pointer.write(address as *mut c_void);
        Ok(())
    }

    /// Frees in stream order; null is no error.
    fn cudaFreeAsync, cudaFreeAsync_ptsz(default; pointer: *mut c_void, stream: cudaStream_t) {
        context::ensure()?;
        if pointer.is_null() {
            return Ok(());
        }
        cu::cuMemFreeAsync(pointer as CUdeviceptr, default.stream(stream))
    }
}

api! {
    fn cudaDeviceGetDefaultMemPool(pool: *mut cudaMemPool_t, device: c_int) {
        require(pool)?;
        context::check_device(device)?;
        cu::cuDeviceGetDefaultMemPool(pool, device)
    }

    fn cudaDeviceGetMemPool(pool: *mut cudaMemPool_t, device: c_int) {
        require(pool)?;
        context::check_device(device)?;
        cu::cuDeviceGetMemPool(pool, device)
    }

    fn cudaDeviceSetMemPool(device: c_int, pool: cudaMemPool_t) {
        context::check_device(device)?;
        cu::cuDeviceSetMemPool(device, pool)
    }

    fn cudaMemPoolCreate(pool: *mut cudaMemPool_t, properties: *const cudaMemPoolProps) {
        require(pool)?;
        require(properties)?;
        context::ensure()?;
        cu::cuMemPoolCreate(pool, properties)
    }

    fn cudaMemPoolDestroy(pool: cudaMemPool_t) {
        context::ensure()?;
        cu::cuMemPoolDestroy(pool)
    }

    fn cudaMemPoolTrimTo(pool: cudaMemPool_t, keep: usize) {
        context::ensure()?;
        cu::cuMemPoolTrimTo(pool, keep)
    }

    fn cudaMemPoolSetAttribute(pool: cudaMemPool_t, attribute: cudaMemPoolAttr, value: *mut c_void) {
        require(value)?;
        known(attribute.is_known())?;
        context::ensure()?;
        cu::cuMemPoolSetAttribute(pool, attribute, value)
    }

    fn cudaMemPoolGetAttribute(pool: cudaMemPool_t, attribute: cudaMemPoolAttr, value: *mut c_void) {
        require(value)?;
        known(attribute.is_known())?;
        context::ensure()?;
        cu::cuMemPoolGetAttribute(pool, attribute, value)
    }

    fn cudaMemPoolSetAccess(pool: cudaMemPool_t, list: *const cudaMemAccessDesc, count: usize) {
        require(list)?;
        context::ensure()?;
        cu::cuMemPoolSetAccess(pool, list, count)
    }

    fn cudaMemPoolGetAccess(flags: *mut cudaMemAccessFlags, pool: cudaMemPool_t, location: *mut cudaMemLocation) {
        require(flags)?;
        require(location)?;
        context::ensure()?;
        cu::cuMemPoolGetAccess(flags, pool, location)
    }

    fn cudaMemPoolExportToShareableHandle(
        handle: *mut c_void, pool: cudaMemPool_t, kind: cudaMemAllocationHandleType, flags: c_uint,
    ) {
        require(handle)?;
        context::ensure()?;
        cu::cuMemPoolExportToShareableHandle(handle, pool, kind, flags.into())
    }

    fn cudaMemPoolImportFromShareableHandle(
        pool: *mut cudaMemPool_t, handle: *mut c_void, kind: cudaMemAllocationHandleType, flags: c_uint,
    ) {
        require(pool)?;
        context::ensure()?;
        cu::cuMemPoolImportFromShareableHandle(pool, handle, kind, flags.into())
    }

    fn cudaMemPoolExportPointer(data: *mut cudaMemPoolPtrExportData, pointer: *mut c_void) {
        require(data)?;
        require(pointer)?;
        context::ensure()?;
        cu::cuMemPoolExportPointer(data, pointer as CUdeviceptr)
    }

    fn cudaMemPoolImportPointer(pointer: *mut *mut c_void, pool: cudaMemPool_t, data: *mut cudaMemPoolPtrExportData) {
        require(pointer)?;
        require(data)?;
        context::ensure()?;
        let mut address = 0;
        cu::cuMemPoolImportPointer(&mut address, pool, data)?;
        pointer.write(address as *mut c_void);
        Ok(())
    }
}
