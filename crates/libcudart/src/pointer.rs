//! What an address is.

use crate::api::require;
use crate::driver as cu;
use crate::{context, register};
use abi::*;
use core::ffi::{c_int, c_void};

api! {
    /// What is known of an address. One that CUDA does not know is unregistered host memory, not an error.
    fn cudaPointerGetAttributes(attributes: *mut cudaPointerAttributes, pointer: *const c_void) {
        require(attributes)?;
        context::ensure()?;
        let mut kind = CUmemorytype(0);
        let (mut ordinal, mut managed): (c_int, c_int) = (0, 0);
        let mut device: CUdeviceptr = 0;
        let mut host: *mut c_void = core::ptr::null_mut();
        let mut wanted = [
            CU_POINTER_ATTRIBUTE_MEMORY_TYPE,
            CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL,
            CU_POINTER_ATTRIBUTE_IS_MANAGED,
            CU_POINTER_ATTRIBUTE_DEVICE_POINTER,
            CU_POINTER_ATTRIBUTE_HOST_POINTER,
        ];
        let mut places: [*mut c_void; 5] = [
            (&raw mut kind).cast(),
            (&raw mut ordinal).cast(),
            (&raw mut managed).cast(),
            (&raw mut device).cast(),
            (&raw mut host).cast(),
        ];
        let count = wanted.len() as u32;
        // Unlike the single query, this one answers with zeros for an address it does not know.
        cu::cuPointerGetAttributes(count, wanted.as_mut_ptr(), places.as_mut_ptr(), pointer as CUdeviceptr)?;
        let unregistered = cudaPointerAttributes {
            r#type: cudaMemoryTypeUnregistered,
            device: cudaInvalidDeviceId,
            devicePointer: core::ptr::null_mut(),
            hostPointer: pointer.cast_mut(),
        };
        let device_pointer = device as *mut c_void;
        let of = |r#type, hostPointer| {
            cudaPointerAttributes { r#type, device: ordinal, devicePointer: device_pointer, hostPointer }
        };
        attributes.write(match kind {
            _ if register::is_managed(pointer as usize) => cudaPointerAttributes {
                r#type: cudaMemoryTypeManaged,
                device: context::current_device()?,
                devicePointer: pointer.cast_mut(),
                hostPointer: pointer.cast_mut(),
            },
            _ if managed != 0 => of(cudaMemoryTypeManaged, if host.is_null() { device_pointer } else { host }),
            CU_MEMORYTYPE_DEVICE => of(cudaMemoryTypeDevice, core::ptr::null_mut()),
            CU_MEMORYTYPE_HOST => of(cudaMemoryTypeHost, host),
            _ => unregistered,
        });
        Ok(())
    }
}
