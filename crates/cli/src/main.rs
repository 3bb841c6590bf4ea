//! The `anywarp` command, which is also `nvcc` when it is called by that name.
//!
//! Invariant: words that belong to a compiler or to a program are never parsed here; they reach it as they were typed.

mod cache;
mod devices;
mod error;
mod run;
mod toolkit;

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::Error;

/// Runs CUDA programs without a GPU.
#[derive(Parser)]
#[command(name = "anywarp", version, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compile a CUDA source and run it, or run any program on Anywarp's libraries.
    #[command(
        override_usage = "anywarp run [COMPILER FLAGS] FILE.cu [ARGS]\n       anywarp run -- PROGRAM [ARGS]"
    )]
    Run {
        /// The source or program, with flags before and arguments after it.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        words: Vec<OsString>,
    },
    /// Compile CUDA C++ with nvcc's command line (also reached by calling this program `nvcc`).
    #[command(override_usage = "anywarp cc [NVCC FLAGS] FILES")]
    Cc {
        /// What nvcc would be given; `anywarp cc --help` lists the flags.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<OsString>,
    },
    /// Show how a kernel is compiled, line by line: what is uniform, strided, irregular, masked.
    #[command(override_usage = "anywarp explain FILE.cu|FILE.ptx [KERNEL] [--block X[,Y[,Z]]] [--json]")]
    Explain {
        /// `anywarp explain --help` lists the options.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<OsString>,
    },
    /// Show the devices that a CUDA program finds.
    Devices {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

fn main() -> ExitCode {
    let words: Vec<OsString> = env::args_os().collect();
    let called_as = words.first().map(Path::new).and_then(Path::file_name);
    if called_as.is_some_and(|name| name == "nvcc") {
        return compiler(&words[1..]);
    }
    // `run` and `cc` take words as they are: clap would eat a `--` and answer a program's own --help.
    match words.get(1).and_then(|w| w.to_str()) {
        Some("cc") => return compiler(&words[2..]),
        Some("explain") => return finish(explain(&words[2..])),
        Some("run") if words.get(2).is_some_and(|w| w != "--help" && w != "-h") => {
            return finish(run::main(&words[2..]));
        }
        _ => {}
    }
    match Cli::parse_from(words).command {
        Command::Run { words } => finish(run::main(&words)),
        Command::Cc { words } => compiler(&words),
        Command::Explain { words } => finish(explain(&words)),
        Command::Devices { json } => {
            let format = if json { devices::Format::Json } else { devices::Format::Text };
            finish(devices::main(format).map(|()| 0))
        }
    }
}

fn compiler(words: &[OsString]) -> ExitCode {
    cxx::nvcc_main(words.iter().cloned())
}

/// Becomes `anywarp-explain`, which lies beside this program: it holds a compiler that nothing else here needs.
fn explain(words: &[OsString]) -> Result<u8, Error> {
    let exe = env::current_exe().map_err(|e| Error::new("cannot find my own path").because(e))?;
    let program = exe.with_file_name("anywarp-explain");
    let why = std::process::Command::new(&program).args(words).exec();
    Err(Error::new(format!("cannot run {}", program.display())).because(why))
}

fn finish(result: Result<u8, Error>) -> ExitCode {
    match result {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("anywarp: error: {error}");
            ExitCode::from(1)
        }
    }
}
