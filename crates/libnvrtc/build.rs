//! Gives the library the SONAME that programs linked against CUDA 12's NVRTC ask for.

fn main() {
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libnvrtc.so.12");
    // A symbol that nobody defines is an error here, not when a program starts.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,defs");
    // Threads that have called in run the standard library's destructors when they end, which may be after dlclose.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo::rerun-if-changed=build.rs");
}
