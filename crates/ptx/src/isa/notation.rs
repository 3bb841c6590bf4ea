//! Reads the chapter texts: the PTX manual's own notation, one form a line.
//! Invariant: a mistake in a chapter text is our bug and panics, naming the line; the table's self-test reads them all.
//!
//! ```text
//! set .rnd = .rn .rz .rm .rp          a named group; `set .op:atom = …` also says which field its words set
//! since 7.0 sm_80                     version and target of the rows that follow
//! unsupported why                     the rows that follow are rejected for this reason, until `supported`
//! add{.rnd}{.ftz}{.sat}.f32 d, a, b   a row: optional parts in braces; `.{f16,f32}` is a group without a name
//! BarSync = barrier{.cta}.sync a:u32  a row whose opcode is not the literal words that it begins with
//! wgmma.fence.*                       an unsupported row that takes any further words and operands
//! … ; 8.6 sm_100a                     version and target of this row alone
//! ```
//!
//! Operands: names that begin with `d` are written, others read. `name:type` where the type is a number (that type
//! modifier; 0 is the default), `w0` (twice its width), `r0` (at least its width), a scalar type, `any`, `imm`,
//! `imm(lo..hi)`, `label`, `targets`, `call`. `vT` is a vector as long as `.v2 .v4` says, `T*4` of four, `T*` of any
//! length, `pack0` one that fills the type. `!c` may be negated, `d|p` and `d{|p}` are pairs, `[a]` an address, `[a,c]`
//! an address with parts, `{, b}` is optional.

use super::row::*;
use super::{Op, RowId};
use crate::words::*;
use std::collections::HashMap;

type Sets = HashMap<&'static str, Group>;

struct State {
    chapter: &'static str,
    sets: Sets,
    ptx: (u8, u8),
    sm: u32,
    arch_specific: bool,
    status: Status,
}

/// Appends the rows of a chapter.
pub(super) fn read(chapter: &'static str, text: &'static str, rows: &mut Vec<Row>) {
    let mut state = State {
        chapter,
        sets: HashMap::new(),
        ptx: (1, 0),
        sm: 10,
        arch_specific: false,
        status: Status::Supported,
    };
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if read_line(&mut state, line, rows).is_none() {
            panic!("instruction table, chapter `{chapter}`, line {}: cannot read `{line}`", number + 1);
        }
    }
}

fn read_line(state: &mut State, line: &'static str, rows: &mut Vec<Row>) -> Option<()> {
    if let Some(rest) = line.strip_prefix("set ") {
        let (name, words) = rest.split_once('=')?;
        let (name, kind) = match name.trim().split_once(':') {
            Some((name, kind)) => (name, Some(Kind::from_word(kind)?)),
            None => (name.trim(), None),
        };
        let words = words.split_whitespace().map(|w| Some(with_kind(w.strip_prefix('.')?, kind)));
        let group = Group { words: words.collect::<Option<_>>()? };
        state.sets.insert(name.strip_prefix('.')?, group);
        return Some(());
    }
    if let Some(rest) = line.strip_prefix("since ") {
        (state.ptx, state.sm, state.arch_specific) = since(rest)?;
        return Some(());
    }
    if let Some(reason) = line.strip_prefix("unsupported ") {
        state.status = Status::Unsupported(reason);
        return Some(());
    }
    if line == "supported" {
        state.status = Status::Supported;
        return Some(());
    }
    rows.push(read_row(state, line, rows.len())?);
    Some(())
}

fn since(text: &str) -> Option<((u8, u8), u32, bool)> {
    let (version, target) = text.trim().split_once(' ')?;
    let (major, minor) = version.split_once('.')?;
    let target = target.trim().strip_prefix("sm_")?;
    let number = target.trim_end_matches(['a', 'f']);
    let version = (major.parse().ok()?, minor.parse().ok()?);
    Some((version, number.parse().ok()?, number.len() < target.len()))
}

fn read_row(state: &State, line: &'static str, index: usize) -> Option<Row> {
    let (body, when) = match line.split_once(';') {
        Some((body, when)) => (body.trim(), since(when)?),
        None => (line, (state.ptx, state.sm, state.arch_specific)),
    };
    let (named, body) = match body.split_once(" = ") {
        Some((op, body)) => (Some(Op::ALL.iter().find(|o| format!("{o:?}") == op).copied()?), body.trim()),
        None => (None, body),
    };
    let (opcode, operands) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
    let end = opcode.find(['.', '{']).unwrap_or(opcode.len());
    let (word, modifiers) = opcode.split_at(end);
    let (pattern, rest) = elements(state, modifiers)?;
    if !rest.is_empty() {
        return None;
    }
    let op = match named {
        Some(op) => op,
        None => literal_op(opcode)?,
    };
    Some(Row {
        id: RowId(u16::try_from(index).ok()?),
        op,
        word,
        pattern,
        slots: slots(operands.trim())?,
        ptx: when.0,
        sm: when.1,
        arch_specific: when.2,
        status: state.status,
        text: body,
        chapter: state.chapter,
    })
}

/// The longest opcode that the row begins with literally.
fn literal_op(opcode: &str) -> Option<Op> {
    let whole = |op: &&Op| {
        let rest = opcode.strip_prefix(op.as_str());
        rest.is_some_and(|r| r.is_empty() || r.starts_with(['.', '{']))
    };
    Op::ALL.iter().filter(whole).max_by_key(|op| op.as_str().len()).copied()
}

/// Reads modifiers up to the end or an unmatched `}`.
fn elements<'t>(state: &State, mut text: &'t str) -> Option<(Vec<Element>, &'t str)>
where
    't: 'static,
{
    let mut out = Vec::new();
    loop {
        if let Some(rest) = text.strip_prefix('{') {
            let (inner, rest) = elements(state, rest)?;
            text = rest.strip_prefix('}')?;
            out.push(Element::Optional(inner));
            continue;
        }
        let Some(rest) = text.strip_prefix('.') else {
            return Some((out, text));
        };
        if let Some(rest) = rest.strip_prefix('{') {
            let (list, rest) = rest.split_once('}')?;
            let words = list.split(',').map(|w| with_kind(w.trim(), None)).collect();
            out.push(Element::One(Group { words }));
            text = rest;
            continue;
        }
        let end = rest.find(['.', '{', '}']).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        if word == "*" {
            out.push(Element::Rest);
            text = rest;
            continue;
        }
        let group = match state.sets.get(word) {
            Some(group) => group.clone(),
            None => Group { words: vec![with_kind(word, None)] },
        };
        out.push(Element::One(group));
        text = rest;
    }
}

fn with_kind(word: &'static str, kind: Option<Kind>) -> (&'static str, Kind) {
    (word, kind.unwrap_or_else(|| default_kind(word)))
}

/// The kind of a word where its set does not say.
fn default_kind(word: &str) -> Kind {
    const SPACES: &[&str] = &[
        "const",
        "global",
        "local",
        "param",
        "param::entry",
        "param::func",
        "shared",
        "shared::cta",
        "shared::cluster",
    ];
    let known: &[(bool, Kind)] = &[
        (ScalarType::from_word(word).is_some(), Kind::Type),
        (SPACES.contains(&word), Kind::Space),
        (Flag::from_word(word).is_some(), Kind::Flag),
        (Rounding::from_word(word).is_some(), Kind::Rounding),
        (MulMode::from_word(word).is_some(), Kind::Mul),
        (CmpOp::from_word(word).is_some(), Kind::Cmp),
        (matches!(word, "v2" | "v4" | "v8" | "x1" | "x2" | "x4"), Kind::Vector),
        (CacheOp::from_word(word).is_some(), Kind::Cache),
        (Sem::from_word(word).is_some(), Kind::Sem),
        (word == "gl" || Scope::from_word(word).is_some(), Kind::Scope),
        (ShflMode::from_word(word).is_some(), Kind::Shfl),
        (VoteMode::from_word(word).is_some(), Kind::Vote),
        (ShiftDir::from_word(word).is_some(), Kind::Dir),
        (Clamp::from_word(word).is_some(), Kind::Clamp),
        (PrmtMode::from_word(word).is_some(), Kind::Prmt),
        (TestpOp::from_word(word).is_some(), Kind::Testp),
        (Geometry::from_word(word).is_some(), Kind::Geometry),
        (Layout::from_word(word).is_some(), Kind::Layout),
        (super::resolve::shape(word).is_some(), Kind::Shape),
    ];
    known.iter().find(|(is, _)| *is).map_or(Kind::Word, |(_, kind)| *kind)
}

fn slots(text: &'static str) -> Option<Vec<Slot>> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let optional = rest.strip_prefix('{').and_then(|r| r.trim_start().strip_prefix(','));
        if let Some(inner) = optional {
            let close = inner.find('}')?;
            out.push(Slot { optional: true, ..slot(inner[..close].trim())? });
            rest = inner[close + 1..].trim_start();
            continue;
        }
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        let end = operand_end(rest);
        out.push(slot(rest[..end].trim())?);
        rest = rest[end..].trim_start();
    }
    Some(out)
}

/// Where an operand's text ends: at a comma outside brackets, or where `{,` begins an optional one.
fn operand_end(text: &str) -> usize {
    let mut depth = 0;
    for (i, c) in text.char_indices() {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            ',' if depth == 0 => return i,
            '{' if text[i + 1..].trim_start().starts_with(',') => return i,
            _ => {}
        }
    }
    text.len()
}

fn slot(text: &'static str) -> Option<Slot> {
    let role = if text.starts_with('d') { Role::Dest } else { Role::Source };
    let plain =
        Slot { name: text, role, optional: false, shape: Shape::Scalar, ty: TypeRel::Nth(0), pair: Pair::No };
    if let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        let shape = if inner.contains(',') { Shape::Bracket } else { Shape::Address };
        return Some(Slot { name: inner, role: Role::Source, shape, ty: TypeRel::Any, ..plain });
    }
    let (text, shape) = match text.strip_prefix('!') {
        Some(text) => (text, Shape::Negatable),
        None => (text, Shape::Scalar),
    };
    let (names, ty) = text.split_once(':').unwrap_or((text, "0"));
    let (name, pair) = if let Some((name, _)) = names.split_once("{|") {
        (name, Pair::Optional)
    } else if let Some((name, _)) = names.split_once('|') {
        (name, Pair::Required)
    } else {
        (names, Pair::No)
    };
    let plain = Slot { name, shape, pair, ..plain };
    let with = |shape, ty| Some(Slot { shape, ty, ..plain.clone() });
    match ty {
        "imm" => return with(Shape::Constant(i64::MIN, i64::MAX), TypeRel::Any),
        "label" => return with(Shape::Label, TypeRel::Any),
        "targets" => return with(Shape::Targets, TypeRel::Any),
        "call" => return with(Shape::Call, TypeRel::Any),
        _ => {}
    }
    if let Some(range) = ty.strip_prefix("imm(") {
        let (low, high) = range.strip_suffix(')')?.split_once("..")?;
        return with(Shape::Constant(low.parse().ok()?, high.parse().ok()?), TypeRel::Any);
    }
    if let Some(ty) = ty.strip_prefix("pack") {
        return with(Shape::Vector(Arity::Fill), type_rel(ty)?);
    }
    if let Some((ty, count)) = ty.split_once('*') {
        let arity = if count.is_empty() { Arity::Any } else { Arity::Exactly(count.parse().ok()?) };
        return with(Shape::Vector(arity), type_rel(ty)?);
    }
    if let Some(ty) = ty.strip_prefix('v') {
        return with(Shape::Vector(Arity::Modifier), type_rel(ty)?);
    }
    with(plain.shape, type_rel(ty)?)
}

fn type_rel(text: &str) -> Option<TypeRel> {
    if text == "any" {
        return Some(TypeRel::Any);
    }
    if let Some(ty) = ScalarType::from_word(text) {
        return Some(TypeRel::Fixed(ty));
    }
    if let Ok(n) = text.parse() {
        return Some(TypeRel::Nth(n));
    }
    let n = text[1..].parse().ok()?;
    match text.as_bytes()[0] {
        b'w' => Some(TypeRel::Wide(n)),
        b'r' => Some(TypeRel::AtLeast(n)),
        _ => None,
    }
}
