//! Sweeps: loops in which the blocks of a grid go over memory together, each a block's share further with every turn
//! (`for (i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x)`). One block after the other
//! leaps through memory; several blocks side by side, a turn each, read it in order (see [`crate::abreast`]). Likewise the
//! threads that walk down the columns of a matrix, a row with every turn: a block's part of a row is short.
//!
//! Invariant: what is found here decides when blocks run, never what they compute: any loop would do.

use analysis::natural::{self, NaturalLoop};
use analysis::{Cfg, dom};
use ir::{Block, Function, Inst, Op, Space, Sreg, Type, Value, ValueDef};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Bytes of a block's share that are few enough for its neighbour's to matter, and many enough for a line.
pub const SHARE: std::ops::RangeInclusive<u64> = 64..=(16 << 10);
/// More bytes than any cache holds.
const LOTS: u32 = 16 << 20;
/// Loops of a kernel that are looked at: their numbers are part of what regions return.
const MOST: usize = 16;

/// A loop that blocks may run abreast.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sweep {
    pub head: Block,
    pub blocks: BTreeSet<Block>,
    /// Bytes of memory that a block goes over in a turn.
    pub share: u32,
}

/// Which loops blocks run abreast.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// Those that go over memory together.
    Sweeps,
    /// All that may, for tests.
    Any,
}

/// The outermost loops without barriers whose blocks go over memory together.
pub fn find(func: &Function, cfg: &Cfg, which: Which) -> Vec<Sweep> {
    let mut out: Vec<Sweep> = Vec::new();
    let loops = natural::compute(cfg, &dom::compute(cfg));
    let bodies: Vec<(Block, Vec<Block>)> = loops.iter().map(|l| (l.head, l.blocks.clone())).collect();
    // Blocks of a grid of several rows may share what a column has, which then is in a cache.
    let one_row = !func
        .block_ids()
        .flat_map(|b| &func.block(b).insts)
        .any(|&i| matches!(func.inst(i).inst, Inst::Sreg(Sreg::CtaidY | Sreg::CtaidZ)));
    for NaturalLoop { head, latches, blocks } in loops {
        // Outer loops come first.
        if out.len() == MOST || out.iter().any(|s| s.blocks.contains(&head)) {
            continue;
        }
        let blocks = BTreeSet::from_iter(blocks);
        let stops = |b: &Block| {
            func.block(*b).insts.iter().any(|&i| matches!(func.inst(i).inst, Inst::Barrier { .. }))
        };
        if blocks.iter().any(stops) {
            continue;
        }
        let inside = bodies.iter().any(|(other, body)| *other != head && body.contains(&head));
        let columns = if one_row && !inside { Columns::Count } else { Columns::Not };
        let share = match which {
            Which::Any => LOTS,
            Which::Sweeps => {
                let forms = RefCell::default();
                Loop { func, head, latches: &latches, blocks: &blocks, columns, forms }.share()
            }
        };
        if share > 0 {
            out.push(Sweep { head, blocks, share });
        }
    }
    out
}

/// How a number differs from block to block and from turn to turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Form {
    /// For each step of `%ctaid.x`.
    cta: i64,
    /// For each turn, in units of the grid's number of blocks.
    turn: i64,
    /// For each turn, beside that.
    step: Step,
}

/// A number that is added with each turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    By(i64),
    /// The same for all blocks and turns, but known only to the run.
    Unknown,
}

impl Step {
    fn plus(self, other: Step) -> Step {
        match (self, other) {
            (Step::By(a), Step::By(b)) => Step::By(a.wrapping_add(b)),
            (Step::Unknown, _) | (_, Step::Unknown) => Step::Unknown,
        }
    }

    fn times(self, by: i64) -> Step {
        match self {
            Step::By(a) => Step::By(a.wrapping_mul(by)),
            Step::Unknown => Step::Unknown,
        }
    }
}

impl Form {
    /// What moves with the turns alone, by whatever.
    fn only_steps(self) -> bool {
        self.cta == 0 && self.turn == 0 && self != SAME
    }
}

const SAME: Form = Form { cta: 0, turn: 0, step: Step::By(0) };
/// Bytes of a row that a block reads, below which turns cost more than rows read in order save.
const PIECE: u64 = 256;
/// Bytes of a step that leads out of what the processor fetches by itself.
const LEAP: u64 = 4096;

/// Whether walks down the columns of a matrix count as sweeps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Columns {
    Count,
    Not,
}

struct Loop<'a> {
    func: &'a Function,
    head: Block,
    latches: &'a [Block],
    blocks: &'a BTreeSet<Block>,
    columns: Columns,
    forms: RefCell<FxHashMap<Value, Option<Form>>>,
}

/// Operations that a form is looked for through.
const DEPTH: u32 = 24;
/// Those that a step is looked for through.
const FEW: u32 = 8;

impl Loop<'_> {
    /// Bytes of memory that a block goes over in a turn; 0 if it does not share them out with others.
    fn share(&self) -> u32 {
        let mut bases: BTreeSet<(Value, i64)> = BTreeSet::new();
        for &b in self.blocks {
            for &inst in &self.func.block(b).insts {
                let data = self.func.inst(inst);
                let space = match data.inst {
                    Inst::Load { space, .. } | Inst::Store { space, .. } => space,
                    // What works on memory of its own wants that in the nearest cache, and does not wait for the rest.
                    Inst::Atomic { .. } => return 0,
                    _ => continue,
                };
                match space {
                    Space::Global | Space::Generic => {}
                    Space::Shared | Space::Local => return 0,
                    Space::Const | Space::Param => continue,
                }
                let Some(form) = self.form(data.args[0], DEPTH) else { continue };
                let share = form.cta.unsigned_abs();
                let leaps = match form.step {
                    Step::By(bytes) => bytes.unsigned_abs() >= LEAP.max(share),
                    Step::Unknown => true,
                };
                let down = self.columns == Columns::Count && form.turn == 0 && leaps && share >= PIECE;
                let along =
                    form.turn != 0 && form.step == Step::By(0) && form.cta != 0 && form.turn % form.cta == 0;
                if SHARE.contains(&share) && (along || down) {
                    bases.insert((self.root(data.args[0]), form.cta));
                }
            }
        }
        let bytes: u64 = bases.iter().map(|(_, cta)| cta.unsigned_abs()).sum();
        bytes.min(LOTS.into()) as u32
    }

    /// What an address is an offset to, so that accesses of one array count once: the first operand that is the same in
    /// all blocks.
    fn root(&self, mut value: Value) -> Value {
        for _ in 0..DEPTH {
            let Some(data) = self.func.def_inst(value) else { break };
            let next = match data.inst {
                Inst::ToGeneric(_) | Inst::FromGeneric(_) => data.args.first(),
                Inst::Pure { op: Op::IAdd, .. } => {
                    let plain = |v: &&Value| self.form(**v, DEPTH) == Some(SAME);
                    let varies = |v: &&Value| self.form(**v, DEPTH).is_some_and(|f| f != SAME);
                    let is_pointer = |v: &&Value| self.func.as_const(**v).is_none();
                    data.args.iter().find(|v| plain(v) && is_pointer(v)).or(data.args.iter().find(varies))
                }
                _ => None,
            };
            match next {
                Some(&v) => value = v,
                None => break,
            }
        }
        value
    }

    fn form(&self, value: Value, depth: u32) -> Option<Form> {
        if let Some(&known) = self.forms.borrow().get(&value) {
            return known;
        }
        // Nothing is known of what hangs on itself.
        self.forms.borrow_mut().insert(value, None);
        let form = self.form_of(value, depth);
        self.forms.borrow_mut().insert(value, form);
        form
    }

    fn form_of(&self, value: Value, depth: u32) -> Option<Form> {
        let depth = depth.checked_sub(1)?;
        if self.func.as_const(value).is_some() {
            return Some(SAME);
        }
        let ValueDef::Result(..) = self.func.def(value) else { return self.param(value, depth) };
        let data = self.func.def_inst(value)?;
        let of = |v: Value| self.form(v, depth);
        let scaled = |v: Value, by: i64| {
            of(v).map(|f| Form {
                cta: f.cta.wrapping_mul(by),
                turn: f.turn.wrapping_mul(by),
                step: f.step.times(by),
            })
        };
        match (data.inst, data.args.as_slice()) {
            (Inst::Sreg(Sreg::CtaidX), _) => Some(Form { cta: 1, ..SAME }),
            (Inst::Sreg(Sreg::CtaidY | Sreg::CtaidZ), _) => Some(SAME),
            (Inst::Sreg(_) | Inst::GlobalAddr { .. }, _) => Some(SAME),
            (Inst::Load { space: Space::Param | Space::Const, .. }, &[a]) => of(a).filter(|f| *f == SAME),
            (Inst::ToGeneric(_) | Inst::FromGeneric(_), &[a]) => of(a),
            (Inst::Pure { op, .. }, args) => match (op, args) {
                // Bits that are zero below a shifted number.
                (Op::IAdd | Op::Or, &[a, b]) => {
                    let (a, b) = (of(a)?, of(b)?);
                    Some(Form {
                        cta: a.cta.wrapping_add(b.cta),
                        turn: a.turn.wrapping_add(b.turn),
                        step: a.step.plus(b.step),
                    })
                }
                (Op::ISub, &[a, b]) => {
                    let (a, b) = (of(a)?, of(b)?);
                    Some(Form {
                        cta: a.cta.wrapping_sub(b.cta),
                        turn: a.turn.wrapping_sub(b.turn),
                        step: a.step.plus(b.step.times(-1)),
                    })
                }
                (Op::IMul, &[a, b]) => match (self.constant(a), self.constant(b)) {
                    (_, Some(c)) => scaled(a, c),
                    (Some(c), None) => scaled(b, c),
                    // `gridDim.x * blockDim.x`, and other products of what does not change.
                    (None, None) => match (of(a)?, of(b)?) {
                        (SAME, SAME) => Some(SAME),
                        (f, SAME) if f.only_steps() && self.is_given(b, FEW) => {
                            Some(Form { step: Step::Unknown, ..SAME })
                        }
                        (SAME, f) if f.only_steps() && self.is_given(a, FEW) => {
                            Some(Form { step: Step::Unknown, ..SAME })
                        }
                        _ => None,
                    },
                },
                (Op::Shl, &[a, b]) => match self.constant(b).filter(|c| (0..32).contains(c)) {
                    Some(c) => scaled(a, 1 << c),
                    None => (of(a)? == SAME && of(b)? == SAME).then_some(SAME),
                },
                (Op::ZExt(_) | Op::SExt(_) | Op::Trunc(_), &[a]) => of(a),
                _ => args.iter().all(|&a| of(a) == Some(SAME)).then_some(SAME),
            },
            _ => None,
        }
    }

    fn param(&self, value: Value, depth: u32) -> Option<Form> {
        let ValueDef::Param(block, k) = self.func.def(value) else { return None };
        if block != self.head {
            // What another loop starts with; inside this one, nobody knows.
            if self.blocks.contains(&block) {
                return None;
            }
            let arg = self.args(block, k).find(|(_, v)| *v != value && !self.grows(*v, value))?.1;
            return self.form(arg, depth);
        }
        let entry = self.args(block, k).find(|(from, _)| !self.latches.contains(from))?.1;
        let mut turn = None;
        for (_, arg) in self.args(block, k).filter(|(from, _)| self.latches.contains(from)) {
            let by = match self.delta(arg, value, FEW) {
                Some(by) => (by, Step::By(0)),
                None => (0, self.step(arg, value, FEW)?),
            };
            if turn.is_some_and(|t| t != by) {
                return None;
            }
            turn = Some(by);
        }
        let (turn, step) = turn?;
        Some(Form { cta: self.form(entry, depth)?.cta, turn, step })
    }

    /// How much more than `param` a value is, if that is the same for all.
    fn step(&self, value: Value, param: Value, depth: u32) -> Option<Step> {
        if value == param {
            return Some(Step::By(0));
        }
        let depth = depth.checked_sub(1)?;
        let data = self.func.def_inst(value)?;
        if !matches!(data.inst, Inst::Pure { op: Op::IAdd, .. }) {
            return None;
        }
        let sum = |rest: Value, by: Value| {
            let by = match self.constant(by) {
                Some(by) => Step::By(by),
                None => self.is_given(by, FEW).then_some(Step::Unknown)?,
            };
            Some(self.step(rest, param, depth)?.plus(by))
        };
        sum(data.args[0], data.args[1]).or_else(|| sum(data.args[1], data.args[0]))
    }

    /// Arguments for a parameter, with the blocks that they come from.
    fn args(&self, block: Block, k: u32) -> impl Iterator<Item = (Block, Value)> {
        let calls = self.func.block_ids().flat_map(move |b| {
            let calls = self.func.block(b).term.successors().filter(move |c| c.block == block);
            calls.map(move |c| (b, c.args[k as usize])).collect::<Vec<_>>()
        });
        calls.collect::<Vec<_>>().into_iter()
    }

    fn grows(&self, value: Value, param: Value) -> bool {
        self.func.def_inst(value).is_some_and(|d| d.args.contains(&param))
    }

    /// Whether a number follows from the kernel's parameters alone.
    fn is_given(&self, value: Value, depth: u32) -> bool {
        let Some(data) = self.func.def_inst(value) else { return false };
        match data.inst {
            Inst::Const { .. } | Inst::Load { space: Space::Param | Space::Const, .. } => true,
            Inst::Pure { .. } => depth > 0 && data.args.iter().all(|&a| self.is_given(a, depth - 1)),
            _ => false,
        }
    }

    /// How much more than `param` a value is, in units of the grid's number of blocks.
    fn delta(&self, value: Value, param: Value, depth: u32) -> Option<i64> {
        if value == param {
            return Some(0);
        }
        let depth = depth.checked_sub(1)?;
        let data = self.func.def_inst(value)?;
        if !matches!(data.inst, Inst::Pure { op: Op::IAdd, .. }) {
            return None;
        }
        let (a, b) = (data.args[0], data.args[1]);
        let sum = |rest: Value, step: Value| {
            Some(self.delta(rest, param, depth)?.wrapping_add(self.grids(step, depth)?))
        };
        sum(a, b).or_else(|| sum(b, a))
    }

    /// A number as a multiple of the grid's number of blocks.
    fn grids(&self, value: Value, depth: u32) -> Option<i64> {
        let depth = depth.checked_sub(1)?;
        if let Some(0) = self.constant(value) {
            return Some(0);
        }
        let data = self.func.def_inst(value)?;
        let of = |v: Value| self.grids(v, depth);
        match (data.inst, data.args.as_slice()) {
            (Inst::Sreg(Sreg::NctaidX), _) => Some(1),
            (Inst::Pure { op: Op::IMul, .. }, &[a, b]) => match (self.constant(a), self.constant(b)) {
                (_, Some(c)) => Some(of(a)?.wrapping_mul(c)),
                (Some(c), None) => Some(of(b)?.wrapping_mul(c)),
                (None, None) if self.is_extent(b) => of(a),
                (None, None) if self.is_extent(a) => of(b),
                (None, None) => None,
            },
            (Inst::Pure { op: Op::Shl, .. }, &[a, b]) => {
                let by = self.constant(b).filter(|c| (0..32).contains(c))?;
                Some(of(a)? << by)
            }
            (Inst::Pure { op: Op::IAdd, .. }, &[a, b]) => Some(of(a)?.wrapping_add(of(b)?)),
            (Inst::Pure { op: Op::ZExt(_) | Op::SExt(_) | Op::Trunc(_), .. }, &[a]) => of(a),
            _ => None,
        }
    }

    /// Whether a number is the grid's extent in another direction.
    fn is_extent(&self, value: Value) -> bool {
        let Some(data) = self.func.def_inst(value) else { return false };
        match data.inst {
            Inst::Sreg(Sreg::NctaidY | Sreg::NctaidZ) => true,
            Inst::Pure { op: Op::ZExt(_) | Op::SExt(_) | Op::IMul, .. } => {
                data.args.iter().all(|&a| self.is_extent(a))
            }
            _ => false,
        }
    }

    fn constant(&self, value: Value) -> Option<i64> {
        let bits = self.func.as_const(value)?;
        Some(if self.func.ty(value) == Type::I32 { bits as i32 as i64 } else { bits as i64 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::{BlockCall, Builder, IntCc};

    /// The bytes of a turn of `for (i = ctaid * start + tid; i < 1 << 20; i += step) load(i * 4)`.
    fn share(start: u64, step: fn(&mut Builder<'_>) -> Value) -> u32 {
        let mut func = Function::new("f", Default::default());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let (cta, tid) = (b.sreg(Sreg::CtaidX), b.sreg(Sreg::TidX));
        let start = b.iconst(Type::I32, start);
        let first = b.op(Op::IMul, Type::I32, &[cta, start]);
        let first = b.iadd(first, tid);
        let step = step(&mut b);
        let (body, end) = (b.new_block(), b.new_block());
        let i = b.func.add_block_param(body, Type::I32);
        b.jump(body, &[first]);
        b.switch_to(body);
        let wide = b.sext_or_trunc(Type::I64, i);
        let four = b.i64(4);
        let offset = b.op(Op::IMul, Type::I64, &[wide, four]);
        let base = b.i64(0x1000);
        let address = b.iadd(base, offset);
        b.load(Space::Global, Type::F32, address);
        let next = b.iadd(i, step);
        let limit = b.i32(1 << 20);
        let more = b.icmp(IntCc::LtS, next, limit);
        b.branch(more, BlockCall { block: body, args: vec![next].into() }, BlockCall::new(end));
        b.switch_to(end);
        b.ret(&[]);
        let found = find(&func, &analysis::cfg::compute(&func), Which::Sweeps);
        found.first().map_or(0, |s| s.share)
    }

    fn grid_times(b: &mut Builder<'_>, by: u64) -> Value {
        let (grid, by) = (b.sreg(Sreg::NctaidX), b.iconst(Type::I32, by));
        b.op(Op::IMul, Type::I32, &[grid, by])
    }

    #[test]
    fn loops_with_the_grids_stride_are_found() {
        assert_eq!(share(256, |b| grid_times(b, 256)), 1024);
        // Two elements a thread, one beside the block's others.
        assert_eq!(share(512, |b| grid_times(b, 512)), 2048);
        let planes = |b: &mut Builder<'_>| {
            let (row, rows) = (grid_times(b, 256), b.sreg(Sreg::NctaidY));
            b.op(Op::IMul, Type::I32, &[row, rows])
        };
        assert_eq!(share(256, planes), 1024);
        let four = |b: &mut Builder<'_>| {
            let (twice, again) = (grid_times(b, 512), grid_times(b, 512));
            b.iadd(twice, again)
        };
        assert_eq!(share(256, four), 1024);
    }

    #[test]
    fn walks_down_columns_are_found() {
        // A row with every turn, of a matrix whose width the kernel does not say, or does.
        let rows = |b: &mut Builder<'_>| {
            let zero = b.i64(0);
            b.load(Space::Param, Type::I32, zero)
        };
        assert_eq!(share(256, rows), 1024);
        assert_eq!(share(256, |b| b.i32(4096)), 1024);
        // What is next to it is there already.
        assert_eq!(share(256, |b| b.i32(16)), 0);
    }

    #[test]
    fn others_are_not() {
        // Each block has its own part.
        assert_eq!(share(1 << 16, |b| b.i32(256)), 0);
        // Blocks that are not side by side.
        assert_eq!(share(1 << 16, |b| grid_times(b, 1 << 16)), 0);
        assert_eq!(share(256, |b| b.sreg(Sreg::TidY)), 0);
        // All blocks read the same.
        assert_eq!(share(0, |b| grid_times(b, 256)), 0);
    }
}
