//! Stores past the caches: results that fill memory line by line and that their kernel does not read again. A plain
//! store fetches its line first, and drives out what will be read.
//!
//! Invariant: only whole cache lines are written so, by code without masks, and nothing in the kernel orders its global
//! memory for others: the processor may let later stores overtake these until the engine settles them (see
//! `crate::streaming`, which also says which launches write that much).

use super::memory::Access;
use super::{Emitter, Exec, Repr, Unit};
use crate::abi::field;
use analysis::{Cfg, dom, natural};
use ir::{Block, Function, Inst, MemOrder, Op, Scope, Space, Type, Value};
use std::collections::BTreeMap;

/// Sets of what an address is built from: the 64-bit parameter at byte `8 * k`, module variables, anything else.
type Roots = u64;
const PARAMS: u32 = 61;
const GLOBALS: Roots = 1 << 61;
const OTHER: Roots = 1 << 62;

/// Bytes of a cache line.
const LINE: i64 = 64;
/// Most pairs of pointers that are compared before a store.
const PAIRS: u32 = 8;

/// Where a store may go past the caches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Caches {
    Through,
    Past,
}

impl Caches {
    /// The alignment of a store of so many bytes, of which `align` is known, and what follows it.
    pub fn suffix(self, align: u32, bytes: u32) -> String {
        match self {
            Caches::Through => align.to_string(),
            Caches::Past => {
                format!("{}, !nontemporal !2", 1 << bytes.trailing_zeros().min(LINE.trailing_zeros()))
            }
        }
    }
}

/// Addresses of stores that may go past the caches.
pub(crate) struct Streams {
    /// What the kernel loads from.
    loads: Roots,
    stores: BTreeMap<Value, Roots>,
}

impl Streams {
    /// Whether stores to an address may go past the caches.
    pub(super) fn may_pass(&self, addr: Value) -> bool {
        self.stores.contains_key(&addr)
    }
}

/// The stores of a kernel that may go past the caches, if it has any.
pub(super) fn find(unit: &Unit<'_>, func: &Function, cfg: &Cfg) -> Option<Streams> {
    if !unit.target.has("avx2") || unit.fibers || unit.layout.lanes == 1 {
        return None;
    }
    let loops = Loops::of(cfg);
    let facts = facts(func, cfg, &loops);
    let mut out = Streams { loads: 0, stores: BTreeMap::new() };
    let mut again: Vec<Value> = Vec::new();
    for &block in &cfg.rpo {
        for &inst in &func.block(block).insts {
            let data = func.inst(inst);
            match data.inst {
                Inst::Load { space: Space::Global | Space::Generic, sem, .. } => {
                    if sem.order != MemOrder::Weak {
                        return None;
                    }
                    out.loads |= facts[data.args[0].index()].roots;
                }
                Inst::Store { space: Space::Global | Space::Generic, sem, .. } => {
                    if sem.order != MemOrder::Weak {
                        return None;
                    }
                    let fact = facts[data.args[0].index()];
                    // What a loop writes again and again should stay where it is.
                    match loops.around(block) & !fact.varies {
                        0 => drop(out.stores.insert(data.args[0], fact.roots)),
                        _ => again.push(data.args[0]),
                    }
                }
                Inst::Atomic { space: Space::Shared, .. } => {}
                Inst::Fence(sem) if sem.scope == Scope::Cta => {}
                Inst::Atomic { .. }
                | Inst::Fence(_)
                | Inst::Call(_)
                | Inst::CallIndirect { .. }
                | Inst::Sys(_) => {
                    return None;
                }
                _ => {}
            }
        }
    }
    let pairs = |roots: Roots| roots.count_ones() * out.loads.count_ones();
    out.stores.retain(|addr, &mut roots| {
        let params = roots != 0 && roots & (OTHER | GLOBALS) == 0;
        params && roots & out.loads == 0 && pairs(roots) <= PAIRS && !again.contains(addr)
    });
    (out.loads & OTHER == 0 && !out.stores.is_empty()).then_some(out)
}

/// Natural loops, a bit each; the blocks of those beyond the last bit share it.
struct Loops {
    heads: BTreeMap<Block, u64>,
    around: Vec<u64>,
}

impl Loops {
    fn of(cfg: &Cfg) -> Loops {
        let mut out = Loops { heads: BTreeMap::new(), around: vec![0; cfg.succs.len()] };
        for (number, found) in natural::compute(cfg, &dom::compute(cfg)).iter().enumerate() {
            let bit = 1u64 << number.min(63);
            out.heads.insert(found.head, bit);
            found.blocks.iter().for_each(|b| out.around[b.index()] |= bit);
        }
        out
    }

    fn around(&self, block: Block) -> u64 {
        self.around[block.index()]
    }
}

/// What is known of a value.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Fact {
    roots: Roots,
    /// Loops whose variables it is computed from.
    varies: u64,
}

impl Fact {
    fn or(self, other: Fact) -> Fact {
        Fact { roots: self.roots | other.roots, varies: self.varies | other.varies }
    }
}

fn facts(func: &Function, cfg: &Cfg, loops: &Loops) -> Vec<Fact> {
    let mut out = vec![Fact::default(); func.values.len()];
    let mut changed = true;
    while changed {
        changed = false;
        let mut add = |out: &mut Vec<Fact>, v: Value, fact: Fact| {
            let now = out[v.index()].or(fact);
            changed |= now != out[v.index()];
            out[v.index()] = now;
        };
        for &block in &cfg.rpo {
            if let Some(&bit) = loops.heads.get(&block) {
                for &p in &func.block(block).params {
                    add(&mut out, p, Fact { roots: 0, varies: bit });
                }
            }
            for &inst in &func.block(block).insts {
                let data = func.inst(inst);
                let args = data.args.iter().fold(Fact::default(), |all, a| all.or(out[a.index()]));
                for (k, &r) in data.results.iter().enumerate() {
                    let roots = match func.ty(r) {
                        Type::I64 => roots(func, &data.inst, &data.args, k, args.roots),
                        _ => 0,
                    };
                    add(&mut out, r, Fact { roots, ..args });
                }
            }
            for call in func.block(block).term.successors() {
                for (&param, &arg) in func.block(call.block).params.iter().zip(&call.args) {
                    let fact = out[arg.index()];
                    add(&mut out, param, fact);
                }
            }
        }
    }
    out
}

/// What result `k` of an instruction, an I64, is built from. `args`: what its operands are built from.
fn roots(func: &Function, inst: &Inst, operands: &[Value], k: usize, args: Roots) -> Roots {
    match *inst {
        Inst::Load { space: Space::Param, ty: Type::I64, .. } => {
            let at = func.as_const(operands[0]).map(|at| at + 8 * k as u64);
            match at {
                Some(at) if at.is_multiple_of(8) && at / 8 < u64::from(PARAMS) => 1 << (at / 8),
                _ => OTHER,
            }
        }
        Inst::GlobalAddr { .. } => GLOBALS,
        Inst::Const { .. } | Inst::Sreg(_) | Inst::SlotAddr(_) | Inst::FuncAddr(_) => 0,
        Inst::ToGeneric(_) | Inst::FromGeneric(_) => args,
        // No address is a product, and none is made of fewer bits.
        Inst::Pure { op: Op::IMul | Op::Shl | Op::ZExt(_) | Op::SExt(_), .. } => 0,
        Inst::Pure { .. } => {
            let whole = operands.iter().all(|&a| matches!(func.ty(a), Type::I64 | Type::I1));
            args | if whole { 0 } else { OTHER }
        }
        _ => OTHER,
    }
}

impl Emitter<'_> {
    /// Stores of a row of memory for each chunk, past the caches where that pays and is possible.
    pub(super) fn store_rows(
        &mut self,
        (addr, repr): (Value, &Repr),
        access: &Access,
        pitch: usize,
        pointers: &[String],
        columns: &[Vec<String>],
    ) {
        let Some(past) = self.goes_past(addr, repr, access, pitch, pointers) else {
            return self.store_row_of_memory(access, pitch, pointers, columns, Caches::Through);
        };
        let (stream, plain, done) =
            (self.new_label("stream"), self.new_label("plain"), self.new_label("stored"));
        self.stmt(format!("br i1 {past}, label %{stream}, label %{plain}"));
        self.place(&stream);
        // LLVM would make one of what both ways share, and forget where it goes.
        self.stmt("call void asm sideeffect \"\", \"\"()");
        self.store_row_of_memory(access, pitch, pointers, columns, Caches::Past);
        self.stmt("call void asm sideeffect \"\", \"\"()");
        self.jump(&done);
        self.place(&plain);
        self.store_row_of_memory(access, pitch, pointers, columns, Caches::Through);
        self.jump(&done);
        self.place(&done);
    }

    /// Whether these stores go past the caches, as an i1; `None`: never. Counts them.
    fn goes_past(
        &mut self,
        addr: Value,
        repr: &Repr,
        access: &Access,
        pitch: usize,
        pointers: &[String],
    ) -> Option<String> {
        let (loads, roots) = self.streams.and_then(|s| Some((s.loads, *s.stores.get(&addr)?)))?;
        let global = matches!(access.space, Space::Global | Space::Generic);
        if !matches!(self.exec, Exec::All) || pitch != access.count || self.window.is_some() || !global {
            return None;
        }
        let row = i64::from(self.lanes() * access.ty.bytes()) * pitch as i64;
        let starts: &[String] = match repr {
            Repr::Affine { deltas, .. } => {
                if !whole_lines(&deltas.0[..self.chunks()], row) {
                    return None;
                }
                &pointers[..1]
            }
            Repr::Bases(..) if row % LINE == 0 => pointers,
            Repr::Bases(..) | Repr::Scalar(_) | Repr::Vectors(_) => return None,
        };
        let count = self.ins(format!("getelementptr i8, ptr %ctx, i64 {}", field::STORED));
        let before = self.ins(format!("load i64, ptr {count}, align 8"));
        let bytes = row * self.chunks() as i64;
        let after = self.ins(format!("add i64 {before}, {bytes}"));
        self.stmt(format!("store i64 {after}, ptr {count}, align 8"));
        let streams = self.context_field(field::STREAMS, "i64");
        let mut all = self.ins(format!("icmp ne i64 {streams}, 0"));
        let params: Vec<u32> = (0..PARAMS).collect();
        for (mine, read) in params.iter().flat_map(|s| params.iter().map(move |l| (s, l))) {
            if roots >> mine & 1 != 0 && loads >> read & 1 != 0 {
                // One array as result and operand stays in the caches.
                let [mine, read] = [mine, read].map(|k| {
                    let p = self.pointer(Space::Param, &(8 * k).to_string());
                    self.ins(format!("load i64, ptr {p}, align 8, !invariant.load !0"))
                });
                let apart = self.ins(format!("icmp ne i64 {mine}, {read}"));
                all = self.ins(format!("and i1 {all}, {apart}"));
            }
        }
        let mut bits = "0".to_string();
        for start in starts {
            let start = self.ins(format!("ptrtoint ptr {start} to i64"));
            bits = self.ins(format!("or i64 {bits}, {start}"));
        }
        let low = self.ins(format!("and i64 {bits}, {}", LINE - 1));
        let aligned = self.ins(format!("icmp eq i64 {low}, 0"));
        Some(self.ins(format!("and i1 {all}, {aligned}")))
    }
}

/// Whether rows of so many bytes at these distances fill whole lines, one row behind the other, if the first begins one.
fn whole_lines(starts: &[i64], row: i64) -> bool {
    let mut open = 0;
    let mut next = None;
    for &start in starts {
        if next != Some(start) && (open != 0 || (start - starts[0]) % LINE != 0) {
            return false;
        }
        open = (open + row) % LINE;
        next = Some(start + row);
    }
    open == 0
}

#[cfg(test)]
mod tests {
    use super::whole_lines;

    #[test]
    fn rows_fill_lines_alone_or_together() {
        assert!(whole_lines(&[0, 64, 128, 192], 64));
        assert!(whole_lines(&[0, 256], 64));
        assert!(whole_lines(&[0, 32, 128, 160], 32));
        assert!(!whole_lines(&[0, 64], 32));
        assert!(!whole_lines(&[0, 32, 64], 32));
        assert!(!whole_lines(&[0, 96], 64));
        assert!(!whole_lines(&[0], 16));
    }
}
