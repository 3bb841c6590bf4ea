//! What ends a compilation. Messages read as nvcc's do: build systems look for `nvcc fatal`.

use std::fmt;

#[derive(Debug)]
pub enum Error {
    /// The command line is wrong; nothing was run.
    Usage(String),
    /// The toolkit or a program that it needs is not there.
    Setup(String),
    Io {
        what: String,
        source: std::io::Error,
    },
    /// A tool ran, said why on stderr, and failed with this status.
    Tool {
        status: i32,
    },
}

impl Error {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Error {
        let what = what.into();
        move |source| Error::Io { what, source }
    }

    /// The exit status of the process.
    pub fn status(&self) -> u8 {
        match self {
            Error::Tool { status } => u8::try_from(*status).unwrap_or(1),
            Error::Usage(_) | Error::Setup(_) | Error::Io { .. } => 1,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Usage(why) => write!(f, "nvcc fatal   : {why}"),
            Error::Setup(why) => write!(f, "nvcc fatal   : {why}"),
            Error::Io { what, source } => write!(f, "nvcc fatal   : {what}: {source}"),
            Error::Tool { status } => {
                write!(f, "nvcc error   : a compilation step failed with status {status}")
            }
        }
    }
}

impl std::error::Error for Error {}
