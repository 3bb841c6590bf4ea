//! Graphs, their edges, and executable graphs.

use crate::shell::*;
use ::driver::graph::{self, Enabled};
use ::driver::{Result, stream};
use abi::*;
use std::ffi::{c_char, c_int, c_uint, c_ulonglong};

/// Writes two lists of the ends of edges, with the two-call convention.
fn give_edges(
    from: *mut CUgraphNode,
    to: *mut CUgraphNode,
    count: *mut usize,
    edges: &[(CUgraphNode, CUgraphNode)],
) -> Result<()> {
    let room = *input(count.cast_const())?;
    let sides: (Vec<_>, Vec<_>) = edges.iter().copied().unzip();
    if from.is_null() != to.is_null() {
        return Err(CUDA_ERROR_INVALID_VALUE);
    }
    give_list(from, count, &sides.0, CUgraphNode::NULL)?;
    if !to.is_null() {
        offer(count, room);
        give_list(to, count, &sides.1, CUgraphNode::NULL)?;
    }
    Ok(())
}

/// No edge has data: all are full dependencies.
fn blank_edges(edges: *mut CUgraphEdgeData, count: *mut usize) {
    if !edges.is_null()
        && let Ok(count) = input(count.cast_const())
    {
        for index in 0..*count {
            offer(edges.wrapping_add(index), CUgraphEdgeData::zeroed());
        }
    }
}

fn instantiate(to: *mut CUgraphExec, handle: CUgraph, flags: c_ulonglong) -> Result<()> {
    give(to, || graph::instantiate(handle, flags))
}

api! {
    fn cuGraphCreate(to: *mut CUgraph, flags: c_uint) {
        give(to, || graph::create(flags))
    }

    fn cuGraphDestroy(handle: CUgraph) {
        graph::destroy(handle)
    }

    fn cuGraphClone(to: *mut CUgraph, handle: CUgraph) {
        give(to, || graph::clone(handle).map(|copy| copy.handle))
    }

    fn cuGraphNodeFindInClone(to: *mut CUgraphNode, original: CUgraphNode, clone: CUgraph) {
        give(to, || graph::find_in_clone(original, clone))
    }

    fn cuGraphGetId(handle: CUgraph, id: *mut c_uint) {
        give(id, || graph::get(handle).map(|graph| graph.id as c_uint))
    }

    fn cuGraphExecGetId(handle: CUgraphExec, id: *mut c_uint) {
        give(id, || graph::get_exec(handle).map(|exec| exec.id as c_uint))
    }

    fn cuGraphGetNodes(handle: CUgraph, nodes: *mut CUgraphNode, count: *mut usize) {
        give_list(nodes, count, &graph::nodes(handle)?, CUgraphNode::NULL)
    }

    fn cuGraphGetRootNodes(handle: CUgraph, nodes: *mut CUgraphNode, count: *mut usize) {
        give_list(nodes, count, &graph::roots(handle)?, CUgraphNode::NULL)
    }

    fn cuGraphGetEdges(handle: CUgraph, from: *mut CUgraphNode, to: *mut CUgraphNode, count: *mut usize) {
        give_edges(from, to, count, &graph::edges(handle)?)
    }

    fn cuGraphGetEdges_v2(
        handle: CUgraph,
        from: *mut CUgraphNode,
        to: *mut CUgraphNode,
        edges: *mut CUgraphEdgeData,
        count: *mut usize,
    ) {
        give_edges(from, to, count, &graph::edges(handle)?)?;
        blank_edges(edges, count);
        Ok(())
    }

    fn cuGraphNodeGetDependencies(node: CUgraphNode, deps: *mut CUgraphNode, count: *mut usize) {
        give_list(deps, count, &graph::dependencies(node)?, CUgraphNode::NULL)
    }

    fn cuGraphNodeGetDependencies_v2(
        node: CUgraphNode,
        deps: *mut CUgraphNode,
        edges: *mut CUgraphEdgeData,
        count: *mut usize,
    ) {
        give_list(deps, count, &graph::dependencies(node)?, CUgraphNode::NULL)?;
        blank_edges(edges, count);
        Ok(())
    }

    fn cuGraphNodeGetDependentNodes(node: CUgraphNode, nodes: *mut CUgraphNode, count: *mut usize) {
        give_list(nodes, count, &graph::dependents(node)?, CUgraphNode::NULL)
    }

    fn cuGraphNodeGetDependentNodes_v2(
        node: CUgraphNode,
        nodes: *mut CUgraphNode,
        edges: *mut CUgraphEdgeData,
        count: *mut usize,
    ) {
        give_list(nodes, count, &graph::dependents(node)?, CUgraphNode::NULL)?;
        blank_edges(edges, count);
        Ok(())
    }

    fn cuGraphAddDependencies(
        handle: CUgraph,
        from: *const CUgraphNode,
        to: *const CUgraphNode,
        count: usize,
    ) {
        graph::add_dependencies(handle, list(from, count)?, list(to, count)?)
    }

    fn cuGraphAddDependencies_v2(
        handle: CUgraph,
        from: *const CUgraphNode,
        to: *const CUgraphNode,
        edges: *const CUgraphEdgeData,
        count: usize,
    ) {
        let _ = edges;
        graph::add_dependencies(handle, list(from, count)?, list(to, count)?)
    }

    fn cuGraphRemoveDependencies(
        handle: CUgraph,
        from: *const CUgraphNode,
        to: *const CUgraphNode,
        count: usize,
    ) {
        graph::remove_dependencies(handle, list(from, count)?, list(to, count)?)
    }

    fn cuGraphRemoveDependencies_v2(
        handle: CUgraph,
        from: *const CUgraphNode,
        to: *const CUgraphNode,
        edges: *const CUgraphEdgeData,
        count: usize,
    ) {
        let _ = edges;
        graph::remove_dependencies(handle, list(from, count)?, list(to, count)?)
    }

    fn cuGraphInstantiate_v2(
        to: *mut CUgraphExec,
        handle: CUgraph,
        node: *mut CUgraphNode,
        log: *mut c_char,
        size: usize,
    ) {
        offer(node, CUgraphNode::NULL);
        if size > 0 {
            offer(log, 0);
        }
        instantiate(to, handle, 0)
    }

    fn cuGraphInstantiateWithFlags(to: *mut CUgraphExec, handle: CUgraph, flags: c_ulonglong) {
        instantiate(to, handle, flags)
    }

    fn cuGraphExecGetFlags(handle: CUgraphExec, flags: *mut u64) {
        give(flags, || graph::get_exec(handle).map(|exec| exec.flags))
    }

    fn cuGraphExecDestroy(handle: CUgraphExec) {
        graph::destroy_exec(handle)
    }

    fn cuGraphExecUpdate(
        handle: CUgraphExec,
        from: CUgraph,
        node: *mut CUgraphNode,
        result: *mut CUgraphExecUpdateResult,
    ) {
        let info = graph::update(handle, from)?;
        offer(node, info.errorNode);
        offer(result, info.result);
        if info.result == CU_GRAPH_EXEC_UPDATE_SUCCESS { Ok(()) } else { Err(CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE) }
    }

    fn cuGraphExecUpdate_v2(handle: CUgraphExec, from: CUgraph, to: *mut CUgraphExecUpdateResultInfo) {
        let to = out(to)?;
        let info = graph::update(handle, from)?;
        to.write(info);
        if info.result == CU_GRAPH_EXEC_UPDATE_SUCCESS { Ok(()) } else { Err(CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE) }
    }

    fn cuGraphNodeSetEnabled(handle: CUgraphExec, node: CUgraphNode, enabled: c_uint) {
        graph::set_enabled(handle, node, if enabled == 0 { Enabled::No } else { Enabled::Yes })
    }

    fn cuGraphNodeGetEnabled(handle: CUgraphExec, node: CUgraphNode, enabled: *mut c_uint) {
        give(enabled, || graph::enabled(handle, node).map(|enabled| c_uint::from(enabled == Enabled::Yes)))
    }

    fn cuGraphDebugDotPrint(handle: CUgraph, file: *const c_char, flags: c_uint) {
        let _ = flags;
        let mut text = String::from("digraph graph_1 {\n");
        for node in graph::nodes(handle)? {
            text += &format!("  n{:x} [label=\"{:?}\"];\n", node.addr(), graph::task_of(node)?.node_type());
        }
        for (from, to) in graph::edges(handle)? {
            text += &format!("  n{:x} -> n{:x};\n", from.addr(), to.addr());
        }
        text += "}\n";
        std::fs::write(path(file)?, text).map_err(|_| CUDA_ERROR_OPERATING_SYSTEM)
    }

    fn cuGraphNodeGetLocalId(node: CUgraphNode, id: *mut c_uint) {
        give(id, || graph::locate(node).map(|(_, index)| index as c_uint))
    }

    fn cuGraphNodeGetToolsId(node: CUgraphNode, id: *mut c_ulonglong) {
        give(id, || graph::locate(node).map(|_| node.addr() as c_ulonglong))
    }

    fn cuGraphNodeGetContainingGraph(node: CUgraphNode, to: *mut CUgraph) {
        give(to, || graph::locate(node).map(|(graph, _)| graph.handle))
    }
}

stream_api! {
    fn cuGraphLaunch / cuGraphLaunch_ptsz(default; handle: CUgraphExec, stream: CUstream) {
        graph::launch(handle, pick(default, stream))
    }

    fn cuGraphUpload / cuGraphUpload_ptsz(default; handle: CUgraphExec, stream: CUstream) {
        stream::of_current(pick(default, stream))?;
        graph::get_exec(handle).map(|_| ())
    }

    fn cuGraphInstantiateWithParams / cuGraphInstantiateWithParams_ptsz(
        default;
        to: *mut CUgraphExec,
        handle: CUgraph,
        params: *mut CUDA_GRAPH_INSTANTIATE_PARAMS,
    ) {
        let _ = default;
        let given = *input(params.cast_const())?;
        let result = instantiate(to, handle, given.flags);
        let code = if result.is_ok() { CUDA_GRAPH_INSTANTIATE_SUCCESS } else { CUDA_GRAPH_INSTANTIATE_ERROR };
        offer(params, CUDA_GRAPH_INSTANTIATE_PARAMS { result_out: code, hErrNode_out: CUgraphNode::NULL, ..given });
        result
    }
}

/// `cuGraphNodeGetType` writes the type's number, as wide as a C enumeration.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuGraphNodeGetType(node: CUgraphNode, kind: *mut c_int) -> CUresult {
    guard("cuGraphNodeGetType", || {
        give(kind, || graph::task_of(node).map(|task| task.node_type().0 as c_int))
    })
}
