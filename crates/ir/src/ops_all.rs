//! Every op with every modifier and type that a program can produce, for tests that walk the op table.
//!
//! Complete by construction for what lowering emits: float arithmetic rounds in the four directed modes on F32 and F64
//! and to nearest on the 16-bit formats, `.ftz` appears where it has a meaning.

use crate::ops::{FloatClass, Fp8, Ftz, HalfSel, MinMaxNan, PrmtMode, Sign};
use crate::{FloatCc, FpMode, IntCc, Op, Rounding, Type};

const INT_CC: [IntCc; 10] = [
    IntCc::Eq,
    IntCc::Ne,
    IntCc::LtS,
    IntCc::LeS,
    IntCc::GtS,
    IntCc::GeS,
    IntCc::LtU,
    IntCc::LeU,
    IntCc::GtU,
    IntCc::GeU,
];

const FLOAT_CC: [FloatCc; 14] = [
    FloatCc::Eq,
    FloatCc::Ne,
    FloatCc::Lt,
    FloatCc::Le,
    FloatCc::Gt,
    FloatCc::Ge,
    FloatCc::EqU,
    FloatCc::NeU,
    FloatCc::LtU,
    FloatCc::LeU,
    FloatCc::GtU,
    FloatCc::GeU,
    FloatCc::Num,
    FloatCc::Nan,
];

const CLASSES: [FloatClass; 6] = [
    FloatClass::Finite,
    FloatClass::Infinite,
    FloatClass::Number,
    FloatClass::NotANumber,
    FloatClass::Normal,
    FloatClass::Subnormal,
];

const PRMT: [PrmtMode; 7] = [
    PrmtMode::Generic,
    PrmtMode::F4e,
    PrmtMode::B4e,
    PrmtMode::Rc8,
    PrmtMode::Ecl,
    PrmtMode::Ecr,
    PrmtMode::Rc16,
];

/// Ops without modifiers.
const PLAIN: [Op; 43] = [
    Op::IAdd,
    Op::ISub,
    Op::IMul,
    Op::MulHiS,
    Op::MulHiU,
    Op::DivS,
    Op::DivU,
    Op::RemS,
    Op::RemU,
    Op::MinS,
    Op::MinU,
    Op::MaxS,
    Op::MaxU,
    Op::INeg,
    Op::IAbs,
    Op::AddSatS,
    Op::SubSatS,
    Op::CarryAdd,
    Op::BorrowSub,
    Op::SadS,
    Op::SadU,
    Op::And,
    Op::Or,
    Op::Xor,
    Op::Not,
    Op::Shl,
    Op::ShrS,
    Op::ShrU,
    Op::Popc,
    Op::Clz,
    Op::BfindS,
    Op::BfindU,
    Op::Brev,
    Op::BfeS,
    Op::BfeU,
    Op::Bfi,
    Op::Fns,
    Op::BmskClamp,
    Op::BmskWrap,
    Op::Select,
    Op::FCopysign,
    Op::FSat,
    Op::Settle,
];

const FUNNEL: [Op; 4] = [Op::ShfLClamp, Op::ShfLWrap, Op::ShfRClamp, Op::ShfRWrap];
const DIRECTED: [Rounding; 4] = [Rounding::Nearest, Rounding::Zero, Rounding::Down, Rounding::Up];
const ROUNDINGS: [Rounding; 5] =
    [Rounding::Nearest, Rounding::Zero, Rounding::Down, Rounding::Up, Rounding::NearestAway];
const SIGNS: [Sign; 2] = [Sign::Signed, Sign::Unsigned];

impl Op {
    /// Every op with every modifier, at each type it may have there.
    pub fn all() -> impl Iterator<Item = (Op, Type)> {
        let mut list = Vec::new();
        let mut every_type = |op: Op| list.extend(op.row().types.iter().map(|&ty| (op, ty)));
        PLAIN.into_iter().chain(FUNNEL).for_each(&mut every_type);
        PRMT.map(Op::Prmt).into_iter().for_each(&mut every_type);
        INT_CC.map(Op::ICmp).into_iter().for_each(&mut every_type);
        CLASSES.map(Op::FClass).into_iter().for_each(&mut every_type);
        for (a, b) in SIGNS.into_iter().flat_map(|a| SIGNS.map(|b| (a, b))) {
            every_type(Op::Dp4a(a, b));
            every_type(Op::Dp2a(a, b, HalfSel::Lo));
            every_type(Op::Dp2a(a, b, HalfSel::Hi));
        }
        for ty in Type::ALL.into_iter().filter(|t| t.is_float()) {
            list.extend(float_ops(ty).into_iter().map(|op| (op, ty)));
        }
        list.extend(conversions());
        list.into_iter()
    }
}

/// Flags that have a meaning for the type.
fn ftz(ty: Type) -> &'static [Ftz] {
    match ty {
        Type::F16 | Type::F32 => &[Ftz::No, Ftz::Yes],
        _ => &[Ftz::No],
    }
}

fn float_ops(ty: Type) -> Vec<Op> {
    let mut ops = Vec::new();
    if ty == Type::F32 {
        ops.push(Op::FRsqrt);
    }
    let roundings = if ty.bits() == 16 { &DIRECTED[..1] } else { &DIRECTED[..] };
    for &flag in ftz(ty) {
        for &rounding in roundings {
            let mode = FpMode::new(rounding, flag == Ftz::Yes);
            ops.extend([Op::FAdd(mode), Op::FSub(mode), Op::FMul(mode), Op::FFma(mode), Op::FDiv(mode)]);
            ops.push(Op::FSqrt(mode));
        }
        for nan in [MinMaxNan::Number, MinMaxNan::Propagate] {
            ops.extend([Op::FMin(nan, flag), Op::FMax(nan, flag)]);
        }
        ops.extend([Op::FNeg(flag), Op::FAbs(flag)]);
        ops.extend(ROUNDINGS.map(|rounding| Op::FRoundInt(rounding, flag)));
        ops.extend(FLOAT_CC.map(|cc| Op::FCmp(cc, flag)));
    }
    ops
}

/// Modes of a conversion; `.ftz` needs F32 on one side.
fn convert_modes(roundings: &[Rounding], from: Type, to: Type) -> Vec<FpMode> {
    let single = from == Type::F32 || to == Type::F32;
    let flags: &[bool] = if single { &[false, true] } else { &[false] };
    flags.iter().flat_map(|&ftz| roundings.iter().map(move |&r| FpMode::new(r, ftz))).collect()
}

fn conversions() -> Vec<(Op, Type)> {
    let mut list = Vec::new();
    for from in Type::ALL {
        let mut every_type = |op: Op| list.extend(op.row().types.iter().map(|&ty| (op, ty)));
        every_type(Op::Bitcast(from));
        if from.is_int() {
            every_type(Op::Trunc(from));
            every_type(Op::ZExt(from));
            every_type(Op::SExt(from));
            for rounding in DIRECTED {
                every_type(Op::SToF(from, rounding));
                every_type(Op::UToF(from, rounding));
            }
            continue;
        }
        for to in Type::ALL {
            if to.is_float() {
                let modes = convert_modes(&DIRECTED, from, to);
                list.extend(modes.into_iter().map(|mode| (Op::FToF(from, mode), to)));
            } else if to != Type::I1 {
                for mode in convert_modes(&ROUNDINGS, from, to) {
                    list.extend([(Op::FToS(from, mode), to), (Op::FToU(from, mode), to)]);
                }
            }
        }
    }
    for format in [Fp8::E4m3, Fp8::E5m2] {
        list.push((Op::FToFp8(format, Type::F32), Type::I16));
        list.push((Op::FToFp8(format, Type::F16), Type::I16));
        list.push((Op::Fp8ToF(format), Type::F16));
    }
    for rounding in [Rounding::Nearest, Rounding::NearestAway, Rounding::Zero] {
        list.push((Op::FToTf32(rounding), Type::F32));
    }
    list
}
