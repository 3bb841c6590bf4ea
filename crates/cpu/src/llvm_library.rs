//! LLVM's shared library, loaded when the first kernel is compiled.
//!
//! The system's has 130 MB and takes 15 ms to load, the toolkit's own, in which only what is used here was linked (`./x build`),
//! 5 ms: a process whose kernels are in the cache, or which launches none, loads neither. The types are `llvm_sys`'s; each entry of the table is the function of that name and signature in LLVM's C API.

use libc::{RTLD_LAZY, RTLD_LOCAL, dlopen, dlsym};
use llvm_sys::LLVMDiagnosticHandler;
use llvm_sys::analysis::LLVMVerifierFailureAction;
use llvm_sys::error::LLVMErrorRef;
use llvm_sys::prelude::*;
use llvm_sys::target::LLVMTargetDataRef;
use llvm_sys::target_machine::*;
use llvm_sys::transforms::pass_builder::LLVMPassBuilderOptionsRef;
use std::ffi::{CStr, CString, OsStr, c_char};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

/// The toolkit's library, in the directory of the file that this code is in.
const OWN: &str = "libanywarp-llvm.so";

/// Names of the system's library, the first that is there counts.
const NAMES: [&CStr; 4] =
    [c"libLLVM.so.19.1", c"libLLVM-19.so.1", c"libLLVM-19.so", c"/usr/lib/llvm-19/lib/libLLVM.so.19.1"];

macro_rules! table {
    ($($name:ident: fn($($arg:ty),*) $(-> $ret:ty)?;)*) => {
        /// The functions that are used, by their names in C.
        #[allow(non_snake_case)]
        pub struct Library {
            /// What `dlopen` gave.
            handle: usize,
            $(pub $name: unsafe extern "C" fn($($arg),*) $(-> $ret)?,)*
        }

        impl Library {
            /// Finds every function in a library that `dlopen` gave.
            fn find(handle: *mut libc::c_void) -> Result<Library, String> {
                Ok(Library {
                    handle: handle as usize,
                    $($name: {
                        let name = concat!(stringify!($name), "\0");
                        // SAFETY: the handle is open, the name ends with NUL.
                        let address = unsafe { dlsym(handle, name.as_ptr().cast()) };
                        if address.is_null() {
                            return Err(concat!("LLVM 19 has no function ", stringify!($name)).into());
                        }
                        // SAFETY: LLVM 19 defines the function of this name with this signature.
                        unsafe {
                            std::mem::transmute::<
                                *mut libc::c_void,
                                unsafe extern "C" fn($($arg),*) $(-> $ret)?,
                            >(address)
                        }
                    },)*
                })
            }
        }
    };
}

table! {
    LLVMDisposeMessage: fn(*mut c_char);
    LLVMGetDefaultTargetTriple: fn() -> *mut c_char;
    LLVMGetHostCPUName: fn() -> *mut c_char;
    LLVMGetHostCPUFeatures: fn() -> *mut c_char;
    LLVMContextCreate: fn() -> LLVMContextRef;
    LLVMContextDispose: fn(LLVMContextRef);
    LLVMContextSetDiagnosticHandler: fn(LLVMContextRef, LLVMDiagnosticHandler, *mut libc::c_void);
    LLVMGetDiagInfoDescription: fn(LLVMDiagnosticInfoRef) -> *mut c_char;
    LLVMCreateMemoryBufferWithMemoryRangeCopy: fn(*const c_char, usize, *const c_char) -> LLVMMemoryBufferRef;
    LLVMGetBufferStart: fn(LLVMMemoryBufferRef) -> *const c_char;
    LLVMGetBufferSize: fn(LLVMMemoryBufferRef) -> usize;
    LLVMDisposeMemoryBuffer: fn(LLVMMemoryBufferRef);
    LLVMParseIRInContext: fn(LLVMContextRef, LLVMMemoryBufferRef, *mut LLVMModuleRef, *mut *mut c_char) -> LLVMBool;
    LLVMDisposeModule: fn(LLVMModuleRef);
    LLVMCloneModule: fn(LLVMModuleRef) -> LLVMModuleRef;
    LLVMPrintModuleToString: fn(LLVMModuleRef) -> *mut c_char;
    LLVMSetTarget: fn(LLVMModuleRef, *const c_char);
    LLVMSetModuleDataLayout: fn(LLVMModuleRef, LLVMTargetDataRef);
    LLVMDisposeTargetData: fn(LLVMTargetDataRef);
    LLVMGetTargetFromTriple: fn(*const c_char, *mut LLVMTargetRef, *mut *mut c_char) -> LLVMBool;
    LLVMCreateTargetMachine: fn(
        LLVMTargetRef, *const c_char, *const c_char, *const c_char,
        LLVMCodeGenOptLevel, LLVMRelocMode, LLVMCodeModel
    ) -> LLVMTargetMachineRef;
    LLVMDisposeTargetMachine: fn(LLVMTargetMachineRef);
    LLVMCreateTargetDataLayout: fn(LLVMTargetMachineRef) -> LLVMTargetDataRef;
    LLVMTargetMachineEmitToMemoryBuffer: fn(
        LLVMTargetMachineRef, LLVMModuleRef, LLVMCodeGenFileType, *mut *mut c_char, *mut LLVMMemoryBufferRef
    ) -> LLVMBool;
    LLVMCreatePassBuilderOptions: fn() -> LLVMPassBuilderOptionsRef;
    LLVMDisposePassBuilderOptions: fn(LLVMPassBuilderOptionsRef);
    LLVMVerifyModule: fn(LLVMModuleRef, LLVMVerifierFailureAction, *mut *mut c_char) -> LLVMBool;
    LLVMRunPasses: fn(LLVMModuleRef, *const c_char, LLVMTargetMachineRef, LLVMPassBuilderOptionsRef) -> LLVMErrorRef;
    LLVMGetErrorMessage: fn(LLVMErrorRef) -> *mut c_char;
    LLVMDisposeErrorMessage: fn(*mut c_char);
}

/// What registers a target, in this order.
pub type Registers = [&'static CStr; 4];

pub const X86: Registers = [
    c"LLVMInitializeX86TargetInfo",
    c"LLVMInitializeX86Target",
    c"LLVMInitializeX86TargetMC",
    c"LLVMInitializeX86AsmPrinter",
];
pub const AARCH64: Registers = [
    c"LLVMInitializeAArch64TargetInfo",
    c"LLVMInitializeAArch64Target",
    c"LLVMInitializeAArch64TargetMC",
    c"LLVMInitializeAArch64AsmPrinter",
];
const NATIVE: Registers = if cfg!(target_arch = "x86_64") { X86 } else { AARCH64 };

/// The library, loaded by the first call, with the native target registered. The error says what to install.
pub fn get() -> Result<&'static Library, String> {
    static LIBRARY: OnceLock<Result<Library, String>> = OnceLock::new();
    LIBRARY.get_or_init(load).as_ref().map_err(String::clone)
}

fn load() -> Result<Library, String> {
    let own = own();
    let names = own.as_deref().into_iter().chain(NAMES);
    // SAFETY: LLVM's initialisers run; they expect nothing of the process.
    let handle = names.map(|n| unsafe { dlopen(n.as_ptr(), RTLD_LAZY | RTLD_LOCAL) }).find(|h| !h.is_null());
    let Some(handle) = handle else {
        return Err(
            "LLVM 19 is not installed: no libLLVM.so.19.1; on Debian and Ubuntu: apt-get install libllvm19"
                .into(),
        );
    };
    let library = Library::find(handle)?;
    library.register(NATIVE)?;
    Ok(library)
}

/// Whether code of the library may run while the process ends: its objects are not destroyed then, as the toolkit's
/// library says by having this function.
pub fn survives_exit() -> bool {
    let function = c"anywarp_llvm_survives_exit";
    get().is_ok_and(|library| {
        // SAFETY: the library stays open, the name ends with NUL.
        let address = unsafe { dlsym(library.handle as *mut libc::c_void, function.as_ptr()) };
        !address.is_null()
    })
}

/// The path of the toolkit's library, if this code is in a toolkit.
fn own() -> Option<CString> {
    // SAFETY: the structure is writable; the name that it gets belongs to the loader and stays while this code is loaded.
    let name = unsafe {
        let mut place: libc::Dl_info = std::mem::zeroed();
        if libc::dladdr(own as *const libc::c_void, &mut place) == 0 || place.dli_fname.is_null() {
            return None;
        }
        CStr::from_ptr(place.dli_fname)
    };
    let path = Path::new(OsStr::from_bytes(name.to_bytes())).with_file_name(OWN);
    // A bare name would be looked for in the system's directories.
    let there = path.parent().is_some_and(|dir| dir != Path::new("")) && path.exists();
    there.then(|| CString::new(path.into_os_string().into_vec()).ok()).flatten()
}

impl Library {
    /// Makes a target known. Once for each is enough, twice does no harm.
    pub fn register(&self, functions: Registers) -> Result<(), String> {
        static REGISTRY: Mutex<()> = Mutex::new(());
        let _guard = REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
        for name in functions {
            // SAFETY: the library stays open, the name ends with NUL.
            let address = unsafe { dlsym(self.handle as *mut libc::c_void, name.as_ptr()) };
            if address.is_null() {
                return Err(format!("LLVM 19 was built without {}", name.to_string_lossy()));
            }
            // SAFETY: these functions take and return nothing; the registry is written here only, one at a time.
            unsafe { std::mem::transmute::<*mut libc::c_void, unsafe extern "C" fn()>(address)() };
        }
        Ok(())
    }
}
