//! Gives the library the SONAME that programs linked against CUDA 12's runtime ask for.

fn main() {
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libcudart.so.12");
    println!("cargo::rerun-if-changed=build.rs");
}
