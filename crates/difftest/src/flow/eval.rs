//! What a program means: thread after thread, as plainly as can be.

use super::{
    Binary, Cond, DEPTH, FLOATS, FUEL, FUEL_OF_FUNCTIONS, Meeting, Memory, Node, Program, Red, Stmt, UNIFORM,
    Unary, VARYING, WIDES, WORDS, Word,
};
use crate::graph::{End, Fuel};

/// Words of the input: `i * 2654435761`.
pub const INPUTS: usize = 64;
/// Words that each thread writes.
pub const SLOTS: usize = 8;
/// Global and shared counters, and what is done to each.
pub const COUNTERS: [Red; 4] = [Red::Add, Red::Xor, Red::MaxU, Red::MinS];
/// Nodes that a thread runs between two meetings.
const PATIENCE: u32 = 4000;

/// What a program leaves in memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Results {
    pub out: Vec<u32>,
    pub counters: [u32; 4],
}

struct Thread {
    id: u32,
    regs: Regs,
    local: [u32; 8],
    out: [u32; SLOTS],
    alive: bool,
}

#[derive(Clone)]
struct Regs {
    words: [u32; WORDS],
    floats: [f32; FLOATS],
    wides: [u64; WIDES],
}

impl Regs {
    fn new(seed: u32, id: u32) -> Regs {
        let mut words = [0; WORDS];
        for (i, word) in words.iter_mut().enumerate() {
            *word = match i {
                _ if i < VARYING => seed.wrapping_add(i as u32).wrapping_mul(0x9e37_79b9) >> (3 * i),
                _ if i < VARYING + UNIFORM => i as u32,
                _ => id.wrapping_mul(i as u32 - 6),
            };
        }
        Regs { words, floats: [1.5, -2.0], wides: [1, u64::from(seed)] }
    }

    fn word(&self, w: Word) -> u32 {
        match w {
            Word::Reg(r) => self.words[r],
            Word::Number(n) => n,
        }
    }

    fn cond(&self, cond: Cond, id: u32) -> bool {
        match cond {
            Cond::LtU(a, b) => self.words[a] < self.word(b),
            Cond::LtS(a, b) => (self.words[a] as i32) < self.word(b) as i32,
            Cond::Bits(a, bits) => self.words[a] & bits != 0,
            Cond::Float(a, b) => self.floats[a] < self.floats[b],
            Cond::Wide(a, b) => self.wides[a] < self.wides[b],
            Cond::Lane(bit) => id >> bit & 1 != 0,
        }
    }
}

fn binary(op: Binary, a: u32, b: u32) -> u32 {
    match op {
        Binary::Add => a.wrapping_add(b),
        Binary::Sub => a.wrapping_sub(b),
        Binary::Mul => a.wrapping_mul(b),
        Binary::And => a & b,
        Binary::Or => a | b,
        Binary::Xor => a ^ b,
        Binary::MinS => (a as i32).min(b as i32) as u32,
        Binary::MaxU => a.max(b),
        // PTX ISA 9.7.8.7: shifts by more than the width are clamped to it.
        Binary::Shl => a.checked_shl(b).unwrap_or(0),
        Binary::ShrU => a.checked_shr(b).unwrap_or(0),
        Binary::ShrS => ((a as i32) >> b.min(31)) as u32,
    }
}

fn unary(op: Unary, a: u32) -> u32 {
    match op {
        Unary::Not => !a,
        Unary::Neg => a.wrapping_neg(),
        Unary::Popc => a.count_ones(),
        Unary::Clz => a.leading_zeros(),
        Unary::Brev => a.reverse_bits(),
        Unary::Sext8 => a as i8 as u32,
        Unary::Sext16 => a as i16 as u32,
        Unary::Zext8 => a & 0xff,
    }
}

fn reduce(op: Red, at: &mut u32, value: u32) {
    *at = match op {
        Red::Add => at.wrapping_add(value),
        Red::Xor => *at ^ value,
        Red::MaxU => (*at).max(value),
        Red::MinS => (*at as i32).min(value as i32) as u32,
    };
}

struct Machine<'a> {
    program: &'a Program,
    shared: Vec<u32>,
    shared_counters: [u32; 4],
    counters: [u32; 4],
    steps: u32,
}

/// How a graph was left.
enum Left {
    Done,
    Gone,
}

/// Runs a program. `None`: it takes too long to be of use.
pub fn eval(program: &Program) -> Option<Results> {
    let n = program.threads;
    let mut m =
        Machine { program, shared: vec![0; n as usize], shared_counters: [0; 4], counters: [0; 4], steps: 0 };
    let mut threads: Vec<Thread> = (0..n)
        .map(|id| Thread { id, regs: Regs::new(id, id), local: [0; 8], out: [0; SLOTS], alive: true })
        .collect();
    for round in 0..program.rounds {
        for thread in &mut threads {
            thread.regs.words[VARYING] = round;
        }
        for segment in &program.segments {
            for thread in threads.iter_mut().filter(|t| t.alive) {
                m.steps = 0;
                let mut regs = thread.regs.clone();
                if let Left::Gone = m.graph(&segment.nodes, thread, &mut regs, FUEL, DEPTH)? {
                    thread.alive = false;
                }
                thread.regs = regs;
            }
            m.meet(segment.meeting, &mut threads);
        }
    }
    for thread in threads.iter_mut().filter(|t| t.alive) {
        let r = &thread.regs;
        let wide = r.wides[0] ^ r.wides[1];
        thread.out[SLOTS - 1] = r.words.iter().fold(0u32, |sum, w| sum.wrapping_mul(31).wrapping_add(*w));
        thread.out[SLOTS - 2] = (wide ^ (wide >> 32)) as u32;
        thread.out[SLOTS - 3] = (r.floats[0] as i32) as u32;
        thread.out[SLOTS - 4] = (r.floats[1] as i32) as u32;
    }
    Some(Results { out: threads.iter().flat_map(|t| t.out).collect(), counters: m.counters })
}

impl Machine<'_> {
    fn graph(
        &mut self,
        nodes: &[Node],
        thread: &mut Thread,
        regs: &mut Regs,
        mut fuel: u32,
        depth: u32,
    ) -> Option<Left> {
        let mut at = 0;
        loop {
            self.steps += 1;
            if self.steps > PATIENCE {
                return None;
            }
            let node = &nodes[at];
            for stmt in &node.stmts {
                self.stmt(*stmt, thread, regs, depth)?;
            }
            at = match &node.end {
                End::Jump(to) => *to,
                End::Branch { then, els, fuel: Fuel::Free } => {
                    if regs.cond(node.cond, thread.id) {
                        *then
                    } else {
                        *els
                    }
                }
                End::Branch { then, els, fuel: Fuel::Needed } => {
                    if regs.cond(node.cond, thread.id) && fuel > 0 {
                        fuel -= 1;
                        *then
                    } else {
                        *els
                    }
                }
                End::Table(list) => list[regs.words[node.index] as usize % list.len()],
                End::Leave => return Some(Left::Done),
                End::Exit => return Some(Left::Gone),
            };
        }
    }

    fn stmt(&mut self, stmt: Stmt, thread: &mut Thread, r: &mut Regs, depth: u32) -> Option<()> {
        match stmt {
            Stmt::Binary(op, d, a, b) => r.words[d] = binary(op, r.words[a], r.word(b)),
            Stmt::Unary(op, d, a) => r.words[d] = unary(op, r.words[a]),
            Stmt::Select(c, d, a, b) => r.words[d] = r.word(if r.cond(c, thread.id) { a } else { b }),
            Stmt::Guarded(c, op, d, a, b) => {
                if r.cond(c, thread.id) {
                    r.words[d] = binary(op, r.words[a], r.word(b));
                }
            }
            Stmt::FloatOfS32(d, a) => r.floats[d] = r.words[a] as i32 as f32,
            Stmt::FloatOfU32(d, a) => r.floats[d] = r.words[a] as f32,
            // PTX ISA 9.7.9.21: out of range saturates; NaN is 0 (as for all integer types but 64 bits wide ones).
            Stmt::S32OfFloat(d, a) => r.words[d] = r.floats[a] as i32 as u32,
            Stmt::U32OfFloat(d, a) => r.words[d] = r.floats[a] as u32,
            Stmt::FloatAdd(d, a, b) => r.floats[d] = r.floats[a] + r.floats[b],
            Stmt::FloatFma(d, a, b) => r.floats[d] = r.floats[a].mul_add(r.floats[b], r.floats[d]),
            Stmt::WideOfU32(d, a) => r.wides[d] = u64::from(r.words[a]),
            Stmt::WideOfS32(d, a) => r.wides[d] = r.words[a] as i32 as u64,
            Stmt::WideMul(d, a, b) => r.wides[d] = u64::from(r.words[a]) * u64::from(r.words[b]),
            Stmt::WideAdd(d, a, b) => r.wides[d] = r.wides[a].wrapping_add(r.wides[b]),
            Stmt::WordOfWide(d, a, by) => r.words[d] = (r.wides[a] >> by) as u32,
            Stmt::Input(d, a) => r.words[d] = (r.words[a] & 63).wrapping_mul(2_654_435_761),
            Stmt::LoadLocal(d, i) => r.words[d] = thread.local[(r.word(i) & 7) as usize],
            Stmt::StoreLocal(i, a) => thread.local[(r.word(i) & 7) as usize] = r.words[a],
            Stmt::LoadShared(d) => r.words[d] = self.shared[thread.id as usize],
            Stmt::StoreShared(a) => self.shared[thread.id as usize] = r.words[a],
            Stmt::Output(slot, a) => thread.out[slot] = r.words[a],
            Stmt::Reduce(memory, k, a) => {
                let counters = match memory {
                    Memory::Global => &mut self.counters,
                    Memory::Shared => &mut self.shared_counters,
                };
                reduce(COUNTERS[k], &mut counters[k], r.words[a]);
            }
            Stmt::Call(f, d, a, b) if depth > 0 => {
                let mut inner = Regs::new(r.words[a].wrapping_add(r.word(b)), thread.id);
                // Each call has an array of its own.
                let outer = std::mem::take(&mut thread.local);
                self.graph(&self.program.functions[f], thread, &mut inner, FUEL_OF_FUNCTIONS, depth - 1)?;
                thread.local = outer;
                r.words[d] = inner.words[..VARYING].iter().fold(0, |sum: u32, w| sum.wrapping_mul(31) ^ w);
            }
            Stmt::Call(..) => {}
        }
        Some(())
    }

    fn meet(&mut self, meeting: Meeting, threads: &mut [Thread]) {
        let words =
            |threads: &[Thread], r: usize| -> Vec<u32> { threads.iter().map(|t| t.regs.words[r]).collect() };
        let holds = |threads: &[Thread], c: Cond| -> Vec<bool> {
            threads.iter().map(|t| t.regs.cond(c, t.id)).collect()
        };
        let n = threads.len();
        match meeting {
            Meeting::Nothing | Meeting::Barrier => {}
            Meeting::Exchange(from, by, to) => {
                for t in threads.iter().filter(|t| t.alive) {
                    self.shared[t.id as usize] = t.regs.words[from];
                }
                for t in threads.iter_mut().filter(|t| t.alive) {
                    t.regs.words[to] = self.shared[(t.id as usize + by as usize) % n];
                }
            }
            Meeting::Counter(k, to) => {
                for t in threads.iter_mut().filter(|t| t.alive) {
                    t.regs.words[to] = self.shared_counters[k];
                }
            }
            Meeting::Ballot(c, to) => {
                let all = holds(threads, c);
                for (i, t) in threads.iter_mut().enumerate() {
                    t.regs.words[to] = (0..32).fold(0, |m, l| m | u32::from(all[i / 32 * 32 + l]) << l);
                }
            }
            Meeting::Butterfly(from, by, to) => {
                let all = words(threads, from);
                for (i, t) in threads.iter_mut().enumerate() {
                    t.regs.words[to] = all[i ^ by as usize];
                }
            }
            Meeting::Among(c, from, to) => {
                let (who, all) = (holds(threads, c), words(threads, from));
                for (i, t) in threads.iter_mut().enumerate().filter(|(i, _)| who[*i]) {
                    let warp = i / 32 * 32..i / 32 * 32 + 32;
                    t.regs.words[to] =
                        warp.filter(|j| who[*j]).fold(0, |sum: u32, j| sum.wrapping_add(all[j]));
                }
            }
            Meeting::Rounds(from, to) => {
                let trips: Vec<u32> = words(threads, from).iter().map(|w| w & 7).collect();
                for (i, t) in threads.iter_mut().enumerate() {
                    let warp = &trips[i / 32 * 32..i / 32 * 32 + 32];
                    let there = |round: u32| warp.iter().filter(|w| **w > round).count() as u32;
                    t.regs.words[to] = (0..trips[i]).fold(0, |sum: u32, round| sum * 3 + there(round));
                }
            }
        }
    }
}
