//! Texture and surface objects.

use crate::api::{Result, known, require};
use crate::context;
use crate::convert::{channel_desc, channel_format, flag};
use crate::driver as cu;
use abi::*;
use core::ffi::c_void;

api! {
    /// Creates a texture object. A texture that reads elements as they are must not filter integers.
    fn cudaCreateTextureObject(
        texture: *mut cudaTextureObject_t, resource: *const cudaResourceDesc, desc: *const cudaTextureDesc,
        view: *const cudaResourceViewDesc,
    ) {
        require(texture)?;
        require(resource)?;
        require(desc)?;
        context::ensure()?;
        let resource = driver_resource(&*resource)?;
        let description = driver_texture(&*desc, &resource)?;
        let view = view.as_ref().map(driver_view);
        let view = view.as_ref().map_or(core::ptr::null(), core::ptr::from_ref);
        cu::cuTexObjectCreate(texture, &resource, &description, view)
    }

    fn cudaDestroyTextureObject(texture: cudaTextureObject_t) {
        context::ensure()?;
        if texture == 0 { Ok(()) } else { cu::cuTexObjectDestroy(texture) }
    }

    fn cudaGetTextureObjectResourceDesc(resource: *mut cudaResourceDesc, texture: cudaTextureObject_t) {
        require(resource)?;
        context::ensure()?;
        let mut driver = CUDA_RESOURCE_DESC::zeroed();
        cu::cuTexObjectGetResourceDesc(&mut driver, texture)?;
        resource.write(runtime_resource(&driver)?);
        Ok(())
    }

    fn cudaGetTextureObjectTextureDesc(desc: *mut cudaTextureDesc, texture: cudaTextureObject_t) {
        require(desc)?;
        context::ensure()?;
        let mut driver = CUDA_TEXTURE_DESC::zeroed();
        cu::cuTexObjectGetTextureDesc(&mut driver, texture)?;
        desc.write(runtime_texture(&driver));
        Ok(())
    }

    fn cudaGetTextureObjectResourceViewDesc(view: *mut cudaResourceViewDesc, texture: cudaTextureObject_t) {
        require(view)?;
        context::ensure()?;
        let mut driver = CUDA_RESOURCE_VIEW_DESC::zeroed();
        cu::cuTexObjectGetResourceViewDesc(&mut driver, texture)?;
        view.write(cudaResourceViewDesc {
            format: driver.format,
            width: driver.width,
            height: driver.height,
            depth: driver.depth,
            firstMipmapLevel: driver.firstMipmapLevel,
            lastMipmapLevel: driver.lastMipmapLevel,
            firstLayer: driver.firstLayer,
            lastLayer: driver.lastLayer,
        });
        Ok(())
    }

    /// Creates a surface object over an array.
    fn cudaCreateSurfaceObject(surface: *mut cudaSurfaceObject_t, resource: *const cudaResourceDesc) {
        require(surface)?;
        require(resource)?;
        context::ensure()?;
        if (*resource).resType != CU_RESOURCE_TYPE_ARRAY {
            return Err(cudaErrorInvalidValue);
        }
        cu::cuSurfObjectCreate(surface, &driver_resource(&*resource)?)
    }

    fn cudaDestroySurfaceObject(surface: cudaSurfaceObject_t) {
        context::ensure()?;
        if surface == 0 { Ok(()) } else { cu::cuSurfObjectDestroy(surface) }
    }

    fn cudaGetSurfaceObjectResourceDesc(resource: *mut cudaResourceDesc, surface: cudaSurfaceObject_t) {
        require(resource)?;
        context::ensure()?;
        let mut driver = CUDA_RESOURCE_DESC::zeroed();
        cu::cuSurfObjectGetResourceDesc(&mut driver, surface)?;
        resource.write(runtime_resource(&driver)?);
        Ok(())
    }
}

fn driver_resource(resource: &cudaResourceDesc) -> Result<CUDA_RESOURCE_DESC> {
    known(resource.resType.is_known())?;
    let mut out = CUDA_RESOURCE_DESC { resType: resource.resType, ..CUDA_RESOURCE_DESC::zeroed() };
    // SAFETY: the type says which member of the union the caller filled.
    unsafe {
        match resource.resType {
            CU_RESOURCE_TYPE_ARRAY => out.res.hArray = resource.res.array,
            CU_RESOURCE_TYPE_MIPMAPPED_ARRAY => out.res.hMipmappedArray = resource.res.mipmap,
            CU_RESOURCE_TYPE_LINEAR => {
                let linear = resource.res.linear;
                let (format, numChannels) = channel_format(&linear.desc)?;
                let devPtr = linear.devPtr as CUdeviceptr;
                out.res.linear =
                    CUresourceLinear { devPtr, format, numChannels, sizeInBytes: linear.sizeInBytes };
            }
            _ => {
                let rect = resource.res.pitch2D;
                let (format, numChannels) = channel_format(&rect.desc)?;
                out.res.pitch2D = CUresourcePitch2D {
                    devPtr: rect.devPtr as CUdeviceptr,
                    format,
                    numChannels,
                    width: rect.width,
                    height: rect.height,
                    pitchInBytes: rect.pitchInBytes,
                };
            }
        }
    }
    Ok(out)
}

fn runtime_resource(resource: &CUDA_RESOURCE_DESC) -> Result<cudaResourceDesc> {
    let mut out = cudaResourceDesc { resType: resource.resType, ..cudaResourceDesc::zeroed() };
    // SAFETY: the type says which member of the union the driver filled.
    unsafe {
        match resource.resType {
            CU_RESOURCE_TYPE_ARRAY => out.res.array = resource.res.hArray,
            CU_RESOURCE_TYPE_MIPMAPPED_ARRAY => out.res.mipmap = resource.res.hMipmappedArray,
            CU_RESOURCE_TYPE_LINEAR => {
                let linear = resource.res.linear;
                out.res.linear = cudaResourceLinear {
                    devPtr: linear.devPtr as *mut c_void,
                    desc: channel_desc(linear.format, linear.numChannels),
                    sizeInBytes: linear.sizeInBytes,
                };
            }
            CU_RESOURCE_TYPE_PITCH2D => {
                let rect = resource.res.pitch2D;
                out.res.pitch2D = cudaResourcePitch2D {
                    devPtr: rect.devPtr as *mut c_void,
                    desc: channel_desc(rect.format, rect.numChannels),
                    width: rect.width,
                    height: rect.height,
                    pitchInBytes: rect.pitchInBytes,
                };
            }
            _ => return Err(cudaErrorUnknown),
        }
    }
    Ok(out)
}

/// The read mode decides whether integers are read as they are; 32-bit integers cannot be read as fractions.
fn driver_texture(desc: &cudaTextureDesc, resource: &CUDA_RESOURCE_DESC) -> Result<CUDA_TEXTURE_DESC> {
    known(desc.readMode.is_known() && desc.filterMode.is_known())?;
    known(desc.addressMode.iter().all(|mode| mode.is_known()))?;
    let format = resource_format(resource)?;
    let is_float = matches!(format, Some(CU_AD_FORMAT_FLOAT | CU_AD_FORMAT_HALF) | None);
    let is_wide = matches!(format, Some(CU_AD_FORMAT_SIGNED_INT32 | CU_AD_FORMAT_UNSIGNED_INT32));
    let fractions = desc.readMode == cudaReadModeNormalizedFloat;
    if fractions && is_wide {
        return Err(cudaErrorInvalidNormSetting);
    }
    if desc.filterMode == CU_TR_FILTER_MODE_LINEAR && !is_float && !fractions {
        return Err(cudaErrorInvalidFilterSetting);
    }
    let as_integer = if !fractions && !is_float { CU_TRSF_READ_AS_INTEGER } else { 0 };
    Ok(CUDA_TEXTURE_DESC {
        addressMode: desc.addressMode,
        filterMode: desc.filterMode,
        flags: as_integer
            | flag(desc.normalizedCoords, CU_TRSF_NORMALIZED_COORDINATES)
            | flag(desc.sRGB, CU_TRSF_SRGB)
            | flag(desc.disableTrilinearOptimization, CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION)
            | flag(desc.seamlessCubemap, CU_TRSF_SEAMLESS_CUBEMAP),
        maxAnisotropy: desc.maxAnisotropy,
        mipmapFilterMode: desc.mipmapFilterMode,
        mipmapLevelBias: desc.mipmapLevelBias,
        minMipmapLevelClamp: desc.minMipmapLevelClamp,
        maxMipmapLevelClamp: desc.maxMipmapLevelClamp,
        borderColor: desc.borderColor,
        reserved: [0; 12],
    })
}

/// The element format behind a resource. A mipmapped array's is its first level's.
fn resource_format(resource: &CUDA_RESOURCE_DESC) -> Result<Option<CUarray_format>> {
    // SAFETY: the type says which member of the union is filled; the output is writable.
    unsafe {
        let array = match resource.resType {
            CU_RESOURCE_TYPE_LINEAR => return Ok(Some(resource.res.linear.format)),
            CU_RESOURCE_TYPE_PITCH2D => return Ok(Some(resource.res.pitch2D.format)),
            CU_RESOURCE_TYPE_ARRAY => resource.res.hArray,
            _ => {
                let mut level = CUarray::NULL;
                cu::cuMipmappedArrayGetLevel(&mut level, resource.res.hMipmappedArray, 0)?;
                level
            }
        };
        Ok(Some(crate::convert::describe(array)?.Format))
    }
}

fn runtime_texture(desc: &CUDA_TEXTURE_DESC) -> cudaTextureDesc {
    let has = |bit| i32::from(desc.flags & bit != 0);
    cudaTextureDesc {
        addressMode: desc.addressMode,
        filterMode: desc.filterMode,
        readMode: if has(CU_TRSF_READ_AS_INTEGER) != 0 {
            cudaReadModeElementType
        } else {
            cudaReadModeNormalizedFloat
        },
        sRGB: has(CU_TRSF_SRGB),
        borderColor: desc.borderColor,
        normalizedCoords: has(CU_TRSF_NORMALIZED_COORDINATES),
        maxAnisotropy: desc.maxAnisotropy,
        mipmapFilterMode: desc.mipmapFilterMode,
        mipmapLevelBias: desc.mipmapLevelBias,
        minMipmapLevelClamp: desc.minMipmapLevelClamp,
        maxMipmapLevelClamp: desc.maxMipmapLevelClamp,
        disableTrilinearOptimization: has(CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION),
        seamlessCubemap: has(CU_TRSF_SEAMLESS_CUBEMAP),
    }
}

fn driver_view(view: &cudaResourceViewDesc) -> CUDA_RESOURCE_VIEW_DESC {
    CUDA_RESOURCE_VIEW_DESC {
        format: view.format,
        width: view.width,
        height: view.height,
        depth: view.depth,
        firstMipmapLevel: view.firstMipmapLevel,
        lastMipmapLevel: view.lastMipmapLevel,
        firstLayer: view.firstLayer,
        lastLayer: view.lastLayer,
        reserved: [0; 16],
    }
}
