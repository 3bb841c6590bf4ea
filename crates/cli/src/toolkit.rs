//! Where the toolkit tree (`bin`, `include`, `lib64`) lies and how a program is started on it.
//!
//! Invariant: everything is found from this executable's own path or from `ANYWARP_HOME`; nothing is compiled in, so an
//! installed tree may be moved.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;

/// The toolkit's top directory. Errors: no directory with `lib64/libcuda.so.1` around this executable.
pub fn root() -> Result<PathBuf, Error> {
    if let Some(home) = env::var_os("ANYWARP_HOME") {
        return Ok(PathBuf::from(home));
    }
    let exe = env::current_exe().map_err(|e| Error::new("cannot find my own path").because(e))?;
    find(&exe).ok_or_else(|| {
        Error::new(format!("no toolkit (lib64/libcuda.so.1) near {}", exe.display()))
            .help("build it with ./x build, install it with ./x install PREFIX, or set ANYWARP_HOME")
    })
}

/// Looks for the tree that holds `exe`: `PREFIX/bin/anywarp`, or a checkout's `target/release/anywarp`.
fn find(exe: &Path) -> Option<PathBuf> {
    let is_toolkit = |dir: &Path| dir.join("lib64/libcuda.so.1").exists();
    exe.ancestors().skip(2).take(4).find_map(|dir| {
        [dir.to_path_buf(), dir.join("build/toolkit")].into_iter().find(|candidate| is_toolkit(candidate))
    })
}

/// Replaces this process by `program`, with Anywarp's libraries in front. Returns only on failure.
pub fn exec(root: &Path, program: &Path, args: &[OsString]) -> Error {
    let error = Command::new(program)
        .args(args)
        .env("LD_LIBRARY_PATH", library_path(root, env::var_os("LD_LIBRARY_PATH")))
        .env("CUDA_PATH", root)
        .env("CUDA_HOME", root)
        .exec();
    Error::new(format!("cannot run {}", program.display())).because(error)
}

/// `LD_LIBRARY_PATH` with the toolkit's libraries first and what was there behind.
fn library_path(root: &Path, before: Option<OsString>) -> OsString {
    let mut path = root.join("lib64").into_os_string();
    if let Some(before) = before.filter(|b| !b.is_empty()) {
        path.push(":");
        path.push(before);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn library_path_keeps_what_was_there() {
        let check = |before: Option<&str>, want: &str| {
            assert_eq!(library_path(Path::new("/opt/a w"), before.map(OsString::from)), OsString::from(want));
        };
        check(None, "/opt/a w/lib64");
        check(Some(""), "/opt/a w/lib64");
        check(Some("/x:/y"), "/opt/a w/lib64:/x:/y");
    }

    #[test]
    fn tree_is_found_from_an_install_and_from_a_checkout() {
        let top = env::temp_dir().join(format!("anywarp toolkit {}", std::process::id()));
        for tree in ["prefix", "checkout/build/toolkit"] {
            let lib = top.join(tree).join("lib64");
            std::fs::create_dir_all(&lib).unwrap();
            std::fs::write(lib.join("libcuda.so.1"), "").unwrap();
        }
        let check =
            |exe: &str, want: Option<&str>| assert_eq!(find(&top.join(exe)), want.map(|w| top.join(w)));
        check("prefix/bin/nvcc", Some("prefix"));
        check("checkout/build/toolkit/bin/nvcc", Some("checkout/build/toolkit"));
        check("checkout/target/release/anywarp", Some("checkout/build/toolkit"));
        check("checkout/target/release/deps/anywarp-0", Some("checkout/build/toolkit"));
        check("elsewhere/bin/anywarp", None);
        std::fs::remove_dir_all(&top).unwrap();
    }
}
