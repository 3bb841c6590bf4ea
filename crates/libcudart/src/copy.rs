//! Linear copies.
//!
//! Invariant: zero bytes touch nothing and succeed. Copies without `Async` have happened when they return, as seen from
//! the host (CUDA Runtime API, "API synchronization behavior").

use crate::api::{DefaultStream, Result, require};
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_int, c_void};

stream_api! {
    fn cudaMemcpy, cudaMemcpy_ptds(default; dst: *mut c_void, src: *const c_void, count: usize, kind: cudaMemcpyKind) {
        copy(default, dst, src, count, kind)
    }

    fn cudaMemcpyAsync, cudaMemcpyAsync_ptsz(
        default; dst: *mut c_void, src: *const c_void, count: usize, kind: cudaMemcpyKind, stream: cudaStream_t,
    ) {
        copy_async(dst, src, count, kind, default.stream(stream))
    }

    /// Copies between devices. Devices share one address space here, but their contexts order the work.
    fn cudaMemcpyPeerAsync, cudaMemcpyPeerAsync_ptsz(
        default; dst: *mut c_void, dst_device: c_int, src: *const c_void, src_device: c_int, count: usize,
        stream: cudaStream_t,
    ) {
        context::ensure()?;
        let (to, from) = (context::primary(dst_device)?, context::primary(src_device)?);
        if count == 0 {
            return Ok(());
        }
        require(dst)?;
        require(src)?;
        let stream = default.stream(stream);
        cu::cuMemcpyPeerAsync(dst as CUdeviceptr, to, src as CUdeviceptr, from, count, stream)
    }
}

stream_api! {
    /// Copies many pieces in stream order. Sources that must have been read when the call returns
    /// (`cudaMemcpySrcAccessOrderDuringApiCall`) are waited for; places and overlap are hints that change nothing here.
    fn cudaMemcpyBatchAsync, cudaMemcpyBatchAsync_ptsz(
        default; dsts: *mut *mut c_void, srcs: *mut *mut c_void, sizes: *mut usize, count: usize,
        attributes: *mut cudaMemcpyAttributes, attribute_indices: *mut usize, attribute_count: usize, failed: *mut usize,
        stream: cudaStream_t,
    ) {
        require(dsts)?;
        require(srcs)?;
        require(sizes)?;
        let stream = default.stream(stream);
        let has_attributes = !attributes.is_null() && !attribute_indices.is_null() && attribute_count != 0;
        if count == 0 || !has_attributes || attribute_count > count || stream.is_null() || stream == CUstream::LEGACY {
            return Err(cudaErrorInvalidValue);
        }
        // Each says where the copies begin that it is for: the first at the first copy, the others behind each other.
        let mut at_once = false;
        for index in 0..attribute_count {
            match (*attributes.add(index)).src_access_order {
                SRC_ACCESS_ORDER_STREAM | SRC_ACCESS_ORDER_ANY => {}
                SRC_ACCESS_ORDER_DURING_API_CALL => at_once = true,
                _ => return Err(cudaErrorInvalidValue),
            }
            let begin = *attribute_indices.add(index);
            let follows = if index == 0 { begin == 0 } else { begin > *attribute_indices.add(index - 1) };
            if !follows || begin >= count {
                return Err(cudaErrorInvalidValue);
            }
        }
        for index in 0..count {
            let (dst, src, size) = (*dsts.add(index), *srcs.add(index), *sizes.add(index));
            let copied = copy_async(dst, src, size, cudaMemcpyDefault, stream);
            if copied.is_err() && !failed.is_null() {
                failed.write(index);
            }
            copied?;
        }
        if at_once { cu::cuStreamSynchronize(stream) } else { Ok(()) }
    }
}

/// How some of a batch's copies are made (CUDA Runtime API, `cudaMemcpyAttributes`).
#[repr(C)]
#[allow(non_camel_case_types)] // The name is CUDA's.
pub struct cudaMemcpyAttributes {
    src_access_order: u32,
    src_loc_hint: cudaMemLocation,
    dst_loc_hint: cudaMemLocation,
    flags: u32,
}
const _: () = assert!(size_of::<cudaMemcpyAttributes>() == 24);

const SRC_ACCESS_ORDER_STREAM: u32 = 1;
const SRC_ACCESS_ORDER_DURING_API_CALL: u32 = 2;
const SRC_ACCESS_ORDER_ANY: u32 = 3;

api! {
    fn cudaMemcpyPeer(dst: *mut c_void, dst_device: c_int, src: *const c_void, src_device: c_int, count: usize) {
        context::ensure()?;
        let (to, from) = (context::primary(dst_device)?, context::primary(src_device)?);
        if count == 0 {
            return Ok(());
        }
        require(dst)?;
        require(src)?;
        cu::cuMemcpyPeer(dst as CUdeviceptr, to, src as CUdeviceptr, from, count)
    }
}

/// A copy that has happened when it returns.
///
/// # Safety
/// Host pointers are valid for `count` bytes.
pub unsafe fn copy(
    default: DefaultStream,
    dst: *mut c_void,
    src: *const c_void,
    count: usize,
    kind: cudaMemcpyKind,
) -> Result {
    if default == DefaultStream::PerThread {
        // SAFETY: as the caller promises.
        unsafe {
            copy_async(dst, src, count, kind, CUstream::PER_THREAD)?;
            return cu::cuStreamSynchronize(CUstream::PER_THREAD);
        }
    }
    if !begin(dst, src, count, kind)? {
        return Ok(());
    }
    let (to, from) = (dst as CUdeviceptr, src as CUdeviceptr);
    // SAFETY: as the caller promises; device addresses are checked by the driver.
    unsafe {
        match kind {
            cudaMemcpyHostToDevice => cu::cuMemcpyHtoD(to, src, count),
            cudaMemcpyDeviceToHost => cu::cuMemcpyDtoH(dst, from, count),
            cudaMemcpyDeviceToDevice => cu::cuMemcpyDtoD(to, from, count),
            _ => cu::cuMemcpy(to, from, count),
        }
    }
}

/// A copy in stream order.
///
/// # Safety
/// Host pointers are valid for `count` bytes until the copy has happened.
pub unsafe fn copy_async(
    dst: *mut c_void,
    src: *const c_void,
    count: usize,
    kind: cudaMemcpyKind,
    stream: cudaStream_t,
) -> Result {
    if !begin(dst, src, count, kind)? {
        return Ok(());
    }
    let (to, from) = (dst as CUdeviceptr, src as CUdeviceptr);
    // SAFETY: as the caller promises; device addresses are checked by the driver.
    unsafe {
        match kind {
            cudaMemcpyHostToDevice => cu::cuMemcpyHtoDAsync(to, src, count, stream),
            cudaMemcpyDeviceToHost => cu::cuMemcpyDtoHAsync(dst, from, count, stream),
            cudaMemcpyDeviceToDevice => cu::cuMemcpyDtoDAsync(to, from, count, stream),
            _ => cu::cuMemcpyAsync(to, from, count, stream),
        }
    }
}

/// Checks a copy's arguments; whether there is anything to copy.
fn begin(dst: *mut c_void, src: *const c_void, count: usize, kind: cudaMemcpyKind) -> Result<bool> {
    check_kind(kind)?;
    context::ensure()?;
    if count == 0 {
        return Ok(false);
    }
    require(dst)?;
    require(src)?;
    Ok(true)
}

/// A direction outside the enumeration has a code of its own.
pub fn check_kind(kind: cudaMemcpyKind) -> Result {
    if kind.is_known() { Ok(()) } else { Err(cudaErrorInvalidMemcpyDirection) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_in_no_known_direction_is_refused_before_anything_else() {
        let (dst, src) = (core::ptr::null_mut(), core::ptr::null());
        // SAFETY: nothing is copied.
        let code = unsafe { cudaMemcpy(dst, src, 4, cudaMemcpyKind(9)) };
        assert_eq!(
            (code, crate::error::take()),
            (cudaErrorInvalidMemcpyDirection, cudaErrorInvalidMemcpyDirection)
        );
    }
}
