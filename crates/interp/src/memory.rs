//! Memory that threads touch: buffers at fixed host addresses, and accesses to host addresses.
//!
//! Every access is an atomic of its width (relaxed unless the program says more), because other workers and the host
//! may touch device memory at the same time. Whether an address may be touched is decided in [`crate::env`], before.

use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering};

/// Zeroed memory whose address does not change.
pub struct Buffer {
    base: *mut u8,
    layout: Layout,
}

// SAFETY: the buffer is only ever touched through the atomic accesses below.
unsafe impl Send for Buffer {}
// SAFETY: as above.
unsafe impl Sync for Buffer {}

impl Buffer {
    /// `align` is a power of two.
    pub fn zeroed(bytes: u64, align: u64) -> Buffer {
        let layout =
            Layout::from_size_align(bytes.max(1) as usize, align as usize).expect("window sizes are sane");
        // SAFETY: the layout's size is not zero.
        let base = unsafe { alloc_zeroed(layout) };
        if base.is_null() {
            handle_alloc_error(layout);
        }
        Buffer { base, layout }
    }

    /// A copy of `bytes`.
    pub fn copy_of(bytes: &[u8], size: u64, align: u64) -> Buffer {
        let buffer = Buffer::zeroed(size.max(bytes.len() as u64), align);
        // SAFETY: the buffer was just made, has this many bytes, and nobody else knows it.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.base, bytes.len()) };
        buffer
    }

    pub fn address(&self) -> u64 {
        self.base as u64
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout, dropped once.
        unsafe { dealloc(self.base, self.layout) };
    }
}

/// # Safety
/// `bytes` (1, 2, 4 or 8) bytes at `addr`, aligned to their number, are mapped and live.
pub unsafe fn load(addr: u64, bytes: u32, order: Ordering) -> u64 {
    // SAFETY: the caller's promise; `from_ptr` asks for alignment and liveness, which it gives.
    unsafe {
        match bytes {
            1 => AtomicU8::from_ptr(addr as *mut u8).load(order).into(),
            2 => AtomicU16::from_ptr(addr as *mut u16).load(order).into(),
            4 => AtomicU32::from_ptr(addr as *mut u32).load(order).into(),
            _ => AtomicU64::from_ptr(addr as *mut u64).load(order),
        }
    }
}

/// # Safety
/// As [`load`], and the memory may be written.
pub unsafe fn store(addr: u64, bytes: u32, value: u64, order: Ordering) {
    // SAFETY: the caller's promise.
    unsafe {
        match bytes {
            1 => AtomicU8::from_ptr(addr as *mut u8).store(value as u8, order),
            2 => AtomicU16::from_ptr(addr as *mut u16).store(value as u16, order),
            4 => AtomicU32::from_ptr(addr as *mut u32).store(value as u32, order),
            _ => AtomicU64::from_ptr(addr as *mut u64).store(value, order),
        }
    }
}

/// Replaces the value with `update(old)` in one step; returns the old one.
///
/// # Safety
/// As [`store`].
pub unsafe fn modify(addr: u64, bytes: u32, update: impl Fn(u64) -> u64) -> u64 {
    let order = Ordering::SeqCst;
    // SAFETY: the caller's promise.
    unsafe {
        match bytes {
            1 => {
                let at = AtomicU8::from_ptr(addr as *mut u8);
                either(at.fetch_update(order, order, |old| Some(update(old.into()) as u8))).into()
            }
            2 => {
                let at = AtomicU16::from_ptr(addr as *mut u16);
                either(at.fetch_update(order, order, |old| Some(update(old.into()) as u16))).into()
            }
            4 => {
                let at = AtomicU32::from_ptr(addr as *mut u32);
                either(at.fetch_update(order, order, |old| Some(update(old.into()) as u32))).into()
            }
            _ => {
                let at = AtomicU64::from_ptr(addr as *mut u64);
                either(at.fetch_update(order, order, |old| Some(update(old))))
            }
        }
    }
}

/// The old value, which both outcomes of an update hold.
fn either<T>(result: Result<T, T>) -> T {
    result.unwrap_or_else(|old| old)
}
