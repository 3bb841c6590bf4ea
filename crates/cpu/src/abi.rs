//! The binary interface between generated code and the engine: one context structure, one table of runtime calls.
//!
//! Generated code finds fields by the byte offsets below, so they are checked against the Rust layout at compile time.

use std::cell::Cell;
use std::mem::offset_of;

/// What a CTA's code reads. One per running CTA.
#[repr(C)]
pub struct CtaContext {
    pub ctaid: [u32; 3],
    pub smid: u32,
    pub grid: [u32; 3],
    pub nsmid: u32,
    pub params: *const u8,
    /// The CTA's shared window.
    pub shared: *mut u8,
    /// Local memory of thread 0; thread `t` has its window at `t * local_bytes`.
    pub local: *mut u8,
    pub globals: *const u64,
    pub func_base: u64,
    pub grid_id: u64,
    pub dynamic_shared: u32,
    pub total_shared: u32,
    pub runtime: *const Runtime,
    /// `&crate::run::Env`, for runtime calls.
    pub env: *const std::ffi::c_void,
    /// Device functions by function number, for indirect calls; one row more than there are.
    pub functions: *const FunctionRow,
    pub function_count: u64,
    /// Bytes of each thread's stack.
    pub stack_limit: u64,
    /// A request per gang, if the kernel has barriers other than those of the whole block.
    pub requests: *mut BarrierRequest,
    pub param_bytes: u64,
    /// Not zero: large results are written past the caches.
    pub streams: u64,
    /// Counts bytes of results that may be written so.
    pub stored: Cell<u64>,
    /// Turns of loops that blocks run abreast after which the gang stops: see [`turn`].
    pub turns: Cell<i64>,
    /// Code that seldom runs, by region; null until it is there: see [`crate::masked`].
    pub masked: *const std::sync::atomic::AtomicPtr<std::ffi::c_void>,
}

/// What a gang says when it stops at a barrier, and the outcome that it reads when it goes on.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct BarrierRequest {
    /// 0: wait, 1: arrive only.
    pub kind: u32,
    /// Barrier number.
    pub id: u32,
    /// Threads that the barrier waits for; 0: all that have not exited.
    pub count: u32,
    /// Threads that hold the predicate; afterwards: of all that took part.
    pub yes: u32,
    /// Threads of this gang; afterwards: all that took part.
    pub all: u32,
}

/// Code of a device function and the hash of its signature; zero where there is none.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct FunctionRow {
    pub code: usize,
    pub signature: u64,
}

/// Byte offsets of [`CtaContext`]'s fields.
pub mod field {
    pub const CTAID: usize = 0;
    pub const SMID: usize = 12;
    pub const GRID: usize = 16;
    pub const NSMID: usize = 28;
    pub const PARAMS: usize = 32;
    pub const SHARED: usize = 40;
    pub const LOCAL: usize = 48;
    pub const GLOBALS: usize = 56;
    pub const FUNC_BASE: usize = 64;
    pub const GRID_ID: usize = 72;
    pub const DYNAMIC_SHARED: usize = 80;
    pub const TOTAL_SHARED: usize = 84;
    pub const RUNTIME: usize = 88;
    pub const FUNCTIONS: usize = 104;
    pub const FUNCTION_COUNT: usize = 112;
    pub const STACK_LIMIT: usize = 120;
    pub const REQUESTS: usize = 128;
    pub const PARAM_BYTES: usize = 136;
    pub const STREAMS: usize = 144;
    pub const STORED: usize = 152;
    pub const TURNS: usize = 160;
    pub const MASKED: usize = 168;
}

const _: () = {
    assert!(offset_of!(CtaContext, ctaid) == field::CTAID);
    assert!(offset_of!(CtaContext, smid) == field::SMID);
    assert!(offset_of!(CtaContext, grid) == field::GRID);
    assert!(offset_of!(CtaContext, nsmid) == field::NSMID);
    assert!(offset_of!(CtaContext, params) == field::PARAMS);
    assert!(offset_of!(CtaContext, shared) == field::SHARED);
    assert!(offset_of!(CtaContext, local) == field::LOCAL);
    assert!(offset_of!(CtaContext, globals) == field::GLOBALS);
    assert!(offset_of!(CtaContext, func_base) == field::FUNC_BASE);
    assert!(offset_of!(CtaContext, grid_id) == field::GRID_ID);
    assert!(offset_of!(CtaContext, dynamic_shared) == field::DYNAMIC_SHARED);
    assert!(offset_of!(CtaContext, total_shared) == field::TOTAL_SHARED);
    assert!(offset_of!(CtaContext, runtime) == field::RUNTIME);
    assert!(offset_of!(CtaContext, functions) == field::FUNCTIONS);
    assert!(offset_of!(CtaContext, function_count) == field::FUNCTION_COUNT);
    assert!(offset_of!(CtaContext, stack_limit) == field::STACK_LIMIT);
    assert!(offset_of!(CtaContext, requests) == field::REQUESTS);
    assert!(offset_of!(CtaContext, param_bytes) == field::PARAM_BYTES);
    assert!(offset_of!(CtaContext, streams) == field::STREAMS);
    assert!(offset_of!(CtaContext, stored) == field::STORED);
    assert!(offset_of!(CtaContext, turns) == field::TURNS);
    assert!(offset_of!(CtaContext, masked) == field::MASKED);
    assert!(size_of::<BarrierRequest>() == request::BYTES);
    assert!(offset_of!(BarrierRequest, id) == request::ID);
    assert!(offset_of!(BarrierRequest, count) == request::COUNT);
    assert!(offset_of!(BarrierRequest, yes) == request::YES);
    assert!(offset_of!(BarrierRequest, all) == request::ALL);
};

/// Byte offsets of [`BarrierRequest`]'s fields.
pub mod request {
    pub const BYTES: usize = 20;
    pub const ID: usize = 4;
    pub const COUNT: usize = 8;
    pub const YES: usize = 12;
    pub const ALL: usize = 16;
}

/// Runtime calls, in the order of [`call`]. All take the context first.
#[repr(C)]
pub struct Runtime {
    /// `eval(ctx, index, lanes, operands, out)`: op number `index` of [`crate::fallback::table`] on `lanes` lanes;
    /// `operands` holds all lanes of the first operand, then of the second, …
    pub eval: extern "C" fn(*const CtaContext, u32, u32, *const u64, *mut u64),
    /// `vprintf(ctx, format, args) -> count`
    pub vprintf: extern "C-unwind" fn(*const CtaContext, u64, u64) -> i32,
    pub malloc: extern "C-unwind" fn(*const CtaContext, u64) -> u64,
    pub free: extern "C-unwind" fn(*const CtaContext, u64),
    /// `assert_fail(ctx, message, file, line, function, thread)`: does not return.
    pub assert_fail: extern "C-unwind" fn(*const CtaContext, u64, u64, u32, u64, u32),
    /// `fault(ctx, kind, thread, file, line)`: kind as in [`fault_code`], thread all ones if not known. Does not
    /// return.
    pub fault: extern "C-unwind" fn(*const CtaContext, u32, u32, u32, u32),
    /// Nanoseconds of `%globaltimer`.
    pub timer: extern "C" fn(*const CtaContext) -> u64,
    pub nanosleep: extern "C" fn(*const CtaContext, u32),
    /// `red32(ctx, op, lanes, addresses, values)`: see [`crate::red`], also for what `lanes` says besides.
    pub red32: extern "C-unwind" fn(*const CtaContext, u32, u32, *const u64, *const u32),
    pub red64: extern "C-unwind" fn(*const CtaContext, u32, u32, *const u64, *const u64),
    /// `barrier(ctx, gang, place, number, kind, count, lanes, predicates) -> result`, with fibers: kind as in
    /// [`wait_code::KINDS`], count 0 for all threads, a bit for each lane. A place is a file and a line of 32 bits each.
    pub barrier: extern "C-unwind" fn(*const CtaContext, u32, u64, u32, u32, u32, u64, u64) -> u32,
    /// `meet(ctx, thread, place, op, mask, values)`, with fibers and a thread a gang: a warp operation by its number in
    /// `WarpOp::ALL`, or above them, a number for each place, `activemask`. `values` holds three operands, then two
    /// results.
    pub meet: extern "C-unwind" fn(*const CtaContext, u32, u64, u32, u32, *mut u64),
    /// `poll(ctx, gang, place, kind)`: the gang begins to wait for memory, or goes on doing so.
    pub poll: extern "C-unwind" fn(*const CtaContext, u32, u64, u32),
    /// `masked(ctx, region) -> code`: finds what seldom runs of a region, which may compile it.
    pub masked: extern "C-unwind" fn(*const CtaContext, u32) -> *const std::ffi::c_void,
}

/// Indices into [`Runtime`].
pub mod call {
    pub const EVAL: usize = 0;
    pub const VPRINTF: usize = 1;
    pub const MALLOC: usize = 2;
    pub const FREE: usize = 3;
    pub const ASSERT_FAIL: usize = 4;
    pub const FAULT: usize = 5;
    pub const TIMER: usize = 6;
    pub const NANOSLEEP: usize = 7;
    pub const RED32: usize = 8;
    pub const RED64: usize = 9;
    pub const BARRIER: usize = 10;
    pub const MEET: usize = 11;
    pub const POLL: usize = 12;
    pub const MASKED: usize = 13;
}

/// Numbers that runtime calls about waiting take.
pub mod wait_code {
    use ir::BarrierKind;

    pub const BEGIN: u32 = 0;
    pub const GOES_ON: u32 = 1;
    pub const KINDS: [BarrierKind; 5] = [
        BarrierKind::Sync,
        BarrierKind::Arrive,
        BarrierKind::RedPopc,
        BarrierKind::RedAnd,
        BarrierKind::RedOr,
    ];
}

/// Kinds of faults that generated code raises itself.
pub mod fault_code {
    pub const TRAP: u32 = 0;
    pub const INVALID_PC: u32 = 1;
    pub const STACK_OVERFLOW: u32 = 2;
    pub const UNREACHABLE: u32 = 3;
    pub const MISALIGNED: u32 = 4;
}

/// A gang that stopped behind a turn of a loop: the loop's number and 1 above the region's number, in what the region
/// returns and, above the gang's number, in what it is called with to go on.
pub mod turn {
    pub const SHIFT: u32 = 16;

    pub const fn mark(number: u32) -> u32 {
        (number + 1) << SHIFT
    }

    /// Whether the outcome of a region, other than [`super::DONE`], is that its gang stopped behind a turn.
    pub const fn is_marked(outcome: u32) -> bool {
        outcome >> SHIFT != 0
    }

    pub const fn region(outcome: u32) -> u32 {
        outcome & ((1 << SHIFT) - 1)
    }

    /// What a region is called with to go on from an outcome.
    pub const fn gang(outcome: u32, gang: u32) -> u32 {
        outcome >> SHIFT << SHIFT | gang
    }
}

/// What code that seldom runs returns if its region goes on, plus the number of the place; else what the region returns.
pub mod masked {
    pub const GOES_ON: u32 = 1 << 30;
}

/// What a region returns: the number of the region that the gang goes on with, or this.
pub const DONE: u32 = u32::MAX;
