//! Compiles `device/mathlib.cu` to PTX text and checks that it defines exactly the functions that `functions.tsv` lists.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FLAGS: &[&str] = &[
    "-x",
    "cuda",
    "--cuda-device-only",
    "-nocudainc",
    "-nocudalib",
    "--cuda-gpu-arch=sm_80",
    "-Xclang",
    "-target-sdk-version=12.3",
    "--cuda-feature=+ptx85",
    "-std=c++17",
    "-O3",
    "-ffp-contract=off",
    "-S",
    // Selects stay selects: the vectoriser computes both sides anyway.
    "-mllvm",
    "-disable-cgp-select2branch",
];

fn main() {
    println!("cargo::rerun-if-changed=device");
    println!("cargo::rerun-if-changed=functions.tsv");
    println!("cargo::rerun-if-env-changed=ANYWARP_CLANG");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let ptx_path = out.join("mathlib.ptx");
    compile(&ptx_path);
    let ptx = fs::read_to_string(&ptx_path).expect("clang wrote the PTX");
    let table = fs::read_to_string("functions.tsv").expect("functions.tsv is part of the crate");
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    check_names(&ptx, &rows);
    fs::write(out.join("table.rs"), rust_table(&rows)).expect("OUT_DIR is writable");
}

fn compile(ptx_path: &Path) {
    let given = env::var_os("ANYWARP_CLANG").map(PathBuf::from);
    let candidates = match given {
        Some(path) => vec![path],
        None => ["clang++-19", "/usr/lib/llvm-19/bin/clang++", "/opt/homebrew/opt/llvm@19/bin/clang++"]
            .map(PathBuf::from)
            .to_vec(),
    };
    for clang in &candidates {
        let run = Command::new(clang).args(FLAGS).arg("device/mathlib.cu").arg("-o").arg(ptx_path).output();
        let Ok(run) = run else { continue };
        assert!(
            run.status.success(),
            "{} could not compile the math library:\n{}",
            clang.display(),
            String::from_utf8_lossy(&run.stderr)
        );
        return;
    }
    panic!(
        "the math library needs clang 19 (tried {candidates:?}): install clang-19, or set ANYWARP_CLANG to the path of its clang++"
    );
}

fn check_names(ptx: &str, rows: &[Vec<&str>]) {
    let defined: BTreeSet<&str> = ptx
        .lines()
        .filter(|line| line.starts_with(".visible .func"))
        .filter_map(|line| {
            line.rsplit(')').next()?.trim().strip_suffix('(').or(line.rsplit(' ').next()?.strip_suffix('('))
        })
        .map(|name| name.rsplit(' ').next().unwrap_or(name))
        .collect();
    let listed: BTreeSet<&str> = rows.iter().map(|row| row[1]).collect();
    let missing: Vec<_> = listed.difference(&defined).collect();
    let extra: Vec<_> = defined.difference(&listed).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "functions.tsv and the PTX differ: not defined {missing:?}, not listed {extra:?}"
    );
}

fn rust_table(rows: &[Vec<&str>]) -> String {
    let mut sorted: Vec<_> = rows.iter().collect();
    sorted.sort_by_key(|row| row[1]);
    let mut text = String::from("&[\n");
    for row in sorted {
        let [family, name, result, args, ulp] = row[..] else {
            panic!("functions.tsv: {row:?} has not five columns")
        };
        let result =
            if result == "void" { "None".to_string() } else { format!("Some({})", rust_type(result)) };
        let args: Vec<_> = args.split(',').map(rust_type).collect();
        let ulp = if ulp == "-" {
            "None".to_string()
        } else {
            format!("Some({})", ulp.parse::<u8>().expect("whole ulps"))
        };
        let family = rust_family(family);
        writeln!(
            text,
            "    Function {{ name: {name:?}, args: &[{}], result: {result}, max_ulp: {ulp}, family: Family::{family} }},",
            args.join(", ")
        )
        .expect("writing to a String cannot fail");
    }
    text.push(']');
    text
}

fn rust_type(name: &str) -> String {
    let (scalar, pointer) = match name.strip_suffix('*') {
        Some(scalar) => (scalar, true),
        None => (name, false),
    };
    let variant = match scalar {
        "s32" => "S32",
        "u32" => "U32",
        "s64" => "S64",
        "u64" => "U64",
        "b16" => "B16",
        "u8" => "U8",
        "f32" => "F32",
        "f64" => "F64",
        other => panic!("functions.tsv: unknown type {other}"),
    };
    if pointer {
        format!("Type::Pointer(Scalar::{variant})")
    } else {
        format!("Type::Value(Scalar::{variant})")
    }
}

fn rust_family(name: &str) -> String {
    name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}
