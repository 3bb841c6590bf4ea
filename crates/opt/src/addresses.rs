//! Computes irregular addresses where they are used: an index of 32 bits, widened and scaled, plus what threads share.
//!
//! An address that waits for its use in another block is 64 bits for each thread; its index is half of that, and
//! machines add the rest in the access itself. Only arithmetic is repeated: nothing is read again.

use crate::irregular::{self, Irregular};
use crate::{Changed, dce};
use ir::{Block, Function, Inst, InstId, Op, Space, Type, Value};
use rustc_hash::FxHashMap;

/// Most instructions that an address is made of.
const LIMIT: usize = 12;

pub fn run(func: &mut Function) -> Changed {
    let graph = analysis::cfg::compute(func);
    let irregular = irregular::compute(func, &graph);
    let defs = analysis::liveness::def_blocks(func);
    let mut changed = Changed::No;
    for &block in &graph.rpo {
        let old = std::mem::take(&mut func.block_mut(block).insts);
        let mut copy = Copy { func, irregular: &irregular, copies: FxHashMap::default(), insts: Vec::new() };
        for inst in old {
            if let Some(addr) = copy.address(inst)
                && copy.is_worth_it(addr, block, &defs)
            {
                let here = copy.repeat(addr);
                copy.func.inst_mut(inst).args[0] = here;
                changed = Changed::Yes;
            }
            copy.insts.push(inst);
        }
        let insts = copy.insts;
        func.block_mut(block).insts = insts;
    }
    if changed == Changed::Yes {
        dce::run(func);
    }
    changed
}

/// A part of an address that is computed again.
enum Part {
    /// A sum, with the place of its irregular term.
    Sum(usize),
    Scaled,
    /// The widening of an index, which itself is not computed again, unless it is a partner.
    Widened,
    /// A partner in a butterfly: what is behind it is regular, and emission wants to see both together.
    Partner,
}

struct Copy<'a> {
    func: &'a mut Function,
    irregular: &'a Irregular,
    /// What has been computed again in this block.
    copies: FxHashMap<Value, Value>,
    insts: Vec<InstId>,
}

impl Copy<'_> {
    fn address(&self, inst: InstId) -> Option<Value> {
        let data = self.func.inst(inst);
        match data.inst {
            Inst::Load { space, .. } | Inst::Store { space, .. } | Inst::Atomic { space, .. } => {
                let shared = matches!(space, Space::Global | Space::Generic | Space::Shared | Space::Const);
                (shared && self.irregular.is(data.args[0])).then_some(data.args[0])
            }
            _ => None,
        }
    }

    fn part(&self, value: Value) -> Option<Part> {
        let data = self.func.def_inst(value)?;
        let Inst::Pure { op, ty } = data.inst else { return None };
        let regular = data.args.iter().all(|&a| !self.irregular.is(a));
        if op == Op::Xor && matches!(ty, Type::I32 | Type::I64) && self.irregular.is(value) && regular {
            return Some(Part::Partner);
        }
        if ty != Type::I64 {
            return None;
        }
        match op {
            Op::IAdd => match (self.irregular.is(data.args[0]), self.irregular.is(data.args[1])) {
                (true, false) => Some(Part::Sum(0)),
                (false, true) => Some(Part::Sum(1)),
                (true, true) | (false, false) => None,
            },
            Op::IMul | Op::Shl if self.func.as_const(data.args[1]).is_some() => Some(Part::Scaled),
            Op::SExt(Type::I32) | Op::ZExt(Type::I32) => Some(Part::Widened),
            _ => None,
        }
    }

    /// Whether an address ends in the widening of an index, or in a partner, and some of that is computed in another
    /// block.
    fn is_worth_it(&self, addr: Value, block: Block, defs: &[Option<Block>]) -> bool {
        let (mut at, mut elsewhere) = (addr, false);
        for _ in 0..LIMIT {
            let Some(part) = self.part(at) else { return false };
            elsewhere |= defs.get(at.index()).copied().flatten() != Some(block);
            let Some(data) = self.func.def_inst(at) else { return false };
            at = match part {
                Part::Sum(k) => data.args[k],
                Part::Scaled => data.args[0],
                Part::Widened if matches!(self.part(data.args[0]), Some(Part::Partner)) => data.args[0],
                Part::Widened | Part::Partner => return elsewhere,
            };
        }
        false
    }

    /// Computes a value again, and the parts of it.
    fn repeat(&mut self, value: Value) -> Value {
        if let Some(&copy) = self.copies.get(&value) {
            return copy;
        }
        let Some(part) = self.part(value) else { return value };
        let Some(data) = self.func.def_inst(value) else { return value };
        let (inst, mut args, loc) = (data.inst, data.args.clone(), data.loc);
        match part {
            Part::Sum(k) => args[k] = self.repeat(args[k]),
            Part::Scaled => args[0] = self.repeat(args[0]),
            Part::Widened if matches!(self.part(args[0]), Some(Part::Partner)) => {
                args[0] = self.repeat(args[0]);
            }
            Part::Widened | Part::Partner => {}
        }
        let ty = self.func.ty(value);
        let copy = self.func.add_inst(inst, &args, &[ty], loc);
        self.insts.push(copy);
        let result = self.func.inst(copy).results[0];
        self.copies.insert(value, result);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::{Builder, Sreg};

    /// `table[index]` in a block behind the one that computes the address, from an index out of memory or of a register.
    fn lookup(from_memory: bool) -> Function {
        let mut func = Function::new("lookup", Default::default());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let tid = b.sreg(Sreg::TidX);
        let table = b.i64(0x1000);
        let index = if from_memory { b.load(Space::Global, Type::I32, table) } else { tid };
        let wide = b.op(Op::ZExt(Type::I32), Type::I64, &[index]);
        let four = b.i64(4);
        let scaled = b.op(Op::IMul, Type::I64, &[wide, four]);
        let addr = b.iadd(table, scaled);
        let next = b.new_block();
        b.jump(next, &[]);
        b.switch_to(next);
        let value = b.load(Space::Global, Type::I32, addr);
        b.store(Space::Global, addr, value);
        b.ret(&[]);
        func
    }

    #[test]
    fn the_index_and_not_the_address_crosses_blocks() {
        let mut func = lookup(true);
        assert_eq!(run(&mut func), Changed::Yes);
        ir::verify(&func, None).unwrap();
        let defs = analysis::liveness::def_blocks(&func);
        let behind = func.block_ids().nth(1).unwrap();
        let insts = &func.block(behind).insts;
        let addresses: Vec<Value> = insts
            .iter()
            .map(|&i| func.inst(i))
            .filter(|d| matches!(d.inst, Inst::Load { .. } | Inst::Store { .. }))
            .map(|d| d.args[0])
            .collect();
        assert_eq!(addresses.len(), 2);
        assert_eq!(addresses[0], addresses[1], "computed once for both");
        assert_eq!(defs[addresses[0].index()], Some(behind));
        assert_eq!(func.block(Function::ENTRY).insts.len(), 3, "the index, and what it is read from");
        assert_eq!(run(&mut func), Changed::No);
    }

    #[test]
    fn a_partner_is_named_again_where_it_is_used() {
        let mut func = Function::new("exchange", Default::default());
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let (tid, other) = (b.sreg(Sreg::TidX), b.sreg(Sreg::CtaidX));
        let partner = b.op(Op::Xor, Type::I32, &[tid, other]);
        let wide = b.op(Op::SExt(Type::I32), Type::I64, &[partner]);
        let next = b.new_block();
        b.jump(next, &[]);
        b.switch_to(next);
        let value = b.load(Space::Global, Type::I32, wide);
        b.store(Space::Global, wide, value);
        b.ret(&[]);
        assert_eq!(run(&mut func), Changed::Yes);
        ir::verify(&func, None).unwrap();
        assert_eq!(func.block(Function::ENTRY).insts.len(), 2, "the numbers");
        assert_eq!(run(&mut func), Changed::No);
    }

    #[test]
    fn regular_addresses_stay_where_they_are() {
        assert_eq!(run(&mut lookup(false)), Changed::No);
    }
}
