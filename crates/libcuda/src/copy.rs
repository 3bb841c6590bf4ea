//! Copies.

use crate::shell::*;
use ::driver::Result;
use ::driver::copy::{self, Direction, Side, Wait};
use abi::*;
use std::ffi::c_void;

fn linear(dst: (u64, Side), src: (u64, Side), len: usize, stream: CUstream, wait: Wait) -> Result<()> {
    copy::linear(dst, src, len, stream, wait)
}

stream_api! {
    fn cuMemcpy / cuMemcpy_ptds(default; dst: CUdeviceptr, src: CUdeviceptr, len: usize) {
        linear((dst, Side::Unified), (src, Side::Unified), len, default, Wait::Yes)
    }

    fn cuMemcpyAsync / cuMemcpyAsync_ptsz(
        default;
        dst: CUdeviceptr,
        src: CUdeviceptr,
        len: usize,
        stream: CUstream,
    ) {
        linear((dst, Side::Unified), (src, Side::Unified), len, pick(default, stream), Wait::No)
    }

    fn cuMemcpyHtoD_v2 / cuMemcpyHtoD_v2_ptds(default; dst: CUdeviceptr, src: *const c_void, len: usize) {
        linear((dst, Side::Device), (src as u64, Side::Host), len, default, Wait::Yes)
    }

    fn cuMemcpyDtoH_v2 / cuMemcpyDtoH_v2_ptds(default; dst: *mut c_void, src: CUdeviceptr, len: usize) {
        linear((dst as u64, Side::Host), (src, Side::Device), len, default, Wait::Yes)
    }

    fn cuMemcpyDtoD_v2 / cuMemcpyDtoD_v2_ptds(default; dst: CUdeviceptr, src: CUdeviceptr, len: usize) {
        linear((dst, Side::Device), (src, Side::Device), len, default, Wait::Yes)
    }

    fn cuMemcpyHtoDAsync_v2 / cuMemcpyHtoDAsync_v2_ptsz(
        default;
        dst: CUdeviceptr,
        src: *const c_void,
        len: usize,
        stream: CUstream,
    ) {
        linear((dst, Side::Device), (src as u64, Side::Host), len, pick(default, stream), Wait::No)
    }

    fn cuMemcpyDtoHAsync_v2 / cuMemcpyDtoHAsync_v2_ptsz(
        default;
        dst: *mut c_void,
        src: CUdeviceptr,
        len: usize,
        stream: CUstream,
    ) {
        linear((dst as u64, Side::Host), (src, Side::Device), len, pick(default, stream), Wait::No)
    }

    fn cuMemcpyDtoDAsync_v2 / cuMemcpyDtoDAsync_v2_ptsz(
        default;
        dst: CUdeviceptr,
        src: CUdeviceptr,
        len: usize,
        stream: CUstream,
    ) {
        linear((dst, Side::Device), (src, Side::Device), len, pick(default, stream), Wait::No)
    }

    fn cuMemcpyPeer / cuMemcpyPeer_ptds(
        default;
        dst: CUdeviceptr,
        to: CUcontext,
        src: CUdeviceptr,
        from: CUcontext,
        len: usize,
    ) {
        copy::peer(dst, to, src, from, len, default, Wait::Yes)
    }

    fn cuMemcpyPeerAsync / cuMemcpyPeerAsync_ptsz(
        default;
        dst: CUdeviceptr,
        to: CUcontext,
        src: CUdeviceptr,
        from: CUcontext,
        len: usize,
        stream: CUstream,
    ) {
        copy::peer(dst, to, src, from, len, pick(default, stream), Wait::No)
    }

    fn cuMemcpy2D_v2 / cuMemcpy2D_v2_ptds(default; params: *const CUDA_MEMCPY2D) {
        copy::box3(&copy::widen(input(params)?), default, Wait::Yes)
    }

    fn cuMemcpy2DUnaligned_v2 / cuMemcpy2DUnaligned_v2_ptds(default; params: *const CUDA_MEMCPY2D) {
        copy::box3(&copy::widen(input(params)?), default, Wait::Yes)
    }

    fn cuMemcpy2DAsync_v2 / cuMemcpy2DAsync_v2_ptsz(default; params: *const CUDA_MEMCPY2D, stream: CUstream) {
        copy::box3(&copy::widen(input(params)?), pick(default, stream), Wait::No)
    }

    fn cuMemcpy3D_v2 / cuMemcpy3D_v2_ptds(default; params: *const CUDA_MEMCPY3D) {
        copy::box3(input(params)?, default, Wait::Yes)
    }

    fn cuMemcpy3DAsync_v2 / cuMemcpy3DAsync_v2_ptsz(default; params: *const CUDA_MEMCPY3D, stream: CUstream) {
        copy::box3(input(params)?, pick(default, stream), Wait::No)
    }

    fn cuMemcpy3DPeer / cuMemcpy3DPeer_ptds(default; params: *const CUDA_MEMCPY3D_PEER) {
        copy::box3(&copy::without_peers(input(params)?), default, Wait::Yes)
    }

    fn cuMemcpy3DPeerAsync / cuMemcpy3DPeerAsync_ptsz(
        default;
        params: *const CUDA_MEMCPY3D_PEER,
        stream: CUstream,
    ) {
        copy::box3(&copy::without_peers(input(params)?), pick(default, stream), Wait::No)
    }

    fn cuMemcpyDtoA_v2 / cuMemcpyDtoA_v2_ptds(
        default;
        dst: CUarray,
        offset: usize,
        src: CUdeviceptr,
        len: usize,
    ) {
        copy::with_array(dst, offset, (src, Side::Device), len, Direction::ToArray, default, Wait::Yes)
    }

    fn cuMemcpyAtoD_v2 / cuMemcpyAtoD_v2_ptds(
        default;
        dst: CUdeviceptr,
        src: CUarray,
        offset: usize,
        len: usize,
    ) {
        copy::with_array(src, offset, (dst, Side::Device), len, Direction::FromArray, default, Wait::Yes)
    }

    fn cuMemcpyHtoA_v2 / cuMemcpyHtoA_v2_ptds(
        default;
        dst: CUarray,
        offset: usize,
        src: *const c_void,
        len: usize,
    ) {
        copy::with_array(dst, offset, (src as u64, Side::Host), len, Direction::ToArray, default, Wait::Yes)
    }

    fn cuMemcpyAtoH_v2 / cuMemcpyAtoH_v2_ptds(
        default;
        dst: *mut c_void,
        src: CUarray,
        offset: usize,
        len: usize,
    ) {
        copy::with_array(src, offset, (dst as u64, Side::Host), len, Direction::FromArray, default, Wait::Yes)
    }

    fn cuMemcpyHtoAAsync_v2 / cuMemcpyHtoAAsync_v2_ptsz(
        default;
        dst: CUarray,
        offset: usize,
        src: *const c_void,
        len: usize,
        stream: CUstream,
    ) {
        let stream = pick(default, stream);
        copy::with_array(dst, offset, (src as u64, Side::Host), len, Direction::ToArray, stream, Wait::No)
    }

    fn cuMemcpyAtoHAsync_v2 / cuMemcpyAtoHAsync_v2_ptsz(
        default;
        dst: *mut c_void,
        src: CUarray,
        offset: usize,
        len: usize,
        stream: CUstream,
    ) {
        let stream = pick(default, stream);
        copy::with_array(src, offset, (dst as u64, Side::Host), len, Direction::FromArray, stream, Wait::No)
    }

    fn cuMemcpyAtoA_v2 / cuMemcpyAtoA_v2_ptds(
        default;
        dst: CUarray,
        dst_offset: usize,
        src: CUarray,
        src_offset: usize,
        len: usize,
    ) {
        let to = ::driver::array::linear_at(dst, dst_offset, len)?;
        copy::with_array(src, src_offset, (to, Side::Device), len, Direction::FromArray, default, Wait::Yes)
    }
}
