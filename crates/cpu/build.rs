//! Hashes the sources that decide what code is generated, for the key of the disk cache.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

fn main() {
    let mut hasher = DefaultHasher::new();
    for krate in ["ir", "analysis", "opt", "lower", "mathlib", "engine", "ptx", "cpu"] {
        let dir = Path::new("..").join(krate).join("src");
        println!("cargo::rerun-if-changed={}", dir.display());
        hash_dir(&dir, &mut hasher);
    }
    println!("cargo::rustc-env=ANYWARP_CODEGEN_HASH={:016x}", hasher.finish());
}

fn hash_dir(dir: &Path, hasher: &mut DefaultHasher) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            hash_dir(&path, hasher);
        } else if let Ok(bytes) = std::fs::read(&path) {
            bytes.hash(hasher);
        }
    }
}
