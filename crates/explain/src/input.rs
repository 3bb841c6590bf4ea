//! From the file that a user names to PTX.
//! Invariant: a CUDA source is compiled by the same command as for a run, with line information.

use std::path::Path;
use std::process::Command;

/// The PTX of a file: its content, or what `anywarp cc` makes of a CUDA source.
pub fn ptx(file: &Path, flags: &[String]) -> Result<Vec<u8>, String> {
    let unreadable = |e: std::io::Error| format!("cannot read {}: {e}", file.display());
    if file.extension().is_some_and(|e| e == "ptx") {
        return std::fs::read(file).map_err(unreadable);
    }
    std::fs::metadata(file).map_err(unreadable)?;
    let exe = std::env::current_exe().map_err(|e| format!("cannot find my own path: {e}"))?;
    let compiler = exe.with_file_name("anywarp");
    let out = std::env::temp_dir().join(format!("anywarp-explain-{}.ptx", std::process::id()));
    let status = Command::new(&compiler)
        .args(["cc", "--ptx", "-O3", "-lineinfo"])
        .args(flags)
        .arg("-o")
        .arg(&out)
        .arg(file)
        .status()
        .map_err(|e| format!("cannot start {}: {e}", compiler.display()))?;
    if !status.success() {
        return Err(format!("{} does not compile", file.display()));
    }
    let ptx = std::fs::read(&out).map_err(|e| format!("cannot read {}: {e}", out.display()));
    let _ = std::fs::remove_file(&out);
    ptx
}

/// The C++ name, or the name itself.
pub fn plain_name(name: &str) -> String {
    let demangled = cpp_demangle::Symbol::new(name).ok().and_then(|s| s.demangle(&Default::default()).ok());
    demangled.unwrap_or_else(|| name.to_string())
}
