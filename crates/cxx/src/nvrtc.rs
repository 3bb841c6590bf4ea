//! Runtime compilation: a source string to PTX, with NVRTC's options and name expressions.
//!
//! Invariant: the caller's strings reach clang as files in a directory of this compilation alone; nothing outside it is
//! written.

use std::path::{Component, Path, PathBuf};

use crate::arch::{self, Arch};
use crate::compile::{Device, device_arguments};
use crate::error::Error;
use crate::launch_syntax;
use crate::options::{Debug, Math};
use crate::pch;
use crate::process::Tool;
use crate::toolkit::Toolkit;

/// What is to be compiled.
#[derive(Debug, Clone, Default)]
pub struct Program {
    pub source: String,
    /// For diagnostics; NVRTC's default is `default_program`.
    pub name: String,
    /// Name and text of each header, included by that name.
    pub headers: Vec<(String, String)>,
    /// Expressions such as `kernel<float>` or `&ns::variable` whose mangled names are wanted.
    pub expressions: Vec<String>,
}

/// A finished compilation.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    /// None where the compilation failed.
    pub ptx: Option<String>,
    /// Diagnostics, as clang writes them.
    pub log: String,
    /// The mangled name of each expression, in their order.
    pub lowered: Vec<String>,
}

/// NVRTC options in clang's terms.
#[derive(Debug, Clone, Default)]
struct Settings {
    archs: Vec<String>,
    math: Math,
    debug: Debug,
    relocatable: bool,
    standard: Option<String>,
    /// `-I`, `-D`, `-U`, `-include`, `-w`
    clang: Vec<String>,
    default_device: bool,
}

/// Compiles `program`. Errors: [`Error::Usage`] names an option that NVRTC does not have; what the compiler says of the
/// source is in the log, not an error here.
pub fn compile(toolkit: &Toolkit, program: &Program, options: &[String]) -> Result<Compiled, Error> {
    let settings = settings(options)?;
    let arch = chosen(&settings.archs)?;
    let dir = tempfile::Builder::new()
        .prefix("nvrtc-")
        .tempdir()
        .map_err(Error::io("cannot make a temporary directory"))?;
    let include = dir.path().join("include");
    for (name, text) in &program.headers {
        write(&inside(&include, name)?, text)?;
    }
    let source = dir.path().join("program.cu");
    write(&source, &wrapped(program, &settings))?;
    let output = dir.path().join("program.ptx");

    let device = Device {
        arch,
        math: settings.math,
        debug: settings.debug,
        relocatable: settings.relocatable,
        standard: settings.standard.as_deref(),
    };
    let mut bare = device_arguments(toolkit, &device);
    bare.retain(|arg| !is_implicit_include(arg));
    bare.extend(["-U__NVCC__", "-D__CUDACC_RTC__=1"].map(str::to_owned));
    let finish = |header: &[String]| {
        Tool::new(&toolkit.clang)
            .args(bare.iter().cloned())
            .args(header.iter().cloned())
            .arg("-fno-caret-diagnostics")
            .args(["-I", &include.to_string_lossy()])
            .args(settings.clang.iter().cloned())
            .args(["-o", &output.to_string_lossy(), &source.to_string_lossy()])
            .start()?
            .finish()
    };
    let plain = ["-include".to_owned(), RUNTIME.to_owned()];
    let finished = match pch::header(toolkit, &bare) {
        Some(pch) => {
            let words = ["-Xclang", "-include-pch", "-Xclang", &pch.to_string_lossy()].map(str::to_owned);
            let finished = finish(&words)?;
            if finished.status != 0 && pch::is_refused(&finished.diagnostics) {
                pch::forget(&pch);
                finish(&plain)?
            } else {
                finished
            }
        }
        None => finish(&plain)?,
    };
    let log = finished.diagnostics;
    if finished.status != 0 {
        return Ok(Compiled { ptx: None, log, lowered: Vec::new() });
    }
    let text = std::fs::read_to_string(&output).map_err(Error::io("cannot read the PTX"))?;
    let (ptx, lowered) = take_names(&text, program.expressions.len());
    Ok(Compiled { ptx: Some(ptx), log, lowered })
}

/// The virtual architectures that can be asked for, as NVRTC lists them.
pub fn supported_archs() -> &'static [u32] {
    arch::KNOWN
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let failed = || format!("cannot write '{}'", path.display());
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(Error::io(failed()))?;
    }
    let rewritten = launch_syntax::rewrite(text);
    std::fs::write(path, rewritten.as_deref().unwrap_or(text)).map_err(Error::io(failed()))
}

/// `name` below `dir`; a name that would leave it is refused.
fn inside(dir: &Path, name: &str) -> Result<PathBuf, Error> {
    let relative = Path::new(name);
    let stays = relative.components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
    if name.is_empty() || name.contains('\0') || !stays {
        return Err(Error::Usage(format!("the header name '{name}' is not a relative path")));
    }
    Ok(dir.join(relative))
}

/// The source with its own name in diagnostics, and a variable that holds each name expression's address.
fn wrapped(program: &Program, settings: &Settings) -> String {
    let mut text = String::new();
    if settings.default_device {
        text.push_str("#pragma clang force_cuda_host_device begin\n");
    }
    let name = if program.name.is_empty() { "default_program" } else { &program.name };
    let name = name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ");
    text.push_str(&format!("#line 1 \"{name}\"\n{}\n", program.source));
    if settings.default_device {
        text.push_str("#pragma clang force_cuda_host_device end\n");
    }
    for (index, expression) in program.expressions.iter().enumerate() {
        text.push_str(&format!(
            "#line 1 \"name expression\"\n\
             extern \"C\" __device__ __attribute__((used)) auto {NAME}{index} = {};\n",
            expression.replace('\n', " ")
        ));
    }
    text
}

/// The header that device code needs, included before the source.
const RUNTIME: &str = "cuda_runtime.h";

/// The words of `device_arguments` that include [`RUNTIME`]: here it comes precompiled, or as written.
fn is_implicit_include(arg: &str) -> bool {
    arg == "-include" || arg == RUNTIME
}

const NAME: &str = "__anywarp_name_";

/// Takes the name variables out of the PTX, and the names out of their initial values:
/// `.visible .global .align 8 .u64 __anywarp_name_0 = generic(_ZN2ns1vE);`
fn take_names(ptx: &str, count: usize) -> (String, Vec<String>) {
    let mut names = vec![String::new(); count];
    let mut kept = String::with_capacity(ptx.len());
    for line in ptx.split_inclusive('\n') {
        let defined = line.contains(".global").then(|| line.split_once(NAME)).flatten();
        let found = defined.and_then(|(_, rest)| {
            let (index, value) = rest.split_once('=')?;
            let value = value.trim().trim_end_matches(';').trim();
            let value = value.strip_prefix("generic(").and_then(|v| v.strip_suffix(')')).unwrap_or(value);
            Some((index.trim().parse::<usize>().ok()?, value))
        });
        match found {
            Some((index, value)) if index < count => names[index] = value.to_owned(),
            _ if defined.is_none() => kept.push_str(line),
            _ => {}
        }
    }
    (kept, names)
}

/// The newest of the requested architectures: NVRTC compiles for one.
fn chosen(names: &[String]) -> Result<Arch, Error> {
    let (archs, _) = arch::requested(&[], names.last().map(String::as_str), &[])?;
    Ok(archs.last().copied().unwrap_or(arch::DEFAULT))
}

/// Flags without an argument that change nothing here.
const IGNORED: &[&str] = &[
    "restrict",
    "minimal",
    "extra-device-vectorization",
    "device-int128",
    "device-float128",
    "no-source-include",
    "display-error-number",
    "no-display-error-number",
    "err-no",
    "no-err-no",
    "ewp",
    "extensible-whole-program",
    "pch",
    "no-cache",
    "verify-pch",
    "noinline-warnings",
    "dopt",
    "version-ident",
];
/// As `IGNORED`, with an argument, attached or in the next word.
const IGNORED_VALUES: &[&str] = &[
    "maxrregcount",
    "split-compile",
    "fdevice-time-trace",
    "device-stack-protector",
    "builtin-move-forward",
    "builtin-initializer-list",
    "jump-table-density",
    "ptxas-options",
    "Xptxas",
    "diag-error",
    "diag-suppress",
    "diag-warn",
    "brief-diagnostics",
    "brief-diag",
    "optimization-info",
    "opt-info",
    "time",
    "create-pch",
    "use-pch",
    "pch-dir",
    "pch-verbose",
    "random-seed",
    "fdevice-syntax-only",
    "Ofast-compile",
    "Ofc",
];

/// The words of an option string, which may hold an option and its argument. Paths and macros may contain blanks.
fn words(option: &str) -> Vec<&str> {
    const WHOLE: [&str; 6] = ["-D", "-I", "-U", "--define-macro", "--include-path", "--undefine-macro"];
    if !WHOLE.iter().any(|name| option.starts_with(name)) || option.starts_with("-I") && option.contains(" -")
    {
        return option.split_whitespace().collect();
    }
    match option.split_once(char::is_whitespace) {
        Some((name, value)) if WHOLE.contains(&name) => vec![name, value.trim_start()],
        _ => vec![option],
    }
}

fn settings(options: &[String]) -> Result<Settings, Error> {
    let mut out = Settings::default();
    let mut words = options.iter().flat_map(|o| words(o.trim()));
    while let Some(word) = words.next() {
        let Some(bare) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else {
            return Err(Error::Usage(format!("unrecognized option {word} found")));
        };
        let (name, attached) = match bare.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (bare, None),
        };
        let mut value = || {
            let next = attached.clone().or_else(|| words.next().map(str::to_owned));
            next.ok_or_else(|| Error::Usage(format!("option {word}: an argument is missing")))
        };
        let truth = |v: String| match v.as_str() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            other => Err(Error::Usage(format!("option {word}: '{other}' is not 'true' or 'false'"))),
        };
        match name {
            "gpu-architecture" | "arch" => out.archs.push(value()?),
            "std" => out.standard = Some(value()?),
            "ftz" => out.math.flush_denormals = truth(value()?)?,
            "prec-sqrt" => out.math.precise_sqrt = truth(value()?)?,
            "prec-div" => out.math.precise_division = truth(value()?)?,
            "fmad" => out.math.contract = truth(value()?)?,
            "use_fast_math" | "use-fast-math" => {
                out.math = Math {
                    flush_denormals: true,
                    precise_division: false,
                    precise_sqrt: false,
                    contract: true,
                    fast: true,
                };
            }
            "relocatable-device-code" | "rdc" => out.relocatable = truth(value()?)?,
            "device-c" | "dc" => out.relocatable = true,
            "device-w" | "dw" => out.relocatable = false,
            "device-debug" | "G" => out.debug.device = true,
            "generate-line-info" | "lineinfo" => out.debug.lines = true,
            "device-as-default-execution-space" | "default-device" => out.default_device = true,
            "disable-warnings" | "w" => out.clang.push("-w".to_owned()),
            "include-path" | "I" => out.clang.extend(["-I".to_owned(), value()?]),
            "define-macro" | "D" => out.clang.extend(["-D".to_owned(), value()?]),
            "undefine-macro" | "U" => out.clang.extend(["-U".to_owned(), value()?]),
            "pre-include" | "include" => out.clang.extend(["-include".to_owned(), value()?]),
            "dlink-time-opt" | "dlto" | "gen-opt-lto" | "optix-ir" => {
                return Err(Error::Usage(format!("option {word}: only PTX can be generated")));
            }
            _ if IGNORED.contains(&name) => {}
            _ if IGNORED_VALUES.contains(&name) => {
                if attached.is_none() && name != "time" {
                    value()?;
                }
            }
            _ if bare.starts_with(['D', 'I', 'U']) && !word.starts_with("--") => {
                out.clang.push(word.to_owned());
            }
            _ => return Err(Error::Usage(format!("unrecognized option {word} found"))),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_leave_the_ptx() {
        let ptx = ".version 8.5\n.visible .global .align 8 .u64 __anywarp_name_0 = _Z1kIfEvv;\n\
                   .visible .global .align 8 .u64 __anywarp_name_1 = generic(_ZN1n1vE);\n.visible .entry k()\n";
        let (kept, names) = take_names(ptx, 2);
        assert_eq!(kept, ".version 8.5\n.visible .entry k()\n");
        assert_eq!(names, ["_Z1kIfEvv", "_ZN1n1vE"]);
    }

    #[test]
    fn options_of_real_clients() {
        let check = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
            settings(&words).map_err(|e| e.to_string())
        };
        // tinygrad; hashcat, whose arguments are words of their own; cudarc.
        assert!(check(&["-arch=sm_80", "--minimal", "-I/usr/local/cuda/include"]).is_ok());
        let hashcat = check(&[
            "--restrict",
            "--device-as-default-execution-space",
            "--gpu-architecture",
            "compute_80",
            "-D",
            "M2S(x)=#x",
        ])
        .unwrap();
        assert!(hashcat.default_device && hashcat.archs == ["compute_80"]);
        assert_eq!(hashcat.clang, ["-D", "M2S(x)=#x"]);
        assert!(check(&["--use_fast_math", "--ftz=true", "--std=c++17", "--include-path=/x"]).is_ok());
        assert_eq!(check(&["-Dx=a b"]).unwrap().clang, ["-Dx=a b"]);
        assert_eq!(check(&["-I/a b/include"]).unwrap().clang, ["-I/a b/include"]);
        assert_eq!(check(&["-I/a -I/b"]).unwrap().clang, ["-I/a", "-I/b"]);
        assert!(check(&["-I /a b", "--include-path=/c d"]).is_ok());
        assert!(check(&["--nonsense"]).unwrap_err().contains("--nonsense"));
    }

    #[test]
    fn headers_stay_in_their_directory() {
        let dir = Path::new("/tmp/d");
        assert!(inside(dir, "a/b.h").is_ok());
        for bad in ["../x", "/etc/passwd", "", "a/../../x"] {
            assert!(inside(dir, bad).is_err(), "{bad}");
        }
    }
}
