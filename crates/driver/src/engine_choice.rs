//! Which engine runs kernels: `ANYWARP_ENGINE`.
//!
//! Invariant: the choice is made once; an unknown name is an error at the first module load, not a silent default.

use engine::{CompileOptions, Engine, Tier};
use ir::GridSize;
use std::sync::{Arc, OnceLock};

/// The engine of this process, or why there is none.
pub fn engine() -> Result<&'static dyn Engine, &'static str> {
    static ENGINE: OnceLock<Result<Box<dyn Engine>, String>> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| {
        let name = std::env::var("ANYWARP_ENGINE").unwrap_or_default();
        // What the cpu engine cannot compile runs on the reference engine.
        let reference = Arc::new(interp::Interp::default());
        let engine: Box<dyn Engine> = match name.as_str() {
            "cpu" | "" => Box::new(cpu::Engine::new(Some(reference))),
            "interp" => Box::new(interp::Interp::default()),
            "aarch64" => {
                let processor =
                    emulated::Kunpeng::new().map_err(|why| format!("ANYWARP_ENGINE=aarch64: {why}"))?;
                Box::new(cpu::Engine::on(Box::new(processor), Some(reference)))
            }
            other => {
                return Err(format!("ANYWARP_ENGINE={other}: no such engine; known: cpu, interp, aarch64"));
            }
        };
        Ok(engine)
    });
    engine.as_deref().map_err(String::as_str)
}

/// How kernels are compiled for a block shape and a launch of so many threads: `ANYWARP_GANG`, `ANYWARP_OPT` and `ANYWARP_TIER` override
/// the engine's choice.
pub fn options(block: [u32; 3], grid: GridSize, threads: u64, opt_level: u8) -> CompileOptions {
    static FORCED: OnceLock<(Option<u32>, Option<u8>, Option<Tier>)> = OnceLock::new();
    let &(gang, level, tier) = FORCED.get_or_init(|| {
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
        let tier = match std::env::var("ANYWARP_TIER").as_deref() {
            Ok("baseline") => Some(Tier::Baseline),
            Ok("optimised") => Some(Tier::Optimised),
            Ok("" | "auto") | Err(_) => None,
            Ok(other) => {
                tracing::error!("ANYWARP_TIER={other}: no such tier; known: auto, baseline, optimised");
                None
            }
        };
        (number("ANYWARP_GANG"), number("ANYWARP_OPT").map(|level| level.min(4) as u8), tier)
    });
    CompileOptions { block, grid, gang, opt_level: level.unwrap_or(opt_level), tier, threads }
}
