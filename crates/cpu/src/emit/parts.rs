//! Neighbouring bytes or halves that each thread reads one by one, far from the next thread's, as through a message or a row of
//! its own: the first of a group fetches the word that they fill, and all take theirs from it.
//!
//! Invariant: a group's loads stand in one block with nothing between them that may change memory, and ask for all bytes of
//! the word.

use super::{Emitter, scalar_type};
use ir::{Block, Inst, InstId, MemOrder, Space, Type, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Groups of the block being written: the first load to be reached fetches for all.
#[derive(Default)]
pub(crate) struct Parts {
    groups: Vec<Vec<InstId>>,
    of: FxHashMap<InstId, usize>,
    /// What has been fetched for loads that come later.
    fetched: FxHashMap<InstId, Vec<String>>,
}

/// Bytes of the word.
const WORD: usize = 4;

/// By root of the address, space and bytes of an element: loads, by offset.
type Open = BTreeMap<(Value, Space, u32), BTreeMap<i64, InstId>>;

impl Emitter<'_> {
    /// Finds the groups of a block.
    pub(super) fn find_parts(&mut self, block: Block) {
        self.parts = Parts::default();
        let mut open = Open::new();
        for &inst in &self.func.block(block).insts {
            let data = self.func.inst(inst);
            match data.inst {
                Inst::Load {
                    space: space @ (Space::Global | Space::Generic),
                    ty: ty @ (Type::I8 | Type::I16 | Type::F16 | Type::BF16),
                    count: 1,
                    sem,
                    ..
                } if sem.order == MemOrder::Weak && self.scattered(space, data.args[0]) => {
                    let (root, offset) = self.root(data.args[0]);
                    open.entry((root, space, ty.bytes())).or_default().entry(offset).or_insert(inst);
                }
                Inst::Load { sem, .. } if sem.order == MemOrder::Weak => {}
                ref other if other.is_pure() => {}
                _ => self.close_parts(&mut open),
            }
        }
        self.close_parts(&mut open);
    }

    fn close_parts(&mut self, open: &mut Open) {
        for ((_, _, bytes), loads) in std::mem::take(open) {
            let list: Vec<(i64, InstId)> = loads.into_iter().collect();
            let count = WORD / bytes as usize;
            let mut rest = list.as_slice();
            while rest.len() >= count {
                let (some, others) = rest.split_at(count);
                if some.windows(2).any(|w| w[1].0 - w[0].0 != i64::from(bytes)) {
                    rest = &rest[1..];
                    continue;
                }
                let members: Vec<InstId> = some.iter().map(|(_, inst)| *inst).collect();
                let group = self.parts.groups.len();
                self.parts.of.extend(members.iter().map(|&inst| (inst, group)));
                self.parts.groups.push(members);
                rest = others;
            }
        }
    }

    /// A load's vectors, if it is part of a group.
    pub(super) fn part_of_word(&mut self, inst: InstId) -> Option<Vec<String>> {
        let group = *self.parts.of.get(&inst)?;
        if let Some(column) = self.parts.fetched.remove(&inst) {
            return Some(column);
        }
        let members = self.parts.groups[group].clone();
        let columns = self.fetch_parts(&members, inst);
        self.parts.fetched.extend(members.iter().copied().zip(columns));
        self.parts.fetched.remove(&inst)
    }

    /// The columns of a group. `inst`: the member that is reached first.
    fn fetch_parts(&mut self, members: &[InstId], inst: InstId) -> Vec<Vec<String>> {
        let data = self.func.inst(inst);
        let Inst::Load { space, ty, .. } = data.inst else { return Vec::new() };
        // The lowest address may be computed only further down.
        let back = members.iter().position(|&m| m == inst).unwrap_or(0) as i64 * i64::from(ty.bytes());
        let repr = self.get(data.args[0]);
        let places = self.irregular(space, data.args[0], &repr);
        let places = self.moved(places, -back);
        let n = self.lanes();
        let mut columns = vec![Vec::new(); members.len()];
        for c in 0..self.chunks() {
            let mask = self.exec_mask(c);
            let word = match self.narrow_places(&places, c, 0) {
                Some((base, index)) => self.gather_indexed(Type::I32, &base, &index, places.scale(), &mask),
                None => {
                    let p = self.places_of_chunk(space, &places, c, 0, Type::I32);
                    self.gather_one(Type::I32, 1, &p, &mask)
                }
            };
            for (k, (column, &member)) in columns.iter_mut().zip(members).enumerate() {
                let ty = self.func.ty(self.func.inst(member).results[0]);
                let down = k as u32 * ty.bits();
                let part = self.ins(format!("lshr <{n} x i32> {word}, splat (i32 {down})"));
                let int = scalar_type(ty.to_int());
                let part = self.ins(format!("trunc <{n} x i32> {part} to <{n} x {int}>"));
                column.push(match ty {
                    Type::F16 => self.ins(format!("bitcast <{n} x i16> {part} to <{n} x half>")),
                    _ => part,
                });
            }
        }
        columns
    }
}
