//! The vocabulary of PTX: scalar types, state spaces and every enumerated modifier.
//! Invariant: each word is spelt once, here; the tables, the parser and the printer all read it from these lists.

/// Declares an enum whose variants are PTX words, with both directions of the spelling.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $(#[doc = $text] $variant),* }

        impl $name {
            /// Every word of this kind, in declaration order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word as PTX spells it, without the leading dot.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }

            /// The value spelt `text` (without the leading dot).
            pub fn from_word(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// A fundamental or packed type (PTX ISA 5.2, and the alternate formats of 5.2.3-5.2.5).
    ScalarType {
        Pred = "pred",
        B1 = "b1", B8 = "b8", B16 = "b16", B32 = "b32", B64 = "b64", B128 = "b128",
        U4 = "u4", U8 = "u8", U16 = "u16", U32 = "u32", U64 = "u64",
        S4 = "s4", S8 = "s8", S16 = "s16", S32 = "s32", S64 = "s64",
        U16x2 = "u16x2", S16x2 = "s16x2",
        F16 = "f16", F16x2 = "f16x2", Bf16 = "bf16", Bf16x2 = "bf16x2", Tf32 = "tf32",
        F32 = "f32", F32x2 = "f32x2", F64 = "f64",
        E4m3 = "e4m3", E5m2 = "e5m2", E4m3x2 = "e4m3x2", E5m2x2 = "e5m2x2",
        E4m3x4 = "e4m3x4", E5m2x4 = "e5m2x4",
        E3m2 = "e3m2", E2m3 = "e2m3", E2m1 = "e2m1",
        E3m2x2 = "e3m2x2", E2m3x2 = "e2m3x2", E2m1x2 = "e2m1x2",
        E3m2x4 = "e3m2x4", E2m3x4 = "e2m3x4", E2m1x4 = "e2m1x4",
        Ue8m0 = "ue8m0", Ue8m0x2 = "ue8m0x2", Ue4m3 = "ue4m3",
        Texref = "texref", Samplerref = "samplerref", Surfref = "surfref",
    }
}

/// How a type's bits are read when operand types are compared (PTX ISA 9.2, operand type checking).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypeClass {
    /// `.pred`
    Pred,
    /// `.bN`: agrees with any type of its size.
    Bits,
    /// `.uN`
    Unsigned,
    /// `.sN`
    Signed,
    /// `.f16 .f32 .f64` and packed or alternate floating-point formats.
    Float,
    /// `.texref .samplerref .surfref`
    Opaque,
}

impl ScalarType {
    /// Size in bits as held in a register or memory; predicates are 1, opaque handles 64.
    pub const fn bits(self) -> u32 {
        use ScalarType::*;
        match self {
            Pred | B1 => 1,
            U4 | S4 | E2m1 => 4,
            E3m2 | E2m3 => 6,
            B8 | U8 | S8 | E4m3 | E5m2 | E2m1x2 | Ue8m0 | Ue4m3 => 8,
            B16 | U16 | S16 | F16 | Bf16 | E4m3x2 | E5m2x2 | E3m2x2 | E2m3x2 | E2m1x4 | Ue8m0x2 => 16,
            B32 | U32 | S32 | U16x2 | S16x2 | F16x2 | Bf16x2 | Tf32 | F32 | E4m3x4 | E5m2x4 | E3m2x4
            | E2m3x4 => 32,
            B64 | U64 | S64 | F64 | F32x2 | Texref | Samplerref | Surfref => 64,
            B128 => 128,
        }
    }

    /// Size in bytes in memory, at least 1.
    pub const fn bytes(self) -> u32 {
        let bits = self.bits();
        if bits < 8 { 1 } else { bits / 8 }
    }

    /// The class that decides agreement with other types.
    pub const fn class(self) -> TypeClass {
        use ScalarType::*;
        match self {
            Pred => TypeClass::Pred,
            B1 | B8 | B16 | B32 | B64 | B128 => TypeClass::Bits,
            U4 | U8 | U16 | U32 | U64 | U16x2 => TypeClass::Unsigned,
            S4 | S8 | S16 | S32 | S64 | S16x2 => TypeClass::Signed,
            F16 | F16x2 | Bf16 | Bf16x2 | Tf32 | F32 | F32x2 | F64 | E4m3 | E5m2 | E4m3x2 | E5m2x2
            | E4m3x4 | E5m2x4 | E3m2 | E2m3 | E2m1 | E3m2x2 | E2m3x2 | E2m1x2 | E3m2x4 | E2m3x4 | E2m1x4
            | Ue8m0 | Ue8m0x2 | Ue4m3 => TypeClass::Float,
            Texref | Samplerref | Surfref => TypeClass::Opaque,
        }
    }

    /// Whether the type is `.sN` (or packed signed).
    pub const fn is_signed(self) -> bool {
        matches!(self.class(), TypeClass::Signed)
    }

    /// Whether the type is a floating-point format.
    pub const fn is_float(self) -> bool {
        matches!(self.class(), TypeClass::Float)
    }
}

words! {
    /// A state space (PTX ISA 5.1), with the sub-qualifiers that addresses may carry.
    Space {
        Reg = "reg", Sreg = "sreg", Const = "const", Global = "global", Local = "local",
        Param = "param", ParamEntry = "param::entry", ParamFunc = "param::func",
        Shared = "shared", SharedCta = "shared::cta", SharedCluster = "shared::cluster", Tex = "tex",
        Generic = "generic",
    }
}

words! {
    /// Rounding (PTX ISA 9.4-9.7: floating-point and integer rounding modifiers).
    Rounding {
        Rn = "rn", Rz = "rz", Rm = "rm", Rp = "rp", Rna = "rna", Rs = "rs",
        Rni = "rni", Rzi = "rzi", Rmi = "rmi", Rpi = "rpi",
    }
}

words! {
    /// Comparison of `set`, `setp`, `vset` (PTX ISA 9.7.5). `lo ls hi hs` are the unsigned spellings.
    CmpOp {
        Eq = "eq", Ne = "ne", Lt = "lt", Le = "le", Gt = "gt", Ge = "ge",
        Lo = "lo", Ls = "ls", Hi = "hi", Hs = "hs",
        Equ = "equ", Neu = "neu", Ltu = "ltu", Leu = "leu", Gtu = "gtu", Geu = "geu",
        Num = "num", Nan = "nan",
    }
}

words! {
    /// Combination of a predicate with a comparison's result, or of a barrier's or vote's predicates.
    BoolOp { And = "and", Or = "or", Xor = "xor", Popc = "popc" }
}

words! {
    /// Operation of `atom`, `red`, `redux`, `multimem.red`, `cp.reduce.async.bulk` (PTX ISA 9.7.13).
    AtomOp {
        Add = "add", Min = "min", Max = "max", Inc = "inc", Dec = "dec", And = "and", Or = "or", Xor = "xor",
        Exch = "exch", Cas = "cas",
    }
}

words! {
    /// Cache operators of `ld` and `st` (PTX ISA 9.7.9.1): hints, without meaning for results.
    CacheOp { Ca = "ca", Cg = "cg", Cs = "cs", Lu = "lu", Cv = "cv", Wb = "wb", Wt = "wt" }
}

words! {
    /// Memory ordering (PTX ISA 8): `weak` when absent from an `ld` or `st`, `relaxed` from an `atom`.
    Sem {
        Weak = "weak", Relaxed = "relaxed", Acquire = "acquire", Release = "release", AcqRel = "acq_rel", Sc = "sc",
        Volatile = "volatile", Mmio = "mmio",
    }
}

words! {
    /// The set of threads an ordering speaks about (PTX ISA 8.5). `gl` is `membar`'s old name for `gpu`.
    Scope { Cta = "cta", Cluster = "cluster", Gpu = "gpu", Sys = "sys" }
}

words! {
    /// Which half of a product is kept (PTX ISA 9.7.1: mul, mad).
    MulMode { Lo = "lo", Hi = "hi", Wide = "wide" }
}

words! {
    /// `shfl` mode (PTX ISA 9.7.9: shfl.sync).
    ShflMode { Up = "up", Down = "down", Bfly = "bfly", Idx = "idx" }
}

words! {
    /// `vote` and `match` mode (PTX ISA 9.7.13: vote.sync, match.sync).
    VoteMode { All = "all", Any = "any", Uni = "uni", Ballot = "ballot" }
}

words! {
    /// Shift direction of `shf`.
    ShiftDir { Left = "l", Right = "r" }
}

words! {
    /// What happens to out-of-range amounts or coordinates: `shf`, `bmsk`, `szext`, `sust`, `suld`.
    Clamp { Clamp = "clamp", Wrap = "wrap", Trap = "trap", Zero = "zero" }
}

words! {
    /// Byte selection modes of `prmt` (PTX ISA 9.7.9: prmt).
    PrmtMode { F4e = "f4e", B4e = "b4e", Rc8 = "rc8", Ecl = "ecl", Ecr = "ecr", Rc16 = "rc16" }
}

words! {
    /// `testp` properties.
    TestpOp {
        Finite = "finite", Infinite = "infinite", Number = "number", NotANumber = "notanumber",
        Normal = "normal", Subnormal = "subnormal",
    }
}

words! {
    /// Texture and surface geometry.
    Geometry {
        D1 = "1d", D2 = "2d", D3 = "3d", A1d = "a1d", A2d = "a2d", Cube = "cube", Acube = "acube",
        Ms2d = "2dms", Ams2d = "a2dms",
    }
}

words! {
    /// Matrix layout of `wmma`, `mma`.
    Layout { Row = "row", Col = "col" }
}

words! {
    /// Modifiers that are simply present or absent.
    Flag {
        Ftz = "ftz", Sat = "sat", Satfinite = "satfinite", Relu = "relu", Approx = "approx", Full = "full", Cc = "cc",
        Nan = "NaN", XorsignAbs = "xorsign", Abs = "abs", Oob = "oob", Uni = "uni", Nc = "nc", Noftz = "noftz", Sync = "sync",
        Aligned = "aligned", To = "to", Shiftamt = "shiftamt", Trans = "trans", Unified = "unified",
        Po = "po", Noinc = "noinc", NoComplete = "noComplete", Parity = "parity", Read = "read", Async = "async",
        ExpectTx = "expect_tx", MulticastCluster = "multicast::cluster", Proxy = "proxy", Sp = "sp", L2CacheHint = "L2::cache_hint",
    }
}
