//! The op table: every pure operation with its operands and result.
//!
//! A pure op is a total function of its operands: [`crate::eval::eval`] is its definition. It never faults, has no
//! effect, and may be executed speculatively. Everything else is an [`crate::Inst`].

use crate::Type;

/// Rounding of a floating-point result (PTX ISA 9.7.3, 9.7.9.21: rounding modifiers).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Rounding {
    /// To nearest, ties to even: `.rn`, `.rni`.
    Nearest,
    /// Towards zero: `.rz`, `.rzi`.
    Zero,
    /// Towards minus infinity: `.rm`, `.rmi`.
    Down,
    /// Towards plus infinity: `.rp`, `.rpi`.
    Up,
    /// To nearest, ties away from zero: `.rna`.
    NearestAway,
}

/// How a floating-point operation rounds and treats subnormals. `ftz` flushes subnormal operands, and results that
/// are subnormal once rounded, to sign-preserving zero. It has meaning for F32 and F16 only; in a conversion it applies
/// to the operand or result that is F32.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FpMode {
    pub rounding: Rounding,
    pub ftz: bool,
}

impl FpMode {
    pub const RN: FpMode = FpMode { rounding: Rounding::Nearest, ftz: false };

    pub const fn new(rounding: Rounding, ftz: bool) -> FpMode {
        FpMode { rounding, ftz }
    }
}

/// Integer comparisons.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum IntCc {
    Eq,
    Ne,
    LtS,
    LeS,
    GtS,
    GeS,
    LtU,
    LeU,
    GtU,
    GeU,
}

impl IntCc {
    /// The comparison with its operands the other way round.
    pub fn swapped(self) -> IntCc {
        match self {
            IntCc::Eq | IntCc::Ne => self,
            IntCc::LtS => IntCc::GtS,
            IntCc::LeS => IntCc::GeS,
            IntCc::GtS => IntCc::LtS,
            IntCc::GeS => IntCc::LeS,
            IntCc::LtU => IntCc::GtU,
            IntCc::LeU => IntCc::GeU,
            IntCc::GtU => IntCc::LtU,
            IntCc::GeU => IntCc::LeU,
        }
    }
}

/// Float comparisons: the ordered ones are false when an operand is NaN, the unordered ones (`…U`) true.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum FloatCc {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    EqU,
    NeU,
    LtU,
    LeU,
    GtU,
    GeU,
    /// Both operands are numbers.
    Num,
    /// An operand is NaN.
    Nan,
}

/// What `testp` asks (PTX ISA 9.7.3 testp); zero is normal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum FloatClass {
    Finite,
    Infinite,
    Number,
    NotANumber,
    Normal,
    Subnormal,
}

/// Modes of `prmt` (PTX ISA 9.7.9 prmt).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum PrmtMode {
    Generic,
    F4e,
    B4e,
    Rc8,
    Ecl,
    Ecr,
    Rc16,
}

/// What a NaN operand does to `min` and `max`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum MinMaxNan {
    /// The other operand wins.
    Number,
    /// The result is the canonical NaN (`.NaN`).
    Propagate,
}

/// Whether an operand is taken as signed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Sign {
    Signed,
    Unsigned,
}

/// The 8-bit float formats (PTX ISA 5.2.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Fp8 {
    E4m3,
    E5m2,
}

/// A pure operation. `ty` in the comments is the instruction's type ([`crate::Inst::Pure`]), which is the type of the
/// operands and of the result unless the row says otherwise. Integer arithmetic wraps.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Op {
    // Integer arithmetic: I8 I16 I32 I64.
    IAdd,
    ISub,
    IMul,
    /// Upper half of the double-width product.
    MulHiS,
    MulHiU,
    /// Division by zero gives all ones; the overflowing quotient wraps. Total, so that it may be speculated.
    DivS,
    DivU,
    /// Remainder by zero gives the dividend.
    RemS,
    RemU,
    MinS,
    MinU,
    MaxS,
    MaxU,
    INeg,
    /// Wraps for the most negative value.
    IAbs,
    /// Saturating at the signed range.
    AddSatS,
    SubSatS,
    /// Carry out of `a + b + c` with c: I1. Result I1.
    CarryAdd,
    /// Borrow out of `a - b - c` with c: I1. Result I1.
    BorrowSub,
    /// `|a - b| + c`.
    SadS,
    SadU,
    // Logic and bits. And, Or, Xor, Not also on I1.
    And,
    Or,
    Xor,
    Not,
    /// Shift amounts are I32, unsigned, and clamp at the width (PTX ISA 9.7.8 shl, shr).
    Shl,
    ShrS,
    ShrU,
    /// Results I32 for I32 and I64 operands.
    Popc,
    Clz,
    /// Position of the most significant bit that differs from the sign (`S`) or is set (`U`); all ones if none. I32.
    /// (The `.shiftamt` form is `width - 1 - position` where there is a position.)
    BfindS,
    BfindU,
    Brev,
    /// Operands a: ty, position: I32, length: I32 (PTX ISA 9.7.1 bfe: both masked to 8 bits).
    BfeS,
    BfeU,
    /// Operands a, b: ty, position: I32, length: I32: inserts a into b.
    Bfi,
    /// Funnel shifts on I32: operands lo, hi, amount (PTX ISA 9.7.8 shf).
    ShfLClamp,
    ShfLWrap,
    ShfRClamp,
    ShfRWrap,
    /// Operands a, b, selector: I32.
    Prmt(PrmtMode),
    /// Operands mask: I32, base: I32, offset: I32. Find n-th set bit (PTX ISA 9.7.1 fns); all ones if there is none or
    /// the base is above 31.
    Fns,
    /// Operands position: I32, width: I32: bit mask; clamp or wrap at 32 (PTX ISA 9.7.1 bmsk).
    BmskClamp,
    BmskWrap,
    /// Operands a: I32 (four bytes), b: I32, c: I32.
    Dp4a(Sign, Sign),
    /// Operands a: I32 (two halves), b: I32 (low two bytes, or high two if the flag is `true`), c: I32.
    Dp2a(Sign, Sign, HalfSel),
    // Comparison: operands ty, result I1.
    ICmp(IntCc),
    FCmp(FloatCc, Ftz),
    FClass(FloatClass),
    /// Operands I1, ty, ty.
    Select,
    // Floating point: F16 BF16 F32 F64. A NaN result is any quiet NaN except where said.
    FAdd(FpMode),
    FSub(FpMode),
    FMul(FpMode),
    /// Fused: `a * b + c`, rounded once.
    FFma(FpMode),
    FDiv(FpMode),
    FSqrt(FpMode),
    /// One over the root, to 2^-23.6: what PTX asks of `rsqrt.approx` is 2^-22.9 (PTX ISA 9.7.3 rsqrt).
    FRsqrt,
    /// -0 < +0 as PTX ISA 9.7.3 min says.
    FMin(MinMaxNan, Ftz),
    FMax(MinMaxNan, Ftz),
    FNeg(Ftz),
    FAbs(Ftz),
    /// Magnitude of the second operand, sign of the first (PTX ISA 9.7.3 copysign: `d = copysign(a, b)` takes sign of a).
    FCopysign,
    /// Clamps to [0, 1]; NaN and -0 give +0 (`.sat`).
    FSat,
    /// Rounds to an integral value of the same type.
    FRoundInt(Rounding, Ftz),
    // Conversions: `ty` is the result; the operand has the type in the op.
    Trunc(Type),
    ZExt(Type),
    SExt(Type),
    /// Float to signed integer, saturating at the range of `ty`. NaN (PTX ISA 9.7.9 cvt): zero if the source is not
    /// F64 and `ty` not I64, else the top bit of `ty` alone.
    FToS(Type, FpMode),
    FToU(Type, FpMode),
    SToF(Type, Rounding),
    UToF(Type, Rounding),
    /// Between float formats; exact when widening.
    FToF(Type, FpMode),
    /// F32 to a TF32 pattern in F32: 10 mantissa bits kept, the 13 below zero.
    FToTf32(Rounding),
    /// The low byte of the I16 result is the float rounded to nearest even; what lies beyond the largest finite number,
    /// infinity included, becomes that number (`.satfinite`), NaN 0x7f. The high byte is zero. Operand of the given
    /// type (F32, F16).
    FToFp8(Fp8, Type),
    /// The low byte of the I16 operand, widened to `ty` (F16).
    Fp8ToF(Fp8),
    /// Same bits, other type of the same width.
    Bitcast(Type),
    /// The operand. What computes it is best done before what stands behind: a hint to engines that order code.
    Settle,
}

/// Whether subnormal operands and results are flushed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Ftz {
    No,
    Yes,
}

/// Which half of the second operand `dp2a` reads.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum HalfSel {
    Lo,
    Hi,
}

/// The type of one operand in terms of the instruction's type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OperandTy {
    /// The instruction's type.
    Ty,
    /// This one, whatever the instruction's type.
    Is(Type),
}

impl OperandTy {
    pub const fn resolve(self, ty: Type) -> Type {
        match self {
            OperandTy::Ty => ty,
            OperandTy::Is(t) => t,
        }
    }
}

/// A row of the op table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    pub name: &'static str,
    pub operands: &'static [OperandTy],
    pub result: OperandTy,
    /// Types that the instruction may have.
    pub types: &'static [Type],
}

use OperandTy::{Is, Ty};

const INTS: &[Type] = &[Type::I8, Type::I16, Type::I32, Type::I64];
const LOGIC: &[Type] = &[Type::I1, Type::I8, Type::I16, Type::I32, Type::I64];
const I32_I64: &[Type] = &[Type::I32, Type::I64];
const I32_ONLY: &[Type] = &[Type::I32];
const FLOATS: &[Type] = &[Type::F16, Type::BF16, Type::F32, Type::F64];
const WORDS: &[Type] = &[Type::I32, Type::F32, Type::F64];
const F32_ONLY: &[Type] = &[Type::F32];
const F16_ONLY: &[Type] = &[Type::F16];
const I16_ONLY: &[Type] = &[Type::I16];

const I1: OperandTy = Is(Type::I1);
const I32: OperandTy = Is(Type::I32);

const fn row(
    name: &'static str,
    operands: &'static [OperandTy],
    result: OperandTy,
    types: &'static [Type],
) -> Row {
    Row { name, operands, result, types }
}

/// Operand lists of conversions, one per source type, so that rows stay `'static`.
const fn from_list(from: Type) -> &'static [OperandTy] {
    match from {
        Type::I1 => &[Is(Type::I1)],
        Type::I8 => &[Is(Type::I8)],
        Type::I16 => &[Is(Type::I16)],
        Type::I32 => &[Is(Type::I32)],
        Type::I64 => &[Is(Type::I64)],
        Type::F16 => &[Is(Type::F16)],
        Type::BF16 => &[Is(Type::BF16)],
        Type::F32 => &[Is(Type::F32)],
        Type::F64 => &[Is(Type::F64)],
    }
}

const fn narrower(than: Type) -> &'static [Type] {
    match than.bits() {
        64 => &[Type::I1, Type::I8, Type::I16, Type::I32],
        32 => &[Type::I1, Type::I8, Type::I16],
        16 => &[Type::I1, Type::I8],
        8 => &[Type::I1],
        _ => &[],
    }
}

const fn wider(than: Type) -> &'static [Type] {
    match than.bits() {
        1 => &[Type::I8, Type::I16, Type::I32, Type::I64],
        8 => &[Type::I16, Type::I32, Type::I64],
        16 => &[Type::I32, Type::I64],
        32 => &[Type::I64],
        _ => &[],
    }
}

const fn same_width(as_: Type) -> &'static [Type] {
    match as_.bits() {
        16 => &[Type::I16, Type::F16, Type::BF16],
        32 => &[Type::I32, Type::F32],
        64 => &[Type::I64, Type::F64],
        8 => &[Type::I8],
        _ => &[Type::I1],
    }
}

impl Op {
    /// The op's row: name, operand types, result type, admissible instruction types.
    pub const fn row(self) -> Row {
        match self {
            Op::IAdd => row("iadd", &[Ty, Ty], Ty, INTS),
            Op::ISub => row("isub", &[Ty, Ty], Ty, INTS),
            Op::IMul => row("imul", &[Ty, Ty], Ty, INTS),
            Op::MulHiS => row("mulhi_s", &[Ty, Ty], Ty, INTS),
            Op::MulHiU => row("mulhi_u", &[Ty, Ty], Ty, INTS),
            Op::DivS => row("div_s", &[Ty, Ty], Ty, INTS),
            Op::DivU => row("div_u", &[Ty, Ty], Ty, INTS),
            Op::RemS => row("rem_s", &[Ty, Ty], Ty, INTS),
            Op::RemU => row("rem_u", &[Ty, Ty], Ty, INTS),
            Op::MinS => row("min_s", &[Ty, Ty], Ty, INTS),
            Op::MinU => row("min_u", &[Ty, Ty], Ty, INTS),
            Op::MaxS => row("max_s", &[Ty, Ty], Ty, INTS),
            Op::MaxU => row("max_u", &[Ty, Ty], Ty, INTS),
            Op::INeg => row("ineg", &[Ty], Ty, INTS),
            Op::IAbs => row("iabs", &[Ty], Ty, INTS),
            Op::AddSatS => row("addsat_s", &[Ty, Ty], Ty, INTS),
            Op::SubSatS => row("subsat_s", &[Ty, Ty], Ty, INTS),
            Op::CarryAdd => row("carry_add", &[Ty, Ty, I1], I1, INTS),
            Op::BorrowSub => row("borrow_sub", &[Ty, Ty, I1], I1, INTS),
            Op::SadS => row("sad_s", &[Ty, Ty, Ty], Ty, INTS),
            Op::SadU => row("sad_u", &[Ty, Ty, Ty], Ty, INTS),
            Op::And => row("and", &[Ty, Ty], Ty, LOGIC),
            Op::Or => row("or", &[Ty, Ty], Ty, LOGIC),
            Op::Xor => row("xor", &[Ty, Ty], Ty, LOGIC),
            Op::Not => row("not", &[Ty], Ty, LOGIC),
            Op::Shl => row("shl", &[Ty, I32], Ty, INTS),
            Op::ShrS => row("shr_s", &[Ty, I32], Ty, INTS),
            Op::ShrU => row("shr_u", &[Ty, I32], Ty, INTS),
            Op::Popc => row("popc", &[Ty], I32, INTS),
            Op::Clz => row("clz", &[Ty], I32, INTS),
            Op::BfindS => row("bfind_s", &[Ty], I32, I32_I64),
            Op::BfindU => row("bfind_u", &[Ty], I32, I32_I64),
            Op::Brev => row("brev", &[Ty], Ty, INTS),
            Op::BfeS => row("bfe_s", &[Ty, I32, I32], Ty, I32_I64),
            Op::BfeU => row("bfe_u", &[Ty, I32, I32], Ty, I32_I64),
            Op::Bfi => row("bfi", &[Ty, Ty, I32, I32], Ty, I32_I64),
            Op::ShfLClamp => row("shf_l_clamp", &[Ty, Ty, I32], Ty, I32_ONLY),
            Op::ShfLWrap => row("shf_l_wrap", &[Ty, Ty, I32], Ty, I32_ONLY),
            Op::ShfRClamp => row("shf_r_clamp", &[Ty, Ty, I32], Ty, I32_ONLY),
            Op::ShfRWrap => row("shf_r_wrap", &[Ty, Ty, I32], Ty, I32_ONLY),
            Op::Prmt(mode) => {
                let name = match mode {
                    PrmtMode::Generic => "prmt",
                    PrmtMode::F4e => "prmt_f4e",
                    PrmtMode::B4e => "prmt_b4e",
                    PrmtMode::Rc8 => "prmt_rc8",
                    PrmtMode::Ecl => "prmt_ecl",
                    PrmtMode::Ecr => "prmt_ecr",
                    PrmtMode::Rc16 => "prmt_rc16",
                };
                row(name, &[Ty, Ty, Ty], Ty, I32_ONLY)
            }
            Op::Fns => row("fns", &[Ty, Ty, Ty], Ty, I32_ONLY),
            Op::BmskClamp => row("bmsk_clamp", &[Ty, Ty], Ty, I32_ONLY),
            Op::BmskWrap => row("bmsk_wrap", &[Ty, Ty], Ty, I32_ONLY),
            Op::Dp4a(a, b) => {
                let name = match (a, b) {
                    (Sign::Signed, Sign::Signed) => "dp4a_ss",
                    (Sign::Signed, Sign::Unsigned) => "dp4a_su",
                    (Sign::Unsigned, Sign::Signed) => "dp4a_us",
                    (Sign::Unsigned, Sign::Unsigned) => "dp4a_uu",
                };
                row(name, &[Ty, Ty, Ty], Ty, I32_ONLY)
            }
            Op::Dp2a(a, b, half) => {
                let name = match (a, b, half) {
                    (Sign::Signed, Sign::Signed, HalfSel::Lo) => "dp2a_lo_ss",
                    (Sign::Signed, Sign::Unsigned, HalfSel::Lo) => "dp2a_lo_su",
                    (Sign::Unsigned, Sign::Signed, HalfSel::Lo) => "dp2a_lo_us",
                    (Sign::Unsigned, Sign::Unsigned, HalfSel::Lo) => "dp2a_lo_uu",
                    (Sign::Signed, Sign::Signed, HalfSel::Hi) => "dp2a_hi_ss",
                    (Sign::Signed, Sign::Unsigned, HalfSel::Hi) => "dp2a_hi_su",
                    (Sign::Unsigned, Sign::Signed, HalfSel::Hi) => "dp2a_hi_us",
                    (Sign::Unsigned, Sign::Unsigned, HalfSel::Hi) => "dp2a_hi_uu",
                };
                row(name, &[Ty, Ty, Ty], Ty, I32_ONLY)
            }
            Op::ICmp(_) => row("icmp", &[Ty, Ty], I1, LOGIC),
            Op::FCmp(..) => row("fcmp", &[Ty, Ty], I1, FLOATS),
            Op::FClass(_) => row("fclass", &[Ty], I1, FLOATS),
            Op::Select => row("select", &[I1, Ty, Ty], Ty, &Type::ALL),
            Op::FAdd(_) => row("fadd", &[Ty, Ty], Ty, FLOATS),
            Op::FSub(_) => row("fsub", &[Ty, Ty], Ty, FLOATS),
            Op::FMul(_) => row("fmul", &[Ty, Ty], Ty, FLOATS),
            Op::FFma(_) => row("ffma", &[Ty, Ty, Ty], Ty, FLOATS),
            Op::FDiv(_) => row("fdiv", &[Ty, Ty], Ty, FLOATS),
            Op::FSqrt(_) => row("fsqrt", &[Ty], Ty, FLOATS),
            Op::FRsqrt => row("frsqrt", &[Ty], Ty, &[Type::F32]),
            Op::FMin(..) => row("fmin", &[Ty, Ty], Ty, FLOATS),
            Op::FMax(..) => row("fmax", &[Ty, Ty], Ty, FLOATS),
            Op::FNeg(_) => row("fneg", &[Ty], Ty, FLOATS),
            Op::FAbs(_) => row("fabs", &[Ty], Ty, FLOATS),
            Op::FCopysign => row("fcopysign", &[Ty, Ty], Ty, FLOATS),
            Op::FSat => row("fsat", &[Ty], Ty, FLOATS),
            Op::FRoundInt(..) => row("fround", &[Ty], Ty, FLOATS),
            Op::Trunc(from) => row("trunc", from_list(from), Ty, narrower(from)),
            Op::ZExt(from) => row("zext", from_list(from), Ty, wider(from)),
            Op::SExt(from) => row("sext", from_list(from), Ty, wider(from)),
            Op::FToS(from, _) => row("ftos", from_list(from), Ty, INTS),
            Op::FToU(from, _) => row("ftou", from_list(from), Ty, INTS),
            Op::SToF(from, _) => row("stof", from_list(from), Ty, FLOATS),
            Op::UToF(from, _) => row("utof", from_list(from), Ty, FLOATS),
            Op::FToF(from, _) => row("ftof", from_list(from), Ty, FLOATS),
            Op::FToTf32(_) => row("ftotf32", &[Ty], Ty, F32_ONLY),
            Op::FToFp8(_, from) => row("ftofp8", from_list(from), Ty, I16_ONLY),
            Op::Fp8ToF(_) => row("fp8tof", &[Is(Type::I16)], Ty, F16_ONLY),
            Op::Bitcast(from) => row("bitcast", from_list(from), Ty, same_width(from)),
            Op::Settle => row("settle", &[Ty], Ty, WORDS),
        }
    }

    /// The type of the result of this op at instruction type `ty`.
    pub const fn result(self, ty: Type) -> Type {
        self.row().result.resolve(ty)
    }
}
