//! Streams and their capture.

use crate::shell::*;
use ::driver::{Result, capture, stream, task};
use abi::*;
use std::ffi::{c_int, c_uint, c_void};

api! {
    fn cuStreamCreate(to: *mut CUstream, flags: c_uint) {
        give(to, || stream::create(flags, 0))
    }

    fn cuStreamCreateWithPriority(to: *mut CUstream, flags: c_uint, priority: c_int) {
        give(to, || stream::create(flags, priority))
    }

    fn cuStreamDestroy_v2(handle: CUstream) {
        stream::destroy(handle)
    }

    fn cuThreadExchangeStreamCaptureMode(mode: *mut CUstreamCaptureMode) {
        let wanted = *input(mode.cast_const())?;
        give(mode, || capture::exchange_mode(wanted))
    }
}

/// Writes what is known about a capture; every place but the status may be null.
fn capture_info(
    handle: CUstream,
    status: *mut CUstreamCaptureStatus,
    id: *mut u64,
    graph: *mut CUgraph,
    deps: *mut *const CUgraphNode,
    count: *mut usize,
) -> Result<()> {
    thread_local! {
        /// The list that the caller reads until its next call on the stream.
        static DEPS: std::cell::RefCell<Vec<CUgraphNode>> = const { std::cell::RefCell::new(Vec::new()) };
    }
    let status = out(status)?;
    let info = capture::info(handle)?;
    status.write(info.status);
    offer(id, info.id);
    offer(graph, info.graph);
    offer(count, info.deps.len());
    DEPS.with_borrow_mut(|kept| {
        *kept = info.deps;
        offer(deps, kept.as_ptr());
    });
    Ok(())
}

/// Checks the arguments of a memory operation and makes one.
fn wait_op(at: CUdeviceptr, value: u64, bytes: u8, flags: c_uint) -> Result<task::MemoryOp> {
    task::wait_op(at, value, bytes, flags)
}

fn memory_op(handle: CUstream, op: Result<task::MemoryOp>) -> Result<()> {
    let stream = stream::of_current(handle)?;
    stream.enqueue(task::Task::Memory([op?].into()))
}

stream_api! {
    fn cuStreamSynchronize / cuStreamSynchronize_ptsz(default; handle: CUstream) {
        stream::synchronize(pick(default, handle))
    }

    fn cuStreamQuery / cuStreamQuery_ptsz(default; handle: CUstream) {
        stream::query(pick(default, handle))
    }

    fn cuStreamGetFlags / cuStreamGetFlags_ptsz(default; handle: CUstream, flags: *mut c_uint) {
        give(flags, || stream::flags(pick(default, handle)))
    }

    fn cuStreamGetPriority / cuStreamGetPriority_ptsz(default; handle: CUstream, priority: *mut c_int) {
        give(priority, || stream::priority(pick(default, handle)))
    }

    fn cuStreamGetId / cuStreamGetId_ptsz(default; handle: CUstream, id: *mut u64) {
        give(id, || stream::id(pick(default, handle)))
    }

    fn cuStreamGetCtx / cuStreamGetCtx_ptsz(default; handle: CUstream, context: *mut CUcontext) {
        give(context, || stream::context_of(pick(default, handle)))
    }

    fn cuStreamGetCtx_v2 / cuStreamGetCtx_v2_ptsz(
        default;
        handle: CUstream,
        context: *mut CUcontext,
        green: *mut CUgreenCtx,
    ) {
        offer(green, CUgreenCtx::NULL);
        give(context, || stream::context_of(pick(default, handle)))
    }

    fn cuStreamGetDevice / cuStreamGetDevice_ptsz(default; handle: CUstream, device: *mut CUdevice) {
        give(device, || Ok(stream::of_current(pick(default, handle))?.context.device.ordinal))
    }

    fn cuStreamAddCallback / cuStreamAddCallback_ptsz(
        default;
        handle: CUstream,
        callback: CUstreamCallback,
        data: *mut c_void,
        flags: c_uint,
    ) {
        stream::add_callback(pick(default, handle), callback, data as usize, flags)
    }

    fn cuLaunchHostFunc / cuLaunchHostFunc_ptsz(
        default;
        handle: CUstream,
        function: CUhostFn,
        data: *mut c_void,
    ) {
        stream::launch_host(pick(default, handle), function, data as usize)
    }

    fn cuStreamAttachMemAsync / cuStreamAttachMemAsync_ptsz(
        default;
        handle: CUstream,
        at: CUdeviceptr,
        len: usize,
        flags: c_uint,
    ) {
        ::driver::require([CU_MEM_ATTACH_GLOBAL, CU_MEM_ATTACH_HOST, CU_MEM_ATTACH_SINGLE].contains(&flags))?;
        // Everyone may touch managed memory at any time here, whatever it is attached to.
        stream::attach(pick(default, handle), at, len, flags)
    }

    fn cuStreamGetAttribute / cuStreamGetAttribute_ptsz(
        default;
        handle: CUstream,
        attribute: CUlaunchAttributeID,
        value: *mut CUlaunchAttributeValue,
    ) {
        give(value, || stream::attribute(pick(default, handle), attribute))
    }

    fn cuStreamSetAttribute / cuStreamSetAttribute_ptsz(
        default;
        handle: CUstream,
        attribute: CUlaunchAttributeID,
        value: *const CUlaunchAttributeValue,
    ) {
        stream::set_attribute(pick(default, handle), attribute, input(value)?)
    }

    fn cuStreamCopyAttributes / cuStreamCopyAttributes_ptsz(default; to: CUstream, from: CUstream) {
        stream::copy_attributes(pick(default, to), pick(default, from))
    }

    fn cuStreamBeginCapture_v2 / cuStreamBeginCapture_v2_ptsz(
        default;
        handle: CUstream,
        mode: CUstreamCaptureMode,
    ) {
        capture::begin(pick(default, handle), mode)
    }

    fn cuStreamBeginCaptureToGraph / cuStreamBeginCaptureToGraph_ptsz(
        default;
        handle: CUstream,
        graph: CUgraph,
        deps: *const CUgraphNode,
        edges: *const CUgraphEdgeData,
        count: usize,
        mode: CUstreamCaptureMode,
    ) {
        let _ = edges;
        capture::begin_to_graph(pick(default, handle), graph, list(deps, count)?, mode)
    }

    fn cuStreamEndCapture / cuStreamEndCapture_ptsz(default; handle: CUstream, graph: *mut CUgraph) {
        let to = out(graph)?;
        to.write(CUgraph::NULL);
        to.write(capture::end(pick(default, handle))?);
        Ok(())
    }

    fn cuStreamIsCapturing / cuStreamIsCapturing_ptsz(
        default;
        handle: CUstream,
        status: *mut CUstreamCaptureStatus,
    ) {
        give(status, || capture::info(pick(default, handle)).map(|info| info.status))
    }

    fn cuStreamGetCaptureInfo / cuStreamGetCaptureInfo_ptsz(
        default;
        handle: CUstream,
        status: *mut CUstreamCaptureStatus,
        id: *mut u64,
    ) {
        let null = std::ptr::null_mut();
        capture_info(pick(default, handle), status, id, null, std::ptr::null_mut(), std::ptr::null_mut())
    }

    fn cuStreamGetCaptureInfo_v2 / cuStreamGetCaptureInfo_v2_ptsz(
        default;
        handle: CUstream,
        status: *mut CUstreamCaptureStatus,
        id: *mut u64,
        graph: *mut CUgraph,
        deps: *mut *const CUgraphNode,
        count: *mut usize,
    ) {
        capture_info(pick(default, handle), status, id, graph, deps, count)
    }

    fn cuStreamGetCaptureInfo_v3 / cuStreamGetCaptureInfo_v3_ptsz(
        default;
        handle: CUstream,
        status: *mut CUstreamCaptureStatus,
        id: *mut u64,
        graph: *mut CUgraph,
        deps: *mut *const CUgraphNode,
        edges: *mut *const CUgraphEdgeData,
        count: *mut usize,
    ) {
        // No edge has data.
        offer(edges, std::ptr::null());
        capture_info(pick(default, handle), status, id, graph, deps, count)
    }

    fn cuStreamUpdateCaptureDependencies / cuStreamUpdateCaptureDependencies_ptsz(
        default;
        handle: CUstream,
        deps: *mut CUgraphNode,
        count: usize,
        flags: c_uint,
    ) {
        capture::update_dependencies(pick(default, handle), list(deps.cast_const(), count)?, flags)
    }

    fn cuStreamUpdateCaptureDependencies_v2 / cuStreamUpdateCaptureDependencies_v2_ptsz(
        default;
        handle: CUstream,
        deps: *mut CUgraphNode,
        edges: *const CUgraphEdgeData,
        count: usize,
        flags: c_uint,
    ) {
        let _ = edges;
        capture::update_dependencies(pick(default, handle), list(deps.cast_const(), count)?, flags)
    }

    fn cuStreamWaitValue32_v2 / cuStreamWaitValue32_v2_ptsz(
        default;
        handle: CUstream,
        at: CUdeviceptr,
        value: u32,
        flags: c_uint,
    ) {
        memory_op(pick(default, handle), wait_op(at, value.into(), 4, flags))
    }

    fn cuStreamWaitValue64_v2 / cuStreamWaitValue64_v2_ptsz(
        default;
        handle: CUstream,
        at: CUdeviceptr,
        value: u64,
        flags: c_uint,
    ) {
        memory_op(pick(default, handle), wait_op(at, value, 8, flags))
    }

    fn cuStreamWriteValue32_v2 / cuStreamWriteValue32_v2_ptsz(
        default;
        handle: CUstream,
        at: CUdeviceptr,
        value: u32,
        flags: c_uint,
    ) {
        memory_op(pick(default, handle), task::write_op(at, value.into(), 4, flags))
    }

    fn cuStreamWriteValue64_v2 / cuStreamWriteValue64_v2_ptsz(
        default;
        handle: CUstream,
        at: CUdeviceptr,
        value: u64,
        flags: c_uint,
    ) {
        memory_op(pick(default, handle), task::write_op(at, value, 8, flags))
    }

    fn cuStreamBatchMemOp_v2 / cuStreamBatchMemOp_v2_ptsz(
        default;
        handle: CUstream,
        count: c_uint,
        ops: *mut CUstreamBatchMemOpParams,
        flags: c_uint,
    ) {
        ::driver::require(flags == 0)?;
        let ops = task::batch(list(ops.cast_const(), count as usize)?)?;
        stream::of_current(pick(default, handle))?.enqueue(task::Task::Memory(ops))
    }
}
