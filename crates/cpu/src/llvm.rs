//! LLVM text in, object file out. The only place that calls LLVM.
//!
//! Contexts are made and disposed per compilation, so that compilations run on any thread.

use llvm_sys::core::*;
use llvm_sys::error::*;
use llvm_sys::ir_reader::LLVMParseIRInContext;
use llvm_sys::prelude::*;
use llvm_sys::target::*;
use llvm_sys::target_machine::*;
use llvm_sys::transforms::pass_builder::*;
use std::ffi::{CStr, CString, c_char};
use std::ptr;
use std::sync::{LazyLock, Once};
use std::time::{Duration, Instant};

/// The machine that code is generated for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub triple: String,
    pub cpu: String,
    /// LLVM's list: `+avx2,-avx512f,…`
    pub features: String,
}

impl Target {
    pub fn has(&self, feature: &str) -> bool {
        self.features.split(',').any(|f| f.strip_prefix('+') == Some(feature))
    }
}

fn initialise() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: registering the native target once; LLVM's registry is only read afterwards.
        unsafe {
            LLVM_InitializeNativeTarget();
            LLVM_InitializeNativeAsmPrinter();
        }
    });
}

/// Takes ownership of a message that LLVM allocated.
fn take_message(message: *mut c_char) -> String {
    if message.is_null() {
        return String::new();
    }
    // SAFETY: LLVM messages are NUL-terminated and ours to dispose.
    unsafe {
        let text = CStr::from_ptr(message).to_string_lossy().into_owned();
        LLVMDisposeMessage(message);
        text
    }
}

/// The host, with `ANYWARP_CPU=x86-64-v3` (any LLVM CPU name) in its place if set.
pub fn host() -> &'static Target {
    static HOST: LazyLock<Target> = LazyLock::new(|| {
        // SAFETY: these return fresh strings.
        let (triple, cpu, features) = unsafe {
            (
                take_message(LLVMGetDefaultTargetTriple()),
                take_message(LLVMGetHostCPUName()),
                take_message(LLVMGetHostCPUFeatures()),
            )
        };
        match std::env::var("ANYWARP_CPU").as_deref() {
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
        }
    });
    &HOST
}

/// How much work LLVM puts in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effort {
    None,
    Full,
}

/// What a compilation gives.
pub struct Compiled {
    pub object: Vec<u8>,
    /// Assembly text, if asked for.
    pub assembly: Option<String>,
    /// The optimised module's text, if asked for.
    pub optimised: Option<String>,
    /// What parsing, passes and code generation took.
    pub times: [Duration; 3],
}

/// Compiles a module's text to a relocatable object for `target`. Errors carry LLVM's message.
pub fn compile(text: &str, target: &Target, effort: Effort, want_listing: bool) -> Result<Compiled, String> {
    let start = Instant::now();
    initialise();
    let c = |s: &str| CString::new(s).map_err(|_| "NUL byte in a string for LLVM".to_string());
    let (triple, cpu, features) = (c(&target.triple)?, c(&target.cpu)?, c(&target.features)?);
    // SAFETY: every LLVM object made here is disposed before return, on all paths, by the guards; nothing is shared
    // between threads.
    unsafe {
        let context = Context(LLVMContextCreate());
        let buffer =
            LLVMCreateMemoryBufferWithMemoryRangeCopy(text.as_ptr().cast(), text.len(), c"kernel".as_ptr());
        let mut module: LLVMModuleRef = ptr::null_mut();
        let mut message = ptr::null_mut();
        if LLVMParseIRInContext(context.0, buffer, &mut module, &mut message) != 0 {
            return Err(format!("generated code does not parse: {}", take_message(message)));
        }
        let module = Module(module);
        let mut llvm_target = ptr::null_mut();
        if LLVMGetTargetFromTriple(triple.as_ptr(), &mut llvm_target, &mut message) != 0 {
            return Err(take_message(message));
        }
        let level = match effort {
            Effort::None => LLVMCodeGenOptLevel::LLVMCodeGenLevelNone,
            Effort::Full => LLVMCodeGenOptLevel::LLVMCodeGenLevelAggressive,
        };
        let machine = Machine(LLVMCreateTargetMachine(
            llvm_target,
            triple.as_ptr(),
            cpu.as_ptr(),
            features.as_ptr(),
            level,
            LLVMRelocMode::LLVMRelocPIC,
            LLVMCodeModel::LLVMCodeModelSmall,
        ));
        LLVMSetTarget(module.0, triple.as_ptr());
        let layout = LLVMCreateTargetDataLayout(machine.0);
        LLVMSetModuleDataLayout(module.0, layout);
        LLVMDisposeTargetData(layout);
        let parsed = Instant::now();
        let passes = match effort {
            Effort::None => c"function(mem2reg)",
            Effort::Full => PIPELINE,
        };
        let options = Options(LLVMCreatePassBuilderOptions());
        let error = LLVMRunPasses(module.0, passes.as_ptr(), machine.0, options.0);
        if !error.is_null() {
            let message = LLVMGetErrorMessage(error);
            let text = CStr::from_ptr(message).to_string_lossy().into_owned();
            LLVMDisposeErrorMessage(message);
            return Err(text);
        }
        let improved = Instant::now();
        let optimised = want_listing.then(|| take_message(LLVMPrintModuleToString(module.0)));
        let assembly = match want_listing {
            true => {
                let copy = Module(LLVMCloneModule(module.0));
                let bytes = emit(&machine, &copy, LLVMCodeGenFileType::LLVMAssemblyFile)?;
                Some(String::from_utf8_lossy(&bytes).into_owned())
            }
            false => None,
        };
        let object = emit(&machine, &module, LLVMCodeGenFileType::LLVMObjectFile)?;
        let times = [parsed - start, improved - parsed, improved.elapsed()];
        Ok(Compiled { object, assembly, optimised, times })
    }
}

/// What the default pipeline does that pays here. Loop vectorisation has been done by us; SLP, unrolling of loops that
/// clang saw before, and inter-procedural passes cost time and find nothing.
const PIPELINE: &CStr = c"always-inline,function<eager-inv>(sroa<modify-cfg>,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg<sink-common-insts;no-switch-range-to-icmp>,reassociate,loop-mssa(loop-instsimplify,loop-simplifycfg,licm<allowspeculation>,loop-rotate<no-header-duplication>),instcombine<no-verify-fixpoint>,loop(indvars,loop-deletion),sroa<modify-cfg>,gvn<>,sccp,bdce,instcombine<no-verify-fixpoint>,dse,loop-mssa(licm<allowspeculation>),simplifycfg<hoist-common-insts;sink-common-insts>,instcombine<no-verify-fixpoint>,adce,sink)";

/// # Safety
/// `machine` and `module` must be live and belong together.
unsafe fn emit(machine: &Machine, module: &Module, kind: LLVMCodeGenFileType) -> Result<Vec<u8>, String> {
    let mut message = ptr::null_mut();
    let mut out: LLVMMemoryBufferRef = ptr::null_mut();
    // SAFETY: as the function's contract says; the buffer is copied and disposed.
    unsafe {
        if LLVMTargetMachineEmitToMemoryBuffer(machine.0, module.0, kind, &mut message, &mut out) != 0 {
            return Err(take_message(message));
        }
        let bytes =
            std::slice::from_raw_parts(LLVMGetBufferStart(out).cast::<u8>(), LLVMGetBufferSize(out)).to_vec();
        LLVMDisposeMemoryBuffer(out);
        Ok(bytes)
    }
}

struct Context(LLVMContextRef);

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: made by LLVMContextCreate, disposed once, after what lives in it (declared later, dropped earlier).
        unsafe { LLVMContextDispose(self.0) }
    }
}

struct Module(LLVMModuleRef);

impl Drop for Module {
    fn drop(&mut self) {
        // SAFETY: owned by us, disposed once.
        unsafe { LLVMDisposeModule(self.0) }
    }
}

struct Machine(LLVMTargetMachineRef);

impl Drop for Machine {
    fn drop(&mut self) {
        // SAFETY: owned by us, disposed once.
        unsafe { LLVMDisposeTargetMachine(self.0) }
    }
}

struct Options(LLVMPassBuilderOptionsRef);

impl Drop for Options {
    fn drop(&mut self) {
        // SAFETY: owned by us, disposed once.
        unsafe { LLVMDisposePassBuilderOptions(self.0) }
    }
}
