//! Lowering of one function: its symbols' homes, its control-flow graph, and the walk over its statements.
//! Invariant: blocks are walked in reverse postorder; unreachable statements are dropped.

use crate::cx::{Cx, Guarded, Home};
use crate::error::{Fail, Lowered, fail};
use crate::inst;
use crate::operand::{ir_type, parts};
use crate::signature::{Passing, passing};
use crate::ssa::{Link, Ssa};
use crate::unit::{FuncRef, Linked, Unit};
use ir::{Block, FuncId, Function, SrcLoc, Terminator, Type};
use ptx::{Body, Operand, Stmt, SymId, SymbolKind, TargetKind};
use smallvec::SmallVec;

/// Lowers the body of `source` as the program's function `id`.
pub(crate) fn lower(
    linked: &Linked,
    unit: &Unit,
    source: ptx::FuncId,
    id: FuncId,
    body: &Body,
) -> Result<Function, Fail> {
    let entry = linked.module.func(id);
    let mut func = Function::new(entry.name.clone(), entry.sig.clone());
    func.kernel = entry.kernel.clone();
    let mut ssa = Ssa::new();
    let carry = ssa.add_var(Type::I1);
    ssa.set_link(Function::ENTRY, Link::Entry);
    let mut cx = Cx {
        linked,
        unit,
        source,
        body,
        is_kernel: entry.kernel.is_some(),
        func,
        ssa,
        homes: vec![Home::None; body.symbols.len()],
        carry,
        block: Function::ENTRY,
        loc: SrcLoc::default(),
        guarded: Guarded::Never,
        region: None,
        texture_slot: None,
        layout: vec![Function::ENTRY],
        results: Vec::new(),
    };
    homes(&mut cx)?;
    walk(&mut cx)?;
    let Cx { func, ssa, layout, .. } = cx;
    Ok(ssa.finish(func, &layout))
}

/// Gives every symbol of the body its home; the parameters of a device function are stored there.
fn homes(cx: &mut Cx<'_>) -> Lowered<()> {
    let in_memory = parameters_in_memory(cx.body);
    let function = cx.unit_function();
    // Which symbol, if the body mentions it, is the n-th parameter or return parameter.
    let mut params = vec![None; function.params.len()];
    let mut returns = vec![None; function.returns.len()];
    for (i, symbol) in (0u32..).zip(&cx.body.symbols) {
        let home = match symbol.kind {
            SymbolKind::Reg { ty, vector } => {
                let first = cx.ssa.add_var(if parts(ty) == 2 { Type::I64 } else { ir_type(ty) });
                for _ in 1..u32::from(vector.max(1)) * parts(ty) {
                    cx.ssa.add_var(if parts(ty) == 2 { Type::I64 } else { ir_type(ty) });
                }
                Home::Reg(first)
            }
            SymbolKind::Param(n) => {
                if let Some(place) = params.get_mut(n as usize) {
                    *place = Some(SymId(i));
                }
                continue;
            }
            SymbolKind::Return(n) => {
                if let Some(place) = returns.get_mut(n as usize) {
                    *place = Some(SymId(i));
                }
                continue;
            }
            SymbolKind::Local(local) => {
                let variable = &cx.body.variables[local.0 as usize];
                match variable.space {
                    ptx::Space::Local => {
                        Home::Slot(cx.func.add_slot(variable.bytes(), variable.align.max(1)))
                    }
                    ptx::Space::Param => {
                        let memory =
                            !variable.dims.is_empty() || variable.vector > 1 || variable.ty.bits() > 64;
                        if memory || in_memory[i as usize] {
                            Home::Slot(cx.func.add_slot(variable.bytes(), variable.align.max(1)))
                        } else {
                            Home::Scalar(cx.ssa.add_var(ir_type(variable.ty).to_int()))
                        }
                    }
                    _ => match cx.unit.locals.get(&(cx.source, local)) {
                        Some(&global) => Home::Global(global),
                        None => Home::None,
                    },
                }
            }
            SymbolKind::Global(ptx::Global::Function(id)) => match cx.unit.funcs[id.0 as usize] {
                FuncRef::Ir(id) => Home::Func(id),
                FuncRef::Sys(call) => Home::Sys(call),
                FuncRef::Missing => Home::None,
            },
            SymbolKind::Global(ptx::Global::Variable(id)) => {
                cx.unit.vars[id.0 as usize].map_or(Home::None, Home::Global)
            }
            SymbolKind::Label(_)
            | SymbolKind::Prototype(_)
            | SymbolKind::Targets(_)
            | SymbolKind::Unknown => Home::None,
        };
        cx.homes[i as usize] = home;
    }
    if let Some(kernel) = &cx.func.kernel {
        for (sym, desc) in params.iter().zip(&kernel.params) {
            if let Some(sym) = sym {
                cx.homes[sym.0 as usize] = Home::KernelParam(desc.offset);
            }
        }
        return Ok(());
    }
    let mut values = cx.func.block(Function::ENTRY).params.clone().into_iter();
    for (sym, param) in returns.iter().zip(&function.returns) {
        let home = match passing(param) {
            Passing::Scalar(ty) => {
                let memory = sym.is_some_and(|s| in_memory[s.0 as usize]);
                scalar_home(cx, param, ty, memory)
            }
            Passing::Memory => match values.next() {
                Some(value) => Home::Pointer(value),
                None => return fail("fewer parameters than the signature"),
            },
        };
        cx.results.push(home);
        if let Some(sym) = sym {
            cx.homes[sym.0 as usize] = home;
        }
    }
    for (sym, param) in params.iter().zip(&function.params) {
        let Some(value) = values.next() else { return fail("fewer parameters than the signature") };
        let Some(sym) = *sym else { continue };
        let home = match passing(param) {
            Passing::Scalar(ty) => scalar_home(cx, param, ty, in_memory[sym.0 as usize]),
            Passing::Memory => Home::Pointer(value),
        };
        cx.homes[sym.0 as usize] = home;
        if home != Home::Pointer(value) {
            cx.store_home(home, value)?;
        }
    }
    Ok(())
}

fn scalar_home(cx: &mut Cx<'_>, param: &ptx::Param, ty: Type, memory: bool) -> Home {
    if param.space == ptx::Space::Reg {
        Home::Reg(cx.ssa.add_var(ir_type(param.ty)))
    } else if memory {
        Home::Slot(cx.func.add_slot(param.bytes(), param.align.max(1)))
    } else {
        Home::Scalar(cx.ssa.add_var(ty))
    }
}

/// By symbol: whether a scalar parameter must lie in memory, because it is used otherwise than by whole loads and stores
/// and as an argument.
fn parameters_in_memory(body: &Body) -> Vec<bool> {
    let mut memory = vec![false; body.symbols.len()];
    for inst in body.insts() {
        let is_access = matches!(inst.form.op, ptx::Op::Ld | ptx::Op::St);
        let is_call = inst.form.op == ptx::Op::Call;
        for operand in body.operands(inst) {
            match *operand {
                Operand::Addr { base: ptx::AddrBase::Sym(sym), offset } => {
                    let fits = symbol_bits(body, sym)
                        .is_none_or(|bits| inst.form.types.last().is_some_and(|ty| ty.bits() <= bits));
                    let whole = is_access && offset == 0 && inst.form.vector <= 1 && fits;
                    memory[sym.0 as usize] |= !whole;
                }
                Operand::Sym(sym, _) if !is_call => memory[sym.0 as usize] = true,
                _ => {}
            }
        }
    }
    memory
}

/// Width of a parameter that the body declares; unknown for the function's own, whose loads the checker bounds.
fn symbol_bits(body: &Body, sym: SymId) -> Option<u32> {
    match body.symbol(sym).kind {
        SymbolKind::Local(local) => Some(body.variables[local.0 as usize].ty.bits()),
        _ => None,
    }
}

/// A basic block of PTX: statements `start..end`.
struct PtxBlock {
    start: usize,
    end: usize,
    succs: SmallVec<[u32; 2]>,
    /// Edges into the block from reachable ones.
    preds: u32,
    block: Option<Block>,
}

/// The statement indices of labels that something jumps to, as block starts.
fn split(cx: &Cx<'_>) -> (Vec<PtxBlock>, Vec<u32>) {
    let body = cx.body;
    let mut starts = vec![false; body.stmts.len() + 1];
    let mut mark = |sym: SymId| {
        if let SymbolKind::Label(Some(stmt)) = body.symbol(sym).kind {
            starts[stmt as usize] = true;
        }
    };
    for inst in body.insts().filter(|inst| inst.form.op == ptx::Op::Bra) {
        if let [Operand::Sym(sym, _), ..] = body.operands(inst) {
            mark(*sym);
        }
    }
    for list in body.target_lists.iter().filter(|list| list.kind == TargetKind::Branch) {
        list.targets.iter().copied().for_each(&mut mark);
    }
    let mut blocks: Vec<PtxBlock> = Vec::new();
    let mut block_of = vec![0u32; body.stmts.len() + 1];
    let mut fresh = true;
    for (i, stmt) in body.stmts.iter().enumerate() {
        if fresh || starts[i] {
            blocks.push(PtxBlock { start: i, end: i, succs: SmallVec::new(), preds: 0, block: None });
            fresh = false;
        }
        let current = blocks.len() - 1;
        block_of[i] = current as u32;
        blocks[current].end = i + 1;
        if let Stmt::Inst(inst) = stmt {
            fresh = ends_block(inst.form.op);
        }
    }
    (blocks, block_of)
}

/// Whether control may leave in another way than to the next statement.
fn ends_block(op: ptx::Op) -> bool {
    use ptx::Op::{Bra, BrxIdx, Exit, Ret, Trap};
    matches!(op, Bra | BrxIdx | Exit | Ret | Trap)
}

fn link_blocks(cx: &Cx<'_>, blocks: &mut [PtxBlock], block_of: &[u32]) -> Lowered<()> {
    let count = blocks.len() as u32;
    for (i, block) in (0u32..).zip(blocks.iter_mut()) {
        let next = (i + 1 < count).then_some(i + 1);
        let Some(Stmt::Inst(last)) = cx.body.stmts.get(block.end.wrapping_sub(1)) else {
            block.succs.extend(next);
            continue;
        };
        let falls = !ends_block(last.form.op) || last.guard.is_some();
        for label in cx.branch_targets(last)? {
            match cx.body.symbol(label).kind {
                SymbolKind::Label(Some(stmt)) => block.succs.push(block_of[stmt as usize]),
                _ => return fail("a branch to what is no label"),
            }
        }
        if falls {
            block.succs.extend(next);
        }
    }
    Ok(())
}

/// Reachable blocks in reverse postorder, their edges counted.
fn reverse_postorder(blocks: &mut [PtxBlock]) -> Vec<u32> {
    let mut order = Vec::with_capacity(blocks.len());
    let mut seen = vec![false; blocks.len()];
    let mut stack: Vec<(u32, usize)> = Vec::new();
    if !blocks.is_empty() {
        seen[0] = true;
        stack.push((0, 0));
    }
    while let Some((block, next)) = stack.pop() {
        // Last successor first, so that the order follows the source where it can.
        let succs = &blocks[block as usize].succs;
        let Some(&succ) = succs.len().checked_sub(next + 1).and_then(|k| succs.get(k)) else {
            order.push(block);
            continue;
        };
        stack.push((block, next + 1));
        if !std::mem::replace(&mut seen[succ as usize], true) {
            stack.push((succ, 0));
        }
    }
    order.reverse();
    for &block in &order {
        for succ in blocks[block as usize].succs.clone() {
            blocks[succ as usize].preds += 1;
        }
    }
    order
}

fn walk(cx: &mut Cx<'_>) -> Lowered<()> {
    let (mut blocks, block_of) = split(cx);
    link_blocks(cx, &mut blocks, &block_of)?;
    let order = reverse_postorder(&mut blocks);
    if order.is_empty() {
        return cx.finish_thread(inst::Leave::Ret);
    }
    if blocks[0].preds == 0 {
        blocks[0].block = Some(Function::ENTRY);
    }
    let mut unlinked: Vec<bool> = vec![false; blocks.len()];
    for &i in &order {
        let block = &mut blocks[i as usize];
        if block.block.is_none() {
            block.block = Some(cx.func.add_block());
        }
        let Some(id) = block.block else { continue };
        if i == 0 && block.preds > 0 {
            // The function's first statement is a jump target: the entry stays outside of the loop.
            cx.ssa.set_link(id, Link::Merge);
        } else if i != 0 {
            cx.ssa.set_link(id, if block.preds > 1 { Link::Merge } else { Link::Entry });
            unlinked[i as usize] = block.preds == 1;
        }
    }
    if blocks[0].preds > 0
        && let Some(first) = blocks[0].block
    {
        cx.jump(first);
    }
    let mut labels: Vec<Option<Block>> = vec![None; cx.body.stmts.len() + 1];
    for (stmt, &block) in block_of.iter().enumerate().take(cx.body.stmts.len()) {
        if blocks[block as usize].start == stmt {
            labels[stmt] = blocks[block as usize].block;
        }
    }
    let locations = locations(cx.body);
    let has_locs = !cx.body.locs.is_empty();
    for &i in &order {
        let Some(id) = blocks[i as usize].block else { continue };
        if id != Function::ENTRY {
            cx.enter(id);
        } else {
            cx.block = id;
        }
        let next = blocks.get(i as usize + 1).and_then(|b| b.block);
        let mut open = true;
        let range = blocks[i as usize].start..blocks[i as usize].end;
        let body = cx.body;
        for (stmt, location) in body.stmts[range.clone()].iter().zip(&locations[range]) {
            let Stmt::Inst(instruction) = stmt else { continue };
            cx.loc = match *location {
                Some(loc) if has_locs => source_loc(cx.unit, &cx.body.locs[loc as usize]),
                _ => cx.unit.text_loc(instruction.span),
            };
            let done = if ends_block(instruction.form.op) {
                open = false;
                cx.close_region();
                cx.control(instruction, &labels, next)
            } else {
                cx.guarded_inst(instruction)
            };
            done.map_err(|mut fail| {
                fail.span.get_or_insert(instruction.span);
                fail.message = format!("{}: {}", instruction.form.text, fail.message);
                fail
            })?;
        }
        cx.close_region();
        if open {
            match next {
                Some(next) => cx.jump(next),
                None => cx.finish_thread(inst::Leave::Ret)?,
            }
        }
        // A block with one predecessor looks there for what it does not write.
        let end = cx.block;
        for succ in blocks[i as usize].succs.clone() {
            if std::mem::take(&mut unlinked[succ as usize])
                && let Some(succ) = blocks[succ as usize].block
            {
                cx.ssa.set_link(succ, Link::Under(end));
            }
        }
    }
    Ok(())
}

/// By statement: the `.loc` directive that holds there, in source order.
fn locations(body: &Body) -> Vec<Option<u32>> {
    let mut current = None;
    let each = body.stmts.iter().map(|stmt| {
        if let Stmt::Loc(loc) = stmt {
            current = Some(*loc);
        }
        current
    });
    each.collect()
}

fn source_loc(unit: &Unit, loc: &ptx::Loc) -> SrcLoc {
    SrcLoc { file: unit.files.get(&loc.file).copied().unwrap_or(0), line: loc.line, col: loc.column }
}

impl<'a> Cx<'a> {
    /// The PTX function being lowered.
    pub fn unit_function(&self) -> &'a ptx::Function {
        self.unit.module.function(self.source)
    }

    /// Lowers an instruction that does not end a block, under its guard.
    fn guarded_inst(&mut self, instruction: &ptx::Inst) -> Lowered<()> {
        let Some(guard) = instruction.guard else {
            self.close_region();
            return inst::lower(self, instruction);
        };
        let same = self.region.as_ref().is_some_and(|r| r.pred == guard.pred && r.negated == guard.negated);
        if same || !inst::is_speculable(&instruction.form) {
            self.open_region(guard.pred, guard.negated, |cx| cx.guard(guard))?;
            inst::lower(self, instruction)?;
            // A write to the guard itself ends its reach.
            let Home::Reg(var) = self.homes[guard.pred.0 as usize] else {
                return fail("a guard that is no register");
            };
            if self.region.as_ref().is_some_and(|r| r.written.contains(&var)) {
                self.close_region();
            }
            return Ok(());
        }
        self.close_region();
        let cond = self.guard(guard)?;
        self.guarded = Guarded::Select(cond);
        let result = inst::lower(self, instruction);
        self.guarded = Guarded::Never;
        result
    }

    /// The value of a guard.
    pub fn guard(&mut self, guard: ptx::Guard) -> Lowered<ir::Value> {
        let operand = if guard.negated { Operand::Not(guard.pred) } else { Operand::Reg(guard.pred) };
        self.read(&operand, ptx::ScalarType::Pred)
    }

    /// Ends the thread or returns from the function.
    pub fn finish_thread(&mut self, leave: inst::Leave) -> Lowered<()> {
        let term = match leave {
            inst::Leave::Exit => Terminator::Exit,
            inst::Leave::Trap => Terminator::Trap,
            inst::Leave::Ret => {
                let mut values = SmallVec::new();
                for (i, home) in self.results.clone().into_iter().enumerate() {
                    if !matches!(home, Home::Pointer(_)) {
                        let ty = passing(&self.unit_function().returns[i]);
                        let Passing::Scalar(ty) = ty else {
                            return fail("an aggregate result in a register");
                        };
                        values.push(self.load_home(home, ty)?);
                    }
                }
                Terminator::Ret(values)
            }
        };
        self.terminate(term);
        Ok(())
    }
}
