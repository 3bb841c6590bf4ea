//! Stacks that generated code can leave and come back to.
//!
//! A switch saves the callee-saved registers on the stack that is left and takes those of the other one. Invariant: what
//! is on a stack that nobody returns to owns nothing, so a fault may abandon it.

use engine::{Fault, FaultKind};

#[cfg(target_arch = "x86_64")]
std::arch::global_asm!(
    ".text",
    ".p2align 4",
    // Other objects of this crate use both: how many there are is the compiler's choice.
    ".globl anywarp_switch",
    ".hidden anywarp_switch",
    ".globl anywarp_fiber_start",
    ".hidden anywarp_fiber_start",
    // fn(save: *mut usize, to: usize)
    "anywarp_switch:",
    "push rbp",
    "push rbx",
    "push r12",
    "push r13",
    "push r14",
    "push r15",
    "mov [rdi], rsp",
    "mov rsp, rsi",
    "pop r15",
    "pop r14",
    "pop r13",
    "pop r12",
    "pop rbx",
    "pop rbp",
    "ret",
    // Where a new stack starts: r12 is the function, r13 its argument.
    ".p2align 4",
    "anywarp_fiber_start:",
    "mov rdi, r13",
    "call r12",
    "ud2",
);

unsafe extern "C" {
    fn anywarp_switch(save: *mut usize, to: usize);
    fn anywarp_fiber_start();
}

/// Leaves the running stack, whose place is written to `save`, for the one at `to`.
///
/// # Safety
/// `to` was made by [`Stacks::start`] or written by a switch since, and nobody else continues there. What the caller
/// keeps in thread-locals may be another thread's when it goes on.
pub unsafe fn switch(save: *mut usize, to: usize) {
    // SAFETY: the caller's promise.
    unsafe { anywarp_switch(save, to) }
}

/// Stacks side by side with a guard below the lowest. Code that may nest without bound gets a stack by itself: the
/// others have neighbours.
pub struct Stacks {
    base: usize,
    /// Bytes of each.
    bytes: usize,
    count: usize,
}

const GUARD: usize = 16 << 10;

impl Stacks {
    /// `bytes`: a multiple of the page size.
    pub fn new(bytes: usize, count: usize) -> Result<Stacks, Fault> {
        let size = bytes * count + GUARD;
        let none =
            || Fault::new(FaultKind::Internal, format!("no memory for {count} stacks of {bytes} bytes"));
        // SAFETY: a fresh mapping, of which the lowest part is made inaccessible. A stack touches a page or two.
        unsafe {
            let at = libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE | libc::MAP_STACK,
                -1,
                0,
            );
            if at == libc::MAP_FAILED {
                return Err(none());
            }
            let stacks = Stacks { base: at as usize, bytes, count };
            libc::madvise(at, size, libc::MADV_NOHUGEPAGE);
            if libc::mprotect(at, GUARD, libc::PROT_NONE) != 0 {
                return Err(none());
            }
            Ok(stacks)
        }
    }

    /// Bytes of each stack.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// Prepares a call of `code`, which must not return, on a stack; the place to switch to.
    pub fn start(&mut self, stack: usize, code: extern "C" fn(usize) -> !, argument: usize) -> usize {
        let top = self.base + GUARD + (stack + 1) * self.bytes - 64;
        // Registers in the order in which `switch` takes them: r15, r14, r13, r12, rbx, rbp, and where it returns to.
        let frame = [0, 0, argument, code as usize, 0, 0, anywarp_fiber_start as *const () as usize];
        let place = top - size_of_val(&frame);
        // SAFETY: the words lie within the stack, which nobody runs on.
        unsafe { (place as *mut [usize; 7]).write(frame) };
        place
    }
}

impl Drop for Stacks {
    fn drop(&mut self) {
        // SAFETY: mapped in `new` with this size; nobody runs on it any more.
        unsafe {
            libc::munmap(self.base as *mut libc::c_void, self.bytes * self.count + GUARD);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pair {
        inside: usize,
        outside: usize,
        count: u32,
    }

    extern "C" fn body(argument: usize) -> ! {
        let pair = argument as *mut Pair;
        loop {
            // SAFETY: the test keeps the pair alive and waits while this runs.
            unsafe {
                (*pair).count += 1;
                switch(&raw mut (*pair).inside, (*pair).outside);
            }
        }
    }

    #[test]
    fn a_stack_goes_on_where_it_was_left() {
        let mut stack = Stacks::new(64 << 10, 2).unwrap();
        let mut pair = Pair { inside: 0, outside: 0, count: 0 };
        let pair = &raw mut pair;
        // SAFETY: `body` runs only during the switches below.
        unsafe {
            (*pair).inside = stack.start(1, body, pair as usize);
            for n in 1..=3 {
                switch(&raw mut (*pair).outside, (*pair).inside);
                assert_eq!((*pair).count, n);
            }
        }
    }
}
