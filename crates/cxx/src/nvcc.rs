//! The driver: from options to the steps that are run.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::compile;
use crate::device_link;
use crate::error::Error;
use crate::host_compiler;
use crate::link;
use crate::options::{Input, Language, Options, Phase, Show};
use crate::parse::{parse, split_words};
use crate::process::Tool;
use crate::toolkit::Toolkit;
use crate::verbose;

/// `nvcc` whole: parses, finds the toolkit of the running executable, runs, and reports on stderr.
pub fn nvcc_main(args: impl IntoIterator<Item = std::ffi::OsString>) -> ExitCode {
    let env = |name| split_words(&std::env::var(name).unwrap_or_default());
    // NVCC manual, "NVCC Environment Variables": one is put before, the other behind the command line.
    let words = env("NVCC_PREPEND_FLAGS")
        .into_iter()
        .chain(args.into_iter().map(|a| a.to_string_lossy().into_owned()))
        .chain(env("NVCC_APPEND_FLAGS"));
    let outcome = parse(words).and_then(|options| {
        if options.version {
            println!("{}", verbose::VERSION);
            return Ok(0);
        }
        if options.help {
            println!("{}", verbose::HELP);
            return Ok(0);
        }
        run(&Toolkit::locate()?, &options)
    });
    match outcome {
        Ok(status) => ExitCode::from(status),
        Err(e) => {
            if !matches!(e, Error::Tool { .. }) {
                eprintln!("{e}");
            }
            ExitCode::from(e.status())
        }
    }
}

/// Does what the options ask. Returns the exit status, which is that of the program where `-run` asks for one.
pub fn run(toolkit: &Toolkit, options: &Options) -> Result<u8, Error> {
    options.notes.iter().for_each(|note| eprintln!("nvcc warning : {note}"));
    if options.show != Show::Nothing {
        verbose::variables(toolkit, options).iter().for_each(|line| eprintln!("{line}"));
    }
    if let Some(program) = &options.program {
        return run_program(Path::new(program), options);
    }
    if options.inputs.is_empty() {
        return Err(Error::Usage(
            "No input files specified; use option --help for more information".to_owned(),
        ));
    }
    check_inputs(options)?;
    let with_wrapper = wrapped(options)?;
    let options = with_wrapper.as_ref().unwrap_or(options);
    let scratch = Scratch::new(options)?;
    match options.phase {
        Phase::Link => link_program(toolkit, options, &scratch),
        Phase::Object => {
            each_to(options, "o", |input, output| to_object(toolkit, options, input, &output, &scratch))
        }
        Phase::Ptx => {
            each_to(options, "ptx", |input, output| to_ptx(toolkit, options, input, &output, &scratch))
        }
        Phase::Fatbin => {
            each_to(options, "fatbin", |input, output| to_fatbin(toolkit, options, input, &output, &scratch))
        }
        Phase::Preprocess | Phase::Dependencies => {
            for input in compiled(options) {
                to_text(toolkit, options, input)?;
            }
            Ok(0)
        }
        Phase::DeviceLink => {
            let objects = objects(toolkit, options, &scratch)?;
            let code = device_link::scan(&linkables(&objects))?;
            let output = options.output.clone().unwrap_or_else(|| "a_dlink.o".into());
            device_link::write(toolkit, options, &code, &output, &scratch.dir).map(|()| 0)
        }
        Phase::Archive => {
            let objects = objects(toolkit, options, &scratch)?;
            let objects: Vec<String> = linkables(&objects).into_iter().map(str::to_owned).collect();
            let output = options.output.clone().unwrap_or_else(|| "a.a".into());
            link::archive(options, &objects, &output).map(|()| 0)
        }
    }
}

/// With `-ccbin mpicxx`: the options with the wrapper's include directories.
fn wrapped(options: &Options) -> Result<Option<Options>, Error> {
    let Some(wrapper) = host_compiler::wrapper(options)? else { return Ok(None) };
    let mut options = options.clone();
    options.preprocessor.extend(host_compiler::include_arguments(&wrapper)?);
    Ok(Some(options))
}

fn check_inputs(options: &Options) -> Result<(), Error> {
    if options.show != Show::Only {
        for input in &options.inputs {
            if !Path::new(&input.path).exists() {
                return Err(Error::Usage(format!("Could not open input file '{}'", input.path)));
            }
        }
    }
    let several = compiled(options).count() > 1;
    let one_each = matches!(options.phase, Phase::Object | Phase::Ptx | Phase::Fatbin);
    if several && one_each && options.output.is_some() {
        return Err(Error::Usage(
            "a single output file (-o) was given for several inputs; use --output-directory".to_owned(),
        ));
    }
    Ok(())
}

/// Where intermediate files live: a directory that vanishes, or the user's with `-keep`.
struct Scratch {
    dir: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl Scratch {
    fn new(options: &Options) -> Result<Scratch, Error> {
        if options.keep || options.keep_dir.is_some() {
            let dir = options.keep_dir.clone().unwrap_or_else(|| ".".into());
            return Ok(Scratch { dir, _temporary: None });
        }
        let temporary = tempfile::Builder::new()
            .prefix("nvcc-")
            .tempdir()
            .map_err(Error::io("cannot make a temporary directory"))?;
        Ok(Scratch { dir: temporary.path().to_owned(), _temporary: Some(temporary) })
    }
}

fn compiled(options: &Options) -> impl Iterator<Item = &Input> {
    options.inputs.iter().filter(|i| i.language != Language::Linkable)
}

/// The output of a step for one input: `-o`, or the input's stem in the output directory.
fn output_for(options: &Options, input: &Input, extension: &str) -> PathBuf {
    let named = options.output.clone();
    let file = named.unwrap_or_else(|| format!("{}.{extension}", compile::stem(&input.path)).into());
    match &options.output_dir {
        Some(dir) if file.is_relative() => dir.join(file),
        _ => file,
    }
}

fn each_to(
    options: &Options,
    extension: &str,
    mut step: impl FnMut(&Input, PathBuf) -> Result<(), Error>,
) -> Result<u8, Error> {
    for input in compiled(options) {
        step(input, output_for(options, input, extension))?;
    }
    Ok(0)
}

fn to_object(
    toolkit: &Toolkit,
    options: &Options,
    input: &Input,
    output: &Path,
    scratch: &Scratch,
) -> Result<(), Error> {
    let out = output.to_string_lossy();
    match input.language {
        Language::Cuda => compile::object(toolkit, options, &input.path, output, &scratch.dir),
        Language::C => compile::plain(toolkit, options, &input.path, "c", &["-c", "-o", &out]),
        Language::Cxx => compile::plain(toolkit, options, &input.path, "c++", &["-c", "-o", &out]),
        Language::Ptx | Language::Linkable => {
            Err(Error::Usage(format!("'{}' cannot be compiled to an object", input.path)))
        }
    }
}

fn to_ptx(
    toolkit: &Toolkit,
    options: &Options,
    input: &Input,
    output: &Path,
    scratch: &Scratch,
) -> Result<(), Error> {
    if input.language != Language::Cuda {
        return Err(Error::Usage(format!(
            "'{}' has no device code: --ptx needs a .cu file (or -x cu)",
            input.path
        )));
    }
    if options.archs.len() > 1 {
        return Err(Error::Usage("--ptx makes one file: give one architecture".to_owned()));
    }
    let made = compile::ptx(toolkit, options, &input.path, &scratch.dir)?;
    if options.show == Show::Only {
        return Ok(());
    }
    for (_, file) in made {
        std::fs::copy(&file, output).map_err(Error::io(format!("cannot write '{}'", output.display())))?;
    }
    // The device pass writes no dependency file; the host's preprocessor knows the same headers.
    if options.dependencies.iter().any(|d| d == "-MD" || d == "-MMD") {
        let mut rule = options.clone();
        for word in &mut rule.dependencies {
            *word = match word.as_str() {
                "-MD" => "-M".to_owned(),
                "-MMD" => "-MM".to_owned(),
                other => other.to_owned(),
            };
        }
        if !rule.dependencies.iter().any(|d| d == "-MF") {
            let file = output.with_extension("d").to_string_lossy().into_owned();
            rule.dependencies.extend(["-MF".to_owned(), file]);
        }
        if !rule.dependencies.iter().any(|d| d == "-MT" || d == "-MQ") {
            rule.dependencies.extend(["-MT".to_owned(), output.to_string_lossy().into_owned()]);
        }
        compile::preprocess(toolkit, &rule, &input.path, None)?;
    }
    Ok(())
}

fn to_fatbin(
    toolkit: &Toolkit,
    options: &Options,
    input: &Input,
    output: &Path,
    scratch: &Scratch,
) -> Result<(), Error> {
    let parts = match input.language {
        Language::Cuda => compile::ptx(toolkit, options, &input.path, &scratch.dir)?,
        Language::Ptx => options.archs.iter().map(|&arch| (arch, PathBuf::from(&input.path))).collect(),
        Language::C | Language::Cxx | Language::Linkable => {
            return Err(Error::Usage(format!("'{}' has no device code for --fatbin", input.path)));
        }
    };
    if options.show == Show::Only {
        return Ok(());
    }
    let name =
        Path::new(&input.path).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = compile::pack(&parts, &name)?;
    std::fs::write(output, bytes).map_err(Error::io(format!("cannot write '{}'", output.display())))
}

fn to_text(toolkit: &Toolkit, options: &Options, input: &Input) -> Result<(), Error> {
    let output = options.output.as_deref();
    let language = match input.language {
        Language::Cuda => return compile::preprocess(toolkit, options, &input.path, output),
        Language::C => "c",
        Language::Cxx => "c++",
        Language::Ptx | Language::Linkable => {
            return Err(Error::Usage(format!("'{}' cannot be preprocessed", input.path)));
        }
    };
    let out = output.map(|o| o.to_string_lossy().into_owned());
    let mut what = if options.phase == Phase::Preprocess { vec!["-E"] } else { Vec::new() };
    if let Some(out) = &out {
        what.extend(["-o", out]);
    }
    compile::plain(toolkit, options, &input.path, language, &what)
}

/// Compiles what needs it; returns the link words with each source replaced by its object.
fn objects(toolkit: &Toolkit, options: &Options, scratch: &Scratch) -> Result<Vec<String>, Error> {
    let mut words = options.link.clone();
    for (index, input) in options.inputs.iter().enumerate() {
        if input.language == Language::Linkable {
            continue;
        }
        // Two inputs of different directories may have one stem.
        let object = scratch.dir.join(format!("{}.{index}.o", compile::stem(&input.path)));
        let mut one = options.clone();
        default_dependency_target(&mut one, options);
        to_object(toolkit, &one, input, &object, scratch)?;
        if let Some(word) = words.iter_mut().find(|w| **w == input.path) {
            *word = object.to_string_lossy().into_owned();
        }
    }
    Ok(words)
}

/// `-MD` of a compilation straight to a program: the rule's target and file are named after the program.
fn default_dependency_target(one: &mut Options, options: &Options) {
    let wants = |flag: &str| options.dependencies.iter().any(|d| d == flag);
    if !(wants("-MD") || wants("-MMD")) {
        return;
    }
    let program = options.output.clone().unwrap_or_else(|| "a.out".into());
    if !wants("-MF") {
        let file = program.with_extension("d").to_string_lossy().into_owned();
        one.dependencies.extend(["-MF".to_owned(), file]);
    }
    if !wants("-MT") && !wants("-MQ") {
        one.dependencies.extend(["-MT".to_owned(), program.to_string_lossy().into_owned()]);
    }
}

/// Of link words, the files.
fn linkables(words: &[String]) -> Vec<&str> {
    let mut out = Vec::new();
    let mut skip = false;
    for word in words {
        if !skip && !word.starts_with('-') {
            out.push(word.as_str());
        }
        skip = !skip && matches!(word.as_str(), "-L" | "-Xlinker");
    }
    out
}

fn link_program(toolkit: &Toolkit, options: &Options, scratch: &Scratch) -> Result<u8, Error> {
    let mut words = objects(toolkit, options, scratch)?;
    let mut code_files: Vec<String> = linkables(&words).into_iter().map(str::to_owned).collect();
    code_files.extend(library_archives(&words));
    let code = device_link::scan(&code_files.iter().map(String::as_str).collect::<Vec<_>>())?;
    if code.is_due() {
        let object = scratch.dir.join("a_dlink.o");
        device_link::write(toolkit, options, &code, &object, &scratch.dir)?;
        words.insert(0, object.to_string_lossy().into_owned());
    }
    let output = output_of_link(options);
    link::link(toolkit, options, &words, &output)?;
    if !options.run_after || options.show == Show::Only {
        return Ok(0);
    }
    run_program(&output, options)
}

/// `-run`: the status is the program's.
fn run_program(program: &Path, options: &Options) -> Result<u8, Error> {
    let here = program.components().count() == 1;
    let program = if here { Path::new(".").join(program) } else { program.to_owned() };
    match Tool::new(&program).args(options.run_args.iter().cloned()).run(options.show) {
        Err(Error::Tool { status }) => Ok(u8::try_from(status).unwrap_or(1)),
        other => other.map(|()| 0),
    }
}

fn output_of_link(options: &Options) -> PathBuf {
    let file = options.output.clone().unwrap_or_else(|| if options.shared { "a.so" } else { "a.out" }.into());
    match &options.output_dir {
        Some(dir) if file.is_relative() => dir.join(file),
        _ => file,
    }
}

/// Archives named by `-l` in the `-L` directories: they may hold relocatable device code.
fn library_archives(words: &[String]) -> Vec<String> {
    let mut dirs = Vec::new();
    let mut pairs = words.iter();
    while let Some(word) = pairs.next() {
        if word == "-L" {
            dirs.extend(pairs.next());
        }
    }
    let names = words.iter().filter_map(|w| w.strip_prefix("-l"));
    names
        .flat_map(|name| dirs.iter().map(move |dir| format!("{dir}/lib{name}.a")))
        .filter(|file| Path::new(file).is_file())
        .collect()
}
