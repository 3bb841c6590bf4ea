//! The stream-ordered allocator.

use crate::shell::*;
use ::driver::pool;
use abi::*;
use std::ffi::{c_int, c_void};

stream_api! {
    fn cuMemAllocAsync / cuMemAllocAsync_ptsz(default; to: *mut CUdeviceptr, size: usize, stream: CUstream) {
        give(to, || pool::alloc(size, CUmemoryPool::NULL, pick(default, stream)))
    }

    fn cuMemAllocFromPoolAsync / cuMemAllocFromPoolAsync_ptsz(
        default;
        to: *mut CUdeviceptr,
        size: usize,
        handle: CUmemoryPool,
        stream: CUstream,
    ) {
        ::driver::require(!handle.is_null())?;
        give(to, || pool::alloc(size, handle, pick(default, stream)))
    }

    fn cuMemFreeAsync / cuMemFreeAsync_ptsz(default; at: CUdeviceptr, stream: CUstream) {
        pool::free(at, pick(default, stream))
    }
}

api! {
    fn cuMemPoolCreate(to: *mut CUmemoryPool, props: *const CUmemPoolProps) {
        give(to, || pool::create(input(props)?))
    }

    fn cuMemPoolDestroy(handle: CUmemoryPool) {
        pool::destroy(handle)
    }

    fn cuMemPoolTrimTo(handle: CUmemoryPool, keep: usize) {
        let _ = keep;
        pool::trim(handle)
    }

    fn cuMemPoolGetAttribute(handle: CUmemoryPool, attribute: CUmemPool_attribute, value: *mut c_void) {
        let got = pool::attribute(handle, attribute)?;
        if pool::is_int(attribute) {
            give(value.cast::<c_int>(), || Ok(got as c_int))
        } else {
            give(value.cast::<u64>(), || Ok(got))
        }
    }

    fn cuMemPoolSetAttribute(handle: CUmemoryPool, attribute: CUmemPool_attribute, value: *mut c_void) {
        let value = if pool::is_int(attribute) {
            *input(value.cast::<c_int>().cast_const())? as u64
        } else {
            *input(value.cast::<u64>().cast_const())?
        };
        pool::set_attribute(handle, attribute, value)
    }

    fn cuMemPoolGetAccess(flags: *mut CUmemAccess_flags, handle: CUmemoryPool, location: *mut CUmemLocation) {
        give(flags, || pool::access(handle, input(location.cast_const())?))
    }

    fn cuMemPoolSetAccess(handle: CUmemoryPool, descs: *const CUmemAccessDesc, count: usize) {
        pool::set_access(handle, list(descs, count)?)
    }
}
