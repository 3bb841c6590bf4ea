//! Device `printf`: C formats over a packed argument buffer.
//!
//! Invariant: reads memory only through `Reader`, which refuses what is not mapped. Output is what the host's own
//! `printf` would print (CUDA C++ Programming Guide 10.35: formatting is done on the host).

use std::ffi::CString;

/// Reads memory of kernels.
pub trait Reader {
    /// `N` bytes at `addr`, if they are mapped.
    fn bytes<const N: usize>(&self, addr: u64) -> Option<[u8; N]>;
    /// A NUL-terminated string at `addr`, if it is mapped.
    fn string(&self, addr: u64) -> Option<Vec<u8>>;
}

/// Formats into `out`; returns the number of arguments. `None` if the format or an argument cannot be read.
pub fn format(reader: &impl Reader, format: u64, args: u64, out: &mut Vec<u8>) -> Option<i32> {
    let text = reader.string(format)?;
    let mut args = Args { reader, at: args, count: 0 };
    let mut rest = text.as_slice();
    while let Some(percent) = rest.iter().position(|&byte| byte == b'%') {
        out.extend_from_slice(&rest[..percent]);
        rest = &rest[percent..];
        let (spec, len) = parse(rest, &mut args)?;
        match spec {
            Some(spec) => convert(&spec, &mut args, out)?,
            None => out.extend_from_slice(&rest[..len]),
        }
        rest = &rest[len..];
    }
    out.extend_from_slice(rest);
    Some(args.count)
}

struct Args<'a, R> {
    reader: &'a R,
    at: u64,
    count: i32,
}

impl<R: Reader> Args<'_, R> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.at = self.at.next_multiple_of(N as u64);
        let bytes = self.reader.bytes(self.at)?;
        self.at += N as u64;
        self.count += 1;
        Some(bytes)
    }

    fn int(&mut self) -> Option<i32> {
        self.take().map(i32::from_le_bytes)
    }

    fn long(&mut self) -> Option<i64> {
        self.take().map(i64::from_le_bytes)
    }
}

/// A conversion without its length modifier.
struct Spec {
    flags: Vec<u8>,
    width: Option<i32>,
    precision: Option<i32>,
    length: Length,
    conversion: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    Char,
    Short,
    Int,
    Long,
}

/// The conversion at the start of `text` and its length; `None` in place of the conversion for what C does not
/// define, which is printed as it stands.
fn parse<R: Reader>(text: &[u8], args: &mut Args<'_, R>) -> Option<(Option<Spec>, usize)> {
    let mut at = 1;
    let mut flags = Vec::new();
    while let Some(&flag @ (b'-' | b'+' | b' ' | b'#' | b'0')) = text.get(at) {
        flags.push(flag);
        at += 1;
    }
    let mut width = number(text, &mut at, args)?;
    if let Some(negative) = width.filter(|&w| w < 0) {
        flags.push(b'-');
        width = Some(negative.saturating_neg());
    }
    let mut precision = None;
    if text.get(at) == Some(&b'.') {
        at += 1;
        precision = Some(number(text, &mut at, args)?.unwrap_or(0)).filter(|&p| p >= 0);
    }
    let mut length = Length::Int;
    while let Some(&letter @ (b'h' | b'l' | b'j' | b'z' | b't' | b'L' | b'q')) = text.get(at) {
        length = match (letter, length) {
            (b'h', Length::Short) => Length::Char,
            (b'h', _) => Length::Short,
            _ => Length::Long,
        };
        at += 1;
    }
    let Some(&conversion) = text.get(at) else { return Some((None, text.len())) };
    let known = b"diouxXcsfFeEgGaAp%n".contains(&conversion);
    Some((known.then_some(Spec { flags, width, precision, length, conversion }), at + 1))
}

/// A width or precision: digits, or an argument for `*`.
fn number<R: Reader>(text: &[u8], at: &mut usize, args: &mut Args<'_, R>) -> Option<Option<i32>> {
    if text.get(*at) == Some(&b'*') {
        *at += 1;
        return args.int().map(Some);
    }
    let mut value = None;
    while let Some(digit) = text.get(*at).filter(|byte| byte.is_ascii_digit()) {
        value = Some(value.unwrap_or(0i32).saturating_mul(10).saturating_add(i32::from(digit - b'0')));
        *at += 1;
    }
    Some(value)
}

fn convert<R: Reader>(spec: &Spec, args: &mut Args<'_, R>, out: &mut Vec<u8>) -> Option<()> {
    match spec.conversion {
        b'%' => out.push(b'%'),
        b'n' => {
            args.long()?;
        }
        b'd' | b'i' => {
            let value = match spec.length {
                Length::Long => args.long()?,
                Length::Int => i64::from(args.int()?),
                Length::Short => i64::from(args.int()? as i16),
                Length::Char => i64::from(args.int()? as i8),
            };
            print(spec, c"ll", Value::Int(value), out);
        }
        b'o' | b'u' | b'x' | b'X' => {
            let value = match spec.length {
                Length::Long => args.long()?,
                Length::Int => i64::from(args.int()? as u32),
                Length::Short => i64::from(args.int()? as u16),
                Length::Char => i64::from(args.int()? as u8),
            };
            print(spec, c"ll", Value::Int(value), out);
        }
        b'c' => pad(spec, &[args.int()? as u8], out),
        b's' => {
            let mut text = match args.long()? {
                0 => b"(null)".to_vec(),
                at => args.reader.string(at as u64)?,
            };
            text.truncate(spec.precision.map_or(usize::MAX, |p| p as usize));
            pad(spec, &text, out);
        }
        b'p' => print(spec, c"", Value::Int(args.long()?), out),
        _ => print(spec, c"", Value::Float(f64::from_le_bytes(args.take()?)), out),
    }
    Some(())
}

enum Value {
    Int(i64),
    Float(f64),
}

fn pad(spec: &Spec, text: &[u8], out: &mut Vec<u8>) {
    let fill = (spec.width.unwrap_or(0).min(MAX_FIELD) as usize).saturating_sub(text.len());
    let left = spec.flags.contains(&b'-');
    if !left {
        out.resize(out.len() + fill, b' ');
    }
    out.extend_from_slice(text);
    if left {
        out.resize(out.len() + fill, b' ');
    }
}

/// Widest field that is honoured: a kernel may not make the host allocate gigabytes.
const MAX_FIELD: i32 = 1 << 20;

/// Formats one number with the host's `snprintf`.
fn print(spec: &Spec, length: &std::ffi::CStr, value: Value, out: &mut Vec<u8>) {
    let mut text = vec![b'%'];
    text.extend_from_slice(&spec.flags);
    if let Some(width) = spec.width {
        text.extend_from_slice(width.min(MAX_FIELD).to_string().as_bytes());
    }
    if let Some(precision) = spec.precision {
        text.extend_from_slice(format!(".{}", precision.min(MAX_FIELD)).as_bytes());
    }
    text.extend_from_slice(length.to_bytes());
    text.push(spec.conversion);
    let text = CString::new(text).expect("a conversion has no NUL");
    let mut buffer = vec![0u8; 128];
    loop {
        // SAFETY: the format has exactly one conversion, made above to match the argument; the buffer's size is given.
        let written = unsafe {
            let (at, len) = (buffer.as_mut_ptr().cast(), buffer.len());
            match value {
                Value::Int(value) => libc::snprintf(at, len, text.as_ptr(), value),
                Value::Float(value) => libc::snprintf(at, len, text.as_ptr(), value),
            }
        };
        let Ok(written) = usize::try_from(written) else { return };
        if written < buffer.len() {
            out.extend_from_slice(&buffer[..written]);
            return;
        }
        buffer.resize(written + 1, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Plain;

    impl Reader for Plain {
        fn bytes<const N: usize>(&self, addr: u64) -> Option<[u8; N]> {
            // SAFETY: the tests pass addresses of live buffers.
            Some(unsafe { std::ptr::read_unaligned(addr as *const [u8; N]) })
        }
        fn string(&self, addr: u64) -> Option<Vec<u8>> {
            // SAFETY: as above.
            Some(unsafe { std::ffi::CStr::from_ptr(addr as *const _) }.to_bytes().to_vec())
        }
    }

    fn check(text: &std::ffi::CStr, args: &[u8], expected: &str, count: i32) {
        let mut aligned = vec![0u64; args.len() / 8 + 1];
        // SAFETY: the buffer is at least as long.
        unsafe { std::ptr::copy_nonoverlapping(args.as_ptr(), aligned.as_mut_ptr().cast(), args.len()) };
        let mut out = Vec::new();
        let got = format(&Plain, text.as_ptr() as u64, aligned.as_ptr() as u64, &mut out);
        assert_eq!((String::from_utf8(out).unwrap().as_str(), got), (expected, Some(count)));
    }

    fn pack(parts: &[&[u8]]) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        for part in parts {
            out.resize(out.len().next_multiple_of(part.len()), 0);
            out.extend_from_slice(part);
        }
        out
    }

    #[test]
    fn conversions() {
        let i = |v: i32| v.to_le_bytes();
        let l = |v: i64| v.to_le_bytes();
        let d = |v: f64| v.to_le_bytes();
        check(c"a %d b\n", &pack(&[&i(-5)]), "a -5 b\n", 1);
        check(c"%u %x %X %o", &pack(&[&i(-1), &i(255), &i(255), &i(8)]), "4294967295 ff FF 10", 4);
        check(c"%lld|%d|%llu", &pack(&[&l(-1), &i(7), &l(-1)]), "-1|7|18446744073709551615", 3);
        check(
            c"%f %.2e %g %a",
            &pack(&[&d(1.5), &d(12345.0), &d(0.1), &d(1.0)]),
            "1.500000 1.23e+04 0.1 0x1p+0",
            4,
        );
        check(
            c"%5d|%-5d|%05d|%+d|%*d",
            &pack(&[&i(1), &i(2), &i(3), &i(4), &i(6), &i(5)]),
            "    1|2    |00003|+4|     5",
            6,
        );
        check(c"%c%c%%", &pack(&[&i(65), &i(66)]), "AB%", 2);
        check(c"%hhd %hu", &pack(&[&i(511), &i(-1)]), "-1 65535", 2);
        check(
            c"%s|%6s|%-6s|%.2s",
            &pack(&[
                &l(c"ab".as_ptr() as i64),
                &l(c"cd".as_ptr() as i64),
                &l(c"ef".as_ptr() as i64),
                &l(c"ghij".as_ptr() as i64),
            ]),
            "ab|    cd|ef    |gh",
            4,
        );
        check(c"%p", &pack(&[&l(0x1234)]), "0x1234", 1);
        check(c"%f", &pack(&[&d(f64::NEG_INFINITY)]), "-inf", 1);
        check(c"no args", &[], "no args", 0);
        check(c"odd %y and end %", &[], "odd %y and end %", 0);
    }
}
