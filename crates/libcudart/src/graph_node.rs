//! Nodes of the other kinds, and nodes described by the general structure.

use crate::api::{Result, require};
use crate::context;
use crate::convert::copy_3d;
use crate::driver as cu;
use crate::graph_kernel::to_driver;
use abi::*;

api! {
    fn cudaGraphAddHostNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
        params: *const cudaHostNodeParams,
    ) {
        require(node)?;
        require(params)?;
        if (*params).r#fn.is_none() {
            return Err(cudaErrorInvalidValue);
        }
        context::ensure()?;
        cu::cuGraphAddHostNode(node, graph, dependencies, count, params)
    }

    fn cudaGraphHostNodeGetParams(node: cudaGraphNode_t, params: *mut cudaHostNodeParams) {
        require(params)?;
        context::ensure()?;
        cu::cuGraphHostNodeGetParams(node, params)
    }

    fn cudaGraphHostNodeSetParams(node: cudaGraphNode_t, params: *const cudaHostNodeParams) {
        require(params)?;
        context::ensure()?;
        cu::cuGraphHostNodeSetParams(node, params)
    }

    fn cudaGraphAddChildGraphNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
        child: cudaGraph_t,
    ) {
        require(node)?;
        context::ensure()?;
        cu::cuGraphAddChildGraphNode(node, graph, dependencies, count, child)
    }

    fn cudaGraphChildGraphNodeGetGraph(node: cudaGraphNode_t, child: *mut cudaGraph_t) {
        require(child)?;
        context::ensure()?;
        cu::cuGraphChildGraphNodeGetGraph(node, child)
    }

    fn cudaGraphAddEmptyNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
    ) {
        require(node)?;
        context::ensure()?;
        cu::cuGraphAddEmptyNode(node, graph, dependencies, count)
    }

    fn cudaGraphAddEventRecordNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
        event: cudaEvent_t,
    ) {
        require(node)?;
        context::ensure()?;
        cu::cuGraphAddEventRecordNode(node, graph, dependencies, count, event)
    }

    fn cudaGraphEventRecordNodeGetEvent(node: cudaGraphNode_t, event: *mut cudaEvent_t) {
        require(event)?;
        context::ensure()?;
        cu::cuGraphEventRecordNodeGetEvent(node, event)
    }

    fn cudaGraphEventRecordNodeSetEvent(node: cudaGraphNode_t, event: cudaEvent_t) {
        context::ensure()?;
        cu::cuGraphEventRecordNodeSetEvent(node, event)
    }

    fn cudaGraphAddEventWaitNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
        event: cudaEvent_t,
    ) {
        require(node)?;
        context::ensure()?;
        cu::cuGraphAddEventWaitNode(node, graph, dependencies, count, event)
    }

    fn cudaGraphEventWaitNodeGetEvent(node: cudaGraphNode_t, event: *mut cudaEvent_t) {
        require(event)?;
        context::ensure()?;
        cu::cuGraphEventWaitNodeGetEvent(node, event)
    }

    fn cudaGraphEventWaitNodeSetEvent(node: cudaGraphNode_t, event: cudaEvent_t) {
        context::ensure()?;
        cu::cuGraphEventWaitNodeSetEvent(node, event)
    }

    fn cudaGraphAddExternalSemaphoresSignalNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
        params: *const CUDA_EXT_SEM_SIGNAL_NODE_PARAMS,
    ) {
        require(node)?;
        require(params)?;
        context::ensure()?;
        cu::cuGraphAddExternalSemaphoresSignalNode(node, graph, dependencies, count, params)
    }

    fn cudaGraphExternalSemaphoresSignalNodeGetParams(
        node: cudaGraphNode_t, params: *mut CUDA_EXT_SEM_SIGNAL_NODE_PARAMS,
    ) {
        require(params)?;
        context::ensure()?;
        cu::cuGraphExternalSemaphoresSignalNodeGetParams(node, params)
    }

    fn cudaGraphExternalSemaphoresSignalNodeSetParams(
        node: cudaGraphNode_t, params: *const CUDA_EXT_SEM_SIGNAL_NODE_PARAMS,
    ) {
        require(params)?;
        context::ensure()?;
        cu::cuGraphExternalSemaphoresSignalNodeSetParams(node, params)
    }

    fn cudaGraphAddExternalSemaphoresWaitNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
        params: *const CUDA_EXT_SEM_WAIT_NODE_PARAMS,
    ) {
        require(node)?;
        require(params)?;
        context::ensure()?;
        cu::cuGraphAddExternalSemaphoresWaitNode(node, graph, dependencies, count, params)
    }

    fn cudaGraphExternalSemaphoresWaitNodeGetParams(
        node: cudaGraphNode_t, params: *mut CUDA_EXT_SEM_WAIT_NODE_PARAMS,
    ) {
        require(params)?;
        context::ensure()?;
        cu::cuGraphExternalSemaphoresWaitNodeGetParams(node, params)
    }

    fn cudaGraphExternalSemaphoresWaitNodeSetParams(
        node: cudaGraphNode_t, params: *const CUDA_EXT_SEM_WAIT_NODE_PARAMS,
    ) {
        require(params)?;
        context::ensure()?;
        cu::cuGraphExternalSemaphoresWaitNodeSetParams(node, params)
    }

    fn cudaGraphAddNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
        params: *mut cudaGraphNodeParams,
    ) {
        require(node)?;
        require(params)?;
        let mut driver = general(&*params)?;
        cu::cuGraphAddNode(node, graph, dependencies, count, &mut driver)?;
        give_back(&driver, &mut *params);
        Ok(())
    }

    fn cudaGraphAddNode_v2(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t,
        edges: *const cudaGraphEdgeData, count: usize, params: *mut cudaGraphNodeParams,
    ) {
        require(node)?;
        require(params)?;
        let mut driver = general(&*params)?;
        cu::cuGraphAddNodeEdges(node, graph, dependencies, edges, count, &mut driver)?;
        give_back(&driver, &mut *params);
        Ok(())
    }

    fn cudaGraphNodeSetParams(node: cudaGraphNode_t, params: *mut cudaGraphNodeParams) {
        require(params)?;
        cu::cuGraphNodeSetParams(node, &mut general(&*params)?)
    }

    fn cudaGraphExecNodeSetParams(exec: cudaGraphExec_t, node: cudaGraphNode_t, params: *mut cudaGraphNodeParams) {
        require(params)?;
        cu::cuGraphExecNodeSetParams(exec, node, &mut general(&*params)?)
    }
}

/// The driver's general parameters, in the thread's context.
fn general(params: &cudaGraphNodeParams) -> Result<CUgraphNodeParams> {
    let context = context::ensure()?;
    let mut out = CUgraphNodeParams { r#type: params.r#type, ..CUgraphNodeParams::zeroed() };
    // SAFETY: the type says which member of the union the caller filled.
    unsafe {
        let from = &params.params;
        match params.r#type {
            CU_GRAPH_NODE_TYPE_KERNEL => out.params.kernel = to_driver(&from.kernel)?,
            CU_GRAPH_NODE_TYPE_MEMCPY => {
                out.params.memcpy = CUDA_MEMCPY_NODE_PARAMS {
                    flags: from.memcpy.flags,
                    reserved: 0,
                    copyCtx: context,
                    copyParams: copy_3d(&from.memcpy.copyParams)?,
                };
            }
            CU_GRAPH_NODE_TYPE_MEMSET => {
                let fill = from.memset;
                out.params.memset = CUDA_MEMSET_NODE_PARAMS_v2 {
                    dst: fill.dst as CUdeviceptr,
                    pitch: fill.pitch,
                    value: fill.value,
                    elementSize: fill.elementSize,
                    width: fill.width,
                    height: fill.height,
                    ctx: context,
                };
            }
            CU_GRAPH_NODE_TYPE_HOST => out.params.host = from.host,
            CU_GRAPH_NODE_TYPE_GRAPH => out.params.graph = from.graph,
            CU_GRAPH_NODE_TYPE_EMPTY => {}
            CU_GRAPH_NODE_TYPE_WAIT_EVENT => out.params.eventWait = from.eventWait,
            CU_GRAPH_NODE_TYPE_EVENT_RECORD => out.params.eventRecord = from.eventRecord,
            CU_GRAPH_NODE_TYPE_EXT_SEMAS_SIGNAL => out.params.extSemSignal = from.extSemSignal,
            CU_GRAPH_NODE_TYPE_EXT_SEMAS_WAIT => out.params.extSemWait = from.extSemWait,
            CU_GRAPH_NODE_TYPE_MEM_ALLOC => out.params.alloc = from.alloc,
            CU_GRAPH_NODE_TYPE_MEM_FREE => out.params.free = from.free,
            CU_GRAPH_NODE_TYPE_CONDITIONAL => {
                out.params.conditional = CUDA_CONDITIONAL_NODE_PARAMS { ctx: context, ..from.conditional };
            }
            _ => return Err(cudaErrorInvalidValue),
        }
    }
    Ok(out)
}

/// What the driver writes into its parameters while adding a node.
fn give_back(driver: &CUgraphNodeParams, params: &mut cudaGraphNodeParams) {
    // SAFETY: both unions hold the member that the common type names.
    unsafe {
        match driver.r#type {
            CU_GRAPH_NODE_TYPE_MEM_ALLOC => params.params.alloc.dptr = driver.params.alloc.dptr,
            CU_GRAPH_NODE_TYPE_CONDITIONAL => {
                params.params.conditional.phGraph_out = driver.params.conditional.phGraph_out;
            }
            _ => {}
        }
    }
}
