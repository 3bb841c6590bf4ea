//! Streams, grids and waiting, with kernels written in Rust.

use device::copy::{BoxCopy, Fill};
use device::{
    Context, CostModel, Device, Held, KernelCode, KernelLaunch, Op, Stream, StreamKind, Work, profile,
};
use engine::{CtaRange, Fault, FaultKind, Kernel, Launch, Resources, Step, SuspendedCta};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

fn context() -> Arc<Context> {
    static DEVICE: OnceLock<Arc<Device>> = OnceLock::new();
    let device = DEVICE.get_or_init(|| {
        let profile = profile::parse_list("cpu").unwrap().remove(0);
        Arc::new(Device::new(0, profile).unwrap())
    });
    Context::new(device)
}

type Body = dyn Fn(&Launch<'_>, u64) -> Result<Option<Box<dyn SuspendedCta>>, Fault> + Send + Sync;

struct Native(Box<Body>);

impl Kernel for Native {
    fn resources(&self) -> Resources {
        Resources::default()
    }

    fn run(
        &self,
        launch: &Launch<'_>,
        range: CtaRange,
        suspended: &mut dyn FnMut(Box<dyn SuspendedCta>),
    ) -> Result<(), Fault> {
        for cta in range.first..range.first + range.count {
            if let Some(waits) = (self.0)(launch, cta)? {
                suspended(waits);
            }
        }
        Ok(())
    }
}

fn kernel<F>(ctas: u32, body: F) -> Op
where
    F: Fn(&Launch<'_>, u64) -> Result<Option<Box<dyn SuspendedCta>>, Fault> + Send + Sync + 'static,
{
    Op::Kernel(Held::Shared(reusable(ctas, body)))
}

/// A launch that may be submitted again and again.
fn reusable<F>(ctas: u32, body: F) -> Arc<KernelLaunch>
where
    F: Fn(&Launch<'_>, u64) -> Result<Option<Box<dyn SuspendedCta>>, Fault> + Send + Sync + 'static,
{
    let code = KernelCode {
        name: "test".into(),
        kernel: Arc::new(Native(Box::new(body))),
        globals: Arc::new([]),
        func_base: 0,
        cost: CostModel::default(),
        work: Work::Kernel,
        keep: Arc::new(()),
    };
    Arc::new(KernelLaunch {
        code: Arc::new(code),
        grid: [ctas, 1, 1],
        block: [1, 1, 1],
        dynamic_shared: 0,
        cooperative: false,
        params: Default::default(),
    })
}

#[test]
fn every_cta_runs_once_whatever_the_size() {
    let context = context();
    let stream = Stream::new(&context, StreamKind::NonBlocking, 0);
    for ctas in [1, 2, 3, 17, 1000, 100_000] {
        let seen: Arc<Vec<AtomicU64>> = Arc::new((0..ctas).map(|_| AtomicU64::new(0)).collect());
        let count = seen.clone();
        stream.submit(kernel(ctas, move |_, cta| {
            count[cta as usize].fetch_add(1, Ordering::Relaxed);
            Ok(None)
        }));
        stream.synchronize();
        assert!(seen.iter().all(|n| n.load(Ordering::Relaxed) == 1));
    }
}

#[test]
fn streams_are_ordered_and_events_order_across() {
    let context = context();
    let (a, b) = (
        Stream::new(&context, StreamKind::NonBlocking, 0),
        Stream::new(&context, StreamKind::NonBlocking, 0),
    );
    let log = Arc::new(Mutex::new(Vec::new()));
    let push = |n: u32, ms: u64| {
        let log = log.clone();
        kernel(1, move |_, _| {
            std::thread::sleep(std::time::Duration::from_millis(ms));
            log.lock().unwrap().push(n);
            Ok(None)
        })
    };
    a.submit(push(1, 20));
    a.submit(push(2, 0));
    let event = a.record();
    b.wait(&event);
    b.submit(push(3, 0));
    b.synchronize();
    assert!(event.is_done());
    assert_eq!(*log.lock().unwrap(), [1, 2, 3]);
    a.synchronize();
}

#[test]
fn the_legacy_stream_waits_for_blocking_streams_and_they_for_it() {
    let context = context();
    let legacy = context.legacy().clone();
    let (a, b) =
        (Stream::new(&context, StreamKind::Blocking, 0), Stream::new(&context, StreamKind::Blocking, 0));
    for _ in 0..50 {
        let log = Arc::new(Mutex::new(Vec::new()));
        let push = |n: u32| {
            let log = log.clone();
            kernel(1, move |_, _| {
                std::thread::sleep(std::time::Duration::from_micros(u64::from(7 - n) * 100));
                log.lock().unwrap().push(n);
                Ok(None)
            })
        };
        a.submit(push(1));
        legacy.submit(push(2));
        b.submit(push(3));
        legacy.submit(push(4));
        a.submit(push(5));
        context.synchronize();
        assert_eq!(*log.lock().unwrap(), [1, 2, 3, 4, 5]);
    }
}

/// Waits until a counter reaches a number, then adds one.
struct Turn {
    cta: u64,
    turn: Arc<AtomicU64>,
}

impl SuspendedCta for Turn {
    fn cta(&self) -> u64 {
        self.cta
    }
    fn resume(&mut self, _: &Launch<'_>, _: u32) -> Result<Step, Fault> {
        let go = self.turn.compare_exchange(self.cta, self.cta + 1, Ordering::SeqCst, Ordering::SeqCst);
        Ok(if go.is_ok() { Step::Done } else { Step::Waiting })
    }
    fn waits_at(&self) -> String {
        "its turn".into()
    }
}

#[test]
fn ctas_that_wait_are_resumed_in_any_order() {
    let context = context();
    let stream = Stream::new(&context, StreamKind::NonBlocking, 0);
    let turn = Arc::new(AtomicU64::new(0));
    let shared = turn.clone();
    stream.submit(kernel(500, move |_, cta| Ok(Some(Box::new(Turn { cta, turn: shared.clone() }) as _))));
    stream.synchronize();
    assert_eq!(turn.load(Ordering::SeqCst), 500);
    assert!(!context.has_fault());
}

#[test]
fn a_kernel_that_waits_for_another_stream_does_not_block_it() {
    let context = context();
    let flag = Arc::new(AtomicU64::new(0));
    let streams: Vec<_> = (0..6).map(|_| Stream::new(&context, StreamKind::NonBlocking, 0)).collect();
    for stream in &streams[..5] {
        let flag = flag.clone();
        // Waits for the sixth stream's kernel.
        stream.submit(kernel(4, move |_, _| Ok(Some(Box::new(UntilSet(flag.clone())) as _))));
    }
    let set = flag.clone();
    streams[5].submit(kernel(1, move |_, _| {
        set.store(1, Ordering::SeqCst);
        Ok(None)
    }));
    streams[0].synchronize();
    context.synchronize();
    assert!(!context.has_fault());
}

#[test]
fn kernels_that_never_pause_do_not_block_who_waits_for_another_stream() {
    let context = context();
    let flag = Arc::new(AtomicU64::new(0));
    let (spin, set) = (
        Stream::new(&context, StreamKind::NonBlocking, 0),
        Stream::new(&context, StreamKind::NonBlocking, 0),
    );
    let seen = flag.clone();
    spin.submit(kernel(64, move |_, _| {
        while seen.load(Ordering::SeqCst) == 0 {
            std::hint::spin_loop();
        }
        Ok(None)
    }));
    std::thread::sleep(std::time::Duration::from_millis(20));
    let store = flag.clone();
    set.submit(kernel(1, move |_, _| {
        store.store(1, Ordering::SeqCst);
        Ok(None)
    }));
    set.synchronize();
    spin.synchronize();
}

struct UntilSet(Arc<AtomicU64>);

impl SuspendedCta for UntilSet {
    fn cta(&self) -> u64 {
        0
    }
    fn resume(&mut self, _: &Launch<'_>, _: u32) -> Result<Step, Fault> {
        Ok(if self.0.load(Ordering::SeqCst) == 1 { Step::Done } else { Step::Waiting })
    }
    fn waits_at(&self) -> String {
        "flag".into()
    }
}

#[test]
fn a_fault_sticks_and_later_work_completes_without_running() {
    let context = context();
    let stream = Stream::new(&context, StreamKind::NonBlocking, 0);
    stream.submit(kernel(1000, |_, cta| match cta {
        500 => Err(Fault::new(FaultKind::Trap, "trap")),
        _ => Ok(None),
    }));
    let ran = Arc::new(AtomicU64::new(0));
    let count = ran.clone();
    stream.submit(kernel(1, move |_, _| {
        count.fetch_add(1, Ordering::SeqCst);
        Ok(None)
    }));
    stream.synchronize();
    assert_eq!(context.fault().unwrap().kind, FaultKind::Trap);
    assert_eq!(context.fault().unwrap().kernel, "test");
    assert_eq!(ran.load(Ordering::SeqCst), 0);
    stream.submit(kernel(8, |_, _| panic!("a bug")));
    stream.synchronize();
}

#[test]
fn host_functions_run_in_order_and_may_block() {
    let context = context();
    let (a, b) = (
        Stream::new(&context, StreamKind::NonBlocking, 0),
        Stream::new(&context, StreamKind::NonBlocking, 0),
    );
    let (send, receive) = std::sync::mpsc::channel::<u32>();
    let got = Arc::new(AtomicU64::new(0));
    let store = got.clone();
    a.submit(Op::Host(Box::new(move || {
        store.store(u64::from(receive.recv().unwrap()), Ordering::SeqCst);
        assert!(device::context::in_callback());
    })));
    b.submit(kernel(1, move |_, _| {
        send.send(7).unwrap();
        Ok(None)
    }));
    a.synchronize();
    assert_eq!(got.load(Ordering::SeqCst), 7);
}

#[test]
fn many_launches_from_many_threads() {
    let context = context();
    let total = Arc::new(AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let stream = Stream::new(&context, StreamKind::Blocking, 0);
                for i in 0..2000 {
                    let total = total.clone();
                    stream.submit(kernel(3, move |_, _| {
                        total.fetch_add(1, Ordering::Relaxed);
                        Ok(None)
                    }));
                    if i % 100 == 0 {
                        stream.synchronize();
                    }
                }
                stream.synchronize();
                stream.destroy();
            });
        }
    });
    assert_eq!(total.load(Ordering::Relaxed), 4 * 2000 * 3);
}

/// Time in which what has been queued begins, on the busiest machine.
const SOON: Duration = Duration::from_secs(20);

fn until(mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < SOON, "nobody runs what was queued");
        std::thread::sleep(Duration::from_micros(20));
    }
}

/// Short kernels wake nobody where a worker looks by itself. Whatever the workers do at that moment (run, spin, look
/// often, look now and then, sleep), a launch that nobody waits for runs.
#[test]
fn short_launches_that_nobody_waits_for_run() {
    let context = context();
    let stream = Stream::new(&context, StreamKind::NonBlocking, 0);
    let ran = Arc::new(AtomicU64::new(0));
    let count = ran.clone();
    let short = reusable(1, move |_, _| {
        count.fetch_add(1, Ordering::SeqCst);
        Ok(None)
    });
    let mut launched = 0;
    let mut launch = || {
        stream.submit(Op::Kernel(Held::Shared(short.clone())));
        launched += 1;
        launched
    };
    for pause_us in [0, 1, 10, 50, 70, 100, 250, 1000, 3000, 7000, 20_000, 1_300_000, 0, 60, 500] {
        for burst in [1, 2, 50] {
            std::thread::sleep(Duration::from_micros(pause_us));
            let target = (0..burst).map(|_| launch()).last().unwrap_or(0);
            until(|| ran.load(Ordering::SeqCst) >= target);
        }
    }
    // As above, with a host thread that waits for half of them.
    for turn in 0..3000 {
        let target = launch();
        match turn % 2 {
            0 => stream.synchronize(),
            _ => until(|| ran.load(Ordering::SeqCst) >= target),
        }
    }
}

/// A program that looks instead of waiting gets its work done at once.
#[test]
fn queries_begin_work() {
    let context = context();
    let stream = Stream::new(&context, StreamKind::Blocking, 0);
    let short = reusable(1, |_, _| Ok(None));
    for _ in 0..200 {
        stream.submit(Op::Kernel(Held::Shared(short.clone())));
        let event = stream.record();
        until(|| event.query());
        assert!(event.is_done());
    }
}

#[test]
fn thousands_of_streams() {
    let context = context();
    let ran = Arc::new(AtomicU64::new(0));
    let count = ran.clone();
    let short = reusable(1, move |_, _| {
        count.fetch_add(1, Ordering::Relaxed);
        Ok(None)
    });
    let streams: Vec<Arc<Stream>> = (0..5000)
        .map(|n| {
            let kind = if n % 2 == 0 { StreamKind::Blocking } else { StreamKind::NonBlocking };
            Stream::new(&context, kind, 0)
        })
        .collect();
    streams.iter().for_each(|stream| stream.submit(Op::Kernel(Held::Shared(short.clone()))));
    let blocking = Arc::new(AtomicU64::new(0));
    let (seen, all) = (blocking.clone(), ran.clone());
    // The legacy stream comes after the blocking ones, and `synchronize` after all.
    context.legacy().submit(kernel(1, move |_, _| {
        seen.store(all.load(Ordering::Relaxed), Ordering::Relaxed);
        Ok(None)
    }));
    streams.iter().step_by(3).for_each(|stream| stream.destroy());
    context.synchronize();
    assert_eq!(ran.load(Ordering::Relaxed), 5000);
    assert!(blocking.load(Ordering::Relaxed) >= 2500);
    assert!(context.is_idle());
}

#[test]
fn large_copies_and_fills_are_whole() {
    let context = context();
    let stream = Stream::new(&context, StreamKind::NonBlocking, 0);
    for len in [(4 << 20) - 1, 4 << 20, (5 << 20) + 77, (33 << 20) + 3] {
        let from: Vec<u8> = (0..len).map(|n: usize| (n * 31 + n / 4093) as u8).collect();
        let mut to = vec![0u8; len + 2];
        let copy = BoxCopy::line(to.as_mut_ptr() as u64 + 1, from.as_ptr() as u64, len as u64);
        stream.submit(Op::Copy(copy));
        stream.synchronize();
        assert!(to[1..=len] == from[..] && to[0] == 0 && to[len + 1] == 0);
        // Overlapping ones are moved as by `memmove`.
        let copy = BoxCopy::line(to.as_mut_ptr() as u64 + 1, to.as_ptr() as u64 + 2, len as u64 - 1);
        stream.submit(Op::Copy(copy));
        stream.synchronize();
        assert!(to[1..len] == from[1..]);
        let width = (len / 4) as u64;
        let dst = to.as_mut_ptr() as u64;
        let dst = dst.next_multiple_of(4);
        let fill =
            Fill { dst, pitch: width * 4, value: 0x0102_0304, element: 4, width: width - 1, height: 1 };
        stream.submit(Op::Fill(fill));
        stream.synchronize();
        let skip = (dst - to.as_ptr() as u64) as usize;
        let words = to[skip..].chunks_exact(4).take(width as usize - 1);
        assert!(words.into_iter().all(|word| word == [4, 3, 2, 1]));
    }
}
