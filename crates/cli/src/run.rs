//! `anywarp run`: compile a CUDA source unless that was done before, then become the program.
//!
//! Invariant: the program sees its own arguments, standard streams, directory and environment, plus the three variables
//! that `toolkit::exec` sets; the exit status is the program's.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::cache;
use crate::error::Error;
use crate::toolkit;

/// What the words after `run` ask for.
#[derive(Debug, PartialEq, Eq)]
enum Request {
    Source { flags: Vec<OsString>, file: PathBuf, args: Vec<OsString> },
    Program { program: PathBuf, args: Vec<OsString> },
}

/// Runs what `words` (all that follows `run`) name. Returns only on failure or when compiling failed.
pub fn main(words: &[OsString]) -> Result<u8, Error> {
    let request = parse(words)?;
    let root = toolkit::root()?;
    match request {
        Request::Program { program, args } => Err(toolkit::exec(&root, &program, &args)),
        Request::Source { flags, file, args } => match compiled(&file, &flags)? {
            Compiled::Program(program) => Err(toolkit::exec(&root, &program, &args)),
            Compiled::Failed(status) => Ok(status),
        },
    }
}

enum Compiled {
    Program(PathBuf),
    /// The compiler has said why; this is its exit status.
    Failed(u8),
}

/// Splits `[FLAGS] FILE.cu [ARGS]` or `-- PROGRAM [ARGS]`.
fn parse(words: &[OsString]) -> Result<Request, Error> {
    if words.first().is_some_and(|w| w == "--") {
        let program = words.get(1).ok_or_else(|| Error::new("`anywarp run --` needs a program to run"))?;
        return Ok(Request::Program { program: program.into(), args: words[2..].to_vec() });
    }
    let Some(at) = words.iter().position(|w| is_source(Path::new(w))) else {
        let named = words.iter().find(|w| !w.as_encoded_bytes().starts_with(b"-"));
        return Err(match named {
            Some(word) => Error::new(format!("{} is not a CUDA source (.cu)", word.to_string_lossy()))
                .help(format!("to run a program: anywarp run -- {}", word.to_string_lossy())),
            None => Error::new("`anywarp run` needs a CUDA source: anywarp run FILE.cu [ARGS]"),
        });
    };
    let file = PathBuf::from(&words[at]);
    if !file.is_file() {
        return Err(Error::new(format!("there is no file {}", file.display())));
    }
    Ok(Request::Source { flags: words[..at].to_vec(), file, args: words[at + 1..].to_vec() })
}

/// A word that names a source and not a flag such as `-Isome.cu`.
fn is_source(path: &Path) -> bool {
    !path.as_os_str().as_encoded_bytes().starts_with(b"-")
        && path.extension().is_some_and(|e| ["cu", "cpp", "cc", "cxx", "c"].iter().any(|known| e == *known))
}

/// The program made from `file`: the cached one, or compiled now.
fn compiled(file: &Path, flags: &[OsString]) -> Result<Compiled, Error> {
    let dir = cache::directory();
    fs::create_dir_all(&dir).map_err(|e| {
        Error::new(format!("cannot create {}", dir.display())).because(e).help("set ANYWARP_CACHE_DIR")
    })?;
    let unreadable = |e| Error::new(format!("cannot read {}", file.display())).because(e);
    let entry = cache::entry(&dir, file, flags).map_err(unreadable)?;
    if cache::is_fresh(&entry) {
        return Ok(Compiled::Program(entry.program));
    }
    cache::trim(&dir);

    let started = SystemTime::now();
    let exe = env::current_exe().map_err(|e| Error::new("cannot find my own path").because(e))?;
    let draft = dir.join(format!("draft-{}.tmp", std::process::id()));
    let dependencies = draft.with_extension("d");
    let mut compiler = Command::new(&exe);
    compiler.arg("cc").arg("-O3").args(flags).args(["-MD", "-MF"]).arg(&dependencies).arg("-o").arg(&draft);
    let child = compiler.arg(file).spawn().map_err(|e| Error::new("cannot start the compiler").because(e))?;
    let status = wait_visibly(child, &format!("Compiling {}", file.display()))
        .map_err(|e| Error::new("lost the compiler").because(e))?;
    if !status.success() {
        let _ = fs::remove_file(&dependencies);
        return Ok(Compiled::Failed(status.code().and_then(|c| u8::try_from(c).ok()).unwrap_or(1)));
    }

    let mut inputs = cache::parse_dependencies(&fs::read_to_string(&dependencies).unwrap_or_default());
    let _ = fs::remove_file(&dependencies);
    // The source's content is in the key, so only its headers and the compiler itself are compared by time.
    inputs.retain(|input| input != file);
    inputs.push(exe);
    inputs.sort();
    inputs.dedup();
    cache::store(&entry, &draft, &inputs, started)
        .map_err(|e| Error::new(format!("cannot keep the program in {}", dir.display())).because(e))?;
    Ok(Compiled::Program(entry.program))
}

/// Waits for `child`; when it takes longer than a second, says what is going on.
fn wait_visibly(mut child: Child, what: &str) -> std::io::Result<ExitStatus> {
    const QUIET: Duration = Duration::from_secs(1);
    let started = Instant::now();
    let terminal = std::io::stderr().is_terminal();
    let mut told = false;
    loop {
        if let Some(status) = child.try_wait()? {
            if told && terminal {
                eprint!("\r\x1b[K");
            }
            return Ok(status);
        }
        let passed = started.elapsed();
        if passed > QUIET && terminal {
            eprint!("\r{what} ... {} s", passed.as_secs());
        } else if passed > QUIET && !told {
            eprintln!("{what} ...");
        }
        told = passed > QUIET;
        thread::sleep(if told { Duration::from_millis(200) } else { Duration::from_millis(10) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_after_run() {
        let file = env::temp_dir().join(format!("anywarp run {}.cu", std::process::id()));
        fs::write(&file, "").unwrap();
        let cu = file.to_str().unwrap();
        let words = |list: &[&str]| list.iter().map(OsString::from).collect::<Vec<_>>();
        let check = |list: &[&str], want: Request| assert_eq!(parse(&words(list)).unwrap(), want);
        check(
            &["-Iinc", "-DN=3", cu, "--size", "x.cu"],
            Request::Source {
                flags: words(&["-Iinc", "-DN=3"]),
                file: cu.into(),
                args: words(&["--size", "x.cu"]),
            },
        );
        check(
            &["--", "./a.out", "--", "b"],
            Request::Program { program: "./a.out".into(), args: words(&["--", "b"]) },
        );
        let refused = |list: &[&str], part: &str| {
            let message = parse(&words(list)).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        };
        refused(&["a.out", "1"], "anywarp run -- a.out");
        refused(&["missing.cu"], "no file missing.cu");
        refused(&["-O2"], "FILE.cu");
        refused(&["--"], "needs a program");
        fs::remove_file(&file).unwrap();
    }
}
