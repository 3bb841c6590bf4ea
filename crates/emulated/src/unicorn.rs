//! The few functions of libunicorn that are used, opened at run time: a machine without it skips these tests.

use super::Arguments;
use libc::{c_int, c_void};
use std::sync::OnceLock;

const NAMES: [&str; 2] = ["libunicorn.so.2", "libunicorn.so"];

/// `uc_arch` and `uc_mode`.
const ARM64: c_int = 2;
const LITTLE_ENDIAN: c_int = 0;
/// `UC_CTL_WRITE(UC_CTL_CPU_MODEL, 1)`, and `UC_CPU_ARM64_MAX`: all that the emulator knows, as half precision and the
/// atomics of Armv8.1.
const SET_MODEL: c_int = 0x4400_0007;
const BEST: c_int = 3;
/// `uc_prot`.
const READ: u32 = 1;
const WRITE: u32 = 2;
const EXEC: u32 = 4;
/// `uc_err`.
const OK: c_int = 0;
const READ_UNMAPPED: c_int = 6;
const WRITE_UNMAPPED: c_int = 7;
const FETCH_UNMAPPED: c_int = 8;
const FETCH_PROT: c_int = 14;
/// `uc_arm64_reg`.
const X0: c_int = 199;
const LR: c_int = 2;
const SP: c_int = 4;
const PC: c_int = 260;

type Engine = *mut c_void;
type Context = *mut c_void;

pub struct Library {
    open: unsafe extern "C" fn(c_int, c_int, *mut Engine) -> c_int,
    close: unsafe extern "C" fn(Engine) -> c_int,
    control: unsafe extern "C" fn(Engine, c_int, ...) -> c_int,
    map: unsafe extern "C" fn(Engine, u64, usize, u32, *mut c_void) -> c_int,
    start: unsafe extern "C" fn(Engine, u64, u64, u64, usize) -> c_int,
    read: unsafe extern "C" fn(Engine, c_int, *mut c_void) -> c_int,
    write: unsafe extern "C" fn(Engine, c_int, *const c_void) -> c_int,
    context_alloc: unsafe extern "C" fn(Engine, *mut Context) -> c_int,
    context_save: unsafe extern "C" fn(Engine, Context) -> c_int,
    context_restore: unsafe extern "C" fn(Engine, Context) -> c_int,
    context_free: unsafe extern "C" fn(Context) -> c_int,
}

/// The library. The error says what to install.
pub fn library() -> Result<&'static Library, String> {
    static LIBRARY: OnceLock<Result<Library, String>> = OnceLock::new();
    LIBRARY.get_or_init(load).as_ref().map_err(String::clone)
}

fn load() -> Result<Library, String> {
    // SAFETY: the library's initialisers expect nothing of the process.
    let open = |name: &&str| unsafe { libloading::Library::new(name) }.ok();
    let opened = NAMES.iter().find_map(open);
    let opened = opened.ok_or("no libunicorn.so.2; on Debian and Ubuntu: apt-get install libunicorn2")?;
    // Its functions are used as long as the process lives.
    let opened: &'static libloading::Library = Box::leak(Box::new(opened));
    /// # Safety
    /// The library defines the function with this signature.
    unsafe fn find<T: Copy>(library: &libloading::Library, name: &str) -> Result<T, String> {
        // SAFETY: the caller's promise.
        unsafe { library.get::<T>(name.as_bytes()) }.map(|f| *f).map_err(|e| e.to_string())
    }
    // SAFETY: Unicorn 2 defines these with the signatures of the fields.
    unsafe {
        Ok(Library {
            open: find(opened, "uc_open")?,
            close: find(opened, "uc_close")?,
            control: find(opened, "uc_ctl")?,
            map: find(opened, "uc_mem_map_ptr")?,
            start: find(opened, "uc_emu_start")?,
            read: find(opened, "uc_reg_read")?,
            write: find(opened, "uc_reg_write")?,
            context_alloc: find(opened, "uc_context_alloc")?,
            context_save: find(opened, "uc_context_save")?,
            context_restore: find(opened, "uc_context_restore")?,
            context_free: find(opened, "uc_context_free")?,
        })
    }
}

/// Why the emulator stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// At the end.
    Home,
    /// At what it must not execute.
    Call,
    /// An access to an address that nobody can have.
    Wild,
    Illegal,
}

/// An emulated processor.
pub struct Machine {
    library: &'static Library,
    engine: Engine,
}

/// A [`Machine`] that nobody closes: for the call during which the thread may leave.
#[derive(Clone, Copy)]
pub struct Raw {
    library: &'static Library,
    engine: Engine,
}

impl Raw {
    /// Runs from `pc` to `home`.
    pub fn run(self, pc: u64, home: u64) -> Stop {
        // SAFETY: the engine is open; what it executes is generated code.
        match unsafe { (self.library.start)(self.engine, pc, home, 0, 0) } {
            OK => Stop::Home,
            FETCH_PROT => Stop::Call,
            READ_UNMAPPED | WRITE_UNMAPPED | FETCH_UNMAPPED => Stop::Wild,
            _ => Stop::Illegal,
        }
    }
}

/// All registers at some time.
pub struct Saved {
    library: &'static Library,
    context: Context,
    link: u64,
}

impl Saved {
    /// The register that holds where a call returns to.
    pub fn link(&self) -> u64 {
        self.link
    }
}

impl Drop for Saved {
    fn drop(&mut self) {
        // SAFETY: allocated by `save`, freed once.
        unsafe { (self.library.context_free)(self.context) };
    }
}

impl Machine {
    /// A processor that sees these ranges of the process's memory (start, end, whether it is code) where they are.
    pub fn new(ranges: &[(usize, usize, bool)]) -> Result<Machine, String> {
        let library = library()?;
        let mut engine = std::ptr::null_mut();
        // SAFETY: the library writes the handle.
        if unsafe { (library.open)(ARM64, LITTLE_ENDIAN, &mut engine) } != OK {
            return Err("the emulator does not start".into());
        }
        let machine = Machine { library, engine };
        // SAFETY: this control takes one int.
        if unsafe { (library.control)(engine, SET_MODEL, BEST) } != OK {
            return Err("the emulator does not know the processor".into());
        }
        for &(start, end, code) in ranges {
            let rights = if code { READ | EXEC } else { READ | WRITE };
            // SAFETY: nothing is touched until code does it, and then as that code would have.
            let failed = unsafe {
                (library.map)(engine, start as u64, end - start, rights, start as *mut c_void) != OK
            };
            if failed {
                return Err(format!("the emulator does not take {start:#x} to {end:#x}"));
            }
        }
        Ok(machine)
    }

    pub fn raw(&self) -> Raw {
        Raw { library: self.library, engine: self.engine }
    }

    fn get(&self, register: c_int) -> u64 {
        let mut value = 0u64;
        // SAFETY: these registers have eight bytes.
        unsafe { (self.library.read)(self.engine, register, (&raw mut value).cast()) };
        value
    }

    fn set(&self, register: c_int, value: u64) {
        // SAFETY: as above.
        unsafe { (self.library.write)(self.engine, register, (&raw const value).cast()) };
    }

    pub fn pc(&self) -> u64 {
        self.get(PC)
    }

    pub fn arguments(&self) -> Arguments {
        std::array::from_fn(|i| self.get(X0 + i as c_int))
    }

    pub fn set_arguments(&self, arguments: &Arguments) {
        for (i, &value) in arguments.iter().enumerate() {
            self.set(X0 + i as c_int, value);
        }
    }

    pub fn set_result(&self, value: u64) {
        self.set(X0, value);
    }

    pub fn set_stack(&self, address: u64) {
        self.set(SP, address);
    }

    pub fn set_link(&self, address: u64) {
        self.set(LR, address);
    }

    pub fn save(&self) -> Saved {
        let mut context = std::ptr::null_mut();
        // SAFETY: the engine is open; the context is this engine's kind and freed by `Saved`.
        unsafe {
            assert_eq!(
                (self.library.context_alloc)(self.engine, &mut context),
                OK,
                "no memory for registers"
            );
            (self.library.context_save)(self.engine, context);
        }
        Saved { library: self.library, context, link: self.get(LR) }
    }

    pub fn restore(&self, saved: &Saved) {
        // SAFETY: saved from a processor of this kind.
        unsafe { (self.library.context_restore)(self.engine, saved.context) };
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // SAFETY: open, and not running: `running` sees to that.
        unsafe { (self.library.close)(self.engine) };
    }
}
