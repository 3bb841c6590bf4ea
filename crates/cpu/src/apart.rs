//! Threads that compile: LLVM recurses deeply, and the stack of a thread that launches or runs gangs may be small.

use engine::threads::block_signals;

/// Bytes of their stacks.
const STACK: usize = 16 << 20;

fn builder() -> std::thread::Builder {
    std::thread::Builder::new().name("anywarp-jit".into()).stack_size(STACK)
}

/// Runs `work` on a thread of its own and waits for it. The error says that there is none, or that it panicked.
pub fn run<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let working = builder().spawn_scoped(scope, || {
            block_signals();
            work()
        });
        let working = working.map_err(|e| format!("no thread to compile on: {e}"))?;
        working.join().map_err(|_| "compilation panicked".into())
    })
}

/// Runs `work` on a thread of its own, which may outlive the main thread.
pub fn start(work: impl FnOnce() + Send + 'static) -> Result<(), String> {
    let working = builder().spawn(|| {
        block_signals();
        work();
    });
    working.map(drop).map_err(|e| format!("no thread to compile on: {e}"))
}
