//! What a row of the instruction table says.
//! Invariant: plain data; read once from the chapter texts and never changed.

use super::Op;
use crate::words::{ScalarType, words};

/// Index of a row in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(pub u16);

/// A chapter's title.
pub type Chapter = &'static str;

/// Whether a form may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It lowers and runs.
    Supported,
    /// It is rejected when the module is loaded, for this reason.
    Unsupported(&'static str),
}

/// One form of an instruction.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its place in the table.
    pub id: RowId,
    /// The operation.
    pub op: Op,
    /// The opcode's first word.
    pub word: &'static str,
    /// The words and groups after it.
    pub pattern: Vec<Element>,
    /// The operands.
    pub slots: Vec<Slot>,
    /// The PTX version that introduced it.
    pub ptx: (u8, u8),
    /// The lowest target.
    pub sm: u32,
    /// Needs an architecture-specific target (`sm_90a`).
    pub arch_specific: bool,
    /// Whether it may be used.
    pub status: Status,
    /// The row in the notation of the table.
    pub text: &'static str,
    /// Its chapter.
    pub chapter: Chapter,
}

/// A piece of a row's modifiers.
#[derive(Clone, Debug, PartialEq)]
pub enum Element {
    /// One word of the group.
    One(Group),
    /// All or nothing of these: `{.ftz}`.
    Optional(Vec<Element>),
    /// `.*`: whatever words follow. Only in unsupported rows.
    Rest,
}

/// Alternative words and what they mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The words with their kinds, without dots.
    pub words: Vec<(&'static str, Kind)>,
}

words! {
    /// Which field of [`crate::Form`] a modifier sets.
    Kind {
        Type = "type", Space = "space", Rounding = "rounding", Cmp = "cmp", Bool = "bool", Atom = "atom",
        Vector = "vector", Cache = "cache", Sem = "sem", Scope = "scope", Mul = "mul", Shfl = "shfl", Vote = "vote",
        Dir = "dir", Clamp = "clamp", Prmt = "prmt", Testp = "testp", Geometry = "geometry", Layout = "layout",
        Shape = "shape", Flag = "flag", Word = "word",
    }
}

/// Whether an operand is written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Written: a register, or `_`.
    Dest,
    /// Read: a register or a constant.
    Source,
}

/// An operand's type, relative to the instruction's type modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeRel {
    /// The `n`th type modifier.
    Nth(u8),
    /// Twice the `n`th type modifier's width (`mul.wide`).
    Wide(u8),
    /// At least the `n`th type modifier's width (`ld`, `st`, `cvt`: PTX ISA 9.4.1).
    AtLeast(u8),
    /// This type.
    Fixed(ScalarType),
    /// Any register.
    Any,
}

/// How many elements a vector operand has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// As many as `.v2 .v4 .v8` (or `.x1 .x2 .x4`) says.
    Modifier,
    /// So many.
    Exactly(u8),
    /// As many as fill the type: `mov.b64 {a, b}, c`.
    Fill,
    /// Any number.
    Any,
}

/// How an operand is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A register or constant.
    Scalar,
    /// A predicate that may be negated: `!p`.
    Negatable,
    /// A constant between two bounds.
    Constant(i64, i64),
    /// `[a+4]`
    Address,
    /// `[a, b]`, `[a, {x, y}]`: an address with more parts.
    Bracket,
    /// `{a, b}`
    Vector(Arity),
    /// `label`
    Label,
    /// A `.branchtargets` list's name.
    Targets,
    /// The rest of a `call`.
    Call,
}

/// Whether an operand is two, `d|p`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    /// It is one.
    No,
    /// `d{|p}`
    Optional,
    /// `d|p`
    Required,
}

/// An operand of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Its name in the manual.
    pub name: &'static str,
    /// Written or read.
    pub role: Role,
    /// `{, b}`
    pub optional: bool,
    /// How it is written.
    pub shape: Shape,
    /// Its type.
    pub ty: TypeRel,
    /// Whether a second predicate follows.
    pub pair: Pair,
}
