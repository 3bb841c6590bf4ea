//! Virtual memory management.

use crate::shell::*;
use ::driver::vmm;
use abi::*;
use std::ffi::{c_ulonglong, c_void};

api! {
    fn cuMemAddressReserve(
        to: *mut CUdeviceptr,
        size: usize,
        align: usize,
        hint: CUdeviceptr,
        flags: c_ulonglong,
    ) {
        // The address asked for is a hint that need not be followed.
        let _ = hint;
        give(to, || vmm::reserve(size, align, flags))
    }

    fn cuMemAddressFree(at: CUdeviceptr, size: usize) {
        vmm::release_range(at, size)
    }

    fn cuMemCreate(
        to: *mut CUmemGenericAllocationHandle,
        size: usize,
        props: *const CUmemAllocationProp,
        flags: c_ulonglong,
    ) {
        give(to, || vmm::create(size, input(props)?, flags))
    }

    fn cuMemRelease(handle: CUmemGenericAllocationHandle) {
        vmm::release(handle)
    }

    fn cuMemMap(
        at: CUdeviceptr,
        size: usize,
        offset: usize,
        handle: CUmemGenericAllocationHandle,
        flags: c_ulonglong,
    ) {
        vmm::map(at, size, offset, handle, flags)
    }

    fn cuMemUnmap(at: CUdeviceptr, size: usize) {
        vmm::unmap(at, size)
    }

    fn cuMemSetAccess(at: CUdeviceptr, size: usize, descs: *const CUmemAccessDesc, count: usize) {
        vmm::set_access(at, size, list(descs, count)?)
    }

    fn cuMemGetAccess(flags: *mut c_ulonglong, location: *const CUmemLocation, at: CUdeviceptr) {
        give(flags, || vmm::access(input(location)?, at))
    }

    fn cuMemGetAllocationGranularity(
        size: *mut usize,
        props: *const CUmemAllocationProp,
        option: CUmemAllocationGranularity_flags,
    ) {
        give(size, || vmm::granularity(input(props)?, option))
    }

    fn cuMemGetAllocationPropertiesFromHandle(
        props: *mut CUmemAllocationProp,
        handle: CUmemGenericAllocationHandle,
    ) {
        give(props, || vmm::properties(handle))
    }

    fn cuMemRetainAllocationHandle(to: *mut CUmemGenericAllocationHandle, at: *mut c_void) {
        give(to, || vmm::retain(at as u64))
    }
}
