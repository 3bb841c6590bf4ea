//! Every function of the toolkit's libraries survives nonsense: a code, and the host process goes on.

use std::path::PathBuf;
use std::process::Command;

fn survive(library: &str, at_least: usize) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let toolkit = std::env::var_os("ANYWARP_HOME").map_or_else(|| root.join("build/toolkit"), PathBuf::from);
    let libraries = toolkit.join("lib64");
    let path = libraries.join(library);
    assert!(path.exists(), "there is no {}: run ./x build", path.display());
    for fill in ["null", "0", "255"] {
        let mut caller = Command::new(env!("CARGO_BIN_EXE_anywarp-nonsense"));
        // libcudart finds libcuda as in any program.
        let ran = caller.arg(&path).arg(fill).env("LD_LIBRARY_PATH", &libraries).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert!(ran.status.success(), "{library}, arguments {fill}: {}\n{err}", ran.status);
        // A child that prints is not counted.
        let called = out.lines().rev().find_map(|line| line.strip_suffix(" functions called"));
        let called: usize = called.and_then(|n| n.parse().ok()).expect("the caller says how many");
        assert!(called >= at_least, "{library}: only {called} functions");
    }
}

#[test]
fn libcuda() {
    survive("libcuda.so.1", 600);
}

#[test]
fn libcudart() {
    survive("libcudart.so.12", 400);
}

#[test]
fn libnvrtc() {
    survive("libnvrtc.so.12", 20);
}
