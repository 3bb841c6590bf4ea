//! The runtime's descriptors as the driver's, and back.
//!
//! Invariant: only layouts change here; no function of the driver is called except to ask an array for its format.

use crate::api::Result;
use crate::copy::check_kind;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_int, c_uint, c_void};

/// A channel descriptor as the driver's format and channel count. Errors: `cudaErrorInvalidChannelDescriptor`.
pub fn channel_format(desc: &cudaChannelFormatDesc) -> Result<(CUarray_format, c_uint)> {
    let bits = [desc.x, desc.y, desc.z, desc.w];
    let channels = bits.iter().take_while(|bits| **bits != 0).count();
    let uniform =
        bits[..channels].iter().all(|bits| *bits == desc.x) && bits[channels..].iter().all(|b| *b == 0);
    if channels == 0 || channels == 3 || !uniform {
        return Err(cudaErrorInvalidChannelDescriptor);
    }
    let format = match (desc.f, desc.x) {
        (cudaChannelFormatKindSigned, 8) => CU_AD_FORMAT_SIGNED_INT8,
        (cudaChannelFormatKindSigned, 16) => CU_AD_FORMAT_SIGNED_INT16,
        (cudaChannelFormatKindSigned, 32) => CU_AD_FORMAT_SIGNED_INT32,
        (cudaChannelFormatKindUnsigned, 8) => CU_AD_FORMAT_UNSIGNED_INT8,
        (cudaChannelFormatKindUnsigned, 16) => CU_AD_FORMAT_UNSIGNED_INT16,
        (cudaChannelFormatKindUnsigned, 32) => CU_AD_FORMAT_UNSIGNED_INT32,
        (cudaChannelFormatKindFloat, 16) => CU_AD_FORMAT_HALF,
        (cudaChannelFormatKindFloat, 32) => CU_AD_FORMAT_FLOAT,
        _ => return Err(cudaErrorInvalidChannelDescriptor),
    };
    Ok((format, channels as c_uint))
}

/// The driver's format as a channel descriptor.
pub fn channel_desc(format: CUarray_format, channels: c_uint) -> cudaChannelFormatDesc {
    let kind = match format {
        CU_AD_FORMAT_SIGNED_INT8 | CU_AD_FORMAT_SIGNED_INT16 | CU_AD_FORMAT_SIGNED_INT32 => {
            cudaChannelFormatKindSigned
        }
        CU_AD_FORMAT_HALF | CU_AD_FORMAT_FLOAT => cudaChannelFormatKindFloat,
        CU_AD_FORMAT_UNSIGNED_INT8 | CU_AD_FORMAT_UNSIGNED_INT16 | CU_AD_FORMAT_UNSIGNED_INT32 => {
            cudaChannelFormatKindUnsigned
        }
        _ => cudaChannelFormatKindNone,
    };
    let bits = format_bytes(format).map_or(0, |bytes| bytes * 8);
    let of = |channel| if channel < channels { bits } else { 0 };
    cudaChannelFormatDesc { x: of(0), y: of(1), z: of(2), w: of(3), f: kind }
}

/// What `cudaMallocArray` and its kin ask for. The runtime's flags are the driver's.
pub fn array_descriptor(
    desc: &cudaChannelFormatDesc,
    extent: cudaExtent,
    flags: c_uint,
) -> Result<CUDA_ARRAY3D_DESCRIPTOR> {
    let (format, channels) = channel_format(desc)?;
    Ok(CUDA_ARRAY3D_DESCRIPTOR {
        Width: extent.width,
        Height: extent.height,
        Depth: extent.depth,
        Format: format,
        NumChannels: channels,
        Flags: flags,
    })
}

/// What the driver knows of an array.
pub fn describe(array: cudaArray_t) -> Result<CUDA_ARRAY3D_DESCRIPTOR> {
    let mut descriptor = CUDA_ARRAY3D_DESCRIPTOR::zeroed();
    // SAFETY: the output is writable; the driver checks the handle.
    unsafe { cu::cuArray3DGetDescriptor(&mut descriptor, array)? };
    Ok(descriptor)
}

/// Bytes of one element of an array.
pub fn element_bytes(array: cudaArray_t) -> Result<usize> {
    let descriptor = describe(array)?;
    let channel = format_bytes(descriptor.Format).ok_or(cudaErrorInvalidChannelDescriptor)?;
    Ok(channel as usize * descriptor.NumChannels as usize)
}

/// One end of a copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ends {
    pub src: CUmemorytype,
    pub dst: CUmemorytype,
}

/// The memory types of a copy's ends. `cudaMemcpyDefault` leaves it to the addresses.
pub fn ends(kind: cudaMemcpyKind) -> Result<Ends> {
    check_kind(kind)?;
    let (src, dst) = match kind {
        cudaMemcpyHostToHost => (CU_MEMORYTYPE_HOST, CU_MEMORYTYPE_HOST),
        cudaMemcpyHostToDevice => (CU_MEMORYTYPE_HOST, CU_MEMORYTYPE_DEVICE),
        cudaMemcpyDeviceToHost => (CU_MEMORYTYPE_DEVICE, CU_MEMORYTYPE_HOST),
        cudaMemcpyDeviceToDevice => (CU_MEMORYTYPE_DEVICE, CU_MEMORYTYPE_DEVICE),
        _ => (CU_MEMORYTYPE_UNIFIED, CU_MEMORYTYPE_UNIFIED),
    };
    Ok(Ends { src, dst })
}

/// A three-dimensional copy. Errors: both or neither of an end's array and pointer given.
pub fn copy_3d(parms: &cudaMemcpy3DParms) -> Result<CUDA_MEMCPY3D> {
    let ends = ends(parms.kind)?;
    let unit = copy_unit(parms.srcArray, parms.dstArray)?;
    let mut copy = CUDA_MEMCPY3D::zeroed();
    (copy.WidthInBytes, copy.Height, copy.Depth) =
        (parms.extent.width * unit, parms.extent.height, parms.extent.depth);
    if parms.srcArray.is_null() {
        one_of(parms.srcPtr.ptr)?;
        fits_pitch(copy.WidthInBytes, parms.srcPtr.pitch)?;
        copy.srcMemoryType = ends.src;
        (copy.srcHost, copy.srcDevice) = (parms.srcPtr.ptr, parms.srcPtr.ptr as CUdeviceptr);
        (copy.srcPitch, copy.srcHeight) = (parms.srcPtr.pitch, parms.srcPtr.ysize);
        copy.srcXInBytes = parms.srcPos.x;
    } else {
        copy.srcMemoryType = CU_MEMORYTYPE_ARRAY;
        copy.srcArray = parms.srcArray;
        copy.srcXInBytes = parms.srcPos.x * element_bytes(parms.srcArray)?;
    }
    if parms.dstArray.is_null() {
        one_of(parms.dstPtr.ptr)?;
        fits_pitch(copy.WidthInBytes, parms.dstPtr.pitch)?;
        copy.dstMemoryType = ends.dst;
        (copy.dstHost, copy.dstDevice) = (parms.dstPtr.ptr, parms.dstPtr.ptr as CUdeviceptr);
        (copy.dstPitch, copy.dstHeight) = (parms.dstPtr.pitch, parms.dstPtr.ysize);
        copy.dstXInBytes = parms.dstPos.x;
    } else {
        copy.dstMemoryType = CU_MEMORYTYPE_ARRAY;
        copy.dstArray = parms.dstArray;
        copy.dstXInBytes = parms.dstPos.x * element_bytes(parms.dstArray)?;
    }
    (copy.srcY, copy.srcZ) = (parms.srcPos.y, parms.srcPos.z);
    (copy.dstY, copy.dstZ) = (parms.dstPos.y, parms.dstPos.z);
    Ok(copy)
}

/// The extent's width counts elements if an array takes part, else bytes.
pub fn copy_unit(src: cudaArray_t, dst: cudaArray_t) -> Result<usize> {
    match (src.is_null(), dst.is_null()) {
        (true, true) => Ok(1),
        (false, _) => element_bytes(src),
        (true, false) => element_bytes(dst),
    }
}

/// A row that is wider than the pitch is an error; a pitch of 0 is that of a single row.
fn fits_pitch(width: usize, pitch: usize) -> Result {
    if pitch != 0 && width > pitch { Err(cudaErrorInvalidPitchValue) } else { Ok(()) }
}

fn one_of(pointer: *mut c_void) -> Result {
    if pointer.is_null() { Err(cudaErrorInvalidValue) } else { Ok(()) }
}

/// The runtime's parameters of a driver copy, for queries of graph nodes.
pub fn parms_of_copy(copy: &CUDA_MEMCPY3D) -> Result<cudaMemcpy3DParms> {
    let unit = copy_unit(copy.srcArray, copy.dstArray)?;
    let position = |bytes: usize, array: cudaArray_t| -> Result<usize> {
        if array.is_null() { Ok(bytes) } else { Ok(bytes / element_bytes(array)?) }
    };
    let address = |kind, host: *mut c_void, device: CUdeviceptr| match kind {
        CU_MEMORYTYPE_HOST => host,
        CU_MEMORYTYPE_ARRAY => core::ptr::null_mut(),
        _ => device as *mut c_void,
    };
    let pitched = |ptr, pitch, ysize| cudaPitchedPtr { ptr, pitch, xsize: copy.WidthInBytes, ysize };
    let src = address(copy.srcMemoryType, copy.srcHost.cast_mut(), copy.srcDevice);
    let dst = address(copy.dstMemoryType, copy.dstHost, copy.dstDevice);
    let on_device = |kind| kind == CU_MEMORYTYPE_DEVICE || kind == CU_MEMORYTYPE_ARRAY;
    let unified = copy.srcMemoryType == CU_MEMORYTYPE_UNIFIED || copy.dstMemoryType == CU_MEMORYTYPE_UNIFIED;
    let kind = match (on_device(copy.srcMemoryType), on_device(copy.dstMemoryType)) {
        _ if unified => cudaMemcpyDefault,
        (false, false) => cudaMemcpyHostToHost,
        (false, true) => cudaMemcpyHostToDevice,
        (true, false) => cudaMemcpyDeviceToHost,
        (true, true) => cudaMemcpyDeviceToDevice,
    };
    Ok(cudaMemcpy3DParms {
        srcArray: copy.srcArray,
        srcPos: cudaPos { x: position(copy.srcXInBytes, copy.srcArray)?, y: copy.srcY, z: copy.srcZ },
        srcPtr: pitched(src, copy.srcPitch, copy.srcHeight),
        dstArray: copy.dstArray,
        dstPos: cudaPos { x: position(copy.dstXInBytes, copy.dstArray)?, y: copy.dstY, z: copy.dstZ },
        dstPtr: pitched(dst, copy.dstPitch, copy.dstHeight),
        extent: cudaExtent { width: copy.WidthInBytes / unit, height: copy.Height, depth: copy.Depth },
        kind,
    })
}

/// A flag of a C structure.
pub fn flag(value: c_int, bit: c_uint) -> c_uint {
    if value != 0 { bit } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channel_descriptors() {
        let desc =
            |bits: [c_int; 4], f| cudaChannelFormatDesc { x: bits[0], y: bits[1], z: bits[2], w: bits[3], f };
        let check = |bits, kind, expected| assert_eq!(channel_format(&desc(bits, kind)), expected);
        check([32, 0, 0, 0], cudaChannelFormatKindFloat, Ok((CU_AD_FORMAT_FLOAT, 1)));
        check([16, 16, 0, 0], cudaChannelFormatKindFloat, Ok((CU_AD_FORMAT_HALF, 2)));
        check([8, 8, 8, 8], cudaChannelFormatKindUnsigned, Ok((CU_AD_FORMAT_UNSIGNED_INT8, 4)));
        check([8, 8, 8, 0], cudaChannelFormatKindUnsigned, Err(cudaErrorInvalidChannelDescriptor));
        check([8, 16, 0, 0], cudaChannelFormatKindSigned, Err(cudaErrorInvalidChannelDescriptor));
        check([0, 0, 0, 0], cudaChannelFormatKindSigned, Err(cudaErrorInvalidChannelDescriptor));
        check([32, 0, 0, 0], cudaChannelFormatKind(77), Err(cudaErrorInvalidChannelDescriptor));
    }

    #[test]
    fn copies_survive_the_way_there_and_back() {
        let mut bytes = [0u8; 64];
        let pointer = bytes.as_mut_ptr().cast();
        let parms = cudaMemcpy3DParms {
            srcPtr: cudaPitchedPtr { ptr: pointer, pitch: 16, xsize: 8, ysize: 2 },
            dstPtr: cudaPitchedPtr { ptr: pointer, pitch: 8, xsize: 8, ysize: 2 },
            srcPos: cudaPos { x: 4, y: 1, z: 0 },
            extent: cudaExtent { width: 8, height: 2, depth: 1 },
            kind: cudaMemcpyHostToDevice,
            ..cudaMemcpy3DParms::zeroed()
        };
        let back = copy_3d(&parms).and_then(|copy| parms_of_copy(&copy)).unwrap();
        assert_eq!((back.kind, back.srcPos.x, back.srcPos.y), (parms.kind, 4, 1));
        assert_eq!((back.srcPtr.pitch, back.dstPtr.pitch, back.dstPtr.ptr), (16, 8, pointer));
        assert_eq!((back.extent.width, back.extent.height, back.extent.depth), (8, 2, 1));
        assert!(copy_3d(&cudaMemcpy3DParms::zeroed()).is_err());
    }
}
