//! Libraries: images that the program loads itself, independent of contexts.

use crate::api::require;
use crate::driver as cu;
use crate::{context, registry};
use abi::*;
use core::ffi::{c_char, c_int, c_uint, c_void};

api! {
    fn cudaLibraryLoadData(
        library: *mut cudaLibrary_t, code: *const c_void, jit_options: *mut cudaJitOption,
        jit_values: *mut *mut c_void, jit_count: c_uint, options: *mut cudaLibraryOption, values: *mut *mut c_void,
        count: c_uint,
    ) {
        require(library)?;
        require(code)?;
        context::ensure()?;
        cu::cuLibraryLoadData(library, code, jit_options, jit_values, jit_count, options, values, count)
    }

    fn cudaLibraryLoadFromFile(
        library: *mut cudaLibrary_t, file: *const c_char, jit_options: *mut cudaJitOption,
        jit_values: *mut *mut c_void, jit_count: c_uint, options: *mut cudaLibraryOption, values: *mut *mut c_void,
        count: c_uint,
    ) {
        require(library)?;
        require(file)?;
        context::ensure()?;
        cu::cuLibraryLoadFromFile(library, file, jit_options, jit_values, jit_count, options, values, count)
    }

    fn cudaLibraryUnload(library: cudaLibrary_t) {
        context::ensure()?;
        cu::cuLibraryUnload(library)
    }

    /// The kernel can then be launched by `cudaLaunchKernel` as a host function can.
    fn cudaLibraryGetKernel(kernel: *mut cudaKernel_t, library: cudaLibrary_t, name: *const c_char) {
        require(kernel)?;
        require(name)?;
        context::ensure()?;
        cu::cuLibraryGetKernel(kernel, library, name)?;
        registry::add_kernel(*kernel);
        Ok(())
    }

    fn cudaLibraryGetKernelCount(count: *mut c_uint, library: cudaLibrary_t) {
        require(count)?;
        context::ensure()?;
        cu::cuLibraryGetKernelCount(count, library)
    }

    fn cudaLibraryEnumerateKernels(kernels: *mut cudaKernel_t, count: c_uint, library: cudaLibrary_t) {
        require(kernels)?;
        context::ensure()?;
        cu::cuLibraryEnumerateKernels(kernels, count, library)?;
        core::slice::from_raw_parts(kernels, count as usize).iter().for_each(|kernel| registry::add_kernel(*kernel));
        Ok(())
    }

    fn cudaLibraryGetGlobal(pointer: *mut *mut c_void, bytes: *mut usize, library: cudaLibrary_t, name: *const c_char) {
        require(name)?;
        context::ensure()?;
        let mut address = 0;
        cu::cuLibraryGetGlobal(&mut address, bytes, library, name)?;
        if !pointer.is_null() {
            pointer.write(address as *mut c_void);
        }
        Ok(())
    }

    fn cudaLibraryGetManaged(
        pointer: *mut *mut c_void, bytes: *mut usize, library: cudaLibrary_t, name: *const c_char,
    ) {
        require(name)?;
        context::ensure()?;
        let mut address = 0;
        cu::cuLibraryGetManaged(&mut address, bytes, library, name)?;
        if !pointer.is_null() {
            pointer.write(address as *mut c_void);
        }
        Ok(())
    }

    fn cudaLibraryGetUnifiedFunction(function: *mut *mut c_void, library: cudaLibrary_t, symbol: *const c_char) {
        require(function)?;
        require(symbol)?;
        context::ensure()?;
        cu::cuLibraryGetUnifiedFunction(function, library, symbol)
    }

    fn cudaKernelSetAttributeForDevice(
        kernel: cudaKernel_t, attribute: cudaFuncAttribute, value: c_int, device: c_int,
    ) {
        context::check_device(device)?;
        cu::cuKernelSetAttribute(CUfunction_attribute(attribute.0), value, kernel, device)
    }
}
