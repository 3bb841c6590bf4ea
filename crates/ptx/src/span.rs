//! Places in the source text.
//! Invariant: a span's offsets lie inside the text it was made from; lines and columns are computed on demand only.

/// A half-open byte range of a module's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`.
    pub const fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// One-based line and column (in bytes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// One-based line.
    pub line: u32,
    /// One-based byte column.
    pub column: u32,
}

/// A module's text and the name it is reported under.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name diagnostics print; a path or something like `module.ptx`.
    pub name: String,
    /// The text, without a terminating NUL.
    pub text: String,
}

impl Source {
    /// The text under `span`.
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.start as usize..span.end as usize]
    }

    /// Line and column of a byte offset. Cost: one scan of the text before it.
    pub fn position(&self, offset: u32) -> Position {
        let before = &self.text.as_bytes()[..(offset as usize).min(self.text.len())];
        let line = before.iter().filter(|&&b| b == b'\n').count() as u32 + 1;
        let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
        Position { line, column: (before.len() - line_start) as u32 + 1 }
    }

    /// The whole line that holds `offset`, without its line end.
    pub fn line_text(&self, offset: u32) -> &str {
        let bytes = self.text.as_bytes();
        let at = (offset as usize).min(bytes.len());
        let start = bytes[..at].iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
        let end = bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |i| at + i);
        self.text[start..end].trim_end_matches('\r')
    }
}
