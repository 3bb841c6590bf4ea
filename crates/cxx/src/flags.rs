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
    ForwardUnknownToLinker,
    HostCompiler,
    /// Accepted without effect: the reason, which `-v` shows. No result of a program depends on such a flag.
    NoEffect(&'static str),
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

const SPEED: &str = "it is about the compiler's speed or the device's";
const STUBS: &str = "kernels keep the linkage that clang gives them";
const COMPRESSION: &str = "fat binaries are not compressed";
const DIAGNOSTICS: &str = "clang has diagnostics of its own";

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
    row(&["maxrregcount"], Value, NoEffect("registers are not a limited resource here")),
    row(&["m64"], Nothing, NoEffect("all programs are 64-bit")),
    row(&["m", "machine"], Value, NoEffect("all programs are 64-bit")),
    row(&["m32"], Nothing, Impossible("32-bit programs are not supported")),
    row(&["dopt"], Value, NoEffect("-G code may be optimised when it is loaded, with the same results")),
    row(&["Ofc", "Ofast-compile"], Value, NoEffect(SPEED)),
    row(&["restrict"], Nothing, NoEffect("no pointer is assumed to be restrict beyond the source")),
    row(&["extra-device-vectorization"], Nothing, NoEffect(SPEED)),
    row(&["static-global-template-stub"], Value, NoEffect(STUBS)),
    row(&["device-entity-has-hidden-visibility"], Value, NoEffect(STUBS)),
    row(&["device-stack-protector"], Value, NoEffect("stack overflows of kernels are found by guard pages")),
    row(&["ewp", "extensible-whole-program"], Nothing, NoEffect("the device runtime library is not needed")),
    row(&["src-in-ptx", "source-in-ptx"], Nothing, NoEffect("comments in PTX change nothing")),
    row(&["jump-table-density"], Value, NoEffect(SPEED)),
    row(&["no-align-double", "noeh"], Nothing, NoEffect("it is for 32-bit or other hosts")),
    row(&["entries"], List, NoEffect("all kernels are kept")),
    row(&["compress-mode"], Value, NoEffect(COMPRESSION)),
    row(&["compress-all", "no-compress"], Nothing, NoEffect(COMPRESSION)),
    row(&["static-libcudart"], Nothing, NoEffect("the runtime is always a shared library")),
    // Other tools
    row(&["Xcompiler", "compiler-options"], List, HostOptions),
    row(&["Xlinker", "linker-options"], List, LinkerOptions),
    row(&["Xptxas", "ptxas-options"], List, NoEffect("PTX is compiled when it is loaded, without ptxas")),
    row(&["Xnvlink", "nvlink-options"], List, NoEffect("there is no nvlink")),
    row(&["Xcudafe", "cudafe-options"], List, NoEffect("clang has diagnostics of its own")),
    row(&["Xarchive", "archive-options"], List, NoEffect("archives are written by ar as they are")),
    row(&["Xfatbin", "fatbin-options"], List, NoEffect(COMPRESSION)),
    row(&["Xnvvm", "Xopencc"], List, NoEffect("clang compiles device code, without cicc")),
    row(&["ccbin", "compiler-bindir"], Value, HostCompiler),
    row(&["arbin", "archiver-binary"], Value, NoEffect("archives are written by ar")),
    row(&["forward-unknown-to-host-compiler", "forward-unknown-opts"], Nothing, ForwardUnknown),
    row(&["forward-unknown-to-host-linker"], Nothing, ForwardUnknownToLinker),
    row(&["forward-slash-prefix-opts"], Nothing, NoEffect("it is for Windows")),
    row(&["allow-unsupported-compiler"], Nothing, NoEffect("clang compiles the host side")),
    row(&["dont-use-profile", "noprof"], Nothing, NoEffect("there is no nvcc.profile")),
    row(&["target-dir", "idp", "input-drive-prefix", "ddp", "dependency-drive-prefix", "dp", "drive-prefix",
          "libdevice-directory", "nvvmir-library"], Value, NoEffect("the toolkit's own files are used")),
    row(&["t", "threads"], Joined, NoEffect("architectures are always compiled at the same time")),
    row(&["split-compile", "split-compile-extended"], Value, NoEffect(SPEED)),
    // Diagnostics
    row(&["w", "disable-warnings"], Nothing, NoWarnings),
    row(&["Werror"], Optional, WarningsAsErrors),
    row(&["Wno-deprecated-gpu-targets", "Wno-deprecated-declarations", "Wreorder", "Wdefault-stream-launch",
          "Wmissing-launch-bounds", "Wext-lambda-captures-this", "display-error-number", "no-display-error-number",
          "err-no", "no-err-no", "noinline-warnings"], Nothing, NoEffect(DIAGNOSTICS)),
    row(&["res-usage", "resource-usage"], Nothing, NoEffect("registers and stack are known when PTX is loaded: cudaFuncGetAttributes")),
    row(&["diag-error", "diag-suppress", "diag-warn", "display_error_number"], List, NoEffect(DIAGNOSTICS)),
    row(&["brief-diagnostics", "brief-diag"], Value, NoEffect(DIAGNOSTICS)),
    // The driver itself
    row(&["V", "version"], Nothing, Version),
    row(&["h", "help"], Nothing, Help),
    row(&["v", "verbose"], Nothing, Verbose),
    row(&["dryrun"], Nothing, DryRun),
    row(&["k", "keep", "save-temps"], Nothing, Keep),
    row(&["keep-dir"], Value, KeepDir),
    row(&["time", "qpp-config", "fdevice-time-trace", "fdevice-syntax-only"], Value, NoEffect("nothing is measured")),
    row(&["shared"], Nothing, Shared),
    row(&["static"], Nothing, Static),
    row(&["cudart"], Value, Cudart),
    row(&["cudadevrt"], Value, NoEffect("the device runtime library is not needed")),
];

/// The first spelling of each flag that is accepted without effect.
pub fn flags_without_effect() -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter(|row| matches!(row.flag, NoEffect(_))).map(|row| row.names[0])
}

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
