//! The built library, called through dlopen as its clients call it: success, compile errors, options, names, bad handles.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};
use std::sync::Once;

use libloading::{Library, Symbol};

type Handle = *mut c_void;
type Create = unsafe extern "C" fn(
    *mut Handle,
    *const c_char,
    *const c_char,
    c_int,
    *const *const c_char,
    *const *const c_char,
) -> c_int;
type Compile = unsafe extern "C" fn(Handle, c_int, *const *const c_char) -> c_int;
type Size = unsafe extern "C" fn(Handle, *mut usize) -> c_int;
type Copy = unsafe extern "C" fn(Handle, *mut c_char) -> c_int;

struct Nvrtc(Library);

impl Nvrtc {
    fn load() -> Nvrtc {
        // target/PROFILE/deps/api-hash: the library lies above.
        let exe = std::env::current_exe().unwrap();
        let path: PathBuf =
            exe.ancestors().map(|d| d.join("libnvrtc.so")).find(|p| p.is_file()).expect("it is built");
        static HOME: Once = Once::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        // SAFETY: once, before any test loads the library that reads it.
        HOME.call_once(|| unsafe { std::env::set_var("ANYWARP_HOME", root) });
        // SAFETY: our own library runs no code when it is loaded.
        Nvrtc(unsafe { Library::new(path) }.unwrap())
    }

    fn get<T>(&self, name: &str) -> Symbol<'_, T> {
        // SAFETY: the types in this file are those of the manual.
        unsafe { self.0.get(name.as_bytes()) }.unwrap()
    }

    fn create(&self, source: &str, headers: &[(&str, &str)]) -> Handle {
        let source = CString::new(source).unwrap();
        let own = |s: &str| CString::new(s).unwrap();
        let names: Vec<CString> = headers.iter().map(|(n, _)| own(n)).collect();
        let texts: Vec<CString> = headers.iter().map(|(_, t)| own(t)).collect();
        let name_pointers: Vec<_> = names.iter().map(|s| s.as_ptr()).collect();
        let text_pointers: Vec<_> = texts.iter().map(|s| s.as_ptr()).collect();
        let mut handle = null_mut();
        // SAFETY: all arguments live through the call.
        let status = unsafe {
            self.get::<Create>("nvrtcCreateProgram")(
                &mut handle,
                source.as_ptr(),
                c"test.cu".as_ptr(),
                headers.len() as c_int,
                text_pointers.as_ptr(),
                name_pointers.as_ptr(),
            )
        };
        assert_eq!(status, 0);
        handle
    }

    fn compile(&self, handle: Handle, options: &[&str]) -> c_int {
        let options: Vec<CString> = options.iter().map(|o| CString::new(*o).unwrap()).collect();
        let pointers: Vec<_> = options.iter().map(|s| s.as_ptr()).collect();
        // SAFETY: all arguments live through the call.
        unsafe {
            self.get::<Compile>("nvrtcCompileProgram")(handle, pointers.len() as c_int, pointers.as_ptr())
        }
    }

    fn text(&self, handle: Handle, what: &str) -> Result<String, c_int> {
        let mut size = 0;
        // SAFETY: `size` may be written.
        let status = unsafe { self.get::<Size>(&format!("nvrtcGet{what}Size"))(handle, &mut size) };
        if status != 0 {
            return Err(status);
        }
        let mut bytes = vec![0u8; size];
        // SAFETY: the buffer has the size that was asked for.
        let status =
            unsafe { self.get::<Copy>(&format!("nvrtcGet{what}"))(handle, bytes.as_mut_ptr().cast()) };
        assert_eq!(status, 0);
        assert_eq!(bytes.pop(), Some(0), "the text ends with a NUL");
        Ok(String::from_utf8(bytes).unwrap())
    }
}

#[test]
fn a_kernel_without_includes() {
    let n = Nvrtc::load();
    let p = n.create("extern \"C\" __global__ void twice(float4 *p) { p[threadIdx.x].x *= 2; }", &[]);
    assert_eq!(n.compile(p, &["-arch=sm_80", "--minimal"]), 0, "{:?}", n.text(p, "ProgramLog"));
    let ptx = n.text(p, "PTX").unwrap();
    assert!(ptx.contains(".visible .entry twice") && ptx.contains(".target sm_80"), "{ptx}");
    assert_eq!(n.text(p, "CUBIN").unwrap(), ptx);
    assert_eq!(n.text(p, "ProgramLog").unwrap(), "");
    assert_eq!(n.text(p, "LTOIR"), Err(4));
}

#[test]
fn headers_macros_and_halves() {
    let n = Nvrtc::load();
    let source = "#include \"inner/scale.h\"\n#include <cuda_fp16.h>\n#ifndef __CUDACC_RTC__\n#error not RTC\n#endif\n\
                  extern \"C\" __global__ void k(__half *p) { p[0] = p[1] * __half(SCALE * BY); }";
    let p = n.create(source, &[("inner/scale.h", "#define SCALE 3\n")]);
    let options = ["--gpu-architecture", "compute_70", "-D", "BY=2", "--std=c++17", "-default-device"];
    assert_eq!(n.compile(p, &options), 0, "{:?}", n.text(p, "ProgramLog"));
    assert!(n.text(p, "PTX").unwrap().contains(".target sm_70"));
}

#[test]
fn cpp20_with_a_cache() {
    let n = Nvrtc::load();
    let p = n.create(
        "template <class T> concept C = sizeof(T) == 4; __global__ void k(C auto *p) { *p = 1; }",
        &[],
    );
    assert_eq!(n.compile(p, &["-std=c++20"]), 0, "{:?}", n.text(p, "ProgramLog"));
}

#[test]
fn names_are_lowered() {
    let n = Nvrtc::load();
    let source = "template <class T, int N> __global__ void k(T *p) { *p = N; }\nnamespace s { __constant__ int c[4]; }";
    let p = n.create(source, &[]);
    let add: Symbol<'_, unsafe extern "C" fn(Handle, *const c_char) -> c_int> =
        n.get("nvrtcAddNameExpression");
    let lower: Symbol<'_, unsafe extern "C" fn(Handle, *const c_char, *mut *const c_char) -> c_int> =
        n.get("nvrtcGetLoweredName");
    let mut name: *const c_char = null();
    // SAFETY: the strings are constants and `name` may be written.
    unsafe {
        assert_eq!(lower(p, c"k<float, 3>".as_ptr(), &mut name), 9);
        assert_eq!(add(p, c"k<float, 3>".as_ptr()), 0);
        assert_eq!(add(p, c"&s::c".as_ptr()), 0);
    }
    assert_eq!(n.compile(p, &[]), 0, "{:?}", n.text(p, "ProgramLog"));
    let ptx = n.text(p, "PTX").unwrap();
    for (expression, want) in [(c"k<float, 3>", "_Z1kIfLi3EEvPT_"), (c"&s::c", "_ZN1s1cE")] {
        // SAFETY: as above; the name is a string of the program's.
        let lowered = unsafe {
            assert_eq!(lower(p, expression.as_ptr(), &mut name), 0);
            CStr::from_ptr(name).to_str().unwrap()
        };
        assert_eq!(lowered, want);
        assert!(ptx.contains(want));
    }
    assert!(!ptx.contains("anywarp_name"));
    // SAFETY: as above.
    unsafe {
        assert_eq!(add(p, c"k<int, 1>".as_ptr()), 8);
        assert_eq!(lower(p, c"k<int, 1>".as_ptr(), &mut name), 10);
    }
}

#[test]
fn errors_are_in_the_log() {
    let n = Nvrtc::load();
    let p = n.create("__global__ void k() {\n  nonsense;\n}", &[]);
    assert_eq!(n.compile(p, &[]), 6);
    let log = n.text(p, "ProgramLog").unwrap();
    assert!(log.contains("test.cu:2:") && log.contains("nonsense"), "{log}");
    assert_eq!(n.text(p, "PTX"), Err(4));
    assert_eq!(n.compile(p, &["--frobnicate"]), 5);
    assert!(n.text(p, "ProgramLog").unwrap().contains("--frobnicate"));
    assert_eq!(n.compile(p, &["-arch=sm_12345"]), 5);
}

#[test]
fn bad_handles_and_pointers() {
    let n = Nvrtc::load();
    let destroy: Symbol<'_, unsafe extern "C" fn(*mut Handle) -> c_int> = n.get("nvrtcDestroyProgram");
    let mut p = n.create("", &[]);
    let stale = p;
    // SAFETY: null and stale handles are what is tested; pointers are null or may be written.
    unsafe {
        assert_eq!(destroy(&mut p), 0);
        assert!(p.is_null());
        assert_eq!(destroy(&mut p), 4);
        assert_eq!(destroy(null_mut()), 4);
        assert_eq!(n.get::<Size>("nvrtcGetPTXSize")(stale, &mut 0), 4);
        assert_eq!(n.get::<Size>("nvrtcGetPTXSize")(stale, null_mut()), 3);
        assert_eq!(n.get::<Create>("nvrtcCreateProgram")(null_mut(), null(), null(), 0, null(), null()), 3);
        assert_eq!(n.get::<Create>("nvrtcCreateProgram")(&mut p, c"".as_ptr(), null(), 2, null(), null()), 3);
    }
    assert_eq!(n.compile(stale, &[]), 4);
    assert_eq!(n.compile(0x1234 as Handle, &[]), 4);
}
