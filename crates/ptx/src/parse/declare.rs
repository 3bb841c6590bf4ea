//! Declarations that occur both at module scope and in bodies: variables, parameters, initialisers.
//! Invariant: the cursor stands after the state-space word when one of these is called, and after the declaration then.

use super::constant::{self, Constant};
use super::cursor::{Cursor, Parsed};
use crate::ast::{Init, Linkage, Param, PtrAttr, Variable};
use crate::diag::Code;
use crate::span::Span;
use crate::words::{ScalarType, Space};

/// Deepest nesting of braces in an initialiser.
const MAX_INIT_DEPTH: u32 = 32;

/// The type words of a declaration: `.align 8 .v2 .b32 .ptr .global .align 4`.
#[derive(Clone, Copy)]
pub(crate) struct TypeSpec {
    pub ty: ScalarType,
    pub vector: u8,
    pub align: Option<u32>,
    pub ptr: Option<PtrAttr>,
    pub managed: bool,
}

impl TypeSpec {
    /// The alignment that holds: as written, else that of the type.
    pub fn alignment(&self) -> u32 {
        self.align.unwrap_or(self.ty.bytes() * u32::from(self.vector))
    }
}

/// Parses the words up to the name; exactly one type must be among them.
pub(crate) fn type_spec(cursor: &mut Cursor) -> Parsed<TypeSpec> {
    let mut ty = None;
    let mut spec = TypeSpec { ty: ScalarType::B8, vector: 1, align: None, ptr: None, managed: false };
    while let Some(word) = cursor.peek_word() {
        let start = cursor.here();
        cursor.word();
        if let Some(found) = ScalarType::from_word(word) {
            ty = Some(found);
            continue;
        }
        match word {
            "align" => {
                let value = alignment(cursor)?;
                match &mut spec.ptr {
                    Some(ptr) => ptr.align = Some(value),
                    None => spec.align = Some(value),
                }
            }
            "v2" => spec.vector = 2,
            "v4" => spec.vector = 4,
            "v8" => spec.vector = 8,
            "ptr" => spec.ptr = Some(PtrAttr { space: Space::Generic, align: None }),
            "attribute" => spec.managed |= attribute(cursor)?,
            "const" | "global" | "local" | "shared" if spec.ptr.is_some() => {
                let align = spec.ptr.and_then(|ptr| ptr.align);
                let space = Space::from_word(word).unwrap_or(Space::Generic);
                spec.ptr = Some(PtrAttr { space, align });
            }
            _ => {
                let span = Span::new(start, start + 1 + word.len() as u32);
                return Err(cursor.report(
                    Code::Directive,
                    span,
                    format!("`.{word}` does not belong in a declaration"),
                ));
            }
        }
    }
    match ty {
        Some(ty) => Ok(TypeSpec { ty, ..spec }),
        None => Err(cursor.expected("a type such as `.b32`")),
    }
}

fn alignment(cursor: &mut Cursor) -> Parsed<u32> {
    let start = cursor.here();
    let value = constant::integer(cursor)?;
    if value > 0 && value <= 1 << 16 && (value & (value - 1)) == 0 {
        return Ok(value as u32);
    }
    let span = Span::new(start, cursor.here());
    Err(cursor.report(Code::Range, span, "an alignment must be a power of two, at most 65536"))
}

/// `(.managed)` or `(.unified(a, b))`; whether it is managed.
pub(crate) fn attribute(cursor: &mut Cursor) -> Parsed<bool> {
    cursor.expect(b'(')?;
    let mut managed = false;
    loop {
        let Some(word) = cursor.peek_word() else {
            return Err(cursor.expected("an attribute"));
        };
        cursor.word();
        managed |= word == "managed";
        if cursor.eat(b'(') {
            while !cursor.eat(b')') {
                constant::integer(cursor)?;
                cursor.eat(b',');
            }
        }
        if !cursor.eat(b',') {
            break;
        }
    }
    cursor.expect(b')')?;
    Ok(managed)
}

/// `[4][]`, or nothing.
pub(crate) fn dims(cursor: &mut Cursor) -> Parsed<Vec<Option<u64>>> {
    let mut dims = Vec::new();
    while cursor.eat(b'[') {
        if cursor.eat(b']') {
            dims.push(None);
            continue;
        }
        let start = cursor.here();
        let extent = constant::integer(cursor)?;
        if extent < 0 {
            let span = Span::new(start, cursor.here());
            return Err(cursor.report(Code::Range, span, "an array cannot have a negative extent"));
        }
        dims.push(Some(extent as u64));
        cursor.expect(b']')?;
    }
    Ok(dims)
}

/// Parses the rest of a variable declaration, with all its names, to after the semicolon.
pub(crate) fn variables(
    cursor: &mut Cursor,
    start: u32,
    linkage: Linkage,
    space: Space,
) -> Parsed<Vec<Variable>> {
    let spec = type_spec(cursor)?;
    let mut out = Vec::new();
    loop {
        let name = cursor.expect_ident("a variable's name")?;
        let dims = dims(cursor)?;
        let init = if cursor.eat(b'=') { Some(initialiser(cursor, spec.ty, 0)?) } else { None };
        out.push(Variable {
            name,
            linkage,
            space,
            ty: spec.ty,
            vector: spec.vector,
            align: spec.alignment(),
            explicit_align: spec.align.is_some(),
            dims,
            init,
            managed: spec.managed,
            span: Span::new(start, cursor.here()),
        });
        if !cursor.eat(b',') {
            break;
        }
    }
    cursor.expect(b';')?;
    Ok(out)
}

fn initialiser(cursor: &mut Cursor, ty: ScalarType, depth: u32) -> Parsed<Init> {
    let start = cursor.here();
    if depth > MAX_INIT_DEPTH {
        return Err(cursor.report(
            Code::Nesting,
            Span::new(start, start),
            "initialiser is nested too deeply",
        ));
    }
    if cursor.eat(b'{') {
        if matches!(ty, ScalarType::Texref | ScalarType::Samplerref | ScalarType::Surfref) {
            return Ok(Init::Fields(cursor.braces(start)?));
        }
        let mut items = Vec::new();
        while !cursor.eat(b'}') {
            items.push(initialiser(cursor, ty, depth + 1)?);
            if !cursor.eat(b',') {
                cursor.expect(b'}')?;
                break;
            }
        }
        return Ok(Init::List(items));
    }
    if constant::starts(cursor) {
        let value = constant::parse(cursor)?;
        if let (Constant::Int(mask, _), b'(') = (value, cursor.peek()) {
            return masked(cursor, mask, start);
        }
        return Ok(match value {
            Constant::Int(value, _) => Init::Int(value),
            Constant::F32(bits) => Init::F32(bits),
            Constant::F64(bits) => Init::F64(bits),
        });
    }
    let (name, generic) = address_name(cursor)?;
    Ok(Init::Address { name, offset: address_offset(cursor)?, generic, mask_shift: None })
}

/// `(sym)` after a mask such as `0xFF00` (PTX ISA 5.4.5): one byte of an address.
fn masked(cursor: &mut Cursor, mask: i64, start: u32) -> Parsed<Init> {
    let mask = mask as u64;
    let shift = mask.trailing_zeros();
    if mask == 0 || !shift.is_multiple_of(8) || mask >> shift != 0xff {
        let span = Span::new(start, cursor.here());
        return Err(cursor.report(Code::Range, span, "a mask must select one byte, like 0xFF00"));
    }
    cursor.expect(b'(')?;
    let (name, generic) = address_name(cursor)?;
    let offset = address_offset(cursor)?;
    cursor.expect(b')')?;
    Ok(Init::Address { name, offset, generic, mask_shift: Some(shift as u8) })
}

fn address_name(cursor: &mut Cursor) -> Parsed<(Span, bool)> {
    let name = cursor.expect_ident("an initial value")?;
    if cursor.slice(name) != "generic" || !cursor.eat(b'(') {
        return Ok((name, false));
    }
    let inner = cursor.expect_ident("a variable's name")?;
    cursor.expect(b')')?;
    Ok((inner, true))
}

fn address_offset(cursor: &mut Cursor) -> Parsed<i64> {
    if cursor.eat(b'+') {
        return constant::integer(cursor);
    }
    if cursor.peek() == b'-' { constant::integer(cursor) } else { Ok(0) }
}

/// `(.param .u64 a, .reg .b32 b)` or nothing.
pub(crate) fn params(cursor: &mut Cursor) -> Parsed<Vec<Param>> {
    let mut out = Vec::new();
    if !cursor.eat(b'(') {
        return Ok(out);
    }
    while !cursor.eat(b')') {
        out.push(param(cursor)?);
        if !cursor.eat(b',') {
            cursor.expect(b')')?;
            break;
        }
    }
    Ok(out)
}

fn param(cursor: &mut Cursor) -> Parsed<Param> {
    let start = cursor.here();
    let space = match cursor.peek_word() {
        Some("param") => Space::Param,
        Some("reg") => Space::Reg,
        _ => return Err(cursor.expected("`.param` or `.reg`")),
    };
    cursor.word();
    let spec = type_spec(cursor)?;
    // A declaration may leave the name out.
    let name = cursor.ident().unwrap_or(Span::new(cursor.here(), cursor.here()));
    let dims = dims(cursor)?;
    Ok(Param {
        name: if cursor.slice(name) == "_" { Span::new(name.start, name.start) } else { name },
        space,
        ty: spec.ty,
        vector: spec.vector,
        align: spec.alignment(),
        explicit_align: spec.align.is_some(),
        dims,
        ptr: spec.ptr,
        span: Span::new(start, cursor.here()),
    })
}
