//! A CTA: whose turn it is, who waits for whom, and what to do when nothing can go on.

use crate::Schedule;
use crate::barrier::{Arrival, Barrier};
use crate::env::{Env, param_bytes};
use crate::image::Image;
use crate::memory::Buffer;
use crate::thread::{Event, State, Thread, Wait, Watch};
use crate::warp::{Lane, WarpOp, results};
use engine::{CtaRange, Fault, FaultKind, Launch, Resources, Step, SuspendedCta};
use ir::BarrierKind;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub struct InterpKernel {
    pub image: Arc<Image>,
    pub schedule: Schedule,
}

impl engine::Kernel for InterpKernel {
    fn resources(&self) -> Resources {
        self.image.resources
    }

    fn run(
        &self,
        launch: &Launch<'_>,
        range: CtaRange,
        suspended: &mut dyn FnMut(Box<dyn SuspendedCta>),
    ) -> Result<(), Fault> {
        let params = Arc::new(Buffer::copy_of(launch.params, param_bytes(&self.image, launch), 256));
        for index in range.first..range.first + range.count {
            if launch.cancelled.load(Ordering::Relaxed) {
                return Ok(());
            }
            let env = Env::new(self.image.clone(), launch, index, range.worker, params.clone());
            let mut cta = Cta::new(env, self.schedule);
            match cta.advance(launch)? {
                Step::Done => {}
                Step::Progress | Step::Waiting => suspended(Box::new(cta)),
            }
        }
        Ok(())
    }
}

/// Instructions that a thread may run before others get a turn.
const TURN: u64 = 100_000;
/// Instructions without a suspension that no waiting loop has.
const STRETCH: u64 = 10_000;
/// Instructions after which a CTA that goes on and on lets others run.
const BUDGET: u64 = 1 << 30;
/// The same for one that looks at memory meanwhile: what moves in it may be no more than a round of its barriers.
const LOOKING: u64 = 1 << 20;

struct Cta {
    env: Env,
    schedule: Schedule,
    random: u64,
    threads: Vec<Thread>,
    /// Threads that can run, in the order of their turns.
    ready: VecDeque<u32>,
    live: u32,
    barriers: [Barrier; 16],
    watch: Watch,
    /// Whether a thread has looked at memory that others may change.
    looked: bool,
}

impl Cta {
    fn new(env: Env, schedule: Schedule) -> Cta {
        let count = env.threads();
        let seed = match schedule {
            Schedule::RoundRobin => 0,
            Schedule::Random(seed) => seed,
        };
        Cta {
            random: seed ^ env.index.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            schedule,
            threads: (0..count).map(|i| Thread::new(i, &env)).collect(),
            ready: (0..count).collect(),
            live: count,
            barriers: Default::default(),
            watch: Watch::default(),
            looked: false,
            env,
        }
    }

    /// Runs until all threads are done, or all that can run wait for memory.
    fn advance(&mut self, launch: &Launch<'_>) -> Result<Step, Fault> {
        let turns_per_loop = match self.schedule {
            Schedule::RoundRobin => 4,
            Schedule::Random(_) => 64,
        };
        let patience = turns_per_loop * u64::from(self.live) + 64;
        let (mut idle, mut spent, mut moved) = (0, 0, false);
        loop {
            if launch.cancelled.load(Ordering::Relaxed) {
                return Ok(Step::Done);
            }
            let Some(index) = self.pick() else {
                return if self.live == 0 { Ok(Step::Done) } else { Err(self.deadlock()) };
            };
            spent += self.turn(launch, index)?;
            if std::mem::take(&mut self.watch.progress) {
                moved = true;
                idle = 0;
            } else {
                idle += 1;
            }
            if idle > patience && self.release_active() {
                idle = 0;
            }
            let budget = if self.looked { LOOKING } else { BUDGET };
            if idle > patience || spent > budget {
                return Ok(if moved { Step::Progress } else { Step::Waiting });
            }
        }
    }

    fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn pick(&mut self) -> Option<u32> {
        match self.schedule {
            Schedule::RoundRobin => self.ready.pop_front(),
            Schedule::Random(_) if self.ready.is_empty() => None,
            Schedule::Random(_) => {
                let at = self.next_random() % self.ready.len() as u64;
                self.ready.swap_remove_back(at as usize)
            }
        }
    }

    /// Lets a thread run; returns the instructions that it ran.
    fn turn(&mut self, launch: &Launch<'_>, index: u32) -> Result<u64, Fault> {
        let given = match self.schedule {
            Schedule::RoundRobin => TURN,
            Schedule::Random(_) => 1 + self.next_random() % 24,
        };
        let mut fuel = given;
        let thread = &mut self.threads[index as usize];
        let event = thread.run(&self.env, launch, &mut self.watch, &mut fuel);
        let stretch = if event == Ok(Event::OutOfFuel) { thread.stretch + given } else { 0 };
        thread.stretch = stretch;
        match event.map_err(|fault| self.describe(index, *fault))? {
            Event::Yield => {
                self.looked = true;
                self.ready.push_back(index);
            }
            Event::OutOfFuel => {
                // A long stretch without a look at memory is work, not waiting.
                self.watch.progress |= stretch >= STRETCH;
                self.ready.push_back(index);
            }
            Event::Wait(wait) => {
                self.threads[index as usize].state = State::Waiting(wait);
                match wait {
                    Wait::Barrier(arrival) => self.arrive(index, arrival)?,
                    Wait::Warp { op, mask, .. } => self.meet(index, op, mask),
                    Wait::ActiveMask => {}
                }
                self.settle(index / 32);
            }
            Event::Done => {
                self.threads[index as usize].state = State::Done;
                self.exit(index);
                self.settle(index / 32);
            }
        }
        Ok(given - fuel)
    }

    fn release(&mut self, index: u32, results: [u64; 2]) {
        self.threads[index as usize].finish_wait(&self.env, results);
        self.ready.push_back(index);
        self.watch.progress = true;
    }

    fn arrive(&mut self, index: u32, arrival: Arrival) -> Result<(), Fault> {
        let barrier = &mut self.barriers[arrival.id as usize];
        if let Err(earlier) = barrier.arrive(index, self.env.threads(), arrival) {
            let name = |count: Option<u32>| count.map_or("all".to_string(), |n| n.to_string());
            let message = format!(
                "barrier {} for {} threads, where others wait at it for {}",
                arrival.id,
                name(arrival.expected),
                name(earlier)
            );
            return Err(self.describe(index, Fault::new(FaultKind::IllegalInstruction, message)));
        }
        if arrival.kind == BarrierKind::Arrive {
            self.release(index, [0; 2]);
        }
        self.complete(arrival.id);
        Ok(())
    }

    fn complete(&mut self, id: u32) {
        let threads = &self.threads;
        let live = |t: u32| threads[t as usize].state != State::Done;
        let Some(done) = self.barriers[id as usize].complete(self.live, live) else { return };
        for &index in &done.threads {
            // A thread that exited while it waited cannot be: exiting is not waiting.
            if let State::Waiting(Wait::Barrier(arrival)) = self.threads[index as usize].state {
                self.release(index, [done.result(arrival.kind), 0]);
            }
        }
    }

    /// Lanes of a warp that exist.
    fn lanes(&self, warp: u32) -> std::ops::Range<u32> {
        warp * 32..(warp * 32 + 32).min(self.threads.len() as u32)
    }

    /// Executes a warp operation if all lanes that it names are there or have exited.
    fn meet(&mut self, index: u32, op: WarpOp, mask: u32) {
        let mut lanes = Vec::new();
        let mut here = Vec::new();
        for other in self.lanes(index / 32) {
            let lane = other % 32;
            // A lane outside its own mask (undefined by the manual) meets nobody but itself.
            let named =
                if mask & (1 << (index % 32)) != 0 { mask & (1 << lane) != 0 } else { other == index };
            if !named {
                continue;
            }
            match self.threads[other as usize].state {
                State::Done => {}
                State::Waiting(Wait::Warp { op: its, mask: theirs, args }) if its == op && theirs == mask => {
                    lanes.push(Lane { lane, args });
                    here.push(other);
                }
                State::Ready | State::Waiting(_) => return,
            }
        }
        for (other, results) in here.into_iter().zip(results(op, &lanes)) {
            self.release(other, results);
        }
    }

    fn exit(&mut self, index: u32) {
        self.live -= 1;
        self.watch.progress = true;
        for id in 0..16 {
            self.barriers[id as usize].exit(index);
            self.complete(id);
        }
        for other in self.lanes(index / 32) {
            if let State::Waiting(Wait::Warp { op, mask, .. }) = self.threads[other as usize].state {
                self.meet(other, op, mask);
            }
        }
    }

    /// Answers `activemask` in a warp of which no lane can run: lanes at the same place are active together.
    fn settle(&mut self, warp: u32) {
        let lanes = self.lanes(warp);
        if lanes.clone().any(|t| self.threads[t as usize].state == State::Ready) {
            return;
        }
        let asks = |t: &u32| self.threads[*t as usize].state == State::Waiting(Wait::ActiveMask);
        let Some(first) = lanes.clone().find(asks) else { return };
        let place = self.threads[first as usize].place();
        let group: Vec<u32> =
            lanes.filter(asks).filter(|t| self.threads[*t as usize].place() == place).collect();
        let mask: u64 = group.iter().map(|t| 1u64 << (t % 32)).sum();
        for index in group {
            self.release(index, [mask, 0]);
        }
    }

    /// Answers every `activemask` alone, because the lanes that still run wait for those that ask.
    fn release_active(&mut self) -> bool {
        let mut any = false;
        for index in 0..self.threads.len() as u32 {
            if self.threads[index as usize].state == State::Waiting(Wait::ActiveMask) {
                self.release(index, [1 << (index % 32), 0]);
                any = true;
            }
        }
        any
    }

    fn describe(&self, index: u32, fault: Fault) -> Fault {
        let source = self.env.image.source(self.threads[index as usize].loc(&self.env));
        Fault {
            kernel: self.env.image.name.clone(),
            cta: Some(self.env.index),
            thread: Some(self.env.tid(index)),
            source: fault.source.or(source),
            ..fault
        }
    }

    /// Waiting places with the number of threads there.
    fn places(&self) -> String {
        let mut places: BTreeMap<String, u32> = BTreeMap::new();
        for thread in &self.threads {
            let what = match thread.state {
                State::Done => continue,
                State::Ready => "in a loop".to_string(),
                State::Waiting(Wait::Barrier(arrival)) => format!("at barrier {}", arrival.id),
                State::Waiting(Wait::Warp { op, mask, .. }) => {
                    format!("in {} for lanes {mask:#x}", op.name())
                }
                State::Waiting(Wait::ActiveMask) => "in activemask".to_string(),
            };
            let source = self.env.image.source(thread.loc(&self.env));
            let at = source.map_or(String::new(), |(file, line)| format!(" ({file}:{line})"));
            *places.entry(what + &at).or_default() += 1;
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

    fn deadlock(&self) -> Fault {
        let fault = Fault::new(FaultKind::Deadlock, format!("no thread can go on: {}", self.places()));
        let first = self.threads.iter().find(|t| t.state != State::Done).map_or(0, |t| t.index);
        Fault { thread: None, ..self.describe(first, fault) }
    }
}

impl SuspendedCta for Cta {
    fn cta(&self) -> u64 {
        self.env.index
    }

    fn resume(&mut self, launch: &Launch<'_>, _worker: u32) -> Result<Step, Fault> {
        self.advance(launch)
    }

    fn waits_at(&self) -> String {
        format!("kernel {}, block {}: {}", self.env.image.name, self.env.index, self.places())
    }
}
