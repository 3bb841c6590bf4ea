//! From the words of a command line to [`Options`].

use std::collections::VecDeque;
use std::path::Path;

use crate::arch;
use crate::error::Error;
use crate::flags::{self, Flag, Takes};
use crate::options::{Input, Language, Options, Phase, Runtime, Show};

/// Parses a command line without its program name. Errors: [`Error::Usage`] naming the word at fault.
pub fn parse(args: impl IntoIterator<Item = String>) -> Result<Options, Error> {
    let mut state = State { words: args.into_iter().collect(), ..State::default() };
    while let Some(word) = state.words.pop_front() {
        state.word(&word)?;
    }
    state.finish()
}

/// The kinds that may follow `-Werror` as a word of their own.
const WERROR_KINDS: &[&str] = &[
    "all-warnings",
    "cross-execution-space-call",
    "reorder",
    "default-stream-launch",
    "missing-launch-bounds",
    "ext-lambda-captures-this",
    "deprecated-declarations",
];

#[derive(Default)]
struct State {
    words: VecDeque<String>,
    options: Options,
    gencodes: Vec<String>,
    arch: Option<String>,
    codes: Vec<String>,
    /// `-x`: the language of the inputs that follow.
    language: Option<Language>,
    forward_unknown: bool,
    forward_unknown_to_linker: bool,
    /// Words that are no option of nvcc, in their order.
    /// Words that are no options and have no extension that says what they hold.
    strange: Vec<String>,
    unknown: Vec<String>,
    /// Option files being read, to end a file that names itself.
    depth: usize,
}

impl State {
    fn word(&mut self, word: &str) -> Result<(), Error> {
        if let Some(file) = word.strip_prefix('@') {
            return self.options_file(file);
        }
        if !word.starts_with('-') || word == "-" {
            return self.input(word);
        }
        // Long and short flags may be written with either number of dashes.
        let bare = word.strip_prefix("--").unwrap_or_else(|| &word[1..]);
        let (name, attached) = match bare.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (bare, None),
        };
        if let Some(row) = flags::find(name) {
            let value = match (row.takes, attached) {
                (Takes::Nothing, Some(_)) => {
                    return Err(Error::Usage(format!("'--{name}' takes no argument")));
                }
                (Takes::Nothing, None) => None,
                (Takes::Optional, None) => match self.words.front() {
                    Some(next) if WERROR_KINDS.contains(&next.as_str()) => self.words.pop_front(),
                    _ => None,
                },
                (_, Some(value)) => Some(value.to_owned()),
                // `-O` alone is a level; `-g` and the like are not joined.
                (Takes::Joined, None) if row.flag == Flag::Optimize => Some("2".to_owned()),
                (_, None) => Some(
                    self.words
                        .pop_front()
                        .ok_or_else(|| Error::Usage(format!("'--{name}': expected an argument")))?,
                ),
            };
            let values = match (row.takes, value) {
                (Takes::List, Some(value)) => split_list(&value),
                (_, value) => value.into_iter().collect(),
            };
            return self.flag(row.flag, word, &values);
        }
        if let Some((row, value)) = flags::find_joined(bare)
            && !word.starts_with("--")
        {
            let value = value.strip_prefix('=').unwrap_or(value).to_owned();
            return self.flag(row.flag, word, &[value]);
        }
        self.unknown.push(word.to_owned());
        self.options.host.push(word.to_owned());
        Ok(())
    }

    fn flag(&mut self, flag: Flag, word: &str, values: &[String]) -> Result<(), Error> {
        let o = &mut self.options;
        let value = || values.first().cloned().unwrap_or_default();
        let truth = || match value().as_str() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            other => Err(Error::Usage(format!("'{word}': '{other}' is not 'true' or 'false'"))),
        };
        match flag {
            Flag::Output => o.output = Some(value().into()),
            Flag::OutputDir => o.output_dir = Some(value().into()),
            Flag::Compile => o.phase = Phase::Object,
            Flag::DeviceCompile => {
                o.phase = Phase::Object;
                o.relocatable = true;
            }
            Flag::Ptx => o.phase = Phase::Ptx,
            Flag::Fatbin => o.phase = Phase::Fatbin,
            Flag::Cubin => {
                return Err(Error::Usage(
                    "--cubin: there is no machine code to write; --ptx and --fatbin give what every loader takes".into(),
                ));
            }
            Flag::Preprocess => o.phase = Phase::Preprocess,
            Flag::DependenciesOnly(spelling) => {
                o.phase = Phase::Dependencies;
                o.dependencies.push(spelling.to_owned());
            }
            Flag::DependenciesToo(spelling) => o.dependencies.push(spelling.to_owned()),
            Flag::DependencyArgument(spelling) => o.dependencies.extend([spelling.to_owned(), value()]),
            Flag::DeviceLink => o.phase = Phase::DeviceLink,
            Flag::Archive => o.phase = Phase::Archive,
            Flag::LinkPhase => o.phase = Phase::Link,
            Flag::Run => o.run_after = true,
            Flag::RunArgs => o.run_args.extend_from_slice(values),
            Flag::Language => self.language = Some(language_of_x(&value())?),
            Flag::Include => o.preprocessor.extend(["-I".to_owned(), value()]),
            Flag::SystemInclude => o.preprocessor.extend(["-isystem".to_owned(), value()]),
            Flag::Preinclude => {
                values.iter().for_each(|v| o.preprocessor.extend(["-include".to_owned(), v.clone()]))
            }
            Flag::Define => o.preprocessor.extend(["-D".to_owned(), value()]),
            Flag::Undefine => o.preprocessor.extend(["-U".to_owned(), value()]),
            Flag::LibraryPath => o.link.extend(["-L".to_owned(), value()]),
            Flag::Library => o.link.push(format!("-l{}", value())),
            Flag::Optimize => o.optimize = Some(format!("-O{}", value())),
            Flag::DebugHost => o.debug.host = true,
            Flag::DebugDevice => o.debug.device = true,
            Flag::LineInfo => o.debug.lines = true,
            Flag::Profile => o.host.push("-pg".to_owned()),
            Flag::Standard => o.standard = Some(value()),
            Flag::Arch => self.arch = Some(value()),
            Flag::Code => self.codes.extend(values.iter().map(|v| v.replace(['[', ']'], ""))),
            Flag::Gencode => self.gencodes.push(value()),
            Flag::HostOptions => o.host.extend_from_slice(values),
            Flag::LinkerOptions => {
                values.iter().for_each(|v| o.link.extend(["-Xlinker".to_owned(), v.clone()]));
            }
            Flag::FastMath => {
                let m = &mut o.math;
                m.flush_denormals = true;
                m.precise_division = false;
                m.precise_sqrt = false;
                m.contract = true;
                m.fast = true;
            }
            Flag::Ftz => o.math.flush_denormals = truth()?,
            Flag::Fmad => o.math.contract = truth()?,
            Flag::PrecDiv => o.math.precise_division = truth()?,
            Flag::PrecSqrt => o.math.precise_sqrt = truth()?,
            Flag::RelaxedConstexpr => {
                o.preprocessor.extend(["-D".to_owned(), "__CUDACC_RELAXED_CONSTEXPR__=1".to_owned()]);
            }
            // clang has device lambdas; the macro that announces nvcc's would make libraries call nvcc's built-ins.
            Flag::ExtendedLambda => {}
            Flag::Relocatable => o.relocatable = truth()?,
            Flag::NoWarnings => o.warnings.push("-w".to_owned()),
            Flag::WarningsAsErrors => {
                // Kinds such as `all-warnings` are nvcc's; `cross-execution-space-call` is always an error with clang.
                if values.is_empty() || values.iter().any(|v| v.split(',').any(|k| k == "all-warnings")) {
                    o.warnings.push("-Werror".to_owned());
                }
            }
            Flag::DefaultStream => match value().as_str() {
                "legacy" | "null" => {}
                "per-thread" => {
                    o.preprocessor
                        .extend(["-D".to_owned(), "CUDA_API_PER_THREAD_DEFAULT_STREAM=1".to_owned()]);
                    o.per_thread_stream = true;
                }
                other => {
                    return Err(Error::Usage(format!(
                        "--default-stream: '{other}' is not legacy, null or per-thread"
                    )));
                }
            },
            Flag::Version => o.version = true,
            Flag::Help => o.help = true,
            Flag::Verbose => o.show = o.show.max(Show::Commands),
            Flag::DryRun => o.show = Show::Only,
            Flag::Keep => o.keep = true,
            Flag::KeepDir => o.keep_dir = Some(value().into()),
            Flag::Shared => o.shared = true,
            Flag::Static => o.static_host = true,
            Flag::Cudart => {
                o.runtime = match value().as_str() {
                    "none" => Runtime::None,
                    "shared" | "static" | "hybrid" => Runtime::Linked,
                    other => {
                        return Err(Error::Usage(format!(
                            "--cudart: '{other}' is not none, shared or static"
                        )));
                    }
                }
            }
            Flag::OptionsFile => {
                for file in values {
                    self.options_file(file)?;
                }
            }
            Flag::ForwardUnknown => self.forward_unknown = true,
            Flag::ForwardUnknownToLinker => self.forward_unknown_to_linker = true,
            Flag::HostCompiler => o.host_compiler = Some(value()),
            Flag::NoEffect(why) => o.without_effect.push(format!("'{word}' has no effect: {why}")),
            Flag::Impossible(why) => return Err(Error::Usage(format!("'{word}': {why}"))),
        }
        Ok(())
    }

    fn input(&mut self, path: &str) -> Result<(), Error> {
        let language = match self.language {
            Some(language) if !is_linkable(path) => language,
            _ => match language_of_extension(path) {
                // With -run it may be a program: the rest of the command line tells.
                None => {
                    self.strange.push(path.to_owned());
                    return Ok(());
                }
                Some(found) => found?,
            },
        };
        self.options.inputs.push(Input { path: path.to_owned(), language });
        // Its place among the libraries; the link step puts the object there.
        self.options.link.push(path.to_owned());
        Ok(())
    }

    /// Words of a file, split as a shell would, in front of what is left of the command line.
    fn options_file(&mut self, file: &str) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > 32 {
            return Err(Error::Usage(format!("'@{file}': option files name each other without end")));
        }
        let text =
            std::fs::read_to_string(file).map_err(Error::io(format!("cannot read option file '{file}'")))?;
        for word in split_words(&text).into_iter().rev() {
            self.words.push_front(word);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Options, Error> {
        match &self.strange[..] {
            [] => {}
            // Meson quotes the program's name twice: nvcc's words pass through a shell.
            [program] if self.options.run_after && self.options.inputs.is_empty() => {
                self.options.program = split_words(program).pop();
            }
            [path, ..] => return Err(Error::Usage(format!("Don't know what to do with '{path}'"))),
        }
        // A line that only links is the host compiler driver's: build systems take nvcc for it and speak its language.
        let only_links = self.options.phase == Phase::Link
            && !self.options.inputs.is_empty()
            && self.options.inputs.iter().all(|i| i.language == Language::Linkable);
        let forwarded = self.forward_unknown || self.forward_unknown_to_linker || only_links;
        if self.forward_unknown_to_linker && !self.forward_unknown {
            self.options.host.retain(|word| !self.unknown.contains(word));
            self.options.link.extend(self.unknown.iter().cloned());
        }
        if let Some(word) = self.unknown.first().filter(|_| !forwarded) {
            return Err(Error::Usage(format!(
                "Unknown option '{word}' (options for the host compiler go after -Xcompiler)"
            )));
        }
        let (archs, notes) = arch::requested(&self.gencodes, self.arch.as_deref(), &self.codes)?;
        self.options.archs = archs;
        self.options.notes = notes;
        Ok(self.options)
    }
}

/// A list argument: commas separate, a backslash keeps one, quotes group.
fn split_list(value: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut chars = value.chars().peekable();
    let mut quote = None;
    while let Some(c) = chars.next() {
        let last = out.last_mut().expect("the list starts with one item");
        match c {
            '\\' if chars.peek() == Some(&',') => last.extend(chars.next()),
            '"' | '\'' if quote.is_none() => quote = Some(c),
            c if quote == Some(c) => quote = None,
            // nvcc's lists arrive quoted as one word: -Xcompiler "-Wall -fPIC".
            ',' | ' ' if quote.is_none() => out.push(String::new()),
            c => last.push(c),
        }
    }
    out.retain(|item| !item.is_empty());
    out
}

/// Words as a POSIX shell splits them: blanks, quotes, backslashes.
pub(crate) fn split_words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(chars.next()),
            (c, None) if c.is_whitespace() => out.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word);
    out
}

fn extension(path: &str) -> &str {
    Path::new(path).extension().and_then(|e| e.to_str()).unwrap_or("")
}

fn is_linkable(path: &str) -> bool {
    let name = Path::new(path).file_name().and_then(|n| n.to_str()).unwrap_or("");
    matches!(extension(path), "o" | "obj" | "a" | "so" | "lib" | "res") || name.contains(".so.")
}

/// `None` for what no extension tells.
fn language_of_extension(path: &str) -> Option<Result<Language, Error>> {
    Some(match extension(path) {
        "cu" | "cup" | "gpu" => Ok(Language::Cuda),
        "c" => Ok(Language::C),
        "cc" | "cpp" | "cxx" | "c++" | "C" | "ii" | "cp" => Ok(Language::Cxx),
        "ptx" => Ok(Language::Ptx),
        "cubin" => Err(Error::Usage(format!(
            "'{path}': machine code for a GPU cannot be used; give its PTX or source"
        ))),
        _ if is_linkable(path) => Ok(Language::Linkable),
        _ => return None,
    })
}

fn language_of_x(name: &str) -> Result<Language, Error> {
    match name {
        "cu" => Ok(Language::Cuda),
        "c" => Ok(Language::C),
        "c++" => Ok(Language::Cxx),
        other => Err(Error::Usage(format!("-x: '{other}' is not cu, c or c++"))),
    }
}
