//! Device variables, named by the host variables that stand for them.

use crate::api::{Result, require};
use crate::driver as cu;
use crate::registry::{self, Kind};
use crate::{context, copy, register};
use abi::*;
use core::ffi::c_void;

/// A device variable's address and size. Errors: `cudaErrorInvalidSymbol`.
pub fn resolve(symbol: *const c_void) -> Result<(CUdeviceptr, usize)> {
    if symbol.is_null() {
        return Err(cudaErrorInvalidSymbol);
    }
    let context = context::ensure()?;
    register::watch_for_exit();
    let (module, name) = registry::symbol(Kind::Variable, symbol, context, cudaErrorInvalidSymbol)?;
    let (mut address, mut bytes) = (0, 0);
    // SAFETY: outputs are writable; the name is the registering program's constant.
    unsafe { cu::cuModuleGetGlobal(&mut address, &mut bytes, module, name.0) }.map_err(
        |code| match code {
            cudaErrorSymbolNotFound => cudaErrorInvalidSymbol,
            other => other,
        },
    )?;
    Ok((address, bytes))
}

/// The address `offset` bytes into a variable, of which `count` bytes lie inside it.
pub fn inside(symbol: *const c_void, count: usize, offset: usize) -> Result<*mut c_void> {
    let (address, bytes) = resolve(symbol)?;
    if count == 0 {
        return Ok(address as *mut c_void);
    }
    let end = offset.checked_add(count).ok_or(cudaErrorInvalidValue)?;
    if end > bytes { Err(cudaErrorInvalidValue) } else { Ok((address + offset as u64) as *mut c_void) }
}

/// Copies to a symbol go from anywhere to the device.
pub fn check_to(kind: cudaMemcpyKind) -> Result {
    match kind {
        cudaMemcpyHostToDevice | cudaMemcpyDeviceToDevice | cudaMemcpyDefault => Ok(()),
        _ => Err(cudaErrorInvalidMemcpyDirection),
    }
}

/// Copies from a symbol go from the device to anywhere.
pub fn check_from(kind: cudaMemcpyKind) -> Result {
    match kind {
        cudaMemcpyDeviceToHost | cudaMemcpyDeviceToDevice | cudaMemcpyDefault => Ok(()),
        _ => Err(cudaErrorInvalidMemcpyDirection),
    }
}

api! {
    fn cudaGetSymbolAddress(pointer: *mut *mut c_void, symbol: *const c_void) {
        require(pointer)?;
        pointer.write(resolve(symbol)?.0 as *mut c_void);
        Ok(())
    }

    fn cudaGetSymbolSize(size: *mut usize, symbol: *const c_void) {
        require(size)?;
        size.write(resolve(symbol)?.1);
        Ok(())
    }
}

/// Ends are found out by address: a managed variable's storage may be the host's own.
const FOUND: cudaMemcpyKind = cudaMemcpyDefault;

stream_api! {
    fn cudaMemcpyToSymbol, cudaMemcpyToSymbol_ptds(
        default; symbol: *const c_void, src: *const c_void, count: usize, offset: usize, kind: cudaMemcpyKind,
    ) {
        check_to(kind)?;
        copy::copy(default, inside(symbol, count, offset)?, src, count, FOUND)
    }

    fn cudaMemcpyToSymbolAsync, cudaMemcpyToSymbolAsync_ptsz(
        default; symbol: *const c_void, src: *const c_void, count: usize, offset: usize, kind: cudaMemcpyKind,
        stream: cudaStream_t,
    ) {
        check_to(kind)?;
        copy::copy_async(inside(symbol, count, offset)?, src, count, FOUND, default.stream(stream))
    }

    fn cudaMemcpyFromSymbol, cudaMemcpyFromSymbol_ptds(
        default; dst: *mut c_void, symbol: *const c_void, count: usize, offset: usize, kind: cudaMemcpyKind,
    ) {
        check_from(kind)?;
        copy::copy(default, dst, inside(symbol, count, offset)?, count, FOUND)
    }

    fn cudaMemcpyFromSymbolAsync, cudaMemcpyFromSymbolAsync_ptsz(
        default; dst: *mut c_void, symbol: *const c_void, count: usize, offset: usize, kind: cudaMemcpyKind,
        stream: cudaStream_t,
    ) {
        check_from(kind)?;
        copy::copy_async(dst, inside(symbol, count, offset)?, count, FOUND, default.stream(stream))
    }
}
