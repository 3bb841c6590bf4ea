//! Executable graphs: instantiation, launch, update.

use crate::api::require;
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_uint, c_ulonglong};

api! {
    fn cudaGraphInstantiate(exec: *mut cudaGraphExec_t, graph: cudaGraph_t, flags: c_ulonglong) {
        require(exec)?;
        context::ensure()?;
        cu::cuGraphInstantiate(exec, graph, flags)
    }

    fn cudaGraphInstantiateWithFlags(exec: *mut cudaGraphExec_t, graph: cudaGraph_t, flags: c_ulonglong) {
        require(exec)?;
        context::ensure()?;
        cu::cuGraphInstantiate(exec, graph, flags)
    }

    fn cudaGraphExecGetFlags(exec: cudaGraphExec_t, flags: *mut c_ulonglong) {
        require(flags)?;
        context::ensure()?;
        cu::cuGraphExecGetFlags(exec, flags)
    }

    fn cudaGraphExecDestroy(exec: cudaGraphExec_t) {
        context::ensure()?;
        cu::cuGraphExecDestroy(exec)
    }

    /// Takes over the parameters of a graph of the same shape.
    fn cudaGraphExecUpdate(exec: cudaGraphExec_t, graph: cudaGraph_t, result: *mut cudaGraphExecUpdateResultInfo) {
        require(result)?;
        context::ensure()?;
        cu::cuGraphExecUpdate(exec, graph, result)
    }

    fn cudaGraphExecHostNodeSetParams(
        exec: cudaGraphExec_t, node: cudaGraphNode_t, params: *const cudaHostNodeParams,
    ) {
        require(params)?;
        context::ensure()?;
        cu::cuGraphExecHostNodeSetParams(exec, node, params)
    }

    fn cudaGraphExecChildGraphNodeSetParams(exec: cudaGraphExec_t, node: cudaGraphNode_t, child: cudaGraph_t) {
        context::ensure()?;
        cu::cuGraphExecChildGraphNodeSetParams(exec, node, child)
    }

    fn cudaGraphExecEventRecordNodeSetEvent(exec: cudaGraphExec_t, node: cudaGraphNode_t, event: cudaEvent_t) {
        context::ensure()?;
        cu::cuGraphExecEventRecordNodeSetEvent(exec, node, event)
    }

    fn cudaGraphExecEventWaitNodeSetEvent(exec: cudaGraphExec_t, node: cudaGraphNode_t, event: cudaEvent_t) {
        context::ensure()?;
        cu::cuGraphExecEventWaitNodeSetEvent(exec, node, event)
    }

    fn cudaGraphExecExternalSemaphoresSignalNodeSetParams(
        exec: cudaGraphExec_t, node: cudaGraphNode_t, params: *const CUDA_EXT_SEM_SIGNAL_NODE_PARAMS,
    ) {
        require(params)?;
        context::ensure()?;
        cu::cuGraphExecExternalSemaphoresSignalNodeSetParams(exec, node, params)
    }

    fn cudaGraphExecExternalSemaphoresWaitNodeSetParams(
        exec: cudaGraphExec_t, node: cudaGraphNode_t, params: *const CUDA_EXT_SEM_WAIT_NODE_PARAMS,
    ) {
        require(params)?;
        context::ensure()?;
        cu::cuGraphExecExternalSemaphoresWaitNodeSetParams(exec, node, params)
    }

    fn cudaGraphNodeSetEnabled(exec: cudaGraphExec_t, node: cudaGraphNode_t, enabled: c_uint) {
        context::ensure()?;
        cu::cuGraphNodeSetEnabled(exec, node, enabled)
    }

    fn cudaGraphNodeGetEnabled(exec: cudaGraphExec_t, node: cudaGraphNode_t, enabled: *mut c_uint) {
        require(enabled)?;
        context::ensure()?;
        cu::cuGraphNodeGetEnabled(exec, node, enabled)
    }
}

stream_api! {
    fn cudaGraphInstantiateWithParams, cudaGraphInstantiateWithParams_ptsz(
        default; exec: *mut cudaGraphExec_t, graph: cudaGraph_t, params: *mut cudaGraphInstantiateParams,
    ) {
        require(exec)?;
        require(params)?;
        context::ensure()?;
        (*params).hUploadStream = default.stream((*params).hUploadStream);
        cu::cuGraphInstantiateWithParams(exec, graph, params)
    }

    fn cudaGraphLaunch, cudaGraphLaunch_ptsz(default; exec: cudaGraphExec_t, stream: cudaStream_t) {
        context::ensure()?;
        cu::cuGraphLaunch(exec, default.stream(stream))
    }

    fn cudaGraphUpload, cudaGraphUpload_ptsz(default; exec: cudaGraphExec_t, stream: cudaStream_t) {
        context::ensure()?;
        cu::cuGraphUpload(exec, default.stream(stream))
    }
}
