//! Thread-local lists that may be used to the very end: destructors of static objects and exit handlers call the API
//! after the main thread's thread-local values are gone.
//!
//! Invariant: `with` always runs its body; callers that come too late for a list of their own share one.

use parking_lot::Mutex;
use std::cell::RefCell;
use std::thread::LocalKey;

pub struct Lasting<T: 'static> {
    local: &'static LocalKey<RefCell<Vec<T>>>,
    late: Mutex<Vec<T>>,
}

impl<T> Lasting<T> {
    pub const fn new(local: &'static LocalKey<RefCell<Vec<T>>>) -> Lasting<T> {
        Lasting { local, late: Mutex::new(Vec::new()) }
    }

    /// Runs `body` on the calling thread's list.
    pub fn with<R>(&self, body: impl FnOnce(&mut Vec<T>) -> R) -> R {
        let mut body = Some(body);
        let mut run = |list: &mut Vec<T>| body.take().map(|body| body(list));
        let ran = self.local.try_with(|list| run(&mut list.borrow_mut())).ok().flatten();
        ran.or_else(|| run(&mut self.late.lock())).expect("one of the two ran the body")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    thread_local! {
        static LOCAL: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
    }
    static LIST: Lasting<u32> = Lasting::new(&LOCAL);

    #[test]
    fn a_destructor_of_the_thread_finds_a_list() {
        struct AtEnd;
        impl Drop for AtEnd {
            fn drop(&mut self) {
                LIST.with(|list| list.push(7));
            }
        }
        thread_local! {
            static AT_END: AtEnd = const { AtEnd };
        }
        let thread = std::thread::spawn(|| {
            // Destroyed in the reverse order of first use: the list goes before the other.
            AT_END.with(|_| ());
            LIST.with(|list| list.push(1));
        });
        thread.join().expect("no panic at the thread's end");
    }
}
