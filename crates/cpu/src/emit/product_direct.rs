//! Rows of fragments that are loaded just as a table has them, as `ldmatrix` does: they go from memory to the table.
//!
//! Which loads these are is found from what the lanes hold, half word by half word, so that it does not matter how they come to it.
//! Invariant: the loaded value is also there as any other, for all that does not read the table.

use super::Emitter;
use super::product::{Fragment, Side, vector};
use super::product_columns::{Lines, SIDE};
use ir::product::{Element, Layout};
use ir::{Inst, Op, Type, Value};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Steps from a register of a fragment back to the load.
const DEPTH: u32 = 10;

/// Where a load's rows go.
pub(crate) type Rows = FxHashMap<Value, Vec<Place>>;

/// A register of a fragment.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Place {
    fragment: Fragment,
    register: usize,
}

/// Half a word of a lane: nothing, or half of what a lane loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Zero,
    Of(Value, usize, usize),
}

impl Emitter<'_> {
    /// Where the result of a load belongs in tables.
    pub(super) fn rows_of_fragments(&mut self, result: Value) -> Vec<Place> {
        if !self.multiplies() {
            return Vec::new();
        }
        let rows = match &self.products.rows {
            Some(rows) => rows.clone(),
            None => {
                let rows = Rc::new(self.rows_in_block());
                self.products.rows = Some(rows.clone());
                rows
            }
        };
        rows.get(&result).cloned().unwrap_or_default()
    }

    fn rows_in_block(&self) -> Rows {
        let mut rows = Rows::default();
        let mut seen: Vec<Fragment> = Vec::new();
        for &inst in &self.func.block(self.block).insts {
            let data = self.func.inst(inst);
            let Inst::Product { product, .. } = data.inst else { continue };
            let narrow = matches!(product.a, Element::F16 | Element::Bf16);
            if product.layout != Layout::Quads || product.sums != Layout::Columns || !narrow {
                continue;
            }
            let (a, rest) = data.args.split_at(product.a_registers());
            for (side, registers) in [(Side::A, a), (Side::B, &rest[..product.b_registers()])] {
                let fragment = (side, product, registers.to_vec());
                if seen.contains(&fragment) {
                    continue;
                }
                let loads: Option<Vec<Value>> =
                    registers.iter().map(|&register| self.loaded(side, register)).collect();
                for (register, load) in loads.unwrap_or_default().into_iter().enumerate() {
                    rows.entry(load).or_default().push(Place { fragment: fragment.clone(), register });
                }
                seen.push(fragment);
            }
        }
        rows
    }

    /// The load of the block whose rows are those of a register's table.
    fn loaded(&self, side: Side, register: Value) -> Option<Value> {
        let halves = self.halves_of(register, DEPTH)?;
        let Half::Of(load, ..) = halves[0][0] else { return None };
        let fits = halves.iter().enumerate().all(|(lane, halves)| {
            let (warp, g, t) = (lane / 32 * 32, lane % 32 / 4, lane % 4);
            (0..2).all(|x| {
                // A row of B has elements of all columns, a column of which a lane has two elements.
                let (row, column) = if side == Side::A { (g, 2 * t + x) } else { (2 * t + x, g) };
                halves[x] == Half::Of(load, warp + 4 * row + column / 2, column % 2)
            })
        });
        fits.then_some(load)
    }

    /// What the lanes of the gang have in a value of 32 or 16 bits.
    fn halves_of(&self, value: Value, depth: u32) -> Option<Vec<[Half; 2]>> {
        let depth = depth.checked_sub(1)?;
        if self.uni.def_block(value) != Some(self.block) {
            return None;
        }
        let data = self.func.def_inst(value)?;
        let arg = |i: usize| self.halves_of(data.args[i], depth);
        // By none or sixteen bits.
        let moved = |by: &dyn Fn([Half; 2]) -> [Half; 2]| -> Option<Vec<[Half; 2]>> {
            let amounts = self.known_lanes(data.args[1])?;
            let one = |(halves, amount): ([Half; 2], &u64)| match amount {
                0 => Some(halves),
                16 => Some(by(halves)),
                _ => None,
            };
            arg(0)?.into_iter().zip(&amounts).map(one).collect()
        };
        match data.inst {
            Inst::Load { ty: Type::I32, count: 1, .. } => {
                let lanes = self.chunks() * self.lanes() as usize;
                Some((0..lanes).map(|lane| [0, 1].map(|x| Half::Of(value, lane, x))).collect())
            }
            Inst::Shfl(mode) if value == data.results[0] => {
                let from = self.known_sources(mode, data)?;
                let halves = arg(0)?;
                let source = |(lane, &(source, _)): (usize, &(u32, bool))| {
                    halves.get(lane / 32 * 32 + source as usize).copied()
                };
                from.iter().enumerate().map(source).collect()
            }
            Inst::Pure { op: Op::ShrU, ty: Type::I32 } => moved(&|[_, high]| [high, Half::Zero]),
            Inst::Pure { op: Op::Shl, ty: Type::I32 } => moved(&|[low, _]| [Half::Zero, low]),
            Inst::Pure { op: Op::Trunc(Type::I32) | Op::ZExt(Type::I16), ty: Type::I16 | Type::I32 } => {
                Some(arg(0)?.into_iter().map(|[low, _]| [low, Half::Zero]).collect())
            }
            Inst::Pure { op: Op::Or, ty: Type::I32 } => {
                let either = |(a, b): (Half, Half)| match (a, b) {
                    (Half::Zero, other) | (other, Half::Zero) => Some(other),
                    (Half::Of(..), Half::Of(..)) => None,
                };
                let both =
                    |(a, b): ([Half; 2], [Half; 2])| Some([either((a[0], b[0]))?, either((a[1], b[1]))?]);
                arg(0)?.into_iter().zip(arg(1)?).map(both).collect()
            }
            _ => None,
        }
    }

    /// A row of eight elements from `from` to a table: the one of a chunk's quad.
    pub(super) fn fill_directly(
        &mut self,
        place: &Place,
        (chunk, quad): (usize, usize),
        from: &str,
        align: u32,
    ) {
        let (side, product, _) = &place.fragment;
        let lines = Lines::of(product);
        let (per_warp, warps) = self.warps();
        let (warp, row) = (chunk / per_warp, chunk % per_warp * self.lanes() as usize / 4 + quad);
        let at = match side {
            Side::A => {
                let (block, half) =
                    (place.register / product.halves as usize, place.register % product.halves as usize);
                lines.row(8 * half + row, block * lines.together)
            }
            Side::B => {
                let (tile, block) =
                    (place.register / product.depth as usize, place.register % product.depth as usize);
                (block * lines.together + row) * SIDE + 8 * tile
            }
        };
        let table = self.factors_of(&place.fragment, place.register, warps * lines.bytes());
        let to = self.offset(&table, warp * lines.bytes() + at * 4);
        let (floats, words) = (vector(8, Type::F32), vector(8, Type::I32));
        let (ty, wide) = if product.a == Element::F16 {
            let halves = self.ins(format!("load <8 x half>, ptr {from}, align {align}"));
            (floats.clone(), self.ins(format!("fpext <8 x half> {halves} to {floats}")))
        } else {
            let halves = self.ins(format!("load <8 x i16>, ptr {from}, align {align}"));
            let low = self.ins(format!("zext <8 x i16> {halves} to {words}"));
            (words.clone(), self.ins(format!("shl {words} {low}, splat (i32 16)")))
        };
        self.stmt(format!("store {ty} {wide}, ptr {to}, align 32"));
    }
}
