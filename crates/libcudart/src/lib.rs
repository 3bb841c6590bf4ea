//! libcudart.so.12: the CUDA runtime API over the driver API.
//!
//! Invariant: no engine and no device state lives here. Whatever touches a device goes through the driver's C functions,
//! which `driver` finds in the `libcuda.so.1` beside this library. What is kept is what the runtime itself defines: each
//! thread's device and last error, the registered fat binaries and the launch configuration stack.
#![allow(non_snake_case, non_upper_case_globals)]

#[macro_use]
mod api;

mod array;
mod capture;
mod context;
mod convert;
mod copy;
mod copy_array;
mod copy_rect;
mod device;
mod driver;
mod entry;
mod error;
mod event;
mod external;
mod externs;
mod function;
mod graph;
mod graph_exec;
mod graph_kernel;
mod graph_memory;
mod graph_node;
mod graphics;
mod host_memory;
mod ipc;
mod launch;
mod legacy;
mod library;
mod log;
mod managed;
mod memory;
mod memset;
mod occupancy;
mod peer;
mod pointer;
mod pool;
mod profiler;
mod property;
mod register;
mod registry;
mod stream;
mod stream_attribute;
mod symbol;
mod texture;
mod texture_reference;
