//! CUDA arrays.

use super::{CUarray, CUmipmappedArray};
use core::ffi::c_int;

c_enum! {
    /// The format of an array's channels.
    CUarray_format {
        CU_AD_FORMAT_UNSIGNED_INT8 = 0x01,
        CU_AD_FORMAT_UNSIGNED_INT16 = 0x02,
        CU_AD_FORMAT_UNSIGNED_INT32 = 0x03,
        CU_AD_FORMAT_SIGNED_INT8 = 0x08,
        CU_AD_FORMAT_SIGNED_INT16 = 0x09,
        CU_AD_FORMAT_SIGNED_INT32 = 0x0a,
        CU_AD_FORMAT_HALF = 0x10,
        CU_AD_FORMAT_FLOAT = 0x20,
        CU_AD_FORMAT_NV12 = 0xb0,
        CU_AD_FORMAT_UNORM_INT8X1 = 0xc0,
        CU_AD_FORMAT_UNORM_INT8X2 = 0xc1,
        CU_AD_FORMAT_UNORM_INT8X4 = 0xc2,
        CU_AD_FORMAT_UNORM_INT16X1 = 0xc3,
        CU_AD_FORMAT_UNORM_INT16X2 = 0xc4,
        CU_AD_FORMAT_UNORM_INT16X4 = 0xc5,
        CU_AD_FORMAT_SNORM_INT8X1 = 0xc6,
        CU_AD_FORMAT_SNORM_INT8X2 = 0xc7,
        CU_AD_FORMAT_SNORM_INT8X4 = 0xc8,
        CU_AD_FORMAT_SNORM_INT16X1 = 0xc9,
        CU_AD_FORMAT_SNORM_INT16X2 = 0xca,
        CU_AD_FORMAT_SNORM_INT16X4 = 0xcb,
        CU_AD_FORMAT_BC1_UNORM = 0x91,
        CU_AD_FORMAT_BC1_UNORM_SRGB = 0x92,
        CU_AD_FORMAT_BC2_UNORM = 0x93,
        CU_AD_FORMAT_BC2_UNORM_SRGB = 0x94,
        CU_AD_FORMAT_BC3_UNORM = 0x95,
        CU_AD_FORMAT_BC3_UNORM_SRGB = 0x96,
        CU_AD_FORMAT_BC4_UNORM = 0x97,
        CU_AD_FORMAT_BC4_SNORM = 0x98,
        CU_AD_FORMAT_BC5_UNORM = 0x99,
        CU_AD_FORMAT_BC5_SNORM = 0x9a,
        CU_AD_FORMAT_BC6H_UF16 = 0x9b,
        CU_AD_FORMAT_BC6H_SF16 = 0x9c,
        CU_AD_FORMAT_BC7_UNORM = 0x9d,
        CU_AD_FORMAT_BC7_UNORM_SRGB = 0x9e,
    }
}

c_enum! {
    /// Faces of a cube map.
    CUarray_cubemap_face {
        CU_CUBEMAP_FACE_POSITIVE_X = 0,
        CU_CUBEMAP_FACE_NEGATIVE_X = 1,
        CU_CUBEMAP_FACE_POSITIVE_Y = 2,
        CU_CUBEMAP_FACE_NEGATIVE_Y = 3,
        CU_CUBEMAP_FACE_POSITIVE_Z = 4,
        CU_CUBEMAP_FACE_NEGATIVE_Z = 5,
    }
}

c_structs! {
    pub struct CUDA_ARRAY_DESCRIPTOR {
        pub Width: usize,
        pub Height: usize,
        pub Format: CUarray_format,
        pub NumChannels: u32,
    }
    pub struct CUDA_ARRAY3D_DESCRIPTOR {
        pub Width: usize,
        pub Height: usize,
        pub Depth: usize,
        pub Format: CUarray_format,
        pub NumChannels: u32,
        pub Flags: u32,
    }
    /// The 32-bit descriptor of `cuArrayCreate` without `_v2`.
    pub struct CUDA_ARRAY_DESCRIPTOR_v1 { pub Width: u32, pub Height: u32, pub Format: CUarray_format, pub NumChannels: u32 }
    pub struct CUDA_ARRAY3D_DESCRIPTOR_v1 {
        pub Width: u32,
        pub Height: u32,
        pub Depth: u32,
        pub Format: CUarray_format,
        pub NumChannels: u32,
        pub Flags: u32,
    }
    pub struct CUDA_ARRAY_SPARSE_PROPERTIES {
        pub tileExtent: [u32; 3],
        pub miptailFirstLevel: u32,
        pub miptailSize: u64,
        pub flags: u32,
        pub reserved: [u32; 4],
    }
    pub struct CUDA_ARRAY_MEMORY_REQUIREMENTS { pub size: usize, pub alignment: usize, pub reserved: [u32; 4] }
}

/// A level of a mipmapped array or an array, as resource descriptors hold it.
#[repr(C)]
#[derive(Clone, Copy)]
pub union CUarrayOrMipmap {
    pub array: CUarray,
    pub mipmap: CUmipmappedArray,
}

/// The number of channels and the bytes of one, for each format with plain channels.
pub fn format_bytes(format: CUarray_format) -> Option<c_int> {
    match format {
        CU_AD_FORMAT_UNSIGNED_INT8 | CU_AD_FORMAT_SIGNED_INT8 => Some(1),
        CU_AD_FORMAT_UNSIGNED_INT16 | CU_AD_FORMAT_SIGNED_INT16 | CU_AD_FORMAT_HALF => Some(2),
        CU_AD_FORMAT_UNSIGNED_INT32 | CU_AD_FORMAT_SIGNED_INT32 | CU_AD_FORMAT_FLOAT => Some(4),
        _ => None,
    }
}
