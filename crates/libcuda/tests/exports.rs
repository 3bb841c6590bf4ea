//! The exports of the built library against `exports.txt`, and the answers of entries to nonsense.

use libloading::Library;
use std::ffi::{c_int, c_void};
use std::path::PathBuf;

/// The toolkit's library (`ANYWARP_HOME`, else `build/toolkit`).
fn library() -> &'static Library {
    static LIBRARY: std::sync::OnceLock<Library> = std::sync::OnceLock::new();
    LIBRARY.get_or_init(|| {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let toolkit =
            std::env::var_os("ANYWARP_HOME").map_or_else(|| root.join("build/toolkit"), PathBuf::from);
        let path = toolkit.join("lib64/libcuda.so.1");
        // SAFETY: the library's initialisers do nothing.
        unsafe { Library::new(&path) }.unwrap_or_else(|error| panic!("{error}: run ./x build"))
    })
}

#[test]
fn every_name_is_exported() {
    let names = include_str!("../exports.txt");
    let missing: Vec<&str> = names
        .lines()
        // SAFETY: the symbol is only looked up.
        .filter(|name| unsafe { library().get::<*const c_void>(name.as_bytes()) }.is_err())
        .collect();
    assert!(missing.is_empty(), "not exported: {missing:?}");
    assert!(names.lines().count() > 600);
}

type Entry = unsafe extern "C" fn(
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
) -> c_int;

/// Entries that take no pointer or handle that nonsense could fill, or that have effects on the whole process.
const NOT_CALLED: &[&str] = &["cuInit", "cuDevicePrimaryCtxReset_v2", "cuDevicePrimaryCtxReset"];

#[test]
fn zeros_are_refused_or_harmless() {
    // SAFETY: cuInit takes a flag word.
    let init = unsafe { library().get::<unsafe extern "C" fn(u32) -> c_int>(b"cuInit").unwrap()(0) };
    assert_eq!(init, 0);
    for name in include_str!("../exports.txt").lines().filter(|name| !NOT_CALLED.contains(name)) {
        // SAFETY: every entry must survive null pointers and handles.
        let code =
            unsafe { library().get::<Entry>(name.as_bytes()).unwrap()(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) };
        assert!((0..1000).contains(&code) && code != 999, "{name} returned {code}");
    }
}

/// Set in the process that calls entries with nonsense: what the memory holds that all arguments point to.
const NONSENSE: &str = "ANYWARP_TEST_NONSENSE";

/// Calls every entry with all arguments pointing to memory full of one byte, each in a forked child: pointers that can
/// be written, handles of nothing, sizes of many gigabytes.
fn call_all(fill: u8) {
    let arguments = [vec![fill; 1 << 20].leak().as_mut_ptr() as usize; 11];
    let mut faults = Vec::new();
    for name in include_str!("../exports.txt").lines() {
        // SAFETY: this process has one thread, so the child may do anything.
        let child = unsafe { libc::fork() };
        if child == 0 {
            // SAFETY: cuInit takes a flag word; every entry must survive the rest.
            unsafe {
                libc::alarm(20);
                library().get::<unsafe extern "C" fn(u32) -> c_int>(b"cuInit").unwrap()(0);
                let [a, b, c, d, e, f, g, h, i, j, k] = arguments;
                let code = library().get::<Entry>(name.as_bytes()).unwrap()(a, b, c, d, e, f, g, h, i, j, k);
                libc::_exit(c_int::from(code == 999));
            }
        }
        let mut status = 0;
        // SAFETY: the child was made above.
        unsafe { libc::waitpid(child, &mut status, 0) };
        if status != 0 {
            faults.push(format!("{name}: wait status {status:#x}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn nonsense_is_refused_or_harmless() {
    if let Ok(fill) = std::env::var(NONSENSE) {
        return call_all(fill.parse().unwrap());
    }
    for fill in ["0", "255"] {
        let mut again = std::process::Command::new(std::env::current_exe().unwrap());
        again.args(["--exact", "nonsense_is_refused_or_harmless", "--test-threads=1"]);
        let ran = again.env(NONSENSE, fill).output().unwrap();
        assert!(ran.status.success(), "memory of {fill}: {}", String::from_utf8_lossy(&ran.stdout));
    }
}

#[test]
fn entries_resolve_by_name_and_version() {
    type GetProcAddress = unsafe extern "C" fn(*const i8, *mut usize, c_int, u64, *mut c_int) -> c_int;
    let check = |name: &std::ffi::CStr, version, flags, symbol: &str| {
        let (mut at, mut status) = (0, 9);
        // SAFETY: the arguments are as documented.
        let code = unsafe {
            let get = library().get::<GetProcAddress>(b"cuGetProcAddress_v2").unwrap();
            get(name.as_ptr().cast(), &mut at, version, flags, &mut status)
        };
        // SAFETY: the symbol is only looked up.
        let expected =
            unsafe { library().get::<Entry>(symbol.as_bytes()) }.map_or(0, |entry| *entry as usize);
        // As recorded on a GPU: what is not there is no error, but a null and a status that says so.
        assert_eq!((code, at, status), (0, expected, c_int::from(expected == 0)));
    };
    check(c"cuMemAlloc", 12080, 0, "cuMemAlloc_v2");
    check(c"cuMemcpyHtoDAsync", 12080, 2, "cuMemcpyHtoDAsync_v2_ptsz");
    check(c"cuLaunchKernel", 12080, 2, "cuLaunchKernel_ptsz");
    check(c"cuGraphInstantiate", 12080, 0, "cuGraphInstantiateWithFlags");
    check(c"cuGetProcAddress", 11030, 0, "cuGetProcAddress");
    check(c"cuNoSuchThing", 12080, 0, "cuNoSuchThing");
}
