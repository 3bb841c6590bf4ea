//! The driver side: what `cuda.h` declares.

mod access;
mod array;
mod attribute;
mod copy;
mod external;
mod flags;
mod function;
mod graph;
mod handle;
mod jit;
mod launch;
mod memory;
mod result;
mod stream;
mod texture;

pub use access::*;
pub use array::*;
pub use attribute::*;
pub use copy::*;
pub use external::*;
pub use flags::*;
pub use function::*;
pub use graph::*;
pub use handle::*;
pub use jit::*;
pub use launch::*;
pub use memory::*;
pub use result::*;
pub use stream::*;
pub use texture::*;
