//! Copies: linear, in boxes, between every kind of memory.
//!
//! Invariant: device sides lie inside one live allocation when the copy is queued. Host memory that is not page-locked
//! has been read, or written, when the call returns, as CUDA promises.

use crate::stream::{self, Stream};
use crate::task::{CopyParams, Task};
use crate::{Result, array, capture, context, require};
use ::device::copy::{BoxCopy, Boxed};
use ::device::{Op, memory};
use abi::*;
use std::sync::Arc;

/// What the caller said about one side of a linear copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    Host,
    Device,
    /// Found out by the address.
    Unified,
}

/// Whether the call returns before the copy is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    Yes,
    No,
}

/// Copies up to this size run on the caller when the stream has nothing else to do.
const INLINE: u64 = 64 << 10;

/// Whether the side is ordinary host memory.
fn check_side(at: u64, len: u64, side: Side) -> Result<Pageable> {
    require(at != 0)?;
    match memory::find(at) {
        Some(block) => {
            // A registered or pinned range may be continued by pageable memory of the host.
            let fits = len <= block.rest(at);
            require(fits || block.is_host())?;
            Ok(if fits { Pageable::No } else { Pageable::Yes })
        }
        None if side == Side::Device => Err(CUDA_ERROR_INVALID_VALUE),
        None => {
            at.checked_add(len).ok_or(CUDA_ERROR_INVALID_VALUE)?;
            Ok(Pageable::Yes)
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Pageable {
    No,
    Yes,
}

/// `cuMemcpyHtoD` and all other linear copies.
pub fn linear(dst: (u64, Side), src: (u64, Side), len: usize, stream: CUstream, wait: Wait) -> Result<()> {
    let stream = stream::of_current(stream)?;
    if len == 0 {
        return Ok(());
    }
    let len = len as u64;
    let to = check_side(dst.0, len, dst.1)?;
    let from = check_side(src.0, len, src.1)?;
    let copy = BoxCopy::line(dst.0, src.0, len);
    let describe = || {
        let mut params = CUDA_MEMCPY3D::zeroed();
        params.srcMemoryType = CU_MEMORYTYPE_UNIFIED;
        params.dstMemoryType = CU_MEMORYTYPE_UNIFIED;
        (params.srcDevice, params.dstDevice) = (src.0, dst.0);
        (params.WidthInBytes, params.Height, params.Depth) = (len as usize, 1, 1);
        Box::new(CopyParams(params))
    };
    run(&stream, copy, from, to, wait, describe)
}

fn run(
    stream: &Arc<Stream>,
    copy: BoxCopy,
    from: Pageable,
    to: Pageable,
    wait: Wait,
    describe: impl FnOnce() -> Box<CopyParams>,
) -> Result<()> {
    if stream.is_capturing() {
        if wait == Wait::Yes {
            return Err(capture::unsupported(stream));
        }
        return stream.enqueue(Task::Copy(copy, describe()));
    }
    capture::check_implicit(stream)?;
    let core = &stream.core;
    let small = copy.bytes() <= INLINE;
    let must_wait = wait == Wait::Yes || to == Pageable::Yes || from == Pageable::Yes && !small;
    // Large copies are done by all workers.
    let own = small || must_wait && !::device::is_large(copy.bytes());
    if own && core.is_clear() {
        stream.context.core.flush_output();
        stream.context.check()?;
        // SAFETY: both sides were checked, and the stream has nothing in flight that would come first.
        unsafe { copy.run() };
        return Ok(());
    }
    if must_wait {
        core.submit(Op::Copy(copy));
        core.synchronize();
        stream.context.core.flush_output();
        return stream.context.check();
    }
    if from == Pageable::Yes {
        let mut staged = vec![0u8; copy.bytes() as usize].into_boxed_slice();
        let dense = BoxCopy {
            dst: Boxed { at: staged.as_mut_ptr() as u64, pitch: copy.width, slice: copy.width * copy.height },
            ..copy
        };
        // SAFETY: the source was checked; the buffer holds the box without gaps.
        unsafe { dense.run() };
        let keep = move || {
            let from = BoxCopy { src: Boxed { at: staged.as_ptr() as u64, ..dense.dst }, ..copy };
            // SAFETY: the destination was checked when the copy was queued; the buffer is owned.
            unsafe { from.run() };
        };
        core.submit(Op::Internal(Box::new(keep)));
        return Ok(());
    }
    core.submit(Op::Copy(copy));
    Ok(())
}

/// One side of a box copy, resolved.
struct Resolved {
    at: Boxed,
    pageable: Pageable,
}

fn resolve(
    kind: CUmemorytype,
    host: u64,
    device: u64,
    handle: CUarray,
    pitches: (usize, usize),
    origin: (usize, usize, usize),
    extent: (u64, u64, u64),
) -> Result<Resolved> {
    let (width, height, depth) = extent;
    let (x, y, z) = origin;
    let (base, pitch, slice, side) = match kind {
        CU_MEMORYTYPE_HOST => (host, pitches.0, pitches.1, Side::Host),
        CU_MEMORYTYPE_DEVICE => (device, pitches.0, pitches.1, Side::Device),
        CU_MEMORYTYPE_UNIFIED => (device, pitches.0, pitches.1, Side::Unified),
        CU_MEMORYTYPE_ARRAY => {
            let array = array::get(handle)?;
            require(x as u64 + width <= array.pitch as u64)?;
            require(y as u64 + height <= array.lines() as u64 && z as u64 + depth <= array.slices() as u64)?;
            (array.at, array.pitch, array.lines(), Side::Device)
        }
        _ => return Err(CUDA_ERROR_INVALID_VALUE),
    };
    // A pitch of 0 is allowed where there is one line only, and means lines without gaps.
    let pitch = if pitch == 0 { x + width as usize } else { pitch } as u64;
    let lines = if slice == 0 { y as u64 + height } else { slice as u64 };
    require(pitch >= x as u64 + width || height == 1 && depth == 1)?;
    require(depth == 1 || lines >= y as u64 + height)?;
    let slice = pitch.checked_mul(lines).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    let offset = (z as u64).checked_mul(slice).and_then(|n| n.checked_add(y as u64 * pitch + x as u64));
    let at = offset.and_then(|offset| base.checked_add(offset)).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    let span = (depth - 1) * slice + (height - 1) * pitch + width;
    let pageable = check_side(at, span, side)?;
    Ok(Resolved { at: Boxed { at, pitch, slice }, pageable })
}

/// The box copy that parameters describe, `None` if it is empty, and which sides are ordinary host memory.
fn boxed(p: &CUDA_MEMCPY3D) -> Result<Option<(BoxCopy, Resolved, Resolved)>> {
    require(p.srcLOD == 0 && p.dstLOD == 0)?;
    if p.WidthInBytes == 0 || p.Height == 0 || p.Depth == 0 {
        return Ok(None);
    }
    let extent = (p.WidthInBytes as u64, p.Height as u64, p.Depth as u64);
    let src = resolve(
        p.srcMemoryType,
        p.srcHost as u64,
        p.srcDevice,
        p.srcArray,
        (p.srcPitch, p.srcHeight),
        (p.srcXInBytes, p.srcY, p.srcZ),
        extent,
    )?;
    let dst = resolve(
        p.dstMemoryType,
        p.dstHost as u64,
        p.dstDevice,
        p.dstArray,
        (p.dstPitch, p.dstHeight),
        (p.dstXInBytes, p.dstY, p.dstZ),
        extent,
    )?;
    let copy = BoxCopy { dst: dst.at, src: src.at, width: extent.0, height: extent.1, depth: extent.2 };
    Ok(Some((copy, src, dst)))
}

/// `cuMemcpy3D` and `cuMemcpy3DAsync`.
pub fn box3(params: &CUDA_MEMCPY3D, stream: CUstream, wait: Wait) -> Result<()> {
    let stream = stream::of_current(stream)?;
    let Some((copy, src, dst)) = boxed(params)? else { return Ok(()) };
    run(&stream, copy, src.pageable, dst.pageable, wait, || Box::new(CopyParams(*params)))
}

/// The task of a copy node.
pub fn node(params: &CUDA_MEMCPY3D) -> Result<Task> {
    match boxed(params)? {
        Some((copy, ..)) => Ok(Task::Copy(copy, Box::new(CopyParams(*params)))),
        None => Err(CUDA_ERROR_INVALID_VALUE),
    }
}

/// The parameters of a 2D copy as those of a 3D one.
pub fn widen(p: &CUDA_MEMCPY2D) -> CUDA_MEMCPY3D {
    CUDA_MEMCPY3D {
        srcXInBytes: p.srcXInBytes,
        srcY: p.srcY,
        srcMemoryType: p.srcMemoryType,
        srcHost: p.srcHost,
        srcDevice: p.srcDevice,
        srcArray: p.srcArray,
        srcPitch: p.srcPitch,
        dstXInBytes: p.dstXInBytes,
        dstY: p.dstY,
        dstMemoryType: p.dstMemoryType,
        dstHost: p.dstHost,
        dstDevice: p.dstDevice,
        dstArray: p.dstArray,
        dstPitch: p.dstPitch,
        WidthInBytes: p.WidthInBytes,
        Height: p.Height,
        Depth: 1,
        ..CUDA_MEMCPY3D::zeroed()
    }
}

/// The parameters of a peer copy without its contexts: one address space holds all devices' memory.
pub fn without_peers(p: &CUDA_MEMCPY3D_PEER) -> CUDA_MEMCPY3D {
    CUDA_MEMCPY3D {
        srcXInBytes: p.srcXInBytes,
        srcY: p.srcY,
        srcZ: p.srcZ,
        srcLOD: p.srcLOD,
        srcMemoryType: p.srcMemoryType,
        srcHost: p.srcHost,
        srcDevice: p.srcDevice,
        srcArray: p.srcArray,
        srcPitch: p.srcPitch,
        srcHeight: p.srcHeight,
        dstXInBytes: p.dstXInBytes,
        dstY: p.dstY,
        dstZ: p.dstZ,
        dstLOD: p.dstLOD,
        dstMemoryType: p.dstMemoryType,
        dstHost: p.dstHost,
        dstDevice: p.dstDevice,
        dstArray: p.dstArray,
        dstPitch: p.dstPitch,
        dstHeight: p.dstHeight,
        WidthInBytes: p.WidthInBytes,
        Height: p.Height,
        Depth: p.Depth,
        ..CUDA_MEMCPY3D::zeroed()
    }
}

/// `cuMemcpyPeer`: work of both contexts comes first.
pub fn peer(
    dst: u64,
    to: CUcontext,
    src: u64,
    from: CUcontext,
    len: usize,
    stream: CUstream,
    wait: Wait,
) -> Result<()> {
    let (to, from) = (context::get(to)?, context::get(from)?);
    if wait == Wait::Yes {
        to.core.synchronize();
        from.core.synchronize();
    }
    linear((dst, Side::Device), (src, Side::Device), len, stream, wait)
}

/// A linear copy between an array's bytes and memory: `cuMemcpyAtoH` and its relatives.
pub fn with_array(
    array: CUarray,
    offset: usize,
    other: (u64, Side),
    len: usize,
    direction: Direction,
    stream: CUstream,
    wait: Wait,
) -> Result<()> {
    context::usable()?;
    let inside = (array::linear_at(array, offset, len)?, Side::Device);
    match direction {
        Direction::FromArray => linear(other, inside, len, stream, wait),
        Direction::ToArray => linear(inside, other, len, stream, wait),
    }
}

/// Which way a copy with an array goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    FromArray,
    ToArray,
}
