//! From text to the syntax tree.
//! Invariant: any bytes give a tree and diagnostics, never a panic; without errors, every name is resolved.

mod body;
mod check;
mod constant;
mod cursor;
mod declare;
mod forms;
mod module;
mod operand;
mod scope;

use crate::ast::{Body, FuncId, Module};
use crate::diag::{Code, Diagnostic, Severity};
use crate::span::{Source, Span};
use std::sync::Arc;

/// Errors beyond this many are not reported.
const MAX_DIAGNOSTICS: usize = 100;

/// Parses a module's directives and function headers, and finds where bodies begin and end. The text ends at the first
/// NUL byte, if there is one. `name` is what diagnostics call it.
pub fn parse(bytes: &[u8], name: &str) -> (Module, Vec<Diagnostic>) {
    let bytes = &bytes[..cursor::find(bytes, 0, |b| b == 0).unwrap_or(bytes.len())];
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut early = Vec::new();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_string(),
        Err(error) => {
            let at = error.valid_up_to() as u32;
            // In a comment it does no harm; anywhere else the parser will stumble over it.
            early.push(Diagnostic {
                severity: Severity::Warning,
                ..Diagnostic::error(Code::Encoding, Span::new(at, at), "this byte is not UTF-8")
            });
            String::from_utf8_lossy(bytes).into_owned()
        }
    };
    let mut text = text;
    if u32::try_from(text.len()).is_err() {
        early.push(Diagnostic::error(Code::Encoding, Span::new(0, 0), "the text is larger than 4 GiB"));
        text.clear();
    }
    let source = Arc::new(Source { name: name.to_string(), text });
    let (module, mut diagnostics) = module::parse(source);
    early.append(&mut diagnostics);
    (module, limit(early))
}

/// Parses and checks one body. A declaration has an empty one.
pub fn parse_body(module: &Module, id: FuncId) -> (Body, Vec<Diagnostic>) {
    let mut forms = forms::FormCache::new(module);
    let (body, diagnostics) = body::parse(module, id, &mut forms);
    (body, limit(diagnostics))
}

/// Parses and checks every body, for the diagnostics alone.
pub fn check_all(module: &Module) -> Vec<Diagnostic> {
    let mut forms = forms::FormCache::new(module);
    let mut all = Vec::new();
    for index in 0..module.functions.len() {
        let (_, mut diagnostics) = body::parse(module, FuncId(index as u32), &mut forms);
        all.append(&mut diagnostics);
        if all.len() > MAX_DIAGNOSTICS {
            break;
        }
    }
    limit(all)
}

fn limit(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if diagnostics.len() > MAX_DIAGNOSTICS {
        let at = diagnostics[MAX_DIAGNOSTICS].span;
        diagnostics.truncate(MAX_DIAGNOSTICS);
        diagnostics.push(Diagnostic::error(Code::TooMany, at, "too many errors; the rest are not shown"));
    }
    diagnostics
}
