//! What is wrong with a module, and how that is shown.
//! Invariant: every diagnostic has a code of this list and a place in the text.

use crate::span::{Source, Span};
use std::fmt::Write;

macro_rules! codes {
    ($($variant:ident $number:literal $summary:literal;)*) => {
        /// A diagnostic's code. Numbers are stable: they are shown to users and matched by tests.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $summary] $variant),* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// `E0231`
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $number),* }
            }

            /// One sentence on what the code means.
            pub const fn summary(self) -> &'static str {
                match self { $(Code::$variant => $summary),* }
            }
        }
    };
}

codes! {
    Encoding "E0100" "The text is not UTF-8.";
    Character "E0101" "A character that PTX does not use.";
    Number "E0102" "A malformed or out-of-range number.";
    Unterminated "E0103" "A comment, string or body without its end.";
    Expected "E0110" "Something else was expected here.";
    Header "E0111" "The module does not begin with .version, .target and .address_size as it must.";
    Directive "E0120" "An unknown or misplaced directive.";
    Opcode "E0201" "No instruction has this opcode.";
    Form "E0202" "The instruction has no form with these modifiers.";
    Unsupported "E0210" "The instruction, register or directive exists but is not supported.";
    NeedsPtx "E0230" "A feature of a later PTX version than the module's .version.";
    NeedsTarget "E0231" "A feature of a later target than the module's .target.";
    Undefined "E0301" "A name that is not declared.";
    Duplicate "E0302" "A name that is declared twice.";
    WrongKind "E0303" "A name that stands for something else than is needed here.";
    OperandCount "E0401" "Too few or too many operands.";
    OperandType "E0402" "An operand whose type does not fit the instruction's.";
    OperandKind "E0403" "An operand of the wrong kind.";
    VectorLength "E0404" "A vector operand of the wrong length.";
    Range "E0405" "A constant outside the range that the instruction takes.";
    StateSpace "E0406" "An address of another state space than the instruction's.";
    CallSignature "E0407" "A call that does not fit the callee's parameters.";
    Nesting "E0501" "Braces or parentheses nested too deeply.";
    TooMany "E0502" "Too many errors; the rest are not shown.";
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The module cannot be loaded.
    Error,
    /// It can.
    Warning,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// What, in the words of the PTX manual.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without help.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { code, severity: Severity::Error, span, message: message.into(), help: None }
    }

    /// The same with help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Whether it keeps the module from loading.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// One line, for CUDA's error-log buffer: `module.ptx:14:9: error E0231: .bf16 needs .target sm_80 or higher`.
    pub fn one_line(&self, source: &Source) -> String {
        let at = source.position(self.span.start);
        let severity = severity_word(self.severity);
        let code = self.code.as_str();
        format!("{}:{}:{}: {severity} {code}: {}", source.name, at.line, at.column, self.message)
    }

    /// Several lines: the one-line form, the source line with a caret, the help.
    pub fn render(&self, source: &Source) -> String {
        let at = source.position(self.span.start);
        let line = source.line_text(self.span.start);
        let column = (at.column as usize - 1).min(line.len());
        let shown = &line.as_bytes()[..column];
        let pad: String = shown.iter().map(|&b| if b == b'\t' { '\t' } else { ' ' }).collect();
        let width = self.span.len().min(line.len() - column).max(1);
        let mut out = self.one_line(source);
        let gutter = at.line.to_string();
        let blank = " ".repeat(gutter.len());
        // Writing into a String cannot fail.
        let _ = write!(out, "\n {gutter} | {line}\n {blank} | {pad}{}", "^".repeat(width));
        if let Some(help) = &self.help {
            let _ = write!(out, "\n {blank} = help: {help}");
        }
        out
    }
}

fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Renders all, one line each: what `cuModuleLoadDataEx` writes to `CU_JIT_ERROR_LOG_BUFFER`.
pub fn log_lines(diagnostics: &[Diagnostic], source: &Source) -> String {
    diagnostics.iter().map(|d| d.one_line(source) + "\n").collect()
}
