//! What a compilation made: PTX, log, lowered names; and the outputs that exist only for NVIDIA's devices.

use std::ffi::{CString, c_char, c_int, c_void};

use crate::program::{Handle, Output, text, with};
use crate::result::{Status, entry};

/// Which text of an output is asked for.
fn chosen(output: &Output, part: Part) -> Option<&CString> {
    match part {
        Part::Ptx => output.ptx.as_ref(),
        Part::Log => Some(&output.log),
    }
}

#[derive(Clone, Copy)]
enum Part {
    Ptx,
    Log,
}

/// # Safety
/// `size` is null or may be written.
unsafe fn size_of(program: Handle, size: *mut usize, part: Part) -> c_int {
    entry(|| {
        if size.is_null() {
            return Err(Status::InvalidInput);
        }
        let bytes = with(program, |p| match (&p.output, part) {
            (Some(output), part) => {
                chosen(output, part).map(|t| t.as_bytes_with_nul().len()).ok_or(Status::InvalidProgram)
            }
            // A log of nothing is empty.
            (None, Part::Log) => Ok(1),
            (None, Part::Ptx) => Err(Status::InvalidProgram),
        })?;
        // SAFETY: not null; the caller vouches for the rest.
        unsafe { *size = bytes };
        Ok(())
    })
}

/// # Safety
/// `into` is null or has room for as many bytes as the size call says.
unsafe fn copy(program: Handle, into: *mut c_char, part: Part) -> c_int {
    entry(|| {
        if into.is_null() {
            return Err(Status::InvalidInput);
        }
        with(program, |p| {
            let empty = CString::default();
            let text = match (&p.output, part) {
                (Some(output), part) => chosen(output, part).ok_or(Status::InvalidProgram)?,
                (None, Part::Log) => &empty,
                (None, Part::Ptx) => return Err(Status::InvalidProgram),
            };
            let bytes = text.as_bytes_with_nul();
            // SAFETY: the caller gave room for all of them.
            unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr().cast(), into, bytes.len()) };
            Ok(())
        })
    })
}

/// # Safety
/// As the NVRTC manual says of its arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcGetPTXSize(program: Handle, size: *mut usize) -> c_int {
    // SAFETY: the caller's promise is passed on.
    unsafe { size_of(program, size, Part::Ptx) }
}

/// # Safety
/// As the NVRTC manual says of its arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcGetPTX(program: Handle, ptx: *mut c_char) -> c_int {
    // SAFETY: the caller's promise is passed on.
    unsafe { copy(program, ptx, Part::Ptx) }
}

/// The image that a module loads from. Here that is the PTX: devices translate it themselves.
///
/// # Safety
/// As the NVRTC manual says of its arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcGetCUBINSize(program: Handle, size: *mut usize) -> c_int {
    // SAFETY: the caller's promise is passed on.
    unsafe { size_of(program, size, Part::Ptx) }
}

/// As `nvrtcGetCUBINSize`.
///
/// # Safety
/// As the NVRTC manual says of its arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcGetCUBIN(program: Handle, cubin: *mut c_char) -> c_int {
    // SAFETY: the caller's promise is passed on.
    unsafe { copy(program, cubin, Part::Ptx) }
}

/// # Safety
/// As the NVRTC manual says of its arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcGetProgramLogSize(program: Handle, size: *mut usize) -> c_int {
    // SAFETY: the caller's promise is passed on.
    unsafe { size_of(program, size, Part::Log) }
}

/// # Safety
/// As the NVRTC manual says of its arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcGetProgramLog(program: Handle, log: *mut c_char) -> c_int {
    // SAFETY: the caller's promise is passed on.
    unsafe { copy(program, log, Part::Log) }
}

/// The name lives until the program is compiled again or destroyed.
///
/// # Safety
/// `expression` is null or NUL-terminated; `lowered` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcGetLoweredName(
    program: Handle,
    expression: *const c_char,
    lowered: *mut *const c_char,
) -> c_int {
    entry(|| {
        // SAFETY: the caller vouches for the string.
        let expression = unsafe { text(expression) }.ok_or(Status::InvalidInput)?;
        if lowered.is_null() {
            return Err(Status::InvalidInput);
        }
        with(program, |p| {
            let output = p.output.as_ref().ok_or(Status::NoLoweredNamesBeforeCompilation)?;
            let name = output.lowered.get(&expression).ok_or(Status::NameExpressionNotValid)?;
            // SAFETY: not null; the caller vouches for the rest.
            unsafe { *lowered = name.as_ptr() };
            Ok(())
        })
    })
}

/// Outputs that only NVIDIA's own tools make: the program is checked, then the answer is that there is none.
macro_rules! never_made {
    ($($size:ident $get:ident)*) => {$(
        /// # Safety
        /// The pointer is not used.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $size(program: Handle, _size: *mut usize) -> c_int {
            entry(|| with(program, |_| Err(Status::InvalidProgram)))
        }

        /// # Safety
        /// The pointer is not used.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $get(program: Handle, _image: *mut c_char) -> c_int {
            entry(|| with(program, |_| Err(Status::InvalidProgram)))
        }
    )*};
}

never_made! {
    nvrtcGetLTOIRSize nvrtcGetLTOIR
    nvrtcGetNVVMSize nvrtcGetNVVM
    nvrtcGetOptiXIRSize nvrtcGetOptiXIR
}

/// # Safety
/// `size` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcGetPCHHeapSize(size: *mut usize) -> c_int {
    entry(|| {
        if size.is_null() {
            return Err(Status::InvalidInput);
        }
        // SAFETY: not null; the caller vouches for the rest.
        unsafe { *size = 0 };
        Ok(())
    })
}

/// There is no heap for precompiled headers: any size is as good.
#[unsafe(no_mangle)]
pub extern "C" fn nvrtcSetPCHHeapSize(_size: usize) -> c_int {
    entry(|| Ok(()))
}

/// No precompiled header is ever made.
#[unsafe(no_mangle)]
pub extern "C" fn nvrtcGetPCHCreateStatus(program: Handle) -> c_int {
    entry(|| with(program, |_| Err(Status::NoPchCreateAttempted)))
}

/// # Safety
/// The pointer is not used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcGetPCHHeapSizeRequired(program: Handle, _size: *mut usize) -> c_int {
    entry(|| with(program, |_| Err(Status::NoPchCreateAttempted)))
}

/// The callback may cancel a compilation; ours are short and are not cancelled, so it is never called.
#[unsafe(no_mangle)]
pub extern "C" fn nvrtcSetFlowCallback(
    program: Handle,
    callback: *const c_void,
    _payload: *mut c_void,
) -> c_int {
    entry(|| {
        if callback.is_null() {
            return Err(Status::InvalidInput);
        }
        with(program, |_| Ok(()))
    })
}
