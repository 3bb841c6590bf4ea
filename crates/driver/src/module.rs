//! Modules: programs with their variables in a context's memory.
//!
//! Invariant: a module's storage lives until it is unloaded and no launch of it is in flight.

use crate::function::Function;
use crate::handle::Table;
use crate::image::{self, Loaded, Text};
use crate::jit::{Bindings, Options};
use crate::{Context, Result, context, require};
use ::device::MemoryKind;
use ::device::memory;
use abi::*;
use engine::Program;
use ir::module::RelocTarget;
use ir::{FuncId, FuncKind, GlobalId, Space};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// A loaded module.
pub struct Module {
    pub handle: CUmodule,
    pub context: Arc<Context>,
    pub program: Arc<lower::Program>,
    /// `.target`: 80 for sm_80.
    pub target: u32,
    /// Addresses of variables by `GlobalId`; 0 for shared ones.
    pub globals: Arc<[u64]>,
    pub func_base: u64,
    pub opt_level: u8,
    blocks: Vec<u64>,
    kernels: HashMap<String, FuncId>,
    functions: Mutex<HashMap<FuncId, CUfunction>>,
}

static MODULES: Table<Module> = Table::new(0x44);

/// The module of a handle.
pub fn get(handle: CUmodule) -> Result<Arc<Module>> {
    MODULES.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE)
}

/// `cuModuleLoadDataEx` and its relatives.
///
/// # Safety
/// As [`image::texts_unsized`].
pub unsafe fn load_data(image: *const u8, options: &Options) -> Result<CUmodule> {
    let context = context::usable()?;
    let start = Instant::now();
    // SAFETY: the caller's promise.
    let texts = unsafe { image::texts_unsized(image, context.device.compute_capability(), options)? };
    let handle = load_texts(&context, &texts, options)?;
    options.report_time(start.elapsed().as_secs_f32() * 1e3);
    Ok(handle)
}

/// `cuModuleLoad`
pub fn load_file(path: &std::path::Path) -> Result<CUmodule> {
    let context = context::usable()?;
    let bytes = read_file(path)?;
    let options = Options::default();
    let texts = image::texts(&bytes, context.device.compute_capability(), &options)?;
    load_texts(&context, &texts, &options)
}

/// A file's bytes. `CUDA_ERROR_FILE_NOT_FOUND` if it cannot be read.
pub fn read_file(path: &std::path::Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        tracing::error!("cannot read {}: {error}", path.display());
        CUDA_ERROR_FILE_NOT_FOUND
    })
}

/// Loads PTX texts into a context.
pub fn load_texts(context: &Arc<Context>, texts: &[Text], options: &Options) -> Result<CUmodule> {
    let loaded = image::program(texts, options)?;
    load_bound(context, &loaded, options.opt_level, &options.bindings)
}

/// Loads a linked program into a context.
pub fn load_program(context: &Arc<Context>, loaded: &Loaded, opt_level: u8) -> Result<CUmodule> {
    load_bound(context, loaded, opt_level, &Bindings::default())
}

/// Loads a program some of whose variables live where the program's host side says.
fn load_bound(
    context: &Arc<Context>,
    loaded: &Loaded,
    opt_level: u8,
    bindings: &Bindings,
) -> Result<CUmodule> {
    let Loaded { program, target } = loaded;
    crate::engine_choice::engine().map_err(|message| {
        tracing::error!("{message}");
        CUDA_ERROR_JIT_COMPILER_NOT_FOUND
    })?;
    let module = program.module();
    let (globals, blocks) = place_globals(context, program, bindings)?;
    let func_base = reserve_code(module.funcs.len() as u64)?;
    initialise(program, &globals, func_base);
    let kernels = module.func_ids().filter(|&id| module.func(id).kind == FuncKind::Kernel);
    let kernels = kernels.map(|id| (module.func(id).name.clone(), id)).collect();
    let (handle, _) = MODULES.insert(|handle| {
        Arc::new(Module {
            handle: CUmodule::from_addr(handle),
            context: context.clone(),
            program: program.clone(),
            target: *target,
            globals: globals.into(),
            func_base,
            opt_level,
            blocks,
            kernels,
            functions: Mutex::new(HashMap::new()),
        })
    });
    Ok(CUmodule::from_addr(handle))
}

/// Gives every variable outside of shared memory an address: managed ones a block each, the others one together.
fn place_globals(
    context: &Context,
    program: &lower::Program,
    bindings: &Bindings,
) -> Result<(Vec<u64>, Vec<u64>)> {
    let arena = &context.device.core.arena;
    let allocate = |size, align, kind| {
        let made = memory::allocate(arena, size, align, kind, context.core.id);
        made.map_err(|_| CUDA_ERROR_OUT_OF_MEMORY)
    };
    let module = program.module();
    let mut globals = vec![0; module.globals.len()];
    let mut blocks = Vec::new();
    let mut packed = Vec::new();
    let (mut size, mut most) = (0u64, 16);
    for (index, global) in module.globals.iter().enumerate() {
        let align = u64::from(global.align.max(1));
        if global.space == Space::Shared || global.dynamic_shared {
            continue;
        }
        if let Some(address) = bindings.address(&global.name) {
            globals[index] = address;
            continue;
        }
        if program.is_managed(GlobalId(index as u32)) {
            globals[index] = allocate(global.size.max(1), align, MemoryKind::Managed)?;
            blocks.push(globals[index]);
            continue;
        }
        size = size.next_multiple_of(align);
        packed.push((index, size));
        // A variable of no size still has an address of its own.
        size = size.checked_add(global.size.max(1)).ok_or(CUDA_ERROR_OUT_OF_MEMORY)?;
        most = most.max(align);
    }
    if size > 0 {
        let base = allocate(size, most, MemoryKind::Module)?;
        blocks.push(base);
        for (index, offset) in packed {
            globals[index] = base + offset;
        }
    }
    Ok((globals, blocks))
}

/// Writes initial values and what they refer to.
fn initialise(program: &lower::Program, globals: &[u64], func_base: u64) {
    for (global, &at) in program.module().globals.iter().zip(globals) {
        if at == 0 {
            continue;
        }
        let init = &global.init[..global.init.len().min(global.size as usize)];
        // SAFETY: the variable's storage was just allocated with its size, or is the program's own variable.
        unsafe {
            std::ptr::copy_nonoverlapping(init.as_ptr(), at as *mut u8, init.len());
            // The arena may hand out memory that was used before.
            std::ptr::write_bytes((at as *mut u8).add(init.len()), 0, global.size as usize - init.len());
        }
        for reloc in &global.relocs {
            let target = match reloc.target {
                RelocTarget::Global(id) | RelocTarget::GenericGlobal(id) => globals[id.index()],
                RelocTarget::Func(id) => func_base + 16 * u64::from(id.0),
            };
            let value = target.wrapping_add_signed(reloc.addend) >> reloc.shift;
            let size = usize::from(reloc.size).min(8);
            if reloc.offset + size as u64 <= global.size {
                let to = (at + reloc.offset) as *mut u8;
                // SAFETY: inside the variable, as checked.
                unsafe { std::ptr::copy_nonoverlapping(value.to_le_bytes().as_ptr(), to, size) };
            }
        }
    }
}

/// Address space for functions: never accessible, so that no function pointer is a data pointer.
const CODE_BYTES: u64 = 1 << 32;

/// Takes addresses for `count` functions, 16 bytes each.
fn reserve_code(count: u64) -> Result<u64> {
    static BASE: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    static USED: AtomicU64 = AtomicU64::new(0);
    let base = *BASE.get_or_init(|| {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a fresh inaccessible mapping.
        let at =
            unsafe { libc::mmap(std::ptr::null_mut(), CODE_BYTES as usize, libc::PROT_NONE, flags, -1, 0) };
        if at == libc::MAP_FAILED { 0 } else { at as u64 }
    });
    let bytes = (count * 16 + 16).next_multiple_of(256);
    let offset = USED.fetch_add(bytes, Ordering::Relaxed);
    if base == 0 || offset + bytes > CODE_BYTES {
        return Err(CUDA_ERROR_OUT_OF_MEMORY);
    }
    // Not the very start, so that no function is at the mapping's edge.
    Ok(base + offset + 16)
}

/// `cuModuleUnload`
pub fn unload(handle: CUmodule) -> Result<()> {
    let context = context::current()?;
    let module = get(handle)?;
    if !Arc::ptr_eq(&context, &module.context) {
        return Err(CUDA_ERROR_INVALID_CONTEXT);
    }
    context.core.synchronize();
    MODULES.remove(handle.addr());
    module.release();
    Ok(())
}

/// Unloads a module of a context whose work is done.
pub(crate) fn unload_in(context: &Context, handle: CUmodule) {
    if let Some(module) =
        MODULES.get(handle.addr()).filter(|module| module.context.core.id == context.core.id)
    {
        MODULES.remove(handle.addr());
        module.release();
    }
}

/// Unloads all modules of a context that ends.
pub(crate) fn unload_all(context: &Context) {
    for module in MODULES.all() {
        if module.context.core.id == context.core.id {
            MODULES.remove(module.handle.addr());
            module.release();
        }
    }
}

impl Module {
    fn release(&self) {
        for (_, function) in self.functions.lock().drain() {
            crate::function::forget(function);
        }
        for &at in &self.blocks {
            memory::free(at);
        }
    }

    /// The kernel of a name. `CUDA_ERROR_NOT_FOUND` if there is none.
    pub fn kernel(self: &Arc<Module>, name: &str) -> Result<CUfunction> {
        let id = *self.kernels.get(name).ok_or(CUDA_ERROR_NOT_FOUND)?;
        Ok(self.function(id))
    }

    fn function(self: &Arc<Module>, id: FuncId) -> CUfunction {
        *self.functions.lock().entry(id).or_insert_with(|| Function::add(self, id))
    }

    /// All kernels in source order.
    pub fn all_kernels(self: &Arc<Module>) -> Vec<CUfunction> {
        let mut ids: Vec<FuncId> = self.kernels.values().copied().collect();
        ids.sort();
        ids.into_iter().map(|id| self.function(id)).collect()
    }

    /// Address and size of a variable. `CUDA_ERROR_NOT_FOUND` if there is none.
    pub fn global(&self, name: &str) -> Result<(CUdeviceptr, usize)> {
        let module = self.program.module();
        let found = module
            .globals
            .iter()
            .zip(self.globals.iter())
            .find(|(global, at)| **at != 0 && global.name == name);
        found.map(|(global, at)| (*at, global.size as usize)).ok_or(CUDA_ERROR_NOT_FOUND)
    }

    /// Whether the variable of a name is managed.
    pub fn is_managed(&self, name: &str) -> bool {
        self.program.module().find_global(name).is_some_and(|id| self.program.is_managed(id))
    }
}

/// `cuModuleGetFunction`
pub fn function(handle: CUmodule, name: &str) -> Result<CUfunction> {
    context::current()?;
    get(handle)?.kernel(name)
}

/// `cuModuleGetGlobal`
pub fn global(handle: CUmodule, name: &str) -> Result<(CUdeviceptr, usize)> {
    context::current()?;
    get(handle)?.global(name)
}

/// `cuModuleEnumerateFunctions`: at most `count`.
pub fn functions(handle: CUmodule, count: u32) -> Result<Vec<CUfunction>> {
    context::current()?;
    require(count > 0)?;
    let mut all = get(handle)?.all_kernels();
    all.truncate(count as usize);
    Ok(all)
}
