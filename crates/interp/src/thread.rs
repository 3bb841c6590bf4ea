//! One thread: a call stack over IR, run until it yields, waits, ends or faults.
//!
//! A waiting thread stays at its instruction; whoever releases it calls [`Thread::finish_wait`].

use crate::barrier::Arrival;
use crate::env::{Checked, Env};
use crate::image::{CALL_BYTES, Target};
use crate::memory;
use crate::warp::WarpOp;
use engine::{Access, Fault, FaultKind, Launch};
use ir::eval::{atomic, eval_clean};
use ir::{
    AtomOp, BarrierKind, BlockCall, Function, Inst, InstData, InstId, MemOrder, Space, SrcLoc, SysCall,
};
use ir::{Terminator, Type, Value};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::sync::atomic::{Ordering, fence};

/// A function activation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame {
    /// Index into the image's codes.
    code: u32,
    block: u32,
    /// Index of the next instruction in the block; past the last one: the terminator.
    pc: u32,
    /// Where this activation's values begin in [`Thread::values`].
    values: usize,
    /// Offset of its slots in the local window.
    base: u64,
    /// End of the stack in use, to be restored on return.
    caller_top: u64,
}

/// What a thread waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    Barrier(Arrival),
    Warp {
        op: WarpOp,
        mask: u32,
        args: [u64; 3],
    },
    /// `activemask`: until no other lane of the warp can run.
    ActiveMask,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Ready,
    Waiting(Wait),
    Done,
}

/// Why a thread stopped running.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// It touched memory that others may be watching.
    Yield,
    OutOfFuel,
    Wait(Wait),
    Done,
}

/// Notices whether anything happens that could end a wait for memory.
#[derive(Default)]
pub struct Watch {
    pub progress: bool,
    /// Last value seen by each polling access.
    seen: HashMap<u64, u64>,
}

impl Watch {
    /// More addresses than a waiting loop looks at.
    const MANY: usize = 4096;

    fn poll(&mut self, addr: u64, value: u64) {
        if self.seen.insert(addr, value) != Some(value) {
            self.progress = true;
        }
        if self.seen.len() > Self::MANY {
            self.seen.clear();
        }
    }
}

pub struct Thread {
    /// Linear index in the CTA.
    pub index: u32,
    pub state: State,
    /// Instructions since it last yielded or waited, in whole turns.
    pub stretch: u64,
    frames: Vec<Frame>,
    /// Values of all activations.
    values: Vec<u64>,
    /// End of the stack in use: offset in the local window.
    top: u64,
}

impl Thread {
    /// A thread at the kernel's entry.
    pub fn new(index: u32, env: &Env) -> Thread {
        let code = &env.image.codes[0];
        Thread {
            index,
            state: State::Ready,
            stretch: 0,
            frames: vec![Frame { code: 0, block: 0, pc: 0, values: 0, base: 0, caller_top: 0 }],
            values: vec![0; code.func.values.len()],
            top: code.frame.size,
        }
    }

    /// Where the thread is; equal places in equally deep stacks make lanes converged.
    pub fn place(&self) -> Option<(usize, u32, u32, u32)> {
        self.frames.last().map(|f| (self.frames.len(), f.code, f.block, f.pc))
    }

    /// Source location of the current instruction.
    pub fn loc(&self, env: &Env) -> SrcLoc {
        let Some(frame) = self.frames.last() else { return SrcLoc::default() };
        let func = &env.image.codes[frame.code as usize].func;
        let block = &func.blocks[frame.block as usize];
        block.insts.get(frame.pc as usize).map_or(block.term_loc, |&inst| func.inst(inst).loc)
    }

    /// Gives the instruction that the thread waits at its results and makes the thread ready.
    pub fn finish_wait(&mut self, env: &Env, results: [u64; 2]) {
        let frame = self.frames.last_mut().expect("a waiting thread is in a function");
        let func = &env.image.codes[frame.code as usize].func;
        let inst = func.inst(func.blocks[frame.block as usize].insts[frame.pc as usize]);
        for (&value, bits) in inst.results.iter().zip(results) {
            self.values[frame.values + value.index()] = bits & func.ty(value).mask();
        }
        frame.pc += 1;
        self.state = State::Ready;
    }

    /// Runs at most `fuel` instructions, which is lowered by those that ran.
    pub fn run(
        &mut self,
        env: &Env,
        launch: &Launch<'_>,
        watch: &mut Watch,
        fuel: &mut u64,
    ) -> Checked<Event> {
        while *fuel > 0 {
            let frame = *self.frames.last().expect("a running thread is in a function");
            let func: &Function = &env.image.codes[frame.code as usize].func;
            let block = &func.blocks[frame.block as usize];
            let pc = self.pure_insts(func, frame, &block.insts, fuel);
            self.frames.last_mut().expect("as above").pc = pc;
            if *fuel == 0 {
                break;
            }
            *fuel -= 1;
            let event = match block.insts.get(pc as usize) {
                Some(&inst) => self.inst(env, launch, watch, func, frame, func.inst(inst))?,
                None => self.terminator(env, func, frame, &block.term)?,
            };
            if let Some(event) = event {
                return Ok(event);
            }
        }
        Ok(Event::OutOfFuel)
    }

    /// Runs constants and pure ops from the frame's pc on; returns the index of the first other instruction.
    fn pure_insts(&mut self, func: &Function, frame: Frame, insts: &[InstId], fuel: &mut u64) -> u32 {
        let values = &mut self.values[frame.values..];
        let mut pc = frame.pc;
        while let Some(&inst) = insts.get(pc as usize)
            && *fuel > 0
        {
            let data = func.inst(inst);
            let bits = match data.inst {
                Inst::Const { bits, .. } => bits,
                Inst::Pure { op, ty } => {
                    let mut args = [0; 4];
                    for (slot, arg) in args.iter_mut().zip(&data.args) {
                        *slot = values[arg.index()];
                    }
                    eval_clean(op, ty, args)
                }
                _ => break,
            };
            values[data.results[0].index()] = bits;
            pc += 1;
            *fuel -= 1;
        }
        pc
    }

    fn get(&self, frame: Frame, value: Value) -> u64 {
        self.values[frame.values + value.index()]
    }

    fn set(&mut self, frame: Frame, value: Value, bits: u64) {
        self.values[frame.values + value.index()] = bits;
    }

    fn next(&mut self) {
        self.frames.last_mut().expect("a running thread is in a function").pc += 1;
    }

    fn inst(
        &mut self,
        env: &Env,
        launch: &Launch<'_>,
        watch: &mut Watch,
        func: &Function,
        frame: Frame,
        data: &InstData,
    ) -> Checked<Option<Event>> {
        let args: SmallVec<[u64; 4]> = data.args.iter().map(|&v| self.get(frame, v)).collect();
        if let Some(op) = WarpOp::of(data.inst) {
            let mut operands = [0; 3];
            let (mask, rest) = args.split_last().expect("a warp operation has a member mask");
            operands[..rest.len()].copy_from_slice(rest);
            return Ok(Some(Event::Wait(Wait::Warp { op, mask: *mask as u32, args: operands })));
        }
        let one = |bits: u64| SmallVec::<[u64; 2]>::from_slice(&[bits]);
        let thread = self.index;
        let mut event = None;
        let results: SmallVec<[u64; 2]> = match data.inst {
            Inst::Const { .. } | Inst::Pure { .. } => unreachable!("pure instructions were run before"),
            Inst::Sreg(reg) => {
                // Time passes: who waits for it makes progress.
                watch.progress |= reg.scope() == ir::sreg::SregScope::Clock;
                one(env.sreg(launch, thread, reg))
            }
            Inst::GlobalAddr { global, offset } => {
                one(env.global_addr(launch, global)?.wrapping_add(offset as u64))
            }
            Inst::FuncAddr(id) => one(launch.func_base + 16 * u64::from(id.0)),
            Inst::SlotAddr(slot) => {
                one(frame.base + env.image.codes[frame.code as usize].frame.offsets[slot.index()])
            }
            Inst::Alloca { align } => one(self.alloca(env, args[0], align)?),
            Inst::ToGeneric(space) => one(env.generic_of(space, thread, args[0])),
            Inst::FromGeneric(space) => one(env.window_offset(space, thread, args[0])),
            Inst::IsSpace(space) => one(env.is_space(launch, space, thread, args[0]).into()),
            // One thread is alone.
            Inst::SameQuotient { .. } => one(1),
            Inst::Every => one(args[0]),
            Inst::Load { space, ty, count, align, sem } => {
                event = (sem.order != MemOrder::Weak).then_some(Event::Yield);
                let at = env.locate(
                    launch,
                    thread,
                    space,
                    args[0],
                    ty.bytes() * u32::from(count),
                    align,
                    Access::Read,
                )?;
                let values: SmallVec<[u64; 2]> = (0..u32::from(count))
                    .map(|i| read(at + u64::from(i * ty.bytes()), ty, order(sem.order)))
                    .collect();
                if event.is_some() {
                    watch.poll(at, values[0]);
                }
                values
            }
            Inst::Store { space, ty, count, align, sem } => {
                event = (sem.order != MemOrder::Weak).then_some(Event::Yield);
                let bytes = ty.bytes() * u32::from(count);
                let at = env.locate(launch, thread, space, args[0], bytes, align, Access::Write)?;
                for (i, &value) in args[1..].iter().enumerate() {
                    let at = at + i as u64 * u64::from(ty.bytes());
                    watch.progress |= space != Space::Local && read(at, ty, Ordering::Relaxed) != value;
                    write(at, ty, value, order(sem.order));
                }
                SmallVec::new()
            }
            Inst::Atomic { space, op, ty, .. } => {
                event = Some(Event::Yield);
                one(self.atomic(env, launch, watch, space, op, ty, &args)?)
            }
            Inst::Fence(_) => {
                fence(Ordering::SeqCst);
                SmallVec::new()
            }
            Inst::Barrier { kind, counted, .. } => {
                return Ok(Some(Event::Wait(Wait::Barrier(arrival(env, kind, counted, &args)?))));
            }
            Inst::ActiveMask => return Ok(Some(Event::Wait(Wait::ActiveMask))),
            Inst::WarpSync
            | Inst::Shfl(_)
            | Inst::Vote(_)
            | Inst::Match { .. }
            | Inst::Redux(_)
            | Inst::Elect => unreachable!("warp operations were taken above"),
            Inst::Arrange { .. } => unreachable!("other engines add these for themselves"),
            Inst::Product { body: callee, .. } | Inst::Call(callee) => {
                self.call(env, callee.index(), &args)?;
                return Ok(None);
            }
            Inst::CallIndirect { sig } => {
                let callee = indirect_callee(env, launch, args[0])?;
                if let Some(Target::Code(code)) = env.image.targets.get(callee)
                    && env.image.codes[*code as usize].func.sig != func.sigs[sig.0 as usize]
                {
                    let name = &env.image.codes[*code as usize].func.name;
                    let message = format!("indirect call of {name} with another signature than its own");
                    return Err(fault(FaultKind::InvalidPc, message));
                }
                self.call(env, callee, &args[1..])?;
                return Ok(None);
            }
            Inst::Sys(call) => {
                if call == SysCall::Nanosleep {
                    event = Some(Event::Yield);
                } else {
                    watch.progress = true;
                }
                self.sys(env, launch, call, &args)?
            }
        };
        for (&value, &bits) in data.results.iter().zip(&results) {
            self.set(frame, value, bits);
        }
        self.next();
        Ok(event)
    }

    fn alloca(&mut self, env: &Env, size: u64, align: u32) -> Checked<u64> {
        let base = self.top.next_multiple_of(u64::from(align.max(1)));
        match base.checked_add(size) {
            Some(end) if end <= env.local_bytes => {
                self.top = end;
                Ok(base)
            }
            _ => Err(overflow(env, format!("alloca of {size} bytes"))),
        }
    }

    fn atomic(
        &mut self,
        env: &Env,
        launch: &Launch<'_>,
        watch: &mut Watch,
        space: Space,
        op: AtomOp,
        ty: Type,
        args: &[u64],
    ) -> Checked<u64> {
        let bytes = ty.bytes();
        let at = env.locate(launch, self.index, space, args[0], bytes, bytes, Access::Write)?;
        let (a, b) = (args[1], args.get(2).copied().unwrap_or(0));
        // SAFETY: `locate` found the bytes legal, writable and aligned.
        let old = unsafe { memory::modify(at, bytes, |old| atomic(op, ty, old, a, b)) };
        watch.progress |= atomic(op, ty, old, a, b) != old;
        watch.poll(at, old);
        Ok(old)
    }

    fn sys(
        &mut self,
        env: &Env,
        launch: &Launch<'_>,
        call: SysCall,
        args: &[u64],
    ) -> Checked<SmallVec<[u64; 2]>> {
        let readable = |addr| env.locate(launch, self.index, Space::Generic, addr, 1, 1, Access::Read);
        let result = match call {
            SysCall::Vprintf => {
                let format = readable(args[0])?;
                let packed = if args[1] == 0 { 0 } else { readable(args[1])? };
                Some(launch.host.vprintf(format, packed)? as u32 as u64)
            }
            SysCall::Malloc => Some(launch.host.malloc(args[0])),
            SysCall::Free => {
                launch.host.free(args[0])?;
                None
            }
            SysCall::AssertFail => {
                for text in [args[0], args[1], args[3]] {
                    readable(text)?;
                }
                let tid = env.tid(self.index);
                let fault =
                    launch.host.assert_fail(args[0], args[1], args[2] as u32, args[3], env.ctaid, tid);
                return Err(Box::new(fault));
            }
            SysCall::Nanosleep | SysCall::Breakpoint | SysCall::WaitBegins | SysCall::WaitGoesOn => None,
        };
        Ok(result.into_iter().collect())
    }

    /// Enters a function; the caller's pc stays at the call until it returns.
    fn call(&mut self, env: &Env, callee: usize, args: &[u64]) -> Checked<()> {
        let code = match env.image.targets.get(callee) {
            Some(Target::Code(code)) => *code,
            Some(Target::Failed(why)) => return Err(fault(FaultKind::IllegalInstruction, why.clone())),
            Some(Target::Absent) | None => {
                return Err(fault(FaultKind::InvalidPc, "indirect call of what is no device function"));
            }
        };
        let target = &env.image.codes[code as usize];
        let base = (self.top + CALL_BYTES).next_multiple_of(target.frame.align);
        if base + target.frame.size > env.local_bytes {
            return Err(overflow(env, format!("call of {}", target.func.name)));
        }
        let values = self.values.len();
        self.frames.push(Frame { code, block: 0, pc: 0, values, base, caller_top: self.top });
        self.values.resize(values + target.func.values.len(), 0);
        self.top = base + target.frame.size;
        for (param, &bits) in target.func.blocks[0].params.iter().zip(args) {
            self.values[values + param.index()] = bits;
        }
        Ok(())
    }

    fn terminator(
        &mut self,
        env: &Env,
        func: &Function,
        frame: Frame,
        term: &Terminator,
    ) -> Checked<Option<Event>> {
        let to = match term {
            Terminator::Jump(to) => to,
            Terminator::Branch { cond, then, els } => {
                if self.get(frame, *cond) != 0 {
                    then
                } else {
                    els
                }
            }
            Terminator::Switch { index, targets, default } => {
                targets.get(self.get(frame, *index) as usize).unwrap_or(default)
            }
            Terminator::Ret(values) => {
                let results: SmallVec<[u64; 2]> = values.iter().map(|&v| self.get(frame, v)).collect();
                return Ok(self.ret(env, frame, &results));
            }
            Terminator::Exit => return Ok(Some(Event::Done)),
            Terminator::Trap => return Err(fault(FaultKind::Trap, "trap instruction")),
            Terminator::Unreachable => {
                return Err(fault(FaultKind::IllegalInstruction, "end of a function without a return"));
            }
        };
        self.jump(func, frame, to);
        Ok(None)
    }

    fn jump(&mut self, func: &Function, frame: Frame, to: &BlockCall) {
        // All arguments are read before any parameter is written: they may be the target's own parameters.
        let args: SmallVec<[u64; 4]> = to.args.iter().map(|&v| self.get(frame, v)).collect();
        for (&param, bits) in func.block(to.block).params.iter().zip(args) {
            self.set(frame, param, bits);
        }
        let top = self.frames.last_mut().expect("a running thread is in a function");
        top.block = to.block.0;
        top.pc = 0;
    }

    fn ret(&mut self, env: &Env, frame: Frame, results: &[u64]) -> Option<Event> {
        self.frames.pop();
        self.values.truncate(frame.values);
        self.top = frame.caller_top;
        let Some(&caller) = self.frames.last() else { return Some(Event::Done) };
        let func = &env.image.codes[caller.code as usize].func;
        let call = func.inst(func.blocks[caller.block as usize].insts[caller.pc as usize]);
        for (&value, &bits) in call.results.iter().zip(results) {
            self.set(caller, value, bits);
        }
        self.next();
        None
    }
}

fn fault(kind: FaultKind, message: impl Into<String>) -> Box<Fault> {
    Box::new(Fault::new(kind, message))
}

fn overflow(env: &Env, what: String) -> Box<Fault> {
    fault(FaultKind::StackOverflow, format!("stack of {} bytes overflows at {what}", env.local_bytes))
}

fn order(order: MemOrder) -> Ordering {
    match order {
        MemOrder::Weak | MemOrder::Volatile | MemOrder::Relaxed => Ordering::Relaxed,
        MemOrder::Acquire | MemOrder::Release | MemOrder::AcqRel | MemOrder::SeqCst => Ordering::SeqCst,
    }
}

/// Reads one element at a legal address.
fn read(at: u64, ty: Type, order: Ordering) -> u64 {
    let bytes = ty.bytes();
    let bits = if at.is_multiple_of(u64::from(bytes)) {
        // SAFETY: `Env::locate` found the bytes legal; the address is aligned.
        unsafe { memory::load(at, bytes, order) }
    } else {
        // SAFETY: as above; a byte is always aligned.
        (0..bytes).map(|i| unsafe { memory::load(at + u64::from(i), 1, order) } << (8 * i)).sum()
    };
    bits & ty.mask()
}

/// Writes one element at a legal address.
fn write(at: u64, ty: Type, value: u64, order: Ordering) {
    let bytes = ty.bytes();
    if at.is_multiple_of(u64::from(bytes)) {
        // SAFETY: `Env::locate` found the bytes legal and writable; the address is aligned.
        unsafe { memory::store(at, bytes, value, order) };
        return;
    }
    for i in 0..bytes {
        // SAFETY: as above; a byte is always aligned.
        unsafe { memory::store(at + u64::from(i), 1, value >> (8 * i), order) };
    }
}

fn arrival(env: &Env, kind: BarrierKind, counted: bool, args: &[u64]) -> Checked<Arrival> {
    let id = args[0] as u32;
    if id > 15 {
        return Err(fault(FaultKind::IllegalInstruction, format!("barrier {id} does not exist: 0 to 15 do")));
    }
    let mut expected = counted.then(|| args[1] as u32);
    if let Some(count) = expected
        && (count % 32 != 0 || count == 0)
    {
        let message = format!("barrier {id} for {count} threads: the count is to be a multiple of 32");
        return Err(fault(FaultKind::IllegalInstruction, message));
    }
    // A count of the whole CTA says no more than none.
    expected = expected.filter(|&count| count != env.threads().next_multiple_of(32));
    let predicate = match kind {
        BarrierKind::Sync | BarrierKind::Arrive => false,
        BarrierKind::RedPopc | BarrierKind::RedAnd | BarrierKind::RedOr => args.last() == Some(&1),
    };
    Ok(Arrival { id, kind, expected, predicate })
}

/// Number of the function at an address that [`Inst::FuncAddr`] gave.
fn indirect_callee(env: &Env, launch: &Launch<'_>, addr: u64) -> Checked<usize> {
    let offset = addr.wrapping_sub(launch.func_base);
    let index = offset / 16;
    if !offset.is_multiple_of(16) || index >= env.image.targets.len() as u64 {
        let fault = Fault::new(FaultKind::InvalidPc, "indirect call of what is no function");
        return Err(Box::new(Fault { address: Some(addr), ..fault }));
    }
    Ok(index as usize)
}
