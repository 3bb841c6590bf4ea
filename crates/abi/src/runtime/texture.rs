//! Channel descriptors, textures and surfaces.

use super::{cudaArray_t, cudaExtent, cudaMipmappedArray_t};
use crate::driver::{CUaddress_mode, CUfilter_mode, CUresourceViewFormat, CUresourcetype};
use core::ffi::{c_int, c_uint, c_ulonglong, c_void};

pub type cudaResourceType = CUresourcetype;
pub type cudaTextureAddressMode = CUaddress_mode;
pub type cudaTextureFilterMode = CUfilter_mode;
pub type cudaResourceViewFormat = CUresourceViewFormat;

c_enum! {
    cudaChannelFormatKind {
        cudaChannelFormatKindSigned = 0,
        cudaChannelFormatKindUnsigned = 1,
        cudaChannelFormatKindFloat = 2,
        cudaChannelFormatKindNone = 3,
        cudaChannelFormatKindNV12 = 4,
        cudaChannelFormatKindUnsignedNormalized8X1 = 5,
        cudaChannelFormatKindUnsignedNormalized8X2 = 6,
        cudaChannelFormatKindUnsignedNormalized8X4 = 7,
        cudaChannelFormatKindUnsignedNormalized16X1 = 8,
        cudaChannelFormatKindUnsignedNormalized16X2 = 9,
        cudaChannelFormatKindUnsignedNormalized16X4 = 10,
        cudaChannelFormatKindSignedNormalized8X1 = 11,
        cudaChannelFormatKindSignedNormalized8X2 = 12,
        cudaChannelFormatKindSignedNormalized8X4 = 13,
        cudaChannelFormatKindSignedNormalized16X1 = 14,
        cudaChannelFormatKindSignedNormalized16X2 = 15,
        cudaChannelFormatKindSignedNormalized16X4 = 16,
        cudaChannelFormatKindUnsignedBlockCompressed1 = 17,
        cudaChannelFormatKindUnsignedBlockCompressed1SRGB = 18,
        cudaChannelFormatKindUnsignedBlockCompressed2 = 19,
        cudaChannelFormatKindUnsignedBlockCompressed2SRGB = 20,
        cudaChannelFormatKindUnsignedBlockCompressed3 = 21,
        cudaChannelFormatKindUnsignedBlockCompressed3SRGB = 22,
        cudaChannelFormatKindUnsignedBlockCompressed4 = 23,
        cudaChannelFormatKindSignedBlockCompressed4 = 24,
        cudaChannelFormatKindUnsignedBlockCompressed5 = 25,
        cudaChannelFormatKindSignedBlockCompressed5 = 26,
        cudaChannelFormatKindUnsignedBlockCompressed6H = 27,
        cudaChannelFormatKindSignedBlockCompressed6H = 28,
        cudaChannelFormatKindUnsignedBlockCompressed7 = 29,
        cudaChannelFormatKindUnsignedBlockCompressed7SRGB = 30,
    }
}

c_enum! {
    cudaTextureReadMode {
        cudaReadModeElementType = 0,
        cudaReadModeNormalizedFloat = 1,
    }
}

c_structs! {
    pub struct cudaChannelFormatDesc {
        pub x: c_int,
        pub y: c_int,
        pub z: c_int,
        pub w: c_int,
        pub f: cudaChannelFormatKind,
    }
    pub struct cudaResourceLinear { pub devPtr: *mut c_void, pub desc: cudaChannelFormatDesc, pub sizeInBytes: usize }
    pub struct cudaResourcePitch2D {
        pub devPtr: *mut c_void,
        pub desc: cudaChannelFormatDesc,
        pub width: usize,
        pub height: usize,
        pub pitchInBytes: usize,
    }
    pub struct cudaResourceDesc { pub resType: cudaResourceType, pub res: cudaResourceUnion }
    pub struct cudaTextureDesc {
        pub addressMode: [cudaTextureAddressMode; 3],
        pub filterMode: cudaTextureFilterMode,
        pub readMode: cudaTextureReadMode,
        pub sRGB: c_int,
        pub borderColor: [f32; 4],
        pub normalizedCoords: c_int,
        pub maxAnisotropy: c_uint,
        pub mipmapFilterMode: cudaTextureFilterMode,
        pub mipmapLevelBias: f32,
        pub minMipmapLevelClamp: f32,
        pub maxMipmapLevelClamp: f32,
        pub disableTrilinearOptimization: c_int,
        pub seamlessCubemap: c_int,
    }
    pub struct cudaResourceViewDesc {
        pub format: cudaResourceViewFormat,
        pub width: usize,
        pub height: usize,
        pub depth: usize,
        pub firstMipmapLevel: c_uint,
        pub lastMipmapLevel: c_uint,
        pub firstLayer: c_uint,
        pub lastLayer: c_uint,
    }
    /// The legacy texture reference.
    pub struct textureReference {
        pub normalized: c_int,
        pub filterMode: cudaTextureFilterMode,
        pub addressMode: [cudaTextureAddressMode; 3],
        pub channelDesc: cudaChannelFormatDesc,
        pub sRGB: c_int,
        pub maxAnisotropy: c_uint,
        pub mipmapFilterMode: cudaTextureFilterMode,
        pub mipmapLevelBias: f32,
        pub minMipmapLevelClamp: f32,
        pub maxMipmapLevelClamp: f32,
        pub disableTrilinearOptimization: c_int,
        pub reserved: [c_int; 14],
    }
    pub struct cudaArraySparseProperties {
        pub tileExtent: [c_uint; 3],
        pub miptailFirstLevel: c_uint,
        pub miptailSize: c_ulonglong,
        pub flags: c_uint,
        pub reserved: [c_uint; 4],
    }
    pub struct cudaArrayMemoryRequirements { pub size: usize, pub alignment: usize, pub reserved: [c_uint; 4] }
    pub struct cudaExternalMemoryMipmappedArrayDesc {
        pub offset: c_ulonglong,
        pub formatDesc: cudaChannelFormatDesc,
        pub extent: cudaExtent,
        pub flags: c_uint,
        pub numLevels: c_uint,
        pub reserved: [c_uint; 16],
    }
}

c_unions! {
    pub union cudaResourceUnion {
        pub array: cudaArray_t,
        pub mipmap: cudaMipmappedArray_t,
        pub linear: cudaResourceLinear,
        pub pitch2D: cudaResourcePitch2D,
    }
}

const _: () = assert!(size_of::<cudaResourceDesc>() == 64);
const _: () = assert!(size_of::<cudaTextureDesc>() == 72);
const _: () = assert!(size_of::<cudaResourceViewDesc>() == 48);
const _: () = assert!(size_of::<textureReference>() == 124);
