//! What programs use (`tests/demand`) is in the headers and among the exports.
//!
//! Invariant: a name is there, or `exceptions.tsv` says why it is not; a name that is there is not excepted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cxx::{Toolkit, parse, run};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace exists")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn lines(path: &str) -> BTreeSet<String> {
    read(path).lines().map(|line| line.trim().to_owned()).collect()
}

/// The names of a list, most used first.
fn demand(list: &str) -> Vec<String> {
    let names = read(Path::new("tests/demand").join(list));
    names.lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}

fn is_excepted(name: &str) -> bool {
    demand("exceptions.tsv").iter().any(|pattern| {
        pattern == name || pattern.strip_suffix('*').is_some_and(|prefix| name.starts_with(prefix))
    })
}

#[track_caller]
fn check(list: &str, is_there: impl Fn(&str) -> bool) {
    let names = demand(list);
    let lacking: Vec<&String> = names.iter().filter(|n| !is_there(n) && !is_excepted(n)).collect();
    assert!(lacking.is_empty(), "{list}: not there: {lacking:?}");
    let needless: Vec<&String> = names.iter().filter(|n| is_there(n) && is_excepted(n)).collect();
    assert!(needless.is_empty(), "{list}: excepted, but there: {needless:?}");
}

/// All words of the headers.
fn words_of_headers() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for dir in ["include", "include/anywarp"] {
        for entry in std::fs::read_dir(root().join(dir)).expect("the headers exist").flatten() {
            if let Ok(text) = std::fs::read_to_string(entry.path()) {
                let all = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
                words.extend(all.map(str::to_owned));
            }
        }
    }
    words
}

#[test]
fn headers() {
    check("headers.tsv", |name| root().join("include").join(name).is_file());
}

#[test]
fn runtime_functions() {
    let declared = words_of_headers();
    let exports = lines("crates/libcudart/tests/exports.txt");
    // A template in the headers, over an exported function.
    let inlined = ["cudaOccupancyMaxPotentialBlockSize"];
    check("runtime.tsv", |name| {
        declared.contains(name) && (exports.contains(name) || inlined.contains(&name))
    });
}

#[test]
fn driver_functions() {
    let declared = words_of_headers();
    let exports = lines("crates/libcuda/exports.txt");
    let refused = lines("crates/libcuda/src/unsupported.rs");
    check("driver.tsv", |name| {
        let versions = ["", "_v2", "_v3", "_v4"].map(|v| format!("{name}{v}"));
        declared.contains(name)
            && versions.iter().any(|v| exports.contains(v))
            && !versions.iter().any(|v| refused.contains(v))
    });
}

#[test]
fn functions_that_clients_look_up() {
    let exports = lines("crates/libcuda/exports.txt");
    let lacking: Vec<String> = demand("clients.txt").into_iter().filter(|n| !exports.contains(n)).collect();
    assert!(lacking.is_empty(), "not exported: {lacking:?}");
}

/// Functions in namespaces, by where they are; the others are global. Member functions are called in tests/cuda/headers.
fn place(name: &str) -> Option<String> {
    let within = match name {
        "fill_fragment" | "load_matrix_sync" | "store_matrix_sync" | "mma_sync" => "nvcuda::wmma::",
        "make_pipeline" | "memcpy_async" | "pipeline_consumer_wait_prior" => "cuda::",
        "arrive" | "arrive_and_wait" | "producer_acquire" | "producer_commit" | "consumer_wait"
        | "consumer_release" => return None,
        // The compiler's own, which cannot be named in a using-declaration.
        "__atomic_load_n" | "__attribute__" | "__launch_bounds__" => return None,
        _ if name.starts_with("__builtin_") => return None,
        _ => "::",
    };
    Some(format!("{within}{name}"))
}

/// Compiles both sides of `source`.
fn compiles(source: &str, flags: &[&str], why: &str) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let file = dir.path().join("demanded.cu");
    std::fs::write(&file, source).expect("a writable directory");
    let (file, out) = (file.display().to_string(), dir.path().join("out").display().to_string());
    let words = flags.iter().copied().chain(["-o", &out, &file]).map(str::to_owned);
    let options = parse(words).expect("a valid command line");
    run(&Toolkit::at(&root()).expect("clang 19 is installed"), &options).expect(why);
}

#[test]
fn device_functions() {
    let headers = [
        "cassert",
        "cooperative_groups.h",
        "cuComplex.h",
        "cuda/atomic",
        "cuda/pipeline",
        "cuda_bf16.h",
        "cuda_fp16.h",
        "cuda_fp8.h",
        "curand_kernel.h",
        "mma.h",
    ];
    let mut source: String = headers.iter().map(|header| format!("#include <{header}>\n")).collect();
    source.push_str("namespace demanded {\n");
    for name in demand("intrinsics.tsv").iter().filter(|n| !is_excepted(n)) {
        if let Some(place) = place(name) {
            // Some are macros, as they may be.
            source.push_str(&format!("#ifndef {name}\nusing {place};\n#endif\n"));
        }
    }
    source.push_str("}\n");
    compiles(&source, &["-ptx", "-arch=sm_90"], "every demanded device function is declared");
}

#[test]
fn headers_go_together() {
    let names = demand("headers.tsv");
    let ours = names.iter().filter(|n| !is_excepted(n));
    let source: String = ours.map(|header| format!("#include <{header}>\n")).collect();
    compiles(&source, &["-c"], "all headers that programs include go together in one unit");
}
