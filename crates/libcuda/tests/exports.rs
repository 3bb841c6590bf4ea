//! The exports of the built library against `exports.txt`, and how entries are found by name and version.

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
            unsafe { library().get::<*const c_void>(symbol.as_bytes()) }.map_or(0, |entry| *entry as usize);
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
