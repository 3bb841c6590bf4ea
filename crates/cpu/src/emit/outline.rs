//! Takes code that seldom runs out of a region's function: what lanes leave dense code for becomes a function of its own,
//! in a module of its own, which is compiled when it is first called.
//!
//! It works on the text of the function, whose values live in allocas between blocks: where control leaves, those that
//! are live there go through memory, and come back where it returns. So nothing that emission does can be forgotten.
//! Invariant: apart from its values, a block needs nothing of another one; if a name is missing, nothing is taken out.
//! Memory that is more than values (arrays for shuffles, calls, loops over chunks) is scratch within a block.

use super::outline_text::{
    Bits, Slot, Text, bytes, is_dense, is_masked, is_phi, labels, mask_lanes, parse, word,
};
use super::seldom::Outline;
use crate::abi::{call, field, masked};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Fewest lines that are worth a function of their own.
const LINES: usize = 300;

/// The text of a region's function.
pub(super) struct Pieces<'a> {
    pub region: usize,
    /// Name of the parameter that says which gang it is.
    pub gang: &'a str,
    pub allocas: &'a str,
    pub init: &'a str,
    pub prologue: &'a str,
    /// From the prologue to the first block.
    pub start: &'a str,
    pub body: &'a str,
    /// Labels of blocks whose way into masked code is seldom taken.
    pub seldom: &'a BTreeSet<String>,
    /// Masks that are empty, and full, while dense code runs.
    pub empty: &'a [String],
    pub full: &'a [String],
    pub outline: Outline,
    /// No name has a higher number.
    pub names: usize,
}

/// A region in two functions.
pub(super) struct Split {
    pub region: String,
    pub masked: String,
}

/// Whether so much text instead of so much is worth what a second module costs where it is needed.
fn pays(after: usize, before: usize) -> bool {
    after * 8 <= before * 7
}

/// `region` and `masked` of a function, if that is worth it.
pub(super) fn split(p: &Pieces<'_>) -> Option<Split> {
    if p.outline == Outline::Never || p.seldom.is_empty() {
        return None;
    }
    let f = parse(p)?;
    let first = f.index(word(p.body))?;
    let mut ways_in = vec![first];
    ways_in.extend(p.start.lines().flat_map(labels).filter_map(|l| f.index(l)));
    // What is left without the ways that are seldom taken.
    let leaves = |f: &Text<'_>, from: usize, to: usize| {
        p.seldom.contains(f.blocks[from].label) && is_masked(f.blocks[to].label)
    };
    let mut returns = BTreeSet::new();
    let (lean, masked, targets) = loop {
        let lean = f.reach(&ways_in, |f, from, to| !leaves(f, from, to));
        let edges = |part: &Bits| -> Vec<(usize, usize)> {
            part.iter().flat_map(|b| f.blocks[b].next.iter().map(move |&t| (b, t))).collect()
        };
        let targets: BTreeSet<usize> = edges(&lean)
            .into_iter()
            .filter(|&(b, t)| leaves(&f, b, t) && !lean.has(t))
            .map(|(_, t)| t)
            .collect();
        let list: Vec<usize> = targets.iter().copied().collect();
        let masked = f.reach(&list, |f, _, to| !is_dense(f.blocks[to].label));
        let before = returns.len();
        returns.extend(edges(&masked).into_iter().map(|(_, t)| t).filter(|&t| is_dense(f.blocks[t].label)));
        ways_in.extend(&returns);
        if returns.len() == before {
            break (lean, masked, targets);
        }
    };
    let lines = |part: &Bits| part.iter().map(|b| f.blocks[b].lines).sum::<usize>();
    let (left, saved) = (lines(&lean), lines(&masked.clone().minus(&lean)));
    if targets.is_empty() || p.outline == Outline::Seldom && (saved < LINES || !pays(left, left + saved)) {
        return None;
    }
    let all: Vec<usize> = (0..f.blocks.len()).filter(|&b| lean.has(b) || masked.has(b)).collect();
    let joins = targets.iter().chain(&returns).any(|&b| f.blocks[b].text.lines().nth(1).is_some_and(is_phi));
    if joins || !f.is_closed(&lean) || !f.is_closed(&masked) {
        return None;
    }
    // Memory that begins as zero and is more than a value would have to be one for both.
    if f.scratch_begins(p.init) {
        return None;
    }
    let live = f.live(&all);
    let (empty, full) = (f.slots_of(p.empty), f.slots_of(p.full));
    // Values that the other function changes come back, and what may have changed here goes there.
    let changed = f.written(&masked);
    let mut moves = Moves::default();
    for &t in &returns {
        moves.back.push((t, live[t].clone().and(&changed).minus(&empty).minus(&full)));
    }
    let exits: Vec<usize> =
        lean.iter().filter(|&b| f.blocks[b].next.iter().any(|&t| leaves(&f, b, t) && !lean.has(t))).collect();
    let dirty = f.dirty(&lean, &exits, &moves.back, &empty, &full);
    for &t in &targets {
        let from: Vec<usize> =
            exits.iter().copied().filter(|&b| f.blocks[b].next.contains(&t) && leaves(&f, b, t)).collect();
        let mut list = Bits::new(f.slots.len());
        from.iter().for_each(|&b| list.add(&dirty[b]));
        let mut list = list.and(&live[t]);
        let mut filled: BTreeMap<usize, &str> =
            full.iter().filter(|&s| live[t].has(s) && !list.has(s)).map(|s| (s, "splat (i1 true)")).collect();
        for s in list.clone().iter() {
            let constant = f.blocks[from[0]].constants.get(&s);
            if let Some(value) = constant
                && from.iter().all(|&b| f.blocks[b].constants.get(&s) == constant)
            {
                list.clear(s);
                filled.insert(s, value);
            }
        }
        moves.there.push((t, list, filled));
    }
    let size = moves.size(&f)?;
    let region = write_region(p, &f, &lean, &moves, size, (&empty, &full), &leaves);
    let before = p.allocas.len() + p.init.len() + p.start.len() + p.body.len();
    if p.outline == Outline::Seldom && !pays(region.len(), before) {
        return None;
    }
    let masked = write_masked(p, &f, &masked, &moves);
    Some(Split { region, masked })
}

/// Adds the declarations that a module needs: of the names in its text, and in those.
pub(super) fn declare(text: &mut String, declares: &BTreeSet<String>) {
    fn names(text: &str) -> impl Iterator<Item = &str> {
        text.match_indices('@').map(|(at, m)| word(&text[at + m.len()..]))
    }
    let mut missing: BTreeMap<&str, &str> =
        declares.iter().filter_map(|d| Some((names(d).next()?, d.as_str()))).collect();
    let mut found: Vec<&str> =
        names(text).collect::<BTreeSet<_>>().into_iter().filter_map(|n| missing.remove(n)).collect();
    let mut at = 0;
    while let Some(&declaration) = found.get(at) {
        found.extend(names(declaration).filter_map(|n| missing.remove(n)));
        at += 1;
    }
    found.iter().for_each(|d| {
        text.push_str(d);
        text.push('\n');
    });
}

/// What crosses between the functions: at each block that control leaves for, and comes back to.
#[derive(Default)]
struct Moves<'a> {
    /// With what is known there without being brought.
    there: Vec<(usize, Bits, BTreeMap<usize, &'a str>)>,
    back: Vec<(usize, Bits)>,
}

impl Moves<'_> {
    /// Bytes of the memory for them.
    fn size(&self, f: &Text<'_>) -> Option<usize> {
        let lists = self.there.iter().map(|(_, l, _)| l).chain(self.back.iter().map(|(_, l)| l));
        let mut most = 64;
        for list in lists {
            most = most.max(f.places(list)?.1);
        }
        Some(most)
    }
}

impl Text<'_> {
    /// The place of each value of a list in the memory between the functions, and its size.
    fn places(&self, list: &Bits) -> Option<(BTreeMap<usize, usize>, usize)> {
        let mut places = BTreeMap::new();
        let mut at = 0usize;
        for s in list.iter() {
            let size = bytes(self.slots[s].ty)?;
            at = at.next_multiple_of(size.next_power_of_two().min(64));
            places.insert(s, at);
            at += size;
        }
        Some((places, at.next_multiple_of(64)))
    }

    /// Writes loads of a list of slots and stores to memory, or the other way round.
    fn transfer(&self, out: &mut String, list: &Bits, (prefix, way): (&str, Way)) {
        let Some((places, _)) = self.places(list) else { return };
        for (s, at) in places {
            let Slot { name, ty, .. } = self.slots[s];
            let lanes = mask_lanes(ty);
            let memory = lanes.map_or(ty.to_string(), |n| format!("i{n}"));
            // Volatile, so that no pass compares it with all other memory.
            let (load, store) = match way {
                Way::Out => ("load", "store volatile"),
                Way::In => ("load volatile", "store"),
            };
            let v = format!("%{prefix}.{s}");
            let _ = writeln!(out, "  {v}.p = getelementptr i8, ptr %state, i64 {at}");
            let (from, to) = match way {
                Way::Out => (name.to_string(), format!("{v}.p")),
                Way::In => (format!("{v}.p"), name.to_string()),
            };
            let (loaded, stored) =
                if way == Way::Out { (ty, memory.as_str()) } else { (memory.as_str(), ty) };
            let align = bytes(ty).map_or(1, |b| b.next_power_of_two().min(64));
            let _ = writeln!(out, "  {v} = {load} {loaded}, ptr {from}, align {align}");
            let v = if lanes.is_some() {
                let _ = writeln!(out, "  {v}.m = bitcast {loaded} {v} to {stored}");
                format!("{v}.m")
            } else {
                v
            };
            let _ = writeln!(out, "  {store} {stored} {v}, ptr {to}, align {align}");
        }
    }

    /// The text of a block, without what comes from blocks that are not there, and with other labels where it leaves.
    fn write_block(&self, out: &mut String, b: usize, part: &Bits, rename: &dyn Fn(usize) -> Option<String>) {
        for line in self.blocks[b].text.lines() {
            if is_phi(line) {
                out.push_str(&self.pruned(line, part));
            } else if line.starts_with("  br ") || line.starts_with("  switch ") {
                let mut rest = line;
                while let Some(at) = rest.find("label %") {
                    let (head, tail) = rest.split_at(at + "label %".len());
                    let label = word(tail);
                    out.push_str(head);
                    match self.index(label).and_then(rename) {
                        Some(other) => out.push_str(&other),
                        None => out.push_str(label),
                    }
                    rest = &tail[label.len()..];
                }
                out.push_str(rest);
            } else {
                out.push_str(line);
            }
            out.push('\n');
        }
    }

    /// A phi without the blocks that are not there.
    fn pruned(&self, line: &str, part: &Bits) -> String {
        let Some((head, list)) = line.split_once('[') else { return line.to_string() };
        let there = |entry: &&str| {
            let label = entry.rsplit_once('%').map_or("", |(_, l)| word(l));
            self.index(label).is_none_or(|b| part.has(b))
        };
        let entries: Vec<&str> =
            list.trim_end().trim_end_matches(']').split("], [").filter(there).map(str::trim).collect();
        format!("{head}[ {} ]", entries.join(" ], [ "))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Out,
    In,
}

/// Lines about slots that are there.
fn filtered(out: &mut String, text: &str, f: &Text<'_>, used: &Bits) {
    for line in text.lines() {
        let at = line.find("%a").unwrap_or(0);
        let name = line.get(at + 1..).map_or("", word);
        let slot = f.by_name.get(&line[at..(at + 1 + name.len()).min(line.len())]);
        let slot = slot.or_else(|| f.by_name.get(line[at..].split('.').next().unwrap_or("")));
        if slot.is_none_or(|&s| used.has(s)) {
            out.push_str(line);
            out.push('\n');
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn write_region(
    p: &Pieces<'_>,
    f: &Text<'_>,
    lean: &Bits,
    moves: &Moves<'_>,
    size: usize,
    (empty, full): (&Bits, &Bits),
    leaves: &dyn Fn(&Text<'_>, usize, usize) -> bool,
) -> String {
    let written = f.written(lean);
    let mut used = Bits::new(f.slots.len());
    lean.iter().for_each(|b| used.add(&f.blocks[b].names));
    moves.there.iter().for_each(|(_, list, _)| used.add(list));
    moves.back.iter().for_each(|(_, list)| used.add(list));
    let mut out = format!(
        "define i32 @region{}(ptr noalias %ctx, i32 {}, ptr noalias %frame) #0 {{\nentry:\n",
        p.region, p.gang
    );
    if p.gang != "%gang" {
        let _ = writeln!(out, "  %gang = and i32 {}, {}", p.gang, crate::abi::turn::region(u32::MAX));
    }
    filtered(&mut out, p.allocas, f, &used);
    let _ = writeln!(out, "  %state = alloca [{size} x i8], align 64");
    filtered(&mut out, p.init, f, &used);
    out.push_str(p.prologue);
    out.push_str(p.start);
    for b in lean.iter() {
        let rename =
            |t: usize| (leaves(f, b, t) && !lean.has(t)).then(|| format!("leave.{}", f.blocks[t].label));
        f.write_block(&mut out, b, lean, &rename);
    }
    let mut ways = String::new();
    for (k, (t, list, _)) in moves.there.iter().enumerate() {
        let label = f.blocks[*t].label;
        let _ = writeln!(out, "leave.{label}:");
        f.transfer(&mut out, list, (&format!("l{k}"), Way::Out));
        out.push_str("  br label %leave\n");
        let _ = write!(ways, "{}[ {k}, %leave.{label} ]", if k > 0 { ", " } else { "" });
    }
    let mut cases = String::new();
    for (k, (t, _)) in moves.back.iter().enumerate() {
        let _ = write!(cases, " i32 {}, label %back.{}", masked::GOES_ON + k as u32, f.blocks[*t].label);
    }
    let _ = write!(
        out,
        "leave:\n  %leave.way = phi i32 {ways}\n  \
         %leave.table.p = getelementptr i8, ptr %ctx, i64 {}\n  \
         %leave.table = load ptr, ptr %leave.table.p, align 8, !invariant.load !0\n  \
         %leave.row = getelementptr ptr, ptr %leave.table, i64 {}\n  \
         %leave.code = load atomic ptr, ptr %leave.row acquire, align 8\n  \
         %leave.none = icmp eq ptr %leave.code, null\n  \
         br i1 %leave.none, label %leave.find, label %leave.call\n\
         leave.find:\n  \
         %leave.calls.p = getelementptr i8, ptr %ctx, i64 {}\n  \
         %leave.calls = load ptr, ptr %leave.calls.p, align 8, !invariant.load !0\n  \
         %leave.find.p = getelementptr ptr, ptr %leave.calls, i64 {}\n  \
         %leave.find.f = load ptr, ptr %leave.find.p, align 8, !invariant.load !0\n  \
         %leave.found = call ptr %leave.find.f(ptr %ctx, i32 {}) cold\n  \
         br label %leave.call\n\
         leave.call:\n  \
         %leave.f = phi ptr [ %leave.code, %leave ], [ %leave.found, %leave.find ]\n  \
         %leave.went = call i32 %leave.f(ptr %ctx, i32 %gang, ptr %frame, ptr %state, i32 %leave.way) cold\n",
        field::MASKED,
        p.region,
        field::RUNTIME,
        call::MASKED,
        p.region,
    );
    for (masks, value) in [(empty, "zeroinitializer"), (full, "splat (i1 true)")] {
        for s in masks.iter().filter(|&s| written.has(s)) {
            let _ = writeln!(out, "  store {} {value}, ptr {}, align 8", f.slots[s].ty, f.slots[s].name);
        }
    }
    let _ = writeln!(out, "  switch i32 %leave.went, label %leave.ends [{cases} ]");
    out.push_str("leave.ends:\n  ret i32 %leave.went\n");
    for (k, (t, list)) in moves.back.iter().enumerate() {
        let label = f.blocks[*t].label;
        let _ = writeln!(out, "back.{label}:");
        f.transfer(&mut out, list, (&format!("r{k}"), Way::In));
        let _ = writeln!(out, "  br label %{label}");
    }
    out.push_str("}\n\n");
    out
}

fn write_masked(p: &Pieces<'_>, f: &Text<'_>, part: &Bits, moves: &Moves<'_>) -> String {
    let mut used = Bits::new(f.slots.len());
    part.iter().for_each(|b| used.add(&f.blocks[b].names));
    for (_, list, filled) in &moves.there {
        used.add(list);
        filled.keys().for_each(|&s| used.set(s));
    }
    let mut out = format!(
        "define i32 @masked{}(ptr noalias %ctx, i32 %gang, ptr noalias %frame, ptr noalias %state, i32 %way) #0 {{\nentry:\n",
        p.region
    );
    filtered(&mut out, p.allocas, f, &used);
    if f.by_name.get("%turns").is_some_and(|&s| used.has(s)) {
        out.push_str("  %turns = alloca i64, align 8\n");
    }
    filtered(&mut out, p.init, f, &used);
    out.push_str(p.prologue);
    let mut cases = String::new();
    for (k, (t, ..)) in moves.there.iter().enumerate().skip(1) {
        let _ = write!(cases, " i32 {k}, label %enter.{}", f.blocks[*t].label);
    }
    let first = f.blocks[moves.there[0].0].label;
    let _ = writeln!(out, "  switch i32 %way, label %enter.{first} [{cases} ]");
    for (k, (t, list, filled)) in moves.there.iter().enumerate() {
        let label = f.blocks[*t].label;
        let _ = writeln!(out, "enter.{label}:");
        f.transfer(&mut out, list, (&format!("e{k}"), Way::In));
        for (&s, value) in filled {
            let _ = writeln!(out, "  store {} {value}, ptr {}, align 8", f.slots[s].ty, f.slots[s].name);
        }
        let _ = writeln!(out, "  br label %{label}");
    }
    for b in part.iter() {
        let rename = |t: usize| is_dense(f.blocks[t].label).then(|| format!("leave.{}", f.blocks[t].label));
        f.write_block(&mut out, b, part, &rename);
    }
    for (k, (t, list)) in moves.back.iter().enumerate() {
        let _ = writeln!(out, "leave.{}:", f.blocks[*t].label);
        f.transfer(&mut out, list, (&format!("o{k}"), Way::Out));
        let _ = writeln!(out, "  ret i32 {}", masked::GOES_ON + k as u32);
    }
    out.push_str("}\n\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "start:
  store i32 7, ptr %a1, align 64
  br label %d0
d0:
  %t10 = load i32, ptr %a1, align 64
  %t11 = icmp eq i32 %t10, 0
  store i32 %t10, ptr %a2, align 64
  br i1 %t11, label %d1, label %apart.12
apart.12:
  store <16 x i1> splat (i1 true), ptr %a3, align 8
  br label %b1
d1:
  %t13 = load i32, ptr %a2, align 64
  ret i32 %t13
b1:
  %t14 = load <16 x i1>, ptr %a3, align 8
  %t15 = load i32, ptr %a1, align 64
  store i32 %t15, ptr %a2, align 64
  br label %d1
";

    fn outlined(body: &str, seldom: &[&str]) -> Option<Split> {
        split(&Pieces {
            region: 0,
            gang: "%gang",
            allocas: "  %a1 = alloca i32, align 64\n  %a2 = alloca i32, align 64\n  %a3 = alloca <16 x i1>, align 64\n",
            init: "  store i32 0, ptr %a2, align 64\n",
            prologue: "",
            start: "  br label %start\n",
            body,
            seldom: &seldom.iter().map(|s| s.to_string()).collect(),
            empty: &[],
            full: &[],
            outline: Outline::Always,
            names: 20,
        })
    }

    #[test]
    fn values_go_and_come_back_and_constants_stay() {
        let split = outlined(BODY, &["apart.12"]).expect("two functions");
        assert!(!split.region.contains("\nb1:") && split.masked.contains("\nb1:"), "{}", split.region);
        assert!(split.masked.contains("store i32 %e0.0, ptr %a1"), "brought: {}", split.masked);
        assert!(split.masked.contains("store <16 x i1> splat (i1 true), ptr %a3"), "known: {}", split.masked);
        assert!(split.region.contains("store i32 %r0.1, ptr %a2"), "comes back: {}", split.region);
        assert!(!split.region.contains("%r0.0 ="), "not changed, does not come back: {}", split.region);
        assert!(split.masked.contains(&format!("ret i32 {}", masked::GOES_ON)), "{}", split.masked);
    }

    #[test]
    fn what_another_block_computes_stays_with_it() {
        assert!(outlined(&BODY.replace("%t15, ptr %a2", "%t10, ptr %a2"), &["apart.12"]).is_none());
        assert!(outlined(BODY, &[]).is_none());
    }
}
