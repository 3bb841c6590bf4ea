//! libcuda.so.1: the CUDA driver API as a thin shell over the driver crate.
//!
//! Invariant: no entry holds logic: it checks its out-pointers, calls `driver`, and turns the result into a `CUresult`.
//! Nothing unwinds out of an entry. `tests/exports.rs` compares the exports with `exports.txt`.
#![allow(non_snake_case)]
// The contract of every entry is the CUDA Driver API's page of the same name.
#![allow(clippy::missing_safety_doc)]

#[macro_use]
mod shell;

mod alias;
mod array;
mod context;
mod copy;
mod device;
mod event;
mod fill;
mod function;
mod graph;
mod graph_node;
mod init;
mod launch;
mod library;
mod link;
mod memory;
mod module;
mod pool;
mod proc_address;
mod stream;
mod texture;
mod unsupported;
mod vmm;
