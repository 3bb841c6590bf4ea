//! The control-flow graph of a function: successors, predecessors, reverse post-order.

use ir::{Block, Function};

/// Tables indexed by block. Unreachable blocks have no edges and are not in `rpo`.
pub struct Cfg {
    pub succs: Vec<Vec<Block>>,
    pub preds: Vec<Vec<Block>>,
    pub rpo: Vec<Block>,
    /// Position in `rpo`; `u32::MAX` for unreachable blocks.
    pub number: Vec<u32>,
}

impl Cfg {
    pub fn reachable(&self, block: Block) -> bool {
        self.number[block.index()] != u32::MAX
    }
}

/// Successor lists keep duplicates (both sides of a branch to one block), so that edges can be counted.
pub fn compute(func: &Function) -> Cfg {
    let n = func.blocks.len();
    let all: Vec<Vec<Block>> =
        func.blocks.iter().map(|b| b.term.successors().map(|c| c.block).collect()).collect();
    let rpo = reverse_post_order(n, Function::ENTRY.0, |b| all[b as usize].iter().map(|s| s.0));
    let mut cfg = Cfg {
        succs: vec![Vec::new(); n],
        preds: vec![Vec::new(); n],
        rpo: rpo.into_iter().map(Block).collect(),
        number: vec![u32::MAX; n],
    };
    for (i, &b) in cfg.rpo.iter().enumerate() {
        cfg.number[b.index()] = i as u32;
        for &s in &all[b.index()] {
            cfg.preds[s.index()].push(b);
        }
        cfg.succs[b.index()].clone_from(&all[b.index()]);
    }
    cfg
}

/// Reverse post-order of the nodes reachable from `root`, without recursion.
pub fn reverse_post_order<I>(n: usize, root: u32, succs: impl Fn(u32) -> I) -> Vec<u32>
where
    I: DoubleEndedIterator<Item = u32>,
{
    let mut seen = vec![false; n];
    let mut order = Vec::with_capacity(n);
    let mut stack = vec![(root, false)];
    while let Some((node, done)) = stack.pop() {
        if done {
            order.push(node);
            continue;
        }
        if std::mem::replace(&mut seen[node as usize], true) {
            continue;
        }
        stack.push((node, true));
        // The first successor is visited last, so that it comes first in reverse post-order after its sibling's
        // subgraph: then-blocks precede their else-blocks.
        for s in succs(node) {
            if !seen[s as usize] {
                stack.push((s, false));
            }
        }
    }
    order.reverse();
    order
}
