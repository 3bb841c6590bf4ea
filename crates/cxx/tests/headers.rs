//! The header programs (`tests/cuda/headers`) go through both passes, optimised and with `-G`; the PTX calls nothing
//! that a device does not have. Host compilers take the API headers as plain C and C++.

use std::path::{Path, PathBuf};
use std::process::Command;

use cxx::{Toolkit, parse, run};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace exists")
}

/// Device system calls of the PTX Writer's Guide; `__nv_*` names are libdevice's.
const SYSTEM_CALLS: &[&str] = &["vprintf", "malloc", "free", "__assertfail"];

/// Names of the functions that a PTX text declares but does not define.
fn externals(ptx: &str) -> Vec<String> {
    let declarations = ptx.split(".extern .func").skip(1);
    let names = declarations.map(|text| {
        let text = text.trim_start();
        // A return parameter comes first: `(.param .b32 func_retval0) name`.
        let text = text
            .strip_prefix('(')
            .and_then(|t| t.split_once(')'))
            .map_or(text, |(_, rest)| rest.trim_start());
        text.chars().take_while(|c| c.is_ascii_alphanumeric() || "_$".contains(*c)).collect::<String>()
    });
    names.collect()
}

fn check(name: &str) {
    let toolkit = Toolkit::at(&root()).expect("clang 19 is installed");
    let dir = tempfile::tempdir().expect("a temporary directory");
    let source = root().join("tests/cuda/headers").join(name).with_extension("cu");
    let source = source.to_str().expect("a plain path");
    let output = |extension: &str| dir.path().join("out").with_extension(extension).display().to_string();
    let nvcc = |words: &[&str]| {
        let options = parse(words.iter().map(|w| (*w).to_owned())).expect("a valid command line");
        run(&toolkit, &options).unwrap_or_else(|e| panic!("nvcc {}: {e}", words.join(" ")));
    };
    for debug in [&[][..], &["-G"]] {
        nvcc(&[&["-ptx", "-arch=sm_80", "-o", &output("ptx"), source], debug].concat());
        let ptx = std::fs::read_to_string(output("ptx")).expect("the PTX was written");
        assert!(ptx.contains(".entry"), "{name}: no kernel in the PTX");
        let strange: Vec<String> = externals(&ptx)
            .into_iter()
            .filter(|f| !f.starts_with("__nv_") && !SYSTEM_CALLS.contains(&f.as_str()))
            .collect();
        assert!(strange.is_empty(), "{name} {debug:?}: the PTX calls {strange:?}");
    }
    nvcc(&["-c", "-O2", "-o", &output("o"), source]);
    let object = std::fs::read(output("o")).expect("the object was written");
    assert!(object.starts_with(b"\x7fELF"));
    let magic = fatbin::MAGIC.to_le_bytes();
    assert!(object.windows(4).any(|w| w == magic), "{name}: the object embeds no fat binary");
}

macro_rules! programs {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            check(stringify!($name));
        }
    )*};
}

programs! {
    atomics
    cplusplus
    cuda_atomic
    cuda_pipeline
    cuda_std
    curand
    device_names
    explicit_conversions
    fp8
    grid_sync
    groups
    half_precision
    image_names
    launches
    legacy_headers
    math_functions
    variables
    vector_add
    warp_functions
    wmma
}

#[test]
fn every_header_program_is_listed() {
    let me = include_str!("headers.rs");
    for entry in std::fs::read_dir(root().join("tests/cuda/headers")).expect("the programs exist") {
        let path = entry.expect("a readable directory").path();
        if path.extension().is_some_and(|e| e == "cu") {
            let stem = path.file_stem().and_then(|s| s.to_str()).expect("a plain name");
            assert!(me.contains(&format!("\n    {stem}\n")), "{stem} is not in the list above");
        }
    }
}

/// Compiles one line of includes with a host compiler.
fn host_only(compiler: &str, language: &str, includes: &[&str]) {
    let text: String = includes.iter().map(|i| format!("#include <{i}>\n")).collect();
    let dir = tempfile::tempdir().expect("a temporary directory");
    let source = dir.path().join("includes.c");
    std::fs::write(&source, text).expect("a writable directory");
    let output = Command::new(compiler)
        .args(["-x", language, "-Wall", "-Werror", "-fsyntax-only", "-I"])
        .arg(root().join("include"))
        .arg(&source)
        .output()
        .unwrap_or_else(|e| panic!("{compiler}: {e}"));
    assert!(output.status.success(), "{compiler}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn c_compilers_take_the_api_headers() {
    for compiler in ["gcc", "clang-19"] {
        host_only(compiler, "c", &["cuda.h", "cuda_runtime_api.h", "cuComplex.h", "vector_functions.h"]);
        host_only(compiler, "c", &["cuda_runtime_api.h", "cuda.h", "library_types.h", "nvToolsExtCuda.h"]);
    }
}

#[test]
fn cxx_compilers_take_the_api_headers() {
    for compiler in ["g++", "clang++-19"] {
        host_only(
            compiler,
            "c++",
            &[
                "cuda_runtime.h",
                "cuda.h",
                "cuda_fp16.h",
                "cuda_bf16.h",
                "cuComplex.h",
                "cooperative_groups.h",
                "cuda_fp8.h",
                "cuda_gl_interop.h",
                "curand_kernel.h",
                "nvtx3/nvToolsExtCudaRt.h",
                "cuda/atomic",
                "cuda/barrier",
                "cuda/std/array",
            ],
        );
    }
}

/// Programs take sizes and types from the command line: `-DN=1024 -DT=float`. Headers that come after such macros hold
/// no name of that kind.
#[test]
fn headers_survive_macros_of_one_letter() {
    let toolkit = Toolkit::at(&root()).expect("clang 19 is installed");
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut headers: Vec<String> = std::fs::read_dir(root().join("include"))
        .expect("the headers")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".h"))
        .collect();
    headers.extend(["cuda/atomic", "cuda/barrier", "cuda/pipeline"].map(str::to_owned));
    headers.sort();
    let source = dir.path().join("all.cu");
    let text: String = headers.iter().map(|name| format!("#include <{name}>\n")).collect();
    std::fs::write(&source, text).expect("a writable directory");
    let letters = ('A'..='Z').map(|letter| format!("-D{letter}=3"));
    let names =
        ["SIZE", "COUNT", "TYPE", "NAME", "DATA", "TILE", "BLOCK_SIZE", "OP"].map(|n| format!("-D{n}=3"));
    let output = dir.path().join("all.o");
    let files =
        ["-c".to_owned(), "-o".to_owned(), output.display().to_string(), source.display().to_string()];
    let options = parse(files.into_iter().chain(letters).chain(names)).expect("a valid command line");
    run(&toolkit, &options).expect("every header compiles beside the macros");
}
