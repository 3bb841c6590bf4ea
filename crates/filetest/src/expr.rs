//! The expressions in braces: C operators over the index `i`.
//!
//! A value is an integer or a float; an operation with a float operand is one on floats.

/// A parsed expression.
#[derive(Clone, PartialEq, Debug)]
pub enum Expr {
    Int(i128),
    Float(f64),
    Index,
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
    Choose(Box<Expr>, Box<Expr>, Box<Expr>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unary {
    Neg,
    Not,
    Invert,
    Abs,
    Sqrt,
    Popc,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    Xor,
    Shl,
    Shr,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    AndAlso,
    OrElse,
    Min,
    Max,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Number {
    Int(i128),
    Float(f64),
}

impl Number {
    pub fn float(self) -> f64 {
        match self {
            Number::Int(n) => n as f64,
            Number::Float(x) => x,
        }
    }

    fn truth(self) -> bool {
        self.float() != 0.0
    }
}

/// Parses `text`. Errors: a sentence on what is wrong.
pub fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0 };
    let expr = parser.choose()?;
    match parser.peek() {
        None => Ok(expr),
        Some(extra) => Err(format!("`{extra}` after the end of `{text}`")),
    }
}

/// The value at index `i`; integer division by zero is an error.
pub fn eval(expr: &Expr, i: i128) -> Result<Number, String> {
    Ok(match expr {
        Expr::Int(n) => Number::Int(*n),
        Expr::Float(x) => Number::Float(*x),
        Expr::Index => Number::Int(i),
        Expr::Unary(op, a) => unary(*op, eval(a, i)?),
        Expr::Binary(op, a, b) => binary(*op, eval(a, i)?, eval(b, i)?)?,
        Expr::Choose(cond, a, b) => {
            if eval(cond, i)?.truth() {
                eval(a, i)?
            } else {
                eval(b, i)?
            }
        }
    })
}

fn unary(op: Unary, a: Number) -> Number {
    match (op, a) {
        (Unary::Neg, Number::Int(n)) => Number::Int(n.wrapping_neg()),
        (Unary::Neg, Number::Float(x)) => Number::Float(-x),
        (Unary::Not, a) => Number::Int((!a.truth()).into()),
        (Unary::Invert, a) => Number::Int(!(as_int(a))),
        (Unary::Abs, Number::Int(n)) => Number::Int(n.wrapping_abs()),
        (Unary::Abs, Number::Float(x)) => Number::Float(x.abs()),
        (Unary::Sqrt, a) => Number::Float(a.float().sqrt()),
        (Unary::Popc, a) => Number::Int(as_int(a).count_ones().into()),
    }
}

fn as_int(a: Number) -> i128 {
    match a {
        Number::Int(n) => n,
        Number::Float(x) => x as i128,
    }
}

fn binary(op: Binary, a: Number, b: Number) -> Result<Number, String> {
    let truth = |t: bool| Ok(Number::Int(t.into()));
    match op {
        Binary::AndAlso => return truth(a.truth() && b.truth()),
        Binary::OrElse => return truth(a.truth() || b.truth()),
        Binary::Eq => return truth(a.float() == b.float() && (as_int(a) == as_int(b))),
        Binary::Ne => return truth(a.float() != b.float() || (as_int(a) != as_int(b))),
        _ => {}
    }
    let (Number::Int(m), Number::Int(n)) = (a, b) else {
        let (x, y) = (a.float(), b.float());
        return match op {
            Binary::Add => Ok(Number::Float(x + y)),
            Binary::Sub => Ok(Number::Float(x - y)),
            Binary::Mul => Ok(Number::Float(x * y)),
            Binary::Div => Ok(Number::Float(x / y)),
            Binary::Rem => Ok(Number::Float(x % y)),
            Binary::Min => Ok(Number::Float(x.min(y))),
            Binary::Max => Ok(Number::Float(x.max(y))),
            Binary::Lt => truth(x < y),
            Binary::Le => truth(x <= y),
            Binary::Gt => truth(x > y),
            Binary::Ge => truth(x >= y),
            Binary::And | Binary::Or | Binary::Xor | Binary::Shl | Binary::Shr => {
                Err("bit operation on a float".into())
            }
            Binary::Eq | Binary::Ne | Binary::AndAlso | Binary::OrElse => unreachable!("taken above"),
        };
    };
    let shift = n.clamp(0, 127) as u32;
    match op {
        Binary::Add => Ok(Number::Int(m.wrapping_add(n))),
        Binary::Sub => Ok(Number::Int(m.wrapping_sub(n))),
        Binary::Mul => Ok(Number::Int(m.wrapping_mul(n))),
        Binary::Div => m.checked_div(n).map(Number::Int).ok_or_else(|| "division by zero".into()),
        Binary::Rem => m.checked_rem(n).map(Number::Int).ok_or_else(|| "remainder by zero".into()),
        Binary::And => Ok(Number::Int(m & n)),
        Binary::Or => Ok(Number::Int(m | n)),
        Binary::Xor => Ok(Number::Int(m ^ n)),
        Binary::Shl => Ok(Number::Int(m << shift)),
        Binary::Shr => Ok(Number::Int(m >> shift)),
        Binary::Min => Ok(Number::Int(m.min(n))),
        Binary::Max => Ok(Number::Int(m.max(n))),
        Binary::Lt => truth(m < n),
        Binary::Le => truth(m <= n),
        Binary::Gt => truth(m > n),
        Binary::Ge => truth(m >= n),
        Binary::Eq | Binary::Ne | Binary::AndAlso | Binary::OrElse => unreachable!("taken above"),
    }
}

/// Operators by falling length, so that `<<` is not read as two `<`.
const OPERATORS: [&str; 27] = [
    "||", "&&", "==", "!=", "<=", ">=", "<<", ">>", "<", ">", "|", "^", "&", "+", "-", "*", "/", "%", "!",
    "~", "(", ")", ",", "?", ":", "=", ";",
];

fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut list = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = if first.is_ascii_alphanumeric() || first == '.' || first == '_' {
            let bytes = rest.as_bytes();
            let exponent = |i: usize| matches!(bytes[i], b'+' | b'-') && is_exponent(&rest[..i]);
            (0..rest.len())
                .find(|&i| {
                    !(bytes[i].is_ascii_alphanumeric() || matches!(bytes[i], b'.' | b'_') || exponent(i))
                })
                .unwrap_or(rest.len())
        } else {
            OPERATORS
                .iter()
                .find(|op| rest.starts_with(**op))
                .map(|op| op.len())
                .ok_or_else(|| format!("cannot read `{rest}`"))?
        };
        list.push(rest[..len].to_string());
        rest = rest[len..].trim_start();
    }
    Ok(list)
}

/// Whether a decimal number so far ends with its `e`, so that a sign belongs to it.
fn is_exponent(number: &str) -> bool {
    number.ends_with(['e', 'E'])
        && !number.starts_with("0x")
        && number.starts_with(|c: char| c.is_ascii_digit() || c == '.')
}

/// A number as filetests write it: decimal, hexadecimal, or with a point or exponent.
pub fn number(text: &str) -> Option<Number> {
    if let Some(hex) = text.strip_prefix("0x") {
        return i128::from_str_radix(hex, 16).ok().map(Number::Int);
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    text.parse().map(Number::Int).or_else(|_| text.parse().map(Number::Float)).ok()
}

struct Parser {
    tokens: Vec<String>,
    at: usize,
}

/// Binary operators by rising precedence.
const LEVELS: [&[(&str, Binary)]; 10] = [
    &[("||", Binary::OrElse)],
    &[("&&", Binary::AndAlso)],
    &[("|", Binary::Or)],
    &[("^", Binary::Xor)],
    &[("&", Binary::And)],
    &[("==", Binary::Eq), ("!=", Binary::Ne)],
    &[("<", Binary::Lt), ("<=", Binary::Le), (">", Binary::Gt), (">=", Binary::Ge)],
    &[("<<", Binary::Shl), (">>", Binary::Shr)],
    &[("+", Binary::Add), ("-", Binary::Sub)],
    &[("*", Binary::Mul), ("/", Binary::Div), ("%", Binary::Rem)],
];

impl Parser {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.eat(token) { Ok(()) } else { Err(format!("`{token}` expected before {:?}", self.peek())) }
    }

    fn choose(&mut self) -> Result<Expr, String> {
        let cond = self.level(0)?;
        if !self.eat("?") {
            return Ok(cond);
        }
        let then = self.choose()?;
        self.expect(":")?;
        Ok(Expr::Choose(Box::new(cond), Box::new(then), Box::new(self.choose()?)))
    }

    fn level(&mut self, level: usize) -> Result<Expr, String> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.level(level + 1)?;
        while let Some(&(_, op)) = operators.iter().find(|(token, _)| self.peek() == Some(token)) {
            self.at += 1;
            left = Expr::Binary(op, Box::new(left), Box::new(self.level(level + 1)?));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, String> {
        for (token, op) in [("-", Unary::Neg), ("!", Unary::Not), ("~", Unary::Invert)] {
            if self.eat(token) {
                return Ok(Expr::Unary(op, Box::new(self.unary()?)));
            }
        }
        if self.eat("(") {
            let inner = self.choose()?;
            self.expect(")")?;
            return Ok(inner);
        }
        let Some(token) = self.peek().map(str::to_string) else { return Err("expression ends early".into()) };
        self.at += 1;
        if token == "i" {
            return Ok(Expr::Index);
        }
        if let Some(value) = number(&token) {
            return Ok(match value {
                Number::Int(n) => Expr::Int(n),
                Number::Float(x) => Expr::Float(x),
            });
        }
        self.function(&token)
    }

    fn function(&mut self, name: &str) -> Result<Expr, String> {
        let one = [("abs", Unary::Abs), ("sqrt", Unary::Sqrt), ("popc", Unary::Popc)];
        let two = [("min", Binary::Min), ("max", Binary::Max)];
        let unary = one.iter().find(|(n, _)| *n == name);
        let binary = two.iter().find(|(n, _)| *n == name);
        if unary.is_none() && binary.is_none() {
            return Err(format!("unknown name `{name}`"));
        }
        self.expect("(")?;
        let a = Box::new(self.choose()?);
        let expr = match (unary, binary) {
            (Some((_, op)), _) => Expr::Unary(*op, a),
            (None, Some((_, op))) => {
                self.expect(",")?;
                Expr::Binary(*op, a, Box::new(self.choose()?))
            }
            (None, None) => unreachable!("checked above"),
        };
        self.expect(")")?;
        Ok(expr)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let cases = [
            ("1 + 2 * 3", 0, Number::Int(7)),
            ("(i << 4 | 3) ^ 1", 2, Number::Int(34)),
            ("i < 4 ? i : -i", 5, Number::Int(-5)),
            ("i % 3 == 1 && i != 4", 7, Number::Int(1)),
            ("1.5e-1 * i", 2, Number::Float(0.3)),
            ("min(i, 3) + max(1, popc(0xff))", 9, Number::Int(11)),
            ("~i & 0xf", 1, Number::Int(14)),
            ("sqrt(i)", 9, Number::Float(3.0)),
        ];
        for (text, i, expect) in cases {
            assert_eq!(eval(&parse(text).unwrap(), i).unwrap(), expect, "{text}");
        }
        for bad in ["", "1 +", "foo", "(1", "1 2", "min(1)"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
