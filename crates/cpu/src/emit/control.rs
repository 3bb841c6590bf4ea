//! Control flow: edges, branches, fragments and chains (see [`analysis::region`]).

use super::dense::{Version, dense_label};
use super::predicate::Plan;
use super::{Emitter, Exec};
use crate::abi::{DONE, fault_code};
use analysis::Shape;
use analysis::region::{ChainId, FragmentId};
use analysis::scc::Nest;
use ir::{Block, BlockCall, Terminator, Type};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Masks of fragments, and the linear form of the chains, of the function being emitted.
pub(crate) struct Control {
    /// Lanes that wait to enter a fragment, a pointer per chunk.
    pub pending: FxHashMap<FragmentId, Vec<String>>,
    /// Lanes that run a fragment; the root has none while all lanes run.
    pub running: FxHashMap<FragmentId, Vec<String>>,
    /// Lanes that have not exited; present if lanes exit inside a chain below the root.
    pub live: Option<Vec<String>>,
    pub chains: Vec<Vec<Item>>,
    /// Chain and position of each fragment.
    pub position: FxHashMap<FragmentId, (ChainId, usize)>,
    /// Blocks that this function emits.
    pub reachable: Vec<bool>,
    /// Whether there is a dense version: see [`super::dense`].
    pub dense: bool,
    /// Blocks that are written where their branch is.
    pub in_place: Rc<Plan>,
}

/// An element of a chain in linear form.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Fragment(FragmentId),
    /// Back to item `first` while lanes wait in one of the fragments.
    Repeat {
        first: usize,
        fragments: Vec<FragmentId>,
    },
}

/// Flattens a chain's order, leaving out fragments that are not emitted.
pub(crate) fn flatten(order: &[Nest], keep: &dyn Fn(FragmentId) -> bool, out: &mut Vec<Item>) {
    for item in order {
        match item {
            Nest::Node(f) => {
                if keep(FragmentId(*f)) {
                    out.push(Item::Fragment(FragmentId(*f)));
                }
            }
            Nest::Loop(inner) => {
                let first = out.len();
                flatten(inner, keep, out);
                let fragments: Vec<FragmentId> =
                    Nest::nodes(inner).into_iter().map(FragmentId).filter(|f| keep(*f)).collect();
                if !fragments.is_empty() {
                    out.push(Item::Repeat { first, fragments });
                }
            }
        }
    }
}

pub(crate) fn block_label(block: Block) -> String {
    format!("b{}", block.0)
}

fn item_label(chain: ChainId, index: usize) -> String {
    format!("c{}.{index}", chain.0)
}

impl Emitter<'_> {
    /// The label where control goes when a fragment has no more lanes to run.
    fn after(&self, cx: &Control, fragment: FragmentId) -> String {
        let (chain, index) = cx.position[&fragment];
        item_label(chain, index + 1)
    }

    /// The lanes that run a fragment, as [`Exec`].
    pub fn load_exec(&mut self, cx: &Control, fragment: FragmentId) -> Exec {
        match cx.running.get(&fragment) {
            None => Exec::All,
            Some(pointers) => {
                let vt = self.vector_type(Type::I1);
                Exec::Masks(
                    pointers.iter().map(|p| self.ins(format!("load {vt}, ptr {p}, align 8"))).collect(),
                )
            }
        }
    }

    /// The labels of a chain's items, in order, with what they do; called once per chain after its fragments' blocks.
    pub fn emit_chain(&mut self, cx: &Control, chain: ChainId) {
        let items = cx.chains[chain.index()].clone();
        let vt = self.vector_type(Type::I1);
        for (i, item) in items.iter().enumerate() {
            if chain == ChainId::ROOT && i == 0 {
                continue; // The root fragment is entered directly.
            }
            self.place(&item_label(chain, i));
            match item {
                Item::Fragment(f) => {
                    let pointers = cx.pending[f].clone();
                    let masks: Vec<String> =
                        pointers.iter().map(|p| self.ins(format!("load {vt}, ptr {p}, align 8"))).collect();
                    let any = self.any(&masks);
                    let enter = self.new_label("enter");
                    self.stmt(format!("br i1 {any}, label %{enter}, label %{}", item_label(chain, i + 1)));
                    self.place(&enter);
                    let running = cx.running[f].clone();
                    for c in 0..self.chunks() {
                        self.stmt(format!("store {vt} {}, ptr {}, align 8", masks[c], running[c]));
                        self.stmt(format!("store {vt} zeroinitializer, ptr {}, align 8", pointers[c]));
                    }
                    let entry = self.uni.regions.fragments[f.index()].entry;
                    self.jump(&block_label(entry));
                }
                Item::Repeat { first, fragments } => {
                    let mut masks = Vec::new();
                    for f in fragments {
                        for p in cx.pending.get(f).cloned().unwrap_or_default() {
                            masks.push(self.ins(format!("load {vt}, ptr {p}, align 8")));
                        }
                    }
                    if masks.is_empty() {
                        self.jump(&item_label(chain, i + 1));
                        continue;
                    }
                    let any = self.any(&masks);
                    self.stmt(format!(
                        "br i1 {any}, label %{}, label %{}",
                        item_label(chain, *first),
                        item_label(chain, i + 1)
                    ));
                }
            }
        }
        self.place(&item_label(chain, items.len()));
        let Some(end) = self.uni.regions.chains[chain.index()].end else {
            self.stmt(format!("ret i32 {}", DONE as i32));
            return;
        };
        let home = self.uni.regions.fragment(end);
        if let Some(live) = cx.live.clone() {
            // Lanes that exited inside the chain do not come back.
            let exec = self.load_exec(cx, home);
            let old = self.masks_of(&exec);
            let mut new = Vec::new();
            for c in 0..self.chunks() {
                let l = self.ins(format!("load {vt}, ptr {}, align 8", live[c]));
                let both = self.ins(format!("and {vt} {}, {l}", old[c]));
                if let Some(p) = cx.running.get(&home) {
                    self.stmt(format!("store {vt} {both}, ptr {}, align 8", p[c]));
                }
                new.push(both);
            }
            let any = self.any(&new);
            let after = self.after(cx, home);
            let go_on = self.new_label("resume");
            self.stmt(format!("br i1 {any}, label %{go_on}, label %{after}"));
            self.place(&go_on);
        }
        self.resume(cx, end);
    }

    /// Whether lanes that take an edge from `from` to `to` arrive at the end of a chain that is under way, where they
    /// wait without a mask of their own.
    fn arrives(&self, from: FragmentId, to: Block) -> bool {
        let r = &self.uni.regions;
        let mut chain = r.fragments[from.index()].chain;
        while let Some(end) = r.chains[chain.index()].end {
            if end == to {
                return true;
            }
            chain = r.fragments[r.fragment(end).index()].chain;
        }
        false
    }

    /// Adds lanes to those that wait for the target's fragment.
    fn wait_at(&mut self, cx: &Control, from: FragmentId, to: Block, mask: &Exec) {
        if self.arrives(from, to) {
            return;
        }
        let target = self.uni.regions.fragment(to);
        if self.uni.regions.fragments[target.index()].entry != to {
            self.refuse(format!("internal: lanes enter {to} in the middle of a fragment"));
            return;
        }
        let Some(pointers) = cx.pending.get(&target).cloned() else {
            self.refuse(format!("internal: {to} has no mask"));
            return;
        };
        let vt = self.vector_type(Type::I1);
        let masks = self.masks_of(mask);
        let first = self.leaving.as_mut().is_some_and(|seen| seen.insert(target));
        for (p, m) in pointers.iter().zip(masks) {
            if first {
                self.stmt(format!("store {vt} {m}, ptr {p}, align 8"));
                continue;
            }
            let old = self.ins(format!("load {vt}, ptr {p}, align 8"));
            let new = self.ins(format!("or {vt} {old}, {m}"));
            self.stmt(format!("store {vt} {new}, ptr {p}, align 8"));
        }
    }

    /// Where control goes after lanes of `from` were sent to other fragments: into the chain that they opened, or on.
    fn onward(&self, cx: &Control, from: FragmentId, targets: &[Block]) -> String {
        let r = &self.uni.regions;
        for &t in targets {
            let f = r.fragment(t);
            if f == from {
                continue;
            }
            let chain = r.fragments[f.index()].chain;
            let opened_here = r.chains[chain.index()].end.is_some_and(|e| r.fragment(e) == from);
            if opened_here && cx.position.contains_key(&f) {
                return item_label(chain, 0);
            }
        }
        self.after(cx, from)
    }

    /// Ends a block. Barriers that suspend the gang have been dealt with before.
    pub fn emit_terminator(&mut self, cx: &Control) {
        let block = self.block;
        if self.emit_in_place(cx) {
            return;
        }
        let fragment = self.uni.regions.fragment(block);
        let data = self.func.block(block);
        let loc = data.term_loc;
        match data.term.clone() {
            Terminator::Ret(_) | Terminator::Exit => {
                if self.is_function {
                    self.emit_return_values();
                }
                if self.version != Version::Masked {
                    self.stmt(format!("ret i32 {}", DONE as i32));
                    return;
                }
                self.emit_exit(cx, fragment);
            }
            Terminator::Trap => {
                self.raise(fault_code::TRAP, loc);
                self.stmt("unreachable");
            }
            Terminator::Unreachable => {
                self.raise_unreachable(loc);
                self.stmt("unreachable");
            }
            Terminator::Jump(to) => self.emit_edge(cx, fragment, &to),
            term @ (Terminator::Branch { .. } | Terminator::Switch { .. }) => {
                if self.uni.regions.is_divergent(block) && self.version != Version::Masked {
                    self.dense_divergent(cx, fragment, &term);
                } else if self.uni.regions.is_divergent(block) {
                    self.emit_divergent(cx, fragment, &term);
                } else {
                    self.emit_uniform(cx, fragment, &term);
                }
            }
        }
    }

    /// A uniform edge: all running lanes go to `to`.
    fn emit_edge(&mut self, cx: &Control, fragment: FragmentId, to: &BlockCall) {
        if self.version != Version::Masked {
            self.dense_edge(to);
            return;
        }
        let r = &self.uni.regions;
        let exec = self.exec.clone();
        if r.fragment(to.block) == fragment {
            self.move_args(to, &exec, true);
            let label = self.label_of(cx, to.block);
            match exec {
                Exec::All => self.go_on(to.block, &label),
                Exec::Masks(_) => self.jump(&label),
            }
            return;
        }
        self.move_args(to, &exec, false);
        self.wait_at(cx, fragment, to.block, &exec);
        let next = self.onward(cx, fragment, &[to.block]);
        self.jump(&next);
    }

    fn emit_uniform(&mut self, cx: &Control, fragment: FragmentId, term: &Terminator) {
        // All targets may be one block although the condition varies: then it decides arguments only.
        if let Terminator::Branch { cond: v, .. } | Terminator::Switch { index: v, .. } = term
            && self.uni.shape_at(*v, self.block) != Shape::Uniform
        {
            self.emit_select_args(cx, fragment, term);
            return;
        }
        match term {
            Terminator::Branch { cond, then, els } => {
                let c = self.scalar(*cond);
                let (yes, no) = (self.new_label("then"), self.new_label("else"));
                self.stmt(format!("br i1 {c}, label %{yes}, label %{no}"));
                let (current, vectors) = (self.current.clone(), self.vectors.clone());
                self.place(&yes);
                self.emit_edge(cx, fragment, then);
                self.current = current;
                self.vectors = vectors;
                self.place(&no);
                self.emit_edge(cx, fragment, els);
            }
            Terminator::Switch { index, targets, default } => {
                let i = self.scalar(*index);
                let labels: Vec<String> = targets.iter().map(|_| self.new_label("case")).collect();
                let other = self.new_label("default");
                let cases: Vec<String> =
                    labels.iter().enumerate().map(|(k, l)| format!("i32 {k}, label %{l}")).collect();
                self.stmt(format!("switch i32 {i}, label %{other} [ {} ]", cases.join(" ")));
                let (current, vectors) = (self.current.clone(), self.vectors.clone());
                for (label, call) in labels.iter().zip(targets).chain([(&other, default)]) {
                    self.current = current.clone();
                    self.vectors = vectors.clone();
                    self.place(label);
                    self.emit_edge(cx, fragment, call);
                }
            }
            _ => {}
        }
    }

    /// All targets of a varying branch are one block: its arguments are selected.
    fn emit_select_args(&mut self, cx: &Control, fragment: FragmentId, term: &Terminator) {
        let edges = self.edges(term);
        for (call, mask) in &edges {
            self.move_args(call, mask, false);
        }
        let to = edges[0].0.block;
        if self.version != Version::Masked {
            self.jump(&dense_label(to));
            return;
        }
        if self.uni.regions.fragment(to) == fragment {
            let label = self.label_of(cx, to);
            self.jump(&label);
            return;
        }
        let exec = self.exec.clone();
        self.wait_at(cx, fragment, to, &exec);
        let next = self.onward(cx, fragment, &[to]);
        self.jump(&next);
    }

    pub fn emit_divergent(&mut self, cx: &Control, fragment: FragmentId, term: &Terminator) {
        let block = self.block;
        let edges = self.edges(term);
        let r = &self.uni.regions;
        let meet = r.reconvergence(block);
        let stays_home = meet.is_some_and(|p| r.fragment(p) == fragment);
        let targets: Vec<Block> = edges.iter().map(|(c, _)| c.block).collect();
        if stays_home {
            for (call, mask) in &edges {
                self.move_args(call, mask, false);
                if Some(call.block) != meet {
                    self.wait_at(cx, fragment, call.block, mask);
                }
            }
            let others: Vec<Block> = targets.into_iter().filter(|t| Some(*t) != meet).collect();
            let next = self.onward(cx, fragment, &others);
            if next == self.after(cx, fragment) {
                self.refuse("internal: a divergent branch without a chain");
            }
            self.jump(&next);
            return;
        }
        // Lanes leave the fragment; at most one target is in it, where the others stay.
        let stay: Option<Block> = targets.iter().copied().find(|t| self.uni.regions.fragment(*t) == fragment);
        let vt = self.vector_type(Type::I1);
        let mut remaining: Option<Vec<String>> = None;
        for (call, mask) in &edges {
            self.move_args(call, mask, false);
            if Some(call.block) == stay {
                let m = self.masks_of(mask);
                remaining = Some(match remaining {
                    None => m,
                    Some(old) => {
                        old.iter().zip(&m).map(|(a, b)| self.ins(format!("or {vt} {a}, {b}"))).collect()
                    }
                });
            } else {
                self.wait_at(cx, fragment, call.block, mask);
            }
        }
        let after = self.after(cx, fragment);
        match (stay, remaining) {
            (Some(stay), Some(masks)) => {
                let Some(pointers) = cx.running.get(&fragment).cloned() else {
                    self.refuse("internal: lanes leave a fragment without a mask");
                    return;
                };
                for (p, m) in pointers.iter().zip(&masks) {
                    self.stmt(format!("store {vt} {m}, ptr {p}, align 8"));
                }
                let any = self.any(&masks);
                self.stmt(format!("br i1 {any}, label %{}, label %{after}", block_label(stay)));
            }
            _ => self.jump(&after),
        }
    }

    /// The running lanes are gone.
    fn emit_exit(&mut self, cx: &Control, fragment: FragmentId) {
        if let Some(live) = cx.live.clone() {
            let vt = self.vector_type(Type::I1);
            let exec = self.exec.clone();
            let gone = self.masks_of(&exec);
            for (p, g) in live.iter().zip(gone) {
                let old = self.ins(format!("load {vt}, ptr {p}, align 8"));
                let not = self.ins(format!("xor {vt} {g}, splat (i1 true)"));
                let new = self.ins(format!("and {vt} {old}, {not}"));
                self.stmt(format!("store {vt} {new}, ptr {p}, align 8"));
            }
        }
        let after = self.after(cx, fragment);
        self.jump(&after);
    }
}
