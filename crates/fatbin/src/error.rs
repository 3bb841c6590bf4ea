//! What can be wrong with a container, and where.

use std::fmt;

/// A malformed container: what is wrong, and the byte offset at which it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub offset: usize,
    pub kind: ErrorKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// The input ends before the structure that starts at the offset.
    Truncated {
        what: &'static str,
        need: usize,
        have: usize,
    },
    BadMagic(u32),
    BadVersion(u16),
    BadHeaderSize(u64),
    /// A size field points beyond the container.
    BadSize {
        what: &'static str,
        size: u64,
    },
    /// The payload does not decompress to the size that the header states.
    BadCompression(String),
    /// The flags name a compression that is not known.
    UnknownCompression(u64),
    TooLarge(u64),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fat binary, offset {:#x}: ", self.offset)?;
        match &self.kind {
            ErrorKind::Truncated { what, need, have } => {
                write!(f, "{what} needs {need} bytes, {have} are left")
            }
            ErrorKind::BadMagic(m) => write!(f, "magic number {m:#010x} is not that of a fat binary"),
            ErrorKind::BadVersion(v) => write!(f, "container version {v} is not supported"),
            ErrorKind::BadHeaderSize(n) => write!(f, "header size {n} is not possible"),
            ErrorKind::BadSize { what, size } => {
                write!(f, "{what} of {size} bytes runs beyond the container")
            }
            ErrorKind::BadCompression(why) => write!(f, "the payload does not decompress: {why}"),
            ErrorKind::UnknownCompression(flags) => write!(f, "unknown compression in flags {flags:#x}"),
            ErrorKind::TooLarge(n) => {
                write!(f, "an uncompressed size of {n} bytes is more than any program has")
            }
        }
    }
}

impl std::error::Error for Error {}
