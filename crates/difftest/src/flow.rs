//! Whole programs of random control flow, as PTX with the results that they must have.
//!
//! A program's meaning is defined here, by [`eval`], and by no engine. Threads run [`graph`](crate::graph)s of nodes
//! with statements of their own; between two graphs all that are left meet, at barriers and in warp operations.
//! A program always ends and never faults.

mod eval;
mod shrink;
mod text;

pub use eval::{COUNTERS, INPUTS, SLOTS, eval};
pub use shrink::shrink;
pub use text::text;

use crate::graph::{End, Exits, graph};
use crate::tape::Tape;

/// Registers of 32 bits: these vary, these are the same for all threads where control flow allows it, and these rise
/// with the thread's number.
pub const VARYING: usize = 5;
pub const UNIFORM: usize = 3;
pub const AFFINE: usize = 2;
pub const WORDS: usize = VARYING + UNIFORM + AFFINE;
pub const FLOATS: usize = 2;
pub const WIDES: usize = 2;

/// Edges that need fuel, of a graph of the kernel and of a function.
pub const FUEL: u32 = 10;
pub const FUEL_OF_FUNCTIONS: u32 = 3;
/// Nested calls.
pub const DEPTH: u32 = 2;

#[derive(Clone, Debug)]
pub struct Program {
    pub threads: u32,
    /// How often the segments are run, one after the other.
    pub rounds: u32,
    pub segments: Vec<Segment>,
    pub functions: Vec<Vec<Node>>,
}

#[derive(Clone, Debug)]
pub struct Segment {
    pub nodes: Vec<Node>,
    pub meeting: Meeting,
}

#[derive(Clone, Debug)]
pub struct Node {
    pub stmts: Vec<Stmt>,
    pub cond: Cond,
    /// Decides the entry of a table.
    pub index: usize,
    pub end: End,
}

/// A register or a number.
#[derive(Clone, Copy, Debug)]
pub enum Word {
    Reg(usize),
    Number(u32),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    And,
    Or,
    Xor,
    MinS,
    MaxU,
    Shl,
    ShrU,
    ShrS,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unary {
    Not,
    Neg,
    Popc,
    Clz,
    Brev,
    Sext8,
    Sext16,
    Zext8,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Red {
    Add,
    Xor,
    MaxU,
    MinS,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Memory {
    Global,
    Shared,
}

#[derive(Clone, Copy, Debug)]
pub enum Cond {
    LtU(usize, Word),
    LtS(usize, Word),
    Bits(usize, u32),
    Float(usize, usize),
    Wide(usize, usize),
    /// A bit of the thread's number.
    Lane(u32),
}

#[derive(Clone, Copy, Debug)]
pub enum Stmt {
    Binary(Binary, usize, usize, Word),
    Unary(Unary, usize, usize),
    Select(Cond, usize, Word, Word),
    /// Only where the condition holds.
    Guarded(Cond, Binary, usize, usize, Word),
    FloatOfS32(usize, usize),
    FloatOfU32(usize, usize),
    S32OfFloat(usize, usize),
    U32OfFloat(usize, usize),
    FloatAdd(usize, usize, usize),
    FloatFma(usize, usize, usize),
    WideOfU32(usize, usize),
    WideOfS32(usize, usize),
    WideMul(usize, usize, usize),
    WideAdd(usize, usize, usize),
    WordOfWide(usize, usize, u32),
    /// Element `register & 63` of the input.
    Input(usize, usize),
    /// Element `word & 7` of an array of the thread's own.
    LoadLocal(usize, Word),
    StoreLocal(Word, usize),
    /// The thread's own word of shared memory.
    LoadShared(usize),
    StoreShared(usize),
    Output(usize, usize),
    Reduce(Memory, usize, usize),
    /// Function, result, two arguments.
    Call(usize, usize, usize, Word),
}

/// What threads do together behind a graph. The last number is the register of the result.
#[derive(Clone, Copy, Debug)]
pub enum Meeting {
    Nothing,
    Barrier,
    /// The word of a register of the thread so many further.
    Exchange(usize, u32, usize),
    /// A shared counter.
    Counter(usize, usize),
    Ballot(Cond, usize),
    /// `shfl.bfly` with so many lanes.
    Butterfly(usize, u32, usize),
    /// Those for which the condition holds add up a register among themselves.
    Among(Cond, usize, usize),
    /// Each thread goes round as often as the low bits of a register say, and counts who is still there.
    Rounds(usize, usize),
}

const THREADS: [u32; 6] = [64, 32, 33, 96, 64, 7];

/// A program.
pub fn generate(numbers: &[u64]) -> Program {
    let tape = &mut Tape::new(numbers);
    let threads = THREADS[tape.below(THREADS.len())];
    let exits = if tape.one_in(4) { Exits::Yes } else { Exits::No };
    let rounds = 1 + tape.below(4).saturating_sub(1) as u32;
    let functions = tape.below(6).saturating_sub(3);
    let segments = (0..1 + tape.below(3))
        .map(|_| {
            let nodes = nodes(tape, exits, functions, 2);
            // Lanes that are gone or were never there can take no part in warp operations.
            let warps = exits == Exits::No && threads.is_multiple_of(32);
            Segment { nodes, meeting: meeting(tape, if warps { 8 } else { 4 }) }
        })
        .collect();
    let functions = (0..functions).map(|_| nodes(tape, Exits::No, functions, 1)).collect();
    Program { threads, rounds, segments, functions }
}

fn nodes(tape: &mut Tape, exits: Exits, functions: usize, mut calls: usize) -> Vec<Node> {
    let ends = graph(tape, exits);
    let node = |end: End| {
        let mut stmts: Vec<Stmt> = (0..tape.below(5)).map(|_| stmt(tape)).collect();
        if functions > 0 && calls > 0 && tape.one_in(5) {
            calls -= 1;
            stmts.push(Stmt::Call(tape.below(functions), dst(tape), reg(tape), word(tape)));
        }
        Node { stmts, cond: cond(tape), index: reg(tape), end }
    };
    ends.into_iter().map(node).collect()
}

fn reg(tape: &mut Tape) -> usize {
    tape.below(WORDS)
}

fn dst(tape: &mut Tape) -> usize {
    tape.below(VARYING)
}

fn word(tape: &mut Tape) -> Word {
    const NUMBERS: [u32; 8] = [1, 0, 3, 7, 31, 0x9e37_79b9, 0xffff_ffff, 0x8000_0000];
    match tape.below(3) {
        0 => Word::Number(NUMBERS[tape.below(NUMBERS.len())]),
        _ => Word::Reg(reg(tape)),
    }
}

fn cond(tape: &mut Tape) -> Cond {
    match tape.below(9) {
        0 => Cond::Lane(tape.below(6) as u32),
        1 | 2 => Cond::Bits(reg(tape), 1 << tape.below(12)),
        3 => Cond::LtS(reg(tape), word(tape)),
        4 => Cond::Float(tape.below(FLOATS), tape.below(FLOATS)),
        5 => Cond::Wide(tape.below(WIDES), tape.below(WIDES)),
        // Uniform where the flow is.
        6 => Cond::Bits(VARYING + tape.below(UNIFORM), 1 << tape.below(3)),
        7 => Cond::LtU(VARYING + tape.below(UNIFORM), Word::Number(tape.below(6) as u32)),
        _ => Cond::LtU(reg(tape), word(tape)),
    }
}

fn binary(tape: &mut Tape) -> Binary {
    use Binary::*;
    const ALL: [Binary; 14] = [Add, Add, Add, Sub, Mul, Mul, And, Or, Xor, MinS, MaxU, Shl, ShrU, ShrS];
    ALL[tape.below(ALL.len())]
}

fn stmt(tape: &mut Tape) -> Stmt {
    use Unary::*;
    const UNARY: [Unary; 8] = [Not, Neg, Popc, Clz, Brev, Sext8, Sext16, Zext8];
    let (float, wide) = (tape.below(FLOATS), tape.below(WIDES));
    match tape.below(26) {
        0..=3 => Stmt::Binary(binary(tape), dst(tape), reg(tape), word(tape)),
        4 | 5 => {
            let r = VARYING + tape.below(UNIFORM);
            Stmt::Binary(Binary::Add, r, r, Word::Number(1 + tape.below(2) as u32))
        }
        6 => {
            let r = VARYING + UNIFORM + tape.below(AFFINE);
            let by = match tape.one_in(2) {
                true => Word::Reg(VARYING + tape.below(UNIFORM)),
                false => Word::Number(tape.below(9) as u32),
            };
            Stmt::Binary(Binary::Add, r, r, by)
        }
        7 => Stmt::Unary(UNARY[tape.below(UNARY.len())], dst(tape), reg(tape)),
        8 => Stmt::Select(cond(tape), dst(tape), word(tape), word(tape)),
        9 => Stmt::Guarded(cond(tape), binary(tape), dst(tape), reg(tape), word(tape)),
        10 => match tape.one_in(2) {
            true => Stmt::FloatOfS32(float, reg(tape)),
            false => Stmt::FloatOfU32(float, reg(tape)),
        },
        11 => match tape.one_in(2) {
            true => Stmt::S32OfFloat(dst(tape), float),
            false => Stmt::U32OfFloat(dst(tape), float),
        },
        12 => Stmt::FloatAdd(float, tape.below(FLOATS), tape.below(FLOATS)),
        13 => Stmt::FloatFma(float, tape.below(FLOATS), tape.below(FLOATS)),
        14 => match tape.one_in(2) {
            true => Stmt::WideOfS32(wide, reg(tape)),
            false => Stmt::WideOfU32(wide, reg(tape)),
        },
        15 => Stmt::WideMul(wide, reg(tape), reg(tape)),
        16 => Stmt::WideAdd(wide, tape.below(WIDES), tape.below(WIDES)),
        17 => Stmt::WordOfWide(dst(tape), wide, 8 * tape.below(8) as u32),
        18 => Stmt::Input(dst(tape), reg(tape)),
        19 => Stmt::LoadLocal(dst(tape), word(tape)),
        20 => Stmt::StoreLocal(word(tape), reg(tape)),
        21 => Stmt::LoadShared(dst(tape)),
        22 => Stmt::StoreShared(reg(tape)),
        23 => Stmt::Output(tape.below(SLOTS / 2), reg(tape)),
        24 => {
            let memory = if tape.one_in(2) { Memory::Global } else { Memory::Shared };
            Stmt::Reduce(memory, tape.below(COUNTERS.len()), reg(tape))
        }
        _ => Stmt::Binary(Binary::Xor, dst(tape), reg(tape), Word::Reg(reg(tape))),
    }
}

fn meeting(tape: &mut Tape, kinds: usize) -> Meeting {
    match tape.below(kinds) {
        0 => Meeting::Nothing,
        1 => Meeting::Barrier,
        2 => Meeting::Exchange(reg(tape), 1 + tape.below(40) as u32, dst(tape)),
        3 => Meeting::Counter(tape.below(COUNTERS.len()), dst(tape)),
        4 => Meeting::Ballot(cond(tape), dst(tape)),
        5 => Meeting::Butterfly(reg(tape), 1 << tape.below(5), dst(tape)),
        6 => Meeting::Among(cond(tape), reg(tape), dst(tape)),
        _ => Meeting::Rounds(reg(tape), dst(tape)),
    }
}
