//! PTX text: lexer, parser, printer, checker and the instruction tables.
//!
//! ```
//! let text = b".version 8.0\n.target sm_80\n.address_size 64\n\
//!     .entry k (.param .u64 p) { .reg .b64 %rd<2>; ld.param.u64 %rd1, [p]; st.global.u32 [%rd1], 7; ret; }";
//! let (module, diagnostics) = ptx::parse(text, "module.ptx");
//! assert!(diagnostics.is_empty());
//! let kernel = module.find_function("k").expect("defined above");
//! let (body, diagnostics) = ptx::parse_body(&module, kernel);
//! assert!(diagnostics.is_empty());
//! let store = body.insts().nth(1).expect("three instructions");
//! assert_eq!((store.form.op, store.form.space(), store.form.ty(0)), (ptx::Op::St, ptx::Space::Global, ptx::ScalarType::U32));
//! assert!(matches!(body.operands(store), [ptx::Operand::Addr { .. }, ptx::Operand::Int(7)]));
//! ```
//!
//! **Loading.** [`parse`] reads the module's directives and headers and finds where each body ends; [`parse_body`] parses,
//! resolves and checks one body; [`check_all`] does that for every body and keeps the findings only (`cuModuleLoad`
//! must report them at load). All give whatever tree they could build; a tree without an error among its diagnostics
//! obeys the rules below, and nothing that reads it needs to check them again.
//!
//! - Every [`SymId`] of a body has a [`Symbol`] whose kind is not `Unknown`; labels are `Label(Some(stmt))`.
//! - Every instruction's operands fit its row of [`isa::table`]: their number, kinds, types, vector lengths. Optional
//!   operands may be absent: the row's slots tell which. Where several rows are spelt alike ([`isa::Resolved::next`]), the
//!   form is the one whose operands fit.
//! - A row is `Supported`, and within the module's `.version` and `.target`.
//! - `ld`, `st`, `cvt` registers may be wider than the instruction's type (PTX ISA 9.4.1); others agree in size.
//! - A vector operand of one element may be written with or without braces.
//! - In `mov`, either operand may be a vector (pack, unpack), a special register, or a symbol (its address; for a
//!   `.param` of a kernel its address in the parameter space).
//! - Integer constants are 64-bit two's complement, not yet cut to the operand's size; `F64` constants also stand for
//!   decimal constants in `.f32` instructions.
//! - `.reg` parameters of a `.func` are `Operand::Reg` whose symbol is a `Param` or `Return`.
//! - A `call`'s parts come from [`Body::call`].
//!
//! **Forms.** [`Form`] gives an instruction's modifiers as typed fields; it is shared by all instructions spelt alike.
//! The rows are in `isa/*.txt`, in the notation described at `isa/notation.rs`: to support a form, take its row out of
//! the reach of an `unsupported …` line.
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
