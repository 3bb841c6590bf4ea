//! Execution graphs: making them, walking them, changing their edges.

use crate::api::require;
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_char, c_int, c_uint, c_void};

api! {
    fn cudaGraphCreate(graph: *mut cudaGraph_t, flags: c_uint) {
        require(graph)?;
        if flags != 0 {
            return Err(cudaErrorInvalidValue);
        }
        context::ensure()?;
        cu::cuGraphCreate(graph, flags)
    }

    fn cudaGraphDestroy(graph: cudaGraph_t) {
        context::ensure()?;
        cu::cuGraphDestroy(graph)
    }

    fn cudaGraphClone(clone: *mut cudaGraph_t, original: cudaGraph_t) {
        require(clone)?;
        context::ensure()?;
        cu::cuGraphClone(clone, original)
    }

    fn cudaGraphNodeFindInClone(node: *mut cudaGraphNode_t, original: cudaGraphNode_t, clone: cudaGraph_t) {
        require(node)?;
        context::ensure()?;
        cu::cuGraphNodeFindInClone(node, original, clone)
    }

    fn cudaGraphNodeGetType(node: cudaGraphNode_t, kind: *mut cudaGraphNodeType) {
        require(kind)?;
        context::ensure()?;
        cu::cuGraphNodeGetType(node, kind)
    }

    /// With null `nodes`, only counts.
    fn cudaGraphGetNodes(graph: cudaGraph_t, nodes: *mut cudaGraphNode_t, count: *mut usize) {
        require(count)?;
        context::ensure()?;
        cu::cuGraphGetNodes(graph, nodes, count)
    }

    fn cudaGraphGetRootNodes(graph: cudaGraph_t, nodes: *mut cudaGraphNode_t, count: *mut usize) {
        require(count)?;
        context::ensure()?;
        cu::cuGraphGetRootNodes(graph, nodes, count)
    }

    fn cudaGraphGetEdges(
        graph: cudaGraph_t, from: *mut cudaGraphNode_t, to: *mut cudaGraphNode_t, count: *mut usize,
    ) {
        require(count)?;
        context::ensure()?;
        cu::cuGraphGetEdges(graph, from, to, count)
    }

    fn cudaGraphGetEdges_v2(
        graph: cudaGraph_t, from: *mut cudaGraphNode_t, to: *mut cudaGraphNode_t, edges: *mut cudaGraphEdgeData,
        count: *mut usize,
    ) {
        require(count)?;
        context::ensure()?;
        cu::cuGraphGetEdgesData(graph, from, to, edges, count)
    }

    fn cudaGraphNodeGetDependencies(node: cudaGraphNode_t, nodes: *mut cudaGraphNode_t, count: *mut usize) {
        require(count)?;
        context::ensure()?;
        cu::cuGraphNodeGetDependencies(node, nodes, count)
    }

    fn cudaGraphNodeGetDependencies_v2(
        node: cudaGraphNode_t, nodes: *mut cudaGraphNode_t, edges: *mut cudaGraphEdgeData, count: *mut usize,
    ) {
        require(count)?;
        context::ensure()?;
        cu::cuGraphNodeGetDependenciesData(node, nodes, edges, count)
    }

    fn cudaGraphNodeGetDependentNodes(node: cudaGraphNode_t, nodes: *mut cudaGraphNode_t, count: *mut usize) {
        require(count)?;
        context::ensure()?;
        cu::cuGraphNodeGetDependentNodes(node, nodes, count)
    }

    fn cudaGraphNodeGetDependentNodes_v2(
        node: cudaGraphNode_t, nodes: *mut cudaGraphNode_t, edges: *mut cudaGraphEdgeData, count: *mut usize,
    ) {
        require(count)?;
        context::ensure()?;
        cu::cuGraphNodeGetDependentNodesData(node, nodes, edges, count)
    }

    fn cudaGraphAddDependencies(
        graph: cudaGraph_t, from: *const cudaGraphNode_t, to: *const cudaGraphNode_t, count: usize,
    ) {
        context::ensure()?;
        cu::cuGraphAddDependencies(graph, from, to, count)
    }

    fn cudaGraphAddDependencies_v2(
        graph: cudaGraph_t, from: *const cudaGraphNode_t, to: *const cudaGraphNode_t, edges: *const cudaGraphEdgeData,
        count: usize,
    ) {
        context::ensure()?;
        cu::cuGraphAddDependenciesData(graph, from, to, edges, count)
    }

    fn cudaGraphRemoveDependencies(
        graph: cudaGraph_t, from: *const cudaGraphNode_t, to: *const cudaGraphNode_t, count: usize,
    ) {
        context::ensure()?;
        cu::cuGraphRemoveDependencies(graph, from, to, count)
    }

    fn cudaGraphRemoveDependencies_v2(
        graph: cudaGraph_t, from: *const cudaGraphNode_t, to: *const cudaGraphNode_t, edges: *const cudaGraphEdgeData,
        count: usize,
    ) {
        context::ensure()?;
        cu::cuGraphRemoveDependenciesData(graph, from, to, edges, count)
    }

    fn cudaGraphDestroyNode(node: cudaGraphNode_t) {
        context::ensure()?;
        cu::cuGraphDestroyNode(node)
    }

    fn cudaGraphDebugDotPrint(graph: cudaGraph_t, path: *const c_char, flags: c_uint) {
        require(path)?;
        context::ensure()?;
        cu::cuGraphDebugDotPrint(graph, path, flags)
    }

    fn cudaUserObjectCreate(
        object: *mut cudaUserObject_t, data: *mut c_void, destroy: cudaHostFn_t, count: c_uint, flags: c_uint,
    ) {
        require(object)?;
        if destroy.is_none() {
            return Err(cudaErrorInvalidValue);
        }
        context::ensure()?;
        cu::cuUserObjectCreate(object, data, destroy, count, flags)
    }

    fn cudaUserObjectRetain(object: cudaUserObject_t, count: c_uint) {
        context::ensure()?;
        cu::cuUserObjectRetain(object, count)
    }

    fn cudaUserObjectRelease(object: cudaUserObject_t, count: c_uint) {
        context::ensure()?;
        cu::cuUserObjectRelease(object, count)
    }

    fn cudaGraphRetainUserObject(graph: cudaGraph_t, object: cudaUserObject_t, count: c_uint, flags: c_uint) {
        context::ensure()?;
        cu::cuGraphRetainUserObject(graph, object, count, flags)
    }

    fn cudaGraphReleaseUserObject(graph: cudaGraph_t, object: cudaUserObject_t, count: c_uint) {
        context::ensure()?;
        cu::cuGraphReleaseUserObject(graph, object, count)
    }

    fn cudaDeviceGraphMemTrim(device: c_int) {
        context::check_device(device)?;
        cu::cuDeviceGraphMemTrim(device)
    }

    fn cudaDeviceGetGraphMemAttribute(device: c_int, attribute: cudaGraphMemAttributeType, value: *mut c_void) {
        require(value)?;
        context::check_device(device)?;
        cu::cuDeviceGetGraphMemAttribute(device, attribute, value)
    }

    fn cudaDeviceSetGraphMemAttribute(device: c_int, attribute: cudaGraphMemAttributeType, value: *mut c_void) {
        require(value)?;
        context::check_device(device)?;
        cu::cuDeviceSetGraphMemAttribute(device, attribute, value)
    }

    fn cudaGraphConditionalHandleCreate(
        handle: *mut cudaGraphConditionalHandle, graph: cudaGraph_t, default: c_uint, flags: c_uint,
    ) {
        require(handle)?;
        let context = context::ensure()?;
        cu::cuGraphConditionalHandleCreate(handle, graph, context, default, flags)
    }
}
