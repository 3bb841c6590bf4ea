//! The verifier: after it nothing that consumes IR needs to check types, arities or dominance.

use crate::{Block, Function, Inst, InstId, Module, Op, Terminator, Type, Value, ValueDef};

/// What is wrong with a function, with the place in IR terms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    pub func: String,
    pub message: String,
}

impl std::fmt::Display for VerifyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "@{}: {}", self.func, self.message)
    }
}

impl std::error::Error for VerifyError {}

/// Checks types, arities, block arguments and that every use is dominated by its definition.
pub fn verify(func: &Function, module: Option<&Module>) -> Result<(), VerifyError> {
    let fail = |message: String| Err(VerifyError { func: func.name.clone(), message });
    let mut placed: Vec<Option<(Block, usize)>> = vec![None; func.insts.len()];
    for block in func.block_ids() {
        for (i, &inst) in func.block(block).insts.iter().enumerate() {
            if placed[inst.index()].replace((block, i)).is_some() {
                return fail(format!("{inst} is placed twice"));
            }
        }
    }
    let idom = immediate_dominators(func);
    let intervals = dominator_intervals(&idom);
    let dominates = |a: Block, b: Block| {
        let ((first, last), (at, _)) = (intervals[a.index()], intervals[b.index()]);
        a == b || (first <= at && at < last)
    };
    let visible = |value: Value, at: Block, pos: usize| match func.def(value) {
        ValueDef::Param(block, _) => dominates(block, at),
        ValueDef::Result(inst, _) => match placed[inst.index()] {
            None => false,
            Some((block, i)) => {
                if block == at {
                    i < pos
                } else {
                    dominates(block, at)
                }
            }
        },
    };
    for block in func.block_ids() {
        if block != Function::ENTRY && idom[block.index()].is_none() {
            continue; // Unreachable: nothing runs there.
        }
        let data = func.block(block);
        for (pos, &inst) in data.insts.iter().enumerate() {
            if let Err(message) = check_types(func, module, inst) {
                return fail(format!("{block}: {}: {message}", crate::text::inst_text(func, inst)));
            }
            if let Some(bad) = func.inst(inst).args.iter().find(|v| !visible(**v, block, pos)) {
                return fail(format!(
                    "{block}: {}: {bad} is not defined here",
                    crate::text::inst_text(func, inst)
                ));
            }
        }
        let mut bad = None;
        data.term.for_each_use(|v| {
            if !visible(v, block, data.insts.len()) {
                bad = Some(v);
            }
        });
        if let Some(bad) = bad {
            return fail(format!("{block}: terminator uses {bad}, which is not defined here"));
        }
        for call in data.term.successors() {
            let Some(target) = func.blocks.get(call.block.index()) else {
                return fail(format!("{block}: no block {}", call.block));
            };
            if target.params.len() != call.args.len()
                || target.params.iter().zip(&call.args).any(|(p, a)| func.ty(*p) != func.ty(*a))
            {
                return fail(format!("{block}: arguments do not fit the parameters of {}", call.block));
            }
        }
        match &data.term {
            Terminator::Branch { cond, .. } if func.ty(*cond) != Type::I1 => {
                return fail(format!("{block}: branch on {cond}, which is not i1"));
            }
            Terminator::Switch { index, .. } if func.ty(*index) != Type::I32 => {
                return fail(format!("{block}: switch on {index}, which is not i32"));
            }
            Terminator::Ret(values) if func.kernel.is_none() => {
                let types: Vec<Type> = values.iter().map(|v| func.ty(*v)).collect();
                if types != func.sig.results {
                    return fail(format!("{block}: returned values do not fit the signature"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_types(func: &Function, module: Option<&Module>, inst: InstId) -> Result<(), String> {
    let data = func.inst(inst);
    let args: Vec<Type> = data.args.iter().map(|v| func.ty(*v)).collect();
    let results: Vec<Type> = data.results.iter().map(|v| func.ty(*v)).collect();
    let expect: Vec<Type> = match data.inst {
        Inst::Const { .. }
        | Inst::Sreg(_)
        | Inst::GlobalAddr { .. }
        | Inst::FuncAddr(_)
        | Inst::SlotAddr(_) => vec![],
        Inst::Pure { op, ty } => {
            let row = op.row();
            if !row.types.contains(&ty) {
                return Err(format!("{} has no type {ty}", row.name));
            }
            check_convert(op)?;
            row.operands.iter().map(|o| o.resolve(ty)).collect()
        }
        Inst::Alloca { .. }
        | Inst::ToGeneric(_)
        | Inst::FromGeneric(_)
        | Inst::IsSpace(_)
        | Inst::Load { .. } => {
            vec![Type::I64]
        }
        Inst::Store { ty, count, .. } => {
            let mut types = vec![Type::I64];
            types.resize(1 + count as usize, ty);
            types
        }
        Inst::Atomic { op, ty, .. } => match op {
            crate::AtomOp::Cas => vec![Type::I64, ty, ty],
            _ => vec![Type::I64, ty],
        },
        Inst::Fence(_) | Inst::ActiveMask => vec![],
        Inst::SameQuotient { ty, .. } => vec![ty, ty],
        Inst::Every => vec![Type::I1],
        Inst::Barrier { kind, counted, .. } => {
            let mut types = vec![Type::I32];
            if counted {
                types.push(Type::I32);
            }
            match kind {
                crate::BarrierKind::Sync | crate::BarrierKind::Arrive => {}
                crate::BarrierKind::RedPopc | crate::BarrierKind::RedAnd | crate::BarrierKind::RedOr => {
                    types.push(Type::I1);
                }
            }
            types
        }
        Inst::WarpSync | Inst::Elect => vec![Type::I32],
        Inst::Shfl(_) => vec![Type::I32; 4],
        Inst::Vote(_) => vec![Type::I1, Type::I32],
        Inst::Match { ty, .. } => vec![ty, Type::I32],
        Inst::Redux(_) => vec![Type::I32, Type::I32],
        Inst::Product { product, .. } => {
            let sig = product.signature();
            if results != sig.results {
                return Err("results do not fit the product".into());
            }
            sig.params
        }
        Inst::Arrange { sums, .. } => sums.sixteen().to_vec(),
        Inst::Call(callee) => {
            let Some(module) = module else { return Ok(()) };
            let Some(entry) = module.funcs.get(callee.index()) else {
                return Err(format!("no function {callee}"));
            };
            if results != entry.sig.results {
                return Err("results do not fit the callee's signature".into());
            }
            entry.sig.params.clone()
        }
        Inst::CallIndirect { sig } => {
            let Some(sig) = func.sigs.get(sig.0 as usize) else { return Err("no such signature".into()) };
            if results != sig.results {
                return Err("results do not fit the signature".into());
            }
            let mut types = vec![Type::I64];
            types.extend(&sig.params);
            types
        }
        Inst::Sys(call) => match call {
            crate::SysCall::Vprintf => vec![Type::I64, Type::I64],
            crate::SysCall::Malloc | crate::SysCall::Free => vec![Type::I64],
            crate::SysCall::AssertFail => vec![Type::I64, Type::I64, Type::I32, Type::I64, Type::I64],
            crate::SysCall::Nanosleep => vec![Type::I32],
            crate::SysCall::Breakpoint | crate::SysCall::WaitBegins | crate::SysCall::WaitGoesOn => vec![],
        },
    };
    if args != expect {
        return Err(format!("operands are {args:?}, should be {expect:?}"));
    }
    if !matches!(data.inst, Inst::Product { .. } | Inst::Call(_) | Inst::CallIndirect { .. })
        && results[..] != Function::result_types(&data.inst)[..]
    {
        return Err("results do not fit the instruction".into());
    }
    Ok(())
}

fn check_convert(op: Op) -> Result<(), String> {
    let (from, float) = match op {
        Op::Trunc(from) | Op::ZExt(from) | Op::SExt(from) | Op::SToF(from, _) | Op::UToF(from, _) => {
            (from, false)
        }
        Op::FToS(from, _) | Op::FToU(from, _) | Op::FToF(from, _) => (from, true),
        _ => return Ok(()),
    };
    if from.is_float() == float { Ok(()) } else { Err(format!("cannot convert from {from}")) }
}

/// By block: the half-open range of preorder numbers of its subtree in the dominator tree, so that dominance is a
/// comparison however deep the tree is. Unreachable blocks have empty ranges.
fn dominator_intervals(idom: &[Option<Block>]) -> Vec<(u32, u32)> {
    let mut children: Vec<Vec<Block>> = vec![Vec::new(); idom.len()];
    for (i, up) in (0u32..).zip(idom) {
        if let Some(up) = up.filter(|up| up.0 != i) {
            children[up.index()].push(Block(i));
        }
    }
    let mut intervals = vec![(0, 0); idom.len()];
    let mut next = 0;
    let mut stack = vec![(Function::ENTRY, false)];
    while let Some((block, done)) = stack.pop() {
        if done {
            intervals[block.index()].1 = next;
            continue;
        }
        intervals[block.index()].0 = next;
        next += 1;
        stack.push((block, true));
        stack.extend(children[block.index()].iter().map(|child| (*child, false)));
    }
    intervals
}

/// Immediate dominators by Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm". `None`: unreachable; the
/// entry is its own.
fn immediate_dominators(func: &Function) -> Vec<Option<Block>> {
    let n = func.blocks.len();
    let mut order = Vec::with_capacity(n);
    let mut state = vec![0u8; n];
    let mut stack = vec![(Function::ENTRY, false)];
    while let Some((block, done)) = stack.pop() {
        if done {
            order.push(block);
            continue;
        }
        if std::mem::replace(&mut state[block.index()], 1) != 0 {
            continue;
        }
        stack.push((block, true));
        stack.extend(
            func.block(block).term.successors().filter(|c| c.block.index() < n).map(|c| (c.block, false)),
        );
    }
    order.reverse();
    let mut number = vec![usize::MAX; n];
    for (i, b) in order.iter().enumerate() {
        number[b.index()] = i;
    }
    let mut preds: Vec<Vec<Block>> = vec![Vec::new(); n];
    for &b in &order {
        for call in func.block(b).term.successors().filter(|c| c.block.index() < n) {
            preds[call.block.index()].push(b);
        }
    }
    let mut idom: Vec<Option<Block>> = vec![None; n];
    idom[0] = Some(Function::ENTRY);
    let mut changed = true;
    while changed {
        changed = false;
        for &b in order.iter().skip(1) {
            let mut new: Option<Block> = None;
            for &p in &preds[b.index()] {
                if idom[p.index()].is_none() {
                    continue;
                }
                new = Some(match new {
                    None => p,
                    Some(mut x) => {
                        let mut y = p;
                        while x != y {
                            while number[x.index()] > number[y.index()] {
                                x = idom[x.index()].expect("processed");
                            }
                            while number[y.index()] > number[x.index()] {
                                y = idom[y.index()].expect("processed");
                            }
                        }
                        x
                    }
                });
            }
            if new != idom[b.index()] {
                idom[b.index()] = new;
                changed = true;
            }
        }
    }
    idom
}
