//! The byte cursor that every parser reads through: white space, comments, names, numbers.
//! Invariant: `pos` never passes `end`, and every span of a name or word it makes is ASCII, hence sliceable.

use crate::diag::{Code, Diagnostic};
use crate::span::Span;

/// A diagnostic was recorded; the caller gives up on its construct and recovers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failed;

/// Result of a parsing step whose failure is already recorded.
pub(crate) type Parsed<T> = Result<T, Failed>;

/// Reads `text[pos..end]`.
pub(crate) struct Cursor<'a> {
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub pos: usize,
    pub end: usize,
    pub diagnostics: Vec<Diagnostic>,
}

const IDENT_START: u8 = 1;
const IDENT: u8 = 2;
const SPACE: u8 = 4;

static CLASS: [u8; 256] = {
    let mut class = [0u8; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        if b.is_ascii_alphabetic() || b == b'_' || b == b'$' || b == b'%' {
            class[i] |= IDENT_START;
        }
        // 4.4: `%` only begins a name.
        if b.is_ascii_alphanumeric() || b == b'_' || b == b'$' {
            class[i] |= IDENT;
        }
        if matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c) {
            class[i] |= SPACE;
        }
        i += 1;
    }
    class
};

/// The first byte from `from` on that is wanted. Blocks without one are skipped whole, in a loop that vectorises.
pub(crate) fn find(bytes: &[u8], from: usize, wanted: impl Fn(u8) -> bool + Copy) -> Option<usize> {
    const BLOCK: usize = 32;
    let mut at = from;
    for block in bytes[from..].chunks_exact(BLOCK) {
        if block.iter().fold(false, |hit, &b| hit | wanted(b)) {
            break;
        }
        at += BLOCK;
    }
    bytes[at..].iter().position(|&b| wanted(b)).map(|i| at + i)
}

/// Whether a name can go on with `b`.
pub(crate) fn is_ident(b: u8) -> bool {
    CLASS[b as usize] & IDENT != 0
}

/// Whether a name can begin with `b`.
pub(crate) fn is_ident_start(b: u8) -> bool {
    CLASS[b as usize] & IDENT_START != 0
}

impl<'a> Cursor<'a> {
    /// A cursor over a part of `text`, at its first token.
    pub fn new(text: &'a str, span: Span) -> Cursor<'a> {
        let mut cursor = Cursor {
            text,
            bytes: text.as_bytes(),
            pos: span.start as usize,
            end: span.end as usize,
            diagnostics: Vec::new(),
        };
        cursor.skip();
        cursor
    }

    /// The next byte, 0 at the end.
    #[inline]
    pub fn peek(&self) -> u8 {
        if self.pos < self.end { self.bytes[self.pos] } else { 0 }
    }

    /// The byte `n` after the next, 0 past the end.
    #[inline]
    pub fn peek_at(&self, n: usize) -> u8 {
        let at = self.pos + n;
        if at < self.end { self.bytes[at] } else { 0 }
    }

    /// Whether all is read.
    pub fn at_end(&self) -> bool {
        self.pos >= self.end
    }

    /// The offset of the next byte.
    #[inline]
    pub fn here(&self) -> u32 {
        self.pos as u32
    }

    /// Skips white space, comments and `# line` markers.
    #[inline]
    pub fn skip(&mut self) {
        loop {
            let b = self.peek();
            if CLASS[b as usize] & SPACE != 0 {
                self.pos += 1;
                continue;
            }
            if b != b'/' && b != b'#' {
                return;
            }
            if !self.skip_comment() {
                return;
            }
        }
    }

    #[cold]
    fn skip_comment(&mut self) -> bool {
        match (self.peek(), self.peek_at(1)) {
            (b'#', _) | (b'/', b'/') => {
                let rest = &self.bytes[self.pos..self.end];
                self.pos += rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                true
            }
            (b'/', b'*') => {
                let start = self.here();
                let rest = &self.bytes[self.pos + 2..self.end];
                match rest.windows(2).position(|w| w == b"*/") {
                    Some(at) => self.pos += at + 4,
                    None => {
                        self.pos = self.end;
                        self.report(Code::Unterminated, Span::new(start, start + 2), "comment without `*/`");
                    }
                }
                true
            }
            _ => false,
        }
    }

    /// Takes `b` and the space after it, if it is next.
    #[inline]
    pub fn eat(&mut self, b: u8) -> bool {
        if self.peek() != b || self.at_end() {
            return false;
        }
        self.pos += 1;
        self.skip();
        true
    }

    /// Takes `b`, or reports what stands there instead.
    pub fn expect(&mut self, b: u8) -> Parsed<()> {
        if self.eat(b) {
            return Ok(());
        }
        Err(self.expected(&format!("`{}`", b as char)))
    }

    /// Takes a name and the space after it.
    #[inline]
    pub fn ident(&mut self) -> Option<Span> {
        let span = self.ident_tight()?;
        self.skip();
        Some(span)
    }

    /// Takes a name only, so that what follows without space can be seen.
    #[inline]
    pub fn ident_tight(&mut self) -> Option<Span> {
        if !is_ident_start(self.peek()) {
            return None;
        }
        let start = self.pos;
        let mut at = start + 1;
        while at < self.end && is_ident(self.bytes[at]) {
            at += 1;
        }
        self.pos = at;
        Some(Span::new(start as u32, at as u32))
    }

    /// Takes a name, or reports that `what` was expected.
    pub fn expect_ident(&mut self, what: &str) -> Parsed<Span> {
        self.ident().ok_or(Failed).map_err(|_| self.expected(what))
    }

    /// The dotted word that is next (without its dot), if one is; does not take it.
    pub fn peek_word(&self) -> Option<&'a str> {
        let span = self.word_span()?;
        Some(&self.text[span.start as usize + 1..span.end as usize])
    }

    fn word_span(&self) -> Option<Span> {
        if self.peek() != b'.' {
            return None;
        }
        let mut at = self.pos + 1;
        while at < self.end && (is_ident(self.bytes[at]) || (self.bytes[at] == b':' && self.double_colon(at)))
        {
            at += 1;
        }
        (at > self.pos + 1).then(|| Span::new(self.here(), at as u32))
    }

    fn double_colon(&self, at: usize) -> bool {
        (at + 1 < self.end && self.bytes[at + 1] == b':') || self.bytes[at - 1] == b':'
    }

    /// Takes the next dotted word (span with its dot).
    pub fn word(&mut self) -> Option<Span> {
        let span = self.word_span()?;
        self.pos = span.end as usize;
        self.skip();
        Some(span)
    }

    /// Takes the dotted word `.word` if it is next.
    pub fn eat_word(&mut self, word: &str) -> bool {
        if self.peek_word() != Some(word) {
            return false;
        }
        self.word();
        true
    }

    /// The text under a span.
    #[inline]
    pub fn slice(&self, span: Span) -> &'a str {
        &self.text[span.start as usize..span.end as usize]
    }

    /// Takes `"…"`; the span holds the quotes.
    pub fn string(&mut self) -> Parsed<Span> {
        if self.peek() != b'"' {
            return Err(self.expected("a string"));
        }
        let start = self.here();
        let rest = &self.bytes[self.pos + 1..self.end];
        let Some(len) = rest.iter().position(|&b| b == b'"' || b == b'\n') else {
            self.pos = self.end;
            return Err(self.report(
                Code::Unterminated,
                Span::new(start, start + 1),
                "string without its end",
            ));
        };
        if rest[len] == b'\n' {
            self.pos += len + 1;
            return Err(self.report(
                Code::Unterminated,
                Span::new(start, start + 1),
                "string without its end",
            ));
        }
        self.pos += len + 2;
        let span = Span::new(start, self.here());
        self.skip();
        Ok(span)
    }

    /// What stands next, for messages.
    pub fn found(&self) -> (Span, String) {
        let start = self.here();
        if self.at_end() {
            let last = start.saturating_sub(1);
            return (Span::new(last, last), "the end".to_string());
        }
        let mut at = self.pos;
        while at < self.end && (is_ident(self.bytes[at]) || self.bytes[at] == b'.') {
            at += 1;
        }
        if at == self.pos {
            at += self.text[at..].chars().next().map_or(1, char::len_utf8);
        }
        let span = Span::new(start, at as u32);
        (span, format!("`{}`", self.slice(span)))
    }

    /// Reports that something else was expected here.
    #[cold]
    pub fn expected(&mut self, what: &str) -> Failed {
        let (span, found) = self.found();
        self.report(Code::Expected, span, format!("expected {what}, found {found}"))
    }

    /// Records an error.
    #[cold]
    pub fn report(&mut self, code: Code, span: Span, message: impl Into<String>) -> Failed {
        self.diagnostics.push(Diagnostic::error(code, span, message));
        Failed
    }

    /// Records an error with help.
    #[cold]
    pub fn report_help(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Failed {
        self.diagnostics.push(Diagnostic::error(code, span, message).help(help));
        Failed
    }

    /// From just after a `{` to its `}`: leaves the cursor after it and gives the text between.
    pub fn braces(&mut self, open: u32) -> Parsed<Span> {
        let start = self.here();
        let mut depth = 0u32;
        let mut at = self.pos;
        // Without short circuits, so that the search vectorises.
        let wanted = |b| (b == b'{') | (b == b'}') | (b == b'/') | (b == b'"') | (b == b'#');
        while let Some(found) = find(&self.bytes[..self.end], at, wanted) {
            at = found;
            match self.bytes[at] {
                b'{' => depth += 1,
                b'}' if depth == 0 => {
                    self.pos = at + 1;
                    self.skip();
                    return Ok(Span::new(start, at as u32));
                }
                b'}' => depth -= 1,
                b'/' | b'"' | b'#' => {
                    at = self.skip_quoted(at);
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        self.pos = self.end;
        Err(self.report(Code::Unterminated, Span::new(open, open + 1), "`{` without its `}`"))
    }

    /// The offset after the comment or string at `at`, or of the byte after a `/` that begins neither.
    fn skip_quoted(&self, at: usize) -> usize {
        let rest = &self.bytes[at + 1..self.end];
        let find =
            |from: usize, b: u8| rest[from..].iter().position(|&c| c == b).map_or(rest.len(), |i| from + i);
        match (self.bytes[at], rest.first()) {
            (b'"', _) => {
                let close = rest.iter().position(|&c| c == b'"' || c == b'\n').unwrap_or(rest.len());
                (at + 2 + close).min(self.end)
            }
            (b'#', _) | (b'/', Some(b'/')) => at + 1 + find(0, b'\n'),
            (b'/', Some(b'*')) => {
                rest[1..].windows(2).position(|w| w == b"*/").map_or(self.end, |i| at + 4 + i)
            }
            _ => at + 1,
        }
    }
}
