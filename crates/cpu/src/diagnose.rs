//! Which thread and which line made a wild access: generated code knows no more than the block and the address.
//!
//! The reference engine runs the faulty CTA once more and says where it ends. By then the launch's memory is lost to the
//! program (the error is sticky), so storing twice does no harm; what is printed is dropped. Invariant: only a fault of
//! the same kind is believed, and the search ends after [`PATIENCE`].

use engine::{Access, CompileOptions, CtaRange, Fault, FaultKind, Host, Launch, Program, Step};
use ir::FuncId;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

/// How long a CTA may run again.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a CTA that waits for others is asked again: they run no more.
const ROUNDS: u32 = 16;

/// What it takes to run a kernel again.
pub struct Again {
    pub engine: Arc<dyn engine::Engine>,
    pub program: Arc<dyn Program>,
    pub kernel: FuncId,
    pub options: CompileOptions,
}

impl Again {
    /// `None` without an engine to run it on.
    pub fn new(
        engine: Option<&Arc<dyn engine::Engine>>,
        program: &Arc<dyn Program>,
        kernel: FuncId,
        options: &CompileOptions,
    ) -> Option<Again> {
        let (engine, program, options) = (engine?.clone(), program.clone(), options.clone());
        Some(Again { engine, program, kernel, options })
    }

    /// `fault` with its thread and line, if running `cta` again finds them.
    pub fn complete(&self, launch: &Launch<'_>, cta: u64, worker: u32, fault: Fault) -> Fault {
        let about_memory = match fault.kind {
            FaultKind::IllegalAddress
            | FaultKind::MisalignedAddress
            | FaultKind::InvalidAddressSpace
            | FaultKind::StackOverflow => true,
            FaultKind::InvalidPc
            | FaultKind::IllegalInstruction
            | FaultKind::Trap
            | FaultKind::Assert
            | FaultKind::Deadlock
            | FaultKind::Internal => false,
        };
        if !about_memory || fault.thread.is_some() {
            return fault;
        }
        match self.run(launch, cta, worker) {
            Err(found) if found.kind == fault.kind => Fault { cta: Some(cta), ..found },
            _ => fault,
        }
    }

    fn run(&self, launch: &Launch<'_>, cta: u64, worker: u32) -> Result<(), Fault> {
        let Ok(kernel) = self.engine.compile(&*self.program, self.kernel, &self.options) else {
            return Ok(());
        };
        let cancelled = AtomicBool::new(false);
        let host = Quiet(launch.host);
        let launch = Launch { cancelled: &cancelled, host: &host, ..*launch };
        std::thread::scope(|scope| {
            let (done, wait) = mpsc::channel::<()>();
            let cancelled = &cancelled;
            scope.spawn(move || {
                if wait.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                    cancelled.store(true, Ordering::Relaxed);
                }
            });
            let mut waiting = Vec::new();
            let range = CtaRange { first: cta, count: 1, worker };
            let mut result = kernel.run(&launch, range, &mut |cta| waiting.push(cta));
            let mut rounds = 0;
            while let (Ok(()), Some(cta)) = (&result, waiting.last_mut()) {
                match cta.resume(&launch, worker) {
                    Ok(Step::Done) => break,
                    Ok(Step::Progress) => {}
                    Ok(Step::Waiting) => rounds += 1,
                    Err(fault) => result = Err(fault),
                }
                if rounds > ROUNDS || cancelled.load(Ordering::Relaxed) {
                    break;
                }
            }
            drop(done);
            result
        })
    }
}

/// A host that lets a kernel look but not speak.
struct Quiet<'a>(&'a dyn Host);

impl Host for Quiet<'_> {
    fn accessible(&self, addr: u64, len: u64, access: Access) -> bool {
        self.0.accessible(addr, len, access)
    }

    fn vprintf(&self, _: u64, _: u64) -> Result<i32, Fault> {
        Ok(0)
    }

    fn malloc(&self, size: u64) -> u64 {
        self.0.malloc(size)
    }

    /// What the first run has freed cannot be freed again.
    fn free(&self, _: u64) -> Result<(), Fault> {
        Ok(())
    }

    fn assert_fail(&self, _: u64, _: u64, _: u32, _: u64, _: [u32; 3], _: [u32; 3]) -> Fault {
        Fault::new(FaultKind::Assert, "assertion failed")
    }
}
