//! Programs and their handles.

use std::collections::BTreeMap;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::result::{Status, entry};

/// What clients hold as `nvrtcProgram`.
pub type Handle = *mut c_void;

/// A program with what its compilation made.
#[derive(Default)]
pub struct Program {
    pub input: cxx::nvrtc::Program,
    /// None before the first compilation.
    pub output: Option<Output>,
}

/// Texts as clients copy them: with their NUL.
pub struct Output {
    pub ptx: Option<CString>,
    pub log: CString,
    pub lowered: BTreeMap<String, CString>,
}

struct Table {
    programs: BTreeMap<usize, Arc<Mutex<Program>>>,
    next: usize,
}

static TABLE: Mutex<Table> = Mutex::new(Table { programs: BTreeMap::new(), next: 0 });

fn table() -> MutexGuard<'static, Table> {
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The program of a handle. Errors: `InvalidProgram` for one that is not alive.
pub fn find(handle: Handle) -> Result<Arc<Mutex<Program>>, Status> {
    table().programs.get(&(handle as usize)).cloned().ok_or(Status::InvalidProgram)
}

/// Runs `f` on the program of a handle.
pub fn with<T>(handle: Handle, f: impl FnOnce(&mut Program) -> Result<T, Status>) -> Result<T, Status> {
    let program = find(handle)?;
    let mut program = program.lock().unwrap_or_else(PoisonError::into_inner);
    f(&mut program)
}

/// A C string as text; bytes that are no UTF-8 are replaced.
///
/// # Safety
/// `text` is null or a NUL-terminated string.
pub unsafe fn text(text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not null, and the caller vouches for the NUL.
    Some(unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// # Safety
/// `array` is null or holds `count` pointers to NUL-terminated strings.
pub unsafe fn texts(array: *const *const c_char, count: c_int) -> Result<Vec<String>, Status> {
    let count = usize::try_from(count).map_err(|_| Status::InvalidInput)?;
    if count > 0 && array.is_null() {
        return Err(Status::InvalidInput);
    }
    // SAFETY: the caller vouches for `count` strings.
    (0..count).map(|i| unsafe { text(*array.add(i)) }.ok_or(Status::InvalidInput)).collect()
}

/// # Safety
/// `program` is null or may be written; the strings and arrays are as the NVRTC manual says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcCreateProgram(
    program: *mut Handle,
    source: *const c_char,
    name: *const c_char,
    count: c_int,
    headers: *const *const c_char,
    include_names: *const *const c_char,
) -> c_int {
    entry(|| {
        if program.is_null() {
            return Err(Status::InvalidInput);
        }
        // SAFETY: the caller vouches for the strings.
        let source = unsafe { text(source) }.ok_or(Status::InvalidInput)?;
        // SAFETY: as above; a null name is the default one.
        let name = unsafe { text(name) }.unwrap_or_default();
        // SAFETY: as above.
        let (texts, names) = unsafe { (texts(headers, count)?, texts(include_names, count)?) };
        let headers = names.into_iter().zip(texts).collect();
        let input = cxx::nvrtc::Program { source, name, headers, expressions: Vec::new() };
        let mut table = table();
        table.next += 1;
        // Looks like an address to clients that print or compare it.
        let key = table.next * 64;
        table.programs.insert(key, Arc::new(Mutex::new(Program { input, output: None })));
        // SAFETY: not null; the caller vouches for the rest.
        unsafe { *program = key as Handle };
        Ok(())
    })
}

/// # Safety
/// `program` is null or points to a handle that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcDestroyProgram(program: *mut Handle) -> c_int {
    entry(|| {
        if program.is_null() {
            return Err(Status::InvalidProgram);
        }
        // SAFETY: not null; the caller vouches for the rest.
        let handle = unsafe { *program };
        table().programs.remove(&(handle as usize)).ok_or(Status::InvalidProgram)?;
        // SAFETY: as above.
        unsafe { *program = std::ptr::null_mut() };
        Ok(())
    })
}

/// # Safety
/// `expression` is null or a NUL-terminated string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvrtcAddNameExpression(program: Handle, expression: *const c_char) -> c_int {
    entry(|| {
        // SAFETY: the caller vouches for the string.
        let expression = unsafe { text(expression) }.ok_or(Status::InvalidInput)?;
        with(program, |p| {
            if p.output.is_some() {
                return Err(Status::NoNameExpressionsAfterCompilation);
            }
            if !p.input.expressions.contains(&expression) {
                p.input.expressions.push(expression);
            }
            Ok(())
        })
    })
}
