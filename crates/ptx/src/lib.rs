//! PTX text: lexer, parser, printer, checker and the instruction tables.
//!
//! ```text
//! ptx::parse(bytes, "name.ptx") -> (Module, Vec<Diagnostic>)         headers only; bodies are indexed, not parsed
//! ptx::parse_body(&module, func_id) -> (Body, Vec<Diagnostic>)       one body, resolved and checked
//! ptx::check_all(&module) -> Vec<Diagnostic>                         every body, for cuModuleLoad
//! ```
//!
//! Invariant: this crate knows how PTX is written and which forms exist, never what an instruction computes.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod ast;
pub mod diag;
pub mod form;
pub mod isa;
mod parse;
pub mod print;
pub mod span;
pub mod words;

pub use ast::*;
pub use diag::{Code, Diagnostic, Severity, log_lines};
pub use form::{Flags, Form};
pub use isa::{Op, SpecialReg};
pub use parse::{check_all, parse, parse_body};
pub use span::{Position, Source, Span};
pub use words::*;
