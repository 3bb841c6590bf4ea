//! The fat binaries that programs and libraries registered, and their modules in each context.
//!
//! Invariant: an image is loaded at most once per context, at the first use of one of its functions or variables. Images
//! that refer to each other (`-rdc`) are linked into one module per context, so that each device variable exists once.

use crate::api::Result;
use crate::driver as cu;
use crate::externs;
use abi::*;
use core::ffi::{c_char, c_void};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

/// Names a registered image. Never reused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ImageId(pub usize);

/// A name in the registering program's memory, valid until it unregisters.
#[derive(Clone, Copy)]
pub struct Name(pub *const c_char);

// SAFETY: names are constant strings of the registering program.
unsafe impl Send for Name {}

/// A managed variable.
#[derive(Clone, Copy)]
pub struct Managed {
    pub place: Place,
    pub name: Name,
}

/// How the host reaches a managed variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Through the pointer at this address, which loading sets.
    Pointer(usize),
    /// Directly: the host's variable at this address is the storage, which loading tells the driver.
    Storage(usize),
}

struct Image {
    data: usize,
    externs: bool,
    managed: Vec<Managed>,
    modules: Vec<(CUcontext, Result<CUmodule>)>,
}

/// What a host address stands for in an image.
#[derive(Clone, Copy)]
struct Symbol {
    image: ImageId,
    name: Name,
}

#[derive(Default)]
struct Registry {
    next: usize,
    images: Vec<(ImageId, Image)>,
    functions: HashMap<usize, Symbol>,
    variables: HashMap<usize, Symbol>,
    textures: HashMap<usize, Symbol>,
    surfaces: HashMap<usize, Symbol>,
    handles: HashMap<(CUcontext, usize), CUfunction>,
    kernels: HashSet<usize>,
}

static REGISTRY: Mutex<Option<Registry>> = Mutex::new(None);

/// Changes whenever a function handle may have become stale.
static GENERATION: AtomicU64 = AtomicU64::new(1);

/// Which table a host address is looked up in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Function,
    Variable,
    Texture,
    Surface,
}

/// The state of the registry, to key caches of function handles with.
pub fn generation() -> u64 {
    GENERATION.load(Ordering::Acquire)
}

/// Adds an image: a fat binary container, PTX text or a cubin at `data`.
pub fn add_image(data: *const c_void) -> ImageId {
    // SAFETY: the registering program hands over an image as the driver would read it.
    let externs = unsafe { externs::refers_to_others(data.cast()) };
    with(|registry| {
        let id = ImageId(registry.next);
        registry.next += 1;
        registry
            .images
            .push((id, Image { data: data as usize, externs, managed: Vec::new(), modules: Vec::new() }));
        id
    })
}

/// Forgets an image and, unless the process is ending, unloads its modules.
pub fn remove_image(id: ImageId, unload: bool) {
    GENERATION.fetch_add(1, Ordering::AcqRel);
    let modules = with(|registry| registry.remove(id));
    if unload {
        modules.into_iter().for_each(|(context, module)| unload_module(context, module));
    }
}

/// Maps a host address to a named thing of an image. The first registration of an address stays.
pub fn add_symbol(kind: Kind, image: ImageId, host: *const c_void, name: *const c_char) {
    with(|registry| {
        registry.table(kind).entry(host as usize).or_insert(Symbol { image, name: Name(name) });
    });
}

/// Adds a managed variable to an image; its pointer is set when the image is loaded.
pub fn add_managed(image: ImageId, managed: Managed) {
    with(|registry| {
        if let Some(image) = registry.image(image) {
            image.managed.push(managed);
        }
    });
}

/// Whether the image has managed variables.
pub fn has_managed(id: ImageId) -> bool {
    with(|registry| registry.image(id).is_some_and(|image| !image.managed.is_empty()))
}

/// Loads the image in `context`, if that has not happened yet.
pub fn load(id: ImageId, context: CUcontext) -> Result {
    with(|registry| registry.module(id, context)).map(|_| ())
}

/// The kernel that `host` stands for, in `context`. Errors: not a registered kernel; its image does not load.
pub fn function(host: *const c_void, context: CUcontext) -> Result<CUfunction> {
    with(|registry| registry.function(host as usize, context))
}

/// The module in which `host` lives in `context`, and its name there. Errors: `unknown` if it is not registered.
pub fn symbol(
    kind: Kind,
    host: *const c_void,
    context: CUcontext,
    unknown: cudaError_t,
) -> Result<(CUmodule, Name)> {
    with(|registry| {
        let symbol = *registry.table(kind).get(&(host as usize)).ok_or(unknown)?;
        Ok((registry.module(symbol.image, context)?, symbol.name))
    })
}

/// The host address whose kernel `function` is, if it was looked up through one.
pub fn host_of(function: CUfunction) -> Option<*mut c_void> {
    with(|registry| {
        let found = registry.handles.iter().find(|(_, handle)| **handle == function);
        found.map(|((_, host), _)| *host as *mut c_void)
    })
}

/// Lets `kernel` be launched as if it were a host address.
pub fn add_kernel(kernel: CUkernel) {
    with(|registry| registry.kernels.insert(kernel.addr()));
}

/// Forgets all that was loaded in a context that is about to go.
pub fn forget_context(context: CUcontext) {
    GENERATION.fetch_add(1, Ordering::AcqRel);
    with(|registry| {
        registry.handles.retain(|(owner, _), _| *owner != context);
        for (_, image) in &mut registry.images {
            image.modules.retain(|(owner, _)| *owner != context);
        }
    });
}

fn with<T>(body: impl FnOnce(&mut Registry) -> T) -> T {
    let mut guard: MutexGuard<'_, Option<Registry>> =
        REGISTRY.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    body(guard.get_or_insert_with(Registry::default))
}

impl Registry {
    fn table(&mut self, kind: Kind) -> &mut HashMap<usize, Symbol> {
        match kind {
            Kind::Function => &mut self.functions,
            Kind::Variable => &mut self.variables,
            Kind::Texture => &mut self.textures,
            Kind::Surface => &mut self.surfaces,
        }
    }

    fn image(&mut self, id: ImageId) -> Option<&mut Image> {
        let at = self.images.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(&mut self.images[at].1)
    }

    /// Removes the image; yields the modules that no other image shares.
    fn remove(&mut self, id: ImageId) -> Vec<(CUcontext, CUmodule)> {
        let Ok(at) = self.images.binary_search_by_key(&id, |(id, _)| *id) else { return Vec::new() };
        let (_, image) = self.images.remove(at);
        let gone: HashSet<usize> =
            self.functions.iter().filter(|(_, symbol)| symbol.image == id).map(|(host, _)| *host).collect();
        self.handles.retain(|(_, host), _| !gone.contains(host));
        for kind in [Kind::Function, Kind::Variable, Kind::Texture, Kind::Surface] {
            self.table(kind).retain(|_, symbol| symbol.image != id);
        }
        let shared = |entry: &(CUcontext, CUmodule)| {
            let ours = (entry.0, Ok(entry.1));
            self.images.iter().any(|(_, image)| image.modules.contains(&ours))
        };
        let loaded = image.modules.iter().filter_map(|(context, module)| Some((*context, (*module).ok()?)));
        loaded.filter(|entry| !shared(entry)).collect()
    }

    fn function(&mut self, host: usize, context: CUcontext) -> Result<CUfunction> {
        if let Some(handle) = self.handles.get(&(context, host)) {
            return Ok(*handle);
        }
        let mut handle = CUfunction::NULL;
        if self.kernels.contains(&host) {
            // SAFETY: `handle` is writable; the kernel came from the driver.
            unsafe { cu::cuKernelGetFunction(&mut handle, CUkernel::from_addr(host))? };
        } else {
            let symbol = *self.functions.get(&host).ok_or(cudaErrorInvalidDeviceFunction)?;
            let module = self.module(symbol.image, context)?;
            // SAFETY: `handle` is writable; the name is the registering program's constant.
            unsafe { cu::cuModuleGetFunction(&mut handle, module, symbol.name.0) }.map_err(
                |code| match code {
                    cudaErrorSymbolNotFound => cudaErrorInvalidDeviceFunction,
                    other => other,
                },
            )?;
        }
        self.handles.insert((context, host), handle);
        Ok(handle)
    }

    fn module(&mut self, id: ImageId, context: CUcontext) -> Result<CUmodule> {
        if let Some(module) = self.image(id).ok_or(cudaErrorInvalidResourceHandle)?.module(context) {
            return module;
        }
        self.load_referring(context)?;
        let image = self.image(id).ok_or(cudaErrorInvalidResourceHandle)?;
        image.module(context).unwrap_or_else(|| image.load(context))
    }

    /// Loads the images that may refer to others before any that they may refer to; where one does not stand alone,
    /// links all that are not loaded.
    fn load_referring(&mut self, context: CUcontext) -> Result {
        if self.images.len() < 2 {
            return Ok(());
        }
        for at in 0..self.images.len() {
            let image = &mut self.images[at].1;
            if !image.externs || image.module(context).is_some() || image.load(context).is_ok() {
                continue;
            }
            let failure = image.modules.pop();
            match self.link(context) {
                Ok(module) => return self.loaded(context, module),
                Err(_) => self.images[at].1.modules.extend(failure),
            }
        }
        Ok(())
    }

    /// Links every image that is not loaded in `context` yet into one module.
    fn link(&mut self, context: CUcontext) -> Result<CUmodule> {
        let waiting =
            || self.images.iter().map(|(_, image)| image).filter(|image| image.module(context).is_none());
        let managed: Vec<Managed> = waiting().flat_map(|image| image.managed.iter().copied()).collect();
        link_images(waiting().map(|image| image.data), &managed)
    }

    fn loaded(&mut self, context: CUcontext, module: CUmodule) -> Result {
        for (_, image) in &mut self.images {
            if image.module(context).is_none() {
                image.modules.push((context, Ok(module)));
                set_pointers(&image.managed, module)?;
            }
        }
        Ok(())
    }
}

impl Image {
    /// What loading in `context` yielded, if that has happened.
    fn module(&self, context: CUcontext) -> Option<Result<CUmodule>> {
        self.modules.iter().find(|(owner, _)| *owner == context).map(|(_, module)| *module)
    }

    /// Loads the image alone.
    fn load(&mut self, context: CUcontext) -> Result<CUmodule> {
        // SAFETY: the image was registered as one that the driver can read.
        let module = unsafe { load_module(self.data as *const c_void, &self.managed) };
        self.modules.push((context, module));
        set_pointers(&self.managed, module?)?;
        module
    }
}

/// Loads an image; managed variables whose storage is the host's are bound to it. CUDA Driver API, "CUjit_option":
/// `CU_JIT_GLOBAL_SYMBOL_NAMES` and its kin relocate symbols to host addresses.
///
/// # Safety
/// `image` is an image that the driver can read.
unsafe fn load_module(image: *const c_void, managed: &[Managed]) -> Result<CUmodule> {
    let mut module = CUmodule::NULL;
    let (mut names, mut addresses) = (Vec::new(), Vec::new());
    for variable in managed {
        if let Place::Storage(address) = variable.place {
            names.push(variable.name.0);
            addresses.push(address as *mut c_void);
        }
    }
    let mut options =
        [CU_JIT_GLOBAL_SYMBOL_NAMES, CU_JIT_GLOBAL_SYMBOL_ADDRESSES, CU_JIT_GLOBAL_SYMBOL_COUNT];
    let mut values: [*mut c_void; 3] = [
        names.as_mut_ptr().cast(),
        addresses.as_mut_ptr().cast(),
        core::ptr::without_provenance_mut(names.len()),
    ];
    let count = if names.is_empty() { 0 } else { options.len() as u32 };
    // SAFETY: outputs are writable, the options' arrays live through the call, and the caller answers for the image.
    unsafe { cu::cuModuleLoadDataEx(&mut module, image, count, options.as_mut_ptr(), values.as_mut_ptr())? };
    Ok(module)
}

fn link_images(images: impl Iterator<Item = usize>, managed: &[Managed]) -> Result<CUmodule> {
    let mut state = CUlinkState::NULL;
    let none: *mut c_void = core::ptr::null_mut();
    // SAFETY: outputs are writable; images are readable for the sizes that their own headers state; the linked image
    // belongs to the link state, which outlives the load.
    unsafe {
        cu::cuLinkCreate(0, none.cast(), none.cast(), &mut state)?;
        let link = || {
            for data in images {
                let (kind, size) = externs::measure(data as *const u8);
                let name = c"registered image".as_ptr();
                cu::cuLinkAddData(state, kind, data as *mut c_void, size, name, 0, none.cast(), none.cast())?;
            }
            let (mut image, mut size) = (core::ptr::null_mut(), 0);
            cu::cuLinkComplete(state, &mut image, &mut size)?;
            load_module(image, managed)
        };
        let module = link();
        cu::cuLinkDestroy(state)?;
        module
    }
}

/// Points the host's pointers at the module's managed variables. Device addresses are host addresses here.
fn set_pointers(managed: &[Managed], module: CUmodule) -> Result {
    for variable in managed {
        let Place::Pointer(pointer) = variable.place else { continue };
        let (mut address, mut bytes) = (0, 0);
        // SAFETY: the name and the pointer's place are the registering program's.
        unsafe {
            cu::cuModuleGetGlobal(&mut address, &mut bytes, module, variable.name.0)?;
            *(pointer as *mut *mut c_void) = address as *mut c_void;
        }
    }
    Ok(())
}

fn unload_module(context: CUcontext, module: CUmodule) {
    let mut popped = CUcontext::NULL;
    // SAFETY: the module was loaded in this context; a context that is gone makes the push fail, which is enough.
    unsafe {
        if cu::cuCtxPushCurrent(context).is_ok() {
            let _ = cu::cuModuleUnload(module);
            let _ = cu::cuCtxPopCurrent(&mut popped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_symbols_are_found_until_their_image_goes() {
        let image = add_image(c".version 8.0\n.target sm_80\n".as_ptr().cast());
        let host = 0x1234 as *const c_void;
        add_symbol(Kind::Function, image, host, c"kernel".as_ptr());
        with(|registry| assert!(registry.functions.contains_key(&0x1234)));
        remove_image(image, false);
        with(|registry| assert!(!registry.functions.contains_key(&0x1234)));
        let context = CUcontext::from_addr(8);
        assert_eq!(function(host, context), Err(cudaErrorInvalidDeviceFunction));
        let unknown = symbol(Kind::Variable, host, context, cudaErrorInvalidSymbol);
        assert_eq!(unknown.map(|_| ()), Err(cudaErrorInvalidSymbol));
    }

    #[test]
    fn removing_an_image_changes_the_generation() {
        let before = generation();
        remove_image(add_image(c"".as_ptr().cast()), false);
        assert_ne!(before, generation());
    }
}
