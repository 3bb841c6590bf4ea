//! What the machine itself can do, measured by `bench/common/limits.c`: multiply-adds and memory traffic a second.

use std::process::Command;

use serde_json::Value;

use crate::contender::Place;

pub struct Limits {
    /// Single-precision operations, a fused multiply-add counting as two.
    pub gflops: f64,
    /// Memory read and written by a triad with non-temporal stores.
    pub gbytes_per_s: f64,
}

/// Builds and runs the program; `None` (and a line on stderr) when that fails.
pub fn measure(place: &Place) -> Option<Limits> {
    eprintln!("the machine's limits ...");
    let program = place.output().join("limits");
    let source = place.root.join("bench/common/limits.c");
    let _ = std::fs::create_dir_all(place.output());
    let built = Command::new("gcc")
        .args(["-O3", "-march=native", "-fopenmp", "-o"])
        .arg(&program)
        .arg(&source)
        .status();
    if !built.is_ok_and(|s| s.success()) {
        eprintln!("{} does not compile: going on without limits", source.display());
        return None;
    }
    let mut command = Command::new("taskset");
    command.arg("-c").arg(format!("0-{}", place.threads.saturating_sub(1))).arg(&program);
    command.env("OMP_NUM_THREADS", place.threads.to_string()).env("OMP_PROC_BIND", "true");
    let output = command.output().ok()?;
    let page: Value = serde_json::from_slice(&output.stdout).ok()?;
    Some(Limits { gflops: page["gflops"].as_f64()?, gbytes_per_s: page["gbytes_per_s"].as_f64()? })
}
