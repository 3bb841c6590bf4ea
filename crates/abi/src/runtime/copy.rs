//! Extents, positions, pitched pointers and the copies that use them.

use super::{cudaArray_t, cudaMemcpyKind};
use core::ffi::{c_int, c_void};

c_structs! {
    /// Width in elements for arrays, in bytes for linear memory.
    pub struct cudaExtent { pub width: usize, pub height: usize, pub depth: usize }
    pub struct cudaPos { pub x: usize, pub y: usize, pub z: usize }
    pub struct cudaPitchedPtr { pub ptr: *mut c_void, pub pitch: usize, pub xsize: usize, pub ysize: usize }
    pub struct cudaMemcpy3DParms {
        pub srcArray: cudaArray_t,
        pub srcPos: cudaPos,
        pub srcPtr: cudaPitchedPtr,
        pub dstArray: cudaArray_t,
        pub dstPos: cudaPos,
        pub dstPtr: cudaPitchedPtr,
        pub extent: cudaExtent,
        pub kind: cudaMemcpyKind,
    }
    pub struct cudaMemcpy3DPeerParms {
        pub srcArray: cudaArray_t,
        pub srcPos: cudaPos,
        pub srcPtr: cudaPitchedPtr,
        pub srcDevice: c_int,
        pub dstArray: cudaArray_t,
        pub dstPos: cudaPos,
        pub dstPtr: cudaPitchedPtr,
        pub dstDevice: c_int,
        pub extent: cudaExtent,
    }
}

const _: () = assert!(size_of::<cudaMemcpy3DParms>() == 160);
const _: () = assert!(size_of::<cudaMemcpy3DPeerParms>() == 168);
