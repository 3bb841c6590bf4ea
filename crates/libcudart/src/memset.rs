//! Fills.

use crate::api::{DefaultStream, Result, require};
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_int, c_void};

stream_api! {
    /// Fills bytes. Like the driver's, asynchronous to the host where the memory is the device's.
    fn cudaMemset, cudaMemset_ptds(default; pointer: *mut c_void, value: c_int, count: usize) {
        context::ensure()?;
        if count == 0 {
            return Ok(());
        }
        require(pointer)?;
        let (address, byte) = (pointer as CUdeviceptr, value as u8);
        match default {
            DefaultStream::Legacy => cu::cuMemsetD8(address, byte, count),
            DefaultStream::PerThread => cu::cuMemsetD8Async(address, byte, count, CUstream::PER_THREAD),
        }
    }

    fn cudaMemsetAsync, cudaMemsetAsync_ptsz(
        default; pointer: *mut c_void, value: c_int, count: usize, stream: cudaStream_t,
    ) {
        context::ensure()?;
        if count == 0 {
            return Ok(());
        }
        require(pointer)?;
        cu::cuMemsetD8Async(pointer as CUdeviceptr, value as u8, count, default.stream(stream))
    }

    fn cudaMemset2D, cudaMemset2D_ptds(
        default; pointer: *mut c_void, pitch: usize, value: c_int, width: usize, height: usize,
    ) {
        context::ensure()?;
        let rect = Rect { pointer, pitch, width, height };
        if !rect.check()? {
            return Ok(());
        }
        match default {
            DefaultStream::Legacy => cu::cuMemsetD2D8(pointer as CUdeviceptr, pitch, value as u8, width, height),
            DefaultStream::PerThread => rect.fill(value, CUstream::PER_THREAD),
        }
    }

    fn cudaMemset2DAsync, cudaMemset2DAsync_ptsz(
        default; pointer: *mut c_void, pitch: usize, value: c_int, width: usize, height: usize, stream: cudaStream_t,
    ) {
        context::ensure()?;
        let rect = Rect { pointer, pitch, width, height };
        if !rect.check()? {
            return Ok(());
        }
        rect.fill(value, default.stream(stream))
    }

    fn cudaMemset3D, cudaMemset3D_ptds(default; pointer: cudaPitchedPtr, value: c_int, extent: cudaExtent) {
        context::ensure()?;
        fill_slices(pointer, value, extent, default.stream(CUstream::NULL))
    }

    fn cudaMemset3DAsync, cudaMemset3DAsync_ptsz(
        default; pointer: cudaPitchedPtr, value: c_int, extent: cudaExtent, stream: cudaStream_t,
    ) {
        context::ensure()?;
        fill_slices(pointer, value, extent, default.stream(stream))
    }
}

/// Rows of `width` bytes, `pitch` bytes apart.
struct Rect {
    pointer: *mut c_void,
    pitch: usize,
    width: usize,
    height: usize,
}

impl Rect {
    /// Whether there is anything to fill. Errors: null, or rows that overlap.
    fn check(&self) -> Result<bool> {
        if self.width == 0 || self.height == 0 {
            return Ok(false);
        }
        require(self.pointer)?;
        if self.height > 1 && self.pitch < self.width { Err(cudaErrorInvalidValue) } else { Ok(true) }
    }

    fn fill(&self, value: c_int, stream: cudaStream_t) -> Result {
        let address = self.pointer as CUdeviceptr;
        // SAFETY: the driver checks device addresses.
        unsafe { cu::cuMemsetD2D8Async(address, self.pitch, value as u8, self.width, self.height, stream) }
    }
}

/// Slices are `pitch × ysize` bytes apart; where they touch, they are filled as one.
fn fill_slices(pointer: cudaPitchedPtr, value: c_int, extent: cudaExtent, stream: cudaStream_t) -> Result {
    let slice = pointer.pitch.checked_mul(pointer.ysize).ok_or(cudaErrorInvalidValue)?;
    let whole = extent.height == pointer.ysize;
    let (height, slices) =
        if whole { (extent.height * extent.depth, 1) } else { (extent.height, extent.depth) };
    if extent.depth == 0 {
        return Ok(());
    }
    for index in 0..slices {
        let start = pointer.ptr.wrapping_byte_add(index * slice);
        let rect = Rect { pointer: start, pitch: pointer.pitch, width: extent.width, height };
        if rect.check()? {
            rect.fill(value, stream)?;
        }
    }
    Ok(())
}
