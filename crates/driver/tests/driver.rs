//! The driver's behaviour, with small kernels.

mod support;

use ::driver::copy::{Side, Wait};
use ::driver::jit::Options;
use ::driver::launch::Cooperative;
use ::driver::{
    capture, context, copy, device, event, fill, function, graph, link, memory, module, pool, stream, vmm,
};
use abi::*;
use support::{ADD, load, start, try_load};

const LEGACY: CUstream = CUstream::NULL;

fn read(at: u64, count: usize) -> Vec<u64> {
    let mut out = vec![0u64; count];
    let to = (out.as_mut_ptr() as u64, Side::Host);
    copy::linear(to, (at, Side::Device), count * 8, LEGACY, Wait::Yes).unwrap();
    out
}

fn zeros(count: usize) -> u64 {
    let at = memory::alloc(count * 8).unwrap();
    fill::fill(at, 0, 0, 1, count * 8, 1, LEGACY).unwrap();
    at
}

#[test]
fn kernels_run_in_stream_order() {
    support::context();
    let add = module::function(load(ADD), "add").unwrap();
    let at = zeros(1000);
    for n in 1..=10 {
        start(add, 10, 100, LEGACY, &[at, n]).unwrap();
    }
    assert!(read(at, 1000).iter().all(|&v| v == 55));
    memory::free(at).unwrap();
    assert_eq!(memory::free(at), Err(CUDA_ERROR_INVALID_VALUE));
}

#[test]
fn launches_are_validated() {
    support::context();
    let add = module::function(load(ADD), "add").unwrap();
    let at = zeros(4);
    let check = |grid, block, expected| assert_eq!(start(add, grid, block, LEGACY, &[at, 0]), expected);
    check(0, 1, Err(CUDA_ERROR_INVALID_VALUE));
    check(1, 0, Err(CUDA_ERROR_INVALID_VALUE));
    check(1, 1025, Err(CUDA_ERROR_INVALID_VALUE));
    check(1, 4, Ok(()));
    assert_eq!(start(CUfunction::from_addr(0x1234), 1, 1, LEGACY, &[]), Err(CUDA_ERROR_INVALID_HANDLE));
    let dead = CUstream::from_addr(0x5678);
    assert_eq!(start(add, 1, 1, dead, &[at, 0]), Err(CUDA_ERROR_INVALID_HANDLE));
    context::current().unwrap().synchronize().unwrap();
}

#[test]
fn bad_images_get_the_documented_errors() {
    support::context();
    let check = |text: &str, expected| assert_eq!(try_load(text).err(), Some(expected), "{text:?}");
    check("this is no PTX", CUDA_ERROR_INVALID_IMAGE);
    check(".version 99.0\n.target sm_80\n.address_size 64\n", CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
    check(
        ".version 7.8\n.target sm_80\n.address_size 64\n.entry k() { bogus.u32 %r1; }",
        CUDA_ERROR_INVALID_PTX,
    );
    check(".version 7.8\n.target sm_80\n.address_size 64\n.visible .entry k() {", CUDA_ERROR_INVALID_PTX);
    // An ELF file for another processor, and one for a GPU (machine 190 at byte 18).
    let elf = |machine: u8| {
        let mut image =
            *b"\x7fELF\x02\x01\x01_________\x02_\x00\x00____________________________________________";
        image[18] = machine;
        // SAFETY: the image is longer than an ELF header's part that is read.
        unsafe { module::load_data(image.as_ptr().cast(), &Options::default()) }.err()
    };
    assert_eq!(elf(62), Some(CUDA_ERROR_INVALID_IMAGE));
    assert_eq!(elf(190), Some(CUDA_ERROR_NO_BINARY_FOR_GPU));
    assert_eq!(module::function(load(ADD), "sub"), Err(CUDA_ERROR_NOT_FOUND));
}

#[test]
fn the_error_log_names_the_place() {
    support::context();
    let mut buffer = [0x7fu8; 512];
    let mut options = [CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES];
    let mut values = [buffer.as_mut_ptr().cast(), buffer.len() as *mut std::ffi::c_void];
    let text = c".version 7.8\n.target sm_80\n.address_size 64\n.visible .entry k()\n{\n  bogus.u32 1;\n}\n";
    // SAFETY: the arrays have two elements, the text is NUL-terminated.
    let result = unsafe {
        let options = Options::read(2, options.as_mut_ptr(), values.as_mut_ptr()).unwrap();
        module::load_data(text.as_ptr().cast(), &options)
    };
    assert_eq!(result.err(), Some(CUDA_ERROR_INVALID_PTX));
    let log = std::ffi::CStr::from_bytes_until_nul(&buffer).unwrap().to_str().unwrap();
    assert!(log.contains(":6:3") && log.contains("bogus"), "{log}");
    assert_eq!(values[1] as usize, log.len() + 1);
}

const FAULTS: &str = "
.visible .entry wild(.param .u64 p) {
  .reg .b64 %rd<2>; .reg .b32 %r<2>;
  ld.param.u64 %rd1, [p]; mov.u32 %r1, 7; st.global.u32 [%rd1], %r1; ret;
}
.visible .entry stop() { trap; }
";

#[test]
fn faults_are_sticky_and_leave_other_contexts_alone() {
    let check = |kernel: &str, params: &[u64], expected: CUresult| {
        let own = support::context();
        let stop = module::function(load(FAULTS), kernel).unwrap();
        start(stop, 1, 1, LEGACY, params).unwrap();
        assert_eq!(context::current().unwrap().synchronize(), Err(expected), "{kernel}");
        assert_eq!(memory::alloc(16), Err(expected), "sticky");
        assert_eq!(stream::synchronize(LEGACY), Err(expected), "sticky");
        context::destroy(own).unwrap();
    };
    support::context();
    check("wild", &[16], CUDA_ERROR_ILLEGAL_ADDRESS);
    check("wild", &[0x7000_0000_0000_0000], CUDA_ERROR_ILLEGAL_ADDRESS);
    check("stop", &[], CUDA_ERROR_LAUNCH_FAILED);
    // The first context lives on.
    memory::free(memory::alloc(16).unwrap()).unwrap();
}

#[test]
fn variables_have_initial_values_and_addresses() {
    support::context();
    let module = load(
        ".visible .global .align 8 .u64 table[3] = {1, 2, 3};\n.visible .global .align 8 .u64 where = generic(table);\n
         .visible .const .align 4 .u32 c = 9;",
    );
    let (table, size) = module::global(module, "table").unwrap();
    assert_eq!((size, read(table, 3)), (24, vec![1, 2, 3]));
    let (place, _) = module::global(module, "where").unwrap();
    assert_eq!(read(place, 1), [table]);
    assert_eq!(module::global(module, "nothing"), Err(CUDA_ERROR_NOT_FOUND));
    module::unload(module).unwrap();
    assert_eq!(module::unload(module), Err(CUDA_ERROR_INVALID_HANDLE));
}

#[test]
fn events_time_and_order() {
    support::context();
    let add = module::function(load(ADD), "add").unwrap();
    let at = zeros(256);
    let (a, b) = (
        stream::create(CU_STREAM_NON_BLOCKING, 0).unwrap(),
        stream::create(CU_STREAM_NON_BLOCKING, 0).unwrap(),
    );
    let (start_event, end) = (event::create(0).unwrap(), event::create(0).unwrap());
    context::current().unwrap().synchronize().unwrap();
    event::record(start_event, a, 0).unwrap();
    for _ in 0..50 {
        start(add, 1, 256, a, &[at, 1]).unwrap();
    }
    event::record(end, a, 0).unwrap();
    event::stream_wait(b, end, 0).unwrap();
    start(add, 1, 256, b, &[at, 1000]).unwrap();
    stream::synchronize(b).unwrap();
    assert!(read(at, 256).iter().all(|&v| v == 1050));
    let ms = event::elapsed(start_event, end).unwrap();
    assert!(ms > 0.0 && ms < 60_000.0, "{ms}");
    let untimed = event::create(CU_EVENT_DISABLE_TIMING).unwrap();
    event::record(untimed, a, 0).unwrap();
    event::synchronize(untimed).unwrap();
    assert_eq!(event::elapsed(start_event, untimed), Err(CUDA_ERROR_INVALID_HANDLE));
    event::destroy(end).unwrap();
    assert_eq!(event::query(end), Err(CUDA_ERROR_INVALID_HANDLE));
    stream::destroy(a).unwrap();
    assert_eq!(stream::synchronize(a), Err(CUDA_ERROR_INVALID_HANDLE));
}

#[test]
fn explicit_graphs_run_in_order_and_take_new_parameters() {
    support::context();
    let add = ::driver::function::get(module::function(load(ADD), "add").unwrap()).unwrap();
    let at = zeros(64);
    let call = |n: u64| {
        let mut params = smallvec::SmallVec::new();
        params.extend_from_slice(&at.to_le_bytes());
        params.extend_from_slice(&n.to_le_bytes());
        let shape = ::driver::launch::Shape { grid: [1, 1, 1], block: [64, 1, 1], shared: 0 };
        let call = ::driver::launch::KernelCall::new(&add, shape, Cooperative::No, params).unwrap();
        ::driver::task::Task::Kernel(std::sync::Arc::new(call))
    };
    let handle = graph::create(0).unwrap();
    let set = fill::checked(at, 0, 0, 4, 128, 1).unwrap().unwrap();
    let first = graph::add_node(handle, &[], ::driver::task::Task::Fill(set)).unwrap();
    let second = graph::add_node(handle, &[first], call(5)).unwrap();
    let third = graph::add_node(handle, &[second], call(7)).unwrap();
    assert_eq!(graph::add_dependencies(handle, &[third], &[first]), Err(CUDA_ERROR_INVALID_VALUE), "a cycle");
    let exec = graph::instantiate(handle, 0).unwrap();
    for _ in 0..3 {
        graph::launch(exec, LEGACY).unwrap();
        assert!(read(at, 64).iter().all(|&v| v == 12));
    }
    graph::set_exec_task(exec, third, call(100)).unwrap();
    graph::launch(exec, LEGACY).unwrap();
    assert!(read(at, 64).iter().all(|&v| v == 105));
    graph::set_enabled(exec, second, graph::Enabled::No).unwrap();
    graph::launch(exec, LEGACY).unwrap();
    assert!(read(at, 64).iter().all(|&v| v == 100));
    let copy = graph::clone(handle).unwrap().handle;
    assert_eq!(graph::nodes(copy).unwrap().len(), 3);
    assert_eq!(graph::update(exec, copy).unwrap().result, CU_GRAPH_EXEC_UPDATE_SUCCESS);
    graph::destroy(handle).unwrap();
    assert_eq!(graph::destroy(handle), Err(CUDA_ERROR_INVALID_VALUE));
    graph::destroy_exec(exec).unwrap();
}

#[test]
fn capture_follows_events_and_refuses_what_breaks_it() {
    support::context();
    let add = module::function(load(ADD), "add").unwrap();
    let at = zeros(32);
    let (a, b) = (stream::create(0, 0).unwrap(), stream::create(0, 0).unwrap());
    let (fork, join) = (event::create(0).unwrap(), event::create(0).unwrap());
    // Not a global capture: the other tests of this process allocate memory.
    capture::begin(a, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL).unwrap();
    start(add, 1, 32, a, &[at, 1]).unwrap();
    event::record(fork, a, 0).unwrap();
    event::stream_wait(b, fork, 0).unwrap();
    start(add, 1, 32, b, &[at, 2]).unwrap();
    event::record(join, b, 0).unwrap();
    event::stream_wait(a, join, 0).unwrap();
    start(add, 1, 32, a, &[at, 4]).unwrap();
    let captured = capture::end(a).unwrap();
    assert_eq!((graph::nodes(captured).unwrap().len(), graph::edges(captured).unwrap().len()), (3, 3));
    assert!(read(at, 32).iter().all(|&v| v == 0), "nothing ran yet");
    let exec = graph::instantiate(captured, 0).unwrap();
    graph::launch(exec, a).unwrap();
    stream::synchronize(a).unwrap();
    assert!(read(at, 32).iter().all(|&v| v == 7));
    // Work that would wait for the stream ends a capture, as do calls that its mode forbids, and synchronising.
    capture::begin(a, CU_STREAM_CAPTURE_MODE_RELAXED).unwrap();
    assert_eq!(start(add, 1, 32, LEGACY, &[at, 9]), Err(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT));
    assert_eq!(capture::end(a), Err(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED));
    capture::begin(a, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL).unwrap();
    assert_eq!(memory::alloc(16), Err(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED));
    assert_eq!(capture::end(a), Err(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED));
    capture::begin(a, CU_STREAM_CAPTURE_MODE_RELAXED).unwrap();
    assert_eq!(stream::synchronize(a), Err(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED));
    assert_eq!(capture::end(a), Err(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED));
    // A stream that is not merged back.
    capture::begin(a, CU_STREAM_CAPTURE_MODE_RELAXED).unwrap();
    event::record(fork, a, 0).unwrap();
    event::stream_wait(b, fork, 0).unwrap();
    start(add, 1, 32, b, &[at, 2]).unwrap();
    assert_eq!(capture::end(a), Err(CUDA_ERROR_STREAM_CAPTURE_UNJOINED));
    assert_eq!(capture::end(a), Err(CUDA_ERROR_ILLEGAL_STATE));
}

#[test]
fn linked_modules_call_each_other() {
    support::context();
    let head = ".version 7.8\n.target sm_80\n.address_size 64\n";
    let caller = format!(
        "{head}.extern .func (.param .b32 r) twice(.param .b32 x);
        .visible .entry k(.param .u64 p) {{
          .reg .b64 %rd<2>; .reg .b32 %r<3>;
          ld.param.u64 %rd1, [p]; mov.u32 %r1, 21;
          {{ .param .b32 a; .param .b32 b; st.param.b32 [a], %r1; call (b), twice, (a); ld.param.b32 %r2, [b]; }}
          st.global.u32 [%rd1], %r2; ret; }}"
    );
    let callee = format!(
        "{head}.visible .func (.param .b32 r) twice(.param .b32 x) {{
          .reg .b32 %r<3>; ld.param.b32 %r1, [x]; add.s32 %r2, %r1, %r1; st.param.b32 [r], %r2; ret; }}"
    );
    let state = link::create(Options::default()).unwrap();
    link::add_data(state, CU_JIT_INPUT_PTX, caller.as_bytes(), "caller.ptx").unwrap();
    assert_eq!(link::complete(state).err(), Some(CUDA_ERROR_INVALID_PTX), "a name is missing");
    link::add_data(state, CU_JIT_INPUT_PTX, callee.as_bytes(), "callee.ptx").unwrap();
    let (image, _) = link::complete(state).unwrap();
    // SAFETY: the image lives as long as the link state.
    let linked = unsafe { module::load_data(image as *const u8, &Options::default()) }.unwrap();
    link::destroy(state).unwrap();
    let at = zeros(1);
    start(module::function(linked, "k").unwrap(), 1, 1, LEGACY, &[at]).unwrap();
    assert_eq!(read(at, 1), [42]);
}

#[test]
fn copies_are_checked_and_boxes_have_pitches() {
    support::context();
    let at = zeros(16);
    let host = [1u64; 32];
    let from =
        |len| copy::linear((at, Side::Device), (host.as_ptr() as u64, Side::Host), len, LEGACY, Wait::Yes);
    assert_eq!(from(128), Ok(()));
    assert_eq!(from(136), Err(CUDA_ERROR_INVALID_VALUE), "beyond the allocation");
    let wrong = copy::linear((host.as_ptr() as u64, Side::Device), (at, Side::Device), 8, LEGACY, Wait::Yes);
    assert_eq!(wrong, Err(CUDA_ERROR_INVALID_VALUE), "host memory where device memory must be");
    let (pitched, pitch) = memory::alloc_pitch(20, 3, 4).unwrap();
    let source: Vec<u8> = (0..60).collect();
    let mut params = CUDA_MEMCPY2D::zeroed();
    (params.srcMemoryType, params.srcHost, params.srcPitch) =
        (CU_MEMORYTYPE_HOST, source.as_ptr().cast(), 20);
    (params.dstMemoryType, params.dstDevice, params.dstPitch) = (CU_MEMORYTYPE_DEVICE, pitched, pitch);
    (params.WidthInBytes, params.Height) = (20, 3);
    copy::box3(&copy::widen(&params), LEGACY, Wait::Yes).unwrap();
    let mut line = [0u8; 20];
    let second = (pitched + pitch as u64, Side::Device);
    copy::linear((line.as_mut_ptr() as u64, Side::Host), second, 20, LEGACY, Wait::Yes).unwrap();
    assert_eq!(line[..], source[20..40]);
    params.Height = 4;
    assert_eq!(copy::box3(&copy::widen(&params), LEGACY, Wait::Yes), Err(CUDA_ERROR_INVALID_VALUE));
    assert_eq!(memory::address_range(pitched + 5), Ok((pitched, pitch * 3)));
}

#[test]
fn pools_and_mappings() {
    support::context();
    let stream = stream::create(0, 0).unwrap();
    let at = pool::alloc(1000, CUmemoryPool::NULL, stream).unwrap();
    pool::free(at, stream).unwrap();
    assert_eq!(pool::free(at, stream), Err(CUDA_ERROR_INVALID_VALUE), "freed twice");
    stream::synchronize(stream).unwrap();
    let location = CUmemLocation { r#type: CU_MEM_LOCATION_TYPE_DEVICE, id: 0 };
    let props = CUmemAllocationProp {
        r#type: CU_MEM_ALLOCATION_TYPE_PINNED,
        location,
        ..CUmemAllocationProp::zeroed()
    };
    let size = vmm::granularity(&props, CU_MEM_ALLOC_GRANULARITY_MINIMUM).unwrap();
    let place = vmm::reserve(size, 0, 0).unwrap();
    let physical = vmm::create(size, &props, 0).unwrap();
    vmm::map(place, size, 0, physical, 0).unwrap();
    let access = CUmemAccessDesc { location, flags: CU_MEM_ACCESS_FLAGS_PROT_READWRITE };
    vmm::set_access(place, size, &[access]).unwrap();
    fill::fill(place, 0, 3, 1, size, 1, LEGACY).unwrap();
    assert_eq!(read(place, 1), [0x0303_0303_0303_0303]);
    vmm::unmap(place, size).unwrap();
    vmm::release(physical).unwrap();
    assert_eq!(vmm::release(physical), Err(CUDA_ERROR_INVALID_VALUE));
    vmm::release_range(place, size).unwrap();
}

#[test]
fn contexts_are_a_stack_for_each_thread() {
    let one = support::context();
    let two = context::create(0, 0).unwrap();
    assert_eq!(context::get_current(), Ok(two));
    assert_eq!(context::pop(), Ok(two));
    assert_eq!(context::get_current(), Ok(one));
    assert_eq!(std::thread::spawn(context::get_current).join().unwrap(), Ok(CUcontext::NULL));
    context::destroy(two).unwrap();
    assert_eq!(context::push(two), Err(CUDA_ERROR_INVALID_CONTEXT));
    context::set_current(CUcontext::NULL).unwrap();
    assert_eq!(memory::alloc(8), Err(CUDA_ERROR_INVALID_CONTEXT));
    assert_eq!(device::get(99).err(), Some(CUDA_ERROR_INVALID_DEVICE));
    context::set_current(one).unwrap();
    assert_eq!(
        function::attribute(CUfunction::NULL, CU_FUNC_ATTRIBUTE_NUM_REGS),
        Err(CUDA_ERROR_INVALID_HANDLE)
    );
}
