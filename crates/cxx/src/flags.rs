//! The flags of nvcc (its manual's section "NVCC Command Options"), one row each: spellings, argument, meaning.
//!
//! Invariant: a flag that is not in this table is an error that names it.

/// What follows a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Nothing,
    /// `-flag value` or `-flag=value`
    Value,
    /// As `Value`; the value is a list separated by commas, and the flag may be repeated.
    List,
    /// `-Ivalue`, `-I value`, `-I=value`
    Joined,
    /// `-flag` or `-flag=value`
    Optional,
}

/// What a flag means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    Output,
    OutputDir,
    Compile,
    DeviceCompile,
    Ptx,
    Fatbin,
    Cubin,
    Preprocess,
    DependenciesOnly(&'static str),
    DependenciesToo(&'static str),
    DependencyArgument(&'static str),
    DeviceLink,
    Archive,
    LinkPhase,
    Run,
    RunArgs,
    Language,
    Include,
    SystemInclude,
    Preinclude,
    Define,
    Undefine,
    LibraryPath,
    Library,
    Optimize,
    DebugHost,
    DebugDevice,
    LineInfo,
    Profile,
    Standard,
    Arch,
    Code,
    Gencode,
    HostOptions,
    LinkerOptions,
    FastMath,
    Ftz,
    Fmad,
    PrecDiv,
    PrecSqrt,
    RelaxedConstexpr,
    ExtendedLambda,
    Relocatable,
    NoWarnings,
    WarningsAsErrors,
    DefaultStream,
    Version,
    Help,
    Verbose,
    DryRun,
    Keep,
    KeepDir,
    Shared,
    Static,
    Cudart,
    OptionsFile,
    ForwardUnknown,
    /// Accepted: it asks for what always happens, or for something that has no counterpart and changes no result.
    Ignored,
    /// Known, and not possible: the reason.
    Impossible(&'static str),
}

/// One row: all spellings without their dashes, the argument, the meaning.
pub struct Row {
    pub names: &'static [&'static str],
    pub takes: Takes,
    pub flag: Flag,
}

const fn row(names: &'static [&'static str], takes: Takes, flag: Flag) -> Row {
    Row { names, takes, flag }
}

use Flag::*;
use Takes::*;

#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    // Phases
    row(&["c", "compile"], Nothing, Compile),
    row(&["dc", "device-c"], Nothing, DeviceCompile),
    row(&["dw", "device-w"], Nothing, Compile),
    row(&["ptx"], Nothing, Ptx),
    row(&["fatbin"], Nothing, Fatbin),
    row(&["cubin"], Nothing, Cubin),
    row(&["E", "preprocess"], Nothing, Preprocess),
    row(&["M", "generate-dependencies"], Nothing, DependenciesOnly("-M")),
    row(&["MM", "generate-nonsystem-dependencies"], Nothing, DependenciesOnly("-MM")),
    row(&["MD", "generate-dependencies-with-compile"], Nothing, DependenciesToo("-MD")),
    row(&["MMD", "generate-nonsystem-dependencies-with-compile"], Nothing, DependenciesToo("-MMD")),
    row(&["MP", "generate-dependency-targets"], Nothing, DependenciesToo("-MP")),
    row(&["MF", "dependency-output"], Joined, DependencyArgument("-MF")),
    row(&["MT", "dependency-target-name"], Joined, DependencyArgument("-MT")),
    row(&["MQ"], Joined, DependencyArgument("-MQ")),
    row(&["dlink", "device-link"], Nothing, DeviceLink),
    row(&["lib"], Nothing, Archive),
    row(&["link"], Nothing, LinkPhase),
    row(&["run"], Nothing, Run),
    row(&["run-args"], List, RunArgs),
    row(&["cuda"], Nothing, Impossible("the .cu.cpp.ii intermediate file does not exist with clang")),
    row(&["ltoir", "dlto", "dlink-time-opt"], Nothing, Impossible("device link-time optimisation is not supported")),
    row(&["optix-ir"], Nothing, Impossible("OptiX is not supported")),
    row(&["clean-targets", "clean"], Nothing, Impossible("--clean-targets is not supported: remove the outputs")),
    // Files and paths
    row(&["o", "output-file"], Joined, Output),
    row(&["odir", "output-directory"], Value, OutputDir),
    row(&["x"], Joined, Language),
    row(&["I", "include-path"], Joined, Include),
    row(&["isystem", "system-include"], Joined, SystemInclude),
    row(&["include", "pre-include"], Value, Preinclude),
    row(&["D", "define-macro"], Joined, Define),
    row(&["U", "undefine-macro"], Joined, Undefine),
    row(&["L", "library-path"], Joined, LibraryPath),
    row(&["l", "library"], Joined, Library),
    row(&["ldir", "library-directory"], Value, LibraryPath),
    row(&["optf", "options-file"], List, OptionsFile),
    // Code
    row(&["O", "optimize"], Joined, Optimize),
    row(&["g", "debug"], Nothing, DebugHost),
    row(&["G", "device-debug"], Nothing, DebugDevice),
    row(&["lineinfo", "generate-line-info"], Nothing, LineInfo),
    row(&["pg", "profile"], Nothing, Profile),
    row(&["std"], Value, Standard),
    row(&["arch", "gpu-architecture"], Value, Arch),
    row(&["code", "gpu-code"], List, Code),
    row(&["gencode", "generate-code"], Value, Gencode),
    row(&["use_fast_math", "use-fast-math"], Nothing, FastMath),
    row(&["ftz"], Value, Ftz),
    row(&["fmad"], Value, Fmad),
    row(&["prec-div"], Value, PrecDiv),
    row(&["prec-sqrt"], Value, PrecSqrt),
    row(&["expt-relaxed-constexpr", "relaxed-constexpr"], Nothing, RelaxedConstexpr),
    row(&["extended-lambda", "expt-extended-lambda"], Nothing, ExtendedLambda),
    row(&["rdc", "relocatable-device-code"], Value, Relocatable),
    row(&["default-stream"], Value, DefaultStream),
    row(&["maxrregcount"], Value, Ignored),
    row(&["m64"], Nothing, Ignored),
    row(&["m", "machine"], Value, Ignored),
    row(&["m32"], Nothing, Impossible("32-bit programs are not supported")),
    row(&["dopt"], Value, Ignored),
    row(&["Ofc", "Ofast-compile"], Value, Ignored),
    row(&["restrict"], Nothing, Ignored),
    row(&["extra-device-vectorization"], Nothing, Ignored),
    row(&["static-global-template-stub"], Value, Ignored),
    row(&["device-entity-has-hidden-visibility"], Value, Ignored),
    row(&["device-stack-protector"], Value, Ignored),
    row(&["ewp", "extensible-whole-program"], Nothing, Ignored),
    row(&["src-in-ptx", "source-in-ptx"], Nothing, Ignored),
    row(&["jump-table-density"], Value, Ignored),
    row(&["no-align-double", "noeh"], Nothing, Ignored),
    row(&["entries"], List, Ignored),
    row(&["compress-mode"], Value, Ignored),
    row(&["compress-all", "no-compress"], Nothing, Ignored),
    row(&["static-libcudart"], Nothing, Ignored),
    // Other tools
    row(&["Xcompiler", "compiler-options"], List, HostOptions),
    row(&["Xlinker", "linker-options"], List, LinkerOptions),
    row(&["Xptxas", "ptxas-options"], List, Ignored),
    row(&["Xnvlink", "nvlink-options"], List, Ignored),
    row(&["Xcudafe", "cudafe-options"], List, Ignored),
    row(&["Xarchive", "archive-options"], List, Ignored),
    row(&["Xfatbin", "fatbin-options"], List, Ignored),
    row(&["Xnvvm", "Xopencc"], List, Ignored),
    row(&["ccbin", "compiler-bindir"], Value, Ignored),
    row(&["arbin", "archiver-binary"], Value, Ignored),
    row(&["forward-unknown-to-host-compiler", "forward-unknown-opts"], Nothing, ForwardUnknown),
    row(&["forward-unknown-to-host-linker", "forward-slash-prefix-opts"], Nothing, Ignored),
    row(&["allow-unsupported-compiler"], Nothing, Ignored),
    row(&["dont-use-profile", "noprof"], Nothing, Ignored),
    row(&["target-dir", "idp", "input-drive-prefix", "ddp", "dependency-drive-prefix", "dp", "drive-prefix",
          "libdevice-directory", "nvvmir-library"], Value, Ignored),
    row(&["t", "threads"], Joined, Ignored),
    row(&["split-compile", "split-compile-extended"], Value, Ignored),
    // Diagnostics
    row(&["w", "disable-warnings"], Nothing, NoWarnings),
    row(&["Werror"], Optional, WarningsAsErrors),
    row(&["Wno-deprecated-gpu-targets", "Wno-deprecated-declarations", "Wreorder", "Wdefault-stream-launch",
          "Wmissing-launch-bounds", "Wext-lambda-captures-this", "display-error-number", "no-display-error-number",
          "err-no", "no-err-no", "res-usage", "resource-usage", "noinline-warnings"], Nothing, Ignored),
    row(&["diag-error", "diag-suppress", "diag-warn", "display_error_number"], List, Ignored),
    row(&["brief-diagnostics", "brief-diag"], Value, Ignored),
    // The driver itself
    row(&["V", "version"], Nothing, Version),
    row(&["h", "help"], Nothing, Help),
    row(&["v", "verbose"], Nothing, Verbose),
    row(&["dryrun"], Nothing, DryRun),
    row(&["k", "keep", "save-temps"], Nothing, Keep),
    row(&["keep-dir"], Value, KeepDir),
    row(&["time", "qpp-config", "fdevice-time-trace", "fdevice-syntax-only"], Value, Ignored),
    row(&["shared"], Nothing, Shared),
    row(&["static"], Nothing, Static),
    row(&["cudart"], Value, Cudart),
    row(&["cudadevrt"], Value, Ignored),
];

/// The row of a flag, spelled without its dashes and argument.
pub fn find(name: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.names.contains(&name))
}

/// The row of a flag with its argument attached (`-I/usr/include`), and the argument. The longest spelling wins.
pub fn find_joined(word: &str) -> Option<(&'static Row, &str)> {
    let fits = |row: &'static Row| {
        row.names.iter().filter(|n| word.starts_with(**n)).map(|n| n.len()).max().map(|len| (row, len))
    };
    let (row, len) = TABLE
        .iter()
        .filter(|row| row.takes == Takes::Joined)
        .filter_map(fits)
        .filter(|(_, len)| *len < word.len())
        .max_by_key(|(_, len)| *len)?;
    Some((row, &word[len..]))
}
