//! What this NVRTC is and which architectures it takes.

use std::ffi::c_int;

use crate::result::{Status, entry};

/// # Safety
/// Each pointer is null or points to an int that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcVersion(major: *mut c_int, minor: *mut c_int) -> c_int {
    entry(|| {
        if major.is_null() || minor.is_null() {
            return Err(Status::InvalidInput);
        }
        // SAFETY: neither is null; the caller vouches for the rest.
        unsafe {
            *major = 12;
            *minor = 8;
        }
        Ok(())
    })
}

/// # Safety
/// `count` is null or points to an int that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcGetNumSupportedArchs(count: *mut c_int) -> c_int {
    entry(|| {
        if count.is_null() {
            return Err(Status::InvalidInput);
        }
        // SAFETY: not null; the caller vouches for the rest.
        unsafe { *count = cxx::nvrtc::supported_archs().len() as c_int };
        Ok(())
    })
}

/// # Safety
/// `archs` is null or has room for as many ints as `nvrtcGetNumSupportedArchs` says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcGetSupportedArchs(archs: *mut c_int) -> c_int {
    entry(|| {
        if archs.is_null() {
            return Err(Status::InvalidInput);
        }
        for (index, &arch) in cxx::nvrtc::supported_archs().iter().enumerate() {
            // SAFETY: the caller gave room for all of them.
            unsafe { *archs.add(index) = arch as c_int };
        }
        Ok(())
    })
}
