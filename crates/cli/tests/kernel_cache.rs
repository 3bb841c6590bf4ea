//! Kernels that were compiled before come from the cache on disk, at once; whatever happens to its files, programs give the
//! same results, and what is damaged is compiled again. What is not there is compiled by the toolkit's own LLVM.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const PROGRAM: &str = r#"
#include <cstdio>
__global__ void twice(int *p) { p[threadIdx.x] += p[threadIdx.x]; }
int main() {
    int *p, sum = 0;
    cudaMallocManaged(&p, 256);
    for (int i = 0; i < 64; i++) p[i] = i;
    twice<<<1, 64>>>(p);
    cudaError_t code = cudaDeviceSynchronize();
    for (int i = 0; i < 64; i++) sum += p[i];
    printf("%s %d\n", cudaGetErrorName(code), sum);
}
"#;

/// Whole blocks of its kernel run other code than a block that has fewer elements than threads: `hash COUNT`.
const HASH: &str = r#"
#include <cstdio>
#include <cstdlib>
__global__ void hash(const unsigned long long *in, unsigned long long *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    unsigned long long x = in[i];
#pragma unroll
    for (int k = 0; k < 24; k++) {
        x ^= x >> 33;
        x *= 0xff51afd7ed558ccdull + k;
        x = x << 13 | x >> 51;
    }
    out[i] = x;
}
int main(int, char **argv) {
    int n = atoi(argv[1]), wrong = 0;
    unsigned long long *in, *out;
    cudaMallocManaged(&in, 2048 * 8);
    cudaMallocManaged(&out, 2048 * 8);
    for (int i = 0; i < 2048; i++) in[i] = i * 977, out[i] = 7;
    hash<<<(n + 255) / 256, 256>>>(in, out, n);
    cudaError_t code = cudaDeviceSynchronize();
    for (int i = 0; i < 2048; i++) {
        unsigned long long x = in[i];
        for (int k = 0; k < 24; k++) {
            x ^= x >> 33;
            x *= 0xff51afd7ed558ccdull + k;
            x = x << 13 | x >> 51;
        }
        wrong += out[i] != (i < n ? x : 7);
    }
    printf("%s %d\n", cudaGetErrorName(code), wrong);
}
"#;

/// Says which LLVM is in its memory once a kernel has run.
const MAPS: &str = r#"
#include <cstdio>
#include <cstring>
__global__ void nothing(int *p) { *p = 1; }
int main() {
    int *p;
    cudaMalloc(&p, 4);
    nothing<<<1, 1>>>(p);
    if (cudaDeviceSynchronize() != cudaSuccess) return 1;
    FILE *f = fopen("/proc/self/maps", "r");
    char line[4096];
    bool own = false, system = false;
    while (fgets(line, sizeof line, f)) {
        own |= strstr(line, "libanywarp-llvm.so") != nullptr;
        system |= strstr(line, "libLLVM") != nullptr;
    }
    printf("own %d system %d\n", own, system);
}
"#;

fn toolkit() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::env::var_os("ANYWARP_HOME").map_or_else(|| root.join("build/toolkit"), PathBuf::from)
}

/// An empty directory with the program in it.
fn build(name: &str, text: &str) -> (PathBuf, PathBuf) {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).expect("a directory");
    let (source, program) = (dir.join("twice.cu"), dir.join("twice"));
    std::fs::write(&source, text).expect("a writable directory");
    let built = Command::new(toolkit().join("bin/nvcc")).arg(&source).arg("-o").arg(&program).status();
    assert!(built.expect("nvcc starts").success());
    (dir, program)
}

/// The cached kernels, by name.
fn entries(cache: &Path) -> Vec<PathBuf> {
    let list = std::fs::read_dir(cache).expect("the cache's directory").flatten();
    list.map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "awk")).collect()
}

#[test]
fn damaged_entries_are_compiled_again() {
    let (dir, program) = build("damaged entries", PROGRAM);
    let cache = dir.join("kernels");
    let run = || {
        let out = Command::new(&program)
            .env("LD_LIBRARY_PATH", toolkit().join("lib64"))
            .env("ANYWARP_CACHE_DIR", &cache)
            .env("ANYWARP_LOG", "warn")
            .output()
            .expect("the program starts");
        assert_eq!(String::from_utf8_lossy(&out.stdout), "cudaSuccess 4032\n");
        String::from_utf8_lossy(&out.stderr).into_owned()
    };
    assert_eq!(run(), "");
    let [entry] = &entries(&cache)[..] else { panic!("one kernel, one file: {:?}", entries(&cache)) };
    let sound = std::fs::read(entry).expect("the entry");
    let middle = sound.len() / 2;
    let mut flipped = sound.clone();
    flipped[middle] ^= 0x40;
    let long = [&sound[..], b"more"].concat();
    for damaged in [&b""[..], b"AWCACHE", &sound[..20], &sound[..middle], &flipped, &long, &[0xff; 5000]] {
        std::fs::write(entry, damaged).expect("a writable cache");
        assert!(run().contains("damaged cache file"), "{} bytes", damaged.len());
        assert_eq!(run(), "", "what was compiled again is sound");
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_no_error() {
    let (dir, program) = build("no cache", PROGRAM);
    let file = dir.join("file");
    std::fs::write(&file, "in the way").expect("a writable directory");
    let out = Command::new(&program)
        .env("LD_LIBRARY_PATH", toolkit().join("lib64"))
        .env("ANYWARP_CACHE_DIR", file.join("below"))
        .output()
        .expect("the program starts");
    assert_eq!(String::from_utf8_lossy(&out.stdout), "cudaSuccess 4032\n");
}

#[test]
fn a_cached_kernel_is_loaded_and_not_compiled() {
    let (dir, program) = build("cached", PROGRAM);
    let run = || {
        let out = Command::new(&program)
            .env("LD_LIBRARY_PATH", toolkit().join("lib64"))
            .env("ANYWARP_CACHE_DIR", dir.join("kernels"))
            .env("ANYWARP_LOG", "debug")
            .output()
            .expect("the program starts");
        let log = String::from_utf8_lossy(&out.stderr).into_owned();
        let steps = log.lines().find(|l| l.contains("total=")).expect("the log tells the steps");
        let total = steps.split("total=").nth(1).and_then(|t| t.split(' ').next()).expect("processor time");
        (steps.contains("codegen"), total.to_owned())
    };
    assert!(run().0, "the first run compiles");
    let (compiled, total) = run();
    assert!(!compiled, "the second run loads");
    // The bar is 2 ms; machines are busy.
    let ms: f64 = match (total.strip_suffix("ms"), total.strip_suffix("µs")) {
        (Some(ms), _) => ms.parse().expect("a number"),
        (_, Some(us)) => us.parse::<f64>().expect("a number") / 1e3,
        _ => panic!("{total}"),
    };
    assert!(ms < 10.0, "{ms} ms from the cache");
}

#[test]
fn what_seldom_runs_is_compiled_when_a_block_needs_it() {
    let (dir, program) = build("seldom", HASH);
    let cache = dir.join("kernels");
    let start = |count: u32| {
        let mut command = Command::new(&program);
        command.arg(count.to_string()).env("LD_LIBRARY_PATH", toolkit().join("lib64"));
        command.env("ANYWARP_CACHE_DIR", &cache).env("ANYWARP_LOG", "debug");
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
    };
    // The steps of getting what seldom runs, if the process did.
    let end = |child: Child| {
        let out = child.wait_with_output().expect("the program ends");
        assert_eq!(String::from_utf8_lossy(&out.stdout), "cudaSuccess 0\n");
        let log = String::from_utf8_lossy(&out.stderr).into_owned();
        log.lines().find(|l| l.contains("what seldom runs")).map(str::to_owned)
    };
    assert_eq!(end(start(1024)), None, "whole blocks");
    let [first] = &entries(&cache)[..] else { panic!("one file: {:?}", entries(&cache)) };
    assert!(end(start(1000)).is_some_and(|steps| steps.contains("codegen")), "compiled");
    let second = entries(&cache).into_iter().find(|p| p != first).expect("a file of its own");
    assert!(end(start(1001)).is_some_and(|steps| !steps.contains("codegen")), "from the cache");
    assert_eq!(end(start(2048)), None, "whole blocks again");
    let sound = std::fs::read(&second).expect("the entry");
    std::fs::write(&second, &sound[..sound.len() / 2]).expect("a writable cache");
    assert!(end(start(3)).is_some_and(|steps| steps.contains("codegen")), "damaged: compiled again");
    // What belongs to other code is not taken.
    std::fs::copy(first, &second).expect("a writable cache");
    assert!(end(start(5)).is_some_and(|steps| steps.contains("codegen")), "another's: compiled again");
    for lost in [vec![&second], vec![first, &second], vec![first]] {
        lost.iter().for_each(|f| std::fs::remove_file(f).expect("a writable cache"));
        let both = [start(700), start(701)];
        both.into_iter().for_each(|child| assert!(end(child).is_some(), "two processes at once"));
    }
    // A process that is killed while it compiles leaves nothing that is not sound.
    for wait in [5, 20, 40, 60] {
        entries(&cache).iter().for_each(|f| std::fs::remove_file(f).expect("a writable cache"));
        let mut child = start(900);
        std::thread::sleep(Duration::from_millis(wait));
        let _ = child.kill();
        let _ = child.wait();
        assert!(end(start(900)).is_some(), "killed after {wait} ms");
    }
}

#[test]
fn the_toolkits_own_llvm_is_used_if_it_is_there() {
    let (_, program) = build("own llvm", MAPS);
    let out = Command::new(&program)
        .env("LD_LIBRARY_PATH", toolkit().join("lib64"))
        .env("ANYWARP_CACHE_DIR", "0")
        .env("ANYWARP_ENGINE", "cpu")
        .output()
        .expect("the program starts");
    let own = toolkit().join("lib64/libanywarp-llvm.so").exists();
    let want = format!("own {} system {}\n", u8::from(own), u8::from(!own));
    assert_eq!(String::from_utf8_lossy(&out.stdout), want);
}
