//! Separate compilation: objects, the device link, and the registration that the linked program makes. A stand-in runtime
//! prints what is registered.

use std::path::Path;
use std::process::Command;

use cxx::{Toolkit, parse, run};

const RUNTIME: &str = r#"
#include <stdio.h>
static int handle;
void **__cudaRegisterFatBinary(void *w) { (void)w; puts("fatbin"); return (void **)&handle; }
void __cudaRegisterFatBinaryEnd(void **h) { (void)h; puts("end"); }
void __cudaUnregisterFatBinary(void **h) { (void)h; puts("unregister"); }
void __cudaRegisterFunction(void **h, const char *a, char *b, const char *name) { printf("function %s\n", name); }
void __cudaRegisterVar(void **h, char *a, char *b, const char *name, int ext, size_t size, int c, int g) {
  printf("variable %s %zu\n", name, size);
}
void __anywarpRegisterManagedRange(void *begin, void *end) { printf("managed %zu\n", (size_t)((char *)end - (char *)begin)); }
unsigned __cudaPushCallConfiguration(void) { return 0; }
int __cudaPopCallConfiguration(void) { return 0; }
int cudaLaunchKernel(void) { return 0; }
"#;

const ONE: &str = "
extern __device__ int twice(int);
__global__ void one(int *p) { *p = twice(*p); }
void other();
int main() { one<<<1, 1>>>(nullptr); other(); }
";

const TWO: &str = "
__device__ int counter = 7;
__device__ int twice(int x) { return x * 2 + counter; }
__global__ void two() { counter = 1; }
void other() { two<<<1, 1>>>(); }
";

struct Bench {
    dir: tempfile::TempDir,
    toolkit: Toolkit,
}

impl Bench {
    /// A toolkit whose runtime is the stand-in, in a directory with a space in its name.
    fn new() -> Bench {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let dir = tempfile::Builder::new().prefix("two words").tempdir().unwrap();
        let mut toolkit = Toolkit::at(&root).expect("clang 19 is installed");
        toolkit.lib64 = dir.path().to_owned();
        std::fs::write(dir.path().join("runtime.c"), RUNTIME).unwrap();
        let built = Command::new("gcc")
            .args(["-shared", "-fPIC", "runtime.c", "-o", "libcudart.so"])
            .current_dir(dir.path())
            .status();
        assert!(built.unwrap().success());
        Bench { dir, toolkit }
    }

    fn file(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.dir.path().join(name), text).unwrap();
        self.file(name)
    }

    fn nvcc(&self, words: &[&str]) {
        let options = parse(words.iter().map(|w| (*w).to_owned())).unwrap();
        run(&self.toolkit, &options).unwrap_or_else(|e| panic!("nvcc {}: {e}", words.join(" ")));
    }

    /// The lines that the program prints, sorted.
    fn output(&self, program: &str) -> Vec<String> {
        // cargo's own library path holds the real runtime.
        let output = Command::new(self.file(program)).env_remove("LD_LIBRARY_PATH").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let mut lines: Vec<String> =
            String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }
}

const REGISTERED: [&str; 6] =
    ["end", "fatbin", "function _Z3onePi", "function _Z3twov", "unregister", "variable counter 4"];

#[test]
fn straight_to_a_program() {
    let b = Bench::new();
    let (one, two) = (b.write("one.cu", ONE), b.write("two.cu", TWO));
    b.nvcc(&["-rdc=true", &one, &two, "-o", &b.file("program")]);
    assert_eq!(b.output("program"), REGISTERED);
}

#[test]
fn objects_in_an_archive() {
    let b = Bench::new();
    let (one, two) = (b.write("one.cu", ONE), b.write("two.cu", TWO));
    b.nvcc(&["-dc", &one, "-o", &b.file("one.o")]);
    b.nvcc(&["-dc", &two, "-o", &b.file("two.o")]);
    b.nvcc(&["-lib", &b.file("two.o"), "-o", &b.file("libtwo.a")]);
    b.nvcc(&[&b.file("one.o"), "-L", &b.file(""), "-ltwo", "-o", &b.file("program")]);
    assert_eq!(b.output("program"), REGISTERED);
}

/// What CMake does: a device link of its own, then a host linker that knows nothing of CUDA.
#[test]
fn device_link_then_host_linker() {
    let b = Bench::new();
    let (one, two) = (b.write("one.cu", ONE), b.write("two.cu", TWO));
    b.nvcc(&["-dc", &one, &two, "-odir", &b.file("")]);
    b.nvcc(&["-dlink", &b.file("one.o"), &b.file("two.o"), "-o", &b.file("dlink.o")]);
    let linked = Command::new("g++")
        .args(["one.o", "two.o", "dlink.o", "-L.", "-lcudart", "-Wl,-rpath,$ORIGIN", "-o", "program"])
        .current_dir(b.dir.path())
        .status();
    assert!(linked.unwrap().success());
    assert_eq!(b.output("program"), REGISTERED);
}

#[test]
fn managed_variables_announce_their_section() {
    let b = Bench::new();
    let source = b.write(
        "managed.cu",
        "__managed__ int total = 5;\n__managed__ double table[4];\n__global__ void k() { total = table[1]; }\nint main() { k<<<1, 1>>>(); }\n",
    );
    b.nvcc(&[&source, "-o", &b.file("program")]);
    let lines = b.output("program");
    assert!(lines.iter().any(|l| l.starts_with("managed ")), "{lines:?}");
    assert!(
        lines.contains(&"variable total 4".to_owned()) && lines.contains(&"variable table 32".to_owned()),
        "{lines:?}"
    );
}

/// The passes are compiled apart, and must come to the same name for what C++ keeps inside a unit.
#[test]
fn static_kernels_are_registered_as_the_device_names_them() {
    let b = Bench::new();
    let source =
        b.write("static.cu", "static __global__ void hidden() {}\nint main() { hidden<<<1, 1>>>(); }\n");
    b.nvcc(&["-rdc=true", &source, "-o", &b.file("program")]);
    let lines = b.output("program");
    let name = lines.iter().find_map(|line| line.strip_prefix("function ")).expect("a kernel is registered");
    let program = std::fs::read(b.file("program")).unwrap();
    let entry = format!(".entry {name}(");
    assert!(program.windows(entry.len()).any(|window| window == entry.as_bytes()), "no {entry}");
}
