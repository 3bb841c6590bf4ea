//! Wild accesses of kernels become faults: a signal inside generated code returns to where the kernel was called.
//!
//! `guarded_call` saves the stack pointer and the callee-saved registers; the signal handler, or a runtime call that
//! cannot return, puts them back. What runs in between is generated code and runtime calls that own nothing.

use engine::{Fault, FaultKind};
use std::cell::{Cell, RefCell};
use std::sync::Once;

#[cfg(target_arch = "x86_64")]
std::arch::global_asm!(
    ".text",
    ".p2align 4",
    // fn(code: extern "C" fn(*mut c_void), argument: *mut c_void, saved_stack: *mut usize) -> u32
    "anywarp_guarded_call:",
    "push rbp",
    "push rbx",
    "push r12",
    "push r13",
    "push r14",
    "push r15",
    "sub rsp, 8",
    "mov [rdx], rsp",
    "mov rax, rdi",
    "mov rdi, rsi",
    "call rax",
    "xor eax, eax",
    "jmp 2f",
    ".p2align 4",
    "anywarp_recover:",
    "cld",
    "mov eax, 1",
    "2:",
    "add rsp, 8",
    "pop r15",
    "pop r14",
    "pop r13",
    "pop r12",
    "pop rbx",
    "pop rbp",
    "ret",
    // fn(saved_stack: usize) -> !
    ".p2align 4",
    "anywarp_throw:",
    "mov rsp, rdi",
    "jmp anywarp_recover",
);

unsafe extern "C" {
    fn anywarp_guarded_call(
        code: extern "C-unwind" fn(*mut libc::c_void),
        argument: *mut libc::c_void,
        saved_stack: *mut usize,
    ) -> u32;
    fn anywarp_recover();
    fn anywarp_throw(saved_stack: usize) -> !;
}

thread_local! {
    /// Set by the signal handler: signal number, address, stack pointer.
    static SIGNAL: Cell<(i32, u64, u64)> = const { Cell::new((0, 0, 0)) };
    /// What [`throw`] was given, boxed: a raw pointer, which has no destructor, so that it is there until the thread ends.
    static PENDING: Cell<*mut Fault> = const { Cell::new(std::ptr::null_mut()) };
    static ALT_STACK: RefCell<Option<AltStack>> = const { RefCell::new(None) };
}

/// An access this close to the stack pointer is an overflow of the worker's own stack, which deep recursion uses.
const STACK_REACH: u64 = 64 << 10;

/// Runs `f`; a fault inside it, by signal or by [`throw`], ends it early. `f` must own nothing that needs dropping
/// when it is cut short.
pub fn guard(f: &mut dyn FnMut()) -> Result<(), Fault> {
    install();
    struct Call<'a>(&'a mut dyn FnMut());
    extern "C-unwind" fn run(argument: *mut libc::c_void) {
        // SAFETY: `argument` is the `Call` below, alive and not aliased during the call.
        let call = unsafe { &mut *argument.cast::<Call<'_>>() };
        (call.0)();
    }
    let mut call = Call(f);
    let mut saved = 0usize;
    // SAFETY: the assembly keeps the C calling convention. `saved` is written before the code runs; its address goes to
    // the thread-local through `enter` below, which the code calls first.
    let cut_short = unsafe {
        SAVED_SLOT.set(&raw mut saved);
        anywarp_guarded_call(run, (&raw mut call).cast(), &raw mut saved)
    };
    SAVED_SLOT.set(std::ptr::null_mut());
    if cut_short == 0 {
        return Ok(());
    }
    let pending = PENDING.replace(std::ptr::null_mut());
    if !pending.is_null() {
        // SAFETY: made by `throw` from a box, and taken out here once.
        return Err(*unsafe { Box::from_raw(pending) });
    }
    let (signal, address, stack) = SIGNAL.get();
    if signal == libc::SIGSEGV && address.abs_diff(stack) < STACK_REACH {
        return Err(Fault::new(FaultKind::StackOverflow, "a stack overflow"));
    }
    let mut fault = match signal {
        libc::SIGSEGV | libc::SIGBUS => Fault::new(FaultKind::IllegalAddress, "an illegal memory access"),
        libc::SIGILL => Fault::new(FaultKind::IllegalInstruction, "an illegal instruction"),
        _ => Fault::new(FaultKind::Internal, format!("signal {signal} in generated code")),
    };
    if matches!(signal, libc::SIGSEGV | libc::SIGBUS) {
        fault.address = Some(address);
    }
    Err(fault)
}

thread_local! {
    /// Where `guarded_call` keeps the stack pointer of the innermost guarded call.
    static SAVED_SLOT: Cell<*mut usize> = const { Cell::new(std::ptr::null_mut()) };
}

/// The stack pointer of the innermost guarded call; 0 outside.
fn saved_stack() -> usize {
    let slot = SAVED_SLOT.get();
    if slot.is_null() {
        return 0;
    }
    // SAFETY: the slot is a local of `guard`, which is on this thread's stack as long as the slot is set.
    unsafe { slot.read() }
}

/// Ends the kernel that runs on this thread with a fault. The frames in between are skipped, not unwound.
pub fn throw(fault: Fault) -> ! {
    PENDING.set(Box::into_raw(Box::new(fault)));
    let saved = saved_stack();
    if saved == 0 {
        // No kernel runs here: generated code was called without a guard, which is our own bug.
        std::process::abort();
    }
    // SAFETY: the stack pointer was saved by `guarded_call`, whose frame is still there.
    unsafe { anywarp_throw(saved) }
}

struct AltStack {
    base: *mut libc::c_void,
    size: usize,
}

impl Drop for AltStack {
    fn drop(&mut self) {
        // SAFETY: switches the alternative stack off before its memory goes away.
        unsafe {
            let off = libc::stack_t { ss_sp: std::ptr::null_mut(), ss_flags: libc::SS_DISABLE, ss_size: 0 };
            libc::sigaltstack(&off, std::ptr::null_mut());
            libc::munmap(self.base, self.size);
        }
    }
}

static mut OLD_ACTIONS: [Option<libc::sigaction>; 32] = [None; 32];
const SIGNALS: [i32; 4] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL];

/// Installs the handlers once, and an alternative stack for this thread, so that stack overflows can be handled.
fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for signal in SIGNALS {
            // SAFETY: a handler that only touches thread-locals without destructors and the saved context; the old
            // action is written before any other thread can run the handler for it.
            unsafe {
                let mut action: libc::sigaction = std::mem::zeroed();
                action.sa_sigaction = on_signal as *const () as usize;
                action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
                libc::sigemptyset(&mut action.sa_mask);
                let mut old: libc::sigaction = std::mem::zeroed();
                if libc::sigaction(signal, &action, &mut old) == 0 {
                    OLD_ACTIONS[signal as usize] = Some(old);
                }
            }
        }
    });
    // At a thread's very end the slot is gone, and faults are handled on the stack they happen on.
    let _ = ALT_STACK.try_with(|slot| {
        let Ok(mut slot) = slot.try_borrow_mut() else { return };
        if slot.is_some() {
            return;
        }
        let size = 64 << 10;
        // SAFETY: a fresh mapping becomes this thread's alternative stack, unless it has one already.
        unsafe {
            let mut current: libc::stack_t = std::mem::zeroed();
            libc::sigaltstack(std::ptr::null(), &mut current);
            if current.ss_flags & libc::SS_DISABLE == 0 {
                return;
            }
            let base = libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            );
            if base == libc::MAP_FAILED {
                return;
            }
            let stack = libc::stack_t { ss_sp: base, ss_flags: 0, ss_size: size };
            libc::sigaltstack(&stack, std::ptr::null_mut());
            *slot = Some(AltStack { base, size });
        }
    });
}

extern "C" fn on_signal(signal: i32, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    let saved = saved_stack();
    if saved != 0 {
        // SAFETY: the kernel passed valid pointers. Returning from the handler continues in `anywarp_recover` with the
        // stack of the guarded call.
        unsafe {
            let context = &mut *context.cast::<libc::ucontext_t>();
            #[cfg(target_arch = "x86_64")]
            {
                let stack = context.uc_mcontext.gregs[libc::REG_RSP as usize] as u64;
                SIGNAL.set((signal, (*info).si_addr() as u64, stack));
                context.uc_mcontext.gregs[libc::REG_RSP as usize] = saved as i64;
                context.uc_mcontext.gregs[libc::REG_RIP as usize] = anywarp_recover as *const () as i64;
            }
        }
        return;
    }
    // Not ours: what was there before decides.
    // SAFETY: the old actions were written once at installation.
    unsafe {
        let old = OLD_ACTIONS[signal as usize];
        match old {
            Some(old) if old.sa_sigaction != libc::SIG_DFL && old.sa_sigaction != libc::SIG_IGN => {
                if old.sa_flags & libc::SA_SIGINFO != 0 {
                    let f: extern "C" fn(i32, *mut libc::siginfo_t, *mut libc::c_void) =
                        std::mem::transmute(old.sa_sigaction);
                    f(signal, info, context);
                } else {
                    let f: extern "C" fn(i32) = std::mem::transmute(old.sa_sigaction);
                    f(signal);
                }
            }
            _ => {
                // The default action, on return to the faulting instruction.
                let mut action: libc::sigaction = std::mem::zeroed();
                action.sa_sigaction = libc::SIG_DFL;
                libc::sigaction(signal, &action, std::ptr::null_mut());
            }
        }
    }
}
