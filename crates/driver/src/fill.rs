//! Fills: `cuMemsetD8` to `cuMemsetD2D32Async`.
//!
//! Invariant: the range lies inside one live allocation and is aligned to the element when the fill is queued.

use crate::stream;
use crate::task::Task;
use crate::{Result, capture, require};
use ::device::copy::Fill;
use ::device::memory;
use abi::*;

/// Fills up to this size run on the caller when the stream has nothing else to do.
const INLINE: u64 = 64 << 10;

/// Checks a fill of `height` lines of `width` elements of `element` bytes.
pub fn checked(
    dst: u64,
    pitch: usize,
    value: u32,
    element: u8,
    width: usize,
    height: usize,
) -> Result<Option<Fill>> {
    require(dst.is_multiple_of(u64::from(element)))?;
    if width == 0 || height == 0 {
        return Ok(None);
    }
    let bytes = (width as u64).checked_mul(u64::from(element)).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    let pitch = if height == 1 { bytes } else { pitch as u64 };
    require(pitch >= bytes && (height == 1 || pitch.is_multiple_of(u64::from(element))))?;
    let span = pitch.checked_mul(height as u64 - 1).and_then(|n| n.checked_add(bytes));
    let block = memory::find(dst).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    require(span.is_some_and(|span| span <= block.rest(dst)))?;
    // Lines without gaps are one line.
    let (width, height, pitch) =
        if pitch == bytes { (width * height, 1, bytes * height as u64) } else { (width, height, pitch) };
    Ok(Some(Fill { dst, pitch, value, element, width: width as u64, height: height as u64 }))
}

/// Every fill: synchronous ones are asynchronous to the host too, as CUDA documents for device memory.
pub fn fill(
    dst: u64,
    pitch: usize,
    value: u32,
    element: u8,
    width: usize,
    height: usize,
    stream: CUstream,
) -> Result<()> {
    let stream = stream::of_current(stream)?;
    let Some(fill) = checked(dst, pitch, value, element, width, height)? else { return Ok(()) };
    if !stream.is_capturing() {
        capture::check_implicit(&stream)?;
        if fill.bytes() <= INLINE && stream.core.is_clear() {
            // SAFETY: the range was checked, and the stream has nothing in flight that would come first.
            unsafe { fill.run() };
            return Ok(());
        }
    }
    stream.enqueue(Task::Fill(fill))
}
