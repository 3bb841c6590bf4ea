//! What runs while lanes wait.
//!
//! Code keeps one copy of a value for all lanes of a gang. Lanes that wait before a fragment, or at the end of a chain,
//! come back to it after others have run, maybe through the very blocks that they came from: then the copy is not
//! theirs any more. This walks the linear program that emission makes of fragments and chains, from each place where
//! lanes begin to wait to the place where they go on, and says which values are lost on the way.

use super::{ChainId, FragmentId, Regions};
use crate::liveness::BitSet;
use crate::scc::Nest;
use crate::{Cfg, DomTree};
use ir::Block;
use rustc_hash::{FxHashMap, FxHashSet};

/// Side tables of [`Regions`].
#[derive(Default)]
pub(super) struct Schedule {
    /// Sets of blocks that may run while lanes wait, and which one belongs to an edge.
    sets: Vec<BitSet>,
    of_edge: FxHashMap<(Block, Block), usize>,
    /// By block: what may run while lanes wait to enter it.
    during: Vec<Option<BitSet>>,
    /// By defining block: where what it computes, and its parameters, may be another lane's.
    values: Vec<Option<BitSet>>,
    params: Vec<Option<BitSet>>,
}

fn holds(table: &[Option<BitSet>], row: Block, block: Block) -> bool {
    table.get(row.index()).and_then(Option::as_ref).is_some_and(|set| set.contains(block.index()))
}

impl Schedule {
    /// Whether what `def` computed may be overwritten before a lane uses it in `at`.
    pub fn loses_value(&self, def: Block, at: Block) -> bool {
        holds(&self.values, def, at)
    }

    /// Whether a parameter of `def` that is kept once for all lanes may be. Edges write it, before its block runs.
    pub fn loses_param(&self, def: Block, at: Block) -> bool {
        self.loses_value(def, at) || holds(&self.params, def, at)
    }

    /// Whether `block` may run while lanes wait to enter `at`.
    pub fn runs_before(&self, block: Block, at: Block) -> bool {
        holds(&self.during, at, block)
    }

    /// Whether lanes that come from `one` and from `other`, two blocks, may enter `to` together.
    pub fn mixes(&self, one: Block, other: Block, to: Block) -> bool {
        let meets = |a: Block, b: Block| {
            self.of_edge.get(&(a, to)).is_some_and(|&set| self.sets[set].contains(b.index()))
        };
        meets(one, other) || meets(other, one)
    }
}

/// The program that emission makes: blocks, then the items of each chain and its end.
struct Linear<'a> {
    cfg: &'a Cfg,
    r: &'a Regions,
    /// First node of each chain.
    base: Vec<usize>,
    /// Node of each fragment's item.
    item: Vec<usize>,
    /// Successors of the nodes that are not blocks.
    next: Vec<Vec<usize>>,
}

impl<'a> Linear<'a> {
    fn new(cfg: &'a Cfg, r: &'a Regions) -> Linear<'a> {
        let n = cfg.succs.len();
        let mut out = Linear { cfg, r, base: Vec::new(), item: vec![0; r.fragments.len()], next: Vec::new() };
        for chain in &r.chains {
            out.base.push(n + out.next.len());
            out.add(&chain.order);
            out.next.push(Vec::new());
        }
        for (c, chain) in r.chains.iter().enumerate() {
            if let Some(end) = chain.end {
                let on = out.after(r.fragment(end));
                let node = out.end_node(ChainId(c as u32)) - n;
                out.next[node] = vec![end.index(), on];
            }
        }
        out
    }

    fn add(&mut self, list: &[Nest]) {
        let n = self.cfg.succs.len();
        for item in list {
            let at = n + self.next.len();
            match item {
                Nest::Node(f) => {
                    self.item[*f as usize] = at;
                    self.next.push(vec![self.r.fragments[*f as usize].entry.index(), at + 1]);
                }
                Nest::Loop(inner) => {
                    self.add(inner);
                    let repeat = n + self.next.len();
                    self.next.push(vec![at, repeat + 1]);
                }
            }
        }
    }

    fn end_node(&self, chain: ChainId) -> usize {
        let after = self.base.get(chain.index() + 1).copied();
        after.unwrap_or(self.cfg.succs.len() + self.next.len()) - 1
    }

    fn after(&self, f: FragmentId) -> usize {
        self.item[f.index()] + 1
    }

    /// The chain that a fragment opens by sending lanes to `to`.
    fn opened(&self, from: FragmentId, to: Block) -> Option<ChainId> {
        let target = self.r.fragment(to);
        let chain = self.r.fragments[target.index()].chain;
        let end = self.r.chains[chain.index()].end?;
        (target != from && self.r.fragment(end) == from).then_some(chain)
    }

    /// Where control goes when lanes leave `x` for `to`, or part there.
    fn onward(&self, x: Block, to: Block) -> Vec<usize> {
        let (r, home) = (self.r, self.r.fragment(x));
        let first = |chain: ChainId| self.base[chain.index()];
        if !r.is_divergent(x) {
            return match self.opened(home, to) {
                _ if r.fragment(to) == home => vec![to.index()],
                Some(chain) => vec![first(chain)],
                None => vec![self.after(home)],
            };
        }
        let targets = &self.cfg.succs[x.index()];
        let meet = r.reconvergence(x).filter(|&p| r.fragment(p) == home);
        match meet {
            Some(_) => match targets.iter().find_map(|&t| self.opened(home, t)) {
                Some(chain) => vec![first(chain)],
                None => vec![self.after(home)],
            },
            None => {
                let stay = targets.iter().copied().find(|&t| r.fragment(t) == home);
                stay.map(Block::index).into_iter().chain([self.after(home)]).collect()
            }
        }
    }

    /// Where lanes wait that go from `x` to `to`; `None`: they go on at once.
    fn waits(&self, x: Block, to: Block) -> Option<usize> {
        let (r, home) = (self.r, self.r.fragment(x));
        if r.is_divergent(x) && r.reconvergence(x) == Some(to) && r.fragment(to) == home {
            let others = self.cfg.succs[x.index()].iter();
            return others.copied().find_map(|t| self.opened(home, t)).map(|c| self.end_node(c));
        }
        if r.fragment(to) == home {
            return None;
        }
        let chain = r.fragments[home.index()].chain;
        match r.chains[chain.index()].end == Some(to) {
            true => Some(self.end_node(chain)),
            false => Some(self.item[r.fragment(to).index()]),
        }
    }

    fn successors(&self, node: usize, out: &mut Vec<usize>) {
        let n = self.cfg.succs.len();
        if node >= n {
            out.extend_from_slice(&self.next[node - n]);
            return;
        }
        let block = Block(node as u32);
        match self.cfg.succs[node].as_slice() {
            [] => out.push(self.after(self.r.fragment(block))),
            targets if self.r.is_divergent(block) => out.extend(self.onward(block, targets[0])),
            targets => targets.iter().for_each(|&t| out.extend(self.onward(block, t))),
        }
    }

    /// Blocks that may run from one of `starts` on before `stop` is reached.
    fn between(&self, starts: &[usize], stop: usize, seen: &mut [u32], stamp: u32) -> BitSet {
        let n = self.cfg.succs.len();
        let mut out = BitSet::new(n);
        let mut stack = starts.to_vec();
        while let Some(node) = stack.pop() {
            if node == stop || std::mem::replace(&mut seen[node], stamp) == stamp {
                continue;
            }
            if node < n {
                out.insert(node);
            }
            self.successors(node, &mut stack);
        }
        out
    }
}

/// Looks at every edge where lanes begin to wait.
pub(super) fn compute(cfg: &Cfg, dom: &DomTree, r: &Regions) -> Schedule {
    let n = cfg.succs.len();
    let mut out = Schedule {
        during: vec![None; n],
        values: vec![None; n],
        params: vec![None; n],
        ..Default::default()
    };
    if !cfg.rpo.iter().any(|&b| r.is_divergent(b)) {
        return out;
    }
    let linear = Linear::new(cfg, r);
    let mut seen = vec![0; n + linear.next.len()];
    let mut known: FxHashMap<(Vec<usize>, usize), usize> = FxHashMap::default();
    let mut done = [FxHashSet::default(), FxHashSet::default()];
    for &x in &cfg.rpo {
        let mut targets = cfg.succs[x.index()].clone();
        targets.sort_unstable();
        targets.dedup();
        for &t in &targets {
            let stop = linear.waits(x, t);
            let set = stop.map(|stop| {
                let starts = linear.onward(x, t);
                let fresh = out.sets.len();
                let set = *known.entry((starts, stop)).or_insert_with_key(|(starts, stop)| {
                    out.sets.push(linear.between(starts, *stop, &mut seen, fresh as u32 + 1));
                    fresh
                });
                out.of_edge.insert((x, t), set);
                let during = out.during[t.index()].get_or_insert_with(|| BitSet::new(n));
                out.sets[set].iter().for_each(|b| {
                    during.insert(b);
                });
                set
            });
            let runs = |b: Block| set.is_some_and(|s| out.sets[s].contains(b.index()));
            // What the other lanes bring along their edges is written before anybody moves.
            let parts = r.is_divergent(x) && targets.len() > 1;
            let mut up = dom.idom(t);
            while let Some(def) = up {
                let enters = |&y: &Block| runs(y) || parts && y == x;
                if runs(def) && done[0].insert((t, def)) {
                    mark(cfg, dom, &mut out.values[def.index()], def, t);
                }
                if cfg.preds[def.index()].iter().any(enters) && done[1].insert((t, def)) {
                    mark(cfg, dom, &mut out.params[def.index()], def, t);
                }
                up = dom.idom(def);
            }
        }
    }
    out
}

/// Adds the blocks that lanes come to from `start` without passing `def`, which dominates them.
fn mark(cfg: &Cfg, dom: &DomTree, row: &mut Option<BitSet>, def: Block, start: Block) {
    let set = row.get_or_insert_with(|| BitSet::new(cfg.succs.len()));
    let mut stack = vec![start];
    while let Some(b) = stack.pop() {
        if b != def && dom.dominates(def, b) && set.insert(b.index()) {
            stack.extend_from_slice(&cfg.succs[b.index()]);
        }
    }
}
