//! Gives the library the SONAME that programs linked against CUDA 12's NVRTC ask for.

fn main() {
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libnvrtc.so.12");
    println!("cargo::rerun-if-changed=build.rs");
}
