//! Copies to and from arrays.
//!
//! Invariant: offsets and widths are in bytes, heights in rows, as the documentation of these functions has them. The
//! one-dimensional forms fill rows from the offset on and go on in the next row.

use crate::api::{Result, require};
use crate::context;
use crate::convert::{describe, element_bytes, ends};
use crate::copy_rect::{Rect, run, run_async, set_destination, set_source};
use abi::*;
use core::ffi::c_void;

stream_api! {
    fn cudaMemcpy2DToArray, cudaMemcpy2DToArray_ptds(
        default; dst: cudaArray_t, x: usize, y: usize, src: *const c_void, pitch: usize, width: usize, height: usize,
        kind: cudaMemcpyKind,
    ) {
        run(default, to_array(Rect { width, height, kind }, dst, x, y, src, pitch)?)
    }

    fn cudaMemcpy2DToArrayAsync, cudaMemcpy2DToArrayAsync_ptsz(
        default; dst: cudaArray_t, x: usize, y: usize, src: *const c_void, pitch: usize, width: usize, height: usize,
        kind: cudaMemcpyKind, stream: cudaStream_t,
    ) {
        run_async(to_array(Rect { width, height, kind }, dst, x, y, src, pitch)?, default.stream(stream))
    }

    fn cudaMemcpy2DFromArray, cudaMemcpy2DFromArray_ptds(
        default; dst: *mut c_void, pitch: usize, src: cudaArray_t, x: usize, y: usize, width: usize, height: usize,
        kind: cudaMemcpyKind,
    ) {
        run(default, from_array(Rect { width, height, kind }, dst, pitch, src, x, y)?)
    }

    fn cudaMemcpy2DFromArrayAsync, cudaMemcpy2DFromArrayAsync_ptsz(
        default; dst: *mut c_void, pitch: usize, src: cudaArray_t, x: usize, y: usize, width: usize, height: usize,
        kind: cudaMemcpyKind, stream: cudaStream_t,
    ) {
        run_async(from_array(Rect { width, height, kind }, dst, pitch, src, x, y)?, default.stream(stream))
    }

    fn cudaMemcpy2DArrayToArray, cudaMemcpy2DArrayToArray_ptds(
        default; dst: cudaArray_t, dst_x: usize, dst_y: usize, src: cudaArray_t, src_x: usize, src_y: usize,
        width: usize, height: usize, kind: cudaMemcpyKind,
    ) {
        ends(kind)?;
        context::ensure()?;
        handle(dst)?;
        handle(src)?;
        let mut copy = CUDA_MEMCPY2D::zeroed();
        (copy.WidthInBytes, copy.Height) = (width, height);
        (copy.srcMemoryType, copy.srcArray, copy.srcXInBytes, copy.srcY) = (CU_MEMORYTYPE_ARRAY, src, src_x, src_y);
        (copy.dstMemoryType, copy.dstArray, copy.dstXInBytes, copy.dstY) = (CU_MEMORYTYPE_ARRAY, dst, dst_x, dst_y);
        run(default, (width != 0 && height != 0).then_some(copy))
    }

    /// Deprecated: a linear copy into rows from `(x, y)` on.
    fn cudaMemcpyToArray, cudaMemcpyToArray_ptds(
        default; dst: cudaArray_t, x: usize, y: usize, src: *const c_void, count: usize, kind: cudaMemcpyKind,
    ) {
        context::ensure()?;
        for run_of in rows(dst, x, y, count)? {
            let part = src.wrapping_byte_add(run_of.done);
            let rect = Rect { width: run_of.width, height: run_of.height, kind };
            run(default, to_array(rect, dst, run_of.x, run_of.y, part, run_of.width)?)?;
        }
        Ok(())
    }

    fn cudaMemcpyToArrayAsync, cudaMemcpyToArrayAsync_ptsz(
        default; dst: cudaArray_t, x: usize, y: usize, src: *const c_void, count: usize, kind: cudaMemcpyKind,
        stream: cudaStream_t,
    ) {
        context::ensure()?;
        for run_of in rows(dst, x, y, count)? {
            let part = src.wrapping_byte_add(run_of.done);
            let rect = Rect { width: run_of.width, height: run_of.height, kind };
            run_async(to_array(rect, dst, run_of.x, run_of.y, part, run_of.width)?, default.stream(stream))?;
        }
        Ok(())
    }

    /// Deprecated: a linear copy out of rows from `(x, y)` on.
    fn cudaMemcpyFromArray, cudaMemcpyFromArray_ptds(
        default; dst: *mut c_void, src: cudaArray_t, x: usize, y: usize, count: usize, kind: cudaMemcpyKind,
    ) {
        context::ensure()?;
        for run_of in rows(src, x, y, count)? {
            let part = dst.wrapping_byte_add(run_of.done);
            let rect = Rect { width: run_of.width, height: run_of.height, kind };
            run(default, from_array(rect, part, run_of.width, src, run_of.x, run_of.y)?)?;
        }
        Ok(())
    }

    fn cudaMemcpyFromArrayAsync, cudaMemcpyFromArrayAsync_ptsz(
        default; dst: *mut c_void, src: cudaArray_t, x: usize, y: usize, count: usize, kind: cudaMemcpyKind,
        stream: cudaStream_t,
    ) {
        context::ensure()?;
        for run_of in rows(src, x, y, count)? {
            let part = dst.wrapping_byte_add(run_of.done);
            let rect = Rect { width: run_of.width, height: run_of.height, kind };
            run_async(from_array(rect, part, run_of.width, src, run_of.x, run_of.y)?, default.stream(stream))?;
        }
        Ok(())
    }

    /// Deprecated: both arrays must have the same row length.
    fn cudaMemcpyArrayToArray, cudaMemcpyArrayToArray_ptds(
        default; dst: cudaArray_t, dst_x: usize, dst_y: usize, src: cudaArray_t, src_x: usize, src_y: usize,
        count: usize, kind: cudaMemcpyKind,
    ) {
        ends(kind)?;
        context::ensure()?;
        handle(dst)?;
        for part in rows(src, src_x, src_y, count)? {
            let mut copy = CUDA_MEMCPY2D::zeroed();
            (copy.WidthInBytes, copy.Height) = (part.width, part.height);
            (copy.srcMemoryType, copy.srcArray) = (CU_MEMORYTYPE_ARRAY, src);
            (copy.srcXInBytes, copy.srcY) = (part.x, part.y);
            (copy.dstMemoryType, copy.dstArray) = (CU_MEMORYTYPE_ARRAY, dst);
            (copy.dstXInBytes, copy.dstY) = (dst_x + part.x - src_x, dst_y + part.y - src_y);
            run(default, Some(copy))?;
        }
        Ok(())
    }
}

fn handle(array: cudaArray_t) -> Result {
    if array.is_null() { Err(cudaErrorInvalidResourceHandle) } else { Ok(()) }
}

fn to_array(
    rect: Rect,
    dst: cudaArray_t,
    x: usize,
    y: usize,
    src: *const c_void,
    pitch: usize,
) -> Result<Option<CUDA_MEMCPY2D>> {
    let ends = ends(rect.kind)?;
    context::ensure()?;
    handle(dst)?;
    if rect.width == 0 || rect.height == 0 {
        return Ok(None);
    }
    require(src)?;
    if rect.width > pitch {
        return Err(cudaErrorInvalidPitchValue);
    }
    let mut copy = CUDA_MEMCPY2D::zeroed();
    (copy.WidthInBytes, copy.Height) = (rect.width, rect.height);
    set_source(&mut copy, src, pitch, ends.src);
    (copy.dstMemoryType, copy.dstArray, copy.dstXInBytes, copy.dstY) = (CU_MEMORYTYPE_ARRAY, dst, x, y);
    Ok(Some(copy))
}

fn from_array(
    rect: Rect,
    dst: *mut c_void,
    pitch: usize,
    src: cudaArray_t,
    x: usize,
    y: usize,
) -> Result<Option<CUDA_MEMCPY2D>> {
    let ends = ends(rect.kind)?;
    context::ensure()?;
    handle(src)?;
    if rect.width == 0 || rect.height == 0 {
        return Ok(None);
    }
    require(dst)?;
    if rect.width > pitch {
        return Err(cudaErrorInvalidPitchValue);
    }
    let mut copy = CUDA_MEMCPY2D::zeroed();
    (copy.WidthInBytes, copy.Height) = (rect.width, rect.height);
    (copy.srcMemoryType, copy.srcArray, copy.srcXInBytes, copy.srcY) = (CU_MEMORYTYPE_ARRAY, src, x, y);
    set_destination(&mut copy, dst, pitch, ends.dst);
    Ok(Some(copy))
}

/// A rectangle of a linear run through an array's rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Part {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    /// Bytes of the run before this part.
    done: usize,
}

fn rows(array: cudaArray_t, x: usize, y: usize, count: usize) -> Result<Vec<Part>> {
    handle(array)?;
    let row = describe(array)?.Width * element_bytes(array)?;
    split(row, x, y, count).ok_or(cudaErrorInvalidValue)
}

/// Splits `count` bytes from `(x, y)` on into a partial first row, whole rows, and a partial last row.
fn split(row: usize, x: usize, y: usize, count: usize) -> Option<Vec<Part>> {
    if row == 0 || x >= row {
        return None;
    }
    let mut parts = Vec::new();
    let (mut done, mut y) = (0, y);
    if x != 0 && count != 0 {
        let width = count.min(row - x);
        parts.push(Part { x, y, width, height: 1, done });
        (done, y) = (width, y + 1);
    }
    let whole = (count - done) / row;
    if whole != 0 {
        parts.push(Part { x: 0, y, width: row, height: whole, done });
        (done, y) = (done + whole * row, y + whole);
    }
    if done < count {
        parts.push(Part { x: 0, y, width: count - done, height: 1, done });
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_runs_split_at_rows() {
        let part = |x, y, width, height, done| Part { x, y, width, height, done };
        assert_eq!(split(8, 0, 0, 24), Some(vec![part(0, 0, 8, 3, 0)]));
        let all = vec![part(4, 1, 4, 1, 0), part(0, 2, 8, 2, 4), part(0, 4, 3, 1, 20)];
        assert_eq!(split(8, 4, 1, 23), Some(all));
        assert_eq!(split(8, 4, 0, 2), Some(vec![part(4, 0, 2, 1, 0)]));
        assert_eq!(split(8, 0, 0, 0), Some(vec![]));
        assert_eq!(split(8, 8, 0, 1), None);
    }
}
