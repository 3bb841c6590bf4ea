//! Launches.
//!
//! Invariant: a launch that is queued has been validated whole: shape, parameters, shared memory, compiled kernel.

use crate::function::{self, Function};
use crate::stream::{self, Stream};
use crate::task::Task;
use crate::{Result, capture, context, require};
use ::device::{Held, KernelLaunch, Op};
use abi::*;
use smallvec::SmallVec;
use std::ffi::c_void;
use std::sync::{Arc, OnceLock};

/// Shape of a launch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Shape {
    pub grid: [u32; 3],
    pub block: [u32; 3],
    /// Bytes of dynamic shared memory.
    pub shared: u32,
}

/// Whether all blocks of a grid must be resident at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cooperative {
    No,
    Yes,
}

/// A kernel with everything that a launch gives it.
pub struct KernelCall {
    pub function: Arc<Function>,
    pub shape: Shape,
    pub cooperative: Cooperative,
    /// The parameter buffer.
    pub params: SmallVec<[u8; 128]>,
    /// Addresses of the parameters in the buffer, for those who ask.
    pointers: OnceLock<Vec<usize>>,
    /// Attributes of a graph node, kept for those who ask.
    pub attributes: parking_lot::Mutex<Vec<CUlaunchAttribute>>,
}

// SAFETY: the attributes hold plain data and handles; nothing is reached through their pointers here.
unsafe impl Send for KernelCall {}
// SAFETY: as above.
unsafe impl Sync for KernelCall {}

impl KernelCall {
    /// Validates a launch. Errors: those of `cuLaunchKernel`.
    pub fn new(
        function: &Arc<Function>,
        shape: Shape,
        cooperative: Cooperative,
        params: SmallVec<[u8; 128]>,
    ) -> Result<KernelCall> {
        validate(function, shape, cooperative)?;
        let attributes = parking_lot::Mutex::new(Vec::new());
        Ok(KernelCall {
            function: function.clone(),
            shape,
            cooperative,
            params,
            pointers: OnceLock::new(),
            attributes,
        })
    }

    /// The launch for the device, its kernel compiled.
    pub fn ready(&self) -> Result<Arc<KernelLaunch>> {
        Ok(Arc::new(make_launch(&self.function, self.shape, self.cooperative, self.params.clone())?))
    }

    /// `kernelParams` of the call: valid while the node or its executable copy lives.
    pub fn param_pointers(&self) -> *mut *mut c_void {
        let base = self.params.as_ptr() as usize;
        let make = || self.function.info.params.iter().map(|param| base + param.offset as usize).collect();
        self.pointers.get_or_init(make).as_ptr() as *mut *mut c_void
    }

    /// The same call with other parameters.
    pub fn with(
        &self,
        function: &Arc<Function>,
        shape: Shape,
        params: SmallVec<[u8; 128]>,
    ) -> Result<KernelCall> {
        let call = KernelCall::new(function, shape, self.cooperative, params)?;
        *call.attributes.lock() = self.attributes.lock().clone();
        Ok(call)
    }
}

fn make_launch(
    function: &Arc<Function>,
    shape: Shape,
    cooperative: Cooperative,
    params: SmallVec<[u8; 128]>,
) -> Result<KernelLaunch> {
    Ok(KernelLaunch {
        code: function.compiled(shape.block, shape.grid)?,
        grid: shape.grid,
        block: shape.block,
        dynamic_shared: shape.shared,
        cooperative: cooperative == Cooperative::Yes,
        params,
    })
}

/// Checks a launch against the device's and the kernel's limits.
fn validate(function: &Function, shape: Shape, cooperative: Cooperative) -> Result<()> {
    let device = function.module.context.device;
    let limits = |first: CUdevice_attribute| -> [u32; 3] {
        std::array::from_fn(|axis| device.attribute(CUdevice_attribute(first.0 + axis as u32)) as u32)
    };
    let within = |dims: [u32; 3], limits: [u32; 3]| {
        dims.iter().zip(limits).all(|(&dim, most)| dim >= 1 && dim <= most)
    };
    require(within(shape.grid, limits(CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X)))?;
    require(within(shape.block, limits(CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X)))?;
    let threads: u64 = shape.block.iter().map(|&dim| u64::from(dim)).product();
    require(threads <= device.attribute(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK) as u64)?;
    if threads > u64::from(function.max_threads()?) {
        return Err(CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES);
    }
    if let Some(required) = function.info.required_threads {
        // `.reqntid` leaves axes out as 0 or 1.
        let required = required.map(|dim| dim.max(1));
        require(shape.block == required)?;
    }
    if shape.shared > 0 {
        require(shape.shared <= function.max_dynamic_shared()?)?;
    }
    if cooperative == Cooperative::Yes {
        let per_sm = crate::occupancy::active_blocks(function, threads as u32, shape.shared as usize)?;
        let sms = device.attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT) as u64;
        let blocks: u64 = shape.grid.iter().map(|&dim| u64::from(dim)).product();
        if blocks > u64::from(per_sm) * sms {
            return Err(CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE);
        }
    }
    Ok(())
}

/// Collects the parameters of a launch into a buffer.
///
/// # Safety
/// As `cuLaunchKernel` documents `kernelParams` and `extra`: pointers to each parameter, or a list that ends with
/// `CU_LAUNCH_PARAM_END`.
pub unsafe fn collect(
    function: &Function,
    params: *mut *mut c_void,
    extra: *mut *mut c_void,
) -> Result<SmallVec<[u8; 128]>> {
    let info = &function.info;
    let mut buffer = SmallVec::from_elem(0, info.param_bytes as usize);
    require(params.is_null() || extra.is_null())?;
    if !extra.is_null() {
        // SAFETY: the caller's promise.
        let (from, size) = unsafe { packed(extra)? };
        let needed = info.params.last().map_or(0, |param| (param.offset + param.size) as usize);
        require(size >= needed && (size == 0 || !from.is_null()))?;
        // SAFETY: the caller gave `size` bytes.
        unsafe { std::ptr::copy_nonoverlapping(from, buffer.as_mut_ptr(), size.min(buffer.len())) };
        return Ok(buffer);
    }
    require(info.params.is_empty() || !params.is_null())?;
    for (index, param) in info.params.iter().enumerate() {
        // SAFETY: the caller gave a pointer for each parameter.
        let from = unsafe { *params.add(index) };
        require(!from.is_null())?;
        let to = &mut buffer[param.offset as usize..][..param.size as usize];
        // SAFETY: each pointer leads to a value of the parameter's size.
        unsafe { std::ptr::copy_nonoverlapping(from.cast(), to.as_mut_ptr(), to.len()) };
    }
    Ok(buffer)
}

/// Most entries that an `extra` list has.
const EXTRA_ENTRIES: usize = 16;

/// # Safety
/// `extra` is a list that ends with `CU_LAUNCH_PARAM_END`.
unsafe fn packed(extra: *mut *mut c_void) -> Result<(*const u8, usize)> {
    let (mut buffer, mut size) = (std::ptr::null(), None);
    for pair in 0..EXTRA_ENTRIES {
        // SAFETY: the caller's promise; the list goes on until its end mark.
        let key = unsafe { *extra.add(pair * 2) };
        if key == CU_LAUNCH_PARAM_END {
            return size.map(|size| (buffer, size)).ok_or(CUDA_ERROR_INVALID_VALUE);
        }
        // SAFETY: as above.
        let value = unsafe { *extra.add(pair * 2 + 1) };
        require(!value.is_null())?;
        if key == CU_LAUNCH_PARAM_BUFFER_POINTER {
            buffer = value as *const u8;
        } else if key == CU_LAUNCH_PARAM_BUFFER_SIZE {
            // SAFETY: the entry points to a size_t.
            size = Some(unsafe { *(value as *const usize) });
        } else {
            return Err(CUDA_ERROR_INVALID_VALUE);
        }
    }
    Err(CUDA_ERROR_INVALID_VALUE)
}

/// `cuLaunchKernel` and `cuLaunchCooperativeKernel`.
///
/// # Safety
/// As [`collect`].
pub unsafe fn launch(
    function: CUfunction,
    shape: Shape,
    stream: CUstream,
    cooperative: Cooperative,
    params: *mut *mut c_void,
    extra: *mut *mut c_void,
) -> Result<()> {
    let context = context::usable()?;
    let function = crate::library::function_of(function, &context)?;
    let stream = stream::resolve(&context, stream)?;
    // A launch that is refused ends the capture that it would have been part of.
    validate(&function, shape, cooperative).inspect_err(|_| capture::invalidate(&stream))?;
    // SAFETY: the caller's promise.
    let params = unsafe { collect(&function, params, extra)? };
    enqueue(&function, shape, cooperative, params, &stream)
}

fn enqueue(
    function: &Arc<Function>,
    shape: Shape,
    cooperative: Cooperative,
    params: SmallVec<[u8; 128]>,
    stream: &Arc<Stream>,
) -> Result<()> {
    if stream.is_capturing() {
        return stream.enqueue(Task::Kernel(Arc::new(KernelCall::new(
            function,
            shape,
            cooperative,
            params,
        )?)));
    }
    capture::check_implicit(stream)?;
    let launch = make_launch(function, shape, cooperative, params)?;
    stream.core.submit(Op::Kernel(Held::Own(launch)));
    Ok(())
}

/// More attributes than there are kinds of them, each several times, are garbage.
const MOST_ATTRIBUTES: u32 = 256;

/// `cuLaunchKernelEx`.
///
/// # Safety
/// As [`collect`]; `config.attrs` holds `config.numAttrs` elements.
pub unsafe fn launch_ex(
    config: &CUlaunchConfig,
    default: CUstream,
    function: CUfunction,
    params: *mut *mut c_void,
    extra: *mut *mut c_void,
) -> Result<()> {
    require(config.numAttrs == 0 || !config.attrs.is_null())?;
    require(config.attrs.is_aligned() && config.numAttrs <= MOST_ATTRIBUTES)?;
    let mut cooperative = Cooperative::No;
    for index in 0..config.numAttrs as usize {
        // SAFETY: the caller's promise.
        let attribute = unsafe { &*config.attrs.add(index) };
        // SAFETY: every member of the union is plain data, valid for any bytes.
        unsafe {
            match attribute.id {
                CU_LAUNCH_ATTRIBUTE_COOPERATIVE if attribute.value.cooperative != 0 => {
                    cooperative = Cooperative::Yes
                }
                CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION => {
                    let dim = attribute.value.clusterDim;
                    require(dim.x > 0 && dim.y > 0 && dim.z > 0)?;
                    if [dim.x, dim.y, dim.z] != [1, 1, 1] {
                        tracing::error!(
                            "launch with clusters of {}x{}x{} blocks: not supported",
                            dim.x,
                            dim.y,
                            dim.z
                        );
                        return Err(CUDA_ERROR_NOT_SUPPORTED);
                    }
                }
                // Events of programmatic launches: recorded when the whole launch is over, which is always allowed.
                CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_EVENT | CU_LAUNCH_ATTRIBUTE_LAUNCH_COMPLETION_EVENT => {
                    tracing::error!("launch attribute {:?}: not supported", attribute.id);
                    return Err(CUDA_ERROR_NOT_SUPPORTED);
                }
                // Hints, and orders that full stream order satisfies.
                id => require(id.is_known())?,
            }
        }
    }
    let shape = Shape {
        grid: [config.gridDimX, config.gridDimY, config.gridDimZ],
        block: [config.blockDimX, config.blockDimY, config.blockDimZ],
        shared: config.sharedMemBytes,
    };
    let stream = if config.hStream.is_null() { default } else { config.hStream };
    // SAFETY: the caller's promise.
    unsafe { launch(function, shape, stream, cooperative, params, extra) }
}

/// A kernel call for a graph node.
///
/// # Safety
/// As [`collect`].
pub unsafe fn node_call(params: &CUDA_KERNEL_NODE_PARAMS_v2) -> Result<KernelCall> {
    let context = context::current()?;
    let handle = if params.func.is_null() { CUfunction(params.kern.0) } else { params.func };
    let function = crate::library::function_of(handle, &context)?;
    let shape = node_shape(params);
    // SAFETY: the caller's promise.
    let buffer = unsafe { collect(&function, params.kernelParams, params.extra)? };
    KernelCall::new(&function, shape, Cooperative::No, buffer)
}

/// The shape that node parameters describe.
pub fn node_shape(params: &CUDA_KERNEL_NODE_PARAMS_v2) -> Shape {
    Shape {
        grid: [params.gridDimX, params.gridDimY, params.gridDimZ],
        block: [params.blockDimX, params.blockDimY, params.blockDimZ],
        shared: params.sharedMemBytes,
    }
}

/// The deprecated launch interface: state kept in the function.
pub mod legacy {
    use super::*;
    use parking_lot::Mutex;
    use std::collections::HashMap;

    #[derive(Clone, Default)]
    struct State {
        block: [u32; 3],
        shared: u32,
        params: Vec<u8>,
    }

    static STATES: Mutex<Option<HashMap<usize, State>>> = Mutex::new(None);

    fn with<T>(function: CUfunction, change: impl FnOnce(&mut State) -> T) -> Result<T> {
        context::current()?;
        function::get(function)?;
        Ok(change(STATES.lock().get_or_insert_default().entry(function.addr()).or_default()))
    }

    /// `cuFuncSetBlockShape`
    pub fn set_block(function: CUfunction, block: [i32; 3]) -> Result<()> {
        require(block.iter().all(|&dim| dim > 0))?;
        with(function, |state| state.block = block.map(|dim| dim as u32))
    }

    /// `cuFuncSetSharedSize`
    pub fn set_shared(function: CUfunction, bytes: u32) -> Result<()> {
        with(function, |state| state.shared = bytes)
    }

    /// `cuParamSetSize`
    pub fn set_size(function: CUfunction, bytes: u32) -> Result<()> {
        require(bytes <= 32 << 10)?;
        with(function, |state| state.params.resize(bytes as usize, 0))
    }

    /// `cuParamSeti`, `cuParamSetf`, `cuParamSetv`
    pub fn set(function: CUfunction, offset: i32, value: &[u8]) -> Result<()> {
        let offset = usize::try_from(offset).map_err(|_| CUDA_ERROR_INVALID_VALUE)?;
        require(offset + value.len() <= 32 << 10)?;
        with(function, |state| {
            let end = offset + value.len();
            if state.params.len() < end {
                state.params.resize(end, 0);
            }
            state.params[offset..end].copy_from_slice(value);
        })
    }

    /// `cuLaunch`, `cuLaunchGrid`, `cuLaunchGridAsync`
    pub fn launch_grid(function: CUfunction, width: i32, height: i32, stream: CUstream) -> Result<()> {
        require(width > 0 && height > 0)?;
        let state = with(function, |state| state.clone())?;
        let (mut params, mut size) = (state.params, 0);
        size += params.len();
        let mut extra = [
            CU_LAUNCH_PARAM_BUFFER_POINTER,
            params.as_mut_ptr().cast(),
            CU_LAUNCH_PARAM_BUFFER_SIZE,
            (&raw mut size).cast(),
            CU_LAUNCH_PARAM_END,
        ];
        let shape =
            Shape { grid: [width as u32, height as u32, 1], block: state.block, shared: state.shared };
        // SAFETY: the list is well formed and its buffers live until the call returns.
        unsafe { launch(function, shape, stream, Cooperative::No, std::ptr::null_mut(), extra.as_mut_ptr()) }
    }
}
