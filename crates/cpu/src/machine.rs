//! A name for the processor, without LLVM: what the cache knows code for.
//!
//! Two machines with the same name generate the same code. It holds all that LLVM derives its processor and features from.

use std::sync::LazyLock;

/// The processor's identification, with `ANYWARP_CPU` if that is set.
pub fn name() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| {
        let chosen = std::env::var("ANYWARP_CPU").unwrap_or_default();
        format!("{} {} {chosen}", std::env::consts::ARCH, identification())
    });
    &NAME
}

/// Vendor, model and features by `cpuid`, and the state that the system saves.
#[cfg(target_arch = "x86_64")]
fn identification() -> String {
    use std::arch::x86_64::{__cpuid_count, _xgetbv};
    use std::fmt::Write;
    let mut out = String::new();
    let (most, extended) = (__cpuid_count(0, 0).eax, __cpuid_count(0x8000_0000, 0).eax);
    for (leaf, sub) in [
        (0, 0),
        (1, 0),
        (7, 0),
        (7, 1),
        (0xd, 1),
        (0x14, 0),
        (0x19, 0),
        (0x1e, 1),
        (0x24, 0),
        (0x8000_0001, 0),
        (0x8000_0008, 0),
    ] {
        let limit = if leaf >= 0x8000_0000 { extended } else { most };
        if leaf > limit {
            continue;
        }
        let r = __cpuid_count(leaf, sub);
        // Leaf 1 says in ebx which core asks.
        let ebx = if leaf == 1 || leaf == 0xd { 0 } else { r.ebx };
        let _ = write!(out, "{leaf:x}.{sub}:{:x},{ebx:x},{:x},{:x};", r.eax, r.ecx, r.edx);
    }
    if __cpuid_count(1, 0).ecx & (1 << 27) != 0 {
        // SAFETY: the system has enabled xgetbv, as bit 27 says.
        let state = unsafe { xcr0() };
        let _ = write!(out, "xcr0:{state:x}");
    }
    return out;

    /// # Safety
    /// The system must have enabled `xgetbv`.
    #[target_feature(enable = "xsave")]
    unsafe fn xcr0() -> u64 {
        // SAFETY: as the function's contract says.
        unsafe { _xgetbv(0) }
    }
}

/// What the kernel says of the processor's features.
#[cfg(not(target_arch = "x86_64"))]
fn identification() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut lines: Vec<&str> =
        text.lines().filter(|l| l.starts_with("Features") || l.starts_with("CPU ")).collect();
    lines.sort_unstable();
    lines.dedup();
    lines.join(";")
}
