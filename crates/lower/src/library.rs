//! The math library as a source of function bodies: parsed once per process, its bodies when they are first needed.

use ptx::{Body, FuncId};
use std::sync::{Arc, LazyLock, OnceLock};

/// The library's module and its bodies.
pub(crate) struct Library {
    pub module: Arc<ptx::Module>,
    bodies: Vec<OnceLock<Result<Arc<Body>, String>>>,
    error: Option<String>,
}

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let (module, diagnostics) = ptx::parse(mathlib::PTX.as_bytes(), "mathlib.ptx");
    let error = first_error(&diagnostics, &module.source);
    let bodies = (0..module.functions.len()).map(|_| OnceLock::new()).collect();
    Library { module: Arc::new(module), bodies, error }
});

/// The library; nothing when this build has an empty one. Errors: its text does not parse.
pub(crate) fn library() -> Result<Option<&'static Library>, String> {
    if mathlib::PTX.is_empty() {
        return Ok(None);
    }
    match &LIBRARY.error {
        Some(error) => Err(error.clone()),
        None => Ok(Some(&LIBRARY)),
    }
}

impl Library {
    /// The definition of `name`, if the library has one.
    pub fn find(&self, name: &str) -> Option<FuncId> {
        self.module.find_function(name).filter(|id| self.module.function(*id).body.is_some())
    }

    /// The parsed body of a function.
    pub fn body(&self, func: FuncId) -> Result<Arc<Body>, String> {
        self.bodies[func.0 as usize]
            .get_or_init(|| {
                let (body, diagnostics) = ptx::parse_body(&self.module, func);
                match first_error(&diagnostics, &self.module.source) {
                    Some(error) => Err(error),
                    None => Ok(Arc::new(body)),
                }
            })
            .clone()
    }
}

fn first_error(diagnostics: &[ptx::Diagnostic], source: &ptx::Source) -> Option<String> {
    diagnostics.iter().find(|d| d.is_error()).map(|d| d.one_line(source))
}
