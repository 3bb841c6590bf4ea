//! The driver library: found once, its functions resolved once, called through checked wrappers.
//!
//! Invariant: `libcuda.so.1` is taken from the directory of this library first, so that a process never mixes our
//! runtime with another driver by accident; then the loader's search path decides.

#[macro_use]
mod declare;
mod graph_table;
mod table;

pub use graph_table::*;
pub use table::*;

use crate::api::Result;
use crate::log;
use abi::*;
use core::ffi::{CStr, c_void};
use std::ffi::CString;
use std::sync::OnceLock;

/// The driver library's functions.
pub struct Tables {
    pub core: Core,
    pub graph: Graph,
}

/// The functions of the driver library. Errors: `cudaErrorInsufficientDriver` when there is no such library.
pub fn tables() -> Result<&'static Tables> {
    static TABLES: OnceLock<Option<Tables>> = OnceLock::new();
    let load =
        || open().map(|library| Tables { core: Core::resolve(library), graph: Graph::resolve(library) });
    TABLES.get_or_init(load).as_ref().ok_or(cudaErrorInsufficientDriver)
}

/// A `CUresult` as the runtime's result.
pub fn check(result: CUresult) -> Result {
    if result.is_ok() { Ok(()) } else { Err(result.into()) }
}

/// The driver library's handle.
#[derive(Clone, Copy)]
pub struct Library(*mut c_void);

impl Library {
    fn symbol(self, name: &CStr) -> *mut c_void {
        // SAFETY: the handle came from dlopen and is never closed; the name is NUL-terminated.
        unsafe { libc::dlsym(self.0, name.as_ptr()) }
    }
}

fn open() -> Option<Library> {
    beside_this_library().and_then(|path| load(&path)).or_else(|| load(c"libcuda.so.1")).or_else(|| {
        log::note("libcuda.so.1 was not found beside libcudart.so.12 nor by the loader");
        None
    })
}

fn load(path: &CStr) -> Option<Library> {
    // SAFETY: the path is NUL-terminated; the library's initializers are libcuda's own.
    let handle = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
    (!handle.is_null()).then_some(Library(handle))
}

/// `libcuda.so.1` in the directory from which this library was loaded.
fn beside_this_library() -> Option<CString> {
    let here: extern "C" fn() -> cudaError_t = crate::error::cudaGetLastError;
    let mut info = libc::Dl_info {
        dli_fname: core::ptr::null(),
        dli_fbase: core::ptr::null_mut(),
        dli_sname: core::ptr::null(),
        dli_saddr: core::ptr::null_mut(),
    };
    // SAFETY: `here` is an address of this library; `info` is writable.
    let found = unsafe { libc::dladdr(here as *const c_void, &mut info) };
    if found == 0 || info.dli_fname.is_null() {
        return None;
    }
    // SAFETY: dladdr yields a NUL-terminated path that lives as long as the library.
    let file = unsafe { CStr::from_ptr(info.dli_fname) }.to_bytes();
    let directory = &file[..file.iter().rposition(|byte| *byte == b'/')?];
    CString::new([directory, b"/libcuda.so.1"].concat()).ok()
}
