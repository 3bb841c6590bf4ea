//! What can be wrong with a program, in the user's words.
//! Invariant: every error has a code of this list; places are file, line and column of the PTX text.

use std::fmt;

/// Kinds of errors; the driver maps each to its CUresult.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ErrorKind {
    /// The text is not valid PTX: CUDA_ERROR_INVALID_PTX.
    Syntax,
    /// E0601: two definitions of one name.
    Duplicate,
    /// E0602: a name that is used and defined nowhere.
    Unresolved,
    /// E0603: declarations of one name that do not agree.
    Mismatch,
    /// E0604: an initialiser that does not fit its variable.
    Initialiser,
    /// E0701: valid PTX that cannot be lowered.
    Unsupported,
    /// E0702: the math library lacks a function that an instruction needs.
    Library,
    /// E0799: a bug of ours.
    Internal,
}

impl ErrorKind {
    /// The code, except for syntax errors, which bring the parser's.
    pub const fn code(self) -> &'static str {
        match self {
            ErrorKind::Syntax => "E0100",
            ErrorKind::Duplicate => "E0601",
            ErrorKind::Unresolved => "E0602",
            ErrorKind::Mismatch => "E0603",
            ErrorKind::Initialiser => "E0604",
            ErrorKind::Unsupported => "E0701",
            ErrorKind::Library => "E0702",
            ErrorKind::Internal => "E0799",
        }
    }
}

/// A place in PTX text; line and column count from one.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    pub file: String,
    pub line: u32,
    pub column: u32,
}

/// An error with its place and, where one is known, what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    pub kind: ErrorKind,
    pub code: &'static str,
    pub message: String,
    /// The symbol it is about, for link errors.
    pub symbol: Option<String>,
    pub place: Option<Place>,
    pub help: Option<String>,
}

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, code: kind.code(), message: message.into(), symbol: None, place: None, help: None }
    }

    /// The same error about a symbol.
    #[must_use]
    pub fn symbol(mut self, name: &str) -> Error {
        self.symbol = Some(name.to_string());
        self
    }

    /// The same error with a place in a module's text.
    #[must_use]
    pub fn at(mut self, source: &ptx::Source, span: ptx::Span) -> Error {
        let at = source.position(span.start);
        self.place = Some(Place { file: source.name.clone(), line: at.line, column: at.column });
        self
    }

    /// The same error with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Error {
        self.help = Some(help.into());
        self
    }

    /// A finding of the parser.
    pub(crate) fn syntax(diagnostic: &ptx::Diagnostic, source: &ptx::Source) -> Error {
        let kind = match diagnostic.code {
            ptx::Code::Unsupported => ErrorKind::Unsupported,
            _ => ErrorKind::Syntax,
        };
        let mut error = Error::new(kind, diagnostic.message.clone()).at(source, diagnostic.span);
        error.code = diagnostic.code.as_str();
        error.help = diagnostic.help.clone();
        error
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{}:{}:{}: ", place.file, place.line, place.column)?;
        }
        write!(f, "error {}: {}", self.code, self.message)?;
        if let Some(help) = &self.help {
            write!(f, " ({help})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Why an instruction could not be lowered: a bug of ours or a missing check, with its place.
#[derive(Debug)]
pub(crate) struct Fail {
    pub span: Option<ptx::Span>,
    pub message: String,
}

/// Result of lowering a piece of a function.
pub(crate) type Lowered<T> = Result<T, Fail>;

/// A failure whose place the caller fills in.
pub(crate) fn fail<T>(message: impl Into<String>) -> Lowered<T> {
    Err(Fail { span: None, message: message.into() })
}
