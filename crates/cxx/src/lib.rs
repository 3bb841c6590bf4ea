//! CUDA C++ to PTX and host objects by clang, and the nvcc-compatible command line.
//!
//! Invariant: nothing here needs a GPU or a driver. A `.cu` file goes through clang twice, once a virtual architecture
//! for the device (PTX, packed as a fat binary) and once for the host (an object that embeds the fat binary).

#![forbid(unsafe_code)]

pub mod arch;
mod asm_registers;
mod compile;
mod device_link;
mod error;
mod flags;
mod host_compiler;
mod launch_syntax;
mod link;
mod nvcc;
pub mod nvrtc;
mod options;
mod parse;
mod pch;
mod process;
mod toolkit;
mod verbose;

pub use arch::Arch;
pub use compile::{Device, device_arguments};
pub use error::Error;
pub use flags::flags_without_effect;
pub use nvcc::{nvcc_main, run};
pub use options::{Options, Phase};
pub use parse::parse;
pub use toolkit::Toolkit;
