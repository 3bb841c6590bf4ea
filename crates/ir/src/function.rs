//! Functions: blocks with parameters, instructions with operands and results, terminators.

use crate::inst::SigId;
use crate::{Inst, KernelInfo, Op, Type};
use smallvec::SmallVec;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    };
}
pub(crate) use id;

id!(/// A basic block of a function.
    Block, "bb");
id!(/// An SSA value of a function.
    Value, "v");
id!(/// An instruction of a function.
    InstId, "i");
id!(/// A stack slot of a function.
    Slot, "slot");

/// Where an instruction came from: file index in the module's table (0: unknown), line, column.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct SrcLoc {
    pub file: u32,
    pub line: u32,
    pub col: u32,
}

/// A value's definition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ValueDef {
    Param(Block, u32),
    Result(InstId, u32),
}

#[derive(Clone, Debug)]
pub struct ValueData {
    pub ty: Type,
    pub def: ValueDef,
}

/// An instruction with operands and results.
#[derive(Clone, Debug)]
pub struct InstData {
    pub inst: Inst,
    pub args: SmallVec<[Value; 4]>,
    pub results: SmallVec<[Value; 2]>,
    pub loc: SrcLoc,
}

/// A branch target with the arguments for its parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlockCall {
    pub block: Block,
    pub args: SmallVec<[Value; 4]>,
}

impl BlockCall {
    pub fn new(block: Block) -> BlockCall {
        BlockCall { block, args: SmallVec::new() }
    }

    pub fn with(block: Block, args: &[Value]) -> BlockCall {
        BlockCall { block, args: SmallVec::from_slice(args) }
    }
}

/// How a block ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Terminator {
    Jump(BlockCall),
    Branch {
        cond: Value,
        then: BlockCall,
        els: BlockCall,
    },
    /// `index` (I32): target number, or the default when out of range.
    Switch {
        index: Value,
        targets: Vec<BlockCall>,
        default: BlockCall,
    },
    /// Returns from a device function with its results; ends the thread in a kernel.
    Ret(SmallVec<[Value; 2]>),
    /// Ends the thread, wherever it is.
    Exit,
    /// Ends the launch with an error.
    Trap,
    /// Never reached.
    Unreachable,
}

impl Terminator {
    /// Branch targets in order.
    pub fn successors(&self) -> impl Iterator<Item = &BlockCall> {
        let (list, extra): (SmallVec<[&BlockCall; 2]>, &[BlockCall]) = match self {
            Terminator::Jump(to) => (SmallVec::from_slice(&[to]), &[]),
            Terminator::Branch { then, els, .. } => (SmallVec::from_slice(&[then, els]), &[]),
            Terminator::Switch { targets, default, .. } => (SmallVec::from_slice(&[default]), targets),
            Terminator::Ret(_) | Terminator::Exit | Terminator::Trap | Terminator::Unreachable => {
                (SmallVec::new(), &[])
            }
        };
        list.into_iter().chain(extra)
    }

    /// Branch targets in order, to be changed.
    pub fn successors_mut(&mut self) -> impl Iterator<Item = &mut BlockCall> {
        let (list, extra): (SmallVec<[&mut BlockCall; 2]>, &mut [BlockCall]) = match self {
            Terminator::Jump(to) => {
                let mut list = SmallVec::new();
                list.push(to);
                (list, &mut [])
            }
            Terminator::Branch { then, els, .. } => {
                let mut list = SmallVec::new();
                list.push(then);
                list.push(els);
                (list, &mut [])
            }
            Terminator::Switch { targets, default, .. } => {
                let mut list = SmallVec::new();
                list.push(default);
                (list, targets)
            }
            Terminator::Ret(_) | Terminator::Exit | Terminator::Trap | Terminator::Unreachable => {
                (SmallVec::new(), &mut [])
            }
        };
        list.into_iter().chain(extra)
    }

    /// Calls `f` on every value that the terminator uses, block arguments included.
    pub fn for_each_use(&self, mut f: impl FnMut(Value)) {
        match self {
            Terminator::Branch { cond, .. } => f(*cond),
            Terminator::Switch { index, .. } => f(*index),
            Terminator::Ret(values) => values.iter().copied().for_each(&mut f),
            Terminator::Jump(_) | Terminator::Exit | Terminator::Trap | Terminator::Unreachable => {}
        }
        for call in self.successors() {
            call.args.iter().copied().for_each(&mut f);
        }
    }

    /// Replaces every value that the terminator uses.
    pub fn map_uses(&mut self, mut f: impl FnMut(Value) -> Value) {
        match self {
            Terminator::Branch { cond, .. } => *cond = f(*cond),
            Terminator::Switch { index, .. } => *index = f(*index),
            Terminator::Ret(values) => values.iter_mut().for_each(|v| *v = f(*v)),
            Terminator::Jump(_) | Terminator::Exit | Terminator::Trap | Terminator::Unreachable => {}
        }
        for call in self.successors_mut() {
            call.args.iter_mut().for_each(|v| *v = f(*v));
        }
    }
}

#[derive(Clone, Debug)]
pub struct BlockData {
    pub params: Vec<Value>,
    pub insts: Vec<InstId>,
    pub term: Terminator,
    /// Location of the terminator.
    pub term_loc: SrcLoc,
}

/// A stack slot: bytes of each thread's local memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SlotData {
    pub size: u64,
    pub align: u32,
}

/// A signature of a device function.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Signature {
    pub params: Vec<Type>,
    pub results: Vec<Type>,
}

/// A function body. Block 0 is the entry; a device function's parameters are the entry's, a kernel's entry has none
/// (it reads the `Param` space).
#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    pub sig: Signature,
    /// What a kernel says about its launches; `None` for device functions.
    pub kernel: Option<KernelInfo>,
    pub blocks: Vec<BlockData>,
    pub insts: Vec<InstData>,
    pub values: Vec<ValueData>,
    pub slots: Vec<SlotData>,
    /// Signatures of indirect calls.
    pub sigs: Vec<Signature>,
}

impl Function {
    pub const ENTRY: Block = Block(0);

    /// A function with an empty entry block whose parameters are the signature's.
    pub fn new(name: impl Into<String>, sig: Signature) -> Function {
        let mut func = Function {
            name: name.into(),
            sig,
            kernel: None,
            blocks: Vec::new(),
            insts: Vec::new(),
            values: Vec::new(),
            slots: Vec::new(),
            sigs: Vec::new(),
        };
        let entry = func.add_block();
        for ty in func.sig.params.clone() {
            func.add_block_param(entry, ty);
        }
        func
    }

    pub fn add_block(&mut self) -> Block {
        self.blocks.push(BlockData {
            params: Vec::new(),
            insts: Vec::new(),
            term: Terminator::Unreachable,
            term_loc: SrcLoc::default(),
        });
        Block(self.blocks.len() as u32 - 1)
    }

    pub fn add_block_param(&mut self, block: Block, ty: Type) -> Value {
        let index = self.blocks[block.index()].params.len() as u32;
        let value = self.add_value(ty, ValueDef::Param(block, index));
        self.blocks[block.index()].params.push(value);
        value
    }

    fn add_value(&mut self, ty: Type, def: ValueDef) -> Value {
        self.values.push(ValueData { ty, def });
        Value(self.values.len() as u32 - 1)
    }

    /// Adds an instruction without placing it in a block.
    pub fn add_inst(&mut self, inst: Inst, args: &[Value], result_types: &[Type], loc: SrcLoc) -> InstId {
        let id = InstId(self.insts.len() as u32);
        self.insts.push(InstData { inst, args: SmallVec::from_slice(args), results: SmallVec::new(), loc });
        for (i, &ty) in result_types.iter().enumerate() {
            let value = self.add_value(ty, ValueDef::Result(id, i as u32));
            self.insts[id.index()].results.push(value);
        }
        id
    }

    pub fn add_slot(&mut self, size: u64, align: u32) -> Slot {
        self.slots.push(SlotData { size, align });
        Slot(self.slots.len() as u32 - 1)
    }

    pub fn add_sig(&mut self, sig: Signature) -> SigId {
        if let Some(i) = self.sigs.iter().position(|s| *s == sig) {
            return SigId(i as u32);
        }
        self.sigs.push(sig);
        SigId(self.sigs.len() as u32 - 1)
    }

    pub fn block(&self, block: Block) -> &BlockData {
        &self.blocks[block.index()]
    }

    pub fn block_mut(&mut self, block: Block) -> &mut BlockData {
        &mut self.blocks[block.index()]
    }

    pub fn inst(&self, inst: InstId) -> &InstData {
        &self.insts[inst.index()]
    }

    pub fn inst_mut(&mut self, inst: InstId) -> &mut InstData {
        &mut self.insts[inst.index()]
    }

    pub fn ty(&self, value: Value) -> Type {
        self.values[value.index()].ty
    }

    pub fn def(&self, value: Value) -> ValueDef {
        self.values[value.index()].def
    }

    /// The instruction that defines `value`, if one does.
    pub fn def_inst(&self, value: Value) -> Option<&InstData> {
        match self.def(value) {
            ValueDef::Result(inst, _) => Some(self.inst(inst)),
            ValueDef::Param(..) => None,
        }
    }

    /// The bits of `value` if it is a constant.
    pub fn as_const(&self, value: Value) -> Option<u64> {
        match self.def_inst(value)?.inst {
            Inst::Const { bits, .. } => Some(bits),
            _ => None,
        }
    }

    /// What `sum` adds to `value`, if it is an integer addition to it: the step of a loop's counter.
    pub fn added_to(&self, value: Value, sum: Value) -> Option<Value> {
        let data = self.def_inst(sum)?;
        match (data.inst, data.args.as_slice()) {
            (Inst::Pure { op: Op::IAdd, .. }, &[a, b]) if (a == value) != (b == value) => {
                Some(if a == value { b } else { a })
            }
            _ => None,
        }
    }

    /// What a 64-bit address is a constant away from, and how far: additions of constants, as far back as `follows` says.
    pub fn root_of(&self, addr: Value, follows: impl Fn(Value) -> bool) -> (Value, i64) {
        let (mut root, mut offset) = (addr, 0i64);
        while let Some(data) = self.def_inst(root)
            && let Inst::Pure { op: Op::IAdd, ty: Type::I64 } = data.inst
            && follows(root)
            && let Some(by) = self.as_const(data.args[1])
        {
            root = data.args[0];
            offset = offset.wrapping_add(by as i64);
        }
        (root, offset)
    }

    pub fn block_ids(&self) -> impl Iterator<Item = Block> + use<> {
        (0..self.blocks.len() as u32).map(Block)
    }

    /// Result types of an instruction that is not a call: what the op table says.
    pub fn result_types(inst: &Inst) -> SmallVec<[Type; 2]> {
        use crate::{BarrierKind, MatchKind, SysCall, VoteKind};
        let list: &[Type] = match inst {
            Inst::Const { ty, .. } => &[*ty],
            Inst::Pure { op, ty } => &[op.result(*ty)],
            Inst::Sreg(reg) => &[reg.ty()],
            Inst::GlobalAddr { .. }
            | Inst::FuncAddr(_)
            | Inst::SlotAddr(_)
            | Inst::Alloca { .. }
            | Inst::ToGeneric(_)
            | Inst::FromGeneric(_) => &[Type::I64],
            Inst::IsSpace(_) | Inst::SameQuotient { .. } | Inst::Every => &[Type::I1],
            Inst::Load { ty, count, .. } => return SmallVec::from_elem(*ty, *count as usize),
            Inst::Store { .. } | Inst::Fence(_) | Inst::WarpSync => &[],
            Inst::Atomic { ty, .. } => &[*ty],
            Inst::Barrier { kind, .. } => match kind {
                BarrierKind::Sync | BarrierKind::Arrive => &[],
                BarrierKind::RedPopc => &[Type::I32],
                BarrierKind::RedAnd | BarrierKind::RedOr => &[Type::I1],
            },
            Inst::Shfl(_) | Inst::Elect => &[Type::I32, Type::I1],
            Inst::Vote(VoteKind::Ballot) => &[Type::I32],
            Inst::Vote(VoteKind::All | VoteKind::Any | VoteKind::Uni) => &[Type::I1],
            Inst::Match { kind: MatchKind::Any, .. } => &[Type::I32],
            Inst::Match { kind: MatchKind::All, .. } => &[Type::I32, Type::I1],
            Inst::Redux(_) | Inst::ActiveMask => &[Type::I32],
            Inst::Sys(SysCall::Vprintf) => &[Type::I32],
            Inst::Sys(SysCall::Malloc) => &[Type::I64],
            Inst::Sys(
                SysCall::Free
                | SysCall::AssertFail
                | SysCall::Nanosleep
                | SysCall::Breakpoint
                | SysCall::WaitBegins
                | SysCall::WaitGoesOn,
            ) => &[],
            Inst::Arrange { sums, .. } => sums.sixteen(),
            Inst::Product { product, .. } => return SmallVec::from_vec(product.signature().results),
            Inst::Call(_) | Inst::CallIndirect { .. } => panic!("a call's results come from its signature"),
        };
        SmallVec::from_slice(list)
    }
}
