//! Texture and surface objects, as descriptions.
//!
//! Invariant: a description that is accepted is consistent; kernels that would use one are refused when their module is
//! loaded, until instructions for them exist.

use crate::handle::Table;
use crate::{Result, array, context, require};
use abi::*;
use std::sync::Arc;

/// A texture object.
pub struct Texture {
    pub resource: CUDA_RESOURCE_DESC,
    pub texture: CUDA_TEXTURE_DESC,
    pub view: CUDA_RESOURCE_VIEW_DESC,
}

/// A surface object.
pub struct Surface {
    pub resource: CUDA_RESOURCE_DESC,
}

// SAFETY: descriptions are plain data with handles that are checked at each use.
unsafe impl Send for Texture {}
// SAFETY: as above.
unsafe impl Sync for Texture {}
// SAFETY: as above.
unsafe impl Send for Surface {}
// SAFETY: as above.
unsafe impl Sync for Surface {}

static TEXTURES: Table<Texture> = Table::new(0x4a);
static SURFACES: Table<Surface> = Table::new(0x4b);

fn check_resource(desc: &CUDA_RESOURCE_DESC) -> Result<()> {
    require(desc.flags == 0)?;
    // SAFETY: every member of the union is plain data, valid for any bytes.
    unsafe {
        match desc.resType {
            CU_RESOURCE_TYPE_ARRAY => array::get(desc.res.hArray).map(|_| ()),
            CU_RESOURCE_TYPE_MIPMAPPED_ARRAY => array::get_mipmapped(desc.res.hMipmappedArray).map(|_| ()),
            CU_RESOURCE_TYPE_LINEAR => {
                let linear = desc.res.linear;
                array::element_bytes(linear.format, linear.numChannels)?;
                inside(linear.devPtr, linear.sizeInBytes as u64)
            }
            CU_RESOURCE_TYPE_PITCH2D => {
                let image = desc.res.pitch2D;
                let element = array::element_bytes(image.format, image.numChannels)?;
                let line = image.width.checked_mul(element).ok_or(CUDA_ERROR_INVALID_VALUE)?;
                require(image.height > 0 && line > 0 && image.pitchInBytes >= line)?;
                require(image.devPtr.is_multiple_of(32))?;
                inside(image.devPtr, (image.pitchInBytes * (image.height - 1) + line) as u64)
            }
            _ => Err(CUDA_ERROR_INVALID_VALUE),
        }
    }
}

fn inside(at: u64, len: u64) -> Result<()> {
    let block = ::device::memory::find(at).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    require(len > 0 && len <= block.rest(at))
}

/// `cuTexObjectCreate`
pub fn create(
    resource: &CUDA_RESOURCE_DESC,
    texture: &CUDA_TEXTURE_DESC,
    view: Option<&CUDA_RESOURCE_VIEW_DESC>,
) -> Result<CUtexObject> {
    context::usable()?;
    check_resource(resource)?;
    require(texture.addressMode.iter().all(|mode| mode.is_known()))?;
    require(texture.filterMode.is_known() && texture.mipmapFilterMode.is_known())?;
    let view = view.copied().unwrap_or(CUDA_RESOURCE_VIEW_DESC::zeroed());
    let (handle, _) = TEXTURES.insert(|_| Arc::new(Texture { resource: *resource, texture: *texture, view }));
    Ok(handle as u64)
}

/// `cuTexObjectDestroy`
pub fn destroy(object: CUtexObject) -> Result<()> {
    context::current()?;
    TEXTURES.remove(object as usize).map(|_| ()).ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// `cuTexObjectGetResourceDesc` and its siblings.
pub fn get(object: CUtexObject) -> Result<Arc<Texture>> {
    context::current()?;
    TEXTURES.get(object as usize).ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// `cuSurfObjectCreate`
pub fn create_surface(resource: &CUDA_RESOURCE_DESC) -> Result<CUsurfObject> {
    context::usable()?;
    require(resource.resType == CU_RESOURCE_TYPE_ARRAY)?;
    check_resource(resource)?;
    let (handle, _) = SURFACES.insert(|_| Arc::new(Surface { resource: *resource }));
    Ok(handle as u64)
}

/// `cuSurfObjectDestroy`
pub fn destroy_surface(object: CUsurfObject) -> Result<()> {
    context::current()?;
    SURFACES.remove(object as usize).map(|_| ()).ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// `cuSurfObjectGetResourceDesc`
pub fn get_surface(object: CUsurfObject) -> Result<Arc<Surface>> {
    context::current()?;
    SURFACES.get(object as usize).ok_or(CUDA_ERROR_INVALID_VALUE)
}
