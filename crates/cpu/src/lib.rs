//! The fast engine: threads are lanes of SIMD vectors (see DESIGN in ARCHITECTURE.md), code is made by LLVM.
//!
//! Invariant: a kernel that this engine compiles gives the same bits as the reference engine wherever PTX is exact.
//! What it cannot compile it hands to the engine given as fallback, and says so in the log.

// Loops over chunks and gangs index several tables at once; emission passes closures that take the emitter.
#![allow(clippy::needless_range_loop, clippy::type_complexity)]

pub mod abi;
mod abreast;
mod across;
mod apart;
mod barriers;
mod cache;
mod chains;
mod compile;
mod cta;
mod diagnose;
mod emit;
mod emitted;
mod exchange;
mod fallback;
mod fault;
mod fiber;
pub mod llvm;
mod llvm_library;
mod machine;
mod march;
mod masked;
mod object;
mod order;
mod plan;
mod prepare;
pub mod processor;
mod red;
mod relocation;
pub mod report;
mod rows;
mod run;
mod streaming;
mod suspend;
mod sweep;
mod tiered;
mod waits;
mod watch;

pub use compile::{Engine, Listing, explain};
pub use report::Report;
