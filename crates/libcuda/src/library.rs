//! Libraries and their kernels.

use crate::shell::*;
use ::driver::jit::Options;
use ::driver::library;
use abi::*;
use std::ffi::{c_char, c_int, c_uint, c_void};

/// Both kinds of options are met without doing anything: there is no table of host functions to build, and images are
/// always kept. `CUDA_ERROR_INVALID_VALUE` for any other.
fn library_options(options: *mut CUlibraryOption, count: c_uint) -> ::driver::Result<()> {
    // Each may be there once.
    ::driver::require(count <= 2)?;
    ::driver::require(list(options.cast_const(), count as usize)?.iter().all(|option| option.is_known()))
}

api! {
    fn cuLibraryLoadData(
        to: *mut CUlibrary,
        code: *const c_void,
        jit: *mut CUjit_option,
        jit_values: *mut *mut c_void,
        jit_count: c_uint,
        options: *mut CUlibraryOption,
        values: *mut *mut c_void,
        count: c_uint,
    ) {
        let _ = values; // Neither kind has one.
        library_options(options, count)?;
        // SAFETY: C callers pass as many options as they say, and an image as documented.
        unsafe {
            let options = Options::read(jit_count, jit, jit_values)?;
            give(to, || library::load_data(code.cast(), &options))
        }
    }

    fn cuLibraryLoadFromFile(
        to: *mut CUlibrary,
        file: *const c_char,
        jit: *mut CUjit_option,
        jit_values: *mut *mut c_void,
        jit_count: c_uint,
        options: *mut CUlibraryOption,
        values: *mut *mut c_void,
        count: c_uint,
    ) {
        let _ = values; // Neither kind has one.
        library_options(options, count)?;
        // SAFETY: C callers pass as many options as they say.
        let options = unsafe { Options::read(jit_count, jit, jit_values)? };
        give(to, || library::load_file(path(file)?, &options))
    }

    fn cuLibraryUnload(handle: CUlibrary) {
        library::unload(handle)
    }

    fn cuLibraryGetKernel(to: *mut CUkernel, handle: CUlibrary, name: *const c_char) {
        give(to, || library::get_kernel(handle, text(name)?))
    }

    fn cuLibraryGetKernelCount(count: *mut c_uint, handle: CUlibrary) {
        give(count, || library::kernel_count(handle).map(|count| count as c_uint))
    }

    fn cuLibraryEnumerateKernels(to: *mut CUkernel, count: c_uint, handle: CUlibrary) {
        for (index, kernel) in library::enumerate(handle, count as usize)?.into_iter().enumerate() {
            give(to.wrapping_add(index), || Ok(kernel))?;
        }
        Ok(())
    }

    fn cuLibraryGetModule(to: *mut CUmodule, handle: CUlibrary) {
        give(to, || library::get_module(handle))
    }

    fn cuLibraryGetGlobal(at: *mut CUdeviceptr, size: *mut usize, handle: CUlibrary, name: *const c_char) {
        let (start, bytes) = library::global(handle, text(name)?)?;
        offer(at, start);
        offer(size, bytes);
        Ok(())
    }

    fn cuLibraryGetManaged(at: *mut CUdeviceptr, size: *mut usize, handle: CUlibrary, name: *const c_char) {
        let (start, bytes) = library::managed(handle, text(name)?)?;
        offer(at, start);
        offer(size, bytes);
        Ok(())
    }

    fn cuLibraryGetUnifiedFunction(to: *mut *mut c_void, handle: CUlibrary, name: *const c_char) {
        let _ = (handle, name);
        give(to, || Ok(std::ptr::null_mut()))?;
        Err(CUDA_ERROR_NOT_FOUND)
    }

    fn cuKernelGetFunction(to: *mut CUfunction, kernel: CUkernel) {
        give(to, || library::kernel_function(kernel))
    }

    fn cuKernelGetLibrary(to: *mut CUlibrary, kernel: CUkernel) {
        give(to, || library::kernel_library(kernel))
    }

    fn cuKernelGetName(name: *mut *const c_char, kernel: CUkernel) {
        // The name lives as long as the kernel does.
        give(name, || Ok(library::kernel(kernel)?.c_name.as_ptr()))
    }

    fn cuKernelGetAttribute(value: *mut c_int, attribute: CUfunction_attribute, kernel: CUkernel, device: CUdevice) {
        give(value, || library::on_device(kernel, device)?.attribute(attribute))
    }

    fn cuKernelSetAttribute(attribute: CUfunction_attribute, value: c_int, kernel: CUkernel, device: CUdevice) {
        library::on_device(kernel, device)?.set_attribute(attribute, value)
    }

    fn cuKernelSetCacheConfig(kernel: CUkernel, config: CUfunc_cache, device: CUdevice) {
        ::driver::require(config.is_known())?;
        ::driver::device::get(device)?;
        library::kernel(kernel).map(|_| ())
    }

    fn cuKernelGetParamInfo(kernel: CUkernel, index: usize, offset: *mut usize, size: *mut usize) {
        let offset_to = out(offset)?;
        let (offset, bytes) = library::on_device(kernel, 0)?.param(index)?;
        offset_to.write(offset);
        offer(size, bytes);
        Ok(())
    }
}
