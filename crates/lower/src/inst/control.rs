//! Control flow: branches, calls, returns (PTX ISA 9.7.12).

use crate::cx::{Cx, Home, Signed};
use crate::error::{Lowered, fail};
use crate::operand::parts;
use crate::signature::{Passing, passing, signature};
use ir::{Block, BlockCall, Inst, Space, SysCall, Terminator, Type, Value};
use ptx::{Op, Operand, Param, ScalarType, SymId, SymbolKind};
use smallvec::SmallVec;

/// How a thread leaves a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Leave {
    Ret,
    Exit,
    Trap,
}

impl Cx<'_> {
    /// The labels that an instruction may jump to, in order.
    pub fn branch_targets(&self, inst: &ptx::Inst) -> Lowered<SmallVec<[SymId; 2]>> {
        match (inst.form.op, self.body.operands(inst)) {
            (Op::Bra, [Operand::Sym(label, _), ..]) => Ok(SmallVec::from_slice(&[*label])),
            (Op::BrxIdx, [_, Operand::Sym(list, _), ..]) => match self.body.symbol(*list).kind {
                SymbolKind::Targets(n) => Ok(self.body.target_lists[n as usize].targets.as_slice().into()),
                _ => fail("brx.idx without its .branchtargets"),
            },
            (Op::Bra | Op::BrxIdx, _) => fail("a branch without its target"),
            _ => Ok(SmallVec::new()),
        }
    }

    /// Lowers an instruction that ends a block. `labels` maps statements to blocks, `next` is the following block.
    pub fn control(
        &mut self,
        inst: &ptx::Inst,
        labels: &[Option<Block>],
        next: Option<Block>,
    ) -> Lowered<()> {
        let cond = match inst.guard {
            Some(guard) => Some(self.guard(guard)?),
            None => None,
        };
        let mut targets: SmallVec<[Block; 4]> = SmallVec::new();
        for label in self.branch_targets(inst)? {
            let block = match self.body.symbol(label).kind {
                SymbolKind::Label(Some(stmt)) => labels.get(stmt as usize).copied().flatten(),
                _ => None,
            };
            match block {
                Some(block) => targets.push(block),
                None => return fail("a label without its block"),
            }
        }
        if let (Op::Bra, [target]) = (inst.form.op, targets.as_slice()) {
            match cond {
                None => self.jump(*target),
                Some(cond) => {
                    let next = self.next_or_ret(next)?;
                    self.branch(cond, *target, next);
                }
            }
            return Ok(());
        }
        if let Some(cond) = cond {
            let next = self.next_or_ret(next)?;
            let inside = self.new_under();
            self.branch(cond, inside, next);
            self.enter(inside);
        }
        match inst.form.op {
            Op::BrxIdx => {
                let index = self.read(&self.body.operands(inst)[0], ScalarType::U32)?;
                let Some(&first) = targets.first() else { return fail("brx.idx with no targets") };
                // An index out of range is undefined behaviour; it goes to the first target.
                let calls = targets.iter().map(|t| BlockCall::new(*t)).collect();
                self.terminate(Terminator::Switch { index, targets: calls, default: BlockCall::new(first) });
                Ok(())
            }
            Op::Ret => self.finish_thread(Leave::Ret),
            Op::Exit => self.finish_thread(Leave::Exit),
            Op::Trap => self.finish_thread(Leave::Trap),
            _ => fail("not the end of a block"),
        }
    }

    /// The following block, or one that returns where the body ends.
    fn next_or_ret(&mut self, next: Option<Block>) -> Lowered<Block> {
        if let Some(next) = next {
            return Ok(next);
        }
        let here = self.block;
        let block = self.new_under();
        self.layout.push(block);
        self.block = block;
        self.finish_thread(Leave::Ret)?;
        self.block = here;
        Ok(block)
    }

    /// An argument as the callee's signature wants it: an integer, or the address of a copy.
    fn argument(&mut self, operand: &Operand, param: &Param) -> Lowered<Value> {
        let symbol = match operand {
            Operand::Sym(sym, _) => self.homes.get(sym.0 as usize).copied(),
            _ => None,
        };
        match (passing(param), symbol) {
            (Passing::Memory, Some(Home::Slot(slot))) => Ok(self.b().slot_addr(slot)),
            (Passing::Memory, Some(Home::Pointer(value))) => Ok(value),
            (Passing::Memory, _) if parts(param.ty) == 2 && param.dims.is_empty() => {
                let [lo, hi] = self.read_wide(operand)?;
                let slot = self.func.add_slot(16, 16);
                let addr = self.b().slot_addr(slot);
                self.b().store(Space::Local, addr, lo);
                let upper = self.add_imm(addr, 8);
                self.b().store(Space::Local, upper, hi);
                Ok(addr)
            }
            (Passing::Memory, other) => fail(format!("an aggregate argument that has no memory: {other:?}")),
            (Passing::Scalar(ty), Some(home @ (Home::Scalar(_) | Home::Slot(_)))) => {
                let ty = if let Home::Slot(slot) = home { self.slot_type(slot).unwrap_or(ty) } else { ty };
                let value = self.load_home(home, ty)?;
                self.sized(param, value)
            }
            (Passing::Scalar(_), _) => {
                let value = self.read(operand, param.ty)?;
                Ok(self.bits(value))
            }
        }
    }

    fn sized(&mut self, param: &Param, value: Value) -> Lowered<Value> {
        let Passing::Scalar(ty) = passing(param) else { return fail("an aggregate in a register") };
        self.fit(value, ty, Signed::No)
    }

    /// The integer type that fills a slot, for scalar slots.
    fn slot_type(&self, slot: ir::Slot) -> Option<Type> {
        Type::int(u32::try_from(self.func.slots[slot.index()].size).ok()?.checked_mul(8)?)
    }
}

/// `call`: direct, indirect by prototype, or into the device runtime.
pub(super) fn call(cx: &mut Cx<'_>, inst: &ptx::Inst) -> Lowered<()> {
    let body = cx.body;
    let Some(call) = body.call(inst) else { return fail("no call") };
    let (returns, args) = (body.list(call.returns), body.list(call.args));
    let callee = match call.callee {
        Operand::Sym(sym, _) => cx.homes.get(sym.0 as usize).copied(),
        _ => None,
    };
    let module = &cx.unit.module;
    match (callee, call.callee) {
        (Some(Home::Sys(sys)), _) => {
            let Some(decl) = callee_declaration(cx, call.callee) else { return fail("an undeclared callee") };
            runtime_call(cx, sys, module.function(decl), returns, args)
        }
        (Some(Home::Func(id)), _) => {
            let Some(decl) = callee_declaration(cx, call.callee) else { return fail("an undeclared callee") };
            let decl = module.function(decl);
            let values = arguments(cx, returns, args, &decl.returns, &decl.params)?;
            let expected = &cx.linked.module.func(id).sig;
            let types: Vec<Type> = values.iter().map(|v| cx.ty(*v)).collect();
            if cx.linked.module.func(id).kernel.is_some() {
                return fail("a kernel is called as a function");
            }
            if expected.params != types || expected.results != signature(&decl.returns, &decl.params).results
            {
                return fail("the declaration does not agree with the definition");
            }
            let results = cx.call(id, &values);
            store_results(cx, returns, &decl.returns, &results)
        }
        (_, target) => {
            let Some((proto_returns, proto_params)) = prototype(cx, call.proto)? else {
                return fail("an indirect call without its prototype");
            };
            let pointer = cx.read(&target, ScalarType::U64)?;
            let mut values = vec![pointer];
            values.extend(arguments(cx, returns, args, proto_returns, proto_params)?);
            let sig = signature(proto_returns, proto_params);
            let types = sig.results.clone();
            let sig = cx.func.add_sig(sig);
            let results: SmallVec<[Value; 2]> =
                cx.b().push_typed(Inst::CallIndirect { sig }, &values, &types).into();
            store_results(cx, returns, proto_returns, &results)
        }
    }
}

fn callee_declaration(cx: &Cx<'_>, callee: Operand) -> Option<ptx::FuncId> {
    let Operand::Sym(sym, _) = callee else { return None };
    match cx.body.symbol(sym).kind {
        SymbolKind::Global(ptx::Global::Function(id)) => Some(id),
        _ => None,
    }
}

type Params<'a> = (&'a [Param], &'a [Param]);

/// Returns and parameters of a `.callprototype`, or of the first of `.calltargets`.
fn prototype<'a>(cx: &Cx<'a>, proto: Option<SymId>) -> Lowered<Option<Params<'a>>> {
    let Some(sym) = proto else { return Ok(None) };
    match cx.body.symbol(sym).kind {
        SymbolKind::Prototype(n) => {
            let proto = &cx.body.prototypes[n as usize];
            Ok(Some((&proto.returns, &proto.params)))
        }
        SymbolKind::Targets(n) => {
            let Some(first) = cx.body.target_lists[n as usize].targets.first() else {
                return fail(".calltargets without targets");
            };
            match cx.body.symbol(*first).kind {
                SymbolKind::Global(ptx::Global::Function(id)) => {
                    let function = cx.unit.module.function(id);
                    Ok(Some((&function.returns, &function.params)))
                }
                _ => fail(".calltargets of what is no function"),
            }
        }
        _ => fail("an indirect call by what is no prototype"),
    }
}

/// The values to pass: hidden addresses of returned aggregates, then the arguments.
fn arguments(
    cx: &mut Cx<'_>,
    returns: &[Operand],
    args: &[Operand],
    decl_returns: &[Param],
    decl_params: &[Param],
) -> Lowered<Vec<Value>> {
    if returns.len() != decl_returns.len() || args.len() != decl_params.len() {
        return fail("another number of arguments than the callee has parameters");
    }
    let mut values = Vec::new();
    for (operand, param) in returns.iter().zip(decl_returns) {
        if passing(param) == Passing::Memory {
            values.push(cx.argument(operand, param)?);
        }
    }
    for (operand, param) in args.iter().zip(decl_params) {
        values.push(cx.argument(operand, param)?);
    }
    Ok(values)
}

fn store_results(cx: &mut Cx<'_>, returns: &[Operand], decls: &[Param], results: &[Value]) -> Lowered<()> {
    let mut results = results.iter();
    for (operand, param) in returns.iter().zip(decls) {
        if passing(param) == Passing::Memory {
            continue;
        }
        let Some(&value) = results.next() else { return fail("fewer results than return parameters") };
        let home = match operand {
            Operand::Sym(sym, _) => cx.homes.get(sym.0 as usize).copied(),
            _ => None,
        };
        match home {
            Some(home @ (Home::Scalar(_) | Home::Slot(_))) => cx.store_home(home, value)?,
            _ => {
                let value = cx.bitcast(crate::operand::ir_type(param.ty), value);
                cx.write(operand, param.ty, value)?;
            }
        }
    }
    Ok(())
}

/// `vprintf malloc free __assertfail`: arguments fitted to what the runtime takes.
fn runtime_call(
    cx: &mut Cx<'_>,
    sys: SysCall,
    decl: &ptx::Function,
    returns: &[Operand],
    args: &[Operand],
) -> Lowered<()> {
    let types: &[Type] = match sys {
        SysCall::Vprintf => &[Type::I64, Type::I64],
        SysCall::Malloc | SysCall::Free => &[Type::I64],
        SysCall::AssertFail => &[Type::I64, Type::I64, Type::I32, Type::I64, Type::I64],
        SysCall::Nanosleep | SysCall::Breakpoint | SysCall::WaitBegins | SysCall::WaitGoesOn => {
            return fail("no function of the device runtime");
        }
    };
    let values = arguments(cx, returns, args, &decl.returns, &decl.params)?;
    if values.len() != types.len() {
        return fail("another number of arguments than the runtime's function takes");
    }
    let mut fitted = Vec::new();
    for (value, ty) in values.into_iter().zip(types) {
        fitted.push(cx.fit(value, *ty, Signed::No)?);
    }
    let mut results = cx.push(Inst::Sys(sys), &fitted);
    if let ([param], Some(result)) = (decl.returns.as_slice(), results.first_mut()) {
        *result = cx.sized(param, *result)?;
    }
    store_results(cx, returns, &decl.returns, &results)
}
