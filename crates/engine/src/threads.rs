//! What the threads that devices and engines start have in common.

use nix::sys::signal::{SigSet, Signal};

/// Leaves signals to the program's own threads, for the calling thread. Faults stay deliverable: engines handle them.
pub fn block_signals() {
    let mut set = SigSet::all();
    let faults =
        [Signal::SIGSEGV, Signal::SIGBUS, Signal::SIGFPE, Signal::SIGILL, Signal::SIGTRAP, Signal::SIGABRT];
    faults.into_iter().for_each(|fault| set.remove(fault));
    // The set is a good one, which is all that can be wrong.
    let _ = set.thread_block();
}
