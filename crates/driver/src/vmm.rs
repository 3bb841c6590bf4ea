//! Virtual memory management: `cuMemAddressReserve`, `cuMemCreate`, `cuMemMap`, `cuMemSetAccess`.
//!
//! Invariant: physical memory lives while a handle or a mapping holds it.

use crate::handle::Table;
use crate::{Result, context, device, require};
use ::device::AllocError;
use ::device::vmm::{self, Access, Physical};
use abi::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

struct Handle {
    physical: Arc<Physical>,
    references: AtomicU32,
    props: CUmemAllocationProp,
}

// SAFETY: the properties hold plain data; their pointer is never followed.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

static HANDLES: Table<Handle> = Table::new(0x47);

fn check_props(props: &CUmemAllocationProp) -> Result<()> {
    require(props.r#type == CU_MEM_ALLOCATION_TYPE_PINNED)?;
    match props.location.r#type {
        CU_MEM_LOCATION_TYPE_DEVICE => device::get(props.location.id).map(|_| ())?,
        CU_MEM_LOCATION_TYPE_HOST
        | CU_MEM_LOCATION_TYPE_HOST_NUMA
        | CU_MEM_LOCATION_TYPE_HOST_NUMA_CURRENT => {}
        _ => return Err(CUDA_ERROR_INVALID_VALUE),
    }
    if props.requestedHandleTypes != CU_MEM_HANDLE_TYPE_NONE {
        return Err(CUDA_ERROR_NOT_SUPPORTED);
    }
    Ok(())
}

/// `cuMemGetAllocationGranularity`
pub fn granularity(props: &CUmemAllocationProp, flags: CUmemAllocationGranularity_flags) -> Result<usize> {
    device::devices()?;
    require(flags.is_known())?;
    check_props(props)?;
    Ok(vmm::GRANULARITY as usize)
}

fn code(error: AllocError) -> CUresult {
    match error {
        AllocError::OutOfMemory => CUDA_ERROR_OUT_OF_MEMORY,
        AllocError::InvalidSize | AllocError::AlreadyRegistered => CUDA_ERROR_INVALID_VALUE,
    }
}

/// `cuMemAddressReserve`
pub fn reserve(size: usize, align: usize, flags: u64) -> Result<CUdeviceptr> {
    device::devices()?;
    require(flags == 0)?;
    vmm::reserve(size as u64, align as u64).map_err(code)
}

/// `cuMemAddressFree`
pub fn release_range(at: CUdeviceptr, size: usize) -> Result<()> {
    device::devices()?;
    require(vmm::release_range(at, size as u64))
}

/// `cuMemCreate`
pub fn create(size: usize, props: &CUmemAllocationProp, flags: u64) -> Result<CUmemGenericAllocationHandle> {
    device::devices()?;
    require(flags == 0)?;
    check_props(props)?;
    let device =
        if props.location.r#type == CU_MEM_LOCATION_TYPE_DEVICE { props.location.id as u32 } else { 0 };
    let physical = vmm::create(size as u64, device).map_err(code)?;
    let (handle, _) =
        HANDLES.insert(|_| Arc::new(Handle { physical, references: AtomicU32::new(1), props: *props }));
    Ok(handle as u64)
}

fn get(handle: CUmemGenericAllocationHandle) -> Result<Arc<Handle>> {
    device::devices()?;
    HANDLES.get(handle as usize).ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// `cuMemRelease`
pub fn release(handle: CUmemGenericAllocationHandle) -> Result<()> {
    let held = get(handle)?;
    if held.references.fetch_sub(1, Ordering::AcqRel) == 1 {
        HANDLES.remove(handle as usize);
    }
    Ok(())
}

/// `cuMemRetainAllocationHandle`
pub fn retain(at: u64) -> Result<CUmemGenericAllocationHandle> {
    device::devices()?;
    let physical = vmm::physical_at(at).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    let known = HANDLES.all().into_iter().find(|held| Arc::ptr_eq(&held.physical, &physical));
    if let Some(held) = known {
        held.references.fetch_add(1, Ordering::AcqRel);
        let (handle, _) = HANDLES.insert(|_| held);
        return Ok(handle as u64);
    }
    let location = CUmemLocation { r#type: CU_MEM_LOCATION_TYPE_DEVICE, id: physical.device as i32 };
    let props = CUmemAllocationProp {
        r#type: CU_MEM_ALLOCATION_TYPE_PINNED,
        location,
        ..CUmemAllocationProp::zeroed()
    };
    let (handle, _) = HANDLES.insert(|_| Arc::new(Handle { physical, references: AtomicU32::new(1), props }));
    Ok(handle as u64)
}

/// `cuMemGetAllocationPropertiesFromHandle`
pub fn properties(handle: CUmemGenericAllocationHandle) -> Result<CUmemAllocationProp> {
    Ok(get(handle)?.props)
}

/// `cuMemMap`
pub fn map(
    at: u64,
    size: usize,
    offset: usize,
    handle: CUmemGenericAllocationHandle,
    flags: u64,
) -> Result<()> {
    let held = get(handle)?;
    require(flags == 0 && vmm::map(at, size as u64, offset as u64, &held.physical))
}

/// `cuMemUnmap`
pub fn unmap(at: u64, size: usize) -> Result<()> {
    device::devices()?;
    if let Ok(context) = context::current() {
        context.core.synchronize();
    }
    require(vmm::unmap(at, size as u64))
}

/// `cuMemSetAccess`: what one device may do, all may: they share one memory.
pub fn set_access(at: u64, size: usize, list: &[CUmemAccessDesc]) -> Result<()> {
    device::devices()?;
    require(!list.is_empty())?;
    let mut access = Access::None;
    for desc in list {
        let place = desc.location.r#type;
        require(place.is_known() && place != CU_MEM_LOCATION_TYPE_INVALID)?;
        if place == CU_MEM_LOCATION_TYPE_DEVICE {
            device::get(desc.location.id)?;
        }
        access = match desc.flags {
            CU_MEM_ACCESS_FLAGS_PROT_READWRITE => Access::ReadWrite,
            CU_MEM_ACCESS_FLAGS_PROT_READ if access == Access::None => Access::Read,
            CU_MEM_ACCESS_FLAGS_PROT_READ | CU_MEM_ACCESS_FLAGS_PROT_NONE => access,
            _ => return Err(CUDA_ERROR_INVALID_VALUE),
        };
    }
    require(vmm::set_access(at, size as u64, access, 0))
}

/// The access flags of a mapping, if `at` is in one.
pub fn access_at(at: u64) -> Option<CUmemAccess_flags> {
    vmm::access(at).map(|access| match access {
        Access::None => CU_MEM_ACCESS_FLAGS_PROT_NONE,
        Access::Read => CU_MEM_ACCESS_FLAGS_PROT_READ,
        Access::ReadWrite => CU_MEM_ACCESS_FLAGS_PROT_READWRITE,
    })
}

/// `cuMemGetAccess`
pub fn access(location: &CUmemLocation, at: u64) -> Result<u64> {
    device::devices()?;
    require(location.r#type == CU_MEM_LOCATION_TYPE_DEVICE)?;
    device::get(location.id)?;
    access_at(at).map(|flags| u64::from(flags.0)).ok_or(CUDA_ERROR_INVALID_VALUE)
}
