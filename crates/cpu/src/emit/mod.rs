//! Emission of LLVM text for a kernel at a gang layout.
//!
//! Every IR value becomes, by its shape, one scalar for the gang, one scalar for each chunk (the base of an affine
//! value), or one vector for each chunk. Control flow follows [`analysis::Regions`]: uniform branches stay branches,
//! fragments run under masks. Values that cross blocks live in allocas, which LLVM turns back into registers.

mod adjacent;
mod adjacent_stores;
mod ahead;
mod alignment;
mod apart;
mod atomic;
mod barrier;
mod block;
mod calls;
mod control;
mod cut;
mod deferred;
mod dense;
mod directed;
mod dot;
mod edges;
mod fences;
mod formats;
mod fours;
mod frame;
mod function;
mod gather;
mod groups;
mod guess;
mod held;
mod in_place;
mod known;
mod lanes;
mod matches;
mod memory;
mod narrow;
mod outline;
mod outline_text;
mod parts;
mod patterned;
mod places;
mod predicate;
mod prefetch;
pub(crate) mod product;
mod product_columns;
mod product_direct;
mod product_lines;
mod product_quads;
mod pure;
mod pure_float;
mod pure_int;
mod redux;
mod resting;
mod rmw;
mod rolled;
mod root;
mod rows;
mod runs;
pub(crate) mod seldom;
mod settle;
mod setup;
mod shuffle;
mod streamed;
mod strided;
mod system;
mod table;
mod transpose;
mod turned;
mod turns;
mod values;
mod waits;
mod warp;
mod webs;
mod wide;
mod window;

pub use calls::parse_symbol;
pub use function::{Callee, KernelCode, emit_kernel};
pub(crate) use known::Known;

use crate::rows::Rows;
use analysis::shape::Deltas;
use analysis::{GangLayout, Uniformity};
use engine::layout::{FrameLayout, SharedLayout};
use ir::{Block, Function, Type, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Why a function is not emitted at this layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It cannot be; the caller tries one thread per gang, or reports it.
    Because(String),
    /// It would be longer than [`Unit::most`].
    Long,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refused::Because(why) => f.write_str(why),
            Refused::Long => f.write_str("so much code"),
        }
    }
}

/// What all functions of a kernel's code have in common.
pub struct Unit<'a> {
    pub layout: GangLayout,
    pub shared: &'a SharedLayout,
    pub target: &'a crate::llvm::Target,
    pub module: &'a ir::Module,
    /// Whether some barrier is not one for the whole block: then each says what it is.
    pub barriers_differ: bool,
    /// Whether gangs run on stacks of their own and wait in runtime calls; then nothing is cut at barriers.
    pub fibers: bool,
    /// Loops that blocks may run abreast.
    pub sweeps: &'a [crate::sweep::Sweep],
    /// Sums that are in registers before instructions of the kernel.
    pub fences: &'a crate::chains::Fences,
    /// Device functions that have code of their own.
    pub functions: BTreeSet<ir::FuncId>,
    pub outline: seldom::Outline,
    /// Whether blocks may have a dense version beside the masked one.
    pub dense: bool,
    /// Bytes of text that are too many.
    pub most: Option<usize>,
}

/// How a value is held in the block being emitted.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "plain data, and a place for each chunk is what most values need"
)]
pub(crate) enum Repr {
    /// One scalar for the gang.
    Scalar(String),
    /// One base for the gang: `base + deltas[chunk] + stride * lane`.
    Affine { base: String, stride: i64, deltas: Deltas },
    /// A base per chunk: `bases[chunk] + stride * lane`.
    Bases(Vec<String>, i64),
    /// A vector per chunk.
    Vectors(Vec<String>),
}

/// Allocas that hold a value across blocks.
#[derive(Clone, Debug)]
pub(crate) struct Storage {
    pub kind: StorageKind,
    pub pointers: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "plain data, and a place for each chunk is what most values need"
)]
pub(crate) enum StorageKind {
    Scalar,
    Affine { stride: i64, deltas: Deltas },
    Bases(i64),
    Vectors,
}

/// The lanes that run: all, or a mask per chunk.
#[derive(Clone, Debug)]
pub(crate) enum Exec {
    All,
    Masks(Vec<String>),
}

/// The state of emitting one LLVM function.
pub(crate) struct Emitter<'a> {
    pub unit: &'a Unit<'a>,
    pub func: &'a Function,
    pub uni: &'a Uniformity,
    pub frame: &'a FrameLayout,
    /// A kernel's slots that lie lane beside lane.
    pub rows: Option<&'a Rows>,
    /// Entry-block text: allocas first, then their initialisation.
    pub allocas: String,
    pub init: String,
    pub body: String,
    /// Declarations that the module needs.
    pub declares: BTreeSet<String>,
    pub next: u32,
    /// Label of the LLVM block being written.
    pub label: String,
    pub block: Block,
    pub exec: Exec,
    pub current: FxHashMap<Value, Repr>,
    pub vectors: FxHashMap<Value, Vec<String>>,
    pub storage: FxHashMap<Value, Storage>,
    pub blended: FxHashMap<Value, Vec<String>>,
    /// Values that lie in memory for shuffles, in the block being written.
    pub tables: FxHashMap<Value, String>,
    pub resting: resting::Resting,
    /// What matrix products have in common.
    pub products: product::Products,
    pub refused: Option<String>,
    pub checks: Option<&'a analysis::alignment::Checks>,
    /// Where a failed check of an alignment comes from.
    pub misaligned: Vec<(String, ir::SrcLoc)>,
    /// The only chunk that code is being written for, if it is written chunk by chunk: see [`window`].
    pub window: Option<window::Window>,
    /// The loop over chunks that is being written, and what such loops keep in memory.
    pub rolled: rolled::Rolled,
    /// Which version of the blocks is being written.
    pub version: dense::Version,
    /// Predicates of a dense block that are computed where its branch needs their masks.
    pub late: BTreeSet<ir::InstId>,
    /// Where lanes have been sent by the branch at which they leave dense code, in which none waited.
    pub leaving: Option<BTreeSet<analysis::region::FragmentId>>,
    /// Conversions that wrap for no lane: a dense block has looked.
    pub assumed: BTreeSet<Value>,
    /// Blocks that dense code leaves for an exact version of them.
    pub exact: BTreeSet<Block>,
    pub adjacent: adjacent::Adjacent,
    pub store_groups: adjacent_stores::Rows,
    pub parts: parts::Parts,
    /// Walks of the block being written that have their prefetch.
    pub walks: BTreeSet<Value>,
    /// Columns of a chunk that were loaded four words a lane, and what was loaded.
    pub whole_lanes: FxHashMap<Vec<String>, Vec<String>>,
    /// The same, by four lanes.
    pub whole_parts: FxHashMap<Vec<String>, Vec<String>>,
    pub groups: groups::Known,
    /// What is known of each thread, in a block that is one gang.
    pub known: Option<&'a known::Known<'a>>,
    /// Blocks that are written where their branch is.
    pub in_place: std::rc::Rc<predicate::Plan>,
    /// Shared variables that are held in registers, and where.
    pub held: Option<&'a held::Held>,
    pub held_cells: FxHashMap<webs::Variable, Vec<String>>,
    pub deferred: deferred::Deferred,
    /// Stores that may go past the caches.
    pub streams: Option<&'a streamed::Streams>,
    /// Where the next block reads.
    pub following: Option<&'a ahead::Next>,
    /// What has been prefetched for the next block: roots of addresses, and which row behind them.
    pub ahead: BTreeSet<(Value, i64)>,
    /// Loops behind whose turns the gang may stop, and the number of the region.
    turns: &'a [turns::Turn],
    pub region: u32,
    /// What says where in the grid or in a loop a thread is, and labels of the blocks that leave dense code where that
    /// seldom happens.
    pub places: Option<&'a seldom::Places>,
    pub seldom: BTreeSet<String>,
    /// Whether the kernel's code is this function alone, which is always entered at its start.
    pub whole: bool,
    /// A device function: its frame starts at `%sp`, and it returns values.
    pub is_function: bool,
}

/// LLVM's name of a scalar type. bf16 is held in i16: LLVM would widen and round it in its own ways.
pub(crate) fn scalar_type(ty: Type) -> &'static str {
    match ty {
        Type::I1 => "i1",
        Type::I8 => "i8",
        Type::I16 | Type::BF16 => "i16",
        Type::I32 => "i32",
        Type::I64 => "i64",
        Type::F16 => "half",
        Type::F32 => "float",
        Type::F64 => "double",
    }
}

impl<'a> Emitter<'a> {
    pub fn new(
        unit: &'a Unit<'a>,
        func: &'a Function,
        uni: &'a Uniformity,
        frame: &'a FrameLayout,
        declares: BTreeSet<String>,
    ) -> Emitter<'a> {
        Emitter {
            unit,
            func,
            uni,
            frame,
            rows: None,
            allocas: String::new(),
            init: String::new(),
            body: String::new(),
            declares,
            next: 0,
            label: String::new(),
            block: Function::ENTRY,
            exec: Exec::All,
            current: FxHashMap::default(),
            vectors: FxHashMap::default(),
            storage: FxHashMap::default(),
            blended: FxHashMap::default(),
            tables: FxHashMap::default(),
            resting: resting::Resting::default(),
            products: product::Products::default(),
            refused: None,
            checks: None,
            misaligned: Vec::new(),
            window: None,
            rolled: rolled::Rolled::default(),
            version: dense::Version::Masked,
            late: BTreeSet::new(),
            leaving: None,
            assumed: BTreeSet::new(),
            exact: BTreeSet::new(),
            adjacent: adjacent::Adjacent::default(),
            store_groups: adjacent_stores::Rows::default(),
            parts: parts::Parts::default(),
            walks: BTreeSet::new(),
            whole_lanes: FxHashMap::default(),
            whole_parts: FxHashMap::default(),
            groups: Default::default(),
            known: None,
            in_place: Default::default(),
            held: None,
            held_cells: FxHashMap::default(),
            deferred: deferred::Deferred::default(),
            streams: None,
            following: None,
            ahead: BTreeSet::new(),
            turns: &[],
            region: 0,
            places: None,
            seldom: BTreeSet::new(),
            whole: false,
            is_function: false,
        }
    }

    pub fn lanes(&self) -> u32 {
        self.unit.layout.lanes
    }

    /// Chunks that code is being written for.
    pub fn chunks(&self) -> usize {
        if self.window.is_some() { 1 } else { self.unit.layout.chunks as usize }
    }

    /// The bits of a value for each thread of the gang, if they are constants.
    pub fn known_value(&self, value: Value) -> Option<std::rc::Rc<Vec<u64>>> {
        if self.window.is_some() {
            return None;
        }
        self.known?.value(value)
    }

    /// A new SSA name.
    pub fn temp(&mut self) -> String {
        self.next += 1;
        format!("%t{}", self.next)
    }

    /// Writes `%tN = text` and returns the name.
    pub fn ins(&mut self, text: impl AsRef<str>) -> String {
        let name = self.temp();
        let _ = writeln!(self.body, "  {name} = {}", text.as_ref());
        name
    }

    /// Writes an instruction without a result.
    pub fn stmt(&mut self, text: impl AsRef<str>) {
        let _ = writeln!(self.body, "  {}", text.as_ref());
    }

    /// A new label, not yet placed.
    pub fn new_label(&mut self, hint: &str) -> String {
        self.next += 1;
        format!("{hint}.{}", self.next)
    }

    /// Starts an LLVM block.
    pub fn place(&mut self, label: &str) {
        let _ = writeln!(self.body, "{label}:");
        self.label = label.to_string();
    }

    pub fn jump(&mut self, label: &str) {
        self.stmt(format!("br label %{label}"));
    }

    /// `<16 x float>`
    pub fn vector_type(&self, ty: Type) -> String {
        format!("<{} x {}>", self.lanes(), scalar_type(ty))
    }

    /// Remembers a declaration.
    pub fn declare(&mut self, text: String) {
        self.declares.insert(text);
    }

    /// An alloca in the entry block.
    pub fn alloca(&mut self, ty: &str) -> String {
        self.next += 1;
        let name = format!("%a{}", self.next);
        let _ = writeln!(self.allocas, "  {name} = alloca {ty}, align 64");
        name
    }

    /// An alloca in the entry block that starts as zero: what was never written is never undefined.
    pub fn zeroed_alloca(&mut self, ty: &str) -> String {
        let name = self.alloca(ty);
        let _ = writeln!(self.init, "  store {ty} zeroinitializer, ptr {name}, align 64");
        name
    }

    /// Bytes in the entry block, a multiple of 64, that start as zero. Not one store: LLVM takes an array's apart into a
    /// store for each element.
    pub fn zeroed_bytes(&mut self, size: usize) -> String {
        let name = self.alloca(&format!("[{size} x i8]"));
        for at in (0..size).step_by(64) {
            let _ = writeln!(self.init, "  {name}.{at} = getelementptr i8, ptr {name}, i64 {at}");
            let _ = writeln!(self.init, "  store <16 x i32> zeroinitializer, ptr {name}.{at}, align 64");
        }
        name
    }

    pub fn refuse(&mut self, why: impl Into<String>) {
        self.refused.get_or_insert(why.into());
    }

    /// A field of the context that does not change while the CTA runs.
    pub fn context_field(&mut self, offset: usize, ty: &str) -> String {
        let p = self.ins(format!("getelementptr i8, ptr %ctx, i64 {offset}"));
        self.ins(format!("load {ty}, ptr {p}, align 4, !invariant.load !0"))
    }

    /// The address of a runtime call.
    pub fn runtime_call(&mut self, index: usize) -> String {
        let table = self.context_field(crate::abi::field::RUNTIME, "ptr");
        let slot = self.ins(format!("getelementptr ptr, ptr {table}, i64 {index}"));
        self.ins(format!("load ptr, ptr {slot}, align 8, !invariant.load !0"))
    }
}
