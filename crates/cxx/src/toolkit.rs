//! Where the headers, the libraries and clang are.

use std::path::{Path, PathBuf};

use crate::error::Error;

/// The toolkit that a compilation uses.
#[derive(Debug, Clone)]
pub struct Toolkit {
    /// The directory that build systems take for the CUDA toolkit.
    pub root: PathBuf,
    /// Holds `cuda_runtime.h`.
    pub include: PathBuf,
    /// Holds `libcudart.so` and the other libraries.
    pub lib64: PathBuf,
    /// The `clang++` of LLVM 19.
    pub clang: PathBuf,
}

impl Toolkit {
    /// The toolkit of the running executable: `PREFIX/{bin,include,lib64}` where it is installed, otherwise that of the
    /// source checkout above it (`build/toolkit`, or `include` and the build's output). `ANYWARP_HOME` overrides the
    /// place, `ANYWARP_CLANG` the compiler.
    pub fn locate() -> Result<Toolkit, Error> {
        let exe = std::env::current_exe().map_err(Error::io("cannot tell where this program is"))?;
        Toolkit::around(&exe)
    }

    /// The toolkit to which `file`, one of its programs or libraries, belongs.
    pub fn around(file: &Path) -> Result<Toolkit, Error> {
        if let Some(home) = std::env::var_os("ANYWARP_HOME") {
            return Toolkit::at(Path::new(&home));
        }
        let exe = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        let trees = || exe.ancestors().skip(1).flat_map(|dir| [dir.to_owned(), dir.join("build/toolkit")]);
        let has_headers = |dir: &PathBuf| dir.join("include/cuda_runtime.h").is_file();
        let has_libraries = |dir: &PathBuf| dir.join("lib64/libcudart.so").exists();
        let root = trees()
            .find(|dir| has_headers(dir) && has_libraries(dir))
            .or_else(|| trees().find(has_headers))
            .ok_or_else(|| {
                Error::Setup(format!(
                    "no directory above '{}' has include/cuda_runtime.h; set ANYWARP_HOME",
                    exe.display()
                ))
            })?;
        let mut toolkit = Toolkit::at(&root)?;
        if !has_libraries(&root) {
            // A checkout that was built with cargo alone.
            let built = exe.ancestors().skip(1).take(2).find(|dir| dir.join("libcudart.so").is_file());
            toolkit.lib64 = built.map(Path::to_owned).unwrap_or(toolkit.lib64);
        }
        Ok(toolkit)
    }

    /// The toolkit in `root`.
    pub fn at(root: &Path) -> Result<Toolkit, Error> {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        Ok(Toolkit { include: root.join("include"), lib64: root.join("lib64"), root, clang: find_clang()? })
    }
}

fn find_clang() -> Result<PathBuf, Error> {
    if let Some(named) = std::env::var_os("ANYWARP_CLANG") {
        return Ok(named.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let dirs = || std::env::split_paths(&path).chain(["/usr/bin".into(), "/usr/lib/llvm-19/bin".into()]);
    let found = |name: &str| dirs().map(|dir| dir.join(name)).find(|file| file.is_file());
    found("clang++-19")
        .or_else(|| Some(PathBuf::from("/usr/lib/llvm-19/bin/clang++")).filter(|f| f.is_file()))
        .ok_or_else(|| {
            Error::Setup(
                "clang++-19 is not installed; on Debian and Ubuntu: apt-get install clang-19 (or set ANYWARP_CLANG)"
                    .to_owned(),
            )
        })
}
