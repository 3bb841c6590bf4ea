//! `anywarp explain`: how the cpu engine compiles a kernel, for those who make it fast.
//!
//! Invariant: the kernel is compiled as a launch would compile it, without the disk cache; nothing is run. A program of
//! its own, so that `anywarp run` does not load a compiler.

mod input;
mod page;

use std::process::ExitCode;

use clap::Parser;
use engine::{CompileOptions, Program as _, Tier};
use ir::GridSize;

/// Show how a kernel is compiled: gang, regions, and for each source line what is uniform, strided, irregular, masked.
#[derive(Parser)]
#[command(name = "anywarp explain", bin_name = "anywarp explain", version)]
struct Cli {
    /// A CUDA source (.cu) or a PTX file.
    file: std::path::PathBuf,
    /// Only kernels whose name contains this.
    kernel: Option<String>,
    /// The block's dimensions; the code is specialised to them.
    #[arg(long, value_name = "X[,Y[,Z]]", value_parser = block, default_value = "256")]
    block: [u32; 3],
    /// Print JSON.
    #[arg(long, conflicts_with = "show")]
    json: bool,
    /// Print a stage of the compilation instead.
    #[arg(long, value_enum)]
    show: Option<Stage>,
    /// Force the number of threads in a gang, as ANYWARP_GANG does.
    #[arg(long, value_name = "THREADS")]
    gang: Option<u32>,
    /// Flags for the compiler, behind `--`.
    #[arg(last = true, value_name = "NVCC FLAGS")]
    flags: Vec<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Stage {
    /// Our intermediate representation, specialised and optimised.
    Ir,
    /// LLVM's, as emitted.
    Llvm,
    /// LLVM's, optimised.
    Optimised,
    /// Machine code as text.
    Asm,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("anywarp explain: error: {message}");
            ExitCode::from(1)
        }
    }
}

fn run(cli: &Cli) -> Result<(), String> {
    let ptx = input::ptx(&cli.file, &cli.flags)?;
    let name = cli.file.to_string_lossy();
    let program = lower::Program::from_text(&ptx, &name)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let module = program.module();
    let kernels: Vec<ir::FuncId> = module
        .func_ids()
        .filter(|id| module.func(*id).kind == ir::FuncKind::Kernel)
        .filter(|id| {
            let mangled = &module.func(*id).name;
            cli.kernel
                .as_ref()
                .is_none_or(|part| mangled.contains(part) || input::plain_name(mangled).contains(part))
        })
        .collect();
    if kernels.is_empty() {
        let of = cli.kernel.as_ref().map(|k| format!(" whose name contains `{k}`")).unwrap_or_default();
        return Err(format!("{name} has no kernel{of}"));
    }
    let mut all = Vec::new();
    for id in kernels {
        let options = CompileOptions {
            block: cli.block,
            grid: GridSize::Usual,
            gang: cli.gang,
            opt_level: 3,
            tier: Some(Tier::Optimised),
            threads: 0,
        };
        let shown = input::plain_name(&module.func(id).name);
        let listing = cpu::explain(&program, id, &options).map_err(|e| format!("{shown}: {e}"))?;
        match (cli.show, cli.json) {
            (Some(stage), _) => anstream::println!(
                "{}",
                match stage {
                    Stage::Ir => &listing.ir,
                    Stage::Llvm => &listing.emitted,
                    Stage::Optimised => &listing.optimised,
                    Stage::Asm => &listing.assembly,
                }
            ),
            (None, true) => all.push(page::json(&listing.report, &module.files)),
            (None, false) => anstream::print!("{}", page::text(&listing.report, &module.files)),
        }
    }
    if cli.json {
        let text = serde_json::to_string_pretty(&all).map_err(|e| e.to_string())?;
        anstream::println!("{text}");
    }
    Ok(())
}

/// `256`, `16,16`, `16x16`
fn block(text: &str) -> Result<[u32; 3], String> {
    let mut out = [1; 3];
    let parts: Vec<&str> = text.split([',', 'x']).collect();
    if parts.len() > 3 {
        return Err("a block has at most three dimensions".to_string());
    }
    for (slot, part) in out.iter_mut().zip(&parts) {
        *slot = part.trim().parse().map_err(|_| format!("`{part}` is no number"))?;
    }
    let threads = out.iter().map(|&n| u64::from(n)).product::<u64>();
    if !(1..=1024).contains(&threads) {
        return Err(format!("a block has 1 to 1024 threads, not {threads}"));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read() {
        let check = |text: &str, want: Option<[u32; 3]>| assert_eq!(block(text).ok(), want, "{text}");
        check("256", Some([256, 1, 1]));
        check("16,16", Some([16, 16, 1]));
        check("8x8x4", Some([8, 8, 4]));
        check("0", None);
        check("64,64", None);
        check("a", None);
        check("1,1,1,1", None);
    }
}
