//! A function's body: statements, one after the other.
//! Invariant: an error in a statement is reported and the next statement is parsed.

use super::check;
use super::constant;
use super::cursor::{Cursor, Failed, Parsed, is_ident};
use super::declare;
use super::forms::FormCache;
use super::operand;
use super::scope::{AlreadyDeclared, Scopes};
use crate::ast::*;
use crate::diag::{Code, Diagnostic};
use crate::span::Span;
use crate::words::{ScalarType, Space};
use std::sync::Arc;

/// Deepest nesting of `{ }` in a body.
const MAX_NESTING: usize = 200;

/// How much text there is per item in compilers' output: sizes of the first allocations, nothing more.
const BYTES_PER_STATEMENT: usize = 24;
const BYTES_PER_OPERAND: usize = 11;
const BYTES_PER_NAME: usize = 40;

/// Everything that parsing a body needs.
pub(super) struct BodyParser<'m, 'c> {
    pub module: &'m Module,
    pub function: &'m Function,
    pub forms: &'c mut FormCache<'m>,
    pub cursor: Cursor<'m>,
    pub scopes: Scopes<'m>,
    pub body: Body,
    /// Operands of lists that are still open.
    pub scratch: Vec<Operand>,
}

pub(super) fn parse<'m>(
    module: &'m Module,
    id: FuncId,
    forms: &mut FormCache<'m>,
) -> (Body, Vec<Diagnostic>) {
    let function = module.function(id);
    let Some(span) = function.body else {
        return (Body::default(), Vec::new());
    };
    let mut parser = BodyParser {
        module,
        function,
        forms,
        cursor: Cursor::new(&module.source.text, span),
        scopes: Scopes::new(span.len() / BYTES_PER_NAME),
        body: Body {
            stmts: Vec::with_capacity(span.len() / BYTES_PER_STATEMENT),
            symbols: Vec::with_capacity(span.len() / BYTES_PER_NAME),
            pool: Vec::with_capacity(span.len() / BYTES_PER_OPERAND),
            ..Body::default()
        },
        scratch: Vec::new(),
    };
    parser.declare_params();
    parser.scopes.open();
    while !parser.cursor.at_end() {
        let before = parser.cursor.pos;
        if parser.statement().is_err() {
            parser.recover(before);
        }
    }
    parser.finish()
}

impl<'m> BodyParser<'m, '_> {
    fn declare_params(&mut self) {
        let function = self.function;
        let returns =
            function.returns.iter().enumerate().map(|(i, p)| (p.name, SymbolKind::Return(i as u32)));
        let params = function.params.iter().enumerate().map(|(i, p)| (p.name, SymbolKind::Param(i as u32)));
        for (name, kind) in returns.chain(params) {
            if !name.is_empty() {
                self.scopes.add_outer(&mut self.body, self.module.name(name), Symbol { name, kind });
            }
        }
    }

    fn finish(mut self) -> (Body, Vec<Diagnostic>) {
        if self.scopes.nesting() > 2 {
            let end = self.cursor.end as u32;
            self.cursor.report(Code::Unterminated, Span::new(end, end), "`{` without its `}`");
        }
        for (name, span) in self.scopes.finish(&self.body) {
            self.cursor.report(Code::Undefined, span, format!("label `{name}` is not defined"));
        }
        self.apply_aliases();
        (self.body, self.cursor.diagnostics)
    }

    /// Replaces labels used in an inner scope by the label of the outer scope that they meant.
    fn apply_aliases(&mut self) {
        if self.scopes.aliases.is_empty() {
            return;
        }
        let mut map: Vec<u32> = (0..self.body.symbols.len() as u32).collect();
        // Later aliases are of outer scopes: following them from the last resolves chains.
        for (from, to) in self.scopes.aliases.iter().rev() {
            map[from.0 as usize] = map[to.0 as usize];
        }
        for operand in &mut self.body.pool {
            if let Operand::Sym(id, _) = operand {
                *id = SymId(map[id.0 as usize]);
            }
        }
        for list in &mut self.body.target_lists {
            for id in &mut list.targets {
                *id = SymId(map[id.0 as usize]);
            }
        }
    }

    fn statement(&mut self) -> Parsed<()> {
        let start = self.cursor.here();
        match self.cursor.peek() {
            b'{' => {
                if self.scopes.nesting() > MAX_NESTING {
                    let span = Span::new(start, start + 1);
                    return Err(self.cursor.report(Code::Nesting, span, "blocks are nested too deeply"));
                }
                self.cursor.eat(b'{');
                self.scopes.open();
                self.body.stmts.push(Stmt::Open);
                Ok(())
            }
            b'}' => {
                if !self.scopes.close(&self.body) {
                    return Err(self.cursor.expected("a statement"));
                }
                self.cursor.eat(b'}');
                self.body.stmts.push(Stmt::Close);
                Ok(())
            }
            b';' => {
                self.cursor.eat(b';');
                Ok(())
            }
            b'.' => self.directive(start),
            b'@' => {
                let guard = self.guard()?;
                self.instruction(start, Some(guard))
            }
            _ => self.label_or_instruction(start),
        }
    }

    fn label_or_instruction(&mut self, start: u32) -> Parsed<()> {
        let at = self.cursor.pos;
        let Some(name) = self.cursor.ident_tight() else {
            return Err(self.cursor.expected("an instruction"));
        };
        if self.cursor.peek() != b'.' {
            self.cursor.skip();
            if self.cursor.peek() == b':' && self.cursor.peek_at(1) != b':' {
                self.cursor.eat(b':');
                return self.label(name);
            }
        }
        self.cursor.pos = at;
        self.instruction(start, None)
    }

    fn label(&mut self, name: Span) -> Parsed<()> {
        match self.cursor.peek_word() {
            Some("callprototype") => return self.prototype(name),
            Some("branchtargets") => return self.targets(name, TargetKind::Branch),
            Some("calltargets") => return self.targets(name, TargetKind::Call),
            _ => {}
        }
        let kind = SymbolKind::Label(Some(self.body.stmts.len() as u32));
        let text = self.cursor.slice(name);
        let placed = self.scopes.place(&mut self.body, text, Symbol { name, kind });
        let id = placed.map_err(|AlreadyDeclared| self.duplicate(name))?;
        self.body.stmts.push(Stmt::Label(id));
        Ok(())
    }

    fn declare(&mut self, name: Span, kind: SymbolKind) -> Parsed<SymId> {
        let text = self.cursor.slice(name);
        let declared = self.scopes.declare(&mut self.body, text, Symbol { name, kind });
        declared.map_err(|AlreadyDeclared| self.duplicate(name))
    }

    fn duplicate(&mut self, name: Span) -> Failed {
        let text = self.cursor.slice(name);
        self.cursor.report(Code::Duplicate, name, format!("`{text}` is already declared in this scope"))
    }

    fn guard(&mut self) -> Parsed<Guard> {
        self.cursor.eat(b'@');
        let negated = self.cursor.eat(b'!');
        let name = self.cursor.expect_ident("a predicate register")?;
        let pred = operand::resolve(self, name, operand::Names::Values)?;
        let fits = matches!(
            check::register(self.module, self.function, &self.body, pred),
            Some((ScalarType::Pred, _))
        );
        if !fits && self.body.symbol(pred).kind != SymbolKind::Unknown {
            let text = self.cursor.slice(name);
            self.cursor.report(
                Code::OperandType,
                name,
                format!("a guard must be a predicate register; `{text}` is not"),
            );
        }
        Ok(Guard { pred, negated })
    }

    fn instruction(&mut self, start: u32, guard: Option<Guard>) -> Parsed<()> {
        let opcode = self.opcode()?;
        let entry = match opcode {
            Opcode::Span(span) => self.forms.get(self.cursor.slice(span), span),
            Opcode::Joined(ref text, span) => self.forms.get_uncached(text, span),
        };
        let opcode_span = match opcode {
            Opcode::Span(span) | Opcode::Joined(_, span) => span,
        };
        let entry = match entry {
            Ok(entry) => entry,
            Err(diagnostic) => {
                self.cursor.diagnostics.push(diagnostic);
                return Err(Failed);
            }
        };
        if let Some(problem) = &entry.problem
            && problem.code == Code::Unsupported
            && entry.resolved.next.is_none()
        {
            // Its operands may be of a syntax of their own, so they are not looked at.
            self.cursor.diagnostics.push(Diagnostic { span: opcode_span, ..(**problem).clone() });
            return Err(Failed);
        }
        let form = &entry.resolved.form;
        let base = self.scratch.len();
        let parsed = operand::parse_all(self, form.op);
        let operands = self.take_scratch(base);
        parsed?;
        let end = self.cursor.here();
        let span = Span::new(start, self.trim_end(end));
        self.cursor.expect(b';')?;
        let mut inst = Inst { form: form.clone(), guard, operands, span };
        let other = check::instruction(self, &mut inst, &entry.resolved, opcode_span);
        let problem = match other {
            Some(row) => self.forms.problem(&row).map(Arc::new),
            None => entry.problem,
        };
        if let Some(problem) = problem {
            self.cursor.diagnostics.push(Diagnostic { span: opcode_span, ..(*problem).clone() });
        }
        self.body.stmts.push(Stmt::Inst(inst));
        Ok(())
    }

    /// Moves the operands of a finished list to the pool.
    pub fn take_scratch(&mut self, base: usize) -> OperandList {
        let start = self.body.pool.len() as u32;
        self.body.pool.extend(self.scratch.drain(base..));
        OperandList { start, len: self.body.pool.len() as u32 - start }
    }

    fn trim_end(&self, end: u32) -> u32 {
        let bytes = &self.cursor.bytes[..end as usize];
        bytes.iter().rposition(|b| !b.is_ascii_whitespace()).map_or(0, |i| i as u32 + 1)
    }

    /// `add.sat.s32`; the parts may stand apart (`add .s32`).
    fn opcode(&mut self) -> Parsed<Opcode> {
        let start = self.cursor.pos;
        let bytes = self.cursor.bytes;
        let mut at = start;
        while at < self.cursor.end && (is_ident(bytes[at]) || bytes[at] == b'.' || bytes[at] == b':') {
            at += 1;
        }
        if at == start {
            return Err(self.cursor.expected("an instruction"));
        }
        let span = Span::new(start as u32, at as u32);
        self.cursor.pos = at;
        self.cursor.skip();
        if self.cursor.peek() != b'.' {
            return Ok(Opcode::Span(span));
        }
        let mut text = self.cursor.slice(span).to_string();
        let mut end = span.end;
        while let Some(word) = self.cursor.word() {
            text.push_str(self.cursor.slice(word));
            end = word.end;
        }
        Ok(Opcode::Joined(text, Span::new(span.start, end)))
    }

    fn directive(&mut self, start: u32) -> Parsed<()> {
        let Some(word) = self.cursor.peek_word() else {
            return Err(self.cursor.expected("a directive"));
        };
        let span = self.cursor.word().unwrap_or_default();
        match word {
            "reg" => self.registers(),
            "local" => self.variables(start, Linkage::Internal, Space::Local),
            "shared" => self.variables(start, Linkage::Internal, Space::Shared),
            "param" => self.variables(start, Linkage::Internal, Space::Param),
            "global" => self.variables(start, Linkage::Internal, Space::Global),
            "const" => self.variables(start, Linkage::Internal, Space::Const),
            "extern" if self.cursor.eat_word("shared") => {
                self.variables(start, Linkage::Extern, Space::Shared)
            }
            "loc" => self.loc(),
            "pragma" => {
                let text = self.cursor.string()?;
                self.cursor.expect(b';')?;
                self.body.stmts.push(Stmt::Pragma(text));
                Ok(())
            }
            _ => {
                Err(self.cursor.report(Code::Directive, span, format!("`.{word}` does not belong in a body")))
            }
        }
    }

    /// `.reg .b32 %r<100>, %x;`
    fn registers(&mut self) -> Parsed<()> {
        let spec = declare::type_spec(&mut self.cursor)?;
        let first = self.body.reg_decls.len() as u32;
        loop {
            let name = self.cursor.expect_ident("a register's name")?;
            let text = self.cursor.slice(name);
            let count = if self.cursor.eat(b'<') {
                let at = self.cursor.here();
                let count = constant::integer_literal(&mut self.cursor)?;
                let span = Span::new(at, self.cursor.here());
                self.cursor.expect(b'>')?;
                let fits = u32::try_from(count).ok();
                Some(
                    fits.ok_or(Failed)
                        .map_err(|_| self.cursor.report(Code::Range, span, "too many registers"))?,
                )
            } else {
                None
            };
            let declared = match count {
                Some(count) => self.scopes.declare_range(text, spec.ty, spec.vector, count),
                None => {
                    let kind = SymbolKind::Reg { ty: spec.ty, vector: spec.vector };
                    self.scopes.declare(&mut self.body, text, Symbol { name, kind }).map(|_| ())
                }
            };
            if let Err(AlreadyDeclared) = declared {
                self.duplicate(name);
            }
            self.body.reg_decls.push(RegDecl { name, ty: spec.ty, vector: spec.vector, count });
            if !self.cursor.eat(b',') {
                break;
            }
        }
        self.cursor.expect(b';')?;
        self.body.stmts.push(Stmt::Regs(first, self.body.reg_decls.len() as u32));
        Ok(())
    }

    fn variables(&mut self, start: u32, linkage: Linkage, space: Space) -> Parsed<()> {
        for variable in declare::variables(&mut self.cursor, start, linkage, space)? {
            let id = LocalId(self.body.variables.len() as u32);
            let name = variable.name;
            let symbol = Symbol { name, kind: SymbolKind::Local(id) };
            if self.scopes.declare(&mut self.body, self.cursor.slice(name), symbol).is_err() {
                self.duplicate(name);
            }
            self.body.variables.push(variable);
            self.body.stmts.push(Stmt::Variable(id));
        }
        Ok(())
    }

    /// `.loc 1 23 4 {, function_name sym {+ off}, inlined_at 1 2 3}`
    fn loc(&mut self) -> Parsed<()> {
        let mut number = || Ok(constant::integer_literal(&mut self.cursor)? as u32);
        let (file, line, column) = (number()?, number()?, number()?);
        let rest_start = self.cursor.here();
        let mut inlined_at = None;
        while self.cursor.eat(b',') {
            let name = self.cursor.expect_ident("`function_name` or `inlined_at`")?;
            if self.cursor.slice(name) == "inlined_at" {
                let mut number = || Ok(constant::integer_literal(&mut self.cursor)? as u32);
                inlined_at = Some([number()?, number()?, number()?]);
                continue;
            }
            self.cursor.expect_ident("a label")?;
            if self.cursor.eat(b'+') {
                constant::integer_literal(&mut self.cursor)?;
            }
        }
        let end = self.trim_end(self.cursor.here());
        let rest = (end > rest_start).then(|| Span::new(rest_start, end));
        self.body.stmts.push(Stmt::Loc(self.body.locs.len() as u32));
        self.body.locs.push(Loc { file, line, column, inlined_at, rest });
        Ok(())
    }

    /// `name: .callprototype (returns) _ (params);`
    fn prototype(&mut self, name: Span) -> Parsed<()> {
        self.cursor.word();
        let returns = declare::params(&mut self.cursor)?;
        self.cursor.expect_ident("`_`")?;
        let params = declare::params(&mut self.cursor)?;
        let mut noreturn = false;
        while let Some(word) = self.cursor.peek_word() {
            let span = self.cursor.word().unwrap_or_default();
            match word {
                "noreturn" => noreturn = true,
                "abi_preserve" | "abi_preserve_control" => {
                    constant::integer(&mut self.cursor)?;
                }
                _ => {
                    return Err(self.cursor.report(
                        Code::Directive,
                        span,
                        format!("`.{word}` is not of a prototype"),
                    ));
                }
            }
        }
        self.cursor.expect(b';')?;
        let index = self.body.prototypes.len() as u32;
        self.declare(name, SymbolKind::Prototype(index))?;
        self.body.prototypes.push(Prototype { name, returns, params, noreturn });
        self.body.stmts.push(Stmt::Prototype(index));
        Ok(())
    }

    /// `name: .branchtargets a, b;`
    fn targets(&mut self, name: Span, kind: TargetKind) -> Parsed<()> {
        self.cursor.word();
        let mut targets = Vec::new();
        loop {
            let target = self.cursor.expect_ident("a name")?;
            let names = match kind {
                TargetKind::Branch => operand::Names::Labels,
                TargetKind::Call => operand::Names::Values,
            };
            let id = operand::resolve(self, target, names)?;
            let (fits, what) = match (kind, self.body.symbol(id).kind) {
                (TargetKind::Branch, found) => (matches!(found, SymbolKind::Label(_)), "label"),
                (TargetKind::Call, found) => {
                    (matches!(found, SymbolKind::Global(Global::Function(_))), "function")
                }
            };
            if !fits {
                let message = format!("`{}` is not a {what}", self.cursor.slice(target));
                self.cursor.report(Code::WrongKind, target, message);
            }
            targets.push(id);
            if !self.cursor.eat(b',') {
                break;
            }
        }
        self.cursor.expect(b';')?;
        let index = self.body.target_lists.len() as u32;
        self.declare(name, SymbolKind::Targets(index))?;
        self.body.target_lists.push(TargetList { name, targets, kind });
        self.body.stmts.push(Stmt::Targets(index));
        Ok(())
    }

    /// Goes on after a failed statement: past its semicolon, or before a brace that is not of an operand.
    fn recover(&mut self, before: usize) {
        self.scratch.clear();
        let cursor = &mut self.cursor;
        if cursor.pos == before && !cursor.at_end() {
            cursor.pos += cursor.text[cursor.pos..].chars().next().map_or(1, char::len_utf8);
            cursor.skip();
        }
        let already_past =
            cursor.bytes[before..cursor.pos].iter().rev().find(|b| !b.is_ascii_whitespace()) == Some(&b';');
        if already_past {
            return;
        }
        let mut depth = 0u32;
        while !cursor.at_end() {
            match cursor.peek() {
                b';' => {
                    cursor.eat(b';');
                    return;
                }
                b'{' => depth += 1,
                b'}' if depth == 0 => return,
                b'}' => depth -= 1,
                _ => {}
            }
            cursor.pos += cursor.text[cursor.pos..].chars().next().map_or(1, char::len_utf8);
            cursor.skip();
        }
    }
}

/// An opcode as it stands in the text, or put together from parts.
enum Opcode {
    Span(Span),
    Joined(String, Span),
}
