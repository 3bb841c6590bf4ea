//! Natural loops: a head, and all blocks from which a back edge to it is reached without passing it.
//!
//! Invariant: the head dominates the loop's blocks, so that control enters the loop there alone; what is entered
//! elsewhere (irreducible flow) is no natural loop.

use crate::Cfg;
use crate::dom::DomTree;
use ir::Block;

/// A loop with all of its back edges.
pub struct NaturalLoop {
    pub head: Block,
    /// The blocks that go back to the head.
    pub latches: Vec<Block>,
    /// Its blocks in reverse post-order: the head is the first.
    pub blocks: Vec<Block>,
}

/// The natural loops in reverse post-order of their heads: outer ones before those inside them.
pub fn compute(cfg: &Cfg, tree: &DomTree) -> Vec<NaturalLoop> {
    let mut out = Vec::new();
    for &head in &cfg.rpo {
        let preds = cfg.preds[head.index()].iter().copied();
        let latches: Vec<Block> = preds.filter(|&p| tree.dominates(head, p)).collect();
        if latches.is_empty() {
            continue;
        }
        let mut inside = vec![false; cfg.succs.len()];
        inside[head.index()] = true;
        let mut stack = latches.clone();
        while let Some(block) = stack.pop() {
            if !std::mem::replace(&mut inside[block.index()], true) {
                stack.extend_from_slice(&cfg.preds[block.index()]);
            }
        }
        let blocks = cfg.rpo.iter().copied().filter(|b| inside[b.index()]).collect();
        out.push(NaturalLoop { head, latches, blocks });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cfg, dom};
    use ir::{BlockCall, Builder, Function, Sreg};

    #[test]
    fn loops_inside_loops_are_told_apart() {
        let mut func = Function::new("f", Default::default());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let (outer, inner, end) = (b.new_block(), b.new_block(), b.new_block());
        let latch = b.new_block();
        let tid = b.sreg(Sreg::TidX);
        let zero = b.i32(0);
        let again = b.icmp(ir::IntCc::Eq, tid, zero);
        b.jump(outer, &[]);
        b.switch_to(outer);
        b.jump(inner, &[]);
        b.switch_to(inner);
        b.branch(again, BlockCall::new(inner), BlockCall::new(latch));
        b.switch_to(latch);
        b.branch(again, BlockCall::new(outer), BlockCall::new(end));
        b.switch_to(end);
        b.ret(&[]);
        let cfg = cfg::compute(&func);
        let found = compute(&cfg, &dom::compute(&cfg));
        let shown: Vec<_> =
            found.iter().map(|l| (l.head, l.latches.as_slice(), l.blocks.as_slice())).collect();
        assert_eq!(
            shown,
            [(outer, &[latch][..], &[outer, inner, latch][..]), (inner, &[inner][..], &[inner][..])]
        );
    }
}
