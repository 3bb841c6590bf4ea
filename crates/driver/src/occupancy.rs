//! Occupancy: how many blocks a multiprocessor of the presented device would hold.
//!
//! Invariant: follows the limits of the device's profile, not this machine, because programs size their grids by it.

use crate::function::Function;
use crate::{Result, require};
use abi::*;

/// Registers are given to warps in units of 256 (CUDA C++ Programming Guide, technical specifications).
const REGISTER_UNIT: u32 = 256;

/// `cuOccupancyMaxActiveBlocksPerMultiprocessor`
pub fn active_blocks(function: &Function, threads: u32, dynamic_shared: usize) -> Result<u32> {
    let device = function.module.context.device;
    let limit = |attribute| device.attribute(attribute) as u32;
    require(threads > 0)?;
    // Launch bounds do not count here, only the device's limit.
    let most = limit(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
    if threads > most || dynamic_shared > function.max_dynamic_shared()? as usize {
        return Ok(0);
    }
    let resources = function.resources()?;
    let warps = threads.div_ceil(limit(CU_DEVICE_ATTRIBUTE_WARP_SIZE).max(1));
    let by_threads = limit(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR) / 32 / warps;
    let shared = resources.static_shared as usize + dynamic_shared;
    let reserved = limit(CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK) as usize;
    let per_sm = limit(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR) as usize;
    let by_shared = if shared == 0 { u32::MAX } else { (per_sm / (shared + reserved)) as u32 };
    let per_warp = (resources.registers.max(16) * 32).next_multiple_of(REGISTER_UNIT);
    let by_registers = limit(CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR) / per_warp / warps;
    let by_blocks = limit(CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR);
    // The register number is an estimate: it must not make impossible what a launch would do.
    Ok(by_threads.min(by_shared).min(by_registers.max(1)).min(by_blocks))
}

/// `cuOccupancyMaxPotentialBlockSize`: grid and block of most threads in flight.
pub fn best_block(function: &Function, shared_of: impl Fn(i32) -> usize, limit: u32) -> Result<(u32, u32)> {
    let device = function.module.context.device;
    let warp = device.attribute(CU_DEVICE_ATTRIBUTE_WARP_SIZE) as u32;
    let mut most = function.max_threads()?;
    if limit > 0 {
        most = most.min(limit);
    }
    let (mut best, mut found) = (0, (0, 0));
    let mut block = most.next_multiple_of(warp);
    while block > 0 {
        let threads = block.min(most);
        let blocks = active_blocks(function, threads, shared_of(threads as i32))?;
        if blocks * threads > best {
            best = blocks * threads;
            found = (blocks, threads);
        }
        block -= warp;
    }
    let sms = device.attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT) as u32;
    Ok((found.0 * sms, found.1))
}

/// `cuOccupancyAvailableDynamicSMemPerBlock`
pub fn available_shared(function: &Function, blocks: u32, threads: u32) -> Result<usize> {
    require(blocks > 0 && threads > 0)?;
    let device = function.module.context.device;
    let limit = |attribute| device.attribute(attribute) as u32;
    let warps = threads.div_ceil(limit(CU_DEVICE_ATTRIBUTE_WARP_SIZE).max(1));
    let resident = limit(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR) / 32 / warps;
    require(blocks <= resident.min(limit(CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR)))?;
    let per_sm = device.attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR) as u32;
    let reserved = device.attribute(CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK) as u32;
    let share = (per_sm / blocks).saturating_sub(reserved + function.resources()?.static_shared);
    Ok(share.min(function.max_dynamic_shared()?) as usize)
}
