//! What linking leaves behind for lowering: each PTX module with its symbols resolved to the program's.
//! Invariant: after linking every reference of a kept body has an entry here.

use crate::error::{Error, ErrorKind};
use ir::product::Product;
use ir::{FuncId, GlobalId, SrcLoc};
use ptx::{Body, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, Mutex, OnceLock};

/// What a function's name in a module resolves to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FuncRef {
    Ir(FuncId),
    Sys(ir::SysCall),
    /// Declared, never referenced.
    Missing,
}

/// One PTX module of a program.
pub(crate) struct Unit {
    pub module: Arc<ptx::Module>,
    /// By [`ptx::FuncId`].
    pub funcs: Vec<FuncRef>,
    /// By [`ptx::VarId`].
    pub vars: Vec<Option<GlobalId>>,
    /// Variables of bodies that outlive a call: `.shared`, `.global`, `.const`.
    pub locals: FxHashMap<(ptx::FuncId, ptx::LocalId), GlobalId>,
    /// Parsed bodies until they are lowered.
    pub bodies: Vec<Mutex<Option<Arc<Body>>>>,
    /// `.file` number to index in the program's file table.
    pub files: FxHashMap<u32, u32>,
    /// The PTX text itself in the program's file table; 0 for the math library.
    pub text_file: u32,
    lines: OnceLock<Vec<u32>>,
}

impl Unit {
    pub fn new(module: Arc<ptx::Module>) -> Unit {
        Unit {
            funcs: vec![FuncRef::Missing; module.functions.len()],
            vars: vec![None; module.variables.len()],
            locals: FxHashMap::default(),
            bodies: (0..module.functions.len()).map(|_| Mutex::new(None)).collect(),
            files: FxHashMap::default(),
            text_file: 0,
            lines: OnceLock::new(),
            module,
        }
    }

    /// The place of PTX text as a source location, for modules without `.loc`.
    pub fn text_loc(&self, span: Span) -> SrcLoc {
        if self.text_file == 0 {
            return SrcLoc::default();
        }
        let starts = self.lines.get_or_init(|| {
            let text = self.module.source.text.bytes();
            std::iter::once(0)
                .chain((1u32..).zip(text).filter(|(_, b)| *b == b'\n').map(|(i, _)| i))
                .collect()
        });
        let line = starts.partition_point(|start| *start <= span.start);
        let col = span.start - starts.get(line.saturating_sub(1)).copied().unwrap_or(0) + 1;
        SrcLoc { file: self.text_file, line: line as u32, col }
    }

    /// A bug of ours at a place of this module's text.
    pub fn internal(&self, span: Option<Span>, message: impl Into<String>) -> Error {
        let error = Error::new(ErrorKind::Internal, message);
        match span {
            Some(span) => error.at(&self.module.source, span),
            None => error,
        }
    }
}

/// Where a function of the program comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Origin {
    /// A PTX body.
    Body { unit: u32, func: ptx::FuncId },
    /// A matrix product, made on demand.
    Mma(Product),
}

/// A linked program.
pub(crate) struct Linked {
    pub module: ir::Module,
    pub units: Vec<Unit>,
    /// By [`FuncId`].
    pub origins: Vec<Origin>,
    /// Library functions that instructions call, by name.
    pub intrinsics: FxHashMap<&'static str, FuncId>,
    /// Matrix products and their functions, by name.
    pub matrix: FxHashMap<String, (Product, FuncId)>,
    /// Variables with `.attribute(.managed)`.
    pub managed: FxHashSet<GlobalId>,
}
