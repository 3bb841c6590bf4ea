//! JIT options: what they ask for, and the logs that they want filled.
//!
//! Invariant: buffers are written only within the size that the program gave, NUL-terminated, with the size used
//! reported back (CUDA Driver API, CUjit_option).

use crate::Result;
use abi::*;

/// Options of a load or link, understood.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    info: Log,
    error: Log,
    pub opt_level: u8,
    pub bindings: Bindings,
    wall_time: Option<*mut f32>,
}

/// Variables whose storage the program provides: `CU_JIT_GLOBAL_SYMBOL_NAMES` and its kin.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bindings {
    names: usize,
    addresses: usize,
    count: usize,
}

impl Bindings {
    /// The address that the program gave for a variable's storage.
    pub fn address(&self, name: &str) -> Option<u64> {
        if self.names == 0 || self.addresses == 0 {
            return None;
        }
        (0..self.count).find_map(|index| {
            // SAFETY: the program gave two arrays of `count` elements, of strings and of addresses.
            unsafe {
                let bound = *(self.names as *const *const std::ffi::c_char).add(index);
                let named = !bound.is_null() && std::ffi::CStr::from_ptr(bound).to_bytes() == name.as_bytes();
                named.then(|| *(self.addresses as *const u64).add(index))
            }
        })
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Log {
    buffer: usize,
    size: usize,
    /// The value word of the size option, which receives the size used.
    size_word: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            info: Log::default(),
            error: Log::default(),
            opt_level: 2,
            bindings: Bindings::default(),
            wall_time: None,
        }
    }
}

/// More options than this are a number that is no count: there are some forty kinds.
const MOST: u32 = 1024;

impl Options {
    /// Reads `count` options. `CUDA_ERROR_INVALID_VALUE` for one that does not exist.
    ///
    /// # Safety
    /// Both arrays hold `count` elements; buffers that they name stay valid while the options are used.
    pub unsafe fn read(
        count: u32,
        options: *const CUjit_option,
        values: *mut *mut std::ffi::c_void,
    ) -> Result<Options> {
        let mut read = Options::default();
        crate::require(count <= MOST)?;
        if count > 0 && (options.is_null() || values.is_null()) {
            return Err(CUDA_ERROR_INVALID_VALUE);
        }
        for index in 0..count as usize {
            // SAFETY: the caller's promise.
            let (option, word) = unsafe { (*options.add(index), values.add(index)) };
            // SAFETY: as above.
            let value = unsafe { *word } as usize;
            match option {
                CU_JIT_INFO_LOG_BUFFER => read.info.buffer = value,
                CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES => {
                    (read.info.size, read.info.size_word) = (value & 0xffff_ffff, word as usize);
                }
                CU_JIT_ERROR_LOG_BUFFER => read.error.buffer = value,
                CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES => {
                    (read.error.size, read.error.size_word) = (value & 0xffff_ffff, word as usize);
                }
                CU_JIT_OPTIMIZATION_LEVEL => {
                    crate::require(value & 0xffff_ffff <= 4)?;
                    read.opt_level = (value & 7) as u8;
                }
                CU_JIT_GLOBAL_SYMBOL_NAMES => read.bindings.names = value,
                CU_JIT_GLOBAL_SYMBOL_ADDRESSES => read.bindings.addresses = value,
                CU_JIT_GLOBAL_SYMBOL_COUNT => read.bindings.count = value & 0xffff_ffff,
                CU_JIT_WALL_TIME => read.wall_time = Some(word.cast()),
                other => crate::require(other.is_known())?,
            }
        }
        Ok(read)
    }

    /// Writes the error log.
    pub fn report_error(&self, text: &str) {
        self.error.write(text);
    }

    /// Writes the info log.
    pub fn report_info(&self, text: &str) {
        self.info.write(text);
    }

    /// Reports the milliseconds that the work took.
    pub fn report_time(&self, milliseconds: f32) {
        if let Some(word) = self.wall_time {
            // SAFETY: the word of the options array, which is valid while the options are used.
            unsafe { word.write_unaligned(milliseconds) };
        }
    }
}

impl Log {
    fn write(&self, text: &str) {
        if self.buffer == 0 || self.size == 0 {
            return;
        }
        let len = text.len().min(self.size - 1);
        let to = self.buffer as *mut u8;
        // SAFETY: the program gave a buffer of `size` bytes.
        unsafe {
            std::ptr::copy_nonoverlapping(text.as_ptr(), to, len);
            *to.add(len) = 0;
        }
        if self.size_word != 0 {
            // CUDA reports the bytes filled; the word is as wide as a pointer.
            // SAFETY: the word of the options array, which is valid while the options are used.
            unsafe { *(self.size_word as *mut usize) = if text.is_empty() { 0 } else { len + 1 } };
        }
    }
}
