//! Lanes that walk through random control flow as [`analysis::region`] orders it, without any code.
//!
//! Emission does with masks in registers what is done here with masks in variables. Checked: [`region::verify`], that
//! lanes run every block on their way and no other, that all come to an end, and that a value that is not blended is
//! still each lane's own where it is used.

use crate::graph::End;
use crate::tape::Tape;
use analysis::region::{self, ChainId, FragmentId, Regions};
use analysis::scc::Nest;
use analysis::{Cfg, DomTree, cfg, dom};
use ir::function::Signature;
use ir::{Block, BlockCall, Builder, Function, Terminator, Type};

const LANES: usize = 8;
/// Blocks that a lane runs before it goes the shortest way out.
const PATIENCE: u32 = 60;
/// Blocks that are run in all before the walk counts as endless.
const LIMIT: u32 = 20_000;

/// A function with this control flow and nothing else. Node `n` is block `n + 1`: nothing goes back to the entry.
fn function(ends: &[End]) -> Function {
    let mut func = Function::new("walk", Signature::default());
    ends.iter().for_each(|_| {
        func.add_block();
    });
    Builder::new(&mut func, Function::ENTRY).jump(Block(1), &[]);
    for (i, end) in ends.iter().enumerate() {
        let mut b = Builder::new(&mut func, Block(i as u32 + 1));
        let call = |to: &usize| BlockCall::new(Block(*to as u32 + 1));
        match end {
            End::Jump(to) => b.terminate(Terminator::Jump(call(to))),
            End::Branch { then, els, .. } => {
                let cond = b.iconst(Type::I1, 0);
                b.branch(cond, call(then), call(els));
            }
            End::Table(list) => {
                let index = b.iconst(Type::I32, 0);
                let (last, rest) = list.split_last().expect("tables have entries");
                let targets = rest.iter().map(call).collect();
                b.terminate(Terminator::Switch { index, targets, default: call(last) });
            }
            End::Leave => b.ret(&[]),
            End::Exit => b.terminate(Terminator::Exit),
        }
    }
    func
}

/// Walks. `tape` decides which branches part lanes, and where each lane goes. Errors: the rule that was broken.
pub fn check(ends: &[End], tape: &mut Tape) -> Result<(), String> {
    let func = function(ends);
    let cfg = cfg::compute(&func);
    let dom = dom::compute(&cfg);
    let n = func.blocks.len();
    let divergent: Vec<bool> = (0..n)
        .map(|b| {
            let parts = cfg.succs[b].iter().any(|s| *s != cfg.succs[b][0]);
            tape.below(4) > 0 && parts
        })
        .collect();
    let regions = region::compute(&cfg, &dom, &region::skeleton(&func, &cfg), &divergent);
    let explain = |why: String| format!("{why}\n{}", show(&cfg, &regions));
    region::verify(&cfg, &regions).map_err(explain)?;
    let mut walk = Walk {
        cfg: &cfg,
        dom: &dom,
        regions: &regions,
        tape,
        chains: regions.chains.iter().map(|c| flatten(&c.order)).collect(),
        way_out: ways_out(&cfg),
        next: [Some(Function::ENTRY); LANES],
        steps: [0; LANES],
        running: vec![0; regions.fragments.len()],
        pending: vec![0; regions.fragments.len()],
        live: u32::MAX >> (32 - LANES),
        own: vec![[0; LANES]; n],
        plain: vec![[0; LANES]; n],
        last: vec![0; n],
        clock: 0,
        params: vec![[Param::default(); 3]; n],
    };
    walk.claim();
    walk.running[0] = walk.live;
    walk.fragment(FragmentId::ROOT, Function::ENTRY).map_err(explain)?;
    walk.items(ChainId::ROOT, 1).map_err(explain)?;
    match walk.next.iter().position(Option::is_some) {
        None => Ok(()),
        Some(lane) => Err(explain(format!("lane {lane} waits at {:?} for ever", walk.next[lane]))),
    }
}

/// The branches that part lanes, the fragments and the chains, for people.
fn show(cfg: &Cfg, r: &Regions) -> String {
    let parts: Vec<&Block> = cfg.rpo.iter().filter(|b| r.is_divergent(**b)).collect();
    let mut out = format!("divergent: {parts:?}\n");
    for (f, fragment) in r.fragments.iter().enumerate() {
        let blocks: Vec<&Block> = cfg.rpo.iter().filter(|b| r.fragment(**b).index() == f).collect();
        out += &format!("fragment {f} of chain {}: {blocks:?}\n", fragment.chain.0);
    }
    for (c, chain) in r.chains.iter().enumerate() {
        out += &format!("chain {c} to {:?}: {:?}\n", chain.end, chain.order);
    }
    out
}

/// The successor on the shortest way to an end, by block.
fn ways_out(cfg: &Cfg) -> Vec<Option<Block>> {
    let mut out = vec![None; cfg.succs.len()];
    let ends = cfg.rpo.iter().copied().filter(|b| cfg.succs[b.index()].is_empty());
    let mut queue: std::collections::VecDeque<Block> = ends.collect();
    while let Some(b) = queue.pop_front() {
        for &p in &cfg.preds[b.index()] {
            if out[p.index()].is_none() {
                out[p.index()] = Some(b);
                queue.push_back(p);
            }
        }
    }
    out
}

enum Item {
    Fragment(FragmentId),
    Repeat { first: usize, fragments: Vec<u32> },
}

fn flatten(list: &[Nest]) -> Vec<Item> {
    fn add(list: &[Nest], out: &mut Vec<Item>) {
        for item in list {
            match item {
                Nest::Node(f) => out.push(Item::Fragment(FragmentId(*f))),
                Nest::Loop(inner) => {
                    let first = out.len();
                    add(inner, out);
                    out.push(Item::Repeat { first, fragments: Nest::nodes(inner) });
                }
            }
        }
    }
    let mut out = Vec::new();
    add(list, &mut out);
    out
}

struct Walk<'a, 't, 'n> {
    cfg: &'a Cfg,
    dom: &'a DomTree,
    regions: &'a Regions,
    tape: &'t mut Tape<'n>,
    chains: Vec<Vec<Item>>,
    way_out: Vec<Option<Block>>,
    /// The block that each lane runs next.
    next: [Option<Block>; LANES],
    steps: [u32; LANES],
    /// Masks, as emission keeps them.
    running: Vec<u32>,
    pending: Vec<u32>,
    live: u32,
    /// When each lane last ran each block, and what the block's values say about it.
    own: Vec<[u32; LANES]>,
    plain: Vec<[u32; LANES]>,
    last: Vec<u32>,
    clock: u32,
    params: Vec<[Param; 3]>,
}

/// A block parameter. There are three to a block: which edge was taken; what a dominating block computed; and the
/// first parameter of that block.
#[derive(Clone, Copy, Default)]
struct Param {
    /// Each lane's own, what is kept in a vector, and what is kept once for all.
    own: [u32; LANES],
    vector: [u32; LANES],
    scalar: u32,
    /// The analysis says that lanes that enter together bring the same.
    same: bool,
    /// The block that arguments come from.
    from: Option<Block>,
}

/// How arguments are moved along an edge.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Move {
    Whole,
    Blend,
}

fn lanes(mask: u32) -> impl Iterator<Item = usize> {
    (0..LANES).filter(move |l| mask >> l & 1 != 0)
}

impl Walk<'_, '_, '_> {
    /// Asks the analysis which parameters can be kept once for all lanes.
    fn claim(&mut self) {
        let r = self.regions;
        for &to in &self.cfg.rpo {
            let mut preds = self.cfg.preds[to.index()].clone();
            preds.sort_unstable();
            preds.dedup();
            let apart = |&x: &Block| {
                let edges = self.cfg.succs[x.index()].iter().filter(|s| **s == to).count();
                let again = r.runs_before(x, to);
                !again
                    && (edges < 2 || !r.is_divergent(x))
                    && preds.iter().all(|&y| x == y || !r.mixes(x, y, to))
            };
            self.params[to.index()][0].same = preds.iter().all(apart);
        }
        for &to in &self.cfg.rpo {
            let above: Vec<Block> = std::iter::successors(self.dom.idom(to), |b| self.dom.idom(*b)).collect();
            if above.is_empty() {
                continue;
            }
            let def = above[self.tape.below(above.len())];
            let again = |b: Block| r.runs_before(b, to);
            let enters = self.cfg.preds[def.index()].iter().any(|&y| again(y));
            let preds = &self.cfg.preds[to.index()];
            let value = preds.iter().all(|&x| !(r.loses_value(def, x) || again(x) && again(def)));
            let param = preds.iter().all(|&x| !(r.loses_param(def, x) || again(x) && (again(def) || enters)));
            let same = self.params[def.index()][0].same && param;
            self.params[to.index()][1] = Param { same: value, from: Some(def), ..Param::default() };
            self.params[to.index()][2] = Param { same, from: Some(def), ..Param::default() };
        }
    }

    /// Brings arguments along edges. They are all read first.
    fn bring(&mut self, from: Block, edges: &[(usize, Block, u32)], how: Move) {
        let mut moves = Vec::new();
        for &(number, to, mask) in edges {
            for k in 0..3 {
                let tag = 1 + from.0 * 16 + number as u32;
                let (own, scalar) = match (k, self.params[to.index()][k].from) {
                    (0, _) | (_, None) => ([tag; LANES], tag),
                    (1, Some(def)) => (self.own[def.index()], self.last[def.index()]),
                    (_, Some(def)) => {
                        let param = &self.params[def.index()][0];
                        (param.own, param.scalar)
                    }
                };
                moves.push((to, k, mask, own, scalar));
            }
        }
        for (to, k, mask, own, scalar) in moves {
            let param = &mut self.params[to.index()][k];
            param.scalar = scalar;
            if how == Move::Whole {
                param.vector = [0; LANES];
            }
            for l in lanes(mask) {
                param.own[l] = own[l];
                param.vector[l] = own[l];
            }
        }
    }

    /// Whether parameters are still each lane's own.
    fn look_at_params(&self, block: Block, mask: u32) -> Result<(), String> {
        for &def in self.cfg.rpo.iter().filter(|d| self.dom.dominates(**d, block)) {
            for (k, param) in self.params[def.index()].iter().enumerate() {
                let once = def == block || !self.regions.loses_param(def, block);
                let each = def == block || !self.regions.loses_value(def, block);
                for l in lanes(mask) {
                    if param.same && once && param.scalar != param.own[l]
                        || !param.same && each && param.vector[l] != param.own[l]
                    {
                        return Err(format!("lane {l} finds another's parameter {k} of {def} in {block}"));
                    }
                }
            }
        }
        Ok(())
    }

    /// Runs the items of a chain from one on.
    fn items(&mut self, chain: ChainId, from: usize) -> Result<(), String> {
        let mut i = from;
        while i < self.chains[chain.index()].len() {
            match &self.chains[chain.index()][i] {
                Item::Fragment(f) => {
                    let f = *f;
                    i += 1;
                    let mask = std::mem::take(&mut self.pending[f.index()]);
                    if mask != 0 {
                        self.running[f.index()] = mask;
                        self.fragment(f, self.regions.fragments[f.index()].entry)?;
                    }
                }
                Item::Repeat { first, fragments } => {
                    let waits = fragments.iter().any(|f| self.pending[*f as usize] != 0);
                    i = if waits { *first } else { i + 1 };
                }
            }
        }
        Ok(())
    }

    /// Runs the lanes of a fragment, from a block of it until they leave.
    fn fragment(&mut self, f: FragmentId, from: Block) -> Result<(), String> {
        let mut block = from;
        loop {
            self.run(f, block)?;
            let mask = self.running[f.index()];
            let succs = self.cfg.succs[block.index()].clone();
            if succs.is_empty() {
                self.live &= !mask;
                lanes(mask).for_each(|l| self.next[l] = None);
                return Ok(());
            }
            let opened = match self.regions.is_divergent(block) {
                false => {
                    let number = self.choose(block, lanes(mask).next().unwrap_or(0));
                    let to = succs[number];
                    lanes(mask).for_each(|l| self.next[l] = Some(to));
                    let direct = self.regions.fragment(to) == f;
                    self.bring(block, &[(number, to, mask)], if direct { Move::Whole } else { Move::Blend });
                    if direct {
                        block = to;
                        continue;
                    }
                    self.wait(f, to, mask)?;
                    self.opened(f, &[to])
                }
                true => {
                    let mut edges: Vec<(usize, Block, u32)> =
                        succs.iter().enumerate().map(|(number, to)| (number, *to, 0)).collect();
                    for l in lanes(mask) {
                        let number = self.choose(block, l);
                        self.next[l] = Some(succs[number]);
                        edges[number].2 |= 1 << l;
                    }
                    self.bring(block, &edges, Move::Blend);
                    let meet = self.regions.reconvergence(block);
                    let home = meet.filter(|&p| self.regions.fragment(p) == f);
                    let mut stays = None;
                    for &to in &succs {
                        let goes =
                            lanes(mask).filter(|&l| self.next[l] == Some(to)).fold(0, |m, l| m | 1 << l);
                        if home == Some(to) {
                            continue;
                        }
                        if home.is_none() && self.regions.fragment(to) == f {
                            stays = Some((to, goes));
                            continue;
                        }
                        self.wait(f, to, goes)?;
                    }
                    if let Some((to, goes)) = stays {
                        self.running[f.index()] = goes;
                        if goes == 0 {
                            return Ok(());
                        }
                        block = to;
                        continue;
                    }
                    match home {
                        Some(meet) => {
                            let others: Vec<Block> = succs.into_iter().filter(|&t| t != meet).collect();
                            self.opened(f, &others)
                        }
                        None => None,
                    }
                }
            };
            let Some(chain) = opened else { return Ok(()) };
            self.items(chain, 0)?;
            self.running[f.index()] &= self.live;
            if self.running[f.index()] == 0 {
                return Ok(());
            }
            block = self.regions.chains[chain.index()].end.expect("chains below the root end somewhere");
        }
    }

    /// The lanes of a fragment run a block.
    fn run(&mut self, f: FragmentId, block: Block) -> Result<(), String> {
        self.clock += 1;
        if self.clock > LIMIT {
            return Err(format!("the walk does not end; it is at {block}"));
        }
        let mask = self.running[f.index()];
        for l in lanes(mask) {
            if self.next[l] != Some(block) {
                return Err(format!("lane {l} is at {:?} and runs {block}", self.next[l]));
            }
            self.steps[l] += 1;
        }
        for &def in &self.cfg.rpo {
            if def == block || !self.dom.dominates(def, block) || self.regions.loses_value(def, block) {
                continue;
            }
            if let Some(l) = lanes(mask).find(|&l| self.plain[def.index()][l] != self.own[def.index()][l]) {
                return Err(format!("lane {l} finds another lane's value of {def} in {block}"));
            }
        }
        self.look_at_params(block, mask)?;
        // Vectors are written whole.
        self.last[block.index()] = self.clock;
        self.plain[block.index()] = [0; LANES];
        for l in lanes(mask) {
            self.plain[block.index()][l] = self.clock;
            self.own[block.index()][l] = self.clock;
        }
        Ok(())
    }

    /// The number of the successor to which a lane goes.
    fn choose(&mut self, block: Block, lane: usize) -> usize {
        let succs = &self.cfg.succs[block.index()];
        match self.way_out[block.index()] {
            Some(out) if self.steps[lane] > PATIENCE => {
                succs.iter().position(|&s| s == out).expect("the way out is a successor")
            }
            _ => self.tape.below(succs.len()),
        }
    }

    fn wait(&mut self, from: FragmentId, to: Block, mask: u32) -> Result<(), String> {
        let mut chain = self.regions.fragments[from.index()].chain;
        while let Some(end) = self.regions.chains[chain.index()].end {
            if end == to {
                return Ok(());
            }
            chain = self.regions.fragments[self.regions.fragment(end).index()].chain;
        }
        let target = self.regions.fragment(to);
        if self.regions.fragments[target.index()].entry != to {
            return Err(format!("lanes come to {to} in the middle of a fragment"));
        }
        self.pending[target.index()] |= mask;
        Ok(())
    }

    /// The chain that a fragment opens by sending lanes to one of these.
    fn opened(&self, from: FragmentId, targets: &[Block]) -> Option<ChainId> {
        let r = self.regions;
        targets.iter().filter(|t| r.fragment(**t) != from).find_map(|t| {
            let chain = r.fragments[r.fragment(*t).index()].chain;
            r.chains[chain.index()].end.filter(|&e| r.fragment(e) == from).map(|_| chain)
        })
    }
}
