//! The module's view of the instruction table: each spelling resolved once, with what the module may not use.
//! Invariant: the version and target checks of a spelling are made once a module, and reported at every use.

use crate::ast::Module;
use crate::diag::{Code, Diagnostic};
use crate::isa::{self, Mismatch, Resolved, Status};
use crate::span::Span;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A resolved spelling, and why the module may not use it.
#[derive(Clone)]
pub(crate) struct Entry {
    pub resolved: Arc<Resolved>,
    pub problem: Option<Arc<Diagnostic>>,
}

pub(crate) struct FormCache<'m> {
    module: &'m Module,
    known: FxHashMap<&'m str, Entry>,
}

impl<'m> FormCache<'m> {
    pub fn new(module: &'m Module) -> FormCache<'m> {
        FormCache { module, known: FxHashMap::default() }
    }

    /// Resolves a spelling that lies in the module's text.
    #[inline]
    pub fn get(&mut self, text: &'m str, span: Span) -> Result<Entry, Diagnostic> {
        if let Some(entry) = self.known.get(text) {
            return Ok(entry.clone());
        }
        let entry = self.get_uncached(text, span)?;
        self.known.insert(text, entry.clone());
        Ok(entry)
    }

    /// Resolves a spelling that was put together from parts.
    #[cold]
    pub fn get_uncached(&mut self, text: &str, span: Span) -> Result<Entry, Diagnostic> {
        let resolved = isa::resolve(text).map_err(|mismatch| explain(text, span, &mismatch))?;
        let problem = self.problem(&resolved).map(Arc::new);
        Ok(Entry { resolved, problem })
    }

    /// Why the module may not use a form. The span is filled in at each use.
    pub fn problem(&self, resolved: &Resolved) -> Option<Diagnostic> {
        problem(self.module, resolved)
    }
}

fn problem(module: &Module, resolved: &Resolved) -> Option<Diagnostic> {
    let at = Span::default();
    let row = isa::table().row(resolved.form.row);
    let text = &resolved.form.text;
    if let Status::Unsupported(reason) = row.status {
        return Some(Diagnostic::error(
            Code::Unsupported,
            at,
            format!("`{text}` is not supported: {reason}"),
        ));
    }
    if module.version < resolved.ptx {
        let (major, minor) = resolved.ptx;
        let message = format!("`{text}` needs .version {major}.{minor} or higher");
        let (major, minor) = module.version;
        let help = format!("the module is {major}.{minor}");
        return Some(Diagnostic::error(Code::NeedsPtx, at, message).help(help));
    }
    let specific = if row.arch_specific { "a" } else { "" };
    if module.sm < resolved.sm || (row.arch_specific && module.sm_suffix.is_none()) {
        let message = format!("`{text}` needs .target sm_{}{specific} or higher", resolved.sm);
        let help = format!("the module is for sm_{}", module.sm);
        return Some(Diagnostic::error(Code::NeedsTarget, at, message).help(help));
    }
    None
}

fn explain(text: &str, span: Span, mismatch: &Mismatch) -> Diagnostic {
    match mismatch {
        Mismatch::Opcode => {
            let word = text.split('.').next().unwrap_or(text);
            Diagnostic::error(Code::Opcode, span, format!("`{word}` is not an instruction"))
        }
        Mismatch::Modifier { at, nearest } => {
            let nearest = isa::table().row(*nearest).text;
            let message = match at {
                Some((start, end)) => format!("`{text}`: `.{}` cannot stand here", &text[*start..*end]),
                None => format!("`{text}` lacks a modifier"),
            };
            // The spelling may have been put together from parts, so that only its beginning is known.
            let span = match at {
                Some((start, end)) if span.len() == text.len() => {
                    Span::new(span.start + *start as u32 - 1, span.start + *end as u32)
                }
                _ => span,
            };
            Diagnostic::error(Code::Form, span, message).help(format!("the nearest form is `{nearest}`"))
        }
    }
}
