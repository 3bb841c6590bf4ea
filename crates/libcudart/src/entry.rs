//! Versions, and the driver's functions by name.

use crate::api::{Result, require};
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_char, c_int, c_uint, c_ulonglong, c_void};

api! {
    fn cudaRuntimeGetVersion(version: *mut c_int) {
        require(version)?;
        version.write(CUDART_VERSION);
        Ok(())
    }

    /// The driver's version, or 0 where there is no driver.
    fn cudaDriverGetVersion(version: *mut c_int) {
        require(version)?;
        version.write(0);
        match cu::tables() {
            Ok(_) => cu::cuDriverGetVersion(version),
            Err(_) => Ok(()),
        }
    }
}

unsupported_api! {
    fn cudaGetExportTable(table: *mut *const c_void, id: *const cudaUUID_t);
}

stream_api! {
    /// A driver function as of CUDA 12.8.
    fn cudaGetDriverEntryPoint, cudaGetDriverEntryPoint_ptsz(
        default; symbol: *const c_char, function: *mut *mut c_void, flags: c_ulonglong,
        status: *mut cudaDriverEntryPointQueryResult,
    ) {
        lookup(symbol, function, CUDART_VERSION, flags | family(default, flags), status)
    }

    /// A driver function as of a given version.
    fn cudaGetDriverEntryPointByVersion, cudaGetDriverEntryPointByVersion_ptsz(
        default; symbol: *const c_char, function: *mut *mut c_void, version: c_uint, flags: c_ulonglong,
        status: *mut cudaDriverEntryPointQueryResult,
    ) {
        lookup(symbol, function, version as c_int, flags | family(default, flags), status)
    }
}

/// The flag for the caller's family of default streams, if the caller left the choice open.
fn family(default: crate::api::DefaultStream, flags: c_ulonglong) -> c_ulonglong {
    match default {
        crate::api::DefaultStream::PerThread if flags == 0 => {
            CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM.into()
        }
        crate::api::DefaultStream::PerThread | crate::api::DefaultStream::Legacy => 0,
    }
}

/// Errors: `cudaErrorInvalidValue` for nonsense. A name that is not found is a status and a null pointer, no error.
///
/// # Safety
/// Pointers are the C caller's.
unsafe fn lookup(
    symbol: *const c_char,
    function: *mut *mut c_void,
    version: c_int,
    flags: c_ulonglong,
    status: *mut cudaDriverEntryPointQueryResult,
) -> Result {
    require(symbol)?;
    require(function)?;
    context::init()?;
    let mut found = CU_GET_PROC_ADDRESS_SUCCESS;
    // SAFETY: outputs are writable; the name is NUL-terminated.
    let result = unsafe { cu::cuGetProcAddress(symbol, function, version, flags, &mut found) };
    if let Err(code) = result {
        if code != cudaErrorSymbolNotFound {
            return Err(code);
        }
        // SAFETY: checked above.
        unsafe { function.write(core::ptr::null_mut()) };
        if found == CU_GET_PROC_ADDRESS_SUCCESS {
            found = CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
        }
    }
    if !status.is_null() {
        // SAFETY: the caller's place for the status.
        unsafe { status.write(found) };
    }
    Ok(())
}
