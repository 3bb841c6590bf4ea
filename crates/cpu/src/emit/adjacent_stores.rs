//! Stores of neighbouring elements, one by one, as `out[2 * t] = a; out[2 * t + 1] = b` makes them: where the threads'
//! elements lie side by side without a gap, the last of a group stores the whole row of memory; where they lie far apart, as
//! `out[8 * t + k]` does, four at once, and bytes and halves as one word.
//!
//! Invariant: a group's stores stand in one block with nothing between them that may read or write what they write, and
//! none is volatile or ordered.

use super::memory::Access;
use super::{Emitter, scalar_type};
use ir::{Block, Inst, InstId, MemOrder, Space, Type, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Groups of the block being written, in the order of their addresses, by their members.
#[derive(Default)]
pub(crate) struct Rows {
    groups: Vec<Vec<InstId>>,
    of: FxHashMap<InstId, usize>,
    /// The member that is reached last.
    last: Vec<InstId>,
}

/// Bytes of an element of a row.
const ELEMENT: i64 = 4;
/// Elements that are stored at once far from the next thread's.
const FOUR: usize = 4;

/// Stores that may belong together: the root of their addresses, and by offset. The number is the bytes of an element.
type Open = Option<((Value, Space, i64), BTreeMap<i64, InstId>)>;

impl Emitter<'_> {
    /// Finds the groups of a block.
    pub(super) fn find_rows(&mut self, block: Block) {
        self.store_groups = Rows::default();
        let mut open: Open = None;
        for &inst in &self.func.block(block).insts {
            let data = self.func.inst(inst);
            match data.inst {
                Inst::Store {
                    space: space @ (Space::Global | Space::Generic),
                    ty: ty @ (Type::I8 | Type::I16 | Type::F16 | Type::BF16 | Type::I32 | Type::F32),
                    count: 1,
                    sem,
                    ..
                } if sem.order == MemOrder::Weak
                    && (ty.bytes() == 4 && self.pitch(space, data.args[0]).is_some()
                        || self.scattered(space, data.args[0])) =>
                {
                    let (root, offset) = self.root(data.args[0]);
                    let own = (root, space, i64::from(ty.bytes()));
                    if open.as_ref().is_some_and(|(key, list)| *key != own || list.contains_key(&offset)) {
                        self.close_stores(&mut open);
                    }
                    open.get_or_insert_with(|| (own, BTreeMap::new())).1.insert(offset, inst);
                    self.close_row(&mut open, inst);
                }
                Inst::Load { space: Space::Shared, sem, .. }
                | Inst::Store { space: Space::Shared, sem, .. }
                    if sem.order == MemOrder::Weak
                        && open.as_ref().is_none_or(|((_, space, _), _)| *space == Space::Global) => {}
                Inst::Load { space: Space::Param | Space::Const, .. } => {}
                ref other if other.is_pure() => {}
                _ => self.close_stores(&mut open),
            }
        }
        self.close_stores(&mut open);
    }

    /// Makes groups of four of the stores that are open and fill no row. They may be in any order.
    fn close_stores(&mut self, open: &mut Open) {
        let Some(((_, space, bytes), list)) = open.take() else { return };
        let list: Vec<(i64, InstId)> = list.into_iter().collect();
        if list.is_empty() || !self.scattered(space, self.func.inst(list[0].1).args[0]) {
            return;
        }
        let count = if bytes == ELEMENT { FOUR } else { (ELEMENT / bytes) as usize };
        let mut rest = list.as_slice();
        while let Some(some) = rest.get(..count) {
            if some.windows(2).any(|w| w[1].0 - w[0].0 != bytes) {
                rest = &rest[1..];
                continue;
            }
            let members: Vec<InstId> = some.iter().map(|(_, inst)| *inst).collect();
            let group = self.store_groups.groups.len();
            self.store_groups.of.extend(members.iter().map(|&inst| (inst, group)));
            let at = |i: &InstId| self.func.block(self.block).insts.iter().position(|b| b == i);
            self.store_groups.last.extend(members.iter().copied().max_by_key(at));
            self.store_groups.groups.push(members);
            rest = &rest[count..];
        }
    }

    /// Makes a group of the stores that are open if they fill a row; `last` is the one that was reached last.
    fn close_row(&mut self, open: &mut Open, last: InstId) {
        let Some(((_, space, bytes), list)) = open.as_ref() else { return };
        let offsets: Vec<i64> = list.keys().copied().collect();
        let members: Vec<InstId> = list.values().copied().collect();
        let pitch = self.pitch(*space, self.func.inst(members[0]).args[0]);
        let side_by_side = offsets.windows(2).all(|w| w[1] - w[0] == ELEMENT);
        if !members.contains(&last) {
            self.close_stores(open);
        } else if *bytes == ELEMENT && members.len() > 1 && side_by_side && pitch == Some(members.len()) {
            let group = self.store_groups.groups.len();
            self.store_groups.of.extend(members.iter().map(|&inst| (inst, group)));
            self.store_groups.groups.push(members);
            self.store_groups.last.push(last);
            *open = None;
        }
    }

    /// Emits a store that is part of a group. False if it is not.
    pub(super) fn emit_row_store(&mut self, inst: InstId) -> bool {
        let Some(&group) = self.store_groups.of.get(&inst) else { return false };
        if self.store_groups.last[group] != inst {
            return true;
        }
        let members = self.store_groups.groups[group].clone();
        let data = self.func.inst(members[0]);
        let Inst::Store { space, sem, .. } = data.inst else { return false };
        if self.func.ty(data.args[1]).bytes() < ELEMENT as u32 {
            self.store_parts(&members);
            return true;
        }
        let mut align = ELEMENT as u32;
        let columns: Vec<Vec<String>> = members
            .iter()
            .map(|&member| {
                let stored = self.func.inst(member);
                if let Inst::Store { align: own, .. } = stored.inst {
                    align = align.min(own);
                }
                let (n, ty) = (self.lanes(), self.func.ty(stored.args[1]));
                let column = self.vectors(stored.args[1]);
                match ty {
                    Type::F32 => column
                        .iter()
                        .map(|v| self.ins(format!("bitcast <{n} x {}> {v} to <{n} x i32>", scalar_type(ty))))
                        .collect(),
                    _ => column,
                }
            })
            .collect();
        let access = Access { space, ty: Type::I32, count: members.len(), align: align.max(1), sem };
        let repr = self.get(data.args[0]);
        if self.pitch(space, data.args[0]).is_none() {
            let places = self.irregular(space, data.args[0], &repr);
            self.scatter(&access, &places, &columns);
            return true;
        }
        let pointers = self.chunk_pointers(space, &repr);
        self.store_rows((data.args[0], &repr), &access, members.len(), &pointers, &columns);
        true
    }

    /// Stores a group that fills a word.
    fn store_parts(&mut self, members: &[InstId]) {
        let data = self.func.inst(members[0]);
        let Inst::Store { space, sem, .. } = data.inst else { return };
        let n = self.lanes();
        let mut words: Vec<String> = Vec::new();
        for (k, &member) in members.iter().enumerate() {
            let value = self.func.inst(member).args[1];
            let ty = self.func.ty(value);
            let int = scalar_type(ty.to_int());
            for (c, part) in self.vectors(value).into_iter().enumerate() {
                let part = match ty {
                    Type::F16 => self.ins(format!("bitcast <{n} x half> {part} to <{n} x i16>")),
                    _ => part,
                };
                let part = self.ins(format!("zext <{n} x {int}> {part} to <{n} x i32>"));
                let up = k as u32 * ty.bits();
                let part = self.ins(format!("shl <{n} x i32> {part}, splat (i32 {up})"));
                if k == 0 {
                    words.push(part);
                } else {
                    words[c] = self.ins(format!("or <{n} x i32> {}, {part}", words[c]));
                }
            }
        }
        let access = Access { space, ty: Type::I32, count: 1, align: 1, sem };
        let repr = self.get(data.args[0]);
        let places = self.irregular(space, data.args[0], &repr);
        self.scatter(&access, &places, &[words]);
    }
}
