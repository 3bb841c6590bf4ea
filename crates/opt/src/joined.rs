//! Several blocks of a row of the grid as one: threads that ask only where in the grid they are, `blockIdx.x * 16 + threadIdx.x`,
//! cannot tell which block they belong to. Blocks of 4 or 16 threads in a row then become rows of 64, which lie side by side in
//! memory.
//!
//! Invariant: with `%tid.x` counted through all blocks that are joined and `%ctaid.x` that of the first one, each value that
//! anything but sums is made of is what it was. Threads of blocks from `%nctaid.x` on end at once: whoever runs the code says
//! there which block is the last of these, so that any range of blocks can be run, and nothing else may ask for it.

use ir::{BlockCall, Function, Inst, MemOrder, Op, Space, SrcLoc, Sreg, Terminator, Type, Value};
use rustc_hash::FxHashMap;

/// Threads of a row that are enough: gangs are parts of one row then, which is a multiple of it.
const ROW: u32 = 64;
/// Lanes that a row is made of where no few blocks make such a multiple.
const LANES: u32 = 16;
/// Most threads of a row.
const MOST: u32 = 512;

/// How many blocks of this shape become one; `None`: their rows are long enough, or hardly rows at all. In images rows of
/// a vector each are long enough: more of longer ones reach over the edge. In volumes neighbours are far apart.
pub fn factor(func: &Function, block: [u32; 3]) -> Option<u32> {
    let x = block[0];
    let is_z = |i: &ir::InstData| matches!(i.inst, Inst::Sreg(Sreg::CtaidZ | Sreg::TidZ));
    let volume = func.blocks.iter().flat_map(|b| &b.insts).any(|&i| is_z(func.inst(i)));
    if x >= ROW || x >= LANES && !volume {
        return None;
    }
    let of = |unit: u32| (2..=MOST / x).find(|m| x * m >= ROW && (x * m).is_multiple_of(unit));
    of(ROW).or_else(|| of(LANES))
}

/// Joins so many blocks of this shape, if no thread can tell; whether it does.
pub fn run(func: &mut Function, block: [u32; 3], blocks: u32) -> crate::Changed {
    let cfg = analysis::cfg::compute(func);
    let starts_once = cfg.preds[Function::ENTRY.index()].is_empty();
    if blocks < 2 || !starts_once || !cannot_tell(func, &cfg, block[0]) {
        return crate::Changed::No;
    }
    guard(func, block[0]);
    crate::Changed::Yes
}

/// What a number is beside what does not depend on how a row is divided into blocks: a multiple of `%ctaid.x`, and one of `%tid.x`.
type Split = (u32, u32);

fn cannot_tell(func: &Function, cfg: &analysis::Cfg, x: u32) -> bool {
    let mut splits: FxHashMap<Value, Split> = FxHashMap::default();
    // Together, as `%ctaid.x * x + %tid.x`, they say where a thread is.
    let rest = |(c, t): Split| if c == t.wrapping_mul(x) { (0, 0) } else { (c, t) };
    for &b in &cfg.rpo {
        for &inst in &func.block(b).insts {
            let data = func.inst(inst);
            let of = |k: usize| splits.get(&data.args[k]).copied().unwrap_or((0, 0));
            let constant = |k: usize| func.as_const(data.args[k]).map(|c| c as u32);
            let scaled = |(c, t): Split, by: u32| (c.wrapping_mul(by), t.wrapping_mul(by));
            let plain = (0..data.args.len()).all(|k| of(k) == (0, 0));
            let split = match data.inst {
                Inst::Const { .. } | Inst::GlobalAddr { .. } => (0, 0),
                Inst::Sreg(Sreg::CtaidX) => (1, 0),
                Inst::Sreg(Sreg::TidX) => (0, 1),
                Inst::Sreg(Sreg::TidY | Sreg::TidZ | Sreg::CtaidY | Sreg::CtaidZ) => (0, 0),
                Inst::Sreg(Sreg::NctaidY | Sreg::NctaidZ) => (0, 0),
                Inst::Pure { .. } if plain => (0, 0),
                // Blocks share global memory and constants alone.
                Inst::ToGeneric(from) | Inst::FromGeneric(from) if plain => match from {
                    Space::Global | Space::Const | Space::Param => (0, 0),
                    Space::Generic | Space::Shared | Space::Local => return false,
                },
                Inst::Pure { op, ty: Type::I32 } => match op {
                    Op::IAdd => (of(0).0.wrapping_add(of(1).0), of(0).1.wrapping_add(of(1).1)),
                    Op::ISub => (of(0).0.wrapping_sub(of(1).0), of(0).1.wrapping_sub(of(1).1)),
                    Op::IMul => match (constant(0), constant(1)) {
                        (_, Some(by)) => scaled(of(0), by),
                        (Some(by), None) => scaled(of(1), by),
                        (None, None) => return false,
                    },
                    Op::Shl => match constant(1).filter(|by| *by < 32) {
                        Some(by) => scaled(of(0), 1 << by),
                        None => return false,
                    },
                    _ => return false,
                },
                Inst::Load { space, sem, .. } | Inst::Store { space, sem, .. } => {
                    let own = matches!(space, Space::Global | Space::Generic | Space::Param | Space::Const);
                    if !own || !plain || sem.order != MemOrder::Weak {
                        return false;
                    }
                    (0, 0)
                }
                _ => return false,
            };
            data.results.iter().for_each(|&r| {
                splits.insert(r, rest(split));
            });
        }
        let term = &func.block(b).term;
        let mut plain = true;
        term.for_each_use(|v| plain &= splits.get(&v).is_none_or(|s| *s == (0, 0)));
        let ends = match term {
            Terminator::Jump(_) | Terminator::Branch { .. } | Terminator::Ret(_) | Terminator::Exit => true,
            Terminator::Switch { .. } | Terminator::Trap | Terminator::Unreachable => false,
        };
        if !plain || !ends {
            return false;
        }
    }
    true
}

/// Ends the threads of blocks from `%nctaid.x` on.
fn guard(func: &mut Function, x: u32) {
    let body = func.add_block();
    let end = func.add_block();
    let loc = func.block(Function::ENTRY).term_loc;
    let entry = func.block_mut(Function::ENTRY);
    let insts = std::mem::take(&mut entry.insts);
    let mut own = Vec::new();
    let mut add = |func: &mut Function, inst: Inst, args: &[Value]| {
        let id = func.add_inst(inst, args, &Function::result_types(&inst), SrcLoc::default());
        own.push(id);
        func.inst(id).results[0]
    };
    let number = |op: Op| Inst::Pure { op, ty: Type::I32 };
    let width = add(func, Inst::Const { ty: Type::I32, bits: x.into() }, &[]);
    let registers = [Sreg::CtaidX, Sreg::TidX, Sreg::NctaidX];
    let [block, thread, blocks] = registers.map(|r| add(func, Inst::Sreg(r), &[]));
    let first = add(func, number(Op::IMul), &[block, width]);
    let at = add(func, number(Op::IAdd), &[first, thread]);
    let all = add(func, number(Op::IMul), &[blocks, width]);
    let cond = add(func, number(Op::ICmp(ir::IntCc::LtS)), &[at, all]);
    let (then, els) = (BlockCall::new(body), BlockCall::new(end));
    let term =
        std::mem::replace(&mut func.block_mut(Function::ENTRY).term, Terminator::Branch { cond, then, els });
    func.block_mut(Function::ENTRY).insts = own;
    let data = func.block_mut(body);
    (data.insts, data.term, data.term_loc) = (insts, term, loc);
    func.block_mut(end).term = Terminator::Ret(Default::default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::Builder;

    const X: i32 = 16;

    /// Whether blocks of a kernel are joined that stores where `with` says.
    fn joins(with: impl Fn(&mut Builder<'_>, Value, Value) -> Value) -> bool {
        let mut func = Function::new("f", Default::default());
        func.kernel = Some(Default::default());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let (cta, tid) = (b.sreg(Sreg::CtaidX), b.sreg(Sreg::TidX));
        let at = with(&mut b, cta, tid);
        let to = b.op(Op::ZExt(Type::I32), Type::I64, &[at]);
        b.store(Space::Global, to, at);
        b.ret(&[]);
        let joined = run(&mut func, [X as u32, 2, 1], 4) == crate::Changed::Yes;
        ir::verify(&func, None).unwrap();
        joined
    }

    #[test]
    fn places_in_the_grid_are_the_same_in_any_block() {
        assert!(joins(|b, cta, tid| {
            let width = b.i32(X);
            let first = b.bin(Op::IMul, cta, width);
            b.iadd(first, tid)
        }));
        // In another order, and with something between.
        assert!(joins(|b, cta, tid| {
            let (four, seven) = (b.i32(4), b.i32(7));
            let far = b.iadd(tid, seven);
            let first = b.bin(Op::Shl, cta, four);
            b.iadd(far, first)
        }));
    }

    #[test]
    fn places_in_a_block_are_not() {
        assert!(!joins(|_, _, tid| tid));
        assert!(!joins(|_, cta, _| cta));
        assert!(!joins(|b, cta, tid| b.iadd(cta, tid)));
        assert!(!joins(|b, cta, tid| {
            let width = b.i32(X);
            let first = b.bin(Op::IMul, cta, width);
            b.bin(Op::Or, first, tid)
        }));
    }

    #[test]
    fn short_rows_become_long_ones() {
        let mut volume = Function::new("f", Default::default());
        let mut b = Builder::new(&mut volume, Function::ENTRY);
        b.sreg(Sreg::CtaidZ);
        b.ret(&[]);
        let expected = [
            (4, Some(16)),
            (8, Some(8)),
            (10, Some(32)),
            (16, Some(4)),
            (31, Some(16)),
            (32, Some(2)),
            (64, None),
        ];
        for (x, blocks) in expected {
            assert_eq!(factor(&volume, [x, 4, 1]), blocks, "{x}");
        }
    }
}
