//! `./x bench`: builds the contenders of each kernel, lets them take turns, and reports times and ratios.
//!
//! Invariant: contenders of a kernel run alternately in one session on the same processors, so that a disturbance hits
//! all of them; only medians and ratios of medians are reported.

mod contender;
mod limits;
mod measure;
mod picture;
mod report;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::measure::Row;
use crate::table::{KERNELS, Kernel, PEERS, Peer};

/// Compares Anywarp with OpenMP and OpenCL on the same kernels.
#[derive(Parser)]
#[command(name = "./x bench")]
struct Options {
    /// The checkout to work in.
    #[arg(long, hide = true)]
    root: PathBuf,
    /// Only kernels whose name contains one of these.
    #[arg(long, value_delimiter = ',')]
    kernel: Vec<String>,
    /// Only contenders whose name contains one of these; anywarp always runs unless --peers-only.
    #[arg(long, value_delimiter = ',')]
    peer: Vec<String>,
    /// Leave Anywarp out: measures the peers alone.
    #[arg(long)]
    peers_only: bool,
    /// Timed repetitions of each contender; the median counts.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    reps: u32,
    /// Processors to use.
    #[arg(long)]
    threads: Option<usize>,
    /// Where the results go.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Where the picture goes.
    #[arg(long)]
    svg: Option<PathBuf>,
    /// Do not measure the machine's own limits.
    #[arg(long)]
    no_limits: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let threads =
        options.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let place = contender::Place::new(&options.root, threads);

    let limits = if options.no_limits { None } else { limits::measure(&place) };
    let mut missing = Vec::new();
    let peers: Vec<&Peer> = chosen_peers(&options)
        .filter(|peer| match contender::available(&place, peer) {
            Ok(()) => true,
            Err(why) => {
                missing.push((peer.name, why));
                false
            }
        })
        .collect();

    let mut rows: Vec<Row> = Vec::new();
    for kernel in KERNELS.iter().filter(|k| is_wanted(&options.kernel, k.name)) {
        rows.push(measure::row(&place, kernel, &peers, options.reps));
        report::print_row(rows.last().expect("just pushed"), rows.len() == 1, &peers);
    }
    report::print_summary(&rows, limits.as_ref(), &missing);

    let json = options.json.unwrap_or_else(|| options.root.join("build/bench/results.json"));
    let svg = options.svg.unwrap_or_else(|| options.root.join("build/bench/results.svg"));
    let page = report::json(&rows, threads, options.reps, limits.as_ref(), &missing);
    let picture = picture::svg(&rows);
    for (path, text) in [(&json, format!("{page:#}\n")), (&svg, picture)] {
        if let Err(error) = std::fs::write(path, text) {
            eprintln!("cannot write {}: {error}", path.display());
            return ExitCode::from(1);
        }
        println!("written: {}", path.display());
    }
    let broken = rows.iter().any(Row::is_broken);
    ExitCode::from(u8::from(broken))
}

fn chosen_peers(options: &Options) -> impl Iterator<Item = &'static Peer> {
    let (peers_only, wanted) = (options.peers_only, options.peer.clone());
    PEERS.iter().filter(move |peer| match peer.ours() {
        true => !peers_only,
        false => is_wanted(&wanted, peer.name),
    })
}

/// No filter wants everything.
fn is_wanted(filter: &[String], name: &str) -> bool {
    filter.is_empty() || filter.iter().any(|part| name.contains(part.as_str()))
}

/// A kernel's bytes and operations as a bound on its time, in milliseconds.
fn bound(kernel: &Kernel, limits: &limits::Limits) -> f64 {
    let memory = kernel.bytes / (limits.gbytes_per_s * 1e6);
    let compute = kernel.flops / (limits.gflops * 1e6);
    memory.max(compute)
}
