//! What a command line asks for.

use std::path::PathBuf;

use crate::arch::Arch;

/// Where compilation stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    #[default]
    Link,
    /// `-c`, `-dc`, `-dw`
    Object,
    Ptx,
    Fatbin,
    /// `-E`
    Preprocess,
    /// `-M`, `-MM`: only the dependency rule.
    Dependencies,
    /// `-dlink`
    DeviceLink,
    /// `-lib`
    Archive,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Cuda,
    C,
    Cxx,
    /// Objects, archives, shared libraries.
    Linkable,
    Ptx,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub path: String,
    pub language: Language,
}

/// `-cudart`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Runtime {
    None,
    /// The runtime is always a shared library; `-cudart static` and `shared` mean the same.
    #[default]
    Linked,
}

/// Arithmetic of the device code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Math {
    pub flush_denormals: bool,
    pub precise_division: bool,
    pub precise_sqrt: bool,
    pub contract: bool,
    /// `-use_fast_math`: approximate functions as well.
    pub fast: bool,
}

impl Default for Math {
    fn default() -> Math {
        Math {
            flush_denormals: false,
            precise_division: true,
            precise_sqrt: true,
            contract: true,
            fast: false,
        }
    }
}

/// `-g`, `-lineinfo`, `-G`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Debug {
    pub host: bool,
    pub lines: bool,
    pub device: bool,
}

/// How much is shown of what is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Show {
    #[default]
    Nothing,
    /// `-v`
    Commands,
    /// `--dryrun`: shown, not run.
    Only,
}

/// A parsed command line.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub phase: Phase,
    pub inputs: Vec<Input>,
    pub output: Option<PathBuf>,
    pub output_dir: Option<PathBuf>,
    pub archs: Vec<Arch>,
    /// `-I`, `-isystem`, `-D`, `-U`, `-include`, for both passes, in order.
    pub preprocessor: Vec<String>,
    pub standard: Option<String>,
    pub optimize: Option<String>,
    pub debug: Debug,
    pub math: Math,
    /// `-Xcompiler`: for the host pass, and for the host's link step.
    pub host: Vec<String>,
    /// `-w`, `-Werror`, for both passes.
    pub warnings: Vec<String>,
    /// `-MD`, `-MF`, ...: as clang spells them.
    pub dependencies: Vec<String>,
    /// Inputs, `-L`, `-l` and `-Xlinker` in their order: link lines are order-sensitive.
    pub link: Vec<String>,
    /// `--default-stream per-thread`
    pub per_thread_stream: bool,
    pub shared: bool,
    pub static_host: bool,
    pub relocatable: bool,
    pub runtime: Runtime,
    pub show: Show,
    pub keep: bool,
    pub keep_dir: Option<PathBuf>,
    pub run_after: bool,
    /// `-run PROGRAM`: nothing is compiled.
    pub program: Option<String>,
    pub run_args: Vec<String>,
    /// `-ccbin`, as it was given.
    pub host_compiler: Option<String>,
    /// Flags that were taken without effect, each with the reason: for `-v`.
    pub without_effect: Vec<String>,
    /// Warnings of the driver itself.
    pub notes: Vec<String>,
    pub version: bool,
    pub help: bool,
}
