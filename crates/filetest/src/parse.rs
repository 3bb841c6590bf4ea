//! The `//@` lines of a filetest.

use crate::values::{Elem, Values, parse as parse_values};
use engine::FaultKind;

/// What a file says.
#[derive(Clone, Default, Debug)]
pub struct File {
    pub runs: Vec<Run>,
    /// Errors that loading must give; then there are no runs.
    pub errors: Vec<LoadError>,
    /// Engines on which the file is known to fail.
    pub skip: Vec<String>,
    /// The one engine that the file is about.
    pub only: Option<String>,
}

/// `E0231 14:9`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LoadError {
    pub code: String,
    pub line: u32,
    pub column: u32,
}

/// One launch.
#[derive(Clone, Debug)]
pub struct Run {
    pub kernel: String,
    pub grid: [u32; 3],
    pub block: [u32; 3],
    pub shared: u32,
    pub stack: u32,
    /// Parameters, buffers and variables in the order of their lines.
    pub inputs: Vec<Input>,
    pub outs: Vec<Out>,
    pub ulp: u64,
    pub printed: Option<String>,
    pub fault: Option<ExpectedFault>,
}

/// Where an input goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A buffer whose address is a parameter.
    Pointer,
    /// A parameter itself.
    Value,
    /// A buffer that is no parameter.
    Buffer,
    /// A variable of the module.
    Variable,
}

#[derive(Clone, Debug)]
pub struct Input {
    pub name: String,
    pub place: Place,
    pub elem: Elem,
    pub count: usize,
    /// Empty: zeros.
    pub values: Values,
    pub line: usize,
}

#[derive(Clone, Debug)]
pub struct Out {
    /// With a leading `@`: a variable of the module.
    pub name: String,
    /// Elements compared; `None`: all.
    pub range: Option<(usize, usize)>,
    /// `None`: as declared.
    pub ty: Option<(Elem, usize)>,
    pub values: Values,
    pub line: usize,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExpectedFault {
    pub kind: FaultKind,
    pub line: Option<u32>,
    pub thread: Option<[u32; 3]>,
    pub cta: Option<u64>,
}

/// Reads the lines of a file. Errors: `line: what is wrong`.
pub fn file(text: &str) -> Result<File, String> {
    let mut file = File::default();
    for (index, line) in text.lines().enumerate() {
        let Some(line) = line.trim().strip_prefix("//@") else { continue };
        let line = line.split(" //").next().unwrap_or(line).trim();
        self::line(&mut file, line, index + 1).map_err(|why| format!("line {}: {why}", index + 1))?;
    }
    match (file.runs.is_empty(), file.errors.is_empty()) {
        (true, true) => Err("no `//@ run:` and no `//@ error:` line: nothing is tested".into()),
        (false, false) => {
            Err("`//@ run:` beside `//@ error:`: a module that does not load cannot run".into())
        }
        _ => Ok(file),
    }
}

fn line(file: &mut File, line: &str, number: usize) -> Result<(), String> {
    let (head, rest) = line.split_once(':').ok_or_else(|| format!("no `:` in `{line}`"))?;
    let rest = rest.trim();
    let mut words = head.split_whitespace();
    let (keyword, name) = (words.next().unwrap_or(""), words.next().unwrap_or("").to_string());
    if words.next().is_some() {
        return Err(format!("too many words before `:` in `{line}`"));
    }
    match keyword {
        "run" => {
            file.runs.push(run_line(rest)?);
            return Ok(());
        }
        "error" => {
            file.errors.push(error_line(rest)?);
            return Ok(());
        }
        "skip" => {
            file.skip.push(known_engine(name)?);
            return Ok(());
        }
        "only" => {
            file.only = Some(known_engine(name)?);
            return Ok(());
        }
        _ => {}
    }
    let run = file.runs.last_mut().ok_or_else(|| format!("`{keyword}` before the first `run:`"))?;
    match keyword {
        "in" => run.inputs.push(input_line(name, rest, None, number)?),
        "buf" => run.inputs.push(input_line(name, rest, Some(Place::Buffer), number)?),
        "var" => run.inputs.push(input_line(name, rest, Some(Place::Variable), number)?),
        "out" => run.outs.push(out_line(&name, rest, number)?),
        "ulp" => run.ulp = parse_number(rest)?,
        "printed" => run.printed.get_or_insert_default().push_str(&string(rest)?),
        "fault" => run.fault = Some(fault_line(rest)?),
        _ => return Err(format!("unknown word `{keyword}`")),
    }
    Ok(())
}

fn known_engine(name: String) -> Result<String, String> {
    match name.as_str() {
        "interp" | "cpu" => Ok(name),
        _ => Err(format!("`{name}` is no engine")),
    }
}

fn parse_number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.trim().parse().map_err(|_| format!("`{text}` is no number here"))
}

/// `X`, `X,Y` or `X,Y,Z`.
fn dimensions(text: &str, missing: u32) -> Result<[u32; 3], String> {
    let mut dims = [missing; 3];
    let parts: Vec<&str> = text.split(',').collect();
    if parts.len() > 3 {
        return Err(format!("`{text}` has more than three dimensions"));
    }
    for (dim, part) in dims.iter_mut().zip(parts) {
        *dim = parse_number(part)?;
    }
    Ok(dims)
}

fn run_line(text: &str) -> Result<Run, String> {
    let mut run = Run {
        kernel: String::new(),
        grid: [1; 3],
        block: [1; 3],
        shared: 0,
        stack: 16384,
        inputs: Vec::new(),
        outs: Vec::new(),
        ulp: 0,
        printed: None,
        fault: None,
    };
    for word in text.split_whitespace() {
        let (key, value) = word.split_once('=').ok_or_else(|| format!("no `=` in `{word}`"))?;
        match key {
            "kernel" => run.kernel = value.into(),
            "grid" => run.grid = dimensions(value, 1)?,
            "block" => run.block = dimensions(value, 1)?,
            "shared" => run.shared = parse_number(value)?,
            "stack" => run.stack = parse_number(value)?,
            _ => return Err(format!("unknown key `{key}`")),
        }
    }
    if run.kernel.is_empty() { Err("no `kernel=`".into()) } else { Ok(run) }
}

fn error_line(text: &str) -> Result<LoadError, String> {
    let bad = || format!("`{text}` is not CODE LINE:COL");
    let (code, place) = text.split_once(' ').ok_or_else(bad)?;
    let (line, column) = place.trim().split_once(':').ok_or_else(bad)?;
    Ok(LoadError { code: code.into(), line: parse_number(line)?, column: parse_number(column)? })
}

/// `TYPE` or `TYPE[N]`; a scalar has no count.
fn typed(text: &str) -> Result<(Elem, Option<usize>), String> {
    let text = text.trim();
    let (name, count) = match text.strip_suffix(']').and_then(|t| t.split_once('[')) {
        Some((name, count)) => (name, Some(parse_number(count)?)),
        None => (text, None),
    };
    Ok((Elem::parse(name).ok_or_else(|| format!("`{name}` is no type"))?, count))
}

fn input_line(name: String, text: &str, place: Option<Place>, line: usize) -> Result<Input, String> {
    let (ty, values) = match text.split_once('=') {
        Some((ty, values)) => (ty, parse_values(values)?),
        None => (text, Values::default()),
    };
    let (ty, by_value) = match ty.trim().strip_prefix("value ") {
        Some(rest) => (rest, true),
        None => (ty, false),
    };
    let (elem, count) = typed(ty)?;
    let place = match (place, count) {
        (Some(place), _) => place,
        (None, Some(_)) if !by_value => Place::Pointer,
        (None, _) => Place::Value,
    };
    if count.is_none() && values.is_empty() {
        return Err(format!("scalar {name} without a value"));
    }
    Ok(Input { name, place, elem, count: count.unwrap_or(1), values, line })
}

fn out_line(name: &str, text: &str, line: usize) -> Result<Out, String> {
    let (name, range) = match name.strip_suffix(']').and_then(|n| n.split_once('[')) {
        Some((name, range)) => {
            let (from, to) = range.split_once("..").ok_or_else(|| format!("`{range}` is no range"))?;
            (name, Some((parse_number(from)?, parse_number(to)?)))
        }
        None => (name, None),
    };
    // An `=` that is no comparison inside braces separates a type.
    let (ty, values) = match text.split_once(" = ") {
        Some((ty, values)) if !ty.contains('{') => (Some(typed(ty)?), values),
        _ => (None, text),
    };
    let ty = match ty {
        None => None,
        Some((elem, Some(count))) => Some((elem, count)),
        Some((_, None)) => return Err("the type of an `out` line needs a count".into()),
    };
    Ok(Out { name: name.into(), range, ty, values: parse_values(values)?, line })
}

/// A Rust string literal with the usual escapes.
fn string(text: &str) -> Result<String, String> {
    let inner =
        text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).ok_or("a string in quotes is needed")?;
    let mut out = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some(c @ ('"' | '\\'))) => out.push(c),
            ('\\', other) => return Err(format!("unknown escape {other:?}")),
            (c, _) => out.push(c),
        }
    }
    Ok(out)
}

const FAULTS: [(&str, FaultKind); 9] = [
    ("illegal-address", FaultKind::IllegalAddress),
    ("misaligned-address", FaultKind::MisalignedAddress),
    ("invalid-address-space", FaultKind::InvalidAddressSpace),
    ("invalid-pc", FaultKind::InvalidPc),
    ("stack-overflow", FaultKind::StackOverflow),
    ("illegal-instruction", FaultKind::IllegalInstruction),
    ("trap", FaultKind::Trap),
    ("assert", FaultKind::Assert),
    ("deadlock", FaultKind::Deadlock),
];

fn fault_line(text: &str) -> Result<ExpectedFault, String> {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or("");
    let (_, kind) = FAULTS.iter().find(|(n, _)| *n == name).ok_or_else(|| format!("`{name}` is no fault"))?;
    let mut fault = ExpectedFault { kind: *kind, line: None, thread: None, cta: None };
    for word in words {
        match word.split_once('=') {
            Some(("line", n)) => fault.line = Some(parse_number(n)?),
            Some(("cta", n)) => fault.cta = Some(parse_number(n)?),
            Some(("thread", list)) => fault.thread = Some(dimensions(list, 0)?),
            _ => return Err(format!("unknown word `{word}`")),
        }
    }
    Ok(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_header() {
        let text = "//@ run: kernel=k grid=2,3 block=32 shared=64\n\
                    //@ in a: f32[4] = 1 2 3 4\n//@ in n: u32 = 7\n//@ in s: value u8[3] = 1 2 3\n\
                    //@ var g: u32[2] = 5*\n//@ buf b: b64[1] = &a+8\n\
                    //@ out a: {i == 1 ? 2 : i}\n//@ out a[1..3]: u32[4] = 0 0\n//@ out @g: u32[2] = 1, 2\n\
                    //@ ulp: 2\n//@ printed: \"x\\n\"\n//@ fault: trap line=3 thread=1,0,0\n//@ skip cpu: not yet\n";
        let file = file(text).unwrap();
        let run = &file.runs[0];
        assert_eq!((run.grid, run.block, run.shared), ([2, 3, 1], [32, 1, 1], 64));
        let places: Vec<Place> = run.inputs.iter().map(|i| i.place).collect();
        assert_eq!(places, [Place::Pointer, Place::Value, Place::Value, Place::Variable, Place::Buffer]);
        assert_eq!(run.outs[1].range, Some((1, 3)));
        assert_eq!(run.outs[2].name, "@g");
        assert_eq!((run.ulp, run.printed.as_deref()), (2, Some("x\n")));
        assert_eq!(run.fault.as_ref().unwrap().kind, FaultKind::Trap);
        assert_eq!(file.skip, ["cpu"]);
    }

    #[test]
    fn bad_headers() {
        for text in [
            "",
            "//@ in a: u32 = 1",
            "//@ run: grid=1",
            "//@ run: kernel=k\n//@ error: E1 1:1",
            "//@ run: kernel=k\n//@ in a: u32",
            "//@ run: kernel=k\n//@ in a: x32[2]",
            "//@ run: kernel=k\n//@ skip gpu: why",
            "//@ run: kernel=k\n//@ fault: oops",
            "//@ run: kernel=k\n//@ frobnicate: 1",
        ] {
            assert!(file(text).is_err(), "{text}");
        }
    }
}
