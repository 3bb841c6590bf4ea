//! Contexts: streams, limits, faults and the services to kernels of one program's use of one device.
//!
//! Invariant: a fault is set once and stays; from then on operations complete without running.

use crate::Device;
use crate::heap::Heap;
use crate::memory;
use crate::printf::{self, Reader};
use crate::stream::{Active, Stream, StreamKind};
use engine::{Access, Fault, FaultKind, Host};
use parking_lot::Mutex;
use smallvec::SmallVec;
use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, OnceLock};
use std::time::Duration;

/// Limits of a context (`cuCtxSetLimit`), with CUDA's defaults.
pub struct Limits {
    stack: AtomicU32,
    printf_fifo: AtomicU64,
    heap: AtomicU64,
    hang_ns: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        let seconds = std::env::var("ANYWARP_HANG_SECONDS").ok().and_then(|text| text.parse::<f64>().ok());
        Limits {
            stack: AtomicU32::new(1024),
            printf_fifo: AtomicU64::new(1 << 20),
            heap: AtomicU64::new(8 << 20),
            hang_ns: (seconds.unwrap_or(10.0).max(0.0) * 1e9) as u64,
        }
    }
}

impl Limits {
    /// Bytes of local memory per thread.
    pub fn stack(&self) -> u32 {
        self.stack.load(Ordering::Relaxed)
    }

    pub fn set_stack(&self, bytes: u32) {
        self.stack.store(bytes, Ordering::Relaxed);
    }

    pub fn printf_fifo(&self) -> u64 {
        self.printf_fifo.load(Ordering::Relaxed)
    }

    pub fn set_printf_fifo(&self, bytes: u64) {
        self.printf_fifo.store(bytes, Ordering::Relaxed);
    }

    pub fn heap(&self) -> u64 {
        self.heap.load(Ordering::Relaxed)
    }

    pub fn set_heap(&self, bytes: u64) {
        self.heap.store(bytes, Ordering::Relaxed);
    }

    /// How long a launch in which nothing moves is given (`ANYWARP_HANG_SECONDS`).
    pub(crate) fn hang_ns(&self) -> u64 {
        self.hang_ns
    }
}

/// A context of a device.
pub struct Context {
    /// Unique in the process.
    pub id: u64,
    pub device: Arc<Device>,
    pub limits: Limits,
    pub heap: Heap,
    faulted: AtomicBool,
    fault: Mutex<Option<Arc<Fault>>>,
    output: Mutex<Vec<u8>>,
    legacy: OnceLock<Arc<Stream>>,
    /// All streams but the legacy one, by number.
    streams: Mutex<BTreeMap<u64, Arc<Stream>>>,
    /// Streams that synchronise with the legacy one, and the others, as far as they may have work: who looks for work
    /// need not look at all there are.
    blocking: Active,
    other: Active,
    sm_count: u32,
}

static NEXT_CONTEXT: AtomicU64 = AtomicU64::new(1);

impl Context {
    pub fn new(device: &Arc<Device>) -> Arc<Context> {
        let id = NEXT_CONTEXT.fetch_add(1, Ordering::Relaxed);
        let sms = device.profile.attribute("multiprocessor_count") as u32;
        Arc::new(Context {
            id,
            device: device.clone(),
            limits: Limits::default(),
            heap: Heap::new(device.arena.clone(), id),
            faulted: AtomicBool::new(false),
            fault: Mutex::new(None),
            output: Mutex::new(Vec::new()),
            legacy: OnceLock::new(),
            streams: Mutex::new(BTreeMap::new()),
            blocking: Active::default(),
            other: Active::default(),
            sm_count: sms.max(crate::sched::workers()),
        })
    }

    /// `%nsmid`
    pub fn sm_count(&self) -> u32 {
        self.sm_count
    }

    /// The legacy default stream.
    pub fn legacy(self: &Arc<Context>) -> &Arc<Stream> {
        self.legacy.get_or_init(|| Stream::new(self, StreamKind::Legacy, 0))
    }

    pub(crate) fn legacy_if_made(&self) -> Option<&Arc<Stream>> {
        self.legacy.get()
    }

    pub(crate) fn add_stream(&self, stream: &Arc<Stream>) {
        if stream.kind != StreamKind::Legacy {
            self.streams.lock().insert(stream.id, stream.clone());
        }
    }

    /// Notes that a stream has work. It has counted the work as issued before it looked at `active`.
    pub(crate) fn note_active(&self, stream: &Arc<Stream>) {
        let list = match stream.kind {
            StreamKind::Legacy => return,
            StreamKind::Blocking => &self.blocking,
            StreamKind::NonBlocking => &self.other,
        };
        list.add(stream);
    }

    /// A destroyed stream stays known until its work is done, so that the context still waits for it.
    pub(crate) fn remove_stream(&self, stream: &Arc<Stream>) {
        if stream.kind == StreamKind::Legacy {
            return;
        }
        if stream.is_idle() {
            self.streams.lock().remove(&stream.id);
            return;
        }
        let (id, context) = (stream.id, stream.context().clone());
        let forget = move || {
            context.streams.lock().remove(&id);
        };
        stream.submit(crate::Op::Internal(Box::new(forget)));
    }

    /// Blocking streams that have work.
    pub(crate) fn busy_blocking_streams(&self) -> SmallVec<[Arc<Stream>; 4]> {
        self.blocking.busy()
    }

    pub(crate) fn blocking_idle(&self) -> bool {
        self.blocking.busy().is_empty()
    }

    /// Waits for all streams and prints what kernels printed.
    pub fn synchronize(&self) {
        let mut all = self.busy_blocking_streams();
        all.extend(self.other.busy());
        all.extend(self.legacy.get().filter(|stream| !stream.is_idle()).cloned());
        for stream in all {
            stream.synchronize();
        }
        self.flush_output();
    }

    /// Whether no stream has work.
    pub fn is_idle(&self) -> bool {
        self.legacy.get().is_none_or(|stream| stream.is_idle())
            && self.blocking_idle()
            && self.other.busy().is_empty()
    }

    /// Waits for all streams, then frees all memory of the context. The context must not be used any more.
    pub fn destroy(&self) {
        self.synchronize();
        self.streams.lock().clear();
        self.blocking.clear();
        self.other.clear();
        self.heap.clear();
        memory::free_all(&self.device.arena, self.id);
        memory::free_all_host(self.id);
    }

    pub fn has_fault(&self) -> bool {
        self.faulted.load(Ordering::Acquire)
    }

    /// The first fault of the context.
    pub fn fault(&self) -> Option<Arc<Fault>> {
        if !self.has_fault() {
            return None;
        }
        self.fault.lock().clone()
    }

    pub(crate) fn set_fault(&self, fault: Fault) {
        tracing::error!("{fault}");
        let mut first = self.fault.lock();
        if first.is_none() {
            *first = Some(Arc::new(fault));
            self.faulted.store(true, Ordering::Release);
        }
    }

    /// Prints what kernels printed, through the host program's own buffered standard output, so that the order
    /// with its own lines is kept.
    pub fn flush_output(&self) {
        let text = {
            let mut output = self.output.lock();
            if output.is_empty() {
                return;
            }
            std::mem::take(&mut *output)
        };
        write_stdout(&text);
    }
}

unsafe extern "C" {
    static stdout: *mut libc::FILE;
}

fn write_stdout(text: &[u8]) {
    // SAFETY: the C library's stream is valid for the life of the process; `fwrite` locks it.
    unsafe { libc::fwrite(text.as_ptr().cast(), 1, text.len(), stdout) };
}

impl Host for Context {
    fn accessible(&self, addr: u64, len: u64, access: Access) -> bool {
        memory::accessible(addr, len) || pageable::accessible(addr, len, access)
    }

    fn vprintf(&self, format: u64, args: u64) -> Result<i32, Fault> {
        let mut text = Vec::new();
        let Some(count) = printf::format(self, format, args, &mut text) else {
            let message = "printf reads its format or an argument outside of memory";
            return Err(Fault { address: Some(format), ..Fault::new(FaultKind::IllegalAddress, message) });
        };
        let full = {
            let mut output = self.output.lock();
            output.extend_from_slice(&text);
            output.len() as u64 > self.limits.printf_fifo()
        };
        // CUDA overwrites the oldest lines of a full buffer; printing them early loses nothing.
        if full {
            self.flush_output();
        }
        Ok(count)
    }

    fn malloc(&self, size: u64) -> u64 {
        // Nothing is given an address too, as on a GPU.
        self.heap.malloc(size.max(1), self.limits.heap())
    }

    fn free(&self, addr: u64) -> Result<(), Fault> {
        if addr == 0 || self.heap.free(addr) {
            return Ok(());
        }
        let message = "free of what malloc in a kernel did not return";
        Err(Fault { address: Some(addr), ..Fault::new(FaultKind::IllegalAddress, message) })
    }

    fn assert_fail(
        &self,
        message: u64,
        file: u64,
        line: u32,
        func: u64,
        cta: [u32; 3],
        thread: [u32; 3],
    ) -> Fault {
        let text = |addr| self.string(addr).map_or("?".into(), |s| String::from_utf8_lossy(&s).into_owned());
        let (message, file, func) = (text(message), text(file), text(func));
        let [bx, by, bz] = cta;
        let [tx, ty, tz] = thread;
        // The line that CUDA prints; to standard error, at once.
        let line_text = format!(
            "{file}:{line}: {func}: block: [{bx},{by},{bz}], thread: [{tx},{ty},{tz}] Assertion `{message}` failed.\n"
        );
        self.flush_output();
        // A closed standard error is no reason to fail differently.
        std::io::stderr().write_all(line_text.as_bytes()).ok();
        let mut fault = Fault::new(FaultKind::Assert, format!("assertion `{message}` failed"));
        fault.thread = Some(thread);
        fault.source = Some((file, line));
        fault
    }
}

/// Longest string that a kernel may hand to the host.
const MAX_STRING: usize = 1 << 20;

impl Reader for Context {
    fn bytes<const N: usize>(&self, addr: u64) -> Option<[u8; N]> {
        self.accessible(addr, N as u64, Access::Read).then(|| {
            // SAFETY: the bytes are mapped and readable.
            unsafe { std::ptr::read_unaligned(addr as *const [u8; N]) }
        })
    }

    fn string(&self, addr: u64) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        let mut at = addr;
        while text.len() < MAX_STRING {
            let page = memory::PAGE - at % memory::PAGE;
            if !self.accessible(at, page, Access::Read) && !self.accessible(at, 1, Access::Read) {
                return None;
            }
            let whole = self.accessible(at, page, Access::Read);
            for offset in 0..if whole { page } else { 1 } {
                // SAFETY: the bytes are mapped and readable.
                match unsafe { std::ptr::read_volatile((at + offset) as *const u8) } {
                    0 => return Some(text),
                    byte => text.push(byte),
                }
            }
            at += if whole { page } else { 1 };
        }
        Some(text)
    }
}

/// Ordinary host memory, which kernels may touch as on devices with `pageable_memory_access`.
mod pageable {
    use engine::Access;
    use std::cell::RefCell;

    struct Range {
        start: u64,
        end: u64,
        readable: bool,
        writable: bool,
    }

    thread_local! {
        /// The process's map as this thread last read it.
        static MAP: RefCell<Vec<Range>> = const { RefCell::new(Vec::new()) };
    }

    /// Whether the range is mapped with the right protection: by the last known map, else by a fresh one.
    pub fn accessible(addr: u64, len: u64, access: Access) -> bool {
        let Some(end) = addr.checked_add(len.max(1)) else { return false };
        if addr < 4096 {
            return false;
        }
        let known = MAP.try_with(|map| {
            let mut map = map.borrow_mut();
            if !covers(&map, addr, end, access) {
                *map = read();
            }
            covers(&map, addr, end, access)
        });
        // Exit handlers come here when the thread's own values are gone.
        known.unwrap_or_else(|_| covers(&read(), addr, end, access))
    }

    fn covers(map: &[Range], addr: u64, end: u64, access: Access) -> bool {
        let mut at = addr;
        let mut index = map.partition_point(|range| range.end <= addr);
        while at < end {
            let Some(range) = map.get(index).filter(|range| range.start <= at) else { return false };
            let allowed = match access {
                Access::Read => range.readable,
                Access::Write => range.writable,
            };
            if !allowed {
                return false;
            }
            at = range.end;
            index += 1;
        }
        true
    }

    fn read() -> Vec<Range> {
        let text = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
        let parse = |line: &str| {
            let (range, rest) = line.split_once(' ')?;
            let (start, end) = range.split_once('-')?;
            Some(Range {
                start: u64::from_str_radix(start, 16).ok()?,
                end: u64::from_str_radix(end, 16).ok()?,
                readable: rest.starts_with('r'),
                writable: rest[1..].starts_with('w'),
            })
        };
        text.lines().filter_map(parse).collect()
    }
}

type Job = (Arc<Stream>, Box<dyn FnOnce() + Send>);

/// A queue that a thread of its own serves, started at the first entry.
struct Service<T> {
    started: AtomicBool,
    queue: std::sync::Mutex<VecDeque<T>>,
    wake: Condvar,
}

impl<T: Send + 'static> Service<T> {
    const fn new() -> Service<T> {
        Service {
            started: AtomicBool::new(false),
            queue: std::sync::Mutex::new(VecDeque::new()),
            wake: Condvar::new(),
        }
    }

    fn push(&'static self, name: &str, item: T, serve: fn(&'static Service<T>)) {
        if !self.started.swap(true, Ordering::AcqRel) {
            let thread = std::thread::Builder::new().name(name.into()).spawn(move || serve(self));
            if let Err(error) = thread {
                tracing::error!("cannot start {name}: {error}");
            }
        }
        self.lock().push_back(item);
        self.wake.notify_one();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<T>> {
        self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn pop(&self) -> T {
        let mut queue = self.lock();
        loop {
            match queue.pop_front() {
                Some(item) => return item,
                None => queue = self.wake.wait(queue).unwrap_or_else(std::sync::PoisonError::into_inner),
            }
        }
    }
}

static CALLBACKS: Service<Job> = Service::new();
static POLLS: Service<Box<dyn FnMut() -> bool + Send>> = Service::new();

thread_local! {
    static IN_CALLBACK: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether the calling thread runs a callback of a stream, where API calls are not permitted.
pub fn in_callback() -> bool {
    IN_CALLBACK.get()
}

/// Runs a function of the program apart from the workers, which it may block; its stream goes on afterwards.
pub(crate) fn on_host_thread(stream: Arc<Stream>, action: Box<dyn FnOnce() + Send>) {
    CALLBACKS.push("anywarp-callback", (stream, action), |service| {
        IN_CALLBACK.set(true);
        loop {
            let (stream, action) = service.pop();
            action();
            stream.finish_op();
            crate::sched::ready(stream, crate::sched::Urgency::Now);
        }
    });
}

/// Calls `poll` from time to time until it says true.
pub(crate) fn poll_later(poll: Box<dyn FnMut() -> bool + Send>) {
    POLLS.push("anywarp-poll", poll, |service| {
        loop {
            let mut pending = vec![service.pop()];
            while !pending.is_empty() {
                pending.retain_mut(|poll| !poll());
                pending.extend(service.lock().drain(..));
                std::thread::sleep(Duration::from_micros(20));
            }
        }
    });
}
