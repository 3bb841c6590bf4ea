//! One test per file of `tests/ptx`, run and engine configuration.

use filetest::parse::{self, File};
use filetest::run;
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use testkit::engines::{self, Config};

fn main() {
    let args = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/ptx");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let mut configs = engines::all();
    match engines::aarch64() {
        Ok(config) => configs.push(config),
        Err(why) => eprintln!("no tests of AArch64 code: {why}"),
    }
    let configs = Arc::new(configs);
    let trials = paths.iter().flat_map(|path| trials(&root, path, &configs)).collect();
    libtest_mimic::run(&args, trials).exit();
}

fn collect(dir: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|e| e == "ptx") {
            paths.push(path);
        }
    }
}

fn trials(root: &Path, path: &Path, configs: &Arc<Vec<Config>>) -> Vec<Trial> {
    let name = path.strip_prefix(root).unwrap_or(path).display().to_string();
    let parsed = std::fs::read_to_string(path)
        .map_err(|e| e.to_string())
        .and_then(|text| Ok((parse::file(&text)?, text)));
    let (file, text) = match parsed {
        Ok((file, text)) => (Arc::new(file), Arc::new(text)),
        Err(why) => return vec![Trial::test(format!("{name}:header"), move || Err(Failed::from(why)))],
    };
    if !file.errors.is_empty() {
        let source = name.clone();
        let check = move || run::load_errors(&text, &source, &file.errors).map_err(Failed::from);
        return vec![Trial::test(format!("{name}:load"), check)];
    }
    let mut trials = Vec::new();
    for index in 0..file.runs.len() {
        for (c, config) in configs.iter().enumerate() {
            if file.only.as_ref().is_some_and(|only| only != config.engine.name()) {
                continue;
            }
            // Matrix kernels are long, and the emulator compiles them once more.
            if config.name == "cpu-aarch64" && name.starts_with("matrix/") && index % 8 != 0 {
                continue;
            }
            let title = format!("{name}{}:{}", label(&file, index), config.name);
            let (file, text, name, configs) = (file.clone(), text.clone(), name.clone(), configs.clone());
            trials.push(Trial::test(title, move || {
                run::run(&file, &file.runs[index], &text, &name, &configs[c]).map_err(Failed::from)
            }));
        }
    }
    trials
}

/// What tells the runs of a file apart: nothing for a single one, the kernel, and a number where kernels repeat.
fn label(file: &File, index: usize) -> String {
    if file.runs.len() == 1 {
        return String::new();
    }
    let kernel = &file.runs[index].kernel;
    let same = |runs: &[parse::Run]| runs.iter().filter(|r| r.kernel == *kernel).count();
    match same(&file.runs) {
        1 => format!(":{kernel}"),
        _ => format!(":{kernel}.{}", same(&file.runs[..index]) + 1),
    }
}
