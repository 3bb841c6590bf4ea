//! What an engine is: it compiles a kernel for a block shape and runs CTAs of a launch.
//!
//! Engines know no streams, contexts or C API; devices know no IR. Both meet here. Never holds logic of either.
#![forbid(unsafe_code)]

pub mod fault;
pub mod host;
pub mod launch;
pub mod layout;
pub mod program;
pub mod threads;

pub use fault::{Fault, FaultKind};
pub use host::{Access, Host};
pub use launch::{CtaRange, Launch, Resources, Step, SuspendedCta};
pub use program::{CompileError, Program};

use ir::{FuncId, GridSize};
use std::sync::Arc;

/// How a kernel is to be compiled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CompileOptions {
    /// The CTA's dimensions, which the code is specialised to.
    pub block: [u32; 3],
    /// What the code may take for granted of the grids that it runs.
    pub grid: GridSize,
    /// Force the number of threads per gang (`ANYWARP_GANG`); `None`: the engine chooses.
    pub gang: Option<u32>,
    /// 0: no optimisation.
    pub opt_level: u8,
    /// Force the work that goes into code (`ANYWARP_TIER`); `None`: the engine chooses, and may replace one tier's code by another's.
    pub tier: Option<Tier>,
    /// Threads of the launch that waits for the code; 0: none does.
    pub threads: u64,
}

/// How much work goes into code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Tier {
    /// Little: code that is there soon and slower.
    Baseline,
    /// All.
    Optimised,
}

/// Compiles kernels. Implementations: `interp`, `cpu`.
pub trait Engine: Send + Sync {
    /// `"interp"` or `"cpu"`.
    fn name(&self) -> &'static str;

    /// Compiles `kernel` of `program`. May take milliseconds; callers cache the result by kernel and options.
    fn compile(
        &self,
        program: &dyn Program,
        kernel: FuncId,
        options: &CompileOptions,
    ) -> Result<Arc<dyn Kernel>, CompileError>;

    /// What the kernel needs, without compiling it for a shape (for `cuFuncGetAttribute` and occupancy).
    fn resources(&self, program: &dyn Program, kernel: FuncId) -> Result<Resources, CompileError>;
}

/// A compiled kernel. Any number of threads may run CTAs of the same or different launches at once.
pub trait Kernel: Send + Sync {
    fn resources(&self) -> Resources;

    /// Whether CTAs may wait for those before them, so that workers should take one at a time.
    fn in_order(&self) -> bool {
        false
    }

    /// Runs the CTAs of `range` on the calling thread, in order. A CTA that waits for others (a spin on memory, grid
    /// sync) is handed to `suspended` and its later brothers go on; the caller resumes it until it is done.
    fn run(
        &self,
        launch: &Launch<'_>,
        range: CtaRange,
        suspended: &mut dyn FnMut(Box<dyn SuspendedCta>),
    ) -> Result<(), Fault>;
}
