//! Turns stack slots into values.
//!
//! What is loaded and stored at constant offsets in a slot that does not escape becomes SSA values, piece by piece
//! (see `pieces`), with block parameters where control flow meets (Cytron et al. 1991, pruned). Afterwards the
//! analyses see through it, and the engine keeps it in registers. A piece that is read before it is written is zero.

use crate::Changed;
use crate::cfg_simplify::replace_uses;
use crate::pieces::{Assembler, Pieces, access};
use analysis::places::{self, Places};
use analysis::{Cfg, DomTree};
use ir::{Block, Function, Inst, Type, Value};
use rustc_hash::FxHashMap;

/// Above this many pairs of pieces and blocks nothing is done.
const LIMIT: usize = 30_000_000;

pub fn run(func: &mut Function) -> Changed {
    if func.slots.is_empty() {
        return Changed::No;
    }
    let cfg = analysis::cfg::compute(func);
    let places = places::compute(func, &cfg);
    let memory = memory_ranges(func, &cfg, &places);
    let pieces = Pieces::find(func, &cfg.rpo, &places, &memory);
    let possible = cfg.preds[Function::ENTRY.index()].is_empty();
    if pieces.list.is_empty() || !possible || pieces.list.len().saturating_mul(func.blocks.len()) > LIMIT {
        return Changed::No;
    }
    promote(func, &cfg, &places, &pieces);
    Changed::Yes
}

/// By slot: the bytes that accesses at varying offsets may reach.
fn memory_ranges(func: &Function, cfg: &Cfg, places: &Places) -> Vec<Vec<(i64, i64)>> {
    let mut ranges = vec![Vec::new(); func.slots.len()];
    for &inst in cfg.rpo.iter().flat_map(|&b| &func.block(b).insts) {
        if let Some(access) = access(func, places, inst)
            && access.offset.is_none()
        {
            ranges[access.slot.index()] = vec![(i64::MIN, i64::MAX)];
        }
    }
    ranges
}

fn promote(func: &mut Function, cfg: &Cfg, places: &Places, pieces: &Pieces) {
    let dom = analysis::dom::compute(cfg);
    let merges = merges(func, cfg, &dom, places, pieces);
    let mut params: Vec<Vec<(usize, Value)>> = vec![Vec::new(); func.blocks.len()];
    for (block, list) in merges.iter().enumerate() {
        for &piece in list {
            let param = func.add_block_param(Block(block as u32), pieces.list[piece].ty);
            params[block].push((piece, param));
        }
    }
    let mut walk = Walk {
        current: undefined(func, pieces),
        undo: Vec::new(),
        replace: FxHashMap::default(),
        joined: FxHashMap::default(),
    };
    let mut children: Vec<Vec<Block>> = vec![Vec::new(); func.blocks.len()];
    for &block in &cfg.rpo {
        if let Some(up) = dom.idom(block) {
            children[up.index()].push(block);
        }
    }
    // Depth first over the dominator tree; the second visit undoes the first.
    let mut stack = vec![(Function::ENTRY, None)];
    while let Some((block, mark)) = stack.pop() {
        if let Some(mark) = mark {
            walk.undo_to(mark);
            continue;
        }
        stack.push((block, Some(walk.undo.len())));
        for &(piece, param) in &params[block.index()] {
            walk.set(piece, param);
        }
        walk.rewrite(func, places, pieces, block);
        let current = &walk.current;
        for call in func.block_mut(block).term.successors_mut() {
            call.args.extend(params[call.block.index()].iter().map(|(piece, _)| current[*piece]));
        }
        stack.extend(children[block.index()].iter().map(|&c| (c, None)));
    }
    let replace = walk.replace;
    replace_uses(func, |mut v| {
        while let Some(&to) = replace.get(&v) {
            v = to;
        }
        v
    });
}

/// Zeros at the start of the function, by piece.
fn undefined(func: &mut Function, pieces: &Pieces) -> Vec<Value> {
    let mut zeros: FxHashMap<Type, Value> = FxHashMap::default();
    let mut insts = Vec::new();
    let values = pieces
        .list
        .iter()
        .map(|p| {
            *zeros.entry(p.ty).or_insert_with(|| {
                let inst = func.add_inst(Inst::Const { ty: p.ty, bits: 0 }, &[], &[p.ty], Default::default());
                insts.push(inst);
                func.inst(inst).results[0]
            })
        })
        .collect();
    func.block_mut(Function::ENTRY).insts.splice(0..0, insts);
    values
}

struct Walk {
    /// The value of each piece.
    current: Vec<Value>,
    undo: Vec<(usize, Value)>,
    /// Results of loads that are gone.
    replace: FxHashMap<Value, Value>,
    /// What a value was put together from: a copy takes it apart again.
    joined: FxHashMap<Value, Vec<Value>>,
}

impl Walk {
    fn set(&mut self, piece: usize, value: Value) {
        let old = std::mem::replace(&mut self.current[piece], value);
        self.undo.push((piece, old));
    }

    fn undo_to(&mut self, mark: usize) {
        for (piece, old) in self.undo.drain(mark..).rev() {
            self.current[piece] = old;
        }
    }

    fn resolve(&self, mut value: Value) -> Value {
        while let Some(&to) = self.replace.get(&value) {
            value = to;
        }
        value
    }

    /// Takes the loads and stores of pieces out of a block.
    fn rewrite(&mut self, func: &mut Function, places: &Places, pieces: &Pieces, block: Block) {
        let insts = std::mem::take(&mut func.block_mut(block).insts);
        let mut asm = Assembler { func, out: Vec::with_capacity(insts.len()), loc: Default::default() };
        for inst in insts {
            let found = access(asm.func, places, inst).and_then(|a| pieces.holds(&a).map(|at| (a, at)));
            let Some((access, offset)) = found else {
                asm.out.push(inst);
                continue;
            };
            let data = asm.func.inst(inst).clone();
            asm.loc = data.loc;
            let bytes = access.ty.bytes();
            let element = |k: usize| pieces.under(access.slot, offset + k as i64 * i64::from(bytes), bytes);
            for (k, &result) in data.results.iter().enumerate() {
                self.load(&mut asm, &element(k), access.ty, result);
            }
            if let Inst::Store { .. } = data.inst {
                for (k, &value) in data.args[1..].iter().enumerate() {
                    self.store(&mut asm, pieces, &element(k), value);
                }
            }
        }
        let out = asm.out;
        func.block_mut(block).insts = out;
    }

    fn load(&mut self, asm: &mut Assembler<'_>, under: &[usize], ty: Type, result: Value) {
        let parts: Vec<Value> = under.iter().map(|&p| self.resolve(self.current[p])).collect();
        let value = match parts[..] {
            [whole] => asm.cast(ty, whole),
            _ => {
                let value = asm.join(ty, &parts);
                self.joined.insert(value, parts);
                value
            }
        };
        self.replace.insert(result, value);
    }

    fn store(&mut self, asm: &mut Assembler<'_>, pieces: &Pieces, under: &[usize], value: Value) {
        let value = self.resolve(value);
        if let [whole] = under {
            let value = asm.cast(pieces.list[*whole].ty, value);
            self.set(*whole, value);
            return;
        }
        let types: Vec<Type> = under.iter().map(|&p| pieces.list[p].ty).collect();
        let known = self
            .joined
            .get(&value)
            .filter(|parts| parts.iter().map(|&p| asm.func.ty(p)).eq(types.iter().copied()))
            .cloned();
        let parts = known.unwrap_or_else(|| asm.split(value, &types));
        for (&piece, part) in under.iter().zip(parts) {
            self.set(piece, part);
        }
    }
}

/// By block: the pieces that need a parameter there.
fn merges(func: &Function, cfg: &Cfg, dom: &DomTree, places: &Places, pieces: &Pieces) -> Vec<Vec<usize>> {
    let frontiers = frontiers(cfg, dom);
    let n = func.blocks.len();
    // By piece: blocks that write it, and blocks that read it before they write it.
    let mut writes: Vec<Vec<Block>> = vec![Vec::new(); pieces.list.len()];
    let mut reads: Vec<Vec<Block>> = vec![Vec::new(); pieces.list.len()];
    for &block in &cfg.rpo {
        for &inst in &func.block(block).insts {
            let Some(access) = access(func, places, inst) else { continue };
            let Some(offset) = pieces.holds(&access) else { continue };
            let is_store = matches!(func.inst(inst).inst, Inst::Store { .. });
            for piece in pieces.under(access.slot, offset, access.ty.bytes() * access.count) {
                let written = writes[piece].last() == Some(&block);
                let list = if is_store { &mut writes[piece] } else { &mut reads[piece] };
                if (is_store || !written) && list.last() != Some(&block) {
                    list.push(block);
                }
            }
        }
    }
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); n];
    // Marks are numbers of pieces, so that they need no clearing.
    let (mut live, mut has) = (vec![usize::MAX; n], vec![usize::MAX; n]);
    let mut writer = vec![usize::MAX; n];
    for piece in 0..pieces.list.len() {
        writes[piece].iter().for_each(|b| writer[b.index()] = piece);
        let mut work = reads[piece].clone();
        work.iter().for_each(|b| live[b.index()] = piece);
        while let Some(b) = work.pop() {
            for &p in &cfg.preds[b.index()] {
                if writer[p.index()] != piece && live[p.index()] != piece {
                    live[p.index()] = piece;
                    work.push(p);
                }
            }
        }
        let mut work = writes[piece].clone();
        while let Some(b) = work.pop() {
            for &f in &frontiers[b.index()] {
                if live[f.index()] == piece && has[f.index()] != piece {
                    has[f.index()] = piece;
                    out[f.index()].push(piece);
                    work.push(f);
                }
            }
        }
    }
    out
}

/// Dominance frontiers.
fn frontiers(cfg: &Cfg, dom: &DomTree) -> Vec<Vec<Block>> {
    let mut out: Vec<Vec<Block>> = vec![Vec::new(); cfg.preds.len()];
    for &block in &cfg.rpo {
        let preds = &cfg.preds[block.index()];
        if preds.len() < 2 {
            continue;
        }
        for &p in preds {
            let mut at = p;
            while Some(at) != dom.idom(block) {
                let list = &mut out[at.index()];
                if list.last() != Some(&block) {
                    list.push(block);
                }
                let Some(up) = dom.idom(at) else { break };
                at = up;
            }
        }
    }
    out
}
