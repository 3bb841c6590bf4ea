//! Which entries a device loads.

use crate::format::Kind;
use crate::read::{Entry, FatBinary};

/// The PTX entries to load on a device of compute capability `cc` (80 for 8.0): all those of the highest architecture
/// that is not above the device's. Several entries of one architecture are the translation units of one program
/// (separable compilation) and are to be linked together.
///
/// A program that was built for newer devices only still runs: PTX is executed, not translated to a chip that lacks its
/// instructions, so the lowest architecture above the device's is the next choice. Empty if there is no PTX.
pub fn select_ptx<'f, 'a>(fat: &'f FatBinary<'a>, cc: u32) -> Vec<&'f Entry<'a>> {
    let ptx = || fat.entries.iter().filter(|e| e.kind == Kind::Ptx);
    let fitting = ptx().map(|e| e.arch).filter(|&arch| arch <= cc).max();
    let Some(best) = fitting.or_else(|| ptx().map(|e| e.arch).min()) else { return Vec::new() };
    ptx().filter(|e| e.arch == best).collect()
}
