//! Link arguments of the shared library: its soname, and that it is never unloaded, because its worker threads run its
//! code until the process ends.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libcuda.so.1");
    // A symbol that nobody defines is an error here, not when a program starts.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,defs");
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
}
