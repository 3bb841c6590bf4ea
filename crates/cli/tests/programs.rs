//! Whole CUDA programs: every `examples/*.cu` and `tests/cuda/**/*.cu` is compiled by the toolkit's `nvcc` and run on
//! its libraries, one named test a file. Some are compiled and run again as for a debugger, and with shorter vectors.
//!
//! Invariant: a program passes when it exits with the wanted status and prints the wanted lines. It says what it wants in
//! comments at its top: `// cc: FLAGS`, `// args: WORDS`, `// env: NAME=VALUE`, `// exit: N`, and `// stdout: LINE` for
//! lines that must appear in this order. `// known: REASON` marks a program that fails for a fault we know of; it counts
//! as a failure again as soon as it passes. Where `NAME.out` lies beside `NAME.cu`, the program's output is that, line by
//! line: what a GPU printed (tests/gpu/README.md).

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use support::{finish, root_and_toolkit};

/// No program here needs more than a few seconds; a hang must not take the whole run with it.
const LONGEST: Duration = Duration::from_secs(90);

fn main() {
    let (root, toolkit) = root_and_toolkit();
    let mut sources = Vec::new();
    collect(&root.join("examples"), &mut sources);
    collect(&root.join("tests/cuda"), &mut sources);
    sources.sort();
    let mut trials = Vec::new();
    for source in sources {
        let name = source.strip_prefix(&root).expect("collected below the root").with_extension("");
        let name = name.display().to_string();
        let variants =
            VARIANTS.into_iter().filter(|v| *v == Variant::Plain || AGAIN.contains(&name.as_str()));
        for variant in variants {
            let (toolkit, source) = (toolkit.clone(), source.clone());
            let title = format!("{name}{}", variant.suffix());
            trials.push(Trial::test(title.clone(), move || check(&toolkit, &source, &title, variant)));
        }
    }
    trials.push(Trial::test("libraries load", move || libraries_load(&toolkit)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// How a program is built and run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Variant {
    Plain,
    /// As for a debugger: other control flow, everything in local memory.
    Debug,
    /// Vectors of 256 bits.
    Avx2,
}

const VARIANTS: [Variant; 3] = [Variant::Plain, Variant::Debug, Variant::Avx2];

/// Programs whose control flow, warps and memory depend most on how they are compiled.
const AGAIN: [&str; 14] = [
    "tests/cuda/barriers",
    "tests/cuda/continue_early",
    "tests/cuda/divergence",
    "tests/cuda/functions",
    "tests/cuda/memory_spaces",
    "tests/cuda/neighbours_under_guards",
    "tests/cuda/shared_by_known_threads",
    "tests/cuda/stencils",
    "tests/cuda/tile_rims",
    "tests/cuda/sort_and_scan",
    "tests/cuda/warp_idioms",
    "tests/cuda/warp_shuffle",
    "tests/cuda/warp_synchronous",
    "tests/cuda/waits",
];

impl Variant {
    fn suffix(self) -> &'static str {
        match self {
            Variant::Plain => "",
            Variant::Debug => " -G",
            Variant::Avx2 => " avx2",
        }
    }

    fn flag(self) -> &'static str {
        match self {
            Variant::Plain | Variant::Avx2 => "-O3",
            Variant::Debug => "-G",
        }
    }

    fn env(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Variant::Plain | Variant::Debug => &[],
            Variant::Avx2 => &[("ANYWARP_CPU", "avx2")],
        }
    }
}

/// The toolkit's libraries load, with every symbol bound at once.
fn libraries_load(toolkit: &Path) -> Result<(), Failed> {
    let names = ["libcuda.so.1", "libcudart.so.12", "libnvrtc.so.12"];
    let paths: Vec<String> =
        names.iter().map(|name| toolkit.join("lib64").join(name).display().to_string()).collect();
    for path in &paths {
        // A preloaded path must not hold blanks: it goes by a link in the working directory.
        let name = format!("anywarp-load-{}.so", std::process::id());
        let link = std::env::temp_dir().join(&name);
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(path, &link)?;
        let loaded = Command::new("true")
            .current_dir(std::env::temp_dir())
            .env("LD_PRELOAD", format!("./{name}"))
            .env("LD_LIBRARY_PATH", toolkit.join("lib64"))
            .env("LD_BIND_NOW", "1")
            .output()?;
        let _ = fs::remove_file(&link);
        if !loaded.status.success() || !loaded.stderr.is_empty() {
            let said = String::from_utf8_lossy(&loaded.stderr).into_owned();
            return Err(format!("{path}: {}\n{said}", loaded.status).into());
        }
    }
    Ok(())
}

/// All `.cu` files under `dir`.
fn collect(dir: &Path, sources: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, sources);
        } else if path.extension().is_some_and(|e| e == "cu") {
            sources.push(path);
        }
    }
}

/// What the comments at a program's top ask for.
#[derive(Default)]
struct Wanted {
    flags: Vec<String>,
    args: Vec<String>,
    env: Vec<(String, String)>,
    exit: i32,
    stdout: Vec<String>,
    known: Option<String>,
}

fn wanted(text: &str) -> Result<Wanted, Failed> {
    let mut wanted = Wanted::default();
    for line in text.lines().take_while(|l| l.is_empty() || l.starts_with("//")) {
        let Some((key, value)) = line.trim_start_matches('/').trim_start().split_once(": ") else { continue };
        let words = || value.split_whitespace().map(str::to_owned);
        match key {
            "cc" => wanted.flags.extend(words()),
            "args" => wanted.args.extend(words()),
            "env" => wanted.env.extend(words().filter_map(|w| {
                let (name, value) = w.split_once('=')?;
                Some((name.to_owned(), value.to_owned()))
            })),
            "exit" => wanted.exit = value.trim().parse().map_err(|e| format!("bad `// exit:`: {e}"))?,
            "stdout" => wanted.stdout.push(value.to_owned()),
            "known" => wanted.known = Some(value.to_owned()),
            _ => {}
        }
    }
    Ok(wanted)
}

/// A program passes, or fails as it is known to.
fn check(toolkit: &Path, source: &Path, name: &str, variant: Variant) -> Result<(), Failed> {
    let wanted = wanted(&fs::read_to_string(source)?)?;
    let outcome = compile_and_run(toolkit, source, name, &wanted, variant);
    match wanted.known {
        Some(reason) if outcome.is_ok() => Err(format!("passes now: remove its `// known: {reason}`").into()),
        Some(_) => Ok(()),
        None => outcome,
    }
}

/// Compiles and runs one program in a directory of its own.
fn compile_and_run(
    toolkit: &Path,
    source: &Path,
    name: &str,
    wanted: &Wanted,
    variant: Variant,
) -> Result<(), Failed> {
    let nvcc = toolkit.join("bin/nvcc");
    if !nvcc.exists() {
        return Err(format!("there is no {}: run ./x build", nvcc.display()).into());
    }
    let dir = std::env::temp_dir().join(format!("anywarp-programs-{}", std::process::id())).join(name);
    fs::create_dir_all(&dir)?;
    let program = dir.join("program");

    let mut compile = Command::new(&nvcc);
    compile.arg(variant.flag()).args(&wanted.flags).arg("-o").arg(&program).arg(source);
    let compiled = finish(&mut compile, &dir, LONGEST)?;
    if !compiled.status.success() {
        return Err(compiled.describe("compiling").into());
    }
    let mut run = Command::new(&program);
    // Most launch a kernel once, which must not mean that nobody tests the code of the others.
    run.args(&wanted.args)
        .env("ANYWARP_TIER", "optimised")
        .envs(wanted.env.iter().cloned())
        .envs(variant.env().iter().copied());
    run.env("LD_LIBRARY_PATH", toolkit.join("lib64"));
    let ran = finish(&mut run, &dir, LONGEST)?;
    if ran.status.code() != Some(wanted.exit) {
        return Err(ran.describe("running").into());
    }
    let mut printed = ran.stdout.lines();
    if let Some(missing) = wanted.stdout.iter().find(|line| !printed.any(|p| p == line.as_str())) {
        return Err(format!("{}wanted line: {missing}", ran.describe("running")).into());
    }
    if let Ok(recorded) = fs::read_to_string(source.with_extension("out")) {
        same_lines(&ran.stdout, &recorded)?;
    }
    let _ = fs::remove_dir_all(&dir);
    Ok(())
}

/// Compares an output with the recorded one. Errors: the first lines that differ.
fn same_lines(printed: &str, recorded: &str) -> Result<(), Failed> {
    let (mut got, mut want) = (printed.lines(), recorded.lines());
    let mut differences = Vec::new();
    for number in 1.. {
        match (got.next(), want.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            (a, b) => differences.push(format!("line {number}: {a:?}\n    a GPU: {b:?}")),
        }
    }
    if differences.is_empty() {
        return Ok(());
    }
    let count = differences.len();
    differences.truncate(12);
    Err(format!("{count} lines differ from what a GPU printed\n{}", differences.join("\n")).into())
}
