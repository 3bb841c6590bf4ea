//! Gives the library the SONAME that programs linked against CUDA 12's runtime ask for.

fn main() {
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libcudart.so.12");
    // A symbol that nobody defines is an error here, not when a program starts.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,defs");
    println!("cargo::rerun-if-changed=build.rs");
}
