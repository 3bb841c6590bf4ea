//! A contender: its program built from `bench/kernels`, and the running process that answers to "go".
//!
//! Invariant: every contender runs on the same pinned processors with the same number of threads.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::table::{Kernel, Peer, Toolchain};

/// Where things lie and how many processors are used.
pub struct Place {
    pub root: PathBuf,
    pub threads: usize,
}

impl Place {
    pub fn new(root: &Path, threads: usize) -> Self {
        Self { root: root.to_path_buf(), threads }
    }

    pub fn toolkit(&self) -> PathBuf {
        self.root.join("build/toolkit")
    }

    fn intel(&self) -> PathBuf {
        self.root.join("build/peers/intel")
    }

    pub fn output(&self) -> PathBuf {
        self.root.join("build/bench")
    }

    /// Builds the program of `--scaling`. Errors: the compiler's own words.
    pub fn build_scaling(&self) -> Result<PathBuf, String> {
        let program = self.output().join("scaling");
        fs::create_dir_all(self.output()).map_err(|e| e.to_string())?;
        let mut nvcc = Command::new(self.toolkit().join("bin/nvcc"));
        nvcc.args(["-O3", "-arch=sm_80"]).arg(self.root.join("bench/scaling/scaling.cu"));
        nvcc.args(["-lcuda", "-o"]).arg(&program);
        let output = nvcc.output().map_err(|e| format!("{nvcc:?}: {e}"))?;
        match output.status.success() {
            true => Ok(program),
            false => Err(format!("does not compile: {}", first_line(&output.stderr))),
        }
    }
}

/// Whether this machine has what `peer` needs; the error says what is missing.
pub fn available(place: &Place, peer: &Peer) -> Result<(), String> {
    let there = |path: &Path, why: &str| if path.exists() { Ok(()) } else { Err(why.to_owned()) };
    match peer.toolchain {
        Toolchain::Anywarp => there(&place.toolkit().join("bin/nvcc"), "run ./x build"),
        Toolchain::OpenMp("clang-19", _) => {
            there(Path::new("/usr/lib/llvm-19/lib/libomp.so"), "apt-get install libomp-19-dev")
        }
        Toolchain::OpenMp(..) => there(Path::new("/usr/bin/gcc"), "apt-get install gcc"),
        Toolchain::OpenCl("Intel") => there(
            &place.intel().join("lib/libintelocl.so"),
            "not installed (800 MB): python3 -m venv build/peers/intel && \
             build/peers/intel/bin/pip install intel-opencl-rt intel-cmplr-lib-rt",
        ),
        Toolchain::OpenCl(_) => {
            there(Path::new("/usr/include/CL/cl.h"), "apt-get install ocl-icd-opencl-dev")?;
            let vendors = fs::read_dir("/etc/OpenCL/vendors").into_iter().flatten().flatten();
            match vendors.into_iter().any(|f| f.file_name().to_string_lossy().contains("pocl")) {
                true => Ok(()),
                false => Err("apt-get install pocl-opencl-icd".to_owned()),
            }
        }
    }
}

/// Whether `kernel` is written for `peer`'s model: an empty grid, for one, means nothing in OpenMP.
pub fn has_source(place: &Place, kernel: &Kernel, peer: &Peer) -> bool {
    place.root.join("bench/kernels").join(kernel.name).join(peer.source()).exists()
}

/// Builds `kernel`'s program for `peer`. Errors: the compiler's own words.
pub fn build(place: &Place, kernel: &Kernel, peer: &Peer) -> Result<PathBuf, String> {
    let source = place.root.join("bench/kernels").join(kernel.name).join(peer.source());
    let program = place.output().join(format!("{}-{}", kernel.name, peer.name));
    fs::create_dir_all(place.output()).map_err(|e| e.to_string())?;
    let mut command = match peer.toolchain {
        Toolchain::Anywarp => {
            let mut nvcc = Command::new(place.toolkit().join("bin/nvcc"));
            nvcc.args(["-O3", "-arch=sm_80"]).arg(&source);
            nvcc
        }
        Toolchain::OpenMp(compiler, flags) => {
            let mut cc = Command::new(compiler);
            cc.args(flags).arg(&source).arg("-lm");
            cc
        }
        Toolchain::OpenCl(_) => {
            let mut cc = Command::new("cc");
            cc.arg("-O2").arg(&source).args(["-lOpenCL", "-lm"]);
            cc
        }
    };
    command.arg("-I").arg(place.root.join("bench/common")).arg("-o").arg(&program);
    let output = command.output().map_err(|e| format!("{command:?}: {e}"))?;
    match output.status.success() {
        true => Ok(program),
        false => Err(format!("does not compile: {}", first_line(&output.stderr))),
    }
}

pub fn first_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let line = text.lines().find(|l| l.contains("error")).or_else(|| text.lines().next());
    line.unwrap_or("no message").to_owned()
}

/// One answer of a contender.
#[derive(Clone, Copy)]
pub struct Answer {
    pub ms: f64,
    pub checksum: f64,
}

/// A contender that has set up its data and waits for the next "go".
pub struct Running {
    child: Child,
    go: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// The first repetition, compilation included.
    pub first: Answer,
}

/// Starts a program and waits until it has done its first repetition.
pub fn start(place: &Place, kernel: &Kernel, peer: &Peer, program: &Path) -> Result<Running, String> {
    let mut command = pinned(place, program);
    match peer.toolchain {
        Toolchain::Anywarp | Toolchain::OpenMp(..) => {}
        Toolchain::OpenCl(platform) => {
            command.env("BENCH_PLATFORM", platform);
            command.env("BENCH_SOURCE", place.root.join("bench/kernels").join(kernel.name).join("kernel.cl"));
            if platform == "Intel" {
                let vendors = place.output().join("intel-vendor");
                let library = place.intel().join("lib/libintelocl.so");
                fs::create_dir_all(&vendors).map_err(|e| e.to_string())?;
                fs::write(vendors.join("intel.icd"), format!("{}\n", library.display()))
                    .map_err(|e| e.to_string())?;
                command.env("OCL_ICD_VENDORS", vendors).env("LD_LIBRARY_PATH", place.intel().join("lib"));
            }
        }
    }
    launch(command, &program.with_extension("log"))
}

/// A program on the processors of this run, with as many threads, that finds the toolkit's libraries.
pub fn pinned(place: &Place, program: &Path) -> Command {
    let threads = place.threads.to_string();
    let mut command = Command::new("taskset");
    command.arg("-c").arg(format!("0-{}", place.threads.saturating_sub(1))).arg(program);
    command.env("OMP_NUM_THREADS", &threads).env("OMP_PROC_BIND", "true").env("OMP_PLACES", "cores");
    command.env("POCL_MAX_PTHREAD_COUNT", &threads);
    command.env("LD_LIBRARY_PATH", place.toolkit().join("lib64"));
    command
}

/// Starts a contender whose errors go to `log`, and waits until it has done its first repetition.
pub fn launch(mut command: Command, log: &Path) -> Result<Running, String> {
    let errors = fs::File::create(log).map_err(|e| e.to_string())?;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors);
    let mut child = command.spawn().map_err(|e| format!("taskset: {e}"))?;
    let go = child.stdin.take().expect("piped above");
    let answers = BufReader::new(child.stdout.take().expect("piped above"));
    let mut running = Running { child, go, answers, first: Answer { ms: 0.0, checksum: 0.0 } };
    running.first = running.read("first_ms", log)?;
    settle(running.child.id());
    Ok(running)
}

impl Running {
    /// One timed repetition, over when the processors are idle again.
    pub fn repeat(&mut self) -> Result<Answer, String> {
        self.go.write_all(b"go\n").and_then(|()| self.go.flush()).map_err(|e| format!("died: {e}"))?;
        let answer = self.read("ms", Path::new(""))?;
        settle(self.child.id());
        Ok(answer)
    }

    fn read(&mut self, field: &str, log: &Path) -> Result<Answer, String> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|e| e.to_string())?;
        let answer = serde_json::from_str::<Value>(&line).ok();
        let number = |name: &str| answer.as_ref().and_then(|a| a[name].as_f64());
        match (number(field), number("checksum")) {
            (Some(ms), Some(checksum)) => Ok(Answer { ms, checksum }),
            _ if line.is_empty() => {
                let log = fs::read(log).unwrap_or_default();
                let status = self.child.wait().map_or_else(|e| e.to_string(), |s| s.to_string());
                Err(format!("ended with {status}: {}", first_line(&log)))
            }
            _ => Err(format!("gave a bad answer: {}", line.trim())),
        }
    }
}

/// How often a contender that has answered is looked at, and how often at most.
const LOOK: Duration = Duration::from_millis(10);
const LOOKS: u32 = 100;

/// Waits until a process sleeps. Some runtimes spin for 200 ms after their last loop, on processors that the next
/// contender would be timed on.
fn settle(process: u32) {
    for _ in 0..LOOKS {
        std::thread::sleep(LOOK);
        if !runs(process) {
            return;
        }
    }
}

/// Whether some thread of a process runs or waits for a processor. False for one that has ended.
fn runs(process: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let mut states = threads.filter_map(|thread| {
        let text = fs::read_to_string(thread.path().join("stat")).ok()?;
        // The name, in parentheses, may hold anything; the state follows it.
        text.rsplit(')').next()?.trim_start().chars().next()
    });
    states.any(|state| state == 'R')
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; either way it must not linger beside the next kernel.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contender_that_spins_after_its_answer_is_waited_for() {
        let spin = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; read line";
        let mut child = Command::new("sh").args(["-c", spin]).stdin(Stdio::piped()).spawn().unwrap();
        settle(child.id());
        let still = runs(child.id());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!still, "it still runs");
        assert!(!runs(child.id()), "it has ended");
    }
}
