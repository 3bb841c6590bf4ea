//! A CTA whose gangs run on stacks of their own, so that each may wait in the middle of its code: for memory that others
//! must change, at barriers that not all reach together, for the lanes of a warp operation.
//!
//! A gang runs until it waits or ends; the CTA is suspended when all that are left wait for memory. Invariant: gangs
//! change the CTA only while they run, through the pointer that their runtime calls find, so whoever lets one run holds
//! no reference into the CTA.

mod meet;

use crate::abi::{CtaContext, wait_code};
use crate::barriers::{BARRIERS, GangBarrier};
use crate::fault;
use crate::fiber::{self, Stacks};
use crate::run::{Code, Env, Window, context_for};
use engine::{Fault, FaultKind, Launch, Step, SuspendedCta};
use interp::barrier::Barrier;
use interp::warp::WarpOp;
use ir::BarrierKind;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a gang's stack. Code that makes calls nests as deep as its local window allows.
const STACK: usize = 256 << 10;
const CALL_STACK: usize = 2 << 20;
/// Rounds in which every gang only looked at memory, after which the CTA is suspended.
const PATIENCE: u32 = 2;
/// Rounds of looks after which a CTA that gets on lets others run.
const TURNS: u32 = 256;
/// Stacks that are made at a time.
const SLAB: usize = 32;
/// Stacks that are kept for later CTAs, and rooms.
const KEPT_STACKS: usize = 4096;
const KEPT_ROOMS: usize = 256;

/// Bytes of each gang's stack.
fn stack_bytes(code: &Code) -> usize {
    let usual = if code.makes_calls { CALL_STACK } else { STACK };
    (usual + code.large_frame as usize).next_multiple_of(STACK)
}

fn all_stacks(slabs: &[Stacks]) -> Vec<StackId> {
    slabs.iter().enumerate().flat_map(|(slab, s)| (0..s.count()).map(move |k| (slab, k))).collect()
}

/// What a CTA runs in. Kept from one to the next.
#[derive(Default)]
struct Room {
    shared: Window,
    local: Window,
    frames: Window,
    slabs: Vec<Stacks>,
}

impl Room {
    fn stacks(&self) -> usize {
        self.slabs.iter().map(Stacks::count).sum()
    }
}

/// Rooms that nobody is in, the last left on top, and their stacks.
struct Free {
    rooms: Vec<Room>,
    stacks: usize,
}

static FREE: Mutex<Free> = Mutex::new(Free { rooms: Vec::new(), stacks: 0 });

fn take_room() -> Room {
    let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
    let room = free.rooms.pop().unwrap_or_default();
    free.stacks -= room.stacks();
    room
}

fn leave_room(room: Room) {
    let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
    if free.rooms.len() < KEPT_ROOMS && free.stacks + room.stacks() <= KEPT_STACKS {
        free.stacks += room.stacks();
        free.rooms.push(room);
    }
}

/// A stack of a room: its slab and its number there.
type StackId = (usize, usize);

/// What a gang does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Ready,
    /// Looks at memory again when it is its turn.
    Polls,
    Barrier {
        id: u32,
        kind: BarrierKind,
        count: u32,
        lanes: u64,
        yes: u64,
    },
    Warp {
        op: WarpOp,
        mask: u32,
        args: [u64; 3],
    },
    ActiveMask,
    Done,
}

struct Gang {
    state: State,
    /// Where its stack was left; 0 before it starts.
    place: usize,
    stack: StackId,
    /// What it waited for has given this.
    results: [u64; 2],
    /// File and line of the place where it waits.
    source: (u32, u32),
    /// Tells places of `activemask` apart.
    site: u32,
}

pub struct FiberCta {
    code: Arc<Code>,
    index: u64,
    context: CtaContext,
    /// Keeps the parameters where the context says.
    _params: Vec<crate::run::Line>,
    room: Room,
    free_stacks: Vec<StackId>,
    gangs: Vec<Gang>,
    ready: VecDeque<u32>,
    polls: VecDeque<u32>,
    /// By thread: not exited.
    alive: Vec<bool>,
    live: u32,
    /// Where threads meet, if gangs are threads, and where gangs of several do.
    barriers: [Barrier; BARRIERS],
    gang_barriers: [GangBarrier; BARRIERS],
    gangs_alive: u32,
    /// Where the scheduler's stack was left.
    scheduler: usize,
    /// The gang that runs.
    current: u32,
    /// Something happened that no wait for memory is.
    progress: bool,
}

// SAFETY: the pointers in it lead into memory that it owns or that outlives the launch; one thread at a time uses it.
unsafe impl Send for FiberCta {}

impl Drop for FiberCta {
    fn drop(&mut self) {
        leave_room(std::mem::take(&mut self.room));
    }
}

impl FiberCta {
    /// The CTA of linear index `index`, before its first step.
    pub fn new(
        code: &Arc<Code>,
        launch: &Launch<'_>,
        index: u64,
        worker: u32,
    ) -> Result<Box<FiberCta>, Fault> {
        let mut room = take_room();
        room.slabs.retain(|s| s.bytes() == stack_bytes(code));
        let layout = &code.layout;
        let gangs = layout.gangs();
        let total = code.shared.total(launch.dynamic_shared) as usize;
        let shared = room.shared.reserve(total, (code.shared.align as usize).max(64))?;
        let local = crate::rows::Rows::offset(layout) as usize + code.row_bytes as usize;
        let local = room.local.reserve(local, 64)?;
        // A region writes only the lanes' mask to its frame.
        room.frames.reserve(code.frame_bytes as usize, 64)?;
        let params = crate::run::lines(launch.params);
        let mut context = context_for(code, launch, shared, local, params.as_ptr().cast(), worker);
        let [gx, gy, _] = launch.grid.map(u64::from);
        context.ctaid = [(index % gx) as u32, (index / gx % gy) as u32, (index / gx / gy) as u32];
        let gang = |_| Gang {
            state: State::Ready,
            place: 0,
            stack: (0, 0),
            results: [0; 2],
            source: (0, 0),
            site: 0,
        };
        Ok(Box::new(FiberCta {
            code: code.clone(),
            index,
            context,
            _params: params,
            free_stacks: all_stacks(&room.slabs),
            room,
            gangs: (0..gangs).map(gang).collect(),
            ready: (0..gangs).collect(),
            polls: VecDeque::new(),
            alive: vec![true; layout.threads() as usize],
            live: layout.threads(),
            barriers: Default::default(),
            gang_barriers: Default::default(),
            gangs_alive: gangs,
            scheduler: 0,
            current: 0,
            progress: false,
        }))
    }

    /// Runs until all gangs are done, or all that are left wait for memory.
    pub fn advance(&mut self, launch: &Launch<'_>) -> Result<Step, Fault> {
        let code = self.code.clone();
        let env = Env { launch, code: &code, cta: &raw mut *self };
        self.context.env = (&raw const env).cast();
        let this = &raw mut *self;
        let mut step = Ok(Step::Done);
        // SAFETY: `this` is the only way to the CTA until the guarded code is through.
        let outcome = fault::guard(&mut || step = unsafe { FiberCta::steps(this, launch) });
        outcome.and(step).map_err(|f| self.describe(launch, f))
    }

    fn describe(&self, launch: &Launch<'_>, mut fault: Fault) -> Fault {
        if fault.kernel.is_empty() {
            fault.kernel = self.code.name.clone();
        }
        fault.cta = Some(self.index);
        if let Some(again) = &self.code.again {
            fault = again.complete(launch, self.index, self.context.smid, fault);
        }
        // What it waited for may not come twice; of a gang of one thread this much is sure.
        if fault.kind != FaultKind::Deadlock && self.code.layout.width() == 1 {
            let [bx, by, _] = launch.block;
            fault.thread.get_or_insert([self.current % bx, self.current / bx % by, self.current / bx / by]);
        }
        fault
    }

    /// # Safety
    /// `this` is valid, and nobody else uses the CTA.
    unsafe fn steps(this: *mut FiberCta, launch: &Launch<'_>) -> Result<Step, Fault> {
        let (mut idle, mut moved, mut rounds) = (0, false, 0);
        loop {
            // SAFETY: no gang runs here, so this is the only reference; it ends before a gang runs.
            while let Some(gang) = unsafe { (*this).ready.pop_front() } {
                // SAFETY: the caller's promise.
                unsafe { FiberCta::turn(this, gang)? };
            }
            // SAFETY: as above.
            let cta = unsafe { &mut *this };
            if launch.cancelled.load(Ordering::Relaxed) || cta.live == 0 {
                return Ok(Step::Done);
            }
            if cta.settle() {
                continue;
            }
            if std::mem::take(&mut cta.progress) {
                (idle, moved) = (0, true);
            } else {
                idle += 1;
            }
            if cta.polls.is_empty() || idle == PATIENCE {
                if cta.release_active() {
                    continue;
                }
                if cta.polls.is_empty() {
                    return Err(Fault::new(
                        FaultKind::Deadlock,
                        format!("no thread can go on: {}", cta.places()),
                    ));
                }
            }
            rounds += 1;
            if idle > PATIENCE || rounds > TURNS {
                return Ok(if moved { Step::Progress } else { Step::Waiting });
            }
            if idle > 1 {
                std::hint::spin_loop();
            }
            let polls = std::mem::take(&mut cta.polls);
            for &gang in &polls {
                cta.gangs[gang as usize].state = State::Ready;
            }
            cta.ready = polls;
        }
    }

    /// Lets a gang run until it waits, and notes what for.
    ///
    /// # Safety
    /// As [`FiberCta::steps`].
    unsafe fn turn(this: *mut FiberCta, index: u32) -> Result<(), Fault> {
        // SAFETY: as in `steps`; the reference ends before the switch.
        let place = unsafe {
            let cta = &mut *this;
            cta.current = index;
            if cta.gangs[index as usize].place == 0 {
                let stack = cta.take_stack()?;
                let gang = &mut cta.gangs[index as usize];
                gang.stack = stack;
                gang.place = cta.room.slabs[stack.0].start(stack.1, main, this as usize);
            }
            cta.gangs[index as usize].place
        };
        // SAFETY: the place was made above or by the gang's last switch. The gang comes back by `leave`.
        unsafe { fiber::switch(&raw mut (*this).scheduler, place) };
        // SAFETY: no gang runs now.
        let cta = unsafe { &mut *this };
        let gang = &mut cta.gangs[index as usize];
        match gang.state {
            State::Ready | State::ActiveMask => {}
            State::Polls => cta.polls.push_back(index),
            State::Done => {
                cta.free_stacks.push(gang.stack);
                cta.exit(index);
            }
            State::Barrier { id, kind, count, lanes, yes } => {
                cta.arrive(index, id, kind, count, lanes, yes)?
            }
            State::Warp { op, mask, .. } => cta.meet(index, op, mask),
        }
        Ok(())
    }

    fn take_stack(&mut self) -> Result<StackId, Fault> {
        if let Some(free) = self.free_stacks.pop() {
            return Ok(free);
        }
        let count = if self.code.makes_calls { 1 } else { SLAB.min(self.gangs.len()) };
        self.room.slabs.push(Stacks::new(stack_bytes(&self.code), count)?);
        let slab = self.room.slabs.len() - 1;
        self.free_stacks.extend((1..count).rev().map(|k| (slab, k)));
        Ok((slab, 0))
    }

    fn release(&mut self, index: u32, results: [u64; 2]) {
        let gang = &mut self.gangs[index as usize];
        gang.results = results;
        gang.state = State::Ready;
        self.ready.push_back(index);
        self.progress = true;
    }

    fn threads_of(&self, gang: u32) -> std::ops::Range<u32> {
        let width = self.code.layout.width();
        gang * width..((gang + 1) * width).min(self.alive.len() as u32)
    }

    /// Waiting places with the number of threads there.
    fn places(&self) -> String {
        let mut places: BTreeMap<String, u32> = BTreeMap::new();
        for (index, gang) in (0u32..).zip(&self.gangs) {
            let what = match gang.state {
                State::Done => continue,
                State::Ready | State::Polls => "in a loop".to_string(),
                State::Barrier { id, .. } => format!("at barrier {id}"),
                State::Warp { op, mask, .. } => format!("in {} for lanes {mask:#x}", op.name()),
                State::ActiveMask => "in activemask".to_string(),
            };
            let (file, line) = gang.source;
            let at = match self.code.files.get(file as usize) {
                Some(name) if file != 0 => format!(" ({name}:{line})"),
                _ => String::new(),
            };
            let threads = self.threads_of(index).filter(|&t| self.alive[t as usize]).count() as u32;
            *places.entry(what + &at).or_default() += threads;
        }
        let list: Vec<String> = places
            .into_iter()
            .map(|(what, count)| match count {
                1 => format!("1 thread waits {what}"),
                n => format!("{n} threads wait {what}"),
            })
            .collect();
        list.join(", ")
    }
}

impl SuspendedCta for FiberCta {
    fn cta(&self) -> u64 {
        self.index
    }

    fn resume(&mut self, launch: &Launch<'_>, _worker: u32) -> Result<Step, Fault> {
        self.advance(launch)
    }

    fn waits_at(&self) -> String {
        format!("kernel {}, block {}: {}", self.code.name, self.index, self.places())
    }
}

/// What a gang's stack starts with.
extern "C" fn main(cta: usize) -> ! {
    let cta = cta as *mut FiberCta;
    // SAFETY: the scheduler switched here and waits; the region was compiled for this context's layout.
    unsafe {
        let (gang, region, frame) = {
            let cta = &*cta;
            (cta.current, cta.code.regions[0], cta.room.frames.start())
        };
        region.call(&raw const (*cta).context, gang, frame);
        leave(cta, gang, State::Done);
    }
    // Nobody switches to a gang that is done.
    std::process::abort()
}

/// Leaves the gang's stack for the scheduler's until the gang may go on.
///
/// # Safety
/// Called on the stack of `gang`.
unsafe fn leave(cta: *mut FiberCta, gang: u32, state: State) {
    // SAFETY: the scheduler waits in `turn`, holding no reference.
    unsafe {
        let slot = &raw mut (&mut (*cta).gangs)[gang as usize];
        (*slot).state = state;
        fiber::switch(&raw mut (*slot).place, (*cta).scheduler);
    }
}

/// The CTA of a context, and what a gang's wait has given.
///
/// # Safety
/// Called on the stack of `gang`, of a CTA with fibers.
unsafe fn wait(context: *const CtaContext, gang: u32, site: u32, place: u64, state: State) -> [u64; 2] {
    // SAFETY: `env` was set by `advance`, which waits; the slot stays where it is.
    unsafe {
        let cta = (*(*context).env.cast::<Env<'_, '_>>()).cta;
        let slot = &raw mut (&mut (*cta).gangs)[gang as usize];
        (*slot).source = ((place >> 32) as u32, place as u32);
        (*slot).site = site;
        leave(cta, gang, state);
        (*slot).results
    }
}

/// Runtime call: see [`crate::abi::Runtime`].
pub extern "C-unwind" fn barrier(
    context: *const CtaContext,
    gang: u32,
    place: u64,
    id: u32,
    kind: u32,
    count: u32,
    lanes: u64,
    yes: u64,
) -> u32 {
    let kind = wait_code::KINDS[kind as usize];
    // SAFETY: generated code calls this on the gang's own stack.
    unsafe { wait(context, gang, 0, place, State::Barrier { id, kind, count, lanes, yes })[0] as u32 }
}

/// Runtime call: see [`crate::abi::Runtime`].
pub extern "C-unwind" fn meet(
    context: *const CtaContext,
    gang: u32,
    place: u64,
    op: u32,
    mask: u32,
    values: *mut u64,
) {
    // SAFETY: generated code passes three operands, and takes the results from there.
    unsafe {
        let args = values.cast::<[u64; 3]>().read();
        let state = match WarpOp::ALL.get(op as usize) {
            Some(&op) => State::Warp { op, mask, args },
            None => State::ActiveMask,
        };
        let results = wait(context, gang, op, place, state);
        values.cast::<[u64; 2]>().write(results);
    }
}

/// Runtime call: see [`crate::abi::Runtime`].
pub extern "C-unwind" fn poll(context: *const CtaContext, gang: u32, place: u64, kind: u32) {
    // SAFETY: as in `wait`. Without fibers there is nobody to let run but other workers.
    unsafe {
        let cta = (*(*context).env.cast::<Env<'_, '_>>()).cta;
        if cta.is_null() {
            std::thread::yield_now();
            return;
        }
        if kind == wait_code::BEGIN {
            (*cta).progress = true;
            return;
        }
        wait(context, gang, 0, place, State::Polls);
    }
}
