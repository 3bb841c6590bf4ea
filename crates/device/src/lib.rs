//! Memory arena, streams, events, launches, device profiles, faults and hooks.
//!
//! Invariant: knows engines only through the `engine` traits and nothing of PTX or of the CUDA C API; no thread is
//! started before the first operation that cannot run on the caller.

mod bulk;
pub mod context;
pub mod copy;
pub mod event;
pub mod grid;
pub mod heap;
pub mod hooks;
pub mod memory;
pub mod op;
pub mod printf;
pub mod profile;
pub mod sched;
mod share;
pub mod stream;
pub mod vmm;

pub use bulk::is_large;
pub use context::{Context, Limits};
pub use event::Signal;
pub use grid::{CostModel, Held, KernelCode, KernelLaunch, Work};
pub use memory::{AllocError, Allocation, Arena, MemoryKind};
pub use op::Op;
pub use profile::Profile;
pub use stream::{Stream, StreamKind};

use std::sync::Arc;

/// A device: what its profile says, and its memory.
pub struct Device {
    pub ordinal: u32,
    pub profile: Profile,
    pub arena: Arc<Arena>,
}

impl Device {
    /// Reserves the address range of a device. Fails when the process may not reserve that much.
    pub fn new(ordinal: u32, profile: Profile) -> Result<Device, AllocError> {
        let arena = memory::add_arena(ordinal, profile.total_memory)?;
        Ok(Device { ordinal, profile, arena })
    }
}
