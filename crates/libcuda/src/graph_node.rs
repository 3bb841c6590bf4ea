//! Nodes of graphs: making, asking and changing them.

use crate::shell::*;
use ::driver::task::{AllocParams, HostCall, Task};
use ::driver::{Result, copy, event, fill, graph, launch, pool, task};
use abi::*;
use std::ffi::{c_int, c_void};
use std::sync::Arc;

/// Adds a node behind `count` others.
fn add(
    to: *mut CUgraphNode,
    handle: CUgraph,
    deps: *const CUgraphNode,
    count: usize,
    make: impl FnOnce() -> Result<Task>,
) -> Result<()> {
    give(to, || graph::add_node(handle, list(deps, count)?, make()?))
}

fn kernel(params: *const CUDA_KERNEL_NODE_PARAMS_v2) -> Result<Task> {
    // SAFETY: C callers pass parameters as cuGraphAddKernelNode documents them.
    unsafe { launch::node_call(input(params)?) }.map(|call| Task::Kernel(Arc::new(call)))
}

/// The first version lacks two fields at the end, which null stands for.
fn widen(params: *const CUDA_KERNEL_NODE_PARAMS_v1) -> Result<CUDA_KERNEL_NODE_PARAMS_v2> {
    let p = input(params)?;
    Ok(CUDA_KERNEL_NODE_PARAMS_v2 {
        func: p.func,
        gridDimX: p.gridDimX,
        gridDimY: p.gridDimY,
        gridDimZ: p.gridDimZ,
        blockDimX: p.blockDimX,
        blockDimY: p.blockDimY,
        blockDimZ: p.blockDimZ,
        sharedMemBytes: p.sharedMemBytes,
        kernelParams: p.kernelParams,
        extra: p.extra,
        kern: CUkernel::NULL,
        ctx: CUcontext::NULL,
    })
}

fn describe(node: CUgraphNode) -> Result<CUDA_KERNEL_NODE_PARAMS_v2> {
    let call = graph::kernel_of(node)?;
    let shape = call.shape;
    Ok(CUDA_KERNEL_NODE_PARAMS_v2 {
        func: call.function.handle,
        gridDimX: shape.grid[0],
        gridDimY: shape.grid[1],
        gridDimZ: shape.grid[2],
        blockDimX: shape.block[0],
        blockDimY: shape.block[1],
        blockDimZ: shape.block[2],
        sharedMemBytes: shape.shared,
        kernelParams: call.param_pointers(),
        extra: std::ptr::null_mut(),
        kern: CUkernel::NULL,
        ctx: call.function.module.context.handle,
    })
}

fn memset(params: &CUDA_MEMSET_NODE_PARAMS_v1) -> Result<Task> {
    ::driver::require([1, 2, 4].contains(&params.elementSize))?;
    let element = params.elementSize as u8;
    let made = fill::checked(params.dst, params.pitch, params.value, element, params.width, params.height)?;
    made.map(Task::Fill).ok_or(CUDA_ERROR_INVALID_VALUE)
}

fn host(params: &CUDA_HOST_NODE_PARAMS) -> Result<Task> {
    ::driver::require(params.r#fn.is_some())?;
    Ok(Task::Host(HostCall { function: params.r#fn, data: params.userData as usize }))
}

fn child(handle: CUgraph) -> Result<Task> {
    graph::clone(handle).map(Task::Child)
}

/// Makes the memory of an allocation node and tells its address.
fn alloc(params: &mut CUDA_MEM_ALLOC_NODE_PARAMS) -> Result<Task> {
    ::driver::require(
        params.poolProps.location.r#type == CU_MEM_LOCATION_TYPE_DEVICE && params.bytesize > 0,
    )?;
    let pool = pool::default_of(params.poolProps.location.id)?;
    params.dptr = pool::alloc(params.bytesize, pool, CUstream::LEGACY)?;
    Ok(Task::Alloc(Box::new(AllocParams { props: params.poolProps, size: params.bytesize, at: params.dptr })))
}

fn memory(params: &CUDA_BATCH_MEM_OP_NODE_PARAMS) -> Result<Task> {
    ::driver::require(params.flags == 0)?;
    task::batch(list(params.paramArray.cast_const(), params.count as usize)?).map(Task::Memory)
}

fn change(node: CUgraphNode, make: impl FnOnce() -> Result<Task>) -> Result<()> {
    graph::locate(node)?;
    graph::set_task(node, make()?)
}

fn change_exec(exec: CUgraphExec, node: CUgraphNode, make: impl FnOnce() -> Result<Task>) -> Result<()> {
    graph::get_exec(exec)?;
    graph::set_exec_task(exec, node, make()?)
}

/// The task of generic node parameters (`cuGraphAddNode`).
fn generic(params: *mut CUgraphNodeParams) -> Result<Task> {
    // SAFETY: C callers pass null or a valid structure.
    let params = unsafe { params.as_mut() }.ok_or(CUDA_ERROR_INVALID_VALUE)?;
    // SAFETY: every member of the union is plain data, valid for any bytes.
    unsafe {
        match params.r#type {
            CU_GRAPH_NODE_TYPE_KERNEL => kernel(&params.params.kernel),
            CU_GRAPH_NODE_TYPE_MEMCPY => copy::node(&params.params.memcpy.copyParams),
            CU_GRAPH_NODE_TYPE_MEMSET => {
                let p = params.params.memset;
                memset(&CUDA_MEMSET_NODE_PARAMS_v1 {
                    dst: p.dst,
                    pitch: p.pitch,
                    value: p.value,
                    elementSize: p.elementSize,
                    width: p.width,
                    height: p.height,
                })
            }
            CU_GRAPH_NODE_TYPE_HOST => host(&params.params.host),
            CU_GRAPH_NODE_TYPE_GRAPH => child(params.params.graph.graph),
            CU_GRAPH_NODE_TYPE_EMPTY => Ok(Task::Empty),
            CU_GRAPH_NODE_TYPE_WAIT_EVENT => event::get(params.params.eventWait.event).map(Task::Wait),
            CU_GRAPH_NODE_TYPE_EVENT_RECORD => event::get(params.params.eventRecord.event).map(Task::Record),
            CU_GRAPH_NODE_TYPE_MEM_ALLOC => alloc(&mut params.params.alloc),
            CU_GRAPH_NODE_TYPE_MEM_FREE => Ok(Task::Free(params.params.free.dptr)),
            CU_GRAPH_NODE_TYPE_BATCH_MEM_OP => memory(&params.params.memOp),
            CU_GRAPH_NODE_TYPE_CONDITIONAL
            | CU_GRAPH_NODE_TYPE_EXT_SEMAS_SIGNAL
            | CU_GRAPH_NODE_TYPE_EXT_SEMAS_WAIT => {
                tracing::error!("graph node of type {:?}: not supported", params.r#type);
                Err(CUDA_ERROR_NOT_SUPPORTED)
            }
            _ => Err(CUDA_ERROR_INVALID_VALUE),
        }
    }
}

api! {
    fn cuGraphAddKernelNode(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        count: usize,
        params: *const CUDA_KERNEL_NODE_PARAMS_v1,
    ) {
        add(to, handle, deps, count, || kernel(&widen(params)?))
    }

    fn cuGraphAddKernelNode_v2(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        count: usize,
        params: *const CUDA_KERNEL_NODE_PARAMS_v2,
    ) {
        add(to, handle, deps, count, || kernel(params))
    }

    fn cuGraphKernelNodeGetParams(node: CUgraphNode, params: *mut CUDA_KERNEL_NODE_PARAMS_v1) {
        give(params, || {
            let p = describe(node)?;
            Ok(CUDA_KERNEL_NODE_PARAMS_v1 {
                func: p.func,
                gridDimX: p.gridDimX,
                gridDimY: p.gridDimY,
                gridDimZ: p.gridDimZ,
                blockDimX: p.blockDimX,
                blockDimY: p.blockDimY,
                blockDimZ: p.blockDimZ,
                sharedMemBytes: p.sharedMemBytes,
                kernelParams: p.kernelParams,
                extra: p.extra,
            })
        })
    }

    fn cuGraphKernelNodeGetParams_v2(node: CUgraphNode, params: *mut CUDA_KERNEL_NODE_PARAMS_v2) {
        give(params, || describe(node))
    }

    fn cuGraphKernelNodeSetParams(node: CUgraphNode, params: *const CUDA_KERNEL_NODE_PARAMS_v1) {
        change(node, || kernel(&widen(params)?))
    }

    fn cuGraphKernelNodeSetParams_v2(node: CUgraphNode, params: *const CUDA_KERNEL_NODE_PARAMS_v2) {
        change(node, || kernel(params))
    }

    fn cuGraphExecKernelNodeSetParams(
        exec: CUgraphExec,
        node: CUgraphNode,
        params: *const CUDA_KERNEL_NODE_PARAMS_v1,
    ) {
        change_exec(exec, node, || kernel(&widen(params)?))
    }

    fn cuGraphExecKernelNodeSetParams_v2(
        exec: CUgraphExec,
        node: CUgraphNode,
        params: *const CUDA_KERNEL_NODE_PARAMS_v2,
    ) {
        change_exec(exec, node, || kernel(params))
    }

    fn cuGraphKernelNodeCopyAttributes(to: CUgraphNode, from: CUgraphNode) {
        let (to, from) = (graph::kernel_of(to)?, graph::kernel_of(from)?);
        let kept = from.attributes.lock().clone();
        *to.attributes.lock() = kept;
        Ok(())
    }

    fn cuGraphKernelNodeGetAttribute(
        node: CUgraphNode,
        id: CUlaunchAttributeID,
        value: *mut CUlaunchAttributeValue,
    ) {
        ::driver::require(id.is_known())?;
        let call = graph::kernel_of(node)?;
        let kept = call.attributes.lock().iter().find(|known| known.id == id).map(|known| known.value);
        give(value, || Ok(kept.unwrap_or(CUlaunchAttributeValue::zeroed())))
    }

    fn cuGraphKernelNodeSetAttribute(
        node: CUgraphNode,
        id: CUlaunchAttributeID,
        value: *const CUlaunchAttributeValue,
    ) {
        ::driver::require(id.is_known())?;
        let call = graph::kernel_of(node)?;
        let mut kept = call.attributes.lock();
        kept.retain(|known| known.id != id);
        kept.push(CUlaunchAttribute { id, pad: [0; 4], value: *input(value)? });
        Ok(())
    }

    fn cuGraphAddMemcpyNode(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        count: usize,
        params: *const CUDA_MEMCPY3D,
        context: CUcontext,
    ) {
        let _ = context;
        add(to, handle, deps, count, || copy::node(input(params)?))
    }

    fn cuGraphMemcpyNodeGetParams(node: CUgraphNode, params: *mut CUDA_MEMCPY3D) {
        give(params, || match graph::task_of(node)? {
            Task::Copy(_, described) => Ok(described.0),
            _ => Err(CUDA_ERROR_INVALID_VALUE),
        })
    }

    fn cuGraphMemcpyNodeSetParams(node: CUgraphNode, params: *const CUDA_MEMCPY3D) {
        change(node, || copy::node(input(params)?))
    }

    fn cuGraphExecMemcpyNodeSetParams(
        exec: CUgraphExec,
        node: CUgraphNode,
        params: *const CUDA_MEMCPY3D,
        context: CUcontext,
    ) {
        let _ = context;
        change_exec(exec, node, || copy::node(input(params)?))
    }

    fn cuGraphAddMemsetNode(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        count: usize,
        params: *const CUDA_MEMSET_NODE_PARAMS_v1,
        context: CUcontext,
    ) {
        let _ = context;
        add(to, handle, deps, count, || memset(input(params)?))
    }

    fn cuGraphMemsetNodeGetParams(node: CUgraphNode, params: *mut CUDA_MEMSET_NODE_PARAMS_v1) {
        give(params, || match graph::task_of(node)? {
            Task::Fill(fill) => Ok(CUDA_MEMSET_NODE_PARAMS_v1 {
                dst: fill.dst,
                pitch: fill.pitch as usize,
                value: fill.value,
                elementSize: fill.element.into(),
                width: fill.width as usize,
                height: fill.height as usize,
            }),
            _ => Err(CUDA_ERROR_INVALID_VALUE),
        })
    }

    fn cuGraphMemsetNodeSetParams(node: CUgraphNode, params: *const CUDA_MEMSET_NODE_PARAMS_v1) {
        change(node, || memset(input(params)?))
    }

    fn cuGraphExecMemsetNodeSetParams(
        exec: CUgraphExec,
        node: CUgraphNode,
        params: *const CUDA_MEMSET_NODE_PARAMS_v1,
        context: CUcontext,
    ) {
        let _ = context;
        change_exec(exec, node, || memset(input(params)?))
    }

    fn cuGraphAddHostNode(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        count: usize,
        params: *const CUDA_HOST_NODE_PARAMS,
    ) {
        add(to, handle, deps, count, || host(input(params)?))
    }

    fn cuGraphHostNodeGetParams(node: CUgraphNode, params: *mut CUDA_HOST_NODE_PARAMS) {
        give(params, || match graph::task_of(node)? {
            Task::Host(call) => {
                Ok(CUDA_HOST_NODE_PARAMS { r#fn: call.function, userData: call.data as *mut c_void })
            }
            _ => Err(CUDA_ERROR_INVALID_VALUE),
        })
    }

    fn cuGraphHostNodeSetParams(node: CUgraphNode, params: *const CUDA_HOST_NODE_PARAMS) {
        change(node, || host(input(params)?))
    }

    fn cuGraphExecHostNodeSetParams(exec: CUgraphExec, node: CUgraphNode, params: *const CUDA_HOST_NODE_PARAMS) {
        change_exec(exec, node, || host(input(params)?))
    }

    fn cuGraphAddChildGraphNode(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        count: usize,
        inner: CUgraph,
    ) {
        add(to, handle, deps, count, || child(inner))
    }

    fn cuGraphChildGraphNodeGetGraph(node: CUgraphNode, to: *mut CUgraph) {
        give(to, || match graph::task_of(node)? {
            Task::Child(graph) => Ok(graph.handle),
            _ => Err(CUDA_ERROR_INVALID_VALUE),
        })
    }

    fn cuGraphExecChildGraphNodeSetParams(exec: CUgraphExec, node: CUgraphNode, inner: CUgraph) {
        change_exec(exec, node, || child(inner))
    }

    fn cuGraphAddEmptyNode(to: *mut CUgraphNode, handle: CUgraph, deps: *const CUgraphNode, count: usize) {
        add(to, handle, deps, count, || Ok(Task::Empty))
    }

    fn cuGraphAddEventRecordNode(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        count: usize,
        moment: CUevent,
    ) {
        add(to, handle, deps, count, || event::get(moment).map(Task::Record))
    }

    fn cuGraphEventRecordNodeGetEvent(node: CUgraphNode, to: *mut CUevent) {
        give(to, || match graph::task_of(node)? {
            Task::Record(event) => Ok(event.handle),
            _ => Err(CUDA_ERROR_INVALID_VALUE),
        })
    }

    fn cuGraphEventRecordNodeSetEvent(node: CUgraphNode, moment: CUevent) {
        change(node, || event::get(moment).map(Task::Record))
    }

    fn cuGraphExecEventRecordNodeSetEvent(exec: CUgraphExec, node: CUgraphNode, moment: CUevent) {
        change_exec(exec, node, || event::get(moment).map(Task::Record))
    }

    fn cuGraphAddEventWaitNode(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        count: usize,
        moment: CUevent,
    ) {
        add(to, handle, deps, count, || event::get(moment).map(Task::Wait))
    }

    fn cuGraphEventWaitNodeGetEvent(node: CUgraphNode, to: *mut CUevent) {
        give(to, || match graph::task_of(node)? {
            Task::Wait(event) => Ok(event.handle),
            _ => Err(CUDA_ERROR_INVALID_VALUE),
        })
    }

    fn cuGraphEventWaitNodeSetEvent(node: CUgraphNode, moment: CUevent) {
        change(node, || event::get(moment).map(Task::Wait))
    }

    fn cuGraphExecEventWaitNodeSetEvent(exec: CUgraphExec, node: CUgraphNode, moment: CUevent) {
        change_exec(exec, node, || event::get(moment).map(Task::Wait))
    }

    fn cuGraphAddMemAllocNode(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        count: usize,
        params: *mut CUDA_MEM_ALLOC_NODE_PARAMS,
    ) {
        // SAFETY: C callers pass null or a valid structure.
        let params = unsafe { params.as_mut() }.ok_or(CUDA_ERROR_INVALID_VALUE)?;
        add(to, handle, deps, count, || alloc(params))
    }

    fn cuGraphMemAllocNodeGetParams(node: CUgraphNode, params: *mut CUDA_MEM_ALLOC_NODE_PARAMS) {
        give(params, || match graph::task_of(node)? {
            Task::Alloc(made) => Ok(CUDA_MEM_ALLOC_NODE_PARAMS {
                poolProps: made.props,
                bytesize: made.size,
                dptr: made.at,
                ..CUDA_MEM_ALLOC_NODE_PARAMS::zeroed()
            }),
            _ => Err(CUDA_ERROR_INVALID_VALUE),
        })
    }

    fn cuGraphAddMemFreeNode(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        count: usize,
        at: CUdeviceptr,
    ) {
        add(to, handle, deps, count, || Ok(Task::Free(at)))
    }

    fn cuGraphMemFreeNodeGetParams(node: CUgraphNode, at: *mut CUdeviceptr) {
        give(at, || match graph::task_of(node)? {
            Task::Free(at) => Ok(at),
            _ => Err(CUDA_ERROR_INVALID_VALUE),
        })
    }

    fn cuGraphAddBatchMemOpNode(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        count: usize,
        params: *const CUDA_BATCH_MEM_OP_NODE_PARAMS,
    ) {
        add(to, handle, deps, count, || memory(input(params)?))
    }

    fn cuGraphBatchMemOpNodeSetParams(node: CUgraphNode, params: *const CUDA_BATCH_MEM_OP_NODE_PARAMS) {
        change(node, || memory(input(params)?))
    }

    fn cuGraphExecBatchMemOpNodeSetParams(
        exec: CUgraphExec,
        node: CUgraphNode,
        params: *const CUDA_BATCH_MEM_OP_NODE_PARAMS,
    ) {
        change_exec(exec, node, || memory(input(params)?))
    }

    fn cuGraphDestroyNode(node: CUgraphNode) {
        graph::destroy_node(node)
    }

    fn cuGraphAddNode(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        count: usize,
        params: *mut CUgraphNodeParams,
    ) {
        add(to, handle, deps, count, || generic(params))
    }

    fn cuGraphAddNode_v2(
        to: *mut CUgraphNode,
        handle: CUgraph,
        deps: *const CUgraphNode,
        edges: *const CUgraphEdgeData,
        count: usize,
        params: *mut CUgraphNodeParams,
    ) {
        let _ = edges;
        add(to, handle, deps, count, || generic(params))
    }

    fn cuGraphNodeSetParams(node: CUgraphNode, params: *mut CUgraphNodeParams) {
        change(node, || generic(params))
    }

    fn cuGraphExecNodeSetParams(exec: CUgraphExec, node: CUgraphNode, params: *mut CUgraphNodeParams) {
        change_exec(exec, node, || generic(params))
    }

    fn cuUserObjectCreate(
        to: *mut CUuserObject,
        object: *mut c_void,
        destroy: CUhostFn,
        references: u32,
        flags: u32,
    ) {
        ::driver::require(references > 0 && flags == CU_USER_OBJECT_NO_DESTRUCTOR_SYNC && destroy.is_some())?;
        give(to, || ::driver::user_object::create(HostCall { function: destroy, data: object as usize }, references))
    }

    fn cuUserObjectRetain(object: CUuserObject, count: u32) {
        ::driver::user_object::retain(object, count)
    }

    fn cuUserObjectRelease(object: CUuserObject, count: u32) {
        ::driver::user_object::release(object, count)
    }

    fn cuGraphRetainUserObject(handle: CUgraph, object: CUuserObject, count: u32, flags: u32) {
        ::driver::require(flags & !CU_GRAPH_USER_OBJECT_MOVE == 0)?;
        ::driver::user_object::give_to_graph(handle, object, count, flags & CU_GRAPH_USER_OBJECT_MOVE != 0)
    }

    fn cuGraphReleaseUserObject(handle: CUgraph, object: CUuserObject, count: u32) {
        graph::get(handle)?;
        ::driver::user_object::release(object, count)
    }
}

/// The type of nodes is a C enumeration; this keeps the two in step.
const _: () = assert!(size_of::<CUgraphNodeType>() == size_of::<c_int>());
