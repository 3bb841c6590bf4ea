//! Runs compiled kernels: CTA contexts, frames, local and shared memory of a worker, and the runtime calls.

use crate::abi::{BarrierRequest, CtaContext, DONE, FunctionRow, Runtime, fault_code};
use crate::diagnose::Again;
use crate::fault;
use crate::object::Loaded;
use analysis::GangLayout;
use engine::layout::SharedLayout;
use engine::{CtaRange, Fault, FaultKind, Kernel, Launch, Resources, SuspendedCta};
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Code of a region for one gang: see [`crate::abi`].
pub type Region = unsafe extern "C-unwind" fn(*const CtaContext, u32, *mut u8) -> u32;

/// A kernel compiled for a block shape.
pub struct CpuKernel {
    pub name: String,
    pub layout: GangLayout,
    /// None if the kernel does nothing.
    pub regions: Vec<Region>,
    pub frame_bytes: u32,
    /// Bytes of rows of a block, behind the windows.
    pub row_bytes: u32,
    /// Whether gangs say what barrier they stop at.
    pub barriers_differ: bool,
    /// For indirect calls; the last row is empty.
    pub functions: Vec<FunctionRow>,
    pub shared: SharedLayout,
    pub resources: Resources,
    /// Source files of the module, for fault reports.
    pub files: Vec<String>,
    /// Finds the places of faults.
    pub again: Option<Again>,
    /// Keeps the code mapped.
    pub _code: Arc<Loaded>,
}

/// What runtime calls need besides the context.
struct Env<'a, 'b> {
    launch: &'a Launch<'b>,
    kernel: &'a CpuKernel,
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
};

/// Memory that a worker keeps from launch to launch.
#[derive(Default)]
struct Scratch {
    shared: Window,
    local: Window,
    frames: Window,
    params: Vec<Line>,
}

/// A cache line: parameters lie aligned, as generic addresses of them need it.
#[repr(align(64))]
#[derive(Clone, Copy)]
struct Line([u8; 64]);

/// A mapping with guard pages around it.
#[derive(Default)]
struct Window {
    base: usize,
    /// Usable bytes.
    size: usize,
}

/// Unmapped bytes on either side: an access that runs off the window faults.
const GUARD: usize = 64 << 20;
const PAGE: usize = 4096;

impl Window {
    /// The address of `bytes` usable bytes, aligned to `align`, that end at the guard.
    fn reserve(&mut self, bytes: usize, align: usize) -> Result<*mut u8, Fault> {
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
                self.base = middle as usize;
                self.size = size;
            }
        }
        Ok((self.base + self.size - need) as *mut u8)
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
        self.resources
    }

    fn run(
        &self,
        launch: &Launch<'_>,
        range: CtaRange,
        _suspended: &mut dyn FnMut(Box<dyn SuspendedCta>),
    ) -> Result<(), Fault> {
        if self.regions.is_empty() {
            return Ok(());
        }
        SCRATCH.with_borrow_mut(|scratch| self.run_ctas(launch, range, scratch))
    }
}

impl CpuKernel {
    fn run_ctas(&self, launch: &Launch<'_>, range: CtaRange, scratch: &mut Scratch) -> Result<(), Fault> {
        let total = self.shared.total(launch.dynamic_shared) as usize;
        let shared = scratch.shared.reserve(total, (self.shared.align as usize).max(64))?;
        let local = crate::rows::Rows::offset(&self.layout) as usize + self.row_bytes as usize;
        let local = scratch.local.reserve(local, 64)?;
        let gangs = self.layout.gangs();
        let frames = scratch.frames.reserve(gangs as usize * self.frame_bytes as usize, 64)?;
        let lines = launch.params.chunks(64).map(|bytes| {
            let mut line = Line([0; 64]);
            line.0[..bytes.len()].copy_from_slice(bytes);
            line
        });
        scratch.params.clear();
        scratch.params.extend(lines);
        let env = Env { launch, kernel: self };
        let [gx, gy, _] = launch.grid;
        let mut context = CtaContext {
            ctaid: [0; 3],
            smid: range.worker,
            grid: launch.grid,
            nsmid: launch.sm_count,
            params: scratch.params.as_ptr().cast(),
            shared,
            local,
            globals: launch.globals.as_ptr(),
            func_base: launch.func_base,
            grid_id: launch.grid_id,
            dynamic_shared: launch.dynamic_shared,
            total_shared: total as u32,
            runtime: &raw const RUNTIME,
            env: (&raw const env).cast(),
            functions: self.functions.as_ptr(),
            function_count: self.functions.len() as u64 - 1,
            // At least what `cudaLimitStackSize` asks for; no kernel fails for want of a limit that nobody set.
            stack_limit: self.layout.local_bytes as u64,
            requests: std::ptr::null_mut(),
            param_bytes: launch.params.len() as u64,
        };
        let mut requests =
            vec![BarrierRequest::default(); if self.barriers_differ { gangs as usize } else { 0 }];
        context.requests = requests.as_mut_ptr();
        let mut cta = range.first;
        let end = range.first + range.count;
        let mut states = vec![0u32; gangs as usize];
        let (x, rest) = (cta % gx as u64, cta / gx as u64);
        context.ctaid = [x as u32, (rest % gy as u64) as u32, (rest / gy as u64) as u32];
        let result = fault::guard(&mut || {
            while cta < end {
                self.run_cta(&context, gangs, frames, &mut states);
                if launch.cancelled.load(Ordering::Relaxed) {
                    break;
                }
                cta += 1;
                let [x, y, z] = &mut context.ctaid;
                *x += 1;
                if *x == gx {
                    (*x, *y) = (0, *y + 1);
                    if *y == gy {
                        (*y, *z) = (0, *z + 1);
                    }
                }
            }
        });
        result.map_err(|mut fault| {
            if fault.kernel.is_empty() {
                fault.kernel = self.name.clone();
            }
            let cta = *fault.cta.get_or_insert(cta);
            match &self.again {
                Some(again) => again.complete(launch, cta, range.worker, fault),
                None => fault,
            }
        })
    }

    #[inline]
    fn run_cta(&self, context: &CtaContext, gangs: u32, frames: *mut u8, states: &mut [u32]) {
        let step = self.frame_bytes as usize;
        if self.regions.len() == 1 {
            for gang in 0..gangs {
                // SAFETY: the region was compiled for this context's layout; the frame is the gang's own.
                unsafe { self.regions[0](context, gang, frames.add(gang as usize * step)) };
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
                let next =
                    unsafe { self.regions[state as usize](context, gang, frames.add(gang as usize * step)) };
                states[gang as usize] = next;
                running |= next != DONE;
            }
            if !running {
                return;
            }
        }
    }
}

/// Where a gang stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Ready,
    Waits,
    Done,
}

/// One of a CTA's barriers.
#[derive(Clone, Copy, Default)]
struct Barrier {
    /// Threads that have arrived; a warp that is not full counts as full.
    arrived: u32,
    /// Threads to wait for; 0: all.
    count: u32,
    yes: u32,
    all: u32,
    gangs_waiting: u32,
}

/// Barriers per CTA (PTX ISA 9.7.13 bar).
const BARRIERS: usize = 16;

impl CpuKernel {
    /// Runs a CTA whose gangs meet at different barriers: each goes on when its own is complete.
    fn run_with_barriers(&self, context: &CtaContext, gangs: u32, frames: *mut u8, states: &mut [u32]) {
        let mut status = vec![Status::Ready; gangs as usize];
        let mut barriers = [Barrier::default(); BARRIERS];
        let step = self.frame_bytes as usize;
        loop {
            let mut ran = false;
            for gang in 0..gangs as usize {
                if status[gang] != Status::Ready {
                    continue;
                }
                ran = true;
                // SAFETY: as in `run_cta`.
                let next = unsafe {
                    self.regions[states[gang] as usize](context, gang as u32, frames.add(gang * step))
                };
                states[gang] = next;
                if next == DONE {
                    status[gang] = Status::Done;
                    continue;
                }
                // SAFETY: the table has a row per gang.
                let request = unsafe { *context.requests.add(gang) };
                let Some(barrier) = barriers.get_mut(request.id as usize) else {
                    let text = format!("barrier number {} is above 15", request.id);
                    fault::throw(Fault::new(FaultKind::IllegalInstruction, text));
                };
                let width = self.layout.width();
                let whole = self.layout.threads().next_multiple_of(32);
                // The last gang stands for those that its warp lacks.
                barrier.arrived += if gang as u32 + 1 == gangs { whole - gang as u32 * width } else { width };
                barrier.count = barrier.count.max(request.count);
                barrier.yes += request.yes;
                barrier.all += request.all;
                if request.kind == 0 {
                    status[gang] = Status::Waits;
                    barrier.gangs_waiting += 1;
                }
            }
            let alive = status.iter().filter(|s| **s != Status::Done).count() as u32;
            if alive == 0 {
                return;
            }
            let mut released = false;
            for id in 0..BARRIERS {
                let b = barriers[id];
                // A count of the whole block is met by all that are left of it, too.
                let whole = self.layout.threads().next_multiple_of(32);
                let all_wait = b.gangs_waiting == alive;
                let complete =
                    if b.count > 0 { b.arrived >= b.count || b.count == whole && all_wait } else { all_wait };
                if b.arrived == 0 || !complete {
                    continue;
                }
                for gang in 0..gangs as usize {
                    // SAFETY: as above; the gang does not run.
                    let request = unsafe { &mut *context.requests.add(gang) };
                    if status[gang] == Status::Waits && request.id as usize == id {
                        status[gang] = Status::Ready;
                        (request.yes, request.all) = (b.yes, b.all);
                    }
                }
                barriers[id] = Barrier::default();
                released = true;
            }
            if !ran && !released {
                let waiting: Vec<String> = (0..BARRIERS)
                    .filter(|&id| barriers[id].arrived > 0)
                    .map(|id| {
                        format!("barrier {id} ({} threads of {})", barriers[id].arrived, barriers[id].count)
                    })
                    .collect();
                let text = format!("no thread can go on: waiting at {}", waiting.join(", "));
                drop(waiting);
                fault::throw(Fault::new(FaultKind::Deadlock, text));
            }
        }
    }
}

fn env<'a>(context: *const CtaContext) -> &'a Env<'a, 'a> {
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
    f.thread = (thread != u32::MAX).then(|| thread_of(context, thread));
    if file != 0
        && let Some(name) = env(context).kernel.files.get(file as usize)
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
