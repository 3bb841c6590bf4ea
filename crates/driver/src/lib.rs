//! Contexts, modules, linking, handles, errors: the CUDA driver's behaviour in Rust.
//!
//! Every function is one of the driver API's, with Rust types where C has out-parameters; errors are the documented
//! `CUresult`s. Invariant: a handle is looked up before it is used, and nothing here is `extern "C"`.

pub mod array;
pub mod capture;
pub mod context;
pub mod copy;
pub mod device;
pub mod engine_choice;
pub mod event;
pub mod fill;
pub mod function;
pub mod graph;
pub mod handle;
pub mod image;
pub mod jit;
mod lasting;
pub mod launch;
pub mod library;
pub mod link;
pub mod memory;
pub mod module;
pub mod occupancy;
pub mod pointer;
pub mod pool;
pub mod stream;
pub mod task;
pub mod texture;
pub mod user_object;
pub mod vmm;

pub use context::Context;
pub use event::Event;
pub use function::Function;
pub use module::Module;
pub use stream::Stream;

use abi::CUresult;

/// What every function returns.
pub type Result<T> = std::result::Result<T, CUresult>;

/// `CUDA_ERROR_INVALID_VALUE` unless `condition` holds.
pub fn require(condition: bool) -> Result<()> {
    if condition { Ok(()) } else { Err(abi::CUDA_ERROR_INVALID_VALUE) }
}
