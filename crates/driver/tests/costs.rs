//! Costs: how they grow, and the bars for compilation, in processor time, with room for busy and slow machines.
//!
//! Invariant: what is compared are two measurements of this process, or one with a bar that is missed by a factor and not by
//! noise. One test: nothing else of the process runs beside what is measured.

mod support;

use ::driver::{context, event, module, stream};
use abi::*;
use std::time::Duration;
use support::{ADD, load, start, try_load};

const LEGACY: CUstream = CUstream::NULL;

/// Processor time of this thread that `run` takes, the least of some runs.
fn cost(mut run: impl FnMut()) -> Duration {
    let now = || {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: the structure is writable.
        unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    };
    let once = |_| {
        let start = now();
        run();
        now() - start
    };
    (0..3).map(once).min().expect("it ran three times")
}

/// Checks that one of many costs at most `factor` times what one of few does.
fn check(what: &str, few: u32, many: u32, factor: f64, mut run: impl FnMut(u32)) {
    let [one, other] = [few, many].map(|n| cost(|| run(n)).as_secs_f64() / f64::from(n) * 1e6);
    println!("{what}: {one:.2} us with {few}, {other:.2} us with {many}");
    assert!(other < one * factor, "{what}: {one:.2} us with {few}, {other:.2} us with {many}");
}

/// A module of `n` kernels of 100 instructions.
fn kernels(n: u32, seed: u32) -> String {
    let mut text = String::from(".version 7.8\n.target sm_80\n.address_size 64\n");
    for k in 0..n {
        text += &format!(
            ".visible .entry k{k}(.param .u64 p) {{\n.reg .b32 %r<60>;\n.reg .b64 %d<4>;\nld.param.u64 %d1, [p];\n\
             mov.u32 %r1, %tid.x;\nmul.wide.u32 %d3, %r1, 4;\nadd.s64 %d2, %d1, %d3;\nld.global.u32 %r2, [%d2];\n"
        );
        for i in 2..47 {
            let to = i + 1;
            let factor = 2 * (k + seed) + 3;
            text += &format!("mad.lo.s32 %r{to}, %r{i}, {factor}, %r1;\nxor.b32 %r{to}, %r{to}, {i};\n");
        }
        text += "st.global.u32 [%d2], %r47;\nret;\n}\n";
    }
    text
}

#[test]
fn nothing_grows_faster_than_its_number() {
    // SAFETY: the only test of this process, before any other thread is there.
    unsafe { std::env::set_var("ANYWARP_CACHE_DIR", "0") };
    support::context();
    let synchronize = || context::current().unwrap().synchronize().unwrap();
    check("load a kernel", 100, 1000, 3.0, |n| module::unload(try_load(&kernels(n, 0)).unwrap()).unwrap());

    // The bar is 50 ms for 2 MB.
    let text = kernels(800, 0);
    assert!(text.len() > 2 << 20, "{}", text.len());
    let loaded = cost(|| module::unload(try_load(&text).unwrap()).unwrap());
    println!("load 2 MB: {loaded:?}");
    assert!(loaded < Duration::from_millis(200), "a module of 2 MB took {loaded:?}");

    // The bar is 60 ms for 200 instructions.
    let mut seed = 0;
    let compiled = cost(|| {
        seed += 1;
        let loaded = try_load(&kernels(1, seed)).unwrap();
        let kernel = module::function(loaded, "k0").unwrap();
        let at = ::driver::memory::alloc(4096).unwrap();
        start(kernel, 1, 64, LEGACY, &[at]).unwrap();
        synchronize();
        ::driver::memory::free(at).unwrap();
        module::unload(loaded).unwrap();
    });
    println!("compile a kernel: {compiled:?}");
    assert!(compiled < Duration::from_millis(240), "a kernel of 100 instructions took {compiled:?}");

    let add = module::function(load(ADD), "add").unwrap();
    let at = ::driver::memory::alloc(4096).unwrap();
    let launch = |stream| start(add, 1, 32, stream, &[at, 1]).unwrap();
    launch(LEGACY);
    synchronize();
    check("a stream", 50, 5000, 5.0, |n| {
        let streams: Vec<CUstream> = (0..n).map(|_| stream::create(0, 0).unwrap()).collect();
        streams.iter().for_each(|&stream| launch(stream));
        synchronize();
        streams.into_iter().for_each(|stream| stream::destroy(stream).unwrap());
    });
    let mut alive: Vec<CUstream> = Vec::new();
    let mut beside = |n: usize| {
        alive.extend((alive.len()..n).map(|_| stream::create(0, 0).unwrap()));
        alive.iter().for_each(|&stream| launch(stream));
        synchronize();
        cost(|| {
            (0..200).for_each(|_| launch(LEGACY));
            synchronize();
        })
    };
    let (few, many) = (beside(5), beside(5000));
    assert!(
        many < few * 5,
        "200 launches on the default stream: {few:?} beside 5 streams, {many:?} beside 5000"
    );

    check("an event", 50, 5000, 5.0, |n| {
        let events: Vec<CUevent> = (0..n).map(|_| event::create(0).unwrap()).collect();
        events.iter().for_each(|&event| event::record(event, LEGACY, 0).unwrap());
        synchronize();
        events.into_iter().for_each(|event| event::destroy(event).unwrap());
    });
    check("an allocation", 100, 50_000, 8.0, |n| {
        let blocks: Vec<u64> = (0..n).map(|_| ::driver::memory::alloc(256).unwrap()).collect();
        blocks.iter().step_by(2).for_each(|&at| ::driver::memory::free(at).unwrap());
        blocks.iter().skip(1).step_by(2).for_each(|&at| ::driver::memory::free(at).unwrap());
    });
    check("a MB of an allocation", 64, 2048, 3.0, |n| {
        ::driver::memory::free(::driver::memory::alloc((n as usize) << 20).unwrap()).unwrap();
    });
}
