//! The runtime side: what `driver_types.h` and `cuda_runtime_api.h` declare.
//!
//! Where the runtime's type has the driver type's numbers and layout, it is an alias of it: the fact stands once.

mod alias;
mod copy;
mod error;
mod graph;
mod launch;
mod property;
mod texture;

pub use alias::*;
pub use copy::*;
pub use error::*;
pub use graph::*;
pub use launch::*;
pub use property::*;
pub use texture::*;
