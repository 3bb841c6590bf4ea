//! Kernel launches and the stack on which `<<<>>>` leaves its configuration.

use crate::api::{DefaultStream, Result, enter, require};
use crate::driver as cu;
use crate::{context, function};
use abi::*;
use core::ffi::{c_int, c_uint, c_void};
use std::cell::Cell;

/// One `<<<>>>` whose stub has not run yet.
#[derive(Clone, Copy)]
struct Configuration {
    grid: dim3,
    block: dim3,
    shared: usize,
    stream: cudaStream_t,
}

/// Launches nest only while a launch's own arguments launch: a few levels at most.
const DEPTH: usize = 16;

// Plain cells, so that launches still work in destructors that run after thread-local ones.
thread_local! {
    static PENDING: [Cell<Configuration>; DEPTH] = const {
        const ZERO: dim3 = dim3 { x: 0, y: 0, z: 0 };
        [const { Cell::new(Configuration { grid: ZERO, block: ZERO, shared: 0, stream: CUstream::NULL }) }; DEPTH]
    };
    static PENDING_COUNT: Cell<usize> = const { Cell::new(0) };
}

/// Keeps the configuration of a `<<<>>>` for its stub. Nonzero means: do not call the stub.
#[unsafe(no_mangle)]
pub extern "C" fn __cudaPushCallConfiguration(
    grid: dim3,
    block: dim3,
    shared: usize,
    stream: cudaStream_t,
) -> c_uint {
    let code = enter("__cudaPushCallConfiguration", || {
        let depth = PENDING_COUNT.get();
        if depth == DEPTH {
            return Err(cudaErrorLaunchPendingCountExceeded);
        }
        PENDING.with(|pending| pending[depth].set(Configuration { grid, block, shared, stream }));
        PENDING_COUNT.set(depth + 1);
        Ok(())
    });
    code.0
}

api! {
    /// Takes the innermost pending configuration.
    fn __cudaPopCallConfiguration(grid: *mut dim3, block: *mut dim3, shared: *mut usize, stream: *mut cudaStream_t) {
        require(grid)?;
        require(block)?;
        require(shared)?;
        require(stream)?;
        let depth = PENDING_COUNT.get().checked_sub(1).ok_or(cudaErrorMissingConfiguration)?;
        PENDING_COUNT.set(depth);
        let taken = PENDING.with(|pending| pending[depth].get());
        grid.write(taken.grid);
        block.write(taken.block);
        shared.write(taken.shared);
        stream.write(taken.stream);
        Ok(())
    }

    /// The kernel handle of a host function, as newer compilers' stubs ask for it.
    fn __cudaGetKernel(kernel: *mut cudaKernel_t, host: *const c_void) {
        require(kernel)?;
        function::resolve(host)?;
        kernel.write(CUkernel::from_addr(host as usize));
        Ok(())
    }

    /// Obsolete: launches on several devices at once.
    fn cudaLaunchCooperativeKernelMultiDevice(list: *mut cudaLaunchParams, count: c_uint, flags: c_uint) {
        require(list)?;
        let mut launches = Vec::new();
        for launch in core::slice::from_raw_parts(list, count as usize) {
            launches.push(CUDA_LAUNCH_PARAMS {
                function: function::resolve(launch.func)?,
                gridDimX: launch.gridDim.x,
                gridDimY: launch.gridDim.y,
                gridDimZ: launch.gridDim.z,
                blockDimX: launch.blockDim.x,
                blockDimY: launch.blockDim.y,
                blockDimZ: launch.blockDim.z,
                sharedMemBytes: shared_bytes(launch.sharedMem)?,
                hStream: launch.stream,
                kernelParams: launch.args,
            });
        }
        cu::cuLaunchCooperativeKernelMultiDevice(launches.as_mut_ptr(), count, flags)
    }
}

stream_api! {
    /// Launches the kernel that `host` stands for.
    fn cudaLaunchKernel, cudaLaunchKernel_ptsz(
        default; host: *const c_void, grid: dim3, block: dim3, args: *mut *mut c_void, shared: usize, stream:
        cudaStream_t,
    ) {
        launch(default, host, grid, block, args, shared, stream)
    }

    /// `cudaLaunchKernel` for a handle of `__cudaGetKernel`.
    fn __cudaLaunchKernel, __cudaLaunchKernel_ptsz(
        default; kernel: cudaKernel_t, grid: dim3, block: dim3, args: *mut *mut c_void, shared: usize, stream:
        cudaStream_t,
    ) {
        launch(default, kernel.0, grid, block, args, shared, stream)
    }

    /// As `cudaLaunchKernel`, with all blocks resident at once.
    fn cudaLaunchCooperativeKernel, cudaLaunchCooperativeKernel_ptsz(
        default; host: *const c_void, grid: dim3, block: dim3, args: *mut *mut c_void, shared: usize, stream:
        cudaStream_t,
    ) {
        let function = function::resolve(host)?;
        let bytes = shared_bytes(shared)?;
        let stream = default.stream(stream);
        let (g, b) = (grid, block);
        cu::cuLaunchCooperativeKernel(function, g.x, g.y, g.z, b.x, b.y, b.z, bytes, stream, args)
            .map_err(|code| explain(code, grid, block))
    }

    /// Launches with attributes.
    fn cudaLaunchKernelExC, cudaLaunchKernelExC_ptsz(
        default; config: *const cudaLaunchConfig_t, host: *const c_void, args: *mut *mut c_void,
    ) {
        require(config)?;
        let config = &*config;
        let function = function::resolve(host)?;
        let driver = driver_config(config, default)?;
        cu::cuLaunchKernelEx(&driver, function, args, core::ptr::null_mut())
            .map_err(|code| explain(code, config.gridDim, config.blockDim))
    }

    /// Calls a host function in stream order.
    fn cudaLaunchHostFunc, cudaLaunchHostFunc_ptsz(
        default; stream: cudaStream_t, function: cudaHostFn_t, data: *mut c_void,
    ) {
        if function.is_none() {
            return Err(cudaErrorInvalidValue);
        }
        context::ensure()?;
        cu::cuLaunchHostFunc(default.stream(stream), function, data)
    }
}

fn launch(
    default: DefaultStream,
    host: *const c_void,
    grid: dim3,
    block: dim3,
    args: *mut *mut c_void,
    shared: usize,
    stream: cudaStream_t,
) -> Result {
    let function = function::resolve(host)?;
    let bytes = shared_bytes(shared)?;
    let stream = default.stream(stream);
    let none = core::ptr::null_mut();
    let (g, b) = (grid, block);
    // SAFETY: the arguments are the C caller's, one pointer for each of the kernel's parameters.
    unsafe { cu::cuLaunchKernel(function, g.x, g.y, g.z, b.x, b.y, b.z, bytes, stream, args, none) }
        .map_err(|code| explain(code, grid, block))
}

/// The driver's form of a launch configuration. The attributes are shared: their layouts are the same.
pub fn driver_config(config: &cudaLaunchConfig_t, default: DefaultStream) -> Result<CUlaunchConfig> {
    Ok(CUlaunchConfig {
        gridDimX: config.gridDim.x,
        gridDimY: config.gridDim.y,
        gridDimZ: config.gridDim.z,
        blockDimX: config.blockDim.x,
        blockDimY: config.blockDim.y,
        blockDimZ: config.blockDim.z,
        sharedMemBytes: shared_bytes(config.dynamicSmemBytes)?,
        hStream: default.stream(config.stream),
        attrs: config.attrs,
        numAttrs: config.numAttrs,
    })
}

/// The driver counts shared memory in 32 bits.
pub fn shared_bytes(bytes: usize) -> Result<c_uint> {
    c_uint::try_from(bytes).map_err(|_| cudaErrorInvalidValue)
}

/// The driver says "invalid value" for a shape out of bounds; the runtime has a code of its own for it.
fn explain(code: cudaError_t, grid: dim3, block: dim3) -> cudaError_t {
    if code == cudaErrorInvalidValue && !fits(grid, block) { cudaErrorInvalidConfiguration } else { code }
}

/// Whether the device's limits allow this shape.
fn fits(grid: dim3, block: dim3) -> bool {
    let limit = |attribute| {
        let mut value: c_int = 0;
        let device = context::current_device().unwrap_or(0);
        // SAFETY: `value` is writable.
        let known = unsafe { cu::cuDeviceGetAttribute(&mut value, attribute, device) }.is_ok();
        if known { value as u64 } else { u64::MAX }
    };
    let within = |size: c_uint, attribute| size != 0 && u64::from(size) <= limit(attribute);
    let threads = u64::from(block.x).saturating_mul(u64::from(block.y)).saturating_mul(u64::from(block.z));
    within(block.x, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X)
        && within(block.y, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y)
        && within(block.z, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z)
        && within(grid.x, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X)
        && within(grid.y, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y)
        && within(grid.z, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z)
        && threads <= limit(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configurations_nest() {
        let shape = |x| dim3 { x, y: 1, z: 1 };
        for depth in 0..DEPTH as u32 {
            assert_eq!(
                __cudaPushCallConfiguration(shape(depth), shape(1), depth as usize, CUstream::NULL),
                0
            );
        }
        let full = __cudaPushCallConfiguration(shape(9), shape(1), 0, CUstream::NULL);
        assert_eq!(full, cudaErrorLaunchPendingCountExceeded.0);
        let (mut grid, mut block, mut shared, mut stream) = (shape(0), shape(0), 0, CUstream::NULL);
        for depth in (0..DEPTH as u32).rev() {
            // SAFETY: all outputs are writable.
            let code = unsafe { __cudaPopCallConfiguration(&mut grid, &mut block, &mut shared, &mut stream) };
            assert_eq!((code, grid.x, shared), (cudaSuccess, depth, depth as usize));
        }
        // SAFETY: as above.
        let empty = unsafe { __cudaPopCallConfiguration(&mut grid, &mut block, &mut shared, &mut stream) };
        assert_eq!(empty, cudaErrorMissingConfiguration);
        crate::error::clear();
    }
}
