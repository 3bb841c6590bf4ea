//! What compilers call before `main`: registration of fat binaries, kernels, variables, textures.
//!
//! Invariant: nothing here starts the driver, except for an image with managed variables, which the host may touch before
//! its first call. Unloading is safe in any order: once the process is ending, modules are left to it.

use crate::api::enter;
use crate::registry::{self, ImageId, Kind, Managed, Name, Place};
use crate::{context, log};
use abi::*;
use core::ffi::{c_char, c_int, c_uint, c_void};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, Once};

/// What compilers emit for each image and pass to `__cudaRegisterFatBinary`.
#[repr(C)]
pub struct FatbinWrapper {
    magic: u32,
    version: u32,
    data: *const c_void,
    unused: *const c_void,
}

const WRAPPER_MAGIC: u32 = 0x4662_43b1;

/// What the registering program holds on to.
pub struct Handle {
    image: ImageId,
}

static ENDING: AtomicBool = AtomicBool::new(false);

/// Notes the process's end, so that images that unregister from then on leave their modules alone. Called when a device
/// is first used, hence after the images that were there at the start arranged to unregister, and run before they do.
pub fn watch_for_exit() {
    static ONCE: Once = Once::new();
    extern "C" fn at_exit() {
        ENDING.store(true, Ordering::Release);
    }
    ONCE.call_once(|| {
        // SAFETY: the handler only stores a flag.
        let failed = unsafe { libc::atexit(at_exit) };
        if failed != 0 {
            log::note("atexit failed; modules are unloaded at exit");
        }
    });
}

fn image(handle: *mut *mut c_void) -> Option<ImageId> {
    // SAFETY: handles come from `__cudaRegisterFatBinary` and stay valid until they are unregistered.
    unsafe { handle.cast::<Handle>().as_ref() }.map(|handle| handle.image)
}

/// Registers the image in a wrapper. The handle is null if the wrapper is not one.
///
/// # Safety
/// `wrapper` is null or points to a compiler-made wrapper.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __cudaRegisterFatBinary(wrapper: *const FatbinWrapper) -> *mut *mut c_void {
    let mut handle = core::ptr::null_mut();
    enter("__cudaRegisterFatBinary", || {
        // SAFETY: the caller's wrapper is readable.
        let wrapper = unsafe { wrapper.as_ref() }.ok_or(cudaErrorInvalidValue)?;
        if wrapper.magic != WRAPPER_MAGIC || wrapper.data.is_null() {
            log::note("a registered fat binary has no valid wrapper");
            return Err(cudaErrorInvalidKernelImage);
        }
        let image = registry::add_image(wrapper.data);
        handle = Box::into_raw(Box::new(Handle { image })).cast();
        Ok(())
    });
    handle
}

/// Ends the registration of an image's contents.
///
/// # Safety
/// `handle` is null or came from `__cudaRegisterFatBinary`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __cudaRegisterFatBinaryEnd(handle: *mut *mut c_void) {
    enter("__cudaRegisterFatBinaryEnd", || {
        let Some(image) = image(handle) else { return Ok(()) };
        if registry::has_managed(image) {
            registry::load(image, context::ensure()?)?;
        }
        Ok(())
    });
}

/// Forgets an image.
///
/// # Safety
/// `handle` is null or came from `__cudaRegisterFatBinary` and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __cudaUnregisterFatBinary(handle: *mut *mut c_void) {
    enter("__cudaUnregisterFatBinary", || {
        if handle.is_null() {
            return Ok(());
        }
        // SAFETY: the handle was made by `Box::into_raw` and its owner gives it up.
        let handle = unsafe { Box::from_raw(handle.cast::<Handle>()) };
        registry::remove_image(handle.image, !ENDING.load(Ordering::Acquire));
        Ok(())
    });
}

/// Lets the host function `host` stand for the kernel `name`.
///
/// # Safety
/// `handle` as above; `name` is a string that lives as long as the image.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __cudaRegisterFunction(
    handle: *mut *mut c_void,
    host: *const c_char,
    _device: *mut c_char,
    name: *const c_char,
    _thread_limit: c_int,
    _tid: *mut c_void,
    _bid: *mut c_void,
    _block: *mut dim3,
    _grid: *mut dim3,
    _warp_size: *mut c_int,
) -> c_int {
    add("__cudaRegisterFunction", Kind::Function, handle, host.cast(), name)
}

/// Lets the host variable `host` stand for the device variable `name`.
///
/// # Safety
/// As for `__cudaRegisterFunction`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __cudaRegisterVar(
    handle: *mut *mut c_void,
    host: *mut c_char,
    _device: *mut c_char,
    name: *const c_char,
    _is_extern: c_int,
    _size: usize,
    _constant: c_int,
    _global: c_int,
) {
    let code = add("__cudaRegisterVar", Kind::Variable, handle, host.cast(), name);
    if code == 0 && is_managed(host as usize) {
        managed("__cudaRegisterVar", handle, Place::Storage(host as usize), name);
    }
}

/// Says that the host variables from `begin` to `end` are managed variables whose storage is the host's. Called by
/// the initializers of programs compiled with our headers, before their images are registered.
#[unsafe(no_mangle)]
pub extern "C" fn __anywarpRegisterManagedRange(begin: *mut c_void, end: *mut c_void) {
    let range = begin as usize..end as usize;
    let mut ranges = managed_ranges();
    if !range.is_empty() && !ranges.contains(&range) {
        ranges.push(range);
    }
}

/// Whether an address lies in a managed variable whose storage is the host's.
pub fn is_managed(host: usize) -> bool {
    managed_ranges().iter().any(|range| range.contains(&host))
}

fn managed_ranges() -> MutexGuard<'static, Vec<Range<usize>>> {
    static RANGES: Mutex<Vec<Range<usize>>> = Mutex::new(Vec::new());
    RANGES.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// As nvcc's scheme has it: `pointer` is the host's pointer through which it reaches the managed variable.
///
/// # Safety
/// As for `__cudaRegisterFunction`; `pointer` is writable for as long as the image is registered.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __cudaRegisterManagedVariable(
    handle: *mut *mut c_void,
    pointer: *mut *mut c_void,
    _device: *mut c_char,
    name: *const c_char,
    _is_extern: c_int,
    _size: usize,
    _constant: c_int,
    _global: c_int,
) {
    add_pointer("__cudaRegisterManagedVariable", handle, pointer, name);
}

/// As clang's scheme has it: `initial` holds the variable's first value, which the image has too.
///
/// # Safety
/// As for `__cudaRegisterManagedVariable`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __cudaRegisterManagedVar(
    handle: *mut *mut c_void,
    pointer: *mut *mut c_void,
    _initial: *const c_void,
    name: *const c_char,
    _size: usize,
    _alignment: c_uint,
) {
    add_pointer("__cudaRegisterManagedVar", handle, pointer, name);
}

/// Lets a legacy texture reference stand for the device's of that name.
///
/// # Safety
/// As for `__cudaRegisterFunction`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __cudaRegisterTexture(
    handle: *mut *mut c_void,
    host: *const textureReference,
    _device: *const *const c_void,
    name: *const c_char,
    _dimensions: c_int,
    _normalized: c_int,
    _is_extern: c_int,
) {
    add("__cudaRegisterTexture", Kind::Texture, handle, host.cast(), name);
}

/// Lets a legacy surface reference stand for the device's of that name.
///
/// # Safety
/// As for `__cudaRegisterFunction`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __cudaRegisterSurface(
    handle: *mut *mut c_void,
    host: *const c_void,
    _device: *const *const c_void,
    name: *const c_char,
    _dimensions: c_int,
    _is_extern: c_int,
) {
    add("__cudaRegisterSurface", Kind::Surface, handle, host, name);
}

/// Loads an image now. Returns 1 as compilers' code expects.
///
/// # Safety
/// `handle` is null or came from `__cudaRegisterFatBinary`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __cudaInitModule(handle: *mut *mut c_void) -> c_char {
    let code = enter("__cudaInitModule", || match image(handle) {
        Some(image) => registry::load(image, context::ensure()?),
        None => Err(cudaErrorInvalidResourceHandle),
    });
    c_char::from(code.is_ok())
}

fn add(
    api: &'static str,
    kind: Kind,
    handle: *mut *mut c_void,
    host: *const c_void,
    name: *const c_char,
) -> c_int {
    let code = enter(api, || {
        let image = image(handle).ok_or(cudaErrorInvalidResourceHandle)?;
        if host.is_null() || name.is_null() {
            return Err(cudaErrorInvalidValue);
        }
        registry::add_symbol(kind, image, host, name);
        Ok(())
    });
    code.0 as c_int
}

fn add_pointer(api: &'static str, handle: *mut *mut c_void, pointer: *mut *mut c_void, name: *const c_char) {
    if add(api, Kind::Variable, handle, pointer.cast(), name) == 0 {
        managed(api, handle, Place::Pointer(pointer as usize), name);
    }
}

fn managed(api: &'static str, handle: *mut *mut c_void, place: Place, name: *const c_char) {
    enter(api, || {
        let image = image(handle).ok_or(cudaErrorInvalidResourceHandle)?;
        registry::add_managed(image, Managed { place, name: Name(name) });
        Ok(())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_wrapper_is_refused_and_a_good_one_lives_until_unregistered() {
        let text = c".version 8.0\n";
        let wrapper = |magic, data| FatbinWrapper { magic, version: 1, data, unused: core::ptr::null() };
        // SAFETY: wrappers, names and handles are as the functions ask.
        unsafe {
            assert!(__cudaRegisterFatBinary(core::ptr::null()).is_null());
            assert!(__cudaRegisterFatBinary(&wrapper(7, text.as_ptr().cast())).is_null());
            assert!(__cudaRegisterFatBinary(&wrapper(WRAPPER_MAGIC, core::ptr::null())).is_null());
            let handle = __cudaRegisterFatBinary(&wrapper(WRAPPER_MAGIC, text.as_ptr().cast()));
            assert!(!handle.is_null());
            let none = core::ptr::null_mut::<c_void>();
            let register = |host| {
                let (dim, size) = (none.cast(), none.cast());
                __cudaRegisterFunction(
                    handle,
                    host,
                    none.cast(),
                    c"k".as_ptr(),
                    -1,
                    none,
                    none,
                    dim,
                    dim,
                    size,
                )
            };
            assert_eq!(register(core::ptr::null()), cudaErrorInvalidValue.0 as c_int);
            assert_eq!(register(text.as_ptr()), 0);
            __cudaRegisterFatBinaryEnd(handle);
            __cudaUnregisterFatBinary(handle);
            __cudaUnregisterFatBinary(core::ptr::null_mut());
        }
        crate::error::clear();
    }
}
