//! Fills.

use crate::shell::*;
use ::driver::fill::fill;
use abi::*;
use std::ffi::{c_uchar, c_uint, c_ushort};

macro_rules! fills {
    ($($sync:ident / $sync_twin:ident, $async:ident / $async_twin:ident: $ty:ty, $element:literal;)*) => {
        stream_api! {
            $(
                fn $sync / $sync_twin(default; dst: CUdeviceptr, value: $ty, count: usize) {
                    fill(dst, 0, value.into(), $element, count, 1, default)
                }

                fn $async / $async_twin(default; dst: CUdeviceptr, value: $ty, count: usize, stream: CUstream) {
                    fill(dst, 0, value.into(), $element, count, 1, pick(default, stream))
                }
            )*
        }
    };
}

macro_rules! fills_2d {
    ($($sync:ident / $sync_twin:ident, $async:ident / $async_twin:ident: $ty:ty, $element:literal;)*) => {
        stream_api! {
            $(
                fn $sync / $sync_twin(
                    default;
                    dst: CUdeviceptr,
                    pitch: usize,
                    value: $ty,
                    width: usize,
                    height: usize,
                ) {
                    fill(dst, pitch, value.into(), $element, width, height, default)
                }

                fn $async / $async_twin(
                    default;
                    dst: CUdeviceptr,
                    pitch: usize,
                    value: $ty,
                    width: usize,
                    height: usize,
                    stream: CUstream,
                ) {
                    fill(dst, pitch, value.into(), $element, width, height, pick(default, stream))
                }
            )*
        }
    };
}

fills! {
    cuMemsetD8_v2 / cuMemsetD8_v2_ptds, cuMemsetD8Async / cuMemsetD8Async_ptsz: c_uchar, 1;
    cuMemsetD16_v2 / cuMemsetD16_v2_ptds, cuMemsetD16Async / cuMemsetD16Async_ptsz: c_ushort, 2;
    cuMemsetD32_v2 / cuMemsetD32_v2_ptds, cuMemsetD32Async / cuMemsetD32Async_ptsz: c_uint, 4;
}

fills_2d! {
    cuMemsetD2D8_v2 / cuMemsetD2D8_v2_ptds, cuMemsetD2D8Async / cuMemsetD2D8Async_ptsz: c_uchar, 1;
    cuMemsetD2D16_v2 / cuMemsetD2D16_v2_ptds, cuMemsetD2D16Async / cuMemsetD2D16Async_ptsz: c_ushort, 2;
    cuMemsetD2D32_v2 / cuMemsetD2D32_v2_ptds, cuMemsetD2D32Async / cuMemsetD2D32Async_ptsz: c_uint, 4;
}
