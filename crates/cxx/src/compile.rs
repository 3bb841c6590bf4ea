//! One `.cu` file: the device passes, the fat binary, and the host pass that embeds it.
//!
//! Both sides are compiled at the same time. The host's clang reads the fat binary from its standard input, and only
//! when it has parsed and checked the whole file: that is where it waits for the device passes.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crate::arch::Arch;
use crate::error::Error;
use crate::launch_syntax;
use crate::options::{Debug, Math, Options, Show};
use crate::process::{Finished, Tool};
use crate::toolkit::Toolkit;

/// The device side of a compilation: what [`device_arguments`] needs to know.
#[derive(Debug, Clone)]
pub struct Device<'a> {
    pub arch: Arch,
    pub math: Math,
    pub debug: Debug,
    pub relocatable: bool,
    /// `-std=`
    pub standard: Option<&'a str>,
}

/// Everything clang needs for a `.cu` file in either pass.
fn common_arguments(toolkit: &Toolkit, standard: Option<&str>, relocatable: bool) -> Vec<String> {
    let mut args: Vec<String> = [
        "-x",
        "cuda",
        "-nocudainc",
        "-nocudalib",
        "-Wno-unknown-cuda-version",
        // FRONTEND: with this SDK version <<<>>> goes through __cudaPushCallConfiguration, and a registration end call
        // is made.
        "-Xclang",
        "-target-sdk-version=12.3",
        // Variadic device functions may be declared (libcu++ does) as long as nobody calls them.
        "-Xclang",
        "-fcuda-allow-variadic-functions",
        "-D__NVCC__=1",
        "-D__CUDACC__=1",
        "-D__CUDACC_VER_MAJOR__=12",
        "-D__CUDACC_VER_MINOR__=8",
        "-D__CUDACC_VER_BUILD__=93",
    ]
    .map(str::to_owned)
    .into();
    // g++ and nvcc accept these with a warning or none.
    args.extend(
        ["register", "c++11-narrowing", "reserved-user-defined-literal", "invalid-pp-token"]
            .map(|w| format!("-Wno-error={w}")),
    );
    args.extend(["-Wno-register", "-Wno-pass-failed"].map(str::to_owned));
    args.extend(["-isystem".to_owned(), toolkit.include.to_string_lossy().into_owned()]);
    args.extend(["-include".to_owned(), "cuda_runtime.h".to_owned()]);
    args.push(format!("-std={}", standard.unwrap_or("gnu++17")));
    if relocatable {
        args.extend(["-fgpu-rdc".to_owned(), "-D__CUDACC_RDC__=1".to_owned()]);
    }
    args
}

/// clang's arguments for the device pass, without the source, the output and the user's preprocessor options.
pub fn device_arguments(toolkit: &Toolkit, device: &Device<'_>) -> Vec<String> {
    let mut args = common_arguments(toolkit, device.standard, device.relocatable);
    args.extend(["--cuda-device-only", "--cuda-feature=+ptx85", "-S"].map(str::to_owned));
    args.push(format!("--cuda-gpu-arch={}", device.arch.clang_name()));
    if device.arch.beyond_clang() {
        args.extend(["-U__CUDA_ARCH__".to_owned(), format!("-D__CUDA_ARCH__={}", device.arch.macro_value())]);
    }
    // The host's optimisation level is not the device's: without -G, device code is always optimised. With it, what
    // keeps lines in order is: no debugger looks at variables in kernels, and with -O0 all of them would be in memory.
    args.push(if device.debug.device { "-O1" } else { "-O3" }.to_owned());
    if device.debug.device {
        args.push("-D__CUDACC_DEBUG__=1".to_owned());
    }
    if device.debug.device || device.debug.lines {
        args.push("-gline-tables-only".to_owned());
    }
    // A call of malloc whose memory nobody uses still takes from the heap, and may fail.
    args.push("-fno-builtin-malloc".to_owned());
    // Kernels copy tiles of __half as uint4 and read floats as ints, whatever C++ says of it.
    args.push("-fno-strict-aliasing".to_owned());
    args.extend(math_arguments(device.math));
    args
}

fn math_arguments(math: Math) -> Vec<String> {
    let mut args = Vec::new();
    if math.flush_denormals {
        args.extend(["-fgpu-flush-denormals-to-zero".to_owned(), "-D__ANYWARP_FTZ=1".to_owned()]);
    }
    if !math.precise_division {
        // 1: div.full, as -prec-div=false asks; 0: div.approx, as -use_fast_math asks.
        let level = if math.fast { 0 } else { 1 };
        args.extend([
            "-mllvm".to_owned(),
            format!("-nvptx-prec-divf32={level}"),
            "-D__CUDA_PREC_DIV=0".to_owned(),
        ]);
    }
    if !math.precise_sqrt {
        args.extend(["-mllvm".to_owned(), "-nvptx-prec-sqrtf32=0".to_owned()]);
    }
    args.push(if math.contract { "-ffp-contract=fast" } else { "-ffp-contract=off" }.to_owned());
    if math.fast {
        args.extend(
            ["-fgpu-approx-transcendentals", "-D__USE_FAST_MATH__=1", "-D__ANYWARP_USE_FAST_MATH=1"]
                .map(str::to_owned),
        );
    }
    args
}

/// Of the host compiler's options, those that the device pass must see too.
fn shared_host_options(host: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    let mut words = host.iter();
    while let Some(word) = words.next() {
        if ["-D", "-U", "-I", "-isystem", "-include", "-iquote"].contains(&word.as_str()) {
            out.push(word.clone());
            out.extend(words.next().cloned());
        } else if ["-D", "-U", "-I", "-isystem", "-iquote", "-std=", "-Wno-"]
            .iter()
            .any(|p| word.starts_with(p))
            || ["-fopenmp", "-fms-extensions", "-fpermissive", "-fsigned-char", "-funsigned-char"]
                .contains(&word.as_str())
        {
            out.push(word.clone());
        }
    }
    out
}

fn arch_list(options: &Options) -> String {
    let list: Vec<String> = options.archs.iter().map(|a| a.macro_value().to_string()).collect();
    format!("-D__CUDA_ARCH_LIST__={}", list.join(","))
}

fn color() -> Option<String> {
    std::io::stderr().is_terminal().then(|| "-fcolor-diagnostics".to_owned())
}

/// With `-rdc=true` clang gives static kernels and variables names that hold an id of the unit. Left to itself it makes
/// one from the command line, of which each pass has its own: the host would register names that the device lacks.
fn unit_id(options: &Options, source: &str) -> Vec<String> {
    if !options.relocatable {
        return Vec::new();
    }
    let path = std::path::absolute(source).unwrap_or_else(|_| PathBuf::from(source));
    let mut hasher = DefaultHasher::new();
    (path, &options.preprocessor).hash(&mut hasher);
    let id = format!("-cuid={:016x}", hasher.finish());
    // The driver hands its option to the device pass only, and there it comes after ours.
    vec![id.clone(), "-Xclang".to_owned(), id]
}

fn device_tool(toolkit: &Toolkit, options: &Options, source: &str, arch: Arch, output: &Path) -> Tool {
    let device = Device {
        arch,
        math: options.math,
        debug: options.debug,
        relocatable: options.relocatable,
        standard: options.standard.as_deref(),
    };
    Tool::new(&toolkit.clang)
        .args(device_arguments(toolkit, &device))
        .args(shared_host_options(&options.host))
        .args(options.preprocessor.iter().cloned())
        .args(unit_id(options, source))
        .arg(arch_list(options))
        .args(color())
        .args(options.warnings.iter().cloned())
        .args(["-o", &output.to_string_lossy(), source])
}

/// The host side's command up to what is to be made of the file.
fn host_tool(toolkit: &Toolkit, options: &Options, source: &str) -> Tool {
    let mut tool = Tool::new(&toolkit.clang)
        .args(common_arguments(toolkit, options.standard.as_deref(), options.relocatable))
        .arg("--cuda-host-only")
        .args(options.optimize.clone());
    if options.debug.host || options.debug.device {
        tool = tool.arg("-g");
    }
    if options.debug.device {
        tool = tool.arg("-D__CUDACC_DEBUG__=1");
    }
    if options.shared {
        tool = tool.arg("-fPIC");
    }
    if options.per_thread_stream {
        // The driver hands it on for HIP only.
        tool = tool.args(["-Xclang", "-fgpu-default-stream=per-thread"]);
    }
    if options.math.fast {
        tool = tool.arg("-D__USE_FAST_MATH__=1");
    }
    tool.args(options.host.iter().cloned())
        .args(options.preprocessor.iter().cloned())
        .args(unit_id(options, source))
        .arg(arch_list(options))
        .args(color())
        .args(options.warnings.iter().cloned())
        .arg(source)
}

/// Compiles the device side of `source` into one PTX file for each architecture, in `dir`.
pub fn ptx(
    toolkit: &Toolkit,
    options: &Options,
    source: &str,
    dir: &Path,
) -> Result<Vec<(Arch, PathBuf)>, Error> {
    let outputs = ptx_outputs(options, source, dir);
    let (source, options) = &prepared(options, source, dir)?;
    let tools: Vec<Tool> =
        outputs.iter().map(|(arch, file)| device_tool(toolkit, options, source, *arch, file)).collect();
    if options.show != Show::Nothing {
        tools.iter().for_each(|t| eprintln!("{}", t.shown()));
    }
    if options.show != Show::Only {
        let running = tools.iter().map(Tool::start).collect::<Result<Vec<_>, _>>()?;
        let finished = running.into_iter().map(|r| r.finish()).collect::<Result<Vec<_>, _>>()?;
        report(&finished)?;
    }
    Ok(outputs)
}

/// The file that clang reads, and the options with which its quoted includes are still found.
fn prepared(options: &Options, source: &str, dir: &Path) -> Result<(String, Options), Error> {
    let file = launch_syntax::prepare(source, dir)?;
    let mut options = options.clone();
    if file != Path::new(source) {
        let beside =
            Path::new(source).parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        options.preprocessor.extend(["-iquote".to_owned(), beside.to_string_lossy().into_owned()]);
    }
    Ok((file.to_string_lossy().into_owned(), options))
}

fn ptx_outputs(options: &Options, source: &str, dir: &Path) -> Vec<(Arch, PathBuf)> {
    let stem = stem(source);
    options.archs.iter().map(|&arch| (arch, dir.join(format!("{stem}.{arch}.ptx")))).collect()
}

/// Packs PTX files as a fat binary.
pub fn pack(parts: &[(Arch, PathBuf)], name: &str) -> Result<Vec<u8>, Error> {
    let texts = parts
        .iter()
        .map(|(arch, file)| {
            let text = std::fs::read(file).map_err(Error::io(format!("cannot read '{}'", file.display())))?;
            Ok((*arch, text))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let images: Vec<fatbin::Image<'_>> = texts
        .iter()
        .map(|(arch, text)| fatbin::Image {
            kind: fatbin::Kind::Ptx,
            arch: arch.number,
            version: ptx_version(text),
            name,
            payload: text,
        })
        .collect();
    Ok(fatbin::write(&images, fatbin::Compression::None))
}

/// `.version 8.5` of a PTX text.
pub(crate) fn ptx_version(text: &[u8]) -> (u16, u16) {
    let head = String::from_utf8_lossy(&text[..text.len().min(4096)]);
    let number = head.lines().find_map(|l| l.trim().strip_prefix(".version"));
    let parsed = number.and_then(|n| {
        let (major, minor) = n.trim().split_once('.')?;
        Some((major.parse().ok()?, minor.trim().parse().ok()?))
    });
    parsed.unwrap_or((8, 5))
}

/// Compiles `source` to an object with its device code inside.
pub fn object(
    toolkit: &Toolkit,
    options: &Options,
    source: &str,
    output: &Path,
    dir: &Path,
) -> Result<(), Error> {
    let parts = ptx_outputs(options, source, dir);
    let name = Path::new(source).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let (source, options) = &prepared(options, source, dir)?;
    let devices: Vec<Tool> =
        parts.iter().map(|(arch, file)| device_tool(toolkit, options, source, *arch, file)).collect();
    let host = host_tool(toolkit, options, source)
        .args(["-c", "-o", &output.to_string_lossy()])
        .args(["-Xclang", "-fcuda-include-gpubinary", "-Xclang", "/dev/stdin"])
        .args(options.dependencies.iter().cloned());
    if options.show != Show::Nothing {
        devices.iter().chain([&host]).for_each(|t| eprintln!("{}", t.shown()));
    }
    if options.show == Show::Only {
        return Ok(());
    }
    let mut host = host.start()?;
    let running = devices.iter().map(Tool::start).collect::<Result<Vec<_>, _>>()?;
    let mut finished = running.into_iter().map(|r| r.finish()).collect::<Result<Vec<_>, _>>()?;
    if finished.iter().all(|f| f.status == 0) {
        host.feed(&pack(&parts, &name)?);
    } else {
        // clang takes an empty fat binary; its diagnostics are still wanted, its object is not.
        host.feed(b"\n");
    }
    finished.insert(0, host.finish()?);
    let outcome = report(&finished);
    // Not `-o /dev/null`, which a superuser could remove.
    if outcome.is_err() && output.is_file() {
        let _ = std::fs::remove_file(output);
    }
    outcome
}

/// Shows the diagnostics of the passes, each text once, and fails if a pass did.
fn report(finished: &[Finished]) -> Result<(), Error> {
    let mut shown: Vec<&str> = Vec::new();
    let failed = finished.iter().any(|f| f.status != 0);
    // The passes see the same source: a failing pass says what matters, a passing one would only repeat warnings.
    let telling = finished.iter().filter(|f| !failed || f.status != 0);
    for text in telling.map(|f| f.diagnostics.as_str()) {
        let is_new = text.lines().any(|line| is_diagnostic(line) && !shown.iter().any(|s| s.contains(line)));
        let is_other = !text.is_empty() && !text.lines().any(is_diagnostic) && !shown.contains(&text);
        if is_new || is_other {
            eprint!("{text}");
            shown.push(text);
        }
    }
    match finished.iter().find(|f| f.status != 0) {
        Some(f) => Err(Error::Tool { status: f.status }),
        None => Ok(()),
    }
}

fn is_diagnostic(line: &str) -> bool {
    ["error:", "warning:", "note:"].iter().any(|kind| line.contains(kind))
}

/// Preprocesses the host side, or writes only its dependency rule, to `output` or to standard output.
pub fn preprocess(
    toolkit: &Toolkit,
    options: &Options,
    source: &str,
    output: Option<&Path>,
) -> Result<(), Error> {
    let mut tool = host_tool(toolkit, options, source);
    if !options.dependencies.iter().any(|d| d == "-M" || d == "-MM") {
        tool = tool.arg("-E");
    }
    tool = tool.args(options.dependencies.iter().cloned());
    if let Some(output) = output {
        tool = tool.args(["-o", &output.to_string_lossy()]);
    }
    tool.run(options.show)
}

/// Compiles a plain C or C++ file, which `__NVCC__` tells that nvcc is at work.
pub fn plain(
    toolkit: &Toolkit,
    options: &Options,
    source: &str,
    language: &str,
    what: &[&str],
) -> Result<(), Error> {
    let mut tool = Tool::new(&toolkit.clang).args(["-x", language]);
    tool = tool
        .args([
            "-D__NVCC__=1",
            "-D__CUDACC_VER_MAJOR__=12",
            "-D__CUDACC_VER_MINOR__=8",
            "-D__CUDACC_VER_BUILD__=93",
        ])
        .args(["-isystem", &toolkit.include.to_string_lossy()])
        .args(options.optimize.clone());
    if let Some(standard) = options.standard.as_deref().filter(|s| s.contains("++") == (language == "c++")) {
        tool = tool.arg(format!("-std={standard}"));
    }
    if options.debug.host || options.debug.device {
        tool = tool.arg("-g");
    }
    if options.shared {
        tool = tool.arg("-fPIC");
    }
    tool.args(options.host.iter().cloned())
        .args(options.preprocessor.iter().cloned())
        .args(options.warnings.iter().cloned())
        .args(options.dependencies.iter().cloned())
        .args(what.iter().copied())
        .arg(source)
        .run(options.show)
}

pub(crate) fn stem(source: &str) -> String {
    Path::new(source).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_else(|| "a".to_owned())
}
