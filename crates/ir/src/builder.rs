//! Appends instructions to a block of a function.

use crate::function::Signature;
use crate::{
    Block, BlockCall, FpMode, FuncId, Function, GlobalId, Inst, IntCc, MemSem, Op, Slot, Space, SrcLoc, Sreg,
};
use crate::{Terminator, Type, Value};

/// A cursor at the end of a block. Every method appends there; `loc` is attached to what is appended.
pub struct Builder<'f> {
    pub func: &'f mut Function,
    pub block: Block,
    pub loc: SrcLoc,
}

impl<'f> Builder<'f> {
    pub fn new(func: &'f mut Function, block: Block) -> Builder<'f> {
        Builder { func, block, loc: SrcLoc::default() }
    }

    pub fn switch_to(&mut self, block: Block) {
        self.block = block;
    }

    pub fn new_block(&mut self) -> Block {
        self.func.add_block()
    }

    /// Appends any instruction that is not a call; returns its results.
    pub fn push(&mut self, inst: Inst, args: &[Value]) -> &[Value] {
        let types = Function::result_types(&inst);
        self.push_typed(inst, args, &types)
    }

    /// Appends an instruction whose result types the caller knows (calls).
    pub fn push_typed(&mut self, inst: Inst, args: &[Value], results: &[Type]) -> &[Value] {
        let id = self.func.add_inst(inst, args, results, self.loc);
        self.func.blocks[self.block.index()].insts.push(id);
        &self.func.insts[id.index()].results
    }

    pub fn iconst(&mut self, ty: Type, bits: u64) -> Value {
        self.push(Inst::Const { ty, bits: bits & ty.mask() }, &[])[0]
    }

    pub fn i32(&mut self, value: i32) -> Value {
        self.iconst(Type::I32, value as u32 as u64)
    }

    pub fn i64(&mut self, value: i64) -> Value {
        self.iconst(Type::I64, value as u64)
    }

    pub fn bool(&mut self, value: bool) -> Value {
        self.iconst(Type::I1, value as u64)
    }

    pub fn f32(&mut self, value: f32) -> Value {
        self.push(Inst::Const { ty: Type::F32, bits: value.to_bits() as u64 }, &[])[0]
    }

    pub fn f64(&mut self, value: f64) -> Value {
        self.push(Inst::Const { ty: Type::F64, bits: value.to_bits() }, &[])[0]
    }

    /// A pure op at type `ty`.
    pub fn op(&mut self, op: Op, ty: Type, args: &[Value]) -> Value {
        self.push(Inst::Pure { op, ty }, args)[0]
    }

    /// A binary op at the type of its first operand.
    pub fn bin(&mut self, op: Op, a: Value, b: Value) -> Value {
        let ty = self.func.ty(a);
        self.op(op, ty, &[a, b])
    }

    pub fn iadd(&mut self, a: Value, b: Value) -> Value {
        self.bin(Op::IAdd, a, b)
    }

    pub fn icmp(&mut self, cc: IntCc, a: Value, b: Value) -> Value {
        self.bin(Op::ICmp(cc), a, b)
    }

    pub fn fadd(&mut self, mode: FpMode, a: Value, b: Value) -> Value {
        self.bin(Op::FAdd(mode), a, b)
    }

    pub fn select(&mut self, cond: Value, a: Value, b: Value) -> Value {
        let ty = self.func.ty(a);
        self.op(Op::Select, ty, &[cond, a, b])
    }

    /// Same bits at type `ty`; nothing if the type is already that.
    pub fn bitcast(&mut self, ty: Type, a: Value) -> Value {
        let from = self.func.ty(a);
        if from == ty { a } else { self.op(Op::Bitcast(from), ty, &[a]) }
    }

    /// Zero-extends or truncates an integer to `ty`.
    pub fn zext_or_trunc(&mut self, ty: Type, a: Value) -> Value {
        let from = self.func.ty(a);
        match ty.bits().cmp(&from.bits()) {
            std::cmp::Ordering::Equal => a,
            std::cmp::Ordering::Greater => self.op(Op::ZExt(from), ty, &[a]),
            std::cmp::Ordering::Less => self.op(Op::Trunc(from), ty, &[a]),
        }
    }

    /// Sign-extends or truncates an integer to `ty`.
    pub fn sext_or_trunc(&mut self, ty: Type, a: Value) -> Value {
        let from = self.func.ty(a);
        match ty.bits().cmp(&from.bits()) {
            std::cmp::Ordering::Equal => a,
            std::cmp::Ordering::Greater => self.op(Op::SExt(from), ty, &[a]),
            std::cmp::Ordering::Less => self.op(Op::Trunc(from), ty, &[a]),
        }
    }

    pub fn sreg(&mut self, reg: Sreg) -> Value {
        self.push(Inst::Sreg(reg), &[])[0]
    }

    pub fn global_addr(&mut self, global: GlobalId, offset: i64) -> Value {
        self.push(Inst::GlobalAddr { global, offset }, &[])[0]
    }

    pub fn slot_addr(&mut self, slot: Slot) -> Value {
        self.push(Inst::SlotAddr(slot), &[])[0]
    }

    pub fn load(&mut self, space: Space, ty: Type, addr: Value) -> Value {
        self.push(Inst::Load { space, ty, count: 1, align: ty.bytes(), sem: MemSem::WEAK }, &[addr])[0]
    }

    pub fn store(&mut self, space: Space, addr: Value, value: Value) {
        let ty = self.func.ty(value);
        self.push(Inst::Store { space, ty, count: 1, align: ty.bytes(), sem: MemSem::WEAK }, &[addr, value]);
    }

    pub fn call(&mut self, callee: FuncId, sig: &Signature, args: &[Value]) -> &[Value] {
        self.push_typed(Inst::Call(callee), args, &sig.results)
    }

    /// Ends the block.
    pub fn terminate(&mut self, term: Terminator) {
        let loc = self.loc;
        let block = self.func.block_mut(self.block);
        block.term = term;
        block.term_loc = loc;
    }

    pub fn jump(&mut self, to: Block, args: &[Value]) {
        self.terminate(Terminator::Jump(BlockCall::with(to, args)));
    }

    pub fn branch(&mut self, cond: Value, then: BlockCall, els: BlockCall) {
        self.terminate(Terminator::Branch { cond, then, els });
    }

    pub fn ret(&mut self, values: &[Value]) {
        self.terminate(Terminator::Ret(values.into()));
    }
}
