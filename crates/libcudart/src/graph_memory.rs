//! Copy, fill, allocation and release nodes.

use crate::api::{Result, require};
use crate::convert::{copy_3d, parms_of_copy};
use crate::driver as cu;
use crate::{context, symbol};
use abi::*;
use core::ffi::c_void;

api! {
    fn cudaGraphAddMemcpyNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
        parms: *const cudaMemcpy3DParms,
    ) {
        require(node)?;
        require(parms)?;
        let context = context::ensure()?;
        cu::cuGraphAddMemcpyNode(node, graph, dependencies, count, &copy_3d(&*parms)?, context)
    }

    fn cudaGraphAddMemcpyNode1D(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, dependency_count: usize,
        dst: *mut c_void, src: *const c_void, count: usize, kind: cudaMemcpyKind,
    ) {
        require(node)?;
        let context = context::ensure()?;
        cu::cuGraphAddMemcpyNode(node, graph, dependencies, dependency_count, &line(dst, src, count, kind)?, context)
    }

    fn cudaGraphAddMemcpyNodeToSymbol(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, dependency_count: usize,
        symbol: *const c_void, src: *const c_void, count: usize, offset: usize, kind: cudaMemcpyKind,
    ) {
        require(node)?;
        symbol::check_to(kind)?;
        let copy = line(symbol::inside(symbol, count, offset)?, src, count, kind)?;
        cu::cuGraphAddMemcpyNode(node, graph, dependencies, dependency_count, &copy, context::ensure()?)
    }

    fn cudaGraphAddMemcpyNodeFromSymbol(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, dependency_count: usize,
        dst: *mut c_void, symbol: *const c_void, count: usize, offset: usize, kind: cudaMemcpyKind,
    ) {
        require(node)?;
        symbol::check_from(kind)?;
        let copy = line(dst, symbol::inside(symbol, count, offset)?, count, kind)?;
        cu::cuGraphAddMemcpyNode(node, graph, dependencies, dependency_count, &copy, context::ensure()?)
    }

    fn cudaGraphMemcpyNodeGetParams(node: cudaGraphNode_t, parms: *mut cudaMemcpy3DParms) {
        require(parms)?;
        context::ensure()?;
        let mut copy = CUDA_MEMCPY3D::zeroed();
        cu::cuGraphMemcpyNodeGetParams(node, &mut copy)?;
        parms.write(parms_of_copy(&copy)?);
        Ok(())
    }

    fn cudaGraphMemcpyNodeSetParams(node: cudaGraphNode_t, parms: *const cudaMemcpy3DParms) {
        require(parms)?;
        context::ensure()?;
        cu::cuGraphMemcpyNodeSetParams(node, &copy_3d(&*parms)?)
    }

    fn cudaGraphMemcpyNodeSetParams1D(
        node: cudaGraphNode_t, dst: *mut c_void, src: *const c_void, count: usize, kind: cudaMemcpyKind,
    ) {
        context::ensure()?;
        cu::cuGraphMemcpyNodeSetParams(node, &line(dst, src, count, kind)?)
    }

    fn cudaGraphMemcpyNodeSetParamsToSymbol(
        node: cudaGraphNode_t, symbol: *const c_void, src: *const c_void, count: usize, offset: usize,
        kind: cudaMemcpyKind,
    ) {
        symbol::check_to(kind)?;
        cu::cuGraphMemcpyNodeSetParams(node, &line(symbol::inside(symbol, count, offset)?, src, count, kind)?)
    }

    fn cudaGraphMemcpyNodeSetParamsFromSymbol(
        node: cudaGraphNode_t, dst: *mut c_void, symbol: *const c_void, count: usize, offset: usize,
        kind: cudaMemcpyKind,
    ) {
        symbol::check_from(kind)?;
        cu::cuGraphMemcpyNodeSetParams(node, &line(dst, symbol::inside(symbol, count, offset)?, count, kind)?)
    }

    fn cudaGraphExecMemcpyNodeSetParams(
        exec: cudaGraphExec_t, node: cudaGraphNode_t, parms: *const cudaMemcpy3DParms,
    ) {
        require(parms)?;
        let context = context::ensure()?;
        cu::cuGraphExecMemcpyNodeSetParams(exec, node, &copy_3d(&*parms)?, context)
    }

    fn cudaGraphExecMemcpyNodeSetParams1D(
        exec: cudaGraphExec_t, node: cudaGraphNode_t, dst: *mut c_void, src: *const c_void, count: usize,
        kind: cudaMemcpyKind,
    ) {
        let context = context::ensure()?;
        cu::cuGraphExecMemcpyNodeSetParams(exec, node, &line(dst, src, count, kind)?, context)
    }

    fn cudaGraphExecMemcpyNodeSetParamsToSymbol(
        exec: cudaGraphExec_t, node: cudaGraphNode_t, symbol: *const c_void, src: *const c_void, count: usize,
        offset: usize, kind: cudaMemcpyKind,
    ) {
        symbol::check_to(kind)?;
        let copy = line(symbol::inside(symbol, count, offset)?, src, count, kind)?;
        cu::cuGraphExecMemcpyNodeSetParams(exec, node, &copy, context::ensure()?)
    }

    fn cudaGraphExecMemcpyNodeSetParamsFromSymbol(
        exec: cudaGraphExec_t, node: cudaGraphNode_t, dst: *mut c_void, symbol: *const c_void, count: usize,
        offset: usize, kind: cudaMemcpyKind,
    ) {
        symbol::check_from(kind)?;
        let copy = line(dst, symbol::inside(symbol, count, offset)?, count, kind)?;
        cu::cuGraphExecMemcpyNodeSetParams(exec, node, &copy, context::ensure()?)
    }

    fn cudaGraphAddMemsetNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
        params: *const cudaMemsetParams,
    ) {
        require(node)?;
        require(params)?;
        let context = context::ensure()?;
        cu::cuGraphAddMemsetNode(node, graph, dependencies, count, &fill(&*params), context)
    }

    fn cudaGraphMemsetNodeGetParams(node: cudaGraphNode_t, params: *mut cudaMemsetParams) {
        require(params)?;
        context::ensure()?;
        let mut driver = CUDA_MEMSET_NODE_PARAMS_v1::zeroed();
        cu::cuGraphMemsetNodeGetParams(node, &mut driver)?;
        params.write(cudaMemsetParams {
            dst: driver.dst as *mut c_void,
            pitch: driver.pitch,
            value: driver.value,
            elementSize: driver.elementSize,
            width: driver.width,
            height: driver.height,
        });
        Ok(())
    }

    fn cudaGraphMemsetNodeSetParams(node: cudaGraphNode_t, params: *const cudaMemsetParams) {
        require(params)?;
        context::ensure()?;
        cu::cuGraphMemsetNodeSetParams(node, &fill(&*params))
    }

    fn cudaGraphExecMemsetNodeSetParams(
        exec: cudaGraphExec_t, node: cudaGraphNode_t, params: *const cudaMemsetParams,
    ) {
        require(params)?;
        let context = context::ensure()?;
        cu::cuGraphExecMemsetNodeSetParams(exec, node, &fill(&*params), context)
    }

    /// The allocation's address is written into the parameters.
    fn cudaGraphAddMemAllocNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
        params: *mut cudaMemAllocNodeParams,
    ) {
        require(node)?;
        require(params)?;
        context::ensure()?;
        cu::cuGraphAddMemAllocNode(node, graph, dependencies, count, params)
    }

    fn cudaGraphMemAllocNodeGetParams(node: cudaGraphNode_t, params: *mut cudaMemAllocNodeParams) {
        require(params)?;
        context::ensure()?;
        cu::cuGraphMemAllocNodeGetParams(node, params)
    }

    fn cudaGraphAddMemFreeNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
        pointer: *mut c_void,
    ) {
        require(node)?;
        require(pointer)?;
        context::ensure()?;
        cu::cuGraphAddMemFreeNode(node, graph, dependencies, count, pointer as CUdeviceptr)
    }

    /// Writes the pointer that the node frees to where `pointer` points.
    fn cudaGraphMemFreeNodeGetParams(node: cudaGraphNode_t, pointer: *mut c_void) {
        require(pointer)?;
        context::ensure()?;
        cu::cuGraphMemFreeNodeGetParams(node, pointer.cast())
    }
}

/// A linear copy as the three-dimensional copy of one row.
fn line(dst: *mut c_void, src: *const c_void, count: usize, kind: cudaMemcpyKind) -> Result<CUDA_MEMCPY3D> {
    let row = |ptr| cudaPitchedPtr { ptr, pitch: count, xsize: count, ysize: 1 };
    copy_3d(&cudaMemcpy3DParms {
        srcPtr: row(src.cast_mut()),
        dstPtr: row(dst),
        extent: cudaExtent { width: count, height: 1, depth: 1 },
        kind,
        ..cudaMemcpy3DParms::zeroed()
    })
}

/// The driver's parameters of a fill.
pub fn fill(params: &cudaMemsetParams) -> CUDA_MEMSET_NODE_PARAMS_v1 {
    CUDA_MEMSET_NODE_PARAMS_v1 {
        dst: params.dst as CUdeviceptr,
        pitch: params.pitch,
        value: params.value,
        elementSize: params.elementSize,
        width: params.width,
        height: params.height,
    }
}
