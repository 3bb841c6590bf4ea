//! The SIMT intermediate representation.
//!
//! A [`Function`] describes what *one thread* does, in SSA form with block arguments. Operations that threads do
//! together (barriers, shuffles, votes) are marked convergent in the op table. Engines decide how many threads run as
//! lanes of a vector. Never mentions PTX syntax or LLVM.
#![forbid(unsafe_code)]

pub mod builder;
pub mod eval;
pub mod function;
pub mod inst;
pub mod module;
pub mod ops;
mod ops_all;
pub mod product;
pub mod sreg;
pub mod text;
pub mod types;
pub mod verify;

pub use builder::Builder;
pub use function::{
    Block, BlockCall, BlockData, Function, InstData, InstId, Slot, SlotData, SrcLoc, Terminator, Value,
    ValueDef,
};
pub use inst::{
    AtomOp, BarrierKind, Inst, MatchKind, MemOrder, MemSem, ReduxOp, Scope, ShflMode, SysCall, VoteKind,
};
pub use module::{
    FuncId, FuncKind, Global, GlobalId, GridSize, KernelInfo, Linkage, Module, ParamDesc, Reloc, RelocTarget,
};
pub use ops::{FloatCc, FpMode, IntCc, Op, Rounding};
pub use sreg::Sreg;
pub use types::{Space, Type};
pub use verify::{VerifyError, verify};
