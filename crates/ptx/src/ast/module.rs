//! What stands at module scope: variables, functions' headers, debug files.
//! Invariant: a body is a span of text here; nothing of this file changes when bodies are parsed.

use crate::span::{Source, Span};
use crate::words::{ScalarType, Space};
use std::collections::HashMap;
use std::sync::Arc;

/// A parsed module. Function bodies are parsed on demand by [`crate::parse_body`].
#[derive(Clone, Debug)]
pub struct Module {
    /// The text that every span points into.
    pub source: Arc<Source>,
    /// `.version 8.5` as `(8, 5)`.
    pub version: (u8, u8),
    /// `.target`: `sm_80` as 80.
    pub sm: u32,
    /// The letter after the number of `sm_90a` or `sm_100f`.
    pub sm_suffix: Option<char>,
    /// `.target … , texmode_independent`.
    pub texmode_independent: bool,
    /// `.target … , debug`.
    pub debug: bool,
    /// `.address_size`, 32 or 64.
    pub address_size: u32,
    /// Everything at module scope, in source order.
    pub items: Vec<Item>,
    /// Functions: definitions and declarations.
    pub functions: Vec<Function>,
    /// Module-scope variables: definitions and declarations.
    pub variables: Vec<Variable>,
    /// `.alias` directives.
    pub aliases: Vec<Alias>,
    /// `.file` directives by their index.
    pub files: Vec<FileEntry>,
    /// What each module-scope name means: its definition if there is one, else its first declaration.
    pub globals: HashMap<String, Global>,
}

/// A thing at module scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Index into [`Module::functions`].
    Function(FuncId),
    /// Index into [`Module::variables`].
    Variable(VarId),
    /// Index into [`Module::aliases`].
    Alias(u32),
    /// `.section`, `.file`, `.pragma`, `.loc` kept as text.
    Verbatim(Span),
}

/// What a module-scope name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Global {
    /// A function.
    Function(FuncId),
    /// A variable.
    Variable(VarId),
}

/// Index into [`Module::functions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FuncId(pub u32);

/// Index into [`Module::variables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VarId(pub u32);

/// `.alias a, b;`
#[derive(Clone, Copy, Debug)]
pub struct Alias {
    /// The new name.
    pub name: Span,
    /// The function that it stands for.
    pub target: Span,
}

/// `.file N "path"`
#[derive(Clone, Debug)]
pub struct FileEntry {
    /// The number that `.loc` refers to.
    pub index: u32,
    /// The path as written between the quotes.
    pub path: String,
}

/// `.extern .visible .weak .common`, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Linkage {
    /// None: seen in this module only.
    #[default]
    Internal,
    /// `.visible`
    Visible,
    /// `.extern`: defined elsewhere.
    Extern,
    /// `.weak`
    Weak,
    /// `.common`
    Common,
}

/// A variable at module scope or inside a function (`.global .const .shared .local .param`).
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Span,
    /// Linkage; `Internal` inside functions.
    pub linkage: Linkage,
    /// `Global Const Shared Local Param` (also `Tex`).
    pub space: Space,
    /// Element type.
    pub ty: ScalarType,
    /// 1, or 2, 4, 8 for `.v2 .v4 .v8`.
    pub vector: u8,
    /// Alignment in bytes: as given, else natural.
    pub align: u32,
    /// Whether `.align` was written.
    pub explicit_align: bool,
    /// Array extents, outermost first; `None` is `[]`.
    pub dims: Vec<Option<u64>>,
    /// Initialiser.
    pub init: Option<Init>,
    /// `.attribute(.managed)`
    pub managed: bool,
    /// The whole declaration.
    pub span: Span,
}

impl Variable {
    /// Size in bytes; an unsized extern array (`[]`) counts as 0, and one with an initialiser takes its length.
    pub fn bytes(&self) -> u64 {
        let element = u64::from(self.ty.bytes()) * u64::from(self.vector);
        self.dims.iter().enumerate().fold(element, |size, (i, dim)| match (dim, &self.init) {
            (Some(n), _) => size.saturating_mul(*n),
            (None, Some(Init::List(items))) if i == 0 => size.saturating_mul(items.len() as u64),
            (None, _) => 0,
        })
    }
}

/// An initialiser.
#[derive(Clone, Debug, PartialEq)]
pub enum Init {
    /// An integer constant expression's value (two's complement, 64 bits).
    Int(i64),
    /// `0f…`
    F32(u32),
    /// `0d…` or a decimal floating constant: bits of the double.
    F64(u64),
    /// `{ … }`
    List(Vec<Init>),
    /// An address: `sym`, `sym+8`, `generic(sym)+8`.
    Address {
        /// The variable's or function's name.
        name: Span,
        /// Bytes added.
        offset: i64,
        /// `generic(…)`
        generic: bool,
        /// `0xFF(sym)`: the byte selected by the mask operator, as the number of bits to shift right.
        mask_shift: Option<u8>,
    },
    /// `width = 4` and similar of `.texref`, `.samplerref`, `.surfref`; kept as text.
    Fields(Span),
}

/// `.entry` or `.func`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FuncKind {
    /// A kernel.
    Entry,
    /// A device function.
    Func,
}

/// A function's header, with its body's place.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: Span,
    /// Kernel or device function.
    pub kind: FuncKind,
    /// Linkage.
    pub linkage: Linkage,
    /// Return parameters of a `.func`.
    pub returns: Vec<Param>,
    /// Parameters.
    pub params: Vec<Param>,
    /// `.noreturn`
    pub noreturn: bool,
    /// `.maxntid` and the other performance directives.
    pub tuning: Tuning,
    /// The text between the braces, exclusive; `None` for a declaration.
    pub body: Option<Span>,
    /// The header, from the linkage to the last directive.
    pub span: Span,
}

/// Performance-tuning and cluster directives (PTX ISA 11.4, 11.7).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Tuning {
    /// `.maxntid x, y, z`; missing extents are 1.
    pub maxntid: Option<[u32; 3]>,
    /// `.reqntid x, y, z`; missing extents are 1.
    pub reqntid: Option<[u32; 3]>,
    /// `.minnctapersm`
    pub minnctapersm: Option<u32>,
    /// `.maxnctapersm`
    pub maxnctapersm: Option<u32>,
    /// `.maxnreg`
    pub maxnreg: Option<u32>,
    /// `.reqnctapercluster x, y, z`
    pub reqnctapercluster: Option<[u32; 3]>,
    /// `.maxclusterrank`
    pub maxclusterrank: Option<u32>,
    /// `.explicitcluster`
    pub explicitcluster: bool,
    /// `.blocksareclusters`
    pub blocksareclusters: bool,
    /// `.abi_preserve n`, `.abi_preserve_control n`
    pub abi_preserve: Option<u32>,
    /// See `abi_preserve`.
    pub abi_preserve_control: Option<u32>,
    /// `.pragma "…"` strings.
    pub pragmas: Vec<String>,
}

/// A parameter of a function, of a call prototype, or a return parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name; empty span for `_`.
    pub name: Span,
    /// `Param` or `Reg`.
    pub space: Space,
    /// Element type.
    pub ty: ScalarType,
    /// 1, or 2, 4, 8.
    pub vector: u8,
    /// Alignment in bytes: as given, else natural.
    pub align: u32,
    /// Whether `.align` was written.
    pub explicit_align: bool,
    /// Array extents; `None` is `[]` (variadic).
    pub dims: Vec<Option<u64>>,
    /// `.ptr{.space}{.align N}`
    pub ptr: Option<PtrAttr>,
    /// The declaration.
    pub span: Span,
}

impl Param {
    /// Size in bytes; 0 for `[]`.
    pub fn bytes(&self) -> u64 {
        let element = u64::from(self.ty.bytes()) * u64::from(self.vector);
        self.dims.iter().fold(element, |size, dim| size.saturating_mul(dim.unwrap_or(0)))
    }
}

/// `.ptr{.space}{.align N}` of a kernel parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PtrAttr {
    /// Space of what it points to; generic when not given.
    pub space: Space,
    /// Promised alignment of what it points to.
    pub align: Option<u32>,
}

impl Module {
    /// The text of a name.
    pub fn name(&self, span: Span) -> &str {
        self.source.slice(span)
    }

    /// The function of an id.
    pub fn function(&self, id: FuncId) -> &Function {
        &self.functions[id.0 as usize]
    }

    /// The variable of an id.
    pub fn variable(&self, id: VarId) -> &Variable {
        &self.variables[id.0 as usize]
    }

    /// Finds a function by name: its definition if there is one.
    pub fn find_function(&self, name: &str) -> Option<FuncId> {
        match self.globals.get(name) {
            Some(Global::Function(id)) => Some(*id),
            _ => None,
        }
    }
}
