//! Where generated code runs: the processor of this machine, or another one that somebody emulates.
//!
//! Invariant: code of another processor is reached through [`Region::call`] alone, and what it calls goes through
//! [`crate::abi::Runtime`] or the table of functions: addresses mean the same on both sides.

use crate::abi::CtaContext;
use crate::llvm::{self, Target};

/// What the stack pointer of generated code is a multiple of: a vector, so that none that is spilled lies across two
/// lines of the cache. C's convention promises 16 bytes; [`Region::call`] sees to the rest.
pub const STACK_ALIGN: u32 = 64;

#[cfg(target_arch = "x86_64")]
std::arch::global_asm!(
    ".text",
    ".p2align 4",
    // Other objects of this crate use it: how many there are is the compiler's choice.
    ".globl anywarp_enter_aligned",
    ".hidden anywarp_enter_aligned",
    // fn(context, gang, frame, code) -> u32
    "anywarp_enter_aligned:",
    "push rbp",
    "mov rbp, rsp",
    "and rsp, -{align}",
    "call rcx",
    "mov rsp, rbp",
    "pop rbp",
    "ret",
    align = const STACK_ALIGN,
);

#[cfg(target_arch = "x86_64")]
unsafe extern "C-unwind" {
    fn anywarp_enter_aligned(context: *const CtaContext, gang: u32, frame: *mut u8, code: usize) -> u32;
}

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
        #[cfg(target_arch = "x86_64")]
        let native = || anywarp_enter_aligned as Enter;
        // SAFETY: the code takes the first three arguments; C's calling convention lets a caller pass more.
        #[cfg(not(target_arch = "x86_64"))]
        let native = || unsafe { std::mem::transmute::<usize, Enter>(address) };
        Region { enter: processor.enter().unwrap_or_else(native), address }
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

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    std::arch::global_asm!(
        ".text",
        ".globl anywarp_test_stack",
        ".hidden anywarp_test_stack",
        "anywarp_test_stack:",
        "lea rax, [rsp + 8]",
        "and eax, {mask}",
        "add eax, esi",
        "ret",
        mask = const STACK_ALIGN - 1,
    );

    unsafe extern "C" {
        fn anywarp_test_stack();
    }

    #[test]
    fn a_region_begins_with_an_aligned_stack() {
        // SAFETY: the code above reads the gang alone and keeps C's calling convention.
        let region = unsafe { Region::new(&Native, anywarp_test_stack as *const () as usize) };
        for gang in 0..4u32 {
            // Frames of several sizes in between.
            let deeper = |words: usize| {
                let words = std::hint::black_box(vec![0u8; words]);
                // SAFETY: as above.
                let returned = unsafe { region.call(std::ptr::null(), gang, std::ptr::null_mut()) };
                (returned, words.len())
            };
            assert_eq!(deeper(gang as usize).0, gang);
        }
    }
}
