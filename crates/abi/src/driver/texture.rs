//! Texture and surface objects.

use super::{CUarray, CUarray_format, CUdeviceptr, CUmipmappedArray};

c_enum! {
    CUaddress_mode {
        CU_TR_ADDRESS_MODE_WRAP = 0,
        CU_TR_ADDRESS_MODE_CLAMP = 1,
        CU_TR_ADDRESS_MODE_MIRROR = 2,
        CU_TR_ADDRESS_MODE_BORDER = 3,
    }
}

c_enum! {
    CUfilter_mode {
        CU_TR_FILTER_MODE_POINT = 0,
        CU_TR_FILTER_MODE_LINEAR = 1,
    }
}

c_enum! {
    CUresourcetype {
        CU_RESOURCE_TYPE_ARRAY = 0,
        CU_RESOURCE_TYPE_MIPMAPPED_ARRAY = 1,
        CU_RESOURCE_TYPE_LINEAR = 2,
        CU_RESOURCE_TYPE_PITCH2D = 3,
    }
}

c_enum! {
    CUresourceViewFormat {
        CU_RES_VIEW_FORMAT_NONE = 0x00,
        CU_RES_VIEW_FORMAT_UINT_1X8 = 0x01,
        CU_RES_VIEW_FORMAT_UINT_2X8 = 0x02,
        CU_RES_VIEW_FORMAT_UINT_4X8 = 0x03,
        CU_RES_VIEW_FORMAT_SINT_1X8 = 0x04,
        CU_RES_VIEW_FORMAT_SINT_2X8 = 0x05,
        CU_RES_VIEW_FORMAT_SINT_4X8 = 0x06,
        CU_RES_VIEW_FORMAT_UINT_1X16 = 0x07,
        CU_RES_VIEW_FORMAT_UINT_2X16 = 0x08,
        CU_RES_VIEW_FORMAT_UINT_4X16 = 0x09,
        CU_RES_VIEW_FORMAT_SINT_1X16 = 0x0a,
        CU_RES_VIEW_FORMAT_SINT_2X16 = 0x0b,
        CU_RES_VIEW_FORMAT_SINT_4X16 = 0x0c,
        CU_RES_VIEW_FORMAT_UINT_1X32 = 0x0d,
        CU_RES_VIEW_FORMAT_UINT_2X32 = 0x0e,
        CU_RES_VIEW_FORMAT_UINT_4X32 = 0x0f,
        CU_RES_VIEW_FORMAT_SINT_1X32 = 0x10,
        CU_RES_VIEW_FORMAT_SINT_2X32 = 0x11,
        CU_RES_VIEW_FORMAT_SINT_4X32 = 0x12,
        CU_RES_VIEW_FORMAT_FLOAT_1X16 = 0x13,
        CU_RES_VIEW_FORMAT_FLOAT_2X16 = 0x14,
        CU_RES_VIEW_FORMAT_FLOAT_4X16 = 0x15,
        CU_RES_VIEW_FORMAT_FLOAT_1X32 = 0x16,
        CU_RES_VIEW_FORMAT_FLOAT_2X32 = 0x17,
        CU_RES_VIEW_FORMAT_FLOAT_4X32 = 0x18,
        CU_RES_VIEW_FORMAT_UNSIGNED_BC1 = 0x19,
        CU_RES_VIEW_FORMAT_UNSIGNED_BC2 = 0x1a,
        CU_RES_VIEW_FORMAT_UNSIGNED_BC3 = 0x1b,
        CU_RES_VIEW_FORMAT_UNSIGNED_BC4 = 0x1c,
        CU_RES_VIEW_FORMAT_SIGNED_BC4 = 0x1d,
        CU_RES_VIEW_FORMAT_UNSIGNED_BC5 = 0x1e,
        CU_RES_VIEW_FORMAT_SIGNED_BC5 = 0x1f,
        CU_RES_VIEW_FORMAT_UNSIGNED_BC6H = 0x20,
        CU_RES_VIEW_FORMAT_SIGNED_BC6H = 0x21,
        CU_RES_VIEW_FORMAT_UNSIGNED_BC7 = 0x22,
    }
}

c_structs! {
    pub struct CUresourceLinear {
        pub devPtr: CUdeviceptr,
        pub format: CUarray_format,
        pub numChannels: u32,
        pub sizeInBytes: usize,
    }
    pub struct CUresourcePitch2D {
        pub devPtr: CUdeviceptr,
        pub format: CUarray_format,
        pub numChannels: u32,
        pub width: usize,
        pub height: usize,
        pub pitchInBytes: usize,
    }
    pub struct CUDA_RESOURCE_DESC {
        pub resType: CUresourcetype,
        pub res: CUresourceUnion,
        pub flags: u32,
    }
    pub struct CUDA_TEXTURE_DESC {
        pub addressMode: [CUaddress_mode; 3],
        pub filterMode: CUfilter_mode,
        pub flags: u32,
        pub maxAnisotropy: u32,
        pub mipmapFilterMode: CUfilter_mode,
        pub mipmapLevelBias: f32,
        pub minMipmapLevelClamp: f32,
        pub maxMipmapLevelClamp: f32,
        pub borderColor: [f32; 4],
        pub reserved: [i32; 12],
    }
    pub struct CUDA_RESOURCE_VIEW_DESC {
        pub format: CUresourceViewFormat,
        pub width: usize,
        pub height: usize,
        pub depth: usize,
        pub firstMipmapLevel: u32,
        pub lastMipmapLevel: u32,
        pub firstLayer: u32,
        pub lastLayer: u32,
        pub reserved: [u32; 16],
    }
    /// An encoded tensor map.
    #[repr(align(64))]
    pub struct CUtensorMap { pub opaque: [u64; 16] }
}

c_unions! {
    pub union CUresourceUnion {
        pub hArray: CUarray,
        pub hMipmappedArray: CUmipmappedArray,
        pub linear: CUresourceLinear,
        pub pitch2D: CUresourcePitch2D,
        pub reserved: [i32; 32],
    }
}

const _: () = assert!(size_of::<CUDA_RESOURCE_DESC>() == 144);
const _: () = assert!(size_of::<CUDA_TEXTURE_DESC>() == 104);
const _: () = assert!(size_of::<CUDA_RESOURCE_VIEW_DESC>() == 112);
