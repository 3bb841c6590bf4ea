//! The thread's last error and the error tables.
//!
//! Invariant: the last error is forgotten once `cudaGetLastError` has returned it, even one that leaves its context
//! unusable: of that each later call says so anew. CUDA Runtime API, "Error Handling".

use abi::*;
use core::ffi::c_char;
use std::cell::Cell;

thread_local! {
    static LAST: Cell<cudaError_t> = const { Cell::new(cudaSuccess) };
}

/// Makes `code` the thread's last error. "Not ready" is no error (CUDA C++ Programming Guide, "Error Checking").
pub fn record(code: cudaError_t) {
    LAST.with(|last| {
        if code != cudaErrorNotReady {
            last.set(code);
        }
    });
}

/// The last error, which is then forgotten.
pub fn take() -> cudaError_t {
    LAST.with(|last| last.replace(cudaSuccess))
}

/// The last error, kept.
pub fn peek() -> cudaError_t {
    LAST.with(Cell::get)
}

/// Forgets the error: the device was reset.
pub fn clear() {
    LAST.with(|last| last.set(cudaSuccess));
}

/// The thread's last error; forgets it.
#[unsafe(no_mangle)]
pub extern "C" fn cudaGetLastError() -> cudaError_t {
    take()
}

/// The thread's last error, kept.
#[unsafe(no_mangle)]
pub extern "C" fn cudaPeekAtLastError() -> cudaError_t {
    peek()
}

/// The enumerator's name, or "unrecognized error code".
#[unsafe(no_mangle)]
pub extern "C" fn cudaGetErrorName(error: cudaError_t) -> *const c_char {
    let name = error_row(error.0).and_then(ErrorRow::runtime_cstr);
    name.unwrap_or(c"unrecognized error code").as_ptr()
}

/// The code's description, or "unrecognized error code".
#[unsafe(no_mangle)]
pub extern "C" fn cudaGetErrorString(error: cudaError_t) -> *const c_char {
    let row = error_row(error.0).filter(|row| !row.runtime.is_empty());
    row.map_or(c"unrecognized error code", ErrorRow::text_cstr).as_ptr()
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::ffi::CStr;

    #[test]
    fn last_error_is_kept_until_taken() {
        clear();
        record(cudaErrorInvalidValue);
        assert_eq!((peek(), take(), take()), (cudaErrorInvalidValue, cudaErrorInvalidValue, cudaSuccess));
        record(cudaErrorNotReady);
        assert_eq!(peek(), cudaSuccess);
        record(cudaErrorIllegalAddress);
        assert_eq!((peek(), take(), take()), (cudaErrorIllegalAddress, cudaErrorIllegalAddress, cudaSuccess));
    }

    #[test]
    fn names_and_texts() {
        let check = |code: u32, name: &str, text: &str| {
            // SAFETY: both functions return static NUL-terminated strings.
            let (n, t) = unsafe {
                let code = cudaError_t(code);
                (CStr::from_ptr(cudaGetErrorName(code)), CStr::from_ptr(cudaGetErrorString(code)))
            };
            assert_eq!((n.to_str(), t.to_str()), (Ok(name), Ok(text)));
        };
        check(0, "cudaSuccess", "no error");
        check(9, "cudaErrorInvalidConfiguration", "invalid configuration argument");
        check(700, "cudaErrorIllegalAddress", "an illegal memory access was encountered");
        check(202, "unrecognized error code", "unrecognized error code");
        check(12345, "unrecognized error code", "unrecognized error code");
    }
}
