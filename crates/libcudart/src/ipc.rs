//! Memory and events of other processes.

use crate::api::require;
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_uint, c_void};

api! {
    fn cudaIpcGetEventHandle(handle: *mut cudaIpcEventHandle_t, event: cudaEvent_t) {
        require(handle)?;
        context::ensure()?;
        cu::cuIpcGetEventHandle(handle, event)
    }

    fn cudaIpcOpenEventHandle(event: *mut cudaEvent_t, handle: cudaIpcEventHandle_t) {
        require(event)?;
        context::ensure()?;
        cu::cuIpcOpenEventHandle(event, handle)
    }

    fn cudaIpcGetMemHandle(handle: *mut cudaIpcMemHandle_t, pointer: *mut c_void) {
        require(handle)?;
        require(pointer)?;
        context::ensure()?;
        cu::cuIpcGetMemHandle(handle, pointer as CUdeviceptr)
    }

    fn cudaIpcOpenMemHandle(pointer: *mut *mut c_void, handle: cudaIpcMemHandle_t, flags: c_uint) {
        require(pointer)?;
        context::ensure()?;
        let mut address = 0;
        cu::cuIpcOpenMemHandle(&mut address, handle, flags)?;
        pointer.write(address as *mut c_void);
        Ok(())
    }

    fn cudaIpcCloseMemHandle(pointer: *mut c_void) {
        require(pointer)?;
        context::ensure()?;
        cu::cuIpcCloseMemHandle(pointer as CUdeviceptr)
    }
}
