//! Allocation: device, managed and page-locked memory.
//!
//! Invariant: what is freed is not in use: a synchronous free waits for the context's work first, as CUDA's does.

use crate::{Context, Result, capture, context, require};
use ::device::{AllocError, MemoryKind, memory};
use abi::*;

fn code(error: AllocError) -> CUresult {
    match error {
        AllocError::OutOfMemory => CUDA_ERROR_OUT_OF_MEMORY,
        AllocError::InvalidSize => CUDA_ERROR_INVALID_VALUE,
        AllocError::AlreadyRegistered => CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED,
    }
}

pub(crate) fn allocate_in(context: &Context, size: usize, kind: MemoryKind) -> Result<CUdeviceptr> {
    memory::allocate(&context.device.core.arena, size as u64, 1, kind, context.core.id).map_err(code)
}

/// `cuMemAlloc`
pub fn alloc(size: usize) -> Result<CUdeviceptr> {
    let context = context::usable()?;
    capture::check_call()?;
    allocate_in(&context, size, MemoryKind::Device)
}

/// Pitches are multiples of this (as on CUDA's devices).
const PITCH: usize = 512;

/// `cuMemAllocPitch`: address and pitch.
pub fn alloc_pitch(width: usize, height: usize, element: u32) -> Result<(CUdeviceptr, usize)> {
    let context = context::usable()?;
    capture::check_call()?;
    require(width > 0 && height > 0 && [4, 8, 16].contains(&element))?;
    let pitch = width.checked_next_multiple_of(PITCH).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    let size = pitch.checked_mul(height).ok_or(CUDA_ERROR_OUT_OF_MEMORY)?;
    Ok((allocate_in(&context, size, MemoryKind::Device)?, pitch))
}

/// `cuMemAllocManaged`
pub fn alloc_managed(size: usize, flags: u32) -> Result<CUdeviceptr> {
    let context = context::usable()?;
    require(flags == CU_MEM_ATTACH_GLOBAL || flags == CU_MEM_ATTACH_HOST)?;
    capture::check_call()?;
    allocate_in(&context, size, MemoryKind::Managed)
}

/// `cuMemFree`
pub fn free(at: CUdeviceptr) -> Result<()> {
    let context = context::usable()?;
    capture::check_call()?;
    if at == 0 {
        return Ok(());
    }
    let block = memory::find(at).filter(|block| block.base == at).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    let freeable = matches!(block.tag.kind, MemoryKind::Device | MemoryKind::Managed | MemoryKind::Pool(_));
    require(freeable)?;
    wait_for_owner(&context, block.tag.owner);
    if let MemoryKind::Pool(pool) = block.tag.kind {
        crate::pool::note_free(pool, block.size);
    }
    memory::free(at).map(|_| ()).ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// Work of the owner may still use the memory.
fn wait_for_owner(context: &Context, owner: u64) {
    if owner == context.core.id {
        if !context.core.is_idle() {
            context.core.synchronize();
        }
    } else if let Some(other) = context::by_id(owner) {
        other.core.synchronize();
    }
}

/// `cuMemGetInfo`: free and total bytes.
pub fn info() -> Result<(usize, usize)> {
    let context = context::usable()?;
    let arena = &context.device.core.arena;
    Ok((arena.free_bytes() as usize, arena.total() as usize))
}

/// `cuMemHostAlloc`
pub fn host_alloc(size: usize, flags: u32) -> Result<u64> {
    let context = context::usable()?;
    require(
        flags & !(CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP | CU_MEMHOSTALLOC_WRITECOMBINED) == 0,
    )?;
    capture::check_call()?;
    if size == 0 {
        // No error, unlike with `cuMemAlloc`.
        return Ok(0);
    }
    // With unified addressing all page-locked memory is portable and mapped (CUDA Driver API, Unified Addressing).
    let flags = flags | CU_MEMHOSTALLOC_DEVICEMAP;
    let device = context.device.ordinal as u32;
    memory::allocate_host(size as u64, flags, device, context.core.id).map_err(code)
}

/// `cuMemFreeHost`
pub fn host_free(at: u64) -> Result<()> {
    let context = context::usable()?;
    capture::check_call()?;
    if at == 0 {
        return Ok(());
    }
    let block = memory::find(at).filter(|block| block.base == at).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    require(matches!(block.tag.kind, MemoryKind::Pinned(_)))?;
    wait_for_owner(&context, block.tag.owner);
    memory::free_host(at).ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// `cuMemHostRegister`
pub fn host_register(at: u64, size: usize, flags: u32) -> Result<()> {
    let context = context::usable()?;
    let known = CU_MEMHOSTREGISTER_PORTABLE
        | CU_MEMHOSTREGISTER_DEVICEMAP
        | CU_MEMHOSTREGISTER_IOMEMORY
        | CU_MEMHOSTREGISTER_READ_ONLY;
    require(flags & !known == 0)?;
    capture::check_call()?;
    let flags = flags | CU_MEMHOSTREGISTER_DEVICEMAP;
    memory::register_host(at, size as u64, flags, context.device.ordinal as u32, context.core.id)
        .map_err(code)
}

/// `cuMemHostUnregister`
pub fn host_unregister(at: u64) -> Result<()> {
    let context = context::usable()?;
    let block = memory::find(at).ok_or(CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED)?;
    wait_for_owner(&context, block.tag.owner);
    // Known memory that is not registered, or the middle of what is.
    memory::unregister_host(at).ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// `cuMemHostGetDevicePointer`: the same address.
pub fn host_device_pointer(at: u64, flags: u32) -> Result<CUdeviceptr> {
    context::usable()?;
    require(flags == 0)?;
    let block = memory::find(at).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    require(block.is_host())?;
    Ok(at)
}

/// `cuMemHostGetFlags`
pub fn host_flags(at: u64) -> Result<u32> {
    context::usable()?;
    match memory::find(at).map(|block| block.tag.kind) {
        Some(MemoryKind::Pinned(flags)) => Ok(flags),
        _ => Err(CUDA_ERROR_INVALID_VALUE),
    }
}

/// `cuMemGetAddressRange`: base and size.
pub fn address_range(at: CUdeviceptr) -> Result<(CUdeviceptr, usize)> {
    context::usable()?;
    let block = memory::find(at).ok_or(CUDA_ERROR_NOT_FOUND)?;
    Ok((block.base, block.size as usize))
}

/// `cuMemAdvise`: host memory needs no advice; the range must be managed, as documented.
pub fn advise(at: CUdeviceptr, count: usize, advice: CUmem_advise, device: CUdevice) -> Result<()> {
    context::usable()?;
    require(advice.is_known() && count > 0)?;
    if device != CU_DEVICE_CPU {
        crate::device::get(device)?;
    }
    managed_range(at, count)
}

/// `cuMemPrefetchAsync`: the memory is where it is needed already.
pub fn prefetch(at: CUdeviceptr, count: usize, device: CUdevice, stream: CUstream) -> Result<()> {
    crate::stream::of_current(stream)?;
    require(count > 0)?;
    if device != CU_DEVICE_CPU {
        crate::device::get(device)?;
    }
    managed_range(at, count)
}

fn managed_range(at: CUdeviceptr, count: usize) -> Result<()> {
    // Pageable host memory is accessible to the device and may be advised too (pageableMemoryAccess).
    match memory::find(at) {
        Some(block) => require(count as u64 <= block.rest(at) && block.tag.kind == MemoryKind::Managed),
        None => require(at >= memory::PAGE),
    }
}
