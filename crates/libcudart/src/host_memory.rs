//! Page-locked host memory.

use crate::api::require;
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_uint, c_void};

api! {
    fn cudaMallocHost(pointer: *mut *mut c_void, size: usize) {
        require(pointer)?;
        context::ensure()?;
        allocate(pointer, size, CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP)
    }

    /// Allocates with `cudaHostAlloc…` flags, which are the driver's. All memory here is mapped and portable.
    fn cudaHostAlloc(pointer: *mut *mut c_void, size: usize, flags: c_uint) {
        const KNOWN: c_uint = CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP | CU_MEMHOSTALLOC_WRITECOMBINED;
        require(pointer)?;
        if flags & !KNOWN != 0 {
            return Err(cudaErrorInvalidValue);
        }
        context::ensure()?;
        allocate(pointer, size, flags | CU_MEMHOSTALLOC_DEVICEMAP)
    }

    /// Frees page-locked memory; null is no error.
    fn cudaFreeHost(pointer: *mut c_void) {
        context::ensure()?;
        if pointer.is_null() { Ok(()) } else { cu::cuMemFreeHost(pointer) }
    }

    fn cudaHostRegister(pointer: *mut c_void, size: usize, flags: c_uint) {
        require(pointer)?;
        if size == 0 {
            return Err(cudaErrorInvalidValue);
        }
        context::ensure()?;
        cu::cuMemHostRegister(pointer, size, flags)
    }

    fn cudaHostUnregister(pointer: *mut c_void) {
        require(pointer)?;
        context::ensure()?;
        cu::cuMemHostUnregister(pointer)
    }

    fn cudaHostGetDevicePointer(device: *mut *mut c_void, host: *mut c_void, flags: c_uint) {
        require(device)?;
        require(host)?;
        context::ensure()?;
        let mut address = 0;
        cu::cuMemHostGetDevicePointer(&mut address, host, flags)?;
        device.write(address as *mut c_void);
        Ok(())
    }

    fn cudaHostGetFlags(flags: *mut c_uint, host: *mut c_void) {
        require(flags)?;
        require(host)?;
        context::ensure()?;
        cu::cuMemHostGetFlags(flags, host)
    }
}

/// # Safety
/// `pointer` is writable.
unsafe fn allocate(pointer: *mut *mut c_void, size: usize, flags: c_uint) -> crate::api::Result {
    // SAFETY: the output is the caller's.
    unsafe {
        if size == 0 {
            pointer.write(core::ptr::null_mut());
            return Ok(());
        }
        cu::cuMemHostAlloc(pointer, size, flags)
    }
}
