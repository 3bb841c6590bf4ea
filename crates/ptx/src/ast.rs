//! The syntax tree of a module and of its function bodies.
//! Invariant: names and text are spans into [`Module::source`]; symbols of a body are dense [`SymId`]s, resolved.

use crate::form::Form;
use crate::isa::SpecialReg;
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

/// A parsed function body.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// Statements in source order; nested scopes are bracketed by `Open` and `Close`.
    pub stmts: Vec<Stmt>,
    /// Every name used or declared, by [`SymId`].
    pub symbols: Vec<Symbol>,
    /// Variables declared in the body (`.shared .local .param .global .const`), by [`LocalId`].
    pub variables: Vec<Variable>,
    /// Register declarations, for the printer.
    pub reg_decls: Vec<RegDecl>,
    /// Operands of all instructions; [`Inst::operands`] and [`OperandList`]s index into it.
    pub pool: Vec<Operand>,
    /// `.callprototype` directives.
    pub prototypes: Vec<Prototype>,
    /// `.branchtargets` and `.calltargets` lists.
    pub target_lists: Vec<TargetList>,
    /// `.loc` directives.
    pub locs: Vec<Loc>,
}

impl Body {
    /// The operands of `inst`.
    pub fn operands(&self, inst: &Inst) -> &[Operand] {
        self.list(inst.operands)
    }

    /// The operands of a nested list.
    pub fn list(&self, list: OperandList) -> &[Operand] {
        &self.pool[list.start as usize..list.start as usize + list.len as usize]
    }

    /// The symbol behind an id.
    pub fn symbol(&self, id: SymId) -> &Symbol {
        &self.symbols[id.0 as usize]
    }

    /// The instructions in source order.
    pub fn insts(&self) -> impl Iterator<Item = &Inst> {
        self.stmts.iter().filter_map(|stmt| match stmt {
            Stmt::Inst(inst) => Some(inst),
            _ => None,
        })
    }
}

/// Index into [`Body::symbols`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SymId(pub u32);

/// Index into [`Body::variables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalId(pub u32);

/// A name of a body. Two names in different scopes are two symbols.
#[derive(Clone, Copy, Debug)]
pub struct Symbol {
    /// Where the name is first spelt.
    pub name: Span,
    /// What it is.
    pub kind: SymbolKind,
}

/// What a body's symbol stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SymbolKind {
    /// A register.
    Reg {
        /// Element type.
        ty: ScalarType,
        /// 1, or 2, 4, 8 for vector registers.
        vector: u8,
    },
    /// The function's parameter of this index (`.param` space, or `.reg` when [`Param::space`] says so).
    Param(u32),
    /// The function's return parameter of this index.
    Return(u32),
    /// A variable of the body.
    Local(LocalId),
    /// A module-scope function or variable.
    Global(Global),
    /// A label; `Some(stmt)` is the index of its [`Stmt::Label`].
    Label(Option<u32>),
    /// The label of a `.callprototype`: index into [`Body::prototypes`].
    Prototype(u32),
    /// The label of a `.branchtargets` or `.calltargets`: index into [`Body::target_lists`].
    Targets(u32),
    /// Not declared; an error was reported. Never seen in a body that parsed without errors.
    Unknown,
}

/// `.reg .b32 %r<4>, %x;` as one entry a name.
#[derive(Clone, Copy, Debug)]
pub struct RegDecl {
    /// The name or, for a range, its prefix.
    pub name: Span,
    /// Element type.
    pub ty: ScalarType,
    /// 1, or 2, 4, 8.
    pub vector: u8,
    /// `<N>`
    pub count: Option<u32>,
}

/// A statement of a body.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// An instruction.
    Inst(Inst),
    /// `name:`
    Label(SymId),
    /// `{`
    Open,
    /// `}`
    Close,
    /// `.reg`: a range `start..end` of [`Body::reg_decls`].
    Regs(u32, u32),
    /// A variable declaration.
    Variable(LocalId),
    /// `.loc`: index into [`Body::locs`].
    Loc(u32),
    /// `.pragma "…";`: the string with its quotes.
    Pragma(Span),
    /// `label: .callprototype …;`: index into [`Body::prototypes`].
    Prototype(u32),
    /// `label: .branchtargets …;` or `.calltargets`: index into [`Body::target_lists`].
    Targets(u32),
}

/// `.loc file line column {, function_name sym {+ off}, inlined_at file line column}`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loc {
    /// File number, see [`Module::files`].
    pub file: u32,
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
    /// `inlined_at`: file, line, column.
    pub inlined_at: Option<[u32; 3]>,
    /// The text after the column, for the printer.
    pub rest: Option<Span>,
}

/// `name: .callprototype (returns) _ (params);`
#[derive(Clone, Debug)]
pub struct Prototype {
    /// Its label.
    pub name: Span,
    /// Return parameters.
    pub returns: Vec<Param>,
    /// Parameters.
    pub params: Vec<Param>,
    /// `.noreturn`
    pub noreturn: bool,
}

/// `name: .branchtargets a, b;` or `name: .calltargets f, g;`
#[derive(Clone, Debug)]
pub struct TargetList {
    /// Its label.
    pub name: Span,
    /// Labels, or functions for `.calltargets`.
    pub targets: Vec<SymId>,
    /// Which directive it is.
    pub kind: TargetKind,
}

/// Which list directive a [`TargetList`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// `.branchtargets`
    Branch,
    /// `.calltargets`
    Call,
}

/// An instruction.
#[derive(Clone, Debug)]
pub struct Inst {
    /// Opcode and modifiers.
    pub form: Arc<Form>,
    /// `@p` or `@!p`.
    pub guard: Option<Guard>,
    /// Its operands in [`Body::pool`], in written order. For `call`, see [`Body::call`].
    pub operands: OperandList,
    /// From the guard to before the semicolon.
    pub span: Span,
}

/// A guard predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The predicate register.
    pub pred: SymId,
    /// `@!p`
    pub negated: bool,
}

/// A range of [`Body::pool`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct OperandList {
    /// First operand.
    pub start: u32,
    /// Number of operands.
    pub len: u32,
}

/// An operand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operand {
    /// A register (also a `.reg` parameter of a `.func`).
    Reg(SymId),
    /// `!p`
    Not(SymId),
    /// `%v.x` of a vector register: the element's index.
    Elem(SymId, u8),
    /// `%r.b0`, `%r.h1`, `%r.b3210` of a video instruction's operand.
    Select(SymId, Selector),
    /// A special register; the element for `%tid.x` and its like, 0 otherwise.
    Special(SpecialReg, u8),
    /// An integer constant (expression), two's complement, 64 bits.
    Int(i64),
    /// `0f…`: bits of the single.
    F32(u32),
    /// `0d…` or a decimal constant: bits of the double.
    F64(u64),
    /// A name used as a value: variable (its address), parameter, function, label, call targets; plus an offset.
    Sym(SymId, i64),
    /// `[base+offset]`
    Addr {
        /// What the offset is added to.
        base: AddrBase,
        /// Bytes.
        offset: i64,
    },
    /// `{a, b, c, d}`
    Vector(OperandList),
    /// `p|q`: two operands.
    Pair(OperandList),
    /// `[a, {x, y}]`, `[a, b, {x, y}]`: texture, surface and tensor addresses.
    Bracket(OperandList),
    /// `(a, b)` of a call.
    Args(OperandList),
    /// `_`
    Sink,
}

/// Bytes or half-words selected of a video instruction's operand (PTX ISA 9.7.18-9.7.19), or its mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Selector {
    /// Half-words (`h`) instead of bytes (`b`).
    pub half: bool,
    /// Number of digits.
    pub len: u8,
    /// The digits as written, most significant first; digits 4 to 7 are of the second operand.
    pub digits: [u8; 4],
}

/// The base of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AddrBase {
    /// A register.
    Reg(SymId),
    /// An element of a vector register.
    Elem(SymId, u8),
    /// A variable, parameter or function.
    Sym(SymId),
    /// Nothing: the offset is the address.
    None,
}

/// The parts of a `call`.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// `(…)` before the callee.
    pub returns: OperandList,
    /// A function (`Operand::Sym`) or a register.
    pub callee: Operand,
    /// `(…)` after the callee.
    pub args: OperandList,
    /// The `.callprototype` or `.calltargets` of an indirect call.
    pub proto: Option<SymId>,
}

impl Body {
    /// The parts of a `call` instruction; `None` for another instruction.
    pub fn call(&self, inst: &Inst) -> Option<Call> {
        if inst.form.op != crate::isa::Op::Call {
            return None;
        }
        let mut rest = self.operands(inst);
        let empty = OperandList::default();
        let mut returns = empty;
        if let [Operand::Args(list), tail @ ..] = rest {
            returns = *list;
            rest = tail;
        }
        let (&callee, mut rest) = rest.split_first()?;
        let mut args = empty;
        if let [Operand::Args(list), tail @ ..] = rest {
            args = *list;
            rest = tail;
        }
        let proto = match rest {
            [Operand::Sym(id, _), ..] => Some(*id),
            _ => None,
        };
        Some(Call { returns, callee, args, proto })
    }
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
