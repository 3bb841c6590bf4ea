//! nvcc's command line: what each form means, and which error an impossible one gives.

use cxx::{Options, Phase, parse};

fn words(line: &str) -> Result<Options, String> {
    parse(line.split_whitespace().map(str::to_owned)).map_err(|e| e.to_string())
}

#[track_caller]
fn archs(line: &str, want: &[u32]) {
    let got: Vec<u32> = words(line).expect(line).archs.iter().map(|a| a.number).collect();
    assert_eq!(got, want, "{line}");
}

#[test]
fn architectures() {
    archs("x.cu", &[80]);
    archs("-arch=sm_60 x.cu", &[60]);
    archs("-arch compute_70 -code sm_70,sm_75 x.cu", &[70]);
    archs("--gpu-architecture=sm_90a x.cu", &[90]);
    archs(
        "-gencode arch=compute_60,code=sm_60 --generate-code=arch=compute_80,code=[sm_80,compute_80] x.cu",
        &[60, 80],
    );
    archs("-gencode=arch=compute_75,code=\"sm_75,compute_75\" x.cu", &[75]);
    archs("-arch=native x.cu", &[80]);
    archs("-arch=all-major x.cu", &[50, 60, 70, 80, 90]);
    archs("-arch=sm_20 x.cu", &[50]);
}

#[test]
fn retired_architectures_are_noted() {
    assert_eq!(words("-arch=sm_35 x.cu").unwrap().notes.len(), 1);
    assert!(words("-arch=sm_80 x.cu").unwrap().notes.is_empty());
}

#[track_caller]
fn fails(line: &str, with: &str) {
    let error = words(line).expect_err(line);
    assert!(error.contains(with), "{line}: {error}");
}

#[test]
fn errors_name_the_word() {
    fails("-foo x.cu", "'-foo'");
    fails("-Wall x.cu", "'-Wall'");
    fails("-arch=sm_999 x.cu", "'sm_999'");
    fails("-gencode code=sm_80 x.cu", "arch=");
    fails("x.unknown", "x.unknown");
    fails("-cubin x.cu", "machine code");
    fails("-o", "expected an argument");
    fails("-ftz=maybe x.cu", "'maybe'");
    fails("-m32 x.cu", "32-bit");
    fails("-std", "expected an argument");
    fails("--default-stream both x.cu", "'both'");
}

#[test]
fn phases() {
    let phase = |line| words(line).expect(line).phase;
    assert_eq!(phase("x.cu"), Phase::Link);
    assert_eq!(phase("-c x.cu"), Phase::Object);
    assert_eq!(phase("-dc x.cu"), Phase::Object);
    assert!(words("-dc x.cu").unwrap().relocatable);
    assert_eq!(phase("--ptx x.cu"), Phase::Ptx);
    assert_eq!(phase("--fatbin x.cu"), Phase::Fatbin);
    assert_eq!(phase("-E x.cu"), Phase::Preprocess);
    assert_eq!(phase("-M x.cu"), Phase::Dependencies);
    assert_eq!(phase("-dlink x.o"), Phase::DeviceLink);
    assert_eq!(phase("-lib x.o"), Phase::Archive);
}

#[test]
fn lists_and_joined_arguments() {
    let o =
        words("-Xcompiler -Wall,-fPIC -Xcompiler=-fopenmp -Iinc -I other -DA=1 -D B -UX -O3 -lm -Ldir x.cu")
            .unwrap();
    assert_eq!(o.host, ["-Wall", "-fPIC", "-fopenmp"]);
    assert_eq!(o.preprocessor, ["-I", "inc", "-I", "other", "-D", "A=1", "-D", "B", "-U", "X"]);
    assert_eq!(o.optimize.as_deref(), Some("-O3"));
    assert_eq!(o.link, ["-lm", "-L", "dir", "x.cu"]);
    let quoted = parse(["-Xcompiler", "-Wall -Wextra", "x.cu"].map(str::to_owned)).unwrap();
    assert_eq!(quoted.host, ["-Wall", "-Wextra"]);
    let escaped = parse(["-Xcompiler", "-Wl\\,-rpath\\,/x", "x.cu"].map(str::to_owned)).unwrap();
    assert_eq!(escaped.host, ["-Wl,-rpath,/x"]);
}

#[test]
fn flags_of_real_builds() {
    for line in [
        "-std=c++17 -Xcompiler -Wall -arch=sm_60 -O3 -c main.cu -o main.o",
        "--gpu-architecture=sm_80 --ptx --default-stream per-thread --output-directory d -Iinc f.cu",
        "-use_fast_math -lineinfo --expt-relaxed-constexpr --extended-lambda -Xptxas -v,-O3 x.cu",
        "-forward-unknown-to-host-compiler -rdc=true -x cu -fopenmp x.cpp",
        "-Wno-deprecated-gpu-targets -Werror all-warnings -maxrregcount=32 --threads 4 -t4 x.cu",
        "-ccbin g++ -m64 -G -g -MD -MT x.o -MF x.d -MP -Xcudafe --diag_suppress=20012 x.cu",
        "--compiler-options -fno-strict-aliasing --use_fast_math -prec-div=false -fmad=false x.cu",
        "-shared -Xlinker -soname,libx.so -cudart shared x.o y.a z.so.1 -lcublas",
    ] {
        assert!(words(line).is_ok(), "{line}: {:?}", words(line).err());
    }
}

#[test]
fn option_files() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("flags.rsp");
    std::fs::write(&file, "-DNAME=\"a b\"\n -c 'x y.cu'\n").unwrap();
    let o = parse([format!("@{}", file.display())]).unwrap();
    assert_eq!(o.preprocessor, ["-D", "NAME=a b"]);
    assert_eq!(o.inputs[0].path, "x y.cu");
    std::fs::write(&file, format!("'@{}'", file.display())).unwrap();
    assert!(parse([format!("@{}", file.display())]).unwrap_err().to_string().contains("without end"));
}

#[test]
fn flags_without_effect_say_why() {
    let taken = words("-maxrregcount=32 -Xptxas -v -t4 -O2 x.cu").unwrap().without_effect;
    assert_eq!(taken.len(), 3, "{taken:?}");
    assert!(taken[0].starts_with("'-maxrregcount=32' has no effect: "), "{taken:?}");
}

#[test]
fn unknown_flags_go_where_they_are_sent() {
    let host = words("-forward-unknown-to-host-compiler -march=native x.cu").unwrap();
    assert_eq!(
        (host.host.as_slice(), host.link.as_slice()),
        (&["-march=native".to_owned()][..], &["x.cu".to_owned()][..])
    );
    let linker = words("-forward-unknown-to-host-linker -Wl,--as-needed x.cu").unwrap();
    assert!(linker.host.is_empty());
    assert_eq!(linker.link, ["x.cu", "-Wl,--as-needed"]);
}

/// Meson's way of running what it built: `nvcc --run "PROGRAM"`, the quotes included.
#[test]
fn programs_are_run() {
    let options = words("--run \"/bin/false\" -run-args x").unwrap();
    assert_eq!(options.program.as_deref(), Some("/bin/false"));
    let toolkit =
        cxx::Toolkit::at(std::path::Path::new(env!("CARGO_MANIFEST_DIR"))).expect("clang 19 is installed");
    assert_eq!(cxx::run(&toolkit, &options).expect("it runs"), 1);
    for line in ["/bin/false", "-run /bin/false x.cu", "-run /bin/false /bin/true"] {
        let error = words(line).expect_err(line).to_string();
        assert!(error.contains("Don't know what to do with '/bin/false'"), "{error}");
    }
}

#[test]
fn host_compiler_must_exist() {
    let toolkit =
        cxx::Toolkit::at(std::path::Path::new(env!("CARGO_MANIFEST_DIR"))).expect("clang 19 is installed");
    let options = words("-ccbin no-such-compiler -dryrun x.cu").unwrap();
    let error = cxx::run(&toolkit, &options).expect_err("there is no such compiler").to_string();
    assert!(error.contains("'no-such-compiler'"), "{error}");
}

/// docs/nvcc.md lists every flag that is taken without effect.
#[test]
fn documentation_names_flags_without_effect() {
    let page = include_str!("../../../docs/nvcc.md");
    for name in cxx::flags_without_effect() {
        assert!(page.contains(&format!("`-{name}`")), "docs/nvcc.md lacks -{name}");
    }
}
