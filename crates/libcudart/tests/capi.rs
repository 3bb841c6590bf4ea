//! The C programs of `tests/capi`, one named test a file, and the library's exported names.
//!
//! Invariant: a program passes when it exits with 0. It is plain C, compiled by `cc` against `include/`, linked with the
//! toolkit's libraries (`ANYWARP_HOME`, else `build/toolkit`). `// cc: FLAGS` at its top adds flags.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};
use object::{Object, ObjectSymbol};

fn main() {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace exists");
    let toolkit = std::env::var_os("ANYWARP_HOME").map_or_else(|| root.join("build/toolkit"), PathBuf::from);
    let programs = fs::read_dir(root.join("tests/capi")).expect("the programs are in the repository");
    let mut sources: Vec<PathBuf> = programs.flatten().map(|entry| entry.path()).collect();
    sources.retain(|path| path.extension().is_some_and(|extension| extension == "c"));
    sources.sort();
    let mut trials: Vec<Trial> = sources
        .into_iter()
        .map(|source| {
            let name = format!("capi/{}", source.file_stem().unwrap_or_default().to_string_lossy());
            let (root, toolkit) = (root.clone(), toolkit.clone());
            Trial::test(name, move || run(&root, &toolkit, &source))
        })
        .collect();
    trials.push(Trial::test("exported_names_are_the_documented_ones", move || exports(&toolkit)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn run(root: &Path, toolkit: &Path, source: &Path) -> Result<(), Failed> {
    let libraries = toolkit.join("lib64");
    if !libraries.join("libcudart.so.12").exists() {
        return Err(
            format!("there is no {}: run ./x build", libraries.join("libcudart.so.12").display()).into()
        );
    }
    let text = fs::read_to_string(source)?;
    let flags = text.lines().find_map(|line| line.strip_prefix("// cc: ")).unwrap_or("");
    let dir = std::env::temp_dir().join(format!("anywarp-capi-{}", std::process::id()));
    fs::create_dir_all(&dir)?;
    let program = dir.join(source.file_stem().unwrap_or_default());
    let mut compile = Command::new("cc");
    compile.args(["-std=gnu11", "-Wall", "-Wextra", "-Wno-unused-function", "-Werror", "-g"]);
    compile.args(flags.split_whitespace()).arg("-isystem").arg(root.join("include"));
    compile.arg("-o").arg(&program).arg(source);
    compile.arg("-L").arg(&libraries).args(["-lcudart", "-lcuda", "-lpthread", "-lm"]);
    succeed(&mut compile)?;
    // `timeout` ends a program that hangs.
    succeed(Command::new("timeout").arg("120").arg(&program).env("LD_LIBRARY_PATH", &libraries))?;
    let _ = fs::remove_file(&program);
    Ok(())
}

fn succeed(command: &mut Command) -> Result<(), Failed> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(format!("{command:?}: {}\n{out}{err}", output.status).into())
}

/// The names in `exports.txt`, no more and no fewer.
fn exports(toolkit: &Path) -> Result<(), Failed> {
    let wanted: BTreeSet<String> = include_str!("exports.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let library = toolkit.join("lib64/libcudart.so.12");
    let bytes = fs::read(&library).map_err(|error| format!("{}: {error}", library.display()))?;
    let file = object::File::parse(&*bytes)?;
    let found: BTreeSet<String> = file
        .dynamic_symbols()
        .filter(|symbol| symbol.is_definition() && symbol.is_global())
        .filter_map(|symbol| symbol.name().ok().map(str::to_owned))
        .collect();
    let lost: Vec<&String> = wanted.difference(&found).collect();
    let new: Vec<&String> = found.difference(&wanted).collect();
    if lost.is_empty() && new.is_empty() {
        Ok(())
    } else {
        Err(format!("lost: {lost:?}\nnot listed: {new:?}").into())
    }
}
