//! Libraries: programs without a context, loaded into each when they are used there.
//!
//! Invariant: a `CUkernel` stands for one kernel of a library in every context; `function_of` finds the context's own.

use crate::function::{self, Function};
use crate::handle::Table;
use crate::image::{self, Loaded, Text};
use crate::jit::Options;
use crate::module::{self, Module};
use crate::{Context, Result, context, device, require};
use abi::*;
use engine::Program;
use ir::FuncKind;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// A library.
pub struct Library {
    pub handle: CUlibrary,
    loaded: Loaded,
    opt_level: u8,
    modules: Mutex<HashMap<u64, CUmodule>>,
    kernels: Mutex<HashMap<String, CUkernel>>,
}

/// A kernel of a library.
pub struct Kernel {
    pub library: Arc<Library>,
    pub name: String,
    pub c_name: std::ffi::CString,
}

static LIBRARIES: Table<Library> = Table::new(0x4c);
static KERNELS: Table<Kernel> = Table::new(0x4d);

fn get(handle: CUlibrary) -> Result<Arc<Library>> {
    device::devices()?;
    LIBRARIES.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE)
}

/// The kernel of a handle.
pub fn kernel(handle: CUkernel) -> Result<Arc<Kernel>> {
    device::devices()?;
    KERNELS.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE)
}

/// `cuLibraryLoadData`
///
/// # Safety
/// As [`image::texts_unsized`].
pub unsafe fn load_data(image: *const u8, options: &Options) -> Result<CUlibrary> {
    let cc = compute_capability()?;
    // SAFETY: the caller's promise.
    let texts = unsafe { image::texts_unsized(image, cc, options)? };
    load(&texts, options)
}

/// `cuLibraryLoadFromFile`
pub fn load_file(path: &std::path::Path, options: &Options) -> Result<CUlibrary> {
    let cc = compute_capability()?;
    let bytes = module::read_file(path)?;
    load(&image::texts(&bytes, cc, options)?, options)
}

fn compute_capability() -> Result<u32> {
    let first = device::devices()?.first().map(|device| device.compute_capability()).unwrap_or(80);
    Ok(context::current().map_or(first, |context| context.device.compute_capability()))
}

fn load(texts: &[Text], options: &Options) -> Result<CUlibrary> {
    let loaded = image::program(texts, options)?;
    let (handle, _) = LIBRARIES.insert(|handle| {
        Arc::new(Library {
            handle: CUlibrary::from_addr(handle),
            loaded,
            opt_level: options.opt_level,
            modules: Mutex::new(HashMap::new()),
            kernels: Mutex::new(HashMap::new()),
        })
    });
    Ok(CUlibrary::from_addr(handle))
}

/// `cuLibraryUnload`
pub fn unload(handle: CUlibrary) -> Result<()> {
    let library = get(handle)?;
    LIBRARIES.remove(handle.addr());
    for (_, kernel) in library.kernels.lock().drain() {
        KERNELS.remove(kernel.addr());
    }
    for (id, module) in library.modules.lock().drain() {
        if let Some(context) = context::by_id(id) {
            context.core.synchronize();
            module::unload_in(&context, module);
        }
    }
    Ok(())
}

impl Library {
    /// The library's module in a context.
    pub fn module(&self, context: &Arc<Context>) -> Result<Arc<Module>> {
        let mut modules = self.modules.lock();
        if let Some(known) = modules.get(&context.core.id)
            && let Ok(module) = module::get(*known)
        {
            return Ok(module);
        }
        let handle = module::load_program(context, &self.loaded, self.opt_level)?;
        modules.insert(context.core.id, handle);
        module::get(handle)
    }

    fn kernel_names(&self) -> Vec<String> {
        let module = self.loaded.program.module();
        let kernels = module.funcs.iter().filter(|entry| entry.kind == FuncKind::Kernel);
        kernels.map(|entry| entry.name.clone()).collect()
    }
}

/// `cuLibraryGetKernel`
pub fn get_kernel(handle: CUlibrary, name: &str) -> Result<CUkernel> {
    let library = get(handle)?;
    if !library.kernel_names().iter().any(|known| known == name) {
        return Err(CUDA_ERROR_NOT_FOUND);
    }
    let mut kernels = library.kernels.lock();
    if let Some(kernel) = kernels.get(name) {
        return Ok(*kernel);
    }
    let (kernel, _) = KERNELS.insert(|_| {
        let c_name = std::ffi::CString::new(name).unwrap_or_default();
        Arc::new(Kernel { library: library.clone(), name: name.to_owned(), c_name })
    });
    let kernel = CUkernel::from_addr(kernel);
    kernels.insert(name.to_owned(), kernel);
    Ok(kernel)
}

/// `cuLibraryGetKernelCount`
pub fn kernel_count(handle: CUlibrary) -> Result<usize> {
    Ok(get(handle)?.kernel_names().len())
}

/// `cuLibraryEnumerateKernels`: at most `count`.
pub fn enumerate(handle: CUlibrary, count: usize) -> Result<Vec<CUkernel>> {
    require(count > 0)?;
    let names = get(handle)?.kernel_names();
    names.iter().take(count).map(|name| get_kernel(handle, name)).collect()
}

/// `cuLibraryGetModule`
pub fn get_module(handle: CUlibrary) -> Result<CUmodule> {
    let library = get(handle)?;
    Ok(library.module(&context::usable()?)?.handle)
}

/// `cuLibraryGetGlobal`
pub fn global(handle: CUlibrary, name: &str) -> Result<(CUdeviceptr, usize)> {
    let library = get(handle)?;
    library.module(&context::usable()?)?.global(name)
}

/// `cuLibraryGetManaged`
pub fn managed(handle: CUlibrary, name: &str) -> Result<(CUdeviceptr, usize)> {
    let library = get(handle)?;
    let module = library.module(&context::usable()?)?;
    if module.is_managed(name) { module.global(name) } else { Err(CUDA_ERROR_NOT_FOUND) }
}

/// `cuKernelGetFunction`
pub fn kernel_function(handle: CUkernel) -> Result<CUfunction> {
    let kernel = kernel(handle)?;
    kernel.library.module(&context::usable()?)?.kernel(&kernel.name)
}

/// `cuKernelGetLibrary`
pub fn kernel_library(handle: CUkernel) -> Result<CUlibrary> {
    Ok(kernel(handle)?.library.handle)
}

/// The function of a handle that may be a `CUfunction` or a `CUkernel`.
pub fn function_of(handle: CUfunction, context: &Arc<Context>) -> Result<Arc<Function>> {
    if let Ok(function) = function::get(handle) {
        return Ok(function);
    }
    let kernel = KERNELS.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE)?;
    function::get(kernel.library.module(context)?.kernel(&kernel.name)?)
}

/// A kernel's function in the primary context of a device: `cuKernelGetAttribute` and its siblings.
pub fn on_device(handle: CUkernel, ordinal: CUdevice) -> Result<Arc<Function>> {
    let kernel = kernel(handle)?;
    let current = context::current().ok().filter(|context| context.device.ordinal == ordinal);
    let context = match current {
        Some(context) => context,
        None => context::get(context::retain_primary(ordinal)?)?,
    };
    function::get(kernel.library.module(&context)?.kernel(&kernel.name)?)
}
