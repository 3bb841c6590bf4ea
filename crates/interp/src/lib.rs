//! The reference engine: one thread at a time, every rule of the PTX manual, clear before fast.
//!
//! Deterministic: which thread runs when depends on the schedule alone, never on time or host threads. Each pure op
//! means what [`ir::eval`] says; this crate adds memory, control flow, barriers and warp operations.

pub mod barrier;
mod cta;
mod env;
mod image;
mod memory;
mod thread;
pub mod warp;

use engine::{CompileError, CompileOptions, Engine, Program, Resources};
use ir::FuncId;
use std::sync::Arc;

/// When threads take turns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Schedule {
    /// In order of their numbers, each until it waits, touches memory atomically or volatilely, or ends.
    RoundRobin,
    /// Any runnable thread for a few instructions at a time, drawn from this seed. Finds missing synchronisation.
    Random(u64),
}

/// The engine `"interp"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interp {
    pub schedule: Schedule,
}

impl Default for Interp {
    fn default() -> Interp {
        Interp { schedule: Schedule::RoundRobin }
    }
}

impl Engine for Interp {
    fn name(&self) -> &'static str {
        "interp"
    }

    /// Block shape, gang and optimisation level change nothing here: the launch says the shape.
    fn compile(
        &self,
        program: &dyn Program,
        kernel: FuncId,
        _options: &CompileOptions,
    ) -> Result<Arc<dyn engine::Kernel>, CompileError> {
        let image = Arc::new(image::Image::new(program, kernel)?);
        Ok(Arc::new(cta::InterpKernel { image, schedule: self.schedule }))
    }

    fn resources(&self, program: &dyn Program, kernel: FuncId) -> Result<Resources, CompileError> {
        let reach = engine::layout::reach(program, kernel)?;
        Ok(engine::layout::resources(program, kernel, &reach))
    }
}
