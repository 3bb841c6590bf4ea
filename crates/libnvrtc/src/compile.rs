//! nvrtcCompileProgram.

use std::ffi::{CStr, CString, c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use cxx::{Error, Toolkit};

use crate::program::{Handle, Output, texts, with};
use crate::result::{Status, entry};

/// # Safety
/// `options` holds `count` NUL-terminated strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcCompileProgram(
    program: Handle,
    count: c_int,
    options: *const *const c_char,
) -> c_int {
    entry(|| {
        with(program, |p| {
            // SAFETY: the caller vouches for the strings, now that the program is known to be one.
            let options = unsafe { texts(options, count)? };
            let made = toolkit().and_then(|toolkit| cxx::nvrtc::compile(&toolkit, &p.input, &options));
            let (output, outcome) = match made {
                Ok(made) => {
                    let outcome = if made.ptx.is_some() { Ok(()) } else { Err(Status::Compilation) };
                    let names = p.input.expressions.iter().cloned();
                    let lowered = names.zip(made.lowered.into_iter().map(terminated)).collect();
                    (Output { ptx: made.ptx.map(terminated), log: terminated(made.log), lowered }, outcome)
                }
                Err(e) => {
                    let status = match e {
                        Error::Usage(_) => Status::InvalidOption,
                        Error::Setup(_) | Error::Io { .. } | Error::Tool { .. } => {
                            Status::ProgramCreationFailure
                        }
                    };
                    let log = match &e {
                        Error::Usage(why) | Error::Setup(why) => format!("nvrtc: error: {why}\n"),
                        Error::Io { .. } | Error::Tool { .. } => format!("nvrtc: error: {e}\n"),
                    };
                    (Output { ptx: None, log: terminated(log), lowered: Default::default() }, Err(status))
                }
            };
            p.output = Some(output);
            outcome
        })
    })
}

/// A text for C; a NUL inside ends it.
fn terminated(text: String) -> CString {
    let end = text.find('\0').unwrap_or(text.len());
    CString::new(&text[..end]).unwrap_or_default()
}

/// The toolkit that this library belongs to.
fn toolkit() -> Result<Toolkit, Error> {
    Toolkit::around(&own_path().ok_or_else(|| Error::Setup("cannot tell where libnvrtc lies".to_owned()))?)
}

fn own_path() -> Option<PathBuf> {
    // SAFETY: all-zero bytes are a Dl_info of null pointers.
    let mut info: libc::Dl_info = unsafe { std::mem::zeroed() };
    let inside = nvrtcCompileProgram as *const libc::c_void;
    // SAFETY: `info` may be written; the address is one of this library's.
    let found = unsafe { libc::dladdr(inside, &mut info) };
    if found == 0 || info.dli_fname.is_null() {
        return None;
    }
    // SAFETY: dladdr gave a NUL-terminated path that lives as long as the library.
    let path = unsafe { CStr::from_ptr(info.dli_fname) };
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(path.to_bytes())))
}
