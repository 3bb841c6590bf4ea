//! The scheduler: ready streams, open grids, and the worker threads that the library owns.
//!
//! Invariant: whoever runs kernels holds a slot, whose number is the `%smid` of the CTAs it runs; there are as many
//! slots as processors, so a host thread that waits may take a worker's place but adds one only when none gets free. A change that
//! makes work available is followed by `notify`, or is seen by a worker that has not gone to sleep: waking one costs more
//! than a short kernel. A stream is on the list of ready ones at most once; whoever takes it off looks at its queue afterwards.

use crate::grid::{Grid, Helped};
use crate::profile::host;
use crate::stream::Stream;
use parking_lot::Mutex;
use smallvec::SmallVec;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicUsize, Ordering, fence};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// How long an idle worker looks for work before it sleeps: longer than a wake-up costs.
const SPIN: Duration = Duration::from_micros(60);

/// Useless wake-ups in a row before all that comes is left to the patrol.
const USELESS: u32 = 8;
/// How often the patrol looks while something happens, and how often it looks then without anything new.
const PATROL_PERIOD: Duration = Duration::from_micros(200);
const PATROL_ROUNDS: u32 = 30;
/// The same for the time after that. A short kernel that nobody waits for lies there for so long at most.
const SLOW_PERIOD: Duration = Duration::from_millis(1);
const SLOW_ROUNDS: u32 = 1000;

/// States of the patrol.
const NONE: u8 = 0;
const FAST: u8 = 1;
const SLOW: u8 = 2;

/// Whether work that has come is worth waking somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Urgency {
    /// It is short: whoever looks next may do it, most often the host thread when it waits.
    Later,
    Now,
}

/// Values of [`Stream::listed`].
const UNLISTED: u8 = 0;
const LISTED: u8 = 1;
/// On the list, and the workers know.
const TOLD: u8 = 2;

struct Scheduler {
    slots: Box<[AtomicBool]>,
    ready: Mutex<VecDeque<Arc<Stream>>>,
    ready_len: AtomicUsize,
    grids: Mutex<Vec<Arc<Grid>>>,
    open: AtomicUsize,
    /// Changes with every notification: what sleepers wait on.
    epoch: AtomicU32,
    sleepers: AtomicU32,
    spinning: AtomicU32,
    started: AtomicBool,
    /// Wake-ups in a row after which the host thread had done the work itself.
    useless: AtomicU32,
    /// A worker looks for work from time to time, so that launches need not wake anybody: [`FAST`] or [`SLOW`].
    patrol: AtomicU8,
    /// The patrol is to go to work.
    called: AtomicBool,
    /// Work has come that was left to the patrol.
    left: AtomicBool,
    /// Work has come that wanted more workers than there were free slots.
    unheard: AtomicBool,
}

/// The right to run kernels, with the worker number.
pub struct Slot {
    number: u32,
    relief: bool,
    lent: bool,
}

impl Slot {
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Gives it up for a moment, to whoever looks for one. Who does so calls [`hear`] before it stops looking itself.
    pub(crate) fn lend(mut self) {
        self.lent = true;
    }
}

/// Slots beyond the processors, for host threads that wait while kernels that never pause hold all others.
const RELIEF_SLOTS: u32 = 8;
static RELIEFS: AtomicU32 = AtomicU32::new(0);

/// A slot for a host thread that has found none for long: what it waits for may be what the others wait for.
pub(crate) fn acquire_relief() -> Option<Slot> {
    let one_more = |taken: u32| (taken < RELIEF_SLOTS).then_some(taken + 1);
    let taken = RELIEFS.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_more).ok()?;
    Some(Slot { number: taken % workers(), relief: true, lent: false })
}

impl Drop for Slot {
    fn drop(&mut self) {
        if self.relief {
            RELIEFS.fetch_sub(1, Ordering::SeqCst);
            return;
        }
        let scheduler = get();
        scheduler.slots[self.number as usize].store(false, Ordering::SeqCst);
        if !self.lent {
            hear();
        }
    }
}

/// Wakes somebody for work that has come while there was no free slot: whoever brought it has woken nobody.
pub(crate) fn hear() {
    let scheduler = get();
    if scheduler.unheard.load(Ordering::SeqCst) {
        scheduler.unheard.store(false, Ordering::SeqCst);
        if scheduler.has_work() {
            notify(1);
        }
    }
}

fn get() -> &'static Scheduler {
    static SCHEDULER: OnceLock<Scheduler> = OnceLock::new();
    SCHEDULER.get_or_init(|| {
        let wanted = std::env::var("ANYWARP_WORKERS").ok().and_then(|text| text.parse().ok());
        // Emulated atomics are none between threads.
        let emulated = std::env::var_os("ANYWARP_ENGINE").is_some_and(|name| name == "aarch64");
        let wanted = if emulated { Some(1) } else { wanted };
        let workers: usize = wanted.unwrap_or_else(host::processors).clamp(1, 1024);
        Scheduler {
            slots: (0..workers).map(|_| AtomicBool::new(false)).collect(),
            ready: Mutex::new(VecDeque::new()),
            ready_len: AtomicUsize::new(0),
            grids: Mutex::new(Vec::new()),
            open: AtomicUsize::new(0),
            epoch: AtomicU32::new(0),
            sleepers: AtomicU32::new(0),
            spinning: AtomicU32::new(0),
            started: AtomicBool::new(false),
            useless: AtomicU32::new(0),
            patrol: AtomicU8::new(NONE),
            called: AtomicBool::new(false),
            left: AtomicBool::new(false),
            unheard: AtomicBool::new(false),
        }
    })
}

/// Number of slots.
pub fn workers() -> u32 {
    get().slots.len() as u32
}

/// A free slot, if there is one.
pub fn acquire() -> Option<Slot> {
    let taken = |slot: &AtomicBool| {
        !slot.load(Ordering::Relaxed)
            && slot.compare_exchange(false, true, Ordering::SeqCst, Ordering::Relaxed).is_ok()
    };
    get().slots.iter().position(taken).map(|number| Slot {
        number: number as u32,
        relief: false,
        lent: false,
    })
}

/// Queues a stream that may be able to run something.
pub fn ready(stream: Arc<Stream>, urgency: Urgency) {
    let scheduler = get();
    let fast = scheduler.patrol.load(Ordering::SeqCst) == FAST;
    let later = urgency == Urgency::Later || fast && scheduler.useless.load(Ordering::Relaxed) >= USELESS;
    let before = match later {
        true => stream
            .listed
            .compare_exchange(UNLISTED, LISTED, Ordering::SeqCst, Ordering::SeqCst)
            .unwrap_or_else(|now| now),
        false => stream.listed.swap(TOLD, Ordering::SeqCst),
    };
    // Who put it on the list has told the workers, or knew that one looks.
    if before == TOLD || later && before == LISTED {
        return;
    }
    if before == UNLISTED {
        scheduler.list(stream);
    }
    if later {
        scheduler.left.store(true, Ordering::SeqCst);
        // Looked at after the list has changed: whoever ends spinning or patrolling looks at the list afterwards.
        if scheduler.patrol.load(Ordering::SeqCst) != NONE || scheduler.spinning.load(Ordering::SeqCst) > 0 {
            return;
        }
    } else if scheduler.patrol.load(Ordering::SeqCst) != NONE {
        scheduler.called.store(true, Ordering::SeqCst);
    }
    notify(1);
}

/// Tells that a host thread that waits has run a stream's work itself.
pub(crate) fn host_was_faster() {
    get().useless.fetch_add(1, Ordering::Relaxed);
}

/// Opens a grid to other workers and wakes up to `helpers` of them.
pub(crate) fn open(grid: Arc<Grid>, helpers: u32) {
    let scheduler = get();
    {
        let mut grids = scheduler.grids.lock();
        grids.push(grid);
        scheduler.open.store(grids.len(), Ordering::SeqCst);
    }
    notify(helpers);
}

/// Takes a grid that is complete off the list.
pub(crate) fn close(grid: &Arc<Grid>) {
    let scheduler = get();
    let mut grids = scheduler.grids.lock();
    grids.retain(|other| !Arc::ptr_eq(other, grid));
    scheduler.open.store(grids.len(), Ordering::SeqCst);
}

/// Whether more than one grid is open, so that one that waits may be waiting for another.
pub(crate) fn others_open() -> bool {
    let scheduler = get();
    scheduler.open.load(Ordering::SeqCst) > 1 || scheduler.ready_len.load(Ordering::SeqCst) > 0
}

/// Lets up to `count` workers look for work, as many as there are free slots; starts them on the first call.
fn notify(count: u32) {
    let scheduler = get();
    if !scheduler.started.load(Ordering::Acquire) {
        start(scheduler);
    }
    scheduler.epoch.fetch_add(1, Ordering::SeqCst);
    fence(Ordering::SeqCst);
    let wake = count.saturating_sub(scheduler.spinning.load(Ordering::SeqCst));
    if wake == 0 || scheduler.sleepers.load(Ordering::SeqCst) == 0 {
        return;
    }
    // Who holds a slot looks for work before giving it up, and afterwards whether somebody else should.
    let free =
        || scheduler.slots.iter().filter(|slot| !slot.load(Ordering::SeqCst)).take(wake as usize).count();
    let mut now = free();
    if now < wake as usize {
        scheduler.unheard.store(true, Ordering::SeqCst);
        now = free();
    }
    if now > 0 {
        futex_wake(&scheduler.epoch, now as u32);
    }
}

fn start(scheduler: &'static Scheduler) {
    if scheduler.started.swap(true, Ordering::AcqRel) {
        return;
    }
    for number in 0..scheduler.slots.len() {
        let name = format!("anywarp-{number}");
        // Kernels may recurse on the host stack when engines call device functions.
        let thread =
            std::thread::Builder::new().name(name).stack_size(16 << 20).spawn(block_signals_and_work);
        if let Err(error) = thread {
            tracing::error!("cannot start worker {number}: {error}");
        }
    }
}

fn block_signals_and_work() {
    engine::threads::block_signals();
    work(get());
}

fn work(scheduler: &'static Scheduler) -> ! {
    let mut looking = None;
    loop {
        let seen = scheduler.epoch.load(Ordering::SeqCst);
        if scheduler.has_work() {
            let slot = acquire();
            drop(looking.take());
            match slot {
                Some(slot) => {
                    scheduler.run(&slot);
                    // Counted before the slot is free, so that nobody is woken in between.
                    looking = Some(Looking::begin(scheduler));
                }
                None => scheduler.wait_for_slot(seen),
            }
            continue;
        }
        scheduler.idle(seen, looking.take());
    }
}

/// A worker that looks for work, in `spinning`.
struct Looking(&'static Scheduler);

impl Looking {
    fn begin(scheduler: &'static Scheduler) -> Looking {
        scheduler.spinning.fetch_add(1, Ordering::SeqCst);
        Looking(scheduler)
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        self.0.spinning.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Scheduler {
    fn has_work(&self) -> bool {
        self.ready_len.load(Ordering::SeqCst) > 0 || self.has_open_work()
    }

    fn has_open_work(&self) -> bool {
        self.open.load(Ordering::SeqCst) > 0 && self.grids.lock().iter().any(|grid| grid.has_work())
    }

    /// Runs what there is. Streams come before grids: that starts more at once.
    fn run(&self, slot: &Slot) {
        let mut waits = 0;
        loop {
            if let Some(stream) = self.next_ready() {
                if stream.pump(slot).0 {
                    self.useless.store(0, Ordering::Relaxed);
                }
                waits = 0;
                continue;
            }
            match help_any(slot) {
                Helped::Progress => waits = 0,
                Helped::Nothing => return,
                Helped::Waiting => {
                    waits += 1;
                    back_off(waits);
                }
            }
        }
    }

    fn list(&self, stream: Arc<Stream>) {
        let mut ready = self.ready.lock();
        ready.push_back(stream);
        self.ready_len.store(ready.len(), Ordering::SeqCst);
    }

    fn next_ready(&self) -> Option<Arc<Stream>> {
        if self.ready_len.load(Ordering::SeqCst) == 0 {
            return None;
        }
        let mut ready = self.ready.lock();
        let stream = ready.pop_front();
        self.ready_len.store(ready.len(), Ordering::SeqCst);
        if let Some(stream) = &stream {
            stream.listed.store(UNLISTED, Ordering::SeqCst);
        }
        stream
    }

    /// Spins, then sleeps, until the epoch is no longer `seen`.
    fn idle(&'static self, seen: u32, looking: Option<Looking>) {
        if self.slots.len() > 1 {
            let looking = looking.unwrap_or_else(|| Looking::begin(self));
            let start = Instant::now();
            let mut changed = false;
            while !changed && start.elapsed() < SPIN {
                for _ in 0..4 {
                    std::hint::spin_loop();
                }
                changed = self.epoch.load(Ordering::SeqCst) != seen;
            }
            drop(looking);
            if changed {
                return;
            }
        } else {
            drop(looking);
        }
        let mut seen = seen;
        if self.patrol.compare_exchange(NONE, FAST, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            if self.patrol() == Patrolled::FoundWork {
                return;
            }
            seen = self.epoch.load(Ordering::SeqCst);
            if self.has_work() {
                return;
            }
        }
        self.sleep(seen);
    }

    /// Sleeps until a slot is free or the epoch is no longer `seen`: looking on would take time from those that hold the
    /// slots.
    fn wait_for_slot(&self, seen: u32) {
        self.unheard.store(true, Ordering::SeqCst);
        // One may have become free before anybody could see that it is waited for.
        match acquire() {
            Some(slot) => self.run(&slot),
            None => self.sleep(seen),
        }
    }

    /// Sleeps until the epoch is no longer `seen`.
    fn sleep(&self, seen: u32) {
        self.sleepers.fetch_add(1, Ordering::SeqCst);
        futex_wait(&self.epoch, seen, None);
        self.sleepers.fetch_sub(1, Ordering::SeqCst);
    }

    /// Looks for work from time to time. While the program launches and waits by turns, or launches what is short, the
    /// host thread runs the work itself, and waking a worker for it would cost more than the work. Ends when there is
    /// work that nobody attends to, or when nothing has happened for a while.
    fn patrol(&self) -> Patrolled {
        let mut quiet = 0;
        // The stream that was unattended at the last look, and how far it was.
        let mut last = None;
        let mut epoch = self.epoch.load(Ordering::SeqCst);
        let ended = loop {
            let fast = quiet < PATROL_ROUNDS;
            if quiet == PATROL_ROUNDS {
                self.useless.store(0, Ordering::SeqCst);
            }
            if quiet == PATROL_ROUNDS + SLOW_ROUNDS {
                break Patrolled::NothingMore;
            }
            self.patrol.store(if fast { FAST } else { SLOW }, Ordering::SeqCst);
            let seen = self.epoch.load(Ordering::SeqCst);
            // Whoever calls notifies afterwards: the call is seen here, or the wait does not begin.
            if self.called.swap(false, Ordering::SeqCst) {
                break Patrolled::FoundWork;
            }
            self.sleepers.fetch_add(1, Ordering::SeqCst);
            futex_wait(&self.epoch, seen, Some(if fast { PATROL_PERIOD } else { SLOW_PERIOD }));
            self.sleepers.fetch_sub(1, Ordering::SeqCst);
            if self.has_open_work() {
                break Patrolled::FoundWork;
            }
            let now = self.unattended();
            if now.is_some() && (!fast || now == last) {
                break Patrolled::FoundWork;
            }
            last = now;
            let changed = self.epoch.load(Ordering::SeqCst);
            let news = self.left.swap(false, Ordering::SeqCst) || changed != epoch;
            epoch = changed;
            quiet = if news { 0 } else { quiet + 1 };
        };
        self.useless.store(0, Ordering::SeqCst);
        self.patrol.store(NONE, Ordering::SeqCst);
        ended
    }

    /// The first ready stream with work that nobody runs, and how much of it is complete. Those before it are taken
    /// off the list.
    fn unattended(&self) -> Option<(u64, u64)> {
        loop {
            let stream = self.ready.lock().front().cloned()?;
            if let Some(completed) = stream.unattended() {
                return Some((stream.id, completed));
            }
            let taken = self.next_ready();
            // Another may have come to the front, or more work into this one.
            if let Some(taken) = taken
                && taken.unattended().is_some()
            {
                let at = (taken.id, u64::MAX);
                if taken.listed.swap(TOLD, Ordering::SeqCst) == UNLISTED {
                    self.list(taken);
                }
                return Some(at);
            }
        }
    }
}

/// How a patrol ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Patrolled {
    FoundWork,
    NothingMore,
}

/// Runs CTAs of open grids, oldest grid first.
fn help_any(slot: &Slot) -> Helped {
    let scheduler = get();
    if scheduler.open.load(Ordering::SeqCst) == 0 {
        return Helped::Nothing;
    }
    let grids: SmallVec<[Arc<Grid>; 4]> = scheduler.grids.lock().iter().cloned().collect();
    let mut result = Helped::Nothing;
    for grid in grids {
        match grid.help(slot) {
            Helped::Progress => return Helped::Progress,
            Helped::Waiting => result = Helped::Waiting,
            Helped::Nothing => {}
        }
    }
    result
}

/// Pauses between looks at what does not progress: short at first, up to a millisecond.
pub(crate) fn back_off(waits: u32) {
    match waits {
        0..16 => std::hint::spin_loop(),
        16..64 => std::thread::yield_now(),
        _ => std::thread::sleep(Duration::from_micros(u64::from(waits - 63).min(20) * 50)),
    }
}

fn futex_wait(word: &AtomicU32, expected: u32, limit: Option<Duration>) {
    let op = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
    let limit = limit.map(|limit| libc::timespec {
        tv_sec: limit.as_secs() as libc::time_t,
        tv_nsec: limit.subsec_nanos().into(),
    });
    let at = limit.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: the word is a static's; the timeout, if any, lives until the call returns.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), op, expected, at) };
}

fn futex_wake(word: &AtomicU32, count: u32) {
    let op = libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG;
    // SAFETY: the word is a static's.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), op, count.min(i32::MAX as u32)) };
}
