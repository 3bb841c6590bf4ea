//! Kernel nodes. The runtime names kernels by host functions, the driver by its handles.

use crate::api::{Result, known, require};
use crate::driver as cu;
use crate::{context, function, registry};
use abi::*;

api! {
    fn cudaGraphAddKernelNode(
        node: *mut cudaGraphNode_t, graph: cudaGraph_t, dependencies: *const cudaGraphNode_t, count: usize,
        params: *const cudaKernelNodeParams,
    ) {
        require(node)?;
        require(params)?;
        cu::cuGraphAddKernelNode(node, graph, dependencies, count, &to_driver(&*params)?)
    }

    fn cudaGraphKernelNodeGetParams(node: cudaGraphNode_t, params: *mut cudaKernelNodeParams) {
        require(params)?;
        context::ensure()?;
        let mut driver = CUDA_KERNEL_NODE_PARAMS_v2::zeroed();
        cu::cuGraphKernelNodeGetParams(node, &mut driver)?;
        params.write(from_driver(&driver));
        Ok(())
    }

    fn cudaGraphKernelNodeSetParams(node: cudaGraphNode_t, params: *const cudaKernelNodeParams) {
        require(params)?;
        cu::cuGraphKernelNodeSetParams(node, &to_driver(&*params)?)
    }

    fn cudaGraphExecKernelNodeSetParams(
        exec: cudaGraphExec_t, node: cudaGraphNode_t, params: *const cudaKernelNodeParams,
    ) {
        require(params)?;
        cu::cuGraphExecKernelNodeSetParams(exec, node, &to_driver(&*params)?)
    }

    fn cudaGraphKernelNodeCopyAttributes(dst: cudaGraphNode_t, src: cudaGraphNode_t) {
        context::ensure()?;
        cu::cuGraphKernelNodeCopyAttributes(dst, src)
    }

    fn cudaGraphKernelNodeGetAttribute(
        node: cudaGraphNode_t, attribute: cudaLaunchAttributeID, value: *mut cudaLaunchAttributeValue,
    ) {
        require(value)?;
        known(attribute.is_known())?;
        context::ensure()?;
        cu::cuGraphKernelNodeGetAttribute(node, attribute, value)
    }

    fn cudaGraphKernelNodeSetAttribute(
        node: cudaGraphNode_t, attribute: cudaLaunchAttributeID, value: *const cudaLaunchAttributeValue,
    ) {
        require(value)?;
        known(attribute.is_known())?;
        context::ensure()?;
        cu::cuGraphKernelNodeSetAttribute(node, attribute, value)
    }
}

/// The driver's parameters, in the thread's context.
pub fn to_driver(params: &cudaKernelNodeParams) -> Result<CUDA_KERNEL_NODE_PARAMS_v2> {
    Ok(CUDA_KERNEL_NODE_PARAMS_v2 {
        func: function::resolve(params.func)?,
        gridDimX: params.gridDim.x,
        gridDimY: params.gridDim.y,
        gridDimZ: params.gridDim.z,
        blockDimX: params.blockDim.x,
        blockDimY: params.blockDim.y,
        blockDimZ: params.blockDim.z,
        sharedMemBytes: params.sharedMemBytes,
        kernelParams: params.kernelParams,
        extra: params.extra,
        kern: CUkernel::NULL,
        ctx: context::ensure()?,
    })
}

/// The runtime's parameters. A kernel that no host function stands for keeps the driver's handle.
fn from_driver(params: &CUDA_KERNEL_NODE_PARAMS_v2) -> cudaKernelNodeParams {
    cudaKernelNodeParams {
        func: registry::host_of(params.func).unwrap_or(params.func.0),
        gridDim: dim3 { x: params.gridDimX, y: params.gridDimY, z: params.gridDimZ },
        blockDim: dim3 { x: params.blockDimX, y: params.blockDimY, z: params.blockDimZ },
        sharedMemBytes: params.sharedMemBytes,
        kernelParams: params.kernelParams,
        extra: params.extra,
    }
}
