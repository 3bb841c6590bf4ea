//! The engine configurations that every test of programs runs on.

use engine::{CompileError, CompileOptions, Engine, Kernel, Program, Resources, Tier};
use interp::{Interp, Schedule};
use ir::{FuncId, Function, Module};
use std::sync::Arc;

/// An engine with the options it is to compile with.
pub struct Config {
    /// Part of the test's name: `interp`, `cpu-g8`, `cpu-O0`.
    pub name: String,
    pub engine: Box<dyn Engine>,
    pub gang: Option<u32>,
    pub opt_level: u8,
    pub tier: Option<Tier>,
}

impl Config {
    /// Whether an error means that the engine declines the kernel in this configuration.
    pub fn declines(&self, error: &CompileError) -> bool {
        error.message.contains("does not support")
    }

    /// Whether it may: a forced gang width need not fit a kernel; what the engine chooses itself should.
    pub fn may_decline(&self) -> bool {
        self.gang.is_some()
    }
}

/// The oracle: the reference engine in its usual order.
pub fn reference() -> Config {
    interp("interp", Interp::default())
}

fn interp(name: &str, engine: Interp) -> Config {
    Config { name: name.into(), engine: Box::new(engine), gang: None, opt_level: 0, tier: None }
}

/// Every configuration, the reference first.
pub fn all() -> Vec<Config> {
    let mut list = vec![reference(), interp("interp-random", Interp { schedule: Schedule::Random(1) })];
    list.push(Config { engine: Box::new(Optimised(Interp::default())), ..reference() });
    list[2].name = "interp-opt".into();
    let cpu = |name: &str, gang, opt_level| Config {
        name: name.into(),
        // With a forced gang it only finds the places of faults.
        engine: Box::new(cpu::Engine::new(Some(Arc::new(Interp::default())))),
        gang,
        opt_level,
        tier: Some(Tier::Optimised),
    };
    list.extend([
        cpu("cpu", None, 2),
        Config { tier: Some(Tier::Baseline), ..cpu("cpu-baseline", None, 2) },
        cpu("cpu-O0", None, 0),
        cpu("cpu-g1", Some(1), 2),
        cpu("cpu-g8", Some(8), 2),
        cpu("cpu-g32", Some(32), 2),
        cpu("cpu-g128", Some(128), 2),
    ]);
    list
}

/// The cpu engine's code for AArch64, emulated. The error says what is missing for that.
pub fn aarch64() -> Result<Config, String> {
    let processor = Box::new(emulated::Kunpeng::new()?);
    let engine = cpu::Engine::on(processor, Some(Arc::new(Interp::default())));
    Ok(Config { name: "cpu-aarch64".into(), engine: Box::new(engine), gang: None, opt_level: 2, tier: None })
}

/// An engine whose programs pass the optimiser first: finds passes that change what a program means.
struct Optimised<E>(E);

impl<E: Engine> Engine for Optimised<E> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn compile(
        &self,
        program: &dyn Program,
        kernel: FuncId,
        options: &CompileOptions,
    ) -> Result<Arc<dyn Kernel>, CompileError> {
        self.0.compile(&CleanedUp(program), kernel, options)
    }

    fn resources(&self, program: &dyn Program, kernel: FuncId) -> Result<Resources, CompileError> {
        self.0.resources(program, kernel)
    }
}

struct CleanedUp<'a>(&'a dyn Program);

impl Program for CleanedUp<'_> {
    fn module(&self) -> &Module {
        self.0.module()
    }

    fn body(&self, func: FuncId) -> Result<Arc<Function>, CompileError> {
        let mut body = Function::clone(&*self.0.body(func)?);
        opt::optimise(&mut body);
        ir::verify(&body, Some(self.module()))
            .map_err(|e| CompileError::new(format!("after optimise: {e}")))?;
        Ok(Arc::new(body))
    }

    fn content_hash(&self) -> [u8; 16] {
        self.0.content_hash()
    }
}
