//! The instruction table.
//! Invariant: every form that the parser accepts has exactly one row here; nothing else knows which forms exist.

mod op;
mod special;

pub use op::Op;
pub use special::{SPECIAL, SpecialReg, SpecialRow};

/// Index of a row in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(pub u16);
