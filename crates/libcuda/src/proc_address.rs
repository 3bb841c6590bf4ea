//! `cuGetProcAddress`: entries by name and CUDA version.
//!
//! Invariant: the answer is what the `cuda.h` of the asked version would link a program to.

use crate::shell::*;
use ::driver::Result;
use abi::*;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::sync::OnceLock;

/// Names whose meaning changed with a CUDA version after 3.2: from this version on, this symbol.
const CHANGES: &[(&str, &[(c_int, &str)])] = &[
    ("cuCtxCreate", &[(3020, "cuCtxCreate_v2"), (13000, "cuCtxCreate_v4")]),
    ("cuCtxGetDevice", &[(2000, "cuCtxGetDevice"), (13000, "cuCtxGetDevice_v2")]),
    ("cuCtxSynchronize", &[(2000, "cuCtxSynchronize"), (13000, "cuCtxSynchronize_v2")]),
    ("cuDeviceGetUuid", &[(9020, "cuDeviceGetUuid"), (11040, "cuDeviceGetUuid_v2")]),
    ("cuEventElapsedTime", &[(2000, "cuEventElapsedTime"), (13000, "cuEventElapsedTime_v2")]),
    ("cuGetProcAddress", &[(11030, "cuGetProcAddress"), (12000, "cuGetProcAddress_v2")]),
    ("cuGraphAddDependencies", &[(10000, "cuGraphAddDependencies"), (13000, "cuGraphAddDependencies_v2")]),
    ("cuGraphAddKernelNode", &[(10000, "cuGraphAddKernelNode"), (12000, "cuGraphAddKernelNode_v2")]),
    ("cuGraphAddNode", &[(12020, "cuGraphAddNode"), (13000, "cuGraphAddNode_v2")]),
    (
        "cuGraphExecKernelNodeSetParams",
        &[(10010, "cuGraphExecKernelNodeSetParams"), (12000, "cuGraphExecKernelNodeSetParams_v2")],
    ),
    ("cuGraphExecUpdate", &[(10020, "cuGraphExecUpdate"), (12000, "cuGraphExecUpdate_v2")]),
    ("cuGraphGetEdges", &[(10000, "cuGraphGetEdges"), (13000, "cuGraphGetEdges_v2")]),
    ("cuGraphInstantiate", &[(10000, "cuGraphInstantiate_v2"), (12000, "cuGraphInstantiateWithFlags")]),
    (
        "cuGraphKernelNodeGetParams",
        &[(10000, "cuGraphKernelNodeGetParams"), (12000, "cuGraphKernelNodeGetParams_v2")],
    ),
    (
        "cuGraphKernelNodeSetParams",
        &[(10000, "cuGraphKernelNodeSetParams"), (12000, "cuGraphKernelNodeSetParams_v2")],
    ),
    (
        "cuGraphNodeGetDependencies",
        &[(10000, "cuGraphNodeGetDependencies"), (13000, "cuGraphNodeGetDependencies_v2")],
    ),
    (
        "cuGraphNodeGetDependentNodes",
        &[(10000, "cuGraphNodeGetDependentNodes"), (13000, "cuGraphNodeGetDependentNodes_v2")],
    ),
    (
        "cuGraphRemoveDependencies",
        &[(10000, "cuGraphRemoveDependencies"), (13000, "cuGraphRemoveDependencies_v2")],
    ),
    ("cuMemAdvise", &[(8000, "cuMemAdvise"), (13000, "cuMemAdvise_v2")]),
    ("cuMemPrefetchAsync", &[(8000, "cuMemPrefetchAsync"), (13000, "cuMemPrefetchAsync_v2")]),
    ("cuMemcpyBatchAsync", &[(12080, "cuMemcpyBatchAsync"), (13000, "cuMemcpyBatchAsync_v2")]),
    ("cuMemcpy3DBatchAsync", &[(12080, "cuMemcpy3DBatchAsync"), (13000, "cuMemcpy3DBatchAsync_v2")]),
    ("cuMulticastBindAddr", &[(12010, "cuMulticastBindAddr"), (13010, "cuMulticastBindAddr_v2")]),
    ("cuMulticastBindMem", &[(12010, "cuMulticastBindMem"), (13010, "cuMulticastBindMem_v2")]),
    ("cuStreamBatchMemOp", &[(8000, "cuStreamBatchMemOp"), (12000, "cuStreamBatchMemOp_v2")]),
    ("cuStreamGetCtx", &[(9020, "cuStreamGetCtx"), (13000, "cuStreamGetCtx_v2")]),
    (
        "cuStreamGetCaptureInfo",
        &[
            (10010, "cuStreamGetCaptureInfo"),
            (12000, "cuStreamGetCaptureInfo_v2"),
            (13000, "cuStreamGetCaptureInfo_v3"),
        ],
    ),
    (
        "cuStreamUpdateCaptureDependencies",
        &[(11030, "cuStreamUpdateCaptureDependencies"), (13000, "cuStreamUpdateCaptureDependencies_v2")],
    ),
    ("cuStreamWaitValue32", &[(8000, "cuStreamWaitValue32"), (12000, "cuStreamWaitValue32_v2")]),
    ("cuStreamWaitValue64", &[(9000, "cuStreamWaitValue64"), (12000, "cuStreamWaitValue64_v2")]),
    ("cuStreamWriteValue32", &[(8000, "cuStreamWriteValue32"), (12000, "cuStreamWriteValue32_v2")]),
    ("cuStreamWriteValue64", &[(9000, "cuStreamWriteValue64"), (12000, "cuStreamWriteValue64_v2")]),
];

/// This library, as the dynamic linker knows it.
fn own_handle() -> usize {
    static HANDLE: OnceLock<usize> = OnceLock::new();
    *HANDLE.get_or_init(|| {
        // SAFETY: dladdr fills the structure for an address of this library; dlopen without loading only looks it up.
        unsafe {
            let mut info: libc::Dl_info = std::mem::zeroed();
            let here = own_handle as *const c_void;
            if libc::dladdr(here, &mut info) == 0 {
                return 0;
            }
            libc::dlopen(info.dli_fname, libc::RTLD_NOLOAD | libc::RTLD_LAZY) as usize
        }
    })
}

fn find(name: &str) -> Option<*mut c_void> {
    let name = CString::new(name).ok()?;
    let handle = own_handle();
    if handle == 0 {
        return None;
    }
    // SAFETY: the handle is open for the life of the process.
    let at = unsafe { libc::dlsym(handle as *mut c_void, name.as_ptr()) };
    if at.is_null() {
        return None;
    }
    // The handle also finds symbols of libraries that this one needs: only our own count.
    // SAFETY: dladdr fills the structure for any mapped address.
    unsafe {
        let (mut here, mut there): (libc::Dl_info, libc::Dl_info) = std::mem::zeroed();
        libc::dladdr(own_handle as *const c_void, &mut here);
        libc::dladdr(at, &mut there);
        (here.dli_fbase == there.dli_fbase).then_some(at)
    }
}

enum Lookup {
    Found(*mut c_void),
    TooOld,
    Unknown,
}

fn look_up(name: &str, version: c_int, flags: u64) -> Lookup {
    let symbol = match CHANGES.iter().find(|(base, _)| *base == name) {
        Some((_, changes)) => match changes.iter().rev().find(|(from, _)| *from <= version) {
            Some((_, symbol)) => (*symbol).to_owned(),
            None => return Lookup::TooOld,
        },
        None => {
            let suffixed = [format!("{name}_v3"), format!("{name}_v2")];
            suffixed.into_iter().find(|symbol| find(symbol).is_some()).unwrap_or_else(|| name.to_owned())
        }
    };
    if flags & u64::from(CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM) != 0 {
        let twins = [format!("{symbol}_ptsz"), format!("{symbol}_ptds")];
        if let Some(at) = twins.iter().find_map(|twin| find(twin)) {
            return Lookup::Found(at);
        }
    }
    find(&symbol).map_or(Lookup::Unknown, Lookup::Found)
}

fn get(
    symbol: *const c_char,
    to: *mut *mut c_void,
    version: c_int,
    flags: u64,
    status: *mut CUdriverProcAddressQueryResult,
    missing: Result<()>,
) -> Result<()> {
    let to = out(to)?;
    to.write(std::ptr::null_mut());
    if symbol.is_null() || flags > 2 {
        return Err(CUDA_ERROR_INVALID_VALUE);
    }
    // SAFETY: C callers pass NUL-terminated strings.
    let name = unsafe { CStr::from_ptr(symbol) }.to_str().map_err(|_| CUDA_ERROR_INVALID_VALUE)?;
    // CUDA answers an empty name with success and null.
    match if name.is_empty() { Lookup::Unknown } else { look_up(name, version, flags) } {
        Lookup::Found(at) => {
            to.write(at);
            offer(status, CU_GET_PROC_ADDRESS_SUCCESS);
            Ok(())
        }
        Lookup::TooOld => {
            offer(status, CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT);
            missing
        }
        Lookup::Unknown => {
            tracing::debug!("cuGetProcAddress: no symbol {name}");
            offer(status, CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND);
            missing
        }
    }
}

api! {
    fn cuGetProcAddress(symbol: *const c_char, to: *mut *mut c_void, version: c_int, flags: u64) {
        get(symbol, to, version, flags, std::ptr::null_mut(), Err(CUDA_ERROR_NOT_FOUND))
    }

    fn cuGetProcAddress_v2(
        symbol: *const c_char,
        to: *mut *mut c_void,
        version: c_int,
        flags: u64,
        status: *mut CUdriverProcAddressQueryResult,
    ) {
        // What is missing is told by a null pointer and the status, as drivers of CUDA 13 do it.
        get(symbol, to, version, flags, status, Ok(()))
    }
}
