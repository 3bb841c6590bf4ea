//! Capture of a stream's work into a graph.

use crate::api::{known, require};
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_uint, c_ulonglong};

stream_api! {
    fn cudaStreamBeginCapture, cudaStreamBeginCapture_ptsz(
        default; stream: cudaStream_t, mode: cudaStreamCaptureMode,
    ) {
        known(mode.is_known())?;
        context::ensure()?;
        cu::cuStreamBeginCapture(default.stream(stream), mode)
    }

    fn cudaStreamBeginCaptureToGraph, cudaStreamBeginCaptureToGraph_ptsz(
        default; stream: cudaStream_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t,
        edges: *const cudaGraphEdgeData, count: usize, mode: cudaStreamCaptureMode,
    ) {
        known(mode.is_known())?;
        context::ensure()?;
        cu::cuStreamBeginCaptureToGraph(default.stream(stream), graph, dependencies, edges, count, mode)
    }

    fn cudaStreamEndCapture, cudaStreamEndCapture_ptsz(default; stream: cudaStream_t, graph: *mut cudaGraph_t) {
        require(graph)?;
        context::ensure()?;
        cu::cuStreamEndCapture(default.stream(stream), graph)
    }

    fn cudaStreamIsCapturing, cudaStreamIsCapturing_ptsz(
        default; stream: cudaStream_t, status: *mut cudaStreamCaptureStatus,
    ) {
        require(status)?;
        context::ensure()?;
        cu::cuStreamIsCapturing(default.stream(stream), status)
    }

    /// CUDA 11's form: status and identifier only.
    fn cudaStreamGetCaptureInfo, cudaStreamGetCaptureInfo_ptsz(
        default; stream: cudaStream_t, status: *mut cudaStreamCaptureStatus, id: *mut c_ulonglong,
    ) {
        require(status)?;
        context::ensure()?;
        let none = core::ptr::null_mut::<core::ffi::c_void>();
        cu::cuStreamGetCaptureInfo(default.stream(stream), status, id, none.cast(), none.cast(), none.cast())
    }

    fn cudaStreamGetCaptureInfo_v2, cudaStreamGetCaptureInfo_v2_ptsz(
        default; stream: cudaStream_t, status: *mut cudaStreamCaptureStatus, id: *mut c_ulonglong,
        graph: *mut cudaGraph_t, dependencies: *mut *const cudaGraphNode_t, count: *mut usize,
    ) {
        require(status)?;
        context::ensure()?;
        cu::cuStreamGetCaptureInfo(default.stream(stream), status, id, graph, dependencies, count)
    }

    fn cudaStreamGetCaptureInfo_v3, cudaStreamGetCaptureInfo_v3_ptsz(
        default; stream: cudaStream_t, status: *mut cudaStreamCaptureStatus, id: *mut c_ulonglong,
        graph: *mut cudaGraph_t, dependencies: *mut *const cudaGraphNode_t, edges: *mut *const cudaGraphEdgeData,
        count: *mut usize,
    ) {
        require(status)?;
        context::ensure()?;
        cu::cuStreamGetCaptureInfoEdges(default.stream(stream), status, id, graph, dependencies, edges, count)
    }

    fn cudaStreamUpdateCaptureDependencies, cudaStreamUpdateCaptureDependencies_ptsz(
        default; stream: cudaStream_t, dependencies: *mut cudaGraphNode_t, count: usize, flags: c_uint,
    ) {
        context::ensure()?;
        cu::cuStreamUpdateCaptureDependencies(default.stream(stream), dependencies, count, flags)
    }

    fn cudaStreamUpdateCaptureDependencies_v2, cudaStreamUpdateCaptureDependencies_v2_ptsz(
        default; stream: cudaStream_t, dependencies: *mut cudaGraphNode_t, edges: *const cudaGraphEdgeData,
        count: usize, flags: c_uint,
    ) {
        context::ensure()?;
        cu::cuStreamUpdateCaptureDependenciesEdges(default.stream(stream), dependencies, edges, count, flags)
    }
}

api! {
    fn cudaThreadExchangeStreamCaptureMode(mode: *mut cudaStreamCaptureMode) {
        require(mode)?;
        known((*mode).is_known())?;
        context::ensure()?;
        cu::cuThreadExchangeStreamCaptureMode(mode)
    }
}
