//! Kernels: from the host's address to the driver's handle, and their attributes.
//!
//! Invariant: a cached handle is used only in the context and registry generation in which it was looked up.

use crate::api::{Result, known, require};
use crate::driver as cu;
use crate::{context, register, registry};
use abi::*;
use core::ffi::{c_char, c_int, c_void};
use std::cell::Cell;

#[derive(Clone, Copy)]
struct Cached {
    host: *const c_void,
    context: CUcontext,
    generation: u64,
    function: CUfunction,
}

/// Entries of each thread's direct-mapped cache.
const ENTRIES: usize = 64;

thread_local! {
    static CACHE: [Cell<Cached>; ENTRIES] = const {
        [const {
            Cell::new(Cached {
                host: core::ptr::null(),
                context: CUcontext::NULL,
                generation: 0,
                function: CUfunction::NULL,
            })
        }; ENTRIES]
    };
}

/// The driver's function for the host function `host`, in the thread's context.
pub fn resolve(host: *const c_void) -> Result<CUfunction> {
    if host.is_null() {
        return Err(cudaErrorInvalidDeviceFunction);
    }
    let context = context::ensure()?;
    let generation = registry::generation();
    let slot = (host as usize >> 4) % ENTRIES;
    let cached = CACHE.with(|cache| cache[slot].get());
    if cached.host == host && cached.context == context && cached.generation == generation {
        return Ok(cached.function);
    }
    register::watch_for_exit();
    let function = registry::function(host, context)?;
    CACHE.with(|cache| cache[slot].set(Cached { host, context, generation, function }));
    Ok(function)
}

api! {
    /// What is known of a kernel.
    fn cudaFuncGetAttributes(attributes: *mut cudaFuncAttributes, host: *const c_void) {
        require(attributes)?;
        let function = resolve(host)?;
        let get = |attribute| {
            let mut value: c_int = 0;
            cu::cuFuncGetAttribute(&mut value, attribute, function).map(|()| value)
        };
        // Cluster attributes are newer than the others: a driver without them means "none".
        let optional = |attribute| get(attribute).unwrap_or(0);
        attributes.write(cudaFuncAttributes {
            sharedSizeBytes: get(CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES)? as usize,
            constSizeBytes: get(CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES)? as usize,
            localSizeBytes: get(CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES)? as usize,
            maxThreadsPerBlock: get(CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK)?,
            numRegs: get(CU_FUNC_ATTRIBUTE_NUM_REGS)?,
            ptxVersion: get(CU_FUNC_ATTRIBUTE_PTX_VERSION)?,
            binaryVersion: get(CU_FUNC_ATTRIBUTE_BINARY_VERSION)?,
            cacheModeCA: get(CU_FUNC_ATTRIBUTE_CACHE_MODE_CA)?,
            maxDynamicSharedSizeBytes: get(CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES)?,
            preferredShmemCarveout: get(CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT)?,
            clusterDimMustBeSet: optional(CU_FUNC_ATTRIBUTE_CLUSTER_SIZE_MUST_BE_SET),
            requiredClusterWidth: optional(CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_WIDTH),
            requiredClusterHeight: optional(CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_HEIGHT),
            requiredClusterDepth: optional(CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_DEPTH),
            clusterSchedulingPolicyPreference: optional(CU_FUNC_ATTRIBUTE_CLUSTER_SCHEDULING_POLICY_PREFERENCE),
            nonPortableClusterSizeAllowed: optional(CU_FUNC_ATTRIBUTE_NON_PORTABLE_CLUSTER_SIZE_ALLOWED),
            reserved: [0; 16],
        });
        Ok(())
    }

    /// Sets an attribute of a kernel. The runtime's numbers are the driver's.
    fn cudaFuncSetAttribute(host: *const c_void, attribute: cudaFuncAttribute, value: c_int) {
        known(attribute.is_known())?;
        let function = resolve(host)?;
        cu::cuFuncSetAttribute(function, CUfunction_attribute(attribute.0), value)
    }

    fn cudaFuncSetCacheConfig(host: *const c_void, config: cudaFuncCache) {
        known(config.is_known())?;
        cu::cuFuncSetCacheConfig(resolve(host)?, config)
    }

    fn cudaFuncSetSharedMemConfig(host: *const c_void, config: cudaSharedMemConfig) {
        known(config.is_known())?;
        cu::cuFuncSetSharedMemConfig(resolve(host)?, config)
    }

    fn cudaFuncGetName(name: *mut *const c_char, host: *const c_void) {
        require(name)?;
        cu::cuFuncGetName(name, resolve(host)?)
    }

    fn cudaFuncGetParamInfo(host: *const c_void, index: usize, offset: *mut usize, size: *mut usize) {
        require(offset)?;
        cu::cuFuncGetParamInfo(resolve(host)?, index, offset, size)
    }

    /// The driver's handle of a kernel.
    fn cudaGetFuncBySymbol(function: *mut cudaFunction_t, host: *const c_void) {
        require(function)?;
        function.write(resolve(host)?);
        Ok(())
    }

    /// A handle with which `cudaLaunchKernel` accepts the kernel: the host's address itself.
    fn cudaGetKernel(kernel: *mut cudaKernel_t, host: *const c_void) {
        require(kernel)?;
        resolve(host)?;
        kernel.write(CUkernel::from_addr(host as usize));
        Ok(())
    }

    /// Obsolete: doubles have been native since compute capability 1.3.
    fn cudaSetDoubleForDevice(value: *mut f64) {
        require(value)
    }

    fn cudaSetDoubleForHost(value: *mut f64) {
        require(value)
    }
}
