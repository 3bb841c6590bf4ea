//! Module scope: the header, variables, functions' headers, and the extents of their bodies.
//! Invariant: a body is not looked into; an error inside one function does not hide the next.

use super::constant;
use super::cursor::{Cursor, Failed, Parsed};
use super::declare;
use crate::ast::*;
use crate::diag::{Code, Diagnostic};
use crate::span::{Source, Span};
use crate::words::Space;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) fn parse(source: Arc<Source>) -> (Module, Vec<Diagnostic>) {
    let module = Module {
        source: source.clone(),
        version: (0, 0),
        sm: 0,
        sm_suffix: None,
        texmode_independent: false,
        debug: false,
        // 11.1.3: 32-bit addresses unless the module says otherwise.
        address_size: 32,
        items: Vec::new(),
        functions: Vec::new(),
        variables: Vec::new(),
        aliases: Vec::new(),
        files: Vec::new(),
        globals: HashMap::new(),
    };
    let cursor = Cursor::new(&source.text, Span::new(0, source.text.len() as u32));
    let mut parser = Parser { cursor, module };
    parser.header();
    while !parser.cursor.at_end() {
        let before = parser.cursor.pos;
        if parser.item().is_err() {
            parser.recover(before);
        }
    }
    parser.resolve_aliases();
    (parser.module, parser.cursor.diagnostics)
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    module: Module,
}

impl Parser<'_> {
    /// `.version`, `.target`, `.address_size`, in this order (11.1).
    fn header(&mut self) {
        if self.cursor.peek_word() != Some("version") {
            let (span, found) = self.cursor.found();
            let message = format!("a module begins with `.version`, not {found}");
            self.cursor.report_help(Code::Header, span, message, "is this PTX text?");
            return;
        }
        // A failure has been reported, and the items that follow are parsed all the same.
        let _ = self.version().and_then(|()| self.target()).and_then(|()| self.address_size());
    }

    fn version(&mut self) -> Parsed<()> {
        self.cursor.word();
        let start = self.cursor.pos;
        let rest = &self.cursor.bytes[start..self.cursor.end];
        let len = rest.iter().position(|b| !b.is_ascii_digit() && *b != b'.').unwrap_or(rest.len());
        let span = Span::new(start as u32, (start + len) as u32);
        let parts = self.cursor.slice(span).split_once('.');
        let Some((Ok(major), Ok(minor))) = parts.map(|(a, b)| (a.parse(), b.parse())) else {
            return Err(self.cursor.expected("a version such as 8.5"));
        };
        self.module.version = (major, minor);
        self.cursor.pos += len;
        self.cursor.skip();
        Ok(())
    }

    fn target(&mut self) -> Parsed<()> {
        if !self.cursor.eat_word("target") {
            let (span, found) = self.cursor.found();
            return Err(self.cursor.report(Code::Header, span, format!("expected `.target`, found {found}")));
        }
        loop {
            let span = self.cursor.expect_ident("a target such as sm_80")?;
            let name = self.cursor.slice(span);
            match name {
                "texmode_independent" => self.module.texmode_independent = true,
                "texmode_unified" | "map_f64_to_f32" => {}
                "debug" => self.module.debug = true,
                _ => match target_number(name) {
                    Some((sm, suffix)) => (self.module.sm, self.module.sm_suffix) = (sm, suffix),
                    None => {
                        self.cursor.report(Code::Header, span, format!("`{name}` is not a target"));
                    }
                },
            }
            if !self.cursor.eat(b',') {
                return Ok(());
            }
        }
    }

    fn address_size(&mut self) -> Parsed<()> {
        if !self.cursor.eat_word("address_size") {
            return Ok(());
        }
        let start = self.cursor.here();
        let size = constant::integer(&mut self.cursor)?;
        let span = Span::new(start, self.cursor.here());
        match size {
            64 => self.module.address_size = 64,
            32 => self.module.address_size = 32,
            _ => return Err(self.cursor.report(Code::Header, span, "an address has 32 or 64 bits")),
        }
        Ok(())
    }

    fn item(&mut self) -> Parsed<()> {
        let start = self.cursor.here();
        if self.cursor.eat(b';') {
            return Ok(());
        }
        if self.cursor.peek() == b'@' {
            // `@@DWARF …` of PTX 1.x: a line of debug information.
            let rest = &self.cursor.bytes[self.cursor.pos..self.cursor.end];
            self.cursor.pos += rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
            self.cursor.skip();
            return Ok(());
        }
        let mut linkage = Linkage::Internal;
        loop {
            let Some(word) = self.cursor.peek_word() else {
                return Err(self.cursor.expected("a directive"));
            };
            let span = self.cursor.word().unwrap_or_default();
            match word {
                "visible" => linkage = Linkage::Visible,
                "extern" => linkage = Linkage::Extern,
                "weak" => linkage = Linkage::Weak,
                "common" => linkage = Linkage::Common,
                "entry" => return self.function(start, linkage, FuncKind::Entry),
                "func" => return self.function(start, linkage, FuncKind::Func),
                "global" => return self.variable(start, linkage, Space::Global),
                "const" => {
                    self.skip_const_bank();
                    return self.variable(start, linkage, Space::Const);
                }
                "shared" => return self.variable(start, linkage, Space::Shared),
                "tex" => return self.variable(start, linkage, Space::Tex),
                "local" | "param" | "reg" | "sreg" => {
                    let message = format!("`.{word}` is not allowed at module scope");
                    return Err(self.cursor.report(Code::Directive, span, message));
                }
                "alias" => return self.alias(),
                "file" => return self.file(start),
                "section" => return self.section(start),
                "pragma" => {
                    self.cursor.string()?;
                    while self.cursor.eat(b',') {
                        self.cursor.string()?;
                    }
                    let end = self.cursor.here();
                    self.cursor.expect(b';')?;
                    self.verbatim(start, end + 1);
                    return Ok(());
                }
                "loc" => {
                    for _ in 0..3 {
                        constant::integer(&mut self.cursor)?;
                    }
                    self.verbatim(start, self.cursor.here());
                    return Ok(());
                }
                "version" | "target" | "address_size" => {
                    let message = format!("`.{word}` belongs at the beginning, once");
                    return Err(self.cursor.report(Code::Directive, span, message));
                }
                _ => {
                    return Err(self.cursor.report(
                        Code::Directive,
                        span,
                        format!("`.{word}` is not a directive"),
                    ));
                }
            }
        }
    }

    /// `.const` banks (`.const[3]`, PTX 1.x) are all one space here.
    fn skip_const_bank(&mut self) {
        if self.cursor.eat(b'[') {
            while !self.cursor.at_end() && !self.cursor.eat(b']') {
                self.cursor.pos += 1;
            }
        }
    }

    fn verbatim(&mut self, start: u32, end: u32) {
        let text = &self.cursor.text[start as usize..end as usize];
        let span = Span::new(start, start + text.trim_end().len() as u32);
        self.module.items.push(Item::Verbatim(span));
    }

    fn alias(&mut self) -> Parsed<()> {
        let name = self.cursor.expect_ident("the alias's name")?;
        self.cursor.expect(b',')?;
        let target = self.cursor.expect_ident("a function's name")?;
        self.cursor.expect(b';')?;
        self.module.items.push(Item::Alias(self.module.aliases.len() as u32));
        self.module.aliases.push(Alias { name, target });
        Ok(())
    }

    /// `.file N "path" {, time, size}`
    fn file(&mut self, start: u32) -> Parsed<()> {
        let index = constant::integer(&mut self.cursor)?;
        let path = self.cursor.string()?;
        let path = self.cursor.slice(Span::new(path.start + 1, path.end - 1)).to_string();
        while self.cursor.eat(b',') {
            constant::integer(&mut self.cursor)?;
        }
        self.module.files.push(FileEntry { index: index as u32, path });
        self.verbatim(start, self.cursor.here());
        Ok(())
    }

    /// `.section .name { … }`: debug information, kept as text.
    fn section(&mut self, start: u32) -> Parsed<()> {
        if self.cursor.word().is_none() {
            return Err(self.cursor.expected("a section's name"));
        }
        let open = self.cursor.here();
        if self.cursor.eat(b'{') {
            self.cursor.braces(open)?;
        }
        self.verbatim(start, self.cursor.here());
        Ok(())
    }

    fn variable(&mut self, start: u32, linkage: Linkage, space: Space) -> Parsed<()> {
        for variable in declare::variables(&mut self.cursor, start, linkage, space)? {
            let id = VarId(self.module.variables.len() as u32);
            let name = variable.name;
            let defines = linkage != Linkage::Extern;
            self.module.variables.push(variable);
            self.module.items.push(Item::Variable(id));
            self.declare(name, Global::Variable(id), defines);
        }
        Ok(())
    }

    fn function(&mut self, start: u32, linkage: Linkage, kind: FuncKind) -> Parsed<()> {
        while self.cursor.eat_word("attribute") {
            declare::attribute(&mut self.cursor)?;
        }
        let returns = declare::params(&mut self.cursor)?;
        let name = self.cursor.expect_ident("a function's name")?;
        let params = declare::params(&mut self.cursor)?;
        if let (FuncKind::Entry, Some(param)) = (kind, params.iter().find(|p| p.space == Space::Reg)) {
            self.cursor.report(Code::WrongKind, param.span, "a kernel's parameters are in `.param`");
        }
        let mut tuning = Tuning::default();
        let mut noreturn = false;
        while let Some(word) = self.cursor.peek_word() {
            let span = self.cursor.word().unwrap_or_default();
            if word == "noreturn" {
                noreturn = true;
            } else {
                self.tuning(word, span, &mut tuning)?;
            }
        }
        let span = Span::new(start, self.cursor.here());
        let open = self.cursor.here();
        let body = if self.cursor.eat(b'{') {
            Some(self.cursor.braces(open)?)
        } else {
            self.cursor.expect(b';')?;
            None
        };
        let id = FuncId(self.module.functions.len() as u32);
        self.module.functions.push(Function {
            name,
            kind,
            linkage,
            returns,
            params,
            noreturn,
            tuning,
            body,
            span,
        });
        self.module.items.push(Item::Function(id));
        self.declare(name, Global::Function(id), body.is_some());
        Ok(())
    }

    /// One of the directives of 11.4 and 11.7, after its word.
    fn tuning(&mut self, word: &str, span: Span, tuning: &mut Tuning) -> Parsed<()> {
        match word {
            "maxntid" => tuning.maxntid = Some(self.extents()?),
            "reqntid" => tuning.reqntid = Some(self.extents()?),
            "reqnctapercluster" => tuning.reqnctapercluster = Some(self.extents()?),
            "minnctapersm" => tuning.minnctapersm = Some(self.count()?),
            "maxnctapersm" => tuning.maxnctapersm = Some(self.count()?),
            "maxnreg" => tuning.maxnreg = Some(self.count()?),
            "maxclusterrank" => tuning.maxclusterrank = Some(self.count()?),
            "explicitcluster" => tuning.explicitcluster = true,
            "blocksareclusters" => tuning.blocksareclusters = true,
            "abi_preserve" => tuning.abi_preserve = Some(self.count()?),
            "abi_preserve_control" => tuning.abi_preserve_control = Some(self.count()?),
            "attribute" => {
                declare::attribute(&mut self.cursor)?;
            }
            "pragma" => loop {
                let text = self.cursor.string()?;
                tuning.pragmas.push(self.cursor.slice(Span::new(text.start + 1, text.end - 1)).to_string());
                if self.cursor.eat(b';') || !self.cursor.eat(b',') {
                    break;
                }
            },
            _ => {
                let message = format!("`.{word}` is not a directive of a function");
                return Err(self.cursor.report(Code::Directive, span, message));
            }
        }
        Ok(())
    }

    fn count(&mut self) -> Parsed<u32> {
        let start = self.cursor.here();
        let value = constant::integer(&mut self.cursor)?;
        u32::try_from(value).map_err(|_| {
            let span = Span::new(start, self.cursor.here());
            self.cursor.report(Code::Range, span, "a 32-bit count is needed here")
        })
    }

    /// `x {, y {, z}}`
    fn extents(&mut self) -> Parsed<[u32; 3]> {
        let mut extents = [self.count()?, 1, 1];
        for extent in &mut extents[1..] {
            if !self.cursor.eat(b',') {
                break;
            }
            *extent = self.count()?;
        }
        Ok(extents)
    }

    fn is_definition(&self, global: Global) -> bool {
        match global {
            Global::Function(id) => self.module.function(id).body.is_some(),
            Global::Variable(id) => self.module.variable(id).linkage != Linkage::Extern,
        }
    }

    fn declare(&mut self, name: Span, global: Global, defines: bool) {
        let text = self.cursor.slice(name);
        let Some(&old) = self.module.globals.get(text) else {
            self.module.globals.insert(text.to_string(), global);
            return;
        };
        let same_kind = matches!(
            (old, global),
            (Global::Function(_), Global::Function(_)) | (Global::Variable(_), Global::Variable(_))
        );
        if !same_kind || (defines && self.is_definition(old)) {
            self.cursor.report(Code::Duplicate, name, format!("`{text}` is already defined"));
        } else if defines {
            self.module.globals.insert(text.to_string(), global);
        }
    }

    fn resolve_aliases(&mut self) {
        for alias in self.module.aliases.clone() {
            let (name, target) = (self.cursor.slice(alias.name), self.cursor.slice(alias.target));
            match self.module.globals.get(target) {
                Some(&Global::Function(id)) => {
                    self.module.globals.insert(name.to_string(), Global::Function(id));
                }
                Some(Global::Variable(_)) => {
                    self.cursor.report(
                        Code::WrongKind,
                        alias.target,
                        format!("`{target}` is not a function"),
                    );
                }
                None => {
                    self.cursor.report(
                        Code::Undefined,
                        alias.target,
                        format!("function `{target}` is not declared"),
                    );
                }
            }
        }
    }

    /// Goes on after a failed item: past its semicolon or body, or before the next directive at a line's start.
    fn recover(&mut self, before: usize) {
        let cursor = &mut self.cursor;
        if cursor.pos == before && !cursor.at_end() {
            cursor.pos += cursor.text[cursor.pos..].chars().next().map_or(1, char::len_utf8);
        }
        while !cursor.at_end() {
            let line_start =
                cursor.bytes[..cursor.pos].iter().rev().take_while(|&&b| b == b' ' || b == b'\t').count();
            let at = cursor.pos - line_start;
            let begins_line = at == 0 || cursor.bytes[at - 1] == b'\n';
            if begins_line
                && matches!(cursor.peek_word(), Some("visible" | "extern" | "weak" | "entry" | "func"))
            {
                return;
            }
            let here = cursor.here();
            match cursor.peek() {
                b';' => {
                    cursor.eat(b';');
                    return;
                }
                b'{' => {
                    cursor.eat(b'{');
                    // An unclosed brace is reported by `braces`, at the end of the text.
                    let (Ok(_) | Err(Failed)) = cursor.braces(here);
                    return;
                }
                _ => {
                    cursor.pos += cursor.text[cursor.pos..].chars().next().map_or(1, char::len_utf8);
                    cursor.skip();
                }
            }
        }
    }
}

/// PTX ISA 11.1.2: the targets there are, without suffixes.
const TARGETS: &[u32] = &[
    10, 11, 12, 13, 20, 21, 30, 32, 35, 37, 50, 52, 53, 60, 61, 62, 70, 72, 75, 80, 86, 87, 88, 89, 90, 100,
    101, 103, 110, 120, 121,
];

/// `sm_90a` as `(90, Some('a'))`; None for an architecture that does not exist.
fn target_number(name: &str) -> Option<(u32, Option<char>)> {
    let digits = name.strip_prefix("sm_").or_else(|| name.strip_prefix("compute_"))?;
    let number = digits.trim_end_matches(['a', 'f']);
    let suffix = digits[number.len()..].chars().next();
    (digits.len() - number.len() <= 1).then_some(())?;
    let number = number.parse().ok().filter(|n| TARGETS.contains(n))?;
    Some((number, suffix))
}
