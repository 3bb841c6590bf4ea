//! Programs: IR modules whose function bodies appear on demand.

use ir::{FuncId, Function, Module};
use std::sync::Arc;

/// An error at compile time: what the driver puts into the error-log buffer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompileError {
    /// With code, place and help where known: `E0412: … (module.ptx:14:9)`.
    pub message: String,
}

impl CompileError {
    pub fn new(message: impl Into<String>) -> CompileError {
        CompileError { message: message.into() }
    }
}

impl std::fmt::Display for CompileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CompileError {}

/// A linked program. `module()` has every declaration; bodies are lowered when asked for, verified, unoptimised.
/// Implemented by `lower`; tests implement it over IR that they build.
pub trait Program: Send + Sync {
    fn module(&self) -> &Module;

    /// The verified body of a kernel, device function or library function.
    fn body(&self, func: FuncId) -> Result<Arc<Function>, CompileError>;

    /// A hash of the program's text, stable across processes: part of the disk cache's key.
    fn content_hash(&self) -> [u8; 16];

    /// The same program for those that outlive the call; `None` if that would need a copy.
    fn shared(&self) -> Option<Arc<dyn Program>> {
        None
    }
}

/// A program over a module whose bodies are all there, for tests and tools.
pub struct InMemory {
    pub module: Module,
}

impl Program for InMemory {
    fn module(&self) -> &Module {
        &self.module
    }

    fn body(&self, func: FuncId) -> Result<Arc<Function>, CompileError> {
        let entry = self.module.func(func);
        match &entry.body {
            Some(body) => Ok(Arc::new(body.clone())),
            None => Err(CompileError::new(format!("undefined function {}", entry.name))),
        }
    }

    fn content_hash(&self) -> [u8; 16] {
        // FNV-1a over the text form of functions and variables: enough to tell test programs apart.
        let mut hash: u128 = 0x6c62272e07bb014262b821756295c58d;
        let mut add = |text: &str| {
            for byte in text.bytes() {
                hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000000001000000000000000000013b);
            }
        };
        for entry in &self.module.funcs {
            add(&entry.name);
            entry.body.iter().for_each(|body| add(&body.to_string()));
        }
        self.module.globals.iter().for_each(|global| add(&format!("{global:?}")));
        hash.to_le_bytes()
    }
}
