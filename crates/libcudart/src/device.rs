//! Devices: choosing, asking, limiting, waiting.

use crate::api::{Result, known, require};
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_char, c_int, c_uint, c_void};

api! {
    /// How many devices there are; 0 together with an error when there is none.
    fn cudaGetDeviceCount(count: *mut c_int) {
        require(count)?;
        count.write(0);
        count.write(context::device_count()?);
        Ok(())
    }

    fn cudaGetDevice(device: *mut c_int) {
        require(device)?;
        device.write(context::current_device()?);
        Ok(())
    }

    /// Makes a device this thread's. Since CUDA 12 this starts its primary context.
    fn cudaSetDevice(device: c_int) {
        context::set_device(device)
    }

    /// Starts a device's primary context, with flags if they are said to be valid.
    fn cudaInitDevice(device: c_int, device_flags: c_uint, flags: c_uint) {
        context::check_device(device)?;
        if flags & !cudaInitDeviceFlagsAreValid != 0 {
            return Err(cudaErrorInvalidValue);
        }
        if flags & cudaInitDeviceFlagsAreValid != 0 {
            cu::cuDevicePrimaryCtxSetFlags(device, device_flags)?;
        }
        context::primary(device).map(|_| ())
    }

    /// Lets the thread use the first device of a list that works.
    fn cudaSetValidDevices(list: *mut c_int, count: c_int) {
        let devices = context::device_count()?;
        if count == 0 {
            return Ok(());
        }
        require(list)?;
        if count < 0 || count > devices {
            return Err(cudaErrorInvalidValue);
        }
        let list = core::slice::from_raw_parts(list, count as usize);
        for device in list {
            context::check_device(*device)?;
        }
        context::choose_device(list[0]);
        Ok(())
    }

    /// The device that fits the wishes best: the first whose compute capability and memory suffice, else the first.
    fn cudaChooseDevice(device: *mut c_int, wishes: *const cudaDeviceProp) {
        require(device)?;
        require(wishes)?;
        let wishes = &*wishes;
        let mut best = 0;
        for candidate in 0..context::device_count()? {
            let capability = (
                attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, candidate)?,
                attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, candidate)?,
            );
            let mut memory = 0;
            cu::cuDeviceTotalMem(&mut memory, candidate)?;
            if capability >= (wishes.major, wishes.minor) && memory >= wishes.totalGlobalMem {
                best = candidate;
                break;
            }
        }
        device.write(best);
        Ok(())
    }

    fn cudaDeviceGetAttribute(value: *mut c_int, attribute: cudaDeviceAttr, device: c_int) {
        require(value)?;
        context::check_device(device)?;
        cu::cuDeviceGetAttribute(value, attribute, device)
    }

    fn cudaDeviceSynchronize() {
        context::ensure()?;
        cu::cuCtxSynchronize()
    }

    /// Destroys all that this process holds on the thread's device.
    fn cudaDeviceReset() {
        context::reset()
    }

    fn cudaDeviceSetLimit(limit: cudaLimit, value: usize) {
        context::ensure()?;
        known_limit(limit)?;
        cu::cuCtxSetLimit(limit, value)
    }

    fn cudaDeviceGetLimit(value: *mut usize, limit: cudaLimit) {
        require(value)?;
        context::ensure()?;
        known_limit(limit)?;
        cu::cuCtxGetLimit(value, limit)
    }

    fn cudaDeviceGetCacheConfig(config: *mut cudaFuncCache) {
        require(config)?;
        context::ensure()?;
        cu::cuCtxGetCacheConfig(config)
    }

    fn cudaDeviceSetCacheConfig(config: cudaFuncCache) {
        known(config.is_known())?;
        context::ensure()?;
        cu::cuCtxSetCacheConfig(config)
    }

    fn cudaDeviceGetSharedMemConfig(config: *mut cudaSharedMemConfig) {
        require(config)?;
        context::ensure()?;
        cu::cuCtxGetSharedMemConfig(config)
    }

    fn cudaDeviceSetSharedMemConfig(config: cudaSharedMemConfig) {
        known(config.is_known())?;
        context::ensure()?;
        cu::cuCtxSetSharedMemConfig(config)
    }

    fn cudaDeviceGetStreamPriorityRange(least: *mut c_int, greatest: *mut c_int) {
        context::ensure()?;
        cu::cuCtxGetStreamPriorityRange(least, greatest)
    }

    fn cudaCtxResetPersistingL2Cache() {
        context::ensure()?;
        cu::cuCtxResetPersistingL2Cache()
    }

    /// How the host waits. The flags are the driver's.
    fn cudaSetDeviceFlags(flags: c_uint) {
        if flags & !cudaDeviceMask != 0 {
            return Err(cudaErrorInvalidValue);
        }
        let device = context::current_device()?;
        cu::cuDevicePrimaryCtxSetFlags(device, flags)
    }

    fn cudaGetDeviceFlags(flags: *mut c_uint) {
        require(flags)?;
        let device = context::current_device()?;
        let mut active = 0;
        cu::cuDevicePrimaryCtxGetState(device, flags, &mut active)?;
        // Host memory is always mapped, and the runtime says so.
        flags.write(*flags | cudaDeviceMapHost);
        Ok(())
    }

    fn cudaDeviceGetByPCIBusId(device: *mut c_int, id: *const c_char) {
        require(device)?;
        require(id)?;
        context::init()?;
        cu::cuDeviceGetByPCIBusId(device, id)
    }

    fn cudaDeviceGetPCIBusId(id: *mut c_char, length: c_int, device: c_int) {
        require(id)?;
        context::check_device(device)?;
        // "dddd:bb:dd.f" and its NUL.
        known(length >= 13)?;
        cu::cuDeviceGetPCIBusId(id, length, device)
    }

    fn cudaDeviceGetTexture1DLinearMaxWidth(width: *mut usize, format: *const cudaChannelFormatDesc, device: c_int) {
        require(width)?;
        require(format)?;
        context::check_device(device)?;
        let (format, channels) = crate::convert::channel_format(&*format)?;
        cu::cuDeviceGetTexture1DLinearMaxWidth(width, format, channels, device)
    }

    fn cudaDeviceGetNvSciSyncAttributes(list: *mut c_void, device: c_int, flags: c_int) {
        require(list)?;
        context::check_device(device)?;
        cu::cuDeviceGetNvSciSyncAttributes(list, device, flags)
    }

    fn cudaDeviceFlushGPUDirectRDMAWrites(
        target: CUflushGPUDirectRDMAWritesTarget, scope: CUflushGPUDirectRDMAWritesScope,
    ) {
        context::ensure()?;
        cu::cuFlushGPUDirectRDMAWrites(target, scope)
    }

    fn cudaDeviceRegisterAsyncNotification(
        device: c_int, function: *mut c_void, data: *mut c_void, handle: *mut CUasyncCallbackHandle,
    ) {
        require(function)?;
        require(handle)?;
        context::check_device(device)?;
        cu::cuDeviceRegisterAsyncNotification(device, function, data, handle)
    }

    fn cudaDeviceUnregisterAsyncNotification(device: c_int, handle: CUasyncCallbackHandle) {
        context::check_device(device)?;
        cu::cuDeviceUnregisterAsyncNotification(device, handle)
    }
}

/// One attribute of a device.
pub fn attribute(attribute: CUdevice_attribute, device: CUdevice) -> Result<c_int> {
    let mut value = 0;
    // SAFETY: `value` is writable.
    unsafe { cu::cuDeviceGetAttribute(&mut value, attribute, device)? };
    Ok(value)
}

fn known_limit(limit: cudaLimit) -> Result {
    if limit.is_known() { Ok(()) } else { Err(cudaErrorInvalidValue) }
}
