//! The text of a function as blocks and the places of values that they read and write, for [`super::outline`].
//!
//! Invariant: a place that is not only loaded and stored as a whole is scratch, and has no value between blocks.

use super::outline::Pieces;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A set of small numbers.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Bits(Vec<u64>);

impl Bits {
    pub fn new(size: usize) -> Bits {
        Bits(vec![0; size.div_ceil(64)])
    }

    pub fn has(&self, i: usize) -> bool {
        self.0[i / 64] >> (i % 64) & 1 != 0
    }

    pub fn set(&mut self, i: usize) {
        self.0[i / 64] |= 1 << (i % 64);
    }

    pub fn add(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    pub fn clear(&mut self, i: usize) {
        self.0[i / 64] &= !(1 << (i % 64));
    }

    pub fn and(mut self, other: &Bits) -> Bits {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
        self
    }

    pub fn minus(mut self, other: &Bits) -> Bits {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
        self
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.0.len() * 64).filter(|&i| self.has(i))
    }
}

/// A place of a value or of a mask.
pub struct Slot<'a> {
    pub name: &'a str,
    pub ty: &'a str,
    /// Not only loaded and stored as a whole.
    pub scratch: bool,
}

pub struct Block<'a> {
    pub label: &'a str,
    pub text: &'a str,
    pub lines: usize,
    pub next: Vec<usize>,
    /// Slots whose value is read before it is written, and those that are written.
    pub reads: Bits,
    pub writes: Bits,
    /// All slots that are named.
    pub names: Bits,
    /// Constants that slots hold at its end.
    pub constants: BTreeMap<usize, &'a str>,
}

pub fn is_dense(label: &str) -> bool {
    label.strip_prefix('d').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
}

/// Blocks and chains of the masked version.
pub fn is_masked(label: &str) -> bool {
    let digits = |n: &str| n.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    label.strip_prefix('b').or_else(|| label.strip_prefix('c')).is_some_and(digits)
}

/// The labels that a line names.
pub fn labels(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("label %").map(move |(at, m)| word(&line[at + m.len()..]))
}

/// The name at the start of a text.
pub fn word(text: &str) -> &str {
    let end = text.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'.' || b == b'_'));
    &text[..end.unwrap_or(text.len())]
}

pub fn is_phi(line: &str) -> bool {
    line.contains(" = phi ")
}

/// Bytes of a value in memory. `None`: not a type that slots have.
pub fn bytes(ty: &str) -> Option<usize> {
    if let Some(inner) = ty.strip_prefix('<') {
        let (n, element) = inner.strip_suffix('>')?.split_once(" x ")?;
        let n: usize = n.parse().ok()?;
        return Some(if element == "i1" { n.div_ceil(8) } else { n * bytes(element)? });
    }
    Some(match ty {
        "i1" | "i8" => 1,
        "i16" | "half" => 2,
        "i32" | "float" => 4,
        "i64" | "double" | "ptr" => 8,
        _ => return None,
    })
}

/// `<16 x i1>` is `i16` in memory.
pub fn mask_lanes(ty: &str) -> Option<&str> {
    ty.strip_prefix('<')?.strip_suffix(" x i1>")
}

pub struct Text<'a> {
    pub slots: Vec<Slot<'a>>,
    pub by_name: FxHashMap<&'a str, usize>,
    pub blocks: Vec<Block<'a>>,
    pub by_label: FxHashMap<&'a str, usize>,
    /// No temporary has a higher number.
    pub temporaries: usize,
}

/// Finds blocks and slots.
pub fn parse<'a>(p: &Pieces<'a>) -> Option<Text<'a>> {
    let mut slots = Vec::new();
    let mut by_name = FxHashMap::default();
    for line in p.allocas.lines().chain(p.start.lines()) {
        let Some((name, ty)) = line.trim_start().split_once(" = alloca ") else { continue };
        let ty = ty.split_once(", align").map_or(ty, |(ty, _)| ty);
        by_name.insert(name, slots.len());
        slots.push(Slot { name, ty, scratch: false });
    }
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut starts = Vec::new();
    let mut at = 0;
    for line in p.body.split_inclusive('\n') {
        if !line.starts_with(' ') && line.ends_with(":\n") {
            starts.push(at);
        }
        at += line.len();
    }
    starts.push(p.body.len());
    let mut by_label = FxHashMap::default();
    for pair in starts.windows(2) {
        let text = &p.body[pair[0]..pair[1]];
        let label = word(text);
        by_label.insert(label, blocks.len());
        let none = Bits::new(slots.len());
        let (reads, writes, names) = (none.clone(), none.clone(), none);
        blocks.push(Block {
            label,
            text,
            lines: 0,
            next: Vec::new(),
            reads,
            writes,
            names,
            constants: BTreeMap::new(),
        });
    }
    for block in &mut blocks {
        for line in block.text.lines() {
            block.lines += 1;
            if line.starts_with("  br ") || line.starts_with("  switch ") {
                for label in labels(line) {
                    block.next.push(*by_label.get(label)?);
                }
                continue;
            }
            for (at, _) in line.match_indices("%") {
                // Slots are %a12 and %turns.
                let rest = &line[at..];
                if !(rest.starts_with("%a") || rest.starts_with("%turns")) {
                    continue;
                }
                let name = &rest[..1 + word(&rest[1..]).len()];
                let Some(&slot) = by_name.get(name.split('.').next().unwrap_or(name)) else { continue };
                block.names.set(slot);
                let access = access(line, at, name, slots[slot].ty);
                if let Some(Access::Store(value)) = access {
                    match value.contains('%') {
                        true => block.constants.remove(&slot),
                        false => block.constants.insert(slot, value),
                    };
                }
                match access {
                    Some(Access::Load) if !block.writes.has(slot) => block.reads.set(slot),
                    Some(Access::Load) => {}
                    Some(Access::Store(_)) => block.writes.set(slot),
                    None => slots[slot].scratch = true,
                }
            }
        }
    }
    Some(Text { slots, by_name, blocks, by_label, temporaries: p.names })
}

pub enum Access<'a> {
    Load,
    /// A value.
    Store(&'a str),
}

/// How a line accesses the slot that it names at `at`, if as a whole.
pub fn access<'a>(line: &'a str, at: usize, name: &str, ty: &str) -> Option<Access<'a>> {
    let before = &line[..at];
    let ends = line[at + name.len()..].starts_with(", align");
    let before = before.strip_suffix(", ptr ").filter(|_| ends)?;
    if let Some((_, loaded)) = before.split_once(" = load ") {
        return (loaded == ty).then_some(Access::Load);
    }
    let stored = before.strip_prefix("  store ")?.strip_prefix(ty)?;
    Some(Access::Store(stored.strip_prefix(' ')?))
}

impl<'a> Text<'a> {
    pub fn index(&self, label: &str) -> Option<usize> {
        self.by_label.get(label).copied()
    }

    pub fn slots_of(&self, names: &[String]) -> Bits {
        let mut out = Bits::new(self.slots.len());
        names.iter().filter_map(|n| self.by_name.get(n.as_str())).for_each(|&s| out.set(s));
        out
    }

    /// Blocks that control comes to over edges that `follows`.
    pub fn reach(&self, from: &[usize], follows: impl Fn(&Self, usize, usize) -> bool) -> Bits {
        let mut seen = Bits::new(self.blocks.len());
        let mut work = from.to_vec();
        while let Some(b) = work.pop() {
            if !seen.has(b) {
                seen.set(b);
                work.extend(self.blocks[b].next.iter().copied().filter(|&t| follows(self, b, t)));
            }
        }
        seen
    }

    /// Whether the temporaries that blocks use are those that they compute.
    pub fn is_closed(&self, part: &Bits) -> bool {
        // %t12
        let number = |text: &str| word(text).parse::<usize>().ok();
        let mut computed = vec![false; self.temporaries + 1];
        for b in part.iter() {
            for line in self.blocks[b].text.lines() {
                if let Some(n) = line.strip_prefix("  %t").and_then(number) {
                    computed[n.min(self.temporaries)] = true;
                }
            }
        }
        part.iter().all(|b| {
            let lines = self.blocks[b].text.lines().filter(|l| !is_phi(l));
            lines
                .flat_map(|line| {
                    line.match_indices("%t").filter_map(move |(at, m)| number(&line[at + m.len()..]))
                })
                .all(|n| computed[n.min(self.temporaries)])
        })
    }

    /// Whether memory that is more than a value begins as something.
    pub fn scratch_begins(&self, init: &str) -> bool {
        self.slots.iter().any(|s| {
            s.scratch
                && (init.contains(&format!("ptr {},", s.name)) || init.contains(&format!("{}.0 =", s.name)))
        })
    }

    /// Values that are read behind the start of each block before they are written.
    pub fn live(&self, blocks: &[usize]) -> Vec<Bits> {
        let mut live: Vec<Bits> = self.blocks.iter().map(|b| b.reads.clone()).collect();
        let scratch = self.scratch();
        loop {
            let mut changed = false;
            for &b in blocks.iter().rev() {
                let block = &self.blocks[b];
                let mut behind = Bits::new(self.slots.len());
                block.next.iter().for_each(|&t| behind.add(&live[t]));
                let mut new = behind.minus(&block.writes);
                new.add(&block.reads);
                let new = new.minus(&scratch);
                changed |= new != live[b];
                live[b] = new;
            }
            if !changed {
                return live;
            }
        }
    }

    pub fn scratch(&self) -> Bits {
        let mut out = Bits::new(self.slots.len());
        (0..self.slots.len()).filter(|&s| self.slots[s].scratch).for_each(|s| out.set(s));
        out
    }

    /// Slots that may hold something other than at the function's start behind each block; for masks: other than while
    /// dense code runs.
    pub fn dirty(
        &self,
        part: &Bits,
        exits: &[usize],
        back: &[(usize, Bits)],
        empty: &Bits,
        full: &Bits,
    ) -> Vec<Bits> {
        let none = Bits::new(self.slots.len());
        let mut before = vec![none.clone(); self.blocks.len()];
        let mut after = vec![none; self.blocks.len()];
        for (t, list) in back {
            before[*t].add(list);
        }
        // What the start writes is not in these blocks.
        if let Some(&turns) = self.by_name.get("%turns") {
            before.iter_mut().for_each(|b| b.set(turns));
        }
        loop {
            let mut changed = false;
            for b in part.iter() {
                let mut out = before[b].clone();
                out.add(&self.blocks[b].writes);
                let out = out.minus(&self.scratch());
                if out == after[b] {
                    continue;
                }
                changed = true;
                let returns = back.iter().map(|(t, _)| t).filter(|_| exits.contains(&b));
                for &t in self.blocks[b].next.iter().chain(returns) {
                    match is_dense(self.blocks[t].label) {
                        true => before[t].add(&out.clone().minus(empty).minus(full)),
                        false => before[t].add(&out),
                    }
                }
                after[b] = out;
            }
            if !changed {
                return after;
            }
        }
    }

    pub fn written(&self, part: &Bits) -> Bits {
        let mut out = Bits::new(self.slots.len());
        part.iter().for_each(|b| out.add(&self.blocks[b].writes));
        out
    }
}
