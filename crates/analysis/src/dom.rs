//! Dominator trees (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm), forward and backward.

use crate::Cfg;
use crate::cfg::reverse_post_order;
use ir::{Block, Function};

/// A dominator tree over nodes `0..n`; for post-dominators node `n` is the virtual exit.
pub struct DomTree {
    idom: Vec<u32>,
    /// Entry and exit times of a walk of the tree: `a` dominates `b` if its interval holds `b`'s.
    pre: Vec<u32>,
    post: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl DomTree {
    /// The immediate dominator; `None` for the root and for nodes that the root does not reach.
    pub fn idom(&self, block: Block) -> Option<Block> {
        let up = self.idom[block.index()];
        (up != NONE && up != block.0).then_some(Block(up))
    }

    /// Whether every path from the root to `b` passes `a`. Reflexive.
    pub fn dominates(&self, a: Block, b: Block) -> bool {
        let (a, b) = (a.index(), b.index());
        self.pre[a] != NONE
            && self.pre[b] != NONE
            && self.pre[a] <= self.pre[b]
            && self.post[b] <= self.post[a]
    }
}

/// Forward dominators.
pub fn compute(cfg: &Cfg) -> DomTree {
    let n = cfg.succs.len();
    let succs: Vec<Vec<u32>> = cfg.succs.iter().map(|s| s.iter().map(|b| b.0).collect()).collect();
    tree(n, Function::ENTRY.0, &succs)
}

/// Post-dominators. The virtual exit is node `n` (`Block(n)`), preceded by the blocks of `exits`. Blocks that reach no
/// exit (endless loops, paths that only end threads early) hang off no tree: [`DomTree::idom`] is `None` for them.
pub fn compute_post(cfg: &Cfg, exits: &[Block]) -> DomTree {
    let n = cfg.succs.len();
    let mut reversed: Vec<Vec<u32>> = cfg.preds.iter().map(|p| p.iter().map(|b| b.0).collect()).collect();
    reversed.push(exits.iter().map(|b| b.0).collect());
    tree(n + 1, n as u32, &reversed)
}

fn tree(n: usize, root: u32, succs: &[Vec<u32>]) -> DomTree {
    let order = reverse_post_order(n, root, |b| succs[b as usize].iter().copied());
    let mut number = vec![NONE; n];
    for (i, &b) in order.iter().enumerate() {
        number[b as usize] = i as u32;
    }
    let mut preds = vec![Vec::new(); n];
    for &b in &order {
        for &s in &succs[b as usize] {
            preds[s as usize].push(b);
        }
    }
    let mut idom = vec![NONE; n];
    idom[root as usize] = root;
    let mut changed = true;
    while changed {
        changed = false;
        for &b in order.iter().skip(1) {
            let mut new = NONE;
            for &p in &preds[b as usize] {
                if idom[p as usize] == NONE {
                    continue;
                }
                new = if new == NONE { p } else { common(&idom, &number, new, p) };
            }
            if new != idom[b as usize] {
                idom[b as usize] = new;
                changed = true;
            }
        }
    }
    let mut children = vec![Vec::new(); n];
    for &b in order.iter().skip(1) {
        children[idom[b as usize] as usize].push(b);
    }
    let (mut pre, mut post) = (vec![NONE; n], vec![NONE; n]);
    let mut clock = 0;
    let mut stack = vec![(root, false)];
    while let Some((b, done)) = stack.pop() {
        let slot = if done { &mut post } else { &mut pre };
        slot[b as usize] = clock;
        clock += 1;
        if !done {
            stack.push((b, true));
            stack.extend(children[b as usize].iter().map(|&c| (c, false)));
        }
    }
    DomTree { idom, pre, post }
}

fn common(idom: &[u32], number: &[u32], mut a: u32, mut b: u32) -> u32 {
    while a != b {
        while number[a as usize] > number[b as usize] {
            a = idom[a as usize];
        }
        while number[b as usize] > number[a as usize] {
            b = idom[b as usize];
        }
    }
    a
}
