//! Devices.

use crate::shell::*;
use ::driver::{context, device, pool};
use abi::*;
use std::ffi::{c_char, c_int, c_uint, c_void};

api! {
    fn cuDeviceGet(to: *mut CUdevice, ordinal: c_int) {
        give(to, || device::get(ordinal).map(|device| device.ordinal))
    }

    fn cuDeviceGetCount(count: *mut c_int) {
        give(count, || device::devices().map(|list| list.len() as c_int))
    }

    fn cuDeviceGetName(name: *mut c_char, len: c_int, device: CUdevice) {
        fill_text(name, len, &device::get(device)?.core.profile.name)
    }

    fn cuDeviceGetUuid(uuid: *mut CUuuid, device: CUdevice) {
        give(uuid, || {
            let bytes = device::get(device)?.core.profile.uuid;
            Ok(CUuuid { bytes: bytes.map(|byte| byte as c_char) })
        })
    }

    fn cuDeviceGetLuid(luid: *mut c_char, mask: *mut c_uint, device: CUdevice) {
        // Locally unique identifiers are a Windows notion.
        let _ = (luid, mask);
        device::get(device)?;
        Err(CUDA_ERROR_NOT_SUPPORTED)
    }

    fn cuDeviceTotalMem_v2(bytes: *mut usize, device: CUdevice) {
        give(bytes, || device::get(device).map(|device| device.core.arena.total() as usize))
    }

    fn cuDeviceGetAttribute(value: *mut c_int, attribute: CUdevice_attribute, device: CUdevice) {
        give(value, || device::attribute(attribute, device))
    }

    fn cuDeviceGetProperties(properties: *mut CUdevprop, device: CUdevice) {
        give(properties, || device::properties(device))
    }

    fn cuDeviceComputeCapability(major: *mut c_int, minor: *mut c_int, device: CUdevice) {
        let device = device::get(device)?;
        give(major, || Ok(device.attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)))?;
        give(minor, || Ok(device.attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)))
    }

    fn cuDeviceGetByPCIBusId(to: *mut CUdevice, id: *const c_char) {
        give(to, || device::by_pci_bus_id(text(id)?))
    }

    fn cuDeviceGetPCIBusId(id: *mut c_char, len: c_int, device: CUdevice) {
        fill_text(id, len, &device::pci_bus_id(device)?)
    }

    fn cuDeviceCanAccessPeer(can: *mut c_int, device: CUdevice, peer: CUdevice) {
        give(can, || device::can_access_peer(device, peer).map(c_int::from))
    }

    fn cuDeviceGetP2PAttribute(value: *mut c_int, attribute: CUdevice_P2PAttribute, device: CUdevice, peer: CUdevice) {
        give(value, || device::p2p_attribute(attribute, device, peer))
    }

    fn cuDeviceGetTexture1DLinearMaxWidth(
        width: *mut usize,
        format: CUarray_format,
        channels: c_uint,
        device: CUdevice,
    ) {
        let device = device::get(device)?;
        ::driver::array::element_bytes(format, channels)?;
        give(width, || Ok(device.attribute(CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE1D_LINEAR_WIDTH) as usize))
    }

    fn cuDeviceGetExecAffinitySupport(supported: *mut c_int, kind: CUexecAffinityType, device: CUdevice) {
        device::get(device)?;
        ::driver::require(kind.0 < CU_EXEC_AFFINITY_TYPE_MAX.0)?;
        give(supported, || Ok(0))
    }

    fn cuDeviceGetDefaultMemPool(to: *mut CUmemoryPool, device: CUdevice) {
        give(to, || pool::default_of(device))
    }

    fn cuDeviceGetMemPool(to: *mut CUmemoryPool, device: CUdevice) {
        give(to, || pool::current_of(device))
    }

    fn cuDeviceSetMemPool(device: CUdevice, handle: CUmemoryPool) {
        pool::set_current(device, handle)
    }

    fn cuDeviceGetGraphMemAttribute(device: CUdevice, attribute: CUgraphMem_attribute, value: *mut c_void) {
        give(value.cast::<u64>(), || pool::graph_attribute(device, attribute))
    }

    fn cuDeviceSetGraphMemAttribute(device: CUdevice, attribute: CUgraphMem_attribute, value: *mut c_void) {
        input(value.cast_const())?;
        pool::graph_attribute(device, attribute).map(|_| ())
    }

    fn cuDeviceGraphMemTrim(device: CUdevice) {
        device::get(device).map(|_| ())
    }

    fn cuDevicePrimaryCtxRetain(to: *mut CUcontext, device: CUdevice) {
        give(to, || context::retain_primary(device))
    }

    fn cuDevicePrimaryCtxRelease_v2(device: CUdevice) {
        context::release_primary(device)
    }

    fn cuDevicePrimaryCtxReset_v2(device: CUdevice) {
        context::reset_primary(device)
    }

    fn cuDevicePrimaryCtxSetFlags_v2(device: CUdevice, flags: c_uint) {
        context::set_primary_flags(device, flags)
    }

    fn cuDevicePrimaryCtxGetState(device: CUdevice, flags: *mut c_uint, active: *mut c_int) {
        let (flags_to, active_to) = (out(flags)?, out(active)?);
        let (flags, active) = context::primary_state(device)?;
        flags_to.write(flags);
        active_to.write(c_int::from(active));
        Ok(())
    }
}
