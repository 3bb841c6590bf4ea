//! What is known of arrays, and channel descriptors.

use crate::api::require;
use crate::context;
use crate::convert;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_int, c_uint};

/// Packs a channel descriptor. Returned by value, as C does.
#[unsafe(no_mangle)]
pub extern "C" fn cudaCreateChannelDesc(
    x: c_int,
    y: c_int,
    z: c_int,
    w: c_int,
    f: cudaChannelFormatKind,
) -> cudaChannelFormatDesc {
    cudaChannelFormatDesc { x, y, z, w, f }
}

api! {
    fn cudaGetChannelDesc(desc: *mut cudaChannelFormatDesc, array: cudaArray_t) {
        require(desc)?;
        context::ensure()?;
        let known = convert::describe(array)?;
        desc.write(convert::channel_desc(known.Format, known.NumChannels));
        Ok(())
    }

    /// Any of the outputs may be null.
    fn cudaArrayGetInfo(
        desc: *mut cudaChannelFormatDesc, extent: *mut cudaExtent, flags: *mut c_uint, array: cudaArray_t,
    ) {
        context::ensure()?;
        let known = convert::describe(array)?;
        if !desc.is_null() {
            desc.write(convert::channel_desc(known.Format, known.NumChannels));
        }
        if !extent.is_null() {
            extent.write(cudaExtent { width: known.Width, height: known.Height, depth: known.Depth });
        }
        if !flags.is_null() {
            flags.write(known.Flags);
        }
        Ok(())
    }

    fn cudaArrayGetPlane(plane: *mut cudaArray_t, array: cudaArray_t, index: c_uint) {
        require(plane)?;
        context::ensure()?;
        cu::cuArrayGetPlane(plane, array, index)
    }

    fn cudaArrayGetMemoryRequirements(
        requirements: *mut cudaArrayMemoryRequirements, array: cudaArray_t, device: c_int,
    ) {
        require(requirements)?;
        context::ensure()?;
        context::check_device(device)?;
        cu::cuArrayGetMemoryRequirements(requirements.cast(), array, device)
    }

    fn cudaArrayGetSparseProperties(properties: *mut cudaArraySparseProperties, array: cudaArray_t) {
        require(properties)?;
        context::ensure()?;
        cu::cuArrayGetSparseProperties(properties.cast(), array)
    }

    fn cudaGetMipmappedArrayLevel(level: *mut cudaArray_t, array: cudaMipmappedArray_t, index: c_uint) {
        require(level)?;
        context::ensure()?;
        cu::cuMipmappedArrayGetLevel(level, array, index)
    }

    fn cudaMipmappedArrayGetMemoryRequirements(
        requirements: *mut cudaArrayMemoryRequirements, array: cudaMipmappedArray_t, device: c_int,
    ) {
        require(requirements)?;
        context::ensure()?;
        context::check_device(device)?;
        cu::cuMipmappedArrayGetMemoryRequirements(requirements.cast(), array, device)
    }

    fn cudaMipmappedArrayGetSparseProperties(properties: *mut cudaArraySparseProperties, array: cudaMipmappedArray_t) {
        require(properties)?;
        context::ensure()?;
        cu::cuMipmappedArrayGetSparseProperties(properties.cast(), array)
    }
}

const _: () =
    assert!(size_of::<cudaArrayMemoryRequirements>() == size_of::<CUDA_ARRAY_MEMORY_REQUIREMENTS>());
const _: () = assert!(size_of::<cudaArraySparseProperties>() == size_of::<CUDA_ARRAY_SPARSE_PROPERTIES>());
