//! Launches.

use crate::shell::*;
use ::driver::launch::{self, Cooperative, Shape, legacy};
use abi::*;
use std::ffi::{c_int, c_uint, c_void};

stream_api! {
    fn cuLaunchKernel / cuLaunchKernel_ptsz(
        default;
        function: CUfunction,
        grid_x: c_uint,
        grid_y: c_uint,
        grid_z: c_uint,
        block_x: c_uint,
        block_y: c_uint,
        block_z: c_uint,
        shared: c_uint,
        stream: CUstream,
        params: *mut *mut c_void,
        extra: *mut *mut c_void,
    ) {
        let shape = Shape { grid: [grid_x, grid_y, grid_z], block: [block_x, block_y, block_z], shared };
        // SAFETY: C callers pass parameters as cuLaunchKernel documents them.
        unsafe { launch::launch(function, shape, pick(default, stream), Cooperative::No, params, extra) }
    }

    fn cuLaunchCooperativeKernel / cuLaunchCooperativeKernel_ptsz(
        default;
        function: CUfunction,
        grid_x: c_uint,
        grid_y: c_uint,
        grid_z: c_uint,
        block_x: c_uint,
        block_y: c_uint,
        block_z: c_uint,
        shared: c_uint,
        stream: CUstream,
        params: *mut *mut c_void,
    ) {
        let shape = Shape { grid: [grid_x, grid_y, grid_z], block: [block_x, block_y, block_z], shared };
        let (stream, extra) = (pick(default, stream), std::ptr::null_mut());
        // SAFETY: C callers pass parameters as cuLaunchCooperativeKernel documents them.
        unsafe { launch::launch(function, shape, stream, Cooperative::Yes, params, extra) }
    }

    fn cuLaunchKernelEx / cuLaunchKernelEx_ptsz(
        default;
        config: *const CUlaunchConfig,
        function: CUfunction,
        params: *mut *mut c_void,
        extra: *mut *mut c_void,
    ) {
        // SAFETY: C callers pass parameters and attributes as cuLaunchKernelEx documents them.
        unsafe { launch::launch_ex(input(config)?, default, function, params, extra) }
    }
}

api! {
    fn cuLaunchCooperativeKernelMultiDevice(list: *mut CUDA_LAUNCH_PARAMS, count: c_uint, flags: c_uint) {
        // Deprecated since CUDA 11.3; grids of several devices cannot wait for each other here.
        let _ = (list, count, flags);
        Err(CUDA_ERROR_NOT_SUPPORTED)
    }

    fn cuFuncSetBlockShape(function: CUfunction, x: c_int, y: c_int, z: c_int) {
        legacy::set_block(function, [x, y, z])
    }

    fn cuFuncSetSharedSize(function: CUfunction, bytes: c_uint) {
        legacy::set_shared(function, bytes)
    }

    fn cuParamSetSize(function: CUfunction, bytes: c_uint) {
        legacy::set_size(function, bytes)
    }

    fn cuParamSeti(function: CUfunction, offset: c_int, value: c_uint) {
        legacy::set(function, offset, &value.to_ne_bytes())
    }

    fn cuParamSetf(function: CUfunction, offset: c_int, value: f32) {
        legacy::set(function, offset, &value.to_ne_bytes())
    }

    fn cuParamSetv(function: CUfunction, offset: c_int, value: *mut c_void, len: c_uint) {
        legacy::set(function, offset, list(value.cast::<u8>().cast_const(), len as usize)?)
    }

    fn cuLaunch(function: CUfunction) {
        legacy::launch_grid(function, 1, 1, CUstream::LEGACY)
    }

    fn cuLaunchGrid(function: CUfunction, width: c_int, height: c_int) {
        legacy::launch_grid(function, width, height, CUstream::LEGACY)
    }

    fn cuLaunchGridAsync(function: CUfunction, width: c_int, height: c_int, stream: CUstream) {
        legacy::launch_grid(function, width, height, stream)
    }
}
