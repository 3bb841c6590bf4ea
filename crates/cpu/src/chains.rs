//! Order of straight code that adds many products: sums that do not all fit in the registers are added to a few at a time, each
//! group as far as it goes, and what several groups read lies in memory meanwhile. In the order of the program every
//! multiply-add would read its sum from memory and write it back.
//!
//! Invariant: only instructions without effects change places, and none passes a store, a barrier or anything else that
//! others may see. So results are the same bits.

use analysis::{Cfg, GangLayout, Shape, Uniformity};
use ir::{Function, Inst, InstId, MemOrder, Op, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// What LLVM has to leave as it is written: the sums that must be in registers before an instruction.
pub type Fences = BTreeMap<InstId, Vec<Value>>;

/// Reorders the blocks that need it. `registers`: vector registers and the bytes of each. LLVM's scheduler would choose an order of
/// its own.
pub fn run(
    func: &mut Function,
    cfg: &Cfg,
    uni: &Uniformity,
    layout: &GangLayout,
    registers: (u32, u32),
) -> Fences {
    let mut fences = Fences::new();
    for &block in &cfg.rpo {
        let insts = &func.block(block).insts;
        let mut out: Vec<InstId> = Vec::with_capacity(insts.len());
        let mut here = false;
        for part in insts.split_inclusive(|&i| !moves(func, i)) {
            let (last, free) = match part.split_last() {
                Some((last, free)) if !moves(func, *last) => (Some(*last), free),
                _ => (None, part),
            };
            match reorder(func, uni, layout, registers, free, &mut fences) {
                Some(order) => {
                    out.extend(order);
                    here = true;
                }
                None => out.extend(free),
            }
            out.extend(last);
        }
        if here {
            func.block_mut(block).insts = out;
        }
    }
    fences
}

/// Whether an instruction may stand anywhere between two that do not.
fn moves(func: &Function, inst: InstId) -> bool {
    match func.inst(inst).inst {
        Inst::Load { sem, .. } => sem.order == MemOrder::Weak,
        inst => inst.is_pure(),
    }
}

/// The order of a run of instructions, if its sums do not fit as they are.
fn reorder(
    func: &Function,
    uni: &Uniformity,
    layout: &GangLayout,
    (count, bytes): (u32, u32),
    run: &[InstId],
    fences: &mut Fences,
) -> Option<Vec<InstId>> {
    let chains = chains(func, uni, run);
    let width = |chain: &[InstId]| {
        let ty = func.ty(func.inst(chain[0]).results[0]);
        layout.chunks * (layout.lanes * ty.bytes()).div_ceil(bytes)
    };
    let all: u32 = chains.iter().map(|c| width(c)).sum();
    // A quarter is for factors.
    if all <= count - count / 4 {
        return None;
    }
    let mut order = Order { func, place: run.iter().copied().collect(), out: Vec::with_capacity(run.len()) };
    let mut rest = chains.as_slice();
    let mut sums: Vec<Value> = Vec::new();
    while !rest.is_empty() {
        let mut filled = 0;
        let fits = |c: &&Vec<InstId>| {
            filled += width(c);
            filled <= count / 2
        };
        let (group, others) = rest.split_at(rest.iter().take_while(fits).count().max(1));
        for step in 0..group.iter().map(Vec::len).max().unwrap_or(0) {
            let first = order.out.len();
            group.iter().filter_map(|c| c.get(step)).for_each(|&i| order.put(i));
            fences.extend(order.out.get(first).map(|&i| (i, sums)));
            sums = group.iter().filter_map(|c| c.get(step)).map(|&i| func.inst(i).results[0]).collect();
        }
        rest = others;
    }
    let first = order.out.len();
    run.iter().for_each(|&i| order.put(i));
    fences.extend(order.out.get(first).map(|&i| (i, sums)));
    Some(order.out)
}

/// Multiply-adds that add to the same varying sum one after the other, at least two.
fn chains(func: &Function, uni: &Uniformity, run: &[InstId]) -> Vec<Vec<InstId>> {
    let mut uses: FxHashMap<Value, u32> = FxHashMap::default();
    run.iter().flat_map(|&i| &func.inst(i).args).for_each(|&a| *uses.entry(a).or_default() += 1);
    // By the sum so far: the chain that it ends.
    let mut ends: FxHashMap<Value, usize> = FxHashMap::default();
    let mut chains: Vec<Vec<InstId>> = Vec::new();
    for &inst in run {
        let data = func.inst(inst);
        if !matches!(data.inst, Inst::Pure { op: Op::FFma(_), .. })
            || uni.shape(data.results[0]) != Shape::Varying
        {
            continue;
        }
        let chain = ends.remove(&data.args[2]).filter(|_| uses[&data.args[2]] == 1);
        let chain = chain.unwrap_or_else(|| {
            chains.push(Vec::new());
            chains.len() - 1
        });
        chains[chain].push(inst);
        ends.insert(data.results[0], chain);
    }
    chains.retain(|c| c.len() >= 2);
    chains
}

/// Instructions in their new order, each behind what it needs.
struct Order<'a> {
    func: &'a Function,
    /// Those that have no place yet.
    place: FxHashSet<InstId>,
    out: Vec<InstId>,
}

impl Order<'_> {
    fn put(&mut self, inst: InstId) {
        let mut stack = vec![(inst, false)];
        while let Some((inst, ready)) = stack.pop() {
            if ready {
                if self.place.remove(&inst) {
                    self.out.push(inst);
                }
                continue;
            }
            if !self.place.contains(&inst) {
                continue;
            }
            stack.push((inst, true));
            for &arg in self.func.inst(inst).args.iter().rev() {
                if let ir::ValueDef::Result(def, _) = self.func.def(arg) {
                    stack.push((def, false));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::{cfg, uniformity};
    use ir::{Builder, FpMode, Rounding, Space, Sreg, Type};

    /// Adds `steps` products to each of `count` sums, step by step.
    fn sums(count: usize, steps: usize) -> Function {
        let mut func = Function::new("f", Default::default());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let tid = b.sreg(Sreg::TidX);
        let address = b.zext_or_trunc(Type::I64, tid);
        let four = b.i64(4);
        let address = b.op(Op::IMul, Type::I64, &[address, four]);
        let first = b.load(Space::Global, Type::F32, address);
        let mut sums = vec![first; count];
        for step in 0..steps {
            let by = b.i64(4096 * step as i64);
            let at = b.iadd(address, by);
            let factor = b.load(Space::Global, Type::F32, at);
            let fma = Op::FFma(FpMode { rounding: Rounding::Nearest, ftz: false });
            sums.iter_mut().for_each(|s| *s = b.op(fma, Type::F32, &[factor, factor, *s]));
        }
        sums.iter().for_each(|&s| b.store(Space::Global, address, s));
        b.ret(&[]);
        func
    }

    #[test]
    fn sums_that_do_not_fit_are_added_in_groups() {
        let check = |count: usize, group: Option<usize>| {
            let mut func = sums(count, 3);
            let graph = cfg::compute(&func);
            let layout = GangLayout { lanes: 16, chunks: 1, block: [64, 1, 1], local_bytes: 0 };
            let uni = uniformity(&func, &graph, &layout);
            let mut before = func.block(Function::ENTRY).insts.clone();
            let fences = run(&mut func, &graph, &uni, &layout, (32, 64));
            ir::verify(&func, None).unwrap();
            let mut after = func.block(Function::ENTRY).insts.clone();
            assert_eq!(before == after, group.is_none(), "{count}");
            before.sort_unstable();
            after.sort_unstable();
            assert_eq!(before, after);
            assert!(fences.values().all(|sums| sums.is_empty() || Some(sums.len()) == group));
        };
        check(24, None);
        check(32, Some(16));
        check(64, Some(16));
    }
}
