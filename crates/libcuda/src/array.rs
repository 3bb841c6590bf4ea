//! Arrays.

use crate::shell::*;
use ::driver::{Result, array};
use abi::*;
use std::ffi::c_uint;

fn widen(desc: &CUDA_ARRAY_DESCRIPTOR) -> CUDA_ARRAY3D_DESCRIPTOR {
    CUDA_ARRAY3D_DESCRIPTOR {
        Width: desc.Width,
        Height: desc.Height,
        Depth: 0,
        Format: desc.Format,
        NumChannels: desc.NumChannels,
        Flags: 0,
    }
}

fn requirements(to: *mut CUDA_ARRAY_MEMORY_REQUIREMENTS, found: Result<(usize, usize)>) -> Result<()> {
    give(to, || {
        found.map(|(size, alignment)| CUDA_ARRAY_MEMORY_REQUIREMENTS { size, alignment, reserved: [0; 4] })
    })
}

api! {
    fn cuArrayCreate_v2(to: *mut CUarray, desc: *const CUDA_ARRAY_DESCRIPTOR) {
        give(to, || array::create(&widen(input(desc)?)))
    }

    fn cuArray3DCreate_v2(to: *mut CUarray, desc: *const CUDA_ARRAY3D_DESCRIPTOR) {
        give(to, || array::create(input(desc)?))
    }

    fn cuArrayGetDescriptor_v2(desc: *mut CUDA_ARRAY_DESCRIPTOR, handle: CUarray) {
        give(desc, || {
            let full = array::descriptor(handle)?;
            Ok(CUDA_ARRAY_DESCRIPTOR {
                Width: full.Width,
                Height: full.Height,
                Format: full.Format,
                NumChannels: full.NumChannels,
            })
        })
    }

    fn cuArray3DGetDescriptor_v2(desc: *mut CUDA_ARRAY3D_DESCRIPTOR, handle: CUarray) {
        give(desc, || array::descriptor(handle))
    }

    fn cuArrayDestroy(handle: CUarray) {
        array::destroy(handle)
    }

    fn cuArrayGetMemoryRequirements(
        to: *mut CUDA_ARRAY_MEMORY_REQUIREMENTS,
        handle: CUarray,
        device: CUdevice,
    ) {
        ::driver::device::get(device)?;
        requirements(to, array::requirements(handle))
    }

    fn cuMipmappedArrayCreate(
        to: *mut CUmipmappedArray,
        desc: *const CUDA_ARRAY3D_DESCRIPTOR,
        levels: c_uint,
    ) {
        give(to, || array::create_mipmapped(input(desc)?, levels))
    }

    fn cuMipmappedArrayGetLevel(to: *mut CUarray, handle: CUmipmappedArray, level: c_uint) {
        give(to, || array::level(handle, level))
    }

    fn cuMipmappedArrayDestroy(handle: CUmipmappedArray) {
        array::destroy_mipmapped(handle)
    }
}
