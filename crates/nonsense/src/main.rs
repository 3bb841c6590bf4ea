//! `anywarp-nonsense LIBRARY FILL [NAME]`: calls every function that a C library exports, or the one named, with nonsense.
//!
//! FILL says what all arguments are: `null`, or the address of memory that holds nothing but the byte FILL (pointers
//! that can be read and written, handles of nothing; as counts, negative or of many millions; text that ends far away).
//!
//! Invariant: this process has one thread, so that each call can have a forked child to crash in. Names that begin with an
//! underscore are called by compilers, not by people, and trust their arguments.

use std::error::Error;
use std::ffi::{OsString, c_int};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use libloading::Library;
use object::{Object, ObjectSymbol};

/// An argument: pointers, handles, counts and flags all fit.
type Word = usize;
/// More arguments than any entry takes: those that one does not take stay unread.
type Entry =
    unsafe extern "C" fn(Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word) -> Word;
/// Returns a structure: its first argument is where the caller wants that, not the program's to choose.
const NOT_CALLED: &str = "cudaCreateChannelDesc";
/// Seconds that a call may take: nvrtc starts a compiler.
const LONGEST: u32 = 20;
/// CUDA_ERROR_UNKNOWN and cudaErrorUnknown: what a panic that stops at the C ABI becomes.
const UNKNOWN: usize = 999;

fn main() -> ExitCode {
    match run(&env::args_os().skip(1).collect::<Vec<_>>()) {
        Ok(faults) if faults.is_empty() => ExitCode::SUCCESS,
        Ok(faults) => {
            eprintln!("{}", faults.join("\n"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// What went wrong, one line for each function.
fn run(arguments: &[OsString]) -> Result<Vec<String>, Box<dyn Error>> {
    let (path, fill, only) = match arguments {
        [path, fill] => (path, fill, None),
        [path, fill, name] => (path, fill, Some(name)),
        _ => return Err("usage: anywarp-nonsense LIBRARY null|BYTE [NAME]".into()),
    };
    let argument = match &*fill.to_string_lossy() {
        "null" => 0,
        byte => filled(byte.parse()?)?,
    };
    // SAFETY: the libraries' initialisers do nothing.
    let library = unsafe { Library::new(path) }?;
    let mut faults = Vec::new();
    let names = exported(Path::new(path))?;
    let wanted: Vec<&String> = names.iter().filter(|name| only.is_none_or(|o| o == name.as_str())).collect();
    for name in &wanted {
        match call(&library, name, argument)? {
            Ended::Well => {}
            Ended::Badly(how) => faults.push(format!("{name}: {how}")),
        }
    }
    writeln!(std::io::stdout(), "{} functions called", wanted.len())?;
    Ok(faults)
}

/// The address of memory full of a byte, with a zero at its end. The lower half of the address is negative, so that no
/// count says how many of those bytes are pointers.
fn filled(byte: u8) -> Result<usize, Box<dyn Error>> {
    const PLACE: usize = 0x5_8000_0000;
    const BYTES: usize = 1 << 20;
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED_NOREPLACE;
    // SAFETY: nothing that is mapped is replaced, and what is new has room for all that is written.
    unsafe {
        let at = libc::mmap(PLACE as *mut _, BYTES, protection, flags, -1, 0);
        if at == libc::MAP_FAILED {
            return Err(std::io::Error::last_os_error().into());
        }
        std::ptr::write_bytes(at.cast::<u8>(), byte, BYTES - 1);
        Ok(at as usize)
    }
}

fn exported(path: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let bytes = fs::read(path)?;
    let file = object::File::parse(&*bytes)?;
    let defined = file.dynamic_symbols().filter(|symbol| symbol.is_definition());
    let mut names: Vec<String> = defined.filter_map(|symbol| symbol.name().ok().map(str::to_owned)).collect();
    names.retain(|name| !name.starts_with('_') && name != NOT_CALLED);
    names.sort();
    Ok(names)
}

enum Ended {
    Well,
    Badly(String),
}

/// Calls one function in a child.
fn call(library: &Library, name: &str, argument: usize) -> Result<Ended, Box<dyn Error>> {
    // SAFETY: this process has one thread, so the child may do anything.
    let child = unsafe { libc::fork() };
    match child {
        -1 => return Err(std::io::Error::last_os_error().into()),
        0 => {
            // SAFETY: cuInit, where the library has it, takes a flag word; every entry must survive the rest.
            unsafe {
                libc::alarm(LONGEST);
                if let Ok(init) = library.get::<unsafe extern "C" fn(u32) -> c_int>(b"cuInit") {
                    init(0);
                }
                let a = argument;
                let code = library.get::<Entry>(name.as_bytes()).map_or(UNKNOWN, |entry| {
                    // Of a status, the lower half counts.
                    entry(a, a, a, a, a, a, a, a, a, a, a, a) & 0xffff_ffff
                });
                libc::_exit(c_int::from(code == UNKNOWN));
            }
        }
        _ => {}
    }
    let mut status = 0;
    // SAFETY: the child was made above.
    if unsafe { libc::waitpid(child, &mut status, 0) } != child {
        return Err(std::io::Error::last_os_error().into());
    }
    Ok(match status {
        0 => Ended::Well,
        _ if libc::WIFSIGNALED(status) => match libc::WTERMSIG(status) {
            libc::SIGALRM => Ended::Badly(format!("not back after {LONGEST} s")),
            signal => Ended::Badly(format!("died of signal {signal}")),
        },
        _ if libc::WEXITSTATUS(status) == 1 => Ended::Badly(format!("returned {UNKNOWN}")),
        _ => Ended::Badly(format!("ended the process with {}", libc::WEXITSTATUS(status))),
    })
}
