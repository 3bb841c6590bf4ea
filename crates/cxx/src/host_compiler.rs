//! `-ccbin`: the host compiler that the user names.
//!
//! clang compiles both sides of every file, so that a plain compiler is only checked to exist. A wrapper (`mpicxx`) adds
//! directories and libraries to a compiler: its directories are given to clang, and it links.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::Error;
use crate::options::Options;

/// Whether a program of this name adds nothing to what clang does by itself.
fn is_plain(name: &str) -> bool {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').trim_end_matches('-');
    let name = name.rsplit_once("-linux-gnu-").map_or(name, |(_, tool)| tool);
    matches!(name, "gcc" | "g++" | "cc" | "c++" | "clang" | "clang++" | "cpp")
}

/// The program that `-ccbin` names: a path, a name to be looked for, or the directory of a plain compiler.
fn locate(named: &str) -> Result<PathBuf, Error> {
    let path = Path::new(named);
    let candidates: Vec<PathBuf> = if path.is_dir() {
        ["g++", "c++", "clang++"].iter().map(|tool| path.join(tool)).collect()
    } else if named.contains('/') {
        vec![path.to_owned()]
    } else {
        let dirs = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&dirs).map(|dir| dir.join(named)).collect()
    };
    candidates
        .into_iter()
        .find(|file| file.is_file())
        .ok_or_else(|| Error::Usage(format!("--compiler-bindir: there is no host compiler '{named}'")))
}

/// The wrapper that `-ccbin` names, if it is one. Errors: there is no such program.
pub fn wrapper(options: &Options) -> Result<Option<PathBuf>, Error> {
    let Some(named) = &options.host_compiler else { return Ok(None) };
    let program = locate(named)?;
    let name = program.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((!is_plain(&name)).then_some(program))
}

/// `-isystem` for each directory that the wrapper adds to those of its compiler.
pub fn include_arguments(wrapper: &Path) -> Result<Vec<String>, Error> {
    let added = searched(wrapper)?;
    let usual: BTreeSet<String> = searched(Path::new("c++")).unwrap_or_default().into_iter().collect();
    Ok(added
        .into_iter()
        .filter(|dir| !usual.contains(dir))
        .flat_map(|dir| ["-isystem".to_owned(), dir])
        .collect())
}

/// Where a compiler looks for headers, as `-v` tells.
fn searched(compiler: &Path) -> Result<Vec<String>, Error> {
    let output = Command::new(compiler)
        .args(["-x", "c++", "-E", "-v", "/dev/null"])
        .stdin(Stdio::null())
        .output()
        .map_err(Error::io(format!("cannot run the host compiler '{}'", compiler.display())))?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let lists =
        text.lines().skip_while(|l| !l.starts_with("#include ")).take_while(|l| !l.starts_with("End of"));
    Ok(lists.filter(|l| l.starts_with(' ')).map(|l| l.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn plain_compilers_and_wrappers() {
        for name in ["gcc", "g++-12", "x86_64-linux-gnu-g++-12", "clang++-19", "clang++", "c++"] {
            assert!(is_plain(name), "{name}");
        }
        for name in ["mpicxx", "mpic++", "nvc++", "CC", "hipcc"] {
            assert!(!is_plain(name), "{name}");
        }
    }
}
