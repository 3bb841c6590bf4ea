//! Operands.
//! Invariant: a nested list is moved to the pool when it is complete, so that every list is contiguous there.

use super::body::BodyParser;
use super::constant::{self, Constant};
use super::cursor::{Failed, Parsed, is_ident, is_ident_start};
use crate::ast::*;
use crate::diag::Code;
use crate::isa::{Op, SpecialReg};
use crate::span::Span;
use crate::words::Space;

/// What an unknown name may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Only what is declared before.
    Values,
    /// Also a label that comes later.
    Labels,
}

/// Parses operands up to the semicolon, onto the scratch stack.
pub(super) fn parse_all(p: &mut BodyParser, op: Op) -> Parsed<()> {
    if p.cursor.peek() == b';' {
        return Ok(());
    }
    let names = match op {
        Op::Bra => Names::Labels,
        _ => Names::Values,
    };
    loop {
        let operand =
            if op == Op::Call && p.cursor.peek() == b'(' { arguments(p)? } else { parse(p, names)? };
        p.scratch.push(operand);
        if !p.cursor.eat(b',') {
            return Ok(());
        }
    }
}

fn parse(p: &mut BodyParser, names: Names) -> Parsed<Operand> {
    match p.cursor.peek() {
        b'{' => {
            let first = vector(p)?;
            pair(p, first, names)
        }
        b'[' => bracket(p),
        b'!' if is_ident_start(p.cursor.peek_at(1)) || p.cursor.peek_at(1) == b' ' => {
            p.cursor.eat(b'!');
            let name = p.cursor.expect_ident("a predicate register")?;
            Ok(Operand::Not(resolve(p, name, Names::Values)?))
        }
        b'0'..=b'9' | b'-' | b'+' | b'~' | b'(' | b'!' => literal(p),
        b if is_ident_start(b) => {
            let first = named(p, names)?;
            pair(p, first, names)
        }
        _ => Err(p.cursor.expected("an operand")),
    }
}

/// `first`, or `first|second`.
fn pair(p: &mut BodyParser, first: Operand, names: Names) -> Parsed<Operand> {
    if p.cursor.peek() != b'|' {
        return Ok(first);
    }
    p.cursor.eat(b'|');
    let second = named(p, names)?;
    let base = p.scratch.len();
    p.scratch.push(first);
    p.scratch.push(second);
    Ok(Operand::Pair(p.take_scratch(base)))
}

fn literal(p: &mut BodyParser) -> Parsed<Operand> {
    Ok(match constant::parse(&mut p.cursor)? {
        Constant::Int(value, _) => Operand::Int(value),
        Constant::F32(bits) => Operand::F32(bits),
        Constant::F64(bits) => Operand::F64(bits),
    })
}

/// `{a, b}`
fn vector(p: &mut BodyParser) -> Parsed<Operand> {
    p.cursor.eat(b'{');
    let base = p.scratch.len();
    while !p.cursor.eat(b'}') {
        let element = match p.cursor.peek() {
            b'0'..=b'9' | b'-' | b'+' | b'~' | b'(' => literal(p)?,
            b if is_ident_start(b) => named(p, Names::Values)?,
            _ => return Err(p.cursor.expected("a vector's element")),
        };
        p.scratch.push(element);
        if !p.cursor.eat(b',') {
            p.cursor.expect(b'}')?;
            break;
        }
    }
    Ok(Operand::Vector(p.take_scratch(base)))
}

/// `(a, b)` of a call.
fn arguments(p: &mut BodyParser) -> Parsed<Operand> {
    p.cursor.eat(b'(');
    let base = p.scratch.len();
    while !p.cursor.eat(b')') {
        let element = parse(p, Names::Values)?;
        p.scratch.push(element);
        if !p.cursor.eat(b',') {
            p.cursor.expect(b')')?;
            break;
        }
    }
    Ok(Operand::Args(p.take_scratch(base)))
}

/// `[a]`, `[a+4]`, `[a, {x, y}]`
fn bracket(p: &mut BodyParser) -> Parsed<Operand> {
    p.cursor.eat(b'[');
    let first = address(p)?;
    if p.cursor.eat(b']') {
        // 9.7.9.8: `.unified` promises that the address is the same on all devices of a system; we have no other.
        p.cursor.eat_word("unified");
        return Ok(first);
    }
    let base = p.scratch.len();
    p.scratch.push(first);
    while p.cursor.eat(b',') {
        let part = match p.cursor.peek() {
            b'{' => vector(p)?,
            b'0'..=b'9' | b'-' | b'(' => literal(p)?,
            _ => named(p, Names::Values)?,
        };
        p.scratch.push(part);
    }
    p.cursor.expect(b']')?;
    Ok(Operand::Bracket(p.take_scratch(base)))
}

/// What stands inside the brackets, up to `]` or a comma.
fn address(p: &mut BodyParser) -> Parsed<Operand> {
    if !is_ident_start(p.cursor.peek()) {
        let offset = constant::integer(&mut p.cursor)?;
        return Ok(Operand::Addr { base: AddrBase::None, offset });
    }
    let start = p.cursor.here();
    let base = match named(p, Names::Values)? {
        Operand::Reg(id) => AddrBase::Reg(id),
        Operand::Elem(id, element) => AddrBase::Elem(id, element),
        Operand::Sym(id, offset) => return Ok(Operand::Addr { base: AddrBase::Sym(id), offset }),
        Operand::Int(offset) => return Ok(Operand::Addr { base: AddrBase::None, offset }),
        _ => {
            let span = Span::new(start, p.cursor.here());
            return Err(p.cursor.report(Code::OperandKind, span, "this cannot be an address"));
        }
    };
    Ok(Operand::Addr { base, offset: offset(p)? })
}

/// `+4`, `-4`, `+-4`, or nothing.
fn offset(p: &mut BodyParser) -> Parsed<i64> {
    match p.cursor.peek() {
        b'+' => {
            p.cursor.eat(b'+');
            constant::integer(&mut p.cursor)
        }
        b'-' => constant::integer(&mut p.cursor),
        _ => Ok(0),
    }
}

/// A name with what may follow it: `%r1`, `%tid.x`, `%v.x`, `%r1.b0`, `sym+4`, `_`.
#[inline]
fn named(p: &mut BodyParser, names: Names) -> Parsed<Operand> {
    let Some(name) = p.cursor.ident_tight() else {
        return Err(p.cursor.expected("a name"));
    };
    let suffix = p.cursor.peek() == b'.';
    let text = p.cursor.slice(name);
    if names == Names::Labels {
        p.cursor.skip();
        return Ok(Operand::Sym(resolve(p, name, names)?, 0));
    }
    if let Some(id) = p.scopes.find(&mut p.body, text, name) {
        if suffix {
            return element(p, id, name);
        }
        p.cursor.skip();
        return with_offset(p, id);
    }
    if text == "_" {
        p.cursor.skip();
        return Ok(Operand::Sink);
    }
    if text == "WARP_SZ" {
        p.cursor.skip();
        return Ok(Operand::Int(32));
    }
    if text.as_bytes()[0] == b'%'
        && let Some(special) = SpecialReg::from_name(text.as_bytes())
    {
        return special_register(p, special, name);
    }
    p.cursor.skip();
    let id = resolve(p, name, names)?;
    with_offset(p, id)
}

fn with_offset(p: &mut BodyParser, id: SymId) -> Parsed<Operand> {
    let is_register = match p.body.symbol(id).kind {
        SymbolKind::Reg { .. } => true,
        SymbolKind::Param(i) => p.function.params[i as usize].space == Space::Reg,
        SymbolKind::Return(i) => p.function.returns[i as usize].space == Space::Reg,
        _ => false,
    };
    if is_register {
        return Ok(Operand::Reg(id));
    }
    let element = if p.cursor.peek() == b'[' { array_element(p, id)? } else { 0 };
    Ok(Operand::Sym(id, element.wrapping_add(offset(p)?)))
}

/// `array[3]` as an address (6.4.2): the element's offset in bytes.
fn array_element(p: &mut BodyParser, id: SymId) -> Parsed<i64> {
    let variable = match p.body.symbol(id).kind {
        SymbolKind::Local(local) => &p.body.variables[local.0 as usize],
        SymbolKind::Global(Global::Variable(var)) => p.module.variable(var),
        _ => return Err(p.cursor.expected("an operand's end")),
    };
    let bytes = i64::from(variable.ty.bytes()) * i64::from(variable.vector);
    p.cursor.eat(b'[');
    let index = constant::integer(&mut p.cursor)?;
    p.cursor.expect(b']')?;
    Ok(index.wrapping_mul(bytes))
}

fn element_index(letter: u8) -> Option<u8> {
    Some(match letter {
        b'x' | b'r' => 0,
        b'y' | b'g' => 1,
        b'z' | b'b' => 2,
        b'w' | b'a' => 3,
        _ => return None,
    })
}

/// The word after the dot that is next, taken.
fn suffix<'m>(p: &mut BodyParser<'m, '_>) -> (&'m str, Span) {
    let start = p.cursor.pos + 1;
    let mut at = start;
    while at < p.cursor.end && is_ident(p.cursor.bytes[at]) {
        at += 1;
    }
    p.cursor.pos = at;
    p.cursor.skip();
    let span = Span::new(start as u32, at as u32);
    (p.cursor.slice(span), span)
}

/// `%v.x` or `%r.b0`, after the name.
fn element(p: &mut BodyParser, id: SymId, name: Span) -> Parsed<Operand> {
    let (word, span) = suffix(p);
    let vector = match p.body.symbol(id).kind {
        SymbolKind::Reg { vector, .. } => vector,
        _ => 1,
    };
    if let ([letter], true) = (word.as_bytes(), vector > 1)
        && let Some(index) = element_index(*letter).filter(|index| *index < vector)
    {
        return Ok(Operand::Elem(id, index));
    }
    if let Some(selector) = selector(word).filter(|_| vector == 1) {
        return Ok(Operand::Select(id, selector));
    }
    let text = p.cursor.slice(name);
    Err(p.cursor.report(Code::OperandKind, span, format!("`{text}` has no element `.{word}`")))
}

/// `b0`, `h1`, `b3210`, `h10`
fn selector(word: &str) -> Option<Selector> {
    let (&kind, digits) = word.as_bytes().split_first()?;
    let half = match kind {
        b'b' => false,
        b'h' => true,
        _ => return None,
    };
    if digits.is_empty() || digits.len() > 4 || !digits.iter().all(|d| (b'0'..b'8').contains(d)) {
        return None;
    }
    let mut selector = Selector { half, len: digits.len() as u8, digits: [0; 4] };
    for (to, from) in selector.digits.iter_mut().zip(digits) {
        *to = from - b'0';
    }
    Some(selector)
}

fn special_register(p: &mut BodyParser, special: SpecialReg, name: Span) -> Parsed<Operand> {
    let row = special.row();
    let module = p.module;
    if let Some(reason) = row.unsupported {
        p.cursor.report(Code::Unsupported, name, format!("`{}` is not supported: {reason}", row.name));
    } else if module.version < row.ptx {
        let (major, minor) = row.ptx;
        p.cursor.report(
            Code::NeedsPtx,
            name,
            format!("`{}` needs .version {major}.{minor} or higher", row.name),
        );
    } else if module.sm < row.sm {
        p.cursor.report(
            Code::NeedsTarget,
            name,
            format!("`{}` needs .target sm_{} or higher", row.name, row.sm),
        );
    }
    if p.cursor.peek() != b'.' {
        p.cursor.skip();
        if row.vector {
            let message = format!("`{}` is a vector; one of .x .y .z must follow", row.name);
            return Err(p.cursor.report(Code::OperandKind, name, message));
        }
        return Ok(Operand::Special(special, 0));
    }
    let (word, span) = suffix(p);
    if let ([letter], true) = (word.as_bytes(), row.vector)
        && let Some(index) = element_index(*letter)
    {
        return Ok(Operand::Special(special, index));
    }
    Err(p.cursor.report(Code::OperandKind, span, format!("`{}` has no element `.{word}`", row.name)))
}

/// The symbol of a name; reports one that stands for nothing.
pub(super) fn resolve(p: &mut BodyParser, name: Span, names: Names) -> Parsed<SymId> {
    let text = p.cursor.slice(name);
    let found = p.scopes.find(&mut p.body, text, name);
    if names == Names::Labels {
        // A label may be named like a parameter, a function or a variable of the module.
        let outer = |id: &SymId| {
            let kind = p.body.symbol(*id).kind;
            matches!(kind, SymbolKind::Param(_) | SymbolKind::Return(_) | SymbolKind::Global(_))
        };
        return match found.filter(|id| !outer(id)) {
            Some(id) => Ok(id),
            None => Ok(p.scopes.forward_label(&mut p.body, text, name)),
        };
    }
    if let Some(id) = found {
        return Ok(id);
    }
    if let Some(&global) = p.module.globals.get(text) {
        let symbol = Symbol { name, kind: SymbolKind::Global(global) };
        return Ok(p.scopes.add_outer(&mut p.body, text, symbol));
    }
    Err(undefined(p, name, text))
}

#[cold]
fn undefined(p: &mut BodyParser, name: Span, text: &str) -> Failed {
    let what = if text.starts_with('%') { "register" } else { "name" };
    p.cursor.report(Code::Undefined, name, format!("{what} `{text}` is not declared"))
}
