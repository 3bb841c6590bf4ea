//! Programs: linked PTX modules whose bodies are lowered when they are asked for.
//! Invariant: a body that is handed out has passed the IR's verifier.

use crate::check;
use crate::error::{Error, ErrorKind};
use crate::function;
use crate::link;
use crate::unit::{FuncRef, Linked, Origin};
use engine::CompileError;
use ir::{FuncId, Function, GlobalId, Module};
use std::sync::{Arc, OnceLock};

/// A linked program. Implements [`engine::Program`].
pub struct Program(Arc<Parts>);

struct Parts {
    linked: Linked,
    bodies: Vec<OnceLock<Result<Arc<Function>, CompileError>>>,
    hash: [u8; 16],
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").field("functions", &self.0.bodies.len()).finish_non_exhaustive()
    }
}

impl Program {
    /// Parses and checks every body of `modules`, then links them. Errors: syntax, instructions that cannot be lowered,
    /// names that are defined twice or nowhere.
    pub fn new(modules: Vec<ptx::Module>) -> Result<Program, Vec<Error>> {
        let mut errors = Vec::new();
        let mut parsed = Vec::new();
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        hash.update(env!("CARGO_PKG_VERSION").as_bytes());
        hash.update(mathlib::PTX.as_bytes());
        for module in modules {
            hash.update(&(module.source.text.len() as u64).to_le_bytes());
            hash.update(module.source.text.as_bytes());
            let mut bodies = Vec::with_capacity(module.functions.len());
            for (i, func) in (0u32..).zip(&module.functions) {
                if func.body.is_none() {
                    bodies.push(None);
                    continue;
                }
                let (body, diagnostics) = ptx::parse_body(&module, ptx::FuncId(i));
                let before = errors.len();
                let bad = diagnostics.iter().filter(|d| d.is_error());
                errors.extend(bad.map(|d| Error::syntax(d, &module.source)));
                if errors.len() == before {
                    check::body(&module, func, &body, &mut errors);
                }
                bodies.push(Some(Arc::new(body)));
            }
            parsed.push((Arc::new(module), bodies));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let linked = link::link(parsed)?;
        let bodies = linked.module.funcs.iter().map(|_| OnceLock::new()).collect();
        Ok(Program(Arc::new(Parts { linked, bodies, hash: hash.digest128().to_le_bytes() })))
    }

    /// Parses PTX text and makes a program of it: [`ptx::parse`] and [`Program::new`] in one.
    pub fn from_text(text: &[u8], name: &str) -> Result<Program, Vec<Error>> {
        let (module, diagnostics) = ptx::parse(text, name);
        let errors: Vec<Error> =
            diagnostics.iter().filter(|d| d.is_error()).map(|d| Error::syntax(d, &module.source)).collect();
        if errors.is_empty() { Program::new(vec![module]) } else { Err(errors) }
    }

    /// Whether the variable has `.attribute(.managed)`: the host may use it too.
    pub fn is_managed(&self, global: GlobalId) -> bool {
        self.0.linked.managed.contains(&global)
    }

    fn lower(&self, id: FuncId) -> Result<Arc<Function>, CompileError> {
        let name = &self.0.linked.module.func(id).name;
        let func = match self.0.linked.origins[id.index()] {
            Origin::Mma(product) => crate::mma::body(&product, name),
            Origin::Body { unit, func } => {
                let unit = &self.0.linked.units[unit as usize];
                let body = unit.bodies[func.0 as usize].lock().unwrap_or_else(|e| e.into_inner()).take();
                let Some(body) = body else { return Err(CompileError::new(format!("no body of {name}"))) };
                debug_assert_eq!(unit.funcs[func.0 as usize], FuncRef::Ir(id));
                function::lower(&self.0.linked, unit, func, id, &body)
                    .map_err(|fail| CompileError::new(unit.internal(fail.span, fail.message).to_string()))?
            }
        };
        match ir::verify(&func, Some(&self.0.linked.module)) {
            Ok(()) => Ok(Arc::new(func)),
            Err(error) => {
                let message = format!("lowering of {name} is wrong: {}", error.message);
                Err(CompileError::new(Error::new(ErrorKind::Internal, message).to_string()))
            }
        }
    }
}

impl engine::Program for Program {
    fn module(&self) -> &Module {
        &self.0.linked.module
    }

    fn body(&self, func: FuncId) -> Result<Arc<Function>, CompileError> {
        let Some(slot) = self.0.bodies.get(func.index()) else {
            return Err(CompileError::new(format!("no function {func}")));
        };
        slot.get_or_init(|| self.lower(func)).clone()
    }

    fn content_hash(&self) -> [u8; 16] {
        self.0.hash
    }

    fn shared(&self) -> Option<Arc<dyn engine::Program>> {
        Some(Arc::new(Program(self.0.clone())))
    }
}
