//! `./x bench --cold`: what a kernel costs before its first block runs, of the benchmark's kernels and the examples.
//!
//! Invariant: every number is one that the library's log (`ANYWARP_LOG=debug`) says in this run: processor time of the
//! thread that compiles, each kernel in the process that launches it.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::contender::{Place, build};
use crate::table::{KERNELS, PEERS, Toolchain};

/// The steps of a compilation, as the log names them.
const STEPS: [&str; 8] = ["lower", "llvm", "optimise", "emit", "parse", "passes", "codegen", "load"];

/// A kernel that a program launched.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Cold {
    pub program: String,
    pub kernel: String,
    /// Milliseconds of each of [`STEPS`].
    pub steps: [f64; STEPS.len()],
    /// Instructions as lowered from PTX, and optimised; lanes and chunks of a gang; lines of LLVM's text; bytes of object.
    pub size: [u64; 6],
    /// Whether this is baseline code.
    pub baseline: bool,
    /// Milliseconds that optimised code takes.
    pub optimised: f64,
    /// Milliseconds when it comes from the disk cache, if it did.
    pub cached: Option<f64>,
}

impl Cold {
    pub fn total(&self) -> f64 {
        self.steps.iter().sum()
    }
}

/// Builds and runs the programs, four times each: without a cache, the same with optimised code only, and twice with an empty
/// cache. Errors: a program that cannot be built or started.
pub fn measure(place: &Place) -> Result<Vec<Cold>, String> {
    let peer = PEERS.iter().find(|p| matches!(p.toolchain, Toolchain::Anywarp)).ok_or("no Anywarp")?;
    let mut rows = Vec::new();
    for kernel in KERNELS {
        eprintln!("{}", kernel.name);
        rows.extend(program(place, kernel.name, &build(place, kernel, peer)?)?);
    }
    let examples = place.root.join("examples");
    let list = std::fs::read_dir(&examples).map_err(|e| format!("{}: {e}", examples.display()))?;
    let mut sources: Vec<PathBuf> =
        list.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "cu")).collect();
    sources.sort();
    for source in sources {
        let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        eprintln!("{name}");
        let out = place.output().join(format!("{name}-example"));
        let mut nvcc = Command::new(place.toolkit().join("bin/nvcc"));
        nvcc.args(["-O3", "-std=c++17"]).arg(&source).arg("-o").arg(&out);
        let built = nvcc.output().map_err(|e| format!("{nvcc:?}: {e}"))?;
        if !built.status.success() {
            return Err(format!("{name} does not compile"));
        }
        rows.extend(program(place, &name, &out)?);
    }
    Ok(rows)
}

/// The kernels of one program.
fn program(place: &Place, name: &str, program: &Path) -> Result<Vec<Cold>, String> {
    let cache = place.output().join("cold cache");
    let _ = std::fs::remove_dir_all(&cache);
    let log = |cache: &Path, tier: &str| -> Result<String, String> {
        let mut command = Command::new(program);
        command.env("ANYWARP_TIER", tier);
        command.env("LD_LIBRARY_PATH", place.toolkit().join("lib64")).env("ANYWARP_LOG", "debug");
        command.env("ANYWARP_CACHE_DIR", cache).current_dir(place.output()).stdin(Stdio::null());
        let output = command.output().map_err(|e| format!("{}: {e}", program.display()))?;
        Ok(String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let mut rows: Vec<Cold> = Vec::new();
    for line in log(Path::new("0"), "auto")?.lines() {
        if let Some(mut row) = compiled(line)
            && !rows.iter().any(|r| r.kernel == row.kernel)
        {
            row.program = name.to_owned();
            rows.push(row);
        }
    }
    for all in log(Path::new("0"), "optimised")?.lines().filter_map(compiled) {
        if let Some(row) = rows.iter_mut().find(|r| r.kernel == all.kernel && r.optimised == 0.0) {
            row.optimised = all.total();
        }
    }
    log(&cache, "auto")?;
    for line in log(&cache, "auto")?.lines().filter(|l| l.contains("loaded from the cache")) {
        let Some(kernel) = text_of(line, "kernel=\"", '"') else { continue };
        if let Some(row) = rows.iter_mut().find(|r| r.kernel == kernel && r.cached.is_none()) {
            row.cached = text_of(line, "total=", ' ').and_then(milliseconds);
        }
    }
    let _ = std::fs::remove_dir_all(&cache);
    Ok(rows)
}

/// What stands behind `name` in a line, up to `end`.
fn text_of<'a>(line: &'a str, name: &str, end: char) -> Option<&'a str> {
    line.split_once(name)?.1.split(end).next()
}

/// `1.5ms`, `12µs`
fn milliseconds(text: &str) -> Option<f64> {
    let units = [("ms", 1.0), ("µs", 1e-3), ("ns", 1e-6), ("s", 1e3)];
    units.iter().find_map(|(unit, factor)| Some(text.strip_suffix(unit)?.parse::<f64>().ok()? * factor))
}

/// A line of the log that says what a kernel cost to compile.
fn compiled(line: &str) -> Option<Cold> {
    let kernel = text_of(line, "compiled kernel=\"", '"')?.to_owned();
    let steps = text_of(line, "steps=[", ']')?;
    let step = |name: &str| text_of(steps, &format!("(\"{name}\", "), ')').and_then(milliseconds);
    let number = |name: &str| text_of(line, &format!(" {name}="), ' ').and_then(|n| n.parse().ok());
    let mut size = [0; 6];
    for (slot, name) in size.iter_mut().zip(["lowered", "optimised", "lanes", "chunks", "lines", "bytes"]) {
        *slot = number(name)?;
    }
    let steps = STEPS.map(|name| step(name).unwrap_or_default());
    let baseline = text_of(line, " tier=", ' ') == Some("Baseline");
    Some(Cold { kernel, steps, size, baseline, ..Cold::default() })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The table, as Markdown: dearest first.
pub fn page(rows: &[Cold]) -> String {
    let mut rows: Vec<&Cold> = rows.iter().collect();
    rows.sort_by(|a, b| b.total().total_cmp(&a.total()));
    let mut out = format!(
        "The kernels of the benchmark and of the examples, each in a process of its own, in milliseconds of processor time. \
         *Lowered* are\ninstructions as they come from PTX, *IR* those that are left in a block of the launch's shape, \
         *load LLVM* is paid by the first kernel\nof a process, *total* is what the first launch waits for, *cached* the time of a \
         kernel that was compiled before.\nWhere code would be long, a launch that is not enormous begins with baseline code (*first* \
         says so); *optimised* is what all of it takes,\nbeside the first launch or before the second. \
         Bars: 60 ms for 200 instructions, 2 ms from the cache.\nWhat only the last blocks of a grid come to is compiled \
         when one does, and not counted.\n\nMedian {:.1} ms, {} of {} above 60 ms; optimised code median {:.1} ms, {} above 60 ms; \
         from the cache median {:.2} ms, most {:.2} ms.\n\n\
         | program | kernel | lowered | first | IR | gang | LLVM lines | code | load LLVM | optimise | emit | parse | passes | codegen | \
         total | optimised | cached |\n|---|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        median(rows.iter().map(|r| r.total()).collect()),
        rows.iter().filter(|r| r.total() > 60.0).count(),
        rows.len(),
        median(rows.iter().map(|r| r.optimised).collect()),
        rows.iter().filter(|r| r.optimised > 60.0).count(),
        median(rows.iter().filter_map(|r| r.cached).collect()),
        rows.iter().filter_map(|r| r.cached).fold(0.0, f64::max),
    );
    for row in rows {
        let [lower, llvm, optimise, emit, parse, passes, codegen, _] = row.steps;
        let [lowered, optimised, lanes, chunks, lines, bytes] = row.size;
        let short: String = row.kernel.chars().take(32).collect();
        let cached = row.cached.map_or(String::new(), |ms| format!("{ms:.2}"));
        let _ = writeln!(
            out,
            "| {} | `{short}` | {lowered} | {} | {optimised} | {lanes} x {chunks} | {lines} | {bytes} | {llvm:.1} | {:.1} | {emit:.1} | \
             {parse:.1} | {passes:.1} | {codegen:.1} | {:.1} | {:.1} | {cached} |",
            row.program,
            if row.baseline { "baseline" } else { "optimised" },
            lower + optimise,
            row.total(),
            row.optimised,
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "DEBUG compiled kernel=\"_Z1kPf\" total=12.25ms steps=[(\"lower\", 250µs), (\"llvm\", 5ms), \
                        (\"codegen\", 7ms)] lowered=30 optimised=20 lanes=16 chunks=4 lines=700 bytes=2464";

    #[test]
    fn a_line_of_the_log_is_read() {
        let row = compiled(LINE).expect("a row");
        assert_eq!((row.kernel.as_str(), row.size), ("_Z1kPf", [30, 20, 16, 4, 700, 2464]));
        assert!((row.total() - 12.25).abs() < 1e-9, "{}", row.total());
        assert_eq!(compiled("DEBUG compiled _Z1kPf for blocks of [1, 1, 1] in 3ms"), None);
    }

    #[test]
    fn the_dearest_comes_first() {
        let row = |program: &str, ms: f64| Cold {
            program: program.into(),
            steps: [ms; STEPS.len()],
            cached: Some(ms / 100.0),
            ..Cold::default()
        };
        let text = page(&[row("a", 1.0), row("b", 100.0), row("c", 10.0)]);
        let order: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("| ")?.split(' ').next()).collect();
        assert_eq!(order, ["program", "b", "c", "a"]);
        assert!(text.contains("Median 80.0 ms, 2 of 3 above 60 ms"), "{text}");
    }
}
