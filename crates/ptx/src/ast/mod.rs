//! The syntax tree of a module and of its function bodies.
//! Invariant: names and text are spans into [`Module::source`]; symbols of a body are dense [`SymId`]s, resolved.

mod body;
mod module;

pub use body::*;
pub use module::*;
