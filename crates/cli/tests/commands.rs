//! The command line itself: help, mistakes and exit codes. Needs no toolkit; whole programs are in `programs.rs`.

use std::process::{Command, Output};

fn anywarp(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_anywarp"))
        .args(args)
        .env("ANYWARP_HOME", "/nonexistent/toolkit")
        .output()
        .expect("the binary runs")
}

/// The command ends with `status` and says `part` somewhere; never with colours, since no terminal listens.
fn check(args: &[&str], status: i32, part: &str) {
    let output = anywarp(args);
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{args:?}: {said}");
    assert!(said.contains(part), "{args:?} should say {part:?}:\n{said}");
    assert!(!said.contains('\x1b'), "{args:?} wrote colours to a pipe: {said:?}");
}

#[test]
fn help_and_version() {
    check(&["--help"], 0, "Usage: anywarp");
    check(&["--version"], 0, env!("CARGO_PKG_VERSION"));
    check(&["run", "--help"], 0, "anywarp run -- PROGRAM");
    check(&["devices", "--help"], 0, "--json");
}

#[test]
fn no_command_shows_help_and_fails() {
    check(&[], 2, "Usage: anywarp");
}

#[test]
fn mistyped_command_gets_a_suggestion() {
    check(&["devicez"], 2, "'devices'");
    check(&["runn", "a.cu"], 2, "'run'");
}

#[test]
fn run_says_what_it_cannot_run() {
    check(&["run"], 2, "required");
    check(&["run", "a.out"], 1, "anywarp run -- a.out");
    check(&["run", "missing.cu"], 1, "no file missing.cu");
    check(&["run", "--", "/nonexistent/program"], 1, "/nonexistent/program");
}

#[test]
fn run_passes_exit_status_arguments_and_libraries() {
    check(&["run", "--", "/bin/sh", "-c", "exit 7"], 7, "");
    check(
        &["run", "--", "/bin/sh", "-c", "echo \"$1 $LD_LIBRARY_PATH\"", "sh", "--help"],
        0,
        "--help /nonexistent/toolkit/lib64",
    );
    check(
        &["run", "--", "/bin/sh", "-c", "echo $CUDA_PATH $CUDA_HOME"],
        0,
        "/nonexistent/toolkit /nonexistent/toolkit",
    );
}

#[test]
fn devices_without_a_driver_library_is_an_error() {
    check(&["devices"], 1, "libcuda.so.1");
}
