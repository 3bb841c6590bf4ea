//! Runs compiled kernels: CTA contexts, frames, local and shared memory of a worker, and the runtime calls.

use crate::abi::{BarrierRequest, CtaContext, DONE, FunctionRow, Runtime, fault_code};
use crate::abreast::Seat;
use crate::cta::{self, FiberCta};
use crate::diagnose::Again;
use crate::fault;
use crate::masked::{self, Masked};
use crate::object::Loaded;
use crate::order::Walk;
use crate::processor::Region;
use crate::streaming::Stored;
use analysis::GangLayout;
use engine::layout::SharedLayout;
use engine::{CtaRange, Fault, FaultKind, Kernel, Launch, Resources, Step, SuspendedCta};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A kernel compiled for a block shape.
pub struct CpuKernel(pub Arc<Code>);

/// The code of a kernel for a block shape and what runs it.
pub struct Code {
    pub name: String,
    pub layout: GangLayout,
    /// None if the kernel does nothing.
    pub regions: Vec<Region>,
    pub frame_bytes: u32,
    /// Bytes of rows of a block, behind the windows.
    pub row_bytes: u32,
    /// Whether gangs say what barrier they stop at.
    pub barriers_differ: bool,
    /// Whether gangs run on stacks of their own (see [`crate::cta`]).
    pub fibers: bool,
    /// See [`crate::order::panel`].
    pub panel: u32,
    /// See [`crate::across`].
    pub across: bool,
    /// How many blocks of a row of the grid are one to the code; those run across each other, too, and `CtaContext::grid` says
    /// which of them is the last (see [`opt::joined`]).
    pub joined: u32,
    /// What its blocks write.
    pub stored: Stored,
    /// Bytes of memory that a block goes over in a turn of a loop that blocks run abreast; 0: there is none.
    pub share: u32,
    /// Bytes of the largest stack frame; 0 if none is large.
    pub large_frame: u32,
    /// For indirect calls; the last row is empty.
    pub functions: Vec<FunctionRow>,
    pub shared: SharedLayout,
    pub resources: Resources,
    /// Source files of the module, for fault reports.
    pub files: Vec<String>,
    /// Whether code calls functions that are not inlined.
    pub makes_calls: bool,
    /// Finds the places of faults.
    pub again: Option<Again>,
    /// What seldom runs.
    pub masked: Option<Masked>,
    /// Keeps the code mapped.
    pub _code: Arc<Loaded>,
}

/// What runtime calls need besides the context.
pub struct Env<'a, 'b> {
    pub launch: &'a Launch<'b>,
    pub code: &'a Code,
    /// Null without fibers.
    pub cta: *mut FiberCta,
}

static RUNTIME: Runtime = Runtime {
    eval: crate::fallback::eval,
    vprintf,
    malloc,
    free,
    assert_fail,
    fault: raise,
    timer,
    nanosleep,
    red32: crate::red::red32,
    red64: crate::red::red64,
    barrier: cta::barrier,
    meet: cta::meet,
    poll: cta::poll,
    masked: masked::find,
};

/// Memory that a worker keeps from launch to launch.
#[derive(Default)]
pub struct Scratch {
    shared: Window,
    local: Window,
    pub frames: Window,
    pub params: Vec<Line>,
    /// For CTAs abreast.
    pub seats: Vec<Seat>,
    /// The region at which each gang stands.
    states: Vec<u32>,
}

/// A cache line: parameters lie aligned, as generic addresses of them need it.
#[repr(align(64))]
#[derive(Clone, Copy)]
pub struct Line([u8; 64]);

/// Parameters as lines.
pub fn lines(bytes: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    fill(&mut lines, bytes);
    lines
}

fn fill(lines: &mut Vec<Line>, bytes: &[u8]) {
    lines.clear();
    lines.extend(bytes.chunks(64).map(|part| {
        let mut line = Line([0; 64]);
        line.0[..part.len()].copy_from_slice(part);
        line
    }));
}

/// A mapping with guard pages around it. The page behind it can be read: lanes that are switched off may lie there, and
/// a processor takes a hundred cycles for a load that has to leave such a lane out (a store stays a fault).
#[derive(Default)]
pub struct Window {
    base: usize,
    /// Usable bytes.
    size: usize,
}

/// Unmapped bytes on either side: an access that runs off the window faults.
const GUARD: usize = 64 << 20;
const PAGE: usize = 4096;

impl Window {
    /// The address of `bytes` usable bytes, aligned to `align`, that end where the window does.
    pub fn reserve(&mut self, bytes: usize, align: usize) -> Result<*mut u8, Fault> {
        let need = bytes.next_multiple_of(align).max(1);
        if need > self.size {
            self.release();
            let size = need.next_multiple_of(PAGE).max(64 << 10);
            // SAFETY: a fresh reservation, of which the middle is made usable.
            unsafe {
                let at = libc::mmap(
                    std::ptr::null_mut(),
                    size + 2 * GUARD,
                    libc::PROT_NONE,
                    libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                    -1,
                    0,
                );
                if at == libc::MAP_FAILED {
                    return Err(Fault::new(
                        FaultKind::Internal,
                        format!("no memory for {size} bytes of a block"),
                    ));
                }
                let middle = at.cast::<u8>().add(GUARD);
                if libc::mprotect(middle.cast(), size, libc::PROT_READ | libc::PROT_WRITE) != 0 {
                    libc::munmap(at, size + 2 * GUARD);
                    return Err(Fault::new(
                        FaultKind::Internal,
                        format!("no memory for {size} bytes of a block"),
                    ));
                }
                let behind = middle.add(size);
                if libc::mprotect(behind.cast(), PAGE, libc::PROT_READ) == 0 {
                    // Only a page that was read is there.
                    behind.read_volatile();
                }
                self.base = middle as usize;
                self.size = size;
            }
        }
        Ok((self.base + self.size - need) as *mut u8)
    }

    /// The first usable byte.
    pub fn start(&self) -> *mut u8 {
        self.base as *mut u8
    }

    fn release(&mut self) {
        if self.size == 0 {
            return;
        }
        // SAFETY: mapped by `reserve` with these sizes.
        unsafe {
            libc::munmap((self.base - GUARD) as *mut libc::c_void, self.size + 2 * GUARD);
        }
        self.size = 0;
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.release();
    }
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Kernel for CpuKernel {
    fn resources(&self) -> Resources {
        self.0.resources
    }

    fn in_order(&self) -> bool {
        self.0.fibers
    }

    fn run(
        &self,
        launch: &Launch<'_>,
        range: CtaRange,
        suspended: &mut dyn FnMut(Box<dyn SuspendedCta>),
    ) -> Result<(), Fault> {
        if self.0.regions.is_empty() {
            return Ok(());
        }
        if self.0.fibers {
            return run_fibers(&self.0, launch, range, suspended);
        }
        // Static objects and exit handlers launch kernels after the main thread's own values are gone.
        let ran = SCRATCH.try_with(|scratch| {
            let mut scratch = scratch.try_borrow_mut().ok()?;
            Some(self.0.run_range(launch, range, &mut scratch))
        });
        match ran {
            Ok(Some(result)) => result,
            Ok(None) | Err(_) => self.0.run_range(launch, range, &mut Scratch::default()),
        }
    }
}

impl Scratch {
    /// Takes over a launch's parameters.
    pub fn fill_params(&mut self, bytes: &[u8]) {
        fill(&mut self.params, bytes);
    }
}

impl Code {
    fn run_range(&self, launch: &Launch<'_>, range: CtaRange, scratch: &mut Scratch) -> Result<(), Fault> {
        match self.share {
            0 => self.run_ctas(launch, range, scratch),
            _ => self.run_abreast(launch, range, scratch),
        }
    }

    fn run_ctas(&self, launch: &Launch<'_>, range: CtaRange, scratch: &mut Scratch) -> Result<(), Fault> {
        let total = self.shared.total(launch.dynamic_shared) as usize;
        let shared = scratch.shared.reserve(total, (self.shared.align as usize).max(64))?;
        let local = scratch.local.reserve(self.local_bytes(), 64)?;
        let gangs = self.layout.gangs();
        let frames = scratch.frames.reserve(gangs as usize * self.frame_bytes as usize, 64)?;
        scratch.fill_params(launch.params);
        let env = Env { launch, code: self, cta: std::ptr::null_mut() };
        let params = scratch.params.as_ptr().cast();
        let mut context = context_for(self, launch, shared, local, params, range.worker);
        context.env = (&raw const env).cast();
        let mut requests =
            vec![BarrierRequest::default(); if self.barriers_differ { gangs as usize } else { 0 }];
        context.requests = requests.as_mut_ptr();
        context.streams = self.stored.streams(launch.grid).into();
        let mut cta = range.first;
        let end = range.first + range.count;
        let states = &mut scratch.states;
        states.clear();
        states.resize(gangs as usize, 0);
        let (mut walk, place) = Walk::at(launch.grid, self.panel, cta);
        context.ctaid = place;
        // Blocks that run across each other have one shared memory.
        let across = self.joined > 1 || self.across && gangs > 1 && total == 0;
        let result = fault::guard(&mut || {
            while cta < end && !launch.cancelled.load(Ordering::Relaxed) {
                if across {
                    cta += self.run_across(&mut context, &mut walk, end - cta, frames);
                    continue;
                }
                self.run_cta(&context, gangs, frames, states);
                cta += 1;
                walk.step(&mut context.ctaid);
            }
        });
        self.stored.learn(&context, range.count);
        // Faults count the blocks row by row.
        result.map_err(|fault| self.complete(launch, walk.number(context.ctaid), range.worker, fault))
    }

    /// A fault of a CTA with all that can be found out about it.
    pub fn complete(&self, launch: &Launch<'_>, cta: u64, worker: u32, mut fault: Fault) -> Fault {
        if fault.kernel.is_empty() {
            fault.kernel = self.name.clone();
        }
        let cta = *fault.cta.get_or_insert(cta);
        let Some(again) = &self.again else { return fault };
        // It may have been any of the blocks that are one.
        let columns = u64::from(launch.grid[0]);
        let last = (cta + u64::from(self.joined)).min((cta / columns + 1) * columns);
        for cta in cta..last {
            fault = again.complete(launch, cta, worker, fault);
            if fault.thread.is_some() {
                break;
            }
        }
        fault
    }

    /// Bytes of a CTA's local memory and rows.
    pub fn local_bytes(&self) -> usize {
        crate::rows::Rows::offset(&self.layout) as usize + self.row_bytes as usize
    }

    /// Runs a CTA whose gangs stop behind no turn.
    #[inline]
    pub fn run_cta(&self, context: &CtaContext, gangs: u32, frames: *mut u8, states: &mut [u32]) {
        let step = self.frame_bytes as usize;
        if self.regions.len() == 1 {
            for gang in 0..gangs {
                // SAFETY: the region was compiled for this context's layout; the frame is the gang's own.
                unsafe { self.regions[0].call(context, gang, frames.add(gang as usize * step)) };
            }
            return;
        }
        states.fill(0);
        if self.barriers_differ {
            self.run_with_barriers(context, gangs, frames, states);
            return;
        }
        loop {
            let mut running = false;
            for gang in 0..gangs {
                let state = states[gang as usize];
                if state == DONE {
                    continue;
                }
                // SAFETY: as above; generated code returns a region's number or DONE.
                let next = unsafe {
                    self.regions[state as usize].call(context, gang, frames.add(gang as usize * step))
                };
                states[gang as usize] = next;
                running |= next != DONE;
            }
            if !running {
                return;
            }
        }
    }
}

/// The context of a CTA, all but its place in the grid, its requests and its environment.
pub fn context_for(
    code: &Code,
    launch: &Launch<'_>,
    shared: *mut u8,
    local: *mut u8,
    params: *const u8,
    worker: u32,
) -> CtaContext {
    CtaContext {
        ctaid: [0; 3],
        smid: worker,
        grid: launch.grid,
        nsmid: launch.sm_count,
        params,
        shared,
        local,
        globals: launch.globals.as_ptr(),
        func_base: launch.func_base,
        grid_id: launch.grid_id,
        dynamic_shared: launch.dynamic_shared,
        total_shared: code.shared.total(launch.dynamic_shared) as u32,
        runtime: &raw const RUNTIME,
        env: std::ptr::null(),
        functions: code.functions.as_ptr(),
        function_count: code.functions.len() as u64 - 1,
        // At least what `cudaLimitStackSize` asks for; no kernel fails for want of a limit that nobody set.
        stack_limit: code.layout.local_bytes as u64,
        requests: std::ptr::null_mut(),
        param_bytes: launch.params.len() as u64,
        streams: 0,
        stored: Cell::new(0),
        turns: Cell::new(i64::MAX),
        masked: code.masked.as_ref().map_or(std::ptr::null(), Masked::table),
    }
}

/// Runs CTAs that may wait for each other. Those that wait are asked again, the oldest first, before a new one starts.
fn run_fibers(
    code: &Arc<Code>,
    launch: &Launch<'_>,
    range: CtaRange,
    suspended: &mut dyn FnMut(Box<dyn SuspendedCta>),
) -> Result<(), Fault> {
    let mut waiting: VecDeque<Box<FiberCta>> = VecDeque::new();
    for index in range.first..range.first + range.count {
        if launch.cancelled.load(Ordering::Relaxed) {
            break;
        }
        while let Some(oldest) = waiting.front_mut() {
            match oldest.advance(launch)? {
                Step::Done => waiting.pop_front(),
                Step::Progress | Step::Waiting => break,
            };
        }
        let mut cta = FiberCta::new(code, launch, index, range.worker)?;
        match cta.advance(launch)? {
            Step::Done => {}
            Step::Progress | Step::Waiting => waiting.push_back(cta),
        }
    }
    waiting.into_iter().for_each(|cta| suspended(cta));
    Ok(())
}

pub fn env<'a>(context: *const CtaContext) -> &'a Env<'a, 'a> {
    // SAFETY: `env` was set from a live `Env` by the `run` that is on this thread's stack.
    unsafe { &*(*context).env.cast::<Env<'a, 'a>>() }
}

fn ctaid(context: *const CtaContext) -> [u32; 3] {
    // SAFETY: the context is live while its code runs.
    unsafe { (*context).ctaid }
}

extern "C-unwind" fn vprintf(context: *const CtaContext, format: u64, args: u64) -> i32 {
    match env(context).launch.host.vprintf(format, args) {
        Ok(n) => n,
        Err(f) => fault::throw(f),
    }
}

extern "C-unwind" fn malloc(context: *const CtaContext, size: u64) -> u64 {
    env(context).launch.host.malloc(size)
}

extern "C-unwind" fn free(context: *const CtaContext, addr: u64) {
    if let Err(f) = env(context).launch.host.free(addr) {
        fault::throw(f);
    }
}

/// Thread coordinates of a linear thread index.
fn thread_of(context: *const CtaContext, thread: u32) -> [u32; 3] {
    let [bx, by, _] = env(context).launch.block;
    [thread % bx, thread / bx % by, thread / (bx * by)]
}

extern "C-unwind" fn assert_fail(
    context: *const CtaContext,
    message: u64,
    file: u64,
    line: u32,
    function: u64,
    thread: u32,
) {
    let host = env(context).launch.host;
    let thread = thread_of(context, thread);
    let mut f = host.assert_fail(message, file, line, function, ctaid(context), thread);
    f.thread.get_or_insert(thread);
    fault::throw(f)
}

extern "C-unwind" fn raise(context: *const CtaContext, kind: u32, thread: u32, file: u32, line: u32) {
    let (kind, message) = match kind {
        fault_code::TRAP => (FaultKind::Trap, "a trap instruction"),
        fault_code::INVALID_PC => (FaultKind::InvalidPc, "a call of what is no function"),
        fault_code::STACK_OVERFLOW => (FaultKind::StackOverflow, "a stack overflow"),
        fault_code::MISALIGNED => (FaultKind::MisalignedAddress, "a misaligned memory access"),
        _ => (FaultKind::IllegalInstruction, "control reached the end of a function"),
    };
    let mut f = Fault::new(kind, message);
    let alone = env(context).code.joined == 1;
    f.thread = (thread != u32::MAX && alone).then(|| thread_of(context, thread));
    if file != 0
        && let Some(name) = env(context).code.files.get(file as usize)
    {
        f.source = Some((name.clone(), line));
    }
    fault::throw(f)
}

extern "C" fn timer(_: *const CtaContext) -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64)
}

extern "C" fn nanosleep(_: *const CtaContext, _: u32) {
    std::thread::yield_now();
}
