//! A function's body: statements, symbols, instructions and their operands.
//! Invariant: ids index the vectors of the same [`Body`]; operands live in one pool, lists are contiguous in it.

use super::{Global, Param, Variable};
use crate::form::Form;
use crate::isa::SpecialReg;
use crate::span::Span;
use crate::words::ScalarType;
use std::sync::Arc;

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
    /// File number, see `Module::files`.
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
