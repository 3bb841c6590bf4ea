//! Names from before CUDA 4, which later ones replaced.

use crate::api::{known, require};
use crate::context;
use crate::driver as cu;
use abi::*;

api! {
    /// `cudaDeviceSynchronize`
    fn cudaThreadSynchronize() {
        context::ensure()?;
        cu::cuCtxSynchronize()
    }

    /// `cudaDeviceReset`
    fn cudaThreadExit() {
        context::reset()
    }

    /// `cudaDeviceSetLimit`
    fn cudaThreadSetLimit(limit: cudaLimit, value: usize) {
        context::ensure()?;
        cu::cuCtxSetLimit(limit, value)
    }

    /// `cudaDeviceGetLimit`
    fn cudaThreadGetLimit(value: *mut usize, limit: cudaLimit) {
        require(value)?;
        context::ensure()?;
        cu::cuCtxGetLimit(value, limit)
    }

    /// `cudaDeviceGetCacheConfig`
    fn cudaThreadGetCacheConfig(config: *mut cudaFuncCache) {
        require(config)?;
        context::ensure()?;
        cu::cuCtxGetCacheConfig(config)
    }

    /// `cudaDeviceSetCacheConfig`
    fn cudaThreadSetCacheConfig(config: cudaFuncCache) {
        known(config.is_known())?;
        context::ensure()?;
        cu::cuCtxSetCacheConfig(config)
    }
}
