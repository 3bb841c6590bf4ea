//! The crate's tests, as one program: tables of inputs, each through one `check`.

mod common;
mod mutations;
mod rejects;
mod round_trip;
mod table;
