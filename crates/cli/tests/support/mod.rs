//! What tests of whole programs share: where things lie, and a command that ends.
//!
//! Invariant: a command that hangs ends its test, and no other.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Failed;

/// The checkout, and the toolkit that is tested (`ANYWARP_HOME`, or what `./x build` made).
pub fn root_and_toolkit() -> (PathBuf, PathBuf) {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace exists");
    let toolkit = std::env::var_os("ANYWARP_HOME").map_or_else(|| root.join("build/toolkit"), PathBuf::from);
    (root, toolkit)
}

/// How a program ended and what it said.
pub struct Finished {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
    timed_out: bool,
}

impl Finished {
    pub fn describe(&self, doing: &str) -> String {
        let end = if self.timed_out { "did not end in time".to_owned() } else { self.status.to_string() };
        format!("{doing}: {end}\n--- stdout\n{}--- stderr\n{}", tail(&self.stdout), tail(&self.stderr))
    }
}

/// The last lines of a long output.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].iter().map(|l| format!("{l}\n")).collect()
}

/// Runs `command` in `dir` to its end or for so long. Output goes through files: a full pipe would stop it.
pub fn finish(command: &mut Command, dir: &Path, limit: Duration) -> Result<Finished, Failed> {
    let capture =
        |name: &str| File::options().read(true).write(true).create(true).truncate(true).open(dir.join(name));
    let (mut stdout, mut stderr) = (capture("stdout.log")?, capture("stderr.log")?);
    command.current_dir(dir).stdin(Stdio::null()).stdout(stdout.try_clone()?).stderr(stderr.try_clone()?);
    let mut child = command.spawn().map_err(|e| format!("{command:?}: {e}"))?;
    let started = Instant::now();
    let mut timed_out = false;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > limit {
            timed_out = true;
            child.kill()?;
            break child.wait()?;
        }
        thread::sleep(Duration::from_millis(5));
    };
    Ok(Finished { status, stdout: read_back(&mut stdout)?, stderr: read_back(&mut stderr)?, timed_out })
}

fn read_back(file: &mut File) -> std::io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let bytes = std::io::read_to_string(file);
    bytes.or_else(|_| Ok("(not text)\n".to_owned()))
}
