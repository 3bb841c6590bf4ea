//! How an exported function is declared: the shell that catches panics and keeps the thread's last error.
//!
//! Invariant: every exported function that returns `cudaError_t` goes through `enter`, so nothing unwinds into C and
//! each failure becomes the thread's last error.

use crate::{error, log};
use abi::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a function body yields; the error is the code that C sees.
pub type Result<T = ()> = std::result::Result<T, cudaError_t>;

/// Which stream the null handle means: the two families of entry points differ in this alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DefaultStream {
    /// Plain names: the legacy default stream, which synchronizes with blocking streams.
    Legacy,
    /// Names with `_ptsz` and `_ptds`: the calling thread's own default stream.
    PerThread,
}

impl DefaultStream {
    /// The stream that `stream` names under this rule.
    pub fn stream(self, stream: cudaStream_t) -> cudaStream_t {
        match self {
            DefaultStream::PerThread if stream.is_null() => CUstream::PER_THREAD,
            DefaultStream::Legacy | DefaultStream::PerThread => stream,
        }
    }
}

/// Runs the body of an exported function.
pub fn enter(name: &'static str, body: impl FnOnce() -> Result) -> cudaError_t {
    let code = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return cudaSuccess,
        Ok(Err(code)) => code,
        Err(_) => {
            log::note(&format!("{name} panicked; this is a fault of libcudart"));
            cudaErrorUnknown
        }
    };
    error::record(code);
    code
}

/// A null pointer argument is an invalid value.
pub fn require<T: ?Sized>(pointer: *const T) -> Result {
    if pointer.is_null() { Err(cudaErrorInvalidValue) } else { Ok(()) }
}

/// An enumerator outside the documented ones is an invalid value.
pub fn known(is_known: bool) -> Result {
    if is_known { Ok(()) } else { Err(cudaErrorInvalidValue) }
}

/// Declares exported functions. A body sees its arguments and yields `Result`.
macro_rules! api {
    ($($(#[$meta:meta])* fn $name:ident($($arg:ident : $ty:ty),* $(,)?) $body:block)*) => {$(
        $(#[$meta])*
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($arg: $ty),*) -> abi::cudaError_t {
            #[allow(unused_unsafe)]
            // SAFETY: pointers are the C caller's, valid as the function's documentation asks; null is checked.
            $crate::api::enter(stringify!($name), move || unsafe { $body })
        }
    )*};
}

/// Declares functions that exist in both default-stream families. The body also sees which one was called.
macro_rules! stream_api {
    ($(
        $(#[$meta:meta])*
        fn $legacy:ident, $per_thread:ident($default:ident; $($arg:ident : $ty:ty),* $(,)?) $body:block
    )*) => {$(
        $(#[$meta])*
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $legacy($($arg: $ty),*) -> abi::cudaError_t {
            let $default = $crate::api::DefaultStream::Legacy;
            #[allow(unused_unsafe)]
            // SAFETY: pointers are the C caller's, valid as the function's documentation asks; null is checked.
            $crate::api::enter(stringify!($legacy), move || unsafe { $body })
        }

        $(#[$meta])*
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $per_thread($($arg: $ty),*) -> abi::cudaError_t {
            let $default = $crate::api::DefaultStream::PerThread;
            #[allow(unused_unsafe)]
            // SAFETY: pointers are the C caller's, valid as the function's documentation asks; null is checked.
            $crate::api::enter(stringify!($per_thread), move || unsafe { $body })
        }
    )*};
}

/// Declares exported functions that are not supported: they say so once in the log.
macro_rules! unsupported_api {
    ($(fn $name:ident($($arg:ident : $ty:ty),* $(,)?);)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C" fn $name($(_: $ty),*) -> abi::cudaError_t {
            $crate::api::enter(stringify!($name), || {
                $crate::log::unsupported(stringify!($name));
                Err(abi::cudaErrorNotSupported)
            })
        }
    )*};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_unknown_error() {
        assert_eq!(enter("test", || panic!("expected by the test")), cudaErrorUnknown);
        assert_eq!(error::take(), cudaErrorUnknown);
    }

    #[test]
    fn the_null_stream_depends_on_the_family() {
        assert_eq!(DefaultStream::Legacy.stream(CUstream::NULL), CUstream::NULL);
        assert_eq!(DefaultStream::PerThread.stream(CUstream::NULL), CUstream::PER_THREAD);
        assert_eq!(DefaultStream::PerThread.stream(CUstream::LEGACY), CUstream::LEGACY);
    }
}
