//! Launches: what every CTA of a grid has in common, and CTAs that wait.

use crate::{Fault, Host};

/// A launch as engines see it. Plain data: made once, shared by all workers.
pub struct Launch<'a> {
    pub grid: [u32; 3],
    pub block: [u32; 3],
    /// Bytes of dynamic shared memory, behind the static variables.
    pub dynamic_shared: u32,
    /// The parameter buffer, laid out as the kernel's `ParamDesc`s say.
    pub params: &'a [u8],
    /// Host addresses of the program's variables, by `GlobalId`; 0 for shared ones.
    pub globals: &'a [u64],
    /// Value of `FuncAddr(f)` is `func_base + 16 * f`.
    pub func_base: u64,
    /// `%gridid`
    pub grid_id: u64,
    /// `%nsmid`; a CTA's `%smid` is its worker number.
    pub sm_count: u32,
    /// Bytes of local memory (stack) per thread that the launch guarantees (`cudaLimitStackSize` or more).
    pub stack_bytes: u32,
    /// Set when another CTA faulted or the launch is cancelled: engines stop at the next CTA.
    pub cancelled: &'a std::sync::atomic::AtomicBool,
    pub host: &'a dyn Host,
}

/// Consecutive CTAs by linear index (x fastest), run by one worker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CtaRange {
    pub first: u64,
    pub count: u64,
    /// Number of the worker, below the device's worker count: `%smid`.
    pub worker: u32,
}

/// Result of resuming a CTA.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    Done,
    /// Something ran; it waits again.
    Progress,
    /// Still waiting for memory to change.
    Waiting,
}

/// A CTA that waits for memory to change, with its frames and shared memory.
pub trait SuspendedCta: Send {
    /// Linear index of the CTA.
    fn cta(&self) -> u64;
    /// Runs until it ends or waits again. `launch` is the one it was started with.
    fn resume(&mut self, launch: &Launch<'_>, worker: u32) -> Result<Step, Fault>;
    /// Where it waits, for deadlock reports: kernel, source line, barrier or address.
    fn waits_at(&self) -> String;
}

/// What a kernel needs (`cuFuncGetAttribute`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Resources {
    /// Bytes of static shared memory.
    pub static_shared: u32,
    /// Bytes of local memory per thread.
    pub local_bytes: u32,
    /// Bytes of user constant memory.
    pub const_bytes: u32,
    /// An estimate of what a GPU compiler would use; sizes occupancy.
    pub registers: u32,
    /// Most threads per CTA.
    pub max_threads: u32,
    /// Bytes of the parameter buffer.
    pub param_bytes: u32,
}
