//! Occupancy: how many blocks of a kernel fit on a multiprocessor.

use crate::api::require;
use crate::driver as cu;
use crate::{api::DefaultStream, function, launch};
use abi::*;
use core::ffi::{c_int, c_uint, c_void};

api! {
    fn cudaOccupancyMaxActiveBlocksPerMultiprocessor(
        blocks: *mut c_int, host: *const c_void, block_size: c_int, shared: usize,
    ) {
        require(blocks)?;
        let function = function::resolve(host)?;
        cu::cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(blocks, function, block_size, shared, 0)
    }

    fn cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
        blocks: *mut c_int, host: *const c_void, block_size: c_int, shared: usize, flags: c_uint,
    ) {
        require(blocks)?;
        let function = function::resolve(host)?;
        cu::cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(blocks, function, block_size, shared, flags)
    }

    fn cudaOccupancyAvailableDynamicSMemPerBlock(
        shared: *mut usize, host: *const c_void, blocks: c_int, block_size: c_int,
    ) {
        require(shared)?;
        cu::cuOccupancyAvailableDynamicSMemPerBlock(shared, function::resolve(host)?, blocks, block_size)
    }

    fn cudaOccupancyMaxPotentialClusterSize(
        size: *mut c_int, host: *const c_void, config: *const cudaLaunchConfig_t,
    ) {
        require(size)?;
        require(config)?;
        let config = launch::driver_config(&*config, DefaultStream::Legacy)?;
        cu::cuOccupancyMaxPotentialClusterSize(size, function::resolve(host)?, &config)
    }

    fn cudaOccupancyMaxActiveClusters(
        clusters: *mut c_int, host: *const c_void, config: *const cudaLaunchConfig_t,
    ) {
        require(clusters)?;
        require(config)?;
        let config = launch::driver_config(&*config, DefaultStream::Legacy)?;
        cu::cuOccupancyMaxActiveClusters(clusters, function::resolve(host)?, &config)
    }
}
