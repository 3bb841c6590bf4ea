//! Launches of kernels that tests build with [`ir::Builder`].

use crate::{Config, TestHost, grid};
use engine::program::InMemory;
use engine::{CompileOptions, Fault, FaultKind, Launch, Program};
use ir::module::FuncEntry;
use ir::{FuncId, FuncKind, Function, Global, GridSize, KernelInfo, Linkage, Module, ParamDesc, Space};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

/// What `FuncAddr` of function 0 gives.
pub const FUNC_BASE: u64 = 0x5a00_0000;

/// How long a launch may take: reduced kernels may loop for ever. On a machine that others load, seconds are not for ever.
const PATIENCE: Duration = Duration::from_secs(20);

/// A launch: everything but the engine and the memory.
#[derive(Clone, Debug)]
pub struct Shape {
    pub grid: [u32; 3],
    pub block: [u32; 3],
    pub dynamic_shared: u32,
    pub stack_bytes: u32,
}

impl Shape {
    pub fn new(grid: u32, block: [u32; 3]) -> Shape {
        Shape { grid: [grid, 1, 1], block, dynamic_shared: 0, stack_bytes: 4096 }
    }
}

/// A kernel's declaration: `pointers` parameters of eight bytes.
pub fn kernel_info(pointers: u32) -> KernelInfo {
    KernelInfo {
        params: (0..pointers).map(|i| ParamDesc { offset: 8 * i, size: 8, align: 8 }).collect(),
        param_bytes: 8 * pointers,
        ..KernelInfo::default()
    }
}

/// A program of these functions, all of them verified. Those with kernel information are kernels.
pub fn program(funcs: Vec<Function>, globals: Vec<Global>) -> InMemory {
    let entry = |func: Function| FuncEntry {
        name: func.name.clone(),
        kind: if func.kernel.is_some() { FuncKind::Kernel } else { FuncKind::Device },
        linkage: Linkage::Visible,
        sig: func.sig.clone(),
        kernel: func.kernel.clone(),
        body: Some(func),
    };
    let files = vec![String::new(), "test.cu".into()];
    let module = Module { funcs: funcs.into_iter().map(entry).collect(), globals, files };
    for entry in &module.funcs {
        let body = entry.body.as_ref().expect("every function has one here");
        if let Err(error) = ir::verify(body, Some(&module)) {
            panic!("{error}\n{body}");
        }
    }
    InMemory { module }
}

/// A shared variable of `size` bytes.
pub fn shared(name: &str, size: u64, align: u32) -> Global {
    Global {
        name: name.into(),
        space: Space::Shared,
        size,
        align,
        init: Vec::new(),
        relocs: Vec::new(),
        linkage: Linkage::Internal,
        dynamic_shared: false,
        owner: None,
    }
}

/// Compiles and runs function 0 of `program` with these parameters, which are eight bytes each.
pub fn run(
    config: &Config,
    program: &dyn Program,
    shape: &Shape,
    params: &[u64],
    host: &TestHost,
) -> Result<Ran, Fault> {
    let grid = GridSize::of(shape.grid, shape.block);
    let options = CompileOptions {
        block: shape.block,
        grid,
        gang: config.gang,
        opt_level: config.opt_level,
        tier: config.tier,
        threads: 0,
    };
    let kernel = match config.engine.compile(program, FuncId(0), &options) {
        Ok(kernel) => kernel,
        Err(error) if config.declines(&error) => return Ok(Ran::Declined(error.message)),
        Err(error) => return Err(Fault::new(FaultKind::Internal, format!("compile: {error}"))),
    };
    let params: Vec<u8> = params.iter().flat_map(|p| p.to_le_bytes()).collect();
    let cancelled = AtomicBool::new(false);
    let globals = vec![0; program.module().globals.len()];
    let launch = Launch {
        grid: shape.grid,
        block: shape.block,
        dynamic_shared: shape.dynamic_shared,
        params: &params,
        globals: &globals,
        func_base: FUNC_BASE,
        grid_id: 1,
        sm_count: 1,
        stack_bytes: shape.stack_bytes,
        cancelled: &cancelled,
        host,
    };
    std::thread::scope(|scope| {
        let (done, wait) = mpsc::channel::<()>();
        let cancelled = &cancelled;
        scope.spawn(move || {
            if wait.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                cancelled.store(true, Ordering::Relaxed);
            }
        });
        let result = grid::run(&*kernel, &launch);
        drop(done);
        result
    })?;
    if cancelled.load(Ordering::Relaxed) {
        return Err(Fault::new(FaultKind::Deadlock, format!("not done after {PATIENCE:?}")));
    }
    Ok(Ran::Done)
}

/// How a launch ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ran {
    Done,
    /// The engine does not take the kernel in this configuration, and says why.
    Declined(String),
}
