//! The driver's graph functions, as in `table`.

use abi::*;
use core::ffi::{c_char, c_uint, c_ulonglong, c_void};

driver_functions! {
    Graph in graph;
    cuGraphCreate = "cuGraphCreate"(graph: *mut CUgraph, flags: c_uint);
    cuGraphDestroy = "cuGraphDestroy"(graph: CUgraph);
    cuGraphClone = "cuGraphClone"(clone: *mut CUgraph, original: CUgraph);
    cuGraphNodeFindInClone = "cuGraphNodeFindInClone"(node: *mut CUgraphNode, original: CUgraphNode, clone: CUgraph);
    cuGraphNodeGetType = "cuGraphNodeGetType"(node: CUgraphNode, kind: *mut CUgraphNodeType);
    cuGraphGetNodes = "cuGraphGetNodes"(graph: CUgraph, nodes: *mut CUgraphNode, count: *mut usize);
    cuGraphGetRootNodes = "cuGraphGetRootNodes"(graph: CUgraph, nodes: *mut CUgraphNode, count: *mut usize);
    cuGraphGetEdges = "cuGraphGetEdges"(
        graph: CUgraph, from: *mut CUgraphNode, to: *mut CUgraphNode, count: *mut usize,
    );
    cuGraphGetEdgesData = "cuGraphGetEdges_v2"(
        graph: CUgraph, from: *mut CUgraphNode, to: *mut CUgraphNode, edges: *mut CUgraphEdgeData, count: *mut
        usize,
    );
    cuGraphNodeGetDependencies = "cuGraphNodeGetDependencies"(
        node: CUgraphNode, nodes: *mut CUgraphNode, count: *mut usize,
    );
    cuGraphNodeGetDependenciesData = "cuGraphNodeGetDependencies_v2"(
        node: CUgraphNode, nodes: *mut CUgraphNode, edges: *mut CUgraphEdgeData, count: *mut usize,
    );
    cuGraphNodeGetDependentNodes = "cuGraphNodeGetDependentNodes"(
        node: CUgraphNode, nodes: *mut CUgraphNode, count: *mut usize,
    );
    cuGraphNodeGetDependentNodesData = "cuGraphNodeGetDependentNodes_v2"(
        node: CUgraphNode, nodes: *mut CUgraphNode, edges: *mut CUgraphEdgeData, count: *mut usize,
    );
    cuGraphAddDependencies = "cuGraphAddDependencies"(
        graph: CUgraph, from: *const CUgraphNode, to: *const CUgraphNode, count: usize,
    );
    cuGraphAddDependenciesData = "cuGraphAddDependencies_v2"(
        graph: CUgraph, from: *const CUgraphNode, to: *const CUgraphNode, edges: *const CUgraphEdgeData, count:
        usize,
    );
    cuGraphRemoveDependencies = "cuGraphRemoveDependencies"(
        graph: CUgraph, from: *const CUgraphNode, to: *const CUgraphNode, count: usize,
    );
    cuGraphRemoveDependenciesData = "cuGraphRemoveDependencies_v2"(
        graph: CUgraph, from: *const CUgraphNode, to: *const CUgraphNode, edges: *const CUgraphEdgeData, count:
        usize,
    );
    cuGraphDestroyNode = "cuGraphDestroyNode"(node: CUgraphNode);
    cuGraphDebugDotPrint = "cuGraphDebugDotPrint"(graph: CUgraph, path: *const c_char, flags: c_uint);
    cuGraphAddNode = "cuGraphAddNode"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize, params: *mut
        CUgraphNodeParams,
    );
    cuGraphAddNodeEdges = "cuGraphAddNode_v2"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, edges: *const CUgraphEdgeData,
        count: usize, params: *mut CUgraphNodeParams,
    );
    cuGraphNodeSetParams = "cuGraphNodeSetParams"(node: CUgraphNode, params: *mut CUgraphNodeParams);
    cuGraphExecNodeSetParams = "cuGraphExecNodeSetParams"(
        exec: CUgraphExec, node: CUgraphNode, params: *mut CUgraphNodeParams,
    );
    cuGraphAddKernelNode = "cuGraphAddKernelNode_v2"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize, params: *const
        CUDA_KERNEL_NODE_PARAMS_v2,
    );
    cuGraphKernelNodeGetParams = "cuGraphKernelNodeGetParams_v2"(
        node: CUgraphNode, params: *mut CUDA_KERNEL_NODE_PARAMS_v2,
    );
    cuGraphKernelNodeSetParams = "cuGraphKernelNodeSetParams_v2"(
        node: CUgraphNode, params: *const CUDA_KERNEL_NODE_PARAMS_v2,
    );
    cuGraphKernelNodeCopyAttributes = "cuGraphKernelNodeCopyAttributes"(dst: CUgraphNode, src: CUgraphNode);
    cuGraphKernelNodeGetAttribute = "cuGraphKernelNodeGetAttribute"(
        node: CUgraphNode, attribute: CUlaunchAttributeID, value: *mut CUlaunchAttributeValue,
    );
    cuGraphKernelNodeSetAttribute = "cuGraphKernelNodeSetAttribute"(
        node: CUgraphNode, attribute: CUlaunchAttributeID, value: *const CUlaunchAttributeValue,
    );
    cuGraphAddMemcpyNode = "cuGraphAddMemcpyNode"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize, params: *const
        CUDA_MEMCPY3D, context: CUcontext,
    );
    cuGraphMemcpyNodeGetParams = "cuGraphMemcpyNodeGetParams"(node: CUgraphNode, params: *mut CUDA_MEMCPY3D);
    cuGraphMemcpyNodeSetParams = "cuGraphMemcpyNodeSetParams"(node: CUgraphNode, params: *const CUDA_MEMCPY3D);
    cuGraphAddMemsetNode = "cuGraphAddMemsetNode"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize, params: *const
        CUDA_MEMSET_NODE_PARAMS_v1, context: CUcontext,
    );
    cuGraphMemsetNodeGetParams = "cuGraphMemsetNodeGetParams"(
        node: CUgraphNode, params: *mut CUDA_MEMSET_NODE_PARAMS_v1,
    );
    cuGraphMemsetNodeSetParams = "cuGraphMemsetNodeSetParams"(
        node: CUgraphNode, params: *const CUDA_MEMSET_NODE_PARAMS_v1,
    );
    cuGraphAddHostNode = "cuGraphAddHostNode"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize, params: *const
        CUDA_HOST_NODE_PARAMS,
    );
    cuGraphHostNodeGetParams = "cuGraphHostNodeGetParams"(node: CUgraphNode, params: *mut CUDA_HOST_NODE_PARAMS);
    cuGraphHostNodeSetParams = "cuGraphHostNodeSetParams"(node: CUgraphNode, params: *const CUDA_HOST_NODE_PARAMS);
    cuGraphAddChildGraphNode = "cuGraphAddChildGraphNode"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize, child: CUgraph,
    );
    cuGraphChildGraphNodeGetGraph = "cuGraphChildGraphNodeGetGraph"(node: CUgraphNode, child: *mut CUgraph);
    cuGraphAddEmptyNode = "cuGraphAddEmptyNode"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize,
    );
    cuGraphAddEventRecordNode = "cuGraphAddEventRecordNode"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize, event: CUevent,
    );
    cuGraphEventRecordNodeGetEvent = "cuGraphEventRecordNodeGetEvent"(node: CUgraphNode, event: *mut CUevent);
    cuGraphEventRecordNodeSetEvent = "cuGraphEventRecordNodeSetEvent"(node: CUgraphNode, event: CUevent);
    cuGraphAddEventWaitNode = "cuGraphAddEventWaitNode"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize, event: CUevent,
    );
    cuGraphEventWaitNodeGetEvent = "cuGraphEventWaitNodeGetEvent"(node: CUgraphNode, event: *mut CUevent);
    cuGraphEventWaitNodeSetEvent = "cuGraphEventWaitNodeSetEvent"(node: CUgraphNode, event: CUevent);
    cuGraphAddExternalSemaphoresSignalNode = "cuGraphAddExternalSemaphoresSignalNode"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize, params: *const
        CUDA_EXT_SEM_SIGNAL_NODE_PARAMS,
    );
    cuGraphExternalSemaphoresSignalNodeGetParams = "cuGraphExternalSemaphoresSignalNodeGetParams"(
        node: CUgraphNode, params: *mut CUDA_EXT_SEM_SIGNAL_NODE_PARAMS,
    );
    cuGraphExternalSemaphoresSignalNodeSetParams = "cuGraphExternalSemaphoresSignalNodeSetParams"(
        node: CUgraphNode, params: *const CUDA_EXT_SEM_SIGNAL_NODE_PARAMS,
    );
    cuGraphAddExternalSemaphoresWaitNode = "cuGraphAddExternalSemaphoresWaitNode"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize, params: *const
        CUDA_EXT_SEM_WAIT_NODE_PARAMS,
    );
    cuGraphExternalSemaphoresWaitNodeGetParams = "cuGraphExternalSemaphoresWaitNodeGetParams"(
        node: CUgraphNode, params: *mut CUDA_EXT_SEM_WAIT_NODE_PARAMS,
    );
    cuGraphExternalSemaphoresWaitNodeSetParams = "cuGraphExternalSemaphoresWaitNodeSetParams"(
        node: CUgraphNode, params: *const CUDA_EXT_SEM_WAIT_NODE_PARAMS,
    );
    cuGraphAddMemAllocNode = "cuGraphAddMemAllocNode"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize, params: *mut
        CUDA_MEM_ALLOC_NODE_PARAMS,
    );
    cuGraphMemAllocNodeGetParams = "cuGraphMemAllocNodeGetParams"(
        node: CUgraphNode, params: *mut CUDA_MEM_ALLOC_NODE_PARAMS,
    );
    cuGraphAddMemFreeNode = "cuGraphAddMemFreeNode"(
        node: *mut CUgraphNode, graph: CUgraph, dependencies: *const CUgraphNode, count: usize, address:
        CUdeviceptr,
    );
    cuGraphMemFreeNodeGetParams = "cuGraphMemFreeNodeGetParams"(node: CUgraphNode, address: *mut CUdeviceptr);
    cuDeviceGraphMemTrim = "cuDeviceGraphMemTrim"(device: CUdevice);
    cuDeviceGetGraphMemAttribute = "cuDeviceGetGraphMemAttribute"(
        device: CUdevice, attribute: CUgraphMem_attribute, value: *mut c_void,
    );
    cuDeviceSetGraphMemAttribute = "cuDeviceSetGraphMemAttribute"(
        device: CUdevice, attribute: CUgraphMem_attribute, value: *mut c_void,
    );
    cuGraphConditionalHandleCreate = "cuGraphConditionalHandleCreate"(
        handle: *mut CUgraphConditionalHandle, graph: CUgraph, context: CUcontext, default: c_uint, flags:
        c_uint,
    );
    cuUserObjectCreate = "cuUserObjectCreate"(
        object: *mut CUuserObject, data: *mut c_void, destroy: CUhostFn, count: c_uint, flags: c_uint,
    );
    cuUserObjectRetain = "cuUserObjectRetain"(object: CUuserObject, count: c_uint);
    cuUserObjectRelease = "cuUserObjectRelease"(object: CUuserObject, count: c_uint);
    cuGraphRetainUserObject = "cuGraphRetainUserObject"(
        graph: CUgraph, object: CUuserObject, count: c_uint, flags: c_uint,
    );
    cuGraphReleaseUserObject = "cuGraphReleaseUserObject"(graph: CUgraph, object: CUuserObject, count: c_uint);
    cuGraphInstantiate = "cuGraphInstantiateWithFlags"(exec: *mut CUgraphExec, graph: CUgraph, flags: c_ulonglong);
    cuGraphInstantiateWithParams = "cuGraphInstantiateWithParams"(
        exec: *mut CUgraphExec, graph: CUgraph, params: *mut CUDA_GRAPH_INSTANTIATE_PARAMS,
    );
    cuGraphExecGetFlags = "cuGraphExecGetFlags"(exec: CUgraphExec, flags: *mut cuuint64_t);
    cuGraphUpload = "cuGraphUpload"(exec: CUgraphExec, stream: CUstream);
    cuGraphLaunch = "cuGraphLaunch"(exec: CUgraphExec, stream: CUstream);
    cuGraphExecDestroy = "cuGraphExecDestroy"(exec: CUgraphExec);
    cuGraphExecUpdate = "cuGraphExecUpdate_v2"(
        exec: CUgraphExec, graph: CUgraph, result: *mut CUgraphExecUpdateResultInfo,
    );
    cuGraphExecKernelNodeSetParams = "cuGraphExecKernelNodeSetParams_v2"(
        exec: CUgraphExec, node: CUgraphNode, params: *const CUDA_KERNEL_NODE_PARAMS_v2,
    );
    cuGraphExecMemcpyNodeSetParams = "cuGraphExecMemcpyNodeSetParams"(
        exec: CUgraphExec, node: CUgraphNode, params: *const CUDA_MEMCPY3D, context: CUcontext,
    );
    cuGraphExecMemsetNodeSetParams = "cuGraphExecMemsetNodeSetParams"(
        exec: CUgraphExec, node: CUgraphNode, params: *const CUDA_MEMSET_NODE_PARAMS_v1, context: CUcontext,
    );
    cuGraphExecHostNodeSetParams = "cuGraphExecHostNodeSetParams"(
        exec: CUgraphExec, node: CUgraphNode, params: *const CUDA_HOST_NODE_PARAMS,
    );
    cuGraphExecChildGraphNodeSetParams = "cuGraphExecChildGraphNodeSetParams"(
        exec: CUgraphExec, node: CUgraphNode, child: CUgraph,
    );
    cuGraphExecEventRecordNodeSetEvent = "cuGraphExecEventRecordNodeSetEvent"(
        exec: CUgraphExec, node: CUgraphNode, event: CUevent,
    );
    cuGraphExecEventWaitNodeSetEvent = "cuGraphExecEventWaitNodeSetEvent"(
        exec: CUgraphExec, node: CUgraphNode, event: CUevent,
    );
    cuGraphExecExternalSemaphoresSignalNodeSetParams = "cuGraphExecExternalSemaphoresSignalNodeSetParams"(
        exec: CUgraphExec, node: CUgraphNode, params: *const CUDA_EXT_SEM_SIGNAL_NODE_PARAMS,
    );
    cuGraphExecExternalSemaphoresWaitNodeSetParams = "cuGraphExecExternalSemaphoresWaitNodeSetParams"(
        exec: CUgraphExec, node: CUgraphNode, params: *const CUDA_EXT_SEM_WAIT_NODE_PARAMS,
    );
    cuGraphNodeSetEnabled = "cuGraphNodeSetEnabled"(exec: CUgraphExec, node: CUgraphNode, enabled: c_uint);
    cuGraphNodeGetEnabled = "cuGraphNodeGetEnabled"(exec: CUgraphExec, node: CUgraphNode, enabled: *mut c_uint);
}
