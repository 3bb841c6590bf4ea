//! CUDA's public C types: result codes, enumerators and structures, as CUDA 12.8 lays them out on 64-bit Linux.
//!
//! Invariant: every type here has the size, alignment and bit meaning of the C type of the same name. Enumerations
//! are newtypes over their integer, never Rust enums, because a C caller may pass any bit pattern.
//! Names are those of the public API documentation, so the crate keeps C's spelling.
#![allow(non_camel_case_types, non_upper_case_globals, non_snake_case)]

#[macro_use]
mod macros;

pub mod driver;
pub mod error;
pub mod runtime;

pub use driver::*;
pub use error::*;
pub use runtime::*;

/// What `cuDriverGetVersion` answers: CUDA 12.8.
pub const CUDA_VERSION: i32 = 12080;
/// What `cudaRuntimeGetVersion` answers: CUDA 12.8.
pub const CUDART_VERSION: i32 = 12080;
