//! Which uses of shared variables have to do with each other: what a block of threads does in one version of a kernel never
//! meets what another does in another (see `opt::interior`), so that a variable may lie in registers in one of them alone.
//!
//! Invariant: no path leads from a use in one web to a use in another, and no two threads of a block of threads come to
//! different webs of one variable.

use analysis::{Cfg, Uniformity};
use ir::{Block, Function, GlobalId, Inst, Module, Op, Value};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A variable, as far as some of its uses see it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Variable {
    pub global: GlobalId,
    /// The first block that uses it.
    web: Block,
}

/// The webs of all variables.
#[derive(Default)]
pub(crate) struct Webs {
    first: FxHashMap<(GlobalId, Block), Block>,
    /// What is computed from a variable's address.
    from: FxHashMap<Value, GlobalId>,
}

impl Webs {
    pub fn of(func: &Function, module: &Module, cfg: &Cfg, uni: &Uniformity) -> Webs {
        let mut webs = Webs { from: derived(func, cfg), ..Webs::default() };
        let mut users: BTreeMap<GlobalId, BTreeSet<Block>> = BTreeMap::new();
        let mut at: FxHashMap<Value, BTreeSet<Block>> = FxHashMap::default();
        for &block in &cfg.rpo {
            let mut using = |v: Value| {
                let Some(&global) = webs.from.get(&v) else { return };
                users.entry(global).or_default().insert(block);
                at.entry(v).or_default().insert(block);
            };
            func.block(block).insts.iter().flat_map(|&i| &func.inst(i).args).for_each(|&v| using(v));
            func.block(block).term.for_each_use(using);
        }
        if users.is_empty() {
            return webs;
        }
        // Lanes that part may come to any use behind.
        let parts = |b: &Block| uni.regions.is_divergent(*b);
        let reached: FxHashMap<Block, Vec<bool>> = (cfg.rpo.iter())
            .filter(|&b| parts(b) || users.values().any(|u| u.contains(b)))
            .map(|&b| (b, reached(cfg, b)))
            .collect();
        for (&global, blocks) in &users {
            let mut groups: Vec<BTreeSet<Block>> = blocks.iter().map(|&b| BTreeSet::from([b])).collect();
            let mut join = |together: BTreeSet<Block>| {
                let (with, without) = groups.drain(..).partition::<Vec<_>, _>(|g| !g.is_disjoint(&together));
                groups = without;
                groups.push(with.into_iter().flatten().collect());
            };
            for (from, seen) in reached.iter().filter(|(b, _)| parts(b) || blocks.contains(b)) {
                let mut together: BTreeSet<Block> =
                    blocks.iter().copied().filter(|b| seen[b.index()]).collect();
                together.extend(blocks.get(from));
                if together.len() > 1 {
                    join(together);
                }
            }
            for together in at.iter().filter(|(v, b)| webs.from[v] == global && b.len() > 1) {
                join(together.1.clone());
            }
            // The program may know dynamic memory by other names, too.
            if module.global(global).dynamic_shared {
                join(blocks.clone());
            }
            for group in groups {
                let Some(&first) = group.first() else { continue };
                webs.first.extend(group.iter().map(|&b| ((global, b), first)));
            }
        }
        webs
    }

    /// The variable whose address a value was computed from, as its use in a block sees it.
    pub fn used(&self, value: Value, block: Block) -> Option<Variable> {
        let global = *self.from.get(&value)?;
        Some(self.variable(global, block))
    }

    /// A variable, as a block sees it.
    pub fn variable(&self, global: GlobalId, block: Block) -> Variable {
        Variable { global, web: self.first.get(&(global, block)).copied().unwrap_or(block) }
    }
}

/// Addresses of variables, and sums of them.
fn derived(func: &Function, cfg: &Cfg) -> FxHashMap<Value, GlobalId> {
    let mut from = FxHashMap::default();
    for &inst in cfg.rpo.iter().flat_map(|b| &func.block(*b).insts) {
        let data = func.inst(inst);
        let global = match data.inst {
            Inst::GlobalAddr { global, .. } => Some(global),
            Inst::Pure { op: Op::IAdd, .. } => data.args.iter().find_map(|a| from.get(a).copied()),
            _ => None,
        };
        if let Some(global) = global {
            from.insert(data.results[0], global);
        }
    }
    from
}

/// The blocks that run after one.
fn reached(cfg: &Cfg, from: Block) -> Vec<bool> {
    let mut seen = vec![false; cfg.succs.len()];
    let mut work = cfg.succs[from.index()].clone();
    while let Some(b) = work.pop() {
        if !std::mem::replace(&mut seen[b.index()], true) {
            work.extend(&cfg.succs[b.index()]);
        }
    }
    seen
}
