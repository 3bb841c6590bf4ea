//! Legacy texture and surface references, as CUDA 11 had them.
//!
//! Invariant: a binding copies the reference's settings into the driver's reference, so later changes need a new binding.

use crate::api::{Result, require};
use crate::convert::{channel_format, flag};
use crate::driver as cu;
use crate::registry::{self, Kind};
use crate::{context, convert, register};
use abi::*;
use core::ffi::c_void;

api! {
    fn cudaBindTexture(
        offset: *mut usize, texture: *const textureReference, pointer: *const c_void,
        desc: *const cudaChannelFormatDesc, size: usize,
    ) {
        require(pointer)?;
        require(desc)?;
        let reference = prepare(texture, &*desc)?;
        let mut shift = 0;
        cu::cuTexRefSetAddress(&mut shift, reference, pointer as CUdeviceptr, size)?;
        give_offset(offset, shift)
    }

    fn cudaBindTexture2D(
        offset: *mut usize, texture: *const textureReference, pointer: *const c_void,
        desc: *const cudaChannelFormatDesc, width: usize, height: usize, pitch: usize,
    ) {
        require(pointer)?;
        require(desc)?;
        let reference = prepare(texture, &*desc)?;
        let (Format, NumChannels) = channel_format(&*desc)?;
        let shape = CUDA_ARRAY_DESCRIPTOR { Width: width, Height: height, Format, NumChannels };
        cu::cuTexRefSetAddress2D(reference, &shape, pointer as CUdeviceptr, pitch)?;
        give_offset(offset, 0)
    }

    fn cudaBindTextureToArray(
        texture: *const textureReference, array: cudaArray_t, desc: *const cudaChannelFormatDesc,
    ) {
        require(desc)?;
        let reference = prepare(texture, &*desc)?;
        cu::cuTexRefSetArray(reference, array, CU_TRSA_OVERRIDE_FORMAT)
    }

    /// The driver's reference keeps its last binding, which no valid program reads any more.
    fn cudaUnbindTexture(texture: *const textureReference) {
        require(texture)?;
        context::ensure().map(|_| ())
    }

    fn cudaGetTextureAlignmentOffset(offset: *mut usize, texture: *const textureReference) {
        require(texture)?;
        give_offset(offset, 0)
    }

    fn cudaGetTextureReference(texture: *mut *const textureReference, symbol: *const c_void) {
        require(texture)?;
        require(symbol)?;
        texture.write(symbol.cast());
        Ok(())
    }

    fn cudaBindSurfaceToArray(surface: *const c_void, array: cudaArray_t, _desc: *const cudaChannelFormatDesc) {
        require(surface)?;
        let context = context::ensure()?;
        register::watch_for_exit();
        let (module, name) = registry::symbol(Kind::Surface, surface, context, cudaErrorInvalidSurface)?;
        let mut reference = CUsurfref::NULL;
        cu::cuModuleGetSurfRef(&mut reference, module, name.0)?;
        cu::cuSurfRefSetArray(reference, array, 0)
    }

    fn cudaGetSurfaceReference(surface: *mut *const c_void, symbol: *const c_void) {
        require(surface)?;
        require(symbol)?;
        surface.write(symbol);
        Ok(())
    }
}

/// # Safety
/// `offset` is null or writable.
unsafe fn give_offset(offset: *mut usize, bytes: usize) -> Result {
    if !offset.is_null() {
        // SAFETY: the caller's place for the offset.
        unsafe { offset.write(bytes) };
    }
    Ok(())
}

/// The driver's reference with the settings of the host's.
///
/// # Safety
/// `texture` is null or points to a texture reference.
unsafe fn prepare(texture: *const textureReference, desc: &cudaChannelFormatDesc) -> Result<CUtexref> {
    require(texture)?;
    let context = context::ensure()?;
    register::watch_for_exit();
    let (module, name) = registry::symbol(Kind::Texture, texture.cast(), context, cudaErrorInvalidTexture)?;
    let mut reference = CUtexref::NULL;
    // SAFETY: outputs are writable; the reference is the caller's and the name its program's constant.
    unsafe {
        let settings = &*texture;
        cu::cuModuleGetTexRef(&mut reference, module, name.0)?;
        let (format, channels) = convert::channel_format(desc)?;
        cu::cuTexRefSetFormat(reference, format, channels as i32)?;
        for (dimension, mode) in settings.addressMode.iter().enumerate() {
            cu::cuTexRefSetAddressMode(reference, dimension as i32, *mode)?;
        }
        cu::cuTexRefSetFilterMode(reference, settings.filterMode)?;
        let flags =
            flag(settings.normalized, CU_TRSF_NORMALIZED_COORDINATES) | flag(settings.sRGB, CU_TRSF_SRGB);
        cu::cuTexRefSetFlags(reference, flags)?;
    }
    Ok(reference)
}
