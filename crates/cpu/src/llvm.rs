//! LLVM text in, object file out. The only place that calls LLVM.
//!
//! Contexts are made and disposed per compilation, so that compilations run on any thread.

use crate::llvm_library::{self, Library};
use crate::watch::thread_time;
use llvm_sys::analysis::LLVMVerifierFailureAction;
use llvm_sys::prelude::*;
use llvm_sys::target_machine::*;
use llvm_sys::transforms::pass_builder::LLVMPassBuilderOptionsRef;
use std::cell::Cell;
use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr;
use std::sync::OnceLock;
use std::time::Duration;

/// The machine that code is generated for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub triple: String,
    pub cpu: String,
    /// LLVM's list: `+avx2,-avx512f,…`
    pub features: String,
}

impl Target {
    /// Huawei's Kunpeng 920: AArch64 with 128-bit vectors and half precision.
    pub fn kunpeng() -> Result<Target, String> {
        llvm_library::get()?.register(llvm_library::AARCH64)?;
        Ok(Target {
            triple: "aarch64-unknown-linux-gnu".into(),
            cpu: "tsv110".into(),
            features: "+neon,+fullfp16,+dotprod".into(),
        })
    }

    pub fn has(&self, feature: &str) -> bool {
        self.features.split(',').any(|f| f.strip_prefix('+') == Some(feature))
    }

    /// Whether the processor computes in F16.
    pub fn has_half_arithmetic(&self) -> bool {
        self.has("avx512fp16") || self.has("fullfp16")
    }
}

/// Takes ownership of a message that LLVM allocated.
fn take_message(llvm: &Library, message: *mut c_char) -> String {
    if message.is_null() {
        return String::new();
    }
    // SAFETY: LLVM messages are NUL-terminated and ours to dispose.
    unsafe {
        let text = CStr::from_ptr(message).to_string_lossy().into_owned();
        (llvm.LLVMDisposeMessage)(message);
        text
    }
}

/// The host, with `ANYWARP_CPU=x86-64-v3` (any LLVM CPU name) in its place if set.
/// The error says why LLVM is not there.
pub fn host() -> Result<&'static Target, String> {
    static HOST: OnceLock<Result<Target, String>> = OnceLock::new();
    HOST.get_or_init(|| {
        let llvm = llvm_library::get()?;
        // SAFETY: these return fresh strings.
        let (triple, cpu, features) = unsafe {
            (
                take_message(llvm, (llvm.LLVMGetDefaultTargetTriple)()),
                take_message(llvm, (llvm.LLVMGetHostCPUName)()),
                take_message(llvm, (llvm.LLVMGetHostCPUFeatures)()),
            )
        };
        Ok(match std::env::var("ANYWARP_CPU").as_deref() {
            Ok("avx2" | "x86-64-v3") => {
                let drop = ["avx512", "avx10", "amx", "evex512", "avxvnni"];
                let features: Vec<&str> = features
                    .split(',')
                    .filter(|f| !f.starts_with('+') || !drop.iter().any(|d| f[1..].starts_with(d)))
                    .collect();
                Target { triple, cpu: "x86-64-v3".into(), features: features.join(",") }
            }
            Ok(name) if !name.is_empty() && name != "native" => {
                Target { triple, cpu: name.to_string(), features: String::new() }
            }
            _ => Target { triple, cpu, features },
        })
    })
    .as_ref()
    .map_err(String::clone)
}

/// How much work LLVM puts in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effort {
    None,
    /// For code that seldom runs.
    Little,
    Full,
    /// And what several chunks compute alike through a loop is found to be one value.
    Alike,
}

/// Functions with more bytes on the stack than this say so in an attribute, and LLVM reports what they have.
pub const LARGE_FRAME: u32 = 64 << 10;

/// What a compilation gives.
pub struct Compiled {
    pub object: Vec<u8>,
    /// Bytes of the largest stack frame, 0 if none is above [`LARGE_FRAME`].
    pub large_frame: u32,
    /// Assembly text, if asked for.
    pub assembly: Option<String>,
    /// The optimised module's text, if asked for.
    pub optimised: Option<String>,
    /// Processor time that parsing, passes and code generation took.
    pub times: [Duration; 3],
}

/// Compiles a module's text to a relocatable object for `target`. Errors carry LLVM's message.
pub fn compile(text: &str, target: &Target, effort: Effort, want_listing: bool) -> Result<Compiled, String> {
    let start = thread_time();
    let llvm = llvm_library::get()?;
    let c = |s: &str| CString::new(s).map_err(|_| "NUL byte in a string for LLVM".to_string());
    let (triple, cpu, features) = (c(&target.triple)?, c(&target.cpu)?, c(&target.features)?);
    // SAFETY: every LLVM object made here is disposed before return, on all paths, by the guards; nothing is shared
    // between threads.
    unsafe {
        let large_frame = Cell::new(0);
        let context = Context((llvm.LLVMContextCreate)(), llvm);
        (llvm.LLVMContextSetDiagnosticHandler)(
            context.0,
            Some(on_diagnostic),
            (&raw const large_frame).cast_mut().cast(),
        );
        let buffer = (llvm.LLVMCreateMemoryBufferWithMemoryRangeCopy)(
            text.as_ptr().cast(),
            text.len(),
            c"kernel".as_ptr(),
        );
        let mut module: LLVMModuleRef = ptr::null_mut();
        let mut message = ptr::null_mut();
        if (llvm.LLVMParseIRInContext)(context.0, buffer, &mut module, &mut message) != 0 {
            return Err(format!("generated code does not parse: {}", take_message(llvm, message)));
        }
        let module = Module(module, llvm);
        let mut llvm_target = ptr::null_mut();
        if (llvm.LLVMGetTargetFromTriple)(triple.as_ptr(), &mut llvm_target, &mut message) != 0 {
            return Err(take_message(llvm, message));
        }
        let level = match effort {
            Effort::None => LLVMCodeGenOptLevel::LLVMCodeGenLevelNone,
            Effort::Little | Effort::Full | Effort::Alike => LLVMCodeGenOptLevel::LLVMCodeGenLevelAggressive,
        };
        let machine = (llvm.LLVMCreateTargetMachine)(
            llvm_target,
            triple.as_ptr(),
            cpu.as_ptr(),
            features.as_ptr(),
            level,
            LLVMRelocMode::LLVMRelocPIC,
            LLVMCodeModel::LLVMCodeModelSmall,
        );
        let machine = Machine(machine, llvm);
        (llvm.LLVMSetTarget)(module.0, triple.as_ptr());
        let layout = (llvm.LLVMCreateTargetDataLayout)(machine.0);
        (llvm.LLVMSetModuleDataLayout)(module.0, layout);
        (llvm.LLVMDisposeTargetData)(layout);
        let parsed = thread_time();
        let passes = match effort {
            Effort::None => c"function(mem2reg)",
            Effort::Little => SHORT,
            Effort::Full => PIPELINE,
            Effort::Alike => ALIKE,
        };
        let options = Options((llvm.LLVMCreatePassBuilderOptions)(), llvm);
        let error = (llvm.LLVMRunPasses)(module.0, passes.as_ptr(), machine.0, options.0);
        if !error.is_null() {
            let message = (llvm.LLVMGetErrorMessage)(error);
            let text = CStr::from_ptr(message).to_string_lossy().into_owned();
            (llvm.LLVMDisposeErrorMessage)(message);
            return Err(text);
        }
        // What emission writes wrongly, or a pass makes of it, would crash in code generation.
        let action = LLVMVerifierFailureAction::LLVMReturnStatusAction;
        if cfg!(debug_assertions) && (llvm.LLVMVerifyModule)(module.0, action, &mut message) != 0 {
            return Err(format!("generated code is invalid: {}", take_message(llvm, message)));
        }
        let improved = thread_time();
        let optimised = want_listing.then(|| take_message(llvm, (llvm.LLVMPrintModuleToString)(module.0)));
        let assembly = match want_listing {
            true => {
                let copy = Module((llvm.LLVMCloneModule)(module.0), llvm);
                let bytes = emit(&machine, &copy, LLVMCodeGenFileType::LLVMAssemblyFile)?;
                Some(String::from_utf8_lossy(&bytes).into_owned())
            }
            false => None,
        };
        let object = emit(&machine, &module, LLVMCodeGenFileType::LLVMObjectFile)?;
        let times = [parsed - start, improved - parsed, thread_time() - improved];
        Ok(Compiled { object, large_frame: large_frame.get(), assembly, optimised, times })
    }
}

/// Keeps the largest frame that LLVM reports: `stack frame size (70000) exceeds limit (65536) in function 'region0'`.
extern "C" fn on_diagnostic(info: LLVMDiagnosticInfoRef, frame: *mut c_void) {
    let Ok(llvm) = llvm_library::get() else { return };
    // SAFETY: `frame` is the cell that `compile` gave with this handler, alive while the context is; LLVM calls on the
    // thread that compiles. The description is a fresh string.
    unsafe {
        let text = take_message(llvm, (llvm.LLVMGetDiagInfoDescription)(info));
        let Some(bytes) = frame_size(&text) else {
            tracing::debug!(%text, "LLVM says");
            return;
        };
        let largest = &*frame.cast::<Cell<u32>>();
        largest.set(largest.get().max(bytes));
    }
}

fn frame_size(diagnostic: &str) -> Option<u32> {
    let (_, rest) = diagnostic.split_once("stack frame size (")?;
    rest.split_once(')')?.0.parse().ok()
}

/// What the default pipeline does that pays here. Loop vectorisation has been done by us; SLP, unrolling of loops that
/// clang saw before, inter-procedural passes, and combining between every two other passes cost time and find nothing.
/// Nearly all allocas are scalars or vectors, which `mem2reg` promotes at a fifth of what `sroa` takes to look at them.
macro_rules! pipeline {
    ($values:literal) => {
        match CStr::from_bytes_with_nul(concat!(
            "always-inline,function<eager-inv>(mem2reg,sroa<modify-cfg>,early-cse<memssa>,instcombine<no-verify-fixpoint;max-iterations=1>,simplifycfg<sink-common-insts;no-switch-range-to-icmp>,reassociate,loop-mssa(loop-instsimplify,loop-simplifycfg,licm<allowspeculation>,loop-rotate<no-header-duplication>),loop(indvars,loop-deletion),",
            $values,
            ",bdce,dse,loop-mssa(licm<allowspeculation>),simplifycfg<hoist-common-insts;sink-common-insts>,instcombine<no-verify-fixpoint;max-iterations=1>,adce,sink)",
            "\0"
        ).as_bytes()) {
            Ok(passes) => passes,
            Err(_) => panic!("a pipeline has no NUL but its last byte"),
        }
    };
}
const PIPELINE: &CStr = pipeline!("gvn<>");
/// With a second opinion on which values are equal: it follows them around loops.
const ALIKE: &CStr = pipeline!("newgvn,gvn<>");

/// A quarter of the time, and code that is a little slower.
const SHORT: &CStr = c"always-inline,function<eager-inv>(mem2reg,early-cse<memssa>,instcombine<no-verify-fixpoint;max-iterations=1>,simplifycfg<sink-common-insts;no-switch-range-to-icmp>,adce)";

/// # Safety
/// `machine` and `module` must be live and belong together.
unsafe fn emit(machine: &Machine, module: &Module, kind: LLVMCodeGenFileType) -> Result<Vec<u8>, String> {
    let llvm = machine.1;
    let mut message = ptr::null_mut();
    let mut out: LLVMMemoryBufferRef = ptr::null_mut();
    // SAFETY: as the function's contract says; the buffer is copied and disposed.
    unsafe {
        if (llvm.LLVMTargetMachineEmitToMemoryBuffer)(machine.0, module.0, kind, &mut message, &mut out) != 0
        {
            return Err(take_message(llvm, message));
        }
        let bytes = std::slice::from_raw_parts(
            (llvm.LLVMGetBufferStart)(out).cast::<u8>(),
            (llvm.LLVMGetBufferSize)(out),
        )
        .to_vec();
        (llvm.LLVMDisposeMemoryBuffer)(out);
        Ok(bytes)
    }
}

struct Context(LLVMContextRef, &'static Library);

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: made by LLVMContextCreate, disposed once, after what lives in it (declared later, dropped earlier).
        unsafe { (self.1.LLVMContextDispose)(self.0) }
    }
}

struct Module(LLVMModuleRef, &'static Library);

impl Drop for Module {
    fn drop(&mut self) {
        // SAFETY: owned by us, disposed once.
        unsafe { (self.1.LLVMDisposeModule)(self.0) }
    }
}

struct Machine(LLVMTargetMachineRef, &'static Library);

impl Drop for Machine {
    fn drop(&mut self) {
        // SAFETY: owned by us, disposed once.
        unsafe { (self.1.LLVMDisposeTargetMachine)(self.0) }
    }
}

struct Options(LLVMPassBuilderOptionsRef, &'static Library);

impl Drop for Options {
    fn drop(&mut self) {
        // SAFETY: owned by us, disposed once.
        unsafe { (self.1.LLVMDisposePassBuilderOptions)(self.0) }
    }
}
