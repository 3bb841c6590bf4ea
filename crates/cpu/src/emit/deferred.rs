//! Stores to held variables that have no code yet: for each element, which vector its last value lies in. Most of what a
//! tree over shared memory stores is loaded again by other threads, which take it from where it is; only what is left
//! when control goes another way is brought into the variables' own vectors.
//!
//! Invariant: what is deferred was computed by code that dominates the code being written. It is settled before control
//! may come to a block by another way, and before code that not every run passes.

use super::control::Control;
use super::dense::Version;
use super::held::Pick;
use super::predicate::Plan;
use super::webs::Variable;
use super::{Emitter, Exec};
use analysis::Cfg;
use ir::{Block, Function, Terminator};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Most vectors that the lanes of one are taken from; beyond that the variable's own vectors are brought up to date.
const SOURCES: usize = 4;

/// Where an element's value lies: in which lane of which vector. `None`: where the variable's own vectors have it.
type Place = Option<(Rc<str>, usize)>;

/// What has been stored and not been written yet.
#[derive(Default)]
pub(crate) struct Deferred {
    elements: BTreeMap<Variable, Vec<Place>>,
    /// What goes on into a block that is still to be written.
    carried: FxHashMap<Block, BTreeMap<Variable, Vec<Place>>>,
    /// The only block that follows another one and is entered from there alone.
    follows: FxHashMap<Block, Block>,
    /// Whether the code being written may be skipped when it runs.
    skipped: bool,
}

impl Deferred {
    /// For the blocks of a function.
    pub fn of(func: &Function, cfg: &Cfg, plan: &Plan) -> Deferred {
        let follow = |&block: &Block| {
            let (inside, next) = match &func.block(block).term {
                Terminator::Jump(to) => (&[][..], to.block),
                _ => plan.written_at(block).and_then(|(inside, meet)| Some((inside, meet?)))?,
            };
            let own = |p: &Block| *p == block || inside.contains(p);
            cfg.preds[next.index()].iter().all(own).then_some((block, next))
        };
        let follows = cfg.rpo.iter().filter(|b| !plan.contains(**b)).filter_map(follow).collect();
        Deferred { follows, ..Deferred::default() }
    }

    /// Whether the code that follows may be skipped; returns what was so before.
    pub fn skip(&mut self, skipped: bool) -> bool {
        std::mem::replace(&mut self.skipped, skipped)
    }

    pub fn skips(&self) -> bool {
        self.skipped
    }

    /// Where an element lies that is not in its variable's vectors.
    pub fn place(&self, variable: Variable, element: usize) -> Option<&(Rc<str>, usize)> {
        self.elements.get(&variable)?.get(element)?.as_ref()
    }
}

impl Emitter<'_> {
    /// Whether a store may be deferred: its lanes are known, and every run comes past it.
    pub(super) fn defers(&self) -> bool {
        let lanes = self.lanes();
        let known = match &self.exec {
            Exec::All => true,
            Exec::Masks(masks) => masks.iter().all(|m| super::known::constant_mask(m, lanes).is_some()),
        };
        known && !self.deferred.skipped
    }

    /// Remembers a store: which lane of which source each element takes.
    pub(super) fn defer(&mut self, variable: Variable, sources: &[String], picks: &[Vec<Pick>]) {
        let n = self.lanes() as usize;
        let names: Vec<Rc<str>> = sources.iter().map(|s| Rc::from(s.as_str())).collect();
        let all = self.deferred.elements.entry(variable).or_insert_with(|| vec![None; picks.len() * n]);
        for (slot, pick) in all.iter_mut().zip(picks.iter().flatten()) {
            if let Some((source, lane)) = pick {
                *slot = Some((names[*source].clone(), *lane));
            }
        }
    }

    /// The vectors that lanes take elements of a held variable from, and which of their lanes.
    pub(super) fn held_sources(
        &mut self,
        variable: Variable,
        t: &str,
        elements: &[Option<usize>],
    ) -> (Vec<String>, Vec<Pick>) {
        let n = self.lanes() as usize;
        let mut places: Vec<(Rc<str>, usize)> = Vec::new();
        let mut loaded: FxHashMap<usize, Rc<str>> = FxHashMap::default();
        let cells = self.held_cells[&variable].clone();
        let spread = self.spread(variable, elements);
        for &element in elements.iter().flatten() {
            if spread > SOURCES && self.deferred.place(variable, element).is_some() {
                self.settle_cell(variable, t, element / n);
            }
        }
        for &element in elements.iter().flatten() {
            let place = match self.deferred.place(variable, element) {
                Some(place) => place.clone(),
                None => {
                    let cell = element / n;
                    let name = loaded.entry(cell).or_insert_with(|| {
                        Rc::from(self.ins(format!("load {t}, ptr {}, align 64", cells[cell])).as_str())
                    });
                    (name.clone(), element % n)
                }
            };
            places.push(place);
        }
        let mut sources: Vec<String> = Vec::new();
        let mut places = places.into_iter();
        let picks = elements
            .iter()
            .map(|e| {
                (*e)?;
                let (name, lane) = places.next()?;
                let at = sources.iter().position(|s| **s == *name).unwrap_or_else(|| {
                    sources.push(name.to_string());
                    sources.len() - 1
                });
                Some((at, lane))
            })
            .collect();
        (sources, picks)
    }

    /// How many vectors elements lie in.
    fn spread(&self, variable: Variable, elements: &[Option<usize>]) -> usize {
        let n = self.lanes() as usize;
        let place = |&e: &usize| match self.deferred.place(variable, e) {
            Some((name, _)) => (Some(name), 0),
            None => (None, e / n),
        };
        let mut all: Vec<_> = elements.iter().flatten().map(place).collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    }

    /// Brings one vector of a held variable up to date.
    fn settle_cell(&mut self, variable: Variable, t: &str, cell: usize) {
        let n = self.lanes() as usize;
        let Some(all) = self.deferred.elements.get_mut(&variable) else { return };
        let mine: Vec<Place> = all[cell * n..(cell + 1) * n].iter_mut().map(Option::take).collect();
        self.write_cell(variable, t, cell, &mine);
    }

    fn write_cell(&mut self, variable: Variable, t: &str, cell: usize, mine: &[Place]) {
        if mine.iter().all(Option::is_none) {
            return;
        }
        let pointer = self.held_cells[&variable][cell].clone();
        let old = self.ins(format!("load {t}, ptr {pointer}, align 64"));
        let mut sources: Vec<String> = Vec::new();
        let mut picks: Vec<Pick> = Vec::new();
        for (lane, place) in mine.iter().enumerate() {
            let (name, lane) = place.as_ref().map_or((old.as_str(), lane), |(name, lane)| (&**name, *lane));
            let at = sources.iter().position(|s| s == name).unwrap_or_else(|| {
                sources.push(name.to_string());
                sources.len() - 1
            });
            picks.push(Some((at, lane)));
        }
        let new = self.merge(t, &sources, &picks);
        self.stmt(format!("store {t} {new}, ptr {pointer}, align 64"));
    }

    /// Writes what is deferred, and goes on as if it were not written: for code that leaves.
    pub(super) fn write_deferred(&mut self) {
        let n = self.lanes() as usize;
        let elements = std::mem::take(&mut self.deferred.elements);
        for (&variable, all) in &elements {
            let t = self.held_type(variable);
            for (cell, mine) in all.chunks(n).enumerate() {
                self.write_cell(variable, &t, cell, mine);
            }
        }
        self.deferred.elements = elements;
    }

    /// Brings all held variables up to date.
    pub(super) fn settle_held(&mut self) {
        self.write_deferred();
        self.deferred.elements.clear();
    }

    /// Begins a block with what is deferred on the way to it.
    pub(super) fn take_deferred(&mut self) {
        if !self.deferred.elements.is_empty() {
            self.refuse("internal: stores to held variables have nobody who writes them");
        }
        self.deferred.elements = self.deferred.carried.remove(&self.block).unwrap_or_default();
    }

    /// Ends a block: what is deferred goes on to the next one if that is entered from here alone.
    pub(super) fn end_block(&mut self, cx: &Control) {
        let block = self.block;
        let next = self.deferred.follows.get(&block).copied().filter(|&next| match self.version {
            Version::Dense => !self.exact.contains(&block),
            Version::Masked => {
                !cx.dense && self.uni.regions.fragment(block) == self.uni.regions.fragment(next)
            }
            Version::Exact => false,
        });
        let Some(next) = next else {
            // Blocks that the terminator writes in place have nobody to leave stores to.
            self.settle_held();
            let skipped = self.deferred.skip(true);
            self.emit_terminator(cx);
            self.deferred.skip(skipped);
            return;
        };
        self.emit_terminator(cx);
        let elements = std::mem::take(&mut self.deferred.elements);
        self.deferred.carried.insert(next, elements);
    }
}
