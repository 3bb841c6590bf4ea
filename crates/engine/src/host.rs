//! What a running kernel may ask of its device.

use crate::Fault;

/// How memory is touched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    Read,
    Write,
}

/// Services of the device to running kernels. Called from worker threads.
pub trait Host: Send + Sync {
    /// Whether `len` bytes at the host address `addr` belong to memory that kernels may access.
    fn accessible(&self, addr: u64, len: u64, access: Access) -> bool;

    /// Device `printf`: `format` is the address of a NUL-terminated string, `args` of the packed arguments (each
    /// aligned to its size, as `vprintf` of the CUDA device runtime defines). Returns the number of arguments.
    fn vprintf(&self, format: u64, args: u64) -> Result<i32, Fault>;

    /// Device `malloc`: 0 when the heap is full.
    fn malloc(&self, size: u64) -> u64;

    /// Device `free`.
    fn free(&self, addr: u64) -> Result<(), Fault>;

    /// Device `assert`: prints CUDA's message; the strings are addresses. Returns the fault that ends the launch.
    fn assert_fail(
        &self,
        message: u64,
        file: u64,
        line: u32,
        func: u64,
        cta: [u32; 3],
        thread: [u32; 3],
    ) -> Fault;
}
