//! Allocation and what is known about addresses.

use crate::shell::*;
use ::driver::pointer::Value;
use ::driver::{Result, memory, pointer};
use abi::*;
use std::ffi::{c_int, c_uint, c_void};

/// Writes a pointer attribute in its C type.
fn write_value(to: *mut c_void, value: Value) -> Result<()> {
    match value {
        Value::Int(value) => give(to.cast::<u32>(), || Ok(value)),
        Value::Long(value) => give(to.cast::<u64>(), || Ok(value)),
        Value::Byte(value) => give(to.cast::<u8>(), || Ok(u8::from(value))),
        Value::Tokens => give(to.cast(), || Ok(CUDA_POINTER_ATTRIBUTE_P2P_TOKENS::zeroed())),
    }
}

api! {
    fn cuMemGetInfo_v2(free: *mut usize, total: *mut usize) {
        let (free_to, total_to) = (out(free)?, out(total)?);
        let (free, total) = memory::info()?;
        free_to.write(free);
        total_to.write(total);
        Ok(())
    }

    fn cuMemAlloc_v2(to: *mut CUdeviceptr, size: usize) {
        give(to, || memory::alloc(size))
    }

    fn cuMemAllocPitch_v2(
        to: *mut CUdeviceptr,
        pitch: *mut usize,
        width: usize,
        height: usize,
        element: c_uint,
    ) {
        let (to, pitch_to) = (out(to)?, out(pitch)?);
        let (at, pitch) = memory::alloc_pitch(width, height, element)?;
        to.write(at);
        pitch_to.write(pitch);
        Ok(())
    }

    fn cuMemFree_v2(at: CUdeviceptr) {
        memory::free(at)
    }

    fn cuMemGetAddressRange_v2(base: *mut CUdeviceptr, size: *mut usize, at: CUdeviceptr) {
        let (start, len) = memory::address_range(at)?;
        offer(base, start);
        offer(size, len);
        Ok(())
    }

    fn cuMemAllocHost_v2(to: *mut *mut c_void, size: usize) {
        give(to, || memory::host_alloc(size, 0).map(|at| at as *mut c_void))
    }

    fn cuMemHostAlloc(to: *mut *mut c_void, size: usize, flags: c_uint) {
        give(to, || memory::host_alloc(size, flags).map(|at| at as *mut c_void))
    }

    fn cuMemFreeHost(at: *mut c_void) {
        memory::host_free(at as u64)
    }

    fn cuMemHostGetDevicePointer_v2(to: *mut CUdeviceptr, at: *mut c_void, flags: c_uint) {
        give(to, || memory::host_device_pointer(at as u64, flags))
    }

    fn cuMemHostGetFlags(flags: *mut c_uint, at: *mut c_void) {
        give(flags, || memory::host_flags(at as u64))
    }

    fn cuMemHostRegister_v2(at: *mut c_void, size: usize, flags: c_uint) {
        memory::host_register(at as u64, size, flags)
    }

    fn cuMemHostUnregister(at: *mut c_void) {
        memory::host_unregister(at as u64)
    }

    fn cuMemAllocManaged(to: *mut CUdeviceptr, size: usize, flags: c_uint) {
        give(to, || memory::alloc_managed(size, flags))
    }

    fn cuMemAdvise(at: CUdeviceptr, count: usize, advice: CUmem_advise, device: CUdevice) {
        memory::advise(at, count, advice, device)
    }

    fn cuMemAdvise_v2(at: CUdeviceptr, count: usize, advice: CUmem_advise, location: CUmemLocation) {
        memory::advise(at, count, advice, device_of(location))
    }

    fn cuMemRangeGetAttribute(
        data: *mut c_void,
        size: usize,
        attribute: CUmem_range_attribute,
        at: CUdeviceptr,
        count: usize,
    ) {
        range_attribute(data, size, attribute, at, count)
    }

    fn cuMemRangeGetAttributes(
        data: *mut *mut c_void,
        sizes: *mut usize,
        attributes: *mut CUmem_range_attribute,
        number: usize,
        at: CUdeviceptr,
        count: usize,
    ) {
        let (data, sizes) = (list(data.cast_const(), number)?, list(sizes.cast_const(), number)?);
        let attributes = list(attributes.cast_const(), number)?;
        for ((&data, &size), &attribute) in data.iter().zip(sizes).zip(attributes) {
            range_attribute(data, size, attribute, at, count)?;
        }
        Ok(())
    }

    fn cuPointerGetAttribute(data: *mut c_void, attribute: CUpointer_attribute, at: CUdeviceptr) {
        write_value(data, pointer::attribute(attribute, at)?)
    }

    fn cuPointerGetAttributes(
        count: c_uint,
        attributes: *mut CUpointer_attribute,
        data: *mut *mut c_void,
        at: CUdeviceptr,
    ) {
        ::driver::require(count > 0)?;
        let attributes = list(attributes.cast_const(), count as usize)?;
        let places = list(data.cast_const(), count as usize)?;
        let values = pointer::attributes(attributes, at)?;
        places.iter().zip(values).try_for_each(|(&place, value)| write_value(place, value))
    }

    fn cuPointerSetAttribute(value: *const c_void, attribute: CUpointer_attribute, at: CUdeviceptr) {
        input(value)?;
        pointer::set_attribute(attribute, at)
    }
}

/// The device of a location: hosts are `CU_DEVICE_CPU`.
fn device_of(location: CUmemLocation) -> CUdevice {
    if location.r#type == CU_MEM_LOCATION_TYPE_DEVICE { location.id } else { CU_DEVICE_CPU }
}

/// Advice is not kept, so ranges report what was never advised: not read-mostly, no preferred location.
fn range_attribute(
    data: *mut c_void,
    size: usize,
    attribute: CUmem_range_attribute,
    at: CUdeviceptr,
    count: usize,
) -> Result<()> {
    ::driver::require(attribute.is_known() && count > 0 && size >= 4 && size.is_multiple_of(4))?;
    if pointer::attribute(CU_POINTER_ATTRIBUTE_IS_MANAGED, at)? != Value::Byte(true) {
        return Err(CUDA_ERROR_INVALID_VALUE);
    }
    let value = match attribute {
        CU_MEM_RANGE_ATTRIBUTE_READ_MOSTLY => 0,
        _ => CU_DEVICE_INVALID,
    };
    for index in 0..size / 4 {
        give(data.cast::<c_int>().wrapping_add(index), || Ok(value))?;
    }
    Ok(())
}

stream_api! {
    fn cuMemPrefetchAsync / cuMemPrefetchAsync_ptsz(
        default;
        at: CUdeviceptr,
        count: usize,
        device: CUdevice,
        stream: CUstream,
    ) {
        memory::prefetch(at, count, device, pick(default, stream))
    }

    fn cuMemPrefetchAsync_v2 / cuMemPrefetchAsync_v2_ptsz(
        default;
        at: CUdeviceptr,
        count: usize,
        location: CUmemLocation,
        flags: c_uint,
        stream: CUstream,
    ) {
        ::driver::require(flags == 0)?;
        memory::prefetch(at, count, device_of(location), pick(default, stream))
    }
}
