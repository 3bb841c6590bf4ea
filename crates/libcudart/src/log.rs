//! The log of what this library could not do, on stderr, when `ANYWARP_LOG` is set to anything but `off`.
//!
//! Invariant: each name is reported once per process.

use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock};

/// Reports, once, that `name` is exported but not supported.
pub fn unsupported(name: &'static str) {
    once(name, "is not supported yet");
}

/// Reports, once, that the driver library lacks `name`.
pub fn missing(name: &'static str) {
    once(name, "is missing from libcuda.so.1");
}

/// Reports something that the caller's error code cannot carry.
pub fn note(text: &str) {
    if enabled() {
        eprintln!("anywarp: libcudart: {text}");
    }
}

fn once(name: &'static str, what: &str) {
    static SEEN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    if !enabled() {
        return;
    }
    let mut seen = SEEN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if seen.insert(name) {
        eprintln!("anywarp: libcudart: {name} {what}");
    }
}

fn enabled() -> bool {
    static ENABLED: OnceLock<bool> = OnceLock::new();
    *ENABLED.get_or_init(|| {
        std::env::var_os("ANYWARP_LOG").is_some_and(|value| !value.is_empty() && value != "off")
    })
}
