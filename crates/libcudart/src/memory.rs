//! Device memory: allocation, release, queries.

use crate::api::{Result, require};
use crate::driver as cu;
use crate::{context, convert};
use abi::*;
use core::ffi::{c_uint, c_void};

api! {
    /// Allocates device memory. Zero bytes are a null pointer and no error.
    fn cudaMalloc(pointer: *mut *mut c_void, size: usize) {
        require(pointer)?;
        context::ensure()?;
        let mut address = 0;
        if size != 0 {
            cu::cuMemAlloc(&mut address, size)?;
        }
        pointer.write(address as *mut c_void);
        Ok(())
    }

    /// Frees device memory. Null is no error, and starts the context: programs use that.
    fn cudaFree(pointer: *mut c_void) {
        context::ensure()?;
        cu::cuMemFree(pointer as CUdeviceptr)
    }

    /// Allocates rows of `width` bytes at a pitch that suits the device.
    fn cudaMallocPitch(pointer: *mut *mut c_void, pitch: *mut usize, width: usize, height: usize) {
        require(pointer)?;
        require(pitch)?;
        context::ensure()?;
        let (address, bytes) = allocate_pitched(width, height)?;
        pointer.write(address as *mut c_void);
        pitch.write(bytes);
        Ok(())
    }

    /// Allocates slices of rows. The extent's width is in bytes.
    fn cudaMalloc3D(pointer: *mut cudaPitchedPtr, extent: cudaExtent) {
        require(pointer)?;
        context::ensure()?;
        let rows = extent.height.checked_mul(extent.depth).ok_or(cudaErrorMemoryAllocation)?;
        let (address, pitch) = allocate_pitched(extent.width, rows)?;
        pointer.write(cudaPitchedPtr { ptr: address as *mut c_void, pitch, xsize: extent.width, ysize: extent.height });
        Ok(())
    }

    /// Allocates an array of `width` × `height` elements; a height of 0 makes it one-dimensional.
    fn cudaMallocArray(
        array: *mut cudaArray_t, format: *const cudaChannelFormatDesc, width: usize, height: usize, flags: c_uint,
    ) {
        require(array)?;
        require(format)?;
        context::ensure()?;
        let extent = cudaExtent { width, height, depth: 0 };
        cu::cuArray3DCreate(array, &convert::array_descriptor(&*format, extent, flags)?)
    }

    fn cudaMalloc3DArray(
        array: *mut cudaArray_t, format: *const cudaChannelFormatDesc, extent: cudaExtent, flags: c_uint,
    ) {
        require(array)?;
        require(format)?;
        context::ensure()?;
        cu::cuArray3DCreate(array, &convert::array_descriptor(&*format, extent, flags)?)
    }

    fn cudaMallocMipmappedArray(
        array: *mut cudaMipmappedArray_t, format: *const cudaChannelFormatDesc, extent: cudaExtent, levels: c_uint,
        flags: c_uint,
    ) {
        require(array)?;
        require(format)?;
        context::ensure()?;
        cu::cuMipmappedArrayCreate(array, &convert::array_descriptor(&*format, extent, flags)?, levels)
    }

    fn cudaFreeArray(array: cudaArray_t) {
        context::ensure()?;
        if array.is_null() { Ok(()) } else { cu::cuArrayDestroy(array) }
    }

    fn cudaFreeMipmappedArray(array: cudaMipmappedArray_t) {
        context::ensure()?;
        if array.is_null() { Ok(()) } else { cu::cuMipmappedArrayDestroy(array) }
    }

    /// Free and total bytes of the thread's device.
    fn cudaMemGetInfo(free: *mut usize, total: *mut usize) {
        context::ensure()?;
        let (mut free_bytes, mut total_bytes) = (0, 0);
        cu::cuMemGetInfo(&mut free_bytes, &mut total_bytes)?;
        // Either may be null.
        if !free.is_null() {
            free.write(free_bytes);
        }
        if !total.is_null() {
            total.write(total_bytes);
        }
        Ok(())
    }
}

fn allocate_pitched(width: usize, rows: usize) -> Result<(CUdeviceptr, usize)> {
    let (mut address, mut pitch) = (0, 0);
    if width != 0 && rows != 0 {
        // The element size only steers alignment: 4 is the smallest that the driver takes.
        // SAFETY: both outputs are writable.
        unsafe { cu::cuMemAllocPitch(&mut address, &mut pitch, width, rows, 4)? };
    }
    Ok((address, pitch))
}
