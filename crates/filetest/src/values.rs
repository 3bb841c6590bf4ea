//! Lists of values in test comments, and the types that they have in memory.

use crate::expr::{self, Expr, Number};
use ir::{Rounding, Type};

/// A type of the comments: the bits of an IR type, and whether integers are shown signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Elem {
    pub ty: Type,
    pub signed: bool,
}

impl Elem {
    /// A PTX type name: `s32`, `bf16`.
    pub fn parse(name: &str) -> Option<Elem> {
        let ty = match name {
            "f16" => Type::F16,
            "bf16" => Type::BF16,
            "f32" => Type::F32,
            "f64" => Type::F64,
            _ => {
                let (letter, bits) = name.split_at_checked(1)?;
                let ty = Type::int(bits.parse().ok()?).filter(|t| *t != Type::I1)?;
                return matches!(letter, "u" | "s" | "b").then_some(Elem { ty, signed: letter == "s" });
            }
        };
        Some(Elem { ty, signed: true })
    }

    pub fn bytes(self) -> usize {
        self.ty.bytes() as usize
    }

    /// A value for people: `-3`, `1.5 (0x3fc00000)`.
    pub fn show(self, bits: u64) -> String {
        if self.ty.is_float() {
            return format!("{} ({bits:#x})", ir::eval::to_f64(self.ty, bits));
        }
        let up = 64 - self.ty.bits();
        if self.signed { format!("{}", (bits << up) as i64 >> up) } else { format!("{bits} ({bits:#x})") }
    }

    fn bits_of(self, number: Number) -> u64 {
        let bits = match number {
            Number::Int(n) if self.ty.is_int() => n as u64,
            // Integers beyond 2^53 do not occur in float tests.
            other if self.ty.is_float() => ir::eval::from_f64(self.ty, other.float(), Rounding::Nearest),
            other => other.float() as i128 as u64,
        };
        bits & self.ty.mask()
    }
}

/// How often an item comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Times {
    Count(usize),
    ToTheEnd,
}

#[derive(Clone, PartialEq, Debug)]
enum Item {
    Bits(u64),
    /// A float of 64 bits, to be rounded into the type.
    Value(Number),
    Expr(Expr),
    /// From and to, exclusive.
    Range(i128, i128),
    /// Address of a buffer or `@variable`, plus bytes.
    Address(String, i64),
}

/// A list of values as written.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Values {
    items: Vec<(Item, usize, bool)>,
}

/// Parses a list of values. Errors: a sentence on the item that cannot be read.
pub fn parse(text: &str) -> Result<Values, String> {
    let mut items = Vec::new();
    for word in words(text)? {
        let (body, times) = times(&word)?;
        let (count, to_end) = match times {
            Times::Count(n) => (n, false),
            Times::ToTheEnd => (0, true),
        };
        items.push((item(body)?, count, to_end));
    }
    if items.iter().rev().skip(1).any(|(_, _, to_end)| *to_end) {
        return Err("an item that goes to the end must be the last".into());
    }
    Ok(Values { items })
}

/// Splits at commas and blanks outside braces and parentheses; `{…}*3` stays one word.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut list = vec![String::new()];
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 && (c == ',' || c.is_whitespace()) {
            list.push(String::new());
        } else {
            list.last_mut().expect("never empty").push(c);
        }
    }
    if depth != 0 {
        return Err(format!("braces do not match in `{text}`"));
    }
    Ok(list.into_iter().filter(|w| !w.is_empty()).collect())
}

fn times(word: &str) -> Result<(&str, Times), String> {
    let default = if word.starts_with('{') { Times::ToTheEnd } else { Times::Count(1) };
    let star = match word.rfind('}') {
        Some(end) => word[end..].find('*').map(|at| end + at),
        None => word.rfind('*'),
    };
    let Some(star) = star else { return Ok((word, default)) };
    let (body, count) = (&word[..star], &word[star + 1..]);
    if count.is_empty() {
        return Ok((body, Times::ToTheEnd));
    }
    let count = count.parse().map_err(|_| format!("`{count}` is no number of times"))?;
    Ok((body, Times::Count(count)))
}

fn item(word: &str) -> Result<Item, String> {
    let bad = || format!("cannot read the value `{word}`");
    if let Some(inner) = word.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
        return Ok(Item::Expr(expr::parse(inner)?));
    }
    if let Some(name) = word.strip_prefix('&') {
        let (name, offset) = name.split_once('+').unwrap_or((name, "0"));
        return Ok(Item::Address(name.into(), offset.parse().map_err(|_| bad())?));
    }
    if let Some((from, to)) = word.split_once("..") {
        return Ok(Item::Range(from.parse().map_err(|_| bad())?, to.parse().map_err(|_| bad())?));
    }
    for prefix in ["0f", "0F", "0d", "0D"] {
        if let Some(hex) = word.strip_prefix(prefix) {
            return u64::from_str_radix(hex, 16).map(Item::Bits).map_err(|_| bad());
        }
    }
    let (sign, magnitude) = match word.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, word),
    };
    match (magnitude, sign) {
        ("inf", _) => return Ok(Item::Value(Number::Float(f64::INFINITY * f64::from(sign)))),
        ("nan", _) => return Ok(Item::Value(Number::Float(f64::NAN))),
        _ => {}
    }
    match expr::number(magnitude).ok_or_else(bad)? {
        Number::Int(n) if magnitude.starts_with("0x") && sign == 1 => Ok(Item::Bits(n as u64)),
        Number::Int(0) if sign < 0 => Ok(Item::Value(Number::Float(-0.0))),
        Number::Int(n) => Ok(Item::Value(Number::Int(n * i128::from(sign)))),
        Number::Float(x) => Ok(Item::Value(Number::Float(x * f64::from(sign)))),
    }
}

impl Values {
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The names of which addresses are taken.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter_map(|(item, ..)| match item {
            Item::Address(name, _) => Some(name.as_str()),
            Item::Bits(_) | Item::Value(_) | Item::Expr(_) | Item::Range(..) => None,
        })
    }

    /// The bits of `count` elements, of which the first has index `first`. `address` finds the address of a name.
    pub fn expand(
        &self,
        elem: Elem,
        first: usize,
        count: usize,
        address: &dyn Fn(&str) -> Option<u64>,
    ) -> Result<Vec<u64>, String> {
        let mut list: Vec<u64> = Vec::with_capacity(count);
        for (item, times, to_end) in &self.items {
            let times = if *to_end { count.saturating_sub(list.len()) } else { *times };
            for _ in 0..times {
                let index = (first + list.len()) as i128;
                match item {
                    Item::Bits(bits) => list.push(bits & elem.ty.mask()),
                    Item::Value(number) => list.push(elem.bits_of(*number)),
                    Item::Expr(expr) => list.push(elem.bits_of(expr::eval(expr, index)?)),
                    Item::Range(from, to) => list.extend((*from..*to).map(|n| elem.bits_of(Number::Int(n)))),
                    Item::Address(name, offset) => {
                        let base = address(name).ok_or_else(|| format!("no buffer named {name}"))?;
                        list.push(base.wrapping_add_signed(*offset) & elem.ty.mask());
                    }
                }
            }
        }
        if list.len() == count {
            Ok(list)
        } else {
            Err(format!("{} values where {count} are needed", list.len()))
        }
    }
}

/// Elements as bytes in memory.
pub fn to_bytes(elem: Elem, values: &[u64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()[..elem.bytes()].to_vec()).collect()
}

/// Bytes in memory as elements.
pub fn from_bytes(elem: Elem, bytes: &[u8]) -> Vec<u64> {
    let read = |chunk: &[u8]| chunk.iter().rev().fold(0, |value, &byte| (value << 8) | u64::from(byte));
    bytes.chunks_exact(elem.bytes()).map(read).collect()
}

/// Distance in units in the last place; 0 for two NaNs, and for integers whether they differ.
pub fn distance(elem: Elem, a: u64, b: u64) -> u64 {
    let (nan_a, nan_b) = (ir::eval::is_nan(elem.ty, a), ir::eval::is_nan(elem.ty, b));
    if nan_a && nan_b {
        return 0;
    }
    if nan_a != nan_b || elem.ty.is_int() {
        return if a == b { 0 } else { u64::MAX };
    }
    let sign = 1u64 << (elem.ty.bits() - 1);
    let order = |x: u64| if x & sign != 0 { -((x & !sign) as i128) } else { x as i128 };
    // +0 and -0 differ unless a tolerance allows it.
    let zeros = a != b && order(a) == order(b);
    if zeros { 1 } else { order(a).abs_diff(order(b)) as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let cases: [(&str, &str, usize, &[u64]); 9] = [
            ("u32", "1, 2 0x10", 3, &[1, 2, 16]),
            ("s8", "-1*3", 3, &[255, 255, 255]),
            ("f32", "1.5, -inf, 0f3F800000", 3, &[0x3fc0_0000, 0xff80_0000, 0x3f80_0000]),
            ("f32", "0x3f800000 1", 2, &[0x3f80_0000, 0x3f80_0000]),
            ("f32", "-0 -0.0", 2, &[0x8000_0000, 0x8000_0000]),
            ("u16", "0..3, 9*", 5, &[0, 1, 2, 9, 9]),
            ("u32", "{i * 2}*2, {i + 100}", 4, &[0, 2, 102, 103]),
            ("f16", "{i < 1 ? 65504 : nan_free}", 0, &[]),
            ("u64", "&x+8", 1, &[1008]),
        ];
        let address = |name: &str| (name == "x").then_some(1000);
        for (ty, text, count, expect) in cases {
            let elem = Elem::parse(ty).unwrap();
            match parse(text) {
                Ok(values) => assert_eq!(values.expand(elem, 0, count, &address).unwrap(), expect, "{text}"),
                Err(error) => assert!(error.contains("nan_free"), "{text}: {error}"),
            }
        }
        assert!(parse("1*, 2").is_err());
        assert!(parse("{i").is_err());
        assert_eq!(Elem::parse("u1"), None);
    }

    #[test]
    fn distances() {
        let f32 = Elem::parse("f32").unwrap();
        let cases = [
            (0x3f80_0000, 0x3f80_0001, 1),
            (0x7fc0_0000, 0xffc0_0001, 0),
            (0, 0x8000_0000, 1),
            (1, 0x8000_0001, 2),
        ];
        for (a, b, expect) in cases {
            assert_eq!(distance(f32, a, b), expect, "{a:#x} {b:#x}");
        }
    }
}
