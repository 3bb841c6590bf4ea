//! Two- and three-dimensional copies of linear memory, and the three-dimensional ones that take arrays.

use crate::api::{DefaultStream, Result, require};
use crate::context;
use crate::convert::{copy_3d, ends};
use crate::driver as cu;
use abi::*;
use core::ffi::{c_int, c_void};

stream_api! {
    /// Copies `height` rows of `width` bytes.
    fn cudaMemcpy2D, cudaMemcpy2D_ptds(
        default; dst: *mut c_void, dst_pitch: usize, src: *const c_void, src_pitch: usize, width: usize, height: usize,
        kind: cudaMemcpyKind,
    ) {
        let rect = Rect { width, height, kind };
        run(default, linear(rect, dst, dst_pitch, src, src_pitch)?)
    }

    fn cudaMemcpy2DAsync, cudaMemcpy2DAsync_ptsz(
        default; dst: *mut c_void, dst_pitch: usize, src: *const c_void, src_pitch: usize, width: usize, height: usize,
        kind: cudaMemcpyKind, stream: cudaStream_t,
    ) {
        let rect = Rect { width, height, kind };
        run_async(linear(rect, dst, dst_pitch, src, src_pitch)?, default.stream(stream))
    }

    fn cudaMemcpy3D, cudaMemcpy3D_ptds(default; parms: *const cudaMemcpy3DParms) {
        require(parms)?;
        context::ensure()?;
        let Some(copy) = nonempty_3d(&*parms)? else { return Ok(()) };
        match default {
            DefaultStream::Legacy => cu::cuMemcpy3D(&copy),
            DefaultStream::PerThread => {
                cu::cuMemcpy3DAsync(&copy, CUstream::PER_THREAD)?;
                cu::cuStreamSynchronize(CUstream::PER_THREAD)
            }
        }
    }

    fn cudaMemcpy3DAsync, cudaMemcpy3DAsync_ptsz(default; parms: *const cudaMemcpy3DParms, stream: cudaStream_t) {
        require(parms)?;
        context::ensure()?;
        let Some(copy) = nonempty_3d(&*parms)? else { return Ok(()) };
        cu::cuMemcpy3DAsync(&copy, default.stream(stream))
    }

    fn cudaMemcpy3DPeer, cudaMemcpy3DPeer_ptds(default; parms: *const cudaMemcpy3DPeerParms) {
        require(parms)?;
        context::ensure()?;
        let copy = peer_copy(&*parms)?;
        match default {
            DefaultStream::Legacy => cu::cuMemcpy3DPeer(&copy),
            DefaultStream::PerThread => {
                cu::cuMemcpy3DPeerAsync(&copy, CUstream::PER_THREAD)?;
                cu::cuStreamSynchronize(CUstream::PER_THREAD)
            }
        }
    }

    fn cudaMemcpy3DPeerAsync, cudaMemcpy3DPeerAsync_ptsz(
        default; parms: *const cudaMemcpy3DPeerParms, stream: cudaStream_t,
    ) {
        require(parms)?;
        context::ensure()?;
        cu::cuMemcpy3DPeerAsync(&peer_copy(&*parms)?, default.stream(stream))
    }
}

unsupported_api! {
    fn cudaMemcpy3DBatchAsync(count: usize, list: *mut c_void, failed: *mut usize, flags: u64, stream: cudaStream_t);
    fn cudaMemcpy3DBatchAsync_ptsz(
        count: usize, list: *mut c_void, failed: *mut usize, flags: u64, stream: cudaStream_t,
    );
}

/// What a two-dimensional copy moves.
#[derive(Clone, Copy)]
pub struct Rect {
    /// Bytes of a row.
    pub width: usize,
    pub height: usize,
    pub kind: cudaMemcpyKind,
}

/// A copy between pitched memory. Errors: rows wider than a pitch.
fn linear(
    rect: Rect,
    dst: *mut c_void,
    dst_pitch: usize,
    src: *const c_void,
    src_pitch: usize,
) -> Result<Option<CUDA_MEMCPY2D>> {
    let ends = ends(rect.kind)?;
    context::ensure()?;
    if rect.width == 0 || rect.height == 0 {
        return Ok(None);
    }
    if rect.width > dst_pitch || rect.width > src_pitch {
        return Err(cudaErrorInvalidPitchValue);
    }
    require(dst)?;
    require(src)?;
    let mut copy = CUDA_MEMCPY2D::zeroed();
    (copy.WidthInBytes, copy.Height) = (rect.width, rect.height);
    set_source(&mut copy, src, src_pitch, ends.src);
    set_destination(&mut copy, dst, dst_pitch, ends.dst);
    Ok(Some(copy))
}

/// Linear memory as a copy's source.
pub fn set_source(copy: &mut CUDA_MEMCPY2D, src: *const c_void, pitch: usize, kind: CUmemorytype) {
    copy.srcMemoryType = kind;
    (copy.srcHost, copy.srcDevice, copy.srcPitch) = (src, src as CUdeviceptr, pitch);
}

/// Linear memory as a copy's destination.
pub fn set_destination(copy: &mut CUDA_MEMCPY2D, dst: *mut c_void, pitch: usize, kind: CUmemorytype) {
    copy.dstMemoryType = kind;
    (copy.dstHost, copy.dstDevice, copy.dstPitch) = (dst, dst as CUdeviceptr, pitch);
}

/// Runs a copy that has happened when this returns.
pub fn run(default: DefaultStream, copy: Option<CUDA_MEMCPY2D>) -> Result {
    let Some(copy) = copy else { return Ok(()) };
    // SAFETY: the pointers are the C caller's, valid for the rows that it named.
    unsafe {
        match default {
            DefaultStream::Legacy => cu::cuMemcpy2DUnaligned(&copy),
            DefaultStream::PerThread => {
                cu::cuMemcpy2DAsync(&copy, CUstream::PER_THREAD)?;
                cu::cuStreamSynchronize(CUstream::PER_THREAD)
            }
        }
    }
}

/// Runs a copy in stream order.
pub fn run_async(copy: Option<CUDA_MEMCPY2D>, stream: cudaStream_t) -> Result {
    let Some(copy) = copy else { return Ok(()) };
    // SAFETY: the pointers are the C caller's, valid until the copy has happened.
    unsafe { cu::cuMemcpy2DAsync(&copy, stream) }
}

/// Nothing is looked at but the direction where nothing is to be copied.
fn nonempty_3d(parms: &cudaMemcpy3DParms) -> Result<Option<CUDA_MEMCPY3D>> {
    ends(parms.kind)?;
    let extent = parms.extent;
    if extent.width == 0 || extent.height == 0 || extent.depth == 0 {
        return Ok(None);
    }
    Ok(Some(copy_3d(parms)?))
}

fn peer_copy(parms: &cudaMemcpy3DPeerParms) -> Result<CUDA_MEMCPY3D_PEER> {
    let plain = copy_3d(&cudaMemcpy3DParms {
        srcArray: parms.srcArray,
        srcPos: parms.srcPos,
        srcPtr: parms.srcPtr,
        dstArray: parms.dstArray,
        dstPos: parms.dstPos,
        dstPtr: parms.dstPtr,
        extent: parms.extent,
        kind: cudaMemcpyDeviceToDevice,
    })?;
    let context_of = |device: c_int| context::primary(device);
    Ok(CUDA_MEMCPY3D_PEER {
        srcXInBytes: plain.srcXInBytes,
        srcY: plain.srcY,
        srcZ: plain.srcZ,
        srcLOD: 0,
        srcMemoryType: plain.srcMemoryType,
        srcHost: plain.srcHost,
        srcDevice: plain.srcDevice,
        srcArray: plain.srcArray,
        srcContext: context_of(parms.srcDevice)?,
        srcPitch: plain.srcPitch,
        srcHeight: plain.srcHeight,
        dstXInBytes: plain.dstXInBytes,
        dstY: plain.dstY,
        dstZ: plain.dstZ,
        dstLOD: 0,
        dstMemoryType: plain.dstMemoryType,
        dstHost: plain.dstHost,
        dstDevice: plain.dstDevice,
        dstArray: plain.dstArray,
        dstContext: context_of(parms.dstDevice)?,
        dstPitch: plain.dstPitch,
        dstHeight: plain.dstHeight,
        WidthInBytes: plain.WidthInBytes,
        Height: plain.Height,
        Depth: plain.Depth,
    })
}
