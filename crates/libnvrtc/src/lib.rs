//! libnvrtc.so.12: runtime compilation of CUDA C++.
//!
//! Invariant: a handle is a key into a table, never an address that is followed; nothing unwinds into the caller.
#![allow(non_snake_case)]

mod compile;
mod output;
mod program;
mod result;
mod version;
