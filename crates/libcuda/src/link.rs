//! The linker.

use crate::shell::*;
use ::driver::jit::Options;
use ::driver::link;
use abi::*;
use std::ffi::{c_char, c_uint, c_void};

api! {
    fn cuLinkCreate_v2(
        count: c_uint,
        options: *mut CUjit_option,
        values: *mut *mut c_void,
        to: *mut CUlinkState,
    ) {
        // SAFETY: C callers pass as many options as they say, and keep them until the state is destroyed.
        let options = unsafe { Options::read(count, options, values)? };
        give(to, || link::create(options))
    }

    fn cuLinkAddData_v2(
        state: CUlinkState,
        kind: CUjitInputType,
        data: *mut c_void,
        size: usize,
        name: *const c_char,
        count: c_uint,
        options: *mut CUjit_option,
        values: *mut *mut c_void,
    ) {
        // SAFETY: C callers pass as many options as they say.
        unsafe { Options::read(count, options, values)? };
        ::driver::require(size > 0)?;
        let name = if name.is_null() { "" } else { text(name)? };
        link::add_data(state, kind, list(data.cast::<u8>().cast_const(), size)?, name)
    }

    fn cuLinkAddFile_v2(
        state: CUlinkState,
        kind: CUjitInputType,
        file: *const c_char,
        count: c_uint,
        options: *mut CUjit_option,
        values: *mut *mut c_void,
    ) {
        // SAFETY: C callers pass as many options as they say.
        unsafe { Options::read(count, options, values)? };
        link::add_file(state, kind, path(file)?)
    }

    fn cuLinkComplete(state: CUlinkState, image: *mut *mut c_void, size: *mut usize) {
        let to = out(image)?;
        let (at, bytes) = link::complete(state)?;
        to.write(at as *mut c_void);
        offer(size, bytes);
        Ok(())
    }

    fn cuLinkDestroy(state: CUlinkState) {
        link::destroy(state)
    }
}
