//! Faults: what can go wrong while a kernel runs.

/// The kind of a fault; the driver maps each to its CUresult.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FaultKind {
    /// CUDA_ERROR_ILLEGAL_ADDRESS
    IllegalAddress,
    /// CUDA_ERROR_MISALIGNED_ADDRESS
    MisalignedAddress,
    /// CUDA_ERROR_INVALID_ADDRESS_SPACE
    InvalidAddressSpace,
    /// CUDA_ERROR_INVALID_PC: an indirect call of what is no function.
    InvalidPc,
    /// CUDA_ERROR_HARDWARE_STACK_ERROR: stack overflow.
    StackOverflow,
    /// CUDA_ERROR_ILLEGAL_INSTRUCTION
    IllegalInstruction,
    /// `trap`: CUDA_ERROR_LAUNCH_FAILED
    Trap,
    /// CUDA_ERROR_ASSERT
    Assert,
    /// No thread of the launch can make progress: CUDA_ERROR_LAUNCH_TIMEOUT
    Deadlock,
    /// A bug of ours, reported instead of a crash: CUDA_ERROR_LAUNCH_FAILED
    Internal,
}

/// A fault with all that is known about its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub kind: FaultKind,
    /// Kernel name; filled by whoever knows it.
    pub kernel: String,
    /// Linear CTA index.
    pub cta: Option<u64>,
    /// Thread within the CTA.
    pub thread: Option<[u32; 3]>,
    /// Source file and line (PTX `.loc`), where the module has them.
    pub source: Option<(String, u32)>,
    /// The faulting address, for address faults.
    pub address: Option<u64>,
    /// What happened, in one sentence without a full stop.
    pub message: String,
}

impl Fault {
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Fault {
        Fault {
            kind,
            kernel: String::new(),
            cta: None,
            thread: None,
            source: None,
            address: None,
            message: message.into(),
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.message)?;
        if let Some(address) = self.address {
            write!(f, " at address {address:#x}")?;
        }
        if !self.kernel.is_empty() {
            write!(f, " in kernel {}", self.kernel)?;
        }
        if let Some(cta) = self.cta {
            write!(f, ", block {cta}")?;
        }
        if let Some([x, y, z]) = self.thread {
            write!(f, ", thread ({x},{y},{z})")?;
        }
        if let Some((file, line)) = &self.source {
            write!(f, " ({file}:{line})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}
