//! Running the tools, and showing what is run.

use std::io::{Read, Seek, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::error::Error;
use crate::options::Show;

/// One command: the program and its arguments.
#[derive(Debug, Clone)]
pub struct Tool {
    pub program: String,
    pub args: Vec<String>,
}

impl Tool {
    pub fn new(program: &Path) -> Tool {
        Tool { program: program.to_string_lossy().into_owned(), args: Vec::new() }
    }

    pub fn arg(mut self, arg: impl Into<String>) -> Tool {
        self.args.push(arg.into());
        self
    }

    pub fn args<S: Into<String>>(mut self, args: impl IntoIterator<Item = S>) -> Tool {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// As nvcc's `--dryrun` shows it: `#$ program args`.
    pub fn shown(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.args).map(|w| quote(w));
        format!("#$ {}", words.collect::<Vec<_>>().join(" "))
    }

    /// Runs the tool with this process's streams and waits. Errors: [`Error::Tool`] where it fails.
    pub fn run(&self, show: Show) -> Result<(), Error> {
        if show != Show::Nothing {
            eprintln!("{}", self.shown());
        }
        if show == Show::Only {
            return Ok(());
        }
        let status = Command::new(&self.program)
            .args(&self.args)
            .status()
            .map_err(Error::io(format!("cannot start '{}'", self.program)))?;
        if status.success() { Ok(()) } else { Err(Error::Tool { status: status.code().unwrap_or(1) }) }
    }

    /// Starts the tool with its diagnostics held back; stdin takes what [`Running::feed`] gives.
    pub fn start(&self) -> Result<Running, Error> {
        let stderr = tempfile::tempfile().map_err(Error::io("cannot make a temporary file"))?;
        let held = stderr.try_clone().map_err(Error::io("cannot make a temporary file"))?;
        let child = Command::new(&self.program)
            .args(&self.args)
            .stdin(Stdio::piped())
            .stderr(held)
            .spawn()
            .map_err(Error::io(format!("cannot start '{}'", self.program)))?;
        Ok(Running { child, stderr })
    }
}

/// A started tool.
pub struct Running {
    child: Child,
    stderr: std::fs::File,
}

/// How a tool ended.
pub struct Finished {
    pub status: i32,
    pub diagnostics: String,
}

impl Running {
    /// Writes all of stdin and closes it. A tool that ended early has its own reason, which `finish` reports.
    pub fn feed(&mut self, bytes: &[u8]) {
        if let Some(mut stdin) = self.child.stdin.take() {
            let _ = stdin.write_all(bytes);
        }
    }

    pub fn finish(mut self) -> Result<Finished, Error> {
        drop(self.child.stdin.take());
        let status = self.child.wait().map_err(Error::io("cannot wait for a tool"))?;
        let mut diagnostics = Vec::new();
        self.stderr
            .rewind()
            .and_then(|()| self.stderr.read_to_end(&mut diagnostics))
            .map_err(Error::io("cannot read a tool's diagnostics"))?;
        let diagnostics = String::from_utf8_lossy(&diagnostics).into_owned();
        Ok(Finished { status: status.code().unwrap_or(1), diagnostics })
    }
}

pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./:,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}
