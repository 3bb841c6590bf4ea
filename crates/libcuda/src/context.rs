//! Contexts.

use crate::shell::*;
use ::driver::{capture, context, stream};
use abi::*;
use std::ffi::{c_int, c_uint};
use std::sync::atomic::Ordering;

/// The API version that contexts report (`cuCtxGetApiVersion`): that of the `_v2` entries.
const API_VERSION: c_uint = 3020;

api! {
    fn cuCtxCreate_v2(to: *mut CUcontext, flags: c_uint, device: CUdevice) {
        give(to, || context::create(flags, device))
    }

    fn cuCtxCreate_v3(
        to: *mut CUcontext,
        affinity: *mut CUexecAffinityParam,
        count: c_int,
        flags: c_uint,
        device: CUdevice,
    ) {
        if count != 0 && !affinity.is_null() {
            return Err(CUDA_ERROR_UNSUPPORTED_EXEC_AFFINITY);
        }
        give(to, || context::create(flags, device))
    }

    fn cuCtxCreate_v4(to: *mut CUcontext, params: *mut CUctxCreateParams, flags: c_uint, device: CUdevice) {
        if let Ok(params) = input(params)
            && params.numExecAffinityParams != 0
        {
            return Err(CUDA_ERROR_UNSUPPORTED_EXEC_AFFINITY);
        }
        give(to, || context::create(flags, device))
    }

    fn cuCtxDestroy_v2(handle: CUcontext) {
        context::destroy(handle)
    }

    fn cuCtxAttach(to: *mut CUcontext, flags: c_uint) {
        ::driver::require(flags == 0)?;
        give(to, || context::current().map(|context| context.handle))
    }

    fn cuCtxDetach(handle: CUcontext) {
        context::destroy(handle)
    }

    fn cuCtxPushCurrent_v2(handle: CUcontext) {
        context::push(handle)
    }

    fn cuCtxPopCurrent_v2(to: *mut CUcontext) {
        let handle = context::pop()?;
        offer(to, handle);
        Ok(())
    }

    fn cuCtxSetCurrent(handle: CUcontext) {
        context::set_current(handle)
    }

    fn cuCtxGetCurrent(to: *mut CUcontext) {
        give(to, context::get_current)
    }

    fn cuCtxGetDevice(to: *mut CUdevice) {
        give(to, || context::current().map(|context| context.device.ordinal))
    }

    fn cuCtxGetDevice_v2(to: *mut CUdevice, handle: CUcontext) {
        give(to, || context::get_or_current(handle).map(|context| context.device.ordinal))
    }

    fn cuCtxGetId(handle: CUcontext, id: *mut u64) {
        give(id, || context::get_or_current(handle).map(|context| context.core.id))
    }

    fn cuCtxGetApiVersion(handle: CUcontext, version: *mut c_uint) {
        give(version, || context::get_or_current(handle).map(|_| API_VERSION))
    }

    fn cuCtxGetFlags(flags: *mut c_uint) {
        give(flags, context::flags)
    }

    fn cuCtxSetFlags(flags: c_uint) {
        context::set_flags(flags)
    }

    fn cuCtxSynchronize() {
        let context = context::usable()?;
        capture::check_context(&context)?;
        context.synchronize()
    }

    fn cuCtxSynchronize_v2(handle: CUcontext) {
        context::get_or_current(handle)?.synchronize()
    }

    fn cuCtxGetLimit(value: *mut usize, limit: CUlimit) {
        give(value, || context::limit(limit))
    }

    fn cuCtxSetLimit(limit: CUlimit, value: usize) {
        context::set_limit(limit, value)
    }

    fn cuCtxGetCacheConfig(config: *mut CUfunc_cache) {
        give(config, || Ok(CUfunc_cache(context::current()?.cache_config.load(Ordering::Relaxed))))
    }

    fn cuCtxSetCacheConfig(config: CUfunc_cache) {
        ::driver::require(config.is_known())?;
        context::current()?.cache_config.store(config.0, Ordering::Relaxed);
        Ok(())
    }

    fn cuCtxGetSharedMemConfig(config: *mut CUsharedconfig) {
        give(config, || {
            let kept = context::current()?.shared_config.load(Ordering::Relaxed);
            // The default is reported as what it is: banks of four bytes.
            Ok(CUsharedconfig(kept.max(CU_SHARED_MEM_CONFIG_FOUR_BYTE_BANK_SIZE.0)))
        })
    }

    fn cuCtxSetSharedMemConfig(config: CUsharedconfig) {
        ::driver::require(config.is_known())?;
        context::current()?.shared_config.store(config.0, Ordering::Relaxed);
        Ok(())
    }

    fn cuCtxGetStreamPriorityRange(least: *mut c_int, greatest: *mut c_int) {
        context::current()?;
        offer(least, stream::PRIORITY_LEAST);
        offer(greatest, stream::PRIORITY_GREATEST);
        Ok(())
    }

    fn cuCtxResetPersistingL2Cache() {
        context::current().map(|_| ())
    }

    fn cuCtxGetExecAffinity(affinity: *mut CUexecAffinityParam, kind: CUexecAffinityType) {
        let _ = (affinity, kind);
        context::current()?;
        Err(CUDA_ERROR_UNSUPPORTED_EXEC_AFFINITY)
    }

    fn cuCtxEnablePeerAccess(peer: CUcontext, flags: c_uint) {
        context::enable_peer(peer, flags)
    }

    fn cuCtxDisablePeerAccess(peer: CUcontext) {
        context::disable_peer(peer)
    }
}
