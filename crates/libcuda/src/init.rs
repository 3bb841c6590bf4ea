//! Initialisation, version and errors.

use crate::shell::*;
use ::driver::device;
use abi::*;
use std::ffi::{c_char, c_int, c_uint, c_void};
use std::io::IsTerminal;
use std::sync::Once;

/// `ANYWARP_LOG` says what is shown, in the form of `RUST_LOG`; errors are shown unless it says otherwise.
fn start_log() {
    static LOG: Once = Once::new();
    LOG.call_once(|| {
        let filter = std::env::var("ANYWARP_LOG").unwrap_or_else(|_| "error".into());
        let filter = tracing_subscriber::EnvFilter::new(filter);
        let log =
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time();
        // Somebody else's subscriber in the process is as good.
        log.with_target(false).with_ansi(std::io::stderr().is_terminal()).try_init().ok();
    });
}

api! {
    fn cuInit(flags: c_uint) {
        start_log();
        device::init(flags)
    }

    fn cuDriverGetVersion(version: *mut c_int) {
        give(version, || Ok(CUDA_VERSION))
    }

    fn cuGetErrorName(error: CUresult, name: *mut *const c_char) {
        let to = out(name)?;
        to.write(std::ptr::null());
        let row = error_row(error.0).and_then(ErrorRow::driver_cstr).ok_or(CUDA_ERROR_INVALID_VALUE)?;
        to.write(row.as_ptr());
        Ok(())
    }

    fn cuGetErrorString(error: CUresult, message: *mut *const c_char) {
        let to = out(message)?;
        to.write(std::ptr::null());
        let row = error_row(error.0).filter(|row| row.driver_cstr().is_some()).ok_or(CUDA_ERROR_INVALID_VALUE)?;
        to.write(row.text_cstr().as_ptr());
        Ok(())
    }

    /// Export tables are undocumented interfaces of NVIDIA's own libraries.
    fn cuGetExportTable(table: *mut *const c_void, id: *const CUuuid) {
        input(id)?;
        give(table, || Ok(std::ptr::null()))?;
        Err(CUDA_ERROR_NOT_FOUND)
    }

    fn cuProfilerInitialize(config: *const c_char, output: *const c_char, mode: CUoutput_mode) {
        let _ = (config, output, mode);
        Err(CUDA_ERROR_PROFILER_DISABLED)
    }

    fn cuProfilerStart() {
        ::driver::context::current().map(|_| ())
    }

    fn cuProfilerStop() {
        ::driver::context::current().map(|_| ())
    }
}
