//! Names inside a body: nested scopes, register ranges, labels that are used before they stand.
//! Invariant: a name's `SymId` never changes once given; a scope's names are gone when it closes.

use crate::ast::{Body, SymId, Symbol, SymbolKind};
use crate::span::Span;
use crate::words::ScalarType;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// `.reg .b32 %r<100>`: its names become symbols when they are first used.
#[derive(Clone, Copy)]
struct Range {
    ty: ScalarType,
    vector: u8,
    count: u32,
    depth: usize,
}

#[derive(Default)]
struct Scope<'a> {
    /// What each name meant before this scope declared it.
    undo: Vec<(&'a str, Option<SymId>)>,
    /// Labels used here and not yet placed.
    pending: FxHashMap<&'a str, (SymId, Span)>,
    /// Prefixes of the ranges declared here.
    ranges: Vec<&'a str>,
}

/// The names in sight.
pub(crate) struct Scopes<'a> {
    names: FxHashMap<&'a str, SymId>,
    /// The ranges of each prefix, innermost last.
    ranges: FxHashMap<&'a str, Vec<Range>>,
    scopes: Vec<Scope<'a>>,
    /// The depth at which each symbol was declared.
    depths: Vec<u32>,
    /// Labels that turned out to be another symbol, when an inner scope closed.
    pub aliases: Vec<(SymId, SymId)>,
}

/// A name is declared already in the same scope.
pub(crate) struct AlreadyDeclared;

impl<'a> Scopes<'a> {
    /// An empty scope with room for `names`.
    pub fn new(names: usize) -> Scopes<'a> {
        Scopes {
            names: FxHashMap::with_capacity_and_hasher(names, Default::default()),
            ranges: FxHashMap::default(),
            scopes: vec![Scope::default()],
            depths: Vec::new(),
            aliases: Vec::new(),
        }
    }

    fn depth(&self) -> usize {
        self.scopes.len() - 1
    }

    fn push_symbol(&mut self, body: &mut Body, symbol: Symbol, depth: usize) -> SymId {
        let id = SymId(body.symbols.len() as u32);
        body.symbols.push(symbol);
        self.depths.push(depth as u32);
        id
    }

    /// Declares a name in the current scope.
    pub fn declare(
        &mut self,
        body: &mut Body,
        text: &'a str,
        symbol: Symbol,
    ) -> Result<SymId, AlreadyDeclared> {
        let depth = self.depth();
        let old = self.names.get(text).copied();
        if old.is_some_and(|id| self.depths[id.0 as usize] as usize == depth && depth > 0) {
            return Err(AlreadyDeclared);
        }
        let id = self.push_symbol(body, symbol, depth);
        self.names.insert(text, id);
        self.scopes[depth].undo.push((text, old));
        Ok(id)
    }

    /// Declares the registers `prefix0` to `prefix(count-1)`.
    pub fn declare_range(
        &mut self,
        prefix: &'a str,
        ty: ScalarType,
        vector: u8,
        count: u32,
    ) -> Result<(), AlreadyDeclared> {
        let depth = self.depth();
        let outer = self.ranges.entry(prefix).or_default();
        match outer.last() {
            Some(range) if range.depth == depth => return Err(AlreadyDeclared),
            Some(_) => {
                // Names of the outer range that are already symbols must not be found any more.
                let hidden: Vec<_> =
                    self.names.keys().filter(|n| in_range(n, prefix, count)).copied().collect();
                for name in hidden {
                    let old = self.names.remove(name);
                    self.scopes[depth].undo.push((name, old));
                }
            }
            None => {}
        }
        outer.push(Range { ty, vector, count, depth });
        self.scopes[depth].ranges.push(prefix);
        Ok(())
    }

    /// Finds a name that is declared in the body.
    #[inline]
    pub fn find(&mut self, body: &mut Body, text: &'a str, name: Span) -> Option<SymId> {
        if let Some(&id) = self.names.get(text) {
            return Some(id);
        }
        self.find_in_ranges(body, text, name)
    }

    fn find_in_ranges(&mut self, body: &mut Body, text: &'a str, name: Span) -> Option<SymId> {
        let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
        // The prefix may itself end in digits (`.reg .b32 r1<4>`), so each split is tried.
        let splits = (text.len() - digits..text.len()).rev().map(|at| &text[..at]);
        let matching = splits.filter_map(|prefix| Some((prefix, *self.ranges.get(prefix)?.last()?)));
        let (_, range) = matching
            .filter(|(prefix, range)| in_range(text, prefix, range.count))
            .max_by_key(|(_, range)| range.depth)?;
        let (depth, kind) = (range.depth, SymbolKind::Reg { ty: range.ty, vector: range.vector });
        let id = self.push_symbol(body, Symbol { name, kind }, depth);
        self.names.insert(text, id);
        self.scopes[depth].undo.push((text, None));
        Some(id)
    }

    /// Adds a name of the module; it stays in sight to the end of the body.
    pub fn add_outer(&mut self, body: &mut Body, text: &'a str, symbol: Symbol) -> SymId {
        let id = self.push_symbol(body, symbol, 0);
        self.names.insert(text, id);
        self.scopes[0].undo.push((text, None));
        id
    }

    /// The symbol of a label that is used before it stands.
    pub fn forward_label(&mut self, body: &mut Body, text: &'a str, name: Span) -> SymId {
        let depth = self.depth();
        if let Some((id, _)) = self.scopes[depth].pending.get(text) {
            return *id;
        }
        let id = self.push_symbol(body, Symbol { name, kind: SymbolKind::Label(None) }, depth);
        self.scopes[depth].pending.insert(text, (id, name));
        id
    }

    /// Places a label (or another thing that may be used before it stands).
    pub fn place(
        &mut self,
        body: &mut Body,
        text: &'a str,
        symbol: Symbol,
    ) -> Result<SymId, AlreadyDeclared> {
        let depth = self.depth();
        let Some((id, _)) = self.scopes[depth].pending.remove(text) else {
            return self.declare(body, text, symbol);
        };
        let old = self.names.insert(text, id);
        if old.is_some_and(|old| self.depths[old.0 as usize] as usize == depth) {
            return Err(AlreadyDeclared);
        }
        self.scopes[depth].undo.push((text, old));
        body.symbols[id.0 as usize] = symbol;
        Ok(id)
    }

    /// `{`
    pub fn open(&mut self) {
        self.scopes.push(Scope::default());
    }

    /// `}`; whether there was a scope to close.
    pub fn close(&mut self, body: &Body) -> bool {
        if self.scopes.len() < 3 {
            return false;
        }
        self.pop(body);
        true
    }

    /// Closes the innermost scope and hands its unplaced labels to the next.
    fn pop(&mut self, body: &Body) {
        let depth = self.depth();
        let Some(scope) = self.scopes.pop() else { return };
        for prefix in scope.ranges {
            self.ranges.get_mut(prefix).and_then(Vec::pop);
        }
        for (name, old) in scope.undo.into_iter().rev() {
            match old {
                Some(id) => self.names.insert(name, id),
                None => self.names.remove(name),
            };
        }
        let mut pending: Vec<_> = scope.pending.into_iter().collect();
        pending.sort_unstable_by_key(|(_, (id, _))| *id);
        for (name, (id, span)) in pending {
            match self.names.get(name) {
                Some(&placed) if matches!(body.symbol(placed).kind, SymbolKind::Label(_)) => {
                    self.aliases.push((id, placed));
                }
                _ => match self.scopes[depth - 1].pending.entry(name) {
                    Entry::Occupied(other) => self.aliases.push((id, other.get().0)),
                    Entry::Vacant(place) => {
                        place.insert((id, span));
                    }
                },
            }
        }
    }

    /// Closes all scopes; what is left are labels that stand nowhere.
    pub fn finish(&mut self, body: &Body) -> Vec<(&'a str, Span)> {
        while self.scopes.len() > 1 {
            self.pop(body);
        }
        let pending = std::mem::take(&mut self.scopes[0].pending);
        let mut unplaced: Vec<_> = pending.into_iter().map(|(name, (_, span))| (name, span)).collect();
        unplaced.sort_unstable_by_key(|(_, span)| span.start);
        unplaced
    }

    /// How many scopes are open inside the body.
    pub fn nesting(&self) -> usize {
        self.scopes.len()
    }
}

/// Whether `text` is `prefix` and a decimal number below `count`.
fn in_range(text: &str, prefix: &str, count: u32) -> bool {
    let Some(digits) = text.strip_prefix(prefix) else { return false };
    let canonical = digits == "0" || !digits.starts_with('0');
    canonical && digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse::<u32>().is_ok_and(|n| n < count)
}
