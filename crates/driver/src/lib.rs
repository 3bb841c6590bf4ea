//! Contexts, modules, linking, handles, errors: the CUDA driver's behaviour in Rust.
