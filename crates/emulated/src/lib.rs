//! AArch64 on any machine: code of the cpu engine runs in Unicorn (QEMU's translator as a library), in this process's
//! memory, with this process's runtime.
//!
//! Addresses mean the same on both sides: all memory but the arena of code is mapped where it is, to read and write.
//! When emulated code calls the runtime it jumps to where there is nothing to run; the emulator stops there, the call is
//! made in its place, and the code goes on. So gangs may leave for others in the middle, as on fibers they do.
//!
//! Atomics of code on different threads are not atomic to each other: one thread at a time runs kernels.

mod unicorn;

use cpu::abi::CtaContext;
use cpu::llvm::Target;
use cpu::processor::{Enter, Processor};
use std::cell::RefCell;
use std::sync::{Mutex, OnceLock, PoisonError};
use unicorn::{Machine, Stop};

/// A Kunpeng 920.
pub struct Kunpeng {
    target: Target,
}

impl Kunpeng {
    /// The error says what is missing.
    pub fn new() -> Result<Kunpeng, String> {
        // Whatever may be missing is found out here, not in the middle of a launch.
        new_machine()?;
        // The emulator compares signed words of the atomics of Armv8.1 as unsigned ones: loops in their place.
        let mut target = Target::kunpeng()?;
        target.features += ",-lse";
        Ok(Kunpeng { target })
    }
}

impl Processor for Kunpeng {
    fn target(&self) -> Result<&Target, String> {
        Ok(&self.target)
    }

    fn enter(&self) -> Option<Enter> {
        Some(enter)
    }

    fn room(&self, size: usize) -> Option<*mut u8> {
        let arena = arena().ok()?;
        let mut used = arena.used.lock().unwrap_or_else(PoisonError::into_inner);
        let at = *used;
        // Addresses are not used twice: translations stay right.
        *used = at.checked_add(size.next_multiple_of(PAGE)).filter(|&end| end <= ARENA)?;
        Some((arena.base + at) as *mut u8)
    }
}

const PAGE: usize = 4096;
/// Bytes for code.
const ARENA: usize = 1 << 30;
/// Where the arena is wanted: below everything that the system places by itself.
const ARENA_AT: usize = 8 << 30;
/// User addresses end here.
const TOP: usize = 0x7fff_ffff_f000;
/// Where code returns to when it is done: nothing is there.
const HOME: u64 = 0x800;
/// Bytes of the stack that a gang's code runs on.
const STACK: usize = 1 << 20;

struct Arena {
    base: usize,
    used: Mutex<usize>,
}

fn arena() -> Result<&'static Arena, String> {
    static CELL: OnceLock<Result<Arena, String>> = OnceLock::new();
    CELL.get_or_init(|| {
        let base = map(ARENA_AT as *mut libc::c_void, ARENA, libc::MAP_FIXED_NOREPLACE)?;
        Ok(Arena { base, used: Mutex::new(0) })
    })
    .as_ref()
    .map_err(String::clone)
}

fn map(at: *mut libc::c_void, size: usize, flags: i32) -> Result<usize, String> {
    let flags = flags | libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: a fresh mapping.
    let base = unsafe { libc::mmap(at, size, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
    match base == libc::MAP_FAILED {
        true => Err(format!("no memory to emulate in: {}", std::io::Error::last_os_error())),
        false => Ok(base as usize),
    }
}

/// What a thread emulates with.
#[derive(Default)]
struct Guest {
    machine: Option<Machine>,
    /// Set while the emulator runs: a fault leaves it there for good.
    running: bool,
    /// Stacks that no gang uses. One that a fault abandons is lost.
    stacks: Vec<usize>,
}

thread_local! {
    static GUEST: RefCell<Guest> = RefCell::default();
}

fn new_machine() -> Result<Machine, String> {
    let start = arena()?.base;
    let end = start + ARENA;
    Machine::new(&[(PAGE, start, false), (start, end, true), (end, TOP, false)])
}

impl Guest {
    /// The thread's emulator, which [`Kunpeng::new`] has seen to start.
    fn machine(&mut self) -> &Machine {
        self.machine.get_or_insert_with(|| new_machine().expect("memory for one more emulator"))
    }
}

/// The arguments of a call, by registers `x0` on.
type Arguments = [u64; 8];

// A gang may go on on another thread after a call: thread-locals are looked up in functions of their own, not once in
// `enter`.

/// Runs code from `pc` until it is done or calls somebody; `set` are registers to change before.
#[inline(never)]
fn step(pc: u64, set: &mut dyn FnMut(&Machine)) -> (Stop, u64) {
    let raw = GUEST.with(|guest| {
        let mut guest = guest.borrow_mut();
        if std::mem::take(&mut guest.running) {
            // A fault took the thread out of the emulator's own frames: it cannot be used or closed any more.
            std::mem::forget(guest.machine.take());
        }
        let machine = guest.machine();
        set(machine);
        let raw = machine.raw();
        guest.running = true;
        raw
    });
    // A fault leaves from in here without any destructor, so nothing is borrowed.
    let stop = raw.run(pc, HOME);
    GUEST.with(|guest| {
        let mut guest = guest.borrow_mut();
        guest.running = false;
        (stop, guest.machine.as_ref().map_or(0, Machine::pc))
    })
}

#[inline(never)]
fn with_machine<R>(f: impl FnOnce(&Machine) -> R) -> R {
    GUEST.with(|guest| f(guest.borrow_mut().machine()))
}

#[inline(never)]
fn take_stack() -> usize {
    let stack = GUEST.with(|guest| guest.borrow_mut().stacks.pop());
    // The page below is for overflows to fault in.
    stack.unwrap_or_else(|| {
        let base = map(std::ptr::null_mut(), STACK + PAGE, 0).expect("memory for a stack");
        // SAFETY: the mapping's lowest page.
        unsafe { libc::mprotect(base as *mut libc::c_void, PAGE, libc::PROT_NONE) };
        base + PAGE
    })
}

#[inline(never)]
fn leave_stack(stack: usize) {
    GUEST.with(|guest| guest.borrow_mut().stacks.push(stack));
}

/// [`Enter`]: runs the code at `address` on an emulated processor.
unsafe extern "C-unwind" fn enter(
    context: *const CtaContext,
    gang: u32,
    frame: *mut u8,
    address: usize,
) -> u32 {
    let stack = take_stack();
    let mut pc = address as u64;
    let mut set: Box<dyn FnMut(&Machine)> = Box::new(move |machine| {
        machine.set_arguments(&[context as u64, u64::from(gang), frame as u64, 0, 0, 0, 0, 0]);
        machine.set_stack((stack + STACK) as u64);
        machine.set_link(HOME);
    });
    loop {
        let (stop, at) = step(pc, &mut *set);
        match stop {
            Stop::Home => {
                leave_stack(stack);
                return with_machine(|m| m.arguments()[0] as u32);
            }
            Stop::Call => {
                let (saved, arguments) = with_machine(|m| (m.save(), m.arguments()));
                // SAFETY: generated code calls functions of the runtime's table and of the C library, all of which take
                // integers and pointers; C's calling convention lets a caller pass more than are taken.
                let result = unsafe {
                    let [a, b, c, d, e, f, g, h] = arguments;
                    let function = std::mem::transmute::<usize, Call>(at as usize);
                    function(a, b, c, d, e, f, g, h)
                };
                pc = saved.link();
                set = Box::new(move |machine| {
                    machine.restore(&saved);
                    machine.set_result(result);
                });
            }
            Stop::Wild => {
                // SAFETY: none: it is the fault that the code has made, for the engine's handler.
                unsafe { std::ptr::read_volatile(std::hint::black_box(8) as *const u8) };
                std::process::abort();
            }
            Stop::Illegal => {
                // SAFETY: the engine's handler takes it as the instruction's own.
                unsafe { libc::raise(libc::SIGILL) };
                std::process::abort();
            }
        }
    }
}

type Call = unsafe extern "C-unwind" fn(u64, u64, u64, u64, u64, u64, u64, u64) -> u64;
