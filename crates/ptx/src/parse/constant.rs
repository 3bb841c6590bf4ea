//! Constants and constant expressions (PTX ISA 4.5).
//! Invariant: integer arithmetic is 64-bit two's complement, signed or unsigned as 4.5.5 says; nothing here panics.

use super::cursor::{Cursor, Parsed, is_ident};
use crate::diag::Code;
use crate::span::Span;

/// A constant's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Constant {
    /// Bits, and whether it is `.u64`.
    Int(i64, bool),
    F32(u32),
    F64(u64),
}

/// Deepest nesting of parentheses and unary operators.
const MAX_DEPTH: u32 = 64;

/// Whether a constant begins here (a parenthesis also does).
pub(crate) fn starts(cursor: &Cursor) -> bool {
    matches!(cursor.peek(), b'0'..=b'9' | b'-' | b'+' | b'~' | b'(')
}

/// Parses a constant expression.
pub(crate) fn parse(cursor: &mut Cursor) -> Parsed<Constant> {
    if cursor.peek().is_ascii_digit() {
        let literal = literal(cursor)?;
        if matches!(cursor.peek(), b',' | b';' | b']' | b'}' | b')') {
            return Ok(literal);
        }
        return rest_of_expression(cursor, literal);
    }
    conditional(cursor, 0)
}

/// Parses a constant expression that must be an integer.
pub(crate) fn integer(cursor: &mut Cursor) -> Parsed<i64> {
    let start = cursor.here();
    match parse(cursor)? {
        Constant::Int(value, _) => Ok(value),
        Constant::F32(_) | Constant::F64(_) => {
            let span = Span::new(start, cursor.here());
            Err(cursor.report(Code::Number, span, "an integer is needed here"))
        }
    }
}

fn rest_of_expression(cursor: &mut Cursor, first: Constant) -> Parsed<Constant> {
    let value = binary(cursor, first, 0, 0)?;
    choose(cursor, value, 0)
}

fn conditional(cursor: &mut Cursor, depth: u32) -> Parsed<Constant> {
    let first = unary(cursor, depth)?;
    let value = binary(cursor, first, 0, depth)?;
    choose(cursor, value, depth)
}

fn choose(cursor: &mut Cursor, condition: Constant, depth: u32) -> Parsed<Constant> {
    if !cursor.eat(b'?') {
        return Ok(condition);
    }
    let yes = conditional(cursor, depth + 1)?;
    cursor.expect(b':')?;
    let no = conditional(cursor, depth + 1)?;
    Ok(if is_true(condition) { yes } else { no })
}

fn is_true(value: Constant) -> bool {
    match value {
        Constant::Int(v, _) => v != 0,
        Constant::F32(bits) => f32::from_bits(bits) != 0.0,
        Constant::F64(bits) => f64::from_bits(bits) != 0.0,
    }
}

fn unary(cursor: &mut Cursor, depth: u32) -> Parsed<Constant> {
    if depth > MAX_DEPTH {
        let span = Span::new(cursor.here(), cursor.here());
        return Err(cursor.report(Code::Nesting, span, "constant expression is nested too deeply"));
    }
    match cursor.peek() {
        b'0'..=b'9' => literal(cursor),
        b'-' => {
            cursor.eat(b'-');
            Ok(match unary(cursor, depth + 1)? {
                Constant::Int(v, unsigned) => Constant::Int(v.wrapping_neg(), unsigned),
                Constant::F32(bits) => Constant::F32(bits ^ 1 << 31),
                Constant::F64(bits) => Constant::F64(bits ^ 1 << 63),
            })
        }
        b'+' => {
            cursor.eat(b'+');
            unary(cursor, depth + 1)
        }
        b'~' => {
            cursor.eat(b'~');
            let (value, unsigned) = int_operand(cursor, depth)?;
            Ok(Constant::Int(!value, unsigned))
        }
        b'!' => {
            cursor.eat(b'!');
            let (value, _) = int_operand(cursor, depth)?;
            Ok(Constant::Int(i64::from(value == 0), false))
        }
        b'(' => parenthesis(cursor, depth),
        _ if cursor.bytes[cursor.pos..cursor.end].starts_with(b"WARP_SZ") => {
            cursor.ident();
            Ok(Constant::Int(32, false))
        }
        _ => Err(cursor.expected("a constant")),
    }
}

fn int_operand(cursor: &mut Cursor, depth: u32) -> Parsed<(i64, bool)> {
    let start = cursor.here();
    match unary(cursor, depth + 1)? {
        Constant::Int(value, unsigned) => Ok((value, unsigned)),
        _ => Err(cursor.report(Code::Number, Span::new(start, cursor.here()), "an integer is needed here")),
    }
}

/// `(expr)`, or a cast `(.s64) expr`, `(.u64) expr`.
fn parenthesis(cursor: &mut Cursor, depth: u32) -> Parsed<Constant> {
    cursor.expect(b'(')?;
    let cast = match cursor.peek_word() {
        Some("s64") => Some(false),
        Some("u64") => Some(true),
        _ => None,
    };
    let Some(unsigned) = cast else {
        let value = conditional(cursor, depth + 1)?;
        cursor.expect(b')')?;
        return Ok(value);
    };
    cursor.word();
    cursor.expect(b')')?;
    let (value, _) = int_operand(cursor, depth)?;
    Ok(Constant::Int(value, unsigned))
}

/// The binary operator that is next: its text and precedence (higher binds tighter).
fn operator(cursor: &Cursor) -> Option<(&'static str, u8)> {
    let two = (cursor.peek(), cursor.peek_at(1));
    Some(match two {
        (b'|', b'|') => ("||", 1),
        (b'&', b'&') => ("&&", 2),
        (b'=', b'=') => ("==", 6),
        (b'!', b'=') => ("!=", 6),
        (b'<', b'=') => ("<=", 7),
        (b'>', b'=') => (">=", 7),
        (b'<', b'<') => ("<<", 8),
        (b'>', b'>') => (">>", 8),
        (b'|', _) => ("|", 3),
        (b'^', _) => ("^", 4),
        (b'&', _) => ("&", 5),
        (b'<', _) => ("<", 7),
        (b'>', _) => (">", 7),
        (b'+', _) => ("+", 9),
        (b'-', _) => ("-", 9),
        (b'*', _) => ("*", 10),
        (b'/', _) => ("/", 10),
        (b'%', next) if !is_ident(next) || next.is_ascii_digit() => ("%", 10),
        _ => return None,
    })
}

fn binary(cursor: &mut Cursor, mut left: Constant, min: u8, depth: u32) -> Parsed<Constant> {
    while let Some((op, precedence)) = operator(cursor) {
        if precedence <= min {
            break;
        }
        let at = Span::new(cursor.here(), cursor.here() + op.len() as u32);
        cursor.pos += op.len();
        cursor.skip();
        let mut right = unary(cursor, depth + 1)?;
        right = binary(cursor, right, precedence, depth + 1)?;
        left = apply(cursor, op, left, right, at)?;
    }
    Ok(left)
}

fn apply(cursor: &mut Cursor, op: &str, left: Constant, right: Constant, at: Span) -> Parsed<Constant> {
    match (left, right) {
        (Constant::Int(a, ua), Constant::Int(b, ub)) => {
            let shift = matches!(op, "<<" | ">>");
            let unsigned = if shift { ua } else { ua || ub };
            match int_binary(op, a, b, unsigned) {
                Some(value) => Ok(value),
                None => Err(cursor.report(Code::Number, at, "division by zero in a constant expression")),
            }
        }
        (Constant::F64(a), Constant::F64(b)) => {
            let (a, b) = (f64::from_bits(a), f64::from_bits(b));
            let value = match op {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => a / b,
                _ => {
                    return Err(cursor.report(
                        Code::Number,
                        at,
                        format!("`{op}` does not take floating-point"),
                    ));
                }
            };
            Ok(Constant::F64(value.to_bits()))
        }
        _ => Err(cursor.report(Code::Number, at, format!("`{op}` between constants of different kinds"))),
    }
}

fn int_binary(op: &str, a: i64, b: i64, unsigned: bool) -> Option<Constant> {
    let (ua, ub) = (a as u64, b as u64);
    let truth = |t: bool| Constant::Int(i64::from(t), false);
    let less = if unsigned { ua < ub } else { a < b };
    let value = match op {
        "+" => a.wrapping_add(b),
        "-" => a.wrapping_sub(b),
        "*" => a.wrapping_mul(b),
        "/" if b == 0 => return None,
        "%" if b == 0 => return None,
        "/" if unsigned => (ua / ub) as i64,
        "%" if unsigned => (ua % ub) as i64,
        "/" => a.wrapping_div(b),
        "%" => a.wrapping_rem(b),
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        "<<" if ub > 63 => 0,
        "<<" => a << b,
        ">>" if unsigned => {
            if ub > 63 {
                0
            } else {
                (ua >> b) as i64
            }
        }
        ">>" => a >> ub.min(63),
        "==" => return Some(truth(a == b)),
        "!=" => return Some(truth(a != b)),
        "<" => return Some(truth(less)),
        ">=" => return Some(truth(!less)),
        ">" => return Some(truth(!less && a != b)),
        "<=" => return Some(truth(less || a == b)),
        "&&" => return Some(truth(a != 0 && b != 0)),
        "||" => return Some(truth(a != 0 || b != 0)),
        _ => unreachable!("`operator` lists every binary operator"),
    };
    Some(Constant::Int(value, unsigned))
}

/// A number. Digits are scanned first, so that the span of a bad one is right.
fn literal(cursor: &mut Cursor) -> Parsed<Constant> {
    let start = cursor.pos;
    let bytes = cursor.bytes;
    let mut at = start;
    while at < cursor.end && (bytes[at].is_ascii_alphanumeric()) {
        at += 1;
    }
    let radix_digits = &cursor.text[start..at];
    let mut is_decimal_float = false;
    let hex = radix_digits.starts_with("0x") || radix_digits.starts_with("0X");
    if !hex
        && at < cursor.end
        && bytes[at] == b'.'
        && (at + 1 >= cursor.end || !bytes[at + 1].is_ascii_alphabetic())
    {
        is_decimal_float = true;
        at += 1;
        while at < cursor.end && bytes[at].is_ascii_alphanumeric() {
            at += 1;
        }
    }
    let exponent_of = |at: usize| {
        at > start
            && matches!(bytes[at - 1], b'e' | b'E')
            && bytes[start..at - 1].iter().all(|b| b.is_ascii_digit() || *b == b'.')
    };
    if !hex && at < cursor.end && matches!(bytes[at], b'+' | b'-') && exponent_of(at) {
        is_decimal_float = true;
        at += 1;
        while at < cursor.end && bytes[at].is_ascii_digit() {
            at += 1;
        }
    }
    let span = Span::new(start as u32, at as u32);
    let text = &cursor.text[start..at];
    cursor.pos = at;
    cursor.skip();
    let value = if is_decimal_float { decimal_float(text) } else { int_or_bits(text) };
    value.ok_or(()).map_err(|()| cursor.report(Code::Number, span, format!("`{text}` is not a number")))
}

fn decimal_float(text: &str) -> Option<Constant> {
    text.parse::<f64>().ok().map(|v| Constant::F64(v.to_bits()))
}

fn int_or_bits(text: &str) -> Option<Constant> {
    let bytes = text.as_bytes();
    let prefix = if bytes.len() > 1 && bytes[0] == b'0' { bytes[1] } else { 0 };
    match prefix {
        b'f' | b'F' if text.len() == 10 => {
            return u32::from_str_radix(&text[2..], 16).ok().map(Constant::F32);
        }
        b'd' | b'D' if text.len() == 18 => {
            return u64::from_str_radix(&text[2..], 16).ok().map(Constant::F64);
        }
        _ => {}
    }
    let (digits, unsigned) = match text.strip_suffix('U') {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let (digits, radix) = match prefix {
        b'x' | b'X' => (&digits[2..], 16),
        b'b' | b'B' => (&digits[2..], 2),
        b'0'..=b'9' => (&digits[1..], 8),
        _ => (digits, 10),
    };
    if digits.starts_with('+') {
        return None;
    }
    match u64::from_str_radix(digits, radix) {
        // 4.5.1: a literal that does not fit .s64 is .u64.
        Ok(value) => Some(Constant::Int(value as i64, unsigned || value > i64::MAX as u64)),
        Err(_) if radix == 10 && digits.contains(['e', 'E']) => decimal_float(digits),
        Err(_) => None,
    }
}

/// Parses one integer literal, without operators: for places where `>` or a word may follow.
pub(crate) fn integer_literal(cursor: &mut Cursor) -> Parsed<i64> {
    if !cursor.peek().is_ascii_digit() {
        return Err(cursor.expected("an integer"));
    }
    let start = cursor.here();
    match literal(cursor)? {
        Constant::Int(value, _) => Ok(value),
        Constant::F32(_) | Constant::F64(_) => {
            let span = Span::new(start, cursor.here());
            Err(cursor.report(Code::Number, span, "an integer is needed here"))
        }
    }
}
