//! `./x bench --corpus`: the kernels of `bench/corpus` against the loops beside them, built by each compiler.
//!
//! Invariant: both sides of a kernel are the same program, told which side to run, so they begin with the same data; what the
//! tests check at small sizes is measured here at large ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::contender::{self, Place};
use crate::is_wanted;
use crate::measure::{self, Entry};
use crate::report::{contender as described, geometric_mean, ratio};
use crate::table::{PEERS, Peer, Toolchain};

/// A family's programs: the kernels with the loops as a peer's compiler makes them.
struct Family {
    name: String,
    /// Kernels, and the difference of checksums that rounding explains.
    kernels: Vec<(String, f64)>,
    programs: Vec<(&'static Peer, Result<PathBuf, String>)>,
}

/// A kernel and who ran it.
struct Row {
    name: String,
    entries: Vec<Entry>,
}

impl Row {
    fn ours(&self) -> Option<f64> {
        measure::medians(&self.entries, |e| e.ours).next()
    }

    fn ratio(&self) -> Option<f64> {
        ratio(measure::medians(&self.entries, |e| !e.ours).reduce(f64::min), self.ours())
    }
}

/// Measures what has `pattern` in its name, prints it and writes it to `json`. `Ok(false)`: some kernel gave no result or a
/// wrong one. Errors: nothing could be measured, or written.
pub fn run(place: &Place, pattern: &str, wanted: &[String], reps: u32, json: &Path) -> Result<bool, String> {
    let peers: Vec<&Peer> = PEERS
        .iter()
        .filter(|p| matches!(p.toolchain, Toolchain::OpenMp(..)) && is_wanted(wanted, p.name))
        .filter(|p| {
            contender::available(place, p).map_err(|why| eprintln!("without {}: {why}", p.name)).is_ok()
        })
        .collect();
    let mut rows: Vec<Row> = Vec::new();
    for source in sources(place)? {
        let Some(family) = family(place, &source, pattern, &peers)? else { continue };
        for (kernel, tolerance) in &family.kernels {
            let row = row(place, &family, kernel, *tolerance, reps);
            print_row(&row, rows.is_empty(), &peers);
            rows.push(row);
        }
    }
    if rows.is_empty() {
        return Err(format!("no kernel of the corpus has {pattern:?} in its name"));
    }
    print_summary(&rows);
    let kernels: Vec<_> = rows
        .iter()
        .map(|row| {
            let contenders: Vec<_> = row.entries.iter().map(described).collect();
            json!({ "kernel": row.name, "ratio_to_best_peer": row.ratio(), "contenders": contenders })
        })
        .collect();
    let page = json!({
        "threads": place.threads,
        "repetitions": reps,
        "geometric_mean": geometric_mean(&ratios(&rows)),
        "kernels": kernels,
    });
    fs::write(json, format!("{page:#}\n")).map_err(|e| format!("cannot write {}: {e}", json.display()))?;
    println!("written: {}", json.display());
    Ok(rows.iter().all(|r| r.ours().is_some()))
}

/// The families' files, by name.
fn sources(place: &Place) -> Result<Vec<PathBuf>, String> {
    let dir = place.root.join("bench/corpus");
    let entries = fs::read_dir(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let mut sources: Vec<PathBuf> =
        entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "cu")).collect();
    sources.sort();
    Ok(sources)
}

/// Builds a family. `None`: no kernel of it is wanted. Errors: the CUDA side does not compile.
fn family(
    place: &Place,
    source: &Path,
    pattern: &str,
    peers: &[&'static Peer],
) -> Result<Option<Family>, String> {
    let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read_to_string(source).map_err(|e| format!("{}: {e}", source.display()))?;
    let has_wanted = text
        .lines()
        .filter_map(|l| l.strip_prefix("CASE(")?.split(',').next())
        .any(|k| format!("{name}/{k}").contains(pattern));
    if !has_wanted {
        return Ok(None);
    }
    eprintln!("building {name} ...");
    let dir = place.output().join("corpus");
    fs::create_dir_all(&dir).map_err(|e| e.to_string())?;
    let object = dir.join(format!("{name}.o"));
    let mut nvcc = Command::new(place.toolkit().join("bin/nvcc"));
    nvcc.args(["-O3", "-std=c++17", "-arch=sm_80", "-c"]).arg(source).arg("-o").arg(&object);
    succeed(nvcc.arg("-I").arg(place.root.join("bench/common")))?;
    let programs: Vec<_> = peers.iter().map(|&p| (p, link(place, source, &object, p))).collect();
    let Some(program) = programs.iter().find_map(|(_, built)| built.as_ref().ok()) else {
        return Err(programs.into_iter().find_map(|(_, built)| built.err()).unwrap_or_default());
    };
    let list = Command::new(program).env("LD_LIBRARY_PATH", place.toolkit().join("lib64")).output();
    let list = list.map_err(|e| format!("{}: {e}", program.display()))?;
    let kernels = String::from_utf8_lossy(&list.stdout)
        .lines()
        .filter_map(|l| l.split_once(' '))
        .filter(|(k, _)| format!("{name}/{k}").contains(pattern))
        .map(|(k, tolerance)| (k.to_owned(), tolerance.parse().unwrap_or(0.0)))
        .collect();
    Ok(Some(Family { name, kernels, programs }))
}

/// The program with the loops as `peer` compiles them.
fn link(place: &Place, source: &Path, object: &Path, peer: &Peer) -> Result<PathBuf, String> {
    let Toolchain::OpenMp(compiler, flags) = peer.toolchain else {
        return Err(format!("{} does not compile loops", peer.name));
    };
    let (compiler, runtime) = match compiler {
        "gcc" => ("g++", "-lgomp"),
        _ => ("clang++-19", "-lomp"),
    };
    let program = object.with_extension(peer.name);
    let loops = object.with_extension(format!("{}.o", peer.name));
    succeed(
        Command::new(compiler).args(flags).arg("-c").arg(source.with_extension("cpp")).arg("-o").arg(&loops),
    )?;
    let mut nvcc = Command::new(place.toolkit().join("bin/nvcc"));
    nvcc.arg(object).arg(&loops).arg("-o").arg(&program);
    nvcc.args([
        "-L/usr/lib/llvm-19/lib",
        "-Xlinker",
        "-rpath=/usr/lib/llvm-19/lib",
        runtime,
        "-lm",
        "-lmvec",
    ]);
    succeed(&mut nvcc)?;
    Ok(program)
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|e| format!("{command:?}: {e}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("does not compile: {}", contender::first_line(&output.stderr))),
    }
}

/// Starts all contenders of a kernel and lets them take turns.
fn row(place: &Place, family: &Family, kernel: &str, tolerance: f64, reps: u32) -> Row {
    let start = |program: &Path, side: &str, peer: &str| {
        let mut command = contender::pinned(place, program);
        // Threads that spin long after a loop would be waited for after each of many short ones.
        command.arg(side).arg(kernel).env("KMP_BLOCKTIME", "1").env("GOMP_SPINCOUNT", "20000");
        contender::launch(command, &place.output().join("corpus").join(format!("{peer}.log")))
    };
    let mut started = Vec::new();
    let built = family.programs.iter().find_map(|(_, built)| built.as_ref().ok());
    if let (Some(ours), Some(program)) = (PEERS.iter().find(|p| p.ours()), built) {
        started.push((ours, start(program, "cuda", ours.name)));
    }
    for (peer, built) in &family.programs {
        let running = built.as_ref().map_err(Clone::clone).and_then(|b| start(b, "reference", peer.name));
        started.push((*peer, running));
    }
    // Rounding adds up over an array as it does in an element; exact results are exact.
    let entries = measure::turns(started, reps, tolerance);
    Row { name: format!("{}/{kernel}", family.name), entries }
}

fn print_row(row: &Row, first: bool, peers: &[&Peer]) {
    if first {
        print!("{:40} {:>10}", "median ms", "anywarp");
        peers.iter().for_each(|peer| print!(" {:>17}", peer.name));
        println!(" {:>8}", "ratio");
    }
    let ms = |name: &str| measure::medians(&row.entries, |e| e.peer == name).next();
    let number = |ms: Option<f64>| ms.map_or("-".to_owned(), |ms| format!("{ms:.3}"));
    print!("{:40} {:>10}", row.name, number(row.ours()));
    peers.iter().for_each(|peer| print!(" {:>17}", number(ms(peer.name))));
    println!(" {:>8}", row.ratio().map_or("-".to_owned(), |r| format!("{r:.2}")));
    for entry in &row.entries {
        if let Err(why) = &entry.outcome {
            println!("    {}: {why}", entry.peer);
        }
    }
}

fn ratios(rows: &[Row]) -> Vec<f64> {
    rows.iter().filter_map(Row::ratio).collect()
}

/// What is slower than the best peer, slowest first, and the mean.
fn print_summary(rows: &[Row]) {
    let mut behind: Vec<(f64, &str)> =
        rows.iter().filter_map(|r| Some((r.ratio().filter(|r| *r < 1.0)?, r.name.as_str()))).collect();
    behind.sort_by(|a, b| a.0.total_cmp(&b.0));
    println!("\nratio = best peer's median / anywarp's median: above 1 Anywarp is faster");
    let all = ratios(rows);
    if let Some(mean) = geometric_mean(&all) {
        println!(
            "geometric mean over best peer: {mean:.2} ({} kernels, {} below 1)",
            all.len(),
            behind.len()
        );
    }
    for (ratio, name) in behind {
        println!("    {ratio:.2} {name}");
    }
}
