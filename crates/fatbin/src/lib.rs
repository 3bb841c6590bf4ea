//! The fat binary container that CUDA programs embed: reader and writer.
//!
//! A container is a 16-byte header and a sequence of entries, each PTX text or a machine-code image for one
//! architecture. Invariant: the reader trusts no byte; every length is checked against the input, memory is bounded by
//! [`MAX_UNCOMPRESSED`], and malformed input is an [`Error`] with the offset at fault, never a panic.

#![forbid(unsafe_code)]

mod error;
mod format;
mod read;
mod select;
mod write;

pub use error::{Error, ErrorKind};
pub use format::{ENTRY_HEADER_LEN, HEADER_LEN, Kind, MAGIC, MAX_UNCOMPRESSED, WRAPPER_MAGIC};
pub use read::{Entry, FatBinary, parse, total_len};
pub use select::select_ptx;
pub use write::{Compression, Image, write};
