//! Memory and semaphores of other APIs.

use crate::api::require;
use crate::context;
use crate::convert;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_uint, c_void};

api! {
    fn cudaImportExternalMemory(memory: *mut cudaExternalMemory_t, desc: *const cudaExternalMemoryHandleDesc) {
        require(memory)?;
        require(desc)?;
        context::ensure()?;
        cu::cuImportExternalMemory(memory, desc)
    }

    fn cudaExternalMemoryGetMappedBuffer(
        pointer: *mut *mut c_void, memory: cudaExternalMemory_t, desc: *const cudaExternalMemoryBufferDesc,
    ) {
        require(pointer)?;
        require(desc)?;
        context::ensure()?;
        let mut address = 0;
        cu::cuExternalMemoryGetMappedBuffer(&mut address, memory, desc)?;
        pointer.write(address as *mut c_void);
        Ok(())
    }

    fn cudaExternalMemoryGetMappedMipmappedArray(
        array: *mut cudaMipmappedArray_t, memory: cudaExternalMemory_t,
        desc: *const cudaExternalMemoryMipmappedArrayDesc,
    ) {
        require(array)?;
        require(desc)?;
        context::ensure()?;
        let desc = &*desc;
        let driver = CUDA_EXTERNAL_MEMORY_MIPMAPPED_ARRAY_DESC {
            offset: desc.offset,
            arrayDesc: convert::array_descriptor(&desc.formatDesc, desc.extent, desc.flags)?,
            numLevels: desc.numLevels,
            reserved: [0; 16],
        };
        cu::cuExternalMemoryGetMappedMipmappedArray(array, memory, &driver)
    }

    fn cudaDestroyExternalMemory(memory: cudaExternalMemory_t) {
        context::ensure()?;
        cu::cuDestroyExternalMemory(memory)
    }

    fn cudaImportExternalSemaphore(
        semaphore: *mut cudaExternalSemaphore_t, desc: *const cudaExternalSemaphoreHandleDesc,
    ) {
        require(semaphore)?;
        require(desc)?;
        context::ensure()?;
        cu::cuImportExternalSemaphore(semaphore, desc)
    }

    fn cudaDestroyExternalSemaphore(semaphore: cudaExternalSemaphore_t) {
        context::ensure()?;
        cu::cuDestroyExternalSemaphore(semaphore)
    }
}

stream_api! {
    fn cudaSignalExternalSemaphoresAsync_v2, cudaSignalExternalSemaphoresAsync_v2_ptsz(
        default; semaphores: *const cudaExternalSemaphore_t, params: *const cudaExternalSemaphoreSignalParams,
        count: c_uint, stream: cudaStream_t,
    ) {
        require(semaphores)?;
        require(params)?;
        context::ensure()?;
        cu::cuSignalExternalSemaphoresAsync(semaphores, params, count, default.stream(stream))
    }

    fn cudaSignalExternalSemaphoresAsync, cudaSignalExternalSemaphoresAsync_ptsz(
        default; semaphores: *const cudaExternalSemaphore_t, params: *const cudaExternalSemaphoreSignalParams,
        count: c_uint, stream: cudaStream_t,
    ) {
        require(semaphores)?;
        require(params)?;
        context::ensure()?;
        cu::cuSignalExternalSemaphoresAsync(semaphores, params, count, default.stream(stream))
    }

    fn cudaWaitExternalSemaphoresAsync_v2, cudaWaitExternalSemaphoresAsync_v2_ptsz(
        default; semaphores: *const cudaExternalSemaphore_t, params: *const cudaExternalSemaphoreWaitParams,
        count: c_uint, stream: cudaStream_t,
    ) {
        require(semaphores)?;
        require(params)?;
        context::ensure()?;
        cu::cuWaitExternalSemaphoresAsync(semaphores, params, count, default.stream(stream))
    }

    fn cudaWaitExternalSemaphoresAsync, cudaWaitExternalSemaphoresAsync_ptsz(
        default; semaphores: *const cudaExternalSemaphore_t, params: *const cudaExternalSemaphoreWaitParams,
        count: c_uint, stream: cudaStream_t,
    ) {
        require(semaphores)?;
        require(params)?;
        context::ensure()?;
        cu::cuWaitExternalSemaphoresAsync(semaphores, params, count, default.stream(stream))
    }
}
