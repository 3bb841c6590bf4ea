//! The one error of the command line: what went wrong, why, and what to do about it.
//!
//! Invariant: every error that a user can cause prints as at most three lines and no backtrace.

use std::fmt;

#[derive(Debug)]
pub struct Error {
    what: String,
    why: Option<String>,
    help: Option<String>,
}

impl Error {
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), why: None, help: None }
    }

    pub fn because(mut self, why: impl fmt::Display) -> Self {
        self.why = Some(why.to_string());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        if let Some(why) = &self.why {
            write!(f, ": {why}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}
