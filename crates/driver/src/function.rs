//! Functions: kernels of a module, their attributes and their compiled forms.
//!
//! Invariant: a kernel is compiled once for a block shape, at the first launch with it; later launches only look it up.

use crate::handle::Table;
use crate::module::Module;
use crate::{Result, context, engine_choice, require};
use ::device::{CostModel, KernelCode, Work};
use abi::*;
use engine::{CompileError, Program, Resources};
use ir::{FuncId, GridSize, KernelInfo};
use parking_lot::RwLock;
use smallvec::SmallVec;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, OnceLock};

/// A kernel.
pub struct Function {
    pub handle: CUfunction,
    pub module: Arc<Module>,
    pub id: FuncId,
    pub name: Arc<str>,
    /// The name for C callers.
    pub c_name: std::ffi::CString,
    pub info: KernelInfo,
    resources: OnceLock<std::result::Result<Resources, CompileError>>,
    compiled: RwLock<CompiledShapes>,
    /// Bytes of dynamic shared memory allowed; negative: the default.
    max_dynamic_shared: AtomicI32,
    carveout: AtomicI32,
    non_portable_cluster: AtomicI32,
}

type Shape = [u32; 3];
type CompiledShapes = SmallVec<[((Shape, GridSize), Arc<KernelCode>); 2]>;

static FUNCTIONS: Table<Function> = Table::new(0x45);

/// Shared memory that every kernel may use without asking (CUDA C++ Programming Guide 10.12).
const DEFAULT_SHARED: u32 = 48 << 10;

/// The function of a handle.
pub fn get(handle: CUfunction) -> Result<Arc<Function>> {
    FUNCTIONS.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE)
}

pub(crate) fn forget(handle: CUfunction) {
    FUNCTIONS.remove(handle.addr());
}

impl Function {
    pub(crate) fn add(module: &Arc<Module>, id: FuncId) -> CUfunction {
        let entry = module.program.module().func(id);
        let (handle, _) = FUNCTIONS.insert(|handle| {
            Arc::new(Function {
                handle: CUfunction::from_addr(handle),
                module: module.clone(),
                id,
                name: entry.name.as_str().into(),
                c_name: std::ffi::CString::new(entry.name.as_str()).unwrap_or_default(),
                info: entry.kernel.clone().unwrap_or_default(),
                resources: OnceLock::new(),
                compiled: RwLock::new(SmallVec::new()),
                max_dynamic_shared: AtomicI32::new(-1),
                carveout: AtomicI32::new(-1),
                non_portable_cluster: AtomicI32::new(0),
            })
        });
        CUfunction::from_addr(handle)
    }

    /// What the kernel needs.
    pub fn resources(&self) -> Result<Resources> {
        let made = self.resources.get_or_init(|| {
            let engine = engine_choice::engine().map_err(CompileError::new)?;
            engine.resources(&*self.module.program, self.id)
        });
        made.clone().map_err(|error| self.report(&error))
    }

    fn report(&self, error: &CompileError) -> CUresult {
        tracing::error!("cannot compile kernel {}: {error}", self.name);
        CUDA_ERROR_NOT_SUPPORTED
    }

    /// The kernel for a block shape and grids as large as `dims`, compiled if it was not yet.
    pub fn compiled(&self, block: Shape, dims: Shape) -> Result<Arc<KernelCode>> {
        let grid = GridSize::of(dims, block);
        if let Some((_, compiled)) = self.compiled.read().iter().find(|(key, _)| *key == (block, grid)) {
            return Ok(compiled.clone());
        }
        let mut list = self.compiled.write();
        // Another thread may have been faster.
        if let Some((_, compiled)) = list.iter().find(|(key, _)| *key == (block, grid)) {
            return Ok(compiled.clone());
        }
        let engine = engine_choice::engine().map_err(|message| self.report(&CompileError::new(message)))?;
        let threads = dims.iter().chain(&block).fold(1, |product: u64, &n| product.saturating_mul(n.into()));
        let options = engine_choice::options(block, grid, threads, self.module.opt_level);
        let start = std::time::Instant::now();
        let kernel =
            engine.compile(&*self.module.program, self.id, &options).map_err(|error| self.report(&error))?;
        tracing::debug!("compiled {} for blocks of {block:?} in {:?}", self.name, start.elapsed());
        let compiled = Arc::new(KernelCode {
            name: self.name.clone(),
            kernel,
            globals: self.module.globals.clone(),
            func_base: self.module.func_base,
            cost: CostModel::default(),
            work: Work::Kernel,
            keep: self.module.clone(),
        });
        list.push(((block, grid), compiled.clone()));
        Ok(compiled)
    }

    /// Most threads in a block.
    pub fn max_threads(&self) -> Result<u32> {
        let device = self.module.context.device.attribute(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK) as u32;
        let own = self.resources()?.max_threads;
        Ok(if own == 0 { device } else { own.min(device) })
    }

    /// Most bytes of dynamic shared memory that a launch may ask for.
    pub fn max_dynamic_shared(&self) -> Result<u32> {
        match u32::try_from(self.max_dynamic_shared.load(Ordering::Relaxed)) {
            Ok(bytes) => Ok(bytes),
            Err(_) => Ok(DEFAULT_SHARED.saturating_sub(self.resources()?.static_shared)),
        }
    }

    /// `cuFuncGetAttribute`
    pub fn attribute(&self, attribute: CUfunction_attribute) -> Result<i32> {
        let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        Ok(match attribute {
            CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK => number(self.max_threads()?),
            CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES => number(self.resources()?.static_shared),
            CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES => number(self.resources()?.const_bytes),
            CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES => number(self.resources()?.local_bytes),
            CU_FUNC_ATTRIBUTE_NUM_REGS => number(self.resources()?.registers),
            CU_FUNC_ATTRIBUTE_PTX_VERSION => number(self.module.target),
            CU_FUNC_ATTRIBUTE_BINARY_VERSION => number(self.module.context.device.compute_capability()),
            CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES => number(self.max_dynamic_shared()?),
            CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT => self.carveout.load(Ordering::Relaxed),
            CU_FUNC_ATTRIBUTE_NON_PORTABLE_CLUSTER_SIZE_ALLOWED => {
                self.non_portable_cluster.load(Ordering::Relaxed)
            }
            CU_FUNC_ATTRIBUTE_CACHE_MODE_CA
            | CU_FUNC_ATTRIBUTE_CLUSTER_SIZE_MUST_BE_SET
            | CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_WIDTH
            | CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_HEIGHT
            | CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_DEPTH
            | CU_FUNC_ATTRIBUTE_CLUSTER_SCHEDULING_POLICY_PREFERENCE => 0,
            _ => return Err(CUDA_ERROR_INVALID_VALUE),
        })
    }

    /// `cuFuncSetAttribute`
    pub fn set_attribute(&self, attribute: CUfunction_attribute, value: i32) -> Result<()> {
        match attribute {
            CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES => {
                let device = self.module.context.device;
                let limit = device.attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN);
                let limit = limit.max(DEFAULT_SHARED as i32) - self.resources()?.static_shared as i32;
                require(value >= 0 && value <= limit)?;
                self.max_dynamic_shared.store(value, Ordering::Relaxed);
            }
            CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT => {
                require((-1..=100).contains(&value))?;
                self.carveout.store(value, Ordering::Relaxed);
            }
            CU_FUNC_ATTRIBUTE_NON_PORTABLE_CLUSTER_SIZE_ALLOWED => {
                self.non_portable_cluster.store(value, Ordering::Relaxed);
            }
            CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_WIDTH
            | CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_HEIGHT
            | CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_DEPTH
            | CU_FUNC_ATTRIBUTE_CLUSTER_SCHEDULING_POLICY_PREFERENCE => require(value >= 0)?,
            _ => return Err(CUDA_ERROR_INVALID_VALUE),
        }
        Ok(())
    }

    /// `cuFuncGetParamInfo`: offset and size of a parameter.
    pub fn param(&self, index: usize) -> Result<(usize, usize)> {
        let param = self.info.params.get(index).ok_or(CUDA_ERROR_INVALID_VALUE)?;
        Ok((param.offset as usize, param.size as usize))
    }
}

/// `cuFuncGetAttribute`
pub fn attribute(function: CUfunction, attribute: CUfunction_attribute) -> Result<i32> {
    context::current()?;
    get(function)?.attribute(attribute)
}

/// `cuFuncSetAttribute`
pub fn set_attribute(function: CUfunction, attribute: CUfunction_attribute, value: i32) -> Result<()> {
    context::current()?;
    get(function)?.set_attribute(attribute, value)
}
