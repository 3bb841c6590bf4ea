//! The state of lowering one function: the current block, the variables, the emission of instructions.
//! Invariant: only `terminate` ends a block, and it tells the SSA construction of every edge.

use crate::error::Lowered;
use crate::ssa::{Link, Ssa, Var};
use crate::unit::{Linked, Unit};
use ir::function::Signature;
use ir::{
    Block, BlockCall, Builder, FuncId, Function, Global, GlobalId, Inst, IntCc, Op, Slot, SrcLoc, Terminator,
    Type, Value,
};
use ptx::{Body, SymId};

/// Where the thing behind a body's symbol lives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Home {
    /// Not a storage: label, prototype, target list.
    None,
    /// A register: its first variable; elements of vector registers follow.
    Reg(Var),
    /// A scalar `.param` that is only loaded and stored whole: a variable of an integer type.
    Scalar(Var),
    /// A kernel parameter: bytes into the parameter buffer.
    KernelParam(u32),
    /// Memory of the thread.
    Slot(Slot),
    /// An aggregate parameter: the address in the local space that the caller passed.
    Pointer(Value),
    /// A variable of the module.
    Global(GlobalId),
    /// A function of the program.
    Func(FuncId),
    /// A function of the device runtime.
    Sys(ir::SysCall),
}

/// What a finished guard does to the writes of the instruction under it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Guarded {
    /// No guard, or the block is conditional.
    Never,
    /// The written value is chosen against the old one by this predicate.
    Select(Value),
}

/// A conditional block that is open for the instructions under one guard.
pub(crate) struct Region {
    pub pred: SymId,
    pub negated: bool,
    /// The block that branched.
    pub above: Block,
    pub join: Block,
    /// Variables written under the guard, in order of their first write.
    pub written: Vec<Var>,
}

/// One function being lowered.
pub(crate) struct Cx<'a> {
    pub linked: &'a Linked,
    pub unit: &'a Unit,
    /// The PTX function being lowered.
    pub source: ptx::FuncId,
    pub body: &'a Body,
    pub is_kernel: bool,
    pub func: Function,
    pub ssa: Ssa,
    /// By symbol.
    pub homes: Vec<Home>,
    /// The carry flag of `add.cc` and its family.
    pub carry: Var,
    pub block: Block,
    pub loc: SrcLoc,
    pub guarded: Guarded,
    pub region: Option<Region>,
    /// Where texture fetches leave their four words.
    pub texture_slot: Option<Slot>,
    /// Blocks in the order in which they are to appear.
    pub layout: Vec<Block>,
    /// Where a device function keeps its results until it returns.
    pub results: Vec<Home>,
}

impl<'a> Cx<'a> {
    /// A builder at the current block.
    pub fn b(&mut self) -> Builder<'_> {
        Builder { func: &mut self.func, block: self.block, loc: self.loc }
    }

    pub fn ty(&self, value: Value) -> Type {
        self.func.ty(value)
    }

    pub fn push(&mut self, inst: Inst, args: &[Value]) -> smallvec::SmallVec<[Value; 2]> {
        self.b().push(inst, args).into()
    }

    /// Appends an instruction with one result.
    pub fn push1(&mut self, inst: Inst, args: &[Value]) -> Value {
        self.b().push(inst, args)[0]
    }

    pub fn op(&mut self, op: Op, ty: Type, args: &[Value]) -> Value {
        self.b().op(op, ty, args)
    }

    /// An op at the type of its first operand.
    pub fn op_like(&mut self, op: Op, args: &[Value]) -> Value {
        let ty = self.ty(args[0]);
        self.b().op(op, ty, args)
    }

    pub fn bin(&mut self, op: Op, a: Value, b: Value) -> Value {
        self.b().bin(op, a, b)
    }

    pub fn iconst(&mut self, ty: Type, bits: u64) -> Value {
        self.b().iconst(ty, bits)
    }

    /// A constant of the same type as `like`.
    pub fn const_like(&mut self, like: Value, value: i64) -> Value {
        let ty = self.ty(like);
        self.iconst(ty, value as u64)
    }

    pub fn i32(&mut self, value: i32) -> Value {
        self.b().i32(value)
    }

    pub fn select(&mut self, cond: Value, a: Value, b: Value) -> Value {
        self.b().select(cond, a, b)
    }

    pub fn icmp(&mut self, cc: IntCc, a: Value, b: Value) -> Value {
        self.b().icmp(cc, a, b)
    }

    pub fn not(&mut self, a: Value) -> Value {
        self.op_like(Op::Not, &[a])
    }

    pub fn bitcast(&mut self, ty: Type, a: Value) -> Value {
        self.b().bitcast(ty, a)
    }

    pub fn zext(&mut self, ty: Type, a: Value) -> Value {
        self.b().zext_or_trunc(ty, a)
    }

    pub fn sext(&mut self, ty: Type, a: Value) -> Value {
        self.b().sext_or_trunc(ty, a)
    }

    /// Sign- or zero-extends (or truncates) an integer.
    pub fn extend(&mut self, signed: Signed, ty: Type, a: Value) -> Value {
        match signed {
            Signed::Yes => self.sext(ty, a),
            Signed::No => self.zext(ty, a),
        }
    }

    /// `a + bytes`, nothing when that is `a`.
    pub fn add_imm(&mut self, a: Value, bytes: i64) -> Value {
        if bytes == 0 {
            return a;
        }
        let offset = self.const_like(a, bytes);
        self.bin(Op::IAdd, a, offset)
    }

    /// A shift by a constant amount.
    pub fn shift(&mut self, op: Op, a: Value, amount: i32) -> Value {
        let amount = self.i32(amount);
        self.op_like(op, &[a, amount])
    }

    pub fn read_var(&mut self, var: Var) -> Value {
        self.ssa.read(&mut self.func, self.block, var)
    }

    /// Writes a variable, under the guard if there is one.
    pub fn write_var(&mut self, var: Var, value: Value) {
        let value = match self.guarded {
            Guarded::Never => value,
            Guarded::Select(pred) => {
                let old = self.read_var(var);
                self.select(pred, value, old)
            }
        };
        if let Some(region) = &mut self.region {
            region.written.push(var);
        }
        self.ssa.write(self.block, var, value);
    }

    /// Calls a function of the program.
    pub fn call(&mut self, callee: FuncId, args: &[Value]) -> smallvec::SmallVec<[Value; 2]> {
        let sig: &Signature = &self.linked.module.func(callee).sig;
        self.b().call(callee, sig, args).into()
    }

    /// Calls a function `name` of the math library on one-register operands; operands and result pass as bits.
    pub fn math(&mut self, name: &str, result: Type, args: &[Value]) -> Lowered<Value> {
        let Some(&callee) = self.linked.intrinsics.get(name) else {
            return crate::error::fail(format!("the math library has no {name}"));
        };
        let bits: Vec<Value> = args.iter().map(|a| self.bits(*a)).collect();
        let sig = &self.linked.module.func(callee).sig;
        let params: Vec<Type> = bits.iter().map(|v| self.ty(*v)).collect();
        if sig.params != params || sig.results != [result.to_int()] {
            return crate::error::fail(format!("{name} of the math library has another signature"));
        }
        let out = self.call(callee, &bits)[0];
        Ok(self.bitcast(result, out))
    }

    /// The value as an integer of its width.
    pub fn bits(&mut self, a: Value) -> Value {
        let ty = self.ty(a).to_int();
        self.bitcast(ty, a)
    }

    pub fn global(&self, id: GlobalId) -> &'a Global {
        self.linked.module.global(id)
    }

    /// A new block whose only predecessor is the current block, or which that dominates.
    pub fn new_under(&mut self) -> Block {
        let block = self.func.add_block();
        let link = Link::Under(self.block);
        self.ssa.set_link(block, link);
        block
    }

    /// Makes `block` current; it appears here.
    pub fn enter(&mut self, block: Block) {
        self.layout.push(block);
        self.block = block;
    }

    /// Ends the current block.
    pub fn terminate(&mut self, term: Terminator) {
        for call in term.successors() {
            self.ssa.add_edge(self.block, call.block);
        }
        self.b().terminate(term);
    }

    pub fn jump(&mut self, to: Block) {
        self.terminate(Terminator::Jump(BlockCall::new(to)));
    }

    pub fn branch(&mut self, cond: Value, then: Block, els: Block) {
        self.terminate(Terminator::Branch { cond, then: BlockCall::new(then), els: BlockCall::new(els) });
    }

    /// Runs `then` only where `cond` holds; its values join with `otherwise`.
    pub fn when(
        &mut self,
        cond: Value,
        otherwise: &[Value],
        then: impl FnOnce(&mut Self) -> Lowered<Vec<Value>>,
    ) -> Lowered<Vec<Value>> {
        let above = self.block;
        let inside = self.new_under();
        let join = self.new_under();
        self.branch(cond, inside, join);
        self.enter(inside);
        let values = then(self)?;
        self.terminate(Terminator::Jump(BlockCall::with(join, &values)));
        if let Terminator::Branch { els, .. } = &mut self.func.block_mut(above).term {
            els.args.extend_from_slice(otherwise);
        }
        self.enter(join);
        let types: Vec<Type> = otherwise.iter().map(|v| self.ty(*v)).collect();
        Ok(types.into_iter().map(|ty| self.func.add_block_param(join, ty)).collect())
    }

    /// Opens a conditional block for instructions under a guard, or goes on in the open one.
    pub fn open_region(
        &mut self,
        pred: SymId,
        negated: bool,
        cond: impl FnOnce(&mut Self) -> Lowered<Value>,
    ) -> Lowered<()> {
        if let Some(region) = &self.region {
            if region.pred == pred && region.negated == negated {
                return Ok(());
            }
            self.close_region();
        }
        let cond = cond(self)?;
        let above = self.block;
        let inside = self.new_under();
        let join = self.new_under();
        self.branch(cond, inside, join);
        self.enter(inside);
        self.region = Some(Region { pred, negated, above, join, written: Vec::new() });
        Ok(())
    }

    /// Ends the open conditional block, if any: variables written under the guard merge with their old values.
    pub fn close_region(&mut self) {
        let Some(mut region) = self.region.take() else { return };
        let mut seen = rustc_hash::FxHashSet::default();
        region.written.retain(|var| seen.insert(*var));
        let end = self.block;
        let mut old = Vec::with_capacity(region.written.len());
        let mut new = Vec::with_capacity(region.written.len());
        for &var in &region.written {
            old.push(self.ssa.read(&mut self.func, region.above, var));
            new.push(self.ssa.read(&mut self.func, end, var));
        }
        self.b().terminate(Terminator::Jump(BlockCall::with(region.join, &new)));
        if let Terminator::Branch { els, .. } = &mut self.func.block_mut(region.above).term {
            els.args.extend_from_slice(&old);
        }
        self.enter(region.join);
        for &var in &region.written {
            let ty = self.ssa.ty(var);
            let value = self.func.add_block_param(region.join, ty);
            self.ssa.write(region.join, var, value);
        }
    }
}

/// Whether an integer is taken as signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Signed {
    Yes,
    No,
}

impl Signed {
    pub fn of(ty: ptx::ScalarType) -> Signed {
        if ty.is_signed() { Signed::Yes } else { Signed::No }
    }
}
