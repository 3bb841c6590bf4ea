//! GPU architectures as nvcc names them, and which of them to compile PTX for.
//!
//! Code is always PTX, so a request for `sm_80` and one for `compute_80` are the same request.

use std::fmt;

use crate::error::Error;

/// A virtual architecture: compute capability times ten, and the `a` or `f` of architecture-specific ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arch {
    pub number: u32,
    pub suffix: Option<char>,
}

/// What `nvcc` without `-arch` compiles for. The default device has compute capability 8.0.
pub const DEFAULT: Arch = Arch { number: 80, suffix: None };
/// The oldest architecture of CUDA 12; requests for older ones are raised to it.
pub const OLDEST: u32 = 50;
/// The newest architecture that clang 19 knows.
const NEWEST_IN_CLANG: u32 = 90;
pub(crate) const KNOWN: &[u32] =
    &[50, 52, 53, 60, 61, 62, 70, 72, 75, 80, 86, 87, 89, 90, 100, 101, 103, 120, 121];
/// Architectures of CUDA's past, still found in makefiles.
const RETIRED: &[u32] = &[10, 11, 12, 13, 20, 21, 30, 32, 35, 37];

impl Arch {
    /// What clang is told; it knows nothing newer than sm_90.
    pub fn clang_name(self) -> String {
        if self.number > NEWEST_IN_CLANG {
            return format!("sm_{NEWEST_IN_CLANG}");
        }
        match (self.number, self.suffix) {
            (90, Some(_)) => "sm_90a".to_owned(),
            (n, _) => format!("sm_{n}"),
        }
    }

    /// The value of `__CUDA_ARCH__`.
    pub fn macro_value(self) -> u32 {
        self.number * 10
    }

    /// Whether `__CUDA_ARCH__` must be set by hand, because clang compiles for an older architecture.
    pub fn beyond_clang(self) -> bool {
        self.number > NEWEST_IN_CLANG
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "compute_{}", self.number)?;
        self.suffix.map_or(Ok(()), |c| write!(f, "{c}"))
    }
}

/// The architectures of `-gencode`, `-arch` and `-code`, in ascending order, with warnings about retired ones.
pub fn requested(
    gencodes: &[String],
    arch: Option<&str>,
    codes: &[String],
) -> Result<(Vec<Arch>, Vec<String>), Error> {
    let mut out = Vec::new();
    let mut warnings = Vec::new();
    for spec in gencodes {
        gencode(spec, &mut out, &mut warnings)?;
    }
    if let Some(arch) = arch {
        match arch {
            "native" => out.push(DEFAULT),
            "all" | "all-major" => {
                out.extend([50, 60, 70, 80, 90].map(|number| Arch { number, suffix: None }))
            }
            name => out.push(one(name, &mut warnings)?),
        }
    }
    // `-code` names the images; each is served by the PTX of `-arch`, so only its spelling is checked.
    for code in codes {
        let checked = one(code, &mut warnings)?;
        if arch.is_none() {
            out.push(checked);
        }
    }
    if out.is_empty() {
        out.push(DEFAULT);
    }
    out.sort_unstable();
    out.dedup();
    warnings.dedup();
    Ok((out, warnings))
}

/// `arch=compute_80,code=[sm_80,compute_80]`
fn gencode(spec: &str, out: &mut Vec<Arch>, warnings: &mut Vec<String>) -> Result<(), Error> {
    let spec: String = spec.chars().filter(|c| !matches!(c, '"' | '\'' | '[' | ']' | ' ' | '\\')).collect();
    let rest = spec
        .strip_prefix("arch=")
        .ok_or_else(|| Error::Usage(format!("--generate-code '{spec}' does not start with 'arch='")))?;
    let (arch, codes) = rest.split_once(",code=").unwrap_or((rest, ""));
    out.push(one(arch, warnings)?);
    for code in codes.split(',').filter(|c| !c.is_empty()) {
        one(code, warnings)?;
    }
    Ok(())
}

fn one(name: &str, warnings: &mut Vec<String>) -> Result<Arch, Error> {
    let unsupported = || Error::Usage(format!("Unsupported gpu architecture '{name}'"));
    let digits = ["sm_", "compute_", "lto_"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .ok_or_else(unsupported)?;
    let (digits, suffix) = match digits.strip_suffix(['a', 'f']) {
        Some(digits) => (digits, name.chars().last()),
        None => (digits, None),
    };
    let number: u32 = digits.parse().map_err(|_| unsupported())?;
    if RETIRED.contains(&number) {
        warnings.push(format!(
            "'{name}' is not an architecture of CUDA 12; compiling for 'compute_{OLDEST}' instead"
        ));
        return Ok(Arch { number: OLDEST, suffix: None });
    }
    if !KNOWN.contains(&number) {
        return Err(unsupported());
    }
    Ok(Arch { number, suffix })
}
