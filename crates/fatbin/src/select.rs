//! Which entries a device loads.

use crate::format::Kind;
use crate::read::{Entry, FatBinary};

/// The PTX entries to load on a device of compute capability `cc` (80 for 8.0): all those of the highest architecture
/// that is not above the device's. Several entries of one architecture are the translation units of one program
/// (separable compilation) and are to be linked together. Empty if nothing fits.
pub fn select_ptx<'f, 'a>(fat: &'f FatBinary<'a>, cc: u32) -> Vec<&'f Entry<'a>> {
    let ptx = || fat.entries.iter().filter(|e| e.kind == Kind::Ptx && e.arch <= cc);
    let Some(best) = ptx().map(|e| e.arch).max() else { return Vec::new() };
    ptx().filter(|e| e.arch == best).collect()
}
