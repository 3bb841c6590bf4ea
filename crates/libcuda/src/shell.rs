//! What every entry of the C API shares.
//!
//! Invariant: an entry made by these macros never unwinds into its caller and never writes through a null pointer.

use ::driver::Result;
use abi::*;
use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Runs an entry. A panic is a bug of ours: it is logged and becomes `CUDA_ERROR_UNKNOWN`.
#[inline]
pub fn guard(name: &'static str, run: impl FnOnce() -> Result<()>) -> CUresult {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(())) => {
            tracing::trace!("{name}");
            CUDA_SUCCESS
        }
        Ok(Err(code)) => {
            // Not being ready is an answer, not a failure.
            if code == CUDA_ERROR_NOT_READY {
                tracing::trace!("{name}: {code:?}");
            } else {
                tracing::debug!("{name}: {code:?}");
            }
            code
        }
        Err(_) => {
            tracing::error!("{name}: internal error");
            CUDA_ERROR_UNKNOWN
        }
    }
}

/// An out-parameter that must be there.
pub fn out<'a, T>(to: *mut T) -> Result<&'a mut std::mem::MaybeUninit<T>> {
    // SAFETY: C callers pass null or a pointer to a variable; it is only written.
    unsafe { to.cast::<std::mem::MaybeUninit<T>>().as_mut() }.ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// Checks an out-parameter, then fills it with what `make` returns.
pub fn give<T>(to: *mut T, make: impl FnOnce() -> Result<T>) -> Result<()> {
    let to = out(to)?;
    to.write(make()?);
    Ok(())
}

/// Fills an out-parameter that may be null.
pub fn offer<T>(to: *mut T, value: T) {
    if let Ok(to) = out(to) {
        to.write(value);
    }
}

/// An in-parameter that must be there.
pub fn input<'a, T>(from: *const T) -> Result<&'a T> {
    // SAFETY: C callers pass null or a pointer to a valid structure.
    unsafe { from.as_ref() }.ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// An array that must be there unless it is empty.
pub fn list<'a, T>(from: *const T, count: usize) -> Result<&'a [T]> {
    if count == 0 {
        return Ok(&[]);
    }
    if from.is_null() {
        return Err(CUDA_ERROR_INVALID_VALUE);
    }
    // SAFETY: C callers pass as many elements as they say.
    Ok(unsafe { std::slice::from_raw_parts(from, count) })
}

/// A C string in UTF-8.
pub fn text<'a>(from: *const c_char) -> Result<&'a str> {
    if from.is_null() {
        return Err(CUDA_ERROR_INVALID_VALUE);
    }
    // SAFETY: C callers pass NUL-terminated strings.
    unsafe { CStr::from_ptr(from) }.to_str().map_err(|_| CUDA_ERROR_INVALID_VALUE)
}

/// A path.
pub fn path<'a>(from: *const c_char) -> Result<&'a Path> {
    text(from).map(Path::new)
}

/// Copies a string into a buffer of `len` bytes, cut to fit, NUL-terminated.
pub fn fill_text(to: *mut c_char, len: i32, value: &str) -> Result<()> {
    let len = usize::try_from(len).ok().filter(|&len| len > 0).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    if to.is_null() {
        return Err(CUDA_ERROR_INVALID_VALUE);
    }
    let count = value.len().min(len - 1);
    // SAFETY: the caller gave `len` bytes.
    unsafe {
        std::ptr::copy_nonoverlapping(value.as_ptr(), to.cast(), count);
        *to.add(count) = 0;
    }
    Ok(())
}

/// The two-call convention of queries: with a null array the count is returned, else up to `*count` elements are
/// written, null ones behind the last, and `*count` becomes the number of elements.
pub fn give_list<T: Copy>(to: *mut T, count: *mut usize, values: &[T], blank: T) -> Result<()> {
    let count = {
        // SAFETY: C callers pass null or a pointer to a variable.
        unsafe { count.as_mut() }.ok_or(CUDA_ERROR_INVALID_VALUE)?
    };
    if to.is_null() {
        *count = values.len();
        return Ok(());
    }
    for index in 0..*count {
        // SAFETY: the caller gave room for `*count` elements.
        unsafe { *to.add(index) = values.get(index).copied().unwrap_or(blank) };
    }
    *count = values.len().min(*count);
    Ok(())
}

/// The stream that an argument means, null being the entry's default stream.
pub fn pick(default: CUstream, stream: CUstream) -> CUstream {
    if stream.is_null() { default } else { stream }
}

/// Entries of the C API: `fn NAME(ARGS) { body that returns ::driver::Result<()> }`.
macro_rules! api {
    ($($(#[$meta:meta])* fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $body:block)*) => {$(
        $(#[$meta])*
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($arg: $ty),*) -> abi::CUresult {
            $crate::shell::guard(stringify!($name), || $body)
        }
    )*};
}

/// Entries that exist twice: for the legacy and for the per-thread default stream. `$default` is the entry's.
macro_rules! stream_api {
    ($(fn $name:ident / $twin:ident($default:ident; $($arg:ident: $ty:ty),* $(,)?) $body:block)*) => {$(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($arg: $ty),*) -> abi::CUresult {
            let $default = abi::CUstream::LEGACY;
            $crate::shell::guard(stringify!($name), || $body)
        }

        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $twin($($arg: $ty),*) -> abi::CUresult {
            let $default = abi::CUstream::PER_THREAD;
            $crate::shell::guard(stringify!($twin), || $body)
        }
    )*};
}

/// Entries that are other entries under another name.
macro_rules! alias {
    ($($name:ident = $target:path;)*) => {$(
        #[unsafe(no_mangle)]
        #[unsafe(naked)]
        pub extern "C" fn $name() {
            #[cfg(target_arch = "x86_64")]
            core::arch::naked_asm!("jmp {}", sym $target);
            #[cfg(target_arch = "aarch64")]
            core::arch::naked_asm!("b {}", sym $target);
        }
    )*};
}
