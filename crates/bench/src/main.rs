//! `./x bench`: builds the contenders of each kernel, lets them take turns, and reports times and ratios.
//!
//! Invariant: contenders of a kernel run alternately in one session on the same processors, so that a disturbance hits
//! all of them; only medians and ratios of medians are reported.

mod cold;
mod contender;
mod corpus;
mod limits;
mod measure;
mod picture;
mod report;
mod scaling;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::measure::Row;
use crate::table::{Group, KERNELS, Kernel, PEERS, Peer};

/// Compares Anywarp with OpenMP and OpenCL on the same kernels.
///
/// Without options it runs the table that the project's goals are stated in: 19 kernels, a few minutes. The extra
/// kernels (convolution, FFT, attention, AES, graph search, ...) keep it honest: nothing is tuned for them.
#[derive(Parser)]
#[command(name = "./x bench", after_help = kernel_list())]
struct Options {
    /// The checkout to work in.
    #[arg(long, hide = true)]
    root: PathBuf,
    /// The extra kernels instead of the table.
    #[arg(long, conflicts_with = "all")]
    extra: bool,
    /// The table and the extra kernels.
    #[arg(long)]
    all: bool,
    /// Only kernels whose name contains one of these, of both groups unless --extra is given.
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
    /// How the runtime's costs grow with the number of blocks, launches, streams, modules, ...: writes
    /// docs/performance.md and its picture.
    #[arg(long, conflicts_with_all = ["all", "extra", "kernel", "peer", "peers_only"])]
    scaling: bool,
    /// What every kernel costs before its first block runs, by steps: prints the table of docs/performance.md.
    #[arg(long, conflicts_with_all = ["all", "extra", "kernel", "peer", "peers_only", "scaling"])]
    cold: bool,
    /// The corpus (bench/corpus) against the same work in OpenMP: all of it, or what has PATTERN in
    /// `family/kernel`. --peer, --reps, --threads and --json apply. All of it takes about half an hour: each kernel
    /// runs --reps times for each contender, on data of tens of megabytes.
    #[arg(long, value_name = "PATTERN", num_args = 0..=1, default_missing_value = "",
        conflicts_with_all = ["all", "extra", "kernel", "peers_only", "scaling", "cold", "svg"])]
    corpus: Option<String>,
    /// Do not measure the machine's own limits.
    #[arg(long)]
    no_limits: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let threads =
        options.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let place = contender::Place::new(&options.root, threads);

    if options.scaling || options.cold {
        let done = match options.scaling {
            true => scaling::run(&place),
            false => cold::measure(&place).map(|rows| print!("{}", cold::page(&rows))),
        };
        return match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                eprintln!("{why}");
                ExitCode::from(1)
            }
        };
    }
    if let Some(pattern) = &options.corpus {
        let json = options.json.unwrap_or_else(|| options.root.join("build/bench/corpus.json"));
        return match corpus::run(&place, pattern, &options.peer, options.reps, &json) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::from(1),
            Err(why) => {
                eprintln!("{why}");
                ExitCode::from(2)
            }
        };
    }
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

    if !KERNELS.iter().any(|k| is_chosen(&options, k)) {
        eprintln!("no kernel of that name\n\n{}", kernel_list());
        return ExitCode::from(2);
    }
    let mut rows: Vec<Row> = Vec::new();
    for kernel in KERNELS.iter().filter(|k| is_chosen(&options, k)) {
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

/// The names of all kernels, for --help.
fn kernel_list() -> String {
    let names = |group| {
        let names: Vec<&str> = KERNELS.iter().filter(|k| k.group == group).map(|k| k.name).collect();
        names.join(" ")
    };
    format!("Table: {}\n\nExtra: {}", names(Group::Table), names(Group::Extra))
}

fn is_chosen(options: &Options, kernel: &Kernel) -> bool {
    let in_group = match kernel.group {
        Group::Table => !options.extra,
        Group::Extra => options.extra || options.all || !options.kernel.is_empty(),
    };
    in_group && is_wanted(&options.kernel, kernel.name)
}

fn chosen_peers(options: &Options) -> impl Iterator<Item = &'static Peer> {
    let (peers_only, wanted) = (options.peers_only, options.peer.clone());
    PEERS.iter().filter(move |peer| match peer.ours() {
        true => !peers_only,
        false => is_wanted(&wanted, peer.name),
    })
}

/// No filter wants everything.
pub fn is_wanted(filter: &[String], name: &str) -> bool {
    filter.is_empty() || filter.iter().any(|part| name.contains(part.as_str()))
}

/// A kernel's bytes and operations as a bound on its time, in milliseconds.
fn bound(kernel: &Kernel, limits: &limits::Limits) -> f64 {
    let memory = kernel.bytes / (limits.gbytes_per_s * 1e6);
    let compute = kernel.flops / (limits.gflops * 1e6);
    memory.max(compute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_filters() {
        let check = |words: &[&str], kernel: &str, chosen: bool| {
            let line = ["bench", "--root", "."].iter().chain(words);
            let options = Options::try_parse_from(line).unwrap();
            let kernel = KERNELS.iter().find(|k| k.name == kernel).unwrap();
            assert_eq!(is_chosen(&options, kernel), chosen, "{words:?} {}", kernel.name);
        };
        check(&[], "saxpy", true);
        check(&[], "fft", false);
        check(&["--all"], "saxpy", true);
        check(&["--all"], "fft", true);
        check(&["--extra"], "saxpy", false);
        check(&["--extra"], "fft", true);
        check(&["--kernel", "fft"], "fft", true);
        check(&["--kernel", "saxpy"], "saxpy", true);
        check(&["--kernel", "saxpy"], "fft", false);
        check(&["--extra", "--kernel", "saxpy"], "saxpy", false);
    }

    #[test]
    fn no_name_of_a_kernel_is_part_of_another_of_the_other_group() {
        for kernel in KERNELS {
            let other = |k: &&Kernel| k.group != kernel.group && k.name.contains(kernel.name);
            assert!(!KERNELS.iter().any(|k| other(&k)), "{}", kernel.name);
        }
    }
}
