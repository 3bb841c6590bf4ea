//! In which order the blocks of a grid run: row by row, or, for kernels like matrix products, in panels.
//!
//! Where all blocks of a row read the same data along a loop, and all blocks of a column too, a panel of a few columns
//! is run from top to bottom before the next one: what its columns read then stays in the processor's cache. CUDA leaves
//! the order open (CUDA Programming Guide, "Thread Hierarchy"). Invariant: each block of a grid has one place in it.

use analysis::{Cfg, Uniformity};
use ir::{Function, Inst, Op, Space, Sreg, Type, Value, ValueDef};

/// Bytes side by side in memory that the columns of a panel read together.
const LINE: i64 = 1024;
/// Columns of a panel where those bytes are not known.
const USUAL: u32 = 8;

/// The grid's columns that run together; 0: all.
pub fn panel(func: &Function, cfg: &Cfg, uni: &Uniformity) -> u32 {
    let depends = dependences(func, cfg);
    let (mut rows, mut columns) = (false, None);
    for &block in cfg.rpo.iter().filter(|&&b| uni.regions.loop_head(b).is_some()) {
        for &inst in &func.block(block).insts {
            let data = func.inst(inst);
            let Inst::Load { space: Space::Global | Space::Generic, .. } = data.inst else { continue };
            let addr = data.args[0];
            match depends[addr.index()] & (X | Y) {
                Y => rows = true,
                X => {
                    let step = step(func, &depends, addr, 0).filter(|&s| s != 0);
                    let fit = step.map_or(USUAL, |s| (LINE / s.abs()).clamp(2, 32) as u32);
                    columns = Some(columns.map_or(fit, |c: u32| c.min(fit)));
                }
                _ => {}
            }
        }
    }
    columns.filter(|_| rows).unwrap_or(0)
}

/// How addresses change from one column of the grid to the next.
pub struct Columns(Vec<u8>);

impl Columns {
    pub fn of(func: &Function, cfg: &Cfg) -> Columns {
        Columns(dependences(func, cfg))
    }

    /// Bytes from one column's address to the next one's, if that is a constant.
    pub fn step(&self, func: &Function, addr: Value) -> Option<i64> {
        step(func, &self.0, addr, 0)
    }
}

/// What a value hangs on: the block's column and row.
const X: u8 = 1;
const Y: u8 = 2;

fn dependences(func: &Function, cfg: &Cfg) -> Vec<u8> {
    let mut out = vec![0u8; func.values.len()];
    let mut changed = true;
    while changed {
        changed = false;
        let mut add = |out: &mut Vec<u8>, v: Value, bits: u8| {
            changed |= out[v.index()] | bits != out[v.index()];
            out[v.index()] |= bits;
        };
        for &block in &cfg.rpo {
            for &inst in &func.block(block).insts {
                let data = func.inst(inst);
                let bits = match data.inst {
                    Inst::Sreg(Sreg::CtaidX) => X,
                    Inst::Sreg(Sreg::CtaidY) => Y,
                    // What was read from memory may be anything.
                    Inst::Load { space: Space::Param | Space::Const, .. } => 0,
                    Inst::Pure { .. } | Inst::ToGeneric(_) | Inst::FromGeneric(_) => {
                        data.args.iter().fold(0, |bits, a| bits | out[a.index()])
                    }
                    Inst::Const { .. } | Inst::Sreg(_) | Inst::GlobalAddr { .. } => 0,
                    _ => X | Y,
                };
                data.results.iter().for_each(|&r| add(&mut out, r, bits));
            }
            for call in func.block(block).term.successors() {
                for (&param, &arg) in func.block(call.block).params.iter().zip(&call.args) {
                    let bits = out[arg.index()];
                    add(&mut out, param, bits);
                }
            }
        }
    }
    out
}

/// Bytes from one column's to the next one's address, if that is a constant.
fn step(func: &Function, depends: &[u8], value: Value, depth: u32) -> Option<i64> {
    if depends[value.index()] & X == 0 {
        return Some(0);
    }
    if depth > 16 {
        return None;
    }
    let of = |v: Value| step(func, depends, v, depth + 1);
    let constant =
        |v: Value| func.as_const(v).map(|c| if func.ty(v) == Type::I32 { c as i32 as i64 } else { c as i64 });
    let ValueDef::Result(..) = func.def(value) else {
        // What a loop starts with.
        return entry(func, value).and_then(of);
    };
    let data = func.def_inst(value)?;
    match (data.inst, data.args.as_slice()) {
        (Inst::Sreg(Sreg::CtaidX), _) => Some(1),
        (Inst::ToGeneric(_) | Inst::FromGeneric(_), &[a]) => of(a),
        (Inst::Pure { op, .. }, args) => match (op, args) {
            (Op::IAdd, &[a, b]) => Some(of(a)?.wrapping_add(of(b)?)),
            (Op::ISub, &[a, b]) => Some(of(a)?.wrapping_sub(of(b)?)),
            (Op::IMul, &[a, b]) => match (constant(a), constant(b)) {
                (_, Some(c)) => Some(of(a)?.wrapping_mul(c)),
                (Some(c), None) => Some(of(b)?.wrapping_mul(c)),
                (None, None) => None,
            },
            (Op::Shl, &[a, b]) => constant(b).filter(|c| (0..32).contains(c)).and_then(|c| Some(of(a)? << c)),
            // Bits that are zero below a shifted number.
            (Op::Or, &[a, b]) => Some(of(a)?.wrapping_add(of(b)?)),
            (Op::ZExt(_) | Op::SExt(_), &[a]) => of(a),
            // Coordinates that are clamped, wrapped or chosen: as far as they go.
            (Op::MinS | Op::MinU | Op::MaxS | Op::MaxU, &[a, b]) => either(of(a)?, of(b)?),
            (Op::RemS | Op::RemU, &[a, b]) if of(b)? == 0 => of(a),
            (Op::Select, &[_, a, b]) => either(of(a)?, of(b)?),
            _ => None,
        },
        _ => None,
    }
}

/// The one step of two numbers of which one may stay.
fn either(a: i64, b: i64) -> Option<i64> {
    (a == b || a == 0 || b == 0).then_some(a | b)
}

/// The argument of a block parameter that comes from elsewhere than itself plus something.
fn entry(func: &Function, param: Value) -> Option<Value> {
    let ValueDef::Param(block, k) = func.def(param) else { return None };
    func.block_ids()
        .flat_map(|b| func.block(b).term.successors())
        .filter(|call| call.block == block)
        .map(|call| call.args[k as usize])
        .find(|&arg| match func.def_inst(arg) {
            Some(data) => !data.args.contains(&param),
            None => arg != param,
        })
}

/// The way through a grid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Walk {
    /// Columns and rows of the grid, and columns of a panel.
    grid: [u32; 2],
    wide: u32,
    /// The panel's columns.
    left: u32,
    right: u32,
}

impl Walk {
    /// The way, and the place of number `index` in it.
    pub fn at(grid: [u32; 3], panel: u32, index: u64) -> (Walk, [u32; 3]) {
        let [gx, gy, _] = grid.map(u64::from);
        let wide = if panel == 0 { gx } else { gx.min(panel.into()) };
        let (plane, rest) = (index / (gx * gy), index % (gx * gy));
        let left = rest / (wide * gy) * wide;
        let right = (left + wide).min(gx);
        let inside = rest - left * gy;
        let place = [left + inside % (right - left), inside / (right - left), plane].map(|n| n as u32);
        (Walk { grid: [grid[0], grid[1]], wide: wide as u32, left: left as u32, right: right as u32 }, place)
    }

    /// The number of a block in rows.
    pub fn number(&self, place: [u32; 3]) -> u64 {
        let [x, y, z] = place.map(u64::from);
        let [gx, gy] = self.grid.map(u64::from);
        x + gx * (y + gy * z)
    }

    /// Columns from one on up to the end of the row, or of the panel.
    pub fn columns_from(&self, x: u32) -> u32 {
        self.right - x
    }

    /// Goes on behind so many blocks of the row.
    pub fn skip(&mut self, place: &mut [u32; 3], count: u32) {
        place[0] += count - 1;
        self.step(place);
    }

    /// Goes on to the next block.
    #[inline]
    pub fn step(&mut self, [x, y, z]: &mut [u32; 3]) {
        *x += 1;
        if *x < self.right {
            return;
        }
        *y += 1;
        if *y == self.grid[1] {
            *y = 0;
            let last = self.right == self.grid[0];
            *z += u32::from(last);
            self.left = if last { 0 } else { self.right };
            self.right = (self.left + self.wide).min(self.grid[0]);
        }
        *x = self.left;
    }
}

#[cfg(test)]
mod tests {
    use super::Walk;
    use std::collections::BTreeSet;

    /// The blocks in the order in which single steps reach them, checked against the place of each number.
    fn walk(grid: [u32; 3], panel: u32) -> Vec<[u32; 3]> {
        let count = grid.iter().map(|&n| u64::from(n)).product::<u64>();
        let (mut way, mut place) = Walk::at(grid, panel, 0);
        (0..count)
            .map(|index| {
                assert_eq!((way, place), Walk::at(grid, panel, index), "{grid:?} {panel} {index}");
                let here = place;
                way.step(&mut place);
                here
            })
            .collect()
    }

    #[test]
    fn every_block_has_one_place() {
        for grid in [[1, 1, 1], [7, 1, 1], [1, 5, 2], [7, 5, 3], [8, 4, 2], [4, 9, 1]] {
            for panel in [0, 1, 2, 3, 4, 8, 100] {
                let places: BTreeSet<[u32; 3]> = walk(grid, panel).into_iter().collect();
                assert_eq!(places.len() as u32, grid.iter().product::<u32>(), "{grid:?} {panel}");
                assert!(places.iter().all(|p| p.iter().zip(grid).all(|(&p, n)| p < n)));
            }
        }
    }

    #[test]
    fn panels_run_from_top_to_bottom() {
        let order = walk([5, 2, 1], 2);
        let columns: Vec<u32> = order.iter().map(|p| p[0]).collect();
        assert_eq!(columns, [0, 1, 0, 1, 2, 3, 2, 3, 4, 4]);
    }
}
