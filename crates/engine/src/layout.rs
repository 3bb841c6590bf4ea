//! Layouts that both engines share: which functions and variables a kernel reaches, where its shared variables lie in
//! the CTA's window, and where a function's slots lie in its frame.
//!
//! How to use it: call [`reach`] once when a kernel is compiled. It lowers the bodies. [`SharedLayout::of`] places the
//! shared variables that were reached; `GlobalAddr` of a shared variable is [`SharedLayout::offset`] plus the
//! instruction's offset, and a CTA's window has [`SharedLayout::total`] bytes for a launch. [`FrameLayout::of`] places
//! a function's slots relative to its frame's base, which must be aligned to [`FrameLayout::align`]. [`resources`] is
//! what [`crate::Engine::resources`] returns. Everything is in the order of discovery: the same program gives the same
//! layout in every engine and process.

use crate::{CompileError, Program, Resources};
use ir::function::SlotData;
use ir::{FuncId, FuncKind, Function, GlobalId, Inst, RelocTarget, Space};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a kernel can reach through calls, function addresses and initialisers.
pub struct Reach {
    /// Bodies in order of discovery, the kernel first. `Err`: a possible target of an indirect call (and of no direct
    /// one) whose body cannot be had: calling it is a fault.
    pub funcs: Vec<(FuncId, Result<Arc<Function>, CompileError>)>,
    /// Variables in order of discovery.
    pub globals: Vec<GlobalId>,
    /// Whether an indirect call is among the instructions. Then every device function of the module with a signature
    /// that such a call uses is in `funcs`: its address may have come through memory from another kernel.
    pub indirect: bool,
    /// Whether the call graph has a cycle, or an indirect call may close one.
    pub recursive: bool,
    /// Bytes of the deepest chain of frames; for recursive kernels every function counted once.
    pub local_bytes: u64,
}

impl Reach {
    /// The body of a reached function.
    pub fn body(&self, id: FuncId) -> Option<&Arc<Function>> {
        self.funcs.iter().find(|(f, _)| *f == id).and_then(|(_, body)| body.as_ref().ok())
    }
}

/// Finds all that `kernel` reaches. Errors: a body of the direct call graph that cannot be lowered.
pub fn reach(program: &dyn Program, kernel: FuncId) -> Result<Reach, CompileError> {
    let module = program.module();
    let mut found = Found::default();
    found.func(kernel, Needed::Yes);
    let mut sigs = BTreeSet::new();
    let mut edges: BTreeMap<FuncId, Vec<FuncId>> = BTreeMap::new();
    let mut funcs = Vec::new();
    let mut indirect = false;
    loop {
        while let Some((id, needed)) = found.next() {
            let body = match (program.body(id), needed) {
                (Err(error), Needed::Yes) => return Err(error),
                (body, _) => body,
            };
            if let Ok(body) = &body {
                scan(body, &mut found, &mut sigs, edges.entry(id).or_default());
            }
            funcs.push((id, body));
            for i in found.unscanned.drain(..).collect::<Vec<_>>() {
                for reloc in &module.global(i).relocs {
                    match reloc.target {
                        RelocTarget::Global(g) | RelocTarget::GenericGlobal(g) => found.global(g),
                        RelocTarget::Func(f) => found.func(f, Needed::No),
                    }
                }
            }
        }
        if sigs.is_empty() || indirect {
            break;
        }
        indirect = true;
        for id in module.func_ids() {
            let entry = module.func(id);
            if entry.kind == FuncKind::Device && sigs.contains(&sig_key(&entry.sig)) {
                found.func(id, Needed::No);
            }
        }
    }
    let depth = depth(kernel, &funcs, &edges);
    Ok(Reach {
        globals: found.globals,
        indirect,
        recursive: indirect || depth.is_none(),
        local_bytes: match (depth, indirect) {
            (Some(bytes), false) => bytes,
            _ => funcs.iter().filter_map(|(_, b)| b.as_ref().ok()).map(|b| FrameLayout::of(b).size).sum(),
        },
        funcs,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Needed {
    Yes,
    /// Only as a possible target of an indirect call.
    No,
}

/// Work list over functions and variables.
#[derive(Default)]
struct Found {
    queue: std::collections::VecDeque<(FuncId, Needed)>,
    seen: BTreeSet<FuncId>,
    globals: Vec<GlobalId>,
    unscanned: Vec<GlobalId>,
}

impl Found {
    fn func(&mut self, id: FuncId, needed: Needed) {
        if self.seen.insert(id) {
            self.queue.push_back((id, needed));
        } else if needed == Needed::Yes {
            self.queue.iter_mut().filter(|(f, _)| *f == id).for_each(|(_, n)| *n = Needed::Yes);
        }
    }

    fn global(&mut self, id: GlobalId) {
        if !self.globals.contains(&id) {
            self.globals.push(id);
            self.unscanned.push(id);
        }
    }

    fn next(&mut self) -> Option<(FuncId, Needed)> {
        self.queue.pop_front()
    }
}

fn sig_key(sig: &ir::function::Signature) -> (Vec<ir::Type>, Vec<ir::Type>) {
    (sig.params.clone(), sig.results.clone())
}

fn scan(
    body: &Function,
    found: &mut Found,
    sigs: &mut BTreeSet<(Vec<ir::Type>, Vec<ir::Type>)>,
    calls: &mut Vec<FuncId>,
) {
    for &inst in body.blocks.iter().flat_map(|b| &b.insts) {
        match body.inst(inst).inst {
            Inst::Product { body: callee, .. } | Inst::Call(callee) => {
                found.func(callee, Needed::Yes);
                calls.push(callee);
            }
            Inst::FuncAddr(func) => found.func(func, Needed::No),
            Inst::GlobalAddr { global, .. } => found.global(global),
            Inst::CallIndirect { sig } => {
                sigs.insert(sig_key(&body.sigs[sig.0 as usize]));
            }
            _ => {}
        }
    }
}

/// Bytes of the deepest chain of frames by direct calls; `None`: the graph has a cycle.
fn depth(
    kernel: FuncId,
    funcs: &[(FuncId, Result<Arc<Function>, CompileError>)],
    edges: &BTreeMap<FuncId, Vec<FuncId>>,
) -> Option<u64> {
    let frames: BTreeMap<FuncId, u64> =
        funcs.iter().filter_map(|(id, b)| Some((*id, FrameLayout::of(b.as_ref().ok()?).size))).collect();
    // Depth-first with an explicit stack: `open` holds the path, `done` the finished depths.
    let mut done: BTreeMap<FuncId, u64> = BTreeMap::new();
    let mut path: Vec<(FuncId, usize)> = vec![(kernel, 0)];
    while let Some((id, next)) = path.last_mut() {
        let callees = edges.get(id).map_or(&[][..], |list| list);
        if let Some(&callee) = callees.get(*next) {
            *next += 1;
            if path.iter().any(|(open, _)| *open == callee) {
                return None;
            }
            if !done.contains_key(&callee) {
                path.push((callee, 0));
            }
            continue;
        }
        let deepest = callees.iter().filter_map(|c| done.get(c)).max().copied().unwrap_or(0);
        let id = *id;
        done.insert(id, frames.get(&id).copied().unwrap_or(0) + deepest);
        path.pop();
    }
    done.get(&kernel).copied()
}

/// Bytes of the widest access (`.v4.b32`, `.v2.b64`).
const WIDEST: u64 = 16;

/// Where the shared variables of a kernel lie.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SharedLayout {
    offsets: BTreeMap<GlobalId, u64>,
    /// Bytes of static variables.
    pub static_bytes: u64,
    /// Where dynamic shared memory begins.
    pub dynamic_base: u64,
    /// Alignment that the window's base must have.
    pub align: u64,
}

impl SharedLayout {
    /// Places the shared variables among `reach.globals`: static ones in order of discovery, dynamic ones all at the
    /// first suitably aligned offset behind them (16 bytes, or more where a declaration asks for it).
    pub fn of(program: &dyn Program, reach: &Reach) -> SharedLayout {
        let module = program.module();
        let mut layout = SharedLayout { align: 128, ..SharedLayout::default() };
        let mut dynamic_align = 16;
        for &id in &reach.globals {
            let global = module.global(id);
            if global.space != Space::Shared {
                continue;
            }
            let align = u64::from(global.align.max(1));
            layout.align = layout.align.max(align);
            if global.dynamic_shared {
                dynamic_align = dynamic_align.max(align);
            } else {
                let offset = layout.static_bytes.next_multiple_of(align);
                layout.offsets.insert(id, offset);
                layout.static_bytes = offset + global.size;
            }
        }
        layout.dynamic_base = layout.static_bytes.next_multiple_of(dynamic_align);
        for &id in &reach.globals {
            let global = module.global(id);
            if global.space == Space::Shared && global.dynamic_shared {
                layout.offsets.insert(id, layout.dynamic_base);
            }
        }
        layout
    }

    /// Offset of a shared variable in the window; `None` for one that the kernel does not reach.
    pub fn offset(&self, global: GlobalId) -> Option<u64> {
        self.offsets.get(&global).copied()
    }

    /// Bytes of the window of a launch: what lies beyond is an illegal address. Chips give shared memory in larger
    /// units than bytes, and programs read a few bytes by words: the widest access that touches the last byte is legal.
    pub fn total(&self, dynamic_shared: u32) -> u64 {
        let bytes = match dynamic_shared {
            0 => self.static_bytes,
            _ => self.dynamic_base + u64::from(dynamic_shared),
        };
        bytes.next_multiple_of(WIDEST)
    }
}

/// Where a function's slots lie in its frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FrameLayout {
    /// By slot.
    pub offsets: Vec<u64>,
    /// A multiple of `align`.
    pub size: u64,
    /// Alignment of the frame's base, 16 or more.
    pub align: u64,
}

impl FrameLayout {
    pub fn of(func: &Function) -> FrameLayout {
        FrameLayout::of_slots(&func.slots)
    }

    pub fn of_slots(slots: &[SlotData]) -> FrameLayout {
        let mut layout = FrameLayout { offsets: Vec::new(), size: 0, align: 16 };
        for slot in slots {
            let align = u64::from(slot.align.max(1));
            let offset = layout.size.next_multiple_of(align);
            layout.offsets.push(offset);
            layout.size = offset + slot.size;
            layout.align = layout.align.max(align);
        }
        layout.size = layout.size.next_multiple_of(layout.align);
        layout
    }
}

/// What a kernel needs, for any engine.
pub fn resources(program: &dyn Program, kernel: FuncId, reach: &Reach) -> Resources {
    let module = program.module();
    let shared = SharedLayout::of(program, reach);
    let info = module.func(kernel).kernel.clone().unwrap_or_default();
    let constants = module.globals.iter().filter(|g| g.space == Space::Const).map(|g| g.size).sum::<u64>();
    let values = reach.body(kernel).map_or(0, |f| f.values.len());
    // No compiler of ours allocates registers: a figure that grows with the kernel and lets 1024 threads in.
    let registers = (16 + values as u32 / 8).clamp(16, 64).min(info.max_registers.unwrap_or(64).max(16));
    let bound = info.required_threads.or(info.max_threads);
    Resources {
        static_shared: shared.static_bytes as u32,
        local_bytes: reach.local_bytes as u32,
        const_bytes: constants as u32,
        registers,
        max_threads: bound.map_or(1024, |[x, y, z]| x.saturating_mul(y).saturating_mul(z).min(1024)),
        param_bytes: info.param_bytes,
    }
}
