//! CMake takes the toolkit for CUDA's: it configures and builds `tests/cmake`, and the programs run.

use std::path::{Path, PathBuf};
use std::process::Command;

fn succeed(command: &mut Command) {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}{err}", output.status);
}

#[test]
fn project_builds_and_runs() {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace exists");
    let toolkit = std::env::var_os("ANYWARP_HOME").map_or_else(|| root.join("build/toolkit"), PathBuf::from);
    let nvcc = toolkit.join("bin/nvcc");
    assert!(nvcc.exists(), "there is no {}: run ./x build", nvcc.display());
    let dir = std::env::temp_dir().join(format!("anywarp cmake {}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    succeed(
        Command::new("cmake")
            .arg("-S")
            .arg(root.join("tests/cmake"))
            .arg("-B")
            .arg(&dir)
            .arg(format!("-DCMAKE_CUDA_COMPILER={}", nvcc.display()))
            .arg("-DCMAKE_BUILD_TYPE=Release"),
    );
    succeed(Command::new("cmake").arg("--build").arg(&dir));
    for program in ["separable", "static_runtime", "shared_runtime", "uses_library"] {
        succeed(Command::new(dir.join(program)).env("LD_LIBRARY_PATH", toolkit.join("lib64")));
    }
    let text = std::fs::read_to_string(dir.join("CMakeFiles/text.dir/one.ptx")).expect("PTX was made");
    assert!(text.contains(".entry"));
    let _ = std::fs::remove_dir_all(&dir);
}
