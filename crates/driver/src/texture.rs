//! Texture and surface objects.
//!
//! Invariant: an object is the address of a [`Descriptor`] in device memory, which kernels read; it is known by that
//! address until it is destroyed, so that a handle that is no object is told from one.

use crate::{Context, Result, array, context, memory, require};
use ::device::MemoryKind;
use abi::*;
use parking_lot::RwLock;
use std::collections::HashMap;
use std::sync::Arc;

/// What kernels find at an object's address: the layout that the library's texture functions read
/// (`aw::Texture` in `crates/mathlib/device/texture.h`).
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Descriptor {
    data: u64,
    pitch: u64,
    slice: u64,
    width: u32,
    height: u32,
    depth: u32,
    format: u32,
    channels: u32,
    flags: u32,
    address: [u32; 3],
    /// Of a mipmapped image, how many descriptors follow each other; else 0.
    levels: u32,
    border: [f32; 4],
}

const _: () = assert!(size_of::<Descriptor>() == 80);

/// What follows the descriptors of several levels (`aw::Levels` in `crates/mathlib/device/mipmap.h`).
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Levels {
    bias: f32,
    least: f32,
    most: f32,
    linear: u32,
}

/// Integers are read as fractions of their range.
const AS_FRACTION: u32 = 1;
/// Coordinates are fractions of the size.
const NORMALISED: u32 = 2;
const LINEAR: u32 = 4;

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

type Objects<T> = RwLock<Option<HashMap<u64, Arc<T>>>>;

static TEXTURES: Objects<Texture> = RwLock::new(None);
static SURFACES: Objects<Surface> = RwLock::new(None);

/// Places the descriptors of an image's levels in device memory and enters its object under their address.
fn add<T>(
    objects: &Objects<T>,
    context: &Context,
    descriptors: &[Descriptor],
    levels: Levels,
    object: T,
) -> Result<u64> {
    let size = size_of_val(descriptors);
    let at = memory::allocate_in(context, size + size_of::<Levels>(), MemoryKind::Internal)?;
    // SAFETY: the memory was just allocated for both, and is aligned to 256 bytes.
    unsafe {
        (at as *mut Descriptor).copy_from_nonoverlapping(descriptors.as_ptr(), descriptors.len());
        ((at as usize + size) as *mut Levels).write(levels);
    }
    objects.write().get_or_insert_default().insert(at, Arc::new(object));
    Ok(at)
}

fn take<T>(objects: &Objects<T>, object: u64) -> Result<()> {
    let context = context::current()?;
    objects.write().get_or_insert_default().remove(&object).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    // Kernels in flight may still read it.
    context.core.synchronize();
    ::device::memory::free(object);
    Ok(())
}

/// Forgets the objects of a context that ends, before its memory goes.
pub(crate) fn forget_all(context: &Context) {
    let keep = |at: &u64| ::device::memory::find(*at).is_some_and(|block| block.tag.owner != context.core.id);
    TEXTURES.write().get_or_insert_default().retain(|at, _| keep(at));
    SURFACES.write().get_or_insert_default().retain(|at, _| keep(at));
}

fn find<T>(objects: &Objects<T>, object: u64) -> Result<Arc<T>> {
    context::current()?;
    objects.read().as_ref().and_then(|known| known.get(&object).cloned()).ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// The number that the texture functions give a format.
fn format_number(format: CUarray_format) -> Result<u32> {
    Ok(match format {
        CU_AD_FORMAT_UNSIGNED_INT8 => 0,
        CU_AD_FORMAT_UNSIGNED_INT16 => 1,
        CU_AD_FORMAT_UNSIGNED_INT32 => 2,
        CU_AD_FORMAT_SIGNED_INT8 => 3,
        CU_AD_FORMAT_SIGNED_INT16 => 4,
        CU_AD_FORMAT_SIGNED_INT32 => 5,
        CU_AD_FORMAT_HALF => 6,
        CU_AD_FORMAT_FLOAT => 7,
        _ => return Err(CUDA_ERROR_NOT_SUPPORTED),
    })
}

/// The image that a resource is, without how it is sampled.
fn image(desc: &CUDA_RESOURCE_DESC) -> Result<Descriptor> {
    // SAFETY: every member of the union is plain data, valid for any bytes.
    unsafe {
        match desc.resType {
            CU_RESOURCE_TYPE_ARRAY => of_array(desc.res.hArray),
            // Level 0; `create` adds the others.
            CU_RESOURCE_TYPE_MIPMAPPED_ARRAY => {
                of_array(array::get_mipmapped(desc.res.hMipmappedArray)?.levels[0])
            }
            CU_RESOURCE_TYPE_LINEAR => {
                let linear = desc.res.linear;
                let element = array::element_bytes(linear.format, linear.numChannels)?;
                Ok(Descriptor {
                    data: linear.devPtr,
                    pitch: linear.sizeInBytes as u64,
                    slice: linear.sizeInBytes as u64,
                    width: (linear.sizeInBytes / element) as u32,
                    format: format_number(linear.format)?,
                    channels: linear.numChannels,
                    ..Descriptor::default()
                })
            }
            CU_RESOURCE_TYPE_PITCH2D => {
                let plane = desc.res.pitch2D;
                Ok(Descriptor {
                    data: plane.devPtr,
                    pitch: plane.pitchInBytes as u64,
                    slice: (plane.pitchInBytes * plane.height) as u64,
                    width: plane.width as u32,
                    height: plane.height as u32,
                    format: format_number(plane.format)?,
                    channels: plane.numChannels,
                    ..Descriptor::default()
                })
            }
            _ => Err(CUDA_ERROR_INVALID_VALUE),
        }
    }
}

fn of_array(handle: CUarray) -> Result<Descriptor> {
    let array = array::get(handle)?;
    Ok(Descriptor {
        data: array.at,
        pitch: array.pitch as u64,
        slice: (array.pitch * array.lines()) as u64,
        width: array.desc.Width as u32,
        height: array.desc.Height as u32,
        depth: array.desc.Depth as u32,
        format: format_number(array.desc.Format)?,
        channels: array.desc.NumChannels,
        ..Descriptor::default()
    })
}

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
    let context = context::usable()?;
    check_resource(resource)?;
    require(texture.addressMode.iter().all(|mode| mode.is_known()))?;
    require(texture.filterMode.is_known() && texture.mipmapFilterMode.is_known())?;
    let view = view.copied().unwrap_or(CUDA_RESOURCE_VIEW_DESC::zeroed());
    let mut descriptor = image(resource)?;
    let mut images = vec![descriptor];
    if resource.resType == CU_RESOURCE_TYPE_MIPMAPPED_ARRAY {
        // SAFETY: every member of the union is plain data, valid for any bytes.
        let array = array::get_mipmapped(unsafe { resource.res.hMipmappedArray })?;
        images = levels_of(&array.levels, &view)?;
        descriptor = images[0];
    }
    let narrow = matches!(descriptor.format, 0 | 1 | 3 | 4);
    if narrow && texture.flags & CU_TRSF_READ_AS_INTEGER == 0 {
        descriptor.flags |= AS_FRACTION;
    }
    if texture.flags & CU_TRSF_NORMALIZED_COORDINATES != 0 {
        descriptor.flags |= NORMALISED;
    }
    if texture.filterMode == CU_TR_FILTER_MODE_LINEAR {
        descriptor.flags |= LINEAR;
    }
    descriptor.address = texture.addressMode.map(|mode| mode.0);
    descriptor.border = texture.borderColor;
    descriptor.levels = if images.len() > 1 { images.len() as u32 } else { 0 };
    for image in &mut images {
        let (data, pitch, slice) = (image.data, image.pitch, image.slice);
        let (width, height, depth) = (image.width, image.height, image.depth);
        *image = Descriptor { data, pitch, slice, width, height, depth, ..descriptor };
    }
    let levels = Levels {
        bias: texture.mipmapLevelBias,
        least: texture.minMipmapLevelClamp,
        most: texture.maxMipmapLevelClamp,
        linear: u32::from(texture.mipmapFilterMode == CU_TR_FILTER_MODE_LINEAR),
    };
    add(&TEXTURES, &context, &images, levels, Texture { resource: *resource, texture: *texture, view })
}

/// The levels of a mipmapped array that a view shows: all of them, if there is no view.
fn levels_of(arrays: &[CUarray], view: &CUDA_RESOURCE_VIEW_DESC) -> Result<Vec<Descriptor>> {
    let (first, last) = match view.format {
        CU_RES_VIEW_FORMAT_NONE => (0, arrays.len() - 1),
        _ => (view.firstMipmapLevel as usize, view.lastMipmapLevel as usize),
    };
    require(first <= last)?;
    let shown = arrays.get(first..=last).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    shown.iter().map(|array| of_array(*array)).collect()
}

/// `cuTexObjectDestroy`
pub fn destroy(object: CUtexObject) -> Result<()> {
    take(&TEXTURES, object)
}

/// `cuTexObjectGetResourceDesc` and its siblings.
pub fn get(object: CUtexObject) -> Result<Arc<Texture>> {
    find(&TEXTURES, object)
}

/// `cuSurfObjectCreate`
pub fn create_surface(resource: &CUDA_RESOURCE_DESC) -> Result<CUsurfObject> {
    let context = context::usable()?;
    require(resource.resType == CU_RESOURCE_TYPE_ARRAY)?;
    check_resource(resource)?;
    add(&SURFACES, &context, &[image(resource)?], Levels::default(), Surface { resource: *resource })
}

/// `cuSurfObjectDestroy`
pub fn destroy_surface(object: CUsurfObject) -> Result<()> {
    take(&SURFACES, object)
}

/// `cuSurfObjectGetResourceDesc`
pub fn get_surface(object: CUsurfObject) -> Result<Arc<Surface>> {
    find(&SURFACES, object)
}
