//! Filetests: PTX programs with their inputs and expected outputs in comments. The format is in `README.md`.
//!
//! [`parse`] reads the comments, [`run`] launches on one engine and compares. Nothing here knows which engines exist
//! but [`testkit::engines`].

pub mod export;
pub mod expr;
pub mod parse;
pub mod run;
pub mod values;
