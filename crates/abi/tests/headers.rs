//! The C headers (`include/`) and these types say the same: a C compiler checks every enumerator.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use abi::*;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace exists")
}

macro_rules! enumerations {
    ($($name:ident)*) => {
        /// Every enumeration: its name, its enumerators and their values.
        fn enumerations() -> Vec<(&'static str, Vec<(&'static str, u32)>)> {
            vec![$((stringify!($name), $name::ALL.iter().map(|(value, name)| (*name, value.0)).collect())),*]
        }
    };
}
enumerations! {
    CUaccessProperty
    CUaddress_mode
    CUarray_cubemap_face
    CUarray_format
    CUclusterSchedulingPolicy
    CUcomputemode
    CUdevice_P2PAttribute
    CUdevice_attribute
    CUdriverProcAddressQueryResult
    CUexecAffinityType
    CUexternalMemoryHandleType
    CUexternalSemaphoreHandleType
    CUfilter_mode
    CUflushGPUDirectRDMAWritesScope
    CUflushGPUDirectRDMAWritesTarget
    CUfunc_cache
    CUfunctionLoadingState
    CUfunction_attribute
    CUgraphConditionalNodeType
    CUgraphDependencyType
    CUgraphExecUpdateResult
    CUgraphInstantiateResult
    CUgraphMem_attribute
    CUgraphNodeType
    CUjitInputType
    CUjit_cacheMode
    CUjit_fallback
    CUjit_option
    CUjit_target
    CUlaunchAttributeID
    CUlibraryOption
    CUlimit
    CUmemAccess_flags
    CUmemAllocationCompType
    CUmemAllocationGranularity_flags
    CUmemAllocationHandleType
    CUmemAllocationType
    CUmemLocationType
    CUmemPool_attribute
    CUmemRangeHandleType
    CUmem_advise
    CUmem_range_attribute
    CUmemorytype
    CUmoduleLoadingMode
    CUoutput_mode
    CUpointer_attribute
    CUresourceViewFormat
    CUresourcetype
    CUresult
    CUsharedconfig
    CUstreamBatchMemOpType
    CUstreamCaptureMode
    CUstreamCaptureStatus
    CUsynchronizationPolicy
    cudaChannelFormatKind
    cudaComputeMode
    cudaError_t
    cudaFuncAttribute
    cudaMemcpyKind
    cudaMemoryType
    cudaTextureReadMode
}

/// A C compiler accepts `text` behind the includes of both APIs.
#[track_caller]
fn compiles(text: &str) {
    let mut compiler = Command::new("cc")
        .args(["-x", "c", "-fsyntax-only", "-I"])
        .arg(root().join("include"))
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a C compiler");
    let source = format!("#include <cuda.h>\n#include <cuda_runtime_api.h>\n{text}");
    compiler.stdin.take().expect("a pipe").write_all(source.as_bytes()).expect("the compiler reads");
    let output = compiler.wait_with_output().expect("the compiler ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn enumerators_have_the_values_of_the_headers() {
    let mut text = String::new();
    for (_, enumerators) in enumerations() {
        for (name, value) in enumerators {
            let _ = writeln!(text, "_Static_assert((unsigned){name} == {value}u, \"{name}\");");
        }
    }
    compiles(&text);
}

#[test]
fn every_enumeration_is_listed() {
    let listed: BTreeSet<&str> = enumerations().into_iter().map(|(name, _)| name).collect();
    let mut declared = 0;
    for dir in ["src/driver", "src/runtime"] {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(dir);
        for entry in std::fs::read_dir(dir).expect("the sources exist").flatten() {
            let source = std::fs::read_to_string(entry.path()).expect("a readable source");
            declared += source.matches("c_enum! {").count();
        }
    }
    assert_eq!(listed.len(), declared);
}

/// The other way round, where a program gets numbers from this crate that it looks up in the headers.
#[test]
fn error_codes_and_device_attributes_of_the_headers_are_known() {
    let known: BTreeSet<&str> =
        enumerations().into_iter().flat_map(|(_, list)| list.into_iter().map(|(name, _)| name)).collect();
    let mut lacking = Vec::new();
    for (file, prefix) in [
        ("cu_errors.h", "CUDA_ERROR_"),
        ("rt_errors.h", "cudaError"),
        ("cu_enums.h", "CU_DEVICE_ATTRIBUTE_"),
        ("cu_enums2.h", "CU_DEVICE_ATTRIBUTE_"),
    ] {
        let text = std::fs::read_to_string(root().join("include/anywarp").join(file)).expect("a header");
        for line in text.lines().map(str::trim) {
            let name = line.split([' ', ',']).next().unwrap_or_default();
            let is_enumerator = line.strip_prefix(name).is_some_and(|rest| rest.starts_with(" = "));
            // The last counts the others.
            let counts = name == "CU_DEVICE_ATTRIBUTE_MAX";
            if name.starts_with(prefix) && is_enumerator && !counts && !known.contains(name) {
                lacking.push(name.to_owned());
            }
        }
    }
    assert!(lacking.is_empty(), "only in the headers: {lacking:?}");
}
