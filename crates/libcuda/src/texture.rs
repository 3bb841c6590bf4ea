//! Texture and surface objects.

use crate::shell::*;
use ::driver::texture;
use abi::*;

api! {
    fn cuTexObjectCreate(
        to: *mut CUtexObject,
        resource: *const CUDA_RESOURCE_DESC,
        desc: *const CUDA_TEXTURE_DESC,
        view: *const CUDA_RESOURCE_VIEW_DESC,
    ) {
        give(to, || texture::create(input(resource)?, input(desc)?, input(view).ok()))
    }

    fn cuTexObjectDestroy(object: CUtexObject) {
        texture::destroy(object)
    }

    fn cuTexObjectGetResourceDesc(desc: *mut CUDA_RESOURCE_DESC, object: CUtexObject) {
        give(desc, || Ok(texture::get(object)?.resource))
    }

    fn cuTexObjectGetTextureDesc(desc: *mut CUDA_TEXTURE_DESC, object: CUtexObject) {
        give(desc, || Ok(texture::get(object)?.texture))
    }

    fn cuTexObjectGetResourceViewDesc(desc: *mut CUDA_RESOURCE_VIEW_DESC, object: CUtexObject) {
        give(desc, || Ok(texture::get(object)?.view))
    }

    fn cuSurfObjectCreate(to: *mut CUsurfObject, resource: *const CUDA_RESOURCE_DESC) {
        give(to, || texture::create_surface(input(resource)?))
    }

    fn cuSurfObjectDestroy(object: CUsurfObject) {
        texture::destroy_surface(object)
    }

    fn cuSurfObjectGetResourceDesc(desc: *mut CUDA_RESOURCE_DESC, object: CUsurfObject) {
        give(desc, || Ok(texture::get_surface(object)?.resource))
    }
}
