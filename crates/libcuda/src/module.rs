//! Modules.

use crate::shell::*;
use ::driver::Result;
use ::driver::jit::Options;
use ::driver::module;
use abi::*;
use std::ffi::{c_char, c_uint, c_void};

fn load(to: *mut CUmodule, image: *const c_void, options: &Options) -> Result<()> {
    // SAFETY: C callers pass an image as cuModuleLoadData documents it.
    give(to, || unsafe { module::load_data(image.cast(), options) })
}

api! {
    fn cuModuleLoad(to: *mut CUmodule, file: *const c_char) {
        give(to, || module::load_file(path(file)?))
    }

    fn cuModuleLoadData(to: *mut CUmodule, image: *const c_void) {
        load(to, image, &Options::default())
    }

    fn cuModuleLoadDataEx(
        to: *mut CUmodule,
        image: *const c_void,
        count: c_uint,
        options: *mut CUjit_option,
        values: *mut *mut c_void,
    ) {
        // SAFETY: C callers pass as many options as they say.
        let options = unsafe { Options::read(count, options, values)? };
        load(to, image, &options)
    }

    fn cuModuleLoadFatBinary(to: *mut CUmodule, image: *const c_void) {
        load(to, image, &Options::default())
    }

    fn cuModuleUnload(handle: CUmodule) {
        module::unload(handle)
    }

    fn cuModuleGetFunction(to: *mut CUfunction, handle: CUmodule, name: *const c_char) {
        let name = text(name)?;
        ::driver::require(!name.is_empty())?;
        give(to, || module::function(handle, name))
    }

    fn cuModuleGetFunctionCount(count: *mut c_uint, handle: CUmodule) {
        give(count, || Ok(module::functions(handle, c_uint::MAX)?.len() as c_uint))
    }

    fn cuModuleEnumerateFunctions(to: *mut CUfunction, count: c_uint, handle: CUmodule) {
        for (index, function) in module::functions(handle, count)?.into_iter().enumerate() {
            give(to.wrapping_add(index), || Ok(function))?;
        }
        Ok(())
    }

    fn cuModuleGetGlobal_v2(at: *mut CUdeviceptr, size: *mut usize, handle: CUmodule, name: *const c_char) {
        ::driver::require(!at.is_null() || !size.is_null())?;
        let (start, bytes) = module::global(handle, text(name)?)?;
        offer(at, start);
        offer(size, bytes);
        Ok(())
    }

    fn cuModuleGetLoadingMode(mode: *mut CUmoduleLoadingMode) {
        give(mode, || ::driver::device::devices().map(|_| CU_MODULE_LAZY_LOADING))
    }
}
