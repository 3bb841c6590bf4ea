//! PTX syntax trees to IR: linking of modules, and the lowering of their functions, one at a time, when asked for.
//!
//! ```text
//! Program::new(Vec<ptx::Module>) -> Result<Program, Vec<Error>>       parse and check all bodies, link
//! engine::Program::body(&program, id) -> Arc<ir::Function>            lowered once, verified, unoptimised
//! ```
//!
//! Invariant: a body that passed the checks of `ptx` and of [`Program::new`] lowers; if it does not, that is a bug of
//! ours and becomes a [`engine::CompileError`], never a panic.
#![forbid(unsafe_code)]

mod check;
mod cx;
mod error;
mod function;
mod globals;
mod inst;
mod intrinsics;
mod library;
mod link;
mod mma;
mod operand;
mod program;
mod signature;
mod ssa;
mod unit;

pub use error::{Error, ErrorKind, Place};
pub use program::Program;
