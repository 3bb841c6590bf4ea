//! A precompiled `cuda_runtime.h` for runtime compilation: most of a small kernel's compile time is that header.
//!
//! Invariant: a precompiled header only saves time. clang checks it against the headers' sizes and times and against the
//! flags; what does not fit is compiled without it, and a cache that cannot be written is no cache.

use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::process::Tool;
use crate::toolkit::Toolkit;

/// Precompiled headers kept, one for each set of flags; each takes about 7 MB.
const MOST: usize = 16;

/// The precompiled header for clang arguments `args`, which include `-S` but not the header itself; made if it is not
/// there. None where it cannot be made or kept.
pub fn header(toolkit: &Toolkit, args: &[String]) -> Option<PathBuf> {
    // From C++20 on clang compares functions across modules by their text, host and device overloads included.
    if args.iter().any(|arg| arg.contains("-std=c++2") || arg.contains("-std=gnu++2")) {
        return None;
    }
    let dir = directory()?;
    let mut hasher = DefaultHasher::new();
    (args, &toolkit.clang, &toolkit.include, env!("CARGO_PKG_VERSION")).hash(&mut hasher);
    let file = dir.join(format!("{:016x}.pch", hasher.finish()));
    if file.is_file() {
        return Some(file);
    }
    std::fs::create_dir_all(&dir).ok()?;
    trim(&dir);
    // Made under another name and moved into place: other processes see a whole file or none.
    let scratch = tempfile::Builder::new().prefix("pch-").tempdir_in(&dir).ok()?;
    let draft = scratch.path().join("draft.pch");
    let made = Tool::new(&toolkit.clang)
        .args(args.iter().cloned())
        .args(["-Xclang", "-emit-pch", "-o", &draft.to_string_lossy()])
        .arg(toolkit.include.join("cuda_runtime.h").to_string_lossy())
        .start()
        .ok()?
        .finish()
        .ok()?;
    (made.status == 0).then(|| std::fs::rename(&draft, &file).ok()).flatten()?;
    Some(file)
}

/// Drops a header that clang has refused, so that the next call makes a new one.
pub fn forget(header: &Path) {
    let _ = std::fs::remove_file(header);
}

/// Whether clang's diagnostics say that it is the precompiled header that does not fit.
pub fn is_refused(diagnostics: &str) -> bool {
    ["PCH", "precompiled", "AST file"].iter().any(|word| diagnostics.contains(word))
}

/// `pch` in `$ANYWARP_CACHE_DIR` (`0` or empty: no cache), `$XDG_CACHE_HOME/anywarp` or `~/.cache/anywarp`.
fn directory() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|v: &OsString| !v.is_empty());
    let base = match std::env::var_os("ANYWARP_CACHE_DIR") {
        Some(dir) if dir.is_empty() || dir == "0" => return None,
        Some(dir) => PathBuf::from(dir),
        None => match set("XDG_CACHE_HOME") {
            Some(dir) => PathBuf::from(dir).join("anywarp"),
            None => PathBuf::from(set("HOME")?).join(".cache/anywarp"),
        },
    };
    Some(base.join("pch"))
}

/// Makes room for one more, the oldest going first.
fn trim(dir: &Path) {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter(|e| e.path().extension().is_some_and(|x| x == "pch"))
        .filter_map(|e| Some((e.metadata().ok()?.modified().ok()?, e.path())))
        .collect();
    files.sort();
    let excess = (files.len() + 1).saturating_sub(MOST);
    files.iter().take(excess).for_each(|(_, path)| forget(path));
}
