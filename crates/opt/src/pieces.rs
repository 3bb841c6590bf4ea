//! Pieces: the parts of stack slots that become values.
//!
//! A piece is a range of bytes that every access takes whole, or not at all. What an access takes is then one piece, or
//! several put together. Bytes that an access may reach at an offset that is not constant belong to no piece.

use analysis::places::{Place, Places};
use ir::{Block, Function, Inst, InstId, Slot, Space, Type, Value};
use std::collections::BTreeMap;

/// A part of a slot that becomes a value of type `ty`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Piece {
    pub bytes: u32,
    pub ty: Type,
}

/// The pieces of a function's slots.
#[derive(Default)]
pub(crate) struct Pieces {
    pub list: Vec<Piece>,
    /// By slot: pieces by offset.
    at: Vec<BTreeMap<i64, usize>>,
}

/// A load or store whose address leads into a slot.
pub(crate) struct Access {
    pub slot: Slot,
    /// `None`: it depends on what runs.
    pub offset: Option<i64>,
    pub ty: Type,
    pub count: u32,
}

/// A load's or store's slot, if it has one.
pub(crate) fn access(func: &Function, places: &Places, inst: InstId) -> Option<Access> {
    let data = func.inst(inst);
    let (Inst::Load { space: Space::Local, ty, count, .. }
    | Inst::Store { space: Space::Local, ty, count, .. }) = data.inst
    else {
        return None;
    };
    let Place { slot: Some((slot, offset)), .. } = places.of(data.args[0])? else { return None };
    Some(Access { slot, offset, ty, count: u32::from(count) })
}

impl Pieces {
    /// Pieces of all that `memory` does not keep: ranges of bytes by slot.
    pub fn find(func: &Function, blocks: &[Block], places: &Places, memory: &[Vec<(i64, i64)>]) -> Pieces {
        let mut elements: Vec<BTreeMap<(i64, i64), Vec<Type>>> = vec![BTreeMap::new(); func.slots.len()];
        let mut usable: Vec<bool> = func.slots.iter().map(|s| s.size <= 1 << 16).collect();
        for &inst in blocks.iter().flat_map(|&b| &func.block(b).insts) {
            let Some(access) = access(func, places, inst) else { continue };
            let slot = access.slot.index();
            let Some(offset) = access.offset else { continue };
            let bytes = i64::from(access.ty.bytes());
            let end = offset.saturating_add(bytes * i64::from(access.count));
            // What lies outside is a fault when it is reached.
            usable[slot] &= access.ty != Type::I1 && offset >= 0 && end <= func.slots[slot].size as i64;
            for k in 0..i64::from(access.count) {
                let at = offset.wrapping_add(k * bytes);
                elements[slot].entry((at, at.wrapping_add(bytes))).or_default().push(access.ty);
            }
        }
        let mut pieces = Pieces { list: Vec::new(), at: vec![BTreeMap::new(); func.slots.len()] };
        for (slot, elements) in elements.iter().enumerate() {
            if !usable[slot] || places.escapes(Slot(slot as u32)) {
                continue;
            }
            let ranges: Vec<(i64, i64)> = elements.keys().copied().collect();
            for cluster in clusters(&ranges) {
                let (low, high) = (cluster[0].0, cluster.iter().map(|r| r.1).max().unwrap_or(0));
                if memory[slot].iter().any(|&(from, to)| from < high && low < to) {
                    continue;
                }
                pieces.add(slot, cluster, elements);
            }
        }
        pieces
    }

    fn add(&mut self, slot: usize, cluster: &[(i64, i64)], elements: &BTreeMap<(i64, i64), Vec<Type>>) {
        if let [(low, high)] = cluster {
            let ty = elements[&(*low, *high)][0];
            self.at[slot].insert(*low, self.list.len());
            self.list.push(Piece { bytes: (high - low) as u32, ty });
            return;
        }
        let mut cuts: Vec<i64> = cluster.iter().flat_map(|r| [r.0, r.1]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let types: Option<Vec<Type>> = cuts.windows(2).map(|w| Type::int((w[1] - w[0]) as u32 * 8)).collect();
        let Some(types) = types else { return };
        for (w, ty) in cuts.windows(2).zip(types) {
            self.at[slot].insert(w[0], self.list.len());
            self.list.push(Piece { bytes: ty.bytes(), ty });
        }
    }

    /// The pieces that make up `bytes` bytes at `offset`, from low to high; empty if they stay in memory.
    pub fn under(&self, slot: Slot, offset: i64, bytes: u32) -> Vec<usize> {
        let end = offset + i64::from(bytes);
        self.at[slot.index()].range(offset..end).map(|(_, &piece)| piece).collect()
    }

    /// Whether all of an access's elements are in pieces.
    pub fn holds(&self, access: &Access) -> Option<i64> {
        let offset = access.offset?;
        let within = !self.under(access.slot, offset, access.ty.bytes() * access.count).is_empty();
        within.then_some(offset)
    }
}

/// Splits sorted ranges where one begins at or behind the end of all before it.
fn clusters(ranges: &[(i64, i64)]) -> impl Iterator<Item = &[(i64, i64)]> {
    let mut high = i64::MIN;
    let mut starts = Vec::new();
    for (i, &(from, to)) in ranges.iter().enumerate() {
        if from >= high {
            starts.push(i);
        }
        high = high.max(to);
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([ranges.len()]).collect();
    starts.into_iter().zip(ends).map(|(a, b)| &ranges[a..b])
}

/// Values of pieces put together to one of type `ty`, or taken apart: the instructions for it.
pub(crate) struct Assembler<'f> {
    pub func: &'f mut Function,
    /// Where they are appended.
    pub out: Vec<InstId>,
    pub loc: ir::SrcLoc,
}

impl Assembler<'_> {
    pub fn push(&mut self, inst: Inst, args: &[Value]) -> Value {
        let id = self.func.add_inst(inst, args, &Function::result_types(&inst), self.loc);
        self.out.push(id);
        self.func.inst(id).results[0]
    }

    /// Appends an instruction without results.
    pub fn effect(&mut self, inst: Inst, args: &[Value]) {
        let id = self.func.add_inst(inst, args, &[], self.loc);
        self.out.push(id);
    }

    fn op(&mut self, op: ir::Op, ty: Type, args: &[Value]) -> Value {
        self.push(Inst::Pure { op, ty }, args)
    }

    /// Same bits at type `ty`.
    pub fn cast(&mut self, ty: Type, value: Value) -> Value {
        let from = self.func.ty(value);
        if from == ty { value } else { self.op(ir::Op::Bitcast(from), ty, &[value]) }
    }

    fn amount(&mut self, bits: u32) -> Value {
        self.push(Inst::Const { ty: Type::I32, bits: u64::from(bits) }, &[])
    }

    /// One value of type `ty` from integers, the low one first.
    pub fn join(&mut self, ty: Type, parts: &[Value]) -> Value {
        let whole = ty.to_int();
        let mut sum: Option<Value> = None;
        let mut at = 0;
        for &part in parts {
            let from = self.func.ty(part);
            let mut wide = if from == whole { part } else { self.op(ir::Op::ZExt(from), whole, &[part]) };
            if at > 0 {
                let by = self.amount(at);
                wide = self.op(ir::Op::Shl, whole, &[wide, by]);
            }
            sum = Some(match sum {
                None => wide,
                Some(low) => self.op(ir::Op::Or, whole, &[low, wide]),
            });
            at += from.bits();
        }
        let sum = sum.unwrap_or_else(|| self.push(Inst::Const { ty: whole, bits: 0 }, &[]));
        self.cast(ty, sum)
    }

    /// Integers of types `types` from one value, the low one first.
    pub fn split(&mut self, value: Value, types: &[Type]) -> Vec<Value> {
        let whole = self.func.ty(value).to_int();
        let bits = self.cast(whole, value);
        let mut at = 0;
        types
            .iter()
            .map(|&ty| {
                let moved = if at == 0 {
                    bits
                } else {
                    let by = self.amount(at);
                    self.op(ir::Op::ShrU, whole, &[bits, by])
                };
                at += ty.bits();
                if ty == whole { moved } else { self.op(ir::Op::Trunc(whole), ty, &[moved]) }
            })
            .collect()
    }
}
