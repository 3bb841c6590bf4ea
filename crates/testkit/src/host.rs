//! A device in miniature: buffers that kernels may touch, and what they print.
//!
//! Each buffer lies alone: the bytes around it are not accessible to kernels.

use engine::{Access, Fault, FaultKind, Host};
use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Zeroed memory at a fixed address, aligned to 256 bytes.
#[derive(Debug)]
pub struct Buffer {
    base: *mut u8,
    len: usize,
}

// SAFETY: a buffer is plain memory; the host side reads and writes it only while no kernel runs.
unsafe impl Send for Buffer {}
// SAFETY: as above.
unsafe impl Sync for Buffer {}

impl Buffer {
    pub fn zeroed(len: usize) -> Buffer {
        let layout = Buffer::layout(len);
        // SAFETY: the layout's size is not zero.
        let base = unsafe { alloc_zeroed(layout) };
        if base.is_null() {
            handle_alloc_error(layout);
        }
        Buffer { base, len }
    }

    /// With room for an engine that reads whole vectors past the end, as devices have.
    fn layout(len: usize) -> Layout {
        Layout::from_size_align(len.max(1) + 256, 256).expect("test buffers are small")
    }

    pub fn address(&self) -> u64 {
        self.base as u64
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The contents. No kernel may be running.
    pub fn bytes(&self) -> Vec<u8> {
        // SAFETY: the buffer has `len` bytes and nobody writes them now.
        unsafe { std::slice::from_raw_parts(self.base, self.len) }.to_vec()
    }

    /// Replaces the first bytes. No kernel may be running.
    pub fn write(&self, bytes: &[u8]) {
        assert!(bytes.len() <= self.len, "{} bytes into a buffer of {}", bytes.len(), self.len);
        // SAFETY: the bytes fit, as was just checked, and nobody else touches them now.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.base, bytes.len()) };
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout, dropped once.
        unsafe { dealloc(self.base, Buffer::layout(self.len)) };
    }
}

#[derive(Debug)]
struct Mapped {
    buffer: Buffer,
    writable: bool,
}

/// Bytes of device heap that `malloc` gives out.
const HEAP: u64 = 8 << 20;

/// The memory and the output of a test's launches.
#[derive(Debug, Default)]
pub struct TestHost {
    /// By address.
    mapped: BTreeMap<u64, Mapped>,
    heap: Mutex<BTreeMap<u64, Buffer>>,
    printed: Mutex<Vec<u8>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TestHost {
    /// Adds a zeroed buffer; returns its address.
    pub fn add(&mut self, len: usize, access: Access) -> u64 {
        let buffer = Buffer::zeroed(len);
        let address = buffer.address();
        self.mapped.insert(address, Mapped { buffer, writable: access == Access::Write });
        address
    }

    /// The buffer that begins at `address`.
    pub fn buffer(&self, address: u64) -> &Buffer {
        &self.mapped[&address].buffer
    }

    /// What kernels have printed so far.
    pub fn printed(&self) -> String {
        String::from_utf8_lossy(&lock(&self.printed)).into_owned()
    }
}

impl Host for TestHost {
    fn accessible(&self, addr: u64, len: u64, access: Access) -> bool {
        let fits =
            |base: u64, size: usize| addr.checked_add(len).is_some_and(|end| end <= base + size as u64);
        if let Some((&base, mapped)) = self.mapped.range(..=addr).next_back()
            && fits(base, mapped.buffer.len())
        {
            return mapped.writable || access == Access::Read;
        }
        let heap = lock(&self.heap);
        heap.range(..=addr).next_back().is_some_and(|(&base, buffer)| fits(base, buffer.len()))
    }

    fn vprintf(&self, format: u64, args: u64) -> Result<i32, Fault> {
        let mut out = lock(&self.printed);
        device::printf::format(&Raw, format, args, &mut out)
            .ok_or_else(|| Fault::new(FaultKind::IllegalAddress, "printf of what cannot be read"))
    }

    fn malloc(&self, size: u64) -> u64 {
        let mut heap = lock(&self.heap);
        let used: u64 = heap.values().map(|b| b.len() as u64).sum();
        if size > HEAP - used {
            return 0;
        }
        let buffer = Buffer::zeroed(size as usize);
        let address = buffer.address();
        heap.insert(address, buffer);
        address
    }

    fn free(&self, addr: u64) -> Result<(), Fault> {
        match addr == 0 || lock(&self.heap).remove(&addr).is_some() {
            true => Ok(()),
            false => Err(Fault::new(FaultKind::IllegalAddress, "free of what malloc did not give")),
        }
    }

    fn assert_fail(
        &self,
        message: u64,
        file: u64,
        line: u32,
        func: u64,
        cta: [u32; 3],
        thread: [u32; 3],
    ) -> Fault {
        let text = |addr| {
            let bytes = device::printf::Reader::string(&Raw, addr).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let [bx, by, bz] = cta;
        let [tx, ty, tz] = thread;
        let (file, func, message) = (text(file), text(func), text(message));
        let shown = format!(
            "{file}:{line}: {func}: block: [{bx},{by},{bz}], thread: [{tx},{ty},{tz}] Assertion `{message}` failed.\n"
        );
        lock(&self.printed).extend_from_slice(shown.as_bytes());
        Fault::new(FaultKind::Assert, "assertion failed")
    }
}

/// Reads what engines have checked, or what lies in their own windows.
struct Raw;

impl device::printf::Reader for Raw {
    fn bytes<const N: usize>(&self, addr: u64) -> Option<[u8; N]> {
        if addr < 4096 {
            return None;
        }
        // SAFETY: engines pass addresses that their program may read; tests print only through valid ones.
        Some(unsafe { std::ptr::read_unaligned(addr as *const [u8; N]) })
    }

    fn string(&self, addr: u64) -> Option<Vec<u8>> {
        if addr < 4096 {
            return None;
        }
        // SAFETY: as above; formats and %s arguments of tests end with NUL.
        Some(unsafe { std::ffi::CStr::from_ptr(addr as *const std::ffi::c_char) }.to_bytes().to_vec())
    }
}
