//! CTAs that run abreast: in loops that go over memory together (see [`crate::sweep`]) each of a few consecutive CTAs
//! takes a turn, so that memory is read in order, page after page.
//!
//! A CTA runs alone until its loop has gone on for so long that the grid goes over more memory than caches hold; then its
//! neighbours join it. Invariant: a CTA passes a barrier only when none of its gangs is behind a turn, and each has shared
//! and local memory and frames of its own, so none can tell who runs beside it.

use crate::abi::{CtaContext, DONE, turn};
use crate::fault;
use crate::order::Walk;
use crate::run::{Code, Env, Scratch, Window, context_for};
use engine::{CtaRange, Fault, Launch};
use std::cell::Cell;
use std::sync::atomic::Ordering;

/// Bytes that the grid goes over from which on CTAs run abreast: below, they are in a cache from the last time.
const LARGE: u64 = 8 << 20;
/// Bytes side by side that those abreast go over in a turn.
const PANEL: u64 = 64 << 10;
/// Most CTAs abreast, and bytes of memory of their own: as much as stays in a core's cache beside the data.
const MOST: u64 = 32;
const OWN: u64 = 256 << 10;
/// Bytes that are worth leaving a gang for the next one, and most turns that it takes at once for that: the places that
/// a processor's prefetchers follow at a time are few.
const VISIT: u64 = 12 << 10;
const ROWS: u64 = 6;

/// A place for a CTA, which a worker keeps from launch to launch.
pub struct Seat {
    shared: Window,
    local: Window,
    context: CtaContext,
    frames: *mut u8,
    /// Where the gangs stand: what their last regions returned.
    states: Vec<u32>,
    /// Whether some gangs stand behind a turn: then only those run.
    behind_turns: bool,
}

/// Bytes of a CTA's own memory.
struct Own {
    shared: usize,
    local: usize,
    frames: usize,
}

impl Code {
    /// Runs CTAs one after the other, or abreast where they go on for long.
    pub fn run_abreast(
        &self,
        launch: &Launch<'_>,
        range: CtaRange,
        scratch: &mut Scratch,
    ) -> Result<(), Fault> {
        let gangs = self.layout.gangs() as usize;
        let own = Own {
            shared: self.shared.total(launch.dynamic_shared) as usize,
            local: self.local_bytes(),
            frames: (gangs * self.frame_bytes as usize).next_multiple_of(64),
        };
        let share = u64::from(self.share);
        let fit = OWN / ((own.shared + own.local + own.frames) as u64).max(1);
        let most = (PANEL / share).clamp(4, MOST).min(fit).min(range.count).max(1);
        let at_once = (VISIT / share).clamp(1, ROWS) as i64 - 1;
        let env = Env { launch, code: self, cta: std::ptr::null_mut() };
        scratch.fill_params(launch.params);
        let frames = scratch.frames.reserve(most as usize * own.frames, 64)?;
        let params = scratch.params.as_ptr().cast();
        let seats = &mut scratch.seats;
        let streams = self.stored.streams(launch.grid);
        let join = |seats: &mut Vec<Seat>, number: usize| -> Result<(), Fault> {
            if seats.len() == number {
                let context = context_for(self, launch, frames, frames, params, range.worker);
                seats.push(Seat::new(context));
            }
            // Windows of no bytes are all alike.
            let (before, seat) = seats.split_at_mut(number);
            let seat = &mut seat[0];
            let alike = |bytes: usize| before.first().filter(|_| bytes == 0).map(|first| &first.context);
            let shared = match alike(own.shared) {
                Some(first) => first.shared,
                None => seat.shared.reserve(own.shared, (self.shared.align as usize).max(64))?,
            };
            let local = match alike(own.local) {
                Some(first) => first.local,
                None => seat.local.reserve(own.local, 64)?,
            };
            seat.context = context_for(self, launch, shared, local, params, range.worker);
            seat.context.env = (&raw const env).cast();
            seat.context.streams = streams.into();
            // SAFETY: there is room for `most` CTAs.
            seat.frames = unsafe { frames.add(number * own.frames) };
            seat.states.clear();
            seat.states.resize(gangs, DONE);
            Ok(())
        };
        let blocks = launch.grid.iter().map(|&n| u64::from(n)).product::<u64>();
        // Turns that a CTA takes before others join it.
        let mut alone = (LARGE / share.saturating_mul(blocks).max(1)) as i64;
        let (mut walk, mut place) = Walk::at(launch.grid, self.panel, range.first);
        let (mut left, running) = (range.count, Cell::new(0));
        let go_on = || !launch.cancelled.load(Ordering::Relaxed);
        join(seats, 0)?;
        let mut seated = 1;
        let mut outcome = Ok(());
        while left > 0 && outcome.is_ok() && go_on() {
            running.set(0);
            let mut long = false;
            let mut result = fault::guard(&mut || {
                let first = &mut seats[0];
                while left > 0 && !long && go_on() {
                    long = !first.start(self, place, alone);
                    left -= 1;
                    walk.step(&mut place);
                }
            });
            if long && result.is_ok() {
                // As many at a time as leaves none behind.
                let rest = left + 1;
                let count = rest.div_ceil(rest.div_ceil(most)) as usize;
                while seated < count {
                    join(seats, seated)?;
                    seated += 1;
                }
                result = fault::guard(&mut || {
                    for (number, seat) in seats[..count].iter_mut().enumerate().skip(1) {
                        running.set(number);
                        seat.start(self, place, alone);
                        left -= 1;
                        walk.step(&mut place);
                    }
                    let mut some = true;
                    while some && go_on() {
                        some = false;
                        for (number, seat) in seats[..count].iter_mut().enumerate() {
                            running.set(number);
                            some |= !seat.advance(self, at_once);
                        }
                    }
                });
                alone = 0;
            }
            let place = seats[running.get()].context.ctaid;
            outcome = result.map_err(|fault| self.complete(launch, walk.number(place), range.worker, fault));
        }
        let stored = seats[..seated].iter().map(|s| s.context.stored.get()).sum();
        seats[0].context.stored.set(stored);
        self.stored.learn(&seats[0].context, range.count);
        outcome
    }
}

impl Seat {
    fn new(context: CtaContext) -> Seat {
        let [shared, local] = Default::default();
        Seat { shared, local, context, frames: std::ptr::null_mut(), states: Vec::new(), behind_turns: false }
    }

    /// Starts a CTA and runs it like [`Cta::advance`].
    #[inline]
    fn start(&mut self, code: &Code, place: [u32; 3], turns: i64) -> bool {
        self.context.ctaid = place;
        self.behind_turns = false;
        if code.regions.len() > 1 {
            self.states.fill(0);
            return self.advance(code, turns);
        }
        let mut all = DONE;
        for (gang, state) in self.states.iter_mut().enumerate() {
            self.context.turns.set(turns);
            // SAFETY: as below.
            *state = unsafe {
                let frame = self.frames.add(gang * code.frame_bytes as usize);
                code.regions[0].call(&raw const self.context, gang as u32, frame)
            };
            all &= *state;
        }
        self.behind_turns = all != DONE;
        all == DONE
    }

    /// Runs until the CTA is done, or until gangs that have taken that many turns more are behind one and all others wait
    /// for them at a barrier or are done; returns whether the CTA is done.
    fn advance(&mut self, code: &Code, turns: i64) -> bool {
        let step = code.frame_bytes as usize;
        loop {
            let (mut all, mut behind_turns) = (DONE, false);
            for gang in 0..self.states.len() {
                let state = self.states[gang];
                if state == DONE || self.behind_turns && !turn::is_marked(state) {
                    all &= state;
                    continue;
                }
                self.context.turns.set(turns);
                // SAFETY: the region was compiled for this context's layout; the frame is the gang's own.
                let next = unsafe {
                    let region = &code.regions[turn::region(state) as usize];
                    let frame = self.frames.add(gang * step);
                    region.call(&raw const self.context, turn::gang(state, gang as u32), frame)
                };
                self.states[gang] = next;
                all &= next;
                behind_turns |= next != DONE && turn::is_marked(next);
            }
            self.behind_turns = behind_turns;
            if behind_turns || all == DONE {
                return all == DONE;
            }
        }
    }
}
