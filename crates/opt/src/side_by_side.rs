//! Products of matrices that share their rows, two by two: together they have sixteen columns, and a lane for each
//! ([`ir::product::Layout::Columns`]), so that a row of B is a vector and an element of A goes to all lanes. Their sums stay so from
//! product to product and around loops; [`Inst::Arrange`] is left where something else looks at them.
//!
//! Invariant: an exchange that is added before a loop, or at its end, is run by all lanes of a warp together if the products are.

use crate::cfg_simplify::replace_uses;
use crate::{Changed, dce};
use analysis::natural::{self, NaturalLoop};
use analysis::{cfg, dom};
use ir::product::{Accumulator, Element, Layout, Product, Shifted};
use ir::{Block, BlockCall, Function, Inst, InstId, SrcLoc, Terminator, Value, ValueDef};
use rustc_hash::FxHashMap;

pub fn run(func: &mut Function) -> Changed {
    let mut new = func.clone();
    let mut products = Vec::new();
    for block in func.block_ids() {
        products.extend(join(&mut new, block).into_iter().map(|_| block));
    }
    if products.is_empty() {
        return Changed::No;
    }
    while settle(&mut new) {}
    dce::run(&mut new);
    while sink(&mut new) {}
    // What is arranged less often costs little; beside the products it must be less than what these save.
    let loops = loops(&new);
    let depth = |block: &Block| loops.iter().filter(|l| l.blocks.contains(block)).count();
    let deepest = products.iter().map(depth).max().unwrap_or(0);
    let saved = products.iter().filter(|b| depth(b) == deepest).count();
    let paid = arranged(&new).filter(|(b, _)| depth(b) >= deepest).count();
    if 2 * paid > saved {
        return Changed::No;
    }
    *func = new;
    Changed::Yes
}

fn loops(func: &Function) -> Vec<NaturalLoop> {
    let graph = cfg::compute(func);
    natural::compute(&graph, &dom::compute(&graph))
}

/// Moves one exchange out of a loop that does not look at what it gives, to where the loop ends; whether there was one.
fn sink(func: &mut Function) -> bool {
    let loops = loops(func);
    let found = arranged(func).find_map(|(block, inst)| {
        let within = loops.iter().filter(|l| l.blocks.contains(&block)).min_by_key(|l| l.blocks.len())?;
        let results = &func.inst(inst).results;
        let is_used = |list: &[Value]| list.iter().any(|v| results.contains(v));
        let mut exits = Vec::new();
        for &b in &within.blocks {
            let data = func.block(b);
            if data.insts.iter().any(|&i| is_used(&func.inst(i).args)) {
                return None;
            }
            for (nth, call) in data.term.successors().enumerate() {
                if !within.blocks.contains(&call.block) {
                    exits.push((b, nth, is_used(&call.args)));
                } else if is_used(&call.args) {
                    return None;
                }
            }
        }
        // All lanes leave one way.
        (exits.len() == 1).then(|| (block, inst, exits[0]))
    });
    let Some((block, inst, (from, nth, passed))) = found else { return false };
    func.block_mut(block).insts.retain(|&i| i != inst);
    let to = func.block(from).term.successors().nth(nth).map(|call| call.block);
    let graph = cfg::compute(func);
    if let Some(to) = to.filter(|to| !passed && graph.preds[to.index()].len() == 1) {
        func.block_mut(to).insts.insert(0, inst);
        return true;
    }
    // A block of its own on the way out.
    let exit = func.add_block();
    let mut term = func.block(from).term.clone();
    if let Some(call) = term.successors_mut().nth(nth) {
        func.block_mut(exit).term = Terminator::Jump(call.clone());
        *call = BlockCall::new(exit);
    }
    func.block_mut(from).term = term;
    func.block_mut(exit).insts.push(inst);
    true
}

fn arranged(func: &Function) -> impl Iterator<Item = (Block, InstId)> {
    let of_block = |b: Block| func.block(b).insts.iter().map(move |&i| (b, i));
    func.block_ids().flat_map(of_block).filter(|&(_, i)| matches!(func.inst(i).inst, Inst::Arrange { .. }))
}

/// Whether engines have both layouts of this form's sums.
fn fits(product: &Product) -> bool {
    let Product { halves, a, b, c, d, layout, sums, .. } = *product;
    let float = |e: Element| matches!(e, Element::F16 | Element::Bf16 | Element::Tf32);
    let byte = |e: Element| matches!(e, Element::Byte(_));
    let numbers = match c {
        Accumulator::F16 | Accumulator::F32 => float(a) && float(b),
        // Where B is changed, each row has something of its own to be added.
        Accumulator::S32 => byte(a) && byte(b) && product.shifted() != Shifted::B,
        Accumulator::F64 => false,
    };
    numbers && c == d && halves == 2 && layout == Layout::Quads && sums == Layout::Quads
}

/// Puts products of a block together, and gives what was made.
fn join(func: &mut Function, block: Block) -> Vec<InstId> {
    let insts = func.block(block).insts.clone();
    let mut open: FxHashMap<(Product, Vec<Value>), InstId> = FxHashMap::default();
    // The instruction that takes the place of the key, and that which it also does.
    let mut pairs: FxHashMap<InstId, Option<InstId>> = FxHashMap::default();
    for &inst in &insts {
        let data = func.inst(inst);
        open.retain(|_, first| !func.inst(*first).results.iter().any(|r| data.args.contains(r)));
        let Inst::Product { product, .. } = data.inst else { continue };
        if !fits(&product) {
            continue;
        }
        match product.columns {
            1 => {
                let key = (product, data.args[..product.a_registers()].to_vec());
                match open.remove(&key) {
                    Some(first) => drop(pairs.insert(inst, Some(first))),
                    None => drop(open.insert(key, inst)),
                }
            }
            2 => drop(pairs.insert(inst, None)),
            _ => {}
        }
    }
    if pairs.is_empty() {
        return Vec::new();
    }
    let firsts: Vec<InstId> = pairs.values().filter_map(|first| *first).collect();
    let mut replace: FxHashMap<Value, Value> = FxHashMap::default();
    let (mut kept, mut made) = (Vec::new(), Vec::new());
    for inst in insts {
        match pairs.get(&inst) {
            Some(&first) => made.push(together(func, &mut kept, (first, inst), &mut replace)),
            None if firsts.contains(&inst) => {}
            None => kept.push(inst),
        }
    }
    func.block_mut(block).insts = kept;
    replace_uses(func, |v| replace.get(&v).copied().unwrap_or(v));
    made
}

/// Both products, or one of sixteen columns, as one whose sums have a lane for each column.
fn together(
    func: &mut Function,
    insts: &mut Vec<InstId>,
    (first, second): (Option<InstId>, InstId),
    replace: &mut FxHashMap<Value, Value>,
) -> InstId {
    let data = func.inst(second).clone();
    let Inst::Product { product, body } = data.inst else { unreachable!("only products are joined") };
    let parts: Vec<InstId> = first.into_iter().chain([second]).collect();
    let (mut b, mut c, mut d) = (Vec::new(), Vec::new(), Vec::new());
    for &part in &parts {
        let of = func.inst(part);
        let (_, rest) = of.args.split_at(product.a_registers());
        let (columns, sums) = rest.split_at(product.b_registers());
        b.extend_from_slice(columns);
        c.push(sums.to_vec());
        d.push(of.results.to_vec());
    }
    // Eight rows after the other.
    let by_rows = |parts: &[Vec<Value>]| -> Vec<Value> {
        let half = parts[0].len() / 2;
        [0, 1].iter().flat_map(|h| parts.iter().flat_map(move |p| p[h * half..][..half].to_vec())).collect()
    };
    let (c, d) = (by_rows(&c), by_rows(&d));
    let mut args = data.args[..product.a_registers()].to_vec();
    args.extend(b);
    args.extend(arrange(func, insts, (Layout::Columns, product.c), &c, data.loc));
    let joined = Product { columns: 2, padded: None, sums: Layout::Columns, ..product };
    let both = func.add_inst(Inst::Product { product: joined, body }, &args, product.c.sixteen(), data.loc);
    insts.push(both);
    let results = func.inst(both).results.to_vec();
    let apart = arrange(func, insts, (Layout::Quads, product.c), &results, data.loc);
    replace.extend(d.into_iter().zip(apart));
    both
}

fn arrange(
    func: &mut Function,
    insts: &mut Vec<InstId>,
    (to, sums): (Layout, Accumulator),
    from: &[Value],
    loc: SrcLoc,
) -> Vec<Value> {
    let inst = func.add_inst(Inst::Arrange { to, sums }, from, sums.sixteen(), loc);
    insts.push(inst);
    func.inst(inst).results.to_vec()
}

/// Takes one exchange away, or to where a loop is entered and goes on; whether there was one.
fn settle(func: &mut Function) -> bool {
    let graph = cfg::compute(func);
    let dom = dom::compute(&graph);
    let all: Vec<(Block, InstId)> = arranged(func).collect();
    let mut replace: FxHashMap<Value, Value> = FxHashMap::default();
    let mut gone = Vec::new();
    for &(block, inst) in &all {
        let data = func.inst(inst);
        let Inst::Arrange { to: Layout::Columns, .. } = data.inst else { continue };
        let args: Vec<Value> = data.args.iter().map(|a| replace.get(a).copied().unwrap_or(*a)).collect();
        let first = func.as_const(args[0]);
        let same = first.is_some() && args.iter().all(|&a| func.as_const(a) == first);
        let found = if same { Some(vec![args[0]; args.len()]) } else { before(func, &args) };
        if let Some(found) = found {
            replace.extend(data.results.iter().copied().zip(found));
            gone.push((block, inst));
        }
    }
    if !gone.is_empty() {
        for (block, inst) in gone {
            func.block_mut(block).insts.retain(|&i| i != inst);
        }
        replace_uses(func, |v| replace.get(&v).copied().unwrap_or(v));
        return true;
    }
    let of_block = all.iter().find_map(|&(_, inst)| {
        let data = func.inst(inst);
        let Inst::Arrange { to: Layout::Columns, sums } = data.inst else { return None };
        let home = params_of(func, &data.args)?;
        // All lanes come in, and come back, one way.
        let (back, into): (Vec<Block>, Vec<Block>) =
            graph.preds[home.index()].iter().partition(|&&p| dom.dominates(home, p));
        (into.len() == 1 && back.len() <= 1).then(|| (home, sums, data.args.to_vec(), data.loc))
    });
    let Some((home, sums, params, loc)) = of_block else { return false };
    let places: Vec<usize> =
        params.iter().filter_map(|&p| func.block(home).params.iter().position(|&q| q == p)).collect();
    for pred in graph.preds[home.index()].clone() {
        let mut term = func.block(pred).term.clone();
        let mut insts = func.block(pred).insts.clone();
        for call in term.successors_mut().filter(|c| c.block == home) {
            let args: Vec<Value> = places.iter().map(|&k| call.args[k]).collect();
            call.args.extend(arrange(func, &mut insts, (Layout::Columns, sums), &args, loc));
        }
        let data = func.block_mut(pred);
        data.term = term;
        data.insts = insts;
    }
    let new: Vec<Value> = sums.sixteen().iter().map(|&ty| func.add_block_param(home, ty)).collect();
    let mut insts = Vec::new();
    let apart = arrange(func, &mut insts, (Layout::Quads, sums), &new, loc);
    let replace: FxHashMap<Value, Value> = params.into_iter().zip(apart).collect();
    replace_uses(func, |v| replace.get(&v).copied().unwrap_or(v));
    insts.extend(std::mem::take(&mut func.block_mut(home).insts));
    func.block_mut(home).insts = insts;
    true
}

/// The sums by columns that these were made from.
fn before(func: &Function, sums: &[Value]) -> Option<Vec<Value>> {
    let data = func.def_inst(sums[0])?;
    let quads = matches!(data.inst, Inst::Arrange { to: Layout::Quads, .. });
    let alike = quads && data.results[..] == *sums;
    alike.then(|| data.args.to_vec())
}

/// The block whose parameters these are, each once.
fn params_of(func: &Function, values: &[Value]) -> Option<Block> {
    let block = |v: Value| match func.def(v) {
        ValueDef::Param(block, _) => Some(block),
        ValueDef::Result(..) => None,
    };
    let first = block(values[0])?;
    let once = |(i, v): (usize, &Value)| block(*v) == Some(first) && !values[..i].contains(v);
    (first != Function::ENTRY && values.iter().enumerate().all(once)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::function::Signature;
    use ir::product::{BitOp, Overflow};
    use ir::{Builder, FpMode, FuncId, IntCc, Op, Rounding, Type};

    /// What a loop does with its sums beside adding products to them.
    #[derive(Clone, Copy, PartialEq, Debug)]
    enum Looks {
        Never,
        EachTurn,
    }

    /// A loop of `count` products that share A, whose sums are returned.
    fn kernel(count: usize, looks: Looks) -> Function {
        let product = Product {
            halves: 2,
            columns: 1,
            depth: 2,
            padded: None,
            a: Element::F16,
            b: Element::F16,
            c: Accumulator::F32,
            d: Accumulator::F32,
            bit_op: BitOp::Xor,
            overflow: Overflow::Wraps,
            rounding: Rounding::Nearest,
            layout: Layout::Quads,
            sums: Layout::Quads,
        };
        let sig = Signature { params: vec![Type::I32; 4 + 2 * count], results: vec![Type::F32; 4 * count] };
        let mut func = Function::new("f", sig);
        let fragments = func.block(Function::ENTRY).params.clone();
        let (body, done) = (func.add_block(), func.add_block());
        let i = func.add_block_param(body, Type::I32);
        let sums: Vec<Value> = (0..4 * count).map(|_| func.add_block_param(body, Type::F32)).collect();
        let mut b = Builder::new(&mut func, Function::ENTRY);
        let mut args = vec![b.i32(0)];
        args.extend(vec![b.f32(0.0); 4 * count]);
        b.jump(body, &args);
        b.switch_to(body);
        let mut next = Vec::new();
        for (k, own) in sums.chunks(4).enumerate() {
            let mut args = fragments[..4].to_vec();
            args.extend_from_slice(&fragments[4 + 2 * k..][..2]);
            args.extend_from_slice(own);
            next.extend_from_slice(b.push(Inst::Product { product, body: FuncId(0) }, &args));
        }
        if looks == Looks::EachTurn {
            next = next.iter().map(|&s| b.op(Op::FAdd(FpMode::RN), Type::F32, &[s, s])).collect();
        }
        let one = b.i32(1);
        let mut args = vec![b.iadd(i, one)];
        let end = b.i32(9);
        let more = b.icmp(IntCc::LtU, args[0], end);
        args.extend(&next);
        b.branch(more, BlockCall::with(body, &args), BlockCall::new(done));
        b.switch_to(done);
        b.ret(&next);
        func
    }

    #[test]
    fn sums_are_exchanged_behind_the_loop() {
        let check = |count, looks, joined: usize| {
            let mut func = kernel(count, looks);
            assert_eq!(run(&mut func), Changed::from_bool(joined > 0), "{count} {looks:?}");
            ir::verify(&func, None).unwrap();
            let insts = func.blocks.iter().flat_map(|b| &b.insts);
            let wide = insts.filter(|&&i| {
                matches!(func.inst(i).inst, Inst::Product { product, .. } if product.sums == Layout::Columns)
            });
            assert_eq!(wide.count(), joined);
            let loops = loops(&func);
            let places: Vec<Block> = arranged(&func).map(|(block, _)| block).collect();
            assert_eq!(places.len(), joined);
            assert!(places.iter().all(|b| loops.iter().all(|l| !l.blocks.contains(b))));
        };
        check(1, Looks::Never, 0);
        check(2, Looks::Never, 1);
        check(5, Looks::Never, 2);
        check(4, Looks::EachTurn, 0);
    }
}
