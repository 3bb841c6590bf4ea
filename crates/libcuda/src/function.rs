//! Functions and occupancy.

use crate::shell::*;
use ::driver::{Result, context, function, library, occupancy};
use abi::*;
use std::ffi::{c_char, c_int, c_uint};
use std::sync::Arc;

/// The function of a handle, which may be a kernel of a library.
fn get(handle: CUfunction) -> Result<Arc<::driver::Function>> {
    library::function_of(handle, &context::current()?)
}

/// Dynamic shared memory of a block size, by the program's function or constant.
fn shared_of(of_size: CUoccupancyB2DSize, fixed: usize) -> impl Fn(c_int) -> usize {
    move |block| match of_size {
        // SAFETY: the program gave this function to be called with block sizes.
        Some(function) => unsafe { function(block) },
        None => fixed,
    }
}

fn best(
    min_grid: *mut c_int,
    block: *mut c_int,
    handle: CUfunction,
    of_size: CUoccupancyB2DSize,
    fixed: usize,
    limit: c_int,
) -> Result<()> {
    let (grid_to, block_to) = (out(min_grid)?, out(block)?);
    let function = get(handle)?;
    let limit = u32::try_from(limit).map_err(|_| CUDA_ERROR_INVALID_VALUE)?;
    let (grid, size) = occupancy::best_block(&function, shared_of(of_size, fixed), limit)?;
    grid_to.write(grid as c_int);
    block_to.write(size as c_int);
    Ok(())
}

fn active(
    blocks: *mut c_int,
    handle: CUfunction,
    threads: c_int,
    shared: usize,
    flags: c_uint,
) -> Result<()> {
    ::driver::require(flags & !CU_OCCUPANCY_DISABLE_CACHING_OVERRIDE == 0)?;
    let threads = u32::try_from(threads).map_err(|_| CUDA_ERROR_INVALID_VALUE)?;
    give(blocks, || occupancy::active_blocks(&*get(handle)?, threads, shared).map(|blocks| blocks as c_int))
}

api! {
    fn cuFuncGetAttribute(value: *mut c_int, attribute: CUfunction_attribute, handle: CUfunction) {
        give(value, || get(handle)?.attribute(attribute))
    }

    fn cuFuncSetAttribute(handle: CUfunction, attribute: CUfunction_attribute, value: c_int) {
        get(handle)?.set_attribute(attribute, value)
    }

    fn cuFuncSetCacheConfig(handle: CUfunction, config: CUfunc_cache) {
        ::driver::require(config.is_known())?;
        ::driver::context::usable()?;
        get(handle).map(|_| ())
    }

    fn cuFuncSetSharedMemConfig(handle: CUfunction, config: CUsharedconfig) {
        ::driver::require(config.is_known())?;
        get(handle).map(|_| ())
    }

    fn cuFuncGetModule(module: *mut CUmodule, handle: CUfunction) {
        give(module, || Ok(get(handle)?.module.handle))
    }

    fn cuFuncGetName(name: *mut *const c_char, handle: CUfunction) {
        // The name lives as long as the function does.
        give(name, || Ok(get(handle)?.c_name.as_ptr()))
    }

    fn cuFuncGetParamInfo(handle: CUfunction, index: usize, offset: *mut usize, size: *mut usize) {
        let offset_to = out(offset)?;
        let (offset, bytes) = get(handle)?.param(index)?;
        offset_to.write(offset);
        offer(size, bytes);
        Ok(())
    }

    fn cuFuncIsLoaded(state: *mut CUfunctionLoadingState, handle: CUfunction) {
        give(state, || function::get(handle).map(|_| CU_FUNCTION_LOADING_STATE_LOADED))
    }

    fn cuFuncLoad(handle: CUfunction) {
        get(handle).map(|_| ())
    }

    fn cuOccupancyMaxActiveBlocksPerMultiprocessor(
        blocks: *mut c_int,
        handle: CUfunction,
        threads: c_int,
        shared: usize,
    ) {
        active(blocks, handle, threads, shared, 0)
    }

    fn cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
        blocks: *mut c_int,
        handle: CUfunction,
        threads: c_int,
        shared: usize,
        flags: c_uint,
    ) {
        active(blocks, handle, threads, shared, flags)
    }

    fn cuOccupancyMaxPotentialBlockSize(
        min_grid: *mut c_int,
        block: *mut c_int,
        handle: CUfunction,
        of_size: CUoccupancyB2DSize,
        shared: usize,
        limit: c_int,
    ) {
        best(min_grid, block, handle, of_size, shared, limit)
    }

    fn cuOccupancyMaxPotentialBlockSizeWithFlags(
        min_grid: *mut c_int,
        block: *mut c_int,
        handle: CUfunction,
        of_size: CUoccupancyB2DSize,
        shared: usize,
        limit: c_int,
        flags: c_uint,
    ) {
        ::driver::require(flags & !CU_OCCUPANCY_DISABLE_CACHING_OVERRIDE == 0)?;
        best(min_grid, block, handle, of_size, shared, limit)
    }

    fn cuOccupancyAvailableDynamicSMemPerBlock(
        bytes: *mut usize,
        handle: CUfunction,
        blocks: c_int,
        threads: c_int,
    ) {
        let number = |value: c_int| u32::try_from(value).map_err(|_| CUDA_ERROR_INVALID_VALUE);
        give(bytes, || occupancy::available_shared(&*get(handle)?, number(blocks)?, number(threads)?))
    }
}
