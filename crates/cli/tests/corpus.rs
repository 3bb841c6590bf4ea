//! The kernels of `bench/corpus`, each against the loop that says what it computes, element by element, at small sizes:
//! with the processor's own vectors, with shorter ones, in gangs that the engine would not choose: of four threads, or of
//! four warps where warps work together, and with baseline code. One named test a kernel and configuration.
//!
//! Invariant: a family's program is built once, and runs once in each configuration that is asked for; a kernel passes when
//! the program says so by name.

mod support;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use support::{finish, root_and_toolkit};

/// How the programs run: what is added to a test's name, a variable of the environment, and another value of it for the
/// kernels that are refused with the first.
const CONFIGURATIONS: [(&str, Option<[&str; 3]>); 4] = [
    ("", None),
    (" avx2", Some(["ANYWARP_CPU", "avx2", "avx2"])),
    (" in fours", Some(["ANYWARP_GANG", "4", "128"])),
    (" baseline", Some(["ANYWARP_TIER", "baseline", "baseline"])),
];

/// A family is some dozens of kernels to compile: seconds, but not on a machine that others load.
const LONGEST: Duration = Duration::from_secs(600);

fn main() {
    let (root, toolkit) = root_and_toolkit();
    let families = families(&root, &toolkit);
    let mut trials = Vec::new();
    // Tests that run at the same time are of different families: those of one family wait for each other.
    let most = families.iter().map(|f| f.kernels.len()).max().unwrap_or(0);
    for (configuration, (suffix, _)) in CONFIGURATIONS.iter().enumerate() {
        for k in 0..most {
            for family in families.iter().filter(|f| k < f.kernels.len()) {
                let (family, kernel) = (family.clone(), family.kernels[k].clone());
                let name = format!("{}/{kernel}{suffix}", family.name);
                trials.push(Trial::test(name, move || family.check(&kernel, configuration)));
            }
        }
    }
    let ran = libtest_mimic::run(&Arguments::from_args(), trials);
    let _ = fs::remove_dir_all(programs());
    ran.exit();
}

/// Where the families' programs are.
fn programs() -> PathBuf {
    std::env::temp_dir().join(format!("anywarp-corpus-{}", std::process::id()))
}

/// A family: `NAME.cu` and `NAME.cpp`.
struct Family {
    name: String,
    kernels: Vec<String>,
    source: PathBuf,
    toolkit: PathBuf,
    /// The program, or why there is none.
    program: OnceLock<Result<PathBuf, String>>,
    /// What the program said in each configuration, or why it said nothing.
    answers: [OnceLock<Result<Answers, String>>; CONFIGURATIONS.len()],
}

/// The last line that the program printed of each kernel, and how it ended.
struct Answers {
    lines: HashMap<String, String>,
    end: String,
}

/// All families, by name.
fn families(root: &Path, toolkit: &Path) -> Vec<Arc<Family>> {
    let entries = fs::read_dir(root.join("bench/corpus")).into_iter().flatten().flatten();
    let mut sources: Vec<PathBuf> =
        entries.map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "cu")).collect();
    sources.sort();
    let family = |source: PathBuf| {
        let text = fs::read_to_string(&source).unwrap_or_default();
        let kernels =
            text.lines().filter_map(|l| Some(l.strip_prefix("CASE(")?.split_once(',')?.0.to_owned()));
        Arc::new(Family {
            name: source.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            kernels: kernels.collect(),
            source,
            toolkit: toolkit.to_owned(),
            program: OnceLock::new(),
            answers: Default::default(),
        })
    };
    sources.into_iter().map(family).collect()
}

impl Family {
    /// Whether a kernel's results are right.
    fn check(&self, kernel: &str, configuration: usize) -> Result<(), Failed> {
        let answers = self.answers[configuration].get_or_init(|| self.run(configuration)).as_ref()?;
        match answers.lines.get(kernel) {
            Some(line) if line == "ok" => Ok(()),
            Some(line) => Err(line.into()),
            None => Err(format!("no answer: {}", answers.end).into()),
        }
    }

    fn run(&self, configuration: usize) -> Result<Answers, String> {
        let program =
            self.program.get_or_init(|| self.build().map_err(words)).as_ref().map_err(Clone::clone)?;
        let dir = program.with_extension(configuration.to_string());
        fs::create_dir_all(&dir).map_err(|e| e.to_string())?;
        let setting = CONFIGURATIONS[configuration].1;
        let mut answers = self.ask(program, &dir, setting.map(|[name, value, _]| (name, value)), &[])?;
        let refused: Vec<String> =
            answers.lines.iter().filter(|(_, said)| *said == "refused").map(|(k, _)| k.clone()).collect();
        if !refused.is_empty() {
            let again = self.ask(program, &dir, setting.map(|[name, _, value]| (name, value)), &refused)?;
            answers.lines.extend(again.lines);
        }
        Ok(answers)
    }

    /// Runs the program for some kernels, or for all if none is named.
    fn ask(
        &self,
        program: &Path,
        dir: &Path,
        setting: Option<(&str, &str)>,
        kernels: &[String],
    ) -> Result<Answers, String> {
        let mut command = Command::new(program);
        // All that is checked is compiled here and now, with nothing less in its place.
        command.arg("check").args(kernels).env("ANYWARP_TIER", "optimised").envs(setting);
        command.env("ANYWARP_CACHE_DIR", "0").env("LD_LIBRARY_PATH", self.toolkit.join("lib64"));
        let ran = finish(&mut command, dir, LONGEST).map_err(words)?;
        let lines = ran.stdout.lines().filter_map(|l| {
            let (kernel, said) = l.split_once([' ', ':'])?;
            Some((kernel.to_owned(), said.trim().to_owned()))
        });
        Ok(Answers { lines: lines.collect(), end: ran.describe("running") })
    }

    /// Compiles both sides and links them.
    fn build(&self) -> Result<PathBuf, Failed> {
        let nvcc = self.toolkit.join("bin/nvcc");
        if !nvcc.exists() {
            return Err(format!("there is no {}: run ./x build", nvcc.display()).into());
        }
        let dir = programs().join(&self.name);
        fs::create_dir_all(&dir)?;
        let (reference, program) = (dir.join("reference.o"), dir.join("program"));
        let mut clang = Command::new("clang++-19");
        clang.args(["-O2", "-fopenmp", "-Wall", "-Wextra", "-Werror", "-Wno-pass-failed", "-c"]);
        clang.arg(self.source.with_extension("cpp")).arg("-o").arg(&reference);
        let mut cuda = Command::new(nvcc);
        cuda.args(["-O3", "-std=c++17", "-arch=sm_80"]).arg(&self.source).arg(&reference);
        cuda.arg("-I").arg(self.source.with_file_name("../common"));
        cuda.args(["-L/usr/lib/llvm-19/lib", "-Xlinker", "-rpath=/usr/lib/llvm-19/lib", "-lomp"]);
        for command in [&mut clang, cuda.arg("-o").arg(&program)] {
            let compiled = finish(command, &dir, LONGEST)?;
            if !compiled.status.success() {
                return Err(compiled.describe("compiling").into());
            }
        }
        Ok(program)
    }
}

fn words(failed: Failed) -> String {
    failed.message().unwrap_or_default().to_owned()
}
