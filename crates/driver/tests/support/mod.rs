//! What the tests of the driver share: a context, and kernels in PTX.

use ::driver::jit::Options;
use ::driver::launch::{Cooperative, Shape};
use ::driver::{context, device, launch, module};
use abi::*;
use std::ffi::{CString, c_void};

/// Makes a context of its own current on this thread.
pub fn context() -> CUcontext {
    device::init(0).unwrap();
    context::create(0, 0).unwrap()
}

/// Loads PTX text: a body is put between a header and its end.
pub fn load(body: &str) -> CUmodule {
    let text = format!(".version 7.8\n.target sm_80\n.address_size 64\n{body}");
    try_load(&text).unwrap()
}

/// Loads a whole PTX text.
pub fn try_load(text: &str) -> ::driver::Result<CUmodule> {
    let text = CString::new(text).unwrap();
    // SAFETY: NUL-terminated text.
    unsafe { module::load_data(text.as_ptr().cast(), &Options::default()) }
}

/// Queues a launch of one-dimensional shape with 8-byte parameters.
pub fn start(
    function: CUfunction,
    grid: u32,
    block: u32,
    stream: CUstream,
    params: &[u64],
) -> ::driver::Result<()> {
    let mut pointers: Vec<*mut c_void> = params.iter().map(|p| p as *const u64 as *mut c_void).collect();
    let shape = Shape { grid: [grid, 1, 1], block: [block, 1, 1], shared: 0 };
    let (params, extra) = (pointers.as_mut_ptr(), std::ptr::null_mut());
    // SAFETY: a pointer for each parameter.
    unsafe { launch::launch(function, shape, stream, Cooperative::No, params, extra) }
}

/// `add(p, n)`: `p[i] += n` for every thread of the grid.
pub const ADD: &str = "
.visible .entry add(.param .u64 p, .param .u64 n) {
  .reg .b64 %rd<6>; .reg .b32 %r<5>;
  ld.param.u64 %rd1, [p]; ld.param.u64 %rd2, [n];
  mov.u32 %r1, %ctaid.x; mov.u32 %r2, %ntid.x; mov.u32 %r3, %tid.x;
  mad.lo.s32 %r4, %r1, %r2, %r3;
  mul.wide.u32 %rd3, %r4, 8; add.s64 %rd4, %rd1, %rd3;
  ld.global.u64 %rd5, [%rd4]; add.s64 %rd5, %rd5, %rd2; st.global.u64 [%rd4], %rd5;
  ret;
}
";
