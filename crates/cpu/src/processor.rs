//! Where generated code runs: the processor of this machine, or another one that somebody emulates.
//!
//! Invariant: code of another processor is reached through [`Region::call`] alone, and what it calls goes through
//! [`crate::abi::Runtime`] or the table of functions: addresses mean the same on both sides.

use crate::abi::CtaContext;
use crate::llvm::{self, Target};

/// Runs code at the address that comes last on a gang: see [`Region::call`].
pub type Enter = unsafe extern "C-unwind" fn(*const CtaContext, u32, *mut u8, usize) -> u32;

/// A processor with this machine's memory and runtime.
pub trait Processor: Send + Sync {
    /// What code is generated for.
    fn target(&self) -> Result<&Target, String>;

    /// What runs code of this processor; `None` where a call does.
    fn enter(&self) -> Option<Enter>;

    /// A place of whole pages for code of `size` bytes; `None`: anywhere. The bytes stay there for good.
    fn room(&self, size: usize) -> Option<*mut u8>;
}

/// The processor that runs this program.
pub struct Native;

impl Processor for Native {
    fn target(&self) -> Result<&Target, String> {
        llvm::host()
    }

    fn enter(&self) -> Option<Enter> {
        None
    }

    fn room(&self, _: usize) -> Option<*mut u8> {
        None
    }
}

/// A region's code.
#[derive(Clone, Copy)]
pub struct Region {
    enter: Enter,
    address: usize,
}

impl Region {
    /// # Safety
    /// There is code of a region at `address`, made for `processor`, as long as the region is called.
    pub unsafe fn new(processor: &dyn Processor, address: usize) -> Region {
        // SAFETY: the code takes the first three arguments; C's calling convention lets a caller pass more.
        let direct = || unsafe { std::mem::transmute::<usize, Enter>(address) };
        Region { enter: processor.enter().unwrap_or_else(direct), address }
    }

    /// Runs the region for a gang with its frame; returns the number of the region that the gang goes on with, or
    /// [`crate::abi::DONE`].
    ///
    /// # Safety
    /// The context, the gang and the frame are those that the region was compiled for.
    #[inline]
    pub unsafe fn call(&self, context: *const CtaContext, gang: u32, frame: *mut u8) -> u32 {
        // SAFETY: the caller's promise, and that of `new`.
        unsafe { (self.enter)(context, gang, frame, self.address) }
    }
}
