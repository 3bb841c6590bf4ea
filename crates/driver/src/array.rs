//! CUDA arrays: images in device memory, kept line after line.
//!
//! Invariant: an array's bytes are `slices × lines × pitch`; only copies and textures reach them.

use crate::handle::Table;
use crate::{Result, context, memory, require};
use ::device::MemoryKind;
use abi::*;
use std::sync::Arc;

/// An array.
pub struct Array {
    pub handle: CUarray,
    pub desc: CUDA_ARRAY3D_DESCRIPTOR,
    pub at: u64,
    /// Bytes from line to line.
    pub pitch: usize,
    /// Part of a mipmapped array, which owns the memory.
    part: bool,
}

impl Array {
    /// Lines of a slice, at least one.
    pub fn lines(&self) -> usize {
        self.desc.Height.max(1)
    }

    /// Slices or layers, at least one.
    pub fn slices(&self) -> usize {
        self.desc.Depth.max(1)
    }

    /// Bytes of all.
    pub fn bytes(&self) -> usize {
        self.pitch * self.lines() * self.slices()
    }
}

/// A mipmapped array: arrays of halving sizes.
pub struct Mipmapped {
    pub levels: Vec<CUarray>,
    at: u64,
}

static ARRAYS: Table<Array> = Table::new(0x48);
static MIPMAPPED: Table<Mipmapped> = Table::new(0x49);

/// The array of a handle.
pub fn get(handle: CUarray) -> Result<Arc<Array>> {
    ARRAYS.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE)
}

/// The mipmapped array of a handle.
pub fn get_mipmapped(handle: CUmipmappedArray) -> Result<Arc<Mipmapped>> {
    MIPMAPPED.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE)
}

/// Bytes of an element.
pub fn element_bytes(format: CUarray_format, channels: u32) -> Result<usize> {
    let bytes = format_bytes(format).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    require([1, 2, 4].contains(&channels))?;
    Ok(bytes as usize * channels as usize)
}

/// Bytes from line to line, and of the whole.
fn layout(desc: &CUDA_ARRAY3D_DESCRIPTOR) -> Result<(usize, usize)> {
    require(desc.Width > 0)?;
    // Layered and cubemap arrays count layers in Depth; other arrays with depth need height.
    let layered = desc.Flags & (CUDA_ARRAY3D_LAYERED | CUDA_ARRAY3D_CUBEMAP) != 0;
    require(desc.Depth == 0 || desc.Height > 0 || layered)?;
    if desc.Flags & CUDA_ARRAY3D_CUBEMAP != 0 {
        require(desc.Width == desc.Height && desc.Depth.is_multiple_of(6) && desc.Depth > 0)?;
    }
    let pitch = desc
        .Width
        .checked_mul(element_bytes(desc.Format, desc.NumChannels)?)
        .ok_or(CUDA_ERROR_INVALID_VALUE)?;
    let size = pitch.checked_mul(desc.Height.max(1)).and_then(|n| n.checked_mul(desc.Depth.max(1)));
    Ok((pitch, size.ok_or(CUDA_ERROR_INVALID_VALUE)?))
}

/// `cuArrayCreate` and `cuArray3DCreate`.
pub fn create(desc: &CUDA_ARRAY3D_DESCRIPTOR) -> Result<CUarray> {
    let context = context::usable()?;
    let (pitch, size) = layout(desc)?;
    let at = memory::allocate_in(&context, size, MemoryKind::Internal)?;
    Ok(add(desc, at, pitch, false))
}

fn add(desc: &CUDA_ARRAY3D_DESCRIPTOR, at: u64, pitch: usize, part: bool) -> CUarray {
    let (handle, _) = ARRAYS.insert(|handle| {
        Arc::new(Array { handle: CUarray::from_addr(handle), desc: *desc, at, pitch, part })
    });
    CUarray::from_addr(handle)
}

/// `cuArrayDestroy`
pub fn destroy(handle: CUarray) -> Result<()> {
    let context = context::current()?;
    // A level of a mipmapped array ends with it.
    require(!get(handle)?.part)?;
    context.core.synchronize();
    if let Some(array) = ARRAYS.remove(handle.addr()) {
        ::device::memory::free(array.at);
    }
    Ok(())
}

/// `cuArray3DGetDescriptor`
pub fn descriptor(handle: CUarray) -> Result<CUDA_ARRAY3D_DESCRIPTOR> {
    context::current()?;
    Ok(get(handle)?.desc)
}

/// Address of `len` bytes at `offset` of a one-dimensional view of an array.
pub fn linear_at(handle: CUarray, offset: usize, len: usize) -> Result<u64> {
    let array = get(handle)?;
    require(offset.checked_add(len).is_some_and(|end| end <= array.bytes()))?;
    Ok(array.at + offset as u64)
}

/// `cuArrayGetMemoryRequirements`: bytes and alignment.
pub fn requirements(handle: CUarray) -> Result<(usize, usize)> {
    Ok((get(handle)?.bytes(), 512))
}

/// `cuMipmappedArrayCreate`
pub fn create_mipmapped(desc: &CUDA_ARRAY3D_DESCRIPTOR, levels: u32) -> Result<CUmipmappedArray> {
    let context = context::usable()?;
    let largest = desc.Width.max(desc.Height).max(desc.Depth).max(1);
    let most = usize::BITS - largest.leading_zeros();
    let count = levels.clamp(1, most);
    let layered = desc.Flags & (CUDA_ARRAY3D_LAYERED | CUDA_ARRAY3D_CUBEMAP) != 0;
    let half = |size: usize, level: u32| if size == 0 { 0 } else { (size >> level).max(1) };
    let mut parts = Vec::new();
    let mut total = 0usize;
    for level in 0..count {
        let depth = if layered { desc.Depth } else { half(desc.Depth, level) };
        let part = CUDA_ARRAY3D_DESCRIPTOR {
            Width: half(desc.Width, level),
            Height: half(desc.Height, level),
            Depth: depth,
            ..*desc
        };
        let (pitch, size) = layout(&part)?;
        parts.push((part, pitch, total));
        total = (total + size).next_multiple_of(512);
    }
    let at = memory::allocate_in(&context, total, MemoryKind::Internal)?;
    let levels =
        parts.iter().map(|(part, pitch, offset)| add(part, at + *offset as u64, *pitch, true)).collect();
    let (handle, _) = MIPMAPPED.insert(|_| Arc::new(Mipmapped { levels, at }));
    Ok(CUmipmappedArray::from_addr(handle))
}

/// `cuMipmappedArrayGetLevel`
pub fn level(handle: CUmipmappedArray, level: u32) -> Result<CUarray> {
    context::current()?;
    get_mipmapped(handle)?.levels.get(level as usize).copied().ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// `cuMipmappedArrayDestroy`
pub fn destroy_mipmapped(handle: CUmipmappedArray) -> Result<()> {
    let context = context::current()?;
    context.core.synchronize();
    let array = MIPMAPPED.remove(handle.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE)?;
    for level in &array.levels {
        ARRAYS.remove(level.addr());
    }
    ::device::memory::free(array.at);
    Ok(())
}
