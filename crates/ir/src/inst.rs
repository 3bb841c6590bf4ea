//! Instructions: pure ops, and everything that reads or writes memory, synchronises, or calls.

use crate::ops::Sign;
use crate::product::{Accumulator, Layout, Product};
use crate::{FuncId, GlobalId, Op, Slot, Space, Sreg, Type};

/// Memory ordering of an access (PTX ISA chapter 8).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum MemOrder {
    Weak,
    /// Also a suspend point of waiting loops.
    Volatile,
    Relaxed,
    Acquire,
    Release,
    AcqRel,
    SeqCst,
}

/// Scope of an ordering (PTX ISA 8.5).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Scope {
    Cta,
    Cluster,
    Gpu,
    Sys,
}

/// Ordering and scope together.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct MemSem {
    pub order: MemOrder,
    pub scope: Scope,
}

impl MemSem {
    pub const WEAK: MemSem = MemSem { order: MemOrder::Weak, scope: Scope::Cta };
}

/// Read-modify-write operations (PTX ISA 9.7.13 atom). Integer unless named otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum AtomOp {
    Add,
    And,
    Or,
    Xor,
    Exch,
    MinS,
    MinU,
    MaxS,
    MaxU,
    /// `old >= b ? 0 : old + 1`
    Inc,
    /// `old == 0 || old > b ? b : old - 1`
    Dec,
    /// Operands address, compare, value.
    Cas,
    /// Round to nearest even. F16, BF16, F32, F64.
    FAdd,
    FMin,
    FMax,
    /// On I32: two halves of the given format, each added on its own.
    FAddF16x2,
    FAddBf16x2,
    FMinF16x2,
    FMinBf16x2,
    FMaxF16x2,
    FMaxBf16x2,
}

impl AtomOp {
    /// The op at `ty` as a function of two numbers whose order and grouping do not matter, with its neutral element;
    /// `None` for those that are not one.
    pub fn reduction(self, ty: Type) -> Option<(Op, u64)> {
        let top = 1u64 << (ty.bits() - 1);
        match self {
            AtomOp::Add => Some((Op::IAdd, 0)),
            AtomOp::And => Some((Op::And, ty.mask())),
            AtomOp::Or => Some((Op::Or, 0)),
            AtomOp::Xor => Some((Op::Xor, 0)),
            AtomOp::MinS => Some((Op::MinS, top - 1)),
            AtomOp::MinU => Some((Op::MinU, ty.mask())),
            AtomOp::MaxS => Some((Op::MaxS, top)),
            AtomOp::MaxU => Some((Op::MaxU, 0)),
            AtomOp::Exch
            | AtomOp::Inc
            | AtomOp::Dec
            | AtomOp::Cas
            | AtomOp::FAdd
            | AtomOp::FMin
            | AtomOp::FMax
            | AtomOp::FAddF16x2
            | AtomOp::FAddBf16x2
            | AtomOp::FMinF16x2
            | AtomOp::FMinBf16x2
            | AtomOp::FMaxF16x2
            | AtomOp::FMaxBf16x2 => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum ShflMode {
    Up,
    Down,
    Bfly,
    Idx,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum VoteKind {
    All,
    Any,
    Uni,
    Ballot,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum MatchKind {
    Any,
    /// Two results: the mask and whether all agree.
    All,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum ReduxOp {
    Add,
    MinS,
    MinU,
    MaxS,
    MaxU,
    And,
    Or,
    Xor,
}

/// Forms of the CTA barrier (PTX ISA 9.7.13 bar).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum BarrierKind {
    Sync,
    Arrive,
    RedPopc,
    RedAnd,
    RedOr,
}

/// Calls into the runtime.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum SysCall {
    /// Operands format: generic address, arguments: generic address. Result I32.
    Vprintf,
    /// Operand size: I64. Result: generic address or 0.
    Malloc,
    /// Operand: generic address.
    Free,
    /// Operands message, file: generic addresses, line: I32, function: generic address, char size: I64. Does not return.
    AssertFail,
    /// Operand I32: nanoseconds. A hint that others may run.
    Nanosleep,
    /// A breakpoint; nothing without a debugger.
    Breakpoint,
    /// The thread begins to wait for what another one writes. Marks for engines that suspend threads, which put them
    /// into loops themselves; nothing by itself.
    WaitBegins,
    /// It has looked and waits on.
    WaitGoesOn,
}

/// An instruction without its operands, which are in [`crate::InstData::args`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Inst {
    /// `bits` in the low bits, zero above the width.
    Const {
        ty: Type,
        bits: u64,
    },
    Pure {
        op: Op,
        ty: Type,
    },
    Sreg(Sreg),
    /// Address of a module variable in its own space, plus bytes.
    GlobalAddr {
        global: GlobalId,
        offset: i64,
    },
    /// An opaque value that [`Inst::CallIndirect`] takes.
    FuncAddr(FuncId),
    /// Address of a stack slot, in the local space.
    SlotAddr(Slot),
    /// Operand I64: size in bytes. A block of local memory that lives until the function returns.
    Alloca {
        align: u32,
    },
    /// Address in `space` to generic address (PTX `cvta`).
    ToGeneric(Space),
    /// Generic address to address in `space` (PTX `cvta.to`).
    FromGeneric(Space),
    /// Operand: generic address. Result I1.
    IsSpace(Space),
    /// Operand: address. `count` results of type `ty` from consecutive elements.
    Load {
        space: Space,
        ty: Type,
        count: u8,
        align: u32,
        sem: MemSem,
    },
    /// Operands: address, then `count` values of type `ty`.
    Store {
        space: Space,
        ty: Type,
        count: u8,
        align: u32,
        sem: MemSem,
    },
    /// Operands: address, value (compare and value for `Cas`). Result: the old value, type `ty`.
    Atomic {
        space: Space,
        op: AtomOp,
        ty: Type,
        sem: MemSem,
    },
    Fence(MemSem),
    /// Operands: barrier number I32; thread count I32 if `counted`; predicate I1 for the reductions.
    /// Results: none for sync and arrive, I32 for popc, I1 for and, or. `aligned` promises that the warp is converged.
    Barrier {
        kind: BarrierKind,
        counted: bool,
        aligned: bool,
    },
    /// Operand: member mask I32. Also orders memory among the members.
    WarpSync,
    /// Operands: value I32, b I32, c I32, member mask I32. Results: I32 and whether the source lane was in range, I1.
    Shfl(ShflMode),
    /// Operands: predicate I1, member mask I32. Result I1, or I32 for the ballot.
    Vote(VoteKind),
    /// Operands: value (I32 or I64), member mask I32. Results: I32, and I1 for `All`.
    Match {
        kind: MatchKind,
        ty: Type,
    },
    /// Operands: value I32, member mask I32. Result I32.
    Redux(ReduxOp),
    /// Operands: a number and a divisor, of type `ty`. Result I1: whether the threads that an engine runs side by side share
    /// the quotient of what is positive. A hint: engines may differ, and what depends on it must not show.
    SameQuotient {
        ty: Type,
        sign: Sign,
    },
    /// Operand: predicate I1. Result I1: whether it holds for all threads that an engine runs side by side, of which this is
    /// one. A hint: where it holds for this one, engines may differ, and what depends on that must not show.
    Every,
    /// Result I32: the lanes that execute this together.
    ActiveMask,
    /// Operand: member mask I32. Results: the elected lane I32, whether it is this one I1.
    Elect,
    /// Registers of A, B and C, to those of D, which the lanes of a warp exchange. `body`: a function that does it, and
    /// does nothing else.
    Product {
        product: Product,
        body: FuncId,
    },
    /// Operands: sums of a warp, 16 x 16, as [`crate::product::Product`] orders its registers, in the other layout than this
    /// one, to which the lanes exchange them. Engines add it where they change a product's layout.
    Arrange {
        to: Layout,
        sums: Accumulator,
    },
    /// Direct call. Operands and results as the callee's signature says.
    Call(FuncId),
    /// Operand 0: an address from [`Inst::FuncAddr`]; then the arguments. Results: `ret` types in the function's table.
    CallIndirect {
        sig: SigId,
    },
    Sys(SysCall),
}

/// A signature of an indirect call: index into [`crate::Function::sigs`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct SigId(pub u32);

impl Inst {
    /// Whether the threads of a CTA or warp do this together, so that control flow must not be changed around it.
    pub const fn is_convergent(&self) -> bool {
        matches!(
            self,
            Inst::Barrier { .. }
                | Inst::WarpSync
                | Inst::Shfl(_)
                | Inst::Vote(_)
                | Inst::Match { .. }
                | Inst::Redux(_)
                | Inst::ActiveMask
                | Inst::Elect
                | Inst::Product { .. }
                | Inst::Arrange { .. }
                | Inst::Call(_)
                | Inst::CallIndirect { .. }
        )
    }

    /// Whether the instruction can be removed when its results are unused, and moved freely.
    pub const fn is_pure(&self) -> bool {
        match self {
            Inst::Const { .. }
            | Inst::Pure { .. }
            | Inst::GlobalAddr { .. }
            | Inst::FuncAddr(_)
            | Inst::SlotAddr(_)
            | Inst::ToGeneric(_)
            | Inst::FromGeneric(_)
            | Inst::IsSpace(_) => true,
            Inst::Sreg(reg) => !matches!(reg.scope(), crate::sreg::SregScope::Clock),
            _ => false,
        }
    }

    /// Whether the instruction may be removed when its results are unused (it may still not be moved across stores).
    pub const fn is_removable(&self) -> bool {
        match self {
            Inst::Load { sem, .. } => matches!(sem.order, MemOrder::Weak),
            Inst::Sreg(_)
            | Inst::Alloca { .. }
            | Inst::SameQuotient { .. }
            | Inst::Arrange { .. }
            | Inst::Every => true,
            _ => self.is_pure(),
        }
    }
}
