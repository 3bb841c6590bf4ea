//! Words that need a later version or target than the forms they appear in.
//! Invariant: a word is listed only if the need is the same wherever it appears.

/// Word, PTX version, target (the "PTX ISA notes" and "target ISA notes" of PTX ISA 9.7.9.8 `ld`, 9.7.13 `atom`).
const NEEDS: &[(&str, (u8, u8), u32)] = &[
    ("cluster", (7, 8), 90),
    ("shared::cta", (7, 8), 30),
    ("shared::cluster", (7, 8), 90),
    ("param::entry", (8, 3), 10),
    ("param::func", (8, 3), 10),
    ("L1::evict_normal", (7, 4), 70),
    ("L1::evict_unchanged", (7, 4), 70),
    ("L1::evict_first", (7, 4), 70),
    ("L1::evict_last", (7, 4), 70),
    ("L1::no_allocate", (7, 4), 70),
    ("L2::cache_hint", (7, 4), 80),
    ("L2::64B", (7, 4), 75),
    ("L2::128B", (7, 4), 75),
    ("L2::256B", (7, 4), 80),
    ("v8", (8, 8), 100),
];

/// The version and target that the words need together.
pub(super) fn of<'w>(words: impl Iterator<Item = &'w str>) -> ((u8, u8), u32) {
    words.fold(((1, 0), 10), |(ptx, sm), word| match NEEDS.iter().find(|(w, ..)| *w == word) {
        Some((_, p, s)) => (ptx.max(*p), sm.max(*s)),
        None => (ptx, sm),
    })
}
