//! Which values are live at the start of each block.

use crate::Cfg;
use ir::{Block, Function, Value, ValueDef};

/// A dense set of small indices.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct BitSet {
    words: Vec<u64>,
}

impl BitSet {
    pub fn new(n: usize) -> BitSet {
        BitSet { words: vec![0; n.div_ceil(64)] }
    }

    /// Adds `i`; returns whether it was new.
    pub fn insert(&mut self, i: usize) -> bool {
        let (word, bit) = (i / 64, 1u64 << (i % 64));
        let new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        new
    }

    pub fn contains(&self, i: usize) -> bool {
        self.words[i / 64] >> (i % 64) & 1 != 0
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(w, &bits)| {
            let mut rest = bits;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                Some(w * 64 + bit)
            })
        })
    }
}

/// Live-in sets by block. Block parameters are not live into their own block.
pub struct Liveness {
    live_in: Vec<BitSet>,
}

impl Liveness {
    pub fn live_in(&self, block: Block) -> impl Iterator<Item = Value> + '_ {
        self.live_in[block.index()].iter().map(|i| Value(i as u32))
    }

    pub fn is_live_in(&self, value: Value, block: Block) -> bool {
        self.live_in[block.index()].contains(value.index())
    }
}

/// By walking from each use up to the definition (Boissinot et al.: Fast Liveness Checking, the by-use construction):
/// linear in the size of the result.
pub fn compute(func: &Function, cfg: &Cfg) -> Liveness {
    let n = func.values.len();
    let mut live_in = vec![BitSet::new(n); func.blocks.len()];
    let mut def_block = vec![None; n];
    for &block in &cfg.rpo {
        for &p in &func.block(block).params {
            def_block[p.index()] = Some(block);
        }
        for &inst in &func.block(block).insts {
            for &r in &func.inst(inst).results {
                def_block[r.index()] = Some(block);
            }
        }
    }
    let mut stack = Vec::new();
    for &block in &cfg.rpo {
        let mut uses = Vec::new();
        for &inst in &func.block(block).insts {
            uses.extend_from_slice(&func.inst(inst).args);
        }
        func.block(block).term.for_each_use(|v| uses.push(v));
        for v in uses {
            if def_block[v.index()] == Some(block) {
                continue;
            }
            stack.push(block);
            while let Some(b) = stack.pop() {
                if def_block[v.index()] == Some(b) || !live_in[b.index()].insert(v.index()) {
                    continue;
                }
                stack.extend_from_slice(&cfg.preds[b.index()]);
            }
        }
    }
    Liveness { live_in }
}

/// The block that defines each value.
pub fn def_blocks(func: &Function) -> Vec<Option<Block>> {
    let mut inst_block = vec![None; func.insts.len()];
    for block in func.block_ids() {
        for &inst in &func.block(block).insts {
            inst_block[inst.index()] = Some(block);
        }
    }
    func.values
        .iter()
        .map(|v| match v.def {
            ValueDef::Param(block, _) => Some(block),
            ValueDef::Result(inst, _) => inst_block[inst.index()],
        })
        .collect()
}
