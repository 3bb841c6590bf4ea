//! Builds the library's sources for the host with the accuracy harness (C++ and MPFR) and runs it: each function must stay
//! within the bound of its row in `functions.tsv` over edge values, a stride through the argument space and hard ranges.

use std::env;
use std::path::PathBuf;
use std::process::Command;

#[test]
fn every_function_is_within_its_bound() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("accuracy");
    let clang = env::var_os("ANYWARP_CLANG").unwrap_or_else(|| "clang++-19".into());
    let build = Command::new(&clang)
        .args(["-O2", "-std=c++17", "-march=native", "-ffp-contract=off"])
        .arg(root.join("tests/accuracy/main.cpp"))
        .arg("-o")
        .arg(&program)
        .args(["-lmpfr", "-lgmp"])
        .output()
        .expect("clang 19 runs (set ANYWARP_CLANG if it is elsewhere)");
    assert!(
        build.status.success(),
        "the harness does not compile (libmpfr-dev?):\n{}",
        String::from_utf8_lossy(&build.stderr)
    );
    let run = Command::new(&program).arg(root.join("functions.tsv")).output().expect("the harness runs");
    let report = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{report}");
    println!("{report}");
}
