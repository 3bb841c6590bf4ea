//! A resolved `opcode.modifiers` string: which table row it is, and its modifiers as typed values.
//! Invariant: a `Form` exists only for a string that matched a row, so its fields are what that row permits.

use crate::isa::{Op, RowId};
use crate::words::*;

/// One distinct `opcode.modifiers` string, resolved. Shared by all instructions spelt alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// The row of [`crate::isa::table`] that it matched.
    pub row: RowId,
    /// The operation.
    pub op: Op,
    /// The string as written, e.g. `add.sat.s32`.
    pub text: Box<str>,
    /// The modifiers in the order of the row's grammar, without dots, e.g. `["sat", "s32"]`; literal words included.
    pub words: Box<[Box<str>]>,
    /// The type modifiers in written order: `cvt.rn.f32.s32` gives `[F32, S32]`.
    pub types: Box<[ScalarType]>,
    /// The state-space modifiers in written order: `cp.async.ca.shared.global` gives `[Shared, Global]`.
    pub spaces: Box<[Space]>,
    /// Modifiers that are present or absent.
    pub flags: Flags,
    /// `.rn .rz .rm .rp .rna .rs .rni .rzi .rmi .rpi`
    pub rounding: Option<Rounding>,
    /// Comparison of `set`, `setp`, `vset`.
    pub cmp: Option<CmpOp>,
    /// `.and .or .xor` of `set`/`setp`, `.and .or .popc` of `bar.red`.
    pub bool_op: Option<BoolOp>,
    /// Operation of `atom`, `red`, `redux`, and the secondary operation of the video instructions (add, min, max).
    pub atom: Option<AtomOp>,
    /// Elements per access: 1 unless `.v2 .v4 .v8`; for `ldmatrix`/`stmatrix` `.x1 .x2 .x4`.
    pub vector: u8,
    /// `.ca .cg …`
    pub cache: Option<CacheOp>,
    /// `.relaxed .acquire .volatile …`; `None` where the instruction does not say.
    pub sem: Option<Sem>,
    /// `.cta .cluster .gpu .sys` (and `membar.gl` as `Gpu`).
    pub scope: Option<Scope>,
    /// `.lo .hi .wide`
    pub mul: Option<MulMode>,
    /// `.up .down .bfly .idx`
    pub shfl: Option<ShflMode>,
    /// `.all .any .uni .ballot`
    pub vote: Option<VoteMode>,
    /// `.l .r` of `shf`
    pub dir: Option<ShiftDir>,
    /// `.clamp .wrap .trap .zero`
    pub clamp: Option<Clamp>,
    /// `.f4e …` of `prmt`
    pub prmt: Option<PrmtMode>,
    /// `.finite …` of `testp`
    pub testp: Option<TestpOp>,
    /// `.1d .2d …` of textures, surfaces (and of tensors `.1d`…`.3d`; `.4d .5d` are words only).
    pub geometry: Option<Geometry>,
    /// `.row .col` of matrices A and B, in written order.
    pub layouts: Box<[Layout]>,
    /// `.m16n8k16` as `[16, 8, 16]`.
    pub shape: Option<[u16; 3]>,
}

impl Form {
    /// The `n`th type modifier. Panics when the row has fewer: a bug in the caller's reading of the table.
    pub fn ty(&self, n: usize) -> ScalarType {
        self.types[n]
    }

    /// The first state-space modifier; `Generic` when there is none.
    pub fn space(&self) -> Space {
        self.spaces.first().copied().unwrap_or(Space::Generic)
    }

    /// Whether the flag is present.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.has(flag)
    }

    /// `.ftz`
    pub fn ftz(&self) -> bool {
        self.has(Flag::Ftz)
    }

    /// `.sat` (not `.satfinite`)
    pub fn sat(&self) -> bool {
        self.has(Flag::Sat)
    }

    /// Whether a modifier spelt so (without its dot) is present; for words that have no field of their own.
    pub fn has_word(&self, word: &str) -> bool {
        self.words.iter().any(|w| &**w == word)
    }
}

/// A set of [`Flag`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Flags(u64);

impl Flags {
    /// Whether `flag` is in the set.
    pub const fn has(self, flag: Flag) -> bool {
        self.0 >> flag as u32 & 1 == 1
    }

    /// The set with `flag` added.
    #[must_use]
    pub const fn with(self, flag: Flag) -> Flags {
        Flags(self.0 | 1 << flag as u32)
    }
}
