//! Divergence structure: which blocks run under which mask, and in which order when lanes part.
//!
//! Terms. A *divergent* branch sends lanes of a gang different ways. Its *region* is what they can reach before they
//! meet again at its immediate post-dominator, the *reconvergence point*. A *fragment* is a set of blocks with one
//! entry through which lanes move together, so that its uniform branches stay branches. A *chain* orders the fragments
//! between an opening (a divergent branch, or the entry of a loop that lanes leave at different times) and its
//! reconvergence point: each fragment runs when lanes wait for it, cycles repeat while any do. The invariant: when a
//! chain ends, every lane that entered it is at its end point or has exited.
//!
//! This extends partial control-flow linearisation (Moll, Hack, PLDI 2018) to any control flow, irreducible included,
//! by keeping a mask of waiting lanes for each fragment.

mod entries;
mod schedule;
mod verify;

pub use verify::verify;

use crate::liveness::BitSet;
use crate::scc::{self, Nest};
use crate::{Cfg, DomTree, dom};
use ir::{Block, Function, Inst, Terminator};
use schedule::Schedule;

/// A fragment of [`Regions`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FragmentId(pub u32);

impl FragmentId {
    /// The fragment that starts at the function's entry: all lanes, until some exit.
    pub const ROOT: FragmentId = FragmentId(0);

    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A chain of [`Regions`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct ChainId(pub u32);

impl ChainId {
    /// The chain that holds the root fragment; its end is the end of the gang.
    pub const ROOT: ChainId = ChainId(0);

    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Debug)]
pub struct Fragment {
    pub entry: Block,
    /// The chain that runs it.
    pub chain: ChainId,
}

#[derive(Clone, Debug)]
pub struct Chain {
    /// Fragments in order; nodes are fragment numbers.
    pub order: Vec<Nest>,
    /// Where the lanes meet; `None` for the root chain.
    pub end: Option<Block>,
}

/// A loop of the nest of all cycles.
#[derive(Clone, Debug)]
struct Loop {
    parent: Option<usize>,
    /// Interval of its blocks in the nested order.
    first: u32,
    last: u32,
    head: Block,
    /// Whether lanes leave it in different iterations.
    divergent: bool,
}

/// The result: side tables by block.
pub struct Regions {
    divergent: Vec<bool>,
    reconverge: Vec<Option<Block>>,
    fragment_of: Vec<FragmentId>,
    pub fragments: Vec<Fragment>,
    pub chains: Vec<Chain>,
    loops: Vec<Loop>,
    position: Vec<u32>,
    innermost: Vec<Option<usize>>,
    schedule: Schedule,
}

impl Regions {
    pub fn is_divergent(&self, block: Block) -> bool {
        self.divergent[block.index()]
    }

    /// The reconvergence point of a divergent branch.
    pub fn reconvergence(&self, block: Block) -> Option<Block> {
        self.reconverge[block.index()]
    }

    pub fn fragment(&self, block: Block) -> FragmentId {
        self.fragment_of[block.index()]
    }

    /// Whether lanes of the root fragment may be switched off: some exit while others go on, or wait outside it.
    pub fn root_is_masked(&self, func: &Function, cfg: &Cfg) -> bool {
        let leaves = |b: Block| match func.block(b).term {
            Terminator::Ret(_) | Terminator::Exit => {
                self.fragments[self.fragment(b).index()].chain != ChainId::ROOT
            }
            _ => {
                self.fragment(b) == FragmentId::ROOT
                    && self.is_divergent(b)
                    && self.reconvergence(b).is_none_or(|p| self.fragment(p) != FragmentId::ROOT)
            }
        };
        self.chains[ChainId::ROOT.index()].order.len() > 1 || cfg.rpo.iter().any(|&b| leaves(b))
    }

    /// Whether lanes that take this edge move on together without waiting: source and target share a fragment and
    /// the branch is uniform.
    pub fn is_direct(&self, from: Block, to: Block) -> bool {
        !self.is_divergent(from) && self.fragment(from) == self.fragment(to)
    }

    /// Whether other lanes may overwrite what `def` computed before a lane uses it in `at`, so that each lane must keep
    /// its own: lanes wait between the two while others run `def` again.
    pub fn loses_value(&self, def: Block, at: Block) -> bool {
        self.schedule.loses_value(def, at)
    }

    /// The same for a parameter of `def` that is kept once for all lanes.
    pub fn loses_param(&self, def: Block, at: Block) -> bool {
        self.schedule.loses_param(def, at)
    }

    /// Whether `block` may run while lanes wait to enter `at`.
    pub fn runs_before(&self, block: Block, at: Block) -> bool {
        self.schedule.runs_before(block, at)
    }

    /// Whether lanes that come from `one` and from `other` may enter `to` together.
    pub fn mixes(&self, one: Block, other: Block, to: Block) -> bool {
        self.schedule.mixes(one, other, to)
    }

    /// The head of the innermost cycle that holds `block`.
    pub fn loop_head(&self, block: Block) -> Option<Block> {
        self.innermost[block.index()].map(|i| self.loops[i].head)
    }

    /// Whether `other` lies in the innermost cycle around `block`.
    pub fn shares_loop(&self, block: Block, other: Block) -> bool {
        let at = self.position[other.index()];
        self.innermost[block.index()]
            .is_some_and(|i| (self.loops[i].first..=self.loops[i].last).contains(&at))
    }
}

/// What does not depend on which branches diverge; computed once per function.
pub struct Skeleton {
    postdom: DomTree,
    loops: Vec<Loop>,
    position: Vec<u32>,
    innermost: Vec<Option<usize>>,
}

/// Post-dominators that ignore early returns, and the nest of cycles.
///
/// Early returns: lanes that exit never come back, so they need not be waited for; reconvergence is where the other
/// lanes meet. One return counts as the end, the others as dead ends: see [`main_return`].
pub fn skeleton(func: &Function, cfg: &Cfg) -> Skeleton {
    let main = main_return(func, cfg);
    let exits: Vec<Block> = match main {
        Some(block) => vec![block],
        None => cfg.rpo.iter().copied().filter(|b| cfg.succs[b.index()].is_empty()).collect(),
    };
    let postdom = dom::compute_post(cfg, &exits);
    let n = cfg.succs.len();
    let nodes: Vec<u32> = cfg.rpo.iter().map(|b| b.0).collect();
    let nest = scc::nest(n, &nodes, &|b| cfg.succs[b as usize].iter().map(|s| s.0).collect(), &|b| {
        cfg.number[b as usize]
    });
    let mut out =
        Skeleton { postdom, loops: Vec::new(), position: vec![u32::MAX; n], innermost: vec![None; n] };
    let mut clock = 0;
    number_nest(&nest, None, &mut clock, &mut out);
    out
}

/// The return that most lanes come to: the one that most barriers lead to, where the gang must be whole; then most
/// blocks; then the last in reverse post-order.
pub fn main_return(func: &Function, cfg: &Cfg) -> Option<Block> {
    let ends: Vec<Block> = cfg
        .rpo
        .iter()
        .copied()
        .filter(|b| matches!(func.block(*b).term, Terminator::Ret(_) | Terminator::Exit))
        .collect();
    if ends.len() < 2 {
        return ends.first().copied();
    }
    let waits =
        |b: Block| func.block(b).insts.iter().any(|&i| matches!(func.inst(i).inst, Inst::Barrier { .. }));
    let weight = |end: Block| {
        let mut seen = BitSet::new(cfg.succs.len());
        let (mut barriers, mut blocks) = (0, 0);
        let mut stack = vec![end];
        while let Some(b) = stack.pop() {
            if seen.insert(b.index()) {
                barriers += waits(b) as usize;
                blocks += 1;
                stack.extend_from_slice(&cfg.preds[b.index()]);
            }
        }
        (barriers, blocks)
    };
    ends.into_iter().max_by_key(|&end| weight(end))
}

fn number_nest(list: &[Nest], parent: Option<usize>, clock: &mut u32, out: &mut Skeleton) {
    for item in list {
        match item {
            Nest::Node(b) => {
                out.position[*b as usize] = *clock;
                out.innermost[*b as usize] = parent;
                *clock += 1;
            }
            Nest::Loop(inner) => {
                let Nest::Node(head) = inner[0] else { panic!("a cycle starts with its head") };
                let id = out.loops.len();
                let first = *clock;
                out.loops.push(Loop { parent, first, last: first, head: Block(head), divergent: false });
                number_nest(inner, Some(id), clock, out);
                out.loops[id].last = *clock - 1;
            }
        }
    }
}

/// An opening: lanes part at `at` and meet at `end`; `region` is what lies between.
struct Opening {
    at: Block,
    end: Block,
    region: BitSet,
    size: usize,
}

/// Computes fragments and chains for a set of divergent branches.
pub fn compute(cfg: &Cfg, dom: &DomTree, skeleton: &Skeleton, divergent: &[bool]) -> Regions {
    let n = cfg.succs.len();
    let mut loops = skeleton.loops.clone();
    let mut reconverge = vec![None; n];
    let real = |b: Option<Block>| b.filter(|b| b.index() < n);
    for &b in &cfg.rpo {
        if !divergent[b.index()] {
            continue;
        }
        reconverge[b.index()] = real(skeleton.postdom.idom(b));
        let end = reconverge[b.index()].map_or(u32::MAX, |p| skeleton.position[p.index()]);
        let mut next = skeleton.innermost[b.index()];
        while let Some(i) = next {
            let inside = loops[i].first <= end && end <= loops[i].last && end != u32::MAX;
            loops[i].divergent |= !inside;
            next = loops[i].parent;
        }
    }
    let in_loop = |l: &Loop, b: Block| {
        let at = skeleton.position[b.index()];
        l.first <= at && at <= l.last
    };

    // Classes: two blocks are alike if they lie in the same regions and the same divergent loops. Sets are compared
    // by a sum of one pseudo-random number for each member.
    let mut class = vec![0u128; n];
    let mut openings: Vec<Opening> = Vec::new();
    let mut salt = 0u128;
    for &b in &cfg.rpo {
        if !divergent[b.index()] {
            continue;
        }
        let end = reconverge[b.index()];
        let (region, size) = reach(cfg, &cfg.succs[b.index()], end);
        salt += 1;
        let key = hash(salt);
        region.iter().for_each(|i| class[i] = class[i].wrapping_add(key));
        if let Some(end) = end {
            openings.push(Opening { at: b, end, region, size });
        }
    }
    for l in &loops {
        if !l.divergent {
            continue;
        }
        salt += 1;
        let key = hash(salt);
        for &b in cfg.rpo.iter().filter(|b| in_loop(l, **b)) {
            class[b.index()] = class[b.index()].wrapping_add(key);
        }
        // The loop's entry opens a chain as well: lanes meet where they have all left it.
        let mut end = real(skeleton.postdom.idom(l.head));
        while let Some(p) = end {
            if !in_loop(l, p) {
                break;
            }
            end = real(skeleton.postdom.idom(p));
        }
        if let Some(end) = end {
            let (region, size) = reach(cfg, &[l.head], Some(end));
            for &p in &cfg.preds[l.head.index()] {
                // All lanes of the fragment must go in, or those that do not would seem to come out.
                if !divergent[p.index()]
                    && !in_loop(l, p)
                    && !openings.iter().any(|o| o.at == p && o.end == end && o.size >= size)
                {
                    openings.push(Opening { at: p, end, region: region.clone(), size });
                }
            }
        }
    }

    let entry = entries::find(cfg, dom, divergent, &reconverge, &class, &mut openings);
    let mut out = build(cfg, skeleton, divergent, reconverge, loops, &openings, &entry);
    out.schedule = schedule::compute(cfg, dom, &out);
    out
}

fn hash(salt: u128) -> u128 {
    let mut x = salt.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    x ^= x >> 61;
    x = x.wrapping_mul(0xda94_2042_e4dd_58b5_94d0_49bb_1331_11eb);
    x ^ (x >> 67)
}

/// Blocks reachable from `from` before `end`.
fn reach(cfg: &Cfg, from: &[Block], end: Option<Block>) -> (BitSet, usize) {
    let mut set = BitSet::new(cfg.succs.len());
    let mut size = 0;
    let mut stack: Vec<Block> = from.to_vec();
    while let Some(b) = stack.pop() {
        if Some(b) == end || !set.insert(b.index()) {
            continue;
        }
        size += 1;
        stack.extend_from_slice(&cfg.succs[b.index()]);
    }
    (set, size)
}

fn build(
    cfg: &Cfg,
    skeleton: &Skeleton,
    divergent: &[bool],
    reconverge: Vec<Option<Block>>,
    loops: Vec<Loop>,
    openings: &[Opening],
    entry: &[Block],
) -> Regions {
    let n = cfg.succs.len();
    let mut fragment_of = vec![FragmentId::ROOT; n];
    let mut fragments: Vec<Fragment> = Vec::new();
    let mut id_of_entry = vec![None; n];
    for &b in &cfg.rpo {
        let e = entry[b.index()];
        let id = *id_of_entry[e.index()].get_or_insert_with(|| {
            fragments.push(Fragment { entry: e, chain: ChainId::ROOT });
            FragmentId(fragments.len() as u32 - 1)
        });
        fragment_of[b.index()] = id;
    }
    // A chain for each end point that shares its fragment with the opening. A fragment belongs to the smallest
    // opening of another fragment around it; openings of one fragment that share fragments share their end.
    let mut chains = vec![Chain { order: Vec::new(), end: None }];
    let mut members: Vec<Vec<u32>> = vec![Vec::new()];
    let mut chain_of_end: Vec<Option<ChainId>> = vec![None; n];
    for (f, fragment) in fragments.iter_mut().enumerate() {
        let e = fragment.entry;
        let smallest = openings
            .iter()
            .filter(|o| {
                let home = fragment_of[o.at.index()];
                home.index() != f && fragment_of[o.end.index()] == home && o.region.contains(e.index())
            })
            .min_by_key(|o| o.size);
        let chain = match smallest {
            None => ChainId::ROOT,
            Some(o) => *chain_of_end[o.end.index()].get_or_insert_with(|| {
                chains.push(Chain { order: Vec::new(), end: Some(o.end) });
                members.push(Vec::new());
                ChainId(chains.len() as u32 - 1)
            }),
        };
        fragment.chain = chain;
        members[chain.index()].push(f as u32);
    }
    // Edges between fragments of one chain; what lies in chains below counts for the fragment that opened them.
    let mut edges: Vec<Vec<u32>> = vec![Vec::new(); fragments.len()];
    let owner = |mut f: FragmentId, chain: ChainId| -> Option<u32> {
        loop {
            let c = fragments[f.index()].chain;
            if c == chain {
                return Some(f.0);
            }
            f = fragment_of[chains[c.index()].end?.index()];
        }
    };
    for &x in &cfg.rpo {
        for &y in &cfg.succs[x.index()] {
            let (fx, fy) = (fragment_of[x.index()], fragment_of[y.index()]);
            if fx == fy {
                continue;
            }
            if let Some(from) = owner(fx, fragments[fy.index()].chain)
                && from != fy.0
            {
                edges[from as usize].push(fy.0);
            }
        }
    }
    for (c, list) in members.iter().enumerate() {
        chains[c].order = scc::nest(fragments.len(), list, &|f| edges[f as usize].clone(), &|f| {
            skeleton.position[fragments[f as usize].entry.index()]
        });
    }
    Regions {
        divergent: divergent.to_vec(),
        reconverge,
        fragment_of,
        fragments,
        chains,
        loops,
        position: skeleton.position.clone(),
        innermost: skeleton.innermost.clone(),
        schedule: Schedule::default(),
    }
}
